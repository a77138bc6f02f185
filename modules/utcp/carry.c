// SPDX-License-Identifier: GPL-2.0-only
/*
 * Carriers: connections with peers on other hosts.
 *
 * Locks, from the outside in: event_lock of a peer (of which an event comes), the
 * lock of its carrier, and then each for itself: lock of the peer, of the table of
 * peers, of an association, of the ports. What takes event_lock, or frees a peer,
 * waits until the carrier is unlocked.
 *
 * Frames are sealed and sent under the carrier's lock: counters are entered into the
 * lane in their order.
 */
#include "carry.h"

#include <linux/hrtimer.h>
#include <linux/lockdep.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "ackrange.h"
#include "lane.h"
#include "peer.h"
#include "socket.h"

/* Frames that are sent in a row; more are, when softirqs have had their turn. */
#define BATCH 64
/* No memory for a frame: again after this. */
#define NOMEM_PAUSE NSEC_PER_MSEC
/* How often those who wait are looked at, and say that they do. */
#define CHORES NSEC_PER_SEC
/* A doubt begins two probe timeouts, and this, after the first: see "Restart". */
#define DOUBT_TIME (200ULL * NSEC_PER_MSEC)

/* Times of single connections are rounded up to multiples of this, a power of two: so
 * that all that wait are looked at for many, not for each of them. 17 ms.
 */
#define CHORES_GRAIN BIT_ULL(24)

/* What is left to do when the carrier is unlocked. */
#define TODO_SUSPECT BIT(0)
#define TODO_WANT BIT(1)

/**
 * enum carried_state - where a connection is
 * @WAITING: for a session, or to be opened again; it has no number
 * @LIVE: it has a number and is in the lane
 * @GONE: it is in no list and no table
 */
enum carried_state {
	WAITING,
	LIVE,
	GONE,
};

/**
 * struct carried - a connection that is carried
 * @end: as its socket has it
 * @carrier: who carries it; lives as long as @peer
 * @peer: of the carrier, held
 * @node: in the carrier's list @opening, @open, or @gone
 * @refs: one for the carrier, if it is not gone; one for the socket
 * @state: see enum carried_state
 * @orphan: its socket was closed
 * @busy: something was written and has not been acknowledged
 * @params: what it is made of, if it is opened again
 * @uid: who opened it
 * @deadline: until then it must be open
 * @retry_at: not before this is it opened
 * @retry_wait: how much later than that the next time
 * @progress: when something arrived last, or began to wait
 *
 * All but @refs under the lock of the carrier. The last reference frees it.
 */
struct carried {
	struct utcp_end end;
	struct utcp_carrier *carrier;
	struct utcp_peer *peer;
	struct list_head node;
	refcount_t refs;
	enum carried_state state;
	bool orphan;
	bool busy;
	struct utcp_conn_params params;
	kuid_t uid;
	u64 deadline;
	u64 retry_at;
	u64 retry_wait;
	u64 progress;
};

/**
 * struct came - what has come under an association
 * @index: its index, of this end
 * @serial: its serial number among those under which something came; 0: none
 * @range: its counters
 */
struct came {
	u32 index;
	u32 serial;
	struct utcp_ackrange range;
};

/**
 * struct utcp_carrier - what carries the connections with a peer
 * @lock: protects all of it. Bottom halves off
 * @peer: the peer, whose memory it dies with
 * @lane: the lane; while @live
 * @path: the path that the lane knows; while @live
 * @live: there is a session that the lane is of
 * @ready: something could be sent when it was looked at last
 * @todo: TODO_…
 * @conns: connections by their number
 * @pairs: of these, by their ports, see pairs_of() and pair_key()
 * @opening: connections that the other end has not accepted
 * @open: those that it has, and its own
 * @gone: those to be let go of when the lock is released
 * @n: how many connections are in @opening and @open
 * @n_orphans: of these, orphans
 * @came: what has come, under the last associations
 * @said: what the ACK in the frame that is being made speaks of; NULL: there is none
 * @rx_serial: greatest serial number in @came
 * @tx_index: the other's indices of the associations under which frames were sent, the
 *	current one first
 * @tx_serial: serial number of the first of them
 * @spare: memory for a frame
 * @uid: who wants the session
 * @want_at: when that is said again, at the earliest
 * @chores_at: when those who wait are looked at
 * @doubt_from: first of the probe timeouts in a row
 * @timer: for all of this
 * @timer_at: when it runs; UTCP_NEVER: it does not
 *
 * Made when the first frame comes that asks for something, or the first connection
 * is opened; freed with its peer, a grace period after the last who had it. The
 * timer holds nothing: that waits for it.
 */
