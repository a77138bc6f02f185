// SPDX-License-Identifier: GPL-2.0-only
/*
 * nlprobe FAMILY
 *
 * What a family of the suite answers to requests that are not what utcpctl
 * would send, and who may change what: every row of the table below and every
 * function after it is one result. The family's module must be loaded and this
 * namespace's limits must be the defaults, which they are again at the end.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/capability.h>

#include "kselftest.h"
#include "apart.h"
#include "nl.h"

#define MSG_RAISE \
	"raising a limit needs CAP_NET_ADMIN in the initial user namespace"
#define MSG_CHANGE \
	"changing limits needs CAP_NET_ADMIN over the network namespace"
#define EVENT_MS 20000

/* For sums of bits that name limits. */
#define ALL(f) ((1U << (f)->n) - 1)

static const struct family *family;
static struct client root; /* a socket of the first namespace, opened by root */
static struct info defaults;

static bool same(const char *what, const struct info *want,
		 const struct info *got)
{
	unsigned int i;
	bool ok = true;

	for (i = 0; i < family->n; i++)
		if (want->val[i] != got->val[i])
			ok = bad("%s: %s is %u, should be %u", what,
				 family->limit[i].name, got->val[i],
				 want->val[i]);
	return ok;
}

/* The limits that @c sees are @want. */
static bool holds(struct client *c, const char *what, const struct info *want)
{
	struct info got;
	int ret = client_get(c, &got);

	if (ret)
		return bad("%s: info-get: %s", what, strerror(ret));
	return same(what, want, &got);
}

/* limits-set of @mask goes through, and its reply has the limits afterwards. */
static bool changes(struct client *c, unsigned int mask, const struct info *val)
{
	struct info want;
	struct answer a;
	unsigned int i;
	int ret;

	ret = client_get(c, &want);
	if (ret)
		return bad("info-get: %s", strerror(ret));
	for (i = 0; i < family->n; i++)
		if (mask & 1U << i)
			want.val[i] = val->val[i];
	ret = client_set(c, mask, val, &a);
	if (ret)
		return bad("limits-set: %s", strerror(ret));
	if (a.err)
		return bad("limits-set: %s: %s", strerror(a.err), a.msg);
	if (a.replies != 1 || a.odd)
		return bad("limits-set: %u replies; %s", a.replies,
			   a.odd ? a.odd : "");
	return same("the reply", &want, &a.info) && holds(c, "after", &want);
}

/* limits-set of @mask is refused with these words, and changes nothing. */
static bool refused(struct client *c, unsigned int mask, const struct info *val,
		    int err, const char *msg, long offs)
{
	struct info before;
	struct answer a;
	bool ok = true;
	int ret;

	ret = client_get(c, &before);
	if (!ret)
		ret = client_set(c, mask, val, &a);
	if (ret)
		return bad("%s", strerror(ret));
	if (a.err != err)
		ok = bad("error %d, should be %d", a.err, err);
	if (msg && strcmp(a.msg, msg))
		ok = bad("message \"%s\", should be \"%s\"", a.msg, msg);
	if (a.offs != offs)
		ok = bad("blames offset %ld, should be %ld", a.offs, offs);
	if (a.replies)
		ok = bad("a refusal with %u replies", a.replies);
	return holds(c, "refused, yet", &before) && ok;
}

/* --- messages that are not right -------------------------------------------- */

/* What a row's message is blamed for. */
static long blamed, missed;

static struct nlattr *tail(struct nlmsghdr *nlh)
{
	return mnl_nlmsg_get_payload_tail(nlh);
}

/* The attribute that is put next is the offending one. */
static void blame_next(struct nlmsghdr *nlh)
{
	blamed = (char *)tail(nlh) - (char *)nlh;
}

static struct nlattr *nest(struct nlmsghdr *nlh)
{
	return mnl_attr_nest_start(nlh, NETSWITCH_A_INFO_LIMITS);
}

static void lower(struct nlmsghdr *nlh, unsigned int i)
{
	mnl_attr_put_u32(nlh, i + 1, defaults.val[i] - 1);
}

/* Attribute @type whose header says @len bytes, with @room bytes behind it. */
static void odd_attr(struct nlmsghdr *nlh, uint16_t type, uint16_t len,
		     size_t room)
{
	struct nlattr *attr = tail(nlh);

	attr->nla_type = type;
	attr->nla_len = len;
	memset(attr + 1, 0, room);
	nlh->nlmsg_len += sizeof(*attr) + room;
}

static void put_nothing(struct nlmsghdr *nlh)
{
	(void)nlh;
}

static void put_missing(struct nlmsghdr *nlh)
{
	(void)nlh;
	missed = NETSWITCH_A_INFO_LIMITS;
}

static void put_one(struct nlmsghdr *nlh)
{
	struct nlattr *n = nest(nlh);

	lower(nlh, 0);
	mnl_attr_nest_end(nlh, n);
}

static void put_empty_nest(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_nest_end(nlh, nest(nlh));
}

static void put_no_nested_flag(struct nlmsghdr *nlh)
{
	struct nlattr *n;

	blame_next(nlh);
	n = nest(nlh);
	lower(nlh, 0);
	mnl_attr_nest_end(nlh, n);
	n->nla_type &= ~NLA_F_NESTED;
}

static void put_limits_as_u32(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_u32(nlh, NETSWITCH_A_INFO_LIMITS, 1);
}

static void put_version(struct nlmsghdr *nlh)
{
	put_one(nlh);
	blame_next(nlh);
	mnl_attr_put_strz(nlh, NETSWITCH_A_INFO_VERSION, "1");
}

