// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Making and removing sandboxes.
 *
 * A sandbox is made in steps, and removed by undoing them, last first. To undo
 * something that is not there is no failure, so that any leftover is removed as a
 * whole sandbox is. Names of all that a sandbox has follow from its name and its id,
 * which are written down before the first step; what has one of these names by then
 * is somebody else's, and the sandbox is refused. The file goes last.
 *
 * All of this happens under the lock of the rundir: who has it knows that what is
 * half there was left by somebody who died.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include <linux/netlink.h>

#include <utcp/acl.h>
#include <utcp/cell.h>
#include <utcp/handle.h>
#include <utcp/port.h>
#include <utcp/shaper.h>

#include "error.h"
#include "handle.h"
#include "rtnl.h"
#include "rundir.h"
#include "sandboxbridge.h"
#include "sandboxlease.h"
#include "sandboxlink.h"
#include "sandboxnat.h"
#include "sandboxnetns.h"
#include "sandboxpolicy.h"
#include "sandboxprocess.h"
#include "sandboxrate.h"
#include "sandboxstate.h"

/**
 * struct job - a sandbox that is being made or removed
 * @h: handle in the host's namespace
 * @config: what is wanted; NULL if it is being removed
 * @sb: the sandbox
 * @net: its network, from the step "address" on
 * @r: socket for links in the host's namespace
 * @netns: its namespace, from the step "namespace" on; or -1
 * @bridge: index of its bridge, from the step "bridge" on
 */
struct job {
	struct utcp_handle *h;
	const struct utcp_sandbox_config *config;
	struct utcp_sandbox sb;
	struct network net;
	struct rtnl *r;
	int netns;
	uint32_t bridge;
};

/**
 * struct step - a step
 * @name: its name
 * @what: what it is, for messages
 * @link: only sandboxes with a link have it
 * @make: does it; 0, or a negative errno with the handle's error set
 * @undo: undoes it, the same; NULL if it goes with an earlier step
 */
struct step {
	const char *name;
	const char *what;
	bool link;
	int (*make)(struct job *job);
	int (*undo)(struct job *job);
};

static bool has_link(const struct utcp_sandbox *sb)
{
	return sb->mode != LIBUTCP_SANDBOX_NONE;
}

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

static int make_address(struct job *job)
{
	struct utcp_sandbox *sb = &job->sb;
	uint32_t host;
	int err = bridge_network(job->config, &job->net, &job->h->error);

	if (err)
		return err;
	err = lease_take(&job->net, sb->name, &host);
	if (err)
		return utcp_error_set(&job->h->error, LIBUTCP_E_BUSY, -err,
				      "no address of \"%s\" is free",
				      job->net.bridge);
	network_address(&job->net.prefix4, host, &sb->addr4);
	network_address(&job->net.prefix4, LEASE_GATEWAY, &sb->gateway4);
	if (job->net.prefix6.len) {
		network_address(&job->net.prefix6, host, &sb->addr6);
		network_address(&job->net.prefix6, LEASE_GATEWAY,
				&sb->gateway6);
		link_local(sb->mac, &sb->ll6);
	}
	return network_save(&job->net, &job->h->error);
}

/* The network goes with its last sandbox. */
static int drop_address(struct rtnl *r, const char *bridge, const char *name)
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
	return drop_address(job->r, job->sb.bridge, job->sb.name);
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
	return job->sb.rate ? rate_make(job->h, &job->sb) : 0;
}

static int undo_rate(struct job *job)
{
	return job->sb.rate ? rate_remove(job->h, &job->sb) : 0;
}

/* --- namespace and link ------------------------------------------------------------------ */

static int make_namespace(struct job *job)
{
	return sandbox_netns_add(job->sb.name, &job->netns, &job->h->error);
}

static int undo_namespace(struct job *job)
{
	return sandbox_netns_del(job->sb.name, &job->h->error);
}

static int make_bridge(struct job *job)
{
	return bridge_ensure(job->r, &job->net, &job->bridge);
}

