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

static const struct netlink_range_validation netswitch_a_grant_ethertype_range = {
	.min	= 1536ULL,
	.max	= 65535ULL,
};

/* Common nested types */
const struct nla_policy netswitch_limits_nl_policy[NETSWITCH_A_LIMITS_GRANTS + 1] = {
	[NETSWITCH_A_LIMITS_PORTS] = NLA_POLICY_FULL_RANGE(NLA_U32, &netswitch_a_limits_ports_range),
	[NETSWITCH_A_LIMITS_RINGS] = NLA_POLICY_FULL_RANGE(NLA_U32, &netswitch_a_limits_rings_range),
	[NETSWITCH_A_LIMITS_RING_MEMORY] = NLA_POLICY_FULL_RANGE(NLA_U32, &netswitch_a_limits_ring_memory_range),
	[NETSWITCH_A_LIMITS_GRANTS] = NLA_POLICY_MAX(NLA_U32, 4096),
};

/* NETSWITCH_CMD_LIMITS_SET - do */
static const struct nla_policy netswitch_limits_set_nl_policy[NETSWITCH_A_INFO_LIMITS + 1] = {
	[NETSWITCH_A_INFO_LIMITS] = NLA_POLICY_NESTED(netswitch_limits_nl_policy),
};

/* NETSWITCH_CMD_PORT_ADD - do */
static const struct nla_policy netswitch_port_add_nl_policy[NETSWITCH_A_PORT_FLAGS + 1] = {
	[NETSWITCH_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NETSWITCH_A_PORT_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[NETSWITCH_A_PORT_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x3),
};

/* NETSWITCH_CMD_PORT_SET - do */
static const struct nla_policy netswitch_port_set_nl_policy[NETSWITCH_A_PORT_FLAGS + 1] = {
	[NETSWITCH_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NETSWITCH_A_PORT_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[NETSWITCH_A_PORT_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x3),
};

/* NETSWITCH_CMD_PORT_DEL - do */
static const struct nla_policy netswitch_port_del_nl_policy[NETSWITCH_A_PORT_IFNAME + 1] = {
	[NETSWITCH_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NETSWITCH_A_PORT_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* NETSWITCH_CMD_PORT_GET - do */
static const struct nla_policy netswitch_port_get_do_nl_policy[NETSWITCH_A_PORT_IFNAME + 1] = {
	[NETSWITCH_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NETSWITCH_A_PORT_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* NETSWITCH_CMD_PORT_GET - dump */
static const struct nla_policy netswitch_port_get_dump_nl_policy[NETSWITCH_A_PORT_IFNAME + 1] = {
	[NETSWITCH_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NETSWITCH_A_PORT_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* NETSWITCH_CMD_CONSUMER_GET - dump */
static const struct nla_policy netswitch_consumer_get_nl_policy[NETSWITCH_A_CONSUMER_IFINDEX + 1] = {
	[NETSWITCH_A_CONSUMER_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* NETSWITCH_CMD_RING_GET - dump */
static const struct nla_policy netswitch_ring_get_nl_policy[NETSWITCH_A_RING_IFINDEX + 1] = {
	[NETSWITCH_A_RING_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* NETSWITCH_CMD_GRANT_ADD - do */
static const struct nla_policy netswitch_grant_add_nl_policy[NETSWITCH_A_GRANT_MAC + 1] = {
	[NETSWITCH_A_GRANT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NETSWITCH_A_GRANT_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[NETSWITCH_A_GRANT_ETHERTYPE] = NLA_POLICY_FULL_RANGE(NLA_U32, &netswitch_a_grant_ethertype_range),
	[NETSWITCH_A_GRANT_UID] = { .type = NLA_U32, },
	[NETSWITCH_A_GRANT_GID] = { .type = NLA_U32, },
	[NETSWITCH_A_GRANT_MAC] = NLA_POLICY_EXACT_LEN(6),
};

/* NETSWITCH_CMD_GRANT_DEL - do */
static const struct nla_policy netswitch_grant_del_nl_policy[NETSWITCH_A_GRANT_MAC + 1] = {
	[NETSWITCH_A_GRANT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NETSWITCH_A_GRANT_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[NETSWITCH_A_GRANT_ETHERTYPE] = NLA_POLICY_FULL_RANGE(NLA_U32, &netswitch_a_grant_ethertype_range),
	[NETSWITCH_A_GRANT_UID] = { .type = NLA_U32, },
	[NETSWITCH_A_GRANT_GID] = { .type = NLA_U32, },
	[NETSWITCH_A_GRANT_MAC] = NLA_POLICY_EXACT_LEN(6),
};

/* NETSWITCH_CMD_GRANT_GET - do */
static const struct nla_policy netswitch_grant_get_do_nl_policy[NETSWITCH_A_GRANT_MAC + 1] = {
	[NETSWITCH_A_GRANT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NETSWITCH_A_GRANT_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[NETSWITCH_A_GRANT_ETHERTYPE] = NLA_POLICY_FULL_RANGE(NLA_U32, &netswitch_a_grant_ethertype_range),
	[NETSWITCH_A_GRANT_UID] = { .type = NLA_U32, },
	[NETSWITCH_A_GRANT_GID] = { .type = NLA_U32, },
	[NETSWITCH_A_GRANT_MAC] = NLA_POLICY_EXACT_LEN(6),
};

/* NETSWITCH_CMD_GRANT_GET - dump */
static const struct nla_policy netswitch_grant_get_dump_nl_policy[NETSWITCH_A_GRANT_MAC + 1] = {
	[NETSWITCH_A_GRANT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NETSWITCH_A_GRANT_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[NETSWITCH_A_GRANT_ETHERTYPE] = NLA_POLICY_FULL_RANGE(NLA_U32, &netswitch_a_grant_ethertype_range),
	[NETSWITCH_A_GRANT_UID] = { .type = NLA_U32, },
	[NETSWITCH_A_GRANT_GID] = { .type = NLA_U32, },
	[NETSWITCH_A_GRANT_MAC] = NLA_POLICY_EXACT_LEN(6),
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
	{
		.cmd		= NETSWITCH_CMD_PORT_ADD,
		.doit		= netswitch_nl_port_add_doit,
		.policy		= netswitch_port_add_nl_policy,
		.maxattr	= NETSWITCH_A_PORT_FLAGS,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NETSWITCH_CMD_PORT_SET,
		.doit		= netswitch_nl_port_set_doit,
		.policy		= netswitch_port_set_nl_policy,
		.maxattr	= NETSWITCH_A_PORT_FLAGS,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NETSWITCH_CMD_PORT_DEL,
		.doit		= netswitch_nl_port_del_doit,
		.policy		= netswitch_port_del_nl_policy,
		.maxattr	= NETSWITCH_A_PORT_IFNAME,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NETSWITCH_CMD_PORT_GET,
		.doit		= netswitch_nl_port_get_doit,
		.policy		= netswitch_port_get_do_nl_policy,
		.maxattr	= NETSWITCH_A_PORT_IFNAME,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NETSWITCH_CMD_PORT_GET,
		.dumpit		= netswitch_nl_port_get_dumpit,
		.policy		= netswitch_port_get_dump_nl_policy,
		.maxattr	= NETSWITCH_A_PORT_IFNAME,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NETSWITCH_CMD_CONSUMER_GET,
		.dumpit		= netswitch_nl_consumer_get_dumpit,
		.policy		= netswitch_consumer_get_nl_policy,
		.maxattr	= NETSWITCH_A_CONSUMER_IFINDEX,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NETSWITCH_CMD_RING_GET,
		.dumpit		= netswitch_nl_ring_get_dumpit,
		.policy		= netswitch_ring_get_nl_policy,
		.maxattr	= NETSWITCH_A_RING_IFINDEX,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NETSWITCH_CMD_GRANT_ADD,
		.doit		= netswitch_nl_grant_add_doit,
		.policy		= netswitch_grant_add_nl_policy,
		.maxattr	= NETSWITCH_A_GRANT_MAC,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NETSWITCH_CMD_GRANT_DEL,
		.doit		= netswitch_nl_grant_del_doit,
		.policy		= netswitch_grant_del_nl_policy,
		.maxattr	= NETSWITCH_A_GRANT_MAC,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NETSWITCH_CMD_GRANT_GET,
		.doit		= netswitch_nl_grant_get_doit,
		.policy		= netswitch_grant_get_do_nl_policy,
		.maxattr	= NETSWITCH_A_GRANT_MAC,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NETSWITCH_CMD_GRANT_GET,
		.dumpit		= netswitch_nl_grant_get_dumpit,
		.policy		= netswitch_grant_get_dump_nl_policy,
		.maxattr	= NETSWITCH_A_GRANT_MAC,
		.flags		= GENL_CMD_CAP_DUMP,
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
