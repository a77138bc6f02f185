// SPDX-License-Identifier: GPL-2.0-only
/* 6.6: genl_info_dump(), a dump's struct genl_info */
#include <net/genetlink.h>

const struct genl_info *probe(struct netlink_callback *cb)
{
	return genl_info_dump(cb);
}
