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
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"
#include "netns.h"
#include "sandboxforward.h"
#include "sandboxnetns.h"
#include "sandboxprocess.h"
#include "sandboxrelay.h"

#define NETNS_DIR "/run/netns"

/* Of user and group, on Linux. */
#define NOBODY 65534

/* Connections have two sockets each; the rest are a few. */
#define FILES (2 * RELAY_CONNECTIONS + 2 * LIBUTCP_SANDBOX_SERVICES_MAX + 16)

/* How long a killed process may take to end. */
#define STOP_MS 5000

/* As many as a service can be connected to by IPv4 and IPv6. */
struct listeners {
	struct relay_listener l[2 * LIBUTCP_SANDBOX_SERVICES_MAX];
	size_t n;
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

/* The namespace's name, and who is told when something happens to it. */
struct watched {
	const char *name;
	int inotify;
};

static bool name_is_there(void *arg)
{
	const struct watched *w = arg;
	char events[4096];

	while (read(w->inotify, events, sizeof(events)) > 0)
		;
	return sandbox_netns_exists(w->name);
}

/* Nothing of the caller's is kept but the sockets, and no right at all. */
static int give_up(struct listeners *list, int *inotify, int *tell)
{
	const struct rlimit files = { FILES, FILES };
	sigset_t none;
	int null = open("/dev/null", O_RDWR);
	int top = 3;

	if (null < 0)
		return -errno;
	for (int fd = 0; fd < 3; fd++)
		if (dup2(null, fd) < 0)
			return -errno;
	/* to where nothing else is, one after the other, then close the rest */
	for (size_t i = 0; i < list->n + 2; i++) {
		int *fd = i < list->n  ? &list->l[i].fd :
			  i == list->n ? inotify :
					 tell;
		int moved = fcntl(*fd, F_DUPFD_CLOEXEC, 512);

		if (moved < 0)
			return -errno;
		*fd = moved;
	}
	if (close_range(3, 511, 0))
		return -errno;
	for (size_t i = 0; i < list->n + 2; i++) {
		int *fd = i < list->n  ? &list->l[i].fd :
			  i == list->n ? inotify :
					 tell;

		if (dup3(*fd, top, O_CLOEXEC) < 0)
			return -errno;
		*fd = top++;
	}
	if (close_range((unsigned int)top, ~0U, 0))
		return -errno;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (setsid() < 0 || chdir("/") || setgroups(0, NULL) ||
	    setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    setrlimit(RLIMIT_NOFILE, &files))
		return -errno;
	prctl(PR_SET_NAME, "utcp-forward");
	return 0;
}

static void process(const struct utcp_sandbox *sb, struct listeners *list,
		    int tell)
{
	static const int defaults[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	struct watched w = { sb->name, -1 };
	int err = 0;

	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		signal(defaults[i], SIG_DFL);
	w.inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (w.inotify < 0 ||
	    inotify_add_watch(w.inotify, NETNS_DIR, IN_DELETE) < 0)
		err = errno;
	if (!err)
		err = -give_up(list, &w.inotify, &tell);
	if (!err && !sandbox_netns_exists(sb->name))
		err = ENOENT;
	if (write(tell, &err, sizeof(err)) != sizeof(err) || err)
		_exit(1);
	close(tell);
	relay_run(list->l, list->n, w.inotify, name_is_there, &w);
	_exit(0);
}

/* --- by those who make and remove sandboxes ---------------------------------------------- */

static int start(struct utcp_sandbox *sb, struct listeners *list)
{
	int ends[2], err = 0;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		process(sb, list, ends[1]);
	}
	if (pid < 0)
		err = errno;
	close(ends[1]);
	if (!err && read(ends[0], &err, sizeof(err)) != sizeof(err))
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

	if (err)
		return failed(e, -err, "cannot listen in the sandbox");
	err = start(sb, &list);
	close_all(&list);
	return err ? failed(e, -err, "cannot start the forwarder") : 0;
}

/* Not again what has become another process in between. */
static int open_process(pid_t pid, uint64_t start_ticks)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (fd >= 0 && !process_lives(pid, start_ticks)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

int forward_stop(const struct utcp_sandbox *sb, struct utcp_error *e)
{
	struct pollfd p = { .events = POLLIN };
	int err = 0, got;

	if (!sb->forwarder)
		return 0;
	p.fd = open_process(sb->forwarder, sb->forwarder_start);
	if (p.fd < 0)
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
