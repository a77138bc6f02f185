// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shell completion.
 *
 * The script has one table: the words of a command so far, and what may follow
 * them. Behind words that were cut short nothing is offered.
 */
#include <string.h>

#include <utcp/cellnames.h>

#include "completion.h"

static const char head[] =
	"# bash completion for utcpctl\n"
	"# Made by \"utcpctl help --completion bash\".\n"
	"\n"
	"# Names, if what stands there so far is pairs of name and value.\n"
	"_utcpctl_pairs()\n"
	"{\n"
	"\tlocal -a there\n"
	"\tread -ra there <<<\"$1\"\n"
	"\tshift\n"
	"\t((${#there[@]} % 2)) || echo \"$*\"\n"
	"}\n"
	"\n"
	"# What may follow these words.\n"
	"_utcpctl_words()\n"
	"{\n"
	"\tcase $1 in\n";

static const char tail[] =
	"\tesac\n"
	"}\n"
	"\n"
	"_utcpctl()\n"
	"{\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	"\tlocal i word key='' seen=0 list\n"
	"\n"
	"\tcase $prev in\n"
	"\t-n | -netns | --netns)\n"
	"\t\tlist=$(cd /run/netns 2>/dev/null && echo *)\n"
	"\t\tmapfile -t COMPREPLY < <(compgen -W \"$list\" -- \"$cur\")\n"
	"\t\treturn\n"
	"\t\t;;\n"
	"\t-b | -batch | --batch)\n"
	"\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
	"\t\treturn\n"
	"\t\t;;\n"
	"\tesac\n"
	"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	"\t\tword=${COMP_WORDS[i]}\n"
	"\t\tif [[ $seen == 0 && $word == -* ]]; then\n"
	"\t\t\tcase $word in\n"
	"\t\t\t-n | -netns | --netns | -b | -batch | --batch) ((i++)) ;;\n"
	"\t\t\tesac\n"
	"\t\t\tcontinue\n"
	"\t\tfi\n"
	"\t\tseen=1\n"
	"\t\tkey+=\"$word \"\n"
	"\tdone\n"
	"\tif [[ $seen == 0 && $cur == -* ]]; then\n"
	"\t\tlist=$(_utcpctl_words -)\n"
	"\telse\n"
	"\t\tlist=$(_utcpctl_words \"$key\")\n"
	"\tfi\n"
	"\tmapfile -t COMPREPLY < <(compgen -W \"$list\" -- \"$cur\")\n"
	"}\n"
	"\n"
	"complete -F _utcpctl utcpctl\n";

static void print_choices(FILE *to, const struct cmd_arg *arg,
			  const struct cmd_args *before)
{
	const char *name;

	for (size_t i = 0; (name = arg->choice(before, i)); i++)
		fprintf(to, " %s", name);
}

static void print_row(FILE *to, const char *key, const char *pattern,
		      const struct cmd_arg *arg, const struct cmd_args *before)
{
	fprintf(to, "\t'%s'%s) echo", key, pattern);
	print_choices(to, arg, before);
	fputs(" ;;\n", to);
}

/* Behind "limit set utcp ", and each pair that follows, the limits of utcp. */
static void print_pairs(FILE *to, const char *key, const struct cmd_arg *arg)
{
	struct cmd_word word = { 0 };
	struct cmd_args before = { &word, 1 };
	const char *first;

	for (; (first = arg[0].choice(&before, word.index)); word.index++) {
		fprintf(to, "\t'%s%s '*) _utcpctl_pairs \"${1#'%s%s '}\"", key,
			first, key, first);
		print_choices(to, &arg[1], &before);
		fputs(" ;;\n", to);
	}
}

/* Behind "cell new " the settings, and behind each pair again. */
static void print_settings(FILE *to, const char *key, const char *pattern,
			   const struct cmd_arg *arg,
			   const struct cmd_args *before)
{
	fprintf(to, "\t'%s'%s*) _utcpctl_pairs \"${1#'%s'%s}\"", key, pattern,
		key, pattern);
	print_choices(to, arg, before);
	fputs(" ;;\n", to);
}

