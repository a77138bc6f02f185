/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Classes: the tree of a namespace.
 */
#ifndef _SHAPER_CLASS_H
#define _SHAPER_CLASS_H

#include <linux/hashtable.h>
#include <linux/list.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/netswitch.h>

#include <uapi/linux/utcp_shaper.h>

#include "hist.h"
#include "queue.h"
#include "sched.h"
#include "wheel.h"

#define SHAPER_NAME_LEN 31
#define SHAPER_RATE_SECONDS 10

/**
 * struct shaper_net - what the module keeps per network namespace
 * @limits: bounds of the namespace's tables; has its own lock
 * @classes: class by id. Written under rtnl, read under RCU
 * @names: class by its name; under rtnl
 * @top: classes without a parent; under rtnl
 * @ports: ports with bindings; under rtnl
 * @n_classes: how many classes there are; under rtnl
 * @seq: generation of classes and bindings, for dumps; under rtnl
 * @next_id: where to look for a free id; under rtnl
 * @queued: memory of all frames that wait, in bytes
 * @tick: works out rates about once a second, while there are classes
 * @ticked: when it last did, by ktime_get_ns(), a ring, and before the first time when
 *	the first class was made: timers are late. Under rtnl
 * @ticks: how often it has; under rtnl
 * @net: the namespace
 *
 * Made when a namespace is born (or the module loaded), freed by the kernel
 * after the last request in the namespace ended (or the module was unloaded).
 * The ports are gone by then, and with them all frames that wait.
 */
struct shaper_net {
	struct netswitch_limits limits;
	struct xarray classes;
	DECLARE_HASHTABLE(names, 6);
	struct list_head top;
	struct list_head ports;
	u32 n_classes;
	u32 next_id;
	u32 seq;
	atomic_long_t queued;
	struct delayed_work tick;
	u64 ticked[SHAPER_RATE_SECONDS + 1];
	u32 ticks;
	struct net *net;
};

/**
 * struct shaper_tree - what the classes below one top share
 * @lock: guards scheduler and queues of all of them. Taken by frames that have to
 *	wait and by who lets them go; not by frames that need not wait. Before the
 *	lock of a wheel
 * @sched: who is next
 * @running: somebody lets frames go, perhaps without the lock for a moment; nobody
 *	else may, or frames would overtake others
 * @dead: to be armed no more
 * @wheel: the wheel that @entry is, or was last, on; under @lock
 * @entry: when somebody may go; under the lock of @wheel
 * @generation: number of the settings: what a CPU has saved up under others is void. It
 *	may go round: what is older than an eighth of a burst is void anyway, and 2^32
 *	changes do not fit into that
 * @rcu: for freeing
 *
 * Dies with the class at its top.
 */
struct shaper_tree {
	spinlock_t lock; /* see above */
	struct shaper_sched sched;
	bool running;
	bool dead;
	struct shaper_cpu *wheel;
	struct shaper_wheel_entry entry;
	u32 generation;
	struct rcu_head rcu;
};

/**
 * struct shaper_credit - what one CPU keeps for a class
 * @expires: until when @bytes hold, by shaper_ticks()
 * @bytes: taken from the buckets of the class and of those above it, and not used
 * @generation: of the tree's settings, when they were taken
 * @packets: frames that did not wait
 * @sent: their bytes on the wire
 *
 * Written by its CPU with bottom halves off, read by others.
 */
struct shaper_credit {
	u64 expires;
	u32 bytes;
	u32 generation;
	u64 packets;
	u64 sent;
};

/**
 * struct shaper_config - what a class was told
 * @bw_min: bits per second that it gets first; 0: none
 * @bw_max: bits per second that it never exceeds; 0: none
 * @burst: us that it may save up
 * @priority: among its siblings
 * @weight: among those of its priority
 * @queue_bytes: that may wait
 * @queue_time: ms that a frame may wait
 * @overhead: bytes of each frame beyond its own
 */
struct shaper_config {
	u64 bw_min;
	u64 bw_max;
	u32 burst;
	u32 priority;
	u32 weight;
	u32 queue_bytes;
	u32 queue_time;
	u32 overhead;
};

/**
 * struct shaper_counts - what is counted under the lock of the tree
 * @frames: that came and could not pass at once
 * @packets: of these, those that went on
 * @sent: their bytes on the wire
 * @borrowed: of these, beyond the guarantee
 * @marks: marked by ECN
 * @drops: by reason, less one
 */
struct shaper_counts {
	u64 frames;
	u64 packets;
	u64 sent;
	u64 borrowed;
	u64 marks;
	u64 drops[UTCP_SHAPER_DROP_REASON_MAX];
};

