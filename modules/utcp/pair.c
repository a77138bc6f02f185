// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two connections joined: each is handed the chunks that the other would send.
 */
#include "pair.h"

#include <linux/module.h>
#include <linux/slab.h>

#include "memory.h"
#include "sock.h"

/* Memory that was not there is asked for again so much later. */
#define AGAIN (HZ / 50)

/* The program's own writing and reading take microseconds. */
#define RTT NSEC_PER_MSEC

static struct utcp_end *other_of(const struct utcp_end *end)
{
	struct utcp_pair *pair = utcp_pair_of(end);

	return &pair->end[end == &pair->end[0]];
}

static const struct utcp_end_ops pair_ops;
static void pair_move(struct utcp_end *end);
static void pair_put(struct utcp_end *end);

static void move_again(struct work_struct *work)
{
	struct utcp_pair *pair =
		container_of(to_delayed_work(work), struct utcp_pair, again);

	utcp_end_lock(&pair->end[0]);
	pair_move(&pair->end[0]);
	utcp_end_unlock(&pair->end[0]);
	pair_put(&pair->end[0]);
	/* The module's end waits until this has returned. */
	module_put(THIS_MODULE);
}

/* Both sockets may be gone by then: what is queued holds the pair, and the module, for
 * who ends a queue does not wait for those whose time has not come.
 */
static void later(struct utcp_pair *pair)
{
	refcount_inc(&pair->refs);
	__module_get(THIS_MODULE);
	if (queue_delayed_work(utcp_sock_wq, &pair->again, AGAIN))
		return;
	refcount_dec(&pair->refs);
	module_put(THIS_MODULE);
}

/**
 * utcp_pair_make() - join two connections
 * @account: what their buffers are counted with
 * @opener: what that of the opener is made of
 * @acceptor: what that of the acceptor is made of; the number is the same
 *
 * Context: process, may sleep.
 * Return: the pair with a reference for each end, neither with a socket; NULL: no
 * memory.
 */
struct utcp_pair *utcp_pair_make(struct utcp_account *account,
				 const struct utcp_conn_params *opener,
				 const struct utcp_conn_params *acceptor)
{
	struct utcp_pair *pair = kzalloc(sizeof(*pair), GFP_KERNEL_ACCOUNT);
	struct utcp_conn *a, *b;
	struct utcp_chunk chunk;
	u32 what = 0;

	if (!pair)
		return NULL;
	spin_lock_init(&pair->lock);
	refcount_set(&pair->refs, 2);
	INIT_DELAYED_WORK(&pair->again, move_again);
	pair->account = utcp_account_get(account);
	pair->end[0].account = account;
	pair->end[1].account = account;
	pair->end[0].ops = &pair_ops;
	pair->end[0].lock = &pair->lock;
	pair->end[1].ops = &pair_ops;
	pair->end[1].lock = &pair->lock;
	a = &pair->end[0].conn;
	b = &pair->end[1].conn;
	utcp_conn_connect(a, opener);
	chunk = (struct utcp_chunk){
		.type = UTCP_CHUNK_OPEN,
		.conn = opener->id,
		.open = {
			.window = a->flow.limit,
			.port = opener->port,
			.to_port = opener->to_port,
			.longest = opener->longest,
			.kind = opener->kind,
		},
	};
	utcp_conn_accept(b, acceptor, &chunk);
	chunk = (struct utcp_chunk){
		.type = UTCP_CHUNK_ACCEPT,
		.conn = opener->id,
		.accept = {
			.window = b->flow.limit,
			.longest = acceptor->longest,
		},
	};
	/* It fits: the other one was made for it. */
	WARN_ON_ONCE(utcp_conn_input(a, &chunk, &what) >= 0);
	a->send = 0;
	b->send = 0;
	return pair;
}

static void pair_reset(struct utcp_end *end, u32 code)
{
	struct utcp_end *to = other_of(end);
	const struct utcp_chunk chunk = {
		.type = UTCP_CHUNK_RESET,
		.conn = to->conn.id,
		.code = code,
	};
	u32 what = 0;

	lockdep_assert_held(end->lock);
	utcp_conn_die(&end->conn, code, false);
	if (utcp_conn_input(&to->conn, &chunk, &what) < 0)
		utcp_end_wake(to, what);
}

/* Whole pieces of memory of what one sends, which the other has from now on: they are the
 * same bytes of the stream at both ends. False: there are none, or one is not at such a
 * place.
 */
static bool move_pieces(struct utcp_pair *pair, unsigned int which, u32 *sent,
			u32 *came)
{
	struct utcp_conn *from = &pair->end[which].conn;
	struct utcp_conn *to = &pair->end[!which].conn;
	u32 len;
	int ret;

	if (from->state == UTCP_CONN_DEAD || to->state == UTCP_CONN_DEAD ||
	    to->closed)
		return false;
	len = utcp_sendq_give(&from->sendq, &to->recvq.bytes);
	if (!len)
		return false;
	ret = utcp_flow_came(&to->flow, from->sendq.sent);
	if (!ret)
		ret = utcp_recvq_written(&to->recvq, len, 0);
	WARN_ON_ONCE(ret); /* it was within the window, and not too long */
	*sent |= UTCP_CONN_WRITABLE;
	*came |= UTCP_CONN_READABLE;
	return true;
}

