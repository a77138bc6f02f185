// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules that go by themselves.
 *
 * Each ruleset has those of its rules that have an end in a tree, the first to end
 * first. A set knows when the first of its elements may end. One delayed work per
 * namespace takes away what has ended; it looks at rulesets that are in force only, so
 * what is being loaded ends when it is committed.
 */
#include <linux/jiffies.h>
#include <linux/sched.h>

#include "acl.h"
#include "expire.h"
#include "named.h"
#include "policy_nl.h"
#include "undo.h"

/* The work looks at the clock again so often, in milliseconds: jiffies stand still
 * while the host sleeps, the clock does not.
 */
#define LOOK_AGAIN (60 * MSEC_PER_SEC)

/* The module goes: nothing ends any more, in any namespace. Only ever set. */
static bool stopped;

/* Of all namespaces, by acl_policies.all. A list of our own: net_rwsem is taken under the
 * policies' lock, so no policies' lock is taken under net_rwsem. all_lock is taken outside
 * the policies' locks.
 */
static LIST_HEAD(all);
static DEFINE_MUTEX(all_lock); /* protects the list */

/* Rules and elements of a namespace that go in one run. */
#define AT_ONCE 256

/* Under the policies' lock, or before anybody sees the ruleset. */
void acl_expire_add(struct acl_ruleset *rules, struct acl_entry *entry)
{
	struct rb_node **link = &rules->ends.rb_root.rb_node, *parent = NULL;
	bool first = true;

	if (!entry->extra || !entry->extra->ends)
		return;
	while (*link) {
		struct acl_extra *at = rb_entry(*link, struct acl_extra, node);

		parent = *link;
		if (entry->extra->ends < at->ends) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			first = false;
		}
	}
	entry->extra->entry = entry;
	rb_link_node(&entry->extra->node, parent, link);
	rb_insert_color_cached(&entry->extra->node, &rules->ends, first);
}

/* As acl_expire_add(). */
void acl_expire_del(struct acl_ruleset *rules, struct acl_entry *entry)
{
	if (entry->extra && entry->extra->ends)
		rb_erase_cached(&entry->extra->node, &rules->ends);
}

static struct acl_extra *first_of(const struct acl_ruleset *rules)
{
	return rb_entry_safe(rb_first_cached(&rules->ends), struct acl_extra,
			     node);
}

/* When to look, from now on, so that what ends at @ends is seen. */
static unsigned long delay_of(u64 ends)
{
	u64 now = acl_expire_now();

	if (ends <= now)
		return 0;
	return msecs_to_jiffies(min_t(u64, ends - now, LOOK_AGAIN));
}

/* The work is to look at @ends, if not before. Under the lock. */
void acl_expire_at(struct acl_policies *policies, u64 ends)
{
	lockdep_assert_held(&policies->lock);
	if (READ_ONCE(stopped))
		return;
	/* If the work is late because the host slept, its timer may still be long. */
	if (ends >= policies->next_end && policies->next_end > acl_expire_now())
		return;
	policies->next_end = min(policies->next_end, ends);
	mod_delayed_work(system_long_wq, &policies->expire,
			 delay_of(policies->next_end));
}

/* A ruleset in force may have a rule that ends before all others did. Under the lock. */
void acl_expire_arm(struct acl_policies *policies, struct acl_ruleset *rules)
{
	struct acl_extra *first = first_of(rules);

	if (first)
		acl_expire_at(policies, first->ends);
}

/* By acl_expire_now(), what a set says in jiffies. */
static u64 ends_of(u64 jiffies_then)
{
	u64 now = get_jiffies_64();

	if (jiffies_then == ACL_FOREVER)
		return U64_MAX;
	return acl_expire_now() +
	       (jiffies_then > now ? jiffies64_to_msecs(jiffies_then - now) :
				     0);
}

/* A set may have an element that ends before all others did. Under the lock. */
void acl_expire_set(struct acl_policies *policies, struct acl_named *named)
{
	acl_expire_at(policies, ends_of(named->set.expires));
}

/* Takes away rules of a policy that have ended, not more than @most, which becomes less by
 * them: the rest goes in the next run. Under the lock. Return: none is left that has.
 */
bool acl_expire_rules(struct acl_policies *policies, struct acl_policy *policy,
		      struct acl_ruleset *rules, u32 *most)
{
	struct acl_extra *first;

