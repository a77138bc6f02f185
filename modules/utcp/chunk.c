// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading and writing chunks. What is well formed of a type is one function, and
 * one row of a table: length, flags, and whether the type asks for an ACK.
 */
#include "chunk.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>

/* Greatest counters of frames are below this one. */
#define COUNTER_END BIT_ULL(60)

static bool all_zero(const u8 *p, size_t len)
{
	while (len--)
		if (*p++)
			return false;
	return true;
}

/* --- what is well formed ------------------------------------------------------
 *
 * Each gets a chunk whose length and flags fit its row.
 */

static bool conn_good(const u8 *c)
{
	return get_unaligned_be32(c + 4) >= UTCP_CONN_MIN;
}

static bool ack_good(const u8 *c, size_t len)
{
	u64 low = get_unaligned_be64(c + 8);
	u32 first = get_unaligned_be32(c + 20);
	size_t at;

	if (len % UTCP_ACK_PAIR_LEN)
		return false;
	if (low >= COUNTER_END || first > low)
		return false;
	low -= first;
	for (at = UTCP_ACK_LEN; at < len; at += UTCP_ACK_PAIR_LEN) {
		u32 gap = get_unaligned_be32(c + at);
		u32 run = get_unaligned_be32(c + at + 4);

		if (!gap || !run || (u64)gap + run > low)
			return false;
		low -= (u64)gap + run;
	}
	return true;
}

static bool open_good(const u8 *c, size_t len)
{
	u32 longest = get_unaligned_be32(c + 24);
	u8 kind = c[12];

	if (!conn_good(c) || !all_zero(c + 13, 3))
		return false;
	if (!get_unaligned_be16(c + 8) || !get_unaligned_be16(c + 10))
		return false;
	return kind == UTCP_KIND_STREAM ?
		       !longest :
		       kind == UTCP_KIND_SEQPACKET && longest;
}

static bool accept_good(const u8 *c, size_t len)
{
	return conn_good(c) && get_unaligned_be64(c + 8) >= UTCP_FIRST_WINDOW;
}

static bool data_good(const u8 *c, size_t len)
{
	u64 offset = get_unaligned_be64(c + 8);
	size_t bytes = len - UTCP_DATA_LEN;

	if (!conn_good(c) || offset > UTCP_OFFSET_END - bytes)
		return false;
	/* No bytes: only a FIN, and no message ends there. */
	return bytes || c[1] == UTCP_DATA_FIN;
}

static bool of_conn_good(const u8 *c, size_t len)
{
	return conn_good(c);
}

static bool datagram_good(const u8 *c, size_t len)
{
	return get_unaligned_be16(c + 4) && get_unaligned_be16(c + 6);
}

/**
 * struct chunk_row - what a type of chunk may be
 * @min: least length, with the head; 0: there is no such type
 * @max: greatest length
 * @flags: flags that may be set
 * @asks: it asks for an ACK
 * @own: the session has something to do with it
 * @good: whether the fields are as they must be; NULL: whatever they are
 */
struct chunk_row {
	u16 min;
	u16 max;
	u8 flags;
	bool asks;
	bool own;
	bool (*good)(const u8 *c, size_t len);
};

