// SPDX-License-Identifier: GPL-2.0-only
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <utcp/utcp.h>

#include "parent.h"
#include "rings.h"

/* The stack's descriptors, one after the other. */
#define FIRST_FD 3

#define MTU_MIN 1280
/* lwIP counts the bytes of a frame with 16 bits. */
#define MTU_MAX 65520

/* How long to wait before the next start: twice as long each time, up to the most.
 * A stack that has lived for longer than that begins with the least again.
 */
#define BACKOFF_MS 100
#define BACKOFF_MAX_MS 10000

/* What the device is like; make it a port, if that is wanted. */
static void look_at_port(const struct options *o, struct utcp_port *port)
{
	struct utcp_handle *h = utcp_handle_new();
	int ret;

	if (!h)
		errx(EXIT_FAILED, "no memory");
	ret = utcp_handle_open(h, NULL);
	if (!ret)
		ret = utcp_port_get(h, o->device, port);
	if (ret == -ENOENT && o->add_port)
		ret = utcp_port_add(h, o->device, NETSWITCH_PORT_FLAGS_DEMUX,
				    port);
	if (ret)
		errx(exit_code_of(-ret), "%s", utcp_handle_error(h)->message);
	utcp_handle_free(h);
	/* what lwIP can count, and at least what IPv6 needs (RFC 8200, 5) */
	if (port->mtu > MTU_MAX || port->mtu < MTU_MIN)
		errx(EXIT_FAILED, "%s: an MTU of %u is not within %d to %d",
		     o->device, port->mtu, MTU_MIN, MTU_MAX);
}

static void bind_rings(const struct options *o, uint32_t mtu, int fd[RINGS])
{
	struct utcp_ring_options ro = {
		.device = o->device,
		/* lwIP knows nothing of checksums that are to be finished. */
		.flags = NETSWITCH_RING_TAKE | NETSWITCH_RING_SEGMENT,
		.rx_slots = RX_SLOTS,
		.tx_slots = TX_SLOTS,
		.slot_size = (mtu + ETH_HLEN + 63) / 64 * 64,
	};
	struct utcp_ring_error error;
	int ret;

	for (size_t i = 0; i < RINGS; i++) {
		fd[i] = open("/dev/netswitch", O_RDWR | O_CLOEXEC);
		if (fd[i] < 0)
			err(exit_code_of(errno), "/dev/netswitch");
		ro.ethertype = ring_types[i];
		ret = utcp_ring_bind(fd[i], &ro, &error);
		if (!ret)
			continue;
		if (error.holder)
			errx(exit_code_of(-ret),
			     "%s, EtherType %04x: %s, held by process %u",
			     o->device, ring_types[i], error.message,
			     error.holder);
		errx(exit_code_of(-ret), "%s, EtherType %04x: %s", o->device,
		     ring_types[i], error.message);
	}
}

static void join(int fd, int ifindex, const uint8_t *last_four)
{
	struct packet_mreq mreq = {
		.mr_ifindex = ifindex,
		.mr_type = PACKET_MR_MULTICAST,
		.mr_alen = ETH_ALEN,
		.mr_address = { 0x33, 0x33 },
	};

	memcpy(mreq.mr_address + 2, last_four, 4);
	if (setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &mreq,
		       sizeof(mreq)))
		err(EXIT_FAILED, "PACKET_ADD_MEMBERSHIP");
}

/* A network card brings only those groups that somebody on the host is in: all nodes,
 * and those in which the stack's addresses are asked for. The socket receives nothing;
 * the memberships last as long as it.
 */
static void join_groups(const struct options *o, const struct utcp_port *port)
{
	uint8_t group[4] = { 0, 0, 0, 1 };
	int fd;

	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		err(exit_code_of(errno), "packet socket");
	join(fd, (int)port->ifindex, group);
	group[0] = 0xff;
	memcpy(group + 1, o->ip6 + 13, 3);
	join(fd, (int)port->ifindex, group);
	/* of the link-local address, which lwIP makes of the device's */
	memcpy(group + 1, port->mac + 3, 3);
	join(fd, (int)port->ifindex, group);
}

