/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Texts that are made from the table of commands.
 */
#ifndef UTCPCTL_HELP_H
#define UTCPCTL_HELP_H

#include <stdio.h>

#include "cmd.h"

/**
 * help_print() - print a help text
 * @to: where
 * @object: about what; NULL for everything
 * @verb: about which command; NULL for all commands of the object
 */
void help_print(FILE *to, const struct cmd_object *object,
		const struct cmd_verb *verb);

/**
 * help_run() - the command "help"
 * @c: context
 * @args: words of an object and a verb; or --man or --completion, which the
 *        build uses
 *
 * Return: exit code.
 */
int help_run(struct cmd_context *c, const struct cmd_args *args);

#endif
