// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ends of connections: telling programs.
 */
#include "end.h"

#include <linux/lockdep.h>

/**
 * utcp_end_wake() - tell a program what has happened to its connection
 * @end: the end
 * @what: UTCP_CONN_…
 *
 * Who waits for room is not woken for each few bytes: as TCP's sk_stream_write_space()
 * has it, a third of the buffer must be free.
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
		sk->sk_err = end->err ? end->err :
					utcp_reset_errno(end->conn.code);
		sk_error_report(sk);
	}
	if (what & (UTCP_CONN_DIED | UTCP_CONN_CONNECTED))
		sk->sk_state_change(sk);
	if (what & UTCP_CONN_READABLE)
		sk->sk_data_ready(sk);
	if (what & UTCP_CONN_WRITABLE &&
	    utcp_sendq_waits(&end->conn.sendq) * 3 <=
		    (u64)READ_ONCE(sk->sk_sndbuf) * 2)
		sk->sk_write_space(sk);
}
