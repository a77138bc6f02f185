// SPDX-License-Identifier: GPL-2.0-only
/*
 * Peers: the table, how they come and go, and their worker, which does what is due
 * by the clock and what costs more than a softirq should.
 */
#include <linux/jhash.h>
#include <linux/random.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "carry.h"
#include "chunk.h"
#include "discovery.h"
#include "initiate.h"
#include "link.h"
#include "policy.h"
#include "session_priv.h"
#include "trace.h"

struct workqueue_struct *utcp_wq;

static const struct rhashtable_params params = {
	.key_len = sizeof(struct utcp_peer_key),
	.key_offset = offsetof(struct utcp_peer, key),
	.head_offset = offsetof(struct utcp_peer, node),
	.automatic_shrinking = true,
};

/* Who-has that could not be sent is tried again after this. */
#define ASK_AGAIN (50ULL * NSEC_PER_MSEC)

/* --- references ---------------------------------------------------------- */

static void free_rcu(struct rcu_head *rcu)
{
	struct utcp_peer *peer = container_of(rcu, struct utcp_peer, rcu);

	/* Of who found it just before it was buried. */
	skb_queue_purge(&peer->inbox);
	utcp_carrier_free(peer->carrier);
	kfree_sensitive(peer);
}

/**
 * utcp_peer_put() - let go of a peer
 * @peer: the peer, or NULL
 *
 * Context: any but hard interrupts.
 */
void utcp_peer_put(struct utcp_peer *peer)
{
	if (!peer || !refcount_dec_and_test(&peer->refs))
		return;
	utcp_cell_release(peer->cell);
	call_rcu(&peer->rcu, free_rcu);
}

/**
 * utcp_peer_hold() - hold a peer once more
 * @peer: a peer that one holds, or has found under RCU in an association
 *
 * Return: false if it is going, which is only possible if it was found.
 */
bool utcp_peer_hold(struct utcp_peer *peer)
{
	return refcount_inc_not_zero(&peer->refs);
}

/**
 * utcp_peer_kick() - have the worker run now
 * @peer: the peer
 *
 * Context: any but hard interrupts.
 */
void utcp_peer_kick(struct utcp_peer *peer)
{
	/* Whoever kills a peer waits for those who saw it alive. */
	rcu_read_lock();
	if (!READ_ONCE(peer->dead) && refcount_inc_not_zero(&peer->refs) &&
	    mod_delayed_work(utcp_wq, &peer->work, 0))
		utcp_peer_put(peer); /* it was queued, and has a reference */
	rcu_read_unlock();
}

/* Has the worker run later, unless it is to run anyway. The worker itself. */
static void run_at(struct utcp_peer *peer, u64 due)
{
	unsigned long delay;
	u64 now = utcp_now();

	if (due == U64_MAX)
		return;
	delay = due > now ? nsecs_to_jiffies(due - now) + 1 : 1;
	rcu_read_lock();
	if (!READ_ONCE(peer->dead) && refcount_inc_not_zero(&peer->refs) &&
	    !queue_delayed_work(utcp_wq, &peer->work, delay))
		utcp_peer_put(peer);
	rcu_read_unlock();
}

/* --- the table ----------------------------------------------------------- */

/**
 * utcp_peer_lookup() - find a peer
 * @un: state of the namespace
 * @cell: CellID of the own cell
 * @id: CellID of the peer
 *
 * Context: any but hard interrupts.
 * Return: it, held; or NULL.
 */
struct utcp_peer *utcp_peer_lookup(struct utcp_net *un, const u8 *cell,
				   const u8 *id)
{
	struct utcp_peer_key key;
	struct utcp_peer *peer;

	memcpy(key.cell, cell, UTCP_ID_BYTES);
	memcpy(key.id, id, UTCP_ID_BYTES);
	rcu_read_lock();
	peer = rhashtable_lookup(&un->peers, &key, params);
	if (peer &&
	    (READ_ONCE(peer->dead) || !refcount_inc_not_zero(&peer->refs)))
		peer = NULL;
	rcu_read_unlock();
	return peer;
}

