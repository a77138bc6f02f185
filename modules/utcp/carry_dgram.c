// SPDX-License-Identifier: GPL-2.0-only
/*
 * The datagrams of a carrier: those that wait until a frame can take them, which is when
 * there is a session and the congestion window has room; and those that come. Locks: see
 * carry.c.
 *
 * A datagram that waits is charged to its socket, as UDP's is until the device has it.
 * The sum for one peer is bounded besides, whoever they are of.
 */
#include "carry_priv.h"
#include "dgram.h"
#include "policy.h"

/* So many wait for a handshake; and for the window of a session. */
#define WAIT_MAX 16
#define QUEUE_MAX 512
/* Bytes of memory of those that wait for one peer. */
#define QUEUE_BYTES (2 << 20)
/* They wait no longer than a connect() does. */
#define WAIT_TIME UTCP_CONNECT_TIMEOUT

/**
 * struct waiting_cb - a datagram that waits
 * @since: since when
 * @port: port of the sender
 * @to_port: the port that is called
 */
struct waiting_cb {
	u64 since;
	u16 port;
	u16 to_port;
};

static struct waiting_cb *cb_of(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct waiting_cb) > sizeof(skb->cb));
	return (struct waiting_cb *)skb->cb;
}

/* The longest datagram that a frame of some size has room for. */
static u32 fits(u32 size)
{
	return size - UTCP_LANE_OVERHEAD - UTCP_DATAGRAM_LEN;
}

/* The size of frames as far as it is known. */
static u32 size_of(const struct utcp_carrier *c)
{
	return READ_ONCE(c->live) ? READ_ONCE(c->lane.pmtu.size) :
				    UTCP_PMTU_FIRST;
}

static void unqueue(struct utcp_carrier *c, struct sk_buff *skb)
{
	__skb_unlink(skb, &c->dgrams);
	c->dgram_bytes -= skb->truesize;
	c->lane.datagrams = skb_queue_len(&c->dgrams);
}

/* One is not sent. @err: what its program gets; 0: nothing. */
static void drop(struct utcp_carrier *c, struct sk_buff *skb,
		 enum utcp_dgram_drop reason, int err)
{
	unqueue(c, skb);
	utcp_dgram_lost(c->peer->un, skb, reason);
	if (err)
		utcp_dgram_report(skb->sk, utcp_peer_id(c->peer), err);
	/* Its socket may go with it: not under the lock. */
	__skb_queue_tail(&c->dgrams_gone, skb);
}

/**
 * utcp_carry_dgrams_drop() - no datagram that waits is sent
 * @c: the carrier
 * @err: what their programs get; 0: nothing
 *
 * Context: under the lock of the carrier.
 */
void utcp_carry_dgrams_drop(struct utcp_carrier *c, int err)
{
	struct sk_buff *skb;

	while ((skb = skb_peek(&c->dgrams)))
		drop(c, skb, UTCP_DGRAM_UNREACHABLE, err);
}

/**
 * utcp_carry_dgrams_look() - drop the datagrams that have waited too long
 * @c: the carrier
 * @now: the time
 *
 * Context: under the lock of the carrier.
 * Return: true if others wait.
 */
bool utcp_carry_dgrams_look(struct utcp_carrier *c, u64 now)
{
	struct sk_buff *skb;
	u8 key[UTCP_KEY_LEN];

	while ((skb = skb_peek(&c->dgrams))) {
		if (utcp_since(now, cb_of(skb)->since) < WAIT_TIME)
			return true;
		drop(c, skb, UTCP_DGRAM_UNREACHABLE,
		     utcp_peer_public_key(c->peer, key) ? ETIMEDOUT :
							  EHOSTUNREACH);
	}
	return false;
}

/**
 * utcp_carry_put_datagrams() - the lane has room for some: its @put_datagrams
 * @lane: the lane
 * @w: the room
 *
 * Context: under the lock of the carrier.
 * Return: true if one was written.
 */
bool utcp_carry_put_datagrams(struct utcp_lane *lane, struct utcp_writer *w)
{
	struct utcp_carrier *c = carrier_of(lane);
	u32 longest = fits(lane->pmtu.size);
	struct sk_buff *skb;
	bool any = false;
	u8 *to;

	while ((skb = skb_peek(&c->dgrams))) {
		/* Less passes than when it was written. */
		if (skb->len > longest) {
			drop(c, skb, UTCP_DGRAM_TOO_LONG, EMSGSIZE);
			continue;
		}
		to = utcp_put_datagram(w, cb_of(skb)->port, cb_of(skb)->to_port,
				       skb->len);
		if (!to)
			break;
		/* It is as long as it says. */
		WARN_ON_ONCE(skb_copy_bits(skb, 0, to, skb->len));
		unqueue(c, skb);
		__skb_queue_tail(&c->dgrams_going, skb);
		any = true;
	}
	return any;
}

/**
 * utcp_carry_dgrams_sent() - the frame that datagrams were put into was sent
 * @c: the carrier
 *
 * Context: under the lock of the carrier.
 */
void utcp_carry_dgrams_sent(struct utcp_carrier *c)
{
	this_cpu_add(c->peer->un->dgrams->tx, skb_queue_len(&c->dgrams_going));
	skb_queue_splice_tail_init(&c->dgrams_going, &c->dgrams_gone);
}

/**
 * utcp_carry_dgrams_unsent() - it was not: they wait again
 * @c: the carrier
 *
 * Context: under the lock of the carrier.
 */
void utcp_carry_dgrams_unsent(struct utcp_carrier *c)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue_tail(&c->dgrams_going))) {
		__skb_queue_head(&c->dgrams, skb);
		c->dgram_bytes += skb->truesize;
	}
	c->lane.datagrams = skb_queue_len(&c->dgrams);
}

