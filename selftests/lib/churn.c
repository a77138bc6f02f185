// SPDX-License-Identifier: GPL-2.0-only
/*
 * churn MODULES ROUNDS SEED
 *
 * Inserts and removes the four modules of the directory MODULES, ROUNDS times
 * each and in random order, while other processes make and destroy network
 * namespaces, ask and change limits in them and outside, and listen. Each
 * insertion and removal has to end as it must: dependants are refused without
 * netswitch, netswitch is held by its dependants, nothing is there twice.
 *
 * Exit status: 0 if so, 1 otherwise. Prints what was done in "# " lines.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "nl.h"

#define N_MODULES 4
#define N_MAKERS 2
#define BUSY_SECONDS 20

/* netswitch is number 0: the others need it. */
static const struct module {
	const char *name;
	const char *file;
	const char *family;
} modules[N_MODULES] = {
	{ "netswitch", "netswitch/netswitch.ko", "netswitch" },
	{ "utcp", "utcp/utcp.ko", "utcp" },
	{ "utcp_acl", "acl/utcp_acl.ko", "utcp-acl" },
	{ "utcp_shaper", "shaper/utcp_shaper.ko", "utcp-shaper" },
};

/* What the helpers have done so far, for all processes to see. */
struct counts {
	unsigned long namespaces, answers, absent, changes, events, odd;
	char odd_text[128];
};

static struct counts *counts;

static int files[N_MODULES];
static bool loaded[N_MODULES];
static uint64_t state;

/* xorshift64*: the same numbers on every machine. */
static uint32_t number(uint64_t *s, uint32_t below)
{
	if (!below) /* of nothing there is only the first */
		return 0;
	*s ^= *s >> 12;
	*s ^= *s << 25;
	*s ^= *s >> 27;
	return (uint32_t)((*s * 0x2545f4914f6cdd1dULL) >> 33) % below;
}

static void count(unsigned long *what)
{
	__atomic_add_fetch(what, 1, __ATOMIC_RELAXED);
}

static void odd(const char *family, const char *what)
{
	if (__atomic_add_fetch(&counts->odd, 1, __ATOMIC_RELAXED) == 1)
		snprintf(counts->odd_text, sizeof(counts->odd_text), "%s: %s",
			 family, what);
}

/* --- the helpers ---------------------------------------------------------------- */

/* A module may go at any moment: then the family is gone, and a request with
 * its number is of an unknown type.
 */
static bool gone(int err)
{
	return err == ENOENT || err == EOPNOTSUPP;
}

static void ask(const struct family *family, uint64_t *s)
{
	struct info info;
	struct client c;
	struct answer a;
	unsigned int i;
	int ret;

	ret = client_open(&c, family);
	if (!ret)
		ret = client_get(&c, &info);
	if (ret) {
		if (gone(ret))
			count(&counts->absent);
		else
			odd(family->name, strerror(ret));
		client_close(&c);
		return;
	}
	count(&counts->answers);
	for (i = 0; i < family->n; i++)
		if (info.val[i] > family->limit[i].max)
			odd(family->name, "a limit beyond its range");
	if (number(s, 4) == 0 && !client_join(&c)) {
		/* Only those who may join hear it; nobody waits for it. */
		struct client asks;
		const char *wrong;

		i = number(s, family->n);
		info.val[i] -= info.val[i] > 0;
		if (!client_open(&asks, family) &&
		    !client_set(&asks, 1U << i, &info, &a) && !a.err)
			count(&counts->changes);
		client_close(&asks);
		if (!client_event(&c, 10, &info, &wrong)) {
			count(&counts->events);
			if (wrong)
				odd(family->name, wrong);
		}
	}
	client_close(&c);
}

static const struct family *some_family(uint64_t *s)
{
	return family_find(modules[number(s, N_MODULES)].family);
}

static void helper_begins(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == 1)
		_exit(1);
}

static void reader(uint64_t seed)
{
	helper_begins();
	for (;;)
		ask(some_family(&seed), &seed);
}

/* Each namespace lives for as long as its process, some under a user
 * namespace.
 */
static void maker(uint64_t seed)
{
	helper_begins();
	for (;;) {
		int n = number(&seed, 4);
		uint64_t s = seed;
		pid_t pid = fork();

		if (!pid) {
			helper_begins();
			if (unshare(CLONE_NEWNET |
				    (number(&s, 2) ? CLONE_NEWUSER : 0)))
				odd("unshare", strerror(errno));
			while (n--)
				ask(some_family(&s), &s);
			_exit(0);
		}
		if (pid < 0)
			odd("fork", strerror(errno));
		else
			waitpid(pid, NULL, 0);
		count(&counts->namespaces);
	}
}

