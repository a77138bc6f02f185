// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of basics.c: what a sandbox may claim, and what goes on without a rule.
 */
#include "../basics.c"

#include <kunit/test.h>

#define ME 0x020000000002ULL
#define OTHER 0x020000000009ULL

static const struct acl_basics basics = {
	.mac = ME,
	.n = 2,
	.addr = { { { 10, 9, 0, 2 }, ACL_IPV4 },
		  { { 0xfd, [15] = 2 }, ACL_IPV6 } },
};

static void put_mac(u8 to[6], u64 mac)
{
	put_unaligned_be16(mac >> 32, to);
	put_unaligned_be32(mac, to + 2);
}

static struct acl_key frame(enum acl_dir dir, enum acl_family family, u64 smac)
{
	struct acl_key key = { .class = acl_class(dir, family) };

	key.w[ACL_W_SMAC] = smac << 16;
	return key;
}

static enum acl_basics_verdict ip4(enum acl_dir dir, u64 smac, u32 src)
{
	struct acl_key key = frame(dir, ACL_IPV4, smac);

	key.w[ACL_W_HEAD] = (u64)src << 32;
	return acl_basics_ask(&basics, &key);
}

static enum acl_basics_verdict arp(enum acl_dir dir, u64 smac, u64 sha, u32 spa,
				   u32 tpa)
{
	struct acl_key key = frame(dir, ACL_OTHER, smac);

	key.has_arp = true;
	put_mac(key.arp.sha, sha);
	key.arp.spa = spa;
	key.arp.tpa = tpa;
	return acl_basics_ask(&basics, &key);
}

/* fd00::LAST, or "::" for 0; a link-layer address option, or 0. */
static enum acl_basics_verdict nd(enum acl_dir dir, u8 type, u8 src, u8 dst,
				  u8 target, u64 lladdr)
{
	struct acl_key key = frame(dir, ACL_IPV6, ME);

	key.w[ACL_W_L4] = (u64)PROTO_ICMPV6 << ACL_L4_PROTO |
			  (u64)type << ACL_L4_SPORT;
	if (src)
		key.w[ACL_W_HEAD] = 0xfdULL << 56;
	key.w[ACL_W_SRC2] = src;
	key.w[ACL_W_DST] = dst == 1 ? 0xff02ULL << 48 : 0xfdULL << 56;
	key.w[ACL_W_DST2] = dst;
	key.has_nd = true;
	key.nd.target[0] = target ? 0xfd : 0;
	key.nd.target[15] = target;
	key.nd.has_lladdr = lladdr;
	put_mac(key.nd.lladdr, lladdr);
	return acl_basics_ask(&basics, &key);
}

static void basics__addresses(struct kunit *test)
{
	struct acl_key other = frame(ACL_OUT, ACL_OTHER, ME);

	KUNIT_EXPECT_EQ(test, ip4(ACL_OUT, ME, 0x0a090002), ACL_BASICS_NONE);
	KUNIT_EXPECT_EQ(test, ip4(ACL_OUT, ME, 0x0a090003), ACL_BASICS_SPOOF);
	KUNIT_EXPECT_EQ(test, ip4(ACL_OUT, ME, 0), ACL_BASICS_SPOOF);
	KUNIT_EXPECT_EQ(test, ip4(ACL_OUT, OTHER, 0x0a090002),
			ACL_BASICS_SPOOF);
	KUNIT_EXPECT_EQ(test, ip4(ACL_IN, OTHER, 0x01020304), ACL_BASICS_NONE);
	KUNIT_EXPECT_EQ(test, acl_basics_ask(&basics, &other), ACL_BASICS_NONE);
	other = frame(ACL_OUT, ACL_OTHER, OTHER);
	KUNIT_EXPECT_EQ(test, acl_basics_ask(&basics, &other),
			ACL_BASICS_SPOOF);
}

