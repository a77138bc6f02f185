// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cells: the key pairs that live in a network namespace, and who may use them.
 *
 * A private key is clamped as RFC 7748, section 5 has it: bits 0 to 2 of the first
 * byte and bit 7 of the last are 0, bit 6 of the last is 1. One that is imported has
 * to be so already: texts that differ in these bits alone would be the same cell.
 */
#include <crypto/curve25519.h>
#include <linux/slab.h>

#include "cell.h"
#include "crypto.h"

/* What is hashed before the public key, so that the hash is good for this only. */
static const char cell_id_label[] = "UTCP/1 cell";

static unsigned int bucket_of(const u8 *id)
{
	return id[0] % UTCP_CELL_BUCKETS;
}

/**
 * utcp_cell_id() - the CellID that belongs to a public key
 * @id: gets the CellID
 * @public_key: the public key
 */
void utcp_cell_id(u8 id[UTCP_CELL_ID_LEN], const u8 public_key[UTCP_KEY_LEN])
{
	struct utcp_hash_state state;
	u8 hash[UTCP_HASH_LEN];

	utcp_hash_init(&state);
	utcp_hash_update(&state, cell_id_label, sizeof(cell_id_label) - 1);
	utcp_hash_update(&state, public_key, UTCP_KEY_LEN);
	utcp_hash_final(&state, hash);
	memcpy(id, hash, UTCP_CELL_ID_LEN);
}

/**
 * utcp_cells_init() - give a new namespace its empty table
 * @cells: the table
 */
void utcp_cells_init(struct utcp_cells *cells)
{
	unsigned int i;

	mutex_init(&cells->lock);
	INIT_LIST_HEAD(&cells->list);
	cells->n = 0;
	cells->seq = 1; /* 0 would not be compared */
	cells->serial = 0;
	RCU_INIT_POINTER(cells->def, NULL);
	for (i = 0; i < UTCP_CELL_BUCKETS; i++)
		INIT_HLIST_HEAD(&cells->bucket[i]);
}

static void cell_unlink(struct utcp_cells *cells, struct utcp_cell *cell)
{
	lockdep_assert_held(&cells->lock);
	if (rcu_access_pointer(cells->def) == cell)
		RCU_INIT_POINTER(cells->def, NULL);
	hlist_del_rcu(&cell->node);
	list_del(&cell->link);
	cells->n--;
	cells->seq++;
}

/**
 * utcp_cells_exit() - let go of all cells of a namespace
 * @cells: the table
 *
 * Who still uses one keeps it until utcp_cell_put().
 *
 * Context: process, when no request can reach the table. The memory is free
 *	after rcu_barrier().
 */
void utcp_cells_exit(struct utcp_cells *cells)
{
	struct utcp_cell *cell, *next;

	mutex_lock(&cells->lock);
	list_for_each_entry_safe(cell, next, &cells->list, link) {
		cell_unlink(cells, cell);
		utcp_cell_put(cell);
	}
	mutex_unlock(&cells->lock);
	mutex_destroy(&cells->lock);
}

/* Return: 0, or -EINVAL with @extack set. */
static int key_import(u8 key[UTCP_KEY_LEN], const u8 *from,
		      struct netlink_ext_ack *extack)
{
	if (!memchr_inv(from, 0, UTCP_KEY_LEN)) {
		NL_SET_ERR_MSG(extack, "a private key of zeros is none");
		return -EINVAL;
	}
	memcpy(key, from, UTCP_KEY_LEN);
	curve25519_clamp_secret(key);
	if (memcmp(key, from, UTCP_KEY_LEN)) {
		NL_SET_ERR_MSG(
			extack,
			"the private key is not clamped as RFC 7748 has it");
		return -EINVAL;
	}
	return 0;
}

/* What follows from the private key. No key that is known has no public key, or
 * the CellID that belongs to nobody.
 */
static int cell_derive(struct utcp_cell *cell, struct netlink_ext_ack *extack)
{
	if (utcp_public_key_of(cell->public_key, cell->private_key) &&
	    utcp_public_key_ok(cell->public_key)) {
		utcp_cell_id(cell->id, cell->public_key);
		if (memchr_inv(cell->id, 0, UTCP_CELL_ID_LEN))
			return 0;
	}
	NL_SET_ERR_MSG(extack, "the private key is not good for a cell");
	return -EINVAL;
}

