// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two ends and a link between them, on a clock of its own: connections over lanes
 * (lane.c and all below), without cryptography. Built in user space only, with
 * userspace/kern. The link loses, doubles, delays and overtakes frames as a seeded
 * generator says, so a run is the same each time. Asserted is what a user would
 * notice: the right bytes, whole messages, an end, and how long it took.
 */
#include <kunit/test.h>
#include <linux/container_of.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <stdlib.h>

#include "../ackrange.h"
#include "../lane.h"
#include "sim_link.h"

#define MIB (1024 * 1024U)
#define FRAME_MAX 65535
#define CONNS_MAX 64
/* Send buffer of a program. */
#define SNDBUF (4 * MIB)
/* Bytes are those of a table of prime length, so that none is right by chance. */
#define TABLE 65521

static u8 table[2 * TABLE];

/**
 * struct app - a program with a connection
 * @conn: it
 * @used: it exists
 * @total: bytes to write, then FIN
 * @written: of them
 * @expect: bytes to read until the end
 * @read: of them
 * @message: longest message to write; stream: 0
 * @bad: bytes that were wrong
 * @messages_out: messages written
 * @messages_in: messages read
 * @frozen: the program does not read until then
 * @fin: it has shut down sending
 * @died: how often it was told that the connection has died
 * @charged: bytes of memory that DATA have taken
 */
struct app {
	struct utcp_conn conn;
	bool used, fin;
	u64 total, written, expect, read;
	u32 message;
	u64 bad, messages_out, messages_in, frozen;
	u32 died;
	u64 charged;
};

struct end {
	struct utcp_lane lane;
	struct utcp_ackrange came;
	struct utcp_replay window;
	struct way out;
	const struct link *link;
	struct app apps[CONNS_MAX];
	unsigned int n;
	/* for connections that are accepted */
	u64 reply, expect;
	u32 message, longest, buffer, most;
	u64 counter, until, acks, datas;
	int refuse;
	/* all buffers together have taken too much */
	bool full;
	u64 held_back;
	struct end *peer;
	unsigned int protocol_errors;
};

static struct end a, b;

/* --- an end ------------------------------------------------------------------- */

static struct end *end_of(struct utcp_lane *lane)
{
	return container_of(lane, struct end, lane);
}

static struct app *app_of(struct utcp_conn *conn)
{
	return container_of(conn, struct app, conn);
}

static struct utcp_conn *find(struct utcp_lane *lane, u32 id)
{
	struct end *end = end_of(lane);

	for (unsigned int i = 0; i < end->n; i++)
		if (end->apps[i].used && end->apps[i].conn.id == id)
			return &end->apps[i].conn;
	return NULL;
}

static int open_(struct utcp_lane *lane, const struct utcp_chunk *open)
{
	struct end *end = end_of(lane);
	struct app *app = &end->apps[end->n];
	const struct utcp_conn_params params = {
		.id = open->conn,
		.port = open->open.to_port,
		.to_port = open->open.port,
		.kind = open->open.kind,
		.buffer = end->buffer,
		.most = end->most,
		.longest = open->open.kind == UTCP_KIND_SEQPACKET ?
				   end->longest :
				   0,
		.now = now,
	};

	if (end->refuse >= 0)
		return end->refuse;
	if (end->n == CONNS_MAX)
		return UTCP_RESET_QUEUE_FULL;
	end->n++;
	*app = (struct app){ .used = true,
			     .total = end->reply,
			     .expect = end->expect,
			     .message = end->message };
	utcp_conn_accept(&app->conn, &params, open);
	(void)utcp_conn_taken(&app->conn);
	return -1;
}

static void happened(struct utcp_lane *lane, struct utcp_conn *conn, u32 what)
{
	if (what & UTCP_CONN_DIED)
		app_of(conn)->died++;
}

static bool charge(struct utcp_lane *lane, struct utcp_conn *conn, size_t more,
		   bool must)
{
	struct end *end = end_of(lane);

	if (end->full && !must) {
		end->held_back++;
		return false;
	}
	app_of(conn)->charged += more;
	return true;
}

static void recount(struct utcp_lane *lane, struct utcp_conn *conn)
{
}

static void datagram(struct utcp_lane *lane, const struct utcp_chunk *chunk)
{
}

