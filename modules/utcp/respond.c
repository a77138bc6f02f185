// SPDX-License-Identifier: GPL-2.0-only
/*
 * The responder's side.
 *
 * The softirq does what is cheap, or answers with a cookie. What passes, and is paid
 * for, waits for the namespace's worker, which does the public-key work. An initiation
 * by itself changes nothing but what a half-open association takes.
 *
 * A processor that cannot do what there are tokens for answers the youngest first: else
 * all would wait until nobody wants the answer any more, and each that is answered then
 * is one that has been asked anew.
 */
#include <linux/etherdevice.h>
#include <linux/slab.h>
#include <linux/unaligned.h>

#include "input.h"
#include "link.h"
#include "policy.h"
#include "respond.h"
#include "session_priv.h"

struct workqueue_struct *utcp_respond_wq;

/* Tokens: for the static key; for DH(sr, Si); for the answer, which makes a key and
 * two DHs.
 */
#define COST_STATIC 1
#define COST_PAYLOAD 1
#define COST_ANSWER 3
/* For a handshake of one's own because of a doubtful initiation. */
#define COST_DOUBT 3
static_assert(COST_STATIC + COST_PAYLOAD + COST_ANSWER <= UTCP_BUDGET_DH_LEAST);
static_assert(2 * COST_DOUBT <= UTCP_BUDGET_DH_LEAST);
/* Initiations a second on the path of a live session that the reserve pays for. */
#define RESERVE_PAUSE (NSEC_PER_SEC / 2)

/* An initiation is replaced by the next one after so long, and its answer is for nobody:
 * the longest pause of an initiator, and its jitter.
 */
#define STALE (900ULL * NSEC_PER_MSEC)

/**
 * struct waiting - what is known of an initiation in the queue
 * @since: when it came
 * @cell: for which cell; held
 * @path: from where
 * @proved: he has shown that he hears what is sent there
 * @reserve: it is paid from the reserve, from when the pair had no tokens on
 */
struct waiting {
	u64 since;
	struct utcp_cell *cell;
	struct utcp_path path;
	bool proved;
	bool reserve;
};

static struct waiting *waiting_of(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct waiting) > sizeof(skb->cb));
	return (struct waiting *)skb->cb;
}

/* --- the cheap part -------------------------------------------------------------- */

static bool pay(struct utcp_net *un, const struct utcp_path *path, bool reserve,
		enum utcp_work work, u32 n)
{
	bool ok;

	if (!n)
		return true;
	spin_lock_bh(&un->lock);
	ok = reserve ? utcp_budget_reserve(&un->budget, utcp_now(), n) :
		       utcp_budget_take(&un->budget, utcp_now(), path->ifindex,
					path->vlan, work, n);
	spin_unlock_bh(&un->lock);
	return ok;
}

static void send_cookie(struct utcp_net *un, const struct utcp_cell *cell,
			const u8 *initiation, const struct utcp_path *path,
			const struct utcp_cookie_from *from)
{
	const struct utcp_cell_keys *keys = rcu_dereference(cell->keys);
	u8 frame[UTCP_COOKIE_FRAME_LEN];

	if (!pay(un, path, false, UTCP_WORK_COOKIE, 1))
		return;
	utcp_frame_header(frame, UTCP_FRAME_COOKIE, sizeof(frame));
	memcpy(frame + UTCP_INDEX_AT, initiation + UTCP_INDEX_AT, sizeof(u32));
	spin_lock_bh(&un->lock);
	utcp_cookie_reply(frame + UTCP_COOKIE_REPLY_AT, &un->jar, utcp_now(),
			  from, &keys->mac,
			  initiation + UTCP_INITIATION_MAC1_AT);
	spin_unlock_bh(&un->lock);
	utcp_link_send(un, path, frame, sizeof(frame));
}

/* Is there a live session on this path, whose share of the reserve is not used? */
static bool has_session(struct utcp_net *un, struct utcp_cell *cell,
			const struct utcp_path *path)
{
	return utcp_peers_reserve(un, cell, path, RESERVE_PAUSE);
}

/* Pays for a step of an answer: from the share of the pair; when that is used up, for a live
 * session, from the reserve.
 */
