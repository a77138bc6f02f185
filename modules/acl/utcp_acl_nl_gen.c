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

static const struct netlink_range_validation utcp_acl_a_limits_elems_range = {
	.max	= 4194304ULL,
};

static const struct netlink_range_validation utcp_acl_a_rule_priority_range = {
	.max	= 65535ULL,
};

static const struct netlink_range_validation utcp_acl_a_rule_ethertype_range = {
	.min	= 1536ULL,
	.max	= 65535ULL,
};

static const struct netlink_range_validation utcp_acl_a_rule_src_port_min_range = {
	.max	= 65535ULL,
};

static const struct netlink_range_validation utcp_acl_a_rule_src_port_max_range = {
	.max	= 65535ULL,
};

static const struct netlink_range_validation utcp_acl_a_rule_dst_port_min_range = {
	.max	= 65535ULL,
};

static const struct netlink_range_validation utcp_acl_a_rule_dst_port_max_range = {
	.max	= 65535ULL,
};

static const struct netlink_range_validation utcp_acl_a_policy_confirm_range = {
	.min	= 1ULL,
	.max	= 86400000ULL,
};

static const struct netlink_range_validation utcp_acl_a_binding_netns_fd_range = {
	.max	= 2147483647ULL,
};

static const struct netlink_range_validation utcp_acl_a_flow_netns_fd_range = {
	.max	= 2147483647ULL,
};

static const struct netlink_range_validation utcp_acl_a_elem_port_range = {
	.max	= 65535ULL,
};

static const struct netlink_range_validation utcp_acl_a_set_max_elems_range = {
	.min	= 1ULL,
	.max	= 65536ULL,
};

/* Common nested types */
const struct nla_policy utcp_acl_elem_nl_policy[UTCP_ACL_A_ELEM_CELL + 1] = {
	[UTCP_ACL_A_ELEM_ADDR4] = NLA_POLICY_EXACT_LEN(4),
	[UTCP_ACL_A_ELEM_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[UTCP_ACL_A_ELEM_LEN] = NLA_POLICY_MAX(NLA_U32, 128),
	[UTCP_ACL_A_ELEM_PORT] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_elem_port_range),
	[UTCP_ACL_A_ELEM_EXPIRES] = { .type = NLA_U64, },
	[UTCP_ACL_A_ELEM_CELL] = NLA_POLICY_EXACT_LEN(16),
};

const struct nla_policy utcp_acl_limits_nl_policy[UTCP_ACL_A_LIMITS_ELEMS + 1] = {
	[UTCP_ACL_A_LIMITS_POLICIES] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_limits_policies_range),
	[UTCP_ACL_A_LIMITS_RULES] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_limits_rules_range),
	[UTCP_ACL_A_LIMITS_SETS] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_limits_sets_range),
	[UTCP_ACL_A_LIMITS_FLOWS] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_limits_flows_range),
	[UTCP_ACL_A_LIMITS_ELEMS] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_limits_elems_range),
};

