/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Containers that are connected to a network.
 */
#ifndef UTCP_CNI_ATTACH_H
#define UTCP_CNI_ATTACH_H

#include "conf.h"
#include "env.h"
#include "fault.h"

/**
 * cni_add() - connect a container; the result is printed
 * @conf: the network
 * @env: the container
 * @f: filled in on failure; then nothing is left
 *
 * Return: 0 or -1.
 */
int cni_add(struct cni_conf *conf, const struct cni_env *env,
	    struct cni_fault *f);

/**
 * cni_del() - disconnect a container, whatever is left
 * @conf: the network
 * @env: the container
 * @f: filled in on failure
 *
 * Return: 0, also if it is not connected, or -1.
 */
int cni_del(struct cni_conf *conf, const struct cni_env *env,
	    struct cni_fault *f);

/**
 * cni_check() - is a container connected as it was?
 * @conf: the network, with the result of ADD
 * @env: the container
 * @f: filled in if not
 *
 * Return: 0 if so, or -1.
 */
int cni_check(struct cni_conf *conf, const struct cni_env *env,
	      struct cni_fault *f);

/**
 * cni_gc() - disconnect all containers of a network but those that are listed
 * @conf: the network, with the list
 * @env: the environment
 * @f: filled in on failure
 *
 * Return: 0 or -1; the others have been disconnected nevertheless.
 */
int cni_gc(struct cni_conf *conf, const struct cni_env *env,
	   struct cni_fault *f);

/**
 * cni_status() - could a container be connected?
 * @conf: the network
 * @env: the environment
 * @f: filled in if not
 *
 * Return: 0 if so, or -1.
 */
int cni_status(struct cni_conf *conf, const struct cni_env *env,
	       struct cni_fault *f);

#endif
