// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of parse.c, with the real table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../parse.h"
#include "../words.h"

#define ARRAY(a) (sizeof(a) / sizeof((a)[0]))

/* Parse a line; the words have to be freed by done(). */
struct line {
	char *text;
	struct words words;
	struct parsed p;
	struct fault f;
	int code;
};

static void run(struct line *l, const char *text)
{
	memset(l, 0, sizeof(*l));
	l->text = strdup(text);
	assert_null(words_split(l->text, strlen(l->text), &l->words));
	l->code = parse(l->words.argc, l->words.argv, &l->p, &l->f);
}

static void done(struct line *l)
{
	parsed_free(&l->p);
	words_free(&l->words);
	free(l->text);
}

static void commands(void **state)
{
	static const struct {
		const char *line;
		const char *object;
		const char *verb;
		const char *words; /* of the arguments, with values */
	} cases[] = {
		{ "version", "version", NULL, "" },
		{ "v", "version", NULL, "" },
		{ "status", "status", NULL, "" },
		{ "limit", "limit", "show", "" },
		{ "l", "limit", "show", "" },
		{ "limit show", "limit", "show", "" },
		{ "lim sh utcp", "limit", "show", "utcp " },
		{ "limit show net", "limit", "show", "netswitch " },
		{ "limit show utcp-a", "limit", "show", "utcp-acl " },
		{ "limit set utcp cells 5", "limit", "set", "utcp cells=5 " },
		{ "limit set n ports 1 ring- 2m rings 3", "limit", "set",
		  "netswitch ports=1 ring-memory=2m rings=3 " },
		{ "limit set utcp-s q x", "limit", "set",
		  "utcp-shaper queued=x " },
		{ "monitor", "monitor", NULL, "" },
		{ "mon utcp netswitch", "monitor", NULL, "utcp netswitch " },
		{ "help", "help", NULL, "" },
		{ "help limit set", "help", NULL, "limit set " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY(cases); i++) {
		char words[256] = "";
		size_t used = 0;
		struct line l;

		run(&l, cases[i].line);
		assert_int_equal(l.code, EXIT_DONE);
		assert_false(l.p.help);
		assert_string_equal(l.p.object->name, cases[i].object);
		if (cases[i].verb)
			assert_string_equal(l.p.verb->name, cases[i].verb);
		else
			assert_null(l.p.verb->name);
		for (size_t j = 0; j < l.p.args.n; j++) {
			const struct cmd_word *w = &l.p.args.word[j];

			used += (size_t)snprintf(words + used,
						 sizeof(words) - used,
						 "%s%s%s ", w->text,
						 w->value ? "=" : "",
						 w->value ? w->value : "");
		}
		assert_string_equal(words, cases[i].words);
		done(&l);
	}
}

/* Options take what stands behind them, a command all that is left. */
static void options(void **state)
{
	static const struct {
		const char *line;
		const char *words; /* each with what belongs to it */
	} cases[] = {
		{ "sandbox create a", "a() " },
		{ "sandbox create a --mode custom", "a() --mode(custom) " },
		{ "sandbox create a --mo custom --cell",
		  "a() --mode(custom) --cell() " },
		{ "sandbox create a --allow out dst 10.0.0.1 --allow in",
		  "a() --allow(out dst 10.0.0.1) --allow(in) " },
		{ "sandbox run a ls -l", "a() ls(ls -l) " },
		{ "sandbox run a -- ls --all", "a() ls(ls --all) " },
		{ "sandbox run a --mode none -- ls --all",
		  "a() --mode(none) ls(ls --all) " },
		{ "sandbox exec a -- -- x", "a() --(-- x) " },
		{ "sandbox start a x -v", "a() x(x -v) " },
		{ "sandbox start a --log f -- x -v", "a() --log(f) x(x -v) " },
		{ "sandbox delete a", "a() " },
		{ "sandbox delete a --kill", "a() --kill() " },
		{ "sandbox delete a --kill 0", "a() --kill(0) " },
		{ "sandbox exec a ls -s", "a() ls(ls -s) " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY(cases); i++) {
		char words[256] = "";
		struct line l;
		FILE *f = fmemopen(words, sizeof(words), "w");

		run(&l, cases[i].line);
		assert_int_equal(l.code, EXIT_DONE);
		for (size_t j = 0; j < l.p.args.n; j++) {
			const struct cmd_word *w = &l.p.args.word[j];

			fprintf(f, "%s(", w->text);
			for (size_t k = 0; k < w->n_rest; k++)
				fprintf(f, "%s%s", k ? " " : "", w->rest[k]);
			fputs(") ", f);
		}
		fclose(f);
		assert_string_equal(words, cases[i].words);
		done(&l);
	}
}

static void helps(void **state)
{
	static const struct {
		const char *line;
		const char *object;
		const char *verb;
	} cases[] = {
		{ "limit help", "limit", NULL },
		{ "limit h", "limit", NULL },
		{ "limit --help", "limit", NULL },
		{ "limit -h", "limit", NULL },
		{ "limit set help", "limit", "set" },
		{ "limit set -h", "limit", "set" },
		{ "status help", "status", "" },
		{ "monitor help", "monitor", "" },
		{ "help help", "help", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY(cases); i++) {
		struct line l;

		run(&l, cases[i].line);
		assert_int_equal(l.code, EXIT_DONE);
		assert_true(l.p.help);
		assert_string_equal(l.p.object->name, cases[i].object);
		if (!cases[i].verb)
			assert_null(l.p.verb);
		else if (cases[i].verb[0])
			assert_string_equal(l.p.verb->name, cases[i].verb);
		done(&l);
	}
}

static void wrong(void **state)
{
	static const struct {
		const char *line;
		const char *option;
		const char *message; /* part of it */
	} cases[] = {
		{ "", "", "what object" },
		{ "nonsense", "nonsense",
		  "object \"nonsense\"; there are: acl, cell, flow, grant" },
		{ "versions", "versions", "unknown object" },
		{ "'' x", "", "unknown object" },
		{ "limit s", "s", "verb \"s\" is ambiguous: show, set" },
		{ "grant add eth1 0x4c57 x 1", "x",
		  "unknown word \"x\"; there are: user, group, mac" },
		{ "limit foo", "foo",
		  "verb \"foo\"; there are: show, set, help" },
		{ "limit show utcp-", "utcp-",
		  "family \"utcp-\" is ambiguous: utcp-acl, utcp-shaper" },
		{ "limit show x", "x", "unknown family \"x\"" },
		{ "limit show ''", "FAMILY", "family is empty" },
		{ "limit show utcp more", "more", "\"more\" is too much" },
		{ "limit set", "FAMILY", "FAMILY is missing" },
		{ "limit set utcp", "NAME", "NAME is missing" },
		{ "limit set utcp cells", "cells",
		  "VALUE is missing behind \"cells\"" },
		{ "limit set utcp ports 1", "ports",
		  "name \"ports\"; there are: cells" },
		{ "limit set netswitch ring 1", "ring",
		  "name \"ring\" is ambiguous: rings, ring-memory" },
		{ "limit set utcp cells 1 c 2", "cells",
		  "\"cells\" is given twice" },
		{ "version 1", "1", "\"1\" is too much" },
		{ "monitor utcp foo", "foo", "unknown family \"foo\"" },
		{ "sandbox create", "NAME", "NAME is missing" },
		{ "sandbox create a b", "b", "\"b\" is too much" },
		{ "sandbox create a --foo", "--foo", "unknown option" },
		{ "sandbox run a --cell", "COMMAND", "COMMAND is missing" },
		{ "sandbox run a --", "COMMAND", "COMMAND is missing" },
		{ "sandbox start a", "COMMAND", "COMMAND is missing" },
		{ "sandbox delete a --killed", "--killed", "unknown option" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY(cases); i++) {
		struct line l;

		run(&l, cases[i].line);
		assert_int_equal(l.code, EXIT_USAGE);
		assert_int_equal(l.f.exit, EXIT_USAGE);
		assert_string_equal(l.f.code, "usage");
		assert_string_equal(l.f.option, cases[i].option);
		if (!strstr(l.f.message, cases[i].message))
			fail_msg("\"%s\": \"%s\" instead of \"%s\"",
				 cases[i].line, l.f.message, cases[i].message);
		done(&l);
	}
}

/* What the rest of the program takes for granted. */
static void table(void **state)
{
	(void)state;
	for (const struct cmd_object *o = cmd_objects; o->name; o++) {
		assert_true(o->summary[0]);
		assert_non_null(o->verbs->run);
		for (const struct cmd_verb *v = o->verbs; v->run; v++) {
			assert_true(v->summary[0]);
			/* a command without a verb is the only one */
			assert_true(v->name || !v[1].run);
			for (const struct cmd_arg *a = v->args; a && a->name;
			     a++) {
				assert_true(a->help[0]);
				/* what takes all words stands last */
				if (a->kind == CMD_LIST ||
				    a->kind == CMD_PAIRS ||
				    a->kind == CMD_COMMAND)
					assert_null(a[1].name);
				if (a->kind == CMD_OPTIONS)
					assert_true(a->choice && a->value);
				/* a command of its own: all words are its */
				if (a->kind == CMD_COMMAND)
					assert_false(v->statistics);
				if (a->kind == CMD_PAIRS)
					assert_true(a->choice && a->value);
			}
		}
	}
	for (const struct cmd_option *o = cmd_options; o->name; o++)
		for (const struct cmd_option *p = o + 1; p->name; p++)
			assert_int_not_equal(o->letter, p->letter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands), cmocka_unit_test(options),
		cmocka_unit_test(helps),    cmocka_unit_test(wrong),
		cmocka_unit_test(table),
	};

	return cmocka_run_group_tests_name("parse", tests, NULL, NULL);
}
