// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules as netlink attributes.
 *
 * What a rule says makes a struct acl_match, which is checked as a whole; the
 * attribute that is blamed is the one of the criterion that the check names.
 */
#include <linux/ctype.h>
#include <linux/ktime.h>
#include <linux/netdevice.h>

#include "expire.h"
#include "named.h"
#include "rule_nl.h"
#include "utcp_acl_nl_gen.h"

#define PRIORITY_DEFAULT 1000

/* The attribute that says each criterion. */
static const u8 criterion_attr[ACL_CRITERIA] = {
	[ACL_ASK_DIR] = UTCP_ACL_A_RULE_DIRECTION,
	[ACL_ASK_ETHERTYPE] = UTCP_ACL_A_RULE_ETHERTYPE,
	[ACL_ASK_VLAN] = UTCP_ACL_A_RULE_VLAN,
	[ACL_ASK_SMAC] = UTCP_ACL_A_RULE_SRC_MAC,
	[ACL_ASK_DMAC] = UTCP_ACL_A_RULE_DST_MAC,
	[ACL_ASK_SRC] = UTCP_ACL_A_RULE_SRC_LEN,
	[ACL_ASK_DST] = UTCP_ACL_A_RULE_DST_LEN,
	[ACL_ASK_PROTO] = UTCP_ACL_A_RULE_PROTO,
	[ACL_ASK_SPORT] = UTCP_ACL_A_RULE_SRC_PORT_MIN,
	[ACL_ASK_DPORT] = UTCP_ACL_A_RULE_DST_PORT_MIN,
	[ACL_ASK_ICMP_TYPE] = UTCP_ACL_A_RULE_ICMP_TYPE,
	[ACL_ASK_ICMP_CODE] = UTCP_ACL_A_RULE_ICMP_CODE,
	[ACL_ASK_TCP_FLAGS] = UTCP_ACL_A_RULE_TCP_FLAGS,
	[ACL_ASK_DSCP] = UTCP_ACL_A_RULE_DSCP,
	[ACL_ASK_DEV] = UTCP_ACL_A_RULE_DEV,
	[ACL_ASK_SRC_SET] = UTCP_ACL_A_RULE_SRC_SET,
	[ACL_ASK_DST_SET] = UTCP_ACL_A_RULE_DST_SET,
	[ACL_ASK_CELL] = UTCP_ACL_A_RULE_UTCP,
};

/* Of two cells a request says who begins, and a match which is the sandbox's: source and
 * destination are the other way round if they begin that are outside.
 */
static bool is_turned(const struct acl_match *match)
{
	return ACL_ASKS(match, CELL) && match->dir == ACL_IN;
}

static u32 cell_attr(const struct acl_match *match, int criterion)
{
	bool turned = is_turned(match);

	switch (criterion) {
	case ACL_ASK_SRC:
		return turned ? UTCP_ACL_A_RULE_DST_CELL :
				UTCP_ACL_A_RULE_SRC_CELL;
	case ACL_ASK_DST:
		return turned ? UTCP_ACL_A_RULE_SRC_CELL :
				UTCP_ACL_A_RULE_DST_CELL;
	case ACL_ASK_SRC_SET:
		return turned ? UTCP_ACL_A_RULE_DST_SET :
				UTCP_ACL_A_RULE_SRC_SET;
	case ACL_ASK_DST_SET:
		return turned ? UTCP_ACL_A_RULE_SRC_SET :
				UTCP_ACL_A_RULE_DST_SET;
	}
	return criterion_attr[criterion];
}

/* The attribute by which a rule says a criterion. */
u32 acl_rule_attr(const struct acl_match *match, int criterion)
{
	/* The family is said by the address, or by its length 0. */
	if (criterion == ACL_ASK_IPV4)
		return ACL_ASKS(match, DST) && !ACL_ASKS(match, SRC) ?
			       UTCP_ACL_A_RULE_DST4 :
			       UTCP_ACL_A_RULE_SRC4;
	if (criterion == ACL_ASK_IPV6)
		return ACL_ASKS(match, DST) && !ACL_ASKS(match, SRC) ?
			       UTCP_ACL_A_RULE_DST6 :
			       UTCP_ACL_A_RULE_SRC6;
	return ACL_ASKS(match, CELL) ? cell_attr(match, criterion) :
				       criterion_attr[criterion];
}

/* The kernel's direction is that of the uapi, with another number. */
static u8 dir_of(u32 direction)
{
	return direction == UTCP_ACL_DIRECTION_OUT ? ACL_OUT : ACL_IN;
}

