// SPDX-License-Identifier: GPL-2.0-only
/*
 * The classifier's hash tables, and which of them is a rule's.
 */
#include "table.h"

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Buckets of a new table: 2^this. */
#define BITS_MIN 5

/*
 * Odd numbers without a pattern (the fraction of square roots). The upper half of
 * a sum of products depends on every bit of the words (Dietzfelbinger 1996). That
 * the numbers are known does no harm: buckets are filled by rules, not by frames.
 */
const u64 acl_factors[ACL_WORDS] = {
	0x6a09e667f3bcc909, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
	0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
	0x1f83d9abfb41bd6b,
};

/* --- hashing ----------------------------------------------------------------- */

/**
 * acl_hash_rest() - hash the words behind the first two
 * @table: whose mask counts
 * @w: the words
 *
 * Return: what is to be added to the sum of the first two.
 */
u64 acl_hash_rest(const struct acl_table *table, const u64 *w)
{
	u64 sum = 0;
	unsigned int i;

	for (i = ACL_W_DST; i < table->words; i++)
		sum += (w[i] & table->m[i]) * acl_factors[i];
	return sum;
}

/* Is a range of ports in one or two blocks of those that a mask makes? */
static u16 cover(const struct acl_range *range)
{
	u16 size = range->hi - range->lo;

	return size ? ~0U << fls(size) : 0xffff;
}

/* What of a rule's mask a table may have. A range of ports is in at most two blocks of
 * the next power of two, and has two places then.
 */
static void rule_mask(const struct acl_rule *rule, u64 m[ACL_WORDS])
{
	unsigned int i;

	for (i = 0; i < ACL_WORDS; i++)
		m[i] = acl_rule_m(rule, i);
	if (rule->asks & BIT(ACL_ASK_SPORT))
		m[ACL_W_L4] |= (u64)cover(&rule->sport) << ACL_L4_SPORT;
	if (rule->asks & BIT(ACL_ASK_DPORT))
		m[ACL_W_L4] |= (u64)cover(&rule->dport) << ACL_L4_DPORT;
}

/* The lowest and the highest port of a rule as a table sees them. Return: how many they
 * are.
 */
static unsigned int ends_of(const struct acl_table *table,
			    const struct acl_range *range, unsigned int at,
			    u64 port[2])
{
	u64 mask = table->m[ACL_W_L4] & (0xffffULL << at);

	port[0] = (u64)range->lo << at & mask;
	port[1] = (u64)range->hi << at & mask;
	return port[0] == port[1] ? 1 : 2;
}

/* Where a rule is in a table, whose mask fits it. */
static void find_spots(const struct acl_table *table,
		       const struct acl_rule *rule, struct acl_spots *spots)
{
	u64 sport[2], dport[2], w[ACL_WORDS];
	unsigned int ns = 1, nd = 1, i;
	u64 l4;

	for (i = 0; i < ACL_WORDS; i++)
		w[i] = acl_rule_v(rule, i);
	l4 = w[ACL_W_L4];
	sport[0] = l4 & 0xffffULL << ACL_L4_SPORT;
	dport[0] = l4 & 0xffffULL << ACL_L4_DPORT;
	/* Only ports: what is asked of ICMP is in the word. */
	if (rule->checks & ACL_CHECK_RANGES) {
		if (rule->asks & BIT(ACL_ASK_SPORT))
			ns = ends_of(table, &rule->sport, ACL_L4_SPORT, sport);
		if (rule->asks & BIT(ACL_ASK_DPORT))
			nd = ends_of(table, &rule->dport, ACL_L4_DPORT, dport);
	}
	spots->n = ns * nd;
	for (i = 0; i < spots->n; i++) {
		w[ACL_W_L4] = (l4 & ~ACL_PORTS) | sport[i / nd] | dport[i % nd];
		spots->hash[i] = acl_hash_words(table, w, true);
	}
}

/* --- masks ------------------------------------------------------------------- */

/* How much of a rule's own mask a table has, from the least to all of it. */
enum level {
	LEVEL_COARSE,
	LEVEL_MEDIUM,
	LEVEL_PORTS,
	LEVEL_FINE,
	LEVEL_FINER,
	LEVEL_ALL,
};

/*
 * A bucket that has so many rules makes way for a table of the level that is the
 * index. A table costs every packet something, a chain only those that come to it.
 */
static const u8 chain_good[] = { 6, 10, 10, 12, 24, 32 };

/* The greatest of some prefix lengths that is not greater than @len. */
static unsigned int step(const u8 *steps, unsigned int len)
{
	while (*steps > len)
		steps++;
	return *steps;
}

