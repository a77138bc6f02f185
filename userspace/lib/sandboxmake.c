// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Making and removing sandboxes.
 *
 * What has one of a sandbox's names before its first step is somebody else's, and the
 * sandbox is refused: so that what has one later is its own, and may be removed with it.
 *
 * All of this happens under the lock of the rundir: who has it knows that what is
 * half there was left by somebody who died.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utcp/port.h>
#include <utcp/status.h>

#include "error.h"
#include "handle.h"
#include "namerules.h"
#include "rundir.h"
#include "sandboxadopt.h"
#include "sandboxbridge.h"
#include "sandboxdamaged.h"
#include "sandboxlink.h"
#include "sandboxnetns.h"
#include "sandboxmake.h"
#include "sandboxpolicy.h"
#include "sandboxpool.h"
#include "sandboxprocess.h"
#include "sandboxpublish.h"
#include "sandboxrate.h"
#include "sandboxstate.h"
#include "sandboxstep.h"

static int refuse(struct utcp_handle *h, int err, const char *what)
{
	return utcp_error_set(&h->error, LIBUTCP_E_REFUSED, err, "%s", what);
}

static int check_name(struct utcp_handle *h,
		      const struct utcp_sandbox_config *c)
{
	if (!c->name || !sandbox_name_ok(c->name))
		return utcp_error_set(
			&h->error, LIBUTCP_E_ARGUMENT, EINVAL,
			"a name of a sandbox is 1 to %d letters, digits, '.', '_' and '-', the first of them a letter or digit",
			LIBUTCP_SANDBOX_NAME_MAX);
	if (c->policy &&
	    (!c->policy[0] || strlen(c->policy) > LIBUTCP_ACL_NAME_MAX))
		return utcp_error_set(&h->error, LIBUTCP_E_ARGUMENT, EINVAL,
				      "a name of a policy has 1 to %d letters",
				      LIBUTCP_ACL_NAME_MAX);
	return 0;
}

/* May it be written down as a word? */
static bool is_word(const char *text, size_t max)
{
	size_t n = strlen(text);

	if (!n || n > max)
		return false;
	for (; *text; text++)
		if (*text <= ' ' || *text > '~')
			return false;
	return true;
}

/* What is wrong with both that are made and that are adopted. */
static const char *wrong_both(const struct utcp_sandbox_config *c)
{
	if (c->policy && c->n_rules)
		return "a policy that others have, too, gets no rules by a sandbox";
	if (c->n_publish > LIBUTCP_SANDBOX_PUBLISH_MAX)
		return "a sandbox publishes 16 ports at most";
	if (c->ifname && !name_is_device(c->ifname))
		return "that is no name of a device";
	if (c->netns && !is_word(c->netns, LIBUTCP_SANDBOX_PATH_MAX -
						   sizeof("/run/netns/")))
		return "the path of the namespace is too long, or not of printable ASCII";
	if ((c->network && !is_word(c->network, LIBUTCP_SANDBOX_LABEL_MAX)) ||
	    (c->container && !is_word(c->container, LIBUTCP_SANDBOX_LABEL_MAX)))
		return "network and container are words of up to 127 letters";
	return NULL;
}

/* Are its routes, and the ways there, of families of which it has an address? */
static bool routes_ok(const struct utcp_sandbox_config *c)
{
	for (size_t i = 0; c->assigned && i < c->n_routes; i++) {
		const struct utcp_sandbox_route *route = &c->routes[i];

		if ((route->dst.is6 && !c->ip6.len) ||
		    (route->gateway.len &&
		     route->gateway.is6 != route->dst.is6))
			return false;
	}
	return true;
}

