// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink operations on cells, and their events.
 *
 * Private keys and realms come in and never go out. They are wiped from the
 * request before it is answered, since a refusal carries a copy of it. What the
 * kernel itself refuses before an operation is called is not seen here: whoever
 * sent it gets his own bytes back.
 */
#include <linux/ctype.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "peer.h"
#include "utcp.h"
#include "utcp_nl_gen.h"

static struct utcp_cells *cells_of(const struct net *net)
{
	return &utcp_net(net)->cells;
}

static bool may_admin(struct sk_buff *skb, struct genl_info *info)
{
	if (netlink_ns_capable(skb, genl_info_net(info)->user_ns,
			       CAP_NET_ADMIN))
		return true;
	NL_SET_ERR_MSG(info->extack,
		       "cells need CAP_NET_ADMIN over the network namespace");
	return false;
}

/* The user namespace whose ids stand in a request and its answers. */
static struct user_namespace *ids_of(const struct sk_buff *skb)
{
	return sk_user_ns(NETLINK_CB(skb).sk);
}

/* Wipes all secrets of a request, also those that stand in it twice. */
static void wipe_secrets(struct genl_info *info)
{
	struct nlattr *attr;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem)
		if (nla_type(attr) == UTCP_A_CELL_PRIVATE_KEY ||
		    nla_type(attr) == UTCP_A_CELL_REALM)
			memzero_explicit(nla_data(attr), nla_len(attr));
}

/* --- answers and events --------------------------------------------------------- */

/**
 * struct cell_msg - where a description of a cell goes, and how
 * @msg: the message that gets it
 * @portid: to whom; 0 in events
 * @seq: of the request; 0 in events
 * @cmd: command
 * @cb: the dump of which it is a part, or NULL
 * @ids: the user namespace of the reader
 */
struct cell_msg {
	struct sk_buff *msg;
	u32 portid;
	u32 seq;
	u8 cmd;
	struct netlink_callback *cb;
	struct user_namespace *ids;
};

/* Under the table's lock. @is_default: since a removed one may have been it. */
static int cell_put(const struct cell_msg *to, const struct utcp_cell *cell,
		    bool is_default, u32 users)
{
	const struct utcp_cell_settings *set = &cell->set;
	struct sk_buff *msg = to->msg;
	void *hdr;

	hdr = genlmsg_put(msg, to->portid, to->seq, &utcp_nl_family,
			  to->cb ? NLM_F_MULTI : 0, to->cmd);
	if (!hdr)
		return -EMSGSIZE;
	if (to->cb)
		genl_dump_check_consistent(to->cb, hdr);
	if (nla_put(msg, UTCP_A_CELL_ID, UTCP_CELL_ID_LEN, cell->id) ||
	    nla_put(msg, UTCP_A_CELL_PUBLIC_KEY, UTCP_KEY_LEN,
		    cell->public_key) ||
	    nla_put_u32(msg, UTCP_A_CELL_HAS_REALM, set->has_realm) ||
	    nla_put_u32(msg, UTCP_A_CELL_OWNER,
			from_kuid_munged(to->ids, set->owner)) ||
	    nla_put_u32(msg, UTCP_A_CELL_GROUP,
			from_kgid_munged(to->ids, set->group)) ||
	    nla_put_u32(msg, UTCP_A_CELL_MODE, set->mode) ||
	    nla_put_u32(msg, UTCP_A_CELL_DISCOVERABLE, set->discoverable) ||
	    nla_put_u32(msg, UTCP_A_CELL_DEFAULT, is_default) ||
	    nla_put_string(msg, UTCP_A_CELL_COMMENT, set->comment) ||
	    nla_put_u32(msg, UTCP_A_CELL_USERS, users)) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return 0;
}

static int cell_put_now(const struct cell_msg *to, struct utcp_cells *cells,
			const struct utcp_cell *cell)
{
	return cell_put(to, cell, utcp_cell_default(cells) == cell,
			utcp_cell_users(cell));
}

