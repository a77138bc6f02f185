// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of handshake.c, in the order of its functions.
 */
#include "../handshake.c"

#include <kunit/test.h>

#include "vectors.h"

/* The handshake of cell 1 with cell 2, with a realm (hr) and without (hn). */
static struct world {
	struct utcp_noise_static i, r;
	u8 realm[UTCP_KEY_LEN];
	u8 initiation[UTCP_INITIATION_LEN];
	u8 response[UTCP_RESPONSE_LEN];
	struct utcp_offer offer;
	struct utcp_answer answer;
	struct utcp_mac_keys to_i, to_r;
	u32 index;
	struct utcp_noise waiting, hs;
	u8 frame[UTCP_INITIATION_LEN];
} w;

static void read_world(struct kunit *test, const char *prefix)
{
	u8 payload[UTCP_PAYLOAD_LEN];

	memset(&w, 0, sizeof(w));
	utcp_vector(test, "cell1_private", w.i.private, UTCP_KEY_LEN);
	utcp_vector(test, "cell1_public", w.i.public, UTCP_KEY_LEN);
	utcp_vector(test, "cell2_private", w.r.private, UTCP_KEY_LEN);
	utcp_vector(test, "cell2_public", w.r.public, UTCP_KEY_LEN);
	utcp_vector_of(test, prefix, "realm", w.realm, sizeof(w.realm));
	utcp_vector_of(test, prefix, "initiation", w.initiation,
		       sizeof(w.initiation));
	utcp_vector_of(test, prefix, "response", w.response,
		       sizeof(w.response));
	utcp_mac_keys_init(&w.to_i, w.i.public, w.realm);
	utcp_mac_keys_init(&w.to_r, w.r.public, w.realm);
	w.index = get_unaligned_be32(w.initiation + UTCP_INDEX_AT);
	utcp_vector_of(test, prefix, "payload1", payload, sizeof(payload));
	w.offer.suites = get_unaligned_be16(payload);
	w.offer.lanes = get_unaligned_be16(payload + 2);
	w.offer.mtu = get_unaligned_be16(payload + 4);
	memcpy(w.offer.boot, payload + 8, UTCP_BOOT_LEN);
	w.offer.time = get_unaligned_be64(payload + 24);
	utcp_vector_of(test, prefix, "payload2", payload, sizeof(payload));
	w.answer.index = get_unaligned_be32(payload);
	w.answer.suite = payload[4];
	w.answer.lanes = get_unaligned_be16(payload + 6);
	w.answer.mtu = get_unaligned_be16(payload + 8);
	memcpy(w.answer.boot, payload + 12, UTCP_BOOT_LEN);
}

static int initiate(struct kunit *test, const char *prefix)
{
	u8 e[UTCP_KEY_LEN];

	utcp_vector_of(test, prefix, "ei_private", e, sizeof(e));
	return utcp_initiation_write(w.frame, &w.waiting, &w.i, w.r.public,
				     w.realm, &w.to_r, w.index, &w.offer, e);
}

