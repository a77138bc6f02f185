// SPDX-License-Identifier: GPL-2.0-only
/* 6.12: linux/unaligned.h */
#include <linux/unaligned.h>

u32 probe(const void *p);
u32 probe(const void *p)
{
	return get_unaligned_le32(p);
}
