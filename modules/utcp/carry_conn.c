// SPDX-License-Identifier: GPL-2.0-only
/*
 * The connections of a carrier: how they come and go, what the lane asks of them, and
 * what their sockets do. Locks: see carry.c.
 */
#include <linux/slab.h>

#include "carry_priv.h"
#include "memory.h"
#include "policy.h"
#include "socket.h"

/* --- connections come and go ------------------------------------------------------ */

/**
 * utcp_carried_put() - have a connection no more
 * @cc: the connection, which may be freed, and its peer with it
 *
 * Context: any but hard interrupts; not under the lock of the carrier.
 */
void utcp_carried_put(struct carried *cc)
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

/**
 * utcp_carried_enter() - give a connection its place in the tables
 * @c: the carrier
 * @cc: the connection, which has its number and its ports
 *
 * Context: under the lock of the carrier.
 * Return: 0, or the code of a RESET: UTCP_RESET_IN_USE: its ports have a connection already;
 * UTCP_RESET_RESOURCES.
 */
int utcp_carried_enter(struct utcp_carrier *c, struct carried *cc)
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
	if (c->found == cc)
		c->found = NULL;
	xa_erase(&c->conns, conn->id);
	xa_erase(pairs_of(c, conn), pair_key(conn));
	utcp_lane_forget(conn);
	cc->state = WAITING;
}

/* Of what no policy has allowed. */
static const struct utcp_permit no_permit;

static bool same_permit(const struct utcp_permit *a,
			const struct utcp_permit *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static void detach(struct utcp_carrier *c, struct carried *cc)
{
	if (cc->state == GONE)
		return;
	leave(c, cc);
	cc->state = GONE;
	c->n--;
	if (!c->n && !same_permit(&cc->permit, &no_permit))
		utcp_policy_ended(c->peer);
	c->n_orphans -= cc->orphan;
	if (cc->user)
		utcp_socket_uncount(c->peer->un, cc->user);
	cc->user = NULL;
	list_move_tail(&cc->node, &c->gone);
}

/* Is there nothing left to do for it? What waits for its acknowledgment is noted
 * down. @now: the time; 0: it has not been read, and is if that is needed.
 */
static void settle(struct utcp_carrier *c, struct carried *cc, u64 *now)
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
	if (busy && !cc->busy) {
		if (!*now)
			*now = utcp_now();
		cc->progress = *now;
		utcp_carrier_busy(c, cc);
	}
	cc->busy = busy;
}

/**
 * utcp_carried_end() - end a connection, and do not tell the other end
 * @c: the carrier
 * @cc: the connection
 * @err: what the program gets
 *
 * Context: under the lock of the carrier.
 */
void utcp_carried_end(struct utcp_carrier *c, struct carried *cc, int err)
{
	cc->end.err = err;
	utcp_conn_die(&cc->end.conn, UTCP_RESET_ABORTED, true);
	/* Its program may not look at it for as long as it likes. */
	utcp_end_settle(&cc->end);
	detach(c, cc);
	utcp_end_wake(&cc->end, UTCP_CONN_DIED);
}

/**
 * utcp_carried_abort() - end a connection, and tell the other end
 * @c: the carrier
 * @cc: the connection
 * @code: what it is told, enum utcp_reset_code
 * @err: what the program gets; 0: nothing
 *
 * If there are no keys some are wanted, once: the other end's program may wait for nothing else,
 * and it would do so for ever.
 *
 * Context: under the lock of the carrier.
 */
void utcp_carried_abort(struct utcp_carrier *c, struct carried *cc, u32 code,
			int err)
{
	if (cc->state == LIVE) {
		utcp_lane_abort(&c->lane, &cc->end.conn, code);
		if (!utcp_session_ready(c->peer, utcp_now()))
			c->todo |= TODO_WANT;
	} else {
		utcp_conn_die(&cc->end.conn, code, false);
	}
	utcp_end_settle(&cc->end); /* as in utcp_carried_end() */
	detach(c, cc);
	cc->end.err = err;
	if (err)
		utcp_end_wake(&cc->end, UTCP_CONN_DIED);
}

/**
 * utcp_carried_reopen() - a connection is to be opened with another number
 * @c: the carrier
 * @cc: the connection; nothing was written to it yet
 *
 * Context: under the lock of the carrier.
 */
