// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Pools of sandboxes that wait to become somebody's.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "handle.h"
#include "rundir.h"
#include "sandboxbridge.h"
#include "sandboxlink.h"
#include "sandboxmake.h"
#include "sandboxnetns.h"
#include "sandboxnetwork.h"
#include "sandboxpool.h"
#include "sandboxstate.h"
#include "sandboxstep.h"

/** POOL_DIR - folder of the pools in the rundir, each of them one with its bridge's name */
#define POOL_DIR "pool"

/* The folder of a pool, and the entry beside it that leads to its size. */
struct place {
	char sub[sizeof(POOL_DIR) + 17];
	char size[18];
};

static struct place place_of(const char *bridge)
{
	struct place p;

	snprintf(p.sub, sizeof(p.sub), POOL_DIR "/%.15s", bridge);
	snprintf(p.size, sizeof(p.size), "@%.15s", bridge);
	return p;
}

/* --- members ----------------------------------------------------------------------------- */

void pool_name(struct utcp_sandbox *sb)
{
	snprintf(sb->name, sizeof(sb->name), "pool-%08x", sb->id);
}

int pool_enter(const struct utcp_sandbox *sb, struct utcp_error *e)
{
	const struct place p = place_of(sb->bridge);
	int err = rundir_mkdir(p.sub, e);

	return err < 0 ? err : rundir_claim(p.sub, sb->name, sb->name, e);
}

int pool_leave(const struct utcp_sandbox *sb, struct utcp_error *e)
{
	const struct place p = place_of(sb->bridge);

	return rundir_remove(p.sub, sb->name, e);
}

bool pool_has(const struct utcp_sandbox *sb)
{
	const struct place p = place_of(sb->bridge);
	char owner[LIBUTCP_SANDBOX_NAME_MAX + 1];

	return !rundir_owner(p.sub, sb->name, owner, sizeof(owner));
}

/* --- becoming somebody's ------------------------------------------------------------------ */

bool pool_serves(const struct utcp_sandbox_config *c)
{
	return (c->mode == LIBUTCP_SANDBOX_BRIDGED ||
		c->mode == LIBUTCP_SANDBOX_CUSTOM) &&
	       !c->netns && !c->ifname && !c->mac && !c->mtu && !c->assigned &&
	       !c->no_masquerade && !c->ip4.len && !c->ip6.len &&
	       !c->subnet4.len && !c->subnet6.len;
}

/* Who looks for a member. */
struct search {
	struct job *job;
	const char *sub;
	struct utcp_sandbox member;
	bool found;
};

/* Is all there that a taker will not make? */
static bool is_whole(struct search *s)
{
	struct link_info link = { 0 };

	if (s->member.phase != LIBUTCP_SANDBOX_POOLED ||
	    !sandbox_netns_exists(s->member.name) ||
	    link_get(s->job->r, s->member.dev, &link))
		return false;
	s->job->link = link.index;
	return true;
}

/* 1 ends the search. */
static int look_at(const char *name, void *arg)
{
	struct search *s = arg;
	struct utcp_error *e = &s->job->h->error;
	int err = state_load(name, &s->member, e);

	/* of another namespace's host: for those there */
	if (!err && s->member.host_ns != s->job->sb.host_ns)
		return 0;
	if (!err && is_whole(s)) {
		s->found = true;
		return 1;
	}
	/* What is left of it is for gc. */
	return rundir_remove(s->sub, name, e);
}

int pool_find(struct job *job)
{
	const struct place p = place_of(job->sb.bridge);
	struct search s = { .job = job, .sub = p.sub };
	struct utcp_sandbox *sb = &job->sb;
	int err = rundir_each(p.sub, look_at, &s, &job->h->error);

	if (err < 0)
		return err;
	utcp_error_clear(&job->h->error);
	if (!s.found)
		return 0;
	snprintf(job->member, sizeof(job->member), "%s", s.member.name);
	sb->id = s.member.id;
	snprintf(sb->dev, sizeof(sb->dev), "%s", s.member.dev);
	memcpy(sb->mac, s.member.mac, sizeof(sb->mac));
	sb->addr4 = s.member.addr4;
	sb->gateway4 = s.member.gateway4;
	sb->addr6 = s.member.addr6;
	sb->ll6 = s.member.ll6;
	sb->gateway6 = s.member.gateway6;
	return 0;
}

