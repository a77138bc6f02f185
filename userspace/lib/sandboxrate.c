// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * How fast a sandbox may be.
 */
#include <errno.h>
#include <stdio.h>
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

static void class_name(const struct utcp_sandbox *sb, size_t way, char *name,
		       size_t size)
{
	snprintf(name, size, "%s.%s", sb->name, ways[way].name);
}

int rate_free(struct utcp_handle *h, const struct utcp_sandbox *sb)
{
	struct utcp_shaper_class cls;
	char name[sizeof(cls.name)];
	int err = 0;

	for (size_t i = 0; !err && i < WAYS; i++) {
		class_name(sb, i, name, sizeof(name));
		err = utcp_shaper_class_get(h, name, &cls);
		if (!err)
			return utcp_error_set(&h->error, LIBUTCP_E_REFUSED,
					      EEXIST, "there is a class \"%s\"",
					      name);
		if (h->error.code == LIBUTCP_E_NOT_FOUND)
			err = 0;
	}
	return err;
}

int rate_make(struct utcp_handle *h, const struct utcp_sandbox *sb)
{
	struct utcp_shaper_class cls = { .bw_max = sb->rate };
	int err = 0;

	for (size_t i = 0; !err && i < WAYS; i++) {
		class_name(sb, i, cls.name, sizeof(cls.name));
		err = utcp_shaper_class_add(
			h, &cls, 1U << UTCP_SHAPER_A_CLASS_BW_MAX, NULL);
	}
	return err;
}

int rate_bind(struct utcp_handle *h, const struct utcp_sandbox *sb)
{
	struct utcp_shaper_binding binding = { 0 };
	int err = 0;

	snprintf(binding.name, sizeof(binding.name), "%s", sb->dev);
	for (size_t i = 0; !err && i < WAYS; i++) {
		binding.direction = ways[i].direction;
		class_name(sb, i, binding.class_name,
			   sizeof(binding.class_name));
		err = utcp_shaper_bind(h, &binding, NULL);
	}
	return err;
}

int rate_remove(struct utcp_handle *h, const struct utcp_sandbox *sb)
{
	char name[32];
	int err = 0;

	for (size_t i = 0; !err && i < WAYS; i++) {
		class_name(sb, i, name, sizeof(name));
		err = utcp_shaper_class_del(h, name, NULL);
		/* Without the module there are no classes. */
		if (err && (h->error.code == LIBUTCP_E_NOT_FOUND ||
			    h->error.code == LIBUTCP_E_NO_MODULE))
			err = 0;
	}
	return err;
}
