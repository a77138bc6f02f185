/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ports: which socket has which port of which cell, and how many of a cell a user has.
 */
#ifndef _UTCP_PORT_H
#define _UTCP_PORT_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/uidgid.h>

#include "cell.h"

/* Where a program does not choose. */
#define UTCP_PORT_AUTO_FIRST 49152
#define UTCP_PORT_AUTO_LAST 65535
#define UTCP_PORT_AUTO_TRIES 256
#define UTCP_PORT_BUCKETS 256
#define UTCP_PORT_SHARES 64

/**
 * struct utcp_port_share - what a user has of the ports of a cell
 * @node: in the table
 * @cell: CellID of the cell
 * @uid: the user
 * @n: how many ports; not 0
 *
 * Under the lock of the table. Made with the first port, freed with the last.
 */
struct utcp_port_share {
	struct hlist_node node;
	u8 cell[UTCP_CELL_ID_LEN];
	kuid_t uid;
	u32 n;
};

/**
 * struct utcp_port - a port that is taken
 * @node: in the table; under its lock
 * @cell: CellID of the cell
 * @port: the port; 0: none is taken
 * @share: whose share of the cell's ports it counts for; under the lock of the table
 */
struct utcp_port {
	struct hlist_node node;
	u8 cell[UTCP_CELL_ID_LEN];
	u16 port;
	struct utcp_port_share *share;
};

/**
 * struct utcp_ports - the ports of a network namespace
 * @lock: protects all of it, and what is looked up while it is held
 * @bucket: by port
 * @share: users' shares, by user
 * @next: the automatic port that is tried next, from the first one on
 *
 * Lives in the state of the namespace; empty when that dies.
 */
struct utcp_ports {
	spinlock_t lock; /* protects all of it */
	struct hlist_head bucket[UTCP_PORT_BUCKETS];
	struct hlist_head share[UTCP_PORT_SHARES];
	u16 next;
};

void utcp_ports_init(struct utcp_ports *ports);
int utcp_port_take(struct utcp_ports *ports, struct utcp_port *p,
		   const u8 *cell, u16 port, kuid_t uid, u32 most);
void utcp_port_drop(struct utcp_ports *ports, struct utcp_port *p);
struct utcp_port *utcp_port_find(struct utcp_ports *ports, const u8 *cell,
				 u16 port);

#endif /* _UTCP_PORT_H */
