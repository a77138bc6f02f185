/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Named sets: what rules of a namespace can name as source or destination.
 */
#ifndef _UTCP_ACL_NAMED_H
#define _UTCP_ACL_NAMED_H

#include <linux/list.h>

#include "policy.h"
#include "sets.h"

/**
 * struct acl_named - a named set
 * @set: the elements; changed under acl_policies.lock, read under RCU
 * @name: its name; never changed
 * @link: in acl_policies.sets; under acl_policies.lock
 * @serial: later ones have higher numbers; never changed
 * @seq: acl_policies.seq at the last change, for dumps; under acl_policies.lock
 * @users: rules that name it, of policies and of loads; under acl_policies.lock
 * @counted: how many of acl_policies.elems are its own; under acl_policies.lock
 *
 * Dies by request while it has no users, or with its namespace, a grace period after
 * the last of its rules was taken from the frames.
 */
struct acl_named {
	struct acl_set set;
	char name[ACL_NAME_SIZE];
	struct list_head link;
	u64 serial;
	u32 seq;
	u32 users;
	u32 counted;
};

static inline struct acl_named *acl_named_of(const struct acl_set *set)
{
	return container_of((struct acl_set *)set, struct acl_named, set);
}

struct acl_named *acl_named_find(struct acl_policies *policies,
				 const char *name);
struct acl_named *acl_named_add(struct acl_policies *policies, const char *name,
				enum acl_set_type type, u32 max, u32 limit,
				struct netlink_ext_ack *extack);
void acl_named_del(struct acl_policies *policies, struct acl_named *named);
void acl_named_free(struct acl_named *named);
void acl_named_exit(struct acl_policies *policies);
void acl_named_changed(struct acl_policies *policies, struct acl_named *named);
void acl_named_begin(struct acl_policies *policies);
void acl_named_end(struct acl_policies *policies, struct acl_named *named);
void acl_named_count(struct acl_ruleset *rules, const struct acl_entry *entry,
		     int by);

#endif /* _UTCP_ACL_NAMED_H */
