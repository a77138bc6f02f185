// SPDX-License-Identifier: GPL-2.0-only
/*
 * Classes: making, changing and removing them, and what follows from their
 * settings and from those of the classes above them.
 */
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/stringhash.h>

#include "class.h"
#include "engine.h"
#include "ticks.h"

/* A frame of the usual MTU: no bucket is so small that it could not go. */
#define FRAME_LEN 1514

/* CPUs save up an eighth of the depth of a class's buckets together. */
#define SAVED_PART 8

/* Less is not worth being saved up. */
#define SLAB_MIN (2 * FRAME_LEN)
#define SLAB_MAX (64 * 1024)

#define MSG_MIN_ABOVE_MAX "bw-min is above bw-max"
#define MSG_PROMISED \
	"siblings would be guaranteed more than their parent's bw-max"
#define MSG_CHILDREN "the children are guaranteed more than that bw-max"

const struct shaper_config shaper_config_default = {
	.burst = 5000,
	.priority = 4,
	.weight = 1,
	.queue_bytes = 1024 * 1024,
	.queue_time = 1000,
};

/* A class by its number. Under rtnl or RCU. */
struct shaper_class *shaper_class_find(struct shaper_net *this, u32 id)
{
	return xa_load(&this->classes, id);
}

static u32 hash_name(const char *name)
{
	return full_name_hash(NULL, name, strlen(name));
}

/* A class by its name. Under rtnl. */
struct shaper_class *shaper_class_named(struct shaper_net *this,
					const char *name)
{
	struct shaper_class *class;

	hash_for_each_possible(this->names, class, named, hash_name(name))
		if (!strcmp(class->name, name))
			return class;
	return NULL;
}

/* The depth of a bucket that CPUs save up for is less by what they may have. */
static u64 burst_ns(const struct shaper_class *class)
{
	u64 ns = class->config.burst * (u64)NSEC_PER_USEC;

	return ns - ns / SAVED_PART;
}

/* Works out what follows for one class from the buckets on its way up. */
static void derive_one(struct shaper_class *class)
{
	u64 slab = SLAB_MAX, slab_ns = NSEC_PER_SEC, cut = U32_MAX;
	u64 frame_ns = 0;
	const struct shaper_class *above;

	for (above = class; above; above = above->parent) {
		const struct shaper_bucket *bucket = &above->node.ceiling;
		u64 burst = (u64)above->config.burst * NSEC_PER_USEC;

		if (!bucket->rate.bps)
			continue;
		slab = min(slab, shaper_rate_bytes(&bucket->rate,
						   burst / SAVED_PART) /
					 num_possible_cpus());
		slab_ns = min(slab_ns, burst / SAVED_PART);
		cut = min(cut, shaper_rate_bytes(&bucket->rate, bucket->saved));
		frame_ns =
			max(frame_ns, shaper_rate_ns(&bucket->rate, FRAME_LEN));
	}
	WRITE_ONCE(class->slab, slab < SLAB_MIN ? 0 : slab);
	WRITE_ONCE(class->slab_life, shaper_ticks_of(slab_ns));
	WRITE_ONCE(class->cut, max_t(u64, cut, FRAME_LEN));
	WRITE_ONCE(class->overhead, class->config.overhead);
	shaper_codel_set(&class->params.codel, frame_ns);
	class->params.bytes = class->config.queue_bytes;
	class->params.time = max(class->config.queue_time * (u64)NSEC_PER_MSEC,
				 2 * frame_ns);
}

/* The same for all classes below one, of which there may be many: each by itself. Under
 * rtnl.
 */
static void derive_below(struct shaper_class *class)
{
	struct shaper_class *child;

	list_for_each_entry(child, &class->children, sibling) {
		spin_lock_bh(&child->tree->lock);
		derive_one(child);
		spin_unlock_bh(&child->tree->lock);
		cond_resched();
		derive_below(child);
	}
}

