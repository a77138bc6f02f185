// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What sandboxes that are none any more have left behind.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "handle.h"
#include "rtnl.h"
#include "rundir.h"
#include "sandboxlink.h"
#include "sandboxmake.h"
#include "sandboxnetns.h"
#include "sandboxprocess.h"
#include "sandboxstate.h"
#include "sandboxstep.h"

/* Is the link still there that leads to a namespace of others? */
static bool link_is_there(const struct job *job)
{
	struct link_info link = { 0 };
	int err = link_get(job->r, job->sb.dev, &link);

	/* Who cannot know leaves it. */
	if (err)
		return err != -ENODEV;
	return !job->sb.ifindex || link.index == job->sb.ifindex;
}

static bool is_leftover(const struct job *job)
{
	const struct utcp_sandbox *sb = &job->sb;

	if (sb->phase != LIBUTCP_SANDBOX_READY ||
	    (sb->runner && !process_lives(sb->runner, sb->runner_start)))
		return true;
	if (sb->mode == LIBUTCP_SANDBOX_ADOPTED || sb->netns[0])
		return !link_is_there(job);
	return !sandbox_netns_exists(sb->name);
}

static int gc_sandboxes(struct utcp_handle *h,
			void (*take)(const struct utcp_sandbox *was, void *arg),
			void *arg)
{
	struct utcp_error first = { 0 };
	char **names;
	size_t n;
	int err = rundir_names(STATE_DIR, &names, &n, &h->error);

	if (err)
		return err;
	for (size_t i = 0; i < n; i++) {
		struct job job;
		int failed = job_begin(&job, h);
		bool other = false;

		if (!failed)
			failed = state_load(names[i], &job.sb, &h->error);
		if (!failed)
			other = job_check_host(&job) || !is_leftover(&job);
		if (!failed && !other) {
			const struct utcp_sandbox was = job.sb;

			failed = job_remove(&job);
			if (!failed && take)
				take(&was, arg);
		}
		job_end(&job);
		if (failed && !err) {
			err = failed;
			first = h->error;
		}
	}
	rundir_names_free(names, n);
	if (err)
		h->error = first;
	return err;
}

/* Addresses of sandboxes whose files somebody has removed. */
static int gc_network(struct rtnl *r, const char *bridge)
{
	struct network net;
	int err = network_load(bridge, &net, r->e);

	if (err)
		return err;
	for (size_t i = 0; !err && i < net.n; i++) {
		struct utcp_sandbox sb;

		if (state_load(net.leases[i].name, &sb, r->e) == -ENOENT)
			err = job_drop_address(r, bridge, net.leases[i].name);
	}
	if (!err && !net.n)
		err = job_drop_address(r, bridge, "");
	network_free(&net);
	return err;
}

static int gc_networks(struct utcp_handle *h)
{
	struct job job;
	char **names = NULL;
	size_t n = 0;
	int err = job_begin(&job, h);

	if (!err)
		err = rundir_names(LEASE_DIR, &names, &n, &h->error);
	for (size_t i = 0; !err && i < n; i++)
		err = gc_network(job.r, names[i]);
	rundir_names_free(names, n);
	job_end(&job);
	return err;
}

int utcp_sandbox_gc(struct utcp_handle *h,
		    void (*take)(const struct utcp_sandbox *was, void *arg),
		    void *arg)
{
	struct utcp_error first;
	int lock, err, also;

	utcp_error_clear(&h->error);
	lock = rundir_lock(h->timeout_ms, &h->error);
	if (lock < 0)
		return lock;
	err = gc_sandboxes(h, take, arg);
	first = h->error;
	also = gc_networks(h);
	if (!also)
		also = rundir_sweep(STATE_DIR, &h->error);
	if (!also)
		also = rundir_sweep(LEASE_DIR, &h->error);
	if (err)
		h->error = first;
	else
		err = also;
	close(lock);
	return err;
}
