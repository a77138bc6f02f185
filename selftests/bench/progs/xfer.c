// SPDX-License-Identifier: GPL-2.0-only
/*
 * xfer: round trips and one-way streams over one connection, or many connections that are made and
 * then idle; both ends on one CPU.
 *
 * The program forks.  The child is the server, the parent is the client and keeps the clock; each
 * enters a network namespace of its own first.  Per run it prints one line:
 *
 *	RUN number elapsed-ns busy-ns units
 *
 * where units are round trips (-m rtt), bytes (-m stream) or calls of connect
 * (-m connect), and busy is elapsed less the time the CPU was idle.  Under an emulator
 * that advances the clock by one
 * nanosecond per instruction both are instruction counts.
 *
 * With -m memory, elapsed and busy are both the bytes that the kernel's slabs have grown by, and
 * units are ends of connections, two each.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <linux/tipc.h>
#include <linux/tls.h>
#include <linux/utcp_socket.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <utcp/cellid.h>

#include "idle.h"

#ifndef SOL_TLS
#define SOL_TLS 282
#endif

/* Any service type above TIPC_RESERVED_TYPES does; the port number is the instance. */
#define TIPC_TYPE 4711

/* How long a client tries to reach a TIPC service: its name arrives by itself, but later. */
#define TIPC_TRIES 1000
#define TIPC_PAUSE_NS 10000000

/* Enough to tell server and client apart, too little to starve the server. */
#define NICER 5

/* Longer than a grace period of RCU and what it frees; sleeping is free under the
 * emulated clock.
 */
#define SETTLE_SECONDS 3

/* No run may hang: the alarm ends the program well before the machine's own limit. */
#define LIMIT_SECONDS 240

enum mode { RTT, STREAM, CONNECT, MEMORY };

/**
 * struct config - what the command line asked for
 * @family: AF_UNIX, AF_INET, AF_TIPC or AF_UTCP
 * @cipher: TLS_CIPHER_* for kernel TLS over the TCP connection, 0 for none
 * @tls_version: TLS_1_2_VERSION or TLS_1_3_VERSION
 * @mode: what is measured
 * @address: numeric address (TCP) or CellID (UTCP) of the server
 * @from: CellID of the client, NULL for its default cell (UTCP)
 * @port: port (TCP, UTCP), instance (TIPC), or part of the name (Unix)
 * @server_ns: network namespace of the server, as named by ip-netns(8), or NULL
 * @client_ns: network namespace of the client, or NULL
 * @size: bytes per message
 * @count: messages, or connections, per run
 * @runs: runs on the same connection; the first ones warm it up
 * @cpu: the CPU that both ends run on
 * @preempt: the client runs as soon as it is woken
 */
struct config {
	int family;
	unsigned int cipher;
	unsigned int tls_version;
	enum mode mode;
	const char *address;
	const char *from;
	unsigned int port;
	const char *server_ns;
	const char *client_ns;
	size_t size;
	unsigned long count;
	unsigned long runs;
	int cpu;
	int preempt;
};

static void usage(FILE *to)
{
	fputs("usage: xfer -t unix|tcp|tipc|utcp -m rtt|stream|connect|memory [-a ADDRESS] [-p PORT]\n"
	      "            [-f CLIENT-CELL] [-s SERVER-NETNS] [-c CLIENT-NETNS] [-l BYTES] [-n COUNT]\n"
	      "            [-r RUNS] [-k aes128|chacha] [-V 1.2|1.3] [-P CPU] [-q]\n",
	      to);
}

static unsigned long number(const char *text, char option, unsigned long min,
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

static uint64_t now(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts))
		error(1, errno, "clock_gettime");
	return (uint64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		error(1, errno, "-P %d", cpu);
}

/*
 * Two processes on one CPU that take turns settle in one of two patterns, by the luck of their
 * virtual run times: a woken process preempts its waker at once, or it waits until the waker
 * blocks.  A round trip differs by a tenth between them.  A server that is nicer than its client
 * uses up its share faster, so that the client is always the one to preempt.
 */
static void be_nice(void)
{
	errno = 0;
	if (nice(NICER) == -1 && errno)
		error(1, errno, "nice");
}

static void enter(const char *netns)
{
	char path[PATH_MAX];
	int fd;

	if (!netns)
		return;
	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		error(1, errno, "%s", path);
	if (setns(fd, CLONE_NEWNET))
		error(1, errno, "setns %s", path);
	close(fd);
}

