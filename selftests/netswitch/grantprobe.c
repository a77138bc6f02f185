// SPDX-License-Identifier: GPL-2.0-only
/*
 * grantprobe DEV
 *
 * What the requests about grants answer when they are not what utcpctl would send,
 * and who may make them: a line for each. DEV is a port of this namespace without
 * grants, which it has again at the end. Exit status 0 if all is as it should be.
 */
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/nl.h"

#define NOBODY 65534
#define ADD NETSWITCH_CMD_GRANT_ADD
#define DEL NETSWITCH_CMD_GRANT_DEL
#define GET NETSWITCH_CMD_GRANT_GET

static const unsigned char station[6] = { 2, 0, 0, 0, 0, 1 };
static const char zeros[16];

static uint32_t ifindex;
static const char *device;
static long blamed; /* where the attribute is that has to be blamed, or -1 */
static long missed; /* which one is missing, or -1 */
static unsigned int wrong;

static void blame_next(struct nlmsghdr *nlh)
{
	blamed = (char *)mnl_nlmsg_get_payload_tail(nlh) - (char *)nlh;
}

static void put_port(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, NETSWITCH_A_GRANT_IFINDEX, ifindex);
}

static void put_type(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, NETSWITCH_A_GRANT_ETHERTYPE, 0x4c57);
}

static void put_user(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, NETSWITCH_A_GRANT_UID, NOBODY);
}

/* All that a grant needs. */
static void put_good(struct nlmsghdr *nlh)
{
	put_port(nlh);
	put_type(nlh);
	put_user(nlh);
}

static void put_nothing(struct nlmsghdr *nlh)
{
	(void)nlh;
	missed = NETSWITCH_A_GRANT_ETHERTYPE;
}

static void put_no_port(struct nlmsghdr *nlh)
{
	put_type(nlh);
	put_user(nlh);
}

static void put_two_ports(struct nlmsghdr *nlh)
{
	put_good(nlh);
	mnl_attr_put_strz(nlh, NETSWITCH_A_GRANT_IFNAME, device);
}

static void put_port_zero(struct nlmsghdr *nlh)
{
	put_no_port(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, NETSWITCH_A_GRANT_IFINDEX, 0);
}

static void put_port_none(struct nlmsghdr *nlh)
{
	put_no_port(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, NETSWITCH_A_GRANT_IFINDEX, UINT32_MAX);
}

static void put_name_long(struct nlmsghdr *nlh)
{
	put_no_port(nlh);
	blame_next(nlh);
	mnl_attr_put_strz(nlh, NETSWITCH_A_GRANT_IFNAME, "sixteen-letters-");
}

static void put_name_open(struct nlmsghdr *nlh)
{
	put_no_port(nlh);
	blame_next(nlh);
	mnl_attr_put(nlh, NETSWITCH_A_GRANT_IFNAME, 2, "lo");
}

static void put_no_type(struct nlmsghdr *nlh)
{
	put_port(nlh);
	put_user(nlh);
	missed = NETSWITCH_A_GRANT_ETHERTYPE;
}

static void put_type_as(struct nlmsghdr *nlh, uint32_t type)
{
	put_port(nlh);
	put_user(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, NETSWITCH_A_GRANT_ETHERTYPE, type);
}

static void put_type_short(struct nlmsghdr *nlh)
{
	put_type_as(nlh, 0x5ff);
}

static void put_type_long(struct nlmsghdr *nlh)
{
	put_type_as(nlh, 0x10000);
}

static void put_type_ip(struct nlmsghdr *nlh)
{
	put_type_as(nlh, 0x0800);
}

static void put_nobody(struct nlmsghdr *nlh)
{
	put_port(nlh);
	put_type(nlh);
}

static void put_both(struct nlmsghdr *nlh)
{
	put_good(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, NETSWITCH_A_GRANT_GID, NOBODY);
}

