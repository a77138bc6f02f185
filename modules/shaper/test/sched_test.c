// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of sched.c: trees whose leaves send as much as they may, by a clock that
 * the test turns.
 */
#include "../sched.c"

#include <kunit/test.h>
#include <linux/string.h>

#define MS 1000000ULL
#define START (1000 * MS)
#define MBIT 1000000ULL
#define NODES 40

/* A leaf with a flood behind it, or an inner node. */
struct member {
	struct shaper_node node;
	u32 bytes; /* length of its frames; 0: it sends nothing */
	u64 sent;
	u64 frames;
};

static struct shaper_sched sched;
static struct member members[NODES];

static void fresh_tree(void)
{
	memset(members, 0, sizeof(members));
	memset(&sched, 0, sizeof(sched));
	sched.throttled = RB_ROOT_CACHED;
}

static struct member *make(unsigned int i, struct member *parent, u64 mbit)
{
	struct member *m = &members[i];

	shaper_node_init(&m->node, parent ? &parent->node : NULL, &sched);
	if (!parent)
		sched.top = &m->node;
	shaper_bucket_set(&m->node.ceiling, mbit * MBIT, 4 * MS, 1514, START);
	return m;
}

static void guarantee(struct member *m, u64 mbit)
{
	shaper_node_guarantee(&m->node, mbit * MBIT, 4 * MS, 1514, START);
}

static void flood(struct member *m, u32 bytes)
{
	m->bytes = bytes;
	shaper_node_wake(&m->node, START);
}

static void quiet(struct member *m)
{
	m->bytes = 0;
	shaper_node_sleep(&m->node);
}

static struct member *member_of(struct shaper_node *node)
{
	return container_of(node, struct member, node);
}

/* Has the tree send from one time to another, as its timer would. */
static void run(u64 from, u64 until)
{
	u64 now = from;

	while (now < until) {
		struct shaper_node *node;
		bool borrowed;
		u64 when;

		while ((node = shaper_sched_next(&sched, now))) {
			struct member *m = member_of(node);

			if (!shaper_sched_admit(node, m->bytes, now, &borrowed))
				continue;
			m->sent += m->bytes;
			m->frames++;
		}
		when = shaper_sched_when(&sched);
		if (when == SHAPER_NEVER)
			return;
		/* slots of the wheel */
		now = ((when >> 17) + 1) << 17;
	}
}

static void expect_rate(struct kunit *test, const char *what, u64 sent, u64 ms,
			u64 mbit, u64 permille)
{
	u64 want = mbit * 125 * ms;

	KUNIT_EXPECT_TRUE_MSG(test,
			      sent <= want + want * permille / 1000 + 65536 &&
				      sent + want * permille / 1000 + 65536 >=
					      want,
			      "%s: %llu bytes, not %llu", what, sent, want);
}

/* Jain's index of the first @n members from @first, in thousandths. */
static u64 jain(unsigned int first, unsigned int n)
{
	u64 sum = 0, squares = 0;
	unsigned int i;

	for (i = first; i < first + n; i++) {
		u64 kib = members[i].sent >> 10;

		sum += kib;
		squares += kib * kib;
	}
	return squares ? div64_u64(1000 * sum * sum, n * squares) : 0;
}

static void sched__one(struct kunit *test)
{
	fresh_tree();
	flood(make(0, NULL, 100), 1514);
	run(START, START + 3000 * MS);
	expect_rate(test, "alone", members[0].sent, 3000, 100, 1);
}

static void sched__equal(struct kunit *test)
{
	unsigned int i;

	fresh_tree();
	make(0, NULL, 100);
	for (i = 1; i <= 32; i++)
		flood(make(i, &members[0], 0), i % 2 ? 1514 : 300);
	run(START, START + 3000 * MS);
	KUNIT_EXPECT_GT(test, jain(1, 32), 998);
}

