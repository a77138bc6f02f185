// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of kept.c: all that is to be kept is, or nothing.
 */
#include "../kept.c"

#include <kunit/test.h>
#include <linux/rbtree.h>

#define RULES 3
#define KEPT 4

static struct acl_ruleset old, new;
static struct acl_entry entries[RULES];

static u32 count(struct acl_ruleset *rules)
{
	unsigned long handle;
	void *kept;
	u32 n = 0;

	xa_for_each(&rules->kept, handle, kept)
		n++;
	return n;
}

static void kept__all(struct kunit *test)
{
	unsigned int i;

	KUNIT_ASSERT_EQ(test, acl_kept_take_over(&new, &old, NULL), 0);
	/* The last rule is not about identities. */
	KUNIT_EXPECT_EQ(test, new.n_kept, (u32)(KEPT + RULES - 1));
	KUNIT_EXPECT_EQ(test, count(&new), new.n_kept);
	for (i = 0; i < RULES; i++)
		KUNIT_EXPECT_EQ(test, !xa_load(&new.kept, 10 + i),
				i == RULES - 1);
	/* What is kept already is not counted twice. */
	KUNIT_EXPECT_EQ(test, acl_kept_add(&new, 10, NULL), 0);
	KUNIT_EXPECT_EQ(test, new.n_kept, (u32)(KEPT + RULES - 1));
}

/* No room: in the middle of what was kept before, and in the middle of the rules. */
static void kept__none(struct kunit *test)
{
	u32 room;

	for (room = 0; room < KEPT + RULES - 1; room++) {
		/* As if so many were there. */
		new.n_kept = ACL_KEPT_MAX - room;
		KUNIT_ASSERT_EQ(test, acl_kept_take_over(&new, &old, NULL),
				-ENOSPC);
		KUNIT_EXPECT_EQ(test, count(&new), 0U);
		KUNIT_EXPECT_EQ(test, new.n_kept, 0U);
		KUNIT_EXPECT_EQ(test, count(&old), (u32)KEPT);
	}
	KUNIT_ASSERT_EQ(test, acl_kept_take_over(&new, &old, NULL), 0);
	KUNIT_EXPECT_EQ(test, count(&new), (u32)(KEPT + RULES - 1));
}

static int begin(struct kunit *test)
{
	struct rb_node *parent = NULL, **link = &old.order.rb_node;
	unsigned int i;

	memset(&old, 0, sizeof(old));
	memset(&new, 0, sizeof(new));
	memset(entries, 0, sizeof(entries));
	xa_init(&old.kept);
	xa_init(&new.kept);
	for (i = 0; i < RULES; i++) {
		entries[i].rule.order = 10 + i;
		if (i < RULES - 1)
			entries[i].rule.asks = BIT(ACL_ASK_CELL);
		link = parent ? &parent->rb_right : &old.order.rb_node;
		rb_link_node(&entries[i].node, parent, link);
		rb_insert_color(&entries[i].node, &old.order);
		parent = rb_last(&old.order);
	}
	old.cells[ACL_IN] = RULES - 1;
	for (i = 0; i < KEPT; i++)
		if (acl_kept_add(&old, 1000 + i, NULL))
			return -ENOMEM;
	return 0;
}

static void end(struct kunit *test)
{
	xa_destroy(&old.kept);
	xa_destroy(&new.kept);
}

static struct kunit_case kept_cases[] = { KUNIT_CASE(kept__all),
					  KUNIT_CASE(kept__none),
					  {} };

static struct kunit_suite kept_suite = {
	.name = "acl_kept",
	.init = begin,
	.exit = end,
	.test_cases = kept_cases,
};

kunit_test_suite(kept_suite);
