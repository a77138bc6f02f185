/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Many connections at once: forwarded, or each with a command of its own.
 */
#ifndef UTCPCAT_SERVER_H
#define UTCPCAT_SERVER_H

struct options;

/**
 * server_run() - accept connections until SIGTERM or SIGINT
 * @o: what is wanted: @forward, @to, or @command
 * @listener: of UTCP, which @to and @command need; else -1
 *
 * Return: exit code.
 */
int server_run(const struct options *o, int listener);

#endif
