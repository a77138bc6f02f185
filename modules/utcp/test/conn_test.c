// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of conn.c and lane.c: what each chunk does in each state. One end, to which
 * chunks are handed as if they had come; what it would send is looked at.
 */
#include "../conn.c"
#include "../lane.c"

#include <kunit/test.h>
#include <linux/kernel.h>

#define MS 1000000ULL
#define LIVE_MAX 8
#define LONGEST 1000

static struct utcp_lane lane;
static struct utcp_conn *live[LIVE_MAX];
static struct utcp_conn conns[LIVE_MAX];
static u8 in[4096], out[65536];
static struct utcp_writer w;
static struct utcp_lane_frame frame;
static u64 counter, now;
static int refuse;
static u32 what_happened;
static unsigned int datagrams;
/* Datagrams that wait to be sent, and how long each is; an ACK that does. */
static u32 waiting, wait_len;
static bool ack_waits;
static bool full;
static size_t charged;
static u32 longest = LONGEST;

static struct utcp_conn *on_find(struct utcp_lane *l, u32 id)
{
	unsigned int i;

	for (i = 0; i < LIVE_MAX; i++)
		if (live[i] && live[i]->id == id)
			return live[i];
	return NULL;
}

static struct utcp_conn *place(void)
{
	unsigned int i;

	for (i = 0; i < LIVE_MAX - 1; i++)
		if (!live[i])
			break;
	live[i] = &conns[i];
	return live[i];
}

static struct utcp_conn_params params_of(u32 id, u8 kind)
{
	return (struct utcp_conn_params){
		.id = id,
		.port = 1000,
		.to_port = 2000,
		.kind = kind,
		.buffer = 65536,
		.most = 65536,
		.longest = kind == UTCP_KIND_SEQPACKET ? longest : 0,
		.now = now,
	};
}

static int on_open(struct utcp_lane *l, const struct utcp_chunk *open)
{
	const struct utcp_conn_params params =
		params_of(open->conn, open->open.kind);

	if (refuse >= 0)
		return refuse;
	utcp_conn_accept(place(), &params, open);
	return -1;
}

static void on_happened(struct utcp_lane *l, struct utcp_conn *conn, u32 what)
{
	what_happened |= what;
}

static bool on_charge(struct utcp_lane *l, struct utcp_conn *conn, size_t more,
		      bool must)
{
	if (full && !must)
		return false;
	charged += more;
	return true;
}

static void on_recount(struct utcp_lane *l, struct utcp_conn *conn)
{
	charged = utcp_pieces_memory(&conn->recvq.bytes);
}

static void on_datagram(struct utcp_lane *l, const struct utcp_chunk *chunk)
{
	datagrams++;
}

static bool on_put_datagrams(struct utcp_lane *l, struct utcp_writer *room)
{
	u32 before = waiting;
	u8 *to;

	while (waiting && (to = utcp_put_datagram(room, 1, 2, wait_len))) {
		memset(to, 'd', wait_len);
		waiting--;
	}
	l->datagrams = waiting;
	return waiting < before;
}

static bool on_put_ack(struct utcp_lane *l, struct utcp_writer *room,
		       struct utcp_sent_item *item)
{
	if (!ack_waits)
		return false;
	ack_waits = false;
	return utcp_put_ack(room, &(struct utcp_ack){}, NULL);
}

static void on_ack_arrived(struct utcp_lane *l,
			   const struct utcp_sent_item *item)
{
}

static u32 on_space(struct utcp_lane *l, const struct utcp_ack *ack)
{
	return 1;
}

static const struct utcp_lane_ops lane_ops = {
	.find = on_find,
	.open = on_open,
	.happened = on_happened,
	.charge = on_charge,
	.recount = on_recount,
	.datagram = on_datagram,
	.put_datagrams = on_put_datagrams,
	.put_ack = on_put_ack,
	.ack_arrived = on_ack_arrived,
	.space = on_space,
};

static void forget(struct utcp_conn *conn)
{
	unsigned int i;

	for (i = 0; i < LIVE_MAX; i++)
		if (live[i] == conn)
			live[i] = NULL;
	utcp_lane_forget(conn);
	utcp_conn_free(conn);
}

/* This end is the lesser one: its connections are even. No longer frames than the
 * base, so that none probes.
 */
static void begin(void)
{
	unsigned int i;

	for (i = 0; i < LIVE_MAX; i++)
		if (live[i])
			forget(live[i]);
	utcp_lane_free(&lane);
	utcp_lane_init(&lane, &lane_ops, &utcp_cubic, false, 1280);
	utcp_recovery_space(&lane.rec, 1);
	counter = 0;
	now = 1000 * MS;
	refuse = -1;
	what_happened = 0;
	datagrams = 0;
	waiting = 0;
	ack_waits = false;
	full = false;
	charged = 0;
	longest = LONGEST;
	w = (struct utcp_writer){ in, in + sizeof(in) };
	frame.plain = out;
	frame.room = sizeof(out);
}

