// SPDX-License-Identifier: GPL-2.0-only
/*
 * Discovery on the links.
 */
#include <linux/etherdevice.h>
#include <linux/random.h>

#include "discover.h"
#include "discovery.h"
#include "input.h"
#include "link.h"
#include "policy.h"

/* --- asking ------------------------------------------------------------------- */

static bool draw(struct utcp_peer *peer, u32 ifindex,
		 u8 nonce[UTCP_NONCE_BYTES])
{
	struct utcp_net *un = peer->un;
	struct utcp_asked *asked = NULL;
	u64 now = utcp_now();

	spin_lock_bh(&un->lock);
	utcp_bucket_fill(&un->ask, now, UTCP_ASK_RATE, UTCP_ASK_RATE);
	if (un->nonces && utcp_bucket_take(&un->ask, 1))
		asked = utcp_nonces_ask(un->nonces, now);
	if (asked) {
		memcpy(asked->cell, peer->key.cell, UTCP_ID_BYTES);
		memcpy(asked->id, peer->key.id, UTCP_ID_BYTES);
		asked->ifindex = ifindex;
		asked->vlan = 0;
		memcpy(nonce, asked->nonce, UTCP_NONCE_BYTES);
	}
	spin_unlock_bh(&un->lock);
	return asked;
}

/* Asks on one link. */
static bool ask_on(struct utcp_peer *peer, u32 ifindex)
{
	u8 frame[UTCP_DISCOVERY_LEN], nonce[UTCP_NONCE_BYTES];
	struct utcp_path path = { .ifindex = ifindex };
	const struct utcp_cell_keys *keys;

	if (!utcp_link_up(peer->un, ifindex) ||
	    utcp_policy_meet(peer->un, ifindex, peer->key.cell, peer->key.id))
		return true;
	if (!draw(peer, ifindex, nonce))
		return false;
	eth_broadcast_addr(path.mac);
	rcu_read_lock();
	keys = rcu_dereference(peer->cell->keys);
	if (keys)
		utcp_who_has(frame, &keys->disc, nonce, peer->key.id);
	rcu_read_unlock();
	if (keys && !utcp_policy_frame(peer->un, &path, peer->key.cell,
				       peer->key.id, frame))
		utcp_link_send(peer->un, &path, frame, sizeof(frame));
	return true;
}

/**
 * utcp_discovery_ask() - ask for a peer on all links
 * @peer: the peer
 *
 * Context: process: the peer's worker.
 * Return: true; false: not all could be asked yet. The next time it begins with those.
 */
bool utcp_discovery_ask(struct utcp_peer *peer)
{
	unsigned long ifindex;
	struct utcp_link *link;

	for (ifindex = peer->ask_from;; ifindex++) {
		rcu_read_lock();
		link = xa_find(&peer->un->links, &ifindex, ULONG_MAX,
			       XA_PRESENT);
		rcu_read_unlock();
		if (!link)
			break;
		/* There it begins the next time: else who has more links than there
		 * are questions in a second would never ask on the last ones.
		 */
		if (!ask_on(peer, ifindex)) {
			peer->ask_from = ifindex;
			return false;
		}
	}
	peer->ask_from = 0;
	return true;
}

/* --- answering ---------------------------------------------------------------- */

static unsigned int n_discoverable(const struct utcp_cells *cells)
{
	const struct utcp_cell_keys *keys;
	const struct utcp_cell *cell;
	unsigned int i, n = 0;

	for (i = 0; i < UTCP_CELL_BUCKETS; i++)
		hlist_for_each_entry_rcu(cell, &cells->bucket[i], node) {
			keys = rcu_dereference(cell->keys);
			n += keys && keys->discoverable;
		}
	return n;
}

/* The cell that a who-has asks for, if it may be found. */
static const struct utcp_cell *asked_for(const struct utcp_cells *cells,
					 const u8 *frame,
					 const struct utcp_cell_keys **keys)
{
	const struct utcp_cell *cell;
	unsigned int i;

	for (i = 0; i < UTCP_CELL_BUCKETS; i++)
		hlist_for_each_entry_rcu(cell, &cells->bucket[i], node) {
			*keys = rcu_dereference(cell->keys);
			if (*keys && (*keys)->discoverable &&
			    utcp_who_has_is(frame, &(*keys)->disc, cell->id))
				return cell;
		}
	return NULL;
}

/**
 * utcp_discover_question() - take a who-has
 * @un: state of the namespace
 * @skb: the frame, see input.h; taken in any case
 * @path: where it came from
 *
 * Context: softirq, under RCU.
 * Return: true: it was answered; false: it was dropped.
 */
