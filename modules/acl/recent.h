/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recent flows, of each CPU its own: the flow of a plain frame without a look-up in the
 * namespace's table.
 *
 * A flow that is here may be gone: then the namespace's number of flows that went (its
 * epoch) is another one than when it was put here, and it is not touched. So a flow must
 * be taken out of the table first, then acl_recent_forget(), then freed a grace period
 * later; and who puts one here has read the epoch before looking the flow up.
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

/* Flows that a CPU keeps; a power of two. */
#define ACL_RECENT_BITS 8

/* What parts of the word L4 belong to a flow. */
#define ACL_RECENT_L4                                                   \
	(0xffffffffULL | 0xffULL << ACL_L4_PROTO | 1ULL << ACL_L4_DIR | \
	 15ULL << ACL_L4_FAMILY)

/**
 * struct acl_recent - the flow of plain frames
 * @head: word HEAD of their keys
 * @l4: word L4, under ACL_RECENT_L4
 * @epoch: when it was put here
 * @binding: number of the binding by which they come; 0: nothing is here
 * @flow: their flow
 *
 * The frames of the other direction have a place of their own. Only its own CPU uses
 * it, in softirq or with softirqs off.
 */
struct acl_recent {
	u64 head;
	u64 l4;
	u64 epoch;
	u32 binding;
	struct acl_flow *flow;
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

/* The place of plain frames. Who sends them may have them meet in one: then the table
 * is asked, as if there was nothing here.
 */
static __always_inline struct acl_recent *acl_recent_at(u64 head, u64 l4,
							u32 binding)
{
	u64 sum = (head ^ rol64(l4 & ACL_RECENT_L4, 23) ^ binding) *
		  0x9e3779b97f4a7c15ULL;

	return &this_cpu_ptr(acl_recents)->at[sum >> (64 - ACL_RECENT_BITS)];
}

/**
 * acl_recent_find() - the flow of a plain frame, if it is here
 * @epoch: of the namespace's flows
 * @head: the word HEAD of the frame's key
 * @l4: the word L4
 * @binding: number of the binding
 *
 * Context: softirq or softirqs off, under RCU, which keeps the flow.
 * Return: the flow, or NULL.
 */
static __always_inline struct acl_flow *
acl_recent_find(const atomic64_t *epoch, u64 head, u64 l4, u32 binding)
{
	const struct acl_recent *recent = acl_recent_at(head, l4, binding);

	/* Pairs with acl_recent_forget(): if it is the one of then, no grace period
	 * for the flow has begun before this CPU's look-up. The flow is touched
	 * after that.
	 */
	if (((recent->head ^ head) | (recent->l4 ^ (l4 & ACL_RECENT_L4)) |
	     (recent->binding ^ binding) |
	     (recent->epoch ^ (u64)atomic64_read_acquire(epoch))))
		return NULL;
	return recent->flow;
}

/* The flow of plain frames. @epoch: what it was before the flow was looked up. */
static inline void acl_recent_put(u64 epoch, u64 head, u64 l4, u32 binding,
				  struct acl_flow *flow)
{
	struct acl_recent *recent = acl_recent_at(head, l4, binding);

	recent->head = head;
	recent->l4 = l4 & ACL_RECENT_L4;
	recent->epoch = epoch;
	recent->binding = binding;
	recent->flow = flow;
}

/* A flow was taken out of the table, and may be freed a grace period from now. */
static inline void acl_recent_forget(atomic64_t *epoch)
{
	/* Who reads the new one does not find the flow in the table. */
	smp_mb__before_atomic();
	atomic64_inc(epoch);
}

#endif /* _UTCP_ACL_RECENT_H */
