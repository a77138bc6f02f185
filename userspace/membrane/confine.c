// SPDX-License-Identifier: GPL-2.0-only
#include <err.h>
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/netswitch_ring.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine.h"
#include "options.h"

static void limit(int resource, rlim_t value)
{
	const struct rlimit r = { .rlim_cur = value, .rlim_max = value };

	if (setrlimit((__rlimit_resource_t)resource, &r))
		err(EXIT_FAILED, "setrlimit");
}

/* By the system call: libcap would only wrap it. */
static void drop_capabilities(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

	memset(sets, 0, sizeof(sets));
	if (syscall(SYS_capset, &head, sets))
		err(EXIT_FAILED, "capset");
	if (syscall(SYS_capget, &head, sets))
		err(EXIT_FAILED, "capget");
	for (size_t i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		if (sets[i].effective || sets[i].permitted ||
		    sets[i].inheritable)
			errx(EXIT_FAILED, "capabilities are left");
}

/* Needs CAP_SETPCAP, so it comes first. The kernel may know more than the header. */
static void drop_bounding_set(void)
{
	for (unsigned long cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0;
	     cap++)
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0))
			err(EXIT_FAILED, "PR_CAPBSET_DROP");
	for (unsigned long cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0;
	     cap++)
		if (prctl(PR_CAPBSET_READ, cap, 0, 0, 0))
			errx(EXIT_FAILED, "the bounding set is not empty");
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0))
		err(EXIT_FAILED, "PR_CAP_AMBIENT_CLEAR_ALL");
}

void confine_user(uid_t uid, gid_t gid, pid_t parent)
{
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_DATA, CONFINE_DATA_MAX);
	drop_bounding_set();
	if (setgroups(0, NULL))
		err(EXIT_FAILED, "setgroups");
	if (setresgid(gid, gid, gid))
		err(EXIT_FAILED, "setresgid %u", gid);
	if (setresuid(uid, uid, uid))
		err(EXIT_FAILED, "setresuid %u", uid);
	drop_capabilities();
	if (!setuid(0) || !setgid(0))
		errx(EXIT_FAILED, "could become root again");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err(EXIT_FAILED, "PR_SET_NO_NEW_PRIVS");
	/* Others of the same user are kept out, too. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		err(EXIT_FAILED, "PR_SET_DUMPABLE");
	/* After the user has changed, which takes it back. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0))
		err(EXIT_FAILED, "PR_SET_PDEATHSIG");
	if (getppid() != parent)
		errx(EXIT_FAILED, "the parent is no more");
}

struct rule {
	int call;
	unsigned int n;
	struct scmp_arg_cmp arg[2];
};

static void allow(scmp_filter_ctx ctx, uint32_t action, const struct rule *rule)
{
	int ret = seccomp_rule_add_array(ctx, action, rule->call, rule->n,
					 rule->arg);

	if (ret)
		errx(EXIT_FAILED, "seccomp_rule_add: %s", strerror(-ret));
}

void confine_calls(const int *fd, size_t n, int epoll)
{
	const scmp_datum_t pid = (scmp_datum_t)getpid();
	const scmp_datum_t waited = (scmp_datum_t)epoll;
	const struct rule rules[] = {
		/* threads that wait, and know how late it is */
		{ SCMP_SYS(futex), 0, { { 0 } } },
		{ SCMP_SYS(clock_gettime), 0, { { 0 } } },
		{ SCMP_SYS(gettimeofday), 0, { { 0 } } },
		{ SCMP_SYS(clock_nanosleep), 0, { { 0 } } },
		/* what goes on after SIGSTOP and SIGCONT */
		{ SCMP_SYS(restart_syscall), 0, { { 0 } } },
		/* frames that come; those that go are kicked, see below */
		{ SCMP_SYS(epoll_wait), 1, { SCMP_A0(SCMP_CMP_EQ, waited) } },
		{ SCMP_SYS(epoll_pwait), 1, { SCMP_A0(SCMP_CMP_EQ, waited) } },
		/* memory, within RLIMIT_DATA; mmap see below */
		{ SCMP_SYS(brk), 0, { { 0 } } },
		/* a last word, and the end: exit(), or lwIP's abort() */
		{ SCMP_SYS(write), 1, { SCMP_A0(SCMP_CMP_EQ, STDOUT_FILENO) } },
		{ SCMP_SYS(write), 1, { SCMP_A0(SCMP_CMP_EQ, STDERR_FILENO) } },
		{ SCMP_SYS(exit_group), 0, { { 0 } } },
		{ SCMP_SYS(rt_sigprocmask), 0, { { 0 } } },
		{ SCMP_SYS(rt_sigaction), 0, { { 0 } } },
		{ SCMP_SYS(getpid), 0, { { 0 } } },
		{ SCMP_SYS(gettid), 0, { { 0 } } },
		{ SCMP_SYS(tgkill), 1, { SCMP_A0(SCMP_CMP_EQ, pid) } },
	};
	/* malloc() asks when the heap is at its end, and can do without. */
	const struct rule refuse = { SCMP_SYS(mmap), 0, { { 0 } } };
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int ret;

	if (!ctx)
		errx(EXIT_FAILED, "seccomp_init");
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		allow(ctx, SCMP_ACT_ALLOW, &rules[i]);
	for (size_t i = 0; i < n; i++) {
		const struct rule kick = {
			SCMP_SYS(ioctl),
			2,
			{ SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)fd[i]),
			  SCMP_A1(SCMP_CMP_EQ, NETSWITCH_RING_KICK) },
		};

		allow(ctx, SCMP_ACT_ALLOW, &kick);
	}
	allow(ctx, SCMP_ACT_ERRNO(ENOMEM), &refuse);
	ret = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1);
	if (!ret)
		ret = seccomp_load(ctx);
	if (ret)
		errx(EXIT_FAILED, "seccomp_load: %s", strerror(-ret));
	/* ctx is not released: that much memory it is worth not to be asked how */
}
