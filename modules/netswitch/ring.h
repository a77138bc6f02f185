/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rings: EtherTypes that belong to processes.
 */
#ifndef _NETSWITCH_RING_H
#define _NETSWITCH_RING_H

#include <linux/etherdevice.h>
#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/pid.h>
#include <linux/spinlock.h>
#include <linux/uidgid.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <net/netswitch.h>
#include <net/sock.h>

#include <uapi/linux/netswitch_ring.h>

#include "ring_zc.h"

struct ring_group;
struct ring_macs;

/**
 * struct ring_mem - the memory that a ring shares with its process
 * @pages: the pages, as the process maps them
 * @n: how many they are
 * @addr: where the kernel has them, in one piece
 * @user: whose locked memory they are part of; NULL: not counted
 */
struct ring_mem {
	struct page **pages;
	unsigned long n;
	void *addr;
	struct user_struct *user;
};

/**
 * struct ring_rx - receiving
 * @ctl: shared indexes
 * @desc: shared descriptors
 * @slot: shared slots
 * @slots: how many, a power of two; 0: there is no receive ring
 * @room: bytes of a slot that a frame may fill
 * @prod: the producer index; what is in @ctl is only for the process. Under
 *	@lock; read without by who only wants to know whether there is something,
 *	with acquire: then it is in @ctl, too
 * @wake_frames: see struct netswitch_ring_bind
 * @wake_after: as @wake_frames
 * @lock: taken with bottom halves off: CPUs receive side by side
 * @timer: wakes up who waits for more frames than come
 * @armed: it will; under @lock
 * @overflow_work: tells that the ring overflows, and later that it does no more
 * @overflow: @overflow_work is at work; under @lock
 * @overflow_seen: @drop_full when it was last there, 0: not yet; its own
 * @frames: counters, see struct netswitch_ring_stats; under @lock
 * @delivered: as @frames
 * @bytes: as @frames
 * @drop_full: as @frames
 * @drop_length: as @frames
 * @drop_nomem: as @frames
 * @drop_index: as @frames
 * @max_used: as @frames
 * @wakeups: as @frames
 */
struct ring_rx {
	struct netswitch_ring_ctl *ctl;
	struct netswitch_desc *desc;
	u8 *slot;
	u32 slots;
	u32 room;
	u32 prod;
	u32 wake_frames;
	ktime_t wake_after;
	spinlock_t lock; /* protects prod and the counters */
	struct hrtimer timer;
	bool armed;
	struct delayed_work overflow_work;
	bool overflow;
	u64 overflow_seen;
	u64 frames;
	u64 delivered;
	u64 bytes;
	u64 drop_full;
	u64 drop_length;
	u64 drop_nomem;
	u64 drop_index;
	u64 max_used;
	u64 wakeups;
};

/**
 * struct ring_tx - sending
 * @ctl: shared indexes
 * @desc: shared descriptors
 * @slot: shared slots
 * @slots: how many, a power of two; 0: there is no transmit ring
 * @cons: the consumer index: up to here frames were taken; what is in @ctl is only
 *	for the process. Under @lock
 * @zc: the slots' own way back, if the ring asked for sending without a copy; NULL:
 *	they are given back when they are taken. Set by the bind
 * @blocked: somebody waits for frames to leave. Set by poll(), cleared by who
 *	wakes it up
 * @dev: the port's device; NULL when the port is gone. Under @lock, which is why
 *	no reference is held: whoever takes the port away waits for it
 * @lock: one kick at a time. Taken inside rtnl, and never the other way
 * @taken: counters, see struct netswitch_ring_stats; under @lock
 * @sent: as @taken
 * @bytes: as @taken
 * @drop: as @taken; by enum ring_tx_drop
 * @max_used: as @taken
 * @bad_index: as @taken
 */
struct ring_tx {
	struct netswitch_ring_ctl *ctl;
	struct netswitch_desc *desc;
	u8 *slot;
	u32 slots;
	u32 cons;
	struct ring_zc *zc;
	int blocked;
	struct net_device *dev;
	struct mutex lock; /* protects dev, cons and the counters */
	u64 taken;
	u64 sent;
	u64 bytes;
	u64 drop[7];
	u64 max_used;
	u64 bad_index;
};

/**
 * enum ring_tx_drop - why a frame of a process was not sent
 * @RING_TX_OK: it was
 * @RING_TX_LENGTH: see struct netswitch_ring_stats, for all of them
 * @RING_TX_TYPE: EtherType
 * @RING_TX_SOURCE: source address
 * @RING_TX_META: flags or offload fields
 * @RING_TX_NOMEM: no memory
 * @RING_TX_DOWN: device down
 * @RING_TX_REFUSED: policy, queue or device
 */
enum ring_tx_drop {
	RING_TX_OK = -1,
	RING_TX_LENGTH,
	RING_TX_TYPE,
	RING_TX_SOURCE,
	RING_TX_META,
	RING_TX_NOMEM,
	RING_TX_DOWN,
	RING_TX_REFUSED,
};