static bool put_ack(struct utcp_lane *lane, struct utcp_writer *w,
		    struct utcp_sent_item *item)
{
	struct end *end = end_of(lane);

	if (!end->came.asking || !utcp_ackrange_rides(&end->came, now) ||
	    !utcp_ackrange_put(&end->came, now, 1, w))
		return false;
	end->acks++;
	item->offset = end->came.run[0].high;
	item->conn = 1;
	return true;
}

static void ack_arrived(struct utcp_lane *lane,
			const struct utcp_sent_item *item)
{
	utcp_ackrange_forget(&end_of(lane)->came, item->offset);
}

static u32 space(struct utcp_lane *lane, const struct utcp_ack *ack)
{
	(void)lane;
	(void)ack;
	return 1;
}

static const struct utcp_lane_ops ops = {
	.find = find,
	.open = open_,
	.happened = happened,
	.charge = charge,
	.recount = recount,
	.datagram = datagram,
	.put_ack = put_ack,
	.ack_arrived = ack_arrived,
	.space = space,
};

/* What a program does when it is woken: it writes and reads all it can. */
static void run_app(struct end *end, struct app *app)
{
	static u8 buf[2 * MIB];
	struct utcp_conn *conn = &app->conn;
	u32 len;

	if (conn->state == UTCP_CONN_DEAD)
		return;
	while (app->written < app->total && !app->died &&
	       utcp_sendq_waits(&conn->sendq) < SNDBUF) {
		len = min_t(u64, 32768, app->total - app->written);
		if (app->message) {
			/* the other's longest must be known */
			if (!conn->accepted)
				break;
			len = 1 + draw(app->message);
			len = min_t(u64, len, app->total - app->written);
		}
		for (u32 at = 0; at < len; at += TABLE) {
			u32 part = min_t(u32, len - at, TABLE);

			memcpy(buf + at, table + (app->written + at) % TABLE,
			       part);
		}
		if (!utcp_sendq_write(&conn->sendq, buf, len, app->message))
			break;
		app->written += len;
		app->messages_out += !!app->message;
	}
	if (app->written == app->total && !app->fin) {
		utcp_sendq_fin(&conn->sendq);
		app->fin = true;
	}
	while (now >= app->frozen && (len = utcp_recvq_ready(&conn->recvq))) {
		len = min_t(u32, len, sizeof(buf));
		len = utcp_conn_read(conn, buf, len, end->lane.rec.rtt.smoothed,
				     now);
		for (u32 at = 0; at < len; at += TABLE) {
			u32 part = min_t(u32, len - at, TABLE);

			app->bad += memcmp(buf + at,
					   table + (app->read + at) % TABLE,
					   part) != 0;
		}
		app->read += len;
		app->messages_in++;
	}
	utcp_lane_kick(&end->lane, conn);
}

static void run_output(struct end *end)
{
	static u8 plain[FRAME_MAX];
	struct utcp_lane_frame frame = { .plain = plain,
					 .room = sizeof(plain) };

	for (;;) {
		bool due = end->came.due <= now;

		utcp_lane_output(&end->lane, now, due, &frame);
		if (!frame.len)
			break;
		/* a counter is skipped now and then */
		if (!draw(3000)) {
			utcp_recovery_skip(&end->lane.rec, end->counter);
			end->counter++;
		}
		fly(&end->out, end->link, plain, frame.len, end->counter);
		utcp_lane_sent(&end->lane, &frame, end->counter++, now);
		end->datas += frame.asks;
	}
	end->until = frame.until;
}

static void run_input(struct end *end)
{
	struct way *way = &end->peer->out;

	while (way->n && way->heap[0].at <= now) {
		struct flying f = pop(way);
		struct utcp_chunks chunks;
		int ret;

		if (utcp_chunks_check(&chunks, f.plain, f.len))
			abort();
		/* the session's: doubles do not get here */
		if (!utcp_replay_mark(&end->window, f.counter)) {
			ret = utcp_lane_input(&end->lane, f.plain, f.len, now);
			if (!ret)
				utcp_ackrange_take(&end->came, f.counter, now,
						   &chunks);
			end->protocol_errors += ret == -EPROTO;
		}
		free(f.plain);
	}
}

