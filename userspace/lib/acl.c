// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Access lists: policies and their rules.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "acl.h"
#include "error.h"
#include "family.h"
#include "handle.h"
#include "list.h"
#include "request.h"

/* Room that a rule takes in a request, at most. */
#define RULE_ROOM 512

/* --- reading --------------------------------------------------------------------- */

int acl_policy_parse(struct nl_span span, struct utcp_acl_policy *policy)
{
	struct nl_attr a;
	int more, err = 0;

	memset(policy, 0, sizeof(*policy));
	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		switch (a.type) {
		case UTCP_ACL_A_POLICY_NAME:
			err = nl_attr_str(&a, policy->name,
					  sizeof(policy->name));
			break;
		case UTCP_ACL_A_POLICY_IN:
			err = nl_attr_u32(&a, &policy->in);
			break;
		case UTCP_ACL_A_POLICY_OUT:
			err = nl_attr_u32(&a, &policy->out);
			break;
		case UTCP_ACL_A_POLICY_COMMENT:
			err = nl_attr_str(&a, policy->comment,
					  sizeof(policy->comment));
			break;
		case UTCP_ACL_A_POLICY_OWNER:
			err = nl_attr_str(&a, policy->owner,
					  sizeof(policy->owner));
			break;
		case UTCP_ACL_A_POLICY_GENERATION:
			err = nl_attr_u32(&a, &policy->generation);
			break;
		case UTCP_ACL_A_POLICY_RULES:
			err = nl_attr_u32(&a, &policy->rules);
			break;
		case UTCP_ACL_A_POLICY_USERS:
			err = nl_attr_u32(&a, &policy->users);
			break;
		case UTCP_ACL_A_POLICY_CONFIRM:
			err = nl_attr_u32(&a, &policy->confirm);
			break;
		case UTCP_ACL_A_POLICY_LOG:
			err = nl_attr_u32(&a, &policy->log);
			break;
		case UTCP_ACL_A_POLICY_KEPT:
			err = nl_attr_u32(&a, &policy->kept);
			break;
		}
	}
	if (!err && !more && !policy->name[0])
		return -EBADMSG;
	return err ? err : more;
}

/* Which field an attribute of a rule fills; 0: one that every rule has, or none. */
static uint32_t rule_field(uint16_t type)
{
	switch (type) {
	case UTCP_ACL_A_RULE_ETHERTYPE:
		return LIBUTCP_ACL_ETHERTYPE;
	case UTCP_ACL_A_RULE_VLAN:
		return LIBUTCP_ACL_VLAN;
	case UTCP_ACL_A_RULE_SRC_MAC:
		return LIBUTCP_ACL_SRC_MAC;
	case UTCP_ACL_A_RULE_DST_MAC:
		return LIBUTCP_ACL_DST_MAC;
	case UTCP_ACL_A_RULE_SRC4:
		return LIBUTCP_ACL_SRC4;
	case UTCP_ACL_A_RULE_SRC6:
		return LIBUTCP_ACL_SRC6;
	case UTCP_ACL_A_RULE_DST4:
		return LIBUTCP_ACL_DST4;
	case UTCP_ACL_A_RULE_DST6:
		return LIBUTCP_ACL_DST6;
	case UTCP_ACL_A_RULE_PROTO:
		return LIBUTCP_ACL_PROTO;
	case UTCP_ACL_A_RULE_SRC_PORT_MIN:
		return LIBUTCP_ACL_SRC_PORT;
	case UTCP_ACL_A_RULE_DST_PORT_MIN:
		return LIBUTCP_ACL_DST_PORT;
	case UTCP_ACL_A_RULE_ICMP_TYPE:
		return LIBUTCP_ACL_ICMP_TYPE;
	case UTCP_ACL_A_RULE_ICMP_CODE:
		return LIBUTCP_ACL_ICMP_CODE;
	case UTCP_ACL_A_RULE_TCP_MASK:
		return LIBUTCP_ACL_TCP_FLAGS;
	case UTCP_ACL_A_RULE_DSCP:
		return LIBUTCP_ACL_DSCP;
	case UTCP_ACL_A_RULE_CLASS:
		return LIBUTCP_ACL_CLASS;
	case UTCP_ACL_A_RULE_MARK:
		return LIBUTCP_ACL_MARK;
	case UTCP_ACL_A_RULE_COMMENT:
		return LIBUTCP_ACL_COMMENT;
	case UTCP_ACL_A_RULE_OWNER:
		return LIBUTCP_ACL_OWNER;
	case UTCP_ACL_A_RULE_LAST_HIT:
		return LIBUTCP_ACL_LAST_HIT;
	case UTCP_ACL_A_RULE_EXPIRES:
		return LIBUTCP_ACL_EXPIRES;
	case UTCP_ACL_A_RULE_LOG:
		return LIBUTCP_ACL_LOG;
	case UTCP_ACL_A_RULE_SRC_SET:
		return LIBUTCP_ACL_SRC_SET;
	case UTCP_ACL_A_RULE_DST_SET:
		return LIBUTCP_ACL_DST_SET;
	case UTCP_ACL_A_RULE_UTCP:
		return LIBUTCP_ACL_UTCP;
	case UTCP_ACL_A_RULE_SRC_CELL:
		return LIBUTCP_ACL_SRC_CELL;
	case UTCP_ACL_A_RULE_DST_CELL:
		return LIBUTCP_ACL_DST_CELL;
	case UTCP_ACL_A_RULE_DEV:
		return LIBUTCP_ACL_DEV;
	default:
		return 0;
	}
}