struct utcp_carrier {
	spinlock_t lock; /* protects all of it */
	struct utcp_peer *peer;
	struct utcp_lane lane;
	struct utcp_path path;
	bool live;
	bool ready;
	u8 todo;
	struct xarray conns;
	struct xarray pairs[2];
	struct list_head opening;
	struct list_head open;
	struct list_head gone;
	u32 n;
	u32 n_orphans;
	struct came came[UTCP_SENT_SPACES];
	struct came *said;
	u32 rx_serial;
	u32 tx_index[UTCP_SENT_SPACES];
	u32 tx_serial;
	struct sk_buff *spare;
	kuid_t uid;
	u64 want_at;
	u64 chores_at;
	u64 doubt_from;
	struct hrtimer timer;
	u64 timer_at;
};

static struct carried *carried_of(struct utcp_conn *conn)
{
	return container_of(conn, struct carried, end.conn);
}

static struct carried *carried_of_end(struct utcp_end *end)
{
	return container_of(end, struct carried, end);
}

static struct utcp_carrier *carrier_of(struct utcp_lane *lane)
{
	return container_of(lane, struct utcp_carrier, lane);
}

static u64 coarse(u64 at)
{
	return round_up(at, CHORES_GRAIN);
}

/* --- connections come and go ------------------------------------------------------ */

static void carried_put(struct carried *cc)
{
	struct utcp_peer *peer = cc->peer;

	if (!refcount_dec_and_test(&cc->refs))
		return;
	utcp_conn_free(&cc->end.conn);
	utcp_end_settle(&cc->end);
	kfree(cc);
	utcp_peer_put(peer);
}

/* Both ports as one number, the lesser first, so that automatic ones lie side by
 * side; which of them is the own one, pairs_of() says: 33 bits are more than some
 * kernels' index has.
 */
static unsigned long pair_key(const struct utcp_conn *conn)
{
	u32 low = min(conn->port, conn->to_port);
	u32 high = max(conn->port, conn->to_port);

	return low << 16 | high;
}

static struct xarray *pairs_of(struct utcp_carrier *c,
			       const struct utcp_conn *conn)
{
	return &c->pairs[conn->port < conn->to_port];
}

/* Gives a connection its place in the tables. Return: 0, or the code of a RESET. */
static int enter(struct utcp_carrier *c, struct carried *cc)
{
	struct utcp_conn *conn = &cc->end.conn;
	int ret;

	ret = xa_insert(pairs_of(c, conn), pair_key(conn), cc, GFP_ATOMIC);
	if (ret)
		return ret == -EBUSY ? UTCP_RESET_IN_USE : UTCP_RESET_RESOURCES;
	if (xa_insert(&c->conns, conn->id, cc, GFP_ATOMIC)) {
		xa_erase(pairs_of(c, conn), pair_key(conn));
		return UTCP_RESET_RESOURCES;
	}
	cc->state = LIVE;
	return 0;
}

/* Takes it out of them. */
static void leave(struct utcp_carrier *c, struct carried *cc)
{
	struct utcp_conn *conn = &cc->end.conn;

	if (cc->state != LIVE)
		return;
	xa_erase(&c->conns, conn->id);
	xa_erase(pairs_of(c, conn), pair_key(conn));
	utcp_lane_forget(conn);
	cc->state = WAITING;
}

static void detach(struct utcp_carrier *c, struct carried *cc)
{
	if (cc->state == GONE)
		return;
	leave(c, cc);
	cc->state = GONE;
	c->n--;
	c->n_orphans -= cc->orphan;
	list_move_tail(&cc->node, &c->gone);
}

/* Is there nothing left to do for it? What waits for its acknowledgment is noted
 * down.
 */
static void settle(struct utcp_carrier *c, struct carried *cc)
{
	const struct utcp_conn *conn = &cc->end.conn;
	bool busy;

	utcp_end_settle(&cc->end);
	if (utcp_conn_done(conn)) {
		detach(c, cc);
		return;
	}
	busy = utcp_sendq_waits(&conn->sendq) ||
	       (conn->sendq.fin && !conn->sendq.fin_acked);
	if (busy && !cc->busy)
		cc->progress = utcp_now();
	cc->busy = busy;
}

/* It ends, and the other end is not told. */
static void end_with(struct utcp_carrier *c, struct carried *cc, int err)
{
	cc->end.err = err;
	utcp_conn_die(&cc->end.conn, UTCP_RESET_ABORTED, true);
	detach(c, cc);
	utcp_end_wake(&cc->end, UTCP_CONN_DIED);
}

