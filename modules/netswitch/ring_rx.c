// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings, receiving: from the demultiplexer into the slots of a process.
 *
 * Frames are copied. The slot belongs to the kernel while it writes there, by the
 * rules of netswitch_ring.h; a process that breaks them spoils what it reads.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <linux/virtio_net.h>
#include <net/gso.h>

#include "netswitch_nl_gen.h"
#include "ring.h"

/* Where a frame begins in its slot: so the network header is aligned. */
#define RING_RX_OFFSET NET_IP_ALIGN

/* Has virtio_net_hdr words for this super-frame? */
static bool has_vnet(const struct sk_buff *skb)
{
	const unsigned int known = COMPAT_VNET_GSO | SKB_GSO_TCP_ECN |
				   SKB_GSO_DODGY | SKB_GSO_TCP_FIXEDID;
	unsigned int type = skb_shinfo(skb)->gso_type;

	return type & COMPAT_VNET_GSO && !(type & ~known);
}

/* Under rx->lock. */
static void wake_up_owner(struct netswitch_ring *ring)
{
	WRITE_ONCE(ring->rx.ctl->wake, 0);
	ring->rx.wakeups++;
	ring_wake(ring, EPOLLIN | EPOLLRDNORM);
}

static enum hrtimer_restart ring_rx_timeout(struct hrtimer *timer)
{
	struct netswitch_ring *ring =
		container_of(timer, struct netswitch_ring, rx.timer);

	spin_lock(&ring->rx.lock);
	ring->rx.armed = false;
	wake_up_owner(ring);
	spin_unlock(&ring->rx.lock);
	return HRTIMER_NORESTART;
}

/* Wakes up the process if it sleeps and enough frames wait. Under rx->lock. */
static void ring_rx_wake(struct netswitch_ring *ring)
{
	struct ring_rx *rx = &ring->rx;

	/* The producer was written before; so either we see that the process
	 * sleeps, or it sees the frame before it does. Pairs with the barrier
	 * in ring_armed_empty(), or in the process.
	 */
	smp_mb();
	if (!READ_ONCE(rx->ctl->wake))
		return;
	if (rx->prod - READ_ONCE(rx->ctl->consumer) >= rx->wake_frames) {
		wake_up_owner(ring);
	} else if (!rx->armed) {
		/* Not hrtimer_active(): that holds until the callback returns, when
		 * the owner may sleep again already.
		 */
		rx->armed = true;
		hrtimer_start(&rx->timer, rx->wake_after,
			      HRTIMER_MODE_REL_SOFT);
	}
}

static u32 put_vnet(const struct sk_buff *skb, struct netswitch_desc *desc)
{
	struct virtio_net_hdr vnet;

	/* Our offsets count from the Ethernet header, the skb's from behind it.
	 * It cannot fail: has_vnet() was asked.
	 */
	if (virtio_net_hdr_from_skb(skb, &vnet,
				    virtio_legacy_is_little_endian(), true,
				    ETH_HLEN))
		return 0;
	if (vnet.gso_type != VIRTIO_NET_HDR_GSO_NONE)
		vnet.hdr_len = (__force __virtio16)((__force u16)vnet.hdr_len +
						    ETH_HLEN);
	desc->vnet = vnet;
	return NETSWITCH_DESC_VNET;
}

static u32 put_times(struct sk_buff *skb, struct netswitch_desc *desc)
{
	ktime_t hw = skb_hwtstamps(skb)->hwtstamp;
	ktime_t sw = skb_tstamp(skb);

	desc->tstamp = ktime_to_ns(sw ?: ktime_get_real());
	if (!hw)
		return NETSWITCH_DESC_TSTAMP;
	desc->hwtstamp = ktime_to_ns(hw);
	return NETSWITCH_DESC_TSTAMP | NETSWITCH_DESC_HWTSTAMP;
}

static void put_desc(const struct netswitch_ring *ring, struct sk_buff *skb,
		     struct netswitch_desc *desc, u32 len)
{
	u32 flags = 0;

	if (skb_vlan_tag_present(skb)) {
		desc->vlan_proto = ntohs(skb->vlan_proto);
		desc->vlan_tci = skb_vlan_tag_get(skb);
		flags |= NETSWITCH_DESC_VLAN;
	}
	if (skb->ip_summed == CHECKSUM_PARTIAL ||
	    skb->ip_summed == CHECKSUM_UNNECESSARY || skb_is_gso(skb))
		flags |= put_vnet(skb, desc);
	if (skb->pkt_type != PACKET_HOST)
		flags |= skb->pkt_type == PACKET_OTHERHOST ?
				 NETSWITCH_DESC_OTHER :
				 NETSWITCH_DESC_GROUP;
	if (ring->flags & NETSWITCH_RING_TIMESTAMP)
		flags |= put_times(skb, desc);
	desc->offset = RING_RX_OFFSET;
	desc->len = len;
	desc->flags = flags;
	desc->ifindex = ring->ifindex;
}

/* Tells once that a ring overflows, and once that it has ceased to: when nothing
 * was lost for a second.
 */
static void ring_rx_overflow(struct work_struct *work)
{
	struct netswitch_ring *ring = container_of(
		to_delayed_work(work), struct netswitch_ring, rx.overflow_work);
	struct ring_rx *rx = &ring->rx;
	bool first = !rx->overflow_seen;
	bool over;

	rtnl_lock();
	spin_lock_bh(&rx->lock);
	over = rx->overflow_seen == rx->drop_full;
	rx->overflow_seen = over ? 0 : rx->drop_full;
	rx->overflow = !over;
	spin_unlock_bh(&rx->lock);
	if ((first || over) && !list_empty(&ring->node))
		netswitch_nl_ring_notify(ring, NETSWITCH_CMD_RING_CHANGE_NTF);
	if (!over)
		schedule_delayed_work(&rx->overflow_work, HZ);
	rtnl_unlock();
}

