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
#include <net/sock.h>

#include "conn.h"

/* Bytes that are moved at once. */
#define UTCP_PAIR_PART 8192

/**
 * struct utcp_pair_end - one of the two
 * @sk: its socket, to be woken; NULL: it has been closed
 * @conn: its connection
 */
struct utcp_pair_end {
	struct sock *sk;
	struct utcp_conn conn;
};

/**
 * struct utcp_pair - two connections that are joined
 * @lock: protects both ends, their connections and @part
 * @refs: one for each socket
 * @end: the opener, then the acceptor
 * @part: bytes on their way
 *
 * Dies with the last socket that has it.
 */
struct utcp_pair {
	spinlock_t lock; /* protects all of it */
	refcount_t refs;
	struct utcp_pair_end end[2];
	u8 part[UTCP_PAIR_PART];
};

struct utcp_pair *utcp_pair_make(const struct utcp_conn_params *opener,
				 const struct utcp_conn_params *acceptor);
void utcp_pair_move(struct utcp_pair *pair);
void utcp_pair_reset(struct utcp_pair *pair, unsigned int which, u32 code);
void utcp_pair_put(struct utcp_pair *pair);

#endif /* _UTCP_PAIR_H */
