// SPDX-License-Identifier: GPL-2.0-only
/*
 * Help texts.
 */
#include <stdlib.h>
#include <string.h>

#include "completion.h"
#include "help.h"
#include "man.h"
#include "parse.h"

static void print_args(FILE *to, const struct cmd_arg *arg)
{
	for (; arg && arg->name; arg++) {
		switch (arg->kind) {
		case CMD_ONE:
			fprintf(to, " %s", arg->name);
			break;
		case CMD_OPTIONAL:
			fprintf(to, " [%s]", arg->name);
			break;
		case CMD_LIST:
			fprintf(to, " [%s]...", arg->name);
			break;
		case CMD_PAIRS:
			fprintf(to, " %s %s [%s %s]...", arg->name, arg->value,
				arg->name, arg->value);
			break;
		case CMD_SETTINGS:
			fprintf(to, " [%s %s]...", arg->name, arg->value);
			break;
		case CMD_OPTIONS:
			fprintf(to, " [%s [%s]...]...", arg->name, arg->value);
			break;
		case CMD_COMMAND:
			fprintf(to, " [--] %s [%s]...", arg->name, arg->value);
			break;
		}
	}
}

static void print_usage(FILE *to, const char *lead,
			const struct cmd_object *object,
			const struct cmd_verb *verb)
{
	fprintf(to, "%sutcpctl %s", lead, object->name);
	if (verb->name)
		fprintf(to, " %s", verb->name);
	print_args(to, verb->args);
	if (verb->statistics)
		fputs(" [-s]", to);
	putc('\n', to);
}

static void print_choices(FILE *to, const struct cmd_arg *arg,
			  const struct cmd_args *before)
{
	const char *name;

	for (size_t i = 0; (name = arg->choice(before, i)); i++)
		fprintf(to, "%s%s", i ? ", " : "", name);
	putc('\n', to);
}

static void print_arg(FILE *to, const struct cmd_verb *verb,
		      const struct cmd_arg *arg)
{
	struct cmd_word word = { 0 };
	struct cmd_args before = { &word, 1 };
	const char *family;

	fprintf(to, "    %-10s %s\n", arg->name, arg->help);
	if (!arg->choice)
		return;
	/* choices that depend on a family are listed for each of them */
	if (arg == verb->args || !verb->args[0].choice) {
		fprintf(to, "    %-10s one of: ", "");
		print_choices(to, arg, &before);
		return;
	}
	for (; (family = verb->args[0].choice(&before, word.index));
	     word.index++) {
		fprintf(to, "    %-10s %s: ", "", family);
		print_choices(to, arg, &before);
	}
}

static void print_verb(FILE *to, const struct cmd_object *object,
		       const struct cmd_verb *verb)
{
	print_usage(to, "Usage: ", object, verb);
	fprintf(to, "\n%s\n", verb->summary);
	if (verb->detail)
		fprintf(to, "%s\n", verb->detail);
	if (verb->args && verb->args->name)
		putc('\n', to);
	for (const struct cmd_arg *a = verb->args; a && a->name; a++)
		print_arg(to, verb, a);
}

static void print_object(FILE *to, const struct cmd_object *object)
{
	const char *lead = "Usage: ";

	for (const struct cmd_verb *v = object->verbs; v->run; v++) {
		print_usage(to, lead, object, v);
		lead = "       ";
	}
	fprintf(to, "%sutcpctl %s help\n\n%s\n\n", lead, object->name,
		object->summary);
	for (const struct cmd_verb *v = object->verbs; v->run; v++)
		fprintf(to, "    %-10s %s\n", v->name, v->summary);
}

static void print_option(FILE *to, const struct cmd_option *o)
{
	char text[64];
	int n;

	n = snprintf(text, sizeof(text), "-%c, --%s", o->letter, o->name);
	if (o->value)
		snprintf(text + n, sizeof(text) - (size_t)n, "%s%s",
			 o->value[0] == '[' ? "" : " ", o->value);
	fprintf(to, "    %-20s ", text);
	if (strlen(text) > 20)
		fprintf(to, "\n    %-20s ", "");
	fprintf(to, "%s\n", o->help);
}

static void print_everything(FILE *to)
{
	fputs("Usage: utcpctl [OPTION]... OBJECT [VERB] [ARGUMENT]...\n"
	      "       utcpctl [OPTION]... -b FILE\n"
	      "       utcpctl OBJECT help\n\n"
	      "Objects:\n",
	      to);
	for (const struct cmd_object *o = cmd_objects; o->name; o++)
		fprintf(to, "    %-10s %s\n", o->name, o->summary);
	fputs("\nOptions:\n", to);
	for (const struct cmd_option *o = cmd_options; o->name; o++)
		print_option(to, o);
	fputs("\nObjects, verbs and names may be cut short as long as they stay unique.\n",
	      to);
}

void help_print(FILE *to, const struct cmd_object *object,
		const struct cmd_verb *verb)
{
	if (!object)
		print_everything(to);
	else if (verb)
		print_verb(to, object, verb);
	else
		print_object(to, object);
}

/* "help OBJECT VERB" is "OBJECT VERB help". */
static int help_about(struct cmd_context *c, const struct cmd_args *args)
{
	char help[] = "help";
	char *argv[3] = { 0 };
	struct parsed p;
	size_t i;
	int code;

	if (args->n > 2)
		return fault_usage(&c->fault, args->word[2].text,
				   "\"%s\" is too much", args->word[2].text);
	for (i = 0; i < args->n; i++)
		argv[i] = (char *)args->word[i].text;
	argv[i] = help;
	code = parse((int)i + 1, argv, &p, &c->fault);
	if (!code && !p.help)
		code = fault_usage(&c->fault, argv[0], "\"%s\" has no verbs",
				   argv[0]);
	if (!code)
		help_print(c->out.file, p.object, p.verb);
	parsed_free(&p);
	return code;
}

int help_run(struct cmd_context *c, const struct cmd_args *args)
{
	const char *first = args->n ? args->word[0].text : "";

	if (!args->n) {
		help_print(c->out.file, NULL, NULL);
		return EXIT_DONE;
	}
	if (args->n == 2 && strcmp(first, "--man") == 0)
		return man_print(c, args->word[1].text);
	if (args->n == 2 && strcmp(first, "--completion") == 0)
		return completion_print(c, args->word[1].text);
	return help_about(c, args);
}
