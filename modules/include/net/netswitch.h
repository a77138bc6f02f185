/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The in-kernel interface of netswitch: what the other modules of the suite
 * build on. They depend on netswitch and never on each other.
 */
#ifndef _NET_NETSWITCH_H
#define _NET_NETSWITCH_H

#include <linux/mutex.h>
#include <linux/types.h>
#include <net/genetlink.h>

/* As many limits as the family with the most of them has, and room. */
#define NETSWITCH_LIMITS_MAX 8

/**
 * struct netswitch_limits - the limits of one family in one network namespace
 * @lock: taken to change @val, so that a change and its event are one step;
 *	readers take single values with READ_ONCE() and need no lock
 * @val: value of the limit whose attribute number is index + 1
 *
 * Lives inside the family's per-namespace state and dies with it; by then no
 * netlink request can reach it, because a request holds its namespace.
 */
struct netswitch_limits {
	struct mutex lock; /* protects val */
	u32 val[NETSWITCH_LIMITS_MAX];
};

/**
 * struct netswitch_limits_desc - what limits a family has
 * @family: the family, for replies and events
 * @abi: contract number that the family keeps
 * @n: how many limits it has; attributes 1 to @n of its limits space
 * @policy: generated policy of the limits space
 * @def: value of each limit in a new namespace
 *
 * The four families share the shape of the operations info-get, limits-set
 * and limits-ntf, down to the attribute numbers; netswitch_check_info_abi()
 * holds them to it at compile time.
 */
struct netswitch_limits_desc {
	struct genl_family *family;
	u32 abi;
	u8 n;
	const struct nla_policy *policy;
	u32 def[NETSWITCH_LIMITS_MAX];
};

/* Numbers shared by the four families; the group is each family's first. */
#define NETSWITCH_INFO_NLGRP_EVENTS 0

/**
 * netswitch_check_info_abi() - hold a family to the shared shape
 * @P: prefix of the family's uapi names (NETSWITCH, UTCP, …)
 */
#define netswitch_check_info_abi(P)                                         \
	do {                                                                \
		BUILD_BUG_ON((int)P##_A_INFO_VERSION !=                     \
			     (int)NETSWITCH_A_INFO_VERSION);                \
		BUILD_BUG_ON((int)P##_A_INFO_ABI !=                         \
			     (int)NETSWITCH_A_INFO_ABI);                    \
		BUILD_BUG_ON((int)P##_A_INFO_LIMITS !=                      \
			     (int)NETSWITCH_A_INFO_LIMITS);                 \
		BUILD_BUG_ON((int)P##_CMD_LIMITS_NTF !=                     \
			     (int)NETSWITCH_CMD_LIMITS_NTF);                \
		BUILD_BUG_ON((int)P##_NLGRP_EVENTS !=                       \
			     NETSWITCH_INFO_NLGRP_EVENTS);                  \
		BUILD_BUG_ON((int)P##_A_LIMITS_MAX > NETSWITCH_LIMITS_MAX); \
	} while (0)

void netswitch_limits_init(const struct netswitch_limits_desc *desc,
			   struct netswitch_limits *limits);
int netswitch_info_get(const struct netswitch_limits_desc *desc,
		       struct netswitch_limits *limits, struct genl_info *info);
int netswitch_limits_set(const struct netswitch_limits_desc *desc,
			 struct netswitch_limits *limits, struct sk_buff *skb,
			 struct genl_info *info);

#endif /* _NET_NETSWITCH_H */