static struct utcp_conn *open_one(u8 kind)
{
	const struct utcp_conn_params params =
		params_of(utcp_lane_number(&lane), kind);
	struct utcp_conn *conn = place();

	utcp_conn_connect(conn, &params);
	utcp_lane_open(&lane, conn);
	return conn;
}

/* What was written to @w comes as one frame. */
static int come(struct kunit *test)
{
	size_t len = w.at - in;
	struct utcp_chunks chunks;

	w.at = in;
	KUNIT_EXPECT_EQ(test, utcp_chunks_check(&chunks, in, len), 0);
	now += MS / 10;
	return utcp_lane_input(&lane, in, len, now);
}

static void put_open_of(struct kunit *test, u32 id, u8 kind)
{
	const struct utcp_chunk open = {
		.conn = id,
		.open = {
			.port = 7,
			.to_port = 22,
			.kind = kind,
			.window = 20000,
			.longest = kind == UTCP_KIND_SEQPACKET ? 500 : 0,
		},
	};

	KUNIT_EXPECT_TRUE(test, utcp_put_open(&w, &open));
}

static void put_bytes(struct kunit *test, u32 id, u64 offset, u8 flags, u32 len)
{
	u8 *data = utcp_put_data(&w, id, offset, flags, len);

	KUNIT_ASSERT_NOT_NULL(test, data);
	memset(data, 'x', len);
}

/* Sends one frame; false: there is none. */
static bool send_one(void)
{
	utcp_lane_output(&lane, now, false, &frame);
	if (!frame.len)
		return false;
	utcp_lane_sent(&lane, &frame, counter++, now);
	return true;
}

/* The next chunk of a type in the frame that was sent last. */
static bool was_sent(u8 type, struct utcp_chunk *chunk)
{
	const u8 *at = out;

	while (utcp_chunk_next(chunk, &at, out + frame.len))
		if (chunk->type == type)
			return true;
	return false;
}

static void acked_all(struct kunit *test)
{
	const struct utcp_ack ack = { .greatest = counter - 1,
				      .first = counter - 1 };

	now += MS;
	KUNIT_EXPECT_TRUE(test, utcp_put_ack(&w, &ack, NULL));
	KUNIT_EXPECT_EQ(test, come(test), 0);
}

/* Expects a RESET as the only answer; -1: no answer at all. */
static void answered(struct kunit *test, unsigned int row, u32 id, int code)
{
	struct utcp_chunk chunk;

	if (code < 0) {
		KUNIT_EXPECT_EQ_MSG(test, lane.n_resets, 0, "row %u", row);
		return;
	}
	KUNIT_EXPECT_TRUE_MSG(test, send_one(), "row %u", row);
	KUNIT_EXPECT_TRUE_MSG(test, was_sent(UTCP_CHUNK_RESET, &chunk),
			      "row %u", row);
	KUNIT_EXPECT_EQ_MSG(test, chunk.conn, id, "row %u", row);
	KUNIT_EXPECT_EQ_MSG(test, chunk.code, (u32)code, "row %u", row);
	KUNIT_EXPECT_EQ_MSG(test, lane.n_resets, 0, "row %u", row);
}

