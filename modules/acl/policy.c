// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies and their rules.
 *
 * What a frame finds out about its ruleset is remembered for the ruleset's
 * generation, which the frame has read before. A change begins by taking the
 * generation away and ends by giving a new one: what frames find out meanwhile is
 * remembered for nobody, or for the generation that is over.
 */
#include <linux/atomic.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "expire.h"
#include "identity.h"
#include "named.h"
#include "policy.h"
#include "undo.h"

/* Number of the last state of any ruleset. */
static atomic64_t generations = ATOMIC64_INIT(0);

void acl_policies_init(struct acl_policies *policies, struct net *net)
{
	memset(policies, 0, sizeof(*policies));
	mutex_init(&policies->lock);
	INIT_LIST_HEAD(&policies->list);
	INIT_LIST_HEAD(&policies->loads);
	INIT_LIST_HEAD(&policies->sets);
	policies->seq = 1;
	policies->net = net;
	acl_expire_init(policies);
	acl_identity_init(policies);
}

/* Frees a policy that no frame is with. Without the lock. */
static void policy_drop(struct acl_policies *policies,
			struct acl_policy *policy)
{
	acl_undo_drop(policies, policy->undo);
	acl_ruleset_free(policies,
			 rcu_dereference_protected(policy->rules, true));
	kfree(policy);
}

/* Frees all policies; nobody can ask for them or use them any more. */
void acl_policies_exit(struct acl_policies *policies)
{
	struct acl_policy *policy, *next;

	acl_expire_exit(policies);
	acl_identity_exit(policies);
	WARN_ON_ONCE(!list_empty(&policies->loads));
	/* Once for all of them: the namespaces of the whole host wait for this one. */
	if (!list_empty(&policies->list))
		synchronize_rcu();
	list_for_each_entry_safe(policy, next, &policies->list, link) {
		WARN_ON_ONCE(policy->users);
		mutex_lock(&policies->lock);
		acl_policy_del(policies, policy);
		mutex_unlock(&policies->lock);
		policy_drop(policies, policy);
	}
	acl_named_exit(policies);
	WARN_ON_ONCE(policies->rules);
	if (policies->spare)
		acl_counts_put(policies->spare);
	mutex_destroy(&policies->lock);
}

/* Gives a reason that is not known where it is told; @reason is a constant. */
void acl_say(struct netlink_ext_ack *extack, const char *reason)
{
	if (extack)
		extack->_msg = reason;
}

/* --- rulesets ------------------------------------------------------------------- */

/* Before a change of what a ruleset says. Under the lock, or before anybody sees it. */
void acl_ruleset_begin(struct acl_ruleset *rules)
{
	WRITE_ONCE(rules->generation, 0);
	/* Who sees the change sees this first. */
	smp_wmb();
}

/* What of the word L4 can differ between plain frames that recent.h takes for the same; and
 * what is the same for all that are plain.
 */
static const u64 plain_l4 = 0xffffffffULL | 0xffULL << ACL_L4_PROTO |
			    1ULL << ACL_L4_NOPORTS | 1ULL << ACL_L4_DIR |
			    15ULL << ACL_L4_FAMILY;

/* Behind such a change, also if it failed. */
void acl_ruleset_end(struct acl_ruleset *rules)
{
	bool link = false;
	u64 l4 = 0;

	acl_classifier_used(&rules->classifier, &l4, &link);
	WRITE_ONCE(rules->l4, l4);
	WRITE_ONCE(rules->link, link);
	WRITE_ONCE(rules->plain, !link && !(l4 & ~plain_l4));
	/* Pairs with the reads in read_tag() and decide_plain() of decide.c. */
	smp_store_release(&rules->generation,
			  atomic64_inc_return(&generations));
}

/* An empty ruleset, of no generation yet. Returns NULL if there is no memory. */
struct acl_ruleset *acl_ruleset_new(const struct acl_settings *set)
{
	struct acl_ruleset *rules;

	rules = kzalloc(sizeof(*rules), GFP_KERNEL_ACCOUNT);
	if (!rules)
		return NULL;
	acl_classifier_init(&rules->classifier);
	memcpy(rules->def, set->def, sizeof(rules->def));
	rules->log = set->log;
	rules->order = RB_ROOT;
	rules->ends = RB_ROOT_CACHED;
	xa_init_flags(&rules->handles, XA_FLAGS_ACCOUNT);
	xa_init_flags(&rules->kept, XA_FLAGS_ACCOUNT);
	acl_ruleset_end(rules);
	return rules;
}

