// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unit tests of what is written down about sandboxes and their addresses.
 */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <utcp/handle.h>

#include "../error.h"
#include "../rundir.h"
#include "../sandboxforward.h"
#include "../sandboxlease.h"
#include "../sandboxnetwork.h"
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
	.netns_ino = 4026532000,
	.netns_cookie = 9007199254740993,
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
		/* what is said of those that cannot be read */
		HEAD "\"mode\":\"none\",\"phase\":\"damaged\"}",
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
	struct utcp_error e = { 0 };
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
	assert_non_null(strstr(e.message, "other is damaged"));
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

/* What is damaged, or another version's, hides nothing, and something is known of it. */
static void state_damaged(void **state)
{
	static const char newer[] =
		"{\"version\":2,\"mode\":\"adopted\",\"host-ns\":5,\"dev\":\"v\",\"netns\":\"/x\"}";
	static const char bad_dev[] = "{\"mode\":\"bridged\",\"dev\":\"eth0\"}";
	static const char good_dev[] =
		"{\"mode\":\"bridged\",\"dev\":\"sbx0123abcd\"}";
	struct utcp_handle *h = utcp_handle_new();
	struct utcp_sandbox sb, *list;
	struct utcp_error e = { 0 };
	char path[64];
	size_t n;

	(void)state;
	assert_int_equal(0, state_save(&whole, &e));
	assert_int_equal(0, rundir_write(STATE_DIR, "a", "", 0, &e));
	assert_int_equal(0, rundir_write(STATE_DIR, "web", newer, strlen(newer),
					 &e));
	assert_int_equal(0, rundir_write(STATE_DIR, "no name", "", 0, &e));
	/* a link elsewhere is not followed */
	assert_int_equal(0, rundir_claim(STATE_DIR, "link", "build-42", &e));
	assert_int_equal(0, utcp_sandbox_list(h, &list, &n));
	assert_int_equal(4, n);
	assert_string_equal("a", list[0].name);
	assert_int_equal(LIBUTCP_SANDBOX_DAMAGED, list[0].phase);
	assert_string_equal("build-42", list[1].name);
	assert_int_equal(LIBUTCP_SANDBOX_READY, list[1].phase);
	assert_int_equal(LIBUTCP_SANDBOX_DAMAGED, list[2].phase);
	assert_string_equal("web", list[3].name);
	assert_int_equal(LIBUTCP_SANDBOX_DAMAGED, list[3].phase);
	free(list);
	assert_int_equal(-EBADMSG, state_load("web", &sb, &e));
	assert_non_null(strstr(e.message, "web is of version 2"));
	assert_true(state_salvage("web", &sb));
	assert_string_equal("web", sb.name);
	assert_int_equal(LIBUTCP_SANDBOX_ADOPTED, sb.mode);
	assert_int_equal(5, sb.host_ns);
	assert_string_equal("v", sb.dev);
	assert_string_equal("/x", sb.netns);
	assert_false(state_salvage("a", &sb));
	assert_string_equal("a", sb.name);
	assert_string_equal("", sb.dev);
	/* no device that cannot be a sandbox's is removed for it */
	assert_int_equal(0, rundir_write(STATE_DIR, "a", bad_dev,
					 strlen(bad_dev), &e));
	assert_true(state_salvage("a", &sb));
	assert_string_equal("", sb.dev);
	assert_int_equal(0, rundir_write(STATE_DIR, "a", good_dev,
					 strlen(good_dev), &e));
	assert_true(state_salvage("a", &sb));
	assert_string_equal("sbx0123abcd", sb.dev);
	for (const char *const *name =
		     (const char *const[]){ "a", "web", "link", "no name",
					    NULL };
	     *name; name++)
		assert_int_equal(0, rundir_remove(STATE_DIR, *name, &e));
	snprintf(path, sizeof(path), "%s/" STATE_DIR "/dir", dir);
	assert_int_equal(0, mkdir(path, 0755));
	assert_int_equal(-EBADMSG, state_load("dir", &sb, &e));
	assert_int_equal(0, rmdir(path));
	utcp_handle_free(h);
}

