// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A sandbox's own side: its loopback, and its link's addresses and routes.
 *
 * A namespace that is made for a sandbox is entered once, by the thread that makes it. A device
 * that comes to be there is to ignore routers from the first on; that thread has the namespace's
 * default say so, and holds the file of it open until the link is there.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/netlink.h>

#include "error.h"
#include "handle.h"
#include "rtnl.h"
#include "sandboxinside.h"
#include "sandboxlink.h"
#include "sandboxnetns.h"
#include "sandboxstate.h"
#include "sandboxstep.h"

/* Linux gives it to the loopback of each namespace. */
#define LOOPBACK_INDEX 1

#define CONF "/proc/sys/net/ipv6/conf/%s/accept_ra"

static int failed(struct job *job, int err, const char *what)
{
	return utcp_error_set(&job->h->error, LIBUTCP_E_SYSTEM, -err, "%s: %s",
			      what, strerror(-err));
}

static int open_socket(struct job *job, int netns)
{
	job->inside = malloc(sizeof(*job->inside));
	if (!job->inside)
		return failed(job, -ENOMEM, "its own side");
	return rtnl_open(job->inside, netns, NETLINK_ROUTE, &job->h->error);
}

int inside_open(struct job *job)
{
	return open_socket(job, job->netns);
}

void inside_close(struct job *job)
{
	if (job->accept_ra >= 0)
		close(job->accept_ra);
	job->accept_ra = -1;
	if (job->inside)
		rtnl_close(job->inside);
	free(job->inside);
	job->inside = NULL;
}

static int set_accept_ra(int fd, char to)
{
	return pwrite(fd, &to, 1, 0) == 1 ? 0 : -errno;
}

/* Routers are not asked for addresses: the sandbox has those that were leased. */
static int no_router_adverts(const char *dev)
{
	char path[sizeof(CONF) + 16];
	int fd, err;

	snprintf(path, sizeof(path), CONF, dev);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = set_accept_ra(fd, '0');
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* What is done by a thread that is in the namespace. */
static int be_in_new(void *arg)
{
	struct job *job = arg;
	int err = open_socket(job, -1);

	if (err || !job->sb.addr6.len)
		return err;
	job->accept_ra = no_router_adverts("default");
	return job->accept_ra < 0 ? failed(job, job->accept_ra, "accept_ra") :
				    0;
}

static int be_in_others(void *arg)
{
	int fd = no_router_adverts(arg);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

int inside_new(struct job *job)
{
	return sandbox_netns_add(job->sb.name, &job->netns, be_in_new, job,
				 &job->h->error);
}

int inside_linked(struct job *job)
{
	int err;

	if (job->accept_ra < 0)
		return 0;
	/* as Linux has it, for devices that others make there */
	err = set_accept_ra(job->accept_ra, '1');
	return err ? failed(job, err, "accept_ra") : 0;
}

static int inside_routes(struct job *job, struct rtnl *r, uint32_t index)
{
	static const struct utcp_sandbox_prefix everywhere4,
		everywhere6 = { .is6 = true };
	const struct utcp_sandbox_config *c = job->config;
	const struct utcp_sandbox *sb = &job->sb;
	int err = 0;

	for (size_t i = 0; !err && c->assigned && i < c->n_routes; i++) {
		const struct utcp_sandbox_route *route = &c->routes[i];

		err = link_route(r, index, &route->dst,
				 route->gateway.len ? &route->gateway :
				 route->dst.is6	    ? &sb->gateway6 :
						      &sb->gateway4);
	}
	if (!err && !c->assigned)
		err = link_route(r, index, &everywhere4, &sb->gateway4);
	if (!err && !c->assigned && sb->addr6.len)
		err = link_route(r, index, &everywhere6, &sb->gateway6);
	return err;
}

/* One that others have made is entered, and left as it is but for the link. */
static int no_router_adverts_there(struct job *job)
{
	char dev[16];
	int err;

	snprintf(dev, sizeof(dev), "%s", sandbox_ifname(&job->sb));
	err = sandbox_netns_call(job->netns, be_in_others, dev);
	return err ? failed(job, err, "accept_ra") : 0;
}

static int inside_link(struct job *job, struct rtnl *r)
{
	const struct utcp_sandbox *sb = &job->sb;
	struct link_info link = { 0 };
	int err = link_get(r, sandbox_ifname(sb), &link);

	if (!err && sb->addr6.len && sb->netns[0])
		err = no_router_adverts_there(job);
	if (err)
		return err;
	rtnl_hold(r);
	if (sb->addr6.len) {
		err = link_no_autoconf(r, sandbox_ifname(sb));
		if (!err)
			err = link_address(r, link.index, &sb->ll6);
		if (!err)
			err = link_address(r, link.index, &sb->addr6);
	}
	if (!err)
		err = link_address(r, link.index, &sb->addr4);
	if (!err)
		err = link_up(r, link.index, NULL);
	if (!err)
		err = inside_routes(job, r, link.index);
	return rtnl_flush(r, err);
}

int inside_make(struct job *job)
{
	struct rtnl *r = job->inside;
	int err = 0;

	/* The loopback of a namespace of others is theirs. */
	if (!job->sb.netns[0])
		err = link_up(r, LOOPBACK_INDEX, NULL);
	if (!err && sandbox_has_link(&job->sb))
		err = inside_link(job, r);
	return err;
}
