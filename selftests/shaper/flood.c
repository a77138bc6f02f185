// SPDX-License-Identifier: GPL-2.0-only
/*
 * flood send ADDRESS PORT LEN MS FLOWS
 * flood recv PORT MS FLOWS
 * flood stream ADDRESS PORT MS [FLOWS [mixed]]
 * flood sink PORT
 * flood rtt ADDRESS PORT MS EACH_MS
 * flood echo PORT
 *
 * send: for MS milliseconds, datagrams of LEN bytes (16 to 9000; 0: any from 22 to 1472,
 * so that frames have 64 to 1514), as fast as their sockets take them, one after the
 * other from FLOWS sockets whose source ports are PORT + 1, PORT + 2, … Each has its
 * flow and a number, one more than that of the last one that was taken. A socket that
 * takes none now is passed over. Prints how many were sent.
 *
 * recv: says "ready", waits for the first datagram, and counts for MS milliseconds
 * from then on. Prints datagrams and bytes (with the headers of UDP, IPv4 and
 * Ethernet), how many came behind a later one of their flow, the number of the first of
 * these, how many did not come though a later one of their flow did, and of each flow the
 * datagrams, all in a line. For MS 0 it counts until none has come for a second.
 *
 * stream and sink: TCP connections, for so long; mixed: by writes of 1 byte to 64 KiB,
 * which are not held back to be joined. The sink prints bytes and the milliseconds from
 * the first to the last, of all of them together.
 *
 * rtt and echo: for MS milliseconds, each EACH_MS of them, a datagram of 64 bytes that
 * echo sends back. Both go before all other programs of the machine, so that what is
 * measured is the way. Prints how many were sent, how many came back, and within how
 * many microseconds half of those that were sent did, and 99 of a hundred.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FLOWS_MAX 1024
#define LEN_MAX 9000
#define RTTS_MAX 10000
#define HEADERS (14 + 20 + 8)
#define QUIET_MS 1000

struct datagram {
	uint32_t flow;
	uint32_t number;
	char rest[LEN_MAX - 8];
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static int udp_socket(uint16_t port)
{
	struct sockaddr_in any = { .sin_family = AF_INET,
				   .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket");
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)))
		die("bind");
	return fd;
}

static char block[1 << 16];

/* How long the next one is, if any length will do. */
static size_t any_len(size_t from, size_t to)
{
	static uint32_t state = 1;

	state = state * 1664525 + 1013904223;
	return from + (state >> 8) % (to - from + 1);
}

/* Sends one datagram; returns whether it was taken. */
static unsigned int send_one(int fd, const struct datagram *d, size_t len)
{
	if (send(fd, d, len, MSG_DONTWAIT) == (ssize_t)len)
		return 1;
	/* a full queue drops, and may tell */
	if (errno != ENOBUFS && errno != EAGAIN && errno != EPERM &&
	    errno != ECONNREFUSED && errno != ENETUNREACH && errno != ENETDOWN)
		die("send");
	return 0;
}

static int do_send(char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	uint16_t port = (uint16_t)atoi(argv[1]);
	size_t len = (size_t)atoi(argv[2]);
	uint64_t end = now_ns() + (uint64_t)atoi(argv[3]) * 1000000;
	uint32_t flows = (uint32_t)atoi(argv[4]), f;
	static uint32_t number[FLOWS_MAX];
	static struct datagram d;
	static int fd[FLOWS_MAX];
	static struct pollfd room[FLOWS_MAX];
	unsigned long sent = 0, before = 0;
	unsigned int taken;

	to.sin_port = htons(port);
	if (!inet_aton(argv[0], &to.sin_addr) || !flows || flows > FLOWS_MAX ||
	    (len && len < 16) || len > LEN_MAX)
		return 2;
	for (f = 0; f < flows; f++) {
		fd[f] = udp_socket((uint16_t)(port + 1 + f));
		if (connect(fd[f], (struct sockaddr *)&to, sizeof(to)))
			die("connect");
		room[f].fd = fd[f];
		room[f].events = POLLOUT;
	}
	for (f = 0; now_ns() < end;) {
		d.flow = f;
		d.number = number[f];
		taken = send_one(fd[f], &d, len ? len : any_len(22, 1472));
		number[f] += taken;
		sent += taken;
		f = (f + 1) % flows;
		if (f)
			continue;
		/* None took one: until one does, or its device is up again. */
		if (sent == before)
			poll(room, flows, 10);
		before = sent;
	}
	printf("%lu\n", sent);
	return 0;
}

