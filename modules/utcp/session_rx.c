// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions: receiving, under the keys of the day and those of a handshake that is
 * confirmed by what comes. For the locks see session.c.
 */
#include <linux/unaligned.h>

#include "chunk.h"
#include "input.h"
#include "policy.h"
#include "session_priv.h"

/* A frame came that was verified: was it from elsewhere? */
static void look_at_path(struct utcp_peer *peer, const struct utcp_path *path,
			 const struct utcp_chunks *chunks, bool newest,
			 u32 bytes)
{
	struct utcp_path own;

	utcp_peer_path(peer, &own);
	if (likely(utcp_path_equal(&own, path)))
		return;
	spin_lock_bh(&peer->lock);
	if (!utcp_path_equal(&peer->neigh.path, path)) {
		utcp_move_bytes(&peer->move, path, bytes);
		if (newest && chunks->moves && peer->neigh.path.ifindex)
			peer->move_todo |=
				utcp_move_seen(&peer->move, utcp_now(), path,
					       bytes, utcp_peer_pto(peer));
	}
	spin_unlock_bh(&peer->lock);
	utcp_peer_kick(peer);
}

/* Answers a challenge on the path on which it came. */
static void answer_challenge(struct utcp_peer *peer, struct utcp_assoc *assoc,
			     const struct utcp_path *path, const u8 *data)
{
	bool may, elsewhere;

	spin_lock_bh(&peer->lock);
	elsewhere = !utcp_path_equal(&peer->neigh.path, path);
	/* To elsewhere goes no more than a multiple of what came from there; the
	 * challenge itself is long enough for its answer.
	 */
	may = !elsewhere || peer->move.state == UTCP_MOVE_NONE ||
	      utcp_move_spend(&peer->move, path,
			      UTCP_PATH_LEN + UTCP_DATA_OVERHEAD);
	spin_unlock_bh(&peer->lock);
	if (may && elsewhere)
		may = !utcp_policy_path(peer, assoc, path);
	if (may && utcp_assoc_may_send(assoc, utcp_now()))
		utcp_session_send_path(peer, assoc, path,
				       UTCP_CHUNK_PATH_RESPONSE, data);
}

/* --- receiving ------------------------------------------------------------------------ */

/* An association of the session, the current one first; NULL: there are no more. */
static struct utcp_assoc *nth_assoc(const struct utcp_peer *peer,
				    unsigned int n)
{
	return n ? rcu_dereference(peer->previous[n - 1]) :
		   rcu_dereference(peer->current_assoc);
}

/* The association that an ACK speaks of, by the index that it had sent with. */
static struct utcp_assoc *assoc_of(const struct utcp_peer *peer, u32 remote)
{
	struct utcp_assoc *assoc;
	unsigned int i;

	for (i = 0; i <= UTCP_PREVIOUS; i++) {
		assoc = nth_assoc(peer, i);
		if (assoc && assoc->remote == remote)
			return assoc;
	}
	return NULL;
}

/**
 * utcp_session_has() - is an association still one of the session?
 * @peer: the peer
 * @index: receiver index of its frames at this end, as in struct utcp_session_rx
 *
 * A frame may be delayed between being opened and being handed on, and its session be
 * over by then. Whoever holds a lock that the event hook takes for what it ends, and
 * asks under it, does not take such a frame for one of the next session: the
 * associations go before the event is told.
 *
 * Context: under RCU.
 * Return: true if it is.
 */
bool utcp_session_has(const struct utcp_peer *peer, u32 index)
{
	const struct utcp_assoc *assoc;
	unsigned int i;

	for (i = 0; i <= UTCP_PREVIOUS; i++) {
		assoc = nth_assoc(peer, i);
		if (assoc && assoc->ix.value == index)
			return true;
	}
	return false;
}

/**
 * utcp_session_sends() - is an association still one of the session?
 * @peer: the peer
 * @index: receiver index of frames that were sent, as in struct utcp_session_sent
 *
 * An ACK for one that is not was not looked at.
 *
 * Context: under RCU.
 * Return: true if it is.
 */