static void put_abi(struct nlmsghdr *nlh)
{
	put_one(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, NETSWITCH_A_INFO_ABI, 1);
}

static void put_type_zero(struct nlmsghdr *nlh)
{
	put_one(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, 0, 1);
}

static void put_unknown(struct nlmsghdr *nlh)
{
	put_one(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, NETSWITCH_A_INFO_MAX + 1, 1);
}

static void put_unknown_far(struct nlmsghdr *nlh)
{
	put_one(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, (uint16_t)NLA_TYPE_MASK, 1);
}

static void put_unknown_limit(struct nlmsghdr *nlh)
{
	struct nlattr *n = nest(nlh);

	lower(nlh, 0);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, family->n + 1, 1);
	mnl_attr_nest_end(nlh, n);
}

static void put_limit_zero(struct nlmsghdr *nlh)
{
	struct nlattr *n = nest(nlh);

	lower(nlh, 0);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, 0, 1);
	mnl_attr_nest_end(nlh, n);
}

static void put_limit_sized(struct nlmsghdr *nlh, size_t size)
{
	static const char zeros[16];
	struct nlattr *n = nest(nlh);

	lower(nlh, 0);
	blame_next(nlh);
	mnl_attr_put(nlh, 2, size, zeros);
	mnl_attr_nest_end(nlh, n);
}

static void put_limit_empty(struct nlmsghdr *nlh)
{
	put_limit_sized(nlh, 0);
}

static void put_limit_u8(struct nlmsghdr *nlh)
{
	put_limit_sized(nlh, 1);
}

static void put_limit_u16(struct nlmsghdr *nlh)
{
	put_limit_sized(nlh, 2);
}

static void put_limit_u64(struct nlmsghdr *nlh)
{
	put_limit_sized(nlh, 8);
}

static void put_limit_nested(struct nlmsghdr *nlh)
{
	struct nlattr *n = nest(nlh);

	lower(nlh, 0);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, 2 | NLA_F_NESTED, 1);
	mnl_attr_nest_end(nlh, n);
}

/* Also shows that a good limit before a bad one is not set. */
static void put_out_of_range(struct nlmsghdr *nlh, unsigned int i, uint32_t val)
{
	struct nlattr *n = nest(nlh);

	if (i)
		lower(nlh, 0);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, i + 1, val);
	mnl_attr_nest_end(nlh, n);
}

static void put_first_beyond(struct nlmsghdr *nlh)
{
	put_out_of_range(nlh, 0, family->limit[0].max + 1);
}

static void put_last_beyond(struct nlmsghdr *nlh)
{
	unsigned int i = family->n - 1;

	put_out_of_range(nlh, i, family->limit[i].max + 1);
}

static void put_u32_max(struct nlmsghdr *nlh)
{
	put_out_of_range(nlh, family->n - 1, UINT32_MAX);
}

static void put_sign_bit(struct nlmsghdr *nlh)
{
	put_out_of_range(nlh, family->n - 1, 0x80000000U);
}

/* The bad one first: the good one after it is not set either. */
static void put_bad_then_good(struct nlmsghdr *nlh)
{
	struct nlattr *n = nest(nlh);

	blame_next(nlh);
	mnl_attr_put_u32(nlh, 1, family->limit[0].max + 1);
	lower(nlh, 1);
	mnl_attr_nest_end(nlh, n);
}

/* Of two of the same limit each is held to the range, in either order. */
static void put_twice_first_bad(struct nlmsghdr *nlh)
{
	struct nlattr *n = nest(nlh);

	blame_next(nlh);
	mnl_attr_put_u32(nlh, 1, family->limit[0].max + 1);
	lower(nlh, 0);
	mnl_attr_nest_end(nlh, n);
}

static void put_nests_first_bad(struct nlmsghdr *nlh)
{
	put_first_beyond(nlh);
	put_one(nlh);
}

static void put_stray_byte(struct nlmsghdr *nlh)
{
	put_one(nlh);
	nlh->nlmsg_len += 1;
}

static void put_stray_bytes(struct nlmsghdr *nlh)
{
	put_one(nlh);
	nlh->nlmsg_len += 3;
}

static void put_stray_in_nest(struct nlmsghdr *nlh)
{
	struct nlattr *n = nest(nlh);

	lower(nlh, 0);
	n->nla_len = (char *)tail(nlh) - (char *)n + 2;
	nlh->nlmsg_len += 4;
}

static void put_short_attr(struct nlmsghdr *nlh)
{
	put_one(nlh);
	odd_attr(nlh, NETSWITCH_A_INFO_LIMITS, 3, 4);
}

static void put_long_attr(struct nlmsghdr *nlh)
{
	put_one(nlh);
	odd_attr(nlh, NETSWITCH_A_INFO_LIMITS | NLA_F_NESTED, 64, 8);
}

static void put_zero_length_attr(struct nlmsghdr *nlh)
{
	put_one(nlh);
	odd_attr(nlh, NETSWITCH_A_INFO_LIMITS | NLA_F_NESTED, 0, 8);
}

static void put_long_in_nest(struct nlmsghdr *nlh)
{
	struct nlattr *n = nest(nlh);

	lower(nlh, 0);
	odd_attr(nlh, 2, 64, 4);
	mnl_attr_nest_end(nlh, n);
}

static void put_reserved(struct nlmsghdr *nlh)
{
	struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	put_one(nlh);
	genl->reserved = 1;
}

