// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of cookie.c, in the order of its functions.
 */
#include "../cookie.c"

#include <kunit/test.h>

#include "vectors.h"

#define INITIATION_LEN 172
#define MAC1_AT 140
#define MAC2_AT 156
#define RESPONSE_LEN 108
#define RESPONSE_MAC1_AT 92
#define REPLY_AT 8
#define REPLY_LEN 48

#define SECOND NSEC_PER_SEC
/* Some time, and not the beginning of it. */
#define T0 (1000 * SECOND)

/* What the vectors of one handshake say. */
struct spec {
	u8 realm[UTCP_KEY_LEN];
	u8 si[UTCP_KEY_LEN];
	u8 sr[UTCP_KEY_LEN];
	u8 initiation[INITIATION_LEN];
	struct utcp_mac_keys initiator;
	struct utcp_mac_keys responder;
};

static void spec(struct kunit *test, struct spec *s, const char *prefix)
{
	utcp_vector_of(test, prefix, "realm", s->realm, sizeof(s->realm));
	utcp_vector(test, "cell1_public", s->si, sizeof(s->si));
	utcp_vector(test, "cell2_public", s->sr, sizeof(s->sr));
	utcp_vector_of(test, prefix, "initiation", s->initiation,
		       sizeof(s->initiation));
	utcp_mac_keys_init(&s->initiator, s->si, s->realm);
	utcp_mac_keys_init(&s->responder, s->sr, s->realm);
}

static const struct utcp_cookie_from here = {
	.addr = { 2, 0, 0, 0, 0, 1 },
	.ifindex = 7,
	.vlan = 0,
};

static void mac_keys__vectors_of(struct kunit *test, const char *prefix)
{
	u8 want[UTCP_HASH_LEN];
	struct spec s;

	spec(test, &s, prefix);
	utcp_vector_of(test, prefix, "initiation_mac1_key", want, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, s.responder.mac1, want, sizeof(want));
	utcp_vector_of(test, prefix, "response_mac1_key", want, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, s.initiator.mac1, want, sizeof(want));
	utcp_vector_of(test, prefix, "hint", want, sizeof(want));
	KUNIT_EXPECT_EQ(test, s.responder.hint, want[0]);

	utcp_mac_keys_wipe(&s.responder);
	KUNIT_EXPECT_TRUE(test, utcp_zeros(&s.responder, sizeof(s.responder)));
}

static void mac_keys__vectors(struct kunit *test)
{
	mac_keys__vectors_of(test, "hr_");
	mac_keys__vectors_of(test, "hn_");
}

static void mac1__vectors_of(struct kunit *test, const char *prefix)
{
	u8 response[RESPONSE_LEN], mac[UTCP_MAC_LEN];
	struct spec s;

	spec(test, &s, prefix);
	utcp_mac1(mac, &s.responder, s.initiation, MAC1_AT);
	KUNIT_EXPECT_MEMEQ(test, mac, s.initiation + MAC1_AT, sizeof(mac));
	KUNIT_EXPECT_TRUE(test,
			  utcp_zeros(s.initiation + MAC2_AT, UTCP_MAC_LEN));
	utcp_vector_of(test, prefix, "response", response, sizeof(response));
	KUNIT_EXPECT_TRUE(test, utcp_mac1_ok(response + RESPONSE_MAC1_AT,
					     &s.initiator, response,
					     RESPONSE_MAC1_AT));
	/* Whoever is not meant sees that. */
	KUNIT_EXPECT_FALSE(test, utcp_mac1_ok(response + RESPONSE_MAC1_AT,
					      &s.responder, response,
					      RESPONSE_MAC1_AT));
}

static void mac1__vectors(struct kunit *test)
{
	mac1__vectors_of(test, "hr_");
	mac1__vectors_of(test, "hn_");
}