static void conn__opens(struct kunit *test)
{
	static u8 bytes[40000];
	struct utcp_conn *conn;
	struct utcp_chunk chunk;
	unsigned int n = 0;

	begin();
	conn = open_one(UTCP_KIND_STREAM);
	KUNIT_EXPECT_EQ(test, conn->id, 2);
	KUNIT_ASSERT_TRUE(test, utcp_sendq_write(&conn->sendq, bytes,
						 sizeof(bytes), false));
	lane.rec.cong.cwnd = 1 << 20;
	/* Before the ACCEPT: 16384 bytes, and the OPEN in each frame. */
	while (send_one()) {
		KUNIT_EXPECT_TRUE(test, was_sent(UTCP_CHUNK_OPEN, &chunk));
		KUNIT_EXPECT_EQ(test, chunk.conn, 2);
		KUNIT_EXPECT_EQ(test, chunk.open.port, 1000);
		KUNIT_EXPECT_EQ(test, chunk.open.to_port, 2000);
		KUNIT_EXPECT_EQ(test, chunk.open.window, 65536);
		KUNIT_EXPECT_TRUE(test, was_sent(UTCP_CHUNK_DATA, &chunk));
		KUNIT_ASSERT_TRUE(test, n++ < 100);
	}
	KUNIT_EXPECT_EQ(test, conn->sendq.sent, UTCP_FIRST_WINDOW);
	KUNIT_EXPECT_EQ(test, conn->state, UTCP_CONN_OPENING);
	KUNIT_EXPECT_TRUE(test, utcp_put_accept(&w, 2, 17000, 0));
	KUNIT_EXPECT_EQ(test, come(test), 0);
	KUNIT_EXPECT_EQ(test, conn->state, UTCP_CONN_OPEN);
	KUNIT_EXPECT_TRUE(test, what_happened & UTCP_CONN_CONNECTED);
	KUNIT_ASSERT_TRUE(test, send_one());
	KUNIT_EXPECT_FALSE(test, was_sent(UTCP_CHUNK_OPEN, &chunk));
	KUNIT_EXPECT_FALSE(test, send_one());
	KUNIT_EXPECT_EQ(test, conn->sendq.sent, 17000);
	/* A second one says nothing; a lesser limit neither. */
	KUNIT_EXPECT_TRUE(test, utcp_put_accept(&w, 2, 30000, 0));
	KUNIT_EXPECT_TRUE(test, utcp_put_window(&w, 2, 16999));
	KUNIT_EXPECT_EQ(test, come(test), 0);
	KUNIT_EXPECT_EQ(test, conn->sendq.limit, 17000);
	KUNIT_EXPECT_TRUE(test, utcp_put_window(&w, 2, 17001));
	KUNIT_EXPECT_EQ(test, come(test), 0);
	KUNIT_ASSERT_TRUE(test, send_one());
	KUNIT_EXPECT_TRUE(test, was_sent(UTCP_CHUNK_DATA, &chunk));
	KUNIT_EXPECT_EQ(test, chunk.data_len, 1);
}

static void conn__is_opened(struct kunit *test)
{
	struct utcp_chunk chunk;
	struct utcp_conn *conn;

	begin();
	/* OPEN and its first bytes in one frame. */
	put_open_of(test, 3, UTCP_KIND_SEQPACKET);
	put_bytes(test, 3, 0, UTCP_DATA_EOR, 5);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	conn = live[0];
	KUNIT_ASSERT_NOT_NULL(test, conn);
	KUNIT_EXPECT_EQ(test, conn->sendq.limit, 20000);
	KUNIT_EXPECT_EQ(test, conn->longest, 500);
	KUNIT_EXPECT_EQ(test, utcp_recvq_message(&conn->recvq), 5);
	KUNIT_ASSERT_TRUE(test, send_one());
	KUNIT_EXPECT_TRUE(test, was_sent(UTCP_CHUNK_ACCEPT, &chunk));
	KUNIT_EXPECT_EQ(test, chunk.accept.longest, LONGEST);
	/* The OPEN once more: seen, and nothing new. */
	put_open_of(test, 3, UTCP_KIND_SEQPACKET);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	KUNIT_EXPECT_NULL(test, live[1]);
	KUNIT_EXPECT_FALSE(test, send_one());
	/* After its end too. */
	forget(conn);
	put_open_of(test, 3, UTCP_KIND_SEQPACKET);
	put_bytes(test, 3, 5, UTCP_DATA_EOR, 5);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	KUNIT_EXPECT_NULL(test, live[0]);
	answered(test, 0, 3, -1);
	/* One that is refused. */
	refuse = UTCP_RESET_NO_LISTENER;
	put_open_of(test, 5, UTCP_KIND_STREAM);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	answered(test, 1, 5, UTCP_RESET_NO_LISTENER);
	/* One in the opener's own name. */
	put_open_of(test, 4, UTCP_KIND_STREAM);
	KUNIT_EXPECT_EQ(test, come(test), -EPROTO);
}

/* Until a program has taken it, no longest message fits. */
static void conn__taken(struct kunit *test)
{
	struct utcp_chunk chunk;
	struct utcp_conn *conn;

	begin();
	longest = 1000000;
	put_open_of(test, 3, UTCP_KIND_SEQPACKET);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	conn = live[0];
	KUNIT_ASSERT_TRUE(test, send_one());
	KUNIT_ASSERT_TRUE(test, was_sent(UTCP_CHUNK_ACCEPT, &chunk));
	KUNIT_EXPECT_EQ(test, chunk.accept.window, UTCP_FLOW_FIRST);
	put_bytes(test, 3, UTCP_FLOW_FIRST - 9, 0, 10);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	answered(test, 0, 3, UTCP_RESET_WINDOW);
	KUNIT_EXPECT_FALSE(test, utcp_conn_taken(conn));
	begin();
	longest = 1000000;
	put_open_of(test, 3, UTCP_KIND_SEQPACKET);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	conn = live[0];
	KUNIT_ASSERT_TRUE(test, send_one());
	KUNIT_EXPECT_TRUE(test, utcp_conn_taken(conn));
	utcp_lane_kick(&lane, conn);
	KUNIT_ASSERT_TRUE(test, send_one());
	KUNIT_ASSERT_TRUE(test, was_sent(UTCP_CHUNK_WINDOW, &chunk));
	KUNIT_EXPECT_EQ(test, chunk.limit, 1500000);
	KUNIT_EXPECT_FALSE(test, utcp_conn_taken(conn));
}

