// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets: a hash table of elements. A prefix is found by one look-up for each length
 * that the set has; so is an address, whose length is that of all the others.
 */
#include "sets.h"

#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/in.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#define BITS_MIN 4
#define PROTO_ICMPV6 58
/* Where the lengths of IPv6 begin. */
#define LENS_IPV6 33

/**
 * struct elem - an element as it is stored
 * @next: the next one of the bucket
 * @hi: first half of the address; of IPv4 the address and zeros
 * @lo: second half of the address
 * @tag: family, length and port
 * @expires: jiffies; changed in place, readers take either value
 */
struct elem {
	struct elem __rcu *next;
	u64 hi;
	u64 lo;
	u64 tag;
	u64 expires;
};

/**
 * struct acl_set_table - the buckets
 * @seed: of the hash: which addresses come is chosen by others
 * @bits: there are 2^@bits buckets
 * @heads: the first element of each
 *
 * Never grows: a larger one with new elements takes its place.
 */
struct acl_set_table {
	u64 seed;
	u32 bits;
	struct elem __rcu *heads[];
};

static u64 tag_of(u8 family, u8 len, u16 port)
{
	return (u64)family << 32 | (u64)len << 16 | port;
}

static u32 hash_of(const struct acl_set_table *table, u64 hi, u64 lo, u64 tag)
{
	u64 x = (hi ^ table->seed) * GOLDEN_RATIO_64;

	x = (x ^ x >> 32 ^ lo) * GOLDEN_RATIO_64;
	x = (x ^ x >> 32 ^ tag) * GOLDEN_RATIO_64;
	return x >> (64 - table->bits);
}

static struct acl_set_table *table_new(u32 bits)
{
	struct acl_set_table *table;

	table = kvzalloc(struct_size(table, heads, 1UL << bits),
			 GFP_KERNEL_ACCOUNT);
	if (!table)
		return NULL;
	get_random_bytes(&table->seed, sizeof(table->seed));
	table->bits = bits;
	return table;
}

/* The owner's lock, or nobody else. */
#define locked(p) rcu_dereference_protected(p, 1)

/**
 * acl_set_init() - make an empty set
 * @set: the set
 * @type: what its elements are
 * @max: how many it may have, 1 to ACL_SET_MAX
 *
 * Return: 0; -EINVAL: bad @max; -ENOMEM.
 */
int acl_set_init(struct acl_set *set, enum acl_set_type type, u32 max)
{
	struct acl_set_table *table;

	if (!max || max > ACL_SET_MAX)
		return -EINVAL;
	table = table_new(BITS_MIN);
	if (!table)
		return -ENOMEM;
	memset(set, 0, sizeof(*set));
	set->type = type;
	set->max = max;
	set->expires = ACL_FOREVER;
	RCU_INIT_POINTER(set->table, table);
	return 0;
}

/**
 * acl_set_destroy() - free what a set has
 * @set: the set, which no reader can see any more
 */
void acl_set_destroy(struct acl_set *set)
{
	struct acl_set_table *table = locked(set->table);
	struct elem *e, *next;
	unsigned long i;

	for (i = 0; i < 1UL << table->bits; i++) {
		for (e = locked(table->heads[i]); e; e = next) {
			next = locked(e->next);
			kfree(e);
		}
	}
	kvfree(table);
	RCU_INIT_POINTER(set->table, NULL);
}

/* Puts a copy of each element of @old into @new; false: no memory. */
static bool copy(const struct acl_set_table *old, struct acl_set_table *new)
{
	struct elem *e, *clone;
	unsigned long i;

	for (i = 0; i < 1UL << old->bits; i++) {
		for (e = locked(old->heads[i]); e; e = locked(e->next)) {
			u32 at = hash_of(new, e->hi, e->lo, e->tag);

			clone = kmemdup(e, sizeof(*e), GFP_KERNEL_ACCOUNT);
			if (!clone)
				return false;
			RCU_INIT_POINTER(clone->next, locked(new->heads[at]));
			RCU_INIT_POINTER(new->heads[at], clone);
		}
	}
	return true;
}

static void free_table(struct acl_set_table *table)
{
	struct acl_set dead = { .table = NULL };

	RCU_INIT_POINTER(dead.table, table);
	acl_set_destroy(&dead);
}

/*
 * Four times as many buckets. Without memory for it all stays as it is: that costs time
 * at look-ups, no element.
 */
static void grow(struct acl_set *set)
{
	struct acl_set_table *old = locked(set->table);
	struct acl_set_table *new = table_new(old->bits + 2);

	if (!new)
		return;
	if (!copy(old, new)) {
		free_table(new);
		return;
	}
	rcu_assign_pointer(set->table, new);
	synchronize_rcu();
	free_table(old);
}

static u8 lens_of(u8 family, u8 len)
{
	return family == ACL_IPV4 ? len : LENS_IPV6 + len;
}

