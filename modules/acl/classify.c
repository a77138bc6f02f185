// SPDX-License-Identifier: GPL-2.0-only
/*
 * The classifier. Few rules are tried one after another. More are in hash tables,
 * each of which has a mask: what is hashed is what the mask leaves of a key, and of
 * a rule. A rule fits into every table whose mask is part of its own (tuple-space
 * search: Srinivasan, Suri, Varghese, SIGCOMM 1999; tables shared by rules of
 * different masks: Daly, Torng, "TupleMerge", ToN 2019). See
 * Documentation/networking/utcp-acl-classifier.rst.
 *
 * What readers see changes by single stores of pointers: to a bucket's first rule,
 * to a table, to the root. Whatever else changes is made new.
 */
#include "classify.h"

#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "table.h"

/**
 * struct ref - a table in a list
 * @bound: the table's, when the list was made
 * @table: the table
 */
struct ref {
	u64 bound;
	struct acl_table *table;
};

/**
 * struct acl_root - what readers begin with
 * @linear: rules in @rules, lowest order first; only without tables
 * @tables: in @all
 * @at: where in @refs the list of a class begins; the lowest bound is first, and
 *	behind the last table is a ref without one, whose bound is the highest
 * @n: how many tables it has
 * @wide: a table of it has more than the first two words
 * @all: the tables, for who changes them; behind the lists
 * @refs: the lists
 * @rules: the rules
 */
struct acl_root {
	u32 linear;
	u32 tables;
	u16 at[ACL_CLASSES];
	u16 n[ACL_CLASSES];
	bool wide[ACL_CLASSES];
	struct acl_table **all;
	union {
		DECLARE_FLEX_ARRAY(struct ref, refs);
		DECLARE_FLEX_ARRAY(const struct acl_rule *, rules);
	};
};

/* Stands where a rule was that could not be taken out otherwise: no key meets it. */
static const struct acl_rule nothing = {
	.order = U64_MAX,
	.m = { 0, 15ULL << ACL_L4_FAMILY },
};

/* --- roots -------------------------------------------------------------------- */

static struct acl_root *root_alloc(size_t size)
{
	return kvzalloc(offsetof(struct acl_root, refs) + size,
			GFP_KERNEL_ACCOUNT);
}

static size_t size_of_rules(u32 n)
{
	return n * sizeof_field(struct acl_root, rules[0]);
}

/* The lists of a root, and its tables. */
static size_t size_of_tables(u32 refs, u32 n)
{
	return refs * sizeof_field(struct acl_root, refs[0]) +
	       n * sizeof_field(struct acl_root, all[0]);
}

static int compare_refs(const void *a, const void *b)
{
	const struct ref *left = a, *right = b;

	if (left->bound == right->bound)
		return 0;
	return left->bound < right->bound ? -1 : 1;
}

/* A root that leads to these tables, or NULL. */
static struct acl_root *root_of_tables(struct acl_table *const *all, u32 n)
{
	struct acl_root *root;
	u32 refs = ACL_CLASSES, i, at;

	for (i = 0; i < n; i++)
		refs += hweight8(all[i]->classes);
	root = root_alloc(size_of_tables(refs, n));
	if (!root)
		return NULL;
	root->tables = n;
	root->all = (struct acl_table **)(root->refs + refs);
	memcpy(root->all, all, n * sizeof(all[0]));
	refs = 0;
	for (at = 0; at < ACL_CLASSES; at++) {
		root->at[at] = refs;
		for (i = 0; i < n; i++) {
			if (!(all[i]->classes & BIT(at)))
				continue;
			if (all[i]->words > ACL_W_DST)
				root->wide[at] = true;
			root->refs[refs].table = all[i];
			root->refs[refs++].bound = all[i]->bound;
		}
		root->n[at] = refs - root->at[at];
		sort(root->refs + root->at[at], root->n[at], sizeof(struct ref),
		     compare_refs, NULL);
		root->refs[refs++].bound = U64_MAX;
	}
	return root;
}

