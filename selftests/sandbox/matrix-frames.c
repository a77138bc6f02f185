// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames of the isolation matrix that no socket but AF_PACKET sends, and what frames say
 * that have come.
 */
#include <string.h>

#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <net/if_arp.h>

#include "matrix.h"

#define TYPE_LWF 0x4c57
#define TYPE_OTHER 0x88b6
#define TAG 5

struct frame {
	uint8_t *bytes;
	size_t len;
};

struct arp {
	uint16_t hardware, protocol;
	uint8_t hardware_len, protocol_len;
	uint16_t op;
	uint8_t sha[ETH_ALEN], spa[4], tha[ETH_ALEN], tpa[4];
} __attribute__((packed));

static void put(struct frame *f, const void *bytes, size_t len)
{
	memcpy(f->bytes + f->len, bytes, len);
	f->len += len;
}

static void put16(struct frame *f, uint16_t value)
{
	value = htons(value);
	put(f, &value, sizeof(value));
}

static void put_eth(struct frame *f, const uint8_t *dst, const uint8_t *src,
		    uint16_t type)
{
	put(f, dst, ETH_ALEN);
	put(f, src, ETH_ALEN);
	put16(f, type);
}

static void put_mark(struct frame *f, const struct row *row, enum kind kind)
{
	struct mark mark = { .row = row - rows, .kind = kind };

	memcpy(mark.magic, MAGIC, sizeof(mark.magic));
	put(f, &mark, sizeof(mark));
}

static uint32_t sum(const void *bytes, size_t len, uint32_t sum)
{
	const uint8_t *b = bytes;

	for (size_t i = 0; i < len; i++)
		sum += i & 1 ? b[i] : b[i] << 8;
	return sum;
}

static uint16_t folded(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum & 0xffff);
}

/* A datagram with the mark. */
static void put_udp4(struct frame *f, struct in_addr src, struct in_addr dst,
		     uint16_t port, const struct row *row, enum kind kind)
{
	const uint16_t len = 20 + sizeof(struct udphdr) + sizeof(struct mark);
	/* Version and length of the header, its total length, TTL, protocol. */
	uint8_t ip[20] = { 0x45, 0, len >> 8, len, [8] = 64, IPPROTO_UDP }, *at;
	/* Without a sum: IPv4 allows that. */
	const struct udphdr udp = { .source = htons(PORT_UDP + 100),
				    .dest = htons(port),
				    .len = htons(sizeof(udp) +
						 sizeof(struct mark)) };
	uint16_t check;

	memcpy(ip + 12, &src, sizeof(src));
	memcpy(ip + 16, &dst, sizeof(dst));
	at = f->bytes + f->len;
	put(f, ip, sizeof(ip));
	check = folded(sum(at, sizeof(ip), 0));
	memcpy(at + 10, &check, sizeof(check));
	put(f, &udp, sizeof(udp));
	put_mark(f, row, kind);
}

/* The header of IPv6 before what is at @payload, and that one's sum, @check_at. */
static void put_ip6(struct frame *f, const struct in6_addr *src,
		    const struct in6_addr *dst, uint8_t next,
		    const void *payload, size_t len, size_t check_at)
{
	const struct ip6_hdr ip = { .ip6_flow = htonl(6U << 28),
				    .ip6_plen = htons(len),
				    .ip6_nxt = next,
				    .ip6_hlim = 255,
				    .ip6_src = *src,
				    .ip6_dst = *dst };
	uint16_t check;
	uint8_t *at;

	put(f, &ip, sizeof(ip));
	at = f->bytes + f->len;
	put(f, payload, len);
	check = folded(sum(src, sizeof(*src),
			   sum(dst, sizeof(*dst),
			       sum(at, len, (uint32_t)len + next))));
	memcpy(at + check_at, &check, sizeof(check));
}

static void put_udp6(struct frame *f, const struct in6_addr *src,
		     const struct in6_addr *dst, uint16_t port,
		     const struct row *row, enum kind kind)
{
	struct {
		struct udphdr udp;
		struct mark mark;
	} __attribute__((packed)) out = {
		.udp = { .source = htons(PORT_UDP + 100),
			 .dest = htons(port),
			 .len = htons(sizeof(out)) },
		.mark = { .row = row - rows, .kind = kind },
	};

	memcpy(out.mark.magic, MAGIC, sizeof(out.mark.magic));
	put_ip6(f, src, dst, IPPROTO_UDP, &out, sizeof(out),
		offsetof(struct udphdr, check));
}

