/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Access lists: policies, rules, bindings.
 */
#ifndef UTCPCTL_ACL_H
#define UTCPCTL_ACL_H

#include <jansson.h>

#include <utcp/acl.h>

#include "cmd.h"

/**
 * cmd_choice_acl_setting() - choices of an argument: settings of a policy
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_acl_setting(const struct cmd_args *before, size_t index);

/**
 * cmd_choice_acl_direction() - choices of an argument: directions
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_acl_direction(const struct cmd_args *before,
				     size_t index);

/**
 * cmd_choice_acl_verdict() - choices of an argument: verdicts
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_acl_verdict(const struct cmd_args *before, size_t index);

/**
 * acl_test() - the command "acl test"
 * @c: context
 * @args: a policy, a direction, and pairs of words that describe a packet
 *
 * Return: exit code.
 */
int acl_test(struct cmd_context *c, const struct cmd_args *args);

/**
 * acl_confirm() - the command "acl confirm"
 * @c: context
 * @args: a policy
 *
 * Return: exit code.
 */
int acl_confirm(struct cmd_context *c, const struct cmd_args *args);

/**
 * cmd_choice_acl_own() - choices of an argument: what is said of a binding
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_acl_own(const struct cmd_args *before, size_t index);

/**
 * cmd_choice_acl_word() - choices of an argument: words of a rule
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_acl_word(const struct cmd_args *before, size_t index);

/**
 * cmd_choice_acl_keep() - choices of an argument: that connections are kept
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_acl_keep(const struct cmd_args *before, size_t index);

/**
 * cmd_choice_acl_filter() - choices of an argument: what tells rules apart in lists
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_acl_filter(const struct cmd_args *before, size_t index);

/**
 * record_policy() - a policy as a JSON object
 * @policy: the policy
 *
 * Return: the object, or NULL if there is no memory.
 */
json_t *record_policy(const struct utcp_acl_policy *policy);

/**
 * text_policy() - print such a record as text
 * @o: output
 * @record: the record
 */
void text_policy(struct out *o, const json_t *record);

/**
 * record_rule() - a rule as a JSON object
 * @rule: the rule
 * @statistics: with counters
 *
 * Return: the object, or NULL if there is no memory.
 */
json_t *record_rule(const struct utcp_acl_rule *rule, bool statistics);

/**
 * out_rule() - print a rule, in the format of the output
 * @o: output
 * @rule: the rule
 * @statistics: with counters
 *
 * What out_record() prints of record_rule(), for long lists.
 *
 * Return: 0, or -ENOMEM.
 */
int out_rule(struct out *o, const struct utcp_acl_rule *rule, bool statistics);

/**
 * text_rule() - print such a record as text
 * @o: output
 * @record: the record
 */
void text_rule(struct out *o, const json_t *record);

/**
 * record_log() - what is told of a frame as a JSON object
 * @log: what is told
 *
 * Return: the object, or NULL if there is no memory.
 */
json_t *record_log(const struct utcp_acl_log *log);

/**
 * text_log() - print such a record as text
 * @o: output
 * @record: the record
 */
void text_log(struct out *o, const json_t *record);

/**
 * record_binding() - a binding as a JSON object
 * @binding: the binding
 * @statistics: with counters
 *
 * Return: the object, or NULL if there is no memory.
 */
json_t *record_binding(const struct utcp_acl_binding *binding, bool statistics);

/**
 * text_binding() - print such a record as text
 * @o: output
 * @record: the record
 */
void text_binding(struct out *o, const json_t *record);

/**
 * acl_show() - the command "acl show"
 * @c: context
 * @args: a policy and pairs that tell which rules; or none for all policies
 *
 * Return: exit code.
 */
int acl_show(struct cmd_context *c, const struct cmd_args *args);

/**
 * acl_new() - the command "acl new"
 * @c: context
 * @args: a policy, and settings
 *
 * Return: exit code.
 */
int acl_new(struct cmd_context *c, const struct cmd_args *args);

/**
 * acl_set() - the command "acl set"
 * @c: context
 * @args: a policy, and settings
 *
 * Return: exit code.
 */
int acl_set(struct cmd_context *c, const struct cmd_args *args);

/**
 * acl_del() - the command "acl del"
 * @c: context
 * @args: a policy
 *
 * Return: exit code.
 */
int acl_del(struct cmd_context *c, const struct cmd_args *args);

/**
 * acl_add() - the command "acl add"
 * @c: context
 * @args: a policy, a direction, a verdict, and pairs
 *
 * Return: exit code.
 */
int acl_add(struct cmd_context *c, const struct cmd_args *args);

/**
 * acl_remove() - the command "acl remove"
 * @c: context
 * @args: a policy and the handle of a rule
 *
 * Return: exit code.
 */
int acl_remove(struct cmd_context *c, const struct cmd_args *args);

/**
 * acl_bind() - the command "acl bind"
 * @c: context
 * @args: a device and a policy
 *
 * Return: exit code.
 */
int acl_bind(struct cmd_context *c, const struct cmd_args *args);

/**
 * acl_unbind() - the command "acl unbind"
 * @c: context
 * @args: a device
 *
 * Return: exit code.
 */
int acl_unbind(struct cmd_context *c, const struct cmd_args *args);

/**
 * acl_bind_own() - the command "acl bind-own"
 * @c: context
 * @args: a policy
 *
 * Return: exit code.
 */
int acl_bind_own(struct cmd_context *c, const struct cmd_args *args);

/**
 * acl_unbind_own() - the command "acl unbind-own"
 * @c: context
 * @args: nothing
 *
 * Return: exit code.
 */
int acl_unbind_own(struct cmd_context *c, const struct cmd_args *args);

/**
 * acl_impose() - the command "acl impose"
 * @c: context
 * @args: a namespace and a policy
 *
 * Return: exit code.
 */
int acl_impose(struct cmd_context *c, const struct cmd_args *args);

/**
 * acl_release() - the command "acl release"
 * @c: context
 * @args: a namespace
 *
 * Return: exit code.
 */
int acl_release(struct cmd_context *c, const struct cmd_args *args);

/**
 * acl_bindings() - the command "acl bindings"
 * @c: context
 * @args: a policy, or none for all
 *
 * Return: exit code.
 */
int acl_bindings(struct cmd_context *c, const struct cmd_args *args);

/**
 * acl_stats() - the command "acl stats"
 * @c: context
 * @args: none
 *
 * Return: exit code.
 */
int acl_stats(struct cmd_context *c, const struct cmd_args *args);

#endif