/* In the stack's process: the rings where it looks for them, and nothing else. */
static void start_stack(uint32_t mtu, const int fd[RINGS], pid_t parent,
			char **argv)
{
	char arg[64];
	char **args;
	int n = 0, copy[RINGS];

	while (argv[n])
		n++;
	args = calloc((size_t)n + 2, sizeof(*args));
	if (!args)
		errx(EXIT_FAILED, "no memory");
	/* Behind all that they are to be put on; then in their places. */
	for (int i = 0; i < RINGS; i++) {
		copy[i] = fcntl(fd[i], F_DUPFD_CLOEXEC, FIRST_FD + RINGS);
		if (copy[i] < 0)
			err(EXIT_FAILED, "fcntl");
	}
	for (int i = 0; i < RINGS; i++)
		if (dup2(copy[i], FIRST_FD + i) < 0)
			err(EXIT_FAILED, "dup2");
	snprintf(arg, sizeof(arg), "--stack=%d:%u:%d", FIRST_FD, mtu, parent);
	args[0] = argv[0];
	args[1] = arg;
	memcpy(args + 2, argv + 1, (size_t)(n - 1) * sizeof(*args));
	execv("/proc/self/exe", args);
	err(EXIT_FAILED, "/proc/self/exe");
}

static pid_t spawn(const struct options *o, uint32_t mtu, char **argv,
		   const sigset_t *mask)
{
	const pid_t parent = getpid();
	int fd[RINGS];
	pid_t pid;

	bind_rings(o, mtu, fd);
	pid = fork();
	if (pid < 0)
		err(EXIT_FAILED, "fork");
	if (!pid) {
		sigprocmask(SIG_SETMASK, mask, NULL);
		start_stack(mtu, fd, parent, argv);
	}
	for (size_t i = 0; i < RINGS; i++)
		close(fd[i]);
	printf("the stack is process %d\n", pid);
	return pid;
}

/* Returns true if it may be started again. */
static bool report(int status, enum exit_code *code)
{
	if (WIFEXITED(status)) {
		/* It has said why. */
		printf("the stack exited with %d\n", WEXITSTATUS(status));
		*code = (enum exit_code)WEXITSTATUS(status);
		return false;
	}
	printf("the stack was killed by signal %d (SIG%s)\n", WTERMSIG(status),
	       sigabbrev_np(WTERMSIG(status)) ?: "?");
	*code = EXIT_FAILED;
	return true;
}

/* Wait for one of these: 0 if none came in time. */
static int wait_signal(const sigset_t *signals, long ms)
{
	const struct timespec t = { .tv_sec = ms / 1000,
				    .tv_nsec = ms % 1000 * 1000000 };
	int sig;

	do {
		sig = sigtimedwait(signals, NULL, &t);
	} while (sig < 0 && errno == EINTR);
	return sig < 0 ? 0 : sig;
}

static long elapsed_ms(const struct timespec *since)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (t.tv_sec - since->tv_sec) * 1000 +
	       (t.tv_nsec - since->tv_nsec) / 1000000;
}

/* Wait for the stack's end: true if it came by itself. */
static bool wait_stack(pid_t pid, const sigset_t *signals, int *status)
{
	int sig;

	for (;;) {
		while (sigwait(signals, &sig))
			;
		if (sig != SIGCHLD) {
			kill(pid, SIGTERM);
			waitpid(pid, status, 0);
			return false;
		}
		if (waitpid(pid, status, WNOHANG) == pid)
			return true;
	}
}

enum exit_code parent_run(const struct options *o, char **argv)
{
	long backoff = BACKOFF_MS;
	enum exit_code code = EXIT_DONE;
	sigset_t signals, ends, mask;
	struct timespec start;
	struct utcp_port port;
	int status;

	look_at_port(o, &port);
	setvbuf(stdout, NULL, _IOLBF, 0);
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	signals = ends;
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, &mask);
	if (o->has_ip6)
		join_groups(o, &port);
	for (;;) {
		pid_t pid;

		clock_gettime(CLOCK_MONOTONIC, &start);
		pid = spawn(o, port.mtu, argv, &mask);
		if (!wait_stack(pid, &signals, &status)) {
			printf("the stack was stopped\n");
			return EXIT_DONE;
		}
		if (!report(status, &code) || !o->restart)
			return code;
		if (elapsed_ms(&start) > BACKOFF_MAX_MS)
			backoff = BACKOFF_MS;
		printf("it is started again in %ld ms\n", backoff);
		if (wait_signal(&ends, backoff))
			return EXIT_DONE;
		backoff *= 2;
		if (backoff > BACKOFF_MAX_MS)
			backoff = BACKOFF_MAX_MS;
	}
}
