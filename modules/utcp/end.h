/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An end of a connection, as its socket has it: whichever way its chunks go, over
 * frames (carry.h) or not (pair.h).
 */
#ifndef _UTCP_END_H
#define _UTCP_END_H

#include <linux/spinlock.h>
#include <net/sock.h>

#include <uapi/linux/utcp_socket.h>

#include "conn.h"

struct utcp_end;
struct utcp_user;

/**
 * struct utcp_end_ops - the way that the chunks of a connection go
 * @move: the program has written, read, or shut down: bring over whatever there is
 * @reset: the program aborts the connection; the code is what the other end is told
 * @reserve: NULL, or: reserve up to so many bytes (@whole: so many, or none) of the
 *	other end's buffer, to be written without the lock, but under that of the
 *	socket, at recvq.next of what @other gives. Return: bytes; 0: what is sent
 *	has to wait in sendq
 * @other: with @reserve: the other end
 * @commit: with @reserve: so many of them were written (@eor: a whole message). If the
 *	connection has ended in the meantime they are lost, as are those sent just
 *	before
 * @rtt: smoothed round trip, in nanoseconds
 * @options: NULL, or: @keep_idle to @keep_cnt may have changed
 * @inherit: NULL, or: the program has closed the socket. If the connection goes on
 *	without it, it takes over what the socket counts for in the namespace, of @user,
 *	and gives it back by utcp_socket_uncount(). False: the socket does
 * @info: NULL, or: fill in path, congestion window and losses
 * @unlock: release the lock
 * @put: the socket has it no more; without the lock
 *
 * All but @other and @put are called with the lock of the end. What @other gives does not
 * change.
 */
struct utcp_end_ops {
	void (*move)(struct utcp_end *end);
	void (*reset)(struct utcp_end *end, u32 code);
	u32 (*reserve)(struct utcp_end *end, u32 len, bool whole);
	struct utcp_end *(*other)(const struct utcp_end *end);
	void (*commit)(struct utcp_end *end, u32 len, bool eor);
	u64 (*rtt)(const struct utcp_end *end);
	void (*options)(struct utcp_end *end);
	bool (*inherit)(struct utcp_end *end, struct utcp_user *user);
	void (*info)(const struct utcp_end *end, struct utcp_info *info);
	void (*unlock)(struct utcp_end *end);
	void (*put)(struct utcp_end *end);
};

/**
 * struct utcp_end - an end of a connection
 * @ops: its way
 * @lock: protects @sk to @conn, and more of the way. Bottom halves off
 * @sk: its socket, to be woken; NULL: it has been closed. The socket does not die
 *	before it has set this to NULL
 * @err: what the program gets when the connection has died; 0: what the code of
 *	its RESET means
 * @user_timeout: how long what was written may stay without an acknowledgment while
 *	nothing is heard, in nanoseconds
 * @keep_idle: silence, in nanoseconds, after which the peer is asked for a sign of life;
 *	0: never
 * @keep_intvl: after which it is asked again, in nanoseconds
 * @keep_cnt: how often, until the connection is given up
 * @account: what its buffers are counted with. The reference is its pair's, or its carrier's,
 *	which lives as long as the peer, and an end holds that
 * @charged: bytes of memory that its buffers were counted with, see utcp_end_settle()
 * @conn: the connection
 *
 * Lives in what @ops are of, which lives until @put.
 */
struct utcp_end {
	const struct utcp_end_ops *ops;
	spinlock_t *lock; /* protects @sk to @conn */
	struct sock *sk;
	int err;
	u64 user_timeout;
	u64 keep_idle;
	u64 keep_intvl;
	u32 keep_cnt;
	struct utcp_account *account;
	size_t charged;
	struct utcp_conn conn;
};

/**
 * utcp_end_lock() - take the lock of an end
 * @end: the end
 *
 * Context: any but hard interrupts.
 */
static inline void utcp_end_lock(struct utcp_end *end)
{
	spin_lock_bh(end->lock);
	__release(end->lock); /* sparse does not see where @ops release it */
}

/**
 * utcp_end_unlock() - release the lock of an end, as its way has it
 * @end: the end
 *
 * Context: under the lock of the end.
 */
static inline void utcp_end_unlock(struct utcp_end *end)
{
	end->ops->unlock(end);
}

bool __must_check utcp_end_charge(struct utcp_end *end, size_t more, bool must);
void utcp_end_recount(struct utcp_end *end);
void utcp_end_wake(struct utcp_end *end, u32 what);

/**
 * utcp_end_settle() - count what the buffers of an end take, as its socket's
 * @end: the end
 *
 * Whoever has changed them calls it before he releases the lock; and once more when
 * utcp_conn_free() has freed them. Mostly nothing has changed.
 *
 * Context: under the lock of the end, or nobody else has it.
 */
static inline void utcp_end_settle(struct utcp_end *end)
{
	size_t sends = utcp_pieces_memory(&end->conn.sendq.bytes);
	size_t receives = utcp_pieces_memory(&end->conn.recvq.bytes);

	if (unlikely(sends + receives != end->charged ||
		     (end->sk &&
		      (end->sk->sk_wmem_queued != sends ||
		       atomic_read(&end->sk->sk_rmem_alloc) != receives))))
		utcp_end_recount(end);
}

#endif /* _UTCP_END_H */
