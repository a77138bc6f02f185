// SPDX-License-Identifier: GPL-2.0-only
/*
 * scaleprobe NETNS COUNT SECONDS - makes so many cells in another network namespace, and
 * a datagram socket of each, and has a datagram come to each of them from one socket
 * here, in SECONDS: so this namespace has so many peers, and that one has their other
 * ends. Says "ready" then, and waits; on a signal it sends to each once more, and all
 * have to come in time: sessions that are there need no handshake.
 *
 * utcp must be loaded, and frames pass between the default cell here and there.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/utcp.h>
#include <linux/utcp_socket.h>

#include "../lib/nl.h"

#define MOST 4096
#define PORT 4711
/* Seconds until one tries again. */
#define AGAIN 3
/* So many are looked for at once: each who-has is compared with all cells there are, which for a
 * thousand times a thousand takes all that an emulated processor can do.
 */
#define AT_ONCE 32

static struct sockaddr_utcp to[MOST];
static struct pollfd there[MOST];
static unsigned int n;
static long patience;

static void __attribute__((format(printf, 1, 2), noreturn))
die(const char *format, ...)
{
	int err = errno;
	va_list args;

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

static int on_attr(const struct nlattr *attr, void *data)
{
	struct sockaddr_utcp *addr = data;

	if (mnl_attr_get_type(attr) == UTCP_A_CELL_ID &&
	    mnl_attr_get_payload_len(attr) == sizeof(addr->sutcp_cell))
		memcpy(addr->sutcp_cell, mnl_attr_get_payload(attr),
		       sizeof(addr->sutcp_cell));
	return MNL_CB_OK;
}

static int on_cell(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, GENL_HDRLEN, on_attr, data);
}

/* A cell that anybody finds. Its CellID is in @addr then. */
static void make_cell(struct client *c, struct sockaddr_utcp *addr)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(c, buf, UTCP_CMD_CELL_NEW);
	unsigned int port = mnl_socket_get_portid(c->nl);
	long len;
	int ret;

	*addr = (struct sockaddr_utcp){ .sutcp_family = AF_UTCP,
					.sutcp_port = PORT };
	mnl_attr_put_u32(nlh, UTCP_A_CELL_DISCOVERABLE, 1);
	errno = client_send(c, nlh);
	if (errno)
		die("a cell");
	do {
		len = must("a cell",
			   mnl_socket_recvfrom(c->nl, buf, sizeof(buf)));
		ret = must("a cell",
			   mnl_cb_run(buf, len, c->seq, port, on_cell, addr));
	} while (ret > 0);
}

static void make_there(const char *netns)
{
	int here = must("netns", open("/proc/self/ns/net", O_RDONLY));
	int ns = must(netns, open(netns, O_RDONLY));
	struct client c;

	must("setns", setns(ns, CLONE_NEWNET));
	errno = client_open(&c, family_find(UTCP_FAMILY_NAME));
	if (errno)
		die("netlink");
	for (unsigned int i = 0; i < n; i++) {
		make_cell(&c, &to[i]);
		there[i].events = POLLIN;
		there[i].fd = must("socket", socket(AF_UTCP, SOCK_DGRAM, 0));
		must("bind", bind(there[i].fd, (void *)&to[i], sizeof(to[i])));
	}
	client_close(&c);
	must("setns", setns(here, CLONE_NEWNET));
	close(here);
	close(ns);
}

/* Sends to all that have got none, and again to those that do not for a while. */
static void reach_all(int from)
{
	time_t begun = time(NULL), sent[MOST] = { 0 };
	unsigned int left = n;
	bool got[MOST] = { false };
	char b[8];

	while (left) {
		unsigned int under_way = 0;
		time_t now = time(NULL);

		if (now - begun > patience) {
			errno = ETIME;
			die("%u of %u are not reached", left, n);
		}
		for (unsigned int i = 0; i < n; i++) {
			if (got[i])
				continue;
			if (!sent[i] && under_way >= AT_ONCE)
				break;
			under_way++;
			if (now - sent[i] < AGAIN)
				continue;
			/* so many at a time are searched; or it was not found */
			if (sendto(from, "x", 1, MSG_DONTWAIT, (void *)&to[i],
				   sizeof(to[i])) == 1)
				sent[i] = now;
			else if (errno == EAGAIN)
				break;
			else if (errno != EHOSTUNREACH)
				die("sendto");
		}
		must("poll", poll(there, n, 200));
		for (unsigned int i = 0; i < n; i++) {
			if (!(there[i].revents & POLLIN))
				continue;
			must("recv", recv(there[i].fd, b, 8, 0));
			left -= !got[i];
			got[i] = true;
		}
	}
}

static void woken(int sig)
{
	(void)sig;
}

int main(int argc, char **argv)
{
	const struct rlimit many = { 2UL * MOST, 2UL * MOST };
	struct sigaction act = { .sa_handler = woken };
	int from, room = 4 << 20;

	n = argc == 4 ? strtoul(argv[2], NULL, 0) : 0;
	patience = argc == 4 ? strtol(argv[3], NULL, 0) : 0;
	if (!n || n > MOST || patience <= 0)
		return 2;
	must("RLIMIT_NOFILE", setrlimit(RLIMIT_NOFILE, &many));
	must("sigaction", sigaction(SIGUSR1, &act, NULL));
	from = must("socket", socket(AF_UTCP, SOCK_DGRAM, 0));
	must("SO_SNDBUFFORCE",
	     setsockopt(from, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)));
	make_there(argv[1]);
	reach_all(from);
	printf("ready\n");
	fflush(stdout);
	pause();
	reach_all(from);
	printf("again\n");
	return 0;
}
