// SPDX-License-Identifier: GPL-2.0-only
/*
 * sockcheck - what is only AF_UTCP's: options, limits, rights, memory.
 *
 *	sockcheck options	of SOL_UTCP and SOL_SOCKET, and ioctls
 *	sockcheck limit N	the namespace's limit "sockets" is N
 *	sockcheck users N	the same, and the default cell is for all
 *	sockcheck private	the default cell is root's
 *	sockcheck shared	the default cell is for all
 *	sockcheck takes N	of 65536 bytes that are written at once, N are taken
 *	sockcheck long BYTES	a message of 1 MiB arrives, while so many wait elsewhere
 *	sockcheck least		who waits for more than memory has room for reads what is there
 *	sockcheck quota N	the default cell is for all, and the limit "user-ports" is N
 *	sockcheck no-quota N	the same, for its owner
 *	sockcheck memory	there is little memory for buffers
 *	sockcheck hold		make sockets of each kind and state, say so, and wait
 *
 * utcp must be loaded, and this namespace must have a default cell.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/sock_diag.h>
#include <linux/sockios.h>
#include <linux/utcp_socket.h>

#include "kselftest.h"

#define NOBODY 65534
#define PARAMETER "/sys/module/utcp/parameters/buffers_kib"

static long must(const char *what, long ret)
{
	if (ret < 0)
		ksft_exit_fail_msg("%s: %s\n", what, strerror(errno));
	return ret;
}

/* A call that has to fail like this, or, with 0, not at all. */
static void expect(int err, const char *what, long ret)
{
	int got = ret < 0 ? errno : 0;

	if (got != err)
		ksft_print_msg("%s: %s, expected %s\n", what, strerror(got),
			       strerror(err));
	ksft_test_result(got == err, "%s\n", what);
}

static struct sockaddr_utcp address(unsigned int port)
{
	return (struct sockaddr_utcp){ .sutcp_family = AF_UTCP,
				       .sutcp_port = port };
}

static int bind_port(int s, unsigned int port)
{
	struct sockaddr_utcp a = address(port);

	return bind(s, (struct sockaddr *)&a, sizeof(a));
}

static int utcp(int type)
{
	return must("socket", socket(AF_UTCP, type, 0));
}

static int listener(int type, struct sockaddr_utcp *a)
{
	socklen_t len = sizeof(*a);
	int l = utcp(type);

	must("bind", bind_port(l, 0));
	must("getsockname", getsockname(l, (struct sockaddr *)a, &len));
	must("listen", listen(l, 5));
	return l;
}

static int connect_to(int s, const struct sockaddr_utcp *a)
{
	return connect(s, (const struct sockaddr *)a, sizeof(*a));
}

/* --- options ---------------------------------------------------------------------- */

/* A number that is set: what setsockopt() gives (@err), and what is got then: @is, or
 * the number if that is 0.
 */
static const struct number {
	int option;
	const char *name;
	int value, err, is;
} numbers[] = {
	{ UTCP_NODELAY, "UTCP_NODELAY", 1, 0, 0 },
	{ UTCP_NODELAY, "UTCP_NODELAY", 17, 0, 1 },
	{ UTCP_NODELAY, "UTCP_NODELAY", 0, 0, 0 },
	{ UTCP_USER_TIMEOUT, "UTCP_USER_TIMEOUT", 0x7fffffff, 0, 0 },
	{ UTCP_USER_TIMEOUT, "UTCP_USER_TIMEOUT", 0, 0, 0 },
	{ UTCP_USER_TIMEOUT, "UTCP_USER_TIMEOUT", -1, EINVAL, 0 },
	{ UTCP_KEEPIDLE, "UTCP_KEEPIDLE", 1, 0, 0 },
	{ UTCP_KEEPIDLE, "UTCP_KEEPIDLE", 32767, 0, 0 },
	{ UTCP_KEEPIDLE, "UTCP_KEEPIDLE", 0, EINVAL, 0 },
	{ UTCP_KEEPIDLE, "UTCP_KEEPIDLE", 32768, EINVAL, 0 },
	{ UTCP_KEEPINTVL, "UTCP_KEEPINTVL", 32767, 0, 0 },
	{ UTCP_KEEPINTVL, "UTCP_KEEPINTVL", 0, EINVAL, 0 },
	{ UTCP_KEEPCNT, "UTCP_KEEPCNT", 127, 0, 0 },
	{ UTCP_KEEPCNT, "UTCP_KEEPCNT", 128, EINVAL, 0 },
	{ UTCP_KEEPCNT, "UTCP_KEEPCNT", 0, EINVAL, 0 },
	{ UTCP_INFO, "UTCP_INFO", 1, ENOPROTOOPT, 0 },
	{ UTCP_LOCAL_CELL, "UTCP_LOCAL_CELL", 1, ENOPROTOOPT, 0 },
	{ 0, "no option", 1, ENOPROTOOPT, 0 },
	{ -1, "no option", 1, ENOPROTOOPT, 0 },
	{ 99, "no option", 1, ENOPROTOOPT, 0 },
};

