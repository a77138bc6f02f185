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

static const struct netlink_range_validation utcp_shaper_a_class_id_range = {
	.min	= 1ULL,
	.max	= 65535ULL,
};

static const struct netlink_range_validation utcp_shaper_a_class_burst_range = {
	.min	= 1000ULL,
	.max	= 1000000ULL,
};

static const struct netlink_range_validation utcp_shaper_a_class_queue_bytes_range = {
	.min	= 2048ULL,
	.max	= 268435456ULL,
};

static const struct netlink_range_validation utcp_shaper_a_class_queue_time_range = {
	.min	= 10ULL,
	.max	= 60000ULL,
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

/* UTCP_SHAPER_CMD_CLASS_ADD - do */
static const struct nla_policy utcp_shaper_class_add_nl_policy[UTCP_SHAPER_A_CLASS_OVERHEAD + 1] = {
	[UTCP_SHAPER_A_CLASS_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_shaper_a_class_id_range),
	[UTCP_SHAPER_A_CLASS_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_SHAPER_A_CLASS_PARENT] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_SHAPER_A_CLASS_BW_MIN] = { .type = NLA_U64, },
	[UTCP_SHAPER_A_CLASS_BW_MAX] = { .type = NLA_U64, },
	[UTCP_SHAPER_A_CLASS_BURST] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_shaper_a_class_burst_range),
	[UTCP_SHAPER_A_CLASS_PRIORITY] = NLA_POLICY_MAX(NLA_U32, 7),
	[UTCP_SHAPER_A_CLASS_WEIGHT] = NLA_POLICY_RANGE(NLA_U32, 1, 1000),
	[UTCP_SHAPER_A_CLASS_QUEUE_BYTES] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_shaper_a_class_queue_bytes_range),
	[UTCP_SHAPER_A_CLASS_QUEUE_TIME] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_shaper_a_class_queue_time_range),
	[UTCP_SHAPER_A_CLASS_OVERHEAD] = NLA_POLICY_MAX(NLA_U32, 256),
};

/* UTCP_SHAPER_CMD_CLASS_SET - do */
static const struct nla_policy utcp_shaper_class_set_nl_policy[UTCP_SHAPER_A_CLASS_OVERHEAD + 1] = {
	[UTCP_SHAPER_A_CLASS_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_shaper_a_class_id_range),
	[UTCP_SHAPER_A_CLASS_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_SHAPER_A_CLASS_BW_MIN] = { .type = NLA_U64, },
	[UTCP_SHAPER_A_CLASS_BW_MAX] = { .type = NLA_U64, },
	[UTCP_SHAPER_A_CLASS_BURST] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_shaper_a_class_burst_range),
	[UTCP_SHAPER_A_CLASS_PRIORITY] = NLA_POLICY_MAX(NLA_U32, 7),
	[UTCP_SHAPER_A_CLASS_WEIGHT] = NLA_POLICY_RANGE(NLA_U32, 1, 1000),
	[UTCP_SHAPER_A_CLASS_QUEUE_BYTES] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_shaper_a_class_queue_bytes_range),
	[UTCP_SHAPER_A_CLASS_QUEUE_TIME] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_shaper_a_class_queue_time_range),
	[UTCP_SHAPER_A_CLASS_OVERHEAD] = NLA_POLICY_MAX(NLA_U32, 256),
};

