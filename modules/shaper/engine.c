// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine. A frame whose class, and all classes above it, have tokens passes; so
 * do most, on every CPU, without a lock. One that does not waits in its class, and
 * the tree is put onto the wheel of this CPU for when the first may go. The timer of
 * the wheel lets go what may.
 *
 * How frames keep their order: who finds that frames of his class wait, or are
 * on their way after waiting, waits behind them; and one at a time lets frames of a
 * tree go (&struct shaper_tree.running).
 */
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/slab.h>
#include <net/pkt_sched.h>
#include <net/sock.h>

#include "engine.h"
#include "ticks.h"
#include "wire.h"

/* Frames that go under one hold of the lock, and at one turn of a tree's. */
#define BATCH 16
#define TURN 256

/* So often a look for who goes next may be in vain under one hold of a tree's lock. */
#define REFUSALS 256

/* So many that wait are worth a turn of their own, before the timer. */
#define GATHER 8

/* Trees that have their turn before others of this CPU's softirqs have. */
#define TREES 64
/* And no longer than this, in nanoseconds: softirqs have others to serve. */
#define FIRE_NS NSEC_PER_MSEC
/* Frames that a super-frame is cut into: one of 64 KiB with an MSS of 88 has 744. */
#define CUT_MAX 1024

/**
 * struct shaper_cpu - the wheel of a CPU
 * @lock: guards all of it, and the entries that are on it
 * @timer: lets what is due go, in softirq
 * @next: when the timer is to fire; U64_MAX: not
 * @rush: as @timer, for who need not wait for it
 * @firing: how many of both do; the timer is set anew when that is done
 * @wheel: trees by when somebody of them may go
 *
 * Entries are put on by the CPU itself alone, taken off by any.
 */
struct shaper_cpu {
	spinlock_t lock; /* see above */
	struct hrtimer timer;
	struct tasklet_struct rush;
	u64 next;
	unsigned int firing;
	struct shaper_wheel wheel;
};

static struct shaper_cpu __percpu *cpus;

/* --- passing ------------------------------------------------------------------ */

static void give_back(struct shaper_class *class, struct shaper_node *end,
		      u32 bytes)
{
	struct shaper_node *node;

	for (node = &class->node; node != end; node = node->parent)
		if (shaper_bucket_limits(&node->ceiling))
			shaper_bucket_give(&node->ceiling, bytes);
}

/* Takes tokens of the class and of all above it, or of none. */
static bool take(struct shaper_class *class, u32 bytes, u64 now)
{
	struct shaper_node *node;

	for (node = &class->node; node; node = node->parent) {
		if (!shaper_bucket_limits(&node->ceiling) ||
		    shaper_bucket_take(&node->ceiling, bytes, now))
			continue;
		give_back(class, node, bytes);
		return false;
	}
	return true;
}

/* This CPU has not enough saved up. What it has is void in a moment, or already:
 * back with it, and then as much as is worth it, or just the frame.
 */
static noinline bool refill(struct shaper_class *class,
			    struct shaper_credit *credit,
			    const struct sk_buff *skb, u32 len)
{
	u32 generation = READ_ONCE(class->tree->generation);
	u64 life = READ_ONCE(class->slab_life);
	u32 slab = READ_ONCE(class->slab);
	u64 ticks = shaper_ticks();
	u64 now = ktime_get_ns();

	/* What has been void for longer than it was good is lost: else those who were
	 * idle for long would all give back and take at once, which nobody above them
	 * would count.
	 */
	if (credit->bytes && credit->generation == generation &&
	    ticks < credit->expires + life)
		give_back(class, NULL, credit->bytes);
	credit->bytes = 0;
	credit->generation = generation;
	if (len < slab && take(class, slab, now)) {
		credit->bytes = slab - len;
		credit->expires = ticks + life;
		return true;
	}
	/* It is to be cut, which is done to those that wait. */
	if (skb_is_gso(skb) && len > READ_ONCE(class->cut))
		return false;
	return take(class, len, now);
}

/* May the frame pass those that wait, and are there tokens? If so, it is paid for and
 * counted.
 */