/* A text has no control characters. Return: 0, or -EINVAL with @extack set. */
int acl_text_check(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	const char *c;

	if (!attr)
		return 0;
	for (c = nla_data(attr); *c; c++) {
		if (iscntrl(*c)) {
			NL_SET_ERR_MSG_ATTR(
				extack, attr,
				"a control character is in the text");
			return -EINVAL;
		}
	}
	return 0;
}

/* Both of these must be there, or none. */
static int pair_check(struct nlattr **tb, int one, int other,
		      struct netlink_ext_ack *extack)
{
	if (!tb[one] == !tb[other])
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, tb[one] ?: tb[other],
			    "what goes with this attribute is missing");
	return -EINVAL;
}

/**
 * struct prefix_attrs - the attributes of a prefix
 * @v4: an address of IPv4
 * @v6: an address of IPv6
 * @len: its length
 * @ask: the criterion
 */
struct prefix_attrs {
	u8 v4;
	u8 v6;
	u8 len;
	u8 ask;
};

static const struct prefix_attrs src_attrs = {
	UTCP_ACL_A_RULE_SRC4,
	UTCP_ACL_A_RULE_SRC6,
	UTCP_ACL_A_RULE_SRC_LEN,
	ACL_ASK_SRC,
};

static const struct prefix_attrs dst_attrs = {
	UTCP_ACL_A_RULE_DST4,
	UTCP_ACL_A_RULE_DST6,
	UTCP_ACL_A_RULE_DST_LEN,
	ACL_ASK_DST,
};

/* Bits behind the length? */
static bool bits_behind(const u8 *addr, unsigned int bytes, unsigned int len)
{
	unsigned int i;

	for (i = len / 8; i < bytes; i++)
		if (addr[i] & (i == len / 8 ? 0xff >> len % 8 : 0xff))
			return true;
	return false;
}

static int read_prefix(struct nlattr **tb, const struct prefix_attrs *attrs,
		       struct acl_match *match, u8 addr[16], u8 *len,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *v4 = tb[attrs->v4], *v6 = tb[attrs->v6];
	struct nlattr *attr = v4 ?: v6;
	unsigned int bytes = v4 ? 4 : 16;
	u32 bits;

	if (!attr && !tb[attrs->len])
		return 0;
	if (v4 && v6) {
		NL_SET_ERR_MSG_ATTR(extack, v6,
				    "a prefix is of IPv4 or IPv6, not both");
		return -EINVAL;
	}
	if (!attr || !tb[attrs->len]) {
		NL_SET_ERR_MSG_ATTR(extack, attr ?: tb[attrs->len],
				    "a prefix has an address and a length");
		return -EINVAL;
	}
	bits = nla_get_u32(tb[attrs->len]);
	if (bits > 8 * bytes) {
		NL_SET_ERR_MSG_ATTR(
			extack, tb[attrs->len],
			"the length is more than an address has bits");
		return -EINVAL;
	}
	if (bits_behind(nla_data(attr), bytes, bits)) {
		NL_SET_ERR_MSG_ATTR(
			extack, attr,
			"there are bits behind the prefix's length");
		return -EINVAL;
	}
	match->asks |= v4 ? BIT(ACL_ASK_IPV4) : BIT(ACL_ASK_IPV6);
	/* Of length 0, it asks for the family and no more. */
	if (bits) {
		match->asks |= BIT(attrs->ask);
		memcpy(addr, nla_data(attr), bytes);
		*len = bits;
	}
	return 0;
}

static int read_ports(struct nlattr **tb, int min, int max, u8 ask,
		      struct acl_match *match, struct acl_range *range,
		      struct netlink_ext_ack *extack)
{
	int ret = pair_check(tb, min, max, extack);

	if (ret || !tb[min])
		return ret;
	range->lo = nla_get_u32(tb[min]);
	range->hi = nla_get_u32(tb[max]);
	match->asks |= BIT(ask);
	return 0;
}

static void read_link(struct nlattr **tb, struct acl_match *match)
{
	if (tb[UTCP_ACL_A_RULE_ETHERTYPE]) {
		match->asks |= BIT(ACL_ASK_ETHERTYPE);
		match->ethertype = nla_get_u32(tb[UTCP_ACL_A_RULE_ETHERTYPE]);
	}
	if (tb[UTCP_ACL_A_RULE_VLAN]) {
		match->asks |= BIT(ACL_ASK_VLAN);
		match->vlan = nla_get_u32(tb[UTCP_ACL_A_RULE_VLAN]);
	}
	if (tb[UTCP_ACL_A_RULE_SRC_MAC]) {
		match->asks |= BIT(ACL_ASK_SMAC);
		nla_memcpy(match->smac, tb[UTCP_ACL_A_RULE_SRC_MAC], ETH_ALEN);
	}
	if (tb[UTCP_ACL_A_RULE_DST_MAC]) {
		match->asks |= BIT(ACL_ASK_DMAC);
		nla_memcpy(match->dmac, tb[UTCP_ACL_A_RULE_DST_MAC], ETH_ALEN);
	}
}

