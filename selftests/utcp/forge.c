// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames that somebody else has made. See forge.h.
 */
#include "forge.h"

#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <string.h>

#define HASH_LEN 32
#define MAC_LEN 16
#define TAG_LEN 16
#define DISCOVERY_LEN 84
#define SEALED_KEY 36
#define RESPONSE_LEN 108

static const uint8_t no_realm[32];
static uint64_t state = 1;

/* --- random numbers ------------------------------------------------------------- */

void draw_begin(uint64_t seed)
{
	state = seed * 0x9e3779b97f4a7c15ULL + 1;
}

uint64_t draw(void)
{
	uint64_t x = state += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

void draw_bytes(uint8_t *to, size_t len)
{
	for (size_t i = 0; i < len; i++)
		to[i] = draw();
}

/* --- cryptography --------------------------------------------------------------- */

/* Nothing of what is asked of it can fail, but for want of memory. */
static void good(const char *what, long ret)
{
	errno = ENOMEM;
	must(what, ret > 0 ? 0 : -1);
}

/* HASH(label ‖ x ‖ realm), where there is none. */
static void hash(uint8_t out[HASH_LEN], const char *label, const uint8_t *x,
		 size_t len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	good("BLAKE2s", !!ctx);
	good("BLAKE2s", EVP_DigestInit_ex(ctx, EVP_blake2s256(), NULL));
	good("BLAKE2s", EVP_DigestUpdate(ctx, label, strlen(label)));
	good("BLAKE2s", EVP_DigestUpdate(ctx, x, len));
	good("BLAKE2s", EVP_DigestUpdate(ctx, no_realm, sizeof(no_realm)));
	good("BLAKE2s", EVP_DigestFinal_ex(ctx, out, NULL));
	EVP_MD_CTX_free(ctx);
}

/* MAC(key, x), or with 32 bytes of output PRF(key, x). */
static void mac(uint8_t *out, size_t size, const uint8_t key[HASH_LEN],
		const uint8_t *x, size_t len)
{
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
		OSSL_PARAM_construct_end(),
	};
	static EVP_MAC *blake;
	EVP_MAC_CTX *ctx;

	if (!blake)
		blake = EVP_MAC_fetch(NULL, "BLAKE2SMAC", NULL);
	ctx = blake ? EVP_MAC_CTX_new(blake) : NULL;
	good("BLAKE2SMAC", !!ctx);
	good("BLAKE2SMAC", EVP_MAC_init(ctx, key, HASH_LEN, params));
	good("BLAKE2SMAC", EVP_MAC_update(ctx, x, len));
	good("BLAKE2SMAC", EVP_MAC_final(ctx, out, &size, size));
	EVP_MAC_CTX_free(ctx);
}

static void seal(uint8_t *out, const uint8_t key[HASH_LEN], const uint8_t *ad,
		 size_t ad_len, const uint8_t *plain, size_t len)
{
	static const uint8_t nonce[12];
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n;

	good("AEAD", !!ctx);
	good("AEAD", EVP_EncryptInit_ex(ctx, EVP_chacha20_poly1305(), NULL, key,
					nonce));
	good("AEAD", EVP_EncryptUpdate(ctx, NULL, &n, ad, (int)ad_len));
	good("AEAD", EVP_EncryptUpdate(ctx, out, &n, plain, (int)len));
	good("AEAD", EVP_EncryptFinal_ex(ctx, out + len, &n));
	good("AEAD", EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_LEN,
					 out + len));
	EVP_CIPHER_CTX_free(ctx);
}

/* --- frames --------------------------------------------------------------------- */

/* The header of an answer to what @to has sent. */
static void begin(struct frame *f, const struct frame *to, const uint8_t *from,
		  uint8_t type, size_t len)
{
	memset(f, 0, sizeof(*f));
	f->from = -1;
	f->len = AT + len;
	memcpy(f->bytes, to->bytes + ETH_ALEN, ETH_ALEN);
	memcpy(f->bytes + ETH_ALEN, from, ETH_ALEN);
	memcpy(f->bytes + 2 * (size_t)ETH_ALEN,
	       to->bytes + 2 * (size_t)ETH_ALEN, 2);
	f->bytes[AT] = 0xc1;
	f->bytes[AT + 1] = type;
	f->bytes[AT + 2] = len >> 8;
	f->bytes[AT + 3] = len;
}

void forge_i_have(struct frame *f, const struct frame *question,
		  const uint8_t *id, const uint8_t *public, const uint8_t *from)
{
	uint8_t ad[DISCOVERY_LEN + SEALED_KEY], key[HASH_LEN], k[HASH_LEN];
	uint8_t in[UTCP_CELL_ID_BYTES + DISCOVERY_LEN + 16];
	uint8_t *at = f->bytes + AT;

	begin(f, question, from, I_HAVE, DISCOVERY_LEN);
	memcpy(at + 4, question->bytes + AT + 4, 16);
	draw_bytes(at + 20, 16);
	memcpy(in, id, UTCP_CELL_ID_BYTES);
	memcpy(in + UTCP_CELL_ID_BYTES, question->bytes + AT, DISCOVERY_LEN);
	memcpy(in + UTCP_CELL_ID_BYTES + DISCOVERY_LEN, at + 20, 16);
	hash(k, "UTCP/1 i-have", NULL, 0);
	mac(key, sizeof(key), k, in, sizeof(in));
	memcpy(ad, question->bytes + AT, DISCOVERY_LEN);
	memcpy(ad + DISCOVERY_LEN, at, SEALED_KEY);
	seal(at + SEALED_KEY, key, ad, sizeof(ad), public, UTCP_CELL_KEY_BYTES);
}

void forge_mac1(struct frame *f, const uint8_t *public)
{
	size_t before = type_of(f) == INITIATION ? 140 : 92;
	uint8_t key[HASH_LEN];

	hash(key, "UTCP/1 mac1", public, UTCP_CELL_KEY_BYTES);
	mac(f->bytes + AT + before, MAC_LEN, key, f->bytes + AT, before);
}

void forge_response(struct frame *f, const struct frame *initiation,
		    const uint8_t *public, const uint8_t *from)
{
	begin(f, initiation, from, RESPONSE, RESPONSE_LEN);
	draw_bytes(f->bytes + AT + 4, RESPONSE_LEN - 4);
	memcpy(f->bytes + AT + 8, initiation->bytes + AT + 4, 4);
	/* A key that may be: not beyond the range. */
	f->bytes[AT + 12 + 31] &= 0x7f;
	forge_mac1(f, public);
}
