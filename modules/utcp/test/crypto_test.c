// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of crypto.c, in the order of its functions, by published vectors where
 * there are some.
 */
#include "../crypto.c"

#include <crypto/chacha20poly1305.h>
#include <kunit/test.h>

#include "vectors.h"

static u8 bytes[256];

static void count_up(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = i;
}

/* RFC 7693, appendix B. */
static void hash__published(struct kunit *test)
{
	u8 want[UTCP_HASH_LEN], got[UTCP_HASH_LEN];
	struct utcp_hash_state state;

	utcp_bytes(
		test, want, sizeof(want),
		"508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982");
	utcp_hash(got, "abc", 3);
	KUNIT_EXPECT_MEMEQ(test, got, want, sizeof(want));

	utcp_hash_init(&state);
	utcp_hash_update(&state, "a", 1);
	utcp_hash_update(&state, NULL, 0);
	utcp_hash_update(&state, "bc", 2);
	utcp_hash_final(&state, got);
	KUNIT_EXPECT_MEMEQ(test, got, want, sizeof(want));
	KUNIT_EXPECT_TRUE(test, utcp_zeros(&state, sizeof(state)));
}

/* The first and the last of BLAKE2's own vectors; and one of 16 bytes by a key
 * of 16, which no longer one begins with.
 */
static void hash_keyed__published(struct kunit *test)
{
	u8 want[UTCP_HASH_LEN], got[UTCP_HASH_LEN];

	count_up();
	utcp_bytes(
		test, want, sizeof(want),
		"48a8997da407876b3d79c0d92325ad3b89cbb754d86ab71aee047ad345fd2c49");
	utcp_hash_keyed(got, sizeof(got), bytes, UTCP_KEY_LEN, NULL, 0);
	KUNIT_EXPECT_MEMEQ(test, got, want, sizeof(want));
	utcp_bytes(
		test, want, sizeof(want),
		"3fb735061abc519dfe979e54c1ee5bfad0a9d858b3315bad34bde999efd724dd");
	utcp_hash_keyed(got, sizeof(got), bytes, UTCP_KEY_LEN, bytes, 255);
	KUNIT_EXPECT_MEMEQ(test, got, want, sizeof(want));
	utcp_bytes(test, want, 16, "75296c2d2c0f51210b383f386bc8b1ff");
	memset(got, 0, sizeof(got));
	utcp_hash_keyed(got, 16, bytes, 16, "abc", 3);
	KUNIT_EXPECT_MEMEQ(test, got, want, 16);
	KUNIT_EXPECT_TRUE(test, utcp_zeros(got + 16, sizeof(got) - 16));
}

/* By Python's hmac. */
static void hmac__matches(struct kunit *test)
{
	static const char text[] = "what do ya want for nothing?";
	u8 want[UTCP_HASH_LEN], got[UTCP_HASH_LEN];

	count_up();
	utcp_bytes(
		test, want, sizeof(want),
		"14229dde9cdbd4dd31b1a703ac36832ecc9177e0ba0d4632568515aaec7e401f");
	utcp_hmac(got, bytes, text, sizeof(text) - 1);
	KUNIT_EXPECT_MEMEQ(test, got, want, sizeof(want));
}

static void hkdf__matches(struct kunit *test)
{
	u8 want[3][UTCP_HASH_LEN], got[3][UTCP_HASH_LEN];

	count_up();
	utcp_bytes(
		test, want, sizeof(want),
		"c67e0b211ebf48c12c6d41da8fcee207d4c325a8c30f054d97401b14ed212f9f923b032867c597d1df124053325e553b104bf3b76180a46e0c21b44001ec50f673e5eae9c5d230ea6becb29ab8a49f627aff1eb27586b938a71ae090d4c7a184");
	utcp_hkdf(got[0], got[1], got[2], bytes, "abc", 3);
	KUNIT_EXPECT_MEMEQ(test, got, want, sizeof(want));

	/* As many as are asked for, and the first may replace the salt. */
	memset(got, 0, sizeof(got));
	memcpy(got[0], bytes, UTCP_HASH_LEN);
	utcp_hkdf(got[0], NULL, NULL, got[0], "abc", 3);
	KUNIT_EXPECT_MEMEQ(test, got[0], want[0], UTCP_HASH_LEN);
	KUNIT_EXPECT_TRUE(test, utcp_zeros(got[1], 2 * UTCP_HASH_LEN));

	utcp_bytes(
		test, want[0], UTCP_HASH_LEN,
		"7a38c34bf2b8738d7374ca77c44ecb309a11d2b2528304fa86052c365e722624");
	utcp_hkdf(got[0], NULL, NULL, bytes, NULL, 0);
	KUNIT_EXPECT_MEMEQ(test, got[0], want[0], UTCP_HASH_LEN);
}

