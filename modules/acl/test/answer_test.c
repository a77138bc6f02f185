// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of answer.c: what is answered, how, and what never is.
 */
#include "../answer.c"

#include <kunit/test.h>

#include "model.h"

static u8 bytes[512];
static u8 reply[ACL_ANSWER_MAX];
static struct acl_key key;

/* TCP or ICMP behind Ethernet and IPv4: headers that are as a sender's. */
static u32 make4(u8 proto, u32 payload)
{
	static const u8 like[] = {
		2,    0, 0, 0, 0,  1, 2, 0, 0,	0, 0, 2, 8, 0, /* Ethernet */
		0x45, 0, 0, 0, 0,  7, 0, 0, 64, 0, 0, 0, /* IPv4 */
		10,   0, 0, 1, 10, 0, 0, 2,
	};
	u32 len = IPV4_HEADER + (proto == IPPROTO_TCP ? 20 : 8) + payload;

	memset(bytes, 0, sizeof(bytes));
	memcpy(bytes, like, sizeof(like));
	bytes[17] = len;
	bytes[16] = len >> 8;
	bytes[23] = proto;
	if (proto == IPPROTO_TCP) {
		put_unaligned_be16(4000, bytes + 34);
		put_unaligned_be16(80, bytes + 36);
		put_unaligned_be32(1000, bytes + 38);
		put_unaligned_be32(77, bytes + 42);
		bytes[46] = 5 << 4;
	} else if (proto == IPPROTO_UDP) {
		put_unaligned_be16(8 + payload, bytes + 38);
	}
	return ETH_HLEN + len;
}

static u32 make6(u8 proto, u32 payload)
{
	u32 len = (proto == IPPROTO_TCP ? 20 : 8) + payload;

	memset(bytes, 0, sizeof(bytes));
	bytes[0] = 2;
	bytes[6] = 2;
	bytes[11] = 9;
	put_unaligned_be16(ETH_P_IPV6, bytes + 12);
	bytes[14] = 0x60;
	put_unaligned_be16(len, bytes + 18);
	bytes[20] = proto;
	bytes[21] = 3;
	bytes[22] = 0xfd;
	bytes[37] = 1;
	bytes[38] = 0xfd;
	bytes[53] = 2;
	if (proto == IPPROTO_UDP)
		put_unaligned_be16(8 + payload, bytes + 58);
	return ETH_HLEN + IPV6_HEADER + len;
}

static u32 answer_of(const u8 *data, u32 len, struct acl_key *to)
{
	struct acl_frame frame = {
		.data = data,
		.linear = len,
		.len = len,
		.dir = ACL_OUT,
	};
	u8 copy[ACL_ANSWER_MAX];
	u32 ret;

	if (acl_parse(&frame, to) != ACL_PARSE_OK)
		return U32_MAX;
	ret = acl_answer(&frame, to, copy);
	memcpy(reply, copy, ret);
	return ret;
}

static u32 answer(u32 len)
{
	return answer_of(bytes, len, &key);
}

/* The answer makes sense, its sums come out even, and there is none to it. */
static void check_reply(struct kunit *test, u32 len)
{
	u8 again[ACL_ANSWER_MAX];
	const u8 *ip = reply + key.l3;
	struct acl_key got;
	u32 sum, header;

	memcpy(again, reply, len);
	KUNIT_EXPECT_EQ(test, memcmp(reply, bytes + 6, 6), 0);
	KUNIT_EXPECT_EQ(test, memcmp(reply + 6, bytes, 6), 0);
	if (acl_key_family(&key) == ACL_IPV4) {
		header = IPV4_HEADER;
		KUNIT_EXPECT_EQ(test, sum_end(sum_add(0, ip, header)), 0);
		sum = ip[9] == IPPROTO_ICMP ? 0 : sum_add(0, ip + 12, 8);
		sum += ip[9] == IPPROTO_ICMP ? 0 :
					       ip[9] + len - key.l3 - header;
	} else {
		header = IPV6_HEADER;
		sum = sum_add(0, ip + 8, 32) + ip[6] + len - key.l3 - header;
	}
	sum = sum_add(sum, ip + header, len - key.l3 - header);
	KUNIT_EXPECT_EQ(test, sum_end(sum), 0);
	KUNIT_EXPECT_EQ(test, answer_of(again, len, &got), 0);
	memcpy(reply, again, len);
}

static void answer__reset(struct kunit *test)
{
	u32 len = make4(IPPROTO_TCP, 0);

	bytes[47] = TCP_SYN;
	KUNIT_ASSERT_EQ(test, answer(len), ETH_HLEN + 40);
	check_reply(test, ETH_HLEN + 40);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(reply + 34), 80);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(reply + 36), 4000);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(reply + 38), 0);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(reply + 42), 1001);
	KUNIT_EXPECT_EQ(test, reply[47], TCP_RST | TCP_ACK);
	/* Data and FIN count; with ACK the answer has its number, and none itself. */
	len = make4(IPPROTO_TCP, 11);
	bytes[47] = TCP_FIN;
	KUNIT_ASSERT_EQ(test, answer(len), ETH_HLEN + 40);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(reply + 42), 1012);
	bytes[47] = TCP_ACK;
	KUNIT_ASSERT_EQ(test, answer(len), ETH_HLEN + 40);
	check_reply(test, ETH_HLEN + 40);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(reply + 38), 77);
	KUNIT_EXPECT_EQ(test, reply[47], TCP_RST);
	bytes[47] = TCP_RST | TCP_ACK;
	KUNIT_EXPECT_EQ(test, answer(len), 0);
}

