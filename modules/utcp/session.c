// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions: how they come and go, what the clock does to them, and how they move.
 * What is sent is in session_tx.c, what is received in session_rx.c.
 *
 * Locks, from the outside: event_lock of a peer, lock of a peer, the locks of an
 * association and of the namespace. What is told to others is told under event_lock
 * alone.
 */
#include <linux/random.h>

#include "carry.h"
#include "chunk.h"
#include "policy.h"
#include "session_priv.h"
#include "trace.h"

static const struct utcp_session_ops *session_ops __read_mostly;

/**
 * utcp_session_set_ops() - connections are there
 * @ops: their side; NULL: they are no more
 *
 * Context: process, while there are no peers.
 */
void utcp_session_set_ops(const struct utcp_session_ops *ops)
{
	WRITE_ONCE(session_ops, ops);
}

/**
 * utcp_session_ops_now() - the connections' side
 *
 * Context: any.
 * Return: it; NULL: there is none.
 */
const struct utcp_session_ops *utcp_session_ops_now(void)
{
	return READ_ONCE(session_ops);
}

static u32 change_of(enum utcp_session_event event)
{
	switch (event) {
	case UTCP_SESSION_UP:
		return UTCP_PEER_CHANGE_UP;
	case UTCP_SESSION_REKEYED:
		return UTCP_PEER_CHANGE_REKEYED;
	case UTCP_SESSION_RESTARTED:
		return UTCP_PEER_CHANGE_RESTARTED;
	case UTCP_SESSION_MOVED:
		return UTCP_PEER_CHANGE_MOVED;
	case UTCP_SESSION_CLOSED:
		return UTCP_PEER_CHANGE_DOWN;
	case UTCP_SESSION_UNREACHABLE:
		return UTCP_PEER_CHANGE_UNREACHABLE;
	default:
		return 0;
	}
}

/**
 * utcp_session_tell() - tell connections, listeners and traces
 * @peer: of which peer
 * @event: what happened
 * @err: see enum utcp_session_event
 *
 * Context: under event_lock of the peer, not under its lock.
 */
void utcp_session_tell(struct utcp_peer *peer, enum utcp_session_event event,
		       int err)
{
	const struct utcp_session_ops *ops = utcp_session_ops_now();
	u32 change = change_of(event);

	lockdep_assert_held(&peer->event_lock);
	trace_utcp_session(peer, event, err);
	if (ops)
		ops->event(peer, event, err);
	if (change)
		utcp_nl_peer_notify(peer, UTCP_CMD_PEER_CHANGE_NTF, change);
}

/**
 * utcp_session_usable() - the association under which one may send now
 * @peer: the peer
 * @now: the time
 *
 * Context: under RCU or the lock of the peer, which also is how long the result is valid.
 * Return: it; NULL: there is none.
 */
struct utcp_assoc *utcp_session_usable(const struct utcp_peer *peer, u64 now)
{
	struct utcp_assoc *assoc = rcu_dereference_check(
		peer->current_assoc, lockdep_is_held(&peer->lock));

	return assoc && utcp_assoc_may_send(assoc, now) ? assoc : NULL;
}

/* --- how sessions come and go -------------------------------------------------------- */

static void assoc_del(struct utcp_peer *peer, struct utcp_assoc __rcu **at)
{
	struct utcp_assoc *assoc =
		rcu_replace_pointer(*at, NULL, lockdep_is_held(&peer->lock));

	if (!assoc)
		return;
	utcp_index_del(peer->un, &assoc->ix);
	peer->rx_frames += READ_ONCE(assoc->rx_frames);
	peer->rx_bytes += READ_ONCE(assoc->rx_bytes);
	peer->tx_frames += READ_ONCE(assoc->tx_frames);
	peer->tx_bytes += READ_ONCE(assoc->tx_bytes);
	utcp_assoc_free(assoc);
}

/**
 * utcp_session_half_done() - a half-open association is no more
 * @peer: its peer
 * @half: it, which nobody finds any more by its index
 *
 * Context: under event_lock and the lock of the peer.
 */
