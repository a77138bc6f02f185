// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink: showing rings, and their events.
 */
#include <linux/pid_namespace.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "netswitch_nl_gen.h"
#include "port.h"
#include "ring.h"

static int put_counters(struct sk_buff *msg, int nest_attr, const u64 *val,
			unsigned int n, int pad)
{
	struct nlattr *nest;
	unsigned int attr = 0, i;

	nest = nla_nest_start(msg, nest_attr);
	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < n; i++) {
		if (++attr == pad)
			attr++;
		if (nla_put_u64_64bit(msg, attr, val[i], pad))
			return -EMSGSIZE;
	}
	nla_nest_end(msg, nest);
	return 0;
}

static int put_rx(struct sk_buff *msg, const struct netswitch_ring *ring,
		  const struct netswitch_ring_stats *stats)
{
	/* In the order of the attributes, without the pad. */
	const u64 val[] = {
		stats->rx_frames,      stats->rx_delivered,
		stats->rx_bytes,       stats->rx_drop_full,
		stats->rx_drop_length, stats->rx_drop_nomem,
		stats->rx_drop_index,  netswitch_ring_unread(ring),
		stats->rx_max_used,    stats->rx_wakeups,
	};

	BUILD_BUG_ON(ARRAY_SIZE(val) + 1 != NETSWITCH_A_RING_RX_MAX);
	return put_counters(msg, NETSWITCH_A_RING_RX, val, ARRAY_SIZE(val),
			    NETSWITCH_A_RING_RX_PAD);
}

static int put_tx(struct sk_buff *msg, const struct netswitch_ring_stats *stats)
{
	const u64 val[] = {
		stats->tx_frames,    stats->tx_sent,
		stats->tx_bytes,     stats->tx_drop_length,
		stats->tx_drop_type, stats->tx_drop_source,
		stats->tx_drop_meta, stats->tx_drop_nomem,
		stats->tx_drop_down, stats->tx_drop_refused,
		stats->tx_max_used,  stats->tx_bad_index,
		stats->tx_zerocopy,  stats->tx_copied,
		stats->tx_held,
	};

	BUILD_BUG_ON(ARRAY_SIZE(val) + 1 != NETSWITCH_A_RING_TX_MAX);
	return put_counters(msg, NETSWITCH_A_RING_TX, val, ARRAY_SIZE(val),
			    NETSWITCH_A_RING_TX_PAD);
}

/* Only a ring that shares by address has one to show. Under rtnl. */
static int put_mac(struct sk_buff *msg, const struct netswitch_ring *ring)
{
	const u8 *mac = ring->mac;

	if (ring->fanout != NETSWITCH_RING_FANOUT_MAC)
		return 0;
	if (is_zero_ether_addr(mac)) {
		if (!ring->tx.dev) /* nor has the port, which is gone */
			return 0;
		mac = ring->tx.dev->dev_addr;
	}
	return nla_put(msg, NETSWITCH_A_RING_MAC, ETH_ALEN, mac);
}

