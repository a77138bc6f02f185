/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A rule in the form in which it is fast to compare with a key.
 */
#ifndef _UTCP_ACL_RULE_H
#define _UTCP_ACL_RULE_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "key.h"
#include "match.h"

/* Priorities are from 0, the first, to this. */
#define ACL_PRIO_MAX U16_MAX
/* Handles have so many bits. */
#define ACL_HANDLE_BITS 48

/* What is to be compared behind the first two words: bits of acl_rule.checks. */
#define ACL_CHECK_RANGES 1 /* the ranges of ports */
#define ACL_CHECK_WORDS 2 /* the other words */
#define ACL_CHECK_REST 4 /* what is no word, by acl_match_why() */

/**
 * struct acl_more - what few rules need
 * @v: value of the words from DST on, under @m
 * @m: mask of these
 * @match: all that the rule asks for
 */
struct acl_more {
	u64 v[ACL_WORDS - ACL_W_DST];
	u64 m[ACL_WORDS - ACL_W_DST];
	struct acl_match match;
};

/**
 * struct acl_rule - what the classifier keeps of a rule; part of the owner's
 * @order: priority, then handle; the lowest that is met decides
 * @v: value of the words HEAD and L4, under @m
 * @m: mask of these
 * @sport: source ports
 * @dport: destination ports
 * @asks: bits of enum acl_criterion
 * @checks: bits of ACL_CHECK_: what the words above cannot say
 * @more: what it needs for that, but for ranges; else NULL
 *
 * Made by acl_rule_init(), never changed, and may be in several classifiers. It
 * dies by acl_rule_destroy(), a grace period after the last of these gave it up.
 */
struct acl_rule {
	u64 order;
	u64 v[2];
	u64 m[2];
	struct acl_range sport;
	struct acl_range dport;
	u32 asks;
	u32 checks;
	struct acl_more *more;
};

int acl_rule_init(struct acl_rule *rule, const struct acl_match *match,
		  u16 prio, u64 handle);
void acl_rule_destroy(struct acl_rule *rule);
void acl_rule_match(const struct acl_rule *rule, struct acl_match *match);
u8 acl_rule_classes(const struct acl_rule *rule);
bool acl_rule_check(const struct acl_rule *rule, const struct acl_key *key,
		    u64 now, u64 *until);

static inline u16 acl_rule_prio(const struct acl_rule *rule)
{
	return rule->order >> ACL_HANDLE_BITS;
}

static inline u64 acl_rule_handle(const struct acl_rule *rule)
{
	return rule->order & ((1ULL << ACL_HANDLE_BITS) - 1);
}

/* Value and mask of a word, whichever it is. */
static inline u64 acl_rule_v(const struct acl_rule *rule, unsigned int word)
{
	if (word < ACL_W_DST)
		return rule->v[word];
	return rule->more ? rule->more->v[word - ACL_W_DST] : 0;
}

static inline u64 acl_rule_m(const struct acl_rule *rule, unsigned int word)
{
	if (word < ACL_W_DST)
		return rule->m[word];
	return rule->more ? rule->more->m[word - ACL_W_DST] : 0;
}

/**
 * acl_rule_meets() - does a key meet all that a rule asks for?
 * @rule: the rule
 * @key: the key
 * @now: jiffies, for the elements of sets
 * @until: lowered to when an element of a set ends on which the answer rests
 *
 * Under RCU.
 *
 * Return: the same as acl_match_key().
 */
static __always_inline bool acl_rule_meets(const struct acl_rule *rule,
					   const struct acl_key *key, u64 now,
					   u64 *until)
{
	if (((key->w[ACL_W_HEAD] ^ rule->v[0]) & rule->m[0]) |
	    ((key->w[ACL_W_L4] ^ rule->v[1]) & rule->m[1]))
		return false;
	if (likely(!rule->checks))
		return true;
	return acl_rule_check(rule, key, now, until);
}

#endif /* _UTCP_ACL_RULE_H */
