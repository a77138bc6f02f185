/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sandboxes that live: changing them, and their numbers.
 */
#ifndef UTCPCTL_SANDBOXSET_H
#define UTCPCTL_SANDBOXSET_H

#include "cmd.h"

/**
 * cmd_choice_sandbox_set() - choices of an argument: what can be changed
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_sandbox_set(const struct cmd_args *before, size_t index);

/**
 * sandbox_set() - the command "sandbox set"
 * @c: context
 * @args: a sandbox, and options
 *
 * Return: exit code.
 */
int sandbox_set(struct cmd_context *c, const struct cmd_args *args);

/**
 * sandbox_allow() - the command "sandbox allow"
 * @c: context
 * @args: a sandbox, a direction, and words of a rule
 *
 * Return: exit code.
 */
int sandbox_allow(struct cmd_context *c, const struct cmd_args *args);

/**
 * sandbox_deny() - the command "sandbox deny"
 * @c: context
 * @args: as for "sandbox allow"
 *
 * Return: exit code.
 */
int sandbox_deny(struct cmd_context *c, const struct cmd_args *args);

/**
 * sandbox_check() - the command "sandbox check"
 * @c: context
 * @args: a sandbox
 *
 * Return: exit code.
 */
int sandbox_check(struct cmd_context *c, const struct cmd_args *args);

/**
 * sandbox_stats() - the command "sandbox stats"
 * @c: context
 * @args: a sandbox
 *
 * Return: exit code.
 */
int sandbox_stats(struct cmd_context *c, const struct cmd_args *args);

#endif