static void put_user_none(struct nlmsghdr *nlh)
{
	put_nobody(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, NETSWITCH_A_GRANT_UID, UINT32_MAX);
}

static void put_group_none(struct nlmsghdr *nlh)
{
	put_nobody(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, NETSWITCH_A_GRANT_GID, UINT32_MAX);
}

static void put_sized(struct nlmsghdr *nlh, uint16_t type, size_t len)
{
	put_good(nlh);
	blame_next(nlh);
	mnl_attr_put(nlh, type, len, zeros);
}

static void put_user_u16(struct nlmsghdr *nlh)
{
	put_nobody(nlh);
	blame_next(nlh);
	mnl_attr_put_u16(nlh, NETSWITCH_A_GRANT_UID, 1);
}

static void put_group_empty(struct nlmsghdr *nlh)
{
	put_nobody(nlh);
	blame_next(nlh);
	mnl_attr_put(nlh, NETSWITCH_A_GRANT_GID, 0, NULL);
}

static void put_mac_short(struct nlmsghdr *nlh)
{
	put_sized(nlh, NETSWITCH_A_GRANT_MAC, 5);
}

static void put_mac_long(struct nlmsghdr *nlh)
{
	put_sized(nlh, NETSWITCH_A_GRANT_MAC, 7);
}

static void put_mac_zero(struct nlmsghdr *nlh)
{
	put_sized(nlh, NETSWITCH_A_GRANT_MAC, 6);
}

static void put_mac_group(struct nlmsghdr *nlh)
{
	put_good(nlh);
	blame_next(nlh);
	mnl_attr_put(nlh, NETSWITCH_A_GRANT_MAC, 6, "\1\0\0\0\0\1");
}

static void put_unknown(struct nlmsghdr *nlh)
{
	put_good(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, NETSWITCH_A_GRANT_MAX + 1, 1);
}

static void put_attr_zero(struct nlmsghdr *nlh)
{
	put_good(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, 0, 1);
}

static void put_nested(struct nlmsghdr *nlh)
{
	put_nobody(nlh);
	blame_next(nlh);
	mnl_attr_put_u32(nlh, NETSWITCH_A_GRANT_UID | NLA_F_NESTED, 1);
}

static void put_stray(struct nlmsghdr *nlh)
{
	put_good(nlh);
	nlh->nlmsg_len += 3;
}

static void put_dump(struct nlmsghdr *nlh)
{
	put_good(nlh);
	nlh->nlmsg_flags |= NLM_F_DUMP;
}

static void put_dump_both(struct nlmsghdr *nlh)
{
	put_both(nlh);
	nlh->nlmsg_flags |= NLM_F_DUMP;
}

static void put_dump_none(struct nlmsghdr *nlh)
{
	put_port_none(nlh);
	nlh->nlmsg_flags |= NLM_F_DUMP;
}

/* Of each command that takes it. NULL: the kernel's own words differ. */
static const struct row {
	const char *what;
	void (*put)(struct nlmsghdr *nlh);
	int err;
	const char *msg;
} rows[] = {
	{ "nothing at all", put_nothing, EINVAL, "no EtherType given" },
	{ "no port", put_no_port, EINVAL,
	  "name the device by ifindex or ifname" },
	{ "two ports", put_two_ports, EINVAL,
	  "name the device by ifindex or ifname" },
	{ "port 0", put_port_zero, ERANGE, NULL },
	{ "a port that is none", put_port_none, ENODEV,
	  "no such device in this namespace" },
	{ "a name that is too long", put_name_long, EINVAL, NULL },
	{ "a name without an end", put_name_open, EINVAL, NULL },
	{ "no EtherType", put_no_type, EINVAL, "no EtherType given" },
	{ "a length", put_type_short, ERANGE, NULL },
	{ "an EtherType of 17 bits", put_type_long, ERANGE, NULL },
	{ "nobody", put_nobody, EINVAL, "name a user or a group" },
	{ "user and group", put_both, EINVAL,
	  "name a user or a group, not both" },
	{ "user 2^32 - 1", put_user_none, EINVAL,
	  "the requester's user namespace has no such user" },
	{ "group 2^32 - 1", put_group_none, EINVAL,
	  "the requester's user namespace has no such group" },
	{ "a user of 2 bytes", put_user_u16, EINVAL, NULL },
	{ "a group without a number", put_group_empty, EINVAL, NULL },
	{ "a user with the nested flag", put_nested, EINVAL, NULL },
	{ "an address of 5 bytes", put_mac_short, ERANGE, NULL },
	{ "an address of 7 bytes", put_mac_long, ERANGE, NULL },
	{ "address 0", put_mac_zero, EINVAL,
	  "the address is not that of one station" },
	{ "the address of a group", put_mac_group, EINVAL,
	  "the address is not that of one station" },
	{ "an unknown attribute", put_unknown, EINVAL, NULL },
	{ "attribute 0", put_attr_zero, EINVAL, NULL },
	{ "stray bytes", put_stray, EINVAL, NULL },
};

