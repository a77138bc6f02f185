// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings and the demultiplexer: who has an EtherType, and how several rings share
 * it. To the demultiplexer, a group of rings is one consumer.
 */
#include <linux/etherdevice.h>
#include <linux/jhash.h>
#include <linux/rtnetlink.h>
#include <linux/stdarg.h>

#include "netswitch_nl_gen.h"
#include "port.h"
#include "ring.h"

/**
 * struct ring_members - the rings of a group
 * @n: how many; never 0
 * @ring: they. Only becomes shorter, see ring_group_leave(); one more makes a new
 *	struct
 */
struct ring_members {
	u32 n;
	struct netswitch_ring *ring[];
};

/**
 * struct ring_group - rings that share an EtherType of a port
 * @consumer: what the demultiplexer knows
 * @fanout: enum netswitch_ring_fanout
 * @turn: for round robin
 * @macs: for sharing by address; NULL otherwise
 * @members: written under rtnl, read under RCU; never empty while the consumer is
 *	there
 *
 * Made by the first ring; goes with the last one, or with the port.
 */
struct ring_group {
	struct netswitch_consumer consumer;
	u32 fanout;
	atomic_t turn;
	struct ring_macs *macs;
	struct ring_members __rcu *members;
};

/* Says why binding failed.
 * Return: @err.
 */
int ring_refuse(struct netswitch_ring_bind *bind, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(bind->message, sizeof(bind->message), fmt, args);
	va_end(args);
	return err;
}

static u32 flow_hash(struct sk_buff *skb)
{
	/* The flow dissector has a hash for every EtherType; it says something
	 * only for those whose addresses it knows.
	 */
	if (skb->protocol == htons(ETH_P_IP) ||
	    skb->protocol == htons(ETH_P_IPV6))
		return skb_get_hash(skb);
	return jhash(skb_mac_header(skb), 2 * ETH_ALEN, 0);
}

/* Which of @n rings gets a frame. */
static u32 ring_pick(struct ring_group *group, u32 n, struct sk_buff *skb)
{
	switch (group->fanout) {
	case NETSWITCH_RING_FANOUT_HASH:
		return reciprocal_scale(flow_hash(skb), n);
	case NETSWITCH_RING_FANOUT_CPU:
		return smp_processor_id() % n;
	default:
		return (u32)atomic_inc_return(&group->turn) % n;
	}
}

static bool group_rx(struct netswitch_consumer *consumer, struct sk_buff *skb)
{
	struct ring_group *group =
		container_of(consumer, struct ring_group, consumer);
	const struct ring_members *members = rcu_dereference(group->members);
	u32 n = READ_ONCE(members->n), i = 0;

	if (unlikely(group->macs))
		return ring_macs_rx(group->macs,
				    netswitch_port_dev(consumer->port), skb);
	if (unlikely(n > 1))
		i = ring_pick(group, n, skb);
	return ring_rx(READ_ONCE(members->ring[i]), skb);
}

/* Of a group that shares by address: has one of its rings the frame's? */
static bool group_mine(struct netswitch_consumer *consumer,
		       const struct sk_buff *skb)
{
	struct ring_group *group =
		container_of(consumer, struct ring_group, consumer);

	return ring_macs_find(group->macs, netswitch_port_dev(consumer->port),
			      eth_hdr(skb)->h_dest);
}

static void group_free(struct ring_group *group, struct ring_members *members)
{
	kfree(members);
	if (group)
		kfree(group->macs);
	kfree(group);
}

/* The port is gone: nothing comes any more, and nothing more is sent. */
static void ring_gone(struct netswitch_ring *ring)
{
	struct ring_group *group = ring->group;

	if (group->macs)
		ring_macs_del(group->macs, ring, ring->tx.dev);
	mutex_lock(&ring->tx.lock);
	ring->tx.dev = NULL;
	mutex_unlock(&ring->tx.lock);
	ring->group = NULL;
	WRITE_ONCE(ring->dead, true);
	ring_wake(ring, EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP);
	netswitch_nl_ring_notify(ring, NETSWITCH_CMD_RING_DEL_NTF);
}

static void group_gone(struct netswitch_consumer *consumer)
{
	struct ring_group *group =
		container_of(consumer, struct ring_group, consumer);
	struct ring_members *members = rtnl_dereference(group->members);
	u32 i;

	for (i = 0; i < members->n; i++)
		ring_gone(members->ring[i]);
	group_free(group, members);
}

/* A copy of @old, which may be none, with one ring more. */
static struct ring_members *members_with(const struct ring_members *old,
					 struct netswitch_ring *ring)
{
	u32 n = old ? old->n : 0;
	struct ring_members *new;

	new = kzalloc(struct_size(new, ring, n + 1), GFP_KERNEL_ACCOUNT);
	if (!new)
		return NULL;
	new->n = n + 1;
	if (n)
		memcpy(new->ring, old->ring, array_size(n, sizeof(ring)));
	new->ring[n] = ring;
	return new;
}

static struct ring_group *group_new(struct netswitch_port *port,
				    struct netswitch_ring *ring,
				    struct netswitch_ring_bind *bind)
{
	bool by_mac = ring->fanout == NETSWITCH_RING_FANOUT_MAC;
	struct net_device *dev = netswitch_port_dev(port);
	struct ring_group *group;
	struct ring_members *members;
	int ret = -ENOMEM;

