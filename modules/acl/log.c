// SPDX-License-Identifier: GPL-2.0-only
/*
 * Telling of frames: what a rule that says "log" has decided, and what no rule of a
 * policy that says so has allowed.
 *
 * An event is sent from where the frame is. What is beyond the budget, or finds no
 * memory, is counted, and the next event of this binding on this CPU says how many
 * there were.
 */
#include <linux/if_ether.h>
#include <net/genetlink.h>

#include "acl.h"
#include "log.h"
#include "parse.h"
#include "utcp_acl_nl_gen.h"

/* Events of a binding on one CPU: so many at once, and then so many a second. */
#define BURST 20
#define RATE 50

/* An event has no more than this: 20 numbers, addresses, and two names. */
#define EVENT_SIZE 512

static int put_mac(struct sk_buff *msg, int attr, u64 mac)
{
	u8 bytes[ETH_ALEN] = { mac >> 40, mac >> 32, mac >> 24,
			       mac >> 16, mac >> 8,  mac };

	return nla_put(msg, attr, sizeof(bytes), bytes);
}

/* Of two cells a message says who begins, and a key which is the sandbox's. */
static int put_cells(struct sk_buff *msg, const struct acl_key *key)
{
	bool out = acl_key_dir(key) == ACL_OUT;
	u8 local[ACL_CELL_LEN], remote[ACL_CELL_LEN];

	acl_key_src(key, local);
	acl_key_dst(key, remote);
	if (nla_put(msg, UTCP_ACL_A_LOG_SRC_CELL, ACL_CELL_LEN,
		    out ? local : remote) ||
	    nla_put(msg, UTCP_ACL_A_LOG_DST_CELL, ACL_CELL_LEN,
		    out ? remote : local))
		return -EMSGSIZE;
	if (!acl_key_dport(key))
		return 0;
	return nla_put_u32(msg, UTCP_ACL_A_LOG_DST_PORT, acl_key_dport(key));
}

static int put_link(struct sk_buff *msg, const struct acl_key *key)
{
	if (acl_key_family(key) == ACL_CELL)
		return put_cells(msg, key);
	if (nla_put_u32(msg, UTCP_ACL_A_LOG_ETHERTYPE, key->ethertype) ||
	    put_mac(msg, UTCP_ACL_A_LOG_SRC_MAC, acl_key_smac(key)) ||
	    put_mac(msg, UTCP_ACL_A_LOG_DST_MAC, acl_key_dmac(key)))
		return -EMSGSIZE;
	if (acl_key_vlan(key) &&
	    nla_put_u32(msg, UTCP_ACL_A_LOG_VLAN, acl_key_vlan(key)))
		return -EMSGSIZE;
	return 0;
}

static int put_network(struct sk_buff *msg, const struct acl_key *key)
{
	bool is4 = acl_key_family(key) == ACL_IPV4;
	u8 src[16], dst[16];

	if (!is4 && acl_key_family(key) != ACL_IPV6)
		return 0;
	acl_key_src(key, src);
	acl_key_dst(key, dst);
	if (nla_put(msg, is4 ? UTCP_ACL_A_LOG_SRC4 : UTCP_ACL_A_LOG_SRC6,
		    is4 ? 4 : 16, src) ||
	    nla_put(msg, is4 ? UTCP_ACL_A_LOG_DST4 : UTCP_ACL_A_LOG_DST6,
		    is4 ? 4 : 16, dst) ||
	    nla_put_u32(msg, UTCP_ACL_A_LOG_PROTO, acl_key_proto(key)))
		return -EMSGSIZE;
	if (acl_key_noports(key))
		return 0;
	if (acl_key_proto(key) == IPPROTO_ICMP ||
	    acl_key_proto(key) == IPPROTO_ICMPV6)
		return nla_put_u32(msg, UTCP_ACL_A_LOG_ICMP_TYPE,
				   acl_key_sport(key)) ||
				       nla_put_u32(msg,
						   UTCP_ACL_A_LOG_ICMP_CODE,
						   acl_key_dport(key)) ?
			       -EMSGSIZE :
			       0;
	if (nla_put_u32(msg, UTCP_ACL_A_LOG_SRC_PORT, acl_key_sport(key)) ||
	    nla_put_u32(msg, UTCP_ACL_A_LOG_DST_PORT, acl_key_dport(key)))
		return -EMSGSIZE;
	return 0;
}

