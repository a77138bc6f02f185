/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Subnets of networks: whether one is in use, and one for who is told none.
 */
#ifndef UTCP_CNI_SUBNET_H
#define UTCP_CNI_SUBNET_H

#include <stdbool.h>

#include <utcp/sandbox.h>

/** SUBNET_WHOSE - room for the name of who has a subnet */
#define SUBNET_WHOSE 64

/**
 * subnet_used() - does a subnet meet one that is in use?
 * @subnet: the subnet
 * @bridge: a bridge whose addresses do not count, or NULL
 * @whose: set to a device of the host, or another network of Podman's, that has it
 *
 * Return: whether it does.
 */
bool subnet_used(const struct utcp_sandbox_prefix *subnet, const char *bridge,
		 char whose[SUBNET_WHOSE]);

/**
 * subnet_choose() - choose a subnet for a network
 * @id: what tells the network from others
 * @is6: of IPv6: one of RFC 4193; or of IPv4: one of 10.182.0.0/15 that neither the host
 *	nor another network of Podman's has
 * @subnet: set to it
 *
 * Return: 0, or -1 if all are in use.
 */
int subnet_choose(const char *id, bool is6, struct utcp_sandbox_prefix *subnet);

#endif
