// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink operations on named sets and their elements, and their events.
 */
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <net/sock.h>

#include "expire.h"
#include "named.h"
#include "policy_nl.h"
#include "utcp_acl_nl_gen.h"

/* --- answers and events ----------------------------------------------------------- */

static const u32 set_types[] = {
	[ACL_SET_PREFIX] = UTCP_ACL_SET_TYPE_PREFIX,
	[ACL_SET_ADDRESS_PORT] = UTCP_ACL_SET_TYPE_ADDRESS_PORT,
	[ACL_SET_CELL] = UTCP_ACL_SET_TYPE_CELL,
};

static_assert(ARRAY_SIZE(set_types) == UTCP_ACL_SET_TYPE_MAX);

/* Under the lock. */
static int set_put(const struct acl_msg *to, const struct acl_named *named)
{
	void *hdr = acl_nl_header(to);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_string(to->msg, UTCP_ACL_A_SET_NAME, named->name) ||
	    nla_put_u32(to->msg, UTCP_ACL_A_SET_TYPE,
			set_types[named->set.type]) ||
	    nla_put_u32(to->msg, UTCP_ACL_A_SET_MAX_ELEMS, named->set.max) ||
	    nla_put_u32(to->msg, UTCP_ACL_A_SET_ELEMS, named->set.count) ||
	    nla_put_u32(to->msg, UTCP_ACL_A_SET_USERS, named->users)) {
		genlmsg_cancel(to->msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(to->msg, hdr);
	return 0;
}

/* The attribute of the address, by enum acl_family. */
static const u8 elem_attrs[] = {
	[ACL_IPV4] = UTCP_ACL_A_ELEM_ADDR4,
	[ACL_IPV6] = UTCP_ACL_A_ELEM_ADDR6,
	[ACL_CELL] = UTCP_ACL_A_ELEM_CELL,
};

static int put_elem(struct sk_buff *msg, const struct acl_named *named,
		    const struct acl_set_elem *elem)
{
	u64 now = get_jiffies_64();
	struct nlattr *nest;

	nest = nla_nest_start(msg, UTCP_ACL_A_SET_ELEM);
	if (!nest || nla_put(msg, elem_attrs[elem->family],
			     elem->family == ACL_IPV4 ? 4 : 16, elem->addr))
		return -EMSGSIZE;
	if (elem->family != ACL_CELL &&
	    nla_put_u32(msg, UTCP_ACL_A_ELEM_LEN, elem->len))
		return -EMSGSIZE;
	if (named->set.type == ACL_SET_ADDRESS_PORT &&
	    nla_put_u32(msg, UTCP_ACL_A_ELEM_PORT, elem->port))
		return -EMSGSIZE;
	if (elem->expires != ACL_FOREVER &&
	    nla_put_u64_64bit(msg, UTCP_ACL_A_ELEM_EXPIRES,
			      elem->expires > now ?
				      jiffies64_to_msecs(elem->expires - now) :
				      1,
			      UTCP_ACL_A_ELEM_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

/* Under the lock. */
static int elem_put(const struct acl_msg *to, const struct acl_named *named,
		    const struct acl_set_elem *elem)
{
	void *hdr = acl_nl_header(to);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_string(to->msg, UTCP_ACL_A_SET_NAME, named->name) ||
	    put_elem(to->msg, named, elem)) {
		genlmsg_cancel(to->msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(to->msg, hdr);
	return 0;
}

/* Under the lock. */
static void set_notify(struct net *net, const struct acl_named *named, u8 cmd)
{
	struct acl_msg to = { .msg = acl_nl_event(net), .cmd = cmd };

	if (to.msg)
		acl_nl_tell(net, to.msg, set_put(&to, named));
}

/* Under the lock. */
void acl_nl_elem_notify(struct net *net, const struct acl_named *named,
			const struct acl_set_elem *elem, u8 cmd)
{
	struct acl_msg to = { .msg = acl_nl_event(net), .cmd = cmd };

	if (to.msg)
		acl_nl_tell(net, to.msg, elem_put(&to, named, elem));
}

/* --- what a request says ------------------------------------------------------------ */

/* The set that a request names. Under the lock. */
static struct acl_named *set_of(struct acl_policies *policies,
				struct nlattr **attrs,
				struct netlink_ext_ack *extack)
{
	struct nlattr *name = attrs[UTCP_ACL_A_SET_NAME];
	struct acl_named *named;

	named = acl_named_find(policies, nla_data(name));
	if (named)
		return named;
	NL_SET_ERR_MSG_ATTR(extack, name, "no such set in this namespace");
	return ERR_PTR(-ENOENT);
}

/* Reads an element off its nest. Return: 0, or an error with @extack set. */
static int read_elem(const struct nlattr *nest, struct acl_set_elem *elem,
		     bool *has_port, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[UTCP_ACL_A_ELEM_MAX + 1], *addr = NULL, *expires;
	unsigned int i, n = 0;
	int ret;

	memset(elem, 0, sizeof(*elem));
	ret = nla_parse_nested(tb, UTCP_ACL_A_ELEM_MAX, nest,
			       utcp_acl_elem_nl_policy, extack);
	if (ret)
		return ret;
	for (i = 0; i < ARRAY_SIZE(elem_attrs); i++) {
		if (!elem_attrs[i] || !tb[elem_attrs[i]])
			continue;
		addr = tb[elem_attrs[i]];
		elem->family = i;
		n++;
	}
	if (n != 1) {
		NL_SET_ERR_MSG_ATTR(
			extack, nest,
			"an element has an address of IPv4 or of IPv6, or a CellID");
		return -EINVAL;
	}
	memcpy(elem->addr, nla_data(addr), nla_len(addr));
	elem->len = tb[UTCP_ACL_A_ELEM_LEN] ?
			    nla_get_u32(tb[UTCP_ACL_A_ELEM_LEN]) :
			    nla_len(addr) * 8;
	*has_port = tb[UTCP_ACL_A_ELEM_PORT];
	if (*has_port)
		elem->port = nla_get_u32(tb[UTCP_ACL_A_ELEM_PORT]);
	elem->expires = ACL_FOREVER;
	expires = tb[UTCP_ACL_A_ELEM_EXPIRES];
	if (expires) {
		u64 time = nla_get_u64(expires);

		if (!time || time > ACL_EXPIRES_MAX) {
			NL_SET_ERR_MSG_ATTR(
				extack, expires,
				"an element expires after 1 millisecond to 10 years");
			return -EINVAL;
		}
		elem->expires =
			get_jiffies_64() + div_u64(time * HZ, MSEC_PER_SEC) + 1;
	}
	return 0;
}

/* --- sets ----------------------------------------------------------------------------- */

/* Under the lock. */
static int set_new(struct acl_msg *to, struct genl_info *info)
{
	struct nlattr *max = info->attrs[UTCP_ACL_A_SET_MAX_ELEMS];
	struct nlattr *name = info->attrs[UTCP_ACL_A_SET_NAME];
	struct net *net = genl_info_net(info);
	struct acl_net *this = acl_net(net);
	struct acl_policies *policies = &this->policies;
	u32 type = nla_get_u32(info->attrs[UTCP_ACL_A_SET_TYPE]);
	struct acl_named *named;
	unsigned int i = 0;

	/* The policy lets no others through. */
	while (set_types[i] != type)
		i++;
	if (acl_named_find(policies, nla_data(name))) {
		NL_SET_ERR_MSG_ATTR(info->extack, name,
				    "there is a set of this name");
		return -EEXIST;
	}
	named = acl_named_add(policies, nla_data(name), i,
			      max ? nla_get_u32(max) : ACL_SET_MAX,
			      acl_limit(this, UTCP_ACL_A_LIMITS_SETS),
			      info->extack);
	if (IS_ERR(named))
		return PTR_ERR(named);
	set_notify(net, named, UTCP_ACL_CMD_SET_NEW_NTF);
	WARN_ON_ONCE(set_put(to, named));
	return 0;
}

int utcp_acl_nl_set_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct acl_policies *policies = &acl_net(genl_info_net(info))->policies;
	struct acl_msg to;
	int ret;

	ret = acl_nl_begin(&to, skb, info);
	if (ret)
		return ret;
	ret = acl_nl_need(info, UTCP_ACL_A_SET_NAME, "no set is named");
	if (!ret)
		ret = acl_nl_need(info, UTCP_ACL_A_SET_TYPE,
				  "a set has a type");
	if (!ret)
		ret = acl_nl_name_check(info->attrs[UTCP_ACL_A_SET_NAME],
					info->extack);
	if (!ret) {
		mutex_lock(&policies->lock);
		ret = set_new(&to, info);
		mutex_unlock(&policies->lock);
	}
	return acl_nl_end(&to, info, ret);
}

/* Under the lock. Return: the set, which is in no list any more, or an error. */
static struct acl_named *set_del(struct acl_msg *to, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct acl_policies *policies = &acl_net(net)->policies;
	struct acl_named *named;

	named = set_of(policies, info->attrs, info->extack);
	if (IS_ERR(named))
		return named;
	if (named->users) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[UTCP_ACL_A_SET_NAME],
				    "rules name the set");
		return ERR_PTR(-EBUSY);
	}
	WARN_ON_ONCE(set_put(to, named));
	set_notify(net, named, UTCP_ACL_CMD_SET_DEL_NTF);
	acl_named_del(policies, named);
	return named;
}

int utcp_acl_nl_set_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct acl_policies *policies = &acl_net(genl_info_net(info))->policies;
	struct acl_named *named;
	struct acl_msg to;
	int ret;

	ret = acl_nl_begin(&to, skb, info);
	if (ret)
		return ret;
	ret = acl_nl_need(info, UTCP_ACL_A_SET_NAME, "no set is named");
	if (ret)
		return acl_nl_end(&to, info, ret);
	mutex_lock(&policies->lock);
	named = set_del(&to, info);
	mutex_unlock(&policies->lock);
	if (IS_ERR(named))
		return acl_nl_end(&to, info, PTR_ERR(named));
	acl_named_free(named);
	return acl_nl_end(&to, info, 0);
}

int utcp_acl_nl_set_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct acl_policies *policies = &acl_net(genl_info_net(info))->policies;
	struct acl_named *named;
	struct acl_msg to;
	int ret;

	ret = acl_nl_begin(&to, skb, info);
	if (ret)
		return ret;
	ret = acl_nl_need(info, UTCP_ACL_A_SET_NAME, "no set is named");
	if (ret)
		return acl_nl_end(&to, info, ret);
	mutex_lock(&policies->lock);
	named = set_of(policies, info->attrs, info->extack);
	ret = IS_ERR(named) ? PTR_ERR(named) : set_put(&to, named);
	mutex_unlock(&policies->lock);
	return acl_nl_end(&to, info, ret);
}