/**
 * struct shaper_class - a class
 * @node: its place in the scheduler
 * @tree: of which tree; does not change
 * @credit: per CPU
 * @held: frames that wait or are on their way after waiting; others must not
 *	overtake them. Written under the tree's lock, read without by who asks
 *	whether a frame may pass
 * @gathers: slot of the wheel, in the lower 32 bits, up to which frames that come are
 *	let go several at a time; 0: they are not. Written under the tree's lock, or to
 *	0 by a frame that finds it past; read without
 * @slab: bytes that a CPU takes from the buckets at once; 0: frame by frame
 * @slab_life: how long they hold, by shaper_ticks()
 * @cut: frames longer than this are cut. This and the two above are written
 *	under rtnl and read without: a frame goes by the old or by the new
 * @overhead: as in @config; read as @cut
 * @closed: takes no frames, because it has children or is no more; under the tree's
 *	lock
 * @params: bounds of @queue; under the tree's lock
 * @queue: what waits
 * @counts: numbers of what had to wait, and of children that are no more; under the
 *	tree's lock
 * @since: when something began to wait; 0: nothing does
 * @throttled: ns in which something waited, up to @since
 * @hist: waiting times
 * @id: number
 * @name: name
 * @named: in &struct shaper_net.names; under rtnl
 * @net: where
 * @parent: above; or NULL. Does not change
 * @children: below; under rtnl
 * @sibling: in the parent's @children, or among the tops; under rtnl
 * @n_children: how many there are; under rtnl
 * @n_bindings: bound directions of ports; under rtnl
 * @guaranteed: bits per second guaranteed to the children together; under rtnl
 * @config: as told; under rtnl
 * @waiting: something has waited for the whole last second; by the tick
 * @passed: frames that passed at once, as of the last tick, for @hist
 * @own: bytes sent that are counted in the class itself, as of the last tick
 * @below: bytes sent of the class and all below it, as of the last tick that looked at each
 * @marked: @below as of each of the last seconds, a ring; by the tick
 * @seconds: how often the tick has run
 * @rcu: for freeing
 *
 * Dies by netlink, or with its namespace: it is taken from the table, takes no more
 * frames, drops those that wait, and after a grace period is freed.
 */
struct shaper_class {
	struct shaper_node node;
	struct shaper_tree *tree;
	struct shaper_credit __percpu *credit;
	u32 held;
	u32 slab;
	u64 slab_life;
	u32 cut;
	u32 overhead;
	u32 gathers;
	bool closed;
	struct shaper_queue_params params;
	struct shaper_queue queue;
	struct shaper_counts counts;
	u64 since;
	u64 throttled;
	struct shaper_hist hist;

	u32 id;
	char name[SHAPER_NAME_LEN + 1];
	struct hlist_node named;
	struct shaper_net *net;
	struct shaper_class *parent;
	struct list_head children;
	struct list_head sibling;
	u32 n_children;
	u32 n_bindings;
	u64 guaranteed;
	struct shaper_config config;
	bool waiting;
	u64 passed;
	u64 own;
	u64 below;
	u64 marked[SHAPER_RATE_SECONDS + 1];
	u32 seconds;
	struct rcu_head rcu;
};

/**
 * struct shaper_stats - numbers of a class, as told to users
 * @counts: of frames that had to wait and that did not
 * @backlog_packets: frames that wait
 * @backlog_bytes: their bytes
 * @throttled: us in which something waited
 * @p50: us that half of the frames waited at most
 * @p99: us that 99 of a hundred did
 * @rate_1s: bits per second
 * @rate_10s: bits per second
 */
struct shaper_stats {
	struct shaper_counts counts;
	u64 backlog_packets;
	u64 backlog_bytes;
	u64 throttled;
	u32 p50;
	u32 p99;
	u64 rate_1s;
	u64 rate_10s;
};

static inline struct shaper_class *shaper_class_of(struct shaper_node *node)
{
	return container_of(node, struct shaper_class, node);
}

/* main.c */
struct shaper_net *shaper_net(const struct net *net);

/* class.c */
extern const struct shaper_config shaper_config_default;
int shaper_class_init(void);
void shaper_class_exit(void);
struct shaper_class *shaper_class_find(struct shaper_net *this, u32 id);
struct shaper_class *shaper_class_named(struct shaper_net *this,
					const char *name);
int shaper_class_add(struct shaper_net *this, u32 id, const char *name,
		     struct shaper_class *parent,
		     const struct shaper_config *config,
		     struct netlink_ext_ack *extack,
		     struct shaper_class **classp);
int shaper_class_set(struct shaper_class *class,
		     const struct shaper_config *config,
		     struct netlink_ext_ack *extack);
int shaper_class_del(struct shaper_class *class,
		     struct netlink_ext_ack *extack);
void shaper_class_free(struct shaper_class *class);
void shaper_net_init(struct shaper_net *this);
void shaper_net_exit(struct shaper_net *this);

/* stats.c */
void shaper_stats_read(struct shaper_class *class, struct shaper_stats *stats);
void shaper_stats_start(struct shaper_net *this);
void shaper_stats_tick(struct work_struct *work);

/* class_nl.c */
void shaper_nl_class_notify(struct shaper_class *class, u8 cmd);

#endif /* _SHAPER_CLASS_H */
