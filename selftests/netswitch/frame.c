// SPDX-License-Identifier: GPL-2.0-only
/*
 * frame send DEV DST TYPE COUNT LEN [VID]
 * frame ping DEV DST TYPE COUNT
 * frame count DEV TYPE MILLISECONDS
 * frame tcp DEV DST LEN MSS
 * frame hex DEV FRAME...
 *
 * Raw Ethernet frames for the tests of netswitch. DST is an address; TYPE is
 * hexadecimal, below 600 a length. "send" sends COUNT frames with LEN bytes of
 * payload, in VLAN VID if given, which may bring priority bits along. "ping" sends
 * frames one by one and prints for how many a frame of the same type came back to
 * the device's own address within a second. "count" prints "ready", waits up to
 * half a minute for a frame of the type to come in by the device, and then prints
 * how many came until none did for the time given. Sending, the first byte of a
 * payload is its number. "tcp" sends one TCP segment with LEN bytes of payload and
 * a checksum that is to be finished, to be cut into pieces of MSS bytes if MSS is
 * not 0. "hex" sends frames of which each byte is given.
 */
#include <poll.h>

#include <linux/if_packet.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "ringraw.h"

#define FRAME_MAX 66560

static unsigned char frame[FRAME_MAX];

/* A socket bound to the device, for frames of this type; @mac: set to the device's
 * address. By ETH_P_ALL it sees as well what goes out.
 */
static int open_device(const char *dev, unsigned char *mac, unsigned int proto)
{
	struct sockaddr_ll sll = { .sll_family = AF_PACKET,
				   .sll_protocol = htons(proto) };
	struct ifreq ifr = { 0 };
	int fd;

	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("socket");
	sll.sll_ifindex = (int)if_nametoindex(dev);
	if (!sll.sll_ifindex)
		die(dev);
	if (bind(fd, (struct sockaddr *)&sll, sizeof(sll)))
		die("bind");
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	if (ioctl(fd, SIOCGIFHWADDR, &ifr))
		die("address of the device");
	memcpy(mac, ifr.ifr_hwaddr.sa_data, ETH_ALEN);
	return fd;
}

static size_t make(const unsigned char *dst, const unsigned char *src,
		   unsigned int type, size_t len, const char *vid)
{
	size_t head = 12;

	memcpy(frame, dst, ETH_ALEN);
	memcpy(frame + ETH_ALEN, src, ETH_ALEN);
	if (vid) {
		put16(frame + head, ETH_P_8021Q);
		put16(frame + head + 2, number(vid, 10, 0xffff));
		head += 4;
	}
	put16(frame + head, type);
	head += 2;
	memset(frame + head, 0x5a, len);
	return head + len;
}

static void send_frame(int fd, size_t len, size_t at, unsigned long n)
{
	if (len > at)
		frame[at] = n & 0xff;
	/* ENOBUFS: it was sent, and refused on its way out. */
	while (write(fd, frame, len) < 0 && errno != ENOBUFS)
		if (errno != EINTR)
			die("send");
}

/* The next frame of the type that came in, within the time.
 * Return: true, and the frame's destination.
 */
static int next(int fd, unsigned int type, int ms, unsigned char *dst)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	unsigned char in[2048] = { 0 };

	for (;;) {
		struct sockaddr_ll from = { 0 };
		socklen_t size = sizeof(from);
		ssize_t n;

		if (poll(&p, 1, ms) <= 0)
			return 0;
		n = recvfrom(fd, in, sizeof(in), MSG_TRUNC,
			     (struct sockaddr *)&from, &size);
		if (n < ETH_HLEN || from.sll_pkttype == PACKET_OUTGOING ||
		    ((unsigned int)in[12] << 8 | in[13]) != type)
			continue;
		memcpy(dst, in, ETH_ALEN);
		return 1;
	}
}

