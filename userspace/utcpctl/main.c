// SPDX-License-Identifier: GPL-2.0-only
/*
 * utcpctl: one tool for all modules.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "cmd.h"
#include "help.h"
#include "version.h"

enum color_mode {
	COLOR_AUTO,
	COLOR_ALWAYS,
	COLOR_NEVER,
};

struct options {
	enum color_mode color;
	const char *batch;
	bool force;
	bool help;
	bool version;
};

#define OPTIONS_MAX 32

/* Make getopt's tables from ours. */
static void make_options(struct option *names, char *letters)
{
	const struct cmd_option *o;
	char *l = letters;
	int i;

	/* +: the first word without a dash is the object, the rest is not ours */
	*l++ = '+';
	*l++ = ':';
	for (i = 0; i < OPTIONS_MAX - 1 && cmd_options[i].name; i++) {
		o = &cmd_options[i];
		names[i].name = o->name;
		names[i].has_arg = !o->value	      ? no_argument :
				   o->value[0] == '[' ? optional_argument :
							required_argument;
		names[i].flag = NULL;
		names[i].val = (unsigned char)o->letter;
		*l++ = o->letter;
		for (int n = names[i].has_arg; n; n--)
			*l++ = ':';
	}
	memset(&names[i], 0, sizeof(names[i]));
	*l = '\0';
}

static int read_color(struct cmd_context *c, struct options *o,
		      const char *value)
{
	if (!value || strcmp(value, "always") == 0)
		o->color = COLOR_ALWAYS;
	else if (strcmp(value, "auto") == 0)
		o->color = COLOR_AUTO;
	else if (strcmp(value, "never") == 0)
		o->color = COLOR_NEVER;
	else
		return fault_usage(&c->fault, value,
				   "\"%s\" is not one of always, auto, never",
				   value);
	return EXIT_DONE;
}

static int read_option(struct cmd_context *c, struct options *o, int letter,
		       const char *word)
{
	switch (letter) {
	case 'j':
		if (c->out.format == OUT_TEXT)
			c->out.format = OUT_JSON;
		return EXIT_DONE;
	case 'p':
		c->out.format = OUT_PRETTY;
		return EXIT_DONE;
	case 'n':
		c->netns = optarg;
		return EXIT_DONE;
	case 'c':
		return read_color(c, o, optarg);
	case 'b':
		o->batch = optarg;
		return EXIT_DONE;
	case 'f':
		o->force = true;
		return EXIT_DONE;
	case 's':
		c->statistics = true;
		return EXIT_DONE;
	case 'V':
		o->version = true;
		return EXIT_DONE;
	case 'h':
		o->help = true;
		return EXIT_DONE;
	case ':':
		return fault_usage(&c->fault, word,
				   "option \"%s\" needs a value", word);
	default:
		return fault_usage(&c->fault, word,
				   "unknown option \"%s\"; try utcpctl help",
				   word);
	}
}

static int read_options(struct cmd_context *c, struct options *o, int argc,
			char **argv)
{
	struct option names[OPTIONS_MAX];
	char letters[4 * OPTIONS_MAX];
	int code = EXIT_DONE, letter;
	const char *word;

	/* -color, -batch and the like with one dash are a habit of iproute2 */
	make_options(names, letters);
	opterr = 0;
	while (!code) {
		word = optind < argc ? argv[optind] : "";
		letter = getopt_long_only(argc, argv, letters, names, NULL);
		if (letter < 0)
			break;
		code = read_option(c, o, letter, word);
	}
	return code;
}

static bool want_color(const struct options *o, const struct out *out)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (out->format != OUT_TEXT || o->color == COLOR_NEVER)
		return false;
	if (o->color == COLOR_ALWAYS)
		return true;
	return isatty(fileno(out->file)) && !(no_color && no_color[0]) &&
	       !(term && strcmp(term, "dumb") == 0);
}

static int run(struct cmd_context *c, const struct options *o, int argc,
	       char **argv)
{
	if (o->help) {
		help_print(c->out.file, NULL, NULL);
		return EXIT_DONE;
	}
	if (o->version) {
		version_brief(c->out.file);
		return EXIT_DONE;
	}
	if (!o->batch) {
		if (o->force)
			return fault_usage(&c->fault, "--force",
					   "--force is for a batch only");
		return cmd_run(c, argc, argv);
	}
	if (argc)
		return fault_usage(&c->fault, argv[0],
				   "either a batch or a command: \"%s\"",
				   argv[0]);
	return batch_run(c, o->batch, o->force);
}

int main(int argc, char **argv)
{
	struct cmd_context c = { .out = { .file = stdout } };
	struct options o = { 0 };
	int code, err;

	/* A reader that goes away is seen as EPIPE, and is no failure. */
	signal(SIGPIPE, SIG_IGN);
	code = read_options(&c, &o, argc, argv);
	if (!code) {
		c.out.color = want_color(&o, &c.out);
		code = run(&c, &o, argc - optind, argv + optind);
	}
	err = out_flush(&c.out);
	if (err && err != -EPIPE)
		code = fault_system(&c.fault, -err, "cannot write the output");
	if (code)
		fault_print(&c.fault, stderr, c.out.format, NULL, 0);
	cmd_close(&c);
	return code;
}
