/* SPDX-License-Identifier: GPL-2.0-only */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/utcp-shaper.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_UTCP_SHAPER_GEN_H
#define _LINUX_UTCP_SHAPER_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/utcp_shaper.h>

/* Common nested types */
extern const struct nla_policy utcp_shaper_limits_nl_policy[UTCP_SHAPER_A_LIMITS_QUEUED + 1];

int utcp_shaper_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_shaper_nl_limits_set_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_shaper_nl_class_add_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_shaper_nl_class_set_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_shaper_nl_class_del_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_shaper_nl_class_get_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_shaper_nl_class_get_dumpit(struct sk_buff *skb,
				    struct netlink_callback *cb);
int utcp_shaper_nl_binding_add_doit(struct sk_buff *skb,
				    struct genl_info *info);
int utcp_shaper_nl_binding_del_doit(struct sk_buff *skb,
				    struct genl_info *info);
int utcp_shaper_nl_binding_get_dumpit(struct sk_buff *skb,
				      struct netlink_callback *cb);

enum {
	UTCP_SHAPER_NLGRP_EVENTS,
};

extern struct genl_family utcp_shaper_nl_family;

#endif /* _LINUX_UTCP_SHAPER_GEN_H */
