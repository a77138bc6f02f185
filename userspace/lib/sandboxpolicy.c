// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a sandbox may send and get.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utcp/acl.h>
#include <utcp/aclflow.h>
#include <utcp/port.h>

#include "error.h"
#include "handle.h"
#include "sandboxpolicy.h"
#include "sandboxstate.h"

static const char *name_of(const struct utcp_sandbox *sb)
{
	return sb->policy[0] ? sb->policy : sb->name;
}

int policy_free(struct utcp_handle *h, const struct utcp_sandbox *sb)
{
	struct utcp_acl_policy policy;
	int err = utcp_acl_policy_get(h, name_of(sb), &policy);

	/* That of others has to be there, its own must not. */
	if (sb->policy[0])
		return err;
	if (!err)
		return utcp_error_set(&h->error, LIBUTCP_E_REFUSED, EEXIST,
				      "there is a policy \"%s\"", sb->name);
	return h->error.code == LIBUTCP_E_NOT_FOUND ? 0 : err;
}

/* Who publishes a port wants it to be reached. */
static void allow_published(const struct utcp_sandbox_publish *p,
			    const struct utcp_sandbox_prefix *to,
			    struct utcp_acl_rule *rule)
{
	memset(rule, 0, sizeof(*rule));
	rule->priority = LIBUTCP_ACL_PRIORITY;
	rule->direction = UTCP_ACL_DIRECTION_IN;
	rule->verdict = UTCP_ACL_VERDICT_ALLOW;
	rule->fields = LIBUTCP_ACL_PROTO | LIBUTCP_ACL_DST_PORT |
		       LIBUTCP_ACL_COMMENT |
		       (to->is6 ? LIBUTCP_ACL_DST6 : LIBUTCP_ACL_DST4);
	rule->proto = p->proto;
	rule->dst_port[0] = p->port;
	rule->dst_port[1] = p->port;
	memcpy(rule->dst, to->addr, sizeof(rule->dst));
	rule->dst_len = to->is6 ? 128 : 32;
	snprintf(rule->comment, sizeof(rule->comment), "%s", "published");
}

size_t policy_neighbours(const struct utcp_sandbox *sb,
			 struct utcp_acl_rule rules[2])
{
	static const uint32_t types[] = { 135, 136 }; /* RFC 4861 */
	const struct utcp_sandbox_prefix *own = &sb->addr6;

	if (!own->len || own->len >= 64)
		return 0;
	for (size_t i = 0; i < 2; i++) {
		struct utcp_acl_rule *rule = &rules[i];

		memset(rule, 0, sizeof(*rule));
		rule->priority = LIBUTCP_ACL_PRIORITY;
		rule->direction = UTCP_ACL_DIRECTION_OUT;
		rule->verdict = UTCP_ACL_VERDICT_ALLOW;
		rule->fields = LIBUTCP_ACL_PROTO | LIBUTCP_ACL_ICMP_TYPE |
			       LIBUTCP_ACL_DST6 | LIBUTCP_ACL_COMMENT;
		rule->proto = IPPROTO_ICMPV6;
		rule->icmp_type = types[i];
		rule->dst_len = own->len;
		memcpy(rule->dst, own->addr, own->len / 8);
		if (own->len % 8)
			rule->dst[own->len / 8] =
				(uint8_t)(own->addr[own->len / 8] &
					  0xff00 >> own->len % 8);
		snprintf(rule->comment, sizeof(rule->comment), "%s",
			 "neighbours");
	}
	return 2;
}

static int load(struct utcp_handle *h, const struct utcp_acl_policy *settings,
		const struct utcp_acl_rule *rules, size_t n)
{
	size_t refused;
	int err = utcp_acl_load(h, settings, rules, n, NULL, &refused);
	struct utcp_error e = h->error;

	if (!err || refused >= n)
		return err;
	return utcp_error_set(&h->error, e.code, e.err, "rule %zu: %.200s",
			      refused + 1, e.message);
}

/* What becomes of what no rule is about. */
static uint32_t default_of(const struct utcp_sandbox *sb)
{
	return sb->mode == LIBUTCP_SANDBOX_BRIDGED ? UTCP_ACL_VERDICT_ALLOW :
						     UTCP_ACL_VERDICT_DENY;
}

int policy_make(struct utcp_handle *h, const struct utcp_sandbox *sb,
		const struct utcp_sandbox_config *config)
{
	struct utcp_acl_policy settings = {
		.fields = LIBUTCP_ACL_IN | LIBUTCP_ACL_OUT | LIBUTCP_ACL_OWNER,
		.in = default_of(sb),
		.out = default_of(sb),
		.owner = POLICY_OWNER,
	};
	struct utcp_acl_rule *rules;
	size_t n = 0;
	int err;

	if (sb->policy[0])
		return 0;
	snprintf(settings.name, sizeof(settings.name), "%s", sb->name);
	rules = calloc(config->n_rules + 2 * sb->n_publish + 2, sizeof(*rules));
	if (!rules)
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	if (config->n_rules)
		memcpy(rules, config->rules, config->n_rules * sizeof(*rules));
	n = config->n_rules;
	/* bridged, too: it may be closed later */
	for (size_t i = 0; i < sb->n_publish; i++) {
		const struct utcp_sandbox_publish *p = &sb->publish[i];

		if (publish_has(p, false))
			allow_published(p, &sb->addr4, &rules[n++]);
		if (sb->addr6.len && publish_has(p, true))
			allow_published(p, &sb->addr6, &rules[n++]);
	}
	n += policy_neighbours(sb, &rules[n]);
	err = load(h, &settings, rules, n);
	free(rules);
	return err;
}