/* All buffers together have taken too much: only DATA that takes more is not taken,
 * and that only if the program has something to read, or it is not the next.
 */
static void conn__full(struct kunit *test)
{
	struct utcp_conn *conn;
	unsigned int i;
	size_t before;

	begin();
	put_open_of(test, 3, UTCP_KIND_STREAM);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	conn = live[0];
	full = true;
	/* Not the next bytes. */
	put_bytes(test, 3, 5000, 0, 10);
	KUNIT_EXPECT_EQ(test, come(test), -ENOMEM);
	KUNIT_EXPECT_EQ(test, charged, 0);
	/* The next, and nothing else to read. */
	put_bytes(test, 3, 0, 0, 1000);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	KUNIT_EXPECT_EQ(test, charged, utcp_pieces_memory(&conn->recvq.bytes));
	/* What takes no memory, whatever else there is. */
	before = charged;
	put_bytes(test, 3, 1000, 0, 1000);
	put_bytes(test, 3, 3000, 0, 1000);
	KUNIT_EXPECT_TRUE(test, utcp_put_window(&w, 3, 30000));
	KUNIT_EXPECT_EQ(test, come(test), 0);
	KUNIT_EXPECT_EQ(test, charged, before);
	KUNIT_EXPECT_EQ(test, conn->sendq.limit, 30000);
	/* The next, but the program has not read: the frame has not come. */
	put_bytes(test, 3, 2000, 0, 3000);
	KUNIT_EXPECT_TRUE(test, utcp_put_window(&w, 3, 40000));
	KUNIT_EXPECT_EQ(test, come(test), -ENOMEM);
	KUNIT_EXPECT_EQ(test, charged, before);
	KUNIT_EXPECT_EQ(test, conn->sendq.limit, 30000);
	/* It reads. */
	utcp_recvq_drop(&conn->recvq, 2000);
	put_bytes(test, 3, 2000, 0, 3000);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	KUNIT_EXPECT_GT(test, charged, before);
	KUNIT_EXPECT_EQ(test, charged, utcp_pieces_memory(&conn->recvq.bytes));
	/* What is not taken at all needs none. */
	conn->closed = true;
	put_bytes(test, 3, 9000, 0, 10);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	answered(test, 0, 3, UTCP_RESET_UNREAD);
	full = false;
	/* Memory, but for no more gaps: nothing is counted of which nothing was taken. */
	begin();
	put_open_of(test, 5, UTCP_KIND_STREAM);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	conn = live[0];
	for (i = 0; i < UTCP_RECVQ_RANGES; i++) {
		put_bytes(test, 5, 1 + 2 * i, 0, 1);
		KUNIT_EXPECT_EQ(test, come(test), 0);
	}
	put_bytes(test, 5, 30000, 0, 10);
	KUNIT_EXPECT_EQ(test, come(test), -ENOMEM);
	KUNIT_EXPECT_EQ(test, charged, utcp_pieces_memory(&conn->recvq.bytes));
	/* Messages: a piece has their marks, too. */
	begin();
	put_open_of(test, 5, UTCP_KIND_SEQPACKET);
	put_bytes(test, 5, 1, UTCP_DATA_EOR, 5);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	conn = live[0];
	KUNIT_EXPECT_GE(test, charged, utcp_piece_takes(true));
	KUNIT_EXPECT_EQ(test, charged, utcp_pieces_memory(&conn->recvq.bytes));
}

/* What does not fit. Each row begins with a connection that this end has opened (2),
 * or the other (3).
 */
