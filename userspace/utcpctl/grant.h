/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Grants of rings.
 */
#ifndef UTCPCTL_GRANT_H
#define UTCPCTL_GRANT_H

#include <jansson.h>

#include <utcp/grant.h>

#include "cmd.h"

/**
 * cmd_choice_grant() - choices of an argument: what a grant says
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_grant(const struct cmd_args *before, size_t index);

/**
 * record_grant() - a grant as a JSON object
 * @grant: the grant
 *
 * Users and groups that have a name here are told with it.
 *
 * Return: the object, or NULL if there is no memory.
 */
json_t *record_grant(const struct utcp_grant *grant);

/**
 * text_grant() - print such a record as text
 * @o: output
 * @record: the record
 */
void text_grant(struct out *o, const json_t *record);

/**
 * grant_add() - the command "grant add"
 * @c: context
 * @args: a device, an EtherType, and pairs
 *
 * Return: exit code.
 */
int grant_add(struct cmd_context *c, const struct cmd_args *args);

/**
 * grant_del() - the command "grant del"
 * @c: context
 * @args: as for grant_add()
 *
 * Return: exit code.
 */
int grant_del(struct cmd_context *c, const struct cmd_args *args);

/**
 * grant_show() - the command "grant show"
 * @c: context
 * @args: a device, or none for all ports
 *
 * Return: exit code.
 */
int grant_show(struct cmd_context *c, const struct cmd_args *args);

#endif
