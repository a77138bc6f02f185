// SPDX-License-Identifier: GPL-2.0-only
/*
 * The round trip of a lane: RFC 9002 section 5.
 */
#include "rtt.h"

#include <linux/minmax.h>

/**
 * utcp_rtt_init() - nothing is known of the path
 * @rtt: the estimate
 *
 * RFC 9002 section 6.2.2: half of the initial round trip as deviation.
 */
void utcp_rtt_init(struct utcp_rtt *rtt)
{
	*rtt = (struct utcp_rtt){
		.smoothed = UTCP_RTT_INITIAL_NS,
		.var = UTCP_RTT_INITIAL_NS / 2,
	};
}

/**
 * utcp_rtt_sample() - a frame was acknowledged
 * @rtt: the estimate
 * @latest: from its being sent to its ACK's coming; 0 is taken for 1
 * @delay: how much of that the other end says it waited
 *
 * RFC 9002 section 5.3, in the order of appendix A.7: the deviation is from the
 * mean as it was before this sample. What the other end says is bounded by what it
 * may, and never makes a sample less than the least (section 5.3).
 */
void utcp_rtt_sample(struct utcp_rtt *rtt, u64 latest, u64 delay)
{
	bool first = !rtt->latest;
	u64 off;

	rtt->latest = max_t(u64, latest, 1);
	if (first) {
		rtt->min = rtt->latest;
		rtt->smoothed = rtt->latest;
		rtt->var = rtt->latest / 2;
		return;
	}
	rtt->min = min(rtt->min, rtt->latest);
	delay = min_t(u64, delay, UTCP_ACK_DELAY_NS);
	latest = rtt->latest;
	if (latest >= rtt->min + delay)
		latest -= delay;
	off = latest > rtt->smoothed ? latest - rtt->smoothed :
				       rtt->smoothed - latest;
	rtt->var = (3 * rtt->var + off) / 4;
	rtt->smoothed = (7 * rtt->smoothed + latest) / 8;
}

/**
 * utcp_rtt_pto() - how long a probe timeout is
 * @rtt: the estimate
 *
 * RFC 9002 section 6.2.1.
 *
 * Return: the first of a row, in nanoseconds; at least UTCP_PTO_MIN_NS.
 */
u64 utcp_rtt_pto(const struct utcp_rtt *rtt)
{
	u64 pto = rtt->smoothed +
		  max_t(u64, 4 * rtt->var, UTCP_GRANULARITY_NS) +
		  UTCP_ACK_DELAY_NS;

	return max_t(u64, pto, UTCP_PTO_MIN_NS);
}

/**
 * utcp_rtt_loss_delay() - how long after being sent a frame is lost, if one sent
 *	later was acknowledged
 * @rtt: the estimate
 *
 * RFC 9002 section 6.1.2, kTimeThreshold 9/8.
 *
 * Return: nanoseconds.
 */
u64 utcp_rtt_loss_delay(const struct utcp_rtt *rtt)
{
	u64 rt = max(rtt->latest, rtt->smoothed);

	return max_t(u64, rt + rt / 8, UTCP_GRANULARITY_NS);
}