/* The short way says the same as the long one. */
static void basics__sends(struct kunit *test)
{
	static const u64 macs[] = { ME, OTHER, 0 };
	static const u32 srcs[] = { 0x0a090002, 0x0a090003, 0x0a0900, 0,
				    0xfd000000 };
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(macs); i++)
		for (j = 0; j < ARRAY_SIZE(srcs); j++)
			KUNIT_EXPECT_EQ_MSG(test,
					    acl_basics_sends(&basics, macs[i],
							     srcs[j]),
					    ip4(ACL_OUT, macs[i], srcs[j]) ==
						    ACL_BASICS_NONE,
					    "%u %u", i, j);
	KUNIT_EXPECT_TRUE(test, acl_basics_sends(&basics, ME, 0x0a090002));
}

static void basics__arp(struct kunit *test)
{
	const u32 me = 0x0a090002, peer = 0x0a090001;

	KUNIT_EXPECT_EQ(test, arp(ACL_OUT, ME, ME, me, peer), ACL_BASICS_ALLOW);
	KUNIT_EXPECT_EQ(test, arp(ACL_OUT, ME, ME, 0, me), ACL_BASICS_ALLOW);
	KUNIT_EXPECT_EQ(test, arp(ACL_OUT, ME, ME, 0, peer), ACL_BASICS_SPOOF);
	KUNIT_EXPECT_EQ(test, arp(ACL_OUT, ME, ME, peer, me), ACL_BASICS_SPOOF);
	KUNIT_EXPECT_EQ(test, arp(ACL_OUT, ME, OTHER, me, peer),
			ACL_BASICS_SPOOF);
	KUNIT_EXPECT_EQ(test, arp(ACL_OUT, OTHER, ME, me, peer),
			ACL_BASICS_SPOOF);
	KUNIT_EXPECT_EQ(test, arp(ACL_IN, OTHER, OTHER, peer, me),
			ACL_BASICS_ALLOW);
	KUNIT_EXPECT_EQ(test, arp(ACL_IN, OTHER, OTHER, peer, me + 1),
			ACL_BASICS_NONE);
}

static void basics__nd(struct kunit *test)
{
	static const struct {
		u8 dir, type, src, dst, target;
		u64 lladdr;
		u8 want;
	} cases[] = {
		/* 0 */ { ACL_OUT, 135, 2, 9, 9, ME, ACL_BASICS_ALLOW },
		/* 1 */ { ACL_OUT, 135, 2, 9, 9, OTHER, ACL_BASICS_SPOOF },
		/* 2 */ { ACL_OUT, 135, 3, 9, 9, ME, ACL_BASICS_SPOOF },
		/* 3 */ { ACL_OUT, 135, 0, 9, 2, 0, ACL_BASICS_ALLOW },
		/* 4 */ { ACL_OUT, 135, 0, 9, 9, 0, ACL_BASICS_SPOOF },
		/* 5 */ { ACL_OUT, 135, 0, 9, 2, ME, ACL_BASICS_SPOOF },
		/* 6 */ { ACL_OUT, 136, 2, 9, 2, ME, ACL_BASICS_ALLOW },
		/* 7 */ { ACL_OUT, 136, 2, 9, 9, ME, ACL_BASICS_SPOOF },
		/* 8 */ { ACL_OUT, 136, 3, 9, 2, ME, ACL_BASICS_SPOOF },
		/* 9 */ { ACL_OUT, 133, 2, 9, 0, ME, ACL_BASICS_NONE },
		/* 10 */ { ACL_OUT, 133, 0, 9, 0, 0, ACL_BASICS_NONE },
		/* 11 */ { ACL_OUT, 133, 9, 9, 0, 0, ACL_BASICS_SPOOF },
		/* 12 */ { ACL_OUT, 134, 2, 9, 0, ME, ACL_BASICS_SPOOF },
		/* 13 */ { ACL_OUT, 137, 2, 9, 2, ME, ACL_BASICS_SPOOF },
		/* 14 */ { ACL_IN, 135, 9, 9, 2, OTHER, ACL_BASICS_ALLOW },
		/* 15 */ { ACL_IN, 135, 9, 9, 3, OTHER, ACL_BASICS_NONE },
		/* 16 */ { ACL_IN, 136, 9, 2, 9, OTHER, ACL_BASICS_ALLOW },
		/* 17 */ { ACL_IN, 136, 9, 3, 9, OTHER, ACL_BASICS_NONE },
		/* 18 */ { ACL_IN, 136, 9, 1, 2, OTHER, ACL_BASICS_ALLOW },
		/* 19 */ { ACL_IN, 136, 9, 1, 9, OTHER, ACL_BASICS_NONE },
		/* 20 */ { ACL_IN, 134, 9, 1, 0, OTHER, ACL_BASICS_NONE },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    nd(cases[i].dir, cases[i].type,
				       cases[i].src, cases[i].dst,
				       cases[i].target, cases[i].lladdr),
				    cases[i].want, "case %u", i);
}

