// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of wheel.c.
 */
#include "../wheel.c"

#include <kunit/test.h>
#include <linux/string.h>

#define SLOT BIT_ULL(SHAPER_WHEEL_SHIFT)
#define TURN (SLOT * SHAPER_WHEEL_SLOTS)
#define START (1000 * TURN + 12345)
#define ENTRIES 100

static struct shaper_wheel wheel;
static struct shaper_wheel_entry entries[ENTRIES];

static void empty(void)
{
	memset(&wheel, 0, sizeof(wheel));
	memset(entries, 0, sizeof(entries));
	shaper_wheel_init(&wheel);
}

static void wheel__empty(struct kunit *test)
{
	empty();
	KUNIT_EXPECT_EQ(test, shaper_wheel_when(&wheel), U64_MAX);
	KUNIT_EXPECT_NULL(test, shaper_wheel_pop(&wheel, START));
}

/* Not early, and less than a slot late, wherever on the wheel. */
static void wheel__times(struct kunit *test)
{
	u64 after, now = START;

	empty();
	for (after = 0; after < TURN - 2 * SLOT; after += 3 * SLOT + 7919) {
		u64 when = now + after, due;

		shaper_wheel_arm(&wheel, &entries[0], when, now);
		due = shaper_wheel_when(&wheel);
		KUNIT_EXPECT_TRUE(test, due > when && due <= when + SLOT);
		KUNIT_EXPECT_NULL(test, shaper_wheel_pop(&wheel, due - 1));
		KUNIT_EXPECT_TRUE(test,
				  shaper_wheel_pop(&wheel, due) == &entries[0]);
		KUNIT_EXPECT_FALSE(test, entries[0].armed);
		now = due;
	}
}

/* Further off than it turns: early, to be put on again. */
static void wheel__far(struct kunit *test)
{
	empty();
	shaper_wheel_arm(&wheel, &entries[0], START + 100 * TURN, START);
	KUNIT_EXPECT_TRUE(test, shaper_wheel_when(&wheel) <= START + TURN);
	KUNIT_EXPECT_GT(test, shaper_wheel_when(&wheel),
			START + TURN - 3 * SLOT);
}

/* What was to be done long ago is done now. */
static void wheel__past(struct kunit *test)
{
	empty();
	shaper_wheel_arm(&wheel, &entries[0], START + 5 * SLOT, START);
	shaper_wheel_arm(&wheel, &entries[1], 5, START);
	KUNIT_EXPECT_TRUE(test, shaper_wheel_pop(&wheel, START) == &entries[1]);
	KUNIT_EXPECT_NULL(test, shaper_wheel_pop(&wheel, START));
}

static void wheel__order(struct kunit *test)
{
	u64 last = 0, now = START;
	unsigned int i, n = 0;

	empty();
	for (i = 0; i < ENTRIES; i++)
		shaper_wheel_arm(&wheel, &entries[i],
				 START + (i * 37 % ENTRIES) * 7 * SLOT, START);
	for (i = 0; i < ENTRIES; i += 3)
		shaper_wheel_disarm(&wheel, &entries[i]);
	while (wheel.n) {
		struct shaper_wheel_entry *entry;

		now = shaper_wheel_when(&wheel);
		entry = shaper_wheel_pop(&wheel, now);
		KUNIT_ASSERT_NOT_NULL(test, entry);
		KUNIT_EXPECT_TRUE(test, entry->tick >= last);
		KUNIT_EXPECT_TRUE(test, (entry - entries) % 3);
		last = entry->tick;
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, ENTRIES - (ENTRIES + 2) / 3);
	KUNIT_EXPECT_EQ(test, shaper_wheel_when(&wheel), U64_MAX);
}

/* Idle for long, and behind: nothing is lost. */
static void wheel__late(struct kunit *test)
{
	unsigned int i, n = 0;

	empty();
	for (i = 0; i < ENTRIES; i++)
		shaper_wheel_arm(&wheel, &entries[i], START + i * SLOT, START);
	while (shaper_wheel_pop(&wheel, START + 50 * TURN))
		n++;
	KUNIT_EXPECT_EQ(test, n, ENTRIES);
	shaper_wheel_arm(&wheel, &entries[0], START + 60 * TURN,
			 START + 60 * TURN - SLOT);
	KUNIT_EXPECT_NULL(test,
			  shaper_wheel_pop(&wheel, START + 60 * TURN - SLOT));
	KUNIT_EXPECT_NOT_NULL(test, shaper_wheel_pop(&wheel,
						     START + 60 * TURN + SLOT));
}

/* What is to be looked at as soon as possible is, before what is due later, and also by
 * who has read the clock earlier than the wheel has turned to.
 */
static void wheel__rush(struct kunit *test)
{
	empty();
	shaper_wheel_arm(&wheel, &entries[0], START, START);
	shaper_wheel_rush(&wheel, &entries[1], START);
	KUNIT_EXPECT_TRUE(test, shaper_wheel_when(&wheel) <= START);
	KUNIT_EXPECT_TRUE(test, shaper_wheel_pop(&wheel, START) == &entries[1]);
	KUNIT_EXPECT_NULL(test, shaper_wheel_pop(&wheel, START));
	KUNIT_EXPECT_NULL(test, shaper_wheel_pop(&wheel, START));
	shaper_wheel_rush(&wheel, &entries[2], START - 3 * SLOT);
	KUNIT_EXPECT_TRUE(test, shaper_wheel_pop(&wheel, START) == &entries[2]);
	KUNIT_EXPECT_TRUE(test, shaper_wheel_pop(&wheel, START + SLOT) ==
					&entries[0]);
}

static struct kunit_case wheel_cases[] = {
	KUNIT_CASE(wheel__empty), KUNIT_CASE(wheel__times),
	KUNIT_CASE(wheel__far),	  KUNIT_CASE(wheel__past),
	KUNIT_CASE(wheel__order), KUNIT_CASE(wheel__late),
	KUNIT_CASE(wheel__rush),  {}
};

static struct kunit_suite wheel_suite = {
	.name = "shaper_wheel",
	.test_cases = wheel_cases,
};

kunit_test_suite(wheel_suite);
