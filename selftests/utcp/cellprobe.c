// SPDX-License-Identifier: GPL-2.0-only
/*
 * cellprobe - what utcp answers to requests about cells that are not what utcpctl
 * would send, and to those who have no right; and that no private key or realm is
 * in any byte that comes back. Every row of the table below and every function
 * after it is one result.
 *
 * cellprobe -c N - make and remove N cells, as fast as it goes; whatever is said
 *
 * utcp must be loaded, and this namespace must have no cells, which it has none of
 * at the end either.
 */
#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/utcp.h>

#include "../lib/apart.h"
#include "../lib/nl.h"
#include "kselftest.h"

#define ID_LEN 16
#define KEY_LEN 32
#define MSG_ADMIN "cells need CAP_NET_ADMIN over the network namespace"

static const struct family *family;
static struct client root; /* a socket of the first namespace, opened by root */

/* Two keys and a realm, each of its own bytes, and clamped as they stand. */
static uint8_t key_one[KEY_LEN], key_two[KEY_LEN], realm[KEY_LEN];

/* --- asking ------------------------------------------------------------------- */

/* All bytes that came back for a request, or as events. */
struct heard {
	uint8_t bytes[65536];
	size_t len;
	int err;
	unsigned int cells;
	uint8_t id[ID_LEN]; /* of the last cell */
	uint32_t owner, is_default;
};

static void take_cell(const struct nlmsghdr *nlh, struct heard *h)
{
	const struct nlattr *attr;

	h->cells++;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == UTCP_A_CELL_ID)
			memcpy(h->id, mnl_attr_get_payload(attr), ID_LEN);
		if (mnl_attr_get_type(attr) == UTCP_A_CELL_OWNER)
			h->owner = mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) == UTCP_A_CELL_DEFAULT)
			h->is_default = mnl_attr_get_u32(attr);
	}
}

/* Takes one datagram. Return: whether it was the last one. */
static bool take(struct client *c, struct heard *h, int flags)
{
	uint8_t *at = h->bytes + h->len;
	const struct nlmsghdr *nlh;
	ssize_t len;
	int left;

	len = recv(mnl_socket_get_fd(c->nl), at, sizeof(h->bytes) - h->len,
		   flags);
	if (len < 0) {
		h->err = errno;
		return true;
	}
	h->len += MNL_ALIGN(len);
	left = len;
	for (nlh = (void *)at; mnl_nlmsg_ok(nlh, left);
	     nlh = mnl_nlmsg_next(nlh, &left)) {
		const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);

		if (nlh->nlmsg_type == NLMSG_ERROR ||
		    nlh->nlmsg_type == NLMSG_DONE) {
			h->err = -err->error;
			return true;
		}
		take_cell(nlh, h);
	}
	return false;
}

static void hear(struct client *c, const struct nlmsghdr *nlh, struct heard *h)
{
	memset(h, 0, sizeof(*h));
	h->err = client_send(c, nlh);
	if (!h->err)
		while (!take(c, h, 0))
			;
}

/* The acknowledgment of a refusal carries what was refused. */
static void echo(struct client *c)
{
	int zero = 0;

	mnl_socket_setsockopt(c->nl, NETLINK_CAP_ACK, &zero, sizeof(zero));
}

static bool holds(const struct heard *h, const uint8_t *secret)
{
	/* a part of it would be too much already */
	return memmem(h->bytes, h->len, secret, 8) ||
	       memmem(h->bytes, h->len, secret + KEY_LEN - 8, 8);
}

static bool silent(const char *what, const struct heard *h)
{
	if (!holds(h, key_one) && !holds(h, key_two) && !holds(h, realm))
		return true;
	return bad("%s: a secret is in what came back", what);
}

static unsigned int count(struct client *c, struct heard *h)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(c, buf, UTCP_CMD_CELL_GET);

	nlh->nlmsg_flags |= NLM_F_DUMP;
	hear(c, nlh, h);
	return h->err ? UINT32_MAX : h->cells;
}

static void make(struct client *c, const uint8_t *key, struct heard *h)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(c, buf, UTCP_CMD_CELL_NEW);

	if (key)
		mnl_attr_put(nlh, UTCP_A_CELL_PRIVATE_KEY, KEY_LEN, key);
	hear(c, nlh, h);
}

static void unmake(struct client *c, const uint8_t *id, struct heard *h)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(c, buf, UTCP_CMD_CELL_DEL);

	mnl_attr_put(nlh, UTCP_A_CELL_ID, ID_LEN, id);
	hear(c, nlh, h);
}

