// SPDX-License-Identifier: GPL-2.0-only
/*
 * aclprobe - what utcp_acl answers to requests about access lists that are not what
 * utcpctl would send, and to those who have no right. Every row of the table below
 * and every function after it is one result.
 *
 * utcp_acl must be loaded, and this namespace must have no policies; it has none at
 * the end either.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/utcp_acl.h>

#include "../lib/apart.h"
#include "../lib/nl.h"
#include "kselftest.h"

#define MSG_ADMIN "access lists need CAP_NET_ADMIN over the network namespace"
#define ELEM_ADDRESS "an element has an address of IPv4 or of IPv6, or a CellID"
#define P(name) UTCP_ACL_A_POLICY_##name
#define R(name) UTCP_ACL_A_RULE_##name
#define B(name) UTCP_ACL_A_BINDING_##name
#define S(name) UTCP_ACL_A_SET_##name
#define E(name) UTCP_ACL_A_ELEM_##name
#define T(name) UTCP_ACL_A_LOG_##name
#define C(name) UTCP_ACL_CMD_##name

static const struct family *family;
static struct client root; /* a socket of the first namespace, opened by root */

/* --- asking ------------------------------------------------------------------- */

static long blamed; /* where the offending attribute is; -1: none is */
static uint32_t load; /* number of the last load */

static void blame_next(struct nlmsghdr *nlh)
{
	blamed = (char *)mnl_nlmsg_get_payload_tail(nlh) - (char *)nlh;
}

static int ask(struct client *c, struct nlmsghdr *nlh, struct answer *a)
{
	int ret = client_ask(c, nlh, a);

	/* What comes back is no info, as nl.c would have it. */
	a->odd = NULL;
	return ret ? ret : a->err;
}

static void name(struct nlmsghdr *nlh)
{
	mnl_attr_put_strz(nlh, P(NAME), "p");
}

static int simple(struct client *c, uint8_t cmd)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(c, buf, cmd);
	struct answer a;

	name(nlh);
	return ask(c, nlh, &a);
}

/* How many answers a list has. */
static int count(struct client *c, uint8_t cmd, unsigned int *n)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(c, buf, cmd);
	struct answer a;
	int ret;

	nlh->nlmsg_flags |= NLM_F_DUMP;
	if (cmd == C(RULE_GET))
		name(nlh);
	ret = ask(c, nlh, &a);
	*n = a.replies;
	return ret;
}

/* --- messages that are not right -------------------------------------------------- */

static struct nlattr *rule(struct nlmsghdr *nlh, uint32_t direction,
			   uint32_t verdict)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, P(RULE));

	if (direction)
		mnl_attr_put_u32(nlh, R(DIRECTION), direction);
	if (verdict)
		mnl_attr_put_u32(nlh, R(VERDICT), verdict);
	return nest;
}

/* A rule with one more number, which is to blame. */
static void rule_u32(struct nlmsghdr *nlh, uint16_t type, uint32_t value)
{
	struct nlattr *nest;

	name(nlh);
	nest = rule(nlh, 1, 1);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, type, value);
	mnl_attr_nest_end(nlh, nest);
}

/* Such a row of the table. */
#define RULE_U32(fn, type, value)              \
	static void fn(struct nlmsghdr *nlh)   \
	{                                      \
		rule_u32(nlh, R(type), value); \
	}

RULE_U32(direction_big, DIRECTION, UTCP_ACL_DIRECTION_MAX + 1)
RULE_U32(rule_verdict_big, VERDICT, UTCP_ACL_VERDICT_MAX + 1)
RULE_U32(priority_big, PRIORITY, 65536)
RULE_U32(ethertype_small, ETHERTYPE, 1535)
RULE_U32(vlan_big, VLAN, 4095)
RULE_U32(src_len_alone, SRC_LEN, 8)
RULE_U32(port_alone, DST_PORT_MIN, 80)
RULE_U32(port_big, SRC_PORT_MAX, 65536)
RULE_U32(code_alone, ICMP_CODE, 1)
RULE_U32(mask_zero, TCP_MASK, 0)
RULE_U32(dscp_big, DSCP, 64)
RULE_U32(class_zero, CLASS, 0)
RULE_U32(rule_stray, PACKETS, 0)

static void rule_bytes(struct nlmsghdr *nlh, uint16_t type, size_t len)
{
	static const char bytes[64] = { 1, 2, 3, 4 };
	struct nlattr *nest;

	name(nlh);
	nest = rule(nlh, 1, 1);
	blame_next(nlh);
	mnl_attr_put(nlh, type, len, bytes);
	mnl_attr_nest_end(nlh, nest);
}

static void nothing(struct nlmsghdr *nlh)
{
	(void)nlh;
}

static void as_dump(struct nlmsghdr *nlh)
{
	nlh->nlmsg_flags |= NLM_F_DUMP;
}

static void name_only(struct nlmsghdr *nlh)
{
	name(nlh);
}

static void name_blamed(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	name(nlh);
}

static void name_other(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_strz(nlh, P(NAME), "other");
}

static void name_empty(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_strz(nlh, P(NAME), "");
}

static void name_slash(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_strz(nlh, P(NAME), "a/b");
}

static void name_long(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_strz(nlh, P(NAME), "12345678901234567890123456789012");
}

static void name_endless(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put(nlh, P(NAME), 3, "abc");
}

static void verdict_zero(struct nlmsghdr *nlh)
{
	name(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, P(IN), 0);
}

static void verdict_big(struct nlmsghdr *nlh)
{
	name(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, P(OUT), UTCP_ACL_VERDICT_MAX + 1);
}

static void verdict_short(struct nlmsghdr *nlh)
{
	name(nlh);
	blame_next(nlh);
	mnl_attr_put_u16(nlh, P(OUT), 1);
}

static void comment_control(struct nlmsghdr *nlh)
{
	name(nlh);
	blame_next(nlh);
	mnl_attr_put_strz(nlh, P(COMMENT), "a\nb");
}

static void users(struct nlmsghdr *nlh)
{
	name(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, P(USERS), 1);
}

static void owner_in_get(struct nlmsghdr *nlh)
{
	name(nlh);
	blame_next(nlh);
	mnl_attr_put_strz(nlh, P(OWNER), "me");
}

static void rule_flat(struct nlmsghdr *nlh)
{
	name(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, P(RULE), 1);
}

static void rule_two(struct nlmsghdr *nlh)
{
	name(nlh);
	mnl_attr_nest_end(nlh, rule(nlh, 1, 1));
	blame_next(nlh);
	mnl_attr_nest_end(nlh, rule(nlh, 1, 1));
}

static void rule_other_policy(struct nlmsghdr *nlh)
{
	name_other(nlh);
	mnl_attr_nest_end(nlh, rule(nlh, 1, 1));
}

static void rule_no_direction(struct nlmsghdr *nlh)
{
	name(nlh);
	mnl_attr_nest_end(nlh, rule(nlh, 0, 1));
}

static void rule_no_verdict(struct nlmsghdr *nlh)
{
	name(nlh);
	mnl_attr_nest_end(nlh, rule(nlh, 1, 0));
}

static void rule_handle(struct nlmsghdr *nlh)
{
	struct nlattr *nest;

	name(nlh);
	nest = rule(nlh, 1, 1);
	blame_next(nlh);
	mnl_attr_put_u64(nlh, R(HANDLE), 7);
	mnl_attr_nest_end(nlh, nest);
}

