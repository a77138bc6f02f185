// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections: the table of states of "Connections" in
 * Documentation/networking/utcp.rst.
 */
#include "conn.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

/**
 * utcp_reset_errno() - what a program gets for a RESET
 * @code: its code
 *
 * Return: an error number, greater than 0. UTCP_RESET_QUEUE_FULL is no error: the
 * opener tries again; for another end it is as UTCP_RESET_ABORTED.
 */
int utcp_reset_errno(u32 code)
{
	static const int errors[] = {
		[UTCP_RESET_ABORTED] = ECONNRESET,
		[UTCP_RESET_NO_LISTENER] = ECONNREFUSED,
		[UTCP_RESET_QUEUE_FULL] = ECONNRESET,
		[UTCP_RESET_NOT_ALLOWED] = EACCES,
		[UTCP_RESET_KIND] = EPROTOTYPE,
		[UTCP_RESET_WINDOW] = EPROTO,
		[UTCP_RESET_CONTRADICTION] = EPROTO,
		[UTCP_RESET_TOO_LONG] = EMSGSIZE,
		[UTCP_RESET_IN_USE] = EADDRINUSE,
		[UTCP_RESET_UNREAD] = ECONNRESET,
		[UTCP_RESET_TIMEOUT] = ECONNRESET,
		[UTCP_RESET_NO_CONNECTION] = ECONNRESET,
		[UTCP_RESET_RESOURCES] = ENOBUFS,
	};

	return code < ARRAY_SIZE(errors) ? errors[code] : ECONNRESET;
}

static void init(struct utcp_conn *conn, const struct utcp_conn_params *params,
		 u64 limit)
{
	memset(conn, 0, sizeof(*conn));
	INIT_LIST_HEAD(&conn->turn);
	INIT_LIST_HEAD(&conn->opening);
	conn->id = params->id;
	conn->port = params->port;
	conn->to_port = params->to_port;
	conn->kind = params->kind;
	utcp_sendq_init(&conn->sendq, params->kind == UTCP_KIND_SEQPACKET,
			limit);
	utcp_recvq_init(&conn->recvq, params->longest);
	utcp_flow_init(&conn->flow, params->buffer, params->most,
		       params->longest, params->now);
}

/**
 * utcp_conn_connect() - a program connects
 * @conn: the connection
 * @params: what it is made of
 *
 * Before the ACCEPT, UTCP_FIRST_WINDOW bytes may be sent.
 */
void utcp_conn_connect(struct utcp_conn *conn,
		       const struct utcp_conn_params *params)
{
	init(conn, params, UTCP_FIRST_WINDOW);
	conn->state = UTCP_CONN_OPENING;
	conn->opener = true;
	conn->send = UTCP_CONN_SEND_OPEN;
}

/**
 * utcp_conn_accept() - an OPEN has come, and a listener has room
 * @conn: the connection
 * @params: what it is made of; its number and kind are those of the OPEN
 * @open: the OPEN
 *
 * It waits for a program now. Until utcp_conn_taken(), no more than UTCP_FLOW_FIRST
 * bytes may come, also of messages that may be longer.
 */
void utcp_conn_accept(struct utcp_conn *conn,
		      const struct utcp_conn_params *params,
		      const struct utcp_chunk *open)
{
	init(conn, params, open->open.window);
	conn->flow.limit = min_t(u64, conn->flow.limit, UTCP_FLOW_FIRST);
	conn->state = UTCP_CONN_OPEN;
	conn->open_acked = true;
	conn->accepted = true;
	conn->longest = open->open.longest;
	conn->send = UTCP_CONN_SEND_ACCEPT;
}

/**
 * utcp_conn_taken() - a program has it
 * @conn: the connection, which was made by utcp_conn_accept()
 *
 * Return: true: there is a WINDOW to be sent.
 */
bool utcp_conn_taken(struct utcp_conn *conn)
{
	const struct utcp_flow *flow = &conn->flow;

	if (conn->state == UTCP_CONN_DEAD ||
	    conn->recvq.fin != UTCP_OFFSET_END ||
	    flow->read + flow->buffer <= flow->limit)
		return false;
	conn->send |= UTCP_CONN_SEND_WINDOW;
	return true;
}

/**
 * utcp_conn_free() - free what a connection has
 * @conn: the connection; in no lane's list
 */
void utcp_conn_free(struct utcp_conn *conn)
{
	utcp_sendq_free(&conn->sendq);
	utcp_recvq_free(&conn->recvq);
}

/**
 * utcp_conn_die() - a connection ends at once
 * @conn: the connection
 * @code: of the RESET
 * @by_peer: it came from the other end
 *
 * What has come can still be read; what has not been sent is gone.
 */
