/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the netlink operations on policies, rules and loads share.
 */
#ifndef _UTCP_ACL_POLICY_NL_H
#define _UTCP_ACL_POLICY_NL_H

#include <net/genetlink.h>

#include "acl.h"

struct acl_counters;
struct acl_named;
struct acl_set_elem;

/**
 * struct acl_msg - where a description of something goes, and how
 * @msg: the message that gets it
 * @portid: to whom; 0 in events
 * @seq: of the request; 0 in events
 * @cmd: command
 * @cb: the dump of which it is a part, or NULL
 */
struct acl_msg {
	struct sk_buff *msg;
	u32 portid;
	u32 seq;
	u8 cmd;
	struct netlink_callback *cb;
};

int acl_nl_need(struct genl_info *info, int attr, const char *reason);
int acl_nl_begin_dump(struct acl_msg *to, struct sk_buff *skb,
		      struct netlink_callback *cb, u8 cmd);
int acl_nl_refuse(struct nlattr **attrs, const u8 *which, unsigned int n,
		  struct netlink_ext_ack *extack);
int acl_nl_begin_size(struct acl_msg *to, struct sk_buff *skb,
		      struct genl_info *info, size_t size);
int acl_nl_begin(struct acl_msg *to, struct sk_buff *skb,
		 struct genl_info *info);
int acl_nl_end(struct acl_msg *to, struct genl_info *info, int ret);
void *acl_nl_header(const struct acl_msg *to);
struct sk_buff *acl_nl_event(struct net *net);
void acl_nl_tell(struct net *net, struct sk_buff *msg, int ret);

struct acl_policy *acl_nl_policy_of(struct acl_policies *policies,
				    struct nlattr **attrs,
				    struct netlink_ext_ack *extack);
int acl_nl_policy_put(const struct acl_msg *to, struct acl_policies *policies,
		      struct acl_policy *policy);
void acl_nl_policy_notify(struct net *net, struct acl_policies *policies,
			  struct acl_policy *policy, u8 cmd);
void acl_nl_rule_notify(struct net *net, const struct acl_policy *policy,
			const struct acl_entry *entry, u8 cmd);
void acl_nl_elem_notify(struct net *net, const struct acl_named *named,
			const struct acl_set_elem *elem, u8 cmd);
int acl_nl_name_check(const struct nlattr *name,
		      struct netlink_ext_ack *extack);
int acl_nl_put_directions(struct sk_buff *msg, const struct acl_counters *sum);
struct acl_binding *acl_nl_binding_of(struct net *net, struct nlattr **attrs,
				      struct netlink_ext_ack *extack);
struct netswitch_port *acl_nl_bound_port(struct net *net, struct nlattr **attrs,
					 struct netlink_ext_ack *extack);
int acl_nl_settings(struct acl_settings *set, struct nlattr **attrs,
		    struct netlink_ext_ack *extack);

#endif /* _UTCP_ACL_POLICY_NL_H */
