// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings, sending: from the slots of a process to the port's device, by the way
 * that every frame takes.
 *
 * A descriptor is copied, then the frame, or of long ones at least the head, see
 * ring_zc.c; what is judged, here and by the stages, is the copy, which the process
 * cannot reach.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <linux/virtio_net.h>
#include <net/flow_dissector.h>
#include <net/gso.h>

#include "ring.h"

/* Frames that are made before they are sent together: enough to share the cost of
 * the softirq that receives them on a virtual link, and far less than its queue.
 */
#define RING_TX_BATCH 32

/* The longest frame in one piece; of longer ones, so much is. */
#define RING_TX_LINEAR_MAX 2048
#define RING_TX_LINEAR 256

/* A descriptor of the process as it was at one time. */
struct tx_frame {
	const u8 *data;
	u32 len;
	u32 flags;
	u16 vlan_proto;
	u16 vlan_tci;
	struct virtio_net_hdr vnet;
};

static bool tx_read(const struct netswitch_ring *ring, u32 i,
		    struct tx_frame *frame)
{
	const struct netswitch_desc *desc = &ring->tx.desc[i];
	u32 offset = READ_ONCE(desc->offset);

	frame->len = READ_ONCE(desc->len);
	if (frame->len < ETH_HLEN || frame->len > ring->slot_size ||
	    offset > ring->slot_size - frame->len)
		return false;
	frame->data = ring->tx.slot + (size_t)i * ring->slot_size + offset;
	frame->flags = READ_ONCE(desc->flags);
	if (frame->flags & NETSWITCH_DESC_VLAN) {
		frame->vlan_proto = READ_ONCE(desc->vlan_proto);
		frame->vlan_tci = READ_ONCE(desc->vlan_tci);
	}
	if (frame->flags & NETSWITCH_DESC_VNET) {
		frame->vnet = desc->vnet;
		/* It is this copy that is looked at, and not the original. */
		barrier_data(&frame->vnet);
	}
	return true;
}

/* An skb with the frame. Its head is linear: the stages look no further. */
static struct sk_buff *tx_copy(const struct net_device *dev,
			       const struct tx_frame *frame)
{
	/* Once: tunnels change it while they send. */
	u32 head = LL_RESERVED_SPACE(dev);
	u32 linear = frame->len;
	struct sk_buff *skb;
	int err;

	if (linear > RING_TX_LINEAR_MAX)
		linear = RING_TX_LINEAR;
	skb = alloc_skb_with_frags(
		head + linear + READ_ONCE(dev->needed_tailroom),
		frame->len - linear, PAGE_ALLOC_COSTLY_ORDER, &err, GFP_KERNEL);
	if (!skb)
		return NULL;
	skb_reserve(skb, head);
	if (likely(linear == frame->len)) {
		skb_put_data(skb, frame->data, linear);
		return skb;
	}
	skb_put(skb, linear);
	skb->data_len = frame->len - linear;
	skb->len += skb->data_len;
	if (skb_store_bits(skb, 0, frame->data, frame->len)) {
		kfree_skb(skb);
		return NULL;
	}
	return skb;
}

static bool tx_tag(const struct netswitch_ring *ring,
		   const struct tx_frame *frame, struct sk_buff *skb)
{
	u16 proto = ETH_P_8021Q;
	u16 tci = ring->vid;

	if (frame->flags & NETSWITCH_DESC_VLAN) {
		proto = frame->vlan_proto;
		if (!eth_type_vlan(htons(proto)))
			return false;
		tci |= frame->vlan_tci & ~VLAN_VID_MASK;
	} else if (!tci) {
		return true;
	}
	__vlan_hwaccel_put_tag(skb, htons(proto), tci);
	return true;
}

/* The device, or the kernel in its place, writes a checksum behind the back of who
 * judges: only where TCP and UDP have theirs, in what has been copied. Which bytes
 * that is depends on the headers, and the kernel's dissector knows them.
 */
static bool tx_sum_ok(const struct net_device *dev, const struct sk_buff *skb)
{
	struct flow_keys_basic keys;
	u32 offset;

	if (!skb_flow_dissect_flow_keys_basic(dev_net(dev), skb, &keys, NULL, 0,
					      0, 0, 0) ||
	    keys.control.flags & FLOW_DIS_IS_FRAGMENT)
		return false;
	switch (keys.basic.ip_proto) {
	case IPPROTO_TCP:
		offset = offsetof(struct tcphdr, check);
		break;
	case IPPROTO_UDP:
		offset = offsetof(struct udphdr, check);
		break;
	default:
		return false;
	}
	return skb->csum_offset == offset &&
	       skb_checksum_start_offset(skb) == keys.control.thoff &&
	       keys.control.thoff + offset + sizeof(__sum16) <=
		       skb_headlen(skb);
}