static int do_send(int argc, char **argv)
{
	unsigned char mac[ETH_ALEN], dst[ETH_ALEN];
	const char *vid = argc > 7 ? argv[7] : NULL;
	unsigned long count, i;
	size_t len;
	int fd;

	if (argc < 7)
		return 1;
	address(argv[3], dst);
	fd = open_device(argv[2], mac, ETH_P_ALL);
	count = number(argv[5], 10, 1000000);
	len = make(dst, mac, number(argv[4], 16, 0xffff),
		   number(argv[6], 10, FRAME_MAX - 18), vid);
	for (i = 0; i < count; i++)
		send_frame(fd, len, vid ? 18 : 14, i);
	return 0;
}

static int do_ping(int argc, char **argv)
{
	unsigned char mac[ETH_ALEN], dst[ETH_ALEN], to[ETH_ALEN];
	unsigned long count, i, back = 0;
	unsigned int type;
	size_t len;
	int fd;

	if (argc < 6)
		return 1;
	address(argv[3], dst);
	type = number(argv[4], 16, 0xffff);
	fd = open_device(argv[2], mac, type);
	count = number(argv[5], 10, 1000000);
	len = make(dst, mac, type, 64, NULL);
	for (i = 0; i < count; i++) {
		send_frame(fd, len, 14, i);
		if (next(fd, type, 1000, to) && !memcmp(to, mac, ETH_ALEN))
			back++;
	}
	printf("%lu\n", back);
	return 0;
}

static int do_count(int argc, char **argv)
{
	unsigned char mac[ETH_ALEN], dst[ETH_ALEN];
	unsigned long n = 0;
	unsigned int type;
	int fd, ms;

	if (argc < 5)
		return 1;
	fd = open_device(argv[2], mac, ETH_P_ALL);
	type = number(argv[3], 16, 0xffff);
	ms = (int)number(argv[4], 10, 60000);
	printf("ready\n");
	fflush(stdout);
	while (next(fd, type, n ? ms : 30000, dst))
		n++;
	printf("%lu\n", n);
	return 0;
}

static int do_tcp(int argc, char **argv)
{
	unsigned char mac[ETH_ALEN], dst[ETH_ALEN];
	struct virtio_net_hdr vnet;
	struct iovec parts[2] = {
		{ .iov_base = &vnet, .iov_len = sizeof(vnet) },
		{ .iov_base = frame },
	};
	int fd, one = 1;

	if (argc < 6)
		return 1;
	address(argv[3], dst);
	fd = open_device(argv[2], mac, ETH_P_ALL);
	if (setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(one)))
		die("PACKET_VNET_HDR");
	parts[1].iov_len = tcp_make(frame, number(argv[4], 10, 65495),
				    number(argv[5], 10, 9000), &vnet);
	memcpy(frame, dst, ETH_ALEN);
	memcpy(frame + ETH_ALEN, mac, ETH_ALEN);
	if (writev(fd, parts, 2) < 0)
		die("send");
	return 0;
}

static int do_hex(int argc, char **argv)
{
	unsigned char mac[ETH_ALEN];
	int fd, i;

	if (argc < 4)
		return 1;
	fd = open_device(argv[2], mac, ETH_P_ALL);
	for (i = 3; i < argc; i++) {
		size_t at, len = strlen(argv[i]);

		if (len % 2 || len / 2 > sizeof(frame))
			return 1;
		for (at = 0; at < len / 2; at++) {
			const char byte[] = { argv[i][2 * at],
					      argv[i][2 * at + 1], '\0' };

			frame[at] = (unsigned char)number(byte, 16, 0xff);
		}
		if (write(fd, frame, len / 2) < 0)
			die("send");
	}
	return 0;
}

int main(int argc, char **argv)
{
	int ret = 1;

	if (argc > 1 && !strcmp(argv[1], "send"))
		ret = do_send(argc, argv);
	else if (argc > 1 && !strcmp(argv[1], "ping"))
		ret = do_ping(argc, argv);
	else if (argc > 1 && !strcmp(argv[1], "count"))
		ret = do_count(argc, argv);
	else if (argc > 1 && !strcmp(argv[1], "tcp"))
		ret = do_tcp(argc, argv);
	else if (argc > 1 && !strcmp(argv[1], "hex"))
		ret = do_hex(argc, argv);
	if (ret == 1)
		fprintf(stderr, "usage: see the head of frame.c\n");
	return ret;
}
