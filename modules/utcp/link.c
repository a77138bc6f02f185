// SPDX-License-Identifier: GPL-2.0-only
/*
 * Links. On each port of a namespace that is demultiplexed utcp takes the frames
 * of its EtherType that have no VLAN; the device of a VLAN is a port of its own.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/net.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "input.h"
#include "link.h"
#include "peer.h"
#include "policy.h"
#include "told.h"
#include "trace.h"

static bool link_rx(struct netswitch_consumer *consumer, struct sk_buff *skb)
{
	struct utcp_link *link =
		container_of(consumer, struct utcp_link, consumer);

	return utcp_input(link->un, skb);
}

/* Sessions whose path is over a link that is down: in doubt. Process. */
static void doubt_peers(struct utcp_net *un, u32 ifindex)
{
	struct utcp_peer *peer;
	u64 now = utcp_now();

	spin_lock_bh(&un->peer_lock);
	list_for_each_entry(peer, &un->list, link) {
		spin_lock(&peer->lock);
		if (peer->neigh.path.ifindex == ifindex &&
		    utcp_neigh_doubt(&peer->neigh, now))
			trace_utcp_neigh(peer, UTCP_PEER_STATE_REACHABLE,
					 UTCP_PEER_STATE_DOUBTFUL);
		spin_unlock(&peer->lock);
		utcp_peer_kick(peer);
	}
	spin_unlock_bh(&un->peer_lock);
}

static struct utcp_link __rcu **near_of(struct utcp_net *un, u32 ifindex)
{
	return &un->near_link[ifindex % UTCP_NEAR_LINKS];
}

/* From here on nobody finds the link. Under rtnl. */
static void link_end(struct utcp_link *link)
{
	struct utcp_link __rcu **near = near_of(link->un, link->dev->ifindex);

	utcp_told_link_end(link);
	if (rcu_access_pointer(*near) == link)
		RCU_INIT_POINTER(*near, NULL);
	xa_erase_bh(&link->un->links, link->dev->ifindex);
	doubt_peers(link->un, link->dev->ifindex);
	kfree_rcu(link, rcu);
}

static void link_gone(struct netswitch_consumer *consumer)
{
	link_end(container_of(consumer, struct utcp_link, consumer));
}

/* The memory for nonces comes with the first port: most namespaces have none. */
static int need_nonces(struct utcp_net *un)
{
	struct utcp_nonces *nonces;

	if (un->nonces)
		return 0;
	nonces = kvzalloc(sizeof(*nonces), GFP_KERNEL_ACCOUNT);
	if (!nonces)
		return -ENOMEM;
	get_random_bytes(nonces->key, sizeof(nonces->key));
	spin_lock_bh(&un->lock);
	un->nonces = nonces;
	spin_unlock_bh(&un->lock);
	return 0;
}

static int link_begin(struct netswitch_port *port, struct net_device *dev)
{
	struct utcp_net *un = utcp_net(dev_net(dev));
	struct utcp_link *link;
	int ret;

	ret = need_nonces(un);
	if (ret)
		return ret;
	link = kzalloc(sizeof(*link), GFP_KERNEL_ACCOUNT);
	if (!link)
		return -ENOMEM;
	link->consumer.name = "utcp";
	link->consumer.ethertype = ETH_P_802_EX1;
	link->consumer.rx = link_rx;
	link->consumer.gone = link_gone;
	link->un = un;
	link->dev = dev;
	ret = xa_insert_bh(&un->links, dev->ifindex, link, GFP_KERNEL_ACCOUNT);
	if (ret)
		goto free;
	ret = netswitch_consumer_add(port, &link->consumer);
	if (!ret) {
		rcu_assign_pointer(*near_of(un, dev->ifindex), link);
		/* Of a session that has stayed its ports know nothing. */
		utcp_policy_ask_again(link);
		return 0;
	}
	xa_erase_bh(&un->links, dev->ifindex);
free:
	kfree_rcu(link, rcu); /* senders may have found it */
	return ret;
}

/* A port that somebody else has the EtherType of stays without UTCP. */
static void link_demux(struct netswitch_port *port, bool on)
{
	struct net_device *dev = netswitch_port_dev(port);
	struct utcp_link *link =
		xa_load(&utcp_net(dev_net(dev))->links, dev->ifindex);
	int ret;

	if (dev->type != ARPHRD_ETHER)
		return;
	if (!on && link) {
		netswitch_consumer_del(&link->consumer);
		link_end(link);
	}
	if (!on || link)
		return;
	ret = link_begin(port, dev);
	/* Whoever holds the namespace can have it happen as often as he likes. */
	if (ret && net_ratelimit())
		netdev_notice(dev, "utcp does not use this port: error %d\n",
			      ret);
}

static struct netswitch_watcher link_watcher = {
	.demux = link_demux,
};

static int link_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct utcp_net *un = utcp_net(dev_net(dev));
	struct utcp_link *link = xa_load(&un->links, dev->ifindex);

	if (!link)
		return NOTIFY_DONE;
	if (event == NETDEV_DOWN)
		doubt_peers(un, dev->ifindex);
	else if (event == NETDEV_CHANGEMTU)
		utcp_peers_link_mtu(un, dev->ifindex);
	else if (event == NETDEV_CHANGEADDR)
		utcp_policy_ask_again(link); /* and tell */
	return NOTIFY_DONE;
}

