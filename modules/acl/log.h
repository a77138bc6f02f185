/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Telling of frames: events and traces.
 */
#ifndef _UTCP_ACL_LOG_H
#define _UTCP_ACL_LOG_H

#include <linux/types.h>

struct acl_binding;
struct acl_key;
struct acl_policy;
struct net_device;
struct sk_buff;

/**
 * struct acl_seen - what was decided about a frame, or a question
 * @handle: the rule that decided, or has allowed the flow; 0: none
 * @dir: enum acl_dir
 * @verdict: enum utcp_acl_verdict
 * @reason: enum utcp_acl_drop_reason; 0: it was not dropped
 * @decider: enum utcp_acl_decider; 0: not told
 */
struct acl_seen {
	u64 handle;
	u8 dir;
	u8 verdict;
	u8 reason;
	u8 decider;
};

struct net *acl_log_net(const struct acl_binding *binding);
struct sk_buff *acl_log_make(const struct acl_binding *binding,
			     const struct acl_policy *policy,
			     const struct acl_key *key,
			     const struct acl_seen *seen, u8 cmd, u64 missed);
void acl_log(const struct acl_binding *binding, const struct acl_policy *policy,
	     const struct acl_key *key, const struct acl_seen *seen);

#endif /* _UTCP_ACL_LOG_H */
