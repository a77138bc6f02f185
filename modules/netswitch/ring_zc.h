/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rings, sending without a copy: which slots are with the device, and when they
 * are the process's again.
 */
#ifndef _NETSWITCH_RING_ZC_H
#define _NETSWITCH_RING_ZC_H

#include <linux/compiler.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct netswitch_ring;
struct net_device;

/* The shortest frame that is worth it: a copy of 1514 bytes costs 1 per cent less
 * instructions, one of 2048 costs 12 per cent more (Documentation/perf-notes.md,
 * 2026-11-25).
 */
#define RING_ZC_MIN 2048

/**
 * struct ring_zc_slot - a slot whose bytes may be with the device
 * @ubuf: by which the stack tells that it has let go of them
 * @zc: whose slot it is; never changes
 * @copied: somebody copied them. Written by who holds @ubuf, read by the last of
 *	them
 */
struct ring_zc_slot {
	struct ubuf_info ubuf;
	struct ring_zc *zc;
	bool copied;
};

/**
 * struct ring_zc - the slots of a ring that sends without a copy
 * @lock: taken with interrupts off: frames are freed anywhere
 * @ring: whose they are; holds a reference of its socket, and so the module
 * @consumer: the shared consumer index; NULL: the memory is gone. Under @lock
 * @slots: how many
 * @taken: as the ring's consumer index: up to here frames were taken. Under @lock
 * @done: up to here slots were given back: what is in @consumer. Under @lock; read
 *	without by who only wants to know whether there is room
 * @flying: how many slots are with the device or on their way there. Under @lock
 * @fresh: of the batch that is being made, frames that will be. Under the ring's
 *	tx.lock
 * @frames: frames that were handed over so; as @fresh
 * @copied: of these, frames that were copied on their way. Under @lock
 * @busy: for each slot, 1: its bytes are with the device. Set by who takes the
 *	frame, before @taken passes it; cleared under @lock
 * @rcu: for the end
 * @slot: what the stack knows of each
 *
 * Made by the bind. Dies a grace period after both the memory is gone and the last
 * frame is freed, in either order: frames may stay in a queue for as long as they
 * like after their process has died. Their pages then belong to them alone, and go
 * with them.
 */
struct ring_zc {
	spinlock_t
		lock; /* protects consumer, taken, done, flying, copied, busy */
	struct netswitch_ring *ring;
	u32 *consumer;
	u32 slots;
	u32 taken;
	u32 done;
	u32 flying;
	u32 fresh;
	u64 frames;
	u64 copied;
	u8 *busy;
	struct rcu_head rcu;
	struct ring_zc_slot slot[];
};

int ring_zc_new(struct netswitch_ring *ring);
void ring_zc_end(struct netswitch_ring *ring);
bool ring_zc_on(const struct netswitch_ring *ring,
		const struct net_device *dev);
struct sk_buff *ring_zc_make(const struct netswitch_ring *ring,
			     const struct net_device *dev, const u8 *data,
			     u32 len, u32 linear);
void ring_zc_hand(struct ring_zc *zc, struct sk_buff *skb, u32 i);
void ring_zc_take(struct ring_zc *zc, u32 taken);
u64 ring_zc_copied(struct ring_zc *zc);

/* How many slots were taken and not given back. */
static inline u32 ring_zc_held(const struct ring_zc *zc)
{
	return READ_ONCE(zc->taken) - READ_ONCE(zc->done);
}

#endif /* _NETSWITCH_RING_ZC_H */
