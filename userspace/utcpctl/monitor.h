/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events, as they happen.
 */
#ifndef UTCPCTL_MONITOR_H
#define UTCPCTL_MONITOR_H

#include "cmd.h"

/**
 * monitor_run() - the command "monitor"
 * @c: context
 * @args: families, or none for all
 *
 * Return: exit code.
 */
int monitor_run(struct cmd_context *c, const struct cmd_args *args);

#endif