/* Who has the lock has it alone, and loses it by dying. */
static void lock(void **state)
{
	struct utcp_error e = { 0 };
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
	struct utcp_error e = { 0 };
	int lock = rundir_lock(0, &e);

	assert_true(lock >= 0);
	close(lock);
	memset(net, 0, sizeof(*net));
	snprintf(net->bridge, sizeof(net->bridge), "utcp0");
	net->prefix4.len = len;
	net->prefix4.addr[0] = 10;
	net->prefix6.is6 = true;
	net->prefix6.len = 64;
	net->prefix6.addr[0] = 0xfd;
}

/* Takes any, or the wanted one, which has to be this. */
static void takes(struct network *net, const char *name, uint32_t want,
		  uint32_t is)
{
	struct utcp_error e = { 0 };
	uint32_t host;

	assert_int_equal(0, lease_take(net, name, want, &host, &e));
	assert_int_equal(is, host);
}

static void takes_none(struct network *net, const char *name, uint32_t want,
		       int err)
{
	struct utcp_error e = { 0 };
	uint32_t host;

	assert_int_equal(err, lease_take(net, name, want, &host, &e));
	assert_int_equal(-err, e.err);
	assert_non_null(strstr(e.message, net->bridge));
}

/* All that have any end. */
static int drop_each(const char *name, uint32_t host, void *arg)
{
	struct utcp_error e = { 0 };

	return lease_drop(arg, name, host, &e);
}

static void drop_all(struct network *net)
{
	struct utcp_error e = { 0 };

	assert_int_equal(0, lease_each(net->bridge, drop_each, net, &e));
	assert_int_equal(0, lease_last(net->bridge, &e));
	assert_int_equal(0, lease_last(net->bridge, &e));
}

static void leases(void **state)
{
	struct utcp_error e = { 0 };
	struct network net;

	(void)state;
	make_network(&net, 29);
	/* eight addresses: network, gateway, five sandboxes, broadcast */
	for (uint32_t i = 0; i < 5; i++) {
		char name[2] = { (char)('a' + i), '\0' };

		takes(&net, name, 0, NETWORK_FIRST + i);
		assert_int_equal(i == 0, net.first);
	}
	takes_none(&net, "f", 0, -ENOSPC);
	/* another's is not its own to give back */
	assert_int_equal(0, lease_drop(&net, "f", 3, &e));
	takes_none(&net, "f", 0, -ENOSPC);
	assert_int_equal(0, lease_drop(&net, "b", 3, &e));
	assert_int_equal(0, lease_drop(&net, "b", 3, &e));
	/* of one that does not say which it is */
	assert_int_equal(0, lease_drop(&net, "a", 0, &e));
	assert_int_equal(-ENOTEMPTY, lease_last(net.bridge, &e));
	/* behind the last one, and round */
	takes(&net, "g", 0, 2);
	takes(&net, "h", 0, 3);
	takes_none(&net, "i", 0, -ENOSPC);
	drop_all(&net);
	takes(&net, "a", 0, NETWORK_FIRST);
	assert_true(net.first);
	drop_all(&net);
}

/* An address that changes hands is the new one's alone, and rests like others. */
static void lease_passes(void **state)
{
	struct utcp_sandbox_prefix address;
	struct network net;
	struct utcp_error e = { 0 };

	(void)state;
	make_network(&net, 24);
	takes(&net, "a", 0, 2);
	network_address(&net.prefix4, 2, &address);
	assert_int_equal(2, network_own_number(&address));
	assert_int_equal(0, lease_pass(net.bridge, 2, "b", &e));
	assert_int_equal(0, lease_drop(&net, "a", 2, &e));
	takes_none(&net, "c", 2, -EADDRINUSE);
	assert_int_equal(0, lease_drop(&net, "b", 2, &e));
	takes(&net, "c", 2, 2);
	drop_all(&net);
}