static void peer_work(struct work_struct *work);

static struct utcp_peer *peer_alloc(struct utcp_net *un, struct utcp_cell *cell,
				    const u8 *id, gfp_t gfp)
{
	struct utcp_peer *peer = kzalloc(sizeof(*peer), gfp);

	if (!peer)
		return NULL;
	if (!utcp_cell_hold(cell)) {
		kfree(peer);
		return NULL;
	}
	memcpy(peer->key.cell, cell->id, UTCP_ID_BYTES);
	memcpy(peer->key.id, id, UTCP_ID_BYTES);
	peer->un = un;
	peer->cell = cell;
	refcount_set(&peer->refs, 1);
	spin_lock_init(&peer->event_lock);
	spin_lock_init(&peer->lock);
	seqcount_spinlock_init(&peer->path_seq, &peer->lock);
	INIT_LIST_HEAD(&peer->link);
	INIT_LIST_HEAD(&peer->handshakes);
	INIT_LIST_HEAD(&peer->half);
	INIT_HLIST_NODE(&peer->path_node);
	skb_queue_head_init(&peer->inbox);
	INIT_DELAYED_WORK(&peer->work, peer_work);
	get_random_bytes(peer->boot, sizeof(peer->boot));
	peer->uid = INVALID_UID;
	peer->active = utcp_now();
	return peer;
}

/* Takes a peer out of the table, and with it its search; again does nothing. */
static void unlink_peer(struct utcp_peer *peer)
{
	struct utcp_net *un = peer->un;
	bool was = false;

	spin_lock_bh(&un->peer_lock);
	if (peer->searching)
		atomic_dec(&un->n_searches);
	peer->searching = false;
	if (!list_empty(&peer->link)) {
		list_del_init(&peer->link);
		rhashtable_remove_fast(&un->peers, &peer->node, params);
		un->seq++;
		was = true;
		if (peer->counted)
			un->n_peers--;
		if (peer->configured)
			un->n_configured--;
	}
	spin_unlock_bh(&un->peer_lock);
	if (was)
		utcp_peer_put(peer);
}

/* The peer of a cell and a CellID, which is made if there is none; held. It does not
 * count against the limit yet. Return: or -ENOMEM, or -ENOENT if the cell has been
 * deleted.
 */
struct utcp_peer *utcp_peer_make(struct utcp_net *un, struct utcp_cell *cell,
				 const u8 *id, gfp_t gfp)
{
	struct utcp_peer *peer, *new;
	int ret;

	for (;;) {
		peer = utcp_peer_lookup(un, cell->id, id);
		if (peer)
			return peer;
		new = peer_alloc(un, cell, id, gfp);
		if (!new)
			return ERR_PTR(-ENOMEM);
		spin_lock_bh(&un->peer_lock);
		/* What holds a cell longer than its table must not speak for it. */
		ret = cell->gone ?
			      -ENOENT :
			      rhashtable_lookup_insert_fast(&un->peers,
							    &new->node, params);
		if (!ret) {
			refcount_inc(&new->refs); /* the table's */
			new->serial = ++un->serial;
			list_add_tail(&new->link, &un->list);
			un->seq++;
		}
		spin_unlock_bh(&un->peer_lock);
		if (!ret)
			return new;
		utcp_peer_put(new);
		if (ret != -EEXIST)
			return ERR_PTR(ret);
		/* One that is dead, and about to be taken out. */
		cond_resched();
	}
}

/* --- paths --------------------------------------------------------------- */

static struct hlist_head *bucket_of(struct utcp_net *un,
				    const struct utcp_path *path)
{
	u32 hash = jhash(path->mac, ETH_ALEN, path->ifindex);

	return &un->paths[hash % UTCP_PATH_BUCKETS];
}

