// SPDX-License-Identifier: GPL-2.0-only
/*
 * shaperprobe DEV
 *
 * What the requests about classes and bindings answer when they are not what utcpctl
 * would send, and who may make them: a line for each. DEV is a port of this namespace
 * with policy; there is no class, and none at the end. Exit status 0 if all is as it
 * should be.
 */
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/utcp_shaper.h>

#include "../lib/nl.h"

#define NOBODY 65534
#define ATTRS_MAX 6

#define C(name) UTCP_SHAPER_A_CLASS_##name
#define B(name) UTCP_SHAPER_A_BINDING_##name
#define CMD(name) UTCP_SHAPER_CMD_##name

/* An attribute: a text, or a number of so many bytes. */
struct attr {
	uint16_t type;
	size_t len;
	uint64_t value;
	const char *text;
};

#define U32(type, value)             \
	{                            \
		type, 4, value, NULL \
	}
#define U64(type, value)             \
	{                            \
		type, 8, value, NULL \
	}
#define STR(type, text)          \
	{                        \
		type, 0, 0, text \
	}

/* A request and its answer. NULL: the kernel's own words differ. */
struct row {
	const char *what;
	struct attr attr[ATTRS_MAX];
	int err;
	const char *msg;
	int blamed; /* attribute that has to be blamed, counted from 1; 0: none */
	int missed; /* type of the one that is missing; 0: none */
};

static const char *device;
static uint32_t ifindex;
static unsigned int wrong;

static const char *text_of(const struct attr *attr)
{
	return strcmp(attr->text, "DEV") ? attr->text : device;
}

static void put(struct nlmsghdr *nlh, const struct attr *attr)
{
	uint32_t narrow = (uint32_t)attr->value;

	if (attr->text)
		mnl_attr_put_strz(nlh, attr->type, text_of(attr));
	else if (attr->len == 4)
		mnl_attr_put_u32(nlh, attr->type, narrow);
	else
		mnl_attr_put(nlh, attr->type, attr->len, &attr->value);
}

static void check(struct client *c, uint8_t cmd, const char *name,
		  const struct row *row, uint16_t flags, unsigned int replies)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(c, buf, cmd);
	long offs = -1, missed = row->missed ? row->missed : -1;
	struct answer a;
	bool ok;
	int i;

	for (i = 0; i < ATTRS_MAX && (row->attr[i].type || row->attr[i].len);
	     i++) {
		if (row->blamed == i + 1)
			offs = (char *)mnl_nlmsg_get_payload_tail(nlh) -
			       (char *)nlh;
		put(nlh, &row->attr[i]);
	}
	nlh->nlmsg_flags |= flags;
	if (client_ask(c, nlh, &a))
		exit(2);
	/* Not all kernels tell it at the end of a dump. */
	if (flags && a.offs == -1)
		offs = -1;
	ok = a.err == row->err && a.replies == replies && a.offs == offs &&
	     a.miss == missed && (!row->msg || !strcmp(a.msg, row->msg));
	printf("# %s: %s, %s\n", ok ? "ok" : "FAIL", name, row->what);
	if (ok)
		return;
	wrong++;
	printf("#   error %d (%s) \"%s\", blames %ld (%ld), misses %ld (%ld), %u replies\n",
	       a.err, strerror(a.err), a.msg, a.offs, offs, a.miss, missed,
	       a.replies);
}

#define NAME STR(C(NAME), "x")
#define BAD_RATE "a rate is 0, or 8000 to 10^12 bits per second"
#define BAD_NAME "a name is of printable characters, without blanks"
#define NO_CLASS "there is no such class"
#define BY_ONE "name the class by id or name"
#define BY_DEV "name the device by ifindex or ifname"

/* What no command about classes takes. */
static const struct row class_rows[] = {
	{ "id 0", { U32(C(ID), 0) }, ERANGE, NULL, 1, 0 },
	{ "id 65536", { U32(C(ID), 65536) }, ERANGE, NULL, 1, 0 },
	{ "an id of 8 bytes", { U64(C(ID), 5) }, EINVAL, NULL, 1, 0 },
	{ "a name of 32 bytes",
	  { STR(C(NAME), "thirty-two-letters-are-too-many-") },
	  EINVAL,
	  NULL,
	  1,
	  0 },
	{ "an unknown attribute",
	  { NAME, U32(C(STATS) + 1, 1) },
	  EINVAL,
	  NULL,
	  2,
	  0 },
};

