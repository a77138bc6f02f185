// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Whether all is there that a sandbox has.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netlink.h>

#include "error.h"
#include "handle.h"
#include "rtnl.h"
#include "sandboxlink.h"
#include "sandboxmake.h"
#include "sandboxnat.h"
#include "sandboxnetns.h"
#include "sandboxpolicy.h"
#include "sandboxrate.h"
#include "sandboxstate.h"
#include "sandboxstep.h"

/* Said in full: there is no errno that explains it. */
static int missing(struct utcp_handle *h, const char *what)
{
	utcp_error_set(&h->error, LIBUTCP_E_REFUSED, ESTALE, "%s", what);
	h->error.err = 0;
	return -ESTALE;
}

/* --- the host's side ----------------------------------------------------------------------- */

static int verify_host(struct job *job)
{
	const struct utcp_sandbox *sb = &job->sb;
	struct link_info link = { 0 }, bridge = { 0 };
	int err = link_get(job->r, sb->dev, &link);

	if (err == -ENODEV ||
	    (!err && sb->ifindex && link.index != sb->ifindex))
		return missing(job->h, "its link is gone");
	if (!err && !link.up)
		return missing(job->h, "its link is down on the host's side");
	if (err || !sandbox_has_link(sb))
		return err;
	err = link_get(job->r, sb->bridge, &bridge);
	if (err == -ENODEV || (!err && link.master != bridge.index))
		return missing(job->h,
			       "its link does not belong to its bridge");
	return err;
}

/* Its way out of the host is one for the whole network. */
static int verify_network(struct job *job)
{
	struct utcp_error *e = &job->h->error;
	struct network net;
	int err;

	if (!sandbox_has_link(&job->sb))
		return 0;
	err = network_load(job->sb.bridge, &net, e);
	if (!err && !net.no_masquerade && !nat_network_is(net.bridge, e))
		err = missing(job->h, "its network is not masqueraded");
	return err;
}

static bool binds(const struct utcp_acl_binding *binding,
		  const struct utcp_sandbox_prefix *address)
{
	size_t len = address->is6 ? 16 : 4;

	for (uint32_t i = 0; i < binding->addrs; i++)
		if (binding->addr[i].is6 == address->is6 &&
		    memcmp(binding->addr[i].addr, address->addr, len) == 0)
			return true;
	return !address->len;
}

static int verify_policy(struct job *job)
{
	const struct utcp_sandbox *sb = &job->sb;
	struct utcp_acl_binding binding;
	int err = policy_stats(job->h, sb, &binding);

	if (!err)
		err = policy_verify(job->h, sb);
	if (err || !sandbox_has_link(sb))
		return err;
	if (!binding.has_mac || memcmp(binding.mac, sb->mac, 6) != 0 ||
	    !binds(&binding, &sb->addr4) || !binds(&binding, &sb->addr6))
		return missing(
			job->h,
			"its link is bound to other addresses than its own");
	return 0;
}

/* --- its own side --------------------------------------------------------------------------- */

/* Addresses that are looked for, and whether they were seen. */
struct addresses {
	const struct utcp_sandbox *sb;
	bool seen4, seen6;
};

static bool same_address(const struct utcp_sandbox_prefix *a,
			 const struct utcp_sandbox_prefix *b)
{
	return a->is6 == b->is6 &&
	       memcmp(a->addr, b->addr, a->is6 ? 16 : 4) == 0;
}

static int take_address(const struct utcp_sandbox_prefix *address, void *arg)
{
	struct addresses *a = arg;

	a->seen4 |= same_address(address, &a->sb->addr4);
	a->seen6 |= same_address(address, &a->sb->addr6);
	return 0;
}

static int verify_inside(struct job *job, struct rtnl *r,
			 const struct utcp_sandbox_route *routes,
			 size_t n_routes)
{
	const struct utcp_sandbox *sb = &job->sb;
	struct addresses a = { .sb = sb };
	struct link_info link = { 0 };
	int err = link_get(r, sandbox_ifname(sb), &link);

	if (err == -ENODEV)
		return missing(job->h, "its link is gone in its namespace");
	if (!err && !link.up)
		return missing(job->h, "its link is down in its namespace");
	if (!err && memcmp(link.mac, sb->mac, 6) != 0)
		return missing(job->h, "its link has another MAC address");
	if (!err)
		err = link_address_each(r, link.index, take_address, &a);
	if (!err &&
	    ((sb->addr4.len && !a.seen4) || (sb->addr6.len && !a.seen6)))
		return missing(job->h, "its link has not its addresses");
	for (size_t i = 0; !err && i < n_routes; i++) {
		err = link_route_is(r, link.index, &routes[i].dst,
				    &routes[i].gateway);
		if (err == -ENOENT)
			return missing(job->h, "a route is gone");
	}
	return err;
}

static int verify_netns(struct job *job,
			const struct utcp_sandbox_route *routes,
			size_t n_routes)
{
	struct rtnl *r;
	int err;

	/* One that was adopted by its device has a namespace that is not known. */
	if (job->sb.mode == LIBUTCP_SANDBOX_ADOPTED && !job->sb.netns[0])
		return 0;
	job->netns = sandbox_netns_open(&job->sb, &job->h->error);
	if (job->netns < 0 || !sandbox_has_link(&job->sb))
		return job->netns < 0 ? job->netns : 0;
	r = malloc(sizeof(*r));
	if (!r)
		return utcp_error_set(&job->h->error, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	err = rtnl_open(r, job->netns, NETLINK_ROUTE, &job->h->error);
	if (!err)
		err = verify_inside(job, r, routes, n_routes);
	rtnl_close(r);
	free(r);
	return err;
}

static int verify(struct job *job, const struct utcp_sandbox_route *routes,
		  size_t n_routes)
{
	int err = verify_netns(job, routes, n_routes);

	if (!err && sandbox_is_bound(&job->sb)) {
		err = verify_host(job);
		if (!err)
			err = verify_policy(job);
		if (!err)
			err = rate_verify(job->h, &job->sb);
	}
	if (!err && job->sb.n_publish &&
	    !nat_publish_is(job->sb.name, &job->h->error))
		err = missing(job->h, "its ports are not published");
	if (!err)
		err = verify_network(job);
	/* The sandbox is there; something of it is not. */
	if (err && job->h->error.code == LIBUTCP_E_NOT_FOUND)
		job->h->error.code = LIBUTCP_E_REFUSED;
	return err;
}

int utcp_sandbox_verify(struct utcp_handle *h, const char *name,
			const struct utcp_sandbox_route *routes,
			size_t n_routes, struct utcp_sandbox *sandbox)
{
	struct job job;
	int err;

	utcp_error_clear(&h->error);
	err = job_begin(&job, h);
	if (!err)
		err = state_load(name, &job.sb, &h->error);
	if (!err)
		err = job_check_host(&job);
	if (!err && job.sb.phase != LIBUTCP_SANDBOX_READY)
		err = utcp_error_set(&h->error, LIBUTCP_E_BUSY, EBUSY,
				     "the sandbox is not complete");
	if (!err)
		err = verify(&job, routes, n_routes);
	if (!err && sandbox)
		*sandbox = job.sb;
	job_end(&job);
	return err;
}
