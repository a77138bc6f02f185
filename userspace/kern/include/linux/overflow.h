/* SPDX-License-Identifier: GPL-2.0-only */
#include "../kern.h"

#define sizeof_field(type, member) sizeof(((type *)0)->member)
#define struct_size(p, member, n) \
	(sizeof(*(p)) + (size_t)(n) * sizeof((p)->member[0]))
