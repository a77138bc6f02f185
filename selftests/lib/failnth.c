// SPDX-License-Identifier: GPL-2.0-only
/*
 * failnth insert FILE NAME
 * failnth family NAME
 * failnth netns NAME
 * failnth ring DEVICE
 * failnth grant DEVICE
 * failnth cell
 * failnth acl
 * failnth acl-more DEVICE
 * failnth peer
 * failnth shaper DEVICE
 *
 * Lets the n-th fallible allocation of a step fail, for n = 1, 2, 3, ... until
 * the step gets by with fewer than n of them (Linux' /proc/self/fail-nth). Each
 * failure has to be clean: the step gives ENOMEM (or ENOBUFS), or gets by
 * without what it could not have; nothing is half done; and the step succeeds
 * when it is tried again.
 *
 *   insert	inserts the module FILE and removes it again
 *   family	every command of the family, on a socket of its own namespace
 *   netns	a new network namespace, while the family is there
 *   ring	a ring of the port with this device: opened, bound and mapped, for
 *		itself, and then sharing by an address of its own; the
 *		namespace's limit on rings should be 1, so that none is left unseen
 *   grant	a grant of the port with this device, made and taken back; the
 *		namespace's limit on grants should be 1
 *   cell	a cell is imported, changed, listed and removed; the namespace's limit
 *		on cells should be 1
 *   acl	a policy is made, gets a rule, is replaced by one of more rules, which
 *		are listed, and removed; what could not be done has changed nothing
 *   acl-more	a set gets an element, and a rule names it; the port with this device
 *		is bound to the rule's policy, with addresses of its own, and so is the
 *		namespace; the policy is replaced, which is confirmed; and all of it is
 *		removed
 *   peer	a peer is added to the default cell, shown and removed
 *   shaper	two classes, one below the other, are made, one is changed and bound
 *		to a direction of the port with this device; they are listed, and all
 *		of it is removed
 *
 * The kernel needs failslab and fail_page_alloc, set up to fail sleeping
 * allocations as well. Exit status 0 if all was clean, 1 otherwise.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/netswitch_ring.h>
#include <linux/utcp.h>
#include <linux/utcp_acl.h>
#include <linux/utcp_shaper.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "nl.h"
#include "nth.h"

/* --- inserting ------------------------------------------------------------------ */

static bool present(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "/sys/module/%s", name);
	return !access(path, F_OK);
}

static int insert(int file)
{
	return syscall(SYS_finit_module, file, "", 0) ? errno : 0;
}

static int remove_module(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? errno : 0;
}

static int fail_insert(const char *path, const char *name)
{
	unsigned int n, failed = 0, survived = 0;
	int file = open(path, O_RDONLY | O_CLOEXEC);
	int err = file < 0 ? errno : insert(file);

	/* Not counting what is allocated only the first time. */
	if (!err)
		err = remove_module(name);
	if (err) {
		printf("# %s, no allocation failing: %s\n", path,
		       strerror(err));
		return 1;
	}
	for (n = 1; n < NTH_MOST; n++) {
		unsigned int left;

		nth_arm(n);
		err = insert(file);
		left = nth_disarm();
		if (err && (left || !nth_injected(err))) {
			printf("# allocation %u: %s\n", n, strerror(err));
			return 1;
		}
		if (!!err == present(name)) {
			printf("# allocation %u: insmod gave %d, the module is %sthere\n",
			       n, err, err ? "" : "not ");
			return 1;
		}
		if (!err)
			err = remove_module(name);
		else
			failed++, err = 0;
		if (err) {
			printf("# allocation %u: removing: %s\n", n,
			       strerror(err));
			return 1;
		}
		if (left)
			break;
	}
	survived = n - 1 - failed;
	err = insert(file);
	if (!err)
		err = remove_module(name);
	if (err) {
		printf("# afterwards: %s\n", strerror(err));
		return 1;
	}
	printf("# insmod %s: %u allocations; %u failing ones refused it, %u did not matter\n",
	       name, n - 1, failed, survived);
	return n == NTH_MOST || !failed;
}

/* --- commands ------------------------------------------------------------------- */

static struct client client;
static struct info before, wanted;

static int step_get(void)
{
	struct info info;

	return client_get(&client, &info);
}

static int step_set(void)
{
	struct answer a;
	int ret =
		client_set(&client, (1U << client.family->n) - 1, &wanted, &a);

	return ret ? ret : a.err;
}