	while ((first = first_of(rules)) && first->ends <= acl_expire_now()) {
		if (!*most)
			return false;
		--*most;
		if (acl_identity_cares(&first->entry->rule))
			acl_identity_touch(policies, policy);
		acl_nl_rule_notify(policies->net, policy, first->entry,
				   UTCP_ACL_CMD_RULE_EXPIRE_NTF);
		acl_entry_del(policies, rules, first->entry);
		acl_policy_changed(policies, policy);
		cond_resched();
	}
	return true;
}

/* What has ended since it was loaded never comes into force. Under the lock. */
void acl_expire_loaded(struct acl_policies *policies, struct acl_ruleset *rules)
{
	struct acl_extra *first;

	while ((first = first_of(rules)) && first->ends <= acl_expire_now()) {
		acl_entry_drop(policies, rules, first->entry);
		cond_resched();
	}
}

/* Takes away what of a policy has ended; the rest of many in another run, since rtnl may
 * wait for the lock. Under the lock.
 */
static void expire_policy(struct acl_policies *policies,
			  struct acl_policy *policy, u32 *most)
{
	struct acl_ruleset *rules = acl_policy_rules(policies, policy);
	struct acl_extra *first;

	acl_expire_rules(policies, policy, rules, most);
	first = first_of(rules);
	if (first && first->ends < policies->next_end)
		policies->next_end = first->ends;
}

/* What acl_set_expire() tells of, and to whom. */
struct told {
	struct acl_policies *policies;
	struct acl_named *named;
};

static void elem_gone(void *priv, const struct acl_set_elem *elem)
{
	const struct told *told = priv;

	acl_nl_elem_notify(told->policies->net, told->named, elem,
			   UTCP_ACL_CMD_ELEM_EXPIRE_NTF);
	cond_resched();
}

/* Takes away elements that have ended, which no frame has found since; of many only some,
 * the rest goes in the next run, since rtnl may wait for the lock. Under the lock.
 */
static void expire_set(struct acl_policies *policies, struct acl_named *named,
		       u32 *most)
{
	struct told told = { policies, named };
	u32 before = named->set.count;
	u64 next;

	/* Looking for nothing takes time, too. */
	next = ends_of(*most ? acl_set_expire(&named->set, get_jiffies_64(),
					      *most, elem_gone, &told) :
			       named->set.expires);
	if (named->set.count != before)
		acl_named_changed(policies, named);
	*most -= before - named->set.count;
	if (next < policies->next_end)
		policies->next_end = next;
}

static void expire(struct work_struct *work)
{
	struct acl_policies *policies = container_of(
		to_delayed_work(work), struct acl_policies, expire);
	struct acl_undo *gone = NULL;
	struct acl_policy *policy;
	struct acl_named *named;
	u32 most = AT_ONCE;

	mutex_lock(&policies->lock);
	policies->next_end = U64_MAX;
	list_for_each_entry(policy, &policies->list, link) {
		if (acl_undo_expire(policies, policy, &most, &gone))
			acl_nl_policy_notify(policies->net, policies, policy,
					     UTCP_ACL_CMD_POLICY_ROLLBACK_NTF);
		if (policy->undo && policy->undo->ends < policies->next_end)
			policies->next_end = policy->undo->ends;
		expire_policy(policies, policy, &most);
	}
	list_for_each_entry(named, &policies->sets, link)
		expire_set(policies, named, &most);
	if (policies->next_end != U64_MAX && !READ_ONCE(stopped))
		mod_delayed_work(system_long_wq, &policies->expire,
				 delay_of(policies->next_end));
	mutex_unlock(&policies->lock);
	acl_undo_free(policies, gone);
}

void acl_expire_init(struct acl_policies *policies)
{
	policies->next_end = U64_MAX;
	INIT_DELAYED_WORK(&policies->expire, expire);
	mutex_lock(&all_lock);
	list_add(&policies->all, &all);
	mutex_unlock(&all_lock);
}

/* The module goes: from here on nothing ends by itself, and no event says so. The number
 * of the family's group may be another one's, as soon as the family is unregistered. May
 * sleep.
 */
void acl_expire_stop(void)
{
	struct acl_policies *policies;

	WRITE_ONCE(stopped, true);
	mutex_lock(&all_lock);
	list_for_each_entry(policies, &all, all) {
		/* Who has not seen it has armed the work when this is through. */
		mutex_lock(&policies->lock);
		mutex_unlock(&policies->lock);
		cancel_delayed_work_sync(&policies->expire);
	}
	mutex_unlock(&all_lock);
}

/* No request comes any more. May sleep. */
void acl_expire_exit(struct acl_policies *policies)
{
	mutex_lock(&all_lock);
	list_del(&policies->all);
	mutex_unlock(&all_lock);
	cancel_delayed_work_sync(&policies->expire);
}
