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

/* That of the other direction. */
static __always_inline struct acl_flow_sent *
acl_flow_other(struct acl_flow *flow, const struct acl_flow_sent *sent)
{
	uintptr_t both = (uintptr_t)&flow->sent[0] + (uintptr_t)&flow->sent[1];

	return (void *)(both - (uintptr_t)sent);
}

/**
 * acl_flow_tcp_goes_on() - note a segment of an open connection
 * @flow: its flow
 * @h: its header
 * @payload: bytes behind that
 * @sent: of the flow, by direction
 *
 * Nearly all segments: with ACK, and neither SYN, FIN nor RST.
 *
 * Return: false if it is another one, or the connection is not open both ways; then
 * nothing is noted.
 */
static __always_inline bool acl_flow_tcp_goes_on(struct acl_flow *flow,
						 const u8 *h, u32 payload,
						 struct acl_flow_sent *sent)
{
	struct acl_flow_sent *other = acl_flow_other(flow, sent);
	unsigned long seen = READ_ONCE(flow->seen);
	u32 seq, ack;

	if ((h[13] & ACL_TCP_FLAGS) != TCPHDR_ACK ||
	    (seen & (ACL_TCP_OPEN | ACL_TCP_ENDS)) != ACL_TCP_OPEN)
		return false;
	seq = get_unaligned_be32(h + 4);
	ack = get_unaligned_be32(h + 8);
	/* It begins where the last one ended or before, and ends behind that. */
	if (READ_ONCE(sent->end) - seq < payload)
		WRITE_ONCE(sent->end, seq + payload);
	WRITE_ONCE(sent->ack, ack);
	if ((s32)(ack - READ_ONCE(other->end)) > 0)
		WRITE_ONCE(other->end, ack);
	return true;
}

/**
 * acl_flow_count() - count a frame that belongs to a flow
 * @flow: the flow
 * @bytes: how long the frame is
 * @sent: of the flow, by direction
 * @left: jiffies until the flow ends, as it is
 * @time: how long the flow is remembered from now on, in jiffies
 */
static __always_inline void acl_flow_count(struct acl_flow *flow, u32 bytes,
					   struct acl_flow_sent *sent,
					   long left, unsigned long time)
{
	/* With one instruction each; what a CPU loses does not matter. */
	sent->packets++;
	sent->bytes += bytes;
	/* Not for each frame: other CPUs read it. A reset may shorten it. */
	if (time - left + HZ > 2 * HZ)
		WRITE_ONCE(flow->until, jiffies + time);
}

/* Jiffies until a flow ends. */
static __always_inline long acl_flow_left(const struct acl_flow *flow)
{
	return READ_ONCE(flow->until) - jiffies;
}

/**
 * acl_flow_goes_on() - does a plain frame go on with its flow?
 * @flow: the flow, from its place (recent.h)
 * @back: 1: the frame goes the other way than the first one; 0
 * @plain: what it says; it has no VLAN
 * @header: its header of TCP or UDP
 * @bytes: how long it is
 *
 * The way of nearly all frames that belong to flows: what acl_flow_ask() would say of
 * it and note about it, and no more.
 *
 * Context: softirq or softirqs off, under RCU.
 * Return: false: acl_flow_ask() has to say.
 */
static __always_inline bool acl_flow_goes_on(struct acl_flow *flow, size_t back,
					     const struct acl_plain *plain,
					     const u8 *header, u32 bytes)
{
	struct acl_flow_sent *sent = &flow->sent[back];
	unsigned long time = ACL_TIME_ESTABLISHED * HZ;
	long left = acl_flow_left(flow);

	if (unlikely(left <= 0))
		return false;
	/* Of the two numbers one is odd. */
	if (plain->rest & (u64)(IPPROTO_UDP & 1) << ACL_PLAIN_PROTO) {
		time = ACL_TIME_UDP_REPLIED * HZ;
		if (back)
			acl_flow_see(flow, ACL_FLOW_REPLIED);
		else if (!acl_flow_saw(flow, ACL_FLOW_REPLIED))
			time = ACL_TIME_UDP * HZ;
	} else if (unlikely(!acl_flow_tcp_goes_on(
			   flow, header, plain->len - plain->headers, sent))) {
		return false;
	}
	acl_flow_count(flow, bytes, sent, left, time);
	return true;
}

#endif /* _UTCP_ACL_TRACK_H */