/* A root with these rules, lowest order first, or NULL. */
static struct acl_root *root_of_rules(const struct acl_rule *const *rules,
				      u32 n)
{
	struct acl_root *root = root_alloc(size_of_rules(n));
	u32 i, at;

	if (!root)
		return NULL;
	for (i = 0; i < n; i++) {
		for (at = i; at && root->rules[at - 1]->order > rules[i]->order;
		     at--)
			root->rules[at] = root->rules[at - 1];
		root->rules[at] = rules[i];
	}
	root->linear = n;
	return root;
}

/* A root that no reader can see, with all that it leads to; NULL is one. */
static void root_free(struct acl_root *root)
{
	u32 i;

	if (!root)
		return;
	for (i = 0; i < root->tables; i++)
		acl_table_free(root->all[i]);
	kvfree(root);
}

static void publish(struct acl_classifier *c, struct acl_root *root)
{
	struct acl_root *old = acl_locked(c->root);

	rcu_assign_pointer(c->root, root);
	if (old)
		kvfree_rcu_mightsleep(old);
}

/* --- placing rules ------------------------------------------------------------ */

static const char no_memory[] = "out of memory";
static const char no_room[] =
	"too many rules that differ in nothing that can be looked up";

/* Puts a rule into one of the tables of a root that no reader has seen. */
static int place(struct acl_table **all, u32 *n, const struct acl_rule *rule)
{
	struct acl_table *table;
	u64 m[ACL_WORDS];
	u32 i;
	int err;

	if (!acl_rule_classes(rule))
		return 0;
	table = acl_table_choose(all, *n, rule, m, &err);
	if (err)
		return err;
	if (!table) {
		table = acl_table_new(m, acl_rule_classes(rule));
		if (!table)
			return -ENOMEM;
		all[(*n)++] = table;
	}
	if (acl_table_put(table, rule))
		return -ENOMEM;
	if (acl_table_full(table)) {
		for (i = 0; all[i] != table; i++)
			;
		all[i] = acl_table_grow(table);
	}
	return 0;
}

/* A root with these rules and perhaps one more, or an error. */
static struct acl_root *root_build(const struct acl_rule *const *rules, u32 n,
				   const struct acl_rule *last)
{
	struct acl_root *root = NULL;
	struct acl_table **all;
	u32 tables = 0, i;
	int ret = 0;

	all = kcalloc(ACL_TABLES_MAX, sizeof(*all), GFP_KERNEL_ACCOUNT);
	if (!all)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < n && !ret; i++) {
		ret = place(all, &tables, rules[i]);
		if (!(i % 1024))
			cond_resched();
	}
	if (last && !ret)
		ret = place(all, &tables, last);
	if (!ret) {
		root = root_of_tables(all, tables);
		if (!root)
			ret = -ENOMEM;
	}
	for (i = 0; ret && i < tables; i++)
		acl_table_free(all[i]);
	kfree(all);
	return ret ? ERR_PTR(ret) : root;
}

/* Keeps account of what rules look at. */
static void note_used(struct acl_classifier *c, const struct acl_rule *rule)
{
	c->l4 |= rule->m[ACL_W_L4];
	if (rule->checks & ACL_CHECK_RANGES)
		c->l4 |= ACL_PORTS;
	/* Sets, states: whatever they look at. */
	if (rule->checks & ACL_CHECK_REST)
		c->l4 |= ACL_PORTS | ACL_PROTO | 1ULL << ACL_L4_NOPORTS |
			 15ULL << ACL_L4_STATE;
	if (acl_rule_m(rule, ACL_W_SMAC) || acl_rule_m(rule, ACL_W_DMAC))
		c->link = true;
}

static int refuse(int err, const char **reason)
{
	*reason = err == -ENOSPC ? no_room : no_memory;
	return err;
}

