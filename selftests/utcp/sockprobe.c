// SPDX-License-Identifier: GPL-2.0-only
/*
 * sockprobe - the same calls on sockets of AF_UTCP and on those of TCP (streams) UDP
 * (datagrams) or AF_UNIX (seqpackets): return values, error numbers, bits of poll() and bytes must
 * be the same, call by call. Each scenario is one result. What differs on purpose is
 * in "What programs see otherwise than with TCP" of
 * Documentation/networking/utcp.rst, and in no scenario.
 *
 *	sockprobe [NETNS]
 *
 * With the path of another network namespace, UTCP's listeners are there: so its
 * connections and datagrams go over frames, to be compared with those of TCP, UDP and
 * AF_UNIX that do not.
 *
 * utcp must be loaded, and this namespace must have a default cell and lo be up.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/sockios.h>
#include <linux/utcp_socket.h>

#include "kselftest.h"

#define LINES_MAX 256
#define LINE_LEN 96

/* A kind of socket. */
struct kind {
	const char *name;
	int family, type;
};

/* What the calls of a scenario gave, one a line. */
struct record {
	char line[LINES_MAX][LINE_LEN];
	unsigned int n;
};

static struct record *rec;
static const struct kind *kind;
static unsigned int serial;
/* Namespaces: of who connects, and of listeners; -1: the same. */
static int netns = -1, netns_there = -1;

static void __attribute__((format(printf, 1, 2))) say(const char *format, ...)
{
	va_list args;

	if (rec->n == LINES_MAX)
		ksft_exit_fail_msg("too many lines\n");
	va_start(args, format);
	vsnprintf(rec->line[rec->n++], LINE_LEN, format, args);
	va_end(args);
}

/* A call and what it gave. */
static long call(const char *what, long ret)
{
	int err = errno;

	if (ret < 0)
		say("%s: %s", what, strerrorname_np(err));
	else
		say("%s: %ld", what, ret);
	return ret;
}

/* For calls that only make the scene. */
static long must(const char *what, long ret)
{
	if (ret < 0)
		ksft_exit_fail_msg("%s, %s: %s\n", kind ? kind->name : "", what,
				   strerror(errno));
	return ret;
}

union addr {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_un un;
	struct sockaddr_utcp utcp;
};

/* An address nobody has. */
static socklen_t fresh(union addr *a)
{
	memset(a, 0, sizeof(*a));
	a->any.sa_family = kind->family;
	serial++;
	switch (kind->family) {
	case AF_INET:
		a->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		a->in.sin_port = htons(20000 + serial);
		return sizeof(a->in);
	case AF_UNIX:
		snprintf(a->un.sun_path + 1, sizeof(a->un.sun_path) - 1,
			 "sockprobe%d-%u", getpid(), serial);
		return sizeof(a->un);
	default:
		a->utcp.sutcp_port = 20000 + serial;
		return sizeof(a->utcp);
	}
}

static int new_socket(int flags)
{
	return must("socket", socket(kind->family, kind->type | flags, 0));
}

/* One that is to listen, or to get datagrams. */
static int new_socket_there(void)
{
	int s;

	if (kind->family != AF_UTCP || netns_there < 0)
		return new_socket(0);
	must("setns", setns(netns_there, CLONE_NEWNET));
	s = new_socket(0);
	must("setns", setns(netns, CLONE_NEWNET));
	return s;
}

/* A listener; its address as the one to connect to. */
static int new_listener(union addr *a, socklen_t *len, int backlog)
{
	int l = new_socket_there();

	*len = fresh(a);
	must("bind", bind(l, &a->any, *len));
	must("getsockname", getsockname(l, &a->any, len));
	must("listen", listen(l, backlog));
	return l;
}

static void new_pair(int fd[2])
{
	union addr a;
	socklen_t len;
	int l = new_listener(&a, &len, 5);

	fd[0] = new_socket(0);
	must("connect", connect(fd[0], &a.any, len));
	fd[1] = must("accept", accept(l, NULL, NULL));
	close(l);
}

static short bits(int fd)
{
	struct pollfd p = { .fd = fd,
			    .events = POLLIN | POLLOUT | POLLRDHUP | POLLPRI };

	must("poll", poll(&p, 1, 0));
	return p.revents;
}

/* Waits until a bit is there: some of TCP happens a little later. */
static void poll_for(const char *what, int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	must("poll", poll(&p, 1, 5000));
	say("%s: poll %#x", what, bits(fd));
}

