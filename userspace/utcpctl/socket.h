/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sockets.
 */
#ifndef UTCPCTL_SOCKET_H
#define UTCPCTL_SOCKET_H

#include "cmd.h"

/**
 * cmd_choice_socket() - what sockets can be chosen by
 * @before: the words before
 * @index: from 0
 *
 * Return: a word, or NULL at the end.
 */
const char *cmd_choice_socket(const struct cmd_args *before, size_t index);

/**
 * socket_show() - show sockets
 * @c: context
 * @args: pairs of words that choose them
 *
 * Return: exit code.
 */
int socket_show(struct cmd_context *c, const struct cmd_args *args);

#endif
