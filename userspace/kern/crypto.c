// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's cryptographic library by OpenSSL's, for modules' logic in user
 * space. What OpenSSL refuses to do for a reason that is no answer of the
 * function ends the program.
 */
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "include/crypto/blake2s.h"
#include "include/crypto/chacha.h"
#include "include/crypto/chacha20poly1305.h"
#include "include/crypto/curve25519.h"
#include "include/crypto/poly1305.h"
#include "include/crypto/utils.h"

static void must(bool ok, const char *what)
{
	if (ok > 0)
		return;
	fprintf(stderr, "OpenSSL fails at %s\n", what);
	abort();
}

static int to_int(size_t len)
{
	must(len <= INT_MAX, "so many bytes");
	return (int)len;
}

int crypto_memneq(const void *a, const void *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len);
}

/* --- BLAKE2s ---------------------------------------------------------------- */

void blake2s_init(struct blake2s_ctx *ctx, size_t outlen)
{
	must(outlen == BLAKE2S_HASH_SIZE, "a hash of this length");
	*ctx = (struct blake2s_ctx){ .hash = EVP_MD_CTX_new() };
	must(ctx->hash && EVP_DigestInit_ex(ctx->hash, EVP_blake2s256(), NULL),
	     "BLAKE2s");
}

void blake2s_init_key(struct blake2s_ctx *ctx, size_t outlen, const void *key,
		      size_t keylen)
{
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &outlen),
		OSSL_PARAM_construct_end(),
	};
	static EVP_MAC *mac;

	if (!mac)
		mac = EVP_MAC_fetch(NULL, "BLAKE2SMAC", NULL);
	must(mac, "BLAKE2SMAC");
	*ctx = (struct blake2s_ctx){ .mac = EVP_MAC_CTX_new(mac) };
	must(ctx->mac && EVP_MAC_init(ctx->mac, key, keylen, params),
	     "keyed BLAKE2s");
}

void blake2s_update(struct blake2s_ctx *ctx, const u8 *in, size_t inlen)
{
	if (ctx->hash)
		must(EVP_DigestUpdate(ctx->hash, in, inlen), "BLAKE2s");
	else
		must(EVP_MAC_update(ctx->mac, in, inlen), "keyed BLAKE2s");
}

void blake2s_final(struct blake2s_ctx *ctx, u8 *out)
{
	u8 all[BLAKE2S_HASH_SIZE];
	size_t len = sizeof(all);

	if (ctx->hash) {
		must(EVP_DigestFinal_ex(ctx->hash, all, NULL), "BLAKE2s");
	} else {
		len = EVP_MAC_CTX_get_mac_size(ctx->mac);
		must(EVP_MAC_final(ctx->mac, all, NULL, sizeof(all)),
		     "keyed BLAKE2s");
	}
	memcpy(out, all, len);
	EVP_MD_CTX_free(ctx->hash);
	EVP_MAC_CTX_free(ctx->mac);
	explicit_bzero(all, sizeof(all));
	explicit_bzero(ctx, sizeof(*ctx));
}

/* --- ChaCha20 and Poly1305 --------------------------------------------------- */

void chacha_init(struct chacha_state *state, const u32 *key, const u8 *iv)
{
	unsigned int i;

	for (i = 0; i < sizeof(state->key) / sizeof(*key); i++)
		put_unaligned_le32(key[i], state->key + i * sizeof(*key));
	memcpy(state->iv, iv, sizeof(state->iv));
}

void chacha20_crypt(struct chacha_state *state, u8 *dst, const u8 *src,
		    unsigned int bytes)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	u32 block = get_unaligned_le32(state->iv);
	int n;

	must(ctx && EVP_CipherInit_ex(ctx, EVP_chacha20(), NULL, state->key,
				      state->iv, 1),
	     "ChaCha20");
	must(EVP_CipherUpdate(ctx, dst, &n, src, to_int(bytes)), "ChaCha20");
	EVP_CIPHER_CTX_free(ctx);
	/* As the kernel has it: what is left of a block is lost. */
	block += (bytes + CHACHA_BLOCK_SIZE - 1) / CHACHA_BLOCK_SIZE;
	put_unaligned_le32(block, state->iv);
}

void poly1305_init(struct poly1305_desc_ctx *desc, const u8 *key)
{
	static EVP_MAC *mac;

	if (!mac)
		mac = EVP_MAC_fetch(NULL, "POLY1305", NULL);
	must(mac, "POLY1305");
	desc->mac = EVP_MAC_CTX_new(mac);
	must(desc->mac && EVP_MAC_init(desc->mac, key, POLY1305_KEY_SIZE, NULL),
	     "Poly1305");
}