static bool pay_step(struct utcp_net *un, struct waiting *w, u32 n)
{
	if (!w->reserve && pay(un, &w->path, false, UTCP_WORK_DH, n))
		return true;
	if (!w->reserve && w->proved) {
		rcu_read_lock();
		w->reserve = has_session(un, w->cell, &w->path);
		rcu_read_unlock();
	}
	return w->reserve && pay(un, &w->path, true, UTCP_WORK_DH, n);
}

/* What mac2 says. Return: 0: go on; else the reason to drop it. */
static unsigned int look_at_mac2(struct utcp_net *un, struct utcp_cell *cell,
				 const u8 *frame, const struct utcp_path *path,
				 bool *proved)
{
	const u8 *mac2 = frame + UTCP_INITIATION_MAC2_AT;
	struct utcp_cookie_from from = {
		.ifindex = path->ifindex,
		.vlan = path->vlan,
	};
	bool none = !memchr_inv(mac2, 0, UTCP_MAC_LEN), ok;

	memcpy(from.addr, path->mac, ETH_ALEN);
	spin_lock_bh(&un->lock);
	*proved = !none && utcp_mac2_ok(mac2, &un->jar, utcp_now(), &from,
					frame, UTCP_INITIATION_MAC2_AT);
	ok = *proved || (none && utcp_budget_blind(&un->budget, utcp_now(),
						   path->ifindex, path->vlan));
	spin_unlock_bh(&un->lock);
	if (ok)
		return 0;
	send_cookie(un, cell, frame, path, &from);
	return UTCP_DROP_REASON_MAC2;
}

/* The cell that an initiation is for. */
static struct utcp_cell *meant(struct utcp_net *un, const u8 *frame,
			       const struct utcp_path *path,
			       unsigned int *reason)
{
	u8 hint = frame[UTCP_HINT_AT];

	*reason = UTCP_DROP_REASON_RATE;
	if (!pay(un, path, false, UTCP_WORK_MAC1,
		 utcp_cell_hinted(&un->cells, hint)))
		return NULL;
	*reason = UTCP_DROP_REASON_MAC1;
	return utcp_cell_by_mac1(&un->cells, frame + UTCP_INITIATION_MAC1_AT,
				 frame, UTCP_INITIATION_MAC1_AT, hint);
}

/* One of the queue is not answered. */
static void let_go(struct utcp_net *un, struct sk_buff *skb)
{
	utcp_cell_release(waiting_of(skb)->cell);
	utcp_drop(un, skb, UTCP_DROP_REASON_BUDGET);
}

/* Into the queue; the oldest makes room. */
static void enqueue(struct utcp_net *un, struct sk_buff *skb)
{
	struct sk_buff *oldest = NULL;

	spin_lock_bh(&un->initiations.lock);
	if (skb_queue_len(&un->initiations) >= UTCP_INITIATIONS)
		oldest = __skb_dequeue(&un->initiations);
	__skb_queue_tail(&un->initiations, skb);
	spin_unlock_bh(&un->initiations.lock);
	if (oldest)
		let_go(un, oldest);
}

/**
 * utcp_respond_input() - take an initiation
 * @un: state of the namespace
 * @skb: the frame, see input.h; taken in any case
 * @path: where it came from
 *
 * What is cheap is checked, the rest is the work queue's.
 *
 * Context: softirq, under RCU.
 * Return: true: it waits for that; false: it was dropped.
 */
bool utcp_respond_input(struct utcp_net *un, struct sk_buff *skb,
			const struct utcp_path *path)
{
	struct waiting *w = waiting_of(skb);
	unsigned int reason;

	memset(w, 0, sizeof(*w));
	w->since = utcp_now();
	w->path = *path;
	w->cell = meant(un, skb->data, path, &reason);
	if (!w->cell)
		return utcp_refuse(un, skb, reason);
	reason = look_at_mac2(un, w->cell, skb->data, path, &w->proved);
	if (reason)
		return utcp_refuse(un, skb, reason);
	if (!pay_step(un, w, COST_STATIC))
		return utcp_refuse(un, skb, UTCP_DROP_REASON_BUDGET);
	if (!utcp_cell_hold(w->cell))
		return utcp_refuse(un, skb, UTCP_DROP_REASON_MAC1);
	/* tc may have lent it a socket, for as long as RCU lasts. */
	skb_orphan(skb);
	enqueue(un, skb);
	queue_work(utcp_respond_wq, &un->respond);
	return true;
}

