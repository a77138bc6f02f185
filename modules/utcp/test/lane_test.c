// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of lane.c: RESETs, of which connections there are no more, and ACKs. What else needs
 * connections is in conn_test.c.
 */
#include "../lane_reset.c"

#include <kunit/test.h>
#include <linux/bitmap.h>

#define MS 1000000ULL
#define RESETS 300

static struct utcp_lane lane;
static u8 in[1024], out[1500];
static struct utcp_writer w;
static u64 counter, now;
static u32 opened[4];
static unsigned int n_opened;

/* The only connection that there is, if there is one, and what happened to it. */
static struct utcp_conn the_conn;
static bool has_conn;
static u32 what_happened;

static struct utcp_conn *find_conn(struct utcp_lane *l, u32 id)
{
	return has_conn && the_conn.id == id ? &the_conn : NULL;
}

static void note_happened(struct utcp_lane *l, struct utcp_conn *conn, u32 what)
{
	what_happened |= what;
}

static u32 one_space(struct utcp_lane *l, const struct utcp_ack *ack)
{
	return 1;
}

static int note_open(struct utcp_lane *l, const struct utcp_chunk *open)
{
	opened[n_opened++ % ARRAY_SIZE(opened)] = open->conn;
	return -1;
}

static bool no_ack(struct utcp_lane *l, struct utcp_writer *room,
		   struct utcp_sent_item *item)
{
	return false;
}

static const struct utcp_lane_ops lane_ops = {
	.find = find_conn,
	.open = note_open,
	.happened = note_happened,
	.space = one_space,
	.put_ack = no_ack,
};

static void begin(void)
{
	utcp_lane_free(&lane);
	utcp_lane_init(&lane, &lane_ops, &utcp_cubic, false, 1280);
	utcp_recovery_space(&lane.rec, 1);
	lane.rec.cong.cwnd = 1 << 20;
	counter = 0;
	now = 1000 * MS;
	n_opened = 0;
	w = (struct utcp_writer){ in, in + sizeof(in) };
}

/* Marks the connections of which the next frame has RESETs. Return: how many; 0: there is
 * no frame.
 */
static unsigned int sends_resets(struct kunit *test, unsigned long *told)
{
	struct utcp_lane_frame frame = { .plain = out, .room = sizeof(out) };
	struct utcp_chunk chunk;
	const u8 *at = out;
	unsigned int n = 0;

	utcp_lane_output(&lane, now, false, &frame);
	if (!frame.len)
		return 0;
	utcp_lane_sent(&lane, &frame, counter++, now);
	while (utcp_chunk_next(&chunk, &at, out + frame.len)) {
		KUNIT_EXPECT_EQ(test, chunk.type, UTCP_CHUNK_RESET);
		KUNIT_ASSERT_TRUE(test, chunk.conn >> 1 <= RESETS);
		KUNIT_EXPECT_FALSE(test, test_bit(chunk.conn >> 1, told));
		__set_bit(chunk.conn >> 1, told);
		n++;
	}
	return n;
}

/* What was written to @w comes as one frame. */
static void comes(struct kunit *test)
{
	size_t len = w.at - in;
	struct utcp_chunks chunks;

	w.at = in;
	KUNIT_EXPECT_EQ(test, utcp_chunks_check(&chunks, in, len), 0);
	now += MS / 10;
	KUNIT_EXPECT_EQ(test, utcp_lane_input(&lane, in, len, now), 0);
}

static void open_comes(struct kunit *test, u32 serial)
{
	const struct utcp_chunk open = {
		.conn = serial << 1 | 1,
		.open = { .port = 7,
			  .to_port = 22,
			  .kind = UTCP_KIND_STREAM,
			  .window = 20000 },
	};

	KUNIT_EXPECT_TRUE(test, utcp_put_open(&w, &open));
	comes(test);
}

static void reset_comes(struct kunit *test, u32 serial)
{
	KUNIT_EXPECT_TRUE(test, utcp_put_reset(&w, serial << 1 | 1,
					       UTCP_RESET_ABORTED));
	comes(test);
}