static void set_numbers(int s)
{
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		const struct number *n = &numbers[i];
		int got = -2, want = n->is ? n->is : n->value, err;
		socklen_t len = sizeof(got);

		err = setsockopt(s, SOL_UTCP, n->option, &n->value,
				 sizeof(n->value)) ?
			      errno :
			      0;
		if (!err && !n->err)
			must("getsockopt",
			     getsockopt(s, SOL_UTCP, n->option, &got, &len));
		if (err != n->err || (!err && got != want))
			ksft_print_msg("%d, got %d\n", err, got);
		ksft_test_result(err == n->err && (err || got == want),
				 "%s %d\n", n->name, n->value);
	}
}

static void odd_lengths(int s)
{
	struct utcp_info info;
	socklen_t len = 2;
	int one = 1;
	char b[64];

	expect(EINVAL, "a number too short",
	       setsockopt(s, SOL_UTCP, UTCP_NODELAY, &one, 3));
	expect(EFAULT, "bad memory",
	       setsockopt(s, SOL_UTCP, UTCP_NODELAY, (void *)8, 4));
	expect(0, "little room",
	       getsockopt(s, SOL_UTCP, UTCP_KEEPIDLE, b, &len));
	ksft_test_result(len == 2, "two bytes were given\n");
	len = -1;
	expect(EINVAL, "negative room",
	       getsockopt(s, SOL_UTCP, UTCP_KEEPIDLE, b, &len));
	len = 4;
	expect(EFAULT, "get to bad memory",
	       getsockopt(s, SOL_UTCP, UTCP_KEEPIDLE, (void *)8, &len));
	expect(ENOPROTOOPT, "get what is not",
	       getsockopt(s, SOL_UTCP, 99, b, &len));
	expect(ENOPROTOOPT, "another level",
	       getsockopt(s, 6, UTCP_KEEPIDLE, b, &len));
	expect(ENOPROTOOPT, "set of another level",
	       setsockopt(s, 6, UTCP_NODELAY, &one, sizeof(one)));
	len = 1;
	expect(0, "the first byte of the info",
	       getsockopt(s, SOL_UTCP, UTCP_INFO, &info, &len));
	ksft_test_result(len == 1 && info.state == 7, "closed\n");
}

static void congestion(int s)
{
	char name[UTCP_CONGESTION_NAME_MAX] = "";
	socklen_t len = sizeof(name);

	expect(0, "UTCP_CONGESTION cubic",
	       setsockopt(s, SOL_UTCP, UTCP_CONGESTION, "cubic", 5));
	expect(ENOENT, "UTCP_CONGESTION none such",
	       setsockopt(s, SOL_UTCP, UTCP_CONGESTION, "reno", 4));
	expect(EINVAL, "UTCP_CONGESTION empty",
	       setsockopt(s, SOL_UTCP, UTCP_CONGESTION, "", 0));
	expect(0, "get it",
	       getsockopt(s, SOL_UTCP, UTCP_CONGESTION, name, &len));
	ksft_test_result(!strcmp(name, "cubic"), "it is cubic\n");
}

/* Five bytes are there. */
static void less_is_enough(int c)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET };
	int ep = must("epoll", epoll_create1(0)), n = 6;

	must("SO_RCVLOWAT",
	     setsockopt(c, SOL_SOCKET, SO_RCVLOWAT, &n, sizeof(n)));
	must("add", epoll_ctl(ep, EPOLL_CTL_ADD, c, &ev));
	ksft_test_result(!epoll_wait(ep, &ev, 1, 0), "six are wanted\n");
	n = 5;
	must("SO_RCVLOWAT",
	     setsockopt(c, SOL_SOCKET, SO_RCVLOWAT, &n, sizeof(n)));
	ksft_test_result(epoll_wait(ep, &ev, 1, 5000) == 1,
			 "who waits hears that five are enough\n");
	close(ep);
}