/* Makes the classifier of a ruleset that was loaded, and that nobody sees yet.
 * Return: 0, -ENOMEM, or what the classifier cannot do, with the reason in @extack.
 */
int acl_ruleset_build(struct acl_ruleset *rules, struct netlink_ext_ack *extack)
{
	const struct acl_rule **list;
	const char *reason = NULL;
	struct rb_node *node;
	u32 n = 0;
	int ret;

	list = kvmalloc_array(rules->n ?: 1, sizeof(*list), GFP_KERNEL_ACCOUNT);
	if (!list)
		return -ENOMEM;
	for (node = rb_first(&rules->order); node; node = rb_next(node))
		list[n++] = &rb_entry(node, struct acl_entry, node)->rule;
	cond_resched();
	acl_ruleset_begin(rules);
	/* What an attempt before this one made. */
	acl_classifier_destroy(&rules->classifier);
	acl_classifier_init(&rules->classifier);
	ret = acl_classifier_build(&rules->classifier, list, n, &reason);
	kvfree(list);
	acl_ruleset_end(rules);
	if (ret && reason)
		acl_say(extack, reason);
	return ret;
}

static void entry_free(struct acl_entry *entry)
{
	acl_rule_destroy(&entry->rule);
	acl_counts_put(entry->counts);
	kfree(entry->extra);
	kfree(entry);
}

/* The rules of a ruleset that no frame can see name no sets any more. */
static void let_sets_go(struct acl_policies *policies,
			struct acl_ruleset *rules)
{
	struct rb_node *node;

	if (!rules->sets)
		return;
	mutex_lock(&policies->lock);
	for (node = rb_first(&rules->order); node; node = rb_next(node)) {
		acl_named_count(rules, rb_entry(node, struct acl_entry, node),
				-1);
		cond_resched();
	}
	mutex_unlock(&policies->lock);
}

/* Frees a ruleset that no frame can see. Without the lock, which it takes. */
void acl_ruleset_free(struct acl_policies *policies, struct acl_ruleset *rules)
{
	struct acl_entry *entry, *next;
	u32 n = 0;

	if (!rules)
		return;
	let_sets_go(policies, rules);
	acl_classifier_destroy(&rules->classifier);
	rbtree_postorder_for_each_entry_safe(entry, next, &rules->order, node) {
		entry_free(entry);
		if (!(++n % 1024))
			cond_resched();
	}
	xa_destroy(&rules->handles);
	xa_destroy(&rules->kept);
	/* The limit has room again when the memory has. */
	mutex_lock(&policies->lock);
	policies->rules -= rules->n;
	mutex_unlock(&policies->lock);
	kfree(rules);
}

/* --- rules ----------------------------------------------------------------------- */

/* Counters for @n rules, with a reference for who asks. NULL: no memory. */
struct acl_counts *acl_counts_new(u32 n)
{
	struct acl_counts *counts;

	counts = kmalloc(sizeof(*counts), GFP_KERNEL_ACCOUNT);
	if (!counts)
		return NULL;
	counts->count = __alloc_percpu_gfp(n * sizeof(*counts->count),
					   __alignof__(*counts->count),
					   GFP_KERNEL_ACCOUNT);
	if (!counts->count) {
		kfree(counts);
		return NULL;
	}
	refcount_set(&counts->refs, 1);
	return counts;
}

void acl_counts_put(struct acl_counts *counts)
{
	if (!refcount_dec_and_test(&counts->refs))
		return;
	free_percpu(counts->count);
	kfree(counts);
}

/* Counters of which so many rules that are made one by one share a block. A rule that
 * stays keeps those of the others of its block: 16 bytes for each of them and CPU.
 */
#define SPARE_COUNTS 8

/* Counters of which one is for a rule to be made. Under the lock; may sleep.
 * Return: them, without a reference, and in @index which one; NULL: no memory.
 */
