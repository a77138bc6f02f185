// SPDX-License-Identifier: GPL-2.0-only
/*
 * dgramprobe - datagrams between two network namespaces: this one, A, and another, B,
 * in which it makes a socket that they go to.
 *
 *	dgramprobe echo NETNS		each of many lengths there and back; bytes,
 *					addresses and the length that is too long
 *	dgramprobe flood NETNS COUNT	as fast as they can be written: how many came;
 *					none twice, none of other bytes
 *	dgramprobe waits NETNS		20 while nothing passes: the first 16 come later.
 *					Says "sent" when the wire may be repaired
 *	dgramprobe long NETNS LENGTH	so long a one passes, in a while
 *	dgramprobe short NETNS		long ones do not pass any more: who is connected
 *					is told EMSGSIZE, or learns it by UTCP_INFO
 *	dgramprobe nobody CELL COMMAND	(in hex) nobody has it: what send() says then; and
 *					after utcp_policy_test has done the command
 *	dgramprobe no-port NETNS	nobody has the port: nothing is said
 *	dgramprobe overrun NETNS	who does not read loses what does not fit
 *	dgramprobe many COUNT		to so many CellIDs that nobody has: what sendto()
 *					said last
 *
 * Says what went wrong, with the name of the error; exits with 0 if nothing did.
 */
#include <errno.h>
#include <fcntl.h>
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
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/sockios.h>
#include <linux/utcp_socket.h>

#define LONGEST 65536
/* Of a wire of 1500: less the frame's head and tag, 34, and the datagram's head, 8. */
#define LONGEST_1500 1458

static void __attribute__((format(printf, 1, 2), noreturn))
die(const char *format, ...)
{
	int err = errno;
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	if (err)
		printf(": %s", strerrorname_np(err));
	printf("\n");
	fflush(stdout);
	_exit(1);
}

static long must(const char *what, long ret)
{
	if (ret < 0)
		die("%s", what);
	return ret;
}

static void want(const char *what, bool so)
{
	errno = 0;
	if (!so)
		die("%s", what);
}

static void fails(const char *what, long ret, int err)
{
	if (ret >= 0)
		die("%s: no error", what);
	if (errno != err)
		die("%s", what);
}

static void enter(const char *path)
{
	int fd = must(path, open(path, O_RDONLY | O_CLOEXEC));

	must("setns", setns(fd, CLONE_NEWNET));
	close(fd);
}

static int new_socket(struct sockaddr_utcp *addr)
{
	int fd = must("socket", socket(AF_UTCP, SOCK_DGRAM, 0));
	socklen_t len = sizeof(*addr);

	*addr = (struct sockaddr_utcp){ .sutcp_family = AF_UTCP };
	must("bind", bind(fd, (void *)addr, len));
	must("getsockname", getsockname(fd, (void *)addr, &len));
	return fd;
}

/* A socket here and one there. */
static void new_pair(const char *netns, int fd[2], struct sockaddr_utcp addr[2])
{
	int here = must("netns", open("/proc/self/ns/net", O_RDONLY));

	fd[0] = new_socket(&addr[0]);
	enter(netns);
	fd[1] = new_socket(&addr[1]);
	must("setns", setns(here, CLONE_NEWNET));
	close(here);
}

static bool readable(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return must("poll", poll(&p, 1, ms)) == 1;
}

static struct utcp_info info_of(int fd)
{
	struct utcp_info info = {};
	socklen_t len = sizeof(info);

	must("UTCP_INFO", getsockopt(fd, SOL_UTCP, UTCP_INFO, &info, &len));
	return info;
}

static int error_of(int fd)
{
	socklen_t len = sizeof(int);
	int err = 0;

	must("SO_ERROR", getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len));
	return err;
}

static void fill(uint8_t *bytes, size_t len, unsigned int n)
{
	uint64_t x = 0x9e3779b97f4a7c15ULL + n;

	for (size_t i = 0; i < len; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		bytes[i] = x;
	}
}

static uint8_t out[LONGEST], in[LONGEST];

