// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of chunk.c: the vectors of the specification, what a plaintext asks for,
 * that what is written is what is read, and that no byte behind is touched.
 */
#include "../chunk.c"

#include <kunit/test.h>

#include "vectors.h"

#define PLAIN_MAX 2048

static u8 plain[PLAIN_MAX];

static int check(const u8 *bytes, size_t len)
{
	struct utcp_chunks chunks;

	return utcp_chunks_check(&chunks, bytes, len);
}

/* The bytes at the very end of the buffer, so that KASAN or ASan sees one too many
 * read.
 */
static int check_vector(struct kunit *test, const char *prefix, unsigned int n,
			size_t *len)
{
	static u8 bytes[PLAIN_MAX];
	u8 *at;

	*len = utcp_vector_n(test, prefix, n, bytes, sizeof(bytes));
	at = plain + PLAIN_MAX - *len;
	memcpy(at, bytes, *len);
	return check(at, *len);
}

static void chunk__good_vectors(struct kunit *test)
{
	unsigned int i;
	size_t len;

	for (i = 1; utcp_vector_n(test, "good_plain_", i, plain, PLAIN_MAX);
	     i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    check_vector(test, "good_plain_", i, &len),
				    0, "good_plain_%02u", i);
	KUNIT_EXPECT_EQ(test, i, 32);
}

static void chunk__bad_vectors(struct kunit *test)
{
	unsigned int i;
	size_t len;

	for (i = 1; utcp_vector_n(test, "bad_plain_", i, plain, PLAIN_MAX); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    check_vector(test, "bad_plain_", i, &len),
				    -EBADMSG, "bad_plain_%02u", i);
	KUNIT_EXPECT_EQ(test, i, 71);
}

/* A frame without plaintext says that its sender is there. */
static void chunk__nothing(struct kunit *test)
{
	struct utcp_chunks chunks;
	struct utcp_chunk chunk;
	const u8 *at = plain;

	KUNIT_EXPECT_EQ(test, utcp_chunks_check(&chunks, plain, 0), 0);
	KUNIT_EXPECT_FALSE(test, chunks.asks);
	KUNIT_EXPECT_FALSE(test, chunks.asks_now);
	KUNIT_EXPECT_FALSE(test, chunks.moves);
	KUNIT_EXPECT_EQ(test, chunks.n, 0);
	KUNIT_EXPECT_FALSE(test, utcp_chunk_next(&chunk, &at, plain));
}

static const char open_hex[] =
	"1000001c000000020001ffff01000000000000000000000000000000";

