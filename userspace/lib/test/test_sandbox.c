// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unit tests of what is written down about sandboxes and their addresses.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../error.h"
#include "../rundir.h"
#include "../sandboxlease.h"
#include "../sandboxpolicy.h"
#include "../sandboxprocess.h"
#include "../sandboxstate.h"

#define ARRAY(a) (sizeof(a) / sizeof((a)[0]))

static char dir[32];

static int own_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/sandbox-test-XXXXXX");
	rundir_path = mkdtemp(dir);
	return rundir_path ? 0 : -1;
}

static int no_dir(void **state)
{
	static const char *const subs[] = { "sandboxes/build-42", "sandboxes",
					    "lock", "" };
	char path[64];
	int err = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY(subs); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, subs[i]);
		if (remove(path))
			err = errno;
	}
	/* each test has some of them */
	return err && err != ENOENT ? -1 : 0;
}

/* --- names ------------------------------------------------------------------------ */

static void names(void **state)
{
	static const char *const good[] = { "a", "build-42", "A.b_c",
					    "123456789012345678901234567" };
	static const char *const bad[] = {
		"",    ".",   "..",  "-a",	 ".a",
		"a/b", "a b", "a\n", "\xc3\xa4", "1234567890123456789012345678"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY(good); i++)
		assert_true(sandbox_name_ok(good[i]));
	for (size_t i = 0; i < ARRAY(bad); i++)
		assert_false(sandbox_name_ok(bad[i]));
}

/* --- state ------------------------------------------------------------------------ */

static const struct utcp_sandbox whole = {
	.name = "build-42",
	.id = 0xfedcba98,
	.mode = LIBUTCP_SANDBOX_CUSTOM,
	.phase = LIBUTCP_SANDBOX_READY,
	.host_ns = 4026531840,
	.bridge = "utcp0",
	.dev = "sbxfedcba98",
	.mac = { 2, 0x75, 0x98, 0xba, 0xdc, 0xfe },
	.addr4 = { .len = 16, .addr = { 10, 181, 0, 2 } },
	.addr6 = { .is6 = true, .len = 64, .addr = { 0xfd, 1, [15] = 2 } },
	.ll6 = { .is6 = true, .len = 64, .addr = { 0xfe, 0x80, [15] = 9 } },
	.gateway4 = { .len = 16, .addr = { 10, 181, 0, 1 } },
	.gateway6 = { .is6 = true, .len = 64, .addr = { 0xfd, 1, [15] = 1 } },
	.rate_in = 50000000,
	.rate_out = 40000000,
	.has_cell = true,
	.cell = { 1, 2, 3 },
	.publish = { { 6, 8080, 80, { .len = 0 } },
		     { 17, 53, 5353, { .len = 32, .addr = { 192, 0, 2, 1 } } },
		     { 6, 81, 81, { .len = 32 } },
		     { 6, 82, 82, { .is6 = true, .len = 128 } } },
	.n_publish = 4,
	.netns = "/run/netns/x",
	.netns_ino = 4026531900,
	.ifname = "net1",
	.network = "closed",
	.container = "0123456789abcdef",
	.runner = 4711,
	.runner_start = 123456789,
};

static void state_there_and_back(void **state)
{
	struct utcp_sandbox sb;
	char *text = state_format(&whole);

	(void)state;
	assert_non_null(text);
	assert_int_equal(0, state_parse(text, strlen(text), &sb));
	assert_memory_equal(&sb, &whole, sizeof(sb));
	free(text);
}

static const struct utcp_sandbox adopted = {
	.name = "web",
	.id = 1,
	.mode = LIBUTCP_SANDBOX_ADOPTED,
	.phase = LIBUTCP_SANDBOX_READY,
	.host_ns = 4026531840,
	.dev = "veth12",
	.ifindex = 12,
	.netns = "/proc/77/ns/net",
	.policy = "vms",
	.mac = { 2, [5] = 1 },
	.addr4 = { .len = 32, .addr = { 10, 0, 0, 2 } },
	/* as they are read: there are none */
	.addr6.is6 = true,
	.ll6.is6 = true,
	.gateway6.is6 = true,
	.rate_out = 7,
};

static void adopted_there_and_back(void **state)
{
	struct utcp_sandbox sb;
	char *text = state_format(&adopted);

	(void)state;
	assert_non_null(text);
	assert_int_equal(0, state_parse(text, strlen(text), &sb));
	assert_memory_equal(&sb, &adopted, sizeof(sb));
	free(text);
}

