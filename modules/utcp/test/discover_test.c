// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of discover.c, in the order of its functions.
 */
#include "../discover.c"

#include <kunit/test.h>

#include "vectors.h"

#define SEC ((u64)NSEC_PER_SEC)

/* Discovery of cell 2, with a realm (dr) and without (dn). */
struct asked {
	u8 realm[UTCP_KEY_LEN];
	u8 nonce[UTCP_NONCE_BYTES];
	u8 salt[UTCP_SALT_BYTES];
	u8 question[UTCP_DISCOVERY_LEN];
	u8 answer[UTCP_DISCOVERY_LEN];
	u8 id[UTCP_ID_BYTES];
	u8 public[UTCP_KEY_LEN];
	struct utcp_disc_keys keys;
};

static void read_vectors(struct kunit *test, const char *prefix,
			 struct asked *a)
{
	utcp_vector_of(test, prefix, "realm", a->realm, sizeof(a->realm));
	utcp_vector_of(test, prefix, "nonce", a->nonce, sizeof(a->nonce));
	utcp_vector_of(test, prefix, "salt", a->salt, sizeof(a->salt));
	utcp_vector_of(test, prefix, "who_has", a->question,
		       sizeof(a->question));
	utcp_vector_of(test, prefix, "i_have", a->answer, sizeof(a->answer));
	utcp_vector(test, "cell2_id", a->id, sizeof(a->id));
	utcp_vector(test, "cell2_public", a->public, sizeof(a->public));
	utcp_disc_keys_init(&a->keys, a->realm);
}

static void discover__vectors(struct kunit *test)
{
	static const char *const prefixes[] = { "dr_", "dn_" };
	u8 frame[UTCP_DISCOVERY_LEN], public[UTCP_KEY_LEN];
	struct asked a;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++) {
		read_vectors(test, prefixes[i], &a);
		utcp_who_has(frame, &a.keys, a.nonce, a.id);
		KUNIT_EXPECT_MEMEQ(test, frame, a.question, sizeof(frame));
		KUNIT_EXPECT_TRUE(test, utcp_who_has_is(frame, &a.keys, a.id));
		utcp_i_have(frame, a.question, &a.keys, a.id, a.salt, a.public);
		KUNIT_EXPECT_MEMEQ(test, frame, a.answer, sizeof(frame));
		KUNIT_EXPECT_TRUE(test,
				  utcp_i_have_open(public, a.answer, a.question,
						   &a.keys, a.id));
		KUNIT_EXPECT_MEMEQ(test, public, a.public, sizeof(public));
	}
}

/* Who has the other realm, or looks for another, gets nothing. */
static void discover__others(struct kunit *test)
{
	struct asked r, n;
	u8 public[UTCP_KEY_LEN], other[UTCP_ID_BYTES];

	read_vectors(test, "dr_", &r);
	read_vectors(test, "dn_", &n);
	utcp_vector(test, "cell1_id", other, sizeof(other));
	KUNIT_EXPECT_FALSE(test, utcp_who_has_is(r.question, &n.keys, r.id));
	KUNIT_EXPECT_FALSE(test, utcp_who_has_is(r.question, &r.keys, other));
	KUNIT_EXPECT_FALSE(test, utcp_i_have_open(public, r.answer, r.question,
						  &n.keys, r.id));
	KUNIT_EXPECT_FALSE(test, utcp_i_have_open(public, r.answer, r.question,
						  &r.keys, other));
	KUNIT_EXPECT_FALSE(test, utcp_i_have_open(public, r.answer, n.question,
						  &r.keys, r.id));
}

/* Each bit of both frames, but for the padding of zeros, which frame.c looks at. */
static void discover__each_bit(struct kunit *test)
{
	struct asked a;
	u8 public[UTCP_KEY_LEN];
	unsigned int bit, taken = 0;

	read_vectors(test, "dr_", &a);
	for (bit = 0; bit < 8 * UTCP_DISCOVERY_LEN; bit++) {
		a.answer[bit / 8] ^= 1 << bit % 8;
		taken += utcp_i_have_open(public, a.answer, a.question, &a.keys,
					  a.id);
		a.answer[bit / 8] ^= 1 << bit % 8;
		a.question[bit / 8] ^= 1 << bit % 8;
		taken += utcp_i_have_open(public, a.answer, a.question, &a.keys,
					  a.id);
		if (bit >= 8 * UTCP_NONCE_AT && bit < 8 * 36)
			taken += utcp_who_has_is(a.question, &a.keys, a.id);
		a.question[bit / 8] ^= 1 << bit % 8;
	}
	KUNIT_EXPECT_EQ(test, taken, 0);
}

static struct utcp_nonces nonces;

