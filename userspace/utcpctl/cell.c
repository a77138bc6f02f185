// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cells.
 */
#include <stdlib.h>
#include <string.h>

#include <utcp/utcp.h>

#include "cell.h"
#include "cellkeep.h"
#include "cellset.h"

const char *cmd_choice_cell_setting(const struct cmd_args *before, size_t index)
{
	(void)before;
	return cellset_name(index);
}

const char *cmd_choice_cell_new(const struct cmd_args *before, size_t index)
{
	(void)before;
	return cellset_name_new(index);
}

static json_t *record_mode(uint32_t mode)
{
	json_t *list = json_array();
	const char *name;

	for (size_t i = 0; list && (name = cellset_mode_name(i)); i++)
		if (mode & 1U << i)
			json_array_append_new(list, json_string(name));
	return list;
}

json_t *record_cell(const struct utcp_cell *cell)
{
	char id[LIBUTCP_CELLID_TEXT], key[LIBUTCP_KEY_TEXT];

	utcp_cellid_format(cell->id, id);
	utcp_key_format(cell->public_key, key);
	return json_pack("{s:s, s:s, s:b, s:I, s:I, s:o, s:b, s:b, s:s, s:I}",
			 "id", id, "public-key", key, "default",
			 cell->is_default, "owner", (json_int_t)cell->owner,
			 "group", (json_int_t)cell->group, "mode",
			 record_mode(cell->mode), "realm", cell->has_realm,
			 "discoverable", cell->discoverable, "comment",
			 cell->comment, "users", (json_int_t)cell->users);
}

static void text_number(struct out *o, const json_t *record, const char *name)
{
	fprintf(o->file, " %s %" JSON_INTEGER_FORMAT, name,
		json_integer_value(json_object_get(record, name)));
}

static void text_switch(struct out *o, const json_t *record, const char *name)
{
	if (json_is_true(json_object_get(record, name)))
		fprintf(o->file, " %s", name);
}

void text_cell(struct out *o, const json_t *record)
{
	const json_t *mode = json_object_get(record, "mode");
	const char *comment = out_text(record, "comment");

	out_colored(o, OUT_NAME, "%s", out_text(record, "id"));
	text_switch(o, record, "default");
	text_number(o, record, "owner");
	text_number(o, record, "group");
	fputs(" mode ", o->file);
	for (size_t i = 0; i < json_array_size(mode); i++)
		fprintf(o->file, "%s%s", i ? "," : "",
			json_string_value(json_array_get(mode, i)));
	if (!json_array_size(mode))
		fputs("none", o->file);
	text_switch(o, record, "realm");
	text_switch(o, record, "discoverable");
	text_number(o, record, "users");
	fprintf(o->file, "\n    public-key %s\n",
		out_text(record, "public-key"));
	if (comment[0])
		fprintf(o->file, "    %s\n", comment);
}

static int print_cell(struct cmd_context *c, const struct utcp_cell *cell)
{
	int err = out_record(&c->out, record_cell(cell), text_cell);

	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}

int cell_show(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_cell *cells = NULL, cell = { 0 };
	uint8_t id[LIBUTCP_CELLID_LEN];
	struct utcp_handle *h;
	int code = EXIT_DONE;
	size_t n = 1;

	if (args->n)
		code = cellset_which(&c->fault, args->word[0].text,
				     LIBUTCP_CELLNAMES_FILE, id);
	h = code ? NULL : cmd_handle(c);
	if (!h)
		return c->fault.exit;
	if (args->n ? utcp_cell_get(h, id, &cell) :
		      utcp_cell_list(h, &cells, &n))
		return cmd_failed(c);
	/* a list of one, so that JSON has the same shape for one and for all */
	out_list_begin(&c->out);
	for (size_t i = 0; !code && i < n; i++)
		code = print_cell(c, args->n ? &cell : &cells[i]);
	out_list_end(&c->out, code);
	free(cells);
	return code;
}