static bool valid(const struct acl_set *set, const struct acl_set_elem *elem)
{
	unsigned int full = elem->family == ACL_IPV4 ? 32 : 128, i;

	if (set->type == ACL_SET_CELL ? elem->family != ACL_CELL :
					elem->family > ACL_IPV6)
		return false;
	if (elem->len > full ||
	    (set->type != ACL_SET_PREFIX && elem->len != full))
		return false;
	if (elem->port && set->type != ACL_SET_ADDRESS_PORT)
		return false;
	for (i = elem->len; i < 128; i++)
		if (elem->addr[i / 8] >> (7 - i % 8) & 1)
			return false;
	return true;
}

/* Where the element is, or would be: the pointer that leads, or should, to it. */
static struct elem __rcu **find(struct acl_set_table *table,
				const struct acl_set_elem *elem)
{
	u64 hi = get_unaligned_be64(elem->addr);
	u64 lo = get_unaligned_be64(elem->addr + 8);
	u64 tag = tag_of(elem->family, elem->len, elem->port);
	struct elem __rcu **at = &table->heads[hash_of(table, hi, lo, tag)];
	struct elem *e;

	for (; (e = locked(*at)); at = &e->next)
		if (e->hi == hi && e->lo == lo && e->tag == tag)
			break;
	return at;
}

/**
 * acl_set_add() - add an element, or give one another end
 * @set: the set
 * @elem: the element
 *
 * Owner's lock. May sleep.
 *
 * Return: 0: it is new; 1: it was there, and ends now when @elem says; -EINVAL: not
 * for this set, or bits behind the prefix; -ENOSPC: the set is full; -ENOMEM.
 */
int acl_set_add(struct acl_set *set, const struct acl_set_elem *elem)
{
	struct acl_set_table *table = locked(set->table);
	struct elem __rcu **at;
	struct elem *e;
	u8 lens;

	if (!valid(set, elem))
		return -EINVAL;
	at = find(table, elem);
	e = locked(*at);
	if (e) {
		WRITE_ONCE(e->expires, elem->expires);
		set->expires = min(set->expires, elem->expires);
		return 1;
	}
	if (set->count == set->max)
		return -ENOSPC;
	e = kmalloc(sizeof(*e), GFP_KERNEL_ACCOUNT);
	if (!e)
		return -ENOMEM;
	e->hi = get_unaligned_be64(elem->addr);
	e->lo = get_unaligned_be64(elem->addr + 8);
	e->tag = tag_of(elem->family, elem->len, elem->port);
	e->expires = elem->expires;
	RCU_INIT_POINTER(e->next, NULL);
	/* Readers that see the element must look for its length. */
	lens = lens_of(elem->family, elem->len);
	WRITE_ONCE(set->lens[lens], set->lens[lens] + 1);
	rcu_assign_pointer(*at, e);
	set->expires = min(set->expires, elem->expires);
	set->count++;
	if (set->count > 1UL << table->bits)
		grow(set);
	return 0;
}

/**
 * acl_set_there() - is something an element, or was one that has ended?
 * @set: the set
 * @elem: the element; its end does not count
 *
 * Context: under the owner's lock.
 * Return: true if it is.
 */
bool acl_set_there(const struct acl_set *set, const struct acl_set_elem *elem)
{
	return locked(*find(locked(set->table), elem));
}

/* Takes out the element that @at leads to. */
static void take_out(struct acl_set *set, struct elem __rcu **at)
{
	struct elem *e = locked(*at);
	u8 lens = lens_of(e->tag >> 32, e->tag >> 16);

	/* Readers that stand on it still find the rest. */
	rcu_assign_pointer(*at, locked(e->next));
	WRITE_ONCE(set->lens[lens], set->lens[lens] - 1);
	set->count--;
	kvfree_rcu_mightsleep(e);
}

/**
 * acl_set_del() - take an element out
 * @set: the set
 * @elem: the element; its end does not count
 *
 * Owner's lock. May sleep.
 *
 * Return: 0; -EINVAL: not for this set; -ENOENT.
 */
int acl_set_del(struct acl_set *set, const struct acl_set_elem *elem)
{
	struct elem __rcu **at;

	if (!valid(set, elem))
		return -EINVAL;
	at = find(locked(set->table), elem);
	if (!locked(*at))
		return -ENOENT;
	take_out(set, at);
	return 0;
}

static void tell(const struct elem *e, struct acl_set_elem *elem)
{
	put_unaligned_be64(e->hi, elem->addr);
	put_unaligned_be64(e->lo, elem->addr + 8);
	elem->family = e->tag >> 32;
	elem->len = e->tag >> 16;
	elem->port = e->tag;
	elem->expires = e->expires;
}

/**
 * acl_set_expire() - take out what has ended
 * @set: the set
 * @now: jiffies
 * @most: how many at most
 * @gone: called for each; may be NULL
 * @priv: for @gone
 *
 * What has ended is found by no look-up, whether it was taken out or not; this gives
 * its memory back. Owner's lock. May sleep.
 *
 * Return: when the next one ends, which has happened already if there are more than
 * @most; ACL_FOREVER: none does.
 */
