/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the runtime says by the environment.
 */
#ifndef UTCP_CNI_ENV_H
#define UTCP_CNI_ENV_H

#include <stdbool.h>

#include "fault.h"

/**
 * enum cni_command - what is to be done
 * @CNI_ADD: connect a container
 * @CNI_DEL: disconnect it, whatever is left
 * @CNI_CHECK: is it connected as it was?
 * @CNI_GC: disconnect all containers but those that are listed
 * @CNI_STATUS: could one be connected?
 * @CNI_SAY_VERSION: which versions are supported?
 */
enum cni_command {
	CNI_ADD,
	CNI_DEL,
	CNI_CHECK,
	CNI_GC,
	CNI_STATUS,
	CNI_SAY_VERSION,
};

/**
 * struct cni_env - what the runtime says
 * @protocol: "cni", or "netavark": what names of sandboxes begin with
 * @command: what is to be done
 * @container: the container, or NULL
 * @netns: path of its namespace, or NULL
 * @ifname: name of its device, or NULL
 * @args: more, as KEY=VALUE;KEY=VALUE, or ""
 * @path: where plug-ins are, or NULL
 */
struct cni_env {
	const char *protocol;
	enum cni_command command;
	const char *container;
	const char *netns;
	const char *ifname;
	const char *args;
	const char *path;
};

/**
 * cni_env_command() - read what is to be done
 * @env: gets it
 * @f: filled in on failure
 *
 * Return: 0 or -1.
 */
int cni_env_command(struct cni_env *env, struct cni_fault *f);

/**
 * cni_env_read() - read the rest, as the command needs it
 * @env: gets it; has the command
 * @f: filled in on failure
 *
 * Return: 0 or -1.
 */
int cni_env_read(struct cni_env *env, struct cni_fault *f);

/**
 * cni_env_netns() - is the namespace one that a container can be connected by?
 * @env: the environment
 * @said: what its path is called where the runtime has said it
 * @f: filled in if not
 *
 * Return: 0 if so, or -1.
 */
int cni_env_netns(const struct cni_env *env, const char *said,
		  struct cni_fault *f);

/**
 * cni_name_ok() - can a container, or a network, have this name?
 * @name: the name
 *
 * Return: whether it can.
 */
bool cni_name_ok(const char *name);

/**
 * cni_device_ok() - can a device of a container have this name?
 * @name: the name
 *
 * Return: whether it can.
 */
bool cni_device_ok(const char *name);

#endif
