// SPDX-License-Identifier: GPL-2.0-only
/*
 * peerprobe - frames of UTCP's EtherType, recorded, changed, played back and made up
 *
 * peerprobe record DEVICE FILE SECONDS
 *	Writes what DEVICE sees of them, in both directions, to FILE. Says "ready" when
 *	it has begun.
 * peerprobe play DEVICE FILE TYPE [SOURCE]
 *	Sends those of a type (hexadecimal; 0: all) once more, as they were, or from
 *	another source address.
 * peerprobe flip DEVICE FILE TYPE
 *	Sends the first of a type that is for another station once for each of its
 *	bits, with just that bit changed, from a MAC address of its own; then waits, and
 *	prints how many frames came to that address.
 * peerprobe random DEVICE TO COUNT SEED
 *	Sends COUNT frames to a station that are random behind a header that is
 *	mostly right.
 * peerprobe silence DEVICE MS
 *	Prints how many frames DEVICE receives, for any station, in so long.
 *
 * A record in FILE: u16 length, in the order of this machine, and so many bytes
 * from the Ethernet header on.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ETHERTYPE 0x88b5
#define FRAME_MAX 2048
#define FRAMES_MAX 512
#define HEADER ETH_HLEN

struct frame {
	uint16_t len;
	uint8_t bytes[FRAME_MAX];
};

static struct frame frames[FRAMES_MAX];
static const uint8_t own[ETH_ALEN] = { 2, 0, 0, 0, 0xee, 1 };

static void die(const char *what)
{
	fprintf(stderr, "peerprobe: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* All types: what a consumer takes, and what is sent, no socket for one type sees. */
static int open_device(const char *device)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET,
				    .sll_protocol = htons(ETH_P_ALL),
				    .sll_ifindex = if_nametoindex(device) };
	struct packet_mreq all = { .mr_ifindex = addr.sll_ifindex,
				   .mr_type = PACKET_MR_PROMISC };
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all,
		       sizeof(all)))
		die(device);
	return fd;
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The next frame before a time; false: there is none. */
static bool next_frame(int fd, struct frame *f, long until)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t len;
	long left;

	for (;;) {
		left = until - now_ms();
		if (left < 0 || poll(&p, 1, left) <= 0)
			return false;
		len = recv(fd, f->bytes, sizeof(f->bytes), 0);
		if (len < 0)
			die("recv");
		f->len = len;
		if (len > HEADER && f->bytes[12] == ETHERTYPE >> 8 &&
		    f->bytes[13] == (ETHERTYPE & 0xff))
			return true;
	}
}

static void send_frame(int fd, const struct frame *f)
{
	if (send(fd, f->bytes, f->len, 0) != f->len && errno != ENOBUFS)
		die("send");
}

static int record(const char *device, const char *file, long seconds)
{
	long until = now_ms() + seconds * 1000;
	int fd = open_device(device);
	FILE *out = fopen(file, "w");
	struct frame f;

	if (!out)
		die(file);
	puts("ready");
	fflush(stdout);
	while (next_frame(fd, &f, until)) {
		fwrite(&f.len, sizeof(f.len), 1, out);
		fwrite(f.bytes, f.len, 1, out);
		fflush(out);
	}
	return 0;
}

static size_t load(const char *file)
{
	FILE *in = fopen(file, "r");
	size_t n = 0;

	if (!in)
		die(file);
	while (n < FRAMES_MAX && fread(&frames[n].len, 2, 1, in) == 1 &&
	       frames[n].len <= FRAME_MAX &&
	       fread(frames[n].bytes, frames[n].len, 1, in) == 1)
		n++;
	fclose(in);
	return n;
}

static bool is_type(const struct frame *f, unsigned int type)
{
	return f->len > HEADER + 4 && (!type || f->bytes[HEADER + 1] == type);
}

static int play(const char *device, const char *file, unsigned int type,
		const char *source)
{
	unsigned int mac[ETH_ALEN], sent = 0;
	int fd = open_device(device);
	size_t n = load(file);

	if (source && sscanf(source, "%x:%x:%x:%x:%x:%x", &mac[0], &mac[1],
			     &mac[2], &mac[3], &mac[4], &mac[5]) != 6)
		die(source);
	for (size_t i = 0; i < n; i++) {
		if (!is_type(&frames[i], type))
			continue;
		for (int k = 0; source && k < ETH_ALEN; k++)
			frames[i].bytes[ETH_ALEN + k] = mac[k];
		send_frame(fd, &frames[i]);
		sent++;
	}
	printf("%u\n", sent);
	return sent ? 0 : 1;
}

