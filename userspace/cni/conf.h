/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration of a network, as the runtime gives it.
 */
#ifndef UTCP_CNI_CONF_H
#define UTCP_CNI_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include <utcp/acl.h>
#include <utcp/sandbox.h>

#include "env.h"
#include "fault.h"

struct scope;

/* The newest version of the specification, and that which errors have before one is known. */
#define CNI_NEWEST "1.1.0"

/* Routes of a container, at most. */
#define CNI_ROUTES_MAX 64

/**
 * struct cni_conf - a configuration
 * @text: as it was read, for IPAM plug-ins
 * @len: its length
 * @json: the same
 * @options: options of a network of Podman's, in the words of this; or NULL
 * @version: its version
 * @name: name of the network
 * @ipam: type of the IPAM plug-in, or NULL
 * @default_gateway: there is a route to everywhere whatever the IPAM plug-in says
 * @dns: what is said of DNS, or NULL
 * @prev: what plug-ins before this one have made, or NULL
 * @sandbox: what is wanted, but for the name
 * @rules: its rules
 * @publish: its ports
 * @mac: its MAC address
 */
struct cni_conf {
	char *text;
	size_t len;
	json_t *json;
	json_t *options;
	char version[8];
	const char *name;
	const char *ipam;
	bool default_gateway;
	const json_t *dns;
	const json_t *prev;
	struct utcp_sandbox_config sandbox;
	struct utcp_acl_rule *rules;
	struct utcp_sandbox_publish publish[LIBUTCP_SANDBOX_PUBLISH_MAX];
	uint8_t mac[6];
};

/**
 * cni_conf_json() - read an object of JSON from standard input
 * @conf: gets it; for cni_conf_free(), also on failure
 * @f: filled in on failure
 *
 * Return: 0 or -1.
 */
int cni_conf_json(struct cni_conf *conf, struct cni_fault *f);

/**
 * cni_conf_network() - see what all containers of a network have
 * @conf: gets mode, policy or rules, rates, bridge, MTU, and how they get out
 * @s: what is said of the network
 * @run: what the runtime wants of one container
 *
 * Return: 0, or -1 with the fault of @s filled in.
 */
int cni_conf_network(struct cni_conf *conf, const struct scope *s,
		     const struct scope *run);

/**
 * cni_conf_mac() - have a container get a MAC address
 * @conf: gets it
 * @where: where it stands, for messages
 * @text: the address
 * @f: filled in on failure
 *
 * Return: 0 or -1.
 */
int cni_conf_mac(struct cni_conf *conf, const char *where, const char *text,
		 struct cni_fault *f);

/**
 * cni_conf_read() - read a configuration from standard input
 * @conf: set to it, for cni_conf_free(), also on failure; name and version are checked
 * @env: the environment
 * @f: filled in on failure
 *
 * Return: 0 or -1.
 */
int cni_conf_read(struct cni_conf *conf, const struct cni_env *env,
		  struct cni_fault *f);

/**
 * cni_conf_parse() - see what is wanted
 * @conf: the configuration
 * @env: the environment
 * @f: filled in on failure
 *
 * Return: 0 or -1.
 */
int cni_conf_parse(struct cni_conf *conf, const struct cni_env *env,
		   struct cni_fault *f);

/**
 * cni_conf_free() - forget a configuration
 * @conf: the configuration
 */
void cni_conf_free(struct cni_conf *conf);

/**
 * cni_address() - read an address
 * @text: an address of IPv4 or IPv6, with or without the length of its prefix
 * @to: set to it; without a length it is that of a single address
 *
 * Return: whether it is one.
 */
bool cni_address(const char *text, struct utcp_sandbox_prefix *to);

/**
 * cni_host_address() - read the address of the host that a port leads in from
 * @s: what is said of the port
 * @member: the member with the address
 * @text: what it is
 * @to: set to it
 *
 * That of the loopback is refused: no port leads in from there.
 *
 * Return: 0, or -1 with the fault of @s filled in.
 */
int cni_host_address(const struct scope *s, const char *member,
		     const char *text, struct utcp_sandbox_prefix *to);

/**
 * cni_version_new() - has a version what came with 1.1.0?
 * @version: the version
 *
 * Return: whether it has.
 */
bool cni_version_new(const char *version);

#endif
