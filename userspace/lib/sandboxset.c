// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Changing sandboxes that live: rates, mode, and what is allowed.
 *
 * The file says at each moment what there may be: a class that is to come is written
 * down before it is made, one that goes is crossed out behind it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <utcp/aclflow.h>

#include "error.h"
#include "handle.h"
#include "rundir.h"
#include "sandboxmake.h"
#include "sandboxpolicy.h"
#include "sandboxrate.h"
#include "sandboxstate.h"
#include "sandboxstep.h"

static int refuse(struct utcp_handle *h, enum utcp_error_code code, int err,
		  const char *what)
{
	return utcp_error_set(&h->error, code, err, "%s", what);
}

/* Lock, and look for a sandbox that can be changed. */
static int begin(struct utcp_handle *h, const char *name, struct job *job)
{
	int lock, err;

	utcp_error_clear(&h->error);
	memset(job, 0, sizeof(*job));
	job->h = h;
	lock = rundir_lock(h->timeout_ms, &h->error);
	if (lock < 0)
		return lock;
	err = state_load(name, &job->sb, &h->error);
	if (!err)
		err = job_check_host(job);
	if (!err && job->sb.phase != LIBUTCP_SANDBOX_READY)
		err = refuse(h, LIBUTCP_E_BUSY, EBUSY,
			     "the sandbox is not complete");
	else if (!err && !sandbox_is_bound(&job->sb))
		err = refuse(h, LIBUTCP_E_ARGUMENT, EINVAL,
			     "a sandbox of this mode has no link");
	if (!err)
		return lock;
	close(lock);
	return err;
}

/* --- rates and mode ----------------------------------------------------------------------- */

static void change(struct utcp_sandbox *sb, const struct utcp_sandbox_change *c)
{
	if (c->has_mode)
		sb->mode = c->mode;
	if (c->has_rate_in)
		sb->rate_in = c->rate_in;
	if (c->has_rate_out)
		sb->rate_out = c->rate_out;
}

/*
 * What there may be while one is made into the other: classes of both, and the mode that
 * is the more open one, so that nobody who reads the file takes it for closed.
 */
static struct utcp_sandbox both(const struct utcp_sandbox *from,
				const struct utcp_sandbox *to)
{
	struct utcp_sandbox sb = *from;

	if (to->mode == LIBUTCP_SANDBOX_BRIDGED)
		sb.mode = to->mode;
	if (to->rate_in)
		sb.rate_in = to->rate_in;
	if (to->rate_out)
		sb.rate_out = to->rate_out;
	return sb;
}

/*
 * All that is named, also if the file says that it is so already: who wrote that may
 * have died before it was.
 */
static int apply(struct utcp_handle *h, const struct utcp_sandbox_change *c,
		 const struct utcp_sandbox *from, const struct utcp_sandbox *to)
{
	int err = rate_apply(h, c, from, to);

	if (!err && c->has_mode)
		err = policy_mode(h, to);
	return err;
}

static int set_locked(struct utcp_handle *h,
		      const struct utcp_sandbox_change *c,
		      const struct utcp_sandbox *was,
		      const struct utcp_sandbox *wish)
{
	const struct utcp_sandbox meanwhile = both(was, wish);
	struct utcp_error e;
	int err = rate_check(h, c, was, wish);

	if (!err)
		err = state_save(&meanwhile, &h->error);
	if (err)
		return err;
	err = fault_point(h, "set");
	if (!err)
		err = apply(h, c, was, wish);
	if (!err)
		err = fault_point(h, "applied");
	if (!err)
		err = state_save(wish, &h->error);
	if (!err)
		return 0;
	/* Back; the file tells of both until that is done. */
	e = h->error;
	if (!apply(h, c, wish, was))
		state_save(was, &h->error);
	h->error = e;
	return err;
}

int utcp_sandbox_set(struct utcp_handle *h, const char *name,
		     const struct utcp_sandbox_change *c,
		     struct utcp_sandbox *sandbox)
{
	struct utcp_sandbox wish;
	struct job job;
	int lock, err;