/* A cell that cannot be kept is not made. */
static int make_kept(struct cmd_context *c, struct utcp_handle *h,
		     const uint8_t *private_key,
		     const struct utcp_cell_settings *s, struct utcp_cell *cell)
{
	uint8_t key[LIBUTCP_KEY_LEN];
	int code = cellkeep_check(c), err;
	bool made = false;

	if (code)
		return code;
	if (private_key)
		memcpy(key, private_key, sizeof(key));
	/* The kernel would not tell what it makes. */
	err = private_key ? 0 : utcp_key_make(key);
	if (err)
		code = fault_system(&c->fault, -err, "cannot make a key");
	else if (utcp_cell_new(h, key, s, cell))
		code = cmd_failed(c);
	else
		made = true;
	if (made)
		code = cellkeep_put(c, cell->id, key, s);
	if (made && code)
		utcp_cell_del(h, cell->id, NULL);
	explicit_bzero(key, sizeof(key));
	return code;
}

/* Makes a cell with the settings from a word on. */
static int make(struct cmd_context *c, const struct cmd_args *args,
		size_t first, const uint8_t *private_key)
{
	struct utcp_cell cell = { 0 };
	struct utcp_cell_settings s;
	struct utcp_handle *h;
	bool keep;
	int code;

	code = cellset_read(&c->fault, args, first, &s, &keep);
	h = code ? NULL : cmd_handle(c);
	if (!h)
		code = c->fault.exit;
	else if (keep)
		code = make_kept(c, h, private_key, &s, &cell);
	else if (utcp_cell_new(h, private_key, &s, &cell))
		code = cmd_failed(c);
	explicit_bzero(&s, sizeof(s));
	return code ? code : print_cell(c, &cell);
}

int cell_new(struct cmd_context *c, const struct cmd_args *args)
{
	return make(c, args, 0, NULL);
}

int cell_import(struct cmd_context *c, const struct cmd_args *args)
{
	uint8_t key[LIBUTCP_KEY_LEN];
	char message[256];
	int err, code;

	err = utcp_keyfile_read(args->word[0].text, key, message,
				sizeof(message));
	if (err)
		return fault_input(&c->fault, -err, message);
	code = make(c, args, 1, key);
	explicit_bzero(key, sizeof(key));
	return code;
}

int cell_set(struct cmd_context *c, const struct cmd_args *args)
{
	uint8_t id[LIBUTCP_CELLID_LEN];
	struct utcp_cell cell = { 0 };
	struct utcp_cell_settings s;
	struct utcp_handle *h;
	int code;

	code = cellset_which(&c->fault, args->word[0].text,
			     LIBUTCP_CELLNAMES_FILE, id);
	if (code)
		return code;
	code = cellset_read(&c->fault, args, 1, &s, NULL);
	h = code ? NULL : cmd_handle(c);
	if (!h)
		code = c->fault.exit;
	else if (utcp_cell_set(h, id, &s, &cell))
		code = cmd_failed(c);
	else
		code = cellkeep_realm(c, id, &s);
	explicit_bzero(&s, sizeof(s));
	return code ? code : print_cell(c, &cell);
}

int cell_del(struct cmd_context *c, const struct cmd_args *args)
{
	uint8_t id[LIBUTCP_CELLID_LEN];
	struct utcp_cell cell = { 0 };
	struct utcp_handle *h;
	int code;

	code = cellset_which(&c->fault, args->word[0].text,
			     LIBUTCP_CELLNAMES_FILE, id);
	h = code ? NULL : cmd_handle(c);
	if (!h)
		return c->fault.exit;
	if (utcp_cell_del(h, id, &cell))
		return cmd_failed(c);
	code = cellkeep_forget(c, id);
	return code ? code : print_cell(c, &cell);
}

int cell_genkey(struct cmd_context *c, const struct cmd_args *args)
{
	char message[256];
	int err;

	err = utcp_keyfile_make(args->word[0].text, message, sizeof(message));
	return err ? fault_input(&c->fault, -err, message) : EXIT_DONE;
}
