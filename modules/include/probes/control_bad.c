// SPDX-License-Identifier: GPL-2.0-only
/* Must compile nowhere: else a probe's success means nothing. */
#include <net/genetlink.h>

const struct genl_family probe_family = { .no_such_member_in_any_kernel = 1 };
