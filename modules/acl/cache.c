// SPDX-License-Identifier: GPL-2.0-only
/*
 * A cache of verdicts. What verdicts do not depend on is not compared, so that all
 * frames of a flow are one entry.
 */
#include "cache.h"

/* Odd numbers without a pattern; see classify.c. */
#define FACTOR_HEAD 0x9e3779b97f4a7c15ULL
#define FACTOR_L4 0xc2b2ae3d27d4eb4fULL
#define FACTOR_REST 0x165667b19e3779f9ULL

static bool is_ipv4(const struct acl_key *key)
{
	return acl_key_family(key) == ACL_IPV4;
}

static bool same_link(const struct acl_cache_entry *e,
		      const struct acl_key *key,
		      const struct acl_cache_tag *tag)
{
	return !tag->link || !((e->w[ACL_W_SMAC] ^ key->w[ACL_W_SMAC]) |
			       (e->w[ACL_W_DMAC] ^ key->w[ACL_W_DMAC]));
}

/* The other words of the addresses of IPv4 are zero. */
static const void *find_ipv4(struct acl_cache *cache, const struct acl_key *key,
			     const struct acl_cache_tag *tag, u64 now,
			     struct acl_cache_entry **entry)
{
	u64 head = key->w[ACL_W_HEAD], l4 = key->w[ACL_W_L4] & tag->l4;
	struct acl_cache_entry *e;

	e = &cache->entries[(head * FACTOR_HEAD +
			     (l4 ^ tag->port) * FACTOR_L4) >>
			    (64 - ACL_CACHE_BITS)];
	*entry = e;
	if (((e->w[ACL_W_HEAD] ^ head) | (e->w[ACL_W_L4] ^ l4) |
	     (e->generation ^ tag->generation) | (e->port ^ tag->port)))
		return NULL;
	if (!same_link(e, key, tag) || unlikely(e->until <= now))
		return NULL;
	return e->verdict;
}

/**
 * acl_cache_find() - was this decided before?
 * @cache: that of this CPU
 * @key: the key
 * @tag: policy and port
 * @now: jiffies
 * @entry: set to where acl_cache_store() may put a verdict on this key
 *
 * Softirqs off; under RCU if verdicts are pointers.
 *
 * Return: the verdict, or NULL.
 */
const void *acl_cache_find(struct acl_cache *cache, const struct acl_key *key,
			   const struct acl_cache_tag *tag, u64 now,
			   struct acl_cache_entry **entry)
{
	struct acl_cache_entry *e;
	u64 l4, sum;

	if (is_ipv4(key))
		return find_ipv4(cache, key, tag, now, entry);
	l4 = key->w[ACL_W_L4] & tag->l4;
	sum = key->w[ACL_W_HEAD] * FACTOR_HEAD + (l4 ^ tag->port) * FACTOR_L4;
	sum = (sum ^ key->w[ACL_W_DST2] ^ key->w[ACL_W_SRC2] << 32 ^
	       key->w[ACL_W_DST] << 7) *
	      FACTOR_REST;
	e = &cache->entries[sum >> (64 - ACL_CACHE_BITS)];
	*entry = e;
	if (((e->w[ACL_W_HEAD] ^ key->w[ACL_W_HEAD]) | (e->w[ACL_W_L4] ^ l4) |
	     (e->w[ACL_W_DST] ^ key->w[ACL_W_DST]) |
	     (e->w[ACL_W_SRC2] ^ key->w[ACL_W_SRC2]) |
	     (e->w[ACL_W_DST2] ^ key->w[ACL_W_DST2]) |
	     (e->generation ^ tag->generation) | (e->port ^ tag->port)))
		return NULL;
	if (!same_link(e, key, tag) || unlikely(e->until <= now))
		return NULL;
	return e->verdict;
}

/**
 * acl_cache_store() - keep a verdict
 * @entry: where, from acl_cache_find() with the same @key and @tag, softirqs having
 *	been off since
 * @key: what was decided about
 * @tag: policy and port; read before it was decided
 * @verdict: what was decided, not NULL
 * @until: jiffies until when it holds, or ACL_FOREVER
 *
 * Forgets what was there.
 */
void acl_cache_store(struct acl_cache_entry *entry, const struct acl_key *key,
		     const struct acl_cache_tag *tag, const void *verdict,
		     u64 until)
{
	unsigned int i;

	entry->generation = tag->generation;
	entry->port = tag->port;
	entry->verdict = verdict;
	entry->until = until;
	entry->w[ACL_W_HEAD] = key->w[ACL_W_HEAD];
	entry->w[ACL_W_L4] = key->w[ACL_W_L4] & tag->l4;
	/* Only what acl_cache_find() compares for this tag and family. */
	if (!is_ipv4(key))
		for (i = ACL_W_DST; i < ACL_WORDS_NET; i++)
			entry->w[i] = key->w[i];
	if (tag->link)
		for (i = ACL_WORDS_NET; i < ACL_WORDS; i++)
			entry->w[i] = key->w[i];
}
