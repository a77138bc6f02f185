// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink operations on ports and consumers, and their events.
 */
#include <linux/rtnetlink.h>
#include <net/sock.h>

#include "netswitch_nl_gen.h"
#include "port.h"

static int put_u64(struct sk_buff *msg, int attr, u64 val)
{
	return nla_put_u64_64bit(msg, attr, val, NETSWITCH_A_DIRECTION_PAD);
}

static int put_drop(struct sk_buff *msg, u32 reason, u64 count)
{
	struct nlattr *nest;

	nest = nla_nest_start(msg, NETSWITCH_A_DIRECTION_DROP);
	if (!nest || nla_put_u32(msg, NETSWITCH_A_DROP_REASON, reason) ||
	    nla_put_u64_64bit(msg, NETSWITCH_A_DROP_COUNT, count,
			      NETSWITCH_A_DROP_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_direction(struct sk_buff *msg, int attr,
			 const struct netswitch_port *port,
			 enum netswitch_dir dir)
{
	u64 val[PORT_COUNTERS], held, pass, rest;
	struct nlattr *nest;
	u32 reason;

	netswitch_port_read(port, dir, val);
	held = val[PORT_HELD] - val[PORT_RELEASED];
	rest = val[PORT_CONSUMED] + held;
	for (reason = 1; reason <= NETSWITCH_DROP_REASON_MAX; reason++)
		rest += val[PORT_DROP + reason - 1];
	/* Where a CPU's writes may be seen in another order, an outcome may be seen
	 * before its frame.
	 */
	pass = val[PORT_FRAMES] > rest ? val[PORT_FRAMES] - rest : 0;

	nest = nla_nest_start(msg, attr);
	if (!nest ||
	    put_u64(msg, NETSWITCH_A_DIRECTION_FRAMES, val[PORT_FRAMES]) ||
	    put_u64(msg, NETSWITCH_A_DIRECTION_PASS, pass) ||
	    put_u64(msg, NETSWITCH_A_DIRECTION_HELD, held))
		return -EMSGSIZE;
	if (dir == NETSWITCH_IN &&
	    (put_u64(msg, NETSWITCH_A_DIRECTION_CONSUMED, val[PORT_CONSUMED]) ||
	     put_u64(msg, NETSWITCH_A_DIRECTION_COPIED, val[PORT_COPIED]) ||
	     put_u64(msg, NETSWITCH_A_DIRECTION_COPY_DROPS,
		     val[PORT_COPY_DROPS])))
		return -EMSGSIZE;
	for (reason = 1; reason <= NETSWITCH_DROP_REASON_MAX; reason++) {
		u64 count = val[PORT_DROP + reason - 1];

		if (count && put_drop(msg, reason, count))
			return -EMSGSIZE;
	}
	nla_nest_end(msg, nest);
	return 0;
}

/* @cb: the dump of which this is a part, if it is one */
static int port_put(struct sk_buff *msg, const struct netswitch_port *port,
		    u32 portid, u32 seq, u8 cmd, struct netlink_callback *cb)
{
	const struct net_device *dev = port->dev;
	void *hdr;

	hdr = genlmsg_put(msg, portid, seq, &netswitch_nl_family,
			  cb ? NLM_F_MULTI : 0, cmd);
	if (!hdr)
		return -EMSGSIZE;
	if (cb)
		genl_dump_check_consistent(cb, hdr);
	if (nla_put_u32(msg, NETSWITCH_A_PORT_IFINDEX, dev->ifindex) ||
	    nla_put_string(msg, NETSWITCH_A_PORT_IFNAME, dev->name) ||
	    nla_put_u32(msg, NETSWITCH_A_PORT_FLAGS, port->flags) ||
	    nla_put(msg, NETSWITCH_A_PORT_MAC, ETH_ALEN, dev->dev_addr) ||
	    nla_put_u32(msg, NETSWITCH_A_PORT_MTU, dev->mtu) ||
	    nla_put_u32(msg, NETSWITCH_A_PORT_UP, !!(dev->flags & IFF_UP)) ||
	    put_direction(msg, NETSWITCH_A_PORT_IN, port, NETSWITCH_IN) ||
	    put_direction(msg, NETSWITCH_A_PORT_OUT, port, NETSWITCH_OUT)) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return 0;
}

/* Tells the listeners of the port's namespace. One whose event cannot be had
 * is told by ENOBUFS that it lost one. Under rtnl.
 */
void netswitch_nl_port_notify(const struct netswitch_port *port, u8 cmd)
{
	struct net *net = dev_net(port->dev);
	struct sk_buff *msg;

	if (!genl_has_listeners(&netswitch_nl_family, net,
				NETSWITCH_NLGRP_EVENTS))
		return;
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		goto lost;
	if (WARN_ON_ONCE(port_put(msg, port, 0, 0, cmd, NULL))) {
		nlmsg_free(msg);
		goto lost;
	}
	genlmsg_multicast_netns(&netswitch_nl_family, net, msg, 0,
				NETSWITCH_NLGRP_EVENTS, GFP_KERNEL);
	return;

lost:
	genl_set_err(&netswitch_nl_family, net, 0, NETSWITCH_NLGRP_EVENTS,
		     -ENOBUFS);
}

static bool may_admin(struct sk_buff *skb, struct genl_info *info)
{
	if (netlink_ns_capable(skb, genl_info_net(info)->user_ns,
			       CAP_NET_ADMIN))
		return true;
	NL_SET_ERR_MSG(info->extack,
		       "ports need CAP_NET_ADMIN over the network namespace");
	return false;
}

/* The device that a request names by index or by name. Under rtnl.
 * Return: the device, or an error with extack set.
 */
static struct net_device *dev_of(struct net *net, struct nlattr **attrs,
				 struct netlink_ext_ack *extack)
{
	struct nlattr *index = attrs[NETSWITCH_A_PORT_IFINDEX];
	struct nlattr *name = attrs[NETSWITCH_A_PORT_IFNAME];
	struct net_device *dev;

	if (!index == !name) {
		NL_SET_ERR_MSG(extack, "name the device by ifindex or ifname");
		return ERR_PTR(-EINVAL);
	}
	if (index)
		dev = __dev_get_by_index(net, nla_get_u32(index));
	else
		dev = __dev_get_by_name(net, nla_data(name));
	if (!dev) {
		NL_SET_ERR_MSG_ATTR(extack, index ?: name,
				    "no such device in this namespace");
		return ERR_PTR(-ENODEV);
	}
	return dev;
}

/* The port that a request names, as port-get does. Under rtnl.
 * Return: the port, or an error with @extack set.
 */
struct netswitch_port *netswitch_nl_port_of(struct net *net,
					    struct nlattr **attrs,
					    struct netlink_ext_ack *extack)
{
	struct net_device *dev = dev_of(net, attrs, extack);
	struct netswitch_port *port;

	if (IS_ERR(dev))
		return ERR_CAST(dev);
	port = netswitch_port_find(net, dev->ifindex);
	if (!port) {
		NL_SET_ERR_MSG_ATTR(extack,
				    attrs[NETSWITCH_A_PORT_IFINDEX] ?:
					    attrs[NETSWITCH_A_PORT_IFNAME],
				    "the device is not a port");
		return ERR_PTR(-ENOENT);
	}
	return port;
}

/* The port whose index @index is, for a list of what belongs to ports. Under rtnl.
 * Return: the port, or an error with @extack set.
 */
struct netswitch_port *
netswitch_nl_port_by_index(struct net *net, const struct nlattr *index,
			   struct netlink_ext_ack *extack)
{
	struct netswitch_port *port;

	port = netswitch_port_find(net, nla_get_u32(index));
	if (port)
		return port;
	NL_SET_ERR_MSG_ATTR(extack, index, "no such port in this namespace");
	return ERR_PTR(-ENOENT);
}

/* Fills the reply to a request about a port. Memory for it was had before
 * anything was changed.
 */
static int port_reply(struct sk_buff *msg, const struct netswitch_port *port,
		      struct genl_info *info)
{
	return port_put(msg, port, info->snd_portid, info->snd_seq,
			info->genlhdr->cmd, NULL);
}

/* What the requests about one port have in common: rights, memory for the
 * reply, rtnl, and the reply. @act works on the port or, to make it, on the
 * device that the request names.
 */
static int port_do(struct sk_buff *skb, struct genl_info *info, bool admin,
		   int (*act)(struct sk_buff *msg, struct genl_info *info))
{
	struct sk_buff *msg;
	int ret;

	if (admin && !may_admin(skb, info))
		return -EPERM;
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	rtnl_lock();
	ret = act(msg, info);
	rtnl_unlock();
	if (ret) {
		nlmsg_free(msg);
		return ret;
	}
	return genlmsg_reply(msg, info);
}

static int port_add(struct sk_buff *msg, struct genl_info *info)
{
	u32 flags = NETSWITCH_PORT_FLAGS_DEMUX;
	struct netswitch_port *port;
	struct net_device *dev;
	int ret;

	dev = dev_of(genl_info_net(info), info->attrs, info->extack);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	if (info->attrs[NETSWITCH_A_PORT_FLAGS])
		flags = nla_get_u32(info->attrs[NETSWITCH_A_PORT_FLAGS]);
	ret = netswitch_port_add(dev, flags, info->extack, &port);
	if (ret < 0)
		return ret;
	netswitch_nl_port_notify(port, ret ? NETSWITCH_CMD_PORT_CHANGE_NTF :
					     NETSWITCH_CMD_PORT_ADD_NTF);
	return port_reply(msg, port, info);
}

int netswitch_nl_port_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return port_do(skb, info, true, port_add);
}

/* Does somebody need it as a port with policy? Then @info is told. Under rtnl. */
static bool kept(const struct netswitch_port *port, struct genl_info *info)
{
	if (!port->keepers)
		return false;
	NL_SET_ERR_MSG(
		info->extack,
		"a binding of the namespace needs the port and its policy");
	return true;
}

static int port_set(struct sk_buff *msg, struct genl_info *info)
{
	struct netswitch_port *port;
	u32 flags;
	int ret;

	if (GENL_REQ_ATTR_CHECK(info, NETSWITCH_A_PORT_FLAGS)) {
		NL_SET_ERR_MSG(info->extack, "no flags given");
		return -EINVAL;
	}
	port = netswitch_nl_port_of(genl_info_net(info), info->attrs,
				    info->extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	flags = nla_get_u32(info->attrs[NETSWITCH_A_PORT_FLAGS]);
	if (!(flags & NETSWITCH_PORT_FLAGS_POLICY) && kept(port, info))
		return -EBUSY;
	ret = netswitch_port_set(port, flags);
	if (ret < 0)
		return ret;
	/* From now on it is asked for. */
	port->lent = PORT_LENT_NOTHING;
	if (ret)
		netswitch_nl_port_notify(port, NETSWITCH_CMD_PORT_CHANGE_NTF);
	return port_reply(msg, port, info);
}

int netswitch_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return port_do(skb, info, true, port_set);
}

static int port_del(struct sk_buff *msg, struct genl_info *info)
{
	struct netswitch_port *port;
	int ret;

	port = netswitch_nl_port_of(genl_info_net(info), info->attrs,
				    info->extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	if (port->lent == PORT_LENT_ALL && kept(port, info))
		return -EBUSY;
	if (port->keepers) {
		netswitch_port_give_back(port);
		netswitch_nl_port_notify(port, NETSWITCH_CMD_PORT_CHANGE_NTF);
		return port_reply(msg, port, info);
	}
	netswitch_port_del(port);
	ret = port_reply(msg, port, info); /* with its last counters */
	netswitch_port_free(port);
	return ret;
}

int netswitch_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return port_do(skb, info, true, port_del);
}

static int port_get(struct sk_buff *msg, struct genl_info *info)
{
	struct netswitch_port *port;

	port = netswitch_nl_port_of(genl_info_net(info), info->attrs,
				    info->extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	return port_reply(msg, port, info);
}

int netswitch_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return port_do(skb, info, false, port_get);
}

static bool attrs_name(struct nlattr **attrs)
{
	return attrs && (attrs[NETSWITCH_A_PORT_IFINDEX] ||
			 attrs[NETSWITCH_A_PORT_IFNAME]);
}

/**
 * netswitch_nl_dump_ports() - one message of a dump that goes port by port
 * @msg: the message
 * @cb: the dump: args[0] is the index of the port from which to go on; args[1]
 *	is @put's, and 0 where a port begins
 * @only: the only port that is asked for, or NULL
 * @put: puts what there is of a port, from args[1] on
 * @want: for @put
 *
 * Context: under rtnl.
 * Return: what a dumpit() returns.
 */
int netswitch_nl_dump_ports(struct sk_buff *msg, struct netlink_callback *cb,
			    const struct netswitch_port *only,
			    netswitch_nl_put_fn *put, const void *want)
{
	struct netswitch_net *this = netswitch_net(sock_net(msg->sk));
	unsigned long last = only ? only->dev->ifindex : ULONG_MAX;
	unsigned long index = cb->args[0];
	struct netswitch_port *port;
	int ret;

	if (only)
		index = max(index, last);
	for (port = xa_find(&this->ports, &index, last, XA_PRESENT); port;
	     port = xa_find_after(&this->ports, &index, last, XA_PRESENT)) {
		if (index != cb->args[0]) {
			cb->args[0] = index;
			cb->args[1] = 0;
		}
		ret = put(msg, port, cb, want);
		if (ret) /* full: the next message goes on with this one */
			return msg->len ?: ret;
		cb->args[0] = index + 1;
		cb->args[1] = 0;
	}
	return 0;
}

static int port_put_one(struct sk_buff *msg, struct netswitch_port *port,
			struct netlink_callback *cb, const void *want)
{
	return port_put(msg, port, NETLINK_CB(cb->skb).portid,
			cb->nlh->nlmsg_seq, NETSWITCH_CMD_PORT_GET, cb);
}

int netswitch_nl_port_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct net *net = sock_net(skb->sk);
	struct netswitch_port *only = NULL;
	int ret;

	rtnl_lock();
	cb->seq = netswitch_net(net)->port_seq;
	if (attrs_name(attrs))
		only = netswitch_nl_port_of(net, attrs, cb->extack);
	ret = PTR_ERR_OR_ZERO(only);
	if (!ret)
		ret = netswitch_nl_dump_ports(skb, cb, only, port_put_one,
					      NULL);
	rtnl_unlock();
	return ret;
}

static int consumer_put(struct sk_buff *msg,
			const struct netswitch_consumer *consumer,
			struct netlink_callback *cb)
{
	u64 frames, drops;
	void *hdr;

	hdr = genlmsg_put(msg, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &netswitch_nl_family, NLM_F_MULTI,
			  NETSWITCH_CMD_CONSUMER_GET);
	if (!hdr)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, hdr);
	netswitch_consumer_read(consumer, &frames, &drops);
	if (nla_put_u32(msg, NETSWITCH_A_CONSUMER_IFINDEX,
			consumer->port->dev->ifindex) ||
	    nla_put_u32(msg, NETSWITCH_A_CONSUMER_ETHERTYPE,
			consumer->ethertype) ||
	    nla_put_u32(msg, NETSWITCH_A_CONSUMER_VID, consumer->vid) ||
	    nla_put_string(msg, NETSWITCH_A_CONSUMER_NAME, consumer->name) ||
	    nla_put_u32(msg, NETSWITCH_A_CONSUMER_PROMISC, consumer->promisc) ||
	    nla_put_u64_64bit(msg, NETSWITCH_A_CONSUMER_FRAMES, frames,
			      NETSWITCH_A_CONSUMER_PAD) ||
	    nla_put_u64_64bit(msg, NETSWITCH_A_CONSUMER_DROPS, drops,
			      NETSWITCH_A_CONSUMER_PAD)) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return 0;
}

