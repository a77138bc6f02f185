// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of confine_calls(): each in a process of its own, which does something
 * and ends with 0 if that went as it should. What confine_user() does needs root and
 * is seen in selftests/netswitch/membrane.sh.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <linux/netswitch_ring.h>

#include "../confine.h"

static int ring = -1, other = -1, waiter = -1;

static int setup(void **state)
{
	(void)state;
	/* no rings here: what the filter goes by is numbers */
	ring = open("/dev/null", O_RDWR | O_CLOEXEC);
	other = open("/dev/null", O_RDWR | O_CLOEXEC);
	waiter = epoll_create1(EPOLL_CLOEXEC);
	return ring < 0 || other < 0 || waiter < 0;
}

static int run(int (*what)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		/* no core files */
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
		confine_calls(&ring, 1, waiter);
		_exit(what());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void allowed(int (*what)(void))
{
	int status = run(what);

	if (status)
		fail_msg("ended with status %#x", (unsigned int)status);
}

static void forbidden(int (*what)(void))
{
	int status = run(what);

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}

static int do_nothing(void)
{
	return 0;
}

static int do_wait(void)
{
	const struct timespec t = { .tv_nsec = 1000 };
	struct epoll_event event;
	struct timespec now;

	return epoll_wait(waiter, &event, 1, 1) ||
	       clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL) ||
	       syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
}

static int do_kick(void)
{
	return !(ioctl(ring, NETSWITCH_RING_KICK) < 0 && errno == ENOTTY);
}

static int do_write(void)
{
	return write(STDERR_FILENO, "", 0) != 0;
}

/* Small ones, as the stack does: within the heap, which grows by brk. */
static int do_malloc(void)
{
	static char *p[4096];

	for (int i = 0; i < 4096; i++) {
		p[i] = malloc(2048);
		if (!p[i])
			return 1;
		memset(p[i], i, 2048);
	}
	return 0;
}

static int do_malloc_much(void)
{
	char *p = malloc((size_t)1 << 46);
	int got = p ? 1 : 0;

	free(p);
	return got;
}

static int do_mmap(void)
{
	long ret = syscall(SYS_mmap, NULL, 4096, PROT_READ,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return !(ret < 0 && errno == ENOMEM);
}

static int do_open(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	close(fd);
	return fd < 0;
}

static int do_socket(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	close(fd);
	return fd < 0;
}

static int do_exec(void)
{
	return execl("/bin/true", "true", (char *)NULL);
}

static int do_fork(void)
{
	return fork();
}

static void *thread(void *unused)
{
	return unused;
}

static int do_thread(void)
{
	pthread_t t;

	/* not malloc'ed memory, so that it gets as far as to the system call */
	return syscall(SYS_clone, CLONE_VM | CLONE_THREAD | CLONE_SIGHAND, 0, 0,
		       0, 0) ||
	       pthread_create(&t, NULL, thread, NULL);
}

static int do_kill(void)
{
	return kill(getppid(), 0);
}

static int do_read(void)
{
	char c;

	return read(other, &c, 1) != 0;
}

static int do_write_other(void)
{
	return write(other, "", 1) != 1;
}

static int do_other_ioctl(void)
{
	struct netswitch_ring_bind b;

	return ioctl(ring, NETSWITCH_RING_BIND, &b);
}

static int do_kick_other(void)
{
	return ioctl(other, NETSWITCH_RING_KICK);
}

static int do_wait_other(void)
{
	struct epoll_event event;

	return epoll_wait(other, &event, 1, 0);
}

static int do_mprotect(void)
{
	static char page[4096] __attribute__((aligned(4096)));

	return mprotect(page, sizeof(page), PROT_READ | PROT_EXEC);
}

static int do_dumpable(void)
{
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static int do_abort(void)
{
	abort();
}

static void what_it_needs(void **state)
{
	(void)state;
	allowed(do_nothing);
	allowed(do_wait);
	allowed(do_kick);
	allowed(do_write);
	allowed(do_malloc);
}

static void refused(void **state)
{
	(void)state;
	allowed(do_mmap);
	allowed(do_malloc_much);
}

static void what_ends_it(void **state)
{
	(void)state;
	forbidden(do_open);
	forbidden(do_socket);
	forbidden(do_exec);
	forbidden(do_fork);
	forbidden(do_thread);
	forbidden(do_kill);
	forbidden(do_read);
	forbidden(do_write_other);
	forbidden(do_other_ioctl);
	forbidden(do_kick_other);
	forbidden(do_wait_other);
	forbidden(do_mprotect);
	forbidden(do_dumpable);
}

/* lwIP's way to say that it has met the impossible is told from a forbidden call. */
static void aborts(void **state)
{
	int status;

	(void)state;
	status = run(do_abort);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

/* The threads that were there before. */
static pthread_barrier_t barrier;

static void *late_opener(void *unused)
{
	pthread_barrier_wait(&barrier); /* it has begun */
	pthread_barrier_wait(&barrier); /* and is confined */
	(void)do_open();
	/* it should not have come so far */
	_exit(2);
	return unused;
}

static int start_opener(void)
{
	pthread_t t;
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (!pid) {
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
		pthread_barrier_init(&barrier, NULL, 2);
		if (pthread_create(&t, NULL, late_opener, NULL))
			_exit(1);
		pthread_barrier_wait(&barrier);
		confine_calls(&ring, 1, waiter);
		pthread_barrier_wait(&barrier);
		for (;;)
			(void)do_wait();
	}
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

static void all_threads(void **state)
{
	int status;

	(void)state;
	status = start_opener();
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_it_needs), cmocka_unit_test(refused),
		cmocka_unit_test(what_ends_it),	 cmocka_unit_test(aborts),
		cmocka_unit_test(all_threads),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
