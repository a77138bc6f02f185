/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Peers: other cells, as one's own cells deal with them: where they are (neigh.h),
 * the handshakes under way with them (initiate.h, respond.h), and their session
 * (assoc.h).
 */
#ifndef _UTCP_PEER_H
#define _UTCP_PEER_H

#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "handshake.h"
#include "neigh.h"
#include "path.h"
#include "session.h"
#include "utcp.h"

struct utcp_assoc;
struct utcp_carrier;

/* Previous associations of a session, and half-open ones of a peer. */
#define UTCP_PREVIOUS 2
#define UTCP_HALF_OF_PEER 3

/* How long somebody is taken to wait who said so, and does not say it again. */
#define UTCP_WANT_TIME (20ULL * NSEC_PER_SEC)
/* A session that nothing was said in for so long is dropped, or can be to make
 * room.
 */
#define UTCP_IDLE_TIME (600ULL * NSEC_PER_SEC)
#define UTCP_ROOM_IDLE (10ULL * NSEC_PER_SEC)
/* After a CLOSE for a breach of the protocol, no handshake is begun for this. */
#define UTCP_SULK_TIME (10ULL * NSEC_PER_SEC)

/**
 * struct utcp_peer_key - key of the table of peers
 * @cell: CellID of the own cell
 * @id: CellID of the peer
 */
struct utcp_peer_key {
	u8 cell[UTCP_ID_BYTES];
	u8 id[UTCP_ID_BYTES];
};

/**
 * struct utcp_ping - a sign of life that was asked for
 * @out: one was, and has not come
 * @index: receiver index of the frame
 * @counter: its counter
 * @sent: when it was sent
 * @due: when it is taken for lost
 * @lost: how many were, in a row
 * @since: when the first of these was sent
 */
struct utcp_ping {
	bool out;
	u32 index;
	u64 counter;
	u64 sent;
	u64 due;
	unsigned int lost;
	u64 since;
};

/**
 * struct utcp_peer - another's cell, as one of the own cells deals with it
 * @node: in the table of peers
 * @key: both CellIDs; does not change
 * @link: in the list of peers; under peer_lock of the namespace
 * @serial: the how manieth peer of its namespace it is, from 1; for dumps
 * @path_node: in the table of paths; under lock of the namespace
 * @reserve_at: when the reserve paid for an initiation on its path last; whichever
 *	CPU is first
 * @un: state of the namespace, which is there until the peer is dead
 * @cell: the own cell, held
 * @refs: one for the table, one for work that is queued or runs, and what others
 *	hold
 * @rcu: for freeing
 * @event_lock: taken while others are told of what happened, so that they hear of
 *	it in order. Outside of @lock. Bottom halves off
 * @lock: protects everything below, but for what is said otherwise. Bottom halves off
 * @path_seq: for reading @neigh.path without @lock
 * @dead: it is in no table any more, or about to be taken out, and never comes back
 * @counted: it has a place among those that the limit counts; under peer_lock of the
 *	namespace
 * @configured: an administrator added it; as @counted
 * @has_key: @public_key is known
 * @sure: from an administrator, or a handshake; else from an i-have, and it goes
 *	with the candidates
 * @session: there was an association, and what it was for has not ended: no call is taken
 *	without
 * @restart: a new handshake was asked for
 * @evicted: its place was given to another: it ends
 * @public_key: of the peer
 * @boot: own boot id towards it
 * @record: what was seen of its handshakes
 * @offer_time: time of the last own initiation
 * @answer_at: when a handshake was begun last because of a doubtful initiation
 * @answer_path: where that came from
 * @neigh: where it is
 * @move: where it may be about to move to
 * @move_todo: what of enum utcp_move_todo is left for @work
 * @handshakes: struct utcp_handshake; changed by @work only, under @lock
 * @cookie: the last one that it gave
 * @cookie_path: for which path
 * @current_assoc: under which frames are sent. Written under @lock, read under RCU
 * @previous: under which they are taken, too; as @current_assoc
 * @half: half-open associations, oldest first
 * @n_half: how many
 * @uid: who searches for it; as @counted
 * @searching: it counts as one of the searches of its namespace; as @counted
 * @ask_from: device on which the next who-has is sent first; of the worker
 * @seek_from: and the next initiation to nobody in particular
 * @policies: utcp_policy_changes() when a search for it failed last
 * @classes: shaper classes that the ports of its path have named for what is sent to
 *	it, by the direction that it passes them; 0: none. Written by who asks the ports,
 *	read without @lock
 * @want_until: until then somebody waits for it
 * @users: connections with it
 * @sulk_until: until then no handshake is begun
 * @active: when something was sent or received last; any CPU
 * @kicked: when @work was told last that keys are old; any CPU
 * @heard: when a frame came last whose tag was right; 0: never; any CPU
 * @mtu: the longest frame that it takes; under @event_lock
 * @srtt: smoothed round trip, in nanoseconds; 0: unknown
 * @rttvar: its variation
 * @rtt: last round trip
 * @ping: the sign of life that is waited for
 * @ask_at: when the policies are asked about it again; 0: not by the clock. Any CPU
 * @refused: how often a policy has refused something with it; any CPU
 * @refused_at: when listeners were told of that last; whichever CPU is first
 * @n_handshakes: how many were confirmed
 * @rx_frames: frames of associations that are gone
 * @rx_bytes: their bytes
 * @tx_frames: as @rx_frames, of those sent
 * @tx_bytes: as @rx_bytes
 * @carrier: its connections, see carry.h; NULL until there is something of any. Set
 *	once
 * @inbox: responses, for @work
 * @work: whatever is due by the clock, or costs more than softirqs should
 *
 * Ways to die: nobody wants it and nothing is known of it, which @work finds; by
 * netlink; with its cell; with the namespace or the module. The last reference
 * frees it after a grace period.
 */