/* Is its state another than it was @before? That is traced. Under its lock. */
void utcp_peer_turned(const struct utcp_peer *peer, u32 before)
{
	if (peer->neigh.state != before)
		trace_utcp_neigh(peer, before, peer->neigh.state);
}

/* A peer was reached on a path; NULL: it is nowhere any more. Under its lock. */
void utcp_peer_set_path(struct utcp_peer *peer, const struct utcp_path *path)
{
	struct utcp_net *un = peer->un;
	u32 before = peer->neigh.state;

	write_seqcount_begin(&peer->path_seq);
	if (path)
		utcp_neigh_reached(&peer->neigh, utcp_now(), path);
	else
		utcp_neigh_forget(&peer->neigh, utcp_now());
	write_seqcount_end(&peer->path_seq);
	utcp_peer_turned(peer, before);
	spin_lock(&un->lock);
	hlist_del_init_rcu(&peer->path_node);
	/* A reader that stood at it may go astray, and misses a session. */
	if (path)
		hlist_add_head_rcu(&peer->path_node, bucket_of(un, path));
	spin_unlock(&un->lock);
}

/**
 * utcp_peer_path() - where is a peer?
 * @peer: the peer
 * @path: set to it; zeros: nowhere
 *
 * Context: any but hard interrupts; without the lock of the peer.
 */
void utcp_peer_path(const struct utcp_peer *peer, struct utcp_path *path)
{
	unsigned int seq;

	do {
		seq = read_seqcount_begin(&peer->path_seq);
		*path = peer->neigh.path;
	} while (read_seqcount_retry(&peer->path_seq, seq));
}

/* Does a session live on this path that the reserve has not just paid for? Under
 * RCU.
 */
bool utcp_peers_reserve(struct utcp_net *un, const struct utcp_cell *cell,
			const struct utcp_path *path, u64 pause)
{
	struct utcp_peer *peer;
	struct utcp_path own;
	u64 now = utcp_now(), last;

	hlist_for_each_entry_rcu(peer, bucket_of(un, path), path_node) {
		utcp_peer_path(peer, &own);
		if (peer->cell != cell || !utcp_path_equal(&own, path) ||
		    !rcu_access_pointer(peer->current_assoc))
			continue;
		last = READ_ONCE(peer->reserve_at);
		if (utcp_since(now, last) >= pause &&
		    cmpxchg(&peer->reserve_at, last, now) == last)
			return true;
	}
	return false;
}

/* --- what connections and the administrator want ------------------------- */

/* Does anybody wait for it, or have connections with it? */
bool utcp_peer_wanted(const struct utcp_peer *peer, u64 now)
{
	return now < READ_ONCE(peer->want_until) || READ_ONCE(peer->users);
}

/**
 * utcp_peer_find() - a peer that is there
 * @net: the namespace
 * @cell: CellID of the own cell
 * @id: CellID of the peer
 *
 * Context: any but hard interrupts.
 * Return: the peer, for utcp_peer_put(), or NULL.
 */
struct utcp_peer *utcp_peer_find(struct net *net, const u8 *cell, const u8 *id)
{
	return utcp_peer_lookup(utcp_net(net), cell, id);
}

/* Is there one more search for this user? Return: 0, or -EAGAIN. */
static int begin_search(struct utcp_peer *peer, kuid_t uid)
{
	struct utcp_net *un = peer->un;
	const struct utcp_peer *other;
	int n = 0, ret = 0;

	spin_lock_bh(&un->peer_lock);
	if (peer->searching)
		goto unlock;
	/* Who is taken out of the table meanwhile would count for ever. */
	ret = -ENOENT;
	if (list_empty(&peer->link))
		goto unlock;
	ret = -EAGAIN;
	if (atomic_read(&un->n_searches) >= UTCP_SEARCHES)
		goto unlock;
	/* Nobody has more than half, which is looked at when it could be. */
	if (atomic_read(&un->n_searches) >= UTCP_SEARCHES / 2) {
		list_for_each_entry(other, &un->list, link)
			n += other->searching && uid_eq(other->uid, uid);
		if (n >= UTCP_SEARCHES / 2)
			goto unlock;
	}
	peer->searching = true;
	peer->uid = uid;
	atomic_inc(&un->n_searches);
	ret = 0;
unlock:
	spin_unlock_bh(&un->peer_lock);
	return ret;
}

