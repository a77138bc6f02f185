/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Associations: the fruits of handshakes: what frames are sealed and opened with.
 * A session has a current one, up to two previous ones, and those half-open, which
 * nobody has confirmed yet.
 */
#ifndef _UTCP_ASSOC_H
#define _UTCP_ASSOC_H

#include <linux/list.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>

#include "handshake.h"
#include "index.h"
#include "keys.h"
#include "neigh.h"
#include "session.h"

struct utcp_chunk;
struct utcp_peer;
struct utcp_told;

/* Ages, in nanoseconds: new keys are due, for who began it and for the other, each
 * with a random part; nothing is sent, and nothing taken, under it any more.
 */
#define UTCP_REKEY_INITIATOR (110ULL * NSEC_PER_SEC)
#define UTCP_REKEY_INITIATOR_MORE (5 * NSEC_PER_SEC)
#define UTCP_REKEY_RESPONDER (116ULL * NSEC_PER_SEC)
#define UTCP_REKEY_RESPONDER_MORE (3 * NSEC_PER_SEC)
#define UTCP_SEND_TIME (170ULL * NSEC_PER_SEC)
#define UTCP_ASSOC_TIME (180ULL * NSEC_PER_SEC)
/* New keys are made only for who used the old ones in this time. */
#define UTCP_USED_TIME (110ULL * NSEC_PER_SEC)
/* A previous association is kept so long after its last frame. */
#define UTCP_PREVIOUS_TIME (10ULL * NSEC_PER_SEC)
/* And a half-open one until it is confirmed. */
#define UTCP_HALF_TIME (5ULL * NSEC_PER_SEC)

/**
 * struct utcp_secrets - what a handshake leaves
 * @send: of the own direction
 * @receive: of the other
 * @suite: that was selected
 * @remote: index by which the other wants to be addressed
 * @initiator: this end began
 * @born: when the initiation, or the response, was sent
 */
struct utcp_secrets {
	u8 send[UTCP_KEY_LEN];
	u8 receive[UTCP_KEY_LEN];
	u8 suite;
	u32 remote;
	bool initiator;
	u64 born;
};

/**
 * struct utcp_half - an association that the initiator has not confirmed yet
 * @ix: its index
 * @node: in its peer's list; under the peer's lock
 * @peer: whose it is; valid as long as the index is in the table, and under RCU
 *	after that
 * @ready: it has secrets; until then no frame may be opened with them
 * @gone: it is out of the list; under the peer's lock
 * @secrets: of the handshake
 * @rs: the initiator's public key
 * @re: his ephemeral one, by which a copy is known
 * @mtu: what he takes
 * @boot: his boot id
 * @time: of the initiation
 * @path: on which it came
 * @rcu: for freeing
 */
struct utcp_half {
	struct utcp_index ix;
	struct list_head node;
	struct utcp_peer *peer;
	bool ready;
	bool gone;
	struct utcp_secrets secrets;
	u8 rs[UTCP_KEY_LEN];
	u8 re[UTCP_KEY_LEN];
	u16 mtu;
	u8 boot[UTCP_BOOT_LEN];
	u64 time;
	struct utcp_path path;
	struct rcu_head rcu;
};

/**
 * struct utcp_assoc - an association
 * @ix: its index
 * @peer: as in struct utcp_half
 * @remote: the other's index
 * @initiator: this end began
 * @told: what ports were told about its frames; NULL: none wants to know. Under
 *	event_lock of the peer
 * @born: see struct utcp_secrets
 * @rekey_at: when new keys are due
 * @retired: when it ceased to be current; 0: it is. Under the peer's lock
 * @used: when a frame was sent or received under it; any CPU may write it, and the
 *	last of them wins
 * @heard: when a frame was received, or it was made; as @used
 * @tx_lock: protects @tx to @skip_at. Bottom halves off
 * @tx: sealing
 * @tx_frames: sent
 * @tx_bytes: their bytes
 * @skipped: the last counter that was skipped; U64_MAX: none was
 * @skip_at: the next one that will be
 * @rx_lock: protects @rx to @rx_bytes. Bottom halves off
 * @rx: opening
 * @rx_frames: of those whose tag was right
 * @rx_bytes: their bytes
 * @rcu: for freeing
 *
 * Dies by utcp_assoc_free(); whoever found it under RCU may use it until then, and
 * its keys are wiped after that.
 */
struct utcp_assoc {
	struct utcp_index ix;
	struct utcp_peer *peer;
	struct utcp_told *told;
	u32 remote;
	bool initiator;
	u64 born;
	u64 rekey_at;
	u64 retired;
	u64 used;
	u64 heard;
	spinlock_t tx_lock; /* protects tx to skip_at */
	struct utcp_sender tx;
	u64 tx_frames;
	u64 tx_bytes;
	u64 skipped;
	u64 skip_at;
	spinlock_t rx_lock; /* protects rx to rx_bytes */
	struct utcp_receiver rx;
	u64 rx_frames;
	u64 rx_bytes;
	struct rcu_head rcu;
};

/**
 * struct utcp_opened - what became of a frame that was opened
 * @counter: its counter
 * @greatest: it is the greatest of the association
 * @next: and the one after the greatest before
 */
struct utcp_opened {
	u64 counter;
	bool greatest;
	bool next;
};

struct utcp_assoc *utcp_assoc_new(struct utcp_peer *peer,
				  const struct utcp_secrets *secrets,
				  gfp_t gfp);
void utcp_assoc_free(struct utcp_assoc *assoc);
void utcp_half_free(struct utcp_half *half);

bool utcp_assoc_may_send(const struct utcp_assoc *assoc, u64 now);
int utcp_assoc_seal(struct utcp_assoc *assoc, struct sk_buff *skb, u64 now,
		    struct utcp_session_sent *sent);
struct sk_buff *utcp_assoc_own(struct sk_buff *skb, size_t len);
unsigned int utcp_assoc_open(struct utcp_assoc *assoc, struct sk_buff **skb,
			     size_t len, u64 now, struct utcp_opened *opened);
unsigned int utcp_half_open(const struct utcp_half *half, struct sk_buff **skb,
			    size_t len);
unsigned int utcp_assoc_took(struct utcp_assoc *assoc, u64 counter, size_t len,
			     u64 now, struct utcp_opened *opened);

bool utcp_assoc_ack_ok(struct utcp_assoc *assoc, const struct utcp_chunk *ack);
bool utcp_ack_has(const struct utcp_chunk *ack, u64 counter);

#endif /* _UTCP_ASSOC_H */
