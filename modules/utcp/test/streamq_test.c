// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of pieces.c, sendq.c and recvq.c: what one sends, in whatever parts and
 * order, is what the other reads.
 */
#include "../pieces.c"
#include "../sendq.c"
#include "../recvq.c"

#include <kunit/test.h>

#define PARTS_MAX 4096
#define DATA_MAX 512

static struct utcp_sendq sq;
static struct utcp_recvq rq;
static u32 state;

static u32 draw(u32 below)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % below;
}

/* The byte at an offset, so that none is at a wrong place by chance. */
static u8 byte_at(u64 offset)
{
	return offset * 31 + offset / 251 + offset / 65521;
}

static void fill(u8 *to, u64 offset, u32 len)
{
	while (len--)
		*to++ = byte_at(offset++);
}

static u32 wrong(const u8 *bytes, u64 offset, u32 len)
{
	u32 bad = 0;

	while (len--)
		bad += *bytes++ != byte_at(offset++);
	return bad;
}

static void begin(u32 longest)
{
	utcp_sendq_free(&sq);
	utcp_recvq_free(&rq);
	utcp_sendq_init(&sq, longest, 1ULL << 40);
	utcp_recvq_init(&rq, longest);
}

/* Brings a part over. */
static int bring(const struct utcp_sendq_part *part, const u8 *data)
{
	if (!utcp_recvq_reserve(&rq, part->offset, part->len, 1))
		return -ENOMEM;
	return utcp_recvq_take(&rq, part->offset, data, part->len, part->flags);
}

/* The program writes: through a buffer, or where the bytes belong, after a try that
 * came to nothing.
 */
static bool write_one(const u8 *from, u32 len, bool eor, bool in_place)
{
	u32 done, part;

	if (!in_place)
		return utcp_sendq_write(&sq, from, len, eor);
	if (!utcp_sendq_reserve(&sq, 2 * len) || !utcp_sendq_reserve(&sq, len))
		return false;
	for (done = 0; done < len; done += part) {
		u8 *to;

		part = len - done;
		to = utcp_pieces_at(&sq.bytes, sq.end + done, &part);
		memcpy(to, from + done, part);
	}
	utcp_sendq_written(&sq, len, eor);
	return true;
}

