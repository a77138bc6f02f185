/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long ago something was.
 */
#ifndef _UTCP_SINCE_H
#define _UTCP_SINCE_H

#include <linux/types.h>

/**
 * utcp_since() - how long ago was something?
 * @now: the time
 * @then: when it was; another CPU may just have written it down, later than @now was read
 *
 * Return: so long; 0 if it was later.
 */
static inline u64 utcp_since(u64 now, u64 then)
{
	return now > then ? now - then : 0;
}

#endif /* _UTCP_SINCE_H */
