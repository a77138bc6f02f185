/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sorted sets with the names of the kernel's trees. Here they are lists, which do
 * for the few entries that tests have.
 */
#ifndef KERN_LINUX_RBTREE_H
#define KERN_LINUX_RBTREE_H

#include "../kern.h"

struct rb_node {
	struct rb_node *next;
	bool clear;
};

struct rb_root_cached {
	struct rb_node *first;
};

#define RB_ROOT_CACHED ((struct rb_root_cached){ 0 })
#define rb_entry(node, type, member) container_of(node, type, member)

static inline struct rb_node *rb_first_cached(const struct rb_root_cached *root)
{
	return root->first;
}

/* Behind those that are not greater, as in the kernel's. */
static inline void
rb_add_cached(struct rb_node *node, struct rb_root_cached *root,
	      bool (*less)(struct rb_node *, const struct rb_node *))
{
	struct rb_node **at = &root->first;

	while (*at && !less(node, *at))
		at = &(*at)->next;
	node->next = *at;
	node->clear = false;
	*at = node;
}

static inline void rb_erase_cached(struct rb_node *node,
				   struct rb_root_cached *root)
{
	struct rb_node **at = &root->first;

	while (*at != node) {
		assert(*at);
		at = &(*at)->next;
	}
	*at = node->next;
}

static inline bool RB_EMPTY_NODE(const struct rb_node *node)
{
	return node->clear;
}

static inline void RB_CLEAR_NODE(struct rb_node *node)
{
	node->clear = true;
}

#endif