static void cells(void)
{
	static const char stuff[65536];
	unsigned char a[32], b[32];
	struct sockaddr_utcp to;
	socklen_t len = sizeof(a);
	struct utcp_info info;
	bool good;
	int l = listener(SOCK_STREAM, &to), s = utcp(SOCK_STREAM), c, n;
	int unsent = -1;

	expect(EADDRNOTAVAIL, "own cell, not bound",
	       getsockopt(s, SOL_UTCP, UTCP_LOCAL_CELL, a, &len));
	expect(ENOTCONN, "peer, not connected",
	       getsockopt(s, SOL_UTCP, UTCP_PEER_KEY, a, &len));
	n = 33;
	setsockopt(l, SOL_UTCP, UTCP_KEEPIDLE, &n, sizeof(n));
	n = 20000;
	setsockopt(l, SOL_SOCKET, SO_RCVBUF, &n, sizeof(n));
	must("connect", connect_to(s, &to));
	c = must("accept", accept(l, NULL, NULL));
	len = sizeof(a);
	must("key", getsockopt(s, SOL_UTCP, UTCP_PEER_KEY, a, &len));
	ksft_test_result(len == 32, "a key has 32 bytes\n");
	must("key", getsockopt(c, SOL_UTCP, UTCP_LOCAL_KEY, b, &len));
	ksft_test_result(!memcmp(a, b, 32), "the peer's key is its own\n");
	must("cell", getsockopt(s, SOL_UTCP, UTCP_PEER_CELL, a, &len));
	ksft_test_result(len == 16 && !memcmp(a, to.sutcp_cell, 16),
			 "and its CellID\n");
	len = sizeof(n);
	must("idle", getsockopt(c, SOL_UTCP, UTCP_KEEPIDLE, &n, &len));
	ksft_test_result(n == 33, "an accepted socket is as its listener\n");
	must("rcvbuf", getsockopt(c, SOL_SOCKET, SO_RCVBUF, &n, &len));
	ksft_test_result(n == 40000, "its SO_RCVBUF too\n");
	must("send", send(s, "12345", 5, 0));
	len = sizeof(info);
	must("info", getsockopt(c, SOL_UTCP, UTCP_INFO, &info, &len));
	good = info.state == 1 && info.rcv_queue == 5 &&
	       info.bytes_received == 5 && info.flags == UTCP_INFO_LOCAL;
	ksft_test_result(good, "the receiver's info\n");
	must("info", getsockopt(s, SOL_UTCP, UTCP_INFO, &info, &len));
	good = info.bytes_sent == 5 && info.bytes_acked == 5 &&
	       info.flags & UTCP_INFO_OPENER;
	ksft_test_result(good, "the sender's info\n");
	len = sizeof(n);
	must("type", getsockopt(s, SOL_SOCKET, SO_DOMAIN, &n, &len));
	ksft_test_result(n == AF_UTCP, "SO_DOMAIN\n");
	expect(EINVAL, "SIOCOUTQ of a listener", ioctl(l, SIOCOUTQ, &n));
	expect(0, "SIOCOUTQ", ioctl(s, SIOCOUTQ, &n));
	ksft_test_result(n == 0, "nothing waits\n");
	expect(ENOTTY, "another ioctl", ioctl(s, SIOCATMARK, &n));
	less_is_enough(c);
	while (send(s, stuff, sizeof(stuff), MSG_DONTWAIT) > 0)
		;
	must("SIOCOUTQ", ioctl(s, SIOCOUTQ, &n));
	expect(0, "SIOCOUTQNSD", ioctl(s, SIOCOUTQNSD, &unsent));
	ksft_test_result(n > 0 && unsent == n,
			 "what waits here has not been sent\n");
	close(l);
	close(s);
	close(c);
}

