/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much arrives: for whoever looks, nothing depends on it.
 */
#ifndef _UTCP_RATE_H
#define _UTCP_RATE_H

#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/time64.h>
#include <linux/types.h>

/* A shorter time says more about timers than about the path. */
#define UTCP_RATE_LEAST NSEC_PER_MSEC

/**
 * struct utcp_rate - what was acknowledged of late
 * @from: when the measurement that goes on began; 0: none does
 * @bytes: of frames acknowledged since
 * @rate: bytes a second, of the last that came to its end and says something; 0: none did
 * @idle: in this one the sender had less to send than the window lets it
 */
struct utcp_rate {
	u64 from;
	u64 bytes;
	u64 rate;
	bool idle;
};

/**
 * utcp_rate_acked() - frames were acknowledged
 * @r: the rate
 * @now: the time, not 0
 * @rtt: smoothed round trip, which a measurement takes at least
 * @bytes: of them
 * @idle: the window was not used up: less arrives than the path carries, which counts only
 *	if it is more than before (as draft-ietf-ccwg-bbr has it for senders that are limited
 *	by the application)
 * @more: others are under way. If none are, what comes next may come when it likes, and
 *	says nothing of the path
 */
static inline void utcp_rate_acked(struct utcp_rate *r, u64 now, u64 rtt,
				   u32 bytes, bool idle, bool more)
{
	u64 took = now - min(now, r->from);
	u64 rate;

	if (!r->from) {
		r->from = now;
		r->bytes = 0;
		r->idle = false;
	} else {
		r->bytes += bytes;
		r->idle |= idle;
		if (took >= max_t(u64, rtt, UTCP_RATE_LEAST)) {
			rate = div64_u64(r->bytes * NSEC_PER_SEC, took);
			r->rate = r->idle ? max(rate, r->rate) : rate;
			r->from = now;
			r->bytes = 0;
			r->idle = false;
		}
	}
	if (!more)
		r->from = 0;
}

#endif /* _UTCP_RATE_H */
