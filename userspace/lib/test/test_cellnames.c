// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unit tests of cellnames.c: which names files are good, and what is said of others.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../cellnames.h"

#define ONE "cell10swk7cjj8pfrvc8ka8xevck6mcqrmc8w"
#define TWO "cell1dsda7esnqvvccqvcf25xswp08qya8mq8"
#define N63 "n23456789012345678901234567890123456789012345678901234567890123"

static struct utcp_cellnames *parse(const char *text, size_t len)
{
	struct utcp_cellnames *names;
	char message[256] = "";

	assert_int_equal(cellnames_parse(text, len, "f", &names, message,
					 sizeof(message)),
			 0);
	assert_string_equal(message, "");
	assert_non_null(names);
	return names;
}

/* @name stands for the cell with this text, or for none if it is NULL. */
static void expect(const struct utcp_cellnames *names, const char *name,
		   const char *text)
{
	uint8_t id[LIBUTCP_CELLID_LEN], want[LIBUTCP_CELLID_LEN];

	assert_int_equal(utcp_cellnames_find(names, name, id), !!text);
	if (!text)
		return;
	assert_int_equal(utcp_cellid_parse(text, want), LIBUTCP_TEXT_OK);
	assert_memory_equal(id, want, sizeof(id));
}

static void parse__good(void **state)
{
	static const char text[] =
		"# a comment\n"
		"\n"
		"   \t\x20\n"
		"b.ob " ONE "\n"
		"\talice\t" TWO " # her\n"
		"Alice " ONE "#him\n"
		"also-bob_ " ONE "\n"
		"alice " TWO "\n"
		"9 CELL10SWK7CJJ8PFRVC8KA8XEVCK6MCQRMC8W\n" N63 " " ONE "\n"
		"last " TWO;
	struct utcp_cellnames *names;

	(void)state;
	names = parse(text, sizeof(text) - 1);
	expect(names, "b.ob", ONE);
	expect(names, "alice", TWO);
	expect(names, "Alice", ONE);
	expect(names, "also-bob_", ONE);
	expect(names, "9", ONE);
	expect(names, N63, ONE);
	expect(names, "last", TWO);
	expect(names, "bob", NULL);
	expect(names, "ALICE", NULL);
	expect(names, "", NULL);
	utcp_cellnames_free(names);

	names = parse("", 0);
	expect(names, "bob", NULL);
	utcp_cellnames_free(names);
}

static void parse__bad(void **state)
{
	static const struct {
		const char *text;
		const char *message;
	} cases[] = {
		{ "bob\n", "f:1: the CellID is missing" },
		{ "\n\nbob " ONE " x\n",
		  "f:3: something stands behind the CellID" },
		{ "-bob " ONE "\n", "f:1: \"-bob\" cannot be a name" },
		{ "cell1bob " ONE "\n", "f:1: \"cell1bob\" cannot be a name" },
		{ "CeLL1bob " ONE "\n", "f:1: \"CeLL1bob\" cannot be a name" },
		{ "b/b " ONE "\n", "f:1: \"b/b\" cannot be a name" },
		{ N63 "4 " ONE "\n", "f:1: \"" N63 "4\" cannot be a name" },
		{ ONE " bob\n", "f:1: \"" ONE "\" cannot be a name" },
		{ "bob " ONE "q\n",
		  "f:1: \"" ONE
		  "q\" is no CellID: it is too short or too long" },
		{ "bob bob\n",
		  "f:1: \"bob\" is no CellID: it does not begin with cell1" },
		{ "a " ONE "\nb " TWO "\na " TWO "\n",
		  "f:3: \"a\" stands for another CellID in line 1" },
		{ "a " ONE "\r\n", "f:1: byte 0x0d may not stand in it" },
		{ "# \xc3\xa9\n", "f:1: byte 0xc3 may not stand in it" },
		{ "a " ONE "\v\n", "f:1: byte 0x0b may not stand in it" },
	};
	struct utcp_cellnames *names;
	char message[256];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		names = (void *)1;
		assert_int_equal(
			cellnames_parse(cases[i].text, strlen(cases[i].text),
					"f", &names, message, sizeof(message)),
			-EBADMSG);
		assert_string_equal(message, cases[i].message);
		assert_null(names);
	}
	/* A NUL is no end. */
	assert_int_equal(cellnames_parse("a " ONE "\0\n", 41, "f", &names,
					 message, sizeof(message)),
			 -EBADMSG);
	assert_string_equal(message, "f:1: byte 0x00 may not stand in it");
}