static int make_link(struct job *job)
{
	struct link_info host;
	int err = link_veth(job->r, &job->sb, job->bridge, job->netns);

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

/* Both before the link is up: nothing has passed by then. */
static int make_closed(struct job *job)
{
	int err = policy_bind(job->h, &job->sb);

	if (!err && job->sb.rate)
		err = rate_bind(job->h, &job->sb);
	return err;
}

/* --- inside -------------------------------------------------------------------------------- */

/* Routers are not asked for addresses: the sandbox has those that were leased. */
static int no_router_adverts(void *arg)
{
	static const char path[] = "/proc/sys/net/ipv6/conf/" LINK_INSIDE
				   "/accept_ra";
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;

	(void)arg;
	if (fd < 0)
		return -errno;
	if (write(fd, "0", 1) != 1)
		err = -errno;
	close(fd);
	return err;
}

static int inside_link(struct job *job, struct rtnl *r)
{
	const struct utcp_sandbox *sb = &job->sb;
	struct link_info link;
	int err = link_get(r, LINK_INSIDE, &link);

	if (!err && sb->addr6.len) {
		err = link_no_autoconf(r, link.index);
		if (!err) {
			err = sandbox_netns_call(job->netns, no_router_adverts,
						 NULL);
			if (err)
				utcp_error_set(r->e, LIBUTCP_E_SYSTEM, -err,
					       "accept_ra: %s", strerror(-err));
		}
		if (!err)
			err = link_address(r, link.index, &sb->ll6);
		if (!err)
			err = link_address(r, link.index, &sb->addr6);
	}
	if (!err)
		err = link_address(r, link.index, &sb->addr4);
	if (!err)
		err = link_up(r, link.index);
	if (!err)
		err = link_default_route(r, link.index, &sb->gateway4);
	if (!err && sb->addr6.len)
		err = link_default_route(r, link.index, &sb->gateway6);
	return err;
}

static int make_inside(struct job *job)
{
	struct rtnl *r = malloc(sizeof(*r));
	struct link_info lo;
	int err;

	if (!r)
		return utcp_error_set(&job->h->error, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	err = rtnl_open(r, job->netns, NETLINK_ROUTE, &job->h->error);
	if (!err)
		err = link_get(r, "lo", &lo);
	if (!err)
		err = link_up(r, lo.index);
	if (!err && has_link(&job->sb))
		err = inside_link(job, r);
	rtnl_close(r);
	free(r);
	return err;
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
	err = utcp_handle_open(inside, job->sb.name);
	if (!err)
		err = utcp_cell_new(inside, NULL, &settings, &cell);
	if (!err && has_link(&job->sb))
		err = utcp_port_add(inside, LINK_INSIDE,
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
	struct link_info host;
	int err = link_get(job->r, job->sb.dev, &host);

	return err ? err : link_up(job->r, host.index);
}

static const struct step steps[] = {
	{ "state", "writing it down", false, make_state, undo_state },
	{ "address", "its address", true, make_address, undo_address },
	{ "policy", "its policy", true, make_policy, undo_policy },
	{ "rate", "its rate", true, make_rate, undo_rate },
	{ "namespace", "its namespace", false, make_namespace, undo_namespace },
	{ "bridge", "its bridge", true, make_bridge, NULL },
	{ "link", "its link", true, make_link, undo_link },
	{ "closed", "closing its link", true, make_closed, NULL },
	{ "inside", "its own side", false, make_inside, NULL },
	{ "cell", "its cell", false, make_cell, NULL },
	{ "publish", "publishing ports", true, make_publish, undo_publish },
	{ "up", "its link", true, make_up, NULL },
	{ "ready", "writing it down", false, make_ready, NULL },
};

#define STEPS (sizeof(steps) / sizeof(steps[0]))

/*
 * The build for tests has a step fail, when it has been made, or the process die there:
 * UTCP_FAULT is "fail", "die" or "die-undone", a colon and the name of the step.
 */
#ifdef LIBUTCP_SANDBOX_FAULT
static bool fault(const char *kind, const struct step *step)
{
	const char *at = getenv("UTCP_FAULT");
	size_t len = strlen(kind);

	return at && strncmp(at, kind, len) == 0 && at[len] == ':' &&
	       strcmp(at + len + 1, step->name) == 0;
}

static int fault_made(struct job *job, const struct step *step)
{
	if (fault("die", step))
		kill(getpid(), SIGKILL);
	if (fault("fail", step))
		return utcp_error_set(&job->h->error, LIBUTCP_E_SYSTEM, EIO,
				      "the test wants it");
	return 0;
}

static void fault_undone(const struct step *step)
{
	if (fault("die-undone", step))
		kill(getpid(), SIGKILL);
}
#else
static int fault_made(struct job *job, const struct step *step)
{
	(void)job;
	(void)step;
	return 0;
}

static void fault_undone(const struct step *step)
{
	(void)step;
}
#endif

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

		if (!s->undo || (s->link && !has_link(&job->sb)) ||
		    (n == 0 && err))
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

static int make_steps(struct job *job)
{
	for (size_t i = 0; i < STEPS; i++) {
		const struct step *s = &steps[i];
		struct utcp_error e;
		int err;

		if (s->link && !has_link(&job->sb))
			continue;
		err = s->make(job);
		if (!err)
			err = fault_made(job, s);
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

static int job_begin(struct job *job, struct utcp_handle *h)
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

static void job_end(struct job *job)
{
	if (job->netns >= 0)
		close(job->netns);
	if (job->r)
		rtnl_close(job->r);
	free(job->r);
	network_free(&job->net);
}

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
	if (c->mode == LIBUTCP_SANDBOX_NONE &&
	    (c->rate || c->n_publish || c->bridge || c->subnet4.len ||
	     c->subnet6.len))
		wrong = "a sandbox of mode none has no link";
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
	struct link_info link;
	int err;

	if (sandbox_netns_exists(job->sb.name))
		return refuse(job->h, EEXIST,
			      "there is a network namespace of that name");
	if (!has_link(&job->sb))
		return 0;
	err = link_get(job->r, job->sb.dev, &link);
	if (!err)
		return refuse(job->h, EEXIST,
			      "there is a device of the name of its link");
	if (err != -ENODEV)
		return err;
	err = policy_free(job->h, &job->sb);
	if (!err && job->sb.rate)
		err = rate_free(job->h, &job->sb);
	return err ? err : check_publish(job);
}

static int describe(struct job *job, const struct utcp_sandbox_config *c)
{
	struct utcp_sandbox *sb = &job->sb;
	const uint8_t *id = (const uint8_t *)&sb->id;
	int err;

	strcpy(sb->name, c->name);
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
	if (!has_link(sb))
		return 0;
	snprintf(sb->bridge, sizeof(sb->bridge), "%s",
		 c->bridge ? c->bridge : LIBUTCP_SANDBOX_BRIDGE);
	snprintf(sb->dev, sizeof(sb->dev), "sbx%08x", sb->id);
	sb->mac[0] = 0x02;
	sb->mac[1] = 0x75;
	memcpy(&sb->mac[2], id, 4);
	sb->rate = c->rate;
	for (; sb->n_publish < c->n_publish; sb->n_publish++)
		sb->publish[sb->n_publish] = c->publish[sb->n_publish];
	return 0;
}

static int remove_locked(struct job *job)
{
	int err;

	job->sb.phase = LIBUTCP_SANDBOX_DELETING;
	err = state_save(&job->sb, &job->h->error);
	return err ? err : undo_steps(job, STEPS);
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
	else if (!err)
		err = remove_locked(&job);
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
		err = make_steps(&job);
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

/* Of another namespace's sandboxes nothing is where we would look for it. */
static int check_host(struct job *job)
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
		err = check_host(&job);
	if (!err) {
		*was = job.sb;
		err = remove_locked(&job);
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

/* --- leftovers -------------------------------------------------------------------------------- */

static bool is_leftover(const struct utcp_sandbox *sb)
{
	return sb->phase != LIBUTCP_SANDBOX_READY ||
	       !sandbox_netns_exists(sb->name) ||
	       (sb->runner && !process_lives(sb->runner, sb->runner_start));
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
			other = check_host(&job) || !is_leftover(&job.sb);
		if (!failed && !other) {
			const struct utcp_sandbox was = job.sb;

			failed = remove_locked(&job);
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
			err = drop_address(r, bridge, net.leases[i].name);
	}
	if (!err && !net.n)
		err = drop_address(r, bridge, "");
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

/* --- looking ------------------------------------------------------------------------------------ */

int utcp_sandbox_get(struct utcp_handle *h, const char *name,
		     struct utcp_sandbox *sandbox)
{
	utcp_error_clear(&h->error);
	return state_load(name, sandbox, &h->error);
}

int utcp_sandbox_list(struct utcp_handle *h, struct utcp_sandbox **sandboxes,
		      size_t *n)
{
	char **names;
	size_t found;
	int err;

	utcp_error_clear(&h->error);
	*sandboxes = NULL;
	*n = 0;
	err = rundir_names(STATE_DIR, &names, &found, &h->error);
	if (err)
		return err;
	*sandboxes = calloc(found + 1, sizeof(**sandboxes));
	if (!*sandboxes)
		err = utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, ENOMEM,
				     "out of memory");
	for (size_t i = 0; !err && i < found; i++) {
		err = state_load(names[i], &(*sandboxes)[*n], &h->error);
		if (!err)
			(*n)++;
		else if (err == -ENOENT)
			/* removed meanwhile */
			err = 0;
	}
	rundir_names_free(names, found);
	if (err) {
		free(*sandboxes);
		*sandboxes = NULL;
		*n = 0;
	} else {
		utcp_error_clear(&h->error);
	}
	return err;
}
