// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink operations on bindings, and their events.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/sock.h>

#include "bind.h"
#include "utcp_shaper_nl_gen.h"

#define A(name) UTCP_SHAPER_A_BINDING_##name

static_assert((int)UTCP_SHAPER_DIRECTION_IN - 1 == (int)NETSWITCH_IN);
static_assert((int)UTCP_SHAPER_DIRECTION_OUT - 1 == (int)NETSWITCH_OUT);

static size_t binding_size(void)
{
	return nla_total_size(IFNAMSIZ) + nla_total_size(SHAPER_NAME_LEN + 1) +
	       5 * nla_total_size(sizeof(u32));
}

/* @cb: the dump of which this is a part, if it is one */
static int binding_put(struct sk_buff *msg, const struct shaper_port *sport,
		       enum netswitch_dir dir, u32 portid, u32 seq, u8 cmd,
		       struct netlink_callback *cb)
{
	const struct shaper_class *class = rtnl_dereference(sport->class[dir]);
	const struct net_device *dev = netswitch_port_dev(sport->port);
	void *hdr;

	hdr = genlmsg_put(msg, portid, seq, &utcp_shaper_nl_family,
			  cb ? NLM_F_MULTI : 0, cmd);
	if (!hdr)
		return -EMSGSIZE;
	if (cb)
		genl_dump_check_consistent(cb, hdr);
	if (nla_put_u32(msg, A(IFINDEX), dev->ifindex) ||
	    nla_put_string(msg, A(IFNAME), dev->name) ||
	    nla_put_u32(msg, A(DIRECTION), dir + 1) ||
	    nla_put_string(msg, A(CLASS), class->name) ||
	    nla_put_u32(msg, A(FLAGS), sport->flags[dir]) ||
	    nla_put_u32(msg, A(WAITING), atomic_read(&sport->held[dir])) ||
	    nla_put_u32(msg, A(NET_SHAPER), netdev_has_net_shaper(dev))) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return 0;
}

/* As shaper_nl_class_notify(). Under rtnl. */
void shaper_nl_binding_notify(const struct shaper_port *sport,
			      enum netswitch_dir dir, u8 cmd)
{
	struct net *net = sport->net->net;
	struct sk_buff *msg;

	if (!genl_has_listeners(&utcp_shaper_nl_family, net,
				UTCP_SHAPER_NLGRP_EVENTS))
		return;
	msg = genlmsg_new(binding_size(), GFP_KERNEL);
	if (!msg)
		goto lost;
	if (WARN_ON_ONCE(binding_put(msg, sport, dir, 0, 0, cmd, NULL))) {
		nlmsg_free(msg);
		goto lost;
	}
	genlmsg_multicast_netns(&utcp_shaper_nl_family, net, msg, 0,
				UTCP_SHAPER_NLGRP_EVENTS, GFP_KERNEL);
	return;

lost:
	genl_set_err(&utcp_shaper_nl_family, net, 0, UTCP_SHAPER_NLGRP_EVENTS,
		     -ENOBUFS);
}

/* The port that a request names by index or by name. Under rtnl. */
static struct netswitch_port *port_of(struct net *net, struct nlattr **attrs,
				      struct netlink_ext_ack *extack)
{
	struct nlattr *index = attrs[A(IFINDEX)], *name = attrs[A(IFNAME)];
	struct netswitch_port *port;
	struct net_device *dev;

	if (!index == !name) {
		NL_SET_ERR_MSG(extack, "name the device by ifindex or ifname");
		return ERR_PTR(-EINVAL);
	}
	dev = index ? __dev_get_by_index(net, nla_get_u32(index)) :
		      __dev_get_by_name(net, nla_data(name));
	if (!dev) {
		NL_SET_ERR_MSG_ATTR(extack, index ?: name,
				    "no such device in this namespace");
		return ERR_PTR(-ENODEV);
	}
	port = netswitch_port_find(net, dev->ifindex);
	if (!port) {
		NL_SET_ERR_MSG_ATTR(extack, index ?: name,
				    "the device is not a port");
		return ERR_PTR(-ENOENT);
	}
	return port;
}

/* What the requests about one binding have in common. */
static int binding_do(struct sk_buff *skb, struct genl_info *info,
		      int (*act)(struct sk_buff *msg, struct genl_info *info,
				 struct netswitch_port *port,
				 enum netswitch_dir dir))
{
	struct netswitch_port *port;
	struct sk_buff *msg;
	int ret;

