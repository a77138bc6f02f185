// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The names file. Its syntax is that of Documentation/networking/utcp.rst.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cellnames.h"
#include "namerules.h"

/* More than a file of CELLNAMES_MAX names needs; comments count too. */
#define FILE_MAX (CELLNAMES_MAX * (CELLNAMES_LINE_MAX + 1UL))

struct entry {
	char name[LIBUTCP_CELLNAME_MAX + 1];
	uint8_t id[LIBUTCP_CELLID_LEN];
	unsigned long line;
};

/**
 * struct utcp_cellnames - see utcp_cellnames_read()
 * @entry: the names; in the order of the file while it is read, then sorted
 * @n: how many
 * @room: for how many there is room
 */
struct utcp_cellnames {
	struct entry *entry;
	size_t n;
	size_t room;
};

/* Where a message about the text goes. */
struct reading {
	const char *path;
	unsigned long line;
	char *message;
	size_t size;
};

__attribute__((format(printf, 2, 3))) static int
wrong_line(const struct reading *r, const char *fmt, ...)
{
	va_list ap;
	int n;

	n = snprintf(r->message, r->size, "%s:%lu: ", r->path, r->line);
	if (n >= 0 && (size_t)n < r->size) {
		va_start(ap, fmt);
		vsnprintf(r->message + n, r->size - (size_t)n, fmt, ap);
		va_end(ap);
	}
	return -EBADMSG;
}

bool utcp_cellname_ok(const char *name)
{
	return name_is_label(name, LIBUTCP_CELLNAME_MAX) &&
	       strncasecmp(name, "cell1", 5) != 0;
}

static int add(struct utcp_cellnames *names, const struct reading *r,
	       const char *name, const uint8_t id[LIBUTCP_CELLID_LEN])
{
	struct entry *e;

	if (names->n == CELLNAMES_MAX)
		return wrong_line(r, "more than %d names", CELLNAMES_MAX);
	if (names->n == names->room) {
		size_t room = names->room ? 2 * names->room : 16;

		e = reallocarray(names->entry, room, sizeof(*e));
		if (!e)
			return -ENOMEM;
		names->entry = e;
		names->room = room;
	}
	e = &names->entry[names->n++];
	snprintf(e->name, sizeof(e->name), "%s", name);
	memcpy(e->id, id, sizeof(e->id));
	e->line = r->line;
	return 0;
}

/* A line, without line feed and comment; it is written to. */
static int parse_line(struct utcp_cellnames *names, const struct reading *r,
		      char *line)
{
	static const char blanks[] = " \t";
	uint8_t id[LIBUTCP_CELLID_LEN];
	enum utcp_text_error error;
	char *name, *cell, *rest;

	name = strtok_r(line, blanks, &rest);
	if (!name)
		return 0;
	if (!utcp_cellname_ok(name))
		return wrong_line(r, "\"%s\" cannot be a name", name);
	cell = strtok_r(NULL, blanks, &rest);
	if (!cell)
		return wrong_line(r, "the CellID is missing");
	error = utcp_cellid_parse(cell, id);
	if (error)
		return wrong_line(r, "\"%s\" is no CellID: %s", cell,
				  utcp_text_error_string(error));
	if (strtok_r(NULL, blanks, &rest))
		return wrong_line(r, "something stands behind the CellID");
	return add(names, r, name, id);
}

static int take_line(struct utcp_cellnames *names, const struct reading *r,
		     const char *text, size_t len)
{
	char line[CELLNAMES_LINE_MAX + 1], *comment;

	if (len > CELLNAMES_LINE_MAX)
		return wrong_line(r, "it is longer than %d bytes",
				  CELLNAMES_LINE_MAX);
	for (size_t i = 0; i < len; i++)
		if (text[i] != '\t' && (text[i] < ' ' || text[i] > '~'))
			return wrong_line(r, "byte 0x%02x may not stand in it",
					  (unsigned char)text[i]);
	memcpy(line, text, len);
	line[len] = '\0';
	comment = strchr(line, '#');
	if (comment)
		*comment = '\0';
	return parse_line(names, r, line);
}

static int compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int by_name = strcmp(x->name, y->name);

	return by_name ? by_name : (x->line > y->line) - (x->line < y->line);
}