static int do_recv(char **argv)
{
	uint64_t ms = (uint64_t)atoi(argv[1]), end = 0;
	uint32_t flows = (uint32_t)atoi(argv[2]), f;
	static uint32_t next[FLOWS_MAX];
	static unsigned long got[FLOWS_MAX];
	unsigned long n = 0, bytes = 0, overtook = 0, lost = 0;
	uint32_t first = 0;
	int fd = udp_socket((uint16_t)atoi(argv[0])), size = 8 << 20;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	static struct datagram d;

	if (!flows || flows > FLOWS_MAX)
		return 2;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		die("SO_RCVBUFFORCE");
	puts("ready");
	fflush(stdout);
	for (;;) {
		uint64_t now = now_ns();
		ssize_t len;

		if (end && ms && now >= end)
			break;
		if (poll(&p, 1, end ? QUIET_MS : -1) == 0)
			break;
		len = recv(fd, &d, sizeof(d), 0);
		if (len < 16 || d.flow >= flows)
			continue;
		if (!end)
			end = now_ns() + ms * 1000000;
		n++;
		bytes += (unsigned long)len + HEADERS;
		if (d.number < next[d.flow] && !overtook++)
			first = d.number;
		next[d.flow] = d.number + 1;
		got[d.flow]++;
	}
	for (f = 0; f < flows; f++)
		lost += next[f] - got[f];
	printf("datagrams %lu bytes %lu overtook %lu first %u lost %lu flows",
	       n, bytes, overtook, first, lost);
	for (f = 0; f < flows; f++)
		printf(" %lu", got[f]);
	putchar('\n');
	return 0;
}

static int do_stream(int argc, char **argv)
{
	uint32_t flows = argc > 3 ? (uint32_t)atoi(argv[3]) : 1, f;
	struct sockaddr_in to = { .sin_family = AF_INET };
	uint64_t end = now_ns() + (uint64_t)atoi(argv[2]) * 1000000;
	static struct pollfd room[FLOWS_MAX];
	int one = 1, mixed = argc > 4;

	to.sin_port = htons((uint16_t)atoi(argv[1]));
	if (!inet_aton(argv[0], &to.sin_addr) || !flows || flows > FLOWS_MAX)
		return 2;
	for (f = 0; f < flows; f++) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)))
			die("connect");
		if (mixed &&
		    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)))
			die("TCP_NODELAY");
		room[f].fd = fd;
		room[f].events = POLLOUT;
	}
	while (now_ns() < end) {
		poll(room, flows, 10);
		for (f = 0; f < flows; f++) {
			size_t len = sizeof(block);

			if (!(room[f].revents & (POLLOUT | POLLERR | POLLHUP)))
				continue;
			if (mixed)
				len = any_len(0, 2) ? any_len(1, 1448) :
						      any_len(1, sizeof(block));
			if (send(room[f].fd, block, len, MSG_DONTWAIT) < 0 &&
			    errno != EAGAIN)
				die("send");
		}
	}
	return 0;
}

/* All that connect before the first has ended. */
static int do_sink(char **argv)
{
	struct sockaddr_in any = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
	static struct pollfd p[FLOWS_MAX + 1];
	uint64_t first = 0, last = 0;
	unsigned long bytes = 0;
	nfds_t n = 1, open = 0, i;
	ssize_t len;

	any.sin_port = htons((uint16_t)atoi(argv[0]));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof(any)) ||
	    listen(fd, FLOWS_MAX))
		die("listen");
	puts("ready");
	fflush(stdout);
	p[0] = (struct pollfd){ .fd = fd, .events = POLLIN };
	do {
		poll(p, n, -1);
		if (p[0].revents && n <= FLOWS_MAX) {
			p[n++] = (struct pollfd){ .fd = accept(fd, NULL, NULL),
						  .events = POLLIN };
			open++;
		}
		for (i = 1; i < n; i++) {
			if (!p[i].revents)
				continue;
			len = recv(p[i].fd, block, sizeof(block), MSG_DONTWAIT);
			if (len < 0 && errno == EAGAIN)
				continue;
			if (len <= 0) {
				close(p[i].fd);
				p[i].fd = -1;
				p[i].revents = 0;
				open--;
				continue;
			}
			last = now_ns();
			if (!first)
				first = last;
			bytes += (unsigned long)len;
		}
	} while (open || !first);
	printf("bytes %lu ms %lu\n", bytes,
	       (unsigned long)((last - first) / 1000000));
	return 0;
}

