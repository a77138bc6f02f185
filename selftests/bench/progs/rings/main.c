// SPDX-License-Identifier: GPL-2.0-only
/*
 * rings: what a raw frame costs from process to process, by our rings and by what
 * the kernel offers beside them. Everything runs on one CPU.
 *
 *	-m rx	one process sends a batch on one end of a link, then reads it on the
 *		other: nobody is woken up
 *	-m tx	it only sends
 *	-m wake	a process of its own receives, and sleeps until a frame is there
 *	-m rtt	two processes: a frame goes there, and one comes back
 *	-m hold	nothing is measured: it has a ring of ours, and does not look at it
 *
 * Per run it prints one line:
 *
 *	RUN number elapsed-ns frames wake-ups
 *
 * where frames are round trips with -m rtt, and wake-ups how often the receiver
 * had something (-m wake). All frames must arrive, or it fails. Under an emulator
 * that advances the clock by one nanosecond per instruction, nanoseconds are
 * instructions.
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "rings.h"

/* No run may hang: the alarm ends the program well before the machine's own limit. */
#define LIMIT_SECONDS 120

/* Who is woken runs at once: with -m wake because it is in a hurry, with -m rtt the
 * client, because the server is nicer. There not by SCHED_FIFO: two processes of it
 * starve ksoftirqd, and while that waits to run it is the only one to handle frames,
 * for the rest of the run, for thousands of instructions more.
 */
#define PRIORITY 10
#define NICER 5

/* What may stay in an open block of TPACKET_V3. */
#define BLOCK_FRAMES 1024

static const struct method *const methods[] = {
	&method_recvmsg, &method_recvmmsg,    &method_v2,
	&method_v3,	 &method_sendto,      &method_sendmmsg,
	&method_txring,	 &method_xdp_generic, &method_xdp_native,
	&method_ring,	 &method_ring_poll,   &method_ring_zc,
};

/**
 * struct config - what the command line asked for
 * @run: how to measure
 * @near: the end that sends (first)
 * @far: the other
 * @rx: how to receive; NULL: nobody does
 * @tx: how to send
 * @batch: frames that are sent before any is read
 * @count: frames per run
 * @runs: how many
 * @each: there must be a wake-up for each frame
 */
struct config {
	void (*run)(const struct config *config);
	struct end near;
	struct end far;
	const struct method *rx;
	const struct method *tx;
	unsigned int batch;
	unsigned long count;
	unsigned long runs;
	bool each;
};

/* What a receiver in a process of its own tells. */
struct tally {
	unsigned long frames;
	unsigned long wakes;
};

static void usage(FILE *to)
{
	fputs("usage: rings -m rx|tx|wake|rtt|hold -d DEVICE [-p PEER-DEVICE] [-r HOW] [-t HOW]\n"
	      "             [-l BYTES] [-b BATCH] [-n COUNT] [-R RUNS] [-w FRAMES -u USECS] [-e]\n"
	      "             [-y TYPE]\n"
	      "  -r  recvmsg recvmmsg v2 v3 xdp-generic xdp-native ring ring-poll\n"
	      "  -t  sendto sendmmsg txring xdp-generic ring ring-poll ring-zc\n"
	      "  -l  more than 1514 only with ring and ring-zc\n"
	      "  -w  ring: wake up when so many frames wait, or after -u\n"
	      "  -y  hold: EtherType\n"
	      "  -e  fail unless there is a wake-up for each frame\n",
	      to);
}

void *allocate(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		error(1, errno, "calloc");
	return p;
}

void wait_for(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	if (poll(&p, 1, -1) < 0)
		error(1, errno, "poll");
	if (p.revents & ~events)
		error(1, 0, "poll: events 0x%x", (unsigned int)p.revents);
}

static uint64_t now(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts))
		error(1, errno, "clock_gettime");
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static void print(unsigned long run, uint64_t elapsed, unsigned long frames,
		  unsigned long wakes)
{
	printf("RUN %lu %llu %lu %lu\n", run + 1, (unsigned long long)elapsed,
	       frames, wakes);
}

static void run_batches(const struct config *c)
{
	void *tx = c->tx->open(&c->near, false, true);
	void *rx = c->rx ? c->rx->open(&c->far, true, false) : NULL;
	unsigned long run, sent, all = 0, got = 0;
	unsigned int n;
	uint64_t start;

	for (run = 0; run < c->runs; run++) {
		start = now();
		for (sent = 0; sent < c->count; sent += c->batch) {
			for (n = c->batch; n > BATCH_MAX; n -= BATCH_MAX)
				c->tx->send(tx, BATCH_MAX);
			c->tx->send(tx, n);
			if (c->rx)
				while ((n = c->rx->read(rx, c->batch, false)))
					got += n;
		}
		print(run, now() - start, sent, 0);
		all += sent;
	}
	if (!c->rx)
		return;
	if (got > all || got + (c->rx->blocks ? BLOCK_FRAMES : 0) < all)
		error(1, 0, "%s: %lu of %lu frames arrived", c->rx->name, got,
		      all);
}

