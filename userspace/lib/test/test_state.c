// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unit tests of statedir.c: files of their user alone, and what is remembered until the
 * next boot.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
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

#include <utcp/error.h>
#include <utcp/handle.h>
#include <utcp/keyfile.h>
#include <utcp/state.h>

#include "../error.h"
#include "../rundir.h"
#include "../sandboxstate.h"
#include "../statedir.h"
#include "fake.h"

static char top[32], dir[48], run[48];
static struct fake_kernel kernel;
static struct utcp_handle *h;

static int begin(void **state)
{
	(void)state;
	snprintf(top, sizeof(top), "/tmp/state-test-XXXXXX");
	if (!mkdtemp(top))
		return -1;
	snprintf(dir, sizeof(dir), "%s/lib", top);
	snprintf(run, sizeof(run), "%s/run", top);
	statedir_path = dir;
	rundir_path = run;
	fake_init(&kernel);
	h = fake_handle(&kernel);
	return h ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int kind,
		      struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static int end(void **state)
{
	(void)state;
	utcp_handle_free(h);
	return nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static mode_t mode_of(const char *name)
{
	char path[96];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

static void set_mode(const char *name, mode_t mode)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(chmod(path, mode), 0);
}

static void put(const char *name, const char *text)
{
	int lock = utcp_state_lock(h);

	assert_true(lock >= 0);
	assert_int_equal(utcp_state_write(h, name, text, strlen(text)), 0);
	close(lock);
}

static void has(const char *name, const char *text)
{
	size_t len;
	char *data;

	assert_int_equal(utcp_state_read(h, name, &data, &len), 0);
	assert_int_equal(len, strlen(text));
	assert_string_equal(data, text);
	free(data);
}

static void lacks(const char *name, int err, enum utcp_error_code code)
{
	size_t len = 1;
	char *data = top;

	assert_int_equal(utcp_state_read(h, name, &data, &len), -err);
	assert_int_equal(utcp_handle_error(h)->code, code);
	assert_null(data);
	assert_int_equal(len, 0);
}

/* Whatever the umask is. */
static void write__modes(void **state)
{
	mode_t mask = umask(0);

	(void)state;
	lacks("a", ENOENT, LIBUTCP_E_NOT_FOUND);
	put("a", "one");
	put("keys/b", "two");
	umask(mask);
	has("a", "one");
	has("keys/b", "two");
	assert_int_equal(mode_of(""), 0700);
	assert_int_equal(mode_of("keys"), 0700);
	assert_int_equal(mode_of("a"), 0600);
	assert_int_equal(mode_of("keys/b"), 0600);
	put("a", "");
	has("a", "");
	assert_int_equal(utcp_state_remove(h, "a"), 0);
	assert_int_equal(utcp_state_remove(h, "a"), 0);
	lacks("a", ENOENT, LIBUTCP_E_NOT_FOUND);
}

/* A part that a crash has left, with the mode of somebody else's umask. */
static void write__leftover(void **state)
{
	(void)state;
	put(".a.new", "half");
	set_mode(".a.new", 0644);
	put("a", "whole");
	has("a", "whole");
	lacks(".a.new", ENOENT, LIBUTCP_E_NOT_FOUND);
}

static void read__others_have_access(void **state)
{
	static const mode_t modes[] = { 0604, 0640, 0601, 0620, 0666 };

	(void)state;
	put("a", "one");
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		set_mode("a", modes[i]);
		lacks("a", EACCES, LIBUTCP_E_PERMISSION);
		assert_non_null(strstr(utcp_handle_error(h)->message, "a\""));
	}
	set_mode("a", 0400);
	has("a", "one");
}

/* What is no secret others may read, but not write. */
static void read__plain(void **state)
{
	static const mode_t modes[] = { 0620, 0602, 0664, 0666 };
	size_t len;
	char *data;

	(void)state;
	assert_int_equal(utcp_state_read_plain(h, "a", &data, &len), -ENOENT);
	put("a", "one");
	set_mode("a", 0644);
	lacks("a", EACCES, LIBUTCP_E_PERMISSION);
	assert_int_equal(utcp_state_read_plain(h, "a", &data, &len), 0);
	assert_string_equal(data, "one");
	free(data);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		set_mode("a", modes[i]);
		assert_int_equal(utcp_state_read_plain(h, "a", &data, &len),
				 -EACCES);
		assert_int_equal(utcp_handle_error(h)->code,
				 LIBUTCP_E_PERMISSION);
		assert_null(data);
	}
}

/* Not through a link, and no folder. */
static void read__no_file(void **state)
{
	char path[96];

	(void)state;
	put("a", "one");
	snprintf(path, sizeof(path), "%s/b", dir);
	assert_int_equal(symlink("a", path), 0);
	lacks("b", ELOOP, LIBUTCP_E_SYSTEM);
	put("keys/c", "two");
	lacks("keys", EFBIG, LIBUTCP_E_SYSTEM);
}

