// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of ackrange.c: when an ACK is due, what it says, and a model that remembers
 * every counter.
 */
#include "../ackrange.c"

#include <kunit/test.h>
#include <linux/kernel.h>

#define MS 1000000ULL

static const struct utcp_chunks asks = { .asks = true };
static const struct utcp_chunks asks_now = { .asks = true, .asks_now = true };
static const struct utcp_chunks quiet;
static struct utcp_ackrange r;
static u8 plain[UTCP_ACK_LEN + UTCP_ACK_PAIRS * UTCP_ACK_PAIR_LEN];

/* Says all that has come; the ACK is in *@c. */
static bool say(struct kunit *test, u64 now, size_t room, struct utcp_chunk *c)
{
	struct utcp_writer w = { plain, plain + room };
	struct utcp_chunks chunks;
	const u8 *at = plain;

	if (!utcp_ackrange_put(&r, now, 0x61626364, &w))
		return false;
	KUNIT_EXPECT_EQ(test, utcp_chunks_check(&chunks, plain, w.at - plain),
			0);
	KUNIT_EXPECT_TRUE(test, utcp_chunk_next(c, &at, w.at));
	KUNIT_EXPECT_EQ(test, c->type, UTCP_CHUNK_ACK);
	KUNIT_EXPECT_EQ(test, c->ack.index, 0x61626364);
	return true;
}

/* Numbered: frames come, each a millisecond after the other. An ACK that is due at
 * once is sent.
 */
static void ackrange__due(struct kunit *test)
{
	static const struct {
		u64 counter;
		const struct utcp_chunks *chunks;
		int wait; /* milliseconds from now; -1: nothing is due */
	} table[] = {
		/*  0: the first of all leaves no gap */ { 0, &asks, 5 },
		/*  1: the older one counts */ { 1, &asks, 4 },
		/*  2: a PING */ { 2, &asks_now, 0 },
		/*  3: asks for nothing */ { 3, &quiet, -1 },
		/*  4 */ { 4, &asks, 5 },
		/*  5: leaves a gap, 5 */ { 6, &asks, 0 },
		/*  6: the second above it */ { 7, &asks, 5 },
		/*  7: the third above it: 5 is lost */ { 8, &asks, 0 },
		/*  8: the gap stays and costs nothing more */ { 9, &asks, 5 },
		/*  9 */ { 10, &asks, 4 },
		/* 10: fills the gap */ { 5, &asks, 0 },
		/* 11 */ { 11, &asks, 5 },
		/* 12: a gap above what asks for nothing */ { 13, &quiet, 4 },
		/* 13: second above: later */ { 14, &asks, 3 },
		/* 14: third above */ { 15, &asks, 0 },
		/* 15: two gaps, each reported */ { 17, &asks, 0 },
		/* 16 */ { 19, &asks, 0 },
		/* 17: second above the newer, third above the older */
		{ 20, &asks, 5 },
		/* 18: third above the newer */ { 21, &asks, 0 },
		/* 19: fills the older gap without asking */ { 16, &quiet, -1 },
	};
	struct utcp_chunk c;
	unsigned int i;
	u64 now = 100 * MS;

	utcp_ackrange_init(&r);
	for (i = 0; i < ARRAY_SIZE(table); i++, now += MS) {
		utcp_ackrange_take(&r, table[i].counter, now, table[i].chunks);
		if (table[i].wait < 0)
			KUNIT_EXPECT_EQ_MSG(test, r.due, UTCP_NEVER, "row %u",
					    i);
		else
			KUNIT_EXPECT_EQ_MSG(test, r.due,
					    now + table[i].wait * MS, "row %u",
					    i);
		if (r.due == now)
			KUNIT_EXPECT_TRUE(test,
					  say(test, now, sizeof(plain), &c));
	}
}

