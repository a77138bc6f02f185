/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sandboxes that wait in pools.
 */
#ifndef UTCPCTL_SANDBOXPOOL_H
#define UTCPCTL_SANDBOXPOOL_H

#include "cmd.h"

/**
 * cmd_choice_pool_action() - choices of an argument: what to do with pools
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_pool_action(const struct cmd_args *before, size_t index);

/**
 * cmd_choice_pool_word() - choices of an argument: words about a pool
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_pool_word(const struct cmd_args *before, size_t index);

/**
 * sandbox_pool() - the command "sandbox pool"
 * @c: context
 * @args: an action, and words about a pool
 *
 * Return: exit code.
 */
int sandbox_pool(struct cmd_context *c, const struct cmd_args *args);

#endif