static void end_search(struct utcp_peer *peer)
{
	spin_lock_bh(&peer->un->peer_lock);
	if (peer->searching)
		atomic_dec(&peer->un->n_searches);
	peer->searching = false;
	spin_unlock_bh(&peer->un->peer_lock);
}

/**
 * utcp_session_want() - somebody would like to send to a peer
 * @peer: the peer
 * @uid: who
 *
 * If it has no session with keys, one is had: it is searched, if need be, and
 * a handshake begins. What comes of it is told by the event hook. Who waits longer
 * than UTCP_WANT_TIME says it again.
 *
 * Context: any but hard interrupts.
 * Return: 0: there are keys; -EINPROGRESS: not yet; -EHOSTUNREACH: it was looked
 * for, and not found, within the last second; -EAGAIN: too many are being
 * searched; -ENOENT: the peer is no more.
 */
int utcp_session_want(struct utcp_peer *peer, kuid_t uid)
{
	u64 now = utcp_now(), before = 0;
	bool search = false;
	int ret = 0;
	u32 state;

	if (utcp_session_ready(peer, utcp_now()))
		return 0;
	spin_lock_bh(&peer->lock);
	if (peer->dead) {
		ret = -ENOENT;
	} else {
		state = peer->neigh.state;
		/* What the search failed by may be what has changed. */
		if (peer->neigh.state == UTCP_PEER_STATE_FAILED &&
		    peer->policies != utcp_policy_changes())
			utcp_neigh_again(&peer->neigh, now);
		ret = utcp_neigh_want(&peer->neigh, now);
		utcp_peer_turned(peer, state);
		/* Else where it is, is known, and keys alone are to be had: whoever
		 * uses up the searches does not keep them from it.
		 */
		search = peer->neigh.state == UTCP_PEER_STATE_SEARCHING ||
			 peer->neigh.state == UTCP_PEER_STATE_TRYING;
		before = peer->want_until;
		if (!ret)
			WRITE_ONCE(peer->want_until, now + UTCP_WANT_TIME);
	}
	spin_unlock_bh(&peer->lock);
	if (!ret && search)
		ret = begin_search(peer, uid);
	if (ret == -EAGAIN) {
		spin_lock_bh(&peer->lock);
		WRITE_ONCE(peer->want_until, before);
		spin_unlock_bh(&peer->lock);
	}
	utcp_peer_kick(peer);
	return ret ? ret : -EINPROGRESS;
}

/**
 * utcp_peer_want() - have a peer, and want a session with it
 * @net: the namespace
 * @cell: own cell, of which the caller is a user
 * @id: CellID of the peer
 * @uid: who wants it
 *
 * Context: process.
 * Return: the peer, for utcp_peer_put(); it may have a session or not, see
 * utcp_session_ready(). Or -ENOMEM, -ENOSPC, or as utcp_session_want().
 */
struct utcp_peer *utcp_peer_want(struct net *net, struct utcp_cell *cell,
				 const u8 *id, kuid_t uid)
{
	struct utcp_peer *peer;
	int ret;

	do {
		peer = utcp_peer_make(utcp_net(net), cell, id,
				      GFP_KERNEL_ACCOUNT);
		if (IS_ERR(peer))
			return peer;
		ret = utcp_peer_count(peer, NULL);
		if (!ret)
			ret = utcp_session_want(peer, uid);
		if (!ret || ret == -EINPROGRESS)
			return peer;
		utcp_peer_kick(peer);
		utcp_peer_put(peer);
		/* It ended just now; of a cell that did, no peer is made again. */
	} while (ret == -ENOENT);
	return ERR_PTR(ret);
}

