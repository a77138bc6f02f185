// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sockets of users.
 */
#include "user.h"

#include <linux/err.h>
#include <linux/slab.h>

/**
 * utcp_users_init() - nobody has a socket
 * @users: the table
 */
void utcp_users_init(struct utcp_users *users)
{
	spin_lock_init(&users->lock);
}

static struct hlist_head *bucket_of(struct utcp_users *users, kuid_t uid)
{
	return &users->bucket[__kuid_val(uid) % UTCP_USER_BUCKETS];
}

/* Under the lock. */
static struct utcp_user *find(struct utcp_users *users, kuid_t uid)
{
	struct utcp_user *user;

	hlist_for_each_entry(user, bucket_of(users, uid), node)
		if (uid_eq(user->uid, uid))
			return user;
	return NULL;
}

static struct utcp_user *new_user(kuid_t uid, gfp_t gfp)
{
	struct utcp_user *user = kzalloc(sizeof(*user), gfp);

	if (user)
		user->uid = uid;
	return user;
}

/**
 * utcp_user_take() - count one more socket of a user
 * @users: the table
 * @uid: the user
 * @most: so many he may have
 * @gfp: how memory is had
 *
 * Context: any but hard interrupts; as @gfp.
 * Return: the user, for utcp_user_drop(); -EDQUOT: he has as many as he may; -ENOMEM.
 */
struct utcp_user *utcp_user_take(struct utcp_users *users, kuid_t uid, u32 most,
				 gfp_t gfp)
{
	struct utcp_user *user, *new = NULL, *ret;

	spin_lock_bh(&users->lock);
	user = find(users, uid);
	if (!user) {
		spin_unlock_bh(&users->lock);
		new = new_user(uid, gfp);
		if (!new)
			return ERR_PTR(-ENOMEM);
		spin_lock_bh(&users->lock);
		user = find(users, uid) ?: new;
	}
	ret = user;
	if (user->n >= most)
		ret = ERR_PTR(-EDQUOT);
	else if (!user->n++)
		hlist_add_head(&user->node, bucket_of(users, uid));
	if (ret == new)
		new = NULL;
	spin_unlock_bh(&users->lock);
	kfree(new);
	return ret;
}

/**
 * utcp_user_drop() - count one less
 * @users: the table
 * @user: whose it was
 *
 * Context: any but hard interrupts.
 */
void utcp_user_drop(struct utcp_users *users, struct utcp_user *user)
{
	spin_lock_bh(&users->lock);
	if (--user->n)
		user = NULL;
	else
		hlist_del(&user->node);
	spin_unlock_bh(&users->lock);
	kfree(user);
}
