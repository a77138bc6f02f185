/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The classifier: from a key to the first rule that it meets. See
 * Documentation/networking/utcp-acl-classifier.rst.
 */
#ifndef _UTCP_ACL_CLASSIFY_H
#define _UTCP_ACL_CLASSIFY_H

#include <linux/rcupdate.h>
#include <linux/types.h>

#include "key.h"
#include "match.h"

/* Up to so many rules are tried one after another. */
#define ACL_LINEAR_MAX 24
/* Tables of one classifier, at most. */
#define ACL_TABLES_MAX 128
/* Rules that share a bucket of a table, at most. */
#define ACL_CHAIN_MAX 512

/* Priorities are from 0, the first, to this. */
#define ACL_PRIO_MAX U16_MAX
/* Handles have so many bits. */
#define ACL_HANDLE_BITS 48

/**
 * struct acl_rule - what the classifier keeps of a rule; part of the owner's
 * @order: priority, then handle; the lowest that is met decides
 * @v: value of the words HEAD and L4, under @m
 * @m: mask of these
 * @sport: source ports; 0 to 65535 if it asks for none, or not by this
 * @dport: destination ports
 * @more: all that it asks for, if the above cannot say it; else NULL
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
	struct acl_match *more;
};

int acl_rule_init(struct acl_rule *rule, const struct acl_match *match,
		  u16 prio, u64 handle);
void acl_rule_destroy(struct acl_rule *rule);
void acl_rule_match(const struct acl_rule *rule, struct acl_match *match);

static inline u16 acl_rule_prio(const struct acl_rule *rule)
{
	return rule->order >> ACL_HANDLE_BITS;
}

static inline u64 acl_rule_handle(const struct acl_rule *rule)
{
	return rule->order & ((1ULL << ACL_HANDLE_BITS) - 1);
}

struct acl_root;

/**
 * struct acl_classifier - rules, and the fastest known way to the right one
 * @root: for readers under RCU; NULL: no rule
 * @rules: how many there are
 *
 * Zeros are an empty one. Who changes it holds the owner's lock and may sleep;
 * look-ups are under RCU only, see either the rules before a change or those
 * after it, and never wait. A change that fails has changed nothing.
 */
struct acl_classifier {
	struct acl_root __rcu *root;
	u32 rules;
};

/**
 * struct acl_result - what a look-up says
 * @rule: the rule; NULL: none is met
 * @until: jiffies until when that holds, as long as no rule and no set changes; or
 *	ACL_FOREVER
 */
struct acl_result {
	const struct acl_rule *rule;
	u64 until;
};

/**
 * struct acl_classifier_stats - how a classifier is doing
 * @rules: how many there are
 * @tables: hash tables that they are in; 0: they are tried one after another
 * @tables_max: how many of these one look-up may try, at most
 * @chain_max: rules in the fullest bucket
 * @memory: bytes, without the rules themselves
 */
struct acl_classifier_stats {
	u32 rules;
	u32 tables;
	u32 tables_max;
	u32 chain_max;
	size_t memory;
};

void acl_classifier_init(struct acl_classifier *c);
void acl_classifier_destroy(struct acl_classifier *c);
int acl_classifier_build(struct acl_classifier *c,
			 const struct acl_rule *const *rules, u32 n,
			 const char **reason);
int acl_classifier_insert(struct acl_classifier *c, const struct acl_rule *rule,
			  const char **reason);
void acl_classifier_remove(struct acl_classifier *c,
			   const struct acl_rule *rule);
void acl_classifier_lookup(const struct acl_classifier *c,
			   const struct acl_key *key, u64 now,
			   struct acl_result *result);
void acl_classifier_used(const struct acl_classifier *c, u64 *l4, bool *link);
void acl_classifier_stats(const struct acl_classifier *c,
			  struct acl_classifier_stats *stats);

#endif /* _UTCP_ACL_CLASSIFY_H */
