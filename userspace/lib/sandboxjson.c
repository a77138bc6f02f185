// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Numbers, texts and addresses in files of JSON.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utcp/sandbox.h>

#include "sandboxjson.h"

int member_number(const json_t *o, const char *member, uint64_t max,
		  uint64_t *value)
{
	const json_t *n = json_object_get(o, member);

	if (!json_is_integer(n) || json_integer_value(n) < 0 ||
	    (uint64_t)json_integer_value(n) > max)
		return -EBADMSG;
	*value = (uint64_t)json_integer_value(n);
	return 0;
}

int member_text(const json_t *o, const char *member, char *text, size_t size)
{
	const json_t *s = json_object_get(o, member);
	const char *from = json_string_value(s);
	size_t len = json_string_length(s);

	if (!from || !len || len >= size)
		return -EBADMSG;
	for (size_t i = 0; i < len; i++)
		if (from[i] <= ' ' || from[i] > '~')
			return -EBADMSG;
	memcpy(text, from, len);
	text[len] = '\0';
	return 0;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int member_hex(const json_t *o, const char *member, uint8_t *bytes, size_t len)
{
	const json_t *s = json_object_get(o, member);
	const char *from = json_string_value(s);

	if (!from || json_string_length(s) != 2 * len)
		return -EBADMSG;
	for (size_t i = 0; i < len; i++) {
		int high = digit(from[2 * i]), low = digit(from[2 * i + 1]);

		if (high < 0 || low < 0)
			return -EBADMSG;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	return 0;
}

json_t *hex_member(const uint8_t *bytes, size_t len)
{
	char text[65] = "";

	for (size_t i = 0; i < len && i < 32; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return json_string(text);
}

int member_prefix(const json_t *o, const char *member, bool is6,
		  struct utcp_sandbox_prefix *prefix)
{
	char text[INET6_ADDRSTRLEN + 4], *slash, *end;
	unsigned long len;

	memset(prefix, 0, sizeof(*prefix));
	prefix->is6 = is6;
	if (!json_object_get(o, member))
		return 0;
	if (member_text(o, member, text, sizeof(text)))
		return -EBADMSG;
	slash = strchr(text, '/');
	if (!slash || slash[1] < '1' || slash[1] > '9')
		return -EBADMSG;
	*slash = '\0';
	len = strtoul(slash + 1, &end, 10);
	if (*end || len > (is6 ? 128 : 32) ||
	    inet_pton(is6 ? AF_INET6 : AF_INET, text, prefix->addr) != 1)
		return -EBADMSG;
	prefix->len = (uint32_t)len;
	return 0;
}

json_t *prefix_member(const struct utcp_sandbox_prefix *prefix)
{
	char text[INET6_ADDRSTRLEN];

	if (!prefix->len || !inet_ntop(prefix->is6 ? AF_INET6 : AF_INET,
				       prefix->addr, text, sizeof(text)))
		return NULL;
	return json_sprintf("%s/%u", text, prefix->len);
}
