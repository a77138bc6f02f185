// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watchers: modules that want to be consumers on every port, and so have to know
 * which ports there are.
 */
#include <linux/rtnetlink.h>

#include "port.h"

/* Under rtnl. */
static LIST_HEAD(watchers);

/* Tells that a port is, or is no more, demultiplexed. Under rtnl. */
void netswitch_watch_demux(struct netswitch_port *port, bool on)
{
	struct netswitch_watcher *watcher;

	ASSERT_RTNL();
	list_for_each_entry(watcher, &watchers, node)
		watcher->demux(port, on);
}

/**
 * netswitch_watch() - be told of ports that are demultiplexed
 * @watcher: who wants to know
 *
 * Context: process; takes rtnl.
 */
void netswitch_watch(struct netswitch_watcher *watcher)
{
	struct netswitch_port *port;

	rtnl_lock();
	list_add_tail(&watcher->node, &watchers);
	list_for_each_entry(port, &netswitch_ports, node)
		if (port->flags & NETSWITCH_PORT_FLAGS_DEMUX)
			watcher->demux(port, true);
	rtnl_unlock();
}
EXPORT_SYMBOL_GPL(netswitch_watch);

/**
 * netswitch_unwatch() - be told no more
 * @watcher: who was; it is told now of each port that it is no more demultiplexed
 *
 * Context: process; takes rtnl.
 */
void netswitch_unwatch(struct netswitch_watcher *watcher)
{
	struct netswitch_port *port;

	rtnl_lock();
	list_del(&watcher->node);
	list_for_each_entry(port, &netswitch_ports, node)
		if (port->flags & NETSWITCH_PORT_FLAGS_DEMUX)
			watcher->demux(port, false);
	rtnl_unlock();
}
EXPORT_SYMBOL_GPL(netswitch_unwatch);
