// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink operations on policies, their events, and what the operations on rules
 * and loads share with them.
 */
#include <linux/ctype.h>
#include <net/sock.h>

#include "expire.h"
#include "policy_nl.h"
#include "rule_nl.h"
#include "undo.h"
#include "utcp_acl_nl_gen.h"

/* --- what all operations share ------------------------------------------------------ */

/* May who asks have to do with the access lists of a namespace at all? */
static bool acl_nl_may(struct sk_buff *skb, struct net *net,
		       struct netlink_ext_ack *extack)
{
	if (netlink_ns_capable(skb, net->user_ns, CAP_NET_ADMIN))
		return true;
	NL_SET_ERR_MSG(
		extack,
		"access lists need CAP_NET_ADMIN over the network namespace");
	return false;
}

/* Refuses what only lists can be asked for. */
int acl_nl_refuse(struct nlattr **attrs, const u8 *which, unsigned int n,
		  struct netlink_ext_ack *extack)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!attrs[which[i]])
			continue;
		NL_SET_ERR_MSG_ATTR(extack, attrs[which[i]],
				    "only a list can be asked for by this");
		return -EINVAL;
	}
	return 0;
}

/* Checks rights and has memory for a reply of up to @size bytes, before anything is
 * changed.
 */
int acl_nl_begin_size(struct acl_msg *to, struct sk_buff *skb,
		      struct genl_info *info, size_t size)
{
	if (!acl_nl_may(skb, genl_info_net(info), info->extack))
		return -EPERM;
	*to = (struct acl_msg){
		.msg = genlmsg_new(size, GFP_KERNEL),
		.portid = info->snd_portid,
		.seq = info->snd_seq,
		.cmd = info->genlhdr->cmd,
	};
	return to->msg ? 0 : -ENOMEM;
}

int acl_nl_begin(struct acl_msg *to, struct sk_buff *skb,
		 struct genl_info *info)
{
	return acl_nl_begin_size(to, skb, info, NLMSG_DEFAULT_SIZE);
}

int acl_nl_end(struct acl_msg *to, struct genl_info *info, int ret)
{
	if (!ret)
		return genlmsg_reply(to->msg, info);
	nlmsg_free(to->msg);
	return ret;
}

/* Checks rights, before a part of a list. */
int acl_nl_begin_dump(struct acl_msg *to, struct sk_buff *skb,
		      struct netlink_callback *cb, u8 cmd)
{
	*to = (struct acl_msg){
		.msg = skb,
		.portid = NETLINK_CB(cb->skb).portid,
		.seq = cb->nlh->nlmsg_seq,
		.cmd = cmd,
		.cb = cb,
	};
	return acl_nl_may(cb->skb, sock_net(skb->sk), cb->extack) ? 0 : -EPERM;
}

void *acl_nl_header(const struct acl_msg *to)
{
	void *hdr = genlmsg_put(to->msg, to->portid, to->seq,
				&utcp_acl_nl_family, to->cb ? NLM_F_MULTI : 0,
				to->cmd);

	if (hdr && to->cb)
		genl_dump_check_consistent(to->cb, hdr);
	return hdr;
}

/* A message for an event; NULL if nobody listens or there is no memory. Listeners
 * are told by ENOBUFS if they lose it.
 */
struct sk_buff *acl_nl_event(struct net *net)
{
	struct sk_buff *msg;

	if (!genl_has_listeners(&utcp_acl_nl_family, net,
				UTCP_ACL_NLGRP_EVENTS))
		return NULL;
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		acl_nl_tell(net, NULL, -ENOMEM);
	return msg;
}

/* Sends an event, or tells that it is lost. */
void acl_nl_tell(struct net *net, struct sk_buff *msg, int ret)
{
	if (!ret) {
		genlmsg_multicast_netns(&utcp_acl_nl_family, net, msg, 0,
					UTCP_ACL_NLGRP_EVENTS, GFP_KERNEL);
		return;
	}
	nlmsg_free(msg);
	genl_set_err(&utcp_acl_nl_family, net, 0, UTCP_ACL_NLGRP_EVENTS,
		     -ENOBUFS);
}

/* --- answers and events --------------------------------------------------------------- */

/* How long it may still be confirmed; at least a millisecond, as long as it waits. */
static int put_confirm(struct sk_buff *msg, const struct acl_undo *undo)
{
	u64 now = acl_expire_now();

	if (!undo)
		return 0;
	return nla_put_u32(msg, UTCP_ACL_A_POLICY_CONFIRM,
			   undo->ends > now ? undo->ends - now : 1);
}

