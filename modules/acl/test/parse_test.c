// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of parse.c: what is malformed and why, what else is found in frames, and
 * that the short way for plain frames is no other way.
 */
#include "../parse.c"

#include <kunit/test.h>

#include "model.h"

/* A TCP segment in IPv4 in Ethernet: 14 + 20 + 20 bytes and 6 of data. */
static const u8 tcp4[] = {
	2,    0,    0,	  0,	0, 1,  2,    0,	   0,	 0, 0,	  2,
	0x08, 0x00, 0x45, 0xb8, 0, 46, 0x12, 0x34, 0x40, 0, 64,	  6,
	0,    0,    10,	  0,	0, 1,  10,   0,	   0,	 2, 0x30, 0x39,
	0x00, 80,   0,	  0,	0, 1,  0,    0,	   0,	 0, 0x50, 0x12,
	0xff, 0,    0,	  0,	0, 0,  1,    2,	   3,	 4, 5,	  6,
};

/* A neighbour solicitation with its option: 14 + 40 + 32 bytes. */
static const u8 ns[] = {
	0x33, 0x33, 0xff, 0, 0, 2, 2,  0,  0,	0,    0,    1,	  0x86,
	0xdd, 0x60, 0,	  0, 0, 0, 32, 58, 255, 0xfe, 0x80, 0,	  0,
	0,    0,    0,	  0, 0, 0, 0,  0,  0,	0,    0,    1,	  0xff,
	2,    0,    0,	  0, 0, 0, 0,  0,  0,	0,    1,    0xff, 0,
	0,    2,    135,  0, 0, 0, 0,  0,  0,	0,    0xfe, 0x80, 0,
	0,    0,    0,	  0, 0, 0, 0,  0,  0,	0,    0,    0,	  2,
	1,    1,    2,	  0, 0, 0, 0,  1,
};

/* An ICMP error about the segment above, from a router: 14 + 20 + 8 + 28 bytes. */
static const u8 unreach[] = {
	2,    0, 0,  0,	 0,    2,    2,	   0,	 0,    0,  0, 1, 0x08, 0x00,
	0x45, 0, 0,  56, 0,    1,    0,	   0,	 64,   1,  0, 0, 10,   0,
	0,    9, 10, 0,	 0,    1,    3,	   1,	 0,    0,  0, 0, 0,    0,
	0x45, 0, 0,  46, 0x12, 0x34, 0x40, 0,	 63,   6,  0, 0, 10,   0,
	0,    1, 10, 0,	 0,    2,    0x30, 0x39, 0x00, 80, 0, 0, 0,    1,
};

static u8 bytes[MODEL_BYTES_MAX];
static struct acl_key key;

static enum acl_parse parse_len(u32 linear, u32 len)
{
	struct acl_frame frame = {
		.data = bytes,
		.linear = linear,
		.len = len,
		.dir = ACL_IN,
	};

	return acl_parse(&frame, &key);
}

static enum acl_parse parse(u32 len)
{
	return parse_len(len, len);
}

#define START(sample)                                  \
	do {                                           \
		memset(bytes, 0, sizeof(bytes));       \
		memcpy(bytes, sample, sizeof(sample)); \
	} while (0)

static void parse__tcp(struct kunit *test)
{
	u8 addr[16], want[16] = { 10, 0, 0, 1 };

	START(tcp4);
	KUNIT_ASSERT_EQ(test, parse(sizeof(tcp4)), ACL_PARSE_OK);
	KUNIT_EXPECT_EQ(test, acl_key_family(&key), ACL_IPV4);
	KUNIT_EXPECT_EQ(test, acl_key_dir(&key), ACL_IN);
	KUNIT_EXPECT_EQ(test, acl_key_proto(&key), 6);
	KUNIT_EXPECT_EQ(test, acl_key_sport(&key), 12345);
	KUNIT_EXPECT_EQ(test, acl_key_dport(&key), 80);
	KUNIT_EXPECT_EQ(test, acl_key_tcp_flags(&key), 0x12);
	KUNIT_EXPECT_EQ(test, acl_key_dscp(&key), 46);
	KUNIT_EXPECT_FALSE(test, acl_key_noports(&key));
	KUNIT_EXPECT_EQ(test, acl_key_smac(&key), 0x020000000002ULL);
	KUNIT_EXPECT_EQ(test, acl_key_dmac(&key), 0x020000000001ULL);
	KUNIT_EXPECT_EQ(test, key.l3, 14);
	KUNIT_EXPECT_EQ(test, key.l4, 34);
	KUNIT_EXPECT_EQ(test, key.len, 60);
	acl_key_src(&key, addr);
	KUNIT_EXPECT_MEMEQ(test, addr, want, 16);
	want[3] = 2;
	acl_key_dst(&key, addr);
	KUNIT_EXPECT_MEMEQ(test, addr, want, 16);
}