/* cb->args[0]: serial number of the last set that was put */
int utcp_acl_nl_set_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct net *net = sock_net(skb->sk);
	struct acl_policies *policies = &acl_net(net)->policies;
	struct acl_msg to;
	struct acl_named *named;
	int ret = 0;

	ret = acl_nl_begin_dump(&to, skb, cb, UTCP_ACL_CMD_SET_GET);
	if (ret)
		return ret;
	mutex_lock(&policies->lock);
	cb->seq = policies->seq;
	list_for_each_entry(named, &policies->sets, link) {
		if (named->serial <= (u64)cb->args[0] ||
		    (attrs && attrs[UTCP_ACL_A_SET_NAME] &&
		     nla_strcmp(attrs[UTCP_ACL_A_SET_NAME], named->name)))
			continue;
		ret = set_put(&to, named);
		if (ret)
			break;
		cb->args[0] = named->serial;
	}
	if (ret && skb->len)
		ret = skb->len;
	mutex_unlock(&policies->lock);
	return ret;
}

/* --- elements -------------------------------------------------------------------------- */

static int refused(struct genl_info *info, int ret)
{
	struct nlattr *nest = info->attrs[UTCP_ACL_A_SET_ELEM];

	if (ret == -EINVAL)
		NL_SET_ERR_MSG_ATTR(
			info->extack, nest,
			"an element of this kind is not for this set, or has bits behind its prefix");
	else if (ret == -ENOSPC)
		NL_SET_ERR_MSG_ATTR(info->extack, nest,
				    "the set has as many elements as it may");
	else if (ret == -ENOENT)
		NL_SET_ERR_MSG_ATTR(info->extack, nest,
				    "the set has no such element");
	return ret;
}

