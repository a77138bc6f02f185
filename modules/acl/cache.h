/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cache of verdicts, one a CPU: what was decided about a key is decided about
 * the next one that is the same.
 */
#ifndef _UTCP_ACL_CACHE_H
#define _UTCP_ACL_CACHE_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/types.h>

#include "key.h"
#include "match.h"

/* Entries of one cache; a power of two. */
#define ACL_CACHE_BITS 9
#define ACL_CACHE_SIZE BIT(ACL_CACHE_BITS)

/**
 * struct acl_cache_tag - under which conditions something was decided
 * @generation: of the policy; never used again for another state of any policy,
 *	its sets included. 0 is no generation
 * @l4: bits of the word L4 that a rule of the policy looks at; from
 *	acl_classifier_used()
 * @port: number of the binding; also stands for the interfaces of the key
 * @link: a rule of the policy looks at MAC addresses or VLAN; from
 *	acl_classifier_used()
 */
struct acl_cache_tag {
	u64 generation;
	u64 l4;
	u64 port;
	bool link;
};

/**
 * struct acl_cache_entry - one verdict
 * @generation: see struct acl_cache_tag; 0: the entry is empty
 * @verdict: what was decided; the owner's
 * @until: jiffies until when it holds, or ACL_FOREVER
 * @port: see struct acl_cache_tag
 * @w: words of the key, as far as they count
 */
struct acl_cache_entry {
	u64 generation;
	const void *verdict;
	u64 until;
	u64 port;
	u64 w[ACL_WORDS];
};

/**
 * struct acl_cache - the entries of one CPU
 * @entries: each at the place that the hash of its key says; a newer one takes the
 *	place of an older
 *
 * Zeros are an empty one. Only its own CPU uses it, in softirq or with softirqs
 * off, so nothing locks. A verdict may be a pointer to something under RCU, if
 * that gets a new generation before it dies.
 */
struct acl_cache {
	struct acl_cache_entry entries[ACL_CACHE_SIZE];
};

const void *acl_cache_find(struct acl_cache *cache, const struct acl_key *key,
			   const struct acl_cache_tag *tag, u64 now,
			   struct acl_cache_entry **entry);
void acl_cache_store(struct acl_cache_entry *entry, const struct acl_key *key,
		     const struct acl_cache_tag *tag, const void *verdict,
		     u64 until);

#endif /* _UTCP_ACL_CACHE_H */