void utcp_session_half_done(struct utcp_peer *peer, struct utcp_half *half)
{
	lockdep_assert_held(&peer->lock);
	list_del(&half->node);
	half->gone = true;
	peer->n_half--;
	atomic_dec(&peer->un->n_half);
	utcp_half_free(half);
}

/**
 * utcp_session_drop_half() - take back the index of a half-open association, and end it
 * @peer: its peer
 * @half: it
 *
 * Context: as utcp_session_half_done().
 */
void utcp_session_drop_half(struct utcp_peer *peer, struct utcp_half *half)
{
	utcp_index_del(peer->un, &half->ix);
	utcp_session_half_done(peer, half);
}

static void drop_assocs(struct utcp_peer *peer)
{
	unsigned int i;

	assoc_del(peer, &peer->current_assoc);
	for (i = 0; i < UTCP_PREVIOUS; i++)
		assoc_del(peer, &peer->previous[i]);
	memset(&peer->ping, 0, sizeof(peer->ping));
	utcp_move_done(&peer->move);
	peer->move_todo = 0;
}

/* Makes an association the current one; what is current becomes previous. Its index
 * is in the table already. Under the peer's lock.
 */
static void make_current(struct utcp_peer *peer, struct utcp_assoc *assoc)
{
	struct utcp_assoc *old = rcu_dereference_protected(
		peer->current_assoc, lockdep_is_held(&peer->lock));
	struct utcp_assoc *before = rcu_dereference_protected(
		peer->previous[0], lockdep_is_held(&peer->lock));

	if (old) {
		old->retired = utcp_now();
		assoc_del(peer, &peer->previous[1]);
		rcu_assign_pointer(peer->previous[1], before);
		rcu_assign_pointer(peer->previous[0], old);
	}
	rcu_assign_pointer(peer->current_assoc, assoc);
	memset(&peer->ping, 0, sizeof(peer->ping));
}

/**
 * utcp_session_confirm() - write down who the peer is now
 * @peer: the peer
 * @boot: its boot id in the handshake that was confirmed
 * @time: the time of its initiation; 0 if it was one's own
 *
 * What was is reset if it is another one than before.
 *
 * Context: under event_lock of the peer, not under its lock.
 * Return: true if it is.
 */
bool utcp_session_confirm(struct utcp_peer *peer, const u8 *boot, u64 time)
{
	bool restarted;

	spin_lock_bh(&peer->lock);
	restarted = utcp_record_confirm(&peer->record, boot, time);
	if (restarted) {
		drop_assocs(peer);
		peer->srtt = 0;
		peer->rttvar = 0;
	}
	spin_unlock_bh(&peer->lock);
	if (restarted)
		utcp_session_tell(peer, UTCP_SESSION_RESTARTED, ECONNRESET);
	return restarted;
}

/**
 * utcp_session_install() - an association is confirmed
 * @peer: the peer
 * @assoc: the association; its index is in the table already
 *
 * Frames are sent under it from now on; the one before becomes a previous one.
 *
 * Context: under event_lock of the peer, not under its lock.
 */
void utcp_session_install(struct utcp_peer *peer, struct utcp_assoc *assoc)
{
	bool up;

	spin_lock_bh(&peer->lock);
	up = !utcp_session_usable(peer, utcp_now());
	make_current(peer, assoc);
	peer->session = true;
	peer->restart = false;
	peer->n_handshakes++;
	peer->want_until = 0;
	peer->active = utcp_now();
	spin_unlock_bh(&peer->lock);
	utcp_session_tell(peer, up ? UTCP_SESSION_UP : UTCP_SESSION_REKEYED, 0);
}

/**
 * utcp_session_set_mtu() - the longest frame that a peer takes is known
 * @peer: the peer
 * @mtu: its length
 *
 * If it was another one before, that is told.
 *
 * Context: under event_lock of the peer, not under its lock.
 */
void utcp_session_set_mtu(struct utcp_peer *peer, u16 mtu)
{
	bool other = peer->mtu && peer->mtu != mtu;

	WRITE_ONCE(peer->mtu, mtu);
	if (other)
		utcp_session_tell(peer, UTCP_SESSION_MTU, 0);
}

