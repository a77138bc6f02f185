// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of flow.c.
 */
#include "../flow.c"

#include <kunit/test.h>

#define MS 1000000ULL
#define KIB 1024

static void flow__limit(struct kunit *test)
{
	struct utcp_flow f;

	utcp_flow_init(&f, 64 * KIB, 64 * KIB, 0, 0);
	KUNIT_EXPECT_EQ(test, f.limit, 64 * KIB);
	KUNIT_EXPECT_EQ(test, utcp_flow_came(&f, 10), 0);
	KUNIT_EXPECT_EQ(test, utcp_flow_came(&f, 64 * KIB), 0);
	KUNIT_EXPECT_EQ(test, utcp_flow_came(&f, 64 * KIB + 1), -EPROTO);
	/* At its limit the sender is told of what makes a frame. */
	KUNIT_EXPECT_FALSE(test, utcp_flow_read(&f, 1279, MS, 0));
	KUNIT_EXPECT_TRUE(test, utcp_flow_read(&f, 1, MS, 0));
	KUNIT_EXPECT_EQ(test, utcp_flow_grant(&f), 64 * KIB + 1280);
	/* Else of a quarter. */
	KUNIT_EXPECT_FALSE(test, utcp_flow_read(&f, 16 * KIB - 1, MS, 0));
	KUNIT_EXPECT_TRUE(test, utcp_flow_read(&f, 1, MS, 0));
	KUNIT_EXPECT_EQ(test, utcp_flow_grant(&f), 80 * KIB + 1280);
	KUNIT_EXPECT_EQ(test, utcp_flow_came(&f, 80 * KIB + 1280), 0);
}

/* Who reads byte by byte from a sender that is always at its limit: no frame is as short,
 * and it goes on for as long as there is something to read.
 */
static void flow__no_silly_window(struct kunit *test)
{
	static const u32 longest[] = { 0, 1, 1000, 65536 };
	unsigned int i, n, windows, bad = 0;

	for (i = 0; i < ARRAY_SIZE(longest); i++) {
		struct utcp_flow f;
		u64 limit;

		utcp_flow_init(&f, 64 * KIB, 64 * KIB, longest[i], 0);
		windows = 0;
		for (n = 0; n < 1000 * KIB; n++) {
			bad += utcp_flow_came(&f, f.limit) != 0;
			bad += f.limit <= f.read;
			limit = f.limit;
			if (!utcp_flow_read(&f, 1, MS, n))
				continue;
			windows++;
			/* messages may be that short */
			bad += utcp_flow_grant(&f) - limit <
			       min_t(u32, 1280, longest[i] ?: 1280) / 2;
		}
		KUNIT_EXPECT_GT(test, windows, 0);
		if (longest[i] != 1 && longest[i] != 1000)
			KUNIT_EXPECT_LE(test, windows, 1000 * KIB / 1280);
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
}

/* Whatever was read, with a WINDOW sent when it is to be: one whole message has room. */
static void flow__message_fits(struct kunit *test)
{
	static const u32 longest[] = { 1, 2, 3, 1000, 65536, 1 << 20, 3 << 20 };
	unsigned int i, bad = 0;
	u32 random = 1;

	for (i = 0; i < ARRAY_SIZE(longest); i++) {
		struct utcp_flow f;
		unsigned int n;

		utcp_flow_init(&f, 64 * KIB, 64 * KIB, longest[i], 0);
		for (n = 0; n < 1000; n++) {
			u32 len;

			random = random * 1664525 + 1013904223;
			len = 1 + (random >> 4) % longest[i];
			bad += utcp_flow_came(&f, f.read + longest[i]) != 0;
			if (utcp_flow_read(&f, len, MS, n))
				utcp_flow_grant(&f);
			bad += f.limit < f.read + longest[i];
		}
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
}

static void flow__grows(struct kunit *test)
{
	struct utcp_flow f;
	u64 now = 10 * MS, limit;
	unsigned int n;

	utcp_flow_init(&f, 64 * KIB, 1 << 20, 0, 0);
	/* A slow reader: the buffer stays. */
	for (n = 0; n < 100; n++, now += 10 * MS)
		utcp_flow_read(&f, 40 * KIB, MS, now);
	KUNIT_EXPECT_EQ(test, f.buffer, 64 * KIB);
	/* More than half of it within two round trips: it doubles, up to its most. */
	for (n = 0; n < 100; n++, now += MS) {
		limit = f.limit;
		utcp_flow_read(&f, 3 * f.buffer / 4, MS, now);
		KUNIT_EXPECT_TRUE(test, utcp_flow_grant(&f) >= limit);
	}
	KUNIT_EXPECT_EQ(test, f.buffer, 1 << 20);
}

static struct kunit_case flow_cases[] = { KUNIT_CASE(flow__limit),
					  KUNIT_CASE(flow__no_silly_window),
					  KUNIT_CASE(flow__message_fits),
					  KUNIT_CASE(flow__grows),
					  {} };

static struct kunit_suite flow_suite = {
	.name = "utcp_flow",
	.test_cases = flow_cases,
};

kunit_test_suite(flow_suite);
