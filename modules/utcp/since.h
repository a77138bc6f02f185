/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long ago something was.
 */
#ifndef _UTCP_SINCE_H
#define _UTCP_SINCE_H

#include <linux/types.h>

/* How long ago something was that another CPU may just have written down, later than
 * @now was read.
 */
static inline u64 utcp_since(u64 now, u64 then)
{
	return now > then ? now - then : 0;
}

#endif /* _UTCP_SINCE_H */
