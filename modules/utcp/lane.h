/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A lane: what stands between frames and the connections of a session. It takes
 * frames' chunks apart and hands them on, says when a frame may be sent and what is
 * in it, and has loss recovery, pacing and the path MTU of the lane.
 *
 * It does no cryptography and knows no devices: its owner has sealed and opened. All
 * times are nanoseconds.
 */
#ifndef _UTCP_LANE_H
#define _UTCP_LANE_H

#include <linux/list.h>
#include <linux/types.h>

#include "conn.h"
#include "pace.h"
#include "pmtu.h"
#include "recovery.h"
#include "replay.h"

/* Header and tag of a data frame. */
#define UTCP_LANE_OVERHEAD 34
/* RESETs that answer what belongs to no connection wait in so many places at most. */
#define UTCP_LANE_RESETS 64
/* Those of connections that were there: as many as a session has of these. */
#define UTCP_LANE_RESETS_MAX 65536
/* An OPEN waits while one of so much lesser serial number has not arrived. */
#define UTCP_LANE_OPENS 4096
/* There is no memory for frames: again after this. */
#define UTCP_LANE_NOMEM 1000000ULL

struct utcp_lane;

/**
 * struct utcp_lane_ops - the owner of a lane
 * @find: the connection of a number; NULL: there is none
 * @open: a new OPEN has come. Returns -1: there is a connection for it now, which
 *	@find finds, or else the code of the RESET to send
 * @happened: something did to a connection, UTCP_CONN_…; it may be freed from
 *	within if it is taken out of the lane by utcp_lane_forget()
 * @charge: DATA that has come takes so many more bytes of memory. Returns false: it
 *	must not, and the frame is treated as if it had not come; if @must is true, only
 *	after it has taken the connection out of the lane
 * @recount: not all of it was taken: see what there is
 * @datagram: a DATAGRAM has come
 * @put_datagrams: write DATAGRAMs that wait, as many as there is room for, and drop
 *	those that no frame of the lane's @pmtu.size has room for. Returns whether one
 *	was written. Called only while the lane's @datagrams is not 0, which it sets
 * @put_ack: write an ACK of what has come, if there is something to say, and enter
 *	its greatest counter as offset, its association's serial number as conn
 * @ack_arrived: such an ACK has arrived in a frame that was acknowledged
 * @space: an ACK has come, which names what was sent: serial number of the
 *	association that it speaks of, see utcp_recovery_space(); 0: of none that is
 *	known. What others than the lane have sent under it must have been told
 *	before this returns, see utcp_recovery_other()
 *
 * All are called under the lock of the lane; none sleeps.
 */
struct utcp_lane_ops {
	struct utcp_conn *(*find)(struct utcp_lane *lane, u32 id);
	int (*open)(struct utcp_lane *lane, const struct utcp_chunk *open);
	void (*happened)(struct utcp_lane *lane, struct utcp_conn *conn,
			 u32 what);
	bool (*charge)(struct utcp_lane *lane, struct utcp_conn *conn,
		       size_t more, bool must);
	void (*recount)(struct utcp_lane *lane, struct utcp_conn *conn);
	void (*datagram)(struct utcp_lane *lane,
			 const struct utcp_chunk *chunk);
	bool (*put_datagrams)(struct utcp_lane *lane, struct utcp_writer *w);
	bool (*put_ack)(struct utcp_lane *lane, struct utcp_writer *w,
			struct utcp_sent_item *item);
	void (*ack_arrived)(struct utcp_lane *lane,
			    const struct utcp_sent_item *item);
	u32 (*space)(struct utcp_lane *lane, const struct utcp_ack *ack);
};

/**
 * struct utcp_lane_reset - a RESET that waits
 * @conn: the connection
 * @code: enum utcp_reset_code
 */
struct utcp_lane_reset {
	u32 conn;
	u32 code;
};

