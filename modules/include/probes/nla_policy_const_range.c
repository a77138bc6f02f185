// SPDX-License-Identifier: GPL-2.0-only
/* 6.7: the range of a netlink policy may be const */
#include <net/netlink.h>

static_assert(__same_type(((struct nla_policy *)0)->range,
			  (const struct netlink_range_validation *)0));
