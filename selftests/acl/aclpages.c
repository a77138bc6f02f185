// SPDX-License-Identifier: GPL-2.0-only
/*
 * aclpages DEV - a tap whose frames come with their headers in one piece and the rest in
 * pages, as from network cards that cut them there. Makes DEV, says "ready", and waits for
 * a line. Then a datagram goes to port 53 of who is behind the tap, and an error of ICMP
 * about it comes back twice: in one piece, and in two, of which the second has what it is
 * about.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/uio.h>

#include <linux/if_tun.h>

#include "pkt.h"

/* Ethernet, IPv4 and ICMP. */
#define HEADERS (ETH_HLEN + 20 + 8)

static const struct pkt query = {
	.src = PEER4,
	.dst = ME4,
	.sport = 4000,
	.dport = 53,
};

static const struct pkt error = {
	.proto = IPPROTO_ICMP,
	.sport = 3,
	.dport = 3,
	.about = &query,
};

static int tap(const char *dev)
{
	struct ifreq ifr = {
		.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_NAPI | IFF_NAPI_FRAGS,
	};
	int fd = open("/dev/net/tun", O_RDWR);

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr))
		die(dev);
	return fd;
}

static void come(int fd, size_t first)
{
	const struct iovec parts[] = {
		{ frame, first },
		{ frame + first, len - first },
	};

	if (writev(fd, parts, first < len ? 2 : 1) != (ssize_t)len)
		die("a frame of the tap");
}

int main(int argc, char **argv)
{
	static const unsigned char behind[ETH_ALEN] = { 2, 0, 0, 0, 0, 0x33 };
	unsigned char mac[ETH_ALEN];
	int fd, to;

	if (argc != 2) {
		fprintf(stderr, "usage: aclpages DEV\n");
		return 2;
	}
	fd = tap(argv[1]);
	puts("ready");
	fflush(stdout);
	if (getchar() == EOF)
		die("a line");
	to = open_device(argv[1], mac);
	make(&query, behind, mac);
	send_frame(to);
	make(&error, mac, behind);
	come(fd, len);
	come(fd, HEADERS);
	puts("done");
	fflush(stdout);
	getchar();
	return 0;
}