/* --- messages that are not right -------------------------------------------------- */

static long blamed, missed;

static void blame_next(struct nlmsghdr *nlh)
{
	blamed = (char *)mnl_nlmsg_get_payload_tail(nlh) - (char *)nlh;
}

static void put_sized(struct nlmsghdr *nlh, uint16_t type, size_t len)
{
	uint8_t bytes[80];

	memset(bytes, 'A', sizeof(bytes));
	blame_next(nlh);
	mnl_attr_put(nlh, type, len, bytes);
}

static void put_number(struct nlmsghdr *nlh, uint16_t type, uint32_t value)
{
	blame_next(nlh);
	mnl_attr_put_u32(nlh, type, value);
}

static void put_id(struct nlmsghdr *nlh)
{
	put_sized(nlh, UTCP_A_CELL_ID, ID_LEN);
	blamed = -1;
}

static void put_nothing(struct nlmsghdr *nlh)
{
	(void)nlh;
}

static void miss_id(struct nlmsghdr *nlh)
{
	(void)nlh;
	missed = UTCP_A_CELL_ID;
}

static void id_unknown(struct nlmsghdr *nlh)
{
	put_sized(nlh, UTCP_A_CELL_ID, ID_LEN);
}

static void id_short(struct nlmsghdr *nlh)
{
	put_sized(nlh, UTCP_A_CELL_ID, ID_LEN - 1);
}

static void id_long(struct nlmsghdr *nlh)
{
	put_sized(nlh, UTCP_A_CELL_ID, ID_LEN + 1);
}

static void id_empty(struct nlmsghdr *nlh)
{
	put_sized(nlh, UTCP_A_CELL_ID, 0);
}

static void key_short(struct nlmsghdr *nlh)
{
	put_sized(nlh, UTCP_A_CELL_PRIVATE_KEY, KEY_LEN - 1);
}

static void key_long(struct nlmsghdr *nlh)
{
	put_sized(nlh, UTCP_A_CELL_PRIVATE_KEY, KEY_LEN + 1);
}

static void key_zeros(struct nlmsghdr *nlh)
{
	static const uint8_t zeros[KEY_LEN];

	blame_next(nlh);
	mnl_attr_put(nlh, UTCP_A_CELL_PRIVATE_KEY, KEY_LEN, zeros);
}

/* All bytes are 'A': bit 0 is set. */
static void key_loose(struct nlmsghdr *nlh)
{
	put_sized(nlh, UTCP_A_CELL_PRIVATE_KEY, KEY_LEN);
}

static void key_in_get(struct nlmsghdr *nlh)
{
	put_sized(nlh, UTCP_A_CELL_PRIVATE_KEY, KEY_LEN);
}

static void key_in_set(struct nlmsghdr *nlh)
{
	put_id(nlh);
	put_sized(nlh, UTCP_A_CELL_PRIVATE_KEY, KEY_LEN);
}

static void realm_short(struct nlmsghdr *nlh)
{
	put_sized(nlh, UTCP_A_CELL_REALM, KEY_LEN - 1);
}

static void realm_zeros(struct nlmsghdr *nlh)
{
	static const uint8_t zeros[KEY_LEN];

	blame_next(nlh);
	mnl_attr_put(nlh, UTCP_A_CELL_REALM, KEY_LEN, zeros);
}

static void realm_and_none(struct nlmsghdr *nlh)
{
	put_sized(nlh, UTCP_A_CELL_REALM, KEY_LEN);
	put_number(nlh, UTCP_A_CELL_HAS_REALM, 0);
}

static void realm_missing(struct nlmsghdr *nlh)
{
	put_number(nlh, UTCP_A_CELL_HAS_REALM, 1);
}

static void has_realm_two(struct nlmsghdr *nlh)
{
	put_number(nlh, UTCP_A_CELL_HAS_REALM, 2);
}

static void owner_none(struct nlmsghdr *nlh)
{
	put_number(nlh, UTCP_A_CELL_OWNER, UINT32_MAX);
}

static void group_none(struct nlmsghdr *nlh)
{
	put_number(nlh, UTCP_A_CELL_GROUP, UINT32_MAX);
}

static void mode_unknown(struct nlmsghdr *nlh)
{
	put_number(nlh, UTCP_A_CELL_MODE, 8);
}

