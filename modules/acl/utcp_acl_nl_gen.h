/* SPDX-License-Identifier: GPL-2.0-only */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/utcp-acl.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_UTCP_ACL_GEN_H
#define _LINUX_UTCP_ACL_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/utcp_acl.h>

/* Common nested types */
extern const struct nla_policy utcp_acl_elem_nl_policy[UTCP_ACL_A_ELEM_CELL + 1];
extern const struct nla_policy utcp_acl_limits_nl_policy[UTCP_ACL_A_LIMITS_ELEMS + 1];
extern const struct nla_policy utcp_acl_rule_nl_policy[UTCP_ACL_A_RULE_DEV + 1];

int utcp_acl_nl_flow_get_start(struct netlink_callback *cb);
int utcp_acl_nl_flow_get_done(struct netlink_callback *cb);

int utcp_acl_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_limits_set_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_policy_new_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_policy_set_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_policy_del_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_policy_get_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_policy_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb);
int utcp_acl_nl_rule_add_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_rule_del_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_rule_get_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_rule_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int utcp_acl_nl_load_begin_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_load_add_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_load_commit_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_load_abort_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_bind_set_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_bind_del_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_bind_get_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_bind_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int utcp_acl_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_flow_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int utcp_acl_nl_flow_flush_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_set_new_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_set_del_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_set_get_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_set_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int utcp_acl_nl_elem_add_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_elem_del_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_elem_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int utcp_acl_nl_load_confirm_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_acl_nl_rule_test_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int utcp_acl_nl_trace_begin_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	UTCP_ACL_NLGRP_EVENTS,
};

extern struct genl_family utcp_acl_nl_family;

#endif /* _LINUX_UTCP_ACL_GEN_H */
