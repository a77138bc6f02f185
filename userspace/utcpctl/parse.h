/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From words to a command of the table.
 */
#ifndef UTCPCTL_PARSE_H
#define UTCPCTL_PARSE_H

#include "cmd.h"

/**
 * struct parsed - what the words mean
 * @help: the help text of @object or @verb is wanted
 * @object: the object; NULL for help on everything
 * @verb: the command; NULL for help on the whole object
 * @statistics: -s stood behind them
 * @args: its arguments, to be freed with parsed_free()
 */
struct parsed {
	bool help;
	bool statistics;
	const struct cmd_object *object;
	const struct cmd_verb *verb;
	struct cmd_args args;
};

/**
 * parse() - find the command that words mean
 * @argc: number of words
 * @argv: the words, from the object on; they have to outlive the result
 * @p: filled in
 * @f: filled in on failure
 *
 * Return: exit code.
 */
int parse(int argc, char *const *argv, struct parsed *p, struct fault *f);

/**
 * parsed_free() - free the arguments
 * @p: what parse() filled in
 */
void parsed_free(struct parsed *p);

#endif
