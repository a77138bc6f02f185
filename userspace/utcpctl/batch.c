// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands from a file, one a line.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "words.h"

struct batch {
	FILE *file;
	const char *name;
	unsigned long line; /* of the last line read */
	unsigned long first; /* of the command */
	char *text;
	size_t len;
};

/*
 * Read a command: a line, and the next one if a backslash stands at its end.
 * Returns 1 with a command, 0 at the end, or a negative errno.
 */
static int read_command(struct batch *b)
{
	char *line = NULL, *text;
	size_t room = 0;
	ssize_t n;
	int more = 0;

	b->len = 0;
	b->first = b->line + 1;
	for (;;) {
		errno = 0;
		n = getline(&line, &room, b->file);
		if (n < 0) {
			more = errno ? -errno : more;
			break;
		}
		b->line++;
		more = 1;
		if (n && line[n - 1] == '\n')
			n--;
		text = realloc(b->text, b->len + (size_t)n + 1);
		if (!text) {
			more = -ENOMEM;
			break;
		}
		b->text = text;
		memcpy(b->text + b->len, line, (size_t)n);
		b->len += (size_t)n;
		b->text[b->len] = '\0';
		if (!b->len || b->text[b->len - 1] != '\\' ||
		    (b->len > 1 && b->text[b->len - 2] == '\\'))
			break;
		b->text[--b->len] = '\0';
	}
	free(line);
	return more;
}

static int run_command(struct cmd_context *c, struct batch *b, struct words *w)
{
	const char *wrong = words_split(b->text, b->len, w);

	memset(&c->fault, 0, sizeof(c->fault));
	if (wrong)
		return fault_usage(&c->fault, "", "the line cannot be read: %s",
				   wrong);
	if (!w->argc)
		return EXIT_DONE;
	if (w->argv[0][0] == '-')
		return fault_usage(&c->fault, w->argv[0],
				   "no options in a batch: \"%s\"", w->argv[0]);
	return cmd_run(c, w->argc, w->argv);
}

/* Print a failure with its place. */
static void report(const struct cmd_context *c, const struct batch *b)
{
	fault_print(&c->fault, stderr, c->out.format, b->name, b->first);
}

static int run_file(struct cmd_context *c, struct batch *b, bool force)
{
	struct words words = { 0 };
	int result = EXIT_DONE;
	int more, code;

	while ((more = read_command(b)) > 0) {
		code = run_command(c, b, &words);
		if (!code)
			continue;
		if (out_flush(&c->out))
			break; /* the caller says why */
		report(c, b);
		if (!result)
			result = code;
		if (!force)
			break;
	}
	if (more < 0) {
		code = fault_system(&c->fault, -more, "cannot read the batch");
		report(c, b);
		if (!result)
			result = code;
	}
	words_free(&words);
	return result;
}

int batch_run(struct cmd_context *c, const char *name, bool force)
{
	struct batch b = { .name = name };
	bool standard = strcmp(name, "-") == 0;
	int result;

	b.file = standard ? stdin : fopen(name, "re");
	if (!b.file)
		return fault_system(&c->fault, errno,
				    "cannot open the batch \"%s\"", name);
	c->in_batch = true;
	result = run_file(c, &b, force);
	c->in_batch = false;
	/* all failures were printed with their place */
	c->fault.quiet = true;
	free(b.text);
	if (!standard)
		fclose(b.file);
	return result;
}
