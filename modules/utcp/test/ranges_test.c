// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of ranges.c: against a model of one byte a byte.
 */
#include "../ranges.c"

#include <kunit/test.h>

#define SPACE 600
#define MOST 16

static u8 in[SPACE];

/* Is the set what the model is, and well kept? */
static unsigned int differs(const struct utcp_ranges *set)
{
	unsigned int bad = 0, i;
	u64 n;

	for (i = 0; i < set->n; i++) {
		bad += set->range[i].from >= set->range[i].to;
		bad += i && set->range[i - 1].to >= set->range[i].from;
	}
	for (n = 0; n < SPACE; n++)
		bad += utcp_ranges_has(set, n) != !!in[n];
	return bad;
}

static void ranges__model(struct kunit *test)
{
	unsigned int i, bad = 0, refused = 0;
	struct utcp_ranges set;
	u32 random = 1;

	utcp_ranges_init(&set, MOST);
	memset(in, 0, sizeof(in));
	for (i = 0; i < 5000; i++) {
		u64 from, to;
		bool ok;

		random = random * 1664525 + 1013904223;
		from = (random >> 8) % SPACE;
		to = from + (random >> 20) % 24;
		to = min_t(u64, to, SPACE);
		if (random & BIT(30)) {
			ok = utcp_ranges_add(&set, from, to);
			if (ok)
				memset(in + from, 1, to - from);
		} else {
			ok = utcp_ranges_del(&set, from, to);
			if (ok)
				memset(in + from, 0, to - from);
		}
		refused += !ok;
		/* Refused only when there are as many as may be. */
		bad += !ok && set.n != MOST;
		bad += differs(&set);
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
	KUNIT_EXPECT_GT(test, refused, 10);
	utcp_ranges_free(&set);
}

/* Never too little, though without room. */
static void ranges__near(struct kunit *test)
{
	unsigned int i, bad = 0;
	struct utcp_ranges set;
	u32 random = 7;
	u64 n;

	utcp_ranges_init(&set, MOST);
	memset(in, 0, sizeof(in));
	for (i = 0; i < 2000; i++) {
		u64 from, to;

		random = random * 1664525 + 1013904223;
		from = (random >> 8) % (SPACE - 8);
		to = from + 1 + (random >> 20) % 7;
		utcp_ranges_add_near(&set, from, to);
		memset(in + from, 1, to - from);
		for (n = 0; n < SPACE; n++)
			bad += in[n] && !utcp_ranges_has(&set, n);
		for (n = 1; n < set.n; n++)
			bad += set.range[n - 1].to >= set.range[n].from;
		if (i % 50 == 49) {
			utcp_ranges_free(&set);
			memset(in, 0, sizeof(in));
		}
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
	utcp_ranges_free(&set);
}

static void ranges__reserve(struct kunit *test)
{
	struct utcp_ranges set;
	unsigned int i;

	utcp_ranges_init(&set, MOST);
	KUNIT_EXPECT_TRUE(test, utcp_ranges_reserve(&set, MOST));
	KUNIT_EXPECT_FALSE(test, utcp_ranges_reserve(&set, MOST + 1));
	for (i = 0; i < MOST; i++)
		KUNIT_EXPECT_TRUE(test,
				  utcp_ranges_add(&set, 2 * i, 2 * i + 1));
	KUNIT_EXPECT_FALSE(test, utcp_ranges_reserve(&set, 1));
	KUNIT_EXPECT_FALSE(test, utcp_ranges_add(&set, 100, 101));
	/* One that touches needs no room. */
	KUNIT_EXPECT_TRUE(test, utcp_ranges_touches(&set, 1, 2));
	KUNIT_EXPECT_TRUE(test, utcp_ranges_touches(&set, 2 * MOST - 1, 99));
	KUNIT_EXPECT_FALSE(test, utcp_ranges_touches(&set, 2 * MOST, 99));
	KUNIT_EXPECT_TRUE(test, utcp_ranges_add(&set, 1, 2));
	KUNIT_EXPECT_EQ(test, set.n, MOST - 1);
	utcp_ranges_free(&set);
	KUNIT_EXPECT_EQ(test, set.n, 0);
}

static struct kunit_case ranges_cases[] = { KUNIT_CASE(ranges__model),
					    KUNIT_CASE(ranges__near),
					    KUNIT_CASE(ranges__reserve),
					    {} };

static struct kunit_suite ranges_suite = {
	.name = "utcp_ranges",
	.test_cases = ranges_cases,
};

kunit_test_suite(ranges_suite);
