/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Doubly linked lists.
 */
#ifndef KERN_LINUX_LIST_H
#define KERN_LINUX_LIST_H

#include "../kern.h"

struct list_head {
	struct list_head *next, *prev;
};

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline bool list_empty(const struct list_head *list)
{
	return list->next == list;
}

static inline void list_add_tail(struct list_head *entry,
				 struct list_head *list)
{
	entry->prev = list->prev;
	entry->next = list;
	list->prev->next = entry;
	list->prev = entry;
}

static inline void list_del(struct list_head *entry)
{
	entry->prev->next = entry->next;
	entry->next->prev = entry->prev;
}

static inline void list_del_init(struct list_head *entry)
{
	list_del(entry);
	INIT_LIST_HEAD(entry);
}

static inline int list_is_singular(const struct list_head *head)
{
	return head->next != head && head->next == head->prev;
}

static inline void list_move_tail(struct list_head *entry,
				  struct list_head *list)
{
	list_del(entry);
	list_add_tail(entry, list);
}

#define list_first_entry(list, type, member) \
	container_of((list)->next, type, member)

#define list_for_each_entry(pos, list, member)                           \
	for (pos = container_of((list)->next, __typeof__(*pos), member); \
	     &pos->member != (list);                                     \
	     pos = container_of(pos->member.next, __typeof__(*pos), member))

#endif