/* Frames that come to the own address until it has been still for a while. */
static unsigned int answers(int fd, long ms)
{
	long until = now_ms() + ms;
	unsigned int n = 0;
	struct frame f;

	while (next_frame(fd, &f, until))
		n += !memcmp(f.bytes, own, ETH_ALEN);
	return n;
}

static int flip(const char *device, const char *file, unsigned int type)
{
	int fd = open_device(device);
	size_t n = load(file), i, bits;
	struct frame f;

	for (i = 0; i < n && !is_type(&frames[i], type); i++)
		;
	if (i == n) {
		fprintf(stderr, "peerprobe: no such frame in %s\n", file);
		return 2;
	}
	bits = 8 * ((size_t)frames[i].bytes[HEADER + 2] << 8 |
		    frames[i].bytes[HEADER + 3]);
	for (size_t bit = 0; bit < bits; bit++) {
		f = frames[i];
		memcpy(f.bytes + ETH_ALEN, own, ETH_ALEN);
		f.bytes[HEADER + bit / 8] ^= 1 << bit % 8;
		send_frame(fd, &f);
		if (bit % 64 == 63)
			usleep(1000);
	}
	printf("%zu %u\n", bits, answers(fd, 500));
	return 0;
}

static int random_frames(const char *device, const char *to, long count,
			 unsigned int seed)
{
	static const uint8_t types[] = { 1, 2, 3, 4, 5, 0x10 };
	static const uint16_t lengths[] = { 84, 84, 172, 108, 56, 100 };
	int fd = open_device(device);
	unsigned int mac[ETH_ALEN];
	struct frame f;

	if (sscanf(to, "%x:%x:%x:%x:%x:%x", &mac[0], &mac[1], &mac[2], &mac[3],
		   &mac[4], &mac[5]) != 6)
		die(to);
	srandom(seed);
	for (; count; count--) {
		unsigned int kind = random() % 6;

		f.len = HEADER +
			(random() % 8 ? lengths[kind] : random() % 300);
		for (int i = 0; i < FRAME_MAX; i++)
			f.bytes[i] = random();
		for (int i = 0; i < ETH_ALEN; i++)
			f.bytes[i] = mac[i];
		memcpy(f.bytes + ETH_ALEN, own, ETH_ALEN);
		f.bytes[12] = ETHERTYPE >> 8;
		f.bytes[13] = ETHERTYPE & 0xff;
		if (random() % 16)
			f.bytes[HEADER] = 0xc1;
		if (random() % 16)
			f.bytes[HEADER + 1] = types[kind];
		if (random() % 8) {
			f.bytes[HEADER + 2] = (f.len - HEADER) >> 8;
			f.bytes[HEADER + 3] = f.len - HEADER;
		}
		if (types[kind] == 1 && random() % 4)
			memset(f.bytes + HEADER + 36, 0, 48);
		if (types[kind] == 3 && random() % 4)
			memset(f.bytes + HEADER + 9, 0, 3);
		if (f.len < HEADER + 4)
			f.len = HEADER + 4;
		send_frame(fd, &f);
		if (count % 64 == 0)
			usleep(500);
	}
	printf("%u\n", answers(fd, 500));
	return 0;
}

static int silence(const char *device, long ms)
{
	int fd = open_device(device);
	long until = now_ms() + ms;
	unsigned int n = 0;
	struct frame f;

	while (next_frame(fd, &f, until))
		n++;
	printf("%u\n", n);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "record"))
		return record(argv[2], argv[3], atol(argv[4]));
	if ((argc == 5 || argc == 6) && !strcmp(argv[1], "play"))
		return play(argv[2], argv[3], strtoul(argv[4], NULL, 16),
			    argc == 6 ? argv[5] : NULL);
	if (argc == 5 && !strcmp(argv[1], "flip"))
		return flip(argv[2], argv[3], strtoul(argv[4], NULL, 16));
	if (argc == 6 && !strcmp(argv[1], "random"))
		return random_frames(argv[2], argv[3], atol(argv[4]),
				     atoi(argv[5]));
	if (argc == 4 && !strcmp(argv[1], "silence"))
		return silence(argv[2], atol(argv[3]));
	fprintf(stderr,
		"usage: peerprobe record|play|flip|random|silence ...\n");
	return 2;
}
