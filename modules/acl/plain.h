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
#include <linux/types.h>
#include <linux/unaligned.h>

#include "key.h"

/* Where the header of TCP or UDP begins in a plain frame, and that of IPv4. */
#define ACL_PLAIN_L3 ETH_HLEN
#define ACL_PLAIN_L4 (ETH_HLEN + 20)

/**
 * struct acl_plain - what a plain frame says
 * @head: the word HEAD of its key
 * @l4: the word L4
 * @len: bytes of the packet, from the header of IPv4 on
 */
struct acl_plain {
	u64 head;
	u64 l4;
	u32 len;
};

/**
 * acl_plain_read() - read a frame if it is plain
 * @data: the frame, from the destination MAC on
 * @linear: how many bytes of it can be read
 * @len: how long it is; at least @linear
 * @dir: which way
 * @plain: is filled
 *
 * Reads several fields at once, each bit of which is compared. No lock, any context.
 *
 * Return: false if it is anything else, or malformed; @plain then does not count.
 */
static __always_inline bool acl_plain_read(const u8 *data, u32 linear, u32 len,
					   enum acl_dir dir,
					   struct acl_plain *plain)
{
	u64 first, l4;
	u32 second;
	u8 proto;

	if (unlikely(linear < ACL_PLAIN_L4 + 8))
		return false;
	/* EtherType, version and length of the header, DSCP and ECN, length of the
	 * packet, identification.
	 */
	first = get_unaligned_be64(data + 2 * ETH_ALEN);
	if (first >> 40 != ((u64)ETH_P_IP << 8 | 0x45))
		return false;
	/* Reserved bit, DF, MF and offset, TTL, protocol. */
	second = get_unaligned_be32(data + ACL_PLAIN_L3 + 6);
	if (unlikely(second & 0x3fff0000))
		return false;
	plain->len = (u16)(first >> 16);
	if (unlikely(plain->len > len - ACL_PLAIN_L3))
		return false;
	proto = second;
	l4 = get_unaligned_be32(data + ACL_PLAIN_L4) |
	     (u64)proto << ACL_L4_PROTO | (first >> 34 & 0x3f) << ACL_L4_DSCP |
	     (u64)dir << ACL_L4_DIR | 1ULL << (ACL_L4_FAMILY + ACL_IPV4);
	if (proto == IPPROTO_TCP) {
		u32 header;

		if (unlikely(linear < ACL_PLAIN_L4 + 20))
			return false;
		header = data[ACL_PLAIN_L4 + 12] >> 4 << 2;
		if (unlikely(header < 20 || 20 + header > plain->len))
			return false;
		l4 |= (u64)data[ACL_PLAIN_L4 + 13] << ACL_L4_FLAGS;
	} else if (proto == IPPROTO_UDP) {
		u32 udp = get_unaligned_be16(data + ACL_PLAIN_L4 + 4);

		if (unlikely(udp < 8 || 20 + udp > plain->len))
			return false;
	} else {
		return false;
	}
	plain->head = get_unaligned_be64(data + ACL_PLAIN_L3 + 12);
	plain->l4 = l4;
	return true;
}

/**
 * acl_plain_key() - make the key of a plain frame
 * @data: the frame
 * @plain: what acl_plain_read() has found
 * @vlan: VLAN identifier in the frame's metadata; 0: none
 * @key: is filled, but for the interfaces
 */
static __always_inline void acl_plain_key(const u8 *data,
					  const struct acl_plain *plain,
					  u16 vlan, struct acl_key *key)
{
	key->w[ACL_W_HEAD] = plain->head;
	key->w[ACL_W_L4] = plain->l4;
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
	key->class = acl_class(plain->l4 >> ACL_L4_DIR & 1, ACL_IPV4);
	key->frag = ACL_FRAG_NONE;
	key->len = ACL_PLAIN_L3 + plain->len;
	key->frag_id = 0;
	key->icmp_id = 0;
	key->has_arp = false;
	key->has_nd = false;
	key->has_utcp = false;
}

#endif /* _UTCP_ACL_PLAIN_H */