/* Of a few that end the other end is told though there is no memory: none is asked for. */
static void lane__few_resets(struct kunit *test)
{
	const unsigned int n = ARRAY_SIZE(lane.few_resets);
	DECLARE_BITMAP(told, RESETS + 1) = {};
	unsigned int i, more, all = 0;

	begin();
	for (i = 1; i <= n; i++)
		utcp_lane_queue_reset(&lane, i << 1, UTCP_RESET_UNREAD, true);
	KUNIT_EXPECT_EQ(test, lane.n_resets, n);
	KUNIT_EXPECT_TRUE(test, lane.resets == lane.few_resets);
	while ((more = sends_resets(test, told)))
		all += more;
	KUNIT_EXPECT_EQ(test, all, n);
	utcp_lane_free(&lane);
}

/* However many connections end at once, the other end is told of each. */
static void lane__many_resets(struct kunit *test)
{
	static DECLARE_BITMAP(told, RESETS + 1);
	static struct utcp_conn conn;
	unsigned int i, more, n = 0;

	begin();
	bitmap_zero(told, RESETS + 1);
	for (i = 0; i < RESETS; i++) {
		const struct utcp_conn_params params = {
			.id = utcp_lane_number(&lane),
			.kind = UTCP_KIND_STREAM,
			.buffer = 65536,
			.most = 65536,
			.now = now,
		};

		utcp_conn_connect(&conn, &params);
		utcp_lane_open(&lane, &conn);
		utcp_lane_abort(&lane, &conn, UTCP_RESET_ABORTED);
		utcp_lane_forget(&conn);
		utcp_conn_free(&conn);
	}
	while ((more = sends_resets(test, told)))
		n += more;
	KUNIT_EXPECT_EQ(test, n, RESETS);
	KUNIT_EXPECT_TRUE(test, lane.resets == lane.few_resets);
}

/* Answers to what belongs to no connection wait in bounded number. */
static void lane__many_answers(struct kunit *test)
{
	unsigned int i;

	begin();
	for (i = 1; i <= RESETS; i++) {
		KUNIT_EXPECT_TRUE(test,
				  utcp_put_accept(&w, i << 1 | 1, 20000, 0));
		comes(test);
	}
	KUNIT_EXPECT_EQ(test, lane.n_resets, UTCP_LANE_RESETS);
}

/* A RESET that comes before its OPEN: there is no connection, now or later. */
static void lane__reset_overtakes(struct kunit *test)
{
	begin();
	reset_comes(test, 1);
	/* of one that is so far ahead that its OPEN was not sent */
	reset_comes(test, 5000);
	open_comes(test, 1);
	KUNIT_EXPECT_EQ(test, n_opened, 0);
	open_comes(test, 2);
	KUNIT_EXPECT_EQ(test, n_opened, 1);
	open_comes(test, 5000);
	KUNIT_EXPECT_EQ(test, n_opened, 2);
	/* The oldest that may be under way yet is taken. */
	reset_comes(test, 9096);
	open_comes(test, 905);
	KUNIT_EXPECT_EQ(test, n_opened, 3);
	KUNIT_EXPECT_EQ(test, opened[2], 905 << 1 | 1);
	KUNIT_EXPECT_EQ(test, lane.n_resets, 0);
	utcp_lane_free(&lane);
}

/* There is no memory for a frame as long as the path takes it: a shorter one goes. */
static void lane__short_of_memory(struct kunit *test)
{
	struct utcp_lane_frame frame = { .plain = out, .room = 100 };
	unsigned int i;

	begin();
	for (i = 1; i <= 50; i++) {
		KUNIT_EXPECT_TRUE(test,
				  utcp_put_accept(&w, i << 1 | 1, 20000, 0));
		comes(test);
	}
	memset(out, 0xaa, sizeof(out));
	for (i = 0; lane.n_resets && i < 50; i++) {
		utcp_lane_output(&lane, now, false, &frame);
		KUNIT_EXPECT_GT(test, frame.len, 0);
		KUNIT_EXPECT_LE(test, frame.len, 100);
		utcp_lane_sent(&lane, &frame, counter++, now);
	}
	KUNIT_EXPECT_EQ(test, lane.n_resets, 0);
	KUNIT_EXPECT_EQ(test, out[100], 0xaa);
	utcp_lane_free(&lane);
}