/* Of IPv4 by rows of enum level; of longer addresses likewise. */
static const u8 steps_4[][8] = {
	{ 16, 8, 0 },
	{ 24, 16, 8, 0 },
	{ 24, 16, 8, 0 },
	{ 28, 24, 20, 16, 12, 8, 0 },
	{ 32, 28, 24, 20, 16, 12, 8, 0 },
};

static const u8 steps_16[][8] = {
	{ 32, 0 },
	{ 64, 48, 32, 0 },
	{ 64, 48, 32, 0 },
	{ 96, 64, 56, 48, 32, 0 },
	{ 128, 96, 64, 56, 48, 32, 0 },
};

static u64 prefix(unsigned int len)
{
	return len ? ~0ULL << (64 - len) : 0;
}

static const u8 steps_port[][6] = {
	{ 12, 0 },	     { 16, 12, 8, 6, 0 }, { 16, 12, 8, 6, 0 },
	{ 16, 12, 8, 6, 0 }, { 16, 12, 8, 6, 0 },
};

/* What a table of this level has of a mask of ports. */
static u64 step_ports(u64 l4, unsigned int at, enum level level)
{
	unsigned int len = step(steps_port[level], hweight32((u16)(l4 >> at)));

	return (u64)(u16)(0xffff0000 >> len) << at;
}

/*
 * Cuts a rule's mask down to what a table of this level has. At the second, ports only
 * count where the addresses say little; rules that crowd at the first for their ports are
 * told apart by addresses then.
 */
static void relax(u64 m[ACL_WORDS], u8 classes, enum level level)
{
	u64 l4 = m[ACL_W_L4] & (ACL_PORTS | ACL_PROTO);
	unsigned int s = 0, d = 0;

	if (level == LEVEL_ALL) {
		m[ACL_W_L4] &= ~ACL_LISTED;
		return;
	}
	if (classes & (BIT(ACL_IPV4) | BIT(ACL_FAMILIES + ACL_IPV4))) {
		s = step(steps_4[level], hweight32(m[ACL_W_HEAD] >> 32));
		d = step(steps_4[level], hweight32((u32)m[ACL_W_HEAD]));
		m[ACL_W_HEAD] = prefix(s) | prefix(d) >> 32;
	} else if (!(classes &
		     (BIT(ACL_OTHER) | BIT(ACL_FAMILIES + ACL_OTHER)))) {
		s = step(steps_16[level],
			 hweight64(m[ACL_W_HEAD]) + hweight64(m[ACL_W_SRC2]));
		d = step(steps_16[level],
			 hweight64(m[ACL_W_DST]) + hweight64(m[ACL_W_DST2]));
		m[ACL_W_HEAD] = prefix(min(s, 64U));
		m[ACL_W_SRC2] = s > 64 ? prefix(s - 64) : 0;
		m[ACL_W_DST] = prefix(min(d, 64U));
		m[ACL_W_DST2] = d > 64 ? prefix(d - 64) : 0;
	}
	l4 = (l4 & ~ACL_PORTS) | step_ports(l4, ACL_L4_SPORT, level) |
	     step_ports(l4, ACL_L4_DPORT, level);
	if (level == LEVEL_MEDIUM && s + d >= 48)
		l4 &= ~ACL_PORTS;
	if (level == LEVEL_COARSE && s + d)
		l4 &= ~ACL_PROTO;
	m[ACL_W_L4] = l4;
}

/* Is all of the table's mask in the rule's? */
static bool fits(const struct acl_table *table, const u64 m[ACL_WORDS],
		 u8 classes)
{
	u64 missing;
	unsigned int i;

	if (table->classes != classes)
		return false;
	missing = (table->m[0] & ~m[0]) | (table->m[1] & ~m[1]);
	for (i = ACL_W_DST; i < table->words; i++)
		missing |= table->m[i] & ~m[i];
	return !missing;
}

/* --- tables ------------------------------------------------------------------ */

static struct acl_table *table_new(const u64 m[ACL_WORDS], u8 classes, u32 bits)
{
	struct acl_table *table;
	unsigned int i;

	table = kzalloc(sizeof(*table), GFP_KERNEL_ACCOUNT);
	if (!table)
		return NULL;
	table->heads = kvcalloc(1U << bits, sizeof(table->heads[0]),
				GFP_KERNEL_ACCOUNT);
	if (!table->heads) {
		kfree(table);
		return NULL;
	}
	table->words = ACL_W_DST;
	for (i = 0; i < ACL_WORDS; i++) {
		table->m[i] = m[i];
		if (m[i] && i >= ACL_W_DST)
			table->words = i + 1;
	}
	table->shift = 32 - bits;
	table->classes = classes;
	table->bound = U64_MAX;
	return table;
}

static struct acl_spot __rcu **head_of(struct acl_table *table, u32 hash)
{
	return &table->heads[hash >> table->shift];
}