static __always_inline bool pass(struct shaper_class *class,
				 const struct sk_buff *skb, u32 len)
{
	struct shaper_credit *credit = this_cpu_ptr(class->credit);

	/* Pairs with the release in settle(): who finds nothing held finds those
	 * that were held gone on.
	 */
	if (smp_load_acquire(&class->held) ||
	    shaper_node_contended(&class->node))
		return false;
	if (likely(credit->bytes >= len && shaper_ticks() < credit->expires &&
		   credit->generation == READ_ONCE(class->tree->generation)))
		credit->bytes -= len;
	else if (!refill(class, credit, skb, len))
		return false;
	WRITE_ONCE(credit->packets, credit->packets + 1);
	WRITE_ONCE(credit->sent, credit->sent + len);
	return true;
}

/* --- dropping ----------------------------------------------------------------- */

static struct shaper_port *let_go_of(struct sk_buff *skb)
{
	struct shaper_port *port = shaper_frame_of(skb)->port;

	atomic_long_sub(shaper_frame_of(skb)->charged, &port->net->queued);
	return port;
}

/* Counts what the queue has dropped. Under the tree's lock. */
static void count_drops(struct shaper_class *class,
			const struct shaper_fifo *drops)
{
	struct sk_buff *skb;

	for (skb = drops->head; skb; skb = skb->next) {
		class->counts.drops[shaper_frame_of(skb)->reason - 1]++;
		WRITE_ONCE(class->held, class->held - 1);
	}
}

/* Frees what was counted, of any classes. Without a lock. */
static void free_drops(struct shaper_fifo *drops)
{
	struct sk_buff *skb;

	while ((skb = shaper_fifo_pop(drops))) {
		struct shaper_frame frame = *shaper_frame_of(skb);
		struct shaper_port *port = let_go_of(skb);

		if (frame.reason == UTCP_SHAPER_DROP_REASON_FLUSHED)
			netswitch_drop_held(port->port, frame.dir, skb);
		else
			netswitch_refuse_held(port->port, frame.dir, skb,
					      NETSWITCH_STAGE_SHAPER);
		atomic_dec(&port->held[frame.dir]);
	}
}

/* --- waiting -------------------------------------------------------------------- */

/* Frames without which nothing else works, and which the kernel itself thinks so of. */
static bool is_control(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_ARP) ||
	       skb->priority == TC_PRIO_CONTROL;
}

static void begin_waiting(struct shaper_class *class, u64 now)
{
	struct shaper_flow *flows;

	class->since = now;
	if (class->queue.flows)
		return;
	/* Without them all frames are one flow: less fair, and still in order. */
	flows = kvmalloc_array(SHAPER_FLOWS, sizeof(*flows),
			       GFP_ATOMIC | __GFP_NOWARN);
	if (flows && !shaper_queue_spread(&class->queue, flows))
		kvfree(flows);
}

static void end_waiting(struct shaper_class *class, u64 now)
{
	/* One that has got children competes for them. */
	if (!class->node.busy)
		shaper_node_sleep(&class->node);
	if (!class->since)
		return;
	/* Another CPU's clock may have been read later. */
	class->throttled += now > class->since ? now - class->since : 0;
	class->since = 0;
}

/* Memory that those who wait have left; negative: they have more than they may. */
static long memory_left(struct shaper_net *this)
{
	u32 kib = READ_ONCE(this->limits.val[UTCP_SHAPER_A_LIMITS_QUEUED - 1]);

	return ((long)kib << 10) - atomic_long_read(&this->queued);
}

/* Puts one frame into the queue, or onto @drops. Under the tree's lock. */
static void wait_one(struct shaper_class *class, struct sk_buff *skb, u32 hash,
		     struct shaper_fifo *drops)
{
	struct shaper_queue *queue = &class->queue;
	struct shaper_frame *frame = shaper_frame_of(skb);

	class->counts.frames++;
	WRITE_ONCE(class->held, class->held + 1);
	if (class->closed) {
		frame->reason = UTCP_SHAPER_DROP_REASON_FLUSHED;
		shaper_fifo_add(drops, skb);
	} else if (!shaper_queue_may_grow(queue, memory_left(class->net))) {
		frame->reason = UTCP_SHAPER_DROP_REASON_MEMORY;
		shaper_fifo_add(drops, skb);
	} else {
		shaper_queue_add(queue, &class->params, skb, hash, drops);
	}
}

/* Has one that goes before the frame that was chosen not wait for that one's tokens. Under
 * the tree's lock. Return: whether there is one.
 */