/* It ends, and the other end is told. @err: what the program gets; 0: nothing. */
static void abort_with(struct utcp_carrier *c, struct carried *cc, u32 code,
		       int err)
{
	if (cc->state == LIVE)
		utcp_lane_abort(&c->lane, &cc->end.conn, code);
	else
		utcp_conn_die(&cc->end.conn, code, false);
	detach(c, cc);
	cc->end.err = err;
	if (err)
		utcp_end_wake(&cc->end, UTCP_CONN_DIED);
}

/* It is to be opened with another number. Nothing was written to it yet. */
static void open_again(struct utcp_carrier *c, struct carried *cc)
{
	leave(c, cc);
	utcp_conn_free(&cc->end.conn);
	utcp_conn_connect(&cc->end.conn, &cc->params);
	c->chores_at = min(c->chores_at, cc->retry_at);
}

/* --- what the lane wants ------------------------------------------------------------ */

static struct utcp_conn *find(struct utcp_lane *lane, u32 id)
{
	struct carried *cc = xa_load(&carrier_of(lane)->conns, id);

	return cc ? &cc->end.conn : NULL;
}

static const struct utcp_end_ops carried_ops;

static struct carried *carried_new(struct utcp_carrier *c, gfp_t gfp)
{
	struct carried *cc = kzalloc(sizeof(*cc), gfp);

	if (!cc)
		return NULL;
	if (!utcp_peer_hold(c->peer)) {
		kfree(cc);
		return NULL;
	}
	cc->end.ops = &carried_ops;
	cc->end.lock = &c->lock;
	cc->end.user_timeout = UTCP_SILENCE_MAX;
	cc->carrier = c;
	cc->peer = c->peer;
	cc->uid = INVALID_UID;
	INIT_LIST_HEAD(&cc->node);
	refcount_set(&cc->refs, 2);
	return cc;
}

/* Somebody calls. What he said is in @open. */
static int open_(struct utcp_lane *lane, const struct utcp_chunk *open)
{
	struct utcp_carrier *c = carrier_of(lane);
	struct carried *cc;
	int code;

	if (c->n >= UTCP_CARRY_CONNS)
		return UTCP_RESET_RESOURCES;
	cc = carried_new(c, GFP_ATOMIC);
	if (!cc)
		return UTCP_RESET_RESOURCES;
	cc->end.conn.id = open->conn;
	cc->end.conn.port = open->open.to_port;
	cc->end.conn.to_port = open->open.port;
	INIT_LIST_HEAD(&cc->end.conn.turn);
	INIT_LIST_HEAD(&cc->end.conn.opening);
	code = enter(c, cc);
	if (!code && utcp_session_use(c->peer)) {
		leave(c, cc);
		code = UTCP_RESET_RESOURCES;
	}
	if (code) {
		kfree(cc);
		utcp_peer_put(c->peer); /* who is verified has another */
		return code;
	}
	c->n++;
	list_add_tail(&cc->node, &c->open);
	/* Makes the connection, if it takes it. */
	code = utcp_socket_called(c->peer, open, &cc->end);
	if (code < 0)
		return -1;
	detach(c, cc);
	refcount_dec(&cc->refs); /* no socket has it */
	return code;
}

static void happened(struct utcp_lane *lane, struct utcp_conn *conn, u32 what)
{
	struct utcp_carrier *c = carrier_of(lane);
	struct carried *cc = carried_of(conn);

	if (what & UTCP_CONN_DIED && conn->opener && !conn->accepted &&
	    conn->reset_by_peer && conn->code == UTCP_RESET_QUEUE_FULL &&
	    !cc->orphan) {
		cc->retry_at = coarse(lane->now + cc->retry_wait);
		cc->retry_wait = min_t(u64, 2 * cc->retry_wait, UTCP_FULL_MOST);
		open_again(c, cc);
		return;
	}
	if (what & UTCP_CONN_CONNECTED)
		list_move_tail(&cc->node, &c->open);
	if (what & UTCP_CONN_WRITABLE)
		cc->progress = lane->now;
	utcp_end_wake(&cc->end, what);
	settle(c, cc);
}

/* It is counted before it is taken. */
static bool charge(struct utcp_lane *lane, struct utcp_conn *conn, size_t more,
		   bool must)
{
	return utcp_end_charge(&carried_of(conn)->end, more, must);
}

static void recount(struct utcp_lane *lane, struct utcp_conn *conn)
{
	utcp_end_settle(&carried_of(conn)->end);
}

/* There are no sockets for datagrams of other hosts. */
static void datagram(struct utcp_lane *lane, const struct utcp_chunk *chunk)
{
}

/* The association of which an ACK is due first. */
static struct came *due_first(struct utcp_carrier *c)
{
	struct came *first = NULL;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(c->came); i++) {
		struct came *came = &c->came[i];

		if (came->serial && came->range.asking &&
		    (!first || came->range.due < first->range.due))
			first = came;
	}
	return first;
}