	group = kzalloc(sizeof(*group), GFP_KERNEL_ACCOUNT);
	members = members_with(NULL, ring);
	if (!group || !members)
		goto free;
	if (by_mac) {
		group->macs = ring_macs_new();
		if (!group->macs)
			goto free;
		ret = ring_macs_add(group->macs, ring, dev, bind);
		if (ret)
			goto free;
	}
	rcu_assign_pointer(group->members, members);
	group->fanout = ring->fanout;
	group->consumer = (struct netswitch_consumer){
		.name = "ring",
		.ethertype = ring->ethertype,
		.vid = ring->vid,
		.multicast = true,
		.promisc = ring->flags & NETSWITCH_RING_PROMISC,
		.rx = group_rx,
		.mine = by_mac ? group_mine : NULL,
		.gone = group_gone,
	};
	ret = netswitch_consumer_add(port, &group->consumer);
	if (ret)
		goto del_mac;
	return group;

del_mac:
	if (by_mac)
		ring_macs_del(group->macs, ring, dev);
free:
	group_free(group, members);
	if (ret == -EOPNOTSUPP)
		ring_refuse(bind, ret, "the port is not demultiplexed");
	return ERR_PTR(ret);
}

/* Somebody has the EtherType; may @ring share it? */
static int group_share(struct netswitch_consumer *consumer,
		       struct netswitch_ring *ring,
		       struct netswitch_ring_bind *bind)
{
	struct ring_members *old, *new;
	struct ring_group *group;
	struct netswitch_ring *first;
	int ret;

	if (consumer->rx != group_rx)
		return ring_refuse(bind, -EBUSY, "%s of the kernel has it",
				   consumer->name);
	group = container_of(consumer, struct ring_group, consumer);
	old = rtnl_dereference(group->members);
	first = old->ring[0];
	bind->holder = pid_vnr(first->pid);
	if (!group->fanout || !ring->fanout)
		return ring_refuse(bind, -EBUSY, "process %u has it",
				   bind->holder);
	if (group->fanout != ring->fanout ||
	    (first->flags ^ ring->flags) & NETSWITCH_RING_PROMISC)
		return ring_refuse(bind, -EBUSY,
				   "process %u shares it in another way",
				   bind->holder);
	/* By address nobody gets what is another's. */
	if (!group->macs && !uid_eq(first->uid, ring->uid))
		return ring_refuse(bind, -EBUSY,
				   "process %u of another user has it",
				   bind->holder);
	bind->holder = 0; /* it is no obstacle */
	if (old->n >= NETSWITCH_RING_FANOUT_MAX)
		return ring_refuse(bind, -ENOSPC, "%u rings share it already",
				   old->n);
	new = members_with(old, ring);
	if (!new)
		return -ENOMEM;
	if (group->macs) {
		/* Last, since from here on the ring may get frames. */
		ret = ring_macs_add(group->macs, ring, ring->tx.dev, bind);
		if (ret) {
			kfree(new);
			return ret;
		}
	}
	rcu_assign_pointer(group->members, new);
	synchronize_net();
	kfree(old);
	ring->group = group;
	return 0;
}

/* Has the demultiplexer give frames to the ring, which must be ready for them.
 * Under rtnl; may sleep.
 * Return: 0, or an error with the reason in @bind.
 */
int ring_group_join(struct netswitch_ring *ring,
		    struct netswitch_ring_bind *bind)
{
	struct net *net = sock_net(&ring->sk);
	struct netswitch_consumer *consumer;
	struct netswitch_port *port;
	struct ring_group *group;
	int ret;

	if (!__dev_get_by_index(net, ring->ifindex))
		return ring_refuse(bind, -ENODEV, "no device has index %u",
				   ring->ifindex);
	port = netswitch_port_find(net, ring->ifindex);
	if (!port)
		return ring_refuse(bind, -ENOENT, "the device is not a port");

	ring->tx.dev = netswitch_port_dev(port);
	consumer = netswitch_demux_find(port, ring->ethertype, ring->vid);
	if (consumer) {
		ret = group_share(consumer, ring, bind);
	} else {
		group = group_new(port, ring, bind);
		ret = PTR_ERR_OR_ZERO(group);
		if (!ret)
			ring->group = group;
	}
	if (ret)
		ring->tx.dev = NULL;
	return ret;
}

/* Has no more frames come; when it returns, none does. Under rtnl; may sleep. */
void ring_group_leave(struct netswitch_ring *ring)
{
	struct ring_group *group = ring->group;
	struct ring_members *members;
	u32 i;

	if (!group)
		return;
	ring->group = NULL;
	members = rtnl_dereference(group->members);
	if (group->macs)
		ring_macs_del(group->macs, ring, ring->tx.dev);
	if (members->n == 1) {
		netswitch_consumer_del(&group->consumer);
		group_free(group, members);
		return;
	}
	/* In place, lest a process could not die for want of memory. Readers
	 * may for a moment find the last one twice, and never one that is none;
	 * after the grace period nobody finds the one that leaves.
	 */
	for (i = 0; members->ring[i] != ring; i++)
		;
	WRITE_ONCE(members->ring[i], members->ring[members->n - 1]);
	WRITE_ONCE(members->n, members->n - 1);
	synchronize_net();
}