static int put_kept(struct sk_buff *msg, const struct acl_ruleset *rules)
{
	if (!rules->n_kept)
		return 0;
	return nla_put_u32(msg, UTCP_ACL_A_POLICY_KEPT, rules->n_kept);
}

/* Under the lock. */
int acl_nl_policy_put(const struct acl_msg *to, struct acl_policies *policies,
		      struct acl_policy *policy)
{
	const struct acl_ruleset *rules = acl_policy_rules(policies, policy);
	const struct acl_settings *set = &policy->set;
	struct sk_buff *msg = to->msg;
	void *hdr = acl_nl_header(to);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_string(msg, UTCP_ACL_A_POLICY_NAME, set->name) ||
	    nla_put_u32(msg, UTCP_ACL_A_POLICY_IN, set->def[ACL_IN]) ||
	    nla_put_u32(msg, UTCP_ACL_A_POLICY_OUT, set->def[ACL_OUT]) ||
	    nla_put_string(msg, UTCP_ACL_A_POLICY_COMMENT, set->comment) ||
	    nla_put_string(msg, UTCP_ACL_A_POLICY_OWNER, set->owner) ||
	    nla_put_u32(msg, UTCP_ACL_A_POLICY_LOG, set->log) ||
	    nla_put_u32(msg, UTCP_ACL_A_POLICY_GENERATION,
			policy->generation) ||
	    nla_put_u32(msg, UTCP_ACL_A_POLICY_RULES, rules->n) ||
	    nla_put_u32(msg, UTCP_ACL_A_POLICY_USERS, policy->users) ||
	    put_confirm(msg, policy->undo) || put_kept(msg, rules)) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return 0;
}

/* Under the lock. */
void acl_nl_policy_notify(struct net *net, struct acl_policies *policies,
			  struct acl_policy *policy, u8 cmd)
{
	struct acl_msg to = { .msg = acl_nl_event(net), .cmd = cmd };

	if (to.msg)
		acl_nl_tell(net, to.msg,
			    acl_nl_policy_put(&to, policies, policy));
}

/* --- what a request says ---------------------------------------------------------------- */

static bool name_is_good(const char *name)
{
	const char *c;

	if (!isalnum(*name) || !isascii(*name))
		return false;
	for (c = name; *c; c++)
		if (!isascii(*c) || !(isalnum(*c) || strchr("._-", *c)))
			return false;
	return true;
}

/* Return: 0, or -EINVAL with @extack set. */
int acl_nl_name_check(const struct nlattr *name, struct netlink_ext_ack *extack)
{
	if (name_is_good(nla_data(name)))
		return 0;
	NL_SET_ERR_MSG_ATTR(
		extack, name,
		"a name is made of letters, digits, '.', '_' and '-', and begins with a letter or digit");
	return -EINVAL;
}

/* The policy that a request names. Under the lock.
 * Return: the policy, or an error with @extack set.
 */
struct acl_policy *acl_nl_policy_of(struct acl_policies *policies,
				    struct nlattr **attrs,
				    struct netlink_ext_ack *extack)
{
	struct nlattr *name = attrs[UTCP_ACL_A_POLICY_NAME];
	struct acl_policy *policy;

	policy = acl_policy_find(policies, nla_data(name));
	if (policy)
		return policy;
	NL_SET_ERR_MSG_ATTR(extack, name, "no such policy in this namespace");
	return ERR_PTR(-ENOENT);
}

/* Takes what a request says of settings, over what they are. */
int acl_nl_settings(struct acl_settings *set, struct nlattr **attrs,
		    struct netlink_ext_ack *extack)
{
	struct nlattr *comment = attrs[UTCP_ACL_A_POLICY_COMMENT];
	struct nlattr *owner = attrs[UTCP_ACL_A_POLICY_OWNER];
	struct nlattr *name = attrs[UTCP_ACL_A_POLICY_NAME];
	struct nlattr *out = attrs[UTCP_ACL_A_POLICY_OUT];
	struct nlattr *log = attrs[UTCP_ACL_A_POLICY_LOG];
	struct nlattr *in = attrs[UTCP_ACL_A_POLICY_IN];
	int ret;