static void answer__error(struct kunit *test)
{
	u32 len = make4(IPPROTO_UDP, 300);
	static const u8 requests[] = { 8, 13, 15, 17 };
	unsigned int i, type, n = 0;

	KUNIT_ASSERT_EQ(test, answer(len),
			ETH_HLEN + 20 + 8 + ACL_ANSWER_QUOTE);
	check_reply(test, ETH_HLEN + 20 + 8 + ACL_ANSWER_QUOTE);
	KUNIT_EXPECT_EQ(test, reply[34], 3);
	KUNIT_EXPECT_EQ(test, reply[35], 13);
	KUNIT_EXPECT_EQ(test,
			memcmp(reply + 42, bytes + ETH_HLEN, ACL_ANSWER_QUOTE),
			0);
	len = make4(IPPROTO_ICMP, 5);
	for (type = 0; type < 256; type++) {
		bytes[34] = type;
		n += !!answer(len);
	}
	KUNIT_EXPECT_EQ(test, n, ARRAY_SIZE(requests));
	for (i = 0; i < ARRAY_SIZE(requests); i++) {
		bytes[34] = requests[i];
		KUNIT_EXPECT_EQ(test, answer(len), len + 28);
		check_reply(test, len + 28);
	}
}

static void answer__ipv6(struct kunit *test)
{
	u32 len = make6(IPPROTO_UDP, 7);

	KUNIT_ASSERT_EQ(test, answer(len), len + 48);
	check_reply(test, len + 48);
	KUNIT_EXPECT_EQ(test, reply[54], 1);
	KUNIT_EXPECT_EQ(test, reply[55], 1);
	len = make6(IPPROTO_TCP, 0);
	bytes[66] = 5 << 4;
	bytes[67] = TCP_SYN;
	KUNIT_ASSERT_EQ(test, answer(len), ETH_HLEN + 60);
	check_reply(test, ETH_HLEN + 60);
	len = make6(PROTO_ICMPV6, 0);
	bytes[54] = 128;
	KUNIT_EXPECT_EQ(test, answer(len), len + 48);
	bytes[54] = 129;
	KUNIT_EXPECT_EQ(test, answer(len), 0);
	bytes[54] = 1;
	KUNIT_EXPECT_EQ(test, answer(len), 0);
}

static void answer__vlan(struct kunit *test)
{
	u32 len = make4(IPPROTO_UDP, 0);

	memmove(bytes + 20, bytes + 12, len - 12);
	put_unaligned_be16(ETH_P_8021AD, bytes + 12);
	put_unaligned_be16(5, bytes + 14);
	put_unaligned_be16(ETH_P_8021Q, bytes + 16);
	put_unaligned_be16(6, bytes + 18);
	KUNIT_ASSERT_EQ(test, answer(len + 8), len + 8 + 28);
	check_reply(test, len + 8 + 28);
	KUNIT_EXPECT_EQ(test, memcmp(reply + 12, bytes + 12, 10), 0);
}

/* One byte of a frame that would be answered, and then is not. */
static void answer__none(struct kunit *test)
{
	static const struct {
		u8 at;
		u8 is;
	} four[] = {
		{ 0, 0xff }, /* to a group */
		{ 6, 3 }, /* from one */
		{ 26, 0 }, { 26, 127 }, { 26, 224 }, { 26, 255 }, /* source */
		{ 30, 0 }, { 30, 127 }, { 30, 239 }, { 30, 255 }, /* target */
		{ 21, 1 }, /* a later fragment */
	}, six[] = { { 22, 0xff }, { 38, 0xff }, { 0, 0x33 } };
	unsigned int i;
	u32 len;

	for (i = 0; i < ARRAY_SIZE(four); i++) {
		len = make4(IPPROTO_UDP, 0);
		bytes[four[i].at] = four[i].is;
		KUNIT_EXPECT_EQ(test, answer(len), 0);
	}
	for (i = 0; i < ARRAY_SIZE(six); i++) {
		len = make6(IPPROTO_UDP, 0);
		bytes[six[i].at] = six[i].is;
		KUNIT_EXPECT_EQ(test, answer(len), 0);
	}
	len = make6(IPPROTO_UDP, 0);
	bytes[22] = 0;
	KUNIT_EXPECT_EQ(test, answer(len), 0);
	bytes[37] = 0;
	KUNIT_EXPECT_EQ(test, answer(len), 0);
	len = make4(IPPROTO_UDP, 0);
	memset(bytes + 6, 0, 6);
	KUNIT_EXPECT_EQ(test, answer(len), 0);
	/* A first fragment is answered. */
	len = make4(IPPROTO_UDP, 0);
	bytes[20] = 0x20;
	KUNIT_EXPECT_EQ(test, answer(len), len + 28);
	put_unaligned_be16(0x88b5, bytes + 12);
	KUNIT_EXPECT_EQ(test, answer(len), 0);
	put_unaligned_be16(ETH_P_IP, bytes + 12);
	bytes[20] = 0;
	bytes[23] = IPPROTO_GRE;
	KUNIT_EXPECT_EQ(test, answer(len), len + 28);
}

static struct kunit_case answer_cases[] = {
	KUNIT_CASE(answer__reset), KUNIT_CASE(answer__error),
	KUNIT_CASE(answer__ipv6),  KUNIT_CASE(answer__vlan),
	KUNIT_CASE(answer__none),  {}
};

static struct kunit_suite answer_suite = {
	.name = "utcp_acl_answer",
	.test_cases = answer_cases,
};

kunit_test_suite(answer_suite);
