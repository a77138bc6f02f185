/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sockets of UTCP.
 */
#ifndef UTCPCAT_CELL_H
#define UTCPCAT_CELL_H

#include <stdbool.h>

#include <utcp/cellid.h>

struct options;

/* A CellID and a port as text. */
#define CELL_TEXT (LIBUTCP_CELLID_TEXT + 6)

/**
 * cell_connect() - connect to the peer
 * @o: what is wanted
 * @wait: until it is connected; else it does not block, and may not be yet
 * @err: set to errno if it cannot be made
 *
 * Return: a socket, or -1.
 */
int cell_connect(const struct options *o, bool wait, int *err);

/**
 * cell_connect_failed() - tell that the peer was not reached
 * @o: what is wanted
 * @err: errno
 *
 * Return: exit code.
 */
int cell_connect_failed(const struct options *o, int err);

/**
 * cell_listen() - a listener, or with datagrams a socket that gets them
 * @o: what is wanted
 * @fd: set to it; it blocks
 *
 * Return: exit code.
 */
int cell_listen(const struct options *o, int *fd);

/**
 * cell_text() - who is at the other end of a socket, or at the own one
 * @fd: the socket
 * @peer: the other end
 * @text: set to CellID and port, with a blank between; "?" if there is none
 */
void cell_text(int fd, bool peer, char text[CELL_TEXT]);

#endif
