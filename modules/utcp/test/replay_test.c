// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of replay.c: the numbered vectors, those of the specification first, and
 * a model that remembers everything.
 */
#include "../replay.c"

#include <kunit/test.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "vectors.h"

static struct utcp_replay window;

static void empty(void)
{
	memset(&window, 0, sizeof(window));
}

/* What is checked and what is marked must agree, always. */
static int take(struct kunit *test, u64 n)
{
	int check = utcp_replay_check(&window, n);
	int mark = utcp_replay_mark(&window, n);

	KUNIT_EXPECT_EQ(test, check, mark);
	return mark;
}

static void run_vectors(struct kunit *test, const char *prefix,
			unsigned int count)
{
	unsigned int i;
	u8 row[9];

	empty();
	for (i = 1; utcp_vector_n(test, prefix, i, row, sizeof(row)); i++)
		KUNIT_EXPECT_EQ_MSG(test, !take(test, get_unaligned_be64(row)),
				    row[8], "%s%02u", prefix, i);
	KUNIT_EXPECT_EQ(test, i, count + 1);
}

static void replay__vectors(struct kunit *test)
{
	run_vectors(test, "replay_", 59);
}

static void replay__vectors_of_another_lane(struct kunit *test)
{
	run_vectors(test, "replay_b", 8);
}

#define W UTCP_REPLAY_WINDOW
#define END UTCP_REPLAY_END

/* Numbered, so that a failure says which. */
static void replay__table(struct kunit *test)
{
	static const struct {
		u64 n;
		int want;
	} table[] = {
		/*  0 */ { 0, 0 },
		/*  1 */ { 0, -EEXIST },
		/*  2 */ { W - 1, 0 },
		/*  3 */ { 0, -EEXIST },
		/*  4 */ { 1, 0 },
		/*  5 */ { W, 0 },
		/*  6 */ { 0, -ESTALE },
		/*  7 */ { 1, -EEXIST },
		/*  8 */ { 2, 0 },
		/*  9 */ { 2, -EEXIST },
		/* 10 */ { W + 1, 0 },
		/* 11 */ { 1, -ESTALE },
		/* 12 */ { 2, -EEXIST },
		/* 13 */ { 2 * W, 0 },
		/* 14 */ { W, -ESTALE },
		/* 15 */ { W + 1, -EEXIST },
		/* 16 */ { W + 2, 0 },
		/* 17 */ { 2 * W - 1, 0 },
		/* a whole window on: nothing of the old one is left */
		/* 18 */ { 3 * W, 0 },
		/* 19 */ { 2 * W, -ESTALE },
		/* 20 */ { 2 * W + 1, 0 },
		/* 21 */ { 3 * W - 1, 0 },
		/* a window and one on */
		/* 22 */ { 4 * W + 1, 0 },
		/* 23 */ { 3 * W + 1, -ESTALE },
		/* 24 */ { 3 * W + 2, 0 },
		/* a window less one on */
		/* 25 */ { 5 * W, 0 },
		/* 26 */ { 4 * W + 1, -EEXIST },
		/* 27 */ { 4 * W, -ESTALE },
		/* far away; then the end */
		/* 28 */ { 1ULL << 40, 0 },
		/* 29 */ { 5 * W, -ESTALE },
		/* 30 */ { (1ULL << 40) - 1, 0 },
		/* 31 */ { END, -ERANGE },
		/* 32 */ { ~0ULL, -ERANGE },
		/* 33 */ { END - 2, 0 },
		/* 34 */ { END - 1, 0 },
		/* 35 */ { END - 1, -EEXIST },
		/* 36 */ { END - W, 0 },
		/* 37 */ { END - W - 1, -ESTALE },
		/* 38 */ { END, -ERANGE },
		/* 39 */ { 0, -ESTALE },
	};
	unsigned int i;

	empty();
	for (i = 0; i < ARRAY_SIZE(table); i++)
		KUNIT_EXPECT_EQ_MSG(test, take(test, table[i].n), table[i].want,
				    "row %u", i);
}

/* Every number of two windows, backwards and forwards. */
static void replay__each_once(struct kunit *test)
{
	unsigned int bad = 0;
	u64 n;

	empty();
	for (n = W; n-- > 0;)
		bad += take(test, n) != 0;
	for (n = 0; n < W; n++)
		bad += take(test, n) != -EEXIST;
	for (n = W; n < 2 * W; n++)
		bad += take(test, n) != 0;
	for (n = 0; n < W; n++)
		bad += take(test, n) != -ESTALE;
	KUNIT_EXPECT_EQ(test, bad, 0);
}

/* Steps of all sizes against a model without a window: one byte a number. */
static void replay__model(struct kunit *test)
{
	static u8 seen[16 * W];
	u64 greatest = 0;
	unsigned int i, bad = 0;
	u32 random = 1;

	empty();
	memset(seen, 0, sizeof(seen));
	for (i = 0; i < 100000; i++) {
		u64 n;
		int want;

		random = random * 1664525 + 1013904223;
		/* Small steps, now and then one about as wide as the window; and
		 * half of the time back, to what may be in the window or not.
		 */
		n = greatest + ((random >> 8) & ((2 << (random >> 29)) - 1));
		if ((random >> 16) % 256 == 0)
			n += W - 512 + (random >> 8) % 1024;
		if (random & BIT(24) && n > W + 64)
			n -= (random >> 6) % (W + 64);
		if (n >= sizeof(seen))
			break;
		if (seen[n])
			want = -EEXIST;
		else
			want = 0;
		if (n + W <= greatest)
			want = -ESTALE;
		bad += take(test, n) != want;
		seen[n] = 1;
		if (n > greatest)
			greatest = n;
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
	KUNIT_EXPECT_GT(test, i, 1000);
	KUNIT_EXPECT_GT(test, greatest, (u64)8 * W);
}

static struct kunit_case replay_cases[] = {
	KUNIT_CASE(replay__vectors),
	KUNIT_CASE(replay__vectors_of_another_lane),
	KUNIT_CASE(replay__table),
	KUNIT_CASE(replay__each_once),
	KUNIT_CASE(replay__model),
	{}
};

static struct kunit_suite replay_suite = {
	.name = "utcp_replay",
	.test_cases = replay_cases,
};

kunit_test_suite(replay_suite);
