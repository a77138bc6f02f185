/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BLAKE2s as the kernel's library has it since 6.19.
 */
#ifndef KERN_CRYPTO_BLAKE2S_H
#define KERN_CRYPTO_BLAKE2S_H

#include "../kern.h"

#define BLAKE2S_BLOCK_SIZE 64
#define BLAKE2S_HASH_SIZE 32

/* OpenSSL's: of a hash without a key, or of one with a key. */
struct blake2s_ctx {
	void *hash;
	void *mac;
};

void blake2s_init(struct blake2s_ctx *ctx, size_t outlen);
void blake2s_init_key(struct blake2s_ctx *ctx, size_t outlen, const void *key,
		      size_t keylen);
void blake2s_update(struct blake2s_ctx *ctx, const u8 *in, size_t inlen);
void blake2s_final(struct blake2s_ctx *ctx, u8 *out);

#endif /* KERN_CRYPTO_BLAKE2S_H */