static int read_network(struct nlattr **tb, struct acl_match *match,
			struct netlink_ext_ack *extack)
{
	int ret;

	ret = read_prefix(tb, &src_attrs, match, match->src, &match->src_len,
			  extack);
	if (!ret)
		ret = read_prefix(tb, &dst_attrs, match, match->dst,
				  &match->dst_len, extack);
	if (ret)
		return ret;
	if (ACL_ASKS(match, IPV4) && ACL_ASKS(match, IPV6)) {
		NL_SET_ERR_MSG_ATTR(
			extack,
			tb[UTCP_ACL_A_RULE_DST4] ?: tb[UTCP_ACL_A_RULE_DST6],
			"source and destination are not of one family");
		return -EINVAL;
	}
	if (tb[UTCP_ACL_A_RULE_PROTO]) {
		match->asks |= BIT(ACL_ASK_PROTO);
		match->proto = nla_get_u32(tb[UTCP_ACL_A_RULE_PROTO]);
	}
	if (tb[UTCP_ACL_A_RULE_DSCP]) {
		match->asks |= BIT(ACL_ASK_DSCP);
		match->dscp = nla_get_u32(tb[UTCP_ACL_A_RULE_DSCP]);
	}
	return 0;
}

static int read_transport(struct nlattr **tb, struct acl_match *match,
			  struct netlink_ext_ack *extack)
{
	int ret;

	ret = read_ports(tb, UTCP_ACL_A_RULE_SRC_PORT_MIN,
			 UTCP_ACL_A_RULE_SRC_PORT_MAX, ACL_ASK_SPORT, match,
			 &match->sport, extack);
	if (!ret)
		ret = read_ports(tb, UTCP_ACL_A_RULE_DST_PORT_MIN,
				 UTCP_ACL_A_RULE_DST_PORT_MAX, ACL_ASK_DPORT,
				 match, &match->dport, extack);
	if (!ret)
		ret = pair_check(tb, UTCP_ACL_A_RULE_TCP_FLAGS,
				 UTCP_ACL_A_RULE_TCP_MASK, extack);
	if (ret)
		return ret;
	if (tb[UTCP_ACL_A_RULE_ICMP_TYPE]) {
		match->asks |= BIT(ACL_ASK_ICMP_TYPE);
		match->icmp_type = nla_get_u32(tb[UTCP_ACL_A_RULE_ICMP_TYPE]);
	}
	if (tb[UTCP_ACL_A_RULE_ICMP_CODE]) {
		if (!tb[UTCP_ACL_A_RULE_ICMP_TYPE]) {
			NL_SET_ERR_MSG_ATTR(extack,
					    tb[UTCP_ACL_A_RULE_ICMP_CODE],
					    "a code goes with a type");
			return -EINVAL;
		}
		match->asks |= BIT(ACL_ASK_ICMP_CODE);
		match->icmp_code = nla_get_u32(tb[UTCP_ACL_A_RULE_ICMP_CODE]);
	}
	if (tb[UTCP_ACL_A_RULE_TCP_FLAGS]) {
		match->asks |= BIT(ACL_ASK_TCP_FLAGS);
		match->tcp_flags = nla_get_u32(tb[UTCP_ACL_A_RULE_TCP_FLAGS]);
		match->tcp_flags_mask =
			nla_get_u32(tb[UTCP_ACL_A_RULE_TCP_MASK]);
	}
	return 0;
}

/* One of the two cells. */
static int read_cell(const struct nlattr *attr, u8 ask, struct acl_match *match,
		     u8 addr[16], u8 *len, struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	if (!memchr_inv(nla_data(attr), 0, ACL_CELL_LEN)) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "no cell has this CellID");
		return -EINVAL;
	}
	match->asks |= BIT(ask);
	memcpy(addr, nla_data(attr), ACL_CELL_LEN);
	*len = 8 * ACL_CELL_LEN;
	return 0;
}

