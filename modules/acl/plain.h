/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Plain frames, which nearly all are: IPv4 without VLAN tags in the frame, options and
 * fragments, with TCP or UDP. What there is to know of them fits into registers.
 */
#ifndef _UTCP_ACL_PLAIN_H
#define _UTCP_ACL_PLAIN_H

#include <linux/compiler.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#include "key.h"

/* Where the header of TCP or UDP begins in a plain frame, and that of IPv4. */
#define ACL_PLAIN_L3 ETH_HLEN
#define ACL_PLAIN_L4 (ETH_HLEN + 20)

/**
 * struct acl_plain - what a plain frame says
 * @addrs: source and destination address, as they lie in the frame
 * @rest: both ports, as they lie in the frame, in the lower half; above them the
 *	protocol
 * @len: bytes of the packet, from the header of IPv4 on
 * @headers: of these, the headers of IPv4 and TCP; not of UDP
 *
 * The bytes of these are in no host's order: they are compared with others of their kind.
 */
struct acl_plain {
	u64 addrs;
	u64 rest;
	u32 len;
	u32 headers;
};

/* In acl_plain.rest. */
#define ACL_PLAIN_PROTO 32

/* From the words of a key. */
static inline u64 acl_plain_addrs(u64 head)
{
	u64 addrs;

	put_unaligned_be64(head, &addrs);
	return addrs;
}

static inline u64 acl_plain_rest(u64 l4)
{
	u32 ports;

	put_unaligned_be32((u32)l4, &ports);
	return ports | (l4 >> ACL_L4_PROTO & 0xff) << ACL_PLAIN_PROTO;
}

/* The word HEAD of a plain frame's key. */
static __always_inline u64 acl_plain_head(u64 addrs)
{
	return get_unaligned_be64(&addrs);
}

/**
 * acl_plain_read() - read a frame if it is plain
 * @data: the frame, from the destination MAC on
 * @linear: how many bytes of it can be read
 * @len: how long it is; at least @linear
 * @plain: is filled
 *
 * No lock, any context.
 *
 * Return: false if it is anything else, or malformed; @plain then does not count.
 */
static __always_inline bool acl_plain_read(const u8 *data, u32 linear, u32 len,
					   struct acl_plain *plain)
{
	__be16 frag;
	u32 ports;
	u8 proto;

	if (unlikely(linear < ACL_PLAIN_L4 + 8))
		return false;
	/* Version and length of its header, too. */
	if (get_unaligned_be16(data + 2 * ETH_ALEN) != ETH_P_IP ||
	    data[ACL_PLAIN_L3] != 0x45)
		return false;
	/* MF and offset. */
	memcpy(&frag, data + ACL_PLAIN_L3 + 6, sizeof(frag));
	if (unlikely(frag & cpu_to_be16(0x3fff)))
		return false;
	plain->len = get_unaligned_be16(data + ACL_PLAIN_L3 + 2);
	if (unlikely(plain->len > len - ACL_PLAIN_L3))
		return false;
	proto = data[ACL_PLAIN_L3 + 9];
	if (likely(proto == IPPROTO_TCP)) {
		if (unlikely(linear < ACL_PLAIN_L4 + 20))
			return false;
		plain->headers = 20 + ((data[ACL_PLAIN_L4 + 12] & 0xf0U) >> 2);
		if (unlikely(plain->headers < 40 ||
			     plain->headers > plain->len))
			return false;
	} else if (proto == IPPROTO_UDP) {
		u32 udp = get_unaligned_be16(data + ACL_PLAIN_L4 + 4);

		if (unlikely(udp < 8 || 20 + udp > plain->len))
			return false;
	} else {
		return false;
	}
	memcpy(&plain->addrs, data + ACL_PLAIN_L3 + 12, sizeof(plain->addrs));
	memcpy(&ports, data + ACL_PLAIN_L4, sizeof(ports));
	plain->rest = ports | (u64)proto << ACL_PLAIN_PROTO;
	return true;
}

/* The word L4 of a plain frame's key. */
static __always_inline u64 acl_plain_l4(const u8 *data, u64 rest,
					enum acl_dir dir)
{
	u8 proto = rest >> ACL_PLAIN_PROTO;
	u32 ports = rest;
	u64 l4;

	l4 = get_unaligned_be32(&ports) | (u64)proto << ACL_L4_PROTO |
	     (u64)(data[ACL_PLAIN_L3 + 1] >> 2) << ACL_L4_DSCP |
	     (u64)dir << ACL_L4_DIR | 1ULL << (ACL_L4_FAMILY + ACL_IPV4);
	if (proto == IPPROTO_TCP)
		l4 |= (u64)data[ACL_PLAIN_L4 + 13] << ACL_L4_FLAGS;
	return l4;
}

/**
 * acl_plain_key() - make the key of a plain frame
 * @data: the frame, which acl_plain_read() has read
 * @head: the word HEAD of its key
 * @l4: the word L4
 * @vlan: VLAN identifier in the frame's metadata; 0: none
 * @key: is filled, but for the interfaces
 */
static __always_inline void acl_plain_key(const u8 *data, u64 head, u64 l4,
					  u16 vlan, struct acl_key *key)
{
	key->w[ACL_W_HEAD] = head;
	key->w[ACL_W_L4] = l4;
	key->w[ACL_W_DST] = 0;
	key->w[ACL_W_SRC2] = 0;
	key->w[ACL_W_DST2] = 0;
	/* Two bytes too many, all of them in the Ethernet header. */
	key->w[ACL_W_SMAC] =
		(get_unaligned_be64(data + ETH_ALEN) & ~0xffffULL) | vlan;
	key->w[ACL_W_DMAC] = get_unaligned_be64(data) & ~0xffffULL;
	key->ethertype = ETH_P_IP;
	key->l3 = ACL_PLAIN_L3;
	key->l4 = ACL_PLAIN_L4;
	key->class = acl_class(l4 >> ACL_L4_DIR & 1, ACL_IPV4);
	key->frag = ACL_FRAG_NONE;
	key->len = ACL_PLAIN_L3 + get_unaligned_be16(data + ACL_PLAIN_L3 + 2);
	key->frag_id = 0;
	key->icmp_id = 0;
	key->has_arp = false;
	key->has_nd = false;
	key->has_utcp = false;
}

#endif /* _UTCP_ACL_PLAIN_H */
