// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Making and removing sandboxes.
 *
 * What has one of a sandbox's names before its first step is somebody else's, and the
 * sandbox is refused: so that what has one later is its own, and may be removed with it.
 *
 * All of this happens under the lock of the rundir: who has it knows that what is
 * half there was left by somebody who died.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "error.h"
#include "handle.h"
#include "rundir.h"
#include "sandboxbridge.h"
#include "sandboxlink.h"
#include "sandboxnetns.h"
#include "sandboxmake.h"
#include "sandboxpolicy.h"
#include "sandboxprocess.h"
#include "sandboxrate.h"
#include "sandboxstate.h"
#include "sandboxstep.h"

static int refuse(struct utcp_handle *h, int err, const char *what)
{
	return utcp_error_set(&h->error, LIBUTCP_E_REFUSED, err, "%s", what);
}

static int check_config(struct utcp_handle *h,
			const struct utcp_sandbox_config *c)
{
	const char *wrong = NULL;

	if (!c->name || !sandbox_name_ok(c->name))
		return utcp_error_set(
			&h->error, LIBUTCP_E_ARGUMENT, EINVAL,
			"a name of a sandbox is 1 to %d letters, digits, '.', '_' and '-', the first of them a letter or digit",
			LIBUTCP_SANDBOX_NAME_MAX);
	if (c->bridge && !bridge_name_ok(c->bridge))
		return utcp_error_set(&h->error, LIBUTCP_E_ARGUMENT, EINVAL,
				      "\"%s\" is no name of a bridge",
				      c->bridge);
	if (c->mode != LIBUTCP_SANDBOX_BRIDGED &&
	    c->mode != LIBUTCP_SANDBOX_CUSTOM &&
	    (c->rate_in || c->rate_out || c->n_publish || c->bridge || c->subnet4.len ||
	     c->subnet6.len))
		wrong = "a sandbox of this mode has no link";
	else if (c->mode == LIBUTCP_SANDBOX_HOST_LOOPBACK && !c->n_services)
		wrong = "a sandbox of mode host-loopback has a service at least";
	else if (c->mode != LIBUTCP_SANDBOX_HOST_LOOPBACK && c->n_services)
		wrong = "only a sandbox of mode host-loopback has services";
	else if (c->n_services > LIBUTCP_SANDBOX_SERVICES_MAX)
		wrong = "a sandbox has 16 services at most";
	else if (c->mode != LIBUTCP_SANDBOX_CUSTOM && c->n_rules)
		wrong = "only a sandbox of mode custom has rules";
	else if (c->n_publish > LIBUTCP_SANDBOX_PUBLISH_MAX)
		wrong = "a sandbox publishes 16 ports at most";
	if (wrong)
		return utcp_error_set(&h->error, LIBUTCP_E_ARGUMENT, EINVAL,
				      "%s", wrong);
	return 0;
}

/* Another sandbox that publishes a port of those that this one wants to. */
static int check_publish(struct job *job)
{
	struct utcp_sandbox other;
	char **names;
	int err = 0;
	size_t n;

	if (!job->sb.n_publish)
		return 0;
	err = rundir_names(STATE_DIR, &names, &n, &job->h->error);
	for (size_t i = 0; !err && i < n; i++) {
		struct utcp_error ignored;

		if (state_load(names[i], &other, &ignored))
			continue;
		for (size_t a = 0; a < other.n_publish * job->sb.n_publish;
		     a++) {
			const struct utcp_sandbox_publish *p =
				&other.publish[a / job->sb.n_publish];
			const struct utcp_sandbox_publish *q =
				&job->sb.publish[a % job->sb.n_publish];

			if (p->proto == q->proto && p->host == q->host) {
				err = utcp_error_set(
					&job->h->error, LIBUTCP_E_BUSY,
					EADDRINUSE,
					"\"%s\" publishes port %u already",
					other.name, p->host);
				break;
			}
		}
	}
	rundir_names_free(names, n);
	return err;
}

/* Nothing of this name may be there: it would be taken for the sandbox's. */
static int check_free(struct job *job)
{
	struct link_info link = { 0 };
	int err;

	if (sandbox_netns_exists(job->sb.name))
		return refuse(job->h, EEXIST,
			      "there is a network namespace of that name");
	if (!sandbox_has_link(&job->sb))
		return 0;
	err = link_get(job->r, job->sb.dev, &link);
	if (!err)
		return refuse(job->h, EEXIST,
			      "there is a device of the name of its link");
	if (err != -ENODEV)
		return err;
	err = policy_free(job->h, &job->sb);
	if (!err && (job->sb.rate_in || job->sb.rate_out))
		err = rate_free(job->h, &job->sb);
	return err ? err : check_publish(job);
}

