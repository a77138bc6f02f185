// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink operations on bindings of namespaces, and their events: what bind_nl.c does
 * for ports.
 */
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>

#include "policy_nl.h"
#include "utcp_acl_nl_gen.h"

static enum utcp_acl_binding_kind kind_of(const struct acl_ns_binding *ns)
{
	return ns->kind == ACL_NS_OWN ? UTCP_ACL_BINDING_KIND_OWN :
					UTCP_ACL_BINDING_KIND_IMPOSED;
}

/* --- answers and events --------------------------------------------------------------- */

/**
 * acl_nl_ns_put() - describe the binding of a namespace
 * @to: where to
 * @ns: the binding
 * @outside: for the initial namespace, which has imposed it; else for who is inside,
 *	whom the policy of what is imposed is not told
 *
 * Context: under rtnl.
 * Return: 0; -EMSGSIZE if there is no room.
 */
int acl_nl_ns_put(const struct acl_msg *to, const struct acl_ns_binding *ns,
		  bool outside)
{
	bool imposed = ns->kind == ACL_NS_IMPOSED;
	struct sk_buff *msg = to->msg;
	void *hdr = acl_nl_header(to);
	struct acl_counters sum;

	if (!hdr)
		return -EMSGSIZE;
	acl_ns_read(ns, &sum);
	if (nla_put_u32(msg, UTCP_ACL_A_BINDING_KIND, kind_of(ns)) ||
	    (imposed && outside &&
	     nla_put_u32(msg, UTCP_ACL_A_BINDING_NETNS, ns->net->ns.inum)) ||
	    ((!imposed || outside) &&
	     nla_put_string(msg, UTCP_ACL_A_BINDING_POLICY,
			    ns->policy->set.name)) ||
	    nla_put_u32(msg, UTCP_ACL_A_BINDING_DEVICES, ns->devices) ||
	    acl_nl_put_directions(msg, &sum)) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return 0;
}

/* Tells the namespace that has bound it. Under rtnl. */
void acl_nl_ns_notify(const struct acl_ns_binding *ns, u8 cmd)
{
	struct net *net = ns->policies->net;
	struct acl_msg to = { .msg = acl_nl_event(net), .cmd = cmd };

	if (to.msg)
		acl_nl_tell(net, to.msg, acl_nl_ns_put(&to, ns, true));
}

/* --- what a request says ---------------------------------------------------------------- */

static int refuse_of_port(struct genl_info *info)
{
	static const u8 of_port[] = {
		UTCP_ACL_A_BINDING_IFINDEX, UTCP_ACL_A_BINDING_IFNAME,
		UTCP_ACL_A_BINDING_MAC,	    UTCP_ACL_A_BINDING_ADDR4,
		UTCP_ACL_A_BINDING_ADDR6,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(of_port); i++) {
		struct nlattr *attr = info->attrs[of_port[i]];

		if (!attr)
			continue;
		NL_SET_ERR_MSG_ATTR(
			info->extack, attr,
			"that is said of ports, not of a namespace");
		return -EINVAL;
	}
	return 0;
}

/**
 * acl_nl_imposed_on() - the namespace that something is, or is to be, imposed on
 * @from: the requester's namespace
 * @fd: an open file of the other
 * @extack: for refusals
 *
 * Context: process, by who has sent the request: the file is one of his.
 * Return: the namespace, with a reference, or an error.
 */
struct net *acl_nl_imposed_on(const struct net *from, const struct nlattr *fd,
			      struct netlink_ext_ack *extack)
{
	struct net *net;

	if (!net_eq(from, &init_net)) {
		NL_SET_ERR_MSG(
			extack,
			"only the initial network namespace imposes policies");
		return ERR_PTR(-EPERM);
	}
	net = get_net_ns_by_fd(nla_get_u32(fd));
	if (IS_ERR(net)) {
		NL_SET_ERR_MSG_ATTR(
			extack, fd,
			"this is no open file of a network namespace");
		return net;
	}
	if (net_eq(net, &init_net)) {
		put_net(net);
		NL_SET_ERR_MSG_ATTR(
			extack, fd,
			"the initial namespace binds itself, or its ports");
		return ERR_PTR(-EINVAL);
	}
	return net;
}

/**
 * struct about - what a request is about
 * @kind: kind of the binding
 * @net: the namespace, with a reference
 */
struct about {
	enum acl_ns_kind kind;
	struct net *net;
};

static int about_begin(struct about *about, struct genl_info *info)
{
	const struct nlattr *fd = info->attrs[UTCP_ACL_A_BINDING_NETNS_FD];
	int ret;

	ret = refuse_of_port(info);
	if (ret)
		return ret;
	if (nla_get_u32(info->attrs[UTCP_ACL_A_BINDING_KIND]) ==
	    UTCP_ACL_BINDING_KIND_IMPOSED) {
		about->kind = ACL_NS_IMPOSED;
		if (GENL_REQ_ATTR_CHECK(info, UTCP_ACL_A_BINDING_NETNS_FD)) {
			NL_SET_ERR_MSG(info->extack, "no namespace is named");
			return -EINVAL;
		}
		about->net = acl_nl_imposed_on(genl_info_net(info), fd,
					       info->extack);
		return PTR_ERR_OR_ZERO(about->net);
	}
	if (fd) {
		NL_SET_ERR_MSG_ATTR(
			info->extack, fd,
			"a namespace is named for what is imposed on it");
		return -EINVAL;
	}
	about->kind = ACL_NS_OWN;
	about->net = get_net(genl_info_net(info));
	return 0;
}

