// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink operations on flows.
 */
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/sock.h>

#include "policy_nl.h"
#include "utcp_acl_nl_gen.h"

static int put_u64(struct sk_buff *msg, int attr, u64 val)
{
	return nla_put_u64_64bit(msg, attr, val, UTCP_ACL_A_FLOW_PAD);
}

static int put_addr(struct sk_buff *msg, enum acl_family family, int attr4,
		    int attr6, const u64 addr[2])
{
	__be64 bytes[2] = { cpu_to_be64(addr[0]), cpu_to_be64(addr[1]) };

	if (family == ACL_IPV4)
		return nla_put_in_addr(msg, attr4, htonl(addr[0]));
	return nla_put(msg, attr6, sizeof(bytes), bytes);
}

static int put_tuple(struct sk_buff *msg, const struct acl_tuple *tuple)
{
	enum acl_family family = acl_tuple_family(tuple);
	u8 proto = acl_tuple_proto(tuple);

	if (nla_put_u32(msg, UTCP_ACL_A_FLOW_DIRECTION,
			acl_tuple_dir(tuple) == ACL_OUT ?
				UTCP_ACL_DIRECTION_OUT :
				UTCP_ACL_DIRECTION_IN) ||
	    put_addr(msg, family, UTCP_ACL_A_FLOW_SRC4, UTCP_ACL_A_FLOW_SRC6,
		     tuple->src) ||
	    put_addr(msg, family, UTCP_ACL_A_FLOW_DST4, UTCP_ACL_A_FLOW_DST6,
		     tuple->dst) ||
	    nla_put_u32(msg, UTCP_ACL_A_FLOW_PROTO, proto) ||
	    nla_put_u32(msg, UTCP_ACL_A_FLOW_SRC_PORT, tuple->ports >> 16))
		return -EMSGSIZE;
	if (proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6)
		return 0;
	return nla_put_u32(msg, UTCP_ACL_A_FLOW_DST_PORT, (u16)tuple->ports);
}

static int put_counters(struct sk_buff *msg, const struct acl_flow *flow)
{
	long left = READ_ONCE(flow->until) - jiffies;

	if (put_u64(msg, UTCP_ACL_A_FLOW_AGE,
		    jiffies64_to_msecs(jiffies - flow->born)) ||
	    put_u64(msg, UTCP_ACL_A_FLOW_EXPIRES,
		    left > 0 ? jiffies_to_msecs(left) : 0) ||
	    put_u64(msg, UTCP_ACL_A_FLOW_PACKETS,
		    READ_ONCE(flow->sent[0].packets)) ||
	    put_u64(msg, UTCP_ACL_A_FLOW_BYTES,
		    READ_ONCE(flow->sent[0].bytes)) ||
	    put_u64(msg, UTCP_ACL_A_FLOW_REPLY_PACKETS,
		    READ_ONCE(flow->sent[1].packets)) ||
	    put_u64(msg, UTCP_ACL_A_FLOW_REPLY_BYTES,
		    READ_ONCE(flow->sent[1].bytes)))
		return -EMSGSIZE;
	return 0;
}

static enum utcp_acl_binding_kind kind_of(const struct acl_binding *binding)
{
	if (!binding->ns)
		return UTCP_ACL_BINDING_KIND_PORT;
	return binding->ns->kind == ACL_NS_OWN ? UTCP_ACL_BINDING_KIND_OWN :
						 UTCP_ACL_BINDING_KIND_IMPOSED;
}

/**
 * struct flows_dump - a list of flows that is under way
 * @iter: where it stands in the table
 * @net: whose flows they are, with a reference; NULL: it has not begun
 * @imposed: those of what is imposed alone, for who has imposed it; else those of all
 *	bindings, for who is inside
 *
 * What is imposed is policy of the initial namespace, and handles of its rules are told
 * there alone.
 */
struct flows_dump {
	struct rhashtable_iter iter;
	struct net *net;
	bool imposed;
};

static bool handle_is_told(const struct flows_dump *dump,
			   const struct acl_flow *flow,
			   const struct acl_binding *binding)
{
	return flow->handle &&
	       (dump->imposed ||
		kind_of(binding) != UTCP_ACL_BINDING_KIND_IMPOSED);
}

