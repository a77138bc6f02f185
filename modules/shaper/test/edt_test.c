// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of edt.c, by a clock that the test turns.
 */
#include "../edt.c"

#include <kunit/test.h>

#define MS 1000000ULL
#define START (1000 * MS)

static void edt__precision(struct kunit *test)
{
	static const u64 rates[] = {
		8000,
		64000,
		1000000,
		10000000,
		200000000,
		1000000000,
		9999999999ULL,
		40000000000ULL,
		400000000000ULL,
		1000000000000ULL,
	};
	struct shaper_rate rate;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		/* exact: bytes times 8 times 10^9 by bits per second */
		u64 want = div64_u64(65536ULL * 8 * 1000000000, rates[i]);
		u64 got;

		shaper_rate_set(&rate, rates[i]);
		got = shaper_rate_ns(&rate, 65536);
		/* one in ten thousand, or a nanosecond */
		KUNIT_EXPECT_TRUE_MSG(test,
				      got + want / 10000 + 1 >= want &&
					      got <= want + want / 10000 + 1,
				      "rate %llu: %llu, not %llu", rates[i],
				      got, want);
	}
}

static void edt__longest_frame_does_not_overflow(struct kunit *test)
{
	struct shaper_rate rate;

	shaper_rate_set(&rate, 8000);
	KUNIT_EXPECT_EQ(test, shaper_rate_ns(&rate, 1 << 24),
			(1ULL << 24) * 1000000);
}

/* Floods a bucket with frames for so long. Return: bytes that went. */
static u64 flood(struct shaper_bucket *bucket, u32 bytes, u64 from, u64 until)
{
	u64 now, sum = 0;

	for (now = from; now < until; now += 10000)
		while (shaper_bucket_take(bucket, bytes, now))
			sum += bytes;
	return sum;
}

/* No free second: from the first moment it is the rate, and one frame. */
static void edt__fresh(struct kunit *test)
{
	struct shaper_bucket bucket = {};
	u64 sum;

	shaper_bucket_set(&bucket, 10000000, 5 * MS, 1514, START);
	sum = flood(&bucket, 1514, START, START + 100 * MS);
	KUNIT_EXPECT_TRUE_MSG(test, sum <= 125000 + 1514, "%llu", sum);
	KUNIT_EXPECT_TRUE_MSG(test, sum >= 125000 - 1514, "%llu", sum);
}

/* What goes while nothing is due is not charged, and shortens no debt either. */
static void edt__due(struct kunit *test)
{
	struct shaper_bucket bucket = {};
	u64 spent;
	unsigned int i;

	shaper_bucket_set(&bucket, 10000000, 5 * MS, 1514, START);
	shaper_bucket_charge_due(&bucket, 9000, START);
	spent = atomic64_read(&bucket.spent);
	KUNIT_EXPECT_GT(test, spent, START + 5 * MS);
	KUNIT_EXPECT_LE(test, spent, START + 9000 * 800);
	for (i = 0; i < 1000; i++)
		shaper_bucket_charge_due(&bucket, i % 2 ? 60 : 9000, START);
	KUNIT_EXPECT_EQ(test, (u64)atomic64_read(&bucket.spent), spent);
	shaper_bucket_charge_due(&bucket, 60, spent);
	KUNIT_EXPECT_EQ(test, (u64)atomic64_read(&bucket.spent), spent + 48000);
	/* no more saved up than the depth */
	shaper_bucket_charge_due(&bucket, 60, START + 1000 * MS);
	KUNIT_EXPECT_EQ(test, (u64)atomic64_read(&bucket.spent),
			START + 995 * MS + 48000);
}

/* However long it was idle, no more than three tenths of the burst come at once, or one
 * frame, if that is longer.
 */
