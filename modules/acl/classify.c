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
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

/* Buckets of a new table: 2^this. */
#define BITS_MIN 5
#define BITS_MAX 20

/**
 * struct entry - a rule's place in a table
 * @next: the next one of the bucket, with a greater order
 * @rule: the rule
 * @order: of the rule
 * @hash: all bits of it
 */
struct entry {
	struct entry __rcu *next;
	const struct acl_rule *rule;
	u64 order;
	u32 hash;
};

/**
 * struct acl_table - rules by what a mask leaves of them
 * @m: the mask
 * @words: how many words of it, from the first, are not zero; at least 2
 * @shift: 32 less the bits of a bucket's number
 * @classes: bits of acl_class(); all of its rules are of just these
 * @count: rules
 * @gone: rules that were taken out since @bound was counted
 * @bound: no rule has a lower order
 * @heads: buckets
 */
struct acl_table {
	u64 m[ACL_WORDS];
	u32 words;
	u32 shift;
	u32 classes;
	u32 count;
	u32 gone;
	u64 bound;
	struct entry __rcu *heads[];
};

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
 * @all: the tables, for who changes them
 * @refs: the lists
 * @rules: the rules
 */
struct acl_root {
	u32 linear;
	u32 tables;
	u16 at[ACL_CLASSES];
	u16 n[ACL_CLASSES];
	bool wide[ACL_CLASSES];
	struct acl_table *all[ACL_TABLES_MAX];
	union {
		DECLARE_FLEX_ARRAY(struct ref, refs);
		DECLARE_FLEX_ARRAY(const struct acl_rule *, rules);
	};
};

/* The owner's lock, or nobody else. */
#define locked(p) rcu_dereference_protected(p, 1)

/* Stands where a rule was that could not be taken out otherwise: no key meets it. */
static const struct acl_rule nothing = {
	.order = U64_MAX,
	.m = { 0, 15ULL << ACL_L4_FAMILY },
};

/* --- hashing ----------------------------------------------------------------- */

/*
 * Odd numbers without a pattern (the fraction of square roots). The upper half of
 * a sum of products depends on every bit of the words (Dietzfelbinger 1996). That
 * the numbers are known does no harm: buckets are filled by rules, not by frames.
 */
static const u64 factors[ACL_WORDS] = {
	0x6a09e667f3bcc909, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
	0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
	0x1f83d9abfb41bd6b,
};

/* Of the words behind the first two. */
static noinline u64 hash_rest(const struct acl_table *table, const u64 *w)
{
	u64 sum = 0;
	unsigned int i;

	for (i = ACL_W_DST; i < table->words; i++)
		sum += (w[i] & table->m[i]) * factors[i];
	return sum;
}

/* @wide: the table may have more than the first two. */
static __always_inline u32 hash_words(const struct acl_table *table,
				      const u64 *w, bool wide)
{
	u64 sum = (w[0] & table->m[0]) * factors[0] +
		  (w[1] & table->m[1]) * factors[1];

	if (wide && table->words > ACL_W_DST)
		sum += hash_rest(table, w);
	return sum >> 32;
}

static u32 hash_rule(const struct acl_table *table, const struct acl_rule *rule)
{
	u64 w[ACL_WORDS];
	unsigned int i;

	for (i = 0; i < ACL_WORDS; i++)
		w[i] = acl_rule_v(rule, i);
	return hash_words(table, w, true);
}

/* --- masks ------------------------------------------------------------------- */

/* How much of a rule's own mask a table has, from the least to all of it. */
enum level {
	LEVEL_COARSE,
	LEVEL_MEDIUM,
	LEVEL_PORTS,
	LEVEL_FINE,
	LEVEL_FINER,
	LEVEL_ALL,
};

/*
 * A bucket that has so many rules makes way for a table of the level that is the
 * index. A table costs every packet something, a chain only those that come to it.
 */