/* UTCP_SHAPER_CMD_CLASS_DEL - do */
static const struct nla_policy utcp_shaper_class_del_nl_policy[UTCP_SHAPER_A_CLASS_NAME + 1] = {
	[UTCP_SHAPER_A_CLASS_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_shaper_a_class_id_range),
	[UTCP_SHAPER_A_CLASS_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* UTCP_SHAPER_CMD_CLASS_GET - do */
static const struct nla_policy utcp_shaper_class_get_do_nl_policy[UTCP_SHAPER_A_CLASS_PARENT + 1] = {
	[UTCP_SHAPER_A_CLASS_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_shaper_a_class_id_range),
	[UTCP_SHAPER_A_CLASS_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_SHAPER_A_CLASS_PARENT] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* UTCP_SHAPER_CMD_CLASS_GET - dump */
static const struct nla_policy utcp_shaper_class_get_dump_nl_policy[UTCP_SHAPER_A_CLASS_PARENT + 1] = {
	[UTCP_SHAPER_A_CLASS_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_shaper_a_class_id_range),
	[UTCP_SHAPER_A_CLASS_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_SHAPER_A_CLASS_PARENT] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* UTCP_SHAPER_CMD_BINDING_ADD - do */
static const struct nla_policy utcp_shaper_binding_add_nl_policy[UTCP_SHAPER_A_BINDING_FLAGS + 1] = {
	[UTCP_SHAPER_A_BINDING_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[UTCP_SHAPER_A_BINDING_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[UTCP_SHAPER_A_BINDING_DIRECTION] = NLA_POLICY_RANGE(NLA_U32, 1, 2),
	[UTCP_SHAPER_A_BINDING_CLASS] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_SHAPER_A_BINDING_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x3),
};

/* UTCP_SHAPER_CMD_BINDING_DEL - do */
static const struct nla_policy utcp_shaper_binding_del_nl_policy[UTCP_SHAPER_A_BINDING_DIRECTION + 1] = {
	[UTCP_SHAPER_A_BINDING_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[UTCP_SHAPER_A_BINDING_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[UTCP_SHAPER_A_BINDING_DIRECTION] = NLA_POLICY_RANGE(NLA_U32, 1, 2),
};

/* UTCP_SHAPER_CMD_BINDING_GET - dump */
static const struct nla_policy utcp_shaper_binding_get_nl_policy[UTCP_SHAPER_A_BINDING_IFNAME + 1] = {
	[UTCP_SHAPER_A_BINDING_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[UTCP_SHAPER_A_BINDING_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
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
	{
		.cmd		= UTCP_SHAPER_CMD_CLASS_ADD,
		.doit		= utcp_shaper_nl_class_add_doit,
		.policy		= utcp_shaper_class_add_nl_policy,
		.maxattr	= UTCP_SHAPER_A_CLASS_OVERHEAD,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_SHAPER_CMD_CLASS_SET,
		.doit		= utcp_shaper_nl_class_set_doit,
		.policy		= utcp_shaper_class_set_nl_policy,
		.maxattr	= UTCP_SHAPER_A_CLASS_OVERHEAD,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_SHAPER_CMD_CLASS_DEL,
		.doit		= utcp_shaper_nl_class_del_doit,
		.policy		= utcp_shaper_class_del_nl_policy,
		.maxattr	= UTCP_SHAPER_A_CLASS_NAME,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_SHAPER_CMD_CLASS_GET,
		.doit		= utcp_shaper_nl_class_get_doit,
		.policy		= utcp_shaper_class_get_do_nl_policy,
		.maxattr	= UTCP_SHAPER_A_CLASS_PARENT,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_SHAPER_CMD_CLASS_GET,
		.dumpit		= utcp_shaper_nl_class_get_dumpit,
		.policy		= utcp_shaper_class_get_dump_nl_policy,
		.maxattr	= UTCP_SHAPER_A_CLASS_PARENT,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= UTCP_SHAPER_CMD_BINDING_ADD,
		.doit		= utcp_shaper_nl_binding_add_doit,
		.policy		= utcp_shaper_binding_add_nl_policy,
		.maxattr	= UTCP_SHAPER_A_BINDING_FLAGS,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_SHAPER_CMD_BINDING_DEL,
		.doit		= utcp_shaper_nl_binding_del_doit,
		.policy		= utcp_shaper_binding_del_nl_policy,
		.maxattr	= UTCP_SHAPER_A_BINDING_DIRECTION,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_SHAPER_CMD_BINDING_GET,
		.dumpit		= utcp_shaper_nl_binding_get_dumpit,
		.policy		= utcp_shaper_binding_get_nl_policy,
		.maxattr	= UTCP_SHAPER_A_BINDING_IFNAME,
		.flags		= GENL_CMD_CAP_DUMP,
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
