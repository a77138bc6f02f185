/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory.
 */
#ifndef KERN_LINUX_SLAB_H
#define KERN_LINUX_SLAB_H

#include <stdlib.h>

#include "../kern.h"

#define GFP_KERNEL 0

static inline void *kvcalloc(size_t n, size_t size, int gfp)
{
	(void)gfp;
	return calloc(n, size);
}

static inline void kvfree(void *p)
{
	free(p);
}

#endif
