// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of rtt.c: numbered samples, worked out by hand from RFC 9002 section 5.3.
 */
#include "../rtt.c"

#include <kunit/test.h>
#include <linux/kernel.h>

#define MS 1000000ULL

static void rtt__vectors(struct kunit *test)
{
	static const struct {
		u64 latest, delay, min, smoothed, var;
	} table[] = {
		/*  0: the first is taken as it is, its delay is not looked at */
		{ 8 * MS, 4 * MS, 8 * MS, 8 * MS, 4 * MS },
		/*  1: the delay is taken off: 12 - 4; var 3/4 × 4 + 0/4 */
		{ 12 * MS, 4 * MS, 8 * MS, 8 * MS, 3 * MS },
		/*  2: off by 8: var 9/4 + 8/4; 7/8 × 8 + 1/8 × 16 */
		{ 16 * MS, 0, 8 * MS, 9 * MS, 4250000 },
		/*  3: not below the least: 10 - 4 < 8, so 10 */
		{ 10 * MS, 4 * MS, 8 * MS, 9125000, 3437500 },
		/*  4: no more than 5 ms is believed: 17.125 - 5 = 12.125, off 3 */
		{ 17125000, 1000 * MS, 8 * MS, 9500000, 3328125 },
		/*  5: a new least */
		{ 1 * MS, 0, 1 * MS, 8437500, 4621093 },
	};
	struct utcp_rtt rtt;
	unsigned int i;

	utcp_rtt_init(&rtt);
	KUNIT_EXPECT_EQ(test, rtt.smoothed, 100 * MS);
	KUNIT_EXPECT_EQ(test, rtt.var, 50 * MS);
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		utcp_rtt_sample(&rtt, table[i].latest, table[i].delay);
		KUNIT_EXPECT_EQ_MSG(test, rtt.min, table[i].min, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, rtt.smoothed, table[i].smoothed,
				    "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, rtt.var, table[i].var, "row %u", i);
	}
}

static void rtt__timeouts(struct kunit *test)
{
	struct utcp_rtt rtt;

	utcp_rtt_init(&rtt);
	/* 100 + 4 × 50 + 5 */
	KUNIT_EXPECT_EQ(test, utcp_rtt_pto(&rtt), 305 * MS);
	KUNIT_EXPECT_EQ(test, utcp_rtt_loss_delay(&rtt), 112500000);
	/* A round trip of nothing: the least of each. */
	utcp_rtt_init(&rtt);
	utcp_rtt_sample(&rtt, 0, 0);
	KUNIT_EXPECT_EQ(test, rtt.latest, 1);
	KUNIT_EXPECT_EQ(test, utcp_rtt_pto(&rtt), 10 * MS);
	KUNIT_EXPECT_EQ(test, utcp_rtt_loss_delay(&rtt), 1 * MS);
	/* 20 + 4 × 10 + 5; the last sample is longer than the mean: 9/8 of it */
	utcp_rtt_init(&rtt);
	utcp_rtt_sample(&rtt, 20 * MS, 0);
	KUNIT_EXPECT_EQ(test, utcp_rtt_pto(&rtt), 65 * MS);
	utcp_rtt_sample(&rtt, 40 * MS, 0);
	KUNIT_EXPECT_EQ(test, utcp_rtt_loss_delay(&rtt), 45 * MS);
}

static struct kunit_case rtt_cases[] = { KUNIT_CASE(rtt__vectors),
					 KUNIT_CASE(rtt__timeouts),
					 {} };

static struct kunit_suite rtt_suite = {
	.name = "utcp_rtt",
	.test_cases = rtt_cases,
};

kunit_test_suite(rtt_suite);