/**
 * struct utcp_lane - a lane
 * @ops: its owner
 * @rec: loss recovery
 * @pace: pacing
 * @pmtu: path MTU
 * @turns: connections that may have something to send, the next one first
 * @blocked: connections that have, too, but whose OPEN has to wait for that of the first
 *	of @opens; those that need not any more go over to @turns
 * @opens: connections whose OPEN has not arrived, the oldest first
 * @peers: serial numbers of the peer's connections that were seen
 * @resets: @n_resets of them, in @resets_room places
 * @few_resets: where they are as long as they are few: who has closed must be able to say so
 *	also without memory
 * @now: the time of the call that is under way
 * @acked: while an ACK is taken: of which connection something arrived last, which has
 *	not been told; else NULL
 * @acked_what: UTCP_CONN_… that happened to that
 * @acked_part: its bytes that have arrived, as far as they are one row
 * @lost: frames that were found lost, but for probes of the path MTU
 * @serial: of the last connection that this end has opened
 * @opener: bit 0 of the numbers of this end's connections
 * @since_ping: bytes sent since the last PING
 * @datagrams: how many the owner has that wait to be sent; set by it
 * @datagrams_next: they are the first in the next frame, before the connections
 * @longer: longer frames are wanted: the path MTU is searched though no data wait
 * @resets_room: see @resets
 * @n_resets: how many RESETs wait
 * @probes: frames that may be sent, window or not
 *
 * utcp_lane_init() makes it, utcp_lane_free() frees what it has; it cannot be moved.
 * Its owner's lock serialises all calls, also those for its connections.
 */
struct utcp_lane {
	const struct utcp_lane_ops *ops;
	struct utcp_recovery rec;
	struct utcp_pace pace;
	struct utcp_pmtu pmtu;
	struct list_head turns;
	struct list_head blocked;
	struct list_head opens;
	struct utcp_replay peers;
	struct utcp_lane_reset *resets;
	struct utcp_lane_reset few_resets[8];
	u64 now;
	struct utcp_conn *acked;
	u32 acked_what;
	struct utcp_sendq_part acked_part;
	u64 lost;
	u32 serial;
	u32 opener;
	u32 since_ping;
	u32 datagrams;
	u32 resets_room;
	u32 n_resets;
	bool datagrams_next;
	bool longer;
	u8 probes;
};

/**
 * struct utcp_lane_frame - a frame to be sent
 * @plain: where its plaintext goes
 * @room: bytes there, for a frame of the lane's @pmtu.size. Less, if there is no memory for
 *	one: then it is a shorter frame, but for a datagram that is too long for it. A probe
 *	of the path MTU is made only if there is room for the greatest
 * @len: bytes of it
 * @asks: it asks for an ACK
 * @until: if there is no frame (@len is 0): when to ask again though nothing
 *	happens; UTCP_NEVER: then only
 */
struct utcp_lane_frame {
	u8 *plain;
	u32 room;
	u32 len;
	bool asks;
	u64 until;
};

void utcp_lane_init(struct utcp_lane *lane, const struct utcp_lane_ops *ops,
		    const struct utcp_cong_ops *cong, bool opener, u16 ceiling);
void utcp_lane_free(struct utcp_lane *lane);
void utcp_lane_path(struct utcp_lane *lane, u16 ceiling);
void utcp_lane_limit(struct utcp_lane *lane, u64 now, u64 rate, u32 overhead);

u32 utcp_lane_number(struct utcp_lane *lane);
void utcp_lane_open(struct utcp_lane *lane, struct utcp_conn *conn);
void utcp_lane_kick(struct utcp_lane *lane, struct utcp_conn *conn);
void utcp_lane_forget(struct utcp_conn *conn);
void utcp_lane_abort(struct utcp_lane *lane, struct utcp_conn *conn, u32 code);
void utcp_lane_want_longer(struct utcp_lane *lane, u64 now);

int __must_check utcp_lane_input(struct utcp_lane *lane, const u8 *plain,
				 size_t len, u64 now);
u32 utcp_lane_size(struct utcp_lane *lane, u64 now);
void utcp_lane_output(struct utcp_lane *lane, u64 now, bool ack_due,
		      struct utcp_lane_frame *frame);
void utcp_lane_sent(struct utcp_lane *lane, const struct utcp_lane_frame *frame,
		    u64 counter, u64 now);
void utcp_lane_unsent(struct utcp_lane *lane,
		      const struct utcp_lane_frame *frame);
bool utcp_lane_waits(struct utcp_lane *lane);
u64 utcp_lane_timer(const struct utcp_lane *lane);
bool utcp_lane_timeout(struct utcp_lane *lane, u64 now);

/* lane_reset.c */
void utcp_lane_queue_reset(struct utcp_lane *lane, u32 conn, u32 code,
			   bool was);
void utcp_lane_fill_resets(struct utcp_lane *lane, struct utcp_writer *w,
			   struct utcp_sent *sent);
void utcp_lane_free_resets(struct utcp_lane *lane);

#endif /* _UTCP_LANE_H */