static void handshake__vectors(struct kunit *test)
{
	static const char *const prefixes[] = { "hr_", "hn_" };
	u8 e[UTCP_KEY_LEN], send[UTCP_KEY_LEN], receive[UTCP_KEY_LEN];
	u8 ki[UTCP_KEY_LEN], kr[UTCP_KEY_LEN];
	struct utcp_offer offer;
	struct utcp_answer answer;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++) {
		const char *p = prefixes[i];

		read_world(test, p);
		utcp_vector_of(test, p, "ki", ki, sizeof(ki));
		utcp_vector_of(test, p, "kr", kr, sizeof(kr));
		KUNIT_ASSERT_EQ(test, initiate(test, p), 0);
		KUNIT_EXPECT_MEMEQ(test, w.frame, w.initiation,
				   UTCP_INITIATION_LEN);
		KUNIT_ASSERT_EQ(test,
				utcp_initiation_static(&w.hs, w.initiation,
						       &w.r, w.realm),
				0);
		KUNIT_EXPECT_MEMEQ(test, w.hs.rs, w.i.public, UTCP_KEY_LEN);
		KUNIT_ASSERT_EQ(
			test,
			utcp_initiation_offer(&w.hs, w.initiation, &offer), 0);
		KUNIT_EXPECT_EQ(test, offer.time, w.offer.time);
		KUNIT_EXPECT_EQ(test, offer.mtu, w.offer.mtu);
		KUNIT_EXPECT_MEMEQ(test, offer.boot, w.offer.boot,
				   UTCP_BOOT_LEN);
		utcp_vector_of(test, p, "er_private", e, sizeof(e));
		KUNIT_ASSERT_EQ(test,
				utcp_response_write(w.frame, &w.hs, &w.to_i,
						    w.index, &w.answer, e),
				0);
		KUNIT_EXPECT_MEMEQ(test, w.frame, w.response,
				   UTCP_RESPONSE_LEN);
		KUNIT_ASSERT_EQ(
			test, utcp_noise_split(&w.hs, send, receive, NULL), 0);
		KUNIT_EXPECT_MEMEQ(test, send, kr, sizeof(kr));
		KUNIT_EXPECT_MEMEQ(test, receive, ki, sizeof(ki));
		KUNIT_ASSERT_EQ(test,
				utcp_response_read(&w.hs, &w.waiting,
						   w.response, &w.offer,
						   &answer),
				0);
		KUNIT_EXPECT_EQ(test, answer.index, w.answer.index);
		KUNIT_EXPECT_EQ(test, answer.suite, w.answer.suite);
		KUNIT_EXPECT_EQ(test, answer.mtu, w.answer.mtu);
		KUNIT_EXPECT_MEMEQ(test, answer.boot, w.answer.boot,
				   UTCP_BOOT_LEN);
		KUNIT_ASSERT_EQ(
			test, utcp_noise_split(&w.hs, send, receive, NULL), 0);
		KUNIT_EXPECT_MEMEQ(test, send, ki, sizeof(ki));
		KUNIT_EXPECT_MEMEQ(test, receive, kr, sizeof(kr));
	}
}

static int answers(const u8 *initiation)
{
	struct utcp_offer offer;
	int ret = utcp_initiation_static(&w.hs, initiation, &w.r, w.realm);

	return ret ? ret : utcp_initiation_offer(&w.hs, initiation, &offer);
}

/* What an initiator may offer, and what not. */
static void offer__rules(struct kunit *test)
{
	static const struct {
		u16 suites, lanes, mtu;
		int want;
	} table[] = {
		{ 1, 1, 1280, 0 },	 { 3, 4, 65535, 0 },
		{ 0xffff, 1, 1500, 0 },	 { 2, 1, 1500, -EPROTO },
		{ 0, 1, 1500, -EPROTO }, { 1, 0, 1500, -EPROTO },
		{ 1, 1, 1279, -EPROTO },
	};
	unsigned int i;

	read_world(test, "hr_");
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		w.offer.suites = table[i].suites;
		w.offer.lanes = table[i].lanes;
		w.offer.mtu = table[i].mtu;
		KUNIT_ASSERT_EQ(test, initiate(test, "hr_"), 0);
		KUNIT_EXPECT_EQ_MSG(test, answers(w.frame), table[i].want,
				    "row %u", i);
		KUNIT_EXPECT_TRUE(test,
				  !table[i].want ||
					  utcp_zeros(&w.hs, sizeof(w.hs)));
	}
}

