// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits: the bounds of a family's tables in one namespace, and the netlink
 * operations that show and change them. Used by all modules of the suite.
 *
 * Who may change what: lowering is narrowing one's own namespace and needs
 * CAP_NET_ADMIN over it. Raising takes from the host, so it needs CAP_NET_ADMIN
 * in the initial user namespace: a sandbox's root cannot undo what the host
 * has set, nor by a namespace that he makes: that has no more than the one he makes it in.
 */
#include <linux/capability.h>
#include <linux/netlink.h>
#include <net/net_namespace.h>
#include <net/netswitch.h>

#include <uapi/linux/netswitch.h>

#define MSG_RAISE \
	"raising a limit needs CAP_NET_ADMIN in the initial user namespace"
#define MSG_NONE "no limit given"
#define MSG_CHANGE \
	"changing limits needs CAP_NET_ADMIN over the network namespace"

/* The family's policy tables are indexed by attribute; ours start at 1. */
static u32 limits_attr(u8 i)
{
	return i + 1;
}

/**
 * netswitch_limits_init() - give a new namespace the defaults
 * @desc: the family's limits
 * @limits: where to put them
 * @maker: of the namespace in which it is made, if who makes it may not raise limits; else
 *	NULL. See netswitch_maker()
 *
 * None is higher than that of @maker at this moment.
 */
void netswitch_limits_init(const struct netswitch_limits_desc *desc,
			   struct netswitch_limits *limits,
			   const struct netswitch_limits *maker)
{
	u8 i;

	mutex_init(&limits->lock);
	memcpy(limits->val, desc->def, sizeof(limits->val));
	for (i = 0; maker && i < desc->n; i++)
		limits->val[i] = min(limits->val[i], READ_ONCE(maker->val[i]));
}
EXPORT_SYMBOL_GPL(netswitch_limits_init);

static size_t info_size(const struct netswitch_limits_desc *desc)
{
	return nla_total_size(sizeof(UTCP_VERSION)) + /* version */
	       nla_total_size(sizeof(u32)) + /* abi */
	       nla_total_size(0) + /* limits */
	       desc->n * nla_total_size(sizeof(u32));
}

/* Fills the attributes that info-get, limits-set and limits-ntf have in
 * common. Cannot fail on a message of info_size().
 */
static int info_put(struct sk_buff *msg,
		    const struct netswitch_limits_desc *desc, const u32 *val)
{
	struct nlattr *nest;
	u8 i;

	if (nla_put_string(msg, NETSWITCH_A_INFO_VERSION, UTCP_VERSION) ||
	    nla_put_u32(msg, NETSWITCH_A_INFO_ABI, desc->abi))
		return -EMSGSIZE;

	nest = nla_nest_start(msg, NETSWITCH_A_INFO_LIMITS);
	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < desc->n; i++)
		if (nla_put_u32(msg, limits_attr(i), val[i]))
			return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static struct sk_buff *info_msg(const struct netswitch_limits_desc *desc,
				const u32 *val, u32 portid, u32 seq, u8 cmd)
{
	struct sk_buff *msg;
	void *hdr;

	msg = genlmsg_new(info_size(desc), GFP_KERNEL);
	if (!msg)
		return NULL;
	hdr = genlmsg_put(msg, portid, seq, desc->family, 0, cmd);
	if (!hdr || WARN_ON_ONCE(info_put(msg, desc, val))) {
		nlmsg_free(msg);
		return NULL;
	}
	genlmsg_end(msg, hdr);
	return msg;
}

/* Since 6.2 the kernel lets anything pass where an operation has no policy. */
static int no_attributes(struct genl_info *info)
{
	const struct nlattr *attr = nlmsg_attrdata(info->nlhdr, GENL_HDRLEN);
	int len = nlmsg_attrlen(info->nlhdr, GENL_HDRLEN);

	if (!len)
		return 0;
	NL_SET_ERR_MSG(info->extack, "the request takes no attributes");
	if (nla_ok(attr, len))
		NL_SET_BAD_ATTR(info->extack, attr);
	return -EINVAL;
}

/**
 * netswitch_info_get() - answer a family's info-get
 * @desc: the family's limits
 * @limits: those of the requester's namespace
 * @info: the request
 *
 * Context: process; may sleep, takes limits->lock.
 * Return: 0; -EINVAL with extack set if the request has attributes; -ENOMEM, or
 *	what sending gave.
 */
int netswitch_info_get(const struct netswitch_limits_desc *desc,
		       struct netswitch_limits *limits, struct genl_info *info)
{
	struct sk_buff *msg;
	int ret;

	ret = no_attributes(info);
	if (ret)
		return ret;
	/* The lock, so that a change of several limits shows whole. */
	mutex_lock(&limits->lock);
	msg = info_msg(desc, limits->val, info->snd_portid, info->snd_seq,
		       info->genlhdr->cmd);
	mutex_unlock(&limits->lock);
	if (!msg)
		return -ENOMEM;
	return genlmsg_reply(msg, info);
}
EXPORT_SYMBOL_GPL(netswitch_info_get);

