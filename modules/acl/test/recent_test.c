// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of recent.h: a flow is found by what belongs to it, and never once it may be gone.
 */
#include "../recent.c"

#include <kunit/test.h>
#include <linux/bottom_half.h>
#include <linux/in.h>

#define HEAD 0x0a00000114000002ULL
#define L4                                                  \
	(0x30390050ULL | (u64)IPPROTO_TCP << ACL_L4_PROTO | \
	 1ULL << (ACL_L4_FAMILY + ACL_IPV4))
#define BINDING 3

/* Only its address counts. */
static char object;
static atomic64_t epoch;

static struct acl_flow *some_flow(void)
{
	return (struct acl_flow *)&object;
}

/* What is found by these, all on one CPU, as softirqs have it. */
static struct acl_flow *put_and_find(u64 head, u64 l4, u32 binding, bool forget)
{
	struct acl_flow *flow;

	local_bh_disable();
	acl_recent_put(atomic64_read(&epoch), HEAD, L4, BINDING, some_flow());
	if (forget)
		acl_recent_forget(&epoch);
	flow = acl_recent_find(&epoch, head, l4, binding);
	local_bh_enable();
	return flow;
}

static void recent__found(struct kunit *test)
{
	KUNIT_EXPECT_PTR_EQ(test, put_and_find(HEAD, L4, BINDING, false),
			    some_flow());
	/* Segments of a flow differ in these. */
	KUNIT_EXPECT_PTR_EQ(test,
			    put_and_find(HEAD,
					 L4 | 0x10ULL << ACL_L4_FLAGS |
						 0x2eULL << ACL_L4_DSCP,
					 BINDING, false),
			    some_flow());
}

static void recent__others(struct kunit *test)
{
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		u64 flip = 1ULL << bit;

		KUNIT_EXPECT_NULL(test, put_and_find(HEAD ^ flip, L4, BINDING,
						     false));
		if (ACL_RECENT_L4 & flip)
			KUNIT_EXPECT_NULL(test, put_and_find(HEAD, L4 ^ flip,
							     BINDING, false));
	}
	for (bit = 0; bit < 32; bit++)
		KUNIT_EXPECT_NULL(test,
				  put_and_find(HEAD, L4, BINDING ^ 1U << bit,
					       false));
}

/* Whichever flow of the namespace has gone, and whatever was put before. */
static void recent__gone(struct kunit *test)
{
	u64 before = atomic64_read(&epoch);
	struct acl_flow *flow;

	KUNIT_EXPECT_NULL(test, put_and_find(HEAD, L4, BINDING, true));
	local_bh_disable();
	acl_recent_put(before, HEAD, L4, BINDING, some_flow());
	flow = acl_recent_find(&epoch, HEAD, L4, BINDING);
	local_bh_enable();
	KUNIT_EXPECT_NULL(test, flow);
	KUNIT_EXPECT_PTR_EQ(test, put_and_find(HEAD, L4, BINDING, false),
			    some_flow());
}

/* Nothing is found where nothing was put: bindings have no number 0. */
static void recent__empty(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, put_and_find(0, 0, 1, false));
}

static int recent_suite_init(struct kunit_suite *suite)
{
	return acl_recents_init();
}

static void recent_suite_exit(struct kunit_suite *suite)
{
	acl_recents_exit();
}

static struct kunit_case recent_cases[] = { KUNIT_CASE(recent__found),
					    KUNIT_CASE(recent__others),
					    KUNIT_CASE(recent__gone),
					    KUNIT_CASE(recent__empty),
					    {} };

static struct kunit_suite recent_suite = {
	.name = "utcp_acl_recent",
	.suite_init = recent_suite_init,
	.suite_exit = recent_suite_exit,
	.test_cases = recent_cases,
};

kunit_test_suite(recent_suite);
