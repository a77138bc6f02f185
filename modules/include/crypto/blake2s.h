/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes BLAKE2s of old kernels look like today's, as far as init, update and
 * final go. blake2s() itself, whose arguments were put in another order, is
 * left alone: not for use.
 */
#ifndef _COMPAT_CRYPTO_BLAKE2S_H
#define _COMPAT_CRYPTO_BLAKE2S_H

#include_next <crypto/blake2s.h>

/* Before 6.19 the context has another name. */
#ifndef HAVE_BLAKE2S_CTX
#define blake2s_ctx blake2s_state
#endif

#endif /* _COMPAT_CRYPTO_BLAKE2S_H */
