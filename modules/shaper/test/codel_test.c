// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of codel.c.
 */
#include "../codel.c"

#include <kunit/test.h>

#define MS 1000000ULL

static const struct shaper_codel_params usual = { 5 * MS, 100 * MS };

/* How many of the frames, one each ms from @from on, are told. */
static unsigned int told(struct shaper_codel *codel, u64 from, unsigned int ms,
			 u64 sojourn)
{
	unsigned int n = 0, i;

	for (i = 0; i < ms; i++)
		n += shaper_codel_tell(codel, &usual, sojourn, false,
				       from + i * MS);
	return n;
}

static void codel__short_queue(struct kunit *test)
{
	struct shaper_codel codel = {};

	KUNIT_EXPECT_EQ(test, told(&codel, MS, 10000, 4 * MS), 0);
}

static void codel__burst(struct kunit *test)
{
	struct shaper_codel codel = {};

	KUNIT_EXPECT_EQ(test, told(&codel, MS, 99, 50 * MS), 0);
	KUNIT_EXPECT_EQ(test, told(&codel, 100 * MS, 1, 1 * MS), 0);
	KUNIT_EXPECT_EQ(test, told(&codel, 101 * MS, 99, 50 * MS), 0);
}

/* After an interval, and then faster and faster: 100 ms, 71, 58, 50 … */
static void codel__standing_queue(struct kunit *test)
{
	struct shaper_codel codel = {};

	KUNIT_EXPECT_EQ(test, told(&codel, MS, 100, 50 * MS), 0);
	KUNIT_EXPECT_EQ(test, told(&codel, 101 * MS, 1, 50 * MS), 1);
	KUNIT_EXPECT_EQ(test, told(&codel, 102 * MS, 99, 50 * MS), 0);
	KUNIT_EXPECT_EQ(test, told(&codel, 201 * MS, 1, 50 * MS), 1);
	KUNIT_EXPECT_EQ(test, told(&codel, 202 * MS, 70, 50 * MS), 0);
	KUNIT_EXPECT_EQ(test, told(&codel, 272 * MS, 1, 50 * MS), 1);
	KUNIT_EXPECT_GT(test, told(&codel, 273 * MS, 1000, 50 * MS), 20);
	/* it ends at once */
	KUNIT_EXPECT_EQ(test, told(&codel, 1273 * MS, 100, 1 * MS), 0);
}

static void codel__last_frame(struct kunit *test)
{
	struct shaper_codel codel = {};
	unsigned int i;

	for (i = 0; i < 1000; i++)
		KUNIT_EXPECT_FALSE(test,
				   shaper_codel_tell(&codel, &usual, 500 * MS,
						     true, i * MS + 1));
}

static void codel__slow_link(struct kunit *test)
{
	struct shaper_codel_params params;

	shaper_codel_set(&params, 1 * MS);
	KUNIT_EXPECT_EQ(test, params.target, 5 * MS);
	KUNIT_EXPECT_EQ(test, params.interval, 100 * MS);
	shaper_codel_set(&params, 190 * MS);
	KUNIT_EXPECT_EQ(test, params.target, 285 * MS);
	KUNIT_EXPECT_EQ(test, params.interval, 380 * MS);
}

static struct kunit_case codel_cases[] = {
	KUNIT_CASE(codel__short_queue),	   KUNIT_CASE(codel__burst),
	KUNIT_CASE(codel__standing_queue), KUNIT_CASE(codel__last_frame),
	KUNIT_CASE(codel__slow_link),	   {}
};

static struct kunit_suite codel_suite = {
	.name = "shaper_codel",
	.test_cases = codel_cases,
};

kunit_test_suite(codel_suite);
