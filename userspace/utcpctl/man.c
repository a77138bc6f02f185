// SPDX-License-Identifier: GPL-2.0-only
/*
 * Man pages.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <utcp/family.h>
#include <utcp/handle.h>

#include "man.h"

/* A '-' is a minus on the command line, and a hyphen in prose. */
static void put_roff(FILE *to, const char *text)
{
	for (; *text; text++) {
		if (*text == '-' || *text == '\\')
			putc('\\', to);
		putc(*text == '\\' ? 'e' : *text, to);
	}
}

static void put_bold(FILE *to, const char *text)
{
	fputs("\\fB", to);
	put_roff(to, text);
	fputs("\\fR", to);
}

static void put_italic(FILE *to, const char *text)
{
	fputs("\\fI", to);
	put_roff(to, text);
	fputs("\\fR", to);
}

static void put_pair(FILE *to, const struct cmd_arg *arg)
{
	put_italic(to, arg->name);
	if (!cmd_in_pairs(arg))
		return;
	putc(' ', to);
	put_italic(to, arg->value);
}

static void put_args(FILE *to, const struct cmd_arg *arg)
{
	for (; arg && arg->name; arg++) {
		putc(' ', to);
		switch (arg->kind) {
		case CMD_ONE:
			put_pair(to, arg);
			break;
		case CMD_PAIRS:
			put_pair(to, arg);
			fputs(" [", to);
			put_pair(to, arg);
			fputs("]...", to);
			break;
		case CMD_OPTIONAL:
		case CMD_LIST:
		case CMD_SETTINGS:
			putc('[', to);
			put_pair(to, arg);
			fputs(arg->kind == CMD_OPTIONAL ? "]" : "]...", to);
			break;
		case CMD_OPTIONS:
			putc('[', to);
			put_italic(to, arg->name);
			fputs(" [", to);
			put_italic(to, arg->value);
			fputs("]...]...", to);
			break;
		case CMD_COMMAND:
			fputs("[\\-\\-] ", to);
			put_italic(to, arg->name);
			fputs(" [", to);
			put_italic(to, arg->value);
			fputs("]...", to);
			break;
		}
	}
}

static void put_command(FILE *to, const struct cmd_object *object,
			const struct cmd_verb *verb)
{
	put_bold(to, object->name);
	if (verb->name) {
		putc(' ', to);
		put_bold(to, verb->name);
	}
	put_args(to, verb->args);
	if (verb->statistics)
		fputs(" [\\fB\\-s\\fR]", to);
	putc('\n', to);
}

static void put_synopsis(FILE *to, const struct cmd_object *object)
{
	for (const struct cmd_verb *v = object->verbs; v->run; v++) {
		if (v != object->verbs)
			fputs(".br\n", to);
		put_bold(to, "utcpctl");
		fputs(" [\\fIOPTION\\fR]... ", to);
		put_command(to, object, v);
	}
}

/* The choices of an argument; those of a pair for each choice before it. */
static void put_choices(FILE *to, const struct cmd_verb *verb,
			const struct cmd_arg *arg)
{
	struct cmd_word word = { 0 };
	struct cmd_args before = { &word, 1 };
	const char *name, *family;

	if (!arg->choice)
		return;
	if (arg == verb->args || !verb->args[0].choice) {
		fputs("One of", to);
		for (size_t i = 0; (name = arg->choice(&before, i)); i++) {
			fputs(i ? ", " : " ", to);
			put_bold(to, name);
		}
		fputs(".\n", to);
		return;
	}
	for (; (family = verb->args[0].choice(&before, word.index));
	     word.index++) {
		fputs(".br\n", to);
		put_bold(to, family);
		fputs(" has", to);
		for (size_t i = 0; (name = arg->choice(&before, i)); i++) {
			fputs(i ? ", " : " ", to);
			put_bold(to, name);
		}
		fputs(".\n", to);
	}
}

