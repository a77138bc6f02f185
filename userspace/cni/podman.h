/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Networks and containers as Podman describes them to plug-ins of netavark
 * (src/network/types.rs there).
 */
#ifndef UTCP_CNI_PODMAN_H
#define UTCP_CNI_PODMAN_H

#include <jansson.h>

#include "conf.h"
#include "env.h"
#include "fault.h"

/**
 * struct podman_network - a network
 * @id: its number, as hexadecimal digits
 * @subnet: its subnets of IPv4 and of IPv6; @len 0: there is none
 * @gateway: the gateways in them; @len 0: the first address
 * @routes: its routes, with room for two more
 * @n_routes: how many
 */
struct podman_network {
	const char *id;
	struct utcp_sandbox_prefix subnet[2];
	struct utcp_sandbox_prefix gateway[2];
	struct utcp_sandbox_route routes[CNI_ROUTES_MAX];
	size_t n_routes;
};

/**
 * podman_create() - complete a network that is being made
 * @conf: has it in @json, which is changed
 * @f: filled in on failure: it is no network of ours
 *
 * Return: 0 or -1.
 */
int podman_create(struct cni_conf *conf, struct cni_fault *f);

/**
 * podman_who() - which container of which network is it?
 * @conf: has what was said in @json; its name is set
 * @env: container and device are set
 * @f: filled in on failure
 *
 * Return: 0 or -1.
 */
int podman_who(struct cni_conf *conf, struct cni_env *env, struct cni_fault *f);

/**
 * podman_wants() - what is to be made of the container?
 * @conf: has what was said in @json, after podman_who(); set to what is wanted
 * @net: set to the network; has to stay as long as @conf
 * @f: filled in on failure
 *
 * Return: 0 or -1.
 */
int podman_wants(struct cni_conf *conf, struct podman_network *net,
		 struct cni_fault *f);

/**
 * podman_status() - what Podman is told of a container that was connected
 * @env: the container
 * @sb: its sandbox
 *
 * Return: a StatusBlock, or NULL if there is no memory.
 */
json_t *podman_status(const struct cni_env *env, const struct utcp_sandbox *sb);

#endif
