/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AF_UTCP sockets.
 */
#ifndef _UTCP_SOCKET_H
#define _UTCP_SOCKET_H

struct utcp_chunk;
struct utcp_end;
struct utcp_net;
struct utcp_peer;
struct utcp_user;

int utcp_socket_called(struct utcp_peer *peer, const struct utcp_chunk *open,
		       struct utcp_end *end);
void utcp_socket_uncount(struct utcp_net *un, struct utcp_user *user);
int utcp_socket_init(void);
void utcp_socket_exit(void);

#endif /* _UTCP_SOCKET_H */
