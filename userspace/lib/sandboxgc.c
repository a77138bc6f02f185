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
#include "sandboxlease.h"
#include "sandboxlink.h"
#include "sandboxmake.h"
#include "sandboxnetns.h"
#include "sandboxnetwork.h"
#include "sandboxpool.h"
#include "sandboxprocess.h"
#include "sandboxpublish.h"
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

bool job_is_leftover(const struct job *job)
{
	const struct utcp_sandbox *sb = &job->sb;

	if (sb->phase == LIBUTCP_SANDBOX_POOLED)
		return !pool_has(sb) || !sandbox_netns_exists(sb->name) ||
		       !link_is_there(job);
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
		bool other = false;
		int failed;

		/* No sandbox ever was called so. */
		if (!sandbox_name_ok(names[i]))
			continue;
		failed = job_begin(&job, h);
		if (!failed)
			failed = state_load(names[i], &job.sb, &h->error);
		if (!failed)
			other = job_check_host(&job) || !job_is_leftover(&job);
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

/* Whose addresses are looked at. */
struct leases {
	const struct network *net;
	struct utcp_error *e;
};

static int gc_lease(const char *name, uint32_t host, void *arg)
{
	const struct leases *leases = arg;
	struct utcp_sandbox sb;

	if (state_load(name, &sb, leases->e) != -ENOENT)
		return 0;
	return lease_drop(leases->net, name, host, leases->e);
}

/* Addresses of sandboxes whose files somebody has removed. */
static int gc_network(struct rtnl *r, const char *bridge)
{
	struct network net;
	struct leases leases = { &net, r->e };
	int err = network_load(bridge, &net, r->e);

	if (!err)
		err = lease_each(bridge, gc_lease, &leases, r->e);
	return err ? err : job_end_network(r, &net);
}

static int gc_networks(struct utcp_handle *h)
{
	struct utcp_error first = { 0 };
	struct job job;
	char **names = NULL;
	size_t n = 0;
	int err = job_begin(&job, h);

	if (!err)
		err = rundir_names(NETWORK_DIR, &names, &n, &h->error);
	if (err)
		first = h->error;
	/* One that is damaged does not keep the others. */
	for (size_t i = 0; i < n; i++) {
		int failed = gc_network(job.r, names[i]);

		if (failed && !err) {
			err = failed;
			first = h->error;
		}
	}
	if (err)
		h->error = first;
	rundir_names_free(names, n);
	job_end(&job);
	return err;
}

static int sweep_ports(struct utcp_handle *h)
{
	return publish_sweep(&h->error);
}

/* What writers that have died have left. */
static int sweep_parts(struct utcp_handle *h)
{
	static const char *const subs[] = { STATE_DIR, NETWORK_DIR, LEASE_DIR };
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(subs) / sizeof(subs[0]); i++)
		err = rundir_sweep(subs[i], &h->error);
	return err;
}

int utcp_sandbox_gc(struct utcp_handle *h,
		    void (*take)(const struct utcp_sandbox *was, void *arg),
		    void *arg)
{
	static const struct {
		int (*run)(struct utcp_handle *h);
	} sweepers[] = {
		{ pool_sweep },
		{ sweep_ports },
		{ gc_networks },
		{ sweep_parts },
	};
	struct utcp_error first;
	int lock, err;

	utcp_error_clear(&h->error);
	lock = rundir_lock(h->timeout_ms, &h->error);
	if (lock < 0)
		return lock;
	err = gc_sandboxes(h, take, arg);
	first = h->error;
	/* Whatever goes wrong with some, the others are looked at. */
	for (size_t i = 0; i < sizeof(sweepers) / sizeof(sweepers[0]); i++) {
		int failed = sweepers[i].run(h);

		if (failed && !err) {
			err = failed;
			first = h->error;
		}
	}
	if (err)
		h->error = first;
	close(lock);
	return err;
}
