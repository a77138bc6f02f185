/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KERN_CRYPTO_UTILS_H
#define KERN_CRYPTO_UTILS_H

#include "../kern.h"

int crypto_memneq(const void *a, const void *b, size_t len);

static inline void crypto_xor_cpy(u8 *dst, const u8 *a, const u8 *b,
				  unsigned int len)
{
	while (len--)
		*dst++ = *a++ ^ *b++;
}

#endif /* KERN_CRYPTO_UTILS_H */
