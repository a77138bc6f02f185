// SPDX-License-Identifier: GPL-2.0-only
/*
 * heldprobe NETNS PORT@CELL COUNT - so many programs connect to CELL (in hex), which is in
 * another network namespace, and write from a page that does not come (userfaultfd), so
 * that each has its socket's lock for as long as this likes. Then one more connects, and
 * is told by poll() that it is: who waits for a page keeps nobody else waiting.
 *
 * Says what went wrong; exits with 0 if nothing did.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/userfaultfd.h>
#include <linux/utcp_socket.h>

#define MOST 4096
#define STACK 65536
#define PATIENCE 60000 /* milliseconds */

static struct sockaddr_utcp to = { .sutcp_family = AF_UTCP };
static char *pages;
static long page;

static void __attribute__((format(printf, 1, 2), noreturn))
die(const char *format, ...)
{
	int err = errno;
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf(": %s\n", strerror(err));
	fflush(stdout);
	_exit(1);
}

static long must(const char *what, long ret)
{
	if (ret < 0)
		die("%s", what);
	return ret;
}

static void parse(const char *text)
{
	const char *hex = strchr(text, '@');

	to.sutcp_port = strtoul(text, NULL, 10);
	for (size_t i = 0; hex && i < sizeof(to.sutcp_cell); i++)
		if (sscanf(hex + 1 + 2 * i, "%2hhx", &to.sutcp_cell[i]) != 1)
			hex = NULL;
	errno = EINVAL;
	if (!hex)
		die("%s", text);
}

/* Accepts all, and reads nothing. */
static void *accepts(void *listener)
{
	for (;;)
		must("accept", accept(*(int *)listener, NULL, NULL));
	return NULL;
}

static int listen_there(const char *netns)
{
	int here = must("netns", open("/proc/self/ns/net", O_RDONLY));
	int there = must(netns, open(netns, O_RDONLY)), fd;

	must("setns", setns(there, CLONE_NEWNET));
	fd = must("socket", socket(AF_UTCP, SOCK_STREAM, 0));
	must("bind", bind(fd, (void *)&to, sizeof(to)));
	must("listen", listen(fd, 128));
	must("setns", setns(here, CLONE_NEWNET));
	return fd;
}

static void *writes(void *from)
{
	int fd = must("socket", socket(AF_UTCP, SOCK_STREAM, 0));

	must("connect", connect(fd, (void *)&to, sizeof(to)));
	must("send", send(fd, from, 1, 0));
	return NULL;
}

static void begin(void *(*run)(void *), void *arg)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	errno = pthread_create(&thread, &attr, run, arg);
	if (errno)
		die("a thread");
}

int main(int argc, char **argv)
{
	const struct rlimit files = { 2 * MOST + 64, 2 * MOST + 64 };
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	struct uffd_msg msg;
	unsigned int n = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;
	struct pollfd waits = { .events = POLLIN };
	static int listener;
	int fd;

	errno = EINVAL;
	if (!n || n > MOST)
		die("heldprobe NETNS PORT@CELL COUNT");
	must("files", setrlimit(RLIMIT_NOFILE, &files));
	parse(argv[2]);
	listener = listen_there(argv[1]);
	begin(accepts, &listener);

	page = sysconf(_SC_PAGESIZE);
	pages = mmap(NULL, n * page, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED)
		die("memory");
	waits.fd = must("userfaultfd", syscall(SYS_userfaultfd, O_CLOEXEC));
	must("its version", ioctl(waits.fd, UFFDIO_API, &api));
	range.range.start = (uintptr_t)pages;
	range.range.len = n * page;
	must("its pages", ioctl(waits.fd, UFFDIO_REGISTER, &range));

	for (unsigned int i = 0; i < n; i++) {
		begin(writes, pages + i * page);
		/* It has the lock of its socket from now on. */
		errno = ETIMEDOUT;
		if (poll(&waits, 1, PATIENCE) != 1)
			die("program %u of %u is not held", i, n);
		must("a fault", read(waits.fd, &msg, sizeof(msg)));
	}

	fd = must("socket", socket(AF_UTCP, SOCK_STREAM | SOCK_NONBLOCK, 0));
	errno = 0;
	if (!connect(fd, (void *)&to, sizeof(to)) || errno != EINPROGRESS)
		die("connect() that should not wait");
	waits = (struct pollfd){ .fd = fd, .events = POLLOUT };
	errno = ETIMEDOUT;
	if (poll(&waits, 1, PATIENCE) != 1)
		die("one more, beside %u that are held", n);
	if (waits.revents != POLLOUT)
		die("one more: poll() says %#x", waits.revents);
	fflush(stdout);
	_exit(0);
}