/* RFC 8439, A.5: the vector whose nonce begins with four zeros. */
static void aead__published(struct kunit *test)
{
	static u8 text[265], sealed[sizeof(text) + UTCP_TAG_LEN];
	static u8 opened[sizeof(text)];
	const u64 nonce = 0x0807060504030201;
	u8 key[UTCP_KEY_LEN], ad[12], want[16];
	size_t i;

	/* "Internet-Drafts are draft documents valid for a maximum of six ..." */
	utcp_bytes(
		test, text, sizeof(text),
		"496e7465726e65742d4472616674732061726520647261667420646f63756d656e74732076616c696420666f722061206d6178696d756d206f6620736978206d6f6e74687320616e64206d617920626520757064617465642c207265706c616365642c206f72206f62736f6c65746564206279206f7468657220646f63756d656e747320617420616e792074696d652e20497420697320696e617070726f70726961746520746f2075736520496e7465726e65742d447261667473206173207265666572656e6365206d6174657269616c206f7220746f2063697465207468656d206f74686572207468616e206173202fe2809c776f726b20696e2070726f67726573732e2fe2809d");
	utcp_bytes(
		test, key, sizeof(key),
		"1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0");
	utcp_bytes(test, ad, sizeof(ad), "f33388860000000000004e91");
	utcp_aead_encrypt(sealed, text, sizeof(text), ad, sizeof(ad), nonce,
			  key);
	utcp_bytes(test, want, 16, "64a0861575861af460f062c79be643bd");
	KUNIT_EXPECT_MEMEQ(test, sealed, want, 16);
	utcp_bytes(test, want, 16, "eead9d67890cbb22392336fea1851f38");
	KUNIT_EXPECT_MEMEQ(test, sealed + sizeof(text), want, 16);

	KUNIT_EXPECT_TRUE(test,
			  utcp_aead_decrypt(opened, sealed, sizeof(sealed), ad,
					    sizeof(ad), nonce, key));
	KUNIT_EXPECT_MEMEQ(test, opened, text, sizeof(text));
	KUNIT_EXPECT_FALSE(test,
			   utcp_aead_decrypt(opened, sealed, sizeof(sealed), ad,
					     sizeof(ad), nonce + 1, key));
	KUNIT_EXPECT_FALSE(test,
			   utcp_aead_decrypt(opened, sealed, sizeof(sealed), ad,
					     sizeof(ad) - 1, nonce, key));
	/* No room for a tag is an answer, no accident. */
	for (i = 0; i < UTCP_TAG_LEN; i++)
		KUNIT_EXPECT_FALSE(test,
				   utcp_aead_decrypt(opened, sealed, i, ad,
						     sizeof(ad), nonce, key));
}

/* Of each length up to some pieces of the key stream, and of each length of what
 * stands beside it: the same as the library's, in place and not, and back.
 */
