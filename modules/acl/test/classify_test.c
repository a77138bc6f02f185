// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of classify.c and table.c: storms against the model, and what happens at its limits.
 */
#include "../classify.c"
#include "../table.c"

#include <kunit/test.h>

#include "../parse.h"
#include "model.h"
#include "shapes.h"
#include "storm.h"

static void run_storm(struct kunit *test, struct storm *storm)
{
	int ret = storm_run(storm);

	KUNIT_EXPECT_EQ_MSG(test, ret, 0, "seed %llu, %u rules: %s",
			    (unsigned long long)storm->seed, storm->rules,
			    storm->said ? storm->said : "");
}

static void classify__storms(struct kunit *test)
{
	static const u32 sizes[] = { 1, 8, 10, 26, 60, 300 };
	struct storm storm = { .packets = 2000, .change = 2 };
	u64 plainly = 0, unsaid = 0;
	unsigned int i;

	for (i = 0; i < 2 * ARRAY_SIZE(sizes); i++) {
		storm.seed = i + 1;
		storm.rules = sizes[i / 2];
		storm.plain = i % 2;
		storm.sets = !storm.plain;
		run_storm(test, &storm);
		plainly += storm.plainly;
		unsaid += storm.unsaid;
	}
	/* Both have come. */
	KUNIT_EXPECT_GT(test, plainly, 1000ULL);
	KUNIT_EXPECT_GT(test, unsaid, 100ULL);
}

static void classify__large(struct kunit *test)
{
	struct storm storm = {
		.seed = 99,
		.rules = 3000,
		.packets = 500,
		.change = 5,
		.sets = true,
	};

	run_storm(test, &storm);
}

/* --- rules of one's own ------------------------------------------------------------ */

#define MINE 2500

static struct acl_rule mine[MINE];
static const struct acl_rule *list[MINE];
static struct acl_classifier c;
static const char *reason;

/* @n rules about one destination each, which all are met by frames to it. */
static void make(struct kunit *test, u32 n, bool same)
{
	struct acl_match match = {
		.asks = BIT(ACL_ASK_IPV4) | BIT(ACL_ASK_DST),
		.dst_len = 32,
	};
	u32 i;

	for (i = 0; i < n; i++) {
		put_unaligned_be32(same ? 1 : 0x0a000000 + i, match.dst);
		KUNIT_ASSERT_EQ(test, acl_rule_init(&mine[i], &match, 5, i + 1),
				0);
		list[i] = &mine[i];
	}
}

static const struct acl_rule *ask(u32 dst)
{
	struct acl_key key = {
		.class = acl_class(ACL_IN, ACL_IPV4),
		.w[ACL_W_HEAD] = dst,
		.w[ACL_W_L4] = 1ULL << (ACL_L4_FAMILY + ACL_IPV4) |
			       1ULL << ACL_L4_DIR,
	};
	struct acl_result result;

	rcu_read_lock();
	acl_classifier_lookup(&c, &key, 0, &result);
	rcu_read_unlock();
	return result.rule;
}

static void classify__empty(struct kunit *test)
{
	struct acl_classifier_stats stats;

	acl_classifier_init(&c);
	KUNIT_EXPECT_NULL(test, ask(1));
	KUNIT_EXPECT_EQ(test, acl_classifier_build(&c, NULL, 0, &reason), 0);
	KUNIT_EXPECT_NULL(test, ask(1));
	acl_classifier_stats(&c, &stats);
	KUNIT_EXPECT_EQ(test, stats.rules, 0U);
	acl_classifier_destroy(&c);
}

