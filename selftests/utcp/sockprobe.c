// SPDX-License-Identifier: GPL-2.0-only
/*
 * sockprobe - the same calls on sockets of AF_UTCP and on those of TCP (streams), UDP
 * (datagrams) or AF_UNIX (seqpackets): return values, error numbers, bits of poll() and
 * bytes must be the same, call by call. Each scenario is one result. What differs on purpose
 * is in "What programs see otherwise than with TCP" of Documentation/networking/utcp.rst,
 * and below, where it must differ.
 *
 *	sockprobe [NETNS]
 *
 * With the path of another network namespace, UTCP's listeners are there: so its
 * connections and datagrams go over frames, to be compared with those of TCP, UDP and
 * AF_UNIX that do not.
 *
 * utcp must be loaded, and this namespace must have a default cell and lo be up.
 */
#include "sockprobe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kselftest.h"

#define LINES_MAX 256
#define LINE_LEN 96
/* Who is not woken in so many seconds is not woken at all. */
#define WAKE_MOST 5

/* What the calls of a scenario gave, one a line. */
struct record {
	char line[LINES_MAX][LINE_LEN];
	unsigned int n;
};

static struct record *rec;
const struct kind *kind;
static unsigned int serial;
/* Namespaces: of who connects, and of listeners; -1: the same. */
static int netns = -1, netns_there = -1;

void say(const char *format, ...)
{
	va_list args;

	if (rec->n == LINES_MAX)
		ksft_exit_fail_msg("too many lines\n");
	va_start(args, format);
	vsnprintf(rec->line[rec->n++], LINE_LEN, format, args);
	va_end(args);
}

long call(const char *what, long ret)
{
	int err = errno;

	if (ret < 0)
		say("%s: %s", what, strerrorname_np(err));
	else
		say("%s: %ld", what, ret);
	return ret;
}

long must(const char *what, long ret)
{
	if (ret < 0)
		ksft_exit_fail_msg("%s, %s: %s\n", kind ? kind->name : "", what,
				   strerror(errno));
	return ret;
}

socklen_t fresh(union addr *a)
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

int new_socket(int flags)
{
	return must("socket", socket(kind->family, kind->type | flags, 0));
}

int new_socket_there(void)
{
	int s;

	if (kind->family != AF_UTCP || netns_there < 0)
		return new_socket(0);
	must("setns", setns(netns_there, CLONE_NEWNET));
	s = new_socket(0);
	must("setns", setns(netns, CLONE_NEWNET));
	return s;
}

int new_listener(union addr *a, socklen_t *len, int backlog)
{
	int l = new_socket_there();

	*len = fresh(a);
	must("bind", bind(l, &a->any, *len));
	must("getsockname", getsockname(l, &a->any, len));
	must("listen", listen(l, backlog));
	return l;
}

void new_pair(int fd[2])
{
	union addr a;
	socklen_t len;
	int l = new_listener(&a, &len, 5);

	fd[0] = new_socket(0);
	must("connect", connect(fd[0], &a.any, len));
	fd[1] = must("accept", accept(l, NULL, NULL));
	close(l);
}

short bits(int fd)
{
	struct pollfd p = { .fd = fd,
			    .events = POLLIN | POLLOUT | POLLRDHUP | POLLPRI };

	must("poll", poll(&p, 1, 0));
	return p.revents;
}

void poll_for(const char *what, int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };
	struct timespec begun, now;

	clock_gettime(CLOCK_MONOTONIC, &begun);
	must("poll", poll(&p, 1, 1000 * WAKE_MOST));
	clock_gettime(CLOCK_MONOTONIC, &now);
	/* Who was not woken finds the bit there, too, when his time is over. */
	if (!p.revents || now.tv_sec - begun.tv_sec >= WAKE_MOST)
		ksft_exit_fail_msg("%s, %s: poll() was not woken\n", kind->name,
				   what);
	say("%s: poll %#x", what, bits(fd));
}

