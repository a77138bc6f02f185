/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Versions of the tool, the library and the modules.
 */
#ifndef UTCPCTL_VERSION_H
#define UTCPCTL_VERSION_H

#include "cmd.h"

/**
 * version_run() - the command "version"
 * @c: context
 * @args: none
 *
 * Return: exit code.
 */
int version_run(struct cmd_context *c, const struct cmd_args *args);

/**
 * version_brief() - what the option --version prints: no module is asked
 * @to: where
 */
void version_brief(FILE *to);

#endif
