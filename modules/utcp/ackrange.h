/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which counters of an association and lane have come, as ranges; and when that
 * is to be said. See "Acknowledging" and "ACK" in
 * Documentation/networking/utcp.rst.
 */
#ifndef _UTCP_ACKRANGE_H
#define _UTCP_ACKRANGE_H

#include <linux/types.h>

#include "chunk.h"

/* Ranges that are kept, the highest ones. */
#define UTCP_ACK_RANGES (UTCP_ACK_PAIRS + 1)
/* An ACK is due at once when so many frames ask for it. */
#define UTCP_ACK_FRAMES 32
/* What goes anyway has no ACK that is not due, for so long after the last one (in
 * nanoseconds), and until so many frames ask for it. Of programs that answer each other
 * one frame in so many has an ACK then, and a frame by itself still has its own.
 */
#define UTCP_ACK_PAUSE_NS 1000000ULL
#define UTCP_ACK_RIDES 8
/* A time that never comes. */
#define UTCP_NEVER (~0ULL)

/**
 * struct utcp_ackrange_run - counters in a row that have come
 * @low: the least
 * @high: the greatest
 */
struct utcp_ackrange_run {
	u64 low;
	u64 high;
};

/**
 * struct utcp_ackrange - what has come, and what is to be said of it
 * @run: @n of them, the highest first; no two touch
 * @greatest_at: when the greatest came, in nanoseconds
 * @due: when an ACK is due; UTCP_NEVER: nothing asks for one
 * @top: the first counter above a gap of which the loss is to be reported;
 *	UTCP_NEVER: there is none
 * @said_at: when the last ACK was written; 0: there was none
 * @asking: frames that ask for an ACK and have got none
 * @n: how many runs there are
 *
 * utcp_ackrange_init() makes it. Lives in its owner, whose lock serialises all
 * calls; nothing sleeps or allocates.
 */
struct utcp_ackrange {
	struct utcp_ackrange_run run[UTCP_ACK_RANGES];
	u64 greatest_at;
	u64 due;
	u64 top;
	u64 said_at;
	u32 asking;
	u32 n;
};

void utcp_ackrange_init(struct utcp_ackrange *r);
void utcp_ackrange_take(struct utcp_ackrange *r, u64 counter, u64 now,
			const struct utcp_chunks *chunks);
bool __must_check utcp_ackrange_put(struct utcp_ackrange *r, u64 now, u32 index,
				    struct utcp_writer *w);
bool utcp_ackrange_rides(const struct utcp_ackrange *r, u64 now);
void utcp_ackrange_unsaid(struct utcp_ackrange *r, u64 now);
void utcp_ackrange_forget(struct utcp_ackrange *r, u64 greatest);

#endif /* _UTCP_ACKRANGE_H */
