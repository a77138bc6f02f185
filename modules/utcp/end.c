// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ends of connections: telling programs, and what their buffers take.
 */
#include "end.h"

#include <linux/lockdep.h>

#include "memory.h"
#include "trace.h"

/* What a program gets for a connection that has died. Who has heard the other end close,
 * and writes on, gets what TCP gives in CLOSE_WAIT.
 */
static int error_of(const struct utcp_end *end)
{
	const struct utcp_conn *conn = &end->conn;
	int err = end->err ? end->err : utcp_reset_errno(conn->code);

	if (err == ECONNRESET && conn->reset_by_peer &&
	    conn->recvq.next == conn->recvq.fin &&
	    !(end->sk->sk_shutdown & SEND_SHUTDOWN))
		err = EPIPE;
	return err;
}

/**
 * utcp_end_wake() - tell a program what has happened to its connection
 * @end: the end
 * @what: UTCP_CONN_…
 *
 * Who waits for room is not woken for each few bytes: as TCP's sk_stream_write_space()
 * has it, a third of the buffer must be free. Who waits for an end alone is not woken by
 * what says that there is something to read: as of tcp_fin(), it is told to all who wait.
 *
 * Context: under the lock of the end.
 */
void utcp_end_wake(struct utcp_end *end, u32 what)
{
	struct sock *sk = end->sk;

	lockdep_assert_held(end->lock);
	if (!sk || !what)
		return;
	if (what & UTCP_CONN_DIED) {
		sk->sk_err = error_of(end);
		trace_utcp_sock(sk, UTCP_SOCK_DIED, sk->sk_err);
		sk_error_report(sk);
	}
	if (what & (UTCP_CONN_DIED | UTCP_CONN_CONNECTED | UTCP_CONN_ENDED))
		sk->sk_state_change(sk);
	if (what & UTCP_CONN_READABLE)
		sk->sk_data_ready(sk);
	if (what & UTCP_CONN_WRITABLE &&
	    utcp_sendq_waits(&end->conn.sendq) * 3 <=
		    (u64)READ_ONCE(sk->sk_sndbuf) * 2)
		sk->sk_write_space(sk);
}

/**
 * utcp_end_charge() - the buffers of an end are about to take more
 * @end: the end
 * @more: bytes of memory
 * @must: even if all buffers together have taken too much
 *
 * Where bytes wait to be read and no more may come, the program is told: it may wait for more,
 * by SO_RCVLOWAT, and nothing would come before it has read those.
 *
 * Context: under the lock of the end.
 * Return: true: it is counted; false: they must not.
 */
bool utcp_end_charge(struct utcp_end *end, size_t more, bool must)
{
	lockdep_assert_held(end->lock);
	if (!must && !utcp_memory_left(end->account, more)) {
		if (utcp_recvq_ready(&end->conn.recvq))
			utcp_end_wake(end, UTCP_CONN_READABLE);
		return false;
	}
	utcp_memory_add(end->account, more);
	end->charged += more;
	return true;
}

/**
 * utcp_end_recount() - count what the buffers of an end take
 * @end: the end
 *
 * For utcp_end_settle(): it is not what they were counted with.
 *
 * Context: as utcp_end_settle().
 */
void utcp_end_recount(struct utcp_end *end)
{
	size_t sends = utcp_pieces_memory(&end->conn.sendq.bytes);
	size_t receives = utcp_pieces_memory(&end->conn.recvq.bytes);

	utcp_memory_add(end->account,
			(long)(sends + receives) - (long)end->charged);
	end->charged = sends + receives;
	if (end->sk) {
		WRITE_ONCE(end->sk->sk_wmem_queued, sends);
		atomic_set(&end->sk->sk_rmem_alloc, receives);
	}
}
