// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames as they are on the wire: how long super-frames will be, and marks by ECN.
 */
#include "wire.h"

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/inet_ecn.h>
#include <net/ipv6.h>

#include "queue.h"

/* Tags among a frame's bytes that are looked behind. */
#define TAGS_MAX 8

/* Where the network header is, by the bytes. */
static int behind_tags(const struct sk_buff *skb)
{
	int at = skb_mac_offset(skb) + ETH_HLEN;
	__be16 type = skb->protocol;
	unsigned int i;

	for (i = 0; i < TAGS_MAX && eth_type_vlan(type); i++) {
		struct vlan_hdr buf;
		const struct vlan_hdr *tag;

		tag = skb_header_pointer(skb, at, sizeof(buf), &buf);
		if (!tag)
			break;
		type = tag->h_vlan_encapsulated_proto;
		at += VLAN_HLEN;
	}
	return at;
}

/* Where the transport header is, by the bytes. What has no IP header nobody cuts, and
 * is counted as if it had.
 */
static int behind_network(const struct sk_buff *skb)
{
	/* The inner one is where the tunnel has put it. */
	int at = skb->encapsulation ? skb_inner_network_offset(skb) :
				      behind_tags(skb);
	union {
		struct iphdr v4;
		struct ipv6hdr v6;
	} buf;
	const struct iphdr *ip;
	const struct ipv6hdr *ip6;

	ip = skb_header_pointer(skb, at, sizeof(buf.v4), &buf.v4);
	if (!ip || ip->version != 6)
		return at + max_t(int, sizeof(*ip), ip ? ip->ihl * 4 : 0);
	ip6 = skb_header_pointer(skb, at, sizeof(buf.v6), &buf.v6);
	at += sizeof(*ip6);
	if (ip6) {
		u8 next = ip6->nexthdr;
		__be16 frag;
		int behind = ipv6_skip_exthdr(skb, at, &next, &frag);

		at = max(at, behind);
	}
	return at;
}

static u32 tcp_len(const struct sk_buff *skb, int at)
{
	struct tcphdr buf;
	const struct tcphdr *th =
		skb_header_pointer(skb, at, sizeof(buf), &buf);

	return max_t(u32, sizeof(*th), th ? __tcp_hdrlen(th) : 0);
}

/**
 * shaper_gso_len() - how long a super-frame is on the wire
 * @skb: the frame
 * @len: its bytes, tag and Ethernet header included
 * @overhead: more bytes for each frame that it will be cut into
 *
 * Each of them has all headers up to the transport header, of a tunnel up to the inner one;
 * fragments of UDP have them up to the network header. Where the transport header is, of a
 * frame whose sender is not trusted (of a packet socket or a tap), is looked up as those do
 * who will cut it: what the sender says of it could be anything. How many they are is worked
 * out for the same reason.
 *
 * Context: any.
 * Return: bytes.
 */
u32 shaper_gso_len(const struct sk_buff *skb, u32 len, u32 overhead)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	bool dodgy = shinfo->gso_type & SKB_GSO_DODGY;
	u32 segs = shinfo->gso_segs, head, data;
	int transport;

	if (!dodgy && !skb_transport_header_was_set(skb))
		return len + overhead;
	if (unlikely(dodgy))
		transport = behind_network(skb);
	else if (skb->encapsulation)
		transport = skb_inner_transport_offset(skb);
	else
		transport = skb_transport_offset(skb);
	head = transport - skb_mac_offset(skb);
	if (shinfo->gso_type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6))
		head += tcp_len(skb, transport);
	else if (!(shinfo->gso_type & SKB_GSO_UDP))
		head += sizeof(struct udphdr);
	if (head >= len || !shinfo->gso_size)
		return len + overhead;
	data = len - head;
	if (dodgy || !segs)
		segs = DIV_ROUND_UP(data, shinfo->gso_size);
	return data + segs * (head + overhead);
}

/* Marks a frame by ECN. Nobody else may see the mark in a clone.
 *
 * The network header is where the protocol of the skb says that it is: of a frame with
 * tags in its bytes, at one of them. Such a frame is not marked.
 */
bool shaper_mark(struct sk_buff *skb)
{
	int len = skb_network_offset(skb);

	switch (skb->protocol) {
	case htons(ETH_P_IP):
		len += sizeof(struct iphdr);
		break;
	case htons(ETH_P_IPV6):
		len += sizeof(struct ipv6hdr);
		break;
	default:
		return false;
	}
	if (len < 0 || skb_ensure_writable(skb, len))
		return false;
	return INET_ECN_set_ce(skb);
}
