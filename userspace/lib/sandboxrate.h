/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How fast a sandbox may be: two classes of the shaper, NAME.in and NAME.out, for
 * what it gets and what it sends. It has those whose rate is not 0.
 */
#ifndef LIBUTCP_SANDBOXRATE_H
#define LIBUTCP_SANDBOXRATE_H

#include <utcp/sandbox.h>

struct utcp_handle;

/**
 * rate_free() - are the names of a sandbox's classes free?
 * @h: handle in the host's namespace
 * @sb: the sandbox
 *
 * Return: 0 if so, or a negative errno.
 */
int rate_free(struct utcp_handle *h, const struct utcp_sandbox *sb);

/**
 * rate_make() - make a sandbox's classes
 * @h: handle in the host's namespace
 * @sb: the sandbox
 * @config: how much of their rates they may save up
 *
 * Return: 0 or a negative errno.
 */
int rate_make(struct utcp_handle *h, struct utcp_sandbox *sb,
	      const struct utcp_sandbox_config *config);

/**
 * rate_bind() - have its link, which is a port, belong to them
 * @h: handle in the host's namespace
 * @sb: the sandbox
 *
 * Return: 0 or a negative errno.
 */
int rate_bind(struct utcp_handle *h, const struct utcp_sandbox *sb);

/**
 * rate_unbind() - have a link that was adopted belong to none
 * @h: handle in the host's namespace
 * @sb: the sandbox
 *
 * Return: 0, also if it belongs to none, or a negative errno.
 */
int rate_unbind(struct utcp_handle *h, const struct utcp_sandbox *sb);

/**
 * rate_check() - could a sandbox whose link is bound have other rates?
 * @h: handle in the host's namespace
 * @c: which rates are named
 * @from: the sandbox; a direction without a rate has no class
 * @to: the sandbox, with its new rates
 *
 * What has the name of a class that it does not have is somebody else's, and so is a
 * class that its link is bound to under another name.
 *
 * Return: 0 if so, or a negative errno.
 */
int rate_check(struct utcp_handle *h, const struct utcp_sandbox_change *c,
	       const struct utcp_sandbox *from, const struct utcp_sandbox *to);

/**
 * rate_apply() - have a sandbox whose link is bound have other rates
 * @h: handle in the host's namespace
 * @c: which rates are named
 * @from: the sandbox, with the rates that it has, or may have
 * @to: the sandbox, with its new rates
 *
 * Classes are made and removed as it takes; what is right already stays. To do it
 * once more is no failure.
 *
 * Return: 0, or a negative errno; some of it may have been done.
 */
int rate_apply(struct utcp_handle *h, const struct utcp_sandbox_change *c,
	       const struct utcp_sandbox *from, const struct utcp_sandbox *to);

/**
 * rate_verify() - has a sandbox's link the rates that it should have?
 * @h: handle in the host's namespace
 * @sb: the sandbox
 *
 * Return: 0 if so, or a negative errno.
 */
int rate_verify(struct utcp_handle *h, const struct utcp_sandbox *sb);

/**
 * rate_stats() - numbers of a sandbox's classes
 * @h: handle in the host's namespace
 * @sb: the sandbox
 * @stats: the classes in it are set
 *
 * Return: 0 or a negative errno.
 */
int rate_stats(struct utcp_handle *h, const struct utcp_sandbox *sb,
	       struct utcp_sandbox_stats *stats);

/**
 * rate_remove() - remove the classes of a sandbox whose link is gone
 * @h: handle in the host's namespace
 * @sb: the sandbox
 *
 * Return: 0, also if there are none, or a negative errno.
 */
int rate_remove(struct utcp_handle *h, const struct utcp_sandbox *sb);

#endif