/* Does what the process says about offloads make sense for this frame? */
static bool tx_vnet(const struct net_device *dev, const struct tx_frame *frame,
		    struct sk_buff *skb)
{
	__be16 protocol = skb->protocol;

	if (virtio_net_hdr_to_skb(skb, &frame->vnet,
				  virtio_legacy_is_little_endian()))
		return false;
	/* It may have guessed another one. */
	return skb->protocol == protocol &&
	       (skb->ip_summed != CHECKSUM_PARTIAL || tx_sum_ok(dev, skb));
}

/* What is in an skb that is about to be sent, and may it be? */
static enum ring_tx_drop tx_judge(const struct netswitch_ring *ring,
				  const struct net_device *dev,
				  const struct tx_frame *frame,
				  struct sk_buff *skb)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;

	if (unlikely(eth->h_proto != htons(ring->ethertype)))
		return RING_TX_TYPE;
	if (unlikely(!ether_addr_equal(eth->h_source, ring_mac(ring, dev)) &&
		     !(ring->flags & NETSWITCH_RING_SPOOF)))
		return RING_TX_SOURCE;
	skb->protocol = eth->h_proto;
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	if (unlikely(frame->flags & ~NETSWITCH_DESC_TX_FLAGS) ||
	    !tx_tag(ring, frame, skb))
		return RING_TX_META;
	if (unlikely(frame->flags & NETSWITCH_DESC_VNET) &&
	    !tx_vnet(dev, frame, skb))
		return RING_TX_META;
	if (unlikely(!skb_is_gso(skb) ? frame->len > dev->mtu + ETH_HLEN :
					!skb_gso_validate_mac_len(
						skb, dev->mtu + ETH_HLEN)))
		return RING_TX_LENGTH;
	return RING_TX_OK;
}

/* Makes an skb of what is in slot @i. */
static enum ring_tx_drop tx_make(struct netswitch_ring *ring,
				 struct net_device *dev, u32 i,
				 struct sk_buff **skbp)
{
	struct sk_buff *skb = NULL;
	enum ring_tx_drop drop;
	struct tx_frame frame;
	bool zc;

	if (unlikely(!tx_read(ring, i, &frame)))
		return RING_TX_LENGTH;
	if (unlikely(!netif_running(dev)))
		return RING_TX_DOWN;
	if (frame.len >= RING_ZC_MIN && ring_zc_on(ring, dev))
		skb = ring_zc_make(ring, dev, frame.data, frame.len,
				   RING_TX_LINEAR);
	zc = skb;
	if (!zc)
		skb = tx_copy(dev, &frame);
	if (unlikely(!skb))
		return RING_TX_NOMEM;
	skb->dev = dev;
	drop = tx_judge(ring, dev, &frame, skb);
	if (unlikely(drop != RING_TX_OK)) {
		kfree_skb(skb);
		return drop;
	}
	skb->priority = READ_ONCE(ring->sk.sk_priority);
	skb_set_owner_w(skb, &ring->sk);
	if (zc)
		ring_zc_hand(ring->tx.zc, skb, i);
	*skbp = skb;
	return RING_TX_OK;
}

static void tx_send(struct netswitch_ring *ring, struct sk_buff *skb)
{
	u32 len = skb->len;
	int ret;

	ret = dev_queue_xmit(skb);
	if (likely(ret == NET_XMIT_SUCCESS || ret == NET_XMIT_CN)) {
		ring->tx.sent++;
		ring->tx.bytes += len;
	} else {
		ring->tx.drop[RING_TX_REFUSED]++;
	}
}

static bool tx_room(const struct netswitch_ring *ring)
{
	return sk_wmem_alloc_get(&ring->sk) < READ_ONCE(ring->sk.sk_sndbuf);
}

/* Takes up to a batch of descriptors.
 * Return: how many.
 */
static u32 tx_batch(struct netswitch_ring *ring, struct net_device *dev,
		    u32 avail)
{
	struct ring_tx *tx = &ring->tx;
	struct sk_buff *list = NULL, **end = &list;
	struct sk_buff *skb, *next;
	u32 n = 0;

	avail = min_t(u32, avail, RING_TX_BATCH);
	while (n < avail && tx_room(ring)) {
		enum ring_tx_drop drop;

		/* A list, since an array would be zeroed by kernels that
		 * initialise what is on the stack.
		 */
		drop = tx_make(ring, dev, (tx->cons + n) & (tx->slots - 1),
			       end);
		if (likely(drop == RING_TX_OK))
			end = &(*end)->next;
		else
			tx->drop[drop]++;
		n++;
	}
	WRITE_ONCE(tx->cons,
		   tx->cons + n); /* ring_wait() reads it without lock */
	if (tx->zc)
		ring_zc_take(tx->zc, tx->cons);
	else /* The slots are copied, so they are the process's again. */
		smp_store_release(&tx->ctl->consumer, tx->cons); /* (D) */
	tx->taken += n;

	local_bh_disable();
	skb_list_walk_safe(list, skb, next)
	{
		skb_mark_not_on_list(skb);
		tx_send(ring, skb);
	}
	local_bh_enable();
	return n;
}

