/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The test vectors of selftests/utcp/vectors, by their names; those of noise.txt
 * are here "noise_…".
 */
#ifndef _UTCP_TEST_VECTORS_H
#define _UTCP_TEST_VECTORS_H

#include <kunit/test.h>
#include <linux/types.h>

bool utcp_vector_exists(const char *name);
size_t utcp_vector(struct kunit *test, const char *name, void *buf,
		   size_t room);
size_t utcp_vector_n(struct kunit *test, const char *prefix, unsigned int n,
		     void *buf, size_t room);
size_t utcp_vector_of(struct kunit *test, const char *prefix, const char *name,
		      void *buf, size_t room);

/* The bytes of a hexadecimal literal of just this length. */
void utcp_bytes(struct kunit *test, void *buf, size_t len, const char *hex);

/* Are all of them zero? */
bool utcp_zeros(const void *buf, size_t len);

#endif /* _UTCP_TEST_VECTORS_H */