static int read_cells(struct nlattr **tb, struct acl_match *match,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *src = tb[UTCP_ACL_A_RULE_SRC_CELL];
	struct nlattr *dst = tb[UTCP_ACL_A_RULE_DST_CELL];
	int ret;

	if (!tb[UTCP_ACL_A_RULE_UTCP]) {
		if (!src && !dst)
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, src ?: dst,
				    "only rules about identities name cells");
		return -EINVAL;
	}
	if (match->asks & (BIT(ACL_ASK_SRC) | BIT(ACL_ASK_DST))) {
		NL_SET_ERR_MSG_ATTR(extack, tb[UTCP_ACL_A_RULE_UTCP],
				    "cells have no addresses of IP");
		return -EINVAL;
	}
	match->asks |= BIT(ACL_ASK_CELL);
	if (is_turned(match))
		swap(src, dst);
	ret = read_cell(src, ACL_ASK_SRC, match, match->src, &match->src_len,
			extack);
	return ret   ?:
		       read_cell(dst, ACL_ASK_DST, match, match->dst,
				 &match->dst_len, extack);
}

/* The device, which is there now: what is made later under its name is another one. */
static int read_dev(struct net *net, const struct nlattr *attr,
		    struct acl_match *match, struct netlink_ext_ack *extack)
{
	const struct net_device *dev;

	if (!attr)
		return 0;
	rcu_read_lock();
	dev = dev_get_by_name_rcu(net, nla_data(attr));
	if (dev)
		match->dev = dev->ifindex;
	rcu_read_unlock();
	if (!dev) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "no such device in this namespace");
		return -ENODEV;
	}
	match->asks |= BIT(ACL_ASK_DEV);
	return 0;
}

static int read_set(struct acl_policies *policies, const struct nlattr *attr,
		    u8 ask, struct acl_match *match, const struct acl_set **set,
		    struct netlink_ext_ack *extack)
{
	struct acl_named *named;

	if (!attr)
		return 0;
	named = acl_named_find(policies, nla_data(attr));
	if (!named) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "no such set in this namespace");
		return -ENOENT;
	}
	match->asks |= BIT(ask);
	*set = &named->set;
	return 0;
}

static int read_sets(struct acl_policies *policies, struct nlattr **tb,
		     struct acl_match *match, struct netlink_ext_ack *extack)
{
	struct nlattr *src = tb[UTCP_ACL_A_RULE_SRC_SET];
	struct nlattr *dst = tb[UTCP_ACL_A_RULE_DST_SET];
	int ret;

	if (is_turned(match))
		swap(src, dst);
	ret = read_set(policies, src, ACL_ASK_SRC_SET, match, &match->src_set,
		       extack);
	return ret   ?:
		       read_set(policies, dst, ACL_ASK_DST_SET, match,
				&match->dst_set, extack);
}

/* Identities are free: who is denied by his makes another. */
static int check_identity(struct nlattr **tb, const struct acl_new_rule *rule,
			  struct netlink_ext_ack *extack)
{
	if (!ACL_ASKS(&rule->match, CELL))
		return 0;
	if (rule->verdict != UTCP_ACL_VERDICT_ALLOW) {
		NL_SET_ERR_MSG_ATTR(extack, tb[UTCP_ACL_A_RULE_VERDICT],
				    "rules about identities only allow");
		return -EINVAL;
	}
	if (rule->extra.has_mark) {
		NL_SET_ERR_MSG_ATTR(extack, tb[UTCP_ACL_A_RULE_MARK],
				    "rules about identities set no mark");
		return -EINVAL;
	}
	return 0;
}

/* What becomes of the frames. */
static int read_actions(struct nlattr **tb, struct acl_new_rule *rule,
			struct netlink_ext_ack *extack)
{
	struct nlattr *class = tb[UTCP_ACL_A_RULE_CLASS];
	struct nlattr *mark = tb[UTCP_ACL_A_RULE_MARK];

	rule->verdict = nla_get_u32(tb[UTCP_ACL_A_RULE_VERDICT]);
	if (rule->verdict != UTCP_ACL_VERDICT_ALLOW && (class || mark)) {
		NL_SET_ERR_MSG_ATTR(
			extack, class ?: mark,
			"only frames that are allowed can get this");
		return -EINVAL;
	}
	if (class)
		rule->extra.class = nla_get_u32(class);
	if (mark) {
		rule->extra.mark = nla_get_u32(mark);
		rule->extra.has_mark = true;
	}
	rule->has_extra |= class || mark;
	return 0;
}

/* When it goes. Return: 0, or -EINVAL with @extack set. */
static int read_end(struct nlattr **tb, struct acl_new_rule *rule,
		    struct netlink_ext_ack *extack)
{
	struct nlattr *expires = tb[UTCP_ACL_A_RULE_EXPIRES];
	u64 time;