/* The member that a number fills, or NULL. */
static uint32_t *rule_number(struct utcp_acl_rule *rule, uint16_t type)
{
	switch (type) {
	case UTCP_ACL_A_RULE_PRIORITY:
		return &rule->priority;
	case UTCP_ACL_A_RULE_DIRECTION:
		return &rule->direction;
	case UTCP_ACL_A_RULE_VERDICT:
		return &rule->verdict;
	case UTCP_ACL_A_RULE_ETHERTYPE:
		return &rule->ethertype;
	case UTCP_ACL_A_RULE_VLAN:
		return &rule->vlan;
	case UTCP_ACL_A_RULE_SRC_LEN:
		return &rule->src_len;
	case UTCP_ACL_A_RULE_DST_LEN:
		return &rule->dst_len;
	case UTCP_ACL_A_RULE_PROTO:
		return &rule->proto;
	case UTCP_ACL_A_RULE_SRC_PORT_MIN:
		return &rule->src_port[0];
	case UTCP_ACL_A_RULE_SRC_PORT_MAX:
		return &rule->src_port[1];
	case UTCP_ACL_A_RULE_DST_PORT_MIN:
		return &rule->dst_port[0];
	case UTCP_ACL_A_RULE_DST_PORT_MAX:
		return &rule->dst_port[1];
	case UTCP_ACL_A_RULE_ICMP_TYPE:
		return &rule->icmp_type;
	case UTCP_ACL_A_RULE_ICMP_CODE:
		return &rule->icmp_code;
	case UTCP_ACL_A_RULE_TCP_FLAGS:
		return &rule->tcp_flags;
	case UTCP_ACL_A_RULE_TCP_MASK:
		return &rule->tcp_mask;
	case UTCP_ACL_A_RULE_DSCP:
		return &rule->dscp;
	case UTCP_ACL_A_RULE_CLASS:
		return &rule->class;
	case UTCP_ACL_A_RULE_MARK:
		return &rule->mark;
	default:
		return NULL;
	}
}