/* One there, of which it is known from whom it is; and another one back. */
static void there_and_back(const int fd[2], const struct sockaddr_utcp addr[2],
			   size_t len)
{
	struct iovec parts[2] = { { out, len / 3 },
				  { out + len / 3, len - len / 3 } };
	struct sockaddr_utcp from;
	struct msghdr msg = { .msg_name = (void *)&addr[1],
			      .msg_namelen = sizeof(addr[1]),
			      .msg_iov = parts,
			      .msg_iovlen = 2 };
	socklen_t flen = sizeof(from);

	fill(out, len, len);
	want("sent whole",
	     must("sendmsg", sendmsg(fd[0], &msg, 0)) == (ssize_t)len);
	want("comes", readable(fd[1], 10000));
	want("whole",
	     must("recvfrom", recvfrom(fd[1], in, sizeof(in), 0, (void *)&from,
				       &flen)) == (ssize_t)len);
	want("its bytes", !memcmp(in, out, len));
	want("from whom",
	     flen == sizeof(from) && !memcmp(&from, &addr[0], sizeof(from)));
	fill(out, len, len + 77);
	must("back", sendto(fd[1], out, len, 0, (void *)&from, flen));
	want("comes back", readable(fd[0], 10000));
	want("whole",
	     must("recv", recv(fd[0], in, sizeof(in), 0)) == (ssize_t)len);
	want("its bytes", !memcmp(in, out, len));
}

static void echo(const char *netns)
{
	static const size_t lens[] = { 0,    1,	   2,	 7,    100,
				       1000, 1237, 1400, 1457, LONGEST_1500 };
	struct sockaddr_utcp addr[2];
	struct utcp_info info;
	uint8_t cell[16];
	socklen_t len = sizeof(cell);
	int fd[2], other;

	new_pair(netns, fd, addr);
	want("nothing is known of nobody", !info_of(fd[0]).longest);
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++)
		there_and_back(fd, addr, lens[i]);
	fails("one more",
	      sendto(fd[0], out, LONGEST_1500 + 1, 0, (void *)&addr[1],
		     sizeof(addr[1])),
	      EMSGSIZE);
	must("connect", connect(fd[0], (void *)&addr[1], sizeof(addr[1])));
	info = info_of(fd[0]);
	want("how long they may be", info.longest == LONGEST_1500);
	want("what is known of the path",
	     info.mtu == 1500 && info.rtt && !(info.flags & UTCP_INFO_LOCAL));
	must("UTCP_PEER_CELL",
	     getsockopt(fd[0], SOL_UTCP, UTCP_PEER_CELL, cell, &len));
	want("whose it is", !memcmp(cell, addr[1].sutcp_cell, sizeof(cell)));
	want("to who is connected",
	     must("send", send(fd[0], "abc", 3, 0)) == 3);
	want("comes", readable(fd[1], 10000));
	want("as any", must("recv", recv(fd[1], in, sizeof(in), 0)) == 3);
	/* Who is connected hears nobody else. */
	other = must("socket", socket(AF_UTCP, SOCK_DGRAM, 0));
	must("connect", connect(fd[1], (void *)&addr[0], sizeof(addr[0])));
	must("other",
	     sendto(other, "x", 1, 0, (void *)&addr[1], sizeof(addr[1])));
	must("own", send(fd[0], "yy", 2, 0));
	want("comes", readable(fd[1], 10000));
	want("his only", must("recv", recv(fd[1], in, sizeof(in), 0)) == 2);
}

/* Numbered ones, each with bytes that go with its number. */
static size_t numbered(unsigned int n)
{
	size_t len = 4 + n * 7919 % 1200;

	fill(out, len, n);
	memcpy(out, &n, 4);
	return len;
}

/* Reads what comes until nothing does for a while. Return: how many came. */
static unsigned int read_numbered(int fd, unsigned int most, int pause)
{
	uint8_t *seen = calloc(most, 1);
	unsigned int came = 0, n;
	ssize_t len;

	while (readable(fd, pause)) {
		len = must("recv", recv(fd, in, sizeof(in), 0));
		memcpy(&n, in, 4);
		want("one of those that were sent", len >= 4 && n < most);
		want("none twice", !seen[n]);
		seen[n] = 1;
		want("whole", (size_t)len == numbered(n));
		want("its bytes", !memcmp(in, out, len));
		came++;
	}
	free(seen);
	return came;
}

static void flood(const char *netns, unsigned int count)
{
	const int room = 16 << 20;
	struct sockaddr_utcp addr[2];
	int fd[2], status;
	pid_t pid;

	new_pair(netns, fd, addr);
	must("SO_RCVBUFFORCE", setsockopt(fd[1], SOL_SOCKET, SO_RCVBUFFORCE,
					  &room, sizeof(room)));
	must("connect", connect(fd[0], (void *)&addr[1], sizeof(addr[1])));
	/* So that the others do not wait for a handshake. */
	for (int i = 0; i < 50 && !readable(fd[1], 200); i++)
		must("first", send(fd[0], "", 0, 0));
	want("the first comes", readable(fd[1], 10000));
	while (readable(fd[1], 300))
		must("recv", recv(fd[1], in, sizeof(in), 0));
	pid = must("fork", fork());
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (unsigned int n = 0; n < count; n++) {
			size_t len = numbered(n);

			must("send", send(fd[0], out, len, 0));
		}
		_exit(0);
	}
	printf("%u\n", read_numbered(fd[1], count, 1500));
	must("wait", waitpid(pid, &status, 0));
	want("all were written", WIFEXITED(status) && !WEXITSTATUS(status));
}

