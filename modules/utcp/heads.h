/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory of frames that are sent, which comes back to be used again.
 */
#ifndef _UTCP_HEADS_H
#define _UTCP_HEADS_H

#include <linux/types.h>

struct sk_buff;

/* Longest that utcp_heads_skb() makes, with what the kernel keeps behind it: a frame of
 * 9000 bytes.
 */
#define UTCP_HEADS_MAX 10240

struct sk_buff *utcp_heads_skb(unsigned int len);
void utcp_heads_exit(void);

#endif /* _UTCP_HEADS_H */
