// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of recovery.c: what RFC 9002 says of acknowledgments, losses and timeouts.
 */
#include "../recovery.c"

#include <kunit/test.h>
#include <linux/unaligned.h>

#define MS 1000000ULL
#define FRAME 1000
#define FRAMES_MAX 10000

static struct utcp_recovery rec;
static unsigned int acked[FRAMES_MAX], lost[FRAMES_MAX], again;
static u64 again_counter;

static void on_acked(struct utcp_recovery *r, const struct utcp_sent *sent)
{
	acked[sent->items[0].offset]++;
}

static void on_lost(struct utcp_recovery *r, const struct utcp_sent *sent)
{
	lost[sent->items[0].offset]++;
}

static void on_again(struct utcp_recovery *r, const struct utcp_sent *sent)
{
	again++;
	again_counter = sent->counter;
}

static const struct utcp_recovery_ops ops = {
	.acked = on_acked,
	.lost = on_lost,
	.again = on_again,
};

static void begin(void)
{
	utcp_recovery_free(&rec);
	utcp_recovery_init(&rec, &ops, &utcp_cubic, FRAME);
	utcp_recovery_space(&rec, 1);
	memset(acked, 0, sizeof(acked));
	memset(lost, 0, sizeof(lost));
	again = 0;
}

/* Sends one frame, with one item of the number @n. */
static bool send(u64 counter, u64 now, unsigned int n)
{
	struct utcp_sent *sent = utcp_recovery_reserve(&rec);

	if (!sent)
		return false;
	sent->n = 1;
	sent->items[0] = (struct utcp_sent_item){ .offset = n };
	utcp_recovery_sent(&rec, counter, now, FRAME, true);
	return true;
}

static void send_all(unsigned int from, unsigned int to, u64 now)
{
	for (; from < to; from++)
		send(from, now, from);
}

/* Acknowledges from @low to @high. */
static int ack(u64 low, u64 high, u64 now)
{
	const struct utcp_ack a = { .greatest = high, .first = high - low };

	return utcp_recovery_ack(&rec, 1, &a, now);
}

static unsigned int sum(const unsigned int *what, unsigned int from,
			unsigned int to)
{
	unsigned int n = 0;

	for (; from < to; from++)
		n += what[from];
	return n;
}

static void recovery__all_arrive(struct kunit *test)
{
	begin();
	KUNIT_EXPECT_EQ(test, utcp_recovery_timer(&rec), UTCP_NEVER);
	send_all(0, 10, 100 * MS);
	KUNIT_EXPECT_EQ(test, rec.in_flight, 10 * FRAME);
	KUNIT_EXPECT_EQ(test, utcp_recovery_timer(&rec), 405 * MS);
	KUNIT_EXPECT_EQ(test, ack(0, 9, 102 * MS), 0);
	KUNIT_EXPECT_EQ(test, sum(acked, 0, 10), 10);
	KUNIT_EXPECT_EQ(test, rec.in_flight, 0);
	KUNIT_EXPECT_EQ(test, rec.rtt.latest, 2 * MS);
	KUNIT_EXPECT_EQ(test, utcp_recovery_timer(&rec), UTCP_NEVER);
	KUNIT_EXPECT_EQ(test, rec.cong.cwnd, 20 * FRAME);
	/* The same once more: nothing. */
	KUNIT_EXPECT_EQ(test, ack(0, 9, 105 * MS), 0);
	KUNIT_EXPECT_EQ(test, sum(acked, 0, 10), 10);
	KUNIT_EXPECT_EQ(test, rec.rtt.latest, 2 * MS);
}

