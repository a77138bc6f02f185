// SPDX-License-Identifier: GPL-2.0-only
/*
 * failnth insert FILE NAME
 * failnth family NAME
 * failnth netns NAME
 * failnth ring DEVICE
 * failnth grant DEVICE
 * failnth cell
 * failnth peer
 * failnth acl
 * failnth acl-more DEVICE
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
 *   grant	a grant of the port with this device, made, listed and taken back; the
 *		namespace's limit on grants should be 1
 *   cell	a cell is imported, changed, shown, listed and removed, while somebody
 *		waits for events; the namespace's limit on cells should be 1
 *   peer	a peer is added to the default cell, shown, listed, looked for and
 *		removed, and frames are counted, while somebody waits for events
 *   acl	a policy is made, gets a rule, is replaced by one of more rules, which
 *		are listed, and removed; what could not be done has changed nothing
 *   acl-more	a set gets an element, and a rule names it; the port with this device
 *		is bound to the rule's policy, with addresses of its own, and so is the
 *		namespace; the policy is replaced, which is confirmed; and all of it is
 *		removed
 *   shaper	two classes, one below the other, are made, one is changed and bound
 *		to a direction of the port with this device; they are listed, and all
 *		of it is removed
 *
 * The kernel needs failslab and fail_page_alloc, set up to fail sleeping
 * allocations as well. Exit status 0 if all was clean, 1 otherwise.
 */
#include "failnth.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "nth.h"

struct client client;

/* --- the loop -------------------------------------------------------------------- */

static bool asks(const struct attempt *a)
{
	int err = a->family ? client_open(&client, family_find(a->family)) : 0;

	if (err)
		printf("# %s: %s\n", a->family, strerror(err));
	return !err;
}

/* The step with its @n-th allocation failing. Return: as fail_each(). */
static int fail_one(const struct attempt *a, unsigned int n, unsigned int *left,
		    unsigned int *told)
{
	int err;

	if (!asks(a))
		return 1;
	nth_arm(n);
	err = a->use();
	*left = nth_disarm();
	client_close(&client);
	if (err && (*left || !nth_injected(err))) {
		printf("# %s, allocation %u: %s\n", a->what, n, strerror(err));
		return 1;
	}
	*told += !!err;
	if (!asks(a))
		return 1;
	if (!a->undo(err)) {
		printf("# %s, allocation %u: half done\n", a->what, n);
		return 1;
	}
	if (*left || !a->costly) {
		err = a->use();
		if (err || !a->undo(0)) {
			printf("# %s, after allocation %u: %s\n", a->what, n,
			       strerror(err));
			return 1;
		}
	}
	client_close(&client);
	return 0;
}

int fail_each(const struct attempt *a)
{
	unsigned int n, left = 0, told = 0;

	for (n = 1; !left && n < NTH_MOST; n++)
		if (fail_one(a, n, &left, &told))
			return 1;
	printf("# %s: %u allocations, %u failing ones were told\n", a->what,
	       n - 2, told);
	return !left || !told;
}

/* --- inserting ------------------------------------------------------------------ */

static const char *module;
static int module_file;

static bool present(void)
{
	char path[256];

	snprintf(path, sizeof(path), "/sys/module/%s", module);
	return !access(path, F_OK);
}

static int insert(void)
{
	return syscall(SYS_finit_module, module_file, "", 0) ? errno : 0;
}

static bool take_out(int err)
{
	if (!!err == present()) {
		printf("# insmod gave %d, the module is %sthere\n", err,
		       err ? "" : "not ");
		return false;
	}
	if (err || !syscall(SYS_delete_module, module, O_NONBLOCK))
		return true;
	printf("# removing: %s\n", strerror(errno));
	return false;
}

static int fail_insert(const char *path, const char *name)
{
	const struct attempt a = {
		.what = path, .use = insert, .undo = take_out, .costly = true
	};
	int err;

	module = name;
	module_file = open(path, O_RDONLY | O_CLOEXEC);
	err = module_file < 0 ? errno : insert();
	/* Not counting what is allocated only the first time. */
	if (err || !take_out(0)) {
		printf("# %s, no allocation failing: %s\n", path,
		       strerror(err));
		return 1;
	}
	return fail_each(&a);
}

/* --- commands ------------------------------------------------------------------- */

static struct info before, wanted;
static bool sets; /* the step leaves @wanted, or what was before */

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

static bool limits_are(const struct info *want)
{
	struct info now;

	return !client_get(&client, &now) &&
	       !memcmp(now.val, want->val,
		       client.family->n * sizeof(now.val[0]));
}

/* A reply that could not be sent leaves the change done: that is netlink, the requester
 * sees ENOBUFS and asks again.
 */
static bool set_back(int err)
{
	struct answer a;

	(void)err;
	if (!limits_are(&before) && !(sets && limits_are(&wanted)))
		return false;
	return !client_set(&client, (1U << client.family->n) - 1, &before,
			   &a) &&
	       !a.err;
}

static int fail_family(const char *name, bool netns)
{
	static const struct attempt steps[] = {
		{ "info-get", NULL, step_get, set_back, false },
		{ "limits-set", NULL, step_set, set_back, false },
		{ "limits-set, refused", NULL, step_refused, set_back, false },
		{ "look-up and joining", NULL, step_join, set_back, false },
	};
	static const struct attempt netns_step = { "a new network namespace",
						   NULL, step_netns, set_back,
						   false };
	const struct family *family = family_find(name);
	struct attempt a;
	unsigned int i;
	int ret = 0;

	if (!family) {
		fprintf(stderr, "failnth: no family %s is known\n", name);
		return 1;
	}
	if (client_open(&client, family) || client_get(&client, &before))
		return 1;
	client_close(&client);
	for (i = 0; i < family->n; i++)
		wanted.val[i] = before.val[i] - 1;
	for (i = 0; i < (netns ? 1 : sizeof(steps) / sizeof(steps[0])); i++) {
		a = netns ? netns_step : steps[i];
		a.family = name;
		sets = a.use == step_set;
		ret |= fail_each(&a);
	}
	return ret;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*fn)(void);
		int (*device)(const char *device);
	} cases[] = {
		{ "ring", NULL, fail_ring },
		{ "grant", NULL, fail_grant },
		{ "cell", fail_cell, NULL },
		{ "peer", fail_peer, NULL },
		{ "acl", fail_acl, NULL },
		{ "acl-more", NULL, fail_acl_more },
		{ "shaper", NULL, fail_shaper },
	};

	if (!nth_open())
		return 1;
	if (argc == 4 && !strcmp(argv[1], "insert"))
		return fail_insert(argv[2], argv[3]);
	if (argc == 3 && !strcmp(argv[1], "family"))
		return fail_family(argv[2], false);
	if (argc == 3 && !strcmp(argv[1], "netns"))
		return fail_family(argv[2], true);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (argc < 2 || strcmp(argv[1], cases[i].name))
			continue;
		if (argc == 2 && cases[i].fn)
			return cases[i].fn();
		if (argc == 3 && cases[i].device)
			return cases[i].device(argv[2]);
	}
	fprintf(stderr,
		"usage: failnth insert FILE NAME | family NAME | netns NAME | ring DEVICE | grant DEVICE | cell | peer | acl | acl-more DEVICE | shaper DEVICE\n");
	return 1;
}
