/* SPDX-License-Identifier: GPL-2.0-only */
#include "../kern.h"

/* Nobody waits for this program. */
static inline void cond_resched(void)
{
}