/* Of what arrives while something is under way all the time. */
static void recovery__rate(struct kunit *test)
{
	begin();
	send_all(0, 10, 100 * MS);
	ack(0, 1, 110 * MS);
	ack(0, 5, 115 * MS);
	/* Not yet a round trip. */
	KUNIT_EXPECT_EQ(test, rec.rate.rate, 0);
	ack(0, 8, 130 * MS);
	KUNIT_EXPECT_EQ(test, rec.rate.rate, 7 * FRAME * 1000 / 20);
	ack(0, 9, 131 * MS);
	/* It was the last one: how long until the next ones come means nothing. */
	send_all(10, 12, 5000 * MS);
	ack(0, 10, 5010 * MS);
	ack(0, 11, 5011 * MS);
	KUNIT_EXPECT_EQ(test, rec.rate.rate, 7 * FRAME * 1000 / 20);
	/* Nor does it that little was sent, which arrived slowly. */
	send_all(12, 14, 6000 * MS);
	ack(0, 12, 6010 * MS);
	send_all(14, 16, 6010 * MS);
	ack(0, 13, 6200 * MS);
	KUNIT_EXPECT_EQ(test, rec.rate.rate, 7 * FRAME * 1000 / 20);
	utcp_recovery_path(&rec, FRAME);
	KUNIT_EXPECT_EQ(test, rec.rate.rate, 0);
}

/* RFC 9002 section 6.1.1. */
static void recovery__packet_threshold(struct kunit *test)
{
	begin();
	send_all(0, 6, 100 * MS);
	ack(1, 2, 101 * MS);
	KUNIT_EXPECT_EQ(test, lost[0], 0);
	ack(1, 3, 101 * MS);
	KUNIT_EXPECT_EQ(test, lost[0], 1);
	KUNIT_EXPECT_EQ(test, sum(lost, 0, 6), 1);
	KUNIT_EXPECT_EQ(test, rec.in_flight, 2 * FRAME);
	KUNIT_EXPECT_EQ(test, rec.cong.cwnd < 13 * FRAME, true);
}

/* Section 6.1.2: 9/8 of a round trip after it was sent. */
static void recovery__time_threshold(struct kunit *test)
{
	begin();
	send_all(0, 2, 100 * MS);
	ack(1, 1, 108 * MS);
	KUNIT_EXPECT_EQ(test, lost[0], 0);
	KUNIT_EXPECT_EQ(test, utcp_recovery_timer(&rec), 109 * MS);
	KUNIT_EXPECT_EQ(test, utcp_recovery_timeout(&rec, 109 * MS - 1),
			UTCP_RECOVERY_NONE);
	KUNIT_EXPECT_EQ(test, utcp_recovery_timeout(&rec, 109 * MS),
			UTCP_RECOVERY_LOSS);
	KUNIT_EXPECT_EQ(test, lost[0], 1);
	KUNIT_EXPECT_EQ(test, rec.in_flight, 0);
	KUNIT_EXPECT_EQ(test, utcp_recovery_timer(&rec), UTCP_NEVER);
}

/* A loss that was none: acknowledged once, undone, and the threshold is raised. */
static void recovery__proves_wrong(struct kunit *test)
{
	u32 before;

	begin();
	send_all(0, 10, 100 * MS);
	before = rec.cong.cwnd;
	ack(5, 9, 101 * MS);
	KUNIT_EXPECT_EQ(test, sum(lost, 0, 5), 5);
	KUNIT_EXPECT_TRUE(test, rec.cong.cwnd < before + 6 * FRAME);
	ack(0, 9, 101 * MS + 1);
	KUNIT_EXPECT_EQ(test, sum(acked, 0, 10), 10);
	KUNIT_EXPECT_EQ(test, rec.cong.cwnd, before);
	KUNIT_EXPECT_EQ(test, rec.threshold, 10);
	KUNIT_EXPECT_EQ(test, rec.in_flight, 0);
	/* The next time it waits so long. */
	send_all(10, 30, 102 * MS);
	ack(11, 19, 103 * MS);
	KUNIT_EXPECT_EQ(test, lost[10], 0);
	ack(11, 20, 103 * MS);
	KUNIT_EXPECT_EQ(test, lost[10], 1);
}

