// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of noise.c: the published vector of the pattern, those of the
 * specification, and everything that must be refused.
 */
#include "../noise.c"

#include <kunit/test.h>

#include "vectors.h"

#define MESSAGE_MAX 256
#define PAYLOAD_LEN 32
#define LEN_1 UTCP_NOISE_1_LEN(PAYLOAD_LEN)
#define LEN_2 UTCP_NOISE_2_LEN(PAYLOAD_LEN)
/* Where the messages stand in UTCP/1's frames. */
#define MESSAGE_AT 12

static const char prologue[] = "prologue";

/* Two who want to talk, and what they would say. */
struct pair {
	struct utcp_noise_static i;
	struct utcp_noise_static r;
	u8 ei[UTCP_KEY_LEN];
	u8 er[UTCP_KEY_LEN];
	u8 psk[UTCP_KEY_LEN];
	u8 payload_1[PAYLOAD_LEN];
	u8 payload_2[PAYLOAD_LEN];
};

static void pair(struct kunit *test, struct pair *p)
{
	utcp_vector(test, "cell1_private", p->i.private, UTCP_KEY_LEN);
	utcp_vector(test, "cell1_public", p->i.public, UTCP_KEY_LEN);
	utcp_vector(test, "cell2_private", p->r.private, UTCP_KEY_LEN);
	utcp_vector(test, "cell2_public", p->r.public, UTCP_KEY_LEN);
	utcp_vector(test, "hr_ei_private", p->ei, UTCP_KEY_LEN);
	utcp_vector(test, "hr_er_private", p->er, UTCP_KEY_LEN);
	utcp_vector(test, "hr_realm", p->psk, UTCP_KEY_LEN);
	utcp_vector(test, "hr_payload1", p->payload_1, PAYLOAD_LEN);
	utcp_vector(test, "hr_payload2", p->payload_2, PAYLOAD_LEN);
}

static void initiate(const struct pair *p, struct utcp_noise *hs)
{
	utcp_noise_initiate(hs, &p->i, p->r.public, p->psk, prologue,
			    sizeof(prologue));
}

static void respond(const struct pair *p, struct utcp_noise *hs)
{
	utcp_noise_respond(hs, &p->r, p->psk, prologue, sizeof(prologue));
}

static int write_message_1(const struct pair *p, struct utcp_noise *hs, u8 *msg)
{
	u8 e[UTCP_KEY_LEN];

	memcpy(e, p->ei, sizeof(e));
	return utcp_noise_write_1(hs, e, msg, LEN_1, p->payload_1, PAYLOAD_LEN);
}

static int write_message_2(const struct pair *p, struct utcp_noise *hs, u8 *msg)
{
	u8 e[UTCP_KEY_LEN];

	memcpy(e, p->er, sizeof(e));
	return utcp_noise_write_2(hs, e, msg, LEN_2, p->payload_2, PAYLOAD_LEN);
}

static int read_message_1(struct utcp_noise *hs, const u8 *msg, u8 *payload)
{
	int ret = utcp_noise_read_1_static(hs, msg, LEN_1, PAYLOAD_LEN);

	return ret   ?:
		       utcp_noise_read_1_payload(hs, msg, LEN_1, payload,
						 PAYLOAD_LEN);
}

static bool wiped(const struct utcp_noise *hs)
{
	return utcp_zeros(hs, sizeof(*hs));
}

/* --- what must be right ---------------------------------------------------- */

