// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of match.c: what a rule cannot ask for, and which criterion fails.
 */
#include "../match.c"

#include <kunit/test.h>

#include "model.h"

static struct acl_set set = { .type = ACL_SET_PREFIX };
static struct acl_match match;
static int criterion;

static bool refused(u32 asks, int at)
{
	match.asks = asks;
	return acl_match_check(&match, &criterion) && criterion == at;
}

#define ASKED(what) BIT(ACL_ASK_##what)

/* Of one bit behind the prefix, wherever either ends. */
static void match__prefix(struct kunit *test)
{
	unsigned int len, bit;

	for (len = 1; len <= 128; len++)
		for (bit = 0; bit < 128; bit++) {
			memset(&match, 0, sizeof(match));
			match.src_len = len;
			match.src[bit / 8] = 0x80 >> bit % 8;
			KUNIT_EXPECT_EQ_MSG(
				test,
				refused(ASKED(IPV6) | ASKED(SRC), ACL_ASK_SRC),
				bit >= len, "bit %u of %u", bit, len);
		}
}

static void match__refused(struct kunit *test)
{
	memset(&match, 0, sizeof(match));
	match.proto = IPPROTO_TCP;
	match.src[0] = 10;
	match.src_len = 8;
	match.ethertype = ETH_P_IP;
	match.states = 1;
	KUNIT_EXPECT_TRUE(test, refused(BIT(ACL_CRITERIA), 0));
	KUNIT_EXPECT_TRUE(test, refused(ASKED(SRC), ACL_ASK_SRC));
	KUNIT_EXPECT_TRUE(test, refused(ASKED(DPORT), ACL_ASK_DPORT));
	KUNIT_EXPECT_TRUE(test,
			  refused(ASKED(IPV4) | ASKED(IPV6), ACL_ASK_IPV4));
	KUNIT_EXPECT_TRUE(test, refused(ASKED(ETHERTYPE) | ASKED(IPV6),
					ACL_ASK_IPV6));
	KUNIT_EXPECT_TRUE(test, refused(ASKED(ICMP_TYPE) | ASKED(PROTO),
					ACL_ASK_ICMP_TYPE));
	KUNIT_EXPECT_TRUE(test,
			  refused(ASKED(CELL) | ASKED(PROTO), ACL_ASK_PROTO));
	KUNIT_EXPECT_TRUE(test, refused(ASKED(CELL) | ASKED(SRC), ACL_ASK_SRC));
	KUNIT_EXPECT_TRUE(test, refused(ASKED(SRC_SET), ACL_ASK_SRC_SET));
	match.src_len = 33;
	KUNIT_EXPECT_TRUE(test, refused(ASKED(IPV4) | ASKED(SRC), ACL_ASK_SRC));
	match.src_len = 4;
	KUNIT_EXPECT_TRUE(test, refused(ASKED(IPV4) | ASKED(SRC), ACL_ASK_SRC));
	match.src_len = 0;
	KUNIT_EXPECT_TRUE(test, refused(ASKED(IPV4) | ASKED(SRC), ACL_ASK_SRC));
	match.dport.lo = 2;
	match.dport.hi = 1;
	KUNIT_EXPECT_TRUE(test,
			  refused(ASKED(PROTO) | ASKED(DPORT), ACL_ASK_DPORT));
	match.tcp_flags = 2;
	KUNIT_EXPECT_TRUE(test, refused(ASKED(PROTO) | ASKED(TCP_FLAGS),
					ACL_ASK_TCP_FLAGS));
	match.ethertype = 0x5ff;
	KUNIT_EXPECT_TRUE(test, refused(ASKED(ETHERTYPE), ACL_ASK_ETHERTYPE));
	match.ethertype = ETH_P_ARP;
	KUNIT_EXPECT_TRUE(test, refused(ASKED(ETHERTYPE) | ASKED(PROTO),
					ACL_ASK_PROTO));
	match.src_set = &set;
	KUNIT_EXPECT_TRUE(test, refused(ASKED(ETHERTYPE) | ASKED(SRC_SET),
					ACL_ASK_SRC_SET));
	KUNIT_EXPECT_FALSE(test, refused(ASKED(SRC_SET), ACL_ASK_SRC_SET));
	set.type = ACL_SET_ADDRESS_PORT;
	match.proto = IPPROTO_ICMP;
	KUNIT_EXPECT_TRUE(test, refused(ASKED(PROTO) | ASKED(SRC_SET),
					ACL_ASK_SRC_SET));
	KUNIT_EXPECT_FALSE(test, refused(ASKED(SRC_SET), ACL_ASK_SRC_SET));
	match.ethertype = ETH_P_8021Q;
	KUNIT_EXPECT_TRUE(test, refused(ASKED(ETHERTYPE), ACL_ASK_ETHERTYPE));
	match.vlan = 4095;
	KUNIT_EXPECT_TRUE(test, refused(ASKED(VLAN), ACL_ASK_VLAN));
	match.dscp = 64;
	KUNIT_EXPECT_TRUE(test, refused(ASKED(DSCP), ACL_ASK_DSCP));
	match.states = 16;
	KUNIT_EXPECT_TRUE(test, refused(ASKED(STATE), ACL_ASK_STATE));
	match.dir = 2;
	KUNIT_EXPECT_TRUE(test, refused(ASKED(DIR), ACL_ASK_DIR));
	match.asks = 0;
	KUNIT_EXPECT_NULL(test, acl_match_check(&match, &criterion));
}

