// SPDX-License-Identifier: GPL-2.0-only
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/utcp.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "utcp_nl_gen.h"

#include <uapi/linux/utcp.h>

/* Integer value ranges */
static const struct netlink_range_validation utcp_a_limits_peers_range = {
	.max	= 1048576ULL,
};

static const struct netlink_range_validation utcp_a_limits_sockets_range = {
	.max	= 1048576ULL,
};

/* Common nested types */
const struct nla_policy utcp_limits_nl_policy[UTCP_A_LIMITS_SOCKETS + 1] = {
	[UTCP_A_LIMITS_CELLS] = NLA_POLICY_MAX(NLA_U32, 4096),
	[UTCP_A_LIMITS_PEERS] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_a_limits_peers_range),
	[UTCP_A_LIMITS_SOCKETS] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_a_limits_sockets_range),
};

/* UTCP_CMD_LIMITS_SET - do */
static const struct nla_policy utcp_limits_set_nl_policy[UTCP_A_INFO_LIMITS + 1] = {
	[UTCP_A_INFO_LIMITS] = NLA_POLICY_NESTED(utcp_limits_nl_policy),
};

/* Ops table for utcp */
static const struct genl_split_ops utcp_nl_ops[] = {
	{
		.cmd	= UTCP_CMD_INFO_GET,
		.doit	= utcp_nl_info_get_doit,
		.flags	= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_CMD_LIMITS_SET,
		.doit		= utcp_nl_limits_set_doit,
		.policy		= utcp_limits_set_nl_policy,
		.maxattr	= UTCP_A_INFO_LIMITS,
		.flags		= GENL_CMD_CAP_DO,
	},
};

static const struct genl_multicast_group utcp_nl_mcgrps[] = {
	[UTCP_NLGRP_EVENTS] = { "events", .flags = GENL_MCAST_CAP_NET_ADMIN, },
};

struct genl_family utcp_nl_family __ro_after_init = {
	.name		= UTCP_FAMILY_NAME,
	.version	= UTCP_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.split_ops	= utcp_nl_ops,
	.n_split_ops	= ARRAY_SIZE(utcp_nl_ops),
	.mcgrps		= utcp_nl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(utcp_nl_mcgrps),
};
