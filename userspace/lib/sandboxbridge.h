/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bridges of sandboxes: there from the first sandbox of a network to the last.
 */
#ifndef LIBUTCP_SANDBOXBRIDGE_H
#define LIBUTCP_SANDBOXBRIDGE_H

#include <stdbool.h>
#include <stdint.h>

#include <utcp/sandbox.h>

struct network;
struct rtnl;
struct utcp_error;

/**
 * bridge_name_ok() - can a bridge of sandboxes have this name?
 * @name: the name
 *
 * Return: whether it can.
 */
bool bridge_name_ok(const char *name);

/**
 * bridge_mac_ok() - can a bridge that was made for sandboxes have this MAC address?
 * @mac: the address
 *
 * Return: whether it can.
 */
bool bridge_mac_ok(const uint8_t mac[6]);

/**
 * bridge_network() - find the network that a sandbox is to be in, or think of one
 * @config: the sandbox
 * @net: set to it; its file is there
 * @e: filled in on failure
 *
 * Return: 0 or a negative errno.
 */
int bridge_network(const struct utcp_sandbox_config *config,
		   struct network *net, struct utcp_error *e);

/**
 * bridge_ensure() - have a network's bridge be there, with its gateway and its way out
 * @r: socket in the host's namespace
 * @net: the network
 * @index: set to the index of the bridge
 *
 * A device of that name that was not made for this network is left alone.
 *
 * Return: 0 or a negative errno, with the error of @r filled in.
 */
int bridge_ensure(struct rtnl *r, const struct network *net, uint32_t *index);

/**
 * bridge_remove() - remove what bridge_ensure() has made
 * @r: socket in the host's namespace
 * @net: the network
 *
 * Return: 0, also if there is nothing, or a negative errno, with the error of @r
 * filled in.
 */
int bridge_remove(struct rtnl *r, const struct network *net);

#endif