static int parse_rule_attr(const struct nl_attr *a, struct utcp_acl_rule *rule)
{
	uint32_t *number = rule_number(rule, a->type);

	rule->fields |= rule_field(a->type);
	if (number)
		return nl_attr_u32(a, number);
	switch (a->type) {
	case UTCP_ACL_A_RULE_SRC_MAC:
		return nl_attr_mac(a, rule->src_mac);
	case UTCP_ACL_A_RULE_DST_MAC:
		return nl_attr_mac(a, rule->dst_mac);
	case UTCP_ACL_A_RULE_SRC4:
		return nl_attr_bytes(a, rule->src, 4);
	case UTCP_ACL_A_RULE_SRC6:
	case UTCP_ACL_A_RULE_SRC_CELL:
		return nl_attr_bytes(a, rule->src, 16);
	case UTCP_ACL_A_RULE_DST4:
		return nl_attr_bytes(a, rule->dst, 4);
	case UTCP_ACL_A_RULE_DST6:
	case UTCP_ACL_A_RULE_DST_CELL:
		return nl_attr_bytes(a, rule->dst, 16);
	case UTCP_ACL_A_RULE_SRC_SET:
		return nl_attr_str(a, rule->src_set, sizeof(rule->src_set));
	case UTCP_ACL_A_RULE_DST_SET:
		return nl_attr_str(a, rule->dst_set, sizeof(rule->dst_set));
	case UTCP_ACL_A_RULE_DEV:
		return nl_attr_str(a, rule->dev, sizeof(rule->dev));
	case UTCP_ACL_A_RULE_COMMENT:
		return nl_attr_str(a, rule->comment, sizeof(rule->comment));
	case UTCP_ACL_A_RULE_OWNER:
		return nl_attr_str(a, rule->owner, sizeof(rule->owner));
	case UTCP_ACL_A_RULE_HANDLE:
		return nl_attr_u64(a, &rule->handle);
	case UTCP_ACL_A_RULE_PACKETS:
		return nl_attr_u64(a, &rule->packets);
	case UTCP_ACL_A_RULE_BYTES:
		return nl_attr_u64(a, &rule->bytes);
	case UTCP_ACL_A_RULE_LAST_HIT:
		return nl_attr_u64(a, &rule->last_hit);
	case UTCP_ACL_A_RULE_EXPIRES:
		return nl_attr_u64(a, &rule->expires);
	default:
		return 0;
	}
}

static int parse_rule(struct nl_span span, struct utcp_acl_rule *rule)
{
	struct nl_attr a;
	int more, err = 0;

	memset(rule, 0, sizeof(*rule));
	while (!err && (more = nl_attr_next(&span, &a)) > 0)
		err = parse_rule_attr(&a, rule);
	if (!err && !more &&
	    !(rule->handle && rule->direction && rule->verdict))
		return -EBADMSG;
	return err ? err : more;
}

int acl_rule_parse(struct nl_span span, char policy[LIBUTCP_ACL_NAME_MAX + 1],
		   struct utcp_acl_rule *rule)
{
	unsigned int n = 0;
	struct nl_attr a;
	int more, err = 0;

	policy[0] = '\0';
	memset(rule, 0, sizeof(*rule));
	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		if (a.type == UTCP_ACL_A_POLICY_NAME) {
			err = nl_attr_str(&a, policy, LIBUTCP_ACL_NAME_MAX + 1);
		} else if (a.type == UTCP_ACL_A_POLICY_RULE) {
			err = parse_rule(a.value, rule);
			n++;
		}
	}
	if (!err && !more && !(policy[0] && n == 1))
		return -EBADMSG;
	return err ? err : more;
}

/* --- writing ----------------------------------------------------------------------- */

static void put_prefix(struct nl_request *r, const uint8_t *addr, uint32_t len,
		       uint16_t type4, uint16_t type6, uint16_t type_len,
		       bool is4)
{
	if (is4)
		request_bytes(r, type4, addr, 4);
	else
		request_bytes(r, type6, addr, 16);
	request_u32(r, type_len, len);
}

