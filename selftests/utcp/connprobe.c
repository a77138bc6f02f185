// SPDX-License-Identifier: GPL-2.0-only
/*
 * connprobe - a connection between two network namespaces: who runs it connects from
 * this one to a listener that it has made in another, and bytes go both ways at
 * once. Every byte is compared: each direction has its own row of random numbers.
 *
 *	connprobe NETNS [OPTION...] BYTES
 *
 *	-q		seqpacket: messages of 1 byte to 128 KiB, and one of 1 MiB
 *	-M		with -q: all messages are of 1 MiB
 *	-o		one way only: what the client writes
 *	-n COUNT	so many connections, one after the other, each with BYTES
 *	-m COUNT	so many at one time, all open before any is used
 *	-a		with -m: what is written to all of them, by either end, is there
 *			before any of it is read; a connection takes 64 KiB
 *	-s		slowly: about 4 MiB a second, whatever the machine
 *	-T		say how many milliseconds it took, from the first byte to the last
 *	-f FILE		is made when it is under way: the client has read half, or
 *			512 KiB; with -a, all that it writes was written
 *	-c PORT@CELL	(CELL in hex) nobody listens: only a connect(); - for NETNS
 *	-d		with -c: a datagram is sent there
 *	-S CELL		(in hex) only the listener, of what another connprobe opens as
 *			that cell, by
 *	-C PORT@CELL	only the client of such a one; - for NETNS, as with -S
 *	-t MS		SO_SNDTIMEO of that
 *	-u MS		UTCP_USER_TIMEOUT of the client
 *	-k		SO_KEEPALIVE of it: after a second, each second, twice
 *	-p PORT		of the listener, if there are several at a time
 *	-b		nonblocking, waited for by poll()
 *	-B BACKLOG	of the listener, which accepts nothing for half a second
 *	-E		allocations fail: a call that says so is made again
 *	-L SECONDS	instead of BYTES, which is left out: as many as there is time for
 *	-W		wait until the other end resets, and say what it was
 *	-w		with -W: write as much as the other end takes, which does not read
 *	-1		with -W: write a byte, which arrives
 *
 * Says what went wrong, with the name of the error; exits with 0 if nothing did.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
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

#include <linux/sockios.h>
#include <linux/utcp_socket.h>

#define PART 16384
#define SOON 524288
#define MESSAGE_MOST 131072
#define MESSAGE_LONG 1048576
#define MANY_MAX 20000

static int type = SOCK_STREAM, backlog = 128, sndtimeo, user_timeout;
static bool one_way, slow, nonblock, wait_reset, fill, one_byte, keep_alive,
	timed, faults, at_once, all_long;
static const char *half_file;
static unsigned int times = 1, many;
static unsigned long long bytes;
static unsigned int seconds;
/* With @seconds, of either direction: how many bytes there were, before the FIN. */
static unsigned long long *totals;
static pid_t server;

/* What the server has to say is said: it dies with who has made it. Not for long, since it
 * may know of nothing.
 */
static void hear_server(void)
{
	for (int i = 0; i < 20 && server > 0 && !wait_reset; i++) {
		if (waitpid(server, NULL, WNOHANG))
			break;
		usleep(100000);
	}
}

static void __attribute__((format(printf, 1, 2), noreturn))
die(const char *format, ...)
{
	int err = errno;
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf(": %s\n", strerrorname_np(err));
	fflush(stdout);
	hear_server();
	_exit(1);
}

static long must(const char *what, long ret)
{
	if (ret < 0)
		die("%s", what);
	return ret;
}

/* A call that is to be made again, for it says that an allocation has failed. */
static bool is_fault(long ret)
{
	return ret < 0 && faults && (errno == ENOMEM || errno == ENOBUFS);
}

static void enter(const char *path)
{
	int fd = must(path, open(path, O_RDONLY | O_CLOEXEC));

	must("setns", setns(fd, CLONE_NEWNET));
	close(fd);
}

static unsigned long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ULL + ts.tv_nsec / 1000000;
}

/* --- rows of bytes -------------------------------------------------------------- */

struct row {
	uint64_t state, lengths;
	unsigned int used; /* bytes of the state */
	unsigned long long left;
	unsigned int n;
};

static uint64_t next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

static void row_init(struct row *row, unsigned int which)
{
	*row = (struct row){ .state = 0x9e3779b97f4a7c15ULL + which,
			     .lengths = 0x2545f4914f6cdd1dULL + which,
			     .used = 8,
			     .left = bytes };
}

static void row_bytes(struct row *row, uint8_t *to, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (row->used == 8) {
			next(&row->state);
			row->used = 0;
		}
		to[i] = row->state >> 8 * row->used++;
	}
}