static void put_arp(struct frame *f, uint16_t op, const uint8_t *sha,
		    struct in_addr spa, const uint8_t *tha, struct in_addr tpa)
{
	struct arp arp = { .hardware = htons(ARPHRD_ETHER),
			   .protocol = htons(ETH_P_IP),
			   .hardware_len = ETH_ALEN,
			   .protocol_len = sizeof(spa),
			   .op = htons(op) };

	memcpy(arp.sha, sha, ETH_ALEN);
	memcpy(arp.spa, &spa, sizeof(spa));
	memcpy(arp.tha, tha, ETH_ALEN);
	memcpy(arp.tpa, &tpa, sizeof(tpa));
	put(f, &arp, sizeof(arp));
}

/* A solicitation, or an advertisement, with the MAC address as its option. */
static void put_nd(struct frame *f, uint8_t type, const struct in6_addr *src,
		   const struct in6_addr *dst, const struct in6_addr *target,
		   const uint8_t *mac)
{
	struct {
		uint8_t type, code;
		uint16_t check;
		uint32_t flags;
		struct in6_addr target;
		uint8_t option, units, mac[ETH_ALEN];
	} __attribute__((packed)) out = {
		.type = type,
		.flags = type == ND_NEIGHBOR_ADVERT ? ND_NA_FLAG_OVERRIDE : 0,
		.target = *target,
		.option = type == ND_NEIGHBOR_ADVERT ? ND_OPT_TARGET_LINKADDR :
						       ND_OPT_SOURCE_LINKADDR,
		.units = 1,
	};

	memcpy(out.mac, mac, ETH_ALEN);
	put_ip6(f, src, dst, IPPROTO_ICMPV6, &out, sizeof(out),
		offsetof(struct icmp6_hdr, icmp6_cksum));
}

/* From the link-local address that follows from the MAC address, which is its own. */
static void put_ra(struct frame *f, const uint8_t *mac)
{
	static const struct in6_addr all = { { { 0xff, 2, [15] = 1 } } };
	const struct in6_addr own = { { { 0xfe, 0x80, [8] = mac[0] ^ 2, mac[1],
					  mac[2], 0xff, 0xfe, mac[3], mac[4],
					  mac[5] } } };
	/* Hop limit 64, a router for 1800 s. */
	uint8_t out[sizeof(struct nd_router_advert)] = {
		ND_ROUTER_ADVERT, [4] = 64, [6] = 1800 >> 8, 1800 & 255
	};

	put_ip6(f, &own, &all, IPPROTO_ICMPV6, out, sizeof(out),
		offsetof(struct icmp6_hdr, icmp6_cksum));
}

/* A third one at the sender's bridge. */
static const struct link *another(const struct end *from, const struct end *to)
{
	for (unsigned int i = 0; i < end_count; i++) {
		if (&ends[i] != from && &ends[i] != to && ends[i].links == 1 &&
		    share_link(&ends[i], from))
			return &ends[i].link[0];
	}
	die("there is nobody else");
}

