// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of hist.c.
 */
#include "../hist.c"

#include <kunit/test.h>

#define US 1000ULL

static void hist__steps(struct kunit *test)
{
	u32 us, last = 0;

	for (us = 0; us < 1 << 22; us += 1 + us / 64) {
		u32 step = step_of(us), end = end_of(step);

		KUNIT_EXPECT_TRUE_MSG(
			test, step >= last && end >= us && end <= us + us / 4,
			"%u: step %u ends at %u", us, step, end);
		KUNIT_EXPECT_EQ(test, step_of(end), step);
		last = step;
	}
	KUNIT_EXPECT_EQ(test, step_of(U64_MAX / 1000), SHAPER_HIST_STEPS - 1);
}

static void hist__quantiles(struct kunit *test)
{
	struct shaper_hist hist = {};
	unsigned int i;

	KUNIT_EXPECT_EQ(test, shaper_hist_quantile(&hist, 0, 99), 0);
	for (i = 0; i < 98; i++)
		shaper_hist_add(&hist, 3 * US);
	shaper_hist_add(&hist, 1000 * US);
	shaper_hist_add(&hist, 1000 * US);
	KUNIT_EXPECT_EQ(test, shaper_hist_quantile(&hist, 0, 50), 3);
	KUNIT_EXPECT_EQ(test, shaper_hist_quantile(&hist, 0, 98), 3);
	KUNIT_EXPECT_EQ(test, shaper_hist_quantile(&hist, 0, 99), 1023);
	/* those that did not wait count */
	KUNIT_EXPECT_EQ(test, shaper_hist_quantile(&hist, 100, 50), 0);
	KUNIT_EXPECT_EQ(test, shaper_hist_quantile(&hist, 1000, 99), 3);
	shaper_hist_add_none(&hist, 1000);
	KUNIT_EXPECT_EQ(test, shaper_hist_quantile(&hist, 0, 50), 0);
}

/* However many, the proportion stays. */
static void hist__many(struct kunit *test)
{
	struct shaper_hist hist = {};
	unsigned int i;

	for (i = 0; i < 1000000; i++)
		shaper_hist_add(&hist, (i % 100 < 97 ? 3 : 1000) * US);
	KUNIT_EXPECT_EQ(test, shaper_hist_quantile(&hist, 0, 96), 3);
	KUNIT_EXPECT_EQ(test, shaper_hist_quantile(&hist, 0, 98), 1023);
	shaper_hist_add_none(&hist, 10000000);
	KUNIT_EXPECT_EQ(test, shaper_hist_quantile(&hist, 0, 99), 0);
	for (i = 0; i < 2000; i++)
		shaper_hist_add(&hist, 1000 * US);
	KUNIT_EXPECT_EQ(test, shaper_hist_quantile(&hist, 0, 50), 0);
	KUNIT_EXPECT_EQ(test, shaper_hist_quantile(&hist, 0, 99), 1023);
}

static void hist__halve(struct kunit *test)
{
	struct shaper_hist hist = {};

	shaper_hist_add(&hist, 1000 * US);
	shaper_hist_halve(&hist);
	KUNIT_EXPECT_EQ(test, shaper_hist_quantile(&hist, 0, 99), 0);
}

static struct kunit_case hist_cases[] = { KUNIT_CASE(hist__steps),
					  KUNIT_CASE(hist__quantiles),
					  KUNIT_CASE(hist__many),
					  KUNIT_CASE(hist__halve),
					  {} };

static struct kunit_suite hist_suite = {
	.name = "shaper_hist",
	.test_cases = hist_cases,
};

kunit_test_suite(hist_suite);
