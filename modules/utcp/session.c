// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions: sending and receiving under the keys of the day, and how they come and
 * go.
 *
 * Locks, from the outside: event_lock of a peer, lock of a peer, the locks of an
 * association and of the namespace. What is told to others is told under event_lock
 * alone.
 */
#include <linux/random.h>
#include <linux/unaligned.h>

#include "chunk.h"
#include "input.h"
#include "link.h"
#include "session_priv.h"
#include "trace.h"

/* Until there was a sample; the greatest delay of an ACK; the least timeout. */
#define RTT_INITIAL (100ULL * NSEC_PER_MSEC)
#define ACK_DELAY (5ULL * NSEC_PER_MSEC)
#define PTO_LEAST (10ULL * NSEC_PER_MSEC)
#define PTO_MOST (800ULL * NSEC_PER_MSEC)
/* Two timeouts in a row, and so long since the older, are a doubt. */
#define DOUBT_LOST 2
#define DOUBT_TIME (200ULL * NSEC_PER_MSEC)
/* The worker is told that keys are old, at most once in so long. */
#define KICK_PAUSE (100ULL * NSEC_PER_MSEC)

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

static const struct utcp_session_ops *ops_now(void)
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

/* Tells connections, listeners and traces. Under event_lock. */
void utcp_session_tell(struct utcp_peer *peer, enum utcp_session_event event,
		       int err)
{
	const struct utcp_session_ops *ops = ops_now();
	u32 change = change_of(event);

	lockdep_assert_held(&peer->event_lock);
	trace_utcp_session(peer, event, err);
	if (ops)
		ops->event(peer, event, err);
	if (change)
		utcp_nl_peer_notify(peer, UTCP_CMD_PEER_CHANGE_NTF, change);
}

/* --- round trips ---------------------------------------------------------------- */

/* Probe timeout: RFC 9002, 6.2. A racing update gives one between old and new. */
u64 utcp_peer_pto(const struct utcp_peer *peer)
{
	u64 srtt = READ_ONCE(peer->srtt), var = READ_ONCE(peer->rttvar);

	if (!srtt) {
		srtt = RTT_INITIAL;
		var = RTT_INITIAL / 2;
	}
	return clamp_t(u64, srtt + 4 * var + ACK_DELAY, PTO_LEAST, PTO_MOST);
}

/* RFC 9002, 5.3. Under the peer's lock. */
static void rtt_sample(struct utcp_peer *peer, u64 rtt)
{
	u64 diff;

	peer->rtt = rtt;
	if (!peer->srtt) {
		peer->srtt = rtt;
		peer->rttvar = rtt / 2;
		return;
	}
	diff = peer->srtt > rtt ? peer->srtt - rtt : rtt - peer->srtt;
	peer->rttvar = (3 * peer->rttvar + diff) / 4;
	peer->srtt = (7 * peer->srtt + rtt) / 8;
}

/* --- sending -------------------------------------------------------------------- */

/* Keys that are used when they are old are renewed; the worker need not hear of it
 * with each frame.
 */
static void used(struct utcp_peer *peer, const struct utcp_assoc *assoc,
		 u64 now)
{
	WRITE_ONCE(peer->active, now);
	if (likely(now < assoc->rekey_at) ||
	    utcp_since(now, READ_ONCE(peer->kicked)) < KICK_PAUSE)
		return;
	WRITE_ONCE(peer->kicked, now);
	utcp_peer_kick(peer);
}

/* Seals a plaintext and sends it on a path. Takes @skb. Any context, under RCU. */
static int send_on(struct utcp_peer *peer, struct utcp_assoc *assoc,
		   const struct utcp_path *path, struct sk_buff *skb,
		   struct utcp_session_sent *sent)
{
	int ret = utcp_assoc_seal(assoc, skb, sent);

	if (ret) {
		kfree_skb(skb);
		if (ret == -EKEYEXPIRED)
			utcp_peer_kick(peer);
		return ret;
	}
	used(peer, assoc, sent->when);
	return utcp_link_xmit(peer->un, path, skb);
}

/* A plaintext with room around it. */
static struct sk_buff *plain_alloc(unsigned int len, gfp_t gfp)
{
	struct sk_buff *skb =
		alloc_skb(LL_MAX_HEADER + UTCP_DATA_OVERHEAD + len, gfp);

