/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The n-th fallible allocation of this thread fails: Linux' fail-nth.
 */
#ifndef _SELFTESTS_NTH_H
#define _SELFTESTS_NTH_H

#include <stdbool.h>

/* No step has that many allocations. */
#define NTH_MOST 20000

/* Before all others. Return: false, and says why: the kernel has no fault injection. */
bool nth_open(void);
/* From here on the n-th fails. */
void nth_arm(unsigned int n);
/* None fails any more. Return: how many were still to come; 0: one has failed. */
unsigned int nth_disarm(void);
/* Is it what a step gives that an allocation has failed in? Copies from and to user
 * space fail in the same manner.
 */
bool nth_injected(int err);

#endif /* _SELFTESTS_NTH_H */