/* And what a responder may answer. */
static void answer__rules(struct kunit *test)
{
	static const struct {
		u32 other_index;
		u8 suite;
		u16 lanes, mtu;
		int want;
	} table[] = {
		{ 0, 1, 1, 1280, 0 },	      { 0, 1, 1, 65535, 0 },
		{ 1, 1, 1, 1500, -EPROTO },   { 0, 0, 1, 1500, -EPROTO },
		{ 0, 2, 1, 1500, -EPROTO },   { 0, 17, 1, 1500, -EPROTO },
		{ 0, 255, 1, 1500, -EPROTO }, { 0, 1, 0, 1500, -EPROTO },
		{ 0, 1, 2, 1500, -EPROTO },   { 0, 1, 1, 1279, -EPROTO },
	};
	struct utcp_answer got;
	u8 e[UTCP_KEY_LEN];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		read_world(test, "hr_");
		KUNIT_ASSERT_EQ(test, initiate(test, "hr_"), 0);
		KUNIT_ASSERT_EQ(test, answers(w.frame), 0);
		w.answer.suite = table[i].suite;
		w.answer.lanes = table[i].lanes;
		w.answer.mtu = table[i].mtu;
		utcp_vector(test, "hr_er_private", e, sizeof(e));
		KUNIT_ASSERT_EQ(test,
				utcp_response_write(w.frame, &w.hs, &w.to_i,
						    w.index, &w.answer, e),
				0);
		w.frame[UTCP_INDEX_AT] ^= table[i].other_index;
		KUNIT_EXPECT_EQ_MSG(test,
				    utcp_response_read(&w.hs, &w.waiting,
						       w.frame, &w.offer, &got),
				    table[i].want, "row %u", i);
	}
}

/* The table of "Boot id and time". */
static void record__table(struct kunit *test)
{
	struct utcp_offer offer = { .time = 100, .boot = { 1 } };
	struct utcp_record r = {};

	KUNIT_EXPECT_EQ(test, utcp_record_take(&r, &offer), UTCP_FRESH);
	KUNIT_EXPECT_FALSE(test, r.known);
	KUNIT_EXPECT_FALSE(test, utcp_record_confirm(&r, offer.boot, 100));
	KUNIT_EXPECT_EQ(test, utcp_record_take(&r, &offer), UTCP_OLD);
	offer.time = 99;
	KUNIT_EXPECT_EQ(test, utcp_record_take(&r, &offer), UTCP_OLD);
	offer.time = 101;
	KUNIT_EXPECT_EQ(test, utcp_record_take(&r, &offer), UTCP_FRESH);
	KUNIT_EXPECT_EQ(test, r.time, 101); /* raised at once */
	KUNIT_EXPECT_EQ(test, utcp_record_take(&r, &offer), UTCP_OLD);
	offer.boot[0] = 2;
	KUNIT_EXPECT_EQ(test, utcp_record_take(&r, &offer), UTCP_DOUBTFUL);
	offer.time = 102;
	KUNIT_EXPECT_EQ(test, utcp_record_take(&r, &offer), UTCP_FRESH);
	KUNIT_EXPECT_EQ(test, r.time, 101); /* not confirmed */
	KUNIT_EXPECT_TRUE(test, utcp_record_confirm(&r, offer.boot, 102));
	KUNIT_EXPECT_EQ(test, utcp_record_take(&r, &offer), UTCP_OLD);
	/* One's own handshake says nothing of the peer's time. */
	KUNIT_EXPECT_FALSE(test, utcp_record_confirm(&r, offer.boot, 0));
	KUNIT_EXPECT_EQ(test, r.time, 102);
	offer.boot[0] = 3;
	KUNIT_EXPECT_TRUE(test, utcp_record_confirm(&r, offer.boot, 0));
	KUNIT_EXPECT_EQ(test, r.time, 0);
}

static void offer_time__increases(struct kunit *test)
{
	const u64 real = 0x18a1b2c3d4123456;
	u64 t = utcp_offer_time(0, real);

	KUNIT_EXPECT_EQ(test, t, 0x18a1b2c3d4000000);
	KUNIT_EXPECT_EQ(test, utcp_offer_time(t, real), t + 1);
	/* A clock that was set back. */
	KUNIT_EXPECT_EQ(test, utcp_offer_time(t, 5), t + 1);
	KUNIT_EXPECT_EQ(test, utcp_offer_time(0, 5), 1);
	KUNIT_EXPECT_EQ(test, utcp_offer_time(t, real + BIT_ULL(24)),
			t + BIT_ULL(24));
}

static struct kunit_case handshake_cases[] = {
	KUNIT_CASE(handshake__vectors),	   KUNIT_CASE(offer__rules),
	KUNIT_CASE(answer__rules),	   KUNIT_CASE(record__table),
	KUNIT_CASE(offer_time__increases), {}
};

static struct kunit_suite handshake_suite = {
	.name = "utcp_handshake",
	.test_cases = handshake_cases,
};

kunit_test_suite(handshake_suite);