static void noise__published(struct kunit *test)
{
	static u8 msg[MESSAGE_MAX], want[MESSAGE_MAX], payload[MESSAGE_MAX];
	static u8 opened[MESSAGE_MAX];
	u8 pro[16], psk[UTCP_KEY_LEN], e[UTCP_KEY_LEN], hash[2][UTCP_HASH_LEN];
	u8 key[2][2][UTCP_KEY_LEN], want_hash[UTCP_HASH_LEN];
	struct utcp_noise_static is, rs;
	static struct utcp_noise i, r, done;
	size_t len, pro_len;
	unsigned int n;

	pro_len = utcp_vector(test, "noise_prologue", pro, sizeof(pro));
	utcp_vector(test, "noise_psk", psk, sizeof(psk));
	utcp_vector(test, "noise_init_static", is.private, UTCP_KEY_LEN);
	utcp_vector(test, "noise_resp_static", rs.private, UTCP_KEY_LEN);
	KUNIT_ASSERT_TRUE(test, utcp_public_key_of(is.public, is.private));
	KUNIT_ASSERT_TRUE(test, utcp_public_key_of(rs.public, rs.private));
	utcp_noise_initiate(&i, &is, rs.public, psk, pro, pro_len);
	utcp_noise_respond(&r, &rs, psk, pro, pro_len);

	len = utcp_vector(test, "noise_payload1", payload, sizeof(payload));
	utcp_vector(test, "noise_init_ephemeral", e, sizeof(e));
	KUNIT_ASSERT_EQ(test,
			utcp_noise_write_1(&i, e, msg, UTCP_NOISE_1_LEN(len),
					   payload, len),
			0);
	KUNIT_EXPECT_TRUE(test, utcp_zeros(e, sizeof(e)));
	KUNIT_EXPECT_EQ(test,
			utcp_vector(test, "noise_message1", want, sizeof(want)),
			UTCP_NOISE_1_LEN(len));
	KUNIT_EXPECT_MEMEQ(test, msg, want, UTCP_NOISE_1_LEN(len));
	KUNIT_ASSERT_EQ(test,
			utcp_noise_read_1_static(&r, msg, UTCP_NOISE_1_LEN(len),
						 len),
			0);
	KUNIT_EXPECT_MEMEQ(test, r.rs, is.public, UTCP_KEY_LEN);
	KUNIT_ASSERT_EQ(test,
			utcp_noise_read_1_payload(
				&r, msg, UTCP_NOISE_1_LEN(len), opened, len),
			0);
	KUNIT_EXPECT_MEMEQ(test, opened, payload, len);

	len = utcp_vector(test, "noise_payload2", payload, sizeof(payload));
	utcp_vector(test, "noise_resp_ephemeral", e, sizeof(e));
	KUNIT_ASSERT_EQ(test,
			utcp_noise_write_2(&r, e, msg, UTCP_NOISE_2_LEN(len),
					   payload, len),
			0);
	KUNIT_EXPECT_TRUE(test, utcp_zeros(e, sizeof(e)));
	KUNIT_EXPECT_EQ(test,
			utcp_vector(test, "noise_message2", want, sizeof(want)),
			UTCP_NOISE_2_LEN(len));
	KUNIT_EXPECT_MEMEQ(test, msg, want, UTCP_NOISE_2_LEN(len));
	KUNIT_ASSERT_EQ(test,
			utcp_noise_read_2(&done, &i, msg, UTCP_NOISE_2_LEN(len),
					  opened, len),
			0);
	KUNIT_EXPECT_MEMEQ(test, opened, payload, len);

	KUNIT_EXPECT_EQ(test,
			utcp_noise_split(&done, key[0][0], key[0][1], hash[0]),
			0);
	KUNIT_EXPECT_EQ(test,
			utcp_noise_split(&r, key[1][1], key[1][0], hash[1]), 0);
	KUNIT_EXPECT_TRUE(test, wiped(&done));
	KUNIT_EXPECT_TRUE(test, wiped(&r));
	KUNIT_EXPECT_MEMEQ(test, key[0], key[1], sizeof(key[0]));
	utcp_vector(test, "noise_handshake_hash", want_hash, sizeof(want_hash));
	KUNIT_EXPECT_MEMEQ(test, hash[0], want_hash, sizeof(want_hash));
	KUNIT_EXPECT_MEMEQ(test, hash[1], want_hash, sizeof(want_hash));

	/* Four messages more, from either side in turn. */
	for (n = 3; n <= 6; n++) {
		char name[] = "noise_payload3", sealed[] = "noise_message3";

		name[13] = '0' + n;
		sealed[13] = '0' + n;
		len = utcp_vector(test, name, payload, sizeof(payload));
		utcp_aead_encrypt(msg, payload, len, NULL, 0, (n - 3) / 2,
				  key[0][(n - 3) % 2]);
		utcp_vector(test, sealed, want, sizeof(want));
		KUNIT_EXPECT_MEMEQ(test, msg, want, len + UTCP_TAG_LEN);
	}
}

