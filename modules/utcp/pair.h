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
#include <net/netswitch.h>

#include "end.h"

/**
 * struct utcp_pair - two connections that are joined
 * @lock: protects both ends; that of both
 * @refs: one for each end, and one for @again while it is due
 * @end: the opener, then the acceptor
 * @again: brings over what there was no memory for
 * @account: what the buffers of both are counted with
 * @tokens: what it was allowed by, at lo
 *
 * A program writes into the other's buffer where it can (reserve and commit of struct
 * utcp_end_ops): it has the lock of its socket then, so no other bytes of its come in
 * between, and not that of the pair. In the same way it reads: nobody else takes
 * bytes away.
 *
 * Dies with the last socket that has it.
 */
struct utcp_pair {
	spinlock_t lock; /* protects all of it */
	refcount_t refs;
	struct utcp_end end[2];
	struct delayed_work again;
	struct utcp_account *account;
	struct netswitch_tokens tokens;
};

/**
 * utcp_pair_of() - the pair that an end is of
 * @end: the end, which has a way to reserve room in the other's buffer
 *
 * Return: it.
 */
static inline struct utcp_pair *utcp_pair_of(const struct utcp_end *end)
{
	return container_of(end->lock, struct utcp_pair, lock);
}

struct utcp_pair *utcp_pair_make(struct utcp_account *account,
				 const struct utcp_conn_params *opener,
				 const struct utcp_conn_params *acceptor);

#endif /* _UTCP_PAIR_H */