/* In and out again, from a list to tables and back, in all orders of handles. */
static void classify__grow_and_shrink(struct kunit *test)
{
	struct acl_classifier_stats stats;
	u32 i;

	make(test, MINE, false);
	acl_classifier_init(&c);
	for (i = 0; i < MINE; i++)
		KUNIT_ASSERT_EQ(test,
				acl_classifier_insert(&c, &mine[i * 7 % MINE],
						      &reason),
				0);
	acl_classifier_stats(&c, &stats);
	KUNIT_EXPECT_EQ(test, stats.rules, MINE);
	KUNIT_EXPECT_GT(test, stats.tables, 0U);
	for (i = 0; i < MINE; i++)
		KUNIT_EXPECT_TRUE(test, ask(0x0a000000 + i) == &mine[i]);
	for (i = 0; i < MINE; i++) {
		acl_classifier_remove(&c, &mine[i]);
		KUNIT_EXPECT_NULL(test, ask(0x0a000000 + i));
		if (i + 1 < MINE)
			KUNIT_EXPECT_TRUE(test, ask(0x0a000000 + i + 1) ==
							&mine[i + 1]);
	}
	acl_classifier_stats(&c, &stats);
	KUNIT_EXPECT_EQ(test, stats.rules, 0U);
	KUNIT_EXPECT_EQ(test, stats.tables, 0U);
	acl_classifier_destroy(&c);
}

static const struct acl_rule *ask_port(u16 dport)
{
	struct acl_key key = {
		.class = acl_class(ACL_IN, ACL_IPV4),
		.w[ACL_W_L4] = 1ULL << (ACL_L4_FAMILY + ACL_IPV4) |
			       1ULL << ACL_L4_DIR | 17ULL << ACL_L4_PROTO |
			       53ULL << ACL_L4_SPORT | dport,
	};
	struct acl_result result;

	rcu_read_lock();
	acl_classifier_lookup(&c, &key, 0, &result);
	rcu_read_unlock();
	return result.rule;
}

/* Ranges that lie across the blocks that tables make of ports, one behind the other, are
 * found at each of their ports, and nowhere when they are gone.
 */
static void classify__ranges(struct kunit *test)
{
	static const u16 sizes[] = { 1, 5, 6, 16, 17, 100, 1000 };
	struct acl_match match = {
		.asks = BIT(ACL_ASK_IPV4) | BIT(ACL_ASK_DPORT) |
			BIT(ACL_ASK_SPORT),
		.sport = { 50, 60 },
	};
	struct acl_classifier_stats stats;
	u32 port = 7, n = 0, i;
	int ret;

	acl_classifier_init(&c);
	for (; port < 60000; n++) {
		match.dport.lo = port;
		port += sizes[n % ARRAY_SIZE(sizes)];
		match.dport.hi = port - 1;
		KUNIT_ASSERT_EQ(test, acl_rule_init(&mine[n], &match, 5, n + 1),
				0);
		ret = acl_classifier_insert(&c, &mine[n], &reason);
		KUNIT_ASSERT_EQ(test, ret, 0);
	}
	acl_classifier_stats(&c, &stats);
	KUNIT_EXPECT_GT(test, stats.tables, 0U);
	KUNIT_EXPECT_NULL(test, ask_port(6));
	KUNIT_EXPECT_NULL(test, ask_port(port));
	for (i = 0, port = 7; i < n; i++) {
		u32 end = port + sizes[i % ARRAY_SIZE(sizes)];

		for (; port < end; port++)
			KUNIT_EXPECT_TRUE(test, ask_port(port) == &mine[i]);
	}
	for (i = 0, port = 7; i < n; i++) {
		u32 end = port + sizes[i % ARRAY_SIZE(sizes)];

		acl_classifier_remove(&c, &mine[i]);
		KUNIT_EXPECT_NULL(test, ask_port(port));
		KUNIT_EXPECT_NULL(test, ask_port(end - 1));
		if (i + 1 < n)
			KUNIT_EXPECT_TRUE(test, ask_port(end) == &mine[i + 1]);
		port = end;
	}
	acl_classifier_stats(&c, &stats);
	KUNIT_EXPECT_EQ(test, stats.rules, 0U);
	acl_classifier_destroy(&c);
}