/* Is there room in the namespace for what may be a new element of one of its sets? */
static int check_room(const struct acl_net *this, const struct acl_named *named,
		      const struct acl_set_elem *elem, struct genl_info *info)
{
	if (this->policies.elems < acl_limit(this, UTCP_ACL_A_LIMITS_ELEMS) ||
	    acl_set_there(&named->set, elem))
		return 0;
	NL_SET_ERR_MSG_ATTR(
		info->extack, info->attrs[UTCP_ACL_A_SET_ELEM],
		"the namespace's sets have as many elements as its limit allows");
	return -ENOSPC;
}

/* Adds an element, or takes it out (@del). Under the lock. */
static int elem_change(struct acl_msg *to, struct genl_info *info,
		       struct acl_set_elem *elem, bool has_port, bool del)
{
	struct net *net = genl_info_net(info);
	struct acl_policies *policies = &acl_net(net)->policies;
	struct acl_named *named;
	bool ports;
	int ret;

	named = set_of(policies, info->attrs, info->extack);
	if (IS_ERR(named))
		return PTR_ERR(named);
	ports = named->set.type == ACL_SET_ADDRESS_PORT;
	if (has_port != ports)
		return refused(info, -EINVAL);
	ret = del ? 0 : check_room(acl_net(net), named, elem, info);
	if (ret)
		return ret;
	acl_named_begin(policies);
	ret = del ? acl_set_del(&named->set, elem) :
		    acl_set_add(&named->set, elem);
	acl_named_end(policies, ret < 0 ? NULL : named);
	if (ret < 0)
		return refused(info, ret);
	if (!del)
		acl_expire_set(policies, named);
	acl_nl_elem_notify(net, named, elem,
			   del ? UTCP_ACL_CMD_ELEM_DEL_NTF :
				 UTCP_ACL_CMD_ELEM_ADD_NTF);
	WARN_ON_ONCE(elem_put(to, named, elem));
	return 0;
}

