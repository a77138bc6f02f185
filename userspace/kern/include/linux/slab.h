/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that can run out when a test wants it to.
 */
#ifndef KERN_LINUX_SLAB_H
#define KERN_LINUX_SLAB_H

#include <linux/compiler.h>
#include <stdlib.h>

typedef unsigned int gfp_t;
#define GFP_ATOMIC 0
#define __GFP_NOWARN 0
#define GFP_KERNEL 0
#define GFP_KERNEL_ACCOUNT 0
#define __GFP_ACCOUNT 0

/* The allocation that fails, counted down; below zero: none does. */
extern long kern_fail_in;
/* Pieces of memory that were not given back. */
extern long kern_allocated;

/* The one leaves memory full of rubbish, the other of zeros. */
void *kern_alloc(size_t size);
void *kern_zalloc(size_t size);
void kern_free(const void *p);

/* Whoever may sleep, may. */
static inline void *kmalloc(size_t size, gfp_t gfp)
{
	(void)gfp;
	return kern_alloc(size);
}

static inline void *kzalloc(size_t size, gfp_t gfp)
{
	(void)gfp;
	return kern_zalloc(size);
}

static inline void *kvzalloc(size_t size, gfp_t gfp)
{
	return kzalloc(size, gfp);
}

static inline void *kcalloc(size_t n, size_t size, gfp_t gfp)
{
	return kzalloc(n * size, gfp);
}

static inline void *kmalloc_array(size_t n, size_t size, gfp_t gfp)
{
	return kmalloc(n * size, gfp);
}

static inline void *kvcalloc(size_t n, size_t size, gfp_t gfp)
{
	return kzalloc(n * size, gfp);
}

#define kfree(p) kern_free(p)
#define kvfree(p) kern_free(p)

static inline void *kmemdup(const void *from, size_t size, gfp_t gfp)
{
	void *p = kmalloc(size, gfp);

	if (p)
		memcpy(p, from, size);
	return p;
}

/* Tests have no caches: these are there to be compiled. */
struct kmem_cache;

static inline int kmem_cache_alloc_bulk(struct kmem_cache *cache, gfp_t gfp,
					size_t n, void **p)
{
	(void)cache;
	(void)gfp;
	(void)n;
	(void)p;
	abort();
}

static inline void kmem_cache_free_bulk(struct kmem_cache *cache, size_t n,
					void **p)
{
	(void)cache;
	(void)n;
	(void)p;
	abort();
}

#endif /* KERN_LINUX_SLAB_H */