static struct notifier_block link_notifier = {
	.notifier_call = link_event,
};

/**
 * utcp_links_init() - frames come from here on
 *
 * Context: process; takes rtnl.
 * Return: 0, or an error of register_netdevice_notifier().
 */
int utcp_links_init(void)
{
	int ret = register_netdevice_notifier(&link_notifier);

	if (!ret)
		netswitch_watch(&link_watcher);
	return ret;
}

/**
 * utcp_links_exit() - no frame comes after this
 *
 * Context: process; takes rtnl.
 */
void utcp_links_exit(void)
{
	netswitch_unwatch(&link_watcher);
	unregister_netdevice_notifier(&link_notifier);
}

/**
 * utcp_link_path() - where did a frame come from?
 * @skb: the frame, as it was received
 * @path: set to it
 *
 * Context: any.
 */
void utcp_link_path(const struct sk_buff *skb, struct utcp_path *path)
{
	memset(path, 0, sizeof(*path));
	path->ifindex = skb->dev->ifindex;
	memcpy(path->mac, eth_hdr(skb)->h_source, ETH_ALEN);
}

/* As xa_load(), without walking through it, which every frame would. Under RCU. */
static struct utcp_link *link_of(struct utcp_net *un, u32 ifindex)
{
	struct utcp_link *link = rcu_dereference(*near_of(un, ifindex));

	if (likely(link && link->dev->ifindex == ifindex))
		return link;
	return xa_load(&un->links, ifindex);
}

/**
 * utcp_link_mtu() - the longest frame that a link takes
 * @un: state of the namespace
 * @ifindex: its device
 *
 * Context: any but hard interrupts.
 * Return: bytes, from the version byte on; 0: there is no such link.
 */
unsigned int utcp_link_mtu(struct utcp_net *un, u32 ifindex)
{
	struct utcp_link *link;
	unsigned int mtu = 0;

	rcu_read_lock();
	link = xa_load(&un->links, ifindex);
	if (link)
		mtu = min_t(unsigned int, READ_ONCE(link->dev->mtu),
			    UTCP_FRAME_MAX);
	rcu_read_unlock();
	return mtu;
}

/**
 * utcp_link_up() - can anything be sent there?
 * @un: state of the namespace
 * @ifindex: the device
 *
 * Context: any but hard interrupts.
 * Return: true if there is such a link, and it is up.
 */
bool utcp_link_up(struct utcp_net *un, u32 ifindex)
{
	struct utcp_link *link;
	bool up;

	rcu_read_lock();
	link = xa_load(&un->links, ifindex);
	up = link && netif_running(link->dev);
	rcu_read_unlock();
	return up;
}

/**
 * utcp_link_alloc() - memory for a frame, with room for what devices put around it
 * @len: longest frame
 * @gfp: how
 *
 * Context: as @gfp.
 * Return: an empty skb; NULL: there is no memory.
 */
struct sk_buff *utcp_link_alloc(unsigned int len, gfp_t gfp)
{
	struct sk_buff *skb = alloc_skb(LL_MAX_HEADER + len, gfp);

	if (skb)
		skb_reserve(skb, LL_MAX_HEADER);
	return skb;
}

/**
 * utcp_link_xmit() - send a frame
 * @un: state of the namespace
 * @path: where
 * @skb: the frame, from the version byte on; taken in any case
 *
 * Context: softirq or process.
 * Return: 0; -ENETDOWN: there is no such link, or it is down; -ENOMEM; -ENOBUFS or another
 * error: what the device's queue says.
 */
int utcp_link_xmit(struct utcp_net *un, const struct utcp_path *path,
		   struct sk_buff *skb)
{
	struct utcp_link *link;
	int ret = -ENETDOWN;

	rcu_read_lock();
	link = link_of(un, path->ifindex);
	if (!link || path->vlan || !netif_running(link->dev))
		goto drop;
	ret = -ENOMEM;
	if (skb_cow_head(skb, LL_RESERVED_SPACE(link->dev)))
		goto drop;
	skb->dev = link->dev;
	skb->protocol = htons(ETH_P_802_EX1);
	skb_reset_network_header(skb);
	dev_hard_header(skb, link->dev, ETH_P_802_EX1, path->mac, NULL,
			skb->len);
	this_cpu_inc(un->stats->sent);
	ret = dev_queue_xmit(skb);
	rcu_read_unlock();
	/* A queue that is about to overflow has taken it all the same. */
	ret = net_xmit_eval(ret);
	return ret > 0 ? -ENOBUFS : ret;

drop:
	rcu_read_unlock();
	kfree_skb(skb);
	return ret;
}

/**
 * utcp_link_send() - send a copy of a frame
 * @un: state of the namespace
 * @path: where
 * @frame: the frame, from the version byte on
 * @len: its bytes
 *
 * Context: softirq or process.
 * Return: as utcp_link_xmit().
 */
int utcp_link_send(struct utcp_net *un, const struct utcp_path *path,
		   const void *frame, size_t len)
{
	struct sk_buff *skb = utcp_link_alloc(len, GFP_ATOMIC);

	if (!skb)
		return -ENOMEM;
	skb_put_data(skb, frame, len);
	return utcp_link_xmit(un, path, skb);
}
