/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Links: the ports over which UTCP is spoken: where its frames come from, and how
 * they leave.
 */
#ifndef _UTCP_LINK_H
#define _UTCP_LINK_H

#include <linux/netdevice.h>
#include <net/netswitch.h>

#include "neigh.h"
#include "utcp.h"

/**
 * struct utcp_link - a port that is used
 * @consumer: by which frames come
 * @un: state of its namespace
 * @dev: its device; no reference is held: the port goes before the device
 * @ending: nothing is told to ports on its way any more; under the lock of what was
 * @ask_again: the policies of its ports may have changed; whoever sees it first asks
 * @rcu: for freeing
 *
 * Under rtnl, but for reading under RCU. Dies when the port is no more, or no more
 * demultiplexed, or with the module.
 */
struct utcp_link {
	struct netswitch_consumer consumer;
	struct utcp_net *un;
	struct net_device *dev;
	bool ending;
	bool ask_again;
	struct rcu_head rcu;
};

int __must_check utcp_links_init(void);
void utcp_links_exit(void);

void utcp_link_path(const struct sk_buff *skb, struct utcp_path *path);

unsigned int utcp_link_mtu(struct utcp_net *un, u32 ifindex);
bool utcp_link_up(struct utcp_net *un, u32 ifindex);
struct sk_buff *utcp_link_alloc(unsigned int len, gfp_t gfp);
int utcp_link_xmit(struct utcp_net *un, const struct utcp_path *path,
		   struct sk_buff *skb);
int utcp_link_send(struct utcp_net *un, const struct utcp_path *path,
		   const void *frame, size_t len);

#endif /* _UTCP_LINK_H */