static void result(bool ok, const char *cmd, const char *what,
		   const struct answer *a)
{
	printf("# %s: %s, %s\n", ok ? "ok" : "FAIL", cmd, what);
	if (ok)
		return;
	wrong++;
	printf("#   error %d (%s) \"%s\", blames %ld (%ld), misses %ld (%ld), %u replies\n",
	       a->err, strerror(a->err), a->msg, a->offs, blamed, a->miss,
	       missed, a->replies);
}

static void check(struct client *c, uint8_t cmd, const char *name,
		  const struct row *row)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(c, buf, cmd);
	struct answer a;
	bool ok;

	blamed = -1;
	missed = -1;
	row->put(nlh);
	if (client_ask(c, nlh, &a))
		exit(2);
	/* Not all kernels tell it at the end of a dump. */
	if ((nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP && a.offs == -1)
		blamed = -1;
	ok = a.err == row->err && !a.replies && a.offs == blamed &&
	     a.miss == missed && (!row->msg || !strcmp(a.msg, row->msg));
	result(ok, name, row->what, &a);
}

/* A request that goes through gives one reply; the grant itself is what nl.h does
 * not know, and utcpctl shows.
 */
static void done(struct client *c, uint8_t cmd, const char *name, int err,
		 unsigned int replies, void (*put)(struct nlmsghdr *nlh),
		 uint16_t flags)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(c, buf, cmd);
	struct answer a;

	blamed = -1;
	missed = -1;
	put(nlh);
	nlh->nlmsg_flags |= flags;
	if (client_ask(c, nlh, &a))
		exit(2);
	result(a.err == err && a.replies == replies, name,
	       err ? strerror(err) : "done", &a);
}

static void put_all(struct nlmsghdr *nlh)
{
	(void)nlh;
}

static void put_other_user(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, NETSWITCH_A_GRANT_UID, 1);
}

static void put_mac(struct nlmsghdr *nlh)
{
	put_good(nlh);
	mnl_attr_put(nlh, NETSWITCH_A_GRANT_MAC, 6, station);
}

static void put_only_mac(struct nlmsghdr *nlh)
{
	mnl_attr_put(nlh, NETSWITCH_A_GRANT_MAC, 6, station);
}