/* How long the next message (or part) is. */
static size_t row_len(struct row *row)
{
	size_t len = PART;

	if (type == SOCK_SEQPACKET) {
		len = 1 + next(&row->lengths) % (1ULL << (row->n % 18));
		if (len > MESSAGE_MOST)
			len = MESSAGE_MOST;
		if (row->n == 40 || all_long)
			len = MESSAGE_LONG;
	}
	row->n++;
	return len < row->left ? len : row->left;
}

/* --- both ends ------------------------------------------------------------------ */

#define WRITES 1
#define READS 2

/* Of the @nth connection, writes one row and reads the other, both at the same time; or does one
 * of the two.
 */
static void talk(int fd, unsigned int nth, bool client, unsigned int what)
{
	const char *who = client ? "client" : "server";
	const unsigned int writes = !client;
	static uint8_t out[MESSAGE_LONG], in[MESSAGE_LONG], want[MESSAGE_LONG];
	struct row w, r;
	size_t out_len = 0, out_at = 0;
	bool wrote = !(what & WRITES), read_all = !(what & READS);
	bool half = !half_file || !client;
	unsigned long long begun = now_ms(), written = 0;
	unsigned long long soon = bytes / 2 < SOON ? bytes / 2 : SOON;
	ssize_t n;

	row_init(&w, 2 * nth + writes);
	row_init(&r, 2 * nth + !writes);
	if (one_way)
		(client ? &r : &w)->left = 0;
	must("O_NONBLOCK", fcntl(fd, F_SETFL, O_NONBLOCK));
	while (!wrote || !read_all) {
		bool early = slow && written > (now_ms() - begun + 1) * 4096;
		struct pollfd p = { .fd = fd,
				    .events = (read_all ? 0 : POLLIN) |
					      (wrote || early ? 0 : POLLOUT) };

		must("poll", poll(&p, 1, early ? 1 : 120000));
		if (!p.revents && !early)
			die("%s: nothing for two minutes", who);
		if (!wrote && !early) {
			if (out_at == out_len) {
				out_len = row_len(&w);
				out_at = 0;
				row_bytes(&w, out, out_len);
				w.left -= out_len;
			}
			n = out_len ? send(fd, out + out_at, out_len - out_at,
					   MSG_NOSIGNAL) :
				      0;
			if (n < 0 && errno != EAGAIN && !is_fault(n))
				die("%s: send", who);
			if (n > 0) {
				out_at += n;
				written += n;
			}
			if (out_at == out_len && seconds &&
			    now_ms() - begun >= seconds * 1000ULL) {
				totals[writes] = written;
				w.left = 0;
			}
			if (out_at == out_len && !w.left) {
				must("shutdown", shutdown(fd, SHUT_WR));
				wrote = true;
			}
		}
		if (read_all)
			continue;
		n = recv(fd, in, sizeof(in), 0);
		if (n < 0 && (errno == EAGAIN || is_fault(n)))
			continue;
		if (n < 0)
			die("%s: recv", who);
		if (!n) {
			errno = 0;
			if (seconds && bytes - r.left == totals[!writes])
				r.left = 0;
			if (r.left)
				die("%s: ended %llu bytes early", who, r.left);
			read_all = true;
			continue;
		}
		if (type == SOCK_SEQPACKET && (size_t)n != row_len(&r)) {
			errno = 0;
			die("%s: message of %zd", who, n);
		}
		if ((unsigned long long)n > r.left) {
			errno = 0;
			die("%s: too many bytes", who);
		}
		row_bytes(&r, want, n);
		r.left -= n;
		if (memcmp(in, want, n)) {
			errno = 0;
			die("%s: wrong bytes", who);
		}
		if (!half && bytes - r.left >= soon) {
			close(must(half_file,
				   open(half_file, O_CREAT | O_WRONLY, 0600)));
			half = true;
		}
	}
	if (timed && client)
		printf("%llu ms\n", now_ms() - begun);
	if (seconds && client)
		printf("%llu bytes, %llu back\n", totals[0], totals[1]);
	if (wait_reset) {
		struct pollfd p = { .fd = fd };

		poll(&p, 1, 60000);
	}
	if (what & READS)
		close(fd);
}

/* Of all @many connections. */
static void talk_all(const int *fd, bool client)
{
	unsigned int i;

	for (i = 0; at_once && i < many; i++)
		talk(fd[i], i, client, WRITES);
	if (at_once && client && half_file)
		close(must(half_file,
			   open(half_file, O_CREAT | O_WRONLY, 0600)));
	for (i = 0; i < many; i++)
		talk(fd[i], i, client, at_once ? READS : WRITES | READS);
}

