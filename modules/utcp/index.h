/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Indices: the numbers by which an end is addressed, each of them that of a
 * handshake under way, a half-open association or an association.
 */
#ifndef _UTCP_INDEX_H
#define _UTCP_INDEX_H

#include <linux/rhashtable-types.h>
#include <linux/types.h>

#include "utcp.h"

/**
 * enum utcp_index_kind - whose it is
 * @UTCP_INDEX_HANDSHAKE: a struct utcp_handshake
 * @UTCP_INDEX_HALF: a struct utcp_half
 * @UTCP_INDEX_ASSOC: a struct utcp_assoc
 */
enum utcp_index_kind {
	UTCP_INDEX_HANDSHAKE,
	UTCP_INDEX_HALF,
	UTCP_INDEX_ASSOC,
};

/**
 * struct utcp_index - a number in the table of its namespace
 * @node: private to the table
 * @value: the number, not 0
 * @kind: what it is part of; enum utcp_index_kind
 *
 * What it is part of is freed a grace period after it was taken out.
 */
struct utcp_index {
	struct rhash_head node;
	u32 value;
	u8 kind;
};

int utcp_indices_init(struct utcp_net *un);
void utcp_indices_exit(struct utcp_net *un);
int __must_check utcp_index_add(struct utcp_net *un, struct utcp_index *index,
				enum utcp_index_kind kind);
void utcp_index_del(struct utcp_net *un, struct utcp_index *index);
int __must_check utcp_index_replace(struct utcp_net *un, struct utcp_index *old,
				    struct utcp_index *index,
				    enum utcp_index_kind kind);
struct utcp_index *utcp_index_find(struct utcp_net *un, u32 value);

#endif /* _UTCP_INDEX_H */