static bool hasten(struct shaper_class *class)
{
	struct sk_buff *skb = shaper_queue_overtaker(&class->queue);

	return skb &&
	       shaper_node_hasten(&class->node, shaper_frame_of(skb)->len);
}

static void rush(struct shaper_tree *tree, u64 now);

/* Puts frames into the queue, and has somebody look at them, at once if they were
 * gathered and these are @enough, or if they go before others.
 */
static void wait_all(struct shaper_class *class, struct shaper_fifo *frames,
		     u32 hash, bool enough, u64 now)
{
	struct shaper_tree *tree = class->tree;
	struct shaper_fifo drops = {};
	struct sk_buff *skb;
	bool soon;

	spin_lock(&tree->lock);
	if (!class->since && !class->closed)
		begin_waiting(class, now);
	while ((skb = shaper_fifo_pop(frames)))
		wait_one(class, skb, hash, &drops);
	count_drops(class, &drops);
	if (class->queue.frames)
		shaper_node_wake(&class->node, now);
	else
		end_waiting(class, now);
	soon = hasten(class);
	if (READ_ONCE(class->gathers))
		soon |= enough || class->queue.frames >= GATHER;
	if (soon && shaper_sched_when(&tree->sched) <= now)
		rush(tree, now);
	else
		shaper_tree_kick(tree, now);
	spin_unlock(&tree->lock);
	free_drops(&drops);
}

static void frame_init(struct sk_buff *skb, struct shaper_port *port,
		       struct shaper_class *class, enum netswitch_dir dir,
		       bool lane, u64 now)
{
	struct shaper_frame *frame = shaper_frame_of(skb);

	*frame = (struct shaper_frame){
		.since = now,
		.port = port,
		.len = shaper_wire_len(skb, dir, READ_ONCE(class->overhead)),
		.charged = skb->truesize,
		.dir = dir,
		.lane = lane,
	};
	atomic_inc(&port->held[dir]);
	atomic_long_add(skb->truesize, &class->net->queued);
}

static void drop_one(struct shaper_class *class, struct sk_buff *skb,
		     enum utcp_shaper_drop_reason reason)
{
	struct shaper_fifo drops = {};

	shaper_frame_of(skb)->reason = reason;
	shaper_fifo_add(&drops, skb);
	spin_lock(&class->tree->lock);
	class->counts.frames++;
	WRITE_ONCE(class->held, class->held + 1);
	count_drops(class, &drops);
	spin_unlock(&class->tree->lock);
	free_drops(&drops);
}

/* Where frames have just gone late, several together, those that come next are gathered,
 * too, although they have tokens: until there are enough, or the next slot of the wheel.
 * Super-frames are several.
 */
static bool gathered(struct shaper_class *class, const struct sk_buff *skb,
		     u64 now)
{
	u32 left = READ_ONCE(class->gathers) - (u32)(now >> SHAPER_WHEEL_SHIFT);

	/* That numbers go round makes nothing of long ago lie ahead. */
	if (left - 1 <= 2 * SHAPER_TOGETHER_NS >> SHAPER_WHEEL_SHIFT)
		return !skb_is_gso(skb);
	WRITE_ONCE(class->gathers, 0);
	return false;
}

/* Can the sender of a frame send no more before this one is gone? */
static bool sender_waits(const struct sk_buff *skb)
{
	const struct sock *sk = skb->sk;

	return sk && sk_fullsock(sk) &&
	       refcount_read(&sk->sk_wmem_alloc) > READ_ONCE(sk->sk_sndbuf);
}

/* Has a frame wait, unless there was nothing but gathering in its way. */
static noinline enum netswitch_verdict hold(struct netswitch_frame *frame,
					    struct shaper_port *port,
					    struct shaper_class *class, u32 len)
{
	const struct net_device *dev = netswitch_port_dev(port->port);
	enum netswitch_dir dir = frame->dir;
	struct shaper_fifo frames = {};
	struct sk_buff *skb, *next;
	u64 now = ktime_get_ns();
	bool lane, enough, xdp;
	u32 hash;