static void say_bytes(const char *what, const char *bytes, long n)
{
	if (n > 0)
		say("%s: %.*s", what, (int)n, bytes);
}

/* --- scenarios ------------------------------------------------------------------ */

static void unconnected(void)
{
	union addr a;
	socklen_t len = sizeof(a);
	char b[8];
	int s = new_socket(0);

	call("send", send(s, "x", 1, MSG_NOSIGNAL));
	call("recv", recv(s, b, 1, 0));
	call("getpeername", getpeername(s, &a.any, &len));
	call("accept", accept(s, NULL, NULL));
	call("shutdown", shutdown(s, SHUT_WR));
	call("bad address family",
	     connect(s, &(struct sockaddr){ .sa_family = 77 }, sizeof(a)));
	close(s);
}

static void bound(void)
{
	union addr a;
	socklen_t len = fresh(&a);
	int s = new_socket(0), t = new_socket(0);

	call("bind", bind(s, &a.any, len));
	call("bind the same", bind(t, &a.any, len));
	call("bind short", bind(t, &a.any, 2));
	call("listen", listen(s, 1));
	call("listen again", listen(s, 2));
	call("recv", recv(s, &a, 1, 0));
	call("send", send(s, "x", 1, MSG_NOSIGNAL));
	close(s);
	/* none: there is no TIME_WAIT of a listener */
	call("bind after close", bind(t, &a.any, len));
	close(t);
}

static void refused(void)
{
	union addr a;
	socklen_t len;
	int l = new_listener(&a, &len, 1), s = new_socket(0);

	close(l);
	call("connect", connect(s, &a.any, len));
	close(s);
}

static void accepted(void)
{
	union addr a, b = { 0 };
	socklen_t len, blen = sizeof(b);
	int l = new_listener(&a, &len, 5), s, c;

	fcntl(l, F_SETFL, O_NONBLOCK);
	call("accept, nobody", accept(l, NULL, NULL));
	say("poll %#x", bits(l));
	s = new_socket(0);
	call("connect", connect(s, &a.any, len));
	poll_for("listener", l, POLLIN);
	call("connect again", connect(s, &a.any, len));
	c = accept4(l, &b.any, &blen, SOCK_NONBLOCK);
	say("accept %d", c >= 0);
	say("same family %d", b.any.sa_family == kind->family);
	say("poll %#x", bits(l));
	close(l);
	close(s);
	close(c);
}

static void talks(void)
{
	char b[64];
	int fd[2];
	long n;

	new_pair(fd);
	say("poll %#x", bits(fd[0]));
	call("recv, nothing", recv(fd[1], b, sizeof(b), MSG_DONTWAIT));
	call("send", send(fd[0], "hello", 5, 0));
	poll_for("other", fd[1], POLLIN);
	memset(b, 0, sizeof(b));
	n = call("peek", recv(fd[1], b, sizeof(b), MSG_PEEK));
	say_bytes("bytes", b, n);
	n = call("recv", recv(fd[1], b, sizeof(b), 0));
	say_bytes("bytes", b, n);
	say("poll %#x", bits(fd[1]));
	call("back", send(fd[1], "world", 5, MSG_EOR));
	n = call("recv", recv(fd[0], b, sizeof(b), 0));
	say_bytes("bytes", b, n);
	close(fd[0]);
	close(fd[1]);
}

static void partial(void)
{
	struct iovec iov;
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	char b[64];
	int fd[2];
	long n;

	new_pair(fd);
	send(fd[0], "abcdefgh", 8, 0);
	send(fd[0], "12345678", 8, 0);
	poll_for("there", fd[1], POLLIN);
	iov = (struct iovec){ b, 5 };
	n = call("recvmsg", recvmsg(fd[1], &msg, 0));
	say_bytes("bytes", b, n);
	say("trunc %d", !!(msg.msg_flags & MSG_TRUNC));
	iov = (struct iovec){ b, 2 };
	n = call("recvmsg", recvmsg(fd[1], &msg, MSG_PEEK));
	say_bytes("bytes", b, n);
	n = call("recv", recv(fd[1], b, 6, 0));
	say_bytes("bytes", b, n);
	close(fd[0]);
	close(fd[1]);
}