static bool put_ack(struct utcp_lane *lane, struct utcp_writer *w,
		    struct utcp_sent_item *item)
{
	struct came *came = due_first(carrier_of(lane));

	if (!came ||
	    !utcp_ackrange_put(&came->range, utcp_now(), came->index, w))
		return false;
	carrier_of(lane)->said = came;
	item->offset = came->range.run[0].high;
	item->conn = came->serial;
	return true;
}

static void ack_arrived(struct utcp_lane *lane,
			const struct utcp_sent_item *item)
{
	struct utcp_carrier *c = carrier_of(lane);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(c->came); i++)
		if (c->came[i].serial && c->came[i].serial == item->conn)
			utcp_ackrange_forget(&c->came[i].range, item->offset);
}

/* The session has looked whether the ACK lies: what it names was sent; if not by the
 * lane, by the session. But it has not looked at one for an association that is gone.
 */
static u32 space(struct utcp_lane *lane, const struct utcp_ack *ack)
{
	struct utcp_carrier *c = carrier_of(lane);
	unsigned int i;

	if (!utcp_session_sends(c->peer, ack->index))
		return 0;
	for (i = 0; i < ARRAY_SIZE(c->tx_index) && i < c->tx_serial; i++) {
		if (c->tx_index[i] != ack->index)
			continue;
		utcp_recovery_other(&lane->rec, c->tx_serial - i,
				    ack->greatest);
		return c->tx_serial - i;
	}
	return 0;
}

static const struct utcp_lane_ops lane_ops = {
	.find = find,
	.open = open_,
	.happened = happened,
	.charge = charge,
	.recount = recount,
	.datagram = datagram,
	.put_ack = put_ack,
	.ack_arrived = ack_arrived,
	.space = space,
};

/* --- life ----------------------------------------------------------------------------- */

static enum hrtimer_restart tick(struct hrtimer *timer);

/* The carrier of a peer, which is made if there is none; NULL: no memory. */
static struct utcp_carrier *carrier_get(struct utcp_peer *peer, gfp_t gfp)
{
	struct utcp_carrier *c = READ_ONCE(peer->carrier), *other;

	if (c)
		return c;
	c = kzalloc(sizeof(*c), gfp);
	if (!c)
		return NULL;
	spin_lock_init(&c->lock);
	c->peer = peer;
	xa_init(&c->conns);
	xa_init(&c->pairs[0]);
	xa_init(&c->pairs[1]);
	INIT_LIST_HEAD(&c->opening);
	INIT_LIST_HEAD(&c->open);
	INIT_LIST_HEAD(&c->gone);
	c->uid = GLOBAL_ROOT_UID;
	c->timer_at = UTCP_NEVER;
	c->chores_at = UTCP_NEVER;
	hrtimer_setup(&c->timer, tick, CLOCK_BOOTTIME, HRTIMER_MODE_ABS_SOFT);
	other = cmpxchg(&peer->carrier, NULL, c);
	if (!other)
		return c;
	kfree(c);
	return other;
}

/**
 * utcp_carrier_free() - a peer is no more
 * @carrier: its carrier, or NULL; nobody has it but its timer
 *
 * Context: where one may wait for a timer's function: not within it.
 */
void utcp_carrier_free(struct utcp_carrier *carrier)
{
	if (!carrier)
		return;
	hrtimer_cancel(&carrier->timer);
	WARN_ON_ONCE(carrier->n);
	if (carrier->live)
		utcp_lane_free(&carrier->lane);
	kfree_skb(carrier->spare);
	xa_destroy(&carrier->conns);
	xa_destroy(&carrier->pairs[0]);
	xa_destroy(&carrier->pairs[1]);
	kfree(carrier);
}

/* There is a session: the lane begins, if it has not. */
static void begin(struct utcp_carrier *c)
{
	struct utcp_peer *peer = c->peer;
	u8 key[UTCP_KEY_LEN];
	bool greater;
	u64 rtt;

	if (c->live || READ_ONCE(peer->dead) ||
	    !utcp_peer_public_key(peer, key))
		return;
	greater = memcmp(utcp_peer_cell(peer)->public_key, key, UTCP_KEY_LEN) >
		  0;
	utcp_lane_init(&c->lane, &lane_ops, &utcp_cubic, greater,
		       utcp_session_mtu(peer));
	utcp_peer_path(peer, &c->path);
	rtt = READ_ONCE(peer->srtt);
	if (rtt)
		utcp_recovery_handshake(&c->lane.rec, rtt, utcp_now());
	memset(c->came, 0, sizeof(c->came));
	c->rx_serial = 0;
	c->tx_serial = 0;
	c->doubt_from = 0;
	c->live = true;
}

