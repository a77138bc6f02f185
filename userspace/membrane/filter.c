// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which frames the stack gets. Nothing is changed, nothing is kept, and no byte is
 * read before it is known to be there.
 */
#include <string.h>

#include <linux/if_ether.h>

#include "filter.h"

enum {
	TYPE_AT = 12,
	ARP_LEN = 28,
	IP4_HEAD_MIN = 20,
	IP6_HEAD = 40,
	IP_PROTO_ICMP = 1,
	IP_PROTO_TCP = 6,
	IP_PROTO_UDP = 17,
	IP_PROTO_ICMP6 = 58,
	IP4_MORE_FRAGMENTS = 0x2000,
	IP4_OFFSET = 0x1fff,
};

static const uint8_t broadcast[ETH_ALEN] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff
};

/* ff02::1 */
static const uint8_t all_nodes[16] = { 0xff, 0x02, [15] = 0x01 };
/* ff02::1:ff00:0, of which the last three bytes are those of an address (RFC 4291) */
static const uint8_t solicited[13] = {
	0xff,
	0x02,
	[11] = 0x01,
	[12] = 0xff,
};

static unsigned int get16(const uint8_t *p)
{
	return (unsigned int)p[0] << 8 | p[1];
}

static bool to_own_ip6(const struct filter *f, const uint8_t *dst)
{
	for (size_t i = 0; i < f->n_ip6; i++) {
		if (memcmp(dst, f->ip6[i], 16) == 0)
			return true;
		if (memcmp(dst, solicited, sizeof(solicited)) == 0 &&
		    memcmp(dst + 13, f->ip6[i] + 13, 3) == 0)
			return true;
	}
	return f->n_ip6 && memcmp(dst, all_nodes, 16) == 0;
}

/* The group of an IPv6 group address: 33:33 and its last four bytes (RFC 2464). */
static bool to_own_group(const struct filter *f, const uint8_t *mac)
{
	if (mac[0] != 0x33 || mac[1] != 0x33 || !f->n_ip6)
		return false;
	if (memcmp(mac + 2, all_nodes + 12, 4) == 0)
		return true;
	for (size_t i = 0; i < f->n_ip6; i++)
		if (mac[2] == 0xff && memcmp(mac + 3, f->ip6[i] + 13, 3) == 0)
			return true;
	return false;
}

static enum filter_verdict judge_arp(const uint8_t *p, size_t len)
{
	static const uint8_t ethernet_ip4[] = { 0, 1, 8, 0, ETH_ALEN, 4 };

	if (len < ARP_LEN)
		return FILTER_SHORT;
	if (memcmp(p, ethernet_ip4, sizeof(ethernet_ip4)))
		return FILTER_HEADER;
	return FILTER_PASS;
}

static enum filter_verdict judge_ip4(const struct filter *f, bool group,
				     const uint8_t *p, size_t len)
{
	size_t head, total;
	uint32_t dst;

	if (len < IP4_HEAD_MIN)
		return FILTER_SHORT;
	head = (size_t)(p[0] & 0xf) * 4;
	total = get16(p + 2);
	if (p[0] >> 4 != 4 || head < IP4_HEAD_MIN || total < head)
		return FILTER_HEADER;
	if (len < total)
		return FILTER_SHORT;
	memcpy(&dst, p + 16, sizeof(dst));
	/* A packet for one station in a frame for all is no packet (RFC 1122, 3.3.6). */
	if (group ? dst != UINT32_MAX && dst != (f->ip4 | ~f->mask4) :
		    dst != f->ip4)
		return FILTER_ADDRESS;
	if (get16(p + 6) & (IP4_MORE_FRAGMENTS | IP4_OFFSET))
		return FILTER_PASS_KEPT;
	return p[9] == IP_PROTO_ICMP || p[9] == IP_PROTO_TCP ||
			       p[9] == IP_PROTO_UDP ?
		       FILTER_PASS :
		       FILTER_PASS_KEPT;
}

static enum filter_verdict judge_ip6(const struct filter *f, const uint8_t *p,
				     size_t len)
{
	if (len < IP6_HEAD)
		return FILTER_SHORT;
	if (p[0] >> 4 != 6)
		return FILTER_HEADER;
	if (len - IP6_HEAD < get16(p + 4))
		return FILTER_SHORT;
	/* from a group (RFC 4291, 2.7) */
	if (p[8] == 0xff)
		return FILTER_HEADER;
	if (!to_own_ip6(f, p + 24))
		return FILTER_ADDRESS;
	/* A fragment's header may stand behind others. */
	return p[6] == IP_PROTO_ICMP6 || p[6] == IP_PROTO_TCP ||
			       p[6] == IP_PROTO_UDP ?
		       FILTER_PASS :
		       FILTER_PASS_KEPT;
}

enum filter_verdict filter_frame(const struct filter *filter, uint16_t type,
				 const uint8_t *frame, size_t len)
{
	const uint8_t *p = frame + ETH_HLEN;
	bool group, everybody;

	if (len < ETH_HLEN)
		return FILTER_SHORT;
	if (get16(frame + TYPE_AT) != type)
		return FILTER_TYPE;
	everybody = memcmp(frame, broadcast, ETH_ALEN) == 0;
	group = frame[0] & 1;
	if (!everybody && !(group ? to_own_group(filter, frame) :
				    memcmp(frame, filter->mac, ETH_ALEN) == 0))
		return FILTER_STATION;
	if (frame[ETH_ALEN] & 1 ||
	    memcmp(frame + ETH_ALEN, filter->mac, ETH_ALEN) == 0)
		return FILTER_SOURCE;
	len -= ETH_HLEN;
	switch (type) {
	case ETH_P_ARP:
		return filter->ip4 ? judge_arp(p, len) : FILTER_ADDRESS;
	case ETH_P_IP:
		return filter->ip4 ? judge_ip4(filter, group, p, len) :
				     FILTER_ADDRESS;
	case ETH_P_IPV6:
		return judge_ip6(filter, p, len);
	default:
		return FILTER_TYPE;
	}
}

const char *filter_name(enum filter_verdict verdict)
{
	static const char *const names[FILTER_VERDICTS] = {
		[FILTER_PASS] = "pass",
		[FILTER_PASS_KEPT] = "pass_kept",
		[FILTER_SHORT] = "short",
		[FILTER_TYPE] = "type",
		[FILTER_UNFINISHED] = "unfinished",
		[FILTER_STATION] = "station",
		[FILTER_SOURCE] = "source",
		[FILTER_HEADER] = "header",
		[FILTER_ADDRESS] = "address",
	};

	return names[verdict];
}