/**
 * utcp_session_use() - have a connection with a peer
 * @peer: the peer
 * @called: it has come in over the session that there is
 *
 * As long as somebody does, its session is not dropped as idle or to make room.
 *
 * Context: any but hard interrupts.
 * Return: 0; -ENOENT: the peer is no more, or its session is not.
 */
int utcp_session_use(struct utcp_peer *peer, bool called)
{
	int ret = 0;

	spin_lock_bh(&peer->lock);
	if (peer->dead || (called && !peer->session))
		ret = -ENOENT;
	else
		WRITE_ONCE(peer->users, peer->users + 1);
	spin_unlock_bh(&peer->lock);
	return ret;
}

/**
 * utcp_session_unuse() - have one connection less with a peer
 * @peer: the peer
 *
 * Context: any but hard interrupts.
 */
void utcp_session_unuse(struct utcp_peer *peer)
{
	spin_lock_bh(&peer->lock);
	WRITE_ONCE(peer->users, peer->users - 1);
	spin_unlock_bh(&peer->lock);
	utcp_peer_kick(peer);
}

/**
 * utcp_peer_id() - CellID of a peer
 * @peer: the peer
 *
 * Return: it, as long as the peer is held.
 */
const u8 *utcp_peer_id(const struct utcp_peer *peer)
{
	return peer->key.id;
}

/**
 * utcp_peer_cell() - the own cell that speaks with a peer
 * @peer: the peer
 *
 * Return: it, as long as the peer is held.
 */
struct utcp_cell *utcp_peer_cell(const struct utcp_peer *peer)
{
	return peer->cell;
}

/**
 * utcp_peer_public_key() - public key of a peer
 * @peer: the peer
 * @key: where it goes
 *
 * Context: any but hard interrupts.
 * Return: true; false: it is not known for sure, from an administrator or a handshake,
 * and @key is as it was.
 */
bool utcp_peer_public_key(struct utcp_peer *peer, u8 key[UTCP_KEY_LEN])
{
	bool known;

	spin_lock_bh(&peer->lock);
	known = peer->has_key && peer->sure;
	if (known)
		memcpy(key, peer->public_key, UTCP_KEY_LEN);
	spin_unlock_bh(&peer->lock);
	return known;
}

/* Has new keys made. */
void utcp_peer_restart(struct utcp_peer *peer)
{
	spin_lock_bh(&peer->lock);
	peer->restart = peer->neigh.state == UTCP_PEER_STATE_REACHABLE;
	spin_unlock_bh(&peer->lock);
	utcp_peer_kick(peer);
}

/* Writes down the public key of a peer, for good. Process.
 * Return: 0 and the peer, held; -EEXIST: it is configured already; -EINVAL: it has
 * another one; -EAGAIN: somebody has just removed it; -ENOENT: nor is the cell any more;
 * -ENOMEM, -ENOSPC.
 */
int utcp_peer_add(struct utcp_net *un, struct utcp_cell *cell,
		  const u8 *public_key, struct utcp_peer **peerp)
{
	u8 id[UTCP_ID_BYTES];
	struct utcp_peer *peer;
	int ret;

	utcp_cell_id(id, public_key);
	peer = utcp_peer_make(un, cell, id, GFP_KERNEL_ACCOUNT);
	if (IS_ERR(peer))
		return PTR_ERR(peer);
	spin_lock_bh(&peer->lock);
	ret = peer->configured ? -EEXIST : 0;
	if (!ret && peer->has_key && peer->sure &&
	    memcmp(peer->public_key, public_key, UTCP_KEY_LEN))
		ret = -EINVAL;
	if (!ret) {
		memcpy(peer->public_key, public_key, UTCP_KEY_LEN);
		peer->has_key = true;
		peer->sure = true;
	}
	spin_unlock_bh(&peer->lock);
	if (!ret)
		ret = utcp_peer_count(peer, NULL);
	if (!ret) {
		spin_lock_bh(&un->peer_lock);
		/* Somebody may have removed it in the meantime. */
		if (list_empty(&peer->link))
			ret = -EAGAIN;
		else if (!peer->configured)
			un->n_configured++;
		WRITE_ONCE(peer->configured, !ret);
		spin_unlock_bh(&un->peer_lock);
	}
	if (!ret) {
		*peerp = peer;
		return 0;
	}
	utcp_peer_kick(peer);
	utcp_peer_put(peer);
	return ret;
}

