// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of pace.c.
 */
#include "../pace.c"

#include <kunit/test.h>

#define FRAME 1000
#define SEC 1000000000ULL

/* Sends whatever may be sent until @end; returns how many frames. */
static unsigned int run(struct utcp_pace *pace, u64 *now, u64 end)
{
	unsigned int n = 0;

	while (*now < end) {
		u64 wait = utcp_pace_wait(pace, *now, FRAME);

		if (wait) {
			*now += wait;
			continue;
		}
		utcp_pace_sent(pace, *now, FRAME);
		n++;
	}
	return n;
}

static void pace__rate(struct kunit *test)
{
	/* A frame a millisecond: ten at once, then one each. */
	struct utcp_pace pace = { .rate = 1000 * FRAME };
	u64 now = SEC;

	KUNIT_EXPECT_EQ(test, run(&pace, &now, SEC + 1), 10);
	KUNIT_EXPECT_EQ(test, run(&pace, &now, 2 * SEC), 999);
	/* Idle time is not saved up. */
	now += SEC;
	KUNIT_EXPECT_EQ(test, run(&pace, &now, now + 1), 10);
	/* Fast: a millisecond's worth is more than ten frames. */
	pace = (struct utcp_pace){ .rate = 100000ULL * FRAME };
	now = SEC;
	KUNIT_EXPECT_EQ(test, run(&pace, &now, SEC + 1), 100);
}

static void pace__limit(struct kunit *test)
{
	struct utcp_pace pace = { .rate = 100000ULL * FRAME,
				  .limit = 1000 * FRAME };
	u64 now = SEC;

	/* The lower one holds, and of a limit only two go at once. */
	KUNIT_EXPECT_EQ(test, run(&pace, &now, SEC + 1), 2);
	KUNIT_EXPECT_EQ(test, run(&pace, &now, 2 * SEC), 999);
	pace.rate = 500 * FRAME;
	now = 3 * SEC;
	KUNIT_EXPECT_EQ(test, run(&pace, &now, 3 * SEC + 1), 10);
	KUNIT_EXPECT_EQ(test, run(&pace, &now, 4 * SEC), 499);
	/* Also before there is a rate. */
	pace = (struct utcp_pace){ .limit = 1000 * FRAME };
	now = SEC;
	KUNIT_EXPECT_EQ(test, run(&pace, &now, 2 * SEC), 1001);
	/* Each frame is a quarter longer there. */
	pace = (struct utcp_pace){ .limit = 1000 * FRAME,
				   .overhead = FRAME / 4 };
	now = SEC;
	KUNIT_EXPECT_EQ(test, run(&pace, &now, 2 * SEC), 801);
}

/* A limit that changes holds from then on, but for one frame of the burst. */
static void pace__limit_changes(struct kunit *test)
{
	struct utcp_pace pace = { .limit = 1000 * FRAME };
	u64 now = SEC;

	run(&pace, &now, 2 * SEC);
	pace.limit = 100 * FRAME;
	KUNIT_EXPECT_LE(test, run(&pace, &now, 3 * SEC), 101);
	pace.limit = 0;
	KUNIT_EXPECT_EQ(test, utcp_pace_wait(&pace, now, FRAME), 0);
	/* What went too early at a low one is not waited for at a higher one. */
	pace = (struct utcp_pace){ .rate = 1000 * FRAME };
	utcp_pace_limit(&pace, now, 1, 0, FRAME);
	utcp_pace_sent(&pace, now, 3 * FRAME);
	KUNIT_EXPECT_GT(test, utcp_pace_wait(&pace, now + SEC, FRAME), SEC);
	utcp_pace_limit(&pace, now, 0, 0, FRAME);
	KUNIT_EXPECT_LE(test, utcp_pace_wait(&pace, now, FRAME), SEC / 1000);
}

static void pace__none(struct kunit *test)
{
	struct utcp_pace pace = {};
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		KUNIT_EXPECT_EQ(test, utcp_pace_wait(&pace, 5, FRAME), 0);
		utcp_pace_sent(&pace, 5, FRAME);
	}
}

static struct kunit_case pace_cases[] = { KUNIT_CASE(pace__rate),
					  KUNIT_CASE(pace__limit),
					  KUNIT_CASE(pace__limit_changes),
					  KUNIT_CASE(pace__none),
					  {} };

static struct kunit_suite pace_suite = {
	.name = "utcp_pace",
	.test_cases = pace_cases,
};

kunit_test_suite(pace_suite);