static void put_odd_flags(struct nlmsghdr *nlh)
{
	put_one(nlh);
	nlh->nlmsg_flags |= NLM_F_CREATE;
}

static void put_dump(struct nlmsghdr *nlh)
{
	nlh->nlmsg_flags |= NLM_F_DUMP;
}

static void put_dump_of_one(struct nlmsghdr *nlh)
{
	put_one(nlh);
	nlh->nlmsg_flags |= NLM_F_DUMP;
}

static void put_half_header(struct nlmsghdr *nlh)
{
	nlh->nlmsg_len = NLMSG_HDRLEN + 2;
}

static void put_only_stray(struct nlmsghdr *nlh)
{
	nlh->nlmsg_len += 3;
}

static void put_attr(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_u32(nlh, NETSWITCH_A_INFO_ABI, 1);
}

static void put_attr_unknown(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_u32(nlh, NETSWITCH_A_INFO_MAX + 1, 1);
}

#define GET NETSWITCH_CMD_INFO_GET
#define SET NETSWITCH_CMD_LIMITS_SET
#define NTF NETSWITCH_CMD_LIMITS_NTF

/* What the kernel's own checks of a message say differs from version to
 * version; what the modules say is compared word by word.
 */
static const struct row {
	const char *what;
	uint8_t cmd;
	void (*put)(struct nlmsghdr *nlh);
	int err;
	const char *msg; /* NULL: any; "": the kernel says nothing more */
} rows[] = {
	{ "limits-set without limits", SET, put_missing, EINVAL,
	  "no limit given" },
	{ "limits-set with an empty nest", SET, put_empty_nest, EINVAL,
	  "no limit given" },
	{ "limits without the nested flag", SET, put_no_nested_flag, EINVAL,
	  NULL },
	{ "limits as a number", SET, put_limits_as_u32, EINVAL, NULL },
	{ "a version in a request", SET, put_version, EINVAL, NULL },
	{ "an abi in a request", SET, put_abi, EINVAL, NULL },
	{ "attribute 0", SET, put_type_zero, EINVAL, NULL },
	{ "an unknown attribute", SET, put_unknown, EINVAL, NULL },
	{ "the greatest attribute number", SET, put_unknown_far, EINVAL, NULL },
	{ "limit 0", SET, put_limit_zero, EINVAL, NULL },
	{ "an unknown limit", SET, put_unknown_limit, EINVAL, NULL },
	{ "a limit without a value", SET, put_limit_empty, EINVAL, NULL },
	{ "a limit of 1 byte", SET, put_limit_u8, EINVAL, NULL },
	{ "a limit of 2 bytes", SET, put_limit_u16, EINVAL, NULL },
	{ "a limit of 8 bytes", SET, put_limit_u64, EINVAL, NULL },
	{ "a limit with the nested flag", SET, put_limit_nested, EINVAL, NULL },
	{ "first limit one beyond its range", SET, put_first_beyond, ERANGE,
	  NULL },
	{ "last limit one beyond its range, after a good one", SET,
	  put_last_beyond, ERANGE, NULL },
	{ "a limit of 2^32 - 1", SET, put_u32_max, ERANGE, NULL },
	{ "a limit of 2^31", SET, put_sign_bit, ERANGE, NULL },
	{ "a good limit after a bad one", SET, put_bad_then_good, ERANGE,
	  NULL },
	{ "a limit twice, the first out of range", SET, put_twice_first_bad,
	  ERANGE, NULL },
	{ "limits twice, the first out of range", SET, put_nests_first_bad,
	  ERANGE, NULL },
	{ "one stray byte at the end", SET, put_stray_byte, EINVAL, NULL },
	{ "three stray bytes at the end", SET, put_stray_bytes, EINVAL, NULL },
	{ "stray bytes in the nest", SET, put_stray_in_nest, EINVAL, NULL },
	{ "an attribute shorter than its header", SET, put_short_attr, EINVAL,
	  NULL },
	{ "an attribute longer than the message", SET, put_long_attr, EINVAL,
	  NULL },
	{ "an attribute of length 0", SET, put_zero_length_attr, EINVAL, NULL },
	{ "a limit longer than its nest", SET, put_long_in_nest, EINVAL, NULL },
	{ "reserved bytes of the header set", SET, put_reserved, EINVAL, NULL },
	{ "flags that mean nothing here", SET, put_odd_flags, EINVAL, NULL },
	{ "limits-set as a dump", SET, put_dump_of_one, EOPNOTSUPP, "" },
	{ "limits-set with half a header", SET, put_half_header, EINVAL, NULL },
	{ "info-get as a dump", GET, put_dump, EOPNOTSUPP, "" },
	{ "info-get with half a header", GET, put_half_header, EINVAL, NULL },
	{ "info-get with an attribute of the reply", GET, put_attr, EINVAL,
	  NULL },
	{ "info-get with an unknown attribute", GET, put_attr_unknown, EINVAL,
	  NULL },
	{ "info-get with stray bytes", GET, put_only_stray, EINVAL, NULL },
	{ "a request for limits-ntf", NTF, put_nothing, EOPNOTSUPP, "" },
	{ "command 0", 0, put_nothing, EOPNOTSUPP, "" },
	{ "an unknown command", 200, put_nothing, EOPNOTSUPP, "" },
	{ "command 255", 255, put_nothing, EOPNOTSUPP, "" },
};

