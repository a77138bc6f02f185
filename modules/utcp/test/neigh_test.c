// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of neigh.c: the table of states of "Neighbours", row by row.
 */
#include "../neigh.c"

#include <kunit/test.h>

#define START (1000 * (u64)NSEC_PER_SEC)
#define MSEC ((u64)NSEC_PER_SEC / 1000)

static struct utcp_path path_of(unsigned int n)
{
	struct utcp_path path = { .ifindex = 3, .mac = { 2, 0, 0, 0, 0, n } };

	return path;
}

/* When who-has is sent, counted from the start, without jitter. */
static void neigh__asks(struct kunit *test)
{
	static const u16 at[] = { 0, 100, 300, 700, 1500, 2500, 3500 };
	struct utcp_neigh n = {};
	unsigned int i = 0, todo;
	u64 t;

	KUNIT_EXPECT_EQ(test, utcp_neigh_want(&n, START), 0);
	for (t = 0; t < 4000; t++) {
		todo = utcp_neigh_tick(&n, START + t * MSEC, true, 0);
		if (!(todo & UTCP_NEIGH_ASK))
			continue;
		KUNIT_ASSERT_TRUE(test, i < ARRAY_SIZE(at));
		KUNIT_EXPECT_EQ(test, t, at[i]);
		i++;
	}
	KUNIT_EXPECT_EQ(test, i, ARRAY_SIZE(at));
}

/* Jitter is up to a tenth, and never less than nothing. */
static void neigh__jitter(struct kunit *test)
{
	struct utcp_neigh n = {};
	u32 random;

	for (random = 0; random < 40; random++) {
		memset(&n, 0, sizeof(n));
		utcp_neigh_want(&n, START);
		utcp_neigh_tick(&n, START, true, random * 0x6000001);
		KUNIT_EXPECT_GE(test, n.ask_at, START + 100 * MSEC);
		KUNIT_EXPECT_LE(test, n.ask_at, START + 110 * MSEC);
	}
}

static void neigh__fails(struct kunit *test)
{
	struct utcp_neigh n = {};
	unsigned int todo;

	utcp_neigh_want(&n, START);
	todo = utcp_neigh_tick(&n, START + UTCP_SEARCH_TIME - 1, true, 0);
	KUNIT_EXPECT_EQ(test, todo, UTCP_NEIGH_ASK);
	todo = utcp_neigh_tick(&n, START + UTCP_SEARCH_TIME, true, 0);
	KUNIT_EXPECT_EQ(test, todo, UTCP_NEIGH_GAVE_UP);
	KUNIT_EXPECT_EQ(test, n.state, UTCP_PEER_STATE_FAILED);
	KUNIT_EXPECT_EQ(test,
			utcp_neigh_want(&n, START + UTCP_SEARCH_TIME + MSEC),
			-EHOSTUNREACH);
	todo = utcp_neigh_tick(&n, START + UTCP_SEARCH_TIME + 1000 * MSEC, true,
			       0);
	KUNIT_EXPECT_EQ(test, todo, UTCP_NEIGH_LET_GO);
	KUNIT_EXPECT_EQ(test, n.state, UTCP_PEER_STATE_UNKNOWN);
	KUNIT_EXPECT_EQ(test, utcp_neigh_want(&n, START + 2 * UTCP_SEARCH_TIME),
			0);
}

