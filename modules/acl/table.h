/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The classifier's hash tables: rules by what a mask leaves of them. Private to the
 * classifier.
 */
#ifndef _UTCP_ACL_TABLE_H
#define _UTCP_ACL_TABLE_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include "key.h"
#include "rule.h"

/* Tables of one classifier, at most. */
#define ACL_TABLES_MAX 128
/* Rules that share a bucket of a table, at most. */
#define ACL_CHAIN_MAX 512
/* Parts of the word L4: ports, protocol, what the lists of tables tell apart. */
#define ACL_PORTS 0xffffffffULL
#define ACL_PROTO (0xffULL << ACL_L4_PROTO)
#define ACL_LISTED (BIT_ULL(ACL_L4_DIR) | 15ULL << ACL_L4_FAMILY)

/* The owner's lock, or nobody else. */
#define acl_locked(p) rcu_dereference_protected(p, 1)

/* Buckets of a table, at most: 2^this. */
#define ACL_TABLE_BITS_MAX 20

/* Buckets of a table in which a rule may be, at most. */
#define ACL_SPOTS_MAX 4

/**
 * struct acl_spots - where a rule is in a table
 * @n: how many places; at least 1
 * @hash: of each, all bits of it
 */
struct acl_spots {
	u32 n;
	u32 hash[ACL_SPOTS_MAX];
};

/**
 * struct acl_spot - a rule in one of its places
 * @next: the next one of the bucket, with a greater order, or the same rule again
 * @rule: the rule
 */
struct acl_spot {
	struct acl_spot __rcu *next;
	const struct acl_rule *rule;
};

/**
 * struct acl_table - rules by what a mask leaves of them
 * @m: the mask
 * @words: how many words of it, from the first, are not zero; at least 2
 * @shift: 32 less the bits of a bucket's number
 * @classes: bits of acl_class(); all of its rules are of just these
 * @count: places of rules
 * @gone: places that were taken out since @bound was counted
 * @bound: no rule has a lower order
 * @heads: buckets; memory of their own, since that of both together would be just above
 *	a power of two, which large memory is rounded up to
 */
struct acl_table {
	u64 m[ACL_WORDS];
	u32 words;
	u32 shift;
	u32 classes;
	u32 count;
	u32 gone;
	u64 bound;
	struct acl_spot __rcu **heads;
};

/*
 * Odd numbers without a pattern (the fraction of square roots). The upper half of
 * a sum of products depends on every bit of the words (Dietzfelbinger 1996). That
 * the numbers are known does no harm: buckets are filled by rules, not by frames.
 */
extern const u64 acl_factors[ACL_WORDS];

struct acl_table *acl_table_new(const u64 m[ACL_WORDS], u8 classes);
void acl_table_free(struct acl_table *table);
void acl_table_retire(struct acl_table *table);
struct acl_table *acl_table_grown(struct acl_table *old);
struct acl_table *acl_table_grow(struct acl_table *old);
int acl_table_put(struct acl_table *table, const struct acl_rule *rule);
bool acl_table_take(struct acl_table *table, const struct acl_rule *rule);
void acl_table_recount(struct acl_table *table);
struct acl_table *acl_table_choose(struct acl_table *const *all, u32 n,
				   const struct acl_rule *rule,
				   u64 m[ACL_WORDS], int *err);
u64 acl_hash_rest(const struct acl_table *table, const u64 *w);

static inline u32 acl_table_buckets(const struct acl_table *table)
{
	return 1U << (32 - table->shift);
}

/* Bytes of a table with so many buckets. */
static inline size_t acl_table_size(u32 n)
{
	return sizeof(struct acl_table) +
	       n * sizeof_field(struct acl_table, heads[0]);
}

/* Is it time for more buckets? */
static inline bool acl_table_full(const struct acl_table *table)
{
	return table->count > acl_table_buckets(table) / 4 * 3 &&
	       table->shift > 32 - ACL_TABLE_BITS_MAX;
}

/* @wide: the table may have more than the first two. */
static __always_inline u32 acl_hash_words(const struct acl_table *table,
					  const u64 *w, bool wide)
{
	u64 sum = (w[0] & table->m[0]) * acl_factors[0] +
		  (w[1] & table->m[1]) * acl_factors[1];

	if (wide && table->words > ACL_W_DST)
		sum += acl_hash_rest(table, w);
	return sum >> 32;
}

#endif /* _UTCP_ACL_TABLE_H */