static void lock__folder(void **state)
{
	int lock;

	(void)state;
	put("a", "one");
	set_mode("", 0750);
	assert_int_equal(utcp_state_lock(h), -EACCES);
	assert_non_null(strstr(utcp_handle_error(h)->message, "mode 0750"));
	set_mode("", 0700);
	put("keys/b", "two");
	set_mode("keys", 0711);
	lock = utcp_state_lock(h);
	assert_true(lock >= 0);
	assert_int_equal(utcp_state_write(h, "keys/b", "", 0), -EACCES);
	close(lock);
	has("keys/b", "two");
}

static void mark(void **state)
{
	(void)state;
	assert_false(utcp_state_marked(h, LIBUTCP_STATE_LINK, "h0"));
	assert_int_equal(utcp_state_mark(h, LIBUTCP_STATE_LINK, "h0", false),
			 0);
	assert_int_equal(utcp_state_mark(h, LIBUTCP_STATE_LINK, "h0", true), 0);
	assert_int_equal(utcp_state_mark(h, LIBUTCP_STATE_LINK, "h0", true), 0);
	assert_true(utcp_state_marked(h, LIBUTCP_STATE_LINK, "h0"));
	assert_false(utcp_state_marked(h, LIBUTCP_STATE_NETNS, "h0"));
	assert_false(utcp_state_marked(h, LIBUTCP_STATE_LINK, "h1"));
	assert_int_equal(utcp_state_mark(h, LIBUTCP_STATE_LINK, "h0", false),
			 0);
	assert_false(utcp_state_marked(h, LIBUTCP_STATE_LINK, "h0"));
}

#define NETWORK                                                         \
	"{\"version\":2,\"bridge\":\"utcp0\",\"mac\":\"0e7500000001\"," \
	"\"prefix4\":\"10.181.0.0/16\",\"last\":3,\"leases\":{\"a\":2,\"b\":3}}"

#define ASSIGNED                                                        \
	"{\"version\":2,\"bridge\":\"utcp0\",\"mac\":\"0e7500000001\"," \
	"\"prefix4\":\"10.181.0.0/16\",\"assigned\":true,"              \
	"\"gateway4\":\"10.181.0.1/16\",\"last\":1,\"leases\":{}}"

static void add_sandbox(const char *name, const char *container)
{
	struct utcp_sandbox sb = {
		.mode = LIBUTCP_SANDBOX_CUSTOM,
		.phase = LIBUTCP_SANDBOX_READY,
		.bridge = "utcp0",
		.dev = "sbx1",
		.mac = { 2, [5] = 1 },
		.addr4 = { .len = 16, .addr = { 10, 181, 0, 2 } },
		.gateway4 = { .len = 16, .addr = { 10, 181, 0, 1 } },
		.host_ns = 1
	};
	struct utcp_error e = { 0 };

	snprintf(sb.name, sizeof(sb.name), "%s", name);
	if (*container) {
		snprintf(sb.netns, sizeof(sb.netns), "/run/netns/x");
		snprintf(sb.ifname, sizeof(sb.ifname), "eth0");
		snprintf(sb.network, sizeof(sb.network), "net");
		snprintf(sb.container, sizeof(sb.container), "%s", container);
	}
	assert_int_equal(state_save(&sb, &e), 0);
}

/* As a reboot does. */
static void forget_network(void)
{
	struct utcp_error e = { 0 };

	assert_int_equal(rundir_remove("networks", "utcp0", &e), 0);
	assert_int_equal(rundir_remove("leases/utcp0", "2", &e), 0);
	assert_int_equal(rundir_remove("leases/utcp0", "3", &e), 0);
	assert_int_equal(rundir_rmdir("leases/utcp0", &e), 0);
	assert_int_equal(rundir_remove("kept/utcp0", "a", &e), 0);
	assert_int_equal(rundir_remove("kept/utcp0", "b", &e), 0);
	assert_int_equal(rundir_remove("leases", "@utcp0", &e), 0);
}

/* What cannot be restored whole leaves nothing. */
static void networks__wrong(void **state)
{
	static const char *const wrong[] = {
		"{\"a\":1}",	"{\"a\":65535}", "{\"a\":2,\"b\":2}",
		"{\"../a\":2}", "{\"a\":\"2\"}", "[]",
	};
	char text[512], *json;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(text, sizeof(text), "%.*s%s}",
			 (int)(strstr(NETWORK, "{\"a\"") - NETWORK), NETWORK,
			 wrong[i]);
		assert_true(utcp_state_network_restore(h, text) < 0);
		assert_int_equal(utcp_state_networks(h, &json), 0);
		assert_string_equal(json, "[]");
		free(json);
	}
	assert_int_equal(utcp_state_network_restore(h, NETWORK), 0);
}

