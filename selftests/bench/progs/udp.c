// SPDX-License-Identifier: GPL-2.0-only
/*
 * udp -s NS -c NS -a ADDRESS [-n FLOWS] [-l BYTES] [-m MS] [-r RUNS] [-p RATE]
 *
 * Datagrams one way through something that limits them, both ends on one CPU: the child
 * receives in the first namespace, the parent sends in the second, from FLOWS sockets
 * with as little buffer as one or two datagrams need, so that it is the limit that sends
 * them to sleep. For each run of MS milliseconds prints
 *
 *	RUN number elapsed-ns busy-ns datagrams
 *
 * where busy is elapsed less the time the CPU was idle: sender, receiver, timers, all.
 * The first run, which fills the queues, should not count. With -p each socket asks to be
 * paced (SO_MAX_PACING_RATE) at so many bytes per second.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "idle.h"

#define PORT 4711
#define FLOWS_MAX 1000
#define LIMIT_SECONDS 240

static const char *receiver_ns, *sender_ns, *address;
static unsigned int flows = 1, bytes = 1472, ms = 500, runs = 4, pace;
static unsigned long *received; /* of both processes; the receiver writes it */

static uint64_t now(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts))
		error(1, errno, "clock_gettime");
	return (uint64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void enter(const char *ns)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", ns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		error(1, errno, "%s", path);
	close(fd);
}

static void receive(int ready)
{
	struct sockaddr_in any = { .sin_family = AF_INET,
				   .sin_port = htons(PORT) };
	static char buffer[65536];
	int fd, size = 4 << 20;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	enter(receiver_ns);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof(any)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		error(1, errno, "receiver");
	if (write(ready, "", 1) != 1)
		error(1, errno, "pipe");
	while (recv(fd, buffer, sizeof(buffer), 0) >= 0)
		__atomic_store_n(received, *received + 1, __ATOMIC_RELAXED);
	error(1, errno, "recv");
}

static int flow_open(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(PORT) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int size = 2 * bytes;

	if (fd < 0 || !inet_aton(address, &to.sin_addr) ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)) ||
	    (pace && setsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &pace,
				sizeof(pace))))
		error(1, errno, "sender");
	return fd;
}

/* Sends until @end whatever the sockets take. */
static void send_until(int epoll, uint64_t end)
{
	static char buffer[65536];
	struct epoll_event events[64];
	int i, n;

	while (now() < end) {
		n = epoll_wait(epoll, events, 64, 10);
		for (i = 0; i < n; i++)
			while (send(events[i].data.fd, buffer, bytes, 0) > 0 &&
			       now() < end)
				;
	}
}

static void drive(void)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	uint64_t start, elapsed, idle;
	unsigned long before;
	unsigned int i;

	enter(sender_ns);
	for (i = 0; i < flows; i++) {
		struct epoll_event event = { .events = EPOLLOUT | EPOLLET };

		event.data.fd = flow_open();
		if (epoll_ctl(epoll, EPOLL_CTL_ADD, event.data.fd, &event))
			error(1, errno, "epoll_ctl");
	}
	for (i = 1; i <= runs; i++) {
		idle = idle_ns(0);
		start = now();
		before = __atomic_load_n(received, __ATOMIC_RELAXED);
		send_until(epoll, start + ms * 1000000ULL);
		elapsed = now() - start;
		idle = idle_ns(0) - idle;
		printf("RUN %u %llu %llu %lu\n", i, (unsigned long long)elapsed,
		       (unsigned long long)(idle < elapsed ? elapsed - idle :
							     0),
		       __atomic_load_n(received, __ATOMIC_RELAXED) - before);
	}
}

int main(int argc, char **argv)
{
	int option, ready[2];
	char byte;
	pid_t child;

	while ((option = getopt(argc, argv, "s:c:a:n:l:m:r:p:")) != -1) {
		switch (option) {
		case 's':
			receiver_ns = optarg;
			break;
		case 'c':
			sender_ns = optarg;
			break;
		case 'a':
			address = optarg;
			break;
		case 'n':
			flows = strtoul(optarg, NULL, 10);
			break;
		case 'l':
			bytes = strtoul(optarg, NULL, 10);
			break;
		case 'm':
			ms = strtoul(optarg, NULL, 10);
			break;
		case 'r':
			runs = strtoul(optarg, NULL, 10);
			break;
		case 'p':
			pace = strtoul(optarg, NULL, 10);
			break;
		default:
			return 2;
		}
	}
	if (!receiver_ns || !sender_ns || !address || !flows ||
	    flows > FLOWS_MAX || !bytes || bytes > 65000)
		error(2, 0,
		      "usage: udp -s NS -c NS -a ADDRESS [-n FLOWS] [-l BYTES] [-m MS] [-r RUNS] [-p RATE]");
	alarm(LIMIT_SECONDS);
	received = mmap(NULL, sizeof(*received), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (received == MAP_FAILED || pipe(ready))
		error(1, errno, "setting up");
	child = fork();
	if (child < 0)
		error(1, errno, "fork");
	if (!child)
		receive(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		error(1, 0, "the receiver went away");
	drive();
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return 0;
}
