// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * How fast a sandbox may be.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utcp/shaper.h>

#include "error.h"
#include "handle.h"
#include "sandboxrate.h"

/* What the host's side of the link receives is what the sandbox sends. */
static const struct {
	const char *name;
	uint32_t direction;
} ways[] = {
	{ "in", UTCP_SHAPER_DIRECTION_OUT },
	{ "out", UTCP_SHAPER_DIRECTION_IN },
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

static uint64_t rate_of(const struct utcp_sandbox *sb, size_t way)
{
	return way ? sb->rate_out : sb->rate_in;
}

static void class_name(const struct utcp_sandbox *sb, size_t way, char *name,
		       size_t size)
{
	snprintf(name, size, "%s.%s", sb->name, ways[way].name);
}

static int is_free(struct utcp_handle *h, const struct utcp_sandbox *sb,
		   size_t way)
{
	struct utcp_shaper_class cls;
	char name[sizeof(cls.name)];
	int err;

	class_name(sb, way, name, sizeof(name));
	err = utcp_shaper_class_get(h, name, &cls);
	if (!err)
		return utcp_error_set(&h->error, LIBUTCP_E_REFUSED, EEXIST,
				      "there is a class \"%s\"", name);
	return h->error.code == LIBUTCP_E_NOT_FOUND ? 0 : err;
}

int rate_free(struct utcp_handle *h, const struct utcp_sandbox *sb)
{
	int err = 0;

	for (size_t i = 0; !err && i < WAYS; i++)
		err = is_free(h, sb, i);
	return err;
}

static int make_one(struct utcp_handle *h, const struct utcp_sandbox *sb,
		    size_t way, uint32_t burst)
{
	struct utcp_shaper_class cls = { .bw_max = rate_of(sb, way),
					 .burst = burst };
	uint32_t set = 1U << UTCP_SHAPER_A_CLASS_BW_MAX;

	if (burst)
		set |= 1U << UTCP_SHAPER_A_CLASS_BURST;
	class_name(sb, way, cls.name, sizeof(cls.name));
	return utcp_shaper_class_add(h, &cls, set, NULL);
}

int rate_make(struct utcp_handle *h, struct utcp_sandbox *sb,
	      const struct utcp_sandbox_config *config)
{
	int err = 0;

	for (size_t i = 0; i < WAYS; i++) {
		if (!err && rate_of(sb, i))
			err = make_one(h, sb, i,
				       i ? config->burst_out :
					   config->burst_in);
		/* What has the name is somebody else's: not to be undone. */
		if (err && i)
			sb->rate_out = 0;
		else if (err)
			sb->rate_in = 0;
	}
	return err;
}

static int bind_one(struct utcp_handle *h, const struct utcp_sandbox *sb,
		    size_t way)
{
	struct utcp_shaper_binding binding = { .direction =
						       ways[way].direction };

	snprintf(binding.name, sizeof(binding.name), "%s", sb->dev);
	class_name(sb, way, binding.class_name, sizeof(binding.class_name));
	return utcp_shaper_bind(h, &binding, NULL);
}

int rate_bind(struct utcp_handle *h, const struct utcp_sandbox *sb)
{
	int err = 0;

	for (size_t i = 0; !err && i < WAYS; i++)
		if (rate_of(sb, i))
			err = bind_one(h, sb, i);
	return err;
}

int rate_unbind(struct utcp_handle *h, const struct utcp_sandbox *sb)
{
	int err = 0;

	for (size_t i = 0; !err && i < WAYS; i++) {
		if (!rate_of(sb, i))
			continue;
		err = utcp_shaper_unbind(h, sb->dev, ways[i].direction, NULL);
		if (err && handle_is_gone(h))
			err = 0;
	}
	return err;
}

static int remove_one(struct utcp_handle *h, const struct utcp_sandbox *sb,
		      size_t way)
{
	struct utcp_shaper_class cls;
	char name[32];
	int err;

	class_name(sb, way, name, sizeof(name));
	err = utcp_shaper_class_get(h, name, &cls);
	/* Others have made it theirs, or put it in its place. */
	if (!err && (cls.bindings || cls.children || cls.parent[0]))
		return 0;
	if (!err)
		err = utcp_shaper_class_del(h, name, NULL);
	return err && handle_is_gone(h) ? 0 : err;
}

int rate_remove(struct utcp_handle *h, const struct utcp_sandbox *sb)
{
	int err = 0;

	for (size_t i = 0; !err && i < WAYS; i++)
		if (rate_of(sb, i))
			err = remove_one(h, sb, i);
	return err;
}

/* --- of a sandbox that lives ----------------------------------------------------------- */

/* Is the direction bound to the sandbox's own class? To another's: -EBUSY. */
static int is_bound(struct utcp_handle *h, const struct utcp_sandbox *sb,
		    size_t way, bool *bound)
{
	struct utcp_shaper_binding *list;
	char name[32];
	size_t n;
	int err = utcp_shaper_binding_list(h, sb->dev, &list, &n);

	*bound = false;
	if (err)
		return handle_is_gone(h) ? 0 : err;
	class_name(sb, way, name, sizeof(name));
	for (size_t i = 0; !err && i < n; i++) {
		if (list[i].direction != ways[way].direction)
			continue;
		*bound = true;
		if (strcmp(list[i].class_name, name) != 0)
			err = utcp_error_set(
				&h->error, LIBUTCP_E_BUSY, EBUSY,
				"its link is bound to the class \"%.31s\", which is not its own",
				list[i].class_name);
	}
	free(list);
	return err;
}

static int apply_one(struct utcp_handle *h, const struct utcp_sandbox *sb,
		     size_t way)
{
	struct utcp_shaper_class cls = { .bw_max = rate_of(sb, way) };
	bool bound;
	int err = is_bound(h, sb, way, &bound);

	if (err)
		return err;
	if (!rate_of(sb, way)) {
		if (bound)
			err = utcp_shaper_unbind(h, sb->dev,
						 ways[way].direction, NULL);
		return err ? err : remove_one(h, sb, way);
	}
	class_name(sb, way, cls.name, sizeof(cls.name));
	err = utcp_shaper_class_set(h, &cls, 1U << UTCP_SHAPER_A_CLASS_BW_MAX,
				    NULL);
	if (err && h->error.code == LIBUTCP_E_NOT_FOUND)
		err = make_one(h, sb, way, 0);
	if (!err && !bound)
		err = bind_one(h, sb, way);
	return err;
}

/* Is there something to do in the direction? */
static bool is_named(const struct utcp_sandbox_change *c,
		     const struct utcp_sandbox *from,
		     const struct utcp_sandbox *to, size_t way)
{
	return (way ? c->has_rate_out : c->has_rate_in) &&
	       (rate_of(from, way) || rate_of(to, way));
}

int rate_check(struct utcp_handle *h, const struct utcp_sandbox_change *c,
	       const struct utcp_sandbox *from, const struct utcp_sandbox *to)
{
	bool bound;
	int err = 0;

	for (size_t i = 0; !err && i < WAYS; i++) {
		if (!is_named(c, from, to, i))
			continue;
		err = is_bound(h, to, i, &bound);
		if (!err && !rate_of(from, i))
			err = is_free(h, to, i);
	}
	return err;
}

int rate_apply(struct utcp_handle *h, const struct utcp_sandbox_change *c,
	       const struct utcp_sandbox *from, const struct utcp_sandbox *to)
{
	int err = 0;

	for (size_t i = 0; !err && i < WAYS; i++)
		if (is_named(c, from, to, i))
			err = apply_one(h, to, i);
	return err;
}

int rate_stats(struct utcp_handle *h, const struct utcp_sandbox *sb,
	       struct utcp_sandbox_stats *stats)
{
	char name[32];
	int err = 0;

	for (size_t i = 0; !err && i < WAYS; i++) {
		struct utcp_sandbox_way *way = i ? &stats->out : &stats->in;

		if (!rate_of(sb, i))
			continue;
		class_name(sb, i, name, sizeof(name));
		err = utcp_shaper_class_get(h, name, &way->cls);
		way->has_class = !err;
		if (err && handle_is_gone(h))
			err = 0;
	}
	return err;
}

int rate_verify(struct utcp_handle *h, const struct utcp_sandbox *sb)
{
	struct utcp_shaper_class cls;
	char name[sizeof(cls.name)];
	bool bound = false;
	int err = 0;

	for (size_t i = 0; !err && i < WAYS; i++) {
		if (!rate_of(sb, i))
			continue;
		class_name(sb, i, name, sizeof(name));
		err = utcp_shaper_class_get(h, name, &cls);
		if (!err && cls.bw_max != rate_of(sb, i))
			err = utcp_error_set(
				&h->error, LIBUTCP_E_REFUSED, ESTALE,
				"the class \"%s\" has another rate", name);
		if (!err)
			err = is_bound(h, sb, i, &bound);
		if (!err && !bound)
			err = utcp_error_set(&h->error, LIBUTCP_E_NOT_FOUND,
					     ENOENT,
					     "its link is not bound to \"%s\"",
					     name);
	}
	return err;
}
