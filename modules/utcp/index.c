// SPDX-License-Identifier: GPL-2.0-only
/*
 * Indices.
 */
#include "index.h"

#include <linux/random.h>
#include <linux/rhashtable.h>

/* Tries at a number that nobody has; one nearly always is enough. */
#define DRAWS 16

/* They are drawn at random here, and nobody else has a say in it: as good as any hash. */
static u32 index_hash(const void *key, u32 len, u32 seed)
{
	return *(const u32 *)key;
}

/* Without it memcmp() would be called, with every frame. */
static int index_differs(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct utcp_index *index = obj;

	return index->value != *(const u32 *)arg->key;
}

static const struct rhashtable_params params = {
	.key_len = sizeof(u32),
	.key_offset = offsetof(struct utcp_index, value),
	.head_offset = offsetof(struct utcp_index, node),
	.hashfn = index_hash,
	.obj_cmpfn = index_differs,
	.automatic_shrinking = true,
};

/**
 * utcp_indices_init() - a namespace begins
 * @un: its state
 *
 * Context: process.
 * Return: 0, or an error of the table.
 */
int utcp_indices_init(struct utcp_net *un)
{
	return rhashtable_init(&un->indices, &params);
}

/**
 * utcp_indices_exit() - a namespace ends
 * @un: its state
 *
 * Context: process, when all indices are gone; may sleep.
 */
void utcp_indices_exit(struct utcp_net *un)
{
	rhashtable_destroy(&un->indices);
}

/**
 * utcp_index_add() - draw a number, and be found by it
 * @un: state of the namespace
 * @index: gets the number
 * @kind: what it is part of
 *
 * Context: softirq or process.
 * Return: 0; -ENOMEM or another error of the table.
 */
int utcp_index_add(struct utcp_net *un, struct utcp_index *index,
		   enum utcp_index_kind kind)
{
	int ret = -EEXIST, i;

	index->kind = kind;
	for (i = 0; i < DRAWS && ret == -EEXIST; i++) {
		index->value = get_random_u32();
		if (index->value)
			ret = rhashtable_lookup_insert_fast(
				&un->indices, &index->node, params);
	}
	return ret;
}

/**
 * utcp_index_del() - be found no more
 * @un: state of the namespace
 * @index: the index
 *
 * Context: softirq or process. Readers may have it until a grace period is over.
 */
void utcp_index_del(struct utcp_net *un, struct utcp_index *index)
{
	rhashtable_remove_fast(&un->indices, &index->node, params);
}

/**
 * utcp_index_replace() - take over the number of another
 * @un: state of the namespace
 * @old: who has it, and will have it no more
 * @index: who gets it
 * @kind: what @index is part of
 *
 * Context: softirq or process.
 * Return: 0; or -ENOENT: @old did not have it any more.
 */
int utcp_index_replace(struct utcp_net *un, struct utcp_index *old,
		       struct utcp_index *index, enum utcp_index_kind kind)
{
	index->value = old->value;
	index->kind = kind;
	return rhashtable_replace_fast(&un->indices, &old->node, &index->node,
				       params);
}

/**
 * utcp_index_find() - who has a number?
 * @un: state of the namespace
 * @value: the number
 *
 * Context: under RCU, which also is how long the result is valid.
 * Return: its index, or NULL.
 */
struct utcp_index *utcp_index_find(struct utcp_net *un, u32 value)
{
	return rhashtable_lookup(&un->indices, &value, params);
}