static void aead__library(struct kunit *test)
{
	static u8 text[1500], want[sizeof(text) + UTCP_TAG_LEN];
	static u8 got[sizeof(want)], opened[sizeof(text)];
	u32 bad = 0, len, ad_len, sealed_len;
	u8 key[UTCP_KEY_LEN], ad[40];

	get_random_bytes(text, sizeof(text));
	get_random_bytes(key, sizeof(key));
	get_random_bytes(ad, sizeof(ad));
	for (len = 0; len <= sizeof(text); len += len < 600 ? 1 : 75) {
		u64 nonce = len * 0x100000001ULL;

		ad_len = len % (sizeof(ad) + 1);
		sealed_len = len + UTCP_TAG_LEN;
		chacha20poly1305_encrypt(want, text, len, ad, ad_len, nonce,
					 key);
		utcp_aead_encrypt(got, text, len, ad, ad_len, nonce, key);
		bad += !!memcmp(got, want, sealed_len);
		bad += !utcp_aead_decrypt(opened, got, sealed_len, ad, ad_len,
					  nonce, key);
		bad += !!memcmp(opened, text, len);
		memcpy(got, text, len);
		utcp_aead_encrypt(got, got, len, ad, ad_len, nonce, key);
		bad += !!memcmp(got, want, sealed_len);
		got[len * 7 % sealed_len] ^= 1 << len % 8;
		bad += utcp_aead_decrypt(opened, got, sealed_len, ad, ad_len,
					 nonce, key);
		got[len * 7 % sealed_len] ^= 1 << len % 8;
		bad += !utcp_aead_decrypt(got, got, sealed_len, ad, ad_len,
					  nonce, key);
		bad += !!memcmp(got, text, len);
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
}

static void private_key_new__is_one(struct kunit *test)
{
	u8 one[UTCP_KEY_LEN], other[UTCP_KEY_LEN], public[UTCP_KEY_LEN];

	KUNIT_ASSERT_EQ(test, utcp_private_key_new(one), 0);
	KUNIT_ASSERT_EQ(test, utcp_private_key_new(other), 0);
	KUNIT_EXPECT_EQ(test, one[0] & 7, 0);
	KUNIT_EXPECT_EQ(test, one[31] & 0xc0, 0x40);
	KUNIT_EXPECT_FALSE(test, utcp_equal(one, other, sizeof(one)));
	KUNIT_EXPECT_TRUE(test, utcp_public_key_of(public, one));
	KUNIT_EXPECT_TRUE(test, utcp_public_key_ok(public));
}

/* RFC 7748, 6.1. */
static void public_key_of__published(struct kunit *test)
{
	u8 private[UTCP_KEY_LEN], want[UTCP_KEY_LEN], got[UTCP_KEY_LEN];

	utcp_bytes(
		test, private, sizeof(private),
		"77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
	utcp_bytes(
		test, want, sizeof(want),
		"8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
	KUNIT_EXPECT_TRUE(test, utcp_public_key_of(got, private));
	KUNIT_EXPECT_MEMEQ(test, got, want, sizeof(want));

	memset(private, 0, sizeof(private));
	KUNIT_EXPECT_FALSE(test, utcp_public_key_of(got, private));
	KUNIT_EXPECT_TRUE(test, utcp_zeros(got, sizeof(got)));
}

static void public_key_of__cells(struct kunit *test)
{
	u8 private[UTCP_KEY_LEN], want[UTCP_KEY_LEN], got[UTCP_KEY_LEN];
	char name[] = "cell1_";

	for (; name[4] <= '3'; name[4]++) {
		utcp_vector_of(test, name, "private", private, sizeof(private));
		utcp_vector_of(test, name, "public", want, sizeof(want));
		KUNIT_EXPECT_TRUE(test, utcp_public_key_of(got, private));
		KUNIT_EXPECT_MEMEQ(test, got, want, sizeof(want));
		KUNIT_EXPECT_TRUE(test, utcp_public_key_ok(got));
	}
}

static void public_key_ok__vectors(struct kunit *test)
{
	u8 key[UTCP_KEY_LEN], private[UTCP_KEY_LEN], secret[UTCP_HASH_LEN];
	unsigned int i;

	utcp_vector(test, "cell1_private", private, sizeof(private));
	for (i = 1; utcp_vector_n(test, "bad_public_", i, key, sizeof(key));
	     i++) {
		KUNIT_EXPECT_FALSE_MSG(test, utcp_public_key_ok(key),
				       "bad_public_%02u", i);
		memset(secret, 1, sizeof(secret));
		KUNIT_EXPECT_FALSE_MSG(test, utcp_dh(secret, private, key),
				       "bad_public_%02u", i);
		KUNIT_EXPECT_TRUE(test, utcp_zeros(secret, sizeof(secret)));
	}
	KUNIT_EXPECT_EQ(test, i, 12);
	for (i = 1; utcp_vector_n(test, "odd_public_", i, key, sizeof(key));
	     i++) {
		KUNIT_EXPECT_TRUE_MSG(test, utcp_public_key_ok(key),
				      "odd_public_%02u", i);
		KUNIT_EXPECT_TRUE(test, utcp_dh(secret, private, key));
	}
	KUNIT_EXPECT_EQ(test, i, 3);
}

/* All 19 coordinates that are not below the prime, and all with the highest bit. */
static void public_key_ok__canonical(struct kunit *test)
{
	u8 key[UTCP_KEY_LEN];
	unsigned int i;

	for (i = 0xeb; i <= 0xff; i++) {
		memset(key, 0xff, sizeof(key));
		key[0] = i;
		key[31] = 0x7f;
		KUNIT_EXPECT_EQ(test, utcp_public_key_ok(key), i == 0xeb);
		key[31] = 0xff;
		KUNIT_EXPECT_FALSE(test, utcp_public_key_ok(key));
	}
	for (i = 0; i < UTCP_KEY_LEN - 1; i++) {
		memset(key, 0xff, sizeof(key));
		key[31] = 0x7f;
		key[i] = 0xec;
		KUNIT_EXPECT_EQ(test, utcp_public_key_ok(key), i != 0);
	}
}

/* The list holds what it says: the library itself makes no secret of them. */
static void low_order__makes_no_secret(struct kunit *test)
{
	u8 private[UTCP_KEY_LEN], secret[UTCP_HASH_LEN];
	unsigned int i;

	utcp_vector(test, "cell1_private", private, sizeof(private));
	for (i = 0; i < ARRAY_SIZE(low_order); i++)
		KUNIT_EXPECT_FALSE(test,
				   curve25519(secret, private, low_order[i]));
}

/* RFC 7748, 5.2 and 6.1. */
static void dh__published(struct kunit *test)
{
	u8 private[UTCP_KEY_LEN], public[UTCP_KEY_LEN], want[UTCP_HASH_LEN];
	u8 got[UTCP_HASH_LEN];

	utcp_bytes(
		test, private, sizeof(private),
		"a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
	utcp_bytes(
		test, public, sizeof(public),
		"e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");
	utcp_bytes(
		test, want, sizeof(want),
		"c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
	KUNIT_EXPECT_TRUE(test, utcp_dh(got, private, public));
	KUNIT_EXPECT_MEMEQ(test, got, want, sizeof(want));

	utcp_bytes(
		test, private, sizeof(private),
		"77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
	utcp_bytes(
		test, public, sizeof(public),
		"de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
	utcp_bytes(
		test, want, sizeof(want),
		"4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
	KUNIT_EXPECT_TRUE(test, utcp_dh(got, private, public));
	KUNIT_EXPECT_MEMEQ(test, got, want, sizeof(want));
}

static void equal__each_bit(struct kunit *test)
{
	u8 a[UTCP_HASH_LEN] = {}, b[UTCP_HASH_LEN] = {};
	unsigned int i;

	KUNIT_EXPECT_TRUE(test, utcp_equal(a, b, sizeof(a)));
	for (i = 0; i < 8 * sizeof(b); i++) {
		b[i / 8] = 1 << i % 8;
		KUNIT_EXPECT_FALSE(test, utcp_equal(a, b, sizeof(a)));
		KUNIT_EXPECT_TRUE(test, utcp_equal(a, b, i / 8));
		b[i / 8] = 0;
	}
}

static struct kunit_case crypto_cases[] = {
	KUNIT_CASE(hash__published),
	KUNIT_CASE(hash_keyed__published),
	KUNIT_CASE(hmac__matches),
	KUNIT_CASE(hkdf__matches),
	KUNIT_CASE(aead__published),
	KUNIT_CASE(aead__library),
	KUNIT_CASE(private_key_new__is_one),
	KUNIT_CASE(public_key_of__published),
	KUNIT_CASE(public_key_of__cells),
	KUNIT_CASE(public_key_ok__vectors),
	KUNIT_CASE(public_key_ok__canonical),
	KUNIT_CASE(low_order__makes_no_secret),
	KUNIT_CASE(dh__published),
	KUNIT_CASE(equal__each_bit),
	{}
};

static struct kunit_suite crypto_suite = {
	.name = "utcp_crypto",
	.test_cases = crypto_cases,
};

kunit_test_suite(crypto_suite);
