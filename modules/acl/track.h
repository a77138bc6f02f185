/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a flow goes on: the part that nearly all of its frames need, inline. The rest is in
 * flow.c.
 */
#ifndef _UTCP_ACL_TRACK_H
#define _UTCP_ACL_TRACK_H

#include <linux/bitops.h>
#include <linux/jiffies.h>
#include <net/tcp.h>

#include "flow.h"
#include "plain.h"
#include "recent.h"

/* How long a flow is remembered when nothing comes any more, in seconds. */
#define ACL_TIME_ESTABLISHED \
	7440 /* TCP: RFC 5382, REQ-5: 2 hours and 4 minutes */
#define ACL_TIME_UDP 30
#define ACL_TIME_UDP_REPLIED 120 /* RFC 4787, REQ-5 */

/* What a number of TCP flags has to say. */
#define ACL_TCP_FLAGS (TCPHDR_SYN | TCPHDR_ACK | TCPHDR_FIN | TCPHDR_RST)

/* What a connection has seen that is open both ways, and what it has not. */
#define ACL_TCP_OPEN                                                        \
	(BIT(ACL_FLOW_REPLIED) | BIT(ACL_FLOW_ACKED) | BIT(ACL_FLOW_SENT) | \
	 BIT(ACL_FLOW_SENT_REPLY) | BIT(ACL_FLOW_ACK) |                     \
	 BIT(ACL_FLOW_ACK_REPLY))
#define ACL_TCP_ENDS \
	(BIT(ACL_FLOW_FIN) | BIT(ACL_FLOW_FIN_REPLY) | BIT(ACL_FLOW_RST))

static inline bool acl_flow_over(const struct acl_flow *flow)
{
	return time_after_eq(jiffies, READ_ONCE(flow->until));
}

static inline bool acl_flow_saw(const struct acl_flow *flow,
				enum acl_flow_bit bit)
{
	return test_bit(bit, &flow->seen);
}

static inline void acl_flow_see(struct acl_flow *flow, enum acl_flow_bit bit)
{
	if (!acl_flow_saw(flow, bit))
		set_bit(bit, &flow->seen);
}

/* How long a flow of UDP is remembered from now on, in jiffies. */
static inline unsigned long acl_flow_udp_time(const struct acl_flow *flow)
{
	return (acl_flow_saw(flow, ACL_FLOW_REPLIED) ? ACL_TIME_UDP_REPLIED :
						       ACL_TIME_UDP) *
	       HZ;
}

/**
 * acl_flow_tcp_goes_on() - note a segment of an open connection
 * @flow: its flow
 * @flags: as in byte 13 of its header
 * @h: its header
 * @left: bytes of the packet from there on
 * @back: it goes the other way than the first frame of the flow
 *
 * Nearly all segments: with ACK, and neither SYN, FIN nor RST.
 *
 * Return: false if it is another one, or the connection is not open both ways; then
 * nothing is noted.
 */
static __always_inline bool acl_flow_tcp_goes_on(struct acl_flow *flow,
						 u8 flags, const u8 *h,
						 u32 left, bool back)
{
	unsigned long seen = READ_ONCE(flow->seen);
	u32 seq, last, end, ack;

	if ((flags & ACL_TCP_FLAGS) != TCPHDR_ACK ||
	    (seen & (ACL_TCP_OPEN | ACL_TCP_ENDS)) != ACL_TCP_OPEN)
		return false;
	seq = get_unaligned_be32(h + 4);
	ack = get_unaligned_be32(h + 8);
	last = seq + left - (h[12] >> 4) * 4;
	end = READ_ONCE(flow->end[back]);
	if ((s32)(seq - end) <= 0 && (s32)(last - end) > 0)
		WRITE_ONCE(flow->end[back], last);
	WRITE_ONCE(flow->ack[back], ack);
	if ((s32)(ack - READ_ONCE(flow->end[!back])) > 0)
		WRITE_ONCE(flow->end[!back], ack);
	return true;
}

/**
 * acl_flow_count() - count a frame that belongs to a flow
 * @flow: the flow
 * @bytes: how long the frame is
 * @back: it goes the other way than the first one
 * @now: jiffies
 * @time: how long the flow is remembered from now on, in jiffies
 */
static __always_inline void acl_flow_count(struct acl_flow *flow, u32 bytes,
					   bool back, unsigned long now,
					   unsigned long time)
{
	unsigned long until = now + time;

	WRITE_ONCE(flow->packets[back], flow->packets[back] + 1);
	WRITE_ONCE(flow->bytes[back], flow->bytes[back] + bytes);
	/* Not for each frame: other CPUs read it. A reset may shorten it. */
	if (until - READ_ONCE(flow->until) + HZ > 2 * HZ)
		WRITE_ONCE(flow->until, until);
}

/**
 * acl_flow_recent() - does a plain frame belong to a flow that this CPU has just seen?
 * @flows: the namespace's flows
 * @binding: number of the binding
 * @plain: what the frame says; it has no VLAN
 * @header: its header of TCP or UDP
 * @bytes: how long it is
 *
 * The way of nearly all frames that belong to flows: what acl_flow_ask() would say of
 * it and note about it, and no more.
 *
 * Context: softirq or softirqs off, under RCU.
 * Return: the flow; NULL: acl_flow_ask() has to say.
 */
static __always_inline const struct acl_flow *
acl_flow_recent(struct acl_flows *flows, u32 binding,
		const struct acl_plain *plain, const u8 *header, u32 bytes)
{
	unsigned long now = jiffies, time = ACL_TIME_ESTABLISHED * HZ;
	struct acl_flow *flow;
	bool back;

	flow = acl_recent_find(&flows->epoch, plain->head, plain->l4, binding);
	if (!flow || unlikely(time_after_eq(now, READ_ONCE(flow->until))))
		return NULL;
	back = acl_tuple_dir(&flow->tuple) != (plain->l4 >> ACL_L4_DIR & 1);
	if ((u8)(plain->l4 >> ACL_L4_PROTO) == IPPROTO_TCP) {
		if (unlikely(!acl_flow_tcp_goes_on(
			    flow, plain->l4 >> ACL_L4_FLAGS, header,
			    plain->len - (ACL_PLAIN_L4 - ACL_PLAIN_L3), back)))
			return NULL;
	} else {
		if (back)
			acl_flow_see(flow, ACL_FLOW_REPLIED);
		time = acl_flow_udp_time(flow);
	}
	acl_flow_count(flow, bytes, back, now, time);
	return flow;
}

#endif /* _UTCP_ACL_TRACK_H */
