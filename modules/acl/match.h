/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a rule asks for, and the slow, obvious test of it.
 */
#ifndef _UTCP_ACL_MATCH_H
#define _UTCP_ACL_MATCH_H

#include <linux/bits.h>
#include <linux/types.h>

#include "key.h"

struct acl_set;

/**
 * enum acl_criterion - what a rule may ask for; bits of acl_match.asks
 * @ACL_ASK_DIR: @dir
 * @ACL_ASK_ETHERTYPE: @ethertype
 * @ACL_ASK_VLAN: @vlan
 * @ACL_ASK_SMAC: @smac
 * @ACL_ASK_DMAC: @dmac
 * @ACL_ASK_IPV4: the frame is IPv4; @src and @dst are of it
 * @ACL_ASK_IPV6: the frame is IPv6; @src and @dst are of it
 * @ACL_ASK_CELL: two cells want to talk; @src is the local, @dst the remote CellID,
 *	@dport the service. Only rules with this one match keys of cells, and
 *	they match nothing else
 * @ACL_ASK_SRC: @src; with one of the three above
 * @ACL_ASK_DST: @dst; with one of the three above
 * @ACL_ASK_PROTO: @proto
 * @ACL_ASK_SPORT: @sport; the frame must have ports
 * @ACL_ASK_DPORT: @dport; the frame must have ports
 * @ACL_ASK_ICMP_TYPE: @icmp_type; with @proto ICMP or ICMPv6
 * @ACL_ASK_ICMP_CODE: @icmp_code; with @proto ICMP or ICMPv6
 * @ACL_ASK_TCP_FLAGS: @tcp_flags; with @proto TCP
 * @ACL_ASK_DSCP: @dscp
 * @ACL_ASK_STATE: @states
 * @ACL_ASK_DEV: @dev
 * @ACL_ASK_SRC_SET: @src_set
 * @ACL_ASK_DST_SET: @dst_set
 */
enum acl_criterion {
	ACL_ASK_DIR,
	ACL_ASK_ETHERTYPE,
	ACL_ASK_VLAN,
	ACL_ASK_SMAC,
	ACL_ASK_DMAC,
	ACL_ASK_IPV4,
	ACL_ASK_IPV6,
	ACL_ASK_CELL,
	ACL_ASK_SRC,
	ACL_ASK_DST,
	ACL_ASK_PROTO,
	ACL_ASK_SPORT,
	ACL_ASK_DPORT,
	ACL_ASK_ICMP_TYPE,
	ACL_ASK_ICMP_CODE,
	ACL_ASK_TCP_FLAGS,
	ACL_ASK_DSCP,
	ACL_ASK_STATE,
	ACL_ASK_DEV,
	ACL_ASK_SRC_SET,
	ACL_ASK_DST_SET,
};

#define ACL_CRITERIA (ACL_ASK_DST_SET + 1)

/**
 * struct acl_range - ports from @lo to @hi, both included, host order
 * @lo: the lowest
 * @hi: the highest
 */
struct acl_range {
	u16 lo;
	u16 hi;
};

/**
 * struct acl_match - what a rule asks for
 * @asks: bits of enum acl_criterion: which of the following count. All of them
 *	must hold
 * @dev: index of the device by which the frame comes, or goes
 * @src: source prefix, or local CellID; network order, zero behind @src_len bits
 * @dst: destination prefix, or remote CellID; as @src
 * @src_len: bits of the prefix; 1 to 32, 1 to 128, or 128 for a CellID
 * @dst_len: as @src_len
 * @proto: protocol of IPv4, or what stands behind the extension headers of IPv6
 * @dscp: differentiated services code point
 * @sport: source ports; of TCP, UDP, SCTP, DCCP and UDP-Lite
 * @dport: destination ports; or services, with ACL_ASK_CELL
 * @icmp_type: of ICMP or ICMPv6
 * @icmp_code: of ICMP or ICMPv6
 * @tcp_flags: the flags under @tcp_flags_mask must be these; as in byte 13 of the
 *	header
 * @tcp_flags_mask: see there
 * @ethertype: behind all VLAN tags, host order
 * @vlan: VLAN identifier; 0: no tag, or one with priority only
 * @smac: source MAC
 * @dmac: destination MAC
 * @dir: direction
 * @states: states of the flow of which it must have one: bits of ACL_STATE_
 * @src_set: set that must have the source; see sets.h. The rule holds a reference
 * @dst_set: set that must have the destination
 */
struct acl_match {
	u32 asks;
	u32 dev;
	u8 src[16];
	u8 dst[16];
	u8 src_len;
	u8 dst_len;
	u8 proto;
	u8 dscp;
	struct acl_range sport;
	struct acl_range dport;
	u8 icmp_type;
	u8 icmp_code;
	u8 tcp_flags;
	u8 tcp_flags_mask;
	u16 ethertype;
	u16 vlan;
	u8 smac[ETH_ALEN];
	u8 dmac[ETH_ALEN];
	u8 dir;
	u8 states;
	const struct acl_set *src_set;
	const struct acl_set *dst_set;
};

#define ACL_ASKS(match, what) (!!((match)->asks & BIT(ACL_ASK_##what)))

/* When something has no end. */
#define ACL_FOREVER U64_MAX

const char *acl_match_check(const struct acl_match *match, int *criterion);
int acl_match_why(const struct acl_match *match, const struct acl_key *key,
		  u64 now, u64 *until);

/**
 * acl_match_key() - does a key meet all that a rule asks for?
 * @match: what it asks for
 * @key: the key
 * @now: jiffies, for the elements of sets
 *
 * For tests and for explaining; the classifier has a faster way to the same end.
 * Under RCU if there are sets.
 *
 * Return: it does.
 */
static inline bool acl_match_key(const struct acl_match *match,
				 const struct acl_key *key, u64 now)
{
	u64 until = ACL_FOREVER;

	return acl_match_why(match, key, now, &until) < 0;
}

#endif /* _UTCP_ACL_MATCH_H */
