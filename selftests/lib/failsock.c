// SPDX-License-Identifier: GPL-2.0-only
/*
 * failsock NETNS
 *
 * As failnth, of sockets: the n-th fallible allocation of a call on an AF_UTCP socket
 * fails, for n = 1, 2, 3, ... until the call gets by with fewer than n of them. It
 * gives ENOMEM (or ENOBUFS), or gets by without what it could not have; and the same
 * socket does all it is for when the call is made again: it connects, its bytes come
 * whole and in order. Peers are in the network namespace NETNS: between the two,
 * frames have to pass, if it is not the program's own.
 *
 * The kernel needs failslab and fail_page_alloc, set up to fail sleeping allocations
 * as well. Exit status 0 if all was clean, 1 otherwise.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/utcp_socket.h>

#include "nth.h"

#define LONG 100000

static uint8_t out[LONG], in[LONG];

/* A listener and a datagram socket there; what a step has made. */
static int listener = -1, there = -1, fd = -1, pair[2] = { -1, -1 };
static struct sockaddr_utcp listener_addr, there_addr;
static int type;
static unsigned int strangers;

static void __attribute__((format(printf, 1, 2), noreturn))
die(const char *format, ...)
{
	int err = errno;
	va_list args;

	printf("# ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf(": %s\n", strerror(err));
	exit(1);
}

static long must(const char *what, long ret)
{
	if (ret < 0)
		die("%s", what);
	return ret;
}

static void wait_for(const char *what, int s, short events)
{
	struct pollfd p = { .fd = s, .events = events };

	errno = ETIME;
	if (must(what, poll(&p, 1, 60000)) != 1)
		die("%s: never", what);
}

static int new_socket(int of)
{
	return must("socket", socket(AF_UTCP, of | SOCK_NONBLOCK, 0));
}

static void shut(int *s)
{
	if (*s >= 0)
		close(*s);
	*s = -1;
}

static int connect_to(int s, const struct sockaddr_utcp *to)
{
	int ret = connect(s, (const void *)to, sizeof(*to));

	return ret && errno == EINPROGRESS ? 0 : ret;
}

static int bind_any(int s)
{
	const struct sockaddr_utcp any = { .sutcp_family = AF_UTCP };

	return bind(s, (const void *)&any, sizeof(any));
}

static void is_connected(int s)
{
	socklen_t len = sizeof(int);
	int err = 0;

	wait_for("connect", s, POLLOUT);
	must("SO_ERROR", getsockopt(s, SOL_SOCKET, SO_ERROR, &err, &len));
	errno = err;
	if (err)
		die("connecting");
}

/* So many bytes of @out come, and no others. */
static void comes(int s, size_t len)
{
	size_t got = 0;
	ssize_t n;

	while (got < len) {
		wait_for("bytes", s, POLLIN);
		n = must("recv", recv(s, in + got, sizeof(in) - got, 0));
		errno = EPROTO;
		if (!n || got + n > len)
			die("%zu bytes of %zu", got + n, len);
		got += n;
	}
	errno = EPROTO;
	if (memcmp(in, out, len))
		die("other bytes than were sent");
	if (recv(s, in, 1, 0) != -1 || errno != EAGAIN)
		die("more than was sent");
}

static void talks(int a, int b)
{
	must("send", send(a, out, 100, 0));
	comes(b, 100);
	must("send", send(b, out, 200, 0));
	comes(a, 200);
}

static int take(void)
{
	struct sockaddr_utcp from;
	socklen_t len = sizeof(from);

	return accept4(listener, (struct sockaddr *)&from, &len, SOCK_NONBLOCK);
}

static void take_pair(void)
{
	is_connected(pair[0]);
	wait_for("a caller", listener, POLLIN);
	pair[1] = must("accept", take());
	talks(pair[0], pair[1]);
}

/* --- steps: what is made before, the call, and what must be after it ------------------ */

static void nothing(void)
{
}

static void make_socket(void)
{
	fd = new_socket(type);
}

static void make_caller(void)
{
	pair[0] = new_socket(type);
}

static void make_call(void)
{
	make_caller();
	must("connect", connect_to(pair[0], &listener_addr));
	is_connected(pair[0]);
	wait_for("a caller", listener, POLLIN);
}

static void make_pair(void)
{
	make_caller();
	must("connect", connect_to(pair[0], &listener_addr));
	take_pair();
}

static void make_waiting(void)
{
	make_pair();
	must("send", send(pair[0], out, 1000, 0));
	wait_for("bytes", pair[1], POLLIN);
}

static long do_socket(void)
{
	return fd = socket(AF_UTCP, type, 0);
}

static long do_bind(void)
{
	return bind_any(fd);
}

static void is_bound(long ret)
{
	if (ret < 0)
		must("bind", bind_any(fd));
	errno = 0;
	if (bind_any(fd) != -1 || errno != EINVAL)
		die("bound twice");
}

static long do_listen(void)
{
	return listen(fd, 5);
}

static void listens(long ret)
{
	(void)ret;
	must("listen", listen(fd, 5));
}

static long do_connect(void)
{
	return connect_to(pair[0], &listener_addr);
}

static void connects(long ret)
{
	if (ret < 0)
		must("connect", connect_to(pair[0], &listener_addr));
	take_pair();
}

static long do_accept(void)
{
	return pair[1] = take();
}

static void is_accepted(long ret)
{
	/* It could not be said who calls: as of any family, what was accepted is closed again,
	 * and the caller hears of it.
	 */
	if (ret < 0 && errno == EFAULT) {
		wait_for("the end", pair[0], POLLIN);
		if (recv(pair[0], in, sizeof(in), 0) > 0)
			die("bytes that nobody has sent");
		return;
	}
	if (ret < 0)
		must("accept", do_accept());
	talks(pair[0], pair[1]);
}

static long do_send(void)
{
	return send(pair[0], out, LONG, 0);
}

/* As many as were said to be sent. */
static void is_sent(long ret)
{
	if (ret > 0)
		comes(pair[1], ret);
	talks(pair[0], pair[1]);
}

static long do_recv(void)
{
	return recv(pair[1], in, sizeof(in), 0);
}

static void is_read(long ret)
{
	if (ret < 0)
		comes(pair[1], 1000);
	talks(pair[0], pair[1]);
}

static long do_peek(void)
{
	return recv(pair[1], in, sizeof(in), MSG_PEEK);
}

static void is_unread(long ret)
{
	(void)ret;
	is_read(-1);
}

static long do_shutdown(void)
{
	return shutdown(pair[0], SHUT_WR);
}

/* The other direction goes on. */
static void is_shut(long ret)
{
	if (ret < 0)
		must("shutdown", do_shutdown());
	wait_for("an end", pair[1], POLLIN);
	errno = EPROTO;
	if (must("recv", recv(pair[1], in, sizeof(in), 0)))
		die("bytes instead of an end");
	must("send", send(pair[1], out, 200, 0));
	comes(pair[0], 200);
}

static long do_close(void)
{
	int s = pair[0];

	pair[0] = -1;
	return close(s);
}

static void is_closed(long ret)
{
	must("close", ret);
	wait_for("an end", pair[1], POLLIN);
	errno = EPROTO;
	if (must("recv", recv(pair[1], in, sizeof(in), 0)))
		die("bytes instead of an end");
}

static long do_close_unread(void)
{
	int s = pair[1];

	pair[1] = -1;
	return close(s);
}

static void is_reset(long ret)
{
	must("close", ret);
	wait_for("a reset", pair[0], POLLIN);
	if (recv(pair[0], in, sizeof(in), 0) != -1 || errno != ECONNRESET)
		die("no reset");
}

/* A listener of this namespace, and somebody in its queue. */
static void make_queue(void)
{
	struct sockaddr_utcp addr;
	socklen_t len = sizeof(addr);

	make_socket();
	must("bind", bind_any(fd));
	must("getsockname", getsockname(fd, (void *)&addr, &len));
	must("listen", listen(fd, 5));
	make_caller();
	must("connect", connect_to(pair[0], &addr));
	is_connected(pair[0]);
}

static long do_close_listener(void)
{
	int s = fd;

	fd = -1;
	return close(s);
}

static const struct {
	int level;
	int option;
	int value;
} options[] = {
	{ SOL_SOCKET, SO_KEEPALIVE, 1 },
	{ SOL_SOCKET, SO_SNDBUF, 200000 },
	{ SOL_SOCKET, SO_RCVBUF, 200000 },
	{ SOL_UTCP, UTCP_NODELAY, 1 },
	{ SOL_UTCP, UTCP_USER_TIMEOUT, 60000 },
	{ SOL_UTCP, UTCP_KEEPIDLE, 60 },
	{ SOL_UTCP, UTCP_KEEPINTVL, 60 },
	{ SOL_UTCP, UTCP_KEEPCNT, 3 },
};

#define N_OPTIONS (sizeof(options) / sizeof(options[0]))

static long do_options(void)
{
	long ret = setsockopt(pair[0], SOL_UTCP, UTCP_CONGESTION, "cubic", 5);
	size_t i;

	for (i = 0; !ret && i < N_OPTIONS; i++)
		ret = setsockopt(pair[0], options[i].level, options[i].option,
				 &options[i].value, sizeof(int));
	return ret;
}

static void are_set(long ret)
{
	socklen_t len = sizeof(int);
	int value, want;
	size_t i;

	if (ret < 0)
		must("setsockopt", do_options());
	for (i = 0; i < N_OPTIONS; i++) {
		must("getsockopt", getsockopt(pair[0], options[i].level,
					      options[i].option, &value, &len));
		want = options[i].value;
		/* SOL_UTCP has options of these numbers, too. */
		if (options[i].level == SOL_SOCKET &&
		    (options[i].option == SO_SNDBUF ||
		     options[i].option == SO_RCVBUF))
			want *= 2;
		errno = EPROTO;
		if (value != want)
			die("option %d is %d", options[i].option, value);
	}
	talks(pair[0], pair[1]);
}

static long do_info(void)
{
	static const int names[] = { UTCP_LOCAL_CELL, UTCP_LOCAL_KEY,
				     UTCP_PEER_CELL,  UTCP_PEER_KEY,
				     UTCP_INFO,	      UTCP_CONGESTION };
	struct utcp_info info;
	long ret = 0;
	size_t i;

	for (i = 0; !ret && i < sizeof(names) / sizeof(names[0]); i++) {
		socklen_t len = sizeof(info);

		ret = getsockopt(pair[0], SOL_UTCP, names[i], &info, &len);
	}
	return ret;
}

static void is_told(long ret)
{
	if (ret < 0)
		must("getsockopt", do_info());
	talks(pair[0], pair[1]);
}

/* --- how sockets are shown ------------------------------------------------------------ */

static void open_diag(void)
{
	fd = must("sock_diag", socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
				      NETLINK_SOCK_DIAG));
}