static void good(struct client *c)
{
	done(c, ADD, "grant-add", 0, 1, put_good, 0);
	done(c, ADD, "grant-add, twice", EEXIST, 0, put_good, 0);
	done(c, ADD, "grant-add, of an address", 0, 1, put_mac, 0);
	done(c, GET, "grant-get", 0, 1, put_good, 0);
	done(c, GET, "grant-get of all", 0, 2, put_all, NLM_F_DUMP);
	done(c, GET, "grant-get of a port", 0, 2, put_port, NLM_F_DUMP);
	done(c, GET, "grant-get of a user", 0, 2, put_user, NLM_F_DUMP);
	done(c, GET, "grant-get of another", 0, 0, put_other_user, NLM_F_DUMP);
	done(c, GET, "grant-get of an address", 0, 1, put_only_mac, NLM_F_DUMP);
	done(c, DEL, "grant-del", 0, 1, put_good, 0);
	done(c, DEL, "grant-del, twice", ENOENT, 0, put_good, 0);
	done(c, GET, "grant-get of what is gone", ENOENT, 0, put_good, 0);
	done(c, GET, "grant-get of what stays", 0, 1, put_mac, 0);
	done(c, DEL, "grant-del, of an address", 0, 1, put_mac, 0);
	done(c, GET, "grant-get of none", 0, 0, put_all, NLM_F_DUMP);
}

/* What who has no right over the namespace is answered; @get: for what is not there. */
static void refused(const char *who, int get)
{
	static const struct row row = {
		"not", put_good, EPERM,
		"grants need CAP_NET_ADMIN over the network namespace"
	};
	struct client c;

	printf("# %s may\n", who);
	if (client_open(&c, family_find("netswitch")))
		exit(2);
	check(&c, ADD, "grant-add", &row);
	check(&c, DEL, "grant-del", &row);
	done(&c, GET, "grant-get", get, 0, put_good, 0);
	done(&c, GET, "grant-get of all", 0, 0, put_all, NLM_F_DUMP);
	client_close(&c);
}

static void nobody(void)
{
	if (setgid(NOBODY) || setuid(NOBODY))
		exit(2);
	refused("nobody", ENOENT);
}

static void inside(void)
{
	if (setgid(NOBODY) || setuid(NOBODY) || unshare(CLONE_NEWUSER))
		exit(2);
	/* where no user has a number yet */
	refused("root of a user namespace alone", EINVAL);
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
	static const struct row taken = {
		"the stack's EtherType", put_type_ip, EINVAL,
		"the EtherType is the kernel's: only CAP_NET_ADMIN takes it"
	};
	static const struct row dumps[] = {
		{ "a dump, user and group", put_dump_both, EINVAL,
		  "name a user or a group, not both" },
		{ "a dump of a port that is none", put_dump_none, ENODEV,
		  "no such device in this namespace" },
	};
	static const struct row no_dump = { "as a dump", put_dump, EOPNOTSUPP,
					    "" };
	static const struct {
		uint8_t cmd;
		const char *name;
	} cmds[] = {
		{ ADD, "grant-add" },
		{ DEL, "grant-del" },
		{ GET, "grant-get" },
	};
	struct client c;
	size_t i, j;

	device = argc == 2 ? argv[1] : "";
	ifindex = if_nametoindex(device);
	if (!ifindex || client_open(&c, family_find("netswitch"))) {
		fprintf(stderr, "usage: grantprobe DEV, with netswitch\n");
		return 2;
	}
	for (i = 0; i < sizeof(cmds) / sizeof(cmds[0]); i++)
		for (j = 0; j < sizeof(rows) / sizeof(rows[0]); j++)
			check(&c, cmds[i].cmd, cmds[i].name, &rows[j]);
	check(&c, ADD, "grant-add", &taken);
	check(&c, ADD, "grant-add", &no_dump);
	check(&c, DEL, "grant-del", &no_dump);
	for (i = 0; i < sizeof(dumps) / sizeof(dumps[0]); i++)
		check(&c, GET, "grant-get", &dumps[i]);
	done(&c, NETSWITCH_CMD_GRANT_ADD_NTF, "grant-add-ntf", EOPNOTSUPP, 0,
	     put_good, 0);
	done(&c, NETSWITCH_CMD_GRANT_DEL_NTF, "grant-del-ntf", EOPNOTSUPP, 0,
	     put_good, 0);
	done(&c, GET, "nothing was granted", 0, 0, put_all, NLM_F_DUMP);
	good(&c);
	apart(nobody);
	apart(inside);
	client_close(&c);
	return !!wrong;
}