/* Where ranges begin and end, so that they are single, adjacent, nested, the same, across
 * each other, and all there is.
 */
static const u16 ends[] = {
	0,    1,    2,	  79,	 80,	81,    90,    1023,
	1024, 1025, 4095, 32767, 32768, 65533, 65534, 65535
};

#define MANY 300

/* What the rules say, as a list. */
static struct {
	struct acl_range sport, dport;
	bool there;
} said[MANY];

static void some_range(struct model_random *r, struct acl_range *range)
{
	u16 a = ends[model_below(r, ARRAY_SIZE(ends))];
	u16 b = ends[model_below(r, ARRAY_SIZE(ends))];

	/* Single ports, and all of them, more often than by chance. */
	if (model_once_in(r, 4))
		b = a;
	range->lo = min(a, b);
	range->hi = max(a, b);
	if (model_once_in(r, 8)) {
		range->lo = 0;
		range->hi = 65535;
	}
}

static bool covers(const struct acl_range *range, u16 port)
{
	return port >= range->lo && port <= range->hi;
}

/* The rule of the list that a frame between two ports meets first, or NULL. */
static const struct acl_rule *first_of(u16 sport, u16 dport)
{
	const struct acl_rule *best = NULL;
	u32 i;

	for (i = 0; i < MANY; i++)
		if (said[i].there && covers(&said[i].sport, sport) &&
		    covers(&said[i].dport, dport) &&
		    (!best || mine[i].order < best->order))
			best = &mine[i];
	return best;
}

static const struct acl_rule *ask_ports(u16 sport, u16 dport, bool noports)
{
	struct acl_key key = {
		.class = acl_class(ACL_IN, ACL_IPV4),
		.w[ACL_W_L4] = 1ULL << (ACL_L4_FAMILY + ACL_IPV4) |
			       1ULL << ACL_L4_DIR | 17ULL << ACL_L4_PROTO |
			       (u64)sport << ACL_L4_SPORT |
			       (u64)dport << ACL_L4_DPORT |
			       (u64)noports << ACL_L4_NOPORTS,
	};
	struct acl_result result;

	rcu_read_lock();
	acl_classifier_lookup(&c, &key, 0, &result);
	rcu_read_unlock();
	return result.rule;
}

/* At each end, and beside it, for both ports. Return: how often it is not as it should. */
static u32 wrong_ends(void)
{
	u32 i, j, wrong = 0;
	int a, b;

	for (i = 0; i < ARRAY_SIZE(ends); i++)
		for (j = 0; j < ARRAY_SIZE(ends); j++)
			for (a = -1; a <= 1; a++)
				for (b = -1; b <= 1; b++) {
					u16 sport = ends[i] + a;
					u16 dport = ends[j] + b;

					wrong += ask_ports(sport, dport,
							   false) !=
						 first_of(sport, dport);
				}
	return wrong;
}

/* Rules with ranges of both ports and few priorities against a list of them: one by one
 * from a list to tables and back, and all at once.
 */
