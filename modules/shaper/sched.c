// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scheduler of a tree: first those whose guarantee is due, earliest first;
 * then by priority and, within one, start-time fair queueing by weight (Goyal, Vin,
 * Cheng: Start-time Fair Queueing, 1996), at each level of the tree.
 *
 * A node whose bucket is empty for the frame that is its turn waits until it is
 * not, and does not lose its turn: it keeps its virtual time. Its siblings go on.
 *
 * Nothing here locks, sleeps, or knows a clock. Calls on one tree follow each other.
 */
#include "sched.h"

#include <linux/bits.h>
#include <linux/minmax.h>

#define SHARE_UNIT BIT(20)

/* A frame of the usual MTU. */
#define MTU_LEN 1514

/* So many whose time has come compete again at one look; more do at the next one. */
#define WAKES_MAX 32

/* Nobody is further ahead of those that were served: 1 GiB of a class of weight 1. */
#define LEAD_MAX BIT_ULL(50)

static struct shaper_node *of_share(struct rb_node *rb)
{
	return rb_entry(rb, struct shaper_node, by_share);
}

static struct shaper_node *of_due(struct rb_node *rb)
{
	return rb_entry(rb, struct shaper_node, by_due);
}

static bool share_less(struct rb_node *ra, const struct rb_node *rb)
{
	const struct shaper_node *a = of_share(ra);
	const struct shaper_node *b = of_share((struct rb_node *)rb);

	if (a->priority != b->priority)
		return a->priority < b->priority;
	return (s64)(a->vtime - b->vtime) < 0;
}

static bool due_less(struct rb_node *ra, const struct rb_node *rb)
{
	return of_due(ra)->due < of_due((struct rb_node *)rb)->due;
}

static bool wake_less(struct rb_node *ra, const struct rb_node *rb)
{
	return of_share(ra)->wake < of_share((struct rb_node *)rb)->wake;
}

/* Makes a node that has nothing to do; its buckets are zeros: no rates. */
void shaper_node_init(struct shaper_node *node, struct shaper_node *parent,
		      struct shaper_sched *sched)
{
	node->parent = parent;
	node->sched = sched;
	node->shares = RB_ROOT_CACHED;
	node->dues = RB_ROOT_CACHED;
	shaper_node_share(node, 1, SHAPER_PRIORITIES / 2);
}

/* Into the parent's trees. */
static void link_node(struct shaper_node *node)
{
	struct shaper_node *parent = node->parent;

	node->state = SHAPER_RUNNABLE;
	if (!parent)
		return;
	rb_add_cached(&node->by_share, &parent->shares, share_less);
	if (node->guarantee.rate.bps) {
		node->due = atomic64_read(&node->guarantee.spent);
		rb_add_cached(&node->by_due, &parent->dues, due_less);
	} else {
		RB_CLEAR_NODE(&node->by_due);
	}
}

static void unlink_node(struct shaper_node *node)
{
	struct shaper_node *parent = node->parent;

	if (!parent)
		return;
	rb_erase_cached(&node->by_share, &parent->shares);
	if (!RB_EMPTY_NODE(&node->by_due))
		rb_erase_cached(&node->by_due, &parent->dues);
}

/* Lets a node compete, and those above that did not for want of children. */
static void start(struct shaper_node *node)
{
	struct shaper_node *parent;

	for (; node; node = parent) {
		parent = node->parent;
		if (parent) {
			u64 served = parent->served[node->priority];

			/* Nobody saves up for later what it did not want. Who
			 * seems to be further ahead than that has been idle for so
			 * long, or is so new, that the numbers went round.
			 */
			if (node->vtime - served > LEAD_MAX)
				node->vtime = served;
		}
		link_node(node);
		if (!parent)
			return;
		WRITE_ONCE(parent->busy, parent->busy + 1);
		if (parent->state != SHAPER_IDLE)
			return;
	}
}

