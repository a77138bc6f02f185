// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rejecting: whoever has sent a frame that may not go on is told.
 *
 * What the sandbox has sent is answered by the port's device. What the host sends to
 * the sandbox is answered as if it came in by that device, but later, from the backlog:
 * the sender may be holding locks of the socket that gets the answer. In neither case
 * does an answer meet hooks, ours included: it comes from where they stand.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netfilter_netdev.h>
#include <linux/skbuff.h>

#include "acl.h"
#include "answer.h"
#include "basics.h"
#include "parse.h"

/* Answers of a binding on one CPU: so many at once, and then so many a second. */
#define BURST 100
#define RATE 1000

/* An skb with the answer, its data at the Ethernet header. NULL: there is none. */
static struct sk_buff *make_answer(const struct netswitch_frame *frame,
				   const struct acl_frame *read,
				   const struct acl_key *key)
{
	struct net_device *dev = netswitch_port_dev(frame->port);
	const struct sk_buff *old = frame->skb;
	struct sk_buff *skb;
	u32 len;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + ACL_ANSWER_MAX +
				dev->needed_tailroom,
			GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	len = acl_answer(read, key, skb->data);
	if (!len) {
		kfree_skb(skb);
		return NULL;
	}
	skb_put(skb, len);
	skb->dev = dev;
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, key->l3);
	skb->protocol = eth_hdr(skb)->h_proto;
	skb->priority = old->priority;
	if (skb_vlan_tag_present(old))
		__vlan_hwaccel_put_tag(skb, old->vlan_proto,
				       skb_vlan_tag_get(old));
	return skb;
}

/* Was the frame sent to the sandbox, or by it, so that its sender hears of it here? What
 * a device takes because somebody listens to all is between others; what a bridge hands
 * to all its ports is for one of them, and with basics it is known for which. An answer
 * of another one would be taken for that one's, by the sender and by the bridge.
 */
static bool is_own(const struct netswitch_frame *frame,
		   const struct acl_binding *binding, const struct acl_key *key)
{
	const struct acl_basics *basics = rcu_dereference(binding->basics);

	if (!netif_is_any_bridge_port(netswitch_port_dev(frame->port)))
		return frame->dir == NETSWITCH_OUT ||
		       frame->skb->pkt_type != PACKET_OTHERHOST;
	return frame->dir == NETSWITCH_IN ||
	       (basics && acl_key_dmac(key) == basics->mac);
}

/**
 * acl_reject() - answer a frame that is to be dropped, if it may be answered
 * @frame: the frame
 * @binding: the binding that rejects it
 * @read: what was read of it
 * @key: its key
 *
 * Context: softirq or softirqs off, under RCU; locks of a socket may be held.
 * Return: an answer was sent.
 */
bool acl_reject(const struct netswitch_frame *frame,
		const struct acl_binding *binding, const struct acl_frame *read,
		const struct acl_key *key)
{
	struct acl_budgets *budgets = this_cpu_ptr(binding->budgets);
	struct sk_buff *skb;

	/* What gets no answer costs none. Those who send to a sandbox do not use up what
	 * its own programs may be told.
	 */
	if (!is_own(frame, binding, key) || !acl_may_answer(read, key) ||
	    !acl_budget_take(&budgets->answers[frame->dir], RATE, BURST))
		return false;
	skb = make_answer(frame, read, key);
	if (!skb)
		return false;
	if (frame->dir == NETSWITCH_IN) {
		nf_skip_egress(skb, true);
		dev_queue_xmit(skb);
	} else {
		skb->protocol = eth_type_trans(skb, skb->dev);
		/* Skips taps, tc and netfilter ingress once. */
		skb->tc_skip_classify = 1;
		netif_rx(skb);
	}
	return true;
}
