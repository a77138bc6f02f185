// SPDX-License-Identifier: GPL-2.0-only
/*
 * Demux: from a frame's EtherType and VLAN to its consumer.
 *
 * A consumer gets whole the frames that are addressed to the port. Of frames to
 * groups it gets a copy and the original goes on, since others may want them
 * too; the same holds for frames to other stations, which only a promiscuous
 * consumer gets, and which a bridge may be about to forward.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include "port.h"

/**
 * struct netswitch_consumer_counters - what a consumer got, per CPU
 * @frames: taken
 * @drops: refused
 */
struct netswitch_consumer_counters {
	u64 frames;
	u64 drops;
};

static struct hlist_head *bucket_of(struct netswitch_port *port, __be16 type)
{
	return &port->consumers[port_type_hash(type) % PORT_CONSUMER_BUCKETS];
}

static struct netswitch_consumer *demux_find(struct netswitch_port *port,
					     __be16 type, u16 vid)
{
	struct netswitch_consumer *consumer;

	hlist_for_each_entry_rcu(consumer, bucket_of(port, type), node,
				 lockdep_rtnl_is_held())
		if (consumer->ethertype == ntohs(type) && consumer->vid == vid)
			return consumer;
	return NULL;
}

/* Who has an EtherType and VLAN; NULL: nobody. Under rtnl. */
struct netswitch_consumer *netswitch_demux_find(struct netswitch_port *port,
						u16 ethertype, u16 vid)
{
	return demux_find(port, htons(ethertype), vid);
}

/* Gives a frame to its consumer, who always takes it. */
static void deliver(struct netswitch_port *port,
		    struct netswitch_consumer *consumer, struct sk_buff *skb,
		    unsigned int took, unsigned int refused)
{
	if (consumer->rx(consumer, skb)) {
		this_cpu_inc(consumer->counters->frames);
		port_count(port, NETSWITCH_IN, took);
	} else {
		this_cpu_inc(consumer->counters->drops);
		port_count(port, NETSWITCH_IN, refused);
	}
}

static unsigned int drop_counter(enum netswitch_drop_reason reason)
{
	return PORT_DROP + reason - 1;
}

static void deliver_whole(struct netswitch_port *port,
			  struct netswitch_consumer *consumer,
			  struct sk_buff *skb)
{
	/* Taps may still look at it: the consumer gets its own. */
	if (skb_shared(skb)) {
		struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

		if (!copy) {
			netswitch_port_drop(port, NETSWITCH_IN, skb,
					    NETSWITCH_DROP_REASON_NOMEM);
			return;
		}
		consume_skb(skb);
		skb = copy;
	}
	/* What a process of this machine sent without a copy, and something led
	 * back in here: its pages are still the process's to write to. Clones are
	 * copied by the kernel.
	 */
	if (unlikely(skb_orphan_frags_rx(skb, GFP_ATOMIC))) {
		netswitch_port_drop(port, NETSWITCH_IN, skb,
				    NETSWITCH_DROP_REASON_NOMEM);
		return;
	}
	deliver(port, consumer, skb, PORT_CONSUMED,
		drop_counter(NETSWITCH_DROP_REASON_CONSUMER));
}

/* A frame that the host has sent to a group of its own, and frames of a VLAN whose
 * device leaves the tag in front of them, have no Ethernet header of 14 bytes in
 * front of their data.
 */
static bool has_header(const struct sk_buff *skb)
{
	return skb->pkt_type != PACKET_LOOPBACK &&
	       skb->data - skb_mac_header(skb) == ETH_HLEN;
}

/* Is the frame for the consumer alone? pkt_type tells, which the kernel works out
 * from the device's first address; who has others looks for himself.
 */
static bool demux_whole(struct netswitch_consumer *consumer,
			const struct sk_buff *skb)
{
	if (likely(!consumer->mine))
		return skb->pkt_type == PACKET_HOST;
	return (skb->pkt_type == PACKET_HOST ||
		skb->pkt_type == PACKET_OTHERHOST) &&
	       consumer->mine(consumer, skb);
}

/* Gives the frame to a consumer if one wants it; port_wants() was asked. Softirq,
 * under RCU.
 * Return: true if the frame is gone, false if it goes on to the stack.
 */
bool netswitch_demux(struct netswitch_port *port, struct sk_buff *skb)
{
	struct netswitch_consumer *consumer;
	struct sk_buff *copy;
	u16 vid = 0;

	if (skb_vlan_tag_present(skb))
		vid = skb_vlan_tag_get_id(skb);
	consumer = demux_find(port, skb->protocol, vid);
	if (!consumer || !has_header(skb))
		return false;

	if (demux_whole(consumer, skb)) {
		deliver_whole(port, consumer, skb);
		return true;
	}

	/* PACKET_HOST: the port's, which this consumer does not have. */
	if (skb->pkt_type == PACKET_HOST ||
	    (skb->pkt_type == PACKET_OTHERHOST && !consumer->promisc))
		return false;
	copy = skb_clone(skb, GFP_ATOMIC);
	if (copy)
		deliver(port, consumer, copy, PORT_COPIED, PORT_COPY_DROPS);
	else
		port_count(port, NETSWITCH_IN, PORT_COPY_DROPS);
	return false;
}

/* Works out port->types again, and tells dumps that they are out of date.
 * Under rtnl.
 */
