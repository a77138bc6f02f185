/* SPDX-License-Identifier: GPL-2.0-only */
/* The C library includes it too, by way of others. */
#ifndef KERN_LINUX_COMPILER_H
#define KERN_LINUX_COMPILER_H

#include "../kern.h"

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define noinline __attribute__((noinline))

#define DECLARE_FLEX_ARRAY(type, name) \
	struct {                       \
		struct {               \
		} name##_empty;        \
		type name[];           \
	}

#endif /* KERN_LINUX_COMPILER_H */