#define HEAD "{\"version\":1,\"name\":\"a\",\"id\":7,\"host-ns\":1,"
#define LINK \
	"\"mode\":\"bridged\",\"bridge\":\"utcp0\",\"dev\":\"d\",\"mac\":\"027500000000\","

static void state_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"[]",
		"7",
		"{}",
		"{\"version\":1}",
		"{\"version\":2,\"name\":\"a\",\"id\":7,\"host-ns\":1,\"mode\":\"none\",\"phase\":\"ready\"}",
		HEAD "\"mode\":\"none\"}",
		HEAD "\"mode\":\"open\",\"phase\":\"ready\"}",
		HEAD "\"mode\":\"none\",\"phase\":\"\"}",
		HEAD
		"\"mode\":\"none\",\"phase\":\"ready\",\"runner\":0,\"runner-start\":1}",
		HEAD "\"mode\":\"none\",\"phase\":\"ready\",\"runner\":5}",
		HEAD "\"mode\":\"none\",\"phase\":\"ready\",\"cell\":\"00\"}",
		HEAD "\"mode\":\"host-loopback\",\"phase\":\"creating\"}",
		HEAD
		"\"mode\":\"host-loopback\",\"phase\":\"creating\",\"services\":[]}",
		HEAD
		"\"mode\":\"host-loopback\",\"phase\":\"creating\",\"services\":[0]}",
		HEAD
		"\"mode\":\"host-loopback\",\"phase\":\"creating\",\"services\":[65536]}",
		/* complete, without a forwarder */
		HEAD
		"\"mode\":\"host-loopback\",\"phase\":\"ready\",\"services\":[1]}",
		HEAD "\"mode\":\"none\",\"mode\":\"none\",\"phase\":\"ready\"}",
		HEAD "\"mode\":\"none\",\"phase\":\"ready\"} x",
		/* a name that leads elsewhere */
		"{\"version\":1,\"name\":\"../a\",\"id\":7,\"host-ns\":1,\"mode\":\"none\",\"phase\":\"ready\"}",
		"{\"version\":1,\"name\":\"a\",\"id\":4294967296,\"host-ns\":1,\"mode\":\"none\",\"phase\":\"ready\"}",
		"{\"version\":1,\"name\":\"a\",\"id\":-1,\"host-ns\":1,\"mode\":\"none\",\"phase\":\"ready\"}",
		HEAD "\"mode\":\"adopted\",\"phase\":\"ready\",\"dev\":\"d\"}",
		HEAD
		"\"mode\":\"adopted\",\"phase\":\"ready\",\"dev\":\"d\",\"ifindex\":0}",
		/* complete, without an address */
		HEAD LINK "\"phase\":\"ready\"}",
		HEAD LINK "\"phase\":\"ready\",\"addr4\":\"10.0.0.2\"}",
		HEAD LINK "\"phase\":\"ready\",\"addr4\":\"10.0.0.2/33\"}",
		HEAD LINK "\"phase\":\"ready\",\"addr4\":\"10.0.0.2/0\"}",
		HEAD LINK "\"phase\":\"ready\",\"addr4\":\"fd::1/16\"}",
		HEAD LINK "\"phase\":\"creating\",\"rate-in\":-1}",
		HEAD LINK "\"phase\":\"creating\",\"publish\":{}}",
		HEAD LINK
		"\"phase\":\"creating\",\"publish\":[{\"proto\":\"icmp\",\"host\":1,\"port\":1}]}",
		HEAD LINK
		"\"phase\":\"creating\",\"publish\":[{\"proto\":\"tcp\",\"host\":0,\"port\":1}]}",
		HEAD
		"\"mode\":\"bridged\",\"phase\":\"creating\",\"bridge\":\"much-too-long-a-name\",\"dev\":\"d\",\"mac\":\"027500000000\"}",
	};
	static const char *const good[] = {
		HEAD
		"\"mode\":\"host-loopback\",\"phase\":\"creating\",\"services\":[1,65535]}",
		HEAD
		"\"mode\":\"host-loopback\",\"phase\":\"ready\",\"services\":[1],\"forwarder\":7,\"forwarder-start\":9}",
		HEAD "\"mode\":\"none\",\"phase\":\"ready\"}",
		HEAD LINK "\"phase\":\"creating\"}",
		HEAD LINK
		"\"phase\":\"ready\",\"addr4\":\"10.0.0.2/8\",\"gateway4\":\"10.0.0.1/8\"}",
	};
	struct utcp_sandbox sb;

	(void)state;
	for (size_t i = 0; i < ARRAY(bad); i++)
		if (state_parse(bad[i], strlen(bad[i]), &sb) != -EBADMSG)
			fail_msg("taken: %s", bad[i]);
	for (size_t i = 0; i < ARRAY(good); i++)
		if (state_parse(good[i], strlen(good[i]), &sb))
			fail_msg("refused: %s", good[i]);
}

