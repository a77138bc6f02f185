/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bindings of namespaces: a policy decides the frames of all devices but lo.
 */
#ifndef _UTCP_ACL_NS_H
#define _UTCP_ACL_NS_H

#include <linux/list.h>
#include <net/netswitch.h>

#include "bind.h"

struct acl_policies;

/**
 * enum acl_ns_kind - who has bound a namespace
 * @ACL_NS_IMPOSED: the initial namespace
 * @ACL_NS_OWN: it has itself
 * @ACL_NS_KINDS: how many there are
 */
enum acl_ns_kind {
	ACL_NS_IMPOSED,
	ACL_NS_OWN,
	ACL_NS_KINDS,
};

/**
 * struct acl_ns_binding - the frames of a namespace's devices are decided by a policy
 * @kind: who has bound it
 * @net: the namespace
 * @policy: the policy, of which it is a user; under rtnl
 * @policies: those of the namespace that has @policy
 * @number: as those of bindings of ports
 * @devices: how many devices have their part of it; under rtnl
 * @gone: counters of devices that are no more; under rtnl
 * @link: in the list of those that are imposed, oldest first; under rtnl
 *
 * Each device has a struct acl_binding for its part. Dies by request, when its parts
 * are no more, or with its namespace, whose devices have died before. Keeps the
 * module, so that nobody opens a namespace by removing that.
 */
struct acl_ns_binding {
	enum acl_ns_kind kind;
	struct net *net;
	struct acl_policy *policy;
	struct acl_policies *policies;
	u64 number;
	u32 devices;
	struct acl_counters gone;
	struct list_head link;
};

/* ns.c */
extern struct list_head acl_ns_imposed;

enum netswitch_stage_id acl_ns_stage(const struct acl_ns_binding *ns);
int acl_ns_set(struct net *net, enum acl_ns_kind kind,
	       struct acl_policies *policies, const char *name,
	       struct netlink_ext_ack *extack, struct acl_ns_binding **nsp);
void acl_ns_clear(struct acl_ns_binding *ns);
void acl_ns_read(const struct acl_ns_binding *ns, struct acl_counters *sum);
void acl_ns_parted(struct acl_ns_binding *ns, const struct acl_counters *sum);
int acl_ns_born(struct net *net);
void acl_ns_died(struct net *net);
int acl_ns_init(const char *new_netns);
void acl_ns_start(void);
void acl_ns_exit(void);

/* ns_nl.c */
struct acl_msg;

struct net *acl_nl_imposed_on(const struct net *from, const struct nlattr *fd,
			      struct netlink_ext_ack *extack);
int acl_nl_ns_put(const struct acl_msg *to, const struct acl_ns_binding *ns,
		  bool outside);
void acl_nl_ns_notify(const struct acl_ns_binding *ns, u8 cmd);
int acl_nl_ns_bind(struct acl_msg *to, struct genl_info *info);
int acl_nl_ns_unbind(struct acl_msg *to, struct genl_info *info);
int acl_nl_ns_get(struct acl_msg *to, struct genl_info *info);
int acl_nl_ns_dump(const struct acl_msg *to, struct net *net,
		   struct nlattr **attrs);

#endif /* _UTCP_ACL_NS_H */
