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

#include "end.h"

/* Bytes that are moved at once. */
#define UTCP_PAIR_PART 8192

/**
 * struct utcp_pair - two connections that are joined
 * @lock: protects both ends and @part; that of both
 * @refs: one for each socket
 * @end: the opener, then the acceptor
 * @part: bytes on their way
 *
 * Dies with the last socket that has it.
 */
struct utcp_pair {
	spinlock_t lock; /* protects all of it */
	refcount_t refs;
	struct utcp_end end[2];
	u8 part[UTCP_PAIR_PART];
};

struct utcp_pair *utcp_pair_make(const struct utcp_conn_params *opener,
				 const struct utcp_conn_params *acceptor);

#endif /* _UTCP_PAIR_H */
