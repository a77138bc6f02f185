/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cells: the key pairs that live in a network namespace, and who may use them.
 */
#ifndef _UTCP_CELL_H
#define _UTCP_CELL_H

#include <linux/cred.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <net/netswitch.h>

#include <uapi/linux/utcp.h>

#include "cookie.h"
#include "crypto.h"
#include "discover.h"

#define UTCP_CELL_ID_LEN NETSWITCH_CELL_LEN
#define UTCP_CELL_COMMENT_LEN 63
#define UTCP_CELL_MODE_ALL \
	(UTCP_CELL_MODE_OWNER | UTCP_CELL_MODE_GROUP | UTCP_CELL_MODE_OTHER)

/* Buckets of a namespace's table; CellIDs are hashes, their first byte will do. */
#define UTCP_CELL_BUCKETS 64

/**
 * struct utcp_cell_settings - what can be changed of a cell
 * @owner: user who owns it
 * @group: group that owns it
 * @mode: who may use it (enum utcp_cell_mode)
 * @discoverable: it answers who asks for its CellID
 * @has_realm: @realm is one
 * @realm: pre-shared key of its realm, a secret; zero if there is none
 * @comment: for people; ends with NUL
 */
struct utcp_cell_settings {
	kuid_t owner;
	kgid_t group;
	u32 mode;
	bool discoverable;
	bool has_realm;
	u8 realm[UTCP_KEY_LEN];
	char comment[UTCP_CELL_COMMENT_LEN + 1];
};

/**
 * struct utcp_cell_keys - what follows from a cell's public key and its realm
 * @mac: of what is sent to it
 * @disc: of its realm's discovery
 * @realm: the realm; zeros if it has none
 * @discoverable: it answers who asks for its CellID
 * @rcu: for freeing
 *
 * Does not change; a change of settings puts another one in its place. Wiped when
 * its last reader is gone.
 */
struct utcp_cell_keys {
	struct utcp_mac_keys mac;
	struct utcp_disc_keys disc;
	u8 realm[UTCP_KEY_LEN];
	bool discoverable;
	struct rcu_head rcu;
};

/**
 * struct utcp_cell - a key pair that lives in a network namespace
 * @id: CellID: hash of the public key
 * @public_key: its public key
 * @private_key: its private key, clamped; a secret that never leaves the kernel
 * @node: in the table's bucket; written under the table's lock, read under RCU
 * @link: in the table's list; under the table's lock
 * @serial: the how manieth cell of its namespace it is, from 1; for dumps
 * @refs: one for the table, and one for each user
 * @holds: what keeps the memory: one for all of @refs, and one for each peer that
 *	is spoken to as this cell
 * @keys: what frames are checked and answered with. Written under the table's
 *	lock, read under RCU
 * @lock: protects @set. Its holder may be interrupted by frames: _bh
 * @set: written under the table's lock and @lock, read under either
 * @gone: it was deleted, and gets no peers any more; under peer_lock of the namespace
 * @rcu: for freeing
 *
 * The keys do not change. Ways to die: utcp_cell_del(), which is refused while
 * there are users, and the end of the namespace or the module; both take it out
 * of the table and drop the table's reference. The last hold frees it after a
 * grace period and wipes its memory.
 */
struct utcp_cell {
	u8 id[UTCP_CELL_ID_LEN];
	u8 public_key[UTCP_KEY_LEN];
	u8 private_key[UTCP_KEY_LEN];
	struct hlist_node node;
	struct list_head link;
	u64 serial;
	refcount_t refs;
	refcount_t holds;
	struct utcp_cell_keys __rcu *keys;
	spinlock_t lock; /* protects set */
	struct utcp_cell_settings set;
	bool gone;
	struct rcu_head rcu;
};

/**
 * struct utcp_cells - the cells of a network namespace
 * @lock: taken for every change, so that a change and its event are one step.
 *	utcp_cell.lock is taken inside
 * @list: all cells, oldest first; under @lock
 * @n: how many they are; under @lock
 * @seq: generation of the list, for dumps; under @lock
 * @serial: of the youngest cell ever; under @lock
 * @def: the default cell, or NULL. Written under @lock, read under RCU
 * @bucket: by first byte of the CellID. Written under @lock, read under RCU
 *
 * Lives inside the state of the namespace and dies with it, when no request
 * can reach it.
 */
struct utcp_cells {
	struct mutex lock; /* protects all of it */
	struct list_head list;
	u32 n;
	u32 seq;
	u64 serial;
	struct utcp_cell __rcu *def;
	struct hlist_head bucket[UTCP_CELL_BUCKETS];
};

void utcp_cell_id(u8 id[UTCP_CELL_ID_LEN], const u8 public_key[UTCP_KEY_LEN]);

void utcp_cells_init(struct utcp_cells *cells);
void utcp_cells_exit(struct utcp_cells *cells);

struct utcp_cell *utcp_cell_alloc(const u8 *private_key,
				  struct netlink_ext_ack *extack);
void utcp_cell_free(struct utcp_cell *cell);
int utcp_cell_add(struct utcp_cells *cells, struct utcp_cell *cell, u32 limit,
		  struct netlink_ext_ack *extack);
int utcp_cell_del(struct utcp_cells *cells, struct utcp_cell *cell);
int __must_check utcp_cell_change(struct utcp_cell *cell,
				  const struct utcp_cell_settings *set);
struct utcp_cell *utcp_cell_default(const struct utcp_cells *cells);
struct utcp_cell *utcp_cell_find(const struct utcp_cells *cells, const u8 *id);

struct utcp_cell *utcp_cell_get(const struct utcp_cells *cells, const u8 *id);
void utcp_cell_put(struct utcp_cell *cell);
bool __must_check utcp_cell_hold(struct utcp_cell *cell);
void utcp_cell_release(struct utcp_cell *cell);
struct utcp_cell *utcp_cell_by_mac1(const struct utcp_cells *cells,
				    const u8 *mac1, const u8 *frame, size_t len,
				    u8 hint);
unsigned int utcp_cell_hinted(const struct utcp_cells *cells, u8 hint);
u32 utcp_cell_users(const struct utcp_cell *cell);
bool utcp_cell_may_use(struct utcp_cell *cell, const struct cred *cred);
kuid_t utcp_cell_owner(struct utcp_cell *cell);
bool utcp_cell_realm(struct utcp_cell *cell, u8 realm[UTCP_KEY_LEN]);

#endif /* _UTCP_CELL_H */
