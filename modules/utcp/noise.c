// SPDX-License-Identifier: GPL-2.0-only
/*
 * Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s. See noise.h for the order of calls and
 * what holds of all of them. "Noise 5.2" is a section of the Noise Protocol
 * Framework, revision 34.
 */
#include "noise.h"

#include <linux/errno.h>
#include <linux/string.h>

static const char protocol[] = "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s";

/* Where the parts of message 1 begin. */
#define STATIC_AT UTCP_KEY_LEN
#define STATIC_LEN (UTCP_KEY_LEN + UTCP_TAG_LEN)
#define PAYLOAD_AT (STATIC_AT + STATIC_LEN)

/* --- the symmetric state: Noise 5.2 ---------------------------------------- */

static void mix_hash(struct utcp_noise *hs, const void *data, size_t len)
{
	struct utcp_hash_state state;

	utcp_hash_init(&state);
	utcp_hash_update(&state, hs->h, sizeof(hs->h));
	utcp_hash_update(&state, data, len);
	utcp_hash_final(&state, hs->h);
}

/* @k: where the new key goes; NULL if nothing will be sealed with it. */
static void mix_key(struct utcp_noise *hs, u8 *k, const void *data, size_t len)
{
	utcp_hkdf(hs->ck, k, NULL, hs->ck, data, len);
}

static int mix_dh(struct utcp_noise *hs, u8 *k, const u8 private[UTCP_KEY_LEN],
		  const u8 public[UTCP_KEY_LEN])
{
	u8 secret[UTCP_HASH_LEN];

	if (!utcp_dh(secret, private, public))
		return -EKEYREJECTED;
	mix_key(hs, k, secret, sizeof(secret));
	memzero_explicit(secret, sizeof(secret));
	return 0;
}

/* The token "e" of either side; as a psk mode wants it, it is key material too
 * (Noise 9.2).
 */
static void mix_ephemeral(struct utcp_noise *hs, const u8 public[UTCP_KEY_LEN])
{
	mix_hash(hs, public, UTCP_KEY_LEN);
	mix_key(hs, NULL, public, UTCP_KEY_LEN);
}

/* The token "psk". */
static void mix_psk(struct utcp_noise *hs, u8 *k)
{
	u8 t[UTCP_HASH_LEN];

	utcp_hkdf(hs->ck, t, k, hs->ck, hs->psk, sizeof(hs->psk));
	mix_hash(hs, t, sizeof(t));
	memzero_explicit(t, sizeof(t));
}

static void encrypt_and_hash(struct utcp_noise *hs, u8 *dst, const void *src,
			     size_t len, const u8 k[UTCP_KEY_LEN])
{
	utcp_aead_encrypt(dst, src, len, hs->h, sizeof(hs->h), 0, k);
	mix_hash(hs, dst, len + UTCP_TAG_LEN);
}

/* @len: of text and tag. */
static int decrypt_and_hash(struct utcp_noise *hs, void *dst, const u8 *src,
			    size_t len, const u8 k[UTCP_KEY_LEN])
{
	if (!utcp_aead_decrypt(dst, src, len, hs->h, sizeof(hs->h), 0, k))
		return -EBADMSG;
	mix_hash(hs, src, len);
	return 0;
}

/* --- the handshake: Noise 5.3 ---------------------------------------------- */

static void begin(struct utcp_noise *hs, const struct utcp_noise_static *s,
		  const u8 psk[UTCP_KEY_LEN], const u8 responder[UTCP_KEY_LEN],
		  const void *prologue, size_t len)
{
	memset(hs, 0, sizeof(*hs));
	hs->s = *s;
	memcpy(hs->psk, psk, UTCP_KEY_LEN);
	/* Longer than a hash. */
	utcp_hash(hs->h, protocol, sizeof(protocol) - 1);
	memcpy(hs->ck, hs->h, sizeof(hs->ck));
	mix_hash(hs, prologue, len);
	mix_hash(hs, responder, UTCP_KEY_LEN);
}