	if (!expires)
		return 0;
	time = nla_get_u64(expires);
	if (!time || time > ACL_EXPIRES_MAX) {
		NL_SET_ERR_MSG_ATTR(
			extack, expires,
			"a rule expires after 1 millisecond to 10 years");
		return -EINVAL;
	}
	rule->extra.ends = acl_expire_now() + time;
	rule->has_extra = true;
	return 0;
}

static int read_texts(struct nlattr **tb, struct acl_new_rule *rule,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *comment = tb[UTCP_ACL_A_RULE_COMMENT];
	struct nlattr *owner = tb[UTCP_ACL_A_RULE_OWNER];
	int ret;

	ret = acl_text_check(comment, extack);
	if (!ret)
		ret = acl_text_check(owner, extack);
	if (ret)
		return ret;
	if (comment)
		nla_strscpy(rule->extra.comment, comment,
			    sizeof(rule->extra.comment));
	if (owner)
		nla_strscpy(rule->extra.owner, owner,
			    sizeof(rule->extra.owner));
	rule->has_extra |= comment || owner;
	return 0;
}

/* What only answers have. */
static int refuse_answers(struct nlattr **tb, struct netlink_ext_ack *extack)
{
	static const u8 attrs[] = {
		UTCP_ACL_A_RULE_HANDLE,
		UTCP_ACL_A_RULE_PACKETS,
		UTCP_ACL_A_RULE_BYTES,
		UTCP_ACL_A_RULE_LAST_HIT,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(attrs); i++) {
		if (!tb[attrs[i]])
			continue;
		NL_SET_ERR_MSG_ATTR(
			extack, tb[attrs[i]],
			"the kernel chooses and counts, not the request");
		return -EINVAL;
	}
	return 0;
}

static int check_match(const struct nlattr *nest, struct nlattr **tb,
		       const struct acl_match *match,
		       struct netlink_ext_ack *extack)
{
	const char *reason;
	int criterion = -1;

	reason = acl_match_check(match, &criterion);
	if (!reason)
		return 0;
	acl_say(extack, reason);
	if (criterion >= 0 && criterion < ACL_CRITERIA &&
	    tb[acl_rule_attr(match, criterion)])
		NL_SET_BAD_ATTR(extack, tb[acl_rule_attr(match, criterion)]);
	else
		NL_SET_BAD_ATTR(extack, nest);
	return -EINVAL;
}

/* What a rule says of frames but for sets. */
static int read_frame(struct nlattr **tb, struct acl_match *match,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *direction = tb[UTCP_ACL_A_RULE_DIRECTION];
	int ret;

	if (direction) {
		match->asks = BIT(ACL_ASK_DIR);
		match->dir = dir_of(nla_get_u32(direction));
	}
	read_link(tb, match);
	ret = read_network(tb, match, extack);
	return ret ?: read_transport(tb, match, extack);
}

/* What says nothing of frames by themselves. */
static int refuse_rest(struct nlattr **tb, struct netlink_ext_ack *extack)
{
	static const u8 attrs[] = {
		UTCP_ACL_A_RULE_PRIORITY, UTCP_ACL_A_RULE_SRC_SET,
		UTCP_ACL_A_RULE_DST_SET,  UTCP_ACL_A_RULE_CLASS,
		UTCP_ACL_A_RULE_MARK,	  UTCP_ACL_A_RULE_EXPIRES,
		UTCP_ACL_A_RULE_LOG,	  UTCP_ACL_A_RULE_OWNER,
		UTCP_ACL_A_RULE_COMMENT,  UTCP_ACL_A_RULE_UTCP,
		UTCP_ACL_A_RULE_SRC_CELL, UTCP_ACL_A_RULE_DST_CELL,
		UTCP_ACL_A_RULE_DEV,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(attrs); i++) {
		if (!tb[attrs[i]])
			continue;
		NL_SET_ERR_MSG_ATTR(extack, tb[attrs[i]],
				    "frames cannot be chosen by this");
		return -EINVAL;
	}
	return 0;
}

/* The attributes of a rule, which were checked when the request came: the policies of all
 * requests that have rules name that of rules (UTCP_ACL_A_POLICY_RULE, UTCP_ACL_A_LOG_RULE).
 */
static int find_attrs(struct nlattr *tb[UTCP_ACL_A_RULE_MAX + 1],
		      const struct nlattr *nest, struct netlink_ext_ack *extack)
{
	return nla_parse_nested(tb, UTCP_ACL_A_RULE_MAX, nest, NULL, extack);
}

