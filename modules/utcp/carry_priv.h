/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of carriers share: carry.c, which has the clock, sends, and stands
 * before the session; carry_conn.c, which has the connections; carry_dgram.c, which has
 * the datagrams.
 */
#ifndef _UTCP_CARRY_PRIV_H
#define _UTCP_CARRY_PRIV_H

#include <linux/hrtimer.h>
#include <linux/skbuff.h>
#include <linux/xarray.h>

#include "ackrange.h"
#include "carry.h"
#include "lane.h"
#include "peer.h"
#include "policy.h"

/* How often those who wait are looked at, and say that they do. */
#define CHORES NSEC_PER_SEC

/* Times of single connections are rounded up to multiples of this, a power of two: so
 * that all that wait are looked at for many, not for each of them. 17 ms.
 */
#define CHORES_GRAIN BIT_ULL(24)

/* How fast frames go on is asked each round trip, but not more often than this, and at
 * least so often.
 */
#define PACE_LEAST NSEC_PER_MSEC
#define PACE_MOST NSEC_PER_SEC

/* What is left to do when the carrier is unlocked. */
#define TODO_SUSPECT BIT(0)
#define TODO_WANT BIT(1)
#define TODO_PING BIT(2)

/**
 * enum carried_state - where a connection is
 * @WAITING: for a session, or to be opened again; it has no number
 * @LIVE: it has a number and is in the lane
 * @GONE: it is in no list and no table
 */
enum carried_state {
	WAITING,
	LIVE,
	GONE,
};

/**
 * struct carried - a connection that is carried
 * @end: as its socket has it
 * @carrier: who carries it; lives as long as @peer
 * @peer: of the carrier, held
 * @node: in the carrier's list @opening, @open, or @gone
 * @refs: one for the carrier, if it is not gone; one for the socket
 * @state: see enum carried_state
 * @orphan: its socket was closed
 * @busy: something was written and has not been acknowledged
 * @params: what it is made of, if it is opened again
 * @uid: who opened it
 * @user: orphan: for whom it counts as a socket, see utcp_socket_uncount(); else NULL
 * @permit: what it was allowed by
 * @deadline: until then it must be open
 * @retry_at: not before this is it opened
 * @retry_wait: how much later than that the next time
 * @progress: when something arrived last, or began to wait
 * @una: what had been acknowledged then
 * @keep_heard: when the peer was heard last, as keep-alive knows
 * @keep_at: when it is asked for a sign of life, or the connection given up
 * @keep_probes: how often it was since @keep_heard
 *
 * All but @refs under the lock of the carrier. The last reference frees it.
 */
struct carried {
	struct utcp_end end;
	struct utcp_carrier *carrier;
	struct utcp_peer *peer;
	struct list_head node;
	refcount_t refs;
	enum carried_state state;
	bool orphan;
	bool busy;
	struct utcp_conn_params params;
	kuid_t uid;
	struct utcp_user *user;
	struct utcp_permit permit;
	u64 deadline;
	u64 retry_at;
	u64 retry_wait;
	u64 progress;
	u64 una;
	u64 keep_heard;
	u64 keep_at;
	u32 keep_probes;
};

/**
 * struct came - what has come under an association
 * @index: its index, of this end
 * @serial: its serial number among those under which something came; 0: none
 * @range: its counters
 */
struct came {
	u32 index;
	u32 serial;
	struct utcp_ackrange range;
};

/**
 * struct utcp_carrier - what carries the connections with a peer
 * @lock: protects all of it. Bottom halves off
 * @peer: the peer, whose memory it dies with
 * @lane: the lane; while @live
 * @path: the path that the lane knows; while @live
 * @live: there is a session that the lane is of
 * @ready: something could be sent when it was looked at last
 * @todo: TODO_…
 * @conns: connections by their number
 * @found: the one of @conns that was looked for last, or NULL
 * @pairs: of these, by their ports, see pairs_of() and pair_key()
 * @opening: connections that the other end has not accepted
 * @open: those that it has, and its own
 * @gone: those to be let go of when the lock is released
 * @n: how many connections are in @opening and @open
 * @n_orphans: of these, orphans
 * @came: what has come, under the last associations
 * @said: what the ACK in the frame that is being made speaks of; NULL: there is none
 * @rx_serial: greatest serial number in @came
 * @tx_index: the other's indices of the associations under which frames were sent, the
 *	current one first
 * @tx_serial: serial number of the first of them
 * @dgrams: datagrams that wait to be sent, the oldest first
 * @dgrams_going: those in the frame that is being made
 * @dgrams_gone: those to be freed when the lock is released
 * @dgram_bytes: memory of @dgrams
 * @dgrams_hold: there are some, and hold the peer
 * @spare: memory for a frame
 * @account: what its buffers are counted with; it has a reference
 * @spare_memory: what it takes, or took last, which is counted as long as there is a session
 * @uid: who wants the session
 * @want_at: when that is said again, at the earliest
 * @keep_at: when those with keep-alive are looked at; UTCP_NEVER: there are none
 * @ask_at: when those who wait for an acknowledgment ask for a sign of life, if none has come
 *	by then; UTCP_NEVER: there are none
 * @asked: when the peer was asked for the first time since it was heard: by a PING, by what
 *	timed out, or by a handshake
 * @chores_at: when those who wait are looked at
 * @doubt_from: first of the probe timeouts in a row
 * @pace_at: when the ports on the way are asked again how fast frames go on there
 * @timer: for all of this
 * @timer_at: when it runs; UTCP_NEVER: it does not
 *
 * Made when the first frame comes that asks for something, the first connection is
 * opened or the first datagram sent; freed with its peer, a grace period after the last
 * who had it. The timer holds nothing: that waits for it.
 */