/* Two would not come in one step. */
static int one_elem(struct genl_info *info)
{
	const struct nlattr *attr;
	u32 n = 0;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != UTCP_ACL_A_SET_ELEM || !n++)
			continue;
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "one element a request");
		return -EINVAL;
	}
	return 0;
}

static int elem_do(struct sk_buff *skb, struct genl_info *info, bool del)
{
	struct acl_policies *policies = &acl_net(genl_info_net(info))->policies;
	struct acl_set_elem elem;
	struct acl_msg to;
	bool has_port;
	int ret;

	ret = acl_nl_begin(&to, skb, info);
	if (ret)
		return ret;
	ret = acl_nl_need(info, UTCP_ACL_A_SET_NAME, "no set is named");
	if (!ret)
		ret = acl_nl_need(info, UTCP_ACL_A_SET_ELEM,
				  "no element is given");
	if (!ret)
		ret = one_elem(info);
	if (!ret)
		ret = read_elem(info->attrs[UTCP_ACL_A_SET_ELEM], &elem,
				&has_port, info->extack);
	if (!ret) {
		mutex_lock(&policies->lock);
		ret = elem_change(&to, info, &elem, has_port, del);
		mutex_unlock(&policies->lock);
	}
	return acl_nl_end(&to, info, ret);
}

int utcp_acl_nl_elem_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return elem_do(skb, info, false);
}

int utcp_acl_nl_elem_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return elem_do(skb, info, true);
}

/* cb->args[0]: where in the set the last one was that was put */
int utcp_acl_nl_elem_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct net *net = sock_net(skb->sk);
	struct acl_policies *policies = &acl_net(net)->policies;
	struct acl_msg to;
	struct acl_set_elem elem;
	struct acl_named *named;
	u64 pos = cb->args[0], now = get_jiffies_64();
	int ret = 0;

	ret = acl_nl_begin_dump(&to, skb, cb, UTCP_ACL_CMD_ELEM_GET);
	if (ret)
		return ret;
	if (!attrs || !attrs[UTCP_ACL_A_SET_NAME]) {
		NL_SET_ERR_MSG(cb->extack, "no set is named");
		return -EINVAL;
	}
	mutex_lock(&policies->lock);
	named = set_of(policies, attrs, cb->extack);
	if (IS_ERR(named)) {
		ret = PTR_ERR(named);
		goto unlock;
	}
	cb->seq = named->seq;
	while (acl_set_next(&named->set, &pos, &elem)) {
		if (elem.expires > now) {
			ret = elem_put(&to, named, &elem);
			if (ret)
				break;
		}
		cb->args[0] = pos;
	}
	if (ret && skb->len)
		ret = skb->len;
unlock:
	mutex_unlock(&policies->lock);
	return ret;
}