size_t frame_make(uint8_t *bytes, const struct row *row, enum kind kind)
{
	/* A MAC address that nobody has. */
	static const uint8_t nobody[ETH_ALEN] = { 2, 0, 0, 0, 0x66, 1 };
	static const uint8_t all[ETH_ALEN] = { 255, 255, 255, 255, 255, 255 };
	static const uint8_t zero[ETH_ALEN];
	struct end *from = &ends[row->from], *to = &ends[row->to];
	struct frame f = { .bytes = bytes };
	const struct link *link, *gateway;
	struct in6_addr group = row->ip6;
	const uint8_t *mac, *next;

	if (!from->links)
		return 0;
	memset(bytes, 0, FRAME_MAX);
	link = link_to(from, to);
	/* The host is the way to what is not on the same link. */
	gateway = link_to(&ends[end_count - 2], from);
	mac = to->links ? link_to(to, from)->mac : nobody;
	next = to->links && !share_link(from, to) ? gateway->mac : mac;

	switch (kind) {
	case ARP:
		put_eth(&f, all, link->mac, ETH_P_ARP);
		put_arp(&f, ARPOP_REQUEST, link->mac, link->ip4, zero,
			row->ip4);
		break;
	case ND: {
		const uint8_t *ip = row->ip6.s6_addr;
		const uint8_t to_mac[] = { 0x33,   0x33,   0xff,
					   ip[13], ip[14], ip[15] };

		memcpy(group.s6_addr, "\xff\2\0\0\0\0\0\0\0\0\0\1\xff", 13);
		put_eth(&f, to_mac, link->mac, ETH_P_IPV6);
		put_nd(&f, ND_NEIGHBOR_SOLICIT, &link->ip6, &group, &row->ip6,
		       link->mac);
		break;
	}
	case LWF:
	case OTHER:
		put_eth(&f, mac, link->mac,
			kind == LWF ? TYPE_LWF : TYPE_OTHER);
		put_mark(&f, row, kind);
		break;
	case VLAN:
	case AS_VLAN:
		put_eth(&f, mac, link->mac, ETH_P_8021Q);
		put16(&f, TAG);
		put16(&f, ETH_P_IP);
		put_udp4(&f, kind == VLAN ? link->ip4 : another(from, to)->ip4,
			 row->ip4, PORT_UDP, row, kind);
		break;
	case LOCAL4:
		put_eth(&f, next, link->mac, ETH_P_IP);
		put_udp4(&f, link->ip4,
			 (struct in_addr){ htonl(INADDR_LOOPBACK) }, PORT_LOCAL,
			 row, kind);
		break;
	case LOCAL6:
		put_eth(&f, next, link->mac, ETH_P_IPV6);
		put_udp6(&f, &link->ip6, &in6addr_loopback, PORT_LOCAL, row,
			 kind);
		break;
	case AS_MAC:
		put_eth(&f, next, nobody, ETH_P_IP);
		put_udp4(&f, link->ip4, row->ip4, PORT_UDP, row, kind);
		break;
	case AS_IP4:
		put_eth(&f, next, link->mac, ETH_P_IP);
		put_udp4(&f, another(from, to)->ip4, row->ip4, PORT_UDP, row,
			 kind);
		break;
	case AS_IP6:
		put_eth(&f, next, link->mac, ETH_P_IPV6);
		put_udp6(&f, &another(from, to)->ip6, &row->ip6, PORT_UDP, row,
			 kind);
		break;
	case AS_ARP:
		put_eth(&f, mac, link->mac, ETH_P_ARP);
		put_arp(&f, ARPOP_REPLY, link->mac, gateway->ip4, mac,
			row->ip4);
		put_mark(&f, row, kind);
		break;
	case AS_ND:
		put_eth(&f, mac, link->mac, ETH_P_IPV6);
		put_nd(&f, ND_NEIGHBOR_ADVERT, &link->ip6, &row->ip6,
		       &gateway->ip6, link->mac);
		put_mark(&f, row, kind);
		break;
	case AS_RA:
		put_eth(&f, mac, link->mac, ETH_P_IPV6);
		put_ra(&f, link->mac);
		put_mark(&f, row, kind);
		break;
	default:
		return 0;
	}
	return f.len < ETH_ZLEN ? ETH_ZLEN : f.len;
}

/* An answer to a question about one of the rows' addresses. */
static void read_answer(unsigned int end, const uint8_t *addr, enum kind kind)
{
	for (unsigned int i = 0; i < row_count; i++) {
		if (rows[i].from == end && rows[i].tried & BIT(kind) &&
		    !memcmp(kind == ARP ? (void *)&rows[i].ip4 :
					  (void *)&rows[i].ip6,
			    addr, kind == ARP ? 4 : 16))
			answered(i, kind);
	}
}

void frame_read(unsigned int end, const struct link *link, const uint8_t *frame,
		size_t len)
{
	const uint8_t *body = frame + ETH_HLEN, *mark;
	uint16_t type;

	if (len < ETH_ZLEN - 18)
		return;
	type = frame[12] << 8 | frame[13];
	mark = memmem(frame, len, MAGIC, sizeof(((struct mark *)0)->magic));
	if (mark) {
		if (mark + sizeof(struct mark) <= frame + len)
			has_come(end, (const struct mark *)mark, true);
	} else if (type == ETH_P_ARP && !memcmp(frame, link->mac, ETH_ALEN)) {
		struct arp arp;

		memcpy(&arp, body, sizeof(arp));
		if (arp.op == htons(ARPOP_REPLY))
			read_answer(end, arp.spa, ARP);
	} else if (type == ETH_P_IPV6 && len >= ETH_HLEN + 40 + 24 &&
		   body[6] == IPPROTO_ICMPV6 &&
		   body[40] == ND_NEIGHBOR_ADVERT) {
		read_answer(end, body + 48, ND);
	}
}
