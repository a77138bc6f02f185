// SPDX-License-Identifier: GPL-2.0-only
/*
 * The answer to a frame that is rejected: of TCP a reset (RFC 9293, section 3.5.2),
 * of anything else in IPv4 or IPv6 an ICMP error that says "administratively
 * prohibited" (RFC 1812, section 5.2.7.1; RFC 4443, section 3.1).
 *
 * It says that it comes from where the frame was to go, as nft's "reject" does, and
 * goes to the station that has sent it. There is never one to a reset or to an ICMP
 * message that is no request, and there is no other kind of answer: so answers cannot
 * answer each other.
 *
 * Nothing here knows an skb, and only bytes that were judged are read.
 */
#include "answer.h"

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#define PROTO_ICMPV6 58
#define HOPS 64

#define IPV4_HEADER 20
#define IPV6_HEADER 40
#define TCP_HEADER 20
#define ICMP_HEADER 8

/* Flags of TCP. */
#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

/* An Internet checksum is summed up here; @len is even, but for the last piece. */
static u32 sum_add(u32 sum, const u8 *data, u32 len)
{
	for (; len > 1; len -= 2, data += 2)
		sum += get_unaligned_be16(data);
	return len ? sum + (*data << 8) : sum;
}

static u16 sum_end(u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* Is it an ICMP message of the kind that asks, and so may be answered? */
static bool is_request(const struct acl_key *key)
{
	switch (acl_key_sport(key)) {
	case 8: /* echo */
	case 13: /* timestamp */
	case 15: /* information */
	case 17: /* address mask */
		return acl_key_proto(key) == IPPROTO_ICMP;
	case 128: /* echo */
		return acl_key_proto(key) == PROTO_ICMPV6;
	}
	return false;
}

/* Is there one station and one address to answer to, and one to answer for? */
static bool is_unicast(const struct acl_frame *frame, const struct acl_key *key)
{
	u8 src[16], dst[16];

	/* First byte of destination and source; group bit. */
	if ((frame->data[0] | frame->data[ETH_ALEN]) & 1 || !acl_key_smac(key))
		return false;
	acl_key_src(key, src);
	acl_key_dst(key, dst);
	if (acl_key_family(key) == ACL_IPV4)
		return src[0] && src[0] != 127 && src[0] < 224 && dst[0] &&
		       dst[0] != 127 && dst[0] < 224;
	/* Neither "::" nor "::1". */
	return src[0] != 0xff && dst[0] != 0xff &&
	       (get_unaligned_be64(src) || get_unaligned_be64(src + 8) > 1) &&
	       (get_unaligned_be64(dst) || get_unaligned_be64(dst + 8) > 1);
}

/**
 * acl_may_answer() - may a frame be answered at all?
 * @frame: the frame
 * @key: its key
 *
 * Return: acl_answer() has an answer to it.
 */
bool acl_may_answer(const struct acl_frame *frame, const struct acl_key *key)
{
	enum acl_family family = acl_key_family(key);
	bool icmp;

	if ((family != ACL_IPV4 && family != ACL_IPV6) || !key->l4 ||
	    key->frag == ACL_FRAG_LATER || !is_unicast(frame, key))
		return false;
	if (acl_key_proto(key) == IPPROTO_TCP)
		return !(acl_key_tcp_flags(key) & TCP_RST);
	icmp = acl_key_proto(key) ==
	       (family == ACL_IPV4 ? IPPROTO_ICMP : PROTO_ICMPV6);
	return !icmp || is_request(key);
}

/* The Ethernet header and VLAN tags, back to where the frame came from. */
static u32 put_link(const struct acl_frame *frame, const struct acl_key *key,
		    u8 *to)
{
	memcpy(to, frame->data + ETH_ALEN, ETH_ALEN);
	memcpy(to + ETH_ALEN, frame->data, ETH_ALEN);
	memcpy(to + 2 * ETH_ALEN, frame->data + 2 * ETH_ALEN,
	       key->l3 - 2 * ETH_ALEN);
	return key->l3;
}

/* A header of IPv4 or IPv6 with addresses exchanged, and @len bytes behind it. Returns
 * the sum of its pseudo header.
 */
static u32 put_ip(const struct acl_frame *frame, const struct acl_key *key,
		  u8 *to, u8 proto, u32 len)
{
	const u8 *from = frame->data + key->l3;
	u32 sum = proto + len;

	if (acl_key_family(key) == ACL_IPV4) {
		memset(to, 0, IPV4_HEADER);
		to[0] = 0x45;
		put_unaligned_be16(IPV4_HEADER + len, to + 2);
		put_unaligned_be16(0x4000, to + 6); /* do not fragment */
		to[8] = HOPS;
		to[9] = proto;
		memcpy(to + 12, from + 16, 4);
		memcpy(to + 16, from + 12, 4);
		put_unaligned_be16(sum_end(sum_add(0, to, IPV4_HEADER)),
				   to + 10);
		return sum_add(sum, to + 12, 8);
	}
	memset(to, 0, IPV6_HEADER);
	to[0] = 0x60;
	put_unaligned_be16(len, to + 4);
	to[6] = proto;
	to[7] = HOPS;
	memcpy(to + 8, from + 24, 16);
	memcpy(to + 24, from + 8, 16);
	return sum_add(sum, to + 8, 32);
}

/* What a segment takes of the sequence. */
static u32 segment_len(const struct acl_frame *frame, const struct acl_key *key)
{
	const u8 *h = frame->data + key->l4;
	u8 flags = acl_key_tcp_flags(key);

	return key->len - key->l4 - (h[12] >> 4) * 4 + !!(flags & TCP_SYN) +
	       !!(flags & TCP_FIN);
}

static u32 put_reset(const struct acl_frame *frame, const struct acl_key *key,
		     u8 *to, u32 ip)
{
	const u8 *h = frame->data + key->l4;
	u8 *tcp = to + ip;
	u32 sum;

	memset(tcp, 0, TCP_HEADER);
	memcpy(tcp, h + 2, 2);
	memcpy(tcp + 2, h, 2);
	tcp[12] = TCP_HEADER / 4 << 4;
	tcp[13] = TCP_RST;
	if (acl_key_tcp_flags(key) & TCP_ACK) {
		memcpy(tcp + 4, h + 8, 4);
	} else {
		tcp[13] |= TCP_ACK;
		put_unaligned_be32(get_unaligned_be32(h + 4) +
					   segment_len(frame, key),
				   tcp + 8);
	}
	sum = put_ip(frame, key, to, IPPROTO_TCP, TCP_HEADER);
	put_unaligned_be16(sum_end(sum_add(sum, tcp, TCP_HEADER)), tcp + 16);
	return ip + TCP_HEADER;
}

static u32 put_error(const struct acl_frame *frame, const struct acl_key *key,
		     u8 *to, u32 ip)
{
	u32 read = min_t(u32, key->len, frame->linear) - key->l3;
	u32 quote = min_t(u32, read, ACL_ANSWER_QUOTE);
	bool is4 = acl_key_family(key) == ACL_IPV4;
	u32 len = ICMP_HEADER + quote;
	u8 *icmp = to + ip;
	u32 sum;

	memset(icmp, 0, ICMP_HEADER);
	icmp[0] = is4 ? 3 : 1; /* destination unreachable */
	icmp[1] = is4 ? 13 : 1; /* administratively prohibited */
	memcpy(icmp + ICMP_HEADER, frame->data + key->l3, quote);
	sum = put_ip(frame, key, to, is4 ? IPPROTO_ICMP : PROTO_ICMPV6, len);
	/* Only ICMPv6 has a pseudo header. */
	sum = sum_add(is4 ? 0 : sum, icmp, len);
	put_unaligned_be16(sum_end(sum), icmp + 2);
	return ip + len;
}

/**
 * acl_answer() - make the answer to a frame that is rejected
 * @frame: the frame
 * @key: its key, by acl_parse(), which found nothing wrong with it
 * @to: is filled, from the Ethernet header on, with the VLAN tags that stand in
 *	the frame; not with one that is in its metadata
 *
 * Return: how many bytes it has; 0: to this frame there is no answer.
 */
u32 acl_answer(const struct acl_frame *frame, const struct acl_key *key,
	       u8 to[ACL_ANSWER_MAX])
{
	u32 ip = IPV6_HEADER, at;

	if (!acl_may_answer(frame, key))
		return 0;
	if (acl_key_family(key) == ACL_IPV4)
		ip = IPV4_HEADER;
	at = put_link(frame, key, to);
	if (acl_key_proto(key) == IPPROTO_TCP)
		return at + put_reset(frame, key, to + at, ip);
	return at + put_error(frame, key, to + at, ip);
}
