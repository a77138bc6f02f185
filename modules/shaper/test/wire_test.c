// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of wire.c, with frames of all kinds that senders may make. In the kernel only: it
 * is the kernel's idea of a frame that is looked at.
 */
/* The queue's tests have one of this name. */
#define shaper_mark wire_mark

#include "../wire.c"

#include <kunit/test.h>

#define ROOM 4096
#define DATA 3000

static struct sk_buff *skb;

static int wire_init(struct kunit *test)
{
	skb = alloc_skb(ROOM, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	skb_reserve(skb, 64);
	skb_reset_mac_header(skb);
	skb_put_zero(skb, ETH_HLEN);
	skb->mac_len = ETH_HLEN;
	return 0;
}

static void wire_exit(struct kunit *test)
{
	kfree_skb(skb);
}

/* A tag in the frame's bytes, in front of what is of this type. */
static struct vlan_hdr *put_tag(u16 vid, u16 type)
{
	struct vlan_hdr *tag = skb_put_zero(skb, VLAN_HLEN);

	tag->h_vlan_TCI = htons(vid);
	tag->h_vlan_encapsulated_proto = htons(type);
	return tag;
}

static struct iphdr *put_ip(u8 words, u8 protocol)
{
	struct iphdr *ip = skb_put_zero(skb, words * 4);

	ip->version = 4;
	ip->ihl = words;
	ip->tos = INET_ECN_ECT_0;
	ip->protocol = protocol;
	return ip;
}

/* What the frame is said to be. */
static void be(u16 type, int network)
{
	skb->protocol = htons(type);
	skb_set_network_header(skb, network);
}

static void wire__marks(struct kunit *test)
{
	struct iphdr *ip = put_ip(5, IPPROTO_UDP);

	be(ETH_P_IP, ETH_HLEN);
	KUNIT_EXPECT_TRUE(test, shaper_mark(skb));
	KUNIT_EXPECT_EQ(test, ip->tos, INET_ECN_CE);
	ip->tos = INET_ECN_NOT_ECT;
	KUNIT_EXPECT_FALSE(test, shaper_mark(skb));
	KUNIT_EXPECT_EQ(test, ip->tos, INET_ECN_NOT_ECT);
	/* a tag beside the bytes moves nothing */
	ip->tos = INET_ECN_ECT_1;
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 10);
	KUNIT_EXPECT_TRUE(test, shaper_mark(skb));
	KUNIT_EXPECT_EQ(test, ip->tos, INET_ECN_CE);
}

static void wire__marks_six(struct kunit *test)
{
	struct ipv6hdr *ip = skb_put_zero(skb, sizeof(*ip));

	ip->version = 6;
	be(ETH_P_IPV6, ETH_HLEN);
	KUNIT_EXPECT_FALSE(test, shaper_mark(skb));
	ip->flow_lbl[0] = INET_ECN_ECT_0 << 4;
	KUNIT_EXPECT_TRUE(test, shaper_mark(skb));
	KUNIT_EXPECT_EQ(test, ip->flow_lbl[0], INET_ECN_CE << 4);
}

/* Two tags, the outer one beside the bytes: nothing is written into the inner one, nor
 * behind it; whatever it is, also where what is read at a wrong place looks right.
 */
static void wire__marks_no_tag(struct kunit *test)
{
	u8 *data = skb_mac_header(skb), was[ETH_HLEN + VLAN_HLEN + 20];
	struct iphdr *ip;
	unsigned int vid;

	put_tag(10, ETH_P_IP);
	ip = put_ip(5, 0);
	ip->ttl = 8;
	be(ETH_P_8021Q, ETH_HLEN);
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021AD), 20);
	for (vid = 0; vid < 4096; vid++) {
		data[ETH_HLEN] = vid >> 8;
		data[ETH_HLEN + 1] = vid;
		memcpy(was, data, sizeof(was));
		KUNIT_EXPECT_FALSE(test, shaper_mark(skb));
		if (vid % 2) /* as it is on the way in, and out */
			skb_push(skb, ETH_HLEN);
		else
			skb_pull(skb, ETH_HLEN);
		KUNIT_ASSERT_EQ(test, memcmp(was, data, sizeof(was)), 0);
	}
}

/* A super-frame, of headers of so many bytes behind the Ethernet header. */
static void be_super(u16 type, unsigned int gso_type, u16 size, u32 transport)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);

	be(type, ETH_HLEN);
	skb_set_transport_header(skb, transport);
	skb_put_zero(skb, DATA);
	shinfo->gso_type = gso_type;
	shinfo->gso_size = size;
	shinfo->gso_segs = DIV_ROUND_UP(DATA, size);
}

