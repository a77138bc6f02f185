/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that can run out when a test wants it to.
 */
#ifndef KERN_LINUX_SLAB_H
#define KERN_LINUX_SLAB_H

#include <linux/compiler.h>
#include <stdlib.h>

#define GFP_KERNEL 0
#define GFP_KERNEL_ACCOUNT 0

/* The allocation that fails, counted down; below zero: none does. */
extern long kern_fail_in;
/* Pieces of memory that were not given back. */
extern long kern_allocated;

/* The one leaves memory full of rubbish, the other of zeros. */
void *kern_alloc(size_t size);
void *kern_zalloc(size_t size);
void kern_free(const void *p);

#define kmalloc(size, gfp) kern_alloc(size)
#define kzalloc(size, gfp) kern_zalloc(size)
#define kvzalloc(size, gfp) kern_zalloc(size)
#define kvmalloc(size, gfp) kern_alloc(size)
#define kcalloc(n, size, gfp) kern_zalloc((n) * (size))
#define kvcalloc(n, size, gfp) kern_zalloc((n) * (size))
#define kvmalloc_array(n, size, gfp) kern_alloc((n) * (size))
#define kfree(p) kern_free(p)
#define kvfree(p) kern_free(p)

static inline void *kmemdup_(const void *from, size_t size)
{
	void *p = kern_alloc(size);

	if (p)
		memcpy(p, from, size);
	return p;
}
#define kmemdup(from, size, gfp) kmemdup_(from, size)

#endif /* KERN_LINUX_SLAB_H */
