// SPDX-License-Identifier: GPL-2.0-only
/*
 * peernl - what utcp answers to requests about peers that utcpctl would not send, and
 * to those who have no right. Each row of the table is one result, made once by root,
 * once without privilege, and once from inside a user namespace.
 *
 * utcp must be loaded, and this namespace must have a default cell and no peers, which
 * it has none of at the end either.
 */
#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/utcp.h>

#include "../lib/nl.h"
#include "kselftest.h"

#define NOBODY 65534
#define ADMIN "peers need CAP_NET_ADMIN over the network namespace"

static struct client client;

static void put(struct nlmsghdr *nlh, uint16_t type, size_t len, uint8_t fill)
{
	uint8_t bytes[64];

	memset(bytes, fill, sizeof(bytes));
	mnl_attr_put(nlh, type, len, bytes);
}

static void nothing(struct nlmsghdr *nlh)
{
	(void)nlh;
}

static void short_key(struct nlmsghdr *nlh)
{
	put(nlh, UTCP_A_PEER_PUBLIC_KEY, 31, 9);
}

static void long_key(struct nlmsghdr *nlh)
{
	put(nlh, UTCP_A_PEER_PUBLIC_KEY, 33, 9);
}

static void zero_key(struct nlmsghdr *nlh)
{
	put(nlh, UTCP_A_PEER_PUBLIC_KEY, 32, 0);
}

static void big_key(struct nlmsghdr *nlh)
{
	put(nlh, UTCP_A_PEER_PUBLIC_KEY, 32, 0xff);
}

static void other_cell(struct nlmsghdr *nlh)
{
	put(nlh, UTCP_A_PEER_PUBLIC_KEY, 32, 9);
	put(nlh, UTCP_A_PEER_CELL, 16, 7);
}

static void short_id(struct nlmsghdr *nlh)
{
	put(nlh, UTCP_A_PEER_ID, 15, 7);
}

static void no_such(struct nlmsghdr *nlh)
{
	put(nlh, UTCP_A_PEER_ID, 16, 7);
}

static void zero_id(struct nlmsghdr *nlh)
{
	put(nlh, UTCP_A_PEER_ID, 16, 0);
}

static void rekey_two(struct nlmsghdr *nlh)
{
	no_such(nlh);
	mnl_attr_put_u32(nlh, UTCP_A_PEER_REKEY, 2);
}

static void state_too(struct nlmsghdr *nlh)
{
	no_such(nlh);
	mnl_attr_put_u32(nlh, UTCP_A_PEER_STATE, 3);
}

static void unknown(struct nlmsghdr *nlh)
{
	no_such(nlh);
	mnl_attr_put_u32(nlh, 200, 1);
}

static const struct row {
	const char *what;
	uint8_t cmd;
	void (*build)(struct nlmsghdr *nlh);
	int err;
	const char *msg; /* NULL: the kernel's own */
	bool anybody; /* needs no right: the same for all */
} rows[] = {
	{ "add without a key", UTCP_CMD_PEER_ADD, nothing, EINVAL,
	  "no public key given", false },
	{ "add, key too short", UTCP_CMD_PEER_ADD, short_key, ERANGE, NULL,
	  true },
	{ "add, key too long", UTCP_CMD_PEER_ADD, long_key, ERANGE, NULL,
	  true },
	{ "add, key of zeros", UTCP_CMD_PEER_ADD, zero_key, EINVAL,
	  "this public key is not good for a cell", false },
	{ "add, key that is not canonical", UTCP_CMD_PEER_ADD, big_key, EINVAL,
	  "this public key is not good for a cell", false },
	{ "add to a cell that is not there", UTCP_CMD_PEER_ADD, other_cell,
	  ENOENT, "no such cell in this namespace", false },
	{ "del without a CellID", UTCP_CMD_PEER_DEL, nothing, EINVAL,
	  "no CellID of a peer given", false },
	{ "del, CellID too short", UTCP_CMD_PEER_DEL, short_id, ERANGE, NULL,
	  true },
	{ "del of one that is not there", UTCP_CMD_PEER_DEL, no_such, ENOENT,
	  "no such peer of this cell", false },
	{ "get without a CellID", UTCP_CMD_PEER_GET, nothing, EINVAL,
	  "no CellID of a peer given", true },
	{ "get of one that is not there", UTCP_CMD_PEER_GET, no_such, ENOENT,
	  "no such peer of this cell", true },
	{ "get with an attribute of answers", UTCP_CMD_PEER_GET, state_too,
	  EINVAL, NULL, true },
	{ "get with an unknown attribute", UTCP_CMD_PEER_GET, unknown, EINVAL,
	  NULL, true },
	{ "probe without a CellID", UTCP_CMD_PEER_PROBE, nothing, EINVAL,
	  "no CellID of a peer given", false },
	{ "probe of nobody", UTCP_CMD_PEER_PROBE, zero_id, EINVAL,
	  "this is no CellID of a peer", false },
	{ "probe, rekey out of range", UTCP_CMD_PEER_PROBE, rekey_two, ERANGE,
	  NULL, true },
	{ "an event as a request", UTCP_CMD_PEER_NEW_NTF, nothing, EOPNOTSUPP,
	  NULL, true },
};

static bool ask(const struct row *row, bool admin)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(&client, buf, row->cmd);
	int want = admin || row->anybody ? row->err : EPERM;
	const char *msg = admin || row->anybody ? row->msg : ADMIN;
	struct answer a;

	row->build(nlh);
	if (client_ask(&client, nlh, &a)) {
		printf("# no answer\n");
		return false;
	}
	if (a.err == want && (!msg || !strcmp(a.msg, msg)) && !a.replies)
		return true;
	printf("# got %s \"%s\", not %s \"%s\"\n", strerror(a.err), a.msg,
	       strerror(want), msg ? msg : "");
	return false;
}

/* In a process of its own, whose socket is opened with the rights it then has. */
static bool ask_as(const struct row *row, bool user_namespace)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (user_namespace ? unshare(CLONE_NEWUSER) :
				     setgid(NOBODY) || setuid(NOBODY))
			_exit(2);
		if (client_open(&client, family_find(UTCP_FAMILY_NAME)))
			_exit(3);
		_exit(!ask(row, false));
	}
	fflush(stdout);
	return waitpid(pid, &status, 0) == pid && !status;
}

int main(void)
{
	const size_t n = sizeof(rows) / sizeof(rows[0]);

	setbuf(stdout, NULL);
	ksft_print_header();
	ksft_set_plan(3 * n);
	for (size_t i = 0; i < n; i++) {
		if (client_open(&client, family_find(UTCP_FAMILY_NAME)))
			ksft_exit_fail_msg("no family\n");
		ksft_test_result(ask(&rows[i], true), "%s\n", rows[i].what);
		client_close(&client);
		ksft_test_result(ask_as(&rows[i], false),
				 "%s, without privilege\n", rows[i].what);
		ksft_test_result(ask_as(&rows[i], true),
				 "%s, from a user namespace\n", rows[i].what);
	}
	ksft_finished();
}
