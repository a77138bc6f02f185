// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys and realms of cells in files.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <utcp/utcp.h>

#include "cellkeep.h"
#include "statefile.h"

void cellkeep_name(const char *id, const char *what, char name[CELLKEEP_NAME])
{
	snprintf(name, CELLKEEP_NAME, "keys/%s.%s", id, what);
}

int cellkeep_check(struct cmd_context *c)
{
	if (!c->netns)
		return EXIT_DONE;
	return fault_usage(
		&c->fault, "keep",
		"what is kept is of the namespace that utcpctl runs in: no --netns");
}

/* Writes a key, as wg(8) does, to a file of a cell. */
static int put(struct cmd_context *c, struct utcp_handle *h, const char *id,
	       const char *what, const uint8_t *key)
{
	char name[CELLKEEP_NAME], text[LIBUTCP_KEY_TEXT];
	int err;

	cellkeep_name(id, what, name);
	utcp_key_format(key, text);
	text[LIBUTCP_KEY_TEXT - 1] = '\n';
	err = utcp_state_write(h, name, text, sizeof(text));
	explicit_bzero(text, sizeof(text));
	return err ? cmd_failed(c) : EXIT_DONE;
}

static int drop(struct cmd_context *c, struct utcp_handle *h, const char *id,
		const char *what)
{
	char name[CELLKEEP_NAME];

	cellkeep_name(id, what, name);
	return utcp_state_remove(h, name) ? cmd_failed(c) : EXIT_DONE;
}

int cellkeep_put(struct cmd_context *c, const uint8_t *id, const uint8_t *key,
		 const struct utcp_cell_settings *s)
{
	struct utcp_handle *h = cmd_handle(c);
	char text[LIBUTCP_CELLID_TEXT];
	int lock = h ? utcp_state_lock(h) : -1;
	int code;

	if (lock < 0)
		return h ? cmd_failed(c) : (int)c->fault.exit;
	utcp_cellid_format(id, text);
	/* The key last: where it is, the cell is kept. */
	if (s->fields & LIBUTCP_CELL_REALM)
		code = put(c, h, text, "realm", s->realm);
	else
		code = drop(c, h, text, "realm");
	if (!code)
		code = put(c, h, text, "key", key);
	close(lock);
	return code;
}

/* Is the cell kept? Who has no access to the files has kept none. */
static bool is_kept(struct cmd_context *c, struct utcp_handle *h,
		    const char *id)
{
	char name[CELLKEEP_NAME], *data = NULL;
	size_t len = 0;
	int err;

	if (c->netns)
		return false;
	cellkeep_name(id, "key", name);
	err = utcp_state_read(h, name, &data, &len);
	if (data)
		explicit_bzero(data, len);
	free(data);
	return !err;
}

int cellkeep_realm(struct cmd_context *c, const uint8_t *id,
		   const struct utcp_cell_settings *s)
{
	struct utcp_handle *h = cmd_handle(c);
	char text[LIBUTCP_CELLID_TEXT];
	int lock, code = EXIT_DONE;

	utcp_cellid_format(id, text);
	if (!(s->fields & (LIBUTCP_CELL_REALM | LIBUTCP_CELL_NO_REALM)) ||
	    !is_kept(c, h, text))
		return EXIT_DONE;
	lock = utcp_state_lock(h);
	if (lock < 0)
		return cmd_failed(c);
	if (s->fields & LIBUTCP_CELL_REALM)
		code = put(c, h, text, "realm", s->realm);
	else
		code = drop(c, h, text, "realm");
	close(lock);
	return code;
}

/* Has it out of what is to be restored, where its key would be missing. */
static int unsave(struct cmd_context *c, struct utcp_handle *h, const char *id)
{
	json_t *state = NULL, *cells, *cell;
	int code = statefile_read(c, h, &state);
	bool found = false;
	size_t i;

	cells = json_object_get(state, "cells");
	for (i = json_array_size(cells); !code && i-- > 0;) {
		cell = json_array_get(cells, i);
		if (strcmp(out_text(cell, "id"), id) != 0)
			continue;
		json_array_remove(cells, i);
		found = true;
	}
	if (found)
		code = statefile_write(c, h, state);
	json_decref(state);
	return code;
}

int cellkeep_forget(struct cmd_context *c, const uint8_t *id)
{
	struct utcp_handle *h = cmd_handle(c);
	char text[LIBUTCP_CELLID_TEXT];
	int lock, code;

	utcp_cellid_format(id, text);
	if (!is_kept(c, h, text))
		return EXIT_DONE;
	lock = utcp_state_lock(h);
	if (lock < 0)
		return cmd_failed(c);
	code = unsave(c, h, text);
	if (!code)
		code = drop(c, h, text, "key");
	if (!code)
		code = drop(c, h, text, "realm");
	close(lock);
	return code;
}
