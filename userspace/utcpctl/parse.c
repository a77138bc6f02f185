// SPDX-License-Identifier: GPL-2.0-only
/*
 * From words to a command of the table.
 *
 * A word may be cut short as long as it stays unique; in full it is always
 * meant itself, even if others begin with it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

/* Words to choose from: the name of each, NULL at the end. */
struct choices {
	const char *(*name)(const void *from, size_t index);
	const void *from;
};

static void list_choices(char *text, size_t size, const struct choices *c,
			 const char *prefix)
{
	const char *name;
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; (name = c->name(c->from, i)); i++) {
		if (strncmp(name, prefix, strlen(prefix)) != 0)
			continue;
		snprintf(text + used, size - used, "%s%s", used ? ", " : "",
			 name);
		used = strlen(text);
	}
}

/* Find the choice that a word means; EXIT_USAGE if there is not just one. */
static int choose(const char *word, const char *what, const struct choices *c,
		  size_t *index, struct fault *f)
{
	size_t hits = 0, len = strlen(word);
	char there[256];
	const char *name;

	for (size_t i = 0; (name = c->name(c->from, i)); i++) {
		if (!len || strncmp(name, word, len) != 0)
			continue;
		*index = i;
		if (!name[len])
			return EXIT_DONE;
		hits++;
	}
	if (hits == 1)
		return EXIT_DONE;
	list_choices(there, sizeof(there), c, hits ? word : "");
	if (hits)
		return fault_usage(f, word, "%s \"%s\" is ambiguous: %s", what,
				   word, there);
	return fault_usage(f, word, "unknown %s \"%s\"; there are: %s", what,
			   word, there);
}

static const char *object_name(const void *from, size_t index)
{
	const struct cmd_object *objects = from;

	return objects[index].name;
}

/* The verbs of an object, and "help" behind them. */
static const char *verb_name(const void *from, size_t index)
{
	const struct cmd_object *object = from;
	size_t n = 0;

	while (object->verbs[n].run)
		n++;
	if (index < n)
		return object->verbs[index].name;
	return index == n ? "help" : NULL;
}

struct arg_from {
	const struct cmd_arg *arg;
	const struct cmd_args *before;
};

static const char *arg_choice(const void *from, size_t index)
{
	const struct arg_from *f = from;

	return f->arg->choice(f->before, index);
}

static void lower(char *to, size_t size, const char *from)
{
	size_t i;

	for (i = 0; from[i] && i + 1 < size; i++)
		to[i] = from[i] >= 'A' && from[i] <= 'Z' ?
				(char)(from[i] + 32) :
				from[i];
	to[i] = '\0';
}

static int take_word(const struct cmd_arg *arg, const char *word,
		     const char *value, struct parsed *p, struct fault *f)
{
	const struct arg_from from = { arg, &p->args };
	const struct choices choices = { arg_choice, &from };
	struct cmd_word *w = &p->args.word[p->args.n];
	const char *name;
	char what[32];

	lower(what, sizeof(what), arg->name);
	if (!word[0])
		return fault_usage(f, arg->name, "%s is empty", what);
	w->text = word;
	w->value = value;
	w->index = 0;
	if (arg->choice) {
		if (choose(word, what, &choices, &w->index, f))
			return EXIT_USAGE;
		name = arg->choice(&p->args, w->index);
		if (name)
			w->text = name;
	}
	p->args.n++;
	return EXIT_DONE;
}

static int take_pairs(const struct cmd_arg *arg, int argc, char *const *argv,
		      struct parsed *p, struct fault *f)
{
	const struct cmd_word *first = &p->args.word[p->args.n], *last, *w;
	int err;

	for (int i = 0; i < argc; i += 2) {
		if (i + 1 == argc)
			return fault_usage(f, argv[i],
					   "%s is missing behind \"%s\"",
					   arg->value, argv[i]);
		err = take_word(arg, argv[i], argv[i + 1], p, f);
		if (err)
			return err;
		last = &p->args.word[p->args.n - 1];
		for (w = first; w < last; w++)
			if (w->index == last->index)
				return fault_usage(f, last->text,
						   "\"%s\" is given twice",
						   last->text);
	}
	return EXIT_DONE;
}

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] == '-';
}

/* How many words the options are that stand there, a "--" behind them left aside. */
static int take_options(const struct cmd_arg *arg, int argc, char *const *argv,
			struct parsed *p, struct fault *f)
{
	int i = 0, err;

