/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loads that go back by themselves unless they are confirmed.
 */
#ifndef _UTCP_ACL_UNDO_H
#define _UTCP_ACL_UNDO_H

#include "policy.h"

/**
 * struct acl_undo - what a policy was before a load that waits to be confirmed
 * @rules: its rules, which no frame sees
 * @set: its settings
 * @ends: when it comes back, by acl_expire_now()
 * @next: another one that is to be freed
 *
 * Under acl_policies.lock. Dies when the load is confirmed, when it has come back, or
 * with its policy.
 */
struct acl_undo {
	struct acl_ruleset *rules;
	struct acl_settings set;
	u64 ends;
	struct acl_undo *next;
};

int acl_undo_check(const struct acl_policy *policy,
		   struct netlink_ext_ack *extack);
bool acl_undo_expire(struct acl_policies *policies, struct acl_policy *policy,
		     u32 *most, struct acl_undo **gone);
void acl_undo_drop(struct acl_policies *policies, struct acl_undo *undo);
void acl_undo_free(struct acl_policies *policies, struct acl_undo *undo);

#endif /* _UTCP_ACL_UNDO_H */
