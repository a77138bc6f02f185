// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Network namespaces with names, as "ip netns" makes them.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include <utcp/sandbox.h>

#include "error.h"
#include "netns.h"
#include "sandboxnetns.h"
#include "sandboxstate.h"

#define NETNS_DIR "/run/netns"
#define NETNS_ETC "/etc/netns"

static int failed(struct utcp_error *e, int err, const char *what,
		  const char *on)
{
	enum utcp_error_code code = utcp_error_classify(err);

	if (code == LIBUTCP_E_REFUSED)
		code = LIBUTCP_E_SYSTEM;
	return utcp_error_set(e, code, err, "cannot %s \"%s\": %s", what, on,
			      strerror(err));
}

/* --- threads ------------------------------------------------------------------------- */

/* What runs in a thread of its own: there is no way back from a new namespace. */
struct job {
	int (*call)(struct job *job);
	int fd;
	const char *path;
	int (*inner)(void *arg);
	void *arg;
	bool entered;
	int result;
};

static void *job_thread(void *arg)
{
	struct job *job = arg;

	job->result = job->call(job);
	return NULL;
}

static int run_job(struct job *job)
{
	sigset_t all, old;
	pthread_t thread;
	int err;

	/* The caller's signal handlers must not run in that thread. */
	sigfillset(&all);
	err = pthread_sigmask(SIG_SETMASK, &all, &old);
	if (err)
		return -err;
	err = pthread_create(&thread, NULL, job_thread, job);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err)
		return -err;
	pthread_join(thread, NULL);
	return job->result;
}

static int call_inside(struct job *job)
{
	if (setns(job->fd, CLONE_NEWNET))
		return -errno;
	return job->inner(job->arg);
}

int sandbox_netns_call(int fd, int (*call)(void *arg), void *arg)
{
	struct job job = {
		.call = call_inside, .fd = fd, .inner = call, .arg = arg
	};

	return run_job(&job);
}

/* --- names ---------------------------------------------------------------------------- */

static void name_path(char path[PATH_MAX], const char *name)
{
	snprintf(path, PATH_MAX, "%s/%s", NETNS_DIR, name);
}

/*
 * Names are mounts that mount namespaces share, or one of them would hold a namespace
 * whose name is long gone elsewhere.
 */
static int prepare_dir(void)
{
	if (mkdir(NETNS_DIR, 0755) && errno != EEXIST)
		return -errno;
	if (mount("", NETNS_DIR, "none", MS_SHARED | MS_REC, NULL) == 0)
		return 0;
	/* EINVAL: it is no mount yet */
	if (errno != EINVAL)
		return -errno;
	if (mount(NETNS_DIR, NETNS_DIR, "none", MS_BIND | MS_REC, NULL) ||
	    mount("", NETNS_DIR, "none", MS_SHARED | MS_REC, NULL))
		return -errno;
	return 0;
}

static int make_namespace(struct job *job)
{
	if (unshare(CLONE_NEWNET))
		return -errno;
	if (mount("/proc/thread-self/ns/net", job->path, "none", MS_BIND, NULL))
		return -errno;
	job->entered = true;
	return job->inner(job->arg);
}

int sandbox_netns_add(const char *name, int *fd, int (*there)(void *arg),
		      void *arg, struct utcp_error *e)
{
	struct job job = { .call = make_namespace, .inner = there, .arg = arg };
	char path[PATH_MAX];
	int file, err;

	*fd = -1;
	name_path(path, name);
	err = prepare_dir();
	if (err)
		return failed(e, -err, "prepare", NETNS_DIR);
	file = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
	if (file < 0)
		return failed(e, errno, "make", path);
	close(file);
	job.path = path;
	err = run_job(&job);
	if (err && !job.entered)
		failed(e, -err, "make the namespace", path);
	if (!err) {
		*fd = netns_open(name, e);
		if (*fd >= 0)
			return 0;
		err = *fd;
	}
	if (job.entered)
		umount2(path, MNT_DETACH);
	unlink(path);
	return err;
}

int sandbox_netns_del(const char *name, struct utcp_error *e)
{
	char path[PATH_MAX];

	name_path(path, name);
	/* EINVAL: no namespace is mounted there, which the maker had no time to do */
	if (umount2(path, MNT_DETACH) && errno != EINVAL && errno != ENOENT)
		return failed(e, errno, "unmount", path);
	if (unlink(path) && errno != ENOENT)
		return failed(e, errno, "remove", path);
	return 0;
}

/* A mount under one that is shared cannot be moved, nor what is mounted on be renamed. */
int sandbox_netns_move(const char *from, const char *to, struct utcp_error *e)
{
	char old[PATH_MAX], path[PATH_MAX];
	int file, err;

	name_path(old, from);
	name_path(path, to);
	file = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
	if (file < 0)
		return failed(e, errno, "make", path);
	close(file);
	if (mount(old, path, "none", MS_BIND, NULL)) {
		err = errno;
		unlink(path);
		return failed(e, err, "mount", path);
	}
	err = sandbox_netns_del(from, e);
	if (!err)
		return 0;
	umount2(path, MNT_DETACH);
	unlink(path);
	return err;
}

bool sandbox_netns_exists(const char *name)
{
	char path[PATH_MAX];
	struct statfs st;

	name_path(path, name);
	return statfs(path, &st) == 0 && st.f_type == NSFS_MAGIC;
}

