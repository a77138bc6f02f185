/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The short way inside a network namespace: two connections joined, without frames
 * and without encryption. See "Inside one namespace" in
 * Documentation/networking/utcp.rst.
 */
#ifndef _UTCP_PAIR_H
#define _UTCP_PAIR_H

#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/sock.h>

#include "conn.h"

/**
 * struct utcp_pair_end - one of the two
 * @sk: its socket, to be woken; NULL: it has been closed
 * @charged: bytes of memory that its buffers were counted with
 * @conn: its connection
 */
struct utcp_pair_end {
	struct sock *sk;
	size_t charged;
	struct utcp_conn conn;
};

/**
 * struct utcp_pair - two connections that are joined
 * @lock: protects both ends and their connections. Bottom halves are off while it
 *	is held
 * @refs: one for each socket, and one for @again while it is due
 * @end: the opener, then the acceptor
 * @again: brings over what there was no memory for
 *
 * A program writes into the other's buffer where it can, see utcp_pair_reserve():
 * it has the lock of its socket then, so no other bytes of its come in between, and
 * not that of the pair. In the same way it reads: nobody else takes bytes away.
 *
 * Dies with the last socket that has it.
 */
struct utcp_pair {
	spinlock_t lock; /* protects all of it */
	refcount_t refs;
	struct utcp_pair_end end[2];
	struct delayed_work again;
};

struct utcp_pair *utcp_pair_make(const struct utcp_conn_params *opener,
				 const struct utcp_conn_params *acceptor);
void utcp_pair_lock(struct utcp_pair *pair);
void utcp_pair_unlock(struct utcp_pair *pair);
bool utcp_pair_alive(struct utcp_pair *pair, unsigned int which);
void utcp_pair_move(struct utcp_pair *pair);
u32 utcp_pair_reserve(struct utcp_pair *pair, unsigned int which, u32 len,
		      bool whole);
void utcp_pair_commit(struct utcp_pair *pair, unsigned int which, u32 len,
		      bool eor);
void utcp_pair_reset(struct utcp_pair *pair, unsigned int which, u32 code);
void utcp_pair_put(struct utcp_pair *pair);

#endif /* _UTCP_PAIR_H */