static void be_urgent(void)
{
	struct sched_param param = { .sched_priority = PRIORITY };

	if (sched_setscheduler(0, SCHED_FIFO, &param))
		error(1, errno, "SCHED_FIFO");
}

static void be_nice(void)
{
	errno = 0;
	if (nice(NICER) == -1 && errno)
		error(1, errno, "nice");
}

/* A process of its own, which tells by the pipe when it is ready. */
static pid_t split(int ready[2])
{
	pid_t pid;

	if (pipe(ready))
		error(1, errno, "pipe");
	pid = fork();
	if (pid < 0)
		error(1, errno, "fork");
	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

static void tell(const int ready[2])
{
	if (write(ready[1], "", 1) != 1)
		error(1, errno, "pipe");
}

static void await(const int ready[2])
{
	char byte;

	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		error(1, 0, "the other process went away");
}

static void end(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, WNOHANG))
		error(1, 0, "the other process failed");
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

static void receive(const struct config *c, const int ready[2],
		    struct tally *tally)
{
	void *rx = c->rx->open(&c->far, true, false);

	be_urgent();
	tell(ready);
	for (;;) {
		unsigned int n = c->rx->read(rx, SLOTS, true);

		__atomic_store_n(&tally->frames, tally->frames + n,
				 __ATOMIC_RELAXED);
		__atomic_store_n(&tally->wakes, tally->wakes + 1,
				 __ATOMIC_RELAXED);
	}
}

static void run_wake(const struct config *c)
{
	unsigned long run, sent, frames, wakes, before, all = 0;
	struct tally *tally;
	int ready[2];
	uint64_t start;
	pid_t pid;
	void *tx;

	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tally == MAP_FAILED)
		error(1, errno, "mmap");
	pid = split(ready);
	if (!pid)
		receive(c, ready, tally);
	await(ready);
	tx = c->tx->open(&c->near, false, true);
	for (run = 0; run < c->runs; run++) {
		before = __atomic_load_n(&tally->wakes, __ATOMIC_RELAXED);
		start = now();
		for (sent = 0; sent < c->count; sent += c->batch)
			c->tx->send(tx, c->batch);
		start = now() - start;
		frames = __atomic_load_n(&tally->frames, __ATOMIC_RELAXED);
		wakes = __atomic_load_n(&tally->wakes, __ATOMIC_RELAXED) -
			before;
		print(run, start, sent, wakes);
		all += sent;
		if (c->each && (wakes != sent || frames != all))
			error(1, 0, "%s: %lu wake-ups for %lu frames",
			      c->rx->name, wakes, sent);
		if (frames > all || frames + BLOCK_FRAMES < all)
			error(1, 0, "%s: %lu of %lu frames arrived",
			      c->rx->name, frames, all);
	}
	end(pid);
}

/**
 * struct both - both directions of one end
 * @rx: receiving
 * @tx: sending; the same if one object does both
 */
struct both {
	void *rx;
	void *tx;
};

static struct both open_both(const struct config *c, const struct end *end)
{
	struct both both;

	both.rx = c->rx->open(end, true, c->rx == c->tx);
	both.tx = c->rx == c->tx ? both.rx : c->tx->open(end, false, true);
	return both;
}

/* Sends a frame and reads the next one, in one step if that is possible. */
static unsigned int exchange(const struct config *c, const struct both *both)
{
	if (c->rx == c->tx && c->rx->exchange)
		return c->rx->exchange(both->rx);
	c->tx->send(both->tx, 1);
	return c->rx->read(both->rx, 1, true);
}

static void answer(const struct config *c, const int ready[2])
{
	struct both both = open_both(c, &c->far);

	be_nice();
	tell(ready);
	c->rx->read(both.rx, 1, true);
	for (;;)
		exchange(c, &both);
}

static void run_rtt(const struct config *c)
{
	unsigned long run, i;
	struct both both;
	int ready[2];
	uint64_t start;
	pid_t pid;

	pid = split(ready);
	if (!pid)
		answer(c, ready);
	await(ready);
	both = open_both(c, &c->near);
	for (run = 0; run < c->runs; run++) {
		start = now();
		for (i = 0; i < c->count; i++)
			if (exchange(c, &both) != 1)
				error(1, 0, "not one answer");
		print(run, now() - start, c->count, 0);
	}
	end(pid);
}

static void run_hold(const struct config *c)
{
	method_ring.open(&c->far, true, false);
	puts("HELD");
	alarm(0);
	pause();
}

static unsigned long number(const char *text, int option, unsigned long min,
			    unsigned long max)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 0);
	if (errno || end == text || *end || *text == '-' || value < min ||
	    value > max)
		error(1, 0, "-%c %s: not a number from %lu to %lu", option,
		      text, min, max);
	return value;
}

