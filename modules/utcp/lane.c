// SPDX-License-Identifier: GPL-2.0-only
/*
 * A lane: frames on one side, connections on the other.
 */
#include "lane.h"

#include <linux/container_of.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>

/* Serial numbers of connections have 31 bits. */
#define SERIAL_MASK 0x7fffffffU
#define SERIAL_HALF 0x40000000U
/* What they are unwrapped to begins here, so that some are below the first. */
#define SERIAL_BASE BIT_ULL(31)
/* A frame with less room is not filled further. */
#define ROOM_MIN 64

static struct utcp_lane *lane_of(struct utcp_recovery *rec)
{
	return container_of(rec, struct utcp_lane, rec);
}

/* --- what became of frames ----------------------------------------------------- */

/* The path MTU may have changed. */
static void follow_mtu(struct utcp_lane *lane)
{
	if (lane->rec.cong.frame != lane->pmtu.size)
		utcp_cong_frame(&lane->rec.cong, lane->pmtu.size);
}

/* And so may the window, or the round trip. */
static void follow_rate(struct utcp_lane *lane)
{
	if (lane->rec.sampled_at)
		lane->pace.rate =
			utcp_cong_rate(&lane->rec.cong, lane->rec.rtt.smoothed);
}

/* Bytes of many frames are taken at once. */
static void take_acked(struct utcp_lane *lane)
{
	if (lane->acked)
		lane->acked_what |=
			utcp_conn_acked_part(lane->acked, &lane->acked_part);
}

/* Of many frames of one connection that an ACK has named, it is told once. */
static void tell_acked(struct utcp_lane *lane)
{
	struct utcp_conn *conn = lane->acked;
	u32 what;

	if (!conn)
		return;
	take_acked(lane);
	what = lane->acked_what;
	lane->acked = NULL;
	lane->acked_what = 0;
	utcp_lane_kick(lane, conn);
	if (what)
		lane->ops->happened(lane, conn, what);
}

static void on_acked(struct utcp_recovery *rec, const struct utcp_sent *sent)
{
	struct utcp_lane *lane = lane_of(rec);
	u8 i;

	if (sent->flags & UTCP_SENT_PROBE)
		utcp_pmtu_probe_acked(&lane->pmtu, sent->len, lane->now);
	else
		utcp_pmtu_acked(&lane->pmtu, sent->len);
	follow_mtu(lane);
	for (i = 0; i < sent->n; i++) {
		const struct utcp_sent_item *item = &sent->items[i];

		if (item->type == UTCP_CHUNK_ACK) {
			lane->ops->ack_arrived(lane, item);
			continue;
		}
		if (!lane->acked || lane->acked->id != item->conn) {
			tell_acked(lane);
			lane->acked = lane->ops->find(lane, item->conn);
		}
		if (lane->acked)
			lane->acked_what |= utcp_conn_acked(lane->acked, item,
							    &lane->acked_part);
	}
}

/* To be sent again: lost, or as a probe. */
static void send_again(struct utcp_recovery *rec, const struct utcp_sent *sent)
{
	struct utcp_lane *lane = lane_of(rec);
	u8 i;

	/* Some of it may have arrived by another frame. */
	take_acked(lane);
	for (i = 0; i < sent->n; i++) {
		const struct utcp_sent_item *item = &sent->items[i];
		struct utcp_conn *conn;

		if (item->type == UTCP_CHUNK_RESET) {
			utcp_lane_queue_reset(lane, item->conn, item->offset,
					      true);
			continue;
		}
		if (item->type == UTCP_CHUNK_ACK)
			continue; /* a newer one is sent in time */
		conn = lane->ops->find(lane, item->conn);
		if (!conn)
			continue;
		utcp_conn_lost(conn, item);
		utcp_lane_kick(lane, conn);
	}
}

static void on_lost(struct utcp_recovery *rec, const struct utcp_sent *sent)
{
	struct utcp_lane *lane = lane_of(rec);

	if (sent->flags & UTCP_SENT_PROBE)
		utcp_pmtu_probe_lost(&lane->pmtu, sent->len, lane->now);
	else
		utcp_pmtu_lost(&lane->pmtu, sent->len);
	lane->lost += !(sent->flags & UTCP_SENT_PROBE);
	follow_mtu(lane);
	send_again(rec, sent);
}