static bool check_row(const struct row *row)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(&root, buf, row->cmd);
	struct answer a;
	bool ok = true;
	int ret;

	blamed = -1;
	missed = -1;
	row->put(nlh);
	ret = client_ask(&root, nlh, &a);
	if (ret)
		return bad("%s", strerror(ret));
	if (a.err != row->err)
		ok = bad("error %d (%s), should be %d", a.err, strerror(a.err),
			 row->err);
	if (a.replies)
		ok = bad("a refusal with %u replies", a.replies);
	if (row->msg && strcmp(a.msg, row->msg))
		ok = bad("message \"%s\", should be \"%s\"", a.msg, row->msg);
	if (a.offs != blamed)
		ok = bad("blames offset %ld, should be %ld (\"%s\")", a.offs,
			 blamed, a.msg);
	if (a.miss != missed)
		ok = bad("misses attribute %ld, should be %ld", a.miss, missed);
	return holds(&root, "refused, yet", &defaults) && ok;
}

/* --- messages that are right ------------------------------------------------- */

static bool test_defaults(void)
{
	struct info want;
	unsigned int i;

	for (i = 0; i < family->n; i++)
		want.val[i] = family->limit[i].def;
	return holds(&root, "defaults", &want);
}

static bool test_bounds(void)
{
	struct info val;
	unsigned int i;
	bool ok = true;

	for (i = 0; i < family->n; i++) {
		val.val[i] = 0;
		ok &= changes(&root, 1U << i, &val);
		val.val[i] = family->limit[i].max;
		ok &= changes(&root, 1U << i, &val);
		ok &= changes(&root, 1U << i, &defaults);
	}
	return ok;
}

static bool test_all_at_once(void)
{
	struct info val;
	unsigned int i;
	bool ok;

	for (i = 0; i < family->n; i++)
		val.val[i] = i + 1;
	ok = changes(&root, ALL(family), &val);
	return changes(&root, ALL(family), &defaults) && ok;
}

static bool put_and_hold(void (*put)(struct nlmsghdr *), uint32_t want)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(&root, buf, SET);
	struct info val = defaults;
	struct answer a;
	bool ok;
	int ret;

	put(nlh);
	ret = client_ask(&root, nlh, &a);
	if (ret || a.err)
		return bad("%s %s", strerror(ret ? ret : a.err), a.msg);
	val.val[0] = want;
	ok = holds(&root, "after", &val);
	return changes(&root, ALL(family), &defaults) && ok;
}

static void put_twice(struct nlmsghdr *nlh)
{
	struct nlattr *n = nest(nlh);

	mnl_attr_put_u32(nlh, 1, 7);
	mnl_attr_put_u32(nlh, 1, 8);
	mnl_attr_nest_end(nlh, n);
}

/* Netlink's convention: the last one counts. */
static bool test_twice(void)
{
	return put_and_hold(put_twice, 8);
}

static void put_other_version(struct nlmsghdr *nlh)
{
	struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	put_one(nlh);
	genl->version = 2;
}

/* The version is informative; the abi number is what is kept. */
static bool test_version_ignored(void)
{
	return put_and_hold(put_other_version, defaults.val[0] - 1);
}

/* Not a request: acknowledged, and nothing done. */
static bool test_no_request_flag(void)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(&root, buf, SET);
	struct answer a;
	int ret;

	put_one(nlh);
	nlh->nlmsg_flags = NLM_F_ACK;
	ret = client_ask(&root, nlh, &a);
	if (ret || a.err || a.replies)
		return bad("%s, %u replies", strerror(ret ? ret : a.err),
			   a.replies);
	return holds(&root, "no request, yet", &defaults);
}

/* Two requests in one datagram, the first of them bad. */
static bool test_two_in_one(void)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	char more[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *first = client_begin(&root, buf, SET);
	struct nlmsghdr *second = client_begin(&root, more, SET);
	uint32_t seq = second->nlmsg_seq;
	struct info want = defaults;
	struct answer a, b;
	bool ok = true;
	size_t len;
	int ret;

	put_first_beyond(first);
	put_one(second);
	len = MNL_ALIGN(first->nlmsg_len);
	memcpy(buf + len, more, second->nlmsg_len);
	if (mnl_socket_sendto(root.nl, buf, len + second->nlmsg_len) < 0)
		return bad("%s", strerror(errno));
	root.seq = first->nlmsg_seq;
	ret = client_answer(&root, &a);
	root.seq = seq;
	if (!ret)
		ret = client_answer(&root, &b);
	if (ret)
		return bad("%s", strerror(ret));
	if (a.err != ERANGE || b.err)
		ok = bad("errors %d and %d, should be %d and 0", a.err, b.err,
			 ERANGE);
	want.val[0]--;
	ok &= holds(&root, "after", &want);
	return changes(&root, ALL(family), &defaults) && ok;
}

/* --- what the family says of itself -------------------------------------------- */

struct self {
	uint32_t version, maxattr, ops, groups;
	uint32_t flags[256];
	char group[GENL_NAMSIZ];
	uint32_t nested_policy; /* of the attribute "limits" of limits-set */
	uint32_t do_policy[256];
	uint32_t max[NL_LIMITS_MAX + 1], type[NL_LIMITS_MAX + 1];
};

static void self_groups(const struct nlattr *groups, struct self *self)
{
	const struct nlattr *group, *a;

	mnl_attr_for_each_nested(group, groups) {
		self->groups++;
		mnl_attr_for_each_nested(a, group)
			if (mnl_attr_get_type(a) == CTRL_ATTR_MCAST_GRP_NAME)
				snprintf(self->group, sizeof(self->group), "%s",
					 mnl_attr_get_str(a));
	}
}