/* --- the interface ------------------------------------------------------------- */

/**
 * acl_classifier_init() - make a classifier without rules
 * @c: the classifier
 */
void acl_classifier_init(struct acl_classifier *c)
{
	memset(c, 0, sizeof(*c));
}

/**
 * acl_classifier_destroy() - free what a classifier has
 * @c: the classifier, which no reader can see any more
 */
void acl_classifier_destroy(struct acl_classifier *c)
{
	root_free(acl_locked(c->root));
	acl_classifier_init(c);
}

/**
 * acl_classifier_build() - replace all rules by others
 * @c: the classifier
 * @rules: the others; no two have the same order. The order in the array does not
 *	count
 * @n: how many
 * @reason: set to why not, for a user to read, if it fails
 *
 * Owner's lock. Sleeps, for a grace period too: when it returns, no reader sees the
 * rules from before.
 *
 * Return: 0; -ENOMEM; -ENOSPC: they do not fit, see "Limits" in
 * utcp-acl-classifier.rst. After an error all is as it was.
 */
int acl_classifier_build(struct acl_classifier *c,
			 const struct acl_rule *const *rules, u32 n,
			 const char **reason)
{
	struct acl_root *old = acl_locked(c->root), *root;
	u32 i;

	if (n <= ACL_LINEAR_MAX) {
		root = root_of_rules(rules, n);
		if (!root)
			root = ERR_PTR(-ENOMEM);
	} else {
		root = root_build(rules, n, NULL);
	}
	if (IS_ERR(root))
		return refuse(PTR_ERR(root), reason);
	c->rules = n;
	c->l4 = 0;
	c->link = false;
	for (i = 0; i < n; i++)
		note_used(c, rules[i]);
	rcu_assign_pointer(c->root, root);
	if (old) {
		synchronize_rcu();
		root_free(old);
	}
	return 0;
}

static int insert_linear(struct acl_classifier *c, const struct acl_root *old,
			 const struct acl_rule *rule)
{
	const struct acl_rule *rules[ACL_LINEAR_MAX + 1];
	struct acl_root *root;
	u32 n = 0, i;

	for (i = 0; old && i < old->linear; i++)
		if (old->rules[i] != &nothing)
			rules[n++] = old->rules[i];
	rules[n++] = rule;
	if (n <= ACL_LINEAR_MAX) {
		root = root_of_rules(rules, n);
		if (!root)
			return -ENOMEM;
	} else {
		root = root_build(rules, n, NULL);
		if (IS_ERR(root))
			return PTR_ERR(root);
	}
	publish(c, root);
	return 0;
}

/* Puts another table in the place of one, or behind the last one; false: no memory. */
static bool set_table(struct acl_classifier *c, const struct acl_table *old,
		      struct acl_table *table)
{
	struct acl_root *root = acl_locked(c->root), *new;
	u32 n = root->tables, i;
	struct acl_table **all;

	all = kcalloc(ACL_TABLES_MAX, sizeof(*all), GFP_KERNEL_ACCOUNT);
	if (!all)
		return false;
	memcpy(all, root->all, n * sizeof(*all));
	for (i = 0; i < n && all[i] != old; i++)
		;
	if (table)
		all[i] = table;
	else
		all[i] = all[--n];
	new = root_of_tables(all, i == n && table ? n + 1 : n);
	kfree(all);
	if (!new)
		return false;
	publish(c, new);
	return true;
}