static const struct utcp_recovery_ops recovery_ops = {
	.acked = on_acked,
	.lost = on_lost,
	.again = send_again,
};

/* --- life ---------------------------------------------------------------------- */

/**
 * utcp_lane_init() - a new session has a lane
 * @lane: it
 * @ops: its owner
 * @cong: algorithm of congestion control
 * @opener: bit 0 of the numbers of connections that this end opens
 * @ceiling: greatest size of a frame that the devices allow
 */
void utcp_lane_init(struct utcp_lane *lane, const struct utcp_lane_ops *ops,
		    const struct utcp_cong_ops *cong, bool opener, u16 ceiling)
{
	memset(lane, 0, sizeof(*lane));
	lane->ops = ops;
	lane->opener = opener;
	INIT_LIST_HEAD(&lane->turns);
	INIT_LIST_HEAD(&lane->blocked);
	INIT_LIST_HEAD(&lane->opens);
	lane->resets = lane->few_resets;
	lane->resets_room = ARRAY_SIZE(lane->few_resets);
	utcp_pmtu_init(&lane->pmtu, ceiling);
	utcp_recovery_init(&lane->rec, &recovery_ops, cong, lane->pmtu.size);
}

/**
 * utcp_lane_free() - a session is over
 * @lane: its lane; all connections were taken out of it
 */
void utcp_lane_free(struct utcp_lane *lane)
{
	utcp_recovery_free(&lane->rec);
	utcp_lane_free_resets(lane);
}

/**
 * utcp_lane_path() - the path is another one, or its devices' MTU is
 * @lane: the lane
 * @ceiling: greatest size of a frame that the devices allow
 */
void utcp_lane_path(struct utcp_lane *lane, u16 ceiling)
{
	utcp_pmtu_init(&lane->pmtu, ceiling);
	utcp_recovery_path(&lane->rec, lane->pmtu.size);
	lane->pace = (struct utcp_pace){};
}

/**
 * utcp_lane_limit() - how fast frames go on, somewhere on the path
 * @lane: the lane
 * @now: the time
 * @rate: bytes per second; 0: as fast as they come, as far as is known
 * @overhead: bytes that each frame counts there beyond its size
 *
 * No faster are frames sent. Holds until it is said anew, or the path is another one.
 */
void utcp_lane_limit(struct utcp_lane *lane, u64 now, u64 rate, u32 overhead)
{
	utcp_pace_limit(&lane->pace, now, rate, overhead, lane->pmtu.size);
}

/**
 * utcp_lane_number() - a number for a connection that this end opens
 * @lane: the lane
 *
 * Return: the number; it is not that of a live connection.
 */
u32 utcp_lane_number(struct utcp_lane *lane)
{
	u32 id;

	do {
		lane->serial = lane->serial == SERIAL_MASK ? 1 :
							     lane->serial + 1;
		id = lane->serial << 1 | lane->opener;
	} while (lane->ops->find(lane, id));
	return id;
}

/**
 * utcp_lane_open() - this end opens a connection
 * @lane: the lane
 * @conn: made by utcp_conn_connect(), with the last utcp_lane_number()
 */
void utcp_lane_open(struct utcp_lane *lane, struct utcp_conn *conn)
{
	list_add_tail(&conn->opening, &lane->opens);
	utcp_lane_kick(lane, conn);
}

/**
 * utcp_lane_kick() - a connection may have something to send
 * @lane: the lane
 * @conn: the connection
 */
void utcp_lane_kick(struct utcp_lane *lane, struct utcp_conn *conn)
{
	if (list_empty(&conn->turn) && utcp_conn_waits(conn))
		list_add_tail(&conn->turn, &lane->turns);
}

/**
 * utcp_lane_forget() - a connection is no more
 * @conn: the connection, which the owner's @find does not find from now on
 */
void utcp_lane_forget(struct utcp_conn *conn)
{
	list_del_init(&conn->turn);
	list_del_init(&conn->opening);
}

/**
 * utcp_lane_abort() - end a connection at once
 * @lane: the lane
 * @conn: the connection
 * @code: what the other end is told, enum utcp_reset_code
 */
void utcp_lane_abort(struct utcp_lane *lane, struct utcp_conn *conn, u32 code)
{
	if (conn->state == UTCP_CONN_DEAD)
		return;
	utcp_conn_die(conn, code, false);
	list_del_init(&conn->turn);
	utcp_lane_queue_reset(lane, conn->id, code, true);
}