static void end_init(struct end *end, const struct link *link, bool opener,
		     u16 ceiling, struct end *peer)
{
	memset(end, 0, sizeof(*end));
	end->link = link;
	end->peer = peer;
	end->refuse = -1;
	end->buffer = UTCP_FLOW_FIRST;
	end->most = 6 * MIB;
	utcp_ackrange_init(&end->came);
	utcp_lane_init(&end->lane, &ops, &utcp_cubic, opener, ceiling);
	utcp_recovery_space(&end->lane.rec, 1);
	/* the handshake, which the sessions have had */
	utcp_recovery_handshake(&end->lane.rec, 2 * link->delay + 100 * US,
				now);
}

static void end_free(struct end *end)
{
	for (unsigned int i = 0; i < end->n; i++) {
		utcp_lane_forget(&end->apps[i].conn);
		utcp_conn_free(&end->apps[i].conn);
	}
	while (end->out.n)
		free(pop(&end->out).plain);
	free(end->out.heap);
	utcp_lane_free(&end->lane);
}

static void begin(const struct link *there, const struct link *back,
		  u16 ceiling)
{
	for (size_t i = 0; i < sizeof(table); i++)
		table[i] = (u8)((i % TABLE) * 131 + (i % TABLE) / 256);
	now = SEC;
	rng = 0x9e3779b97f4a7c15;
	end_init(&a, there, false, ceiling, &b);
	end_init(&b, back, true, ceiling, &a);
}

static void finish(void)
{
	end_free(&a);
	end_free(&b);
}

static struct app *connect_(struct end *end, u64 total, u64 expect, u32 message,
			    u32 longest)
{
	struct app *app = &end->apps[end->n];
	struct utcp_conn_params params = {
		.id = utcp_lane_number(&end->lane),
		.port = (u16)(49152 + end->n),
		.to_port = 7,
		.kind = longest ? UTCP_KIND_SEQPACKET : UTCP_KIND_STREAM,
		.buffer = end->buffer,
		.most = end->most,
		.longest = longest,
		.now = now,
	};

	end->n++;
	*app = (struct app){ .used = true,
			     .total = total,
			     .expect = expect,
			     .message = message };
	utcp_conn_connect(&app->conn, &params);
	utcp_lane_open(&end->lane, &app->conn);
	return app;
}

static bool all_done(const struct end *end)
{
	for (unsigned int i = 0; i < end->n; i++)
		if (!utcp_conn_done(&end->apps[i].conn) ||
		    (end->apps[i].conn.state != UTCP_CONN_DEAD &&
		     !utcp_recvq_ended(&end->apps[i].conn.recvq)) ||
		    !end->apps[i].conn.accepted)
			return false;
	return end->n;
}

static u64 wake_of(struct end *end)
{
	u64 at = min(end->until, end->came.due);

	at = min_t(u64, at, utcp_lane_timer(&end->lane));
	if (end->out.n)
		at = min_t(u64, at, end->out.heap[0].at);
	for (unsigned int i = 0; i < end->n; i++)
		if (end->apps[i].frozen > now)
			at = min_t(u64, at, end->apps[i].frozen);
	return at;
}

static void run_end(struct end *end)
{
	run_input(end);
	if (utcp_lane_timer(&end->lane) <= now)
		utcp_lane_timeout(&end->lane, now);
	for (unsigned int i = 0; i < end->n; i++)
		run_app(end, &end->apps[i]);
	run_output(end);
}

/* Until all connections are done at both ends, or until @limit. */
static bool run(u64 limit)
{
	while (now < limit) {
		u64 next;

		run_end(&a);
		run_end(&b);
		if (all_done(&a) && all_done(&b))
			return true;
		next = min(wake_of(&a), wake_of(&b));
		if (next == UTCP_NEVER)
			return false; /* both wait for each other */
		now = max(now + 1, next);
	}
	return false;
}

static void check_app(struct kunit *test, const struct app *app)
{
	KUNIT_EXPECT_EQ(test, app->died, 0);
	KUNIT_EXPECT_EQ(test, app->bad, 0);
	KUNIT_EXPECT_EQ(test, app->written, app->total);
	KUNIT_EXPECT_EQ(test, app->read, app->expect);
}

