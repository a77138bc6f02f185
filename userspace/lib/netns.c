// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Sockets in other network namespaces.
 *
 * A namespace belongs to a thread. Instead of going there and back, which may
 * fail half-way and leave the caller in a strange place, a short-lived thread
 * goes there, makes the socket, and ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/nsfs.h>

#include "error.h"
#include "netns.h"

#define NETNS_DIR "/run/netns"

struct netns_job {
	int netns;
	int domain, type, protocol;
	int result;
};

int netns_open(const char *name, struct utcp_error *e)
{
	char path[PATH_MAX];
	int n, fd, kind, err;

	if (!name[0] || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return utcp_error_set(e, LIBUTCP_E_ARGUMENT, EINVAL,
				      "\"%s\" names no network namespace",
				      name);
	n = snprintf(path, sizeof(path),
		     strchr(name, '/') ? "%s" : NETNS_DIR "/%s", name);
	if (n < 0 || (size_t)n >= sizeof(path))
		return utcp_error_set(e, LIBUTCP_E_ARGUMENT, ENAMETOOLONG,
				      "network namespace: name too long");

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		err = errno;
		return utcp_error_set(e,
				      err == ENOENT || err == ENOTDIR ?
					      LIBUTCP_E_NOT_FOUND :
					      utcp_error_classify(err),
				      err, "network namespace \"%s\": %s", name,
				      strerror(err));
	}
	kind = ioctl(fd, NS_GET_NSTYPE);
	if (kind != CLONE_NEWNET) {
		close(fd);
		return utcp_error_set(e, LIBUTCP_E_ARGUMENT, EINVAL,
				      "\"%s\" is not a network namespace",
				      name);
	}
	return fd;
}

static int new_socket(const struct netns_job *job)
{
	int fd = socket(job->domain, job->type, job->protocol);

	if (fd < 0)
		return -errno;
	return fd;
}

static void *netns_thread(void *arg)
{
	struct netns_job *job = arg;

	if (setns(job->netns, CLONE_NEWNET))
		job->result = -errno;
	else
		job->result = new_socket(job);
	return NULL;
}

int netns_socket(int netns, int domain, int type, int protocol)
{
	struct netns_job job = { netns, domain, type, protocol, -EIO };
	sigset_t all, old;
	pthread_t thread;
	int err;

	if (netns < 0)
		return new_socket(&job);

	/* The caller's signal handlers must not run in that thread. */
	sigfillset(&all);
	err = pthread_sigmask(SIG_SETMASK, &all, &old);
	if (err)
		return -err;
	err = pthread_create(&thread, NULL, netns_thread, &job);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err)
		return -err;
	pthread_join(thread, NULL);
	return job.result;
}
