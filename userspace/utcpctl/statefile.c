// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file of what was saved.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <utcp/utcp.h>

#include "statefile.h"
#include "statelink.h"

#define STATEFILE_VERSION 1
#define STATEFILE_PATH LIBUTCP_STATE_DIR "/" STATEFILE_NAME

/*
 * FNV-1a over the state as JSON of one form. It is there to find what disks and editors
 * do, not who is root.
 */
static char *sum_of(const json_t *state, char sum[17])
{
	char *text = json_dumps(state, JSON_COMPACT | JSON_SORT_KEYS);
	uint64_t hash = 0xcbf29ce484222325;

	if (!text)
		return NULL;
	for (const char *p = text; *p; p++)
		hash = (hash ^ (uint8_t)*p) * 0x100000001b3;
	free(text);
	snprintf(sum, 17, "%016" PRIx64, hash);
	return sum;
}

static int damaged(struct cmd_context *c, const char *why)
{
	char message[384];

	snprintf(
		message, sizeof(message),
		STATEFILE_PATH
		": it is damaged: %s; nothing is done with it until it is mended or removed",
		why);
	return fault_input(&c->fault, EBADMSG, message);
}

static int check(struct cmd_context *c, const json_t *file)
{
	const json_t *version = json_object_get(file, "utcp-state");
	const json_t *state = json_object_get(file, "state");
	char sum[17], message[256];

	if (!json_is_integer(version) || json_integer_value(version) < 1)
		return damaged(c, "it says no version");
	if (json_integer_value(version) > STATEFILE_VERSION) {
		snprintf(message, sizeof(message),
			 STATEFILE_PATH
			 ": it is of version %" JSON_INTEGER_FORMAT
			 ", which is newer than this tool's %d",
			 json_integer_value(version), STATEFILE_VERSION);
		return fault_input(&c->fault, EBADMSG, message);
	}
	if (!json_is_object(state))
		return damaged(c, "there is no state in it");
	if (!sum_of(state, sum))
		return fault_system(&c->fault, ENOMEM, "cannot read %s",
				    STATEFILE_PATH);
	if (strcmp(out_text(file, "sum"), sum) != 0)
		return damaged(c, "its sum is not that of what it holds");
	return EXIT_DONE;
}

int statefile_read(struct cmd_context *c, struct utcp_handle *h, json_t **state)
{
	json_error_t error;
	json_t *file;
	size_t len;
	char *data;
	int err, code;

	*state = NULL;
	err = utcp_state_read(h, STATEFILE_NAME, &data, &len);
	if (err == -ENOENT)
		return EXIT_DONE;
	if (err)
		return cmd_failed(c);
	file = json_loadb(data, len, JSON_REJECT_DUPLICATES, &error);
	free(data);
	if (!file)
		return damaged(c, error.text);
	code = check(c, file);
	*state = json_incref(json_object_get(file, "state"));
	json_decref(file);
	return code;
}

/* Names of the list that are not in @links, of which no more is known. */
static int add_listed(struct utcp_handle *h, json_t *links)
{
	char *data, *rest, *name;
	size_t len;
	int err = utcp_state_read_plain(h, STATEFILE_LINKS, &data, &len);

	if (err)
		return err == -ENOENT ? 0 : err;
	for (name = strtok_r(data, "\n", &rest); name;
	     name = strtok_r(NULL, "\n", &rest))
		if (!json_object_get(links, name))
			json_object_set_new(links, name, json_object());
	free(data);
	return 0;
}

int statefile_held(struct utcp_handle *h, const json_t *state, json_t **links)
{
	const char *name;
	json_t *link;

	*links = json_object();
	json_object_foreach(json_object_get(state, "links"), name, link)
	{
		if (statelink_is_held(link))
			json_object_set(*links, name, link);
	}
	return add_listed(h, *links);
}

/* Before the state: a name too many is none that is bound. */
static int write_links(struct cmd_context *c, struct utcp_handle *h,
		       const json_t *state)
{
	json_t *links = json_object_get(state, "links"), *link;
	char *text = NULL;
	const char *name;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	int code = EXIT_DONE;

	if (!f)
		return fault_system(&c->fault, errno, "cannot save");
	json_object_foreach(links, name, link)
	{
		if (statelink_is_held(link))
			fprintf(f, "%s\n", name);
	}
	if (fclose(f))
		code = fault_system(&c->fault, ENOMEM, "cannot save");
	else if (utcp_state_write(h, STATEFILE_LINKS, text, size))
		code = cmd_failed(c);
	free(text);
	return code;
}

int statefile_write(struct cmd_context *c, struct utcp_handle *h, json_t *state)
{
	char sum[17], *text = NULL;
	json_t *file = NULL;
	int code = EXIT_DONE;

	if (sum_of(state, sum))
		file = json_pack("{s:i, s:s, s:O}", "utcp-state",
				 STATEFILE_VERSION, "sum", sum, "state", state);
	if (file)
		text = json_dumps(file, JSON_INDENT(1));
	if (!text) {
		code = fault_system(&c->fault, ENOMEM, "cannot save");
	} else {
		code = write_links(c, h, state);
		if (!code &&
		    utcp_state_write(h, STATEFILE_NAME, text, strlen(text)))
			code = cmd_failed(c);
	}
	free(text);
	json_decref(file);
	return code;
}