static void self_ops(const struct nlattr *ops, struct self *self)
{
	const struct nlattr *op, *a;

	mnl_attr_for_each_nested(op, ops) {
		uint32_t id = 0, flags = 0;

		mnl_attr_for_each_nested(a, op) {
			if (mnl_attr_get_type(a) == CTRL_ATTR_OP_ID)
				id = mnl_attr_get_u32(a);
			if (mnl_attr_get_type(a) == CTRL_ATTR_OP_FLAGS)
				flags = mnl_attr_get_u32(a);
		}
		self->ops++;
		self->flags[id & 255] = flags;
	}
}

static int self_family(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr;
	struct self *self = data;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case CTRL_ATTR_VERSION:
			self->version = mnl_attr_get_u32(attr);
			break;
		case CTRL_ATTR_MAXATTR:
			self->maxattr = mnl_attr_get_u32(attr);
			break;
		case CTRL_ATTR_OPS:
			self_ops(attr, self);
			break;
		case CTRL_ATTR_MCAST_GROUPS:
			self_groups(attr, self);
			break;
		}
	}
	return MNL_CB_OK;
}

/* One attribute's line of one policy. */
static void self_policy_attr(const struct nlattr *attr, uint32_t policy,
			     struct self *self)
{
	uint32_t id = mnl_attr_get_type(attr);
	uint32_t type = 0, nested = 0;
	uint64_t max = 0;
	const struct nlattr *a;

	mnl_attr_for_each_nested(a, attr) {
		switch (mnl_attr_get_type(a)) {
		case NL_POLICY_TYPE_ATTR_TYPE:
			type = mnl_attr_get_u32(a);
			break;
		case NL_POLICY_TYPE_ATTR_MAX_VALUE_U:
			max = mnl_attr_get_u64(a);
			break;
		case NL_POLICY_TYPE_ATTR_POLICY_IDX:
			nested = mnl_attr_get_u32(a);
			break;
		}
	}
	if (policy == self->do_policy[SET] && id == NETSWITCH_A_INFO_LIMITS &&
	    type == NL_ATTR_TYPE_NESTED)
		self->nested_policy = nested;
	else if (policy == self->nested_policy && id <= NL_LIMITS_MAX) {
		self->type[id] = type;
		self->max[id] = max;
	}
}

static int self_policy(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *op, *a;
	struct self *self = data;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_OP_POLICY)
			mnl_attr_for_each_nested(op, attr)
				mnl_attr_for_each_nested(a, op)
					if (mnl_attr_get_type(a) ==
					    CTRL_ATTR_POLICY_DO)
						self->do_policy
							[mnl_attr_get_type(op) &
							 255] =
							mnl_attr_get_u32(a);
		if (mnl_attr_get_type(attr) == CTRL_ATTR_POLICY)
			mnl_attr_for_each_nested(op, attr)
				mnl_attr_for_each_nested(a, op)
					self_policy_attr(
						a, mnl_attr_get_type(op), self);
	}
	return MNL_CB_OK;
}

static bool ask_control(uint8_t cmd, uint16_t flags, mnl_cb_t callback,
			struct self *self)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct mnl_socket *nl = mnl_socket_open(NETLINK_GENERIC);
	struct nlmsghdr *nlh;
	ssize_t len;
	int ret = -1;

	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID))
		return bad("socket: %s", strerror(errno));
	nlh = client_begin(&root, buf, cmd);
	nlh->nlmsg_type = GENL_ID_CTRL;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, family->name);
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		goto out;
	do {
		len = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		ret = len < 0 ?
			      -1 :
			      mnl_cb_run(buf, len, root.seq, 0, callback, self);
	} while (ret > 0);
out:
	if (ret < 0)
		bad("asking about the family: %s", strerror(errno));
	mnl_socket_close(nl);
	return ret >= 0;
}

static bool test_control_family(void)
{
	struct self self = { 0 };
	bool ok;

	/* One command, one reply, then the acknowledgment. */
	ok = ask_control(CTRL_CMD_GETFAMILY, NLM_F_ACK, self_family, &self);
	if (self.version != 1)
		ok = bad("version %u", self.version);
	if (!(self.flags[GET] & GENL_CMD_CAP_DO) ||
	    !(self.flags[SET] & GENL_CMD_CAP_DO) || self.flags[NTF])
		ok = bad(
			"%u commands; should be info-get, limits-set and none of limits-ntf",
			self.ops);
	if ((self.flags[GET] | self.flags[SET]) & GENL_CMD_CAP_DUMP)
		ok = bad("info-get or limits-set claims to have a dump");
	if (self.groups != 1 || strcmp(self.group, "events"))
		ok = bad("%u groups, one \"%s\"; should be events alone",
			 self.groups, self.group);
	return ok;
}

static bool test_control_policy(void)
{
	struct self self = { .nested_policy = UINT32_MAX };
	unsigned int i;
	bool ok;

	ok = ask_control(CTRL_CMD_GETPOLICY, NLM_F_DUMP, self_policy, &self);
	if (ok && self.nested_policy == UINT32_MAX)
		return bad("limits-set has no policy for its limits");
	for (i = 0; ok && i < family->n; i++)
		if (self.type[i + 1] != NL_ATTR_TYPE_U32 ||
		    self.max[i + 1] != family->limit[i].max)
			ok = bad("%s: type %u, max %u; should be %u, max %u",
				 family->limit[i].name, self.type[i + 1],
				 self.max[i + 1], NL_ATTR_TYPE_U32,
				 family->limit[i].max);
	return ok;
}

/* --- who may change what ------------------------------------------------------ */

