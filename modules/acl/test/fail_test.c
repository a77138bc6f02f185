// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever runs out of memory, the rules are those from before, and nothing is lost.
 * In user space only, where each allocation can be made to fail.
 */
#include <kunit/test.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "../classify.h"
#include "../parse.h"
#include "../sets.h"
#include "model.h"

#define RULES 500
#define PACKETS 200

static struct acl_rule rules[RULES];
static const struct acl_rule *list[RULES];
static struct acl_key keys[PACKETS];
static struct acl_classifier c;
static const char *reason;

static const struct acl_rule *ask(const struct acl_key *key)
{
	struct acl_result result;

	rcu_read_lock();
	acl_classifier_lookup(&c, key, 0, &result);
	rcu_read_unlock();
	return result.rule;
}

/* Answers are those of the first @n rules without @but. */
static bool as_of(u32 n, const struct acl_rule *but)
{
	for (u32 i = 0; i < PACKETS; i++) {
		const struct acl_rule *best = NULL;

		for (u32 j = 0; j < n; j++) {
			u64 until;

			if (&rules[j] != but &&
			    acl_rule_meets(&rules[j], &keys[i], 0, &until) &&
			    (!best || rules[j].order < best->order))
				best = &rules[j];
		}
		if (ask(&keys[i]) != best)
			return false;
	}
	return true;
}

static void start(struct kunit *test)
{
	struct model_world world = { .random.state = 77 };
	struct model_packet packet;
	struct acl_match match;

	for (u32 i = 0; i < RULES; i++) {
		model_match(&world, &match);
		KUNIT_ASSERT_EQ(test,
				acl_rule_init(&rules[i], &match,
					      model_below(&world.random, 9),
					      i + 1),
				0);
		list[i] = &rules[i];
	}
	for (u32 i = 0; i < PACKETS; i++) {
		model_packet(&world, &packet);
		KUNIT_ASSERT_EQ(test, model_key(&world, &packet, &keys[i]), 0);
	}
	acl_classifier_init(&c);
}

static void end(struct kunit *test, long before)
{
	kern_fail_in = -1;
	acl_classifier_destroy(&c);
	for (u32 i = 0; i < RULES; i++)
		acl_rule_destroy(&rules[i]);
	synchronize_rcu();
	KUNIT_EXPECT_EQ(test, kern_allocated, before);
}

/* Without memory for more buckets it goes on; without any other, it does not. */
static void fail__build(struct kunit *test)
{
	long before = kern_allocated, at;
	u32 refused = 0, good = 0;
	bool failed = true;

	start(test);
	KUNIT_ASSERT_EQ(test, acl_classifier_build(&c, list, 40, &reason), 0);
	for (at = 0; failed; at++) {
		int ret;

		kern_fail_in = at;
		ret = acl_classifier_build(&c, list, RULES, &reason);
		failed = kern_fail_in < 0;
		kern_fail_in = -1;
		if (!ret) {
			KUNIT_ASSERT_TRUE(test, as_of(RULES, NULL));
			KUNIT_ASSERT_EQ(
				test,
				acl_classifier_build(&c, list, 40, &reason), 0);
			good++;
			continue;
		}
		KUNIT_ASSERT_EQ(test, ret, -ENOMEM);
		KUNIT_ASSERT_EQ(test, c.rules, 40U);
		if (at % 16 == 0)
			KUNIT_ASSERT_TRUE(test, as_of(40, NULL));
		refused++;
	}
	KUNIT_EXPECT_GT(test, refused, RULES - 1U);
	KUNIT_EXPECT_GT(test, good, 1U);
	end(test, before);
}

static void fail__insert(struct kunit *test)
{
	long before = kern_allocated, at;
	u32 n;

	start(test);
	for (n = 0; n < RULES; n++) {
		for (at = 0;; at++) {
			int ret;

			kern_fail_in = at;
			ret = acl_classifier_insert(&c, &rules[n], &reason);
			kern_fail_in = -1;
			if (!ret)
				break;
			KUNIT_ASSERT_EQ(test, ret, -ENOMEM);
			KUNIT_ASSERT_EQ(test, c.rules, n);
			if (n % 23 == 0)
				KUNIT_ASSERT_TRUE(test, as_of(n, NULL));
		}
		if (n % 23 == 0)
			KUNIT_ASSERT_TRUE(test, as_of(n + 1, NULL));
	}
	end(test, before);
}

