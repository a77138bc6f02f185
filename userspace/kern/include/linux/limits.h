/* SPDX-License-Identifier: GPL-2.0-only */
/* The C library includes it too. */
#include_next <linux/limits.h>
