// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink operations on grants, and their events.
 *
 * Users and groups are numbers of the user namespace in which the requester opened
 * its socket. Who listens to events may be in any; for them they are numbers of the
 * one that owns the network namespace.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <linux/user_namespace.h>
#include <net/sock.h>

#include "grant.h"
#include "netswitch_nl_gen.h"
#include "port.h"

static struct user_namespace *requester_ns(const struct sk_buff *request)
{
	return sk_user_ns(NETLINK_CB(request).sk);
}

static size_t grant_size(void)
{
	return nla_total_size(sizeof(u32)) + /* ifindex */
	       nla_total_size(IFNAMSIZ) + /* ifname */
	       nla_total_size(sizeof(u32)) + /* ethertype */
	       nla_total_size(sizeof(u32)) + /* uid or gid */
	       nla_total_size(ETH_ALEN); /* mac */
}

static int put_who(struct sk_buff *msg, const struct netswitch_grant *grant,
		   struct user_namespace *user_ns)
{
	if (uid_valid(grant->uid))
		return nla_put_u32(msg, NETSWITCH_A_GRANT_UID,
				   from_kuid_munged(user_ns, grant->uid));
	return nla_put_u32(msg, NETSWITCH_A_GRANT_GID,
			   from_kgid_munged(user_ns, grant->gid));
}

/* @cb: the dump of which this is a part, if it is one */
static int grant_put(struct sk_buff *msg, const struct netswitch_port *port,
		     const struct netswitch_grant *grant,
		     struct user_namespace *user_ns, u32 portid, u32 seq,
		     u8 cmd, struct netlink_callback *cb)
{
	void *hdr;

	hdr = genlmsg_put(msg, portid, seq, &netswitch_nl_family,
			  cb ? NLM_F_MULTI : 0, cmd);
	if (!hdr)
		return -EMSGSIZE;
	if (cb)
		genl_dump_check_consistent(cb, hdr);
	if (nla_put_u32(msg, NETSWITCH_A_GRANT_IFINDEX, port->dev->ifindex) ||
	    nla_put_string(msg, NETSWITCH_A_GRANT_IFNAME, port->dev->name) ||
	    nla_put_u32(msg, NETSWITCH_A_GRANT_ETHERTYPE, grant->ethertype) ||
	    put_who(msg, grant, user_ns) ||
	    (!is_zero_ether_addr(grant->mac) &&
	     nla_put(msg, NETSWITCH_A_GRANT_MAC, ETH_ALEN, grant->mac))) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return 0;
}

/* Tells the listeners of the port's namespace. One whose event cannot be had is
 * told by ENOBUFS that it lost one. Under rtnl.
 */
