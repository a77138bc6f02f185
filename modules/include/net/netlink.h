/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes netlink attributes of old kernels look like today's.
 */
#ifndef _COMPAT_NET_NETLINK_H
#define _COMPAT_NET_NETLINK_H

#include_next <net/netlink.h>

/* Before 6.7 a policy's range is not const, though only read. */
#ifndef HAVE_NLA_POLICY_CONST_RANGE
#undef NLA_POLICY_FULL_RANGE
#define NLA_POLICY_FULL_RANGE(tp, _range)                             \
	{                                                             \
		.type = NLA_ENSURE_UINT_OR_BINARY_TYPE(tp),           \
		.validation_type = NLA_VALIDATE_RANGE_PTR,            \
		.range = (struct netlink_range_validation *)(_range), \
	}
#endif

#endif /* _COMPAT_NET_NETLINK_H */