static void cell(const char *text, char option, struct sockaddr_utcp *to)
{
	enum utcp_text_error err = utcp_cellid_parse(text, to->sutcp_cell);

	if (err)
		error(1, 0, "-%c %s: %s", option, text,
		      utcp_text_error_string(err));
}

static socklen_t resolve(const struct config *c, int server,
			 struct sockaddr_storage *to)
{
	struct sockaddr_tipc *tipc = (struct sockaddr_tipc *)to;
	struct addrinfo hints = { .ai_family = AF_INET,
				  .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
	struct sockaddr_utcp *utcp = (struct sockaddr_utcp *)to;
	struct sockaddr_un *un = (struct sockaddr_un *)to;
	struct addrinfo *list;
	socklen_t length;
	char port[16];
	int err;

	memset(to, 0, sizeof(*to));
	if (c->family == AF_UNIX) {
		un->sun_family = AF_UNIX;
		/* sun_path[0] stays 0: an abstract name, gone with its last socket. */
		length = snprintf(un->sun_path + 1, sizeof(un->sun_path) - 1,
				  "xfer-%u", c->port);
		return offsetof(struct sockaddr_un, sun_path) + 1 + length;
	}
	if (c->family == AF_UTCP) {
		utcp->sutcp_family = AF_UTCP;
		utcp->sutcp_port = c->port;
		if (!server)
			cell(c->address, 'a', utcp);
		return sizeof(*utcp);
	}
	if (c->family == AF_TIPC) {
		tipc->family = AF_TIPC;
		if (server) {
			tipc->addrtype = TIPC_SERVICE_RANGE;
			tipc->scope = TIPC_CLUSTER_SCOPE;
			tipc->addr.nameseq.type = TIPC_TYPE;
			tipc->addr.nameseq.lower = c->port;
			tipc->addr.nameseq.upper = c->port;
		} else {
			tipc->addrtype = TIPC_SERVICE_ADDR;
			tipc->addr.name.name.type = TIPC_TYPE;
			tipc->addr.name.name.instance = c->port;
		}
		return sizeof(*tipc);
	}
	snprintf(port, sizeof(port), "%u", c->port);
	hints.ai_socktype = SOCK_STREAM;
	err = getaddrinfo(c->address, port, &hints, &list);
	if (err)
		error(1, 0, "-a %s: %s", c->address, gai_strerror(err));
	length = list->ai_addrlen;
	memcpy(to, list->ai_addr, length);
	freeaddrinfo(list);
	return length;
}

static void set_key(int fd, int direction, const struct config *c,
		    int from_server)
{
	struct tls12_crypto_info_aes_gcm_128 aes = { 0 };
	struct tls12_crypto_info_chacha20_poly1305 chacha = { 0 };
	struct tls_crypto_info *info;
	socklen_t length;
	const char *name;

	/*
	 * A handshake would have agreed on these.  The bench measures records, not handshakes, so
	 * both ends simply hold the same constant key per direction; nothing secret passes here.
	 */
	if (c->cipher == TLS_CIPHER_AES_GCM_128) {
		info = &aes.info;
		length = sizeof(aes);
		memset(aes.key, from_server ? 0x5a : 0xa5, sizeof(aes.key));
		memset(aes.iv, 0x11, sizeof(aes.iv));
		memset(aes.salt, 0x22, sizeof(aes.salt));
	} else {
		info = &chacha.info;
		length = sizeof(chacha);
		memset(chacha.key, from_server ? 0x5a : 0xa5,
		       sizeof(chacha.key));
		memset(chacha.iv, 0x11, sizeof(chacha.iv));
	}
	info->version = c->tls_version;
	info->cipher_type = c->cipher;
	name = direction == TLS_TX ? "TLS_TX" : "TLS_RX";
	if (setsockopt(fd, SOL_TLS, direction, info, length))
		error(1, errno, "setsockopt %s", name);
}

static void prepare(int fd, const struct config *c, int server)
{
	int one = 1;

	if (c->family != AF_INET)
		return;
	/* A request must leave at once; a stream may gather as it does by default. */
	if (c->mode == RTT &&
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)))
		error(1, errno, "setsockopt TCP_NODELAY");
	if (!c->cipher)
		return;
	if (setsockopt(fd, IPPROTO_TCP, TCP_ULP, "tls", sizeof("tls")))
		error(1, errno, "setsockopt TCP_ULP tls");
	set_key(fd, TLS_TX, c, server);
	set_key(fd, TLS_RX, c, !server);
}

