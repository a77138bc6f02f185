/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What devices can do that those of old kernels cannot.
 */
#ifndef _COMPAT_LINUX_NETDEVICE_H
#define _COMPAT_LINUX_NETDEVICE_H

#include_next <linux/netdevice.h>

/* Does the device offer the net-shaper family? */
static inline bool netdev_has_net_shaper(const struct net_device *dev)
{
#ifdef HAVE_NET_SHAPER_OPS
	return dev->netdev_ops->net_shaper_ops;
#else
	return false;
#endif
}

#endif /* _COMPAT_LINUX_NETDEVICE_H */