static const struct chunk_row rows[] = {
	[UTCP_CHUNK_ACK] = {
		.min = UTCP_ACK_LEN,
		.max = UTCP_ACK_LEN + UTCP_ACK_PAIRS * UTCP_ACK_PAIR_LEN,
		.own = true,
		.good = ack_good,
	},
	[UTCP_CHUNK_PING] = {
		.min = UTCP_CHUNK_HEAD_LEN,
		.max = UTCP_CHUNK_HEAD_LEN,
		.asks = true,
	},
	[UTCP_CHUNK_PATH_CHALLENGE] = {
		.min = UTCP_PATH_LEN,
		.max = UTCP_PATH_LEN,
		.asks = true,
		.own = true,
	},
	[UTCP_CHUNK_PATH_RESPONSE] = {
		.min = UTCP_PATH_LEN,
		.max = UTCP_PATH_LEN,
		.asks = true,
		.own = true,
	},
	[UTCP_CHUNK_CLOSE] = {
		.min = UTCP_CLOSE_LEN,
		.max = UTCP_CLOSE_LEN,
		.own = true,
	},
	[UTCP_CHUNK_OPEN] = {
		.min = UTCP_OPEN_LEN,
		.max = UTCP_OPEN_LEN,
		.asks = true,
		.good = open_good,
	},
	[UTCP_CHUNK_ACCEPT] = {
		.min = UTCP_ACCEPT_LEN,
		.max = UTCP_ACCEPT_LEN,
		.asks = true,
		.good = accept_good,
	},
	[UTCP_CHUNK_DATA] = {
		.min = UTCP_DATA_LEN,
		.max = UTCP_CHUNK_MAX,
		.flags = UTCP_DATA_FIN | UTCP_DATA_EOR,
		.asks = true,
		.good = data_good,
	},
	[UTCP_CHUNK_WINDOW] = {
		.min = UTCP_WINDOW_LEN,
		.max = UTCP_WINDOW_LEN,
		.asks = true,
		.good = of_conn_good,
	},
	[UTCP_CHUNK_RESET] = {
		.min = UTCP_RESET_LEN,
		.max = UTCP_RESET_LEN,
		.asks = true,
		.good = of_conn_good,
	},
	[UTCP_CHUNK_DATAGRAM] = {
		.min = UTCP_DATAGRAM_LEN,
		.max = UTCP_CHUNK_MAX,
		.asks = true,
		.good = datagram_good,
	},
};

/* From UTCP_CHUNK_EXTENSION on; acknowledged and else skipped. */
static const struct chunk_row extension = {
	.min = UTCP_CHUNK_HEAD_LEN,
	.max = UTCP_CHUNK_MAX,
	.flags = 0xff,
	.asks = true,
};

static const struct chunk_row *row_of(u8 type)
{
	if (type >= UTCP_CHUNK_EXTENSION)
		return &extension;
	return type < ARRAY_SIZE(rows) && rows[type].min ? &rows[type] : NULL;
}

/* The length of the well-formed chunk at @c, behind which @left bytes are; 0: it is
 * malformed.
 */
static size_t check_one(const struct chunk_row *row, const u8 *c, size_t left)
{
	size_t len;

	if (left < UTCP_CHUNK_HEAD_LEN)
		return 0;
	len = get_unaligned_be16(c + 2);
	if (!row || len > left || len < row->min || len > row->max)
		return 0;
	if (c[1] & ~row->flags || (row->good && !row->good(c, len)))
		return 0;
	return len;
}

/**
 * utcp_chunks_check() - are all chunks well formed?
 * @chunks: what there is
 * @plain: plaintext of a frame whose tag is right
 * @len: its bytes, 0 to UTCP_PLAIN_MAX
 *
 * Return: 0: they are; -EBADMSG: one is not. Then the frame does nothing, is not
 * acknowledged, and the session is to be ended with UTCP_CLOSE_PROTOCOL.
 */
int utcp_chunks_check(struct utcp_chunks *chunks, const u8 *plain, size_t len)
{
	const u8 *end = plain + len;
	bool challenge = false;

	memset(chunks, 0, sizeof(*chunks));
	while (plain < end && *plain != UTCP_CHUNK_PAD) {
		const struct chunk_row *row = row_of(*plain);
		size_t one = check_one(row, plain, end - plain);

		/* a challenge has no company, in front or behind */
		if (!one || challenge)
			return -EBADMSG;
		challenge = *plain == UTCP_CHUNK_PATH_CHALLENGE;
		if (challenge && chunks->n)
			return -EBADMSG;
		chunks->n++;
		chunks->asks |= row->asks;
		chunks->asks_now |= *plain == UTCP_CHUNK_PING;
		chunks->own |= row->own;
		chunks->moves |= !challenge &&
				 *plain != UTCP_CHUNK_PATH_RESPONSE;
		plain += one;
	}
	return 0;
}