struct utcp_peer {
	struct rhash_head node;
	struct utcp_peer_key key;
	struct list_head link;
	u64 serial;
	struct hlist_node path_node;
	u64 reserve_at;
	struct utcp_net *un;
	struct utcp_cell *cell;
	refcount_t refs;
	struct rcu_head rcu;
	spinlock_t event_lock; /* orders what others are told */
	spinlock_t lock; /* protects what follows */
	seqcount_spinlock_t path_seq;
	bool dead;
	bool counted;
	bool configured;
	bool has_key;
	bool sure;
	bool session;
	bool restart;
	bool searching;
	u32 ask_from;
	u32 seek_from;
	u32 policies;
	bool evicted;
	u8 public_key[UTCP_KEY_LEN];
	u8 boot[UTCP_BOOT_LEN];
	struct utcp_record record;
	u64 offer_time;
	u64 answer_at;
	struct utcp_path answer_path;
	struct utcp_neigh neigh;
	struct utcp_move move;
	unsigned int move_todo;
	struct list_head handshakes;
	struct utcp_cookie cookie;
	struct utcp_path cookie_path;
	struct utcp_assoc __rcu *current_assoc;
	struct utcp_assoc __rcu *previous[UTCP_PREVIOUS];
	struct list_head half;
	unsigned int n_half;
	kuid_t uid;
	u32 classes[UTCP_WAY_PORTS];
	u64 want_until;
	unsigned int users;
	u64 sulk_until;
	u64 active;
	u64 kicked;
	u64 heard;
	u16 mtu;
	u64 srtt;
	u64 rttvar;
	u64 rtt;
	struct utcp_ping ping;
	struct utcp_carrier *carrier;
	u64 ask_at;
	atomic64_t refused;
	u64 refused_at;
	u64 n_handshakes;
	u64 rx_frames;
	u64 rx_bytes;
	u64 tx_frames;
	u64 tx_bytes;
	struct sk_buff_head inbox;
	struct delayed_work work;
};

int utcp_peers_init(struct utcp_net *un);
void utcp_peers_exit(struct utcp_net *un);

struct utcp_peer *utcp_peer_lookup(struct utcp_net *un, const u8 *cell,
				   const u8 *id);
struct utcp_peer *utcp_peer_make(struct utcp_net *un, struct utcp_cell *cell,
				 const u8 *id, gfp_t gfp);
void utcp_peer_kick(struct utcp_peer *peer);
void utcp_peer_remove(struct utcp_peer *peer, u32 code);
int utcp_peer_count(struct utcp_peer *peer, const struct utcp_path *path);

void utcp_peers_end_cell(struct utcp_net *un, struct utcp_cell *cell,
			 bool gone);
bool utcp_peers_reserve(struct utcp_net *un, const struct utcp_cell *cell,
			const struct utcp_path *path, u64 pause);
void utcp_peers_link_mtu(struct utcp_net *un, u32 ifindex);
bool utcp_peers_ask_again(struct utcp_net *un, u32 ifindex);

bool utcp_peer_wanted(const struct utcp_peer *peer, u64 now);
void utcp_peer_turned(const struct utcp_peer *peer, u32 before);
void utcp_peer_set_path(struct utcp_peer *peer, const struct utcp_path *path);
int utcp_peer_add(struct utcp_net *un, struct utcp_cell *cell,
		  const u8 *public_key, struct utcp_peer **peerp);
void utcp_peer_restart(struct utcp_peer *peer);
void utcp_peer_path(const struct utcp_peer *peer, struct utcp_path *path);
u64 utcp_peer_pto(const struct utcp_peer *peer);

/* session.c */
void utcp_session_tell(struct utcp_peer *peer, enum utcp_session_event event,
		       int err);

/* peer_nl.c */
void utcp_nl_peer_mute(void);
void utcp_nl_peer_notify(struct utcp_peer *peer, u8 cmd, u32 change);

#endif /* _UTCP_PEER_H */
