/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Having an IPAM plug-in, such as host-local, give out addresses.
 */
#ifndef UTCP_CNI_IPAM_H
#define UTCP_CNI_IPAM_H

#include <jansson.h>

#include "conf.h"
#include "env.h"
#include "fault.h"

/**
 * cni_ipam() - have the IPAM plug-in of a configuration do something
 * @conf: the configuration
 * @env: the environment
 * @command: "ADD", "DEL", "CHECK", "GC" or "STATUS"
 * @container: the container, if it is another than that of @env; or NULL
 * @ifname: the same of its device
 * @result: if not NULL, set to what it has printed
 * @f: filled in on failure
 *
 * Without an IPAM plug-in there is nothing to be done.
 *
 * Return: 0 or -1.
 */
int cni_ipam(const struct cni_conf *conf, const struct cni_env *env,
	     const char *command, const char *container, const char *ifname,
	     json_t **result, struct cni_fault *f);

/**
 * cni_ipam_take() - take addresses and routes that an IPAM plug-in has given
 * @conf: the sandbox of it gets them
 * @result: what the plug-in has printed
 * @routes: room for CNI_ROUTES_MAX routes
 * @f: filled in on failure
 *
 * Return: 0 or -1.
 */
int cni_ipam_take(struct cni_conf *conf, const json_t *result,
		  struct utcp_sandbox_route *routes, struct cni_fault *f);

#endif