/* --- the dear part ---------------------------------------------------------------- */

/**
 * struct answering - an initiation that is being answered
 * @noise: the handshake
 * @s: own keys
 * @realm: and realm
 * @offer: what the initiator says
 * @id: who he is
 * @frame: the response
 */
struct answering {
	struct utcp_noise noise;
	struct utcp_noise_static s;
	u8 realm[UTCP_KEY_LEN];
	struct utcp_offer offer;
	u8 id[UTCP_ID_BYTES];
	u8 frame[UTCP_RESPONSE_LEN];
};

static void own_keys(struct answering *a, struct utcp_cell *cell)
{
	utcp_cell_realm(cell, a->realm);
	memcpy(a->s.private, cell->private_key, UTCP_KEY_LEN);
	memcpy(a->s.public, cell->public_key, UTCP_KEY_LEN);
}

/* Has the cell still the realm that the initiation was read with? */
static bool realm_stayed(const struct answering *a,
			 const struct utcp_cell *cell)
{
	const struct utcp_cell_keys *keys;
	bool same;

	rcu_read_lock();
	keys = rcu_dereference(cell->keys);
	same = keys && utcp_equal(keys->realm, a->realm, UTCP_KEY_LEN);
	rcu_read_unlock();
	return same;
}

/* Reads who it is. Return: 0 or the reason to drop it. */
static unsigned int read_static(struct answering *a, struct utcp_net *un,
				struct sk_buff *skb)
{
	struct utcp_cell *cell = waiting_of(skb)->cell;
	unsigned int reason = 0;
	struct utcp_peer *peer;

	if (utcp_initiation_static(&a->noise, skb->data, &a->s, a->realm) ||
	    !memcmp(a->noise.rs, cell->public_key, UTCP_KEY_LEN))
		return UTCP_DROP_REASON_HANDSHAKE;
	utcp_cell_id(a->id, a->noise.rs);
	if (!memchr_inv(a->id, 0, UTCP_ID_BYTES))
		return UTCP_DROP_REASON_HANDSHAKE;
	peer = utcp_peer_lookup(un, cell->id, a->id);
	if (!peer)
		return 0;
	spin_lock_bh(&peer->lock);
	if (peer->has_key && peer->sure &&
	    memcmp(peer->public_key, a->noise.rs, UTCP_KEY_LEN))
		reason = UTCP_DROP_REASON_KEY;
	spin_unlock_bh(&peer->lock);
	utcp_peer_put(peer);
	return reason;
}

/* A handshake of one's own tells whether the peer has restarted. Under its lock. */
static void doubt(struct utcp_peer *peer, const struct utcp_path *path)
{
	u64 now = utcp_now();
	u32 cost = peer->neigh.path.ifindex ? 2 * COST_DOUBT : COST_DOUBT;

	if ((peer->answer_at && now - peer->answer_at < NSEC_PER_SEC) ||
	    !list_empty(&peer->handshakes) ||
	    !pay(peer->un, path, false, UTCP_WORK_DH, cost))
		return;
	peer->answer_at = now;
	peer->answer_path = *path;
}

static bool seen(const struct utcp_peer *peer, const u8 re[UTCP_KEY_LEN])
{
	const struct utcp_half *half;

	list_for_each_entry(half, &peer->half, node)
		if (!memcmp(half->re, re, UTCP_KEY_LEN))
			return true;
	return false;
}

/* Is it new? Under the peer's lock. */
static unsigned int look_at_time(struct answering *a, struct utcp_peer *peer,
				 const struct utcp_path *path)
{
	if (seen(peer, a->noise.re))
		return UTCP_DROP_REASON_OLD;
	switch (utcp_record_take(&peer->record, &a->offer)) {
	case UTCP_OLD:
		return UTCP_DROP_REASON_OLD;
	case UTCP_DOUBTFUL:
		doubt(peer, path);
		return UTCP_DROP_REASON_DOUBTFUL;
	default:
		return 0;
	}
}

/* Puts a half-open association into its peer's list; of more than three, the oldest
 * goes. Under the peer's lock.
 */
