// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink operations on bindings and counters, and their events.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <linux/unaligned.h>
#include <net/sock.h>

#include "basics.h"
#include "policy_nl.h"
#include "utcp_acl_nl_gen.h"

/* --- answers and events --------------------------------------------------------------- */

static int put_drop(struct sk_buff *msg, u32 reason, u64 n)
{
	struct nlattr *nest;

	nest = nla_nest_start(msg, UTCP_ACL_A_DIRECTION_COUNTERS_DROP);
	if (!nest || nla_put_u32(msg, UTCP_ACL_A_DROP_REASON, reason) ||
	    nla_put_u64_64bit(msg, UTCP_ACL_A_DROP_COUNT, n,
			      UTCP_ACL_A_DROP_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_counters(struct sk_buff *msg, int attr,
			const u64 val[ACL_COUNTERS])
{
	u64 drops = 0, allowed;
	struct nlattr *nest;
	u32 reason;

	for (reason = 1; reason <= UTCP_ACL_DROP_REASON_MAX; reason++)
		drops += val[ACL_DROP + reason - 1];
	/* A CPU's writes may be seen in another order. */
	allowed = val[ACL_FRAMES] > drops ? val[ACL_FRAMES] - drops : 0;
	nest = nla_nest_start(msg, attr);
	if (!nest ||
	    nla_put_u64_64bit(msg, UTCP_ACL_A_DIRECTION_COUNTERS_FRAMES,
			      allowed + drops,
			      UTCP_ACL_A_DIRECTION_COUNTERS_PAD) ||
	    nla_put_u64_64bit(msg, UTCP_ACL_A_DIRECTION_COUNTERS_ALLOWED,
			      allowed, UTCP_ACL_A_DIRECTION_COUNTERS_PAD))
		return -EMSGSIZE;
	for (reason = 1; reason <= UTCP_ACL_DROP_REASON_MAX; reason++)
		if (val[ACL_DROP + reason - 1] &&
		    put_drop(msg, reason, val[ACL_DROP + reason - 1]))
			return -EMSGSIZE;
	if (nla_put_u64_64bit(msg, UTCP_ACL_A_DIRECTION_COUNTERS_REJECTED,
			      val[ACL_REJECTED],
			      UTCP_ACL_A_DIRECTION_COUNTERS_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

int acl_nl_put_directions(struct sk_buff *msg, const struct acl_counters *sum)
{
	if (put_counters(msg, UTCP_ACL_A_BINDING_IN, sum->val[ACL_IN]) ||
	    put_counters(msg, UTCP_ACL_A_BINDING_OUT, sum->val[ACL_OUT]))
		return -EMSGSIZE;
	return 0;
}

static int put_basics(struct sk_buff *msg, const struct acl_basics *basics)
{
	u8 mac[ETH_ALEN];
	u32 i;

	if (!basics)
		return 0;
	put_unaligned_be16(basics->mac >> 32, mac);
	put_unaligned_be32(basics->mac, mac + 2);
	if (nla_put(msg, UTCP_ACL_A_BINDING_MAC, sizeof(mac), mac))
		return -EMSGSIZE;
	for (i = 0; i < basics->n; i++) {
		bool is4 = basics->addr[i].family == ACL_IPV4;

		if (nla_put(msg,
			    is4 ? UTCP_ACL_A_BINDING_ADDR4 :
				  UTCP_ACL_A_BINDING_ADDR6,
			    is4 ? 4 : 16, basics->addr[i].addr))
			return -EMSGSIZE;
	}
	return 0;
}

/* Under rtnl. */
static int binding_put(const struct acl_msg *to,
		       const struct acl_binding *binding)
{
	const struct net_device *dev = netswitch_port_dev(binding->port);
	const struct acl_policy *policy = rtnl_dereference(binding->policy);
	void *hdr = acl_nl_header(to);
	struct acl_counters sum;

	if (!hdr)
		return -EMSGSIZE;
	acl_binding_read(binding, &sum);
	if (put_basics(to->msg, rtnl_dereference(binding->basics)))
		goto full;
	/* A name is never changed, and the policy stays while it has a user. */
	if (nla_put_u32(to->msg, UTCP_ACL_A_BINDING_IFINDEX, dev->ifindex) ||
	    nla_put_string(to->msg, UTCP_ACL_A_BINDING_IFNAME, dev->name) ||
	    nla_put_string(to->msg, UTCP_ACL_A_BINDING_POLICY,
			   policy->set.name) ||
	    nla_put_u32(to->msg, UTCP_ACL_A_BINDING_KIND,
			UTCP_ACL_BINDING_KIND_PORT) ||
	    acl_nl_put_directions(to->msg, &sum))
		goto full;
	genlmsg_end(to->msg, hdr);
	return 0;

full:
	genlmsg_cancel(to->msg, hdr);
	return -EMSGSIZE;
}

/* Under rtnl. */
void acl_nl_binding_notify(const struct acl_binding *binding, u8 cmd)
{
	struct net *net = dev_net(netswitch_port_dev(binding->port));
	struct acl_msg to = { .msg = acl_nl_event(net), .cmd = cmd };

	if (to.msg)
		acl_nl_tell(net, to.msg, binding_put(&to, binding));
}

/* --- what a request says ---------------------------------------------------------------- */

/* The port that a request names by index or by name. Under rtnl.
 * Return: the port, or an error with @extack set.
 */
static struct netswitch_port *port_of(struct net *net, struct nlattr **attrs,
				      struct netlink_ext_ack *extack)
{
	struct nlattr *index = attrs[UTCP_ACL_A_BINDING_IFINDEX];
	struct nlattr *name = attrs[UTCP_ACL_A_BINDING_IFNAME];
	struct netswitch_port *port;
	struct net_device *dev;

	if (!index == !name) {
		NL_SET_ERR_MSG(extack, "name the port by ifindex or ifname");
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
	port = netswitch_port_find(net, dev->ifindex);
	if (!port) {
		NL_SET_ERR_MSG_ATTR(extack, index ?: name,
				    "the device is not a port");
		return ERR_PTR(-ENOENT);
	}
	return port;
}

/* The binding of the port that a request names. Under rtnl. */
struct acl_binding *acl_nl_binding_of(struct net *net, struct nlattr **attrs,
				      struct netlink_ext_ack *extack)
{
	struct netswitch_port *port = port_of(net, attrs, extack);
	struct acl_binding *binding;

	if (IS_ERR(port))
		return ERR_CAST(port);
	binding = acl_binding_find(&acl_net(net)->bindings, port, NULL);
	if (binding)
		return binding;
	NL_SET_ERR_MSG_ATTR(extack,
			    attrs[UTCP_ACL_A_BINDING_IFINDEX] ?:
				    attrs[UTCP_ACL_A_BINDING_IFNAME],
			    "the port is bound to no policy");
	return ERR_PTR(-ENOENT);
}

/* The port that a request names, about whose frames a policy decides: its own, or one of its
 * namespace. Under rtnl.
 */
struct netswitch_port *acl_nl_bound_port(struct net *net, struct nlattr **attrs,
					 struct netlink_ext_ack *extack)
{
	struct netswitch_port *port = port_of(net, attrs, extack);
	struct acl_binding *binding;

	if (IS_ERR(port))
		return port;
	list_for_each_entry(binding, &acl_net(net)->bindings.list, link)
		if (binding->port == port)
			return port;
	NL_SET_ERR_MSG_ATTR(extack,
			    attrs[UTCP_ACL_A_BINDING_IFINDEX] ?:
				    attrs[UTCP_ACL_A_BINDING_IFNAME],
			    "the port is bound to no policy");
	return ERR_PTR(-ENOENT);
}

/* --- operations --------------------------------------------------------------------------- */

/* Is a request about the binding of a namespace? If not, it names none. Under rtnl.
 * Return: 1 if it is, 0, or an error with @info told.
 */
static int about_ns(const struct genl_info *info)
{
	const struct nlattr *kind = info->attrs[UTCP_ACL_A_BINDING_KIND];
	const struct nlattr *fd = info->attrs[UTCP_ACL_A_BINDING_NETNS_FD];

	if (kind && nla_get_u32(kind) != UTCP_ACL_BINDING_KIND_PORT)
		return 1;
	if (!fd)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, fd,
			    "a namespace is named for what is imposed on it");
	return -EINVAL;
}

static int read_address(const struct nlattr *attr, struct acl_basics *basics,
			struct netlink_ext_ack *extack)
{
	struct acl_basics_addr *addr = &basics->addr[basics->n];
	const u8 *bytes = nla_data(attr);

	if (basics->n == ACL_BASICS_ADDRS) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a binding has at most 16 addresses");
		return -E2BIG;
	}
	addr->family = nla_type(attr) == UTCP_ACL_A_BINDING_ADDR4 ? ACL_IPV4 :
								    ACL_IPV6;
	if (addr->family == ACL_IPV4 ? !bytes[0] || bytes[0] >= 224 :
				       bytes[0] == 0xff || !bytes[0]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "no sandbox has an address like this");
		return -EINVAL;
	}
	memcpy(addr->addr, bytes, nla_len(attr));
	basics->n++;
	return 0;
}

/* What is the sandbox's own. Return: 1 if the request says it, 0, or an error. */
static int read_basics(struct genl_info *info, struct acl_basics *basics)
{
	struct nlattr *mac = info->attrs[UTCP_ACL_A_BINDING_MAC];
	const struct nlattr *attr;
	int rem, ret;

	memset(basics, 0, sizeof(*basics));
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != UTCP_ACL_A_BINDING_ADDR4 &&
		    nla_type(attr) != UTCP_ACL_A_BINDING_ADDR6)
			continue;
		if (!mac) {
			NL_SET_ERR_MSG_ATTR(info->extack, attr,
					    "addresses go with a MAC address");
			return -EINVAL;
		}
		ret = read_address(attr, basics, info->extack);
		if (ret)
			return ret;
	}
	if (!mac)
		return 0;
	if (!is_valid_ether_addr(nla_data(mac))) {
		NL_SET_ERR_MSG_ATTR(info->extack, mac,
				    "no sandbox has an address like this");
		return -EINVAL;
	}
	basics->mac = acl_mac(nla_data(mac));
	return 1;
}

static int bind_set(struct acl_msg *to, struct genl_info *info)
{
	struct nlattr *name = info->attrs[UTCP_ACL_A_BINDING_POLICY];
	struct net *net = genl_info_net(info);
	struct acl_binding *binding;
	struct netswitch_port *port;
	struct acl_basics basics;
	int ret, own;

	ret = about_ns(info);
	if (ret)
		return ret < 0 ? ret : acl_nl_ns_bind(to, info);
	if (GENL_REQ_ATTR_CHECK(info, UTCP_ACL_A_BINDING_POLICY)) {
		NL_SET_ERR_MSG(info->extack, "no policy is named");
		return -EINVAL;
	}
	own = read_basics(info, &basics);
	if (own < 0)
		return own;
	port = port_of(net, info->attrs, info->extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	ret = acl_binding_set(net, port, nla_data(name), own ? &basics : NULL,
			      info->extack, &binding);
	if (ret == -ENOENT)
		NL_SET_BAD_ATTR(info->extack, name);
	if (ret < 0)
		return ret;
	if (ret)
		acl_nl_binding_notify(binding, UTCP_ACL_CMD_BIND_SET_NTF);
	return binding_put(to, binding);
}

static int bind_del(struct acl_msg *to, struct genl_info *info)
{
	struct acl_binding *binding;
	int ret;

	ret = about_ns(info);
	if (ret)
		return ret < 0 ? ret : acl_nl_ns_unbind(to, info);
	binding = acl_nl_binding_of(genl_info_net(info), info->attrs,
				    info->extack);
	if (IS_ERR(binding))
		return PTR_ERR(binding);
	WARN_ON_ONCE(binding_put(to, binding));
	return netswitch_stage_clear(binding->port, NETSWITCH_STAGE_ACL);
}

static int bind_get(struct acl_msg *to, struct genl_info *info)
{
	static const u8 lists[] = { UTCP_ACL_A_BINDING_POLICY };
	struct acl_binding *binding;
	int ret;

	ret = acl_nl_refuse(info->attrs, lists, ARRAY_SIZE(lists),
			    info->extack);
	if (ret)
		return ret;
	ret = about_ns(info);
	if (ret)
		return ret < 0 ? ret : acl_nl_ns_get(to, info);
	binding = acl_nl_binding_of(genl_info_net(info), info->attrs,
				    info->extack);
	if (IS_ERR(binding))
		return PTR_ERR(binding);
	return binding_put(to, binding);
}

static int stats_get(struct acl_msg *to, struct genl_info *info)
{
	struct acl_bindings *bindings = &acl_net(genl_info_net(info))->bindings;
	struct acl_binding *binding;
	struct acl_counters sum;
	void *hdr;

	/* Where an operation has no policy, new kernels let anything pass. */
	if (nlmsg_attrlen(info->nlhdr, GENL_HDRLEN)) {
		NL_SET_ERR_MSG(info->extack, "the request takes no attributes");
		return -EINVAL;
	}
	sum = bindings->gone;
	list_for_each_entry(binding, &bindings->list, link)
		acl_binding_add(binding, &sum);
	hdr = acl_nl_header(to);
	if (!hdr || acl_nl_put_directions(to->msg, &sum))
		return -EMSGSIZE;
	genlmsg_end(to->msg, hdr);
	return 0;
}

static int bind_do(struct sk_buff *skb, struct genl_info *info,
		   int (*act)(struct acl_msg *to, struct genl_info *info))
{
	struct acl_msg to;
	int ret;

	ret = acl_nl_begin(&to, skb, info);
	if (ret)
		return ret;
	rtnl_lock();
	ret = act(&to, info);
	rtnl_unlock();
	return acl_nl_end(&to, info, ret);
}

int utcp_acl_nl_bind_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return bind_do(skb, info, bind_set);
}

int utcp_acl_nl_bind_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return bind_do(skb, info, bind_del);
}

int utcp_acl_nl_bind_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return bind_do(skb, info, bind_get);
}