/* --- inserting and removing -------------------------------------------------------- */

static int insert(int m)
{
	return syscall(SYS_finit_module, files[m], "", 0) ? errno : 0;
}

/* A request that is being answered may hold the module for a moment. */
static int remove_module(int m, bool held)
{
	time_t end = time(NULL) + BUSY_SECONDS;
	int err;

	do {
		err = syscall(SYS_delete_module, modules[m].name, O_NONBLOCK) ?
			      errno :
			      0;
	} while (err == EWOULDBLOCK && !held && time(NULL) < end &&
		 !usleep(1000));
	return err;
}

static bool as_it_must(const char *what, int m, int err, int must)
{
	if (err == must)
		return true;
	printf("# %s %s: %s, should be: %s\n", what, modules[m].name,
	       strerror(err), strerror(must));
	return false;
}

static int how_many(void)
{
	int m, n = 0;

	for (m = 0; m < N_MODULES; m++)
		n += loaded[m];
	return n;
}

static bool insert_one(void)
{
	int m = number(&state, N_MODULES);
	int must = loaded[m] ? EEXIST : m && !loaded[0] ? ENOENT : 0;

	if (!as_it_must("insert", m, insert(m), must))
		return false;
	loaded[m] = loaded[m] || !must;
	return true;
}

static bool remove_one(void)
{
	int m = number(&state, N_MODULES);
	bool held = !m && how_many() > 1;
	int must = !loaded[m] ? ENOENT : held ? EWOULDBLOCK : 0;

	if (!as_it_must("remove", m, remove_module(m, held), must))
		return false;
	loaded[m] = loaded[m] && must;
	return true;
}

static bool answers(void)
{
	struct client c;
	struct info info;
	int m, ret;

	for (m = 0; m < N_MODULES; m++) {
		ret = client_open(&c, family_find(modules[m].family));
		if (!ret)
			ret = client_get(&c, &info);
		client_close(&c);
		if (ret) {
			printf("# %s is loaded and does not answer: %s\n",
			       modules[m].name, strerror(ret));
			return false;
		}
	}
	return true;
}

static bool round_of_all(void)
{
	while (how_many() < N_MODULES)
		if (!insert_one())
			return false;
	if (!answers())
		return false;
	while (how_many())
		if (!remove_one())
			return false;
	return true;
}

static pid_t start(void (*fn)(uint64_t), uint64_t seed)
{
	pid_t pid = fork();

	if (!pid)
		fn(seed * 2654435761U + 1);
	return pid;
}

int main(int argc, char **argv)
{
	pid_t helper[N_MAKERS + 1];
	unsigned long round, rounds;
	struct counts *c;
	uint64_t seed;
	bool ok = true;
	int i, dir;

	if (argc != 4) {
		fprintf(stderr, "usage: churn MODULES ROUNDS SEED\n");
		return 1;
	}
	rounds = strtoul(argv[2], NULL, 10);
	seed = strtoull(argv[3], NULL, 0);
	state = seed * 2654435761U + 12345;
	dir = open(argv[1], O_RDONLY | O_DIRECTORY);
	for (i = 0; i < N_MODULES; i++) {
		files[i] = openat(dir, modules[i].file, O_RDONLY | O_CLOEXEC);
		if (files[i] < 0) {
			fprintf(stderr, "churn: %s/%s: %s\n", argv[1],
				modules[i].file, strerror(errno));
			return 1;
		}
	}
	c = mmap(NULL, sizeof(*c), PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (c == MAP_FAILED)
		return 1;
	counts = c;

	helper[0] = start(reader, seed + 1);
	for (i = 0; i < N_MAKERS; i++)
		helper[i + 1] = start(maker, seed + 2 + i);
	for (round = 0; ok && round < rounds; round++)
		ok = round_of_all();
	for (i = 0; i < N_MAKERS + 1; i++) {
		if (helper[i] < 0 || kill(helper[i], SIGKILL) ||
		    waitpid(helper[i], NULL, 0) != helper[i]) {
			printf("# a helper was not there at the end\n");
			ok = false;
		}
	}

	printf("# seed %llu: %lu rounds, with %lu namespaces made and gone\n",
	       (unsigned long long)seed, round, c->namespaces);
	printf("# %lu answers, %lu look-ups without the module, %lu changes, %lu events\n",
	       c->answers, c->absent, c->changes, c->events);
	if (c->odd) {
		printf("# %lu odd answers, the first: %s\n", c->odd,
		       c->odd_text);
		ok = false;
	}
	if (!c->namespaces || !c->answers || !c->changes) {
		printf("# not all of that happened: nothing is shown\n");
		ok = false;
	}
	return !ok;
}
