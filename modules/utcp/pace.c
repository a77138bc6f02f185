// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pacing by a leaky bucket: each frame fills it for as long as it takes at the
 * rate; a frame may go while the bucket is not fuller than a burst. There are two rates,
 * that of the window and one that the way lets through, and the lower one holds.
 */
#include "pace.h"

#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/time64.h>

/* 0: not paced. */
static u64 rate_of(const struct utcp_pace *pace)
{
	return utcp_pace_is_limited(pace) ? pace->limit : pace->rate;
}

static u64 takes_ns(const struct utcp_pace *pace, u64 bytes)
{
	return div64_u64(bytes * NSEC_PER_SEC, rate_of(pace));
}

/* How full the bucket may be, in nanoseconds. @frame: bytes of a full one there */
static u64 burst_of(const struct utcp_pace *pace, u32 frame)
{
	u64 frames = utcp_pace_is_limited(pace) ? UTCP_PACE_FRAMES_LIMIT :
						  UTCP_PACE_FRAMES;

	return max_t(u64, takes_ns(pace, frames * frame), UTCP_PACE_BURST_NS);
}

/**
 * utcp_pace_limit() - how fast frames go on somewhere on the way
 * @pace: the bucket
 * @now: the time, in nanoseconds
 * @limit: bytes a second; 0: none is known
 * @overhead: bytes that each frame counts there beyond its own
 * @frame: bytes of a full frame
 *
 * What was sent at another rate is not to be waited for at that: the bucket is no fuller
 * than a burst is now.
 */
void utcp_pace_limit(struct utcp_pace *pace, u64 now, u64 limit, u32 overhead,
		     u32 frame)
{
	pace->limit = limit;
	pace->overhead = overhead;
	if (rate_of(pace))
		pace->empty = min_t(u64, pace->empty,
				    now + burst_of(pace, frame + overhead));
}

/**
 * utcp_pace_wait() - may a frame be sent?
 * @pace: the bucket
 * @now: the time, in nanoseconds
 * @frame: bytes of a full frame
 *
 * Return: 0: now; else for how many nanoseconds not.
 */
u64 utcp_pace_wait(const struct utcp_pace *pace, u64 now, u32 frame)
{
	u64 burst, full;

	if (!rate_of(pace) || pace->empty <= now)
		return 0;
	frame += pace->overhead;
	burst = burst_of(pace, frame);
	/* With this frame in it, the bucket may be just as full as a burst. */
	full = pace->empty + takes_ns(pace, frame);
	return full > now + burst ? full - now - burst : 0;
}

/**
 * utcp_pace_sent() - a frame was sent
 * @pace: the bucket
 * @now: the time, in nanoseconds
 * @bytes: of the frame
 */
void utcp_pace_sent(struct utcp_pace *pace, u64 now, u32 bytes)
{
	if (rate_of(pace))
		pace->empty = max(pace->empty, now) +
			      takes_ns(pace, (u64)bytes + pace->overhead);
}
