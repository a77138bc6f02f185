// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Small files under /run/utcp.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deadline.h"
#include "error.h"
#include "rundir.h"

/* Between two looks at a lock that others have. */
#define LOCK_WAIT_NS 2000000

const char *rundir_path = "/run/utcp";

static int failed(struct utcp_error *e, int err, const char *what,
		  const char *path)
{
	enum utcp_error_code code = utcp_error_classify(err);

	if (code == LIBUTCP_E_REFUSED)
		code = LIBUTCP_E_SYSTEM;
	return utcp_error_set(e, code, err, "cannot %s \"%s\": %s", what, path,
			      strerror(err));
}

static int path_of(char path[PATH_MAX], const char *sub, const char *name,
		   struct utcp_error *e)
{
	int n = snprintf(path, PATH_MAX, "%s/%s%s%s", rundir_path, sub,
			 name ? "/" : "", name ? name : "");

	if (n < 0 || n >= PATH_MAX)
		return failed(e, ENAMETOOLONG, "use", sub);
	return 0;
}

int rundir_lock(int timeout_ms, struct utcp_error *e)
{
	static const struct timespec wait = { .tv_nsec = LOCK_WAIT_NS };
	struct deadline deadline = deadline_in(timeout_ms);
	char path[PATH_MAX];
	int fd, err;

	if (mkdir(rundir_path, 0755) && errno != EEXIST)
		return failed(e, errno, "make", rundir_path);
	err = path_of(path, "lock", NULL, e);
	if (err)
		return err;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return failed(e, errno, "open", path);
	while (flock(fd, LOCK_EX | LOCK_NB)) {
		err = errno;
		if (err == EINTR)
			continue;
		if (err != EWOULDBLOCK || !deadline_left(&deadline)) {
			close(fd);
			if (err == EWOULDBLOCK)
				return utcp_error_set(
					e, LIBUTCP_E_BUSY, EBUSY,
					"another process has \"%s\"", path);
			return failed(e, err, "lock", path);
		}
		nanosleep(&wait, NULL);
	}
	return fd;
}

static int read_all(int fd, char *data, size_t len)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n = read(fd, data + got, len - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return -EIO;
		got += (size_t)n;
	}
	return 0;
}

int file_read(const char *path, int (*ok)(const struct stat *st), char **data,
	      size_t *len, struct utcp_error *e)
{
	struct stat st;
	int fd, err = 0;

	*data = NULL;
	*len = 0;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return failed(e, errno, "open", path);
	if (fstat(fd, &st))
		err = -errno;
	else if (!S_ISREG(st.st_mode) || st.st_size > RUNDIR_FILE_MAX)
		err = -EFBIG;
	else if (ok)
		err = ok(&st);
	if (!err) {
		*data = malloc((size_t)st.st_size + 1);
		err = *data ? read_all(fd, *data, (size_t)st.st_size) : -ENOMEM;
	}
	close(fd);
	if (err) {
		free(*data);
		*data = NULL;
		return failed(e, -err, "read", path);
	}
	*len = (size_t)st.st_size;
	(*data)[*len] = '\0';
	return 0;
}

int rundir_read(const char *sub, const char *name, char **data, size_t *len,
		struct utcp_error *e)
{
	char path[PATH_MAX];
	int err;

	*data = NULL;
	*len = 0;
	err = path_of(path, sub, name, e);
	return err ? err : file_read(path, NULL, data, len, e);
}

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

static int sync_dir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (fsync(fd))
		err = -errno;
	close(fd);
	return err;
}

/* @durable: it is there, one way or the other, also after the power has failed. */
static int replace(const char *dir, const char *name, mode_t mode,
		   const char *data, size_t len, bool durable,
		   struct utcp_error *e)
{
	char path[PATH_MAX], part[PATH_MAX];
	int fd, err, n;

	n = snprintf(part, sizeof(part), "%s/.%s.new", dir, name);
	if (n < 0 || (size_t)n >= sizeof(part))
		return failed(e, ENAMETOOLONG, "use", name);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		  mode);
	if (fd < 0)
		return failed(e, errno, "make", part);
	/* a part that was left behind may have another */
	err = !(mode & 077) && fchmod(fd, mode) ? -errno : 0;
	if (!err)
		err = write_all(fd, data, len);
	if (!err && durable && fsync(fd))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	if (!err && rename(part, path))
		err = -errno;
	if (err) {
		unlink(part);
		return failed(e, -err, "write", path);
	}
	err = durable ? sync_dir(dir) : 0;
	return err ? failed(e, -err, "write", dir) : 0;
}

int file_replace(const char *dir, const char *name, mode_t mode,
		 const char *data, size_t len, struct utcp_error *e)
{
	return replace(dir, name, mode, data, len, true, e);
}

/*
 * Nothing is synchronized in the rundir: it is in memory, on whatever follows the FHS, and
 * when the power fails all that its files tell of is gone, too. Whoever reads a file of it
 * sees the old one or the new one, which rename(2) sees to.
 */
int rundir_write(const char *sub, const char *name, const char *data,
		 size_t len, struct utcp_error *e)
{
	char dir[PATH_MAX];
	int err = path_of(dir, sub, NULL, e);

	if (err)
		return err;
	if (mkdir(dir, 0755) && errno != EEXIST)
		return failed(e, errno, "make", dir);
	return replace(dir, name, 0644, data, len, false, e);
}

int rundir_remove(const char *sub, const char *name, struct utcp_error *e)
{
	char path[PATH_MAX];
	int err = path_of(path, sub, name, e);

	if (err || unlink(path) == 0 || errno == ENOENT)
		return err;
	return failed(e, errno, "remove", path);
}

