/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which ports of the host are published by whom.
 *
 * Each has a folder, with a link by the name of each sandbox that publishes it: so only the files
 * of those have to be read to know whether another may. A sandbox has its links from behind its
 * file's making to before its removal; what is not written down here is not published either.
 */
#ifndef LIBUTCP_SANDBOXPUBLISH_H
#define LIBUTCP_SANDBOXPUBLISH_H

struct job;
struct utcp_error;
struct utcp_sandbox;

/**
 * publish_free() - may a sandbox publish its ports?
 * @job: the sandbox; leftovers that are in its way are removed
 *
 * Return: 0, -EADDRINUSE if another publishes one of them, or another negative errno, with the
 * handle's error set.
 */
int publish_free(struct job *job);

/**
 * publish_note() - write down which ports a sandbox publishes
 * @sb: the sandbox
 * @e: filled in on failure
 *
 * Return: 0 or a negative errno.
 */
int publish_note(const struct utcp_sandbox *sb, struct utcp_error *e);

/**
 * publish_forget() - cross them out
 * @sb: the sandbox
 * @e: filled in on failure
 *
 * Return: 0, also if they are not there, or a negative errno.
 */
int publish_forget(const struct utcp_sandbox *sb, struct utcp_error *e);

/**
 * publish_sweep() - cross out those of sandboxes that have no file
 * @e: filled in on failure
 *
 * Return: 0 or a negative errno.
 */
int publish_sweep(struct utcp_error *e);

#endif