static int put_decision(struct sk_buff *msg, const struct acl_policy *policy,
			const struct acl_seen *seen)
{
	/* A name is never changed: a load puts the same one in its place. */
	if (nla_put_string(msg, UTCP_ACL_A_LOG_POLICY, policy->set.name) ||
	    nla_put_u32(msg, UTCP_ACL_A_LOG_DIRECTION,
			seen->dir == ACL_OUT ? UTCP_ACL_DIRECTION_OUT :
					       UTCP_ACL_DIRECTION_IN) ||
	    nla_put_u32(msg, UTCP_ACL_A_LOG_VERDICT, seen->verdict))
		return -EMSGSIZE;
	if (seen->handle && nla_put_u64_64bit(msg, UTCP_ACL_A_LOG_HANDLE,
					      seen->handle, UTCP_ACL_A_LOG_PAD))
		return -EMSGSIZE;
	if (seen->decider &&
	    nla_put_u32(msg, UTCP_ACL_A_LOG_DECIDER, seen->decider))
		return -EMSGSIZE;
	return seen->reason ?
		       nla_put_u32(msg, UTCP_ACL_A_LOG_REASON, seen->reason) :
		       0;
}

static bool is_imposed(const struct acl_binding *binding)
{
	return binding->ns && binding->ns->kind == ACL_NS_IMPOSED;
}

/* Who has imposed a policy is told what it decides, not who is inside. */
struct net *acl_log_net(const struct acl_binding *binding)
{
	return is_imposed(binding) ? &init_net :
				     dev_net(netswitch_port_dev(binding->port));
}

/**
 * acl_log_make() - a message about a frame
 * @binding: the binding by which it came
 * @policy: the policy that decided
 * @key: the frame's key; NULL if it could not be read
 * @seen: what was decided
 * @cmd: command
 * @missed: how many there was no message for before; 0: none
 *
 * Context: any; never sleeps.
 * Return: the message, or NULL if there is no memory.
 */
struct sk_buff *acl_log_make(const struct acl_binding *binding,
			     const struct acl_policy *policy,
			     const struct acl_key *key,
			     const struct acl_seen *seen, u8 cmd, u64 missed)
{
	const struct net_device *dev = netswitch_port_dev(binding->port);
	struct sk_buff *msg;
	void *hdr;

	msg = genlmsg_new(EVENT_SIZE, GFP_ATOMIC | __GFP_NOWARN);
	if (!msg)
		return NULL;
	hdr = genlmsg_put(msg, 0, 0, &utcp_acl_nl_family, 0, cmd);
	if (!hdr || nla_put_u32(msg, UTCP_ACL_A_LOG_IFINDEX, dev->ifindex) ||
	    nla_put_string(msg, UTCP_ACL_A_LOG_IFNAME, dev->name) ||
	    put_decision(msg, policy, seen) ||
	    (key && (put_link(msg, key) || put_network(msg, key))) ||
	    (is_imposed(binding) &&
	     nla_put_u32(msg, UTCP_ACL_A_LOG_NETNS, dev_net(dev)->ns.inum)) ||
	    (missed && nla_put_u64_64bit(msg, UTCP_ACL_A_LOG_MISSED, missed,
					 UTCP_ACL_A_LOG_PAD))) {
		WARN_ON_ONCE(1); /* EVENT_SIZE is too small */
		nlmsg_free(msg);
		return NULL;
	}
	genlmsg_end(msg, hdr);
	return msg;
}

/**
 * acl_log() - tell what was decided about a frame, if somebody listens
 * @binding: the binding by which it came
 * @policy: the policy that decided
 * @key: the frame's key
 * @seen: what was decided
 *
 * Context: softirq or softirqs off, under RCU; locks of a socket may be held.
 */
void acl_log(const struct acl_binding *binding, const struct acl_policy *policy,
	     const struct acl_key *key, const struct acl_seen *seen)
{
	struct acl_budgets *budgets = this_cpu_ptr(binding->budgets);
	struct net *net = acl_log_net(binding);
	struct sk_buff *msg = NULL;

	if (!genl_has_listeners(&utcp_acl_nl_family, net,
				UTCP_ACL_NLGRP_EVENTS))
		return;
	if (acl_budget_take(&budgets->events, RATE, BURST))
		msg = acl_log_make(binding, policy, key, seen,
				   UTCP_ACL_CMD_LOG_NTF, budgets->missed);
	if (!msg) {
		budgets->missed++;
		return;
	}
	budgets->missed = 0;
	genlmsg_multicast_netns(&utcp_acl_nl_family, net, msg, 0,
				UTCP_ACL_NLGRP_EVENTS, GFP_ATOMIC);
}
