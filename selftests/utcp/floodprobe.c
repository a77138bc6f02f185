// SPDX-License-Identifier: GPL-2.0-only
/*
 * floodprobe NETNS DEVICE PUBLIC MAC MS RATE - a stream from this network namespace to
 * another one, and beside it floods by DEVICE, to the station MAC there, each of RATE
 * frames a second for so long. PUBLIC is the public key of the other cell, in hex. Prints
 * for each kind how many bytes have come in that time, and how many of its frames were
 * sent:
 *
 *	first		another EtherType, which nobody takes, while the stream gets up to speed
 *	other		the same: to compare with
 *	forged		initiations of random bytes
 *	known		the same with a right mac1
 *	replayed	an initiation that was good once
 *	data		data frames that were
 *
 * Each byte of the stream is compared.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "forge.h"
#include "wire.h"

#define PORT 4711
#define PART 65536
/* Its bytes are a row of so many, over and over. */
#define ROW 251

enum kind { OTHER, FORGED, KNOWN, REPLAYED, OLD_DATA, KINDS };

static const char *const names[KINDS] = { "other", "forged", "known",
					  "replayed", "data" };
static const uint8_t stranger[ETH_ALEN] = { 2, 0, 0, 0, 0xee, 3 };

static struct frame initiation, data_frame, flood;
static uint8_t public[UTCP_CELL_KEY_BYTES], station[ETH_ALEN];
static _Atomic unsigned long long *come;
static int packets;

static long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void hex(const char *from, uint8_t *to, size_t len, const char *format,
		size_t step)
{
	unsigned int b;

	for (size_t i = 0; i < len; i++, from += step) {
		errno = EINVAL;
		must(from, sscanf(from, format, &b) == 1 ? 0 : -1);
		to[i] = b;
	}
}

/* What this end has sent: the first of each kind. */
static void record(void)
{
	static struct frame f;
	ssize_t len;

	while ((len = recv(packets, f.bytes, sizeof(f.bytes), MSG_DONTWAIT)) >
	       AT + 4) {
		f.len = len;
		if (f.bytes[12] != 0x88 || f.bytes[13] != 0xb5)
			continue;
		if (type_of(&f) == INITIATION && !initiation.len)
			initiation = f;
		if (type_of(&f) == DATA && !data_frame.len &&
		    !memcmp(f.bytes, station, ETH_ALEN))
			data_frame = f;
	}
	errno = ENOMSG;
	if (!initiation.len || !data_frame.len)
		die("no frames were recorded");
}

static void write_all(int fd)
{
	uint8_t part[PART + ROW];
	size_t at = 0;
	ssize_t n;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < sizeof(part); i++)
		part[i] = i % ROW;
	for (;;) {
		n = must("send", send(fd, part + at, PART, 0));
		at = (at + n) % ROW;
	}
}

static void read_all(int fd)
{
	uint8_t part[PART], want[PART + ROW];
	size_t at = 0;
	ssize_t n;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < sizeof(want); i++)
		want[i] = i % ROW;
	for (;;) {
		n = must("recv", recv(fd, part, sizeof(part), 0));
		errno = EBADMSG;
		if (!n || memcmp(part, want + at, n))
			die("what came is not what was sent");
		at = (at + n) % ROW;
		*come += n;
	}
}

static pid_t in_child(void (*run)(int fd), int fd)
{
	pid_t pid = must("fork", fork());

	if (!pid)
		run(fd);
	return pid;
}

/* A connection to there; blocking. */
static void connection(const char *netns, int *here, int *there)
{
	struct sockaddr_utcp to = { .sutcp_family = AF_UTCP,
				    .sutcp_port = PORT };
	int own = must("own namespace", open("/proc/self/ns/net", O_RDONLY));
	int ns = must(netns, open(netns, O_RDONLY)), l;
	socklen_t len = sizeof(to);

	must("setns", setns(ns, CLONE_NEWNET));
	l = must("socket", socket(AF_UTCP, SOCK_STREAM, 0));
	must("bind", bind(l, (void *)&to, sizeof(to)));
	must("getsockname", getsockname(l, (void *)&to, &len));
	must("listen", listen(l, 1));
	must("setns", setns(own, CLONE_NEWNET));
	*here = must("socket", socket(AF_UTCP, SOCK_STREAM, 0));
	must("connect", connect(*here, (void *)&to, sizeof(to)));
	*there = must("accept", accept(l, NULL, NULL));
	close(l);
}

