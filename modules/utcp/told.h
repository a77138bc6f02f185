/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Told frames: what the ports on the way were told about one's own frames, so that it
 * is taken back when it is over. See "Identity and the ACL" in
 * Documentation/networking/utcp.rst.
 */
#ifndef _UTCP_TOLD_H
#define _UTCP_TOLD_H

#include <linux/if_ether.h>
#include <linux/list.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <net/netswitch.h>

/* Told frames that no association has, at one time; further ones are not sent. */
#define UTCP_TOLD_MAX 4096
/* How long a frame of a handshake is good for: it leaves at once, or waits in a queue;
 * and those of an association that is no more, for the one that says so.
 */
#define UTCP_TOLD_FRAME_TIME (5ULL * NSEC_PER_SEC)
#define UTCP_TOLD_LAST_TIME NSEC_PER_SEC

/* A port on the way of one's own frames, one's own device's or that of its peer. */
#define UTCP_WAY_PORTS 2

/**
 * struct utcp_way - the ports of a device's way
 * @n: how many there are
 * @at: they
 * @at.port: the port
 * @at.out: which way one's own frames pass it
 * @at.allows: it was asked, and allows: it wants to be told
 * @at.class: shaper class that it has named
 *
 * Valid under RCU.
 */
struct utcp_way {
	unsigned int n;
	struct {
		struct netswitch_port *port;
		enum netswitch_dir out;
		bool allows;
		u32 class;
	} at[UTCP_WAY_PORTS];
};

/**
 * struct utcp_told_key - what ports know frames by
 * @ifindex: own device
 * @index: session index in them
 * @from: own MAC address
 * @to: the other's
 * @hash: of a frame of a handshake; zero for an association
 */
struct utcp_told_key {
	u32 ifindex;
	__be32 index;
	u8 from[ETH_ALEN];
	u8 to[ETH_ALEN];
	u8 hash[NETSWITCH_HASH_LEN];
};

/**
 * struct utcp_told - frames that ports were told about
 * @node: in the table
 * @key: what they are known by; does not change
 * @ending: in the list of those that nobody has; empty: somebody has it
 * @users: associations that have it
 * @until: kept until then, if nobody has it
 * @rcu: for freeing
 *
 * All but @key under the lock of the table. Dies when nobody has it and its time is
 * up, or with the namespace.
 */
struct utcp_told {
	struct rhash_head node;
	struct utcp_told_key key;
	struct list_head ending;
	unsigned int users;
	u64 until;
	struct rcu_head rcu;
};

/**
 * struct utcp_tolds - told frames of a namespace
 * @lock: protects all of it, and that ports hear of one in the same order. Bottom
 *	halves off; stages are called under it
 * @table: all of them, by key
 * @ending: those that nobody has
 * @n_ending: how many
 * @work: takes back those whose time is up
 */
struct utcp_tolds {
	spinlock_t lock; /* protects all of it */
	struct rhashtable table;
	struct list_head ending;
	unsigned int n_ending;
	struct delayed_work work;
};

struct utcp_net;
struct utcp_path;
struct utcp_link;

int __must_check utcp_tolds_init(struct utcp_net *un);
void utcp_tolds_exit(struct utcp_net *un);

/* Under RCU. */
void utcp_way_of(struct utcp_net *un, u32 ifindex, struct utcp_way *way);
int __must_check utcp_told_frame(struct utcp_net *un,
				 const struct utcp_path *path,
				 const struct utcp_way *way, const u8 *frame);
int __must_check utcp_told_index(struct utcp_net *un,
				 const struct utcp_path *path,
				 const struct utcp_way *way, u32 index);
struct utcp_told *utcp_told_assoc(struct utcp_net *un,
				  const struct utcp_path *path,
				  const struct utcp_way *way, u32 index);

void utcp_told_put(struct utcp_net *un, struct utcp_told *told);
void utcp_told_link_end(struct utcp_link *link);

#endif /* _UTCP_TOLD_H */