static void mac_short(struct nlmsghdr *nlh)
{
	rule_bytes(nlh, R(SRC_MAC), 5);
}

static void src_alone(struct nlmsghdr *nlh)
{
	rule_bytes(nlh, R(SRC4), 4);
}

static void src_short(struct nlmsghdr *nlh)
{
	rule_bytes(nlh, R(SRC6), 4);
}

static void src_len_big(struct nlmsghdr *nlh)
{
	struct nlattr *nest;

	name(nlh);
	nest = rule(nlh, 1, 1);
	mnl_attr_put_u32(nlh, R(SRC4), 0);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, R(SRC_LEN), 33);
	mnl_attr_nest_end(nlh, nest);
}

static void src_bits(struct nlmsghdr *nlh)
{
	struct nlattr *nest;

	name(nlh);
	nest = rule(nlh, 1, 1);
	blame_next(nlh);
	mnl_attr_put(nlh, R(SRC4), 4, "\x0a\x00\x00\x01");
	mnl_attr_put_u32(nlh, R(SRC_LEN), 31);
	mnl_attr_nest_end(nlh, nest);
}

static void ports_turned(struct nlmsghdr *nlh)
{
	struct nlattr *nest;

	name(nlh);
	nest = rule(nlh, 1, 1);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, R(DST_PORT_MIN), 81);
	mnl_attr_put_u32(nlh, R(DST_PORT_MAX), 80);
	mnl_attr_nest_end(nlh, nest);
}

static void mark_denied(struct nlmsghdr *nlh)
{
	struct nlattr *nest;

	name(nlh);
	nest = rule(nlh, 1, UTCP_ACL_VERDICT_DENY);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, R(MARK), 1);
	mnl_attr_nest_end(nlh, nest);
}

/* A rule about identities with one more attribute, which is to blame. */
static void utcp(struct nlmsghdr *nlh, bool flag, uint32_t verdict,
		 uint16_t type, const void *value, size_t size)
{
	struct nlattr *nest;

	name(nlh);
	nest = rule(nlh, 1, verdict);
	if (flag)
		mnl_attr_put(nlh, R(UTCP), 0, NULL);
	blame_next(nlh);
	mnl_attr_put(nlh, type, size, value);
	mnl_attr_nest_end(nlh, nest);
}

static void cell_alone(struct nlmsghdr *nlh)
{
	utcp(nlh, false, 1, R(SRC_CELL), "1234567890123456", 16);
}

static void cell_zero(struct nlmsghdr *nlh)
{
	static const char zeros[16];

	utcp(nlh, true, 1, R(DST_CELL), zeros, 16);
}

static void cell_short(struct nlmsghdr *nlh)
{
	utcp(nlh, true, 1, R(SRC_CELL), "123456789012345", 15);
}

static void utcp_vlan(struct nlmsghdr *nlh)
{
	static const uint32_t vlan = 7;

	utcp(nlh, true, 1, R(VLAN), &vlan, 4);
}

static void utcp_mark(struct nlmsghdr *nlh)
{
	static const uint32_t mark = 7;

	utcp(nlh, true, 1, R(MARK), &mark, 4);
}

static void utcp_denied(struct nlmsghdr *nlh)
{
	struct nlattr *nest;

	name(nlh);
	nest = mnl_attr_nest_start(nlh, P(RULE));
	mnl_attr_put_u32(nlh, R(DIRECTION), 1);
	mnl_attr_put(nlh, R(UTCP), 0, NULL);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, R(VERDICT), UTCP_ACL_VERDICT_DENY);
	mnl_attr_nest_end(nlh, nest);
}

static void utcp_address(struct nlmsghdr *nlh)
{
	struct nlattr *nest;

	name(nlh);
	nest = rule(nlh, 1, 1);
	mnl_attr_put(nlh, R(SRC4), 4, "1234");
	mnl_attr_put_u32(nlh, R(SRC_LEN), 32);
	blame_next(nlh);
	mnl_attr_put(nlh, R(UTCP), 0, NULL);
	mnl_attr_nest_end(nlh, nest);
}

/* A trace, with one attribute of its rule, which is to blame. */
static void trace(struct nlmsghdr *nlh, uint16_t type, const void *value,
		  size_t size)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, T(RULE));

	blame_next(nlh);
	mnl_attr_put(nlh, type, size, value);
	mnl_attr_nest_end(nlh, nest);
}

static void trace_set(struct nlmsghdr *nlh)
{
	trace(nlh, R(SRC_SET), "s", 2);
}

static void trace_owner(struct nlmsghdr *nlh)
{
	trace(nlh, R(OWNER), "o", 2);
}

static void trace_handle(struct nlmsghdr *nlh)
{
	static const uint64_t handle = 1;

	trace(nlh, R(HANDLE), &handle, 8);
}

static void trace_rate(struct nlmsghdr *nlh, uint32_t rate)
{
	blame_next(nlh);
	mnl_attr_put_u32(nlh, T(RATE), rate);
}

static void trace_never(struct nlmsghdr *nlh)
{
	trace_rate(nlh, 0);
}

static void trace_fast(struct nlmsghdr *nlh)
{
	trace_rate(nlh, 4001);
}

static void trace_unbound(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_strz(nlh, T(IFNAME), "nodev");
}

static void expires(struct nlmsghdr *nlh, uint64_t time)
{
	struct nlattr *nest;

	name(nlh);
	nest = rule(nlh, 1, 1);
	blame_next(nlh);
	mnl_attr_put_u64(nlh, R(EXPIRES), time);
	mnl_attr_nest_end(nlh, nest);
}

static void expires_zero(struct nlmsghdr *nlh)
{
	expires(nlh, 0);
}

static void expires_late(struct nlmsghdr *nlh)
{
	expires(nlh, UINT64_MAX);
}

static void expires_short(struct nlmsghdr *nlh)
{
	rule_bytes(nlh, R(EXPIRES), 4);
}

static void log_value(struct nlmsghdr *nlh)
{
	rule_bytes(nlh, R(LOG), 4);
}

static void policy_log_big(struct nlmsghdr *nlh)
{
	name(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, P(LOG), 2);
}

static void rule_unknown(struct nlmsghdr *nlh)
{
	rule_u32(nlh, R(MAX) + 1, 0);
}

static void handle_other(struct nlmsghdr *nlh)
{
	name(nlh);
	blame_next(nlh);
	mnl_attr_put_u64(nlh, P(HANDLE), UINT64_MAX);
}

static void handle_short(struct nlmsghdr *nlh)
{
	name(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, P(HANDLE), 1);
}

static void handle_direction(struct nlmsghdr *nlh)
{
	name(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, P(DIRECTION), 1);
	mnl_attr_put_u64(nlh, P(HANDLE), 1);
}

static void rules_of_other(struct nlmsghdr *nlh)
{
	name_other(nlh);
	as_dump(nlh);
}

static void load_other(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_u32(nlh, P(LOAD), load + 1);
}

static void load_add_other(struct nlmsghdr *nlh)
{
	load_other(nlh);
	mnl_attr_nest_end(nlh, rule(nlh, 1, 1));
}

static void load_no_rule(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, P(LOAD), load);
}