static void waits(const char *netns)
{
	struct sockaddr_utcp addr[2];
	int fd[2], n = 0;

	new_pair(netns, fd, addr);
	must("connect", connect(fd[0], (void *)&addr[1], sizeof(addr[1])));
	for (unsigned int i = 0; i < 20; i++)
		must("send", send(fd[0], out, numbered(i), MSG_DONTWAIT));
	must("SIOCOUTQ", ioctl(fd[0], SIOCOUTQ, &n));
	want("they are charged to who has sent them", n > 16 * 4);
	want("nothing comes", !readable(fd[1], 0));
	printf("sent\n");
	fflush(stdout);
	want("some come", readable(fd[1], 30000));
	want("as many as may wait", read_numbered(fd[1], 16, 1500) == 16);
	must("SIOCOUTQ", ioctl(fd[0], SIOCOUTQ, &n));
	want("none is charged any more", !n);
	want("no error", !error_of(fd[0]));
}

static void longer(const char *netns, size_t len)
{
	struct sockaddr_utcp addr[2];
	int fd[2], i;

	new_pair(netns, fd, addr);
	must("connect", connect(fd[0], (void *)&addr[1], sizeof(addr[1])));
	fails("it is not known yet", send(fd[0], out, len, 0), EMSGSIZE);
	for (i = 0; info_of(fd[0]).longest < len; i++) {
		if (i == 200)
			die("after a while it is not, either: %u",
			    info_of(fd[0]).longest);
		usleep(50000);
	}
	fill(out, len, 1);
	must("send", send(fd[0], out, len, 0));
	want("comes", readable(fd[1], 10000));
	want("whole",
	     must("recv", recv(fd[1], in, sizeof(in), 0)) == (ssize_t)len);
	want("its bytes", !memcmp(in, out, len));
}

/* The path has become narrow, which neither device knows. */
static void shorter(const char *netns)
{
	struct sockaddr_utcp addr[2];
	size_t before;
	int fd[2], i;

	new_pair(netns, fd, addr);
	must("connect", connect(fd[0], (void *)&addr[1], sizeof(addr[1])));
	there_and_back(fd, addr, 1200);
	before = info_of(fd[0]).longest;
	for (i = 0; info_of(fd[0]).longest >= before; i++) {
		want("it is noticed", i < 1000);
		/* who waits in the queue then is told */
		if (send(fd[0], out, before, 0) < 0 && errno != EMSGSIZE)
			die("send");
		usleep(10000);
	}
	error_of(fd[0]);
	fails("as long as before", send(fd[0], out, before, 0), EMSGSIZE);
	while (recv(fd[1], in, sizeof(in), MSG_DONTWAIT) >= 0)
		;
	must("send", send(fd[0], out, info_of(fd[0]).longest, 0));
	want("what it says passes", readable(fd[1], 10000));
}

static void parse_cell(const char *hex, struct sockaddr_utcp *to)
{
	unsigned int b;

	if (strlen(hex) != 32)
		exit(2);
	*to = (struct sockaddr_utcp){ .sutcp_family = AF_UTCP,
				      .sutcp_port = 99 };
	for (size_t i = 0; i < 16; i++) {
		if (sscanf(hex + 2 * i, "%2x", &b) != 1)
			exit(2);
		to->sutcp_cell[i] = b;
	}
}

/* Is a datagram taken? Else nobody has the CellID, and that is known. */
static bool taken(int fd, const struct sockaddr_utcp *to)
{
	ssize_t sent =
		to ? sendto(fd, "x", 1, 0, (const void *)to, sizeof(*to)) :
		     send(fd, "x", 1, 0);

	if (sent < 0)
		fails("send", -1, EHOSTUNREACH);
	return sent == 1;
}

static void change_policy(const char *command)
{
	const char *control = "/sys/kernel/debug/utcp_policy_test/control";
	int fd = must(control, open(control, O_WRONLY | O_CLOEXEC));

	must(command, write(fd, command, strlen(command)));
	close(fd);
}

