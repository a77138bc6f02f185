/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a connection sends: bytes from the program that have not been acknowledged,
 * which of them are to be sent, and which again.
 */
#ifndef _UTCP_SENDQ_H
#define _UTCP_SENDQ_H

#include <linux/types.h>

#include "pieces.h"
#include "ranges.h"

/* Ranges of what was acknowledged out of order, and of what is to be sent again. */
#define UTCP_SENDQ_RANGES 128

/**
 * struct utcp_sendq - what a connection sends
 * @bytes: from @una on
 * @una: all below has been acknowledged
 * @sent: all below has been sent once
 * @end: all below has come from the program
 * @limit: the other end takes bytes below
 * @acked: what was acknowledged above @una
 * @lost: what is to be sent again, above @una
 * @fin: the program will write no more
 * @fin_sent: FIN was sent, and is not to be sent again
 * @fin_acked: FIN was acknowledged
 *
 * utcp_sendq_init() makes it, utcp_sendq_free() frees what it has. Lives in its
 * connection, whose lock serialises all calls; allocates without sleeping.
 */
struct utcp_sendq {
	struct utcp_pieces bytes;
	u64 una;
	u64 sent;
	u64 end;
	u64 limit;
	struct utcp_ranges acked;
	struct utcp_ranges lost;
	bool fin;
	bool fin_sent;
	bool fin_acked;
};

/**
 * struct utcp_sendq_part - bytes of one DATA chunk, or of several in a row
 * @offset: of the first one
 * @len: how many; 0: a FIN alone
 * @flags: UTCP_DATA_FIN, UTCP_DATA_EOR
 */
struct utcp_sendq_part {
	u64 offset;
	u32 len;
	u8 flags;
};

void utcp_sendq_init(struct utcp_sendq *q, bool messages, u64 limit);
void utcp_sendq_free(struct utcp_sendq *q);
bool __must_check utcp_sendq_reserve(struct utcp_sendq *q, size_t len);
void utcp_sendq_written(struct utcp_sendq *q, size_t len, bool eor);
bool __must_check utcp_sendq_write(struct utcp_sendq *q, const u8 *from,
				   size_t len, bool eor);
u32 utcp_sendq_give(struct utcp_sendq *q, struct utcp_pieces *to);
void utcp_sendq_skip(struct utcp_sendq *q, u32 len);
void utcp_sendq_fin(struct utcp_sendq *q);
bool __must_check utcp_sendq_next(const struct utcp_sendq *q, u16 room,
				  struct utcp_sendq_part *part);
void utcp_sendq_take(struct utcp_sendq *q, const struct utcp_sendq_part *part,
		     u8 *to);
void utcp_sendq_acked(struct utcp_sendq *q, const struct utcp_sendq_part *part);
void utcp_sendq_lost(struct utcp_sendq *q, const struct utcp_sendq_part *part);

/**
 * utcp_sendq_waits() - bytes that wait for their acknowledgment
 * @q: what is sent
 *
 * Return: how many, sent or not.
 */
static inline u64 utcp_sendq_waits(const struct utcp_sendq *q)
{
	return q->end - q->una;
}

/**
 * utcp_sendq_ready() - is there anything that may be sent?
 * @q: what is sent
 *
 * Return: as utcp_sendq_next() does, if there is room.
 */
static inline bool utcp_sendq_ready(const struct utcp_sendq *q)
{
	return q->lost.n || (q->sent < q->end && q->sent < q->limit) ||
	       (q->fin && !q->fin_sent && q->sent == q->end);
}

/**
 * utcp_sendq_done() - has all arrived, FIN too?
 * @q: what is sent
 *
 * Return: true if it has.
 */
static inline bool utcp_sendq_done(const struct utcp_sendq *q)
{
	return q->fin_acked && q->una == q->end;
}

#endif /* _UTCP_SENDQ_H */