struct acl_counts *acl_counts_one(struct acl_policies *policies, u32 *index)
{
	lockdep_assert_held(&policies->lock);
	if (policies->spare && policies->spare_used == SPARE_COUNTS) {
		acl_counts_put(policies->spare);
		policies->spare = NULL;
	}
	if (!policies->spare) {
		policies->spare = acl_counts_new(SPARE_COUNTS);
		policies->spare_used = 0;
	}
	/* Never one twice: what the rule before it has counted is still there. */
	*index = policies->spare_used++;
	return policies->spare;
}

static void entry_free_rcu(struct rcu_head *rcu)
{
	entry_free(container_of(rcu, struct acl_entry, rcu));
}

/* A rule comes to a ruleset (@by 1) or leaves it (-1). Under the lock. */
static void cells_count(struct acl_ruleset *rules,
			const struct acl_entry *entry, int by)
{
	u32 *cells = &rules->cells[entry->rule.v[ACL_W_L4] >> ACL_L4_DIR & 1];

	/* Each rule has a direction. */
	if (entry->rule.asks & BIT(ACL_ASK_CELL))
		WRITE_ONCE(*cells, *cells + by);
}

static void order_insert(struct acl_ruleset *rules, struct acl_entry *entry)
{
	struct rb_node **link = &rules->order.rb_node, *parent = NULL;

	while (*link) {
		struct acl_entry *at = rb_entry(*link, struct acl_entry, node);

		parent = *link;
		if (entry->rule.order < at->rule.order)
			link = &parent->rb_left;
		else
			link = &parent->rb_right;
	}
	rb_link_node(&entry->node, parent, link);
	rb_insert_color(&entry->node, &rules->order);
}

/* A rule, which is in no ruleset yet, and takes a counter of @counts. */
static struct acl_entry *entry_new(const struct acl_new_rule *like, u64 handle,
				   struct acl_counts *counts, u32 index)
{
	struct acl_entry *entry;
	int ret = -ENOMEM;

	entry = kzalloc(sizeof(*entry), GFP_KERNEL_ACCOUNT);
	if (!entry)
		return ERR_PTR(-ENOMEM);
	if (like->has_extra) {
		entry->extra = kmemdup(&like->extra, sizeof(like->extra),
				       GFP_KERNEL_ACCOUNT);
		if (!entry->extra)
			goto free;
	}
	ret = acl_rule_init(&entry->rule, &like->match, like->prio, handle);
	if (ret)
		goto free;
	refcount_inc(&counts->refs);
	entry->counts = counts;
	entry->count = counts->count + index;
	entry->verdict = like->verdict;
	entry->log = like->log;
	return entry;

free:
	kfree(entry->extra);
	kfree(entry);
	return ERR_PTR(ret);
}

/* Makes a rule of a ruleset, which its classifier does not know yet. It takes the
 * counter @index of @counts. Under the lock; may sleep.
 * Return: the rule, or an error.
 */
struct acl_entry *acl_entry_add(struct acl_policies *policies,
				struct acl_ruleset *rules,
				const struct acl_new_rule *like,
				struct acl_counts *counts, u32 index)
{
	u64 handle = policies->handle + 1;
	struct acl_entry *entry;
	int ret;

	lockdep_assert_held(&policies->lock);
	if (handle >> ACL_HANDLE_BITS)
		return ERR_PTR(-EOVERFLOW);
	entry = entry_new(like, handle, counts, index);
	if (IS_ERR(entry))
		return entry;
	ret = xa_insert(&rules->handles, handle, entry, GFP_KERNEL_ACCOUNT);
	if (ret) {
		entry_free(entry);
		return ERR_PTR(ret);
	}
	order_insert(rules, entry);
	acl_expire_add(rules, entry);
	acl_named_count(rules, entry, 1);
	cells_count(rules, entry, 1);
	policies->handle = handle;
	policies->rules++;
	rules->n++;
	return entry;
}

static void entry_take(struct acl_policies *policies, struct acl_ruleset *rules,
		       struct acl_entry *entry)
{
	lockdep_assert_held(&policies->lock);
	acl_expire_del(rules, entry);
	acl_named_count(rules, entry, -1);
	cells_count(rules, entry, -1);
	rb_erase(&entry->node, &rules->order);
	xa_erase(&rules->handles, acl_rule_handle(&entry->rule));
	rules->n--;
	policies->rules--;
}

