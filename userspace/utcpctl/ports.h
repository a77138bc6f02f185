/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is listed port by port: of one, or of all.
 */
#ifndef UTCPCTL_PORTS_H
#define UTCPCTL_PORTS_H

#include <stddef.h>
#include <stdint.h>

#include <utcp/utcp.h>

#include "cmd.h"

/**
 * typedef ports_print_fn - print what there is of a port, or of all
 * @c: the command's
 * @h: to ask by
 * @ifindex: the port's; 0: of all
 * @ports: the port, or all, in the order of their indices
 * @n: how many
 *
 * Return: an exit code.
 */
typedef int ports_print_fn(struct cmd_context *c, struct utcp_handle *h,
			   uint32_t ifindex, const struct utcp_port *ports,
			   size_t n);

/**
 * ports_print() - print what there is of the port that is the command's first word, or
 *	of all if it has none
 * @c: the command's
 * @args: its words
 * @print: prints it
 *
 * Return: an exit code.
 */
int ports_print(struct cmd_context *c, const struct cmd_args *args,
		ports_print_fn *print);

/**
 * ports_name() - the name of a port
 * @ifindex: its index
 * @ports: as ports_print_fn() is given them
 * @n: how many
 *
 * Return: its name, or NULL if it was made after the ports had been asked for.
 */
const char *ports_name(uint32_t ifindex, const struct utcp_port *ports,
		       size_t n);

#endif
