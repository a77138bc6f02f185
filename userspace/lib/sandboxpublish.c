// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which ports of the host are published by whom.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "handle.h"
#include "rundir.h"
#include "sandboxmake.h"
#include "sandboxpublish.h"
#include "sandboxstate.h"
#include "sandboxstep.h"

#define PUBLISH_DIR "ports"

/* The folder of a port. */
struct folder {
	char sub[sizeof(PUBLISH_DIR) + 11];
};

static struct folder folder_of(const struct utcp_sandbox_publish *p)
{
	struct folder f;

	snprintf(f.sub, sizeof(f.sub), PUBLISH_DIR "/%s-%u",
		 p->proto == IPPROTO_TCP ? "tcp" : "udp", p->host);
	return f;
}

/* Is there an address of the host that both lead in from? */
static bool same_host(const struct utcp_sandbox_publish *p,
		      const struct utcp_sandbox_publish *q)
{
	if (!p->addr.len || !q->addr.len)
		return true;
	return p->addr.is6 == q->addr.is6 &&
	       (publish_any(p) || publish_any(q) ||
		memcmp(p->addr.addr, q->addr.addr, 16) == 0);
}

/* The first port of those that this one wants to publish that another publishes, or 0. */
static uint16_t same_port(const struct utcp_sandbox *sb,
			  const struct utcp_sandbox *other)
{
	for (size_t i = 0; i < other->n_publish * sb->n_publish; i++) {
		const struct utcp_sandbox_publish *p =
			&other->publish[i / sb->n_publish];
		const struct utcp_sandbox_publish *q =
			&sb->publish[i % sb->n_publish];

		if (p->proto == q->proto && p->host == q->host &&
		    same_host(p, q))
			return p->host;
	}
	return 0;
}

/*
 * May both publish the same port? Who connects a container to several networks says its
 * ports to each, and any of them leads to it. Elsewhere the host has other addresses.
 */
static bool may_share(const struct utcp_sandbox *sb,
		      const struct utcp_sandbox *other)
{
	return other->host_ns != sb->host_ns ||
	       (sb->container[0] &&
		strcmp(other->container, sb->container) == 0);
}

static int check_other(const char *name, void *arg)
{
	struct utcp_error ignored;
	struct utcp_sandbox other;
	struct job *job = arg;
	uint16_t port;
	int err;

	err = state_load(name, &other, &ignored);
	/* Which address it publishes it by is not known. */
	if (err == -EBADMSG)
		return utcp_error_set(
			&job->h->error, LIBUTCP_E_BUSY, EADDRINUSE,
			"\"%s\" publishes that port already, and is damaged: delete it",
			name);
	if (err || may_share(&job->sb, &other))
		return 0;
	port = same_port(&job->sb, &other);
	if (!port)
		return 0;
	if (other.phase == LIBUTCP_SANDBOX_READY)
		return utcp_error_set(&job->h->error, LIBUTCP_E_BUSY,
				      EADDRINUSE,
				      "\"%s\" publishes port %u already",
				      other.name, port);
	/* its port may still lead to where nobody is */
	return sandbox_make_room(job->h, other.name);
}

int publish_free(struct job *job)
{
	int err = 0;

	for (size_t i = 0; !err && i < job->sb.n_publish; i++) {
		const struct folder f = folder_of(&job->sb.publish[i]);

		err = rundir_each(f.sub, check_other, job, &job->h->error);
	}
	return err;
}

int publish_note(const struct utcp_sandbox *sb, struct utcp_error *e)
{
	int err = 0;

	for (size_t i = 0; err >= 0 && i < sb->n_publish; i++) {
		const struct folder f = folder_of(&sb->publish[i]);

		err = rundir_mkdir(f.sub, e);
		/* it may publish a port by several addresses */
		if (err >= 0)
			err = rundir_give(f.sub, sb->name, sb->name, e);
	}
	return err < 0 ? err : 0;
}

int publish_forget(const struct utcp_sandbox *sb, struct utcp_error *e)
{
	int err = 0;

	for (size_t i = 0; !err && i < sb->n_publish; i++) {
		const struct folder f = folder_of(&sb->publish[i]);

		err = rundir_remove(f.sub, sb->name, e);
		if (!err)
			err = rundir_rmdir(f.sub, e);
		if (err == -ENOTEMPTY)
			err = 0;
	}
	return err;
}

/* Where links lie, and who says why not. */
struct sweep {
	const char *sub;
	struct utcp_error *e;
};

static int sweep_one(const char *name, void *arg)
{
	const struct sweep *s = arg;
	struct utcp_sandbox sb;

	return state_load(name, &sb, s->e) == -ENOENT ?
		       rundir_remove(s->sub, name, s->e) :
		       0;
}

static int sweep_port(const char *name, void *arg)
{
	char sub[sizeof(PUBLISH_DIR) + 32];
	struct sweep s = { sub, arg };
	int err;

	snprintf(sub, sizeof(sub), PUBLISH_DIR "/%.30s", name);
	err = rundir_each(sub, sweep_one, &s, arg);
	if (!err)
		err = rundir_sweep(sub, arg);
	if (!err)
		err = rundir_rmdir(sub, arg);
	return err == -ENOTEMPTY ? 0 : err;
}

int publish_sweep(struct utcp_error *e)
{
	return rundir_each(PUBLISH_DIR, sweep_port, e, e);
}