/* Takes a batch of at most @max descriptors. Under tx->lock; may sleep.
 * Return: how many, with those that are left of @max in @left, or an error.
 */
static long tx_some(struct netswitch_ring *ring, u32 max, u32 *left)
{
	struct ring_tx *tx = &ring->tx;
	u32 avail, held, n;

	if (!tx->dev)
		return -ENODEV;
	/* (B) of netswitch_ring.h */
	avail = smp_load_acquire(&tx->ctl->producer) - tx->cons;
	/* Behind the other index: what the process knew to be free, is. */
	held = tx->zc ? ring_zc_held(tx->zc) : 0;
	if (avail > tx->slots - held) {
		tx->bad_index++;
		return -EINVAL;
	}
	tx->max_used = max_t(u64, tx->max_used, avail + held);
	avail = min(avail, max);
	if (!avail) {
		*left = 0;
		return 0;
	}
	n = tx_batch(ring, tx->dev, avail);
	*left = avail - n;
	return n ? n : (long)-EAGAIN;
}

/* Sends what the process has produced. Who takes the port away waits, with all that
 * holds, for one batch at most. May sleep.
 * Return: how many descriptors were taken, or an error.
 */
long ring_tx_kick(struct netswitch_ring *ring)
{
	struct ring_tx *tx = &ring->tx;
	u32 left = U32_MAX;
	long taken = 0;
	long ret;

	if (!tx->slots)
		return -EOPNOTSUPP;
	do {
		ret = mutex_lock_interruptible(&tx->lock);
		if (ret)
			break;
		ret = tx_some(ring, left, &left);
		mutex_unlock(&tx->lock);
		if (ret <= 0)
			break;
		taken += ret;
		cond_resched();
	} while (left && !fatal_signal_pending(current));
	return taken ?: ret;
}

/* Is there a slot that is not with the device? */
static bool tx_slot_left(const struct netswitch_ring *ring)
{
	const struct ring_zc *zc = READ_ONCE(ring->tx.zc);

	return !zc || ring_zc_held(zc) != zc->slots;
}

/* For poll(): would a kick take frames? If not, ring_tx_space() or
 * ring_tx_given_back() will tell when. Whether there are slots for new frames does
 * not matter: a ring may be full of frames that wait for nothing but the next kick.
 * But if all are with the device, neither a frame can be made nor one taken.
 */
bool ring_tx_writable(struct netswitch_ring *ring)
{
	if (tx_room(ring) && tx_slot_left(ring))
		return true;
	WRITE_ONCE(ring->tx.blocked, 1);
	/* Either we see that frames have left, or who takes them away sees that
	 * we wait. Pairs with those in these functions.
	 */
	smp_mb();
	return tx_room(ring) && tx_slot_left(ring);
}

static void tx_wake(struct netswitch_ring *ring)
{
	WRITE_ONCE(ring->tx.blocked, 0);
	wake_up_interruptible_poll(&ring->wait, EPOLLOUT | EPOLLWRNORM);
}

/* sk_write_space: a frame has left. Any context; the ring may be closed. */
void ring_tx_space(struct sock *sk)
{
	struct netswitch_ring *ring =
		container_of(sk, struct netswitch_ring, sk);
	bool left;

	smp_mb(); /* see ring_tx_writable() */
	if (!READ_ONCE(ring->tx.blocked) || !sock_writeable(sk))
		return;
	rcu_read_lock(); /* see ring_zc_end() */
	left = tx_slot_left(ring);
	rcu_read_unlock();
	if (left)
		tx_wake(ring);
}

/* Slots are the process's again. Any context. Who waits for nothing but one of them
 * is not kept waiting for more: the device may keep the others until it gets new
 * frames. Their room was given back before, and may have been enough already.
 */
void ring_tx_given_back(struct netswitch_ring *ring)
{
	smp_mb(); /* see ring_tx_writable() */
	if (READ_ONCE(ring->tx.blocked) && tx_room(ring))
		tx_wake(ring);
}

/* How frames go out now: enum netswitch_ring_mode. May sleep. */
u32 ring_tx_mode(struct netswitch_ring *ring)
{
	struct ring_tx *tx = &ring->tx;
	u32 mode = NETSWITCH_RING_MODE_COPY;

	if (!tx->slots)
		return NETSWITCH_RING_MODE_NONE;
	mutex_lock(&tx->lock);
	if (tx->dev && ring_zc_on(ring, tx->dev))
		mode = NETSWITCH_RING_MODE_ZEROCOPY;
	mutex_unlock(&tx->lock);
	return mode;
}
