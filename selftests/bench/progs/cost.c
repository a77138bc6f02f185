// SPDX-License-Identifier: GPL-2.0-only
/*
 * cost FILE COMMAND [ARGUMENT]... - runs the command and writes to the file for how many
 * nanoseconds processors have run anything meanwhile, the kernel's own threads, too.
 *
 * It is the scheduler's sum of what it has run, not the time that has passed less the time
 * idled: a command that waits for files of the host idles for minutes of a clock that
 * jumps, and the difference of two such numbers says nothing, and has been negative. The
 * process is started without a copy of this one, as shells make it.
 */
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Of each processor, the 8th word is for how long it has run. */
static uint64_t has_run(int fd)
{
	char text[16384], *line, *rest;
	uint64_t sum = 0;
	ssize_t n;

	n = pread(fd, text, sizeof(text) - 1, 0);
	if (n <= 0)
		error(1, errno, "/proc/schedstat");
	text[n] = '\0';
	for (line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		unsigned long long ran;

		if (sscanf(line, "cpu%*u %*u %*u %*u %*u %*u %*u %llu", &ran) ==
		    1)
			sum += ran;
	}
	return sum;
}

int main(int argc, char **argv)
{
	uint64_t before, after;
	int fd, status, err;
	FILE *file;
	pid_t pid;

	if (argc < 3)
		error(2, 0, "usage: cost FILE COMMAND [ARGUMENT]...");
	fd = open("/proc/schedstat", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		error(1, errno, "/proc/schedstat");
	has_run(fd);
	/* Who runs is added to the sum when another runs: what was before is in it now. */
	usleep(1000);
	before = has_run(fd);
	err = posix_spawnp(&pid, argv[2], NULL, NULL, argv + 2, environ);
	if (err)
		error(1, err, "%s", argv[2]);
	if (waitpid(pid, &status, 0) != pid)
		error(1, errno, "%s", argv[2]);
	after = has_run(fd);
	file = fopen(argv[1], "w");
	if (!file ||
	    fprintf(file, "%llu\n", (unsigned long long)(after - before)) < 0 ||
	    fclose(file))
		error(1, errno, "%s", argv[1]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