static void sched__weights(struct kunit *test)
{
	static const u32 weights[] = { 1, 3, 10, 50 };
	unsigned int i;

	fresh_tree();
	make(0, NULL, 64);
	for (i = 0; i < 4; i++) {
		struct member *m = make(i + 1, &members[0], 0);

		shaper_node_share(&m->node, weights[i], 4);
		flood(m, 1000);
	}
	run(START, START + 8000 * MS);
	for (i = 0; i < 4; i++)
		expect_rate(test, "by weight", members[i + 1].sent, 8000,
			    weights[i], 20);
}

/* What one does not use, others have; and what it may not. */
static void sched__borrow(struct kunit *test)
{
	fresh_tree();
	make(0, NULL, 90);
	flood(make(1, &members[0], 10), 1514);
	flood(make(2, &members[0], 0), 1514);
	flood(make(3, &members[0], 0), 1514);
	run(START, START + 3000 * MS);
	expect_rate(test, "limited", members[1].sent, 3000, 10, 5);
	expect_rate(test, "second", members[2].sent, 3000, 40, 5);
	expect_rate(test, "third", members[3].sent, 3000, 40, 5);
	quiet(&members[2]);
	members[3].sent = 0;
	run(START + 3000 * MS, START + 6000 * MS);
	expect_rate(test, "third alone", members[3].sent, 3000, 80, 5);
}

static void sched__guarantee(struct kunit *test)
{
	unsigned int i;

	fresh_tree();
	make(0, NULL, 100);
	guarantee(make(1, &members[0], 0), 50);
	flood(&members[1], 1514);
	for (i = 2; i < 12; i++)
		flood(make(i, &members[0], 0), 1514);
	run(START, START + 3000 * MS);
	expect_rate(test, "guaranteed", members[1].sent, 3000, 50, 10);
	expect_rate(test, "another", members[2].sent, 3000, 5, 20);
}

static void sched__priority(struct kunit *test)
{
	fresh_tree();
	make(0, NULL, 100);
	make(1, &members[0], 30);
	shaper_node_share(&members[1].node, 1, 0);
	make(2, &members[0], 0);
	guarantee(make(3, &members[0], 0), 10);
	shaper_node_share(&members[3].node, 1, 7);
	flood(&members[3], 1514);
	flood(&members[2], 1514);
	flood(&members[1], 1514);
	run(START, START + 3000 * MS);
	expect_rate(test, "first", members[1].sent, 3000, 30, 10);
	expect_rate(test, "second", members[2].sent, 3000, 60, 10);
	expect_rate(test, "last, guaranteed", members[3].sent, 3000, 10, 10);
}

/* Who has borrowed owes nothing: the guarantee holds when others come. */
static void sched__guarantee_after_borrowing(struct kunit *test)
{
	fresh_tree();
	make(0, NULL, 100);
	guarantee(make(1, &members[0], 0), 10);
	shaper_node_share(&members[1].node, 1, 7);
	make(2, &members[0], 0);
	shaper_node_share(&members[2].node, 1, 0);
	flood(&members[1], 1514);
	run(START, START + 3000 * MS);
	expect_rate(test, "alone", members[1].sent, 3000, 100, 5);
	members[1].sent = 0;
	flood(&members[2], 1514);
	run(START + 3000 * MS, START + 6000 * MS);
	expect_rate(test, "guaranteed", members[1].sent, 3000, 10, 10);
	expect_rate(test, "who came", members[2].sent, 3000, 90, 10);
}

/* Two groups share by their weights, whatever they have below. */
static void sched__groups(struct kunit *test)
{
	unsigned int i;

	fresh_tree();
	make(0, NULL, 80);
	make(1, &members[0], 0);
	make(2, &members[0], 0);
	flood(make(3, &members[1], 0), 1514);
	for (i = 4; i < 24; i++)
		flood(make(i, &members[2], 0), 64);
	run(START, START + 3000 * MS);
	expect_rate(test, "one in its group", members[3].sent, 3000, 40, 10);
	expect_rate(test, "one of twenty", members[4].sent, 3000, 2, 20);
	KUNIT_EXPECT_GT(test, jain(4, 20), 998);
}

