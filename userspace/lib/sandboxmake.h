/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Making and removing sandboxes.
 */
#ifndef LIBUTCP_SANDBOXMAKE_H
#define LIBUTCP_SANDBOXMAKE_H

#include <stdbool.h>

struct job;
struct utcp_handle;
struct utcp_sandbox_config;

/**
 * job_check_host() - does the sandbox's link lead to the caller's namespace?
 * @job: the job, with the sandbox
 *
 * Of another namespace's sandboxes nothing is where we would look for it.
 *
 * Return: 0 if so, or a negative errno with the handle's error set.
 */
int job_check_host(struct job *job);

/**
 * job_is_leftover() - is the sandbox one that nobody will come back to?
 * @job: the job, with the sandbox
 *
 * Half made or half removed, without its namespace or link, or of a "sandbox run" whose
 * process is gone.
 *
 * Return: whether it may be removed.
 */
bool job_is_leftover(const struct job *job);

/**
 * sandbox_wrong_verb() - say that one is deleted, and the other released
 * @h: a handle
 * @adopted: whether it was to be released
 *
 * Return: -EINVAL.
 */
int sandbox_wrong_verb(struct utcp_handle *h, bool adopted);

/**
 * sandbox_make_room() - remove what a dead maker has left under a name
 * @h: a handle; the caller has the lock
 * @name: the name
 *
 * Return: 0, -EEXIST if a sandbox of that name lives, or another negative errno, with the
 * handle's error set.
 */
int sandbox_make_room(struct utcp_handle *h, const char *name);

/**
 * sandbox_make_member() - make a member of a pool
 * @h: a handle; the caller has the lock
 * @config: what it is like; its name does not count
 *
 * Return: 0, or a negative errno with the handle's error set.
 */
int sandbox_make_member(struct utcp_handle *h,
			const struct utcp_sandbox_config *config);

/**
 * sandbox_remove_member() - remove a member of a pool
 * @h: a handle; the caller has the lock
 * @sub: folder of the pool
 * @name: the member
 *
 * Return: 0, or a negative errno with the handle's error set.
 */
int sandbox_remove_member(struct utcp_handle *h, const char *sub,
			  const char *name);

#endif