static void conn__misfits(struct kunit *test)
{
	enum { STREAM = UTCP_KIND_STREAM, SEQ = UTCP_KIND_SEQPACKET };
	static const struct {
		u32 id;
		u8 kind;
		u8 type;
		u64 value; /* offset, limit, or longest */
		u32 len;
		u8 flags;
		int code;
	} table[] = {
		/*  0: ACCEPT from its opener */
		{ 3, STREAM, UTCP_CHUNK_ACCEPT, 0, 0, 0, 6 },
		/*  1: with a longest message on a stream */
		{ 2, STREAM, UTCP_CHUNK_ACCEPT, 9, 0, 0, 6 },
		/*  2: without one on a seqpacket */
		{ 2, SEQ, UTCP_CHUNK_ACCEPT, 0, 0, 0, 6 },
		/*  3 */ { 2, SEQ, UTCP_CHUNK_ACCEPT, 9, 0, 0, -1 },
		/*  4: EOR on a stream */
		{ 3, STREAM, UTCP_CHUNK_DATA, 0, 4, UTCP_DATA_EOR, 6 },
		/*  5: just what was granted */
		{ 3, STREAM, UTCP_CHUNK_DATA, 65536 - 4, 4, 0, -1 },
		/*  6: a byte more */
		{ 3, STREAM, UTCP_CHUNK_DATA, 65536 - 4, 5, 0, 5 },
		/*  7: a message that is too long */
		{ 3, SEQ, UTCP_CHUNK_DATA, 0, LONGEST + 1, UTCP_DATA_EOR, 7 },
		/*  8: FIN in the midst of a message */
		{ 3, SEQ, UTCP_CHUNK_DATA, 0, 4, UTCP_DATA_FIN, 6 },
		/*  9: a connection that never was, of the other end */
		{ 9, STREAM, UTCP_CHUNK_DATA, 0, 4, 0, 11 },
		/* 10 */ { 9, STREAM, UTCP_CHUNK_WINDOW, 9, 0, 0, 11 },
		/* 11: of this end */
		{ 8, STREAM, UTCP_CHUNK_ACCEPT, 0, 0, 0, 11 },
		/* 12: a RESET is never answered */
		{ 9, STREAM, UTCP_CHUNK_RESET, 0, 0, 0, -1 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		u32 id = table[i].id;

		begin();
		if (id == 2) {
			open_one(table[i].kind);
			send_one();
		} else if (id == 3) {
			put_open_of(test, 3, table[i].kind);
			KUNIT_EXPECT_EQ(test, come(test), 0);
			send_one();
		}
		switch (table[i].type) {
		case UTCP_CHUNK_ACCEPT:
			KUNIT_EXPECT_TRUE(test,
					  utcp_put_accept(&w, id, 20000,
							  table[i].value));
			break;
		case UTCP_CHUNK_DATA:
			put_bytes(test, id, table[i].value, table[i].flags,
				  table[i].len);
			break;
		case UTCP_CHUNK_WINDOW:
			KUNIT_EXPECT_TRUE(
				test, utcp_put_window(&w, id, table[i].value));
			break;
		case UTCP_CHUNK_RESET:
			KUNIT_EXPECT_TRUE(test, utcp_put_reset(&w, id, 1));
			break;
		}
		KUNIT_EXPECT_EQ_MSG(test, come(test), 0, "row %u", i);
		answered(test, i, id, table[i].code);
		if (id < 4)
			KUNIT_EXPECT_EQ_MSG(test,
					    live[0]->state == UTCP_CONN_DEAD,
					    table[i].code >= 0, "row %u", i);
	}
}

static void conn__reset(struct kunit *test)
{
	struct utcp_conn *conn;
	u8 byte = 1;

	begin();
	conn = open_one(UTCP_KIND_STREAM);
	KUNIT_EXPECT_TRUE(test,
			  utcp_sendq_write(&conn->sendq, &byte, 1, false));
	KUNIT_EXPECT_TRUE(test, send_one());
	KUNIT_EXPECT_TRUE(test, utcp_put_reset(&w, 2, UTCP_RESET_NOT_ALLOWED));
	KUNIT_EXPECT_EQ(test, come(test), 0);
	KUNIT_EXPECT_EQ(test, what_happened, UTCP_CONN_DIED);
	KUNIT_EXPECT_EQ(test, conn->state, UTCP_CONN_DEAD);
	KUNIT_EXPECT_EQ(test, utcp_reset_errno(conn->code), EACCES);
	KUNIT_EXPECT_TRUE(test, utcp_conn_done(conn));
	/* Nothing is sent or taken any more, and its frame's ACK does no harm. */
	KUNIT_EXPECT_FALSE(test, send_one());
	put_bytes(test, 2, 0, 0, 4);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	KUNIT_EXPECT_EQ(test, utcp_recvq_ready(&conn->recvq), 0);
	acked_all(test);
	KUNIT_EXPECT_EQ(test, utcp_reset_errno(99), ECONNRESET);
}

/* A RESET that is lost is sent again, though its connection is no more. */
static void conn__reset_is_lost(struct kunit *test)
{
	struct utcp_chunk chunk;
	struct utcp_conn *conn;

	begin();
	conn = open_one(UTCP_KIND_STREAM);
	KUNIT_EXPECT_TRUE(test, send_one());
	acked_all(test);
	utcp_lane_abort(&lane, conn, UTCP_RESET_UNREAD);
	utcp_lane_abort(&lane, conn, UTCP_RESET_TIMEOUT);
	forget(conn);
	KUNIT_EXPECT_TRUE(test, send_one());
	KUNIT_EXPECT_TRUE(test, was_sent(UTCP_CHUNK_RESET, &chunk));
	KUNIT_EXPECT_EQ(test, chunk.code, UTCP_RESET_UNREAD);
	KUNIT_EXPECT_FALSE(test, send_one());
	now = utcp_lane_timer(&lane);
	utcp_lane_timeout(&lane, now);
	KUNIT_EXPECT_TRUE(test, send_one());
	KUNIT_EXPECT_TRUE(test, was_sent(UTCP_CHUNK_RESET, &chunk));
	KUNIT_EXPECT_EQ(test, chunk.conn, 2);
	KUNIT_EXPECT_EQ(test, chunk.code, UTCP_RESET_UNREAD);
	acked_all(test);
	KUNIT_EXPECT_EQ(test, utcp_lane_timer(&lane), UTCP_NEVER);
	/* Its number is known: what comes late gets no answer. */
	put_bytes(test, 2, 0, 0, 4);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	answered(test, 0, 2, -1);
}

/* Bytes come after the program has closed. */
static void conn__closed(struct kunit *test)
{
	struct utcp_conn *conn;

	begin();
	put_open_of(test, 3, UTCP_KIND_STREAM);
	put_bytes(test, 3, 0, 0, 4);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	conn = live[0];
	KUNIT_EXPECT_EQ(test, utcp_conn_read(conn, out, 4, MS, now), 4);
	conn->closed = true;
	send_one();
	/* old ones, and an end: no harm */
	put_bytes(test, 3, 0, 0, 4);
	put_bytes(test, 3, 4, UTCP_DATA_FIN, 0);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	answered(test, 0, 3, -1);
	KUNIT_EXPECT_TRUE(test, utcp_recvq_ended(&conn->recvq));
	begin();
	put_open_of(test, 3, UTCP_KIND_STREAM);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	live[0]->closed = true;
	send_one();
	put_bytes(test, 3, 0, 0, 4);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	answered(test, 1, 3, UTCP_RESET_UNREAD);
}

/* Half closed, then closed, in either order. */
static void conn__ends(struct kunit *test)
{
	u32 told = UTCP_CONN_READABLE | UTCP_CONN_ENDED;
	unsigned int i, n;

	for (i = 0; i < 2; i++) {
		struct utcp_conn *conn;

		begin();
		put_open_of(test, 3, UTCP_KIND_STREAM);
		KUNIT_EXPECT_EQ(test, come(test), 0);
		conn = live[0];
		for (n = 0; i && n < 2; n++) {
			what_happened = 0;
			put_bytes(test, 3, 0, UTCP_DATA_FIN, 0);
			KUNIT_EXPECT_EQ(test, come(test), 0);
			KUNIT_EXPECT_EQ(test, what_happened, n ? 0 : told);
		}
		utcp_sendq_fin(&conn->sendq);
		utcp_lane_kick(&lane, conn);
		KUNIT_EXPECT_TRUE(test, send_one());
		KUNIT_EXPECT_FALSE(test, utcp_conn_done(conn));
		acked_all(test);
		KUNIT_EXPECT_EQ(test, utcp_conn_done(conn), i == 1);
		if (!i) {
			put_bytes(test, 3, 0, UTCP_DATA_FIN, 2);
			KUNIT_EXPECT_EQ(test, come(test), 0);
			/* And read, whatever becomes of its peer. */
			KUNIT_EXPECT_TRUE(test, utcp_conn_done(conn));
			utcp_conn_read(conn, out, 2, MS, now);
		}
	}
}

/* Numbers wrap, and skip what is live. */
static void lane__numbers(struct kunit *test)
{
	static const u32 serials[] = { SERIAL_MASK - 5, 3, SERIAL_MASK - 2 };
	unsigned int i;

	begin();
	lane.serial = SERIAL_MASK - 1;
	KUNIT_EXPECT_EQ(test, utcp_lane_number(&lane), SERIAL_MASK << 1);
	KUNIT_EXPECT_EQ(test, open_one(UTCP_KIND_STREAM)->id, 2);
	lane.serial = SERIAL_MASK;
	KUNIT_EXPECT_EQ(test, utcp_lane_number(&lane), 4);
	/* The peer's, around the end of the numbers. */
	for (i = 0; i < ARRAY_SIZE(serials); i++) {
		put_open_of(test, serials[i] << 1 | 1, UTCP_KIND_STREAM);
		KUNIT_EXPECT_EQ(test, come(test), 0);
		KUNIT_EXPECT_NOT_NULL(test, live[i + 1]);
	}
	for (i = 0; i < 2; i++)
		put_open_of(test, serials[i] << 1 | 1, UTCP_KIND_STREAM);
	/* far below the window: too old to tell */
	put_open_of(test, (SERIAL_MASK - 9000) << 1 | 1, UTCP_KIND_STREAM);
	KUNIT_EXPECT_EQ(test, come(test), 0);
	KUNIT_EXPECT_NULL(test, live[4]);
	KUNIT_EXPECT_EQ(test, lane.n_resets, 0);
}

/* An OPEN waits for one that is far behind. */
static void lane__opens_in_step(struct kunit *test)
{
	struct utcp_conn *first, *second;
	struct utcp_chunk chunk;

	begin();
	first = open_one(UTCP_KIND_STREAM);
	KUNIT_EXPECT_TRUE(test, send_one());
	lane.serial = 4096;
	second = open_one(UTCP_KIND_STREAM);
	KUNIT_EXPECT_FALSE(test, send_one());
	/* Nor is it asked with each frame. */
	KUNIT_EXPECT_FALSE(test, utcp_lane_waits(&lane));
	KUNIT_EXPECT_TRUE(test, utcp_put_accept(&w, first->id, 20000, 0));
	KUNIT_EXPECT_EQ(test, come(test), 0);
	KUNIT_EXPECT_TRUE(test, send_one());
	KUNIT_EXPECT_TRUE(test, was_sent(UTCP_CHUNK_OPEN, &chunk));
	KUNIT_EXPECT_EQ(test, chunk.conn, second->id);
}

/* Each type that is the session's is skipped; a datagram is handed on. */
static void lane__not_its_own(struct kunit *test)
{
	begin();
	KUNIT_EXPECT_TRUE(test, utcp_put_ping(&w));
	KUNIT_EXPECT_TRUE(test, utcp_put_path(&w, UTCP_CHUNK_PATH_RESPONSE,
					      (const u8 *)"0123456789abcdef"));
	KUNIT_EXPECT_NOT_NULL(test, utcp_put_datagram(&w, 1, 2, 0));
	KUNIT_EXPECT_TRUE(test, utcp_put_close(&w, 0));
	KUNIT_EXPECT_EQ(test, come(test), 0);
	KUNIT_EXPECT_EQ(test, datagrams, 1);
	KUNIT_EXPECT_FALSE(test, send_one());
	/* Nobody has sent it anything. */
	KUNIT_EXPECT_TRUE(test, utcp_put_ack(&w, &(struct utcp_ack){}, NULL));
	KUNIT_EXPECT_EQ(test, come(test), -EPROTO);
}

/* One end, a program that writes little: a PING goes with the last frame, at most
 * once in a quarter of the window.
 */
static void lane__pings(struct kunit *test)
{
	static u8 bytes[1 << 16];
	struct utcp_conn *conn;
	struct utcp_chunk chunk;
	unsigned int pings = 0, frames = 0;

	begin();
	conn = open_one(UTCP_KIND_STREAM);
	KUNIT_EXPECT_TRUE(test, send_one());
	acked_all(test);
	KUNIT_EXPECT_TRUE(test, utcp_put_accept(&w, 2, 1 << 20, 0));
	KUNIT_EXPECT_EQ(test, come(test), 0);
	KUNIT_EXPECT_TRUE(test, utcp_sendq_write(&conn->sendq, bytes,
						 sizeof(bytes), false));
	utcp_lane_kick(&lane, conn);
	while (send_one()) {
		bool ping = was_sent(UTCP_CHUNK_PING, &chunk);

		frames++;
		pings += ping;
		/* only where it has to wait then */
		if (ping)
			KUNIT_EXPECT_TRUE(test, lane.rec.in_flight + 1280 >
							lane.rec.cong.cwnd);
	}
	KUNIT_EXPECT_EQ(test, pings, 1);
	KUNIT_EXPECT_GT(test, frames, 5);
}

static void wait_to_send(u32 n, u32 len)
{
	waiting = n;
	wait_len = len;
	lane.datagrams = n;
}

/* The longest has a frame of its own, short ones go together; lost ones are not sent
 * again, but their loss is found.
 */
static void lane__datagrams(struct kunit *test)
{
	struct utcp_chunk chunk;
	unsigned int i;

	begin();
	wait_to_send(2, 1280 - UTCP_LANE_OVERHEAD - UTCP_DATAGRAM_LEN);
	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_TRUE(test, send_one());
		KUNIT_EXPECT_TRUE(test, frame.asks);
		KUNIT_EXPECT_EQ(test, frame.len, 1280 - UTCP_LANE_OVERHEAD);
		KUNIT_EXPECT_TRUE(test, was_sent(UTCP_CHUNK_DATAGRAM, &chunk));
	}
	KUNIT_EXPECT_FALSE(test, send_one());
	acked_all(test);
	wait_to_send(5, 10);
	KUNIT_EXPECT_TRUE(test, send_one());
	KUNIT_EXPECT_EQ(test, frame.len, 5 * (UTCP_DATAGRAM_LEN + 10));
	KUNIT_EXPECT_EQ(test, lane.datagrams, 0);
	now = utcp_lane_timer(&lane);
	utcp_lane_timeout(&lane, now);
	KUNIT_EXPECT_TRUE(test, send_one());
	KUNIT_EXPECT_TRUE(test, was_sent(UTCP_CHUNK_PING, &chunk));
	KUNIT_EXPECT_FALSE(test, was_sent(UTCP_CHUNK_DATAGRAM, &chunk));
	KUNIT_EXPECT_FALSE(test, send_one());
	/* As many as the window lets go. */
	begin();
	wait_to_send(100, 1000);
	while (send_one())
		now += 10 * MS; /* it is not the pace that they wait for */
	KUNIT_EXPECT_GT(test, lane.datagrams, 80);
	KUNIT_EXPECT_LE(test, lane.rec.in_flight, lane.rec.cong.cwnd);
	acked_all(test);
	KUNIT_EXPECT_TRUE(test, send_one());
}