int sandbox_netns_own(uint64_t *inode, struct utcp_error *e)
{
	static const char path[] = "/proc/thread-self/ns/net";
	struct stat st;

	if (stat(path, &st))
		return failed(e, errno, "read", path);
	*inode = st.st_ino;
	return 0;
}

/* Inodes are given again when a namespace is gone; this is not. 0: it is not known. */
static int cookie_of(int netns, uint64_t *cookie)
{
	socklen_t len = sizeof(*cookie);
	int fd = netns_socket(netns, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	*cookie = 0;
	if (fd < 0)
		return fd;
	/* what a file of JSON has no room for is left to the inode */
	if (getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, cookie, &len) ||
	    len != sizeof(*cookie) || *cookie > INT64_MAX)
		*cookie = 0;
	close(fd);
	return 0;
}

int sandbox_netns_note(struct utcp_sandbox *sb, int fd, struct utcp_error *e)
{
	struct stat st;
	int err;

	if (fstat(fd, &st))
		return failed(e, errno, "read", sb->netns);
	if (st.st_ino == sb->host_ns)
		return utcp_error_set(e, LIBUTCP_E_ARGUMENT, EINVAL,
				      "\"%s\" is the host's own namespace",
				      sb->netns);
	sb->netns_ino = st.st_ino;
	err = cookie_of(fd, &sb->netns_cookie);
	return err ? failed(e, -err, "look into", sb->netns) : 0;
}

int sandbox_netns_open(const struct utcp_sandbox *sb, struct utcp_error *e)
{
	struct utcp_sandbox now = *sb;
	int fd = netns_open(sandbox_netns(sb), e), err;

	if (fd < 0 || !sb->netns_ino)
		return fd;
	err = sandbox_netns_note(&now, fd, e);
	if (err || now.netns_ino != sb->netns_ino ||
	    (sb->netns_cookie && now.netns_cookie != sb->netns_cookie)) {
		close(fd);
		return utcp_error_set(
			e, LIBUTCP_E_REFUSED, ESTALE,
			"its namespace is gone: \"%s\" is another by now",
			sb->netns);
	}
	return fd;
}

/* --- being in one ---------------------------------------------------------------------- */

/* Files of /etc/netns/NAME stand in the place of those of /etc. */
static int bind_file(const char *dir, const char *name, struct utcp_error *e)
{
	char from[PATH_MAX], to[PATH_MAX];

	if (snprintf(from, sizeof(from), "%s/%s", dir, name) >=
		    (int)sizeof(from) ||
	    snprintf(to, sizeof(to), "/etc/%s", name) >= (int)sizeof(to))
		return failed(e, ENAMETOOLONG, "use", name);
	if (mount(from, to, "none", MS_BIND, NULL))
		return failed(e, errno, "mount", to);
	return 0;
}

static int visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int bind_etc(const char *name, struct utcp_error *e)
{
	char dir[PATH_MAX];
	struct dirent **list;
	int n, err = 0;

	snprintf(dir, sizeof(dir), "%s/%s", NETNS_ETC, name);
	n = scandir(dir, &list, visible, alphasort);
	if (n < 0)
		return errno == ENOENT ? 0 : failed(e, errno, "read", dir);
	for (int i = 0; i < n; i++) {
		if (!err)
			err = bind_file(dir, list[i]->d_name, e);
		free(list[i]);
	}
	free(list);
	return err;
}

/* A /sys that shows the devices of the namespace. */
static int mount_sys(struct utcp_error *e)
{
	unsigned long flags = 0;
	struct statvfs st;

	/* Who may not unmount it, in a container, may have it as it is there. */
	if (umount2("/sys", MNT_DETACH) && statvfs("/sys", &st) == 0 &&
	    st.f_flag & ST_RDONLY)
		flags |= MS_RDONLY;
	if (mount("sandbox", "/sys", "sysfs", flags, NULL))
		return failed(e, errno, "mount", "/sys");
	return 0;
}

int utcp_sandbox_enter(const char *name, struct utcp_error *error)
{
	struct utcp_sandbox sb;
	int fd, err;

	utcp_error_clear(error);
	err = state_load(name, &sb, error);
	if (err)
		return err;
	if (sb.phase != LIBUTCP_SANDBOX_READY)
		return utcp_error_set(error, LIBUTCP_E_BUSY, EBUSY,
				      "\"%s\" is not complete", name);
	if (sb.mode == LIBUTCP_SANDBOX_ADOPTED && !sb.netns[0])
		return utcp_error_set(
			error, LIBUTCP_E_ARGUMENT, EINVAL,
			"\"%s\" was adopted by its device: its namespace is not known",
			name);
	fd = sandbox_netns_open(&sb, error);
	if (fd < 0)
		return fd;
	err = setns(fd, CLONE_NEWNET) ? -errno : 0;
	close(fd);
	if (err)
		return failed(error, -err, "enter", name);
	if (unshare(CLONE_NEWNS))
		return failed(error, errno, "unshare mounts of", name);
	/* What is mounted from here on is nobody else's. */
	if (mount("", "/", "none", MS_SLAVE | MS_REC, NULL))
		return failed(error, errno, "unshare", "/");
	err = mount_sys(error);
	return err ? err : bind_etc(name, error);
}
