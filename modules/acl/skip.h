/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Devices by which frames skip hooks.
 */
#ifndef _UTCP_ACL_SKIP_H
#define _UTCP_ACL_SKIP_H

struct acl_net;
struct net;
struct net_device;
struct netlink_ext_ack;

int acl_skip_begin(struct net *net, struct netlink_ext_ack *extack);
void acl_skip_end(struct acl_net *this);
bool acl_skip_refuses(const struct net_device *dev);

#endif /* _UTCP_ACL_SKIP_H */
