// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of cache.c: everything that a verdict depends on is asked for, and nothing
 * else.
 */
#include "../cache.c"

#include <kunit/test.h>
#include <linux/string.h>

#include "../parse.h"

static struct acl_cache cache;
static const int yes, no;

static const void *find(const struct acl_key *key,
			const struct acl_cache_tag *tag, u64 now)
{
	struct acl_cache_entry *entry;

	return acl_cache_find(&cache, key, tag, now, &entry);
}

static void store(const struct acl_key *key, const struct acl_cache_tag *tag,
		  const void *verdict, u64 until)
{
	struct acl_cache_entry *entry;

	acl_cache_find(&cache, key, tag, 0, &entry);
	acl_cache_store(entry, key, tag, verdict, until);
}

static struct acl_key some_key(enum acl_family family)
{
	struct acl_key key = { .class = acl_class(ACL_OUT, family) };

	key.w[ACL_W_HEAD] = 0x0a00000114000002;
	key.w[ACL_W_L4] = 1ULL << (ACL_L4_FAMILY + family) | 6ULL << 32 |
			  0x30390050;
	if (family == ACL_IPV6) {
		key.w[ACL_W_DST] = 3;
		key.w[ACL_W_SRC2] = 4;
		key.w[ACL_W_DST2] = 5;
	}
	key.w[ACL_W_SMAC] = 7;
	key.w[ACL_W_DMAC] = 8;
	return key;
}

static void cache__found(struct kunit *test)
{
	struct acl_cache_tag tag = { .generation = 1, .port = 2, .l4 = ~0ULL };
	enum acl_family family;
	struct acl_key key;
	unsigned int i;

	for (family = ACL_IPV4; family <= ACL_IPV6; family++) {
		memset(&cache, 0, sizeof(cache));
		key = some_key(family);
		tag.link = true;
		KUNIT_EXPECT_NULL(test, find(&key, &tag, 1));
		store(&key, &tag, &yes, 100);
		KUNIT_EXPECT_TRUE(test, find(&key, &tag, 99) == &yes);
		KUNIT_EXPECT_NULL(test, find(&key, &tag, 100));
		for (i = 0; i < ACL_WORDS; i++) {
			if (family == ACL_IPV4 && i >= ACL_W_DST &&
			    i < ACL_WORDS_NET)
				continue;
			key.w[i] ^= 1ULL << 20;
			KUNIT_EXPECT_EQ_MSG(test, !!find(&key, &tag, 1), false,
					    "word %u", i);
			key.w[i] ^= 1ULL << 20;
		}
		tag.generation++;
		KUNIT_EXPECT_NULL(test, find(&key, &tag, 1));
		tag.generation--;
		tag.port++;
		KUNIT_EXPECT_NULL(test, find(&key, &tag, 1));
		tag.port--;
		KUNIT_EXPECT_TRUE(test, find(&key, &tag, 1) == &yes);
		store(&key, &tag, &no, ACL_FOREVER);
		KUNIT_EXPECT_TRUE(test, find(&key, &tag, 1) == &no);
		/* No rule looks at the link, nor at flags: all are one. */
		tag.link = false;
		tag.l4 = ~(0xffULL << ACL_L4_FLAGS);
		store(&key, &tag, &yes, ACL_FOREVER);
		key.w[ACL_W_SMAC]++;
		key.w[ACL_W_L4] ^= 3ULL << ACL_L4_FLAGS;
		KUNIT_EXPECT_TRUE(test, find(&key, &tag, 1) == &yes);
		tag.l4 = ~0ULL;
	}
}

/* A cache of zeros has no verdict about a key of zeros. */
static void cache__empty(struct kunit *test)
{
	struct acl_cache_tag tag = { .generation = 0, .port = 0 };
	struct acl_key key = { .class = 0 };

	memset(&cache, 0, sizeof(cache));
	KUNIT_EXPECT_NULL(test, find(&key, &tag, 0));
}

/* Flows that differ in a port alone have each their place, mostly. */
static void cache__spread(struct kunit *test)
{
	struct acl_cache_tag tag = { .generation = 1, .port = 2, .l4 = ~0ULL };
	struct acl_key key = some_key(ACL_IPV4);
	unsigned int i, kept = 0;

	memset(&cache, 0, sizeof(cache));
	for (i = 0; i < 128; i++) {
		key.w[ACL_W_L4] += 1 << ACL_L4_SPORT;
		store(&key, &tag, &yes, ACL_FOREVER);
	}
	for (i = 0; i < ACL_CACHE_SIZE; i++)
		kept += cache.entries[i].generation == 1;
	KUNIT_EXPECT_GT(test, kept, 96U);
}

static struct kunit_case cache_cases[] = { KUNIT_CASE(cache__found),
					   KUNIT_CASE(cache__empty),
					   KUNIT_CASE(cache__spread),
					   {} };

static struct kunit_suite cache_suite = {
	.name = "acl_cache",
	.test_cases = cache_cases,
};

kunit_test_suite(cache_suite);
