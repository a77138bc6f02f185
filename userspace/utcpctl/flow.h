/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flows that access lists have allowed.
 */
#ifndef UTCPCTL_FLOW_H
#define UTCPCTL_FLOW_H

#include "cmd.h"

/**
 * cmd_choice_flow_option() - options of list and flush
 * @before: words before it
 * @index: from 0 on
 *
 * Return: the option, or NULL.
 */
const char *cmd_choice_flow_option(const struct cmd_args *before, size_t index);

/**
 * flow_list() - the command "flow list"
 * @c: context
 * @args: a device, or none for all ports
 *
 * Return: exit code.
 */
int flow_list(struct cmd_context *c, const struct cmd_args *args);

/**
 * flow_imposed() - the command "flow imposed"
 * @c: context
 * @args: a network namespace
 *
 * Return: exit code.
 */
int flow_imposed(struct cmd_context *c, const struct cmd_args *args);

/**
 * flow_flush() - the command "flow flush"
 * @c: context
 * @args: a device, or none for all ports
 *
 * Return: exit code.
 */
int flow_flush(struct cmd_context *c, const struct cmd_args *args);

#endif