static int check_config(struct utcp_handle *h,
			const struct utcp_sandbox_config *c)
{
	const char *wrong = NULL;
	int err = check_name(h, c);

	if (err)
		return err;
	if (c->bridge && !bridge_name_ok(c->bridge))
		return utcp_error_set(&h->error, LIBUTCP_E_ARGUMENT, EINVAL,
				      "\"%s\" is no name of a bridge",
				      c->bridge);
	if (c->mode == LIBUTCP_SANDBOX_ADOPTED || c->dev || c->own)
		wrong = "a sandbox is adopted, or it is made";
	else if (c->mode != LIBUTCP_SANDBOX_BRIDGED &&
		 c->mode != LIBUTCP_SANDBOX_CUSTOM &&
		 (c->rate_in || c->rate_out || c->n_publish || c->bridge ||
		  c->subnet4.len || c->subnet6.len || c->netns || c->ifname ||
		  c->mac || c->mtu || c->ip4.len || c->ip6.len || c->assigned))
		wrong = "a sandbox of this mode has no link";
	else if (c->assigned && !c->ip4.len)
		wrong = "a sandbox has an address of IPv4";
	else if (c->assigned && (c->subnet4.len || c->subnet6.len))
		wrong = "who gives out addresses elsewhere has the subnets, too";
	else if (!routes_ok(c))
		wrong = "a route, or the way there, is of a family without an address";
	else if (c->mac && (c->mac[0] & 1))
		wrong = "the MAC address is one of a group";
	else if (c->mode == LIBUTCP_SANDBOX_HOST_LOOPBACK && !c->n_services)
		wrong = "a sandbox of mode host-loopback has a service at least";
	else if (c->mode != LIBUTCP_SANDBOX_HOST_LOOPBACK && c->n_services)
		wrong = "only a sandbox of mode host-loopback has services";
	else if (c->n_services > LIBUTCP_SANDBOX_SERVICES_MAX)
		wrong = "a sandbox has 16 services at most";
	else if (c->mode != LIBUTCP_SANDBOX_CUSTOM && c->n_rules)
		wrong = "only a sandbox of mode custom has rules";
	else if (c->mode != LIBUTCP_SANDBOX_CUSTOM && c->policy)
		wrong = "only a sandbox of mode custom has a policy of others";
	else
		wrong = wrong_both(c);
	if (wrong)
		return utcp_error_set(&h->error, LIBUTCP_E_ARGUMENT, EINVAL,
				      "%s", wrong);
	return 0;
}

int sandbox_make_room(struct utcp_handle *h, const char *name)
{
	struct utcp_sandbox there;
	struct job job;
	int err = state_load(name, &there, &h->error);

	if (err)
		return err == -ENOENT ? 0 : err;
	err = job_begin(&job, h);
	if (err)
		return err;
	job.sb = there;
	err = job_check_host(&job);
	if ((err && there.phase == LIBUTCP_SANDBOX_READY) ||
	    !job_is_leftover(&job))
		err = refuse(h, EEXIST, "there is a sandbox of that name");
	else if (!err)
		err = job_remove(&job);
	job_end(&job);
	return err;
}

/* What its policy and classes will be called is free, and so are its ports. */
static int check_bound(struct job *job)
{
	int err = policy_free(job->h, &job->sb);

	if (!err && (job->sb.rate_in || job->sb.rate_out))
		err = rate_free(job->h, &job->sb);
	return err ? err : publish_free(job);
}

/* Nothing of this name may be there: it would be taken for the sandbox's. */
static int check_free(struct job *job)
{
	struct link_info link = { 0 };
	int err;

	if (!job->sb.netns[0] && sandbox_netns_exists(job->sb.name))
		return refuse(job->h, EEXIST,
			      "there is a network namespace of that name");
	if (!sandbox_has_link(&job->sb))
		return 0;
	/* That of a member is there, and its own. */
	if (job->member[0])
		return check_bound(job);
	err = link_get(job->r, job->sb.dev, &link);
	if (!err)
		return refuse(job->h, EEXIST,
			      "there is a device of the name of its link");
	if (err != -ENODEV)
		return err;
	return job->pool ? 0 : check_bound(job);
}

/* Where its link leads, and to whom it belongs. */
static void describe_place(struct utcp_sandbox *sb,
			   const struct utcp_sandbox_config *c)
{
	if (c->netns)
		snprintf(sb->netns, sizeof(sb->netns), "%s%s",
			 strchr(c->netns, '/') ? "" : "/run/netns/", c->netns);
	if (c->ifname)
		snprintf(sb->ifname, sizeof(sb->ifname), "%s", c->ifname);
	if (c->policy)
		snprintf(sb->policy, sizeof(sb->policy), "%s", c->policy);
	if (c->network)
		snprintf(sb->network, sizeof(sb->network), "%s", c->network);
	if (c->container)
		snprintf(sb->container, sizeof(sb->container), "%s",
			 c->container);
}