/* The second of them. */
static void load_bad_rule(struct nlmsghdr *nlh)
{
	struct nlattr *nest;

	mnl_attr_put_u32(nlh, P(LOAD), load);
	mnl_attr_nest_end(nlh, rule(nlh, 1, 1));
	nest = rule(nlh, 1, 1);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, R(VLAN), 4095);
	mnl_attr_nest_end(nlh, nest);
}

static void load_zero(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_u32(nlh, P(LOAD), 0);
}

static void confirm_zero(struct nlmsghdr *nlh)
{
	name(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, P(CONFIRM), 0);
}

static void confirm_long(struct nlmsghdr *nlh)
{
	name(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, P(CONFIRM), 86400001);
}

static void test_other(struct nlmsghdr *nlh)
{
	name_other(nlh);
	mnl_attr_nest_end(nlh, rule(nlh, 1, 1));
	as_dump(nlh);
}

static void test_nothing(struct nlmsghdr *nlh)
{
	name(nlh);
	as_dump(nlh);
}

static void test_empty(struct nlmsghdr *nlh)
{
	name(nlh);
	blame_next(nlh);
	mnl_attr_nest_end(nlh, rule(nlh, 1, 1));
	as_dump(nlh);
}

static void test_prefix(struct nlmsghdr *nlh)
{
	struct nlattr *nest;

	name(nlh);
	blame_next(nlh);
	nest = rule(nlh, 1, 1);
	mnl_attr_put(nlh, R(SRC4), 4, "\x0a\0\0\0");
	mnl_attr_put_u32(nlh, R(SRC_LEN), 8);
	mnl_attr_nest_end(nlh, nest);
	as_dump(nlh);
}

static void bind_two(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, B(IFINDEX), 1);
	mnl_attr_put_strz(nlh, B(IFNAME), "lo");
	mnl_attr_put_strz(nlh, B(POLICY), "p");
}

static void bind_no_policy(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, B(IFINDEX), 1);
}

static void bind_no_port(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_strz(nlh, B(IFNAME), "lo");
	mnl_attr_put_strz(nlh, B(POLICY), "p");
}

static void bind_no_device(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_u32(nlh, B(IFINDEX), 12345);
	mnl_attr_put_strz(nlh, B(POLICY), "p");
}

static void bind_name_long(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_strz(nlh, B(IFNAME), "1234567890123456");
}

static void bind_own(struct nlmsghdr *nlh, const char *mac, unsigned int addrs,
		     const char *addr)
{
	mnl_attr_put_u32(nlh, B(IFINDEX), 1);
	mnl_attr_put_strz(nlh, B(POLICY), "p");
	if (mac) {
		if (!addrs)
			blame_next(nlh);
		mnl_attr_put(nlh, B(MAC), 6, mac);
	}
	while (addrs--) {
		blame_next(nlh);
		mnl_attr_put(nlh, B(ADDR4), 4, addr);
	}
}

static void bind_addr_alone(struct nlmsghdr *nlh)
{
	bind_own(nlh, NULL, 1, "\x0a\0\0\1");
}

static void bind_mac_group(struct nlmsghdr *nlh)
{
	bind_own(nlh, "\3\0\0\0\0\1", 0, NULL);
}

static void bind_mac_zero(struct nlmsghdr *nlh)
{
	bind_own(nlh, "\0\0\0\0\0\0", 0, NULL);
}

static void bind_addr_group(struct nlmsghdr *nlh)
{
	bind_own(nlh, "\2\0\0\0\0\1", 1, "\xe0\0\0\1");
}

static void bind_addrs_many(struct nlmsghdr *nlh)
{
	bind_own(nlh, "\2\0\0\0\0\1", 17, "\x0a\0\0\1");
}

static void bind_mac_short(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, B(IFINDEX), 1);
	blame_next(nlh);
	mnl_attr_put(nlh, B(MAC), 5, "12345");
}

static void unbind_no_device(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_strz(nlh, B(IFNAME), "nothing");
}

/* Of a namespace as a whole. */
static void ns_kind(struct nlmsghdr *nlh, uint32_t kind)
{
	mnl_attr_put_u32(nlh, B(KIND), kind);
}

static void ns_own(struct nlmsghdr *nlh)
{
	ns_kind(nlh, UTCP_ACL_BINDING_KIND_OWN);
}

static void ns_kind_zero(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	ns_kind(nlh, 0);
}

static void ns_kind_four(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	ns_kind(nlh, UTCP_ACL_BINDING_KIND_MAX + 1);
}

static void ns_kind_short(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_u16(nlh, B(KIND), UTCP_ACL_BINDING_KIND_OWN);
}

static void ns_fd_negative(struct nlmsghdr *nlh)
{
	ns_kind(nlh, UTCP_ACL_BINDING_KIND_IMPOSED);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, B(NETNS_FD), -1);
}

static void ns_own_other(struct nlmsghdr *nlh)
{
	ns_own(nlh);
	blame_next(nlh);
	mnl_attr_put_strz(nlh, B(POLICY), "other");
}

static void ns_own_device(struct nlmsghdr *nlh)
{
	ns_own(nlh);
	mnl_attr_put_strz(nlh, B(POLICY), "p");
	blame_next(nlh);
	mnl_attr_put_strz(nlh, B(IFNAME), "lo");
}

static void ns_own_mac(struct nlmsghdr *nlh)
{
	ns_own(nlh);
	mnl_attr_put_strz(nlh, B(POLICY), "p");
	blame_next(nlh);
	mnl_attr_put(nlh, B(MAC), 6, "\2\0\0\0\0\1");
}

static void ns_own_fd(struct nlmsghdr *nlh)
{
	ns_own(nlh);
	mnl_attr_put_strz(nlh, B(POLICY), "p");
	blame_next(nlh);
	mnl_attr_put_u32(nlh, B(NETNS_FD), 0);
}

static void ns_port_fd(struct nlmsghdr *nlh)
{
	mnl_attr_put_strz(nlh, B(IFNAME), "lo");
	mnl_attr_put_strz(nlh, B(POLICY), "p");
	blame_next(nlh);
	mnl_attr_put_u32(nlh, B(NETNS_FD), 0);
}

static void ns_list_fd(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_u32(nlh, B(NETNS_FD), 0);
	as_dump(nlh);
}

static void ns_impose(struct nlmsghdr *nlh)
{
	ns_kind(nlh, UTCP_ACL_BINDING_KIND_IMPOSED);
	mnl_attr_put_strz(nlh, B(POLICY), "p");
	mnl_attr_put_u32(nlh, B(NETNS_FD), 0);
}

static void ns_release(struct nlmsghdr *nlh)
{
	ns_kind(nlh, UTCP_ACL_BINDING_KIND_IMPOSED);
	mnl_attr_put_u32(nlh, B(NETNS_FD), 0);
}

static void flow_fd(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, UTCP_ACL_A_FLOW_NETNS_FD, 0);
	as_dump(nlh);
}

static void flow_fd_short(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_u16(nlh, UTCP_ACL_A_FLOW_NETNS_FD, 0);
	as_dump(nlh);
}

static void flow_fd_negative(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_u32(nlh, UTCP_ACL_A_FLOW_NETNS_FD, -1);
	as_dump(nlh);
}

static void flush_fd(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_u32(nlh, UTCP_ACL_A_FLOW_NETNS_FD, 0);
}

