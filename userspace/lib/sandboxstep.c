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
#include <netinet/in.h>
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
#include "sandboxconntrack.h"
#include "sandboxforward.h"
#include "sandboxinside.h"
#include "sandboxlease.h"
#include "sandboxlink.h"
#include "sandboxnat.h"
#include "sandboxnetns.h"
#include "sandboxpolicy.h"
#include "sandboxpool.h"
#include "sandboxpublish.h"
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
 * enum member - what a step is to a member of a pool
 * @LATER: it is done for who takes it
 * @AGAIN: it is done for the member, and for who takes it once more
 * @KEPT: it is done for the member, and stays
 */
enum member {
	LATER,
	AGAIN,
	KEPT,
};

/**
 * struct step - a step
 * @name: its name
 * @what: what it is, for messages
 * @scope: which sandboxes have it
 * @member: what it is to a member of a pool
 * @make: does it; 0, or a negative errno with the handle's error set
 * @undo: undoes it, the same; NULL if it goes with an earlier step
 */
struct step {
	const char *name;
	const char *what;
	enum scope scope;
	enum member member;
	int (*make)(struct job *job);
	int (*undo)(struct job *job);
};

/* --- the file -------------------------------------------------------------------------- */

static int make_state(struct job *job)
{
	int err = job->member[0] ? pool_claim(job) : 0;

	job->sb.phase = LIBUTCP_SANDBOX_CREATING;
	if (!err)
		err = state_save(&job->sb, &job->h->error);
	return err ? err : publish_note(&job->sb, &job->h->error);
}

static int undo_state(struct job *job)
{
	int err = publish_forget(&job->sb, &job->h->error);

	return err ? err :
		     rundir_remove(STATE_DIR, job->sb.name, &job->h->error);
}

static int make_ready(struct job *job)
{
	struct utcp_error *e = &job->h->error;
	int err = 0;

	/* Only one of them may say that it has these things. */
	if (job->member[0])
		err = rundir_remove(STATE_DIR, job->member, e);
	job->sb.phase = job->pool ? LIBUTCP_SANDBOX_POOLED :
				    LIBUTCP_SANDBOX_READY;
	if (!err)
		err = state_save(&job->sb, e);
	return !err && job->pool ? pool_enter(&job->sb, e) : err;
}

/* So that nobody takes one that is being removed. */
static int undo_ready(struct job *job)
{
	return job->pool ? pool_leave(&job->sb, &job->h->error) : 0;
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
	if ((c->ip4.len && want4 < NETWORK_FIRST) ||
	    (c->ip6.len && want6 < NETWORK_FIRST))
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
	err = lease_take(&job->net, sb->name, want, &host, &job->h->error);
	if (err)
		return err;
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
	int err;

	if (job->member[0])
		return lease_pass(sb->bridge, network_own_number(&sb->addr4),
				  sb->name, &job->h->error);
	err = bridge_network(job->config, &job->net, &job->h->error);
	job->has_net = !err;
	if (!err)
		err = take_address(job);
	if (err)
		return err;
	network_gateway(&job->net, false, &sb->gateway4);
	if (sb->addr6.len) {
		network_gateway(&job->net, true, &sb->gateway6);
		link_local(sb->mac, &sb->ll6);
	}
	return 0;
}

int job_network(struct rtnl *r, const char *bridge, struct network *net)
{
	int err = network_load(bridge, net, r->e);
	struct link_info link = { 0 };

	if (err != -EBADMSG)
		return err;
	memset(net, 0, sizeof(*net));
	snprintf(net->bridge, sizeof(net->bridge), "%.15s", bridge);
	/* A bridge that is not ours stays. */
	err = link_get(r, bridge, &link);
	if (err && err != -ENODEV)
		return err;
	if (!err && bridge_mac_ok(link.mac))
		memcpy(net->mac, link.mac, sizeof(net->mac));
	return 1;
}

