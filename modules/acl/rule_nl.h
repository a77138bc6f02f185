/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules as netlink attributes.
 */
#ifndef _UTCP_ACL_RULE_NL_H
#define _UTCP_ACL_RULE_NL_H

#include <net/genetlink.h>

#include "policy.h"

int acl_rule_read(struct acl_policies *policies, const struct nlattr *nest,
		  struct acl_new_rule *rule, struct netlink_ext_ack *extack);
int acl_rule_put(struct sk_buff *msg, struct net *net,
		 const struct acl_entry *entry);
size_t acl_rule_msg_size(void);
u32 acl_rule_attr(const struct acl_match *match, int criterion);
int acl_text_check(const struct nlattr *attr, struct netlink_ext_ack *extack);

int acl_filter_read(const struct nlattr *nest, struct acl_match *match,
		    u8 *verdict, struct netlink_ext_ack *extack);

#endif /* _UTCP_ACL_RULE_NL_H */