/* Tells the listeners of the namespace. One whose event cannot be had is told by
 * ENOBUFS that it lost one. Under the table's lock.
 */
static void cell_notify(struct net *net, const struct utcp_cell *cell, u8 cmd,
			bool is_default, u32 users)
{
	struct cell_msg to = { .cmd = cmd, .ids = net->user_ns };

	if (!genl_has_listeners(&utcp_nl_family, net, UTCP_NLGRP_EVENTS))
		return;
	to.msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!to.msg)
		goto lost;
	if (WARN_ON_ONCE(cell_put(&to, cell, is_default, users))) {
		nlmsg_free(to.msg);
		goto lost;
	}
	genlmsg_multicast_netns(&utcp_nl_family, net, to.msg, 0,
				UTCP_NLGRP_EVENTS, GFP_KERNEL);
	return;

lost:
	genl_set_err(&utcp_nl_family, net, 0, UTCP_NLGRP_EVENTS, -ENOBUFS);
}

static void cell_notify_now(struct net *net, const struct utcp_cell *cell,
			    u8 cmd)
{
	cell_notify(net, cell, cmd, utcp_cell_default(cells_of(net)) == cell,
		    utcp_cell_users(cell));
}

/* Memory for the reply is had before anything is changed. */
static int reply_begin(struct cell_msg *to, struct sk_buff *skb,
		       struct genl_info *info)
{
	*to = (struct cell_msg){
		.msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL),
		.portid = info->snd_portid,
		.seq = info->snd_seq,
		.cmd = info->genlhdr->cmd,
		.ids = ids_of(skb),
	};
	return to->msg ? 0 : -ENOMEM;
}

static int reply_end(struct cell_msg *to, struct genl_info *info, int ret)
{
	if (!ret)
		return genlmsg_reply(to->msg, info);
	nlmsg_free(to->msg);
	return ret;
}

/* --- what a request says --------------------------------------------------------- */

/* Takes owner and group of a request. */
static int read_owner(struct utcp_cell_settings *set, struct sk_buff *skb,
		      struct genl_info *info)
{
	struct nlattr *owner = info->attrs[UTCP_A_CELL_OWNER];
	struct nlattr *group = info->attrs[UTCP_A_CELL_GROUP];

	if (owner)
		set->owner = make_kuid(ids_of(skb), nla_get_u32(owner));
	if (!uid_valid(set->owner)) {
		NL_SET_ERR_MSG_ATTR(info->extack, owner,
				    "no such user in this user namespace");
		return -EINVAL;
	}
	if (group)
		set->group = make_kgid(ids_of(skb), nla_get_u32(group));
	if (!gid_valid(set->group)) {
		NL_SET_ERR_MSG_ATTR(info->extack, group,
				    "no such group in this user namespace");
		return -EINVAL;
	}
	return 0;
}

/* Takes the realm of a request, or that there is to be none. */
static int read_realm(struct utcp_cell_settings *set, struct genl_info *info)
{
	struct nlattr *realm = info->attrs[UTCP_A_CELL_REALM];
	struct nlattr *has = info->attrs[UTCP_A_CELL_HAS_REALM];

	if (realm && !memchr_inv(nla_data(realm), 0, UTCP_KEY_LEN)) {
		NL_SET_ERR_MSG_ATTR(info->extack, realm,
				    "a realm of zeros is none");
		return -EINVAL;
	}
	if (has && !nla_get_u32(has) && realm) {
		NL_SET_ERR_MSG_ATTR(info->extack, has,
				    "a realm is given and taken away");
		return -EINVAL;
	}
	if (has && nla_get_u32(has) && !realm && !set->has_realm) {
		NL_SET_ERR_MSG_ATTR(info->extack, has,
				    "the realm is not given");
		return -EINVAL;
	}
	if (realm) {
		memcpy(set->realm, nla_data(realm), UTCP_KEY_LEN);
		set->has_realm = true;
	} else if (has && !nla_get_u32(has)) {
		memzero_explicit(set->realm, UTCP_KEY_LEN);
		set->has_realm = false;
	}
	return 0;
}