static bool open_here(struct client *c)
{
	int ret = client_open(c, family);

	return !ret || bad("no socket: %s", strerror(ret));
}

/* As "unshare -rn" of a user without any right. */
static bool sandbox(struct client *c)
{
	return user_namespace(CLONE_NEWNET) && open_here(c);
}

/* Exactly these capabilities, as uid nobody. */
static bool with_caps(uint64_t caps)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct data[2] = {
		{ .effective = caps, .permitted = caps },
		{ .effective = caps >> 32, .permitted = caps >> 32 },
	};

	if (prctl(PR_SET_KEEPCAPS, 1) || !become(NOBODY))
		return bad("keep capabilities: %s", strerror(errno));
	if (syscall(SYS_capset, &head, data))
		return bad("capset: %s", strerror(errno));
	return true;
}

/* Where the first limit of client_set()'s nest stands. */
#define OFFS_LIMIT(i) \
	(NLMSG_HDRLEN + GENL_HDRLEN + NLA_HDRLEN + (long)(i) * (NLA_HDRLEN + 4))

static bool test_nobody(void)
{
	struct info val = defaults;
	struct client c;
	bool ok;

	if (!become(NOBODY) || !open_here(&c))
		return false;
	ok = holds(&c, "nobody's info-get", &defaults);
	val.val[0]--;
	ok &= refused(&c, 1, &val, EPERM, MSG_CHANGE, -1);
	/* Not even to what it is. */
	return refused(&c, ALL(family), &defaults, EPERM, MSG_CHANGE, -1) && ok;
}

static bool test_net_admin_alone(void)
{
	struct info val = defaults;
	struct client c;
	bool ok;

	if (!with_caps(1ULL << CAP_NET_ADMIN) || !open_here(&c))
		return false;
	val.val[0]--;
	ok = changes(&c, 1, &val);
	return changes(&c, 1, &defaults) && ok;
}

static bool test_all_but_net_admin(void)
{
	struct info val = defaults;
	struct client c;
	uint64_t all = (2ULL << CAP_LAST_CAP) - 1;

	if (!with_caps(all & ~(1ULL << CAP_NET_ADMIN)) || !open_here(&c))
		return false;
	val.val[0]--;
	return refused(&c, 1, &val, EPERM, MSG_CHANGE, -1);
}

static bool effective_uid(uid_t uid)
{
	return !seteuid(uid) || bad("seteuid: %s", strerror(errno));
}

/* A privileged program that is handed a socket as its output, and writes there
 * without knowing that it speaks to the kernel, lends the opener no right.
 */
static bool test_opened_by_nobody(void)
{
	struct info val = defaults;
	struct client c;

	if (!effective_uid(NOBODY) || !open_here(&c) || !effective_uid(0))
		return false;
	c.writes = true;
	val.val[0]--;
	return refused(&c, 1, &val, EPERM, MSG_CHANGE, -1);
}

static bool test_opened_by_root(void)
{
	struct info val = defaults;
	struct client c;

	if (!open_here(&c) || !effective_uid(NOBODY))
		return false;
	val.val[0]--;
	return refused(&c, 1, &val, EPERM, MSG_CHANGE, -1);
}

/* Half of the limits are lower outside, the others higher. */
static bool test_sandbox_has_no_more(void)
{
	struct info val, want = defaults;
	struct client c;
	unsigned int i;

	for (i = 0; i < family->n; i++)
		val.val[i] = i % 2 ? family->limit[i].max : 5;
	for (i = 0; i < family->n; i += 2)
		want.val[i] = 5;
	if (!changes(&root, ALL(family), &val))
		return false;
	return sandbox(&c) && holds(&c, "inside", &want);
}

static bool test_root_starts_anew(void)
{
	struct info val = defaults;
	struct client c;

	val.val[0] = 5;
	if (!changes(&root, 1, &val))
		return false;
	if (unshare(CLONE_NEWNET))
		return bad("unshare: %s", strerror(errno));
	return open_here(&c) && holds(&c, "inside", &defaults);
}

static bool test_sandbox_lowers(void)
{
	struct info val = defaults;
	struct client c;
	bool ok;

	if (!sandbox(&c))
		return false;
	val.val[0] -= 2;
	ok = changes(&c, 1, &val);
	val.val[1] = 0;
	ok &= changes(&c, 3, &val);
	/* Not to be had back, not even within what was the default. */
	val.val[0]++;
	return refused(&c, 1, &val, EPERM, MSG_RAISE, OFFS_LIMIT(0)) && ok;
}

static bool test_sandbox_keeps(void)
{
	struct client c;

	/* To set what is set is no raise. */
	return sandbox(&c) && changes(&c, ALL(family), &defaults);
}

static bool test_sandbox_raises(void)
{
	struct info val = defaults;
	struct client c;
	unsigned int i;
	bool ok = true;

	if (!sandbox(&c))
		return false;
	for (i = 0; i < family->n; i++) {
		val.val[i]++;
		ok &= refused(&c, 1U << i, &val, EPERM, MSG_RAISE,
			      OFFS_LIMIT(0));
	}
	return ok;
}

static bool test_sandbox_all_or_none(void)
{
	struct info val = defaults;
	struct client c;
	unsigned int last = family->n - 1;

	if (!sandbox(&c))
		return false;
	val.val[0]--;
	val.val[last]++;
	return refused(&c, 1 | 1U << last, &val, EPERM, MSG_RAISE,
		       OFFS_LIMIT(1));
}

