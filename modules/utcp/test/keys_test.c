// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of keys.c, in the order of its functions.
 */
#include "../keys.c"

#include <kunit/test.h>

#include "vectors.h"

#define CHACHA UTCP_SUITE_CHACHA20_POLY1305
#define GCM UTCP_SUITE_AES_256_GCM
#define EPOCH BIT_ULL(UTCP_GCM_EPOCH_SHIFT)

/* Where a data frame's counter and ciphertext stand. */
#define COUNTER_AT 10
#define SEALED_AT 18
#define FRAME_MAX 256

/* The secret of a direction: 'i' or 'r'. */
static void secret_of(struct kunit *test, char direction, u8 *secret)
{
	utcp_vector(test, direction == 'i' ? "hr_ki" : "hr_kr", secret,
		    UTCP_KEY_LEN);
}

static void lane_key__vectors(struct kunit *test)
{
	u8 secret[UTCP_KEY_LEN], want[UTCP_KEY_LEN], got[UTCP_KEY_LEN];
	unsigned int i;

	for (i = 0; i < 16; i++) {
		char direction = i & 8 ? 'r' : 'i';
		u16 lane = i >> 2 & 1;
		u8 suite = (i >> 1 & 1) + 1;
		u32 epoch = i & 1;
		char name[32];

		snprintf(name, sizeof(name), "key_%c_l%u_s%u_e%u", direction,
			 lane, suite, epoch);
		utcp_vector(test, name, want, sizeof(want));
		secret_of(test, direction, secret);
		utcp_lane_key(got, secret, lane, suite, epoch);
		KUNIT_EXPECT_TRUE_MSG(test, !memcmp(got, want, sizeof(want)),
				      "%s", name);
	}
}

static void nonce__vectors(struct kunit *test)
{
	u8 want[UTCP_NONCE_LEN], got[UTCP_NONCE_LEN];
	const u64 counter = 0x0102030405060708;

	utcp_vector(test, "nonce_s1", want, sizeof(want));
	utcp_nonce(got, CHACHA, counter);
	KUNIT_EXPECT_MEMEQ(test, got, want, sizeof(want));
	utcp_vector(test, "nonce_s2", want, sizeof(want));
	utcp_nonce(got, GCM, counter);
	KUNIT_EXPECT_MEMEQ(test, got, want, sizeof(want));
}

static void sender__counts(struct kunit *test)
{
	u8 secret[UTCP_KEY_LEN], want[UTCP_KEY_LEN];
	struct utcp_sender sender;
	const u8 *key;
	u64 i, n;

	secret_of(test, 'i', secret);
	utcp_vector(test, "key_i_l1_s1_e0", want, sizeof(want));
	utcp_sender_init(&sender, secret, 1, CHACHA);
	for (i = 0; i < 1000; i++) {
		key = utcp_sender_take(&sender, &n);
		KUNIT_ASSERT_NOT_NULL(test, key);
		KUNIT_EXPECT_EQ(test, n, i);
		KUNIT_EXPECT_MEMEQ(test, key, want, sizeof(want));
	}
	utcp_sender_wipe(&sender);
	KUNIT_EXPECT_TRUE(test, utcp_zeros(&sender, sizeof(sender)));
	KUNIT_EXPECT_NULL(test, utcp_sender_take(&sender, &n));
}

