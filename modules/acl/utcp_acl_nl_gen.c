// SPDX-License-Identifier: GPL-2.0-only
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/utcp-acl.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "utcp_acl_nl_gen.h"

#include <uapi/linux/utcp_acl.h>

/* Integer value ranges */
static const struct netlink_range_validation utcp_acl_a_limits_policies_range = {
	.max	= 65535ULL,
};

static const struct netlink_range_validation utcp_acl_a_limits_rules_range = {
	.max	= 4194304ULL,
};

static const struct netlink_range_validation utcp_acl_a_limits_sets_range = {
	.max	= 65535ULL,
};

static const struct netlink_range_validation utcp_acl_a_limits_flows_range = {
	.max	= 4194304ULL,
};

/* Common nested types */
const struct nla_policy utcp_acl_limits_nl_policy[UTCP_ACL_A_LIMITS_FLOWS + 1] = {
	[UTCP_ACL_A_LIMITS_POLICIES] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_limits_policies_range),
	[UTCP_ACL_A_LIMITS_RULES] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_limits_rules_range),
	[UTCP_ACL_A_LIMITS_SETS] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_limits_sets_range),
	[UTCP_ACL_A_LIMITS_FLOWS] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_limits_flows_range),
};

/* UTCP_ACL_CMD_LIMITS_SET - do */
static const struct nla_policy utcp_acl_limits_set_nl_policy[UTCP_ACL_A_INFO_LIMITS + 1] = {
	[UTCP_ACL_A_INFO_LIMITS] = NLA_POLICY_NESTED(utcp_acl_limits_nl_policy),
};

/* Ops table for utcp_acl */
static const struct genl_split_ops utcp_acl_nl_ops[] = {
	{
		.cmd	= UTCP_ACL_CMD_INFO_GET,
		.doit	= utcp_acl_nl_info_get_doit,
		.flags	= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_LIMITS_SET,
		.doit		= utcp_acl_nl_limits_set_doit,
		.policy		= utcp_acl_limits_set_nl_policy,
		.maxattr	= UTCP_ACL_A_INFO_LIMITS,
		.flags		= GENL_CMD_CAP_DO,
	},
};

static const struct genl_multicast_group utcp_acl_nl_mcgrps[] = {
	[UTCP_ACL_NLGRP_EVENTS] = { "events", .flags = GENL_MCAST_CAP_NET_ADMIN, },
};

struct genl_family utcp_acl_nl_family __ro_after_init = {
	.name		= UTCP_ACL_FAMILY_NAME,
	.version	= UTCP_ACL_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.split_ops	= utcp_acl_nl_ops,
	.n_split_ops	= ARRAY_SIZE(utcp_acl_nl_ops),
	.mcgrps		= utcp_acl_nl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(utcp_acl_nl_mcgrps),
};
