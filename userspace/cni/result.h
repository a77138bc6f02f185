/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the runtime is told about a container that was connected.
 */
#ifndef UTCP_CNI_RESULT_H
#define UTCP_CNI_RESULT_H

#include <jansson.h>

#include "conf.h"
#include "env.h"
#include "fault.h"

/**
 * cni_mac_text() - a MAC address as text
 * @mac: the address
 *
 * Return: the text, or NULL if there is no memory.
 */
json_t *cni_mac_text(const uint8_t mac[6]);

/**
 * cni_address_text() - an address as text
 * @p: the address
 * @with_len: with the length of its prefix
 *
 * Return: the text, or NULL if there is no memory.
 */
json_t *cni_address_text(const struct utcp_sandbox_prefix *p, bool with_len);

/**
 * cni_result() - the result of ADD
 * @conf: the configuration
 * @env: the environment
 * @sb: the sandbox that was made
 * @ipam: what the IPAM plug-in has said, or NULL
 *
 * Return: the result, or NULL if there is no memory.
 */
json_t *cni_result(const struct cni_conf *conf, const struct cni_env *env,
		   const struct utcp_sandbox *sb, const json_t *ipam);

/**
 * cni_result_check() - is a result that of a sandbox?
 * @conf: the configuration, with the result of ADD
 * @env: the environment
 * @sb: the sandbox
 * @f: filled in if not
 *
 * Return: 0 if so, or -1.
 */
int cni_result_check(const struct cni_conf *conf, const struct cni_env *env,
		     const struct utcp_sandbox *sb, struct cni_fault *f);

/**
 * cni_result_routes() - routes of a result
 * @conf: the configuration, with the result of ADD
 * @routes: room for CNI_ROUTES_MAX routes
 * @n: set to how many there are
 * @f: filled in on failure
 *
 * Return: 0 or -1.
 */
int cni_result_routes(const struct cni_conf *conf,
		      struct utcp_sandbox_route *routes, size_t *n,
		      struct cni_fault *f);

#endif