static void set_name_only(struct nlmsghdr *nlh)
{
	mnl_attr_put_strz(nlh, S(NAME), "s");
}

static void set_name_blamed(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	set_name_only(nlh);
}

static void set_other(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_strz(nlh, S(NAME), "other");
}

static void set_there(struct nlmsghdr *nlh)
{
	set_name_blamed(nlh);
	mnl_attr_put_u32(nlh, S(TYPE), UTCP_ACL_SET_TYPE_PREFIX);
}

static void set_slash(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_strz(nlh, S(NAME), "a/b");
	mnl_attr_put_u32(nlh, S(TYPE), UTCP_ACL_SET_TYPE_PREFIX);
}

static void set_type_big(struct nlmsghdr *nlh)
{
	mnl_attr_put_strz(nlh, S(NAME), "t");
	blame_next(nlh);
	mnl_attr_put_u32(nlh, S(TYPE), UTCP_ACL_SET_TYPE_MAX + 1);
}

static void set_max_zero(struct nlmsghdr *nlh)
{
	mnl_attr_put_strz(nlh, S(NAME), "t");
	mnl_attr_put_u32(nlh, S(TYPE), UTCP_ACL_SET_TYPE_PREFIX);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, S(MAX_ELEMS), 0);
}

static void set_list_other(struct nlmsghdr *nlh)
{
	set_other(nlh);
	as_dump(nlh);
}

/* An element of the set, with one more attribute. */
static void elem(struct nlmsghdr *nlh, uint16_t addr, size_t len, uint16_t type,
		 const void *value, size_t size)
{
	static const char bytes[16] = { 10 };
	struct nlattr *nest;

	set_name_only(nlh);
	nest = mnl_attr_nest_start(nlh, S(ELEM));
	if (addr)
		mnl_attr_put(nlh, addr, len, bytes);
	if (type)
		mnl_attr_put(nlh, type, size, value);
	mnl_attr_nest_end(nlh, nest);
}

static void elem_nothing(struct nlmsghdr *nlh)
{
	elem(nlh, 0, 0, 0, NULL, 0);
}

static void elem_both(struct nlmsghdr *nlh)
{
	elem(nlh, E(ADDR4), 4, E(ADDR6), "1234567890123456", 16);
}

static void elem_cell(struct nlmsghdr *nlh)
{
	elem(nlh, E(CELL), 16, 0, NULL, 0);
}

static void elem_cell_both(struct nlmsghdr *nlh)
{
	elem(nlh, E(CELL), 16, E(ADDR6), "1234567890123456", 16);
}

static void elem_short(struct nlmsghdr *nlh)
{
	elem(nlh, E(ADDR6), 4, 0, NULL, 0);
}

static void elem_bits(struct nlmsghdr *nlh)
{
	elem(nlh, E(ADDR4), 4, E(LEN), &(uint32_t){ 3 }, 4);
}

static void elem_long(struct nlmsghdr *nlh)
{
	elem(nlh, E(ADDR4), 4, E(LEN), &(uint32_t){ 33 }, 4);
}

static void elem_port(struct nlmsghdr *nlh)
{
	elem(nlh, E(ADDR4), 4, E(PORT), &(uint32_t){ 80 }, 4);
}

static void elem_ended(struct nlmsghdr *nlh)
{
	elem(nlh, E(ADDR4), 4, E(EXPIRES), &(uint64_t){ 0 }, 8);
}

static void elem_good(struct nlmsghdr *nlh)
{
	elem(nlh, E(ADDR4), 4, 0, NULL, 0);
}

static void elem_two(struct nlmsghdr *nlh)
{
	elem_good(nlh);
	blame_next(nlh);
	mnl_attr_nest_end(nlh, mnl_attr_nest_start(nlh, S(ELEM)));
}

static void elem_list(struct nlmsghdr *nlh)
{
	as_dump(nlh);
}

static void rule_set_other(struct nlmsghdr *nlh)
{
	struct nlattr *nest;

	name(nlh);
	nest = rule(nlh, 1, 1);
	blame_next(nlh);
	mnl_attr_put_strz(nlh, R(DST_SET), "other");
	mnl_attr_nest_end(nlh, nest);
}

static void stats_attribute(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, B(IFINDEX), 1);
}

