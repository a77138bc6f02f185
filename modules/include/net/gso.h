/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Before 6.5 what is in it stands in linux/netdevice.h.
 */
#ifndef _COMPAT_NET_GSO_H
#define _COMPAT_NET_GSO_H

#ifdef HAVE_NET_GSO
#include_next <net/gso.h>
#else
#include <linux/netdevice.h>
#endif

#endif /* _COMPAT_NET_GSO_H */