/* Reads off a nest which frames are meant, as a rule would say it. What is not said holds
 * for all. Return: 0, or an error with @extack set.
 */
int acl_filter_read(const struct nlattr *nest, struct acl_match *match,
		    u8 *verdict, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[UTCP_ACL_A_RULE_MAX + 1];
	int ret;

	memset(match, 0, sizeof(*match));
	ret = find_attrs(tb, nest, extack);
	if (!ret)
		ret = refuse_answers(tb, extack);
	if (!ret)
		ret = refuse_rest(tb, extack);
	if (!ret)
		ret = read_frame(tb, match, extack);
	if (ret)
		return ret;
	if (tb[UTCP_ACL_A_RULE_VERDICT])
		*verdict = nla_get_u32(tb[UTCP_ACL_A_RULE_VERDICT]);
	return check_match(nest, tb, match, extack);
}

/* Reads a rule off its nest. Under the policies' lock, up to when the rule is made: it
 * names sets by pointers.
 * Return: 0, or an error with @extack set.
 */
int acl_rule_read(struct acl_policies *policies, const struct nlattr *nest,
		  struct acl_new_rule *rule, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[UTCP_ACL_A_RULE_MAX + 1];
	int ret;

	memset(rule, 0, sizeof(*rule));
	ret = find_attrs(tb, nest, extack);
	if (ret)
		return ret;
	if (NL_REQ_ATTR_CHECK(extack, nest, tb, UTCP_ACL_A_RULE_DIRECTION) ||
	    NL_REQ_ATTR_CHECK(extack, nest, tb, UTCP_ACL_A_RULE_VERDICT)) {
		NL_SET_ERR_MSG(extack, "a rule has a direction and a verdict");
		return -EINVAL;
	}
	ret = refuse_answers(tb, extack);
	if (ret)
		return ret;
	rule->prio = tb[UTCP_ACL_A_RULE_PRIORITY] ?
			     nla_get_u32(tb[UTCP_ACL_A_RULE_PRIORITY]) :
			     PRIORITY_DEFAULT;
	rule->log = nla_get_flag(tb[UTCP_ACL_A_RULE_LOG]);
	ret = read_frame(tb, &rule->match, extack);
	if (!ret)
		ret = read_dev(policies->net, tb[UTCP_ACL_A_RULE_DEV],
			       &rule->match, extack);
	if (!ret)
		ret = read_cells(tb, &rule->match, extack);
	if (!ret)
		ret = read_sets(policies, tb, &rule->match, extack);
	if (!ret)
		ret = read_actions(tb, rule, extack);
	if (!ret)
		ret = check_identity(tb, rule, extack);
	if (!ret)
		ret = read_texts(tb, rule, extack);
	if (!ret)
		ret = read_end(tb, rule, extack);
	if (!ret)
		ret = check_match(nest, tb, &rule->match, extack);
	return ret;
}

/* --- answers ---------------------------------------------------------------------- */

static int put_link(struct sk_buff *msg, const struct acl_match *match)
{
	if (ACL_ASKS(match, ETHERTYPE) &&
	    nla_put_u32(msg, UTCP_ACL_A_RULE_ETHERTYPE, match->ethertype))
		return -EMSGSIZE;
	if (ACL_ASKS(match, VLAN) &&
	    nla_put_u32(msg, UTCP_ACL_A_RULE_VLAN, match->vlan))
		return -EMSGSIZE;
	if (ACL_ASKS(match, SMAC) &&
	    nla_put(msg, UTCP_ACL_A_RULE_SRC_MAC, ETH_ALEN, match->smac))
		return -EMSGSIZE;
	if (ACL_ASKS(match, DMAC) &&
	    nla_put(msg, UTCP_ACL_A_RULE_DST_MAC, ETH_ALEN, match->dmac))
		return -EMSGSIZE;
	return 0;
}

/* What has gone has no name; then it is said in a way that no device can have. */
static int put_dev(struct sk_buff *msg, struct net *net,
		   const struct acl_match *match)
{
	const struct net_device *dev;
	char name[IFNAMSIZ];

	if (!ACL_ASKS(match, DEV))
		return 0;
	rcu_read_lock();
	dev = dev_get_by_index_rcu(net, match->dev);
	if (dev)
		strscpy(name, dev->name, sizeof(name));
	rcu_read_unlock();
	if (!dev)
		snprintf(name, sizeof(name), "gone:%u", match->dev);
	return nla_put_string(msg, UTCP_ACL_A_RULE_DEV, name);
}