/* Which bytes went in which frame. */
static void sends_bytes(struct kunit *test, u64 *from, u64 *to)
{
	struct utcp_lane_frame frame = { .plain = out, .room = sizeof(out) };
	struct utcp_chunk chunk;
	const u8 *at = out;

	utcp_lane_output(&lane, now, false, &frame);
	KUNIT_ASSERT_GT(test, frame.len, 0);
	utcp_lane_sent(&lane, &frame, counter++, now);
	do {
		KUNIT_ASSERT_TRUE(test, utcp_chunk_next(&chunk, &at,
							out + frame.len));
	} while (chunk.type != UTCP_CHUNK_DATA);
	*from = chunk.offset;
	*to = chunk.offset + chunk.data_len;
}

static void ack_comes(struct kunit *test, const struct utcp_ack *ack,
		      const struct utcp_ack_pair *pairs)
{
	what_happened = 0;
	KUNIT_EXPECT_TRUE(test, utcp_put_ack(&w, ack, pairs));
	comes(test);
	KUNIT_EXPECT_EQ(test, what_happened, UTCP_CONN_WRITABLE);
}

/* What an ACK names is taken in rows, whatever stands between them. */
static void lane__acked_in_rows(struct kunit *test)
{
	const struct utcp_ack_pair pair = { .gap = 1, .run = 2 };
	const struct utcp_ack some = { .greatest = 6, .first = 1, .n = 1 };
	struct utcp_ack all = {};
	static const u8 bytes[1000];
	u64 from[9], to[9];
	unsigned int i;

	begin();
	utcp_conn_connect(&the_conn, &(struct utcp_conn_params){
					     .id = utcp_lane_number(&lane),
					     .port = 1,
					     .to_port = 2,
					     .kind = UTCP_KIND_STREAM,
					     .buffer = 65536,
					     .most = 65536,
					     .now = now,
				     });
	has_conn = true;
	utcp_lane_open(&lane, &the_conn);
	for (i = 0; i < 7; i++) {
		KUNIT_ASSERT_TRUE(test, utcp_sendq_write(&the_conn.sendq, bytes,
							 sizeof(bytes), false));
		utcp_lane_kick(&lane, &the_conn);
		sends_bytes(test, &from[i], &to[i]);
		KUNIT_EXPECT_EQ(test, from[i], i * sizeof(bytes));
	}
	/* 5 and 6, not 4, 2 and 3 */
	ack_comes(test, &some, &pair);
	KUNIT_EXPECT_EQ(test, the_conn.sendq.una, 0);
	KUNIT_ASSERT_EQ(test, the_conn.sendq.acked.n, 2);
	KUNIT_EXPECT_EQ(test, the_conn.sendq.acked.range[0].from, from[2]);
	KUNIT_EXPECT_EQ(test, the_conn.sendq.acked.range[0].to, to[3]);
	KUNIT_EXPECT_EQ(test, the_conn.sendq.acked.range[1].from, from[5]);
	KUNIT_EXPECT_EQ(test, the_conn.sendq.acked.range[1].to, to[6]);
	/* 0 and 1 were found lost by it, and are sent again; 4 may still come. */
	KUNIT_ASSERT_EQ(test, the_conn.sendq.lost.n, 1);
	KUNIT_EXPECT_EQ(test, the_conn.sendq.lost.range[0].to, to[1]);
	sends_bytes(test, &from[7], &to[7]);
	sends_bytes(test, &from[8], &to[8]);
	KUNIT_EXPECT_EQ(test, to[8], to[1]);
	all.greatest = counter - 1;
	all.first = counter - 1;
	ack_comes(test, &all, NULL);
	KUNIT_EXPECT_EQ(test, the_conn.sendq.una, to[6]);
	KUNIT_EXPECT_EQ(test, the_conn.sendq.acked.n, 0);
	KUNIT_EXPECT_EQ(test, the_conn.sendq.lost.n, 0);
	has_conn = false;
	utcp_lane_forget(&the_conn);
	utcp_conn_free(&the_conn);
	begin();
}

static struct kunit_case lane_cases[] = { KUNIT_CASE(lane__few_resets),
					  KUNIT_CASE(lane__many_resets),
					  KUNIT_CASE(lane__many_answers),
					  KUNIT_CASE(lane__reset_overtakes),
					  KUNIT_CASE(lane__short_of_memory),
					  KUNIT_CASE(lane__acked_in_rows),
					  {} };

static struct kunit_suite lane_suite = {
	.name = "utcp_lane",
	.test_cases = lane_cases,
};

kunit_test_suite(lane_suite);