/* Every frame that is cut off is malformed, whatever the frame says of itself. */
static void parse__cut(struct kunit *test)
{
	u32 n;

	START(tcp4);
	for (n = 0; n < sizeof(tcp4); n++)
		KUNIT_EXPECT_TRUE_MSG(test, parse(n), "%u bytes", n);
	/* Data behind the header need not be readable. */
	for (n = 0; n < sizeof(tcp4); n++)
		KUNIT_EXPECT_EQ_MSG(test, !parse_len(n, sizeof(tcp4)), n >= 54,
				    "%u bytes", n);
	START(ns);
	for (n = 0; n < sizeof(ns); n++)
		KUNIT_EXPECT_TRUE_MSG(test, parse(n), "%u bytes", n);
	KUNIT_EXPECT_EQ(test, parse(sizeof(ns)), ACL_PARSE_OK);
}

/* One byte of the segment is changed: so much is malformed, and for this reason. */
static void parse__ipv4_malformed(struct kunit *test)
{
	static const struct {
		u8 at;
		u8 value;
		u8 want;
	} cases[] = {
		/* 0 */ { 14, 0x55, ACL_PARSE_IP }, /* version */
		/* 1 */ { 14, 0x44, ACL_PARSE_IP }, /* header too short */
		/* 2 */ { 14, 0x4f, ACL_PARSE_IP }, /* header longer than all */
		/* 3 */ { 17, 19, ACL_PARSE_IP }, /* length below the header */
		/* 4 */ { 17, 47, ACL_PARSE_IP }, /* longer than the frame */
		/* 5 */ { 17, 45, ACL_PARSE_OK }, /* padding */
		/* 6 */ { 17, 39, ACL_PARSE_L4 }, /* no whole TCP header */
		/* 7 */ { 46, 0x40, ACL_PARSE_L4 }, /* TCP header too short */
		/* 8 */ { 46, 0x70, ACL_PARSE_L4 }, /* longer than the packet */
		/* 9 */ { 46, 0x60, ACL_PARSE_OK },
		/* 10 */ { 20, 0x20, ACL_PARSE_FRAG }, /* first, no 8 bytes */
		/* 11 */ { 21, 1, ACL_PARSE_FRAG }, /* RFC 1858 */
		/* 12 */ { 21, 2, ACL_PARSE_FRAG }, /* reaches the flags */
		/* 13 */ { 21, 3, ACL_PARSE_OK },
		/* 14 */ { 23, 17, ACL_PARSE_L4 }, /* UDP, length 0 */
		/* 15 */ { 23, 47, ACL_PARSE_OK }, /* GRE */
		/* 16 */ { 12, 0x06, ACL_PARSE_OK }, /* not IP */
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		START(tcp4);
		bytes[cases[i].at] = cases[i].value;
		KUNIT_EXPECT_EQ_MSG(test, parse(sizeof(tcp4)), cases[i].want,
				    "case %u", i);
	}
}