void utcp_conn_die(struct utcp_conn *conn, u32 code, bool by_peer)
{
	if (conn->state == UTCP_CONN_DEAD)
		return;
	conn->state = UTCP_CONN_DEAD;
	conn->code = code;
	conn->reset_by_peer = by_peer;
	conn->send = 0;
	list_del_init(&conn->opening);
	utcp_sendq_free(&conn->sendq);
	utcp_sendq_init(&conn->sendq, conn->kind == UTCP_KIND_SEQPACKET, 0);
}

/* --- what comes ---------------------------------------------------------------- */

/* It is not taken at all. */
static bool is_refused(const struct utcp_conn *conn, u64 end)
{
	return conn->state == UTCP_CONN_DEAD || conn->closed ||
	       end > conn->flow.limit;
}

/**
 * utcp_conn_needs() - how much memory would a DATA take?
 * @conn: the connection
 * @chunk: a DATA for it
 * @till: where what its frame has brought for this connection so far ends, as far as
 *	nothing is missing before it; 0: nothing yet. Moved on
 * @must: set to true: the program has nothing to read, and these are the next bytes:
 *	without them it may never go on. As TCP's tcp_data_queue() does, they are to be
 *	taken even if all buffers together have taken too much. Of messages, that is
 *	until one is complete: at most the longest, of each connection
 *
 * Return: bytes of memory; 0: utcp_conn_reserve() would take none.
 */
size_t utcp_conn_needs(const struct utcp_conn *conn,
		       const struct utcp_chunk *chunk, u64 *till, bool *must)
{
	const struct utcp_recvq *q = &conn->recvq;
	u64 end = chunk->offset + chunk->data_len;
	bool next = chunk->offset <= max(q->next, *till);

	if (next)
		*till = max(*till, end);
	*must = next && (q->longest ? !q->messages : q->next == q->read);
	if (is_refused(conn, end))
		return 0;
	return utcp_recvq_needs(q, chunk->offset, chunk->data_len);
}

/**
 * utcp_conn_reserve() - see to it that a DATA can be taken
 * @conn: the connection
 * @chunk: a DATA for it
 * @gaps: the how manieth DATA of its frame, from 1
 *
 * Return: true; false: there is no memory, its frame is to be treated as if it had
 * not come.
 */
bool utcp_conn_reserve(struct utcp_conn *conn, const struct utcp_chunk *chunk,
		       u16 gaps)
{
	if (is_refused(conn, chunk->offset + chunk->data_len))
		return true;
	return utcp_recvq_reserve(&conn->recvq, chunk->offset, chunk->data_len,
				  gaps);
}

static int take_data(struct utcp_conn *conn, const struct utcp_chunk *chunk,
		     u32 *happened)
{
	struct utcp_recvq *q = &conn->recvq;
	u64 end = chunk->offset + chunk->data_len, before = q->next;
	bool ended = q->next == q->fin;
	int ret;

	/* An acceptor sends nothing before its ACCEPT, but that may be late. */
	if (utcp_flow_came(&conn->flow, end))
		return UTCP_RESET_WINDOW;
	if (conn->closed && end > q->next)
		return UTCP_RESET_UNREAD;
	if (conn->closed && !(chunk->flags & UTCP_DATA_FIN))
		return -1;
	ret = utcp_recvq_take(q, chunk->offset, chunk->data, chunk->data_len,
			      chunk->flags);
	if (ret)
		return ret == -EMSGSIZE ? UTCP_RESET_TOO_LONG :
					  UTCP_RESET_CONTRADICTION;
	if (q->next != before)
		*happened |= UTCP_CONN_READABLE;
	if (!ended && q->next == q->fin)
		*happened |= UTCP_CONN_READABLE | UTCP_CONN_ENDED;
	return -1;
}

/* The other end is known to know the connection. */
static void open_arrived(struct utcp_conn *conn)
{
	conn->open_acked = true;
	conn->send &= ~UTCP_CONN_SEND_OPEN;
	list_del_init(&conn->opening);
}

static int take_accept(struct utcp_conn *conn, const struct utcp_chunk *chunk,
		       u32 *happened)
{
	bool stream = conn->kind == UTCP_KIND_STREAM;

	if (!conn->opener || !chunk->accept.longest != stream)
		return UTCP_RESET_CONTRADICTION;
	if (conn->accepted)
		return -1;
	conn->accepted = true;
	open_arrived(conn);
	conn->state = UTCP_CONN_OPEN;
	conn->longest = chunk->accept.longest;
	conn->sendq.limit = max(conn->sendq.limit, chunk->accept.window);
	*happened |= UTCP_CONN_CONNECTED | UTCP_CONN_WRITABLE;
	return -1;
}

