/* SPDX-License-Identifier: GPL-2.0-only */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/utcp.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_UTCP_GEN_H
#define _LINUX_UTCP_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/utcp.h>

/* Common nested types */
extern const struct nla_policy utcp_limits_nl_policy[UTCP_A_LIMITS_BUFFER_MEMORY + 1];

int utcp_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_nl_limits_set_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_nl_cell_new_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_nl_cell_set_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_nl_cell_del_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_nl_cell_get_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_nl_cell_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int utcp_nl_peer_add_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_nl_peer_del_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_nl_peer_get_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_nl_peer_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int utcp_nl_peer_probe_doit(struct sk_buff *skb, struct genl_info *info);
int utcp_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	UTCP_NLGRP_EVENTS,
};

extern struct genl_family utcp_nl_family;

#endif /* _LINUX_UTCP_GEN_H */
