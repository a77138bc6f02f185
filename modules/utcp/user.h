/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Users: how many sockets each has.
 */
#ifndef _UTCP_USER_H
#define _UTCP_USER_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/uidgid.h>

/* A namespace has few users who have sockets. */
#define UTCP_USER_BUCKETS 16

/**
 * struct utcp_user - a user who has sockets
 * @node: in &struct utcp_users.bucket
 * @uid: who
 * @n: how many; it is there as long as there are any
 */
struct utcp_user {
	struct hlist_node node;
	kuid_t uid;
	u32 n;
};

/**
 * struct utcp_users - the users of a namespace
 * @lock: protects all of it. Taken with bottom halves off
 * @bucket: by user
 */
struct utcp_users {
	spinlock_t lock; /* protects the table */
	struct hlist_head bucket[UTCP_USER_BUCKETS];
};

void utcp_users_init(struct utcp_users *users);
struct utcp_user *utcp_user_take(struct utcp_users *users, kuid_t uid, u32 most,
				 gfp_t gfp);
void utcp_user_drop(struct utcp_users *users, struct utcp_user *user);

#endif /* _UTCP_USER_H */
