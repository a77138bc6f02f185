// SPDX-License-Identifier: GPL-2.0-only
/* After 6.1: crypto/utils.h, split from crypto/algapi.h */
#include <crypto/utils.h>

int probe(const void *a, const void *b);
int probe(const void *a, const void *b)
{
	return crypto_memneq(a, b, 16);
}