static void neigh__again(struct kunit *test)
{
	u64 now = START + UTCP_SEARCH_TIME;
	struct utcp_path p = path_of(1);
	struct utcp_neigh n = {};

	utcp_neigh_again(&n, START);
	KUNIT_EXPECT_EQ(test, n.state, UTCP_PEER_STATE_UNKNOWN);
	utcp_neigh_want(&n, START);
	while (n.ask_at < START + UTCP_SEARCH_TIME)
		utcp_neigh_tick(&n, n.ask_at, true, 0);
	utcp_neigh_again(&n, now - MSEC);
	KUNIT_EXPECT_EQ(test, utcp_neigh_due(&n, true), now - MSEC);
	KUNIT_EXPECT_EQ(test, utcp_neigh_tick(&n, now - MSEC, true, 0),
			UTCP_NEIGH_ASK);
	/* It takes no longer by that. */
	KUNIT_EXPECT_EQ(test, utcp_neigh_tick(&n, now, true, 0),
			UTCP_NEIGH_GAVE_UP);
	utcp_neigh_again(&n, now + MSEC);
	KUNIT_EXPECT_EQ(test, utcp_neigh_want(&n, now + MSEC), 0);
	KUNIT_EXPECT_EQ(test, n.state, UTCP_PEER_STATE_SEARCHING);
	utcp_neigh_reached(&n, now + 2 * MSEC, &p);
	utcp_neigh_again(&n, now + 3 * MSEC);
	KUNIT_EXPECT_EQ(test, n.state, UTCP_PEER_STATE_REACHABLE);
}

static void neigh__nobody_wants(struct kunit *test)
{
	struct utcp_neigh n = {};

	utcp_neigh_want(&n, START);
	KUNIT_EXPECT_EQ(test, utcp_neigh_tick(&n, START, false, 0),
			UTCP_NEIGH_LET_GO);
	KUNIT_EXPECT_EQ(test, n.state, UTCP_PEER_STATE_UNKNOWN);
}

static void neigh__candidates(struct kunit *test)
{
	struct utcp_neigh n = {};
	struct utcp_path p = path_of(1);
	unsigned int i, todo;

	/* Nobody asked. */
	KUNIT_EXPECT_FALSE(test, utcp_neigh_candidate(&n, START, &p));
	utcp_neigh_want(&n, START);
	for (i = 1; i <= UTCP_CANDIDATES; i++) {
		p = path_of(i);
		KUNIT_EXPECT_TRUE(test, utcp_neigh_candidate(&n, START, &p));
		KUNIT_EXPECT_FALSE(test, utcp_neigh_candidate(&n, START, &p));
	}
	KUNIT_EXPECT_EQ(test, n.state, UTCP_PEER_STATE_TRYING);
	p = path_of(9);
	KUNIT_EXPECT_FALSE(test, utcp_neigh_candidate(&n, START, &p));
	/* None of them replaces another, and all of them have 5 s. */
	KUNIT_EXPECT_EQ(test, n.n, UTCP_CANDIDATES);
	todo = utcp_neigh_tick(&n, START + UTCP_TRYING_TIME - 1, true, 0);
	KUNIT_EXPECT_EQ(test, todo, 0);
	todo = utcp_neigh_tick(&n, START + UTCP_TRYING_TIME, true, 0);
	KUNIT_EXPECT_EQ(test, todo, UTCP_NEIGH_ASK | UTCP_NEIGH_RETRY);
	KUNIT_EXPECT_EQ(test, n.state, UTCP_PEER_STATE_SEARCHING);
	KUNIT_EXPECT_TRUE(test, utcp_neigh_candidate(&n, START, &p));
	/* The search goes on from where it began. */
	todo = utcp_neigh_tick(&n, START + UTCP_SEARCH_TIME, true, 0);
	KUNIT_EXPECT_TRUE(test, todo & UTCP_NEIGH_GAVE_UP);
}

static void neigh__reached(struct kunit *test)
{
	struct utcp_neigh n = {};
	struct utcp_path p = path_of(1), q = path_of(2);

	utcp_neigh_want(&n, START);
	utcp_neigh_candidate(&n, START, &p);
	utcp_neigh_reached(&n, START, &q);
	KUNIT_EXPECT_EQ(test, n.state, UTCP_PEER_STATE_REACHABLE);
	KUNIT_EXPECT_TRUE(test, utcp_path_equal(&n.path, &q));
	KUNIT_EXPECT_EQ(test, utcp_neigh_due(&n, true), U64_MAX);
	/* No answer changes it. */
	KUNIT_EXPECT_FALSE(test, utcp_neigh_candidate(&n, START, &p));
	KUNIT_EXPECT_EQ(test, utcp_neigh_want(&n, START), 0);
	KUNIT_EXPECT_EQ(test, n.state, UTCP_PEER_STATE_REACHABLE);
}