/* Section 6.2: a probe timeout loses nothing, and doubles. */
static void recovery__probe_timeouts(struct kunit *test)
{
	u64 now = 100 * MS, pto;
	unsigned int i;

	begin();
	send_all(0, 1, now);
	ack(0, 0, now + MS);
	pto = utcp_rtt_pto(&rec.rtt);
	KUNIT_EXPECT_EQ(test, pto, 10 * MS);
	send_all(1, 3, now);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, utcp_recovery_timer(&rec),
				now + (pto << i));
		now += pto << i;
		KUNIT_EXPECT_EQ(test, utcp_recovery_timeout(&rec, now),
				UTCP_RECOVERY_PROBE);
		KUNIT_EXPECT_EQ(test, again, i + 1);
		/* What waits longest, then the next. */
		KUNIT_EXPECT_EQ(test, again_counter, 1 + i);
		KUNIT_EXPECT_TRUE(test, send(3 + i, now, 3 + i));
	}
	KUNIT_EXPECT_EQ(test, sum(lost, 0, 10), 0);
	/* While the session looks for a restart, no longer than 800 ms. */
	rec.ptos = 12;
	KUNIT_EXPECT_EQ(test, utcp_recovery_timer(&rec), now + (pto << 12));
	rec.restarting = true;
	KUNIT_EXPECT_EQ(test, utcp_recovery_timer(&rec), now + 800 * MS);
	/* The last probe arrives: all else is lost, the row is over. */
	ack(6, 6, now + MS);
	KUNIT_EXPECT_EQ(test, rec.ptos, 0);
	KUNIT_EXPECT_FALSE(test, rec.restarting);
	KUNIT_EXPECT_EQ(test, sum(lost, 0, 10), 5);
}

/* Section 7.6.1's example, with a probe timeout of 10 ms: more than 30 ms. */
static void recovery__persistent(struct kunit *test)
{
	static const struct {
		u64 ms[4];
		bool persistent;
	} table[] = {
		/* 0 */ { { 100, 105, 110, 129 }, false },
		/* 1 */ { { 100, 105, 110, 132 }, true },
		/* 2: all at once */ { { 100, 100, 100, 100 }, false },
	};
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		begin();
		send_all(0, 1, 90 * MS);
		ack(0, 0, 91 * MS);
		rec.cong.cwnd = 100 * FRAME;
		for (n = 0; n < 4; n++)
			send(1 + n, table[i].ms[n] * MS, 1 + n);
		send(5, 133 * MS, 5);
		ack(5, 5, 134 * MS);
		KUNIT_EXPECT_EQ_MSG(test, sum(lost, 1, 5) >= 3, true, "row %u",
				    i);
		utcp_recovery_timeout(&rec, 135 * MS);
		/* with the one that has arrived */
		KUNIT_EXPECT_EQ_MSG(test, rec.cong.cwnd == 3 * FRAME,
				    table[i].persistent, "row %u: %u", i,
				    rec.cong.cwnd);
	}
}

/* ACKs for what was never sent; nothing has changed by them. */
static void recovery__lies(struct kunit *test)
{
	struct utcp_ack a = {};

	begin();
	KUNIT_EXPECT_EQ(test, ack(0, 0, 99 * MS), -EPROTO);
	send_all(0, 5, 100 * MS);
	utcp_recovery_skip(&rec, 5);
	send_all(6, 8, 100 * MS);
	/* a frame that does not ask */
	utcp_recovery_sent(&rec, 8, 100 * MS, FRAME, false);
	KUNIT_EXPECT_EQ(test, ack(0, 9, 101 * MS), -EPROTO);
	KUNIT_EXPECT_EQ(test, ack(5, 8, 101 * MS), -EPROTO);
	KUNIT_EXPECT_EQ(test, ack(5, 5, 101 * MS), -EPROTO);
	KUNIT_EXPECT_EQ(test, sum(acked, 0, 10), 0);
	KUNIT_EXPECT_EQ(test, ack(6, 8, 101 * MS), 0);
	KUNIT_EXPECT_EQ(test, sum(acked, 0, 10), 2);
	KUNIT_EXPECT_EQ(test, ack(0, 4, 101 * MS), 0);
	KUNIT_EXPECT_EQ(test, sum(acked, 0, 10), 7);
	/* An association that is not known (any more) is no lie. */
	a.greatest = 100;
	KUNIT_EXPECT_EQ(test, utcp_recovery_ack(&rec, 7, &a, 102 * MS), 0);
}