static void half_add(struct utcp_peer *peer, struct utcp_half *half)
{
	struct utcp_half *oldest;

	if (peer->n_half >= UTCP_HALF_OF_PEER) {
		oldest = list_first_entry(&peer->half, struct utcp_half, node);
		list_del(&oldest->node);
		oldest->gone = true;
		utcp_index_del(peer->un, &oldest->ix);
		utcp_half_free(oldest);
		peer->n_half--;
		atomic_dec(&peer->un->n_half);
	}
	list_add_tail(&half->node, &peer->half);
	peer->n_half++;
	atomic_inc(&peer->un->n_half);
}

/* Writes the response, and what it leaves, into @half, which has an index.
 * @boot: set to the boot id that the response says is ours
 */
static int write_response(struct answering *a, struct utcp_peer *peer,
			  struct utcp_half *half, const u8 *initiation,
			  u8 boot[UTCP_BOOT_LEN])
{
	struct utcp_answer answer = {
		.index = half->ix.value,
		.suite = UTCP_SUITE_CHACHA20_POLY1305,
		.lanes = 1,
		.mtu = utcp_link_mtu(peer->un, half->path.ifindex),
	};
	u32 remote = get_unaligned_be32(initiation + UTCP_INDEX_AT);
	struct utcp_mac_keys to;
	u8 e[UTCP_KEY_LEN];
	int ret;

	if (answer.mtu < UTCP_MTU_MIN)
		return -EMSGSIZE;
	spin_lock_bh(&peer->lock);
	memcpy(answer.boot, peer->boot, UTCP_BOOT_LEN);
	spin_unlock_bh(&peer->lock);
	memcpy(boot, answer.boot, UTCP_BOOT_LEN);
	ret = utcp_private_key_new(e);
	if (ret)
		return ret;
	utcp_mac_keys_init(&to, half->rs, a->realm);
	ret = utcp_response_write(a->frame, &a->noise, &to, remote, &answer, e);
	utcp_mac_keys_wipe(&to);
	if (ret)
		return ret;
	half->secrets.suite = answer.suite;
	half->secrets.remote = remote;
	half->secrets.born = utcp_now();
	return utcp_noise_split(&a->noise, half->secrets.send,
				half->secrets.receive, NULL);
}

/* Return: 0 or the reason to drop it. */
static unsigned int answer_it(struct answering *a, struct utcp_peer *peer,
			      struct sk_buff *skb)
{
	const struct waiting *w = waiting_of(skb);
	u8 boot[UTCP_BOOT_LEN] = {};
	struct utcp_half *half;
	unsigned int reason = 0;
	int ret;

	half = kzalloc(sizeof(*half), GFP_KERNEL_ACCOUNT);
	if (!half)
		return UTCP_DROP_REASON_NOMEM;
	half->peer = peer;
	half->path = w->path;
	half->mtu = a->offer.mtu;
	half->time = a->offer.time;
	memcpy(half->boot, a->offer.boot, UTCP_BOOT_LEN);
	memcpy(half->rs, a->noise.rs, UTCP_KEY_LEN);
	memcpy(half->re, a->noise.re, UTCP_KEY_LEN);
	INIT_LIST_HEAD(&half->node);
	ret = utcp_index_add(peer->un, &half->ix, UTCP_INDEX_HALF);
	if (ret) {
		kfree_sensitive(half);
		return UTCP_DROP_REASON_NOMEM;
	}
	ret = write_response(a, peer, half, skb->data, boot);
	/* None of those that make way is being confirmed meanwhile. */
	spin_lock_bh(&peer->event_lock);
	spin_lock(&peer->lock);
	/* If the session has ended meanwhile, we are another one than it says. Of a
	 * realm that is changed after this look, the half-open ones are ended.
	 */
	if (ret || peer->dead || memcmp(boot, peer->boot, UTCP_BOOT_LEN) ||
	    !realm_stayed(a, w->cell)) {
		utcp_index_del(peer->un, &half->ix);
		utcp_half_free(half);
		reason = UTCP_DROP_REASON_HANDSHAKE;
	} else {
		half_add(peer, half);
		/* It has been in the table since it has a number. */
		smp_store_release(&half->ready, true);
	}
	spin_unlock(&peer->lock);
	spin_unlock_bh(&peer->event_lock);
	if (reason)
		return reason;
	ret = utcp_policy_frame(peer->un, &w->path, peer->key.cell,
				peer->key.id, a->frame);
	if (ret)
		return ret == -EACCES ? UTCP_DROP_REASON_POLICY :
					UTCP_DROP_REASON_NOMEM;
	utcp_link_send(peer->un, &w->path, a->frame, sizeof(a->frame));
	utcp_peer_kick(peer);
	return 0;
}