/* @pid: the owner, as who reads it has it */
static int ring_fill(struct sk_buff *msg, struct netswitch_ring *ring, u32 pid)
{
	struct user_namespace *user_ns = sock_net(&ring->sk)->user_ns;
	struct netswitch_ring_stats stats = {};

	netswitch_ring_read(ring, &stats);
	if (nla_put_u32(msg, NETSWITCH_A_RING_IFINDEX, ring->ifindex) ||
	    nla_put_u32(msg, NETSWITCH_A_RING_ETHERTYPE, ring->ethertype) ||
	    nla_put_u32(msg, NETSWITCH_A_RING_VID, ring->vid) ||
	    nla_put_u32(msg, NETSWITCH_A_RING_FLAGS, ring->flags) ||
	    nla_put_u32(msg, NETSWITCH_A_RING_FANOUT, ring->fanout) ||
	    nla_put_u32(msg, NETSWITCH_A_RING_PID, pid) ||
	    nla_put_u32(msg, NETSWITCH_A_RING_UID,
			from_kuid_munged(user_ns, ring->uid)) ||
	    nla_put_u32(msg, NETSWITCH_A_RING_RX_SLOTS, ring->rx.slots) ||
	    nla_put_u32(msg, NETSWITCH_A_RING_TX_SLOTS, ring->tx.slots) ||
	    nla_put_u32(msg, NETSWITCH_A_RING_SLOT_SIZE, ring->slot_size) ||
	    nla_put_u32(msg, NETSWITCH_A_RING_RX_MODE,
			ring->rx.slots ? NETSWITCH_RING_MODE_COPY :
					 NETSWITCH_RING_MODE_NONE) ||
	    nla_put_u32(msg, NETSWITCH_A_RING_TX_MODE, ring_tx_mode(ring)) ||
	    nla_put_u32(msg, NETSWITCH_A_RING_OVERFLOW, ring->rx.overflow) ||
	    (ring->rx.slots && put_rx(msg, ring, &stats)) ||
	    (ring->tx.slots && put_tx(msg, &stats)) || put_mac(msg, ring))
		return -EMSGSIZE;
	return 0;
}

/* Tells the listeners of the ring's namespace. One whose event cannot be had is
 * told by ENOBUFS that it lost one. Under rtnl.
 */
void netswitch_nl_ring_notify(struct netswitch_ring *ring, u8 cmd)
{
	struct net *net = sock_net(&ring->sk);
	struct sk_buff *msg;
	void *hdr;

	if (!genl_has_listeners(&netswitch_nl_family, net,
				NETSWITCH_NLGRP_EVENTS))
		return;
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		goto lost;
	hdr = genlmsg_put(msg, 0, 0, &netswitch_nl_family, 0, cmd);
	if (WARN_ON_ONCE(!hdr || ring_fill(msg, ring,
					   pid_nr_ns(ring->pid,
						     ns_of_pid(ring->pid))))) {
		nlmsg_free(msg);
		goto lost;
	}
	genlmsg_end(msg, hdr);
	genlmsg_multicast_netns(&netswitch_nl_family, net, msg, 0,
				NETSWITCH_NLGRP_EVENTS, GFP_KERNEL);
	return;

lost:
	genl_set_err(&netswitch_nl_family, net, 0, NETSWITCH_NLGRP_EVENTS,
		     -ENOBUFS);
}

static int ring_put(struct sk_buff *msg, struct netswitch_ring *ring,
		    struct netlink_callback *cb)
{
	void *hdr;

	hdr = genlmsg_put(msg, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &netswitch_nl_family, NLM_F_MULTI,
			  NETSWITCH_CMD_RING_GET);
	if (!hdr)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, hdr);
	if (ring_fill(msg, ring, pid_vnr(ring->pid))) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return 0;
}

/* cb->args[0]: how many rings earlier messages had */
int netswitch_nl_ring_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct net *net = sock_net(skb->sk);
	struct netswitch_net *this = netswitch_net(net);
	struct nlattr *index = NULL;
	struct netswitch_ring *ring;
	long n = 0;
	int ret = 0;

	if (attrs)
		index = attrs[NETSWITCH_A_RING_IFINDEX];
	rtnl_lock();
	cb->seq = this->port_seq;
	if (index) {
		ret = PTR_ERR_OR_ZERO(
			netswitch_nl_port_by_index(net, index, cb->extack));
		if (ret)
			goto unlock;
	}
	list_for_each_entry(ring, &this->rings, node) {
		if (n++ < cb->args[0])
			continue;
		if (!index || ring->ifindex == nla_get_u32(index))
			ret = ring_put(skb, ring, cb);
		if (ret) /* full: this one comes first in the next message */
			break;
		cb->args[0] = n;
	}
	if (ret && skb->len)
		ret = skb->len;
unlock:
	rtnl_unlock();
	return ret;
}