	if (skb)
		skb_reserve(skb, LL_MAX_HEADER + UTCP_DATA_HDR_LEN);
	return skb;
}

/* Sends a plaintext that stands elsewhere. Under RCU. */
static int send_bytes(struct utcp_peer *peer, struct utcp_assoc *assoc,
		      const struct utcp_path *path, const u8 *plain,
		      unsigned int len, struct utcp_session_sent *sent)
{
	struct sk_buff *skb = plain_alloc(len, GFP_ATOMIC);

	if (!skb)
		return -ENOMEM;
	skb_put_data(skb, plain, len);
	return send_on(peer, assoc, path, skb, sent);
}

static int send_path_chunk(struct utcp_peer *peer, struct utcp_assoc *assoc,
			   const struct utcp_path *path,
			   enum utcp_chunk_type type, const u8 *data)
{
	u8 plain[UTCP_PATH_LEN];
	struct utcp_writer w = { plain, plain + sizeof(plain) };
	struct utcp_session_sent sent;

	if (WARN_ON_ONCE(!utcp_put_path(&w, type, data)))
		return -EINVAL;
	return send_bytes(peer, assoc, path, plain, sizeof(plain), &sent);
}

static void send_close(struct utcp_peer *peer, struct utcp_assoc *assoc,
		       const struct utcp_path *path, u32 code)
{
	u8 plain[UTCP_CLOSE_LEN];
	struct utcp_writer w = { plain, plain + sizeof(plain) };
	struct utcp_session_sent sent;

	if (path->ifindex && !WARN_ON_ONCE(!utcp_put_close(&w, code)))
		send_bytes(peer, assoc, path, plain, sizeof(plain), &sent);
}

/* The association under which one may send now. Under RCU or the peer's lock. */
struct utcp_assoc *utcp_session_usable(const struct utcp_peer *peer, u64 now)
{
	struct utcp_assoc *assoc = rcu_dereference_check(
		peer->current_assoc, lockdep_is_held(&peer->lock));

	return assoc && utcp_assoc_may_send(assoc, now) ? assoc : NULL;
}

/**
 * utcp_session_ready() - can anything be sent to a peer?
 * @peer: the peer
 *
 * Context: any but hard interrupts.
 * Return: true if it has a session with keys and a path; false:
 * utcp_session_want() first.
 */
bool utcp_session_ready(struct utcp_peer *peer)
{
	struct utcp_path path;
	bool ready;

	rcu_read_lock();
	utcp_peer_path(peer, &path);
	ready = path.ifindex && utcp_session_usable(peer, utcp_now());
	rcu_read_unlock();
	return ready;
}

/**
 * utcp_session_alloc() - memory for a plaintext
 * @peer: to whom it will be sent
 * @len: longest plaintext
 * @gfp: how
 *
 * Return: an empty skb with room for @len bytes, and for what is put around them;
 * or NULL.
 */
struct sk_buff *utcp_session_alloc(struct utcp_peer *peer, unsigned int len,
				   gfp_t gfp)
{
	return plain_alloc(len, gfp);
}

/**
 * utcp_session_send() - send a row of chunks to a peer
 * @peer: the peer
 * @skb: the chunks, in memory from utcp_session_alloc(); taken in any case
 * @sent: what an ACK for it will name; valid also if the device refused it, for
 *	its counter is used up
 *
 * It is sealed in the caller's context; two callers do so at the same time.
 *
 * Context: any but hard interrupts.
 * Return: 0; -ENOTCONN: there are no keys or no path, and nothing was sent:
 * utcp_session_want(); -EMSGSIZE; -ENOMEM, -ENETDOWN, -ENOBUFS: it was lost on this
 * side.
 */
int utcp_session_send(struct utcp_peer *peer, struct sk_buff *skb,
		      struct utcp_session_sent *sent)
{
	struct utcp_assoc *assoc;
	struct utcp_path path;
	int ret = -ENOTCONN;

	rcu_read_lock();
	assoc = utcp_session_usable(peer, utcp_now());
	utcp_peer_path(peer, &path);
	if (assoc && path.ifindex)
		ret = send_on(peer, assoc, &path, skb, sent);
	else
		kfree_skb(skb);
	rcu_read_unlock();
	return ret;
}