/* The network goes with its last sandbox. */
int job_end_network(struct rtnl *r, const struct network *net)
{
	int err = lease_last(net->bridge, r->e);

	if (err)
		return err == -ENOTEMPTY ? 0 : err;
	err = bridge_remove(r, net);
	return err ? err : rundir_remove(NETWORK_DIR, net->bridge, r->e);
}

static int undo_address(struct job *job)
{
	const struct utcp_sandbox *sb = &job->sb;
	struct utcp_error *e = &job->h->error;
	uint32_t host = 0;
	struct network net;
	int err;

	/* It was refused the network, which may be one that has no lease yet. */
	if (job->config && !job->member[0] && !job->has_net)
		return 0;
	err = job_network(job->r, sb->bridge, &net);
	if (err < 0)
		return err == -ENOENT ? 0 : err;
	if (err) {
		err = lease_forget(sb->bridge, sb->name, e);
		return err < 0 ? err : job_end_network(job->r, &net);
	}
	if (sb->addr4.len)
		host = network_number(&net.prefix4, &sb->addr4);
	err = lease_drop(&net, sb->name, host, e);
	return err ? err : job_end_network(job->r, &net);
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
	int err;

	job->netns = netns_open(job->sb.netns, &job->h->error);
	if (job->netns < 0)
		return job->netns;
	err = sandbox_netns_note(&job->sb, job->netns, &job->h->error);
	if (err)
		return err;
	err = inside_open(job);
	if (!err)
		err = link_get(job->inside, sandbox_ifname(&job->sb), &there);
	if (!err)
		return utcp_error_set(
			&job->h->error, LIBUTCP_E_REFUSED, EEXIST,
			"there is a device \"%s\" in \"%s\" already",
			sandbox_ifname(&job->sb), job->sb.netns);
	return err == -ENODEV ? 0 : err;
}

static int take_namespace(struct job *job)
{
	int err = sandbox_netns_move(job->member, job->sb.name, &job->h->error);

	job->named = !err;
	return err;
}

static int make_namespace(struct job *job)
{
	if (job->sb.netns[0])
		return open_namespace(job);
	if (job->member[0])
		return take_namespace(job);
	return inside_new(job);
}

static int undo_namespace(struct job *job)
{
	if (job->sb.netns[0])
		return 0;
	/* It could not be made: what has the name is somebody else's. */
	if (job->config && job->netns < 0 && !job->named)
		return 0;
	return sandbox_netns_del(job->sb.name, &job->h->error);
}

/* Once more for who takes a member: its table may have been flushed meanwhile. */
static int make_bridge(struct job *job)
{
	int err = 0;

	if (job->member[0])
		err = network_load(job->sb.bridge, &job->net, &job->h->error);
	return err ? err : bridge_ensure(job->r, &job->net, &job->bridge);
}

static int make_link(struct job *job)
{
	int err;

	rtnl_hold(job->r);
	err = link_veth(job->r, &job->sb, job->bridge, job->netns,
			job->config->mtu);
	if (!err && job->sb.addr6.len)
		err = link_no_autoconf(job->r, job->sb.dev);
	err = rtnl_flush(job->r, err);
	if (err == -EXFULL)
		utcp_error_set(
			&job->h->error, LIBUTCP_E_BUSY, EXFULL,
			"\"%s\" has as many ports as a bridge of Linux can have",
			job->sb.bridge);
	return err ? err : inside_linked(job);
}

static int undo_link(struct job *job)
{
	return link_del(job->r, job->sb.dev);
}

