/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules that go by themselves.
 */
#ifndef _UTCP_ACL_EXPIRE_H
#define _UTCP_ACL_EXPIRE_H

#include <linux/timekeeping.h>
#include <linux/types.h>

struct acl_entry;
struct acl_named;
struct acl_policies;
struct acl_policy;
struct acl_ruleset;

/* A rule or an element goes within ten years, in milliseconds. */
#define ACL_EXPIRES_MAX (10ULL * 365 * 24 * 3600 * MSEC_PER_SEC)

/* The clock that rules go by: milliseconds, which go on while the host sleeps. */
static inline u64 acl_expire_now(void)
{
	return ktime_to_ms(ktime_get_boottime());
}

void acl_expire_init(struct acl_policies *policies);
void acl_expire_stop(void);
void acl_expire_exit(struct acl_policies *policies);
void acl_expire_add(struct acl_ruleset *rules, struct acl_entry *entry);
void acl_expire_del(struct acl_ruleset *rules, struct acl_entry *entry);
void acl_expire_arm(struct acl_policies *policies, struct acl_ruleset *rules);
void acl_expire_at(struct acl_policies *policies, u64 ends);
void acl_expire_loaded(struct acl_policies *policies,
		       struct acl_ruleset *rules);
bool acl_expire_rules(struct acl_policies *policies, struct acl_policy *policy,
		      struct acl_ruleset *rules, u32 *most);
void acl_expire_set(struct acl_policies *policies, struct acl_named *named);

#endif /* _UTCP_ACL_EXPIRE_H */
