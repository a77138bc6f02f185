// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The process that carries a sandbox's connections to services of the host's loopback.
 *
 * Its sockets that listen are the sandbox's, made by a thread that was there; those to
 * the services are the host's. It has no privilege: whoever breaks it can connect to
 * the host's loopback as nobody, and no more. Its namespace's name is under its eyes; when
 * that goes, it ends.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"
#include "netns.h"
#include "sandboxforward.h"
#include "sandboxprocess.h"
#include "sandboxrelay.h"

#define NETNS_DIR "/run/netns"

/* Whom sysusers.d makes for it, so that it shares its user with nobody else. */
#define USER "utcp-forward"

/* Of user and group, on Linux; where there is no such user. */
#define NOBODY 65534

/* Connections have two sockets each; the rest are a few. */
#define FILES (2 * RELAY_CONNECTIONS + 2 * LIBUTCP_SANDBOX_SERVICES_MAX + 16)

/* How long a killed process may take to end. */
#define STOP_MS 5000

/* As many as a service can be connected to by IPv4 and IPv6, and who listens. */
struct listeners {
	struct relay_listener l[2 * LIBUTCP_SANDBOX_SERVICES_MAX];
	size_t n;
	uid_t uid;
	gid_t gid;
};

static int failed(struct utcp_error *e, int err, const char *what)
{
	return utcp_error_set(e, utcp_error_classify(err), err, "%s: %s", what,
			      strerror(err));
}

/* A socket on the loopback of a sandbox; -1 if it has no such address. */
static int listen_on(int netns, bool is6, uint16_t port, int *fd)
{
	const struct sockaddr_in at4 = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	const struct sockaddr_in6 at6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
		.sin6_addr = IN6ADDR_LOOPBACK_INIT,
	};
	int err;

	*fd = netns_socket(netns, is6 ? AF_INET6 : AF_INET,
			   SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (*fd < 0)
		return is6 && *fd == -EAFNOSUPPORT ? 0 : *fd;
	err = is6 ? bind(*fd, (const struct sockaddr *)&at6, sizeof(at6)) :
		    bind(*fd, (const struct sockaddr *)&at4, sizeof(at4));
	if (!err)
		err = listen(*fd, SOMAXCONN);
	if (!err)
		return 0;
	err = -errno;
	close(*fd);
	*fd = -1;
	return is6 && err == -EADDRNOTAVAIL ? 0 : err;
}

static void close_all(struct listeners *list)
{
	while (list->n)
		close(list->l[--list->n].fd);
}

static int listen_all(const struct utcp_sandbox *sb, int netns,
		      struct listeners *list)
{
	list->n = 0;
	for (size_t i = 0; i < 2 * sb->n_services; i++) {
		struct relay_listener *l = &list->l[list->n];
		int err;

		l->port = sb->services[i / 2];
		err = listen_on(netns, i % 2, l->port, &l->fd);
		if (err) {
			close_all(list);
			return err;
		}
		if (l->fd >= 0)
			list->n++;
	}
	return 0;
}

/* --- in the process --------------------------------------------------------------------- */

/*
 * The namespace, its name, and who is told when something happens to that. Our sockets keep
 * the namespace: no other has its inode as long as we live.
 */
struct watched {
	const char *name;
	uint64_t inode;
	int inotify;
};

static bool name_is_there(void *arg)
{
	const struct watched *w = arg;
	char events[4096], path[PATH_MAX];
	struct stat st;

	while (read(w->inotify, events, sizeof(events)) > 0)
		;
	snprintf(path, sizeof(path), "%s/%s", NETNS_DIR, w->name);
	/* Another may have the name by now. */
	return stat(path, &st) == 0 && st.st_ino == w->inode;
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* A caller without stdin and its like has sockets there, where /dev/null is to be. */
static int move_up(int *fd)
{
	if (*fd < 3)
		*fd = fcntl(*fd, F_DUPFD_CLOEXEC, 3);
	return *fd < 0 ? -errno : 0;
}

/* Close all descriptors but these, whose numbers stay as they are. */
static int close_others(int *kept, size_t n)
{
	unsigned int from = 3;

	qsort(kept, n, sizeof(*kept), by_number);
	for (size_t i = 0; i < n; i++) {
		unsigned int fd = (unsigned int)kept[i];

		if (fd > from && close_range(from, fd - 1, 0))
			return -errno;
		if (fd >= from)
			from = fd + 1;
	}
	return close_range(from, ~0U, 0) ? -errno : 0;
}

/*
 * What the caller has is no matter: it may have less than is needed here. Who may not raise
 * it gets along with that: the relay waits when there are no more.
 */
static int limit_files(void)
{
	struct rlimit files = { FILES, FILES };

	if (setrlimit(RLIMIT_NOFILE, &files) == 0)
		return 0;
	if (errno != EPERM || getrlimit(RLIMIT_NOFILE, &files))
		return -errno;
	files.rlim_cur = files.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &files) ? -errno : 0;
}