static void add_own(struct utcp_acl_binding *b,
		    const struct utcp_sandbox_prefix *address)
{
	struct utcp_acl_address *to = &b->addr[b->addrs++];

	to->is6 = address->is6;
	memcpy(to->addr, address->addr, sizeof(to->addr));
}

int policy_port(struct utcp_handle *h, const struct utcp_sandbox *sb)
{
	return utcp_port_add(h, sb->dev, NETSWITCH_PORT_FLAGS_POLICY, NULL);
}

int policy_bind(struct utcp_handle *h, const struct utcp_sandbox *sb,
		const struct utcp_acl_binding *own)
{
	struct utcp_acl_binding binding = { 0 };

	if (own) {
		binding = *own;
	} else {
		binding.has_mac = true;
		memcpy(binding.mac, sb->mac, sizeof(binding.mac));
		add_own(&binding, &sb->addr4);
		if (sb->addr6.len) {
			add_own(&binding, &sb->addr6);
			add_own(&binding, &sb->ll6);
		}
	}
	snprintf(binding.name, sizeof(binding.name), "%s", sb->dev);
	snprintf(binding.policy, sizeof(binding.policy), "%s", name_of(sb));
	return utcp_acl_bind(h, &binding, NULL);
}

int policy_unbind(struct utcp_handle *h, const struct utcp_sandbox *sb)
{
	int err = utcp_acl_unbind(h, sb->dev, NULL);

	if (err && !handle_is_gone(h))
		return err;
	err = utcp_port_del(h, sb->dev, NULL);
	return err && handle_is_gone(h) ? 0 : err;
}

int policy_mode(struct utcp_handle *h, const struct utcp_sandbox *sb)
{
	struct utcp_acl_policy settings = {
		.fields = LIBUTCP_ACL_IN | LIBUTCP_ACL_OUT,
		.in = default_of(sb),
		.out = default_of(sb),
	};
	int err;

	snprintf(settings.name, sizeof(settings.name), "%s", sb->name);
	err = utcp_acl_policy_set(h, &settings, NULL);
	return err ? err : utcp_acl_flow_flush(h, sb->dev, NULL);
}

int policy_verify(struct utcp_handle *h, const struct utcp_sandbox *sb)
{
	struct utcp_acl_policy policy;
	int err;

	if (sb->policy[0])
		return 0;
	err = utcp_acl_policy_get(h, sb->name, &policy);
	if (!err &&
	    (policy.in != default_of(sb) || policy.out != default_of(sb)))
		err = utcp_error_set(
			&h->error, LIBUTCP_E_REFUSED, ESTALE,
			"what no rule is about is decided otherwise than mode %s has it",
			utcp_sandbox_mode_name(sb->mode));
	return err;
}

/* A rule that is looked for, as text: what two have in common if they say the same. */
struct search {
	char text[LIBUTCP_ACL_RULE_TEXT];
	uint32_t ignored;
	struct utcp_acl_rule *there;
	bool found;
};

static void rule_text(const struct utcp_acl_rule *rule, uint32_t ignored,
		      char text[LIBUTCP_ACL_RULE_TEXT])
{
	struct utcp_acl_rule copy = *rule;

	copy.fields &= ~ignored;
	utcp_acl_rule_format(&copy, text);
}

static int compare(const struct utcp_acl_rule *rule, void *arg)
{
	char text[LIBUTCP_ACL_RULE_TEXT];
	struct search *s = arg;

	rule_text(rule, s->ignored, text);
	if (!s->found && strcmp(text, s->text) == 0) {
		s->found = true;
		*s->there = *rule;
	}
	return 0;
}

int policy_find(struct utcp_handle *h, const struct utcp_sandbox *sb,
		const struct utcp_acl_rule *rule, uint32_t ignored,
		struct utcp_acl_rule *there)
{
	const struct utcp_acl_filter filter = { .direction = rule->direction,
						.verdict = rule->verdict };
	struct search s = { .ignored = ignored, .there = there };
	int err;

	rule_text(rule, ignored, s.text);
	err = utcp_acl_rule_each(h, sb->name, &filter, compare, &s);
	if (!err && !s.found)
		err = -ENOENT;
	return err;
}

int policy_stats(struct utcp_handle *h, const struct utcp_sandbox *sb,
		 struct utcp_acl_binding *binding)
{
	struct utcp_acl_binding *list;
	bool found = false;
	size_t n;
	int err = utcp_acl_binding_list(h, name_of(sb), &list, &n);

	for (size_t i = 0; !err && i < n; i++)
		if (strcmp(list[i].name, sb->dev) == 0) {
			*binding = list[i];
			found = true;
		}
	free(list);
	if (!err && !found)
		err = utcp_error_set(&h->error, LIBUTCP_E_NOT_FOUND, ENOENT,
				     "its link is not bound to its policy");
	return err;
}

int policy_is_own(struct utcp_handle *h, const struct utcp_sandbox *sb)
{
	struct utcp_acl_policy policy;
	int err = utcp_acl_policy_get(h, sb->name, &policy);

	if (err)
		return handle_is_gone(h) ? 0 : err;
	return strcmp(policy.owner, POLICY_OWNER) == 0;
}

int policy_holds(struct utcp_handle *h, const struct utcp_sandbox *sb)
{
	struct utcp_acl_binding binding;
	int err = policy_stats(h, sb, &binding);

	if (!err)
		return 1;
	return handle_is_gone(h) ? 0 : err;
}

int policy_remove(struct utcp_handle *h, const struct utcp_sandbox *sb)
{
	int err;

	if (sb->policy[0])
		return 0;
	/* Somebody may have put another in its place. */
	err = policy_is_own(h, sb);
	if (err <= 0)
		return err;
	err = utcp_acl_policy_del(h, sb->name, NULL);
	return err && handle_is_gone(h) ? 0 : err;
}