/* Options in front of the segment, as they are or torn. */
static void parse__ipv4_options(struct kunit *test)
{
	static const struct {
		u8 options[8];
		u8 want;
	} cases[] = {
		/* 0 */ { { 1, 1, 1, 1, 1, 1, 1, 1 }, ACL_PARSE_OK },
		/* 1 */ { { 0 }, ACL_PARSE_OK },
		/* 2 */ { { 148, 4, 0, 0, 7, 3, 4, 0 }, ACL_PARSE_OK },
		/* 3 */ { { 7, 8, 4, 0, 0, 0, 0, 0 }, ACL_PARSE_OK },
		/* 4 */ { { 131, 7, 4, 10, 0, 0, 9, 0 }, ACL_PARSE_IP },
		/* 5 */ { { 137, 7, 4, 10, 0, 0, 9, 0 }, ACL_PARSE_IP },
		/* 6 */ { { 1, 131, 7, 4, 10, 0, 0, 9 }, ACL_PARSE_IP },
		/* 7 */ { { 148, 4, 0, 0, 1, 137, 3, 4 }, ACL_PARSE_IP },
		/* 8 */ { { 7, 0 }, ACL_PARSE_IP },
		/* 9 */ { { 7, 1 }, ACL_PARSE_IP },
		/* 10 */ { { 7, 9 }, ACL_PARSE_IP },
		/* 11 */ { { 1, 1, 1, 1, 1, 1, 1, 7 }, ACL_PARSE_IP },
		/* Nobody reads what is behind their end. */
		/* 12 */ { { 0, 131, 7, 4, 10, 0, 0, 9 }, ACL_PARSE_OK },
		/* 13 */ { { 7, 3, 131, 0 }, ACL_PARSE_OK },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		START(tcp4);
		memmove(bytes + 42, bytes + 34, sizeof(tcp4) - 34);
		memcpy(bytes + 34, cases[i].options, 8);
		bytes[14] = 0x47;
		bytes[17] += 8;
		KUNIT_EXPECT_EQ_MSG(test, parse(sizeof(tcp4) + 8),
				    cases[i].want, "case %u", i);
	}
}

/* UDP in the segment's place, whose packet has 26 bytes behind the header of IPv4. */
static void parse__udp_length(struct kunit *test)
{
	static const struct {
		u16 len;
		u8 want;
	} cases[] = {
		{ 7, ACL_PARSE_L4 },
		{ 8, ACL_PARSE_OK },
		{ 26, ACL_PARSE_OK },
		{ 27, ACL_PARSE_L4 },
	};
	unsigned int i;

	START(tcp4);
	bytes[23] = IPPROTO_UDP;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		put_unaligned_be16(cases[i].len, bytes + 38);
		KUNIT_EXPECT_EQ_MSG(test, parse(sizeof(tcp4)), cases[i].want,
				    "length %u", cases[i].len);
	}
}

static void parse__fragments(struct kunit *test)
{
	START(tcp4);
	put_unaligned_be16(44, bytes + 16);
	put_unaligned_be16(0x2000, bytes + 20);
	KUNIT_ASSERT_EQ(test, parse(58), ACL_PARSE_OK);
	KUNIT_EXPECT_EQ(test, key.frag, ACL_FRAG_FIRST);
	KUNIT_EXPECT_EQ(test, key.frag_id, 0x1234);
	KUNIT_EXPECT_EQ(test, acl_key_dport(&key), 80);
	put_unaligned_be16(0x2003, bytes + 20);
	KUNIT_ASSERT_EQ(test, parse(58), ACL_PARSE_OK);
	KUNIT_EXPECT_EQ(test, key.frag, ACL_FRAG_LATER);
	KUNIT_EXPECT_TRUE(test, acl_key_noports(&key));
	KUNIT_EXPECT_EQ(test, acl_key_dport(&key), 0);
	KUNIT_EXPECT_EQ(test, acl_key_tcp_flags(&key), 0);
	/* Beyond 65535 when put together. */
	put_unaligned_be16(0x1fff, bytes + 20);
	KUNIT_EXPECT_EQ(test, parse(58), ACL_PARSE_FRAG);
	/* A first one without the whole header. */
	put_unaligned_be16(0x2000, bytes + 20);
	put_unaligned_be16(36, bytes + 16);
	KUNIT_EXPECT_EQ(test, parse(58), ACL_PARSE_FRAG);
}