static const struct row {
	const char *what;
	uint8_t cmd;
	void (*put)(struct nlmsghdr *nlh);
	int err;
	const char *msg; /* NULL: the kernel's own, of which versions differ */
} rows[] = {
	{ "policy-new without a name", C(POLICY_NEW), nothing, EINVAL,
	  "no policy is named" },
	{ "policy-set without a name", C(POLICY_SET), nothing, EINVAL,
	  "no policy is named" },
	{ "policy-del without a name", C(POLICY_DEL), nothing, EINVAL,
	  "no policy is named" },
	{ "policy-get without a name", C(POLICY_GET), nothing, EINVAL,
	  "no policy is named" },
	{ "policy-new of one that is there", C(POLICY_NEW), name_blamed, EEXIST,
	  "there is a policy of this name" },
	{ "policy-set of another", C(POLICY_SET), name_other, ENOENT,
	  "no such policy in this namespace" },
	{ "policy-del of another", C(POLICY_DEL), name_other, ENOENT,
	  "no such policy in this namespace" },
	{ "policy-get of another", C(POLICY_GET), name_other, ENOENT,
	  "no such policy in this namespace" },
	{ "policy-get with an owner", C(POLICY_GET), owner_in_get, EINVAL,
	  "only a list can be asked for by this" },
	{ "an empty name", C(POLICY_NEW), name_empty, EINVAL, NULL },
	{ "a name with a slash", C(POLICY_NEW), name_slash, EINVAL, NULL },
	{ "a name of 32 bytes", C(POLICY_NEW), name_long, EINVAL, NULL },
	{ "a name without an end", C(POLICY_NEW), name_endless, EINVAL, NULL },
	{ "a default of 0", C(POLICY_SET), verdict_zero, ERANGE, NULL },
	{ "a default that is none", C(POLICY_SET), verdict_big, ERANGE, NULL },
	{ "a default of 2 bytes", C(POLICY_SET), verdict_short, EINVAL, NULL },
	{ "a comment of two lines", C(POLICY_SET), comment_control, EINVAL,
	  "a control character is in the text" },
	{ "users in a request", C(POLICY_SET), users, EINVAL, NULL },
	{ "rule-add without a name", C(RULE_ADD), nothing, EINVAL,
	  "no policy is named" },
	{ "rule-add without a rule", C(RULE_ADD), name_only, EINVAL,
	  "no rule is given" },
	{ "rule-add to another policy", C(RULE_ADD), rule_other_policy, ENOENT,
	  "no such policy in this namespace" },
	{ "a rule that is no nest", C(RULE_ADD), rule_flat, EINVAL, NULL },
	{ "two rules", C(RULE_ADD), rule_two, EINVAL,
	  "one rule a request; a load takes many" },
	{ "a rule without direction", C(RULE_ADD), rule_no_direction, EINVAL,
	  "a rule has a direction and a verdict" },
	{ "a rule without verdict", C(RULE_ADD), rule_no_verdict, EINVAL,
	  "a rule has a direction and a verdict" },
	{ "a direction that is none", C(RULE_ADD), direction_big, ERANGE,
	  NULL },
	{ "a verdict that is none", C(RULE_ADD), rule_verdict_big, ERANGE,
	  NULL },
	{ "a rule with a handle", C(RULE_ADD), rule_handle, EINVAL,
	  "the kernel chooses and counts, not the request" },
	{ "a rule with counters", C(RULE_ADD), rule_stray, EINVAL, NULL },
	{ "a priority of 65536", C(RULE_ADD), priority_big, ERANGE, NULL },
	{ "an EtherType of 1535", C(RULE_ADD), ethertype_small, ERANGE, NULL },
	{ "a VLAN of 4095", C(RULE_ADD), vlan_big, ERANGE, NULL },
	{ "a MAC address of 5 bytes", C(RULE_ADD), mac_short, ERANGE, NULL },
	{ "an address of IPv6 of 4 bytes", C(RULE_ADD), src_short, ERANGE,
	  NULL },
	{ "an address without a length", C(RULE_ADD), src_alone, EINVAL,
	  "a prefix has an address and a length" },
	{ "a length without an address", C(RULE_ADD), src_len_alone, EINVAL,
	  "a prefix has an address and a length" },
	{ "a length of 33", C(RULE_ADD), src_len_big, EINVAL,
	  "the length is more than an address has bits" },
	{ "bits behind a prefix", C(RULE_ADD), src_bits, EINVAL,
	  "there are bits behind the prefix's length" },
	{ "a lowest port alone", C(RULE_ADD), port_alone, EINVAL,
	  "what goes with this attribute is missing" },
	{ "a port of 65536", C(RULE_ADD), port_big, ERANGE, NULL },
	{ "a range that is turned", C(RULE_ADD), ports_turned, EINVAL, NULL },
	{ "a code without a type", C(RULE_ADD), code_alone, EINVAL,
	  "a code goes with a type" },
	{ "no flags that are looked at", C(RULE_ADD), mask_zero, ERANGE, NULL },
	{ "a DSCP of 64", C(RULE_ADD), dscp_big, ERANGE, NULL },
	{ "class 0", C(RULE_ADD), class_zero, ERANGE, NULL },
	{ "a cell in a rule about frames", C(RULE_ADD), cell_alone, EINVAL,
	  "only rules about identities name cells" },
	{ "a cell of zeros", C(RULE_ADD), cell_zero, EINVAL,
	  "no cell has this CellID" },
	{ "a cell of 15 bytes", C(RULE_ADD), cell_short, ERANGE, NULL },
	{ "identities with a VLAN", C(RULE_ADD), utcp_vlan, EINVAL,
	  "rules about cells cannot ask for this" },
	{ "identities with a mark", C(RULE_ADD), utcp_mark, EINVAL,
	  "rules about identities set no mark" },
	{ "identities that are denied", C(RULE_ADD), utcp_denied, EINVAL,
	  "rules about identities only allow" },
	{ "identities with addresses", C(RULE_ADD), utcp_address, EINVAL,
	  "cells have no addresses of IP" },
	{ "a trace of a set", C(TRACE_BEGIN), trace_set, EINVAL,
	  "frames cannot be chosen by this" },
	{ "a trace of an owner", C(TRACE_BEGIN), trace_owner, EINVAL,
	  "frames cannot be chosen by this" },
	{ "a trace with a handle", C(TRACE_BEGIN), trace_handle, EINVAL,
	  "the kernel chooses and counts, not the request" },
	{ "a trace at no rate", C(TRACE_BEGIN), trace_never, ERANGE, NULL },
	{ "a trace at too high a rate", C(TRACE_BEGIN), trace_fast, ERANGE,
	  NULL },
	{ "a trace of no port", C(TRACE_BEGIN), trace_unbound, ENODEV, NULL },
	{ "a mark for what is denied", C(RULE_ADD), mark_denied, EINVAL,
	  "only frames that are allowed can get this" },
	{ "a rule that has expired", C(RULE_ADD), expires_zero, EINVAL,
	  "a rule expires after 1 millisecond to 10 years" },
	{ "a rule that expires too late", C(RULE_ADD), expires_late, EINVAL,
	  "a rule expires after 1 millisecond to 10 years" },
	{ "a time of 4 bytes", C(RULE_ADD), expires_short, EINVAL, NULL },
	{ "a flag with a value", C(RULE_ADD), log_value, ERANGE, NULL },
	{ "a policy that tells twice", C(POLICY_SET), policy_log_big, ERANGE,
	  NULL },
	{ "an unknown attribute of a rule", C(RULE_ADD), rule_unknown, EINVAL,
	  NULL },
	{ "rule-del without a handle", C(RULE_DEL), name_only, EINVAL,
	  "no rule is named" },
	{ "rule-del of another rule", C(RULE_DEL), handle_other, ENOENT,
	  "the policy has no rule of this number" },
	{ "rule-get of another rule", C(RULE_GET), handle_other, ENOENT,
	  "the policy has no rule of this number" },
	{ "a handle of 4 bytes", C(RULE_DEL), handle_short, EINVAL, NULL },
	{ "rule-get with a direction", C(RULE_GET), handle_direction, EINVAL,
	  "only a list can be asked for by this" },
	{ "a list of rules of nothing", C(RULE_GET), as_dump, EINVAL,
	  "no policy is named" },
	{ "a list of rules of another policy", C(RULE_GET), rules_of_other,
	  ENOENT, "no such policy in this namespace" },
	{ "load-begin without a name", C(LOAD_BEGIN), nothing, EINVAL,
	  "no policy is named" },
	{ "a second load of a socket", C(LOAD_BEGIN), name_only, EBUSY,
	  "the socket has a load already" },
	{ "load-add without a load", C(LOAD_ADD), nothing, EINVAL,
	  "no load is named" },
	{ "load-add without a rule", C(LOAD_ADD), load_no_rule, EINVAL,
	  "no rule is given" },
	{ "load-add of another load", C(LOAD_ADD), load_add_other, ENOENT,
	  "this socket has no load of this number" },
	{ "load-add of a bad rule", C(LOAD_ADD), load_bad_rule, ERANGE, NULL },
	{ "load-commit without a load", C(LOAD_COMMIT), nothing, EINVAL,
	  "no load is named" },
	{ "load-commit of another load", C(LOAD_COMMIT), load_other, ENOENT,
	  "this socket has no load of this number" },
	{ "load-abort of another load", C(LOAD_ABORT), load_other, ENOENT,
	  "this socket has no load of this number" },
	{ "load-begin to be confirmed at once", C(LOAD_BEGIN), confirm_zero,
	  ERANGE, NULL },
	{ "load-begin to be confirmed in days", C(LOAD_BEGIN), confirm_long,
	  ERANGE, NULL },
	{ "load-confirm without a name", C(LOAD_CONFIRM), nothing, EINVAL,
	  "no policy is named" },
	{ "load-confirm of another policy", C(LOAD_CONFIRM), name_other, ENOENT,
	  "no such policy in this namespace" },
	{ "load-confirm of nothing", C(LOAD_CONFIRM), name_blamed, ENOENT,
	  "no load of the policy waits to be confirmed" },
	{ "a request for policy-rollback-ntf", C(POLICY_ROLLBACK_NTF), nothing,
	  EOPNOTSUPP, "" },
	{ "load 0", C(LOAD_ABORT), load_zero, ERANGE, NULL },
	{ "bind-set without a policy", C(BIND_SET), bind_no_policy, EINVAL,
	  "no policy is named" },
	{ "bind-set of a port named twice", C(BIND_SET), bind_two, EINVAL,
	  "name the port by ifindex or ifname" },
	{ "bind-set of what is no port", C(BIND_SET), bind_no_port, ENOENT,
	  "the device is not a port" },
	{ "bind-set of no device", C(BIND_SET), bind_no_device, ENODEV,
	  "no such device in this namespace" },
	{ "an address without a MAC address", C(BIND_SET), bind_addr_alone,
	  EINVAL, "addresses go with a MAC address" },
	{ "the MAC address of a group", C(BIND_SET), bind_mac_group, EINVAL,
	  "no sandbox has an address like this" },
	{ "no MAC address", C(BIND_SET), bind_mac_zero, EINVAL,
	  "no sandbox has an address like this" },
	{ "the address of a group", C(BIND_SET), bind_addr_group, EINVAL,
	  "no sandbox has an address like this" },
	{ "17 addresses", C(BIND_SET), bind_addrs_many, E2BIG,
	  "a binding has at most 16 addresses" },
	{ "a sandbox's MAC address of 5 bytes", C(BIND_SET), bind_mac_short,
	  ERANGE, NULL },
	{ "bind-del of nothing", C(BIND_DEL), nothing, EINVAL,
	  "name the port by ifindex or ifname" },
	{ "bind-del of no device", C(BIND_DEL), unbind_no_device, ENODEV,
	  "no such device in this namespace" },
	{ "bind-get of nothing", C(BIND_GET), nothing, EINVAL,
	  "name the port by ifindex or ifname" },
	{ "a binding of kind 0", C(BIND_SET), ns_kind_zero, ERANGE, NULL },
	{ "a binding of another kind", C(BIND_SET), ns_kind_four, ERANGE,
	  NULL },
	{ "a kind of 2 bytes", C(BIND_DEL), ns_kind_short, EINVAL, NULL },
	{ "a negative descriptor", C(BIND_SET), ns_fd_negative, ERANGE, NULL },
	{ "a namespace without a policy", C(BIND_SET), ns_own, EINVAL,
	  "no policy is named" },
	{ "a namespace and another policy", C(BIND_SET), ns_own_other, ENOENT,
	  "no such policy in this namespace" },
	{ "a namespace and a device", C(BIND_SET), ns_own_device, EINVAL,
	  "that is said of ports, not of a namespace" },
	{ "a namespace and a MAC address", C(BIND_SET), ns_own_mac, EINVAL,
	  "that is said of ports, not of a namespace" },
	{ "the own namespace by a descriptor", C(BIND_SET), ns_own_fd, EINVAL,
	  "a namespace is named for what is imposed on it" },
	{ "a port and a namespace", C(BIND_SET), ns_port_fd, EINVAL,
	  "a namespace is named for what is imposed on it" },
	{ "a list of another namespace", C(BIND_GET), ns_list_fd, EINVAL,
	  "lists are not of one namespace" },
	{ "bind-del of a namespace that is not bound", C(BIND_DEL), ns_own,
	  ENOENT, "the namespace is bound to no policy" },
	{ "bind-get of a namespace that is not bound", C(BIND_GET), ns_own,
	  ENOENT, "the namespace is bound to no policy" },
	{ "imposing from inside", C(BIND_SET), ns_impose, EPERM,
	  "only the initial network namespace imposes policies" },
	{ "ending from inside what is imposed", C(BIND_DEL), ns_release, EPERM,
	  "only the initial network namespace imposes policies" },
	{ "asking from inside for what is imposed", C(BIND_GET), ns_release,
	  EPERM, "only the initial network namespace imposes policies" },
	{ "a device's name of 16 bytes", C(BIND_DEL), bind_name_long, EINVAL,
	  NULL },
	{ "stats-get with an attribute", C(STATS_GET), stats_attribute, EINVAL,
	  NULL },
	{ "flow-flush of no device", C(FLOW_FLUSH), unbind_no_device, ENODEV,
	  "no such device in this namespace" },
	{ "flow-get of one flow", C(FLOW_GET), nothing, EOPNOTSUPP, "" },
	{ "flow-get from inside of what is imposed", C(FLOW_GET), flow_fd,
	  EPERM, "only the initial network namespace imposes policies" },
	{ "flow-get by a descriptor of 2 bytes", C(FLOW_GET), flow_fd_short,
	  EINVAL, NULL },
	{ "flow-get by a negative descriptor", C(FLOW_GET), flow_fd_negative,
	  ERANGE, NULL },
	{ "flow-flush by a descriptor", C(FLOW_FLUSH), flush_fd, EINVAL, NULL },
	{ "set-new without a name", C(SET_NEW), nothing, EINVAL,
	  "no set is named" },
	{ "set-new without a type", C(SET_NEW), set_name_only, EINVAL,
	  "a set has a type" },
	{ "set-new of one that is there", C(SET_NEW), set_there, EEXIST,
	  "there is a set of this name" },
	{ "a set's name with a slash", C(SET_NEW), set_slash, EINVAL, NULL },
	{ "a type that is none", C(SET_NEW), set_type_big, ERANGE, NULL },
	{ "a set of no elements", C(SET_NEW), set_max_zero, ERANGE, NULL },
	{ "set-del without a name", C(SET_DEL), nothing, EINVAL,
	  "no set is named" },
	{ "set-del of another", C(SET_DEL), set_other, ENOENT,
	  "no such set in this namespace" },
	{ "set-get without a name", C(SET_GET), nothing, EINVAL,
	  "no set is named" },
	{ "set-get of another", C(SET_GET), set_other, ENOENT,
	  "no such set in this namespace" },
	{ "elem-add without a set", C(ELEM_ADD), nothing, EINVAL,
	  "no set is named" },
	{ "elem-add without an element", C(ELEM_ADD), set_name_only, EINVAL,
	  "no element is given" },
	{ "two elements", C(ELEM_ADD), elem_two, EINVAL,
	  "one element a request" },
	{ "an element without an address", C(ELEM_ADD), elem_nothing, EINVAL,
	  ELEM_ADDRESS },
	{ "an element with two", C(ELEM_ADD), elem_both, EINVAL, ELEM_ADDRESS },
	{ "one that is a cell and an address", C(ELEM_ADD), elem_cell_both,
	  EINVAL, ELEM_ADDRESS },
	{ "a cell in a set of prefixes", C(ELEM_ADD), elem_cell, EINVAL, NULL },
	{ "an element of 4 bytes of IPv6", C(ELEM_ADD), elem_short, ERANGE,
	  NULL },
	{ "an element with bits behind", C(ELEM_ADD), elem_bits, EINVAL, NULL },
	{ "an element of 33 bits", C(ELEM_ADD), elem_long, EINVAL, NULL },
	{ "a port in a set of prefixes", C(ELEM_ADD), elem_port, EINVAL, NULL },
	{ "an element that has ended", C(ELEM_ADD), elem_ended, EINVAL,
	  "an element expires after 1 millisecond to 10 years" },
	{ "elem-del of one that is not there", C(ELEM_DEL), elem_good, ENOENT,
	  "the set has no such element" },
	{ "a list of elements of nothing", C(ELEM_GET), elem_list, EINVAL,
	  "no set is named" },
	{ "a list of elements of another set", C(ELEM_GET), set_list_other,
	  ENOENT, "no such set in this namespace" },
	{ "a rule with another set", C(RULE_ADD), rule_set_other, ENOENT,
	  "no such set in this namespace" },
	{ "elem-get of one element", C(ELEM_GET), nothing, EOPNOTSUPP, "" },
	{ "set-new as a dump", C(SET_NEW), as_dump, EOPNOTSUPP, "" },
	{ "a request for elem-add-ntf", C(ELEM_ADD_NTF), nothing, EOPNOTSUPP,
	  "" },
	{ "rule-test of another policy", C(RULE_TEST), test_other, ENOENT,
	  "no such policy in this namespace" },
	{ "rule-test of nothing", C(RULE_TEST), as_dump, EINVAL,
	  "no policy is named" },
	{ "rule-test without a packet", C(RULE_TEST), test_nothing, EINVAL,
	  "no packet is described" },
	{ "rule-test of a packet of nothing", C(RULE_TEST), test_empty, EINVAL,
	  "a packet has an address or an EtherType" },
	{ "rule-test of a prefix", C(RULE_TEST), test_prefix, EINVAL,
	  "a packet has addresses, not prefixes" },
	{ "rule-test of one rule", C(RULE_TEST), name_only, EOPNOTSUPP, "" },
	{ "policy-new as a dump", C(POLICY_NEW), as_dump, EOPNOTSUPP, "" },
	{ "rule-add as a dump", C(RULE_ADD), as_dump, EOPNOTSUPP, "" },
	{ "load-commit as a dump", C(LOAD_COMMIT), as_dump, EOPNOTSUPP, "" },
	{ "bind-set as a dump", C(BIND_SET), as_dump, EOPNOTSUPP, "" },
	{ "a request for policy-new-ntf", C(POLICY_NEW_NTF), nothing,
	  EOPNOTSUPP, "" },
	{ "a request for rule-add-ntf", C(RULE_ADD_NTF), nothing, EOPNOTSUPP,
	  "" },
	{ "a request for rule-expire-ntf", C(RULE_EXPIRE_NTF), nothing,
	  EOPNOTSUPP, "" },
	{ "a request for log-ntf", C(LOG_NTF), nothing, EOPNOTSUPP, "" },
	{ "a request for bind-set-ntf", C(BIND_SET_NTF), nothing, EOPNOTSUPP,
	  "" },
};

