// SPDX-License-Identifier: GPL-2.0-only
/* Must compile everywhere: else the probes tell nothing about the kernel. */
#include <linux/module.h>
#include <net/genetlink.h>

const struct genl_family probe_family = { .name = "probe" };
