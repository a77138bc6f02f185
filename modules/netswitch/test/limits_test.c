// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of limits.c, in the order of its functions. The file under test
 * is included, so that its statics can be called; its exports would clash with
 * netswitch.ko's and are left out.
 */
#include <kunit/test.h>
#include <linux/module.h>

#undef EXPORT_SYMBOL_GPL
#define EXPORT_SYMBOL_GPL(...)

#include "../limits.c"

#define TEST_CMD 1
#define TEST_N 3

static const struct nla_policy test_policy[TEST_N + 1] = {
	[1] = { .type = NLA_U32 },
	[2] = NLA_POLICY_MAX(NLA_U32, 100),
	[3] = { .type = NLA_U32 },
};

static struct genl_family test_family = {
	.id = GENL_ID_CTRL,
	.name = "limits-test",
	.version = 1,
};

static const struct netswitch_limits_desc test_desc = {
	.family = &test_family,
	.abi = 7,
	.n = TEST_N,
	.policy = test_policy,
	.def = { 10, 20, 30 },
};

/* A message of u32 attributes, kept as long as the test. */
struct test_request {
	struct nlattr *tb[NETSWITCH_LIMITS_MAX + 1];
	u32 buf[NETSWITCH_LIMITS_MAX * 2];
};

static void test_request_add(struct test_request *req, u8 attr, u32 value)
{
	struct nlattr *nla = (struct nlattr *)&req->buf[2 * attr - 2];

	nla->nla_type = attr;
	nla->nla_len = nla_attr_size(sizeof(value));
	memcpy(nla_data(nla), &value, sizeof(value));
	req->tb[attr] = nla;
}

static struct test_request *test_request(struct kunit *test)
{
	struct test_request *req =
		kunit_kzalloc(test, sizeof(*req), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, req);
	return req;
}

static void limits_init__gives_defaults(struct kunit *test)
{
	struct netswitch_limits limits;

	memset(&limits, 0xff, sizeof(limits));
	netswitch_limits_init(&test_desc, &limits, NULL);
	KUNIT_EXPECT_EQ(test, limits.val[0], 10);
	KUNIT_EXPECT_EQ(test, limits.val[1], 20);
	KUNIT_EXPECT_EQ(test, limits.val[2], 30);
}

static void limits_init__no_more_than_the_makers(struct kunit *test)
{
	struct netswitch_limits limits, maker = { .val = { 9, 21, 0 } };

	netswitch_limits_init(&test_desc, &limits, &maker);
	KUNIT_EXPECT_EQ(test, limits.val[0], 9);
	KUNIT_EXPECT_EQ(test, limits.val[1], 20);
	KUNIT_EXPECT_EQ(test, limits.val[2], 0);
}

static void info_msg__holds_all_and_fits(struct kunit *test)
{
	const u32 val[NETSWITCH_LIMITS_MAX] = { 1, 2, 3 };
	struct nlattr *tb[NETSWITCH_A_INFO_MAX + 1];
	struct nlattr *nest[TEST_N + 1];
	struct genlmsghdr *genl;
	struct sk_buff *msg;
	struct nlmsghdr *nlh;

	msg = info_msg(&test_desc, val, 5, 6, TEST_CMD);
	KUNIT_ASSERT_NOT_NULL(test, msg);
	nlh = nlmsg_hdr(msg);
	genl = nlmsg_data(nlh);
	KUNIT_EXPECT_EQ(test, nlh->nlmsg_len, msg->len);
	KUNIT_EXPECT_EQ(test, nlh->nlmsg_pid, 5);
	KUNIT_EXPECT_EQ(test, nlh->nlmsg_seq, 6);
	KUNIT_EXPECT_EQ(test, genl->cmd, TEST_CMD);

	KUNIT_ASSERT_EQ(test, 0,
			nla_parse(tb, NETSWITCH_A_INFO_MAX, genlmsg_data(genl),
				  genlmsg_len(genl), NULL, NULL));
	KUNIT_EXPECT_STREQ(test, nla_data(tb[NETSWITCH_A_INFO_VERSION]),
			   UTCP_VERSION);
	KUNIT_EXPECT_EQ(test, nla_get_u32(tb[NETSWITCH_A_INFO_ABI]), 7);
	KUNIT_ASSERT_EQ(test, 0,
			nla_parse_nested(nest, TEST_N,
					 tb[NETSWITCH_A_INFO_LIMITS],
					 test_policy, NULL));
	KUNIT_EXPECT_EQ(test, nla_get_u32(nest[1]), 1);
	KUNIT_EXPECT_EQ(test, nla_get_u32(nest[2]), 2);
	KUNIT_EXPECT_EQ(test, nla_get_u32(nest[3]), 3);
	nlmsg_free(msg);
}

