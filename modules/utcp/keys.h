/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transport keys: what a lane of an association encrypts and decrypts with, the
 * counters that are its nonces, and when either is at its end. See "Transport
 * keys" in Documentation/networking/utcp.rst.
 *
 * Nothing here locks: calls for one sender, or for one receiver, follow each
 * other, and a key that was handed out is used before the next call. Nothing
 * sleeps or allocates.
 */
#ifndef _UTCP_KEYS_H
#define _UTCP_KEYS_H

#include <linux/bits.h>
#include <linux/types.h>

#include "crypto.h"
#include "replay.h"

/**
 * enum utcp_suite - ciphers of the data
 * @UTCP_SUITE_CHACHA20_POLY1305: RFC 8439; always there
 * @UTCP_SUITE_AES_256_GCM: where both ends have it in hardware
 */
enum utcp_suite {
	UTCP_SUITE_CHACHA20_POLY1305 = 1,
	UTCP_SUITE_AES_256_GCM = 2,
};

/* Bytes of a nonce. */
#define UTCP_NONCE_LEN 12

/* Frames sealed with one key: RFC 9001, 6.6, the confidentiality limit. AES-GCM's
 * is 2^23; ChaCha20-Poly1305's is beyond what counters count.
 */
#define UTCP_CHACHA_EPOCH_SHIFT 60
#define UTCP_GCM_EPOCH_SHIFT 23
/* Frames that one key failed to open, then it must not be used any more: RFC 9001,
 * 6.6, the integrity limit.
 */
#define UTCP_CHACHA_FORGERIES BIT_ULL(36)
#define UTCP_GCM_FORGERIES BIT_ULL(52)
/* Counters of a lane: of one epoch; of as many as are numbered by 32 bits. */
#define UTCP_CHACHA_COUNTERS BIT_ULL(60)
#define UTCP_GCM_COUNTERS BIT_ULL(55)

void utcp_lane_key(u8 key[UTCP_KEY_LEN], const u8 secret[UTCP_KEY_LEN],
		   u16 lane, enum utcp_suite suite, u32 epoch);
void utcp_nonce(u8 nonce[UTCP_NONCE_LEN], enum utcp_suite suite, u64 counter);

/**
 * struct utcp_sender - the sending side of a lane
 * @secret: of the direction, from the handshake
 * @key: of the epoch of @next, or of the one before
 * @next: the counter that is taken next
 * @epoch: which one @key is of
 * @lane: the lane
 * @suite: the cipher
 *
 * Dies by utcp_sender_wipe(), after which it has no counters.
 */
struct utcp_sender {
	u8 secret[UTCP_KEY_LEN];
	u8 key[UTCP_KEY_LEN];
	u64 next;
	u32 epoch;
	u16 lane;
	enum utcp_suite suite;
};

void utcp_sender_init(struct utcp_sender *sender, const u8 secret[UTCP_KEY_LEN],
		      u16 lane, enum utcp_suite suite);
const u8 *utcp_sender_take(struct utcp_sender *sender, u64 *counter);
void utcp_sender_wipe(struct utcp_sender *sender);

/* The epochs of which a receiver has the keys: the one before, the one of the
 * greatest counter, the one after.
 */
#define UTCP_RECEIVER_KEYS 3

/**
 * struct utcp_receiver - the receiving side of a lane
 * @secret: of the direction, from the handshake
 * @key: by the epoch's remainder
 * @forged: frames that the key of the same place failed to open
 * @epoch: of the greatest counter of a frame whose tag was right
 * @lane: the lane
 * @suite: the cipher
 * @replay: which counters were seen
 *
 * Dies by utcp_receiver_wipe(), after which it takes no frame.
 */
struct utcp_receiver {
	u8 secret[UTCP_KEY_LEN];
	u8 key[UTCP_RECEIVER_KEYS][UTCP_KEY_LEN];
	u64 forged[UTCP_RECEIVER_KEYS];
	u32 epoch;
	u16 lane;
	enum utcp_suite suite;
	struct utcp_replay replay;
};

void utcp_receiver_init(struct utcp_receiver *receiver,
			const u8 secret[UTCP_KEY_LEN], u16 lane,
			enum utcp_suite suite);
int __must_check utcp_receiver_key(const struct utcp_receiver *receiver,
				   u64 counter, const u8 **key);
int __must_check utcp_receiver_good(struct utcp_receiver *receiver,
				    u64 counter);
bool __must_check utcp_receiver_bad(struct utcp_receiver *receiver,
				    u64 counter);
void utcp_receiver_wipe(struct utcp_receiver *receiver);

#endif /* _UTCP_KEYS_H */