/* Everything with losses, doubles, disorder and acknowledgments of any order. */
static void transfer(struct kunit *test, u32 longest, u64 total, u32 loss)
{
	static struct {
		struct utcp_sendq_part part;
		u8 data[DATA_MAX];
	} flying[32];
	static u8 buf[1 << 14];
	unsigned int n = 0, rounds = 0, bad = 0;
	u64 written = 0, read = 0, message = 0, expected = 0;
	u64 ends[64];
	unsigned int first_end = 0, next_end = 0;

	begin(longest);
	while (!utcp_sendq_done(&sq) || read < total) {
		u32 len, i;

		KUNIT_ASSERT_TRUE(test, rounds++ < 1000000);
		/* the program writes */
		if (written < total && utcp_sendq_waits(&sq) < 60000 &&
		    next_end - first_end < 64) {
			bool eor = false;

			len = 1 + draw(longest ? min(longest, 3000U) : 3000);
			len = min_t(u64, len, total - written);
			if (longest) {
				len = min_t(u64, len,
					    longest - (written - message));
				eor = !draw(3) || written + len == total ||
				      written + len - message == longest;
			}
			fill(buf, written, len);
			KUNIT_ASSERT_TRUE(test,
					  write_one(buf, len, eor, draw(2)));
			written += len;
			if (eor) {
				message = written;
				ends[next_end++ % 64] = written;
			}
			if (written == total)
				utcp_sendq_fin(&sq);
		}
		/* a part is sent */
		if (n < 32 &&
		    utcp_sendq_next(&sq, 1 + draw(DATA_MAX), &flying[n].part)) {
			utcp_sendq_take(&sq, &flying[n].part, flying[n].data);
			n++;
		}
		/* one of those that fly lands, or does not */
		if (n && (n == 32 || draw(2) || written == total)) {
			i = draw(n);
			if (draw(100) < loss) {
				utcp_sendq_lost(&sq, &flying[i].part);
			} else {
				KUNIT_ASSERT_EQ(test,
						bring(&flying[i].part,
						      flying[i].data),
						0);
				if (!draw(8))
					KUNIT_ASSERT_EQ(test,
							bring(&flying[i].part,
							      flying[i].data),
							0);
				/* declared lost, then acknowledged after all */
				if (!draw(8))
					utcp_sendq_lost(&sq, &flying[i].part);
				utcp_sendq_acked(&sq, &flying[i].part);
			}
			flying[i] = flying[--n];
		}
		/* the program reads */
		if (!draw(4)) {
			len = utcp_recvq_ready(&rq);
			if (longest && len) {
				expected = ends[first_end++ % 64];
				bad += read + len != expected;
			}
			len = min_t(u32, len, sizeof(buf));
			if (!longest && len)
				len = 1 + draw(len);
			if (draw(2)) {
				bad += utcp_recvq_read(&rq, buf, len, true) !=
				       len;
				bad += wrong(buf, read, len);
			}
			bad += utcp_recvq_read(&rq, buf, len, false) != len;
			bad += wrong(buf, read, len);
			read += len;
		}
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
	KUNIT_EXPECT_EQ(test, read, total);
	KUNIT_EXPECT_TRUE(test, utcp_recvq_ended(&rq));
	KUNIT_EXPECT_EQ(test, sq.lost.n, 0);
	KUNIT_EXPECT_EQ(test, sq.acked.n, 0);
	/* nothing is left but what a piece is cut by */
	KUNIT_EXPECT_TRUE(test, sq.bytes.n <= 1 && rq.bytes.n <= 1);
	begin(0);
}

static void streamq__stream(struct kunit *test)
{
	state = 1;
	transfer(test, 0, 300000, 0);
	transfer(test, 0, 300000, 10);
	transfer(test, 0, 300000, 50);
}

static void streamq__messages(struct kunit *test)
{
	state = 2;
	transfer(test, 1, 2000, 20);
	transfer(test, 100, 50000, 20);
	transfer(test, 16384, 300000, 10);
}

/* A message that was begun, and ends no more, takes no memory; one that has come can be
 * read, and nothing of a stream is begun.
 */
static void streamq__begun(struct kunit *test)
{
	static const u8 data[DATA_MAX];
	static const struct utcp_sendq_part part[] = { { 0, 4, UTCP_DATA_EOR },
						       { 4, 100, 0 },
						       { 200, 100, 0 } };
	u8 out[4];
	unsigned int i;

	begin(0);
	KUNIT_EXPECT_EQ(test, bring(&part[1], data), 0);
	KUNIT_EXPECT_FALSE(test, utcp_recvq_begun(&rq));
	begin(1000);
	KUNIT_EXPECT_FALSE(test, utcp_recvq_begun(&rq));
	for (i = 0; i < ARRAY_SIZE(part); i++)
		KUNIT_EXPECT_EQ(test, bring(&part[i], data), 0);
	KUNIT_EXPECT_FALSE(test, utcp_recvq_begun(&rq));
	KUNIT_EXPECT_EQ(test, utcp_recvq_read(&rq, out, 4, false), 4);
	KUNIT_EXPECT_TRUE(test, utcp_recvq_begun(&rq));
	utcp_recvq_drop_begun(&rq);
	KUNIT_EXPECT_EQ(test, utcp_pieces_memory(&rq.bytes), 0);
	KUNIT_EXPECT_EQ(test, utcp_recvq_ready(&rq), 0);
	KUNIT_EXPECT_FALSE(test, utcp_recvq_begun(&rq));
}

/* What contradicts. Numbered; each row begins anew with what is there first. */
static void streamq__contradictions(struct kunit *test)
{
	static const struct {
		u32 longest;
		struct utcp_sendq_part part[3];
		int want; /* for the last that has a length or flags */
	} table[] = {
		/*  0: the same twice */ { 0, { { 0, 4, 0 }, { 0, 4, 0 } }, 0 },
		/*  1: cut otherwise */ { 0, { { 0, 4, 0 }, { 2, 9, 0 } }, 0 },
		/*  2: behind the end */
		{ 0, { { 0, 4, 1 }, { 4, 1, 0 } }, -EPROTO },
		/*  3: an end in the midst of what came */
		{ 0, { { 0, 4, 0 }, { 0, 3, 1 } }, -EPROTO },
		/*  4: below what came out of order */
		{ 0, { { 9, 4, 0 }, { 0, 3, 1 } }, -EPROTO },
		/*  5: another end */
		{ 0, { { 9, 4, 1 }, { 14, 0, 1 } }, -EPROTO },
		/*  6: the same end, alone */
		{ 0, { { 9, 4, 1 }, { 13, 0, 1 } }, 0 },
		/*  7: EOR on a stream */ { 0, { { 0, 4, 2 } }, -EPROTO },
		/*  8: a message, then its EOR is gone */
		{ 9, { { 0, 4, 2 }, { 0, 4, 0 } }, -EPROTO },
		/*  9: or comes */ { 9, { { 0, 4, 0 }, { 0, 4, 2 } }, -EPROTO },
		/* 10: one in the midst of the bytes */
		{ 9, { { 0, 4, 2 }, { 0, 8, 2 } }, -EPROTO },
		/* 11: cut otherwise, the same EOR */
		{ 9, { { 0, 4, 2 }, { 2, 2, 2 } }, 0 },
		/* 12: too long */ { 9, { { 0, 10, 2 } }, -EMSGSIZE },
		/* 13: too long, though it has not ended */
		{ 9, { { 0, 10, 0 } }, -EMSGSIZE },
		/* 14: just so long */ { 9, { { 0, 9, 2 }, { 9, 9, 2 } }, 0 },
		/* 15: too long, and in two parts, the later first */
		{ 9, { { 5, 5, 2 }, { 0, 5, 0 } }, -EMSGSIZE },
		/* 16: the end in the midst of a message */
		{ 9, { { 0, 4, 1 } }, -EPROTO },
		/* 17: known only when the gap is filled */
		{ 9, { { 4, 2, 1 }, { 0, 4, 2 } }, -EPROTO },
		/* 18: EOR and FIN */ { 9, { { 0, 4, 3 } }, 0 },
		/* 19: FIN alone, behind a message */
		{ 9, { { 0, 4, 2 }, { 4, 0, 1 } }, 0 },
		/* 20: FIN alone, in a message */
		{ 9, { { 0, 4, 0 }, { 4, 0, 1 } }, -EPROTO },
		/* 21: an empty stream */ { 0, { { 0, 0, 1 } }, 0 },
	};
	u8 data[32];
	unsigned int i, n;

	fill(data, 0, sizeof(data));
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		int ret = 0;

		begin(table[i].longest);
		for (n = 0; n < 3; n++) {
			const struct utcp_sendq_part *part = &table[i].part[n];

			if (!part->len && !part->flags)
				break;
			KUNIT_EXPECT_EQ_MSG(test, ret, 0, "row %u", i);
			ret = bring(part, data + part->offset);
		}
		KUNIT_EXPECT_EQ_MSG(test, ret, table[i].want, "row %u", i);
	}
	begin(0);
}