	/* What has been through generic XDP cannot wait: it is not gathered. */
	xdp = dir == NETSWITCH_IN && rcu_access_pointer(dev->xdp_prog);
	if (READ_ONCE(class->gathers) &&
	    (unlikely(xdp) || !gathered(class, frame->skb, now)) &&
	    pass(class, frame->skb, len))
		return NETSWITCH_PASS;
	BUILD_BUG_ON(sizeof(struct shaper_frame) > sizeof(skb->cb));
	skb = netswitch_hold(frame);
	if (!skb)
		return NETSWITCH_STOLEN;
	lane = is_control(skb);
	hash = skb_get_hash(skb);
	enough = sender_waits(skb);
	/* Generic XDP has seen it, and would again. */
	if (unlikely(xdp)) {
		frame_init(skb, port, class, dir, lane, now);
		drop_one(class, skb, UTCP_SHAPER_DROP_REASON_XDP);
		return NETSWITCH_STOLEN;
	}
	if (skb_is_gso(skb) && len > READ_ONCE(class->cut)) {
		struct sk_buff *list = NULL;

		/* Who makes super-frames of bytes would have us make as many frames. */
		if (skb->len <= (u64)skb_shinfo(skb)->gso_size * CUT_MAX)
			list = netswitch_cut_held(port->port, dir, skb);
		if (!list) {
			frame_init(skb, port, class, dir, lane, now);
			drop_one(class, skb, UTCP_SHAPER_DROP_REASON_CUT);
			return NETSWITCH_STOLEN;
		}
		skb = list;
	}
	skb_list_walk_safe(skb, skb, next)
	{
		frame_init(skb, port, class, dir, lane, now);
		shaper_fifo_add(&frames, skb);
	}
	wait_all(class, &frames, hash, enough, now);
	return NETSWITCH_STOLEN;
}

/* The class of a frame: what access lists say of it, or its mark, or its priority, or
 * the port's.
 */
static inline struct shaper_class *class_of(const struct netswitch_frame *frame,
					    const struct shaper_port *port,
					    struct shaper_class *class)
{
	const struct sk_buff *skb = frame->skb;
	u32 flags = READ_ONCE(port->flags[frame->dir]);

	if (frame->class || likely(!flags))
		return shaper_class_chosen(port, class, frame->class);
	/* Lower ones are not the host's alone: who is forwarded chooses them by TOS. */
	if (flags & UTCP_SHAPER_BINDING_FLAGS_PRIORITY &&
	    skb->priority > TC_PRIO_MAX)
		class = shaper_class_chosen(port, class, skb->priority);
	if (flags & UTCP_SHAPER_BINDING_FLAGS_MARK)
		class = shaper_class_chosen(port, class, skb->mark);
	return class;
}

/* The stage's frame(). Softirq, under RCU. */
enum netswitch_verdict shaper_frame(struct netswitch_frame *frame, void *priv)
{
	struct shaper_port *port = priv;
	struct shaper_class *class = rcu_dereference(port->class[frame->dir]);
	u32 len;

	if (!class)
		return NETSWITCH_PASS;
	class = class_of(frame, port, class);
	len = shaper_wire_len(frame->skb, frame->dir,
			      READ_ONCE(class->overhead));
	if (likely(!READ_ONCE(class->gathers) && pass(class, frame->skb, len)))
		return NETSWITCH_PASS;
	return hold(frame, port, class, len);
}

/* --- going ------------------------------------------------------------------------ */

/**
 * struct batch - what is done under one hold of a tree's lock
 * @from: whose frames they are
 * @skb: frames that go
 * @len: their bytes on the wire
 * @borrowed: those beyond a guarantee
 * @went: they did go: their devices were up
 * @n: how many
 * @budget: how many more may be dropped
 * @refused: how often it was somebody's turn who could not go, or nobody's yet
 * @drops: frames that were, of any classes
 */
struct batch {
	struct shaper_class *from[BATCH];
	struct sk_buff *skb[BATCH];
	u32 len[BATCH];
	bool borrowed[BATCH];
	bool went[BATCH];
	unsigned int n;
	unsigned int budget;
	unsigned int refused;
	struct shaper_fifo drops;
};

/* The next frame of a class, by its queue; NULL: there is none, or too many of its
 * frames would have to be dropped to get at it.
 */