static bool check_row(const struct row *row)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(&root, buf, row->cmd);
	unsigned int policies = 0, rules = 0;
	struct answer a;
	bool ok = true;

	blamed = -1;
	row->put(nlh);
	ask(&root, nlh, &a);
	if (a.err != row->err)
		ok = bad("error %d (%s: %s), should be %d", a.err,
			 strerror(a.err), a.msg, row->err);
	if (a.replies)
		ok = bad("a refusal with %u replies", a.replies);
	if (row->msg && strcmp(a.msg, row->msg))
		ok = bad("message \"%s\", should be \"%s\"", a.msg, row->msg);
	if (!row->msg && !a.msg[0] && blamed < 0)
		ok = bad("no reason");
	/* At the end of a list, old kernels do not say which attribute it was. */
	if (blamed >= 0 && a.offs != blamed &&
	    !((nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP && a.offs < 0))
		ok = bad("blames offset %ld, should be %ld (\"%s\")", a.offs,
			 blamed, a.msg);
	if (count(&root, C(POLICY_GET), &policies) || policies != 1 ||
	    count(&root, C(RULE_GET), &rules) || rules)
		ok = bad("refused, yet there are %u policies and %u rules",
			 policies, rules);
	return ok;
}

/* --- who may ------------------------------------------------------------------- */