static void parse__length_of_lines(void **state)
{
	struct utcp_cellnames *names;
	char text[258], message[256];

	(void)state;
	memset(text, '#', sizeof(text));
	text[255] = '\n';
	utcp_cellnames_free(parse(text, 256));
	utcp_cellnames_free(parse(text, 255));
	text[255] = '#';
	text[256] = '\n';
	assert_int_equal(cellnames_parse(text, 257, "f", &names, message,
					 sizeof(message)),
			 -EBADMSG);
	assert_string_equal(message, "f:1: it is longer than 255 bytes");
}

static void parse__number_of_names(void **state)
{
	const size_t room = (CELLNAMES_MAX + 1) * 64UL;
	struct utcp_cellnames *names;
	char message[256], *text = malloc(room), name[16];
	size_t len = 0, before = 0;

	(void)state;
	assert_non_null(text);
	for (int i = 0; i <= CELLNAMES_MAX; i++) {
		before = len;
		len += (size_t)snprintf(text + len, room - len, "n%d " ONE "\n",
					i);
	}
	names = parse(text, before);
	snprintf(name, sizeof(name), "n%d", CELLNAMES_MAX - 1);
	expect(names, name, ONE);
	utcp_cellnames_free(names);
	assert_int_equal(cellnames_parse(text, len, "f", &names, message,
					 sizeof(message)),
			 -EBADMSG);
	assert_string_equal(message, "f:65537: more than 65536 names");
	free(text);
}

static void read__file(void **state)
{
	char path[] = "/tmp/cellnames-XXXXXX", message[256], want[256];
	struct utcp_cellnames *names;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "bob " ONE "\n", 42), 42);
	close(fd);
	assert_int_equal(
		utcp_cellnames_read(path, &names, message, sizeof(message)), 0);
	expect(names, "bob", ONE);
	utcp_cellnames_free(names);
	unlink(path);
	assert_int_equal(utcp_cellnames_read(path, &names, message,
					     sizeof(message)),
			 -ENOENT);
	snprintf(want, sizeof(want), "%s: No such file or directory", path);
	assert_string_equal(message, want);
	assert_null(names);
	assert_int_equal(utcp_cellnames_read("/tmp", &names, message,
					     sizeof(message)),
			 -EISDIR);
	utcp_cellnames_free(NULL);
}

/* @word is refused with this errno, and something is said that has @says in it. */
static void refused(const char *word, const char *path, int err,
		    const char *says)
{
	uint8_t id[LIBUTCP_CELLID_LEN];
	char message[256] = "";

	assert_int_equal(utcp_cellnames_resolve(word, path, id, message,
						sizeof(message)),
			 err);
	assert_non_null(strstr(message, says));
}

static void resolve__words(void **state)
{
	uint8_t id[LIBUTCP_CELLID_LEN], want[LIBUTCP_CELLID_LEN];
	static const char text[] = "bob " ONE "\n";
	char path[] = "/tmp/cellnames-XXXXXX", message[256];
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
	utcp_cellid_parse(ONE, want);
	assert_int_equal(utcp_cellnames_resolve("bob", path, id, message,
						sizeof(message)),
			 0);
	assert_memory_equal(id, want, sizeof(id));
	refused("Bob", path, -ENOENT, "no cell is named \"Bob\" in /tmp/");
	refused("b/b", path, -EINVAL, "neither a CellID nor a name");
	/* a wrong line, and no name is good; a CellID is not looked up at all */
	assert_int_equal(write(fd, "x\n", 2), 2);
	refused("bob", path, -EBADMSG, ":2: ");
	utcp_cellid_parse(TWO, want);
	assert_int_equal(utcp_cellnames_resolve(TWO, path, id, message,
						sizeof(message)),
			 0);
	assert_memory_equal(id, want, sizeof(id));
	refused("Cell1x", path, -EINVAL, "is no CellID: ");
	close(fd);
	unlink(path);
	refused("bob", path, -ENOENT, "no cell is named \"bob\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse__good),
		cmocka_unit_test(parse__bad),
		cmocka_unit_test(parse__length_of_lines),
		cmocka_unit_test(parse__number_of_names),
		cmocka_unit_test(read__file),
		cmocka_unit_test(resolve__words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
