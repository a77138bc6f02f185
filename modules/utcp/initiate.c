// SPDX-License-Identifier: GPL-2.0-only
/*
 * The initiator's side. See initiate.h.
 *
 * Softirqs do what is cheap: whose answer it is, its path, its mac1. Public keys are
 * for the peer's worker, which alone makes, replaces and ends initiations.
 */
#include <linux/etherdevice.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/unaligned.h>

#include "initiate.h"
#include "input.h"
#include "link.h"
#include "policy.h"
#include "session_priv.h"

/* Milliseconds to the next initiation; the last one goes on; and jitter. */
static const u16 again_after[] = { 250, 500, 800 };

#define JITTER_MS 100
/* To be tried again when there are tokens for searches. */
#define SEEK_AGAIN (50 * NSEC_PER_MSEC)
/* Initiations without an answer, then the path is doubtful. */
#define DOUBT_TRIES 2
/* Responses that wait for the worker. */
#define INBOX_MAX 8

/* --- one initiation ----------------------------------------------------------- */

static void free_rcu(struct rcu_head *rcu)
{
	kfree_sensitive(container_of(rcu, struct utcp_handshake, rcu));
}

/* Nobody finds it any more. Under the peer's lock. */
static void end_one(struct utcp_handshake *hs)
{
	list_del(&hs->node);
	utcp_index_del(hs->peer->un, &hs->ix);
	call_rcu(&hs->rcu, free_rcu);
}

static u64 due_after(u64 now, unsigned int tries)
{
	unsigned int i =
		min_t(unsigned int, tries, ARRAY_SIZE(again_after)) - 1;
	u32 ms = again_after[i] + get_random_u32() % (JITTER_MS + 1);

	return now + (u64)ms * NSEC_PER_MSEC;
}

/* Keys of the own cell, and of its realm. */
static bool own_keys(struct utcp_peer *peer, struct utcp_noise_static *s,
		     u8 realm[UTCP_KEY_LEN])
{
	const struct utcp_cell_keys *keys;

	rcu_read_lock();
	keys = rcu_dereference(peer->cell->keys);
	if (keys)
		memcpy(realm, keys->realm, UTCP_KEY_LEN);
	rcu_read_unlock();
	memcpy(s->private, peer->cell->private_key, UTCP_KEY_LEN);
	memcpy(s->public, peer->cell->public_key, UTCP_KEY_LEN);
	return keys;
}

/* Fills in what does not need keys: index, offer, number. */
static int prepare(struct utcp_handshake *hs, struct utcp_peer *peer,
		   const struct utcp_path *path,
		   const struct utcp_handshake *old)
{
	hs->peer = peer;
	hs->path = *path;
	hs->broadcast = is_broadcast_ether_addr(path->mac);
	hs->tries = old ? old->tries + 1 : 1;
	hs->offer.suites = UTCP_SUITES;
	hs->offer.lanes = 1;
	hs->offer.mtu = utcp_link_mtu(peer->un, path->ifindex);
	if (hs->offer.mtu < UTCP_MTU_MIN)
		return -EMSGSIZE;
	spin_lock_bh(&peer->lock);
	memcpy(hs->offer.boot, peer->boot, UTCP_BOOT_LEN);
	hs->offer.time = utcp_offer_time(peer->offer_time, ktime_get_real_ns());
	peer->offer_time = hs->offer.time;
	if (old)
		hs->cookie = old->cookie;
	else if (utcp_path_equal(&peer->cookie_path, path))
		hs->cookie = peer->cookie;
	spin_unlock_bh(&peer->lock);
	return 0;
}

/* Writes the frame. Costs four public-key operations. */
static int write_frame(struct utcp_handshake *hs, u8 *frame, u64 now)
{
	struct utcp_peer *peer = hs->peer;
	struct utcp_noise_static s;
	u8 e[UTCP_KEY_LEN], realm[UTCP_KEY_LEN];
	struct utcp_mac_keys to;
	int ret = -ENOKEY;

	if (!own_keys(peer, &s, realm))
		goto wipe;
	ret = utcp_private_key_new(e);
	if (ret)
		goto wipe;
	utcp_mac_keys_init(&to, peer->public_key, realm);
	ret = utcp_initiation_write(frame, &hs->noise, &s, peer->public_key,
				    realm, &to, hs->ix.value, &hs->offer, e);
	utcp_mac_keys_wipe(&to);
	if (ret)
		goto wipe;
	memcpy(hs->mac1, frame + UTCP_INITIATION_MAC1_AT, UTCP_MAC_LEN);
	utcp_mac2(frame + UTCP_INITIATION_MAC2_AT, &hs->cookie, now, frame,
		  UTCP_INITIATION_MAC2_AT);
wipe:
	memzero_explicit(&s, sizeof(s));
	memzero_explicit(realm, sizeof(realm));
	return ret;
}

