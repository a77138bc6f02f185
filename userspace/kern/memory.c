// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's allocator for tests in user space: it can fail when a test wants it to,
 * and knows what was not given back.
 */
#include <linux/slab.h>

long kern_fail_in = -1;
long kern_allocated;

void *kern_alloc(size_t size)
{
	void *p;

	if (kern_fail_in >= 0 && kern_fail_in-- == 0)
		return NULL;
	p = malloc(size ? size : 1);
	if (!p)
		abort();
	memset(p, 0xa5, size);
	__atomic_fetch_add(&kern_allocated, 1, __ATOMIC_RELAXED);
	return p;
}

void *kern_zalloc(size_t size)
{
	void *p = kern_alloc(size);

	if (p)
		memset(p, 0, size);
	return p;
}

void kern_free(const void *p)
{
	if (!p)
		return;
	__atomic_fetch_sub(&kern_allocated, 1, __ATOMIC_RELAXED);
	free((void *)p);
}