static void check_all(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, a.protocol_errors, 0);
	KUNIT_EXPECT_EQ(test, b.protocol_errors, 0);
	KUNIT_EXPECT_EQ(test, a.n, b.n);
	for (unsigned int i = 0; i < a.n; i++)
		check_app(test, &a.apps[i]);
	for (unsigned int i = 0; i < b.n; i++)
		check_app(test, &b.apps[i]);
}

static void report(const char *what, u64 bytes)
{
	u64 took = now - SEC;

	printf("# %-28s %6llu ms, %8llu KiB/s, frames %llu + %llu, lost %llu + %llu, acks %llu\n",
	       what, took / MS, bytes * 1000 / (took / MS + 1) / 1024,
	       a.out.sent, b.out.sent, a.out.dropped, b.out.dropped, b.acks);
}

/* 1 Gbit/s, a round trip of half a millisecond. */
static const struct link lan = {
	.delay = 250 * US,
	.rate = 125000000,
	.queue = 5 * MS,
	.passes = FRAME_MAX,
};

/* --- the runs ------------------------------------------------------------------ */

/* 64 MiB one way. */
static u64 bulk(struct kunit *test, const char *what, struct link there,
		u16 ceiling, u64 limit)
{
	u64 took;

	begin(&there, &there, ceiling);
	b.expect = 64 * MIB;
	connect_(&a, 64 * MIB, 0, 0, 0);
	KUNIT_EXPECT_TRUE_MSG(test, run(limit), "%s: a read %llu of %llu", what,
			      b.n ? b.apps[0].read : 0, b.expect);
	check_all(test);
	report(what, 64 * MIB);
	took = now - SEC;
	return took;
}

static void sim__clean(struct kunit *test)
{
	u64 took = bulk(test, "clean, MTU 1500", lan, 1500, 60 * SEC);

	/* 90 % of the line: 64 MiB of 1450 in 1518 bytes is 560 ms */
	KUNIT_EXPECT_TRUE_MSG(test, took < 660 * MS, "%llu", took);
	/* Acknowledgments: at most 7 for 100 frames. */
	KUNIT_EXPECT_TRUE_MSG(test, b.acks * 100 < 7 * a.datas, "%llu %llu",
			      b.acks, a.datas);
	finish();
	took = bulk(test, "clean, MTU 9000", lan, 9000, 60 * SEC);
	KUNIT_EXPECT_TRUE_MSG(test, took < 620 * MS, "%llu", took);
	KUNIT_EXPECT_EQ(test, a.lane.pmtu.size, 9000);
	finish();
}

static void sim__loss(struct kunit *test)
{
	static const struct {
		u32 loss;
		u64 limit;
	} table_[] = {
		/* 0 */ { 10, 10 * SEC },
		/* 1 */ { 100, 60 * SEC },
		/* 2 */ { 300, 300 * SEC },
	};
	char what[32];

	for (size_t i = 0; i < ARRAY_SIZE(table_); i++) {
		struct link link = lan;

		link.loss = table_[i].loss;
		snprintf(what, sizeof(what), "%u.%u %% loss", link.loss / 10,
			 link.loss % 10);
		bulk(test, what, link, 1500, SEC + table_[i].limit);
		finish();
	}
}

static void sim__disorder(struct kunit *test)
{
	struct link link = lan;

	link.late = 50;
	link.late_by = MS;
	link.dup = 50;
	bulk(test, "5 % late, 5 % twice", link, 1500, 10 * SEC);
	finish();
	/* All at once, over 200 ms with jitter, both ways. */
	link = (struct link){ .loss = 100,
			      .dup = 50,
			      .late = 50,
			      .late_by = 20 * MS,
			      .delay = 90 * MS,
			      .jitter = 20 * MS,
			      .rate = 12500000,
			      .queue = 50 * MS,
			      .passes = FRAME_MAX };
	begin(&link, &link, 1500);
	b.expect = MIB;
	b.reply = MIB;
	connect_(&a, MIB, MIB, 0, 0);
	KUNIT_EXPECT_TRUE(test, run(SEC + 120 * SEC));
	check_all(test);
	report("all of it, 200 ms", MIB);
	finish();
}