/* Sends an initiation, in place of @old if there is one. */
static int send_one(struct utcp_peer *peer, const struct utcp_path *path,
		    struct utcp_handshake *old, u64 now)
{
	u8 frame[UTCP_INITIATION_LEN];
	struct utcp_handshake *hs;
	int ret;

	ret = utcp_policy_meet(peer->un, path->ifindex, peer->key.cell,
			       peer->key.id);
	if (ret)
		return ret;
	hs = kzalloc(sizeof(*hs), GFP_KERNEL_ACCOUNT);
	ret = hs ? prepare(hs, peer, path, old) : -ENOMEM;
	if (!ret)
		ret = utcp_index_add(peer->un, &hs->ix, UTCP_INDEX_HANDSHAKE);
	if (ret) {
		kfree_sensitive(hs);
		return ret;
	}
	ret = write_frame(hs, frame, now);
	/* The time that it took to write is not the answer's: of a processor that is
	 * busy nothing would be left, and each would be in the place of the one before
	 * when that is answered.
	 */
	hs->sent = utcp_now();
	hs->due = due_after(hs->sent, hs->tries);
	spin_lock_bh(&peer->lock);
	/* So an answer belongs to one question. */
	if (old)
		end_one(old);
	list_add_tail(&hs->node, &peer->handshakes);
	if (ret)
		end_one(hs);
	spin_unlock_bh(&peer->lock);
	if (!ret)
		ret = utcp_policy_frame(peer->un, path, peer->key.cell,
					peer->key.id, frame);
	if (!ret)
		utcp_link_send(peer->un, path, frame, sizeof(frame));
	return ret;
}

/**
 * utcp_initiate_stop() - end all handshakes with a peer
 * @peer: the peer
 *
 * Context: the peer's worker, or process when it runs no more; not under the lock of the
 * peer.
 */
void utcp_initiate_stop(struct utcp_peer *peer)
{
	struct utcp_handshake *hs, *next;

	spin_lock_bh(&peer->lock);
	list_for_each_entry_safe(hs, next, &peer->handshakes, node)
		end_one(hs);
	spin_unlock_bh(&peer->lock);
}

/* --- which are to be there ------------------------------------------------------ */

static struct utcp_handshake *on_path(struct utcp_peer *peer,
				      const struct utcp_path *path)
{
	struct utcp_handshake *hs;

	list_for_each_entry(hs, &peer->handshakes, node)
		if (utcp_path_equal(&hs->path, path))
			return hs;
	return NULL;
}

/* Sees to it that an initiation is under way on a path. */
static void want_one(struct utcp_peer *peer, const struct utcp_path *path,
		     u64 now, u64 *due)
{
	struct utcp_handshake *hs = on_path(peer, path);

	if (!hs || now >= hs->due)
		send_one(peer, path, hs, now);
	hs = on_path(peer, path);
	/* One that could not be made, or sent, is tried again. */
	*due = min_t(u64, *due,
		     hs ? hs->due : due_after(now, ARRAY_SIZE(again_after)));
}

/* Whoever searches for many peers, on many links, who are not there, shall not keep
 * the processors from the handshakes of others.
 */
static bool may_seek(struct utcp_net *un, u64 now)
{
	bool may;

	spin_lock_bh(&un->lock);
	utcp_bucket_fill(&un->seek, now, UTCP_SEEK_RATE, UTCP_SEEK_RATE);
	may = utcp_bucket_take(&un->seek, 1);
	spin_unlock_bh(&un->lock);
	return may;
}

/* With a key and no path: to everybody, on every link. */
static void want_everywhere(struct utcp_peer *peer, u64 now, u64 *due)
{
	const struct utcp_handshake *hs;
	struct utcp_path path = {};
	struct utcp_link *link;
	/* Where there were no tokens the last time: else, of very many links, the last
	 * ones would never be asked.
	 */
	unsigned long ifindex = peer->seek_from;

	if (ifindex)
		*due = min_t(u64, *due, now + SEEK_AGAIN);
	peer->seek_from = 0;
	eth_broadcast_addr(path.mac);
	for (;;) {
		rcu_read_lock();
		link = xa_find(&peer->un->links, &ifindex, ULONG_MAX,
			       XA_PRESENT);
		rcu_read_unlock();
		if (!link)
			return;
		path.ifindex = ifindex++;
		if (!utcp_link_up(peer->un, path.ifindex))
			continue;
		hs = on_path(peer, &path);
		if ((!hs || now >= hs->due) && !may_seek(peer->un, now)) {
			peer->seek_from = path.ifindex;
			*due = min_t(u64, *due, now + SEEK_AGAIN);
			return;
		}
		want_one(peer, &path, now, due);
	}
}