/**
 * utcp_chunk_skip() - go past a chunk of a type
 * @type: the type, not UTCP_CHUNK_PAD
 * @at: as for utcp_chunk_next()
 * @end: as for utcp_chunk_next()
 *
 * Return: true if there was one at @at; false: there is another, or none.
 */
bool utcp_chunk_skip(u8 type, const u8 **at, const u8 *end)
{
	if (*at >= end || **at != type)
		return false;
	*at += get_unaligned_be16(*at + 2);
	return true;
}

/**
 * utcp_chunk_next() - take one chunk apart
 * @chunk: it
 * @at: its first byte; moves behind it
 * @end: behind the last byte of the plaintext, which utcp_chunks_check() has found
 *	well formed
 *
 * Return: true; false: there are no more, but padding.
 */
bool utcp_chunk_next(struct utcp_chunk *chunk, const u8 **at, const u8 *end)
{
	const u8 *c = *at;
	size_t len;
	size_t head;

	if (c >= end || *c == UTCP_CHUNK_PAD)
		return false;
	len = get_unaligned_be16(c + 2);
	*at += len;
	*chunk = (struct utcp_chunk){ .type = c[0], .flags = c[1] };
	head = UTCP_CHUNK_HEAD_LEN;
	switch (chunk->type) {
	case UTCP_CHUNK_ACK:
		chunk->ack.index = get_unaligned_be32(c + 4);
		chunk->ack.greatest = get_unaligned_be64(c + 8);
		chunk->ack.delay = get_unaligned_be32(c + 16);
		chunk->ack.first = get_unaligned_be32(c + 20);
		chunk->ack.n = (len - UTCP_ACK_LEN) / UTCP_ACK_PAIR_LEN;
		chunk->ack.pairs = chunk->ack.n ? c + UTCP_ACK_LEN : NULL;
		head = len;
		break;
	case UTCP_CHUNK_CLOSE:
		chunk->code = get_unaligned_be32(c + 4);
		head = len;
		break;
	case UTCP_CHUNK_OPEN:
		chunk->conn = get_unaligned_be32(c + 4);
		chunk->open.port = get_unaligned_be16(c + 8);
		chunk->open.to_port = get_unaligned_be16(c + 10);
		chunk->open.kind = c[12];
		chunk->open.window = get_unaligned_be64(c + 16);
		chunk->open.longest = get_unaligned_be32(c + 24);
		head = len;
		break;
	case UTCP_CHUNK_ACCEPT:
		chunk->conn = get_unaligned_be32(c + 4);
		chunk->accept.window = get_unaligned_be64(c + 8);
		chunk->accept.longest = get_unaligned_be32(c + 16);
		head = len;
		break;
	case UTCP_CHUNK_DATA:
		chunk->conn = get_unaligned_be32(c + 4);
		chunk->offset = get_unaligned_be64(c + 8);
		head = UTCP_DATA_LEN;
		break;
	case UTCP_CHUNK_WINDOW:
		chunk->conn = get_unaligned_be32(c + 4);
		chunk->limit = get_unaligned_be64(c + 8);
		head = len;
		break;
	case UTCP_CHUNK_RESET:
		chunk->conn = get_unaligned_be32(c + 4);
		chunk->code = get_unaligned_be32(c + 8);
		head = len;
		break;
	case UTCP_CHUNK_DATAGRAM:
		chunk->datagram.port = get_unaligned_be16(c + 4);
		chunk->datagram.to_port = get_unaligned_be16(c + 6);
		head = UTCP_DATAGRAM_LEN;
		break;
	}
	chunk->data = c + head;
	chunk->data_len = len - head;
	return true;
}

/**
 * utcp_ack_pair() - one pair of an ACK
 * @ack: the ACK, from utcp_chunk_next()
 * @n: which one, from 0 to @ack->n - 1
 *
 * Return: the pair.
 */
struct utcp_ack_pair utcp_ack_pair(const struct utcp_ack *ack, unsigned int n)
{
	const u8 *p = ack->pairs + n * UTCP_ACK_PAIR_LEN;

	return (struct utcp_ack_pair){
		.gap = get_unaligned_be32(p),
		.run = get_unaligned_be32(p + 4),
	};
}

