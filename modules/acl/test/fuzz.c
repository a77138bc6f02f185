// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzing the parser. Built in user space only, with userspace/kern.
 *
 * Input: a byte of flags, a byte that says how many bytes of the frame cannot be
 * read, two of the VLAN tag, and the frame. What must hold is asserted: no byte is
 * read that cannot be (each frame is a piece of memory of its own, for the
 * sanitizer); the short way and the long one agree; what is behind the packet, or
 * cannot be read, does not matter to a key that was made without it.
 */
#include "../parse.c"
#include "../answer.c"

#include <stdlib.h>

#include "../../utcp/test/fuzz.h"

#define FLAG_IN 1
#define FLAG_VLAN 2
#define FLAG_LONG 4

/* All that is said of a frame, without what a union does not have. */
static bool same(const struct acl_key *a, const struct acl_key *b)
{
	if (memcmp(a->w, b->w, sizeof(a->w)) || a->ethertype != b->ethertype ||
	    a->l3 != b->l3 || a->l4 != b->l4 || a->class != b->class ||
	    a->frag != b->frag || a->len != b->len ||
	    a->frag_id != b->frag_id || a->icmp_id != b->icmp_id ||
	    a->has_arp != b->has_arp || a->has_nd != b->has_nd ||
	    a->has_utcp != b->has_utcp)
		return false;
	if (a->has_arp)
		return a->arp.op == b->arp.op && a->arp.spa == b->arp.spa &&
		       a->arp.tpa == b->arp.tpa &&
		       !memcmp(a->arp.sha, b->arp.sha, ETH_ALEN) &&
		       !memcmp(a->arp.tha, b->arp.tha, ETH_ALEN);
	if (a->has_nd)
		return !memcmp(&a->nd, &b->nd, sizeof(a->nd));
	if (a->has_utcp)
		return a->utcp.type == b->utcp.type &&
		       a->utcp.len == b->utcp.len &&
		       a->utcp.index == b->utcp.index;
	return true;
}

/* An answer makes sense, goes back, and has no answer. */
static void check_answer(const struct acl_frame *frame,
			 const struct acl_key *key)
{
	u8 to[ACL_ANSWER_MAX], again[ACL_ANSWER_MAX];
	struct acl_frame answer = { .data = to, .dir = !frame->dir };
	struct acl_key other;

	answer.len = acl_answer(frame, key, to);
	answer.linear = answer.len;
	if (!answer.len)
		return;
	fuzz_assert(acl_parse(&answer, &other) == ACL_PARSE_OK);
	fuzz_assert(acl_key_dmac(&other) == acl_key_smac(key));
	fuzz_assert(acl_key_smac(&other) == acl_key_dmac(key));
	fuzz_assert(!acl_answer(&answer, &other, again));
}

static enum acl_parse parse_copy(struct acl_frame frame, u32 linear,
				 struct acl_key *key)
{
	u8 *copy = malloc(linear ? linear : 1);
	enum acl_parse ret;

	if (!copy)
		abort();
	memcpy(copy, frame.data, linear);
	frame.data = copy;
	frame.linear = linear;
	memset(key, 0, sizeof(*key));
	ret = acl_parse(&frame, key);
	if (ret == ACL_PARSE_OK) {
		struct acl_key other;

		memset(&other, 0x5a, sizeof(other));
		fuzz_assert(parse_any(&frame, &other) == ACL_PARSE_OK);
		fuzz_assert(same(key, &other));
		if (acl_parse_icmp_error(&frame, key, &other)) {
			fuzz_assert(acl_key_dir(&other) != acl_key_dir(key));
			fuzz_assert(acl_key_family(&other) ==
				    acl_key_family(key));
			/* A protocol without ports may end with its header. */
			fuzz_assert(other.l4 <
				    linear + acl_key_noports(&other));
		}
		check_answer(&frame, key);
	}
	free(copy);
	return ret;
}

static void check_key(const struct acl_frame *frame, const struct acl_key *key)
{
	enum acl_family family = acl_key_family(key);
	u64 l4 = key->w[ACL_W_L4];

	fuzz_assert(acl_key_dir(key) == frame->dir);
	fuzz_assert((l4 >> ACL_L4_DIR & 1) == frame->dir);
	fuzz_assert((l4 >> ACL_L4_FAMILY & 15) == BIT(family));
	fuzz_assert(family != ACL_CELL && !acl_key_state(key));
	fuzz_assert(key->len <= frame->len);
	fuzz_assert(!key->l4 ||
		    (key->l4 > key->l3 && key->l4 <= frame->linear));
	fuzz_assert(!acl_key_noports(key) ||
		    !(l4 & 0xffffffff || acl_key_tcp_flags(key)));
	fuzz_assert(key->frag != ACL_FRAG_LATER || acl_key_noports(key));
	fuzz_assert(!acl_key_tcp_flags(key) ||
		    acl_key_proto(key) == IPPROTO_TCP);
}

int fuzz_one(const u8 *data, size_t size)
{
	struct acl_frame frame = { .data = data + 4 };
	struct acl_key key, again;
	u32 hidden, linear;
	u8 *copy;

	if (size < 4)
		return 0;
	hidden = data[1];
	frame.dir = data[0] & FLAG_IN ? ACL_IN : ACL_OUT;
	frame.has_vlan = data[0] & FLAG_VLAN;
	frame.vlan_tag = get_unaligned_be16(data + 2);
	frame.len = size - 4;
	linear = frame.len > hidden ? frame.len - hidden : 0;
	if (data[0] & FLAG_LONG)
		frame.len += 70000;
	if (parse_copy(frame, linear, &key) != ACL_PARSE_OK)
		return 0;
	frame.linear = linear;
	check_key(&frame, &key);

	/* All of it to be read: the same. */
	fuzz_assert(parse_copy(frame, size - 4, &again) == ACL_PARSE_OK ||
		    key.has_nd);
	fuzz_assert(key.has_nd || same(&key, &again));

	/* What is behind the packet is nobody's. */
	if (key.class % ACL_FAMILIES == ACL_OTHER || key.len >= size - 4)
		return 0;
	copy = malloc(size - 4);
	if (!copy)
		abort();
	memcpy(copy, data + 4, size - 4);
	memset(copy + key.len, 0xff, size - 4 - key.len);
	frame.data = copy;
	fuzz_assert(parse_copy(frame, linear, &again) == ACL_PARSE_OK);
	fuzz_assert(same(&key, &again));
	free(copy);
	return 0;
}