/* root of a namespace of one's own, but not of the network namespace. */
static bool test_userns_alone(void)
{
	struct info val = defaults;
	struct client c;

	if (!user_namespace(0) || !open_here(&c))
		return false;
	val.val[0]--;
	return refused(&c, 1, &val, EPERM, MSG_CHANGE, -1);
}

/* Real root in a namespace of its own is still real root. */
static bool test_netns_root(void)
{
	struct info val = defaults;
	struct client c;
	bool ok;

	if (unshare(CLONE_NEWNET))
		return bad("unshare: %s", strerror(errno));
	if (!open_here(&c))
		return false;
	val.val[0]--;
	ok = changes(&c, 1, &val);
	val.val[0] = family->limit[0].max;
	return changes(&c, 1, &val) && ok && holds(&root, "outside", &defaults);
}

/* A socket stays in the namespace it was opened in. */
static bool test_socket_stays(void)
{
	struct info val = defaults;
	struct client inside;

	if (unshare(CLONE_NEWNET))
		return bad("unshare: %s", strerror(errno));
	val.val[0]--;
	return changes(&root, 1, &val) && open_here(&inside) &&
	       holds(&inside, "inside", &defaults) &&
	       changes(&root, 1, &defaults);
}

/* Runs last of the above: nothing they did reached the first namespace. */
static bool test_outside_untouched(void)
{
	return holds(&root, "outside", &defaults);
}

/* --- events ----------------------------------------------------------------- */

static bool event_is(struct client *c, const struct info *want)
{
	const char *odd;
	struct info got;
	int ret = client_event(c, EVENT_MS, &got, &odd);

	if (ret)
		return bad("event: %s", strerror(ret));
	if (odd)
		return bad("event: %s", odd);
	return same("event", want, &got);
}

static bool quiet(struct client *c)
{
	struct info got;
	const char *odd;

	/* Events are queued before the acknowledgment of their cause. */
	return client_event(c, 0, &got, &odd) == ETIMEDOUT ||
	       bad("an event, where none should be");
}

static bool listen_here(struct client *c)
{
	int ret;

	if (!open_here(c))
		return false;
	ret = client_join(c);
	return !ret || bad("join: %s", strerror(ret));
}

static bool test_event(void)
{
	struct info val = defaults;
	struct client c;
	unsigned int i;
	bool ok;

	if (!listen_here(&c))
		return false;
	for (i = 0; i < family->n; i++)
		val.val[i]--;
	ok = changes(&root, ALL(family), &val) && event_is(&c, &val) &&
	     changes(&root, ALL(family), &defaults) &&
	     event_is(&c, &defaults) && quiet(&c);
	client_close(&c);
	return ok;
}

static bool test_event_only_of_changes(void)
{
	struct info val = defaults;
	struct client c;
	bool ok;

	if (!listen_here(&c))
		return false;
	ok = changes(&root, ALL(family), &defaults) && quiet(&c);
	val.val[0] = family->limit[0].max + 1;
	ok &= refused(&root, 1, &val, ERANGE, NULL, OFFS_LIMIT(0)) && quiet(&c);
	client_close(&c);
	return ok;
}

static bool test_event_stays_outside(void)
{
	struct client asks, inside, outside;
	struct info val = defaults;

	if (!listen_here(&outside))
		return false;
	if (unshare(CLONE_NEWNET))
		return bad("unshare: %s", strerror(errno));
	if (!listen_here(&inside) || !open_here(&asks))
		return false;
	val.val[0]--;
	return changes(&asks, 1, &val) && event_is(&inside, &val) &&
	       quiet(&outside) && changes(&root, 1, &val) &&
	       event_is(&outside, &val) && quiet(&inside) &&
	       changes(&root, 1, &defaults);
}

static bool test_join_nobody(void)
{
	struct client c;
	int ret;

	if (!become(NOBODY) || !open_here(&c))
		return false;
	ret = client_join(&c);
	return ret == EPERM || bad("join: %s, should be EPERM", strerror(ret));
}

static bool test_join_userns_alone(void)
{
	struct client c;
	int ret;

	if (!become(NOBODY) || unshare(CLONE_NEWUSER))
		return bad("unshare: %s", strerror(errno));
	if (!open_here(&c))
		return false;
	ret = client_join(&c);
	return ret == EPERM || bad("join: %s, should be EPERM", strerror(ret));
}

/* A process that stays root outside: for each byte that comes by @from it
 * changes the first limit there, and answers by @to.
 */
static pid_t outside(const int *from, const int *to)
{
	struct info val = defaults;
	pid_t pid = fork();
	char c;

	if (pid)
		return pid;
	alarm(60);
	close(from[1]);
	close(to[0]);
	while (read(from[0], &c, 1) == 1) {
		val.val[0]--;
		if (!changes(&root, 1, &val) || write(to[1], &c, 1) != 1)
			_exit(1);
	}
	_exit(0);
}

static bool test_join_sandbox(void)
{
	struct info val = defaults;
	struct client asks, c;
	int to[2], from[2];
	int ret, status;
	char byte = 0;
	pid_t pid;
	bool ok;

	if (pipe(to) || pipe(from))
		return bad("pipe: %s", strerror(errno));
	fflush(stdout);
	pid = outside(to, from);
	close(from[1]);
	if (!sandbox(&asks) || !open_here(&c))
		return false;
	ret = client_join(&c);
	if (ret)
		return bad("join: %s", strerror(ret));
	val.val[0]--;
	ok = write(to[1], &byte, 1) == 1 && read(from[0], &byte, 1) == 1;
	if (!ok)
		bad("no change was made outside");
	ok = ok && quiet(&c) && changes(&asks, 1, &val) && event_is(&c, &val) &&
	     quiet(&c);
	close(to[1]);
	if (waitpid(pid, &status, 0) != pid || status)
		ok = bad("the process outside failed");
	return ok;
}