/* Ends a session that was on @path, if there @was one. Under event_lock. */
static void end_on(struct utcp_peer *peer, const struct utcp_path *path,
		   bool was, u32 close, int err)
{
	const struct utcp_session_ops *ops = utcp_session_ops_now();
	struct utcp_assoc *assoc;
	struct utcp_half *half, *next;

	rcu_read_lock();
	assoc = utcp_session_usable(peer, utcp_now());
	if (assoc && close != UTCP_NO_CLOSE)
		utcp_session_send_close(peer, assoc, path, close);
	rcu_read_unlock();
	spin_lock_bh(&peer->lock);
	peer->session = false;
	drop_assocs(peer);
	list_for_each_entry_safe(half, next, &peer->half, node)
		utcp_session_drop_half(peer, half);
	memset(&peer->record, 0, sizeof(peer->record));
	get_random_bytes(peer->boot, sizeof(peer->boot));
	peer->offer_time = 0;
	peer->srtt = 0;
	peer->rttvar = 0;
	peer->rtt = 0;
	peer->mtu = 0;
	peer->want_until = 0;
	peer->restart = false;
	if (close == UTCP_CLOSE_PROTOCOL)
		peer->sulk_until = utcp_now() + UTCP_SULK_TIME;
	utcp_peer_set_path(peer, NULL);
	spin_unlock_bh(&peer->lock);
	if (was)
		utcp_session_tell(peer, UTCP_SESSION_CLOSED, err);
	else if (ops) /* who waits for it hears of it */
		ops->event(peer, UTCP_SESSION_CLOSED, err);
	utcp_peer_kick(peer);
}

/**
 * utcp_session_end() - end a session
 * @peer: the peer
 * @close: code of the CLOSE that the peer is sent; UTCP_NO_CLOSE: it is sent none
 * @err: how its connections end, see UTCP_SESSION_CLOSED
 *
 * Nothing is left of it, and the next one has another boot id. Those who wait for a session
 * hear of it even if there was none.
 *
 * Context: under event_lock of the peer, not under its lock.
 */
void utcp_session_end(struct utcp_peer *peer, u32 close, int err)
{
	struct utcp_path path;

	utcp_peer_path(peer, &path);
	end_on(peer, &path, peer->session, close, err);
}

/**
 * utcp_session_close() - take event_lock, and end a session
 * @peer: the peer
 * @close: as for utcp_session_end()
 * @err: as for utcp_session_end()
 *
 * Context: any but hard interrupts; not under event_lock or the lock of the peer.
 */
void utcp_session_close(struct utcp_peer *peer, u32 close, int err)
{
	spin_lock_bh(&peer->event_lock);
	utcp_session_end(peer, close, err);
	spin_unlock_bh(&peer->event_lock);
}

/**
 * utcp_session_protocol_error() - a peer does not keep the protocol
 * @peer: the peer
 *
 * Its session ends, with CLOSE, code 2; for 10 s no handshake is begun with it.
 *
 * Context: any but hard interrupts; not from the event hook.
 */
void utcp_session_protocol_error(struct utcp_peer *peer)
{
	utcp_session_close(peer, UTCP_CLOSE_PROTOCOL, EPROTO);
}

/* Who waits for a peer that is not found need not wait until it is asked for again. */
static void search_again(struct utcp_peer *peer)
{
	bool waits;
	u32 before;

	spin_lock_bh(&peer->lock);
	before = peer->neigh.state;
	waits = peer->neigh.state == UTCP_PEER_STATE_SEARCHING ||
		peer->neigh.state == UTCP_PEER_STATE_TRYING;
	utcp_neigh_again(&peer->neigh, utcp_now());
	utcp_peer_turned(peer, before);
	spin_unlock_bh(&peer->lock);
	if (waits)
		utcp_peer_kick(peer);
}

/**
 * utcp_session_ask_again() - the policies on the way of a device may have changed
 * @peer: the peer
 * @ifindex: the device
 *
 * What is refused now ends; of what is not, the ports are told.
 *
 * Context: process; not under event_lock or the lock of the peer.
 * Return: true; false: one could not be told, and it is to be tried again.
 */
