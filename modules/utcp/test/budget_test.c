// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of budget.c, in the order of its functions.
 */
#include "../budget.c"

#include <kunit/test.h>

#define START (1000 * TOKEN)
#define MSEC (TOKEN / 1000)

static struct utcp_budget budget;

/* How many of @tries one gets. */
static unsigned int gets(u64 now, u32 ifindex, enum utcp_work work,
			 unsigned int tries)
{
	unsigned int n = 0;

	while (tries--)
		n += utcp_budget_take(&budget, now, ifindex, 0, work, 1);
	return n;
}

static void bucket__fills(struct kunit *test)
{
	struct utcp_bucket b = { .when = START };

	utcp_bucket_fill(&b, START + TOKEN / 2, 10, 7);
	KUNIT_EXPECT_TRUE(test, utcp_bucket_take(&b, 5));
	KUNIT_EXPECT_FALSE(test, utcp_bucket_take(&b, 1));
	/* A year: no more than there may be, and no overflow. */
	utcp_bucket_fill(&b, START + 31536000 * TOKEN, 200000, 7);
	KUNIT_EXPECT_TRUE(test, utcp_bucket_take(&b, 7));
	KUNIT_EXPECT_FALSE(test, utcp_bucket_take(&b, 1));
}

/* One alone has three quarters, the reserve has the last. */
static void budget__alone(struct kunit *test)
{
	memset(&budget, 0, sizeof(budget));
	KUNIT_EXPECT_EQ(test, gets(START, 1, UTCP_WORK_DH, 1000), 300);
	KUNIT_EXPECT_EQ(test, gets(START + 10 * MSEC, 1, UTCP_WORK_DH, 1000),
			15);
	KUNIT_EXPECT_TRUE(test, utcp_budget_reserve(&budget, START, 100));
	KUNIT_EXPECT_FALSE(test, utcp_budget_reserve(&budget, START, 1));
	KUNIT_EXPECT_TRUE(test,
			  utcp_budget_reserve(&budget, START + 10 * MSEC, 5));
}

/* One does not take another's, whatever it tries. */
static void budget__fair(struct kunit *test)
{
	unsigned int greedy = 0, modest = 0, ms;

	memset(&budget, 0, sizeof(budget));
	gets(START, 2, UTCP_WORK_DH, 1);
	gets(START, 1, UTCP_WORK_DH, 10000);
	for (ms = 1; ms <= 1000; ms++) {
		greedy += gets(START + ms * MSEC, 1, UTCP_WORK_DH, 100);
		if (ms % 10 == 0)
			modest += gets(START + ms * MSEC, 2, UTCP_WORK_DH, 7);
	}
	KUNIT_EXPECT_EQ(test, modest, 700);
	KUNIT_EXPECT_TRUE(test, greedy >= 740 && greedy <= 760);
}

/* However many there are, all together get no more than the rate. */
static void budget__many(struct kunit *test)
{
	unsigned int n = 0, i, ms;

	memset(&budget, 0, sizeof(budget));
	for (ms = 0; ms < 1000; ms++)
		for (i = 1; i <= 200; i++)
			n += gets(START + ms * MSEC, i, UTCP_WORK_DH, 3);
	KUNIT_EXPECT_EQ(test, budget.n, UTCP_BUDGET_PAIRS);
	KUNIT_EXPECT_TRUE(test, n <= UTCP_BUDGET_DH_RATE * 3 / 4 +
						5 * UTCP_BUDGET_DH_MOST);
	KUNIT_EXPECT_GT(test, n, UTCP_BUDGET_DH_RATE / 2);
	/* Who asks no more gives its share back. */
	KUNIT_EXPECT_EQ(test, gets(START + 3000 * MSEC, 999, UTCP_WORK_DH, 500),
			300);
	KUNIT_EXPECT_EQ(test, budget.n, 1);
}