/* Under the tree's lock. */
static void set_node(struct shaper_class *class, u64 now)
{
	const struct shaper_config *config = &class->config;

	shaper_bucket_set(&class->node.ceiling, config->bw_max, burst_ns(class),
			  FRAME_LEN + config->overhead, now);
	shaper_node_guarantee(&class->node, config->bw_min, burst_ns(class),
			      FRAME_LEN + config->overhead, now);
	shaper_node_share(&class->node, config->weight, config->priority);
	derive_one(class);
}

/* The settings of a class that nobody knows yet. Nobody has saved up anything of it or
 * waits for it, and to others it changes nothing: who makes many classes does not void
 * what CPUs have saved up for those that there are. Under rtnl.
 */
static void begin(struct shaper_class *class)
{
	spin_lock_bh(&class->tree->lock);
	set_node(class, ktime_get_ns());
	spin_unlock_bh(&class->tree->lock);
}

/* Lets new settings hold. What CPUs have saved up for any class of the tree is void, since
 * it was had for another rate, and lost: a slab for each CPU and class, no more than an eighth
 * of the burst. Under rtnl.
 */
static void apply(struct shaper_class *class)
{
	struct shaper_tree *tree = class->tree;
	u64 now = ktime_get_ns();

	spin_lock_bh(&tree->lock);
	set_node(class, now);
	WRITE_ONCE(tree->generation, tree->generation + 1);
	shaper_node_retry(&class->node);
	shaper_tree_kick(tree, now);
	spin_unlock_bh(&tree->lock);
	if (!class->n_children)
		return;
	derive_below(class);
	/* What was saved up meanwhile, by what held below before. */
	spin_lock_bh(&tree->lock);
	WRITE_ONCE(tree->generation, tree->generation + 1);
	spin_unlock_bh(&tree->lock);
}

/* Can the class be what it is told? @old: what it is guaranteed now. */
static int check_config(const struct shaper_class *class,
			const struct shaper_class *parent,
			const struct shaper_config *config, u64 old,
			struct netlink_ext_ack *extack)
{
	if (config->bw_max && config->bw_min > config->bw_max) {
		NL_SET_ERR_MSG(extack, MSG_MIN_ABOVE_MAX);
		return -EINVAL;
	}
	if (parent && parent->config.bw_max && config->bw_min > old &&
	    parent->guaranteed - old + config->bw_min > parent->config.bw_max) {
		NL_SET_ERR_MSG(extack, MSG_PROMISED);
		return -EINVAL;
	}
	if (class && config->bw_max && class->guaranteed > config->bw_max) {
		NL_SET_ERR_MSG(extack, MSG_CHILDREN);
		return -EINVAL;
	}
	return 0;
}

static int check_place(struct shaper_net *this, u32 id, const char *name,
		       const struct shaper_class *parent,
		       struct netlink_ext_ack *extack)
{
	const struct shaper_class *above;
	int depth = 1;

	if (id && shaper_class_find(this, id)) {
		NL_SET_ERR_MSG(extack, "there is a class with this id");
		return -EEXIST;
	}
	if (shaper_class_named(this, name)) {
		NL_SET_ERR_MSG(extack, "there is a class with this name");
		return -EEXIST;
	}
	if (this->n_classes >=
	    READ_ONCE(this->limits.val[UTCP_SHAPER_A_LIMITS_CLASSES - 1])) {
		NL_SET_ERR_MSG(
			extack,
			"the namespace has as many classes as its limit");
		return -ENOSPC;
	}
	for (above = parent; above; above = above->parent)
		depth++;
	if (depth > SHAPER_DEPTH_MAX) {
		NL_SET_ERR_MSG(extack, "there are eight classes above it");
		return -ELOOP;
	}
	if (parent && parent->n_bindings) {
		NL_SET_ERR_MSG(
			extack,
			"the parent is bound: only classes without children are");
		return -EBUSY;
	}
	return 0;
}

/* Of their own size: the next one that kmalloc() has is nearly twice as large. */
static struct kmem_cache *class_cache;

int shaper_class_init(void)
{
	class_cache = KMEM_CACHE(shaper_class, SLAB_ACCOUNT);
	return class_cache ? 0 : -ENOMEM;
}

/* All classes are freed. */
void shaper_class_exit(void)
{
	kmem_cache_destroy(class_cache);
}