bool utcp_discover_question(struct utcp_net *un, struct sk_buff *skb,
			    const struct utcp_path *path)
{
	u8 frame[UTCP_DISCOVERY_LEN], salt[UTCP_SALT_BYTES];
	unsigned int n = n_discoverable(&un->cells);
	const struct utcp_cell_keys *keys;
	const struct utcp_cell *cell;
	u64 now = utcp_now();
	bool may;
	int ret;

	spin_lock_bh(&un->lock);
	may = !n || utcp_budget_take(&un->budget, now, path->ifindex,
				     path->vlan, UTCP_WORK_TARGET, n);
	spin_unlock_bh(&un->lock);
	if (!may)
		return utcp_refuse(un, skb, UTCP_DROP_REASON_RATE);
	cell = asked_for(&un->cells, skb->data, &keys);
	if (!cell)
		return utcp_refuse(un, skb, UTCP_DROP_REASON_TARGET);
	if (utcp_policy_meet(un, path->ifindex, cell->id, utcp_policy_anybody))
		return utcp_refuse(un, skb, UTCP_DROP_REASON_POLICY);
	spin_lock_bh(&un->lock);
	may = un->nonces &&
	      !utcp_nonces_answered(un->nonces, skb->data + UTCP_NONCE_AT,
				    now) &&
	      utcp_budget_take(&un->budget, now, path->ifindex, path->vlan,
			       UTCP_WORK_ANSWER, 1) &&
	      utcp_nonces_answer(un->nonces, skb->data + UTCP_NONCE_AT, now);
	spin_unlock_bh(&un->lock);
	if (!may)
		return utcp_refuse(un, skb, UTCP_DROP_REASON_ANSWERED);
	get_random_bytes(salt, sizeof(salt));
	utcp_i_have(frame, skb->data, &keys->disc, cell->id, salt,
		    cell->public_key);
	ret = utcp_policy_frame(un, path, cell->id, utcp_policy_anybody, frame);
	if (ret)
		return utcp_refuse(un, skb,
				   ret == -EACCES ? UTCP_DROP_REASON_POLICY :
						    UTCP_DROP_REASON_NOMEM);
	utcp_link_send(un, path, frame, sizeof(frame));
	utcp_delivered(un);
	consume_skb(skb);
	return true;
}

/* --- answers ------------------------------------------------------------------- */

/* Opens an answer. Return: true if its public key is that of the CellID. */
static bool open_answer(struct utcp_peer *peer, const u8 *frame,
			const u8 nonce[UTCP_NONCE_BYTES],
			u8 public[UTCP_KEY_LEN])
{
	const struct utcp_cell_keys *keys = rcu_dereference(peer->cell->keys);
	u8 question[UTCP_DISCOVERY_LEN], id[UTCP_ID_BYTES];

	if (!keys)
		return false;
	utcp_who_has(question, &keys->disc, nonce, peer->key.id);
	if (!utcp_i_have_open(public, frame, question, &keys->disc,
			      peer->key.id) ||
	    !utcp_public_key_ok(public))
		return false;
	utcp_cell_id(id, public);
	return !memcmp(id, peer->key.id, UTCP_ID_BYTES);
}

/* Under the peer's lock. Return: 0 or the reason to drop it. */
static unsigned int take_answer(struct utcp_peer *peer, const u8 *public,
				const struct utcp_path *path)
{
	u32 before = peer->neigh.state;

	if (peer->has_key && memcmp(peer->public_key, public, UTCP_KEY_LEN))
		return UTCP_DROP_REASON_KEY;
	if (!utcp_neigh_candidate(&peer->neigh, utcp_now(), path))
		return UTCP_DROP_REASON_CANDIDATE;
	utcp_peer_turned(peer, before);
	memcpy(peer->public_key, public, UTCP_KEY_LEN);
	peer->has_key = true;
	return 0;
}

/**
 * utcp_discover_answer() - take an i-have
 * @un: state of the namespace
 * @skb: the frame, see input.h; taken in any case
 * @path: where it came from
 *
 * Context: softirq, under RCU.
 * Return: true: there is one candidate more; false: it was dropped.
 */
bool utcp_discover_answer(struct utcp_net *un, struct sk_buff *skb,
			  const struct utcp_path *path)
{
	const struct utcp_asked *asked = NULL;
	struct utcp_asked copy;
	u8 public[UTCP_KEY_LEN];
	struct utcp_peer *peer;
	unsigned int reason = UTCP_DROP_REASON_CANDIDATE;

	spin_lock_bh(&un->lock);
	if (un->nonces)
		asked = utcp_nonces_find(un->nonces, skb->data + UTCP_NONCE_AT,
					 utcp_now());
	if (asked)
		copy = *asked;
	spin_unlock_bh(&un->lock);
	if (!asked || copy.ifindex != path->ifindex || copy.vlan != path->vlan)
		return utcp_refuse(un, skb, reason);
	peer = utcp_peer_lookup(un, copy.cell, copy.id);
	if (!peer)
		return utcp_refuse(un, skb, reason);
	if (open_answer(peer, skb->data, copy.nonce, public)) {
		spin_lock_bh(&peer->lock);
		reason = take_answer(peer, public, path);
		spin_unlock_bh(&peer->lock);
	}
	if (!reason)
		utcp_peer_kick(peer);
	utcp_peer_put(peer);
	if (reason)
		return utcp_refuse(un, skb, reason);
	utcp_delivered(un);
	consume_skb(skb);
	return true;
}
