/* SPDX-License-Identifier: GPL-2.0-only */
#include "../kern.h"

#define ERR_PTR(err) ((void *)(long)(err))
#define PTR_ERR(p) ((long)(p))
#define IS_ERR(p) ((unsigned long)(p) >= (unsigned long)-4095L)
