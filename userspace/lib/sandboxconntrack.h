/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the kernel remembers of flows to published ports (conntrack).
 *
 * NAT decides about the first packet of a flow; the others follow it. So a flow that was
 * there before a port is published, or that is there when it is not any more, goes on as
 * before until it has been silent for minutes, unless it is forgotten.
 */
#ifndef LIBUTCP_SANDBOXCONNTRACK_H
#define LIBUTCP_SANDBOXCONNTRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nlparse.h"

struct utcp_error;
struct utcp_sandbox;

/**
 * struct flow_end - an end of a flow
 * @is6: it is of IPv6
 * @addr: its address; the first four bytes are one of IPv4
 * @port: its port
 */
struct flow_end {
	bool is6;
	uint8_t addr[16];
	uint16_t port;
};

/**
 * struct flow - a flow
 * @proto: its protocol
 * @to: where its first packet was sent
 * @from: who answers
 * @tuple: the bytes of its CTA_TUPLE_ORIG
 * @zone: its zone, as it came
 * @id: its number, as it came
 */
struct flow {
	uint8_t proto;
	struct flow_end to;
	struct flow_end from;
	struct nl_span tuple;
	struct nl_span zone;
	struct nl_span id;
};

/**
 * flow_parse() - read a flow
 * @msg: a message of ctnetlink
 * @flow: set to it; it points into the message
 *
 * Return: 1, 0 if it is one without ports, or -EBADMSG.
 */
int flow_parse(const struct nl_msg *msg, struct flow *flow);

/**
 * flow_leads_in() - has a port that a sandbox publishes led a flow into it?
 * @flow: the flow
 * @sb: the sandbox
 *
 * Return: whether it has.
 */
bool flow_leads_in(const struct flow *flow, const struct utcp_sandbox *sb);

/**
 * flow_would_lead_in() - would a port that a sandbox publishes lead a flow into it?
 * @flow: the flow
 * @sb: the sandbox
 *
 * Flows of UDP to addresses of the host. A connection of TCP ends by itself, with who has it.
 *
 * Return: whether it would.
 */
bool flow_would_lead_in(const struct flow *flow, const struct utcp_sandbox *sb);

/**
 * conntrack_forget() - have flows begin anew
 * @sb: a sandbox with published ports
 * @which: whether a flow is one of them
 * @e: filled in on failure
 *
 * Where the kernel has no ctnetlink, they are not found, and go on.
 *
 * Return: 0 or a negative errno.
 */
int conntrack_forget(const struct utcp_sandbox *sb,
		     bool (*which)(const struct flow *flow,
				   const struct utcp_sandbox *sb),
		     struct utcp_error *e);

#endif