static void edt__saved(struct kunit *test)
{
	static const u32 sizes[] = { 64, 1000, 1514, 6250 };
	/* 1.5 ms at 10 Mbit/s */
	static const u32 most = 1875;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct shaper_bucket bucket = {};
		u64 now = START, sum = 0;

		shaper_bucket_set(&bucket, 10000000, 5 * MS, 1514, now);
		now += 100000 * MS;
		while (shaper_bucket_take(&bucket, sizes[i], now))
			sum += sizes[i];
		KUNIT_EXPECT_TRUE_MSG(test, sum <= max(most, sizes[i]),
				      "size %u: %llu", sizes[i], sum);
		KUNIT_EXPECT_TRUE_MSG(test, sum + sizes[i] > most,
				      "size %u: %llu", sizes[i], sum);
	}
}

/* How much of those who wait goes at once. */
static u64 charge_all(struct shaper_bucket *bucket, u32 bytes, u64 now)
{
	u64 sum = 0;

	while (shaper_bucket_ready(bucket, bytes) <= now) {
		shaper_bucket_charge(bucket, bytes, now);
		sum += bytes;
	}
	return sum;
}

/* Those who wait make up for a late timer, by the whole burst; not for the time before
 * they came.
 */
static void edt__late(struct kunit *test)
{
	struct shaper_bucket bucket = {};
	u64 now = START + 1000 * MS;
	u64 sum;

	shaper_bucket_set(&bucket, 10000000, 5 * MS, 1514, START);
	shaper_bucket_begin(&bucket, now);
	sum = charge_all(&bucket, 100, now);
	KUNIT_EXPECT_TRUE_MSG(test, sum <= 1875 && sum + 100 > 1875, "%llu",
			      sum);
	now += 4 * MS;
	sum = charge_all(&bucket, 100, now);
	KUNIT_EXPECT_TRUE_MSG(test, sum <= 5000 + 100 && sum + 100 > 5000,
			      "%llu", sum);
	now += 400 * MS;
	sum = charge_all(&bucket, 100, now);
	KUNIT_EXPECT_TRUE_MSG(test, sum <= 6250 && sum + 100 > 6250, "%llu",
			      sum);
	/* who begins while others wait takes nothing from them */
	now += MS;
	shaper_bucket_begin(&bucket, now);
	sum = charge_all(&bucket, 100, now);
	KUNIT_EXPECT_TRUE_MSG(test, sum <= 1250 + 100 && sum + 100 > 1250,
			      "%llu", sum);
}