static int step_refused(void)
{
	struct info bad = wanted;
	struct answer a;
	int ret;

	bad.val[0] = client.family->limit[0].max + 1;
	ret = client_set(&client, 3, &bad, &a);
	if (!ret && a.err == ERANGE)
		return 0;
	return ret ? ret : a.err ? a.err : EPROTO;
}

static int step_join(void)
{
	struct client c;
	int ret = client_open(&c, client.family);

	if (!ret)
		ret = client_join(&c);
	client_close(&c);
	return ret;
}

/* A new namespace, and the family in it; by a thread of control that comes
 * back.
 */
static int step_netns(void)
{
	int old = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int ret = old < 0 ? errno : 0;

	if (!ret && unshare(CLONE_NEWNET))
		ret = errno;
	if (old >= 0) {
		if (!ret && setns(old, CLONE_NEWNET))
			exit(1);
		close(old);
	}
	return ret;
}

static const struct step {
	const char *what;
	int (*fn)(void);
	bool sets; /* leaves @wanted, or what was before */
} steps[] = {
	{ "info-get", step_get, false },
	{ "limits-set", step_set, true },
	{ "limits-set, refused", step_refused, false },
	{ "look-up and joining", step_join, false },
};

static const struct step netns_step = { "a new network namespace", step_netns,
					false };

/* Answers of a request that failed half way must not be taken for the next
 * one's; a socket of its own for each try, made without faults.
 */
static bool new_client(const struct family *family)
{
	int ret = client_open(&client, family);

	if (ret)
		printf("# %s: %s\n", family->name, strerror(ret));
	return !ret;
}

static bool limits_are(const struct info *want)
{
	struct info now;

	return !client_get(&client, &now) &&
	       !memcmp(now.val, want->val,
		       client.family->n * sizeof(now.val[0]));
}

static bool set_to(const struct info *want)
{
	struct answer a;

	return !client_set(&client, (1U << client.family->n) - 1, want, &a) &&
	       !a.err;
}

static bool fail_step(const struct family *family, const struct step *step)
{
	unsigned int n, left = 0, failed = 0;
	int err;

	for (n = 1; !left && n < NTH_MOST; n++) {
		if (!new_client(family))
			return false;
		nth_arm(n);
		err = step->fn();
		left = nth_disarm();
		client_close(&client);
		if (err && (left || !nth_injected(err))) {
			printf("# %s, allocation %u: %s\n", step->what, n,
			       strerror(err));
			return false;
		}
		failed += !!err;
		if (!new_client(family))
			return false;
		/* A reply that could not be sent leaves the change done: that is
		 * netlink, the requester sees ENOBUFS and asks again.
		 */
		if (!limits_are(&before) &&
		    !(step->sets && limits_are(&wanted))) {
			printf("# %s, allocation %u: half done\n", step->what,
			       n);
			return false;
		}
		if (!set_to(&before)) {
			printf("# %s, allocation %u: limits-set afterwards fails\n",
			       step->what, n);
			return false;
		}
		client_close(&client);
	}
	printf("# %s %s: %u allocations, %u failing ones were told\n",
	       family->name, step->what, n - 2, failed);
	return left;
}

static int fail_family(const char *name, bool netns)
{
	const struct family *family = family_find(name);
	unsigned int i;
	int ret = 0;

	if (!family) {
		fprintf(stderr, "failnth: no family %s is known\n", name);
		return 1;
	}
	if (!new_client(family) || client_get(&client, &before))
		return 1;
	client_close(&client);
	for (i = 0; i < family->n; i++)
		wanted.val[i] = before.val[i] - 1;
	if (netns)
		return !fail_step(family, &netns_step);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (!fail_step(family, &steps[i]))
			ret = 1;
	return ret;
}

/* --- rings ---------------------------------------------------------------------- */

