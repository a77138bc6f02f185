/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The steps that make a sandbox, and what undoes them.
 */
#ifndef LIBUTCP_SANDBOXSTEP_H
#define LIBUTCP_SANDBOXSTEP_H

#include <stdbool.h>
#include <stdint.h>

#include <utcp/sandbox.h>

#include "sandboxnetwork.h"

struct rtnl;
struct utcp_handle;

/**
 * struct job - a sandbox that is being made or removed
 * @h: handle in the host's namespace
 * @config: what is wanted; NULL if it is being removed
 * @sb: the sandbox
 * @net: its network, from the step "address" on
 * @r: socket for links in the host's namespace
 * @netns: its namespace, from the step "namespace" on; or -1
 * @inside: socket in its namespace, from the same on; or NULL
 * @accept_ra: file of the namespace's default, until the link is there; or -1
 * @bridge: index of its bridge, from the step "bridge" on
 * @own: MAC address and addresses of one that is adopted; NULL: those of @sb
 * @link: index of the host's side of @member's link; or 0
 * @named: the namespace of @member has its name
 * @pool: it is to be a member of a pool
 * @has_net: @net is known, and its own
 * @member: the member that it is made of, or ""
 */
struct job {
	struct utcp_handle *h;
	const struct utcp_sandbox_config *config;
	struct utcp_sandbox sb;
	struct network net;
	struct rtnl *r;
	int netns;
	struct rtnl *inside;
	int accept_ra;
	uint32_t bridge;
	const struct utcp_acl_binding *own;
	uint32_t link;
	bool named;
	bool pool;
	bool has_net;
	char member[LIBUTCP_SANDBOX_NAME_MAX + 1];
};

/**
 * job_begin() - begin to make or remove a sandbox
 * @job: set to a job without a sandbox yet, for job_end(), also if it fails
 * @h: handle in the host's namespace
 *
 * Return: 0, or a negative errno with the handle's error set.
 */
int job_begin(struct job *job, struct utcp_handle *h);

/**
 * job_end() - forget a job
 * @job: the job
 */
void job_end(struct job *job);

/**
 * job_make() - make the sandbox, all of it or nothing
 * @job: the job; the caller has the lock, and nothing has the sandbox's names
 *
 * Return: 0, or a negative errno with the handle's error set.
 */
int job_make(struct job *job);

/**
 * job_remove() - remove the sandbox, whatever there is of it
 * @job: the job; the caller has the lock
 *
 * Return: 0, or a negative errno with the handle's error set.
 */
int job_remove(struct job *job);

/**
 * fault_point() - fail or die here, if a test wants that
 * @h: a handle
 * @name: name of the point
 *
 * Without effect but in the build for tests, where UTCP_FAULT is "fail" or "die", a colon
 * and the name.
 *
 * Return: 0, or a negative errno with the handle's error set.
 */
int fault_point(struct utcp_handle *h, const char *name);

/**
 * job_network() - what is to be known of a network to undo what was made in it
 * @r: socket in the host's namespace
 * @bridge: name of its bridge
 * @net: set to it
 *
 * Return: 0; 1 if its file is damaged: then only the bridge's name and MAC address are known;
 * -ENOENT if there is none, or another negative errno with the error of @r filled in.
 */
int job_network(struct rtnl *r, const char *bridge, struct network *net);

/**
 * job_end_network() - remove a network in which no sandbox has an address
 * @r: socket in the host's namespace
 * @net: the network; its bridge goes, too
 *
 * Return: 0, also if one has, or a negative errno with the error of @r filled in.
 */
int job_end_network(struct rtnl *r, const struct network *net);

#endif
