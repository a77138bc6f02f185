// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What outlives a reboot: files of root alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include <utcp/state.h>

#include "error.h"
#include "handle.h"
#include "rundir.h"
#include "sandboxlease.h"
#include "sandboxnetwork.h"
#include "sandboxstate.h"
#include "statedir.h"

const char *statedir_path = LIBUTCP_STATE_DIR;

/* In the rundir, by enum utcp_state_mark; udev's rule knows the first. */
static const char *const mark_dirs[] = { "waiting", "waiting-netns", "seen" };

static int failed(struct utcp_handle *h, int err, const char *what,
		  const char *path)
{
	enum utcp_error_code code = utcp_error_classify(err);

	if (code == LIBUTCP_E_REFUSED)
		code = LIBUTCP_E_SYSTEM;
	return utcp_error_set(&h->error, code, err, "cannot %s \"%s\": %s",
			      what, path, strerror(err));
}

/* What others can write to is not believed, and what they can read is no secret. */
static int only_ours(const struct stat *st)
{
	return st->st_uid == geteuid() && !(st->st_mode & 077) ? 0 : -EACCES;
}

/* What is no secret is believed if others can only read it. */
static int others_read(const struct stat *st)
{
	return st->st_uid == geteuid() && !(st->st_mode & 022) ? 0 : -EACCES;
}

/* A folder that is the caller's alone; made if it is not there. */
static int own_dir(struct utcp_handle *h, const char *path)
{
	struct stat st;

	if (mkdir(path, 0700) && errno != EEXIST)
		return failed(h, errno, "make", path);
	if (lstat(path, &st))
		return failed(h, errno, "use", path);
	if (!S_ISDIR(st.st_mode))
		return failed(h, ENOTDIR, "use", path);
	if (only_ours(&st))
		return utcp_error_set(
			&h->error, LIBUTCP_E_PERMISSION, EACCES,
			"\"%s\" is not its user's alone (owner %u, mode %04o): 0700 is expected",
			path, st.st_uid, st.st_mode & 07777);
	return 0;
}

/* The folder and the name of a file. @dir: set to the former. */
static const char *split(const char *name, char dir[PATH_MAX])
{
	const char *slash = strchr(name, '/');
	int len = slash ? (int)(slash - name) : 0;

	snprintf(dir, PATH_MAX, "%s%s%.*s", statedir_path, slash ? "/" : "",
		 len, name);
	return slash ? slash + 1 : name;
}

int utcp_state_lock(struct utcp_handle *h)
{
	int fd, err;

	utcp_error_clear(&h->error);
	err = own_dir(h, statedir_path);
	if (err)
		return err;
	fd = open(statedir_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return failed(h, errno, "open", statedir_path);
	while (flock(fd, LOCK_EX))
		if (errno != EINTR) {
			err = failed(h, errno, "lock", statedir_path);
			close(fd);
			return err;
		}
	return fd;
}

/* @refused: what is said of one that is not @ok */
static int read_file(struct utcp_handle *h, const char *name,
		     int (*ok)(const struct stat *st), const char *refused,
		     char **data, size_t *len)
{
	char path[PATH_MAX];
	int err;

	utcp_error_clear(&h->error);
	snprintf(path, sizeof(path), "%s/%s", statedir_path, name);
	err = file_read(path, ok, data, len, &h->error);
	if (err == -EACCES && !geteuid())
		return utcp_error_set(
			&h->error, LIBUTCP_E_PERMISSION, EACCES,
			"others than its user %s \"%s\": the mode 0600 is expected",
			refused, path);
	return err;
}

int utcp_state_read(struct utcp_handle *h, const char *name, char **data,
		    size_t *len)
{
	return read_file(h, name, only_ours, "have access to", data, len);
}

int utcp_state_read_plain(struct utcp_handle *h, const char *name, char **data,
			  size_t *len)
{
	return read_file(h, name, others_read, "may write to", data, len);
}

int utcp_state_write(struct utcp_handle *h, const char *name, const char *data,
		     size_t len)
{
	char dir[PATH_MAX];
	const char *file = split(name, dir);
	int err = own_dir(h, dir);

	return err ? err : file_replace(dir, file, 0600, data, len, &h->error);
}

int utcp_state_remove(struct utcp_handle *h, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", statedir_path, name);
	if (unlink(path) && errno != ENOENT)
		return failed(h, errno, "remove", path);
	return 0;
}

int utcp_state_mark(struct utcp_handle *h, enum utcp_state_mark what,
		    const char *name, bool on)
{
	int lock, err;

	utcp_error_clear(&h->error);
	lock = rundir_lock(h->timeout_ms, &h->error);
	if (lock < 0)
		return lock;
	if (on)
		err = rundir_write(mark_dirs[what], name, "", 0, &h->error);
	else
		err = rundir_remove(mark_dirs[what], name, &h->error);
	close(lock);
	/* without the folder there is nothing to forget */
	return !on && err == -ENOENT ? 0 : err;
}

bool utcp_state_marked(struct utcp_handle *h, enum utcp_state_mark what,
		       const char *name)
{
	char *data;
	size_t len;
	int err = rundir_read(mark_dirs[what], name, &data, &len, &h->error);

	free(data);
	return !err;
}

/* --- networks ------------------------------------------------------------------------ */

/* Does a lease outlive a reboot? Containers are others then, and so are members of pools,
 * and who is gone.
 */
static bool outlives(const char *name, struct utcp_error *e, int *err)
{
	struct utcp_sandbox sb;

	*err = state_load(name, &sb, e);
	if (*err == -ENOENT)
		*err = 0;
	else if (!*err)
		return !sb.container[0] && sb.phase != LIBUTCP_SANDBOX_POOLED;
	return false;
}

struct kept_leases {
	json_t *leases;
	struct utcp_error *e;
};

static int keep_lease(const char *name, uint32_t host, void *arg)
{
	const struct kept_leases *k = arg;
	int err;

	if (outlives(name, k->e, &err) && host &&
	    json_object_set_new(k->leases, name, json_integer(host)))
		err = utcp_error_set(k->e, LIBUTCP_E_SYSTEM, ENOMEM,
				     "out of memory");
	return err;
}

static int add_network(struct utcp_handle *h, const char *bridge, json_t *list)
{
	struct kept_leases k = { json_object(), &h->error };
	struct network net;
	char *text = NULL;
	json_t *o = NULL;
	int err = network_load(bridge, &net, &h->error);

	if (err == -ENOENT)
		err = 0;
	/* Who gives the addresses of these out says them again. */
	else if (!err && !net.assigned) {
		err = lease_each(bridge, keep_lease, &k, &h->error);
		text = network_format(&net);
		o = text ? json_loads(text, 0, NULL) : NULL;
		if (!err &&
		    (!o || !k.leases ||
		     json_object_set_new(o, "last",
					 json_integer(lease_given(&net))) ||
		     json_object_set(o, "leases", k.leases) ||
		     json_array_append(list, o)))
			err = utcp_error_set(&h->error, LIBUTCP_E_SYSTEM,
					     ENOMEM, "out of memory");
	}
	json_decref(k.leases);
	json_decref(o);
	free(text);
	return err;
}

int utcp_state_networks(struct utcp_handle *h, char **json)
{
	json_t *list = json_array();
	char **names = NULL;
	size_t n = 0;
	int err;

	*json = NULL;
	utcp_error_clear(&h->error);
	err = rundir_names(NETWORK_DIR, &names, &n, &h->error);
	for (size_t i = 0; !err && i < n; i++)
		err = add_network(h, names[i], list);
	rundir_names_free(names, n);
	if (!err)
		*json = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	if (!err && !*json)
		err = utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, ENOMEM,
				     "out of memory");
	return err;
}