static int put_prefix(struct sk_buff *msg, const struct prefix_attrs *attrs,
		      bool is4, const u8 addr[16], u8 len)
{
	if (nla_put(msg, is4 ? attrs->v4 : attrs->v6, is4 ? 4 : 16, addr))
		return -EMSGSIZE;
	return nla_put_u32(msg, attrs->len, len);
}

static int put_network(struct sk_buff *msg, const struct acl_match *match)
{
	static const u8 any[16];
	bool is4 = ACL_ASKS(match, IPV4);
	bool family = is4 || ACL_ASKS(match, IPV6);
	bool src = family && ACL_ASKS(match, SRC);
	bool dst = family && ACL_ASKS(match, DST);

	if (src && put_prefix(msg, &src_attrs, is4, match->src, match->src_len))
		return -EMSGSIZE;
	if (dst && put_prefix(msg, &dst_attrs, is4, match->dst, match->dst_len))
		return -EMSGSIZE;
	/* How a request says just the family, too. */
	if (family && !src && !dst && put_prefix(msg, &src_attrs, is4, any, 0))
		return -EMSGSIZE;
	if (ACL_ASKS(match, PROTO) &&
	    nla_put_u32(msg, UTCP_ACL_A_RULE_PROTO, match->proto))
		return -EMSGSIZE;
	if (ACL_ASKS(match, DSCP) &&
	    nla_put_u32(msg, UTCP_ACL_A_RULE_DSCP, match->dscp))
		return -EMSGSIZE;
	return 0;
}

static int put_transport(struct sk_buff *msg, const struct acl_match *match)
{
	if (ACL_ASKS(match, SPORT) &&
	    (nla_put_u32(msg, UTCP_ACL_A_RULE_SRC_PORT_MIN, match->sport.lo) ||
	     nla_put_u32(msg, UTCP_ACL_A_RULE_SRC_PORT_MAX, match->sport.hi)))
		return -EMSGSIZE;
	if (ACL_ASKS(match, DPORT) &&
	    (nla_put_u32(msg, UTCP_ACL_A_RULE_DST_PORT_MIN, match->dport.lo) ||
	     nla_put_u32(msg, UTCP_ACL_A_RULE_DST_PORT_MAX, match->dport.hi)))
		return -EMSGSIZE;
	if (ACL_ASKS(match, ICMP_TYPE) &&
	    nla_put_u32(msg, UTCP_ACL_A_RULE_ICMP_TYPE, match->icmp_type))
		return -EMSGSIZE;
	if (ACL_ASKS(match, ICMP_CODE) &&
	    nla_put_u32(msg, UTCP_ACL_A_RULE_ICMP_CODE, match->icmp_code))
		return -EMSGSIZE;
	if (ACL_ASKS(match, TCP_FLAGS) &&
	    (nla_put_u32(msg, UTCP_ACL_A_RULE_TCP_FLAGS, match->tcp_flags) ||
	     nla_put_u32(msg, UTCP_ACL_A_RULE_TCP_MASK, match->tcp_flags_mask)))
		return -EMSGSIZE;
	return 0;
}

static int put_sets(struct sk_buff *msg, const struct acl_match *match)
{
	if (ACL_ASKS(match, SRC_SET) &&
	    nla_put_string(msg, acl_rule_attr(match, ACL_ASK_SRC_SET),
			   acl_named_of(match->src_set)->name))
		return -EMSGSIZE;
	if (ACL_ASKS(match, DST_SET) &&
	    nla_put_string(msg, acl_rule_attr(match, ACL_ASK_DST_SET),
			   acl_named_of(match->dst_set)->name))
		return -EMSGSIZE;
	return 0;
}

static int put_cells(struct sk_buff *msg, const struct acl_match *match)
{
	if (!ACL_ASKS(match, CELL))
		return 0;
	if (nla_put_flag(msg, UTCP_ACL_A_RULE_UTCP))
		return -EMSGSIZE;
	if (ACL_ASKS(match, SRC) &&
	    nla_put(msg, acl_rule_attr(match, ACL_ASK_SRC), ACL_CELL_LEN,
		    match->src))
		return -EMSGSIZE;
	if (ACL_ASKS(match, DST) &&
	    nla_put(msg, acl_rule_attr(match, ACL_ASK_DST), ACL_CELL_LEN,
		    match->dst))
		return -EMSGSIZE;
	return 0;
}

