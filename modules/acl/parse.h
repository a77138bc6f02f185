/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a frame's bytes to its key.
 */
#ifndef _UTCP_ACL_PARSE_H
#define _UTCP_ACL_PARSE_H

#include <linux/types.h>

#include "key.h"

/* Extension headers of an IPv6 packet that are walked; more are refused. */
#define ACL_EXT_MAX 8
/* VLAN tags of a frame that are walked, the one in its metadata included. */
#define ACL_VLAN_MAX 2

/**
 * enum acl_parse - why a frame is malformed
 * @ACL_PARSE_OK: it is not
 * @ACL_PARSE_ETH: shorter than an Ethernet header and its VLAN tags
 * @ACL_PARSE_VLAN: more than ACL_VLAN_MAX tags
 * @ACL_PARSE_IP: IPv4 or IPv6 header: too short, wrong version, header length or
 *	length, or longer than the frame
 * @ACL_PARSE_EXT: extension headers of IPv6: more than ACL_EXT_MAX, longer than
 *	the packet or than what can be read of it, one out of its place, or a
 *	routing header of type 0 (RFC 5095)
 * @ACL_PARSE_FRAG: fragments: of length zero, beyond 65535, a first one without
 *	the whole header of the transport, one that would overwrite it (RFC 1858,
 *	RFC 7112)
 * @ACL_PARSE_L4: header of TCP, UDP, SCTP, DCCP, UDP-Lite or ICMP: too short, or of
 *	wrong length
 * @ACL_PARSE_ARP: ARP: not of IPv4 over Ethernet, or too short
 * @ACL_PARSE_ND: neighbour discovery: too short, with an option of wrong length,
 *	or not sent with hop limit 255
 * @ACL_PARSE_UTCP: UTCP of our version: too short, or wrong length. Frames of its
 *	EtherType that have another version are somebody else's, and not malformed
 */
enum acl_parse {
	ACL_PARSE_OK,
	ACL_PARSE_ETH,
	ACL_PARSE_VLAN,
	ACL_PARSE_IP,
	ACL_PARSE_EXT,
	ACL_PARSE_FRAG,
	ACL_PARSE_L4,
	ACL_PARSE_ARP,
	ACL_PARSE_ND,
	ACL_PARSE_UTCP,
};

#define ACL_PARSES (ACL_PARSE_UTCP + 1)

/**
 * struct acl_frame - a frame to be parsed
 * @data: its first bytes, from the destination MAC on
 * @linear: how many of them can be read, and were made sure not to change
 * @len: how long the whole frame is; at least @linear
 * @dir: which way
 * @vlan_tag: VLAN tag in the frame's metadata, as on the wire, in host order;
 *	only with @has_vlan
 * @has_vlan: there is one
 * @dev: see struct acl_key
 */
struct acl_frame {
	const u8 *data;
	u32 linear;
	u32 len;
	u32 dev;
	enum acl_dir dir;
	u16 vlan_tag;
	bool has_vlan;
};

enum acl_parse acl_parse(const struct acl_frame *frame, struct acl_key *key);
bool acl_is_icmp_error(const struct acl_key *key);
bool acl_parse_icmp_error(const struct acl_frame *frame,
			  const struct acl_key *key, struct acl_key *inner);
void acl_key_identity(struct acl_key *key, enum acl_dir dir,
		      const u8 local[ACL_CELL_LEN],
		      const u8 remote[ACL_CELL_LEN], u16 service);
const char *acl_parse_name(enum acl_parse reason);

#endif /* _UTCP_ACL_PARSE_H */
