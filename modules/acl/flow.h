/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flows: what was allowed is remembered, so that what belongs to it is allowed too.
 */
#ifndef _UTCP_ACL_FLOW_H
#define _UTCP_ACL_FLOW_H

#include <linux/rhashtable.h>
#include <linux/workqueue.h>

#include "key.h"

struct acl_entry;
struct acl_frame;

/* A walk over flows pauses. A kernel whose rhashtable_walk_start() keeps what the walk
 * stood at, also when the table has been replaced meanwhile and that was freed, goes
 * by the place in the bucket instead.
 */
static inline void acl_walk_pause(struct rhashtable_iter *iter)
{
	rhashtable_walk_stop(iter);
	iter->p = NULL;
}

/**
 * struct acl_tuple - what frames of one flow have in common
 * @src: source address, of the direction of its first frame, as the key has it: of IPv4
 *	a number of 32 bits, of IPv6 two of 64, the first bytes first
 * @dst: destination address, as @src
 * @rest: what is the same whichever way a frame goes, and which way that is; see
 *	ACL_TUPLE_DIR and the functions below
 * @ports: source port (upper half) and destination port; the identifier of an ICMP
 *	echo, twice; of a fragmented packet its identification
 *
 * A frame that goes the other way has @src and @dst changed about, as the halves of
 * @ports, and the other direction in @rest: one look-up finds either.
 */
struct acl_tuple {
	u64 src[2];
	u64 dst[2];
	u64 rest;
	u32 ports;
};

/* The parts of acl_tuple.rest, from its lowest bit. */
#define ACL_TUPLE_DIR 0 /* 1 bit: enum acl_dir of its first frame */
#define ACL_TUPLE_FRAG 1 /* 1 bit: it is a fragmented packet, and not a flow */
#define ACL_TUPLE_ASKER 2 /* 1 bit: of an echo, which way its request goes */
#define ACL_TUPLE_FAMILY 4 /* 4 bits: enum acl_family */
#define ACL_TUPLE_PROTO 8 /* 8 bits */
#define ACL_TUPLE_VLAN 16 /* 16 bits; 0: none */
#define ACL_TUPLE_BINDING \
	32 /* 32 bits: number of the binding by which they come */

static inline enum acl_dir acl_tuple_dir(const struct acl_tuple *tuple)
{
	return tuple->rest >> ACL_TUPLE_DIR & 1;
}

static inline bool acl_tuple_frag(const struct acl_tuple *tuple)
{
	return tuple->rest >> ACL_TUPLE_FRAG & 1;
}

static inline enum acl_family acl_tuple_family(const struct acl_tuple *tuple)
{
	return tuple->rest >> ACL_TUPLE_FAMILY & 15;
}

static inline u8 acl_tuple_proto(const struct acl_tuple *tuple)
{
	return tuple->rest >> ACL_TUPLE_PROTO;
}

static inline u16 acl_tuple_vlan(const struct acl_tuple *tuple)
{
	return tuple->rest >> ACL_TUPLE_VLAN;
}

static inline u32 acl_tuple_binding(const struct acl_tuple *tuple)
{
	return tuple->rest >> ACL_TUPLE_BINDING;
}

/**
 * enum acl_flow_bit - what a flow has seen
 * @ACL_FLOW_REPLIED: an answer; of TCP, SYN and ACK
 * @ACL_FLOW_ACKED: of TCP, that the answer was acknowledged
 * @ACL_FLOW_FIN: of TCP, FIN in the direction of the first frame
 * @ACL_FLOW_FIN_REPLY: of TCP, FIN in the other
 * @ACL_FLOW_RST: of TCP, RST that was real as far as can be told
 * @ACL_FLOW_SENT: of TCP, anything, in the direction of the first frame
 * @ACL_FLOW_SENT_REPLY: in the other
 * @ACL_FLOW_ACK: of TCP, an acknowledgment, in the direction of the first frame
 * @ACL_FLOW_ACK_REPLY: in the other
 */
enum acl_flow_bit {
	ACL_FLOW_REPLIED,
	ACL_FLOW_ACKED,
	ACL_FLOW_FIN,
	ACL_FLOW_FIN_REPLY,
	ACL_FLOW_RST,
	ACL_FLOW_SENT,
	ACL_FLOW_SENT_REPLY,
	ACL_FLOW_ACK,
	ACL_FLOW_ACK_REPLY,
};

/**
 * struct acl_flow_sent - what went one way of a flow
 * @packets: frames; lost counts are allowed when two CPUs have some at once
 * @bytes: their bytes, as @packets
 * @end: of TCP, the end of what was sent; with ACL_FLOW_SENT. This and @ack are written by
 *	any CPU, of which the last wins, and are off by a frame then
 * @ack: of TCP, the last acknowledgment; with ACL_FLOW_ACK
 */
struct acl_flow_sent {
	u64 packets;
	u64 bytes;
	u32 end;
	u32 ack;
};

