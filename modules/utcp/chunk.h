/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Chunks: what the plaintext of a data frame consists of. See "Chunks" in
 * Documentation/networking/utcp.rst.
 *
 * Reading: utcp_chunks_check() looks at a whole plaintext, once, when its tag has
 * proved right. Only what it has found well formed is walked through by
 * utcp_chunk_next(), which therefore cannot fail.
 * Writing: a struct utcp_writer is the free room of a frame; each utcp_put_…()
 * takes some of it, or, if there is not enough, nothing.
 *
 * Nothing here locks, sleeps or allocates; nothing is kept.
 */
#ifndef _UTCP_CHUNK_H
#define _UTCP_CHUNK_H

#include <linux/bits.h>
#include <linux/types.h>

/**
 * enum utcp_chunk_type - types of chunks
 * @UTCP_CHUNK_PAD: this byte and all behind it is padding
 * @UTCP_CHUNK_ACK: counters that have come
 * @UTCP_CHUNK_PING: asks for an ACK at once
 * @UTCP_CHUNK_PATH_CHALLENGE: is somebody there, who can decrypt?
 * @UTCP_CHUNK_PATH_RESPONSE: answer to it
 * @UTCP_CHUNK_CLOSE: the session is over
 * @UTCP_CHUNK_OPEN: opens a connection
 * @UTCP_CHUNK_ACCEPT: the listener has taken it
 * @UTCP_CHUNK_DATA: bytes of a connection
 * @UTCP_CHUNK_WINDOW: how many may be sent
 * @UTCP_CHUNK_RESET: ends a connection
 * @UTCP_CHUNK_DATAGRAM: a whole datagram
 * @UTCP_CHUNK_EXTENSION: types from here on are skipped by who does not know them
 */
enum utcp_chunk_type {
	UTCP_CHUNK_PAD = 0x00,
	UTCP_CHUNK_ACK = 0x01,
	UTCP_CHUNK_PING = 0x02,
	UTCP_CHUNK_PATH_CHALLENGE = 0x03,
	UTCP_CHUNK_PATH_RESPONSE = 0x04,
	UTCP_CHUNK_CLOSE = 0x05,
	UTCP_CHUNK_OPEN = 0x10,
	UTCP_CHUNK_ACCEPT = 0x11,
	UTCP_CHUNK_DATA = 0x12,
	UTCP_CHUNK_WINDOW = 0x13,
	UTCP_CHUNK_RESET = 0x14,
	UTCP_CHUNK_DATAGRAM = 0x15,
	UTCP_CHUNK_EXTENSION = 0x80,
};

/* Flags of DATA: nothing follows; these bytes end a message. */
#define UTCP_DATA_FIN BIT(0)
#define UTCP_DATA_EOR BIT(1)

/**
 * enum utcp_kind - what a connection carries
 * @UTCP_KIND_STREAM: bytes
 * @UTCP_KIND_SEQPACKET: messages
 */
enum utcp_kind {
	UTCP_KIND_STREAM = 1,
	UTCP_KIND_SEQPACKET = 2,
};

/**
 * enum utcp_reset_code - why a connection ended
 * @UTCP_RESET_ABORTED: the program aborted it
 * @UTCP_RESET_NO_LISTENER: nobody listens on the port
 * @UTCP_RESET_QUEUE_FULL: the listener's queue is full: try again
 * @UTCP_RESET_NOT_ALLOWED: a policy refuses
 * @UTCP_RESET_KIND: the listener is of another kind
 * @UTCP_RESET_WINDOW: more was sent than granted
 * @UTCP_RESET_CONTRADICTION: contradictory data, EOR or FIN
 * @UTCP_RESET_TOO_LONG: a message was too long
 * @UTCP_RESET_IN_USE: these two ports are connected already
 * @UTCP_RESET_UNREAD: closed with bytes unread
 * @UTCP_RESET_TIMEOUT: timed out
 * @UTCP_RESET_NO_CONNECTION: there is no such connection
 * @UTCP_RESET_RESOURCES: no resources
 */