static void go_first(void)
{
	struct sched_param first = { .sched_priority = 50 };

	if (sched_setscheduler(0, SCHED_FIFO, &first))
		die("sched_setscheduler");
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Those that did not come back are the slowest. */
static void print_rtts(uint64_t *ns, size_t back, size_t sent)
{
	size_t i;

	qsort(ns, back, sizeof(*ns), by_value);
	for (i = back; i < sent; i++)
		ns[i] = UINT32_MAX * 1000ULL;
	printf("sent %zu back %zu p50 %lu p99 %lu bytes 0\n", sent, back,
	       (unsigned long)(ns[sent / 2] / 1000),
	       (unsigned long)(ns[(sent * 99) / 100] / 1000));
}

static int do_rtt(char **argv)
{
	static uint64_t ns[RTTS_MAX], at[RTTS_MAX];
	struct sockaddr_in to = { .sin_family = AF_INET };
	uint64_t each = (uint64_t)atoi(argv[3]) * 1000000, next = now_ns();
	uint64_t end = next + (uint64_t)atoi(argv[2]) * 1000000;
	struct pollfd p = { .fd = udp_socket(0), .events = POLLIN };
	size_t sent = 0, back = 0;
	uint32_t number[16] = {};

	to.sin_port = htons((uint16_t)atoi(argv[1]));
	if (!inet_aton(argv[0], &to.sin_addr) || !each)
		return 2;
	if (connect(p.fd, (struct sockaddr *)&to, sizeof(to)))
		die("connect");
	go_first();
	/* Those under way at the end get a second. */
	while (now_ns() < end + (back < sent ? 1000000000ULL : 0)) {
		uint64_t now = now_ns();

		if (now >= next && now < end && sent < RTTS_MAX) {
			number[0] = (uint32_t)sent;
			at[sent++] = now;
			if (send(p.fd, number, sizeof(number), 0) < 0)
				die("send");
			next += each;
			continue;
		}
		poll(&p, 1, now < end ? (int)((next - now) / 1000000) + 1 : 10);
		if (recv(p.fd, number, sizeof(number), MSG_DONTWAIT) > 0 &&
		    number[0] < sent)
			ns[back++] = now_ns() - at[number[0]];
	}
	print_rtts(ns, back, sent);
	return 0;
}

static _Noreturn void do_echo(char **argv)
{
	int fd = udp_socket((uint16_t)atoi(argv[0]));
	struct sockaddr_in from;
	socklen_t len;
	ssize_t n;

	go_first();
	puts("ready");
	fflush(stdout);
	for (;;) {
		len = sizeof(from);
		n = recvfrom(fd, block, sizeof(block), 0,
			     (struct sockaddr *)&from, &len);
		if (n > 0)
			sendto(fd, block, (size_t)n, 0,
			       (struct sockaddr *)&from, len);
	}
}

int main(int argc, char **argv)
{
	if (argc == 6 && !strcmp(argv[1], "rtt"))
		return do_rtt(argv + 2);
	if (argc == 3 && !strcmp(argv[1], "echo"))
		do_echo(argv + 2);
	if (argc >= 5 && argc <= 7 && !strcmp(argv[1], "stream"))
		return do_stream(argc - 2, argv + 2);
	if (argc == 3 && !strcmp(argv[1], "sink"))
		return do_sink(argv + 2);
	if (argc == 7 && !strcmp(argv[1], "send"))
		return do_send(argv + 2);
	if (argc == 5 && !strcmp(argv[1], "recv"))
		return do_recv(argv + 2);
	fputs("usage: flood send ADDRESS PORT LEN MS FLOWS | recv PORT MS FLOWS |\n"
	      "       stream ADDRESS PORT MS [FLOWS [mixed]] | sink PORT | rtt ADDRESS PORT MS EACH_MS |\n"
	      "       echo PORT\n",
	      stderr);
	return 2;
}