/* Writes until it has not got on for half a second. */
static void write_all(int fd)
{
	static const uint8_t out[PART];
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	while (must("poll", poll(&p, 1, 500)))
		must("send",
		     send(fd, out, sizeof(out), MSG_DONTWAIT | MSG_NOSIGNAL));
}

/* Waits until it is reset; says how. */
static void until_reset(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int left = one_byte;
	char b = 0;

	if (fill)
		write_all(fd);
	if (one_byte)
		must("send", send(fd, &b, 1, MSG_NOSIGNAL));
	while (left) {
		must("SIOCOUTQ", ioctl(fd, SIOCOUTQ, &left));
		usleep(1000);
	}
	if (half_file)
		close(must(half_file,
			   open(half_file, O_CREAT | O_WRONLY, 0600)));
	must("poll", poll(&p, 1, -1));
	if (recv(fd, &b, 1, MSG_DONTWAIT) < 0)
		die("reset");
	printf("no reset\n");
	_exit(1);
}

static int new_socket(void)
{
	int fd;

	do
		fd = socket(AF_UTCP, type, 0);
	while (is_fault(fd));
	return must("socket", fd);
}

static void bind_to(int fd, const struct sockaddr_utcp *addr)
{
	int ret;

	do
		ret = bind(fd, (const void *)addr, sizeof(*addr));
	while (is_fault(ret));
	must("bind", ret);
}

static int connected(const struct sockaddr_utcp *to)
{
	struct sockaddr_utcp peer;
	socklen_t len = sizeof(int);
	int fd = new_socket(), err = 0, ret;
	const struct timeval tv = { sndtimeo / 1000, sndtimeo % 1000 * 1000L };

	if (sndtimeo)
		must("SO_SNDTIMEO",
		     setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)));
	if (user_timeout)
		must("UTCP_USER_TIMEOUT",
		     setsockopt(fd, SOL_UTCP, UTCP_USER_TIMEOUT, &user_timeout,
				sizeof(user_timeout)));
	if (keep_alive) {
		const int one = 1, two = 2;

		must("SO_KEEPALIVE", setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE,
						&one, sizeof(one)));
		must("UTCP_KEEPIDLE", setsockopt(fd, SOL_UTCP, UTCP_KEEPIDLE,
						 &one, sizeof(one)));
		must("UTCP_KEEPINTVL", setsockopt(fd, SOL_UTCP, UTCP_KEEPINTVL,
						  &one, sizeof(one)));
		must("UTCP_KEEPCNT",
		     setsockopt(fd, SOL_UTCP, UTCP_KEEPCNT, &two, sizeof(two)));
	}
	if (nonblock)
		must("fcntl", fcntl(fd, F_SETFL, O_NONBLOCK));
	do
		ret = connect(fd, (void *)to, sizeof(*to));
	while (is_fault(ret));
	if (ret) {
		struct pollfd p = { .fd = fd, .events = POLLOUT };

		if (!nonblock || errno != EINPROGRESS)
			die("connect");
		len = sizeof(peer);
		if (getpeername(fd, (void *)&peer, &len) != -1 ||
		    errno != ENOTCONN)
			die("getpeername before it is connected");
		if (connect(fd, (void *)to, sizeof(*to)) != -1 ||
		    (errno != EALREADY && errno != EISCONN))
			die("connect again");
		must("poll", poll(&p, 1, 60000));
		len = sizeof(err);
		must("SO_ERROR",
		     getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len));
		errno = err;
		if (err)
			die("connect");
		must("fcntl", fcntl(fd, F_SETFL, 0));
	}
	len = sizeof(peer);
	must("getpeername", getpeername(fd, (void *)&peer, &len));
	errno = 0;
	if (memcmp(&peer, to, sizeof(peer)))
		die("getpeername is another");
	return fd;
}

static int fds[MANY_MAX];

static void serve(int l, const struct sockaddr_utcp *client)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (backlog < 128)
		usleep(500000);
	for (unsigned int i = 0; i < (many ? many : times); i++) {
		struct sockaddr_utcp from;
		socklen_t len = sizeof(from);

		fds[i] = must("accept", accept(l, (void *)&from, &len));
		errno = 0;
		if (memcmp(from.sutcp_cell, client->sutcp_cell,
			   sizeof(from.sutcp_cell)))
			die("who has connected is another");
		if (wait_reset)
			pause();
		if (!many)
			talk(fds[i], i, false, WRITES | READS);
	}
	talk_all(fds, false);
	_exit(0);
}