/* They and connections take turns; an ACK that leaves them no room does not cost them
 * their turn.
 */
static void lane__datagrams_turns(struct kunit *test)
{
	static u8 bytes[1 << 16];
	struct utcp_conn *conn;
	struct utcp_chunk chunk;
	unsigned int i;

	begin();
	conn = open_one(UTCP_KIND_STREAM);
	KUNIT_EXPECT_TRUE(test, send_one());
	acked_all(test);
	KUNIT_EXPECT_TRUE(test, utcp_put_accept(&w, 2, 1 << 20, 0));
	KUNIT_EXPECT_EQ(test, come(test), 0);
	KUNIT_EXPECT_TRUE(test, utcp_sendq_write(&conn->sendq, bytes,
						 sizeof(bytes), false));
	utcp_lane_kick(&lane, conn);
	wait_to_send(3, 1280 - UTCP_LANE_OVERHEAD - UTCP_DATAGRAM_LEN);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_TRUE(test, send_one());
		KUNIT_EXPECT_EQ(test, was_sent(UTCP_CHUNK_DATAGRAM, &chunk),
				i % 2);
		KUNIT_EXPECT_EQ(test, was_sent(UTCP_CHUNK_DATA, &chunk),
				!(i % 2));
	}
	KUNIT_EXPECT_TRUE(test, send_one());
	ack_waits = true;
	KUNIT_EXPECT_TRUE(test, send_one());
	KUNIT_EXPECT_TRUE(test, was_sent(UTCP_CHUNK_ACK, &chunk));
	KUNIT_EXPECT_FALSE(test, was_sent(UTCP_CHUNK_DATAGRAM, &chunk));
	KUNIT_EXPECT_TRUE(test, send_one());
	KUNIT_EXPECT_TRUE(test, was_sent(UTCP_CHUNK_DATAGRAM, &chunk));
}

