// SPDX-License-Identifier: GPL-2.0-only
/*
 * Named sets.
 *
 * What frames find out rests on the elements of sets, too. So a change of elements is a
 * change of each ruleset that has a rule with a set: its generation is taken away before,
 * and a new one given behind. No rule is touched, and flows are not asked.
 */
#include <linux/slab.h>

#include "named.h"

/* Under the lock. */
struct acl_named *acl_named_find(struct acl_policies *policies,
				 const char *name)
{
	struct acl_named *named;

	lockdep_assert_held(&policies->lock);
	list_for_each_entry(named, &policies->sets, link)
		if (!strcmp(named->name, name))
			return named;
	return NULL;
}

/* Something of a set, or its elements, has changed. Under the lock. */
void acl_named_changed(struct acl_policies *policies, struct acl_named *named)
{
	lockdep_assert_held(&policies->lock);
	policies->elems += named->set.count - named->counted;
	named->counted = named->set.count;
	if (!++policies->seq)
		policies->seq = 1;
	named->seq = policies->seq;
}

/* Makes a set, whose name is not taken. Under the lock; may sleep.
 * Return: the set, or an error with @extack set.
 */
struct acl_named *acl_named_add(struct acl_policies *policies, const char *name,
				enum acl_set_type type, u32 max, u32 limit,
				struct netlink_ext_ack *extack)
{
	struct acl_named *named;
	int ret;

	if (policies->n_sets >= limit) {
		NL_SET_ERR_MSG(
			extack,
			"the namespace has as many sets as its limit allows");
		return ERR_PTR(-ENOSPC);
	}
	named = kzalloc(sizeof(*named), GFP_KERNEL_ACCOUNT);
	if (!named)
		return ERR_PTR(-ENOMEM);
	ret = acl_set_init(&named->set, type, max);
	if (ret) {
		kfree(named);
		return ERR_PTR(ret);
	}
	strscpy(named->name, name, sizeof(named->name));
	named->serial = ++policies->serial;
	list_add_tail(&named->link, &policies->sets);
	policies->n_sets++;
	acl_named_changed(policies, named);
	return named;
}

/* Takes a set without users from its namespace; acl_named_free() is to follow, behind
 * the lock. Under the lock.
 */
void acl_named_del(struct acl_policies *policies, struct acl_named *named)
{
	list_del(&named->link);
	policies->n_sets--;
	/* They free their memory behind the lock, but are nobody's any more. */
	policies->elems -= named->counted;
	named->counted = named->set.count;
	acl_named_changed(policies, named);
}

/* Waits for frames that may still be with a rule that has named it. */
void acl_named_free(struct acl_named *named)
{
	synchronize_rcu();
	acl_set_destroy(&named->set);
	kfree(named);
}

/* No request comes any more, and all rules are gone. */
void acl_named_exit(struct acl_policies *policies)
{
	struct acl_named *named, *next;

	list_for_each_entry_safe(named, next, &policies->sets, link) {
		WARN_ON_ONCE(named->users);
		list_del(&named->link);
		/* No frame either: the policies have waited for them. */
		acl_set_destroy(&named->set);
		kfree(named);
		cond_resched();
	}
}

/* Before elements of a set change. Under the lock. */
void acl_named_begin(struct acl_policies *policies)
{
	struct acl_policy *policy;

	list_for_each_entry(policy, &policies->list, link) {
		struct acl_ruleset *rules = acl_policy_rules(policies, policy);

		if (rules->sets)
			acl_ruleset_begin(rules);
	}
}

/* Behind such a change; @named is NULL if there was none after all. Under the lock. */
void acl_named_end(struct acl_policies *policies, struct acl_named *named)
{
	struct acl_policy *policy;

	list_for_each_entry(policy, &policies->list, link) {
		struct acl_ruleset *rules = acl_policy_rules(policies, policy);

		if (rules->sets)
			acl_ruleset_end(rules);
	}
	if (named)
		acl_named_changed(policies, named);
}

/* A rule comes to a ruleset (@by 1) or leaves it (-1). Under the lock. */
void acl_named_count(struct acl_ruleset *rules, const struct acl_entry *entry,
		     int by)
{
	struct acl_match match;

	if (!(entry->rule.asks & (BIT(ACL_ASK_SRC_SET) | BIT(ACL_ASK_DST_SET))))
		return;
	acl_rule_match(&entry->rule, &match);
	if (ACL_ASKS(&match, SRC_SET))
		acl_named_of(match.src_set)->users += by;
	if (ACL_ASKS(&match, DST_SET))
		acl_named_of(match.dst_set)->users += by;
	rules->sets += by;
}
