/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What rules can ask of a frame: the key. The parser makes it of a frame's bytes
 * (parse.h); a pair of identities that wants to talk has one too. Nothing here
 * knows an skb.
 */
#ifndef _UTCP_ACL_KEY_H
#define _UTCP_ACL_KEY_H

#include <linux/if_ether.h>
#include <linux/types.h>
#include <linux/unaligned.h>

/* Bytes of a CellID. */
#define ACL_CELL_LEN 16

/**
 * enum acl_dir - direction, as the sandbox sees it
 * @ACL_OUT: it sends
 * @ACL_IN: it receives
 */
enum acl_dir {
	ACL_OUT,
	ACL_IN,
};

#define ACL_DIRS 2

/**
 * enum acl_family - what a key's addresses are
 * @ACL_IPV4: IPv4
 * @ACL_IPV6: IPv6
 * @ACL_OTHER: none: any other EtherType
 * @ACL_CELL: CellIDs: not a frame, but two cells that want to talk
 */
enum acl_family {
	ACL_IPV4,
	ACL_IPV6,
	ACL_OTHER,
	ACL_CELL,
};

#define ACL_FAMILIES 4

/* A direction and a family: each has its own list of tables. */
#define ACL_CLASSES (ACL_DIRS * ACL_FAMILIES)

/**
 * enum acl_frag - what a frame is of an IP packet
 * @ACL_FRAG_NONE: all of it
 * @ACL_FRAG_FIRST: its first fragment, with the whole header of the transport
 * @ACL_FRAG_LATER: a later one: no ports, no type, no flags
 */
enum acl_frag {
	ACL_FRAG_NONE,
	ACL_FRAG_FIRST,
	ACL_FRAG_LATER,
};

/* States of a flow, as the flow table has them; one bit each. */
#define ACL_STATE_NEW 1
#define ACL_STATE_ESTABLISHED 2
#define ACL_STATE_RELATED 4
#define ACL_STATE_INVALID 8

/*
 * The words of a key. Rules are compared, hashed and cached by masked words.
 *
 *	      IPv4        IPv6          other       cells
 *	HEAD  src, dst    src, first 8  EtherType   local, first 8
 *	L4    see below   see below     see below   see below
 *	DST   -           dst, first 8  -           remote, first 8
 *	SRC2  -           src, last 8   -           local, last 8
 *	DST2  -           dst, last 8   -           remote, last 8
 *	SMAC  source MAC (48 bits), VLAN (16 bits); 0 for cells
 *	DMAC  destination MAC (48 bits), zero (16 bits); 0 for cells
 */
enum acl_word {
	ACL_W_HEAD,
	ACL_W_L4,
	ACL_W_DST,
	ACL_W_SRC2,
	ACL_W_DST2,
	ACL_W_SMAC,
	ACL_W_DMAC,
};

#define ACL_WORDS 7
/* The words of addresses and transport; those behind them are of the link. */
#define ACL_WORDS_NET 5

/* The word L4, from its lowest bit. Ports of ICMP are type (source) and code. */
#define ACL_L4_DPORT 0 /* 16 bits */
#define ACL_L4_SPORT 16 /* 16 bits */
#define ACL_L4_PROTO 32 /* 8 bits */
#define ACL_L4_FLAGS 40 /* 8 bits: the flags of TCP */
#define ACL_L4_DSCP 48 /* 6 bits */
#define ACL_L4_NOPORTS 54 /* 1 bit: it has neither ports nor type and code */
#define ACL_L4_DIR 55 /* 1 bit: enum acl_dir */
#define ACL_L4_FAMILY 56 /* 4 bits, one of which is set: enum acl_family */
#define ACL_L4_STATE 60 /* 4 bits: ACL_STATE_ */

/**
 * struct acl_arp - ARP for IPv4 over Ethernet (RFC 826)
 * @op: operation, as ARPOP_REQUEST
 * @sha: MAC that the sender claims
 * @tha: MAC of the target
 * @spa: address that the sender claims
 * @tpa: address of the target
 */
struct acl_arp {
	u16 op;
	u8 sha[ETH_ALEN];
	u8 tha[ETH_ALEN];
	u32 spa;
	u32 tpa;
};

/**
 * struct acl_nd - neighbour discovery of IPv6 (RFC 4861)
 * @target: of a solicitation, an advertisement or a redirect; else zero
 * @lladdr: MAC in the source (or, in advertisements and redirects, target)
 *	link-layer address option
 * @has_lladdr: there is one
 */
struct acl_nd {
	u8 target[16];
	u8 lladdr[ETH_ALEN];
	bool has_lladdr;
};

/**
 * struct acl_utcp - the part of a UTCP header that is in the clear
 * @type: of the frame
 * @index: session index; 0 for the types that have none
 * @len: bytes of the frame from the version byte on, without padding
 */
struct acl_utcp {
	u8 type;
	u16 len;
	u32 index;
};