	if (!netlink_ns_capable(skb, genl_info_net(info)->user_ns,
				CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG(
			info->extack,
			"bindings need CAP_NET_ADMIN over the network namespace");
		return -EPERM;
	}
	if (GENL_REQ_ATTR_CHECK(info, A(DIRECTION))) {
		NL_SET_ERR_MSG(info->extack, "no direction given");
		return -EINVAL;
	}
	msg = genlmsg_new(binding_size(), GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	rtnl_lock();
	port = port_of(genl_info_net(info), info->attrs, info->extack);
	ret = IS_ERR(port) ? PTR_ERR(port) :
			     act(msg, info, port,
				 nla_get_u32(info->attrs[A(DIRECTION)]) - 1);
	rtnl_unlock();
	if (ret) {
		nlmsg_free(msg);
		return ret;
	}
	return genlmsg_reply(msg, info);
}

static int binding_reply(struct sk_buff *msg, const struct shaper_port *sport,
			 enum netswitch_dir dir, struct genl_info *info)
{
	return binding_put(msg, sport, dir, info->snd_portid, info->snd_seq,
			   info->genlhdr->cmd, NULL);
}

static int binding_add(struct sk_buff *msg, struct genl_info *info,
		       struct netswitch_port *port, enum netswitch_dir dir)
{
	struct shaper_net *this = shaper_net(genl_info_net(info));
	struct shaper_class *class;
	struct shaper_port *sport;
	u32 flags = 0;
	int ret;

	if (GENL_REQ_ATTR_CHECK(info, A(CLASS))) {
		NL_SET_ERR_MSG(info->extack, "no class given");
		return -EINVAL;
	}
	class = shaper_class_named(this, nla_data(info->attrs[A(CLASS)]));
	if (!class) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[A(CLASS)],
				    "there is no such class");
		return -ENOENT;
	}
	if (info->attrs[A(FLAGS)])
		flags = nla_get_u32(info->attrs[A(FLAGS)]);
	ret = shaper_bind(this, port, dir, class, flags, info->extack, &sport);
	if (ret)
		return ret;
	shaper_nl_binding_notify(sport, dir, UTCP_SHAPER_CMD_BINDING_ADD_NTF);
	return binding_reply(msg, sport, dir, info);
}

int utcp_shaper_nl_binding_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return binding_do(skb, info, binding_add);
}

static int binding_del(struct sk_buff *msg, struct genl_info *info,
		       struct netswitch_port *port, enum netswitch_dir dir)
{
	struct shaper_net *this = shaper_net(genl_info_net(info));
	struct shaper_port *sport = shaper_port_of(this, port);
	int ret;

	if (!sport || !rcu_access_pointer(sport->class[dir])) {
		NL_SET_ERR_MSG(info->extack, "this direction is not bound");
		return -ENOENT;
	}
	ret = binding_reply(msg, sport, dir, info);
	if (!ret)
		shaper_unbind(sport, dir);
	return ret;
}

int utcp_shaper_nl_binding_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return binding_do(skb, info, binding_del);
}

static int port_put(struct sk_buff *msg, const struct shaper_port *sport,
		    struct netlink_callback *cb)
{
	int dir, ret;

	for (dir = cb->args[1]; dir < 2; dir++) {
		if (!rcu_access_pointer(sport->class[dir]))
			continue;
		ret = binding_put(msg, sport, dir, NETLINK_CB(cb->skb).portid,
				  cb->nlh->nlmsg_seq,
				  UTCP_SHAPER_CMD_BINDING_GET, cb);
		if (ret)
			return ret;
		cb->args[1] = dir + 1;
	}
	return 0;
}

/* cb->args[0]: how many ports earlier messages had; cb->args[1]: direction of the
 * next one from which to go on
 */
int utcp_shaper_nl_binding_get_dumpit(struct sk_buff *skb,
				      struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct net *net = sock_net(skb->sk);
	struct shaper_net *this = shaper_net(net);
	struct netswitch_port *only = NULL;
	struct shaper_port *sport;
	long n = 0;
	int ret = 0;

	rtnl_lock();
	cb->seq = this->seq;
	if (attrs && (attrs[A(IFINDEX)] || attrs[A(IFNAME)])) {
		only = port_of(net, attrs, cb->extack);
		if (IS_ERR(only)) {
			ret = PTR_ERR(only);
			goto unlock;
		}
	}
	list_for_each_entry(sport, &this->ports, node) {
		if (n++ < cb->args[0])
			continue;
		if (!only || only == sport->port)
			ret = port_put(skb, sport, cb);
		if (ret)
			break;
		cb->args[0] = n;
		cb->args[1] = 0;
	}
	if (ret && skb->len)
		ret = skb->len;
unlock:
	rtnl_unlock();
	return ret;
}
