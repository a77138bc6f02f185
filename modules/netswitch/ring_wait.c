// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings, waiting: who sleeps until a frame is there, and how it is woken up.
 *
 * poll() looks at many things for anybody, and pays for it. Here one ring is
 * waited for, mostly by one task: it stands in ring->sleeper and is woken up
 * without a queue. More of them, and who polls, stand in ring->wait.
 *
 * Nobody sleeps through a frame, or through the end of the port:
 *
 *	who sleeps				who wakes it up
 *
 *	stand in sleeper or wait		add a frame
 *	full barrier		(E)		full barrier		(F)
 *	wake = 1				look at wake; if it is 1:
 *	full barrier		(G)		wake = 0
 *	look for frames				full barrier		(H)
 *						look who sleeps
 *
 * (G) pairs with (F): either the frame is seen, or wake is, and then also who set
 * it, since that came first. (E) pairs with (H): who is not found there wrote its
 * 1 behind the 0, so the next frame finds it; this is for the timer, whose frames
 * came long before. For the end of the port, which asks nobody whether to wake
 * up, it is (E) and (H) alone: dead, which is looked at behind (E), is written in
 * front of (H).
 */
#include <linux/hrtimer.h>
#include <linux/sched/clock.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "ring.h"

/* Is there a frame behind those that the process knows? If so, it finds it. */
static bool ring_has(const struct ring_rx *rx, u32 seen)
{
	/* Pairs with the last release in ring_rx_put(). */
	return smp_load_acquire(&rx->prod) != seen;
}

/* Asks for a wake-up; the caller stands where it will be found, and a full barrier
 * is behind that.
 * Return: whether to wait, because there is no frame.
 */
bool ring_armed_empty(struct ring_rx *rx, u32 seen)
{
	WRITE_ONCE(rx->ctl->wake, 1);
	smp_mb(); /* (G) */
	return !ring_has(rx, seen);
}

/* Wakes up whoever waits, here or in poll(). Any context but hard interrupt. */
void ring_wake(struct netswitch_ring *ring, __poll_t events)
{
	struct task_struct *task;

	smp_mb(); /* (H) */
	rcu_read_lock();
	task = READ_ONCE(ring->sleeper);
	if (task)
		wake_up_process(task);
	rcu_read_unlock();
	/* Whoever adds itself has a full barrier behind that: (E) */
	if (waitqueue_active(&ring->wait))
		wake_up_interruptible_poll(&ring->wait, events);
}

/* Looks for frames without sleeping. It does not ask for a wake-up: who adds a
 * frame has less to do.
 */
static void wait_busy(const struct netswitch_ring *ring, u32 seen, u64 ns)
{
	u64 end = local_clock() + ns;

	while (!ring_has(&ring->rx, seen) && !READ_ONCE(ring->dead) &&
	       !need_resched() && !signal_pending(current) &&
	       (s64)(end - local_clock()) > 0)
		cpu_relax();
}

/* Sleeps until there are frames behind @seen, or @end, if any. @wait is for the
 * queue; NULL: who sleeps is ring->sleeper.
 * Return: as ring_wait().
 */
static __always_inline long wait_loop(struct netswitch_ring *ring, u32 seen,
				      ktime_t *end,
				      struct wait_queue_entry *wait)
{
	bool over = false;

	for (;;) {
		/* (E) is in both. */
		if (wait)
			prepare_to_wait(&ring->wait, wait, TASK_INTERRUPTIBLE);
		else
			set_current_state(TASK_INTERRUPTIBLE);
		/* The first look is for who was woken up: it asks no more. */
		if (ring_has(&ring->rx, seen) ||
		    !ring_armed_empty(&ring->rx, seen))
			return 1;
		if (READ_ONCE(ring->dead))
			return -ENODEV;
		if (signal_pending(current))
			return -ERESTARTNOHAND;
		if (over)
			return 0;
		over = !schedule_hrtimeout_range(end, current->timer_slack_ns,
						 HRTIMER_MODE_ABS);
	}
}

static noinline long wait_in_queue(struct netswitch_ring *ring, u32 seen,
				   ktime_t *end)
{
	DEFINE_WAIT(wait);
	long ret = wait_loop(ring, seen, end, &wait);

	finish_wait(&ring->wait, &wait);
	return ret;
}

static long wait_sleep(struct netswitch_ring *ring, u32 seen, ktime_t *end)
{
	long ret;

	if (unlikely(cmpxchg(&ring->sleeper, NULL, current)))
		return wait_in_queue(ring, seen, end);
	ret = wait_loop(ring, seen, end, NULL);
	__set_current_state(TASK_RUNNING);
	WRITE_ONCE(ring->sleeper, NULL);
	return ret;
}

static long wait_kick(struct netswitch_ring *ring)
{
	long ret = ring_tx_kick(ring);

	if (unlikely(ret < 0))
		return ret;
	/* The index of the process, for no more than whether it should wait. */
	return READ_ONCE(ring->tx.ctl->producer) == READ_ONCE(ring->tx.cons) ?
		       0 :
		       -EAGAIN;
}

static bool wait_read(struct netswitch_ring_wait *wait,
		      const struct netswitch_ring_wait __user *from)
{
	if (!user_read_access_begin(from, sizeof(*from)))
		return false;
	unsafe_get_user(wait->seen, &from->seen, fault);
	unsafe_get_user(wait->flags, &from->flags, fault);
	unsafe_get_user(wait->timeout, &from->timeout, fault);
	unsafe_get_user(wait->busy_usecs, &from->busy_usecs, fault);
	unsafe_get_user(wait->reserved, &from->reserved, fault);
	user_read_access_end();
	return true;

fault:
	user_read_access_end();
	return false;
}

/* Sends, if that is asked for, and waits for frames; see NETSWITCH_RING_WAIT. The
 * ring is bound. May sleep.
 * Return: 1 if there are frames, 0 if none came in time, or an error.
 */
long ring_wait(struct netswitch_ring *ring,
	       const struct netswitch_ring_wait __user *from)
{
	struct netswitch_ring_wait wait;
	ktime_t end;
	long ret;

	if (!wait_read(&wait, from))
		return -EFAULT;
	if (unlikely(wait.flags & ~NETSWITCH_RING_WAIT_FLAGS_ALL ||
		     wait.busy_usecs > NETSWITCH_RING_BUSY_USECS_MAX ||
		     wait.reserved))
		return -EINVAL;
	if (unlikely(!ring->rx.slots))
		return -EOPNOTSUPP;
	if (wait.flags & NETSWITCH_RING_WAIT_KICK) {
		ret = wait_kick(ring);
		if (unlikely(ret))
			return ret;
	}
	if (ring_has(&ring->rx, wait.seen))
		return 1;
	if (!wait.timeout)
		return READ_ONCE(ring->dead) ? -ENODEV : 0;
	if (wait.timeout > 0)
		end = ktime_add_safe(ktime_get(), wait.timeout);
	if (wait.busy_usecs) {
		u64 ns = (u64)wait.busy_usecs * NSEC_PER_USEC;

		if (wait.timeout > 0)
			ns = min_t(u64, ns, wait.timeout);
		wait_busy(ring, wait.seen, ns);
	}
	return wait_sleep(ring, wait.seen, wait.timeout > 0 ? &end : NULL);
}
