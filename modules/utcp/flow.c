// SPDX-License-Identifier: GPL-2.0-only
/*
 * The window of a receiver, and how it grows.
 */
#include "flow.h"

#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "chunk.h"

/* A WINDOW is withheld until half of a longest message is free: that much more is
 * granted than the longest: there is room for one at all times.
 */
static u64 least(const struct utcp_flow *flow)
{
	return (u64)flow->longest + flow->longest / 2;
}

/**
 * utcp_flow_init() - a new connection
 * @flow: its window
 * @first: bytes of the buffer at first, at least UTCP_FIRST_WINDOW
 * @most: what it may grow to, in bytes
 * @longest: longest message that is taken, in bytes; stream: 0
 * @now: the time
 */
void utcp_flow_init(struct utcp_flow *flow, u32 first, u32 most, u32 longest,
		    u64 now)
{
	memset(flow, 0, sizeof(*flow));
	flow->longest = longest;
	flow->buffer = max_t(u32, first, UTCP_FIRST_WINDOW);
	if (flow->buffer < least(flow))
		flow->buffer = min_t(u64, least(flow), U32_MAX);
	flow->most = max(most, flow->buffer);
	flow->limit = flow->buffer;
	flow->round_at = now;
}

/**
 * utcp_flow_came() - bytes have come
 * @flow: the connection's window
 * @end: behind the last of them
 *
 * Return: 0; -EPROTO: more was sent than granted: RESET, UTCP_RESET_WINDOW.
 */
int utcp_flow_came(struct utcp_flow *flow, u64 end)
{
	if (end > flow->limit)
		return -EPROTO;
	flow->end = max(flow->end, end);
	return 0;
}

/* The buffer is doubled if the program took more than half of it within two round
 * trips: then the window is what limits the sender. (Dynamic right-sizing, M. Fisk
 * and W. Feng, 2001.)
 */
static void tune(struct utcp_flow *flow, u64 rtt, u64 now)
{
	u64 took = flow->read - flow->round_read;
	u64 round = now - flow->round_at;

	if (round <= 2 * rtt) {
		if (took <= flow->buffer / 2)
			return;
		flow->buffer = min_t(u64, 2ULL * flow->buffer, flow->most);
	}
	flow->round_at = now;
	flow->round_read = flow->read;
}

/**
 * utcp_flow_read() - the program has taken bytes
 * @flow: the connection's window
 * @bytes: how many
 * @rtt: smoothed round trip, in nanoseconds
 * @now: the time
 *
 * Return: true: a WINDOW is to be sent, see utcp_flow_grant(): a quarter of the
 * buffer or half a longest message was freed, or the sender is at its limit and
 * may send a frame's worth more: for each few bytes it would make a frame as short
 * (silly window syndrome, RFC 9293 section 3.8.6.2.2). None is withheld for ever: who
 * reads on comes to as much, for all that was granted can be read, or completes a
 * message for which there is room.
 */
bool utcp_flow_read(struct utcp_flow *flow, u32 bytes, u64 rtt, u64 now)
{
	u64 more;

	flow->read += bytes;
	tune(flow, rtt, now);
	if (flow->read + flow->buffer <= flow->limit)
		return false;
	more = flow->read + flow->buffer - flow->limit;
	return more >= flow->buffer / 4 ||
	       (flow->longest && more >= flow->longest / 2) ||
	       (flow->end == flow->limit && more >= UTCP_FLOW_LEAST);
}

/**
 * utcp_flow_grant() - the limit that is told now
 * @flow: the connection's window
 *
 * Return: the limit; never less than before.
 */
u64 utcp_flow_grant(struct utcp_flow *flow)
{
	flow->limit = max_t(u64, flow->limit, flow->read + flow->buffer);
	return flow->limit;
}