const struct nla_policy utcp_acl_rule_nl_policy[UTCP_ACL_A_RULE_DEV + 1] = {
	[UTCP_ACL_A_RULE_HANDLE] = { .type = NLA_U64, },
	[UTCP_ACL_A_RULE_PRIORITY] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_rule_priority_range),
	[UTCP_ACL_A_RULE_DIRECTION] = NLA_POLICY_RANGE(NLA_U32, 1, 2),
	[UTCP_ACL_A_RULE_VERDICT] = NLA_POLICY_RANGE(NLA_U32, 1, 3),
	[UTCP_ACL_A_RULE_ETHERTYPE] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_rule_ethertype_range),
	[UTCP_ACL_A_RULE_VLAN] = NLA_POLICY_MAX(NLA_U32, 4094),
	[UTCP_ACL_A_RULE_SRC_MAC] = NLA_POLICY_EXACT_LEN(6),
	[UTCP_ACL_A_RULE_DST_MAC] = NLA_POLICY_EXACT_LEN(6),
	[UTCP_ACL_A_RULE_SRC4] = NLA_POLICY_EXACT_LEN(4),
	[UTCP_ACL_A_RULE_SRC6] = NLA_POLICY_EXACT_LEN(16),
	[UTCP_ACL_A_RULE_SRC_LEN] = NLA_POLICY_MAX(NLA_U32, 128),
	[UTCP_ACL_A_RULE_DST4] = NLA_POLICY_EXACT_LEN(4),
	[UTCP_ACL_A_RULE_DST6] = NLA_POLICY_EXACT_LEN(16),
	[UTCP_ACL_A_RULE_DST_LEN] = NLA_POLICY_MAX(NLA_U32, 128),
	[UTCP_ACL_A_RULE_PROTO] = NLA_POLICY_MAX(NLA_U32, 255),
	[UTCP_ACL_A_RULE_SRC_PORT_MIN] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_rule_src_port_min_range),
	[UTCP_ACL_A_RULE_SRC_PORT_MAX] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_rule_src_port_max_range),
	[UTCP_ACL_A_RULE_DST_PORT_MIN] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_rule_dst_port_min_range),
	[UTCP_ACL_A_RULE_DST_PORT_MAX] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_rule_dst_port_max_range),
	[UTCP_ACL_A_RULE_ICMP_TYPE] = NLA_POLICY_MAX(NLA_U32, 255),
	[UTCP_ACL_A_RULE_ICMP_CODE] = NLA_POLICY_MAX(NLA_U32, 255),
	[UTCP_ACL_A_RULE_TCP_FLAGS] = NLA_POLICY_MAX(NLA_U32, 255),
	[UTCP_ACL_A_RULE_TCP_MASK] = NLA_POLICY_RANGE(NLA_U32, 1, 255),
	[UTCP_ACL_A_RULE_DSCP] = NLA_POLICY_MAX(NLA_U32, 63),
	[UTCP_ACL_A_RULE_CLASS] = NLA_POLICY_MIN(NLA_U32, 1),
	[UTCP_ACL_A_RULE_MARK] = { .type = NLA_U32, },
	[UTCP_ACL_A_RULE_COMMENT] = { .type = NLA_NUL_STRING, .len = 63, },
	[UTCP_ACL_A_RULE_OWNER] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_RULE_PACKETS] = { .type = NLA_U64, },
	[UTCP_ACL_A_RULE_BYTES] = { .type = NLA_U64, },
	[UTCP_ACL_A_RULE_LAST_HIT] = { .type = NLA_U64, },
	[UTCP_ACL_A_RULE_EXPIRES] = { .type = NLA_U64, },
	[UTCP_ACL_A_RULE_LOG] = { .type = NLA_FLAG, },
	[UTCP_ACL_A_RULE_SRC_SET] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_RULE_DST_SET] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_RULE_UTCP] = { .type = NLA_FLAG, },
	[UTCP_ACL_A_RULE_SRC_CELL] = NLA_POLICY_EXACT_LEN(16),
	[UTCP_ACL_A_RULE_DST_CELL] = NLA_POLICY_EXACT_LEN(16),
	[UTCP_ACL_A_RULE_DEV] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* UTCP_ACL_CMD_LIMITS_SET - do */
static const struct nla_policy utcp_acl_limits_set_nl_policy[UTCP_ACL_A_INFO_LIMITS + 1] = {
	[UTCP_ACL_A_INFO_LIMITS] = NLA_POLICY_NESTED(utcp_acl_limits_nl_policy),
};

/* UTCP_ACL_CMD_POLICY_NEW - do */
static const struct nla_policy utcp_acl_policy_new_nl_policy[UTCP_ACL_A_POLICY_LOG + 1] = {
	[UTCP_ACL_A_POLICY_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_POLICY_IN] = NLA_POLICY_RANGE(NLA_U32, 1, 3),
	[UTCP_ACL_A_POLICY_OUT] = NLA_POLICY_RANGE(NLA_U32, 1, 3),
	[UTCP_ACL_A_POLICY_COMMENT] = { .type = NLA_NUL_STRING, .len = 63, },
	[UTCP_ACL_A_POLICY_OWNER] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_POLICY_LOG] = NLA_POLICY_MAX(NLA_U32, 1),
};

