// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two connections joined: each is handed the chunks that the other would send.
 */
#include "pair.h"

#include <linux/slab.h>

#include "memory.h"
#include "sock.h"

/* Memory that was not there is asked for again so much later. */
#define AGAIN (HZ / 50)

/* Counts what the buffers of an end take, and shows it as its socket's. */
static void settle(struct utcp_pair_end *end)
{
	size_t sends = utcp_pieces_memory(&end->conn.sendq.bytes);
	size_t receives = utcp_pieces_memory(&end->conn.recvq.bytes);

	utcp_memory_add((long)(sends + receives) - (long)end->charged);
	end->charged = sends + receives;
	if (end->sk) {
		WRITE_ONCE(end->sk->sk_wmem_queued, sends);
		atomic_set(&end->sk->sk_rmem_alloc, receives);
	}
}

/**
 * utcp_pair_lock() - take a pair's lock
 * @pair: the pair
 *
 * Context: process or bottom half.
 */
void utcp_pair_lock(struct utcp_pair *pair)
{
	spin_lock_bh(&pair->lock);
}

/**
 * utcp_pair_unlock() - drop a pair's lock
 * @pair: the pair
 *
 * The memory of both ends is counted anew.
 */
void utcp_pair_unlock(struct utcp_pair *pair)
{
	settle(&pair->end[0]);
	settle(&pair->end[1]);
	spin_unlock_bh(&pair->lock);
}

/**
 * utcp_pair_alive() - has a connection not been reset?
 * @pair: the pair
 * @which: the end that asks
 *
 * Return: true if it has not.
 */
bool utcp_pair_alive(struct utcp_pair *pair, unsigned int which)
{
	bool alive;

	spin_lock_bh(&pair->lock);
	alive = pair->end[which].conn.state != UTCP_CONN_DEAD;
	spin_unlock_bh(&pair->lock);
	return alive;
}

static void move_again(struct work_struct *work)
{
	struct utcp_pair *pair =
		container_of(to_delayed_work(work), struct utcp_pair, again);

	utcp_pair_lock(pair);
	utcp_pair_move(pair);
	utcp_pair_unlock(pair);
	utcp_pair_put(pair);
}

/* Tells a program. */
static void wake(struct utcp_pair_end *end, u32 what)
{
	struct sock *sk = end->sk;

	if (!sk || !what)
		return;
	if (what & UTCP_CONN_DIED) {
		sk->sk_err = utcp_reset_errno(end->conn.code);
		sk_error_report(sk);
		sk->sk_state_change(sk);
	}
	if (what & UTCP_CONN_READABLE)
		sk->sk_data_ready(sk);
	if (what & UTCP_CONN_WRITABLE)
		sk->sk_write_space(sk);
}

/**
 * utcp_pair_make() - join two connections
 * @opener: what that of the opener is made of
 * @acceptor: what that of the acceptor is made of; the number is the same
 *
 * Context: process, may sleep.
 * Return: the pair with two references, neither end with a socket; NULL: no memory.
 */