static int insert_tables(struct acl_classifier *c, struct acl_root *root,
			 const struct acl_rule *rule)
{
	struct acl_table *table, *grown;
	u64 m[ACL_WORDS];
	u64 bound;
	int err;

	if (!acl_rule_classes(rule))
		return 0;
	table = acl_table_choose(root->all, root->tables, rule, m, &err);
	if (err)
		return err;
	if (!table) {
		table = acl_table_new(m, acl_rule_classes(rule));
		if (!table)
			return -ENOMEM;
		if (acl_table_put(table, rule) || !set_table(c, NULL, table)) {
			acl_table_free(table);
			return -ENOMEM;
		}
		return 0;
	}
	bound = table->bound;
	if (rule->order < bound) {
		/* Readers must not pass the table by: a lower bound first. */
		table->bound = rule->order;
		if (!set_table(c, table, table)) {
			table->bound = bound;
			return -ENOMEM;
		}
	}
	/* If that fails, the bound is too low, which costs readers time and no more. */
	if (acl_table_put(table, rule))
		return -ENOMEM;
	if (!acl_table_full(table))
		return 0;
	/* Without memory for more buckets, these must do. */
	grown = acl_table_grown(table);
	if (grown && set_table(c, table, grown))
		acl_table_retire(table);
	else if (grown)
		acl_table_free(grown);
	return 0;
}

/**
 * acl_classifier_insert() - add a rule
 * @c: the classifier
 * @rule: the rule, which has an order that none of the others has
 * @reason: set to why not, for a user to read, if it fails
 *
 * Owner's lock. May sleep.
 *
 * Return: 0; -ENOMEM; -ENOSPC: it does not fit, see acl_classifier_build().
 */
int acl_classifier_insert(struct acl_classifier *c, const struct acl_rule *rule,
			  const char **reason)
{
	struct acl_root *root = acl_locked(c->root);
	u64 l4 = c->l4;
	bool link = c->link;
	int ret;

	/* Who finds the rule must have seen what it looks at. */
	note_used(c, rule);
	if (!root || !root->tables)
		ret = insert_linear(c, root, rule);
	else
		ret = insert_tables(c, root, rule);
	if (ret) {
		c->l4 = l4;
		c->link = link;
		return refuse(ret, reason);
	}
	c->rules++;
	return 0;
}

static void remove_linear(struct acl_classifier *c, struct acl_root *old,
			  const struct acl_rule *rule)
{
	struct acl_root *root = root_alloc(size_of_rules(old->linear));
	u32 i;

	for (i = 0; i < old->linear; i++) {
		if (root && old->rules[i] != rule && old->rules[i] != &nothing)
			root->rules[root->linear++] = old->rules[i];
		else if (!root && old->rules[i] == rule)
			WRITE_ONCE(old->rules[i], &nothing);
	}
	if (root)
		publish(c, root);
}

/* Is a rule among these already? */
static bool among(const struct acl_rule *const *rules, u32 n,
		  const struct acl_rule *rule)
{
	while (n--)
		if (rules[n] == rule)
			return true;
	return false;
}

/* Few rules are left: from tables to a list. If there is no memory, another time. */
static void to_linear(struct acl_classifier *c)
{
	struct acl_root *old = acl_locked(c->root), *root;
	const struct acl_rule *rules[ACL_LINEAR_MAX];
	struct acl_spot *spot;
	u32 n = 0, i, j;

	for (i = 0; i < old->tables; i++)
		for (j = 0; j < acl_table_buckets(old->all[i]); j++)
			for (spot = acl_locked(old->all[i]->heads[j]); spot;
			     spot = acl_locked(spot->next))
				if (!among(rules, n, spot->rule))
					rules[n++] = spot->rule;
	root = root_of_rules(rules, n);
	if (!root)
		return;
	rcu_assign_pointer(c->root, root);
	for (i = 0; i < old->tables; i++)
		acl_table_retire(old->all[i]);
	kvfree_rcu_mightsleep(old);
}

/**
 * acl_classifier_remove() - take a rule out
 * @c: the classifier
 * @rule: one of its rules
 *
 * Cannot fail. Readers may see the rule for a grace period. Owner's lock. May sleep.
 */