static void nonces__asked(struct kunit *test)
{
	struct utcp_asked *asked;
	u8 nonce[UTCP_NONCE_BYTES];
	unsigned int i, n = 0;

	memset(&nonces, 0, sizeof(nonces));
	asked = utcp_nonces_ask(&nonces, 1);
	KUNIT_ASSERT_NOT_NULL(test, asked);
	memcpy(nonce, asked->nonce, sizeof(nonce));
	KUNIT_EXPECT_TRUE(test, utcp_nonces_find(&nonces, nonce, 1) == asked);
	KUNIT_EXPECT_NOT_NULL(test,
			      utcp_nonces_find(&nonces, nonce, 1 + 2 * SEC));
	KUNIT_EXPECT_NULL(test, utcp_nonces_find(&nonces, nonce, 2 + 2 * SEC));
	nonce[15] ^= 1;
	KUNIT_EXPECT_NULL(test, utcp_nonces_find(&nonces, nonce, 1));
	/* A full table gives nothing, and none of them is lost. */
	for (i = 0; i < 50 * UTCP_NONCES; i++)
		n += !!utcp_nonces_ask(&nonces, 1);
	KUNIT_EXPECT_EQ(test, n, UTCP_NONCES - 1);
	KUNIT_EXPECT_NOT_NULL(test, utcp_nonces_ask(&nonces, 2 + 2 * SEC));
}

/* As one is answered. */
static bool answer(const u8 nonce[UTCP_NONCE_BYTES], u64 now)
{
	return !utcp_nonces_answered(&nonces, nonce, now) &&
	       utcp_nonces_answer(&nonces, nonce, now);
}

static void nonces__answered(struct kunit *test)
{
	u8 nonce[UTCP_NONCE_BYTES] = {};
	unsigned int i, n = 0;

	memset(&nonces, 0, sizeof(nonces));
	KUNIT_EXPECT_TRUE(test, answer(nonce, SEC));
	KUNIT_EXPECT_FALSE(test, answer(nonce, SEC));
	KUNIT_EXPECT_FALSE(test, answer(nonce, 11 * SEC - 1));
	KUNIT_EXPECT_TRUE(test, answer(nonce, 11 * SEC));
	for (i = 1; i < 2 * UTCP_NONCES; i++) {
		put_unaligned_be32(i, nonce);
		n += answer(nonce, 12 * SEC);
	}
	KUNIT_EXPECT_EQ(test, n, UTCP_NONCES - 1);
	/* The first one makes room, the others stay. */
	put_unaligned_be32(i, nonce);
	KUNIT_EXPECT_TRUE(test, answer(nonce, 21 * SEC));
	put_unaligned_be32(i + 1, nonce);
	KUNIT_EXPECT_FALSE(test, answer(nonce, 21 * SEC));
}

/* Many that begin alike, and go one by one. */
static void nonces__alike(struct kunit *test)
{
	u8 nonce[UTCP_NONCE_BYTES] = {};
	unsigned int i, n = 0, known = 0, used = 0;

	memset(&nonces, 0, sizeof(nonces));
	nonces.key[0] = 0x243f6a8885a308d3;
	nonces.key[1] = 0x13198a2e03707344;
	for (i = 0; i < UTCP_NONCES; i++) {
		nonce[1] = i % 3;
		put_unaligned_be32(i, nonce + 12);
		n += answer(nonce, SEC + i);
	}
	KUNIT_EXPECT_EQ(test, n, UTCP_NONCES);
	/* Few are looked through for each, though they begin alike. */
	for (i = 0; i < UTCP_NONCES; i++)
		used += !!nonces.first[i];
	KUNIT_EXPECT_GT(test, used, UTCP_NONCES / 2);
	/* A quarter has been forgotten. */
	for (i = 0; i < UTCP_NONCES; i++) {
		nonce[1] = i % 3;
		put_unaligned_be32(i, nonce + 12);
		known += utcp_nonces_answered(&nonces, nonce,
					      11 * SEC + UTCP_NONCES / 4 - 1);
	}
	KUNIT_EXPECT_EQ(test, known, UTCP_NONCES * 3 / 4);
	for (n = 0, i = 0; i < UTCP_NONCES; i++) {
		nonce[1] = i % 3;
		put_unaligned_be32(i, nonce + 12);
		n += answer(nonce, 30 * SEC);
	}
	KUNIT_EXPECT_EQ(test, n, UTCP_NONCES);
}

static struct kunit_case discover_cases[] = {
	KUNIT_CASE(discover__vectors),
	KUNIT_CASE(discover__others),
	KUNIT_CASE(discover__each_bit),
	KUNIT_CASE(nonces__asked),
	KUNIT_CASE(nonces__answered),
	KUNIT_CASE(nonces__alike),
	{},
};

static struct kunit_suite discover_suite = {
	.name = "utcp_discover",
	.test_cases = discover_cases,
};

kunit_test_suite(discover_suite);
