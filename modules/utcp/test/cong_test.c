// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of cong.c and cong_cubic.c: numbers worked out from RFC 9438 and RFC 9406.
 */
#include "../cong.c"
#include "../cong_cubic.c"

#include <kunit/test.h>

#define FRAME 1000
#define SEC 1000000000ULL
#define MS 1000000ULL

static struct utcp_cong cong;

static void cong__initial(struct kunit *test)
{
	static const struct {
		u32 frame, cwnd;
	} table[] = {
		/* 0 */ { 1000, 10000 },
		/* 1 */ { 1280, 12800 },
		/* 2: RFC 9002 section 7.2 */ { 1500, 14720 },
		/* 3: two frames */ { 9000, 18000 },
		/* 4 */ { 65535, 131070 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		utcp_cong_init(&cong, &utcp_cubic, table[i].frame);
		KUNIT_EXPECT_EQ_MSG(test, cong.cwnd, table[i].cwnd, "row %u",
				    i);
		KUNIT_EXPECT_TRUE(test, utcp_cong_slow_start(&cong));
	}
	KUNIT_EXPECT_TRUE(test, utcp_cong_find("cubic") == &utcp_cubic);
	KUNIT_EXPECT_NULL(test, utcp_cong_find("cubi"));
	KUNIT_EXPECT_NULL(test, utcp_cong_find(""));
}

static void cubic__cube_root(struct kunit *test)
{
	unsigned int bad = 0;
	u64 n;

	for (n = 0; n < 1000; n++) {
		bad += cube_root(n * n * n) != n;
		bad += n > 1 && cube_root(n * n * n - 1) != n - 1;
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
	KUNIT_EXPECT_EQ(test, cube_root(~0ULL), 2642245);
	KUNIT_EXPECT_EQ(test, cube_root(2642245ULL * 2642245 * 2642245),
			2642245);
}

/* W_max 100 frames, beta 0.7: K = cbrt(30 ÷ 0.4) s = 4.217 s. */
static void cubic__curve(struct kunit *test)
{
	static const struct {
		u64 ms;
		u32 frames_x1000; /* 0.4 × (t − K)³ + 100, by 1000 */
	} table[] = {
		/* 0 */ { 0, 70003 },
		/* 1 */ { 1000, 86683 },
		/* 2 */ { 2217, 96800 },
		/* 3 */ { 4217, 100000 },
		/* 4 */ { 6217, 103200 },
		/* 5 */ { 14217, 500000 },
	};
	struct curve curve = { .w_max = 100 * FRAME };
	unsigned int i;

	utcp_cong_init(&cong, &utcp_cubic, FRAME);
	curve.k = k_of(100 * FRAME, 70 * FRAME, FRAME);
	KUNIT_EXPECT_EQ(test, curve.k, 4217);
	KUNIT_EXPECT_EQ(test, k_of(70 * FRAME, 70 * FRAME, FRAME), 0);
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		u64 w = w_cubic(&cong, &curve, table[i].ms);

		KUNIT_EXPECT_TRUE_MSG(test,
				      w + 10 > table[i].frames_x1000 &&
					      w < table[i].frames_x1000 + 10,
				      "row %u: %llu", i, w);
	}
	/* What overflows in a naive form. */
	cong.frame = 65535;
	curve.w_max = UTCP_CONG_MAX;
	KUNIT_EXPECT_GT(test, w_cubic(&cong, &curve, ~0ULL >> 1),
			(u64)UTCP_CONG_MAX);
}

/* One round trip of a window that is used up. */
static void round_trip(u64 *now, u64 *order, u64 rtt, bool limited)
{
	u32 frames = cong.cwnd / FRAME, i;

	*now += rtt;
	for (i = 0; i < frames; i++) {
		const struct utcp_cong_ack ack = {
			.now = *now,
			.rtt = rtt,
			.smoothed = rtt,
			.bytes = FRAME,
			.order = *order + i,
			.next = *order + frames,
			.limited = limited,
		};

		utcp_cong_acked(&cong, &ack);
	}
	*order += frames;
}

static void cubic__slow_start(struct kunit *test)
{
	u64 now = SEC, order = 0;
	unsigned int i;

	utcp_cong_init(&cong, &utcp_cubic, FRAME);
	for (i = 0; i < 5; i++)
		round_trip(&now, &order, 10 * MS, true);
	KUNIT_EXPECT_EQ(test, cong.cwnd, 10 * FRAME << 5);
	/* What the program does not use does not grow. */
	round_trip(&now, &order, 10 * MS, false);
	KUNIT_EXPECT_EQ(test, cong.cwnd, 10 * FRAME << 5);
	KUNIT_EXPECT_EQ(test, utcp_cong_rate(&cong, 10 * MS),
			2ULL * cong.cwnd * 100);
}

/* RFC 9406: the round trip grows by more than an eighth and 4 ms. */
static void cubic__hystart(struct kunit *test)
{
	u64 now = SEC, order = 0;
	unsigned int i;
	u32 before;

	utcp_cong_init(&cong, &utcp_cubic, FRAME);
	for (i = 0; i < 3; i++)
		round_trip(&now, &order, 50 * MS, true);
	before = cong.cwnd;
	/* By 6 ms it is not: an eighth of 50 is more. */
	round_trip(&now, &order, 56 * MS, true);
	KUNIT_EXPECT_EQ(test, cong.cwnd, 2 * before);
	before = cong.cwnd;
	round_trip(&now, &order, 64 * MS, true);
	/* The first ACK ends the round before; from the eighth sample of this one
	 * on, a quarter.
	 */
	KUNIT_EXPECT_EQ(test, cong.cwnd,
			before + 9 * FRAME + (before - 9 * FRAME) / 4);
	KUNIT_EXPECT_TRUE(test, utcp_cong_slow_start(&cong));
	/* It falls again: slow start goes on. */
	round_trip(&now, &order, 50 * MS, true);
	before = cong.cwnd;
	round_trip(&now, &order, 50 * MS, true);
	KUNIT_EXPECT_EQ(test, cong.cwnd, 2 * before);
	/* It grows and stays: after five rounds, congestion avoidance. */
	for (i = 0; i < 6; i++) {
		KUNIT_EXPECT_TRUE_MSG(test, utcp_cong_slow_start(&cong),
				      "round %u", i);
		round_trip(&now, &order, 70 * MS, true);
	}
	KUNIT_EXPECT_FALSE(test, utcp_cong_slow_start(&cong));
	before = cong.cwnd;
	round_trip(&now, &order, 70 * MS, true);
	KUNIT_EXPECT_TRUE(test, cong.cwnd >= before);
	KUNIT_EXPECT_TRUE(test, cong.cwnd <= before + 2 * FRAME);
}

static void cubic__loss(struct kunit *test)
{
	u64 now = 10 * SEC, order = 0;
	unsigned int i;

	utcp_cong_init(&cong, &utcp_cubic, FRAME);
	cong.cwnd = 100 * FRAME;
	utcp_cong_lost(&cong, now, now - 5);
	KUNIT_EXPECT_EQ(test, cong.cwnd, 70 * FRAME);
	KUNIT_EXPECT_EQ(test, cong.ssthresh, 70 * FRAME);
	/* More of the same window: no further. */
	utcp_cong_lost(&cong, now, now - 4);
	utcp_cong_lost(&cong, now + 1, now);
	KUNIT_EXPECT_EQ(test, cong.cwnd, 70 * FRAME);
	/* With a long round trip CUBIC comes back to W_max after K. */
	for (i = 0; i < 42; i++)
		round_trip(&now, &order, 100 * MS, true);
	KUNIT_EXPECT_TRUE_MSG(test,
			      cong.cwnd > 97 * FRAME && cong.cwnd < 103 * FRAME,
			      "%u", cong.cwnd);
	/* A loss below W_max: fast convergence. */
	cong.cwnd = 90 * FRAME;
	utcp_cong_lost(&cong, now, now - 1);
	KUNIT_EXPECT_EQ(test, cubic_of(&cong)->now.w_max, 76500);
	/* With a short one, Reno's line is above the curve: alpha 9/17 a round. */
	cong.cwnd = 100 * FRAME;
	cubic_of(&cong)->now.w_max = 0;
	now += SEC;
	utcp_cong_lost(&cong, now, now - 1);
	for (i = 0; i < 17; i++)
		round_trip(&now, &order, MS, true);
	KUNIT_EXPECT_TRUE_MSG(test,
			      cong.cwnd > 78 * FRAME && cong.cwnd < 80 * FRAME,
			      "%u", cong.cwnd);
	/* Never less than two frames. */
	for (i = 0; i < 20; i++) {
		now += SEC;
		utcp_cong_lost(&cong, now, now - 1);
	}
	KUNIT_EXPECT_EQ(test, cong.cwnd, 2 * FRAME);
}

static void cubic__undo(struct kunit *test)
{
	const u64 now = 10 * SEC;

	utcp_cong_init(&cong, &utcp_cubic, FRAME);
	cong.cwnd = 100 * FRAME;
	utcp_cong_lost(&cong, now, now - 5);
	utcp_cong_lost(&cong, now, now - 4);
	utcp_cong_wrong(&cong, now + 1, now - 5);
	KUNIT_EXPECT_EQ(test, cong.cwnd, 70 * FRAME);
	utcp_cong_wrong(&cong, now + 1, now - 4);
	KUNIT_EXPECT_EQ(test, cong.cwnd, 100 * FRAME);
	KUNIT_EXPECT_EQ(test, cong.ssthresh, U32_MAX);
	utcp_cong_wrong(&cong, now + 1, now - 3);
	KUNIT_EXPECT_EQ(test, cong.cwnd, 100 * FRAME);
}

static void cubic__persistent(struct kunit *test)
{
	u64 now = 10 * SEC, order = 0;

	utcp_cong_init(&cong, &utcp_cubic, FRAME);
	cong.cwnd = 100 * FRAME;
	utcp_cong_persistent(&cong, now);
	KUNIT_EXPECT_EQ(test, cong.cwnd, 2 * FRAME);
	KUNIT_EXPECT_EQ(test, cong.ssthresh, 70 * FRAME);
	/* Slow start to there, then slowly. */
	while (utcp_cong_slow_start(&cong))
		round_trip(&now, &order, MS, true);
	KUNIT_EXPECT_EQ(test, order < 300, true);
	round_trip(&now, &order, MS, true);
	KUNIT_EXPECT_TRUE(test, cong.cwnd < 132 * FRAME);
}

static struct kunit_case cong_cases[] = { KUNIT_CASE(cong__initial),
					  KUNIT_CASE(cubic__cube_root),
					  KUNIT_CASE(cubic__curve),
					  KUNIT_CASE(cubic__slow_start),
					  KUNIT_CASE(cubic__hystart),
					  KUNIT_CASE(cubic__loss),
					  KUNIT_CASE(cubic__undo),
					  KUNIT_CASE(cubic__persistent),
					  {} };

static struct kunit_suite cong_suite = {
	.name = "utcp_cong",
	.test_cases = cong_cases,
};

kunit_test_suite(cong_suite);