/**
 * struct acl_flow - a flow, or a fragmented packet
 * @tuple: of the direction of its first frame; never changed
 * @node: in the namespace's table
 * @seen: bits of enum acl_flow_bit, which are only ever set, by atomic operations
 * @until: jiffies when it ends; written by any CPU, of which the last wins: they
 *	differ by the time between two frames
 * @born: jiffies of its first frame
 * @handle: the rule that allowed it; 0: the default
 * @smac: source MAC of its first frame, if the rule looks at it; else 0
 * @dmac: destination MAC, as @smac
 * @class: shaper class of its frames, as the rule says; 0: none
 * @mark: mark of its frames, with @has_mark
 * @has_mark: there is a mark
 * @says: there is a class or a mark
 * @sent: by direction, that of the first frame first
 * @rcu: for freeing
 *
 * Readers are under RCU. Whoever takes it out of the table frees it, a grace period
 * later.
 */
struct acl_flow {
	struct acl_tuple tuple;
	struct rhash_head node;
	unsigned long seen;
	unsigned long until;
	unsigned long born;
	u64 handle;
	u64 smac;
	u64 dmac;
	u32 class;
	u32 mark;
	bool has_mark;
	bool says;
	struct acl_flow_sent sent[2];
	struct rcu_head rcu;
};

#define ACL_FLOW_SHARES 256

/* Places that say whether there may be a flow of plain frames; 2^this. */
#define ACL_FLOW_PLAIN_BITS 9
#define ACL_FLOW_PLAIN BIT(ACL_FLOW_PLAIN_BITS)

/**
 * struct acl_flows - the flows of a namespace
 * @table: by tuple; has its own locks
 * @n: how many are in it
 * @of: ACL_FLOW_SHARES; how many of these belong to a binding, by its number's last
 *	bits: bindings that are so many apart count as one. Made for the first flow; NULL
 * @plain: ACL_FLOW_PLAIN; how many of these have plain frames (plain.h) whose
 *	acl_recent_hash() begins so: where that is 0, the table need not be asked. Each
 *	flow counts twice, once each way. Made for the first flow; zeros that all share
 * @epoch: how many were taken out of it, see recent.h
 * @sweep: takes away those that have ended; runs while there are any
 *
 * Dies with its namespace, or the module, when no frame comes any more.
 */
struct acl_flows {
	struct rhashtable table;
	atomic_t n;
	atomic_t *of;
	atomic_t *plain;
	atomic64_t epoch;
	struct delayed_work sweep;
};

/**
 * enum acl_flow_verdict - what flows say of a frame
 * @ACL_FLOW_UNKNOWN: nothing: the rules decide
 * @ACL_FLOW_KNOWN: it belongs to something that was allowed
 * @ACL_FLOW_STRAY: it is a later fragment of nothing that was allowed
 */
enum acl_flow_verdict {
	ACL_FLOW_UNKNOWN,
	ACL_FLOW_KNOWN,
	ACL_FLOW_STRAY,
};

void acl_flows_seed(void);
int acl_flows_init(struct acl_flows *flows);
void acl_flows_exit(struct acl_flows *flows);
u32 acl_flows_flush(struct acl_flows *flows, u32 binding);
void acl_flows_flush_many(struct acl_flows *flows, u32 *bindings, u32 n);
enum acl_flow_verdict acl_flow_find(struct acl_flows *flows, u32 limit,
				    u32 binding, const struct acl_frame *frame,
				    const struct acl_key *key,
				    const struct acl_flow **flow);
struct acl_flow *acl_flow_find_plain(struct acl_flows *flows, u32 binding,
				     u64 head, u64 l4, u64 *epoch);
bool acl_flow_take(struct acl_flow *flow, u64 binding, u64 epoch,
		   const struct acl_frame *frame, const struct acl_key *key);
void acl_flow_allow(struct acl_flows *flows, u32 limit, u32 binding,
		    const struct acl_frame *frame, const struct acl_key *key,
		    const struct acl_entry *entry);
u32 acl_flow_state(const struct acl_flow *flow);

/* May there be a flow of plain frames with this acl_recent_hash()? */
static __always_inline bool acl_flow_may_be(const struct acl_flows *flows,
					    u64 hash)
{
	const atomic_t *plain = READ_ONCE(flows->plain);

	return atomic_read(&plain[hash >> (64 - ACL_FLOW_PLAIN_BITS)]);
}

/**
 * acl_flow_ask() - does a frame belong to something that was allowed?
 * @flows: the namespace's flows
 * @limit: how many there may be
 * @binding: number of the binding
 * @frame: the frame
 * @key: its key
 * @flow: set to that something, if so; valid as long as RCU is held
 *
 * Context: softirq or softirqs off, under RCU.
 * Return: enum acl_flow_verdict.
 */
static __always_inline enum acl_flow_verdict
acl_flow_ask(struct acl_flows *flows, u32 limit, u32 binding,
	     const struct acl_frame *frame, const struct acl_key *key,
	     const struct acl_flow **flow)
{
	/* Nobody has begun anything. */
	if (!atomic_read(&flows->n))
		return key->frag == ACL_FRAG_LATER ? ACL_FLOW_STRAY :
						     ACL_FLOW_UNKNOWN;
	return acl_flow_find(flows, limit, binding, frame, key, flow);
}

#endif /* _UTCP_ACL_FLOW_H */