/* Those that nobody wants any more wait for their answer until their time is up, so
 * that of two ends that begin at once both get one.
 */
static void end_due(struct utcp_peer *peer, u64 now, u64 *due)
{
	struct utcp_handshake *hs, *next;

	spin_lock_bh(&peer->lock);
	list_for_each_entry_safe(hs, next, &peer->handshakes, node) {
		if (now >= hs->due)
			end_one(hs);
		else
			*due = min_t(u64, *due, hs->due);
	}
	spin_unlock_bh(&peer->lock);
}

/* What is wanted, as it is now. */
struct plan {
	enum utcp_peer_state state;
	struct utcp_path path;
	struct utcp_path candidate[UTCP_CANDIDATES];
	unsigned int n;
	bool keys;
	bool sure;
	bool answer;
	struct utcp_path answer_path;
};

static bool make_plan(struct utcp_peer *peer, struct plan *plan, u64 now)
{
	unsigned int i;
	bool go;

	memset(plan, 0, sizeof(*plan));
	spin_lock_bh(&peer->lock);
	plan->state = peer->neigh.state;
	plan->path = peer->neigh.path;
	plan->n = peer->neigh.n;
	for (i = 0; i < plan->n; i++)
		plan->candidate[i] = peer->neigh.candidate[i].path;
	plan->keys = utcp_session_wants_keys(peer, now);
	plan->sure = peer->has_key && peer->sure;
	plan->answer = peer->answer_at &&
		       utcp_since(now, peer->answer_at) < NSEC_PER_SEC;
	plan->answer_path = peer->answer_path;
	go = peer->has_key && !peer->dead && now >= peer->sulk_until;
	spin_unlock_bh(&peer->lock);
	return go;
}

/* Two initiations on the path of a session were not answered. */
static void look_for_doubt(struct utcp_peer *peer, const struct plan *plan,
			   u64 now)
{
	struct utcp_handshake *hs = on_path(peer, &plan->path);

	if (plan->state == UTCP_PEER_STATE_REACHABLE && hs &&
	    hs->tries >= DOUBT_TRIES && now >= hs->due)
		utcp_session_suspect(peer);
}

/**
 * utcp_initiate() - send the initiations that are due
 * @peer: the peer
 *
 * Context: the peer's worker.
 * Return: when it is to be called again, at the latest.
 */
u64 utcp_initiate(struct utcp_peer *peer)
{
	u64 due = U64_MAX, now = utcp_now();
	struct plan plan;
	unsigned int i;

	if (!make_plan(peer, &plan, now)) {
		end_due(peer, now, &due);
		return due;
	}
	look_for_doubt(peer, &plan, now);
	switch (plan.state) {
	case UTCP_PEER_STATE_SEARCHING:
		if (plan.sure)
			want_everywhere(peer, now, &due);
		break;
	case UTCP_PEER_STATE_TRYING:
		for (i = 0; i < plan.n; i++)
			want_one(peer, &plan.candidate[i], now, &due);
		break;
	case UTCP_PEER_STATE_REACHABLE:
		if (plan.keys)
			want_one(peer, &plan.path, now, &due);
		break;
	case UTCP_PEER_STATE_DOUBTFUL:
		if (!utcp_peer_wanted(peer, now))
			break;
		want_one(peer, &plan.path, now, &due);
		for (i = 0; i < plan.n; i++)
			want_one(peer, &plan.candidate[i], now, &due);
		break;
	default:
		break;
	}
	if (plan.answer) {
		want_one(peer, &plan.answer_path, now, &due);
		if (plan.path.ifindex)
			want_one(peer, &plan.path, now, &due);
	}
	end_due(peer, now, &due);
	return due;
}

/* --- answers --------------------------------------------------------------------- */