enum utcp_reset_code {
	UTCP_RESET_ABORTED = 0,
	UTCP_RESET_NO_LISTENER = 1,
	UTCP_RESET_QUEUE_FULL = 2,
	UTCP_RESET_NOT_ALLOWED = 3,
	UTCP_RESET_KIND = 4,
	UTCP_RESET_WINDOW = 5,
	UTCP_RESET_CONTRADICTION = 6,
	UTCP_RESET_TOO_LONG = 7,
	UTCP_RESET_IN_USE = 8,
	UTCP_RESET_UNREAD = 9,
	UTCP_RESET_TIMEOUT = 10,
	UTCP_RESET_NO_CONNECTION = 11,
	UTCP_RESET_RESOURCES = 12,
};

/**
 * enum utcp_close_code - why a session ended
 * @UTCP_CLOSE_IDLE: nothing was said for long
 * @UTCP_CLOSE_REMOVED: the administrator removed the peer
 * @UTCP_CLOSE_PROTOCOL: the peer does not keep the protocol
 * @UTCP_CLOSE_CELL: the cell was removed, or has another realm
 * @UTCP_CLOSE_ROOM: room was needed
 * @UTCP_CLOSE_NOT_ALLOWED: a policy refuses
 */
enum utcp_close_code {
	UTCP_CLOSE_IDLE = 0,
	UTCP_CLOSE_REMOVED = 1,
	UTCP_CLOSE_PROTOCOL = 2,
	UTCP_CLOSE_CELL = 3,
	UTCP_CLOSE_ROOM = 4,
	UTCP_CLOSE_NOT_ALLOWED = 5,
};

/* Bytes of a chunk's head, and of whole chunks without what varies. */
#define UTCP_CHUNK_HEAD_LEN 4
#define UTCP_ACK_LEN 24
#define UTCP_ACK_PAIR_LEN 8
#define UTCP_PATH_DATA_LEN 16
#define UTCP_PATH_LEN (UTCP_CHUNK_HEAD_LEN + UTCP_PATH_DATA_LEN)
#define UTCP_CLOSE_LEN 8
#define UTCP_OPEN_LEN 28
#define UTCP_ACCEPT_LEN 20
#define UTCP_DATA_LEN 16
#define UTCP_WINDOW_LEN 16
#define UTCP_RESET_LEN 12
#define UTCP_DATAGRAM_LEN 8

/* Pairs of an ACK; with the greatest counter's own, so many ranges less one. */
#define UTCP_ACK_PAIRS 63
/* Longest chunk: its length is a u16. */
#define UTCP_CHUNK_MAX 65535
/* Plaintext of a frame of 65535 bytes: without header and tag. */
#define UTCP_PLAIN_MAX (65535 - 34)
/* An ACK's delay that is longer than it can say. */
#define UTCP_ACK_DELAY_MAX 0xffffffffU
/* No byte of a connection has this offset, or a greater one. */
#define UTCP_OFFSET_END BIT_ULL(62)
/* Bytes that an opener may send unasked, and the least window of an ACCEPT. */
#define UTCP_FIRST_WINDOW 16384
/* The least number of a connection. */
#define UTCP_CONN_MIN 2

/**
 * struct utcp_ack - the content of an ACK
 * @greatest: greatest counter that has come; less than 2^60
 * @index: receiver index of the association that the counters are of
 * @delay: microseconds from its arrival to this ACK, or UTCP_ACK_DELAY_MAX
 * @first: so many directly below @greatest have come too
 * @n: how many pairs there are, at most UTCP_ACK_PAIRS
 * @pairs: n of them as on the wire; see utcp_ack_pair(). NULL if @n is 0
 */
struct utcp_ack {
	u64 greatest;
	u32 index;
	u32 delay;
	u32 first;
	u16 n;
	const u8 *pairs;
};

/**
 * struct utcp_ack_pair - what follows below a range
 * @gap: so many are missing, at least 1
 * @run: below those, so many have come, at least 1
 */
struct utcp_ack_pair {
	u32 gap;
	u32 run;
};