/* Both before a link that is made is up: nothing has passed by then. */
static int make_closed(struct job *job)
{
	int err = job->member[0] ? 0 : policy_port(job->h, &job->sb);

	if (err || job->pool)
		return err;
	err = policy_bind(job->h, &job->sb, job->own);
	/* A member's is gone if the modules were loaded anew. */
	if (job->member[0] && err && handle_is_gone(job->h)) {
		err = policy_port(job->h, &job->sb);
		if (!err)
			err = policy_bind(job->h, &job->sb, job->own);
	}
	return err ? err : rate_bind(job->h, &job->sb);
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

static int make_inside(struct job *job)
{
	return inside_make(job);
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
	struct utcp_error *e = &job->h->error;
	int err;

	if (!job->sb.n_publish)
		return 0;
	err = nat_publish_add(&job->sb, e);
	for (size_t i = 0; !err && i < job->sb.n_publish; i++)
		if (job->sb.publish[i].proto == IPPROTO_UDP)
			return conntrack_forget(&job->sb, flow_would_lead_in,
						e);
	return err;
}

/* A flow into it that goes on would lead to who has its address next. */
static int undo_publish(struct job *job)
{
	struct utcp_error *e = &job->h->error;
	int err;

	if (!job->sb.n_publish)
		return 0;
	err = nat_publish_del(job->sb.name, e);
	return err ? err : conntrack_forget(&job->sb, flow_leads_in, e);
}

static int make_up(struct job *job)
{
	return link_up(job->r, job->link, job->sb.dev);
}

static const struct step steps[] = {
	{ "state", "writing it down", ALL, AGAIN, make_state, undo_state },
	{ "address", "its address", LINK, AGAIN, make_address, undo_address },
	{ "policy", "its policy", BOUND, LATER, make_policy, undo_policy },
	{ "rate", "its rate", BOUND, LATER, make_rate, undo_rate },
	{ "namespace", "its namespace", MADE, AGAIN, make_namespace,
	  undo_namespace },
	{ "bridge", "its bridge", LINK, AGAIN, make_bridge, NULL },
	{ "link", "its link", LINK, KEPT, make_link, undo_link },
	{ "closed", "closing its link", BOUND, AGAIN, make_closed,
	  undo_closed },
	{ "inside", "its own side", MADE, KEPT, make_inside, NULL },
	{ "forwarder", "its forwarder", MADE, LATER, make_forwarder,
	  undo_forwarder },
	{ "cell", "its cell", MADE, LATER, make_cell, NULL },
	{ "publish", "publishing ports", BOUND, LATER, make_publish,
	  undo_publish },
	{ "up", "its link", LINK, LATER, make_up, NULL },
	{ "ready", "writing it down", ALL, AGAIN, make_ready, undo_ready },
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

/* Is it to be done? */
static bool wants_step(const struct job *job, const struct step *step)
{
	if (job->pool && step->member == LATER)
		return false;
	if (job->member[0] && step->member == KEPT)
		return false;
	return has_step(&job->sb, step);
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

/* What the member that it was made of still has under its own name. */
static void undo_member(struct job *job)
{
	struct job member = {
		.h = job->h, .r = job->r, .netns = -1, .accept_ra = -1
	};

	if (!state_load(job->member, &member.sb, &job->h->error))
		job_remove(&member);
}

int job_make(struct job *job)
{
	for (size_t i = 0; i < STEPS; i++) {
		const struct step *s = &steps[i];
		struct utcp_error e;
		int err;

		if (!wants_step(job, s))
			continue;
		err = s->make(job);
		if (!err)
			err = fault_point(job->h, s->name);
		if (!err)
			continue;
		tell_step(&job->h->error, s);
		e = job->h->error;
		undo_steps(job, i + 1);
		if (job->member[0])
			undo_member(job);
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
	job->accept_ra = -1;
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
	inside_close(job);
	if (job->netns >= 0)
		close(job->netns);
	if (job->r)
		rtnl_close(job->r);
	free(job->r);
}

int job_remove(struct job *job)
{
	int err;

	job->pool = job->sb.phase == LIBUTCP_SANDBOX_POOLED;
	job->sb.phase = LIBUTCP_SANDBOX_DELETING;
	err = state_save(&job->sb, &job->h->error);
	/* A full file system must not keep what would make room in it. */
	return err && err != -ENOSPC ? err : undo_steps(job, STEPS);
}
