/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that the buffers of connections take together, those of a namespace and all, and
 * its bounds.
 */
#ifndef _UTCP_MEMORY_H
#define _UTCP_MEMORY_H

#include <linux/percpu_counter.h>
#include <linux/refcount.h>
#include <linux/types.h>

/**
 * struct utcp_account - the buffers of a namespace
 * @used: bytes that they take
 * @kib: bound, in KiB; read and written as a whole
 * @refs: of the namespace, and of each pair and carrier whose buffers are counted: some are
 *	freed when it is gone
 *
 * Nothing here locks. Dies with the last reference.
 */
struct utcp_account {
	struct percpu_counter used;
	u32 kib;
	refcount_t refs;
};

struct utcp_account *utcp_account_new(u32 kib);
struct utcp_account *utcp_account_get(struct utcp_account *account);
void utcp_account_put(struct utcp_account *account);

int utcp_memory_init(void);
void utcp_memory_exit(void);

bool __must_check utcp_memory_left(struct utcp_account *account, size_t more);
bool __must_check utcp_memory_scarce(struct utcp_account *account);
void utcp_memory_add(struct utcp_account *account, long bytes);

#endif /* _UTCP_MEMORY_H */