/**
 * utcp_session_ack() - write an ACK of what a peer has sent
 * @peer: the peer
 * @chunk: where it goes
 * @room: how many bytes there are
 *
 * Of the current association: all that was received under it.
 *
 * Context: any but hard interrupts.
 * Return: its bytes; 0: there is nothing to acknowledge, or no room.
 */
int utcp_session_ack(struct utcp_peer *peer, u8 *chunk, size_t room)
{
	struct utcp_writer w = { chunk, chunk + room };
	struct utcp_assoc *assoc;
	bool done;

	rcu_read_lock();
	assoc = rcu_dereference(peer->current_assoc);
	done = assoc && utcp_assoc_put_ack(assoc, &w);
	rcu_read_unlock();
	return done ? w.at - chunk : 0;
}

/* The longest frame of a session, from the lesser of both ends. */
unsigned int utcp_session_mtu(struct utcp_peer *peer)
{
	unsigned int mtu = READ_ONCE(peer->mtu), own;
	struct utcp_path path;

	utcp_peer_path(peer, &path);
	own = path.ifindex ? utcp_link_mtu(peer->un, path.ifindex) : 0;
	if (!mtu || !own)
		return UTCP_MTU_BASE;
	return min(mtu, own);
}

/* --- signs of life ---------------------------------------------------------------- */

/**
 * utcp_session_ping() - ask a peer for a sign of life
 * @peer: the peer
 *
 * If none comes within two probe timeouts, see utcp_session_suspect().
 *
 * Context: any but hard interrupts.
 * Return: 0; or as utcp_session_send().
 */
int utcp_session_ping(struct utcp_peer *peer)
{
	struct utcp_session_sent sent = {};
	u8 plain[UTCP_CHUNK_HEAD_LEN];
	struct utcp_writer w = { plain, plain + sizeof(plain) };
	struct sk_buff *skb;
	int ret;

	skb = plain_alloc(sizeof(plain), GFP_ATOMIC);
	if (!skb || WARN_ON_ONCE(!utcp_put_ping(&w))) {
		kfree_skb(skb);
		return -ENOMEM;
	}
	skb_put_data(skb, plain, sizeof(plain));
	ret = utcp_session_send(peer, skb, &sent);
	if (ret == -ENOTCONN)
		return ret;
	/* Lost on this side is lost, too. */
	spin_lock_bh(&peer->lock);
	peer->ping.out = true;
	peer->ping.index = sent.index;
	peer->ping.counter = sent.counter;
	peer->ping.sent = sent.when ? sent.when : utcp_now();
	peer->ping.due = peer->ping.sent + utcp_peer_pto(peer);
	spin_unlock_bh(&peer->lock);
	utcp_peer_kick(peer);
	return ret;
}

/**
 * utcp_session_suspect() - a peer does not answer
 * @peer: the peer
 *
 * To be called after two probe timeouts in a row, and 200 ms: a handshake begins,
 * and the peer is looked for. Sending may go on.
 *
 * Context: any but hard interrupts.
 */
void utcp_session_suspect(struct utcp_peer *peer)
{
	u64 now = utcp_now();

	spin_lock_bh(&peer->lock);
	if (utcp_neigh_doubt(&peer->neigh, now)) {
		trace_utcp_neigh(peer, UTCP_PEER_STATE_REACHABLE,
				 UTCP_PEER_STATE_DOUBTFUL);
		peer->want_until =
			max_t(u64, peer->want_until, now + UTCP_WANT_TIME);
	}
	spin_unlock_bh(&peer->lock);
	utcp_peer_kick(peer);
}

/* A sign of life has come. Under the peer's lock. */
static void ping_answered(struct utcp_peer *peer, const struct utcp_chunk *ack)
{
	struct utcp_ping *ping = &peer->ping;

	if (!ping->out || ping->index != ack->ack.index ||
	    !utcp_ack_has(ack, ping->counter))
		return;
	if (!ping->lost)
		rtt_sample(peer, utcp_now() - ping->sent);
	memset(ping, 0, sizeof(*ping));
}

