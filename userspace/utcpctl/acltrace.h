/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Following live frames.
 */
#ifndef UTCPCTL_ACLTRACE_H
#define UTCPCTL_ACLTRACE_H

#include "cmd.h"

/**
 * cmd_choice_acl_trace() - choices of an argument: what a trace can be told
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_acl_trace(const struct cmd_args *before, size_t index);

/**
 * acl_trace() - "acl trace": follow live frames
 * @c: context
 * @args: the port, and which frames
 *
 * Return: exit code.
 */
int acl_trace(struct cmd_context *c, const struct cmd_args *args);

#endif