static int use_ring(unsigned int ifindex, bool by_mac)
{
	struct netswitch_ring_bind bind = {
		.ifindex = ifindex,
		.ethertype = 0x4c57,
		.rx_slots = 16,
		.tx_slots = 16,
		.slot_size = 256,
		.flags = NETSWITCH_RING_ZEROCOPY,
	};
	struct netswitch_ring_info info;
	int fd = open("/dev/netswitch", O_RDWR | O_CLOEXEC), err = 0;
	void *mem;

	if (fd < 0)
		return errno;
	if (by_mac) {
		bind.fanout = NETSWITCH_RING_FANOUT_MAC;
		bind.mac[0] = 2;
	}
	if (ioctl(fd, NETSWITCH_RING_BIND, &bind) ||
	    ioctl(fd, NETSWITCH_RING_INFO, &info)) {
		err = errno;
	} else {
		mem = mmap(NULL, info.map_size, PROT_READ | PROT_WRITE,
			   MAP_SHARED, fd, 0);
		if (mem == MAP_FAILED)
			err = errno;
		else
			munmap(mem, info.map_size);
	}
	close(fd);
	return err;
}

static int fail_ring(const char *device, bool by_mac)
{
	unsigned int ifindex = if_nametoindex(device), n, left = 0, failed = 0;
	int err = use_ring(ifindex, by_mac);

	if (err) {
		printf("# a ring of %s, no allocation failing: %s\n", device,
		       strerror(err));
		return 1;
	}
	for (n = 1; !left && n < NTH_MOST; n++) {
		nth_arm(n);
		err = use_ring(ifindex, by_mac);
		left = nth_disarm();
		if (err && (left || !nth_injected(err))) {
			printf("# allocation %u: %s\n", n, strerror(err));
			return 1;
		}
		failed += !!err;
		err = use_ring(ifindex, by_mac);
		if (err) {
			printf("# after allocation %u: %s\n", n, strerror(err));
			return 1;
		}
	}
	printf("# a ring: %u allocations, %u failing ones were told\n", n - 2,
	       failed);
	return !left || !failed;
}

/* --- cells ---------------------------------------------------------------------- */

/* A request about the cell with this private key and CellID, which are the first
 * of the vectors of the specification.
 */
static int ask_cell(uint8_t cmd)
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
	else
		mnl_attr_put(nlh, UTCP_A_CELL_ID, sizeof(id), id);
	if (cmd == UTCP_CMD_CELL_SET)
		mnl_attr_put_u32(nlh, UTCP_A_CELL_MODE, UTCP_CELL_MODE_OTHER);
	if (cmd == UTCP_CMD_CELL_GET)
		nlh->nlmsg_flags |= NLM_F_DUMP;
	err = client_ask(&client, nlh, &a);
	return err ? err : a.err;
}

static int use_cell(void)
{
	static const uint8_t cmds[] = { UTCP_CMD_CELL_NEW, UTCP_CMD_CELL_SET,
					UTCP_CMD_CELL_GET, UTCP_CMD_CELL_DEL };
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < sizeof(cmds); i++)
		err = ask_cell(cmds[i]);
	return err;
}

/* --- peers ------------------------------------------------------------------------- */

/* A request about the second cell of the vectors, as a peer of the default cell. */
static int ask_peer(uint8_t cmd)
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
	else
		mnl_attr_put(nlh, UTCP_A_PEER_ID, sizeof(id), id);
	err = client_ask(&client, nlh, &a);
	return err ? err : a.err;
}

static int use_peer(void)
{
	static const uint8_t cmds[] = { UTCP_CMD_PEER_ADD, UTCP_CMD_PEER_GET,
					UTCP_CMD_PEER_DEL };
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < sizeof(cmds); i++)
		err = ask_peer(cmds[i]);
	return err;
}

/* Of either: @use all that can be done with it, @del what is left of that. */
static int fail_object(const char *what, int (*use)(void),
		       int (*ask)(uint8_t cmd), uint8_t del)
{
	const struct family *family = family_find(UTCP_FAMILY_NAME);
	unsigned int n, left = 0, failed = 0;
	int err;

	for (n = 1; !left && n < NTH_MOST; n++) {
		if (!new_client(family))
			return 1;
		nth_arm(n);
		err = use();
		left = nth_disarm();
		client_close(&client);
		if (err && (left || !nth_injected(err))) {
			printf("# allocation %u: %s\n", n, strerror(err));
			return 1;
		}
		failed += !!err;
		/* What was done up to there stands, as did what only its reply was
		 * lost of; nothing else does.
		 */
		if (!new_client(family))
			return 1;
		err = ask(del);
		if (!err || err == ENOENT)
			err = use();
		client_close(&client);
		if (err) {
			printf("# after allocation %u: %s\n", n, strerror(err));
			return 1;
		}
	}
	printf("# a %s: %u allocations, %u failing ones were told\n", what,
	       n - 2, failed);
	return !left || !failed;
}

