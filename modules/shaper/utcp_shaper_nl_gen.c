// SPDX-License-Identifier: GPL-2.0-only
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/utcp-shaper.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "utcp_shaper_nl_gen.h"

#include <uapi/linux/utcp_shaper.h>

/* Integer value ranges */
static const struct netlink_range_validation utcp_shaper_a_limits_classes_range = {
	.max	= 65535ULL,
};

static const struct netlink_range_validation utcp_shaper_a_limits_queued_range = {
	.max	= 1048576ULL,
};

/* Common nested types */
const struct nla_policy utcp_shaper_limits_nl_policy[UTCP_SHAPER_A_LIMITS_QUEUED + 1] = {
	[UTCP_SHAPER_A_LIMITS_CLASSES] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_shaper_a_limits_classes_range),
	[UTCP_SHAPER_A_LIMITS_QUEUED] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_shaper_a_limits_queued_range),
};

/* UTCP_SHAPER_CMD_LIMITS_SET - do */
static const struct nla_policy utcp_shaper_limits_set_nl_policy[UTCP_SHAPER_A_INFO_LIMITS + 1] = {
	[UTCP_SHAPER_A_INFO_LIMITS] = NLA_POLICY_NESTED(utcp_shaper_limits_nl_policy),
};

/* Ops table for utcp_shaper */
static const struct genl_split_ops utcp_shaper_nl_ops[] = {
	{
		.cmd	= UTCP_SHAPER_CMD_INFO_GET,
		.doit	= utcp_shaper_nl_info_get_doit,
		.flags	= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_SHAPER_CMD_LIMITS_SET,
		.doit		= utcp_shaper_nl_limits_set_doit,
		.policy		= utcp_shaper_limits_set_nl_policy,
		.maxattr	= UTCP_SHAPER_A_INFO_LIMITS,
		.flags		= GENL_CMD_CAP_DO,
	},
};

static const struct genl_multicast_group utcp_shaper_nl_mcgrps[] = {
	[UTCP_SHAPER_NLGRP_EVENTS] = { "events", .flags = GENL_MCAST_CAP_NET_ADMIN, },
};

struct genl_family utcp_shaper_nl_family __ro_after_init = {
	.name		= UTCP_SHAPER_FAMILY_NAME,
	.version	= UTCP_SHAPER_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.split_ops	= utcp_shaper_nl_ops,
	.n_split_ops	= ARRAY_SIZE(utcp_shaper_nl_ops),
	.mcgrps		= utcp_shaper_nl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(utcp_shaper_nl_mcgrps),
};