/**
 * struct netswitch_ring - an open /dev/netswitch
 * @sk: first, as sk_alloc() wants it. Holds the namespace; what the ring sends is
 *	charged to it, and keeps it until it has left
 * @lock: one binding at a time; outside rtnl
 * @bound: it is bound, and all that follows is set for good but what has a rule
 *	of its own; written with release, read with acquire
 * @dead: the port is gone. Written under rtnl, read without
 * @mem: shared memory
 * @slot_size: bytes of a slot
 * @flags: enum netswitch_ring_flags
 * @ifindex: the port's device
 * @ethertype: in host byte order
 * @vid: VLAN
 * @fanout: enum netswitch_ring_fanout
 * @mac: its own address; zero: it has that of the port
 * @mac_node: in its group's hash of addresses, if it has its own; under rtnl
 * @mac_all: among the rings of a group that shares by address; under rtnl
 * @pid: the process that bound it
 * @uid: its effective user
 * @group: through which it gets its frames; NULL when the port is gone. Under rtnl
 * @node: in the namespace's list of rings; under rtnl
 * @sleeper: the first of those who sleep in NETSWITCH_RING_WAIT. Set by it if
 *	nobody has it, and cleared before it returns: so the task is there for whoever
 *	reads it under RCU
 * @wait: the others, and who sleeps in poll()
 * @rx: receiving
 * @tx: sending
 *
 * Dies when the last copy of the descriptor is closed and the memory unmapped
 * (each mapping holds the file): it leaves its group, a grace period passes, the
 * memory goes; the struct itself goes with the last frame that it sent. The port
 * may die before it: then ring_gone() has taken it from the group.
 */
struct netswitch_ring {
	struct sock sk;
	struct mutex lock; /* protects binding */
	bool bound;
	bool dead;
	struct ring_mem mem;
	u32 slot_size;
	u32 flags;
	u32 ifindex;
	u32 ethertype;
	u32 vid;
	u32 fanout;
	u8 mac[ETH_ALEN] __aligned(2);
	struct hlist_node mac_node;
	struct list_head mac_all;
	struct pid *pid;
	kuid_t uid;
	struct ring_group *group;
	struct list_head node;
	struct task_struct *sleeper;
	wait_queue_head_t wait;
	struct ring_rx rx ____cacheline_aligned_in_smp;
	struct ring_tx tx ____cacheline_aligned_in_smp;
};

/* The address that a ring sends from. */
static inline const u8 *ring_mac(const struct netswitch_ring *ring,
				 const struct net_device *dev)
{
	return is_zero_ether_addr(ring->mac) ? dev->dev_addr : ring->mac;
}

/* ring.c */
void netswitch_ring_read(struct netswitch_ring *ring,
			 struct netswitch_ring_stats *stats);
u32 netswitch_ring_unread(const struct netswitch_ring *ring);
int netswitch_ring_init(void);
void netswitch_ring_exit(void);

/* ring_wait.c */
bool ring_armed_empty(struct ring_rx *rx, u32 seen);
long ring_wait(struct netswitch_ring *ring,
	       const struct netswitch_ring_wait __user *from);
void ring_wake(struct netswitch_ring *ring, __poll_t events);

/* ring_group.c */
int ring_group_join(struct netswitch_ring *ring,
		    struct netswitch_ring_bind *bind);
void ring_group_leave(struct netswitch_ring *ring);
int ring_refuse(struct netswitch_ring_bind *bind, int err, const char *fmt, ...)
	__printf(3, 4);

/* ring_mac.c */
struct ring_macs *ring_macs_new(void);
int ring_macs_add(struct ring_macs *macs, struct netswitch_ring *ring,
		  struct net_device *dev, struct netswitch_ring_bind *bind);
void ring_macs_del(struct ring_macs *macs, struct netswitch_ring *ring,
		   struct net_device *dev);
struct netswitch_ring *ring_macs_find(const struct ring_macs *macs,
				      const struct net_device *dev,
				      const u8 *mac);
bool ring_macs_rx(const struct ring_macs *macs, const struct net_device *dev,
		  struct sk_buff *skb);

/* ring_permit.c */
int ring_permit(const struct net *net, struct netswitch_ring_bind *bind);

/* ring_rx.c */
bool ring_rx(struct netswitch_ring *ring, struct sk_buff *skb);
bool ring_rx_copy(struct netswitch_ring *ring, struct sk_buff *skb);
void ring_rx_init(struct ring_rx *rx);

/* ring_tx.c */
long ring_tx_kick(struct netswitch_ring *ring);
bool ring_tx_writable(struct netswitch_ring *ring);
u32 ring_tx_mode(struct netswitch_ring *ring);
void ring_tx_space(struct sock *sk);
void ring_tx_given_back(struct netswitch_ring *ring);

/* ring_nl.c */
void netswitch_nl_ring_notify(struct netswitch_ring *ring, u8 cmd);

#endif /* _NETSWITCH_RING_H */
