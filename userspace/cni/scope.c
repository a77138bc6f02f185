// SPDX-License-Identifier: GPL-2.0-only
/*
 * Members of an object of JSON.
 */
#include <string.h>

#include "scope.h"

int scope_wrong(const struct scope *s, const char *member, const char *what)
{
	return cni_fail(s->f, CNI_CONFIG, "%s%s %s", s->where, member, what);
}

const json_t *scope_get(const struct scope *s, const char *member)
{
	const json_t *m = json_object_get(s->o, member);

	return json_is_null(m) ? NULL : m;
}

int scope_text(const struct scope *s, const char *member, const char **text)
{
	const json_t *m = scope_get(s, member);

	*text = NULL;
	if (!m)
		return 0;
	*text = json_string_value(m);
	if (!*text || strlen(*text) != json_string_length(m))
		return scope_wrong(s, member, "is not a string");
	if (!**text)
		*text = NULL;
	return 0;
}

int scope_number(const struct scope *s, const char *member, uint64_t max,
		 uint64_t *value)
{
	const json_t *m = scope_get(s, member);

	*value = 0;
	if (!m)
		return 0;
	if (!json_is_integer(m) || json_integer_value(m) < 0 ||
	    (uint64_t)json_integer_value(m) > max)
		return cni_fail(s->f, CNI_CONFIG,
				"%s%s is not a number from 0 to %llu", s->where,
				member, (unsigned long long)max);
	*value = (uint64_t)json_integer_value(m);
	return 0;
}

int scope_bool(const struct scope *s, const char *member, bool *value)
{
	const json_t *m = scope_get(s, member);

	if (!m)
		return 0;
	if (!json_is_boolean(m))
		return scope_wrong(s, member, "is not true or false");
	*value = json_is_true(m);
	return 0;
}

int scope_object(const struct scope *s, const char *member, struct scope *in,
		 const char *where)
{
	*in = (struct scope){ scope_get(s, member), where, s->f };
	if (in->o && !json_is_object(in->o))
		return scope_wrong(s, member, "is not an object");
	return 0;
}

int scope_array(const struct scope *s, const char *member, const json_t **list)
{
	*list = scope_get(s, member);
	if (*list && !json_is_array(*list))
		return scope_wrong(s, member, "is not an array");
	return 0;
}