static void state_files(void **state)
{
	struct utcp_sandbox sb = whole;
	struct utcp_error e;
	char **list;
	size_t n;

	(void)state;
	assert_int_equal(-ENOENT, state_load("build-42", &sb, &e));
	assert_int_equal(LIBUTCP_E_NOT_FOUND, e.code);
	assert_int_equal(-EINVAL, state_load("../lock", &sb, &e));
	assert_int_equal(0, state_save(&whole, &e));
	assert_int_equal(0, state_load("build-42", &sb, &e));
	assert_memory_equal(&sb, &whole, sizeof(sb));
	/* one that has another's name in it */
	assert_int_equal(0, rundir_write(STATE_DIR, "other", "{}", 2, &e));
	assert_int_equal(-EBADMSG, state_load("other", &sb, &e));
	/* what a writer that died has left is no file */
	assert_int_equal(0, rundir_write(STATE_DIR, ".x.new", "{", 1, &e));
	assert_int_equal(0, rundir_names(STATE_DIR, &list, &n, &e));
	assert_int_equal(2, n);
	assert_string_equal("build-42", list[0]);
	rundir_names_free(list, n);
	assert_int_equal(0, rundir_sweep(STATE_DIR, &e));
	assert_int_equal(0, rundir_remove(STATE_DIR, "other", &e));
	assert_int_equal(0, rundir_remove(STATE_DIR, "other", &e));
}

/* Who has the lock has it alone, and loses it by dying. */
static void lock(void **state)
{
	struct utcp_error e;
	int fd, status;
	pid_t pid;

	(void)state;
	fd = rundir_lock(0, &e);
	assert_true(fd >= 0);
	assert_int_equal(-EBUSY, rundir_lock(0, &e));
	assert_int_equal(LIBUTCP_E_BUSY, e.code);
	close(fd);
	pid = fork();
	if (!pid)
		_exit(rundir_lock(0, &e) < 0);
	assert_int_equal(pid, waitpid(pid, &status, 0));
	assert_int_equal(0, status);
	fd = rundir_lock(0, &e);
	assert_true(fd >= 0);
	close(fd);
}

/* --- leases ------------------------------------------------------------------------ */

static void make_network(struct network *net, uint32_t len)
{
	memset(net, 0, sizeof(*net));
	snprintf(net->bridge, sizeof(net->bridge), "utcp0");
	net->prefix4.len = len;
	net->prefix4.addr[0] = 10;
	net->prefix6.is6 = true;
	net->prefix6.len = 64;
	net->prefix6.addr[0] = 0xfd;
	net->last = LEASE_GATEWAY;
}

static void leases(void **state)
{
	struct network net;
	uint32_t host;

	(void)state;
	make_network(&net, 29);
	/* eight addresses: network, gateway, five sandboxes, broadcast */
	for (uint32_t i = 0; i < 5; i++) {
		char name[2] = { (char)('a' + i), '\0' };

		assert_int_equal(0, lease_take(&net, name, 0, &host));
		assert_int_equal(LEASE_FIRST + i, host);
	}
	assert_int_equal(-ENOSPC, lease_take(&net, "f", 0, &host));
	assert_int_equal(0, lease_take(&net, "b", 0, &host));
	assert_int_equal(3, host);
	assert_true(lease_drop(&net, "b"));
	assert_false(lease_drop(&net, "b"));
	assert_true(lease_drop(&net, "a"));
	/* behind the last one, and round */
	assert_int_equal(0, lease_take(&net, "g", 0, &host));
	assert_int_equal(2, host);
	assert_int_equal(0, lease_take(&net, "h", 0, &host));
	assert_int_equal(3, host);
	assert_int_equal(-ENOSPC, lease_take(&net, "i", 0, &host));
	network_free(&net);
}

/* One that is given back rests while there are others. */
static void lease_rests(void **state)
{
	struct network net;
	uint32_t host, again;

	(void)state;
	make_network(&net, 24);
	assert_int_equal(0, lease_take(&net, "a", 0, &host));
	assert_true(lease_drop(&net, "a"));
	assert_int_equal(0, lease_take(&net, "a", 0, &again));
	assert_int_equal(host + 1, again);
	network_free(&net);
}

