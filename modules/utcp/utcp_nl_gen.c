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

static const struct netlink_range_validation utcp_a_limits_user_ports_range = {
	.max	= 65535ULL,
};

static const struct netlink_range_validation utcp_a_limits_buffer_memory_range = {
	.max	= 1073741824ULL,
};

/* Common nested types */
const struct nla_policy utcp_limits_nl_policy[UTCP_A_LIMITS_BUFFER_MEMORY + 1] = {
	[UTCP_A_LIMITS_CELLS] = NLA_POLICY_MAX(NLA_U32, 4096),
	[UTCP_A_LIMITS_PEERS] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_a_limits_peers_range),
	[UTCP_A_LIMITS_SOCKETS] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_a_limits_sockets_range),
	[UTCP_A_LIMITS_USER_PORTS] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_a_limits_user_ports_range),
	[UTCP_A_LIMITS_BUFFER_MEMORY] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_a_limits_buffer_memory_range),
};

/* UTCP_CMD_LIMITS_SET - do */
static const struct nla_policy utcp_limits_set_nl_policy[UTCP_A_INFO_LIMITS + 1] = {
	[UTCP_A_INFO_LIMITS] = NLA_POLICY_NESTED(utcp_limits_nl_policy),
};

/* UTCP_CMD_CELL_NEW - do */
static const struct nla_policy utcp_cell_new_nl_policy[UTCP_A_CELL_COMMENT + 1] = {
	[UTCP_A_CELL_PRIVATE_KEY] = NLA_POLICY_EXACT_LEN(32),
	[UTCP_A_CELL_REALM] = NLA_POLICY_EXACT_LEN(32),
	[UTCP_A_CELL_HAS_REALM] = NLA_POLICY_MAX(NLA_U32, 1),
	[UTCP_A_CELL_OWNER] = { .type = NLA_U32, },
	[UTCP_A_CELL_GROUP] = { .type = NLA_U32, },
	[UTCP_A_CELL_MODE] = NLA_POLICY_MASK(NLA_U32, 0x7),
	[UTCP_A_CELL_DISCOVERABLE] = NLA_POLICY_MAX(NLA_U32, 1),
	[UTCP_A_CELL_DEFAULT] = NLA_POLICY_MAX(NLA_U32, 1),
	[UTCP_A_CELL_COMMENT] = { .type = NLA_NUL_STRING, .len = 63, },
};

/* UTCP_CMD_CELL_SET - do */
static const struct nla_policy utcp_cell_set_nl_policy[UTCP_A_CELL_COMMENT + 1] = {
	[UTCP_A_CELL_ID] = NLA_POLICY_EXACT_LEN(16),
	[UTCP_A_CELL_REALM] = NLA_POLICY_EXACT_LEN(32),
	[UTCP_A_CELL_HAS_REALM] = NLA_POLICY_MAX(NLA_U32, 1),
	[UTCP_A_CELL_OWNER] = { .type = NLA_U32, },
	[UTCP_A_CELL_GROUP] = { .type = NLA_U32, },
	[UTCP_A_CELL_MODE] = NLA_POLICY_MASK(NLA_U32, 0x7),
	[UTCP_A_CELL_DISCOVERABLE] = NLA_POLICY_MAX(NLA_U32, 1),
	[UTCP_A_CELL_DEFAULT] = NLA_POLICY_MAX(NLA_U32, 1),
	[UTCP_A_CELL_COMMENT] = { .type = NLA_NUL_STRING, .len = 63, },
};

/* UTCP_CMD_CELL_DEL - do */
static const struct nla_policy utcp_cell_del_nl_policy[UTCP_A_CELL_ID + 1] = {
	[UTCP_A_CELL_ID] = NLA_POLICY_EXACT_LEN(16),
};

/* UTCP_CMD_CELL_GET - do */
static const struct nla_policy utcp_cell_get_do_nl_policy[UTCP_A_CELL_ID + 1] = {
	[UTCP_A_CELL_ID] = NLA_POLICY_EXACT_LEN(16),
};

/* UTCP_CMD_CELL_GET - dump */
static const struct nla_policy utcp_cell_get_dump_nl_policy[UTCP_A_CELL_ID + 1] = {
	[UTCP_A_CELL_ID] = NLA_POLICY_EXACT_LEN(16),
};

