/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Discovery: the frames who-has and i-have, and what one remembers of those that
 * one sent and answered. See "Discovery" in Documentation/networking/utcp.rst.
 *
 * Nothing here locks, sleeps or allocates: what is written to is its caller's
 * alone for the length of a call. All times are nanoseconds of one clock that does
 * not go back.
 */
#ifndef _UTCP_DISCOVER_H
#define _UTCP_DISCOVER_H

#include <linux/types.h>

#include "crypto.h"
#include "frame.h"
#include "neigh.h"

#define UTCP_SALT_BYTES 16

/* How long a who-has is good for, and how long its nonce is not answered again. */
#define UTCP_ASKED_TIME (2ULL * NSEC_PER_SEC)
#define UTCP_ANSWERED_TIME (10ULL * NSEC_PER_SEC)
/* How many nonces are remembered, of either. */
#define UTCP_NONCES 1024

/**
 * struct utcp_disc_keys - what follows from a realm
 * @target: key of a who-has' target
 * @have: from which the keys follow that seal an i-have
 *
 * As secret as the realm.
 */
struct utcp_disc_keys {
	u8 target[UTCP_HASH_LEN];
	u8 have[UTCP_HASH_LEN];
};

void utcp_disc_keys_init(struct utcp_disc_keys *keys,
			 const u8 realm[UTCP_KEY_LEN]);

void utcp_who_has(u8 frame[UTCP_DISCOVERY_LEN],
		  const struct utcp_disc_keys *keys,
		  const u8 nonce[UTCP_NONCE_BYTES], const u8 *id);
bool __must_check utcp_who_has_is(const u8 frame[UTCP_DISCOVERY_LEN],
				  const struct utcp_disc_keys *keys,
				  const u8 *id);
void utcp_i_have(u8 frame[UTCP_DISCOVERY_LEN],
		 const u8 question[UTCP_DISCOVERY_LEN],
		 const struct utcp_disc_keys *keys, const u8 *id,
		 const u8 salt[UTCP_SALT_BYTES], const u8 public[UTCP_KEY_LEN]);
bool __must_check utcp_i_have_open(u8 public[UTCP_KEY_LEN],
				   const u8 frame[UTCP_DISCOVERY_LEN],
				   const u8 question[UTCP_DISCOVERY_LEN],
				   const struct utcp_disc_keys *keys,
				   const u8 *id);

/**
 * struct utcp_asked - a who-has that was sent
 * @nonce: its nonce
 * @when: when; 0: never
 * @cell: CellID of who asks
 * @id: CellID that was asked for
 * @ifindex: on which device
 * @vlan: on which VLAN there
 */
struct utcp_asked {
	u8 nonce[UTCP_NONCE_BYTES];
	u64 when;
	u8 cell[UTCP_ID_BYTES];
	u8 id[UTCP_ID_BYTES];
	u32 ifindex;
	u16 vlan;
};

/**
 * struct utcp_nonces - nonces that were asked with, and that were answered
 * @asked: each in the place that its first bytes say; whoever asks draws one whose
 *	place is free, so that an answer is found in one step
 * @answered: those of others, oldest first from @oldest, each with the place of the
 *	next older one with the same hash, + 1
 * @first: the place of the youngest with that hash, + 1; 0: none
 * @key: random, of the hash: others choose their nonces, and shall not choose which of
 *	them are looked through
 * @oldest: the place of the oldest
 * @n: how many there are
 *
 * Zeros but for @key are empty. Dies with its memory; what @key is tells nobody
 * anything.
 */
struct utcp_nonces {
	struct utcp_asked asked[UTCP_NONCES];
	struct {
		u8 nonce[UTCP_NONCE_BYTES];
		u64 when;
		u16 older;
	} answered[UTCP_NONCES];
	u16 first[UTCP_NONCES];
	u64 key[2];
	u16 oldest;
	u16 n;
};

struct utcp_asked *utcp_nonces_ask(struct utcp_nonces *nonces, u64 now);
const struct utcp_asked *utcp_nonces_find(const struct utcp_nonces *nonces,
					  const u8 nonce[UTCP_NONCE_BYTES],
					  u64 now);
bool __must_check utcp_nonces_answered(struct utcp_nonces *nonces,
				       const u8 nonce[UTCP_NONCE_BYTES],
				       u64 now);
bool __must_check utcp_nonces_answer(struct utcp_nonces *nonces,
				     const u8 nonce[UTCP_NONCE_BYTES], u64 now);

#endif /* _UTCP_DISCOVER_H */