static void noise__vectors_of(struct kunit *test, const char *prefix)
{
	u8 initiation[172], response[108], msg[LEN_1], payload[PAYLOAD_LEN];
	u8 pro[18], want[UTCP_HASH_LEN], ki[2][UTCP_KEY_LEN],
		kr[2][UTCP_KEY_LEN];
	static struct utcp_noise i, r, done;
	static struct pair p;

	pair(test, &p);
	utcp_vector_of(test, prefix, "realm", p.psk, sizeof(p.psk));
	utcp_vector_of(test, prefix, "payload1", p.payload_1, PAYLOAD_LEN);
	utcp_vector_of(test, prefix, "payload2", p.payload_2, PAYLOAD_LEN);
	utcp_vector_of(test, prefix, "ei_private", p.ei, sizeof(p.ei));
	utcp_vector_of(test, prefix, "er_private", p.er, sizeof(p.er));
	utcp_vector_of(test, prefix, "initiation", initiation,
		       sizeof(initiation));
	utcp_vector_of(test, prefix, "response", response, sizeof(response));
	utcp_vector_of(test, prefix, "prologue", pro, sizeof(pro));

	utcp_noise_initiate(&i, &p.i, p.r.public, p.psk, pro, sizeof(pro));
	utcp_noise_respond(&r, &p.r, p.psk, pro, sizeof(pro));
	utcp_vector_of(test, prefix, "start_ck", want, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, i.ck, want, sizeof(want));
	utcp_vector_of(test, prefix, "start_h", want, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, i.h, want, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, r.h, want, sizeof(want));

	KUNIT_ASSERT_EQ(test, write_message_1(&p, &i, msg), 0);
	KUNIT_EXPECT_MEMEQ(test, msg, initiation + MESSAGE_AT, LEN_1);
	KUNIT_ASSERT_EQ(test, read_message_1(&r, msg, payload), 0);
	KUNIT_EXPECT_MEMEQ(test, payload, p.payload_1, PAYLOAD_LEN);
	KUNIT_EXPECT_MEMEQ(test, r.rs, p.i.public, UTCP_KEY_LEN);
	utcp_vector_of(test, prefix, "m1_ck", want, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, i.ck, want, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, r.ck, want, sizeof(want));
	utcp_vector_of(test, prefix, "m1_h", want, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, i.h, want, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, r.h, want, sizeof(want));

	KUNIT_ASSERT_EQ(test, write_message_2(&p, &r, msg), 0);
	KUNIT_EXPECT_MEMEQ(test, msg, response + MESSAGE_AT, LEN_2);
	KUNIT_ASSERT_EQ(test,
			utcp_noise_read_2(&done, &i, msg, LEN_2, payload,
					  PAYLOAD_LEN),
			0);
	KUNIT_EXPECT_MEMEQ(test, payload, p.payload_2, PAYLOAD_LEN);
	utcp_vector_of(test, prefix, "m2_ck", want, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, done.ck, want, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, r.ck, want, sizeof(want));
	utcp_vector_of(test, prefix, "m2_h", want, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, done.h, want, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, r.h, want, sizeof(want));

	KUNIT_EXPECT_EQ(test, utcp_noise_split(&done, ki[0], kr[0], NULL), 0);
	KUNIT_EXPECT_EQ(test, utcp_noise_split(&r, kr[1], ki[1], NULL), 0);
	utcp_vector_of(test, prefix, "ki", want, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, ki[0], want, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, ki[1], want, sizeof(want));
	utcp_vector_of(test, prefix, "kr", want, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, kr[0], want, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, kr[1], want, sizeof(want));
}