/**
 * utcp_cell_alloc() - make a cell that is in no table yet
 * @private_key: its private key; NULL to make one
 * @extack: gets the reason of a refusal
 *
 * Its settings are all zero. A key is made from the kernel's random numbers;
 * before these are seeded this waits for them, until a signal comes.
 *
 * Context: process; may sleep.
 * Return: the cell, for utcp_cell_add() or utcp_cell_free(); or -EINVAL with
 *	@extack set, -EINTR or -ENOMEM.
 */
struct utcp_cell *utcp_cell_alloc(const u8 *private_key,
				  struct netlink_ext_ack *extack)
{
	struct utcp_cell *cell;
	int ret;

	cell = kzalloc(sizeof(*cell), GFP_KERNEL_ACCOUNT);
	if (!cell)
		return ERR_PTR(-ENOMEM);
	refcount_set(&cell->refs, 1);
	refcount_set(&cell->holds, 1);
	spin_lock_init(&cell->lock);
	INIT_HLIST_NODE(&cell->node);
	INIT_LIST_HEAD(&cell->link);
	if (private_key)
		ret = key_import(cell->private_key, private_key, extack);
	else
		ret = utcp_private_key_new(cell->private_key);
	if (!ret)
		ret = cell_derive(cell, extack);
	if (ret) {
		utcp_cell_free(cell);
		/* Netlink does not make a call again that a signal ended. */
		return ERR_PTR(ret == -ERESTARTSYS ? -EINTR : ret);
	}
	return cell;
}

static void keys_free_rcu(struct rcu_head *rcu)
{
	kfree_sensitive(container_of(rcu, struct utcp_cell_keys, rcu));
}

static void cell_free_rcu(struct rcu_head *rcu)
{
	struct utcp_cell *cell = container_of(rcu, struct utcp_cell, rcu);

	kfree_sensitive(rcu_access_pointer(cell->keys));
	kfree_sensitive(cell);
}

/* Gives a cell the keys that follow from @set. Under the table's lock, or before
 * anybody knows the cell.
 * Return: 0, or -ENOMEM, and it has those it had.
 */
static int keys_renew(struct utcp_cell *cell,
		      const struct utcp_cell_settings *set)
{
	struct utcp_cell_keys *keys, *old;

	keys = kzalloc(sizeof(*keys), GFP_KERNEL_ACCOUNT);
	if (!keys)
		return -ENOMEM;
	utcp_mac_keys_init(&keys->mac, cell->public_key, set->realm);
	utcp_disc_keys_init(&keys->disc, set->realm);
	memcpy(keys->realm, set->realm, UTCP_KEY_LEN);
	keys->discoverable = set->discoverable;
	old = rcu_replace_pointer(cell->keys, keys, true);
	if (old)
		call_rcu(&old->rcu, keys_free_rcu);
	return 0;
}

/**
 * utcp_cell_free() - let go of a cell that is in no table and has no users
 * @cell: the cell
 *
 * It is wiped and freed when nobody holds it any more. Who found it under RCU
 * before still finds it as it was.
 *
 * Context: process or softirq.
 */
void utcp_cell_free(struct utcp_cell *cell)
{
	utcp_cell_release(cell);
}

/**
 * utcp_cell_hold() - keep the memory of a cell
 * @cell: the cell, found under RCU
 *
 * Unlike a user's reference, this does not keep the cell from being removed.
 *
 * Context: any but hard interrupts.
 * Return: true, and utcp_cell_release() has to be called; false: it is gone.
 */
bool utcp_cell_hold(struct utcp_cell *cell)
{
	return refcount_inc_not_zero(&cell->holds);
}

/**
 * utcp_cell_release() - keep the memory of a cell no longer
 * @cell: the cell
 *
 * Context: any but hard interrupts.
 */
void utcp_cell_release(struct utcp_cell *cell)
{
	if (refcount_dec_and_test(&cell->holds))
		call_rcu(&cell->rcu, cell_free_rcu);
}

/**
 * utcp_cell_add() - put a cell into the table of its namespace
 * @cells: the table
 * @cell: a cell with its settings, not yet in a table
 * @limit: how many cells there may be
 * @extack: gets the reason of a refusal
 *
 * Context: process, under the table's lock.
 * Return: 0, and the table has the cell; -EEXIST or -ENOSPC with @extack set;
 *	-ENOMEM.
 */