/**
 * utcp_conn_input() - a chunk has come for a connection
 * @conn: the connection
 * @chunk: ACCEPT, DATA (for which utcp_conn_reserve() had room), WINDOW or RESET
 * @happened: UTCP_CONN_… are added
 *
 * Return: -1: it was taken or ignored; else the code of the RESET to send
 * (utcp_conn_die() was called with it).
 */
int utcp_conn_input(struct utcp_conn *conn, const struct utcp_chunk *chunk,
		    u32 *happened)
{
	int code = -1;

	if (conn->state == UTCP_CONN_DEAD)
		return -1;
	switch (chunk->type) {
	case UTCP_CHUNK_ACCEPT:
		code = take_accept(conn, chunk, happened);
		break;
	case UTCP_CHUNK_DATA:
		code = take_data(conn, chunk, happened);
		break;
	case UTCP_CHUNK_WINDOW:
		if (chunk->limit > conn->sendq.limit)
			conn->sendq.limit = chunk->limit;
		break;
	case UTCP_CHUNK_RESET:
		utcp_conn_die(conn, chunk->code, true);
		*happened |= UTCP_CONN_DIED;
		return -1;
	}
	if (code >= 0) {
		utcp_conn_die(conn, code, false);
		*happened |= UTCP_CONN_DIED;
	}
	return code;
}

/* --- what goes ----------------------------------------------------------------- */

static void note(struct utcp_sent *sent, const struct utcp_conn *conn, u8 type,
		 u64 offset, u16 len, u8 flags)
{
	sent->items[sent->n++] = (struct utcp_sent_item){
		.offset = offset,
		.conn = conn->id,
		.len = len,
		.type = type,
		.flags = flags,
	};
}

static bool put_open(struct utcp_conn *conn, struct utcp_writer *w)
{
	const struct utcp_chunk open = {
		.conn = conn->id,
		.open = {
			.window = conn->flow.limit,
			.port = conn->port,
			.to_port = conn->to_port,
			.longest = conn->recvq.longest,
			.kind = conn->kind,
		},
	};

	return utcp_put_open(w, &open);
}

/* What is not data. False: there was no room, and nothing else may go in. */
static bool fill_control(struct utcp_conn *conn, struct utcp_writer *w,
			 struct utcp_sent *sent)
{
	if (conn->send & UTCP_CONN_SEND_ACCEPT) {
		if (sent->n == UTCP_SENT_ITEMS ||
		    !utcp_put_accept(w, conn->id, conn->flow.limit,
				     conn->recvq.longest))
			return false;
		note(sent, conn, UTCP_CHUNK_ACCEPT, 0, 0, 0);
		conn->send &= ~UTCP_CONN_SEND_ACCEPT;
	}
	if (conn->send & UTCP_CONN_SEND_WINDOW) {
		u64 limit = utcp_flow_grant(&conn->flow);

		if (sent->n == UTCP_SENT_ITEMS ||
		    !utcp_put_window(w, conn->id, limit))
			return false;
		note(sent, conn, UTCP_CHUNK_WINDOW, limit, 0, 0);
		conn->send &= ~UTCP_CONN_SEND_WINDOW;
	}
	return true;
}

/**
 * utcp_conn_fill() - fill a frame
 * @conn: the connection
 * @w: the room
 * @sent: what is in the frame; items are added, as many as there is room for
 * @one: of bytes no more than one row: what the other end has no room for has all of the frame
 *	dropped there, and what it waits for may be in it
 *
 * Until an OPEN is acknowledged, each frame with anything of its connection has it.
 */
void utcp_conn_fill(struct utcp_conn *conn, struct utcp_writer *w,
		    struct utcp_sent *sent, bool one)
{
	struct utcp_sendq_part part __uninitialized;

	if (!utcp_conn_waits(conn))
		return;
	if (!conn->open_acked) {
		if (sent->n == UTCP_SENT_ITEMS || !put_open(conn, w))
			return;
		note(sent, conn, UTCP_CHUNK_OPEN, 0, 0, 0);
		conn->send &= ~UTCP_CONN_SEND_OPEN;
	}
	if (!fill_control(conn, w, sent))
		return;
	while (sent->n < UTCP_SENT_ITEMS) {
		size_t room = utcp_writer_room(w);
		u8 *data;

		if (room < UTCP_DATA_LEN)
			return;
		room = min_t(size_t, room, UTCP_CHUNK_MAX) - UTCP_DATA_LEN;
		if (!utcp_sendq_next(&conn->sendq, room, &part))
			return;
		data = utcp_put_data(w, conn->id, part.offset, part.flags,
				     part.len);
		if (!data)
			return;
		utcp_sendq_take(&conn->sendq, &part, data);
		note(sent, conn, UTCP_CHUNK_DATA, part.offset, part.len,
		     part.flags);
		if (one)
			return;
	}
}