static void put_link_layer(struct nl_request *r,
			   const struct utcp_acl_rule *rule)
{
	uint32_t fields = rule->fields;

	if (fields & LIBUTCP_ACL_ETHERTYPE)
		request_u32(r, UTCP_ACL_A_RULE_ETHERTYPE, rule->ethertype);
	if (fields & LIBUTCP_ACL_VLAN)
		request_u32(r, UTCP_ACL_A_RULE_VLAN, rule->vlan);
	if (fields & LIBUTCP_ACL_SRC_MAC)
		request_bytes(r, UTCP_ACL_A_RULE_SRC_MAC, rule->src_mac, 6);
	if (fields & LIBUTCP_ACL_DST_MAC)
		request_bytes(r, UTCP_ACL_A_RULE_DST_MAC, rule->dst_mac, 6);
	if (fields & LIBUTCP_ACL_DEV)
		request_str(r, UTCP_ACL_A_RULE_DEV, rule->dev);
}

static void put_network(struct nl_request *r, const struct utcp_acl_rule *rule)
{
	uint32_t fields = rule->fields;

	if (fields & (LIBUTCP_ACL_SRC4 | LIBUTCP_ACL_SRC6))
		put_prefix(r, rule->src, rule->src_len, UTCP_ACL_A_RULE_SRC4,
			   UTCP_ACL_A_RULE_SRC6, UTCP_ACL_A_RULE_SRC_LEN,
			   fields & LIBUTCP_ACL_SRC4);
	if (fields & (LIBUTCP_ACL_DST4 | LIBUTCP_ACL_DST6))
		put_prefix(r, rule->dst, rule->dst_len, UTCP_ACL_A_RULE_DST4,
			   UTCP_ACL_A_RULE_DST6, UTCP_ACL_A_RULE_DST_LEN,
			   fields & LIBUTCP_ACL_DST4);
	if (fields & LIBUTCP_ACL_PROTO)
		request_u32(r, UTCP_ACL_A_RULE_PROTO, rule->proto);
	if (fields & LIBUTCP_ACL_DSCP)
		request_u32(r, UTCP_ACL_A_RULE_DSCP, rule->dscp);
}

static void put_cells(struct nl_request *r, const struct utcp_acl_rule *rule)
{
	if (rule->fields & LIBUTCP_ACL_UTCP)
		request_bytes(r, UTCP_ACL_A_RULE_UTCP, "", 0);
	if (rule->fields & LIBUTCP_ACL_SRC_CELL)
		request_bytes(r, UTCP_ACL_A_RULE_SRC_CELL, rule->src, 16);
	if (rule->fields & LIBUTCP_ACL_DST_CELL)
		request_bytes(r, UTCP_ACL_A_RULE_DST_CELL, rule->dst, 16);
}

static void put_ports(struct nl_request *r, uint16_t min, uint16_t max,
		      const uint32_t range[2])
{
	request_u32(r, min, range[0]);
	request_u32(r, max, range[1]);
}

static void put_transport(struct nl_request *r,
			  const struct utcp_acl_rule *rule)
{
	uint32_t fields = rule->fields;

	if (fields & LIBUTCP_ACL_SRC_PORT)
		put_ports(r, UTCP_ACL_A_RULE_SRC_PORT_MIN,
			  UTCP_ACL_A_RULE_SRC_PORT_MAX, rule->src_port);
	if (fields & LIBUTCP_ACL_DST_PORT)
		put_ports(r, UTCP_ACL_A_RULE_DST_PORT_MIN,
			  UTCP_ACL_A_RULE_DST_PORT_MAX, rule->dst_port);
	if (fields & LIBUTCP_ACL_ICMP_TYPE)
		request_u32(r, UTCP_ACL_A_RULE_ICMP_TYPE, rule->icmp_type);
	if (fields & LIBUTCP_ACL_ICMP_CODE)
		request_u32(r, UTCP_ACL_A_RULE_ICMP_CODE, rule->icmp_code);
	if (fields & LIBUTCP_ACL_TCP_FLAGS) {
		request_u32(r, UTCP_ACL_A_RULE_TCP_FLAGS, rule->tcp_flags);
		request_u32(r, UTCP_ACL_A_RULE_TCP_MASK, rule->tcp_mask);
	}
}

