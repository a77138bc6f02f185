// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink operations on classes, and their events.
 */
#include <linux/rtnetlink.h>
#include <net/sock.h>

#include "class.h"
#include "utcp_shaper_nl_gen.h"

#define A(name) UTCP_SHAPER_A_CLASS_##name
#define S(name) UTCP_SHAPER_A_STATS_##name

/* Room for a class with all drop reasons. */
static size_t class_size(void)
{
	const size_t u64_size = nla_total_size_64bit(sizeof(u64));
	const size_t u32_size = nla_total_size(sizeof(u32));

	return 2 * nla_total_size(SHAPER_NAME_LEN + 1) + 2 * u64_size +
	       10 * u32_size + nla_total_size(0) + /* stats */
	       10 * u64_size + 2 * u32_size +
	       UTCP_SHAPER_DROP_REASON_MAX *
		       (nla_total_size(0) + u32_size + u64_size);
}

static int put_u64(struct sk_buff *msg, int attr, u64 value)
{
	BUILD_BUG_ON((int)S(PAD) != 2);
	return nla_put_u64_64bit(msg, attr, value, S(PAD));
}

static int put_drop(struct sk_buff *msg, u32 reason, u64 count)
{
	struct nlattr *nest = nla_nest_start(msg, S(DROP));

	if (!nest || nla_put_u32(msg, UTCP_SHAPER_A_DROP_REASON, reason) ||
	    nla_put_u64_64bit(msg, UTCP_SHAPER_A_DROP_COUNT, count,
			      UTCP_SHAPER_A_DROP_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_stats(struct sk_buff *msg, struct shaper_class *class)
{
	struct shaper_stats stats;
	struct nlattr *nest;
	u32 reason;

	shaper_stats_read(class, &stats);
	nest = nla_nest_start(msg, A(STATS));
	if (!nest || put_u64(msg, S(FRAMES), stats.counts.frames) ||
	    put_u64(msg, S(PACKETS), stats.counts.packets) ||
	    put_u64(msg, S(BYTES), stats.counts.sent) ||
	    put_u64(msg, S(BACKLOG_PACKETS), stats.backlog_packets) ||
	    put_u64(msg, S(BACKLOG_BYTES), stats.backlog_bytes) ||
	    put_u64(msg, S(MARKS), stats.counts.marks) ||
	    put_u64(msg, S(BORROWED), stats.counts.borrowed) ||
	    put_u64(msg, S(RATE_1S), stats.rate_1s) ||
	    put_u64(msg, S(RATE_10S), stats.rate_10s))
		return -EMSGSIZE;
	if (!class->n_children &&
	    (put_u64(msg, S(THROTTLED), stats.throttled) ||
	     nla_put_u32(msg, S(SOJOURN_P50), stats.p50) ||
	     nla_put_u32(msg, S(SOJOURN_P99), stats.p99)))
		return -EMSGSIZE;
	for (reason = 1; reason <= UTCP_SHAPER_DROP_REASON_MAX; reason++) {
		u64 count = stats.counts.drops[reason - 1];

		if (count && put_drop(msg, reason, count))
			return -EMSGSIZE;
	}
	nla_nest_end(msg, nest);
	return 0;
}

static int put_config(struct sk_buff *msg, const struct shaper_config *config)
{
	if (nla_put_u64_64bit(msg, A(BW_MIN), config->bw_min, A(PAD)) ||
	    nla_put_u64_64bit(msg, A(BW_MAX), config->bw_max, A(PAD)) ||
	    nla_put_u32(msg, A(BURST), config->burst) ||
	    nla_put_u32(msg, A(PRIORITY), config->priority) ||
	    nla_put_u32(msg, A(WEIGHT), config->weight) ||
	    nla_put_u32(msg, A(QUEUE_BYTES), config->queue_bytes) ||
	    nla_put_u32(msg, A(QUEUE_TIME), config->queue_time) ||
	    nla_put_u32(msg, A(OVERHEAD), config->overhead))
		return -EMSGSIZE;
	return 0;
}

/* @cb: the dump of which this is a part, if it is one */
static int class_put(struct sk_buff *msg, struct shaper_class *class,
		     u32 portid, u32 seq, u8 cmd, struct netlink_callback *cb)
{
	void *hdr;

	hdr = genlmsg_put(msg, portid, seq, &utcp_shaper_nl_family,
			  cb ? NLM_F_MULTI : 0, cmd);
	if (!hdr)
		return -EMSGSIZE;
	if (cb)
		genl_dump_check_consistent(cb, hdr);
	if (nla_put_u32(msg, A(ID), class->id) ||
	    nla_put_string(msg, A(NAME), class->name) ||
	    (class->parent &&
	     nla_put_string(msg, A(PARENT), class->parent->name)) ||
	    put_config(msg, &class->config) ||
	    nla_put_u32(msg, A(CHILDREN), class->n_children) ||
	    nla_put_u32(msg, A(BINDINGS), class->n_bindings) ||
	    (!class->n_children &&
	     nla_put_u32(msg, A(WAITING), class->waiting)) ||
	    put_stats(msg, class)) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return 0;
}

/* Tells the listeners of the class's namespace. One whose event cannot be had is
 * told by ENOBUFS that it lost one. Under rtnl.
 */
void shaper_nl_class_notify(struct shaper_class *class, u8 cmd)
{
	struct net *net = class->net->net;
	struct sk_buff *msg;

	if (!genl_has_listeners(&utcp_shaper_nl_family, net,
				UTCP_SHAPER_NLGRP_EVENTS))
		return;
	msg = genlmsg_new(class_size(), GFP_KERNEL);
	if (!msg)
		goto lost;
	if (WARN_ON_ONCE(class_put(msg, class, 0, 0, cmd, NULL))) {
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

static void read_u32(const struct nlattr *attr, u32 *value)
{
	if (attr)
		*value = nla_get_u32(attr);
}

static void read_u64(const struct nlattr *attr, u64 *value)
{
	if (attr)
		*value = nla_get_u64(attr);
}

/* Fewer than this does not carry a frame a second. */
#define RATE_MIN 8000ULL
#define RATE_MAX 1000000000000ULL

static int check_rate(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	u64 rate = attr ? nla_get_u64(attr) : 0;

	if (!rate || (rate >= RATE_MIN && rate <= RATE_MAX))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "a rate is 0, or 8000 to 10^12 bits per second");
	return -ERANGE;
}

/* What a request says of a class; what it leaves out stays as it is. */
static int config_read(struct genl_info *info, struct shaper_config *config)
{
	struct nlattr **attrs = info->attrs;
	int ret;

	ret = check_rate(attrs[A(BW_MIN)], info->extack);
	if (!ret)
		ret = check_rate(attrs[A(BW_MAX)], info->extack);
	if (ret)
		return ret;
	read_u64(attrs[A(BW_MIN)], &config->bw_min);
	read_u64(attrs[A(BW_MAX)], &config->bw_max);
	read_u32(attrs[A(BURST)], &config->burst);
	read_u32(attrs[A(PRIORITY)], &config->priority);
	read_u32(attrs[A(WEIGHT)], &config->weight);
	read_u32(attrs[A(QUEUE_BYTES)], &config->queue_bytes);
	read_u32(attrs[A(QUEUE_TIME)], &config->queue_time);
	read_u32(attrs[A(OVERHEAD)], &config->overhead);
	return 0;
}

/* The class that a request names by one attribute. Under rtnl. */
static struct shaper_class *class_by(struct shaper_net *this,
				     const struct nlattr *attr, bool by_id,
				     struct netlink_ext_ack *extack)
{
	struct shaper_class *class;

	class = by_id ? shaper_class_find(this, nla_get_u32(attr)) :
			shaper_class_named(this, nla_data(attr));
	if (class)
		return class;
	NL_SET_ERR_MSG_ATTR(extack, attr, "there is no such class");
	return ERR_PTR(-ENOENT);
}

/* The class that a request is about. Under rtnl. */
static struct shaper_class *class_of(struct shaper_net *this,
				     struct nlattr **attrs,
				     struct netlink_ext_ack *extack)
{
	struct nlattr *id = attrs[A(ID)], *name = attrs[A(NAME)];

	if (!id == !name) {
		NL_SET_ERR_MSG(extack, "name the class by id or name");
		return ERR_PTR(-EINVAL);
	}
	return class_by(this, id ?: name, id, extack);
}

/* What the requests about one class have in common: rights, memory for the reply,
 * rtnl, and the reply.
 */
static int class_do(struct sk_buff *skb, struct genl_info *info, bool admin,
		    int (*act)(struct sk_buff *msg, struct genl_info *info))
{
	struct sk_buff *msg;
	int ret;

	if (admin && !netlink_ns_capable(skb, genl_info_net(info)->user_ns,
					 CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG(
			info->extack,
			"classes need CAP_NET_ADMIN over the network namespace");
		return -EPERM;
	}
	msg = genlmsg_new(class_size(), GFP_KERNEL);
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

static int class_reply(struct sk_buff *msg, struct shaper_class *class,
		       struct genl_info *info)
{
	return class_put(msg, class, info->snd_portid, info->snd_seq,
			 info->genlhdr->cmd, NULL);
}

/* Printable ASCII without blanks: it stands in lists and messages. */
static int check_name(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	const char *c = nla_data(attr);

	while (*c > ' ' && *c < 0x7f)
		c++;
	if (!*c && c != nla_data(attr))
		return 0;
	NL_SET_ERR_MSG_ATTR(
		extack, attr,
		"a name is of printable characters, without blanks");
	return -EINVAL;
}

static int class_add(struct sk_buff *msg, struct genl_info *info)
{
	struct shaper_net *this = shaper_net(genl_info_net(info));
	struct shaper_config config = shaper_config_default;
	struct shaper_class *class, *parent = NULL;
	struct nlattr **attrs = info->attrs;
	u32 id = 0;
	int ret;

	if (GENL_REQ_ATTR_CHECK(info, A(NAME))) {
		NL_SET_ERR_MSG(info->extack, "no name given");
		return -EINVAL;
	}
	ret = check_name(attrs[A(NAME)], info->extack);
	if (!ret)
		ret = config_read(info, &config);
	if (ret)
		return ret;
	if (attrs[A(PARENT)]) {
		parent = class_by(this, attrs[A(PARENT)], false, info->extack);
		if (IS_ERR(parent))
			return PTR_ERR(parent);
	}
	read_u32(attrs[A(ID)], &id);
	ret = shaper_class_add(this, id, nla_data(attrs[A(NAME)]), parent,
			       &config, info->extack, &class);
	if (ret)
		return ret;
	shaper_nl_class_notify(class, UTCP_SHAPER_CMD_CLASS_ADD_NTF);
	return class_reply(msg, class, info);
}

int utcp_shaper_nl_class_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return class_do(skb, info, true, class_add);
}

static int class_set(struct sk_buff *msg, struct genl_info *info)
{
	struct shaper_net *this = shaper_net(genl_info_net(info));
	struct shaper_config config;
	struct shaper_class *class;
	int ret;

	class = class_of(this, info->attrs, info->extack);
	if (IS_ERR(class))
		return PTR_ERR(class);
	config = class->config;
	ret = config_read(info, &config);
	if (ret)
		return ret;
	if (!memcmp(&config, &class->config, sizeof(config)))
		return class_reply(msg, class, info);
	ret = shaper_class_set(class, &config, info->extack);
	if (ret)
		return ret;
	shaper_nl_class_notify(class, UTCP_SHAPER_CMD_CLASS_CHANGE_NTF);
	return class_reply(msg, class, info);
}

int utcp_shaper_nl_class_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return class_do(skb, info, true, class_set);
}

static int class_del(struct sk_buff *msg, struct genl_info *info)
{
	struct shaper_net *this = shaper_net(genl_info_net(info));
	struct shaper_class *class;
	int ret;

	class = class_of(this, info->attrs, info->extack);
	if (IS_ERR(class))
		return PTR_ERR(class);
	ret = shaper_class_del(class, info->extack);
	if (ret)
		return ret;
	shaper_nl_class_notify(class, UTCP_SHAPER_CMD_CLASS_DEL_NTF);
	ret = class_reply(msg, class, info);
	shaper_class_free(class);
	return ret;
}

int utcp_shaper_nl_class_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return class_do(skb, info, true, class_del);
}

static int class_get(struct sk_buff *msg, struct genl_info *info)
{
	struct shaper_class *class;

	if (info->attrs[A(PARENT)]) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[A(PARENT)],
				    "ask for the children in a dump");
		return -EINVAL;
	}
	class = class_of(shaper_net(genl_info_net(info)), info->attrs,
			 info->extack);
	if (IS_ERR(class))
		return PTR_ERR(class);
	return class_reply(msg, class, info);
}

int utcp_shaper_nl_class_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return class_do(skb, info, false, class_get);
}