/* --- what comes ---------------------------------------------------------------- */

/* The serial number as one that does not wrap: RFC 1982 for 31 bits, next to the
 * greatest that was seen.
 */
static u64 unwrap(const struct utcp_lane *lane, u32 serial)
{
	u64 greatest;
	u32 off;

	if (!lane->peers.next)
		return SERIAL_BASE + serial;
	greatest = lane->peers.next - 1;
	off = (serial - (u32)greatest) & SERIAL_MASK;
	return off < SERIAL_HALF ? greatest + off :
				   greatest - (SERIAL_MASK + 1 - off);
}

static bool is_own(const struct utcp_lane *lane, u32 id)
{
	return (id & 1) == lane->opener;
}

/* Was there a connection of this number? */
static bool was_there(const struct utcp_lane *lane, u32 id)
{
	u32 serial = id >> 1;

	if (is_own(lane, id))
		return ((lane->serial - serial) & SERIAL_MASK) < SERIAL_HALF;
	return utcp_replay_check(&lane->peers, unwrap(lane, serial));
}

/* A RESET has overtaken its OPEN, which opens nothing when it comes. One for an OPEN that
 * never left, because it was too far ahead of others, is passed over: by it they would be too
 * far behind.
 */
static void never_open(struct utcp_lane *lane, u32 id)
{
	u64 n = unwrap(lane, id >> 1);
	int seen;

	if (is_own(lane, id) ||
	    n >= max_t(u64, lane->peers.next, SERIAL_BASE) + UTCP_LANE_OPENS)
		return;
	seen = utcp_replay_mark(&lane->peers, n);
	(void)seen; /* mostly it was there, and has ended at both ends */
}

static int take_open(struct utcp_lane *lane, const struct utcp_chunk *chunk)
{
	struct utcp_conn *conn;
	int code;

	if (is_own(lane, chunk->conn))
		return -EPROTO;
	if (utcp_replay_mark(&lane->peers, unwrap(lane, chunk->conn >> 1)))
		return 0; /* it was seen */
	code = lane->ops->open(lane, chunk);
	if (code >= 0) {
		utcp_lane_queue_reset(lane, chunk->conn, code, false);
		return 0;
	}
	conn = lane->ops->find(lane, chunk->conn);
	if (conn)
		utcp_lane_kick(lane, conn);
	return 0;
}

/* Memory for a DATA, the how manieth of its frame. @till: see utcp_conn_needs(). */
static bool reserve_one(struct utcp_lane *lane, struct utcp_conn *conn,
			const struct utcp_chunk *chunk, u16 gaps, u64 *till)
{
	bool must;
	size_t more = utcp_conn_needs(conn, chunk, till, &must);

	if (more && !lane->ops->charge(lane, conn, more, must))
		return false;
	/* Nearly always its memory is there, and it leaves no gap. */
	if (!more && chunk->offset <= conn->recvq.next)
		return true;
	if (utcp_conn_reserve(conn, chunk, gaps))
		return true;
	if (more)
		lane->ops->recount(lane, conn);
	return false;
}

/* @late: for DATA nothing was reserved */
static int take_of_conn(struct utcp_lane *lane, const struct utcp_chunk *chunk,
			u16 gaps, bool late)
{
	struct utcp_conn *conn = lane->ops->find(lane, chunk->conn);
	u64 till = 0;
	u32 what = 0;
	int code;

	if (!conn) {
		if (chunk->type == UTCP_CHUNK_RESET)
			never_open(lane, chunk->conn);
		else if (!was_there(lane, chunk->conn))
			utcp_lane_queue_reset(lane, chunk->conn,
					      UTCP_RESET_NO_CONNECTION, false);
		return 0;
	}
	if (late && chunk->type == UTCP_CHUNK_DATA &&
	    !reserve_one(lane, conn, chunk, gaps, &till))
		return -ENOMEM;
	code = utcp_conn_input(conn, chunk, &what);
	if (code >= 0)
		utcp_lane_queue_reset(lane, conn->id, code, true);
	if (conn->state == UTCP_CONN_DEAD)
		list_del_init(&conn->turn);
	else
		utcp_lane_kick(lane, conn);
	if (what)
		lane->ops->happened(lane, conn, what);
	return 0;
}

