// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzing a lane and its connections: the input is what a peer sends that has the
 * keys and keeps no protocol. What must hold: memory stays within bounds; nothing is
 * granted or taken beyond windows; the lane goes on sending well-formed frames; and
 * in the end all is freed.
 *
 * Input: steps. A byte says what: a frame comes (two bytes of length, then its
 * plaintext), the program writes or reads, time passes, connections open, close or
 * are aborted.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "../lane.h"
#include "fuzz.h"

#define LIVE_MAX 6
#define BUFFER 32768
#define LONGEST 3000
#define MS 1000000ULL
#define STEPS_MAX 512

enum step {
	STEP_FRAME,
	STEP_WRITE,
	STEP_READ,
	STEP_TIME,
	STEP_OPEN,
	STEP_CLOSE,
	STEP_ABORT,
	STEP_FREE,
	STEPS,
};

static struct utcp_lane lane;
static struct utcp_conn conns[LIVE_MAX];
static bool live[LIVE_MAX];
static u64 now, counter;

static struct utcp_conn *find(struct utcp_lane *l, u32 id)
{
	unsigned int i;

	for (i = 0; i < LIVE_MAX; i++)
		if (live[i] && conns[i].id == id)
			return &conns[i];
	return NULL;
}

static struct utcp_conn *place(void)
{
	unsigned int i;

	for (i = 0; i < LIVE_MAX; i++) {
		if (live[i])
			continue;
		live[i] = true;
		return &conns[i];
	}
	return NULL;
}

static struct utcp_conn_params params_of(u32 id, u8 kind)
{
	return (struct utcp_conn_params){
		.id = id,
		.port = 1,
		.to_port = 2,
		.kind = kind,
		.buffer = BUFFER,
		.most = BUFFER,
		.longest = kind == UTCP_KIND_SEQPACKET ? LONGEST : 0,
		.now = now,
	};
}

static int take_open(struct utcp_lane *l, const struct utcp_chunk *open)
{
	const struct utcp_conn_params params =
		params_of(open->conn, open->open.kind);
	struct utcp_conn *conn = place();

	if (!conn)
		return UTCP_RESET_QUEUE_FULL;
	utcp_conn_accept(conn, &params, open);
	return -1;
}

static void happened(struct utcp_lane *l, struct utcp_conn *conn, u32 what)
{
	fuzz_assert(what);
	fuzz_assert(find(l, conn->id) == conn);
}

static bool charge(struct utcp_lane *l, struct utcp_conn *conn, size_t more,
		   bool must)
{
	fuzz_assert(more && find(l, conn->id) == conn);
	return true;
}

static void recount(struct utcp_lane *l, struct utcp_conn *conn)
{
	fuzz_assert(find(l, conn->id) == conn);
}

static void datagram(struct utcp_lane *l, const struct utcp_chunk *chunk)
{
	fuzz_assert(chunk->datagram.port && chunk->datagram.to_port);
}

static bool put_ack(struct utcp_lane *l, struct utcp_writer *w,
		    struct utcp_sent_item *item)
{
	return false;
}

static void ack_arrived(struct utcp_lane *l, const struct utcp_sent_item *item)
{
}

static u32 space(struct utcp_lane *l, const struct utcp_ack *ack)
{
	return 1;
}

static const struct utcp_lane_ops ops = {
	.find = find,
	.open = take_open,
	.happened = happened,
	.charge = charge,
	.recount = recount,
	.datagram = datagram,
	.put_ack = put_ack,
	.ack_arrived = ack_arrived,
	.space = space,
};

/* Windows hold, whatever has come. */
static void look_at(const struct utcp_conn *conn)
{
	const struct utcp_recvq *q = &conn->recvq;
	const size_t most = 2 * (BUFFER + 2 * UTCP_PIECE_LEN);

	fuzz_assert(q->read <= q->next);
	fuzz_assert(q->next <= conn->flow.limit);
	fuzz_assert(conn->flow.limit <= q->read + BUFFER);
	fuzz_assert(q->above.n <= UTCP_RECVQ_RANGES);
	fuzz_assert(utcp_pieces_memory(&q->bytes) <= most);
	fuzz_assert(conn->sendq.una <= conn->sendq.sent);
	fuzz_assert(conn->sendq.sent <= conn->sendq.end);
}

