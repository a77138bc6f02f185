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
#include "rule.h"

/* Up to so many rules are tried one after another. */
#define ACL_LINEAR_MAX 8
struct acl_root;

/**
 * struct acl_classifier - rules, and the fastest known way to the right one
 * @root: for readers under RCU; NULL: no rule
 * @l4: bits of the word L4 that a rule looks at; more never hurts
 * @rules: how many there are
 * @link: a rule looks at MAC addresses or VLAN; as @l4
 *
 * Zeros are an empty one. Who changes it holds the owner's lock and may sleep;
 * look-ups are under RCU only, see either the rules before a change or those
 * after it, and never wait. A change that fails has changed nothing.
 */
struct acl_classifier {
	struct acl_root __rcu *root;
	u64 l4;
	u32 rules;
	bool link;
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

extern const struct acl_rule acl_rule_unsaid;

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
const struct acl_rule *
acl_classifier_lookup_plain(const struct acl_classifier *c, u64 head, u64 l4);
void acl_classifier_used(const struct acl_classifier *c, u64 *l4, bool *link);
void acl_classifier_stats(const struct acl_classifier *c,
			  struct acl_classifier_stats *stats);

#endif /* _UTCP_ACL_CLASSIFY_H */