static void call_all(const struct sockaddr_utcp *to)
{
	for (unsigned int i = 0; i < (many ? many : times); i++) {
		fds[i] = connected(to);
		if (wait_reset)
			until_reset(fds[i]);
		if (!many)
			talk(fds[i], i, true, WRITES | READS);
	}
	talk_all(fds, true);
}

static int new_listener(struct sockaddr_utcp *to)
{
	socklen_t len = sizeof(*to);
	int l = new_socket();

	bind_to(l, to);
	must("getsockname", getsockname(l, (void *)to, &len));
	must("listen", listen(l, backlog));
	return l;
}

static void parse_cell(const char *arg, struct sockaddr_utcp *to)
{
	unsigned int b;

	if (strlen(arg) != 32)
		exit(2);
	for (int i = 0; i < 16; i++) {
		if (sscanf(arg + 2 * (size_t)i, "%2x", &b) != 1)
			exit(2);
		to->sutcp_cell[i] = b;
	}
}

static void parse_to(const char *arg, struct sockaddr_utcp *to)
{
	unsigned int port;
	int at;

	if (sscanf(arg, "%u@%n", &port, &at) != 1)
		exit(2);
	to->sutcp_port = port;
	parse_cell(arg + at, to);
}

int main(int argc, char **argv)
{
	struct sockaddr_utcp to = { .sutcp_family = AF_UTCP,
				    .sutcp_port = 4711 };
	struct sockaddr_utcp own = { .sutcp_family = AF_UTCP };
	const char *nobody = NULL, *caller = NULL, *called = NULL;
	socklen_t len = sizeof(to);
	int l, opt, status;

	while ((opt = getopt(argc, argv,
			     "qMoadn:m:sTf:c:S:C:t:u:kp:bB:EL:Ww1")) != -1) {
		switch (opt) {
		case 'q':
			type = SOCK_SEQPACKET;
			break;
		case 'M':
			all_long = true;
			break;
		case 'o':
			one_way = true;
			break;
		case 'a':
			at_once = true;
			break;
		case 'd':
			type = SOCK_DGRAM;
			break;
		case 'n':
			times = atoi(optarg);
			break;
		case 'm':
			many = atoi(optarg);
			break;
		case 's':
			slow = true;
			break;
		case 'T':
			timed = true;
			break;
		case 'f':
			half_file = optarg;
			break;
		case 'c':
			nobody = optarg;
			break;
		case 'S':
			caller = optarg;
			break;
		case 'C':
			called = optarg;
			break;
		case 't':
			sndtimeo = atoi(optarg);
			break;
		case 'u':
			user_timeout = atoi(optarg);
			break;
		case 'k':
			keep_alive = true;
			/* Beside one without. */
			to.sutcp_port++;
			break;
		case 'p':
			to.sutcp_port = atoi(optarg);
			break;
		case 'b':
			nonblock = true;
			break;
		case 'B':
			backlog = atoi(optarg);
			break;
		case 'E':
			faults = true;
			break;
		case 'L':
			seconds = atoi(optarg);
			break;
		case 'W':
			wait_reset = true;
			break;
		case 'w':
			fill = true;
			break;
		case '1':
			one_byte = true;
			break;
		default:
			return 2;
		}
	}
	if (nobody) {
		parse_to(nobody, &to);
		l = connected(&to);
		if (type == SOCK_DGRAM)
			must("send", send(l, "x", 1, 0));
		close(l);
		return 0;
	}
	if (argc - optind != (seconds ? 1 : 2) || many > MANY_MAX)
		return 2;
	bytes = seconds ? LLONG_MAX : strtoull(argv[optind + 1], NULL, 0);
	totals = mmap(NULL, 2 * sizeof(*totals), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (totals == MAP_FAILED)
		die("mmap");

	if (caller) {
		parse_cell(caller, &own);
		l = new_listener(&to);
		printf("listens\n");
		fflush(stdout);
		serve(l, &own);
	}
	if (called) {
		parse_to(called, &to);
		call_all(&to);
		return 0;
	}
	l = new_socket();
	bind_to(l, &own);
	must("getsockname", getsockname(l, (void *)&own, &len));
	close(l);
	l = must("own namespace", open("/proc/self/ns/net", O_RDONLY));
	enter(argv[optind]);
	status = l;
	l = new_listener(&to);
	must("setns", setns(status, CLONE_NEWNET));
	server = must("fork", fork());
	if (!server)
		serve(l, &own);
	close(l);
	call_all(&to);
	must("wait", waitpid(server, &status, 0));
	return !WIFEXITED(status) || WEXITSTATUS(status);
}
