/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Limits of a network namespace.
 */
#ifndef UTCPCTL_LIMIT_H
#define UTCPCTL_LIMIT_H

#include "cmd.h"

/**
 * limit_show() - the command "limit show"
 * @c: context
 * @args: a family, or none for all that are loaded
 *
 * Return: exit code.
 */
int limit_show(struct cmd_context *c, const struct cmd_args *args);

/**
 * limit_set() - the command "limit set"
 * @c: context
 * @args: a family, and pairs of a limit and its value
 *
 * Return: exit code.
 */
int limit_set(struct cmd_context *c, const struct cmd_args *args);

#endif
