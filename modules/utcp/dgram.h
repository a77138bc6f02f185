/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Datagrams: from whoever brings them to the sockets.
 */
#ifndef _UTCP_DGRAM_H
#define _UTCP_DGRAM_H

#include <linux/skbuff.h>

#include "utcp.h"

struct sock;
struct utcp_info;

/**
 * struct utcp_dgram_addr - from where to where a datagram goes
 * @cell: CellID of the cell that it is for
 * @port: the port there
 * @from: CellID of the sender, who is authenticated
 * @from_port: the sender's port
 */
struct utcp_dgram_addr {
	const u8 *cell;
	u16 port;
	const u8 *from;
	u16 from_port;
};

void utcp_dgram_lost(struct utcp_net *un, const struct sk_buff *skb,
		     enum utcp_dgram_drop reason);
void utcp_dgram_report(struct sock *sk, const u8 *cell, int err);
int utcp_dgram_input(struct utcp_net *un, const struct utcp_dgram_addr *addr,
		     struct sk_buff *skb);

#endif /* _UTCP_DGRAM_H */