/* May one more wait? */
static bool has_room(const struct utcp_carrier *c, const struct sk_buff *skb,
		     bool ready)
{
	return skb_queue_len(&c->dgrams) < (ready ? QUEUE_MAX : WAIT_MAX) &&
	       c->dgram_bytes + skb->truesize <= QUEUE_BYTES;
}

/* One is to be sent. Return: 0, or an error: it was not taken. */
static int take(struct utcp_carrier *c, struct sk_buff *skb,
		const struct waiting_cb *cb)
{
	struct utcp_net *un = c->peer->un;
	bool ready = utcp_session_ready(c->peer, cb->since);

	/* Who kills it drops those that are here after it is dead. */
	if (READ_ONCE(c->peer->dead))
		return -EHOSTUNREACH;
	if (skb->len > fits(size_of(c))) {
		if (c->live && skb->len <= fits(c->lane.pmtu.ceiling))
			utcp_lane_want_longer(&c->lane, cb->since);
		return -EMSGSIZE;
	}
	this_cpu_inc(un->dgrams->sent);
	if (!has_room(c, skb, ready)) {
		utcp_dgram_lost(un, skb, UTCP_DGRAM_QUEUE);
		__skb_queue_tail(&c->dgrams_gone, skb);
		return 0;
	}
	*cb_of(skb) = *cb;
	__skb_queue_tail(&c->dgrams, skb);
	c->dgram_bytes += skb->truesize;
	c->lane.datagrams = skb_queue_len(&c->dgrams);
	/* If it is not sent at once, it is looked at; and if there is no session, that
	 * is wanted, but not for each of many.
	 */
	c->chores_at =
		min(c->chores_at, ready ? cb->since + CHORES : c->want_at);
	return 0;
}

/**
 * utcp_carry_datagram() - send a datagram to a peer
 * @peer: the peer, which is wanted already
 * @skb: its bytes, charged to the socket that sends it; taken in any case
 * @port: port of the sender
 * @to_port: the port that is called
 * @uid: who sends
 *
 * What cannot be sent at once waits; if too many do, it is dropped and counted.
 *
 * Context: process, may sleep.
 * Return: 0; -EMSGSIZE: no frame on the path is so long, as far as it is known (if
 * longer ones may pass, they are tried now); -EHOSTUNREACH: the peer has just been
 * removed; -ENOMEM.
 */
int utcp_carry_datagram(struct utcp_peer *peer, struct sk_buff *skb, u16 port,
			u16 to_port, kuid_t uid)
{
	struct utcp_carrier *c = utcp_carrier_get(peer, GFP_KERNEL_ACCOUNT);
	const struct waiting_cb cb = { utcp_now(), port, to_port };
	int ret;

	if (!c) {
		kfree_skb(skb);
		return -ENOMEM;
	}
	utcp_carrier_lock(c);
	ret = take(c, skb, &cb);
	if (ret)
		__skb_queue_tail(&c->dgrams_gone, skb);
	c->uid = uid;
	utcp_carrier_run(c);
	/* What waits holds the peer; utcp_carrier_unlock() lets it go. */
	if (!skb_queue_empty(&c->dgrams) && !c->dgrams_hold)
		c->dgrams_hold = utcp_peer_hold(peer);
	utcp_carrier_unlock(c);
	return ret;
}

/**
 * utcp_carry_longest() - how long may a datagram to a peer be?
 * @peer: the peer, or NULL: nothing is known of it
 *
 * Context: any.
 * Return: bytes, as far as the path is known now.
 */
u32 utcp_carry_longest(const struct utcp_peer *peer)
{
	const struct utcp_carrier *c = peer ? READ_ONCE(peer->carrier) : NULL;

	return fits(c ? size_of(c) : UTCP_PMTU_FIRST);
}

/**
 * utcp_carry_peer_info() - what is known of the path to a peer
 * @peer: the peer
 * @info: its fields of the path are filled in, if something is
 *
 * Context: any but hard interrupts.
 */
void utcp_carry_peer_info(struct utcp_peer *peer, struct utcp_info *info)
{
	struct utcp_carrier *c = READ_ONCE(peer->carrier);

	if (!c)
		return;
	utcp_carrier_lock(c);
	utcp_carrier_info(c, info);
	utcp_carrier_unlock(c);
}

/**
 * utcp_carry_dgram_came() - a datagram has come: the lane's @datagram
 * @lane: the lane
 * @chunk: the datagram
 *
 * Context: under the lock of the carrier; softirq.
 */
void utcp_carry_dgram_came(struct utcp_lane *lane,
			   const struct utcp_chunk *chunk)
{
	struct utcp_peer *peer = carrier_of(lane)->peer;
	const struct utcp_dgram_addr addr = {
		.cell = peer->key.cell,
		.port = chunk->datagram.to_port,
		.from = utcp_peer_id(peer),
		.from_port = chunk->datagram.port,
	};
	struct sk_buff *skb;

	this_cpu_inc(peer->un->dgrams->rx);
	/* Who may not is not told whether somebody has the port. */
	if (utcp_policy_call(peer, false, addr.port, NULL)) {
		utcp_dgram_lost(peer->un, NULL, UTCP_DGRAM_NOT_ALLOWED);
		return;
	}
	skb = alloc_skb(chunk->data_len, GFP_ATOMIC);
	if (!skb) {
		utcp_dgram_lost(peer->un, NULL, UTCP_DGRAM_NO_MEMORY);
		return;
	}
	skb_put_data(skb, chunk->data, chunk->data_len);
	utcp_dgram_input(peer->un, &addr, skb);
}