/* --- access lists ---------------------------------------------------------------- */

/* So many that the classifier makes tables of them. */
#define ACL_RULES 60

/**
 * struct acl_answer - what came back for a request
 * @n: how many answers
 * @load: number of the load, if they have one
 */
struct acl_answer {
	unsigned int n;
	uint32_t load;
};

static void take_acl(const struct nlmsghdr *nlh, struct acl_answer *a)
{
	const struct nlattr *attr;

	a->n++;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == UTCP_ACL_A_POLICY_LOAD)
			a->load = mnl_attr_get_u32(attr);
}

/* Asks, and reads up to the acknowledgment. Return: 0 or an errno. */
static int ask_acl(const struct nlmsghdr *nlh, struct acl_answer *a)
{
	static char buf[65536] __attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *in;
	int err, left;
	ssize_t len;

	memset(a, 0, sizeof(*a));
	err = client_send(&client, nlh);
	if (err)
		return err;
	for (;;) {
		len = recv(mnl_socket_get_fd(client.nl), buf, sizeof(buf), 0);
		if (len < 0)
			return errno;
		left = len;
		for (in = (void *)buf; mnl_nlmsg_ok(in, left);
		     in = mnl_nlmsg_next(in, &left)) {
			const struct nlmsgerr *e = mnl_nlmsg_get_payload(in);

			if (in->nlmsg_type == NLMSG_ERROR ||
			    in->nlmsg_type == NLMSG_DONE)
				return -e->error;
			take_acl(in, a);
		}
	}
}

/* Rules of two shapes, each about another address. */
static void put_rules(struct nlmsghdr *nlh, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		struct nlattr *nest =
			mnl_attr_nest_start(nlh, UTCP_ACL_A_POLICY_RULE);
		unsigned char addr[] = { 10, 0, 0, i << 1 };

		mnl_attr_put_u32(nlh, UTCP_ACL_A_RULE_DIRECTION,
				 UTCP_ACL_DIRECTION_OUT);
		mnl_attr_put_u32(nlh, UTCP_ACL_A_RULE_VERDICT,
				 UTCP_ACL_VERDICT_ALLOW);
		mnl_attr_put(nlh, UTCP_ACL_A_RULE_DST4, 4, addr);
		mnl_attr_put_u32(nlh, UTCP_ACL_A_RULE_DST_LEN, 32 - i % 2);
		mnl_attr_put_strz(nlh, UTCP_ACL_A_RULE_COMMENT, "a rule");
		if (!i)
			mnl_attr_put_u64(nlh, UTCP_ACL_A_RULE_EXPIRES, 3600000);
		mnl_attr_nest_end(nlh, nest);
	}
}

/* A request about the policy, or about a load of it; with @rules. */
static int request_acl(uint8_t cmd, uint32_t load, unsigned int rules,
		       struct acl_answer *a)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(&client, buf, cmd);

	if (load)
		mnl_attr_put_u32(nlh, UTCP_ACL_A_POLICY_LOAD, load);
	else
		mnl_attr_put_strz(nlh, UTCP_ACL_A_POLICY_NAME, "p");
	put_rules(nlh, rules);
	if (cmd == UTCP_ACL_CMD_RULE_GET)
		nlh->nlmsg_flags |= NLM_F_DUMP;
	return ask_acl(nlh, a);
}

static int use_acl(void)
{
	struct acl_answer a;
	uint32_t load = 0;
	int err;

	err = request_acl(UTCP_ACL_CMD_POLICY_NEW, 0, 0, &a);
	if (!err)
		err = request_acl(UTCP_ACL_CMD_RULE_ADD, 0, 1, &a);
	if (!err)
		err = request_acl(UTCP_ACL_CMD_LOAD_BEGIN, 0, 0, &a);
	load = a.load;
	if (!err)
		err = request_acl(UTCP_ACL_CMD_LOAD_ADD, load, ACL_RULES, &a);
	if (!err)
		err = request_acl(UTCP_ACL_CMD_LOAD_COMMIT, load, 0, &a);
	if (!err)
		err = request_acl(UTCP_ACL_CMD_RULE_ADD, 0, 1, &a);
	if (!err)
		err = request_acl(UTCP_ACL_CMD_RULE_GET, 0, 0, &a);
	if (!err)
		err = request_acl(UTCP_ACL_CMD_POLICY_DEL, 0, 0, &a);
	return err;
}