/* Who sends long frames is not starved by who sends short ones. */
static void sched__long_frames(struct kunit *test)
{
	fresh_tree();
	make(0, NULL, 200);
	flood(make(1, &members[0], 0), 65536);
	flood(make(2, &members[0], 0), 64);
	run(START, START + 5000 * MS);
	expect_rate(test, "long", members[1].sent, 5000, 100, 10);
	expect_rate(test, "short", members[2].sent, 5000, 100, 10);
}

/* Who comes back has not saved up, nor lost. */
static void sched__comes_back(struct kunit *test)
{
	fresh_tree();
	make(0, NULL, 100);
	flood(make(1, &members[0], 0), 1514);
	make(2, &members[0], 0);
	run(START, START + 5000 * MS);
	flood(&members[2], 1514);
	members[1].sent = 0;
	run(START + 5000 * MS, START + 6000 * MS);
	expect_rate(test, "who was there", members[1].sent, 1000, 50, 10);
	expect_rate(test, "who came", members[2].sent, 1000, 50, 10);
}

/* The tree ends as it began, in whatever order its leaves end. */
static void sched__ends_idle(struct kunit *test)
{
	unsigned int i, seed;

	for (seed = 1; seed < 60; seed++) {
		u64 now = START;

		fresh_tree();
		make(0, NULL, seed % 3 ? 10 : 40);
		for (i = 1; i < 5; i++)
			make(i, &members[0], seed % 2 ? 3 : 0);
		for (i = 5; i < NODES; i++)
			make(i, &members[1 + i % 4], i % 5 ? 0 : 1);
		for (i = 0; i < 400; i++) {
			struct member *m = &members[5 + (i * seed * 7 + i / 3) %
								(NODES - 5)];

			if (m->bytes)
				quiet(m);
			else
				flood(m, 100 + 50 * (i % 9));
			run(now, now + MS);
			now += MS;
		}
		for (i = 5; i < NODES; i++)
			quiet(&members[i]);
		for (i = 0; i < NODES; i++) {
			KUNIT_EXPECT_EQ(test, members[i].node.busy, 0);
			KUNIT_EXPECT_EQ(test, members[i].node.state,
					SHAPER_IDLE);
		}
		KUNIT_EXPECT_EQ(test, shaper_sched_when(&sched), SHAPER_NEVER);
	}
}

/* Who is kept off by his own limit alone does not hold up his siblings. */
static void sched__contended(struct kunit *test)
{
	fresh_tree();
	make(0, NULL, 100);
	flood(make(1, &members[0], 1), 1514);
	make(2, &members[0], 0);
	run(START, START + 100 * MS);
	KUNIT_EXPECT_EQ(test, members[1].node.state, SHAPER_THROTTLED);
	KUNIT_EXPECT_FALSE(test, shaper_node_contended(&members[2].node));
	flood(&members[2], 1514);
	run(START + 100 * MS, START + 200 * MS);
	KUNIT_EXPECT_TRUE(test, shaper_node_contended(&members[2].node));
}

static void sched__retry(struct kunit *test)
{
	fresh_tree();
	flood(make(0, NULL, 1), 1514);
	run(START, START + 10 * MS);
	KUNIT_EXPECT_GT(test, shaper_sched_when(&sched), START + 10 * MS);
	shaper_bucket_set(&members[0].node.ceiling, 1000 * MBIT, 4 * MS, 1514,
			  START + 10 * MS);
	shaper_node_retry(&members[0].node);
	members[0].sent = 0;
	run(START + 10 * MS, START + 1010 * MS);
	KUNIT_EXPECT_GT(test, members[0].sent, 120000000);
}