int rundir_mkdir(const char *sub, struct utcp_error *e)
{
	char path[PATH_MAX], *slash;
	int err = path_of(path, sub, NULL, e);

	if (err)
		return err;
	if (mkdir(path, 0755) == 0)
		return 1;
	if (errno == EEXIST)
		return 0;
	slash = strrchr(path, '/');
	if (errno == ENOENT) {
		*slash = '\0';
		err = mkdir(path, 0755) && errno != EEXIST;
		*slash = '/';
		if (!err && mkdir(path, 0755) == 0)
			return 1;
	}
	return failed(e, errno, "make", path);
}

/*
 * Of who died while he gave an entry there is what he would have renamed, which keeps the
 * folder. Under the lock nobody is at it.
 */
static void remove_parts(const char *path)
{
	const struct dirent *d;
	DIR *dir = opendir(path);

	/* cppcheck-suppress readdirCalled */
	while (dir && (d = readdir(dir)))
		if (d->d_name[0] == '.' && strcmp(d->d_name, ".") != 0 &&
		    strcmp(d->d_name, "..") != 0)
			unlinkat(dirfd(dir), d->d_name, 0);
	if (dir)
		closedir(dir);
}

int rundir_rmdir(const char *sub, struct utcp_error *e)
{
	char path[PATH_MAX];
	int err = path_of(path, sub, NULL, e);

	if (err || rmdir(path) == 0 || errno == ENOENT)
		return err;
	if (errno == ENOTEMPTY || errno == EEXIST) {
		remove_parts(path);
		if (rmdir(path) == 0)
			return 0;
	}
	return errno == ENOTEMPTY || errno == EEXIST ?
		       -ENOTEMPTY :
		       failed(e, errno, "remove", path);
}

int rundir_claim(const char *sub, const char *name, const char *owner,
		 struct utcp_error *e)
{
	char path[PATH_MAX];
	int err = path_of(path, sub, name, e);

	if (err || symlink(owner, path) == 0)
		return err;
	return errno == EEXIST ? -EEXIST : failed(e, errno, "make", path);
}

int rundir_give(const char *sub, const char *name, const char *owner,
		struct utcp_error *e)
{
	char path[PATH_MAX], part[PATH_MAX], hidden[NAME_MAX];
	int err = path_of(path, sub, name, e);

	snprintf(hidden, sizeof(hidden), ".%.240s.new", name);
	if (!err)
		err = path_of(part, sub, hidden, e);
	if (err)
		return err;
	/* of one that died */
	if (symlink(owner, part) &&
	    (errno != EEXIST || unlink(part) || symlink(owner, part)))
		return failed(e, errno, "make", part);
	if (rename(part, path)) {
		err = errno;
		unlink(part);
		return failed(e, err, "make", path);
	}
	return 0;
}

int rundir_owner(const char *sub, const char *name, char *owner, size_t size)
{
	struct utcp_error ignored;
	char path[PATH_MAX];
	int err = path_of(path, sub, name, &ignored);
	ssize_t n;

	if (err)
		return err;
	n = readlink(path, owner, size);
	if (n < 0 || (size_t)n >= size)
		return n < 0 ? -errno : -ENAMETOOLONG;
	owner[n] = '\0';
	return 0;
}

static int visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int hidden_part(const struct dirent *d)
{
	return d->d_name[0] == '.' && strcmp(d->d_name, ".") != 0 &&
	       strcmp(d->d_name, "..") != 0;
}

static int scan(const char *sub, int (*want)(const struct dirent *d),
		char ***names, size_t *n, struct utcp_error *e)
{
	char dir[PATH_MAX];
	struct dirent **list;
	int err = path_of(dir, sub, NULL, e), found;

	*names = NULL;
	*n = 0;
	if (err)
		return err;
	found = scandir(dir, &list, want, alphasort);
	if (found < 0)
		return errno == ENOENT ? 0 : failed(e, errno, "read", dir);
	*names = calloc((size_t)found + 1, sizeof(**names));
	for (int i = 0; i < found; i++) {
		if (*names)
			(*names)[i] = strdup(list[i]->d_name);
		if (!*names || !(*names)[i])
			err = -ENOMEM;
		free(list[i]);
	}
	free(list);
	if (err) {
		if (*names)
			rundir_names_free(*names, (size_t)found);
		*names = NULL;
		return failed(e, -err, "read", dir);
	}
	*n = (size_t)found;
	return 0;
}

int rundir_names(const char *sub, char ***names, size_t *n,
		 struct utcp_error *e)
{
	return scan(sub, visible, names, n, e);
}

int rundir_each(const char *sub, int (*take)(const char *name, void *arg),
		void *arg, struct utcp_error *e)
{
	char path[PATH_MAX];
	struct dirent *d;
	DIR *dir;
	int err = path_of(path, sub, NULL, e);

	if (err)
		return err;
	dir = opendir(path);
	if (!dir)
		return errno == ENOENT ? 0 : failed(e, errno, "read", path);
	/* Nobody else has the stream. */
	/* cppcheck-suppress readdirCalled */
	while (!err && (d = readdir(dir)))
		if (visible(d))
			err = take(d->d_name, arg);
	closedir(dir);
	return err;
}

void rundir_names_free(char **names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
}

int rundir_sweep(const char *sub, struct utcp_error *e)
{
	char **names;
	size_t n;
	int err = scan(sub, hidden_part, &names, &n, e);

	for (size_t i = 0; !err && i < n; i++)
		err = rundir_remove(sub, names[i], e);
	rundir_names_free(names, n);
	return err;
}
