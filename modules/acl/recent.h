/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What each CPU knows of the plain frames that it has seen last (plain.h): to which flow
 * they belong, without a look-up in the namespace's table; or, if to none, what the rules
 * say of them.
 *
 * A flow that is here may be gone: then the namespace's number of flows that went (its
 * epoch) is another one than when it was put here, and it is not touched. So a flow must
 * be taken out of the table first, then acl_recent_forget(), then freed a grace period
 * later; and who puts one here has read the epoch before looking the flow up.
 *
 * With a verdict it is the same: its rule may be gone, and then the generation of the
 * policy (struct acl_ruleset) is another one than when it was put here.
 */
#ifndef _UTCP_ACL_RECENT_H
#define _UTCP_ACL_RECENT_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/percpu.h>
#include <linux/types.h>

#include "key.h"

struct acl_flow;

/* Places that a CPU has; a power of two. */
#define ACL_RECENT_BITS 8

/**
 * struct acl_recent - what is known of plain frames that are alike
 * @addrs: their addresses, see struct acl_plain
 * @rest: their ports and protocol, as @addrs
 * @from: where they are, by acl_recent_from(); all bits the other way round if a verdict
 *	is here. 0: nothing is here
 * @stamp: epoch when the flow was put here, or generation that the verdict is of
 * @what: the flow, or the verdict, which is the owner's
 * @met: the flow was met here since a verdict wanted its place
 * @back: 1: they go the other way than the first frame of the flow; 0
 *
 * The frames of the other direction have a place of their own. Only its own CPU uses
 * it, in softirq or with softirqs off.
 */
struct acl_recent {
	u64 addrs;
	u64 rest;
	u64 from;
	u64 stamp;
	void *what;
	bool met;
	u8 back;
} __aligned(64);

/**
 * struct acl_recents - those of one CPU
 * @at: each at the place that its hash says; a newer one takes the place of an older
 */
struct acl_recents {
	struct acl_recent at[1 << ACL_RECENT_BITS];
};

extern struct acl_recents __percpu *acl_recents;

int acl_recents_init(void);
void acl_recents_exit(void);

/* Where frames are: by which binding they come, and which way. No binding has number 0, or
 * 63 bits of it.
 */
static inline u64 acl_recent_from(u64 binding, enum acl_dir dir)
{
	return binding << 1 | dir;
}

/* A number for plain frames that are alike, of which the upper bits are good. Who sends
 * them may have them meet in one: that costs time, and no more. Of @from only what a flow
 * knows of its binding counts.
 */
static __always_inline u64 acl_recent_hash(u64 addrs, u64 rest, u32 from)
{
	return (addrs ^ rol64(rest, 23) ^ from) * 0x9e3779b97f4a7c15ULL;
}

/* The place of frames with this number. */
static __always_inline struct acl_recent *acl_recent_at(u64 hash)
{
	return &this_cpu_ptr(acl_recents)->at[hash >> (64 - ACL_RECENT_BITS)];
}

/* Is anything here of frames like these? */
static __always_inline bool acl_recent_is(const struct acl_recent *recent,
					  u64 addrs, u64 rest)
{
	return recent->addrs == addrs && recent->rest == rest;
}

/**
 * acl_recent_is_flow() - is the flow of plain frames here?
 * @recent: their place, where something of frames like these is
 * @from: where they are
 * @epoch: of the namespace's flows
 *
 * Context: softirq or softirqs off, under RCU, which keeps the flow.
 * Return: @what is the flow.
 */
static __always_inline bool acl_recent_is_flow(const struct acl_recent *recent,
					       u64 from,
					       const atomic64_t *epoch)
{
	/* Pairs with acl_recent_forget(): if it is the one of then, no grace period
	 * for the flow has begun before this CPU's look-up. The flow is touched
	 * after that.
	 */
	return recent->from == from &&
	       likely((u64)atomic64_read_acquire(epoch) == recent->stamp);
}

/**
 * acl_recent_verdict() - what the rules say of plain frames
 * @recent: their place, where something of frames like these is
 * @from: where they are
 * @generation: of the policy, read with acquire; 0 is never found
 *
 * Context: softirq or softirqs off, under RCU, which keeps the rule.
 * Return: what was put there, or NULL.
 */
static __always_inline const void *
acl_recent_verdict(const struct acl_recent *recent, u64 from, u64 generation)
{
	return recent->from == ~from && recent->stamp == generation ?
		       recent->what :
		       NULL;
}

static __always_inline void recent_put(struct acl_recent *recent, u64 addrs,
				       u64 rest, u64 from, u64 stamp,
				       void *what, u8 back)
{
	recent->addrs = addrs;
	recent->rest = rest;
	recent->from = from;
	recent->stamp = stamp;
	recent->what = what;
	recent->met = false;
	recent->back = back;
}

/* The flow of plain frames. @epoch: what it was before the flow was looked up. @back: see
 * struct acl_recent.
 */
static inline void acl_recent_put_flow(u64 addrs, u64 rest, u64 from, u64 epoch,
				       struct acl_flow *flow, u8 back)
{
	recent_put(acl_recent_at(acl_recent_hash(addrs, rest, from)), addrs,
		   rest, from, epoch, flow, back);
}

/* What the rules say of plain frames that belong to no flow. @generation: of the policy,
 * not 0, read before they were asked. A flow stays if it was met since the last that
 * wanted its place: a flood of frames that belong to nothing drives none away.
 */
static __always_inline void acl_recent_put_verdict(struct acl_recent *recent,
						   u64 addrs, u64 rest,
						   u64 from, u64 generation,
						   void *verdict)
{
	if (recent->met)
		recent->met = false;
	else
		recent_put(recent, addrs, rest, ~from, generation, verdict, 0);
}

/* A flow was taken out of the table, and may be freed a grace period from now. */
static inline void acl_recent_forget(atomic64_t *epoch)
{
	/* Who reads the new one does not find the flow in the table. */
	smp_mb__before_atomic();
	atomic64_inc(epoch);
}

#endif /* _UTCP_ACL_RECENT_H */
