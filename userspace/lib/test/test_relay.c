// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unit tests of sandboxrelay.c: ends that go one after the other, and what a sandbox can
 * do to make the relay work for nothing.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <linux/sockios.h>

#include "../sandboxrelay.h"

/* How long it is looked whether the relay rests, and how much of that it may work. */
#define LOOK_MS 400
#define WORK_MS 10

/* Of who does not read; and what may be under way to him then. */
#define BUFFER 16384
#define CHUNK 16384
#define UNREAD_MAX (1 << 20)

/* Longest wait for what has to come. */
#define WAIT_MS 10000

/* Nobody listens there: of a range of two ports that connections are made from. */
#define LONE_PORT 40000
#define LONE_TRIES 200

static struct relay_listener listener;
static struct sockaddr_in door; /* where that listens */
static int service = -1;
static int stop[2];
static pthread_t thread;

static bool go_on(void *arg)
{
	(void)arg;
	return false;
}

static void *run(void *arg)
{
	(void)arg;
	relay_run(&listener, 1, stop[0], go_on, NULL);
	return NULL;
}

/* A socket that listens, at any port; @at is set to where that is. */
static int listen_any(struct sockaddr_in *at, int flags)
{
	socklen_t len = sizeof(*at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);

	assert_true(fd >= 0);
	memset(at, 0, sizeof(*at));
	at->sin_family = AF_INET;
	at->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)at, len), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)at, &len), 0);
	return fd;
}

/* The relay, with a door that leads to a port. */
static void begin(uint16_t port)
{
	listener.fd = listen_any(&door, SOCK_NONBLOCK);
	listener.port = port;
	assert_int_equal(pipe(stop), 0);
	assert_int_equal(pthread_create(&thread, NULL, run, NULL), 0);
}

static int start(void **state)
{
	struct sockaddr_in at;

	(void)state;
	service = listen_any(&at, 0);
	begin(ntohs(at.sin_port));
	return 0;
}

static int end(void **state)
{
	(void)state;
	assert_int_equal(write(stop[1], "", 1), 1);
	pthread_join(thread, NULL);
	close(stop[0]);
	close(stop[1]);
	close(listener.fd);
	if (service >= 0)
		close(service);
	service = -1;
	return 0;
}

static int connect_in(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const int size = BUFFER;

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	assert_int_equal(connect(fd, (struct sockaddr *)&door, sizeof(door)),
			 0);
	return fd;
}

static bool readable(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms) == 1;
}

static int accept_one(void)
{
	int fd;

	assert_true(readable(service, WAIT_MS));
	fd = accept(service, NULL, NULL);
	assert_true(fd >= 0);
	return fd;
}