static void ends(void)
{
	char b[64];
	int fd[2];

	new_pair(fd);
	send(fd[0], "last", 4, 0);
	call("shutdown", shutdown(fd[0], SHUT_WR));
	say("own poll %#x", bits(fd[0]));
	call("send after", send(fd[0], "x", 1, MSG_NOSIGNAL));
	poll_for("other", fd[1], POLLRDHUP);
	call("recv", recv(fd[1], b, sizeof(b), 0));
	call("end", recv(fd[1], b, sizeof(b), 0));
	call("end stays", recv(fd[1], b, sizeof(b), 0));
	call("back", send(fd[1], "answer", 6, MSG_NOSIGNAL));
	call("recv", recv(fd[0], b, sizeof(b), 0));
	call("close", close(fd[1]));
	poll_for("closed", fd[0], POLLHUP);
	call("end", recv(fd[0], b, sizeof(b), 0));
	close(fd[0]);
}

static void closes(void)
{
	char b[64];
	int fd[2], err;
	socklen_t len = sizeof(err);

	new_pair(fd);
	send(fd[0], "unread", 6, 0);
	poll_for("unread", fd[1], POLLIN);
	close(fd[1]);
	poll_for("reset", fd[0], POLLIN);
	call("recv", recv(fd[0], b, sizeof(b), 0));
	call("recv again", recv(fd[0], b, sizeof(b), 0));
	call("send", send(fd[0], "x", 1, MSG_NOSIGNAL));
	call("SO_ERROR",
	     getsockopt(fd[0], SOL_SOCKET, SO_ERROR, &err, &len) ?: err);
	close(fd[0]);
}

static void lingers(void)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };
	char b[64];
	int fd[2];

	new_pair(fd);
	must("SO_LINGER",
	     setsockopt(fd[1], SOL_SOCKET, SO_LINGER, &now, sizeof(now)));
	close(fd[1]);
	poll_for("reset", fd[0], POLLIN);
	call("recv", recv(fd[0], b, sizeof(b), 0));
	close(fd[0]);
}

static void read_side(void)
{
	char b[8];
	int fd[2];

	new_pair(fd);
	call("shutdown", shutdown(fd[0], SHUT_RD));
	call("recv", recv(fd[0], b, sizeof(b), 0));
	say("poll %#x", bits(fd[0]));
	call("send", send(fd[0], "x", 1, MSG_NOSIGNAL));
	call("shutdown", shutdown(fd[0], 7));
	close(fd[0]);
	close(fd[1]);
}

