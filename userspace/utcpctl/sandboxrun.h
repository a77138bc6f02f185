/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs in sandboxes.
 */
#ifndef UTCPCTL_SANDBOXRUN_H
#define UTCPCTL_SANDBOXRUN_H

#include "cmd.h"

/**
 * sandbox_exec() - the command "sandbox exec"
 * @c: context
 * @args: a sandbox and a command
 *
 * Return: exit code; it does not return if the command began.
 */
int sandbox_exec(struct cmd_context *c, const struct cmd_args *args);

/**
 * cmd_choice_sandbox_start() - choices of an argument: options of "sandbox start"
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_sandbox_start(const struct cmd_args *before,
				     size_t index);

/**
 * sandbox_start() - the command "sandbox start"
 * @c: context
 * @args: a sandbox, options and a command
 *
 * Return: exit code; 126 or 127, as shells have it, if the command did not begin.
 */
int sandbox_start(struct cmd_context *c, const struct cmd_args *args);

/**
 * sandbox_run() - the command "sandbox run"
 * @c: context
 * @args: a name, options and a command
 *
 * Return: exit code, the command's if it began.
 */
int sandbox_run(struct cmd_context *c, const struct cmd_args *args);

#endif