bool utcp_session_ask_again(struct utcp_peer *peer, u32 ifindex)
{
	struct utcp_assoc *assoc;
	struct utcp_path path;
	int ret = 0;

	spin_lock_bh(&peer->event_lock);
	utcp_peer_path(peer, &path);
	assoc = rcu_dereference_protected(peer->current_assoc,
					  lockdep_is_held(&peer->event_lock));
	if (path.ifindex == ifindex && assoc)
		ret = utcp_policy_assoc(peer, assoc, &path);
	else if (path.ifindex == ifindex && peer->session)
		ret = utcp_policy_meet(peer->un, ifindex, peer->key.cell,
				       peer->key.id);
	if (ret == -EACCES && assoc && path.ifindex == ifindex)
		utcp_policy_last(peer, assoc, &path);
	if (ret == -EACCES)
		utcp_session_end(peer, UTCP_CLOSE_NOT_ALLOWED, EACCES);
	spin_unlock_bh(&peer->event_lock);
	if (!path.ifindex)
		search_again(peer);
	/* Even if a port could not be told: what it refuses ends. */
	if (ret != -EACCES && (!path.ifindex || path.ifindex == ifindex))
		utcp_carry_ask_again(peer);
	return !ret || ret == -EACCES;
}

/* --- the clock ------------------------------------------------------------------------ */

/* Is an association that is not current any more at its end? */
static bool is_over(const struct utcp_assoc *assoc, u64 now)
{
	u64 last = max_t(u64, READ_ONCE(assoc->heard), assoc->retired);

	return utcp_since(now, assoc->born) >= UTCP_ASSOC_TIME ||
	       utcp_since(now, last) >= UTCP_PREVIOUS_TIME;
}

/* Erases what is too old. Under the peer's lock. Return: when it is due again. */
static u64 erase_old(struct utcp_peer *peer, u64 now, bool *down)
{
	struct utcp_half *half, *next;
	struct utcp_assoc *assoc;
	u64 due = U64_MAX;
	unsigned int i;

	for (i = 0; i < UTCP_PREVIOUS; i++) {
		assoc = rcu_dereference_protected(peer->previous[i], true);
		if (assoc && is_over(assoc, now))
			assoc_del(peer, &peer->previous[i]);
		else if (assoc)
			due = min_t(u64, due, now + NSEC_PER_SEC);
	}
	list_for_each_entry_safe(half, next, &peer->half, node) {
		if (utcp_since(now, half->secrets.born) >= UTCP_HALF_TIME)
			utcp_session_drop_half(peer, half);
		else
			due = min_t(u64, due,
				    half->secrets.born + UTCP_HALF_TIME);
	}
	assoc = rcu_dereference_protected(peer->current_assoc, true);
	if (assoc && utcp_since(now, assoc->born) >= UTCP_ASSOC_TIME) {
		assoc_del(peer, &peer->current_assoc);
		*down = true;
	} else if (assoc) {
		due = min_t(u64, due, assoc->born + UTCP_ASSOC_TIME);
		if (now < assoc->rekey_at)
			due = min_t(u64, due, assoc->rekey_at);
	}
	return due;
}

/**
 * utcp_session_wants_keys() - does the session need new keys?
 * @peer: the peer
 * @now: the time
 *
 * Context: under the lock of the peer.
 * Return: true if it does.
 */
bool utcp_session_wants_keys(const struct utcp_peer *peer, u64 now)
{
	const struct utcp_assoc *assoc =
		rcu_dereference_protected(peer->current_assoc, true);

	if (peer->restart)
		return true;
	if (!assoc || !utcp_assoc_may_send(assoc, now))
		return now < peer->want_until;
	return now >= assoc->rekey_at &&
	       utcp_since(now, READ_ONCE(assoc->used)) < UTCP_USED_TIME;
}