/* Nothing of the caller's is kept but the sockets, and no right at all. */
static int give_up(struct listeners *list, int *inotify, int *tell)
{
	int kept[2 * LIBUTCP_SANDBOX_SERVICES_MAX + 2];
	size_t n = list->n + 2;
	int null, err = 0;
	sigset_t none;

	for (size_t i = 0; !err && i < n; i++) {
		int *fd = i < list->n  ? &list->l[i].fd :
			  i == list->n ? inotify :
					 tell;

		err = move_up(fd);
		kept[i] = *fd;
	}
	if (err)
		return err;
	null = open("/dev/null", O_RDWR);
	if (null < 0)
		return -errno;
	for (int fd = 0; fd < 3; fd++)
		if (dup2(null, fd) < 0)
			return -errno;
	err = close_others(kept, n);
	if (!err)
		err = limit_files();
	if (err)
		return err;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (setsid() < 0 || chdir("/") || setgroups(0, NULL) ||
	    setresgid(list->gid, list->gid, list->gid) ||
	    setresuid(list->uid, list->uid, list->uid) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	prctl(PR_SET_NAME, "utcp-forward");
	return 0;
}

static void process(struct watched *w, struct listeners *list, int tell)
{
	static const int defaults[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	int err = 0;

	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		signal(defaults[i], SIG_DFL);
	w->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (w->inotify < 0 ||
	    inotify_add_watch(w->inotify, NETNS_DIR, IN_DELETE) < 0)
		err = errno;
	if (!err)
		err = -give_up(list, &w->inotify, &tell);
	if (!err && !name_is_there(w))
		err = ENOENT;
	if (write(tell, &err, sizeof(err)) != sizeof(err) || err)
		_exit(1);
	close(tell);
	relay_run(list->l, list->n, w->inotify, name_is_there, w);
	_exit(0);
}

/* --- by those who make and remove sandboxes ---------------------------------------------- */

static int start(struct utcp_sandbox *sb, int netns, struct listeners *list)
{
	struct watched w = { .name = sb->name };
	int ends[2], err = 0;
	struct stat st;
	ssize_t n;
	pid_t pid;

	if (fstat(netns, &st))
		return -errno;
	w.inode = st.st_ino;
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		process(&w, list, ends[1]);
	}
	if (pid < 0)
		err = errno;
	close(ends[1]);
	/* A signal of the caller's is no end: the process would be waited for in vain. */
	do {
		n = err ? 0 : read(ends[0], &err, sizeof(err));
	} while (n < 0 && errno == EINTR);
	if (!err && n != sizeof(err))
		err = ECHILD;
	close(ends[0]);
	if (err && pid > 0)
		waitpid(pid, NULL, 0);
	if (err)
		return -err;
	sb->forwarder = pid;
	return process_start(pid, &sb->forwarder_start) ? 0 : -ECHILD;
}

int forward_start(struct utcp_sandbox *sb, int netns, struct utcp_error *e)
{
	struct listeners list;
	int err = listen_all(sb, netns, &list);
	const struct passwd *user;

	if (err)
		return failed(e, -err, "cannot listen in the sandbox");
	/* Before there is a process of its own; nobody else asks meanwhile. */
	/* cppcheck-suppress getpwnamCalled */
	user = getpwnam(USER);
	list.uid = user ? user->pw_uid : NOBODY;
	list.gid = user ? user->pw_gid : NOBODY;
	err = start(sb, netns, &list);
	close_all(&list);
	return err ? failed(e, -err, "cannot start the forwarder") : 0;
}

/*
 * Not again what has become another process in between. Return: 1 with @fd, 0 if it has
 * ended, or a negative errno if that cannot be known.
 */
static int open_process(pid_t pid, uint64_t start_ticks, int *fd)
{
	uint64_t ticks;
	int there;

	*fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (*fd < 0)
		return errno == ESRCH ? 0 : -errno;
	there = process_look(pid, &ticks);
	if (there > 0 && ticks != start_ticks)
		there = 0;
	if (there <= 0)
		close(*fd);
	return there;
}

int forward_stop(const struct utcp_sandbox *sb, struct utcp_error *e)
{
	struct pollfd p = { .events = POLLIN };
	int err = 0, got;

	if (!sb->forwarder)
		return 0;
	got = open_process(sb->forwarder, sb->forwarder_start, &p.fd);
	if (got < 0)
		return failed(e, -got, "cannot look for the forwarder");
	if (!got)
		return 0;
	if (syscall(SYS_pidfd_send_signal, p.fd, SIGKILL, NULL, 0))
		err = errno == ESRCH ? 0 : errno;
	do {
		got = poll(&p, 1, STOP_MS);
	} while (got < 0 && errno == EINTR);
	if (!err && got <= 0)
		err = ETIMEDOUT;
	close(p.fd);
	/* by whom it was started, as "run", it is a child */
	waitpid(sb->forwarder, NULL, WNOHANG);
	return err ? failed(e, err, "cannot stop the forwarder") : 0;
}