/* New keys: counters begin anew; ACKs of the new find losses of the old. */
static void recovery__associations(struct kunit *test)
{
	const struct utcp_ack a = { .greatest = 3, .first = 1 };

	begin();
	send_all(0, 4, 100 * MS);
	utcp_recovery_space(&rec, 2);
	send(0, 100 * MS, 10);
	send(1, 100 * MS, 11);
	send(2, 100 * MS, 12);
	send(3, 100 * MS, 13);
	KUNIT_EXPECT_EQ(test, utcp_recovery_ack(&rec, 2, &a, 101 * MS), 0);
	KUNIT_EXPECT_EQ(test, sum(acked, 12, 14), 2);
	KUNIT_EXPECT_EQ(test, sum(acked, 0, 12), 0);
	KUNIT_EXPECT_EQ(test, sum(lost, 0, 4), 4);
	KUNIT_EXPECT_EQ(test, lost[10], 1);
	KUNIT_EXPECT_EQ(test, lost[11], 0);
	/* An ACK that comes late, of the old one. */
	KUNIT_EXPECT_EQ(test, ack(2, 3, 101 * MS), 0);
	KUNIT_EXPECT_EQ(test, sum(acked, 2, 4), 2);
	KUNIT_EXPECT_EQ(test, sum(acked, 0, 2), 0);
}

/* ACKs with many ranges, frames lost at random: each is acked or lost, and those
 * that arrived are acked just once.
 */
