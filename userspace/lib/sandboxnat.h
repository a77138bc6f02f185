/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Addresses of sandboxes on their way out of the host, and ports of the host that
 * lead in: tables of nftables that belong to nobody else.
 */
#ifndef LIBUTCP_SANDBOXNAT_H
#define LIBUTCP_SANDBOXNAT_H

#include <stdbool.h>

#include <utcp/sandbox.h>

struct network;
struct utcp_error;

/**
 * nat_network_add() - have what a network's sandboxes send out of it go by the
 * host's own address
 * @net: the network
 * @e: filled in on failure
 *
 * What was there of the table before is replaced, in one transaction.
 *
 * Return: 0 or a negative errno.
 */
int nat_network_add(const struct network *net, struct utcp_error *e);

/**
 * nat_network_is() - does it?
 * @bridge: the network's bridge
 * @e: used on the way
 *
 * Return: whether it does.
 */
bool nat_network_is(const char *bridge, struct utcp_error *e);

/**
 * nat_network_del() - take that back
 * @bridge: the network's bridge
 * @e: filled in on failure
 *
 * Return: 0, also if there is nothing, or a negative errno.
 */
int nat_network_del(const char *bridge, struct utcp_error *e);

/**
 * nat_publish_add() - have ports of the host lead into a sandbox
 * @sb: the sandbox
 * @e: filled in on failure
 *
 * Return: 0 or a negative errno.
 */
int nat_publish_add(const struct utcp_sandbox *sb, struct utcp_error *e);

/**
 * nat_publish_is() - are there ports of the host that lead into a sandbox?
 * @name: the sandbox
 * @e: used on the way
 *
 * Return: whether there are.
 */
bool nat_publish_is(const char *name, struct utcp_error *e);

/**
 * nat_publish_del() - take that back
 * @name: the sandbox
 * @e: filled in on failure
 *
 * Return: 0, also if there is nothing, or a negative errno.
 */
int nat_publish_del(const char *name, struct utcp_error *e);

/**
 * nat_forwarding() - have the host forward packets of IPv4
 * @e: filled in on failure
 *
 * Return: 0 or a negative errno.
 */
int nat_forwarding(struct utcp_error *e);

#endif
