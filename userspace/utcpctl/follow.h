/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UTCPCTL_FOLLOW_H
#define UTCPCTL_FOLLOW_H

#include <stdbool.h>

struct cmd_context;

/**
 * follow_begin() - have SIGINT and SIGTERM told by a descriptor from here on
 * @c: what is run
 *
 * Return: the descriptor, for follow() and to be closed; -1: with a fault of @c.
 */
int follow_begin(struct cmd_context *c);

/**
 * follow() - print what comes, until a signal does or nobody reads any more
 * @c: what is run
 * @fd: where poll() tells that something has come
 * @signals: of follow_begin()
 * @what: what is waited for, in the message if that fails
 * @drain: prints all that is there of @from; sets @gone if nobody reads any more; returns
 *	an exit code
 * @from: for @drain
 *
 * Return: an exit code.
 */
int follow(struct cmd_context *c, int fd, int signals, const char *what,
	   int (*drain)(struct cmd_context *c, void *from, bool *gone),
	   void *from);

#endif /* UTCPCTL_FOLLOW_H */
