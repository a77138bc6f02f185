/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flow control of one direction of a connection, the receiver's side: how many
 * bytes the other end may send, and when to tell it of more. See "Flow control" in
 * Documentation/networking/utcp.rst. All times are nanoseconds.
 */
#ifndef _UTCP_FLOW_H
#define _UTCP_FLOW_H

#include <linux/types.h>

/* The buffer of a new connection, in bytes. */
#define UTCP_FLOW_FIRST 65536

/* A sender at its limit is told of no less: the size of a frame that each path takes, which
 * is less than a quarter of any buffer.
 */
#define UTCP_FLOW_LEAST 1280

/**
 * struct utcp_flow - window of a receiver
 * @limit: the other end may send bytes of lesser offsets; as it was told
 * @end: behind the greatest byte that has come
 * @read: bytes that the program has taken
 * @round_at: when @round_read began to be measured
 * @round_read: @read then
 * @buffer: bytes that are granted beyond @read
 * @most: what @buffer may grow to
 * @longest: longest message; stream: 0
 *
 * utcp_flow_init() makes it. Lives in its connection, whose lock serialises all
 * calls; nothing sleeps.
 */
struct utcp_flow {
	u64 limit;
	u64 end;
	u64 read;
	u64 round_at;
	u64 round_read;
	u32 buffer;
	u32 most;
	u32 longest;
};

void utcp_flow_init(struct utcp_flow *flow, u32 first, u32 most, u32 longest,
		    u64 now);
int __must_check utcp_flow_came(struct utcp_flow *flow, u64 end);
bool utcp_flow_read(struct utcp_flow *flow, u32 bytes, u64 rtt, u64 now);
u64 utcp_flow_grant(struct utcp_flow *flow);

#endif /* _UTCP_FLOW_H */