/* Who wants longer frames has the path MTU searched, without data. */
static void lane__longer(struct kunit *test)
{
	begin();
	utcp_lane_path(&lane, 9000);
	utcp_lane_want_longer(&lane, now);
	KUNIT_EXPECT_TRUE(test, send_one()); /* a round trip first */
	acked_all(test);
	KUNIT_EXPECT_EQ(test, utcp_lane_size(&lane, now), 9000);
	KUNIT_EXPECT_TRUE(test, send_one());
	KUNIT_EXPECT_EQ(test, frame.len, 9000 - UTCP_LANE_OVERHEAD);
	acked_all(test);
	KUNIT_EXPECT_EQ(test, lane.pmtu.size, 9000);
	KUNIT_EXPECT_FALSE(test, send_one());
	KUNIT_EXPECT_FALSE(test, utcp_lane_waits(&lane));
	utcp_lane_want_longer(&lane, now);
	KUNIT_EXPECT_FALSE(test, utcp_lane_waits(&lane));
}

static void lane__end(struct kunit *test)
{
	begin();
	utcp_lane_free(&lane);
	KUNIT_EXPECT_EQ(test, lane.rec.room, 0);
}

static struct kunit_case conn_cases[] = { KUNIT_CASE(conn__opens),
					  KUNIT_CASE(conn__is_opened),
					  KUNIT_CASE(conn__full),
					  KUNIT_CASE(conn__taken),
					  KUNIT_CASE(conn__misfits),
					  KUNIT_CASE(conn__reset),
					  KUNIT_CASE(conn__reset_is_lost),
					  KUNIT_CASE(conn__closed),
					  KUNIT_CASE(conn__ends),
					  KUNIT_CASE(lane__numbers),
					  KUNIT_CASE(lane__opens_in_step),
					  KUNIT_CASE(lane__not_its_own),
					  KUNIT_CASE(lane__pings),
					  KUNIT_CASE(lane__datagrams),
					  KUNIT_CASE(lane__datagrams_turns),
					  KUNIT_CASE(lane__longer),
					  KUNIT_CASE(lane__end),
					  {} };

static struct kunit_suite conn_suite = {
	.name = "utcp_conn",
	.test_cases = conn_cases,
};

kunit_test_suite(conn_suite);