static struct shaper_tree *tree_alloc(struct shaper_class *top)
{
	struct shaper_tree *tree;

	tree = kzalloc(sizeof(*tree), GFP_KERNEL_ACCOUNT);
	if (!tree)
		return NULL;
	spin_lock_init(&tree->lock);
	tree->sched.top = &top->node;
	tree->sched.throttled = RB_ROOT_CACHED;
	return tree;
}

static void class_free(struct shaper_class *class)
{
	if (!class->parent)
		kfree(class->tree);
	kvfree(class->queue.flows);
	free_percpu(class->credit);
	kmem_cache_free(class_cache, class);
}

static void class_free_rcu(struct rcu_head *rcu)
{
	class_free(container_of(rcu, struct shaper_class, rcu));
}

/* Frees a class that shaper_class_del() took from the tree. */
void shaper_class_free(struct shaper_class *class)
{
	call_rcu(&class->rcu, class_free_rcu);
}

static struct shaper_class *class_alloc(const char *name,
					struct shaper_class *parent)
{
	struct shaper_class *class;

	class = kmem_cache_zalloc(class_cache, GFP_KERNEL);
	if (!class)
		return NULL;
	class->credit =
		alloc_percpu_gfp(struct shaper_credit, GFP_KERNEL_ACCOUNT);
	if (!class->credit)
		goto free;
	class->tree = parent ? parent->tree : tree_alloc(class);
	if (!class->tree)
		goto free_credit;
	class->parent = parent;
	strscpy(class->name, name, sizeof(class->name));
	INIT_LIST_HEAD(&class->children);
	shaper_queue_init(&class->queue);
	shaper_node_init(&class->node, parent ? &parent->node : NULL,
			 &class->tree->sched);
	return class;

free_credit:
	free_percpu(class->credit);
free:
	kmem_cache_free(class_cache, class);
	return NULL;
}

/* Numbers that a request does not choose go up, and do not come again soon. All of them
 * can be priorities that mean a class.
 */
static int class_enter(struct shaper_net *this, struct shaper_class *class,
		       u32 id)
{
	int ret;

	if (id) {
		class->id = id;
		return xa_insert(&this->classes, id, class, GFP_KERNEL_ACCOUNT);
	}
	ret = xa_alloc_cyclic(&this->classes, &class->id, class,
			      XA_LIMIT(TC_PRIO_MAX + 1, U16_MAX),
			      &this->next_id, GFP_KERNEL_ACCOUNT);
	return ret < 0 ? ret : 0;
}

/**
 * shaper_class_add() - make a class
 * @this: where
 * @id: its number; 0: any
 * @name: its name
 * @parent: the class above it, or NULL
 * @config: what it is told
 * @extack: why it was not made
 * @classp: set to the class
 *
 * Context: under rtnl; may sleep.
 * Return: 0; -EEXIST, -ENOSPC, -ELOOP, -EBUSY, -EINVAL with @extack set; -ENOMEM.
 */
int shaper_class_add(struct shaper_net *this, u32 id, const char *name,
		     struct shaper_class *parent,
		     const struct shaper_config *config,
		     struct netlink_ext_ack *extack,
		     struct shaper_class **classp)
{
	struct shaper_class *class;
	int ret;

	ASSERT_RTNL();
	ret = check_place(this, id, name, parent, extack);
	if (!ret)
		ret = check_config(NULL, parent, config, 0, extack);
	if (ret)
		return ret;
	class = class_alloc(name, parent);
	if (!class)
		return -ENOMEM;
	class->net = this;
	class->config = *config;
	begin(class);
	/* From here on frames may come, by number. */
	ret = class_enter(this, class, id);
	if (ret) {
		class_free(class);
		return ret;
	}
	if (parent) {
		parent->n_children++;
		parent->guaranteed += config->bw_min;
		list_add_tail(&class->sibling, &parent->children);
		/* It may have got frames by number while it had no children. */
		shaper_class_close(parent);
	} else {
		list_add_tail(&class->sibling, &this->top);
	}
	hash_add(this->names, &class->named, hash_name(name));
	if (!this->n_classes++)
		shaper_stats_start(this);
	this->seq++;
	*classp = class;
	return 0;
}