/* --- how they end -------------------------------------------------------- */

/* Is nothing left that it should be there for? Under its lock. */
static bool is_idle(struct utcp_peer *peer)
{
	u64 now = utcp_now();

	if (peer->evicted && !peer->users)
		return true;
	return !READ_ONCE(peer->configured) && !peer->session &&
	       !peer->n_half && !utcp_peer_wanted(peer, now) &&
	       peer->neigh.state == UTCP_PEER_STATE_UNKNOWN &&
	       list_empty(&peer->handshakes) && now >= peer->sulk_until &&
	       skb_queue_empty_lockless(&peer->inbox);
}

/* Nobody finds it any more. What is under way with it ends with its worker.
 * @idle: only if nothing is left that it should be there for. Return: it is dead.
 */
static bool kill_peer(struct utcp_peer *peer, u32 close, int err, bool idle)
{
	/* Who is evicted was counted, and made room. */
	bool counted = peer->counted || READ_ONCE(peer->evicted), waited;
	u64 now = utcp_now();

	spin_lock_bh(&peer->event_lock);
	spin_lock(&peer->lock);
	/* In one step: who wants it from now on is told that it is no more. */
	if (peer->dead || (idle && !is_idle(peer))) {
		idle = peer->dead;
		spin_unlock(&peer->lock);
		spin_unlock_bh(&peer->event_lock);
		return idle;
	}
	waited = !peer->session && now < peer->want_until;
	WRITE_ONCE(peer->dead, true);
	spin_unlock(&peer->lock);
	utcp_session_end(peer, close, err);
	/* Of a session that ends it is told there; those who wait for one hear it here. */
	if (waited)
		utcp_session_tell(peer, UTCP_SESSION_UNREACHABLE, err);
	if (counted)
		utcp_nl_peer_notify(peer, UTCP_CMD_PEER_DEL_NTF, 0);
	spin_unlock_bh(&peer->event_lock);
	unlink_peer(peer);
	return true;
}

/* What is left of a peer that is dead, when its worker runs no more, or is it. */
static void bury(struct utcp_peer *peer)
{
	struct sk_buff *skb;

	utcp_initiate_stop(peer);
	while ((skb = skb_dequeue(&peer->inbox)))
		utcp_drop(peer->un, skb, UTCP_DROP_REASON_INDEX);
}

/* Waits for the worker of a peer that is dead, for those who saw it alive have gone.
 */
static void stop_work(struct utcp_peer *peer)
{
	if (cancel_delayed_work_sync(&peer->work))
		utcp_peer_put(peer);
	bury(peer);
}

/* Ends a peer. Process; the caller holds it. When this returns, nothing of it is
 * left but what others hold.
 */
void utcp_peer_remove(struct utcp_peer *peer, u32 code)
{
	kill_peer(peer, code, ECONNRESET, false);
	synchronize_rcu();
	stop_work(peer);
}

/* Holds the peers that are @of some cell (NULL: of all), as a list of @n. Return: NULL
 * if there is no memory, or there are none.
 */