/* Nor those that change one. */
static const struct row config_rows[] = {
	{ "bw-max of 4 bytes", { NAME, U32(C(BW_MAX), 1) }, EINVAL, NULL, 2, 0 },
	{ "burst 999", { NAME, U32(C(BURST), 999) }, ERANGE, NULL, 2, 0 },
	{ "burst 1000001", { NAME, U32(C(BURST), 1000001) }, ERANGE, NULL, 2, 0 },
	{ "priority 8", { NAME, U32(C(PRIORITY), 8) }, ERANGE, NULL, 2, 0 },
	{ "weight 0", { NAME, U32(C(WEIGHT), 0) }, ERANGE, NULL, 2, 0 },
	{ "weight 1001", { NAME, U32(C(WEIGHT), 1001) }, ERANGE, NULL, 2, 0 },
	{ "queue-bytes 2047",
	  { NAME, U32(C(QUEUE_BYTES), 2047) },
	  ERANGE,
	  NULL,
	  2,
	  0 },
	{ "queue-time 60001",
	  { NAME, U32(C(QUEUE_TIME), 60001) },
	  ERANGE,
	  NULL,
	  2,
	  0 },
	{ "overhead 257", { NAME, U32(C(OVERHEAD), 257) }, ERANGE, NULL, 2, 0 },
	{ "waiting", { NAME, U32(C(WAITING), 1) }, EINVAL, NULL, 2, 0 },
};

static const struct row add_rows[] = {
	{ "an empty name", { STR(C(NAME), "") }, EINVAL, BAD_NAME, 1, 0 },
	{ "a blank in a name", { STR(C(NAME), "a b") }, EINVAL, BAD_NAME, 1, 0 },
	{ "an escape in a name",
	  { STR(C(NAME), "\033[m") },
	  EINVAL,
	  BAD_NAME,
	  1,
	  0 },
	{ "nothing", { { 0 } }, EINVAL, "no name given", 0, C(NAME) },
	{ "a slow rate", { NAME, U64(C(BW_MAX), 7999) }, ERANGE, BAD_RATE, 2, 0 },
	{ "a fast rate",
	  { NAME, U64(C(BW_MIN), 1ULL << 63) },
	  ERANGE,
	  BAD_RATE,
	  2,
	  0 },
	{ "a parent that is none",
	  { NAME, STR(C(PARENT), "none") },
	  ENOENT,
	  NO_CLASS,
	  2,
	  0 },
	{ "bw-min above bw-max",
	  { NAME, U64(C(BW_MIN), 20000), U64(C(BW_MAX), 10000) },
	  EINVAL,
	  "bw-min is above bw-max",
	  0,
	  0 },
};

static const struct row name_rows[] = {
	{ "nothing", { { 0 } }, EINVAL, BY_ONE, 0, 0 },
	{ "id and name", { U32(C(ID), 1), NAME }, EINVAL, BY_ONE, 0, 0 },
	{ "a name that is none", { NAME }, ENOENT, NO_CLASS, 1, 0 },
	{ "an id that is none", { U32(C(ID), 9) }, ENOENT, NO_CLASS, 1, 0 },
};

static const struct row binding_rows[] = {
	{ "no direction",
	  { STR(B(IFNAME), "DEV") },
	  EINVAL,
	  "no direction given",
	  0,
	  B(DIRECTION) },
	{ "direction 0",
	  { STR(B(IFNAME), "DEV"), U32(B(DIRECTION), 0) },
	  ERANGE,
	  NULL,
	  2,
	  0 },
	{ "direction 3",
	  { STR(B(IFNAME), "DEV"), U32(B(DIRECTION), 3) },
	  ERANGE,
	  NULL,
	  2,
	  0 },
	{ "no device", { U32(B(DIRECTION), 1) }, EINVAL, BY_DEV, 0, 0 },
	{ "two devices",
	  { U32(B(IFINDEX), 1), STR(B(IFNAME), "DEV"), U32(B(DIRECTION), 1) },
	  EINVAL,
	  BY_DEV,
	  0,
	  0 },
	{ "a device that is none",
	  { STR(B(IFNAME), "none"), U32(B(DIRECTION), 1) },
	  ENODEV,
	  "no such device in this namespace",
	  1,
	  0 },
	{ "a device that is no port",
	  { STR(B(IFNAME), "lo"), U32(B(DIRECTION), 1) },
	  ENOENT,
	  "the device is not a port",
	  1,
	  0 },
	{ "a name of 16 bytes",
	  { STR(B(IFNAME), "sixteen-letters-"), U32(B(DIRECTION), 1) },
	  EINVAL,
	  NULL,
	  1,
	  0 },
};