/* Memory for all DATA of the frame, before anything of it is acted on. */
static bool reserve(struct utcp_lane *lane, const u8 *at, const u8 *end)
{
	struct utcp_chunk chunk __uninitialized;
	struct utcp_conn *last = NULL;
	u16 gaps = 0;
	u64 till = 0;

	for (;;) {
		struct utcp_conn *conn;

		if (utcp_chunk_skip(UTCP_CHUNK_ACK, &at, end))
			continue;
		if (!utcp_chunk_next(&chunk, &at, end))
			return true;
		if (chunk.type != UTCP_CHUNK_DATA)
			continue;
		gaps++;
		conn = lane->ops->find(lane, chunk.conn);
		if (conn != last)
			till = 0;
		last = conn;
		if (conn && !reserve_one(lane, conn, &chunk, gaps, &till))
			return false;
	}
}

/* Is there a single chunk, and no padding? Nothing is acted on before it, so what it needs can
 * be reserved when it is taken.
 */
static bool is_single(const u8 *plain, size_t len)
{
	return len >= UTCP_CHUNK_HEAD_LEN && *plain != UTCP_CHUNK_PAD &&
	       get_unaligned_be16(plain + 2) == len;
}

/**
 * utcp_lane_input() - a frame has come
 * @lane: the lane
 * @plain: its plaintext, well formed
 * @len: its bytes
 * @now: the time, not 0
 *
 * PING, PATH_CHALLENGE, PATH_RESPONSE and CLOSE are the session's and skipped.
 *
 * Return: 0; -ENOMEM: it is to be treated as if it had not come; -EPROTO: the
 * session is to be ended with UTCP_CLOSE_PROTOCOL.
 */
int utcp_lane_input(struct utcp_lane *lane, const u8 *plain, size_t len,
		    u64 now)
{
	const u8 *end = plain + len;
	/* Nor was anything reserved of a connection that the frame opens. */
	bool late = is_single(plain, len);
	struct utcp_chunk chunk __uninitialized;
	u16 gaps = 0;
	int ret = 0;

	lane->now = now;
	if (!late && !reserve(lane, plain, end))
		return -ENOMEM;
	while (!ret && utcp_chunk_next(&chunk, &plain, end)) {
		switch (chunk.type) {
		case UTCP_CHUNK_ACK:
			ret = utcp_recovery_ack(
				&lane->rec, lane->ops->space(lane, &chunk.ack),
				&chunk.ack, now);
			tell_acked(lane);
			follow_rate(lane);
			/* Nobody waits for one. */
			if (!lane->rec.in_flight)
				lane->since_ping = 0;
			break;
		case UTCP_CHUNK_OPEN:
			ret = take_open(lane, &chunk);
			late = true;
			break;
		case UTCP_CHUNK_DATA:
			gaps++;
			fallthrough;
		case UTCP_CHUNK_ACCEPT:
		case UTCP_CHUNK_WINDOW:
		case UTCP_CHUNK_RESET:
			ret = take_of_conn(lane, &chunk, gaps, late);
			break;
		case UTCP_CHUNK_DATAGRAM:
			lane->ops->datagram(lane, &chunk);
			break;
		}
	}
	return ret;
}

/* --- what goes ----------------------------------------------------------------- */

/* May its OPEN go? Not far ahead of one that has not arrived. */
static bool may_open(const struct utcp_lane *lane, const struct utcp_conn *conn)
{
	const struct utcp_conn *oldest;

	if (conn->open_acked || list_empty(&lane->opens))
		return true;
	oldest = list_first_entry(&lane->opens, struct utcp_conn, opening);
	return (((conn->id >> 1) - (oldest->id >> 1)) & SERIAL_MASK) <
	       UTCP_LANE_OPENS;
}

/* Those whose OPEN need not wait any more: the one that it waited for has arrived, or is
 * no more.
 */
static void unblock(struct utcp_lane *lane)
{
	while (!list_empty(&lane->blocked)) {
		struct utcp_conn *conn = list_first_entry(
			&lane->blocked, struct utcp_conn, turn);

		if (!may_open(lane, conn))
			break;
		list_move_tail(&conn->turn, &lane->turns);
	}
}

