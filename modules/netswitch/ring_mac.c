// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings that share an EtherType by address: which address is whose, and what each
 * gets.
 *
 * A ring has the port's address or one of its own, which the device is told to
 * receive, as macvlan does. The kernel takes frames to such an address for those
 * of another station (PACKET_OTHERHOST), since it knows only the device's own.
 */
#include <linux/etherdevice.h>
#include <linux/hash.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>

#include "ring.h"

/* As many as rings: one or two are in each. */
#define RING_MAC_BITS 6
static_assert(1 << RING_MAC_BITS == NETSWITCH_RING_FANOUT_MAX);

/**
 * struct ring_macs - the addresses of a group's rings
 * @own: the ring that has the port's address, whatever that is; NULL: none
 * @all: all rings of the group
 * @hash: those that have an address of their own, by it
 *
 * Written under rtnl, read under RCU. A ring's address does not change while it is
 * here. Made and freed with its group.
 */
struct ring_macs {
	struct netswitch_ring __rcu *own;
	struct list_head all;
	struct hlist_head hash[1 << RING_MAC_BITS];
};

struct ring_macs *ring_macs_new(void)
{
	struct ring_macs *macs = kzalloc(sizeof(*macs), GFP_KERNEL_ACCOUNT);

	if (macs)
		INIT_LIST_HEAD(&macs->all);
	return macs;
}

static u32 mac_hash(const u8 *mac)
{
	return hash_64(ether_addr_to_u64(mac), RING_MAC_BITS);
}

static struct netswitch_ring *find_own(const struct ring_macs *macs,
				       const u8 *mac)
{
	struct netswitch_ring *ring;

	hlist_for_each_entry_rcu(ring, &macs->hash[mac_hash(mac)], mac_node,
				 lockdep_rtnl_is_held())
		if (ether_addr_equal(ring->mac, mac))
			return ring;
	return NULL;
}

/* Which ring gets frames to an address? One that has it for its own comes before
 * the one that has the port's, should that have become the same.
 */
struct netswitch_ring *ring_macs_find(const struct ring_macs *macs,
				      const struct net_device *dev,
				      const u8 *mac)
{
	struct netswitch_ring *ring = find_own(macs, mac);

	if (!ring && ether_addr_equal(dev->dev_addr, mac))
		ring = rcu_dereference_rtnl(macs->own);
	return ring;
}

static int refuse_busy(const struct netswitch_ring *holder,
		       struct netswitch_ring_bind *bind)
{
	bind->holder = pid_vnr(holder->pid);
	if (is_zero_ether_addr(holder->mac))
		return ring_refuse(bind, -EBUSY,
				   "process %u has the port's own address",
				   bind->holder);
	return ring_refuse(bind, -EBUSY, "process %u has address %pM",
			   bind->holder, holder->mac);
}

/* Gives a ring its address, and frames from then on. Under rtnl.
 * Return: 0, or an error with the reason in @bind.
 */
int ring_macs_add(struct ring_macs *macs, struct netswitch_ring *ring,
		  struct net_device *dev, struct netswitch_ring_bind *bind)
{
	struct netswitch_ring *holder;
	int ret;

	ASSERT_RTNL();
	if (ether_addr_equal(ring->mac, dev->dev_addr))
		eth_zero_addr(ring->mac);
	if (is_zero_ether_addr(ring->mac)) {
		holder = rtnl_dereference(macs->own);
		if (holder)
			return refuse_busy(holder, bind);
		rcu_assign_pointer(macs->own, ring);
	} else {
		holder = find_own(macs, ring->mac);
		if (holder)
			return refuse_busy(holder, bind);
		ret = dev_uc_add(dev, ring->mac);
		if (ret)
			return ring_refuse(bind, ret,
					   "the device does not take mac %pM",
					   ring->mac);
		hlist_add_head_rcu(&ring->mac_node,
				   &macs->hash[mac_hash(ring->mac)]);
	}
	list_add_tail_rcu(&ring->mac_all, &macs->all);
	return 0;
}

/* Takes a ring's address away; frames come until a grace period has passed. Under
 * rtnl.
 */
void ring_macs_del(struct ring_macs *macs, struct netswitch_ring *ring,
		   struct net_device *dev)
{
	ASSERT_RTNL();
	list_del_rcu(&ring->mac_all);
	if (is_zero_ether_addr(ring->mac)) {
		RCU_INIT_POINTER(macs->own, NULL);
		return;
	}
	hlist_del_rcu(&ring->mac_node);
	dev_uc_del(dev, ring->mac);
}

/* A frame to a group: each ring gets it. */
static bool flood(const struct ring_macs *macs, struct sk_buff *skb)
{
	struct netswitch_ring *ring, *last = NULL;
	bool taken = false;

	list_for_each_entry_rcu(ring, &macs->all, mac_all) {
		if (!ring->rx.slots)
			continue;
		if (last)
			taken |= ring_rx_copy(last, skb);
		last = ring;
	}
	if (unlikely(!last)) {
		kfree_skb(skb);
		return false;
	}
	return ring_rx(last, skb) || taken;
}

/* Gives a frame to whom it is for. Softirq, under RCU.
 * Return: whether it got anywhere.
 */
bool ring_macs_rx(const struct ring_macs *macs, const struct net_device *dev,
		  struct sk_buff *skb)
{
	struct netswitch_ring *ring;

	if (skb->pkt_type != PACKET_HOST && skb->pkt_type != PACKET_OTHERHOST)
		return flood(macs, skb);
	ring = ring_macs_find(macs, dev, eth_hdr(skb)->h_dest);
	if (unlikely(!ring)) { /* it has gone since it was asked for */
		kfree_skb(skb);
		return false;
	}
	skb->pkt_type = PACKET_HOST;
	return ring_rx(ring, skb);
}