/* Takes a node from the competition, and those above that have no other child. */
static void stop(struct shaper_node *node)
{
	struct shaper_node *parent;

	for (; node; node = parent) {
		bool counted = node->state == SHAPER_RUNNABLE;

		parent = node->parent;
		if (counted)
			unlink_node(node);
		else
			rb_erase_cached(&node->by_share,
					&node->sched->throttled);
		node->state = SHAPER_IDLE;
		if (!parent || !counted)
			return;
		WRITE_ONCE(parent->busy, parent->busy - 1);
		if (parent->busy)
			return;
	}
}

/* Its children, if it has any, stay runnable and keep their turn. */
static void throttle(struct shaper_node *node, u64 wake)
{
	struct shaper_node *parent = node->parent;

	unlink_node(node);
	node->state = SHAPER_THROTTLED;
	node->wake = wake;
	rb_add_cached(&node->by_share, &node->sched->throttled, wake_less);
	if (!parent)
		return;
	WRITE_ONCE(parent->busy, parent->busy - 1);
	if (!parent->busy)
		stop(parent);
}

static void unthrottle(struct shaper_node *node)
{
	rb_erase_cached(&node->by_share, &node->sched->throttled);
	node->state = SHAPER_IDLE;
	start(node);
}

/* Something waits in a leaf, as of now. */
void shaper_node_wake(struct shaper_node *leaf, u64 now)
{
	struct shaper_node *node;

	for (node = leaf; node && node->state == SHAPER_IDLE;
	     node = node->parent)
		if (shaper_bucket_limits(&node->ceiling))
			shaper_bucket_begin(&node->ceiling, now);
	if (leaf->state == SHAPER_IDLE)
		start(leaf);
}

/* Nothing waits in a leaf any more. */
void shaper_node_sleep(struct shaper_node *leaf)
{
	if (leaf->state != SHAPER_IDLE)
		stop(leaf);
}

/* Sets weight and priority, also of a node that competes. */
void shaper_node_share(struct shaper_node *node, u32 weight, u8 priority)
{
	bool linked = node->state == SHAPER_RUNNABLE;

	if (linked)
		unlink_node(node);
	node->share_cost = SHARE_UNIT / weight;
	/* Each priority counts by itself. */
	if (node->parent && node->priority != priority)
		node->vtime = node->parent->served[priority];
	node->priority = priority;
	if (linked)
		link_node(node);
}

/* Sets the guarantee, also of a node that competes. */
void shaper_node_guarantee(struct shaper_node *node, u64 bps, u64 burst_ns,
			   u32 frame, u64 now)
{
	bool linked = node->state == SHAPER_RUNNABLE;

	if (linked)
		unlink_node(node);
	shaper_bucket_set(&node->guarantee, bps, burst_ns, frame, now);
	if (linked)
		link_node(node);
}

/* The child of a node whose turn it is; NULL: it has no runnable one. */
static struct shaper_node *turn_of(struct shaper_node *node, u64 now)
{
	struct rb_node *rb = rb_first_cached(&node->dues);

	if (rb && of_due(rb)->due <= now)
		return of_due(rb);
	rb = rb_first_cached(&node->shares);
	return rb ? of_share(rb) : NULL;
}

/**
 * shaper_sched_next() - whose turn it is
 * @sched: the tree
 * @now: what time it is
 *
 * Return: a leaf in which something waits; NULL: nobody may go now, and
 *	shaper_sched_when() says when to ask again.
 */
struct shaper_node *shaper_sched_next(struct shaper_sched *sched, u64 now)
{
	struct shaper_node *node = sched->top;
	unsigned int most = WAKES_MAX;
	struct rb_node *rb;

	while (most-- && (rb = rb_first_cached(&sched->throttled)) &&
	       of_share(rb)->wake <= now)
		unthrottle(of_share(rb));
	if (node->state != SHAPER_RUNNABLE)
		return NULL;
	while (node->busy)
		node = turn_of(node, now);
	return node;
}

/* Charges a frame to a node, and moves the node behind those that got less. One that is
 * the only one to compete stays where it is.
 */
