/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AF_UTCP sockets.
 */
#ifndef _UTCP_SOCKET_H
#define _UTCP_SOCKET_H

struct utcp_chunk;
struct utcp_end;
struct utcp_peer;

int utcp_socket_called(struct utcp_peer *peer, const struct utcp_chunk *open,
		       struct utcp_end *end);
int utcp_socket_init(void);
void utcp_socket_exit(void);

#endif /* _UTCP_SOCKET_H */