static struct sk_buff *next_of(struct shaper_class *class, struct batch *batch,
			       u64 now)
{
	u64 marks = class->queue.marks;
	struct shaper_fifo drops = {};
	struct sk_buff *skb;

	skb = shaper_queue_next(&class->queue, &class->params, now,
				&batch->budget, &drops);
	count_drops(class, &drops);
	shaper_fifo_append(&batch->drops, &drops);
	class->counts.marks += class->queue.marks - marks;
	if (!class->queue.frames)
		end_waiting(class, now);
	return skb;
}

/* Frames of the class go several at a time for a while. */
static void gather(struct shaper_class *class, u64 now)
{
	u32 until = (now + 2 * SHAPER_TOGETHER_NS) >> SHAPER_WHEEL_SHIFT;

	WRITE_ONCE(class->gathers, until ?: 1);
}

static void choose(struct shaper_tree *tree, struct batch *batch, u64 now)
{
	struct shaper_node *node;

	batch->n = 0;
	batch->budget = SHAPER_DROPS_MAX;
	batch->refused = 0;
	batch->drops = (struct shaper_fifo){};
	while (batch->n < BATCH && batch->budget && batch->refused < REFUSALS) {
		struct shaper_class *class;
		struct sk_buff *skb;
		bool borrowed;
		u32 len;

		node = shaper_sched_next(&tree->sched, now);
		if (!node) {
			if (shaper_sched_when(&tree->sched) > now)
				break;
			/* Those that it has woken wait for one above them; others are
			 * still to be woken.
			 */
			batch->refused++;
			continue;
		}
		class = shaper_class_of(node);
		skb = next_of(class, batch, now);
		if (!skb)
			continue;
		len = shaper_frame_of(skb)->len;
		if (!shaper_sched_admit(node, len, now, &borrowed)) {
			batch->refused++;
			if (node->slack)
				gather(class, now);
			continue;
		}
		shaper_queue_take(&class->queue);
		shaper_hist_add(&class->hist,
				now - shaper_frame_of(skb)->since);
		class->counts.packets++;
		class->counts.sent += len;
		if (borrowed)
			class->counts.borrowed += len;
		if (!class->queue.frames)
			end_waiting(class, now);
		batch->from[batch->n] = class;
		batch->len[batch->n] = len;
		batch->borrowed[batch->n] = borrowed;
		batch->skb[batch->n++] = skb;
	}
}

static void resume(struct batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->n; i++) {
		struct sk_buff *skb = batch->skb[i];
		int dir = shaper_frame_of(skb)->dir;
		struct shaper_port *port = let_go_of(skb);

		batch->went[i] = netswitch_resume(port->port, dir, skb);
		atomic_dec(&port->held[dir]);
	}
	free_drops(&batch->drops);
}

/* The batch has gone. Under the tree's lock. */
static void settle(const struct batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->n; i++) {
		struct shaper_class *class = batch->from[i];
		struct shaper_counts *counts = &class->counts;

		/* Its device went down in front of it. */
		if (unlikely(!batch->went[i])) {
			counts->packets--;
			counts->sent -= batch->len[i];
			if (batch->borrowed[i])
				counts->borrowed -= batch->len[i];
			counts->drops[UTCP_SHAPER_DROP_REASON_FLUSHED - 1]++;
		}
		/* Pairs with the acquire in pass(). */
		smp_store_release(&class->held, class->held - 1);
	}
}

/* Lets go of what may go. Softirq, under RCU. */
static void let_go(struct shaper_tree *tree, u64 now)
{
	struct batch batch;
	unsigned int n = 0;

	spin_lock(&tree->lock);
	if (tree->running)
		goto unlock;
	tree->running = true;
	do {
		choose(tree, &batch, now);
		if (!batch.n && !batch.drops.head)
			break;
		spin_unlock(&tree->lock);
		resume(&batch);
		spin_lock(&tree->lock);
		settle(&batch);
		n += batch.n + batch.refused + SHAPER_DROPS_MAX - batch.budget;
		now = ktime_get_ns();
	} while (n < TURN && shaper_sched_when(&tree->sched) <= now);
	tree->running = false;
	shaper_tree_kick(tree, now);
unlock:
	spin_unlock(&tree->lock);
}

