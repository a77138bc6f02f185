// SPDX-License-Identifier: GPL-2.0-only
/*
 * A rule in the form in which it is fast to compare with a key, and back.
 */
#include "rule.h"

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "sets.h"

#define FAMILIES(set) ((u64)(set) << ACL_L4_FAMILY)

static u64 mask_of(unsigned int len)
{
	return len ? ~0ULL << (64 - len) : 0;
}

/* Which families can meet it; bits of enum acl_family. */
static u8 families_of(const struct acl_match *match)
{
	u8 families = BIT(ACL_IPV4) | BIT(ACL_IPV6) | BIT(ACL_OTHER);

	if (ACL_ASKS(match, CELL))
		return BIT(ACL_CELL);
	if (ACL_ASKS(match, ETHERTYPE))
		families = match->ethertype == ETH_P_IP	  ? BIT(ACL_IPV4) :
			   match->ethertype == ETH_P_IPV6 ? BIT(ACL_IPV6) :
							    BIT(ACL_OTHER);
	if (ACL_ASKS(match, IPV4))
		families &= BIT(ACL_IPV4);
	if (ACL_ASKS(match, IPV6))
		families &= BIT(ACL_IPV6);
	if (match->asks & (BIT(ACL_ASK_PROTO) | BIT(ACL_ASK_DSCP) |
			   BIT(ACL_ASK_SRC_SET) | BIT(ACL_ASK_DST_SET)))
		families &= BIT(ACL_IPV4) | BIT(ACL_IPV6);
	return families;
}

/* What all ports of a range have in common at their beginning. */
static void range_bits(const struct acl_range *range, u16 *value, u16 *mask)
{
	u16 differ = range->lo ^ range->hi;

	*mask = differ ? ~0U << fls(differ) : 0xffff;
	*value = range->lo & *mask;
}

/* Is that all there is to say about the range? */
static bool range_is_bits(const struct acl_range *range, u16 mask)
{
	return (range->hi | mask) == 0xffff && !(range->lo & ~mask);
}

static void word_ports(struct acl_rule *rule, const struct acl_match *match)
{
	u16 value, mask;

	if (ACL_ASKS(match, CELL))
		return;
	if (ACL_ASKS(match, SPORT)) {
		range_bits(&match->sport, &value, &mask);
		rule->v[ACL_W_L4] |= (u64)value << ACL_L4_SPORT;
		rule->m[ACL_W_L4] |= (u64)mask << ACL_L4_SPORT;
		if (!range_is_bits(&match->sport, mask))
			rule->checks |= ACL_CHECK_RANGES;
		rule->sport = match->sport;
	}
	if (ACL_ASKS(match, DPORT)) {
		range_bits(&match->dport, &value, &mask);
		rule->v[ACL_W_L4] |= (u64)value << ACL_L4_DPORT;
		rule->m[ACL_W_L4] |= (u64)mask << ACL_L4_DPORT;
		if (!range_is_bits(&match->dport, mask))
			rule->checks |= ACL_CHECK_RANGES;
		rule->dport = match->dport;
	}
	if (ACL_ASKS(match, ICMP_TYPE)) {
		rule->v[ACL_W_L4] |= (u64)match->icmp_type << ACL_L4_SPORT;
		rule->m[ACL_W_L4] |= 0xffffULL << ACL_L4_SPORT;
	}
	if (ACL_ASKS(match, ICMP_CODE)) {
		rule->v[ACL_W_L4] |= (u64)match->icmp_code << ACL_L4_DPORT;
		rule->m[ACL_W_L4] |= 0xffffULL << ACL_L4_DPORT;
	}
	if (ACL_ASKS(match, TCP_FLAGS)) {
		rule->v[ACL_W_L4] |= (u64)match->tcp_flags << ACL_L4_FLAGS;
		rule->m[ACL_W_L4] |= (u64)match->tcp_flags_mask << ACL_L4_FLAGS;
	}
	if (match->asks &
	    (BIT(ACL_ASK_SPORT) | BIT(ACL_ASK_DPORT) | BIT(ACL_ASK_ICMP_TYPE) |
	     BIT(ACL_ASK_ICMP_CODE) | BIT(ACL_ASK_TCP_FLAGS)))
		rule->m[ACL_W_L4] |= 1ULL << ACL_L4_NOPORTS;
}