/* Single bytes with gaps: bounded, and what fills a gap is still taken. */
static void streamq__gaps(struct kunit *test)
{
	struct utcp_sendq_part part = { .len = 1 };
	u8 byte = 7;
	unsigned int n = 0;

	begin(0);
	for (part.offset = 1; bring(&part, &byte) == 0; part.offset += 2)
		n++;
	KUNIT_EXPECT_EQ(test, n, UTCP_RECVQ_RANGES);
	KUNIT_EXPECT_EQ(test, utcp_recvq_ready(&rq), 0);
	part.offset = 0;
	KUNIT_EXPECT_EQ(test, bring(&part, &byte), 0);
	KUNIT_EXPECT_EQ(test, utcp_recvq_ready(&rq), 2);
	/* More in one frame than there is room for. */
	KUNIT_EXPECT_FALSE(test, utcp_recvq_reserve(&rq, 9000, 1, 2));
	KUNIT_EXPECT_TRUE(test, utcp_recvq_reserve(&rq, 9000, 1, 1));
	begin(0);
	KUNIT_EXPECT_EQ(test, utcp_pieces_memory(&rq.bytes), 0);
}

/* More holes than a sender can remember: some is sent again, none is forgotten. */
static void streamq__sender_forgets_nothing(struct kunit *test)
{
	static struct utcp_sendq_part parts[1000];
	static u8 buf[1000];
	static bool came[1000];
	struct utcp_sendq_part part;
	unsigned int n, i, bad = 0, again = 0;

	begin(0);
	fill(buf, 0, sizeof(buf));
	KUNIT_ASSERT_TRUE(test, utcp_sendq_write(&sq, buf, sizeof(buf), false));
	for (n = 0; n < 1000; n++) {
		KUNIT_ASSERT_TRUE(test, utcp_sendq_next(&sq, 1, &parts[n]));
		utcp_sendq_take(&sq, &parts[n], buf);
	}
	KUNIT_EXPECT_FALSE(test, utcp_sendq_next(&sq, 1, &part));
	memset(came, 0, sizeof(came));
	for (n = 1; n < 1000; n += 2) {
		utcp_sendq_acked(&sq, &parts[n]);
		came[n] = true;
	}
	for (n = 0; n < 1000; n += 2)
		utcp_sendq_lost(&sq, &parts[n]);
	while (utcp_sendq_next(&sq, 64, &part)) {
		utcp_sendq_take(&sq, &part, buf);
		for (i = 0; i < part.len; i++) {
			again += came[part.offset + i];
			came[part.offset + i] = true;
		}
		utcp_sendq_acked(&sq, &part);
	}
	for (n = 0; n < 1000; n++)
		bad += !came[n];
	KUNIT_EXPECT_EQ(test, bad, 0);
	KUNIT_EXPECT_EQ(test, utcp_sendq_waits(&sq), 0);
	KUNIT_EXPECT_GT(test, again, 0);
	begin(0);
}

