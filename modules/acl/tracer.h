/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Traces: sockets that follow live frames.
 */
#ifndef _UTCP_ACL_TRACER_H
#define _UTCP_ACL_TRACER_H

#include <linux/jump_label_ratelimit.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/notifier.h>

struct acl_binding;
struct acl_key;
struct acl_policy;
struct acl_seen;
struct netlink_notify;

/* Traces of a namespace, at most. */
#define ACL_TRACERS_MAX 16

/**
 * struct acl_tracers - the traces of a namespace
 * @lock: taken by who begins or ends one
 * @list: they; written under @lock, read under RCU
 * @n: how many; under @lock
 *
 * Dies with its namespace, or the module, which take those with them that are left.
 */
struct acl_tracers {
	struct mutex lock; /* protects list and n */
	struct list_head list;
	u32 n;
};

/* Somebody traces, in some namespace. */
extern struct static_key_false_deferred acl_tracing;

void acl_tracers_init(struct acl_tracers *tracers);
void acl_tracers_exit(struct acl_tracers *tracers);
void acl_tracing_end(void);
void acl_tracers_socket_gone(struct acl_tracers *tracers, u32 portid);
bool acl_is_traced(const struct acl_binding *binding);
void acl_trace_frame(const struct acl_binding *binding,
		     const struct acl_policy *policy, const struct acl_key *key,
		     const struct acl_seen *seen);

#endif /* _UTCP_ACL_TRACER_H */