/* Each can pay for a whole handshake, however many there are. */
static void budget__whole(struct kunit *test)
{
	unsigned int i;

	memset(&budget, 0, sizeof(budget));
	for (i = 1; i <= UTCP_BUDGET_PAIRS; i++)
		gets(START, i, UTCP_WORK_DH, 1);
	for (i = 1; i <= UTCP_BUDGET_PAIRS; i++)
		KUNIT_EXPECT_EQ(test,
				gets(START + TOKEN / 2, i, UTCP_WORK_DH, 100),
				UTCP_BUDGET_DH_LEAST);
}

/* Shares are given back though nobody new comes. */
static void budget__few_stay(struct kunit *test)
{
	unsigned int i, ms;

	memset(&budget, 0, sizeof(budget));
	for (i = 1; i <= UTCP_BUDGET_PAIRS; i++)
		gets(START, i, UTCP_WORK_DH, 1);
	for (ms = 100; ms <= 3000; ms += 100)
		gets(START + ms * MSEC, 7, UTCP_WORK_DH, 1);
	KUNIT_EXPECT_EQ(test, budget.n, 1);
	KUNIT_EXPECT_EQ(test, gets(START + 3300 * MSEC, 7, UTCP_WORK_DH, 1000),
			300);
}

static bool blind(u64 now, u16 vlan)
{
	return utcp_budget_blind(&budget, now, 1, vlan);
}

/* Who has proved nothing does not go on if DHs are short. */
static void budget__load(struct kunit *test)
{
	memset(&budget, 0, sizeof(budget));
	KUNIT_EXPECT_TRUE(test, blind(START, 0));
	gets(START, 1, UTCP_WORK_DH, 150);
	KUNIT_EXPECT_TRUE(test, blind(START, 0));
	gets(START, 1, UTCP_WORK_DH, 1);
	KUNIT_EXPECT_FALSE(test, blind(START, 0));
	/* Of the other VLAN it says nothing. */
	KUNIT_EXPECT_TRUE(test, blind(START, 7));
	KUNIT_EXPECT_TRUE(test, blind(START + TOKEN, 0));
}

/* Nor otherwise for long, however much there is for those who have. */
static void budget__blind(struct kunit *test)
{
	unsigned int n = 0, ms;

	memset(&budget, 0, sizeof(budget));
	for (ms = 0; ms < 10000; ms++)
		n += blind(START + ms * MSEC, 0);
	KUNIT_EXPECT_TRUE(test, n >= 515 && n <= 520);
	blind(START + ms * MSEC, 0);
	KUNIT_EXPECT_FALSE(test, blind(START + ms * MSEC, 0));
	KUNIT_EXPECT_EQ(test, gets(START + ms * MSEC, 1, UTCP_WORK_DH, 1000),
			300);
	KUNIT_EXPECT_TRUE(test, blind(START + ms * MSEC, 7));
}

/* Each kind of work has its own. */
static void budget__works(struct kunit *test)
{
	memset(&budget, 0, sizeof(budget));
	KUNIT_EXPECT_EQ(test, gets(START, 1, UTCP_WORK_ANSWER, 1000), 100);
	KUNIT_EXPECT_EQ(test, gets(START, 1, UTCP_WORK_COOKIE, 1000), 200);
	KUNIT_EXPECT_EQ(test, gets(START, 1, UTCP_WORK_MAC1, 30000), 1000);
	KUNIT_EXPECT_EQ(test, gets(START, 1, UTCP_WORK_TARGET, 30000), 20000);
	KUNIT_EXPECT_EQ(test, gets(START, 1, UTCP_WORK_DH, 1000), 300);
}

static struct kunit_case budget_cases[] = {
	KUNIT_CASE(bucket__fills), KUNIT_CASE(budget__alone),
	KUNIT_CASE(budget__fair),  KUNIT_CASE(budget__many),
	KUNIT_CASE(budget__whole), KUNIT_CASE(budget__few_stay),
	KUNIT_CASE(budget__load),  KUNIT_CASE(budget__blind),
	KUNIT_CASE(budget__works), {}
};

static struct kunit_suite budget_suite = {
	.name = "utcp_budget",
	.test_cases = budget_cases,
};

kunit_test_suite(budget_suite);
