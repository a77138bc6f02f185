// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of pmtu.c: searches on paths that pass just so much.
 */
#include "../pmtu.c"

#include <kunit/test.h>

#define MINUTE (60 * 1000000000ULL)

/* Probes until the search ends; @passes is what the path takes. Returns probes. */
static unsigned int search_all(struct kunit *test, struct utcp_pmtu *p,
			       u16 passes, u64 now)
{
	unsigned int n = 0;
	u16 size;

	while ((size = utcp_pmtu_probe(p, now))) {
		KUNIT_EXPECT_TRUE(test, n++ < 100);
		/* One at a time. */
		KUNIT_EXPECT_EQ(test, utcp_pmtu_probe(p, now), 0);
		KUNIT_EXPECT_TRUE(test, size <= p->ceiling);
		if (size <= passes)
			utcp_pmtu_probe_acked(p, size, now);
		else
			utcp_pmtu_probe_lost(p, size, now);
	}
	return n;
}

static void pmtu__searches(struct kunit *test)
{
	static const struct {
		u16 ceiling, passes, first;
		unsigned int probes; /* 0: any number */
	} table[] = {
		/* 0: all of it at the first try */ { 9000, 9000, 1500, 1 },
		/* 1: no jumbo frames */ { 9000, 1500, 1500, 0 },
		/* 2: something in between */ { 9000, 4470, 1500, 0 },
		/* 3: less than Ethernet's */ { 1500, 1400, 1500, 0 },
		/* 4: just the base */ { 9000, 1280, 1500, 0 },
		/* 5: nothing to look for */ { 1280, 1280, 1280, 0 },
		/* 6: a device with little */ { 1300, 1300, 1300, 0 },
		/* 7: all that a length can say */ { 65535, 65535, 1500, 1 },
		/* 8 */ { 65535, 1500, 1500, 0 },
	};
	struct utcp_pmtu p;
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		utcp_pmtu_init(&p, table[i].ceiling);
		KUNIT_EXPECT_EQ_MSG(test, p.size, table[i].first, "row %u", i);
		/* What is used at first does not pass: that is seen. */
		for (n = 0; table[i].first > table[i].passes && n < 6; n++)
			utcp_pmtu_lost(&p, table[i].first);
		n = search_all(test, &p, table[i].passes, MINUTE);
		if (table[i].probes)
			KUNIT_EXPECT_EQ_MSG(test, n, table[i].probes, "row %u",
					    i);
		KUNIT_EXPECT_TRUE_MSG(test, p.size <= table[i].passes,
				      "row %u: %u", i, p.size);
		KUNIT_EXPECT_TRUE_MSG(test,
				      p.size + UTCP_PMTU_STEP > table[i].passes,
				      "row %u: %u", i, p.size);
		/* Not before ten minutes have passed. */
		KUNIT_EXPECT_EQ(test, utcp_pmtu_probe(&p, 10 * MINUTE), 0);
		n = search_all(test, &p, table[i].ceiling, 11 * MINUTE);
		KUNIT_EXPECT_EQ_MSG(test, p.size, n ? table[i].ceiling : p.size,
				    "row %u", i);
	}
}

static void pmtu__three_probes(struct kunit *test)
{
	struct utcp_pmtu p;

	utcp_pmtu_init(&p, 9000);
	KUNIT_EXPECT_EQ(test, utcp_pmtu_probe(&p, 1), 9000);
	utcp_pmtu_probe_lost(&p, 9000, 1);
	KUNIT_EXPECT_EQ(test, utcp_pmtu_probe(&p, 1), 9000);
	utcp_pmtu_probe_lost(&p, 9000, 1);
	KUNIT_EXPECT_EQ(test, utcp_pmtu_probe(&p, 1), 9000);
	/* One that was given up is no news of the one under way. */
	utcp_pmtu_probe_lost(&p, 8999, 1);
	KUNIT_EXPECT_EQ(test, utcp_pmtu_probe(&p, 1), 0);
	utcp_pmtu_probe_acked(&p, 9000, 1);
	KUNIT_EXPECT_EQ(test, p.size, 9000);
}

static void pmtu__black_hole(struct kunit *test)
{
	struct utcp_pmtu p;
	unsigned int i;

	/* Six in a row. */
	utcp_pmtu_init(&p, 1500);
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_FALSE(test, utcp_pmtu_lost(&p, 1500));
	/* Short ones say nothing; a long one that arrives, that it is none. */
	KUNIT_EXPECT_FALSE(test, utcp_pmtu_lost(&p, 1280));
	utcp_pmtu_acked(&p, 1280);
	utcp_pmtu_acked(&p, 1400);
	KUNIT_EXPECT_EQ(test, p.confirmed, 1400);
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_FALSE(test, utcp_pmtu_lost(&p, 1500));
	KUNIT_EXPECT_TRUE(test, utcp_pmtu_lost(&p, 1500));
	KUNIT_EXPECT_EQ(test, p.size, UTCP_PMTU_BASE);
	KUNIT_EXPECT_FALSE(test, utcp_pmtu_lost(&p, 1500));
	/* Then the search begins. */
	KUNIT_EXPECT_EQ(test, utcp_pmtu_probe(&p, 1), 1500);

	/* Two probe timeouts. */
	utcp_pmtu_init(&p, 9000);
	utcp_pmtu_probe_acked(&p, utcp_pmtu_probe(&p, 1), 1);
	KUNIT_EXPECT_EQ(test, p.size, 9000);
	KUNIT_EXPECT_FALSE(test, utcp_pmtu_pto(&p, 1));
	KUNIT_EXPECT_TRUE(test, utcp_pmtu_pto(&p, 2));
	KUNIT_EXPECT_EQ(test, p.size, UTCP_PMTU_BASE);
	KUNIT_EXPECT_FALSE(test, utcp_pmtu_pto(&p, 3));
}

static struct kunit_case pmtu_cases[] = { KUNIT_CASE(pmtu__searches),
					  KUNIT_CASE(pmtu__three_probes),
					  KUNIT_CASE(pmtu__black_hole),
					  {} };

static struct kunit_suite pmtu_suite = {
	.name = "utcp_pmtu",
	.test_cases = pmtu_cases,
};

kunit_test_suite(pmtu_suite);