/* Does what ends a call that failed. */
static int end(struct utcp_noise *hs, int ret)
{
	if (ret)
		utcp_noise_wipe(hs);
	return ret;
}

/**
 * utcp_noise_initiate() - begin a handshake with somebody
 * @hs: the handshake
 * @s: one's own keys
 * @rs: whose key the other has to prove
 * @psk: the pre-shared key
 * @prologue: what both must agree on beforehand
 * @len: how many bytes
 */
void utcp_noise_initiate(struct utcp_noise *hs,
			 const struct utcp_noise_static *s,
			 const u8 rs[UTCP_KEY_LEN], const u8 psk[UTCP_KEY_LEN],
			 const void *prologue, size_t len)
{
	begin(hs, s, psk, rs, prologue, len);
	memcpy(hs->rs, rs, UTCP_KEY_LEN);
	hs->turn = UTCP_NOISE_WRITE_1;
}

/**
 * utcp_noise_respond() - be ready for a handshake that somebody begins
 * @hs: the handshake
 * @s: one's own keys
 * @psk: the pre-shared key
 * @prologue: what both must agree on beforehand
 * @len: how many bytes
 */
void utcp_noise_respond(struct utcp_noise *hs,
			const struct utcp_noise_static *s,
			const u8 psk[UTCP_KEY_LEN], const void *prologue,
			size_t len)
{
	begin(hs, s, psk, s->public, prologue, len);
	hs->turn = UTCP_NOISE_READ_1_STATIC;
}

static int write_1(struct utcp_noise *hs, const u8 e[UTCP_KEY_LEN], u8 *msg,
		   const void *payload, size_t len, u8 k[UTCP_KEY_LEN])
{
	int ret;

	if (!utcp_public_key_of(msg, e))
		return -EKEYREJECTED;
	memcpy(hs->e, e, UTCP_KEY_LEN);
	mix_ephemeral(hs, msg);
	ret = mix_dh(hs, k, hs->e, hs->rs);
	if (ret)
		return ret;
	encrypt_and_hash(hs, msg + STATIC_AT, hs->s.public, UTCP_KEY_LEN, k);
	ret = mix_dh(hs, k, hs->s.private, hs->rs);
	if (ret)
		return ret;
	encrypt_and_hash(hs, msg + PAYLOAD_AT, payload, len, k);
	hs->turn = UTCP_NOISE_READ_2;
	return 0;
}

/**
 * utcp_noise_write_1() - an initiator writes message 1
 * @hs: the handshake
 * @e: an ephemeral private key from utcp_private_key_new(), used for nothing
 *	else. Taken: it is wiped, however this ends
 * @msg: where the message goes; zeros if there is none
 * @msg_len: room there: exactly UTCP_NOISE_1_LEN(@len)
 * @payload: what the other is told
 * @len: how many bytes
 *
 * Return: 0; -EINVAL: it is not the turn for this, or @msg_len is wrong;
 * -EKEYREJECTED: a key of the two is none that makes a secret.
 */
int utcp_noise_write_1(struct utcp_noise *hs, u8 e[UTCP_KEY_LEN], u8 *msg,
		       size_t msg_len, const void *payload, size_t len)
{
	u8 k[UTCP_KEY_LEN];
	int ret = -EINVAL;

	if (hs->turn == UTCP_NOISE_WRITE_1 && msg_len == UTCP_NOISE_1_LEN(len))
		ret = write_1(hs, e, msg, payload, len, k);
	memzero_explicit(k, sizeof(k));
	memzero_explicit(e, UTCP_KEY_LEN);
	if (ret)
		memset(msg, 0, msg_len);
	return end(hs, ret);
}

static int read_1_static(struct utcp_noise *hs, const u8 *msg,
			 u8 k[UTCP_KEY_LEN])
{
	int ret;

	memcpy(hs->re, msg, UTCP_KEY_LEN);
	mix_ephemeral(hs, hs->re);
	ret = mix_dh(hs, k, hs->s.private, hs->re);
	if (ret)
		return ret;
	ret = decrypt_and_hash(hs, hs->rs, msg + STATIC_AT, STATIC_LEN, k);
	if (ret)
		return ret;
	if (!utcp_public_key_ok(hs->rs))
		return -EKEYREJECTED;
	hs->turn = UTCP_NOISE_READ_1_PAYLOAD;
	return 0;
}

