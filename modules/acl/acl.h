/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of utcp_acl.ko share: the state per network namespace.
 */
#ifndef _UTCP_ACL_ACL_H
#define _UTCP_ACL_ACL_H

#include <net/netswitch.h>

#include <uapi/linux/utcp_acl.h>

#include "bind.h"
#include "flow.h"
#include "identity.h"
#include "ns.h"
#include "policy.h"
#include "tracer.h"

/**
 * struct acl_net - what the module keeps per network namespace
 * @limits: bounds of the namespace's tables; has its own lock
 * @policies: the namespace's policies; has its own lock
 * @bindings: the ports that are bound to them; under rtnl
 * @ns: what all devices of the namespace are bound to, by enum acl_ns_kind, or NULL;
 *	under rtnl
 * @net: the namespace
 * @flows: what was allowed; has its own locks
 * @tracers: who follows frames; has its own lock
 * @identities: frames of UTCP that were told of; has its own locks
 *
 * Made when a namespace is born (or the module loaded), freed by the kernel
 * after the last request in the namespace ended (or the module was unloaded).
 * Nothing is bound by then: the namespace's devices died before it, and a binding
 * keeps the module.
 */
struct acl_net {
	struct netswitch_limits limits;
	struct acl_policies policies;
	struct acl_bindings bindings;
	struct acl_ns_binding *ns[ACL_NS_KINDS];
	struct net *net;
	struct acl_flows flows;
	struct acl_identities identities;
	struct acl_tracers tracers;
};

/* main.c */
struct acl_net *acl_net(const struct net *net);

static inline u32 acl_limit(const struct acl_net *this, int attr)
{
	return READ_ONCE(this->limits.val[attr - 1]);
}

#endif /* _UTCP_ACL_ACL_H */
