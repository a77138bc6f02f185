/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands from a file, one a line.
 */
#ifndef UTCPCTL_BATCH_H
#define UTCPCTL_BATCH_H

#include <stdbool.h>

#include "cmd.h"

/**
 * batch_run() - run the commands of a file
 * @c: context; what fails is printed here, with its file and line
 * @name: name of the file, "-" for standard input
 * @force: go on behind a command that failed
 *
 * Return: exit code of the first command that failed, or EXIT_DONE.
 */
int batch_run(struct cmd_context *c, const char *name, bool force);

#endif
