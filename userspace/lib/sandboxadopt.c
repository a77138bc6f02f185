// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Finding links that somebody else has made.
 *
 * A namespace is where a veth device is whose other end is here. Both ends have to say
 * so: what is inside a namespace is said by who is inside, and must not lead to a device
 * that belongs to others.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/netlink.h>

#include "error.h"
#include "handle.h"
#include "netns.h"
#include "rtnl.h"
#include "sandboxadopt.h"
#include "sandboxlink.h"
#include "sandboxnetns.h"
#include "sandboxstate.h"
#include "sandboxstep.h"

/* Links of a namespace that may be meant. */
struct search {
	struct link_info found;
	size_t n;
};

static int take_link(const struct link_info *info, void *arg)
{
	struct search *s = arg;

	if (info->peer) {
		s->found = *info;
		s->n++;
	}
	return 0;
}

static int find_inside(struct rtnl *r, const char *ifname,
		       struct link_info *inside)
{
	struct search s = { .n = 0 };
	int err;

	if (ifname) {
		err = link_get(r, ifname, inside);
		if (!err && !inside->peer)
			err = utcp_error_set(
				r->e, LIBUTCP_E_REFUSED, EOPNOTSUPP,
				"\"%s\" is no veth device whose other end is elsewhere",
				ifname);
		return err;
	}
	err = link_each(r, take_link, &s);
	if (err)
		return err;
	*inside = s.found;
	if (s.n == 1)
		return 0;
	return utcp_error_set(r->e, LIBUTCP_E_REFUSED, s.n ? E2BIG : ENODEV,
			      "the namespace has %zu links of veth devices%s",
			      s.n, s.n ? ": say which" : "");
}

/* The other end, if it is here, and says so itself. */
static int find_host(struct job *job, int netns, const struct link_info *inside,
		     struct link_info *host)
{
	int32_t nsid;
	int err = link_nsid(job->r, netns, &nsid);

	if (!err)
		err = link_get_index(job->r, inside->peer, host);
	if (err && err != -ENODEV)
		return err;
	if (!err && host->peer == inside->index && host->nsid == nsid &&
	    nsid >= 0)
		return 0;
	return utcp_error_set(&job->h->error, LIBUTCP_E_REFUSED, ENODEV,
			      "the other end of \"%s\" is not here",
			      inside->name);
}

/* Addresses of the link, and whether there are more than a binding can have. */
struct addresses {
	struct utcp_acl_binding *own;
	bool too_many;
};

static int take_address(const struct utcp_sandbox_prefix *address, void *arg)
{
	struct addresses *a = arg;
	struct utcp_acl_address *to;

	if (a->own->addrs == LIBUTCP_ACL_ADDRS_MAX) {
		a->too_many = true;
		return 0;
	}
	to = &a->own->addr[a->own->addrs++];
	to->is6 = address->is6;
	memcpy(to->addr, address->addr, sizeof(to->addr));
	return 0;
}

static int take_own(struct rtnl *r, const struct link_info *inside,
		    struct utcp_acl_binding *own)
{
	struct addresses a = { .own = own };
	int err;

	own->has_mac = true;
	memcpy(own->mac, inside->mac, sizeof(own->mac));
	err = link_address_each(r, inside->index, take_address, &a);
	if (!err && a.too_many)
		err = utcp_error_set(r->e, LIBUTCP_E_REFUSED, E2BIG,
				     "\"%s\" has more than %d addresses",
				     inside->name, LIBUTCP_ACL_ADDRS_MAX);
	else if (!err && !own->addrs)
		err = utcp_error_set(
			r->e, LIBUTCP_E_REFUSED, EADDRNOTAVAIL,
			"\"%s\" has no address yet: say which it may use",
			inside->name);
	return err;
}

/* One address of each family stands for the sandbox: where published ports lead. */
static void describe(struct utcp_sandbox *sb,
		     const struct utcp_acl_binding *own)
{
	memcpy(sb->mac, own->mac, sizeof(sb->mac));
	for (uint32_t i = 0; i < own->addrs; i++) {
		const struct utcp_acl_address *from = &own->addr[i];
		bool local = from->is6 && from->addr[0] == 0xfe &&
			     (from->addr[1] & 0xc0) == 0x80;
		struct utcp_sandbox_prefix *to = !from->is6 ? &sb->addr4 :
						 local	    ? &sb->ll6 :
							      &sb->addr6;

		if (to->len)
			continue;
		to->is6 = from->is6;
		to->len = from->is6 ? 128 : 32;
		memcpy(to->addr, from->addr, sizeof(to->addr));
	}
}

static int find_by_netns(struct job *job, struct link_info *host,
			 struct utcp_acl_binding *own)
{
	const struct utcp_sandbox_config *c = job->config;
	struct rtnl *r = malloc(sizeof(*r));
	struct link_info inside = { 0 };
	int err;

	if (!r)
		return utcp_error_set(&job->h->error, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	memset(r, 0, sizeof(*r));
	job->netns = netns_open(c->netns, &job->h->error);
	err = job->netns < 0 ?
		      job->netns :
		      sandbox_netns_note(&job->sb, job->netns, &job->h->error);
	if (!err)
		err = rtnl_open(r, job->netns, NETLINK_ROUTE, &job->h->error);
	if (!err)
		err = find_inside(r, c->ifname, &inside);
	if (!err)
		err = find_host(job, job->netns, &inside, host);
	if (!err && !c->own)
		err = take_own(r, &inside, own);
	rtnl_close(r);
	free(r);
	return err;
}

int adopt_find(struct job *job, struct utcp_acl_binding *own)
{
	const struct utcp_sandbox_config *c = job->config;
	struct link_info host = { 0 };
	int err = 0;

	if (c->own)
		*own = *c->own;
	if (c->netns)
		err = find_by_netns(job, &host, own);
	else
		err = link_get(job->r, c->dev, &host);
	if (!err && c->dev && strcmp(host.name, c->dev) != 0)
		err = utcp_error_set(
			&job->h->error, LIBUTCP_E_REFUSED, ENODEV,
			"the link of the namespace is \"%s\", not \"%.15s\"",
			host.name, c->dev);
	if (err)
		return err;
	snprintf(job->sb.dev, sizeof(job->sb.dev), "%s", host.name);
	job->sb.ifindex = host.index;
	job->own = own;
	describe(&job->sb, own);
	if (job->sb.n_publish && !job->sb.addr4.len)
		return utcp_error_set(
			&job->h->error, LIBUTCP_E_ARGUMENT, EINVAL,
			"ports are published by IPv4, and the sandbox has no address of it");
	return 0;
}