/* Beyond the limit nothing is sent; a FIN needs no room. */
static void streamq__limit(struct kunit *test)
{
	struct utcp_sendq_part part, none;
	u8 buf[100] = {};

	begin(0);
	sq.limit = 60;
	KUNIT_ASSERT_TRUE(test, utcp_sendq_write(&sq, buf, 100, false));
	utcp_sendq_fin(&sq);
	KUNIT_ASSERT_TRUE(test, utcp_sendq_next(&sq, 1000, &part));
	KUNIT_EXPECT_EQ(test, part.len, 60);
	KUNIT_EXPECT_EQ(test, part.flags, 0);
	utcp_sendq_take(&sq, &part, buf);
	KUNIT_EXPECT_FALSE(test, utcp_sendq_next(&sq, 1000, &none));
	sq.limit = 100;
	KUNIT_ASSERT_TRUE(test, utcp_sendq_next(&sq, 1000, &part));
	KUNIT_EXPECT_EQ(test, part.len, 40);
	KUNIT_EXPECT_EQ(test, part.flags, UTCP_DATA_FIN);
	utcp_sendq_take(&sq, &part, buf);
	KUNIT_EXPECT_FALSE(test, utcp_sendq_next(&sq, 1000, &none));
	/* The FIN is lost; its bytes have come: it goes alone. */
	utcp_sendq_lost(&sq, &part);
	part.flags = 0;
	utcp_sendq_acked(&sq, &part);
	KUNIT_ASSERT_TRUE(test, utcp_sendq_next(&sq, 1000, &part));
	KUNIT_EXPECT_EQ(test, part.len, 0);
	KUNIT_EXPECT_EQ(test, part.offset, 100);
	KUNIT_EXPECT_EQ(test, part.flags, UTCP_DATA_FIN);
	begin(0);
}

/* Bytes that are written and read where they are, as inside one namespace; with some
 * that go the other way in between.
 */
