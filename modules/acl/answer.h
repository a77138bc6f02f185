/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The answer to a frame that is rejected: a reset of TCP, or an ICMP error.
 */
#ifndef _UTCP_ACL_ANSWER_H
#define _UTCP_ACL_ANSWER_H

#include <linux/types.h>

#include "key.h"
#include "parse.h"

/* Bytes of the rejected packet that an ICMP error carries at most. */
#define ACL_ANSWER_QUOTE 256
/* Bytes of an answer at most: Ethernet, two VLAN tags, IPv6, ICMPv6, quote. */
#define ACL_ANSWER_MAX (14 + 8 + 40 + 8 + ACL_ANSWER_QUOTE)

bool __must_check acl_may_answer(const struct acl_frame *frame,
				 const struct acl_key *key);
u32 acl_answer(const struct acl_frame *frame, const struct acl_key *key,
	       u8 to[ACL_ANSWER_MAX]);

#endif /* _UTCP_ACL_ANSWER_H */