/* UTCP_ACL_CMD_POLICY_SET - do */
static const struct nla_policy utcp_acl_policy_set_nl_policy[UTCP_ACL_A_POLICY_LOG + 1] = {
	[UTCP_ACL_A_POLICY_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_POLICY_IN] = NLA_POLICY_RANGE(NLA_U32, 1, 3),
	[UTCP_ACL_A_POLICY_OUT] = NLA_POLICY_RANGE(NLA_U32, 1, 3),
	[UTCP_ACL_A_POLICY_COMMENT] = { .type = NLA_NUL_STRING, .len = 63, },
	[UTCP_ACL_A_POLICY_OWNER] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_POLICY_LOG] = NLA_POLICY_MAX(NLA_U32, 1),
};

/* UTCP_ACL_CMD_POLICY_DEL - do */
static const struct nla_policy utcp_acl_policy_del_nl_policy[UTCP_ACL_A_POLICY_NAME + 1] = {
	[UTCP_ACL_A_POLICY_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* UTCP_ACL_CMD_POLICY_GET - do */
static const struct nla_policy utcp_acl_policy_get_do_nl_policy[UTCP_ACL_A_POLICY_OWNER + 1] = {
	[UTCP_ACL_A_POLICY_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_POLICY_OWNER] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* UTCP_ACL_CMD_POLICY_GET - dump */
static const struct nla_policy utcp_acl_policy_get_dump_nl_policy[UTCP_ACL_A_POLICY_OWNER + 1] = {
	[UTCP_ACL_A_POLICY_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_POLICY_OWNER] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* UTCP_ACL_CMD_RULE_ADD - do */
static const struct nla_policy utcp_acl_rule_add_nl_policy[UTCP_ACL_A_POLICY_RULE + 1] = {
	[UTCP_ACL_A_POLICY_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_POLICY_RULE] = NLA_POLICY_NESTED(utcp_acl_rule_nl_policy),
};

/* UTCP_ACL_CMD_RULE_DEL - do */
static const struct nla_policy utcp_acl_rule_del_nl_policy[UTCP_ACL_A_POLICY_KEEP + 1] = {
	[UTCP_ACL_A_POLICY_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_POLICY_HANDLE] = { .type = NLA_U64, },
	[UTCP_ACL_A_POLICY_KEEP] = { .type = NLA_FLAG, },
};

/* UTCP_ACL_CMD_RULE_GET - do */
static const struct nla_policy utcp_acl_rule_get_do_nl_policy[UTCP_ACL_A_POLICY_VERDICT + 1] = {
	[UTCP_ACL_A_POLICY_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_POLICY_OWNER] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_POLICY_HANDLE] = { .type = NLA_U64, },
	[UTCP_ACL_A_POLICY_DIRECTION] = NLA_POLICY_RANGE(NLA_U32, 1, 2),
	[UTCP_ACL_A_POLICY_VERDICT] = NLA_POLICY_RANGE(NLA_U32, 1, 3),
};

/* UTCP_ACL_CMD_RULE_GET - dump */
static const struct nla_policy utcp_acl_rule_get_dump_nl_policy[UTCP_ACL_A_POLICY_VERDICT + 1] = {
	[UTCP_ACL_A_POLICY_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_POLICY_OWNER] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_POLICY_HANDLE] = { .type = NLA_U64, },
	[UTCP_ACL_A_POLICY_DIRECTION] = NLA_POLICY_RANGE(NLA_U32, 1, 2),
	[UTCP_ACL_A_POLICY_VERDICT] = NLA_POLICY_RANGE(NLA_U32, 1, 3),
};

/* UTCP_ACL_CMD_LOAD_BEGIN - do */
static const struct nla_policy utcp_acl_load_begin_nl_policy[UTCP_ACL_A_POLICY_CONFIRM + 1] = {
	[UTCP_ACL_A_POLICY_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_POLICY_IN] = NLA_POLICY_RANGE(NLA_U32, 1, 3),
	[UTCP_ACL_A_POLICY_OUT] = NLA_POLICY_RANGE(NLA_U32, 1, 3),
	[UTCP_ACL_A_POLICY_COMMENT] = { .type = NLA_NUL_STRING, .len = 63, },
	[UTCP_ACL_A_POLICY_OWNER] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_POLICY_GENERATION] = { .type = NLA_U32, },
	[UTCP_ACL_A_POLICY_LOG] = NLA_POLICY_MAX(NLA_U32, 1),
	[UTCP_ACL_A_POLICY_CONFIRM] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_policy_confirm_range),
};