int utcp_acl_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return bind_do(skb, info, stats_get);
}

/* Is it one of those that a list is about? @port: or NULL for all. Under rtnl. */
static bool wanted(const struct acl_binding *binding, struct nlattr **attrs,
		   const struct netswitch_port *port)
{
	if (binding->ns || (port && binding->port != port))
		return false;
	return !attrs || !attrs[UTCP_ACL_A_BINDING_POLICY] ||
	       !nla_strcmp(attrs[UTCP_ACL_A_BINDING_POLICY],
			   rtnl_dereference(binding->policy)->set.name);
}

/* Puts the bindings of ports. Under rtnl. */
static int ports_put(const struct acl_msg *to, struct acl_bindings *bindings,
		     struct nlattr **attrs, const struct netswitch_port *port)
{
	struct acl_binding *binding;
	int ret;

	list_for_each_entry(binding, &bindings->list, link) {
		if (binding->number <= (unsigned long)to->cb->args[0] ||
		    !wanted(binding, attrs, port))
			continue;
		ret = binding_put(to, binding);
		if (ret)
			return ret;
		to->cb->args[0] = binding->number;
	}
	return 0;
}

static bool about_port(struct nlattr **attrs)
{
	return attrs && (attrs[UTCP_ACL_A_BINDING_IFINDEX] ||
			 attrs[UTCP_ACL_A_BINDING_IFNAME]);
}