static bool open_here(struct client *c)
{
	int ret = client_open(c, family);

	return !ret || bad("no socket: %s", strerror(ret));
}

/* No command does anything for @c, nor tells anything. */
static bool may_nothing(struct client *c)
{
	static const uint8_t cmds[] = {
		C(POLICY_NEW), C(POLICY_SET),	C(POLICY_DEL),	C(POLICY_GET),
		C(RULE_ADD),   C(RULE_DEL),	C(RULE_GET),	C(LOAD_BEGIN),
		C(LOAD_ADD),   C(LOAD_COMMIT),	C(LOAD_ABORT),	C(BIND_SET),
		C(BIND_DEL),   C(BIND_GET),	C(STATS_GET),	C(FLOW_FLUSH),
		C(SET_NEW),    C(SET_DEL),	C(SET_GET),	C(ELEM_ADD),
		C(ELEM_DEL),   C(LOAD_CONFIRM), C(TRACE_BEGIN),
	};
	static const uint8_t lists[] = { C(POLICY_GET), C(RULE_GET),
					 C(BIND_GET),	C(FLOW_GET),
					 C(SET_GET),	C(ELEM_GET),
					 C(RULE_TEST) };
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct answer a;
	bool ok = true;
	unsigned int n, i;
	int ret;

	for (i = 0; i < sizeof(cmds); i++) {
		ask(c, client_begin(c, buf, cmds[i]), &a);
		if (a.err != EPERM || a.replies || strcmp(a.msg, MSG_ADMIN))
			ok = bad("command %u: %s: %s", cmds[i], strerror(a.err),
				 a.msg);
	}
	for (i = 0; i < sizeof(lists); i++) {
		ret = count(c, lists[i], &n);
		if (ret != EPERM || n)
			ok = bad("list %u: %s, %u answers", lists[i],
				 strerror(ret), n);
	}
	return ok;
}

static bool test_nobody(void)
{
	struct client c;

	return become(NOBODY) && open_here(&c) && may_nothing(&c);
}

/* Root of a user namespace has no hand on the namespace outside. */
static bool test_userns_alone(void)
{
	struct client c;

	return user_namespace(0) && open_here(&c) && may_nothing(&c);
}

/* A socket that nobody opened gets no right from root who writes to it. */
static bool test_opened_by_nobody(void)
{
	struct client c;

	if (seteuid(NOBODY) || !open_here(&c) || seteuid(0))
		return bad("seteuid: %s", strerror(errno));
	c.writes = true;
	return may_nothing(&c);
}

/* Its root has policies of its own, and sees no others. */
static bool test_sandbox(void)
{
	unsigned int n = 1;
	struct client c;

	if (!user_namespace(CLONE_NEWNET) || !open_here(&c))
		return false;
	if (count(&c, C(POLICY_GET), &n) || n)
		return bad("it sees what is outside: %u", n);
	return !simple(&c, C(POLICY_NEW)) && !count(&c, C(POLICY_GET), &n) &&
	       n == 1;
}

/* --- loads ------------------------------------------------------------------------ */

static int begin(struct client *c, uint32_t generation)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(c, buf, C(LOAD_BEGIN));
	struct answer a;
	int ret;

	name(nlh);
	if (generation)
		mnl_attr_put_u32(nlh, P(GENERATION), generation);
	ret = ask(c, nlh, &a);
	load += !ret; /* they are numbered one by one */
	return ret;
}

static int with_load(struct client *c, uint8_t cmd)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(c, buf, cmd);
	struct answer a;

	mnl_attr_put_u32(nlh, P(LOAD), load);
	if (cmd == C(LOAD_ADD))
		mnl_attr_nest_end(nlh, rule(nlh, 1, 1));
	return ask(c, nlh, &a);
}