static bool look_what_waits(struct utcp_lane *lane)
{
	if (unlikely(!list_empty(&lane->blocked)))
		unblock(lane);
	/* Who has nothing any more leaves the list. */
	while (!list_empty(&lane->turns)) {
		struct utcp_conn *conn =
			list_first_entry(&lane->turns, struct utcp_conn, turn);

		if (utcp_conn_waits(conn))
			return true;
		list_del_init(&conn->turn);
	}
	return lane->n_resets || lane->datagrams;
}

/* Asked several times for each frame; nearly always the first has more, or there is none. */
static inline bool anything_waits(struct utcp_lane *lane)
{
	if (likely(list_empty(&lane->blocked))) {
		if (list_empty(&lane->turns))
			return lane->n_resets || lane->datagrams;
		if (utcp_conn_waits(list_first_entry(&lane->turns,
						     struct utcp_conn, turn)))
			return true;
	}
	return look_what_waits(lane);
}

/* One connection fills the frame, and others what it leaves. Each goes to the end of
 * the row, so that they take turns frame by frame. While frames time out each has one
 * of its own: the other end may have no memory for bytes of one connection, and drops
 * frames as a whole. Who may not open yet is not asked with each frame.
 */
static void fill_conns(struct utcp_lane *lane, struct utcp_writer *w,
		       struct utcp_sent *sent)
{
	struct utcp_conn *first = NULL, *conn;
	u8 before;

	while (!list_empty(&lane->turns) && sent->n < UTCP_SENT_ITEMS &&
	       utcp_writer_room(w) >= ROOM_MIN) {
		conn = list_first_entry(&lane->turns, struct utcp_conn, turn);
		if (conn == first)
			break;
		if (!first)
			first = conn;
		before = sent->n;
		if (unlikely(!may_open(lane, conn))) {
			if (conn == first)
				first = NULL;
			list_move_tail(&conn->turn, &lane->blocked);
			continue;
		}
		utcp_conn_fill(conn, w, sent, lane->rec.ptos);
		if (utcp_conn_waits(conn)) {
			/* The only one is the last one, too. */
			if (!list_is_singular(&lane->turns))
				list_move_tail(&conn->turn, &lane->turns);
		} else {
			if (conn == first)
				first = NULL;
			list_del_init(&conn->turn);
		}
		if (lane->rec.ptos && sent->n > before)
			break;
	}
}

/* Along with other things; returns how many items it is. */
static u8 put_ack(struct utcp_lane *lane, struct utcp_writer *w,
		  struct utcp_sent *sent)
{
	struct utcp_sent_item *item = &sent->items[sent->n];

	*item = (struct utcp_sent_item){ .type = UTCP_CHUNK_ACK };
	if (!lane->ops->put_ack(lane, w, item))
		return 0;
	sent->n++;
	return 1;
}

/* Connections and datagrams, which take turns at being the first. @ping: leave room
 * for a PING; but not of a datagram, for one that is as long as a frame would never go.
 * Return: there is a datagram.
 */
static bool fill_data(struct utcp_lane *lane, struct utcp_writer *w,
		      struct utcp_sent *sent, bool ping)
{
	bool first = lane->datagrams && lane->datagrams_next, put = false;

	if (first)
		put = lane->ops->put_datagrams(lane, w);
	if (utcp_writer_room(w) >= UTCP_CHUNK_HEAD_LEN) {
		w->end -= ping ? UTCP_CHUNK_HEAD_LEN : 0;
		fill_conns(lane, w, sent);
		w->end += ping ? UTCP_CHUNK_HEAD_LEN : 0;
	}
	if (!first && lane->datagrams)
		put = lane->ops->put_datagrams(lane, w);
	/* Beside an ACK there may have been no room. */
	lane->datagrams_next = !put && (first || lane->datagrams);
	return put;
}

/* As long as the path takes it, or as there is memory. */
static struct utcp_writer writer_of(const struct utcp_lane *lane,
				    const struct utcp_lane_frame *frame)
{
	u32 room =
		min_t(u32, lane->pmtu.size - UTCP_LANE_OVERHEAD, frame->room);

	return (struct utcp_writer){ frame->plain, frame->plain + room };
}

static void build(struct utcp_lane *lane, struct utcp_sent *sent,
		  struct utcp_lane_frame *frame)
{
	const struct utcp_cong *cong = &lane->rec.cong;
	u32 size = lane->pmtu.size;
	struct utcp_writer w = writer_of(lane, frame);
	bool ping = lane->since_ping >= cong->cwnd / 4;
	bool last = lane->rec.in_flight + 2 * size > cong->cwnd;
	bool datagrams, data;
	u8 ack;