/* What is there is a whole state, of those between two requests; it is removed. */
static bool acl_is_whole(void)
{
	struct acl_answer a;
	int err = request_acl(UTCP_ACL_CMD_RULE_GET, 0, 0, &a);

	if (err == ENOENT)
		return true;
	if (err || (a.n > 1 && a.n != ACL_RULES && a.n != ACL_RULES + 1)) {
		printf("# %u rules: %s\n", a.n, strerror(err));
		return false;
	}
	err = request_acl(UTCP_ACL_CMD_POLICY_DEL, 0, 0, &a);
	if (err)
		printf("# policy-del: %s\n", strerror(err));
	return !err;
}

static int fail_acl(void)
{
	const struct family *family = family_find(UTCP_ACL_FAMILY_NAME);
	unsigned int n, left = 0, failed = 0;
	int err;

	for (n = 1; !left && n < NTH_MOST; n++) {
		if (!new_client(family))
			return 1;
		nth_arm(n);
		err = use_acl();
		left = nth_disarm();
		/* With the socket goes its load. */
		client_close(&client);
		if (err && (left || !nth_injected(err))) {
			printf("# allocation %u: %s\n", n, strerror(err));
			return 1;
		}
		failed += !!err;
		if (!new_client(family))
			return 1;
		err = acl_is_whole() ? use_acl() : EILSEQ;
		client_close(&client);
		if (err) {
			printf("# after allocation %u: %s\n", n, strerror(err));
			return 1;
		}
	}
	printf("# access lists: %u allocations, %u failing ones were told\n",
	       n - 2, failed);
	return !left || !failed;
}

static const char *acl_device;

static void put_acl_set(struct nlmsghdr *nlh)
{
	mnl_attr_put_strz(nlh, UTCP_ACL_A_SET_NAME, "s");
}

static void put_acl_set_new(struct nlmsghdr *nlh)
{
	put_acl_set(nlh);
	mnl_attr_put_u32(nlh, UTCP_ACL_A_SET_TYPE, UTCP_ACL_SET_TYPE_PREFIX);
}

static void put_acl_elem(struct nlmsghdr *nlh)
{
	struct nlattr *nest;

	put_acl_set(nlh);
	nest = mnl_attr_nest_start(nlh, UTCP_ACL_A_SET_ELEM);
	mnl_attr_put(nlh, UTCP_ACL_A_ELEM_ADDR4, 4, "\x0a\0\0\1");
	mnl_attr_put_u64(nlh, UTCP_ACL_A_ELEM_EXPIRES, 3600000);
	mnl_attr_nest_end(nlh, nest);
}

static void put_acl_policy(struct nlmsghdr *nlh)
{
	mnl_attr_put_strz(nlh, UTCP_ACL_A_POLICY_NAME, "p");
}

static void put_acl_rule(struct nlmsghdr *nlh)
{
	struct nlattr *nest;

	put_acl_policy(nlh);
	nest = mnl_attr_nest_start(nlh, UTCP_ACL_A_POLICY_RULE);
	mnl_attr_put_u32(nlh, UTCP_ACL_A_RULE_DIRECTION,
			 UTCP_ACL_DIRECTION_OUT);
	mnl_attr_put_u32(nlh, UTCP_ACL_A_RULE_VERDICT, UTCP_ACL_VERDICT_ALLOW);
	mnl_attr_put_strz(nlh, UTCP_ACL_A_RULE_DST_SET, "s");
	mnl_attr_nest_end(nlh, nest);
}

static void put_acl_port(struct nlmsghdr *nlh)
{
	mnl_attr_put_strz(nlh, UTCP_ACL_A_BINDING_IFNAME, acl_device);
}

static void put_acl_bind(struct nlmsghdr *nlh)
{
	put_acl_port(nlh);
	mnl_attr_put_strz(nlh, UTCP_ACL_A_BINDING_POLICY, "p");
	mnl_attr_put(nlh, UTCP_ACL_A_BINDING_MAC, 6, "\2\0\0\0\0\1");
	mnl_attr_put(nlh, UTCP_ACL_A_BINDING_ADDR4, 4, "\x0a\0\0\1");
}

static void put_acl_own(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, UTCP_ACL_A_BINDING_KIND,
			 UTCP_ACL_BINDING_KIND_OWN);
}