static void parse__vlan(struct kunit *test)
{
	struct acl_frame frame = {
		.data = bytes,
		.linear = 64,
		.len = 64,
		.has_vlan = true,
		.vlan_tag = 0xe007,
	};
	static const u8 tag[] = { 0x81, 0, 0xe0, 9 };

	START(tcp4);
	KUNIT_ASSERT_EQ(test, acl_parse(&frame, &key), ACL_PARSE_OK);
	KUNIT_EXPECT_EQ(test, acl_key_vlan(&key), 7);
	memmove(bytes + 16, bytes + 12, 48);
	memcpy(bytes + 12, tag, 4);
	KUNIT_ASSERT_EQ(test, acl_parse(&frame, &key), ACL_PARSE_OK);
	KUNIT_EXPECT_EQ(test, acl_key_vlan(&key), 7);
	KUNIT_EXPECT_EQ(test, acl_key_dport(&key), 80);
	/* An outer tag with a priority only is none. */
	frame.vlan_tag = 0xe000;
	KUNIT_ASSERT_EQ(test, acl_parse(&frame, &key), ACL_PARSE_OK);
	KUNIT_EXPECT_EQ(test, acl_key_vlan(&key), 9);
	memmove(bytes + 16, bytes + 12, 52);
	frame.len = 68;
	frame.linear = 68;
	KUNIT_EXPECT_EQ(test, acl_parse(&frame, &key), ACL_PARSE_VLAN);
	frame.has_vlan = false;
	KUNIT_EXPECT_EQ(test, acl_parse(&frame, &key), ACL_PARSE_OK);
}

/* Puts an extension header of 8 bytes in front of all others. */
static void push_ext(u8 type, u8 more)
{
	memmove(bytes + 62, bytes + 54, 160);
	memset(bytes + 54, 0, 8);
	bytes[54] = bytes[20];
	bytes[56] = more;
	bytes[20] = type;
	bytes[19] += 8;
}

static u32 ns_len(void)
{
	return 54 + bytes[19];
}

static void parse__extensions(struct kunit *test)
{
	unsigned int i;

	START(ns);
	for (i = 0; i < ACL_EXT_MAX; i++)
		push_ext(60, 1);
	KUNIT_EXPECT_EQ(test, parse(ns_len()), ACL_PARSE_OK);
	KUNIT_EXPECT_EQ(test, acl_key_proto(&key), 58);
	KUNIT_EXPECT_TRUE(test, key.has_nd);
	/* What cannot be read is not guessed. */
	KUNIT_EXPECT_EQ(test, parse_len(100, ns_len()), ACL_PARSE_EXT);
	push_ext(60, 1);
	KUNIT_EXPECT_EQ(test, parse(ns_len()), ACL_PARSE_EXT);

	START(ns);
	push_ext(0, 1);
	KUNIT_EXPECT_EQ(test, parse(ns_len()), ACL_PARSE_OK);
	push_ext(60, 1);
	KUNIT_EXPECT_EQ(test, parse(ns_len()), ACL_PARSE_EXT);

	START(ns);
	push_ext(43, 2);
	KUNIT_EXPECT_EQ(test, parse(ns_len()), ACL_PARSE_OK);
	bytes[56] = 0;
	KUNIT_EXPECT_EQ(test, parse(ns_len()), ACL_PARSE_EXT);
	/* Longer than the packet. */
	bytes[56] = 2;
	bytes[55] = 9;
	KUNIT_EXPECT_EQ(test, parse(ns_len()), ACL_PARSE_EXT);
	/* One fragment that is all is none; two fragment headers are too many. */
	START(ns);
	push_ext(44, 0);
	KUNIT_EXPECT_EQ(test, parse(ns_len()), ACL_PARSE_OK);
	KUNIT_EXPECT_EQ(test, key.frag, ACL_FRAG_NONE);
	push_ext(44, 0);
	KUNIT_EXPECT_EQ(test, parse(ns_len()), ACL_PARSE_EXT);
}

/* Headers that hosts do not walk are what the packet is for: mobility, HIP, shim6. */
static void parse__no_extensions(struct kunit *test)
{
	static const u8 types[] = { 135, 139, 140 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		START(ns);
		push_ext(types[i], 1);
		KUNIT_EXPECT_EQ(test, parse(ns_len()), ACL_PARSE_OK);
		KUNIT_EXPECT_EQ(test, acl_key_proto(&key), types[i]);
		KUNIT_EXPECT_TRUE(test, acl_key_noports(&key));
		KUNIT_EXPECT_FALSE(test, key.has_nd);
	}
}