static void mode_short(struct nlmsghdr *nlh)
{
	put_sized(nlh, UTCP_A_CELL_MODE, 2);
}

static void discoverable_two(struct nlmsghdr *nlh)
{
	put_number(nlh, UTCP_A_CELL_DISCOVERABLE, 2);
}

static void default_two(struct nlmsghdr *nlh)
{
	put_number(nlh, UTCP_A_CELL_DEFAULT, 2);
}

static void comment_endless(struct nlmsghdr *nlh)
{
	put_sized(nlh, UTCP_A_CELL_COMMENT, 10);
}

static void comment_long(struct nlmsghdr *nlh)
{
	char text[65];

	memset(text, 'A', sizeof(text) - 1);
	text[64] = '\0';
	blame_next(nlh);
	mnl_attr_put_strz(nlh, UTCP_A_CELL_COMMENT, text);
}

static void comment_control(struct nlmsghdr *nlh)
{
	blame_next(nlh);
	mnl_attr_put_strz(nlh, UTCP_A_CELL_COMMENT, "two\nlines");
}

static void public_key(struct nlmsghdr *nlh)
{
	put_sized(nlh, UTCP_A_CELL_PUBLIC_KEY, KEY_LEN);
}

static void users(struct nlmsghdr *nlh)
{
	put_number(nlh, UTCP_A_CELL_USERS, 1);
}

static void beyond(struct nlmsghdr *nlh)
{
	put_number(nlh, UTCP_A_CELL_MAX + 1, 1);
}

static void as_dump(struct nlmsghdr *nlh)
{
	nlh->nlmsg_flags |= NLM_F_DUMP;
}

static void as_dump_of_unknown(struct nlmsghdr *nlh)
{
	put_sized(nlh, UTCP_A_CELL_ID, ID_LEN);
	nlh->nlmsg_flags |= NLM_F_DUMP;
}

static void stray_bytes(struct nlmsghdr *nlh)
{
	nlh->nlmsg_len += 3;
}

#define NEW UTCP_CMD_CELL_NEW
#define SET UTCP_CMD_CELL_SET
#define DEL UTCP_CMD_CELL_DEL
#define GET UTCP_CMD_CELL_GET

static const struct row {
	const char *what;
	uint8_t cmd;
	void (*put)(struct nlmsghdr *nlh);
	int err;
	const char *msg; /* NULL: the kernel's own, which differs by version */
} rows[] = {
	{ "cell-set without an id", SET, miss_id, EINVAL, "no CellID given" },
	{ "cell-del without an id", DEL, miss_id, EINVAL, "no CellID given" },
	{ "cell-get of the default, where none is", GET, put_nothing, ENOENT,
	  "the namespace has no default cell" },
	{ "cell-set of an unknown cell", SET, id_unknown, ENOENT,
	  "no such cell in this namespace" },
	{ "cell-del of an unknown cell", DEL, id_unknown, ENOENT,
	  "no such cell in this namespace" },
	{ "cell-get of an unknown cell", GET, id_unknown, ENOENT,
	  "no such cell in this namespace" },
	{ "a dump of an unknown cell", GET, as_dump_of_unknown, ENOENT,
	  "no such cell in this namespace" },
	{ "an id of 15 bytes", SET, id_short, ERANGE, NULL },
	{ "an id of 17 bytes", DEL, id_long, ERANGE, NULL },
	{ "an empty id", GET, id_empty, ERANGE, NULL },
	{ "an id in cell-new", NEW, id_unknown, EINVAL, NULL },
	{ "a private key of 31 bytes", NEW, key_short, ERANGE, NULL },
	{ "a private key of 33 bytes", NEW, key_long, ERANGE, NULL },
	{ "a private key of zeros", NEW, key_zeros, EINVAL,
	  "a private key of zeros is none" },
	{ "a private key that is not clamped", NEW, key_loose, EINVAL,
	  "the private key is not clamped as RFC 7748 has it" },
	{ "a private key in cell-get", GET, key_in_get, EINVAL, NULL },
	{ "a private key in cell-set", SET, key_in_set, EINVAL, NULL },
	{ "a realm of 31 bytes", NEW, realm_short, ERANGE, NULL },
	{ "a realm of zeros", NEW, realm_zeros, EINVAL,
	  "a realm of zeros is none" },
	{ "a realm, and that there is none", NEW, realm_and_none, EINVAL,
	  "a realm is given and taken away" },
	{ "that there is a realm, and none", NEW, realm_missing, EINVAL,
	  "the realm is not given" },
	{ "two realms", NEW, has_realm_two, ERANGE, NULL },
	{ "an owner who cannot be", NEW, owner_none, EINVAL,
	  "no such user in this user namespace" },
	{ "a group that cannot be", NEW, group_none, EINVAL,
	  "no such group in this user namespace" },
	{ "a mode with an unknown bit", NEW, mode_unknown, EINVAL, NULL },
	{ "a mode of 2 bytes", NEW, mode_short, EINVAL, NULL },
	{ "more than discoverable", NEW, discoverable_two, ERANGE, NULL },
	{ "more than the default", NEW, default_two, ERANGE, NULL },
	{ "a comment without an end", NEW, comment_endless, EINVAL, NULL },
	{ "a comment of 64 bytes", NEW, comment_long, EINVAL, NULL },
	{ "a comment of two lines", NEW, comment_control, EINVAL,
	  "a control character is in the comment" },
	{ "a public key in a request", NEW, public_key, EINVAL, NULL },
	{ "users in a request", NEW, users, EINVAL, NULL },
	{ "an unknown attribute", NEW, beyond, EINVAL, NULL },
	{ "stray bytes", NEW, stray_bytes, EINVAL, NULL },
	{ "cell-new as a dump", NEW, as_dump, EOPNOTSUPP, "" },
	{ "cell-set as a dump", SET, as_dump, EOPNOTSUPP, "" },
	{ "cell-del as a dump", DEL, as_dump, EOPNOTSUPP, "" },
	{ "a request for cell-new-ntf", UTCP_CMD_CELL_NEW_NTF, put_nothing,
	  EOPNOTSUPP, "" },
	{ "a request for cell-change-ntf", UTCP_CMD_CELL_CHANGE_NTF,
	  put_nothing, EOPNOTSUPP, "" },
	{ "a request for cell-del-ntf", UTCP_CMD_CELL_DEL_NTF, put_nothing,
	  EOPNOTSUPP, "" },
};

