/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file of what was saved: an object of JSON, and a sum by which it is seen whether it
 * is whole.
 */
#ifndef UTCPCTL_STATEFILE_H
#define UTCPCTL_STATEFILE_H

#include <jansson.h>

#include "cmd.h"

struct utcp_handle;

/** STATEFILE_NAME - its name in the folder of the state */
#define STATEFILE_NAME "state.json"

/** STATEFILE_LINKS - name of a list of the links that must not be open, a line each; no secret */
#define STATEFILE_LINKS "links"

/**
 * statefile_read() - read what was saved
 * @c: context; the fault is filled in on failure
 * @h: an open handle
 * @state: set to it, for json_decref(); NULL if nothing was saved. Of a file that is
 *	damaged it may be what can be read of it, but that must not be believed
 *
 * Return: exit code.
 */
int statefile_read(struct cmd_context *c, struct utcp_handle *h,
		   json_t **state);

/**
 * statefile_held() - links that must not be open, when the state must not be believed
 * @h: an open handle
 * @state: what can be read of it, or NULL
 * @links: set to an object of what is known of them, by name, for json_decref(): those of
 *	the state, and those of the list that only have a name
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error() if the list cannot
 * be read: then those of the state are there.
 */
int statefile_held(struct utcp_handle *h, const json_t *state, json_t **links);

/**
 * statefile_write() - save
 * @c: context; the fault is filled in on failure
 * @h: an open handle; the caller has the lock
 * @state: what to save, which stays the caller's
 *
 * Return: exit code.
 */
int statefile_write(struct cmd_context *c, struct utcp_handle *h,
		    json_t *state);

#endif
