// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Removing sandboxes whose files are damaged, or were written by another version.
 *
 * What belongs to one is called as it is, but for its link, which its policy is bound to,
 * and its address, which a lease is for: so there are ways to all of it but the file. What
 * has such a name and is somebody else's is told apart as it is without damage, by its
 * owner.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utcp/acl.h>
#include <utcp/port.h>

#include "error.h"
#include "handle.h"
#include "rundir.h"
#include "sandboxdamaged.h"
#include "sandboxlease.h"
#include "sandboxlink.h"
#include "sandboxmake.h"
#include "sandboxnat.h"
#include "sandboxnetns.h"
#include "sandboxnetwork.h"
#include "sandboxpolicy.h"
#include "sandboxpublish.h"
#include "sandboxrate.h"
#include "sandboxstate.h"
#include "sandboxstep.h"

/* Its link is what a policy of its own is bound to, whatever the file says. */
static int find_link(struct job *job, bool *known)
{
	struct utcp_sandbox *sb = &job->sb;
	struct utcp_acl_binding *list = NULL;
	size_t n = 0;
	int err = policy_is_own(job->h, sb);

	if (err <= 0)
		return err;
	err = utcp_acl_binding_list(job->h, sb->name, &list, &n);
	if (err && handle_is_gone(job->h))
		err = 0;
	for (size_t i = 0; !err && i < n; i++) {
		if (list[i].kind != UTCP_ACL_BINDING_KIND_PORT)
			continue;
		*known = true;
		snprintf(sb->dev, sizeof(sb->dev), "%s", list[i].name);
		sb->mode = sandbox_dev_ok(sb->dev) ? LIBUTCP_SANDBOX_CUSTOM :
						     LIBUTCP_SANDBOX_ADOPTED;
	}
	free(list);
	return err;
}

static int remove_link(struct job *job)
{
	struct link_info link = { 0 };
	int err;

	if (!job->sb.dev[0])
		return 0;
	if (job->sb.mode != LIBUTCP_SANDBOX_ADOPTED)
		return link_del(job->r, job->sb.dev);
	err = link_get(job->r, job->sb.dev, &link);
	if (err)
		return err == -ENODEV ? 0 : err;
	/* Bound to what is not this sandbox's, it is another's by now. */
	err = policy_holds(job->h, &job->sb);
	if (err <= 0)
		return err;
	err = rate_unbind(job->h, &job->sb);
	return err ? err : policy_unbind(job->h, &job->sb);
}

static int remove_namespace(struct job *job)
{
	if (job->sb.mode == LIBUTCP_SANDBOX_ADOPTED || job->sb.netns[0] ||
	    !sandbox_netns_exists(job->sb.name))
		return 0;
	return sandbox_netns_del(job->sb.name, &job->h->error);
}

static int remove_rate(struct job *job)
{
	/* Which ones there are is not known. */
	job->sb.rate_in = 1;
	job->sb.rate_out = 1;
	return rate_remove(job->h, &job->sb);
}

static int remove_policy(struct job *job)
{
	return policy_remove(job->h, &job->sb);
}

static int remove_ports(struct job *job)
{
	return nat_publish_del(job->sb.name, &job->h->error);
}

static int remove_addresses(struct job *job)
{
	struct utcp_error *e = &job->h->error;
	char **bridges;
	size_t n;
	int err = rundir_names(NETWORK_DIR, &bridges, &n, e);

	for (size_t i = 0; !err && i < n; i++) {
		struct network net;

		err = lease_forget(bridges[i], job->sb.name, e);
		if (err > 0)
			err = job_network(job->r, bridges[i], &net) < 0 ?
				      0 :
				      job_end_network(job->r, &net);
	}
	rundir_names_free(bridges, n);
	return err;
}

static int remove_file(struct job *job)
{
	int err = rundir_remove(STATE_DIR, job->sb.name, &job->h->error);

	/* the ports that it has written down are those of nobody now */
	return err ? err : publish_sweep(&job->h->error);
}

static int remove_all(struct job *job)
{
	static const struct {
		int (*run)(struct job *job);
	} removers[] = {
		{ remove_ports }, { remove_link },   { remove_namespace },
		{ remove_rate },  { remove_policy }, { remove_addresses },
	};
	struct utcp_error first = { 0 };
	int err = 0;

	for (size_t i = 0; i < sizeof(removers) / sizeof(removers[0]); i++) {
		int failed = removers[i].run(job);

		if (failed && !err) {
			err = failed;
			first = job->h->error;
		}
	}
	if (err)
		job->h->error = first;
	return err ? err : remove_file(job);
}

int damaged_remove(struct job *job, const char *name, bool adopted)
{
	bool known, is;
	int err;

	known = state_salvage(name, &job->sb);
	/* Without it, of all that can be found the host is this one. */
	if (job->sb.host_ns) {
		err = job_check_host(job);
		if (err)
			return err;
	}
	err = find_link(job, &known);
	if (err)
		return err;
	is = job->sb.mode == LIBUTCP_SANDBOX_ADOPTED;
	if (known && adopted != is)
		return sandbox_wrong_verb(job->h, adopted);
	/* Who says so knows it. */
	if (adopted)
		job->sb.mode = LIBUTCP_SANDBOX_ADOPTED;
	return remove_all(job);
}