	ret = acl_nl_name_check(name, extack);
	if (!ret)
		ret = acl_text_check(comment, extack);
	if (!ret)
		ret = acl_text_check(owner, extack);
	if (ret)
		return ret;
	nla_strscpy(set->name, name, sizeof(set->name));
	if (comment)
		nla_strscpy(set->comment, comment, sizeof(set->comment));
	if (owner)
		nla_strscpy(set->owner, owner, sizeof(set->owner));
	if (in)
		set->def[ACL_IN] = nla_get_u32(in);
	if (out)
		set->def[ACL_OUT] = nla_get_u32(out);
	if (log)
		set->log = nla_get_u32(log);
	return 0;
}

/* Refuses a request without an attribute; @reason is a constant. */
int acl_nl_need(struct genl_info *info, int attr, const char *reason)
{
	if (!GENL_REQ_ATTR_CHECK(info, attr))
		return 0;
	acl_say(info->extack, reason);
	return -EINVAL;
}

/* --- operations --------------------------------------------------------------------------- */

/* Under the lock. Keeps @rules if it succeeds. */
static int policy_new(struct acl_msg *to, struct genl_info *info,
		      const struct acl_settings *set, struct acl_ruleset *rules)
{
	struct net *net = genl_info_net(info);
	struct acl_net *this = acl_net(net);
	struct acl_policies *policies = &this->policies;
	struct acl_policy *policy;

	if (acl_policy_find(policies, set->name)) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[UTCP_ACL_A_POLICY_NAME],
				    "there is a policy of this name");
		return -EEXIST;
	}
	policy = acl_policy_add(policies, set, rules,
				acl_limit(this, UTCP_ACL_A_LIMITS_POLICIES),
				info->extack);
	if (IS_ERR(policy))
		return PTR_ERR(policy);
	acl_nl_policy_notify(net, policies, policy,
			     UTCP_ACL_CMD_POLICY_NEW_NTF);
	/* There is room for it in a new message. */
	WARN_ON_ONCE(acl_nl_policy_put(to, policies, policy));
	return 0;
}

int utcp_acl_nl_policy_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct acl_policies *policies = &acl_net(genl_info_net(info))->policies;
	struct acl_settings set = {
		.def = { UTCP_ACL_VERDICT_DENY, UTCP_ACL_VERDICT_DENY },
	};
	struct acl_ruleset *rules;
	struct acl_msg to;
	int ret;

	ret = acl_nl_begin(&to, skb, info);
	if (ret)
		return ret;
	ret = acl_nl_need(info, UTCP_ACL_A_POLICY_NAME, "no policy is named");
	if (!ret)
		ret = acl_nl_settings(&set, info->attrs, info->extack);
	if (ret)
		return acl_nl_end(&to, info, ret);
	rules = acl_ruleset_new(&set);
	if (!rules)
		return acl_nl_end(&to, info, -ENOMEM);
	mutex_lock(&policies->lock);
	ret = policy_new(&to, info, &set, rules);
	mutex_unlock(&policies->lock);
	if (ret)
		acl_ruleset_free(policies, rules);
	return acl_nl_end(&to, info, ret);
}

/* Under the lock. */
static int policy_set(struct acl_msg *to, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct acl_policies *policies = &acl_net(net)->policies;
	struct acl_policy *policy;
	struct acl_settings set;
	struct acl_ruleset *rules;
	int ret, dir;

	policy = acl_nl_policy_of(policies, info->attrs, info->extack);
	if (IS_ERR(policy))
		return PTR_ERR(policy);
	ret = acl_undo_check(policy, info->extack);
	if (ret)
		return ret;
	set = policy->set;
	ret = acl_nl_settings(&set, info->attrs, info->extack);
	if (ret)
		return ret;
	if (memcmp(&set, &policy->set, sizeof(set))) {
		policy->set = set;
		rules = acl_policy_rules(policies, policy);
		acl_ruleset_begin(rules);
		for (dir = 0; dir < ACL_DIRS; dir++)
			WRITE_ONCE(rules->def[dir], set.def[dir]);
		WRITE_ONCE(rules->log, set.log);
		acl_ruleset_end(rules);
		acl_identity_touch(policies, policy);
		acl_policy_changed(policies, policy);
		acl_nl_policy_notify(net, policies, policy,
				     UTCP_ACL_CMD_POLICY_CHANGE_NTF);
	}
	return acl_nl_policy_put(to, policies, policy);
}