static bool check_row(const struct row *row)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(&root, buf, row->cmd);
	static struct heard h;
	bool ok = true, list;
	struct answer a;
	int ret;

	blamed = -1;
	missed = -1;
	row->put(nlh);
	list = (nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	ret = client_ask(&root, nlh, &a);
	if (ret)
		return bad("%s", strerror(ret));
	if (a.err != row->err)
		ok = bad("error %d (%s), should be %d", a.err, strerror(a.err),
			 row->err);
	if (a.replies)
		ok = bad("a refusal with %u replies", a.replies);
	if (row->msg && strcmp(a.msg, row->msg))
		ok = bad("message \"%s\", should be \"%s\"", a.msg, row->msg);
	/* At the end of a list, old kernels do not say which attribute it was. */
	if (a.offs != blamed && !(list && a.offs < 0))
		ok = bad("blames offset %ld, should be %ld (\"%s\")", a.offs,
			 blamed, a.msg);
	if (a.miss != missed)
		ok = bad("misses attribute %ld, should be %ld", a.miss, missed);
	if (count(&root, &h))
		ok = bad("refused, yet there is a cell");
	return ok;
}

/* --- who may ------------------------------------------------------------------- */

static bool open_here(struct client *c)
{
	int ret = client_open(c, family);

	return !ret || bad("no socket: %s", strerror(ret));
}

/* @c may look, and nothing else. What it sends does not come back. */
static bool may_only_look(struct client *c)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	static struct heard h;
	struct nlmsghdr *nlh;
	struct answer a;
	uint8_t id[ID_LEN];

	echo(c);
	if (count(c, &h) != 1)
		return bad("cannot see the cell");
	memcpy(id, h.id, sizeof(id));
	make(c, key_two, &h);
	if (h.err != EPERM || !silent("a refusal", &h))
		return bad("cell-new: %s", strerror(h.err));
	unmake(c, id, &h);
	if (h.err != EPERM)
		return bad("cell-del: %s", strerror(h.err));
	nlh = client_begin(c, buf, UTCP_CMD_CELL_SET);
	mnl_attr_put(nlh, UTCP_A_CELL_ID, ID_LEN, id);
	mnl_attr_put(nlh, UTCP_A_CELL_REALM, KEY_LEN, realm);
	hear(c, nlh, &h);
	if (h.err != EPERM || !silent("a refusal", &h))
		return bad("cell-set: %s", strerror(h.err));
	client_close(c);
	if (!open_here(c) ||
	    client_ask(c, client_begin(c, buf, UTCP_CMD_CELL_NEW), &a))
		return bad("no answer");
	if (strcmp(a.msg, MSG_ADMIN))
		return bad("the reason is \"%s\"", a.msg);
	return count(c, &h) == 1 && !memcmp(h.id, id, sizeof(id));
}

