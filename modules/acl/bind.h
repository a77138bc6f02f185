/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bindings: which policy decides a port's frames; and deciding.
 */
#ifndef _UTCP_ACL_BIND_H
#define _UTCP_ACL_BIND_H

#include <linux/list.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <net/netswitch.h>

#include <uapi/linux/utcp_acl.h>

#include "budget.h"
#include "key.h"

struct acl_basics;
struct acl_entry;
struct acl_frame;
struct acl_net;
struct acl_ns_binding;
struct acl_policy;

/**
 * enum acl_counter - what is counted per binding, direction and CPU
 * @ACL_FRAMES: frames that were decided; counted first, so that a reader who sums
 *	this last never finds more drops than frames
 * @ACL_DROP: first of the drop reasons, in their order
 * @ACL_REJECTED: of the frames that were dropped, those that were answered
 * @ACL_COUNTERS: how many counters there are
 *
 * What was not dropped was allowed.
 */
enum acl_counter {
	ACL_FRAMES,
	ACL_DROP,
	ACL_REJECTED = ACL_DROP + UTCP_ACL_DROP_REASON_MAX,
	ACL_COUNTERS,
};

/**
 * struct acl_counters - counters by enum acl_dir
 * @val: see enum acl_counter
 */
struct acl_counters {
	u64 val[ACL_DIRS][ACL_COUNTERS];
};

/* Reads of single counters by other CPUs must not tear. */
static_assert(BITS_PER_LONG == 64);

/**
 * struct acl_budgets - what frames of a binding may still cause, on one CPU
 * @answers: to frames that are rejected, by enum netswitch_dir
 * @events: that tell of frames
 * @missed: events that there were too many of since the last one
 */
struct acl_budgets {
	struct acl_budget answers[2];
	struct acl_budget events;
	u64 missed;
};

/**
 * struct acl_way - what frames that go one way have in common
 * @frames: ACL_FRAMES of that way, in @counters of the binding
 * @from: see acl_recent_from(); the lowest bit is enum acl_dir
 */
struct acl_way {
	u64 __percpu *frames;
	u64 from;
};

/**
 * struct acl_binding - a port's frames are decided by a policy
 * @policy: that policy, of which it, or @ns, is a user. Written under rtnl, read under
 *	RCU
 * @basics: what is the sandbox's own, or NULL: it is not asked. As @policy
 * @counters: see enum acl_counter
 * @budgets: see there
 * @way: by enum netswitch_dir; never changed
 * @number: for what CPUs remember of frames: no other binding has ever had it. Flows and
 *	what is told have its lower 32 bits, which are not 0, and no living binding of the
 *	namespace has the same
 * @dev: index of the port's device, where the policy's rules can name it; 0: the policy
 *	is of another namespace
 * @told: frames of UTCP that it lets pass, see identity.h
 * @again: for the walk that makes the transport ask again; under rtnl
 * @net: its namespace's
 * @ns: the binding of the namespace, of which it is the part of one device; NULL: it is
 *	the port's own
 * @out: which way, as the port sees it, what the sandbox sends goes
 * @port: the port
 * @link: in the list of its namespace's; under rtnl
 *
 * What the stage keeps for the port. Dies by request, or when the port is no more
 * or has no policy flag any more; both under rtnl, when no frame can be with it.
 */
struct acl_binding {
	struct acl_policy __rcu *policy;
	struct acl_basics __rcu *basics;
	struct acl_counters __percpu *counters;
	struct acl_budgets __percpu *budgets;
	struct acl_way way[2];
	u64 number;
	u32 dev;
	atomic_t told;
	bool again;
	struct acl_net *net;
	struct acl_ns_binding *ns;
	enum netswitch_dir out;
	struct netswitch_port *port;
	struct list_head link;
};

/**
 * struct acl_bindings - the bindings of a namespace
 * @list: all of ports, and the parts of those of the namespace, oldest first
 * @seq: number of the last change, for dumps; never 0
 * @gone: counters of those that are no more
 *
 * Under rtnl.
 */
struct acl_bindings {
	struct list_head list;
	u32 seq;
	struct acl_counters gone;
};

/* bind.c */
void acl_bindings_init(struct acl_bindings *bindings);
struct acl_binding *acl_binding_find(struct acl_bindings *bindings,
				     const struct netswitch_port *port,
				     const struct acl_ns_binding *ns);
void acl_bindings_changed(struct acl_bindings *bindings);
struct acl_binding *
acl_binding_new(struct acl_net *this, struct netswitch_port *port,
		struct acl_policy *policy, struct acl_ns_binding *ns,
		struct acl_basics *basics, struct netlink_ext_ack *extack);
bool acl_binding_switch(struct acl_binding *binding, struct acl_policy *policy);
u64 acl_binding_number(const struct acl_bindings *bindings);
int acl_binding_set(struct net *net, struct netswitch_port *port,
		    const char *policy, const struct acl_basics *basics,
		    struct netlink_ext_ack *extack,
		    struct acl_binding **binding);
void acl_binding_read(const struct acl_binding *binding,
		      struct acl_counters *sum);
void acl_counters_add(struct acl_counters *to, const struct acl_counters *from);
void acl_binding_add(const struct acl_binding *binding,
		     struct acl_counters *sum);
void acl_binding_detached(struct netswitch_port *port, void *priv);

/* decide.c */
int acl_decide_init(void);
void acl_decide_exit(void);
enum netswitch_verdict acl_decide(struct netswitch_frame *frame, void *priv);

/* reject.c */
bool acl_reject(const struct netswitch_frame *frame,
		const struct acl_binding *binding, const struct acl_frame *read,
		const struct acl_key *key);

/* bind_nl.c */
void acl_nl_binding_notify(const struct acl_binding *binding, u8 cmd);

#endif /* _UTCP_ACL_BIND_H */