/* The clock of what was asked for. Return: when it is due again. */
static u64 ping_tick(struct utcp_peer *peer)
{
	bool again = false, doubt = false;
	struct utcp_ping *ping = &peer->ping;
	u64 due = U64_MAX, now;

	spin_lock_bh(&peer->lock);
	now = utcp_now();
	if (ping->out && now >= ping->due) {
		if (!ping->lost++)
			ping->since = ping->sent;
		doubt = ping->lost >= DOUBT_LOST &&
			now - ping->since >= DOUBT_TIME;
		again = !doubt;
		if (doubt)
			memset(ping, 0, sizeof(*ping));
	}
	spin_unlock_bh(&peer->lock);
	if (doubt)
		utcp_session_suspect(peer);
	if (again && utcp_session_ping(peer)) {
		spin_lock_bh(&peer->lock);
		if (ping->out && now >= ping->due)
			ping->due = now + PTO_MOST;
		spin_unlock_bh(&peer->lock);
	}
	spin_lock_bh(&peer->lock);
	if (ping->out)
		due = ping->due;
	spin_unlock_bh(&peer->lock);
	return due;
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

static void half_del(struct utcp_peer *peer, struct utcp_half *half)
{
	lockdep_assert_held(&peer->lock);
	list_del(&half->node);
	half->gone = true;
	peer->n_half--;
	atomic_dec(&peer->un->n_half);
	utcp_half_free(half);
}

static void drop_half(struct utcp_peer *peer, struct utcp_half *half)
{
	utcp_index_del(peer->un, &half->ix);
	half_del(peer, half);
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

/* Writes down who the peer is now, and resets what was if it is another one than
 * before. Under event_lock.
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

/* An association is confirmed: frames are sent under it from now on. Under
 * event_lock.
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

void utcp_session_set_mtu(struct utcp_peer *peer, u16 mtu)
{
	bool other = peer->mtu && peer->mtu != mtu;

	WRITE_ONCE(peer->mtu, mtu);
	if (other)
		utcp_session_tell(peer, UTCP_SESSION_MTU, 0);
}

/* Ends a session: nothing is left of it, and the next one has another boot id. Under
 * event_lock.
 */
void utcp_session_end(struct utcp_peer *peer, u32 close, int err)
{
	struct utcp_assoc *assoc;
	struct utcp_half *half, *next;
	struct utcp_path path;
	bool was;

	rcu_read_lock();
	assoc = utcp_session_usable(peer, utcp_now());
	utcp_peer_path(peer, &path);
	if (assoc && close != UTCP_NO_CLOSE)
		send_close(peer, assoc, &path, close);
	rcu_read_unlock();
	spin_lock_bh(&peer->lock);
	was = peer->session;
	peer->session = false;
	drop_assocs(peer);
	list_for_each_entry_safe(half, next, &peer->half, node)
		drop_half(peer, half);
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
	if (peer->neigh.state != UTCP_PEER_STATE_UNKNOWN)
		trace_utcp_neigh(peer, peer->neigh.state,
				 UTCP_PEER_STATE_UNKNOWN);
	utcp_peer_set_path(peer, NULL);
	spin_unlock_bh(&peer->lock);
	if (was)
		utcp_session_tell(peer, UTCP_SESSION_CLOSED, err);
	utcp_peer_kick(peer);
}

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
			drop_half(peer, half);
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

/* Does the session need new keys? Under the peer's lock. */
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

/* What the clock does to a session. Process. Return: when it is due again. */
u64 utcp_session_ages(struct utcp_peer *peer)
{
	bool down = false, idle;
	u64 due, now;

	spin_lock_bh(&peer->event_lock);
	spin_lock(&peer->lock);
	now = utcp_now();
	due = erase_old(peer, now, &down);
	idle = is_idle(peer, now);
	if (peer->session && !idle)
		due = min_t(u64, due, peer->active + UTCP_IDLE_TIME);
	spin_unlock(&peer->lock);
	if (idle)
		utcp_session_end(peer, UTCP_CLOSE_IDLE, 0);
	else if (down)
		utcp_nl_peer_notify(peer, UTCP_CMD_PEER_CHANGE_NTF,
				    UTCP_PEER_CHANGE_DOWN);
	spin_unlock_bh(&peer->event_lock);
	return min_t(u64, due, ping_tick(peer));
}

/* --- moving --------------------------------------------------------------------------- */

/* Sends the challenges that are due, and moves when it is time. Process. */
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
	if (assoc && (todo & UTCP_MOVE_ASK_NEW))
		send_path_chunk(peer, assoc, &to, UTCP_CHUNK_PATH_CHALLENGE,
				at_new);
	if (assoc && (todo & UTCP_MOVE_ASK_OLD) && old.ifindex)
		send_path_chunk(peer, assoc, &old, UTCP_CHUNK_PATH_CHALLENGE,
				at_old);
	rcu_read_unlock();
	if (moved)
		utcp_session_tell(peer, UTCP_SESSION_MOVED, 0);
	spin_unlock_bh(&peer->event_lock);
}

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
	bool may;

	spin_lock_bh(&peer->lock);
	/* To elsewhere goes no more than a multiple of what came from there; the
	 * challenge itself is long enough for its answer.
	 */
	may = utcp_path_equal(&peer->neigh.path, path) ||
	      peer->move.state == UTCP_MOVE_NONE ||
	      utcp_move_spend(&peer->move, path,
			      UTCP_PATH_LEN + UTCP_DATA_OVERHEAD);
	spin_unlock_bh(&peer->lock);
	if (may && utcp_assoc_may_send(assoc, utcp_now()))
		send_path_chunk(peer, assoc, path, UTCP_CHUNK_PATH_RESPONSE,
				data);
}

