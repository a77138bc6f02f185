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
#include <linux/slab.h>
#include <linux/string.h>

#define AUTO_PORTS (UTCP_PORT_AUTO_LAST - UTCP_PORT_AUTO_FIRST + 1)

/**
 * utcp_ports_init() - no port is taken
 * @ports: the table
 */
void utcp_ports_init(struct utcp_ports *ports)
{
	spin_lock_init(&ports->lock);
	ports->next = get_random_u32();
}

static struct hlist_head *bucket_of(struct utcp_ports *ports, u16 port)
{
	return &ports->bucket[port % UTCP_PORT_BUCKETS];
}

static struct hlist_head *shares_of(struct utcp_ports *ports, kuid_t uid)
{
	return &ports->share[__kuid_val(uid) % UTCP_PORT_SHARES];
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

/* One after the other, so that a port that was given back comes last: its connection may go
 * on for a while without it, until all has arrived, and another one of the same two ports would
 * be refused. Then draws: so few are as good as a search as long as one in fifteen is free, and
 * nobody else waits long where none is.
 */
static u16 automatic(struct utcp_ports *ports, const u8 *cell)
{
	unsigned int tries = UTCP_PORT_AUTO_TRIES;

	BUILD_BUG_ON(!is_power_of_2(AUTO_PORTS));
	while (tries--) {
		u32 n = tries >= UTCP_PORT_AUTO_TRIES / 2 ? ports->next++ :
							    get_random_u32();
		u16 port = UTCP_PORT_AUTO_FIRST + n % AUTO_PORTS;

		if (!utcp_port_find(ports, cell, port))
			return port;
	}
	return 0;
}

/* What a user has of a cell's ports; NULL: none. Under the lock. */
static struct utcp_port_share *find_share(struct utcp_ports *ports,
					  const u8 *cell, kuid_t uid)
{
	struct utcp_port_share *share;

	hlist_for_each_entry(share, shares_of(ports, uid), node)
		if (uid_eq(share->uid, uid) &&
		    !memcmp(share->cell, cell, UTCP_CELL_ID_LEN))
			return share;
	return NULL;
}

static struct utcp_port_share *new_share(const u8 *cell, kuid_t uid)
{
	struct utcp_port_share *share =
		kzalloc(sizeof(*share), GFP_KERNEL_ACCOUNT);

	if (share) {
		memcpy(share->cell, cell, UTCP_CELL_ID_LEN);
		share->uid = uid;
	}
	return share;
}

/* Under the lock. Return: 0, or an error. */
static int take(struct utcp_ports *ports, struct utcp_port *p,
		struct utcp_port_share *share, u16 port, u32 most)
{
	const u8 *cell = share->cell;

	if (share->n >= most)
		return -EDQUOT;
	if (!port)
		port = automatic(ports, cell);
	if (!port || utcp_port_find(ports, cell, port))
		return -EADDRINUSE;
	memcpy(p->cell, cell, UTCP_CELL_ID_LEN);
	p->port = port;
	p->share = share;
	hlist_add_head(&p->node, bucket_of(ports, port));
	if (!share->n++)
		hlist_add_head(&share->node, shares_of(ports, share->uid));
	return 0;
}

/**
 * utcp_port_take() - take a port of a cell
 * @ports: the table
 * @p: who takes it; has none
 * @cell: CellID
 * @port: the port; 0: any that is free
 * @uid: the user who takes it
 * @most: so many ports of this cell he may have
 *
 * Context: process, may sleep.
 * Return: 0; -EADDRINUSE: it is taken; or of those that were tried, all; -EDQUOT: the
 * user has as many as he may; -ENOMEM.
 */
int utcp_port_take(struct utcp_ports *ports, struct utcp_port *p,
		   const u8 *cell, u16 port, kuid_t uid, u32 most)
{
	struct utcp_port_share *share, *new = NULL;
	int ret;

	spin_lock_bh(&ports->lock);
	share = find_share(ports, cell, uid);
	if (!share) {
		spin_unlock_bh(&ports->lock);
		new = new_share(cell, uid);
		if (!new)
			return -ENOMEM;
		spin_lock_bh(&ports->lock);
		share = find_share(ports, cell, uid) ?: new;
	}
	ret = take(ports, p, share, port, most);
	if (!ret && share == new)
		new = NULL;
	spin_unlock_bh(&ports->lock);
	kfree(new);
	return ret;
}

/**
 * utcp_port_drop() - give a port back
 * @ports: the table
 * @p: who has it, or none
 *
 * Context: any but hard interrupts.
 */
void utcp_port_drop(struct utcp_ports *ports, struct utcp_port *p)
{
	struct utcp_port_share *share = NULL;

	spin_lock_bh(&ports->lock);
	if (p->port) {
		hlist_del_init(&p->node);
		share = p->share;
	}
	if (share && --share->n)
		share = NULL;
	if (share)
		hlist_del(&share->node);
	p->port = 0;
	spin_unlock_bh(&ports->lock);
	kfree(share);
}
