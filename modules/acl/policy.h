/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policies and their rules: the objects, and how they change under the eyes of
 * frames. Nothing here knows netlink's attributes.
 */
#ifndef _UTCP_ACL_POLICY_H
#define _UTCP_ACL_POLICY_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/netlink.h>

#include <uapi/linux/utcp_acl.h>

#include "classify.h"

/* As the spec has them, with the NUL. */
#define ACL_NAME_SIZE 32
#define ACL_COMMENT_SIZE 64
#define ACL_OWNER_SIZE 32

struct acl_undo;

/**
 * struct acl_count - what a rule has decided, on one CPU
 * @packets: frames
 * @bytes: their bytes
 */
struct acl_count {
	u64 packets;
	u64 bytes;
};

/**
 * struct acl_counts - counters of rules that were made together
 * @refs: rules that use them; they die with the last
 * @count: one for each of these
 *
 * One block for many, since allocating per CPU is slow.
 */
struct acl_counts {
	refcount_t refs;
	struct acl_count __percpu *count;
};

/**
 * struct acl_extra - what few rules have
 * @class: shaper class of what it allows; 0: none
 * @mark: mark of what it allows, with @has_mark
 * @has_mark: there is a mark
 * @comment: what people want to know of it
 * @owner: to whom it belongs
 * @ends: when it goes, by acl_expire_now(); 0: never
 * @node: in acl_ruleset.ends, if it ends
 * @entry: the rule, if it ends
 */
struct acl_extra {
	u32 class;
	u32 mark;
	bool has_mark;
	char comment[ACL_COMMENT_SIZE];
	char owner[ACL_OWNER_SIZE];
	u64 ends;
	struct rb_node node;
	struct acl_entry *entry;
};

/**
 * struct acl_entry - a rule of a policy
 * @rule: what the classifier has of it; its order is its place, and has its handle
 * @node: in acl_ruleset.order; under acl_policies.lock
 * @rcu: for freeing, when it is in no tree any more
 * @counts: the block of its counters
 * @count: its own
 * @extra: or NULL
 * @last_hit: seconds since boot when it last decided a frame; 0: never. Written by
 *	any CPU, without a lock: whoever is last wins, and all write the same
 * @verdict: enum utcp_acl_verdict
 * @log: frames that it decides are told of
 *
 * Never changed but for the counters. Dies a grace period after it was taken from
 * its ruleset, alone or with all of that. 128 bytes.
 */
struct acl_entry {
	struct acl_rule rule;
	union {
		struct rb_node node;
		struct rcu_head rcu;
	};
	struct acl_counts *counts;
	struct acl_count __percpu *count;
	struct acl_extra *extra;
	u32 last_hit;
	u8 verdict;
	bool log;
};

/**
 * struct acl_ruleset - what frames are decided by; replaced as a whole
 * @generation: of this state; unique among all states of all policies since the
 *	module was loaded, for the cache. 0 during a change
 * @l4: bits of the key's word L4 that a rule looks at; goes with @generation
 * @link: a rule looks at MAC addresses or VLAN; goes with @generation
 * @plain: of a plain frame (plain.h), rules look at addresses, ports and protocol only;
 *	goes with @generation
 * @classifier: the rules; not used while the set is being loaded
 * @def: enum utcp_acl_verdict for what no rule matches, by enum acl_dir. Written
 *	under acl_policies.lock
 * @log: frames that no rule matches and that are dropped are told of; as @def
 * @order: rules by their order; under acl_policies.lock
 * @ends: rules that end (struct acl_extra), by when; under acl_policies.lock
 * @handles: rules by their handle; under acl_policies.lock
 * @n: how many there are; under acl_policies.lock
 * @sets: how many of them name sets; under acl_policies.lock
 * @cells: how many of them are about identities, by enum acl_dir. Written under
 *	acl_policies.lock
 * @kept: handles of rules about identities that are no more whose connections may go
 *	on; as @cells
 * @n_kept: how many these are; as @cells
 *
 * Readers are under RCU. Dies a grace period after its policy has another one, or
 * when a load of it ends.
 */
struct acl_ruleset {
	u64 generation;
	u64 l4;
	bool link;
	bool plain;
	struct acl_classifier classifier;
	u8 def[ACL_DIRS];
	bool log;
	struct rb_root order;
	struct rb_root_cached ends;
	struct xarray handles;
	u32 n;
	u32 sets;
	u32 cells[ACL_DIRS];
	struct xarray kept;
	u32 n_kept;
};

/**
 * struct acl_settings - what can be set of a policy
 * @name: its name
 * @comment: what people want to know of it
 * @owner: to whom it belongs
 * @def: see struct acl_ruleset
 * @log: see struct acl_ruleset
 */
struct acl_settings {
	char name[ACL_NAME_SIZE];
	char comment[ACL_COMMENT_SIZE];
	char owner[ACL_OWNER_SIZE];
	u8 def[ACL_DIRS];
	bool log;
};