/* UTCP_CMD_PEER_ADD - do */
static const struct nla_policy utcp_peer_add_nl_policy[UTCP_A_PEER_PUBLIC_KEY + 1] = {
	[UTCP_A_PEER_PUBLIC_KEY] = NLA_POLICY_EXACT_LEN(32),
	[UTCP_A_PEER_CELL] = NLA_POLICY_EXACT_LEN(16),
};

/* UTCP_CMD_PEER_DEL - do */
static const struct nla_policy utcp_peer_del_nl_policy[UTCP_A_PEER_CELL + 1] = {
	[UTCP_A_PEER_ID] = NLA_POLICY_EXACT_LEN(16),
	[UTCP_A_PEER_CELL] = NLA_POLICY_EXACT_LEN(16),
};

/* UTCP_CMD_PEER_GET - do */
static const struct nla_policy utcp_peer_get_do_nl_policy[UTCP_A_PEER_CELL + 1] = {
	[UTCP_A_PEER_ID] = NLA_POLICY_EXACT_LEN(16),
	[UTCP_A_PEER_CELL] = NLA_POLICY_EXACT_LEN(16),
};

/* UTCP_CMD_PEER_GET - dump */
static const struct nla_policy utcp_peer_get_dump_nl_policy[UTCP_A_PEER_CELL + 1] = {
	[UTCP_A_PEER_ID] = NLA_POLICY_EXACT_LEN(16),
	[UTCP_A_PEER_CELL] = NLA_POLICY_EXACT_LEN(16),
};

/* UTCP_CMD_PEER_PROBE - do */
static const struct nla_policy utcp_peer_probe_nl_policy[UTCP_A_PEER_REKEY + 1] = {
	[UTCP_A_PEER_ID] = NLA_POLICY_EXACT_LEN(16),
	[UTCP_A_PEER_CELL] = NLA_POLICY_EXACT_LEN(16),
	[UTCP_A_PEER_REKEY] = NLA_POLICY_MAX(NLA_U32, 1),
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
	{
		.cmd		= UTCP_CMD_CELL_NEW,
		.doit		= utcp_nl_cell_new_doit,
		.policy		= utcp_cell_new_nl_policy,
		.maxattr	= UTCP_A_CELL_COMMENT,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_CMD_CELL_SET,
		.doit		= utcp_nl_cell_set_doit,
		.policy		= utcp_cell_set_nl_policy,
		.maxattr	= UTCP_A_CELL_COMMENT,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_CMD_CELL_DEL,
		.doit		= utcp_nl_cell_del_doit,
		.policy		= utcp_cell_del_nl_policy,
		.maxattr	= UTCP_A_CELL_ID,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_CMD_CELL_GET,
		.doit		= utcp_nl_cell_get_doit,
		.policy		= utcp_cell_get_do_nl_policy,
		.maxattr	= UTCP_A_CELL_ID,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_CMD_CELL_GET,
		.dumpit		= utcp_nl_cell_get_dumpit,
		.policy		= utcp_cell_get_dump_nl_policy,
		.maxattr	= UTCP_A_CELL_ID,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= UTCP_CMD_PEER_ADD,
		.doit		= utcp_nl_peer_add_doit,
		.policy		= utcp_peer_add_nl_policy,
		.maxattr	= UTCP_A_PEER_PUBLIC_KEY,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_CMD_PEER_DEL,
		.doit		= utcp_nl_peer_del_doit,
		.policy		= utcp_peer_del_nl_policy,
		.maxattr	= UTCP_A_PEER_CELL,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_CMD_PEER_GET,
		.doit		= utcp_nl_peer_get_doit,
		.policy		= utcp_peer_get_do_nl_policy,
		.maxattr	= UTCP_A_PEER_CELL,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_CMD_PEER_GET,
		.dumpit		= utcp_nl_peer_get_dumpit,
		.policy		= utcp_peer_get_dump_nl_policy,
		.maxattr	= UTCP_A_PEER_CELL,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= UTCP_CMD_PEER_PROBE,
		.doit		= utcp_nl_peer_probe_doit,
		.policy		= utcp_peer_probe_nl_policy,
		.maxattr	= UTCP_A_PEER_REKEY,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd	= UTCP_CMD_STATS_GET,
		.doit	= utcp_nl_stats_get_doit,
		.flags	= GENL_CMD_CAP_DO,
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