int pool_claim(struct job *job)
{
	const struct place p = place_of(job->sb.bridge);

	return rundir_remove(p.sub, job->member, &job->h->error);
}

/* --- pools ----------------------------------------------------------------------------------- */

static int count_one(const char *name, void *arg)
{
	uint32_t *n = arg;

	(void)name;
	(*n)++;
	return 0;
}

/* @pool may be where @bridge is. */
static int read_pool(const char *bridge, struct utcp_sandbox_pool *pool,
		     struct utcp_error *e)
{
	const struct place p = place_of(bridge);
	struct utcp_sandbox_pool now = { 0 };
	char size[8];
	int err;

	snprintf(now.bridge, sizeof(now.bridge), "%s", bridge);
	if (!rundir_owner(POOL_DIR, p.size, size, sizeof(size)))
		now.size = (uint32_t)strtoul(size, NULL, 10);
	err = rundir_each(p.sub, count_one, &now.ready, e);
	*pool = now;
	return err;
}

static int check_bridge(struct utcp_handle *h, const char *bridge)
{
	utcp_error_clear(&h->error);
	if (bridge_name_ok(bridge))
		return 0;
	return utcp_error_set(&h->error, LIBUTCP_E_ARGUMENT, EINVAL,
			      "\"%s\" is no name of a bridge", bridge);
}

int utcp_sandbox_pool_get(struct utcp_handle *h, const char *bridge,
			  struct utcp_sandbox_pool *pool)
{
	int err = check_bridge(h, bridge);

	return err ? err : read_pool(bridge, pool, &h->error);
}

int utcp_sandbox_pool_list(struct utcp_handle *h,
			   struct utcp_sandbox_pool **pools, size_t *n)
{
	char **names;
	size_t found;
	int err;

	utcp_error_clear(&h->error);
	*pools = NULL;
	*n = 0;
	err = rundir_names(POOL_DIR, &names, &found, &h->error);
	if (err)
		return err;
	*pools = calloc(found + 1, sizeof(**pools));
	if (!*pools) {
		rundir_names_free(names, found);
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	}
	for (size_t i = 0; !err && i < found; i++)
		if (bridge_name_ok(names[i])) {
			err = read_pool(names[i], &(*pools)[*n], &h->error);
			*n += !err;
		}
	rundir_names_free(names, found);
	if (err) {
		free(*pools);
		*pools = NULL;
		*n = 0;
	}
	return err;
}

/* The name of one. */
struct one {
	char name[LIBUTCP_SANDBOX_NAME_MAX + 1];
};

static int take_one(const char *name, void *arg)
{
	struct one *one = arg;

	snprintf(one->name, sizeof(one->name), "%.*s", LIBUTCP_SANDBOX_NAME_MAX,
		 name);
	return 1;
}

/* One member more, or one less, or none: the caller goes on until *@done. */
static int step_to_size(struct utcp_handle *h, const char *bridge, bool shrink,
			bool *done)
{
	const struct utcp_sandbox_config config = {
		.name = "pool",
		.mode = LIBUTCP_SANDBOX_CUSTOM,
		.bridge = bridge,
	};
	const struct place p = place_of(bridge);
	struct utcp_sandbox_pool pool;
	struct one one = { "" };
	int err = read_pool(bridge, &pool, &h->error);

	if (err)
		return err;
	*done = shrink ? pool.ready <= pool.size : pool.ready >= pool.size;
	if (*done)
		return 0;
	if (!shrink)
		return sandbox_make_member(h, &config);
	err = rundir_each(p.sub, take_one, &one, &h->error);
	return err < 0 ? err : sandbox_remove_member(h, p.sub, one.name);
}