long fill(int fd)
{
	static const char buf[65536];
	int refused = 0;
	long sent = 0, n;

	/* What goes over frames makes room for a while. */
	while (refused < 3) {
		n = send(fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (n > 0) {
			sent += n;
			refused = 0;
		} else {
			refused++;
			usleep(30000);
		}
	}
	return sent;
}

void say_bytes(const char *what, const char *bytes, long n)
{
	/* A line in any case: they are compared by their place. */
	say("%s: %.*s", what, n > 0 ? (int)n : 0, bytes);
}

/* --- scenarios ------------------------------------------------------------------ */

#define BOTH 0
static const struct {
	const char *name;
	void (*run)(void);
	int only; /* a type, or both */
} scenarios[] = {
	{ "not connected", unconnected, BOTH },
	{ "bind and listen", bound, BOTH },
	{ "nobody listens", refused, BOTH },
	{ "accept", accepted, BOTH },
	{ "talk", talks, BOTH },
	{ "partial reads", partial, BOTH },
	{ "half-close and end", ends, BOTH },
	{ "who waits for an end alone", ends_wake, BOTH },
	{ "close with bytes unread", closes, BOTH },
	{ "linger 0", lingers, BOTH },
	{ "shutdown of reading", read_side, BOTH },
	{ "shutdown of both", both_sides, BOTH },
	{ "writing to who has closed", writes_on, BOTH },
	{ "shutdown of a listener", listens_no_more, BOTH },
	{ "timeout", times_out, BOTH },
	{ "signals", signals, BOTH },
	{ "a full pipe", fills_up, BOTH },
	{ "MSG_WAITALL, fork, dup", waits_for_all, BOTH },
	{ "SIOCINQ", queues, BOTH },
	{ "never accepted", unaccepted, BOTH },
	{ "the listener's queue is full", backlog, BOTH },
	{ "connect and SO_SNDTIMEO", connect_times_out, BOTH },
	{ "connect given up", gives_up, BOTH },
	{ "edges of epoll", edges, BOTH },
	{ "peek, truncate, nothing", peeks, BOTH },
	{ "MSG_WAITALL, end, timeout", waits_all_ends, BOTH },
	{ "SO_RCVLOWAT", least, BOTH },
	{ "SO_SNDTIMEO", send_times_out, BOTH },
	{ "reset while one waits", reset_while_waiting, BOTH },
	{ "reset while one writes", reset_while_writing, BOTH },
	{ "several pieces", many_pieces, BOTH },
	{ "both ways at once", both_ways, BOTH },
	{ "sendfile, splice, readv", files, BOTH },
	{ "ancillary data", ancillary, BOTH },
	{ "io_uring", by_io_uring, BOTH },
	{ "messages", messages, SOCK_SEQPACKET },
	{ "talk", datagrams, SOCK_DGRAM },
	{ "connected", datagrams_connected, SOCK_DGRAM },
	{ "ancillary data", datagrams_ancillary, SOCK_DGRAM },
	{ "a full queue", datagrams_overflow, SOCK_DGRAM },
};

static const struct kind kinds[3][2] = {
	{ { "TCP", AF_INET, SOCK_STREAM }, { "UTCP", AF_UTCP, SOCK_STREAM } },
	{ { "AF_UNIX", AF_UNIX, SOCK_SEQPACKET },
	  { "UTCP", AF_UTCP, SOCK_SEQPACKET } },
	{ { "UDP", AF_INET, SOCK_DGRAM }, { "UTCP", AF_UTCP, SOCK_DGRAM } },
};

/*
 * What differs on purpose: of a scenario these lines, in this order, and no others. Why is
 * in the rows of "What programs see otherwise than with TCP".
 */
static const struct difference {
	int type;
	const char *scenario;
	struct {
		const char *theirs, *ours;
	} line[8];
} differences[] = {
	/* a stream: SO_SNDTIMEO ends what is begun */
	{ SOCK_STREAM,
	  "connect and SO_SNDTIMEO",
	  { { "connect: EINPROGRESS", "connect: ETIMEDOUT" } } },
	/* who is not connected, or no more, has no peer */
	{ SOCK_SEQPACKET,
	  "not connected",
	  { { "shutdown: 0", "shutdown: ENOTCONN" },
	    { "bad address family: EINVAL",
	      "bad address family: EAFNOSUPPORT" } } },
	{ SOCK_SEQPACKET,
	  "reset while one waits",
	  { { "recv: 0", "recv: ECONNRESET" },
	    { "getpeername: 0", "getpeername: ENOTCONN" },
	    { "shutdown: 0", "shutdown: ENOTCONN" } } },
	/* SO_LINGER of 0 resets */
	{ SOCK_SEQPACKET,
	  "linger 0",
	  { { "reset: poll 0x2015", "reset: poll 0x201d" },
	    { "recv: 0", "recv: ECONNRESET" } } },
	/* a shutdown of reading is not told */
	{ SOCK_SEQPACKET,
	  "shutdown of reading",
	  { { "other sends: EPIPE", "other sends: 1" } } },
	{ SOCK_SEQPACKET,
	  "shutdown of both",
	  { { "other: poll 0x2015", "other: poll 0x2005" },
	    { "goes on: EPIPE", "goes on: 1" },
	    { "nobody reads it: poll 0x2015", "nobody reads it: poll 0x201d" },
	    { "own poll 0x2015", "own poll 0x201d" } } },
	/* the peer's close() ends one direction */
	{ SOCK_SEQPACKET,
	  "writing to who has closed",
	  { { "end: poll 0x2015", "end: poll 0x2005" },
	    { "send: EPIPE", "send: 1" },
	    { "nobody reads it: poll 0x2015",
	      "nobody reads it: poll 0x201d" } } },
	{ SOCK_SEQPACKET,
	  "signals",
	  { { "closed: poll 0x2015", "closed: poll 0x2005" },
	    { "killed by 0", "killed by 13" } } },
	{ SOCK_SEQPACKET,
	  "MSG_WAITALL, fork, dup",
	  { { "closed: poll 0x2015", "closed: poll 0x2005" } } },
	/* a listener that was shut down can listen again */
	{ SOCK_SEQPACKET,
	  "shutdown of a listener",
	  { { "poll 0x2011", "poll 0x14" },
	    { "connect: ECONNREFUSED", "connect: 0" } } },
	/* connect() goes on while the queue is full */
	{ SOCK_SEQPACKET,
	  "the listener's queue is full",
	  { { "full: EAGAIN", "full: EINPROGRESS" },
	    { "poll 0x14", "poll 0" },
	    { "connect again: EAGAIN", "connect again: EALREADY" },
	    { "send: ENOTCONN", "send: EAGAIN" },
	    { "recv: ENOTCONN", "recv: EAGAIN" },
	    { "connected: poll 0x14", "connected: poll 0x4" },
	    { "connect after: EAGAIN", "connect after: EISCONN" } } },
	{ SOCK_SEQPACKET,
	  "connect and SO_SNDTIMEO",
	  { { "connect: EAGAIN", "connect: ETIMEDOUT" } } },
	{ SOCK_SEQPACKET,
	  "connect given up",
	  { { "full: EAGAIN", "full: EINPROGRESS" },
	    { "poll 0x2015", "poll 0x1c" },
	    { "connect again: EAGAIN", "connect again: EINPROGRESS" },
	    { "listener gone: poll 0x2015", "listener gone: poll 0x201d" },
	    { "SO_ERROR: 0", "SO_ERROR: 111" } } },
	/* a message has a byte at least */
	{ SOCK_SEQPACKET,
	  "peek, truncate, nothing",
	  { { "send nothing: 0", "send nothing: EINVAL" } } },
	/* no descriptors */
	{ SOCK_SEQPACKET,
	  "ancillary data",
	  { { "control 24 flags 0", "control 0 flags 0" } } },
	/* the end of a message is told, and SO_SNDBUF does not say how long one may be */
	{ SOCK_SEQPACKET,
	  "messages",
	  { { "EOR 0 trunc 0", "EOR 1 trunc 0" },
	    { "longer than SO_SNDBUF: EMSGSIZE",
	      "longer than SO_SNDBUF: 500000" } } },
};

static const char *const kind_names[] = { "stream", "seqpacket", "datagram" };

static const struct difference *difference(int type, const char *scenario)
{
	static const struct difference none;

	for (size_t i = 0; i < ARRAY_SIZE(differences); i++)
		if (differences[i].type == type &&
		    !strcmp(differences[i].scenario, scenario))
			return &differences[i];
	return &none;
}

static void compare(const char *name, void (*run)(void), int which)
{
	static struct record records[2];
	const char *theirs = kinds[which][0].name;
	const struct difference *d = difference(kinds[which][0].type, name);
	unsigned int bad = 0, known = 0, i;

	for (i = 0; i < 2; i++) {
		rec = &records[i];
		memset(rec, 0, sizeof(*rec));
		kind = &kinds[which][i];
		alarm(20);
		run();
		alarm(0);
	}
	for (i = 0; i < records[0].n || i < records[1].n; i++) {
		const char *a = records[0].line[i], *b = records[1].line[i];

		if (!strcmp(a, b))
			continue;
		if (known < ARRAY_SIZE(d->line) && d->line[known].theirs &&
		    !strcmp(a, d->line[known].theirs) &&
		    !strcmp(b, d->line[known].ours)) {
			known++;
			continue;
		}
		bad++;
		ksft_print_msg("%s: \"%s\", UTCP: \"%s\"\n", theirs, a, b);
	}
	if (known < ARRAY_SIZE(d->line) && d->line[known].theirs) {
		bad++;
		ksft_print_msg("nowhere %s: \"%s\", UTCP: \"%s\"\n", theirs,
			       d->line[known].theirs, d->line[known].ours);
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