/* Which classes a dump is to have: one, the children of one, or all. Under rtnl. */
static int dump_which(struct shaper_net *this, struct nlattr **attrs,
		      struct netlink_ext_ack *extack, struct shaper_class **one,
		      struct shaper_class **parent)
{
	if (!attrs)
		return 0;
	if (attrs[A(ID)] || attrs[A(NAME)]) {
		*one = class_of(this, attrs, extack);
		if (IS_ERR(*one))
			return PTR_ERR(*one);
	}
	if (attrs[A(PARENT)]) {
		*parent = class_by(this, attrs[A(PARENT)], false, extack);
		if (IS_ERR(*parent))
			return PTR_ERR(*parent);
	}
	return 0;
}

/* cb->args[0]: id from which to go on */
int utcp_shaper_nl_class_get_dumpit(struct sk_buff *skb,
				    struct netlink_callback *cb)
{
	struct shaper_net *this = shaper_net(sock_net(skb->sk));
	struct shaper_class *class, *one = NULL, *parent = NULL;
	unsigned long id = cb->args[0];
	int ret;

	rtnl_lock();
	cb->seq = this->seq;
	ret = dump_which(this, genl_info_dump(cb)->attrs, cb->extack, &one,
			 &parent);
	if (ret)
		goto unlock;
	xa_for_each_start(&this->classes, id, class, id) {
		if ((one && class != one) ||
		    (parent && class->parent != parent))
			continue;
		ret = class_put(skb, class, NETLINK_CB(cb->skb).portid,
				cb->nlh->nlmsg_seq, UTCP_SHAPER_CMD_CLASS_GET,
				cb);
		if (ret) /* full: this one comes first in the next message */
			break;
		cb->args[0] = id + 1;
	}
	if (ret && skb->len)
		ret = skb->len;
unlock:
	rtnl_unlock();
	return ret;
}