static void put_verbs(FILE *to, const struct cmd_object *object)
{
	for (const struct cmd_verb *v = object->verbs; v->run; v++) {
		fputs(".TP\n", to);
		put_command(to, object, v);
		put_roff(to, v->summary);
		if (v == object->verbs && v->name)
			fputs(" This is meant if no verb is given.", to);
		putc('\n', to);
		if (v->detail) {
			put_roff(to, v->detail);
			putc('\n', to);
		}
		if (!v->args || !v->args->name)
			continue;
		fputs(".RS\n", to);
		for (const struct cmd_arg *a = v->args; a->name; a++) {
			fputs(".TP\n", to);
			put_italic(to, a->name);
			putc('\n', to);
			put_roff(to, a->help);
			putc('\n', to);
			put_choices(to, v, a);
		}
		fputs(".RE\n", to);
	}
}

static void put_objects(FILE *to)
{
	for (const struct cmd_object *o = cmd_objects; o->name; o++) {
		fputs(".TP\n", to);
		put_bold(to, o->name);
		putc('\n', to);
		put_roff(to, o->summary);
		putc('\n', to);
	}
}

static void put_limits(FILE *to)
{
	const struct utcp_limit_desc *d;

	for (int f = 0; f < LIBUTCP_FAMILIES; f++) {
		enum utcp_family family = (enum utcp_family)f;

		fputs(".TP\n", to);
		put_bold(to, utcp_family_name(family));
		fputs("\n.RS\n", to);
		for (size_t i = 0; (d = utcp_family_limit(family, i)); i++) {
			fputs(".TP\n", to);
			put_bold(to, d->name);
			putc('\n', to);
			put_roff(to, d->doc);
			fprintf(to, "\nAt most %u%s.\n", d->max,
				d->unit == LIBUTCP_UNIT_KIB ? " KiB" : "");
		}
		fputs(".RE\n", to);
	}
}

static void put_options(FILE *to)
{
	for (const struct cmd_option *o = cmd_options; o->name; o++) {
		char letter[3] = { '-', o->letter, '\0' };
		char name[32];

		fputs(".TP\n", to);
		put_bold(to, letter);
		fputs(", ", to);
		snprintf(name, sizeof(name), "--%s", o->name);
		put_bold(to, name);
		if (o->value) {
			if (o->value[0] != '[')
				putc(' ', to);
			put_italic(to, o->value);
		}
		putc('\n', to);
		put_roff(to, o->help);
		putc('\n', to);
	}
}

static const struct cmd_object *find_object(const char *name)
{
	for (const struct cmd_object *o = cmd_objects; o->name; o++)
		if (strcmp(o->name, name) == 0)
			return o;
	return NULL;
}

static void put_prose(FILE *to, const char *line)
{
	static const char mark[] = "@version";
	const char *at;

	while ((at = strstr(line, mark))) {
		fprintf(to, "%.*s%s", (int)(at - line), line, utcp_version());
		line = at + strlen(mark);
	}
	fprintf(to, "%s\n", line);
}

static int put_line(struct cmd_context *c, const char *file,
		    unsigned long number, const char *line)
{
	const struct cmd_object *object;
	FILE *to = c->out.file;
	char word[16], name[32];
	int n = sscanf(line, "@%15s %31s", word, name);

	if (line[0] != '@' || n < 1) {
		put_prose(to, line);
		return EXIT_DONE;
	}
	object = n == 2 ? find_object(name) : NULL;
	if (strcmp(word, "synopsis") == 0 && object)
		put_synopsis(to, object);
	else if (strcmp(word, "verbs") == 0 && object)
		put_verbs(to, object);
	else if (strcmp(word, "objects") == 0)
		put_objects(to);
	else if (strcmp(word, "limits") == 0)
		put_limits(to);
	else if (strcmp(word, "options") == 0)
		put_options(to);
	else
		return fault_usage(&c->fault, file, "%s:%lu: what is \"%s\"?",
				   file, number, line);
	return EXIT_DONE;
}

int man_print(struct cmd_context *c, const char *template)
{
	unsigned long number = 0;
	int code = EXIT_DONE;
	char *line = NULL;
	size_t room = 0;
	FILE *f;

	f = fopen(template, "re");
	if (!f)
		return fault_system(&c->fault, errno, "cannot open \"%s\"",
				    template);
	while (!code && getline(&line, &room, f) >= 0) {
		line[strcspn(line, "\n")] = '\0';
		code = put_line(c, template, ++number, line);
	}
	free(line);
	fclose(f);
	return code;
}