/* Has the timer of this CPU fire when its wheel wants it. Under the CPU's lock. */
static void set_timer(struct shaper_cpu *cpu)
{
	u64 next = shaper_wheel_when(&cpu->wheel);

	if (next == cpu->next || cpu->firing)
		return;
	cpu->next = next;
	if (next != U64_MAX)
		hrtimer_start(&cpu->timer, ns_to_ktime(next),
			      HRTIMER_MODE_ABS_PINNED_SOFT);
}

/* Takes a tree from the wheel that it is on, unless it is due there by a time. Under the
 * tree's lock. Return: whether it stays.
 */
static bool stays(struct shaper_tree *tree, u64 when)
{
	struct shaper_cpu *cpu = tree->wheel;
	bool soon;

	if (!cpu)
		return false;
	spin_lock(&cpu->lock);
	soon = tree->entry.armed &&
	       tree->entry.tick <= (when >> SHAPER_WHEEL_SHIFT) + 1;
	if (!soon && tree->entry.armed)
		shaper_wheel_disarm(&cpu->wheel, &tree->entry);
	spin_unlock(&cpu->lock);
	return soon;
}

/* Has somebody look at a tree when somebody may go. Who lets its frames go does so
 * himself in the end. Under the tree's lock.
 */
void shaper_tree_kick(struct shaper_tree *tree, u64 now)
{
	u64 when = shaper_sched_when(&tree->sched);
	struct shaper_cpu *cpu = this_cpu_ptr(cpus);

	if (when == SHAPER_NEVER || tree->running || tree->dead ||
	    stays(tree, max(when, now)))
		return;
	spin_lock(&cpu->lock);
	shaper_wheel_arm(&cpu->wheel, &tree->entry, max(when, now), now);
	tree->wheel = cpu;
	set_timer(cpu);
	spin_unlock(&cpu->lock);
}

/* Has this CPU look at a tree as soon as it has done with the frame in hand. The timer is
 * left as it is: to find nothing costs less than to set it. Under the tree's lock.
 */
static void rush(struct shaper_tree *tree, u64 now)
{
	struct shaper_cpu *cpu = this_cpu_ptr(cpus);

	if (tree->running || tree->dead || stays(tree, 0))
		return;
	spin_lock(&cpu->lock);
	shaper_wheel_rush(&cpu->wheel, &tree->entry, now);
	tree->wheel = cpu;
	spin_unlock(&cpu->lock);
	tasklet_schedule(&cpu->rush);
}

static struct shaper_tree *due(struct shaper_cpu *cpu, u64 now)
{
	struct shaper_wheel_entry *entry;

	spin_lock(&cpu->lock);
	entry = shaper_wheel_pop(&cpu->wheel, now);
	spin_unlock(&cpu->lock);
	return entry ? container_of(entry, struct shaper_tree, entry) : NULL;
}

/* Lets go of what is due on this CPU's wheel. Softirq. Return: what time it is then. */
static u64 fire(struct shaper_cpu *cpu)
{
	u64 now = ktime_get_ns(), end = now + FIRE_NS;
	struct shaper_tree *tree;
	unsigned int n = 0;

	/* A tree that was taken off is not freed, and a port is not, before this ends. */
	rcu_read_lock();
	for (; n < TREES && now < end && (tree = due(cpu, now)); n++) {
		let_go(tree, now);
		now = ktime_get_ns();
	}
	rcu_read_unlock();
	return now;
}

/* The timer stays as it is until the end of this. */
static void firing(struct shaper_cpu *cpu)
{
	spin_lock(&cpu->lock);
	cpu->firing++;
	spin_unlock(&cpu->lock);
}

static enum hrtimer_restart cpu_fire(struct hrtimer *timer)
{
	struct shaper_cpu *cpu = container_of(timer, struct shaper_cpu, timer);
	enum hrtimer_restart again = HRTIMER_NORESTART;
	u64 now;

	firing(cpu);
	now = fire(cpu);
	spin_lock(&cpu->lock);
	cpu->firing--;
	/* It was started between its beginning and that of firing(), on another CPU when
	 * this one was unplugged: it has its place in a queue by when it expires.
	 */
	if (unlikely(hrtimer_is_queued(timer))) {
		set_timer(cpu);
		spin_unlock(&cpu->lock);
		return HRTIMER_NORESTART;
	}
	cpu->next = shaper_wheel_when(&cpu->wheel);
	/* To be enqueued once, by who has called this, is cheaper than to be started. Not
	 * for a time that it still takes for past: softirqs have others to serve.
	 */
	if (cpu->next != U64_MAX) {
		hrtimer_set_expires(timer, ns_to_ktime(max(cpu->next, now)));
		again = HRTIMER_RESTART;
	}
	spin_unlock(&cpu->lock);
	return again;
}