static const u8 chain_good[] = { 6, 10, 10, 12, 24, 32 };

/* The greatest of some prefix lengths that is not greater than @len. */
static unsigned int step(const u8 *steps, unsigned int len)
{
	while (*steps > len)
		steps++;
	return *steps;
}

/* Of IPv4 by rows of enum level; of longer addresses likewise. */
static const u8 steps_4[][8] = {
	{ 16, 8, 0 },
	{ 24, 16, 8, 0 },
	{ 24, 16, 8, 0 },
	{ 28, 24, 20, 16, 12, 8, 0 },
	{ 32, 28, 24, 20, 16, 12, 8, 0 },
};

static const u8 steps_16[][8] = {
	{ 32, 0 },
	{ 64, 48, 32, 0 },
	{ 64, 48, 32, 0 },
	{ 96, 64, 56, 48, 32, 0 },
	{ 128, 96, 64, 56, 48, 32, 0 },
};

#define PORTS 0xffffffffULL
#define PORT(at) (0xffffULL << (at))
#define PROTO (0xffULL << ACL_L4_PROTO)
/* What the lists of tables tell apart already. */
#define LISTED (1ULL << ACL_L4_DIR | 15ULL << ACL_L4_FAMILY)

static u64 prefix(unsigned int len)
{
	return len ? ~0ULL << (64 - len) : 0;
}

/*
 * Cuts a rule's mask down to what a table of this level has. Ports only count where
 * the addresses say little, and only whole ones.
 */
static void relax(u64 m[ACL_WORDS], u8 classes, enum level level)
{
	u64 l4 = m[ACL_W_L4] & (PORTS | PROTO);
	unsigned int s = 0, d = 0, enough;

	if (level == LEVEL_ALL) {
		m[ACL_W_L4] &= ~LISTED;
		return;
	}
	if (classes & (BIT(ACL_IPV4) | BIT(ACL_FAMILIES + ACL_IPV4))) {
		s = step(steps_4[level], hweight32(m[ACL_W_HEAD] >> 32));
		d = step(steps_4[level], hweight32((u32)m[ACL_W_HEAD]));
		m[ACL_W_HEAD] = prefix(s) | prefix(d) >> 32;
	} else if (!(classes &
		     (BIT(ACL_OTHER) | BIT(ACL_FAMILIES + ACL_OTHER)))) {
		s = step(steps_16[level],
			 hweight64(m[ACL_W_HEAD]) + hweight64(m[ACL_W_SRC2]));
		d = step(steps_16[level],
			 hweight64(m[ACL_W_DST]) + hweight64(m[ACL_W_DST2]));
		m[ACL_W_HEAD] = prefix(min(s, 64U));
		m[ACL_W_SRC2] = s > 64 ? prefix(s - 64) : 0;
		m[ACL_W_DST] = prefix(min(d, 64U));
		m[ACL_W_DST2] = d > 64 ? prefix(d - 64) : 0;
	}
	if ((l4 & PORT(ACL_L4_SPORT)) != PORT(ACL_L4_SPORT))
		l4 &= ~PORT(ACL_L4_SPORT);
	if ((l4 & PORT(ACL_L4_DPORT)) != PORT(ACL_L4_DPORT))
		l4 &= ~PORT(ACL_L4_DPORT);
	enough = level == LEVEL_COARSE ? 16 : level == LEVEL_MEDIUM ? 32 : 129;
	if (s + d >= enough)
		l4 &= ~PORTS;
	if (level == LEVEL_COARSE && s + d)
		l4 &= ~PROTO;
	m[ACL_W_L4] = l4;
}

/* Is all of the table's mask in the rule's? */
static bool fits(const struct acl_table *table, const u64 m[ACL_WORDS],
		 u8 classes)
{
	u64 missing;
	unsigned int i;

	if (table->classes != classes)
		return false;
	missing = (table->m[0] & ~m[0]) | (table->m[1] & ~m[1]);
	for (i = ACL_W_DST; i < table->words; i++)
		missing |= table->m[i] & ~m[i];
	return !missing;
}

