/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KERN_CRYPTO_UTILS_H
#define KERN_CRYPTO_UTILS_H

#include "../kern.h"

int crypto_memneq(const void *a, const void *b, size_t len);

#endif /* KERN_CRYPTO_UTILS_H */
