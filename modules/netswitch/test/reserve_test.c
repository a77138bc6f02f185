// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of reserve.c; see limits_test.c.
 */
#include <kunit/test.h>

#undef EXPORT_SYMBOL_GPL
#define EXPORT_SYMBOL_GPL(...)

#include "../reserve.c"

static void stack_has__known(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, stack_has(ETH_P_IP));
	KUNIT_EXPECT_TRUE(test, stack_has(ETH_P_ARP));
	KUNIT_EXPECT_TRUE(test, stack_has(ETH_P_IPV6));
	KUNIT_EXPECT_TRUE(test, stack_has(ETH_P_TEB));
	KUNIT_EXPECT_FALSE(test, stack_has(0x4c57));
	KUNIT_EXPECT_FALSE(test, stack_has(ETH_P_802_EX1));
}

static void type_owner__kernel(struct kunit *test)
{
	char name[16] = "";

	KUNIT_EXPECT_PTR_EQ(test, netswitch_type_owner(0x0800, name, 16),
			    (const char *)name);
	KUNIT_EXPECT_STREQ(test, name, "the kernel");
	KUNIT_EXPECT_NULL(test, netswitch_type_owner(0x4c57, name, 16));
}

static void type_owner__reserved(struct kunit *test)
{
	struct netswitch_reservation one = { 0x4c57, "one" };
	struct netswitch_reservation two = { 0x4c57, "two" };
	struct netswitch_reservation other = { 0x4c58, "a long name" };
	char name[4];

	netswitch_reserve(&one);
	netswitch_reserve(&two);
	netswitch_reserve(&other);
	KUNIT_EXPECT_NOT_NULL(test, netswitch_type_owner(0x4c57, name, 4));
	KUNIT_EXPECT_STREQ(test, name, "one");
	KUNIT_EXPECT_NOT_NULL(test, netswitch_type_owner(0x4c58, name, 4));
	KUNIT_EXPECT_STREQ(test, name, "a l");
	/* both have to let go */
	netswitch_unreserve(&one);
	KUNIT_EXPECT_NOT_NULL(test, netswitch_type_owner(0x4c57, name, 4));
	KUNIT_EXPECT_STREQ(test, name, "two");
	netswitch_unreserve(&two);
	KUNIT_EXPECT_NULL(test, netswitch_type_owner(0x4c57, name, 4));
	netswitch_unreserve(&other);
	KUNIT_EXPECT_NULL(test, netswitch_type_owner(0x4c58, name, 4));
}

static struct kunit_case reserve_cases[] = {
	KUNIT_CASE(stack_has__known),
	KUNIT_CASE(type_owner__kernel),
	KUNIT_CASE(type_owner__reserved),
	{},
};

static struct kunit_suite reserve_suite = {
	.name = "netswitch_reserve",
	.test_cases = reserve_cases,
};

kunit_test_suite(reserve_suite);