static int describe(struct job *job, const struct utcp_sandbox_config *c)
{
	struct utcp_sandbox *sb = &job->sb;
	const uint8_t *id = (const uint8_t *)&sb->id;
	int err;

	snprintf(sb->name, sizeof(sb->name), "%s", c->name);
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
	for (; sb->n_services < c->n_services; sb->n_services++)
		sb->services[sb->n_services] = c->services[sb->n_services];
	if (!sandbox_is_bound(sb))
		return 0;
	describe_place(sb, c);
	sb->rate_in = c->rate_in;
	sb->rate_out = c->rate_out;
	for (; sb->n_publish < c->n_publish; sb->n_publish++)
		sb->publish[sb->n_publish] = c->publish[sb->n_publish];
	if (!sandbox_has_link(sb))
		return 0;
	snprintf(sb->bridge, sizeof(sb->bridge), "%s",
		 c->bridge ? c->bridge : LIBUTCP_SANDBOX_BRIDGE);
	snprintf(sb->dev, sizeof(sb->dev), "sbx%08x", sb->id);
	sb->mac[0] = 0x02;
	sb->mac[1] = 0x75;
	memcpy(&sb->mac[2], id, 4);
	if (c->mac)
		memcpy(sb->mac, c->mac, sizeof(sb->mac));
	return 0;
}

/* --- adopting --------------------------------------------------------------------------- */

static int check_adopt(struct utcp_handle *h,
		       const struct utcp_sandbox_config *c)
{
	const char *wrong = wrong_both(c);
	int err = check_name(h, c);

	if (err)
		return err;
	if (c->mode != LIBUTCP_SANDBOX_ADOPTED)
		wrong = "the mode of a sandbox that is adopted is adopted";
	else if (!c->dev && !c->netns)
		wrong = "a link is adopted by its device, or by its namespace";
	else if (c->bridge || c->subnet4.len || c->subnet6.len || c->cell ||
		 c->n_services)
		wrong = "a link that is adopted stays as it is";
	return wrong ? utcp_error_set(&h->error, LIBUTCP_E_ARGUMENT, EINVAL,
				      "%s", wrong) :
		       0;
}

/* A port belongs to who has made it one. */
static int check_no_port(struct job *job)
{
	struct utcp_port port;
	int err = utcp_port_get(job->h, job->sb.dev, &port);

	if (!err)
		return utcp_error_set(&job->h->error, LIBUTCP_E_BUSY, EBUSY,
				      "\"%s\" is a port already", job->sb.dev);
	return job->h->error.code == LIBUTCP_E_NOT_FOUND ? 0 : err;
}

/* What is adopted is there, and nobody's. @own: as for adopt_find(). */
static int adopted_find(struct job *job, struct utcp_acl_binding *own)
{
	int err = adopt_find(job, own);

	if (!err)
		err = check_no_port(job);
	return err ? err : check_bound(job);
}

/*
 * What promises something by modules is not made with older ones, which may not know all
 * that is promised.
 */
static int check_modules(struct job *job)
{
	if (!sandbox_is_bound(&job->sb) && !job->config->cell)
		return 0;
	return utcp_module_check(job->h, LIBUTCP_NETSWITCH);
}

/* --- making, one way or the other ---------------------------------------------------------- */

static int make_locked(struct utcp_handle *h,
		       const struct utcp_sandbox_config *c, bool adopt,
		       struct utcp_sandbox *sandbox)
{
	struct utcp_acl_binding own = { 0 }; /* the job has it */
	struct job job;
	int err = sandbox_make_room(h, c->name);

	if (err)
		return err;
	err = job_begin(&job, h);
	if (err)
		return err;
	job.config = c;
	err = describe(&job, c);
	if (!err)
		err = check_modules(&job);
	if (!err && !adopt && pool_serves(c))
		err = pool_find(&job);
	if (!err)
		err = adopt ? adopted_find(&job, &own) : check_free(&job);
	if (!err)
		err = job_make(&job);
	if (!err && sandbox)
		*sandbox = job.sb;
	job_end(&job);
	return err;
}

int sandbox_make_member(struct utcp_handle *h,
			const struct utcp_sandbox_config *config)
{
	struct job job;
	int err = job_begin(&job, h);

	if (err)
		return err;
	job.config = config;
	job.pool = true;
	err = describe(&job, config);
	pool_name(&job.sb);
	if (!err)
		err = check_modules(&job);
	if (!err)
		err = check_free(&job);
	if (!err)
		err = job_make(&job);
	job_end(&job);
	return err;
}

/*
 * The root of a user namespace has a /run of its own, and no hand on what belongs to the
 * host: some of a sandbox would be made, without what it promises. The host's is known by
 * its inode, which is the same on every kernel.
 */
