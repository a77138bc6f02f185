/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which sandbox is behind a device.
 */
#ifndef UTCPCTL_SANDBOXNAME_H
#define UTCPCTL_SANDBOXNAME_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <jansson.h>

#include <utcp/acl.h>
#include <utcp/sandbox.h>

#include "cmd.h"

/**
 * struct sandboxnames - the sandboxes of the host, as they were a moment ago
 * @list: they
 * @n: how many
 * @host_ns: inode number of the namespace that utcpctl is in
 * @read: when they were read, in seconds of the monotonic clock; 0: never
 *
 * Begins as zeros.
 */
struct sandboxnames {
	struct utcp_sandbox *list;
	size_t n;
	uint64_t host_ns;
	time_t read;
};

/**
 * sandboxnames_say() - have a record of a frame say which sandbox it was of
 * @names: the sandboxes, read again at most once a second
 * @c: the command; with --netns it is about devices of which sandboxes have none
 * @log: what is told of the frame
 * @record: the record; stays as it is if the frame was of none
 */
void sandboxnames_say(struct sandboxnames *names, struct cmd_context *c,
		      const struct utcp_acl_log *log, json_t *record);

/**
 * sandboxnames_free() - forget them
 * @names: the sandboxes
 */
void sandboxnames_free(struct sandboxnames *names);

#endif