/* The handshake that a frame answers, on its path. Under RCU. */
static struct utcp_handshake *asked(struct utcp_net *un, u32 index,
				    const struct utcp_path *path,
				    unsigned int *reason)
{
	struct utcp_index *ix = utcp_index_find(un, index);
	struct utcp_handshake *hs;

	*reason = UTCP_DROP_REASON_INDEX;
	if (!ix || ix->kind != UTCP_INDEX_HANDSHAKE)
		return NULL;
	hs = container_of(ix, struct utcp_handshake, ix);
	*reason = UTCP_DROP_REASON_PATH;
	if (hs->path.ifindex != path->ifindex || hs->path.vlan != path->vlan ||
	    (!hs->broadcast &&
	     !ether_addr_equal_unaligned(hs->path.mac, path->mac)))
		return NULL;
	return hs;
}

static bool own_mac1_ok(struct utcp_peer *peer, const u8 *frame)
{
	const struct utcp_cell_keys *keys = rcu_dereference(peer->cell->keys);

	return keys && utcp_mac1_ok(frame + UTCP_RESPONSE_MAC1_AT, &keys->mac,
				    frame, UTCP_RESPONSE_MAC1_AT);
}

/**
 * utcp_initiate_response() - take a response
 * @un: state of the namespace
 * @skb: the frame, see input.h; taken in any case
 * @path: where it came from
 *
 * What is cheap is checked, the rest is the worker's.
 *
 * Context: softirq, under RCU.
 * Return: true: it waits for the worker; false: it was dropped.
 */
bool utcp_initiate_response(struct utcp_net *un, struct sk_buff *skb,
			    const struct utcp_path *path)
{
	const u8 *frame = skb->data;
	struct utcp_handshake *hs;
	unsigned int reason;

	hs = asked(un, get_unaligned_be32(frame + UTCP_RESPONSE_TO_AT), path,
		   &reason);
	if (!hs)
		return utcp_refuse(un, skb, reason);
	if (!own_mac1_ok(hs->peer, frame))
		return utcp_refuse(un, skb, UTCP_DROP_REASON_MAC1);
	if (atomic_inc_return(&hs->answers) > UTCP_ANSWERS ||
	    skb_queue_len_lockless(&hs->peer->inbox) >= INBOX_MAX)
		return utcp_refuse(un, skb, UTCP_DROP_REASON_HANDSHAKE);
	skb_orphan(skb); /* as in utcp_respond_input() */
	skb_queue_tail(&hs->peer->inbox, skb);
	utcp_peer_kick(hs->peer);
	return true;
}

/**
 * utcp_initiate_cookie() - take a cookie reply
 * @un: state of the namespace
 * @skb: the frame, see input.h; taken in any case
 * @path: where it came from
 *
 * It is for the next initiation.
 *
 * Context: softirq, under RCU.
 * Return: true; false: it was dropped.
 */
bool utcp_initiate_cookie(struct utcp_net *un, struct sk_buff *skb,
			  const struct utcp_path *path)
{
	const u8 *frame = skb->data;
	struct utcp_handshake *hs;
	struct utcp_mac_keys keys;
	struct utcp_peer *peer;
	u8 realm[UTCP_KEY_LEN];
	unsigned int reason;
	int ret = -EALREADY;

	hs = asked(un, get_unaligned_be32(frame + UTCP_INDEX_AT), path,
		   &reason);
	if (!hs)
		return utcp_refuse(un, skb, reason);
	peer = hs->peer;
	utcp_cell_realm(peer->cell, realm);
	utcp_mac_keys_init(&keys, peer->public_key, realm);
	spin_lock_bh(&peer->lock);
	if (!hs->cookie_taken)
		ret = utcp_cookie_take(
			&hs->cookie, utcp_now(), frame + UTCP_COOKIE_REPLY_AT,
			UTCP_COOKIE_SALT_LEN + UTCP_COOKIE_SEALED_LEN, &keys,
			hs->mac1);
	if (!ret) {
		hs->cookie_taken = true;
		peer->cookie = hs->cookie;
		peer->cookie_path = hs->path;
	}
	spin_unlock_bh(&peer->lock);
	utcp_mac_keys_wipe(&keys);
	memzero_explicit(realm, sizeof(realm));
	if (ret)
		return utcp_refuse(un, skb, UTCP_DROP_REASON_COOKIE);
	utcp_delivered(un);
	consume_skb(skb);
	return true;
}

static struct utcp_handshake *by_index(struct utcp_peer *peer, u32 index)
{
	struct utcp_handshake *hs;

	list_for_each_entry(hs, &peer->handshakes, node)
		if (hs->ix.value == index)
			return hs;
	return NULL;
}

