/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Old kernels have crypto_memneq() in crypto/algapi.h.
 */
#ifndef _COMPAT_CRYPTO_UTILS_H
#define _COMPAT_CRYPTO_UTILS_H

#ifdef HAVE_CRYPTO_UTILS
#include_next <crypto/utils.h>
#else
#include <crypto/algapi.h>
#endif

#endif /* _COMPAT_CRYPTO_UTILS_H */