/**
 * utcp_noise_read_1_static() - a responder reads who writes
 * @hs: the handshake
 * @msg: message 1
 * @msg_len: its length: exactly UTCP_NOISE_1_LEN(@len)
 * @len: length of the payload that is expected
 *
 * Then hs->rs is who the sender says he is. Nothing proves it yet: it will do for
 * a reason to go no further, and for no other.
 *
 * Return: 0; -EINVAL: it is not the turn for this, or @msg_len is wrong;
 * -EKEYREJECTED: a key of the other is none that makes a secret; -EBADMSG: it is
 * not for this responder, or something in it was changed.
 */
int utcp_noise_read_1_static(struct utcp_noise *hs, const u8 *msg,
			     size_t msg_len, size_t len)
{
	u8 k[UTCP_KEY_LEN];
	int ret = -EINVAL;

	if (hs->turn == UTCP_NOISE_READ_1_STATIC &&
	    msg_len == UTCP_NOISE_1_LEN(len))
		ret = read_1_static(hs, msg, k);
	memzero_explicit(k, sizeof(k));
	return end(hs, ret);
}

static int read_1_payload(struct utcp_noise *hs, const u8 *msg, void *payload,
			  size_t len, u8 k[UTCP_KEY_LEN])
{
	int ret = mix_dh(hs, k, hs->s.private, hs->rs);

	if (ret)
		return ret;
	ret = decrypt_and_hash(hs, payload, msg + PAYLOAD_AT,
			       len + UTCP_TAG_LEN, k);
	if (ret)
		return ret;
	hs->turn = UTCP_NOISE_WRITE_2;
	return 0;
}

/**
 * utcp_noise_read_1_payload() - a responder reads the rest of message 1
 * @hs: the handshake
 * @msg: the same message as before
 * @msg_len: its length
 * @payload: where the payload goes; zeros if there is none
 * @len: its length
 *
 * Then the message was written by the owner of hs->rs; when, is not known: it may
 * be an old one.
 *
 * Return: as utcp_noise_read_1_static().
 */
int utcp_noise_read_1_payload(struct utcp_noise *hs, const u8 *msg,
			      size_t msg_len, void *payload, size_t len)
{
	u8 k[UTCP_KEY_LEN];
	int ret = -EINVAL;

	if (hs->turn == UTCP_NOISE_READ_1_PAYLOAD &&
	    msg_len == UTCP_NOISE_1_LEN(len))
		ret = read_1_payload(hs, msg, payload, len, k);
	memzero_explicit(k, sizeof(k));
	if (ret)
		memzero_explicit(payload, len);
	return end(hs, ret);
}

static int write_2(struct utcp_noise *hs, const u8 e[UTCP_KEY_LEN], u8 *msg,
		   const void *payload, size_t len, u8 k[UTCP_KEY_LEN])
{
	int ret;

	if (!utcp_public_key_of(msg, e))
		return -EKEYREJECTED;
	mix_ephemeral(hs, msg);
	ret = mix_dh(hs, NULL, e, hs->re);
	if (!ret)
		ret = mix_dh(hs, NULL, e, hs->rs);
	if (ret)
		return ret;
	mix_psk(hs, k);
	encrypt_and_hash(hs, msg + UTCP_KEY_LEN, payload, len, k);
	hs->turn = UTCP_NOISE_RESPONDED;
	return 0;
}

/**
 * utcp_noise_write_2() - a responder writes message 2
 * @hs: the handshake
 * @e: see utcp_noise_write_1()
 * @msg: where the message goes; zeros if there is none
 * @msg_len: room there: exactly UTCP_NOISE_2_LEN(@len)
 * @payload: what the other is told
 * @len: how many bytes
 *
 * Return: as utcp_noise_write_1().
 */
