/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pacing: the frames of a window are spread over the round trip. RFC 9002 section
 * 7.7; "Congestion control" in Documentation/networking/utcp.rst.
 */
#ifndef _UTCP_PACE_H
#define _UTCP_PACE_H

#include <linux/types.h>

/* What may go at once: so many frames, or so many nanoseconds' worth, whichever is
 * more.
 */
#define UTCP_PACE_FRAMES 10
#define UTCP_PACE_BURST_NS 1000000ULL
/* The same in frames where a limit holds: what goes at once waits there. */
#define UTCP_PACE_FRAMES_LIMIT 2

/**
 * struct utcp_pace - a leaky bucket (GCRA, ITU-T I.371)
 * @rate: bytes a second, as the window wants it; 0: not paced by it
 * @limit: bytes a second that go on somewhere on the way; 0: none is known
 * @overhead: bytes that each frame counts there beyond its own
 * @empty: when the bucket has run empty, in nanoseconds
 *
 * Zeros are an empty bucket without a rate. Lives in its owner, whose lock
 * serialises all calls; nothing sleeps.
 */
struct utcp_pace {
	u64 rate;
	u64 limit;
	u32 overhead;
	u64 empty;
};

void utcp_pace_limit(struct utcp_pace *pace, u64 now, u64 limit, u32 overhead,
		     u32 frame);
u64 utcp_pace_wait(const struct utcp_pace *pace, u64 now, u32 frame);
void utcp_pace_sent(struct utcp_pace *pace, u64 now, u32 bytes);

/**
 * utcp_pace_is_limited() - does the limit say how fast frames go?
 * @pace: the bucket
 *
 * Return: true if it does.
 */
static inline bool utcp_pace_is_limited(const struct utcp_pace *pace)
{
	return pace->limit && (!pace->rate || pace->limit < pace->rate);
}

#endif /* _UTCP_PACE_H */