/* What becomes of frames, and what a rule is for people. */
static void put_rest(struct nl_request *r, const struct utcp_acl_rule *rule)
{
	if (rule->fields & LIBUTCP_ACL_CLASS)
		request_u32(r, UTCP_ACL_A_RULE_CLASS, rule->class);
	if (rule->fields & LIBUTCP_ACL_MARK)
		request_u32(r, UTCP_ACL_A_RULE_MARK, rule->mark);
	if (rule->fields & LIBUTCP_ACL_SRC_SET)
		request_str(r, UTCP_ACL_A_RULE_SRC_SET, rule->src_set);
	if (rule->fields & LIBUTCP_ACL_DST_SET)
		request_str(r, UTCP_ACL_A_RULE_DST_SET, rule->dst_set);
	if (rule->fields & LIBUTCP_ACL_EXPIRES)
		request_bytes(r, UTCP_ACL_A_RULE_EXPIRES, &rule->expires,
			      sizeof(rule->expires));
	if (rule->fields & LIBUTCP_ACL_LOG)
		request_bytes(r, UTCP_ACL_A_RULE_LOG, "", 0);
	if (rule->fields & LIBUTCP_ACL_COMMENT)
		request_str(r, UTCP_ACL_A_RULE_COMMENT, rule->comment);
	if (rule->fields & LIBUTCP_ACL_OWNER)
		request_str(r, UTCP_ACL_A_RULE_OWNER, rule->owner);
}

void acl_filter_put(struct nl_request *r, const struct utcp_acl_rule *rule)
{
	struct nlattr *nest = request_nest(r, UTCP_ACL_A_LOG_RULE);

	if (rule->direction)
		request_u32(r, UTCP_ACL_A_RULE_DIRECTION, rule->direction);
	if (rule->verdict)
		request_u32(r, UTCP_ACL_A_RULE_VERDICT, rule->verdict);
	put_link_layer(r, rule);
	put_network(r, rule);
	put_cells(r, rule);
	put_transport(r, rule);
	put_rest(r, rule);
	request_nest_end(r, nest);
}

void acl_rule_put(struct nl_request *r, const struct utcp_acl_rule *rule)
{
	struct nlattr *nest = request_nest(r, UTCP_ACL_A_POLICY_RULE);

	request_u32(r, UTCP_ACL_A_RULE_PRIORITY, rule->priority);
	request_u32(r, UTCP_ACL_A_RULE_DIRECTION, rule->direction);
	request_u32(r, UTCP_ACL_A_RULE_VERDICT, rule->verdict);
	put_link_layer(r, rule);
	put_network(r, rule);
	put_cells(r, rule);
	put_transport(r, rule);
	put_rest(r, rule);
	request_nest_end(r, nest);
}

static void put_settings(struct nl_request *r,
			 const struct utcp_acl_policy *settings)
{
	request_str(r, UTCP_ACL_A_POLICY_NAME, settings->name);
	if (settings->fields & LIBUTCP_ACL_IN)
		request_u32(r, UTCP_ACL_A_POLICY_IN, settings->in);
	if (settings->fields & LIBUTCP_ACL_OUT)
		request_u32(r, UTCP_ACL_A_POLICY_OUT, settings->out);
	if (settings->fields & LIBUTCP_ACL_COMMENT)
		request_str(r, UTCP_ACL_A_POLICY_COMMENT, settings->comment);
	if (settings->fields & LIBUTCP_ACL_OWNER)
		request_str(r, UTCP_ACL_A_POLICY_OWNER, settings->owner);
	if (settings->fields & LIBUTCP_ACL_LOG)
		request_u32(r, UTCP_ACL_A_POLICY_LOG, settings->log);
}

/* --- asking ------------------------------------------------------------------------ */

static int parse_policy_record(struct nl_span span, void *record)
{
	return acl_policy_parse(span, record);
}

static struct nl_list policy_list(void)
{
	return (struct nl_list){ .size = sizeof(struct utcp_acl_policy),
				 .parse = parse_policy_record,
				 .what = "policy" };
}