u64 acl_set_expire(struct acl_set *set, u64 now, u32 most,
		   void (*gone)(void *priv, const struct acl_set_elem *elem),
		   void *priv)
{
	struct acl_set_table *table = locked(set->table);
	u64 next = ACL_FOREVER;
	struct acl_set_elem elem;
	struct elem __rcu **at;
	unsigned long i;
	struct elem *e;

	if (set->expires > now)
		return set->expires;
	for (i = 0; i < 1UL << table->bits; i++) {
		at = &table->heads[i];
		while ((e = locked(*at))) {
			if (e->expires > now) {
				next = min(next, e->expires);
				at = &e->next;
				continue;
			}
			/* The set still says that something has ended. */
			if (!most--)
				return now;
			tell(e, &elem);
			take_out(set, at);
			if (gone)
				gone(priv, &elem);
		}
	}
	set->expires = next;
	return next;
}

/**
 * acl_set_next() - walk the elements
 * @set: the set
 * @pos: where; begin with 0
 * @elem: set to the element there
 *
 * Between two calls the owner's lock may be given up; then elements that were added
 * or taken out meanwhile, and others if the set has grown, may be missed or come
 * twice.
 *
 * Return: false: there are no more.
 */
bool acl_set_next(const struct acl_set *set, u64 *pos,
		  struct acl_set_elem *elem)
{
	const struct acl_set_table *table = locked(set->table);
	u32 i = *pos >> 32, skip = *pos;
	const struct elem *e;

	for (; i < 1UL << table->bits; i++, skip = 0) {
		u32 n = 0;

		for (e = locked(table->heads[i]); e; e = locked(e->next)) {
			if (n++ < skip)
				continue;
			tell(e, elem);
			*pos = (u64)i << 32 | n;
			return true;
		}
	}
	*pos = (u64)i << 32;
	return false;
}

/* Is there an element that has not ended? */
static bool look_up(const struct acl_set_table *table, u64 hi, u64 lo, u64 tag,
		    u64 now, u64 *until)
{
	const struct elem *e;
	u64 expires;

	for (e = rcu_dereference(table->heads[hash_of(table, hi, lo, tag)]); e;
	     e = rcu_dereference(e->next)) {
		if (e->hi != hi || e->lo != lo || e->tag != tag)
			continue;
		expires = READ_ONCE(e->expires);
		if (expires <= now)
			return false;
		*until = min(*until, expires);
		return true;
	}
	return false;
}

static u64 mask_of(unsigned int len)
{
	return len ? ~0ULL << (64 - len) : 0;
}

/**
 * acl_set_has() - is the source or the destination of a key in a set?
 * @set: the set
 * @key: the key
 * @dst: the destination, not the source
 * @now: jiffies
 * @until: lowered to when the element that was found ends
 *
 * A frame without an address or port of the kind that the set has is in none. Under
 * RCU, any context.
 *
 * Return: it is.
 */
bool acl_set_has(const struct acl_set *set, const struct acl_key *key, bool dst,
		 u64 now, u64 *until)
{
	const struct acl_set_table *table = rcu_dereference(set->table);
	enum acl_family family = acl_key_family(key);
	unsigned int len, full;
	const u32 *lens;
	u64 hi, lo;
	u16 port = 0;

	if (set->type == ACL_SET_CELL ? family != ACL_CELL : family > ACL_IPV6)
		return false;
	if (family == ACL_IPV4) {
		hi = dst ? key->w[ACL_W_HEAD] << 32 :
			   key->w[ACL_W_HEAD] & ~0ULL << 32;
		lo = 0;
		lens = set->lens;
		full = 32;
	} else {
		hi = key->w[dst ? ACL_W_DST : ACL_W_HEAD];
		lo = key->w[dst ? ACL_W_DST2 : ACL_W_SRC2];
		lens = set->lens + LENS_IPV6;
		full = 128;
	}
	if (set->type == ACL_SET_PREFIX) {
		for (len = full + 1; len--;) {
			u64 m = len < 64 ? mask_of(len) : ~0ULL;
			u64 m2 = len > 64 ? mask_of(len - 64) : 0;

			if (READ_ONCE(lens[len]) &&
			    look_up(table, hi & m, lo & m2,
				    tag_of(family, len, 0), now, until))
				return true;
		}
		return false;
	}
	if (set->type == ACL_SET_ADDRESS_PORT) {
		u8 proto = acl_key_proto(key);

		if (acl_key_noports(key) || proto == IPPROTO_ICMP ||
		    proto == PROTO_ICMPV6)
			return false;
		port = dst ? acl_key_dport(key) : acl_key_sport(key);
	}
	return look_up(table, hi, lo, tag_of(family, full, port), now, until);
}

/**
 * acl_set_memory() - how much memory a set takes
 * @set: the set
 *
 * Owner's lock.
 *
 * Return: bytes.
 */
size_t acl_set_memory(const struct acl_set *set)
{
	const struct acl_set_table *table = locked(set->table);

	return sizeof(*set) + struct_size(table, heads, 1UL << table->bits) +
	       (size_t)set->count * sizeof(struct elem);
}