/* Each case: what is asked of limits 1 to 3 (-1: not named), from 10/20/30. */
struct apply_case {
	const char *name;
	s64 ask[TEST_N];
	bool may_raise;
	int ret;
	u32 val[TEST_N]; /* afterwards */
	u8 bad; /* attribute that extack must name; 0: none */
};

static const struct apply_case apply_cases[] = {
	{ "none", { -1, -1, -1 }, true, -ENODATA, { 10, 20, 30 } },
	{ "same", { 10, -1, -1 }, false, 0, { 10, 20, 30 } },
	{ "lower one", { 9, -1, -1 }, false, 1, { 9, 20, 30 } },
	{ "lower all", { 1, 2, 3 }, false, 3, { 1, 2, 3 } },
	{ "to zero", { -1, -1, 0 }, false, 1, { 10, 20, 0 } },
	{ "raise", { 11, -1, -1 }, true, 1, { 11, 20, 30 } },
	{ "raise, not allowed",
	  { 11, -1, -1 },
	  false,
	  -EPERM,
	  { 10, 20, 30 },
	  1 },
	{ "all or none", { 5, 6, 31 }, false, -EPERM, { 10, 20, 30 }, 3 },
	{ "lower and raise", { 5, -1, 31 }, true, 2, { 5, 20, 31 } },
	{ "largest", { U32_MAX, -1, -1 }, true, 1, { U32_MAX, 20, 30 } },
};

static void apply_case_desc(const struct apply_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(apply, apply_cases, apply_case_desc);

static void limits_apply__table(struct kunit *test)
{
	const struct apply_case *c = test->param_value;
	struct test_request *req = test_request(test);
	u32 val[NETSWITCH_LIMITS_MAX] = { 10, 20, 30 };
	struct netlink_ext_ack extack = {};
	int i;

	for (i = 0; i < TEST_N; i++)
		if (c->ask[i] >= 0)
			test_request_add(req, i + 1, c->ask[i]);

	KUNIT_EXPECT_EQ(test, c->ret,
			limits_apply(&test_desc, req->tb, c->may_raise, val,
				     &extack));
	for (i = 0; i < TEST_N; i++)
		KUNIT_EXPECT_EQ(test, val[i], c->val[i]);
	if (c->ret == -EPERM)
		KUNIT_EXPECT_NOT_NULL(test, extack._msg);
	else
		KUNIT_EXPECT_NULL(test, extack._msg);
	KUNIT_EXPECT_PTR_EQ(test, extack.bad_attr,
			    (const struct nlattr *)(c->bad ? req->tb[c->bad] :
							     NULL));
}

static void limits_assign__leaves_the_rest(struct kunit *test)
{
	const u32 val[NETSWITCH_LIMITS_MAX] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct netswitch_limits limits;

	netswitch_limits_init(&test_desc, &limits, NULL);
	mutex_lock(&limits.lock);
	limits_assign(&test_desc, &limits, val);
	mutex_unlock(&limits.lock);
	KUNIT_EXPECT_EQ(test, limits.val[TEST_N - 1], 3);
	KUNIT_EXPECT_EQ(test, limits.val[TEST_N], 0);
}

static struct kunit_case limits_cases[] = {
	KUNIT_CASE(limits_init__gives_defaults),
	KUNIT_CASE(limits_init__no_more_than_the_makers),
	KUNIT_CASE(info_msg__holds_all_and_fits),
	KUNIT_CASE_PARAM(limits_apply__table, apply_gen_params),
	KUNIT_CASE(limits_assign__leaves_the_rest),
	{}
};

static struct kunit_suite limits_suite = {
	.name = "netswitch_limits",
	.test_cases = limits_cases,
};

kunit_test_suite(limits_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit tests of netswitch");
