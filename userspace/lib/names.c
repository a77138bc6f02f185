// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Names of attributes, and the path of the attribute that the kernel points at.
 */
#include <stdio.h>
#include <string.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "names.h"
#include "nlparse.h"

const struct nl_set *nl_names_op(const struct nl_names *names, uint8_t cmd)
{
	for (size_t i = 0; i < names->n_ops; i++)
		if (names->ops[i].cmd == cmd)
			return names->ops[i].set;
	return NULL;
}

const struct nl_name *nl_set_type(const struct nl_set *set, uint16_t type)
{
	for (size_t i = 0; set && i < set->n; i++)
		if (set->names[i].type == type)
			return &set->names[i];
	return NULL;
}

const struct nl_name *nl_set_name(const struct nl_set *set, const char *name)
{
	for (size_t i = 0; i < set->n; i++)
		if (strcmp(set->names[i].name, name) == 0)
			return &set->names[i];
	return NULL;
}

void nl_path_add(char *path, size_t size, const struct nl_set *set,
		 uint16_t type)
{
	const struct nl_name *name = nl_set_type(set, type);
	size_t used = strlen(path);
	const char *dot = used ? "." : "";

	if (name)
		snprintf(path + used, size - used, "%s%s", dot, name->name);
	else
		snprintf(path + used, size - used, "%s#%u", dot, type);
}

const struct nl_set *nl_path_at(const struct nl_set *set, const void *request,
				size_t len, size_t offset, char *path,
				size_t size)
{
	struct nl_span span;
	struct nl_attr attr;

	path[0] = '\0';
	if (len < NLMSG_HDRLEN + GENL_HDRLEN)
		return NULL;
	span.data = (const unsigned char *)request + NLMSG_HDRLEN + GENL_HDRLEN;
	span.len = len - NLMSG_HDRLEN - GENL_HDRLEN;

	while (nl_attr_next(&span, &attr) > 0) {
		size_t start = (size_t)(attr.value.data -
					(const unsigned char *)request);
		size_t end = start + attr.value.len;
		const struct nl_name *name;

		if (offset >= end)
			continue;
		/* A place between headers or in padding means nothing. */
		if (offset + NLA_HDRLEN != start && offset < start) {
			path[0] = '\0';
			return NULL;
		}
		name = nl_set_type(set, attr.type);
		nl_path_add(path, size, set, attr.type);
		set = name ? name->nest : NULL;
		if (offset < start)
			return set;
		if (!set) /* inside a value: that value is meant */
			return NULL;
		span = attr.value;
	}
	path[0] = '\0';
	return NULL;
}