static void cpu_rush(struct tasklet_struct *tasklet)
{
	struct shaper_cpu *cpu = container_of(tasklet, struct shaper_cpu, rush);

	firing(cpu);
	fire(cpu);
	spin_lock(&cpu->lock);
	cpu->firing--;
	set_timer(cpu);
	spin_unlock(&cpu->lock);
}

/* --- letting go of all --------------------------------------------------------------- */

/* The frames are the caller's to free, by free_drops(), when it has let go of the
 * lock. What is done under it is no more than going through what waits, which the
 * limit of memory bounds.
 */
static void flush_class(struct shaper_class *class,
			const struct shaper_port *port, int dir,
			struct shaper_fifo *drops)
{
	shaper_queue_flush(&class->queue, port, dir, drops);
	count_drops(class, drops);
	if (!class->queue.frames)
		end_waiting(class, ktime_get_ns());
}

/* Drops a port's frames that wait. When it returns, none of those that waited
 * before is on its way. Under rtnl; may sleep.
 * @dir: which way they go; negative: both
 */
void shaper_port_flush(struct shaper_port *port, int dir)
{
	struct shaper_class *class;
	unsigned long id;

	if (!(dir < 0 ? atomic_read(&port->held[0]) +
				atomic_read(&port->held[1]) :
			atomic_read(&port->held[dir])))
		return;
	xa_for_each(&port->net->classes, id, class) {
		struct shaper_fifo drops = {};

		if (!READ_ONCE(class->held))
			continue;
		spin_lock_bh(&class->tree->lock);
		flush_class(class, port, dir, &drops);
		spin_unlock_bh(&class->tree->lock);
		free_drops(&drops);
	}
	synchronize_net();
}

/* A class takes no frames any more, and drops those that wait. Under rtnl. */
void shaper_class_close(struct shaper_class *class)
{
	struct shaper_fifo drops = {};

	spin_lock_bh(&class->tree->lock);
	class->closed = true;
	flush_class(class, NULL, -1, &drops);
	spin_unlock_bh(&class->tree->lock);
	free_drops(&drops);
}

/* A class that had children takes frames again. Under rtnl. */
void shaper_class_open(struct shaper_class *class)
{
	spin_lock_bh(&class->tree->lock);
	class->closed = false;
	spin_unlock_bh(&class->tree->lock);
}

/* Takes a tree from its wheel for good. Under rtnl; it may be freed after a grace
 * period.
 */
void shaper_tree_kill(struct shaper_tree *tree)
{
	spin_lock_bh(&tree->lock);
	tree->dead = true;
	if (tree->wheel) {
		spin_lock(&tree->wheel->lock);
		if (tree->entry.armed)
			shaper_wheel_disarm(&tree->wheel->wheel, &tree->entry);
		spin_unlock(&tree->wheel->lock);
	}
	spin_unlock_bh(&tree->lock);
}

int shaper_engine_init(void)
{
	int i;

	cpus = alloc_percpu(struct shaper_cpu);
	if (!cpus)
		return -ENOMEM;
	for_each_possible_cpu(i) {
		struct shaper_cpu *cpu = per_cpu_ptr(cpus, i);

		spin_lock_init(&cpu->lock);
		cpu->next = U64_MAX;
		shaper_wheel_init(&cpu->wheel);
		tasklet_setup(&cpu->rush, cpu_rush);
		hrtimer_setup(&cpu->timer, cpu_fire, CLOCK_MONOTONIC,
			      HRTIMER_MODE_ABS_PINNED_SOFT);
	}
	return 0;
}

/* All trees are gone. */
void shaper_engine_exit(void)
{
	int i;

	for_each_possible_cpu(i) {
		struct shaper_cpu *cpu = per_cpu_ptr(cpus, i);

		/* No stage and no tree is left, so nothing that it or the timer lets
		 * go comes back and makes it rush again.
		 */
		tasklet_kill(&cpu->rush);
		hrtimer_cancel(&cpu->timer);
	}
	free_percpu(cpus);
}