static void rule_mask(const struct acl_rule *rule, u64 m[ACL_WORDS])
{
	unsigned int i;

	for (i = 0; i < ACL_WORDS; i++)
		m[i] = acl_rule_m(rule, i);
}

/* --- tables ------------------------------------------------------------------ */

static u32 buckets(const struct acl_table *table)
{
	return 1U << (32 - table->shift);
}

static size_t table_size(u32 n)
{
	return offsetof(struct acl_table, heads) +
	       n * sizeof_field(struct acl_table, heads[0]);
}

static struct acl_table *table_new(const u64 m[ACL_WORDS], u8 classes, u32 bits)
{
	struct acl_table *table;
	unsigned int i;

	table = kvzalloc(table_size(1U << bits), GFP_KERNEL_ACCOUNT);
	if (!table)
		return NULL;
	table->words = ACL_W_DST;
	for (i = 0; i < ACL_WORDS; i++) {
		table->m[i] = m[i];
		if (m[i] && i >= ACL_W_DST)
			table->words = i + 1;
	}
	table->shift = 32 - bits;
	table->classes = classes;
	table->bound = U64_MAX;
	return table;
}

static struct entry __rcu **head_of(struct acl_table *table, u32 hash)
{
	return &table->heads[hash >> table->shift];
}

/* Rules of the bucket that is this rule's; counts no further than @most. */
static u32 chain_of(struct acl_table *table, const struct acl_rule *rule,
		    u32 most)
{
	struct entry *e = locked(*head_of(table, hash_rule(table, rule)));
	u32 n = 0;

	for (; e && n < most; e = locked(e->next))
		n++;
	return n;
}

/* Puts an entry, whose hash is set, into its bucket. Readers may be there. */
static void link_entry(struct acl_table *table, struct entry *entry)
{
	struct entry __rcu **at = head_of(table, entry->hash);
	struct entry *e;

	for (; (e = locked(*at)) && e->order < entry->order; at = &e->next)
		;
	RCU_INIT_POINTER(entry->next, e);
	rcu_assign_pointer(*at, entry);
	table->count++;
	table->bound = min(table->bound, entry->order);
}

/* A table that no reader can see, with all in it. */
static void table_free(struct acl_table *table)
{
	struct entry *e, *next;
	u32 i;

	for (i = 0; i < buckets(table); i++) {
		for (e = locked(table->heads[i]); e; e = next) {
			next = locked(e->next);
			kfree(e);
		}
	}
	kvfree(table);
}

/* The same for one that readers may still see. */
static void table_retire(struct acl_table *table)
{
	struct entry *e, *next;
	u32 i;

	for (i = 0; i < buckets(table); i++) {
		for (e = locked(table->heads[i]); e; e = next) {
			next = locked(e->next);
			kvfree_rcu_mightsleep(e);
		}
	}
	kvfree_rcu_mightsleep(table);
}

/* A copy with twice as many buckets, or NULL. */
static struct acl_table *table_grown(struct acl_table *old)
{
	struct acl_table *table;
	struct entry *e, *copy;
	u32 i;

	table = table_new(old->m, old->classes, 33 - old->shift);
	if (!table)
		return NULL;
	for (i = 0; i < buckets(old); i++) {
		for (e = locked(old->heads[i]); e; e = locked(e->next)) {
			copy = kmemdup(e, sizeof(*e), GFP_KERNEL_ACCOUNT);
			if (!copy) {
				table_free(table);
				return NULL;
			}
			link_entry(table, copy);
		}
	}
	return table;
}

/* The same for a table that no reader has seen: its entries move. */
static struct acl_table *table_grow_private(struct acl_table *old)
{
	struct acl_table *table;
	struct entry *e, *next;
	u32 i;