/**
 * struct acl_key - what is asked about
 * @w: the words; see enum acl_word. Set the state by acl_key_set_state() only
 * @dev: index of the device by which it comes, or goes; 0: none that rules can name
 * @ethertype: behind all VLAN tags, host order; ETH_P_802_2 for frames that have a
 *	length instead
 * @l3: offset of the header behind Ethernet and VLAN tags
 * @l4: offset of the transport's header; 0: none, or it is not in this fragment
 * @len: bytes of the frame up to the end of the IP packet, without padding; all
 *	of the frame for others
 * @class: index of its direction and family: acl_class()
 * @frag: which part of a packet it is
 * @icmp_id: identifier of an ICMP echo, host order; else 0
 * @frag_id: identification of the packet that it is a fragment of, host order;
 *	else 0
 * @has_arp: @arp is set
 * @has_nd: @nd is set
 * @has_utcp: @utcp is set
 * @arp: for ARP
 * @nd: for the types 133 to 137 of ICMPv6
 * @utcp: for UTCP
 *
 * Lives on the stack of who asks.
 */
struct acl_key {
	u64 w[ACL_WORDS];
	u32 dev;
	u16 ethertype;
	u16 l3;
	u16 l4;
	u8 class;
	u8 frag;
	u32 len;
	u32 frag_id;
	u16 icmp_id;
	bool has_arp;
	bool has_nd;
	bool has_utcp;
	union {
		struct acl_arp arp;
		struct acl_nd nd;
		struct acl_utcp utcp;
	};
};

/* Index of a direction and a family. */
static inline u8 acl_class(enum acl_dir dir, enum acl_family family)
{
	return dir * ACL_FAMILIES + family;
}

static inline enum acl_dir acl_key_dir(const struct acl_key *key)
{
	return key->class / ACL_FAMILIES;
}

static inline enum acl_family acl_key_family(const struct acl_key *key)
{
	return key->class % ACL_FAMILIES;
}

static inline u8 acl_key_proto(const struct acl_key *key)
{
	return key->w[ACL_W_L4] >> ACL_L4_PROTO;
}

/* Source port, or type of ICMP. Host order; 0 where acl_key_noports(). */
static inline u16 acl_key_sport(const struct acl_key *key)
{
	return key->w[ACL_W_L4] >> ACL_L4_SPORT;
}

/* Destination port, or code of ICMP, or service of cells (0: any). */
static inline u16 acl_key_dport(const struct acl_key *key)
{
	return key->w[ACL_W_L4] >> ACL_L4_DPORT;
}

static inline u8 acl_key_tcp_flags(const struct acl_key *key)
{
	return key->w[ACL_W_L4] >> ACL_L4_FLAGS;
}

static inline u8 acl_key_dscp(const struct acl_key *key)
{
	return key->w[ACL_W_L4] >> ACL_L4_DSCP & 0x3f;
}

static inline bool acl_key_noports(const struct acl_key *key)
{
	return key->w[ACL_W_L4] >> ACL_L4_NOPORTS & 1;
}

static inline u8 acl_key_state(const struct acl_key *key)
{
	return key->w[ACL_W_L4] >> ACL_L4_STATE;
}

/* VLAN identifier; 0: no tag, or one with priority only. */
static inline u16 acl_key_vlan(const struct acl_key *key)
{
	return key->w[ACL_W_SMAC];
}

/* A MAC address as a number of 48 bits, first byte first. */
static inline u64 acl_mac(const u8 mac[ETH_ALEN])
{
	return (u64)get_unaligned_be16(mac) << 32 | get_unaligned_be32(mac + 2);
}

static inline u64 acl_key_smac(const struct acl_key *key)
{
	return key->w[ACL_W_SMAC] >> 16;
}

static inline u64 acl_key_dmac(const struct acl_key *key)
{
	return key->w[ACL_W_DMAC] >> 16;
}

/* What the flow table thinks of it: one of ACL_STATE_, or 0 if nobody asked. */
static inline void acl_key_set_state(struct acl_key *key, u8 state)
{
	key->w[ACL_W_L4] = (key->w[ACL_W_L4] & ~(15ULL << ACL_L4_STATE)) |
			   (u64)state << ACL_L4_STATE;
}

/**
 * acl_key_src() - the source address as bytes
 * @key: the key
 * @to: 16 bytes; IPv4 takes the first four, the rest is zero
 */
static inline void acl_key_src(const struct acl_key *key, u8 to[16])
{
	put_unaligned_be64(0, to);
	put_unaligned_be64(0, to + 8);
	if (acl_key_family(key) == ACL_IPV4) {
		put_unaligned_be32(key->w[ACL_W_HEAD] >> 32, to);
	} else if (acl_key_family(key) != ACL_OTHER) {
		put_unaligned_be64(key->w[ACL_W_HEAD], to);
		put_unaligned_be64(key->w[ACL_W_SRC2], to + 8);
	}
}

/**
 * acl_key_dst() - the destination address as bytes
 * @key: the key
 * @to: 16 bytes; IPv4 takes the first four, the rest is zero
 */
static inline void acl_key_dst(const struct acl_key *key, u8 to[16])
{
	put_unaligned_be64(0, to);
	put_unaligned_be64(0, to + 8);
	if (acl_key_family(key) == ACL_IPV4) {
		put_unaligned_be32((u32)key->w[ACL_W_HEAD], to);
	} else if (acl_key_family(key) != ACL_OTHER) {
		put_unaligned_be64(key->w[ACL_W_DST], to);
		put_unaligned_be64(key->w[ACL_W_DST2], to + 8);
	}
}

#endif /* _UTCP_ACL_KEY_H */