static const struct row bind_rows[] = {
	{ "no class",
	  { STR(B(IFNAME), "DEV"), U32(B(DIRECTION), 1) },
	  EINVAL,
	  "no class given",
	  0,
	  B(CLASS) },
	{ "a class that is none",
	  { STR(B(IFNAME), "DEV"), U32(B(DIRECTION), 1), STR(B(CLASS), "x") },
	  ENOENT,
	  NO_CLASS,
	  3,
	  0 },
	{ "an unknown flag",
	  { STR(B(IFNAME), "DEV"), U32(B(DIRECTION), 1), STR(B(CLASS), "x"),
	    U32(B(FLAGS), 4) },
	  EINVAL,
	  NULL,
	  4,
	  0 },
};

static const struct row unbind_row = { "a direction that is not bound",
				       { STR(B(IFNAME), "DEV"),
					 U32(B(DIRECTION), 1) },
				       ENOENT,
				       "this direction is not bound",
				       0,
				       0 };

#define EACH(c, cmd, name, rows) \
	each(c, cmd, name, rows, sizeof(rows) / sizeof((rows)[0]))

static void each(struct client *c, uint8_t cmd, const char *name,
		 const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check(c, cmd, name, &rows[i], 0, 0);
}

static void hostile(struct client *c)
{
	static const struct row dump = { "a dump of a parent that is none",
					 { STR(C(PARENT), "none") },
					 ENOENT,
					 NO_CLASS,
					 1,
					 0 };
	static const struct row ntf = { "asked for", { NAME }, EOPNOTSUPP,
					NULL,	     0,	       0 };

	EACH(c, CMD(CLASS_ADD), "class-add", class_rows);
	EACH(c, CMD(CLASS_SET), "class-set", class_rows);
	EACH(c, CMD(CLASS_DEL), "class-del", class_rows);
	EACH(c, CMD(CLASS_GET), "class-get", class_rows);
	EACH(c, CMD(CLASS_ADD), "class-add", config_rows);
	EACH(c, CMD(CLASS_SET), "class-set", config_rows);
	EACH(c, CMD(CLASS_ADD), "class-add", add_rows);
	EACH(c, CMD(CLASS_SET), "class-set", name_rows);
	EACH(c, CMD(CLASS_DEL), "class-del", name_rows);
	EACH(c, CMD(CLASS_GET), "class-get", name_rows);
	EACH(c, CMD(BINDING_ADD), "binding-add", binding_rows);
	EACH(c, CMD(BINDING_DEL), "binding-del", binding_rows);
	EACH(c, CMD(BINDING_ADD), "binding-add", bind_rows);
	check(c, CMD(BINDING_DEL), "binding-del", &unbind_row, 0, 0);
	check(c, CMD(CLASS_GET), "class-get", &dump, NLM_F_DUMP, 0);
	check(c, CMD(CLASS_ADD_NTF), "class-add-ntf", &ntf, 0, 0);
	check(c, CMD(BINDING_DEL_NTF), "binding-del-ntf", &ntf, 0, 0);
}

static const struct row all = { "all", { { 0 } }, 0, NULL, 0, 0 };