/* Super-frames that are longer than can be said, and that say so by 0. */
static void parse__big(struct kunit *test)
{
	const u32 len = 100000;

	START(tcp4);
	put_unaligned_be16(0, bytes + 16);
	KUNIT_ASSERT_EQ(test, parse_len(sizeof(tcp4), len), ACL_PARSE_OK);
	KUNIT_EXPECT_EQ(test, key.len, len);
	KUNIT_EXPECT_EQ(test, acl_key_dport(&key), 80);
	/* One that could have said it has to. */
	KUNIT_EXPECT_EQ(test, parse(sizeof(tcp4)), ACL_PARSE_IP);
}

static void parse__nd(struct kunit *test)
{
	u8 mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };

	START(ns);
	KUNIT_ASSERT_EQ(test, parse(sizeof(ns)), ACL_PARSE_OK);
	KUNIT_EXPECT_TRUE(test, key.has_nd);
	KUNIT_EXPECT_TRUE(test, key.nd.has_lladdr);
	KUNIT_EXPECT_MEMEQ(test, key.nd.lladdr, mac, ETH_ALEN);
	KUNIT_EXPECT_EQ(test, key.nd.target[15], 2);
	bytes[21] = 254;
	KUNIT_EXPECT_EQ(test, parse(sizeof(ns)), ACL_PARSE_ND);
	START(ns);
	bytes[79] = 0;
	KUNIT_EXPECT_EQ(test, parse(sizeof(ns)), ACL_PARSE_ND);
	/* Two addresses: which would be taken? */
	START(ns);
	memcpy(bytes + 86, bytes + 78, 8);
	bytes[19] += 8;
	KUNIT_EXPECT_EQ(test, parse(94), ACL_PARSE_ND);
	/* In a fragment: RFC 6980. */
	START(ns);
	push_ext(44, 0);
	bytes[57] = 1;
	KUNIT_EXPECT_EQ(test, parse(ns_len()), ACL_PARSE_ND);
}

static void parse__arp(struct kunit *test)
{
	static const u8 arp[] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0,  1, 8, 6,
		0,    1,    8,	  0,	6,    4,    0, 1, 2, 0, 0,  0, 0, 1,
		10,   0,    0,	  1,	0,    0,    0, 0, 0, 0, 10, 0, 0, 2,
	};

	START(arp);
	KUNIT_ASSERT_EQ(test, parse(60), ACL_PARSE_OK);
	KUNIT_ASSERT_TRUE(test, key.has_arp);
	KUNIT_EXPECT_EQ(test, key.arp.op, 1);
	KUNIT_EXPECT_EQ(test, key.arp.spa, 0x0a000001);
	KUNIT_EXPECT_EQ(test, key.arp.tpa, 0x0a000002);
	KUNIT_EXPECT_EQ(test, acl_mac(key.arp.sha), 0x020000000001ULL);
	KUNIT_EXPECT_EQ(test, parse(41), ACL_PARSE_ARP);
	bytes[18] = 8;
	KUNIT_EXPECT_EQ(test, parse(60), ACL_PARSE_ARP);
}

static void parse__utcp(struct kunit *test)
{
	static const u8 data[] = {
		2, 0,	 0,    0,    0,	   2, 2,  0, 0, 0, 0,
		1, 0x88, 0xb5, 0xc1, 0x10, 0, 40, 1, 2, 3, 4
	};

	START(data);
	KUNIT_ASSERT_EQ(test, parse(60), ACL_PARSE_OK);
	KUNIT_ASSERT_TRUE(test, key.has_utcp);
	KUNIT_EXPECT_EQ(test, key.utcp.type, 0x10);
	KUNIT_EXPECT_EQ(test, key.utcp.len, 40);
	KUNIT_EXPECT_EQ(test, key.utcp.index, 0x01020304);
	KUNIT_EXPECT_EQ(test, parse(53), ACL_PARSE_UTCP);
	bytes[17] = 7;
	KUNIT_EXPECT_EQ(test, parse(60), ACL_PARSE_UTCP);
	/* Who-has has no index. */
	bytes[15] = 1;
	KUNIT_ASSERT_EQ(test, parse(60), ACL_PARSE_OK);
	KUNIT_EXPECT_EQ(test, key.utcp.index, 0);
	/* Somebody else's experiment. */
	bytes[14] = 0xd1;
	KUNIT_EXPECT_EQ(test, parse(60), ACL_PARSE_OK);
	KUNIT_EXPECT_FALSE(test, key.has_utcp);
}

