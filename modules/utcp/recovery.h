/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loss recovery of a lane: which frames were sent and have not been acknowledged,
 * which of them are lost, and when to probe. RFC 9002, with the constants of "Loss"
 * in Documentation/networking/utcp.rst.
 *
 * A frame that asks for an ACK has an *order number*, by which the packet threshold
 * counts: without gaps, in the order in which frames were sent on the lane, over
 * associations. Frames that do not ask are not remembered, only their counters'
 * greatest is. All times are nanoseconds.
 */
#ifndef _UTCP_RECOVERY_H
#define _UTCP_RECOVERY_H

#include <linux/bits.h>
#include <linux/types.h>

#include "ackrange.h"
#include "chunk.h"
#include "cong.h"
#include "rate.h"
#include "rtt.h"

/* kPacketThreshold, and how far it may be raised. */
#define UTCP_PACKET_THRESHOLD 3
#define UTCP_PACKET_THRESHOLD_MAX 128
/* kPersistentCongestionThreshold. */
#define UTCP_PERSISTENT 3
/* A probe timeout is no longer than this while the session looks whether the peer
 * has restarted; and never longer than the other.
 */
#define UTCP_PTO_RESTART_NS 800000000ULL
#define UTCP_PTO_MAX_NS 60000000000ULL
/* Frames that are remembered; no more are sent then. A power of two. */
#define UTCP_SENT_MAX 4096
/* Chunks of a frame that are to be sent again. */
#define UTCP_SENT_ITEMS 6
/* Associations under which frames may be outstanding: current, previous ones. */
#define UTCP_SENT_SPACES 3
/* Counters skipped in a space that are remembered, the last ones. In the module there are
 * none: who seals skips them, and looks at ACKs for them, in assoc.c.
 */
#define UTCP_SENT_SKIPS 4

/**
 * struct utcp_sent_item - a chunk that was sent
 * @offset: of DATA: offset; of ACK: its greatest counter; of WINDOW: the limit
 * @conn: the connection; of ACK: the association's serial number
 * @len: of DATA: bytes
 * @type: enum utcp_chunk_type
 * @flags: of DATA
 */
struct utcp_sent_item {
	u64 offset;
	u32 conn;
	u16 len;
	u8 type;
	u8 flags;
};

/* What has become of a sent frame, and what it was. */
#define UTCP_SENT_ACKED BIT(0)
#define UTCP_SENT_LOST BIT(1)
/* It probes the path MTU: no sign of congestion if lost. */
#define UTCP_SENT_PROBE BIT(2)

/**
 * struct utcp_sent - a frame that was sent and asked for an ACK
 * @counter: its counter
 * @at: when
 * @skip: once it is acknowledged, instead of @at: so many frames, of which it is the last,
 *	are all acknowledged, or forgotten
 * @space: serial number of its association
 * @len: its length field
 * @flags: UTCP_SENT_…
 * @n: how many of @items there are
 * @items: what was in it
 */
struct utcp_sent {
	u64 counter;
	union {
		u64 at;
		u64 skip;
	};
	u32 space;
	u16 len;
	u8 flags;
	u8 n;
	struct utcp_sent_item items[UTCP_SENT_ITEMS];
};

/**
 * struct utcp_sent_space - counters of an association
 * @serial: the association's; 0: none
 * @next: greatest counter sent, plus one
 * @skipped: the last counters that were never sent, @n_skipped in all, in a ring
 * @n_skipped: how many there were
 */
struct utcp_sent_space {
	u32 serial;
	u32 n_skipped;
	u64 next;
	u64 skipped[UTCP_SENT_SKIPS];
};

struct utcp_recovery;

/**
 * struct utcp_recovery_ops - who is told of frames
 * @acked: has arrived, for the first time it is known
 * @lost: is lost: what is to be sent again, is. What was lost may be acked later
 * @again: to be sent again as a probe; it may still arrive and is not lost
 *
 * They must not send or take ACKs from within.
 */
struct utcp_recovery_ops {
	void (*acked)(struct utcp_recovery *rec, const struct utcp_sent *sent);
	void (*lost)(struct utcp_recovery *rec, const struct utcp_sent *sent);
	void (*again)(struct utcp_recovery *rec, const struct utcp_sent *sent);
};

/**
 * struct utcp_recovery - loss recovery of a lane
 * @ops: who is told
 * @ring: frames by the remainder of their order number
 * @room: of @ring, a power of two or 0
 * @first: the first order number that is remembered
 * @next: the next one that is given
 * @acked_end: greatest order number acknowledged, plus one; 0: none
 * @in_flight: bytes of frames that are neither acknowledged nor lost
 * @waiting: how many they are
 * @loss_at: when the next frame is lost by time; UTCP_NEVER: none
 * @last_at: when the last frame that asks was sent, or the last probe timeout was
 * @sampled_at: when the first sample of the round trip was taken; 0: never
 * @threshold: the packet threshold
 * @ptos: probe timeouts in a row
 * @restarting: a handshake looks whether the peer has restarted
 * @rtt: the round trip
 * @rate: what arrives
 * @cong: the window
 * @spaces: the last associations, the current one first
 *
 * utcp_recovery_init() makes it, utcp_recovery_free() frees the ring. Lives in its
 * owner, whose lock serialises all calls; nothing sleeps.
 */
struct utcp_recovery {
	const struct utcp_recovery_ops *ops;
	struct utcp_sent *ring;
	u32 room;
	u64 first;
	u64 next;
	u64 acked_end;
	u32 in_flight;
	u32 waiting;
	u64 loss_at;
	u64 last_at;
	u64 sampled_at;
	u32 threshold;
	u32 ptos;
	bool restarting;
	struct utcp_rtt rtt;
	struct utcp_rate rate;
	struct utcp_cong cong;
	struct utcp_sent_space spaces[UTCP_SENT_SPACES];
};

/**
 * enum utcp_recovery_event - what a timer that ran out has meant
 * @UTCP_RECOVERY_NONE: it was early
 * @UTCP_RECOVERY_LOSS: frames are lost, and were told
 * @UTCP_RECOVERY_PROBE: probe timeout: a frame is to be sent, window or not
 */
enum utcp_recovery_event {
	UTCP_RECOVERY_NONE,
	UTCP_RECOVERY_LOSS,
	UTCP_RECOVERY_PROBE,
};

void utcp_recovery_init(struct utcp_recovery *rec,
			const struct utcp_recovery_ops *ops,
			const struct utcp_cong_ops *cong, u32 frame);
void utcp_recovery_free(struct utcp_recovery *rec);
void utcp_recovery_space(struct utcp_recovery *rec, u32 serial);
void utcp_recovery_skip(struct utcp_recovery *rec, u64 counter);
struct utcp_sent *utcp_recovery_reserve(struct utcp_recovery *rec);
struct utcp_sent *utcp_recovery_reserved(struct utcp_recovery *rec);
void utcp_recovery_other(struct utcp_recovery *rec, u32 serial, u64 counter);
void utcp_recovery_sent(struct utcp_recovery *rec, u64 counter, u64 now,
			u16 len, bool asks);
int __must_check utcp_recovery_ack(struct utcp_recovery *rec, u32 serial,
				   const struct utcp_ack *ack, u64 now);
u64 utcp_recovery_timer(const struct utcp_recovery *rec);
enum utcp_recovery_event utcp_recovery_timeout(struct utcp_recovery *rec,
					       u64 now);
void utcp_recovery_handshake(struct utcp_recovery *rec, u64 took, u64 now);
void utcp_recovery_path(struct utcp_recovery *rec, u32 frame);

#endif /* _UTCP_RECOVERY_H */