static void make_shown(void)
{
	make_pair();
	open_diag();
}

/* Return: how many sockets of the type are shown. */
static long do_diag(void)
{
	struct {
		struct nlmsghdr nlh;
		struct utcp_diag_req req;
	} r = { .nlh = { .nlmsg_len = sizeof(r),
			 .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.req = { .sdiag_family = AF_UTCP,
			 .sdiag_type = type,
			 .udiag_states = ~0U } };
	static uint8_t buf[65536] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh;
	ssize_t len;
	long n = 0;

	if (send(fd, &r, sizeof(r), 0) < 0)
		return -1;
	for (;;) {
		len = recv(fd, buf, sizeof(buf), 0);
		if (len < 0)
			return -1;
		for (nlh = (void *)buf; NLMSG_OK(nlh, len);
		     nlh = NLMSG_NEXT(nlh, len)) {
			if (nlh->nlmsg_type == NLMSG_DONE)
				return n;
			if (nlh->nlmsg_type == NLMSG_ERROR) {
				errno = -((struct nlmsgerr *)NLMSG_DATA(nlh))
						 ->error;
				return -1;
			}
			n++;
		}
	}
}

/* The listener is there too, if it is in this namespace. */
static void are_shown(long ret)
{
	long n;

	shut(&fd);
	open_diag();
	n = must("sock_diag", do_diag());
	errno = EPROTO;
	if (n < 1 || (ret >= 0 && ret != n))
		die("%ld sockets, then %ld", ret, n);
	talks(pair[0], pair[1]);
}

static long do_proc(void)
{
	char buf[4096];
	int file = open("/proc/thread-self/net/utcp", O_RDONLY | O_CLOEXEC);
	ssize_t len = 0;
	long lines = 0;

	if (file < 0)
		return -1;
	while ((len = read(file, buf, sizeof(buf))) > 0)
		for (ssize_t i = 0; i < len; i++)
			lines += buf[i] == '\n';
	close(file);
	return len < 0 ? -1 : lines;
}

static void are_listed(long ret)
{
	long n = must("/proc/net/utcp", do_proc());

	errno = EPROTO;
	if (n < 2 || (ret >= 0 && ret != n))
		die("%ld lines, then %ld", ret, n);
	talks(pair[0], pair[1]);
}

/* --- datagrams ------------------------------------------------------------------------- */

static long do_sendto(void)
{
	return sendto(fd, out, 1000, 0, (const void *)&there_addr,
		      sizeof(there_addr));
}

/* It may be lost: but not in silence and for ever. */
static void is_sent_to(long ret)
{
	struct pollfd p = { .fd = there, .events = POLLIN };
	int i;

	(void)ret;
	for (i = 0; i < 60 && poll(&p, 1, 0) != 1; i++) {
		must("sendto", do_sendto());
		must("poll", poll(&p, 1, 1000));
	}
	while (recv(there, in, sizeof(in), 0) >= 0)
		;
	if (errno != EAGAIN || i == 60)
		die("none comes");
}

static void make_connected(void)
{
	make_socket();
	must("connect", connect_to(fd, &there_addr));
}

static long do_connect_datagrams(void)
{
	return connect_to(fd, &there_addr);
}

static long do_send_connected(void)
{
	return send(fd, out, 1000, 0);
}

static void sends(long ret)
{
	if (ret < 0)
		must("connect", do_connect_datagrams());
	is_sent_to(0);
}

/* One that is there, from a socket that may be told where answers go. */
static void make_arrived(void)
{
	struct pollfd p = { .fd = there, .events = POLLIN };
	int i;

	make_socket();
	for (i = 0; i < 60 && poll(&p, 1, 1000) != 1; i++)
		must("sendto", do_sendto());
}

static long do_recv_datagram(void)
{
	struct sockaddr_utcp from;
	socklen_t len = sizeof(from);

	return recvfrom(there, in, sizeof(in), 0, (void *)&from, &len);
}

static void is_received(long ret)
{
	/* What could not be copied is gone, as of UDP. */
	if (ret < 0 && errno == EFAULT)
		return;
	if (ret < 0)
		ret = must("recvfrom", do_recv_datagram());
	errno = EPROTO;
	if (ret != 1000 || memcmp(in, out, 1000))
		die("%ld bytes of 1000", ret);
	while (recv(there, in, sizeof(in), 0) >= 0)
		;
}

/* A cell that nobody has: another one each time. */
static long do_stranger(void)
{
	struct sockaddr_utcp to = there_addr;

	memcpy(to.sutcp_cell, &strangers, sizeof(strangers));
	strangers++;
	return sendto(fd, out, 10, 0, (const void *)&to, sizeof(to));
}

static void whatever(long ret)
{
	(void)ret;
}

static const struct step {
	const char *what;
	int type;
	void (*make)(void);
	long (*call)(void);
	void (*check)(long ret);
} steps[] = {
	{ "socket", SOCK_STREAM, nothing, do_socket, whatever },
	{ "socket of datagrams", SOCK_DGRAM, nothing, do_socket, whatever },
	{ "bind", SOCK_STREAM, make_socket, do_bind, is_bound },
	{ "bind of datagrams", SOCK_DGRAM, make_socket, do_bind, is_bound },
	{ "listen", SOCK_STREAM, make_socket, do_listen, listens },
	{ "connect", SOCK_STREAM, make_caller, do_connect, connects },
	{ "accept", SOCK_STREAM, make_call, do_accept, is_accepted },
	{ "send", SOCK_STREAM, make_pair, do_send, is_sent },
	{ "send of a message", SOCK_SEQPACKET, make_pair, do_send, is_sent },
	{ "recv of a message", SOCK_SEQPACKET, make_waiting, do_recv, is_read },
	{ "recv", SOCK_STREAM, make_waiting, do_recv, is_read },
	{ "recv, peeking", SOCK_STREAM, make_waiting, do_peek, is_unread },
	{ "setsockopt", SOCK_STREAM, make_pair, do_options, are_set },
	{ "getsockopt", SOCK_STREAM, make_pair, do_info, is_told },
	{ "sock_diag", SOCK_STREAM, make_shown, do_diag, are_shown },
	{ "/proc/net/utcp", SOCK_STREAM, make_pair, do_proc, are_listed },
	{ "shutdown", SOCK_STREAM, make_pair, do_shutdown, is_shut },
	{ "close", SOCK_STREAM, make_pair, do_close, is_closed },
	{ "close with unread bytes", SOCK_STREAM, make_waiting, do_close_unread,
	  is_reset },
	{ "close of a listener", SOCK_STREAM, make_queue, do_close_listener,
	  is_reset },
	{ "connect of datagrams", SOCK_DGRAM, make_socket, do_connect_datagrams,
	  sends },
	{ "send of a datagram", SOCK_DGRAM, make_connected, do_send_connected,
	  is_sent_to },
	{ "recv of a datagram", SOCK_DGRAM, make_arrived, do_recv_datagram,
	  is_received },
	{ "sendto", SOCK_DGRAM, make_socket, do_sendto, is_sent_to },
	{ "sendto to a stranger", SOCK_DGRAM, make_socket, do_stranger,
	  whatever },
};

static void listen_for(int of)
{
	socklen_t len = sizeof(listener_addr);

	shut(&listener);
	listener = new_socket(of);
	must("bind", bind_any(listener));
	must("getsockname",
	     getsockname(listener, (void *)&listener_addr, &len));
	must("listen", listen(listener, 20));
}

static void run(const struct step *step)
{
	unsigned int n, left = 0, told = 0;
	long ret;
	int err;

	for (n = 1; !left && n < NTH_MOST; n++) {
		type = step->type;
		step->make();
		nth_arm(n);
		ret = step->call();
		err = errno;
		left = nth_disarm();
		errno = err;
		if (ret < 0 && err == EAGAIN)
			ret = 0;
		if (ret < 0 && (left || !nth_injected(err)))
			die("%s, allocation %u", step->what, n);
		told += ret < 0;
		step->check(ret);
		shut(&fd);
		shut(&pair[0]);
		shut(&pair[1]);
	}
	errno = ELOOP;
	if (!left)
		die("%s", step->what);
	printf("# %s: %u allocations, %u failing ones were told\n", step->what,
	       n - 2, told);
}

int main(int argc, char **argv)
{
	socklen_t len = sizeof(there_addr);
	size_t i;
	int here, ns;

	if (argc != 2 || !nth_open())
		return 1;
	for (i = 0; i < sizeof(out); i++)
		out[i] = i * 7 % 251;
	here = must("netns", open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
	ns = must(argv[1], open(argv[1], O_RDONLY | O_CLOEXEC));
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (!i || steps[i].type != steps[i - 1].type) {
			must("setns", setns(ns, CLONE_NEWNET));
			if (steps[i].type == SOCK_DGRAM) {
				shut(&there);
				there = new_socket(SOCK_DGRAM);
				must("bind", bind_any(there));
				must("getsockname",
				     getsockname(there, (void *)&there_addr,
						 &len));
			} else {
				listen_for(steps[i].type);
			}
			must("setns", setns(here, CLONE_NEWNET));
		}
		run(&steps[i]);
	}
	return 0;
}