void netswitch_demux_update(struct netswitch_port *port)
{
	struct netswitch_consumer *consumer;
	u64 types = 0;
	int i;

	for (i = 0; i < PORT_CONSUMER_BUCKETS; i++)
		hlist_for_each_entry(consumer, &port->consumers[i], node) {
			u32 hash = port_type_hash(htons(consumer->ethertype));

			types |= BIT_ULL(hash);
		}
	if (!(port->flags & NETSWITCH_PORT_FLAGS_DEMUX))
		types = 0;
	WRITE_ONCE(port->types, types);
	netswitch_net(dev_net(port->dev))->port_seq++;
}

/* Has the device let through what the consumer is promised: many filter by VLAN
 * and by address themselves. Under rtnl.
 */
static int filter_open(const struct netswitch_consumer *consumer,
		       struct net_device *dev)
{
	int ret;

	if (consumer->promisc) {
		ret = dev_set_promiscuity(dev, 1);
		if (ret)
			return ret;
	}
	if (consumer->multicast) {
		ret = dev_set_allmulti(dev, 1);
		if (ret)
			goto promisc;
	}
	if (!consumer->vid)
		return 0;
	ret = vlan_vid_add(dev, htons(ETH_P_8021Q), consumer->vid);
	if (ret)
		goto multicast;
	ret = vlan_vid_add(dev, htons(ETH_P_8021AD), consumer->vid);
	if (ret)
		goto vid;
	return 0;

vid:
	vlan_vid_del(dev, htons(ETH_P_8021Q), consumer->vid);
multicast:
	if (consumer->multicast)
		dev_set_allmulti(dev, -1);
promisc:
	if (consumer->promisc)
		dev_set_promiscuity(dev, -1);
	return ret;
}

static void filter_close(const struct netswitch_consumer *consumer,
			 struct net_device *dev)
{
	if (consumer->vid) {
		vlan_vid_del(dev, htons(ETH_P_8021AD), consumer->vid);
		vlan_vid_del(dev, htons(ETH_P_8021Q), consumer->vid);
	}
	if (consumer->multicast)
		dev_set_allmulti(dev, -1);
	if (consumer->promisc)
		dev_set_promiscuity(dev, -1);
}

/**
 * netswitch_consumer_add() - start to get an EtherType's frames on a port
 * @port: the port
 * @consumer: who, what and how; its first eight members are set
 *
 * Context: under rtnl; may sleep.
 * For as long as the consumer is there, the device's own filters let its frames
 * through: its VLAN, and what @consumer->multicast and @consumer->promisc ask for.
 *
 * Return: 0; -EINVAL if the number is a length or the VLAN is none; -EBUSY if
 *	another consumer has this EtherType and VLAN; -EOPNOTSUPP if the port is
 *	not demultiplexed; -ENOMEM; what the device's filters say.
 */
int netswitch_consumer_add(struct netswitch_port *port,
			   struct netswitch_consumer *consumer)
{
	__be16 type = htons(consumer->ethertype);
	int ret;

	ASSERT_RTNL();
	if (!eth_proto_is_802_3(type) || consumer->vid >= VLAN_N_VID - 1)
		return -EINVAL;
	if (!(port->flags & NETSWITCH_PORT_FLAGS_DEMUX))
		return -EOPNOTSUPP;
	if (demux_find(port, type, consumer->vid))
		return -EBUSY;
	consumer->counters = alloc_percpu(struct netswitch_consumer_counters);
	if (!consumer->counters)
		return -ENOMEM;
	ret = filter_open(consumer, port->dev);
	if (ret) {
		free_percpu(consumer->counters);
		return ret;
	}
	consumer->port = port;
	hlist_add_head_rcu(&consumer->node, bucket_of(port, type));
	netswitch_demux_update(port);
	return 0;
}
EXPORT_SYMBOL_GPL(netswitch_consumer_add);

/**
 * netswitch_consumer_del() - get no more frames
 * @consumer: whose gone() has not been called
 *
 * When this returns, no rx() runs or will.
 *
 * Context: under rtnl; may sleep.
 */
void netswitch_consumer_del(struct netswitch_consumer *consumer)
{
	ASSERT_RTNL();
	hlist_del_rcu(&consumer->node);
	filter_close(consumer, consumer->port->dev);
	netswitch_demux_update(consumer->port);
	synchronize_net();
	free_percpu(consumer->counters);
	consumer->port = NULL;
}
EXPORT_SYMBOL_GPL(netswitch_consumer_del);

/* Takes the port from its consumers. No frame reaches it any more, and other
 * readers of the lists hold rtnl. Under rtnl.
 */
void netswitch_demux_del_port(struct netswitch_port *port)
{
	struct netswitch_consumer *consumer;
	struct hlist_node *next;
	int i;

	for (i = 0; i < PORT_CONSUMER_BUCKETS; i++)
		hlist_for_each_entry_safe(consumer, next, &port->consumers[i],
					  node) {
			hlist_del(&consumer->node);
			filter_close(consumer, port->dev);
			free_percpu(consumer->counters);
			consumer->port = NULL;
			consumer->gone(consumer);
		}
}

/* Sums a consumer's counters. Under rtnl. */
void netswitch_consumer_read(const struct netswitch_consumer *consumer,
			     u64 *frames, u64 *drops)
{
	int cpu;

	*frames = 0;
	*drops = 0;
	for_each_possible_cpu(cpu) {
		const struct netswitch_consumer_counters *counters =
			per_cpu_ptr(consumer->counters, cpu);

		*frames += READ_ONCE(counters->frames);
		*drops += READ_ONCE(counters->drops);
	}
}
