// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Events about frames: what was decided, and the rule that would have let it pass.
 */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "acl.h"

/* The number of the packet that an attribute is, with the field that it fills. */
static uint32_t *packet_number(struct utcp_acl_rule *p, uint16_t type)
{
	switch (type) {
	case UTCP_ACL_A_LOG_DIRECTION:
		return &p->direction;
	case UTCP_ACL_A_LOG_VERDICT:
		return &p->verdict;
	case UTCP_ACL_A_LOG_ETHERTYPE:
		p->fields |= LIBUTCP_ACL_ETHERTYPE;
		return &p->ethertype;
	case UTCP_ACL_A_LOG_VLAN:
		p->fields |= LIBUTCP_ACL_VLAN;
		return &p->vlan;
	case UTCP_ACL_A_LOG_PROTO:
		p->fields |= LIBUTCP_ACL_PROTO;
		return &p->proto;
	case UTCP_ACL_A_LOG_SRC_PORT:
		p->fields |= LIBUTCP_ACL_SRC_PORT;
		return &p->src_port[0];
	case UTCP_ACL_A_LOG_DST_PORT:
		p->fields |= LIBUTCP_ACL_DST_PORT;
		return &p->dst_port[0];
	case UTCP_ACL_A_LOG_ICMP_TYPE:
		p->fields |= LIBUTCP_ACL_ICMP_TYPE;
		return &p->icmp_type;
	case UTCP_ACL_A_LOG_ICMP_CODE:
		p->fields |= LIBUTCP_ACL_ICMP_CODE;
		return &p->icmp_code;
	default:
		return NULL;
	}
}

static int take_address(const struct nl_attr *a, struct utcp_acl_rule *p,
			uint32_t field, uint8_t addr[16], uint32_t *len,
			size_t bytes)
{
	if (a->value.len != bytes)
		return -EBADMSG;
	memcpy(addr, a->value.data, bytes);
	*len = (uint32_t)bytes * 8;
	p->fields |= field;
	return 0;
}

/* Zeros are anybody. */
static int take_cell(const struct nl_attr *a, struct utcp_acl_rule *p,
		     uint32_t field, uint8_t id[16])
{
	static const uint8_t anybody[16];
	int err = nl_attr_bytes(a, id, 16);

	p->fields |= LIBUTCP_ACL_UTCP;
	if (!err && memcmp(id, anybody, sizeof(anybody)) != 0)
		p->fields |= field;
	return err;
}

static int take_mac(const struct nl_attr *a, struct utcp_acl_rule *p,
		    uint32_t field, uint8_t mac[6])
{
	p->fields |= field;
	return nl_attr_mac(a, mac);
}

static int take(const struct nl_attr *a, struct utcp_acl_log *log)
{
	struct utcp_acl_rule *p = &log->packet;
	uint32_t *number = packet_number(p, a->type);

	if (number)
		return nl_attr_u32(a, number);
	switch (a->type) {
	case UTCP_ACL_A_LOG_IFINDEX:
		return nl_attr_u32(a, &log->ifindex);
	case UTCP_ACL_A_LOG_IFNAME:
		return nl_attr_str(a, log->name, sizeof(log->name));
	case UTCP_ACL_A_LOG_POLICY:
		return nl_attr_str(a, log->policy, sizeof(log->policy));
	case UTCP_ACL_A_LOG_REASON:
		return nl_attr_u32(a, &log->reason);
	case UTCP_ACL_A_LOG_DECIDER:
		return nl_attr_u32(a, &log->decider);
	case UTCP_ACL_A_LOG_HANDLE:
		return nl_attr_u64(a, &log->handle);
	case UTCP_ACL_A_LOG_NETNS:
		return nl_attr_u32(a, &log->netns);
	case UTCP_ACL_A_LOG_MISSED:
		return nl_attr_u64(a, &log->missed);
	case UTCP_ACL_A_LOG_SRC_MAC:
		return take_mac(a, p, LIBUTCP_ACL_SRC_MAC, p->src_mac);
	case UTCP_ACL_A_LOG_DST_MAC:
		return take_mac(a, p, LIBUTCP_ACL_DST_MAC, p->dst_mac);
	case UTCP_ACL_A_LOG_SRC4:
		return take_address(a, p, LIBUTCP_ACL_SRC4, p->src, &p->src_len,
				    4);
	case UTCP_ACL_A_LOG_SRC6:
		return take_address(a, p, LIBUTCP_ACL_SRC6, p->src, &p->src_len,
				    16);
	case UTCP_ACL_A_LOG_DST4:
		return take_address(a, p, LIBUTCP_ACL_DST4, p->dst, &p->dst_len,
				    4);
	case UTCP_ACL_A_LOG_DST6:
		return take_address(a, p, LIBUTCP_ACL_DST6, p->dst, &p->dst_len,
				    16);
	case UTCP_ACL_A_LOG_SRC_CELL:
		return take_cell(a, p, LIBUTCP_ACL_SRC_CELL, p->src);
	case UTCP_ACL_A_LOG_DST_CELL:
		return take_cell(a, p, LIBUTCP_ACL_DST_CELL, p->dst);
	default:
		return 0;
	}
}

int acl_log_parse(struct nl_span span, struct utcp_acl_log *log)
{
	struct utcp_acl_rule *p = &log->packet;
	struct nl_attr a;
	int more, err = 0;

	memset(log, 0, sizeof(*log));
	p->priority = LIBUTCP_ACL_PRIORITY;
	while (!err && (more = nl_attr_next(&span, &a)) > 0)
		err = take(&a, log);
	p->src_port[1] = p->src_port[0];
	p->dst_port[1] = p->dst_port[0];
	if (!err && !more && !(log->ifindex && p->direction && p->verdict))
		return -EBADMSG;
	return err ? err : more;
}

/* It names the other side, and what of it is asked; not the sandbox's own address,
 * nor a port that changes each time.
 */
void utcp_acl_log_rule(const struct utcp_acl_log *log,
		       struct utcp_acl_rule *rule)
{
	const uint32_t ip = LIBUTCP_ACL_SRC4 | LIBUTCP_ACL_SRC6;
	uint32_t keep = LIBUTCP_ACL_VLAN | LIBUTCP_ACL_PROTO |
			LIBUTCP_ACL_DST_PORT | LIBUTCP_ACL_ICMP_TYPE |
			LIBUTCP_ACL_ICMP_CODE;

	*rule = log->packet;
	rule->verdict = UTCP_ACL_VERDICT_ALLOW;
	if (rule->fields & LIBUTCP_ACL_UTCP)
		keep |= LIBUTCP_ACL_UTCP |
			(rule->direction == UTCP_ACL_DIRECTION_OUT ?
				 LIBUTCP_ACL_DST_CELL :
				 LIBUTCP_ACL_SRC_CELL);
	else if (!(rule->fields & ip))
		keep |= LIBUTCP_ACL_ETHERTYPE;
	else if (rule->direction == UTCP_ACL_DIRECTION_OUT)
		keep |= LIBUTCP_ACL_DST4 | LIBUTCP_ACL_DST6;
	else
		keep |= ip;
	rule->fields &= keep;
}
