// SPDX-License-Identifier: GPL-2.0-only
/* 6.2: struct genl_split_ops, one entry each for do and dump */
#include <net/genetlink.h>

const struct genl_split_ops probe = { .cmd = 1 };
const struct genl_family probe_family = { .split_ops = &probe };
