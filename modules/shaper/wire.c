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

#include "queue.h"

/* Bytes on the wire: what a super-frame will be cut into has headers each. */
u32 shaper_gso_len(const struct sk_buff *skb, u32 len, u32 overhead)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	u32 segs = shinfo->gso_segs, head, data;
	int transport;

	if (!skb_transport_header_was_set(skb))
		return len + overhead;
	/* Of a tunnel, each gets the headers up to the inner one. */
	transport = skb->encapsulation ? skb_inner_transport_offset(skb) :
					 skb_transport_offset(skb);
	head = transport - skb_mac_offset(skb);
	if (shinfo->gso_type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6)) {
		struct tcphdr buf;
		const struct tcphdr *th;

		th = skb_header_pointer(skb, transport, sizeof(buf), &buf);
		if (th)
			head += __tcp_hdrlen(th);
	} else {
		head += sizeof(struct udphdr);
	}
	if (head >= len || !shinfo->gso_size)
		return len + overhead;
	data = len - head;
	if (shinfo->gso_type & SKB_GSO_DODGY || !segs)
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