/* Under rtnl and RCU. */
static int flow_put(const struct acl_msg *to, const struct flows_dump *dump,
		    const struct acl_flow *flow,
		    const struct acl_binding *binding)
{
	const struct net_device *dev = netswitch_port_dev(binding->port);
	void *hdr = acl_nl_header(to);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(to->msg, UTCP_ACL_A_FLOW_IFINDEX, dev->ifindex) ||
	    nla_put_string(to->msg, UTCP_ACL_A_FLOW_IFNAME, dev->name) ||
	    put_tuple(to->msg, &flow->tuple) ||
	    nla_put_u32(to->msg, UTCP_ACL_A_FLOW_STATE, acl_flow_state(flow)) ||
	    (handle_is_told(dump, flow, binding) &&
	     put_u64(to->msg, UTCP_ACL_A_FLOW_HANDLE, flow->handle)) ||
	    put_counters(to->msg, flow) ||
	    nla_put_u32(to->msg, UTCP_ACL_A_FLOW_KIND, kind_of(binding))) {
		genlmsg_cancel(to->msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(to->msg, hdr);
	return 0;
}

/* The port whose flows a request is about; NULL: those of all. Under rtnl. */
static struct netswitch_port *port_of(struct net *net, struct nlattr **attrs,
				      struct netlink_ext_ack *extack)
{
	BUILD_BUG_ON((int)UTCP_ACL_A_FLOW_IFINDEX !=
		     (int)UTCP_ACL_A_BINDING_IFINDEX);
	BUILD_BUG_ON((int)UTCP_ACL_A_FLOW_IFNAME !=
		     (int)UTCP_ACL_A_BINDING_IFNAME);
	if (!attrs ||
	    (!attrs[UTCP_ACL_A_FLOW_IFINDEX] && !attrs[UTCP_ACL_A_FLOW_IFNAME]))
		return NULL;
	return acl_nl_bound_port(net, attrs, extack);
}

/* Forgets the flows of all bindings of a port, or of all ports. Under rtnl; may sleep.
 * Return: how many they were.
 */
static u32 flush(struct acl_net *this, const struct netswitch_port *port)
{
	struct acl_binding *binding;
	u32 n = 0;

	if (!port)
		return acl_flows_flush(&this->flows, 0);
	list_for_each_entry(binding, &this->bindings.list, link)
		if (binding->port == port)
			n += acl_flows_flush(&this->flows, binding->number);
	return n;
}

/* What is looked at under rtnl before others get it: flows, or bindings, whose list is
 * gone through for a flow.
 */
#define LOOKS_MOST 10000

/**
 * struct wanted - whose flows a part of a dump has
 * @of: bindings of the port that is asked for, which has no more of them: its own, and its
 *	parts of what is bound inside and from outside
 * @n: how many
 * @all: of all ports
 * @looks: how many were taken
 *
 * Under rtnl.
 */
struct wanted {
	const struct acl_binding *of[3];
	u32 n;
	bool all;
	u32 looks;
};

static bool kind_is_wanted(const struct flows_dump *dump,
			   const struct acl_binding *binding)
{
	return !dump->imposed ||
	       kind_of(binding) == UTCP_ACL_BINDING_KIND_IMPOSED;
}

/* @port: whose flows, or NULL. Under rtnl. */
static void want(struct wanted *wanted, const struct flows_dump *dump,
		 const struct netswitch_port *port)
{
	const struct acl_binding *binding;

	*wanted = (struct wanted){ .all = !port };
	if (!port)
		return;
	list_for_each_entry(binding, &acl_net(dump->net)->bindings.list, link)
		if (binding->port == port && kind_is_wanted(dump, binding) &&
		    !WARN_ON_ONCE(wanted->n == ARRAY_SIZE(wanted->of)))
			wanted->of[wanted->n++] = binding;
}

/* The binding of a flow, if it is still there, and wanted. Under rtnl. */
static const struct acl_binding *wanted_of(struct wanted *wanted,
					   const struct flows_dump *dump,
					   const struct acl_flow *flow)
{
	u32 number = acl_tuple_binding(&flow->tuple), i;
	const struct acl_binding *binding;

	for (i = 0; i < wanted->n; i++)
		if ((u32)wanted->of[i]->number == number)
			return wanted->of[i];
	if (!wanted->all)
		return NULL;
	list_for_each_entry(binding, &acl_net(dump->net)->bindings.list, link) {
		wanted->looks++;
		if ((u32)binding->number == number)
			return kind_is_wanted(dump, binding) ? binding : NULL;
	}
	return NULL;
}

/* @port: whose flows, or NULL. Under rtnl.
 * Return: 0: that was all; -EMSGSIZE: the next does not fit; -EAGAIN: somebody else may
 * want rtnl.
 */
static int flows_put(struct acl_msg *to, struct flows_dump *dump,
		     const struct netswitch_port *port)
{
	struct rhashtable_iter *iter = &dump->iter;
	struct wanted wanted;
	struct acl_flow *flow;
	int ret = 0;

	want(&wanted, dump, port);
	rhashtable_walk_start(iter);
	/* The one that did not fit, if it still lives. */
	flow = rhashtable_walk_peek(iter);
	while (flow && !ret) {
		const struct acl_binding *binding = NULL;

		if (!IS_ERR(flow) && !acl_tuple_frag(&flow->tuple) &&
		    time_before(jiffies, READ_ONCE(flow->until)))
			binding = wanted_of(&wanted, dump, flow);
		if (binding)
			ret = flow_put(to, dump, flow, binding);
		else if (++wanted.looks >= LOOKS_MOST)
			ret = -EAGAIN;
		if (!ret)
			flow = rhashtable_walk_next(iter);
	}
	acl_walk_pause(iter);
	return ret;
}

/* cb->args[0]: struct flows_dump */
int utcp_acl_nl_flow_get_start(struct netlink_callback *cb)
{
	struct flows_dump *dump;

	dump = kzalloc(sizeof(*dump), GFP_KERNEL_ACCOUNT);
	if (!dump)
		return -ENOMEM;
	cb->args[0] = (long)dump;
	return 0;
}

/* Of whose flows it is: for the first part, which is put while the request is sent, so that
 * a descriptor is the sender's.
 */
static int dump_begin(struct flows_dump *dump, struct net *from,
		      struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	struct nlattr *fd = attrs ? attrs[UTCP_ACL_A_FLOW_NETNS_FD] : NULL;
	struct net *net;

	net = fd ? acl_nl_imposed_on(from, fd, extack) : get_net(from);
	if (IS_ERR(net))
		return PTR_ERR(net);
	dump->net = net;
	dump->imposed = fd;
	rhashtable_walk_enter(&acl_net(net)->flows.table, &dump->iter);
	return 0;
}

int utcp_acl_nl_flow_get_done(struct netlink_callback *cb)
{
	struct flows_dump *dump = (void *)cb->args[0];

	if (dump && dump->net) {
		rhashtable_walk_exit(&dump->iter);
		put_net(dump->net);
	}
	kfree(dump);
	return 0;
}

int utcp_acl_nl_flow_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct flows_dump *dump = (void *)cb->args[0];
	struct netswitch_port *port;
	struct acl_msg to;
	int ret;

	ret = acl_nl_begin_dump(&to, skb, cb, UTCP_ACL_CMD_FLOW_GET);
	if (!ret && !dump->net)
		ret = dump_begin(dump, sock_net(skb->sk), attrs, cb->extack);
	if (ret)
		return ret;
	do {
		rtnl_lock();
		port = port_of(dump->net, attrs, cb->extack);
		ret = PTR_ERR_OR_ZERO(port);
		if (!ret)
			ret = flows_put(&to, dump, port);
		rtnl_unlock();
		cond_resched();
	} while (ret == -EAGAIN && !skb->len);
	return skb->len ?: ret;
}

int utcp_acl_nl_flow_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct netswitch_port *port;
	struct acl_msg to;
	void *hdr;
	int ret;

	ret = acl_nl_begin(&to, skb, info);
	if (ret)
		return ret;
	rtnl_lock();
	port = port_of(net, info->attrs, info->extack);
	ret = PTR_ERR_OR_ZERO(port);
	if (!ret) {
		/* What rules that are gone are allowing just now is there to be
		 * found after this.
		 */
		synchronize_net();
		hdr = acl_nl_header(&to);
		if (!hdr || nla_put_u32(to.msg, UTCP_ACL_A_FLOW_FLOWS,
					flush(acl_net(net), port)))
			ret = -EMSGSIZE;
		else
			genlmsg_end(to.msg, hdr);
	}
	rtnl_unlock();
	return acl_nl_end(&to, info, ret);
}
