/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Named sets of access lists.
 */
#ifndef UTCPCTL_ACLSET_H
#define UTCPCTL_ACLSET_H

#include <jansson.h>

#include <utcp/acl.h>

#include "cmd.h"

/**
 * cmd_choice_set_type() - choices of an argument: types of sets
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_set_type(const struct cmd_args *before, size_t index);

/**
 * cmd_choice_set_max() - choices of an argument: settings of a set
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_set_max(const struct cmd_args *before, size_t index);

/**
 * cmd_choice_set_expires() - choices of an argument: settings of an element
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_set_expires(const struct cmd_args *before, size_t index);

/* As JSON and as text; set: the name of the set, or NULL. */
json_t *record_set(const struct utcp_acl_set *set);
json_t *record_elem(const char *set, const struct utcp_acl_elem *elem);
void text_set(struct out *o, const json_t *record);
void text_elem(struct out *o, const json_t *record);

/* Commands; they return exit codes. */
int set_show(struct cmd_context *c, const struct cmd_args *args);
int set_new(struct cmd_context *c, const struct cmd_args *args);
int set_del(struct cmd_context *c, const struct cmd_args *args);
int set_add(struct cmd_context *c, const struct cmd_args *args);
int set_remove(struct cmd_context *c, const struct cmd_args *args);

/**
 * aclset_save() - print the sets of a namespace as lines of a file, or records
 * @c: context
 * @h: an open handle
 *
 * Return: exit code.
 */
int aclset_save(struct cmd_context *c, struct utcp_handle *h);

#endif
