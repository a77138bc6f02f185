/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a sandbox may send and get: a policy of its name, bound to its link.
 */
#ifndef LIBUTCP_SANDBOXPOLICY_H
#define LIBUTCP_SANDBOXPOLICY_H

#include <utcp/sandbox.h>

struct utcp_handle;

/** POLICY_OWNER - owner of sandboxes' policies, for people who list them */
#define POLICY_OWNER "sandbox"

/**
 * policy_free() - is the name of a sandbox's policy free?
 * @h: handle in the host's namespace
 * @sb: the sandbox
 *
 * Return: 0 if so, or a negative errno.
 */
int policy_free(struct utcp_handle *h, const struct utcp_sandbox *sb);

/**
 * policy_make() - make a sandbox's policy
 * @h: handle in the host's namespace
 * @sb: the sandbox, with its addresses
 * @config: its rules
 *
 * Return: 0 or a negative errno.
 */
int policy_make(struct utcp_handle *h, const struct utcp_sandbox *sb,
		const struct utcp_sandbox_config *config);

/**
 * policy_bind() - have it decide about the sandbox's link
 * @h: handle in the host's namespace
 * @sb: the sandbox
 *
 * Return: 0 or a negative errno.
 */
int policy_bind(struct utcp_handle *h, const struct utcp_sandbox *sb);

/**
 * policy_remove() - remove the policy of a sandbox whose link is gone
 * @h: handle in the host's namespace
 * @sb: the sandbox
 *
 * Return: 0, also if there is none, or a negative errno.
 */
int policy_remove(struct utcp_handle *h, const struct utcp_sandbox *sb);

#endif