static int64_t worked_ms(void)
{
	struct timespec t;
	clockid_t clock;

	assert_int_equal(pthread_getcpuclockid(thread, &clock), 0);
	assert_int_equal(clock_gettime(clock, &t), 0);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void expect_rest(void)
{
	int64_t before = worked_ms();

	poll(NULL, 0, LOOK_MS);
	assert_in_range(worked_ms() - before, 0, WORK_MS);
}

/* Read to the end; how much it was. */
static size_t drain(int fd)
{
	char data[65536];
	size_t all = 0;
	ssize_t n;

	do {
		assert_true(readable(fd, WAIT_MS));
		n = read(fd, data, sizeof(data));
		assert_true(n >= 0);
		all += (size_t)n;
	} while (n);
	return all;
}

/* Has what was written gone on, before it has waited for long? */
static bool is_taken(int fd)
{
	int waits = 1;

	for (int i = 0; waits && i < 100; i++) {
		assert_int_equal(ioctl(fd, SIOCOUTQ, &waits), 0);
		if (waits)
			poll(NULL, 0, 1);
	}
	return !waits;
}

/* Write so much, or until no more is taken; how much it was. */
static size_t put(int fd, size_t most)
{
	static const char data[CHUNK];
	size_t all = 0;

	do {
		assert_int_equal(write(fd, data, sizeof(data)), sizeof(data));
		all += sizeof(data);
	} while (is_taken(fd) && all < most);
	return all;
}

static void ends__go_one_after_the_other(void **state)
{
	int in = connect_in(), out = accept_one();
	char c;

	(void)state;
	assert_int_equal(write(in, "?", 1), 1);
	shutdown(in, SHUT_WR);
	assert_int_equal(drain(out), 1);
	assert_false(readable(in, 50));
	assert_int_equal(write(out, "!", 1), 1);
	close(out);
	assert_true(readable(in, WAIT_MS));
	assert_int_equal(read(in, &c, 1), 1);
	assert_int_equal(c, '!');
	assert_int_equal(drain(in), 0);
	close(in);
}

/* How much is under way when who has asked does not read. */
static size_t unread(void)
{
	int in = connect_in(), out = accept_one();
	size_t most = put(out, SIZE_MAX);

	close(in);
	close(out);
	return most;
}

/*
 * All is said both ways; but who has asked does not read the answer. The last of it waits
 * at the relay, and the end behind it is seen there.
 */
static void answer__that_is_not_read_costs_nothing(void **state)
{
	size_t most = unread(), sent;
	int in = connect_in(), out = accept_one();

	(void)state;
	assert_in_range(most, 4 * CHUNK, UNREAD_MAX);
	shutdown(in, SHUT_WR);
	assert_int_equal(drain(out), 0);
	sent = put(out, most - (size_t)3 * CHUNK);
	close(out);
	expect_rest();
	assert_int_equal(drain(in), sent);
	close(in);
}

/* Who may do so in a namespace closes its sockets (SOCK_DESTROY of sock_diag). */
static void listener__that_is_closed_from_outside_costs_nothing(void **state)
{
	(void)state;
	shutdown(listener.fd, SHUT_RDWR);
	expect_rest();
}

/* Who waits while there is no descriptor is taken when there is, and is no work meanwhile. */
static void accept__without_descriptors_waits(void **state)
{
	struct rlimit was, few;
	int in, out;

	(void)state;
	/* The relay has what it needs itself when it has taken somebody. */
	in = connect_in();
	out = accept_one();
	close(in);
	close(out);
	in = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(in >= 0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	few = was;
	few.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_int_equal(connect(in, (struct sockaddr *)&door, sizeof(door)),
			 0);
	expect_rest();
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	out = accept_one();
	close(in);
	close(out);
}

/* Ports that connections are made from. */
static void set_range(int first, int last)
{
	FILE *f = fopen("/proc/sys/net/ipv4/ip_local_port_range", "w");

	assert_non_null(f);
	fprintf(f, "%d %d\n", first, last);
	assert_int_equal(fclose(f), 0);
}

/* In a namespace of our own. */
static bool be_alone(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd;

	if (unshare(CLONE_NEWNET))
		return false;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &lo), 0);
	close(fd);
	return true;
}

/*
 * A connection that comes from the port that it goes to is one with itself. It would keep
 * the service from coming back.
 */
static void service__that_is_not_there_is_not_the_relay_itself(void **state)
{
	struct sockaddr_in from = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1),
	};

	(void)state;
	if (!be_alone())
		skip();
	begin(LONE_PORT);
	set_range(LONE_PORT, LONE_PORT + 1);
	for (int i = 0; i < LONE_TRIES; i++) {
		int in = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		char c;

		from.sin_port = htons((uint16_t)(1024 + i));
		assert_int_equal(
			bind(in, (struct sockaddr *)&from, sizeof(from)), 0);
		assert_int_equal(
			connect(in, (struct sockaddr *)&door, sizeof(door)), 0);
		assert_true(readable(in, WAIT_MS));
		assert_int_equal(read(in, &c, 1), -1);
		assert_int_equal(errno, ECONNRESET);
		close(in);
	}
	end(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			accept__without_descriptors_waits, start, end),
		cmocka_unit_test_setup_teardown(ends__go_one_after_the_other,
						start, end),
		cmocka_unit_test_setup_teardown(
			answer__that_is_not_read_costs_nothing, start, end),
		cmocka_unit_test_setup_teardown(
			listener__that_is_closed_from_outside_costs_nothing,
			start, end),
		cmocka_unit_test(
			service__that_is_not_there_is_not_the_relay_itself),
	};

	return cmocka_run_group_tests_name("relay", tests, NULL, NULL);
}