/* Sorts the names; none may stand for two cells. */
static int sort(struct utcp_cellnames *names, struct reading *r)
{
	struct entry *e = names->entry;

	if (names->n)
		qsort(e, names->n, sizeof(*e), compare);
	for (size_t i = 1; i < names->n; i++) {
		if (strcmp(e[i - 1].name, e[i].name) != 0 ||
		    memcmp(e[i - 1].id, e[i].id, sizeof(e->id)) == 0)
			continue;
		r->line = e[i].line;
		return wrong_line(
			r, "\"%s\" stands for another CellID in line %lu",
			e[i].name, e[i - 1].line);
	}
	return 0;
}

int cellnames_parse(const char *text, size_t len, const char *path,
		    struct utcp_cellnames **names, char *message, size_t size)
{
	struct reading r = { path, 0, message, size };
	struct utcp_cellnames *all = calloc(1, sizeof(*all));
	const char *end = text + len;
	int err = all ? 0 : -ENOMEM;

	*names = NULL;
	while (!err && text < end) {
		const char *feed = memchr(text, '\n', (size_t)(end - text));
		size_t n = (size_t)((feed ? feed : end) - text);

		r.line++;
		err = take_line(all, &r, text, n);
		text += feed ? n + 1 : n;
	}
	if (!err)
		err = sort(all, &r);
	if (err == -ENOMEM)
		snprintf(message, size, "%s: %s", path, strerror(ENOMEM));
	if (err)
		utcp_cellnames_free(all);
	else
		*names = all;
	return err;
}

/* Reads a file as a whole. Return: 0 or a negative errno. */
static int slurp(int fd, char **text, size_t *len)
{
	size_t room = 0;
	char *more;
	ssize_t n;

	for (;;) {
		if (*len == room) {
			if (room >= FILE_MAX)
				return -EFBIG;
			room = room ? 2 * room : 16384;
			more = realloc(*text, room);
			if (!more)
				return -ENOMEM;
			*text = more;
		}
		n = read(fd, *text + *len, room - *len);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (!n)
			return 0;
		if (n > 0)
			*len += (size_t)n;
	}
}

int utcp_cellnames_read(const char *path, struct utcp_cellnames **names,
			char *message, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char *text = NULL;
	size_t len = 0;
	int err;

	*names = NULL;
	err = fd < 0 ? -errno : slurp(fd, &text, &len);
	if (fd >= 0)
		close(fd);
	if (err)
		snprintf(message, size, "%s: %s", path, strerror(-err));
	else
		err = cellnames_parse(text ? text : "", len, path, names,
				      message, size);
	free(text);
	return err;
}

void utcp_cellnames_free(struct utcp_cellnames *names)
{
	if (!names)
		return;
	free(names->entry);
	free(names);
}

static int compare_name(const void *name, const void *entry)
{
	return strcmp(name, ((const struct entry *)entry)->name);
}

bool utcp_cellnames_find(const struct utcp_cellnames *names, const char *name,
			 uint8_t id[LIBUTCP_CELLID_LEN])
{
	const struct entry *e = NULL;

	if (names->n)
		e = bsearch(name, names->entry, names->n, sizeof(*e),
			    compare_name);
	if (e)
		memcpy(id, e->id, sizeof(e->id));
	return e;
}

int utcp_cellnames_resolve(const char *word, const char *path,
			   uint8_t id[LIBUTCP_CELLID_LEN], char *message,
			   size_t size)
{
	struct utcp_cellnames *names;
	enum utcp_text_error error;
	bool found;
	int err;

	/* Never looked up, so that no name can be taken for a CellID. */
	if (strncasecmp(word, "cell1", 5) == 0) {
		error = utcp_cellid_parse(word, id);
		if (!error)
			return 0;
		snprintf(message, size, "\"%s\" is no CellID: %s", word,
			 utcp_text_error_string(error));
		return -EINVAL;
	}
	if (!utcp_cellname_ok(word)) {
		snprintf(message, size, "\"%s\" is neither a CellID nor a name",
			 word);
		return -EINVAL;
	}
	err = utcp_cellnames_read(path, &names, message, size);
	if (err && err != -ENOENT)
		return err;
	found = !err && utcp_cellnames_find(names, word, id);
	utcp_cellnames_free(names);
	if (found)
		return 0;
	snprintf(message, size, "no cell is named \"%s\" in %s", word, path);
	return -ENOENT;
}