/* Undoes acl_entry_add(). Under the lock. */
void acl_entry_drop(struct acl_policies *policies, struct acl_ruleset *rules,
		    struct acl_entry *entry)
{
	entry_take(policies, rules, entry);
	entry_free(entry);
}

/* Takes a rule out of a ruleset that is in force. Under the lock. */
void acl_entry_del(struct acl_policies *policies, struct acl_ruleset *rules,
		   struct acl_entry *entry)
{
	acl_ruleset_begin(rules);
	acl_classifier_remove(&rules->classifier, &entry->rule);
	entry_take(policies, rules, entry);
	acl_ruleset_end(rules);
	/* Who found it before has it for the rest of this grace period. */
	call_rcu(&entry->rcu, entry_free_rcu);
}

/* Under the lock. */
struct acl_entry *acl_entry_find(struct acl_ruleset *rules, u64 handle)
{
	if (handle > ULONG_MAX)
		return NULL;
	return xa_load(&rules->handles, handle);
}

/* The first rule whose order is higher. Under the lock. */
struct acl_entry *acl_entry_behind(struct acl_ruleset *rules, u64 order)
{
	struct rb_node *node = rules->order.rb_node;
	struct acl_entry *best = NULL;

	while (node) {
		struct acl_entry *at = rb_entry(node, struct acl_entry, node);

		if (at->rule.order > order) {
			best = at;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return best;
}

/* The one that is asked next, or NULL. Under the lock. */
struct acl_entry *acl_entry_next(struct acl_entry *entry)
{
	return rb_entry_safe(rb_next(&entry->node), struct acl_entry, node);
}

/* Sums a rule's counters. */
void acl_entry_read(const struct acl_entry *entry, struct acl_count *sum)
{
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct acl_count *count = per_cpu_ptr(entry->count, cpu);

		sum->packets += READ_ONCE(count->packets);
		sum->bytes += READ_ONCE(count->bytes);
	}
}

/* --- policies --------------------------------------------------------------------- */

/* Under the lock. */
struct acl_policy *acl_policy_find(struct acl_policies *policies,
				   const char *name)
{
	struct acl_policy *policy;

	lockdep_assert_held(&policies->lock);
	list_for_each_entry(policy, &policies->list, link)
		if (!strcmp(policy->set.name, name))
			return policy;
	return NULL;
}

/* Something of a policy has changed: dumps of it are out of date. Under the lock. */
void acl_policy_changed(struct acl_policies *policies,
			struct acl_policy *policy)
{
	lockdep_assert_held(&policies->lock);
	if (!++policies->seq)
		policies->seq = 1;
	policy->generation = policies->seq;
}

/* Makes a policy, which keeps @rules. Its name is not taken. Under the lock.
 * Return: the policy, or an error with @extack set.
 */
struct acl_policy *acl_policy_add(struct acl_policies *policies,
				  const struct acl_settings *set,
				  struct acl_ruleset *rules, u32 limit,
				  struct netlink_ext_ack *extack)
{
	struct acl_policy *policy;

	lockdep_assert_held(&policies->lock);
	if (policies->n >= limit) {
		NL_SET_ERR_MSG(
			extack,
			"the namespace has as many policies as its limit allows");
		return ERR_PTR(-ENOSPC);
	}
	policy = kzalloc(sizeof(*policy), GFP_KERNEL_ACCOUNT);
	if (!policy)
		return ERR_PTR(-ENOMEM);
	policy->set = *set;
	policy->serial = ++policies->serial;
	RCU_INIT_POINTER(policy->rules, rules);
	list_add_tail(&policy->link, &policies->list);
	policies->n++;
	acl_policy_changed(policies, policy);
	return policy;
}

/* Takes a policy without users from its namespace; acl_policy_free() is to follow,
 * behind the lock. Under the lock.
 */
void acl_policy_del(struct acl_policies *policies, struct acl_policy *policy)
{
	lockdep_assert_held(&policies->lock);
	list_del(&policy->link);
	policies->n--;
	acl_policy_changed(policies, policy);
}

/* Frees a policy that has been taken from its namespace. Waits for frames that may
 * still be with it. Without the lock.
 */
void acl_policy_free(struct acl_policies *policies, struct acl_policy *policy)
{
	synchronize_rcu();
	policy_drop(policies, policy);
}