static void noise__vectors(struct kunit *test)
{
	noise__vectors_of(test, "hr_");
	noise__vectors_of(test, "hn_");
}

/* --- what must be refused --------------------------------------------------- */

static void read_1__each_bit(struct kunit *test)
{
	unsigned int i, bad = 0;
	u8 msg[LEN_1], payload[PAYLOAD_LEN];
	static struct utcp_noise hs;
	static struct pair p;

	pair(test, &p);
	initiate(&p, &hs);
	KUNIT_ASSERT_EQ(test, write_message_1(&p, &hs, msg), 0);
	for (i = 0; i < 8 * LEN_1; i++) {
		memset(payload, 0, sizeof(payload));
		msg[i / 8] ^= 1 << i % 8;
		respond(&p, &hs);
		bad += !read_message_1(&hs, msg, payload) || !wiped(&hs) ||
		       !utcp_zeros(payload, sizeof(payload));
		msg[i / 8] ^= 1 << i % 8;
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
	respond(&p, &hs);
	KUNIT_EXPECT_EQ(test, read_message_1(&hs, msg, payload), 0);
}

/* And the wait for the right one goes on. */
static void read_2__each_bit(struct kunit *test)
{
	u8 msg[LEN_1], payload[PAYLOAD_LEN];
	static struct utcp_noise waiting, before, r, done;
	unsigned int i, bad = 0;
	static struct pair p;

	pair(test, &p);
	initiate(&p, &waiting);
	respond(&p, &r);
	KUNIT_ASSERT_EQ(test, write_message_1(&p, &waiting, msg), 0);
	KUNIT_ASSERT_EQ(test, read_message_1(&r, msg, payload), 0);
	KUNIT_ASSERT_EQ(test, write_message_2(&p, &r, msg), 0);
	before = waiting;
	for (i = 0; i < 8 * LEN_2; i++) {
		memset(payload, 1, sizeof(payload));
		msg[i / 8] ^= 1 << i % 8;
		bad += !utcp_noise_read_2(&done, &waiting, msg, LEN_2, payload,
					  PAYLOAD_LEN) ||
		       !wiped(&done) || !utcp_zeros(payload, sizeof(payload));
		msg[i / 8] ^= 1 << i % 8;
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
	KUNIT_EXPECT_MEMEQ(test, &waiting, &before, sizeof(before));
	KUNIT_EXPECT_EQ(test,
			utcp_noise_read_2(&done, &waiting, msg, LEN_2, payload,
					  PAYLOAD_LEN),
			0);
}

static void noise__lengths(struct kunit *test)
{
	static u8 msg[2 * LEN_1], payload[2 * LEN_1];
	u8 good_1[LEN_1], e[UTCP_KEY_LEN];
	static struct utcp_noise hs, i, r;
	unsigned int len, bad = 0;
	static struct pair p;

	pair(test, &p);
	initiate(&p, &i);
	KUNIT_ASSERT_EQ(test, write_message_1(&p, &i, good_1), 0);
	respond(&p, &r);
	KUNIT_ASSERT_EQ(
		test, utcp_noise_read_1_static(&r, good_1, LEN_1, PAYLOAD_LEN),
		0);
	for (len = 0; len < sizeof(msg); len++) {
		memcpy(msg, good_1, sizeof(good_1));
		if (len != LEN_1) {
			memcpy(e, p.ei, sizeof(e));
			initiate(&p, &hs);
			bad += utcp_noise_write_1(&hs, e, payload, len,
						  p.payload_1,
						  PAYLOAD_LEN) != -EINVAL ||
			       !wiped(&hs) || !utcp_zeros(e, sizeof(e));
			respond(&p, &hs);
			bad += utcp_noise_read_1_static(
				       &hs, msg, len, PAYLOAD_LEN) != -EINVAL ||
			       !wiped(&hs);
			hs = r;
			bad += utcp_noise_read_1_payload(&hs, msg, len, payload,
							 PAYLOAD_LEN) !=
				       -EINVAL ||
			       !wiped(&hs);
		}
		if (len != LEN_2)
			bad += utcp_noise_read_2(&hs, &i, msg, len, payload,
						 PAYLOAD_LEN) != -EINVAL ||
			       !wiped(&hs);
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
	/* A payload of another length than its writer's. */
	respond(&p, &hs);
	KUNIT_EXPECT_EQ(test,
			utcp_noise_read_1_static(&hs, good_1, LEN_1,
						 PAYLOAD_LEN - 1),
			-EINVAL);
}

/* Whatever is done out of turn is refused and ends the handshake. */
static void noise__turns(struct kunit *test)
{
	u8 e[UTCP_KEY_LEN], a[UTCP_KEY_LEN], b[UTCP_KEY_LEN];
	u8 msg[LEN_1] = {}, payload[PAYLOAD_LEN];
	unsigned int turn, what, bad = 0;
	static struct utcp_noise hs, from;
	static struct pair p;
	int ret;

	pair(test, &p);
	for (turn = UTCP_NOISE_DEAD; turn <= UTCP_NOISE_RESPONDED; turn++) {
		for (what = 0; what < 6; what++) {
			static const u8 its_turn[] = {
				UTCP_NOISE_WRITE_1,
				UTCP_NOISE_READ_1_STATIC,
				UTCP_NOISE_READ_1_PAYLOAD,
				UTCP_NOISE_WRITE_2,
				UTCP_NOISE_READ_2,
				UTCP_NOISE_INITIATED,
			};

			if (turn == its_turn[what] ||
			    (what == 5 && turn == UTCP_NOISE_RESPONDED))
				continue;
			initiate(&p, &hs);
			hs.turn = turn;
			from = hs;
			memcpy(e, p.ei, sizeof(e));
			switch (what) {
			case 0:
				ret = utcp_noise_write_1(&hs, e, msg, LEN_1,
							 payload, PAYLOAD_LEN);
				break;
			case 1:
				ret = utcp_noise_read_1_static(&hs, msg, LEN_1,
							       PAYLOAD_LEN);
				break;
			case 2:
				ret = utcp_noise_read_1_payload(
					&hs, msg, LEN_1, payload, PAYLOAD_LEN);
				break;
			case 3:
				ret = utcp_noise_write_2(&hs, e, msg, LEN_2,
							 payload, PAYLOAD_LEN);
				break;
			case 4:
				ret = utcp_noise_read_2(&hs, &from, msg, LEN_2,
							payload, PAYLOAD_LEN);
				break;
			default:
				ret = utcp_noise_split(&hs, a, b, NULL);
				break;
			}
			bad += ret != -EINVAL || !wiped(&hs);
		}
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
}

/* One's own messages, sent back. */
static void noise__reflected(struct kunit *test)
{
	u8 msg[LEN_1], payload[PAYLOAD_LEN];
	static struct utcp_noise i, r, done;
	static struct pair p;

	pair(test, &p);
	initiate(&p, &i);
	KUNIT_ASSERT_EQ(test, write_message_1(&p, &i, msg), 0);
	/* Its beginning is as long as a message 2. */
	KUNIT_EXPECT_EQ(test,
			utcp_noise_read_2(&done, &i, msg, LEN_2, payload,
					  PAYLOAD_LEN),
			-EBADMSG);
	/* The initiator as a responder: it was not meant. */
	utcp_noise_respond(&r, &p.i, p.psk, prologue, sizeof(prologue));
	KUNIT_EXPECT_EQ(test, read_message_1(&r, msg, payload), -EBADMSG);
}

/* psk2: the responder knows whom it talks to before either knows of the other's
 * psk, and then it ends.
 */
static void noise__psk_differs(struct kunit *test)
{
	u8 msg[LEN_1], payload[PAYLOAD_LEN];
	static struct utcp_noise i, r, done;
	static struct pair p;

	pair(test, &p);
	initiate(&p, &i);
	p.psk[31] ^= 0x80;
	respond(&p, &r);
	KUNIT_ASSERT_EQ(test, write_message_1(&p, &i, msg), 0);
	KUNIT_ASSERT_EQ(test, read_message_1(&r, msg, payload), 0);
	KUNIT_ASSERT_EQ(test, write_message_2(&p, &r, msg), 0);
	KUNIT_EXPECT_EQ(test,
			utcp_noise_read_2(&done, &i, msg, LEN_2, payload,
					  PAYLOAD_LEN),
			-EBADMSG);
	KUNIT_EXPECT_TRUE(test, wiped(&done));
}

static void noise__prologue_differs(struct kunit *test)
{
	u8 msg[LEN_1], payload[PAYLOAD_LEN];
	static struct utcp_noise hs;
	static struct pair p;

	pair(test, &p);
	initiate(&p, &hs);
	KUNIT_ASSERT_EQ(test, write_message_1(&p, &hs, msg), 0);
	utcp_noise_respond(&hs, &p.r, p.psk, prologue, sizeof(prologue) - 1);
	KUNIT_EXPECT_EQ(test, read_message_1(&hs, msg, payload), -EBADMSG);
	utcp_noise_respond(&hs, &p.r, p.psk, "Prologue", sizeof(prologue));
	KUNIT_EXPECT_EQ(test, read_message_1(&hs, msg, payload), -EBADMSG);
}

/* Who has the initiator's public key and not the private one. */
static void noise__impostor(struct kunit *test)
{
	u8 msg[LEN_1], payload[PAYLOAD_LEN];
	static struct utcp_noise i, r;
	static struct pair p;

	pair(test, &p);
	utcp_vector(test, "cell3_private", p.i.private, UTCP_KEY_LEN);
	initiate(&p, &i);
	respond(&p, &r);
	KUNIT_ASSERT_EQ(test, write_message_1(&p, &i, msg), 0);
	KUNIT_EXPECT_EQ(
		test, utcp_noise_read_1_static(&r, msg, LEN_1, PAYLOAD_LEN), 0);
	KUNIT_EXPECT_MEMEQ(test, r.rs, p.i.public, UTCP_KEY_LEN);
	KUNIT_EXPECT_EQ(test,
			utcp_noise_read_1_payload(&r, msg, LEN_1, payload,
						  PAYLOAD_LEN),
			-EBADMSG);

	/* And who answers in the responder's name. */
	pair(test, &p);
	initiate(&p, &i);
	KUNIT_ASSERT_EQ(test, write_message_1(&p, &i, msg), 0);
	utcp_vector(test, "cell3_private", p.r.private, UTCP_KEY_LEN);
	respond(&p, &r);
	KUNIT_EXPECT_EQ(test, read_message_1(&r, msg, payload), -EBADMSG);
}

/* Bad keys, wherever they stand in a handshake. */
static void noise__bad_keys(struct kunit *test)
{
	u8 msg[LEN_1], good_1[LEN_1], payload[PAYLOAD_LEN], key[UTCP_KEY_LEN];
	static struct utcp_noise i, waiting, r, done;
	static struct pair p, q;
	unsigned int n;

	pair(test, &p);
	initiate(&p, &waiting);
	KUNIT_ASSERT_EQ(test, write_message_1(&p, &waiting, good_1), 0);
	for (n = 1; utcp_vector_n(test, "bad_public_", n, key, sizeof(key));
	     n++) {
		/* the responder's, as the initiator was told */
		utcp_noise_initiate(&i, &p.i, key, p.psk, prologue,
				    sizeof(prologue));
		KUNIT_EXPECT_EQ(test, write_message_1(&p, &i, msg),
				-EKEYREJECTED);
		KUNIT_EXPECT_TRUE(test,
				  utcp_zeros(msg, sizeof(msg)) && wiped(&i));
		/* the initiator's ephemeral */
		memcpy(msg, good_1, sizeof(msg));
		memcpy(msg, key, sizeof(key));
		respond(&p, &r);
		KUNIT_EXPECT_EQ(test, read_message_1(&r, msg, payload),
				-EKEYREJECTED);
		KUNIT_EXPECT_TRUE(test, wiped(&r));
		/* the initiator's static, under a right tag */
		q = p;
		memcpy(q.i.public, key, sizeof(key));
		initiate(&q, &i);
		KUNIT_ASSERT_EQ(test, write_message_1(&q, &i, msg), 0);
		respond(&p, &r);
		KUNIT_EXPECT_EQ(test,
				utcp_noise_read_1_static(&r, msg, LEN_1,
							 PAYLOAD_LEN),
				-EKEYREJECTED);
		KUNIT_EXPECT_TRUE(test, wiped(&r));
		/* the responder's ephemeral */
		memset(msg, 0, sizeof(msg));
		memcpy(msg, key, sizeof(key));
		KUNIT_EXPECT_EQ(test,
				utcp_noise_read_2(&done, &waiting, msg, LEN_2,
						  payload, PAYLOAD_LEN),
				-EKEYREJECTED);
		KUNIT_EXPECT_TRUE(test, wiped(&done));
	}
	KUNIT_EXPECT_EQ(test, n, 12);
}

/* A private key of zeros is nobody's, and an ephemeral one does for one message. */
static void noise__zero_keys(struct kunit *test)
{
	u8 msg[LEN_1], payload[PAYLOAD_LEN], e[UTCP_KEY_LEN];
	static struct utcp_noise i, r;
	static struct pair p;

	pair(test, &p);
	memcpy(e, p.ei, sizeof(e));
	initiate(&p, &i);
	KUNIT_ASSERT_EQ(test,
			utcp_noise_write_1(&i, e, msg, LEN_1, p.payload_1,
					   PAYLOAD_LEN),
			0);
	initiate(&p, &i);
	KUNIT_EXPECT_EQ(test, utcp_noise_write_1(&i, e, payload, 0, NULL, 0),
			-EINVAL);
	initiate(&p, &i);
	KUNIT_EXPECT_EQ(test,
			utcp_noise_write_1(&i, e, msg, LEN_1, p.payload_1,
					   PAYLOAD_LEN),
			-EKEYREJECTED);
	KUNIT_EXPECT_TRUE(test, utcp_zeros(msg, sizeof(msg)) && wiped(&i));

	initiate(&p, &i);
	respond(&p, &r);
	KUNIT_ASSERT_EQ(test, write_message_1(&p, &i, msg), 0);
	KUNIT_ASSERT_EQ(test, read_message_1(&r, msg, payload), 0);
	KUNIT_EXPECT_EQ(test,
			utcp_noise_write_2(&r, e, msg, LEN_2, p.payload_2,
					   PAYLOAD_LEN),
			-EKEYREJECTED);
	KUNIT_EXPECT_TRUE(test, utcp_zeros(msg, LEN_2) && wiped(&r));

	utcp_noise_wipe(&i);
	KUNIT_EXPECT_TRUE(test, wiped(&i));
}

static struct kunit_case noise_cases[] = { KUNIT_CASE(noise__published),
					   KUNIT_CASE(noise__vectors),
					   KUNIT_CASE(read_1__each_bit),
					   KUNIT_CASE(read_2__each_bit),
					   KUNIT_CASE(noise__lengths),
					   KUNIT_CASE(noise__turns),
					   KUNIT_CASE(noise__reflected),
					   KUNIT_CASE(noise__psk_differs),
					   KUNIT_CASE(noise__prologue_differs),
					   KUNIT_CASE(noise__impostor),
					   KUNIT_CASE(noise__bad_keys),
					   KUNIT_CASE(noise__zero_keys),
					   {} };

static struct kunit_suite noise_suite = {
	.name = "utcp_noise",
	.test_cases = noise_cases,
};

kunit_test_suite(noise_suite);
