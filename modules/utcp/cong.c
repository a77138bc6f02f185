// SPDX-License-Identifier: GPL-2.0-only
/*
 * What all algorithms of congestion control have in common: RFC 9002 section 7.
 */
#include "cong.h"

#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/time64.h>

static const struct utcp_cong_ops *const algorithms[] = {
	&utcp_cubic,
};

/**
 * utcp_cong_find() - an algorithm by its name
 * @name: the name
 *
 * Return: it; NULL: there is none of that name.
 */
const struct utcp_cong_ops *utcp_cong_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(algorithms); i++)
		if (!strcmp(algorithms[i]->name, name))
			return algorithms[i];
	return NULL;
}

static u32 clamp_window(const struct utcp_cong *cong, u64 bytes)
{
	return min_t(u64, max_t(u64, bytes, utcp_cong_min(cong)),
		     UTCP_CONG_MAX);
}

/**
 * utcp_cong_init() - nothing is known of the path
 * @cong: the window
 * @ops: the algorithm
 * @frame: bytes of a full frame, 1 to 65535
 *
 * RFC 9002 section 7.2: ten frames, but no more than 14720 bytes or two frames,
 * whichever is more.
 */
void utcp_cong_init(struct utcp_cong *cong, const struct utcp_cong_ops *ops,
		    u32 frame)
{
	memset(cong, 0, sizeof(*cong));
	cong->ops = ops;
	cong->frame = frame;
	cong->cwnd =
		clamp_window(cong, min_t(u32, 10 * frame, UTCP_CONG_INITIAL));
	cong->ssthresh = U32_MAX;
	ops->init(cong);
}

/**
 * utcp_cong_frame() - the path takes frames of another size
 * @cong: the window
 * @frame: bytes of a full frame, 1 to 65535
 *
 * The window is in bytes and stays, but for its least value; RFC 9002 section 7.2
 * has the same for a maximum datagram size that changes.
 */
void utcp_cong_frame(struct utcp_cong *cong, u32 frame)
{
	cong->frame = frame;
	cong->cwnd = clamp_window(cong, cong->cwnd);
}

/**
 * utcp_cong_acked() - frames were acknowledged
 * @cong: the window
 * @ack: what the ACK has told
 */
void utcp_cong_acked(struct utcp_cong *cong, const struct utcp_cong_ack *ack)
{
	cong->ops->acked(cong, ack);
	cong->cwnd = clamp_window(cong, cong->cwnd);
}

/**
 * utcp_cong_lost() - a frame was lost
 * @cong: the window
 * @now: the time, in nanoseconds, not 0
 * @sent_at: when it was sent
 *
 * RFC 9002 section 7.3.2: what was sent before the window was lowered lowers it no
 * further.
 */
void utcp_cong_lost(struct utcp_cong *cong, u64 now, u64 sent_at)
{
	if (cong->since && sent_at <= cong->since) {
		cong->lost++;
		return;
	}
	cong->since = now;
	cong->lost = 1;
	cong->ops->congestion(cong, now);
	cong->cwnd = clamp_window(cong, cong->cwnd);
	cong->ssthresh = max(cong->ssthresh, utcp_cong_min(cong));
}

/**
 * utcp_cong_persistent() - nothing has come through for long
 * @cong: the window
 * @now: the time, in nanoseconds, not 0
 *
 * RFC 9002 section 7.6.2.
 */
void utcp_cong_persistent(struct utcp_cong *cong, u64 now)
{
	cong->ops->persistent(cong, now);
	cong->ssthresh = max(cong->ssthresh, utcp_cong_min(cong));
	cong->cwnd = utcp_cong_min(cong);
	/* Nothing that comes after all is a reason to undo this. */
	cong->lost = 0;
	cong->since = 0;
}

/**
 * utcp_cong_wrong() - a frame that was taken for lost has come after all
 * @cong: the window
 * @now: the time, in nanoseconds
 * @sent_at: when it was sent
 *
 * When that is so of all that were lost in the last window, it was no congestion:
 * RFC 9438 section 4.9.2.
 */
void utcp_cong_wrong(struct utcp_cong *cong, u64 now, u64 sent_at)
{
	if (!cong->lost || sent_at > cong->since)
		return;
	if (--cong->lost)
		return;
	cong->ops->undo(cong, now);
	cong->cwnd = clamp_window(cong, cong->cwnd);
	cong->since = 0;
}

/**
 * utcp_cong_rate() - how fast the window is to be sent
 * @cong: the window
 * @smoothed: estimate of the round trip, in nanoseconds, not 0
 *
 * Twice the window a round trip in slow start, so that it can double; else 1.25
 * times, so that pacing itself is never the limit (RFC 9002 section 7.7).
 *
 * Return: bytes a second.
 */
u64 utcp_cong_rate(const struct utcp_cong *cong, u64 smoothed)
{
	u64 rate = div64_u64((u64)cong->cwnd * NSEC_PER_SEC, smoothed);

	rate = utcp_cong_slow_start(cong) ? 2 * rate : rate + rate / 4;
	return max_t(u64, rate, 1);
}