static void open_packets(const char *device, int protocol)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET,
				    .sll_protocol = htons(protocol),
				    .sll_ifindex = if_nametoindex(device) };

	packets = must("socket", socket(AF_PACKET, SOCK_RAW, 0));
	must(device, bind(packets, (void *)&addr, sizeof(addr)));
}

static void make(enum kind kind)
{
	static const uint8_t header[] = { 0xc1, INITIATION, 0, 172 };
	struct frame *f = &flood;

	if (kind == REPLAYED || kind == OLD_DATA) {
		*f = kind == REPLAYED ? initiation : data_frame;
	} else {
		f->len = AT + 172;
		draw_bytes(f->bytes, f->len);
		f->bytes[12] = 0x88;
		f->bytes[13] = kind == OTHER ? 0xb6 : 0xb5;
		memcpy(f->bytes + AT, header, sizeof(header));
		/* What must be zero is, mac2 too, and the key is one that may be. */
		memset(f->bytes + AT + 9, 0, 3);
		memset(f->bytes + AT + 156, 0, 16);
		f->bytes[AT + 43] &= 0x7f;
		if (kind == KNOWN) {
			f->bytes[AT + 8] = initiation.bytes[AT + 8];
			forge_mac1(f, public);
		}
		memcpy(f->bytes + ETH_ALEN, stranger, ETH_ALEN);
	}
	memcpy(f->bytes, station, ETH_ALEN);
}

/* How many are made at most: making one takes longer than sending it. */
#define DIFFERENT 64

/* Return: how many bytes came in that time. */
static unsigned long long flood_with(enum kind kind, const char *name, long ms,
				     long rate)
{
	static struct frame made[DIFFERENT];
	unsigned long long before;
	long long begun, past, sent = 0;

	for (int i = 0; i < DIFFERENT; i++) {
		make(kind);
		made[i] = flood;
	}
	begun = now_ns();
	before = *come;
	for (;;) {
		long long due;

		past = now_ns() - begun;
		due = past * rate / 1000000000;
		if (past >= ms * 1000000LL)
			break;
		for (; sent < due; sent++) {
			const struct frame *f = &made[sent % DIFFERENT];

			if (send(packets, f->bytes, f->len, 0) < 0 &&
			    errno != ENOBUFS)
				die("send");
		}
		usleep(500);
	}
	/* If this end gets no processor any more, it has taken longer. */
	before = (*come - before) * 1000000 * ms / past;
	printf("%s %llu %lld\n", name, before, sent);
	return before;
}

int main(int argc, char **argv)
{
	int here, there;
	pid_t pid[2];
	bool ok = true;
	uint8_t first;
	long ms, rate;

	if (argc != 7) {
		fprintf(stderr,
			"usage: floodprobe NETNS DEVICE PUBLIC MAC MS RATE\n");
		return 2;
	}
	ms = atol(argv[5]);
	rate = atol(argv[6]);
	setbuf(stdout, NULL);
	draw_begin(1);
	hex(argv[3], public, sizeof(public), "%2x", 2);
	hex(argv[4], station, sizeof(station), "%2x", 3);
	come = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (come == MAP_FAILED)
		die("mmap");
	open_packets(argv[2], ETH_P_ALL);
	connection(argv[1], &here, &there);
	must("send", send(here, "", 1, 0));
	must("recv", recv(there, &first, 1, 0));
	record();
	/* It hears nothing from now on. */
	close(packets);
	open_packets(argv[2], 0);
	pid[0] = in_child(read_all, there);
	pid[1] = in_child(write_all, here);
	flood_with(OTHER, "first", ms, rate);
	for (int kind = OTHER; kind < KINDS; kind++)
		ok &= flood_with(kind, names[kind], ms, rate) > 0;
	for (int i = 0; i < 2; i++) {
		if (waitpid(pid[i], NULL, WNOHANG) != 0)
			ok = false;
		kill(pid[i], SIGKILL);
	}
	return !ok;
}