static bool rules_are(unsigned int want)
{
	unsigned int n = 0;
	int ret = count(&root, C(RULE_GET), &n);

	return (!ret && n == want) ||
	       bad("%s, %u rules, should be %u", strerror(ret), n, want);
}

static bool test_load(void)
{
	int i;

	for (i = 0; i < 2; i++)
		if (with_load(&root, C(LOAD_ADD)))
			return bad("rule %d", i);
	return rules_are(0) && !with_load(&root, C(LOAD_COMMIT)) &&
	       rules_are(2) && with_load(&root, C(LOAD_COMMIT)) == ENOENT;
}

static bool test_load_aborted(void)
{
	return !begin(&root, 0) && !with_load(&root, C(LOAD_ADD)) &&
	       !with_load(&root, C(LOAD_ABORT)) && rules_are(2) &&
	       with_load(&root, C(LOAD_ADD)) == ENOENT;
}

/* What a socket has begun is not another's, and ends with it. */
static bool test_load_socket(void)
{
	struct client c;

	if (!open_here(&c) || begin(&c, 0) || with_load(&c, C(LOAD_ADD)))
		return bad("no load");
	if (with_load(&root, C(LOAD_ADD)) != ENOENT ||
	    with_load(&root, C(LOAD_COMMIT)) != ENOENT)
		return bad("another socket has it");
	client_close(&c);
	return rules_are(2) && !begin(&root, 0) &&
	       !with_load(&root, C(LOAD_ABORT));
}

/* Nobody undoes by a load what others have done since he looked. */
static bool test_load_stale(void)
{
	return !begin(&root, UINT32_MAX) &&
	       with_load(&root, C(LOAD_COMMIT)) == ESTALE && rules_are(2) &&
	       !with_load(&root, C(LOAD_ABORT));
}

/* --- from the initial namespace --------------------------------------------------- */

/* The error of a request to impose a policy on what @fd is; -1: on nothing. */
static int impose(struct client *c, int fd, const char *policy)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(c, buf, C(BIND_SET));
	struct answer a;

	ns_kind(nlh, UTCP_ACL_BINDING_KIND_IMPOSED);
	mnl_attr_put_strz(nlh, B(POLICY), policy);
	if (fd >= 0)
		mnl_attr_put_u32(nlh, B(NETNS_FD), fd);
	ask(c, nlh, &a);
	return a.err;
}

static bool answers(const char *what, int err, int should)
{
	return err == should || bad("%s: %s, should be %s", what, strerror(err),
				    strerror(should));
}

static bool impositions(struct client *c, int here, int init, int user,
			int file)
{
	struct client poor;

	if (!answers("nothing", impose(c, -1, "p"), EINVAL) ||
	    !answers("no descriptor", impose(c, 9999, "p"), EBADF) ||
	    !answers("a file", impose(c, file, "p"), EINVAL) ||
	    !answers("a user namespace", impose(c, user, "p"), EINVAL) ||
	    !answers("the initial one", impose(c, init, "p"), EINVAL) ||
	    !answers("no such policy", impose(c, here, "p"), ENOENT))
		return false;
	if (!become(NOBODY) || !open_here(&poor))
		return false;
	return answers("nobody", impose(&poor, here, "p"), EPERM) &&
	       answers("nobody, by root's socket", impose(c, here, "p"), EPERM);
}

static bool test_impose(void)
{
	static const char *const paths[] = { "/proc/self/ns/net",
					     "/proc/1/ns/net",
					     "/proc/self/ns/user",
					     "/dev/null" };
	struct client c;
	bool ok = true;
	int fd[4], i;

	for (i = 0; i < 4; i++) {
		fd[i] = open(paths[i], O_RDONLY);
		ok = ok && fd[i] >= 0;
	}
	if (!ok || setns(fd[1], CLONE_NEWNET))
		ok = bad("namespaces: %s", strerror(errno));
	else
		ok = open_here(&c) &&
		     impositions(&c, fd[0], fd[1], fd[2], fd[3]);
	for (i = 0; i < 4; i++)
		if (fd[i] >= 0)
			close(fd[i]);
	return ok;
}

static int begin_trace(struct client *c)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(c, buf, C(TRACE_BEGIN));
	struct answer a;

	return ask(c, nlh, &a);
}

/* A socket has one, and takes it with it; a namespace has as many as it may. */
static bool test_traces(void)
{
	struct client c[17];
	int ret, n;

	for (n = 0; n < 17 && open_here(&c[n]); n++) {
		ret = begin_trace(&c[n]);
		if (ret != (n < 16 ? 0 : ENOSPC))
			return bad("trace %d: %s", n, strerror(ret));
	}
	ret = begin_trace(&c[3]);
	if (ret != EBUSY)
		return bad("a second one: %s", strerror(ret));
	client_close(&c[3]);
	ret = begin_trace(&c[16]);
	if (ret)
		return bad("when one is gone: %s", strerror(ret));
	while (n--)
		if (n != 3)
			client_close(&c[n]);
	return true;
}

static const struct test {
	const char *what;
	bool (*fn)(void);
	bool apart; /* changes what the process is */
} tests[] = {
	{ "nobody may do or see anything", test_nobody, true },
	{ "nor may root of a user namespace alone", test_userns_alone, true },
	{ "a socket that nobody opened gets no right from root",
	  test_opened_by_nobody, true },
	{ "root of a sandbox has policies of its own", test_sandbox, true },
	{ "a load is in force when it is committed", test_load, false },
	{ "and not when it is aborted", test_load_aborted, false },
	{ "it is its socket's and ends with it", test_load_socket, false },
	{ "a load for another generation is refused", test_load_stale, false },
	{ "who imposes what on what", test_impose, true },
	{ "traces are their sockets', and not too many", test_traces, false },
};

static int new_set(struct client *c)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(c, buf, C(SET_NEW));
	struct answer a;

	set_name_only(nlh);
	mnl_attr_put_u32(nlh, S(TYPE), UTCP_ACL_SET_TYPE_PREFIX);
	return ask(c, nlh, &a);
}

static void del_set(struct client *c)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(c, buf, C(SET_DEL));
	struct answer a;

	set_name_only(nlh);
	ask(c, nlh, &a);
}

int main(void)
{
	unsigned int i;
	int ret;

	family = family_find(UTCP_ACL_FAMILY_NAME);
	ret = client_open(&root, family);
	if (ret)
		ksft_exit_fail_msg("%s: %s\n", family->name, strerror(ret));
	ksft_print_header();
	ksft_set_plan(ARRAY_SIZE(rows) + ARRAY_SIZE(tests));
	ret = simple(&root, C(POLICY_NEW));
	if (!ret)
		ret = new_set(&root);
	if (!ret)
		ret = begin(&root, 0);
	if (ret)
		ksft_exit_fail_msg("a policy and a load: %s\n", strerror(ret));
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		ksft_test_result(check_row(&rows[i]), "%s\n", rows[i].what);
	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		bool ok = tests[i].apart ? apart(tests[i].fn) : tests[i].fn();

		ksft_test_result(ok, "%s\n", tests[i].what);
	}
	simple(&root, C(POLICY_DEL));
	del_set(&root);
	client_close(&root);
	ksft_finished();
}
