// SPDX-License-Identifier: GPL-2.0-only
/*
 * The numbers of classes: summing them, and what is worked out once a second.
 */
#include <linux/rtnetlink.h>

#include "class.h"

#define HALVE_SECONDS 10

/* Classes that the tick looks at under one hold of rtnl. */
#define TICK_BATCH 256

/* Sums what did not wait. Each CPU's numbers move on while others are read. */
static void read_passed(const struct shaper_class *class, u64 *packets,
			u64 *bytes)
{
	int cpu;

	*packets = 0;
	*bytes = 0;
	for_each_possible_cpu(cpu) {
		const struct shaper_credit *credit =
			per_cpu_ptr(class->credit, cpu);

		*packets += READ_ONCE(credit->packets);
		*bytes += READ_ONCE(credit->sent);
	}
}

static void add_one(struct shaper_class *class, struct shaper_stats *stats)
{
	struct shaper_counts *sum = &stats->counts;
	struct shaper_counts counts;
	u64 packets, bytes;
	unsigned int i;

	spin_lock_bh(&class->tree->lock);
	counts = class->counts;
	stats->backlog_packets += class->queue.frames;
	stats->backlog_bytes += class->queue.bytes;
	spin_unlock_bh(&class->tree->lock);
	read_passed(class, &packets, &bytes);
	sum->frames += counts.frames + packets;
	sum->packets += counts.packets + packets;
	sum->sent += counts.sent + bytes;
	sum->borrowed += counts.borrowed;
	sum->marks += counts.marks;
	for (i = 0; i < ARRAY_SIZE(sum->drops); i++)
		sum->drops[i] += counts.drops[i];
}

static void add_all(struct shaper_class *class, struct shaper_stats *stats)
{
	struct shaper_class *child;

	add_one(class, stats);
	list_for_each_entry(child, &class->children, sibling)
		add_all(child, stats);
}

static void read_waiting(struct shaper_class *class, struct shaper_stats *stats)
{
	u64 packets, bytes, ns, none;

	read_passed(class, &packets, &bytes);
	none = packets - class->passed;
	spin_lock_bh(&class->tree->lock);
	ns = class->throttled;
	if (class->since)
		ns += ktime_get_ns() - class->since;
	stats->p50 = shaper_hist_quantile(&class->hist, none, 50);
	stats->p99 = shaper_hist_quantile(&class->hist, none, 99);
	spin_unlock_bh(&class->tree->lock);
	stats->throttled = div_u64(ns, NSEC_PER_USEC);
}

/* Bits per second from the tick that was so many before the last one on. */
static u64 rate_over(const struct shaper_class *class, u32 span)
{
	const u32 n = SHAPER_RATE_SECONDS + 1;
	const struct shaper_net *this = class->net;
	u64 bytes = class->marked[class->seconds % n] -
		    class->marked[(class->seconds - span) % n];
	u64 ns = this->ticked[this->ticks % n] -
		 this->ticked[(this->ticks - span) % n];
	u64 us = div_u64(ns, NSEC_PER_USEC);

	return us ? div64_u64(8 * bytes * USEC_PER_SEC, us) : 0;
}

static void read_rates(const struct shaper_class *class,
		       struct shaper_stats *stats)
{
	u32 span = min_t(u32, class->seconds, SHAPER_RATE_SECONDS);

	if (!span)
		return;
	stats->rate_1s = rate_over(class, 1);
	stats->rate_10s = rate_over(class, span);
}

/**
 * shaper_stats_read() - sum the numbers of a class and of all below it
 * @class: the class
 * @stats: set to them
 *
 * Context: under rtnl.
 */
void shaper_stats_read(struct shaper_class *class, struct shaper_stats *stats)
{
	memset(stats, 0, sizeof(*stats));
	add_all(class, stats);
	read_rates(class, stats);
	if (!class->n_children)
		read_waiting(class, stats);
}

/* Whether frames wait, of a class without children. @packets: that passed at once, ever. */
static void tick_waiting(struct shaper_class *class, u64 packets)
{
	bool waiting;
	u64 now;

	spin_lock_bh(&class->tree->lock);
	now = ktime_get_ns(); /* not before class->since */
	shaper_hist_add_none(&class->hist, packets - class->passed);
	if (class->seconds % HALVE_SECONDS == 0)
		shaper_hist_halve(&class->hist);
	waiting = class->since && now - class->since >= NSEC_PER_SEC;
	if (!waiting && !class->since && !class->queue.frames)
		kvfree(shaper_queue_gather(&class->queue));
	spin_unlock_bh(&class->tree->lock);
	class->passed = packets;
	if (waiting == class->waiting)
		return;
	class->waiting = waiting;
	shaper_nl_class_notify(class, UTCP_SHAPER_CMD_CLASS_CHANGE_NTF);
}

/* Has those above know what is new, and tells who wants to know whether frames wait. */
static void tick_sum(struct shaper_class *class)
{
	struct shaper_class *above;
	u64 packets, bytes, more;

	read_passed(class, &packets, &bytes);
	spin_lock_bh(&class->tree->lock);
	bytes += class->counts.sent;
	spin_unlock_bh(&class->tree->lock);
	/* A frame whose device went down may have been taken back: then it is less. */
	more = bytes - class->own;
	class->own = bytes;
	for (above = class; above; above = above->parent)
		above->below += more;
	if (!class->n_children)
		tick_waiting(class, packets);
}

/* When all are summed. */
static void tick_mark(struct shaper_class *class)
{
	class->seconds++;
	class->marked[class->seconds % (SHAPER_RATE_SECONDS + 1)] =
		class->below;
}

/* Looks at all classes, by number and by batches: others may have rtnl in between. What is
 * made or removed meanwhile is looked at or is not.
 */
static void tick_all(struct shaper_net *this,
		     void (*look)(struct shaper_class *class))
{
	struct shaper_class *class;
	unsigned long id = 0;
	unsigned int n;

	do {
		n = 0;
		rtnl_lock();
		xa_for_each_start(&this->classes, id, class, id) {
			if (n++ == TICK_BATCH)
				break;
			look(class);
		}
		rtnl_unlock();
	} while (class);
}

static void tick_note(struct shaper_net *this)
{
	this->ticked[this->ticks % (SHAPER_RATE_SECONDS + 1)] = ktime_get_ns();
}

/**
 * shaper_stats_start() - there are classes from now on
 * @this: where
 *
 * Context: under rtnl.
 */
void shaper_stats_start(struct shaper_net *this)
{
	tick_note(this);
	schedule_delayed_work(&this->tick, HZ);
}

/* Once a second or a little later, while there are classes. */
void shaper_stats_tick(struct work_struct *work)
{
	struct shaper_net *this =
		container_of(work, struct shaper_net, tick.work);

	rtnl_lock();
	this->ticks++;
	tick_note(this);
	rtnl_unlock();
	tick_all(this, tick_sum);
	tick_all(this, tick_mark);
	rtnl_lock();
	if (this->n_classes)
		schedule_delayed_work(&this->tick, HZ);
	rtnl_unlock();
}