static int read_comment(struct utcp_cell_settings *set, struct genl_info *info)
{
	struct nlattr *comment = info->attrs[UTCP_A_CELL_COMMENT];
	const char *c;

	if (!comment)
		return 0;
	for (c = nla_data(comment); *c; c++) {
		if (iscntrl(*c)) {
			NL_SET_ERR_MSG_ATTR(
				info->extack, comment,
				"a control character is in the comment");
			return -EINVAL;
		}
	}
	memset(set->comment, 0, sizeof(set->comment));
	nla_strscpy(set->comment, comment, sizeof(set->comment));
	return 0;
}

/* Takes what a request says of a cell's settings, over what they are. */
static int read_settings(struct utcp_cell_settings *set, struct sk_buff *skb,
			 struct genl_info *info)
{
	struct nlattr *mode = info->attrs[UTCP_A_CELL_MODE];
	struct nlattr *found = info->attrs[UTCP_A_CELL_DISCOVERABLE];
	bool had_realm = set->has_realm;
	int ret;

	if (mode)
		set->mode = nla_get_u32(mode);
	ret = read_owner(set, skb, info);
	if (!ret)
		ret = read_realm(set, info);
	if (!ret)
		ret = read_comment(set, info);
	/* Whoever loses the cover of a realm must choose to be found anew. */
	if (found)
		set->discoverable = nla_get_u32(found);
	else if (set->has_realm != had_realm)
		set->discoverable = set->has_realm;
	return ret;
}

/* Root of the namespace, as it owns files of its in /proc. */
static void default_settings(struct utcp_cell_settings *set,
			     const struct net *net)
{
	set->owner = make_kuid(net->user_ns, 0);
	if (!uid_valid(set->owner))
		set->owner = GLOBAL_ROOT_UID;
	set->group = make_kgid(net->user_ns, 0);
	if (!gid_valid(set->group))
		set->group = GLOBAL_ROOT_GID;
	set->mode = UTCP_CELL_MODE_OWNER;
}

/* The cell that a request names. Under the table's lock. */
static struct utcp_cell *cell_named(struct utcp_cells *cells,
				    struct nlattr **attrs,
				    struct netlink_ext_ack *extack)
{
	struct nlattr *id = attrs[UTCP_A_CELL_ID];
	struct utcp_cell *cell = utcp_cell_find(cells, nla_data(id));

	if (cell)
		return cell;
	NL_SET_ERR_MSG_ATTR(extack, id, "no such cell in this namespace");
	return ERR_PTR(-ENOENT);
}

static int need_id(struct genl_info *info)
{
	if (!GENL_REQ_ATTR_CHECK(info, UTCP_A_CELL_ID))
		return 0;
	NL_SET_ERR_MSG(info->extack, "no CellID given");
	return -EINVAL;
}

/* --- operations ------------------------------------------------------------------- */

/* Makes @cell the default one, or none if it is NULL. Whoever was it is told of;
 * the caller tells of @cell. Under the table's lock.
 */
static void change_default(struct net *net, struct utcp_cell *cell)
{
	struct utcp_cells *cells = cells_of(net);
	struct utcp_cell *old = utcp_cell_default(cells);

	rcu_assign_pointer(cells->def, cell);
	if (old && cell && old != cell)
		cell_notify_now(net, old, UTCP_CMD_CELL_CHANGE_NTF);
}

/* What the request says of the default, or @otherwise. */
static bool wants_default(struct genl_info *info, bool otherwise)
{
	struct nlattr *attr = info->attrs[UTCP_A_CELL_DEFAULT];

	return attr ? nla_get_u32(attr) : otherwise;
}