bool utcp_session_sends(const struct utcp_peer *peer, u32 index)
{
	return assoc_of(peer, index);
}

/* Return: false if the peer lies. */
static bool take_ack(struct utcp_peer *peer, const struct utcp_chunk *ack)
{
	struct utcp_assoc *assoc = assoc_of(peer, ack->ack.index);

	if (!assoc)
		return true;
	if (!utcp_assoc_ack_ok(assoc, ack))
		return false;
	/* Nearly always nothing was asked for. Who has just asked, and not yet said so,
	 * would not have been seen under the lock either.
	 */
	if (!READ_ONCE(peer->ping.out))
		return true;
	spin_lock_bh(&peer->lock);
	utcp_session_ping_answered(peer, ack);
	spin_unlock_bh(&peer->lock);
	return true;
}

static int close_error(u32 code)
{
	int err = ECONNRESET;

	if (code == UTCP_CLOSE_IDLE)
		err = 0; /* who has just begun tries again */
	else if (code == UTCP_CLOSE_PROTOCOL)
		err = EPROTO;
	else if (code == UTCP_CLOSE_ROOM)
		err = ENOBUFS;
	else if (code == UTCP_CLOSE_NOT_ALLOWED)
		err = EACCES;
	return err;
}

static void closed(struct utcp_peer *peer, u32 code)
{
	spin_lock_bh(&peer->event_lock);
	utcp_session_end(peer, UTCP_NO_CLOSE, close_error(code));
	if (code == UTCP_CLOSE_PROTOCOL) {
		spin_lock(&peer->lock);
		peer->sulk_until = utcp_now() + UTCP_SULK_TIME;
		spin_unlock(&peer->lock);
	}
	spin_unlock_bh(&peer->event_lock);
}

/* Acts on the session's own chunks. Return: 0; 1: the session is over; -EPROTO. */
static int own_chunks(struct utcp_peer *peer, struct utcp_assoc *assoc,
		      const struct utcp_path *path, const u8 *plain, size_t len)
{
	const u8 *end = plain + len;
	struct utcp_chunk chunk;

	for (;;) {
		if (utcp_chunk_skip(UTCP_CHUNK_DATA, &plain, end))
			continue;
		if (!utcp_chunk_next(&chunk, &plain, end))
			return 0;
		switch (chunk.type) {
		case UTCP_CHUNK_ACK:
			if (!take_ack(peer, &chunk))
				return -EPROTO;
			break;
		case UTCP_CHUNK_PATH_CHALLENGE:
			answer_challenge(peer, assoc, path, chunk.data);
			break;
		case UTCP_CHUNK_PATH_RESPONSE:
			spin_lock_bh(&peer->lock);
			peer->move_todo |= utcp_move_answer(
				&peer->move, utcp_now(), chunk.data);
			spin_unlock_bh(&peer->lock);
			utcp_peer_kick(peer);
			break;
		case UTCP_CHUNK_CLOSE:
			closed(peer, chunk.code);
			return 1;
		}
	}
}

/* Why the connections' side did not take a frame. */
static unsigned int refused(int err)
{
	switch (err) {
	case -ENOMEM:
		return UTCP_DROP_REASON_NOMEM;
	case -ESHUTDOWN:
		return UTCP_DROP_REASON_UNSERVED;
	default:
		return UTCP_DROP_REASON_CHUNK;
	}
}