/* The path may be another one: the session has moved, or a handshake has found the
 * peer elsewhere. @mtu: what its devices take may be something else.
 */
static void look_at_path(struct utcp_carrier *c, bool mtu)
{
	struct utcp_path path;

	if (!c->live)
		return;
	utcp_peer_path(c->peer, &path);
	/* No path is none to measure. */
	if (!path.ifindex || (!mtu && utcp_path_equal(&path, &c->path)))
		return;
	c->path = path;
	utcp_lane_path(&c->lane, utcp_session_mtu(c->peer));
}

/* The session is over: its connections end, and so does the lane. Those that wait for
 * one do so for the next, unless @all end.
 */
static void finish(struct utcp_carrier *c, int err, bool all)
{
	struct carried *cc, *next;

	list_for_each_entry_safe(cc, next, &c->open, node)
		end_with(c, cc, err);
	list_for_each_entry_safe(cc, next, &c->opening, node) {
		if (all)
			end_with(c, cc, err);
		else if (cc->state == LIVE)
			open_again(c, cc);
	}
	if (c->live)
		utcp_lane_free(&c->lane);
	c->live = false;
}

/* --- the clock ------------------------------------------------------------------------ */

/* Gives a connection a number, and opens it. */
static void open_one(struct utcp_carrier *c, struct carried *cc)
{
	struct utcp_conn *conn = &cc->end.conn;
	int code;

	conn->id = utcp_lane_number(&c->lane);
	code = enter(c, cc);
	if (code)
		end_with(c, cc, utcp_reset_errno(code));
	else
		utcp_lane_open(&c->lane, conn);
}

/* A new one: opened at once if that is possible, without a look at all the others. */
static void connect_one(struct utcp_carrier *c, struct carried *cc)
{
	c->chores_at = min(c->chores_at, cc->deadline);
	if (utcp_session_ready(c->peer)) {
		begin(c);
		if (c->live) {
			open_one(c, cc);
			return;
		}
	}
	/* The session is wanted, but not for each of many. */
	c->chores_at = min(c->chores_at, c->want_at);
}

/* Nobody has answered in time. Of whom nothing is known, it is not known either
 * whether he is there.
 */
static void open_failed(struct utcp_carrier *c, struct carried *cc)
{
	u8 key[UTCP_KEY_LEN];
	bool known = utcp_peer_public_key(c->peer, key);

	abort_with(c, cc, UTCP_RESET_TIMEOUT, known ? ETIMEDOUT : EHOSTUNREACH);
}

/* Those that are not open yet. Return: whether one waits for the session. */
static bool look_at_opening(struct utcp_carrier *c, u64 now, bool ready)
{
	struct carried *cc, *next;
	bool waits = false;

	list_for_each_entry_safe(cc, next, &c->opening, node) {
		if (now >= cc->deadline) {
			open_failed(c, cc);
			continue;
		}
		c->chores_at = min(c->chores_at, cc->deadline);
		if (cc->state == LIVE)
			continue;
		if (now < cc->retry_at)
			c->chores_at = min(c->chores_at, cc->retry_at);
		else if (c->live && ready)
			open_one(c, cc);
		else
			waits = true;
	}
	return waits;
}

/* Those that have waited too long while nothing was heard, and those that nobody has
 * any more: they wait for their own only.
 */
static void look_at_open(struct utcp_carrier *c, u64 now, bool silent)
{
	u64 heard = READ_ONCE(c->peer->heard);
	struct carried *cc, *next;

	list_for_each_entry_safe(cc, next, &c->open, node) {
		u64 since = utcp_since(now, cc->orphan ?
						    cc->progress :
						    max(cc->progress, heard));

		if ((silent || cc->orphan) && cc->busy &&
		    since >= cc->end.user_timeout)
			abort_with(c, cc, UTCP_RESET_TIMEOUT, ETIMEDOUT);
		else if (cc->orphan && !cc->busy && since >= UTCP_ORPHAN_TIME)
			abort_with(c, cc, UTCP_RESET_UNREAD, 0);
	}
}

static void do_chores(struct utcp_carrier *c, u64 now, bool ready)
{
	bool waits, silent;

	c->chores_at = UTCP_NEVER;
	waits = look_at_opening(c, now, ready);
	/* A RESET that is left alone is not worth a session: it goes with the next keys,
	 * or is forgotten.
	 */
	waits |= c->n && c->live && !ready && utcp_lane_waits(&c->lane);
	silent = c->live && (!ready || c->lane.rec.ptos);
	if (silent || c->n_orphans)
		look_at_open(c, now, silent);
	if ((silent && !list_empty(&c->open)) || c->n_orphans || waits)
		c->chores_at = min(c->chores_at, now + CHORES);
	if (waits && !ready && now >= c->want_at) {
		c->want_at = now + CHORES;
		c->todo |= TODO_WANT;
	}
}