static void times_out(void)
{
	const struct timeval tv = { .tv_usec = 50000 };
	char b[8];
	int fd[2];

	new_pair(fd);
	setsockopt(fd[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	call("recv", recv(fd[0], b, sizeof(b), 0));
	close(fd[0]);
	close(fd[1]);
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void signals(void)
{
	const struct sigaction act = { .sa_handler = on_alarm };
	char b[8];
	int fd[2], status;
	pid_t pid;

	new_pair(fd);
	sigaction(SIGALRM, &act, NULL);
	ualarm(50000, 0);
	call("recv", recv(fd[0], b, sizeof(b), 0));
	/* SIGPIPE, in a child of its own */
	close(fd[1]);
	poll_for("closed", fd[0], POLLRDHUP);
	pid = must("fork", fork());
	if (!pid) {
		signal(SIGPIPE, SIG_DFL);
		/* what is sent first after a close may go */
		for (int i = 0; i < 50; i++) {
			send(fd[0], "x", 1, 0);
			usleep(1000);
		}
		_exit(0);
	}
	must("wait", waitpid(pid, &status, 0));
	say("killed by %d", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	close(fd[0]);
}

static void fills_up(void)
{
	static char buf[65536];
	int fd[2];
	long sent = 0, got = 0, n;

	new_pair(fd);
	fcntl(fd[0], F_SETFL, O_NONBLOCK);
	fcntl(fd[1], F_SETFL, O_NONBLOCK);
	while ((n = send(fd[0], buf, sizeof(buf), 0)) > 0)
		sent += n;
	call("full", n);
	say("not writable %d", !(bits(fd[0]) & POLLOUT));
	for (;;) {
		struct pollfd p = { .fd = fd[1], .events = POLLIN };

		if (poll(&p, 1, got < sent ? 5000 : 0) <= 0)
			break;
		n = recv(fd[1], buf, sizeof(buf), 0);
		if (n <= 0)
			break;
		got += n;
	}
	say("all came %d", got == sent);
	poll_for("writable", fd[0], POLLOUT);
	close(fd[0]);
	close(fd[1]);
}

static void waits_for_all(void)
{
	char b[16];
	int fd[2];
	long n;

	new_pair(fd);
	if (!fork()) {
		send(fd[0], "abc", 3, 0);
		usleep(20000);
		send(fd[0], "def", 3, 0);
		_exit(0);
	}
	n = call("recv", recv(fd[1], b, 6, MSG_WAITALL));
	say_bytes("bytes", b, n);
	wait(NULL);
	/* inherited by the child and dup()ed: the last close ends it */
	n = dup(fd[0]);
	close(fd[0]);
	say("poll %#x", bits(fd[1]));
	close(n);
	poll_for("closed", fd[1], POLLRDHUP);
	call("end", recv(fd[1], b, 6, 0));
	close(fd[1]);
}

static void queues(void)
{
	int fd[2], n = -1;

	new_pair(fd);
	call("SIOCINQ", ioctl(fd[1], SIOCINQ, &n));
	say("%d", n);
	send(fd[0], "12345", 5, 0);
	poll_for("there", fd[1], POLLIN);
	call("SIOCINQ", ioctl(fd[1], SIOCINQ, &n));
	say("%d", n);
	close(fd[0]);
	close(fd[1]);
}

static void unaccepted(void)
{
	union addr a;
	socklen_t len;
	int l = new_listener(&a, &len, 5), s = new_socket(0);
	char b[8];

	must("connect", connect(s, &a.any, len));
	call("send", send(s, "x", 1, MSG_NOSIGNAL));
	close(l);
	poll_for("listener gone", s, POLLHUP);
	call("recv", recv(s, b, 1, 0));
	close(s);
}

static void backlog(void)
{
	union addr a;
	socklen_t len;
	int l = new_listener(&a, &len, 0), one = new_socket(0);
	int s = new_socket(SOCK_NONBLOCK), err, c;
	socklen_t elen = sizeof(err);

	must("connect", connect(one, &a.any, len));
	poll_for("queued", l, POLLIN);
	call("full", connect(s, &a.any, len));
	say("poll %#x", bits(s));
	call("connect again", connect(s, &a.any, len));
	call("send", send(s, "x", 1, MSG_NOSIGNAL));
	call("recv", recv(s, &c, 1, 0));
	c = must("accept", accept(l, NULL, NULL));
	poll_for("connected", s, POLLOUT);
	call("SO_ERROR",
	     getsockopt(s, SOL_SOCKET, SO_ERROR, &err, &elen) ?: err);
	call("connect once more", connect(s, &a.any, len));
	call("connect after", connect(s, &a.any, len));
	call("send", send(s, "x", 1, MSG_NOSIGNAL));
	close(c);
	c = must("accept", accept(l, NULL, NULL));
	call("recv", recv(c, &err, 1, 0));
	close(c);
	close(s);
	close(one);
	close(l);
}

static void gives_up(void)
{
	union addr a;
	socklen_t len;
	int l = new_listener(&a, &len, 0), one = new_socket(0);
	int s = new_socket(SOCK_NONBLOCK), err;
	socklen_t elen = sizeof(err);

	must("connect", connect(one, &a.any, len));
	poll_for("queued", l, POLLIN);
	call("full", connect(s, &a.any, len));
	call("shutdown", shutdown(s, SHUT_RDWR));
	say("poll %#x", bits(s));
	call("connect again", connect(s, &a.any, len));
	close(l);
	poll_for("listener gone", s, POLLOUT);
	call("SO_ERROR",
	     getsockopt(s, SOL_SOCKET, SO_ERROR, &err, &elen) ?: err);
	close(s);
	close(one);
}

static void edges(void)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLOUT | EPOLLET |
					    EPOLLRDHUP };
	char b[8];
	int fd[2], ep = must("epoll", epoll_create1(0));

	new_pair(fd);
	must("add", epoll_ctl(ep, EPOLL_CTL_ADD, fd[1], &ev));
	say("first %d %#x", epoll_wait(ep, &ev, 1, 1000), ev.events);
	say("none %d", epoll_wait(ep, &ev, 1, 0));
	send(fd[0], "ab", 2, 0);
	say("bytes %d %#x", epoll_wait(ep, &ev, 1, 1000), ev.events);
	call("one", recv(fd[1], b, 1, 0));
	say("no edge %d", epoll_wait(ep, &ev, 1, 0));
	send(fd[0], "c", 1, 0);
	say("more %d %#x", epoll_wait(ep, &ev, 1, 1000), ev.events);
	shutdown(fd[0], SHUT_WR);
	say("end %d %#x", epoll_wait(ep, &ev, 1, 1000), ev.events);
	say("none %d", epoll_wait(ep, &ev, 1, 0));
	close(ep);
	close(fd[0]);
	close(fd[1]);
}

static void peeks(void)
{
	char b[16];
	int fd[2];
	long n;

	new_pair(fd);
	send(fd[0], "abcdef", 6, 0);
	poll_for("there", fd[1], POLLIN);
	n = call("peek", recv(fd[1], b, 3, MSG_PEEK));
	say_bytes("bytes", b, n);
	n = call("peek again", recv(fd[1], b, 3, MSG_PEEK));
	say_bytes("bytes", b, n);
	call("truncated", recv(fd[1], b, 2, MSG_TRUNC | MSG_PEEK));
	n = call("read", recv(fd[1], b, sizeof(b), MSG_DONTWAIT));
	say_bytes("bytes", b, n);
	call("nothing", recv(fd[1], b, 3, MSG_PEEK | MSG_DONTWAIT));
	call("nothing, length 0", recv(fd[1], b, 0, MSG_DONTWAIT));
	call("error queue", recv(fd[1], b, 3, MSG_ERRQUEUE));
	call("send nothing", send(fd[0], b, 0, 0));
	call("bad memory", send(fd[0], (void *)8, 5, MSG_NOSIGNAL));
	close(fd[0]);
	close(fd[1]);
}

static void waits_all_ends(void)
{
	const struct timeval tv = { .tv_usec = 30000 };
	char b[16];
	int fd[2];

	new_pair(fd);
	setsockopt(fd[1], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	send(fd[0], "abc", 3, 0);
	call("timeout", recv(fd[1], b, 6, MSG_WAITALL));
	send(fd[0], "abc", 3, 0);
	shutdown(fd[0], SHUT_WR);
	call("end", recv(fd[1], b, 6, MSG_WAITALL));
	call("at the end", recv(fd[1], b, 6, MSG_WAITALL));
	close(fd[0]);
	close(fd[1]);
}

static void least(void)
{
	int fd[2], n = 4;

	new_pair(fd);
	call("SO_RCVLOWAT",
	     setsockopt(fd[1], SOL_SOCKET, SO_RCVLOWAT, &n, sizeof(n)));
	send(fd[0], "abc", 3, 0);
	usleep(20000);
	say("poll %#x", bits(fd[1]));
	send(fd[0], "d", 1, 0);
	poll_for("four", fd[1], POLLIN);
	close(fd[0]);
	close(fd[1]);
}

static void send_times_out(void)
{
	static char buf[65536];
	const struct timeval tv = { .tv_usec = 50000 };
	int fd[2], i;
	long n = 1;

	new_pair(fd);
	setsockopt(fd[0], SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
	for (i = 0; i < 10000 && n > 0; i++)
		n = send(fd[0], buf, sizeof(buf), 0);
	call("send", n);
	call("OOB", send(fd[0], "x", 1, MSG_OOB | MSG_DONTWAIT) < 0);
	close(fd[0]);
	close(fd[1]);
}

/* What the other end has not read goes with the reset. */
static void reset_while_waiting(void)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };
	char b[8];
	int fd[2], status;
	pid_t pid;

	new_pair(fd);
	setsockopt(fd[0], SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	pid = must("fork", fork());
	if (!pid) {
		close(fd[1]);
		usleep(50000);
		close(fd[0]);
		_exit(0);
	}
	close(fd[0]);
	call("recv", recv(fd[1], b, 8, 0));
	must("wait", waitpid(pid, &status, 0));
	say("poll %#x", bits(fd[1]));
	call("getpeername",
	     getpeername(fd[1], &(struct sockaddr){}, &(socklen_t){ 2 }));
	call("shutdown", shutdown(fd[1], SHUT_WR));
	close(fd[1]);
}

static void many_pieces(void)
{
	struct iovec iov[3] = { { "ab", 2 }, { "", 0 }, { "cde", 3 } }, in[2];
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 3 };
	char a[2], b[8];
	int fd[2];

	new_pair(fd);
	call("sendmsg", sendmsg(fd[0], &msg, 0));
	poll_for("there", fd[1], POLLIN);
	in[0] = (struct iovec){ a, 2 };
	in[1] = (struct iovec){ b, 8 };
	msg = (struct msghdr){ .msg_iov = in, .msg_iovlen = 2 };
	say_bytes("second", b, call("recvmsg", recvmsg(fd[1], &msg, 0)) - 2);
	say("trunc %d ctl %zu", !!(msg.msg_flags & MSG_TRUNC),
	    msg.msg_controllen);
	call("sendto", sendto(fd[0], "x", 1, MSG_NOSIGNAL,
			      &(struct sockaddr){ .sa_family = kind->family },
			      sizeof(struct sockaddr)) > 0);
	close(fd[0]);
	close(fd[1]);
}

static void files(void)
{
	struct iovec two[2] = { { "a", 1 }, { "bc", 2 } };
	char b[64] = "from a file";
	int fd[2], p[2], file = must("memfd", memfd_create("probe", 0));

	new_pair(fd);
	must("pipe", pipe(p));
	must("write", write(file, b, 12));
	call("sendfile", sendfile(fd[0], file, &(off_t){ 0 }, 12));
	poll_for("there", fd[1], POLLIN);
	call("splice", splice(fd[1], NULL, p[1], NULL, 5, 0));
	say_bytes("bytes", b, call("read", read(p[0], b, 5)));
	say_bytes("rest", b, call("recv", recv(fd[1], b, 64, 0)));
	must("write", write(p[1], "piped", 5));
	call("splice in", splice(p[0], NULL, fd[1], NULL, 5, 0));
	say_bytes("bytes", b, call("recv", recv(fd[0], b, 64, 0)));
	call("writev", writev(fd[0], two, 2));
	poll_for("there", fd[1], POLLIN);
	say_bytes("bytes", b,
		  call("readv", readv(fd[1], &(struct iovec){ b, 8 }, 1)));
	call("lseek", lseek(fd[0], 0, SEEK_SET));
	close(fd[0]);
	close(fd[1]);
	close(p[0]);
	close(p[1]);
	close(file);
}

/* Descriptors are not passed, nor do they prevent the bytes. */
static void ancillary(void)
{
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { .align = { .cmsg_len = CMSG_LEN(sizeof(int)),
				 .cmsg_level = SOL_SOCKET,
				 .cmsg_type = SCM_RIGHTS } };
	struct iovec iov = { "x", 1 };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	char b[8];
	int fd[2];

	new_pair(fd);
	call("sendmsg", sendmsg(fd[0], &msg, 0));
	poll_for("there", fd[1], POLLIN);
	iov = (struct iovec){ b, 8 };
	msg.msg_controllen = sizeof(control);
	call("recvmsg", recvmsg(fd[1], &msg, MSG_CMSG_CLOEXEC));
	say("control %zu flags %#x", msg.msg_controllen,
	    msg.msg_flags & MSG_CTRUNC);
	call("MSG_MORE", send(fd[0], "y", 1, MSG_MORE | MSG_CONFIRM));
	call("rest", send(fd[0], "z", 1, 0));
	close(fd[0]);
	close(fd[1]);
}

/* Both ends write more than fits, and read, at once. */
static void both_ways(void)
{
	static char buf[3000];
	struct pollfd p[2] = { 0 };
	const long most = 1 << 20;
	long sent[2] = { 0 }, got[2] = { 0 }, n;
	bool good = true;
	int fd[2];

	new_pair(fd);
	while (got[0] < most || got[1] < most) {
		for (int i = 0; i < 2; i++) {
			p[i].fd = fd[i];
			p[i].events = POLLIN | (sent[i] < most ? POLLOUT : 0);
		}
		if (poll(p, 2, 5000) <= 0)
			break;
		for (int i = 0; i < 2; i++) {
			if (p[i].revents & POLLOUT && sent[i] < most) {
				for (size_t k = 0; k < sizeof(buf); k++)
					buf[k] = (sent[i] + k) % 251;
				n = most - sent[i] < (long)sizeof(buf) ?
					    most - sent[i] :
					    (long)sizeof(buf);
				n = send(fd[i], buf, n, MSG_DONTWAIT);
				sent[i] += n > 0 ? n : 0;
			}
			if (!(p[i].revents & POLLIN))
				continue;
			n = recv(fd[i], buf, sizeof(buf) - 7, MSG_DONTWAIT);
			for (long k = 0; k < n; k++)
				good &= buf[k] == (char)((got[!i] + k) % 251);
			got[!i] += n > 0 ? n : 0;
		}
	}
	say("%ld %ld good %d", got[0], got[1], good);
	close(fd[0]);
	close(fd[1]);
}

static void datagrams(void)
{
	union addr a, b, from;
	socklen_t len, blen, flen = sizeof(from);
	int s = new_socket(0), t = new_socket_there(), n;
	char buf[16];

	say("fresh poll %#x", bits(s));
	call("no destination", send(s, "x", 1, 0));
	call("listen", listen(s, 1));
	call("accept", accept(s, NULL, NULL));
	call("getpeername", getpeername(s, &from.any, &flen));
	call("shutdown", shutdown(s, SHUT_RD));
	close(s);
	s = new_socket(0);
	len = fresh(&a);
	must("bind", bind(s, &a.any, len));
	must("getsockname", getsockname(s, &a.any, &len));
	blen = fresh(&b);
	must("bind", bind(t, &b.any, blen));
	must("getsockname", getsockname(t, &b.any, &blen));
	call("bind again", bind(t, &b.any, blen));
	call("nothing", recv(t, buf, 1, MSG_DONTWAIT));
	call("sendto", sendto(s, "hello", 5, 0, &b.any, blen));
	call("empty", sendto(s, "", 0, 0, &b.any, blen));
	call("short address", sendto(s, "x", 1, 0, &b.any, 3));
	poll_for("there", t, POLLIN);
	/* the empty one, too */
	usleep(50000);
	call("SIOCINQ", ioctl(t, SIOCINQ, &n));
	say("%d", n);
	flen = sizeof(from);
	call("peek", recvfrom(t, buf, 2, MSG_PEEK, &from.any, &flen));
	say("from %d %d", flen == len, !memcmp(&from, &a, len));
	call("trunc", recv(t, buf, 2, MSG_PEEK | MSG_TRUNC));
	call("recv", recv(t, buf, 3, 0));
	call("empty", recv(t, buf, 3, 0));
	call("nothing", recv(t, buf, 3, MSG_DONTWAIT));
	call("error queue", recv(t, buf, 3, MSG_ERRQUEUE));
	close(s);
	close(t);
}

static void datagrams_connected(void)
{
	const struct timeval tv = { .tv_usec = 30000 };
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	union addr a, b, c;
	socklen_t len, blen, clen;
	int s[3];
	char buf[16];

	for (int i = 0; i < 3; i++)
		s[i] = i == 1 ? new_socket_there() : new_socket(0);
	len = fresh(&a);
	must("bind", bind(s[0], &a.any, len));
	must("getsockname", getsockname(s[0], &a.any, &len));
	blen = fresh(&b);
	must("bind", bind(s[1], &b.any, blen));
	must("getsockname", getsockname(s[1], &b.any, &blen));
	setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	call("connect", connect(s[0], &b.any, blen));
	clen = sizeof(c);
	call("getpeername",
	     getpeername(s[0], &c.any, &clen) ?: !memcmp(&b, &c, blen));
	must("other", sendto(s[2], "other", 5, 0, &a.any, len));
	call("not from another", recv(s[0], buf, 16, 0));
	call("send", send(s[0], "abc", 3, 0));
	call("recv", recv(s[1], buf, 16, 0));
	must("back", sendto(s[1], "back", 4, 0, &a.any, len));
	call("recv", recv(s[0], buf, 16, 0));
	say("poll %#x", bits(s[0]));
	call("to nobody", connect(s[0], &none, sizeof(none)));
	call("send", send(s[0], "abc", 3, 0));
	must("other", sendto(s[2], "other", 5, 0, &a.any, len));
	call("from another", recv(s[0], buf, 16, 0));
	call("connect", connect(s[0], &b.any, blen));
	call("shutdown", shutdown(s[0], SHUT_RDWR));
	say("poll %#x", bits(s[0]));
	call("recv", recv(s[0], buf, 16, 0));
	call("send", send(s[0], "abc", 3, MSG_NOSIGNAL));
	for (int i = 0; i < 3; i++)
		close(s[i]);
}

/* Who does not read loses what does not fit; the sender does not wait. */
static void datagrams_overflow(void)
{
	static char buf[1200], long_one[65536];
	union addr a;
	socklen_t len = fresh(&a);
	int s = new_socket(0), t = new_socket_there(), n, sent = 0, got = 0;

	must("bind", bind(t, &a.any, len));
	must("getsockname", getsockname(t, &a.any, &len));
	n = 8192;
	setsockopt(t, SOL_SOCKET, SO_RCVBUF, &n, sizeof(n));
	for (n = 0; n < 50; n++)
		sent += sendto(s, buf, sizeof(buf), MSG_DONTWAIT, &a.any,
			       len) == sizeof(buf);
	usleep(100000);
	while (recv(t, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		got++;
	say("sent %d, some came %d, not all %d", sent, got > 1, got < 50);
	call("too long", sendto(s, long_one, sizeof(long_one), 0, &a.any, len));
	close(s);
	close(t);
}

#define BOTH 0
static const struct {
	const char *name;
	void (*run)(void);
	int only; /* a type, or both */
} scenarios[] = {
	{ "not connected", unconnected, SOCK_STREAM },
	{ "bind and listen", bound, SOCK_STREAM },
	{ "nobody listens", refused, BOTH },
	{ "accept", accepted, SOCK_STREAM },
	{ "talk", talks, BOTH },
	{ "partial reads", partial, BOTH },
	{ "half-close and end", ends, BOTH },
	{ "close with bytes unread", closes, BOTH },
	{ "linger 0", lingers, SOCK_STREAM },
	{ "shutdown of reading", read_side, SOCK_STREAM },
	{ "timeout", times_out, BOTH },
	{ "signals", signals, SOCK_STREAM },
	{ "a full pipe", fills_up, SOCK_STREAM },
	{ "MSG_WAITALL, fork, dup", waits_for_all, SOCK_STREAM },
	{ "SIOCINQ", queues, BOTH },
	{ "never accepted", unaccepted, SOCK_STREAM },
	{ "the listener's queue is full", backlog, SOCK_STREAM },
	{ "connect given up", gives_up, SOCK_STREAM },
	{ "edges of epoll", edges, SOCK_STREAM },
	{ "peek, truncate, nothing", peeks, SOCK_STREAM },
	{ "MSG_WAITALL, end, timeout", waits_all_ends, SOCK_STREAM },
	{ "SO_RCVLOWAT", least, SOCK_STREAM },
	{ "SO_SNDTIMEO", send_times_out, BOTH },
	{ "reset while one waits", reset_while_waiting, SOCK_STREAM },
	{ "several pieces", many_pieces, BOTH },
	{ "both ways at once", both_ways, SOCK_STREAM },
	{ "sendfile, splice, readv", files, SOCK_STREAM },
	{ "ancillary data", ancillary, SOCK_STREAM },
	{ "talk", datagrams, SOCK_DGRAM },
	{ "connected", datagrams_connected, SOCK_DGRAM },
	{ "a full queue", datagrams_overflow, SOCK_DGRAM },
};

static const struct kind kinds[3][2] = {
	{ { "TCP", AF_INET, SOCK_STREAM }, { "UTCP", AF_UTCP, SOCK_STREAM } },
	{ { "AF_UNIX", AF_UNIX, SOCK_SEQPACKET },
	  { "UTCP", AF_UTCP, SOCK_SEQPACKET } },
	{ { "UDP", AF_INET, SOCK_DGRAM }, { "UTCP", AF_UTCP, SOCK_DGRAM } },
};

static const char *const kind_names[] = { "stream", "seqpacket", "datagram" };

static void compare(const char *name, void (*run)(void), int which)
{
	static struct record records[2];
	unsigned int bad = 0, i, most;

	for (i = 0; i < 2; i++) {
		rec = &records[i];
		rec->n = 0;
		kind = &kinds[which][i];
		alarm(20);
		run();
		alarm(0);
	}
	most = records[0].n > records[1].n ? records[0].n : records[1].n;
	for (i = 0; i < most; i++) {
		const char *a = i < records[0].n ? records[0].line[i] : "";
		const char *b = i < records[1].n ? records[1].line[i] : "";

		if (!strcmp(a, b))
			continue;
		bad++;
		ksft_print_msg("%s: \"%s\", UTCP: \"%s\"\n",
			       kinds[which][0].name, a, b);
	}
	ksft_test_result(!bad, "%s: %s\n", kind_names[which], name);
}

int main(int argc, char **argv)
{
	size_t i;
	int n = 0;

	if (argc > 1) {
		netns = must("own namespace",
			     open("/proc/self/ns/net", O_RDONLY));
		netns_there = must(argv[1], open(argv[1], O_RDONLY));
	}

	for (i = 0; i < ARRAY_SIZE(scenarios); i++)
		n += scenarios[i].only == BOTH ? 2 : 1;
	ksft_print_header();
	ksft_set_plan(n);
	for (i = 0; i < ARRAY_SIZE(scenarios); i++)
		for (int which = 0; which < 3; which++)
			if ((scenarios[i].only == BOTH && which < 2) ||
			    scenarios[i].only == kinds[which][0].type)
				compare(scenarios[i].name, scenarios[i].run,
					which);
	ksft_finished();
}
