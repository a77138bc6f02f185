/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that the buffers of all connections take together, and its bound.
 */
#ifndef _UTCP_MEMORY_H
#define _UTCP_MEMORY_H

#include <linux/types.h>

int utcp_memory_init(void);
void utcp_memory_exit(void);

bool __must_check utcp_memory_left(size_t more);
bool __must_check utcp_memory_scarce(void);
void utcp_memory_add(long bytes);

#endif /* _UTCP_MEMORY_H */