/**
 * struct acl_policy - a policy
 * @rules: what frames are decided by; never NULL. Written under acl_policies.lock,
 *	read under RCU
 * @link: in the list of all; under acl_policies.lock
 * @serial: later ones have higher numbers; never changed
 * @set: settings; under acl_policies.lock
 * @generation: number of the last change, from acl_policies.seq; under
 *	acl_policies.lock
 * @users: ports that are bound to it; under acl_policies.lock
 * @undo: what it was before a load that waits to be confirmed, or NULL; under
 *	acl_policies.lock
 * @again: who asks about identities is to ask again; under acl_policies.lock
 *
 * Dies by request while it has no users, or with its namespace, whose ports are
 * gone by then; a grace period after the last of its users has let it go.
 */
struct acl_policy {
	struct acl_ruleset __rcu *rules;
	struct list_head link;
	u64 serial;
	struct acl_settings set;
	u32 generation;
	u32 users;
	struct acl_undo *undo;
	bool again;
};

/**
 * struct acl_policies - the policies of a namespace
 * @lock: taken by whoever changes or lists them; taken inside rtnl
 * @list: all of them, oldest first
 * @n: how many there are
 * @rules: how many rules they and loads have
 * @seq: number of the last change, for dumps and generations; never 0
 * @serial: number of the last policy that was made
 * @handle: number of the last rule that was made
 * @loads: loads that have begun
 * @load: number of the last of them
 * @sets: named sets, oldest first
 * @n_sets: how many there are
 * @elems: how many elements they have, those that have ended but were not taken away
 *	included
 * @net: the namespace
 * @expire: takes away rules that have ended
 * @next_end: when it will look, by acl_expire_now(); U64_MAX: not at all
 * @spare: counters for rules that are made one by one, or NULL
 * @spare_used: how many of them rules have taken
 * @all: of those of all namespaces, see acl_expire_stop(); under that list's lock
 * @again: makes the transport ask again where policies say so
 *
 * @lock protects all of it but @all. Dies with its namespace, or the module: no request can
 * come in any more, and no port is bound.
 */
struct acl_policies {
	struct mutex lock; /* protects all of it */
	struct list_head list;
	u32 n;
	u32 rules;
	u32 seq;
	u64 serial;
	u64 handle;
	struct list_head loads;
	u32 load;
	struct list_head sets;
	u32 n_sets;
	u32 elems;
	struct net *net;
	struct delayed_work expire;
	u64 next_end;
	struct acl_counts *spare;
	u32 spare_used;
	struct list_head all;
	struct work_struct again;
};

/**
 * struct acl_new_rule - a rule to be made
 * @match: what it asks for; checked
 * @prio: its priority
 * @verdict: enum utcp_acl_verdict
 * @log: frames that it decides are told of
 * @has_extra: @extra says something
 * @extra: what few rules have
 */
struct acl_new_rule {
	struct acl_match match;
	u16 prio;
	u8 verdict;
	bool log;
	bool has_extra;
	struct acl_extra extra;
};

static inline struct acl_entry *acl_entry_of(const struct acl_rule *rule)
{
	return container_of(rule, struct acl_entry, rule);
}

void acl_policies_init(struct acl_policies *policies, struct net *net);
void acl_policies_exit(struct acl_policies *policies);
void acl_say(struct netlink_ext_ack *extack, const char *reason);

struct acl_ruleset *acl_ruleset_new(const struct acl_settings *set);
void acl_ruleset_free(struct acl_policies *policies, struct acl_ruleset *rules);
int acl_ruleset_build(struct acl_ruleset *rules,
		      struct netlink_ext_ack *extack);
void acl_ruleset_begin(struct acl_ruleset *rules);
void acl_ruleset_end(struct acl_ruleset *rules);

struct acl_counts *acl_counts_new(u32 n);
void acl_counts_put(struct acl_counts *counts);
struct acl_counts *acl_counts_one(struct acl_policies *policies, u32 *index);
struct acl_entry *acl_entry_add(struct acl_policies *policies,
				struct acl_ruleset *rules,
				const struct acl_new_rule *like,
				struct acl_counts *counts, u32 index);
void acl_entry_drop(struct acl_policies *policies, struct acl_ruleset *rules,
		    struct acl_entry *entry);
void acl_entry_del(struct acl_policies *policies, struct acl_ruleset *rules,
		   struct acl_entry *entry);
struct acl_entry *acl_entry_find(struct acl_ruleset *rules, u64 handle);
struct acl_entry *acl_entry_behind(struct acl_ruleset *rules, u64 order);
struct acl_entry *acl_entry_next(struct acl_entry *entry);
void acl_entry_read(const struct acl_entry *entry, struct acl_count *sum);

struct acl_policy *acl_policy_find(struct acl_policies *policies,
				   const char *name);
struct acl_policy *acl_policy_add(struct acl_policies *policies,
				  const struct acl_settings *set,
				  struct acl_ruleset *rules, u32 limit,
				  struct netlink_ext_ack *extack);
void acl_policy_del(struct acl_policies *policies, struct acl_policy *policy);
void acl_policy_free(struct acl_policies *policies, struct acl_policy *policy);
void acl_policy_changed(struct acl_policies *policies,
			struct acl_policy *policy);

static inline struct acl_ruleset *
acl_policy_rules(struct acl_policies *policies, struct acl_policy *policy)
{
	return rcu_dereference_protected(policy->rules,
					 lockdep_is_held(&policies->lock));
}

#endif /* _UTCP_ACL_POLICY_H */
