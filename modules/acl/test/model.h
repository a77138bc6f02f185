/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A model of packets and rules: slow, obvious, and sharing no code with what is
 * tested. A packet here is what it means; its bytes are written from that, and the
 * parser has to find the meaning again.
 */
#ifndef _UTCP_ACL_TEST_MODEL_H
#define _UTCP_ACL_TEST_MODEL_H

#include <linux/types.h>

#include "../match.h"
#include "../parse.h"
#include "../sets.h"

#define MODEL_BYTES_MAX 256

/**
 * struct model_random - numbers that look random, the same for the same seed
 * @state: any number but 0
 */
struct model_random {
	u64 state;
};

static inline u32 model_random(struct model_random *r)
{
	/* xorshift64*, Vigna 2014 */
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return r->state * 0x2545f4914f6cdd1dULL >> 32;
}

/* From 0 to @n - 1. */
static inline u32 model_below(struct model_random *r, u32 n)
{
	return (u64)model_random(r) * n >> 32;
}

/* One time in @n. */
static inline bool model_once_in(struct model_random *r, u32 n)
{
	return !model_below(r, n);
}

enum model_kind {
	MODEL_IPV4,
	MODEL_IPV6,
	MODEL_ARP,
	MODEL_UTCP,
	MODEL_STRANGE,
	MODEL_CELLS,
};

/**
 * struct model_packet - what a packet means
 * @kind: what it is
 * @dir: which way
 * @meta_tag: its outer VLAN tag is in the metadata
 * @tags: VLAN tags in the frame
 * @vlan: VLAN; 0: none, and then @tags may still carry priorities
 * @ethertype: for MODEL_STRANGE
 * @src: address or CellID; IPv4 has four bytes and zeros
 * @dst: as @src
 * @proto: protocol
 * @sport: source port or type of ICMP
 * @dport: destination port, code of ICMP, or service
 * @exts: extension headers of IPv6 in front of everything
 * @smac: as in struct acl_match
 * @dmac: as in struct acl_match
 * @tcp_flags: as in struct acl_match
 * @dscp: as in struct acl_match
 * @frag: which part of a packet it is
 * @state: of its flow; one of ACL_STATE_ or 0
 * @dev: as in struct acl_match
 */
struct model_packet {
	enum model_kind kind;
	enum acl_dir dir;
	bool meta_tag;
	u8 tags;
	u16 vlan;
	u8 smac[ETH_ALEN];
	u8 dmac[ETH_ALEN];
	u16 ethertype;
	u8 src[16];
	u8 dst[16];
	u8 proto;
	u16 sport;
	u16 dport;
	u8 tcp_flags;
	u8 dscp;
	enum acl_frag frag;
	u8 exts;
	u8 state;
	u32 dev;
};

/**
 * struct model_set - a set as a list
 * @type: what it holds
 * @n: elements
 * @elems: these
 */
struct model_set {
	enum acl_set_type type;
	u32 n;
	struct acl_set_elem elems[64];
};

/**
 * struct model_world - what rules and packets are made of
 * @random: numbers
 * @sets: the sets that rules may name; NULL: none
 * @models: what is in these; as many
 * @sets_n: how many
 * @plain: only IPv4 without options, and rules about that
 */
struct model_world {
	struct model_random random;
	struct acl_set *sets;
	struct model_set *models;
	u32 sets_n;
	bool plain;
};

void model_packet(struct model_world *world, struct model_packet *packet);
u32 model_write(struct model_world *world, const struct model_packet *packet,
		u8 bytes[MODEL_BYTES_MAX]);
void model_frame(const struct model_packet *packet, const u8 *bytes, u32 len,
		 struct acl_frame *frame);
void model_match(struct model_world *world, struct acl_match *match);
bool model_meets(const struct model_world *world, const struct acl_match *match,
		 const struct model_packet *packet, u64 now);
void model_elem(struct model_world *world, enum acl_set_type type,
		struct acl_set_elem *elem);
int model_key(struct model_world *world, const struct model_packet *packet,
	      struct acl_key *key);

#endif /* _UTCP_ACL_TEST_MODEL_H */
