/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a sandbox may send and get: a policy of its name, bound to its link.
 */
#ifndef LIBUTCP_SANDBOXPOLICY_H
#define LIBUTCP_SANDBOXPOLICY_H

#include <utcp/acl.h>
#include <utcp/sandbox.h>

struct utcp_handle;

/** POLICY_OWNER - owner of sandboxes' policies, for people who list them */
#define POLICY_OWNER "sandbox"

/**
 * policy_free() - is the name of a sandbox's policy free, or that of others there?
 * @h: handle in the host's namespace
 * @sb: the sandbox
 *
 * Return: 0 if so, or a negative errno.
 */
int policy_free(struct utcp_handle *h, const struct utcp_sandbox *sb);

/**
 * policy_neighbours() - rules by which a sandbox finds its neighbours of IPv6
 * @sb: the sandbox, with its addresses
 * @rules: set to them
 *
 * A policy lets neighbour discovery out unasked to the 64 bits of the sandbox's own
 * address. In a network with a shorter prefix (of an IPAM plug-in, or of Podman) there are
 * neighbours beyond; these rules are about them. What claims another's address is dropped
 * before rules are asked.
 *
 * Return: how many there are: 2, or 0.
 */
size_t policy_neighbours(const struct utcp_sandbox *sb,
			 struct utcp_acl_rule rules[2]);

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
 * policy_port() - have the sandbox's link be a port, which policy_bind() needs
 * @h: handle in the host's namespace
 * @sb: the sandbox
 *
 * Return: 0 or a negative errno.
 */
int policy_port(struct utcp_handle *h, const struct utcp_sandbox *sb);

/**
 * policy_bind() - have it decide about the sandbox's link
 * @h: handle in the host's namespace
 * @sb: the sandbox
 * @own: MAC address and addresses of one that was adopted, or NULL
 *
 * Return: 0 or a negative errno.
 */
int policy_bind(struct utcp_handle *h, const struct utcp_sandbox *sb,
		const struct utcp_acl_binding *own);

/**
 * policy_unbind() - have no policy decide about a link that was adopted
 * @h: handle in the host's namespace
 * @sb: the sandbox; no class is bound to its link any more
 *
 * Return: 0, also if there is none, or a negative errno.
 */
int policy_unbind(struct utcp_handle *h, const struct utcp_sandbox *sb);

/**
 * policy_mode() - have it decide as a sandbox's mode says
 * @h: handle in the host's namespace
 * @sb: the sandbox, with its new mode
 *
 * Flows are forgotten: their next frames meet it.
 *
 * Return: 0 or a negative errno.
 */
int policy_mode(struct utcp_handle *h, const struct utcp_sandbox *sb);

/**
 * policy_verify() - does a policy of its own decide as a sandbox's mode says?
 * @h: handle in the host's namespace
 * @sb: the sandbox
 *
 * Return: 0 if so, or if the policy is that of others, or a negative errno.
 */
int policy_verify(struct utcp_handle *h, const struct utcp_sandbox *sb);

/**
 * policy_find() - look for a rule of a sandbox
 * @h: handle in the host's namespace
 * @sb: the sandbox
 * @rule: a rule
 * @ignored: fields that do not count (enum utcp_acl_fields)
 * @there: set to the one that says the same
 *
 * Return: 0, -ENOENT if there is none, or another negative errno.
 */
int policy_find(struct utcp_handle *h, const struct utcp_sandbox *sb,
		const struct utcp_acl_rule *rule, uint32_t ignored,
		struct utcp_acl_rule *there);

/**
 * policy_stats() - what has been decided about a sandbox's link
 * @h: handle in the host's namespace
 * @sb: the sandbox
 * @binding: set to its binding, with counters
 *
 * Return: 0 or a negative errno.
 */
int policy_stats(struct utcp_handle *h, const struct utcp_sandbox *sb,
		 struct utcp_acl_binding *binding);

/**
 * policy_is_own() - is there a policy of a sandbox's name that was made for one?
 * @h: handle in the host's namespace
 * @sb: the sandbox
 *
 * Return: 1 if so, 0 if there is none, or somebody else's, or a negative errno.
 */
int policy_is_own(struct utcp_handle *h, const struct utcp_sandbox *sb);

/**
 * policy_holds() - is a sandbox's link bound to its policy?
 * @h: handle in the host's namespace
 * @sb: the sandbox
 *
 * Return: 1 if so, 0 if not, or a negative errno.
 */
int policy_holds(struct utcp_handle *h, const struct utcp_sandbox *sb);

/**
 * policy_remove() - remove the policy of a sandbox whose link is gone
 * @h: handle in the host's namespace
 * @sb: the sandbox
 *
 * Return: 0, also if there is none, or a negative errno.
 */
int policy_remove(struct utcp_handle *h, const struct utcp_sandbox *sb);

#endif