/* --- sending --------------------------------------------------------------------------- */

/* Memory for the next frame. */
static struct sk_buff *get_spare(struct utcp_carrier *c, u64 now)
{
	const struct utcp_pmtu *pmtu = &c->lane.pmtu;
	unsigned int size = utcp_lane_size(&c->lane, now);
	struct sk_buff *skb = c->spare;

	c->spare = NULL;
	if (skb && skb_tailroom(skb) >= size - UTCP_DATA_HDR_LEN)
		return skb;
	kfree_skb(skb);
	skb = utcp_session_alloc(c->peer, size - UTCP_DATA_OVERHEAD,
				 GFP_ATOMIC);
	/* A probe is not worth waiting for so much memory in one piece. */
	if (!skb && size != pmtu->size)
		skb = utcp_session_alloc(
			c->peer, pmtu->size - UTCP_DATA_OVERHEAD, GFP_ATOMIC);
	return skb;
}

/* A frame went under an association. */
static void sent_under(struct utcp_carrier *c, u32 index)
{
	if (c->tx_serial && c->tx_index[0] == index)
		return;
	memmove(&c->tx_index[1], &c->tx_index[0],
		sizeof(c->tx_index) - sizeof(c->tx_index[0]));
	c->tx_index[0] = index;
	utcp_recovery_space(&c->lane.rec, ++c->tx_serial);
}

static bool send_one(struct utcp_carrier *c, struct sk_buff *skb,
		     const struct utcp_lane_frame *frame)
{
	struct utcp_session_sent sent;
	int ret;

	ret = utcp_session_send(c->peer, skb, &sent);
	if (ret == -ENOTCONN || ret == -EKEYEXPIRED || ret == -EMSGSIZE) {
		utcp_lane_unsent(&c->lane, frame);
		if (c->said)
			utcp_ackrange_unsaid(&c->said->range, utcp_now());
		return false;
	}
	/* If the device did not take it, it is found lost. */
	sent_under(c, sent.index);
	utcp_lane_sent(&c->lane, frame, sent.counter, sent.when);
	return true;
}

/* Sends all that may go. Return: when to ask again though nothing happens. */
static u64 send_all(struct utcp_carrier *c, u64 now)
{
	struct utcp_lane_frame frame = {};
	unsigned int n;

	for (n = 0; n < BATCH; n++) {
		const struct came *came = due_first(c);
		bool due = came && came->range.due <= now;
		struct sk_buff *skb;

		if (!due && !utcp_lane_waits(&c->lane))
			return UTCP_NEVER;
		skb = get_spare(c, now);
		if (!skb)
			return now + NOMEM_PAUSE;
		frame.plain = skb_tail_pointer(skb);
		frame.room = skb_tailroom(skb) - UTCP_TAG_LEN;
		c->said = NULL;
		utcp_lane_output(&c->lane, now, due, &frame);
		if (!frame.len) {
			c->spare = skb;
			return frame.until;
		}
		skb_put(skb, frame.len);
		if (!send_one(c, skb, &frame))
			return now + NOMEM_PAUSE;
		now = utcp_now();
	}
	return now;
}

static void set_timer(struct utcp_carrier *c, u64 at)
{
	/* Rather once too often than set with each frame. */
	if (at >= c->timer_at)
		return;
	c->timer_at = at;
	hrtimer_start(&c->timer, ns_to_ktime(at), HRTIMER_MODE_ABS_SOFT);
}

/* A probe timeout. RFC 9002 counts them; a doubt needs some time, too. */
static void timed_out(struct utcp_carrier *c, u64 now)
{
	bool doubt = utcp_lane_timeout(&c->lane, now);

	if (c->lane.rec.ptos == 1)
		c->doubt_from = now;
	if (doubt && utcp_since(now, c->doubt_from) >= DOUBT_TIME)
		c->todo |= TODO_SUSPECT;
}

