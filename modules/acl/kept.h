/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules about identities that are no more, whose connections may go on.
 */
#ifndef _UTCP_ACL_KEPT_H
#define _UTCP_ACL_KEPT_H

#include "policy.h"

/* How many a policy remembers, at most. */
#define ACL_KEPT_MAX 65536

int acl_kept_add(struct acl_ruleset *rules, u64 handle,
		 struct netlink_ext_ack *extack);
int acl_kept_take_over(struct acl_ruleset *rules, struct acl_ruleset *old,
		       struct netlink_ext_ack *extack);

#endif /* _UTCP_ACL_KEPT_H */