void poly1305_update(struct poly1305_desc_ctx *desc, const u8 *src,
		     unsigned int nbytes)
{
	must(EVP_MAC_update(desc->mac, src, nbytes), "Poly1305");
}

void poly1305_final(struct poly1305_desc_ctx *desc, u8 *digest)
{
	size_t len;

	must(EVP_MAC_final(desc->mac, digest, &len, POLY1305_DIGEST_SIZE),
	     "Poly1305");
	EVP_MAC_CTX_free(desc->mac);
	desc->mac = NULL;
}

/* --- ChaCha20-Poly1305 ------------------------------------------------------- */

static EVP_CIPHER_CTX *cipher(const u8 *ad, size_t ad_len, u64 nonce,
			      const u8 *key, int encrypt)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	u8 iv[12] = { 0 };
	int n;

	put_unaligned_le64(nonce, iv + 4);
	must(ctx && EVP_CipherInit_ex(ctx, EVP_chacha20_poly1305(), NULL, key,
				      iv, encrypt),
	     "ChaCha20-Poly1305");
	if (ad_len)
		must(EVP_CipherUpdate(ctx, NULL, &n, ad, to_int(ad_len)),
		     "associated data");
	return ctx;
}

void chacha20poly1305_encrypt(u8 *dst, const u8 *src, size_t src_len,
			      const u8 *ad, size_t ad_len, u64 nonce,
			      const u8 key[CHACHA20POLY1305_KEY_SIZE])
{
	EVP_CIPHER_CTX *ctx = cipher(ad, ad_len, nonce, key, 1);
	int n;

	if (src_len)
		must(EVP_CipherUpdate(ctx, dst, &n, src, to_int(src_len)),
		     "encrypting");
	must(EVP_CipherFinal_ex(ctx, dst + src_len, &n), "encrypting");
	must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG,
				 CHACHA20POLY1305_AUTHTAG_SIZE, dst + src_len),
	     "the tag");
	EVP_CIPHER_CTX_free(ctx);
}

bool chacha20poly1305_decrypt(u8 *dst, const u8 *src, size_t src_len,
			      const u8 *ad, size_t ad_len, u64 nonce,
			      const u8 key[CHACHA20POLY1305_KEY_SIZE])
{
	u8 tag[CHACHA20POLY1305_AUTHTAG_SIZE], end[16];
	EVP_CIPHER_CTX *ctx;
	size_t len;
	bool ok;
	int n;

	if (src_len < sizeof(tag))
		return false;
	ctx = cipher(ad, ad_len, nonce, key, 0);
	len = src_len - sizeof(tag);
	memcpy(tag, src + len, sizeof(tag));
	if (len)
		must(EVP_CipherUpdate(ctx, dst, &n, src, to_int(len)),
		     "decrypting");
	must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, sizeof(tag), tag),
	     "the tag");
	ok = EVP_CipherFinal_ex(ctx, end, &n) > 0;
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

/* --- X25519 ------------------------------------------------------------------ */

static EVP_PKEY *private_key(const u8 *secret)
{
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(
		EVP_PKEY_X25519, NULL, secret, CURVE25519_KEY_SIZE);

	must(key, "a private key");
	return key;
}

bool curve25519(u8 out[CURVE25519_KEY_SIZE],
		const u8 secret[CURVE25519_KEY_SIZE],
		const u8 point[CURVE25519_KEY_SIZE])
{
	EVP_PKEY *key = private_key(secret);
	EVP_PKEY *peer = EVP_PKEY_new_raw_public_key(
		EVP_PKEY_X25519, NULL, point, CURVE25519_KEY_SIZE);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	size_t len = CURVE25519_KEY_SIZE;
	bool ok;

	must(peer && ctx, "a public key");
	/* It looks for the result of zeros by itself. */
	ok = EVP_PKEY_derive_init(ctx) > 0 &&
	     EVP_PKEY_derive_set_peer_ex(ctx, peer, 0) > 0;
	must(ok, "X25519");
	ok = EVP_PKEY_derive(ctx, out, &len) > 0;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(peer);
	EVP_PKEY_free(key);
	return ok;
}

bool curve25519_generate_public(u8 pub[CURVE25519_KEY_SIZE],
				const u8 secret[CURVE25519_KEY_SIZE])
{
	size_t len = CURVE25519_KEY_SIZE;
	EVP_PKEY *key = private_key(secret);

	must(EVP_PKEY_get_raw_public_key(key, pub, &len), "a public key");
	EVP_PKEY_free(key);
	return true;
}
