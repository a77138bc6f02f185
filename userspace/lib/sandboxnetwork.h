/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Networks of sandboxes: a bridge and its prefixes, in a file that is there from before
 * the first of its addresses is given until after the last is taken back. Who has which
 * is in another place: sandboxlease.h.
 */
#ifndef LIBUTCP_SANDBOXNETWORK_H
#define LIBUTCP_SANDBOXNETWORK_H

#include <stddef.h>
#include <stdint.h>

#include <utcp/sandbox.h>

struct utcp_error;

/** NETWORK_DIR - folder of the files in the rundir */
#define NETWORK_DIR "networks"

/* The gateway has the first address. */
#define NETWORK_GATEWAY 1
#define NETWORK_FIRST 2

/**
 * struct network - a network
 * @bridge: name of the bridge
 * @mac: MAC address of the bridge
 * @prefix4: prefix of IPv4, of 8 to 29 bits
 * @prefix6: prefix of IPv6, of 64 bits, or none
 * @assigned: addresses are given out elsewhere: prefixes may have other
 *	lengths, and the gateways are those that are said
 * @gateway4: with @assigned, address of the bridge, with the length of the prefix
 * @gateway6: the same of IPv6
 * @no_masquerade: what leaves it keeps its address
 * @first: the sandbox that is being made is its first; not in the file
 */
struct network {
	char bridge[16];
	uint8_t mac[6];
	struct utcp_sandbox_prefix prefix4;
	struct utcp_sandbox_prefix prefix6;
	bool assigned;
	struct utcp_sandbox_prefix gateway4;
	struct utcp_sandbox_prefix gateway6;
	bool no_masquerade;
	bool first;
};

/**
 * network_parse() - read a network
 * @data: JSON
 * @len: its length
 * @net: set to it
 *
 * Return: 0, -EBADMSG if it makes no sense, or -ENOMEM.
 */
int network_parse(const char *data, size_t len, struct network *net);

/**
 * network_format() - a network as it is written down
 * @net: the network
 *
 * Return: JSON, to be freed with free(); NULL if there is no memory.
 */
char *network_format(const struct network *net);

/**
 * network_load() - read a network's file
 * @bridge: name of the bridge
 * @net: set to it
 * @e: filled in on failure
 *
 * Return: 0, -ENOENT if there is no such network, or another negative errno.
 */
int network_load(const char *bridge, struct network *net, struct utcp_error *e);

/**
 * network_save() - write a network's file
 * @net: the network; the caller has the lock
 * @e: filled in on failure
 *
 * Return: 0 or a negative errno.
 */
int network_save(const struct network *net, struct utcp_error *e);

/**
 * network_prefix_ok() - can sandboxes have addresses of a prefix?
 * @prefix: the prefix
 * @assigned: they are given out elsewhere
 *
 * Return: whether they can.
 */
bool network_prefix_ok(const struct utcp_sandbox_prefix *prefix, bool assigned);

/**
 * network_end() - where the numbers of a network's addresses end
 * @net: the network
 *
 * Return: what they are less than; the last one of IPv4 is a broadcast's.
 */
uint32_t network_end(const struct network *net);

/**
 * network_address() - an address of a network
 * @prefix: a prefix of the network
 * @host: number of the address
 * @address: set to the address, with the length of the prefix
 */
void network_address(const struct utcp_sandbox_prefix *prefix, uint32_t host,
		     struct utcp_sandbox_prefix *address);

/**
 * network_gateway() - address of a network's bridge
 * @net: the network
 * @is6: that of IPv6
 * @address: set to the address, with the length of the prefix
 */
void network_gateway(const struct network *net, bool is6,
		     struct utcp_sandbox_prefix *address);

/**
 * network_own_number() - number of an address in its own prefix
 * @address: the address, of IPv4, with the length of the prefix
 *
 * Return: the number.
 */
uint32_t network_own_number(const struct utcp_sandbox_prefix *address);

/**
 * network_number() - number of an address of a network
 * @prefix: a prefix of the network
 * @address: the address
 *
 * Return: the number, or 0 if sandboxes of the prefix cannot have that address.
 */
uint32_t network_number(const struct utcp_sandbox_prefix *prefix,
			const struct utcp_sandbox_prefix *address);

#endif
