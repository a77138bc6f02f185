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
 * sandbox_run() - the command "sandbox run"
 * @c: context
 * @args: a name, options and a command
 *
 * Return: exit code, the command's if it began.
 */
int sandbox_run(struct cmd_context *c, const struct cmd_args *args);

#endif