/* The last counter is given once, and nothing after it, however often one asks. */
static void sender__ends(struct kunit *test)
{
	static const struct {
		enum utcp_suite suite;
		u64 end;
	} table[] = { { CHACHA, 1ULL << 60 }, { GCM, 1ULL << 55 } };
	u8 secret[UTCP_KEY_LEN];
	struct utcp_sender sender;
	unsigned int i, again;

	secret_of(test, 'i', secret);
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		u64 n = 0;

		utcp_sender_init(&sender, secret, 0, table[i].suite);
		sender.next = table[i].end - 2;
		KUNIT_EXPECT_NOT_NULL(test, utcp_sender_take(&sender, &n));
		KUNIT_EXPECT_EQ(test, n, table[i].end - 2);
		KUNIT_EXPECT_NOT_NULL(test, utcp_sender_take(&sender, &n));
		KUNIT_EXPECT_EQ(test, n, table[i].end - 1);
		for (again = 0; again < 3; again++)
			KUNIT_EXPECT_NULL(test, utcp_sender_take(&sender, &n));
		KUNIT_EXPECT_EQ(test, n, table[i].end - 1);
	}
}

static void sender__epochs(struct kunit *test)
{
	u8 secret[UTCP_KEY_LEN], want[UTCP_KEY_LEN];
	struct utcp_sender sender;
	const u8 *key;
	u64 n;

	secret_of(test, 'r', secret);
	utcp_sender_init(&sender, secret, 0, GCM);
	sender.next = EPOCH - 1;
	key = utcp_sender_take(&sender, &n);
	utcp_vector(test, "key_r_l0_s2_e0", want, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, key, want, sizeof(want));
	key = utcp_sender_take(&sender, &n);
	KUNIT_EXPECT_EQ(test, n, EPOCH);
	utcp_vector(test, "key_r_l0_s2_e1", want, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, key, want, sizeof(want));
}

/* The frames of the specification under suite 1: sealed so, and opened. */
static void keys__data_frames(struct kunit *test)
{
	static u8 frame[FRAME_MAX], made[FRAME_MAX], plain[FRAME_MAX],
		text[FRAME_MAX];
	static struct utcp_receiver receiver;
	u8 secret[UTCP_KEY_LEN], which[4];
	unsigned int i, frames = 0;

	for (i = 1; i <= 6; i++) {
		struct utcp_sender sender;
		char prefix[] = "data1_";
		size_t len, plain_len = 0;
		const u8 *key;
		u64 n;

		prefix[4] = '0' + i;
		utcp_vector_of(test, prefix, "which", which, sizeof(which));
		if (which[1] != CHACHA)
			continue;
		frames++;
		len = utcp_vector_of(test, prefix, "frame", frame,
				     sizeof(frame));
		if (len > SEALED_AT + UTCP_TAG_LEN)
			plain_len = utcp_vector_of(test, prefix, "plain", plain,
						   sizeof(plain));
		KUNIT_ASSERT_EQ(test, len,
				SEALED_AT + plain_len + UTCP_TAG_LEN);
		secret_of(test, which[0], secret);

		utcp_sender_init(&sender, secret, get_unaligned_be16(which + 2),
				 CHACHA);
		sender.next = get_unaligned_be64(frame + COUNTER_AT);
		memcpy(made, frame, SEALED_AT);
		key = utcp_sender_take(&sender, &n);
		KUNIT_ASSERT_NOT_NULL(test, key);
		utcp_aead_encrypt(made + SEALED_AT, plain, plain_len, frame,
				  SEALED_AT, n, key);
		KUNIT_EXPECT_MEMEQ(test, made, frame, len);

		utcp_receiver_init(&receiver, secret,
				   get_unaligned_be16(which + 2), CHACHA);
		KUNIT_ASSERT_EQ(test, utcp_receiver_key(&receiver, n, &key), 0);
		KUNIT_EXPECT_TRUE(test,
				  utcp_aead_decrypt(text, frame + SEALED_AT,
						    len - SEALED_AT, frame,
						    SEALED_AT, n, key));
		KUNIT_EXPECT_MEMEQ(test, text, plain, plain_len);
		KUNIT_EXPECT_EQ(test, utcp_receiver_good(&receiver, n), 0);
		KUNIT_EXPECT_EQ(test, utcp_receiver_key(&receiver, n, &key),
				-EEXIST);
		KUNIT_EXPECT_EQ(test, utcp_receiver_good(&receiver, n),
				-EEXIST);
	}
	KUNIT_EXPECT_EQ(test, frames, 4);
}