static struct acl_ns_binding *binding_of(const struct about *about,
					 struct netlink_ext_ack *extack)
{
	struct acl_ns_binding *ns = acl_net(about->net)->ns[about->kind];

	if (ns)
		return ns;
	NL_SET_ERR_MSG(extack, "the namespace is bound to no policy");
	return ERR_PTR(-ENOENT);
}

/* --- operations --------------------------------------------------------------------------- */

/* Context, here and below: under rtnl. Return: 0, or an error with @info told. */
int acl_nl_ns_bind(struct acl_msg *to, struct genl_info *info)
{
	struct nlattr *name = info->attrs[UTCP_ACL_A_BINDING_POLICY];
	struct net *net = genl_info_net(info);
	struct acl_ns_binding *ns;
	struct about about;
	int ret;

	if (GENL_REQ_ATTR_CHECK(info, UTCP_ACL_A_BINDING_POLICY)) {
		NL_SET_ERR_MSG(info->extack, "no policy is named");
		return -EINVAL;
	}
	ret = about_begin(&about, info);
	if (ret)
		return ret;
	ret = acl_ns_set(about.net, about.kind, &acl_net(net)->policies,
			 nla_data(name), info->extack, &ns);
	if (ret == -ENOENT)
		NL_SET_BAD_ATTR(info->extack, name);
	if (ret > 0)
		acl_nl_ns_notify(ns, UTCP_ACL_CMD_BIND_SET_NTF);
	if (ret >= 0)
		ret = acl_nl_ns_put(to, ns, true);
	put_net(about.net);
	return ret;
}

int acl_nl_ns_unbind(struct acl_msg *to, struct genl_info *info)
{
	struct acl_ns_binding *ns;
	struct about about;
	int ret;

	ret = about_begin(&about, info);
	if (ret)
		return ret;
	ns = binding_of(&about, info->extack);
	ret = PTR_ERR_OR_ZERO(ns);
	if (!ret) {
		WARN_ON_ONCE(acl_nl_ns_put(to, ns, true));
		acl_nl_ns_notify(ns, UTCP_ACL_CMD_BIND_DEL_NTF);
		acl_ns_clear(ns);
	}
	put_net(about.net);
	return ret;
}

int acl_nl_ns_get(struct acl_msg *to, struct genl_info *info)
{
	struct acl_ns_binding *ns;
	struct about about;
	int ret;

	ret = about_begin(&about, info);
	if (ret)
		return ret;
	ns = binding_of(&about, info->extack);
	ret = PTR_ERR_OR_ZERO(ns);
	if (!ret)
		ret = acl_nl_ns_put(to, ns, true);
	put_net(about.net);
	return ret;
}

static bool wanted(const struct acl_ns_binding *ns, struct nlattr **attrs,
		   bool outside)
{
	const struct nlattr *policy = attrs ? attrs[UTCP_ACL_A_BINDING_POLICY] :
					      NULL;

	if (attrs && attrs[UTCP_ACL_A_BINDING_KIND] &&
	    nla_get_u32(attrs[UTCP_ACL_A_BINDING_KIND]) != kind_of(ns))
		return false;
	if (!policy)
		return true;
	/* Nor can it be found out by asking. */
	return (ns->kind == ACL_NS_OWN || outside) &&
	       !nla_strcmp(policy, ns->policy->set.name);
}

static int put_wanted(const struct acl_msg *to, const struct acl_ns_binding *ns,
		      struct nlattr **attrs, bool outside)
{
	return wanted(ns, attrs, outside) ? acl_nl_ns_put(to, ns, outside) : 0;
}

/**
 * acl_nl_ns_dump() - put the bindings of a namespace as such, and those it has imposed
 * @to: a message of a dump: args[1] is the number of the last of those imposed that was
 *	put, args[2] the kind of its own that comes next
 * @net: the namespace
 * @attrs: what the request wants of them, or NULL
 *
 * Those that it has imposed come first, then what it has; of the initial namespace,
 * which alone has some of the former, nothing is imposed.
 *
 * Context: under rtnl.
 * Return: 0; -EMSGSIZE if there is more than room.
 */
int acl_nl_ns_dump(const struct acl_msg *to, struct net *net,
		   struct nlattr **attrs)
{
	struct acl_net *this = acl_net(net);
	struct acl_ns_binding *ns;
	int kind, ret = 0;

	if (net_eq(net, &init_net))
		list_for_each_entry(ns, &acl_ns_imposed, link) {
			if (ns->number <= (unsigned long)to->cb->args[1])
				continue;
			ret = put_wanted(to, ns, attrs, true);
			if (ret)
				return ret;
			to->cb->args[1] = ns->number;
		}
	for (kind = to->cb->args[2]; !ret && kind < ACL_NS_KINDS; kind++) {
		ns = this->ns[kind];
		if (ns)
			ret = put_wanted(to, ns, attrs, false);
		if (!ret)
			to->cb->args[2] = kind + 1;
	}
	return ret;
}