/* Return: 0 or the reason to drop it. */
static unsigned int respond(struct answering *a, struct utcp_net *un,
			    struct sk_buff *skb)
{
	struct waiting *w = waiting_of(skb);
	struct utcp_peer *peer;
	unsigned int reason;

	own_keys(a, w->cell);
	reason = read_static(a, un, skb);
	if (reason)
		return reason;
	if (utcp_policy_meet(un, w->path.ifindex, w->cell->id, a->id))
		return UTCP_DROP_REASON_POLICY;
	if (!pay_step(un, w, COST_PAYLOAD))
		return UTCP_DROP_REASON_BUDGET;
	if (utcp_initiation_offer(&a->noise, skb->data, &a->offer))
		return UTCP_DROP_REASON_HANDSHAKE;
	peer = utcp_peer_lookup(un, w->cell->id, a->id);
	if (peer) {
		spin_lock_bh(&peer->lock);
		reason = look_at_time(a, peer, &w->path);
		spin_unlock_bh(&peer->lock);
		utcp_peer_kick(peer);
	}
	if (!reason && atomic_read(&un->n_half) >= UTCP_HALF_OPEN)
		reason = UTCP_DROP_REASON_HALF_OPEN;
	if (!reason && !pay_step(un, w, COST_ANSWER))
		reason = UTCP_DROP_REASON_BUDGET;
	if (!reason && !peer) {
		peer = utcp_peer_make(un, w->cell, a->id, GFP_KERNEL_ACCOUNT);
		if (IS_ERR(peer)) {
			peer = NULL;
			reason = UTCP_DROP_REASON_NOMEM;
		}
	}
	if (!reason)
		reason = answer_it(a, peer, skb);
	if (peer) {
		utcp_peer_kick(peer);
		utcp_peer_put(peer);
	}
	return reason;
}

/* The youngest; those that are too old are dropped. */
static struct sk_buff *dequeue(struct utcp_net *un)
{
	struct sk_buff *skb;
	u64 now = utcp_now();
	bool stale;

	for (;;) {
		spin_lock_bh(&un->initiations.lock);
		skb = skb_peek(&un->initiations);
		stale = skb && utcp_since(now, waiting_of(skb)->since) >= STALE;
		if (!stale)
			skb = skb_peek_tail(&un->initiations);
		if (skb)
			__skb_unlink(skb, &un->initiations);
		spin_unlock_bh(&un->initiations.lock);
		if (!stale)
			return skb;
		let_go(un, skb);
	}
}

static void respond_work(struct work_struct *work)
{
	struct utcp_net *un = container_of(work, struct utcp_net, respond);
	struct answering *a;
	struct sk_buff *skb;
	unsigned int reason;

	a = kzalloc(sizeof(*a), GFP_KERNEL);
	while ((skb = dequeue(un))) {
		struct utcp_cell *cell = waiting_of(skb)->cell;

		reason = a ? respond(a, un, skb) : UTCP_DROP_REASON_NOMEM;
		if (a)
			memzero_explicit(a, sizeof(*a));
		utcp_cell_release(cell);
		if (reason) {
			utcp_drop(un, skb, reason);
		} else {
			utcp_delivered(un);
			consume_skb(skb);
		}
		cond_resched();
	}
	kfree(a);
}

/**
 * utcp_respond_init() - a namespace begins
 * @un: its state
 *
 * Context: process, before any frame comes.
 */
void utcp_respond_init(struct utcp_net *un)
{
	skb_queue_head_init(&un->initiations);
	INIT_WORK(&un->respond, respond_work);
}

/**
 * utcp_respond_exit() - a namespace ends
 * @un: its state
 *
 * Context: process, when no frame comes any more; may sleep.
 */
void utcp_respond_exit(struct utcp_net *un)
{
	struct sk_buff *skb;

	cancel_work_sync(&un->respond);
	while ((skb = skb_dequeue(&un->initiations))) {
		utcp_cell_release(waiting_of(skb)->cell);
		kfree_skb(skb);
	}
}