/* What outlived a reboot is the same one's, once, and nobody else's. */
static void lease_waits(void **state)
{
	struct utcp_error e = { 0 };
	struct network net;

	(void)state;
	make_network(&net, 24);
	assert_int_equal(0, lease_keep(&net, "a", 7, &e));
	assert_int_equal(-EADDRINUSE, lease_keep(&net, "b", 7, &e));
	assert_int_equal(0, lease_keep(&net, "b", 9, &e));
	assert_int_equal(0, lease_keep(&net, "c", 11, &e));
	takes_none(&net, "d", 7, -EADDRINUSE);
	takes(&net, "a", 0, 7);
	/* who wants another one gives up the one that has waited */
	takes(&net, "b", 20, 20);
	takes(&net, "d", 9, 9);
	/* one that was taken back waits no more */
	assert_int_equal(0, lease_drop(&net, "a", 7, &e));
	assert_int_equal(0, lease_drop(&net, "c", 11, &e));
	takes(&net, "c", 0, 2);
	drop_all(&net);
}

/* One that is given back rests while there are others. */
static void lease_rests(void **state)
{
	struct utcp_error e = { 0 };
	struct network net;

	(void)state;
	make_network(&net, 24);
	takes(&net, "a", 0, NETWORK_FIRST);
	assert_int_equal(0, lease_drop(&net, "a", NETWORK_FIRST, &e));
	takes(&net, "a", 0, NETWORK_FIRST + 1);
	drop_all(&net);
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

	(void)state;
	make_network(&net, 24);
	net.prefix6.addr[1] = 0;
	memset(&net.prefix6.addr[1], 0, 15);
	assert_int_equal(77, network_number(&net.prefix4, &inside));
	assert_int_equal(0, network_number(&net.prefix4, &outside));
	assert_int_equal(77, network_number(&net.prefix6, &inside6));
	takes(&net, "a", 77, 77);
	takes_none(&net, "b", 77, -EADDRINUSE);
	takes_none(&net, "b", NETWORK_GATEWAY, -ENOSPC);
	takes_none(&net, "b", 255, -ENOSPC);
	/* who does not mind goes on where others were, round that one */
	takes(&net, "b", 0, NETWORK_FIRST);
	takes(&net, "c", 76, 76);
	drop_all(&net);
	takes(&net, "a", 3, 3);
	takes(&net, "b", 0, 2);
	takes(&net, "c", 0, 4);
	drop_all(&net);
}

/* Addresses that are given out elsewhere are only counted. */
static void lease_assigned(void **state)
{
	static const struct utcp_sandbox_prefix gateway = {
		.len = 24, .addr = { 10, 0, 0, 254 }
	};
	struct utcp_sandbox_prefix is;
	struct network net, back;
	struct utcp_error e = { 0 };
	char *text;

	(void)state;
	make_network(&net, 24);
	net.assigned = true;
	net.no_masquerade = true;
	net.gateway4 = gateway;
	net.gateway6 = net.prefix6;
	net.gateway6.addr[15] = 254;
	takes(&net, "7", 0, 0);
	assert_true(net.first);
	takes(&net, "b", 0, 0);
	text = network_format(&net);
	assert_non_null(text);
	assert_int_equal(0, network_parse(text, strlen(text), &back));
	assert_true(back.assigned);
	assert_true(back.no_masquerade);
	network_gateway(&back, false, &is);
	assert_memory_equal(&gateway, &is, sizeof(is));
	network_gateway(&back, true, &is);
	assert_memory_equal(&net.gateway6, &is, sizeof(is));
	free(text);
	assert_int_equal(0, lease_drop(&net, "b", 0, &e));
	assert_int_equal(-ENOTEMPTY, lease_last(net.bridge, &e));
	assert_int_equal(0, lease_drop(&net, "7", 0, &e));
	assert_int_equal(0, lease_last(net.bridge, &e));
}

