// SPDX-License-Identifier: GPL-2.0-only
/*
 * Failing allocations of cells and peers; of sockets see failsock.c. See failnth.c.
 */
#include "failnth.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/utcp.h>

/* Asks for a list instead of one. */
#define ALL 0x100

/* In turn, until one is refused. */
static int in_turn(int (*ask)(unsigned int cmd), const unsigned int *cmds)
{
	int err = 0;

	for (; !err && *cmds; cmds++)
		err = ask(*cmds);
	return err;
}

/* What was done stands, as does what only its reply was lost of. */
static bool is_gone(int err)
{
	return !err || err == ENOENT;
}

/* With somebody who waits for events, each of which is made then; nobody reads them. */
static int fail_heard(const struct attempt *a)
{
	struct client hears;
	int ret = 1;

	if (client_open(&hears, family_find(a->family)))
		return 1;
	if (!client_join(&hears))
		ret = fail_each(a);
	client_close(&hears);
	return ret;
}

/* --- cells ---------------------------------------------------------------------- */

/* A request about the cell with this private key and CellID, which are the first
 * of the vectors of the specification.
 */
static int ask_cell(unsigned int cmd)
{
	static const uint8_t key[] = {
		0x30, 0xc0, 0x82, 0x98, 0x57, 0x72, 0x49, 0xd8,
		0x47, 0x6f, 0x5c, 0x84, 0x60, 0x0b, 0x71, 0xca,
		0xb8, 0x70, 0x7c, 0xae, 0xfe, 0x6c, 0xd8, 0x0d,
		0xa9, 0x59, 0xdf, 0x9a, 0x17, 0x42, 0x26, 0x4c,
	};
	static const uint8_t id[] = {
		0x7c, 0x1d, 0x6f, 0x62, 0x52, 0x38, 0x52, 0x36,
		0x60, 0xf6, 0xe9, 0xcd, 0x96, 0x62, 0xda, 0xde,
	};
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(&client, buf, cmd);
	struct answer a;
	int err;

	if (cmd == UTCP_CMD_CELL_NEW)
		mnl_attr_put(nlh, UTCP_A_CELL_PRIVATE_KEY, sizeof(key), key);
	else if (!(cmd & ALL))
		mnl_attr_put(nlh, UTCP_A_CELL_ID, sizeof(id), id);
	if (cmd == UTCP_CMD_CELL_SET) {
		/* Which ends what its peers have. */
		mnl_attr_put(nlh, UTCP_A_CELL_REALM, sizeof(key), key);
		mnl_attr_put_u32(nlh, UTCP_A_CELL_MODE, UTCP_CELL_MODE_OTHER);
		mnl_attr_put_strz(nlh, UTCP_A_CELL_COMMENT, "a cell");
	}
	if (cmd & ALL)
		nlh->nlmsg_flags |= NLM_F_DUMP;
	err = client_ask(&client, nlh, &a);
	return err ? err : a.err;
}

static int use_cell(void)
{
	static const unsigned int cmds[] = {
		UTCP_CMD_CELL_NEW,	 UTCP_CMD_CELL_SET, UTCP_CMD_CELL_GET,
		UTCP_CMD_CELL_GET | ALL, UTCP_CMD_CELL_DEL, 0,
	};

	return in_turn(ask_cell, cmds);
}

static bool undo_cell(int err)
{
	(void)err;
	return is_gone(ask_cell(UTCP_CMD_CELL_DEL));
}

int fail_cell(void)
{
	static const struct attempt a = { "a cell", UTCP_FAMILY_NAME, use_cell,
					  undo_cell, false };

	return fail_heard(&a);
}

/* --- peers ------------------------------------------------------------------------- */

/* A request about the second cell of the vectors, as a peer of the default cell. */
static int ask_peer(unsigned int cmd)
{
	static const uint8_t key[] = {
		0x66, 0xb8, 0xd3, 0x7c, 0xed, 0x1a, 0x62, 0x7e,
		0x6b, 0x6e, 0xf1, 0x37, 0x6d, 0xe8, 0x6a, 0xf6,
		0xa4, 0x9e, 0x98, 0xa3, 0x43, 0xa9, 0x8a, 0xe7,
		0x3f, 0x64, 0xfc, 0x3f, 0xb4, 0x37, 0x79, 0x1e,
	};
	static const uint8_t id[] = {
		0x6c, 0x1b, 0xdf, 0x66, 0x13, 0x03, 0x19, 0x8c,
		0x01, 0x98, 0x4a, 0xa8, 0x68, 0x38, 0x2f, 0x38,
	};
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(&client, buf, cmd);
	struct answer a;
	int err;

	if (cmd == UTCP_CMD_PEER_ADD)
		mnl_attr_put(nlh, UTCP_A_PEER_PUBLIC_KEY, sizeof(key), key);
	else if (cmd != UTCP_CMD_STATS_GET && !(cmd & ALL))
		mnl_attr_put(nlh, UTCP_A_PEER_ID, sizeof(id), id);
	if (cmd & ALL)
		nlh->nlmsg_flags |= NLM_F_DUMP;
	err = client_ask(&client, nlh, &a);
	return err ? err : a.err;
}

static int use_peer(void)
{
	static const unsigned int cmds[] = {
		UTCP_CMD_PEER_ADD,
		UTCP_CMD_PEER_GET,
		UTCP_CMD_PEER_GET | ALL,
		UTCP_CMD_PEER_PROBE,
		UTCP_CMD_STATS_GET,
		UTCP_CMD_PEER_DEL,
		0,
	};

	return in_turn(ask_peer, cmds);
}

static bool undo_peer(int err)
{
	(void)err;
	return is_gone(ask_peer(UTCP_CMD_PEER_DEL));
}

int fail_peer(void)
{
	static const struct attempt a = { "a peer", UTCP_FAMILY_NAME, use_peer,
					  undo_peer, false };

	return fail_heard(&a);
}