static bool kind_wanted(struct nlattr **attrs, u32 kind)
{
	return !attrs || !attrs[UTCP_ACL_A_BINDING_KIND] ||
	       nla_get_u32(attrs[UTCP_ACL_A_BINDING_KIND]) == kind;
}

/* cb->args[0]: number of the last binding of a port that was put, in whose order they
 * are; for the others see acl_nl_ns_dump()
 */
int utcp_acl_nl_bind_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct net *net = sock_net(skb->sk);
	struct acl_bindings *bindings = &acl_net(net)->bindings;
	struct netswitch_port *port = NULL;
	struct acl_msg to;
	int ret;

	ret = acl_nl_begin_dump(&to, skb, cb, UTCP_ACL_CMD_BIND_GET);
	if (ret)
		return ret;
	if (attrs && attrs[UTCP_ACL_A_BINDING_NETNS_FD]) {
		NL_SET_ERR_MSG_ATTR(cb->extack,
				    attrs[UTCP_ACL_A_BINDING_NETNS_FD],
				    "lists are not of one namespace");
		return -EINVAL;
	}
	rtnl_lock();
	cb->seq = bindings->seq;
	if (about_port(attrs)) {
		port = port_of(net, attrs, cb->extack);
		if (IS_ERR(port)) {
			ret = PTR_ERR(port);
			goto unlock;
		}
	}
	if (kind_wanted(attrs, UTCP_ACL_BINDING_KIND_PORT))
		ret = ports_put(&to, bindings, attrs, port);
	if (!ret && !about_port(attrs))
		ret = acl_nl_ns_dump(&to, net, attrs);
	if (ret && skb->len)
		ret = skb->len;
unlock:
	rtnl_unlock();
	return ret;
}