static void recovery__ranges(struct kunit *test)
{
	static u8 pairs[UTCP_ACK_PAIRS * UTCP_ACK_PAIR_LEN];
	static bool came[FRAMES_MAX];
	unsigned int n, bad = 0, from = 0;
	u32 random = 5;
	u64 now = 100 * MS;

	begin();
	for (n = 0; n < 4000; n++) {
		struct utcp_ack a = { .pairs = pairs };
		unsigned int at, low;

		send(n, now, n);
		random = random * 1664525 + 1013904223;
		came[n] = (random >> 16) % 10 != 0;
		now += MS / 10;
		if (n % 50 != 49)
			continue;
		/* The 60 highest runs, as a receiver would say them. */
		for (at = n; at > from && !came[at];)
			at--;
		a.greatest = at;
		for (low = at; low > from && came[low - 1];)
			low--;
		a.first = at - low;
		while (a.n < 60 && low > from) {
			unsigned int gap = 0, run = 0;

			while (low > from && !came[low - 1])
				low--, gap++;
			while (low > from && came[low - 1])
				low--, run++;
			if (!run)
				break;
			put_unaligned_be32(gap, pairs + 8 * a.n);
			put_unaligned_be32(run, pairs + 8 * a.n + 4);
			a.n++;
		}
		KUNIT_EXPECT_EQ(test, utcp_recovery_ack(&rec, 1, &a, now), 0);
		from = n > 200 ? n - 200 : 0;
	}
	ack(3999, 3999, now);
	for (n = 0; n < 3990; n++) {
		bad += acked[n] != came[n];
		bad += !came[n] && lost[n] != 1;
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
	KUNIT_EXPECT_TRUE(test, rec.in_flight <= 10 * FRAME);
}

/* How many frames are looked at to get from one to the first. */
static unsigned int steps(u64 at)
{
	unsigned int n = 0;

	while (at > rec.first + 1) {
		if (!(sent_of(&rec, at - 1)->flags & UTCP_SENT_ACKED))
			return FRAMES_MAX;
		at -= sent_of(&rec, at - 1)->skip;
		n++;
	}
	return n;
}

/* A liar leaves out the first frame, and says the same of all others again and again, each
 * time a little else.
 */
static void recovery__repeats(struct kunit *test)
{
	unsigned int n, looks = 0;

	begin();
	send_all(0, 4000, 100 * MS);
	KUNIT_EXPECT_EQ(test, ack(1, 3999, 101 * MS), 0);
	KUNIT_EXPECT_EQ(test, sum(acked, 0, 4000), 3999);
	for (n = 3999; n; n--) {
		looks += steps(n + 1);
		KUNIT_EXPECT_EQ(test, ack(1, n, 101 * MS), 0);
	}
	KUNIT_EXPECT_TRUE(test, looks < 4000 * 16);
	KUNIT_EXPECT_EQ(test, sum(acked, 0, 4000), 3999);
	/* It was not lost, and may be told still. */
	KUNIT_EXPECT_EQ(test, ack(0, 3999, 101 * MS), 0);
	KUNIT_EXPECT_EQ(test, sum(acked, 0, 4000), 4000);
	KUNIT_EXPECT_EQ(test, rec.in_flight, 0);
	KUNIT_EXPECT_EQ(test, rec.first, rec.next);
}

/* Nothing is acknowledged: at some point no more is sent, and it can go on. */
static void recovery__full(struct kunit *test)
{
	unsigned int n = 0;

	begin();
	while (n < FRAMES_MAX && send(n, 100 * MS, n))
		n++;
	KUNIT_EXPECT_EQ(test, n, UTCP_SENT_MAX);
	KUNIT_EXPECT_EQ(test, ack(0, 99, 101 * MS), 0);
	KUNIT_EXPECT_EQ(test, sum(acked, 0, 200), 100);
	while (n < FRAMES_MAX && send(n, 101 * MS, n))
		n++;
	KUNIT_EXPECT_EQ(test, n, UTCP_SENT_MAX + 100);
	KUNIT_EXPECT_EQ(test, ack(0, n - 1, 102 * MS), 0);
	KUNIT_EXPECT_EQ(test, sum(acked, 0, n), n);
	KUNIT_EXPECT_EQ(test, rec.in_flight, 0);
	utcp_recovery_free(&rec);
}

/* No frame more can be remembered, and no ACK comes. Each timer is later than now, also
 * while it is short; and one frame can be sent each time.
 */
static void recovery__full_and_silent(struct kunit *test)
{
	unsigned int n = 0, i;
	u64 now = 100 * MS;

	begin();
	while (n < FRAMES_MAX && send(n, now, n))
		n++;
	KUNIT_ASSERT_EQ(test, n, UTCP_SENT_MAX);
	for (i = 0; i < 20; i++) {
		now = utcp_recovery_timer(&rec);
		rec.restarting = i >= 1;
		KUNIT_ASSERT_EQ(test, utcp_recovery_timeout(&rec, now),
				UTCP_RECOVERY_PROBE);
		KUNIT_ASSERT_GT(test, utcp_recovery_timer(&rec), now);
		KUNIT_EXPECT_EQ(test, sum(lost, 0, n), i + 1);
		KUNIT_EXPECT_EQ(test, rec.waiting, UTCP_SENT_MAX - 1);
		KUNIT_EXPECT_TRUE(test, send(n, now, n));
		n++;
		KUNIT_EXPECT_FALSE(test, send(n, now, n));
	}
	/* So it is when none can, for want of other memory. */
	for (i = 0; i < 20; i++) {
		now = utcp_recovery_timer(&rec);
		utcp_recovery_timeout(&rec, now);
		KUNIT_ASSERT_GT(test, utcp_recovery_timer(&rec), now);
	}
	KUNIT_EXPECT_EQ(test, ack(n - 1, n - 1, now + MS), 0);
	KUNIT_EXPECT_EQ(test, rec.ptos, 0);
	utcp_recovery_free(&rec);
}

static struct kunit_case recovery_cases[] = {
	KUNIT_CASE(recovery__all_arrive),
	KUNIT_CASE(recovery__rate),
	KUNIT_CASE(recovery__packet_threshold),
	KUNIT_CASE(recovery__time_threshold),
	KUNIT_CASE(recovery__proves_wrong),
	KUNIT_CASE(recovery__probe_timeouts),
	KUNIT_CASE(recovery__persistent),
	KUNIT_CASE(recovery__lies),
	KUNIT_CASE(recovery__associations),
	KUNIT_CASE(recovery__ranges),
	KUNIT_CASE(recovery__repeats),
	KUNIT_CASE(recovery__full),
	KUNIT_CASE(recovery__full_and_silent),
	{}
};

static struct kunit_suite recovery_suite = {
	.name = "utcp_recovery",
	.test_cases = recovery_cases,
};

kunit_test_suite(recovery_suite);
