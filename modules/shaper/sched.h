/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who is served next in a tree of classes. See "Sharing" in
 * Documentation/networking/utcp-shaper.rst.
 */
#ifndef _SHAPER_SCHED_H
#define _SHAPER_SCHED_H

#include <linux/rbtree.h>
#include <linux/types.h>

#include "edt.h"

#define SHAPER_PRIORITIES 8
#define SHAPER_DEPTH_MAX 8
#define SHAPER_WEIGHT_MAX 1000

/* Frames that come due within so many ns go together, where rates are high. */
#define SHAPER_TOGETHER_NS 400000

struct shaper_sched;

/**
 * enum shaper_node_state - whether a node competes
 * @SHAPER_IDLE: nothing waits in it
 * @SHAPER_RUNNABLE: something waits in it, or in one of its children that is
 *	runnable, and it is in its parent's trees
 * @SHAPER_THROTTLED: as before, but one of its own buckets is empty, and it is in
 *	&struct shaper_sched.throttled
 */
enum shaper_node_state {
	SHAPER_IDLE,
	SHAPER_RUNNABLE,
	SHAPER_THROTTLED,
};

/**
 * struct shaper_node - a class, as the scheduler sees it
 * @parent: the node above, or NULL; does not change while the node lives
 * @sched: of which tree; as @parent
 * @ceiling: bucket of what it never exceeds; has no lock
 * @guarantee: bucket of what it gets first
 * @share_cost: virtual time per byte: 2^20 divided by the weight
 * @priority: 0 to 7, lower first
 * @state: see &enum shaper_node_state
 * @busy: how many children are runnable. Read without the lock by who asks whether
 *	a frame may pass the queues: one that misses a change goes a moment early
 * @slack: of a leaf: how much later than it could (ns) it was last told to go, so
 *	that several frames may go together
 * @vtime: how much it got, by @share_cost; compared by difference
 * @served: by priority: @vtime of the child that was served last
 * @wake: when a throttled node is looked at again
 * @by_share: in the parent's @shares, or in &struct shaper_sched.throttled
 * @by_due: in the parent's @dues, if runnable and with a guarantee
 * @due: when its guarantee wants it served next, as sorted by
 * @shares: runnable children by priority and @vtime
 * @dues: runnable children with a guarantee by @due
 *
 * All but @ceiling and what is said above under the lock of the tree's owner.
 * Belongs to a class and dies with it, when it is idle.
 */
struct shaper_node {
	struct shaper_node *parent;
	struct shaper_sched *sched;
	struct shaper_bucket ceiling;
	struct shaper_bucket guarantee;
	u32 share_cost;
	u8 priority;
	u8 state;
	u32 busy;
	u32 slack;
	u64 vtime;
	u64 served[SHAPER_PRIORITIES];
	u64 wake;
	u64 due;
	struct rb_node by_share;
	struct rb_node by_due;
	struct rb_root_cached shares;
	struct rb_root_cached dues;
};

/**
 * struct shaper_sched - a tree
 * @top: the node at its top
 * @throttled: throttled nodes by @wake
 */
struct shaper_sched {
	struct shaper_node *top;
	struct rb_root_cached throttled;
};

void shaper_node_init(struct shaper_node *node, struct shaper_node *parent,
		      struct shaper_sched *sched);
void shaper_node_share(struct shaper_node *node, u32 weight, u8 priority);
void shaper_node_guarantee(struct shaper_node *node, u64 bps, u64 burst_ns,
			   u32 frame, u64 now);
void shaper_node_wake(struct shaper_node *leaf, u64 now);
void shaper_node_sleep(struct shaper_node *leaf);
bool shaper_node_hasten(struct shaper_node *leaf, u32 bytes);
struct shaper_node *shaper_sched_next(struct shaper_sched *sched, u64 now);
bool shaper_sched_admit(struct shaper_node *leaf, u32 bytes, u64 now,
			bool *borrowed);
void shaper_node_retry(struct shaper_node *node);
u64 shaper_sched_when(const struct shaper_sched *sched);

/* May a frame pass the queues, as far as those above its class go? */
static inline bool shaper_node_contended(const struct shaper_node *leaf)
{
	const struct shaper_node *node;

	for (node = leaf->parent; node; node = node->parent)
		if (READ_ONCE(node->busy))
			return true;
	return false;
}

#endif /* _SHAPER_SCHED_H */