/* However many could go again, one look wakes only so many; the others have their turn, too. */
static void sched__wakes(struct kunit *test)
{
	unsigned int i, waiting = 0;
	u64 later = START + 100 * MS;

	fresh_tree();
	make(0, NULL, 0);
	for (i = 1; i < NODES; i++)
		flood(make(i, &members[0], 1), 1514);
	run(START, START + MS);
	for (i = 1; i < NODES; i++) {
		KUNIT_EXPECT_EQ(test, members[i].node.state, SHAPER_THROTTLED);
		members[i].frames = 0;
	}
	KUNIT_EXPECT_NOT_NULL(test, shaper_sched_next(&sched, later));
	for (i = 1; i < NODES; i++)
		waiting += members[i].node.state == SHAPER_THROTTLED;
	KUNIT_EXPECT_EQ(test, waiting, NODES - 1 - WAKES_MAX);
	run(later, later + MS);
	for (i = 1; i < NODES; i++)
		KUNIT_EXPECT_EQ(test, members[i].frames, 1);
}

/* Whose bucket was empty is told later than it could, where frames of the MTU come close
 * together, and not elsewhere.
 */
static void sched__slack(struct kunit *test)
{
	static const u64 mbits[] = { 10, 50, 100, 1000 };
	unsigned int i;

	for (i = 0; i < 4; i++) {
		struct member *leaf;
		bool borrowed;

		fresh_tree();
		make(0, NULL, mbits[i]);
		leaf = make(1, &members[0], 0);
		flood(leaf, 1514);
		while (shaper_sched_admit(&leaf->node, 1514, START, &borrowed))
			;
		KUNIT_EXPECT_EQ(test, leaf->node.slack,
				mbits[i] < 60 ? 0 : SHAPER_TOGETHER_NS);
		KUNIT_EXPECT_EQ(test, shaper_sched_when(&sched),
				shaper_bucket_ready(&members[0].node.ceiling,
						    1514) +
					leaf->node.slack);
	}
}

/* A shorter frame, whose turn it has become, waits for its own tokens, where a long one
 * takes long.
 */
static void sched__hasten(struct kunit *test)
{
	static const u64 mbits[] = { 10, 100 };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct shaper_bucket *bucket;
		struct member *leaf;
		bool borrowed;
		u64 when;

		fresh_tree();
		make(0, NULL, mbits[i]);
		bucket = &members[0].node.ceiling;
		leaf = make(1, &members[0], 0);
		flood(leaf, 1514);
		while (shaper_sched_admit(&leaf->node, 1514, START, &borrowed))
			;
		KUNIT_EXPECT_EQ(test, shaper_node_hasten(&leaf->node, 100),
				mbits[i] < 60);
		KUNIT_EXPECT_FALSE(test, shaper_node_hasten(&leaf->node, 100));
		if (mbits[i] > 60)
			continue;
		when = shaper_sched_when(&sched);
		KUNIT_EXPECT_EQ(test, when, shaper_bucket_ready(bucket, 100));
		KUNIT_EXPECT_GT(test, shaper_bucket_ready(bucket, 1514), when);
		KUNIT_EXPECT_NULL(test, shaper_sched_next(&sched, when - 1));
		KUNIT_EXPECT_TRUE(test, shaper_sched_next(&sched, when) ==
						&leaf->node);
		KUNIT_EXPECT_TRUE(test, shaper_sched_admit(&leaf->node, 100,
							   when, &borrowed));
	}
}

static struct kunit_case sched_cases[] = {
	KUNIT_CASE(sched__one),
	KUNIT_CASE(sched__equal),
	KUNIT_CASE(sched__weights),
	KUNIT_CASE(sched__borrow),
	KUNIT_CASE(sched__guarantee),
	KUNIT_CASE(sched__priority),
	KUNIT_CASE(sched__groups),
	KUNIT_CASE(sched__long_frames),
	KUNIT_CASE(sched__comes_back),
	KUNIT_CASE(sched__ends_idle),
	KUNIT_CASE(sched__contended),
	KUNIT_CASE(sched__retry),
	KUNIT_CASE(sched__wakes),
	KUNIT_CASE(sched__slack),
	KUNIT_CASE(sched__hasten),
	KUNIT_CASE(sched__guarantee_after_borrowing),
	{}
};

static struct kunit_suite sched_suite = {
	.name = "shaper_sched",
	.test_cases = sched_cases,
};

kunit_test_suite(sched_suite);