/* Whoever dies when: what is half there is nobody's, or is found. */
static void lease_leftovers(void **state)
{
	struct utcp_error e = { 0 };
	struct network net;
	char owner[8];

	(void)state;
	make_network(&net, 24);
	takes(&net, "a", 0, 2);
	/* before it was noted which was the last */
	assert_int_equal(0, rundir_remove(LEASE_DIR, "@utcp0", &e));
	takes(&net, "b", 0, 3);
	assert_int_equal(0, rundir_give(LEASE_DIR, "@utcp0", "rubbish", &e));
	takes(&net, "c", 0, 4);
	assert_int_equal(0, rundir_give(LEASE_DIR, "@utcp0", "4000000", &e));
	takes(&net, "d", 0, 5);
	/* of one that died while it was about to */
	assert_int_equal(0, rundir_claim(LEASE_DIR, ".@utcp0.new", "9", &e));
	takes(&net, "e", 0, 6);
	assert_int_equal(0, rundir_owner(LEASE_DIR, "@utcp0", owner,
					 sizeof(owner)));
	assert_string_equal("6", owner);
	assert_true(rundir_owner(LEASE_DIR, "@utcp0", owner, 1) < 0);
	drop_all(&net);
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

#define NET(version, prefix4)                                               \
	"{\"version\":" version                                             \
	",\"bridge\":\"b\",\"mac\":\"0e7500000000\",\"prefix4\":\"" prefix4 \
	"\"}"

static void network_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"{}",
		NET("1", "10.0.0.0/24"),
		NET("2", "10.0.0.0/7"),
		NET("2", "10.0.0.0/30"),
		NET("2", "10.0.0.1/24"),
		NET("2", "127.0.0.0/8"),
		NET("2", "224.0.0.0/8"),
		NET("2", "10.0.0.0"),
		NET("2", ""),
	};
	static const char good[] = NET("2", "10.0.0.0/24");
	struct network net;

	(void)state;
	for (size_t i = 0; i < ARRAY(bad); i++)
		if (network_parse(bad[i], strlen(bad[i]), &net) != -EBADMSG)
			fail_msg("taken: %s", bad[i]);
	assert_int_equal(0, network_parse(good, strlen(good), &net));
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
	assert_int_equal(0, process_look(INT_MAX, &ticks));
	assert_false(process_lives(INT_MAX, ticks));
}

/* Who has no descriptor left takes nobody for dead: what he has would be removed. */
static void processes_unknown(void **state)
{
	struct rlimit was, none;
	uint64_t ticks;
	int look;
	bool lives;

	(void)state;
	assert_int_equal(0, getrlimit(RLIMIT_NOFILE, &was));
	none = was;
	none.rlim_cur = 0;
	assert_int_equal(0, setrlimit(RLIMIT_NOFILE, &none));
	look = process_look(INT_MAX, &ticks);
	lives = process_lives(INT_MAX, 1);
	assert_int_equal(0, setrlimit(RLIMIT_NOFILE, &was));
	assert_int_equal(-EMFILE, look);
	assert_true(lives);
}

/* A forwarder that cannot be asked about has not ended. */
static void forwarder_unknown(void **state)
{
	struct utcp_sandbox sb = { .forwarder = INT_MAX, .forwarder_start = 1 };
	struct utcp_error e = { 0 };
	struct rlimit was, none;
	int err;

	(void)state;
	assert_int_equal(0, forward_stop(&sb, &e));
	sb.forwarder = getppid();
	assert_int_equal(0, getrlimit(RLIMIT_NOFILE, &was));
	none = was;
	none.rlim_cur = 0;
	assert_int_equal(0, setrlimit(RLIMIT_NOFILE, &none));
	err = forward_stop(&sb, &e);
	assert_int_equal(0, setrlimit(RLIMIT_NOFILE, &was));
	assert_int_equal(-EMFILE, err);
	/* another by now */
	assert_int_equal(0, forward_stop(&sb, &e));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(state_there_and_back),
		cmocka_unit_test(adopted_there_and_back),
		cmocka_unit_test(state_refused),
		cmocka_unit_test_setup_teardown(state_files, own_dir, no_dir),
		cmocka_unit_test_setup_teardown(state_damaged, own_dir, no_dir),
		cmocka_unit_test_setup_teardown(lock, own_dir, no_dir),
		cmocka_unit_test(leases),
		cmocka_unit_test(lease_passes),
		cmocka_unit_test(lease_waits),
		cmocka_unit_test(lease_rests),
		cmocka_unit_test(lease_wanted),
		cmocka_unit_test(lease_assigned),
		cmocka_unit_test(lease_leftovers),
		cmocka_unit_test(addresses),
		cmocka_unit_test(network_refused),
		cmocka_unit_test(short_prefix),
		cmocka_unit_test(processes),
		cmocka_unit_test(processes_unknown),
		cmocka_unit_test(forwarder_unknown),
	};

	return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
