/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KERN_CRYPTO_CURVE25519_H
#define KERN_CRYPTO_CURVE25519_H

#include "../kern.h"

#define CURVE25519_KEY_SIZE 32

bool __must_check curve25519(u8 out[CURVE25519_KEY_SIZE],
			     const u8 secret[CURVE25519_KEY_SIZE],
			     const u8 point[CURVE25519_KEY_SIZE]);
bool __must_check curve25519_generate_public(
	u8 pub[CURVE25519_KEY_SIZE], const u8 secret[CURVE25519_KEY_SIZE]);

static inline void curve25519_clamp_secret(u8 secret[CURVE25519_KEY_SIZE])
{
	secret[0] &= 248;
	secret[31] = (secret[31] & 127) | 64;
}

#endif /* KERN_CRYPTO_CURVE25519_H */