static void edt__accuracy(struct kunit *test)
{
	static const struct {
		u64 bps;
		u32 bytes;
	} cases[] = {
		{ 64000, 1514 },   { 10000000, 64 },	{ 10000000, 1514 },
		{ 200000000, 64 }, { 200000000, 9000 }, { 1000000000, 65536 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct shaper_bucket bucket = {};
		u64 want = cases[i].bps / 8 * 3;
		u64 sum;

		shaper_bucket_set(&bucket, cases[i].bps, 5 * MS, 1514, START);
		sum = flood(&bucket, cases[i].bytes, START, START + 3000 * MS);
		/* one in a thousand, or one frame */
		KUNIT_EXPECT_TRUE_MSG(
			test,
			sum <= want + want / 1000 + cases[i].bytes + 1514 &&
				sum + want / 1000 + cases[i].bytes >= want,
			"case %u: %llu, not %llu", i, sum, want);
	}
}

/* Timers are late by a tenth of a millisecond each time: who waits has its rate all the
 * same, however much of the bucket a frame takes.
 */
static void edt__late_each_time(struct kunit *test)
{
	static const struct {
		u64 bps;
		u32 bytes;
	} cases[] = {
		{ 64000, 1514 },    { 1000000, 1514 },	 { 2400000, 1514 },
		{ 2500000, 1514 },  { 10000000, 1514 },	 { 10000000, 6250 },
		{ 10000000, 9014 }, { 10000000, 65536 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct shaper_bucket bucket = {};
		u64 now = START, sum = 0, want = cases[i].bps / 8 * 3;
		u64 depth, most;

		shaper_bucket_set(&bucket, cases[i].bps, 5 * MS, 1514, START);
		while (now < START + 3000 * MS) {
			sum += charge_all(&bucket, cases[i].bytes, now);
			now = shaper_bucket_ready(&bucket, cases[i].bytes) +
			      MS / 10;
		}
		/* rate x t, and the burst, or one frame and an eighth of the depth */
		depth = shaper_rate_bytes(&bucket.rate, bucket.depth);
		most = want + max(depth, cases[i].bytes + depth / 8);
		KUNIT_EXPECT_TRUE_MSG(
			test, sum <= most && sum + cases[i].bytes >= want,
			"case %u: %llu, not %llu", i, sum, want);
	}
}

/* A frame that no bucket can hold goes when it is nearly full, and is paid for after. */
static void edt__longer_than_deep(struct kunit *test)
{
	struct shaper_bucket bucket = {};
	u64 sum;

	shaper_bucket_set(&bucket, 10000000, MS, 1514, START);
	sum = flood(&bucket, 65536, START, START + 3000 * MS);
	KUNIT_EXPECT_TRUE_MSG(test, sum <= 3750000 + 65536, "%llu", sum);
	KUNIT_EXPECT_TRUE_MSG(test, sum + 65536 >= 3750000, "%llu", sum);
}

static void edt__ready(struct kunit *test)
{
	struct shaper_bucket bucket = {};
	u64 now = START, when;

	shaper_bucket_set(&bucket, 10000000, 5 * MS, 1514, now);
	while (shaper_bucket_take(&bucket, 1000, now))
		;
	when = shaper_bucket_ready(&bucket, 1000);
	KUNIT_EXPECT_GT(test, when, now);
	KUNIT_EXPECT_FALSE(test, shaper_bucket_take(&bucket, 1000, when - 1));
	KUNIT_EXPECT_TRUE(test, shaper_bucket_take(&bucket, 1000, when));
}

static void edt__give_back(struct kunit *test)
{
	struct shaper_bucket bucket = {};
	u64 now = START + 1000 * MS;

	shaper_bucket_set(&bucket, 10000000, 5 * MS, 1514, START);
	KUNIT_EXPECT_TRUE(test, shaper_bucket_take(&bucket, 6000, now));
	KUNIT_EXPECT_FALSE(test, shaper_bucket_take(&bucket, 6000, now));
	shaper_bucket_give(&bucket, 6000);
	KUNIT_EXPECT_TRUE(test, shaper_bucket_take(&bucket, 6000, now));
	/* what is given back does not fill it higher than it is */
	shaper_bucket_give(&bucket, 60000);
	KUNIT_EXPECT_TRUE(test, flood(&bucket, 100, now, now + 1) <= 6250);
}

/* A new rate holds at once, and what was spent stays spent. */
static void edt__new_rate(struct kunit *test)
{
	struct shaper_bucket bucket = {};
	u64 sum;

	shaper_bucket_set(&bucket, 10000000, 5 * MS, 1514, START);
	flood(&bucket, 1514, START, START + 1000 * MS);
	shaper_bucket_set(&bucket, 20000000, 5 * MS, 1514, START + 1000 * MS);
	sum = flood(&bucket, 1514, START + 1000 * MS, START + 1100 * MS);
	KUNIT_EXPECT_TRUE_MSG(test, sum <= 250000 + 1514, "%llu", sum);
	KUNIT_EXPECT_TRUE_MSG(test, sum + 2 * 1514 >= 250000, "%llu", sum);
}

/* What is owed is not waited for as long at a higher rate, and no longer at a lower one: it may
 * be time that has passed since somebody read the clock.
 */
static void edt__owed_at_new_rate(struct kunit *test)
{
	static const u64 to[] = { 100000000, 128000, 64000, 32000 };
	u64 half = START + 757 * 8 * NSEC_PER_SEC / 64000;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(to); i++) {
		u64 want = 757 * 8 * NSEC_PER_SEC / max(to[i], 64000ULL);
		struct shaper_bucket bucket = {};
		u64 wait;

		/* Of two frames one was there; half of the other has been made up for. */
		shaper_bucket_set(&bucket, 64000, 5 * MS, 1514, START);
		shaper_bucket_charge(&bucket, 1514, START);
		shaper_bucket_charge(&bucket, 1514, START);
		shaper_bucket_set(&bucket, to[i], 5 * MS, 1514, half);
		wait = shaper_bucket_ready(&bucket, 0) - half;
		KUNIT_EXPECT_TRUE_MSG(
			test, wait + 1000 >= want && wait <= want + 1000,
			"%llu bit/s: %llu ns", to[i], wait);
	}
}

/* All that a frame reads of a rate, which may change meanwhile, is one word. */
static void edt__one_word(struct kunit *test)
{
	struct shaper_rate slow = {}, fast = {};

	shaper_rate_set(&slow, 8000);
	shaper_rate_set(&fast, 1000000000000ULL);
	KUNIT_EXPECT_GT(test, shaper_rate_ns(&slow, 1514),
			shaper_rate_ns(&fast, 1514));
	atomic64_set(&slow.scale, atomic64_read(&fast.scale));
	KUNIT_EXPECT_EQ(test, shaper_rate_ns(&slow, 1514),
			shaper_rate_ns(&fast, 1514));
}

/* As it was set, to one in a million or a byte. */
static void edt__per_second(struct kunit *test)
{
	static const u64 rates[] = {
		8, 8000, 64000, 10000000, 9999999999ULL, 1000000000000ULL
	};
	struct shaper_rate rate = {};
	unsigned int i;

	KUNIT_EXPECT_EQ(test, shaper_rate_per_second(&rate), 0);
	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		u64 want = rates[i] / 8, got;

		shaper_rate_set(&rate, rates[i]);
		got = shaper_rate_per_second(&rate);
		KUNIT_EXPECT_LE(test, got, want + want / 1000000 + 1);
		KUNIT_EXPECT_GE(test, got + want / 1000000 + 1, want);
	}
}