static void receiver__limits(struct kunit *test)
{
	static struct utcp_receiver receiver;
	u8 secret[UTCP_KEY_LEN];
	const u8 *key = NULL;

	secret_of(test, 'i', secret);
	utcp_receiver_init(&receiver, secret, 0, CHACHA);
	/* There is one epoch, and no key of another lies about. */
	KUNIT_EXPECT_TRUE(test, utcp_zeros(receiver.key[1], 2 * UTCP_KEY_LEN));
	KUNIT_EXPECT_EQ(
		test, utcp_receiver_key(&receiver, (1ULL << 60) - 1, &key), 0);
	KUNIT_EXPECT_EQ(test, utcp_receiver_key(&receiver, 1ULL << 60, &key),
			-ERANGE);
	KUNIT_EXPECT_EQ(test, utcp_receiver_good(&receiver, 1ULL << 60),
			-ERANGE);
	KUNIT_EXPECT_EQ(test, utcp_receiver_good(&receiver, 10000), 0);
	KUNIT_EXPECT_EQ(test, utcp_receiver_key(&receiver, 10000 - 8192, &key),
			-ESTALE);
	utcp_receiver_wipe(&receiver);
	KUNIT_EXPECT_TRUE(test, utcp_zeros(&receiver, sizeof(receiver)));
	KUNIT_EXPECT_EQ(test, utcp_receiver_key(&receiver, 20000, &key),
			-ERANGE);

	utcp_receiver_init(&receiver, secret, 0, GCM);
	KUNIT_EXPECT_EQ(test, utcp_receiver_key(&receiver, 1ULL << 55, &key),
			-ERANGE);
}

/* Which key a counter of a receiver gets, as its epoch and 1; 0: none. */
static u32 key_epoch(const struct utcp_receiver *receiver, const u8 *secret,
		     u64 counter)
{
	u32 epoch = counter / EPOCH;
	u8 want[UTCP_KEY_LEN];
	const u8 *key;

	if (utcp_receiver_key(receiver, counter, &key))
		return 0;
	utcp_lane_key(want, secret, 3, GCM, epoch);
	return memcmp(key, want, sizeof(want)) ? ~0U : epoch + 1;
}

static void receiver__epochs(struct kunit *test)
{
	static struct utcp_receiver receiver;
	u8 secret[UTCP_KEY_LEN];
	const u8 *key;
	u64 e;

	secret_of(test, 'i', secret);
	utcp_receiver_init(&receiver, secret, 3, GCM);
	KUNIT_EXPECT_EQ(test, key_epoch(&receiver, secret, 0), 1);
	KUNIT_EXPECT_EQ(test, key_epoch(&receiver, secret, EPOCH), 2);
	KUNIT_EXPECT_EQ(test, utcp_receiver_key(&receiver, 2 * EPOCH, &key),
			-ENOKEY);
	KUNIT_EXPECT_EQ(test, utcp_receiver_good(&receiver, 2 * EPOCH),
			-ENOKEY);

	/* One after the other; at each border the one before is still there. */
	for (e = 1; e < 20; e++) {
		KUNIT_EXPECT_EQ(test, utcp_receiver_good(&receiver, e * EPOCH),
				0);
		KUNIT_EXPECT_EQ(test,
				key_epoch(&receiver, secret, e * EPOCH - 1), e);
		KUNIT_EXPECT_EQ(test,
				key_epoch(&receiver, secret, e * EPOCH + 1),
				e + 1);
		KUNIT_EXPECT_EQ(test,
				key_epoch(&receiver, secret, (e + 1) * EPOCH),
				e + 2);
		KUNIT_EXPECT_EQ(test,
				utcp_receiver_key(&receiver, (e + 2) * EPOCH,
						  &key),
				-ENOKEY);
		/* A late frame of the epoch before moves nothing. */
		KUNIT_EXPECT_EQ(
			test, utcp_receiver_good(&receiver, e * EPOCH - 2), 0);
		KUNIT_EXPECT_EQ(test, receiver.epoch, e);
	}
}

