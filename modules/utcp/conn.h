/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections: what OPEN, ACCEPT, DATA, WINDOW and RESET do. See "Connections" in
 * Documentation/networking/utcp.rst.
 *
 * A connection knows nothing of frames: its lane (lane.h) hands it chunks, asks it
 * to fill frames, and tells it what arrived and what was lost.
 */
#ifndef _UTCP_CONN_H
#define _UTCP_CONN_H

#include <linux/bits.h>
#include <linux/list.h>
#include <linux/types.h>

#include "chunk.h"
#include "flow.h"
#include "recovery.h"
#include "recvq.h"
#include "sendq.h"

/**
 * enum utcp_conn_state - where a connection is
 * @UTCP_CONN_OPENING: an OPEN was sent, no ACCEPT has come
 * @UTCP_CONN_OPEN: both ends know it
 * @UTCP_CONN_DEAD: it was reset; nothing is sent or taken any more
 */
enum utcp_conn_state {
	UTCP_CONN_OPENING,
	UTCP_CONN_OPEN,
	UTCP_CONN_DEAD,
};

/* What is to be sent besides data. */
#define UTCP_CONN_SEND_OPEN BIT(0)
#define UTCP_CONN_SEND_ACCEPT BIT(1)
#define UTCP_CONN_SEND_WINDOW BIT(2)

/* What has happened, for the program. */
#define UTCP_CONN_CONNECTED BIT(0)
#define UTCP_CONN_READABLE BIT(1)
#define UTCP_CONN_WRITABLE BIT(2)
#define UTCP_CONN_DIED BIT(3)
#define UTCP_CONN_ENDED BIT(4)

/**
 * struct utcp_conn_params - what a connection is made of
 * @id: its number
 * @port: own port
 * @to_port: the other's
 * @kind: enum utcp_kind
 * @buffer: receive buffer at first, in bytes
 * @most: what that may grow to
 * @longest: seqpacket: longest message that is taken, at least 1; stream: 0
 * @now: the time, in nanoseconds
 */
struct utcp_conn_params {
	u32 id;
	u16 port;
	u16 to_port;
	u8 kind;
	u32 buffer;
	u32 most;
	u32 longest;
	u64 now;
};

/**
 * struct utcp_conn - a connection
 * @turn: in one of the lane's lists of those that may have something to send, see there;
 *	empty if not
 * @opening: in the lane's list of those whose OPEN has not arrived; empty if not
 * @id: its number
 * @port: own port
 * @to_port: the other's
 * @kind: enum utcp_kind
 * @state: enum utcp_conn_state
 * @opener: this end opened it
 * @open_acked: the OPEN is known to have arrived
 * @accepted: the ACCEPT has come, or was sent
 * @closed: the program wants no more bytes: new ones are answered with RESET
 * @send: UTCP_CONN_SEND_…
 * @longest: longest message that the other end takes; 0 before it is known
 * @code: of the RESET that ended it; valid if dead
 * @reset_by_peer: the RESET came from the other end
 * @sendq: what is sent
 * @recvq: what is received
 * @flow: window of @recvq
 *
 * utcp_conn_connect() or utcp_conn_accept() makes it, utcp_conn_free() frees what it
 * has. Lives in its owner, whose lock serialises all calls, together with those for
 * its lane; nothing sleeps.
 */
struct utcp_conn {
	struct list_head turn;
	struct list_head opening;
	u32 id;
	u16 port;
	u16 to_port;
	u8 kind;
	u8 state;
	bool opener;
	bool open_acked;
	bool accepted;
	bool closed;
	u8 send;
	bool reset_by_peer;
	u32 longest;
	u32 code;
	struct utcp_sendq sendq;
	struct utcp_recvq recvq;
	struct utcp_flow flow;
};

void utcp_conn_connect(struct utcp_conn *conn,
		       const struct utcp_conn_params *params);
void utcp_conn_accept(struct utcp_conn *conn,
		      const struct utcp_conn_params *params,
		      const struct utcp_chunk *open);
bool utcp_conn_taken(struct utcp_conn *conn);
void utcp_conn_free(struct utcp_conn *conn);

size_t utcp_conn_needs(const struct utcp_conn *conn,
		       const struct utcp_chunk *chunk, u64 *till, bool *must);
bool __must_check utcp_conn_reserve(struct utcp_conn *conn,
				    const struct utcp_chunk *chunk, u16 gaps);
int __must_check utcp_conn_input(struct utcp_conn *conn,
				 const struct utcp_chunk *chunk, u32 *happened);
void utcp_conn_fill(struct utcp_conn *conn, struct utcp_writer *w,
		    struct utcp_sent *sent, bool one);
u32 utcp_conn_acked(struct utcp_conn *conn, const struct utcp_sent_item *item,
		    struct utcp_sendq_part *part);
u32 utcp_conn_acked_part(struct utcp_conn *conn, struct utcp_sendq_part *part);
void utcp_conn_lost(struct utcp_conn *conn, const struct utcp_sent_item *item);
void utcp_conn_die(struct utcp_conn *conn, u32 code, bool by_peer);

/**
 * utcp_conn_waits() - has it anything that may be sent?
 * @conn: the connection
 *
 * Return: true if it has.
 */
static inline bool utcp_conn_waits(const struct utcp_conn *conn)
{
	return conn->state != UTCP_CONN_DEAD &&
	       (conn->send || utcp_sendq_ready(&conn->sendq));
}

u32 utcp_conn_read(struct utcp_conn *conn, u8 *to, u32 room, u64 rtt, u64 now);
bool utcp_conn_done(const struct utcp_conn *conn);
int utcp_reset_errno(u32 code);

#endif /* _UTCP_CONN_H */