/* The last frames of each answer are lost now and then: a probe timeout, no stall. */
static void sim__tail_loss(struct kunit *test)
{
	u64 worst = 0;

	for (unsigned int i = 0; i < 200; i++) {
		struct link link = lan;
		u64 took;

		link.loss = 200;
		begin(&link, &link, 1500);
		rng += i * 7919;
		b.expect = 3000;
		b.reply = 3000;
		connect_(&a, 3000, 3000, 0, 0);
		KUNIT_EXPECT_TRUE_MSG(test, run(SEC + 60 * SEC), "run %u", i);
		check_all(test);
		took = now - SEC;
		worst = max(worst, took);
		finish();
	}
	printf("# tail loss: at worst %llu ms\n", worst / MS);
	/* a probe timeout is 10 ms, and doubles with each in a row */
	KUNIT_EXPECT_TRUE(test, worst < 500 * MS);
}

/* Long frames vanish: from the beginning, and in the midst. */
static void sim__black_hole(struct kunit *test)
{
	struct link link = lan;
	u64 took;

	link.passes = 1500;
	took = bulk(test, "9000 in name only", link, 9000, 60 * SEC);
	KUNIT_EXPECT_TRUE_MSG(test, took < 800 * MS, "%llu", took);
	KUNIT_EXPECT_TRUE(test, a.lane.pmtu.size <= 1500);
	KUNIT_EXPECT_TRUE(test, a.lane.pmtu.size > 1500 - UTCP_PMTU_STEP);
	finish();

	link.passes = FRAME_MAX;
	begin(&link, &link, 9000);
	b.expect = 64 * MIB;
	connect_(&a, 64 * MIB, 0, 0, 0);
	KUNIT_EXPECT_FALSE(test, run(SEC + 200 * MS));
	KUNIT_EXPECT_EQ(test, a.lane.pmtu.size, 9000);
	link.passes = 1400;
	KUNIT_EXPECT_TRUE(test, run(SEC + 3 * SEC));
	check_all(test);
	report("black hole from 200 ms", 64 * MIB);
	KUNIT_EXPECT_TRUE(test, a.lane.pmtu.size <= 1400);
	finish();
}

/* Nothing passes for 3 s: it goes on within a second of its end. */
static void sim__outage(struct kunit *test)
{
	struct link link = lan;
	u64 took;

	link.dead_from = SEC + 100 * MS;
	link.dead_to = link.dead_from + 3 * SEC;
	took = bulk(test, "3 s of silence", link, 1500, 60 * SEC);
	KUNIT_EXPECT_TRUE_MSG(test, took < 3 * SEC + 2 * SEC, "%llu", took);
	finish();
}

/* Both ways at once, several connections: each gets its share. */
static void sim__turns(struct kunit *test)
{
	struct link link = lan;
	u64 least = ~0ULL, most = 0;

	link.loss = 5;
	begin(&link, &link, 1500);
	b.expect = 4 * MIB;
	b.reply = 4 * MIB;
	for (int i = 0; i < 8; i++)
		connect_(&a, 4 * MIB, 4 * MIB, 0, 0);
	KUNIT_EXPECT_FALSE(test, run(SEC + 100 * MS));
	for (unsigned int i = 0; i < b.n; i++) {
		least = min(least, b.apps[i].read);
		most = max(most, b.apps[i].read);
	}
	KUNIT_EXPECT_TRUE_MSG(test, least * 4 > most, "%llu %llu", least, most);
	KUNIT_EXPECT_TRUE(test, run(SEC + 60 * SEC));
	check_all(test);
	report("8 connections both ways", 64 * MIB);
	finish();
}

static void sim__messages(struct kunit *test)
{
	static const u32 longest[] = { 1, 100, 65536, MIB };
	struct link link = lan;

	link.loss = 20;
	link.late = 20;
	link.late_by = MS;
	for (size_t i = 0; i < ARRAY_SIZE(longest); i++) {
		u32 total = longest[i] == 1 ? 20000 : 4 * longest[i] + 100000;

		begin(&link, &link, 1500);
		b.expect = total;
		b.reply = total;
		b.message = longest[i];
		b.longest = longest[i];
		connect_(&a, total, total, longest[i], longest[i]);
		KUNIT_EXPECT_TRUE_MSG(test, run(SEC + 60 * SEC), "longest %u",
				      longest[i]);
		check_all(test);
		KUNIT_EXPECT_EQ(test, a.apps[0].messages_out,
				b.apps[0].messages_in);
		KUNIT_EXPECT_EQ(test, b.apps[0].messages_out,
				a.apps[0].messages_in);
		finish();
	}
}

