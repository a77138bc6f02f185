// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The end of the processes in a sandbox.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <utcp/sandbox.h>

#include "deadline.h"
#include "error.h"
#include "handle.h"
#include "sandboxnetns.h"
#include "sandboxstate.h"

/* How often it is looked whether they have ended, and how long after SIGKILL. */
#define LOOK_MS 20
#define KILLED_MS 5000

static int system_failed(struct utcp_error *e, int err, const char *what)
{
	return utcp_error_set(e, utcp_error_classify(err), err,
			      "cannot read %s: %s", what, strerror(err));
}

/* A process's number, or 0 if the name in /proc is none. */
static pid_t process_number(const char *name)
{
	char *end;
	long pid;

	if (*name < '1' || *name > '9')
		return 0;
	errno = 0;
	pid = strtol(name, &end, 10);
	return *end || errno || pid > INT_MAX ? 0 : (pid_t)pid;
}

static bool leads_to(int dir, const char *path, const struct stat *ns)
{
	struct stat st;

	return fstatat(dir, path, &st, 0) == 0 && st.st_dev == ns->st_dev &&
	       st.st_ino == ns->st_ino;
}

/* One whose first thread has ended goes on in the others. */
static bool has_thread_inside(pid_t pid, const struct stat *ns)
{
	const struct dirent *d;
	bool inside = false;
	char path[300];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	/* cppcheck-suppress readdirCalled */
	while (dir && !inside && (d = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/ns/net", d->d_name);
		inside = leads_to(dirfd(dir), path, ns);
	}
	if (dir)
		closedir(dir);
	return inside;
}

/*
 * By its first thread: a process that has a thread in there for a while is not one of the
 * sandbox's.
 */
static bool is_inside(pid_t pid, const struct stat *ns)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
	if (stat(path, &st))
		return has_thread_inside(pid, ns);
	return leads_to(AT_FDCWD, path, ns);
}

/*
 * The descriptor comes before the look: if the number is another process's when it is
 * looked at, the one that is signalled has ended, and nobody gets the signal.
 */
static bool end_process(pid_t pid, const struct stat *ns, int sig)
{
	int fd = pidfd_open(pid, 0);
	bool inside;

	if (fd < 0)
		return false;
	inside = is_inside(pid, ns);
	if (inside && sig)
		pidfd_send_signal(fd, sig, NULL, 0);
	close(fd);
	return inside;
}

/*
 * Signal all of them but the caller. Return: how many there were, with the last one's
 * number in @last, or a negative errno.
 */
static int end_all(const struct stat *ns, int sig, pid_t *last)
{
	DIR *dir = opendir("/proc");
	const struct dirent *d;
	int n = 0;

	if (!dir)
		return -errno;
	/* readdir() tells nothing of an error but errno; the folder is this call's alone */
	/* cppcheck-suppress readdirCalled */
	while (errno = 0, d = readdir(dir)) {
		pid_t pid = process_number(d->d_name);

		if (pid && pid != getpid() && end_process(pid, ns, sig)) {
			*last = pid;
			n++;
		}
	}
	if (errno)
		n = -errno;
	closedir(dir);
	return n;
}

/* Until nobody is left. Those that are being started by others are seen the next time. */
static int wait_for_end(const struct stat *ns, int sig, int ms, pid_t *last)
{
	const struct timespec pause = { .tv_nsec = LOOK_MS * 1000000L };
	struct deadline until = deadline_in(ms);
	int n;

	for (;;) {
		n = end_all(ns, sig, last);
		if (n <= 0 || !deadline_left(&until))
			return n;
		nanosleep(&pause, NULL);
	}
}

static int kill_inside(int fd, unsigned int grace_ms, size_t *n,
		       struct utcp_error *e)
{
	pid_t last = 0;
	struct stat ns;
	int left;

	if (fstat(fd, &ns))
		return system_failed(e, errno, "its namespace");
	left = end_all(&ns, grace_ms ? SIGTERM : 0, &last);
	if (left > 0)
		*n = (size_t)left;
	if (left > 0 && grace_ms)
		left = wait_for_end(&ns, 0, (int)grace_ms, &last);
	if (left > 0)
		left = wait_for_end(&ns, SIGKILL, KILLED_MS, &last);
	if (left < 0)
		return system_failed(e, -left, "\"/proc\"");
	if (left > 0)
		return utcp_error_set(e, LIBUTCP_E_BUSY, EBUSY,
				      "process %d does not end", (int)last);
	return 0;
}

/* Whose processes are meant, or why nobody's are. */
static int open_namespace(const struct utcp_sandbox *sb, struct utcp_error *e)
{
	uint64_t own;
	struct stat st;
	int fd, err;

	if (sb->mode == LIBUTCP_SANDBOX_ADOPTED)
		return utcp_error_set(
			e, LIBUTCP_E_ARGUMENT, EINVAL,
			"the link was adopted: its processes are somebody else's");
	err = sandbox_netns_own(&own, e);
	fd = err ? err : sandbox_netns_open(sb, e);
	if (fd < 0)
		return fd;
	err = fstat(fd, &st) ? system_failed(e, errno, "its namespace") : 0;
	/* Whatever lies at its name by now: not all of the host's processes. */
	if (!err && (st.st_ino == own || st.st_ino == sb->host_ns))
		err = utcp_error_set(
			e, LIBUTCP_E_REFUSED, EINVAL,
			"\"%s\" is the host's own namespace by now", sb->name);
	if (err)
		close(fd);
	return err ? err : fd;
}

int utcp_sandbox_kill(struct utcp_handle *h, const char *name,
		      unsigned int grace_ms, size_t *n)
{
	struct utcp_sandbox sb;
	int err, fd;

	utcp_error_clear(&h->error);
	*n = 0;
	if (grace_ms > LIBUTCP_SANDBOX_GRACE_MAX)
		return utcp_error_set(&h->error, LIBUTCP_E_ARGUMENT, ERANGE,
				      "processes have at most %u ms to end",
				      LIBUTCP_SANDBOX_GRACE_MAX);
	err = state_load(name, &sb, &h->error);
	/* That of its name is its own; what had a path once may be another by now. */
	if (err == -EBADMSG) {
		state_salvage(name, &sb);
		if (!sb.netns[0])
			err = 0;
	}
	if (err)
		return err;
	/* Of one whose making or removing has died there may be no namespace. */
	if (sb.phase != LIBUTCP_SANDBOX_READY && !sandbox_netns_exists(name))
		return 0;
	fd = open_namespace(&sb, &h->error);
	if (fd < 0)
		return fd;
	err = kill_inside(fd, grace_ms, n, &h->error);
	close(fd);
	return err;
}