static int describe(struct job *job, const struct utcp_sandbox_config *c)
{
	struct utcp_sandbox *sb = &job->sb;
	const uint8_t *id = (const uint8_t *)&sb->id;
	int err;

	snprintf(sb->name, sizeof(sb->name), "%s", c->name);
	sb->mode = c->mode;
	err = sandbox_netns_own(&sb->host_ns, &job->h->error);
	if (err)
		return err;
	if (getrandom(&sb->id, sizeof(sb->id), 0) != sizeof(sb->id))
		return refuse(job->h, EIO, "no random numbers");
	if (c->ends_with_caller) {
		sb->runner = getpid();
		if (!process_start(sb->runner, &sb->runner_start))
			return refuse(job->h, EIO,
				      "cannot read /proc/self/stat");
	}
	for (; sb->n_services < c->n_services; sb->n_services++)
		sb->services[sb->n_services] = c->services[sb->n_services];
	if (!sandbox_has_link(sb))
		return 0;
	snprintf(sb->bridge, sizeof(sb->bridge), "%s",
		 c->bridge ? c->bridge : LIBUTCP_SANDBOX_BRIDGE);
	snprintf(sb->dev, sizeof(sb->dev), "sbx%08x", sb->id);
	sb->mac[0] = 0x02;
	sb->mac[1] = 0x75;
	memcpy(&sb->mac[2], id, 4);
	sb->rate_in = c->rate_in;
	sb->rate_out = c->rate_out;
	for (; sb->n_publish < c->n_publish; sb->n_publish++)
		sb->publish[sb->n_publish] = c->publish[sb->n_publish];
	return 0;
}

/* What a dead maker has left under the name makes room; what lives does not. */
static int make_room(struct utcp_handle *h, const char *name)
{
	struct job job;
	int err = job_begin(&job, h);

	if (err)
		return err;
	err = state_load(name, &job.sb, &h->error);
	if (err == -ENOENT)
		err = 0;
	else if (!err && job.sb.phase == LIBUTCP_SANDBOX_READY)
		err = refuse(h, EEXIST, "there is a sandbox of that name");
	else if (!err && job_check_host(&job))
		err = -EXDEV;
	else if (!err)
		err = job_remove(&job);
	job_end(&job);
	return err;
}

static int create_locked(struct utcp_handle *h,
			 const struct utcp_sandbox_config *c,
			 struct utcp_sandbox *sandbox)
{
	struct job job;
	int err = make_room(h, c->name);

	if (err)
		return err;
	err = job_begin(&job, h);
	if (err)
		return err;
	job.config = c;
	err = describe(&job, c);
	if (!err)
		err = check_free(&job);
	if (!err)
		err = job_make(&job);
	if (!err && sandbox)
		*sandbox = job.sb;
	job_end(&job);
	return err;
}

int utcp_sandbox_create(struct utcp_handle *h,
			const struct utcp_sandbox_config *config,
			struct utcp_sandbox *sandbox)
{
	int lock, err;

	utcp_error_clear(&h->error);
	err = check_config(h, config);
	if (err)
		return err;
	lock = rundir_lock(h->timeout_ms, &h->error);
	if (lock < 0)
		return lock;
	err = create_locked(h, config, sandbox);
	close(lock);
	return err;
}

int job_check_host(struct job *job)
{
	uint64_t own;
	int err = sandbox_netns_own(&own, &job->h->error);

	if (!err && own != job->sb.host_ns)
		err = refuse(job->h, EXDEV,
			     "its link leads to another network namespace");
	return err;
}

static int delete_locked(struct utcp_handle *h, const char *name,
			 struct utcp_sandbox *was)
{
	struct job job;
	int err = job_begin(&job, h);

	if (err)
		return err;
	err = state_load(name, &job.sb, &h->error);
	if (!err)
		err = job_check_host(&job);
	if (!err) {
		*was = job.sb;
		err = job_remove(&job);
	} else if (err == -ENOENT) {
		err = 0;
	}
	job_end(&job);
	return err;
}

int utcp_sandbox_delete(struct utcp_handle *h, const char *name,
			struct utcp_sandbox *was)
{
	int lock, err;

	memset(was, 0, sizeof(*was));
	utcp_error_clear(&h->error);
	lock = rundir_lock(h->timeout_ms, &h->error);
	if (lock < 0)
		return lock;
	err = delete_locked(h, name, was);
	close(lock);
	return err;
}
