/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KERN_LINUX_SORT_H
#define KERN_LINUX_SORT_H

#include "../kern.h"
#include <stdlib.h>

static inline void sort(void *base, size_t n, size_t size,
			int (*compare)(const void *a, const void *b),
			void (*swap)(void *a, void *b, int size))
{
	(void)swap;
	qsort(base, n, size, compare);
}

#endif /* KERN_LINUX_SORT_H */