/* Works out the limits that a request asks for.
 * @tb: the parsed nest, by attribute
 * @val: on entry the limits in force, on success the wanted ones; untouched
 *	on error
 *
 * Return: how many limits change; -ENODATA if none is named; -EPERM with
 *	@extack set.
 */
static int limits_apply(const struct netswitch_limits_desc *desc,
			struct nlattr *const *tb, bool may_raise, u32 *val,
			struct netlink_ext_ack *extack)
{
	u32 want[NETSWITCH_LIMITS_MAX];
	bool any = false;
	int changed = 0;
	u8 i;

	memcpy(want, val, sizeof(want));
	for (i = 0; i < desc->n; i++) {
		const struct nlattr *attr = tb[limits_attr(i)];

		if (!attr)
			continue;
		any = true;
		want[i] = nla_get_u32(attr);
		if (want[i] > val[i] && !may_raise) {
			NL_SET_ERR_MSG_ATTR(extack, attr, MSG_RAISE);
			return -EPERM;
		}
		changed += want[i] != val[i];
	}
	if (!any)
		return -ENODATA;
	memcpy(val, want, sizeof(want));
	return changed;
}

static void limits_assign(const struct netswitch_limits_desc *desc,
			  struct netswitch_limits *limits, const u32 *val)
{
	u8 i;

	lockdep_assert_held(&limits->lock);
	for (i = 0; i < desc->n; i++)
		WRITE_ONCE(limits->val[i], val[i]);
}

/* A listener whose event cannot be had is told by ENOBUFS that it lost one. */
static void limits_notify(const struct netswitch_limits_desc *desc,
			  struct netswitch_limits *limits, struct net *net)
{
	struct sk_buff *msg;

	if (!genl_has_listeners(desc->family, net, NETSWITCH_INFO_NLGRP_EVENTS))
		return;
	msg = info_msg(desc, limits->val, 0, 0, NETSWITCH_CMD_LIMITS_NTF);
	if (msg)
		genlmsg_multicast_netns(desc->family, net, msg, 0,
					NETSWITCH_INFO_NLGRP_EVENTS,
					GFP_KERNEL);
	else
		genl_set_err(desc->family, net, 0, NETSWITCH_INFO_NLGRP_EVENTS,
			     -ENOBUFS);
}

/**
 * netswitch_limits_set() - carry out a family's limits-set
 * @desc: the family's limits
 * @limits: those of the requester's namespace
 * @skb: the request's message, for the requester's rights
 * @info: the request
 *
 * All limits of the request are set or none; whatever can fail is done before
 * the first one changes.
 *
 * Context: process; may sleep, takes limits->lock.
 * Return: 0, -EPERM, -EINVAL or -ERANGE with extack set, or -ENOMEM.
 */
int netswitch_limits_set(const struct netswitch_limits_desc *desc,
			 struct netswitch_limits *limits, struct sk_buff *skb,
			 struct genl_info *info)
{
	struct nlattr *tb[NETSWITCH_LIMITS_MAX + 1];
	struct net *net = genl_info_net(info);
	u32 val[NETSWITCH_LIMITS_MAX];
	struct nlattr *nest;
	struct sk_buff *reply;
	int ret;

	if (!netlink_ns_capable(skb, net->user_ns, CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG(info->extack, MSG_CHANGE);
		return -EPERM;
	}
	nest = info->attrs[NETSWITCH_A_INFO_LIMITS];
	if (GENL_REQ_ATTR_CHECK(info, NETSWITCH_A_INFO_LIMITS)) {
		NL_SET_ERR_MSG(info->extack, MSG_NONE);
		return -EINVAL;
	}
	ret = nla_parse_nested(tb, desc->n, nest, desc->policy, info->extack);
	if (ret)
		return ret;

	mutex_lock(&limits->lock);
	memcpy(val, limits->val, sizeof(val));
	ret = limits_apply(desc, tb, netlink_capable(skb, CAP_NET_ADMIN), val,
			   info->extack);
	if (ret == -ENODATA) {
		NL_SET_ERR_MSG_ATTR(info->extack, nest, MSG_NONE);
		ret = -EINVAL;
	}
	if (ret < 0)
		goto unlock;

	reply = info_msg(desc, val, info->snd_portid, info->snd_seq,
			 info->genlhdr->cmd);
	if (!reply) {
		ret = -ENOMEM;
		goto unlock;
	}
	if (ret) {
		limits_assign(desc, limits, val);
		limits_notify(desc, limits, net);
	}
	mutex_unlock(&limits->lock);
	return genlmsg_reply(reply, info);

unlock:
	mutex_unlock(&limits->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(netswitch_limits_set);