static void match__why(struct kunit *test)
{
	struct model_world world = { .random.state = 3, .plain = true };
	struct model_packet packet;
	u64 until = ACL_FOREVER;
	struct acl_key key;

	model_packet(&world, &packet);
	packet.proto = IPPROTO_TCP;
	packet.frag = ACL_FRAG_NONE;
	packet.sport = 1000;
	packet.dport = 443;
	packet.dir = ACL_OUT;
	KUNIT_ASSERT_EQ(test, model_key(&world, &packet, &key), ACL_PARSE_OK);
	memset(&match, 0, sizeof(match));
	match.asks = ASKED(DIR) | ASKED(IPV4) | ASKED(SRC) | ASKED(PROTO) |
		     ASKED(DPORT);
	memcpy(match.src, packet.src, 16);
	match.src_len = 32;
	match.proto = IPPROTO_TCP;
	match.dport.lo = 443;
	match.dport.hi = 443;
	KUNIT_EXPECT_EQ(test, acl_match_why(&match, &key, 0, &until), -1);
	match.dport.lo = 80;
	match.dport.hi = 442;
	KUNIT_EXPECT_EQ(test, acl_match_why(&match, &key, 0, &until),
			ACL_ASK_DPORT);
	match.src[3] ^= 1;
	KUNIT_EXPECT_EQ(test, acl_match_why(&match, &key, 0, &until),
			ACL_ASK_SRC);
	match.dir = ACL_IN;
	KUNIT_EXPECT_EQ(test, acl_match_why(&match, &key, 0, &until),
			ACL_ASK_DIR);
	/* Who asks for nothing meets all frames, but no cells. */
	match.asks = 0;
	KUNIT_EXPECT_EQ(test, acl_match_why(&match, &key, 0, &until), -1);
	acl_key_identity(&key, ACL_OUT, packet.src, packet.dst, 80);
	KUNIT_EXPECT_EQ(test, acl_match_why(&match, &key, 0, &until),
			ACL_ASK_CELL);
	match.asks = ASKED(CELL) | ASKED(DPORT);
	KUNIT_EXPECT_EQ(test, acl_match_why(&match, &key, 0, &until), -1);
	match.dport.lo = 81;
	KUNIT_EXPECT_EQ(test, acl_match_why(&match, &key, 0, &until),
			ACL_ASK_DPORT);
	/* A service that is not known yet may be any. */
	acl_key_identity(&key, ACL_OUT, packet.src, packet.dst, 0);
	KUNIT_EXPECT_EQ(test, acl_match_why(&match, &key, 0, &until), -1);
}

static struct kunit_case match_cases[] = { KUNIT_CASE(match__prefix),
					   KUNIT_CASE(match__refused),
					   KUNIT_CASE(match__why),
					   {} };

static struct kunit_suite match_suite = {
	.name = "acl_match",
	.test_cases = match_cases,
};

kunit_test_suite(match_suite);
