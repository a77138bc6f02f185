/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The test vectors of UTCP/1, read from the file that other tests read too. Tests
 * are run in the folder userspace.
 */
#ifndef LIBUTCP_TEST_VECTORS_H
#define LIBUTCP_TEST_VECTORS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VECTORS_FILE "../selftests/utcp/vectors/utcp1.txt"

/* Lines are "name = hex". Return: bytes of the vector, 0 if there is none. */
static inline size_t vector_get(const char *name, void *to, size_t room)
{
	FILE *f = fopen(VECTORS_FILE, "re");
	size_t n = 0, len = strlen(name);
	unsigned char *out = to;
	char line[4096];

	if (!f) {
		perror(VECTORS_FILE);
		abort();
	}
	while (!n && fgets(line, sizeof(line), f)) {
		const char *hex = line + len + 3;
		unsigned int byte;

		if (strncmp(line, name, len) || strncmp(line + len, " = ", 3))
			continue;
		for (; n < room && sscanf(hex, "%2x", &byte) == 1; hex += 2)
			out[n++] = (unsigned char)byte;
	}
	fclose(f);
	return n;
}

/* The same as text. Return: its length, 0 if there is none. */
static inline size_t vector_text(const char *name, char *to, size_t size)
{
	size_t n = vector_get(name, to, size - 1);

	to[n] = '\0';
	return n;
}

#endif
