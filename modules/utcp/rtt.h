/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The round trip of a lane, estimated: RFC 9002 section 5, with the constants of
 * "Loss" in Documentation/networking/utcp.rst. All times are nanoseconds.
 */
#ifndef _UTCP_RTT_H
#define _UTCP_RTT_H

#include <linux/types.h>

/* RFC 9002 has 333 ms, for the Internet. */
#define UTCP_RTT_INITIAL_NS 100000000ULL
/* kGranularity. */
#define UTCP_GRANULARITY_NS 1000000ULL
/* The longest delay of an ACK: max_ack_delay. */
#define UTCP_ACK_DELAY_NS 5000000ULL
/* The least probe timeout: a loaded host's scheduling. */
#define UTCP_PTO_MIN_NS 10000000ULL

/**
 * struct utcp_rtt - estimate of a round trip
 * @latest: the last sample; 0: there was none
 * @min: the least one on this path
 * @smoothed: moving mean
 * @var: moving mean deviation
 *
 * Lives in its owner, whose lock serialises all calls; nothing sleeps.
 */
struct utcp_rtt {
	u64 latest;
	u64 min;
	u64 smoothed;
	u64 var;
};

void utcp_rtt_init(struct utcp_rtt *rtt);
void utcp_rtt_sample(struct utcp_rtt *rtt, u64 latest, u64 delay);
u64 utcp_rtt_pto(const struct utcp_rtt *rtt);
u64 utcp_rtt_loss_delay(const struct utcp_rtt *rtt);

#endif /* _UTCP_RTT_H */