static void send_all(int fd, const char *data, size_t length)
{
	ssize_t n;

	while (length) {
		n = send(fd, data, length, 0);
		if (n <= 0)
			error(1, errno, "send");
		data += n;
		length -= n;
	}
}

static void receive_all(int fd, char *data, size_t length)
{
	ssize_t n;

	while (length) {
		n = recv(fd, data, length, 0);
		if (n == 0)
			error(1, 0, "the peer closed the connection");
		if (n < 0)
			error(1, errno, "recv");
		data += n;
		length -= n;
	}
}

/* Does the client make many connections, which then idle? */
static int many(const struct config *c)
{
	return c->mode == CONNECT || c->mode == MEMORY;
}

static void await(int fd)
{
	char byte;

	if (read(fd, &byte, 1) != 1)
		error(1, 0, "the other end went away");
}

static void tell(int fd)
{
	if (write(fd, "", 1) != 1)
		error(1, errno, "pipe");
}

static void accept_all(const struct config *c, int listener, int *fds)
{
	unsigned long i;

	for (i = 0; i < c->count; i++) {
		fds[i] = accept(listener, NULL, NULL);
		if (fds[i] < 0)
			error(1, errno, "accept");
	}
}

static void close_all(const struct config *c, const int *fds)
{
	unsigned long i;

	for (i = 0; i < c->count; i++)
		close(fds[i]);
}

static int *descriptors(const struct config *c)
{
	struct rlimit limit = { c->count + 64, c->count + 64 };
	int *fds = calloc(c->count, sizeof(*fds));

	if (!fds)
		error(1, errno, "calloc");
	if (setrlimit(RLIMIT_NOFILE, &limit))
		error(1, errno, "setrlimit");
	return fds;
}

/* Sleeps while the client calls, so that what a call costs is not mixed with accepting it. */
static void serve_many(const struct config *c, int listener, int ready, int go)
{
	int *fds = descriptors(c);
	unsigned long run;

	for (run = 0; run < c->runs; run++) {
		await(go);
		accept_all(c, listener, fds);
		tell(ready);
		await(go);
		close_all(c, fds);
		tell(ready);
	}
	exit(0);
}

static void serve(const struct config *c, int ready, int done, int go)
{
	unsigned long long left, total = (unsigned long long)c->size * c->count;
	struct sockaddr_storage address;
	int fd, listener, one = 1;
	unsigned long run, i;
	socklen_t length;
	char *buffer;
	ssize_t n;

	enter(c->server_ns);
	if (c->preempt)
		be_nice();
	buffer = malloc(c->size);
	if (!buffer)
		error(1, errno, "malloc");
	length = resolve(c, 1, &address);
	listener = socket(c->family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0)
		error(1, errno, "socket");
	/* The next measurement may start while this one's connection is in TIME_WAIT. */
	if (c->family == AF_INET &&
	    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)))
		error(1, errno, "setsockopt SO_REUSEADDR");
	if (bind(listener, (struct sockaddr *)&address, length))
		error(1, errno, "bind");
	if (listen(listener, many(c) ? (int)c->count : 1))
		error(1, errno, "listen");
	if (write(ready, "", 1) != 1)
		error(1, errno, "pipe");
	if (many(c)) {
		free(buffer);
		serve_many(c, listener, ready, go);
		return;
	}
	fd = accept(listener, NULL, NULL);
	if (fd < 0)
		error(1, errno, "accept");
	prepare(fd, c, 1);
	if (write(ready, "", 1) != 1)
		error(1, errno, "pipe");
	for (run = 0; run < c->runs; run++) {
		if (c->mode == RTT) {
			for (i = 0; i < c->count; i++) {
				receive_all(fd, buffer, c->size);
				send_all(fd, buffer, c->size);
			}
			continue;
		}
		for (left = total; left; left -= n) {
			n = recv(fd, buffer, left < c->size ? left : c->size,
				 0);
			if (n == 0)
				error(1, 0, "the client closed the connection");
			if (n < 0)
				error(1, errno, "recv");
		}
		if (write(done, "", 1) != 1)
			error(1, errno, "pipe");
	}
	exit(0);
}

