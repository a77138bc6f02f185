// SPDX-License-Identifier: GPL-2.0-only
/*
 * membrane: an IP stack in a process. See Documentation/networking/membrane.rst.
 */
#include <err.h>
#include <malloc.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "confine.h"
#include "options.h"
#include "pages.h"
#include "parent.h"
#include "rings.h"
#include "server.h"
#include "stack.h"

/* lwIP's own thread does not ask for a size; 8 MiB each would be most of the memory
 * that the process may have.
 */
#define STACK_SIZE (256 << 10)

static void prepare_memory(void)
{
	static char line[BUFSIZ];
	pthread_attr_t attr;
	unsigned int seed;

	/* Nothing may be asked for once the calls are given up. */
	setvbuf(stdout, line, _IOLBF, sizeof(line));
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_TRIM_THRESHOLD, -1);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	pthread_setattr_default_np(&attr);
	/* lwIP takes port numbers and the like from rand() */
	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		err(EXIT_FAILED, "getrandom");
	srand(seed);
}

static sem_t started;

static void *serve(void *unused)
{
	sem_post(&started);
	return server_thread(unused);
}

/* libc makes system calls of its own when a thread begins, in that thread, which the
 * filter would end: it has to have come as far as here before there is one.
 */
static void start_server_thread(void)
{
	pthread_t thread;
	int ret;

	sem_init(&started, 0, 0);
	ret = pthread_create(&thread, NULL, serve, NULL);
	if (ret)
		errx(EXIT_FAILED, "pthread_create: %s", strerror(ret));
	sem_wait(&started);
}

/* The order matters: see confine.h. */
static enum exit_code run_stack(const struct options *o)
{
	struct filter filter = { 0 };
	int epoll, ret;

	confine_user(o->uid, o->gid, o->args.parent);
	if (close_range((unsigned int)o->args.fd[RINGS - 1] + 1, ~0U, 0))
		err(EXIT_FAILED, "close_range");
	prepare_memory();
	if (pages_load(o->root))
		return EXIT_FAILED;
	epoll = rings_attach(&o->args, filter.mac);
	if (epoll < 0 || stack_start(o, &filter) ||
	    server_start(o->port, o->timeout))
		return EXIT_FAILED;
	start_server_thread();
	confine_calls(o->args.fd, RINGS, epoll);
	stack_up();
	puts("serving");
	ret = rings_run(&filter);
	fprintf(stderr, "membrane: %s: %s\n", o->device,
		exit_code_of(-ret) == EXIT_NOT_FOUND ? "the port is gone" :
						       "the rings failed");
	/* without what exit() does for files and libraries */
	_exit((int)exit_code_of(-ret));
}

int main(int argc, char **argv)
{
	struct options o;

	options_read(&o, argc, argv);
	return (int)(o.stack ? run_stack(&o) : parent_run(&o, argv));
}