/* Others may have the lock between two members. */
static int to_size(struct utcp_handle *h, const char *bridge, bool shrink)
{
	bool done = false;
	int err = 0;

	while (!err && !done) {
		int lock = rundir_lock(h->timeout_ms, &h->error);

		if (lock < 0)
			return lock;
		err = step_to_size(h, bridge, shrink, &done);
		close(lock);
	}
	return err;
}

/* Of one that would not serve nothing is said to be wanted. */
static int check_network(struct utcp_handle *h, const char *bridge)
{
	struct network net;
	int err = network_load(bridge, &net, &h->error);

	if (err)
		return err == -ENOENT ? 0 : err;
	if (!net.assigned && !net.no_masquerade)
		return 0;
	return utcp_error_set(
		&h->error, LIBUTCP_E_BUSY, EBUSY,
		"\"%s\" is a container runtime's network: it has no pool",
		bridge);
}

static int set_size(struct utcp_handle *h, const char *bridge, uint32_t size)
{
	const struct place p = place_of(bridge);
	char text[12];
	int lock, err;

	lock = rundir_lock(h->timeout_ms, &h->error);
	if (lock < 0)
		return lock;
	err = size ? check_network(h, bridge) : 0;
	snprintf(text, sizeof(text), "%u", size);
	if (!err && size) {
		err = rundir_mkdir(p.sub, &h->error);
		if (err >= 0)
			err = rundir_give(POOL_DIR, p.size, text, &h->error);
	} else if (!err) {
		err = rundir_remove(POOL_DIR, p.size, &h->error);
	}
	close(lock);
	return err;
}

int utcp_sandbox_pool_set(struct utcp_handle *h, const char *bridge,
			  uint32_t size, struct utcp_sandbox_pool *pool)
{
	const struct place p = place_of(bridge);
	int err = check_bridge(h, bridge);

	if (!err && size > LIBUTCP_SANDBOX_POOL_MAX)
		err = utcp_error_set(&h->error, LIBUTCP_E_ARGUMENT, EINVAL,
				     "%u: a pool has %d sandboxes at most",
				     size, LIBUTCP_SANDBOX_POOL_MAX);
	if (!err)
		err = set_size(h, bridge, size);
	if (!err)
		err = to_size(h, bridge, true);
	if (!err && !size)
		err = rundir_rmdir(p.sub, &h->error);
	if (!err || err == -ENOTEMPTY)
		err = to_size(h, bridge, false);
	return err ? err : read_pool(bridge, pool, &h->error);
}

int utcp_sandbox_pool_fill(struct utcp_handle *h, const char *bridge,
			   struct utcp_sandbox_pool *pool)
{
	int err = check_bridge(h, bridge);

	if (!err)
		err = to_size(h, bridge, false);
	return err ? err : read_pool(bridge, pool, &h->error);
}

/* --- what is left ---------------------------------------------------------------------- */

/* Where entries lie, and who says why not. */
struct sweep {
	const char *sub;
	struct utcp_error *e;
};

static int sweep_one(const char *name, void *arg)
{
	const struct sweep *s = arg;
	struct utcp_sandbox sb;
	int err = state_load(name, &sb, s->e);

	/* A damaged one is named by who looks at all of them. */
	if (err == -EBADMSG)
		return 0;
	if (err && err != -ENOENT)
		return err;
	return !err && sb.phase == LIBUTCP_SANDBOX_POOLED ?
		       0 :
		       rundir_remove(s->sub, name, s->e);
}

int pool_sweep(struct utcp_handle *h)
{
	struct utcp_sandbox_pool *pools;
	size_t n;
	int err = utcp_sandbox_pool_list(h, &pools, &n);

	for (size_t i = 0; !err && i < n; i++) {
		const struct place p = place_of(pools[i].bridge);
		struct sweep s = { p.sub, &h->error };

		err = rundir_each(p.sub, sweep_one, &s, &h->error);
		if (!err && !pools[i].size)
			err = rundir_rmdir(p.sub, &h->error);
		if (err == -ENOTEMPTY)
			err = 0;
	}
	free(pools);
	return err;
}
