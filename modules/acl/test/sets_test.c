// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of sets.c.
 */
#include "../sets.c"

#include <kunit/test.h>

#include "../parse.h"

static struct acl_set set;

static struct acl_set_elem prefix4(u32 addr, u8 len, u64 expires)
{
	struct acl_set_elem elem = {
		.family = ACL_IPV4,
		.len = len,
		.expires = expires,
	};

	put_unaligned_be32(addr, elem.addr);
	return elem;
}

static bool has_dst(u32 addr, u64 now, u64 *until)
{
	struct acl_key key = {
		.class = acl_class(ACL_OUT, ACL_IPV4),
		.w[ACL_W_HEAD] = addr,
	};
	bool found;

	*until = ACL_FOREVER;
	rcu_read_lock();
	found = acl_set_has(&set, &key, true, now, until);
	rcu_read_unlock();
	return found;
}

static void sets__prefixes(struct kunit *test)
{
	struct acl_set_elem net = prefix4(0x0a000000, 8, ACL_FOREVER);
	struct acl_set_elem host = prefix4(0x0a010203, 32, 100);
	u64 until;

	KUNIT_ASSERT_EQ(test, acl_set_init(&set, ACL_SET_PREFIX, 10), 0);
	KUNIT_EXPECT_FALSE(test, has_dst(0x0a010203, 1, &until));
	KUNIT_EXPECT_EQ(test, acl_set_add(&set, &host), 0);
	KUNIT_EXPECT_TRUE(test, has_dst(0x0a010203, 1, &until));
	KUNIT_EXPECT_EQ(test, until, 100ULL);
	KUNIT_EXPECT_FALSE(test, has_dst(0x0a010204, 1, &until));
	/* It has ended, whether it was taken out or not. */
	KUNIT_EXPECT_FALSE(test, has_dst(0x0a010203, 100, &until));
	KUNIT_EXPECT_EQ(test, acl_set_add(&set, &net), 0);
	KUNIT_EXPECT_TRUE(test, has_dst(0x0a010203, 100, &until));
	KUNIT_EXPECT_EQ(test, until, ACL_FOREVER);
	/* A new end for the old one. */
	host.expires = 200;
	KUNIT_EXPECT_EQ(test, acl_set_add(&set, &host), 1);
	KUNIT_EXPECT_EQ(test, set.count, 2U);
	KUNIT_EXPECT_EQ(test, acl_set_del(&set, &net), 0);
	KUNIT_EXPECT_EQ(test, acl_set_del(&set, &net), -ENOENT);
	KUNIT_EXPECT_TRUE(test, has_dst(0x0a010203, 100, &until));
	KUNIT_EXPECT_FALSE(test, has_dst(0x0a010204, 100, &until));
	acl_set_destroy(&set);
}