/**
 * shaper_class_set() - change a class
 * @class: the class
 * @config: all of what it is told
 * @extack: why it was not changed
 *
 * Context: under rtnl.
 * Return: 0; -EINVAL with @extack set, and nothing changed.
 */
int shaper_class_set(struct shaper_class *class,
		     const struct shaper_config *config,
		     struct netlink_ext_ack *extack)
{
	struct shaper_class *parent = class->parent;
	int ret;

	ASSERT_RTNL();
	ret = check_config(class, parent, config, class->config.bw_min, extack);
	if (ret)
		return ret;
	if (parent)
		parent->guaranteed += config->bw_min - class->config.bw_min;
	class->config = *config;
	apply(class);
	class->net->seq++;
	return 0;
}

static void take_out(struct shaper_class *class)
{
	struct shaper_net *this = class->net;

	xa_erase(&this->classes, class->id);
	hash_del(&class->named);
	list_del(&class->sibling);
	/* Before the parent may hold frames: it would not wake up while this one still
	 * competes for it.
	 */
	shaper_class_close(class);
	if (class->parent) {
		class->parent->guaranteed -= class->config.bw_min;
		if (!--class->parent->n_children)
			shaper_class_open(class->parent);
	} else {
		shaper_tree_kill(class->tree);
	}
	this->n_classes--;
	this->seq++;
}

static void add_counts(struct shaper_counts *to,
		       const struct shaper_counts *more)
{
	unsigned int i;

	to->frames += more->frames;
	to->packets += more->packets;
	to->sent += more->sent;
	to->borrowed += more->borrowed;
	to->marks += more->marks;
	for (i = 0; i < ARRAY_SIZE(to->drops); i++)
		to->drops[i] += more->drops[i];
}

/**
 * shaper_class_del() - remove a class
 * @class: the class
 * @extack: why it was not removed
 *
 * When this returns no frame is in it nor will be; its memory, with its last
 * numbers, stays until shaper_class_free().
 *
 * Context: under rtnl; may sleep.
 * Return: 0; -EBUSY with @extack set.
 */
int shaper_class_del(struct shaper_class *class, struct netlink_ext_ack *extack)
{
	struct shaper_stats stats;

	ASSERT_RTNL();
	if (class->n_children) {
		NL_SET_ERR_MSG(extack, "the class has children");
		return -EBUSY;
	}
	if (class->n_bindings) {
		NL_SET_ERR_MSG(extack, "the class is bound");
		return -EBUSY;
	}
	take_out(class);
	/* Who found it earlier has seen that it is dead, or has passed. */
	synchronize_net();
	if (class->parent) {
		shaper_stats_read(class, &stats);
		spin_lock_bh(&class->tree->lock);
		add_counts(&class->parent->counts, &stats.counts);
		/* What the tick has seen of it, those above have already. */
		class->parent->own += class->own;
		spin_unlock_bh(&class->tree->lock);
	}
	return 0;
}

void shaper_net_init(struct shaper_net *this)
{
	xa_init_flags(&this->classes, XA_FLAGS_ALLOC1);
	hash_init(this->names);
	INIT_LIST_HEAD(&this->top);
	INIT_LIST_HEAD(&this->ports);
	INIT_DELAYED_WORK(&this->tick, shaper_stats_tick);
}

/* Children stand behind their parents nowhere but in the lists. */
static void del_below(struct shaper_class *class)
{
	struct shaper_class *child, *next;

	list_for_each_entry_safe(child, next, &class->children, sibling)
		del_below(child);
	take_out(class);
	shaper_class_free(class);
}

/* Removes all classes; there are no ports any more. May sleep. */
void shaper_net_exit(struct shaper_net *this)
{
	struct shaper_class *class, *next;

	cancel_delayed_work_sync(&this->tick);
	rtnl_lock();
	list_for_each_entry_safe(class, next, &this->top, sibling)
		del_below(class);
	rtnl_unlock();
	xa_destroy(&this->classes);
}