static void ackrange__thirty_two(struct kunit *test)
{
	u64 counter;

	utcp_ackrange_init(&r);
	for (counter = 0; counter < 31; counter++)
		utcp_ackrange_take(&r, counter, 7, &asks);
	KUNIT_EXPECT_EQ(test, r.due, 7 + 5 * MS);
	utcp_ackrange_take(&r, 31, 7, &quiet);
	KUNIT_EXPECT_EQ(test, r.due, 7 + 5 * MS);
	utcp_ackrange_take(&r, 32, 7, &asks);
	KUNIT_EXPECT_EQ(test, r.due, 7);
}

static void ackrange__said(struct kunit *test)
{
	struct utcp_chunk c;

	utcp_ackrange_init(&r);
	KUNIT_EXPECT_FALSE(test, say(test, 0, sizeof(plain), &c));
	utcp_ackrange_take(&r, 3, 50 * MS, &asks);
	utcp_ackrange_take(&r, 4, 51 * MS, &asks);
	utcp_ackrange_take(&r, 9, 52 * MS, &asks);
	utcp_ackrange_take(&r, 0, 53 * MS, &asks);
	KUNIT_ASSERT_TRUE(test, say(test, 54 * MS, sizeof(plain), &c));
	KUNIT_EXPECT_EQ(test, c.ack.greatest, 9);
	KUNIT_EXPECT_EQ(test, c.ack.delay, 2000);
	KUNIT_EXPECT_EQ(test, c.ack.first, 0);
	KUNIT_ASSERT_EQ(test, c.ack.n, 2);
	KUNIT_EXPECT_EQ(test, utcp_ack_pair(&c.ack, 0).gap, 4);
	KUNIT_EXPECT_EQ(test, utcp_ack_pair(&c.ack, 0).run, 2);
	KUNIT_EXPECT_EQ(test, utcp_ack_pair(&c.ack, 1).gap, 2);
	KUNIT_EXPECT_EQ(test, utcp_ack_pair(&c.ack, 1).run, 1);
	/* A delay that cannot be said. */
	KUNIT_ASSERT_TRUE(test, say(test, 1ULL << 60, sizeof(plain), &c));
	KUNIT_EXPECT_EQ(test, c.ack.delay, UTCP_ACK_DELAY_MAX);
	/* Little room: the highest ranges. Less: nothing, and it stays due. */
	utcp_ackrange_take(&r, 10, 60 * MS, &asks);
	KUNIT_ASSERT_TRUE(test, say(test, 60 * MS, UTCP_ACK_LEN + 15, &c));
	KUNIT_EXPECT_EQ(test, c.ack.n, 1);
	utcp_ackrange_take(&r, 11, 61 * MS, &asks);
	KUNIT_EXPECT_FALSE(test, say(test, 61 * MS, UTCP_ACK_LEN - 1, &c));
	KUNIT_EXPECT_EQ(test, r.due, 61 * MS);
	/* It was not sent after all. */
	KUNIT_ASSERT_TRUE(test, say(test, 61 * MS, sizeof(plain), &c));
	KUNIT_EXPECT_EQ(test, r.due, UTCP_NEVER);
	utcp_ackrange_unsaid(&r, 61 * MS);
	KUNIT_EXPECT_EQ(test, r.due, 61 * MS);
	KUNIT_EXPECT_EQ(test, r.asking, 1);
	/* The other end knows up to 4. */
	utcp_ackrange_forget(&r, 4);
	KUNIT_ASSERT_TRUE(test, say(test, 62 * MS, sizeof(plain), &c));
	KUNIT_EXPECT_EQ(test, c.ack.greatest, 11);
	KUNIT_EXPECT_EQ(test, c.ack.first, 2);
	KUNIT_ASSERT_EQ(test, c.ack.n, 1);
	KUNIT_EXPECT_EQ(test, utcp_ack_pair(&c.ack, 0).gap, 4);
	KUNIT_EXPECT_EQ(test, utcp_ack_pair(&c.ack, 0).run, 1);
	/* Too far apart for one pair. */
	utcp_ackrange_take(&r, 1ULL << 40, 63 * MS, &asks);
	KUNIT_ASSERT_TRUE(test, say(test, 63 * MS, sizeof(plain), &c));
	KUNIT_EXPECT_EQ(test, c.ack.greatest, 1ULL << 40);
	KUNIT_EXPECT_EQ(test, c.ack.n, 0);
}