static void put_acl_bind_own(struct nlmsghdr *nlh)
{
	put_acl_own(nlh);
	mnl_attr_put_strz(nlh, UTCP_ACL_A_BINDING_POLICY, "p");
}

static void put_acl_begin(struct nlmsghdr *nlh)
{
	put_acl_policy(nlh);
	mnl_attr_put_u32(nlh, UTCP_ACL_A_POLICY_CONFIRM, 3600000);
}

static uint32_t acl_load;

static void put_acl_load(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, UTCP_ACL_A_POLICY_LOAD, acl_load);
}

static void put_acl_load_rules(struct nlmsghdr *nlh)
{
	put_acl_load(nlh);
	put_rules(nlh, 3);
}

static const struct acl_step {
	uint8_t cmd;
	void (*put)(struct nlmsghdr *nlh);
} acl_steps[] = {
	{ UTCP_ACL_CMD_POLICY_NEW, put_acl_policy },
	{ UTCP_ACL_CMD_SET_NEW, put_acl_set_new },
	{ UTCP_ACL_CMD_ELEM_ADD, put_acl_elem },
	{ UTCP_ACL_CMD_RULE_ADD, put_acl_rule },
	{ UTCP_ACL_CMD_BIND_SET, put_acl_bind },
	{ UTCP_ACL_CMD_BIND_SET, put_acl_bind_own },
	{ UTCP_ACL_CMD_LOAD_BEGIN, put_acl_begin },
	{ UTCP_ACL_CMD_LOAD_ADD, put_acl_load_rules },
	{ UTCP_ACL_CMD_LOAD_COMMIT, put_acl_load },
	{ UTCP_ACL_CMD_LOAD_CONFIRM, put_acl_policy },
	{ UTCP_ACL_CMD_ELEM_DEL, put_acl_elem },
	{ UTCP_ACL_CMD_BIND_DEL, put_acl_own },
	{ UTCP_ACL_CMD_BIND_DEL, put_acl_port },
	{ UTCP_ACL_CMD_POLICY_DEL, put_acl_policy },
	{ UTCP_ACL_CMD_SET_DEL, put_acl_set },
};

/* What takes away whatever they may have left, of which some need not be there. */
static const struct acl_step acl_undo[] = {
	{ UTCP_ACL_CMD_LOAD_CONFIRM, put_acl_policy },
	{ UTCP_ACL_CMD_BIND_DEL, put_acl_own },
	{ UTCP_ACL_CMD_BIND_DEL, put_acl_port },
	{ UTCP_ACL_CMD_POLICY_DEL, put_acl_policy },
	{ UTCP_ACL_CMD_SET_DEL, put_acl_set },
};

static int acl_step(const struct acl_step *step)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(&client, buf, step->cmd);
	struct acl_answer a;
	int err;

	step->put(nlh);
	err = ask_acl(nlh, &a);
	if (a.load)
		acl_load = a.load;
	return err;
}

static int use_acl_more(void)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < sizeof(acl_steps) / sizeof(*acl_steps); i++)
		err = acl_step(&acl_steps[i]);
	return err;
}

static bool undo_acl_more(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < sizeof(acl_undo) / sizeof(*acl_undo); i++) {
		err = acl_step(&acl_undo[i]);
		if (err && err != ENOENT) {
			printf("# step %u of taking it away: %s\n", i,
			       strerror(err));
			return false;
		}
	}
	return true;
}

/* Makes a use of a family fail in each of its allocations. What is left of it after that,
 * @undo takes away, and then it succeeds.
 */
static int fail_each(const char *name, int (*use)(void), bool (*undo)(void),
		     const char *what)
{
	const struct family *family = family_find(name);
	unsigned int n, left = 0, failed = 0;
	int err;

	for (n = 1; !left && n < NTH_MOST; n++) {
		if (!new_client(family))
			return 1;
		nth_arm(n);
		err = use();
		left = nth_disarm();
		client_close(&client);
		if (err && (left || !nth_injected(err))) {
			printf("# allocation %u: %s\n", n, strerror(err));
			return 1;
		}
		failed += !!err;
		if (!new_client(family))
			return 1;
		err = undo() ? use() : EILSEQ;
		client_close(&client);
		if (err) {
			printf("# after allocation %u: %s\n", n, strerror(err));
			return 1;
		}
	}
	printf("# %s: %u allocations, %u failing ones were told\n", what, n - 2,
	       failed);
	return !left || !failed;
}

