// SPDX-License-Identifier: GPL-2.0-only
/*
 * ringkill DEV TYPE ROUNDS SECONDS - owners of a ring that are killed at work
 *
 * Frames of TYPE (hexadecimal) have to come to DEV all the time. Each round a child
 * binds TYPE and sends back what it gets; once it has done so for some frames, at
 * any moment after that, it is killed with SIGKILL. It has SECONDS to get so far.
 * When it is reaped its binding has to be gone: the next one binds at once.
 *
 * Prints a line "wrong: ..." for a round that was not so, and ends there. The last
 * line is {"kills", "received", "sent", "kib"}: rounds, frames that came and went in
 * all of them, and KiB of memory of one ring. Exit status: 0, or 1 if something
 * was wrong.
 */
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>

#include <sys/wait.h>

#include "ringraw.h"

#define SLOTS 64
/* Frames that have to come and go before the end. */
#define ENOUGH 8

/* What the child tells, in memory that outlives it. */
struct told {
	uint64_t received;
	uint64_t sent;
	uint64_t map_size;
	int bound; /* 1; or the negative error */
	char message[NETSWITCH_RING_MESSAGE_LEN];
};

static struct told *told;

static void bind_as_told(struct ring *r, const char *device, unsigned int type)
{
	struct netswitch_ring_bind b = {
		.ifindex = if_nametoindex(device),
		.ethertype = type,
		.rx_slots = SLOTS,
		.tx_slots = SLOTS,
		.slot_size = 2048,
	};

	r->fd = ring_open();
	if (ioctl(r->fd, NETSWITCH_RING_BIND, &b)) {
		memcpy(told->message, b.message, sizeof(told->message));
		__atomic_store_n(&told->bound, -errno, __ATOMIC_RELEASE);
		_exit(1);
	}
	ring_map(r);
	told->map_size = r->info.map_size;
	__atomic_store_n(&told->bound, 1, __ATOMIC_RELEASE);
}

/* Sends a frame back to where it came from. */
static void answer(const struct ring *r, uint32_t from, uint32_t to)
{
	const struct netswitch_desc *in = rx_desc(r, from);
	struct netswitch_desc *out = tx_desc(r, to);
	unsigned char *frame = tx_slot(r, to);

	memset(out, 0, sizeof(*out));
	memcpy(frame, rx_slot(r, from) + in->offset, in->len);
	memcpy(frame, frame + ETH_ALEN, ETH_ALEN);
	memcpy(frame + ETH_ALEN, r->info.mac, ETH_ALEN);
	out->len = in->len;
}

static void work(const char *device, unsigned int type)
{
	struct netswitch_ring_ctl *rx, *tx;
	uint32_t cons = 0, prod = 0;
	struct ring r;

	bind_as_told(&r, device, type);
	rx = rx_ctl(&r);
	tx = tx_ctl(&r);
	for (;;) {
		uint32_t end = load_acquire(&rx->producer);
		int kicked;

		if (cons == end) {
			sched_yield();
			continue;
		}
		for (; cons != end; cons++) {
			if (prod - load_acquire(&tx->consumer) < SLOTS)
				answer(&r, cons, prod++);
			told->received++;
		}
		store_release(&rx->consumer, cons);
		store_release(&tx->producer, prod);
		kicked = ioctl(r.fd, NETSWITCH_RING_KICK);
		if (kicked > 0)
			told->sent += kicked;
	}
}

static bool at_work(void)
{
	return __atomic_load_n(&told->received, __ATOMIC_RELAXED) >= ENOUGH &&
	       __atomic_load_n(&told->sent, __ATOMIC_RELAXED) >= ENOUGH;
}

/* Return: is the child where it should be, and has it not ended by itself? */
static bool wait_for_work(pid_t child, unsigned int seconds)
{
	time_t end = time(NULL) + seconds;

	while (!at_work()) {
		if (waitpid(child, NULL, WNOHANG) == child) {
			printf("wrong: bind: %s: %s\n", strerror(-told->bound),
			       told->message);
			return false;
		}
		if (time(NULL) > end) {
			printf("wrong: %llu received, %llu sent in %u s\n",
			       (unsigned long long)told->received,
			       (unsigned long long)told->sent, seconds);
			kill(child, SIGKILL);
			waitpid(child, NULL, 0);
			return false;
		}
		usleep(200);
	}
	return true;
}

int main(int argc, char **argv)
{
	unsigned long rounds, seconds, i;
	uint64_t received = 0, sent = 0;
	unsigned int type;

	if (argc != 5) {
		fprintf(stderr, "usage: ringkill DEV TYPE ROUNDS SECONDS\n");
		return 2;
	}
	type = number(argv[2], 16, 0xffff);
	rounds = number(argv[3], 10, 1000000);
	seconds = number(argv[4], 10, 3600);
	told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (told == MAP_FAILED)
		die("mmap");
	for (i = 0; i < rounds; i++) {
		pid_t child;

		memset(told, 0, sizeof(*told));
		child = fork();
		if (child < 0)
			die("fork");
		if (!child)
			work(argv[1], type);
		if (!wait_for_work(child, seconds))
			break;
		/* Anywhere in its round. */
		usleep(i * 37 % 1000);
		kill(child, SIGKILL);
		if (waitpid(child, NULL, 0) != child)
			die("waitpid");
		received += told->received;
		sent += told->sent;
	}
	printf("{\"kills\":%lu,\"received\":%llu,\"sent\":%llu,\"kib\":%llu}\n",
	       i, (unsigned long long)received, (unsigned long long)sent,
	       (unsigned long long)told->map_size >> 10);
	return i < rounds;
}
