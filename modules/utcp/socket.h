/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AF_UTCP sockets.
 */
#ifndef _UTCP_SOCKET_H
#define _UTCP_SOCKET_H

int utcp_socket_init(void);
void utcp_socket_exit(void);

#endif /* _UTCP_SOCKET_H */
