/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KERN_CRYPTO_CHACHA_H
#define KERN_CRYPTO_CHACHA_H

#include "../kern.h"

#define CHACHA_KEY_SIZE 32
#define CHACHA_IV_SIZE 16
#define CHACHA_BLOCK_SIZE 64

/**
 * struct chacha_state - key, and where in the key stream one is
 * @key: the key
 * @iv: number of the next block, little-endian, and the nonce
 */
struct chacha_state {
	u8 key[CHACHA_KEY_SIZE];
	u8 iv[CHACHA_IV_SIZE];
};

void chacha_init(struct chacha_state *state, const u32 *key, const u8 *iv);
void chacha20_crypt(struct chacha_state *state, u8 *dst, const u8 *src,
		    unsigned int bytes);

#endif /* KERN_CRYPTO_CHACHA_H */