/* Nobody has the CellID. For a second after that is known, sending fails at once; a slow
 * machine may be later, and then it is taken: a few times all begins anew. If a policy
 * changes, this second is over.
 * Prints how many were taken, in vain.
 */
static void nobody(const char *hex, const char *command)
{
	struct sockaddr_utcp own, to;
	int fd = new_socket(&own), other = new_socket(&own);
	struct pollfd p = { .fd = fd };
	unsigned int n = 0, turn = 0, more;

	parse_cell(hex, &to);
	must("connect", connect(fd, (void *)&to, sizeof(to)));
	want("the first is taken", taken(fd, NULL));
	want("whoever it is", taken(other, &to));
	n = 2;
	for (;;) {
		want("is told in time", must("poll", poll(&p, 1, 40000)) == 1);
		want("poll", p.revents == POLLERR);
		fails("send", send(fd, "x", 1, 0), EHOSTUNREACH);
		more = taken(fd, NULL);
		more += taken(other, &to);
		if (!more)
			break;
		n += more;
		want("and at once, for a while", ++turn < 5);
		/* Refused, taken: the second was over between the two. */
		while (!taken(fd, NULL))
			usleep(100000);
		n++;
	}
	want("who is not connected is not told later", !error_of(other));
	change_policy(command);
	want("a policy changes: it is searched at once", taken(fd, NULL));
	/* which waits until it is not found again */
	printf("%u\n", n);
}

static void no_port(const char *netns)
{
	struct sockaddr_utcp addr[2], closed;
	int fd[2];

	new_pair(netns, fd, addr);
	there_and_back(fd, addr, 10);
	closed = addr[1];
	closed.sutcp_port = 98;
	must("connect", connect(fd[0], (void *)&closed, sizeof(closed)));
	for (unsigned int i = 0; i < 10; i++)
		must("send", send(fd[0], "x", 1, 0));
	must("sendto",
	     sendto(fd[0], "y", 1, 0, (void *)&addr[1], sizeof(addr[1])));
	want("another comes after them", readable(fd[1], 10000));
	want("and nothing is said", !error_of(fd[0]));
}

static void overrun(const char *netns)
{
	const int room = 8192;
	struct sockaddr_utcp addr[2];
	unsigned int came;
	int fd[2];

	new_pair(netns, fd, addr);
	must("SO_RCVBUF",
	     setsockopt(fd[1], SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)));
	there_and_back(fd, addr, 10);
	for (unsigned int n = 0; n < 100; n++) {
		size_t len = numbered(n);

		must("sendto", sendto(fd[0], out, len, 0, (void *)&addr[1],
				      sizeof(addr[1])));
	}
	for (int i = 0; !info_of(fd[1]).drops; i++) {
		want("some are dropped", i < 500);
		usleep(10000);
	}
	usleep(200000);
	came = read_numbered(fd[1], 100, 0);
	want("some have come", came > 1);
	want("not all", came < 100);
	want("the others are counted", came + info_of(fd[1]).drops == 100);
}

static void many(unsigned int count)
{
	struct sockaddr_utcp own, to;
	int fd = new_socket(&own), err = 0;

	for (unsigned int i = 0; i < count && !err; i++) {
		parse_cell("00112233445566778899aabbccddeeff", &to);
		memcpy(to.sutcp_cell, &i, sizeof(i));
		if (sendto(fd, "x", 1, MSG_DONTWAIT, (void *)&to, sizeof(to)) <
		    0)
			err = errno;
	}
	printf("%s\n", err ? strerrorname_np(err) : "sent");
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";
	unsigned int n = argc > 3 ? strtoul(argv[3], NULL, 0) : 0;

	if (!strcmp(what, "echo"))
		echo(argv[2]);
	else if (!strcmp(what, "flood") && n)
		flood(argv[2], n);
	else if (!strcmp(what, "waits"))
		waits(argv[2]);
	else if (!strcmp(what, "long") && n && n <= LONGEST)
		longer(argv[2], n);
	else if (!strcmp(what, "short"))
		shorter(argv[2]);
	else if (!strcmp(what, "nobody") && argc == 4)
		nobody(argv[2], argv[3]);
	else if (!strcmp(what, "no-port"))
		no_port(argv[2]);
	else if (!strcmp(what, "overrun"))
		overrun(argv[2]);
	else if (!strcmp(what, "many"))
		many(strtoul(argv[2], NULL, 0));
	else
		return 2;
	return 0;
}