static uint32_t lease_number(void *iter)
{
	return (uint32_t)json_integer_value(json_object_iter_value(iter));
}

static int drop_kept(const struct network *net, json_t *leases,
		     struct utcp_error *e)
{
	struct utcp_error first = *e;

	for (void *i = json_object_iter(leases); i;
	     i = json_object_iter_next(leases, i))
		lease_drop(net, json_object_iter_key(i), lease_number(i), e);
	lease_last(net->bridge, e);
	rundir_remove(NETWORK_DIR, net->bridge, e);
	*e = first;
	return -first.err;
}

/* All of them, and what comes next, or none. */
static int take_kept(struct network *net, json_t *leases, uint32_t last,
		     struct utcp_error *e)
{
	int err = 0;

	for (void *i = json_object_iter(leases); !err && i;
	     i = json_object_iter_next(leases, i))
		err = lease_keep(net, json_object_iter_key(i), lease_number(i),
				 e);
	if (!err)
		err = lease_note(net, last, e);
	return err ? drop_kept(net, leases, e) : 0;
}

/* Numbers that addresses of the network can have. */
static bool kept_ok(const struct network *net, json_t *leases,
		    const json_t *last)
{
	if (!json_is_object(leases) || !json_is_integer(last) ||
	    json_integer_value(last) < NETWORK_GATEWAY ||
	    json_integer_value(last) >= network_end(net))
		return false;
	for (void *i = json_object_iter(leases); i;
	     i = json_object_iter_next(leases, i)) {
		const json_t *host = json_object_iter_value(i);

		if (!sandbox_name_ok(json_object_iter_key(i)) ||
		    !json_is_integer(host) ||
		    json_integer_value(host) < NETWORK_FIRST ||
		    json_integer_value(host) >= network_end(net))
			return false;
	}
	return true;
}

static int restore_network(struct utcp_handle *h, struct network *net,
			   json_t *leases, uint32_t last)
{
	struct network is;
	int lock = rundir_lock(h->timeout_ms, &h->error), err;

	if (lock < 0)
		return lock;
	err = network_load(net->bridge, &is, &h->error);
	if (!err)
		err = utcp_error_set(&h->error, LIBUTCP_E_REFUSED, EEXIST,
				     "there is a network of that name");
	else if (err == -ENOENT)
		err = network_save(net, &h->error);
	if (!err)
		err = take_kept(net, leases, last, &h->error);
	close(lock);
	return err;
}

int utcp_state_network_restore(struct utcp_handle *h, const char *json)
{
	json_t *o = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
	json_t *leases = json_object_get(o, "leases");
	const json_t *last = json_object_get(o, "last");
	struct network net;
	int err;

	utcp_error_clear(&h->error);
	err = network_parse(json, strlen(json), &net);
	if (err || net.assigned || !kept_ok(&net, leases, last))
		err = utcp_error_set(&h->error, LIBUTCP_E_SYSTEM,
				     err ? -err : EBADMSG,
				     "it is no network of sandboxes");
	else
		err = restore_network(h, &net, leases,
				      (uint32_t)json_integer_value(last));
	json_decref(o);
	return err;
}
