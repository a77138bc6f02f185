/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What of this header is not in kern.h.
 */
#ifndef KERN_LINUX_SLAB_H
#define KERN_LINUX_SLAB_H

#include "../kern.h"

#define GFP_KERNEL 0
#define GFP_KERNEL_ACCOUNT 0

static inline void *kvzalloc(size_t size, gfp_t flags)
{
	return kzalloc(size, flags);
}

static inline void *kvcalloc(size_t n, size_t size, gfp_t flags)
{
	return kcalloc(n, size, flags);
}

static inline void kvfree(void *p)
{
	kfree(p);
}

static inline void *kmemdup(const void *from, size_t size, gfp_t flags)
{
	void *p = kmalloc(size, flags);

	return p ? memcpy(p, from, size) : NULL;
}

#endif /* KERN_LINUX_SLAB_H */