/* A program that does not read for a while: the sender waits, no probe is needed,
 * and nothing is lost by it.
 */
static void sim__slow_reader(struct kunit *test)
{
	begin(&lan, &lan, 1500);
	b.expect = 8 * MIB;
	connect_(&a, 8 * MIB, 0, 0, 0);
	KUNIT_EXPECT_FALSE(test, run(SEC + 5 * MS));
	b.apps[0].frozen = SEC + 2 * SEC;
	KUNIT_EXPECT_FALSE(test, run(SEC + 1900 * MS));
	KUNIT_EXPECT_TRUE(test,
			  b.apps[0].conn.flow.end <= b.apps[0].conn.flow.limit);
	KUNIT_EXPECT_TRUE(test, a.out.sent < 4000);
	KUNIT_EXPECT_TRUE(test, run(SEC + 4 * SEC));
	check_all(test);
	finish();
}

/* The receiver's ACKs alone are more than its class lets go. They go all the same, and its
 * windows do not wait for them: that would take 19 s.
 */
static void sim__slow_class(struct kunit *test)
{
	begin(&lan, &lan, 1500);
	utcp_lane_limit(&b.lane, now, 2000, 14);
	b.expect = 16 * MIB;
	connect_(&a, 16 * MIB, 0, 0, 0);
	KUNIT_EXPECT_TRUE(test, run(SEC + 3 * SEC));
	check_all(test);
	finish();
}

/* Nobody listens; the queue is full. The opener hears it within a round trip. */
static void sim__refused(struct kunit *test)
{
	static const int codes[] = { UTCP_RESET_NO_LISTENER,
				     UTCP_RESET_QUEUE_FULL, UTCP_RESET_KIND };

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		struct app *app;

		begin(&lan, &lan, 1500);
		b.refuse = codes[i];
		app = connect_(&a, 100000, 0, 0, 0);
		b.n = 0;
		run(SEC + 3 * MS);
		KUNIT_EXPECT_EQ(test, app->conn.state, UTCP_CONN_DEAD);
		KUNIT_EXPECT_EQ(test, app->conn.code, (u32)codes[i]);
		KUNIT_EXPECT_TRUE(test, app->conn.reset_by_peer);
		KUNIT_EXPECT_EQ(test, app->died, 1);
		finish();
	}
}

/* All buffers together have taken too much, at both ends and all the time: who reads
 * at once goes on, both ways, if slowly, and no more is taken than is counted. Who does
 * not read stops nobody.
 */
static void memory_full(struct kunit *test)
{
	struct link link = lan;

	link.loss = 20;
	begin(&link, &link, 1500);
	a.full = true;
	b.full = true;
	b.expect = 30000;
	b.reply = 30000;
	connect_(&a, 30000, 30000, 0, 0);
	connect_(&a, 30000, 30000, 0, 0);
	KUNIT_EXPECT_FALSE(test, run(SEC + MS));
	KUNIT_ASSERT_EQ(test, b.n, 2);
	b.apps[1].frozen = SEC + 60 * SEC;
	KUNIT_EXPECT_FALSE(test, run(SEC + 50 * SEC));
	check_app(test, &a.apps[0]);
	check_app(test, &b.apps[0]);
	KUNIT_EXPECT_TRUE(test, b.held_back);
	/* A frame, in two pieces, and their ring. */
	KUNIT_EXPECT_LE(test, b.apps[1].charged,
			2 * utcp_piece_takes(false) + 64);
	a.full = false;
	b.full = false;
	KUNIT_EXPECT_TRUE(test, run(SEC + 70 * SEC));
	check_all(test);
	finish();
}

/* The same with messages of several frames, of four connections at once: each of them
 * becomes complete, for until then the program has nothing to read.
 */
static void messages_full(struct kunit *test)
{
	struct link link = lan;
	const u32 longest = 20000;

	link.loss = 20;
	begin(&link, &link, 1500);
	a.full = true;
	b.full = true;
	b.longest = longest;
	b.expect = 2 * longest;
	for (int i = 0; i < 4; i++)
		connect_(&a, 2 * longest, 0, longest, longest);
	KUNIT_EXPECT_TRUE(test, run(SEC + 60 * SEC));
	KUNIT_EXPECT_TRUE(test, b.held_back);
	check_all(test);
	finish();
}

