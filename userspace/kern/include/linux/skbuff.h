/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames, as far as queues know them.
 */
#ifndef KERN_LINUX_SKBUFF_H
#define KERN_LINUX_SKBUFF_H

#include "../kern.h"

struct sk_buff {
	struct sk_buff *next;
	char cb[48] __attribute__((aligned(8)));
};

#endif
