/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Identities: which cells may talk by a port, and which frames of UTCP are theirs.
 */
#ifndef _UTCP_ACL_IDENTITY_H
#define _UTCP_ACL_IDENTITY_H

#include <linux/mutex.h>
#include <linux/rhashtable.h>
#include <linux/workqueue.h>
#include <net/netswitch.h>

#include "policy.h"

struct acl_binding;
struct acl_frame;
struct acl_key;

/* EtherType of UTCP. */
#define ACL_ETH_P_UTCP 0x88b5

/* Frames that a binding lets pass, by what was told of them, at most: as many sessions
 * as a namespace has by default, with four associations each.
 */
#define ACL_TOLD_MAX 16384

/**
 * struct acl_told_key - frames that were told of
 * @from: MAC address of who sends them
 * @to: MAC address of the other
 * @index: index that stands in them
 * @binding: number of the binding by which they come
 * @hash: of the frame, of those that belong to no association; else zero
 *
 * Compared as bytes: no holes.
 */
struct acl_told_key {
	u8 from[ETH_ALEN];
	u8 to[ETH_ALEN];
	__be32 index;
	u32 binding;
	u8 hash[NETSWITCH_HASH_LEN];
};

static_assert(sizeof(struct acl_told_key) == 52);

/**
 * struct acl_told - frames that pass because they were told of
 * @key: which; never changed
 * @node: in the namespace's table
 * @binding: by which they come; outlives it
 * @class: shaper class; 0: none. Written by who tells of them again, of whom the last
 *	wins
 * @until: jiffies when it ends, if it is one frame. As @class
 * @brief: it is one frame, and no association; never changed
 * @rcu: for freeing
 *
 * Readers are under RCU. Whoever takes it out of the table frees it, a grace period
 * later.
 */
struct acl_told {
	struct acl_told_key key;
	struct rhash_head node;
	struct acl_binding *binding;
	u32 class;
	unsigned long until;
	bool brief;
	struct rcu_head rcu;
};

/**
 * struct acl_identities - what was told of in a namespace
 * @table: by key; has its own locks
 * @lock: for walks over it, so that none is under way when a binding is freed
 * @brief: how many are one frame
 * @sweep: takes away those of them that have ended; runs while there are any
 *
 * Dies with its namespace, or the module, when no frame comes any more.
 */
struct acl_identities {
	struct rhashtable table;
	struct mutex lock; /* one walk at a time */
	atomic_t brief;
	struct delayed_work sweep;
};

/* Has a ruleset, or had it, rules about identities? */
static inline bool acl_has_identities(const struct acl_ruleset *rules)
{
	return READ_ONCE(rules->cells[ACL_OUT]) |
	       READ_ONCE(rules->cells[ACL_IN]) | READ_ONCE(rules->n_kept);
}

void acl_tokens_init(void);
int acl_identities_init(struct acl_identities *identities);
void acl_identities_exit(struct acl_identities *identities);

enum netswitch_opinion acl_identity_ask(struct netswitch_port *port, void *priv,
					struct netswitch_identity *identity);
int acl_told_add(struct netswitch_port *port, void *priv,
		 const struct netswitch_flow *flow);
void acl_told_del(struct netswitch_port *port, void *priv,
		  const struct netswitch_flow *flow);
bool acl_told_reads(const struct acl_identities *identities,
		    const struct acl_key *key, u32 *bytes);
const struct acl_told *acl_told_find(struct acl_identities *identities,
				     u32 binding, const struct acl_frame *frame,
				     const struct acl_key *key);
void acl_told_flush(struct acl_identities *identities,
		    const struct acl_binding *binding);

void acl_identity_init(struct acl_policies *policies);
void acl_identity_exit(struct acl_policies *policies);
bool acl_identity_cares(const struct acl_rule *rule);
void acl_identity_touch(struct acl_policies *policies,
			struct acl_policy *policy);

#endif /* _UTCP_ACL_IDENTITY_H */