/* One that has nothing in it. */
static void table_free(struct acl_table *table)
{
	kvfree(table->heads);
	kfree(table);
}

/**
 * acl_table_new() - make an empty table
 * @m: its mask
 * @classes: bits of acl_class(): those of its rules
 *
 * May sleep.
 *
 * Return: the table; NULL: no memory.
 */
struct acl_table *acl_table_new(const u64 m[ACL_WORDS], u8 classes)
{
	return table_new(m, classes, BITS_MIN);
}

/* Rules of the fullest bucket that is this rule's; counts no further than @most. */
static u32 chain_of(struct acl_table *table, const struct acl_rule *rule,
		    u32 most)
{
	struct acl_spots spots;
	u32 fullest = 0, n, i;

	find_spots(table, rule, &spots);
	for (i = 0; i < spots.n; i++) {
		struct acl_spot *spot =
			acl_locked(*head_of(table, spots.hash[i]));

		for (n = 0; spot && n < most; spot = acl_locked(spot->next))
			n++;
		fullest = max(fullest, n);
	}
	return fullest;
}

/* Puts a rule into one of its buckets. Readers may be there. */
static void put_spot(struct acl_table *table, struct acl_spot *new, u32 hash)
{
	struct acl_spot __rcu **at = head_of(table, hash);
	u64 order = new->rule->order;
	struct acl_spot *spot;

	for (; (spot = acl_locked(*at)) && spot->rule->order < order;
	     at = &spot->next)
		;
	RCU_INIT_POINTER(new->next, spot);
	rcu_assign_pointer(*at, new);
	table->count++;
	table->bound = min(table->bound, order);
}

/**
 * acl_table_put() - put a rule into its buckets
 * @table: the table, whose mask is part of the rule's
 * @rule: the rule
 *
 * Readers may be there. Owner's lock. May sleep.
 *
 * Return: 0; -ENOMEM: it is in none.
 */
int acl_table_put(struct acl_table *table, const struct acl_rule *rule)
{
	struct acl_spot *new[ACL_SPOTS_MAX];
	struct acl_spots spots;
	u32 i;

	find_spots(table, rule, &spots);
	for (i = 0; i < spots.n; i++) {
		new[i] = kmalloc(sizeof(*new[i]), GFP_KERNEL_ACCOUNT);
		if (!new[i])
			goto free;
		new[i]->rule = rule;
	}
	for (i = 0; i < spots.n; i++)
		put_spot(table, new[i], spots.hash[i]);
	return 0;

free:
	while (i--)
		kfree(new[i]);
	return -ENOMEM;
}

/**
 * acl_table_free() - free a table that no reader can see, with all in it
 * @table: the table
 */
void acl_table_free(struct acl_table *table)
{
	struct acl_spot *spot, *next;
	u32 i;

	for (i = 0; i < acl_table_buckets(table); i++) {
		for (spot = acl_locked(table->heads[i]); spot; spot = next) {
			next = acl_locked(spot->next);
			kfree(spot);
		}
	}
	table_free(table);
}

/**
 * acl_table_retire() - free a table that readers may still see, with all in it
 * @table: the table, to which nothing leads any more
 *
 * May sleep.
 */
void acl_table_retire(struct acl_table *table)
{
	struct acl_spot *spot, *next;
	u32 i;

	for (i = 0; i < acl_table_buckets(table); i++) {
		for (spot = acl_locked(table->heads[i]); spot; spot = next) {
			next = acl_locked(spot->next);
			kvfree_rcu_mightsleep(spot);
		}
	}
	kvfree_rcu_mightsleep(table->heads);
	kvfree_rcu_mightsleep(table);
}

/* The hash of a place in a bucket of a table; @before: how many places of the same rule
 * stand in front of it there.
 */
static u32 hash_of_spot(const struct acl_table *table,
			const struct acl_rule *rule, u32 bucket, u32 before)
{
	struct acl_spots spots;
	u32 i;

	find_spots(table, rule, &spots);
	/* It is one of them: if none of the others, the last. */
	for (i = 0; i < spots.n - 1; i++)
		if (spots.hash[i] >> table->shift == bucket && !before--)
			break;
	return spots.hash[i];
}

/* Puts what is in one bucket of a table, or copies of it, into another one of the same
 * mask. False: no memory for a copy.
 */
static bool move_bucket(struct acl_table *old, u32 bucket,
			struct acl_table *table, bool copies)
{
	const struct acl_rule *last = NULL;
	struct acl_spot *spot, *next, *new;
	u32 before = 0;

	for (spot = acl_locked(old->heads[bucket]); spot; spot = next) {
		next = acl_locked(spot->next);
		new = spot;
		if (copies)
			new = kmemdup(spot, sizeof(*spot), GFP_KERNEL_ACCOUNT);
		if (!new)
			return false;
		before = new->rule == last ? before + 1 : 0;
		last = new->rule;
		put_spot(table, new, hash_of_spot(old, last, bucket, before));
	}
	return true;
}