static void in_place(struct kunit *test, bool messages)
{
	static u8 buf[3 * UTCP_PIECE_LEN];
	u32 step, len, part, done, bad = 0;
	u64 at = 0;

	state = 5;
	begin(messages ? sizeof(buf) : 0);
	for (step = 0; step < 300; step++) {
		len = 1 + draw(sizeof(buf));
		KUNIT_ASSERT_EQ(test, rq.next, at);
		KUNIT_ASSERT_TRUE(test, utcp_recvq_reserve(&rq, at, len, 1));
		for (done = 0; done < len; done += part) {
			u8 *to;

			part = len - done;
			to = utcp_pieces_at(&rq.bytes, at + done, &part);
			KUNIT_ASSERT_TRUE(test, part > 0);
			KUNIT_ASSERT_TRUE(test, part <= UTCP_PIECE_LEN);
			fill(to, at + done, part);
		}
		utcp_sendq_skip(&sq, len);
		KUNIT_ASSERT_EQ(test, 0,
				utcp_recvq_written(&rq, len,
						   messages ? UTCP_DATA_EOR :
							      0));
		KUNIT_ASSERT_EQ(test, utcp_recvq_ready(&rq), len);
		KUNIT_ASSERT_EQ(test, utcp_sendq_waits(&sq), 0);
		utcp_recvq_read(&rq, buf, len, false);
		bad += wrong(buf, at, len);
		at += len;
		/* What waited in between is not disturbed by what did not. */
		if (step % 7 == 0) {
			struct utcp_sendq_part p;

			fill(buf, at, 10);
			KUNIT_ASSERT_TRUE(test, utcp_sendq_write(&sq, buf, 10,
								 messages));
			KUNIT_ASSERT_TRUE(test, utcp_sendq_next(&sq, 10, &p));
			KUNIT_ASSERT_EQ(test, p.offset, at);
			utcp_sendq_take(&sq, &p, NULL);
			KUNIT_ASSERT_EQ(test, bring(&p, buf), 0);
			utcp_sendq_acked(&sq, &p);
			utcp_recvq_drop(&rq, 10);
			at += 10;
		}
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
	begin(0);
}

static void streamq__in_place(struct kunit *test)
{
	in_place(test, false);
	in_place(test, true);
}

/* What is written goes over as whole pieces of memory as far as the limit lets it, and the
 * rest in parts.
 */
static void given(struct kunit *test, bool messages)
{
	static u8 buf[3 * UTCP_PIECE_LEN];
	static u32 lens[300];
	u32 step, len, n, bad = 0, whole = 0, next = 0;
	struct utcp_sendq_part p;
	u64 at = 0, got = 0;

	state = 6;
	begin(messages ? sizeof(buf) : 0);
	sq.limit = 0;
	for (step = 0; step < ARRAY_SIZE(lens); step++) {
		len = 1 + draw(sizeof(buf));
		lens[step] = len;
		fill(buf, at, len);
		KUNIT_ASSERT_TRUE(test,
				  utcp_sendq_write(&sq, buf, len, messages));
		at += len;
		n = draw(2 * UTCP_PIECE_LEN);
		if (at > sq.limit + n)
			sq.limit = at - n;
		for (;;) {
			n = utcp_sendq_give(&sq, &rq.bytes);
			whole += n;
			if (n) {
				KUNIT_ASSERT_EQ(test, 0,
						utcp_recvq_written(&rq, n, 0));
				continue;
			}
			n = UTCP_PIECE_LEN - sq.sent % UTCP_PIECE_LEN;
			if (!utcp_sendq_next(&sq, n, &p))
				break;
			utcp_sendq_take(&sq, &p, buf);
			KUNIT_ASSERT_EQ(test, bring(&p, buf), 0);
			utcp_sendq_acked(&sq, &p);
		}
		KUNIT_ASSERT_EQ(test, rq.next, min(at, sq.limit));
		KUNIT_ASSERT_EQ(test, utcp_sendq_waits(&sq), at - rq.next);
		while ((n = utcp_recvq_read(&rq, buf, sizeof(buf), false))) {
			bad += wrong(buf, got, n);
			bad += messages && n != lens[next++];
			got += n;
		}
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
	KUNIT_EXPECT_GT(test, whole, (u32)(at / 4));
	begin(0);
	KUNIT_EXPECT_EQ(test, sq.bytes.n + rq.bytes.n, 0);
}

static void streamq__given(struct kunit *test)
{
	given(test, false);
	given(test, true);
}

/* What is sent again may cover several parts that have come before, and the gaps between
 * them.
 */
static void streamq__over_several(struct kunit *test)
{
	static const struct utcp_sendq_part parts[] = {
		{ .offset = 10, .len = 10 },
		{ .offset = 30, .len = 5 },
		{ .offset = 40, .len = 10 },
		{ .offset = 0, .len = 45 },
	};
	struct utcp_sendq_part all;
	unsigned int i;
	u8 buf[60];

	begin(0);
	fill(buf, 0, sizeof(buf));
	KUNIT_ASSERT_TRUE(test, utcp_sendq_write(&sq, buf, sizeof(buf), false));
	KUNIT_ASSERT_TRUE(test, utcp_sendq_next(&sq, sizeof(buf), &all));
	utcp_sendq_take(&sq, &all, buf);
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		KUNIT_EXPECT_EQ(test, rq.next, 0);
		KUNIT_EXPECT_EQ(test, sq.una, 0);
		KUNIT_ASSERT_EQ(test, bring(&parts[i], buf + parts[i].offset),
				0);
		utcp_sendq_acked(&sq, &parts[i]);
	}
	KUNIT_EXPECT_EQ(test, rq.next, 50);
	KUNIT_EXPECT_EQ(test, rq.above.n, 0);
	KUNIT_EXPECT_EQ(test, sq.una, 50);
	KUNIT_EXPECT_EQ(test, sq.acked.n, 0);
	KUNIT_EXPECT_EQ(test, utcp_recvq_read(&rq, buf, sizeof(buf), false),
			50);
	KUNIT_EXPECT_EQ(test, wrong(buf, 0, 50), 0);
	begin(0);
}

static struct kunit_case streamq_cases[] = {
	KUNIT_CASE(streamq__stream),
	KUNIT_CASE(streamq__messages),
	KUNIT_CASE(streamq__begun),
	KUNIT_CASE(streamq__contradictions),
	KUNIT_CASE(streamq__gaps),
	KUNIT_CASE(streamq__sender_forgets_nothing),
	KUNIT_CASE(streamq__limit),
	KUNIT_CASE(streamq__in_place),
	KUNIT_CASE(streamq__given),
	KUNIT_CASE(streamq__over_several),
	{}
};

static struct kunit_suite streamq_suite = {
	.name = "utcp_streamq",
	.test_cases = streamq_cases,
};

kunit_test_suite(streamq_suite);