void utcp_carried_reopen(struct utcp_carrier *c, struct carried *cc)
{
	leave(c, cc);
	utcp_conn_free(&cc->end.conn);
	utcp_conn_connect(&cc->end.conn, &cc->params);
	/* The other end may have sent something before it refused. */
	utcp_end_settle(&cc->end);
	c->chores_at = min(c->chores_at, cc->retry_at);
}

static u16 service_of(const struct utcp_conn *conn)
{
	return conn->opener ? conn->to_port : conn->port;
}

/* Ends those of a list that a policy refuses. */
static void ask_again(struct utcp_carrier *c, struct list_head *list)
{
	struct carried *cc, *next;
	struct utcp_permit before = {}, now = {};
	/* Most of them are about the same service. */
	u16 asked = 0;
	bool opener = false;
	int ret = 0;

	list_for_each_entry_safe(cc, next, list, node) {
		const struct utcp_conn *conn = &cc->end.conn;
		u16 service = service_of(conn);

		if (service != asked || conn->opener != opener ||
		    !same_permit(&cc->permit, &before)) {
			asked = service;
			opener = conn->opener;
			before = cc->permit;
			now = before;
			ret = utcp_policy_call(c->peer, opener, service, &now);
		}
		cc->permit = now;
		if (ret)
			utcp_carried_abort(c, cc, UTCP_RESET_NOT_ALLOWED,
					   EACCES);
	}
}

/**
 * utcp_carried_ask_again() - end the connections that a policy refuses now
 * @c: the carrier
 *
 * Context: under the lock of the carrier.
 */
void utcp_carried_ask_again(struct utcp_carrier *c)
{
	ask_again(c, &c->opening);
	ask_again(c, &c->open);
}

/**
 * utcp_carry_any() - is there a connection with a peer of which something is true?
 * @peer: the peer
 * @is: asked about those that are open and were allowed by something; of several that
 *	are alike, about one. Under the lock of the carrier
 * @arg: for @is
 *
 * Context: any but hard interrupts; not under the lock of a carrier or a peer.
 * Return: true if there is.
 */
bool utcp_carry_any(struct utcp_peer *peer, utcp_carry_is_fn *is, void *arg)
{
	struct utcp_carrier *c = READ_ONCE(peer->carrier);
	const struct utcp_permit *last = &no_permit;
	struct carried *cc;
	bool any = false, opener = false;
	u16 asked = 0;

	if (!c)
		return false;
	spin_lock_bh(&c->lock);
	list_for_each_entry(cc, &c->open, node) {
		const struct utcp_conn *conn = &cc->end.conn;

		if (same_permit(&cc->permit, &no_permit) ||
		    (service_of(conn) == asked && conn->opener == opener &&
		     same_permit(&cc->permit, last)))
			continue;
		asked = service_of(conn);
		opener = conn->opener;
		last = &cc->permit;
		any = is(arg, conn->opener, asked, last);
		if (any)
			break;
	}
	spin_unlock_bh(&c->lock);
	return any;
}

/* --- what the lane wants ------------------------------------------------------------ */

static struct utcp_conn *find(struct utcp_lane *lane, u32 id)
{
	struct utcp_carrier *c = carrier_of(lane);

	/* A frame has several chunks of one, and so have the next ones. */
	if (!c->found || c->found->end.conn.id != id)
		c->found = xa_load(&c->conns, id);
	return c->found ? &c->found->end.conn : NULL;
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
	cc->end.account = c->account;
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
	struct utcp_permit permit = {};
	struct carried *cc;
	int code;

	if (c->n >= UTCP_CARRY_CONNS)
		return UTCP_RESET_RESOURCES;
	/* Who may not is not told whether somebody listens. */
	if (utcp_policy_call(c->peer, false, open->open.to_port, &permit))
		return UTCP_RESET_NOT_ALLOWED;
	cc = carried_new(c, GFP_ATOMIC);
	if (!cc)
		return UTCP_RESET_RESOURCES;
	cc->permit = permit;
	cc->end.conn.id = open->conn;
	cc->end.conn.port = open->open.to_port;
	cc->end.conn.to_port = open->open.port;
	INIT_LIST_HEAD(&cc->end.conn.turn);
	INIT_LIST_HEAD(&cc->end.conn.opening);
	code = utcp_carried_enter(c, cc);
	if (!code && utcp_session_use(c->peer, true)) {
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
		cc->retry_at = utcp_carry_coarse(lane->now + cc->retry_wait);
		cc->retry_wait = min_t(u64, 2 * cc->retry_wait, UTCP_FULL_MOST);
		utcp_carried_reopen(c, cc);
		return;
	}
	if (what & UTCP_CONN_CONNECTED) {
		list_move_tail(&cc->node, &c->open);
		cc->busy = false; /* it waits for something else from now on */
	}
	/* Of one that nobody has any more, only what brings its end nearer is progress. */
	if (what & UTCP_CONN_WRITABLE &&
	    (!cc->orphan || conn->sendq.fin_acked ||
	     conn->sendq.una != cc->una)) {
		cc->una = conn->sendq.una;
		cc->progress = lane->now;
	}
	utcp_end_wake(&cc->end, what);
	/* That bytes have come ends nothing, and nothing waits for it. */
	if (what == UTCP_CONN_READABLE)
		utcp_end_settle(&cc->end);
	else
		settle(c, cc, &lane->now);
}