/* A plaintext whose tag was right and whose counter is new. Takes @skb. */
static bool take_plain(struct utcp_net *un, struct utcp_assoc *assoc,
		       struct sk_buff *skb, const struct utcp_path *path,
		       const struct utcp_opened *opened, u64 now)
{
	const struct utcp_session_ops *ops = utcp_session_ops_now();
	struct utcp_chunks chunks __uninitialized;
	struct utcp_peer *peer = assoc->peer;
	struct utcp_session_rx rx = {
		.peer = peer,
		.index = assoc->ix.value,
		.counter = opened->counter,
		.next = opened->next,
		.when = now,
		.chunks = &chunks,
		.plain = skb->data,
		.len = skb->len,
		.skb = skb,
	};
	bool newest;
	int ret;

	newest = opened->greatest &&
		 rcu_access_pointer(peer->current_assoc) == assoc;
	utcp_session_used(peer, assoc, rx.when);
	WRITE_ONCE(peer->heard, rx.when);
	if (utcp_chunks_check(&chunks, rx.plain, rx.len)) {
		utcp_session_protocol_error(peer);
		return utcp_refuse(un, skb, UTCP_DROP_REASON_CHUNK);
	}
	look_at_path(peer, path, &chunks, newest, rx.len + UTCP_DATA_OVERHEAD);
	ret = chunks.own ? own_chunks(peer, assoc, path, rx.plain, rx.len) : 0;
	if (ret < 0) {
		utcp_session_protocol_error(peer);
		return utcp_refuse(un, skb, UTCP_DROP_REASON_CHUNK);
	}
	if (!ret && ops) {
		ret = ops->rx(&rx);
		if (ret == -EPROTO)
			utcp_session_protocol_error(peer);
		if (ret)
			return utcp_refuse(un, skb, refused(ret));
	}
	utcp_delivered(un);
	/* In softirq: what describes it serves the next one that is sent. */
	napi_consume_skb(skb, 1);
	return true;
}

static bool assoc_input(struct utcp_net *un, struct utcp_assoc *assoc,
			struct sk_buff *skb, const struct utcp_path *path)
{
	struct utcp_opened opened __uninitialized;
	u64 now = utcp_now();
	unsigned int reason;

	if (utcp_since(now, assoc->born) >= UTCP_ASSOC_TIME)
		return utcp_refuse(un, skb, UTCP_DROP_REASON_INDEX);
	reason = utcp_assoc_open(assoc, &skb, utcp_frame_len(skb->data), now,
				 &opened);
	if (reason)
		return utcp_refuse(un, skb, reason);
	return take_plain(un, assoc, skb, path, &opened, now);
}

/* Is the initiation's path the session's from now on? Under the peer's lock. */
static void take_path(struct utcp_peer *peer, const struct utcp_path *path,
		      bool restarted)
{
	if (peer->neigh.state == UTCP_PEER_STATE_REACHABLE && !restarted)
		return;
	utcp_peer_set_path(peer, path);
	utcp_move_done(&peer->move);
}

/* The initiator has proved, by a frame, that he is there now. Under event_lock.
 * Return: the association that comes of it; NULL: it cannot be, for a @reason.
 */
static struct utcp_assoc *confirm(struct utcp_peer *peer,
				  struct utcp_half *half,
				  struct utcp_assoc *assoc,
				  unsigned int *reason)
{
	struct utcp_half *older, *next;
	struct utcp_path path;
	bool restarted;
	int ret;

	/* The policies may be others than they were when the initiation came. */
	ret = utcp_policy_assoc(peer, assoc, &half->path);
	if (ret) {
		*reason = ret == -EACCES ? UTCP_DROP_REASON_POLICY :
					   UTCP_DROP_REASON_NOMEM;
		spin_lock_bh(&peer->lock);
		utcp_session_drop_half(peer, half);
		spin_unlock_bh(&peer->lock);
		return NULL;
	}
	*reason = UTCP_DROP_REASON_ROOM;
	if (utcp_peer_count(peer, &half->path)) {
		rcu_read_lock();
		utcp_session_send_close(peer, assoc, &half->path,
					UTCP_CLOSE_ROOM);
		rcu_read_unlock();
		spin_lock_bh(&peer->lock);
		utcp_session_drop_half(peer, half);
		spin_unlock_bh(&peer->lock);
		return NULL;
	}
	restarted = utcp_session_confirm(peer, half->boot, half->time);
	spin_lock_bh(&peer->lock);
	memcpy(peer->public_key, half->rs, UTCP_KEY_LEN);
	peer->has_key = true;
	peer->sure = true;
	take_path(peer, &half->path, restarted);
	/* It is found by its number without a gap. */
	if (utcp_index_replace(peer->un, &half->ix, &assoc->ix,
			       UTCP_INDEX_ASSOC)) {
		spin_unlock_bh(&peer->lock);
		return NULL;
	}
	list_for_each_entry_safe(older, next, &peer->half, node) {
		if (older == half)
			break;
		utcp_session_drop_half(peer, older);
	}
	utcp_session_half_done(peer, half);
	spin_unlock_bh(&peer->lock);
	utcp_peer_path(peer, &path);
	if (!utcp_path_equal(&path, &half->path))
		utcp_policy_moved(peer, assoc, &path);
	utcp_session_set_mtu(peer, half->mtu);
	utcp_session_install(peer, assoc);
	return assoc;
}