/* What is right is done, once, and answered with the object. */
static void good(struct client *c)
{
	static const struct row top = {
		"one",
		{ STR(C(NAME), "up"), U32(C(ID), 5), U64(C(BW_MAX), 1000000) },
		0,
		NULL,
		0,
		0
	};
	static const struct row leaf = {
		"a child", { NAME, STR(C(PARENT), "up") }, 0, NULL, 0, 0
	};
	static const struct row bind = {
		"one",
		{ STR(B(IFNAME), "DEV"), U32(B(DIRECTION), 1), STR(B(CLASS), "x") },
		0,
		NULL,
		0,
		0
	};
	static const struct row by_id = { "by id", { U32(C(ID), 5) },
					  0,	   NULL,
					  0,	   0 };
	static const struct row below = {
		"what is below", { STR(C(PARENT), "up") }, 0, NULL, 0, 0
	};
	static const struct row set = {
		"a setting", { NAME, U64(C(BW_MIN), 500000) }, 0, NULL, 0, 0
	};
	static const struct row too_much = {
		"more than its parent has",
		{ NAME, U64(C(BW_MIN), 2000000) },
		EINVAL,
		"siblings would be guaranteed more than their parent's bw-max",
		0,
		0
	};
	static const struct row less = {
		"less than is guaranteed",
		{ U32(C(ID), 5), U64(C(BW_MAX), 400000) },
		EINVAL,
		"the children are guaranteed more than that bw-max",
		0,
		0
	};
	static const struct row unbind = {
		"one", { STR(B(IFNAME), "DEV"), U32(B(DIRECTION), 1) },
		0,     NULL,
		0,     0
	};
	static const struct row name = { "the child", { NAME }, 0, NULL, 0, 0 };

	check(c, CMD(CLASS_ADD), "class-add", &top, 0, 1);
	check(c, CMD(CLASS_ADD), "class-add", &leaf, 0, 1);
	check(c, CMD(CLASS_GET), "class-get", &by_id, 0, 1);
	check(c, CMD(CLASS_GET), "class-get", &all, NLM_F_DUMP, 2);
	check(c, CMD(CLASS_GET), "class-get", &below, NLM_F_DUMP, 1);
	check(c, CMD(CLASS_SET), "class-set", &set, 0, 1);
	check(c, CMD(CLASS_SET), "class-set", &too_much, 0, 0);
	check(c, CMD(CLASS_SET), "class-set", &less, 0, 0);
	check(c, CMD(BINDING_ADD), "binding-add", &bind, 0, 1);
	check(c, CMD(BINDING_GET), "binding-get", &all, NLM_F_DUMP, 1);
	check(c, CMD(BINDING_DEL), "binding-del", &unbind, 0, 1);
	check(c, CMD(BINDING_DEL), "binding-del", &unbind_row, 0, 0);
	check(c, CMD(CLASS_DEL), "class-del", &name, 0, 1);
	check(c, CMD(CLASS_DEL), "class-del", &by_id, 0, 1);
	check(c, CMD(CLASS_GET), "class-get", &all, NLM_F_DUMP, 0);
}

/* Who has no right over the namespace may look, and nothing else. */
static void refused(const char *who)
{
	static const struct row class_row = {
		"refused",
		{ NAME },
		EPERM,
		"classes need CAP_NET_ADMIN over the network namespace",
		0,
		0
	};
	static const struct row binding_row = {
		"refused",
		{ STR(B(IFNAME), "DEV"), U32(B(DIRECTION), 1), STR(B(CLASS), "x") },
		EPERM,
		"bindings need CAP_NET_ADMIN over the network namespace",
		0,
		0
	};
	static const struct row unbinding_row = {
		"refused",
		{ STR(B(IFNAME), "DEV"), U32(B(DIRECTION), 1) },
		EPERM,
		"bindings need CAP_NET_ADMIN over the network namespace",
		0,
		0
	};
	struct client c;

	printf("# %s may\n", who);
	if (client_open(&c, family_find("utcp-shaper")))
		exit(2);
	check(&c, CMD(CLASS_ADD), "class-add", &class_row, 0, 0);
	check(&c, CMD(CLASS_SET), "class-set", &class_row, 0, 0);
	check(&c, CMD(CLASS_DEL), "class-del", &class_row, 0, 0);
	check(&c, CMD(BINDING_ADD), "binding-add", &binding_row, 0, 0);
	check(&c, CMD(BINDING_DEL), "binding-del", &unbinding_row, 0, 0);
	check(&c, CMD(CLASS_GET), "class-get", &all, NLM_F_DUMP, 0);
	check(&c, CMD(BINDING_GET), "binding-get", &all, NLM_F_DUMP, 0);
	client_close(&c);
}

static void nobody(void)
{
	if (setgid(NOBODY) || setuid(NOBODY))
		exit(2);
	refused("nobody");
}

static void inside(void)
{
	if (setgid(NOBODY) || setuid(NOBODY) || unshare(CLONE_NEWUSER))
		exit(2);
	refused("root of a user namespace alone");
}

/* In a process of its own: it is not the same again. */
static void apart(void (*fn)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		fn();
		fflush(stdout);
		_exit(!!wrong);
	}
	if (waitpid(pid, &status, 0) != pid || status)
		wrong++;
}

int main(int argc, char **argv)
{
	struct client c;

	device = argc == 2 ? argv[1] : "";
	ifindex = if_nametoindex(device);
	if (!ifindex || client_open(&c, family_find("utcp-shaper"))) {
		fprintf(stderr, "usage: shaperprobe DEV, with utcp_shaper\n");
		return 2;
	}
	hostile(&c);
	good(&c);
	apart(nobody);
	apart(inside);
	client_close(&c);
	return !!wrong;
}