/**
 * struct utcp_chunk - one chunk, taken apart
 * @type: enum utcp_chunk_type, or one that is not known, from
 *	UTCP_CHUNK_EXTENSION on
 * @flags: of DATA: UTCP_DATA_FIN, UTCP_DATA_EOR
 * @conn: the connection; of OPEN, ACCEPT, DATA, WINDOW and RESET
 * @data: first byte of what follows the fields: of DATA and DATAGRAM their bytes,
 *	of PATH_CHALLENGE and PATH_RESPONSE the 16 bytes, of an unknown chunk what
 *	is behind its head. Lives as long as the plaintext
 * @data_len: how many bytes
 * @ack: of ACK
 * @open: of OPEN
 * @open.window: the other end may send bytes of lesser offsets
 * @open.port: the opener's port
 * @open.to_port: the port that is called
 * @open.longest: longest message that the opener takes; stream: 0
 * @open.kind: enum utcp_kind
 * @accept: of ACCEPT
 * @accept.window: as of OPEN
 * @accept.longest: as of OPEN
 * @offset: of DATA: of the first byte
 * @limit: of WINDOW: bytes of lesser offsets may be sent
 * @code: of CLOSE and RESET: enum utcp_close_code, enum utcp_reset_code
 * @datagram: of DATAGRAM
 * @datagram.port: the sender's port
 * @datagram.to_port: the port that is called
 */
struct utcp_chunk {
	u8 type;
	u8 flags;
	u16 data_len;
	u32 conn;
	const u8 *data;
	union {
		struct utcp_ack ack;
		struct {
			u64 window;
			u16 port;
			u16 to_port;
			u32 longest;
			u8 kind;
		} open;
		struct {
			u64 window;
			u32 longest;
		} accept;
		u64 offset;
		u64 limit;
		u32 code;
		struct {
			u16 port;
			u16 to_port;
		} datagram;
	};
};

/**
 * struct utcp_chunks - what a well-formed plaintext has in it
 * @asks: it has a chunk that asks for an ACK
 * @asks_now: at once
 * @moves: it has more in it than PATH_CHALLENGE, PATH_RESPONSE and PAD; see
 *	"Moving"
 * @own: it has some that the session has something to do with
 * @n: how many chunks, without PAD
 */
struct utcp_chunks {
	bool asks;
	bool asks_now;
	bool moves;
	bool own;
	u16 n;
};

int __must_check utcp_chunks_check(struct utcp_chunks *chunks, const u8 *plain,
				   size_t len);
bool __must_check utcp_chunk_skip(u8 type, const u8 **at, const u8 *end);
bool __must_check utcp_chunk_next(struct utcp_chunk *chunk, const u8 **at,
				  const u8 *end);
struct utcp_ack_pair utcp_ack_pair(const struct utcp_ack *ack, unsigned int n);

/**
 * struct utcp_writer - the free room of a frame's plaintext
 * @at: its first byte
 * @end: behind its last one
 */
struct utcp_writer {
	u8 *at;
	u8 *end;
};

/**
 * utcp_writer_room() - how many bytes are free
 * @w: the room
 *
 * Return: so many.
 */
static inline size_t utcp_writer_room(const struct utcp_writer *w)
{
	return w->end - w->at;
}

bool __must_check utcp_put_ack(struct utcp_writer *w,
			       const struct utcp_ack *ack,
			       const struct utcp_ack_pair *pairs);
bool __must_check utcp_put_ping(struct utcp_writer *w);
bool __must_check utcp_put_path(struct utcp_writer *w,
				enum utcp_chunk_type type,
				const u8 data[UTCP_PATH_DATA_LEN]);
bool __must_check utcp_put_close(struct utcp_writer *w, u32 code);
bool __must_check utcp_put_open(struct utcp_writer *w,
				const struct utcp_chunk *open);
bool __must_check utcp_put_accept(struct utcp_writer *w, u32 conn, u64 window,
				  u32 longest);
u8 *__must_check utcp_put_data(struct utcp_writer *w, u32 conn, u64 offset,
			       u8 flags, size_t len);
bool __must_check utcp_put_window(struct utcp_writer *w, u32 conn, u64 limit);
bool __must_check utcp_put_reset(struct utcp_writer *w, u32 conn, u32 code);
u8 *__must_check utcp_put_datagram(struct utcp_writer *w, u16 port, u16 to_port,
				   size_t len);
void utcp_put_pad(struct utcp_writer *w, size_t len);

#endif /* _UTCP_CHUNK_H */