/* Does whatever is due, sends whatever may go. Under the lock. */
static void run(struct utcp_carrier *c)
{
	bool ready = utcp_session_ready(c->peer);
	u64 now = utcp_now(), at = UTCP_NEVER;
	const struct came *came;

	lockdep_assert_held(&c->lock);
	if (!c->n && !c->live)
		return;
	if (ready)
		begin(c);
	if (c->live && ready && utcp_lane_timer(&c->lane) <= now)
		timed_out(c, now);
	if (now >= c->chores_at || ready != c->ready ||
	    (!ready && now >= c->want_at && c->n && c->live &&
	     utcp_lane_waits(&c->lane)))
		do_chores(c, now, ready);
	c->ready = ready;
	if (c->live && ready) {
		at = send_all(c, now);
		came = due_first(c);
		if (came)
			at = min(at, came->range.due);
		at = min(at, utcp_lane_timer(&c->lane));
		if (c->lane.rec.ptos && !list_empty(&c->open))
			c->chores_at = min(c->chores_at, now + CHORES);
	}
	set_timer(c, min(at, c->chores_at));
}

static void lock(struct utcp_carrier *c) __acquires(&c->lock)
{
	spin_lock_bh(&c->lock);
}

/* Unlocks, and does what could not be done under the lock. */
static void unlock(struct utcp_carrier *c) __releases(&c->lock)
{
	struct utcp_peer *peer = c->peer;
	struct carried *cc, *next;
	u8 todo = c->todo;
	kuid_t uid = c->uid;
	LIST_HEAD(gone);

	c->todo = 0;
	list_splice_init(&c->gone, &gone);
	/* What is let go of may have been the last that held the peer. */
	rcu_read_lock();
	spin_unlock_bh(&c->lock);
	if (todo & TODO_SUSPECT)
		utcp_session_suspect(peer);
	if (todo & TODO_WANT)
		utcp_session_want(peer, uid);
	list_for_each_entry_safe(cc, next, &gone, node) {
		list_del_init(&cc->node);
		utcp_session_unuse(peer);
		carried_put(cc);
	}
	rcu_read_unlock();
}

static enum hrtimer_restart tick(struct hrtimer *timer)
{
	struct utcp_carrier *c =
		container_of(timer, struct utcp_carrier, timer);

	lock(c);
	c->timer_at = UTCP_NEVER;
	run(c);
	unlock(c);
	return HRTIMER_NORESTART;
}

/* --- the session's side ----------------------------------------------------------------- */

/* What has come under the association of an index. */
static struct came *came_of(struct utcp_carrier *c, u32 index)
{
	struct came *came = &c->came[0];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(c->came); i++) {
		if (c->came[i].serial && c->came[i].index == index)
			return &c->came[i];
		if (c->came[i].serial < came->serial)
			came = &c->came[i];
	}
	came->index = index;
	came->serial = ++c->rx_serial;
	utcp_ackrange_init(&came->range);
	return came;
}

static int carry_rx(const struct utcp_session_rx *rx)
{
	struct utcp_carrier *c = carrier_get(rx->peer, GFP_ATOMIC);
	int ret;

	if (!c)
		return -ENOMEM;
	lock(c);
	/* Of a session that has ended in the meantime, nothing is to stay: neither now
	 * nor in the next one.
	 */
	if (utcp_session_ready(rx->peer))
		begin(c);
	if (!c->live || !utcp_session_has(rx->peer, rx->index)) {
		unlock(c);
		return -ESHUTDOWN;
	}
	ret = utcp_lane_input(&c->lane, rx->plain, rx->len, rx->when);
	if (!ret)
		utcp_ackrange_take(&came_of(c, rx->index)->range, rx->counter,
				   rx->when, rx->chunks);
	run(c);
	unlock(c);
	return ret;
}

static void carry_event(struct utcp_peer *peer, enum utcp_session_event event,
			int err)
{
	struct utcp_carrier *c = READ_ONCE(peer->carrier);
	struct carried *cc, *next;

	if (!c)
		return;
	lock(c);
	switch (event) {
	case UTCP_SESSION_RESTARTED:
		finish(c, err, false);
		run(c);
		break;
	case UTCP_SESSION_CLOSED:
		/* Nothing was said for long: but a call may have crossed that. */
		finish(c, err ? err : ECONNRESET, err);
		c->want_at = 0;
		c->chores_at = 0;
		run(c);
		break;
	case UTCP_SESSION_UNREACHABLE:
		list_for_each_entry_safe(cc, next, &c->opening, node)
			end_with(c, cc, err);
		break;
	case UTCP_SESSION_MOVED:
	case UTCP_SESSION_MTU:
	case UTCP_SESSION_UP:
	case UTCP_SESSION_REKEYED:
		look_at_path(c, event == UTCP_SESSION_MTU);
		run(c);
		break;
	}
	unlock(c);
}

const struct utcp_session_ops utcp_carry_ops = {
	.rx = carry_rx,
	.event = carry_event,
};

/* --- the socket's side ------------------------------------------------------------------ */