/* --- receiving ------------------------------------------------------------------------ */

/* The association that an ACK speaks of, by the index that it had sent with. */
static struct utcp_assoc *assoc_of(const struct utcp_peer *peer, u32 remote)
{
	struct utcp_assoc *assoc = rcu_dereference(peer->current_assoc);
	unsigned int i;

	if (assoc && assoc->remote == remote)
		return assoc;
	for (i = 0; i < UTCP_PREVIOUS; i++) {
		assoc = rcu_dereference(peer->previous[i]);
		if (assoc && assoc->remote == remote)
			return assoc;
	}
	return NULL;
}

/* Return: false if the peer lies. */
static bool take_ack(struct utcp_peer *peer, const struct utcp_chunk *ack)
{
	struct utcp_assoc *assoc = assoc_of(peer, ack->ack.index);

	if (!assoc)
		return true;
	if (!utcp_assoc_ack_ok(assoc, ack))
		return false;
	spin_lock_bh(&peer->lock);
	ping_answered(peer, ack);
	spin_unlock_bh(&peer->lock);
	return true;
}

static int close_error(u32 code)
{
	switch (code) {
	case UTCP_CLOSE_PROTOCOL:
		return EPROTO;
	case UTCP_CLOSE_ROOM:
		return ENOBUFS;
	default:
		return ECONNRESET;
	}
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

/* Without connections, the session acknowledges what it has asked for itself. */
static void acknowledge(struct utcp_peer *peer, struct utcp_assoc *assoc,
			const struct utcp_path *path)
{
	u8 plain[UTCP_ACK_LEN + UTCP_ACK_PAIRS * UTCP_ACK_PAIR_LEN];
	struct utcp_writer w = { plain, plain + sizeof(plain) };
	struct utcp_session_sent sent;
	struct utcp_path own;

	utcp_peer_path(peer, &own);
	if (utcp_assoc_may_send(assoc, utcp_now()) && own.ifindex &&
	    utcp_assoc_put_ack(assoc, &w))
		send_bytes(peer, assoc, &own, plain, w.at - plain, &sent);
}

/* Is there something of connections in it? */
static bool has_connections(const u8 *plain, size_t len)
{
	const u8 *end = plain + len;
	struct utcp_chunk chunk;

	while (utcp_chunk_next(&chunk, &plain, end))
		if (chunk.type >= UTCP_CHUNK_OPEN &&
		    chunk.type < UTCP_CHUNK_EXTENSION)
			return true;
	return false;
}

/* Acts on the session's own chunks. Return: 0; 1: the session is over; -EPROTO. */
static int own_chunks(struct utcp_peer *peer, struct utcp_assoc *assoc,
		      const struct utcp_path *path, const u8 *plain, size_t len)
{
	const u8 *end = plain + len;
	struct utcp_chunk chunk;

	while (utcp_chunk_next(&chunk, &plain, end)) {
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
	return 0;
}

/* A plaintext whose tag was right and whose counter is new. Takes @skb. */
static bool take_plain(struct utcp_net *un, struct utcp_assoc *assoc,
		       struct sk_buff *skb, const struct utcp_path *path,
		       const struct utcp_opened *opened)
{
	const struct utcp_session_ops *ops = ops_now();
	struct utcp_peer *peer = assoc->peer;
	struct utcp_session_rx rx = {
		.peer = peer,
		.index = assoc->ix.value,
		.counter = opened->counter,
		.next = opened->next,
		.when = utcp_now(),
		.plain = skb->data,
		.len = skb->len,
		.skb = skb,
	};
	struct utcp_chunks chunks;
	bool newest;
	int ret;

	newest = opened->greatest &&
		 rcu_access_pointer(peer->current_assoc) == assoc;
	used(peer, assoc, rx.when);
	WRITE_ONCE(peer->heard, rx.when);
	if (utcp_chunks_check(&chunks, rx.plain, rx.len)) {
		utcp_session_protocol_error(peer);
		return utcp_refuse(un, skb, UTCP_DROP_REASON_CHUNK);
	}
	look_at_path(peer, path, &chunks, newest, rx.len + UTCP_DATA_OVERHEAD);
	ret = own_chunks(peer, assoc, path, rx.plain, rx.len);
	if (ret < 0) {
		utcp_session_protocol_error(peer);
		return utcp_refuse(un, skb, UTCP_DROP_REASON_CHUNK);
	}
	if (!ret && ops) {
		ret = ops->rx(&rx);
		if (ret == -EPROTO)
			utcp_session_protocol_error(peer);
		if (ret)
			return utcp_refuse(un, skb,
					   ret == -ENOMEM ?
						   UTCP_DROP_REASON_NOMEM :
						   UTCP_DROP_REASON_CHUNK);
	} else if (!ret && has_connections(rx.plain, rx.len)) {
		return utcp_refuse(un, skb, UTCP_DROP_REASON_UNSERVED);
	} else if (!ret && chunks.asks) {
		acknowledge(peer, assoc, path);
	}
	utcp_delivered(un);
	consume_skb(skb);
	return true;
}

static bool assoc_input(struct utcp_net *un, struct utcp_assoc *assoc,
			struct sk_buff *skb, const struct utcp_path *path)
{
	struct utcp_opened opened;
	unsigned int reason;

	if (utcp_since(utcp_now(), assoc->born) >= UTCP_ASSOC_TIME)
		return utcp_refuse(un, skb, UTCP_DROP_REASON_INDEX);
	reason = utcp_assoc_open(assoc, &skb, utcp_frame_len(skb->data),
				 &opened);
	if (reason)
		return utcp_refuse(un, skb, reason);
	return take_plain(un, assoc, skb, path, &opened);
}

/* Is the initiation's path the session's from now on? Under the peer's lock. */
static void take_path(struct utcp_peer *peer, const struct utcp_path *path,
		      bool restarted)
{
	if (peer->neigh.state == UTCP_PEER_STATE_REACHABLE && !restarted)
		return;
	trace_utcp_neigh(peer, peer->neigh.state, UTCP_PEER_STATE_REACHABLE);
	utcp_peer_set_path(peer, path);
	utcp_move_done(&peer->move);
}

/* The initiator has proved, by a frame, that he is there now. Under event_lock.
 * Return: the association that comes of it; NULL: there is no room for it.
 */
static struct utcp_assoc *confirm(struct utcp_peer *peer,
				  struct utcp_half *half,
				  struct utcp_assoc *assoc)
{
	struct utcp_half *older, *next;
	bool restarted;

	if (utcp_peer_count(peer)) {
		rcu_read_lock();
		send_close(peer, assoc, &half->path, UTCP_CLOSE_ROOM);
		rcu_read_unlock();
		spin_lock_bh(&peer->lock);
		drop_half(peer, half);
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
		drop_half(peer, older);
	}
	half_del(peer, half);
	spin_unlock_bh(&peer->lock);
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
		assoc = confirm(peer, half, fresh);
		reason = UTCP_DROP_REASON_ROOM;
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
		reason = utcp_assoc_took(assoc, counter, len, &opened);
	if (reason)
		return utcp_refuse(un, skb, reason);
	return take_plain(un, assoc, skb, path, &opened);
}

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
