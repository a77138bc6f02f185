// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of recent.h: what is known of plain frames is found by frames that are alike, and
 * never once it may be gone.
 */
#include "../recent.c"

#include <kunit/test.h>
#include <linux/bottom_half.h>
#include <linux/in.h>

#define ADDRS 0x0200001401000a0aULL
#define REST (0x50003930ULL | (u64)IPPROTO_TCP << 32)
#define FROM acl_recent_from(3, ACL_IN)
#define GENERATION 5

/* Only their addresses count. */
static char object, saying;
static atomic64_t epoch;

static struct acl_flow *some_flow(void)
{
	return (struct acl_flow *)&object;
}

static struct acl_recent *place(u64 addrs, u64 rest, u64 from)
{
	return acl_recent_at(acl_recent_hash(addrs, rest, from));
}

static void put_flow(u64 then)
{
	acl_recent_put_flow(ADDRS, REST, FROM, then, some_flow(), 1);
}

static void put_verdict(void)
{
	acl_recent_put_verdict(place(ADDRS, REST, FROM), ADDRS, REST, FROM,
			       GENERATION, &saying);
}

static struct acl_flow *flow_of(u64 addrs, u64 rest, u64 from)
{
	struct acl_recent *recent = place(addrs, rest, from);

	return acl_recent_is(recent, addrs, rest) &&
			       acl_recent_is_flow(recent, from, &epoch) ?
		       recent->what :
		       NULL;
}

static const void *verdict_of(u64 addrs, u64 rest, u64 from, u64 generation)
{
	const struct acl_recent *recent = place(addrs, rest, from);

	return acl_recent_is(recent, addrs, rest) ?
		       acl_recent_verdict(recent, from, generation) :
		       NULL;
}

/* All of a test on one CPU, as softirqs have it; beginning with nothing. */
static void begin(void)
{
	local_bh_disable();
	memset(this_cpu_ptr(acl_recents), 0, sizeof(*acl_recents));
}

static void recent__found(struct kunit *test)
{
	begin();
	put_flow(atomic64_read(&epoch));
	KUNIT_EXPECT_PTR_EQ(test, flow_of(ADDRS, REST, FROM), some_flow());
	KUNIT_EXPECT_EQ(test, place(ADDRS, REST, FROM)->back, 1);
	KUNIT_EXPECT_NULL(test,
			  verdict_of(ADDRS, REST, FROM, atomic64_read(&epoch)));
	put_verdict();
	KUNIT_EXPECT_PTR_EQ(test, verdict_of(ADDRS, REST, FROM, GENERATION),
			    (const void *)&saying);
	KUNIT_EXPECT_NULL(test, flow_of(ADDRS, REST, FROM));
	local_bh_enable();
}

/* Every bit counts. */
static void recent__others(struct kunit *test)
{
	unsigned int bit;

	begin();
	for (bit = 0; bit < 64; bit++) {
		u64 flip = 1ULL << bit;

		put_flow(atomic64_read(&epoch));
		KUNIT_EXPECT_NULL(test, flow_of(ADDRS ^ flip, REST, FROM));
		KUNIT_EXPECT_NULL(test, flow_of(ADDRS, REST ^ flip, FROM));
		KUNIT_EXPECT_NULL(test, flow_of(ADDRS, REST, FROM ^ flip));
		put_verdict();
		KUNIT_EXPECT_NULL(test, verdict_of(ADDRS ^ flip, REST, FROM,
						   GENERATION));
		KUNIT_EXPECT_NULL(test, verdict_of(ADDRS, REST ^ flip, FROM,
						   GENERATION));
		KUNIT_EXPECT_NULL(test, verdict_of(ADDRS, REST, FROM ^ flip,
						   GENERATION));
		KUNIT_EXPECT_NULL(test, verdict_of(ADDRS, REST, FROM,
						   GENERATION ^ flip));
	}
	local_bh_enable();
}

/* Whichever flow of the namespace has gone, and whatever was put before. */
static void recent__gone(struct kunit *test)
{
	u64 before = atomic64_read(&epoch);

	begin();
	put_flow(before);
	acl_recent_forget(&epoch);
	KUNIT_EXPECT_NULL(test, flow_of(ADDRS, REST, FROM));
	put_flow(before);
	KUNIT_EXPECT_NULL(test, flow_of(ADDRS, REST, FROM));
	put_flow(atomic64_read(&epoch));
	KUNIT_EXPECT_PTR_EQ(test, flow_of(ADDRS, REST, FROM), some_flow());
	local_bh_enable();
}

/* Nothing is found where nothing was put: bindings have no number 0. */
static void recent__empty(struct kunit *test)
{
	begin();
	KUNIT_EXPECT_NULL(test, flow_of(0, 0, acl_recent_from(1, ACL_OUT)));
	KUNIT_EXPECT_NULL(test,
			  verdict_of(0, 0, acl_recent_from(1, ACL_OUT), 0));
	local_bh_enable();
}

/* A verdict drives no flow away that is met meanwhile; one that is not makes way. */
static void recent__met(struct kunit *test)
{
	begin();
	put_flow(atomic64_read(&epoch));
	place(ADDRS, REST, FROM)->met = true;
	put_verdict();
	KUNIT_EXPECT_PTR_EQ(test, flow_of(ADDRS, REST, FROM), some_flow());
	put_verdict();
	KUNIT_EXPECT_NULL(test, flow_of(ADDRS, REST, FROM));
	local_bh_enable();
}

static int recent_suite_init(struct kunit_suite *suite)
{
	return acl_recents_init();
}

static void recent_suite_exit(struct kunit_suite *suite)
{
	acl_recents_exit();
}

static struct kunit_case recent_cases[] = {
	KUNIT_CASE(recent__found), KUNIT_CASE(recent__others),
	KUNIT_CASE(recent__gone),  KUNIT_CASE(recent__empty),
	KUNIT_CASE(recent__met),   {}
};

static struct kunit_suite recent_suite = {
	.name = "utcp_acl_recent",
	.suite_init = recent_suite_init,
	.suite_exit = recent_suite_exit,
	.test_cases = recent_cases,
};

kunit_test_suite(recent_suite);
