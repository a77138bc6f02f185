// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cryptographic functions that UTCP/1 is made of: thin wrappers of the
 * kernel's library, and what it lacks. See crypto.h for what holds of all.
 */
#include "crypto.h"

#include <crypto/chacha.h>
#include <crypto/curve25519.h>
#include <crypto/poly1305.h>
#include <crypto/utils.h>
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/random.h>
#include <linux/string.h>
#include <linux/unaligned.h>

static_assert(UTCP_KEY_LEN == CURVE25519_KEY_SIZE);
static_assert(UTCP_KEY_LEN == CHACHA_KEY_SIZE);
static_assert(UTCP_KEY_LEN == POLY1305_KEY_SIZE);
static_assert(UTCP_HASH_LEN == BLAKE2S_HASH_SIZE);
static_assert(UTCP_TAG_LEN == POLY1305_DIGEST_SIZE);

/**
 * utcp_hash_init() - begin a BLAKE2s hash of 32 bytes (RFC 7693)
 * @state: the hash
 */
void utcp_hash_init(struct utcp_hash_state *state)
{
	blake2s_init(&state->ctx, UTCP_HASH_LEN);
}

/**
 * utcp_hash_init_keyed() - begin a keyed BLAKE2s hash (RFC 7693, 2.9)
 * @state: the hash
 * @out_len: bytes that utcp_hash_final() shall give, 1 to 32. Part of what is
 *	hashed: a shorter hash is no beginning of a longer one
 * @key: the key
 * @key_len: its length, 1 to 32
 */
void utcp_hash_init_keyed(struct utcp_hash_state *state, size_t out_len,
			  const void *key, size_t key_len)
{
	blake2s_init_key(&state->ctx, out_len, key, key_len);
}

/**
 * utcp_hash_update() - go on with a hash
 * @state: the hash
 * @data: what comes next; may be NULL if there are no bytes
 * @len: how many bytes
 */
void utcp_hash_update(struct utcp_hash_state *state, const void *data,
		      size_t len)
{
	blake2s_update(&state->ctx, data, len);
}

/**
 * utcp_hash_final() - end a hash
 * @state: the hash; wiped
 * @out: where the result goes
 */
void utcp_hash_final(struct utcp_hash_state *state, u8 *out)
{
	blake2s_final(&state->ctx, out);
}

/**
 * utcp_hash() - the BLAKE2s hash of something in one piece
 * @out: where the 32 bytes go; may be part of @data
 * @data: what to hash
 * @len: how many bytes
 */
void utcp_hash(u8 out[UTCP_HASH_LEN], const void *data, size_t len)
{
	struct utcp_hash_state state;

	utcp_hash_init(&state);
	utcp_hash_update(&state, data, len);
	utcp_hash_final(&state, out);
}

/**
 * utcp_hash_keyed() - the keyed BLAKE2s hash of something in one piece
 * @out: where the result goes
 * @out_len: its length, 1 to 32; see utcp_hash_init_keyed()
 * @key: the key
 * @key_len: its length, 1 to 32
 * @data: what to hash
 * @len: how many bytes
 */
void utcp_hash_keyed(u8 *out, size_t out_len, const void *key, size_t key_len,
		     const void *data, size_t len)
{
	struct utcp_hash_state state;

	utcp_hash_init_keyed(&state, out_len, key, key_len);
	utcp_hash_update(&state, data, len);
	utcp_hash_final(&state, out);
}

/* HMAC of two pieces, one after the other. The key is no longer than a hash,
 * so that it is never hashed itself.
 */