static void serve(struct shaper_node *node, u32 bytes, u64 now)
{
	struct shaper_node *parent = node->parent;
	bool alone, first;

	if (shaper_bucket_limits(&node->ceiling))
		shaper_bucket_charge(&node->ceiling, bytes, now);
	if (!parent)
		return;
	alone = parent->busy == 1;
	first = alone || rb_first_cached(&parent->shares) == &node->by_share;
	if (!alone)
		unlink_node(node);
	if (node->guarantee.rate.bps)
		shaper_bucket_charge_due(&node->guarantee, bytes, now);
	/* Who is served out of turn, by guarantee, may be far ahead. */
	if (first)
		parent->served[node->priority] = node->vtime;
	node->vtime += (u64)bytes * node->share_cost;
	if (alone)
		node->due = atomic64_read(&node->guarantee.spent);
	else
		link_node(node);
}

/* How much longer a node whose bucket was too empty may wait, so that several frames go
 * when it is looked at: each time somebody is woken is dearer than a frame. None where
 * fewer than two of the MTU would come together, and no more than what the bucket makes
 * up for.
 */
static u64 slack(const struct shaper_bucket *bucket)
{
	if (2 * shaper_rate_ns(&bucket->rate, MTU_LEN) > SHAPER_TOGETHER_NS)
		return 0;
	return min_t(u64, SHAPER_TOGETHER_NS, shaper_bucket_spare(bucket));
}

/**
 * shaper_node_hasten() - another frame of a leaf, a shorter one, goes first now
 * @leaf: the leaf, which was refused a longer one
 * @bytes: length of the frame
 *
 * What waits on the way up until there are tokens for the longer one is looked at when there
 * are for this one; not where several go together, and where a frame takes no time that
 * would matter.
 *
 * Return: whether any of that will be looked at earlier.
 */
bool shaper_node_hasten(struct shaper_node *leaf, u32 bytes)
{
	struct shaper_sched *sched = leaf->sched;
	struct shaper_node *node;
	bool any = false;

	for (node = leaf; node; node = node->parent) {
		u64 ready;

		if (node->state != SHAPER_THROTTLED || slack(&node->ceiling))
			continue;
		ready = shaper_bucket_ready(&node->ceiling, bytes);
		if (ready >= node->wake)
			continue;
		rb_erase_cached(&node->by_share, &sched->throttled);
		node->wake = ready;
		rb_add_cached(&node->by_share, &sched->throttled, wake_less);
		any = true;
	}
	return any;
}

/**
 * shaper_sched_admit() - may the leaf's frame go now?
 * @leaf: what shaper_sched_next() gave
 * @bytes: length of the frame
 * @now: what time it is
 * @borrowed: set to whether it goes beyond what is guaranteed to the leaf
 *
 * If it may, it is charged to all nodes from the leaf up. If not, the lowest one
 * whose bucket is too empty waits, and others may have their turn.
 *
 * Return: whether it may.
 */
bool shaper_sched_admit(struct shaper_node *leaf, u32 bytes, u64 now,
			bool *borrowed)
{
	struct shaper_node *node;

	for (node = leaf; node; node = node->parent) {
		u64 ready;

		if (!shaper_bucket_limits(&node->ceiling))
			continue;
		ready = shaper_bucket_ready(&node->ceiling, bytes);
		if (ready > now) {
			leaf->slack = slack(&node->ceiling);
			throttle(node, ready + leaf->slack);
			return false;
		}
	}
	*borrowed = !leaf->guarantee.rate.bps ||
		    atomic64_read(&leaf->guarantee.spent) > (s64)now;
	for (node = leaf; node; node = node->parent)
		serve(node, bytes, now);
	return true;
}

/* A node's rate has changed: if it waits for its bucket, it is looked at again. */
void shaper_node_retry(struct shaper_node *node)
{
	if (node->state == SHAPER_THROTTLED)
		unthrottle(node);
}

/* When somebody may go next; SHAPER_NEVER: nothing waits. */
u64 shaper_sched_when(const struct shaper_sched *sched)
{
	struct rb_node *rb = rb_first_cached(&sched->throttled);

	if (sched->top->state == SHAPER_RUNNABLE)
		return 0;
	return rb ? of_share(rb)->wake : SHAPER_NEVER;
}