static int policy_run(struct utcp_handle *h, uint8_t cmd,
		      const struct utcp_acl_policy *settings,
		      struct utcp_acl_policy *policy)
{
	struct nl_list list = policy_list();
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, cmd, false);
	if (err)
		return err;
	put_settings(&r, settings);
	return list_run_one(h, &r, LIBUTCP_ACL, &list, policy);
}

/* A request that says no more of a policy than its name. */
static int policy_named(struct utcp_handle *h, uint8_t cmd, const char *name,
			struct utcp_acl_policy *policy)
{
	struct nl_list list = policy_list();
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, cmd, false);
	if (err)
		return err;
	request_str(&r, UTCP_ACL_A_POLICY_NAME, name);
	return list_run_one(h, &r, LIBUTCP_ACL, &list, policy);
}

int utcp_acl_policy_new(struct utcp_handle *h,
			const struct utcp_acl_policy *settings,
			struct utcp_acl_policy *policy)
{
	return policy_run(h, UTCP_ACL_CMD_POLICY_NEW, settings, policy);
}

int utcp_acl_policy_set(struct utcp_handle *h,
			const struct utcp_acl_policy *settings,
			struct utcp_acl_policy *policy)
{
	return policy_run(h, UTCP_ACL_CMD_POLICY_SET, settings, policy);
}

int utcp_acl_policy_del(struct utcp_handle *h, const char *name,
			struct utcp_acl_policy *policy)
{
	return policy_named(h, UTCP_ACL_CMD_POLICY_DEL, name, policy);
}

int utcp_acl_policy_get(struct utcp_handle *h, const char *name,
			struct utcp_acl_policy *policy)
{
	return policy_named(h, UTCP_ACL_CMD_POLICY_GET, name, policy);
}

int utcp_acl_policy_list(struct utcp_handle *h,
			 struct utcp_acl_policy **policies, size_t *n)
{
	struct nl_list list = policy_list();
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_POLICY_GET, true);
	if (!err)
		err = list_run(h, &r, LIBUTCP_ACL, &list);
	*policies = (struct utcp_acl_policy *)list.records;
	*n = list.n;
	return err;
}

static int parse_rule_record(struct nl_span span, void *record)
{
	char policy[LIBUTCP_ACL_NAME_MAX + 1];

	return acl_rule_parse(span, policy, record);
}

static struct nl_list rule_list(void)
{
	return (struct nl_list){ .size = sizeof(struct utcp_acl_rule),
				 .parse = parse_rule_record,
				 .what = "rule" };
}

int utcp_acl_rule_add(struct utcp_handle *h, const char *policy,
		      const struct utcp_acl_rule *rule,
		      struct utcp_acl_rule *made)
{
	struct nl_list list = rule_list();
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_RULE_ADD, false);
	if (err)
		return err;
	request_str(&r, UTCP_ACL_A_POLICY_NAME, policy);
	acl_rule_put(&r, rule);
	return list_run_one(h, &r, LIBUTCP_ACL, &list, made);
}

int utcp_acl_rule_del(struct utcp_handle *h, const char *policy, uint64_t rule,
		      bool keep, struct utcp_acl_rule *was)
{
	struct nl_list list = rule_list();
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_RULE_DEL, false);
	if (err)
		return err;
	request_str(&r, UTCP_ACL_A_POLICY_NAME, policy);
	request_bytes(&r, UTCP_ACL_A_POLICY_HANDLE, &rule, sizeof(rule));
	if (keep)
		request_bytes(&r, UTCP_ACL_A_POLICY_KEEP, "", 0);
	return list_run_one(h, &r, LIBUTCP_ACL, &list, was);
}

/* Who takes the rules of a list, one by one. */
struct taker {
	int (*take)(const struct utcp_acl_rule *rule, void *arg);
	void *arg;
};

static int take_rule(struct utcp_handle *h, const struct nl_msg *msg, void *arg)
{
	const struct taker *taker = arg;
	char policy[LIBUTCP_ACL_NAME_MAX + 1];
	struct utcp_acl_rule rule;
	int err;

	if (acl_rule_parse(msg->body, policy, &rule))
		return utcp_error_malformed(&h->error, "rule");
	err = taker->take(&rule, taker->arg);
	if (err)
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, -err,
				      "a rule was not taken: %s",
				      strerror(-err));
	return 0;
}