int utcp_cell_add(struct utcp_cells *cells, struct utcp_cell *cell, u32 limit,
		  struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&cells->lock);
	if (utcp_cell_find(cells, cell->id)) {
		NL_SET_ERR_MSG(extack, "the namespace has this cell already");
		return -EEXIST;
	}
	if (cells->n >= limit) {
		NL_SET_ERR_MSG(extack,
			       "the namespace has as many cells as its limit");
		return -ENOSPC;
	}
	if (keys_renew(cell, &cell->set))
		return -ENOMEM;
	cell->serial = ++cells->serial;
	list_add_tail(&cell->link, &cells->list);
	hlist_add_head_rcu(&cell->node, &cells->bucket[bucket_of(cell->id)]);
	cells->n++;
	cells->seq++;
	return 0;
}

/**
 * utcp_cell_del() - take a cell out of the table of its namespace
 * @cells: the table
 * @cell: a cell in it
 *
 * If it was the default there is none then.
 *
 * Context: process, under the table's lock.
 * Return: 0, and the cell is left for utcp_cell_free(); or -EBUSY if it has
 *	users.
 */
int utcp_cell_del(struct utcp_cells *cells, struct utcp_cell *cell)
{
	lockdep_assert_held(&cells->lock);
	/* From here on nobody gets to be a user. */
	if (!refcount_dec_if_one(&cell->refs))
		return -EBUSY;
	cell_unlink(cells, cell);
	return 0;
}

/**
 * utcp_cell_change() - give a cell other settings
 * @cell: a cell
 * @set: all of its settings
 *
 * Context: process, under the table's lock.
 * Return: 0; or -ENOMEM, and nothing has changed.
 */
int utcp_cell_change(struct utcp_cell *cell,
		     const struct utcp_cell_settings *set)
{
	int ret = keys_renew(cell, set);

	if (ret)
		return ret;
	spin_lock_bh(&cell->lock);
	memcpy(&cell->set, set, sizeof(*set));
	spin_unlock_bh(&cell->lock);
	return 0;
}

/**
 * utcp_cell_default() - the default cell of a namespace
 * @cells: the table
 *
 * Context: under the table's lock or RCU, which also is how long the result is
 *	valid.
 * Return: the cell, or NULL.
 */
struct utcp_cell *utcp_cell_default(const struct utcp_cells *cells)
{
	return rcu_dereference_check(cells->def, lockdep_is_held(&cells->lock));
}

/**
 * utcp_cell_find() - the cell of a namespace with a CellID
 * @cells: the table
 * @id: the CellID
 *
 * Context: under the table's lock or RCU, which also is how long the result is
 *	valid.
 * Return: the cell, or NULL.
 */
struct utcp_cell *utcp_cell_find(const struct utcp_cells *cells, const u8 *id)
{
	struct utcp_cell *cell;

	hlist_for_each_entry_rcu(cell, &cells->bucket[bucket_of(id)], node,
				 lockdep_is_held(&cells->lock))
		if (!memcmp(cell->id, id, UTCP_CELL_ID_LEN))
			return cell;
	return NULL;
}

/**
 * utcp_cell_get() - become a user of a cell
 * @cells: the table of the namespace
 * @id: its CellID; NULL for the default one
 *
 * Context: process or softirq.
 * Return: the cell, for utcp_cell_put(), or NULL.
 */
struct utcp_cell *utcp_cell_get(const struct utcp_cells *cells, const u8 *id)
{
	struct utcp_cell *cell;

	rcu_read_lock();
	cell = id ? utcp_cell_find(cells, id) : utcp_cell_default(cells);
	/* One whose last reference is gone is being removed. */
	if (cell && !refcount_inc_not_zero(&cell->refs))
		cell = NULL;
	rcu_read_unlock();
	return cell;
}

/**
 * utcp_cell_put() - be no user of a cell any more
 * @cell: the cell
 *
 * Context: process or softirq.
 */
void utcp_cell_put(struct utcp_cell *cell)
{
	if (refcount_dec_and_test(&cell->refs))
		utcp_cell_free(cell);
}

/**
 * utcp_cell_users() - how many users a cell has
 * @cell: a cell in a table
 *
 * Return: their number, which may be another already.
 */
