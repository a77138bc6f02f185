/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Before 6.12 each architecture has one.
 */
#ifndef _COMPAT_LINUX_UNALIGNED_H
#define _COMPAT_LINUX_UNALIGNED_H

#ifdef HAVE_LINUX_UNALIGNED
#include_next <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#endif /* _COMPAT_LINUX_UNALIGNED_H */