/* --- writing ------------------------------------------------------------------ */

/* Takes @len bytes for a chunk and writes its head; NULL: there is no room. */
static u8 *put_head(struct utcp_writer *w, u8 type, u8 flags, size_t len)
{
	u8 *c = w->at;

	if (len > UTCP_CHUNK_MAX || len > utcp_writer_room(w))
		return NULL;
	c[0] = type;
	c[1] = flags;
	put_unaligned_be16(len, c + 2);
	w->at += len;
	return c;
}

/* The same with the number of a connection. */
static u8 *put_of_conn(struct utcp_writer *w, u8 type, u8 flags, size_t len,
		       u32 conn)
{
	u8 *c = put_head(w, type, flags, len);

	if (c)
		put_unaligned_be32(conn, c + 4);
	return c;
}

/**
 * utcp_put_ack() - write an ACK
 * @w: where
 * @ack: what; its pairs are not looked at
 * @pairs: @ack->n pairs
 *
 * As many pairs as there is room for: who hears less, hears it later.
 *
 * Return: true; false: there is no room for one without pairs.
 */
bool utcp_put_ack(struct utcp_writer *w, const struct utcp_ack *ack,
		  const struct utcp_ack_pair *pairs)
{
	size_t n = ack->n, i;
	u8 *c;

	if (utcp_writer_room(w) < UTCP_ACK_LEN)
		return false;
	if (n > (utcp_writer_room(w) - UTCP_ACK_LEN) / UTCP_ACK_PAIR_LEN)
		n = (utcp_writer_room(w) - UTCP_ACK_LEN) / UTCP_ACK_PAIR_LEN;
	c = put_head(w, UTCP_CHUNK_ACK, 0,
		     UTCP_ACK_LEN + n * UTCP_ACK_PAIR_LEN);
	if (!c)
		return false;
	put_unaligned_be32(ack->index, c + 4);
	put_unaligned_be64(ack->greatest, c + 8);
	put_unaligned_be32(ack->delay, c + 16);
	put_unaligned_be32(ack->first, c + 20);
	c += UTCP_ACK_LEN;
	for (i = 0; i < n; i++, c += UTCP_ACK_PAIR_LEN) {
		put_unaligned_be32(pairs[i].gap, c);
		put_unaligned_be32(pairs[i].run, c + 4);
	}
	return true;
}

/**
 * utcp_put_ping() - write a PING
 * @w: where
 *
 * Return: true; false: there is no room.
 */
bool utcp_put_ping(struct utcp_writer *w)
{
	return put_head(w, UTCP_CHUNK_PING, 0, UTCP_CHUNK_HEAD_LEN);
}

/**
 * utcp_put_path() - write a PATH_CHALLENGE or a PATH_RESPONSE
 * @w: where; for a challenge nothing else is written there but padding
 * @type: UTCP_CHUNK_PATH_CHALLENGE or UTCP_CHUNK_PATH_RESPONSE
 * @data: fresh random bytes, or those of the challenge
 *
 * Return: true; false: there is no room.
 */
bool utcp_put_path(struct utcp_writer *w, enum utcp_chunk_type type,
		   const u8 data[UTCP_PATH_DATA_LEN])
{
	u8 *c = put_head(w, type, 0, UTCP_PATH_LEN);

	if (c)
		memcpy(c + UTCP_CHUNK_HEAD_LEN, data, UTCP_PATH_DATA_LEN);
	return c;
}

/**
 * utcp_put_close() - write a CLOSE
 * @w: where
 * @code: enum utcp_close_code
 *
 * Return: true; false: there is no room.
 */
bool utcp_put_close(struct utcp_writer *w, u32 code)
{
	u8 *c = put_head(w, UTCP_CHUNK_CLOSE, 0, UTCP_CLOSE_LEN);

	if (c)
		put_unaligned_be32(code, c + 4);
	return c;
}

/**
 * utcp_put_open() - write an OPEN
 * @w: where
 * @open: what: its connection and what is of an OPEN
 *
 * Return: true; false: there is no room.
 */
