// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of rule.c: a rule says of any key what acl_match_key() says, and can be read
 * back.
 */
#include "../rule.c"

#include <kunit/test.h>
#include <linux/in.h>

#include "model.h"

static void rule__as_match(struct kunit *test)
{
	struct model_world world = { .random.state = 11 };
	unsigned int i, met = 0;

	for (i = 0; i < 20000; i++) {
		struct model_packet packet;
		u64 until = ACL_FOREVER;
		struct acl_match match, back;
		struct acl_rule rule;
		struct acl_key key;
		bool meets;

		world.plain = i % 2;
		model_match(&world, &match);
		model_packet(&world, &packet);
		KUNIT_ASSERT_EQ(test, model_key(&world, &packet, &key), 0);
		KUNIT_ASSERT_EQ(test, acl_rule_init(&rule, &match, 7, i), 0);
		meets = acl_rule_meets(&rule, &key, 0, &until);
		met += meets;
		KUNIT_EXPECT_EQ_MSG(test, meets, acl_match_key(&match, &key, 0),
				    "round %u", i);
		KUNIT_EXPECT_EQ_MSG(test, meets,
				    model_meets(&world, &match, &packet, 0),
				    "round %u", i);
		/* Keys that can meet it are in its classes. */
		KUNIT_EXPECT_TRUE_MSG(test,
				      !meets || acl_rule_classes(&rule) &
							BIT(key.class),
				      "round %u", i);
		acl_rule_match(&rule, &back);
		KUNIT_EXPECT_TRUE_MSG(test,
				      !memcmp(&back, &match, sizeof(match)),
				      "round %u", i);
		KUNIT_EXPECT_EQ(test, acl_rule_prio(&rule), 7);
		KUNIT_EXPECT_EQ(test, acl_rule_handle(&rule), (u64)i);
		acl_rule_destroy(&rule);
	}
	KUNIT_EXPECT_GT(test, met, 500U);
}

/* All ranges of a few ports against all of these. */
static void rule__ranges(struct kunit *test)
{
	struct acl_match match = {
		.asks = BIT(ACL_ASK_PROTO) | BIT(ACL_ASK_DPORT),
		.proto = IPPROTO_TCP,
	};
	struct acl_key key = { .class = acl_class(ACL_OUT, ACL_IPV4) };
	static const u16 first[] = { 0, 1020, 65520 };
	u64 l4 = 1ULL << (ACL_L4_FAMILY + ACL_IPV4) | (u64)IPPROTO_TCP
							      << ACL_L4_PROTO;
	unsigned int i, lo, hi, port, wrong = 0;

	for (i = 0; i < ARRAY_SIZE(first); i++)
		for (lo = 0; lo < 16; lo++)
			for (hi = lo; hi < 16; hi++) {
				struct acl_rule rule;
				u64 until = 0;

				match.dport.lo = first[i] + lo;
				match.dport.hi = first[i] + hi;
				acl_rule_init(&rule, &match, 0, 1);
				for (port = 0; port < 16; port++) {
					key.w[ACL_W_L4] = l4 |
							  (first[i] + port);
					wrong += acl_rule_meets(&rule, &key, 0,
								&until) !=
						 (port >= lo && port <= hi);
				}
				acl_rule_destroy(&rule);
			}
	KUNIT_EXPECT_EQ(test, wrong, 0U);
}

static struct kunit_case rule_cases[] = { KUNIT_CASE(rule__as_match),
					  KUNIT_CASE(rule__ranges),
					  {} };

static struct kunit_suite rule_suite = {
	.name = "acl_rule",
	.test_cases = rule_cases,
};

kunit_test_suite(rule_suite);