	ack = put_ack(lane, &w, sent);
	if (unlikely(lane->n_resets))
		utcp_lane_fill_resets(lane, &w, sent);
	datagrams = fill_data(lane, &w, sent, ping);
	data = datagrams || sent->n > ack;
	/* The last frame before it has to wait, or the last one that it has; and a
	 * probe that has nothing else in it.
	 */
	if ((ping && data && (last || !anything_waits(lane))) ||
	    (lane->probes && !data)) {
		if (utcp_put_ping(&w)) {
			frame->asks = true;
			lane->since_ping = 0;
		}
	}
	frame->asks |= data;
	frame->len = w.at - frame->plain;
}

static void build_mtu_probe(struct utcp_sent *sent, u16 size,
			    struct utcp_lane_frame *frame)
{
	struct utcp_writer w = { frame->plain,
				 frame->plain + size - UTCP_LANE_OVERHEAD };

	sent->flags = UTCP_SENT_PROBE;
	frame->asks = utcp_put_ping(&w);
	utcp_put_pad(&w, utcp_writer_room(&w));
	frame->len = w.at - frame->plain;
}

/* May a probe of the path MTU go? Not while anything is lost, and only beside data, or
 * if somebody waits for it.
 */
static bool may_probe(struct utcp_lane *lane, u64 now)
{
	const struct utcp_recovery *rec = &lane->rec;
	u32 size = lane->pmtu.size;

	/* First what is hardly ever true. */
	return utcp_pmtu_probes(&lane->pmtu, now) &&
	       (anything_waits(lane) || lane->longer) &&
	       rec->in_flight + size <= rec->cong.cwnd &&
	       !utcp_pace_wait(&lane->pace, now, size) && !lane->probes &&
	       rec->loss_at == UTCP_NEVER && !rec->ptos && rec->sampled_at;
}

/**
 * utcp_lane_size() - how long can the next frame be?
 * @lane: the lane
 * @now: the time, not 0
 *
 * Return: bytes, of the whole frame: the ceiling if a probe of the path MTU is due and
 * may go, else @pmtu.size.
 */
u32 utcp_lane_size(struct utcp_lane *lane, u64 now)
{
	return may_probe(lane, now) ? lane->pmtu.ceiling : lane->pmtu.size;
}

/**
 * utcp_lane_output() - what is to be sent now?
 * @lane: the lane
 * @now: the time, not 0
 * @ack_due: an ACK is due
 * @frame: its @plain and @room are the caller's; the rest is filled in. If there is
 *	a frame, it is to be sent, and utcp_lane_sent() called (or
 *	utcp_lane_unsent()), before anything else is
 */
void utcp_lane_output(struct utcp_lane *lane, u64 now, bool ack_due,
		      struct utcp_lane_frame *frame)
{
	struct utcp_recovery *rec = &lane->rec;
	struct utcp_sent *sent = utcp_recovery_reserve(rec);
	struct utcp_sent_item item __uninitialized;
	u32 size = lane->pmtu.size;
	struct utcp_writer w;
	bool window, waits;
	u64 pace;
	u16 probe;

	lane->now = now;
	frame->len = 0;
	frame->asks = false;
	frame->until = UTCP_NEVER;
	window = rec->in_flight + size <= rec->cong.cwnd;
	pace = utcp_pace_wait(&lane->pace, now, size);
	waits = anything_waits(lane);
	/* The search is over. */
	if (lane->longer && !lane->pmtu.probing &&
	    !utcp_pmtu_probes(&lane->pmtu, now))
		lane->longer = false;
	if (sent && frame->room + UTCP_LANE_OVERHEAD >= lane->pmtu.ceiling &&
	    may_probe(lane, now)) {
		probe = utcp_pmtu_probe(&lane->pmtu, now);
		if (probe) {
			build_mtu_probe(sent, probe, frame);
			return;
		}
	}
	if (sent && ((waits && window && !pace) || lane->probes)) {
		build(lane, sent, frame);
		if (frame->len)
			return;
	}
	if (ack_due) {
		w = writer_of(lane, frame);
		if (lane->ops->put_ack(lane, &w, &item)) {
			frame->len = w.at - frame->plain;
			return;
		}
	}
	if ((waits || lane->longer) && window && pace)
		frame->until = now + pace;
	/* No memory to remember even one frame, and none under way whose timer would run. */
	if (!sent && !rec->waiting && utcp_lane_waits(lane))
		frame->until = now + UTCP_LANE_NOMEM;
}

