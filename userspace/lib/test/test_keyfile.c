// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unit tests of keyfile.c: which files hold a key, and who may look into them.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <utcp/keyfile.h>

#define KEY "7NwzlqPSoEMX7kiRLNCmZLdv0KrfTmmCufRRcCnR/Gk="

static char dir[32];
static char path[64];

static void put(const char *text, size_t len, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static int reading(char *message)
{
	static const uint8_t zero[LIBUTCP_KEY_LEN];
	uint8_t key[LIBUTCP_KEY_LEN], want[LIBUTCP_KEY_LEN];
	int err = utcp_keyfile_read(path, key, message, 256);

	utcp_key_parse(KEY, want);
	assert_memory_equal(key, err ? zero : want, sizeof(key));
	/* what it holds is in no message */
	if (err)
		assert_null(strstr(message, "7Nwz"));
	return err;
}

static void read__with_and_without_newline(void **state)
{
	char message[256];

	(void)state;
	put(KEY "\n", 45, 0600);
	assert_int_equal(reading(message), 0);
	put(KEY, 44, 0400);
	assert_int_equal(reading(message), 0);
}

static void read__no_key(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} cases[] = {
		{ "", 0 },	    { "\n", 1 },
		{ KEY "\n\n", 46 }, { KEY "\n" KEY "\n", 90 },
		{ KEY " ", 45 },    { " " KEY, 45 },
		{ KEY "\0\n", 46 }, { KEY "\0", 45 },
		{ KEY "\r\n", 46 }, { "AAAA\n", 5 },
	};
	char message[256], want[128];

	(void)state;
	snprintf(want, sizeof(want), "%s:1: no key in base64: ", path);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put(cases[i].text, cases[i].len, 0600);
		assert_int_equal(reading(message), -EBADMSG);
		assert_memory_equal(message, want, strlen(want));
	}
}

/* Each bit of group and others is one too many. */
static void read__mode(void **state)
{
	char message[256];

	(void)state;
	for (mode_t bit = 1; bit <= 040; bit <<= 1) {
		put(KEY "\n", 45, 0600 | bit);
		assert_int_equal(reading(message), -EACCES);
		assert_non_null(strstr(message, "group or others"));
	}
}

static void read__nothing_there(void **state)
{
	uint8_t key[LIBUTCP_KEY_LEN];
	char message[256];

	(void)state;
	unlink(path);
	assert_int_equal(reading(message), -ENOENT);
	assert_int_equal(utcp_keyfile_read(dir, key, message, sizeof(message)),
			 -EISDIR);
}

static void make__can_be_read(void **state)
{
	uint8_t key[LIBUTCP_KEY_LEN], other[LIBUTCP_KEY_LEN];
	char message[256];
	struct stat st;
	mode_t mask;

	(void)state;
	unlink(path);
	mask = umask(0777);
	assert_int_equal(utcp_keyfile_make(path, message, sizeof(message)), 0);
	umask(mask);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, 45);
	assert_int_equal(utcp_keyfile_read(path, key, message, sizeof(message)),
			 0);
	assert_int_equal(key[0] & 0x07, 0);
	assert_int_equal(key[31] & 0xc0, 0x40);

	/* Not over one that is there, nor through a link. */
	assert_int_equal(utcp_keyfile_make(path, message, sizeof(message)),
			 -EEXIST);
	assert_int_equal(
		utcp_keyfile_read(path, other, message, sizeof(message)), 0);
	assert_memory_equal(key, other, sizeof(key));
	unlink(path);
	assert_int_equal(symlink("elsewhere", path), 0);
	assert_int_equal(utcp_keyfile_make(path, message, sizeof(message)),
			 -EEXIST);
	unlink(path);

	assert_int_equal(utcp_keyfile_make(path, message, sizeof(message)), 0);
	utcp_keyfile_read(path, other, message, sizeof(message));
	assert_memory_not_equal(key, other, sizeof(key));
}

/* The message names the file. */
static void make__nowhere(void **state)
{
	char message[256];

	(void)state;
	assert_int_equal(utcp_keyfile_make("/nowhere/at/all", message,
					   sizeof(message)),
			 -ENOENT);
	assert_string_equal(message,
			    "/nowhere/at/all: No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read__with_and_without_newline),
		cmocka_unit_test(read__no_key),
		cmocka_unit_test(read__mode),
		cmocka_unit_test(read__nothing_there),
		cmocka_unit_test(make__can_be_read),
		cmocka_unit_test(make__nowhere),
	};
	int failed;

	snprintf(dir, sizeof(dir), "/tmp/keyfile-XXXXXX");
	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/key", dir);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	rmdir(dir);
	return failed;
}
