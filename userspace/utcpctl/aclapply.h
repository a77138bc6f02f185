/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Access lists from and to files.
 */
#ifndef UTCPCTL_ACLAPPLY_H
#define UTCPCTL_ACLAPPLY_H

#include "cmd.h"

/**
 * cmd_choice_acl_dry() - choices of an argument: that nothing is to be changed
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_acl_dry(const struct cmd_args *before, size_t index);

/**
 * acl_save() - the command "acl save"
 * @c: context
 * @args: a policy, or none for all of the namespace, bindings included
 *
 * Return: exit code.
 */
int acl_save(struct cmd_context *c, const struct cmd_args *args);

/**
 * acl_apply() - the command "acl apply"
 * @c: context
 * @args: a file, and whether nothing is to be changed
 *
 * Return: exit code.
 */
int acl_apply(struct cmd_context *c, const struct cmd_args *args);

/**
 * acl_restore() - the command "acl restore"
 * @c: context
 * @args: a file
 *
 * Return: exit code.
 */
int acl_restore(struct cmd_context *c, const struct cmd_args *args);

/**
 * acl_diff() - the command "acl diff"
 * @c: context
 * @args: a file
 *
 * Return: exit code.
 */
int acl_diff(struct cmd_context *c, const struct cmd_args *args);

#endif
