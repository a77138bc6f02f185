// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of frame.c, in the order of its functions.
 */
#include "../frame.c"

#include <kunit/test.h>

#include "vectors.h"

static const struct utcp_frame_to own, everybody = { .broadcast = true },
				       group = { .group = true },
				       from_group = { .from_group = true };

static void make(u8 *frame, u8 type, size_t len)
{
	memset(frame, 0, 256);
	utcp_frame_header(frame, type, len);
}

static void frame_check__vectors(struct kunit *test)
{
	static const char *const names[] = {
		"dr_who_has",  "dr_i_have",	  "hr_initiation",
		"hr_response", "hr_cookie_reply", "data1_frame",
		"data3_frame",
	};
	u8 frame[256];
	unsigned int i;
	size_t len;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		memset(frame, 0, sizeof(frame));
		len = utcp_vector(test, names[i], frame, sizeof(frame));
		KUNIT_EXPECT_EQ_MSG(test, utcp_frame_len(frame), len, "%s",
				    names[i]);
		KUNIT_EXPECT_EQ_MSG(test,
				    utcp_frame_check(frame, len, len, &own), 0,
				    "%s", names[i]);
		/* Ethernet's padding, and one byte too few. */
		KUNIT_EXPECT_EQ(
			test, utcp_frame_check(frame, len + 40, len, &own), 0);
		KUNIT_EXPECT_EQ(test,
				utcp_frame_check(frame, len - 1, len - 1, &own),
				UTCP_DROP_REASON_SHORT);
	}
}

/* Every type with every length: only those of the table are taken. */
static void frame_check__lengths(struct kunit *test)
{
	static const struct {
		u8 type;
		size_t min, max;
		bool everybody;
	} good[] = {
		{ 0x01, 84, 84, true },	  { 0x02, 84, 84, false },
		{ 0x03, 172, 172, true }, { 0x04, 108, 108, false },
		{ 0x05, 56, 56, false },  { 0x10, 34, 65535, false },
	};
	static u8 frame[65536];
	unsigned int type, i, bad = 0, want;
	size_t len;

	for (type = 0; type < 256; type++) {
		for (i = 0; i < ARRAY_SIZE(good); i++)
			if (good[i].type == type)
				break;
		for (len = 0; len < 65536; len += len < 300 ? 1 : 977) {
			make(frame, type, len);
			if (i == ARRAY_SIZE(good))
				want = UTCP_DROP_REASON_TYPE;
			else if (len < good[i].min || len > good[i].max)
				want = UTCP_DROP_REASON_LENGTH;
			else
				want = 0;
			bad += utcp_frame_check(frame, 65535, 172, &own) !=
			       want;
			if (!want && !good[i].everybody)
				want = UTCP_DROP_REASON_ADDRESS;
			bad += utcp_frame_check(frame, 65535, 172,
						&everybody) != want;
		}
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
}

static void frame_check__header(struct kunit *test)
{
	u8 frame[256];
	size_t i;

	make(frame, UTCP_FRAME_WHO_HAS, 84);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, utcp_frame_check(frame, i, i, &own),
				UTCP_DROP_REASON_SHORT);
	for (i = 0; i < 256; i++) {
		frame[0] = i;
		KUNIT_EXPECT_EQ(test, utcp_frame_check(frame, 84, 84, &own),
				i == 0xc1 ? 0 : UTCP_DROP_REASON_VERSION);
	}
	frame[0] = UTCP_FRAME_VERSION;
	KUNIT_EXPECT_EQ(test, utcp_frame_check(frame, 84, 84, &group),
			UTCP_DROP_REASON_ADDRESS);
	KUNIT_EXPECT_EQ(test, utcp_frame_check(frame, 84, 84, &from_group),
			UTCP_DROP_REASON_ADDRESS);
}

/* What must be zero: each bit of it, and of nothing else. */
static void frame_check__reserved(struct kunit *test)
{
	static const u8 types[] = { 0x01, 0x02, 0x03, 0x04, 0x05 };
	static const size_t lens[] = { 84, 84, 172, 108, 56 };
	unsigned int i, at, bad = 0;
	bool zero;
	u8 frame[256];

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		for (at = 4; at < lens[i]; at++) {
			make(frame, types[i], lens[i]);
			frame[at] = 1 << at % 8;
			zero = (types[i] == 0x01 && at >= 36) ||
			       (types[i] == 0x03 && at >= 9 && at < 12);
			bad += utcp_frame_check(frame, lens[i], lens[i],
						&own) !=
			       (zero ? UTCP_DROP_REASON_RESERVED : 0);
		}
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
}

static struct kunit_case frame_cases[] = { KUNIT_CASE(frame_check__vectors),
					   KUNIT_CASE(frame_check__lengths),
					   KUNIT_CASE(frame_check__header),
					   KUNIT_CASE(frame_check__reserved),
					   {} };

static struct kunit_suite frame_suite = {
	.name = "utcp_frame",
	.test_cases = frame_cases,
};

kunit_test_suite(frame_suite);