static int fail_acl_more(const char *device)
{
	acl_device = device;
	return fail_each(UTCP_ACL_FAMILY_NAME, use_acl_more, undo_acl_more,
			 "sets and bindings");
}

/* --- grants ------------------------------------------------------------------------ */

static unsigned int grant_ifindex;

/* A request about the one grant, or for all there are. */
static int ask_grant(uint8_t cmd, bool dump, struct answer *a)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(&client, buf, cmd);
	int ret;

	if (dump) {
		nlh->nlmsg_flags |= NLM_F_DUMP;
	} else {
		mnl_attr_put_u32(nlh, NETSWITCH_A_GRANT_IFINDEX, grant_ifindex);
		mnl_attr_put_u32(nlh, NETSWITCH_A_GRANT_ETHERTYPE, 0x4c57);
		mnl_attr_put_u32(nlh, NETSWITCH_A_GRANT_UID, 1);
	}
	ret = client_ask(&client, nlh, a);
	return ret ? ret : a->err;
}

/* How many there are; without faults. */
static unsigned int grants(void)
{
	struct answer a;

	if (ask_grant(NETSWITCH_CMD_GRANT_GET, true, &a))
		exit(1);
	return a.replies;
}

/* With @n grants before: one request in which an allocation fails, and then back. A
 * reply that could not be sent leaves the change done.
 */
static bool fail_grant_once(uint8_t cmd, uint8_t back, unsigned int n,
			    unsigned int nth, unsigned int *left,
			    unsigned int *failed)
{
	struct answer a;
	int err;

	if (!new_client(family_find("netswitch")))
		return false;
	nth_arm(nth);
	err = ask_grant(cmd, false, &a);
	*left = nth_disarm();
	client_close(&client);
	if (!new_client(family_find("netswitch")))
		return false;
	if (err && (*left || !nth_injected(err)))
		return false;
	*failed += !!err;
	if (!err && grants() == n)
		return false;
	/* whatever happened, it can be done, and undone */
	if (grants() == n && ask_grant(cmd, false, &a))
		return false;
	if (grants() == n || ask_grant(back, false, &a) || grants() != n)
		return false;
	client_close(&client);
	return true;
}

static int fail_grant(const char *device)
{
	static const uint8_t add = NETSWITCH_CMD_GRANT_ADD;
	static const uint8_t del = NETSWITCH_CMD_GRANT_DEL;
	struct answer a;
	unsigned int i;

	grant_ifindex = if_nametoindex(device);
	for (i = 0; i < 2; i++) {
		unsigned int nth, left = 0, failed = 0;

		for (nth = 1; !left && nth < NTH_MOST; nth++)
			if (!fail_grant_once(i ? del : add, i ? add : del, i,
					     nth, &left, &failed)) {
				printf("# %s a grant, allocation %u: not clean\n",
				       i ? "deleting" : "adding", nth);
				return 1;
			}
		printf("# %s a grant: %u allocations, %u failing ones were told\n",
		       i ? "deleting" : "adding", nth - 2, failed);
		if (!left || !failed)
			return 1;
		if (!new_client(family_find("netswitch")) ||
		    ask_grant(i ? del : add, false, &a))
			return 1;
		client_close(&client);
	}
	return 0;
}

/* --- shaper ------------------------------------------------------------------------ */

static const char *shaper_device;

/* The steps of what can be done, each with what undoes it. */
static const struct shaper_step {
	uint8_t cmd;
	uint8_t undo; /* 0: nothing does */
	const char *name;
	const char *parent;
} shaper_steps[] = {
	{ UTCP_SHAPER_CMD_CLASS_ADD, UTCP_SHAPER_CMD_CLASS_DEL, "up", NULL },
	{ UTCP_SHAPER_CMD_CLASS_ADD, UTCP_SHAPER_CMD_CLASS_DEL, "s1", "up" },
	{ UTCP_SHAPER_CMD_CLASS_SET, 0, "s1", NULL },
	{ UTCP_SHAPER_CMD_BINDING_ADD, UTCP_SHAPER_CMD_BINDING_DEL, "s1",
	  NULL },
	{ UTCP_SHAPER_CMD_CLASS_GET, 0, NULL, NULL },
	{ UTCP_SHAPER_CMD_BINDING_GET, 0, NULL, NULL },
};

#define N_SHAPER_STEPS (sizeof(shaper_steps) / sizeof(shaper_steps[0]))

