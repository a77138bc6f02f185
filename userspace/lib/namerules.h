/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What names may be made of: those of sandboxes, cells and containers, and of devices.
 */
#ifndef _LIBUTCP_NAMERULES_H
#define _LIBUTCP_NAMERULES_H

#include <stdbool.h>
#include <string.h>

/* Of ASCII, whatever the locale says. */
static inline bool name_is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

/* Letters, digits and "._-", not these three in front; at most @max. */
static inline bool name_is_label(const char *name, size_t max)
{
	if (!name_is_alnum(name[0]) || strlen(name) > max)
		return false;
	for (; *name; name++)
		if (!name_is_alnum(*name) && !strchr("._-", *name))
			return false;
	return true;
}

/* Is it a name of a device, and none that has a meaning of its own? */
static inline bool name_is_device(const char *name)
{
	size_t n = strlen(name);

	if (!n || n > 15 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return false;
	for (; *name; name++)
		if (*name <= ' ' || *name > '~' || strchr("/:%", *name))
			return false;
	return true;
}

#endif /* _LIBUTCP_NAMERULES_H */
