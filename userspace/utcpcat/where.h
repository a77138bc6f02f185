/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sockets of this machine that connections are forwarded to and from.
 */
#ifndef UTCPCAT_WHERE_H
#define UTCPCAT_WHERE_H

#include <stdbool.h>
#include <sys/socket.h>

/**
 * struct where - an address, of TCP or a Unix socket
 * @text: as the command line has it; NULL: none
 * @address: the address
 * @len: bytes of it
 */
struct where {
	const char *text;
	struct sockaddr_storage address;
	socklen_t len;
};

/**
 * where_read() - read an address
 * @w: set to it
 * @option: the option, for messages
 * @text: tcp:HOST:PORT, tcp:[IP6]:PORT or unix:PATH
 * @listens: it is for where_listen(), so the port may be 0
 *
 * A name of a host is looked up once, here.
 *
 * Return: exit code.
 */
int where_read(struct where *w, const char *option, const char *text,
	       bool listens);

/**
 * where_has_messages() - whether sockets there can have messages
 * @w: the address
 *
 * Return: true for Unix sockets.
 */
bool where_has_messages(const struct where *w);

/**
 * where_listen() - a listener there, which does not block
 * @w: the address
 * @type: SOCK_STREAM or SOCK_SEQPACKET
 * @verbose: tell it
 * @fd: set to it
 *
 * A Unix socket is made with mode 0600; where something is already, it fails.
 *
 * Return: exit code.
 */
int where_listen(const struct where *w, int type, bool verbose, int *fd);

/**
 * where_connect() - begin to connect to it
 * @w: the address
 * @type: SOCK_STREAM or SOCK_SEQPACKET
 *
 * Return: a socket that does not block, connected or (poll() tells POLLOUT) about to
 * be; or a negative errno.
 */
int where_connect(const struct where *w, int type);

/**
 * where_remove() - remove what where_listen() has put into the file system
 * @w: the address
 */
void where_remove(const struct where *w);

/**
 * where_ready() - set up a connected socket
 * @fd: the socket
 *
 * What is forwarded was small pieces for a reason, so TCP is not to wait for more.
 */
void where_ready(int fd);

#endif
