/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets that rules name: of prefixes, of addresses with ports, of CellIDs. Elements
 * may have an end.
 */
#ifndef _UTCP_ACL_SETS_H
#define _UTCP_ACL_SETS_H

#include <linux/rcupdate.h>
#include <linux/types.h>

#include "key.h"
#include "match.h"

/* Elements of one set, at most. */
#define ACL_SET_MAX 65536

/**
 * enum acl_set_type - what the elements are
 * @ACL_SET_PREFIX: prefixes of IPv4 and IPv6
 * @ACL_SET_ADDRESS_PORT: addresses of IPv4 and IPv6, each with a port
 * @ACL_SET_CELL: CellIDs
 */
enum acl_set_type {
	ACL_SET_PREFIX,
	ACL_SET_ADDRESS_PORT,
	ACL_SET_CELL,
};

/**
 * struct acl_set_elem - an element
 * @addr: address in network order; four bytes and zeros for IPv4; or a CellID
 * @expires: when it is one no more, in jiffies; or ACL_FOREVER
 * @port: for ACL_SET_ADDRESS_PORT, else 0
 * @family: ACL_IPV4 or ACL_IPV6; ACL_CELL in a set of CellIDs
 * @len: bits of the prefix, 0 to 32 or 0 to 128; all of them where there are no
 *	prefixes
 */
struct acl_set_elem {
	u8 addr[16];
	u64 expires;
	u16 port;
	u8 family;
	u8 len;
};

struct acl_set_table;

/**
 * struct acl_set - a set
 * @table: the elements, for readers under RCU
 * @lens: for readers: how many elements there are of each prefix length, IPv4
 *	first, then IPv6 (and CellIDs with 128)
 * @expires: no element ends before that
 * @count: elements, those included that have ended but were not taken away
 * @max: how many it may have
 * @type: what they are
 *
 * Who changes it or walks it holds the owner's lock; look-ups are under RCU only.
 * Elements die a grace period after they have been taken out, the set by
 * acl_set_destroy(), which its owner calls when no reader can see it.
 */
struct acl_set {
	struct acl_set_table __rcu *table;
	u32 lens[33 + 129];
	u64 expires;
	u32 count;
	u32 max;
	u8 type;
};

int acl_set_init(struct acl_set *set, enum acl_set_type type, u32 max);
void acl_set_destroy(struct acl_set *set);
int acl_set_add(struct acl_set *set, const struct acl_set_elem *elem);
int acl_set_del(struct acl_set *set, const struct acl_set_elem *elem);
bool acl_set_there(const struct acl_set *set, const struct acl_set_elem *elem);
u64 acl_set_expire(struct acl_set *set, u64 now, u32 most,
		   void (*gone)(void *priv, const struct acl_set_elem *elem),
		   void *priv);
bool acl_set_next(const struct acl_set *set, u64 *pos,
		  struct acl_set_elem *elem);
bool acl_set_has(const struct acl_set *set, const struct acl_key *key, bool dst,
		 u64 now, u64 *until);
size_t acl_set_memory(const struct acl_set *set);

#endif /* _UTCP_ACL_SETS_H */