static int check_host(struct utcp_handle *h)
{
	const ino_t host = 0xeffffffd;
	struct stat own;

	if (stat("/proc/self/ns/user", &own) || own.st_ino == host)
		return 0;
	return utcp_error_set(
		&h->error, LIBUTCP_E_PERMISSION, EPERM,
		"rootless containers are not supported: sandboxes are made by the host's root, not by that of a user namespace");
}

static int make(struct utcp_handle *h, const struct utcp_sandbox_config *c,
		bool adopt, struct utcp_sandbox *sandbox)
{
	int lock, err;

	utcp_error_clear(&h->error);
	err = adopt ? check_adopt(h, c) : check_config(h, c);
	if (!err)
		err = check_host(h);
	if (err)
		return err;
	lock = rundir_lock(h->timeout_ms, &h->error);
	if (lock < 0)
		return lock;
	err = make_locked(h, c, adopt, sandbox);
	close(lock);
	return err;
}

int utcp_sandbox_create(struct utcp_handle *h,
			const struct utcp_sandbox_config *config,
			struct utcp_sandbox *sandbox)
{
	return make(h, config, false, sandbox);
}

int utcp_sandbox_adopt(struct utcp_handle *h,
		       const struct utcp_sandbox_config *config,
		       struct utcp_sandbox *sandbox)
{
	return make(h, config, true, sandbox);
}

/* --- removing --------------------------------------------------------------------------- */

int job_check_host(struct job *job)
{
	uint64_t own;
	int err = sandbox_netns_own(&own, &job->h->error);

	if (!err && own != job->sb.host_ns)
		err = refuse(job->h, EXDEV,
			     "its link leads to another network namespace");
	return err;
}

int sandbox_remove_member(struct utcp_handle *h, const char *sub,
			  const char *name)
{
	struct job job;
	int err = job_begin(&job, h);

	if (err)
		return err;
	err = state_load(name, &job.sb, &h->error);
	if (!err)
		err = job_check_host(&job);
	if (!err) {
		err = job_remove(&job);
	} else {
		if (err == -EBADMSG)
			err = damaged_remove(&job, name, false);
		else if (err == -ENOENT)
			err = 0;
		if (!err)
			err = rundir_remove(sub, name, &h->error);
	}
	job_end(&job);
	return err;
}

int sandbox_wrong_verb(struct utcp_handle *h, bool adopted)
{
	return utcp_error_set(
		&h->error, LIBUTCP_E_ARGUMENT, EINVAL,
		adopted ? "the sandbox was made, not adopted: delete it" :
			  "the sandbox was adopted: release it");
}

static int delete_locked(struct utcp_handle *h, const char *name, bool adopted,
			 struct utcp_sandbox *was)
{
	struct job job;
	int err = job_begin(&job, h);
	bool is;

	if (err)
		return err;
	err = state_load(name, &job.sb, &h->error);
	if (err == -EBADMSG) {
		err = damaged_remove(&job, name, adopted);
		if (!err) {
			snprintf(was->name, sizeof(was->name), "%s", name);
			was->phase = LIBUTCP_SANDBOX_DAMAGED;
		}
		job_end(&job);
		return err;
	}
	if (!err)
		err = job_check_host(&job);
	is = job.sb.mode == LIBUTCP_SANDBOX_ADOPTED;
	if (!err && adopted != is)
		err = sandbox_wrong_verb(h, adopted);
	if (!err) {
		*was = job.sb;
		err = job_remove(&job);
	} else if (err == -ENOENT) {
		err = 0;
	}
	job_end(&job);
	return err;
}

static int remove_one(struct utcp_handle *h, const char *name, bool adopted,
		      struct utcp_sandbox *was)
{
	int lock, err;

	memset(was, 0, sizeof(*was));
	utcp_error_clear(&h->error);
	lock = rundir_lock(h->timeout_ms, &h->error);
	if (lock < 0)
		return lock;
	err = delete_locked(h, name, adopted, was);
	close(lock);
	return err;
}

int utcp_sandbox_delete(struct utcp_handle *h, const char *name,
			struct utcp_sandbox *was)
{
	return remove_one(h, name, false, was);
}

int utcp_sandbox_release(struct utcp_handle *h, const char *name,
			 struct utcp_sandbox *was)
{
	return remove_one(h, name, true, was);
}
