/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One connection, or datagrams, with standard input and output or a command.
 */
#ifndef UTCPCAT_TALK_H
#define UTCPCAT_TALK_H

#include <stdbool.h>

struct options;

/**
 * talk() - connect a socket and standard input and output, until both directions have
 *	ended and what was sent has arrived
 * @o: what is wanted
 * @fd: the socket, which is closed
 * @go_on: set to whether standard output takes more
 *
 * With @keep there will be more connections: input is not read, output stays open.
 *
 * Return: exit code.
 */
int talk(const struct options *o, int fd, bool *go_on);

/**
 * talk_datagrams() - the same with datagrams, until standard input has ended and
 *	nothing has come for a while
 * @o: what is wanted
 * @fd: the socket; of who listens, the first who sends becomes the peer, or (@keep)
 *	what anybody sends is written, and nothing is read
 *
 * Return: exit code.
 */
int talk_datagrams(const struct options *o, int fd);

/**
 * talk_command() - become a command whose input and output is the connection
 * @o: what is wanted
 * @fd: the socket
 *
 * The CellID of the peer is in the environment, as UTCPCAT_PEER.
 *
 * Return: exit code, if it cannot be started.
 */
int talk_command(const struct options *o, int fd);

#endif
