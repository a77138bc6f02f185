// SPDX-License-Identifier: GPL-2.0-only
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/netswitch.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netswitch_nl_gen.h"

#include <uapi/linux/netswitch.h>

/* Integer value ranges */
static const struct netlink_range_validation netswitch_a_limits_ports_range = {
	.max	= 65535ULL,
};

static const struct netlink_range_validation netswitch_a_limits_rings_range = {
	.max	= 65535ULL,
};

static const struct netlink_range_validation netswitch_a_limits_ring_memory_range = {
	.max	= 16777216ULL,
};

/* Common nested types */
const struct nla_policy netswitch_limits_nl_policy[NETSWITCH_A_LIMITS_RING_MEMORY + 1] = {
	[NETSWITCH_A_LIMITS_PORTS] = NLA_POLICY_FULL_RANGE(NLA_U32, &netswitch_a_limits_ports_range),
	[NETSWITCH_A_LIMITS_RINGS] = NLA_POLICY_FULL_RANGE(NLA_U32, &netswitch_a_limits_rings_range),
	[NETSWITCH_A_LIMITS_RING_MEMORY] = NLA_POLICY_FULL_RANGE(NLA_U32, &netswitch_a_limits_ring_memory_range),
};

/* NETSWITCH_CMD_LIMITS_SET - do */
static const struct nla_policy netswitch_limits_set_nl_policy[NETSWITCH_A_INFO_LIMITS + 1] = {
	[NETSWITCH_A_INFO_LIMITS] = NLA_POLICY_NESTED(netswitch_limits_nl_policy),
};

/* Ops table for netswitch */
static const struct genl_split_ops netswitch_nl_ops[] = {
	{
		.cmd	= NETSWITCH_CMD_INFO_GET,
		.doit	= netswitch_nl_info_get_doit,
		.flags	= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NETSWITCH_CMD_LIMITS_SET,
		.doit		= netswitch_nl_limits_set_doit,
		.policy		= netswitch_limits_set_nl_policy,
		.maxattr	= NETSWITCH_A_INFO_LIMITS,
		.flags		= GENL_CMD_CAP_DO,
	},
};

static const struct genl_multicast_group netswitch_nl_mcgrps[] = {
	[NETSWITCH_NLGRP_EVENTS] = { "events", .flags = GENL_MCAST_CAP_NET_ADMIN, },
};

struct genl_family netswitch_nl_family __ro_after_init = {
	.name		= NETSWITCH_FAMILY_NAME,
	.version	= NETSWITCH_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.split_ops	= netswitch_nl_ops,
	.n_split_ops	= ARRAY_SIZE(netswitch_nl_ops),
	.mcgrps		= netswitch_nl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(netswitch_nl_mcgrps),
};