/* Beside other things: at once, and then no more than one in a millisecond or eight frames,
 * unless it is due.
 */
static void ackrange__rides(struct kunit *test)
{
	u64 counter, now = 50 * MS;
	struct utcp_chunk c;

	utcp_ackrange_init(&r);
	utcp_ackrange_take(&r, 0, now, &asks);
	KUNIT_EXPECT_TRUE(test, utcp_ackrange_rides(&r, now));
	KUNIT_ASSERT_TRUE(test, say(test, now, sizeof(plain), &c));
	utcp_ackrange_take(&r, 1, now, &asks);
	KUNIT_EXPECT_FALSE(test, utcp_ackrange_rides(&r, now + MS - 1));
	KUNIT_EXPECT_TRUE(test, utcp_ackrange_rides(&r, now + MS));
	for (counter = 2; counter < 8; counter++)
		utcp_ackrange_take(&r, counter, now, &asks);
	KUNIT_EXPECT_FALSE(test, utcp_ackrange_rides(&r, now));
	utcp_ackrange_take(&r, counter++, now, &asks);
	KUNIT_EXPECT_TRUE(test, utcp_ackrange_rides(&r, now));
	KUNIT_ASSERT_TRUE(test, say(test, now, sizeof(plain), &c));
	utcp_ackrange_take(&r, counter, now, &asks_now);
	KUNIT_EXPECT_TRUE(test, utcp_ackrange_rides(&r, now));
}

/* More gaps than are kept: the highest stay. */
static void ackrange__full(struct kunit *test)
{
	struct utcp_chunk c;
	u64 counter;

	utcp_ackrange_init(&r);
	for (counter = 0; counter < 200; counter += 2)
		utcp_ackrange_take(&r, counter, 0, &asks);
	/* Too old to be remembered. */
	utcp_ackrange_take(&r, 5, 0, &asks);
	KUNIT_EXPECT_EQ(test, r.n, UTCP_ACK_RANGES);
	KUNIT_ASSERT_TRUE(test, say(test, 0, sizeof(plain), &c));
	KUNIT_EXPECT_EQ(test, c.ack.greatest, 198);
	KUNIT_EXPECT_EQ(test, c.ack.n, UTCP_ACK_PAIRS);
	KUNIT_EXPECT_EQ(test, r.run[UTCP_ACK_RANGES - 1].low, 198 - 2 * 63);
}

/* Counters in an order that an LCG mixes, against one byte a number. */
static void ackrange__model(struct kunit *test)
{
	static u8 came[4096];
	unsigned int i, bad = 0;
	u32 random = 1;
	u64 base = 0;

	utcp_ackrange_init(&r);
	memset(came, 0, sizeof(came));
	for (i = 0; i < 20000 && base < sizeof(came) - 128; i++) {
		u64 counter, n;
		u32 run;

		random = random * 1664525 + 1013904223;
		counter = base + (random >> 8) % 100;
		if ((random >> 20) % 8 == 0)
			base++;
		if (came[counter])
			continue;
		came[counter] = 1;
		utcp_ackrange_take(&r, counter, i, &asks);
		/* Each that is said has come; each that came, above, is said. */
		n = r.run[0].high;
		for (run = 0; run < r.n; run++) {
			bad += run && n < r.run[run].high;
			while (n > r.run[run].high)
				bad += came[n--];
			for (; n + 1 > r.run[run].low; n--) {
				bad += !came[n];
				if (!n)
					break;
			}
		}
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
	KUNIT_EXPECT_GT(test, base, 500);
}

static struct kunit_case ackrange_cases[] = { KUNIT_CASE(ackrange__due),
					      KUNIT_CASE(ackrange__thirty_two),
					      KUNIT_CASE(ackrange__said),
					      KUNIT_CASE(ackrange__rides),
					      KUNIT_CASE(ackrange__full),
					      KUNIT_CASE(ackrange__model),
					      {} };

static struct kunit_suite ackrange_suite = {
	.name = "utcp_ackrange",
	.test_cases = ackrange_cases,
};

kunit_test_suite(ackrange_suite);
