/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sockets as they are shown: sock_diag and /proc/net.
 */
#ifndef _UTCP_SOCKDIAG_H
#define _UTCP_SOCKDIAG_H

struct net;

int utcp_sockdiag_init(void);
void utcp_sockdiag_exit(void);
int utcp_sockdiag_net_init(struct net *net);
void utcp_sockdiag_net_exit(struct net *net);

#endif /* _UTCP_SOCKDIAG_H */