static bool half_input(struct utcp_net *un, struct utcp_half *half,
		       struct sk_buff *skb, const struct utcp_path *path)
{
	u64 counter = get_unaligned_be64(skb->data + UTCP_COUNTER_AT);
	size_t len = utcp_frame_len(skb->data);
	struct utcp_peer *peer = half->peer;
	struct utcp_assoc *assoc, *fresh;
	struct utcp_opened opened;
	struct utcp_index *ix;
	unsigned int reason;

	/* Pairs with the one that sets it, after the secrets. */
	if (!smp_load_acquire(&half->ready) ||
	    utcp_since(utcp_now(), half->secrets.born) >= UTCP_HALF_TIME)
		return utcp_refuse(un, skb, UTCP_DROP_REASON_INDEX);
	reason = utcp_half_open(half, &skb, len);
	if (reason)
		return utcp_refuse(un, skb, reason);
	fresh = utcp_assoc_new(peer, &half->secrets, GFP_ATOMIC);
	if (!fresh)
		return utcp_refuse(un, skb, UTCP_DROP_REASON_NOMEM);
	assoc = NULL;
	reason = UTCP_DROP_REASON_INDEX;
	spin_lock_bh(&peer->event_lock);
	if (!READ_ONCE(half->gone) && !READ_ONCE(peer->dead)) {
		assoc = confirm(peer, half, fresh, &reason);
	} else {
		/* Another CPU was faster with another frame. */
		ix = utcp_index_find(un, half->ix.value);
		if (ix && ix->kind == UTCP_INDEX_ASSOC)
			assoc = container_of(ix, struct utcp_assoc, ix);
	}
	spin_unlock_bh(&peer->event_lock);
	if (assoc != fresh)
		utcp_assoc_free(fresh);
	if (assoc)
		reason = utcp_assoc_took(assoc, counter, len, utcp_now(),
					 &opened);
	if (reason)
		return utcp_refuse(un, skb, reason);
	return take_plain(un, assoc, skb, path, &opened, utcp_now());
}

/**
 * utcp_session_input() - take a data frame
 * @un: state of the namespace
 * @skb: the frame, see input.h; taken in any case
 * @path: where it came from
 *
 * Context: softirq, under RCU.
 * Return: true; false: it was dropped.
 */
bool utcp_session_input(struct utcp_net *un, struct sk_buff *skb,
			const struct utcp_path *path)
{
	struct utcp_index *ix = utcp_index_find(
		un, get_unaligned_be32(skb->data + UTCP_INDEX_AT));

	if (!ix || ix->kind == UTCP_INDEX_HANDSHAKE)
		return utcp_refuse(un, skb, UTCP_DROP_REASON_INDEX);
	if (get_unaligned_be16(skb->data + UTCP_LANE_AT))
		return utcp_refuse(un, skb, UTCP_DROP_REASON_LANE);
	if (ix->kind == UTCP_INDEX_HALF)
		return half_input(un, container_of(ix, struct utcp_half, ix),
				  skb, path);
	return assoc_input(un, container_of(ix, struct utcp_assoc, ix), skb,
			   path);
}