int utcp_noise_write_2(struct utcp_noise *hs, u8 e[UTCP_KEY_LEN], u8 *msg,
		       size_t msg_len, const void *payload, size_t len)
{
	u8 k[UTCP_KEY_LEN];
	int ret = -EINVAL;

	if (hs->turn == UTCP_NOISE_WRITE_2 && msg_len == UTCP_NOISE_2_LEN(len))
		ret = write_2(hs, e, msg, payload, len, k);
	memzero_explicit(k, sizeof(k));
	memzero_explicit(e, UTCP_KEY_LEN);
	if (ret)
		memset(msg, 0, msg_len);
	return end(hs, ret);
}

static int read_2(struct utcp_noise *hs, const u8 *msg, void *payload,
		  size_t len, u8 k[UTCP_KEY_LEN])
{
	int ret;

	memcpy(hs->re, msg, UTCP_KEY_LEN);
	mix_ephemeral(hs, hs->re);
	ret = mix_dh(hs, NULL, hs->e, hs->re);
	if (!ret)
		ret = mix_dh(hs, NULL, hs->s.private, hs->re);
	if (ret)
		return ret;
	mix_psk(hs, k);
	ret = decrypt_and_hash(hs, payload, msg + UTCP_KEY_LEN,
			       len + UTCP_TAG_LEN, k);
	if (ret)
		return ret;
	hs->turn = UTCP_NOISE_INITIATED;
	return 0;
}

/**
 * utcp_noise_read_2() - an initiator reads message 2
 * @hs: where the handshake goes on; whatever is there is lost
 * @waiting: the handshake as utcp_noise_write_1() left it. It stays as it is:
 *	a message that somebody made up must not end the wait for the right one.
 *	Wiping it is the caller's affair, who also looks whether it is still the
 *	same if it gave up a lock meanwhile
 * @msg: message 2
 * @msg_len: its length: exactly UTCP_NOISE_2_LEN(@len)
 * @payload: where the payload goes; zeros if there is none
 * @len: its length
 *
 * Return: as utcp_noise_read_1_static().
 */
int utcp_noise_read_2(struct utcp_noise *hs, const struct utcp_noise *waiting,
		      const u8 *msg, size_t msg_len, void *payload, size_t len)
{
	u8 k[UTCP_KEY_LEN];
	int ret = -EINVAL;

	*hs = *waiting;
	if (hs->turn == UTCP_NOISE_READ_2 && msg_len == UTCP_NOISE_2_LEN(len))
		ret = read_2(hs, msg, payload, len, k);
	memzero_explicit(k, sizeof(k));
	if (ret)
		memzero_explicit(payload, len);
	return end(hs, ret);
}

/**
 * utcp_noise_split() - end a handshake that is through
 * @hs: the handshake; wiped
 * @send: where the secret of one's own direction goes
 * @receive: the secret of the other's direction
 * @hash: where the hash of the handshake goes (Noise 11.2); NULL: nowhere
 *
 * Return: 0; -EINVAL: it is not through.
 */
int utcp_noise_split(struct utcp_noise *hs, u8 send[UTCP_KEY_LEN],
		     u8 receive[UTCP_KEY_LEN], u8 hash[UTCP_HASH_LEN])
{
	int ret = 0;

	if (hs->turn == UTCP_NOISE_INITIATED)
		utcp_hkdf(send, receive, NULL, hs->ck, NULL, 0);
	else if (hs->turn == UTCP_NOISE_RESPONDED)
		utcp_hkdf(receive, send, NULL, hs->ck, NULL, 0);
	else
		ret = -EINVAL;
	if (!ret && hash)
		memcpy(hash, hs->h, UTCP_HASH_LEN);
	utcp_noise_wipe(hs);
	return ret;
}

/**
 * utcp_noise_wipe() - forget a handshake
 * @hs: the handshake, in whatever state
 */
void utcp_noise_wipe(struct utcp_noise *hs)
{
	BUILD_BUG_ON(UTCP_NOISE_DEAD != 0);
	memzero_explicit(hs, sizeof(*hs));
}
