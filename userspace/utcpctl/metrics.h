/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers for Prometheus.
 */
#ifndef UTCPCTL_METRICS_H
#define UTCPCTL_METRICS_H

#include "cmd.h"

/**
 * metrics_print() - the command "metrics"
 * @c: context
 * @args: none
 *
 * Return: exit code.
 */
int metrics_print(struct cmd_context *c, const struct cmd_args *args);

#endif
