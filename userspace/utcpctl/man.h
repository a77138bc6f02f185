/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Man pages: prose from a template, the rest from the table of commands.
 */
#ifndef UTCPCTL_MAN_H
#define UTCPCTL_MAN_H

#include "cmd.h"

/**
 * man_print() - print a man page
 * @c: context
 * @template: file with the prose. In it a line stands for:
 *            @synopsis OBJECT   the object's command lines
 *            @verbs OBJECT      its commands and their arguments
 *            @objects           all objects
 *            @limits            all limits of all families
 *            @options           all options
 *            and @version in any line for the version
 *
 * Return: exit code.
 */
int man_print(struct cmd_context *c, const char *template);

#endif