/* Under rx->lock. */
static noinline void ring_rx_full(struct ring_rx *rx)
{
	rx->drop_full++;
	if (!rx->overflow) {
		rx->overflow = true;
		schedule_delayed_work(&rx->overflow_work, 0);
	}
}

/* Copies a frame, whose data start behind its Ethernet header, into the next
 * slot. Under rx->lock.
 * Return: 0, or why not.
 */
static enum skb_drop_reason ring_rx_put(struct netswitch_ring *ring,
					struct sk_buff *skb)
{
	struct ring_rx *rx = &ring->rx;
	u32 len = skb->len + ETH_HLEN;
	u32 used, i;
	u8 *to;

	rx->frames++;
	/* (A) of netswitch_ring.h */
	used = rx->prod - smp_load_acquire(&rx->ctl->consumer);
	if (unlikely(used >= rx->slots)) {
		if (used == rx->slots)
			ring_rx_full(rx);
		else
			rx->drop_index++;
		return SKB_DROP_REASON_SOCKET_RCVBUFF;
	}
	if (unlikely(len > rx->room)) {
		rx->drop_length++;
		return SKB_DROP_REASON_PKT_TOO_BIG;
	}
	i = rx->prod & (rx->slots - 1);
	to = rx->slot + (size_t)i * ring->slot_size + RING_RX_OFFSET;
	if (likely(!skb_is_nonlinear(skb))) {
		memcpy(to, skb->data - ETH_HLEN, len);
	} else if (skb_copy_bits(skb, -ETH_HLEN, to, len)) {
		rx->drop_nomem++; /* a broken skb: cannot be */
		return SKB_DROP_REASON_NOMEM;
	}
	put_desc(ring, skb, &rx->desc[i], len);
	/* (C) of netswitch_ring.h */
	smp_store_release(&rx->ctl->producer, rx->prod + 1);
	/* After it, so that whoever was told by ring_has() finds the frame. */
	smp_store_release(&rx->prod, rx->prod + 1);
	rx->delivered++;
	rx->bytes += len;
	if (used >= rx->max_used)
		rx->max_used = used + 1;
	ring_rx_wake(ring);
	return 0;
}

static bool ring_rx_one(struct netswitch_ring *ring, struct sk_buff *skb)
{
	enum skb_drop_reason reason;

	spin_lock(&ring->rx.lock);
	reason = ring_rx_put(ring, skb);
	spin_unlock(&ring->rx.lock);
	if (unlikely(reason)) {
		kfree_skb_reason(skb, reason);
		return false;
	}
	consume_skb(skb);
	return true;
}

/* There is no memory for a frame; @skb, if there is one, is freed. */
static bool ring_rx_lost(struct netswitch_ring *ring, struct sk_buff *skb)
{
	spin_lock(&ring->rx.lock);
	ring->rx.frames++;
	ring->rx.drop_nomem++;
	spin_unlock(&ring->rx.lock);
	kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
	return false;
}

/* Makes of a super-frame, or of one whose checksum is not finished, what would
 * be on the wire.
 * Return: whether any of it was taken.
 */
static noinline bool ring_rx_cut(struct netswitch_ring *ring,
				 struct sk_buff *skb)
{
	struct sk_buff *seg, *next;
	bool taken = false;

	__skb_push(skb, ETH_HLEN);
	if (skb_is_gso(skb)) {
		/* No features: the pieces are linear and complete. */
		seg = __skb_gso_segment(skb, 0, false);
		if (IS_ERR_OR_NULL(seg))
			return ring_rx_lost(ring, skb);
		consume_skb(skb);
	} else {
		if (skb_checksum_help(skb))
			return ring_rx_lost(ring, skb);
		seg = skb;
	}
	skb_list_walk_safe(seg, seg, next)
	{
		skb_mark_not_on_list(seg);
		__skb_pull(seg, ETH_HLEN);
		taken |= ring_rx_one(ring, seg);
	}
	return taken;
}

/* Gives a frame to a ring, which takes it in any case. Softirq, under RCU.
 * Return: whether it got there.
 */
bool ring_rx(struct netswitch_ring *ring, struct sk_buff *skb)
{
	bool cut = ring->flags & NETSWITCH_RING_SEGMENT;

	if (unlikely(!ring->rx.slots)) {
		kfree_skb(skb);
		return false;
	}
	if (skb_is_gso(skb) && unlikely(cut || !has_vnet(skb)))
		return ring_rx_cut(ring, skb);
	if (skb->ip_summed == CHECKSUM_PARTIAL && unlikely(cut))
		return ring_rx_cut(ring, skb);
	return ring_rx_one(ring, skb);
}

/* As ring_rx(), but with a copy of the frame, which stays the caller's. */
bool ring_rx_copy(struct netswitch_ring *ring, struct sk_buff *skb)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

	return copy ? ring_rx(ring, copy) : ring_rx_lost(ring, NULL);
}

void ring_rx_init(struct ring_rx *rx)
{
	spin_lock_init(&rx->lock);
	INIT_DELAYED_WORK(&rx->overflow_work, ring_rx_overflow);
	hrtimer_setup(&rx->timer, ring_rx_timeout, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
}