/* --- several at once ----------------------------------------------------------- */

/* A reader never sees one of two limits that are changed together. */
static bool test_changes_show_whole(void)
{
	struct info even = defaults, odd_ones = defaults, got;
	struct client c;
	int status, ret, i;
	bool ok = true;
	pid_t pid;

	for (i = 0; i < (int)family->n; i++) {
		even.val[i] = 2;
		odd_ones.val[i] = 1;
	}
	fflush(stdout);
	pid = fork();
	if (!pid) {
		struct answer a;

		alarm(120);
		if (!open_here(&c))
			_exit(1);
		for (i = 0; i < 500; i++)
			if (client_set(&c, ALL(family),
				       i & 1 ? &odd_ones : &even, &a) ||
			    a.err)
				_exit(1);
		_exit(0);
	}
	if (!open_here(&c))
		return false;
	do {
		ret = client_get(&c, &got);
		for (i = 1; !ret && ok && got.val[0] < 3 && i < (int)family->n;
		     i++)
			if (got.val[i] != got.val[0])
				ok = bad("half a change: %u and %u", got.val[0],
					 got.val[i]);
	} while (!ret && waitpid(pid, &status, WNOHANG) == 0);
	if (ret) {
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		ok = bad("info-get: %s", strerror(ret));
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		ok = bad("the writer failed");
	client_close(&c);
	return changes(&root, ALL(family), &defaults) && ok;
}

static const struct test {
	const char *what;
	bool (*fn)(void);
	bool apart; /* changes what the process is */
} tests[] = {
	{ "the defaults are as documented", test_defaults, false },
	{ "every limit takes 0 and its greatest value", test_bounds, false },
	{ "all limits at once", test_all_at_once, false },
	{ "of the same limit twice the last counts", test_twice, false },
	{ "another family version is answered", test_version_ignored, false },
	{ "without the request flag nothing is done", test_no_request_flag,
	  false },
	{ "two requests in one datagram are judged apart", test_two_in_one,
	  false },
	{ "commands and groups, as the family tells", test_control_family,
	  false },
	{ "ranges of the limits, as the family tells", test_control_policy,
	  false },
	{ "nobody may look and not change", test_nobody, true },
	{ "CAP_NET_ADMIN is enough", test_net_admin_alone, true },
	{ "all capabilities but CAP_NET_ADMIN are not", test_all_but_net_admin,
	  true },
	{ "a socket that nobody opened gets no right from root",
	  test_opened_by_nobody, true },
	{ "a socket that root opened gives no right to nobody",
	  test_opened_by_root, true },
	{ "a sandbox may lower, and not raise again", test_sandbox_lowers,
	  true },
	{ "a sandbox may set what is set", test_sandbox_keeps, true },
	{ "a sandbox may raise nothing", test_sandbox_raises, true },
	{ "a sandbox's request is done whole or not at all",
	  test_sandbox_all_or_none, true },
	{ "root of a user namespace alone has no right", test_userns_alone,
	  true },
	{ "root in a network namespace may raise there", test_netns_root,
	  true },
	{ "a socket stays in its namespace", test_socket_stays, true },
	{ "none of that has reached the first namespace",
	  test_outside_untouched, false },
	{ "a sandbox has the defaults, but no more than where it is made",
	  test_sandbox_has_no_more, true },
	{ "a namespace that root makes has the defaults", test_root_starts_anew,
	  true },
	{ "a change is told to those who listen", test_event, false },
	{ "only a change is told", test_event_only_of_changes, false },
	{ "a change is told in its own namespace alone",
	  test_event_stays_outside, true },
	{ "nobody may not listen", test_join_nobody, true },
	{ "root of a user namespace alone may not listen",
	  test_join_userns_alone, true },
	{ "a sandbox hears of itself and nothing from outside",
	  test_join_sandbox, true },
	{ "a change of several limits shows whole", test_changes_show_whole,
	  false },
};

/* What one test left half done spoils no other. */
static void start_over(void)
{
	struct answer a;
	int ret = client_set(&root, ALL(family), &defaults, &a);

	if (ret || a.err)
		ksft_exit_fail_msg("cannot set the defaults again: %s\n",
				   strerror(ret ? ret : a.err));
}

int main(int argc, char **argv)
{
	unsigned int i;
	int ret;

	family = argc == 2 ? family_find(argv[1]) : NULL;
	if (!family) {
		fprintf(stderr,
			"usage: nlprobe netswitch|utcp|utcp-acl|utcp-shaper\n");
		return KSFT_FAIL;
	}
	ksft_print_header();
	ksft_set_plan(ARRAY_SIZE(rows) + ARRAY_SIZE(tests));
	ret = client_open(&root, family);
	if (ret)
		ksft_exit_fail_msg("%s: %s\n", family->name, strerror(ret));
	ret = client_get(&root, &defaults);
	if (ret)
		ksft_exit_fail_msg("%s: info-get: %s\n", family->name,
				   strerror(ret));

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ksft_test_result(check_row(&rows[i]), "%s\n", rows[i].what);
		start_over();
	}
	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		bool ok = tests[i].apart ? apart(tests[i].fn) : tests[i].fn();

		ksft_test_result(ok, "%s\n", tests[i].what);
		start_over();
	}
	client_close(&root);
	ksft_finished();
}
