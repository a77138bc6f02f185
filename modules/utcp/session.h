/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sessions, as connections see them: peers are found, held and wanted; frames of
 * chunks are sent to them under the keys of the day; what they send comes in
 * verified; and what happens to the session is told.
 *
 * A peer (struct utcp_peer, see peer.h) stands for a pair of one's own cell and
 * another's CellID. It is there before its session is, and while none is. Who
 * holds a reference may keep it in an object; who *uses* it (has a connection with
 * it) keeps its session from being dropped as idle or to make room.
 *
 * Nobody waits here. utcp_session_want() says that somebody would like to send;
 * what comes of it is told by the event hook, once for all who want.
 */
#ifndef _UTCP_SESSION_H
#define _UTCP_SESSION_H

#include <linux/if_ether.h>
#include <linux/skbuff.h>
#include <linux/types.h>
#include <linux/uidgid.h>

#include "crypto.h"

struct net;
struct utcp_cell;
struct utcp_chunks;
struct utcp_peer;

/* A data frame in front of its plaintext, and behind it. */
#define UTCP_DATA_HDR_LEN 18
#define UTCP_DATA_OVERHEAD (UTCP_DATA_HDR_LEN + UTCP_TAG_LEN)
/* The least size of a frame that every path has; see "Path MTU". */
#define UTCP_MTU_BASE 1280

/**
 * enum utcp_session_event - what happened to a session
 * @UTCP_SESSION_UP: there was no association under which one may send, and there
 *	is one now
 * @UTCP_SESSION_REKEYED: the current association is another one. Frames of the
 *	one before are still taken
 * @UTCP_SESSION_RESTARTED: the peer's boot id has changed: all connections of the
 *	old session are to be reset (ECONNRESET), serial numbers and their windows
 *	begin anew. Comes before the UP or REKEYED of the same handshake
 * @UTCP_SESSION_MOVED: the path has changed: round-trip estimate, congestion
 *	window and path MTU begin anew
 * @UTCP_SESSION_MTU: the greatest size that the path may have has changed
 * @UTCP_SESSION_CLOSED: the session is over; err says how its connections end
 *	(0: there are none, for nothing was said for long; who has just begun to open
 *	one may want the next session). Nothing can be sent, and the peer must be let go of
 * @UTCP_SESSION_UNREACHABLE: nobody answers (EHOSTUNREACH: it was not found;
 *	ETIMEDOUT: it was known and is silent). Whoever waits gets err; the peer
 *	stays, and may be wanted again
 */
enum utcp_session_event {
	UTCP_SESSION_UP,
	UTCP_SESSION_REKEYED,
	UTCP_SESSION_RESTARTED,
	UTCP_SESSION_MOVED,
	UTCP_SESSION_MTU,
	UTCP_SESSION_CLOSED,
	UTCP_SESSION_UNREACHABLE,
};

/**
 * struct utcp_session_rx - a frame whose tag was right and whose counter is new
 * @peer: from whom; valid for the call
 * @index: receiver index of the frame, for ACKs
 * @counter: its packet number
 * @lane: its lane: 0, as it is left; frames of others do not come so far
 * @next: its counter is the one after the greatest so far
 * @when: ktime_get_boottime_ns() of its arrival
 * @chunks: what is in it
 * @plain: the row of chunks, all of them well formed
 * @len: their bytes
 * @skb: where they are: its data are @plain. Valid for the call; nobody keeps it
 */
struct utcp_session_rx {
	struct utcp_peer *peer;
	u32 index;
	u64 counter;
	u16 lane;
	bool next;
	u64 when;
	const struct utcp_chunks *chunks;
	const u8 *plain;
	size_t len;
	struct sk_buff *skb;
};

/**
 * struct utcp_session_ops - the connections' side
 * @rx: a frame came: every one that was verified, so that acknowledging is
 *	theirs, of PINGs too. The session has acted on PATH_CHALLENGE,
 *	PATH_RESPONSE and CLOSE before, and has looked at ACKs whether they lie and
 *	for its own PINGs; @rx skips the first three. Returns 0; -ENOMEM, and the
 *	frame is dropped as if it had not come; -ESHUTDOWN: the session has ended
 *	in the meantime; or -EPROTO, and the session is ended with CLOSE, code 2.
 *	Softirq, under RCU; no lock of the session is held
 * @event: see enum utcp_session_event. Softirq or process; under the peer's
 *	event_lock, so calls for one peer follow each other, and no other lock
 *
 * One for the module; set before the first namespace has peers.
 */
struct utcp_session_ops {
	int (*rx)(const struct utcp_session_rx *rx);
	void (*event)(struct utcp_peer *peer, enum utcp_session_event event,
		      int err);
};

void utcp_session_set_ops(const struct utcp_session_ops *ops);

/* --- peers ------------------------------------------------------------------- */

struct utcp_peer *utcp_peer_find(struct net *net, const u8 *cell, const u8 *id);
struct utcp_peer *utcp_peer_want(struct net *net, struct utcp_cell *cell,
				 const u8 *id, kuid_t uid);
void utcp_peer_put(struct utcp_peer *peer);
bool __must_check utcp_peer_hold(struct utcp_peer *peer);

int utcp_session_use(struct utcp_peer *peer, bool called);
void utcp_session_unuse(struct utcp_peer *peer);

const u8 *utcp_peer_id(const struct utcp_peer *peer);
struct utcp_cell *utcp_peer_cell(const struct utcp_peer *peer);
bool utcp_peer_public_key(struct utcp_peer *peer, u8 key[UTCP_KEY_LEN]);

/* --- sending ------------------------------------------------------------------ */

/**
 * struct utcp_session_sent - what became of a frame that was sent
 * @index: receiver index in it, which an ACK for it names
 * @counter: its packet number
 * @when: ktime_get_boottime_ns() of its leaving
 */
struct utcp_session_sent {
	u32 index;
	u64 counter;
	u64 when;
};

bool utcp_session_has(const struct utcp_peer *peer, u32 index);
bool utcp_session_sends(const struct utcp_peer *peer, u32 index);
bool utcp_session_ready(struct utcp_peer *peer, u64 now);
int utcp_session_want(struct utcp_peer *peer, kuid_t uid);
unsigned int utcp_session_mtu(struct utcp_peer *peer);
struct sk_buff *utcp_session_alloc(struct utcp_peer *peer, unsigned int len,
				   gfp_t gfp);
int utcp_session_send(struct utcp_peer *peer, struct sk_buff *skb,
		      struct utcp_session_sent *sent);
int utcp_session_ping(struct utcp_peer *peer);
void utcp_session_suspect(struct utcp_peer *peer);
void utcp_session_protocol_error(struct utcp_peer *peer);

#endif /* _UTCP_SESSION_H */