	utcp_error_clear(&h->error);
	if (c->has_mode && c->mode != LIBUTCP_SANDBOX_BRIDGED &&
	    c->mode != LIBUTCP_SANDBOX_CUSTOM)
		return refuse(
			h, LIBUTCP_E_ARGUMENT, EINVAL,
			"the mode of a sandbox that lives is bridged or custom");
	lock = begin(h, name, &job);
	if (lock < 0)
		return lock;
	if (c->has_mode &&
	    (job.sb.mode == LIBUTCP_SANDBOX_ADOPTED || job.sb.policy[0])) {
		close(lock);
		return refuse(
			h, LIBUTCP_E_ARGUMENT, EINVAL,
			"only a sandbox that was made with a policy of its own has another mode");
	}
	wish = job.sb;
	change(&wish, c);
	err = set_locked(h, c, &job.sb, &wish);
	if (!err && sandbox)
		*sandbox = wish;
	close(lock);
	return err;
}

/* --- what is allowed ------------------------------------------------------------------------ */

/* A rule is taken back whatever was noted about it, and whenever it would go. */
#define DENY_IGNORES                                                     \
	(LIBUTCP_ACL_COMMENT | LIBUTCP_ACL_OWNER | LIBUTCP_ACL_EXPIRES | \
	 LIBUTCP_ACL_LAST_HIT)

static int begin_rules(struct utcp_handle *h, const char *name, struct job *job)
{
	int lock = begin(h, name, job);

	if (lock < 0)
		return lock;
	if (job->sb.policy[0]) {
		close(lock);
		return refuse(
			h, LIBUTCP_E_ARGUMENT, EINVAL,
			"its policy is not its own: utcpctl acl changes it");
	}
	if (job->sb.mode != LIBUTCP_SANDBOX_BRIDGED)
		return lock;
	close(lock);
	return refuse(h, LIBUTCP_E_ARGUMENT, EINVAL,
		      "only a sandbox of mode custom has rules");
}

int utcp_sandbox_allow(struct utcp_handle *h, const char *name,
		       const struct utcp_acl_rule *rule,
		       struct utcp_acl_rule *made)
{
	struct utcp_acl_rule wish = *rule, there;
	struct job job;
	int lock = begin_rules(h, name, &job), err;

	if (lock < 0)
		return lock;
	wish.verdict = UTCP_ACL_VERDICT_ALLOW;
	err = policy_find(h, &job.sb, &wish, 0, &there);
	if (!err && made)
		*made = there;
	else if (err == -ENOENT)
		err = utcp_acl_rule_add(h, job.sb.name, &wish, made);
	close(lock);
	return err;
}

/* All that say so: two may differ in what does not count. */
static int deny_all(struct utcp_handle *h, const struct utcp_sandbox *sb,
		    const struct utcp_acl_rule *rule, struct utcp_acl_rule *was,
		    size_t *n)
{
	struct utcp_acl_rule there;
	int err;

	*n = 0;
	while (!(err = policy_find(h, sb, rule, DENY_IGNORES, &there))) {
		err = utcp_acl_rule_del(h, sb->name, there.handle, false,
					*n ? NULL : was);
		/* One that has gone by itself is gone, too. */
		if (err && h->error.code != LIBUTCP_E_NOT_FOUND)
			return err;
		*n += !err;
	}
	return err == -ENOENT ? 0 : err;
}

int utcp_sandbox_deny(struct utcp_handle *h, const char *name,
		      const struct utcp_acl_rule *rule,
		      struct utcp_acl_rule *was)
{
	struct utcp_acl_rule wish = *rule;
	struct utcp_error e;
	struct job job;
	int lock = begin_rules(h, name, &job), err, also;
	size_t n;

	if (lock < 0)
		return lock;
	wish.verdict = UTCP_ACL_VERDICT_ALLOW;
	err = deny_all(h, &job.sb, &wish, was, &n);
	e = h->error;
	/*
	 * What it has allowed before would go on; with no rule there, too, if who took it
	 * back before died in between.
	 */
	also = utcp_acl_flow_flush(h, job.sb.dev, NULL);
	if (err)
		h->error = e;
	else if (also)
		err = also;
	else if (!n)
		err = utcp_error_set(&h->error, LIBUTCP_E_NOT_FOUND, ENOENT,
				     "no rule of the sandbox allows just that");
	close(lock);
	return err;
}
