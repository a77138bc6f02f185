/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KERN_CRYPTO_CHACHA20POLY1305_H
#define KERN_CRYPTO_CHACHA20POLY1305_H

#include "../kern.h"

#define CHACHA20POLY1305_KEY_SIZE 32
#define CHACHA20POLY1305_AUTHTAG_SIZE 16

void chacha20poly1305_encrypt(u8 *dst, const u8 *src, size_t src_len,
			      const u8 *ad, size_t ad_len, u64 nonce,
			      const u8 key[CHACHA20POLY1305_KEY_SIZE]);
bool __must_check chacha20poly1305_decrypt(
	u8 *dst, const u8 *src, size_t src_len, const u8 *ad, size_t ad_len,
	u64 nonce, const u8 key[CHACHA20POLY1305_KEY_SIZE]);

#endif /* KERN_CRYPTO_CHACHA20POLY1305_H */
