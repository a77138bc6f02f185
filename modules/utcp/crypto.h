/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cryptographic functions that UTCP/1 is made of, over the kernel's own
 * library: BLAKE2s, HMAC and HKDF with it, X25519, ChaCha20-Poly1305.
 *
 * Nothing here takes a lock or keeps anything between calls. Everything may be
 * called in any context but hard interrupts; only utcp_private_key_new() may
 * sleep. Intermediate values are wiped before a function returns; results are
 * the caller's to wipe. Time and memory accesses depend on lengths and on public
 * keys, never on secrets.
 */
#ifndef _UTCP_CRYPTO_H
#define _UTCP_CRYPTO_H

#include <crypto/blake2s.h>
#include <linux/types.h>

/* Bytes of a public or private X25519 key, of a key of the AEAD, of a realm. */
#define UTCP_KEY_LEN 32
/* Bytes of a hash. */
#define UTCP_HASH_LEN 32
/* Bytes that the AEAD adds to a text: the tag behind it. */
#define UTCP_TAG_LEN 16

/**
 * struct utcp_hash_state - a hash that is fed piece by piece
 * @ctx: the library's
 *
 * Between utcp_hash_init() or utcp_hash_init_keyed() and utcp_hash_final(),
 * which wipes it.
 */
struct utcp_hash_state {
	struct blake2s_ctx ctx;
};

void utcp_hash_init(struct utcp_hash_state *state);
void utcp_hash_init_keyed(struct utcp_hash_state *state, size_t out_len,
			  const void *key, size_t key_len);
void utcp_hash_update(struct utcp_hash_state *state, const void *data,
		      size_t len);
void utcp_hash_final(struct utcp_hash_state *state, u8 *out);

void utcp_hash(u8 out[UTCP_HASH_LEN], const void *data, size_t len);
void utcp_hash_keyed(u8 *out, size_t out_len, const void *key, size_t key_len,
		     const void *data, size_t len);

void utcp_hmac(u8 out[UTCP_HASH_LEN], const u8 key[UTCP_KEY_LEN],
	       const void *data, size_t len);
void utcp_hkdf(u8 *out1, u8 *out2, u8 *out3, const u8 salt[UTCP_HASH_LEN],
	       const void *data, size_t len);

void utcp_aead_encrypt(u8 *dst, const u8 *src, size_t len, const void *ad,
		       size_t ad_len, u64 nonce, const u8 key[UTCP_KEY_LEN]);
bool __must_check utcp_aead_decrypt(u8 *dst, const u8 *src, size_t len,
				    const void *ad, size_t ad_len, u64 nonce,
				    const u8 key[UTCP_KEY_LEN]);

int __must_check utcp_private_key_new(u8 private[UTCP_KEY_LEN]);
bool __must_check utcp_public_key_of(u8 public[UTCP_KEY_LEN],
				     const u8 private[UTCP_KEY_LEN]);
bool __must_check utcp_public_key_ok(const u8 public[UTCP_KEY_LEN]);
bool __must_check utcp_dh(u8 out[UTCP_HASH_LEN], const u8 private[UTCP_KEY_LEN],
			  const u8 public[UTCP_KEY_LEN]);

bool __must_check utcp_equal(const void *a, const void *b, size_t len);

#endif /* _UTCP_CRYPTO_H */
