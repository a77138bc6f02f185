/* SPDX-License-Identifier: GPL-2.0-only */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/netswitch.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_NETSWITCH_GEN_H
#define _LINUX_NETSWITCH_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/netswitch.h>

/* Common nested types */
extern const struct nla_policy netswitch_limits_nl_policy[NETSWITCH_A_LIMITS_GRANTS + 1];

int netswitch_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info);
int netswitch_nl_limits_set_doit(struct sk_buff *skb, struct genl_info *info);
int netswitch_nl_port_add_doit(struct sk_buff *skb, struct genl_info *info);
int netswitch_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info);
int netswitch_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info);
int netswitch_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info);
int netswitch_nl_port_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int netswitch_nl_consumer_get_dumpit(struct sk_buff *skb,
				     struct netlink_callback *cb);
int netswitch_nl_ring_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int netswitch_nl_grant_add_doit(struct sk_buff *skb, struct genl_info *info);
int netswitch_nl_grant_del_doit(struct sk_buff *skb, struct genl_info *info);
int netswitch_nl_grant_get_doit(struct sk_buff *skb, struct genl_info *info);
int netswitch_nl_grant_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb);

enum {
	NETSWITCH_NLGRP_EVENTS,
};

extern struct genl_family netswitch_nl_family;

#endif /* _LINUX_NETSWITCH_GEN_H */
