// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of heads.c.
 */
#include "../heads.c"

#include <kunit/test.h>

/* Frames of a test, which are under way at the same time: more than a CPU has pages for. */
#define FRAMES 40
#define FRAME_LEN 9200

static struct sk_buff *frames[FRAMES];

static void heads_cut(struct kunit *test, unsigned int n)
{
	unsigned int i;

	local_bh_disable();
	for (i = 0; i < n; i++)
		frames[i] = utcp_heads_skb(FRAME_LEN);
	local_bh_enable();
	for (i = 0; i < n; i++) {
		KUNIT_ASSERT_NOT_NULL(test, frames[i]);
		KUNIT_ASSERT_GE(test, skb_tailroom(frames[i]), FRAME_LEN);
		KUNIT_EXPECT_FALSE(test, skb_pfmemalloc(frames[i]));
		memset(skb_put(frames[i], FRAME_LEN), i, FRAME_LEN);
	}
}

static void heads_free(unsigned int n)
{
	while (n--)
		kfree_skb(frames[n]);
}

/* No two that are under way have the same memory. */
static void heads__apart(struct kunit *test)
{
	unsigned int i, round;

	for (round = 0; round < 3; round++) {
		heads_cut(test, FRAMES);
		for (i = 0; i < FRAMES; i++)
			KUNIT_EXPECT_NULL(test, memchr_inv(frames[i]->data, i,
							   FRAME_LEN));
		heads_free(FRAMES);
	}
	utcp_heads_exit();
}

/* What has been freed is used again, without being cleared; and not before. */
static void heads__come_back(struct kunit *test)
{
	const unsigned int n = PAGES * (PAGES_LEN / UTCP_HEADS_MAX);
	struct page *page[PAGES] = {}, *other;
	unsigned int i, j, round;
	struct sk_buff *held;

	migrate_disable();
	for (round = 0; round < 100; round++) {
		heads_cut(test, n);
		for (i = 0; i < n; i++) {
			struct page *of = virt_to_head_page(frames[i]->head);

			for (j = 0; j < PAGES && page[j] && page[j] != of; j++)
				;
			KUNIT_ASSERT_LT(test, j, PAGES);
			page[j] = of;
		}
		heads_free(n);
	}
	/* One page is still in use when its turn comes. */
	heads_cut(test, n);
	held = skb_get(frames[0]);
	heads_free(n);
	for (round = 0; round < 3; round++) {
		heads_cut(test, n);
		for (i = 0; i < n; i++) {
			other = virt_to_head_page(frames[i]->head);
			KUNIT_EXPECT_PTR_NE(test, other,
					    virt_to_head_page(held->head));
		}
		heads_free(n);
	}
	/* Nor does it keep the others from coming back: no new one is needed for what they hold. */
	KUNIT_EXPECT_NULL(test, memchr_inv(held->data, 0, FRAME_LEN));
	kfree_skb(held);
	heads_cut(test, n);
	held = skb_get(frames[0]);
	heads_free(n);
	memcpy(page, this_cpu_ptr(&heads)->page, sizeof(page));
	for (round = 0; round < 20; round++) {
		heads_cut(test, n / PAGES);
		heads_free(n / PAGES);
	}
	KUNIT_EXPECT_MEMEQ(test, page, this_cpu_ptr(&heads)->page,
			   sizeof(page));
	migrate_enable();
	kfree_skb(held);
	utcp_heads_exit();
}

static struct kunit_case heads_cases[] = {
	KUNIT_CASE(heads__apart),
	KUNIT_CASE(heads__come_back),
	{},
};

static struct kunit_suite heads_suite = {
	.name = "utcp_heads",
	.test_cases = heads_cases,
};

kunit_test_suite(heads_suite);
