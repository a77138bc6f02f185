/* SPDX-License-Identifier: GPL-2.0-only */
/* The C library includes it too, by way of others. */
#ifndef KERN_LINUX_COMPILER_H
#define KERN_LINUX_COMPILER_H

#include "../kern.h"

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define noinline __attribute__((noinline))
#define READ_ONCE(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, value) __atomic_store_n(&(x), value, __ATOMIC_RELAXED)

#define DECLARE_FLEX_ARRAY(type, name) \
	struct {                       \
		struct {               \
		} name##_empty;        \
		type name[];           \
	}

#endif /* KERN_LINUX_COMPILER_H */