static void parse__icmp_error(struct kunit *test)
{
	struct acl_frame frame = {
		.data = bytes,
		.linear = sizeof(unreach),
		.len = sizeof(unreach),
		.dir = ACL_IN,
	};
	struct acl_key inner, sent;
	u32 n;

	START(tcp4);
	KUNIT_ASSERT_EQ(test, parse(sizeof(tcp4)), ACL_PARSE_OK);
	sent = key;
	START(unreach);
	KUNIT_ASSERT_EQ(test, acl_parse(&frame, &key), ACL_PARSE_OK);
	KUNIT_ASSERT_TRUE(test, acl_parse_icmp_error(&frame, &key, &inner));
	KUNIT_EXPECT_EQ(test, inner.w[ACL_W_HEAD], sent.w[ACL_W_HEAD]);
	KUNIT_EXPECT_EQ(test, acl_key_sport(&inner), 12345);
	KUNIT_EXPECT_EQ(test, acl_key_dport(&inner), 80);
	KUNIT_EXPECT_EQ(test, acl_key_proto(&inner), 6);
	KUNIT_EXPECT_EQ(test, acl_key_dir(&inner), ACL_OUT);
	/* Too short to say whose. */
	for (n = sizeof(unreach) - 5; n >= 42; n--) {
		frame.len = n;
		frame.linear = n;
		put_unaligned_be16(n - 14, bytes + 16);
		KUNIT_ASSERT_EQ(test, acl_parse(&frame, &key), ACL_PARSE_OK);
		KUNIT_EXPECT_FALSE_MSG(
			test, acl_parse_icmp_error(&frame, &key, &inner),
			"%u bytes", n);
	}
	/* An echo is no error. */
	START(unreach);
	bytes[34] = 8;
	frame.len = sizeof(unreach);
	frame.linear = frame.len;
	KUNIT_ASSERT_EQ(test, acl_parse(&frame, &key), ACL_PARSE_OK);
	KUNIT_EXPECT_FALSE(test, acl_parse_icmp_error(&frame, &key, &inner));
}

/* The short way and the long one say the same of good frames and of spoiled ones. */
static void parse__plain_is_any(struct kunit *test)
{
	struct model_world world = { .random.state = 5 };
	struct model_packet packet;
	struct acl_frame frame;
	struct acl_key plain, any;
	unsigned int i, taken = 0;
	u32 len;

	for (i = 0; i < 4000; i++) {
		world.plain = i % 4;
		model_packet(&world, &packet);
		if (packet.kind == MODEL_CELLS)
			continue;
		len = model_write(&world, &packet, bytes);
		if (i % 2)
			bytes[12 + model_below(&world.random, 30)] =
				model_random(&world.random);
		model_frame(&packet, bytes, len, &frame);
		memset(&plain, 0, sizeof(plain));
		memset(&any, 0, sizeof(any));
		if (!parse_plain(&frame, &plain))
			continue;
		taken++;
		KUNIT_EXPECT_EQ_MSG(test, parse_any(&frame, &any), ACL_PARSE_OK,
				    "packet %u", i);
		KUNIT_EXPECT_TRUE_MSG(test, !memcmp(&plain, &any, sizeof(any)),
				      "packet %u", i);
	}
	KUNIT_EXPECT_GT(test, taken, 500U);
}

static struct kunit_case parse_cases[] = { KUNIT_CASE(parse__tcp),
					   KUNIT_CASE(parse__cut),
					   KUNIT_CASE(parse__ipv4_malformed),
					   KUNIT_CASE(parse__udp_length),
					   KUNIT_CASE(parse__ipv4_options),
					   KUNIT_CASE(parse__fragments),
					   KUNIT_CASE(parse__vlan),
					   KUNIT_CASE(parse__extensions),
					   KUNIT_CASE(parse__no_extensions),
					   KUNIT_CASE(parse__big),
					   KUNIT_CASE(parse__nd),
					   KUNIT_CASE(parse__arp),
					   KUNIT_CASE(parse__utcp),
					   KUNIT_CASE(parse__icmp_error),
					   KUNIT_CASE(parse__plain_is_any),
					   {} };

static struct kunit_suite parse_suite = {
	.name = "acl_parse",
	.test_cases = parse_cases,
};

kunit_test_suite(parse_suite);