u32 utcp_cell_users(const struct utcp_cell *cell)
{
	return refcount_read(&cell->refs) - 1;
}

/* As in_group_p(), which knows only the current process. */
static bool cred_in_group(const struct cred *cred, kgid_t group)
{
	int i;

	if (gid_eq(group, cred->egid))
		return true;
	for (i = 0; i < cred->group_info->ngroups; i++)
		if (gid_eq(group, cred->group_info->gid[i]))
			return true;
	return false;
}

/**
 * utcp_cell_may_use() - whether somebody may bind to a cell or connect as it
 * @cell: the cell
 * @cred: who
 *
 * The rules are those of files: the owner's bit decides about the owner, the
 * group's about its other members, the last about everybody else. What counts is
 * the effective user and the effective and supplementary groups. No capability
 * is asked: who has CAP_NET_ADMIN over the namespace can change the settings,
 * and then it shows.
 *
 * Context: process or softirq.
 * Return: true if so.
 */
bool utcp_cell_may_use(struct utcp_cell *cell, const struct cred *cred)
{
	u32 mode, bit;
	kuid_t owner;
	kgid_t group;

	spin_lock_bh(&cell->lock);
	owner = cell->set.owner;
	group = cell->set.group;
	mode = cell->set.mode;
	spin_unlock_bh(&cell->lock);
	if (uid_eq(owner, cred->euid))
		bit = UTCP_CELL_MODE_OWNER;
	else if (cred_in_group(cred, group))
		bit = UTCP_CELL_MODE_GROUP;
	else
		bit = UTCP_CELL_MODE_OTHER;
	return mode & bit;
}

/**
 * utcp_cell_owner() - who owns a cell
 * @cell: the cell
 *
 * Context: process or softirq.
 * Return: the user.
 */
kuid_t utcp_cell_owner(struct utcp_cell *cell)
{
	kuid_t owner;

	spin_lock_bh(&cell->lock);
	owner = cell->set.owner;
	spin_unlock_bh(&cell->lock);
	return owner;
}

/**
 * utcp_cell_realm() - get the pre-shared key of a cell's realm
 * @cell: the cell
 * @realm: gets the key, or zeros; the caller wipes it after use
 *
 * Context: process or softirq.
 * Return: true if the cell has a realm.
 */
bool utcp_cell_realm(struct utcp_cell *cell, u8 realm[UTCP_KEY_LEN])
{
	bool has;

	spin_lock_bh(&cell->lock);
	memcpy(realm, cell->set.realm, UTCP_KEY_LEN);
	has = cell->set.has_realm;
	spin_unlock_bh(&cell->lock);
	return has;
}

/**
 * utcp_cell_hinted() - how many cells can be meant by an initiation
 * @cells: the table of the namespace
 * @hint: the hint in it
 *
 * Context: under RCU.
 * Return: so many mac1 would have to be tried.
 */
unsigned int utcp_cell_hinted(const struct utcp_cells *cells, u8 hint)
{
	const struct utcp_cell_keys *keys;
	struct utcp_cell *cell;
	unsigned int i, n = 0;

	for (i = 0; i < UTCP_CELL_BUCKETS; i++)
		hlist_for_each_entry_rcu(cell, &cells->bucket[i], node) {
			keys = rcu_dereference(cell->keys);
			n += keys && keys->mac.hint == hint;
		}
	return n;
}

/**
 * utcp_cell_by_mac1() - the cell that a frame is for
 * @cells: the table of the namespace
 * @mac1: mac1 as it came
 * @frame: the frame, from its version on
 * @len: how many bytes stand before mac1
 * @hint: the hint in it
 *
 * Context: under RCU, which also is how long the result is valid.
 * Return: the cell, or NULL.
 */
struct utcp_cell *utcp_cell_by_mac1(const struct utcp_cells *cells,
				    const u8 *mac1, const u8 *frame, size_t len,
				    u8 hint)
{
	const struct utcp_cell_keys *keys;
	struct utcp_cell *cell;
	unsigned int i;

	for (i = 0; i < UTCP_CELL_BUCKETS; i++)
		hlist_for_each_entry_rcu(cell, &cells->bucket[i], node) {
			keys = rcu_dereference(cell->keys);
			if (keys && keys->mac.hint == hint &&
			    utcp_mac1_ok(mac1, &keys->mac, frame, len))
				return cell;
		}
	return NULL;
}