/* Memory that a connection takes is bounded by both buffers. */
static void buffers(void)
{
	static char buf[65536];
	struct sockaddr_utcp to;
	int l = listener(SOCK_STREAM, &to), s = utcp(SOCK_STREAM);
	int size = 8192, out = 0;
	long sent = 0, n;

	setsockopt(s, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	must("connect", connect_to(s, &to));
	while ((n = send(s, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		sent += n;
	must("SIOCOUTQ", ioctl(s, SIOCOUTQ, &out));
	ksft_print_msg("%ld bytes sent, %d wait\n", sent, out);
	ksft_test_result(sent >= 65536 && out > 0 && sent < 400000,
			 "SO_SNDBUF bounds what waits\n");
	close(l);
	close(s);
}

static int options(void)
{
	int s = utcp(SOCK_STREAM), d = utcp(SOCK_DGRAM), one = 1, fd[2];
	socklen_t len = 4;

	set_numbers(s);
	odd_lengths(s);
	congestion(s);
	cells();
	buffers();
	expect(ENOPROTOOPT, "no such of datagrams",
	       setsockopt(d, SOL_UTCP, UTCP_NODELAY, &one, 4));
	expect(ENOPROTOOPT, "nor to get",
	       getsockopt(d, SOL_UTCP, UTCP_NODELAY, &one, &len));
	expect(EPROTONOSUPPORT, "a protocol", socket(AF_UTCP, SOCK_STREAM, 6));
	expect(ESOCKTNOSUPPORT, "raw", socket(AF_UTCP, SOCK_RAW, 0));
	expect(EOPNOTSUPP, "socketpair",
	       socketpair(AF_UTCP, SOCK_STREAM, 0, fd));
	return 0;
}

/* --- limits and rights --------------------------------------------------------------- */

/* There is room for two, those of @s[0] and @s[1]: one that is called makes a third. */
static void connects_with_one_less(int *s)
{
	struct sockaddr_utcp to;

	s[0] = listener(SOCK_STREAM, &to);
	s[1] = utcp(SOCK_STREAM);
	expect(ENOBUFS, "a connection needs one more", connect_to(s[1], &to));
	close(s[2]);
	expect(0, "and has it", connect_to(s[1], &to));
}

static int limit(int most)
{
	int *s = calloc(most + 1, sizeof(*s)), n;

	for (n = 0; n < most; n++)
		s[n] = utcp(n ? SOCK_STREAM : SOCK_DGRAM);
	expect(ENFILE, "one too many", socket(AF_UTCP, SOCK_STREAM, 0));
	close(s[0]);
	s[0] = socket(AF_UTCP, SOCK_SEQPACKET, 0);
	expect(0, "one was closed", s[0]);
	close(s[0]);
	close(s[1]);
	connects_with_one_less(s);
	free(s);
	return 0;
}

/* A user has no more than half of them, so others have some. */
static int users(int most)
{
	int *s = calloc(most + 1, sizeof(*s)), half = most / 2, n;

	must("seteuid", seteuid(NOBODY));
	for (n = 0; n < half; n++)
		s[n] = utcp(n ? SOCK_STREAM : SOCK_DGRAM);
	expect(EDQUOT, "one more than half", socket(AF_UTCP, SOCK_STREAM, 0));
	close(s[0]);
	close(s[1]);
	connects_with_one_less(s);
	must("seteuid", seteuid(0));
	for (n = half; n < most; n++)
		s[n] = utcp(SOCK_STREAM);
	expect(ENFILE, "others have the other half",
	       socket(AF_UTCP, SOCK_STREAM, 0));
	must("seteuid", seteuid(NOBODY));
	close(s[1]);
	must("accept", accept(s[0], NULL, NULL));
	expect(0, "one is given back", socket(AF_UTCP, SOCK_STREAM, 0));
	free(s);
	return 0;
}

static int rights(bool shared)
{
	struct sockaddr_utcp to;
	int s, none = shared ? 0 : EACCES;

	must("setgid", setgid(NOBODY));
	must("setuid", setuid(NOBODY));
	s = utcp(SOCK_STREAM);
	expect(EACCES, "a port below 1024", bind_port(s, 1023));
	expect(none, "bind", bind_port(s, 0));
	expect(none, "bind datagrams", bind_port(utcp(SOCK_DGRAM), 1024));
	expect(none, "listen", listen(utcp(SOCK_STREAM), 1));
	to = address(5);
	expect(none, "connect datagrams", connect_to(utcp(SOCK_DGRAM), &to));
	return 0;
}

/* Of a cell that is another user's; @most of its ports are allowed. */
static int quota(int most)
{
	int *s = calloc(most + 2, sizeof(*s)), i;
	struct sockaddr_utcp to;

	must("setgid", setgid(NOBODY));
	must("setuid", setuid(NOBODY));
	for (i = 0; i < most; i++) {
		s[i] = utcp(i % 2 ? SOCK_STREAM : SOCK_SEQPACKET);
		must("bind", bind_port(s[i], i ? 0 : 2000));
	}
	s[most] = utcp(SOCK_STREAM);
	expect(EDQUOT, "one port too many", bind_port(s[most], 0));
	expect(EDQUOT, "chosen or not", bind_port(s[most], 2001));
	expect(EDQUOT, "nor by listen()", listen(s[most], 1));
	to = address(600);
	expect(EDQUOT, "nor by connect()", connect_to(s[most], &to));
	s[most + 1] = utcp(SOCK_DGRAM);
	expect(0, "datagrams count for themselves",
	       bind_port(s[most + 1], 2000));
	close(s[0]);
	expect(0, "one was given back", bind_port(s[most], 2000));
	must("listen", listen(s[most], 1));
	must("getsockname", getsockname(s[most], (struct sockaddr *)&to,
					&(socklen_t){ sizeof(to) }));
	close(s[1]);
	s[1] = utcp(SOCK_STREAM);
	expect(0, "a connection has its opener's", connect_to(s[1], &to));
	expect(0, "and an accepted one takes none",
	       accept(s[most], NULL, NULL));
	free(s);
	return 0;
}

/* The owner has no quota. */
static int no_quota(int most)
{
	int n = 0;

	for (int i = 0; i < most + 5; i++)
		n += !bind_port(utcp(SOCK_STREAM), 0);
	ksft_test_result(n == most + 5, "the owner has as many as he likes\n");
	return 0;
}

static void set_memory(const char *kib)
{
	int fd = must(PARAMETER, open(PARAMETER, O_WRONLY));

	must("write", write(fd, kib, strlen(kib)));
	close(fd);
}

/* What a buffer is said to take of memory, of the kind SK_MEMINFO_…. */
static long takes(int fd, unsigned int what)
{
	uint32_t info[SK_MEMINFO_VARS];
	socklen_t len = sizeof(info);

	must("SO_MEMINFO", getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &len));
	return info[what];
}

/* Is it what the allocator has for so many bytes in pieces, and little more? With
 * debugging of slabs objects are longer, which is not counted.
 */
static bool true_memory(long said, long bytes)
{
	const long most = bytes / 4096 + 2;
	long size = 0, per_slab, pages, each;
	FILE *f = fopen("/proc/slabinfo", "r");
	char line[256];

	if (!f)
		ksft_exit_fail_msg("/proc/slabinfo: %s\n", strerror(errno));
	while (fgets(line, sizeof(line), f) &&
	       sscanf(line, "utcp_piece %*d %*d %ld %ld %ld", &size, &per_slab,
		      &pages) != 3)
		size = 0;
	fclose(f);
	if (!size)
		ksft_exit_fail_msg("there is no utcp_piece\n");
	each = pages * sysconf(_SC_PAGESIZE) / per_slab;
	ksft_print_msg("%ld bytes take %ld, a piece %ld of memory\n", bytes,
		       said, each);
	return size > 4104 || (said >= bytes / 4096 * each &&
			       said <= most * each + 4 * most * 8);
}

/* There is no memory: who waits for an edge is told to look again. */
static void waits_for_edge(const char *buf, size_t len, const char *old)
{
	struct epoll_event ev = { .events = EPOLLOUT | EPOLLET };
	int ep = must("epoll", epoll_create1(0)), l, s;
	struct sockaddr_utcp to;

	l = listener(SOCK_SEQPACKET, &to);
	s = utcp(SOCK_SEQPACKET);
	must("connect", connect_to(s, &to));
	set_memory("0");
	must("add", epoll_ctl(ep, EPOLL_CTL_ADD, s, &ev));
	ksft_test_result(epoll_wait(ep, &ev, 1, 1000) == 1, "an edge\n");
	ksft_test_result(epoll_wait(ep, &ev, 1, 0) == 0, "and no other\n");
	expect(EAGAIN, "no memory", send(s, buf, len, MSG_DONTWAIT));
	ksft_test_result(epoll_wait(ep, &ev, 1, 1000) == 1,
			 "who got EAGAIN is told to look again\n");
	expect(0, "a message of a piece", send(s, buf, 4096, MSG_DONTWAIT));
	set_memory(old);
	close(ep);
	close(s);
	close(l);
}

static int memory(void)
{
	static char buf[65536], old[32];
	struct sockaddr_utcp to;
	int l = listener(SOCK_STREAM, &to), s = utcp(SOCK_STREAM), fd, end, i;
	const struct timeval soon = { .tv_usec = 150000 }, never = {};
	long n, sent = 0, got = 0;
	pid_t child;

	must("connect", connect_to(s, &to));
	end = must("accept", accept(l, NULL, NULL));
	fd = must(PARAMETER, open(PARAMETER, O_RDONLY));
	n = must("read", read(fd, old, sizeof(old) - 1));
	ksft_test_result(n > 1 && atol(old) > 1000, "an eighth of memory\n");
	close(fd);
	waits_for_edge(buf, sizeof(buf), old);
	set_memory("0");
	n = send(s, buf, sizeof(buf), MSG_DONTWAIT);
	ksft_test_result(n == 4096, "a piece goes in any case\n");
	expect(EAGAIN, "no memory", send(s, buf, sizeof(buf), MSG_DONTWAIT));
	must("setsockopt",
	     setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof(soon)));
	expect(EAGAIN, "nor soon", send(s, buf, sizeof(buf), 0));
	must("setsockopt",
	     setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &never, sizeof(never)));
	/* Who waits is not told when there is again, but finds out. */
	child = must("fork", fork());
	if (!child) {
		usleep(300000);
		set_memory(old);
		_exit(0);
	}
	for (i = 0; i < 1000; i++)
		buf[i] = i % 251;
	expect(0, "there is again", send(s, buf, 1000, 0));
	must("waitpid", waitpid(child, NULL, 0));
	memset(buf, 0, sizeof(buf));
	n = must("recv", recv(end, buf, 4096, MSG_WAITALL));
	n += must("recv", recv(end, buf, sizeof(buf), 0));
	for (i = 0; i < 1000 && buf[i] == (char)(i % 251); i++)
		;
	ksft_test_result(n == 4096 + 1000 && i == 1000, "it has come\n");
	/* What waits to come over needs more than there is: but who has nothing else
	 * to read gets the next bytes.
	 */
	while ((n = send(s, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		sent += n;
	ksft_test_result(true_memory(takes(s, SK_MEMINFO_WMEM_QUEUED) +
					     takes(end, SK_MEMINFO_RMEM_ALLOC),
				     sent),
			 "what it takes is counted\n");
	set_memory("0");
	while ((n = recv(end, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		got += n;
	ksft_test_result(n < 0 && errno == EAGAIN && sent && got == sent,
			 "all comes over\n");
	ksft_print_msg("%ld of %ld\n", got, sent);
	set_memory(old);
	return 0;
}

/* --- for diagnosis ------------------------------------------------------------------- */

static int hold(void)
{
	struct sockaddr_utcp to, dgram = address(700);
	int l = utcp(SOCK_STREAM), s = utcp(SOCK_STREAM), d = utcp(SOCK_DGRAM);
	int q = utcp(SOCK_SEQPACKET);
	socklen_t len = sizeof(to);

	must("bind", bind_port(l, 600));
	must("listen", listen(l, 7));
	must("getsockname", getsockname(l, (struct sockaddr *)&to, &len));
	must("connect", connect_to(s, &to));
	must("accept", accept(l, NULL, NULL));
	must("send", send(s, "12345", 5, 0));
	must("bind", bind_port(d, 700));
	must("bind", bind_port(q, 800));
	memcpy(dgram.sutcp_cell, to.sutcp_cell, sizeof(to.sutcp_cell));
	must("sendto",
	     sendto(d, "123", 3, 0, (struct sockaddr *)&dgram, sizeof(dgram)));
	puts("ready");
	fflush(stdout);
	pause();
	return 0;
}

static void takes_at_once(int most)
{
	static const char buf[65536];
	struct sockaddr_utcp to;
	int l = listener(SOCK_STREAM, &to), s = utcp(SOCK_STREAM);
	long n;

	must("connect", connect_to(s, &to));
	n = must("send", send(s, buf, sizeof(buf), MSG_DONTWAIT));
	ksft_test_result(n == most, "%ld bytes are taken\n", n);
	close(l);
}

/* Longer than what the namespace's buffers may take, or nearly as long; beside another
 * connection, which nobody reads.
 */
static void long_message(long beside)
{
	const struct timeval late = { .tv_sec = 20 };
	static char buf[1 << 20];
	struct sockaddr_utcp to;
	int other = utcp(SOCK_STREAM), s = utcp(SOCK_SEQPACKET), l, end;

	listener(SOCK_STREAM, &to);
	must("connect", connect_to(other, &to));
	expect(0, "another one keeps some",
	       send(other, buf, beside, MSG_DONTWAIT) == beside ? 0 : -1);
	l = listener(SOCK_SEQPACKET, &to);
	must("connect", connect_to(s, &to));
	end = must("accept", accept(l, NULL, NULL));
	must("SO_SNDTIMEO",
	     setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &late, sizeof(late)));
	for (int i = 0; i < 3; i++) {
		buf[1000] = i;
		expect(0, "it is sent",
		       send(s, buf, sizeof(buf), 0) == sizeof(buf) ? 0 : -1);
		expect(EAGAIN, "no second one beside it",
		       send(s, buf, sizeof(buf), MSG_DONTWAIT));
		memset(buf, -1, sizeof(buf));
		ksft_test_result(recv(end, buf, sizeof(buf), 0) ==
						 sizeof(buf) &&
					 buf[1000] == i && !buf[0],
				 "and arrives\n");
	}
}

/* Others have what buffers may take: more than a piece does not come, whatever SO_RCVLOWAT is.
 */
static void least(void)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET };
	int ep = must("epoll", epoll_create1(0)), full = utcp(SOCK_STREAM);
	int s = utcp(SOCK_STREAM), end, n = 16384, l;
	static char buf[65536];
	struct sockaddr_utcp to;

	l = listener(SOCK_STREAM, &to);
	must("connect", connect_to(full, &to));
	must("connect", connect_to(s, &to));
	must("accept", accept(l, NULL, NULL));
	end = must("accept", accept(l, NULL, NULL));
	while (send(full, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
	must("SO_RCVLOWAT",
	     setsockopt(end, SOL_SOCKET, SO_RCVLOWAT, &n, sizeof(n)));
	must("add", epoll_ctl(ep, EPOLL_CTL_ADD, end, &ev));
	ksft_test_result(!epoll_wait(ep, &ev, 1, 0), "nothing to read\n");
	n = send(s, buf, sizeof(buf), MSG_DONTWAIT);
	ksft_test_result(n == 4096, "%d bytes are taken\n", n);
	ksft_test_result(epoll_wait(ep, &ev, 1, 5000) == 1,
			 "who waits for four reads one\n");
	n = must("recv", recv(end, buf, sizeof(buf), MSG_DONTWAIT));
	ksft_test_result(n == 4096, "%d are there\n", n);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "hold"))
		return hold();
	ksft_print_header();
	if (!strcmp(what, "options"))
		options();
	else if (!strcmp(what, "limit") && argc > 2)
		limit(atoi(argv[2]));
	else if (!strcmp(what, "users") && argc > 2)
		users(atoi(argv[2]));
	else if (!strcmp(what, "quota") && argc > 2)
		quota(atoi(argv[2]));
	else if (!strcmp(what, "no-quota") && argc > 2)
		no_quota(atoi(argv[2]));
	else if (!strcmp(what, "private") || !strcmp(what, "shared"))
		rights(*what == 's');
	else if (!strcmp(what, "memory"))
		memory();
	else if (!strcmp(what, "takes") && argc > 2)
		takes_at_once(atoi(argv[2]));
	else if (!strcmp(what, "long") && argc > 2)
		long_message(atol(argv[2]));
	else if (!strcmp(what, "least"))
		least();
	else
		ksft_exit_fail_msg("what?\n");
	ksft_plan = ksft_test_num();
	ksft_finished();
}