static void classify__range_ends(struct kunit *test)
{
	struct model_random r = { .state = 11 };
	struct acl_match match = {
		.asks = BIT(ACL_ASK_IPV4) | BIT(ACL_ASK_SPORT) |
			BIT(ACL_ASK_DPORT),
	};
	u32 i;

	acl_classifier_init(&c);
	memset(said, 0, sizeof(said));
	for (i = 0; i < MANY; i++) {
		some_range(&r, &match.sport);
		some_range(&r, &match.dport);
		said[i].sport = match.sport;
		said[i].dport = match.dport;
		KUNIT_ASSERT_EQ(test,
				acl_rule_init(&mine[i], &match,
					      model_below(&r, 5), i + 1),
				0);
		list[i] = &mine[i];
		KUNIT_ASSERT_EQ(
			test, acl_classifier_insert(&c, &mine[i], &reason), 0);
		said[i].there = true;
		/* From a list to tables, then now and then. */
		if (i < 20 || i % 50 == 0 || i == MANY - 1)
			KUNIT_EXPECT_EQ_MSG(test, wrong_ends(), 0U, "%u rules",
					    i + 1);
	}
	/* What has no ports meets none, not even all of them. */
	KUNIT_EXPECT_NULL(test, ask_ports(0, 0, true));
	KUNIT_ASSERT_EQ(test, acl_classifier_build(&c, list, MANY, &reason), 0);
	KUNIT_EXPECT_EQ(test, wrong_ends(), 0U);
	for (i = 0; i < MANY; i++) {
		acl_classifier_remove(&c, &mine[i]);
		said[i].there = false;
		if (i > MANY - 10 || i % 50 == 0)
			KUNIT_EXPECT_EQ_MSG(test, wrong_ends(), 0U,
					    "without the first %u", i + 1);
	}
	acl_classifier_destroy(&c);
}

/* The lowest priority number decides, then the lowest handle. */
static void classify__order(struct kunit *test)
{
	struct acl_match match = { .asks = 0 };
	u32 i;

	acl_classifier_init(&c);
	for (i = 0; i < 100; i++) {
		acl_rule_init(&mine[i], &match, 100 - i / 10, 1000 - i);
		KUNIT_ASSERT_EQ(
			test, acl_classifier_insert(&c, &mine[i], &reason), 0);
		KUNIT_EXPECT_TRUE(test, ask(i) == &mine[i]);
	}
	for (i = 100; i--;) {
		KUNIT_EXPECT_TRUE(test, ask(i) == &mine[i]);
		acl_classifier_remove(&c, &mine[i]);
	}
	acl_classifier_destroy(&c);
}

/* What differs in nothing that is hashed is refused at a limit, with a reason. */
static void classify__full(struct kunit *test)
{
	struct acl_classifier_stats stats;
	u32 i, in = 0;

	make(test, MINE, true);
	acl_classifier_init(&c);
	KUNIT_EXPECT_EQ(test, acl_classifier_build(&c, list, MINE, &reason),
			-ENOSPC);
	KUNIT_EXPECT_TRUE(test, reason == no_room);
	KUNIT_EXPECT_NULL(test, ask(1));
	for (i = 0; i < MINE; i++) {
		int ret = acl_classifier_insert(&c, &mine[i], &reason);

		if (ret) {
			KUNIT_EXPECT_EQ(test, ret, -ENOSPC);
			KUNIT_EXPECT_TRUE(test, reason == no_room);
			break;
		}
		in++;
	}
	KUNIT_EXPECT_GT(test, in, ACL_CHAIN_MAX - 1U);
	KUNIT_EXPECT_GT(test, MINE, in);
	acl_classifier_stats(&c, &stats);
	KUNIT_EXPECT_EQ(test, stats.rules, in);
	KUNIT_EXPECT_EQ(test, stats.chain_max, ACL_CHAIN_MAX);
	KUNIT_EXPECT_TRUE(test, ask(1) == &mine[0]);
	/* Room again. */
	acl_classifier_remove(&c, &mine[0]);
	KUNIT_EXPECT_EQ(test, acl_classifier_insert(&c, &mine[in], &reason), 0);
	KUNIT_EXPECT_TRUE(test, ask(1) == &mine[1]);
	acl_classifier_destroy(&c);
}