static void lease_wanted(void **state)
{
	const struct utcp_sandbox_prefix inside = { .len = 32,
						    .addr = { 10, 0, 0, 77 } };
	const struct utcp_sandbox_prefix outside = { .len = 32,
						     .addr = { 10, 0, 1, 77 } };
	const struct utcp_sandbox_prefix inside6 = {
		.is6 = true, .len = 128, .addr = { 0xfd, [15] = 77 }
	};
	struct network net;
	uint32_t host;

	(void)state;
	make_network(&net, 24);
	net.prefix6.addr[1] = 0;
	memset(&net.prefix6.addr[1], 0, 15);
	assert_int_equal(77, network_number(&net.prefix4, &inside));
	assert_int_equal(0, network_number(&net.prefix4, &outside));
	assert_int_equal(77, network_number(&net.prefix6, &inside6));
	assert_int_equal(0, lease_take(&net, "a", 77, &host));
	assert_int_equal(77, host);
	assert_int_equal(-EADDRINUSE, lease_take(&net, "b", 77, &host));
	assert_int_equal(-ENOSPC, lease_take(&net, "b", LEASE_GATEWAY, &host));
	assert_int_equal(-ENOSPC, lease_take(&net, "b", 255, &host));
	/* who does not mind goes on where others were */
	assert_int_equal(0, lease_take(&net, "b", 0, &host));
	assert_int_equal(LEASE_FIRST, host);
	network_free(&net);
}

/* Addresses that are given out elsewhere are only counted. */
static void lease_assigned(void **state)
{
	static const struct utcp_sandbox_prefix gateway = {
		.len = 24, .addr = { 10, 0, 0, 254 }
	};
	struct utcp_sandbox_prefix is;
	struct network net, back;
	uint32_t host;
	char *text;

	(void)state;
	make_network(&net, 24);
	net.assigned = true;
	net.no_masquerade = true;
	net.gateway4 = gateway;
	net.gateway6 = net.prefix6;
	net.gateway6.addr[15] = 254;
	assert_int_equal(0, lease_take(&net, "a", 0, &host));
	assert_int_equal(0, lease_take(&net, "b", 0, &host));
	assert_int_equal(0, host);
	text = network_format(&net);
	assert_non_null(text);
	assert_int_equal(0, network_parse(text, strlen(text), &back));
	assert_true(back.assigned);
	assert_true(back.no_masquerade);
	assert_int_equal(2, back.n);
	network_gateway(&back, false, &is);
	assert_memory_equal(&gateway, &is, sizeof(is));
	network_gateway(&back, true, &is);
	assert_memory_equal(&net.gateway6, &is, sizeof(is));
	free(text);
	network_free(&back);
	network_free(&net);
}

static void many_leases(void **state)
{
	struct network net, back;
	char name[16], *text;
	uint32_t host;

	(void)state;
	make_network(&net, 16);
	for (unsigned int i = 0; i < LEASE_MAX; i++) {
		snprintf(name, sizeof(name), "s%u", i);
		assert_int_equal(0, lease_take(&net, name, 0, &host));
	}
	assert_int_equal(-ENOSPC, lease_take(&net, "more", 0, &host));
	text = network_format(&net);
	assert_non_null(text);
	assert_int_equal(0, network_parse(text, strlen(text), &back));
	assert_int_equal(net.n, back.n);
	assert_int_equal(net.last, back.last);
	assert_memory_equal(&net.prefix4, &back.prefix4, sizeof(net.prefix4));
	assert_memory_equal(&net.prefix6, &back.prefix6, sizeof(net.prefix6));
	assert_int_equal(0, lease_take(&back, "s1000", 0, &host));
	assert_int_equal(1002, host);
	free(text);
	network_free(&back);
	network_free(&net);
}

static void addresses(void **state)
{
	struct utcp_sandbox_prefix address;
	struct network net;

	(void)state;
	make_network(&net, 16);
	network_address(&net.prefix4, 0x0102, &address);
	assert_memory_equal("\x0a\x00\x01\x02", address.addr, 4);
	assert_int_equal(16, address.len);
	network_address(&net.prefix6, 0x0102, &address);
	assert_int_equal(0xfd, address.addr[0]);
	assert_int_equal(1, address.addr[14]);
	assert_int_equal(2, address.addr[15]);
}

