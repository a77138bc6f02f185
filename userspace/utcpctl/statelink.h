/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was saved of links, and of namespaces: it may have to wait for them, and what
 * cannot be bound is closed.
 */
#ifndef UTCPCTL_STATELINK_H
#define UTCPCTL_STATELINK_H

#include <jansson.h>

#include "state.h"

/* A mark, of those of LIBUTCP_STATE_SEEN: the host's own binding waits for a restore. */
#define STATELINK_OWN "own-waits"

/**
 * statelink_is_held() - is a link held by anything that must not be missing?
 * @link: what was saved of it
 *
 * Return: whether a policy or class is bound to it.
 */
bool statelink_is_held(const json_t *link);

/**
 * statelink_restore() - bind a link, or wait for it
 * @c: context
 * @h: its handle
 * @name: name of the link
 * @link: what was saved of it
 * @r: report
 *
 * If it cannot be bound, it is closed.
 */
void statelink_restore(struct cmd_context *c, struct utcp_handle *h,
		       const char *name, const json_t *link,
		       struct state_report *r);

/**
 * statelink_close_all() - close all links that are not bound as was saved
 * @h: handle
 * @links: what was saved of them, by name; of one that is not held it is not known what,
 *	and anything that is bound to it will do
 * @r: report
 */
void statelink_close_all(struct utcp_handle *h, json_t *links,
			 struct state_report *r);

/**
 * statelink_drain() - close all links that are bound, and unbind them
 * @c: context
 * @h: its handle
 * @state: what was saved
 * @r: report
 *
 * A policy holds its module as long as anything is bound to it. Namespaces cannot be
 * closed from outside: they stay bound.
 */
void statelink_drain(struct cmd_context *c, struct utcp_handle *h,
		     const json_t *state, struct state_report *r);

/**
 * statelink_netns_is_there() - is there a namespace of that name?
 * @name: the name
 *
 * Return: whether there is one under /run/netns.
 */
bool statelink_netns_is_there(const char *name);

/**
 * statelink_netns() - impose a policy on a namespace, or wait for it
 * @c: context
 * @h: its handle
 * @name: name of the namespace
 * @policy: the policy
 * @r: report
 */
void statelink_netns(struct cmd_context *c, struct utcp_handle *h,
		     const char *name, const char *policy,
		     struct state_report *r);

#endif