	table = table_new(old->m, old->classes, 33 - old->shift);
	if (!table)
		return old;
	for (i = 0; i < buckets(old); i++) {
		for (e = locked(old->heads[i]); e; e = next) {
			next = locked(e->next);
			link_entry(table, e);
		}
	}
	kvfree(old);
	return table;
}

static bool is_full(const struct acl_table *table)
{
	return table->count > buckets(table) / 2 &&
	       table->shift > 32 - BITS_MAX;
}

/* Counts the bound anew: that of each bucket is its first rule's. */
static void recount(struct acl_table *table)
{
	u64 bound = U64_MAX;
	struct entry *e;
	u32 i;

	for (i = 0; i < buckets(table); i++) {
		e = locked(table->heads[i]);
		if (e)
			bound = min(bound, e->order);
	}
	table->bound = bound;
	table->gone = 0;
}

/* --- roots -------------------------------------------------------------------- */

static struct acl_root *root_alloc(u32 rules, u32 refs)
{
	size_t size = max(rules * sizeof(struct acl_rule *),
			  refs * sizeof(struct ref));

	return kvzalloc(offsetof(struct acl_root, refs) + size,
			GFP_KERNEL_ACCOUNT);
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
	u32 refs = ACL_CLASSES, i, class;

	for (i = 0; i < n; i++)
		refs += hweight8(all[i]->classes);
	root = root_alloc(0, refs);
	if (!root)
		return NULL;
	root->tables = n;
	memcpy(root->all, all, n * sizeof(all[0]));
	refs = 0;
	for (class = 0; class < ACL_CLASSES; class ++) {
		root->at[class] = refs;
		for (i = 0; i < n; i++) {
			if (!(all[i]->classes & BIT(class)))
				continue;
			if (all[i]->words > ACL_W_DST)
				root->wide[class] = true;
			root->refs[refs].table = all[i];
			root->refs[refs++].bound = all[i]->bound;
		}
		root->n[class] = refs - root->at[class];
		sort(root->refs + root->at[class], root->n[class],
		     sizeof(struct ref), compare_refs, NULL);
		root->refs[refs++].bound = U64_MAX;
	}
	return root;
}

/* A root with these rules, lowest order first, or NULL. */
static struct acl_root *root_of_rules(const struct acl_rule *const *rules,
				      u32 n)
{
	struct acl_root *root = root_alloc(n, 0);
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
		table_free(root->all[i]);
	kvfree(root);
}

static void publish(struct acl_classifier *c, struct acl_root *root)
{
	struct acl_root *old = locked(c->root);

	rcu_assign_pointer(c->root, root);
	if (old)
		kvfree_rcu_mightsleep(old);
}

/* --- placing rules ------------------------------------------------------------ */

static const char no_memory[] = "out of memory";
static const char no_room[] =
	"too many rules that differ in nothing that can be looked up";

/*
 * Which of the tables is a rule's? The one whose bucket is emptiest, if that is
 * good. Else a new one, with the coarsest mask that there is none of: then NULL,
 * and @m is its mask. Where no other mask is left, or no place for a table, the
 * emptiest bucket must do; if that is full too, there is no place: *@err.
 */
static struct acl_table *choose(struct acl_table *const *all, u32 n,
				const struct acl_rule *rule, u64 m[ACL_WORDS],
				int *err)
{
	u8 classes = acl_rule_classes(rule);
	struct acl_table *best = NULL;
	u32 fewest = ACL_CHAIN_MAX, i;
	enum level level;
	u64 own[ACL_WORDS];

	*err = 0;
	rule_mask(rule, own);
	for (i = 0; i < n && fewest; i++) {
		u32 chain;

		if (!fits(all[i], own, classes))
			continue;
		chain = chain_of(all[i], rule, fewest);
		if (chain < fewest) {
			fewest = chain;
			best = all[i];
		}
	}
	for (level = LEVEL_COARSE; n < ACL_TABLES_MAX && level <= LEVEL_ALL;
	     level++) {
		if (best && fewest < chain_good[level])
			return best;
		memcpy(m, own, sizeof(own));
		relax(m, classes, level);
		for (i = 0; i < n; i++)
			if (all[i]->classes == classes &&
			    !memcmp(all[i]->m, m, sizeof(own)))
				break;
		if (i == n)
			return NULL;
	}
	if (!best)
		*err = -ENOSPC;
	return best;
}