static struct utcp_peer **collect(struct utcp_net *un,
				  const struct utcp_cell *cell, unsigned int *n)
{
	struct utcp_peer **all, *peer;
	unsigned int room = 0;

	*n = 0;
	spin_lock_bh(&un->peer_lock);
	list_for_each_entry(peer, &un->list, link)
		room++;
	spin_unlock_bh(&un->peer_lock);
	all = room ? kvmalloc_array(room, sizeof(struct utcp_peer *),
				    GFP_KERNEL | __GFP_NOFAIL) :
		     NULL;
	if (!all)
		return NULL;
	spin_lock_bh(&un->peer_lock);
	list_for_each_entry(peer, &un->list, link)
		if (*n < room && (!cell || peer->cell == cell) &&
		    refcount_inc_not_zero(&peer->refs))
			all[(*n)++] = peer;
	spin_unlock_bh(&un->peer_lock);
	return all;
}

/* The sessions of a cell end, because the cell does (@gone) or gets another realm. Of
 * the latter, entries that an administrator made stay. Process.
 */
void utcp_peers_end_cell(struct utcp_net *un, struct utcp_cell *cell, bool gone)
{
	struct utcp_peer **all;
	unsigned int i, n;

	if (gone) {
		spin_lock_bh(&un->peer_lock);
		cell->gone = true;
		spin_unlock_bh(&un->peer_lock);
	}
	all = collect(un, cell, &n);
	for (i = 0; i < n; i++) {
		if (gone || !all[i]->configured)
			kill_peer(all[i], UTCP_CLOSE_CELL, ECONNRESET, false);
		else
			utcp_session_close(all[i], UTCP_CLOSE_CELL, ECONNRESET);
	}
	if (n)
		synchronize_rcu();
	for (i = 0; i < n; i++) {
		if (READ_ONCE(all[i]->dead))
			stop_work(all[i]);
		utcp_peer_put(all[i]);
	}
	kvfree(all);
}

/* The device of some sessions' path takes other lengths. Process. */
void utcp_peers_link_mtu(struct utcp_net *un, u32 ifindex)
{
	struct utcp_peer **all;
	struct utcp_path path;
	unsigned int i, n;

	all = collect(un, NULL, &n);
	for (i = 0; i < n; i++) {
		utcp_peer_path(all[i], &path);
		if (path.ifindex == ifindex) {
			spin_lock_bh(&all[i]->event_lock);
			utcp_session_tell(all[i], UTCP_SESSION_MTU, 0);
			spin_unlock_bh(&all[i]->event_lock);
		}
		utcp_peer_put(all[i]);
	}
	kvfree(all);
}

/* The policies on the way of a device may have changed. Process.
 * Return: false: a port could not be told of something, which is to be tried again.
 */
bool utcp_peers_ask_again(struct utcp_net *un, u32 ifindex)
{
	struct utcp_peer **all;
	unsigned int i, n;
	bool done = true;

	all = collect(un, NULL, &n);
	for (i = 0; i < n; i++) {
		done &= utcp_session_ask_again(all[i], ifindex);
		utcp_peer_put(all[i]);
		cond_resched();
	}
	kvfree(all);
	return done;
}

/* --- the worker ---------------------------------------------------------- */

/* The neighbour's clock. */
static unsigned int neigh_tick(struct utcp_peer *peer)
{
	enum utcp_peer_state before;
	unsigned int todo;
	bool known;
	u64 now;

	spin_lock_bh(&peer->lock);
	now = utcp_now();
	before = peer->neigh.state;
	known = peer->neigh.path.ifindex;
	write_seqcount_begin(&peer->path_seq);
	todo = utcp_neigh_tick(&peer->neigh, now, utcp_peer_wanted(peer, now),
			       get_random_u32());
	write_seqcount_end(&peer->path_seq);
	utcp_peer_turned(peer, before);
	/* A key that somebody told us goes with what he told us. */
	if ((todo &
	     (UTCP_NEIGH_LET_GO | UTCP_NEIGH_RETRY | UTCP_NEIGH_GAVE_UP)) &&
	    !peer->sure)
		peer->has_key = false;
	if ((todo & UTCP_NEIGH_LET_GO) && known)
		utcp_peer_set_path(peer, NULL);
	if (todo & UTCP_NEIGH_GAVE_UP) {
		WRITE_ONCE(peer->want_until, 0);
		peer->policies = utcp_policy_changes();
	}
	if (!utcp_peer_wanted(peer, now) ||
	    peer->neigh.state == UTCP_PEER_STATE_REACHABLE)
		todo |= UTCP_NEIGH_RETRY << 1; /* no search any more */
	spin_unlock_bh(&peer->lock);
	return todo;
}

