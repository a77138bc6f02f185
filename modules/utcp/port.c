// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ports of cells.
 */
#include "port.h"

#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/log2.h>
#include <linux/random.h>
#include <linux/string.h>

#define AUTO_PORTS (UTCP_PORT_AUTO_LAST - UTCP_PORT_AUTO_FIRST + 1)

/**
 * utcp_ports_init() - no port is taken
 * @ports: the table
 */
void utcp_ports_init(struct utcp_ports *ports)
{
	spin_lock_init(&ports->lock);
}

static struct hlist_head *bucket_of(struct utcp_ports *ports, u16 port)
{
	return &ports->bucket[port % UTCP_PORT_BUCKETS];
}

/**
 * utcp_port_find() - who has a port?
 * @ports: the table
 * @cell: CellID
 * @port: the port
 *
 * Context: under @ports->lock, which is how long the result is valid.
 * Return: it, or NULL.
 */
struct utcp_port *utcp_port_find(struct utcp_ports *ports, const u8 *cell,
				 u16 port)
{
	struct utcp_port *p;

	lockdep_assert_held(&ports->lock);
	hlist_for_each_entry(p, bucket_of(ports, port), node)
		if (p->port == port && !memcmp(p->cell, cell, UTCP_CELL_ID_LEN))
			return p;
	return NULL;
}

/* Draws: so few are as good as a search as long as one in thirty is free, and nobody
 * else waits long where none is.
 */
static u16 automatic(struct utcp_ports *ports, const u8 *cell)
{
	unsigned int tries = UTCP_PORT_AUTO_TRIES;

	BUILD_BUG_ON(!is_power_of_2(AUTO_PORTS));
	while (tries--) {
		u16 port = UTCP_PORT_AUTO_FIRST + get_random_u32() % AUTO_PORTS;

		if (!utcp_port_find(ports, cell, port))
			return port;
	}
	return 0;
}

/**
 * utcp_port_take() - take a port of a cell
 * @ports: the table
 * @p: who takes it; has none
 * @cell: CellID
 * @port: the port; 0: any that is free
 *
 * Return: 0; -EADDRINUSE: it is taken; or of those that were tried, all.
 */
int utcp_port_take(struct utcp_ports *ports, struct utcp_port *p,
		   const u8 *cell, u16 port)
{
	int ret = -EADDRINUSE;

	spin_lock_bh(&ports->lock);
	if (!port)
		port = automatic(ports, cell);
	if (port && !utcp_port_find(ports, cell, port)) {
		memcpy(p->cell, cell, UTCP_CELL_ID_LEN);
		p->port = port;
		hlist_add_head(&p->node, bucket_of(ports, port));
		ret = 0;
	}
	spin_unlock_bh(&ports->lock);
	return ret;
}

/**
 * utcp_port_drop() - give a port back
 * @ports: the table
 * @p: who has it, or none
 */
void utcp_port_drop(struct utcp_ports *ports, struct utcp_port *p)
{
	spin_lock_bh(&ports->lock);
	if (p->port)
		hlist_del_init(&p->node);
	p->port = 0;
	spin_unlock_bh(&ports->lock);
}
