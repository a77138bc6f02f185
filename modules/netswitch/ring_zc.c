// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings, sending without a copy.
 *
 * The head of a frame is copied like that of any other, and all that is judged lies
 * in it; the rest stays in the pages that the process has mapped too, and the skb
 * holds a reference of each. So:
 *
 * The process may change those bytes until they are on the wire. It changes its own
 * payload, nothing else: nobody who decides looks there, and the skb says that its
 * pages are shared, so nobody works in place in them.
 *
 * Nobody but the one skb holds them. Whoever wants a second one (a tap, a bridge
 * that floods, a mirror) or takes the frame in again (a veth's other end) must copy
 * first: this is what skb_orphan_frags() does with all skbs like this. Whatever
 * holds that one skb, a queue or a stage, holds a slot: no ring has more of them
 * out than it has slots.
 *
 * A slot is the process's again when its bytes were let go, and those of all slots
 * before it: the consumer index passes slots in order, whatever the order in which
 * frames leave.
 */
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <net/rtnetlink.h>

#include "ring.h"

/* Gives back what can be. Under zc->lock.
 * Return: whether there was something.
 */
static bool zc_advance(struct ring_zc *zc)
{
	u32 done = zc->done;

	while (done != zc->taken) {
		u32 at = done & (zc->slots - 1);
		u32 n = min(zc->taken - done, zc->slots - at);
		const u8 *busy = memchr_inv(zc->busy + at, 0, n);

		if (busy) {
			done += busy - (zc->busy + at);
			break;
		}
		done += n;
	}
	if (done == zc->done)
		return false;
	WRITE_ONCE(zc->done, done);
	smp_store_release(zc->consumer, done); /* (D) of netswitch_ring.h */
	return true;
}

static void zc_free(struct rcu_head *rcu)
{
	struct ring_zc *zc = container_of(rcu, struct ring_zc, rcu);
	struct sock *sk = &zc->ring->sk;

	kvfree(zc);
	sock_put(sk);
}

/* The stack has let go of a slot's bytes; any context but a hard interrupt. */
static void zc_complete(struct sk_buff *skb, struct ubuf_info *ubuf,
			bool zerocopy_success)
{
	struct ring_zc_slot *slot =
		container_of(ubuf, struct ring_zc_slot, ubuf);
	struct ring_zc *zc = slot->zc;
	unsigned long flags;
	bool moved = false;

	if (!zerocopy_success)
		WRITE_ONCE(slot->copied, true);
	if (!refcount_dec_and_test(&ubuf->refcnt))
		return;
	rcu_read_lock(); /* what is last on another CPU waits for us */
	spin_lock_irqsave(&zc->lock, flags);
	zc->copied += slot->copied;
	zc->busy[slot - zc->slot] = 0;
	zc->flying--;
	if (zc->consumer)
		moved = zc_advance(zc);
	else if (!zc->flying)
		call_rcu(&zc->rcu, zc_free);
	spin_unlock_irqrestore(&zc->lock, flags);
	if (moved)
		ring_tx_given_back(zc->ring);
	rcu_read_unlock();
}

static const struct ubuf_info_ops zc_ops = { .complete = zc_complete };

/**
 * ring_zc_new() - get ready to send without a copy
 * @ring: its memory and transmit ring are set
 *
 * What is kept for each slot is bounded by the slots, as the memory is, and
 * charged to the memory cgroup of the process.
 *
 * Return: 0, or -ENOMEM.
 */
int ring_zc_new(struct netswitch_ring *ring)
{
	u32 slots = ring->tx.slots, i;
	struct ring_zc *zc;

	zc = kvzalloc(size_add(struct_size(zc, slot, slots), slots),
		      GFP_KERNEL_ACCOUNT);
	if (!zc)
		return -ENOMEM;
	spin_lock_init(&zc->lock);
	zc->ring = ring;
	zc->consumer = &ring->tx.ctl->consumer;
	zc->slots = slots;
	zc->busy = (u8 *)&zc->slot[slots];
	for (i = 0; i < slots; i++) {
		zc->slot[i].zc = zc;
		/* Not SKBFL_DONT_ORPHAN: who wants a clone copies. */
		zc->slot[i].ubuf.flags = SKBFL_ZEROCOPY_FRAG;
		compat_ubuf_set_ops(&zc->slot[i].ubuf, &zc_ops);
	}
	sock_hold(&ring->sk);
	ring->tx.zc = zc;
	return 0;
}

/**
 * ring_zc_end() - the shared memory is about to go
 * @ring: which nobody kicks or polls any more
 *
 * What is with the device stays there. Its pages are no more charged to namespace
 * and user then, but to the memory cgroup until they are freed. Of one ring they are
 * no more than it had slots; of many that were closed one after the other, no more
 * than the queue takes that holds their frames. It is the same with every socket
 * that is closed behind its last frame, and to wait here would let a slow device
 * keep the EtherType of a process that has died.
 */
void ring_zc_end(struct netswitch_ring *ring)
{
	struct ring_zc *zc = ring->tx.zc;

	if (!zc)
		return;
	WRITE_ONCE(ring->tx.zc, NULL); /* see ring_tx_space() */
	spin_lock_irq(&zc->lock);
	zc->consumer = NULL;
	if (!zc->flying)
		call_rcu(&zc->rcu, zc_free);
	spin_unlock_irq(&zc->lock);
}

/* Devices that give each frame to somebody on this machine, and copy it before, as
 * they must. To hand them pages is more work, and no less of copying. This is about
 * cost alone: whoever is not named here copies just as well.
 */
static bool copies_anyway(const struct net_device *dev)
{
	static const char *const kinds[] = { "veth", "netkit", "tun" };
	unsigned int i;

	if (dev->flags & IFF_LOOPBACK)
		return true;
	if (!dev->rtnl_link_ops)
		return false;
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(dev->rtnl_link_ops->kind, kinds[i]))
			return true;
	return false;
}