	while (i < argc && is_option(argv[i]) && argv[i][2]) {
		struct cmd_word *w = &p->args.word[p->args.n];

		err = take_word(arg, argv[i++], NULL, p, f);
		if (err)
			return -err;
		w->rest = argv + i;
		while (i < argc && !is_option(argv[i]))
			i++;
		w->n_rest = (size_t)(argv + i - w->rest);
	}
	return i;
}

static int take_command(const struct cmd_arg *arg, int argc, char *const *argv,
			struct parsed *p, struct fault *f)
{
	struct cmd_word *w = &p->args.word[p->args.n];

	if (argc && strcmp(argv[0], "--") == 0) {
		argc--;
		argv++;
	}
	if (!argc)
		return fault_usage(f, arg->name, "%s is missing", arg->name);
	w->text = argv[0];
	w->rest = argv;
	w->n_rest = (size_t)argc;
	p->args.n++;
	return EXIT_DONE;
}

/* Is a word that may be there left out, since options stand in its place? */
static bool is_left_out(const struct cmd_arg *arg, const char *word)
{
	return arg->kind == CMD_OPTIONAL && arg[1].name &&
	       arg[1].kind == CMD_OPTIONS && is_option(word);
}

static int take_args(int argc, char *const *argv, struct parsed *p,
		     struct fault *f)
{
	const struct cmd_arg *arg = p->verb->args;
	int err, n;

	for (; arg && arg->name; arg++) {
		if (!argc && (arg->kind == CMD_ONE || arg->kind == CMD_PAIRS))
			return fault_usage(f, arg->name, "%s is missing",
					   arg->name);
		if (cmd_in_pairs(arg)) {
			err = take_pairs(arg, argc, argv, p, f);
			argc = 0;
			if (err)
				return err;
			continue;
		}
		if (arg->kind == CMD_OPTIONS) {
			n = take_options(arg, argc, argv, p, f);
			if (n < 0)
				return -n;
			argc -= n;
			argv += n;
			continue;
		}
		if (argc && is_left_out(arg, argv[0]))
			continue;
		if (arg->kind == CMD_COMMAND)
			return take_command(arg, argc, argv, p, f);
		n = arg->kind == CMD_LIST ? argc : argc > 0;
		for (; n > 0; n--, argc--, argv++) {
			err = take_word(arg, argv[0], NULL, p, f);
			if (err)
				return err;
		}
	}
	if (argc)
		return fault_usage(f, argv[0], "\"%s\" is too much", argv[0]);
	return EXIT_DONE;
}

static bool is_help(int argc, char *const *argv)
{
	return argc > 0 &&
	       (strcmp(argv[0], "help") == 0 ||
		strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0);
}

static bool is_statistics(const char *word)
{
	return strcmp(word, "-s") == 0 || strcmp(word, "--statistics") == 0;
}

int parse(int argc, char *const *argv, struct parsed *p, struct fault *f)
{
	const struct choices objects = { object_name, cmd_objects };
	struct choices verbs = { verb_name, NULL };
	size_t index = 0, n_verbs = 0;

	memset(p, 0, sizeof(*p));
	if (!argc)
		return fault_usage(f, "", "what object? try \"utcpctl help\"");
	if (choose(argv[0], "object", &objects, &index, f))
		return EXIT_USAGE;
	p->object = &cmd_objects[index];
	verbs.from = p->object;
	argc--;
	argv++;

	p->verb = p->object->verbs;
	if (is_help(argc, argv)) {
		if (p->verb->name)
			p->verb = NULL;
		p->help = true;
		return EXIT_DONE;
	}
	if (p->verb->name && argc) {
		while (p->object->verbs[n_verbs].run)
			n_verbs++;
		if (choose(argv[0], "verb", &verbs, &index, f))
			return EXIT_USAGE;
		p->help = index == n_verbs;
		p->verb = p->help ? NULL : &p->object->verbs[index];
		argc--;
		argv++;
		if (p->help)
			return EXIT_DONE;
		p->help = is_help(argc, argv);
		if (p->help)
			return EXIT_DONE;
	}
	if (argc) {
		p->args.word = calloc((size_t)argc, sizeof(*p->args.word));
		if (!p->args.word)
			return fault_system(f, ENOMEM,
					    "cannot read the command");
	}
	if (p->verb->statistics && argc && is_statistics(argv[argc - 1])) {
		p->statistics = true;
		argc--;
	}
	return take_args(argc, argv, p, f);
}

void parsed_free(struct parsed *p)
{
	free(p->args.word);
	p->args.word = NULL;
	p->args.n = 0;
}