static struct entry *entry_new(const struct acl_rule *rule)
{
	struct entry *entry = kmalloc(sizeof(*entry), GFP_KERNEL_ACCOUNT);

	if (!entry)
		return NULL;
	entry->rule = rule;
	entry->order = rule->order;
	return entry;
}

/* Puts a rule into one of the tables of a root that no reader has seen. */
static int place(struct acl_table **all, u32 *n, const struct acl_rule *rule)
{
	struct acl_table *table;
	struct entry *entry;
	u64 m[ACL_WORDS];
	u32 i;
	int err;

	if (!acl_rule_classes(rule))
		return 0;
	table = choose(all, *n, rule, m, &err);
	if (err)
		return err;
	entry = entry_new(rule);
	if (!entry)
		return -ENOMEM;
	if (!table) {
		table = table_new(m, acl_rule_classes(rule), BITS_MIN);
		if (!table) {
			kfree(entry);
			return -ENOMEM;
		}
		all[(*n)++] = table;
	}
	entry->hash = hash_rule(table, rule);
	link_entry(table, entry);
	if (is_full(table)) {
		for (i = 0; all[i] != table; i++)
			;
		all[i] = table_grow_private(table);
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
	for (i = 0; i < n && !ret; i++)
		ret = place(all, &tables, rules[i]);
	if (last && !ret)
		ret = place(all, &tables, last);
	if (!ret) {
		root = root_of_tables(all, tables);
		if (!root)
			ret = -ENOMEM;
	}
	for (i = 0; ret && i < tables; i++)
		table_free(all[i]);
	kfree(all);
	return ret ? ERR_PTR(ret) : root;
}

/* Keeps account of what rules look at. */
static void note_used(struct acl_classifier *c, const struct acl_rule *rule)
{
	c->l4 |= rule->m[ACL_W_L4];
	if (rule->checks & ACL_CHECK_RANGES)
		c->l4 |= PORTS;
	/* Sets, states: whatever they look at. */
	if (rule->checks & ACL_CHECK_REST)
		c->l4 |= PORTS | PROTO | 1ULL << ACL_L4_NOPORTS |
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
	root_free(locked(c->root));
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
	struct acl_root *old = locked(c->root), *root;
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
	struct acl_root *root = locked(c->root), *new;
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
	struct entry *entry;
	u64 m[ACL_WORDS];
	u64 bound;
	int err;

	if (!acl_rule_classes(rule))
		return 0;
	table = choose(root->all, root->tables, rule, m, &err);
	if (err)
		return err;
	entry = entry_new(rule);
	if (!entry)
		return -ENOMEM;
	if (!table) {
		table = table_new(m, acl_rule_classes(rule), BITS_MIN);
		if (!table) {
			kfree(entry);
			return -ENOMEM;
		}
		entry->hash = hash_rule(table, rule);
		link_entry(table, entry);
		if (!set_table(c, NULL, table)) {
			table_free(table);
			return -ENOMEM;
		}
		return 0;
	}
	entry->hash = hash_rule(table, rule);
	bound = table->bound;
	if (rule->order < bound) {
		/* Readers must not pass the table by: a lower bound first. */
		table->bound = rule->order;
		if (!set_table(c, table, table)) {
			table->bound = bound;
			kfree(entry);
			return -ENOMEM;
		}
	}
	link_entry(table, entry);
	if (!is_full(table))
		return 0;
	/* Without memory for more buckets, these must do. */
	grown = table_grown(table);
	if (grown && set_table(c, table, grown))
		table_retire(table);
	else if (grown)
		table_free(grown);
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
	struct acl_root *root = locked(c->root);
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
	struct acl_root *root = root_alloc(old->linear, 0);
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

/* Few rules are left: from tables to a list. If there is no memory, another time. */
static void to_linear(struct acl_classifier *c)
{
	struct acl_root *old = locked(c->root), *root;
	const struct acl_rule *rules[ACL_LINEAR_MAX];
	u32 n = 0, i, j;
	struct entry *e;

	for (i = 0; i < old->tables; i++)
		for (j = 0; j < buckets(old->all[i]); j++)
			for (e = locked(old->all[i]->heads[j]); e;
			     e = locked(e->next))
				rules[n++] = e->rule;
	root = root_of_rules(rules, n);
	if (!root)
		return;
	rcu_assign_pointer(c->root, root);
	for (i = 0; i < old->tables; i++)
		table_retire(old->all[i]);
	kvfree_rcu_mightsleep(old);
}

static bool remove_entry(struct acl_table *table, const struct acl_rule *rule)
{
	struct entry __rcu **at = head_of(table, hash_rule(table, rule));
	struct entry *e;

	for (; (e = locked(*at)); at = &e->next) {
		if (e->rule != rule)
			continue;
		/* Readers that stand on it still find the rest. */
		rcu_assign_pointer(*at, locked(e->next));
		table->count--;
		table->gone++;
		kvfree_rcu_mightsleep(e);
		return true;
	}
	return false;
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
	struct acl_root *root = locked(c->root);
	u8 classes = acl_rule_classes(rule);
	struct acl_table *table = NULL;
	u64 m[ACL_WORDS];
	u32 i;

	c->rules--;
	if (!root->tables) {
		remove_linear(c, root, rule);
		return;
	}
	rule_mask(rule, m);
	for (i = 0; i < root->tables; i++) {
		table = root->all[i];
		if (fits(table, m, classes) && remove_entry(table, rule))
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
			kvfree_rcu_mightsleep(table);
	} else if (table->gone > table->count) {
		/* A low bound costs readers time, and no more. */
		recount(table);
		set_table(c, table, table);
	}
}

static __always_inline const struct acl_rule *
search(const struct acl_root *root, const struct acl_key *key, u64 now,
       u64 *until, bool wide)
{
	const struct ref *ref = root->refs + root->at[key->class];
	const struct acl_rule *found = NULL;
	u64 order = U64_MAX;

	/* What the other tables have comes behind what was found. */
	for (; ref->bound < order; ref++) {
		const struct acl_table *table = ref->table;
		u32 hash = hash_words(table, key->w, wide);
		const struct entry *e =
			rcu_dereference(table->heads[hash >> table->shift]);

		for (; e && e->order < order; e = rcu_dereference(e->next)) {
			if (acl_rule_meets(e->rule, key, now, until)) {
				found = e->rule;
				order = e->order;
				break;
			}
		}
	}
	return found;
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
		result->rule = search(root, key, now, &result->until, true);
	} else if (root->tables) {
		result->rule = search(root, key, now, &result->until, false);
	}
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
	*l4 |= c->l4 | LISTED;
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
	const struct acl_root *root = locked(c->root);
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
	stats->memory =
		offsetof(struct acl_root, refs) +
		root->linear * sizeof(struct acl_rule *) +
		(root->tables ? refs + ACL_CLASSES : 0) * sizeof(struct ref);
	for (i = 0; i < root->tables; i++) {
		const struct acl_table *table = root->all[i];

		stats->memory += table_size(buckets(table)) +
				 table->count * sizeof(struct entry);
		for (j = 0; j < buckets(table); j++) {
			struct entry *e = locked(table->heads[j]);
			u32 n = 0;

			for (; e; e = locked(e->next))
				n++;
			stats->chain_max = max(stats->chain_max, n);
		}
	}
}
