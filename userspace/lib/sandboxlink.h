/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Links of sandboxes, their addresses and routes.
 */
#ifndef LIBUTCP_SANDBOXLINK_H
#define LIBUTCP_SANDBOXLINK_H

#include <stdbool.h>
#include <stdint.h>

#include <utcp/sandbox.h>

struct rtnl;

/**
 * struct link_info - a device
 * @index: its index
 * @name: its name
 * @is_veth: it is one of a veth pair
 * @peer: with @is_veth, index of the other one, which is in another namespace
 * @nsid: with @peer, number of that namespace
 * @up: it is up
 * @master: index of the device that it belongs to, or 0
 * @mac: its MAC address
 * @rx_packets: packets that it has received
 * @rx_bytes: their bytes
 * @tx_packets: packets that it has sent
 * @tx_bytes: their bytes
 */
struct link_info {
	uint32_t index;
	char name[16];
	bool is_veth;
	uint32_t peer;
	int32_t nsid;
	bool up;
	uint32_t master;
	uint8_t mac[6];
	uint64_t rx_packets;
	uint64_t rx_bytes;
	uint64_t tx_packets;
	uint64_t tx_bytes;
};

/**
 * link_get() - find a device
 * @r: socket in its namespace
 * @name: its name
 * @info: set to it
 *
 * Return: 0, -ENODEV if there is none, or another negative errno.
 */
int link_get(struct rtnl *r, const char *name, struct link_info *info);

/**
 * link_get_index() - find a device by its index
 * @r: socket in its namespace
 * @index: its index
 * @info: set to it
 *
 * Return: 0, -ENODEV if there is none, or another negative errno.
 */
int link_get_index(struct rtnl *r, uint32_t index, struct link_info *info);

/**
 * link_each() - get all devices of a namespace
 * @r: socket in it
 * @take: called for each; 0, or a negative errno to end with
 * @arg: for @take
 *
 * Return: 0 or a negative errno.
 */
int link_each(struct rtnl *r,
	      int (*take)(const struct link_info *info, void *arg), void *arg);

/**
 * link_nsid() - number that a namespace has in another
 * @r: socket in the other
 * @netns: descriptor of the namespace
 * @nsid: set to the number; -1: it has none
 *
 * Return: 0 or a negative errno.
 */
int link_nsid(struct rtnl *r, int netns, int32_t *nsid);

/**
 * link_address_each() - get the addresses of a device
 * @r: socket in its namespace
 * @index: its index
 * @take: called for each; 0, or a negative errno to end with
 * @arg: for @take
 *
 * Return: 0 or a negative errno.
 */
int link_address_each(struct rtnl *r, uint32_t index,
		      int (*take)(const struct utcp_sandbox_prefix *address,
				  void *arg),
		      void *arg);

/**
 * link_del() - remove a device
 * @r: socket in its namespace
 * @name: its name
 *
 * Return: 0, also if there is none, or a negative errno.
 */
int link_del(struct rtnl *r, const char *name);

/**
 * link_veth() - make a sandbox's link; both sides are down
 * @r: socket in the host's namespace
 * @sb: the sandbox
 * @bridge: index of the bridge that the host's side belongs to
 * @netns: descriptor of the sandbox's namespace
 * @mtu: its MTU, or 0
 *
 * Return: 0, or a negative errno.
 */
int link_veth(struct rtnl *r, const struct utcp_sandbox *sb, uint32_t bridge,
	      int netns, uint32_t mtu);

/**
 * link_bridge() - make a bridge, which is down
 * @r: socket in its namespace
 * @name: its name
 * @mac: its MAC address
 *
 * Return: 0, or a negative errno.
 */
int link_bridge(struct rtnl *r, const char *name, const uint8_t mac[6]);

/**
 * link_up() - set a device up
 * @r: socket in its namespace
 * @index: its index, or 0: it is found by its name
 * @name: its name
 *
 * Return: 0, or a negative errno.
 */
int link_up(struct rtnl *r, uint32_t index, const char *name);

/**
 * link_down() - set a device down
 * @r: socket in its namespace
 * @index: its index
 *
 * Return: 0, or a negative errno.
 */
int link_down(struct rtnl *r, uint32_t index);

/**
 * link_no_autoconf() - have a device get no address of IPv6 by itself
 * @r: socket in its namespace
 * @name: its name
 *
 * Return: 0, or a negative errno.
 */
int link_no_autoconf(struct rtnl *r, const char *name);

/**
 * link_address() - give a device an address
 * @r: socket in its namespace
 * @index: its index
 * @address: the address, and the length of its prefix
 *
 * Return: 0, also if it has it, or a negative errno.
 */
int link_address(struct rtnl *r, uint32_t index,
		 const struct utcp_sandbox_prefix *address);

/**
 * link_route() - make a route
 * @r: socket in the namespace
 * @index: index of the device
 * @dst: where it leads; its length is 0 if everywhere
 * @gateway: the gateway
 *
 * Return: 0, or a negative errno.
 */
int link_route(struct rtnl *r, uint32_t index,
	       const struct utcp_sandbox_prefix *dst,
	       const struct utcp_sandbox_prefix *gateway);

/**
 * link_route_is() - is there a route?
 * @r: socket in the namespace
 * @index: index of the device
 * @dst: where it leads; its length is 0 if everywhere
 * @gateway: the gateway; its length is 0 if any will do
 *
 * Return: 0 if there is one, -ENOENT if there is none, or another negative errno.
 */
int link_route_is(struct rtnl *r, uint32_t index,
		  const struct utcp_sandbox_prefix *dst,
		  const struct utcp_sandbox_prefix *gateway);

/**
 * link_has_ipv6() - do new devices of the caller's namespace have IPv6?
 *
 * Return: whether they do.
 */
bool link_has_ipv6(void);

#endif
