// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The steps that make a sandbox, and what undoes them.
 *
 * A sandbox is removed by undoing its steps, last first. To undo something that is not
 * there is no failure, so that any leftover is removed as a whole sandbox is. Names of
 * all that a sandbox has follow from its name and its id, which are written down before
 * the first step; the file goes last.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/netlink.h>

#include <utcp/cell.h>
#include <utcp/handle.h>
#include <utcp/port.h>

#include "error.h"
#include "handle.h"
#include "netns.h"
#include "rtnl.h"
#include "rundir.h"
#include "sandboxbridge.h"
#include "sandboxforward.h"
#include "sandboxlink.h"
#include "sandboxnat.h"
#include "sandboxnetns.h"
#include "sandboxpolicy.h"
#include "sandboxrate.h"
#include "sandboxstate.h"
#include "sandboxstep.h"

/**
 * enum scope - which sandboxes have a step
 * @ALL: all
 * @MADE: those that were made, not adopted
 * @LINK: those with a link that is made for them
 * @BOUND: those with a link, whoever has made it
 */
enum scope {
	ALL,
	MADE,
	LINK,
	BOUND,
};

/**
 * struct step - a step
 * @name: its name
 * @what: what it is, for messages
 * @scope: which sandboxes have it
 * @make: does it; 0, or a negative errno with the handle's error set
 * @undo: undoes it, the same; NULL if it goes with an earlier step
 */
struct step {
	const char *name;
	const char *what;
	enum scope scope;
	int (*make)(struct job *job);
	int (*undo)(struct job *job);
};

/* --- the file -------------------------------------------------------------------------- */

static int make_state(struct job *job)
{
	job->sb.phase = LIBUTCP_SANDBOX_CREATING;
	return state_save(&job->sb, &job->h->error);
}

static int undo_state(struct job *job)
{
	return rundir_remove(STATE_DIR, job->sb.name, &job->h->error);
}

static int make_ready(struct job *job)
{
	job->sb.phase = LIBUTCP_SANDBOX_READY;
	return state_save(&job->sb, &job->h->error);
}

/* --- its address ------------------------------------------------------------------------ */

static void link_local(const uint8_t mac[6], struct utcp_sandbox_prefix *ll)
{
	const uint8_t addr[16] = { 0xfe,       0x80,   0,      0,
				   0,	       0,      0,      0,
				   mac[0] ^ 2, mac[1], mac[2], 0xff,
				   0xfe,       mac[3], mac[4], mac[5] };

	ll->is6 = true;
	ll->len = 64;
	memcpy(ll->addr, addr, sizeof(addr));
}

/* The number of the address that is wanted, or 0. */
static int wanted(struct job *job, uint32_t *want)
{
	const struct utcp_sandbox_config *c = job->config;
	uint32_t want4 = 0, want6 = 0;

	if (c->ip4.len)
		want4 = network_number(&job->net.prefix4, &c->ip4);
	if (c->ip6.len && job->net.prefix6.len)
		want6 = network_number(&job->net.prefix6, &c->ip6);
	if ((c->ip4.len && want4 < LEASE_FIRST) ||
	    (c->ip6.len && want6 < LEASE_FIRST))
		return utcp_error_set(
			&job->h->error, LIBUTCP_E_ARGUMENT, EINVAL,
			"the address that is wanted is none of \"%s\" for sandboxes",
			job->net.bridge);
	if (want4 && want6 && want4 != want6)
		return utcp_error_set(
			&job->h->error, LIBUTCP_E_ARGUMENT, EINVAL,
			"addresses of \"%s\" have the same number in both subnets",
			job->net.bridge);
	*want = want4 ? want4 : want6;
	return 0;
}

static int take_address(struct job *job)
{
	struct utcp_sandbox *sb = &job->sb;
	uint32_t want = 0, host;
	int err = job->net.assigned ? 0 : wanted(job, &want);

	if (err)
		return err;
	err = lease_take(&job->net, sb->name, want, &host);
	if (err)
		return utcp_error_set(
			&job->h->error, LIBUTCP_E_BUSY, -err,
			err == -EADDRINUSE ?
				"another sandbox of \"%s\" has that address" :
				"no address of \"%s\" is free",
			job->net.bridge);
	if (job->net.assigned) {
		sb->addr4 = job->config->ip4;
		sb->addr6 = job->config->ip6;
	} else {
		network_address(&job->net.prefix4, host, &sb->addr4);
		if (job->net.prefix6.len)
			network_address(&job->net.prefix6, host, &sb->addr6);
	}
	return 0;
}