struct utcp_carrier {
	spinlock_t lock; /* protects all of it */
	struct utcp_peer *peer;
	struct utcp_lane lane;
	struct utcp_path path;
	bool live;
	bool ready;
	u8 todo;
	struct xarray conns;
	struct carried *found;
	struct xarray pairs[2];
	struct list_head opening;
	struct list_head open;
	struct list_head gone;
	u32 n;
	u32 n_orphans;
	struct came came[UTCP_SENT_SPACES];
	struct came *said;
	u32 rx_serial;
	u32 tx_index[UTCP_SENT_SPACES];
	u32 tx_serial;
	struct sk_buff_head dgrams;
	struct sk_buff_head dgrams_going;
	struct sk_buff_head dgrams_gone;
	size_t dgram_bytes;
	bool dgrams_hold;
	struct sk_buff *spare;
	struct utcp_account *account;
	u32 spare_memory;
	kuid_t uid;
	u64 want_at;
	u64 keep_at;
	u64 ask_at;
	u64 asked;
	u64 chores_at;
	u64 doubt_from;
	u64 pace_at;
	struct hrtimer timer;
	u64 timer_at;
};

/**
 * carried_of() - the carried one that a connection is part of
 * @conn: the connection
 *
 * Return: it.
 */
static inline struct carried *carried_of(struct utcp_conn *conn)
{
	return container_of(conn, struct carried, end.conn);
}

/**
 * carried_of_end() - the carried one that an end is part of
 * @end: the end
 *
 * Return: it.
 */
static inline struct carried *carried_of_end(struct utcp_end *end)
{
	return container_of(end, struct carried, end);
}

/**
 * carrier_of() - the carrier that a lane is part of
 * @lane: the lane
 *
 * Return: it.
 */
static inline struct utcp_carrier *carrier_of(struct utcp_lane *lane)
{
	return container_of(lane, struct utcp_carrier, lane);
}

/**
 * utcp_carry_coarse() - a time of a single connection, rounded up
 * @at: the time
 *
 * Return: a multiple of CHORES_GRAIN.
 */
static inline u64 utcp_carry_coarse(u64 at)
{
	return round_up(at, CHORES_GRAIN);
}

/* carry.c; all but the first two under the lock */
struct utcp_carrier *utcp_carrier_get(struct utcp_peer *peer, gfp_t gfp);
void utcp_carrier_lock(struct utcp_carrier *c) __acquires(&c->lock);
void utcp_carrier_unlock(struct utcp_carrier *c) __releases(&c->lock);
void utcp_carrier_run(struct utcp_carrier *c);
void utcp_carrier_run_at(struct utcp_carrier *c, u64 now);
void utcp_carrier_connect(struct utcp_carrier *c, struct carried *cc);
void utcp_carrier_busy(struct utcp_carrier *c, const struct carried *cc);
void utcp_carrier_keep(struct utcp_carrier *c, struct carried *cc);

/* carry_conn.c; all but the first under the lock */
extern const struct utcp_lane_ops utcp_carried_lane_ops;

void utcp_carried_put(struct carried *cc);
int utcp_carried_enter(struct utcp_carrier *c, struct carried *cc);
void utcp_carried_end(struct utcp_carrier *c, struct carried *cc, int err);
void utcp_carried_abort(struct utcp_carrier *c, struct carried *cc, u32 code,
			int err);
void utcp_carried_reopen(struct utcp_carrier *c, struct carried *cc);
void utcp_carried_ask_again(struct utcp_carrier *c);
void utcp_carrier_info(const struct utcp_carrier *c, struct utcp_info *info);
struct came *utcp_carried_due(struct utcp_carrier *c);

/* carry_dgram.c; under the lock */
void utcp_carry_dgrams_drop(struct utcp_carrier *c, int err);
bool utcp_carry_dgrams_look(struct utcp_carrier *c, u64 now);
bool utcp_carry_put_datagrams(struct utcp_lane *lane, struct utcp_writer *w);
void utcp_carry_dgrams_sent(struct utcp_carrier *c);
void utcp_carry_dgrams_unsent(struct utcp_carrier *c);
void utcp_carry_dgram_came(struct utcp_lane *lane,
			   const struct utcp_chunk *chunk);

#endif /* _UTCP_CARRY_PRIV_H */