static int policy_get(struct acl_msg *to, struct genl_info *info)
{
	static const u8 lists[] = { UTCP_ACL_A_POLICY_OWNER };
	struct acl_policies *policies = &acl_net(genl_info_net(info))->policies;
	struct acl_policy *policy;
	int ret;

	ret = acl_nl_refuse(info->attrs, lists, ARRAY_SIZE(lists),
			    info->extack);
	if (ret)
		return ret;
	policy = acl_nl_policy_of(policies, info->attrs, info->extack);
	if (IS_ERR(policy))
		return PTR_ERR(policy);
	return acl_nl_policy_put(to, policies, policy);
}

/* What the requests about one policy have in common. */
static int policy_do(struct sk_buff *skb, struct genl_info *info,
		     int (*act)(struct acl_msg *to, struct genl_info *info))
{
	struct acl_policies *policies = &acl_net(genl_info_net(info))->policies;
	struct acl_msg to;
	int ret;

	ret = acl_nl_begin(&to, skb, info);
	if (ret)
		return ret;
	ret = acl_nl_need(info, UTCP_ACL_A_POLICY_NAME, "no policy is named");
	if (!ret) {
		mutex_lock(&policies->lock);
		ret = act(&to, info);
		mutex_unlock(&policies->lock);
	}
	return acl_nl_end(&to, info, ret);
}

int utcp_acl_nl_policy_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return policy_do(skb, info, policy_set);
}

int utcp_acl_nl_policy_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return policy_do(skb, info, policy_get);
}

/* Under the lock. Return: the policy, which is in no list any more, or an error. */
static struct acl_policy *policy_del(struct acl_msg *to, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct acl_policies *policies = &acl_net(net)->policies;
	struct acl_policy *policy;

	policy = acl_nl_policy_of(policies, info->attrs, info->extack);
	if (IS_ERR(policy))
		return policy;
	if (policy->users) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[UTCP_ACL_A_POLICY_NAME],
				    "ports are bound to the policy");
		return ERR_PTR(-EBUSY);
	}
	WARN_ON_ONCE(acl_nl_policy_put(to, policies, policy));
	acl_policy_del(policies, policy);
	acl_nl_policy_notify(net, policies, policy,
			     UTCP_ACL_CMD_POLICY_DEL_NTF);
	return policy;
}

int utcp_acl_nl_policy_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct acl_policies *policies = &acl_net(genl_info_net(info))->policies;
	struct acl_policy *policy;
	struct acl_msg to;
	int ret;

	ret = acl_nl_begin(&to, skb, info);
	if (ret)
		return ret;
	ret = acl_nl_need(info, UTCP_ACL_A_POLICY_NAME, "no policy is named");
	if (ret)
		return acl_nl_end(&to, info, ret);
	mutex_lock(&policies->lock);
	policy = policy_del(&to, info);
	mutex_unlock(&policies->lock);
	if (IS_ERR(policy))
		return acl_nl_end(&to, info, PTR_ERR(policy));
	acl_policy_free(policies, policy);
	return acl_nl_end(&to, info, 0);
}

static bool policy_wanted(const struct acl_policy *policy,
			  struct nlattr **attrs)
{
	if (!attrs)
		return true;
	if (attrs[UTCP_ACL_A_POLICY_NAME] &&
	    nla_strcmp(attrs[UTCP_ACL_A_POLICY_NAME], policy->set.name))
		return false;
	return !attrs[UTCP_ACL_A_POLICY_OWNER] ||
	       !nla_strcmp(attrs[UTCP_ACL_A_POLICY_OWNER], policy->set.owner);
}

/* cb->args[0]: serial number of the last policy that was put */
int utcp_acl_nl_policy_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct net *net = sock_net(skb->sk);
	struct acl_policies *policies = &acl_net(net)->policies;
	struct acl_msg to;
	struct acl_policy *policy;
	int ret = 0;

	ret = acl_nl_begin_dump(&to, skb, cb, UTCP_ACL_CMD_POLICY_GET);
	if (ret)
		return ret;
	mutex_lock(&policies->lock);
	cb->seq = policies->seq;
	list_for_each_entry(policy, &policies->list, link) {
		if (policy->serial <= (u64)cb->args[0] ||
		    !policy_wanted(policy, attrs))
			continue;
		ret = acl_nl_policy_put(&to, policies, policy);
		if (ret) /* full: this one comes first in the next message */
			break;
		cb->args[0] = policy->serial;
	}
	if (ret && skb->len)
		ret = skb->len;
	mutex_unlock(&policies->lock);
	return ret;
}
