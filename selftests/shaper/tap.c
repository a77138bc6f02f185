// SPDX-License-Identifier: GPL-2.0-only
/*
 * tap DEVICE MS - how fast frames come in
 *
 * Says "ready", waits for the first frame of TCP, UDP (by IPv4) or UTCP with data that the
 * device receives, and counts for MS milliseconds from then on bytes on the wire of such
 * frames: Ethernet header and all, and of a super-frame all headers that its frames will
 * have. When a frame came is the kernel's
 * word, so it does not matter when this program has its turn. Prints frames, bytes, how
 * many whole windows of 100 ms there were, and bytes of the first one, of the emptiest and
 * of the fullest.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define WINDOW_NS 100000000ULL
#define WINDOWS_MAX 1000
#define QUIET_MS 5000
#define MTU 1500

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int tap_socket(const char *dev)
{
	struct sockaddr_ll from = { .sll_family = AF_PACKET,
				    .sll_protocol = htons(ETH_P_ALL),
				    .sll_ifindex = (int)if_nametoindex(dev) };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	int size = 64 << 20, on = 1;

	if (fd < 0)
		die("socket");
	if (!from.sll_ifindex)
		die(dev);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		die("SO_RCVBUFFORCE");
	if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)))
		die("SO_TIMESTAMPNS");
	if (bind(fd, (struct sockaddr *)&from, sizeof(from)))
		die("bind");
	return fd;
}

/* Headers of a frame of TCP, UDP, or UTCP, of which there are no super-frames; 0: it is
 * another one.
 */
static size_t headers(const uint8_t *frame, size_t len)
{
	size_t ip = ETH_HLEN;

	if (len > ip && frame[12] == 0x88 && frame[13] == 0xb5)
		return ip;
	if (len < ip + 28 || frame[12] != 8 || frame[13])
		return 0;
	if (frame[ip + 9] != IPPROTO_UDP &&
	    (frame[ip + 9] != IPPROTO_TCP || len < ip + 40))
		return 0;
	if (frame[ip + 9] == IPPROTO_UDP)
		return ip + 4UL * (frame[ip] & 15) + 8;
	ip += 4UL * (frame[ip] & 15);
	return ip + 4UL * (frame[ip + 12] >> 4);
}

/* One that is longer than the MTU will be cut into frames that are as long as it. */
static uint64_t wire_len(size_t head, size_t len)
{
	size_t most = MTU + ETH_HLEN - head;

	if (len <= MTU + ETH_HLEN)
		return len;
	return len + ((len - head + most - 1) / most - 1) * head;
}

static uint64_t when(struct msghdr *msg)
{
	struct cmsghdr *c;
	struct timespec t;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET ||
		    c->cmsg_type != SCM_TIMESTAMPNS)
			continue;
		memcpy(&t, CMSG_DATA(c), sizeof(t));
		return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
	}
	die("no time of arrival");
	return 0;
}

static uint64_t window[WINDOWS_MAX];

int main(int argc, char **argv)
{
	struct sched_param first_of_all = { .sched_priority = 50 };
	uint64_t ns, begun = 0, bytes = 0, frames = 0;
	struct tpacket_stats stats;
	socklen_t stats_len = sizeof(stats);
	uint64_t low = UINT64_MAX, high = 0;
	struct pollfd p = { .events = POLLIN };
	size_t i, windows;

	if (argc != 3 || atoi(argv[2]) <= 0)
		return 2;
	ns = (uint64_t)atoi(argv[2]) * 1000000;
	windows = ns / WINDOW_NS;
	if (windows > WINDOWS_MAX)
		return 2;
	p.fd = tap_socket(argv[1]);
	if (sched_setscheduler(0, SCHED_FIFO, &first_of_all))
		die("sched_setscheduler");
	puts("ready");
	fflush(stdout);
	for (;;) {
		char control[CMSG_SPACE(sizeof(struct timespec))];
		struct sockaddr_ll from;
		uint8_t frame[128];
		struct iovec iov = { frame, sizeof(frame) };
		struct msghdr msg = { .msg_name = &from,
				      .msg_namelen = sizeof(from),
				      .msg_iov = &iov,
				      .msg_iovlen = 1,
				      .msg_control = control,
				      .msg_controllen = sizeof(control) };
		uint64_t at, len;
		size_t head;
		ssize_t n;

		if (poll(&p, 1, begun ? QUIET_MS : -1) == 0)
			break;
		n = recvmsg(p.fd, &msg, MSG_TRUNC);
		if (n < 0)
			die("recvmsg");
		head = headers(frame, (size_t)n < sizeof(frame) ?
					      (size_t)n :
					      sizeof(frame));
		if (from.sll_pkttype == PACKET_OUTGOING || !head)
			continue;
		/* until connections are made nobody floods */
		if (!begun && (size_t)n <= head)
			continue;
		at = when(&msg);
		if (!begun)
			begun = at;
		if (at - begun >= ns)
			break;
		len = wire_len(head, (size_t)n);
		frames++;
		bytes += len;
		if ((at - begun) / WINDOW_NS < windows)
			window[(at - begun) / WINDOW_NS] += len;
	}
	if (getsockopt(p.fd, SOL_PACKET, PACKET_STATISTICS, &stats, &stats_len))
		die("PACKET_STATISTICS");
	if (stats.tp_drops) {
		fprintf(stderr, "%u frames were not seen\n", stats.tp_drops);
		return 1;
	}
	for (i = 0; i < windows; i++) {
		low = window[i] < low ? window[i] : low;
		high = window[i] > high ? window[i] : high;
	}
	printf("frames %lu bytes %lu windows %zu first %lu low %lu high %lu\n",
	       (unsigned long)frames, (unsigned long)bytes, windows,
	       (unsigned long)window[0], (unsigned long)low,
	       (unsigned long)high);
	return 0;
}
