// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which sandbox is behind a device.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <utcp/utcp.h>

#include "sandboxname.h"

void sandboxnames_free(struct sandboxnames *names)
{
	free(names->list);
	memset(names, 0, sizeof(*names));
}

static void read_again(struct sandboxnames *names, struct utcp_handle *h,
		       time_t now)
{
	struct stat own;

	sandboxnames_free(names);
	names->read = now;
	if (stat("/proc/self/ns/net", &own))
		return;
	names->host_ns = own.st_ino;
	/* What cannot be read has no names; other commands say why. */
	utcp_sandbox_list(h, &names->list, &names->n);
}

void sandboxnames_say(struct sandboxnames *names, struct cmd_context *c,
		      const struct utcp_acl_log *log, json_t *record)
{
	struct utcp_handle *h = c->netns ? NULL : cmd_handle(c);
	struct timespec now;

	/* Of what is imposed the device is in another namespace. */
	if (!h || log->netns || clock_gettime(CLOCK_MONOTONIC, &now))
		return;
	if (!names->read || now.tv_sec != names->read)
		read_again(names, h, now.tv_sec);
	for (size_t i = 0; record && i < names->n; i++) {
		const struct utcp_sandbox *sb = &names->list[i];

		/* One without a link has no device. */
		if (*sb->dev && !strcmp(sb->dev, log->name) &&
		    sb->host_ns == names->host_ns)
			json_object_set_new(record, "sandbox",
					    json_string(sb->name));
	}
}