void acl_classifier_remove(struct acl_classifier *c,
			   const struct acl_rule *rule)
{
	struct acl_root *root = acl_locked(c->root);
	struct acl_table *table = NULL;
	u32 i;

	c->rules--;
	if (!root->tables) {
		remove_linear(c, root, rule);
		return;
	}
	for (i = 0; i < root->tables; i++) {
		table = root->all[i];
		if (acl_table_take(table, rule))
			break;
	}
	if (i == root->tables)
		return;
	if (c->rules <= ACL_LINEAR_MAX / 2) {
		to_linear(c);
		return;
	}
	if (!table->count) {
		if (root->tables > 1 && set_table(c, table, NULL))
			acl_table_retire(table);
	} else if (table->gone > table->count) {
		/* A low bound costs readers time, and no more. */
		acl_table_recount(table);
		set_table(c, table, table);
	}
}

/* @wide: tables of the class may have more than the first two words. */
static __always_inline void search(const struct acl_root *root,
				   const struct acl_key *key, u64 now,
				   struct acl_result *result, bool wide)
{
	const struct ref *ref = root->refs + root->at[key->class];
	u64 order = U64_MAX;

	/* What the other tables have comes behind what was found. */
	for (; ref->bound < order; ref++) {
		const struct acl_table *table = ref->table;
		u32 hash = acl_hash_words(table, key->w, wide);
		const struct acl_spot *spot =
			rcu_dereference(table->heads[hash >> table->shift]);

		for (; spot; spot = rcu_dereference(spot->next)) {
			const struct acl_rule *rule = spot->rule;

			if (rule->order >= order)
				break;
			if (acl_rule_meets(rule, key, now, &result->until)) {
				result->rule = rule;
				order = rule->order;
				break;
			}
		}
	}
}

/**
 * acl_classifier_lookup() - find the rule that decides
 * @c: the classifier
 * @key: the key
 * @now: jiffies, for the elements of sets
 * @result: what was found
 *
 * Under RCU, any context.
 */
void acl_classifier_lookup(const struct acl_classifier *c,
			   const struct acl_key *key, u64 now,
			   struct acl_result *result)
{
	const struct acl_root *root = rcu_dereference(c->root);
	const struct acl_rule *rule;
	u32 i;

	result->rule = NULL;
	result->until = ACL_FOREVER;
	if (unlikely(!root))
		return;
	if (root->linear) {
		for (i = 0; i < root->linear; i++) {
			rule = READ_ONCE(root->rules[i]);
			if (acl_rule_meets(rule, key, now, &result->until)) {
				result->rule = rule;
				return;
			}
		}
	} else if (root->tables && root->wide[key->class]) {
		search(root, key, now, result, true);
	} else if (root->tables) {
		search(root, key, now, result, false);
	}
}

/* Stands for rules that ask for more than was said. */
const struct acl_rule acl_rule_unsaid;

/* Does a plain frame meet a rule whose first two words it meets, by its ports? */
static __always_inline bool ports_met(const struct acl_rule *rule, u64 l4)
{
	u16 sport = l4 >> ACL_L4_SPORT, dport = l4 >> ACL_L4_DPORT;

	return sport >= rule->sport.lo && sport <= rule->sport.hi &&
	       dport >= rule->dport.lo && dport <= rule->dport.hi;
}

static const struct acl_rule *linear_plain(const struct acl_root *root,
					   u64 head, u64 l4)
{
	u32 i;

	for (i = 0; i < root->linear; i++) {
		const struct acl_rule *rule = READ_ONCE(root->rules[i]);

		if (((head ^ rule->v[0]) & rule->m[0]) |
		    ((l4 ^ rule->v[1]) & rule->m[1]))
			continue;
		if (!rule->checks)
			return rule;
		if (unlikely(rule->checks & ~ACL_CHECK_RANGES))
			return &acl_rule_unsaid;
		if (ports_met(rule, l4))
			return rule;
	}
	return NULL;
}

