/* SPDX-License-Identifier: GPL-2.0-only */
/* The C library includes it too, and then means its own. */
#include_next <linux/types.h>
