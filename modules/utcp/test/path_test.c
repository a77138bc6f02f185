// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of path.c: "Moving", rule by rule.
 */
#include "../path.c"

#include <kunit/test.h>

#include "vectors.h"

#define START (1000 * (u64)NSEC_PER_SEC)
#define MSEC ((u64)NSEC_PER_SEC / 1000)
#define PTO (20 * MSEC)

static const struct utcp_path elsewhere = { .ifindex = 4, .mac = { 2 } };
static const struct utcp_path third = { .ifindex = 5, .mac = { 4 } };

static void begin(struct kunit *test, struct utcp_move *m)
{
	unsigned int todo;

	memset(m, 0, sizeof(*m));
	todo = utcp_move_seen(m, START, &elsewhere, 100, PTO);
	KUNIT_EXPECT_EQ(test, todo, UTCP_MOVE_ASK_NEW | UTCP_MOVE_ASK_OLD);
	KUNIT_EXPECT_TRUE(test,
			  memcmp(m->at_new, m->at_old, UTCP_CHALLENGE_LEN));
}

static void move__goes(struct kunit *test)
{
	struct utcp_move m;

	begin(test, &m);
	/* Another frame from there, or from a third path, begins nothing. */
	KUNIT_EXPECT_EQ(test, utcp_move_seen(&m, START, &third, 100, PTO), 0);
	utcp_move_answer(&m, START + MSEC, m.at_new);
	/* The old path has its time: 100 ms at least. */
	KUNIT_EXPECT_EQ(test, utcp_move_due(&m), START + 100 * MSEC);
	KUNIT_EXPECT_EQ(test, utcp_move_tick(&m, START + 99 * MSEC), 0);
	KUNIT_EXPECT_EQ(test, utcp_move_tick(&m, START + 100 * MSEC),
			UTCP_MOVE_GO);
	KUNIT_EXPECT_TRUE(test, utcp_path_equal(&m.to, &elsewhere));
}

static void move__stays(struct kunit *test)
{
	struct utcp_move m;
	u8 wrong[UTCP_CHALLENGE_LEN] = {};

	begin(test, &m);
	utcp_move_answer(&m, START + MSEC, wrong);
	KUNIT_EXPECT_EQ(test, m.state, UTCP_MOVE_ASKING);
	utcp_move_answer(&m, START + MSEC, m.at_new);
	utcp_move_answer(&m, START + 2 * MSEC, m.at_old);
	KUNIT_EXPECT_EQ(test, m.state, UTCP_MOVE_NONE);
	KUNIT_EXPECT_EQ(test, utcp_move_tick(&m, START + 500 * MSEC), 0);
	/* Asked again after 5 s at the earliest. */
	KUNIT_EXPECT_EQ(test,
			utcp_move_seen(&m, START + 5000 * MSEC, &elsewhere, 100,
				       PTO),
			0);
	KUNIT_EXPECT_EQ(test,
			utcp_move_seen(&m, START + 5002 * MSEC, &elsewhere, 100,
				       PTO),
			UTCP_MOVE_ASK_NEW | UTCP_MOVE_ASK_OLD);
}

static void move__asks_three_times(struct kunit *test)
{
	unsigned int n = 1, todo;
	struct utcp_move m;
	u64 t;

	begin(test, &m);
	for (t = 1; t < 2000; t++) {
		todo = utcp_move_tick(&m, START + t * MSEC);
		KUNIT_EXPECT_FALSE(test, todo & UTCP_MOVE_GO);
		if (!(todo & UTCP_MOVE_ASK_NEW))
			continue;
		KUNIT_EXPECT_EQ(test, t, 200 * n);
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, 3);
	KUNIT_EXPECT_EQ(test, m.state, UTCP_MOVE_NONE);
	KUNIT_EXPECT_TRUE(test, utcp_zeros(m.at_new, sizeof(m.at_new)));
}

static void move__three_times_the_bytes(struct kunit *test)
{
	struct utcp_move m;

	begin(test, &m);
	KUNIT_EXPECT_FALSE(test, utcp_move_spend(&m, &third, 1));
	KUNIT_EXPECT_TRUE(test, utcp_move_spend(&m, &elsewhere, 300));
	KUNIT_EXPECT_FALSE(test, utcp_move_spend(&m, &elsewhere, 1));
	utcp_move_bytes(&m, &third, 100);
	KUNIT_EXPECT_FALSE(test, utcp_move_spend(&m, &elsewhere, 1));
	utcp_move_bytes(&m, &elsewhere, 10);
	KUNIT_EXPECT_TRUE(test, utcp_move_spend(&m, &elsewhere, 30));
	KUNIT_EXPECT_FALSE(test, utcp_move_spend(&m, &elsewhere, 1));
}

static void move__waits_for_slow_paths(struct kunit *test)
{
	struct utcp_move m = {};

	utcp_move_seen(&m, START, &elsewhere, 100, 400 * MSEC);
	utcp_move_answer(&m, START + MSEC, m.at_new);
	KUNIT_EXPECT_EQ(test, utcp_move_due(&m), START + 1200 * MSEC);
}

static struct kunit_case path_cases[] = {
	KUNIT_CASE(move__goes),
	KUNIT_CASE(move__stays),
	KUNIT_CASE(move__asks_three_times),
	KUNIT_CASE(move__three_times_the_bytes),
	KUNIT_CASE(move__waits_for_slow_paths),
	{}
};

static struct kunit_suite path_suite = {
	.name = "utcp_path",
	.test_cases = path_cases,
};

kunit_test_suite(path_suite);