void netswitch_nl_grant_notify(const struct netswitch_port *port,
			       const struct netswitch_grant *grant, u8 cmd)
{
	struct net *net = dev_net(port->dev);
	struct sk_buff *msg;

	if (!genl_has_listeners(&netswitch_nl_family, net,
				NETSWITCH_NLGRP_EVENTS))
		return;
	msg = genlmsg_new(grant_size(), GFP_KERNEL);
	if (!msg)
		goto lost;
	if (WARN_ON_ONCE(grant_put(msg, port, grant, net->user_ns, 0, 0, cmd,
				   NULL))) {
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

/* Reads what a request says of a grant; what it leaves out stays as it is.
 * Return: 0, or an error with @extack set.
 */
static int grant_read(struct nlattr **attrs, struct user_namespace *user_ns,
		      struct netlink_ext_ack *extack,
		      struct netswitch_grant *grant)
{
	struct nlattr *uid = attrs[NETSWITCH_A_GRANT_UID];
	struct nlattr *gid = attrs[NETSWITCH_A_GRANT_GID];
	struct nlattr *mac = attrs[NETSWITCH_A_GRANT_MAC];

	if (uid && gid) {
		NL_SET_ERR_MSG_ATTR(extack, gid,
				    "name a user or a group, not both");
		return -EINVAL;
	}
	if (attrs[NETSWITCH_A_GRANT_ETHERTYPE])
		grant->ethertype =
			nla_get_u32(attrs[NETSWITCH_A_GRANT_ETHERTYPE]);
	if (uid) {
		grant->uid = make_kuid(user_ns, nla_get_u32(uid));
		if (!uid_valid(grant->uid)) {
			NL_SET_ERR_MSG_ATTR(
				extack, uid,
				"the requester's user namespace has no such user");
			return -EINVAL;
		}
	}
	if (gid) {
		grant->gid = make_kgid(user_ns, nla_get_u32(gid));
		if (!gid_valid(grant->gid)) {
			NL_SET_ERR_MSG_ATTR(
				extack, gid,
				"the requester's user namespace has no such group");
			return -EINVAL;
		}
	}
	if (mac) {
		memcpy(grant->mac, nla_data(mac), ETH_ALEN);
		if (!is_valid_ether_addr(grant->mac)) {
			NL_SET_ERR_MSG_ATTR(
				extack, mac,
				"the address is not that of one station");
			return -EINVAL;
		}
	}
	return 0;
}

#define GRANT_ANY \
	((struct netswitch_grant){ .uid = INVALID_UID, .gid = INVALID_GID })

/* Reads a grant and the port of which it is; all of it must be said. Under rtnl.
 * Return: the port, or an error with extack set.
 */
static struct netswitch_port *grant_of(struct sk_buff *skb,
				       struct genl_info *info,
				       struct netswitch_grant *grant)
{
	int ret;

	*grant = GRANT_ANY;
	if (GENL_REQ_ATTR_CHECK(info, NETSWITCH_A_GRANT_ETHERTYPE)) {
		NL_SET_ERR_MSG(info->extack, "no EtherType given");
		return ERR_PTR(-EINVAL);
	}
	if (!info->attrs[NETSWITCH_A_GRANT_UID] &&
	    !info->attrs[NETSWITCH_A_GRANT_GID]) {
		NL_SET_ERR_MSG(info->extack, "name a user or a group");
		return ERR_PTR(-EINVAL);
	}
	ret = grant_read(info->attrs, requester_ns(skb), info->extack, grant);
	if (ret)
		return ERR_PTR(ret);
	return netswitch_nl_port_of(genl_info_net(info), info->attrs,
				    info->extack);
}

static int grant_reply(struct sk_buff *msg, struct sk_buff *skb,
		       struct genl_info *info,
		       const struct netswitch_port *port,
		       const struct netswitch_grant *grant)
{
	return grant_put(msg, port, grant, requester_ns(skb), info->snd_portid,
			 info->snd_seq, info->genlhdr->cmd, NULL);
}

/* What the requests about one grant have in common: rights, memory for the reply,
 * rtnl, and the reply.
 */
static int grant_do(struct sk_buff *skb, struct genl_info *info, bool admin,
		    int (*act)(struct sk_buff *msg, struct sk_buff *skb,
			       struct genl_info *info))
{
	struct sk_buff *msg;
	int ret;

	/* So the port of a request is read by netswitch_nl_port_of(). */
	BUILD_BUG_ON((int)NETSWITCH_A_GRANT_IFINDEX !=
		     (int)NETSWITCH_A_PORT_IFINDEX);
	BUILD_BUG_ON((int)NETSWITCH_A_GRANT_IFNAME !=
		     (int)NETSWITCH_A_PORT_IFNAME);

	if (admin && !netlink_ns_capable(skb, genl_info_net(info)->user_ns,
					 CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG(
			info->extack,
			"grants need CAP_NET_ADMIN over the network namespace");
		return -EPERM;
	}
	msg = genlmsg_new(grant_size(), GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	rtnl_lock();
	ret = act(msg, skb, info);
	rtnl_unlock();
	if (ret) {
		nlmsg_free(msg);
		return ret;
	}
	return genlmsg_reply(msg, info);
}

static int grant_add(struct sk_buff *msg, struct sk_buff *skb,
		     struct genl_info *info)
{
	struct netswitch_grant like, *grant;
	struct netswitch_port *port;
	char name[16];
	int ret;

	port = grant_of(skb, info, &like);
	if (IS_ERR(port))
		return PTR_ERR(port);
	if (netswitch_type_owner(like.ethertype, name, sizeof(name))) {
		NL_SET_ERR_MSG_ATTR(
			info->extack, info->attrs[NETSWITCH_A_GRANT_ETHERTYPE],
			"the EtherType is the kernel's: only CAP_NET_ADMIN takes it");
		return -EINVAL;
	}
	ret = netswitch_grant_add(port, &like, info->extack, &grant);
	if (ret)
		return ret;
	netswitch_nl_grant_notify(port, grant, NETSWITCH_CMD_GRANT_ADD_NTF);
	return grant_reply(msg, skb, info, port, grant);
}

int netswitch_nl_grant_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return grant_do(skb, info, true, grant_add);
}

/* The port of a grant that a request names, and the grant. Under rtnl. */
static struct netswitch_port *grant_known(struct sk_buff *skb,
					  struct genl_info *info,
					  struct netswitch_grant **grant)
{
	struct netswitch_grant like;
	struct netswitch_port *port;

	port = grant_of(skb, info, &like);
	if (IS_ERR(port))
		return port;
	*grant = netswitch_grant_find(port, &like);
	if (!*grant) {
		NL_SET_ERR_MSG(info->extack, "there is no such grant");
		return ERR_PTR(-ENOENT);
	}
	return port;
}

static int grant_del(struct sk_buff *msg, struct sk_buff *skb,
		     struct genl_info *info)
{
	struct netswitch_grant *grant;
	struct netswitch_port *port;
	int ret;

	port = grant_known(skb, info, &grant);
	if (IS_ERR(port))
		return PTR_ERR(port);
	ret = grant_reply(msg, skb, info, port, grant);
	netswitch_grant_del(port, grant);
	return ret;
}

int netswitch_nl_grant_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return grant_do(skb, info, true, grant_del);
}

static int grant_get(struct sk_buff *msg, struct sk_buff *skb,
		     struct genl_info *info)
{
	struct netswitch_grant *grant;
	struct netswitch_port *port;

	port = grant_known(skb, info, &grant);
	if (IS_ERR(port))
		return PTR_ERR(port);
	return grant_reply(msg, skb, info, port, grant);
}

int netswitch_nl_grant_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return grant_do(skb, info, false, grant_get);
}

/* Has a grant all that was asked for? What was not is 0, or none. */
static bool matches(const struct netswitch_grant *grant,
		    const struct netswitch_grant *want)
{
	if (want->ethertype && want->ethertype != grant->ethertype)
		return false;
	if (uid_valid(want->uid) &&
	    !(uid_valid(grant->uid) && uid_eq(want->uid, grant->uid)))
		return false;
	if (gid_valid(want->gid) &&
	    (uid_valid(grant->uid) || !gid_eq(want->gid, grant->gid)))
		return false;
	return is_zero_ether_addr(want->mac) ||
	       ether_addr_equal(want->mac, grant->mac);
}

/* cb->args[1]: how many of the port's grants earlier messages had */
static int grants_put(struct sk_buff *msg, struct netswitch_port *port,
		      struct netlink_callback *cb, const void *want)
{
	const struct netswitch_grant *grant;
	long n = 0;
	int ret = 0;

	list_for_each_entry(grant, &port->grants, node) {
		if (n++ < cb->args[1])
			continue;
		if (matches(grant, want))
			ret = grant_put(msg, port, grant, requester_ns(cb->skb),
					NETLINK_CB(cb->skb).portid,
					cb->nlh->nlmsg_seq,
					NETSWITCH_CMD_GRANT_GET, cb);
		if (ret)
			return ret;
		cb->args[1] = n;
	}
	return 0;
}

int netswitch_nl_grant_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct net *net = sock_net(skb->sk);
	struct netswitch_grant want = GRANT_ANY;
	struct netswitch_port *only = NULL;
	int ret = 0;

	rtnl_lock();
	cb->seq = netswitch_net(net)->port_seq;
	if (attrs)
		ret = grant_read(attrs, requester_ns(cb->skb), cb->extack,
				 &want);
	if (!ret && attrs &&
	    (attrs[NETSWITCH_A_GRANT_IFINDEX] ||
	     attrs[NETSWITCH_A_GRANT_IFNAME])) {
		only = netswitch_nl_port_of(net, attrs, cb->extack);
		ret = PTR_ERR_OR_ZERO(only);
	}
	if (!ret)
		ret = netswitch_nl_dump_ports(skb, cb, only, grants_put, &want);
	rtnl_unlock();
	return ret;
}