/* No memory for the first frame: it is tried again, though nothing is under way. */
static void no_ring(struct kunit *test)
{
	begin(&lan, &lan, 1500);
	b.expect = 1000;
	connect_(&a, 1000, 0, 0, 0);
	run_app(&a, &a.apps[0]);
	kern_fail_in = 0;
	run_output(&a);
	KUNIT_EXPECT_EQ(test, kern_fail_in, -1);
	KUNIT_EXPECT_EQ(test, a.out.sent, 0);
	KUNIT_EXPECT_EQ(test, wake_of(&a), SEC + UTCP_LANE_NOMEM);
	now = wake_of(&a);
	KUNIT_EXPECT_TRUE(test, run(SEC + 100 * MS));
	check_all(test);
	finish();
}

/* Memory fails here and there: slower, but right. */
static void sim__no_memory(struct kunit *test)
{
	struct link link = lan;
	u64 step = 0;

	link.loss = 20;
	begin(&link, &link, 1500);
	b.expect = 4 * MIB;
	connect_(&a, 4 * MIB, 0, 0, 0);
	while (now < SEC + 120 * SEC) {
		kern_fail_in = draw(20);
		if (run(now + MS))
			break;
		now += step;
	}
	kern_fail_in = -1;
	KUNIT_EXPECT_TRUE(test, all_done(&a) && all_done(&b));
	check_all(test);
	report("memory fails", 4 * MIB);
	finish();
	no_ring(test);
	memory_full(test);
	messages_full(test);
}

/* More gaps than a receiver keeps, from losses of one round trip: what fills them is taken, and
 * all arrives when the wire is good again. @len: of each of many messages; 0: a stream's writes
 * of 40 bytes.
 */
static void gaps(struct kunit *test, u32 len, u32 loss)
{
	const u64 trip = 4 * MS;
	struct link link = lan;
	struct app *app;
	u16 most = 0;
	u64 from;

	link.delay = trip / 2;
	begin(&link, &link, 1500);
	b.expect = len ? len * 60000 : 1;
	b.message = len;
	b.longest = len;
	app = connect_(&a, len * 60000, 0, len, len);
	if (!len) {
		app->fin = true; /* not yet */
		run(SEC + 2 * trip);
		app->total += 4 * MIB;
		run(now + 20 * trip);
	} else {
		run(SEC + 6 * trip);
	}
	link.loss = loss;
	for (from = now; now < from + trip;) {
		if (!len) {
			app->total += 40;
			app->frozen = now + 2 * US;
		}
		run(now + (len ? trip / 40 : 2 * US));
		KUNIT_ASSERT_EQ(test, b.n, 1U);
		most = max(most, b.apps[0].conn.recvq.above.n);
	}
	link.loss = 0;
	if (!len) {
		b.apps[0].expect = app->total;
		b.apps[0].fin = false;
		app->fin = false;
	}
	KUNIT_EXPECT_GT(test, most, 200);
	KUNIT_EXPECT_TRUE(test, run(now + 60 * SEC));
	KUNIT_EXPECT_EQ(test, b.apps[0].read, b.apps[0].expect);
	finish();
}

static void sim__gaps(struct kunit *test)
{
	u32 loss;

	for (loss = 300; loss <= 400; loss += 100) {
		gaps(test, 1, loss);
		gaps(test, 8, loss);
		gaps(test, 40, loss);
		gaps(test, 0, loss);
	}
}

static struct kunit_case sim_cases[] = {
	KUNIT_CASE(sim__clean),	      KUNIT_CASE(sim__loss),
	KUNIT_CASE(sim__disorder),    KUNIT_CASE(sim__tail_loss),
	KUNIT_CASE(sim__black_hole),  KUNIT_CASE(sim__outage),
	KUNIT_CASE(sim__turns),	      KUNIT_CASE(sim__messages),
	KUNIT_CASE(sim__slow_reader), KUNIT_CASE(sim__refused),
	KUNIT_CASE(sim__slow_class),  KUNIT_CASE(sim__no_memory),
	KUNIT_CASE(sim__gaps),	      {}
};

static struct kunit_suite sim_suite = {
	.name = "utcp_sim",
	.test_cases = sim_cases,
};

kunit_test_suite(sim_suite);
