// SPDX-License-Identifier: GPL-2.0-only
/*
 * What modules/utcp/test/fuzz.c needs, and its entry for libFuzzer.
 */
#include <stdlib.h>

#include "include/kern.h"

#include "../../modules/utcp/test/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

unsigned long kern_alloc_fails;

void fuzz_assert_(bool ok, const char *what, int line)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz.c:%d: not so: %s\n", line, what);
	abort();
}

void fuzz_read(void (*read)(const u8 *data, size_t len), const u8 *data,
	       size_t len)
{
	u8 *copy = malloc(len ? len : 1);

	if (!copy)
		abort();
	memcpy(copy, data, len);
	read(copy, len);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_one(data, size);
}