#define NET(prefix4, last, leases)                                                        \
	"{\"version\":1,\"bridge\":\"b\",\"mac\":\"0e7500000000\",\"prefix4\":\"" prefix4 \
	"\",\"last\":" last ",\"leases\":" leases "}"

static void network_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"{}",
		NET("10.0.0.0/24", "1", "[]"),
		NET("10.0.0.0/7", "1", "{}"),
		NET("10.0.0.0/30", "1", "{}"),
		NET("10.0.0.1/24", "1", "{}"),
		NET("127.0.0.0/8", "1", "{}"),
		NET("224.0.0.0/8", "1", "{}"),
		NET("10.0.0.0/24", "0", "{}"),
		NET("10.0.0.0/24", "255", "{}"),
		NET("10.0.0.0/24", "1", "{\"a\":1}"),
		NET("10.0.0.0/24", "1", "{\"a\":255}"),
		NET("10.0.0.0/24", "1", "{\"a\":2,\"b\":2}"),
		NET("10.0.0.0/24", "1", "{\"a\":2,\"a\":3}"),
		NET("10.0.0.0/24", "1", "{\"../a\":2}"),
		NET("10.0.0.0/24", "1", "{\"a\":\"2\"}"),
	};
	static const char good[] = NET("10.0.0.0/24", "254", "{\"a\":254}");
	struct network net;

	(void)state;
	for (size_t i = 0; i < ARRAY(bad); i++)
		if (network_parse(bad[i], strlen(bad[i]), &net) != -EBADMSG)
			fail_msg("taken: %s", bad[i]);
	assert_int_equal(0, network_parse(good, strlen(good), &net));
	network_free(&net);
}

/* --- rules ----------------------------------------------------------------------------- */

/* Neighbours that are not of the 64 bits of a sandbox's own address. */
static void short_prefix(void **state)
{
	static const struct {
		uint32_t len;
		const char *dst;
	} cases[] = {
		{ 16, "2001::/16" },
		{ 48, "2001:db8:ffff::/48" },
		{ 60, "2001:db8:ffff:fff0::/60" },
		{ 63, "2001:db8:ffff:fffe::/63" },
		{ 0, NULL },
		{ 64, NULL },
		{ 112, NULL },
		{ 128, NULL },
	};
	struct utcp_sandbox sb = {
		.addr6 = { .is6 = true,
			   .addr = { 0x20, 1, 0x0d, 0xb8, 0xff, 0xff, 0xff,
				     0xff, 0xff, [15] = 9 } },
	};
	char text[LIBUTCP_ACL_RULE_TEXT], want[128];
	struct utcp_acl_rule rules[2];
	size_t count;

	(void)state;
	for (size_t i = 0; i < ARRAY(cases); i++) {
		sb.addr6.len = cases[i].len;
		count = policy_neighbours(&sb, rules);
		assert_int_equal(count, 2 * !!cases[i].dst);
		for (unsigned int n = 0; n < count; n++) {
			utcp_acl_rule_format(&rules[n], text);
			snprintf(
				want, sizeof(want),
				"out allow dst %s proto icmpv6 icmp %u comment \"neighbours\"",
				cases[i].dst, 135 + n);
			assert_string_equal(want, text);
		}
	}
}

/* --- processes ----------------------------------------------------------------------- */

static void processes(void **state)
{
	uint64_t ticks;

	(void)state;
	assert_true(process_parse(
		"7 (a) b) S 1 7 7 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 999 1\n",
		&ticks));
	assert_int_equal(999, ticks);
	assert_false(process_parse(
		"7 (a) Z 1 7 7 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 999 1\n",
		&ticks));
	assert_false(process_parse("7 (a) S 1 7", &ticks));
	assert_false(process_parse("7", &ticks));
	assert_true(process_start(getpid(), &ticks));
	assert_true(process_lives(getpid(), ticks));
	assert_false(process_lives(getpid(), ticks + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(state_there_and_back),
		cmocka_unit_test(adopted_there_and_back),
		cmocka_unit_test(state_refused),
		cmocka_unit_test_setup_teardown(state_files, own_dir, no_dir),
		cmocka_unit_test_setup_teardown(lock, own_dir, no_dir),
		cmocka_unit_test(leases),
		cmocka_unit_test(lease_rests),
		cmocka_unit_test(lease_wanted),
		cmocka_unit_test(lease_assigned),
		cmocka_unit_test(many_leases),
		cmocka_unit_test(addresses),
		cmocka_unit_test(network_refused),
		cmocka_unit_test(short_prefix),
		cmocka_unit_test(processes),
	};

	return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
