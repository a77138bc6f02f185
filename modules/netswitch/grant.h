/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Grants: who may bind rings of an EtherType of a port without CAP_NET_RAW.
 */
#ifndef _NETSWITCH_GRANT_H
#define _NETSWITCH_GRANT_H

#include <linux/if_ether.h>
#include <linux/list.h>
#include <linux/types.h>
#include <linux/uidgid.h>

struct netlink_ext_ack;
struct netswitch_port;

/**
 * struct netswitch_grant - somebody may bind such rings
 * @node: in the port's list of grants
 * @ethertype: in host byte order
 * @uid: effective user that may; INVALID_UID: it is a group that may
 * @gid: effective or supplementary group of who may, if it is a group
 * @mac: for a ring that shares by address and has this one; zero: for one with the
 *	port's address
 *
 * All under rtnl. Dies by netlink, or with its port.
 */
struct netswitch_grant {
	struct list_head node;
	u16 ethertype;
	kuid_t uid;
	kgid_t gid;
	u8 mac[ETH_ALEN] __aligned(2);
};

/* grant.c */
struct netswitch_grant *
netswitch_grant_find(const struct netswitch_port *port,
		     const struct netswitch_grant *like);
int netswitch_grant_add(struct netswitch_port *port,
			const struct netswitch_grant *like,
			struct netlink_ext_ack *extack,
			struct netswitch_grant **grantp);
void netswitch_grant_del(struct netswitch_port *port,
			 struct netswitch_grant *grant);
void netswitch_grants_del_port(struct netswitch_port *port);
bool netswitch_grant_allows(const struct netswitch_port *port, u32 ethertype,
			    const u8 *mac);

/* grant_nl.c */
void netswitch_nl_grant_notify(const struct netswitch_port *port,
			       const struct netswitch_grant *grant, u8 cmd);

#endif /* _NETSWITCH_GRANT_H */