static const struct method *method(const char *name, int option)
{
	size_t i;

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (!strcmp(methods[i]->name, name) &&
		    (option == 'r' ? (void *)methods[i]->read :
				     (void *)methods[i]->send))
			return methods[i];
	error(1, 0, "-%c %s: no such way", option, name);
	return NULL;
}

static void set_mode(struct config *c, const char *name)
{
	if (!strcmp(name, "rx") || !strcmp(name, "tx"))
		c->run = run_batches;
	else if (!strcmp(name, "wake"))
		c->run = run_wake;
	else if (!strcmp(name, "rtt"))
		c->run = run_rtt;
	else if (!strcmp(name, "hold"))
		c->run = run_hold;
	else
		error(1, 0, "-m %s: not rx, tx, wake, rtt or hold", name);
}

static void look_up(struct end *end, unsigned char *mac)
{
	struct ifreq request = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	end->index = if_nametoindex(end->device);
	if (!end->index)
		error(1, errno, "%s", end->device);
	strncpy(request.ifr_name, end->device, IFNAMSIZ - 1);
	if (fd < 0 || ioctl(fd, SIOCGIFHWADDR, &request))
		error(1, errno, "%s", end->device);
	close(fd);
	memcpy(mac, request.ifr_hwaddr.sa_data, 6);
}

static void make_frame(struct end *end, const unsigned char *from,
		       const unsigned char *to)
{
	size_t i;

	memcpy(end->frame, to, 6);
	memcpy(end->frame + 6, from, 6);
	end->frame[12] = FRAME_TYPE >> 8;
	end->frame[13] = FRAME_TYPE & 0xff;
	for (i = 14; i < end->size; i++)
		end->frame[i] = (unsigned char)i;
}

/* Frames go from one end of the link to the other, and back. */
static void link_ends(struct config *c)
{
	unsigned char near[6], far[6];

	look_up(&c->near, near);
	look_up(&c->far, far);
	make_frame(&c->near, near, far);
	make_frame(&c->far, far, near);
}

static void parse(int argc, char **argv, struct config *c)
{
	int option;

	while ((option = getopt(argc, argv, "m:d:p:r:t:l:b:n:R:w:u:y:eh")) !=
	       -1) {
		switch (option) {
		case 'm':
			set_mode(c, optarg);
			break;
		case 'd':
			c->near.device = optarg;
			break;
		case 'p':
			c->far.device = optarg;
			break;
		case 'r':
			c->rx = method(optarg, option);
			break;
		case 't':
			c->tx = method(optarg, option);
			break;
		case 'l':
			c->near.size =
				number(optarg, option, FRAME_MIN, FRAME_MAX);
			c->far.size = c->near.size;
			break;
		case 'b':
			c->batch = (unsigned int)number(optarg, option, 1,
							64UL * BATCH_MAX);
			break;
		case 'n':
			c->count = number(optarg, option, 1, 1000000000);
			break;
		case 'R':
			c->runs = number(optarg, option, 1, 1000);
			break;
		case 'w':
			c->far.wake_frames =
				(uint32_t)number(optarg, option, 1, SLOTS);
			break;
		case 'u':
			c->far.wake_usecs =
				(uint32_t)number(optarg, option, 1, 1000000);
			break;
		case 'y':
			c->far.type =
				(uint16_t)number(optarg, option, 0x600, 0xffff);
			break;
		case 'e':
			c->each = true;
			break;
		case 'h':
			usage(stdout);
			exit(0);
		default:
			usage(stderr);
			exit(1);
		}
	}
	if (optind < argc)
		error(1, 0, "%s: not expected", argv[optind]);
	if (!c->run)
		error(1, 0, "-m is missing");
	if (!c->near.device || !c->far.device)
		error(1, 0, "-d or -p is missing");
	if (c->near.size > FRAME_SHORT_MAX && c->tx != &method_ring &&
	    c->tx != &method_ring_zc)
		error(1, 0, "-l: too long for -t %s", c->tx->name);
	if ((c->run == run_wake || c->run == run_rtt) && !c->rx)
		error(1, 0, "-r is missing");
}

int main(int argc, char **argv)
{
	struct config c = {
		.near.size = 64,
		.far.size = 64,
		.near.type = FRAME_TYPE,
		.far.type = FRAME_TYPE,
		.tx = &method_sendmmsg,
		.batch = BATCH_MAX,
		.count = 8192,
		.runs = 4,
	};
	cpu_set_t set;

	parse(argc, argv, &c);
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		error(1, errno, "sched_setaffinity");
	setvbuf(stdout, NULL, _IOLBF, 0);
	alarm(LIMIT_SECONDS);
	link_ends(&c);
	c.run(&c);
	return 0;
}