/* UTCP_ACL_CMD_LOAD_ADD - do */
static const struct nla_policy utcp_acl_load_add_nl_policy[UTCP_ACL_A_POLICY_RULE + 1] = {
	[UTCP_ACL_A_POLICY_LOAD] = NLA_POLICY_MIN(NLA_U32, 1),
	[UTCP_ACL_A_POLICY_RULE] = NLA_POLICY_NESTED(utcp_acl_rule_nl_policy),
};

/* UTCP_ACL_CMD_LOAD_COMMIT - do */
static const struct nla_policy utcp_acl_load_commit_nl_policy[UTCP_ACL_A_POLICY_KEEP + 1] = {
	[UTCP_ACL_A_POLICY_LOAD] = NLA_POLICY_MIN(NLA_U32, 1),
	[UTCP_ACL_A_POLICY_KEEP] = { .type = NLA_FLAG, },
};

/* UTCP_ACL_CMD_LOAD_ABORT - do */
static const struct nla_policy utcp_acl_load_abort_nl_policy[UTCP_ACL_A_POLICY_LOAD + 1] = {
	[UTCP_ACL_A_POLICY_LOAD] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* UTCP_ACL_CMD_BIND_SET - do */
static const struct nla_policy utcp_acl_bind_set_nl_policy[UTCP_ACL_A_BINDING_NETNS_FD + 1] = {
	[UTCP_ACL_A_BINDING_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[UTCP_ACL_A_BINDING_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[UTCP_ACL_A_BINDING_POLICY] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_BINDING_MAC] = NLA_POLICY_EXACT_LEN(6),
	[UTCP_ACL_A_BINDING_ADDR4] = NLA_POLICY_EXACT_LEN(4),
	[UTCP_ACL_A_BINDING_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[UTCP_ACL_A_BINDING_KIND] = NLA_POLICY_RANGE(NLA_U32, 1, 3),
	[UTCP_ACL_A_BINDING_NETNS_FD] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_binding_netns_fd_range),
};

/* UTCP_ACL_CMD_BIND_DEL - do */
static const struct nla_policy utcp_acl_bind_del_nl_policy[UTCP_ACL_A_BINDING_NETNS_FD + 1] = {
	[UTCP_ACL_A_BINDING_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[UTCP_ACL_A_BINDING_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[UTCP_ACL_A_BINDING_KIND] = NLA_POLICY_RANGE(NLA_U32, 1, 3),
	[UTCP_ACL_A_BINDING_NETNS_FD] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_binding_netns_fd_range),
};

/* UTCP_ACL_CMD_BIND_GET - do */
static const struct nla_policy utcp_acl_bind_get_do_nl_policy[UTCP_ACL_A_BINDING_NETNS_FD + 1] = {
	[UTCP_ACL_A_BINDING_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[UTCP_ACL_A_BINDING_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[UTCP_ACL_A_BINDING_POLICY] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_BINDING_KIND] = NLA_POLICY_RANGE(NLA_U32, 1, 3),
	[UTCP_ACL_A_BINDING_NETNS_FD] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_binding_netns_fd_range),
};

/* UTCP_ACL_CMD_BIND_GET - dump */
static const struct nla_policy utcp_acl_bind_get_dump_nl_policy[UTCP_ACL_A_BINDING_NETNS_FD + 1] = {
	[UTCP_ACL_A_BINDING_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[UTCP_ACL_A_BINDING_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[UTCP_ACL_A_BINDING_POLICY] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_BINDING_KIND] = NLA_POLICY_RANGE(NLA_U32, 1, 3),
	[UTCP_ACL_A_BINDING_NETNS_FD] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_binding_netns_fd_range),
};

/* UTCP_ACL_CMD_FLOW_GET - dump */
static const struct nla_policy utcp_acl_flow_get_nl_policy[UTCP_ACL_A_FLOW_NETNS_FD + 1] = {
	[UTCP_ACL_A_FLOW_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[UTCP_ACL_A_FLOW_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[UTCP_ACL_A_FLOW_NETNS_FD] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_flow_netns_fd_range),
};

/* UTCP_ACL_CMD_FLOW_FLUSH - do */
static const struct nla_policy utcp_acl_flow_flush_nl_policy[UTCP_ACL_A_FLOW_IFNAME + 1] = {
	[UTCP_ACL_A_FLOW_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[UTCP_ACL_A_FLOW_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* UTCP_ACL_CMD_SET_NEW - do */
static const struct nla_policy utcp_acl_set_new_nl_policy[UTCP_ACL_A_SET_MAX_ELEMS + 1] = {
	[UTCP_ACL_A_SET_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_SET_TYPE] = NLA_POLICY_RANGE(NLA_U32, 1, 3),
	[UTCP_ACL_A_SET_MAX_ELEMS] = NLA_POLICY_FULL_RANGE(NLA_U32, &utcp_acl_a_set_max_elems_range),
};

/* UTCP_ACL_CMD_SET_DEL - do */
static const struct nla_policy utcp_acl_set_del_nl_policy[UTCP_ACL_A_SET_NAME + 1] = {
	[UTCP_ACL_A_SET_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* UTCP_ACL_CMD_SET_GET - do */
static const struct nla_policy utcp_acl_set_get_do_nl_policy[UTCP_ACL_A_SET_NAME + 1] = {
	[UTCP_ACL_A_SET_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* UTCP_ACL_CMD_SET_GET - dump */
static const struct nla_policy utcp_acl_set_get_dump_nl_policy[UTCP_ACL_A_SET_NAME + 1] = {
	[UTCP_ACL_A_SET_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* UTCP_ACL_CMD_ELEM_ADD - do */
static const struct nla_policy utcp_acl_elem_add_nl_policy[UTCP_ACL_A_SET_ELEM + 1] = {
	[UTCP_ACL_A_SET_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_SET_ELEM] = NLA_POLICY_NESTED(utcp_acl_elem_nl_policy),
};

/* UTCP_ACL_CMD_ELEM_DEL - do */
static const struct nla_policy utcp_acl_elem_del_nl_policy[UTCP_ACL_A_SET_ELEM + 1] = {
	[UTCP_ACL_A_SET_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_SET_ELEM] = NLA_POLICY_NESTED(utcp_acl_elem_nl_policy),
};

/* UTCP_ACL_CMD_ELEM_GET - dump */
static const struct nla_policy utcp_acl_elem_get_nl_policy[UTCP_ACL_A_SET_NAME + 1] = {
	[UTCP_ACL_A_SET_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* UTCP_ACL_CMD_LOAD_CONFIRM - do */
static const struct nla_policy utcp_acl_load_confirm_nl_policy[UTCP_ACL_A_POLICY_NAME + 1] = {
	[UTCP_ACL_A_POLICY_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* UTCP_ACL_CMD_RULE_TEST - dump */
static const struct nla_policy utcp_acl_rule_test_nl_policy[UTCP_ACL_A_POLICY_RULE + 1] = {
	[UTCP_ACL_A_POLICY_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[UTCP_ACL_A_POLICY_RULE] = NLA_POLICY_NESTED(utcp_acl_rule_nl_policy),
};

/* UTCP_ACL_CMD_TRACE_BEGIN - do */
static const struct nla_policy utcp_acl_trace_begin_nl_policy[UTCP_ACL_A_LOG_RATE + 1] = {
	[UTCP_ACL_A_LOG_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[UTCP_ACL_A_LOG_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[UTCP_ACL_A_LOG_RULE] = NLA_POLICY_NESTED(utcp_acl_rule_nl_policy),
	[UTCP_ACL_A_LOG_RATE] = NLA_POLICY_RANGE(NLA_U32, 1, 4000),
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
	{
		.cmd		= UTCP_ACL_CMD_POLICY_NEW,
		.doit		= utcp_acl_nl_policy_new_doit,
		.policy		= utcp_acl_policy_new_nl_policy,
		.maxattr	= UTCP_ACL_A_POLICY_LOG,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_POLICY_SET,
		.doit		= utcp_acl_nl_policy_set_doit,
		.policy		= utcp_acl_policy_set_nl_policy,
		.maxattr	= UTCP_ACL_A_POLICY_LOG,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_POLICY_DEL,
		.doit		= utcp_acl_nl_policy_del_doit,
		.policy		= utcp_acl_policy_del_nl_policy,
		.maxattr	= UTCP_ACL_A_POLICY_NAME,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_POLICY_GET,
		.doit		= utcp_acl_nl_policy_get_doit,
		.policy		= utcp_acl_policy_get_do_nl_policy,
		.maxattr	= UTCP_ACL_A_POLICY_OWNER,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_POLICY_GET,
		.dumpit		= utcp_acl_nl_policy_get_dumpit,
		.policy		= utcp_acl_policy_get_dump_nl_policy,
		.maxattr	= UTCP_ACL_A_POLICY_OWNER,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= UTCP_ACL_CMD_RULE_ADD,
		.doit		= utcp_acl_nl_rule_add_doit,
		.policy		= utcp_acl_rule_add_nl_policy,
		.maxattr	= UTCP_ACL_A_POLICY_RULE,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_RULE_DEL,
		.doit		= utcp_acl_nl_rule_del_doit,
		.policy		= utcp_acl_rule_del_nl_policy,
		.maxattr	= UTCP_ACL_A_POLICY_KEEP,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_RULE_GET,
		.doit		= utcp_acl_nl_rule_get_doit,
		.policy		= utcp_acl_rule_get_do_nl_policy,
		.maxattr	= UTCP_ACL_A_POLICY_VERDICT,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_RULE_GET,
		.dumpit		= utcp_acl_nl_rule_get_dumpit,
		.policy		= utcp_acl_rule_get_dump_nl_policy,
		.maxattr	= UTCP_ACL_A_POLICY_VERDICT,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= UTCP_ACL_CMD_LOAD_BEGIN,
		.doit		= utcp_acl_nl_load_begin_doit,
		.policy		= utcp_acl_load_begin_nl_policy,
		.maxattr	= UTCP_ACL_A_POLICY_CONFIRM,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_LOAD_ADD,
		.doit		= utcp_acl_nl_load_add_doit,
		.policy		= utcp_acl_load_add_nl_policy,
		.maxattr	= UTCP_ACL_A_POLICY_RULE,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_LOAD_COMMIT,
		.doit		= utcp_acl_nl_load_commit_doit,
		.policy		= utcp_acl_load_commit_nl_policy,
		.maxattr	= UTCP_ACL_A_POLICY_KEEP,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_LOAD_ABORT,
		.doit		= utcp_acl_nl_load_abort_doit,
		.policy		= utcp_acl_load_abort_nl_policy,
		.maxattr	= UTCP_ACL_A_POLICY_LOAD,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_BIND_SET,
		.doit		= utcp_acl_nl_bind_set_doit,
		.policy		= utcp_acl_bind_set_nl_policy,
		.maxattr	= UTCP_ACL_A_BINDING_NETNS_FD,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_BIND_DEL,
		.doit		= utcp_acl_nl_bind_del_doit,
		.policy		= utcp_acl_bind_del_nl_policy,
		.maxattr	= UTCP_ACL_A_BINDING_NETNS_FD,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_BIND_GET,
		.doit		= utcp_acl_nl_bind_get_doit,
		.policy		= utcp_acl_bind_get_do_nl_policy,
		.maxattr	= UTCP_ACL_A_BINDING_NETNS_FD,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_BIND_GET,
		.dumpit		= utcp_acl_nl_bind_get_dumpit,
		.policy		= utcp_acl_bind_get_dump_nl_policy,
		.maxattr	= UTCP_ACL_A_BINDING_NETNS_FD,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd	= UTCP_ACL_CMD_STATS_GET,
		.doit	= utcp_acl_nl_stats_get_doit,
		.flags	= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_FLOW_GET,
		.start		= utcp_acl_nl_flow_get_start,
		.dumpit		= utcp_acl_nl_flow_get_dumpit,
		.done		= utcp_acl_nl_flow_get_done,
		.policy		= utcp_acl_flow_get_nl_policy,
		.maxattr	= UTCP_ACL_A_FLOW_NETNS_FD,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= UTCP_ACL_CMD_FLOW_FLUSH,
		.doit		= utcp_acl_nl_flow_flush_doit,
		.policy		= utcp_acl_flow_flush_nl_policy,
		.maxattr	= UTCP_ACL_A_FLOW_IFNAME,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_SET_NEW,
		.doit		= utcp_acl_nl_set_new_doit,
		.policy		= utcp_acl_set_new_nl_policy,
		.maxattr	= UTCP_ACL_A_SET_MAX_ELEMS,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_SET_DEL,
		.doit		= utcp_acl_nl_set_del_doit,
		.policy		= utcp_acl_set_del_nl_policy,
		.maxattr	= UTCP_ACL_A_SET_NAME,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_SET_GET,
		.doit		= utcp_acl_nl_set_get_doit,
		.policy		= utcp_acl_set_get_do_nl_policy,
		.maxattr	= UTCP_ACL_A_SET_NAME,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_SET_GET,
		.dumpit		= utcp_acl_nl_set_get_dumpit,
		.policy		= utcp_acl_set_get_dump_nl_policy,
		.maxattr	= UTCP_ACL_A_SET_NAME,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= UTCP_ACL_CMD_ELEM_ADD,
		.doit		= utcp_acl_nl_elem_add_doit,
		.policy		= utcp_acl_elem_add_nl_policy,
		.maxattr	= UTCP_ACL_A_SET_ELEM,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_ELEM_DEL,
		.doit		= utcp_acl_nl_elem_del_doit,
		.policy		= utcp_acl_elem_del_nl_policy,
		.maxattr	= UTCP_ACL_A_SET_ELEM,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_ELEM_GET,
		.dumpit		= utcp_acl_nl_elem_get_dumpit,
		.policy		= utcp_acl_elem_get_nl_policy,
		.maxattr	= UTCP_ACL_A_SET_NAME,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= UTCP_ACL_CMD_LOAD_CONFIRM,
		.doit		= utcp_acl_nl_load_confirm_doit,
		.policy		= utcp_acl_load_confirm_nl_policy,
		.maxattr	= UTCP_ACL_A_POLICY_NAME,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= UTCP_ACL_CMD_RULE_TEST,
		.dumpit		= utcp_acl_nl_rule_test_dumpit,
		.policy		= utcp_acl_rule_test_nl_policy,
		.maxattr	= UTCP_ACL_A_POLICY_RULE,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= UTCP_ACL_CMD_TRACE_BEGIN,
		.doit		= utcp_acl_nl_trace_begin_doit,
		.policy		= utcp_acl_trace_begin_nl_policy,
		.maxattr	= UTCP_ACL_A_LOG_RATE,
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