/* Idle for so long that it is dropped? Under the peer's lock. */
static bool is_idle(const struct utcp_peer *peer, u64 now)
{
	return peer->session && !peer->users && now >= peer->want_until &&
	       utcp_since(now, READ_ONCE(peer->active)) >= UTCP_IDLE_TIME;
}

/**
 * utcp_session_ages() - what the clock does to a session
 * @peer: the peer
 *
 * Context: process: the peer's worker.
 * Return: when it is due again; U64_MAX: not by the clock.
 */
u64 utcp_session_ages(struct utcp_peer *peer)
{
	struct utcp_path path;
	bool down = false, idle;
	u64 due, now;

	spin_lock_bh(&peer->event_lock);
	spin_lock(&peer->lock);
	now = utcp_now();
	due = erase_old(peer, now, &down);
	idle = is_idle(peer, now);
	/* A call that comes in from now on is not taken, nor is anything said to it: its
	 * caller hears that the session is over, and calls again over the next one.
	 */
	if (idle) {
		path = peer->neigh.path;
		peer->session = false;
		utcp_peer_set_path(peer, NULL);
	}
	/* Who has connections is not idle, however silent they are; when the last of them
	 * ends, the worker is told.
	 */
	if (peer->session && !idle && !peer->users)
		due = min_t(u64, due,
			    max_t(u64, peer->want_until,
				  READ_ONCE(peer->active) + UTCP_IDLE_TIME));
	spin_unlock(&peer->lock);
	if (idle)
		end_on(peer, &path, true, UTCP_CLOSE_IDLE, 0);
	else if (down)
		utcp_nl_peer_notify(peer, UTCP_CMD_PEER_CHANGE_NTF,
				    UTCP_PEER_CHANGE_DOWN);
	spin_unlock_bh(&peer->event_lock);
	return min_t(u64, due, utcp_session_ping_tick(peer));
}

/* --- moving --------------------------------------------------------------------------- */

/**
 * utcp_session_send_move() - send the challenges that are due, and move when it is time
 * @peer: the peer
 *
 * Context: process: the peer's worker.
 */
void utcp_session_send_move(struct utcp_peer *peer)
{
	struct utcp_path old, to;
	struct utcp_assoc *assoc;
	u8 at_old[UTCP_CHALLENGE_LEN], at_new[UTCP_CHALLENGE_LEN];
	unsigned int todo;
	bool moved = false;

	spin_lock_bh(&peer->event_lock);
	spin_lock(&peer->lock);
	todo = peer->move_todo | utcp_move_tick(&peer->move, utcp_now());
	peer->move_todo = 0;
	old = peer->neigh.path;
	to = peer->move.to;
	memcpy(at_old, peer->move.at_old, sizeof(at_old));
	memcpy(at_new, peer->move.at_new, sizeof(at_new));
	if (todo & UTCP_MOVE_GO) {
		utcp_peer_set_path(peer, &to);
		utcp_move_done(&peer->move);
		peer->srtt = 0;
		peer->rttvar = 0;
		moved = true;
	}
	if ((todo & UTCP_MOVE_ASK_NEW) &&
	    !utcp_move_spend(&peer->move, &to,
			     UTCP_PATH_LEN + UTCP_DATA_OVERHEAD))
		todo &= ~UTCP_MOVE_ASK_NEW;
	spin_unlock(&peer->lock);
	rcu_read_lock();
	assoc = utcp_session_usable(peer, utcp_now());
	if (assoc && moved)
		utcp_policy_moved(peer, assoc, &to);
	if (assoc && (todo & UTCP_MOVE_ASK_NEW) &&
	    !utcp_policy_path(peer, assoc, &to))
		utcp_session_send_path(peer, assoc, &to,
				       UTCP_CHUNK_PATH_CHALLENGE, at_new);
	if (assoc && (todo & UTCP_MOVE_ASK_OLD) && old.ifindex)
		utcp_session_send_path(peer, assoc, &old,
				       UTCP_CHUNK_PATH_CHALLENGE, at_old);
	rcu_read_unlock();
	if (moved)
		utcp_session_tell(peer, UTCP_SESSION_MOVED, 0);
	spin_unlock_bh(&peer->event_lock);
}