/* It is counted before it is taken. A message that was begun goes on beyond the bound, or all
 * could stand in the midst of one: of each connection that may be 1 MiB, so there is an end
 * to that. What was begun cannot be read, and its memory is not kept.
 */
static bool charge(struct utcp_lane *lane, struct utcp_conn *conn, size_t more,
		   bool must)
{
	struct carried *cc = carried_of(conn);

	if (must && utcp_recvq_begun(&conn->recvq) &&
	    utcp_memory_scarce(cc->end.account)) {
		utcp_recvq_drop_begun(&conn->recvq);
		utcp_carried_abort(carrier_of(lane), cc, UTCP_RESET_RESOURCES,
				   ENOBUFS);
		return false;
	}
	return utcp_end_charge(&cc->end, more, must);
}

static void recount(struct utcp_lane *lane, struct utcp_conn *conn)
{
	utcp_end_settle(&carried_of(conn)->end);
}

/**
 * utcp_carried_due() - the association of which an ACK is due first
 * @c: the carrier
 *
 * Context: under the lock of the carrier.
 * Return: what has come under it; NULL: nothing asks for an ACK.
 */
struct came *utcp_carried_due(struct utcp_carrier *c)
{
	/* They are used in this order; mostly it is one. */
	unsigned int n = min_t(u32, c->rx_serial, ARRAY_SIZE(c->came)), i;
	struct came *first = NULL;

	for (i = 0; i < n; i++) {
		struct came *came = &c->came[i];

		if (came->range.asking &&
		    (!first || came->range.due < first->range.due))
			first = came;
	}
	return first;
}

static bool put_ack(struct utcp_lane *lane, struct utcp_writer *w,
		    struct utcp_sent_item *item)
{
	struct came *came = utcp_carried_due(carrier_of(lane));

