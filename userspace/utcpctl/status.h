/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is there, and what is missing to work.
 */
#ifndef UTCPCTL_STATUS_H
#define UTCPCTL_STATUS_H

#include "cmd.h"

struct utcp_status;

/**
 * status_run() - the command "status"
 * @c: context
 * @args: none
 *
 * Return: exit code; EXIT_NOT_FOUND if something is missing, which the output
 * says.
 */
int status_run(struct cmd_context *c, const struct cmd_args *args);

/**
 * status_print() - print a status
 * @c: context
 * @s: the status
 *
 * Return: as status_run().
 */
int status_print(struct cmd_context *c, const struct utcp_status *s);

#endif
