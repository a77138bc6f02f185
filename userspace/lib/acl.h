/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading policies, rules and bindings off netlink messages, and writing rules.
 */
#ifndef LIBUTCP_ACL_PRIV_H
#define LIBUTCP_ACL_PRIV_H

#include <utcp/acl.h>

#include "nlparse.h"

struct nl_request;

/* The names file by which rules name cells. */
extern const char *acl_names_file;

/**
 * acl_policy_parse() - read a policy
 * @span: attributes of a policy
 * @policy: set to the policy
 *
 * Return: 0, or -EBADMSG.
 */
int acl_policy_parse(struct nl_span span, struct utcp_acl_policy *policy);

/**
 * acl_rule_parse() - read a rule
 * @span: attributes of a policy with one rule
 * @policy: set to the name of the policy
 * @rule: set to the rule
 *
 * Return: 0, or -EBADMSG.
 */
int acl_rule_parse(struct nl_span span, char policy[LIBUTCP_ACL_NAME_MAX + 1],
		   struct utcp_acl_rule *rule);

/**
 * acl_rule_put() - write a rule
 * @r: request about a policy
 * @rule: the rule
 */
void acl_rule_put(struct nl_request *r, const struct utcp_acl_rule *rule);

/**
 * acl_filter_put() - write which frames a trace is about
 * @r: request about a trace
 * @rule: what they are; direction and verdict only if they are not 0
 */
void acl_filter_put(struct nl_request *r, const struct utcp_acl_rule *rule);

/**
 * acl_log_parse() - read an event about a frame
 * @span: its attributes
 * @log: set to it
 *
 * Return: 0, or -EBADMSG.
 */
int acl_log_parse(struct nl_span span, struct utcp_acl_log *log);

/**
 * acl_set_parse() - read a set
 * @span: its attributes
 * @set: set to it
 *
 * Return: 0, or -EBADMSG.
 */
int acl_set_parse(struct nl_span span, struct utcp_acl_set *set);

/**
 * acl_elem_parse() - read an element
 * @span: attributes of a set with one element
 * @set: set to the name of the set
 * @elem: set to the element
 *
 * Return: 0, or -EBADMSG.
 */
int acl_elem_parse(struct nl_span span, char set[LIBUTCP_ACL_NAME_MAX + 1],
		   struct utcp_acl_elem *elem);

/**
 * acl_binding_parse() - read a binding, or the sum of all
 * @span: attributes of a binding
 * @binding: set to the binding
 *
 * Return: 0, or -EBADMSG.
 */
int acl_binding_parse(struct nl_span span, struct utcp_acl_binding *binding);

#endif
