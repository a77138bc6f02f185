// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Numbers of sandboxes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netlink.h>
#include <utcp/aclflow.h>

#include "error.h"
#include "handle.h"
#include "rtnl.h"
#include "sandboxlink.h"
#include "sandboxmake.h"
#include "sandboxpolicy.h"
#include "sandboxrate.h"
#include "sandboxstate.h"
#include "sandboxstep.h"

static int count(const struct utcp_acl_flow *flow, void *arg)
{
	uint64_t *n = arg;

	(void)flow;
	(*n)++;
	return 0;
}

/* What the host's side receives is what the sandbox sends. */
static int link_stats(struct job *job, struct utcp_sandbox_stats *stats)
{
	struct link_info link = { 0 };
	int err = link_get(job->r, job->sb.dev, &link);

	stats->out.packets = link.rx_packets;
	stats->out.bytes = link.rx_bytes;
	stats->in.packets = link.tx_packets;
	stats->in.bytes = link.tx_bytes;
	return err;
}

int utcp_sandbox_stats(struct utcp_handle *h, const char *name,
		       struct utcp_sandbox_stats *stats)
{
	struct job job;
	int err;

	utcp_error_clear(&h->error);
	memset(stats, 0, sizeof(*stats));
	err = job_begin(&job, h);
	if (!err)
		err = state_load(name, &job.sb, &h->error);
	if (!err)
		err = job_check_host(&job);
	if (!err && !sandbox_is_bound(&job.sb))
		err = utcp_error_set(&h->error, LIBUTCP_E_ARGUMENT, EINVAL,
				     "a sandbox of this mode has no link");
	if (!err)
		err = link_stats(&job, stats);
	if (!err)
		err = policy_stats(h, &job.sb, &stats->policy);
	if (!err)
		err = rate_stats(h, &job.sb, stats);
	if (!err)
		err = utcp_acl_flow_each(h, job.sb.dev, count, &stats->flows);
	job_end(&job);
	return err;
}
