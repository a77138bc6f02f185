// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apart.h"

/* Of what is done apart; a request that is never answered ends there. */
#define PATIENCE_SECONDS 120

bool bad(const char *format, ...)
{
	va_list args;

	printf("# ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	return false;
}

bool apart(bool (*fn)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		alarm(PATIENCE_SECONDS);
		_exit(!fn());
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return bad("fork: %s", strerror(errno));
	if (WIFSIGNALED(status))
		return bad("killed by signal %d", WTERMSIG(status));
	return !WEXITSTATUS(status);
}

bool become(uid_t uid)
{
	if (setresgid(uid, uid, uid) || setresuid(uid, uid, uid))
		return bad("setresuid: %s", strerror(errno));
	/* Its own files in /proc are root's otherwise. */
	prctl(PR_SET_DUMPABLE, 1);
	return true;
}

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	ssize_t len = strlen(text);
	bool ok = fd >= 0 && write(fd, text, len) == len;

	if (!ok)
		bad("%s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return ok;
}

bool user_namespace(int others)
{
	if (!become(NOBODY))
		return false;
	if (unshare(CLONE_NEWUSER | others))
		return bad("unshare: %s", strerror(errno));
	return write_file("/proc/self/setgroups", "deny") &&
	       write_file("/proc/self/uid_map", "0 65534 1") &&
	       write_file("/proc/self/gid_map", "0 65534 1");
}