static void expect_len(struct kunit *test, u32 head, u16 size)
{
	u32 segs = DIV_ROUND_UP(DATA, size);

	KUNIT_EXPECT_EQ(test, shaper_wire_len(skb, NETSWITCH_OUT, 24),
			DATA + segs * (head + 24));
	/* On the way in its bytes begin behind the Ethernet header. */
	skb_pull(skb, ETH_HLEN);
	KUNIT_EXPECT_EQ(test, shaper_wire_len(skb, NETSWITCH_IN, 24),
			DATA + segs * (head + 24));
	skb_push(skb, ETH_HLEN);
}

static void put_tcp(u8 words)
{
	struct tcphdr *th = skb_put_zero(skb, words * 4);

	th->doff = words;
}

static void wire__super(struct kunit *test)
{
	put_ip(6, IPPROTO_TCP);
	put_tcp(8);
	be_super(ETH_P_IP, SKB_GSO_TCPV4, 100, ETH_HLEN + 24);
	expect_len(test, ETH_HLEN + 24 + 32, 100);
	skb_shinfo(skb)->gso_type |= SKB_GSO_DODGY;
	expect_len(test, ETH_HLEN + 24 + 32, 100);
}

/* Wherever a sender that is not trusted says that the transport header is. */
static void wire__super_of_liars(struct kunit *test)
{
	static const u32 said[] = { 0, 1, 14, 33, 34, 35, 64, 1000, 3030, 3100 };
	unsigned int i;

	put_ip(5, IPPROTO_UDP);
	skb_put_zero(skb, sizeof(struct udphdr));
	be_super(ETH_P_IP, SKB_GSO_UDP_L4 | SKB_GSO_DODGY, 8, 0);
	for (i = 0; i < ARRAY_SIZE(said); i++) {
		skb_set_transport_header(skb, said[i]);
		/* nor how many they will be */
		skb_shinfo(skb)->gso_segs = i;
		expect_len(test, ETH_HLEN + 20 + 8, 8);
	}
}

/* Fragments have no header of UDP each: the first one's is data. */
static void wire__super_fragments(struct kunit *test)
{
	put_ip(5, IPPROTO_UDP);
	be_super(ETH_P_IP, SKB_GSO_UDP | SKB_GSO_DODGY, 8, 0);
	expect_len(test, ETH_HLEN + 20, 8);
}

/* Headers that come again in each frame. */
static void wire__super_six(struct kunit *test)
{
	struct ipv6hdr *ip = skb_put_zero(skb, sizeof(*ip));
	u8 *options = skb_put_zero(skb, 256);

	ip->version = 6;
	ip->nexthdr = NEXTHDR_DEST;
	options[0] = IPPROTO_TCP;
	options[1] = 256 / 8 - 1;
	put_tcp(5);
	be_super(ETH_P_IPV6, SKB_GSO_TCPV6 | SKB_GSO_DODGY, 8, ETH_HLEN + 40);
	expect_len(test, ETH_HLEN + 40 + 256 + 20, 8);
}

static void wire__super_tags(struct kunit *test)
{
	put_tag(10, ETH_P_8021Q);
	put_tag(11, ETH_P_IP);
	put_ip(5, IPPROTO_TCP);
	put_tcp(5);
	be_super(ETH_P_8021AD, SKB_GSO_TCPV4 | SKB_GSO_DODGY, 50, 0);
	expect_len(test, ETH_HLEN + 8 + 20 + 20, 50);
}

/* Nobody cuts what has no headers; it is counted nevertheless. */
static void wire__super_of_nothing(struct kunit *test)
{
	be_super(ETH_P_IP, SKB_GSO_TCPV4 | SKB_GSO_DODGY, 8, 0);
	KUNIT_EXPECT_GT(test, shaper_wire_len(skb, NETSWITCH_OUT, 0),
			(DATA - 40) / 8 * (ETH_HLEN + 40));
	skb_trim(skb, ETH_HLEN + 10);
	KUNIT_EXPECT_EQ(test, shaper_wire_len(skb, NETSWITCH_OUT, 0),
			ETH_HLEN + 10);
}

static struct kunit_case wire_cases[] = { KUNIT_CASE(wire__marks),
					  KUNIT_CASE(wire__marks_six),
					  KUNIT_CASE(wire__marks_no_tag),
					  KUNIT_CASE(wire__super),
					  KUNIT_CASE(wire__super_of_liars),
					  KUNIT_CASE(wire__super_fragments),
					  KUNIT_CASE(wire__super_six),
					  KUNIT_CASE(wire__super_tags),
					  KUNIT_CASE(wire__super_of_nothing),
					  {} };

static struct kunit_suite wire_suite = {
	.name = "shaper_wire",
	.init = wire_init,
	.exit = wire_exit,
	.test_cases = wire_cases,
};

kunit_test_suite(wire_suite);