static int make_address(struct job *job)
{
	struct utcp_sandbox *sb = &job->sb;
	int err = bridge_network(job->config, &job->net, &job->h->error);

	if (!err)
		err = take_address(job);
	if (err)
		return err;
	network_gateway(&job->net, false, &sb->gateway4);
	if (sb->addr6.len) {
		network_gateway(&job->net, true, &sb->gateway6);
		link_local(sb->mac, &sb->ll6);
	}
	return network_save(&job->net, &job->h->error);
}

/* The network goes with its last sandbox. */
int job_drop_address(struct rtnl *r, const char *bridge, const char *name)
{
	struct network net;
	int err = network_load(bridge, &net, r->e);

	if (err)
		return err == -ENOENT ? 0 : err;
	lease_drop(&net, name);
	if (net.n) {
		err = network_save(&net, r->e);
	} else {
		err = bridge_remove(r, &net);
		if (!err)
			err = rundir_remove(LEASE_DIR, bridge, r->e);
	}
	network_free(&net);
	return err;
}

static int undo_address(struct job *job)
{
	return job_drop_address(job->r, job->sb.bridge, job->sb.name);
}

/* --- what it may do --------------------------------------------------------------------- */

static int make_policy(struct job *job)
{
	return policy_make(job->h, &job->sb, job->config);
}

static int undo_policy(struct job *job)
{
	return policy_remove(job->h, &job->sb);
}

static int make_rate(struct job *job)
{
	return rate_make(job->h, &job->sb, job->config);
}

static int undo_rate(struct job *job)
{
	return rate_remove(job->h, &job->sb);
}

/* --- namespace and link ------------------------------------------------------------------ */

/* One that somebody else has made: another than ours, without such a link. */
static int open_namespace(struct job *job)
{
	struct link_info there = { 0 };
	struct rtnl *r;
	int err;

	job->netns = netns_open(job->sb.netns, &job->h->error);
	if (job->netns < 0)
		return job->netns;
	err = sandbox_netns_note(&job->sb, job->netns, &job->h->error);
	if (err)
		return err;
	r = malloc(sizeof(*r));
	if (!r)
		return utcp_error_set(&job->h->error, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	err = rtnl_open(r, job->netns, NETLINK_ROUTE, &job->h->error);
	if (!err)
		err = link_get(r, sandbox_ifname(&job->sb), &there);
	rtnl_close(r);
	free(r);
	if (!err)
		return utcp_error_set(
			&job->h->error, LIBUTCP_E_REFUSED, EEXIST,
			"there is a device \"%s\" in \"%s\" already",
			sandbox_ifname(&job->sb), job->sb.netns);
	return err == -ENODEV ? 0 : err;
}

static int make_namespace(struct job *job)
{
	if (job->sb.netns[0])
		return open_namespace(job);
	return sandbox_netns_add(job->sb.name, &job->netns, &job->h->error);
}

static int undo_namespace(struct job *job)
{
	if (job->sb.netns[0])
		return 0;
	return sandbox_netns_del(job->sb.name, &job->h->error);
}

static int make_bridge(struct job *job)
{
	return bridge_ensure(job->r, &job->net, &job->bridge);
}

static int make_link(struct job *job)
{
	struct link_info host = { 0 };
	int err = link_veth(job->r, &job->sb, job->bridge, job->netns,
			    job->config->mtu);

	if (!err)
		err = link_get(job->r, job->sb.dev, &host);
	if (!err && job->sb.addr6.len)
		err = link_no_autoconf(job->r, host.index);
	return err;
}

static int undo_link(struct job *job)
{
	return link_del(job->r, job->sb.dev);
}

/* Both before a link that is made is up: nothing has passed by then. */
static int make_closed(struct job *job)
{
	int err = policy_bind(job->h, &job->sb, job->own);

	if (!err)
		err = rate_bind(job->h, &job->sb);
	return err;
}

/* Of a link that is made this goes with it; the one of an adopted sandbox stays. */
static int undo_closed(struct job *job)
{
	struct link_info host = { 0 };
	int err;

	if (job->sb.mode != LIBUTCP_SANDBOX_ADOPTED)
		return 0;
	err = link_get(job->r, job->sb.dev, &host);
	/* Gone, or another device under its name by now. */
	if (err == -ENODEV || (!err && host.index != job->sb.ifindex))
		return 0;
	if (!err)
		err = rate_unbind(job->h, &job->sb);
	return err ? err : policy_unbind(job->h, &job->sb);
}

/* --- inside -------------------------------------------------------------------------------- */

/* Routers are not asked for addresses: the sandbox has those that were leased. */
static int no_router_adverts(const struct job *job)
{
	char path[80];
	int fd, err = 0;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/accept_ra",
		 sandbox_ifname(&job->sb));
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, "0", 1) != 1)
		err = -errno;
	close(fd);
	return err;
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