/* cb->args[1]: how many of the port's consumers earlier messages had */
static int consumers_put(struct sk_buff *msg, struct netswitch_port *port,
			 struct netlink_callback *cb, const void *want)
{
	struct netswitch_consumer *consumer;
	long n = 0;
	int i, ret;

	for (i = 0; i < PORT_CONSUMER_BUCKETS; i++)
		hlist_for_each_entry(consumer, &port->consumers[i], node) {
			if (n++ < cb->args[1])
				continue;
			ret = consumer_put(msg, consumer, cb);
			if (ret)
				return ret;
			cb->args[1] = n;
		}
	return 0;
}

int netswitch_nl_consumer_get_dumpit(struct sk_buff *skb,
				     struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct net *net = sock_net(skb->sk);
	struct netswitch_port *only = NULL;
	int ret = 0;

	rtnl_lock();
	cb->seq = netswitch_net(net)->port_seq;
	if (attrs && attrs[NETSWITCH_A_CONSUMER_IFINDEX]) {
		only = netswitch_nl_port_by_index(
			net, attrs[NETSWITCH_A_CONSUMER_IFINDEX], cb->extack);
		ret = PTR_ERR_OR_ZERO(only);
	}
	if (!ret)
		ret = netswitch_nl_dump_ports(skb, cb, only, consumers_put,
					      NULL);
	rtnl_unlock();
	return ret;
}