static void send_frames(void)
{
	static u8 plain[65536];
	struct utcp_lane_frame frame = { .plain = plain,
					 .room = sizeof(plain) };
	struct utcp_chunks chunks;
	unsigned int n = 0;

	for (;;) {
		utcp_lane_output(&lane, now, false, &frame);
		if (!frame.len)
			return;
		fuzz_assert(n++ < 1000);
		fuzz_assert(frame.len + UTCP_LANE_OVERHEAD <= 1500);
		fuzz_assert(!utcp_chunks_check(&chunks, plain, frame.len));
		fuzz_assert(chunks.asks == frame.asks);
		utcp_lane_sent(&lane, &frame, counter++, now);
		fuzz_assert(lane.rec.waiting <= UTCP_SENT_MAX);
	}
}

static void come(const u8 *plain, size_t len)
{
	struct utcp_chunks chunks;

	if (!utcp_chunks_check(&chunks, plain, len))
		/* what it returns is for the session, which is not here */
		(void)!utcp_lane_input(&lane, plain, len, now);
}

static void drop(unsigned int i)
{
	live[i] = false;
	utcp_lane_forget(&conns[i]);
	utcp_conn_free(&conns[i]);
}

static void open_one(u8 kind)
{
	struct utcp_conn *conn = place();
	struct utcp_conn_params params;

	if (!conn)
		return;
	/* not found by its old number */
	conn->id = 0;
	params = params_of(utcp_lane_number(&lane), kind);
	utcp_conn_connect(conn, &params);
	utcp_lane_open(&lane, conn);
}

static void do_to(enum step step, unsigned int i, u8 arg)
{
	static u8 bytes[4096];
	struct utcp_conn *conn = &conns[i];

	if (!live[i])
		return;
	switch (step) {
	case STEP_WRITE:
		if (conn->state != UTCP_CONN_DEAD && !conn->sendq.fin &&
		    utcp_sendq_waits(&conn->sendq) < BUFFER)
			(void)!utcp_sendq_write(
				&conn->sendq, bytes, 16 * arg + 1,
				conn->kind == UTCP_KIND_SEQPACKET);
		utcp_lane_kick(&lane, conn);
		break;
	case STEP_READ:
		utcp_conn_read(conn, bytes, 16 * arg + 1, MS, now);
		utcp_lane_kick(&lane, conn);
		break;
	case STEP_CLOSE:
		utcp_sendq_fin(&conn->sendq);
		conn->closed = arg & 1;
		utcp_lane_kick(&lane, conn);
		break;
	case STEP_ABORT:
		utcp_lane_abort(&lane, conn, arg);
		break;
	default:
		drop(i);
	}
}

void fuzz_lane(const u8 *data, size_t size)
{
	unsigned int i, steps = 0;

	utcp_lane_init(&lane, &ops, &utcp_cubic, false, 1500);
	utcp_recovery_space(&lane.rec, 1);
	counter = 0;
	now = 1000 * MS;
	while (size >= 3 && steps++ < STEPS_MAX) {
		enum step step = data[0] % STEPS;
		size_t len = get_unaligned_be16(data + 1);
		u8 which = data[1], arg = data[2];

		data += 3;
		size -= 3;
		now += MS / 8;
		switch (step) {
		case STEP_FRAME:
			len = len < size ? len : size;
			fuzz_read(come, data, len);
			data += len;
			size -= len;
			break;
		case STEP_TIME:
			now += len * MS;
			if (utcp_lane_timer(&lane) <= now)
				utcp_lane_timeout(&lane, now);
			break;
		case STEP_OPEN:
			open_one(arg & 1 ? UTCP_KIND_SEQPACKET :
					   UTCP_KIND_STREAM);
			break;
		default:
			do_to(step, which % LIVE_MAX, arg);
		}
		send_frames();
		for (i = 0; i < LIVE_MAX; i++)
			if (live[i])
				look_at(&conns[i]);
	}
	for (i = 0; i < LIVE_MAX; i++)
		if (live[i])
			drop(i);
	utcp_lane_free(&lane);
}