static void word_l4(struct acl_rule *rule, const struct acl_match *match)
{
	rule->m[ACL_W_L4] |= FAMILIES(15 & ~families_of(match));
	if (ACL_ASKS(match, DIR)) {
		rule->v[ACL_W_L4] |= (u64)match->dir << ACL_L4_DIR;
		rule->m[ACL_W_L4] |= 1ULL << ACL_L4_DIR;
	}
	if (ACL_ASKS(match, PROTO)) {
		rule->v[ACL_W_L4] |= (u64)match->proto << ACL_L4_PROTO;
		rule->m[ACL_W_L4] |= 0xffULL << ACL_L4_PROTO;
	}
	if (ACL_ASKS(match, DSCP)) {
		rule->v[ACL_W_L4] |= (u64)match->dscp << ACL_L4_DSCP;
		rule->m[ACL_W_L4] |= 0x3fULL << ACL_L4_DSCP;
	}
	if (ACL_ASKS(match, STATE)) {
		/* One state at most is set: a single one is found by its bit. */
		if (hweight8(match->states) == 1) {
			rule->v[ACL_W_L4] |= (u64)match->states << ACL_L4_STATE;
			rule->m[ACL_W_L4] |= 15ULL << ACL_L4_STATE;
		} else {
			rule->m[ACL_W_L4] |= (15ULL & ~match->states)
					     << ACL_L4_STATE;
			rule->checks |= ACL_CHECK_REST;
		}
	}
	word_ports(rule, match);
}

static void words_addresses(u64 v[ACL_WORDS], u64 m[ACL_WORDS],
			    const struct acl_match *match)
{
	unsigned int src = ACL_ASKS(match, SRC) ? match->src_len : 0;
	unsigned int dst = ACL_ASKS(match, DST) ? match->dst_len : 0;

	if (ACL_ASKS(match, IPV4)) {
		m[ACL_W_HEAD] = mask_of(src) | mask_of(dst) >> 32;
		v[ACL_W_HEAD] = (u64)get_unaligned_be32(match->src) << 32 |
				get_unaligned_be32(match->dst);
	} else if (ACL_ASKS(match, IPV6) || ACL_ASKS(match, CELL)) {
		m[ACL_W_HEAD] = mask_of(src < 64 ? src : 64);
		m[ACL_W_SRC2] = src > 64 ? mask_of(src - 64) : 0;
		m[ACL_W_DST] = mask_of(dst < 64 ? dst : 64);
		m[ACL_W_DST2] = dst > 64 ? mask_of(dst - 64) : 0;
		v[ACL_W_HEAD] = get_unaligned_be64(match->src);
		v[ACL_W_SRC2] = get_unaligned_be64(match->src + 8);
		v[ACL_W_DST] = get_unaligned_be64(match->dst);
		v[ACL_W_DST2] = get_unaligned_be64(match->dst + 8);
	} else if (families_of(match) == BIT(ACL_OTHER)) {
		m[ACL_W_HEAD] = 0xffff;
		v[ACL_W_HEAD] = match->ethertype;
	}
	if (ACL_ASKS(match, SMAC)) {
		m[ACL_W_SMAC] |= ~0xffffULL;
		v[ACL_W_SMAC] |= acl_mac(match->smac) << 16;
	}
	if (ACL_ASKS(match, VLAN)) {
		m[ACL_W_SMAC] |= 0xffff;
		v[ACL_W_SMAC] |= match->vlan;
	}
	if (ACL_ASKS(match, DMAC)) {
		m[ACL_W_DMAC] |= ~0xffffULL;
		v[ACL_W_DMAC] |= acl_mac(match->dmac) << 16;
	}
}

/**
 * acl_rule_init() - make a rule ready for classifiers
 * @rule: the rule
 * @match: what it asks for; acl_match_check() has nothing against it
 * @prio: priority, 0 is the first
 * @handle: of ACL_HANDLE_BITS; no two rules of a classifier have the same
 *
 * May sleep.
 *
 * Return: 0; -ENOMEM.
 */
int acl_rule_init(struct acl_rule *rule, const struct acl_match *match,
		  u16 prio, u64 handle)
{
	u64 v[ACL_WORDS] = {}, m[ACL_WORDS] = {};
	unsigned int i;

	memset(rule, 0, sizeof(*rule));
	rule->order = (u64)prio << ACL_HANDLE_BITS | handle;
	rule->asks = match->asks;
	rule->sport.hi = 0xffff;
	rule->dport.hi = 0xffff;
	words_addresses(v, m, match);
	rule->v[ACL_W_HEAD] = v[ACL_W_HEAD];
	rule->m[ACL_W_HEAD] = m[ACL_W_HEAD];
	word_l4(rule, match);
	for (i = ACL_W_DST; i < ACL_WORDS; i++)
		if (m[i])
			rule->checks |= ACL_CHECK_WORDS;
	if (match->asks & (BIT(ACL_ASK_DEV) | BIT(ACL_ASK_SRC_SET) |
			   BIT(ACL_ASK_DST_SET)) ||
	    (ACL_ASKS(match, CELL) && ACL_ASKS(match, DPORT)))
		rule->checks |= ACL_CHECK_REST;
	if (!(rule->checks & ~ACL_CHECK_RANGES))
		return 0;

	rule->more = kmalloc(sizeof(*rule->more), GFP_KERNEL_ACCOUNT);
	if (!rule->more)
		return -ENOMEM;
	rule->more->match = *match;
	memcpy(rule->more->v, v + ACL_W_DST, sizeof(rule->more->v));
	memcpy(rule->more->m, m + ACL_W_DST, sizeof(rule->more->m));
	return 0;
}