static int cell_new(struct cell_msg *to, struct utcp_cell *cell,
		    struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct utcp_net *this = utcp_net(net);
	struct utcp_cells *cells = &this->cells;
	u32 limit = READ_ONCE(this->limits.val[UTCP_A_LIMITS_CELLS - 1]);
	int ret;

	mutex_lock(&cells->lock);
	ret = utcp_cell_add(cells, cell, limit, info->extack);
	if (ret)
		goto unlock;
	if (wants_default(info, !utcp_cell_default(cells)))
		change_default(net, cell);
	cell_notify_now(net, cell, UTCP_CMD_CELL_NEW_NTF);
	/* There is room for it, but the caller frees what was not made. */
	ret = cell_put_now(to, cells, cell);
	if (WARN_ON_ONCE(ret))
		utcp_cell_del(cells, cell);
unlock:
	mutex_unlock(&cells->lock);
	return ret;
}

static struct utcp_cell *cell_make(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *key = info->attrs[UTCP_A_CELL_PRIVATE_KEY];
	struct utcp_cell *cell;
	int ret;

	cell = utcp_cell_alloc(key ? nla_data(key) : NULL, info->extack);
	if (IS_ERR(cell)) {
		if (key && PTR_ERR(cell) == -EINVAL)
			NL_SET_BAD_ATTR(info->extack, key);
		return cell;
	}
	default_settings(&cell->set, genl_info_net(info));
	ret = read_settings(&cell->set, skb, info);
	if (ret) {
		utcp_cell_free(cell);
		return ERR_PTR(ret);
	}
	return cell;
}

int utcp_nl_cell_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct utcp_cell *cell;
	struct cell_msg to;
	int ret = -EPERM;

	if (!may_admin(skb, info))
		goto wipe;
	ret = reply_begin(&to, skb, info);
	if (ret)
		goto wipe;
	cell = cell_make(skb, info);
	ret = PTR_ERR_OR_ZERO(cell);
	if (!ret) {
		ret = cell_new(&to, cell, info);
		if (ret)
			utcp_cell_free(cell);
	}
	ret = reply_end(&to, info, ret);
wipe:
	wipe_secrets(info);
	return ret;
}

/* Under the table's lock. */
static int cell_set(struct cell_msg *to, struct sk_buff *skb,
		    struct genl_info *info, struct utcp_cell_settings *set)
{
	struct net *net = genl_info_net(info);
	struct utcp_cells *cells = cells_of(net);
	bool is_default, was_default;
	struct utcp_cell *cell;
	bool changed, realm;
	int ret;

	cell = cell_named(cells, info->attrs, info->extack);
	if (IS_ERR(cell))
		return PTR_ERR(cell);
	memcpy(set, &cell->set, sizeof(*set));
	ret = read_settings(set, skb, info);
	if (ret)
		return ret;
	was_default = utcp_cell_default(cells) == cell;
	is_default = wants_default(info, was_default);
	changed = is_default != was_default ||
		  memcmp(set, &cell->set, sizeof(*set));
	realm = memcmp(set->realm, cell->set.realm, UTCP_KEY_LEN);
	ret = utcp_cell_change(cell, set);
	if (ret)
		return ret;
	if (is_default != was_default)
		change_default(net, is_default ? cell : NULL);
	if (realm)
		utcp_peers_end_cell(utcp_net(net), cell, false);
	if (changed)
		cell_notify_now(net, cell, UTCP_CMD_CELL_CHANGE_NTF);
	return cell_put_now(to, cells, cell);
}

int utcp_nl_cell_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct utcp_cells *cells = cells_of(genl_info_net(info));
	struct utcp_cell_settings set;
	struct cell_msg to;
	int ret = -EPERM;

	if (!may_admin(skb, info))
		goto wipe;
	ret = need_id(info);
	if (!ret)
		ret = reply_begin(&to, skb, info);
	if (ret)
		goto wipe;
	mutex_lock(&cells->lock);
	ret = cell_set(&to, skb, info, &set);
	mutex_unlock(&cells->lock);
	memzero_explicit(&set, sizeof(set));
	ret = reply_end(&to, info, ret);
