/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shell completion, made from the table of commands.
 */
#ifndef UTCPCTL_COMPLETION_H
#define UTCPCTL_COMPLETION_H

#include "cmd.h"

/**
 * completion_print() - print a completion script
 * @c: context
 * @shell: name of the shell: "bash"
 *
 * Return: exit code.
 */
int completion_print(struct cmd_context *c, const char *shell);

#endif