static void hmac2(u8 out[UTCP_HASH_LEN], const u8 key[UTCP_KEY_LEN],
		  const void *a, size_t a_len, const void *b, size_t b_len)
{
	u8 pad[BLAKE2S_BLOCK_SIZE], inner[UTCP_HASH_LEN];
	struct utcp_hash_state state;
	unsigned int i;

	memset(pad, 0x36, sizeof(pad));
	for (i = 0; i < UTCP_KEY_LEN; i++)
		pad[i] ^= key[i];
	utcp_hash_init(&state);
	utcp_hash_update(&state, pad, sizeof(pad));
	utcp_hash_update(&state, a, a_len);
	utcp_hash_update(&state, b, b_len);
	utcp_hash_final(&state, inner);

	for (i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36 ^ 0x5c;
	utcp_hash_init(&state);
	utcp_hash_update(&state, pad, sizeof(pad));
	utcp_hash_update(&state, inner, sizeof(inner));
	utcp_hash_final(&state, out);

	memzero_explicit(pad, sizeof(pad));
	memzero_explicit(inner, sizeof(inner));
}

/**
 * utcp_hmac() - HMAC with BLAKE2s (RFC 2104)
 * @out: where the result goes
 * @key: the key
 * @data: what to authenticate
 * @len: how many bytes
 */
void utcp_hmac(u8 out[UTCP_HASH_LEN], const u8 key[UTCP_KEY_LEN],
	       const void *data, size_t len)
{
	hmac2(out, key, data, len, NULL, 0);
}

/**
 * utcp_hkdf() - HKDF() of the Noise specification, 4.3
 * @out1: where the first output goes; may be the same as @salt
 * @out2: the second; NULL: there is none
 * @out3: the third; NULL: there is none
 * @salt: the chaining key
 * @data: input key material
 * @len: how many bytes; 0 is right
 *
 * As RFC 5869 has it, with @salt as the salt and no info.
 */
void utcp_hkdf(u8 *out1, u8 *out2, u8 *out3, const u8 salt[UTCP_HASH_LEN],
	       const void *data, size_t len)
{
	u8 *const out[] = { out1, out2, out3 };
	u8 key[UTCP_HASH_LEN], t[UTCP_HASH_LEN];
	u8 i;

	utcp_hmac(key, salt, data, len);
	for (i = 1; i <= ARRAY_SIZE(out) && out[i - 1]; i++) {
		hmac2(t, key, t, i == 1 ? 0 : sizeof(t), &i, sizeof(i));
		memcpy(out[i - 1], t, sizeof(t));
	}
	memzero_explicit(key, sizeof(key));
	memzero_explicit(t, sizeof(t));
}

/* What is computed ahead of the key stream: one block for the key of the tag, and the
 * first three of the text. The library's chacha20poly1305_encrypt() asks for that one
 * block alone, and computes it, as any single block, without SIMD; four with it cost
 * less than half of that.
 */
#define AHEAD (4 * CHACHA_BLOCK_SIZE)
#define AHEAD_TEXT (AHEAD - CHACHA_BLOCK_SIZE)

/**
 * struct aead - sealing or opening
 * @chacha: the key stream, behind @stream
 * @poly: the tag
 * @stream: the key stream's beginning
 */
struct aead {
	struct chacha_state chacha;
	struct poly1305_desc_ctx poly;
	u8 stream[AHEAD];
};

/* Bytes of the key stream that are computed ahead, for a text of @len. */
static size_t ahead_of(size_t len)
{
	return len <= CHACHA_BLOCK_SIZE ? 2 * CHACHA_BLOCK_SIZE : AHEAD;
}

static void aead_begin(struct aead *a, size_t len, u64 nonce,
		       const u8 key[UTCP_KEY_LEN])
{
	static const u8 zeros[AHEAD];
	u8 iv[CHACHA_IV_SIZE] = {};
	u32 words[UTCP_KEY_LEN / sizeof(u32)] __uninitialized;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		words[i] = get_unaligned_le32(key + i * sizeof(u32));
	put_unaligned_le64(nonce, iv + 8);
	chacha_init(&a->chacha, words, iv);
	memzero_explicit(words, sizeof(words));
	chacha20_crypt(&a->chacha, a->stream, zeros, ahead_of(len));
}

/* Wipes what there is of it. poly1305_final() has wiped its own. */
static void aead_end(struct aead *a, size_t len)
{
	memzero_explicit(&a->chacha, sizeof(a->chacha));
	memzero_explicit(a->stream, ahead_of(len));
}

/* As crypto_xor_cpy(), which takes twice as much for a word. */
static void xor_to(u8 *dst, const u8 *src, const u8 *stream, size_t len)
{
	size_t i = 0;

	for (; i + 4 * sizeof(u64) <= len; i += 4 * sizeof(u64)) {
		u64 a = get_unaligned_le64(src + i);
		u64 b = get_unaligned_le64(src + i + 8);
		u64 c = get_unaligned_le64(src + i + 16);
		u64 d = get_unaligned_le64(src + i + 24);

		put_unaligned_le64(a ^ get_unaligned_le64(stream + i), dst + i);
		put_unaligned_le64(b ^ get_unaligned_le64(stream + i + 8),
				   dst + i + 8);
		put_unaligned_le64(c ^ get_unaligned_le64(stream + i + 16),
				   dst + i + 16);
		put_unaligned_le64(d ^ get_unaligned_le64(stream + i + 24),
				   dst + i + 24);
	}
	for (; i + sizeof(u64) <= len; i += sizeof(u64))
		put_unaligned_le64(get_unaligned_le64(src + i) ^
					   get_unaligned_le64(stream + i),
				   dst + i);
	for (; i < len; i++)
		dst[i] = src[i] ^ stream[i];
}

/* Text to cipher text, or back. */
static void aead_crypt(struct aead *a, u8 *dst, const u8 *src, size_t len)
{
	size_t ahead = min_t(size_t, len, AHEAD_TEXT);

	xor_to(dst, src, a->stream + CHACHA_BLOCK_SIZE, ahead);
	if (len > ahead)
		chacha20_crypt(&a->chacha, dst + ahead, src + ahead,
			       len - ahead);
}

/* What is put together on the stack before the tag of it is computed: each call of
 * poly1305_update() costs as much as two blocks.
 */
#define GATHER 256

/* As aead_tag(), of what is short: what it is of stands in one place first. */
static bool tag_short(struct aead *a, const u8 *text, size_t len,
		      const void *ad, size_t ad_len)
{
	size_t text_at = ad_len + -ad_len % UTCP_TAG_LEN;
	size_t end = text_at + len + -len % UTCP_TAG_LEN;
	u8 all[GATHER] __uninitialized;

	if (ad_len > sizeof(all) || len > sizeof(all) ||
	    end + UTCP_TAG_LEN > sizeof(all))
		return false;
	if (ad_len)
		memcpy(all, ad, ad_len);
	memset(all + ad_len, 0, text_at - ad_len);
	if (len)
		memcpy(all + text_at, text, len);
	memset(all + text_at + len, 0, end - text_at - len);
	put_unaligned_le64(ad_len, all + end);
	put_unaligned_le64(len, all + end + 8);
	poly1305_update(&a->poly, all, end + UTCP_TAG_LEN);
	return true;
}

/* The tag of cipher text, RFC 8439, 2.8: each part filled up to 16 bytes. */
static void aead_tag(struct aead *a, u8 tag[UTCP_TAG_LEN], const u8 *text,
		     size_t len, const void *ad, size_t ad_len)
{
	u8 tail[2 * UTCP_TAG_LEN] = {};
	size_t fill = -len % UTCP_TAG_LEN;

	poly1305_init(&a->poly, a->stream);
	if (tag_short(a, text, len, ad, ad_len)) {
		poly1305_final(&a->poly, tag);
		return;
	}
	poly1305_update(&a->poly, ad, ad_len);
	poly1305_update(&a->poly, tail, -ad_len % UTCP_TAG_LEN);
	poly1305_update(&a->poly, text, len);
	put_unaligned_le64(ad_len, tail + fill);
	put_unaligned_le64(len, tail + fill + 8);
	poly1305_update(&a->poly, tail, fill + 16);
	poly1305_final(&a->poly, tag);
}

/**
 * utcp_aead_encrypt() - ChaCha20-Poly1305 (RFC 8439, 2.8)
 * @dst: where text and tag go: @len + UTCP_TAG_LEN bytes; may be @src
 * @src: the plain text
 * @len: its length
 * @ad: what is authenticated beside it
 * @ad_len: how many bytes
 * @nonce: as Noise has it for ChaChaPoly: four zero bytes, then this number,
 *	little-endian. The same with the same key never again, whatever happens
 * @key: the key
 */
void utcp_aead_encrypt(u8 *dst, const u8 *src, size_t len, const void *ad,
		       size_t ad_len, u64 nonce, const u8 key[UTCP_KEY_LEN])
{
	struct aead a __uninitialized;

	aead_begin(&a, len, nonce, key);
	aead_crypt(&a, dst, src, len);
	aead_tag(&a, dst + len, dst, len, ad, ad_len);
	aead_end(&a, len);
}

/**
 * utcp_aead_decrypt() - the way back
 * @dst: where the plain text goes: @len - UTCP_TAG_LEN bytes; may be @src. Not
 *	to be looked at when this fails
 * @src: text and tag
 * @len: length of both
 * @ad: what is authenticated beside it
 * @ad_len: how many bytes
 * @nonce: see utcp_aead_encrypt()
 * @key: the key
 *
 * Return: false if the tag is wrong, or @len leaves no room for one.
 */
bool utcp_aead_decrypt(u8 *dst, const u8 *src, size_t len, const void *ad,
		       size_t ad_len, u64 nonce, const u8 key[UTCP_KEY_LEN])
{
	u8 tag[UTCP_TAG_LEN];
	/* Hundreds of bytes that are filled here, where the kernel would zero them. */
	struct aead a __uninitialized;
	bool good;

	if (len < UTCP_TAG_LEN)
		return false;
	len -= UTCP_TAG_LEN;
	aead_begin(&a, len, nonce, key);
	aead_tag(&a, tag, src, len, ad, ad_len);
	good = utcp_equal(tag, src + len, UTCP_TAG_LEN);
	if (good)
		aead_crypt(&a, dst, src, len);
	aead_end(&a, len);
	memzero_explicit(tag, sizeof(tag));
	return good;
}

/**
 * utcp_private_key_new() - draw a private key
 * @private: where it goes, clamped (RFC 7748, 5)
 *
 * Waits for the kernel's random numbers to be good ones, which they are for
 * ever after some moments from boot.
 *
 * Context: Process context. May sleep.
 * Return: 0, or -ERESTARTSYS if a signal came while it waited.
 */
int utcp_private_key_new(u8 private[UTCP_KEY_LEN])
{
	int ret = get_random_bytes_wait(private, UTCP_KEY_LEN);

	if (ret) {
		memzero_explicit(private, UTCP_KEY_LEN);
		return ret;
	}
	curve25519_clamp_secret(private);
	return 0;
}

/**
 * utcp_public_key_of() - the public key to a private one
 * @public: where it goes; zeros if there is none
 * @private: the private key; need not be clamped
 *
 * Return: false if the private key is all zeros, which is nobody's.
 */
bool utcp_public_key_of(u8 public[UTCP_KEY_LEN], const u8 private[UTCP_KEY_LEN])
{
	static const u8 zero[UTCP_KEY_LEN];

	if (utcp_equal(private, zero, UTCP_KEY_LEN) ||
	    !curve25519_generate_public(public, private)) {
		memzero_explicit(public, UTCP_KEY_LEN);
		return false;
	}
	return true;
}

/* The prime of Curve25519, 2^255 - 19, little-endian. */
static const u8 prime[UTCP_KEY_LEN] = {
	0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
};

/* The coordinates below the prime whose points have an order of 1, 2, 4 or 8,
 * on the curve or on its twist: whatever the private key, the shared secret is
 * zero.
 */
static const u8 low_order[][UTCP_KEY_LEN] = {
	{ 0x00 },
	{ 0x01 },
	{ 0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
	  0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
	  0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00 },
	{ 0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1,
	  0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c,
	  0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57 },
	{ 0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
};

/**
 * utcp_public_key_ok() - may this be somebody's public key?
 * @public: the key. It is public: this takes more or less time for it
 *
 * X25519 itself takes anything (RFC 7748, 5). Here every key has one form, since
 * it is an identity: a coordinate below the prime, the highest bit clear. And it
 * is not one of the five with which every shared secret is zero.
 *
 * Return: true if it may.
 */
bool utcp_public_key_ok(const u8 public[UTCP_KEY_LEN])
{
	int i;

	/* Below the prime: at the highest byte that differs. */
	for (i = UTCP_KEY_LEN - 1; i > 0 && public[i] == prime[i]; i--)
		;
	if (public[i] >= prime[i])
		return false;
	for (i = 0; i < ARRAY_SIZE(low_order); i++)
		if (!memcmp(public, low_order[i], UTCP_KEY_LEN))
			return false;
	return true;
}

/**
 * utcp_dh() - the secret that two keys share (RFC 7748, 6.1)
 * @out: where it goes; zeros if there is none
 * @private: one's own private key
 * @public: the other's public key
 *
 * Return: false if @public is none that utcp_public_key_ok() accepts, or the
 * result is zero.
 */
bool utcp_dh(u8 out[UTCP_HASH_LEN], const u8 private[UTCP_KEY_LEN],
	     const u8 public[UTCP_KEY_LEN])
{
	if (utcp_public_key_ok(public) && curve25519(out, private, public))
		return true;
	memzero_explicit(out, UTCP_HASH_LEN);
	return false;
}

/**
 * utcp_equal() - compare, taking as long wherever the difference is
 * @a: one
 * @b: other
 * @len: how many bytes
 *
 * Return: true if all bytes are the same.
 */
bool utcp_equal(const void *a, const void *b, size_t len)
{
	return !crypto_memneq(a, b, len);
}