static bool test_nobody(void)
{
	struct client c;

	return become(NOBODY) && open_here(&c) && may_only_look(&c);
}

static bool test_userns_alone(void)
{
	struct client c;

	return user_namespace(0) && open_here(&c) && may_only_look(&c);
}

/* A socket that nobody opened gets no right from root who writes to it. */
static bool test_opened_by_nobody(void)
{
	static struct heard h;
	struct client c;

	if (seteuid(NOBODY) || !open_here(&c) || seteuid(0))
		return bad("seteuid: %s", strerror(errno));
	c.writes = true;
	make(&c, NULL, &h);
	return h.err == EPERM || bad("%s", strerror(h.err));
}

/* Its root is root of the cells there, and knows no other users. */
static bool test_sandbox(void)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	static struct heard h;
	struct nlmsghdr *nlh;
	struct client c;

	if (!user_namespace(CLONE_NEWNET) || !open_here(&c))
		return false;
	if (count(&c, &h))
		return bad("it sees what is outside");
	nlh = client_begin(&c, buf, UTCP_CMD_CELL_NEW);
	mnl_attr_put_u32(nlh, UTCP_A_CELL_OWNER, 1);
	hear(&c, nlh, &h);
	if (h.err != EINVAL)
		return bad("an owner who is not there: %s", strerror(h.err));
	/* The key of a cell outside: another namespace is another world. */
	make(&c, key_one, &h);
	if (h.err || h.cells != 1 || h.owner || !h.is_default)
		return bad("cell-new: %s, owner %u, default %u",
			   strerror(h.err), h.owner, h.is_default);
	unmake(&c, h.id, &h);
	return !h.err || bad("cell-del: %s", strerror(h.err));
}

/* --- secrets --------------------------------------------------------------------- */

static bool test_second_import(void)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	static struct heard h;
	struct nlmsghdr *nlh;
	struct client c;

	if (!open_here(&c))
		return false;
	echo(&c);
	/* Of the same attribute twice the last counts; both are secrets. */
	nlh = client_begin(&c, buf, UTCP_CMD_CELL_NEW);
	mnl_attr_put(nlh, UTCP_A_CELL_PRIVATE_KEY, KEY_LEN, key_two);
	mnl_attr_put(nlh, UTCP_A_CELL_PRIVATE_KEY, KEY_LEN, key_one);
	mnl_attr_put(nlh, UTCP_A_CELL_REALM, KEY_LEN, realm);
	hear(&c, nlh, &h);
	if (h.err != EEXIST)
		return bad("%s", strerror(h.err));
	if (h.len < nlh->nlmsg_len)
		return bad("no copy came back: the test tests nothing");
	client_close(&c);
	return silent("the refusal", &h);
}

/* Everything that is told of a cell with keys and realm, from first to last. */
static bool test_nothing_is_told(void)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	static struct heard h, events;
	struct client c, listener;
	struct nlmsghdr *nlh;
	uint8_t id[ID_LEN];
	bool ok;

	if (!open_here(&c) || !open_here(&listener) || client_join(&listener))
		return bad("cannot listen");
	nlh = client_begin(&c, buf, UTCP_CMD_CELL_NEW);
	mnl_attr_put(nlh, UTCP_A_CELL_PRIVATE_KEY, KEY_LEN, key_two);
	mnl_attr_put(nlh, UTCP_A_CELL_REALM, KEY_LEN, realm);
	hear(&c, nlh, &h);
	if (h.err || h.cells != 1)
		return bad("cell-new: %s", strerror(h.err));
	memcpy(id, h.id, sizeof(id));
	ok = silent("the reply of cell-new", &h);
	nlh = client_begin(&c, buf, UTCP_CMD_CELL_SET);
	mnl_attr_put(nlh, UTCP_A_CELL_ID, ID_LEN, id);
	mnl_attr_put(nlh, UTCP_A_CELL_REALM, KEY_LEN, key_one);
	hear(&c, nlh, &h);
	ok &= !h.err && silent("the reply of cell-set", &h);
	nlh = client_begin(&c, buf, UTCP_CMD_CELL_GET);
	mnl_attr_put(nlh, UTCP_A_CELL_ID, ID_LEN, id);
	hear(&c, nlh, &h);
	ok &= h.cells == 1 && silent("the reply of cell-get", &h);
	ok &= count(&c, &h) == 2 && silent("the list", &h);
	unmake(&c, id, &h);
	ok &= !h.err && silent("the reply of cell-del", &h);
	memset(&events, 0, sizeof(events));
	while (!take(&listener, &events, MSG_DONTWAIT))
		;
	if (events.cells != 3)
		ok = bad("%u events, should be 3", events.cells);
	ok &= silent("an event", &events);
	client_close(&c);
	client_close(&listener);
	return ok;
}

