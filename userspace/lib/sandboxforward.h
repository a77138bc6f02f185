/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The process that carries a sandbox's connections to services of the host's loopback.
 */
#ifndef LIBUTCP_SANDBOXFORWARD_H
#define LIBUTCP_SANDBOXFORWARD_H

#include <utcp/sandbox.h>

struct utcp_error;

/**
 * forward_start() - start it
 * @sb: the sandbox, with its services; its process is filled in
 * @netns: descriptor of the sandbox's namespace, whose loopback is up
 * @e: filled in on failure
 *
 * It listens when this returns. It ends with the name of the namespace, too, so that
 * it cannot be lost.
 *
 * Return: 0 or a negative errno.
 */
int forward_start(struct utcp_sandbox *sb, int netns, struct utcp_error *e);

/**
 * forward_stop() - have it end, and wait for that
 * @sb: the sandbox
 * @e: filled in on failure
 *
 * Return: 0, also if there is none, or a negative errno.
 */
int forward_stop(const struct utcp_sandbox *sb, struct utcp_error *e);

#endif