/* More masks than there may be tables: rules share. */
static void classify__tables_max(struct kunit *test)
{
	struct model_random r = { .state = 4 };
	struct acl_classifier_stats stats;
	struct acl_match match;
	u32 i;

	acl_classifier_init(&c);
	for (i = 0; i < MINE; i++) {
		memset(&match, 0, sizeof(match));
		match.asks = BIT(ACL_ASK_IPV4) | BIT(ACL_ASK_SRC) |
			     BIT(ACL_ASK_DST) | BIT(ACL_ASK_DSCP);
		match.src_len = 1 + model_below(&r, 12);
		match.dst_len = 1 + model_below(&r, 12);
		match.dscp = model_below(&r, 64);
		acl_rule_init(&mine[i], &match, 0, i + 1);
		KUNIT_ASSERT_EQ(
			test, acl_classifier_insert(&c, &mine[i], &reason), 0);
	}
	acl_classifier_stats(&c, &stats);
	KUNIT_EXPECT_EQ(test, stats.rules, MINE);
	KUNIT_EXPECT_GT(test, ACL_TABLES_MAX + 1U, stats.tables);
	acl_classifier_destroy(&c);
}

/* A whole set of each shape, and its replacement while the old one is in force. */
static void classify__shapes(struct kunit *test)
{
	struct acl_classifier_stats stats;
	enum shape shape;
	u32 i;

	acl_classifier_init(&c);
	for (shape = 0; shape < SHAPES; shape++) {
		struct model_random r = { .state = 1 + shape };

		for (i = 0; i < MINE / 2; i++) {
			u32 at = shape % 2 * (MINE / 2) + i;
			struct acl_match match;

			shape_match(shape, &r, &match);
			KUNIT_ASSERT_EQ(
				test,
				acl_rule_init(&mine[at], &match, 0, i + 1), 0);
			list[i] = &mine[at];
		}
		KUNIT_EXPECT_EQ(
			test, acl_classifier_build(&c, list, MINE / 2, &reason),
			0);
		acl_classifier_stats(&c, &stats);
		KUNIT_EXPECT_EQ(test, stats.rules, MINE / 2U);
		KUNIT_EXPECT_GT(test, 40U, stats.tables);
		KUNIT_EXPECT_GT(test, stats.memory, stats.rules * 24UL);
	}
	acl_classifier_destroy(&c);
}

static void classify__used(struct kunit *test)
{
	struct acl_match match = {
		.asks = BIT(ACL_ASK_PROTO) | BIT(ACL_ASK_DPORT),
		.proto = 6,
		.dport = { 1, 5 },
	};
	bool link = false;
	u64 l4 = 0;

	acl_classifier_init(&c);
	acl_rule_init(&mine[0], &match, 0, 1);
	KUNIT_ASSERT_EQ(test, acl_classifier_insert(&c, &mine[0], &reason), 0);
	acl_classifier_used(&c, &l4, &link);
	KUNIT_EXPECT_FALSE(test, link);
	KUNIT_EXPECT_EQ(test, l4 & 0xffff, 0xffffULL);
	KUNIT_EXPECT_EQ(test, l4 >> ACL_L4_FLAGS & 0xff, 0ULL);
	match.asks = BIT(ACL_ASK_VLAN);
	acl_rule_init(&mine[1], &match, 0, 2);
	KUNIT_ASSERT_EQ(test, acl_classifier_insert(&c, &mine[1], &reason), 0);
	acl_classifier_used(&c, &l4, &link);
	KUNIT_EXPECT_TRUE(test, link);
	acl_classifier_destroy(&c);
	acl_rule_destroy(&mine[1]);
}

static struct kunit_case classify_cases[] = {
	KUNIT_CASE(classify__storms),	  KUNIT_CASE(classify__large),
	KUNIT_CASE(classify__empty),	  KUNIT_CASE(classify__grow_and_shrink),
	KUNIT_CASE(classify__ranges),	  KUNIT_CASE(classify__range_ends),
	KUNIT_CASE(classify__order),	  KUNIT_CASE(classify__full),
	KUNIT_CASE(classify__tables_max), KUNIT_CASE(classify__shapes),
	KUNIT_CASE(classify__used),	  {}
};

static struct kunit_suite classify_suite = {
	.name = "acl_classify",
	.test_cases = classify_cases,
};

kunit_test_suite(classify_suite);