static int put_extra(struct sk_buff *msg, const struct acl_extra *extra)
{
	if (!extra)
		return 0;
	if (extra->class &&
	    nla_put_u32(msg, UTCP_ACL_A_RULE_CLASS, extra->class))
		return -EMSGSIZE;
	if (extra->has_mark &&
	    nla_put_u32(msg, UTCP_ACL_A_RULE_MARK, extra->mark))
		return -EMSGSIZE;
	if (extra->comment[0] &&
	    nla_put_string(msg, UTCP_ACL_A_RULE_COMMENT, extra->comment))
		return -EMSGSIZE;
	if (extra->owner[0] &&
	    nla_put_string(msg, UTCP_ACL_A_RULE_OWNER, extra->owner))
		return -EMSGSIZE;
	return 0;
}

static int put_u64(struct sk_buff *msg, int attr, u64 val)
{
	return nla_put_u64_64bit(msg, attr, val, UTCP_ACL_A_RULE_PAD);
}

static int put_counters(struct sk_buff *msg, const struct acl_entry *entry)
{
	u32 last = READ_ONCE(entry->last_hit);
	struct acl_count sum;

	acl_entry_read(entry, &sum);
	if (put_u64(msg, UTCP_ACL_A_RULE_PACKETS, sum.packets) ||
	    put_u64(msg, UTCP_ACL_A_RULE_BYTES, sum.bytes))
		return -EMSGSIZE;
	/* Seconds are 32 bits of the monotonic clock: 136 years. */
	if (last &&
	    put_u64(msg, UTCP_ACL_A_RULE_LAST_HIT,
		    ((u32)ktime_get_seconds() - last) * (u64)MSEC_PER_SEC))
		return -EMSGSIZE;
	return 0;
}

/* How long it still has; at least a millisecond, as long as it is there. */
static int put_end(struct sk_buff *msg, const struct acl_extra *extra)
{
	u64 now = acl_expire_now();

	if (!extra || !extra->ends)
		return 0;
	return put_u64(msg, UTCP_ACL_A_RULE_EXPIRES,
		       extra->ends > now ? extra->ends - now : 1);
}

/* Puts a rule, nested, into a message. @net: whose it is */
int acl_rule_put(struct sk_buff *msg, struct net *net,
		 const struct acl_entry *entry)
{
	const struct acl_rule *rule = &entry->rule;
	struct acl_match match;
	struct nlattr *nest;

	acl_rule_match(rule, &match);
	nest = nla_nest_start(msg, UTCP_ACL_A_POLICY_RULE);
	if (!nest)
		return -EMSGSIZE;
	if (put_u64(msg, UTCP_ACL_A_RULE_HANDLE, acl_rule_handle(rule)) ||
	    nla_put_u32(msg, UTCP_ACL_A_RULE_PRIORITY, acl_rule_prio(rule)) ||
	    nla_put_u32(msg, UTCP_ACL_A_RULE_DIRECTION,
			match.dir == ACL_OUT ? UTCP_ACL_DIRECTION_OUT :
					       UTCP_ACL_DIRECTION_IN) ||
	    nla_put_u32(msg, UTCP_ACL_A_RULE_VERDICT, entry->verdict) ||
	    put_dev(msg, net, &match) || put_link(msg, &match) ||
	    put_network(msg, &match) || put_transport(msg, &match) ||
	    put_cells(msg, &match) || put_sets(msg, &match) ||
	    put_extra(msg, entry->extra) ||
	    (entry->log && nla_put_flag(msg, UTCP_ACL_A_RULE_LOG)) ||
	    put_end(msg, entry->extra) || put_counters(msg, entry))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

/* Bytes of a message about one rule, its policy's name included, at most. */
size_t acl_rule_msg_size(void)
{
	return nla_total_size(ACL_NAME_SIZE) + nla_total_size(0) +
	       /* handle, priority, direction, verdict */
	       nla_total_size_64bit(8) + 3 * nla_total_size(4) +
	       /* device, EtherType, VLAN, MAC addresses */
	       nla_total_size(IFNAMSIZ) + 2 * nla_total_size(4) +
	       2 * nla_total_size(ETH_ALEN) +
	       /* addresses or cells, their lengths, sets */
	       2 * nla_total_size(16) + 2 * nla_total_size(4) +
	       2 * nla_total_size(ACL_NAME_SIZE) +
	       /* protocol, DSCP, UTCP; ports, or what ICMP has; flags and their mask */
	       2 * nla_total_size(4) + nla_total_size(0) +
	       4 * nla_total_size(4) + 2 * nla_total_size(4) +
	       /* class, mark, comment, owner, log */
	       2 * nla_total_size(4) + nla_total_size(ACL_COMMENT_SIZE) +
	       nla_total_size(ACL_OWNER_SIZE) + nla_total_size(0) +
	       /* end, packets, bytes, last hit */
	       4 * nla_total_size_64bit(8);
}