/* Of leases, those of sandboxes that are there, and no container's. */
static void networks(void **state)
{
	char *json, *again;

	(void)state;
	assert_int_equal(utcp_state_networks(h, &json), 0);
	assert_string_equal(json, "[]");
	free(json);
	assert_int_equal(utcp_state_network_restore(h, "{}"), -EBADMSG);
	assert_int_equal(utcp_state_network_restore(h, NETWORK), 0);
	assert_int_equal(utcp_state_network_restore(h, NETWORK), -EEXIST);
	assert_int_equal(utcp_handle_error(h)->err, EEXIST);
	add_sandbox("a", "");
	add_sandbox("b", "0123");
	assert_int_equal(utcp_state_networks(h, &json), 0);
	assert_non_null(strstr(json, "{\"a\":2}"));
	/* an array of one, which is taken as it is given */
	json[strlen(json) - 1] = '\0';
	forget_network();
	assert_int_equal(utcp_state_network_restore(h, json + 1), 0);
	assert_int_equal(utcp_state_networks(h, &again), 0);
	assert_memory_equal(json, again, strlen(json));
	free(again);
	free(json);
}

/* Of a network whose sandboxes are gone, there is itself, also after two reboots. */
static void networks__no_lease(void **state)
{
	struct utcp_error e = { 0 };
	char text[512], *json;

	(void)state;
	snprintf(text, sizeof(text), "%.*s{}}",
		 (int)(strstr(NETWORK, "{\"a\"") - NETWORK), NETWORK);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(utcp_state_network_restore(h, text), 0);
		assert_int_equal(utcp_state_networks(h, &json), 0);
		assert_non_null(strstr(json, "\"leases\":{}"));
		free(json);
		assert_int_equal(rundir_remove("networks", "utcp0", &e), 0);
		assert_int_equal(rundir_remove("leases", "@utcp0", &e), 0);
		assert_int_equal(rundir_rmdir("leases", &e), 0);
	}
}

/* Who dies while he hands an address on leaves half an entry, and keeps no network by it. */
static void networks__half_an_entry(void **state)
{
	struct utcp_error e = { 0 };
	char path[300];

	(void)state;
	assert_int_equal(mkdir(rundir_path, 0700), 0);
	assert_int_equal(rundir_mkdir("leases/utcp0", &e), 1);
	snprintf(path, sizeof(path), "%s/leases/utcp0/.2.new", rundir_path);
	assert_int_equal(symlink("a", path), 0);
	assert_int_equal(rundir_claim("leases/utcp0", "3", "b", &e), 0);
	assert_int_equal(rundir_rmdir("leases/utcp0", &e), -ENOTEMPTY);
	assert_int_equal(rundir_remove("leases/utcp0", "3", &e), 0);
	assert_int_equal(symlink("a", path), 0);
	assert_int_equal(rundir_rmdir("leases/utcp0", &e), 0);
}

static void networks__assigned(void **state)
{
	char *json;

	(void)state;
	assert_int_equal(utcp_state_network_restore(h, ASSIGNED), -EBADMSG);
	assert_int_equal(utcp_state_networks(h, &json), 0);
	assert_string_equal(json, "[]");
	free(json);
}

static void key__make(void **state)
{
	uint8_t one[LIBUTCP_KEY_LEN], two[LIBUTCP_KEY_LEN];

	(void)state;
	assert_int_equal(utcp_key_make(one), 0);
	assert_int_equal(utcp_key_make(two), 0);
	assert_memory_not_equal(one, two, sizeof(one));
	assert_int_equal(one[0] & 0x07, 0);
	assert_int_equal(one[31] & 0xc0, 0x40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(write__modes, begin, end),
		cmocka_unit_test_setup_teardown(write__leftover, begin, end),
		cmocka_unit_test_setup_teardown(read__others_have_access, begin,
						end),
		cmocka_unit_test_setup_teardown(read__plain, begin, end),
		cmocka_unit_test_setup_teardown(read__no_file, begin, end),
		cmocka_unit_test_setup_teardown(lock__folder, begin, end),
		cmocka_unit_test_setup_teardown(mark, begin, end),
		cmocka_unit_test_setup_teardown(networks, begin, end),
		cmocka_unit_test_setup_teardown(networks__wrong, begin, end),
		cmocka_unit_test_setup_teardown(networks__no_lease, begin, end),
		cmocka_unit_test_setup_teardown(networks__half_an_entry, begin,
						end),
		cmocka_unit_test_setup_teardown(networks__assigned, begin, end),
		cmocka_unit_test(key__make),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