static void edt__drains(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, shaper_rate_drains(1000000, 0, 5 * MS), 1000000);
	/* 1000 bytes in 5 ms are 200,000 a second. */
	KUNIT_EXPECT_EQ(test, shaper_rate_drains(1000000, 1000, 5 * MS),
			800000);
	KUNIT_EXPECT_EQ(test, shaper_rate_drains(1000000, U32_MAX, 5 * MS),
			500000);
	KUNIT_EXPECT_EQ(test, shaper_rate_drains(1, U32_MAX, 5 * MS), 1);
}

static struct kunit_case edt_cases[] = {
	KUNIT_CASE(edt__one_word),
	KUNIT_CASE(edt__per_second),
	KUNIT_CASE(edt__drains),

	KUNIT_CASE(edt__precision),
	KUNIT_CASE(edt__longest_frame_does_not_overflow),
	KUNIT_CASE(edt__fresh),
	KUNIT_CASE(edt__due),
	KUNIT_CASE(edt__saved),
	KUNIT_CASE(edt__late),
	KUNIT_CASE(edt__accuracy),
	KUNIT_CASE(edt__late_each_time),
	KUNIT_CASE(edt__longer_than_deep),
	KUNIT_CASE(edt__ready),
	KUNIT_CASE(edt__give_back),
	KUNIT_CASE(edt__new_rate),
	KUNIT_CASE(edt__owed_at_new_rate),
	{}
};

static struct kunit_suite edt_suite = {
	.name = "shaper_edt",
	.test_cases = edt_cases,
};

kunit_test_suite(edt_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Unit tests of the shaper");