/* Numbered, so that a failure says which. */
static void chunk__asks(struct kunit *test)
{
	static const struct {
		const char *hex;
		u16 n;
		bool asks, now, moves;
	} table[] = {
		/*  0 */ { "00", 0, 0, 0, 0 },
		/*  1 */ { "02000004", 1, 1, 1, 1 },
		/*  2 */ { "0200000400ff", 1, 1, 1, 1 },
		/*  3 */
		{ "010000180000000000000000000000000000000000000000", 1, 0, 0,
		  1 },
		/*  4 */ { "0300001400112233445566778899aabbccddeeff", 1, 1, 0, 0 },
		/*  5 */
		{ "0400001400112233445566778899aabbccddeeff00", 1, 1, 0, 0 },
		/*  6 */
		{ "0400001400112233445566778899aabbccddeeff02000004", 2, 1, 1,
		  1 },
		/*  7 */ { "0500000800000000", 1, 0, 0, 1 },
		/*  8 */
		{ open_hex, 1, 1, 0, 1 },
		/*  9 */ { "1100001400000002000000000000400000000000", 1, 1, 0, 1 },
		/* 10 */ { "12010010000000030000000000000000", 1, 1, 0, 1 },
		/* 11 */ { "13000010000000090000000000000001", 1, 1, 0, 1 },
		/* 12 */ { "1400000c000000090000004d", 1, 1, 0, 1 },
		/* 13 */ { "1500000800010002", 1, 1, 0, 1 },
		/* 14 */ { "ffa5000c616e797468696e67", 1, 1, 0, 1 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		size_t len = strlen(table[i].hex) / 2;
		struct utcp_chunks chunks;

		utcp_bytes(test, plain, len, table[i].hex);
		KUNIT_EXPECT_EQ_MSG(test,
				    utcp_chunks_check(&chunks, plain, len), 0,
				    "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, chunks.n, table[i].n, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, chunks.asks, table[i].asks, "row %u",
				    i);
		KUNIT_EXPECT_EQ_MSG(test, chunks.asks_now, table[i].now,
				    "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, chunks.moves, table[i].moves,
				    "row %u", i);
	}
}

/* Every length of every type, from nothing to beyond what it may be: never more
 * is read than there is, and never less than the type's least is taken.
 */
static void chunk__lengths(struct kunit *test)
{
	unsigned int type, len, bad = 0;

	for (type = 1; type < 256; type++) {
		const struct chunk_row *row = row_of(type);

		for (len = 0; len < 600; len++) {
			u8 *at = plain + PLAIN_MAX - len;
			int ret;

			memset(at, 0, len);
			if (len)
				at[0] = type;
			if (len >= 4)
				put_unaligned_be16(len, at + 2);
			ret = check(at, len);
			if (!row || len < row->min || len > row->max)
				bad += len && !ret;
			else if (!row->good)
				bad += ret != 0;
			/* one byte more than there is */
			if (len >= 4) {
				put_unaligned_be16(len + 1, at + 2);
				bad += check(at, len) != -EBADMSG;
			}
		}
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
}

/* A chunk of each type is written, found well formed, and read back. */
static void chunk__written_is_read(struct kunit *test)
{
	static const struct utcp_ack_pair pairs[] = { { 1, 2 }, { 3, 4 } };
	const struct utcp_ack ack = {
		.index = 0x01020304,
		.greatest = 1000,
		.delay = 77,
		.first = 5,
		.n = 2,
	};
	const struct utcp_chunk open = {
		.conn = 3,
		.open = {
			.port = 7,
			.to_port = 22,
			.kind = UTCP_KIND_SEQPACKET,
			.window = 1ULL << 40,
			.longest = 1 << 20,
		},
	};
	struct utcp_writer w = { plain, plain + PLAIN_MAX };
	struct utcp_chunks chunks;
	struct utcp_chunk c;
	const u8 *at = plain;
	u8 *data;

	KUNIT_ASSERT_TRUE(test, utcp_put_ack(&w, &ack, pairs));
	KUNIT_ASSERT_TRUE(test, utcp_put_open(&w, &open));
	KUNIT_ASSERT_TRUE(test, utcp_put_accept(&w, 4, 70000, 9));
	data = utcp_put_data(&w, 3, 1ULL << 33, UTCP_DATA_EOR, 5);
	KUNIT_ASSERT_NOT_NULL(test, data);
	memcpy(data, "hello", 5);
	KUNIT_ASSERT_TRUE(test, utcp_put_window(&w, 5, 1ULL << 50));
	KUNIT_ASSERT_TRUE(test, utcp_put_reset(&w, 6, UTCP_RESET_UNREAD));
	data = utcp_put_datagram(&w, 8, 9, 3);
	KUNIT_ASSERT_NOT_NULL(test, data);
	memcpy(data, "dgr", 3);
	KUNIT_ASSERT_TRUE(test, utcp_put_path(&w, UTCP_CHUNK_PATH_RESPONSE,
					      (const u8 *)"0123456789abcdef"));
	KUNIT_ASSERT_TRUE(test, utcp_put_close(&w, UTCP_CLOSE_ROOM));
	KUNIT_ASSERT_TRUE(test, utcp_put_ping(&w));
	utcp_put_pad(&w, 3);

	KUNIT_ASSERT_EQ(test, utcp_chunks_check(&chunks, plain, w.at - plain),
			0);
	KUNIT_EXPECT_EQ(test, chunks.n, 10);

	KUNIT_ASSERT_TRUE(test, utcp_chunk_next(&c, &at, w.at));
	KUNIT_EXPECT_EQ(test, c.type, UTCP_CHUNK_ACK);
	KUNIT_EXPECT_EQ(test, c.ack.index, ack.index);
	KUNIT_EXPECT_EQ(test, c.ack.greatest, ack.greatest);
	KUNIT_EXPECT_EQ(test, c.ack.delay, ack.delay);
	KUNIT_EXPECT_EQ(test, c.ack.first, ack.first);
	KUNIT_ASSERT_EQ(test, c.ack.n, 2);
	KUNIT_EXPECT_EQ(test, utcp_ack_pair(&c.ack, 0).run, 2);
	KUNIT_EXPECT_EQ(test, utcp_ack_pair(&c.ack, 1).gap, 3);

	KUNIT_ASSERT_TRUE(test, utcp_chunk_next(&c, &at, w.at));
	KUNIT_EXPECT_EQ(test, c.type, UTCP_CHUNK_OPEN);
	KUNIT_EXPECT_EQ(test, c.conn, 3);
	KUNIT_EXPECT_EQ(test, c.open.port, 7);
	KUNIT_EXPECT_EQ(test, c.open.to_port, 22);
	KUNIT_EXPECT_EQ(test, c.open.kind, UTCP_KIND_SEQPACKET);
	KUNIT_EXPECT_EQ(test, c.open.window, open.open.window);
	KUNIT_EXPECT_EQ(test, c.open.longest, open.open.longest);

	KUNIT_ASSERT_TRUE(test, utcp_chunk_next(&c, &at, w.at));
	KUNIT_EXPECT_EQ(test, c.type, UTCP_CHUNK_ACCEPT);
	KUNIT_EXPECT_EQ(test, c.conn, 4);
	KUNIT_EXPECT_EQ(test, c.accept.window, 70000);
	KUNIT_EXPECT_EQ(test, c.accept.longest, 9);

	KUNIT_ASSERT_TRUE(test, utcp_chunk_next(&c, &at, w.at));
	KUNIT_EXPECT_EQ(test, c.type, UTCP_CHUNK_DATA);
	KUNIT_EXPECT_EQ(test, c.flags, UTCP_DATA_EOR);
	KUNIT_EXPECT_EQ(test, c.offset, 1ULL << 33);
	KUNIT_ASSERT_EQ(test, c.data_len, 5);
	KUNIT_EXPECT_MEMEQ(test, c.data, "hello", 5);

	KUNIT_ASSERT_TRUE(test, utcp_chunk_next(&c, &at, w.at));
	KUNIT_EXPECT_EQ(test, c.type, UTCP_CHUNK_WINDOW);
	KUNIT_EXPECT_EQ(test, c.conn, 5);
	KUNIT_EXPECT_EQ(test, c.limit, 1ULL << 50);

	KUNIT_ASSERT_TRUE(test, utcp_chunk_next(&c, &at, w.at));
	KUNIT_EXPECT_EQ(test, c.type, UTCP_CHUNK_RESET);
	KUNIT_EXPECT_EQ(test, c.conn, 6);
	KUNIT_EXPECT_EQ(test, c.code, UTCP_RESET_UNREAD);

	KUNIT_ASSERT_TRUE(test, utcp_chunk_next(&c, &at, w.at));
	KUNIT_EXPECT_EQ(test, c.type, UTCP_CHUNK_DATAGRAM);
	KUNIT_EXPECT_EQ(test, c.datagram.port, 8);
	KUNIT_EXPECT_EQ(test, c.datagram.to_port, 9);
	KUNIT_ASSERT_EQ(test, c.data_len, 3);
	KUNIT_EXPECT_MEMEQ(test, c.data, "dgr", 3);

	KUNIT_ASSERT_TRUE(test, utcp_chunk_next(&c, &at, w.at));
	KUNIT_EXPECT_EQ(test, c.type, UTCP_CHUNK_PATH_RESPONSE);
	KUNIT_ASSERT_EQ(test, c.data_len, UTCP_PATH_DATA_LEN);
	KUNIT_EXPECT_MEMEQ(test, c.data, "0123456789abcdef", 16);

	KUNIT_ASSERT_TRUE(test, utcp_chunk_next(&c, &at, w.at));
	KUNIT_EXPECT_EQ(test, c.type, UTCP_CHUNK_CLOSE);
	KUNIT_EXPECT_EQ(test, c.code, UTCP_CLOSE_ROOM);

	KUNIT_ASSERT_TRUE(test, utcp_chunk_next(&c, &at, w.at));
	KUNIT_EXPECT_EQ(test, c.type, UTCP_CHUNK_PING);
	KUNIT_EXPECT_FALSE(test, utcp_chunk_next(&c, &at, w.at));
}

/* Room for @n bytes in front of others. */
static struct utcp_writer room(size_t n)
{
	memset(plain, 7, 128);
	return (struct utcp_writer){ plain, plain + n };
}

static void refused(struct kunit *test, const struct utcp_writer *w, bool put)
{
	KUNIT_EXPECT_FALSE(test, put);
	KUNIT_EXPECT_TRUE(test, w->at == plain);
	KUNIT_EXPECT_EQ(test, plain[0], 7);
}

/* With a byte too little of room, nothing is written; an ACK gives up pairs. */
static void chunk__no_room(struct kunit *test)
{
	static const struct utcp_ack_pair pairs[] = { { 1, 2 }, { 3, 4 } };
	const struct utcp_ack ack = { .greatest = 99, .n = 2 };
	const struct utcp_chunk open = { .conn = 2 };
	struct utcp_writer w;

	w = room(UTCP_CHUNK_HEAD_LEN - 1);
	refused(test, &w, utcp_put_ping(&w));
	w = room(UTCP_PATH_LEN - 1);
	refused(test, &w,
		utcp_put_path(&w, UTCP_CHUNK_PATH_CHALLENGE, plain + 64));
	w = room(UTCP_CLOSE_LEN - 1);
	refused(test, &w, utcp_put_close(&w, 0));
	w = room(UTCP_OPEN_LEN - 1);
	refused(test, &w, utcp_put_open(&w, &open));
	w = room(UTCP_ACCEPT_LEN - 1);
	refused(test, &w, utcp_put_accept(&w, 2, UTCP_FIRST_WINDOW, 0));
	w = room(UTCP_DATA_LEN + 9);
	refused(test, &w, utcp_put_data(&w, 2, 0, 0, 10));
	w = room(UTCP_WINDOW_LEN - 1);
	refused(test, &w, utcp_put_window(&w, 2, 0));
	w = room(UTCP_RESET_LEN - 1);
	refused(test, &w, utcp_put_reset(&w, 2, 0));
	w = room(UTCP_DATAGRAM_LEN + 9);
	refused(test, &w, utcp_put_datagram(&w, 1, 2, 10));
	w = room(UTCP_ACK_LEN - 1);
	refused(test, &w, utcp_put_ack(&w, &ack, pairs));

	w = room(UTCP_ACK_LEN + 2 * UTCP_ACK_PAIR_LEN - 1);
	KUNIT_EXPECT_TRUE(test, utcp_put_ack(&w, &ack, pairs));
	KUNIT_EXPECT_EQ(test, w.at - plain, UTCP_ACK_LEN + UTCP_ACK_PAIR_LEN);
	KUNIT_EXPECT_EQ(test, check(plain, w.at - plain), 0);

	/* Padding fills what there is and no more. */
	w = room(5);
	utcp_put_pad(&w, 9);
	KUNIT_EXPECT_TRUE(test, w.at == w.end);
	KUNIT_EXPECT_EQ(test, plain[4], 0);
	KUNIT_EXPECT_EQ(test, plain[5], 7);
}

static struct kunit_case chunk_cases[] = {
	KUNIT_CASE(chunk__good_vectors), KUNIT_CASE(chunk__bad_vectors),
	KUNIT_CASE(chunk__nothing),	 KUNIT_CASE(chunk__asks),
	KUNIT_CASE(chunk__lengths),	 KUNIT_CASE(chunk__written_is_read),
	KUNIT_CASE(chunk__no_room),	 {}
};

static struct kunit_suite chunk_suite = {
	.name = "utcp_chunk",
	.test_cases = chunk_cases,
};

kunit_test_suite(chunk_suite);