/* A socket of the client, as the cell that it is to be. */
static int caller(const struct config *c)
{
	struct sockaddr_utcp own = { .sutcp_family = AF_UTCP };
	int fd = socket(c->family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		error(1, errno, "socket");
	if (!c->from)
		return fd;
	cell(c->from, 'f', &own);
	if (bind(fd, (struct sockaddr *)&own, sizeof(own)))
		error(1, errno, "bind as %s", c->from);
	return fd;
}

static int reach(const struct config *c)
{
	struct timespec pause = { .tv_nsec = TIPC_PAUSE_NS };
	struct sockaddr_storage address;
	socklen_t length;
	int fd, try;

	length = resolve(c, 0, &address);
	for (try = 0;; try++) {
		fd = caller(c);
		if (!connect(fd, (struct sockaddr *)&address, length))
			return fd;
		if (c->family != AF_TIPC || try == TIPC_TRIES)
			error(1, errno, "connect");
		close(fd);
		nanosleep(&pause, NULL);
	}
}

/* Bytes in slabs. */
static unsigned long long slab_bytes(void)
{
	unsigned long long kib = 0;
	FILE *file = fopen("/proc/meminfo", "re");
	char line[128];

	if (!file)
		error(1, errno, "/proc/meminfo");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "Slab: %llu kB", &kib) == 1)
			break;
	fclose(file);
	if (!kib)
		error(1, 0, "/proc/meminfo tells no Slab");
	return kib * 1024;
}

/* Descriptors that closed sockets had are freed by work that waits for RCU. */
static void settle(void)
{
	struct timespec pause = { .tv_sec = SETTLE_SECONDS };

	nanosleep(&pause, NULL);
}

static void drive_many(const struct config *c, int ready, int go)
{
	uint64_t start = 0, elapsed = 0, idle = 0;
	unsigned long long before, grown = 0;
	struct sockaddr_storage address;
	socklen_t length = resolve(c, 0, &address);
	int *fds = descriptors(c);
	unsigned long run, i;

	for (run = 0; run < c->runs; run++) {
		if (c->mode == MEMORY)
			settle();
		before = slab_bytes();
		for (i = 0; i < c->count; i++)
			fds[i] = caller(c);
		if (c->mode == CONNECT) {
			idle = idle_ns(c->cpu);
			start = now();
		}
		for (i = 0; i < c->count; i++)
			if (connect(fds[i], (struct sockaddr *)&address,
				    length))
				error(1, errno, "connect");
		if (c->mode == CONNECT) {
			elapsed = now() - start;
			idle = idle_ns(c->cpu) - idle;
		}
		tell(go);
		await(ready);
		if (c->mode == MEMORY) {
			settle();
			grown = slab_bytes();
			grown = grown > before ? grown - before : 0;
			printf("RUN %lu %llu %llu %lu\n", run + 1, grown, grown,
			       2 * c->count);
		} else {
			printf("RUN %lu %llu %llu %lu\n", run + 1,
			       (unsigned long long)elapsed,
			       (unsigned long long)(idle < elapsed ?
							    elapsed - idle :
							    0),
			       c->count);
		}
		close_all(c, fds);
		tell(go);
		await(ready);
	}
	free(fds);
}

static void drive(const struct config *c, int ready, int done, int go)
{
	uint64_t idle, start, elapsed, busy;
	unsigned long run, i;
	char *buffer;
	int fd;

	await(ready);
	enter(c->client_ns);
	buffer = malloc(c->size);
	if (!buffer)
		error(1, errno, "malloc");
	memset(buffer, 'x', c->size);
	if (many(c)) {
		free(buffer);
		drive_many(c, ready, go);
		return;
	}
	fd = reach(c);
	prepare(fd, c, 0);
	await(ready);
	for (run = 0; run < c->runs; run++) {
		idle = idle_ns(c->cpu);
		start = now();
		for (i = 0; i < c->count; i++) {
			send_all(fd, buffer, c->size);
			if (c->mode == RTT)
				receive_all(fd, buffer, c->size);
		}
		if (c->mode == STREAM)
			await(done);
		elapsed = now() - start;
		idle = idle_ns(c->cpu) - idle;
		busy = idle < elapsed ? elapsed - idle : 0;
		printf("RUN %lu %llu %llu %llu\n", run + 1,
		       (unsigned long long)elapsed, (unsigned long long)busy,
		       c->mode == RTT ? (unsigned long long)c->count :
					(unsigned long long)c->count * c->size);
	}
	close(fd);
	free(buffer);
}