/**
 * acl_rule_destroy() - free what a rule has
 * @rule: the rule, which no reader and no classifier can see any more
 */
void acl_rule_destroy(struct acl_rule *rule)
{
	kfree(rule->more);
	rule->more = NULL;
}

/**
 * acl_rule_match() - what does a rule ask for?
 * @rule: the rule
 * @match: filled as it was for acl_rule_init(); what the rule does not ask for is
 *	zero
 */
void acl_rule_match(const struct acl_rule *rule, struct acl_match *match)
{
	u64 l4 = rule->v[ACL_W_L4];

	if (rule->more) {
		*match = rule->more->match;
		return;
	}
	memset(match, 0, sizeof(*match));
	match->asks = rule->asks;
	if (ACL_ASKS(match, DIR))
		match->dir = l4 >> ACL_L4_DIR & 1;
	if (ACL_ASKS(match, ETHERTYPE)) {
		if (!(rule->m[ACL_W_L4] & FAMILIES(BIT(ACL_IPV4))))
			match->ethertype = ETH_P_IP;
		else if (!(rule->m[ACL_W_L4] & FAMILIES(BIT(ACL_IPV6))))
			match->ethertype = ETH_P_IPV6;
		else
			match->ethertype = rule->v[ACL_W_HEAD];
	}
	if (ACL_ASKS(match, IPV4)) {
		put_unaligned_be32(rule->v[ACL_W_HEAD] >> 32, match->src);
		put_unaligned_be32((u32)rule->v[ACL_W_HEAD], match->dst);
		match->src_len = hweight32(rule->m[ACL_W_HEAD] >> 32);
		match->dst_len = hweight32(rule->m[ACL_W_HEAD]);
	} else if (ACL_ASKS(match, IPV6)) {
		put_unaligned_be64(rule->v[ACL_W_HEAD], match->src);
		match->src_len = hweight64(rule->m[ACL_W_HEAD]);
	}
	if (ACL_ASKS(match, PROTO))
		match->proto = l4 >> ACL_L4_PROTO;
	if (ACL_ASKS(match, SPORT))
		match->sport = rule->sport;
	if (ACL_ASKS(match, DPORT))
		match->dport = rule->dport;
	if (ACL_ASKS(match, ICMP_TYPE))
		match->icmp_type = l4 >> ACL_L4_SPORT;
	if (ACL_ASKS(match, ICMP_CODE))
		match->icmp_code = l4 >> ACL_L4_DPORT;
	if (ACL_ASKS(match, TCP_FLAGS)) {
		match->tcp_flags = l4 >> ACL_L4_FLAGS;
		match->tcp_flags_mask = rule->m[ACL_W_L4] >> ACL_L4_FLAGS;
	}
	if (ACL_ASKS(match, DSCP))
		match->dscp = l4 >> ACL_L4_DSCP & 0x3f;
	if (ACL_ASKS(match, STATE))
		match->states = l4 >> ACL_L4_STATE;
}

/**
 * acl_rule_classes() - which keys can meet a rule?
 * @rule: the rule
 *
 * Return: a bit for each acl_class().
 */
u8 acl_rule_classes(const struct acl_rule *rule)
{
	u8 families = ~(rule->m[ACL_W_L4] >> ACL_L4_FAMILY) & 15;

	if (!(rule->m[ACL_W_L4] >> ACL_L4_DIR & 1))
		return families | families << ACL_FAMILIES;
	return families << (rule->v[ACL_W_L4] >> ACL_L4_DIR & 1) * ACL_FAMILIES;
}

/**
 * acl_rule_check() - the rest of acl_rule_meets()
 * @rule: the rule, whose first two words the key meets
 * @key: the key
 * @now: see there
 * @until: see there
 *
 * Return: the key meets that too.
 */
bool acl_rule_check(const struct acl_rule *rule, const struct acl_key *key,
		    u64 now, u64 *until)
{
	u64 differ = 0;
	unsigned int i;

	if (rule->checks & ACL_CHECK_RANGES) {
		u16 sport = acl_key_sport(key), dport = acl_key_dport(key);

		if (sport < rule->sport.lo || sport > rule->sport.hi ||
		    dport < rule->dport.lo || dport > rule->dport.hi)
			return false;
	}
	if (rule->checks & ACL_CHECK_WORDS) {
		for (i = 0; i < ACL_WORDS - ACL_W_DST; i++)
			differ |= (key->w[ACL_W_DST + i] ^ rule->more->v[i]) &
				  rule->more->m[i];
		if (differ)
			return false;
	}
	if (rule->checks & ACL_CHECK_REST)
		return acl_match_why(&rule->more->match, key, now, until) < 0;
	return true;
}