static void sets__refused(struct kunit *test)
{
	struct acl_set_elem elem = prefix4(0x0a000001, 8, ACL_FOREVER);

	KUNIT_EXPECT_EQ(test, acl_set_init(&set, ACL_SET_PREFIX, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test,
			acl_set_init(&set, ACL_SET_PREFIX, ACL_SET_MAX + 1),
			-EINVAL);
	KUNIT_ASSERT_EQ(test, acl_set_init(&set, ACL_SET_PREFIX, 10), 0);
	KUNIT_EXPECT_EQ(test, acl_set_add(&set, &elem), -EINVAL);
	elem.len = 33;
	KUNIT_EXPECT_EQ(test, acl_set_add(&set, &elem), -EINVAL);
	elem.len = 32;
	elem.port = 80;
	KUNIT_EXPECT_EQ(test, acl_set_add(&set, &elem), -EINVAL);
	elem.port = 0;
	elem.family = ACL_CELL;
	KUNIT_EXPECT_EQ(test, acl_set_add(&set, &elem), -EINVAL);
	acl_set_destroy(&set);
	KUNIT_ASSERT_EQ(test, acl_set_init(&set, ACL_SET_CELL, 10), 0);
	elem.len = 127;
	KUNIT_EXPECT_EQ(test, acl_set_add(&set, &elem), -EINVAL);
	elem.len = 128;
	KUNIT_EXPECT_EQ(test, acl_set_add(&set, &elem), 0);
	acl_set_destroy(&set);
}

static void gone(void *priv, const struct acl_set_elem *elem)
{
	u32 *n = priv;

	*n += elem->len;
}

static void sets__full(struct kunit *test)
{
	struct acl_set_elem elem;
	u32 i, n = 0, lens = 0;
	u64 until, pos = 0;

	KUNIT_ASSERT_EQ(test, acl_set_init(&set, ACL_SET_PREFIX, 2000), 0);
	for (i = 0; i < 2000; i++) {
		elem = prefix4(i << 8, 24, i < 1000 ? 50 : 60);
		KUNIT_ASSERT_EQ(test, acl_set_add(&set, &elem), 0);
	}
	KUNIT_EXPECT_TRUE(test, acl_set_there(&set, &elem));
	elem = prefix4(2000 << 8, 24, ACL_FOREVER);
	KUNIT_EXPECT_FALSE(test, acl_set_there(&set, &elem));
	KUNIT_EXPECT_EQ(test, acl_set_add(&set, &elem), -ENOSPC);
	for (i = 0; i < 2000; i++)
		KUNIT_EXPECT_TRUE(test, has_dst(i << 8 | 5, 1, &until));
	while (acl_set_next(&set, &pos, &elem))
		n++;
	KUNIT_EXPECT_EQ(test, n, 2000U);
	KUNIT_EXPECT_EQ(test, acl_set_expire(&set, 49, 2000, gone, &lens),
			50ULL);
	KUNIT_EXPECT_EQ(test, lens, 0U);
	/* so many a run, and what is left has ended already */
	KUNIT_EXPECT_EQ(test, acl_set_expire(&set, 50, 700, gone, &lens),
			50ULL);
	KUNIT_EXPECT_EQ(test, lens, 24U * 700);
	KUNIT_EXPECT_EQ(test, set.count, 1300U);
	KUNIT_EXPECT_EQ(test, acl_set_expire(&set, 50, 700, gone, &lens),
			60ULL);
	KUNIT_EXPECT_EQ(test, lens, 24U * 1000);
	KUNIT_EXPECT_EQ(test, set.count, 1000U);
	KUNIT_EXPECT_EQ(test, acl_set_expire(&set, 60, 2000, NULL, NULL),
			ACL_FOREVER);
	KUNIT_EXPECT_EQ(test, set.count, 0U);
	KUNIT_EXPECT_GT(test, acl_set_memory(&set), sizeof(set));
	acl_set_destroy(&set);
}

static void sets__ports(struct kunit *test)
{
	struct acl_set_elem elem = prefix4(0x0a000001, 32, ACL_FOREVER);
	struct acl_key key = {
		.class = acl_class(ACL_OUT, ACL_IPV4),
		.w[ACL_W_HEAD] = 0x0a000001,
		.w[ACL_W_L4] = (u64)IPPROTO_UDP << ACL_L4_PROTO | 53,
	};
	u64 until = ACL_FOREVER;

	KUNIT_ASSERT_EQ(test, acl_set_init(&set, ACL_SET_ADDRESS_PORT, 10), 0);
	elem.port = 53;
	KUNIT_EXPECT_EQ(test, acl_set_add(&set, &elem), 0);
	rcu_read_lock();
	KUNIT_EXPECT_TRUE(test, acl_set_has(&set, &key, true, 1, &until));
	KUNIT_EXPECT_FALSE(test, acl_set_has(&set, &key, false, 1, &until));
	key.w[ACL_W_L4]++;
	KUNIT_EXPECT_FALSE(test, acl_set_has(&set, &key, true, 1, &until));
	/* The code of an ICMP message is no port; a fragment has none. */
	key.w[ACL_W_L4] = (u64)IPPROTO_ICMP << ACL_L4_PROTO | 53;
	KUNIT_EXPECT_FALSE(test, acl_set_has(&set, &key, true, 1, &until));
	key.w[ACL_W_L4] = (u64)IPPROTO_UDP << ACL_L4_PROTO | 53 |
			  1ULL << ACL_L4_NOPORTS;
	KUNIT_EXPECT_FALSE(test, acl_set_has(&set, &key, true, 1, &until));
	rcu_read_unlock();
	acl_set_destroy(&set);
}

static struct kunit_case sets_cases[] = { KUNIT_CASE(sets__prefixes),
					  KUNIT_CASE(sets__refused),
					  KUNIT_CASE(sets__full),
					  KUNIT_CASE(sets__ports),
					  {} };

static struct kunit_suite sets_suite = {
	.name = "acl_sets",
	.test_cases = sets_cases,
};

kunit_test_suite(sets_suite);