bool utcp_put_open(struct utcp_writer *w, const struct utcp_chunk *open)
{
	u8 *c = put_of_conn(w, UTCP_CHUNK_OPEN, 0, UTCP_OPEN_LEN, open->conn);

	if (!c)
		return false;
	put_unaligned_be16(open->open.port, c + 8);
	put_unaligned_be16(open->open.to_port, c + 10);
	c[12] = open->open.kind;
	memset(c + 13, 0, 3);
	put_unaligned_be64(open->open.window, c + 16);
	put_unaligned_be32(open->open.longest, c + 24);
	return true;
}

/**
 * utcp_put_accept() - write an ACCEPT
 * @w: where
 * @conn: the connection
 * @window: bytes of lesser offsets may be sent; at least UTCP_FIRST_WINDOW
 * @longest: longest message that is taken; stream: 0
 *
 * Return: true; false: there is no room.
 */
bool utcp_put_accept(struct utcp_writer *w, u32 conn, u64 window, u32 longest)
{
	u8 *c = put_of_conn(w, UTCP_CHUNK_ACCEPT, 0, UTCP_ACCEPT_LEN, conn);

	if (!c)
		return false;
	put_unaligned_be64(window, c + 8);
	put_unaligned_be32(longest, c + 16);
	return true;
}

/**
 * utcp_put_data() - write a DATA, without its bytes
 * @w: where
 * @conn: the connection
 * @offset: of the first byte
 * @flags: UTCP_DATA_FIN, UTCP_DATA_EOR
 * @len: how many bytes
 *
 * Return: where to write the bytes, all of them; NULL: there is no room.
 */
u8 *utcp_put_data(struct utcp_writer *w, u32 conn, u64 offset, u8 flags,
		  size_t len)
{
	u8 *c = put_of_conn(w, UTCP_CHUNK_DATA, flags, UTCP_DATA_LEN + len,
			    conn);

	if (!c)
		return NULL;
	put_unaligned_be64(offset, c + 8);
	return c + UTCP_DATA_LEN;
}

/**
 * utcp_put_window() - write a WINDOW
 * @w: where
 * @conn: the connection
 * @limit: bytes of lesser offsets may be sent
 *
 * Return: true; false: there is no room.
 */
bool utcp_put_window(struct utcp_writer *w, u32 conn, u64 limit)
{
	u8 *c = put_of_conn(w, UTCP_CHUNK_WINDOW, 0, UTCP_WINDOW_LEN, conn);

	if (c)
		put_unaligned_be64(limit, c + 8);
	return c;
}

/**
 * utcp_put_reset() - write a RESET
 * @w: where
 * @conn: the connection
 * @code: enum utcp_reset_code
 *
 * Return: true; false: there is no room.
 */
bool utcp_put_reset(struct utcp_writer *w, u32 conn, u32 code)
{
	u8 *c = put_of_conn(w, UTCP_CHUNK_RESET, 0, UTCP_RESET_LEN, conn);

	if (c)
		put_unaligned_be32(code, c + 8);
	return c;
}

/**
 * utcp_put_datagram() - write a DATAGRAM, without its bytes
 * @w: where
 * @port: the sender's port
 * @to_port: the port that is called
 * @len: how many bytes
 *
 * Return: where to write the bytes, all of them; NULL: there is no room.
 */
u8 *utcp_put_datagram(struct utcp_writer *w, u16 port, u16 to_port, size_t len)
{
	u8 *c = put_head(w, UTCP_CHUNK_DATAGRAM, 0, UTCP_DATAGRAM_LEN + len);

	if (!c)
		return NULL;
	put_unaligned_be16(port, c + 4);
	put_unaligned_be16(to_port, c + 6);
	return c + UTCP_DATAGRAM_LEN;
}

/**
 * utcp_put_pad() - fill up with padding
 * @w: where; nothing but more padding is written behind it
 * @len: how many bytes, at most what is free
 */
void utcp_put_pad(struct utcp_writer *w, size_t len)
{
	if (len > utcp_writer_room(w))
		len = utcp_writer_room(w);
	memset(w->at, UTCP_CHUNK_PAD, len);
	w->at += len;
}