/**
 * acl_classifier_lookup_plain() - find the rule that decides, by two words
 * @c: the classifier
 * @head: word HEAD of the key
 * @l4: word L4, of IPv4 with TCP or UDP
 *
 * As acl_classifier_lookup() of a key that has these words, whatever else it has. Under
 * RCU, any context.
 *
 * Return: the rule; NULL: none is met; &acl_rule_unsaid: that depends on more than these
 * say.
 */
const struct acl_rule *
acl_classifier_lookup_plain(const struct acl_classifier *c, u64 head, u64 l4)
{
	const struct acl_root *root = rcu_dereference(c->root);
	unsigned int class = acl_class(l4 >> ACL_L4_DIR & 1, ACL_IPV4);
	const struct acl_rule *met = NULL;
	const struct ref *ref;
	u64 order = U64_MAX;

	if (unlikely(!root))
		return NULL;
	if (!root->tables)
		return linear_plain(root, head, l4);
	/* What is seen of a change is seen here, or in the rules. */
	if (unlikely(root->wide[class]))
		return &acl_rule_unsaid;
	for (ref = root->refs + root->at[class]; ref->bound < order; ref++) {
		const struct acl_table *table = ref->table;
		u64 hash = (head & table->m[0]) * acl_factors[0] +
			   (l4 & table->m[1]) * acl_factors[1];
		const struct acl_spot *spot = rcu_dereference(
			table->heads[hash >> 32 >> table->shift]);

		for (; spot; spot = rcu_dereference(spot->next)) {
			const struct acl_rule *rule = spot->rule;

			if (rule->order >= order)
				break;
			if (((head ^ rule->v[0]) & rule->m[0]) |
			    ((l4 ^ rule->v[1]) & rule->m[1]))
				continue;
			if (rule->checks) {
				if (unlikely(rule->checks & ~ACL_CHECK_RANGES))
					return &acl_rule_unsaid;
				if (!ports_met(rule, l4))
					continue;
			}
			met = rule;
			order = rule->order;
			break;
		}
	}
	return met;
}

/**
 * acl_classifier_used() - what do verdicts depend on?
 * @c: the classifier
 * @l4: or-ed with the bits of the word L4 that count
 * @link: set if MAC addresses or VLAN do
 *
 * For struct acl_cache_tag. Owner's lock.
 */
void acl_classifier_used(const struct acl_classifier *c, u64 *l4, bool *link)
{
	*l4 |= c->l4 | ACL_LISTED;
	*link |= c->link;
}

/**
 * acl_classifier_stats() - how is a classifier doing?
 * @c: the classifier
 * @stats: is filled
 *
 * Owner's lock. Walks all of it.
 */
void acl_classifier_stats(const struct acl_classifier *c,
			  struct acl_classifier_stats *stats)
{
	const struct acl_root *root = acl_locked(c->root);
	u32 i, j, refs = 0;

	memset(stats, 0, sizeof(*stats));
	stats->rules = c->rules;
	if (!root)
		return;
	stats->tables = root->tables;
	for (i = 0; i < ACL_CLASSES; i++) {
		refs += root->n[i];
		stats->tables_max = max_t(u32, stats->tables_max, root->n[i]);
	}
	if (root->tables)
		refs += ACL_CLASSES;
	stats->memory = offsetof(struct acl_root, refs) +
			size_of_rules(root->linear) +
			size_of_tables(refs, root->tables);
	for (i = 0; i < root->tables; i++) {
		const struct acl_table *table = root->all[i];

		stats->memory += acl_table_size(acl_table_buckets(table)) +
				 table->count * sizeof(struct acl_spot);
		for (j = 0; j < acl_table_buckets(table); j++) {
			struct acl_spot *spot = acl_locked(table->heads[j]);
			u32 n = 0;

			for (; spot; spot = acl_locked(spot->next))
				n++;
			stats->chain_max = max(stats->chain_max, n);
		}
	}
}