	if (!came || !utcp_ackrange_rides(&came->range, lane->now) ||
	    !utcp_ackrange_put(&came->range, lane->now, came->index, w))
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

const struct utcp_lane_ops utcp_carried_lane_ops = {
	.find = find,
	.open = open_,
	.happened = happened,
	.charge = charge,
	.recount = recount,
	.datagram = utcp_carry_dgram_came,
	.put_datagrams = utcp_carry_put_datagrams,
	.put_ack = put_ack,
	.ack_arrived = ack_arrived,
	.space = space,
};

/* --- the socket's side ------------------------------------------------------------------ */

static void carried_move(struct utcp_end *end)
{
	struct carried *cc = carried_of_end(end);
	struct utcp_carrier *c = cc->carrier;
	bool closed = !end->sk && !cc->orphan, busy = cc->busy;
	u64 now = 0;

	if (cc->state == GONE)
		return;
	if (closed) {
		cc->orphan = true;
		now = utcp_now();
		cc->progress = now;
		/* It takes memory, and nobody is there any more who wants to wait. */
		end->user_timeout = min(end->user_timeout, UTCP_SILENCE_MAX);
		c->n_orphans++;
		c->chores_at = min(c->chores_at, now + CHORES);
	}
	settle(c, cc, &now);
	if (cc->state == LIVE)
		utcp_lane_kick(&c->lane, &end->conn);
	/* Who has only read has nothing to send, and no time has changed; options change
	 * some.
	 */
	if (closed || cc->state != LIVE || !list_empty(&end->conn.turn) ||
	    cc->busy != busy || c->chores_at < c->timer_at)
		utcp_carrier_run_at(c, now ? now : utcp_now());
}

/* It goes on counting as a socket until it ends: else closing would make room for more
 * without end.
 */
static bool carried_inherit(struct utcp_end *end, struct utcp_user *user)
{
	struct carried *cc = carried_of_end(end);

	if (cc->state == GONE)
		return false;
	cc->user = user;
	return true;
}

static void carried_reset(struct utcp_end *end, u32 code)
{
	struct carried *cc = carried_of_end(end);

	if (cc->state == GONE)
		return;
	utcp_carried_abort(cc->carrier, cc, code, 0);
	utcp_carrier_run(cc->carrier);
}

static u64 carried_rtt(const struct utcp_end *end)
{
	const struct carried *cc = container_of(end, struct carried, end);

	return cc->carrier->live ? cc->carrier->lane.rec.rtt.smoothed :
				   UTCP_RTT_INITIAL_NS;
}

/**
 * utcp_carrier_info() - what is known of the path
 * @c: the carrier
 * @info: its fields of the path are filled in, if there is a session
 *
 * Context: under the lock of the carrier.
 */
void utcp_carrier_info(const struct utcp_carrier *c, struct utcp_info *info)
{
	const struct utcp_recovery *rec = &c->lane.rec;

	if (!c->live)
		return;
	info->rtt = div_u64(rec->rtt.smoothed, NSEC_PER_USEC);
	info->rttvar = div_u64(rec->rtt.var, NSEC_PER_USEC);
	info->delivery_rate = rec->rate.rate;
	info->mtu = c->lane.pmtu.size;
	info->cwnd = rec->cong.cwnd;
	info->in_flight = rec->in_flight;
	info->lost = c->lane.lost;
}

static void carried_info(const struct utcp_end *end, struct utcp_info *info)
{
	utcp_carrier_info(container_of(end, struct carried, end)->carrier,
			  info);
}

/* What is due earlier than it was is looked at earlier; what is due later is found out when it
 * would have been. Each connection has options, once at least: the others are not looked at.
 */
static void carried_options(struct utcp_end *end)
{
	struct carried *cc = carried_of_end(end);
	struct utcp_carrier *c = cc->carrier;

	if (cc->state == GONE)
		return;
	if (end->keep_idle)
		utcp_carrier_keep(c, cc);
	if (cc->busy)
		utcp_carrier_busy(c, cc);
}

static void carried_unlock(struct utcp_end *end)
{
	struct utcp_carrier *c = carried_of_end(end)->carrier;

	utcp_end_settle(end);
	__acquire(&c->lock); /* see utcp_end_lock() */
	utcp_carrier_unlock(c);
}

static void carried_end_put(struct utcp_end *end)
{
	utcp_carried_put(carried_of_end(end));
}

static const struct utcp_end_ops carried_ops = {
	.move = carried_move,
	.reset = carried_reset,
	.rtt = carried_rtt,
	.options = carried_options,
	.inherit = carried_inherit,
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
 * Return: its end, for the put of its operations; it is dead already, with its error, if
 * there are too many with this peer (ENOBUFS), or the peer is being removed
 * (EHOSTUNREACH). Or -ENOMEM; -ENOENT: the peer is no more, and may be had anew.
 */
struct utcp_end *utcp_carry_connect(struct utcp_peer *peer,
				    const struct utcp_conn_params *params,
				    struct sock *sk, kuid_t uid, u64 timeout)
{
	struct utcp_carrier *c = utcp_carrier_get(peer, GFP_KERNEL_ACCOUNT);
	struct carried *cc = c ? carried_new(c, GFP_KERNEL_ACCOUNT) : NULL;

	if (!cc)
		return ERR_PTR(-ENOMEM);
	cc->params = *params;
	cc->params.id = 0;
	cc->uid = uid;
	cc->deadline = utcp_carry_coarse(utcp_now() + timeout);
	cc->retry_wait = UTCP_FULL_FIRST;
	utcp_conn_connect(&cc->end.conn, &cc->params);
	if (utcp_session_use(peer, false)) {
		refcount_set(&cc->refs, 1);
		utcp_carried_put(cc);
		return ERR_PTR(-ENOENT);
	}
	utcp_carrier_lock(c);
	cc->end.sk = sk;
	c->n++;
	list_add_tail(&cc->node, &c->opening);
	if (c->n > UTCP_CARRY_CONNS) {
		utcp_carried_end(c, cc, ENOBUFS);
	} else if (READ_ONCE(peer->dead)) {
		/* Who kills it tells those that are here after it is dead. */
		utcp_carried_end(c, cc, EHOSTUNREACH);
	} else {
		c->uid = uid;
		utcp_carrier_connect(c, cc);
		utcp_carrier_run(c);
	}
	utcp_carrier_unlock(c);
	return &cc->end;
}