static int inside_link(struct job *job, struct rtnl *r)
{
	const struct utcp_sandbox *sb = &job->sb;
	struct link_info link = { 0 };
	int err = link_get(r, sandbox_ifname(sb), &link);

	if (!err && sb->addr6.len) {
		err = link_no_autoconf(r, link.index);
		if (!err)
			err = link_address(r, link.index, &sb->ll6);
		if (!err)
			err = link_address(r, link.index, &sb->addr6);
	}
	if (!err)
		err = link_address(r, link.index, &sb->addr4);
	if (!err)
		err = link_up(r, link.index);
	return err ? err : inside_routes(job, r, link.index);
}

/**
 * struct there - what is done by a thread that is in the namespace itself
 * @job: the job
 * @r: opened there
 * @err: 0, or a negative errno with the handle's error set
 */
struct there {
	struct job *job;
	struct rtnl *r;
	int err;
};

static int be_there(void *arg)
{
	struct there *there = arg;
	struct job *job = there->job;

	there->err = rtnl_open(there->r, -1, NETLINK_ROUTE, &job->h->error);
	if (there->err || !job->sb.addr6.len)
		return 0;
	there->err = no_router_adverts(job);
	if (there->err)
		utcp_error_set(&job->h->error, LIBUTCP_E_SYSTEM, -there->err,
			       "accept_ra: %s", strerror(-there->err));
	return 0;
}

/* A socket of the namespace, and what only who is there can do, by one thread. */
static int open_inside(struct job *job, struct rtnl *r)
{
	struct there there = { .job = job, .r = r };
	int err = sandbox_netns_call(job->netns, be_there, &there);

	if (err)
		return utcp_error_set(&job->h->error, LIBUTCP_E_SYSTEM, -err,
				      "cannot enter its namespace: %s",
				      strerror(-err));
	return there.err;
}