wipe:
	wipe_secrets(info);
	return ret;
}

/* Under the table's lock. */
static int cell_del(struct cell_msg *to, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct utcp_cells *cells = cells_of(net);
	struct utcp_cell *cell;
	bool was_default;
	int ret;

	cell = cell_named(cells, info->attrs, info->extack);
	if (IS_ERR(cell))
		return PTR_ERR(cell);
	was_default = utcp_cell_default(cells) == cell;
	if (utcp_cell_del(cells, cell)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[UTCP_A_CELL_ID],
				    "the cell is in use");
		return -EBUSY;
	}
	utcp_peers_end_cell(utcp_net(net), cell, true);
	cell_notify(net, cell, UTCP_CMD_CELL_DEL_NTF, was_default, 0);
	ret = cell_put(to, cell, was_default, 0);
	utcp_cell_free(cell);
	return ret;
}

int utcp_nl_cell_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct utcp_cells *cells = cells_of(genl_info_net(info));
	struct cell_msg to;
	int ret;

	if (!may_admin(skb, info))
		return -EPERM;
	ret = need_id(info);
	if (!ret)
		ret = reply_begin(&to, skb, info);
	if (ret)
		return ret;
	mutex_lock(&cells->lock);
	ret = cell_del(&to, info);
	mutex_unlock(&cells->lock);
	return reply_end(&to, info, ret);
}

/* Under the table's lock. */
static int cell_get(struct cell_msg *to, struct genl_info *info)
{
	struct utcp_cells *cells = cells_of(genl_info_net(info));
	struct utcp_cell *cell;

	if (!info->attrs[UTCP_A_CELL_ID]) {
		cell = utcp_cell_default(cells);
		if (!cell) {
			NL_SET_ERR_MSG(info->extack,
				       "the namespace has no default cell");
			return -ENOENT;
		}
	} else {
		cell = cell_named(cells, info->attrs, info->extack);
		if (IS_ERR(cell))
			return PTR_ERR(cell);
	}
	return cell_put_now(to, cells, cell);
}

int utcp_nl_cell_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct utcp_cells *cells = cells_of(genl_info_net(info));
	struct cell_msg to;
	int ret;

	ret = reply_begin(&to, skb, info);
	if (ret)
		return ret;
	mutex_lock(&cells->lock);
	ret = cell_get(&to, info);
	mutex_unlock(&cells->lock);
	return reply_end(&to, info, ret);
}

/* cb->args[0]: serial number of the last cell that was put */
int utcp_nl_cell_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct utcp_cells *cells = cells_of(sock_net(skb->sk));
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct cell_msg to = {
		.msg = skb,
		.portid = NETLINK_CB(cb->skb).portid,
		.seq = cb->nlh->nlmsg_seq,
		.cmd = UTCP_CMD_CELL_GET,
		.cb = cb,
		.ids = ids_of(cb->skb),
	};
	struct utcp_cell *cell, *only = NULL;
	int ret = 0;

	mutex_lock(&cells->lock);
	cb->seq = cells->seq;
	if (attrs && attrs[UTCP_A_CELL_ID]) {
		if (cb->args[0])
			goto unlock; /* it was put */
		only = cell_named(cells, attrs, cb->extack);
		if (IS_ERR(only)) {
			ret = PTR_ERR(only);
			goto unlock;
		}
	}
	list_for_each_entry(cell, &cells->list, link) {
		if ((only && cell != only) || cell->serial <= (u64)cb->args[0])
			continue;
		ret = cell_put_now(&to, cells, cell);
		if (ret) /* full: this one comes first in the next message */
			break;
		cb->args[0] = cell->serial;
	}
	if (ret && skb->len)
		ret = skb->len;
unlock:
	mutex_unlock(&cells->lock);
	return ret;
}