/* Removing cannot fail, whatever does. */
static void fail__remove(struct kunit *test)
{
	long before = kern_allocated;
	u32 n;

	start(test);
	KUNIT_ASSERT_EQ(test, acl_classifier_build(&c, list, RULES, &reason),
			0);
	for (n = RULES; n--;) {
		kern_fail_in = n % 3;
		acl_classifier_remove(&c, &rules[n]);
		kern_fail_in = -1;
		KUNIT_ASSERT_EQ(test, c.rules, n);
		if (n % 23 == 0 || n < 30)
			KUNIT_ASSERT_TRUE(test, as_of(n, NULL));
	}
	end(test, before);
}

/* Nor in a list: the place stays, and nothing is in it. */
static void fail__remove_linear(struct kunit *test)
{
	long before = kern_allocated;

	start(test);
	KUNIT_ASSERT_EQ(test, acl_classifier_build(&c, list, 5, &reason), 0);
	kern_fail_in = 0;
	acl_classifier_remove(&c, &rules[2]);
	kern_fail_in = -1;
	KUNIT_EXPECT_TRUE(test, as_of(5, &rules[2]));
	KUNIT_ASSERT_EQ(test, acl_classifier_insert(&c, &rules[5], &reason), 0);
	KUNIT_EXPECT_TRUE(test, as_of(6, &rules[2]));
	kern_fail_in = 0;
	acl_classifier_remove(&c, &rules[3]);
	kern_fail_in = -1;
	KUNIT_ASSERT_EQ(test, acl_classifier_insert(&c, &rules[2], &reason), 0);
	KUNIT_EXPECT_TRUE(test, as_of(6, &rules[3]));
	end(test, before);
}

static void fail__sets(struct kunit *test)
{
	long before = kern_allocated, at;
	struct acl_set set;
	struct acl_set_elem elem = {
		.family = ACL_IPV4,
		.len = 32,
		.expires = ACL_FOREVER,
	};
	u32 i, refused = 0;

	kern_fail_in = 0;
	KUNIT_EXPECT_EQ(test, acl_set_init(&set, ACL_SET_PREFIX, 1000),
			-ENOMEM);
	KUNIT_ASSERT_EQ(test, acl_set_init(&set, ACL_SET_PREFIX, 1000), 0);
	for (i = 0; i < 1000; i++) {
		put_unaligned_be32(i, elem.addr);
		for (at = 0;; at++) {
			int ret;

			kern_fail_in = at;
			ret = acl_set_add(&set, &elem);
			kern_fail_in = -1;
			if (!ret)
				break;
			KUNIT_ASSERT_EQ(test, ret, -ENOMEM);
			refused++;
		}
		KUNIT_ASSERT_EQ(test, set.count, i + 1);
		KUNIT_ASSERT_EQ(test, acl_set_add(&set, &elem), 1);
	}
	KUNIT_EXPECT_EQ(test, refused, 1000U);
	acl_set_destroy(&set);
	synchronize_rcu();
	KUNIT_EXPECT_EQ(test, kern_allocated, before);
}

static void fail__rule(struct kunit *test)
{
	struct acl_match match = { .asks = BIT(ACL_ASK_VLAN), .vlan = 1 };
	struct acl_rule rule;

	kern_fail_in = 0;
	KUNIT_EXPECT_EQ(test, acl_rule_init(&rule, &match, 0, 1), -ENOMEM);
	kern_fail_in = -1;
}

static struct kunit_case fail_cases[] = { KUNIT_CASE(fail__build),
					  KUNIT_CASE(fail__insert),
					  KUNIT_CASE(fail__remove),
					  KUNIT_CASE(fail__remove_linear),
					  KUNIT_CASE(fail__sets),
					  KUNIT_CASE(fail__rule),
					  {} };

static struct kunit_suite fail_suite = {
	.name = "acl_fail",
	.test_cases = fail_cases,
};

kunit_test_suite(fail_suite);