static void parse(int argc, char **argv, struct config *c)
{
	int option;

	while ((option = getopt(argc, argv, "t:m:a:f:p:s:c:l:n:r:k:V:P:qh")) !=
	       -1) {
		switch (option) {
		case 't':
			if (!strcmp(optarg, "unix"))
				c->family = AF_UNIX;
			else if (!strcmp(optarg, "tcp"))
				c->family = AF_INET;
			else if (!strcmp(optarg, "tipc"))
				c->family = AF_TIPC;
			else if (!strcmp(optarg, "utcp"))
				c->family = AF_UTCP;
			else
				error(1, 0,
				      "-t %s: not unix, tcp, tipc or utcp",
				      optarg);
			break;
		case 'm':
			if (!strcmp(optarg, "rtt"))
				c->mode = RTT;
			else if (!strcmp(optarg, "stream"))
				c->mode = STREAM;
			else if (!strcmp(optarg, "connect"))
				c->mode = CONNECT;
			else if (!strcmp(optarg, "memory"))
				c->mode = MEMORY;
			else
				error(1, 0,
				      "-m %s: not rtt, stream, connect or memory",
				      optarg);
			break;
		case 'a':
			c->address = optarg;
			break;
		case 'f':
			c->from = optarg;
			break;
		case 'p':
			c->port = number(optarg, option, 1, 65535);
			break;
		case 's':
			c->server_ns = optarg;
			break;
		case 'c':
			c->client_ns = optarg;
			break;
		case 'l':
			c->size = number(optarg, option, 1, 1 << 24);
			break;
		case 'n':
			c->count = number(optarg, option, 1, 1000000000);
			break;
		case 'r':
			c->runs = number(optarg, option, 1, 1000);
			break;
		case 'k':
			if (!strcmp(optarg, "aes128"))
				c->cipher = TLS_CIPHER_AES_GCM_128;
			else if (!strcmp(optarg, "chacha"))
				c->cipher = TLS_CIPHER_CHACHA20_POLY1305;
			else
				error(1, 0, "-k %s: not aes128 or chacha",
				      optarg);
			break;
		case 'V':
			if (!strcmp(optarg, "1.2"))
				c->tls_version = TLS_1_2_VERSION;
			else if (!strcmp(optarg, "1.3"))
				c->tls_version = TLS_1_3_VERSION;
			else
				error(1, 0, "-V %s: not 1.2 or 1.3", optarg);
			break;
		case 'P':
			c->cpu = number(optarg, option, 0, CPU_SETSIZE - 1);
			break;
		case 'q':
			c->preempt = 1;
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
	if (c->family == AF_UNSPEC)
		error(1, 0, "-t is missing");
	if (c->cipher && c->family != AF_INET)
		error(1, 0, "-k goes with -t tcp only");
	if (c->from && c->family != AF_UTCP)
		error(1, 0, "-f goes with -t utcp only");
}

int main(int argc, char **argv)
{
	struct config c = {
		.tls_version = TLS_1_3_VERSION,
		.address = "127.0.0.1",
		.port = 5001,
		.size = 64,
		.count = 1000,
		.runs = 2,
	};
	int ready[2], done[2], go[2], status;
	pid_t server;

	parse(argc, argv, &c);
	if (pipe2(ready, O_CLOEXEC) || pipe2(done, O_CLOEXEC) ||
	    pipe2(go, O_CLOEXEC))
		error(1, errno, "pipe");
	pin(c.cpu);
	alarm(LIMIT_SECONDS);
	server = fork();
	if (server < 0)
		error(1, errno, "fork");
	if (!server) {
		/* The server never outlives a client that gave up. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ready[0]);
		close(done[0]);
		close(go[1]);
		serve(&c, ready[1], done[1], go[0]);
	}
	close(ready[1]);
	close(done[1]);
	close(go[0]);
	drive(&c, ready[0], done[0], go[1]);
	if (waitpid(server, &status, 0) != server || status)
		error(1, 0, "the server failed");
	return 0;
}