/* The last epoch has none after it, and its key stays. */
static void receiver__last_epoch(struct kunit *test)
{
	static struct utcp_receiver receiver;
	const u64 end = UTCP_GCM_COUNTERS;
	u8 secret[UTCP_KEY_LEN];
	const u8 *key;

	secret_of(test, 'i', secret);
	utcp_receiver_init(&receiver, secret, 3, GCM);
	receiver.epoch = U32_MAX - 1;
	have_epoch(&receiver, U32_MAX - 1);
	have_epoch(&receiver, U32_MAX);
	KUNIT_EXPECT_EQ(test, utcp_receiver_good(&receiver, end - 2), 0);
	KUNIT_EXPECT_EQ(test, receiver.epoch, U32_MAX);
	KUNIT_EXPECT_EQ(test, key_epoch(&receiver, secret, end - 1 - EPOCH), 0);
	KUNIT_EXPECT_EQ(test, utcp_receiver_key(&receiver, end - 1, &key), 0);
	utcp_lane_key(secret, secret, 3, GCM, U32_MAX);
	KUNIT_EXPECT_MEMEQ(test, key, secret, sizeof(secret));
	KUNIT_EXPECT_EQ(test, utcp_receiver_good(&receiver, end - 1), 0);
	KUNIT_EXPECT_EQ(test, utcp_receiver_key(&receiver, end, &key), -ERANGE);
}

/* RFC 9001, 6.6, for each key by itself. */
static void receiver__forgeries(struct kunit *test)
{
	static struct utcp_receiver receiver;
	u8 secret[UTCP_KEY_LEN];

	secret_of(test, 'i', secret);
	utcp_receiver_init(&receiver, secret, 0, CHACHA);
	KUNIT_EXPECT_FALSE(test, utcp_receiver_bad(&receiver, 5));
	KUNIT_EXPECT_EQ(test, receiver.forged[0], (u64)1);
	receiver.forged[0] = (1ULL << 36) - 2;
	KUNIT_EXPECT_FALSE(test, utcp_receiver_bad(&receiver, 5));
	KUNIT_EXPECT_TRUE(test, utcp_receiver_bad(&receiver, 6));
	KUNIT_EXPECT_TRUE(test, utcp_receiver_bad(&receiver, 7));
	KUNIT_EXPECT_EQ(test, receiver.forged[0], 1ULL << 36);
	/* It takes nothing away from the window. */
	KUNIT_EXPECT_EQ(test, utcp_receiver_good(&receiver, 5), 0);

	utcp_receiver_init(&receiver, secret, 0, GCM);
	receiver.forged[0] = (1ULL << 52) - 1;
	KUNIT_EXPECT_FALSE(test, utcp_receiver_bad(&receiver, EPOCH));
	KUNIT_EXPECT_TRUE(test, utcp_receiver_bad(&receiver, EPOCH - 1));
}

static struct kunit_case keys_cases[] = { KUNIT_CASE(lane_key__vectors),
					  KUNIT_CASE(nonce__vectors),
					  KUNIT_CASE(sender__counts),
					  KUNIT_CASE(sender__ends),
					  KUNIT_CASE(sender__epochs),
					  KUNIT_CASE(keys__data_frames),
					  KUNIT_CASE(receiver__limits),
					  KUNIT_CASE(receiver__epochs),
					  KUNIT_CASE(receiver__last_epoch),
					  KUNIT_CASE(receiver__forgeries),
					  {} };

static struct kunit_suite keys_suite = {
	.name = "utcp_keys",
	.test_cases = keys_cases,
};

kunit_test_suite(keys_suite);