int utcp_acl_rule_each(struct utcp_handle *h, const char *policy,
		       const struct utcp_acl_filter *filter,
		       int (*take)(const struct utcp_acl_rule *rule, void *arg),
		       void *arg)
{
	struct taker taker = { take, arg };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_RULE_GET, true);
	if (err)
		return err;
	request_str(&r, UTCP_ACL_A_POLICY_NAME, policy);
	if (filter && filter->owner)
		request_str(&r, UTCP_ACL_A_POLICY_OWNER, filter->owner);
	if (filter && filter->handle)
		request_bytes(&r, UTCP_ACL_A_POLICY_HANDLE, &filter->handle,
			      sizeof(filter->handle));
	if (filter && filter->direction)
		request_u32(&r, UTCP_ACL_A_POLICY_DIRECTION, filter->direction);
	if (filter && filter->verdict)
		request_u32(&r, UTCP_ACL_A_POLICY_VERDICT, filter->verdict);
	r.record = take_rule;
	r.arg = &taker;
	return family_run(h, &r, LIBUTCP_ACL);
}

/* --- loading ------------------------------------------------------------------------ */

static int parse_load(struct nl_span span, void *record)
{
	struct nl_attr a;
	int more, err = 0;

	while (!err && (more = nl_attr_next(&span, &a)) > 0)
		if (a.type == UTCP_ACL_A_POLICY_LOAD)
			err = nl_attr_u32(&a, record);
	return err ? err : more;
}

static int load_run(struct utcp_handle *h, struct nl_request *r, uint32_t *load)
{
	struct nl_list list = { .size = sizeof(*load),
				.parse = parse_load,
				.what = "load" };

	return list_run_one(h, r, LIBUTCP_ACL, &list, load);
}

/* As many rules as fit into one request. */
static int load_some(struct utcp_handle *h, uint32_t load,
		     const struct utcp_acl_rule *rules, size_t n, size_t *done)
{
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_LOAD_ADD, false);
	if (err)
		return err;
	request_u32(&r, UTCP_ACL_A_POLICY_LOAD, load);
	while (*done < n && r.nlh &&
	       r.nlh->nlmsg_len + RULE_ROOM <= HANDLE_TX_SIZE)
		acl_rule_put(&r, &rules[(*done)++]);
	return load_run(h, &r, &load);
}

static void load_abort(struct utcp_handle *h, uint32_t load)
{
	struct utcp_error error = h->error;
	struct nl_request r;

	if (!family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_LOAD_ABORT, false)) {
		request_u32(&r, UTCP_ACL_A_POLICY_LOAD, load);
		load_run(h, &r, &load);
	}
	h->error = error;
}

/* Some of the last @n rules were refused, and the load is as before: which? */
static int load_each(struct utcp_handle *h, uint32_t load,
		     const struct utcp_acl_rule *rules, size_t n,
		     size_t *refused)
{
	int err = 0;

	for (size_t i = 0; !err && i < n; i++) {
		size_t done = 0;

		err = load_some(h, load, &rules[i], 1, &done);
		if (err && h->error.code == LIBUTCP_E_REFUSED)
			*refused -= n - i;
	}
	return err;
}

static int load_all(struct utcp_handle *h, uint32_t load,
		    const struct utcp_acl_rule *rules, size_t n,
		    size_t *refused)
{
	size_t done = 0;
	int err = 0;

	while (!err && done < n) {
		size_t first = done;

		err = load_some(h, load, rules, n, &done);
		if (err && h->error.code == LIBUTCP_E_REFUSED) {
			*refused = done;
			err = load_each(h, load, &rules[first], done - first,
					refused);
			if (!err || h->error.code != LIBUTCP_E_REFUSED)
				*refused = n;
		}
	}
	return err;
}

