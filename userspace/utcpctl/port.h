/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ports.
 */
#ifndef UTCPCTL_PORT_H
#define UTCPCTL_PORT_H

#include <jansson.h>

#include <utcp/port.h>

#include "cmd.h"

/**
 * cmd_choice_port_flag() - choices of an argument: what a port can be used for
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_port_flag(const struct cmd_args *before, size_t index);

/**
 * record_port() - a port as a JSON object
 * @port: the port
 * @statistics: with counters
 *
 * Return: the object, or NULL if there is no memory.
 */
json_t *record_port(const struct utcp_port *port, bool statistics);

/**
 * text_port() - print such a record as text
 * @o: output
 * @record: the record
 */
void text_port(struct out *o, const json_t *record);

/**
 * port_add() - the command "port add"
 * @c: context
 * @args: a device, and flags
 *
 * Return: exit code.
 */
int port_add(struct cmd_context *c, const struct cmd_args *args);

/**
 * port_set() - the command "port set"
 * @c: context
 * @args: a device, and flags
 *
 * Return: exit code.
 */
int port_set(struct cmd_context *c, const struct cmd_args *args);

/**
 * port_del() - the command "port del"
 * @c: context
 * @args: a device
 *
 * Return: exit code.
 */
int port_del(struct cmd_context *c, const struct cmd_args *args);

/**
 * port_show() - the command "port show"
 * @c: context
 * @args: a device, or none for all ports
 *
 * Return: exit code.
 */
int port_show(struct cmd_context *c, const struct cmd_args *args);

/**
 * port_consumers() - the command "port consumers"
 * @c: context
 * @args: a device, or none for all ports
 *
 * Return: exit code.
 */
int port_consumers(struct cmd_context *c, const struct cmd_args *args);

#endif