static void neigh__doubtful(struct kunit *test)
{
	struct utcp_neigh n = {};
	struct utcp_path p = path_of(1), q = path_of(2);
	unsigned int todo;

	KUNIT_EXPECT_FALSE(test, utcp_neigh_doubt(&n, START));
	utcp_neigh_reached(&n, START, &p);
	KUNIT_EXPECT_TRUE(test, utcp_neigh_doubt(&n, START));
	KUNIT_EXPECT_FALSE(test, utcp_neigh_doubt(&n, START));
	KUNIT_EXPECT_TRUE(test, utcp_path_equal(&n.path, &p));
	KUNIT_EXPECT_EQ(test, utcp_neigh_tick(&n, START, true, 0),
			UTCP_NEIGH_ASK);
	KUNIT_EXPECT_TRUE(test, utcp_neigh_candidate(&n, START, &q));
	KUNIT_EXPECT_EQ(test, n.state, UTCP_PEER_STATE_DOUBTFUL);
	/* With connections it goes on, without it ends. */
	todo = utcp_neigh_tick(&n, START + 2 * UTCP_SEARCH_TIME, true, 0);
	KUNIT_EXPECT_EQ(test, todo, UTCP_NEIGH_ASK);
	todo = utcp_neigh_tick(&n, START + 2 * UTCP_SEARCH_TIME, false, 0);
	KUNIT_EXPECT_EQ(test, todo, UTCP_NEIGH_LET_GO | UTCP_NEIGH_GAVE_UP);
	KUNIT_EXPECT_EQ(test, n.state, UTCP_PEER_STATE_UNKNOWN);
	KUNIT_EXPECT_EQ(test, n.path.ifindex, 0);
}

/* Of two CPUs, the one that has read the clock first may get the lock last. */
static void neigh__clock(struct kunit *test)
{
	struct utcp_path path = path_of(1);
	struct utcp_neigh n = {};

	utcp_neigh_want(&n, START);
	KUNIT_EXPECT_EQ(test, utcp_neigh_tick(&n, START - 1, true, 0), 0);
	KUNIT_EXPECT_TRUE(test, utcp_neigh_candidate(&n, START, &path));
	KUNIT_EXPECT_EQ(test, utcp_neigh_tick(&n, START - 1, true, 0), 0);
	KUNIT_EXPECT_FALSE(test, utcp_neigh_candidate(&n, START - 1, &path));
	utcp_neigh_reached(&n, START, &path);
	KUNIT_EXPECT_TRUE(test, utcp_neigh_doubt(&n, START));
	KUNIT_EXPECT_EQ(test, utcp_neigh_tick(&n, START - 1, false, 0), 0);
	utcp_neigh_tick(&n, START + UTCP_SEARCH_TIME, false, 0);
	utcp_neigh_want(&n, START);
	utcp_neigh_tick(&n, START + UTCP_SEARCH_TIME, true, 0);
	KUNIT_EXPECT_EQ(test, n.state, UTCP_PEER_STATE_FAILED);
	KUNIT_EXPECT_EQ(test, utcp_neigh_want(&n, START + UTCP_SEARCH_TIME - 1),
			-EHOSTUNREACH);
	KUNIT_EXPECT_EQ(
		test,
		utcp_neigh_tick(&n, START + UTCP_SEARCH_TIME - 1, true, 0), 0);
}

static struct kunit_case neigh_cases[] = {
	KUNIT_CASE(neigh__asks),	 KUNIT_CASE(neigh__jitter),
	KUNIT_CASE(neigh__fails),	 KUNIT_CASE(neigh__again),
	KUNIT_CASE(neigh__nobody_wants), KUNIT_CASE(neigh__candidates),
	KUNIT_CASE(neigh__reached),	 KUNIT_CASE(neigh__doubtful),
	KUNIT_CASE(neigh__clock),	 {}
};

static struct kunit_suite neigh_suite = {
	.name = "utcp_neigh",
	.test_cases = neigh_cases,
};

kunit_test_suite(neigh_suite);