static int load_commit(struct utcp_handle *h, uint32_t load, bool keep,
		       struct utcp_acl_policy *policy)
{
	struct nl_list list = policy_list();
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_LOAD_COMMIT, false);
	if (err)
		return err;
	request_u32(&r, UTCP_ACL_A_POLICY_LOAD, load);
	if (keep)
		request_bytes(&r, UTCP_ACL_A_POLICY_KEEP, "", 0);
	return list_run_one(h, &r, LIBUTCP_ACL, &list, policy);
}

static int load_begin(struct utcp_handle *h,
		      const struct utcp_acl_policy *settings, uint32_t *load)
{
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_LOAD_BEGIN, false);
	if (err)
		return err;
	put_settings(&r, settings);
	if (settings->confirm)
		request_u32(&r, UTCP_ACL_A_POLICY_CONFIRM, settings->confirm);
	return load_run(h, &r, load);
}

int utcp_acl_load(struct utcp_handle *h, const struct utcp_acl_policy *settings,
		  const struct utcp_acl_rule *rules, size_t n,
		  struct utcp_acl_policy *policy, size_t *refused)
{
	uint32_t load = 0;
	int err;

	*refused = n;
	err = load_begin(h, settings, &load);
	if (err)
		return err;
	err = load_all(h, load, rules, n, refused);
	if (!err)
		err = load_commit(h, load, settings->fields & LIBUTCP_ACL_KEEP,
				  policy);
	if (err)
		load_abort(h, load);
	return err;
}

int utcp_acl_check(struct utcp_handle *h,
		   const struct utcp_acl_policy *settings,
		   const struct utcp_acl_rule *rules, size_t n, size_t *refused)
{
	uint32_t load = 0;
	int err;

	*refused = n;
	err = load_begin(h, settings, &load);
	if (err)
		return err;
	err = load_all(h, load, rules, n, refused);
	load_abort(h, load);
	return err;
}

int utcp_acl_confirm(struct utcp_handle *h, const char *name,
		     struct utcp_acl_policy *policy)
{
	return policy_named(h, UTCP_ACL_CMD_LOAD_CONFIRM, name, policy);
}

/* --- testing --------------------------------------------------------------------------- */

/* Who takes the steps of a test, one by one. */
struct step_taker {
	int (*take)(const struct utcp_acl_step *step, void *arg);
	void *arg;
};

static int parse_step(struct nl_span span, struct utcp_acl_step *step)
{
	struct nl_attr a;
	int more, err = 0;

	memset(step, 0, sizeof(*step));
	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		if (a.type == UTCP_ACL_A_POLICY_RULE)
			err = parse_rule(a.value, &step->rule);
		else if (a.type == UTCP_ACL_A_POLICY_UNMET)
			err = nl_attr_u32(&a, &step->unmet);
		else if (a.type == UTCP_ACL_A_POLICY_VERDICT)
			err = nl_attr_u32(&a, &step->verdict);
	}
	if (!err && !more && !step->unmet == !step->verdict)
		return -EBADMSG;
	return err ? err : more;
}

static int take_step(struct utcp_handle *h, const struct nl_msg *msg, void *arg)
{
	const struct step_taker *taker = arg;
	struct utcp_acl_step step;
	int err;

	if (parse_step(msg->body, &step))
		return utcp_error_malformed(&h->error, "step");
	err = taker->take(&step, taker->arg);
	if (err)
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, -err,
				      "a step was not taken: %s",
				      strerror(-err));
	return 0;
}

int utcp_acl_test(struct utcp_handle *h, const char *policy,
		  const struct utcp_acl_rule *packet,
		  int (*take)(const struct utcp_acl_step *step, void *arg),
		  void *arg)
{
	struct step_taker taker = { take, arg };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_RULE_TEST, true);
	if (err)
		return err;
	request_str(&r, UTCP_ACL_A_POLICY_NAME, policy);
	acl_rule_put(&r, packet);
	r.record = take_step;
	r.arg = &taker;
	return family_run(h, &r, LIBUTCP_ACL);
}
