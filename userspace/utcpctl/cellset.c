// SPDX-License-Identifier: GPL-2.0-only
/*
 * Settings of a cell on the command line, and which cell is meant.
 */
#include <errno.h>
#include <string.h>

#include <utcp/utcp.h>

#include "cellset.h"
#include "owner.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const mode_names[] = { "owner", "group", "other" };

/* Bit i has name i. */
_Static_assert(UTCP_CELL_MODE_OWNER == 1 << 0, "owner is not the first bit");
_Static_assert(UTCP_CELL_MODE_GROUP == 1 << 1, "group is not the second bit");
_Static_assert(UTCP_CELL_MODE_OTHER == 1 << 2, "other is not the third bit");

const char *cellset_mode_name(size_t index)
{
	return index < COUNT(mode_names) ? mode_names[index] : NULL;
}

static int bad_value(struct fault *f, const struct cmd_word *w, const char *why)
{
	return fault_usage(f, w->text, "%s: \"%s\": %s", w->text, w->value,
			   why);
}

static int read_switch(struct fault *f, const struct cmd_word *w, bool *on)
{
	*on = strcmp(w->value, "on") == 0;
	if (*on || strcmp(w->value, "off") == 0)
		return EXIT_DONE;
	return bad_value(f, w, "on or off is expected");
}

static int read_comment(struct fault *f, const struct cmd_word *w,
			struct utcp_cell_settings *s)
{
	(void)f;
	s->comment = w->value;
	s->fields |= LIBUTCP_CELL_COMMENT;
	return EXIT_DONE;
}

static int read_default(struct fault *f, const struct cmd_word *w,
			struct utcp_cell_settings *s)
{
	s->fields |= LIBUTCP_CELL_DEFAULT;
	return read_switch(f, w, &s->is_default);
}

static int read_discoverable(struct fault *f, const struct cmd_word *w,
			     struct utcp_cell_settings *s)
{
	s->fields |= LIBUTCP_CELL_DISCOVERABLE;
	return read_switch(f, w, &s->discoverable);
}

static int read_group(struct fault *f, const struct cmd_word *w,
		      struct utcp_cell_settings *s)
{
	s->fields |= LIBUTCP_CELL_GROUP;
	if (!owner_group(w->value, &s->group))
		return bad_value(f, w, "there is no such group");
	return EXIT_DONE;
}

static int read_owner(struct fault *f, const struct cmd_word *w,
		      struct utcp_cell_settings *s)
{
	s->fields |= LIBUTCP_CELL_OWNER;
	if (!owner_user(w->value, &s->owner))
		return bad_value(f, w, "there is no such user");
	return EXIT_DONE;
}

/* The bit that a word of some length stands for, or 0. */
static uint32_t mode_bit(const char *word, size_t len)
{
	for (size_t i = 0; i < COUNT(mode_names); i++)
		if (strlen(mode_names[i]) == len &&
		    memcmp(mode_names[i], word, len) == 0)
			return 1U << i;
	return 0;
}

static int read_mode(struct fault *f, const struct cmd_word *w,
		     struct utcp_cell_settings *s)
{
	const char *word = w->value;
	uint32_t bit;
	size_t len;

	s->fields |= LIBUTCP_CELL_MODE;
	s->mode = 0;
	if (strcmp(word, "none") == 0)
		return EXIT_DONE;
	if (strcmp(word, "shared") == 0) {
		s->mode = UTCP_CELL_MODE_OWNER | UTCP_CELL_MODE_GROUP |
			  UTCP_CELL_MODE_OTHER;
		return EXIT_DONE;
	}
	for (;; word += len + 1) {
		len = strcspn(word, ",");
		bit = mode_bit(word, len);
		if (!bit)
			return bad_value(
				f, w,
				"owner, group and other with commas between are expected, or shared, or none");
		s->mode |= bit;
		if (!word[len])
			return EXIT_DONE;
	}
}

static int read_realm(struct fault *f, const struct cmd_word *w,
		      struct utcp_cell_settings *s)
{
	char message[256];
	int err;

	if (strcmp(w->value, "none") == 0) {
		s->fields |= LIBUTCP_CELL_NO_REALM;
		return EXIT_DONE;
	}
	s->fields |= LIBUTCP_CELL_REALM;
	err = utcp_keyfile_read(w->value, s->realm, message, sizeof(message));
	return err ? fault_input(f, -err, message) : EXIT_DONE;
}

static const struct {
	const char *name;
	int (*read)(struct fault *f, const struct cmd_word *w,
		    struct utcp_cell_settings *s);
} settings[] = {
	{ "comment", read_comment },
	{ "default", read_default },
	{ "discoverable", read_discoverable },
	{ "group", read_group },
	{ "mode", read_mode },
	{ "owner", read_owner },
	{ "realm", read_realm },
};

const char *cellset_name(size_t index)
{
	return index < COUNT(settings) ? settings[index].name : NULL;
}

const char *cellset_name_new(size_t index)
{
	return index == COUNT(settings) ? "keep" : cellset_name(index);
}

int cellset_read(struct fault *f, const struct cmd_args *args, size_t first,
		 struct utcp_cell_settings *s, bool *keep)
{
	int code = EXIT_DONE;

	memset(s, 0, sizeof(*s));
	if (keep)
		*keep = false;
	for (size_t i = first; !code && i < args->n; i++) {
		const struct cmd_word *w = &args->word[i];

		if (w->index < COUNT(settings))
			code = settings[w->index].read(f, w, s);
		else if (keep)
			code = read_switch(f, w, keep);
	}
	return code;
}

int cellset_which(struct fault *f, const char *word, const char *names,
		  uint8_t id[LIBUTCP_CELLID_LEN])
{
	char message[384];
	int err;

	err = utcp_cellnames_resolve(word, names, id, message, sizeof(message));
	if (err == -EINVAL)
		return fault_usage(f, word, "%s", message);
	return err ? fault_input(f, -err, message) : EXIT_DONE;
}