/* What a first word can be that has no choices, as far as the system tells. */
static void print_words(FILE *to, const char *key, const char *name)
{
	static const char names[] =
		"command awk '$1 ~ /^[[:alnum:]]/ { print $1 }' " LIBUTCP_CELLNAMES_FILE
		" 2>/dev/null";
	const char *command = NULL;

	if (strcmp(name, "DEV") == 0)
		command = "command ls /sys/class/net";
	else if (strcmp(name, "SANDBOX") == 0)
		command = "command ls /run/utcp/sandboxes 2>/dev/null";
	else if (strcmp(name, "CELL") == 0)
		command = names;
	else if (strcmp(name, "FILE") == 0)
		command = "command ls";
	if (command)
		fprintf(to, "\t'%s') %s ;;\n", key, command);
}

/* Behind "grant add ", two words that can be anything, and each pair that follows. */
static void print_free_pairs(FILE *to, const char *key,
			     const struct cmd_arg *arg)
{
	struct cmd_word words[2] = { { 0 } };
	struct cmd_args before = { words, 2 };

	fprintf(to, "\t'%s'?*' '?*' '*) _utcpctl_pairs \"${1#'%s'* * }\"", key,
		key);
	print_choices(to, arg, &before);
	fputs(" ;;\n", to);
}

/* Rows of a command, such as: behind "limit set " the families. */
static void print_verb(FILE *to, const struct cmd_object *object,
		       const struct cmd_verb *verb)
{
	struct cmd_word word = { 0 };
	struct cmd_args before = { &word, 1 };
	const struct cmd_arg *arg = verb->args;
	char key[64];

	if (!arg || !arg->name)
		return;
	snprintf(key, sizeof(key), "%s %s%s", object->name,
		 verb->name ? verb->name : "", verb->name ? " " : "");
	if (cmd_in_pairs(&arg[0]))
		print_settings(to, key, "", &arg[0], &before);
	else if (arg[0].choice)
		print_row(to, key, arg[0].kind == CMD_LIST ? "*" : "", &arg[0],
			  &before);
	else
		print_words(to, key, arg[0].name);
	if (arg[0].kind == CMD_LIST || !arg[1].name)
		return;
	if (!arg[0].choice && !arg[1].choice && arg[2].name &&
	    arg[2].kind == CMD_PAIRS)
		print_free_pairs(to, key, &arg[2]);
	if (!arg[1].choice)
		return;
	if (cmd_in_pairs(&arg[1]) && arg[0].choice)
		print_pairs(to, key, arg);
	else if (cmd_in_pairs(&arg[1]))
		print_settings(to, key, "?*' '", &arg[1], &before);
	else
		/* behind a first word that can be anything */
		print_row(to, key,
			  arg[1].kind == CMD_LIST ||
					  arg[1].kind == CMD_OPTIONS ?
				  "?*' '*" :
				  "?*' '",
			  &arg[1], &before);
}

static void print_bash(FILE *to)
{
	fputs(head, to);
	fputs("\t-) echo", to);
	for (const struct cmd_option *o = cmd_options; o->name; o++)
		fprintf(to, " -%c --%s", o->letter, o->name);
	fputs(" ;;\n\t'') echo", to);
	for (const struct cmd_object *o = cmd_objects; o->name; o++)
		fprintf(to, " %s", o->name);
	fputs(" ;;\n\t'help ') echo", to);
	for (const struct cmd_object *o = cmd_objects; o->name; o++)
		fprintf(to, " %s", o->name);
	fputs(" ;;\n", to);
	for (const struct cmd_object *o = cmd_objects; o->name; o++) {
		if (o->verbs->name) {
			fprintf(to, "\t'%s ' | 'help %s ') echo", o->name,
				o->name);
			for (const struct cmd_verb *v = o->verbs; v->run; v++)
				fprintf(to, " %s", v->name);
			fputs(" help ;;\n", to);
		}
		for (const struct cmd_verb *v = o->verbs; v->run; v++)
			print_verb(to, o, v);
	}
	fputs(tail, to);
}

int completion_print(struct cmd_context *c, const char *shell)
{
	if (strcmp(shell, "bash") != 0)
		return fault_usage(&c->fault, shell,
				   "no completion for \"%s\"; there is: bash",
				   shell);
	print_bash(c->out.file);
	return EXIT_DONE;
}