static void do_neigh(struct utcp_peer *peer)
{
	unsigned int todo = neigh_tick(peer);
	bool sure;

	if (todo & (UTCP_NEIGH_RETRY << 1)) {
		end_search(peer);
		peer->ask_from = 0;
		peer->seek_from = 0;
	}
	if ((todo & UTCP_NEIGH_ASK) && !utcp_discovery_ask(peer)) {
		spin_lock_bh(&peer->lock);
		if (peer->neigh.ask_at)
			peer->neigh.ask_at = min_t(u64, peer->neigh.ask_at,
						   utcp_now() + ASK_AGAIN);
		spin_unlock_bh(&peer->lock);
	}
	if (!(todo & UTCP_NEIGH_GAVE_UP))
		return;
	spin_lock_bh(&peer->event_lock);
	sure = peer->session;
	utcp_session_tell(peer, UTCP_SESSION_UNREACHABLE,
			  sure ? ETIMEDOUT : EHOSTUNREACH);
	spin_unlock_bh(&peer->event_lock);
}

static u64 next_due(struct utcp_peer *peer, u64 due)
{
	u64 now;

	spin_lock_bh(&peer->lock);
	now = utcp_now();
	due = min_t(u64, due,
		    utcp_neigh_due(&peer->neigh, utcp_peer_wanted(peer, now)));
	due = min_t(u64, due, utcp_move_due(&peer->move));
	if (peer->want_until > now)
		due = min_t(u64, due, peer->want_until);
	if (peer->sulk_until > now)
		due = min_t(u64, due, peer->sulk_until);
	spin_unlock_bh(&peer->lock);
	return due;
}

static void peer_work(struct work_struct *work)
{
	struct utcp_peer *peer =
		container_of(to_delayed_work(work), struct utcp_peer, work);
	u64 due;

	if (!READ_ONCE(peer->dead)) {
		utcp_initiate_inbox(peer);
		due = utcp_session_ages(peer);
		due = min_t(u64, due, utcp_policy_tick(peer));
		do_neigh(peer);
		utcp_session_send_move(peer);
		due = min_t(u64, due, utcp_initiate(peer));
		if (!kill_peer(peer, UTCP_CLOSE_ROOM, ENOBUFS, true))
			run_at(peer, next_due(peer, due));
	}
	if (READ_ONCE(peer->dead))
		bury(peer);
	utcp_peer_put(peer);
}

/* --- namespaces ---------------------------------------------------------- */

int utcp_peers_init(struct utcp_net *un)
{
	spin_lock_init(&un->peer_lock);
	INIT_LIST_HEAD(&un->list);
	un->seq = 1; /* 0 would not be compared */
	return rhashtable_init(&un->peers, &params);
}

/* When no frame and no request comes any more. */
void utcp_peers_exit(struct utcp_net *un)
{
	struct utcp_peer **all;
	unsigned int i, n;

	all = collect(un, NULL, &n);
	for (i = 0; i < n; i++)
		kill_peer(all[i], UTCP_CLOSE_IDLE, ECONNRESET, false);
	if (n)
		synchronize_rcu();
	for (i = 0; i < n; i++) {
		stop_work(all[i]);
		utcp_peer_put(all[i]);
	}
	kvfree(all);
	/* A peer that ended by itself may still be in its worker. */
	flush_workqueue(utcp_wq);
	rhashtable_destroy(&un->peers);
}