/* Unasked goes on what stays on the link: the rest a router would carry. */
static void basics__nd_stays(struct kunit *test)
{
	static const struct {
		u64 dst, dst2;
		u8 want;
	} cases[] = {
		/* 0 */ { 0xff02ULL << 48, 0x1ff000009, ACL_BASICS_ALLOW },
		/* 1 */ { 0xff01ULL << 48, 1, ACL_BASICS_ALLOW },
		/* 2 */ { 0xff12ULL << 48, 1, ACL_BASICS_ALLOW },
		/* 3 */ { 0xff05ULL << 48, 1, ACL_BASICS_NONE },
		/* 4 */ { 0xff0eULL << 48, 1, ACL_BASICS_NONE },
		/* 5 */ { 0xfe80ULL << 48, 9, ACL_BASICS_ALLOW },
		/* 6 */ { 0xfebfULL << 48, 9, ACL_BASICS_ALLOW },
		/* 7 */ { 0xfec0ULL << 48, 9, ACL_BASICS_NONE },
		/* 8 */ { 0xfdULL << 56, ~0ULL, ACL_BASICS_ALLOW },
		/* 9 */ { 0xfdULL << 56 | 1, 9, ACL_BASICS_NONE },
		/* 10 */ { 0x2001ULL << 48, 2, ACL_BASICS_NONE },
	};
	unsigned int i;
	u8 type;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		for (type = ND_NEIGHBOUR_SOLICIT; type <= ND_NEIGHBOUR_ADVERT;
		     type++) {
			struct acl_key key = frame(ACL_OUT, ACL_IPV6, ME);

			key.w[ACL_W_L4] = (u64)PROTO_ICMPV6 << ACL_L4_PROTO |
					  (u64)type << ACL_L4_SPORT;
			key.w[ACL_W_HEAD] = 0xfdULL << 56;
			key.w[ACL_W_SRC2] = 2;
			key.w[ACL_W_DST] = cases[i].dst;
			key.w[ACL_W_DST2] = cases[i].dst2;
			key.has_nd = true;
			key.nd.target[0] = 0xfd;
			key.nd.target[15] = 2;
			KUNIT_EXPECT_EQ_MSG(test, acl_basics_ask(&basics, &key),
					    cases[i].want, "case %u, type %u",
					    i, type);
		}
}

/* In a VLAN the same address may be somebody else's. */
static void basics__vlan(struct kunit *test)
{
	struct acl_key key = frame(ACL_OUT, ACL_OTHER, ME);

	key.has_arp = true;
	put_mac(key.arp.sha, ME);
	key.arp.spa = 0x0a090002;
	key.arp.tpa = 0x0a090001;
	KUNIT_EXPECT_EQ(test, acl_basics_ask(&basics, &key), ACL_BASICS_ALLOW);
	key.w[ACL_W_SMAC] |= 0x1007;
	KUNIT_EXPECT_EQ(test, acl_basics_ask(&basics, &key), ACL_BASICS_NONE);
	/* It claims no other address there, either. */
	key.arp.spa = 0x0a090009;
	KUNIT_EXPECT_EQ(test, acl_basics_ask(&basics, &key), ACL_BASICS_SPOOF);
}

static struct kunit_case basics_cases[] = { KUNIT_CASE(basics__addresses),
					    KUNIT_CASE(basics__sends),
					    KUNIT_CASE(basics__arp),
					    KUNIT_CASE(basics__nd),
					    KUNIT_CASE(basics__nd_stays),
					    KUNIT_CASE(basics__vlan),
					    {} };

static struct kunit_suite basics_suite = {
	.name = "utcp_acl_basics",
	.test_cases = basics_cases,
};

kunit_test_suite(basics_suite);