static void carried_move(struct utcp_end *end)
{
	struct carried *cc = carried_of_end(end);
	struct utcp_carrier *c = cc->carrier;

	if (cc->state == GONE)
		return;
	if (!end->sk && !cc->orphan) {
		cc->orphan = true;
		cc->progress = utcp_now();
		c->n_orphans++;
		c->chores_at = min(c->chores_at, cc->progress + CHORES);
	}
	settle(c, cc);
	if (cc->state == LIVE)
		utcp_lane_kick(&c->lane, &end->conn);
	run(c);
}

static void carried_reset(struct utcp_end *end, u32 code)
{
	struct carried *cc = carried_of_end(end);

	if (cc->state == GONE)
		return;
	abort_with(cc->carrier, cc, code, 0);
	run(cc->carrier);
}

static u64 carried_rtt(const struct utcp_end *end)
{
	const struct carried *cc = container_of(end, struct carried, end);

	return cc->carrier->live ? cc->carrier->lane.rec.rtt.smoothed :
				   UTCP_RTT_INITIAL_NS;
}

static void carried_info(const struct utcp_end *end, struct utcp_info *info)
{
	const struct carried *cc = container_of(end, struct carried, end);
	const struct utcp_carrier *c = cc->carrier;
	const struct utcp_recovery *rec = &c->lane.rec;

	if (!c->live)
		return;
	info->rtt = div_u64(rec->rtt.smoothed, NSEC_PER_USEC);
	info->rttvar = div_u64(rec->rtt.var, NSEC_PER_USEC);
	info->mtu = c->lane.pmtu.size;
	info->cwnd = rec->cong.cwnd;
	info->in_flight = rec->in_flight;
	info->lost = c->lane.lost;
}

static void carried_unlock(struct utcp_end *end)
{
	struct utcp_carrier *c = carried_of_end(end)->carrier;

	utcp_end_settle(end);
	__acquire(&c->lock); /* see utcp_end_lock() */
	unlock(c);
}

static void carried_end_put(struct utcp_end *end)
{
	carried_put(carried_of_end(end));
}

static const struct utcp_end_ops carried_ops = {
	.move = carried_move,
	.reset = carried_reset,
	.rtt = carried_rtt,
	.info = carried_info,
	.unlock = carried_unlock,
	.put = carried_end_put,
};

/**
 * utcp_carry_key() - whom is a connection with?
 * @end: the connection, which is or was open
 * @key: where his public key goes
 *
 * Context: any but hard interrupts.
 */
void utcp_carry_key(const struct utcp_end *end, u8 key[UTCP_KEY_LEN])
{
	utcp_peer_public_key(container_of(end, struct carried, end)->peer, key);
}

/**
 * utcp_carry_connect() - open a connection with a peer
 * @peer: the peer, which is wanted already
 * @params: what the connection is made of; its number is not used
 * @sk: the socket
 * @uid: who connects
 * @timeout: how long it may take, in nanoseconds
 *
 * It goes its way by itself: what comes of it is told to the socket, which sees
 * UTCP_CONN_OPEN or UTCP_CONN_DEAD in it.
 *
 * Context: process, may sleep.
 * Return: its end, for the put of its operations; -ENOMEM; -ENOBUFS: there are too many
 * with this peer; -EHOSTUNREACH: the peer has just been removed.
 */
struct utcp_end *utcp_carry_connect(struct utcp_peer *peer,
				    const struct utcp_conn_params *params,
				    struct sock *sk, kuid_t uid, u64 timeout)
{
	struct utcp_carrier *c = carrier_get(peer, GFP_KERNEL_ACCOUNT);
	struct carried *cc = c ? carried_new(c, GFP_KERNEL_ACCOUNT) : NULL;

	if (!cc)
		return ERR_PTR(-ENOMEM);
	cc->params = *params;
	cc->params.id = 0;
	cc->uid = uid;
	cc->deadline = coarse(utcp_now() + timeout);
	cc->retry_wait = UTCP_FULL_FIRST;
	utcp_conn_connect(&cc->end.conn, &cc->params);
	if (utcp_session_use(peer)) {
		refcount_set(&cc->refs, 1);
		carried_put(cc);
		return ERR_PTR(-EHOSTUNREACH);
	}
	lock(c);
	cc->end.sk = sk;
	c->n++;
	list_add_tail(&cc->node, &c->opening);
	if (c->n > UTCP_CARRY_CONNS) {
		end_with(c, cc, ENOBUFS);
	} else if (READ_ONCE(peer->dead)) {
		/* Who kills it tells those that are here after it is dead. */
		end_with(c, cc, EHOSTUNREACH);
	} else {
		c->uid = uid;
		connect_one(c, cc);
		run(c);
	}
	unlock(c);
	return &cc->end;
}
