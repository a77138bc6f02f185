/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Networks of sandboxes: a bridge, its prefixes, and who has which address.
 *
 * A network is a file. It is written before an address is used, and an address is
 * free again only when nothing has it any more: whoever dies in between, no address
 * is given twice.
 */
#ifndef LIBUTCP_SANDBOXLEASE_H
#define LIBUTCP_SANDBOXLEASE_H

#include <stddef.h>
#include <stdint.h>

#include <utcp/sandbox.h>

struct utcp_error;

/** LEASE_DIR - folder of the files in the rundir */
#define LEASE_DIR "networks"

/* The gateway has the first address. */
#define LEASE_GATEWAY 1
#define LEASE_FIRST 2

/* As many ports as a bridge of Linux can have. */
#define LEASE_MAX 1024

/**
 * struct lease - an address that a sandbox has
 * @name: the sandbox
 * @host: number of the address in the prefixes; 0: it was given out elsewhere
 */
struct lease {
	char name[LIBUTCP_SANDBOX_NAME_MAX + 1];
	uint32_t host;
};

/**
 * struct network - a network
 * @bridge: name of the bridge
 * @mac: MAC address of the bridge
 * @prefix4: prefix of IPv4, of 8 to 29 bits
 * @prefix6: prefix of IPv6, of 64 bits, or none
 * @assigned: addresses are given out elsewhere: leases have none, prefixes may have other
 *	lengths, and the gateways are those that are said
 * @gateway4: with @assigned, address of the bridge, with the length of the prefix
 * @gateway6: the same of IPv6
 * @no_masquerade: what leaves it keeps its address
 * @last: the address that was given last
 * @leases: who has which, in no order
 * @n: how many
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
	uint32_t last;
	struct lease *leases;
	size_t n;
};

/**
 * network_parse() - read a network
 * @data: JSON
 * @len: its length
 * @net: set to it, for network_free()
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
 * @net: set to it, for network_free()
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
 * network_free() - forget a network
 * @net: the network
 */
void network_free(struct network *net);

/**
 * network_prefix_ok() - can sandboxes have addresses of a prefix?
 * @prefix: the prefix
 * @assigned: they are given out elsewhere
 *
 * Return: whether they can.
 */
bool network_prefix_ok(const struct utcp_sandbox_prefix *prefix, bool assigned);

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
 * network_number() - number of an address of a network
 * @prefix: a prefix of the network
 * @address: the address
 *
 * Return: the number, or 0 if sandboxes of the prefix cannot have that address.
 */
uint32_t network_number(const struct utcp_sandbox_prefix *prefix,
			const struct utcp_sandbox_prefix *address);

/**
 * lease_take() - give a sandbox an address
 * @net: the network
 * @name: the sandbox; one that has an address keeps it
 * @want: the number of the address that is wanted; 0: any
 * @host: set to its number; 0 if addresses are given out elsewhere
 *
 * If any will do, the one behind that which was given last, so that an address rests before it is
 * given to another.
 *
 * Return: 0, -ENOSPC if there is none, -EADDRINUSE if another has it, or -ENOMEM.
 */
int lease_take(struct network *net, const char *name, uint32_t want,
	       uint32_t *host);

/**
 * lease_drop() - take an address back
 * @net: the network
 * @name: the sandbox
 *
 * Return: whether it had one.
 */
bool lease_drop(struct network *net, const char *name);

#endif