/* A part of what one sends; false: there is none, or it cannot be taken yet. */
static bool move_part(struct utcp_pair *pair, unsigned int which, u32 *sent,
		      u32 *came)
{
	struct utcp_conn *from = &pair->end[which].conn;
	struct utcp_conn *to = &pair->end[!which].conn;
	struct utcp_sendq_part part;
	/* As far as they are in one place: there they are read. */
	u32 len = UTCP_PIECE_LEN - from->sendq.sent % UTCP_PIECE_LEN;
	struct utcp_chunk chunk;
	u64 till = 0;
	size_t more;
	bool must;
	int code;

	if (from->state == UTCP_CONN_DEAD || to->state == UTCP_CONN_DEAD ||
	    !utcp_sendq_next(&from->sendq, len, &part))
		return false;
	chunk = (struct utcp_chunk){
		.type = UTCP_CHUNK_DATA,
		.flags = part.flags,
		.conn = to->id,
		.offset = part.offset,
		.data = part.len ? utcp_pieces_at(&from->sendq.bytes,
						  part.offset, &len) :
				   NULL,
		.data_len = part.len,
	};
	more = utcp_conn_needs(to, &chunk, &till, &must);
	if ((more && !utcp_end_charge(&pair->end[!which], more, must)) ||
	    !utcp_conn_reserve(to, &chunk, 1)) {
		later(pair);
		return false;
	}
	utcp_sendq_take(&from->sendq, &part, NULL);
	code = utcp_conn_input(to, &chunk, came);
	if (code >= 0) {
		pair_reset(&pair->end[!which], code);
		return false;
	}
	utcp_sendq_acked(&from->sendq, &part);
	*sent |= UTCP_CONN_WRITABLE;
	return true;
}

/* What one has read makes room for the other. */
static void move_window(struct utcp_pair *pair, unsigned int which)
{
	struct utcp_conn *from = &pair->end[which].conn;
	const struct utcp_chunk chunk = {
		.type = UTCP_CHUNK_WINDOW,
		.limit = utcp_flow_grant(&from->flow),
	};
	u32 what = 0;

	from->send = 0;
	if (utcp_conn_input(&pair->end[!which].conn, &chunk, &what) >= 0)
		WARN_ON_ONCE(1);
}

static void pair_move(struct utcp_end *end)
{
	struct utcp_pair *pair = utcp_pair_of(end);
	unsigned int i;

	lockdep_assert_held(&pair->lock);
	for (i = 0; i < 2; i++)
		if (pair->end[i].conn.send & UTCP_CONN_SEND_WINDOW)
			move_window(pair, i);
	for (i = 0; i < 2; i++) {
		u32 sent = 0, came = 0;

		while (move_pieces(pair, i, &sent, &came) ||
		       move_part(pair, i, &sent, &came))
			;
		utcp_end_wake(&pair->end[!i], came);
		utcp_end_wake(&pair->end[i], sent);
	}
}

static u32 pair_reserve(struct utcp_end *end, u32 len, bool whole)
{
	const struct utcp_sendq *q = &end->conn.sendq;
	struct utcp_end *other = other_of(end);
	struct utcp_conn *to = &other->conn;
	size_t more;

	lockdep_assert_held(end->lock);
	if (utcp_sendq_waits(q) || q->fin || to->closed ||
	    end->conn.state == UTCP_CONN_DEAD || to->state == UTCP_CONN_DEAD ||
	    q->limit <= q->end || (whole && q->limit - q->end < len))
		return 0;
	len = min_t(u64, len, q->limit - q->end);
	more = utcp_recvq_needs(&to->recvq, to->recvq.next, len);
	if ((more && !utcp_end_charge(other, more, false)) ||
	    !utcp_recvq_reserve(&to->recvq, to->recvq.next, len, 1))
		return 0;
	return len;
}

static void pair_commit(struct utcp_end *end, u32 len, bool eor)
{
	struct utcp_end *other = other_of(end);
	struct utcp_conn *from = &end->conn, *to = &other->conn;
	int ret;

	lockdep_assert_held(end->lock);
	if (!len || from->state == UTCP_CONN_DEAD ||
	    to->state == UTCP_CONN_DEAD)
		return;
	if (to->closed) {
		pair_reset(other, UTCP_RESET_UNREAD);
		utcp_end_wake(other, UTCP_CONN_DIED);
		return;
	}
	utcp_sendq_skip(&from->sendq, len);
	ret = utcp_flow_came(&to->flow, from->sendq.end);
	if (!ret)
		ret = utcp_recvq_written(&to->recvq, len,
					 eor ? UTCP_DATA_EOR : 0);
	WARN_ON_ONCE(ret); /* it was within the window, and not too long */
	utcp_end_wake(other, UTCP_CONN_READABLE);
}

static u64 pair_rtt(const struct utcp_end *end)
{
	return RTT;
}

static void pair_unlock(struct utcp_end *end)
{
	struct utcp_pair *pair = utcp_pair_of(end);

	utcp_end_settle(&pair->end[0]);
	utcp_end_settle(&pair->end[1]);
	__acquire(&pair->lock); /* see utcp_end_lock() */
	spin_unlock_bh(&pair->lock);
}

static void pair_put(struct utcp_end *end)
{
	struct utcp_pair *pair = utcp_pair_of(end);
	unsigned int i;

	if (!refcount_dec_and_test(&pair->refs))
		return;
	for (i = 0; i < 2; i++) {
		utcp_conn_free(&pair->end[i].conn);
		utcp_end_settle(&pair->end[i]);
	}
	utcp_account_put(pair->account);
	kfree(pair);
}

static const struct utcp_end_ops pair_ops = {
	.move = pair_move,
	.reset = pair_reset,
	.reserve = pair_reserve,
	.other = other_of,
	.commit = pair_commit,
	.rtt = pair_rtt,
	.unlock = pair_unlock,
	.put = pair_put,
};