/**
 * utcp_lane_sent() - the frame was sent
 * @lane: the lane
 * @frame: what utcp_lane_output() gave
 * @counter: its counter
 * @now: the time
 *
 * Also if it could not be sent: then it is found lost.
 */
void utcp_lane_sent(struct utcp_lane *lane, const struct utcp_lane_frame *frame,
		    u64 counter, u64 now)
{
	u32 size = frame->len + UTCP_LANE_OVERHEAD;

	utcp_recovery_sent(&lane->rec, counter, now, size, frame->asks);
	/* The window does not count ACKs, but what lets frames go does. They do not
	 * wait for it: those that went too early are not counted, or data would wait
	 * the longer for it, the more of them there are.
	 */
	if (frame->asks || (utcp_pace_is_limited(&lane->pace) &&
			    !utcp_pace_wait(&lane->pace, now, lane->pmtu.size)))
		utcp_pace_sent(&lane->pace, now, size);
	if (!frame->asks)
		return;
	lane->since_ping += size;
	if (lane->probes)
		lane->probes--;
}

/**
 * utcp_lane_unsent() - the frame was not sent, and has no counter
 * @lane: the lane
 * @frame: what utcp_lane_output() gave
 *
 * What was in it waits again.
 */
void utcp_lane_unsent(struct utcp_lane *lane,
		      const struct utcp_lane_frame *frame)
{
	struct utcp_sent *sent;

	if (!frame->asks)
		return;
	sent = utcp_recovery_reserved(&lane->rec);
	if (sent->flags & UTCP_SENT_PROBE)
		utcp_pmtu_unsent(&lane->pmtu);
	send_again(&lane->rec, sent);
}

/**
 * utcp_lane_waits() - is there anything to send, but an ACK?
 * @lane: the lane
 *
 * Return: true if there is, whether the window lets it go or not.
 */
bool utcp_lane_waits(struct utcp_lane *lane)
{
	return anything_waits(lane) || lane->probes || lane->longer;
}

/**
 * utcp_lane_want_longer() - a datagram is too long for the path as it is known
 * @lane: the lane
 * @now: the time, not 0
 *
 * The path MTU is searched until it is known, though there may be no data to send
 * beside the probes. utcp_lane_output() is to be asked afterwards.
 */
void utcp_lane_want_longer(struct utcp_lane *lane, u64 now)
{
	const struct utcp_recovery *rec = &lane->rec;

	lane->longer = lane->pmtu.probing || utcp_pmtu_probes(&lane->pmtu, now);
	/* Without a round trip there are no probes: a PING gives one. */
	if (lane->longer && !rec->sampled_at && !rec->in_flight)
		lane->probes = 1;
}

/**
 * utcp_lane_timer() - when utcp_lane_timeout() is to be called
 * @lane: the lane
 *
 * Return: when; UTCP_NEVER: not.
 */
u64 utcp_lane_timer(const struct utcp_lane *lane)
{
	return utcp_recovery_timer(&lane->rec);
}

/**
 * utcp_lane_timeout() - the time of utcp_lane_timer() has come
 * @lane: the lane
 * @now: the time, not 0
 *
 * utcp_lane_output() is to be asked afterwards.
 *
 * Return: true: the peer may have restarted, the session looks ("Restart").
 */
bool utcp_lane_timeout(struct utcp_lane *lane, u64 now)
{
	struct utcp_recovery *rec = &lane->rec;
	enum utcp_recovery_event event;

	lane->now = now;
	event = utcp_recovery_timeout(rec, now);
	follow_rate(lane);
	if (event != UTCP_RECOVERY_PROBE)
		return false;
	/* RFC 9002 section 6.2.4: two, if there is anything for the second. */
	lane->probes = anything_waits(lane) ? 2 : 1;
	utcp_pmtu_pto(&lane->pmtu, rec->ptos);
	follow_mtu(lane);
	if (rec->ptos < 2)
		return false;
	rec->restarting = true;
	return true;
}