struct utcp_pair *utcp_pair_make(const struct utcp_conn_params *opener,
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

/**
 * utcp_pair_reset() - an end is aborted
 * @pair: the pair
 * @which: the end, 0 or 1
 * @code: what the other one is told
 *
 * Context: under the pair's lock.
 */
void utcp_pair_reset(struct utcp_pair *pair, unsigned int which, u32 code)
{
	struct utcp_pair_end *to = &pair->end[!which];
	const struct utcp_chunk chunk = {
		.type = UTCP_CHUNK_RESET,
		.conn = to->conn.id,
		.code = code,
	};
	u32 what = 0;

	lockdep_assert_held(&pair->lock);
	utcp_conn_die(&pair->end[which].conn, code, false);
	if (utcp_conn_input(&to->conn, &chunk, &what) < 0)
		wake(to, what);
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
	if (!utcp_memory_left(part.len) || !utcp_conn_reserve(to, &chunk, 1)) {
		refcount_inc(&pair->refs);
		if (!queue_delayed_work(utcp_sock_wq, &pair->again, AGAIN))
			refcount_dec(&pair->refs);
		return false;
	}
	utcp_sendq_take(&from->sendq, &part, NULL);
	code = utcp_conn_input(to, &chunk, came);
	if (code >= 0) {
		utcp_pair_reset(pair, !which, code);
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

/**
 * utcp_pair_move() - bring over whatever there is
 * @pair: the pair
 *
 * Context: under the pair's lock.
 */
void utcp_pair_move(struct utcp_pair *pair)
{
	unsigned int i;

	lockdep_assert_held(&pair->lock);
	for (i = 0; i < 2; i++)
		if (pair->end[i].conn.send & UTCP_CONN_SEND_WINDOW)
			move_window(pair, i);
	for (i = 0; i < 2; i++) {
		u32 sent = 0, came = 0;

		while (move_part(pair, i, &sent, &came))
			;
		wake(&pair->end[!i], came);
		wake(&pair->end[i], sent);
	}
}

/**
 * utcp_pair_reserve() - room in the other end's buffer
 * @pair: the pair
 * @which: the end that sends
 * @len: bytes, at least 1
 * @whole: room for less is of no use
 *
 * The bytes are then written at recvq.next of the other end, with utcp_pieces_at(),
 * without the lock but under that of the sending socket; and utcp_pair_commit().
 *
 * Context: under the pair's lock.
 * Return: bytes that there is room for; 0: what is sent has to wait in sendq.
 */
u32 utcp_pair_reserve(struct utcp_pair *pair, unsigned int which, u32 len,
		      bool whole)
{
	struct utcp_conn *from = &pair->end[which].conn;
	struct utcp_conn *to = &pair->end[!which].conn;
	u64 room = from->sendq.limit - from->sendq.end;

	lockdep_assert_held(&pair->lock);
	if (utcp_sendq_waits(&from->sendq) || from->sendq.fin || to->closed ||
	    from->state == UTCP_CONN_DEAD || to->state == UTCP_CONN_DEAD ||
	    from->sendq.limit <= from->sendq.end || (whole && room < len))
		return 0;
	len = min_t(u64, len, room);
	if (!utcp_memory_left(len) ||
	    !utcp_recvq_reserve(&to->recvq, to->recvq.next, len, 1))
		return 0;
	return len;
}

/**
 * utcp_pair_commit() - bytes have been written into the other end's buffer
 * @pair: the pair; the lock was dropped since utcp_pair_reserve()
 * @which: the end that sends
 * @len: how many, at most those reserved
 * @eor: they are a whole message
 *
 * If the connection has ended in the meantime they are lost, as bytes are that were
 * sent just before.
 *
 * Context: under the pair's lock.
 */
void utcp_pair_commit(struct utcp_pair *pair, unsigned int which, u32 len,
		      bool eor)
{
	struct utcp_conn *from = &pair->end[which].conn;
	struct utcp_conn *to = &pair->end[!which].conn;
	int ret;

	lockdep_assert_held(&pair->lock);
	if (!len || from->state == UTCP_CONN_DEAD ||
	    to->state == UTCP_CONN_DEAD)
		return;
	if (to->closed) {
		utcp_pair_reset(pair, !which, UTCP_RESET_UNREAD);
		return;
	}
	utcp_sendq_skip(&from->sendq, len);
	ret = utcp_flow_came(&to->flow, from->sendq.end);
	if (!ret)
		ret = utcp_recvq_written(&to->recvq, len,
					 eor ? UTCP_DATA_EOR : 0);
	WARN_ON_ONCE(ret); /* it was within the window, and not too long */
	wake(&pair->end[!which], UTCP_CONN_READABLE);
}

/**
 * utcp_pair_put() - a socket has it no more
 * @pair: the pair
 */
void utcp_pair_put(struct utcp_pair *pair)
{
	if (!refcount_dec_and_test(&pair->refs))
		return;
	utcp_conn_free(&pair->end[0].conn);
	utcp_conn_free(&pair->end[1].conn);
	settle(&pair->end[0]);
	settle(&pair->end[1]);
	kfree(pair);
}