static struct utcp_sendq_part part_of(const struct utcp_sent_item *item)
{
	return (struct utcp_sendq_part){
		.offset = item->offset,
		.len = item->len,
		.flags = item->flags,
	};
}

/**
 * utcp_conn_acked() - a chunk of it has arrived
 * @conn: the connection
 * @item: the chunk
 * @part: DATA that has arrived before, of this connection, and that it was not told of; empty
 *	with 0 bytes and no flags. A chunk next to it becomes a part of it; else the connection
 *	is told of it, and it is the chunk's. utcp_conn_acked_part() is to be called in the end
 *
 * Return: UTCP_CONN_… that happened.
 */
u32 utcp_conn_acked(struct utcp_conn *conn, const struct utcp_sent_item *item,
		    struct utcp_sendq_part *part)
{
	u32 what = 0;

	switch (item->type) {
	case UTCP_CHUNK_OPEN:
		if (conn->state != UTCP_CONN_DEAD)
			open_arrived(conn);
		break;
	case UTCP_CHUNK_DATA:
		/* An ACK is walked through from its end. */
		if (item->offset + item->len == part->offset && part->len) {
			part->offset = item->offset;
			part->len += item->len;
			break;
		}
		what = utcp_conn_acked_part(conn, part);
		*part = part_of(item);
		break;
	}
	return what;
}

/**
 * utcp_conn_acked_part() - DATA of it has arrived
 * @conn: the connection
 * @part: which; becomes empty
 *
 * Return: UTCP_CONN_… that happened.
 */
u32 utcp_conn_acked_part(struct utcp_conn *conn, struct utcp_sendq_part *part)
{
	if (!part->len && !part->flags)
		return 0;
	if (conn->state != UTCP_CONN_DEAD)
		utcp_sendq_acked(&conn->sendq, part);
	*part = (struct utcp_sendq_part){};
	return conn->state == UTCP_CONN_DEAD ? 0 : UTCP_CONN_WRITABLE;
}

/**
 * utcp_conn_lost() - a chunk of it is to be sent again
 * @conn: the connection
 * @item: the chunk
 */
void utcp_conn_lost(struct utcp_conn *conn, const struct utcp_sent_item *item)
{
	const struct utcp_sendq_part part = part_of(item);

	if (conn->state == UTCP_CONN_DEAD)
		return;
	switch (item->type) {
	case UTCP_CHUNK_OPEN:
		if (!conn->open_acked)
			conn->send |= UTCP_CONN_SEND_OPEN;
		break;
	case UTCP_CHUNK_ACCEPT:
		conn->send |= UTCP_CONN_SEND_ACCEPT;
		break;
	case UTCP_CHUNK_WINDOW:
		/* The newest limit; none, if a newer one is on its way. */
		if (item->offset == conn->flow.limit)
			conn->send |= UTCP_CONN_SEND_WINDOW;
		break;
	case UTCP_CHUNK_DATA:
		utcp_sendq_lost(&conn->sendq, &part);
		break;
	}
}

/* --- the program --------------------------------------------------------------- */

/**
 * utcp_conn_read() - the program reads
 * @conn: the connection
 * @to: where the bytes go
 * @room: how many may be
 * @rtt: smoothed round trip, in nanoseconds
 * @now: the time
 *
 * Return: how many there were. A WINDOW may be to be sent then.
 */
u32 utcp_conn_read(struct utcp_conn *conn, u8 *to, u32 room, u64 rtt, u64 now)
{
	u32 len = utcp_recvq_read(&conn->recvq, to, room, false);

	if (len && utcp_flow_read(&conn->flow, len, rtt, now) &&
	    conn->state != UTCP_CONN_DEAD && conn->recvq.fin == UTCP_OFFSET_END)
		conn->send |= UTCP_CONN_SEND_WINDOW;
	return len;
}

/**
 * utcp_conn_done() - is there nothing left to do?
 * @conn: the connection
 *
 * Return: true: both FINs have been acknowledged or have come, or it is dead. What has come and
 * was not read yet is there, whatever becomes of the other end.
 */
bool utcp_conn_done(const struct utcp_conn *conn)
{
	return conn->state == UTCP_CONN_DEAD ||
	       (utcp_sendq_done(&conn->sendq) &&
		conn->recvq.next == conn->recvq.fin);
}
