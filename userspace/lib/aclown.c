// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What is a sandbox's own: its MAC address and its addresses, as text.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include <utcp/acl.h>

/* The rule's words have the same texts. */
static size_t word_of(const char *name)
{
	size_t i = 0;

	while (strcmp(utcp_acl_word(i), name) != 0)
		i++;
	return i;
}

static const char *add_address(struct utcp_acl_binding *binding,
			       const char *text, size_t len)
{
	struct utcp_acl_address *to = &binding->addr[binding->addrs];
	char one[INET6_ADDRSTRLEN];

	if (binding->addrs == LIBUTCP_ACL_ADDRS_MAX)
		return "there are more than 16 addresses";
	if (len >= sizeof(one))
		return "it is no address";
	memcpy(one, text, len);
	one[len] = '\0';
	to->is6 = strchr(one, ':');
	memset(to->addr, 0, sizeof(to->addr));
	if (inet_pton(to->is6 ? AF_INET6 : AF_INET, one, to->addr) != 1)
		return "addresses with commas between them are expected";
	binding->addrs++;
	return NULL;
}

const char *utcp_acl_binding_own(struct utcp_acl_binding *binding,
				 const char *word, const char *value)
{
	struct utcp_acl_rule rule = { 0 };
	const char *bad = NULL;

	if (strcmp(word, "mac") == 0) {
		bad = utcp_acl_rule_set(&rule, word_of("smac"), value);
		memcpy(binding->mac, rule.src_mac, sizeof(binding->mac));
		binding->has_mac = true;
		return bad;
	}
	if (strcmp(word, "addr") != 0)
		return "a binding has no such word";
	binding->addrs = 0;
	while (!bad) {
		size_t len = strcspn(value, ",");

		bad = add_address(binding, value, len);
		if (!value[len])
			break;
		value += len + 1;
	}
	return bad;
}

void utcp_acl_binding_addrs(const struct utcp_acl_binding *binding,
			    char text[LIBUTCP_ACL_RULE_TEXT])
{
	char one[INET6_ADDRSTRLEN];
	size_t used = 0;

	text[0] = '\0';
	for (uint32_t i = 0; i < binding->addrs; i++) {
		const struct utcp_acl_address *a = &binding->addr[i];

		if (!inet_ntop(a->is6 ? AF_INET6 : AF_INET, a->addr, one,
			       sizeof(one)))
			continue;
		used += (size_t)snprintf(text + used,
					 LIBUTCP_ACL_RULE_TEXT - used, "%s%s",
					 used ? "," : "", one);
	}
}
