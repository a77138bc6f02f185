/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of utcp.ko share: the state per network namespace.
 */
#ifndef _UTCP_UTCP_H
#define _UTCP_UTCP_H

#include <net/netswitch.h>

#include <uapi/linux/utcp.h>

#include "cell.h"

/**
 * struct utcp_net - what the module keeps per network namespace
 * @limits: bounds of the namespace's tables; has its own lock
 * @cells: the namespace's cells; has its own lock
 *
 * Made when a namespace is born (or the module loaded), freed by the kernel
 * after the last request in the namespace ended (or the module was unloaded).
 */
struct utcp_net {
	struct netswitch_limits limits;
	struct utcp_cells cells;
};

/* main.c */
struct utcp_net *utcp_net(const struct net *net);

#endif /* _UTCP_UTCP_H */
