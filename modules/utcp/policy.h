/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policies: the ports on the way are asked who may talk to whom, and told which frames
 * are theirs. See "Identity and the ACL" in Documentation/networking/utcp.rst.
 *
 * Nothing is decided here: that is for the stages of the ports (netswitch). A port
 * without any has no opinion, and what nobody refuses goes on.
 */
#ifndef _UTCP_POLICY_H
#define _UTCP_POLICY_H

#include <linux/types.h>
#include <net/netswitch.h>

#include "told.h"

struct utcp_assoc;
struct utcp_link;
struct utcp_net;
struct utcp_path;
struct utcp_peer;

/* Stands for any service, and for anybody. */
#define UTCP_ANY_SERVICE 0
extern const u8 utcp_policy_anybody[];

/**
 * struct utcp_permit - what a connection was allowed by
 * @at: what the answers of its own device's port, and of that device's peer, rest on
 *
 * Zeros for one that is new.
 */
struct utcp_permit {
	struct netswitch_tokens at[UTCP_WAY_PORTS];
};

/* -EACCES: a policy refuses, which has been counted and told. */
int __must_check utcp_policy_meet(struct utcp_net *un, u32 ifindex,
				  const u8 *own, const u8 *id);
int __must_check utcp_policy_frame(struct utcp_net *un,
				   const struct utcp_path *path, const u8 *own,
				   const u8 *id, const u8 *frame);
int __must_check utcp_policy_path(struct utcp_peer *peer,
				  const struct utcp_assoc *assoc,
				  const struct utcp_path *path);
int __must_check utcp_policy_assoc(struct utcp_peer *peer,
				   struct utcp_assoc *assoc,
				   const struct utcp_path *path);
void utcp_policy_last(struct utcp_peer *peer, const struct utcp_assoc *assoc,
		      const struct utcp_path *path);
void utcp_policy_moved(struct utcp_peer *peer, struct utcp_assoc *assoc,
		       const struct utcp_path *path);
int __must_check utcp_policy_reach(struct utcp_net *un, const u8 *own,
				   const u8 *id, u16 service);
int __must_check utcp_policy_call(struct utcp_peer *peer, bool own, u16 service,
				  struct utcp_permit *permit);
int __must_check utcp_policy_here(struct utcp_net *un, const u8 *from,
				  const u8 *to, u16 service,
				  struct netswitch_tokens *tokens);

void utcp_policy_pace(const struct utcp_peer *peer, u32 ifindex,
		      struct netswitch_pace *pace);
u32 utcp_policy_changes(void);
void utcp_policy_ended(struct utcp_peer *peer);
u64 utcp_policy_tick(struct utcp_peer *peer);
void utcp_policy_ask_again(struct utcp_link *link);
void utcp_policy_net_init(struct utcp_net *un);
void utcp_policy_net_exit(struct utcp_net *un);
void utcp_policy_init(void);
void utcp_policy_exit(void);

#endif /* _UTCP_POLICY_H */
