/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Gives the state of ChaCha of old kernels, an array of words, the type it has today.
 */
#ifndef _COMPAT_CRYPTO_CHACHA_H
#define _COMPAT_CRYPTO_CHACHA_H

#include_next <crypto/chacha.h>

/* Before 6.16. */
#ifndef HAVE_CHACHA_STATE
struct chacha_state {
	u32 x[CHACHA_STATE_WORDS];
};

#define chacha_init(state, key, iv) chacha_init((state)->x, key, iv)
#define chacha20_crypt(state, dst, src, bytes) \
	chacha20_crypt((state)->x, dst, src, bytes)
#endif

#endif /* _COMPAT_CRYPTO_CHACHA_H */