/**
 * ring_zc_on() - are long frames sent without a copy now?
 * @ring: the ring
 * @dev: its port's device, which may change its features at any time: one without
 *	scatter-gather gets whole copies. A frame that is under way when it loses
 *	that is made linear by the stack.
 *
 * Return: true if the ring has asked for it, and the device can.
 */
bool ring_zc_on(const struct netswitch_ring *ring, const struct net_device *dev)
{
	return ring->tx.zc && READ_ONCE(dev->features) & NETIF_F_SG &&
	       !copies_anyway(dev);
}

/**
 * ring_zc_make() - an skb whose head is copied and whose rest is in the ring's pages
 * @ring: the ring
 * @dev: its port's device
 * @data: the frame, in a slot for sending
 * @len: its length
 * @linear: bytes of the head; fewer than @len
 *
 * It is not yet known to the stack as one whose pages belong to somebody else: see
 * ring_zc_hand().
 *
 * Return: the skb; NULL: no memory, or the frame lies on more pages than an skb can
 *	have. It can be copied then.
 */
struct sk_buff *ring_zc_make(const struct netswitch_ring *ring,
			     const struct net_device *dev, const u8 *data,
			     u32 len, u32 linear)
{
	size_t at = data + linear - (const u8 *)ring->mem.addr;
	u32 head = LL_RESERVED_SPACE(dev); /* once, see tx_copy() */
	u32 rest = len - linear;
	u32 n = PAGE_ALIGN(offset_in_page(at) + rest) >> PAGE_SHIFT;
	struct sk_buff *skb;
	u32 i;

	if (n > MAX_SKB_FRAGS)
		return NULL;
	skb = alloc_skb(head + linear + READ_ONCE(dev->needed_tailroom),
			GFP_KERNEL);
	if (!skb)
		return NULL;
	skb_reserve(skb, head);
	skb_put_data(skb, data, linear);
	for (i = 0; i < n; i++) {
		struct page *page = ring->mem.pages[at >> PAGE_SHIFT];
		u32 size = min_t(u32, rest, PAGE_SIZE - offset_in_page(at));

		get_page(page);
		skb_fill_page_desc(skb, i, page, offset_in_page(at), size);
		at += size;
		rest -= size;
	}
	skb->data_len = len - linear;
	skb->len += skb->data_len;
	/* It holds whole pages, also when its process has gone. */
	skb->truesize += n << PAGE_SHIFT;
	return skb;
}

/**
 * ring_zc_hand() - a frame will be sent without a copy
 * @zc: the ring's
 * @skb: made by ring_zc_make(), and found good
 * @i: its slot
 *
 * ring_zc_take() has to follow before the frame is sent. Under the ring's tx.lock.
 */
void ring_zc_hand(struct ring_zc *zc, struct sk_buff *skb, u32 i)
{
	struct ring_zc_slot *slot = &zc->slot[i];

	slot->copied = false;
	refcount_set(&slot->ubuf.refcnt, 1);
	zc->busy[i] = 1;
	zc->fresh++;
	skb_zcopy_init(skb, &slot->ubuf);
}

/**
 * ring_zc_take() - frames were taken: give back those slots that were copied
 * @zc: the ring's
 * @taken: consumer index behind the last frame
 *
 * Under the ring's tx.lock.
 */
void ring_zc_take(struct ring_zc *zc, u32 taken)
{
	spin_lock_irq(&zc->lock);
	WRITE_ONCE(zc->taken, taken);
	zc->flying += zc->fresh;
	zc_advance(zc);
	spin_unlock_irq(&zc->lock);
	zc->frames += zc->fresh;
	zc->fresh = 0;
}

/* How many frames were copied on their way. */
u64 ring_zc_copied(struct ring_zc *zc)
{
	u64 copied;

	spin_lock_irq(&zc->lock);
	copied = zc->copied;
	spin_unlock_irq(&zc->lock);
	return copied;
}