/* --- lists ---------------------------------------------------------------------- */

/* More than one datagram of them: each once, and of one with an id that one. */
static bool test_list(void)
{
	enum { MORE = 60 };
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	static uint8_t id[MORE][ID_LEN];
	static struct heard h;
	struct nlmsghdr *nlh;
	bool ok = true;
	int i;

	for (i = 0; i < MORE; i++) {
		make(&root, NULL, &h);
		if (h.err)
			return bad("cell-new: %s", strerror(h.err));
		memcpy(id[i], h.id, ID_LEN);
	}
	if (count(&root, &h) != MORE + 1)
		ok = bad("%u cells, should be %u", h.cells, MORE + 1);
	for (i = 0; i < MORE; i++)
		if (!memmem(h.bytes, h.len, id[i], ID_LEN))
			ok = bad("cell %d is missing", i);
	nlh = client_begin(&root, buf, UTCP_CMD_CELL_GET);
	nlh->nlmsg_flags |= NLM_F_DUMP;
	mnl_attr_put(nlh, UTCP_A_CELL_ID, ID_LEN, id[7]);
	hear(&root, nlh, &h);
	if (h.err || h.cells != 1 || memcmp(h.id, id[7], ID_LEN))
		ok = bad("a list of one: %s, %u cells", strerror(h.err),
			 h.cells);
	for (i = 0; i < MORE; i++) {
		unmake(&root, id[i], &h);
		if (h.err)
			ok = bad("cell-del: %s", strerror(h.err));
	}
	return ok;
}

static const struct test {
	const char *what;
	bool (*fn)(void);
	bool apart; /* changes what the process is */
} tests[] = {
	{ "nobody may look and nothing else", test_nobody, true },
	{ "nor may root of a user namespace alone", test_userns_alone, true },
	{ "a socket that nobody opened gets no right from root",
	  test_opened_by_nobody, true },
	{ "root of a sandbox has cells of its own", test_sandbox, true },
	{ "a refused import carries no key back", test_second_import, false },
	{ "no reply, list or event has a private key or a realm",
	  test_nothing_is_told, false },
	{ "a long list has each cell once", test_list, false },
};

static int churn(int n)
{
	static struct heard h;
	int i;

	for (i = 0; i < n; i++) {
		make(&root, NULL, &h);
		if (!h.err && i % 3)
			unmake(&root, h.id, &h);
	}
	return KSFT_PASS;
}

int main(int argc, char **argv)
{
	static struct heard h;
	unsigned int i;
	int ret;

	family = family_find(UTCP_FAMILY_NAME);
	ret = client_open(&root, family);
	if (ret)
		ksft_exit_fail_msg("%s: %s\n", family->name, strerror(ret));
	if (argc == 3 && !strcmp(argv[1], "-c"))
		return churn(atoi(argv[2]));
	for (i = 0; i < KEY_LEN; i++) {
		key_one[i] = 0x48 + i;
		key_two[i] = 0x80 + i;
		realm[i] = 0xc0 + i;
	}
	/* clamped: the texts that come back would be the same */
	key_one[31] = 0x55;
	key_two[31] = 0x55;
	ksft_print_header();
	ksft_set_plan(ARRAY_SIZE(rows) + ARRAY_SIZE(tests));
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		ksft_test_result(check_row(&rows[i]), "%s\n", rows[i].what);
	/* There is one from here on. */
	make(&root, key_one, &h);
	if (h.err)
		ksft_exit_fail_msg("cell-new: %s\n", strerror(h.err));
	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		bool ok = tests[i].apart ? apart(tests[i].fn) : tests[i].fn();

		ksft_test_result(ok, "%s\n", tests[i].what);
	}
	count(&root, &h);
	unmake(&root, h.id, &h);
	client_close(&root);
	ksft_finished();
}