/**
 * acl_table_grown() - copy a table into one with twice as many buckets
 * @old: the table; stays as it is
 *
 * Owner's lock. May sleep.
 *
 * Return: the copy, with places of its own; NULL: no memory.
 */
struct acl_table *acl_table_grown(struct acl_table *old)
{
	struct acl_table *table;
	u32 i;

	table = table_new(old->m, old->classes, 33 - old->shift);
	if (!table)
		return NULL;
	for (i = 0; i < acl_table_buckets(old); i++) {
		if (!move_bucket(old, i, table, true)) {
			acl_table_free(table);
			return NULL;
		}
	}
	return table;
}

/**
 * acl_table_grow() - give a table that no reader has seen twice as many buckets
 * @old: the table; is freed
 *
 * May sleep.
 *
 * Return: the table with all that was in it; @old, if there is no memory.
 */
struct acl_table *acl_table_grow(struct acl_table *old)
{
	struct acl_table *table;
	u32 i;

	table = table_new(old->m, old->classes, 33 - old->shift);
	if (!table)
		return old;
	for (i = 0; i < acl_table_buckets(old); i++)
		move_bucket(old, i, table, false);
	table_free(old);
	return table;
}

/**
 * acl_table_recount() - count the bound anew
 * @table: the table
 *
 * That of each bucket is its first rule's. Owner's lock.
 */
void acl_table_recount(struct acl_table *table)
{
	u64 bound = U64_MAX;
	struct acl_spot *spot;
	u32 i;

	for (i = 0; i < acl_table_buckets(table); i++) {
		spot = acl_locked(table->heads[i]);
		if (spot)
			bound = min(bound, spot->rule->order);
	}
	table->bound = bound;
	table->gone = 0;
}

/**
 * acl_table_choose() - which of the tables is a rule's?
 * @all: the tables
 * @n: how many
 * @rule: the rule
 * @m: set to a mask, if the rule should have a new table with that
 * @err: set to 0, or to -ENOSPC: there is no place for the rule
 *
 * The one whose bucket is emptiest, if that is good. Else a new one, with the
 * coarsest mask that there is none of. Where no other mask is left, or no place for
 * a table, the emptiest bucket must do, if that is not full too. Owner's lock.
 *
 * Return: the table; NULL: a new one, or an error.
 */
struct acl_table *acl_table_choose(struct acl_table *const *all, u32 n,
				   const struct acl_rule *rule,
				   u64 m[ACL_WORDS], int *err)
{
	u8 classes = acl_rule_classes(rule);
	struct acl_table *best = NULL;
	u32 fewest = ACL_CHAIN_MAX, i;
	enum level level;
	u64 own[ACL_WORDS];

	*err = 0;
	rule_mask(rule, own);
	for (i = 0; i < n && fewest; i++) {
		u32 chain;

		if (!fits(all[i], own, classes))
			continue;
		chain = chain_of(all[i], rule, fewest);
		if (chain < fewest) {
			fewest = chain;
			best = all[i];
		}
	}
	for (level = LEVEL_COARSE; n < ACL_TABLES_MAX && level <= LEVEL_ALL;
	     level++) {
		if (best && fewest < chain_good[level])
			return best;
		memcpy(m, own, sizeof(own));
		relax(m, classes, level);
		for (i = 0; i < n; i++)
			if (all[i]->classes == classes &&
			    !memcmp(all[i]->m, m, sizeof(own)))
				break;
		if (i == n)
			return NULL;
	}
	if (!best)
		*err = -ENOSPC;
	return best;
}

/**
 * acl_table_take() - take a rule out
 * @table: the table
 * @rule: the rule, which need not be in it
 *
 * Owner's lock. May sleep.
 *
 * Return: it was in it.
 */
bool acl_table_take(struct acl_table *table, const struct acl_rule *rule)
{
	struct acl_spot __rcu **at;
	struct acl_spots spots;
	struct acl_spot *spot;
	u64 m[ACL_WORDS];
	bool found = false;
	u32 i;

	rule_mask(rule, m);
	if (!fits(table, m, acl_rule_classes(rule)))
		return false;
	find_spots(table, rule, &spots);
	for (i = 0; i < spots.n; i++) {
		at = head_of(table, spots.hash[i]);
		for (; (spot = acl_locked(*at)); at = &spot->next) {
			if (spot->rule != rule)
				continue;
			/* Readers that stand on it still find the rest. */
			rcu_assign_pointer(*at, acl_locked(spot->next));
			table->count--;
			table->gone++;
			kvfree_rcu_mightsleep(spot);
			found = true;
			break;
		}
	}
	return found;
}