static int make_inside(struct job *job)
{
	struct rtnl *r = malloc(sizeof(*r));
	struct link_info lo = { 0 };
	int err;

	if (!r)
		return utcp_error_set(&job->h->error, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	r->t = NULL;
	err = open_inside(job, r);
	/* The loopback of a namespace of others is theirs. */
	if (!err && !job->sb.netns[0]) {
		err = link_get(r, "lo", &lo);
		if (!err)
			err = link_up(r, lo.index);
	}
	if (!err && sandbox_has_link(&job->sb))
		err = inside_link(job, r);
	rtnl_close(r);
	free(r);
	return err;
}

/* Written down at once; and one that is not ends with the namespace's name. */
static int make_forwarder(struct job *job)
{
	int err;

	if (!job->sb.n_services)
		return 0;
	err = forward_start(&job->sb, job->netns, &job->h->error);
	return err ? err : state_save(&job->sb, &job->h->error);
}

static int undo_forwarder(struct job *job)
{
	return forward_stop(&job->sb, &job->h->error);
}

static int make_cell(struct job *job)
{
	const struct utcp_cell_settings settings = { 0 };
	struct utcp_handle *inside;
	struct utcp_cell cell;
	int err;

	if (!job->config->cell)
		return 0;
	inside = utcp_handle_new();
	if (!inside)
		return utcp_error_set(&job->h->error, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	err = utcp_handle_open(inside, sandbox_netns(&job->sb));
	if (!err)
		err = utcp_cell_new(inside, NULL, &settings, &cell);
	if (!err && sandbox_has_link(&job->sb))
		err = utcp_port_add(inside, sandbox_ifname(&job->sb),
				    NETSWITCH_PORT_FLAGS_DEMUX, NULL);
	if (err) {
		job->h->error = *utcp_handle_error(inside);
	} else {
		job->sb.has_cell = true;
		memcpy(job->sb.cell, cell.id, sizeof(job->sb.cell));
	}
	utcp_handle_free(inside);
	return err;
}

/* --- on air -------------------------------------------------------------------------------- */

static int make_publish(struct job *job)
{
	return job->sb.n_publish ? nat_publish_add(&job->sb, &job->h->error) :
				   0;
}

static int undo_publish(struct job *job)
{
	return job->sb.n_publish ?
		       nat_publish_del(job->sb.name, &job->h->error) :
		       0;
}

static int make_up(struct job *job)
{
	struct link_info host = { 0 };
	int err = link_get(job->r, job->sb.dev, &host);

	return err ? err : link_up(job->r, host.index);
}

static const struct step steps[] = {
	{ "state", "writing it down", ALL, make_state, undo_state },
	{ "address", "its address", LINK, make_address, undo_address },
	{ "policy", "its policy", BOUND, make_policy, undo_policy },
	{ "rate", "its rate", BOUND, make_rate, undo_rate },
	{ "namespace", "its namespace", MADE, make_namespace, undo_namespace },
	{ "bridge", "its bridge", LINK, make_bridge, NULL },
	{ "link", "its link", LINK, make_link, undo_link },
	{ "closed", "closing its link", BOUND, make_closed, undo_closed },
	{ "inside", "its own side", MADE, make_inside, NULL },
	{ "forwarder", "its forwarder", MADE, make_forwarder, undo_forwarder },
	{ "cell", "its cell", MADE, make_cell, NULL },
	{ "publish", "publishing ports", BOUND, make_publish, undo_publish },
	{ "up", "its link", LINK, make_up, NULL },
	{ "ready", "writing it down", ALL, make_ready, NULL },
};

#define STEPS (sizeof(steps) / sizeof(steps[0]))

/*
 * The build for tests has a step fail, when it has been made, or the process die there:
 * UTCP_FAULT is "fail", "die" or "die-undone", a colon and the name of the step. Changes
 * have such points, too.
 */
#ifdef LIBUTCP_SANDBOX_FAULT
static bool fault(const char *kind, const char *name)
{
	const char *at = getenv("UTCP_FAULT");
	size_t len = strlen(kind);

	return at && strncmp(at, kind, len) == 0 && at[len] == ':' &&
	       strcmp(at + len + 1, name) == 0;
}

int fault_point(struct utcp_handle *h, const char *name)
{
	if (fault("die", name))
		kill(getpid(), SIGKILL);
	if (fault("fail", name))
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, EIO,
				      "the test wants it");
	return 0;
}

static void fault_undone(const struct step *step)
{
	if (fault("die-undone", step->name))
		kill(getpid(), SIGKILL);
}
#else
int fault_point(struct utcp_handle *h, const char *name)
{
	(void)h;
	(void)name;
	return 0;
}

static void fault_undone(const struct step *step)
{
	(void)step;
}
#endif

static bool has_step(const struct utcp_sandbox *sb, const struct step *step)
{
	switch (step->scope) {
	case MADE:
		return sb->mode != LIBUTCP_SANDBOX_ADOPTED;
	case LINK:
		return sandbox_has_link(sb);
	case BOUND:
		return sandbox_is_bound(sb);
	default:
		return true;
	}
}

/* Say which step it was that failed. */
static void tell_step(struct utcp_error *e, const struct step *step)
{
	char message[sizeof(e->message)];

	snprintf(message, sizeof(message), "%s: %.200s", step->what,
		 e->message);
	memcpy(e->message, message, sizeof(message));
	e->attribute[0] = '\0';
}

/*
 * Undo the first @n steps. What cannot be undone does not stop the others; but the
 * file, which says that there is something left, then stays.
 */
static int undo_steps(struct job *job, size_t n)
{
	struct utcp_error first = { 0 };
	int err = 0;

	while (n-- > 0) {
		const struct step *s = &steps[n];
		int failed;

		if (!s->undo || !has_step(&job->sb, s) || (n == 0 && err))
			continue;
		failed = s->undo(job);
		if (failed && !err) {
			err = failed;
			tell_step(&job->h->error, s);
			first = job->h->error;
		}
		fault_undone(s);
	}
	if (err)
		job->h->error = first;
	return err;
}

int job_make(struct job *job)
{
	for (size_t i = 0; i < STEPS; i++) {
		const struct step *s = &steps[i];
		struct utcp_error e;
		int err;

		if (!has_step(&job->sb, s))
			continue;
		err = s->make(job);
		if (!err)
			err = fault_point(job->h, s->name);
		if (!err)
			continue;
		tell_step(&job->h->error, s);
		e = job->h->error;
		undo_steps(job, i + 1);
		job->h->error = e;
		return err;
	}
	return 0;
}

/* --- jobs ------------------------------------------------------------------------------------ */

int job_begin(struct job *job, struct utcp_handle *h)
{
	int err;

	memset(job, 0, sizeof(*job));
	job->h = h;
	job->netns = -1;
	job->r = malloc(sizeof(*job->r));
	if (!job->r)
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	err = rtnl_open(job->r, -1, NETLINK_ROUTE, &h->error);
	if (err) {
		free(job->r);
		job->r = NULL;
	}
	return err;
}

void job_end(struct job *job)
{
	if (job->netns >= 0)
		close(job->netns);
	if (job->r)
		rtnl_close(job->r);
	free(job->r);
	network_free(&job->net);
}

int job_remove(struct job *job)
{
	int err;

	job->sb.phase = LIBUTCP_SANDBOX_DELETING;
	err = state_save(&job->sb, &job->h->error);
	return err ? err : undo_steps(job, STEPS);
}