static void mac1__each_bit(struct kunit *test)
{
	unsigned int i, bad = 0;
	struct spec s;

	spec(test, &s, "hr_");
	KUNIT_EXPECT_TRUE(test,
			  utcp_mac1_ok(s.initiation + MAC1_AT, &s.responder,
				       s.initiation, MAC1_AT));
	for (i = 0; i < 8 * MAC2_AT; i++) {
		s.initiation[i / 8] ^= 1 << i % 8;
		bad += utcp_mac1_ok(s.initiation + MAC1_AT, &s.responder,
				    s.initiation, MAC1_AT);
		s.initiation[i / 8] ^= 1 << i % 8;
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
}

/* A realm's MACs are of no use in another, or in none. */
static void mac1__other_realm(struct kunit *test)
{
	u8 none[UTCP_KEY_LEN] = {};
	struct utcp_mac_keys other;
	struct spec s;

	spec(test, &s, "hr_");
	utcp_mac_keys_init(&other, s.sr, none);
	KUNIT_EXPECT_FALSE(test, utcp_mac1_ok(s.initiation + MAC1_AT, &other,
					      s.initiation, MAC1_AT));
	s.realm[0] ^= 1;
	utcp_mac_keys_init(&other, s.sr, s.realm);
	KUNIT_EXPECT_FALSE(test, utcp_mac1_ok(s.initiation + MAC1_AT, &other,
					      s.initiation, MAC1_AT));
}

/* A jar whose secret is the vectors'. */
static void vector_jar(struct kunit *test, struct utcp_cookie_jar *jar,
		       const char *prefix)
{
	memset(jar, 0, sizeof(*jar));
	utcp_vector_of(test, prefix, "cookie_secret", jar->now.key,
		       sizeof(jar->now.key));
	jar->now.born = T0;
	jar->now.drawn = true;
}

static void cookie__vectors_of(struct kunit *test, const char *prefix)
{
	u8 want[UTCP_COOKIE_LEN], reply[REPLY_AT + REPLY_LEN],
		frame[INITIATION_LEN];
	u8 sealed[REPLY_LEN], key[UTCP_KEY_LEN], mac[UTCP_MAC_LEN];
	struct utcp_cookie cookie = {};
	struct utcp_cookie_jar jar;
	struct spec s;

	spec(test, &s, prefix);
	vector_jar(test, &jar, prefix);
	utcp_vector_of(test, prefix, "cookie", want, sizeof(want));
	make(mac, &jar.now, &here);
	KUNIT_EXPECT_MEMEQ(test, mac, want, sizeof(want));

	utcp_vector_of(test, prefix, "cookie_reply", reply, sizeof(reply));
	utcp_vector_of(test, prefix, "cookie_salt", sealed,
		       UTCP_COOKIE_SALT_LEN);
	seal(sealed, want, &s.responder, s.initiation + MAC1_AT);
	KUNIT_EXPECT_MEMEQ(test, sealed, reply + REPLY_AT, sizeof(sealed));
	utcp_vector_of(test, prefix, "cookie_key", key, sizeof(key));
	KUNIT_EXPECT_MEMEQ(test, s.responder.cookie, key, sizeof(key));

	KUNIT_EXPECT_EQ(test,
			utcp_cookie_take(&cookie, T0, reply + REPLY_AT,
					 REPLY_LEN, &s.responder,
					 s.initiation + MAC1_AT),
			0);
	KUNIT_EXPECT_MEMEQ(test, cookie.value, want, sizeof(want));
	utcp_vector_of(test, prefix, "initiation_mac2", frame, sizeof(frame));
	utcp_mac2(mac, &cookie, T0, frame, MAC2_AT);
	KUNIT_EXPECT_MEMEQ(test, mac, frame + MAC2_AT, sizeof(mac));
	KUNIT_EXPECT_TRUE(test,
			  utcp_mac2_ok(mac, &jar, T0, &here, frame, MAC2_AT));
}

static void cookie__vectors(struct kunit *test)
{
	cookie__vectors_of(test, "hr_");
	cookie__vectors_of(test, "hn_");
}

/* Asks for a cookie, and makes a mac2 with it. */
static void get_mac2(struct kunit *test, const struct spec *s,
		     struct utcp_cookie_jar *jar, u64 now, u8 mac[UTCP_MAC_LEN])
{
	struct utcp_cookie cookie = {};
	u8 reply[REPLY_LEN];

	utcp_cookie_reply(reply, jar, now, &here, &s->responder,
			  s->initiation + MAC1_AT);
	KUNIT_ASSERT_EQ(test,
			utcp_cookie_take(&cookie, now, reply, sizeof(reply),
					 &s->responder,
					 s->initiation + MAC1_AT),
			0);
	utcp_mac2(mac, &cookie, now, s->initiation, MAC2_AT);
	KUNIT_EXPECT_FALSE(test, utcp_zeros(mac, UTCP_MAC_LEN));
}

static bool good(struct utcp_cookie_jar *jar, u64 now, const struct spec *s,
		 const u8 mac[UTCP_MAC_LEN])
{
	return utcp_mac2_ok(mac, jar, now, &here, s->initiation, MAC2_AT);
}

static void cookie_reply__salts_differ(struct kunit *test)
{
	u8 one[REPLY_LEN], other[REPLY_LEN];
	struct utcp_cookie_jar jar = {};
	struct spec s;

	spec(test, &s, "hr_");
	utcp_cookie_reply(one, &jar, T0, &here, &s.responder,
			  s.initiation + MAC1_AT);
	utcp_cookie_reply(other, &jar, T0, &here, &s.responder,
			  s.initiation + MAC1_AT);
	KUNIT_EXPECT_FALSE(test, utcp_equal(one, other, UTCP_COOKIE_SALT_LEN));
	KUNIT_EXPECT_FALSE(test, utcp_equal(one + UTCP_COOKIE_SALT_LEN,
					    other + UTCP_COOKIE_SALT_LEN,
					    UTCP_COOKIE_SEALED_LEN));
}

/* A cookie is good for as long as its initiator keeps it, whenever its secret was
 * drawn, and no secret is good for longer than twice that.
 */
static void mac2__rotation(struct kunit *test)
{
	u8 first[UTCP_MAC_LEN], last[UTCP_MAC_LEN], second[UTCP_MAC_LEN];
	struct utcp_cookie_jar jar = {};
	u8 secret[UTCP_KEY_LEN];
	struct spec s;

	spec(test, &s, "hr_");
	KUNIT_EXPECT_FALSE(test, good(&jar, T0, &s, secret));
	KUNIT_EXPECT_FALSE(test, jar.now.drawn);

	get_mac2(test, &s, &jar, T0, first);
	memcpy(secret, jar.now.key, sizeof(secret));
	get_mac2(test, &s, &jar, T0 + 120 * SECOND - 1, last);
	KUNIT_EXPECT_MEMEQ(test, first, last, sizeof(first));
	KUNIT_EXPECT_MEMEQ(test, secret, jar.now.key, sizeof(secret));

	/* 120 s: a new secret; the old one makes no more, and is still good. */
	get_mac2(test, &s, &jar, T0 + 120 * SECOND, second);
	KUNIT_EXPECT_FALSE(test, utcp_equal(first, second, sizeof(first)));
	KUNIT_EXPECT_TRUE(test, good(&jar, T0 + 120 * SECOND, &s, first));
	KUNIT_EXPECT_TRUE(test, good(&jar, T0 + 240 * SECOND - 1, &s, first));
	KUNIT_EXPECT_TRUE(test, good(&jar, T0 + 240 * SECOND - 1, &s, second));

	/* 240 s: forgotten, and so is the second in its turn. */
	KUNIT_EXPECT_FALSE(test, good(&jar, T0 + 240 * SECOND, &s, first));
	KUNIT_EXPECT_TRUE(test, good(&jar, T0 + 240 * SECOND, &s, second));
	KUNIT_EXPECT_FALSE(test, jar.now.drawn);
	KUNIT_EXPECT_TRUE(test, utcp_zeros(jar.now.key, sizeof(jar.now.key)));
	KUNIT_EXPECT_TRUE(test, good(&jar, T0 + 360 * SECOND - 1, &s, second));
	KUNIT_EXPECT_FALSE(test, good(&jar, T0 + 360 * SECOND, &s, second));
	KUNIT_EXPECT_TRUE(test, utcp_zeros(&jar, sizeof(jar)));
}

/* Long without use: nothing of before is good, though no call came between. */
static void mac2__long_pause(struct kunit *test)
{
	struct utcp_cookie_jar jar = {};
	u8 mac[UTCP_MAC_LEN];
	struct spec s;

	spec(test, &s, "hr_");
	get_mac2(test, &s, &jar, T0, mac);
	KUNIT_EXPECT_FALSE(test, good(&jar, T0 + 86400 * SECOND, &s, mac));
	KUNIT_EXPECT_TRUE(test, utcp_zeros(&jar, sizeof(jar)));
}

static void mac2__elsewhere(struct kunit *test)
{
	struct utcp_cookie_from from = here;
	struct utcp_cookie_jar jar = {};
	u8 mac[UTCP_MAC_LEN];
	unsigned int i;
	struct spec s;

	spec(test, &s, "hr_");
	get_mac2(test, &s, &jar, T0, mac);
	for (i = 0; i < ETH_ALEN; i++) {
		from.addr[i] ^= 1;
		KUNIT_EXPECT_FALSE(test, utcp_mac2_ok(mac, &jar, T0, &from,
						      s.initiation, MAC2_AT));
		from.addr[i] ^= 1;
	}
	from.ifindex++;
	KUNIT_EXPECT_FALSE(test, utcp_mac2_ok(mac, &jar, T0, &from,
					      s.initiation, MAC2_AT));
	from.ifindex--;
	from.vlan++;
	KUNIT_EXPECT_FALSE(test, utcp_mac2_ok(mac, &jar, T0, &from,
					      s.initiation, MAC2_AT));
	from.vlan--;
	KUNIT_EXPECT_TRUE(test, utcp_mac2_ok(mac, &jar, T0, &from, s.initiation,
					     MAC2_AT));
}

static void mac2__each_bit(struct kunit *test)
{
	struct utcp_cookie_jar jar = {};
	u8 mac[UTCP_MAC_LEN], zero[UTCP_MAC_LEN] = {};
	unsigned int i, bad = 0;
	struct spec s;

	spec(test, &s, "hr_");
	get_mac2(test, &s, &jar, T0, mac);
	for (i = 0; i < 8 * MAC2_AT; i++) {
		s.initiation[i / 8] ^= 1 << i % 8;
		bad += good(&jar, T0, &s, mac);
		s.initiation[i / 8] ^= 1 << i % 8;
	}
	for (i = 0; i < 8 * UTCP_MAC_LEN; i++) {
		mac[i / 8] ^= 1 << i % 8;
		bad += good(&jar, T0, &s, mac);
		mac[i / 8] ^= 1 << i % 8;
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
	KUNIT_EXPECT_FALSE(test, good(&jar, T0, &s, zero));
	KUNIT_EXPECT_TRUE(test, good(&jar, T0, &s, mac));
	utcp_cookie_jar_wipe(&jar);
	KUNIT_EXPECT_FALSE(test, good(&jar, T0, &s, mac));
}

static void cookie_take__refused(struct kunit *test)
{
	u8 reply[REPLY_LEN + 1] = {}, mac1[UTCP_MAC_LEN];
	struct utcp_cookie_jar jar = {};
	struct utcp_cookie cookie = {
		.value = "stays",
		.since = T0,
		.valid = true,
	};
	const struct utcp_cookie before = cookie;
	unsigned int i, bad = 0;
	struct spec s, other;

	spec(test, &s, "hr_");
	spec(test, &other, "hn_");
	utcp_cookie_reply(reply, &jar, T0, &here, &s.responder,
			  s.initiation + MAC1_AT);
	memcpy(mac1, s.initiation + MAC1_AT, sizeof(mac1));

	for (i = 0; i < 8 * REPLY_LEN; i++) {
		reply[i / 8] ^= 1 << i % 8;
		bad += utcp_cookie_take(&cookie, T0, reply, REPLY_LEN,
					&s.responder, mac1) != -EBADMSG;
		reply[i / 8] ^= 1 << i % 8;
	}
	for (i = 0; i < 8 * UTCP_MAC_LEN; i++) {
		mac1[i / 8] ^= 1 << i % 8;
		bad += utcp_cookie_take(&cookie, T0, reply, REPLY_LEN,
					&s.responder, mac1) != -EBADMSG;
		mac1[i / 8] ^= 1 << i % 8;
	}
	for (i = 0; i <= sizeof(reply); i++)
		bad += i != REPLY_LEN &&
		       utcp_cookie_take(&cookie, T0, reply, i, &s.responder,
					mac1) != -EINVAL;
	KUNIT_EXPECT_EQ(test, bad, 0);
	/* From another: the initiator itself, and the responder in no realm. */
	KUNIT_EXPECT_EQ(test,
			utcp_cookie_take(&cookie, T0, reply, REPLY_LEN,
					 &s.initiator, mac1),
			-EBADMSG);
	KUNIT_EXPECT_EQ(test,
			utcp_cookie_take(&cookie, T0, reply, REPLY_LEN,
					 &other.responder, mac1),
			-EBADMSG);
	KUNIT_EXPECT_MEMEQ(test, &cookie, &before, sizeof(cookie));
	KUNIT_EXPECT_EQ(test,
			utcp_cookie_take(&cookie, T0, reply, REPLY_LEN,
					 &s.responder, mac1),
			0);
}

static void mac2__cookie_expires(struct kunit *test)
{
	struct utcp_cookie cookie = { .value = "cookie",
				      .since = T0,
				      .valid = true };
	u8 mac[UTCP_MAC_LEN];
	struct spec s;

	spec(test, &s, "hr_");
	/* Another CPU may have read the clock earlier. */
	utcp_mac2(mac, &cookie, T0 - 1, s.initiation, MAC2_AT);
	KUNIT_EXPECT_FALSE(test, utcp_zeros(mac, sizeof(mac)));
	utcp_mac2(mac, &cookie, T0 + 120 * SECOND - 1, s.initiation, MAC2_AT);
	KUNIT_EXPECT_FALSE(test, utcp_zeros(mac, sizeof(mac)));
	utcp_mac2(mac, &cookie, T0 + 120 * SECOND, s.initiation, MAC2_AT);
	KUNIT_EXPECT_TRUE(test, utcp_zeros(mac, sizeof(mac)));
	KUNIT_EXPECT_TRUE(test, utcp_zeros(&cookie, sizeof(cookie)));
}

static struct kunit_case cookie_cases[] = { KUNIT_CASE(mac_keys__vectors),
					    KUNIT_CASE(mac1__vectors),
					    KUNIT_CASE(mac1__each_bit),
					    KUNIT_CASE(mac1__other_realm),
					    KUNIT_CASE(cookie__vectors),
					    KUNIT_CASE(
						    cookie_reply__salts_differ),
					    KUNIT_CASE(mac2__rotation),
					    KUNIT_CASE(mac2__long_pause),
					    KUNIT_CASE(mac2__elsewhere),
					    KUNIT_CASE(mac2__each_bit),
					    KUNIT_CASE(cookie_take__refused),
					    KUNIT_CASE(mac2__cookie_expires),
					    {} };

static struct kunit_suite cookie_suite = {
	.name = "utcp_cookie",
	.test_cases = cookie_cases,
};

kunit_test_suite(cookie_suite);
