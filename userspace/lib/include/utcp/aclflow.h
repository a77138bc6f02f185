/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Flows that access lists have allowed.
 */
#ifndef LIBUTCP_ACLFLOW_H
#define LIBUTCP_ACLFLOW_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/utcp_acl.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct utcp_handle;

/**
 * struct utcp_acl_flow - a flow that was allowed
 * @ifindex: index of the port's device
 * @name: its name; printable ASCII
 * @direction: which way its first frame went (enum utcp_acl_direction)
 * @is6: its addresses are of IPv6
 * @src: source address of its first frame
 * @dst: destination address
 * @proto: protocol
 * @src_port: source port; of ICMP the identifier of the echo
 * @dst_port: destination port
 * @has_dst_port: there is one
 * @state: how it stands (enum utcp_acl_flow_state)
 * @kind: kind of the binding that remembers it (enum utcp_acl_binding_kind)
 * @handle: the rule that allowed it; 0: the default, or it is not told: who is inside of
 *          a namespace does not learn what the policy is that is imposed on it
 * @age: milliseconds since its first frame
 * @expires: milliseconds until it ends if nothing comes any more
 * @packets: frames in the direction of the first one
 * @bytes: their bytes
 * @reply_packets: frames in the other direction
 * @reply_bytes: their bytes
 */
struct utcp_acl_flow {
	uint32_t ifindex;
	char name[16];
	uint32_t direction;
	bool is6;
	uint8_t src[16];
	uint8_t dst[16];
	uint32_t proto;
	uint32_t src_port;
	uint32_t dst_port;
	bool has_dst_port;
	uint32_t state;
	uint32_t kind;
	uint64_t handle;
	uint64_t age;
	uint64_t expires;
	uint64_t packets;
	uint64_t bytes;
	uint64_t reply_packets;
	uint64_t reply_bytes;
};

/**
 * utcp_acl_flow_state() - names of states of flows
 * @state: enum utcp_acl_flow_state
 *
 * Return: the name; "unknown" if there is none.
 */
const char *utcp_acl_flow_state(uint32_t state);

/**
 * utcp_acl_flow_each() - get flows
 * @handle: an open handle
 * @port: those of this port, by the name of its device, or NULL for all
 * @take: called for each; returns 0, or a negative errno to end
 * @arg: for @take
 *
 * They come and go while they are listed: some may be missing, or come twice.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_flow_each(struct utcp_handle *handle, const char *port,
		       int (*take)(const struct utcp_acl_flow *flow, void *arg),
		       void *arg);

/**
 * utcp_acl_flow_imposed() - get flows of what is imposed on a namespace
 * @handle: an open handle, of the initial namespace
 * @netns: the other namespace: a name under /run/netns, or a path
 * @take: as for utcp_acl_flow_each(), with the rules that have allowed them
 * @arg: for @take
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_flow_imposed(struct utcp_handle *handle, const char *netns,
			  int (*take)(const struct utcp_acl_flow *flow,
				      void *arg),
			  void *arg);

/**
 * utcp_acl_flow_flush() - forget flows: their next frames meet the rules
 * @handle: an open handle
 * @port: those of this port, or NULL for all
 * @n: if not NULL, set to how many they were
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_flow_flush(struct utcp_handle *handle, const char *port,
			uint32_t *n);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