/* The peer has answered: an association is there, and confirmed by that. */
static int established(struct utcp_peer *peer, struct utcp_handshake *hs,
		       struct utcp_noise *noise,
		       const struct utcp_answer *answer,
		       const struct utcp_path *path)
{
	struct utcp_secrets secrets = {
		.suite = answer->suite,
		.remote = answer->index,
		.initiator = true,
		.born = hs->sent,
	};
	u64 time = utcp_now() - hs->sent;
	struct utcp_assoc *assoc = NULL;
	int ret;

	ret = utcp_noise_split(noise, secrets.send, secrets.receive, NULL);
	if (!ret) {
		assoc = utcp_assoc_new(peer, &secrets, GFP_KERNEL_ACCOUNT);
		ret = assoc ? 0 : -ENOMEM;
	}
	memzero_explicit(&secrets, sizeof(secrets));
	if (ret)
		return ret;
	spin_lock_bh(&peer->event_lock);
	ret = READ_ONCE(peer->dead) ? -ENOENT : 0;
	/* The session that it was begun for has ended meanwhile. */
	spin_lock(&peer->lock);
	if (!ret && memcmp(hs->offer.boot, peer->boot, UTCP_BOOT_LEN))
		ret = -ESTALE;
	spin_unlock(&peer->lock);
	if (!ret)
		ret = utcp_peer_count(peer, NULL);
	/* The policies may be others than they were when it was sent. */
	if (!ret)
		ret = utcp_policy_assoc(peer, assoc, path);
	if (ret)
		goto unlock;
	utcp_session_confirm(peer, answer->boot, 0);
	spin_lock(&peer->lock);
	ret = utcp_index_replace(peer->un, &hs->ix, &assoc->ix,
				 UTCP_INDEX_ASSOC);
	if (!ret) {
		list_del(&hs->node);
		call_rcu(&hs->rcu, free_rcu);
		/* The neighbour may have let go of it while this was under way. */
		memcpy(peer->public_key, hs->noise.rs, UTCP_KEY_LEN);
		peer->has_key = true;
		peer->sure = true;
		peer->answer_at = 0;
		if (!peer->srtt)
			peer->srtt = time, peer->rttvar = time / 2;
		utcp_peer_set_path(peer, path);
		utcp_move_done(&peer->move);
	}
	spin_unlock(&peer->lock);
	if (!ret) {
		utcp_session_set_mtu(peer, answer->mtu);
		utcp_session_install(peer, assoc);
	}
unlock:
	spin_unlock_bh(&peer->event_lock);
	if (ret) {
		utcp_assoc_free(assoc);
		return ret;
	}
	utcp_initiate_stop(peer);
	/* The peer sends nothing until it hears from us under the new keys. */
	utcp_session_ping(peer);
	return 0;
}

/* Return: 0, or why the response is dropped. */
static unsigned int take_response(struct utcp_peer *peer, struct sk_buff *skb)
{
	const u8 *frame = skb->data;
	struct utcp_answer answer;
	struct utcp_handshake *hs;
	struct utcp_path path;
	struct utcp_noise *noise;
	int ret;

	/* Only this worker ends it. */
	hs = by_index(peer, get_unaligned_be32(frame + UTCP_RESPONSE_TO_AT));
	if (!hs)
		return UTCP_DROP_REASON_INDEX;
	noise = kzalloc(sizeof(*noise), GFP_KERNEL_ACCOUNT);
	if (!noise)
		return UTCP_DROP_REASON_NOMEM;
	ret = utcp_response_read(noise, &hs->noise, frame, &hs->offer, &answer);
	if (!ret) {
		memset(&path, 0, sizeof(path));
		path.ifindex = hs->path.ifindex;
		path.vlan = hs->path.vlan;
		memcpy(path.mac, eth_hdr(skb)->h_source, ETH_ALEN);
		ret = established(peer, hs, noise, &answer, &path);
	}
	kfree_sensitive(noise);
	switch (ret) {
	case 0:
		return 0;
	case -ENOMEM:
		return UTCP_DROP_REASON_NOMEM;
	case -ENOSPC:
		return UTCP_DROP_REASON_ROOM;
	case -EACCES:
		return UTCP_DROP_REASON_POLICY;
	default:
		return UTCP_DROP_REASON_HANDSHAKE;
	}
}

/**
 * utcp_initiate_inbox() - read the responses that have come
 * @peer: the peer
 *
 * Context: the peer's worker.
 */
void utcp_initiate_inbox(struct utcp_peer *peer)
{
	struct sk_buff *skb;
	unsigned int reason;

	while ((skb = skb_dequeue(&peer->inbox))) {
		reason = take_response(peer, skb);
		if (reason) {
			utcp_drop(peer->un, skb, reason);
			continue;
		}
		utcp_delivered(peer->un);
		consume_skb(skb);
	}
}
