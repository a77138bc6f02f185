/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Basics: a sandbox sends by its own addresses only, and ARP and neighbour discovery
 * go on as far as these need them.
 */
#ifndef _UTCP_ACL_BASICS_H
#define _UTCP_ACL_BASICS_H

#include <linux/types.h>

#include "key.h"

/* Addresses of one sandbox, at most. */
#define ACL_BASICS_ADDRS 16

/**
 * struct acl_basics_addr - an address of a sandbox
 * @addr: network order; four bytes and zeros for IPv4
 * @family: ACL_IPV4 or ACL_IPV6
 */
struct acl_basics_addr {
	u8 addr[16];
	u8 family;
};

/**
 * struct acl_basics - what is a sandbox's own
 * @mac: its MAC address, as acl_mac() has it
 * @n: how many addresses it has
 * @addr: they
 *
 * Never changed once frames can see it.
 */
struct acl_basics {
	u64 mac;
	u32 n;
	struct acl_basics_addr addr[ACL_BASICS_ADDRS];
};

/**
 * enum acl_basics_verdict - what the basics say of a frame
 * @ACL_BASICS_NONE: nothing: flows and rules decide
 * @ACL_BASICS_ALLOW: its own addresses need it
 * @ACL_BASICS_SPOOF: the sandbox claims what is not its own
 */
enum acl_basics_verdict {
	ACL_BASICS_NONE,
	ACL_BASICS_ALLOW,
	ACL_BASICS_SPOOF,
};

enum acl_basics_verdict acl_basics_ask(const struct acl_basics *basics,
				       const struct acl_key *key);
bool acl_basics_sends(const struct acl_basics *basics, u64 smac, u32 src);

#endif /* _UTCP_ACL_BASICS_H */