static int ask_shaper(uint8_t cmd, const char *name, const char *parent,
		      unsigned int *replies)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(&client, buf, cmd);
	bool binding = cmd == UTCP_SHAPER_CMD_BINDING_ADD ||
		       cmd == UTCP_SHAPER_CMD_BINDING_DEL;
	uint64_t rate = 1000000;
	struct answer a;
	int err;

	if (!name)
		nlh->nlmsg_flags |= NLM_F_DUMP;
	if (name && !binding)
		mnl_attr_put_strz(nlh, UTCP_SHAPER_A_CLASS_NAME, name);
	if (parent)
		mnl_attr_put_strz(nlh, UTCP_SHAPER_A_CLASS_PARENT, parent);
	if (cmd == UTCP_SHAPER_CMD_CLASS_SET)
		mnl_attr_put(nlh, UTCP_SHAPER_A_CLASS_BW_MAX, sizeof(rate),
			     &rate);
	if (binding) {
		mnl_attr_put_strz(nlh, UTCP_SHAPER_A_BINDING_IFNAME,
				  shaper_device);
		mnl_attr_put_u32(nlh, UTCP_SHAPER_A_BINDING_DIRECTION,
				 UTCP_SHAPER_DIRECTION_IN);
	}
	if (cmd == UTCP_SHAPER_CMD_BINDING_ADD)
		mnl_attr_put_strz(nlh, UTCP_SHAPER_A_BINDING_CLASS, name);
	err = client_ask(&client, nlh, &a);
	if (replies)
		*replies = a.replies;
	return err ? err : a.err;
}

static int use_shaper(void)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < N_SHAPER_STEPS; i++)
		err = ask_shaper(shaper_steps[i].cmd, shaper_steps[i].name,
				 shaper_steps[i].parent, NULL);
	for (i = N_SHAPER_STEPS; !err && i; i--) {
		const struct shaper_step *step = &shaper_steps[i - 1];

		if (step->undo)
			err = ask_shaper(step->undo, step->name, NULL, NULL);
	}
	return err;
}

/* Undoes what was done, backwards; what was not is not there. Nothing is left. */
static bool shaper_is_whole(void)
{
	unsigned int i, replies;
	int err;

	for (i = N_SHAPER_STEPS; i-- > 0;) {
		if (!shaper_steps[i].undo)
			continue;
		err = ask_shaper(shaper_steps[i].undo, shaper_steps[i].name,
				 NULL, NULL);
		if (err && err != ENOENT) {
			printf("# undoing step %u: %s\n", i, strerror(err));
			return false;
		}
	}
	err = ask_shaper(UTCP_SHAPER_CMD_CLASS_GET, NULL, NULL, &replies);
	return !err && !replies;
}

static int fail_shaper(const char *device)
{
	shaper_device = device;
	return fail_each(UTCP_SHAPER_FAMILY_NAME, use_shaper, shaper_is_whole,
			 "classes and a binding");
}

int main(int argc, char **argv)
{
	if (!nth_open())
		return 1;
	if (argc == 4 && !strcmp(argv[1], "insert"))
		return fail_insert(argv[2], argv[3]);
	if (argc == 3 && !strcmp(argv[1], "family"))
		return fail_family(argv[2], false);
	if (argc == 3 && !strcmp(argv[1], "netns"))
		return fail_family(argv[2], true);
	if (argc == 3 && !strcmp(argv[1], "ring"))
		return fail_ring(argv[2], false) || fail_ring(argv[2], true);
	if (argc == 3 && !strcmp(argv[1], "grant"))
		return fail_grant(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "cell"))
		return fail_object("cell", use_cell, ask_cell,
				   UTCP_CMD_CELL_DEL);
	if (argc == 2 && !strcmp(argv[1], "peer"))
		return fail_object("peer", use_peer, ask_peer,
				   UTCP_CMD_PEER_DEL);
	if (argc == 2 && !strcmp(argv[1], "acl"))
		return fail_acl();
	if (argc == 3 && !strcmp(argv[1], "acl-more"))
		return fail_acl_more(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "shaper"))
		return fail_shaper(argv[2]);
	fprintf(stderr,
		"usage: failnth insert FILE NAME | family NAME | netns NAME | ring DEVICE | grant DEVICE | cell | peer | acl | acl-more DEVICE | shaper DEVICE\n");
	return 1;
}
