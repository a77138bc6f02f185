// SPDX-License-Identifier: GPL-2.0-only
/*
 * failsock NETNS
 *
 * As failnth, of sockets: the n-th fallible allocation of a call on an AF_UTCP socket
 * fails, for n = 1, 2, 3, ... until the call gets by with fewer than n of them. It
 * gives ENOMEM (or ENOBUFS), or gets by without what it could not have; and the same
 * socket does all it is for when the call is made again: it connects, its bytes come
 * whole and in order. Peers are in the network namespace NETNS: between the two,
 * frames have to pass.
 *
 * The kernel needs failslab and fail_page_alloc, set up to fail sleeping allocations
 * as well. Exit status 0 if all was clean, 1 otherwise.
 */
#include <errno.h>
#include <fcntl.h>
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
	{ "recv", SOCK_STREAM, make_waiting, do_recv, is_read },
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
