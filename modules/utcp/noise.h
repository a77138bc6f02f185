/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The handshake Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s of the Noise Protocol
 * Framework, revision 34:
 *
 *	<- s
 *	...
 *	-> e, es, s, ss		message 1
 *	<- e, ee, se, psk	message 2
 *
 * Generic over prologue and payloads; what UTCP/1 puts there is not known here.
 *
 *	initiator			responder
 *	utcp_noise_initiate()		utcp_noise_respond()
 *	utcp_noise_write_1()  ------->	utcp_noise_read_1_static()
 *					utcp_noise_read_1_payload()
 *	utcp_noise_read_2()   <-------	utcp_noise_write_2()
 *	utcp_noise_split()		utcp_noise_split()
 *
 * Whatever fails wipes the state that it was given, and a wiped state fails in
 * every function, as one does whose turn it is not.
 *
 * Nothing here locks: a state is its caller's alone for the length of a call.
 * Nothing sleeps or allocates, but each step costs up to two multiplications on
 * the curve, which is much for a softirq.
 */
#ifndef _UTCP_NOISE_H
#define _UTCP_NOISE_H

#include "crypto.h"

/* Bytes of a message with a payload of so many. */
#define UTCP_NOISE_1_LEN(payload) \
	(UTCP_KEY_LEN + UTCP_KEY_LEN + UTCP_TAG_LEN + (payload) + UTCP_TAG_LEN)
#define UTCP_NOISE_2_LEN(payload) (UTCP_KEY_LEN + (payload) + UTCP_TAG_LEN)

/**
 * enum utcp_noise_turn - what may be done with a state
 * @UTCP_NOISE_DEAD: nothing: it is wiped, or was never begun
 * @UTCP_NOISE_WRITE_1: an initiator may write message 1
 * @UTCP_NOISE_READ_2: and read message 2
 * @UTCP_NOISE_READ_1_STATIC: a responder may read who writes
 * @UTCP_NOISE_READ_1_PAYLOAD: and then the rest of message 1
 * @UTCP_NOISE_WRITE_2: and write message 2
 * @UTCP_NOISE_INITIATED: an initiator is through
 * @UTCP_NOISE_RESPONDED: a responder is through
 */
enum utcp_noise_turn {
	UTCP_NOISE_DEAD,
	UTCP_NOISE_WRITE_1,
	UTCP_NOISE_READ_2,
	UTCP_NOISE_READ_1_STATIC,
	UTCP_NOISE_READ_1_PAYLOAD,
	UTCP_NOISE_WRITE_2,
	UTCP_NOISE_INITIATED,
	UTCP_NOISE_RESPONDED,
};

/**
 * struct utcp_noise_static - somebody's own keys
 * @private: the private key
 * @public: the public key to it
 */
struct utcp_noise_static {
	u8 private[UTCP_KEY_LEN];
	u8 public[UTCP_KEY_LEN];
};

/**
 * struct utcp_noise - a handshake that goes on
 * @turn: what comes next
 * @ck: the chaining key
 * @h: the hash of all that was said
 * @psk: the pre-shared key
 * @s: one's own static keys
 * @e: one's own ephemeral private key, once message 1 is written
 * @rs: the other's static public key; a responder has it after
 *	utcp_noise_read_1_static()
 * @re: the other's ephemeral public key, once read
 *
 * No keys of the AEAD: each of Noise's seals one text only, and is gone by the
 * end of the function that derived it.
 *
 * About 300 bytes: several of them are too much for a stack. Holds copies, so
 * that nothing else need outlive it. Dies by utcp_noise_wipe(),
 * utcp_noise_split() or a failure; its memory is the caller's.
 */
struct utcp_noise {
	enum utcp_noise_turn turn;
	u8 ck[UTCP_HASH_LEN];
	u8 h[UTCP_HASH_LEN];
	u8 psk[UTCP_KEY_LEN];
	struct utcp_noise_static s;
	u8 e[UTCP_KEY_LEN];
	u8 rs[UTCP_KEY_LEN];
	u8 re[UTCP_KEY_LEN];
};

void utcp_noise_initiate(struct utcp_noise *hs,
			 const struct utcp_noise_static *s,
			 const u8 rs[UTCP_KEY_LEN], const u8 psk[UTCP_KEY_LEN],
			 const void *prologue, size_t len);
void utcp_noise_respond(struct utcp_noise *hs,
			const struct utcp_noise_static *s,
			const u8 psk[UTCP_KEY_LEN], const void *prologue,
			size_t len);

int __must_check utcp_noise_write_1(struct utcp_noise *hs, u8 e[UTCP_KEY_LEN],
				    u8 *msg, size_t msg_len,
				    const void *payload, size_t len);
int __must_check utcp_noise_read_1_static(struct utcp_noise *hs, const u8 *msg,
					  size_t msg_len, size_t len);
int __must_check utcp_noise_read_1_payload(struct utcp_noise *hs, const u8 *msg,
					   size_t msg_len, void *payload,
					   size_t len);
int __must_check utcp_noise_write_2(struct utcp_noise *hs, u8 e[UTCP_KEY_LEN],
				    u8 *msg, size_t msg_len,
				    const void *payload, size_t len);
int __must_check utcp_noise_read_2(struct utcp_noise *hs,
				   const struct utcp_noise *waiting,
				   const u8 *msg, size_t msg_len, void *payload,
				   size_t len);
int __must_check utcp_noise_split(struct utcp_noise *hs, u8 send[UTCP_KEY_LEN],
				  u8 receive[UTCP_KEY_LEN],
				  u8 hash[UTCP_HASH_LEN]);
void utcp_noise_wipe(struct utcp_noise *hs);

#endif /* _UTCP_NOISE_H */
