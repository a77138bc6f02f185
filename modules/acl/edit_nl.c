// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink operations on the rules of a policy, one by one, and their events.
 */
#include <net/sock.h>

#include "expire.h"
#include "kept.h"
#include "policy_nl.h"
#include "rule_nl.h"
#include "undo.h"
#include "utcp_acl_nl_gen.h"

/* --- answers and events --------------------------------------------------------------- */

/* Under the lock. */
static int rule_put(const struct acl_msg *to, struct net *net,
		    const struct acl_policy *policy,
		    const struct acl_entry *entry)
{
	void *hdr = acl_nl_header(to);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_string(to->msg, UTCP_ACL_A_POLICY_NAME, policy->set.name) ||
	    acl_rule_put(to->msg, net, entry)) {
		genlmsg_cancel(to->msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(to->msg, hdr);
	return 0;
}

/* Under the lock. */
void acl_nl_rule_notify(struct net *net, const struct acl_policy *policy,
			const struct acl_entry *entry, u8 cmd)
{
	struct acl_msg to = { .msg = acl_nl_event(net), .cmd = cmd };

	if (to.msg)
		acl_nl_tell(net, to.msg, rule_put(&to, net, policy, entry));
}

/* --- adding ------------------------------------------------------------------------------ */

/* Makes a rule of a ruleset that is in force. Under the lock. */
static struct acl_entry *rule_new(struct acl_net *this,
				  struct acl_ruleset *rules,
				  const struct acl_new_rule *like,
				  struct genl_info *info)
{
	struct nlattr *nest = info->attrs[UTCP_ACL_A_POLICY_RULE];
	struct acl_policies *policies = &this->policies;
	const char *reason = NULL;
	struct acl_counts *counts;
	struct acl_entry *entry;
	u32 index;
	int ret;

	if (policies->rules >= acl_limit(this, UTCP_ACL_A_LIMITS_RULES)) {
		NL_SET_ERR_MSG(
			info->extack,
			"the namespace has as many rules as its limit allows");
		return ERR_PTR(-ENOSPC);
	}
	counts = acl_counts_one(policies, &index);
	if (!counts)
		return ERR_PTR(-ENOMEM);
	entry = acl_entry_add(policies, rules, like, counts, index);
	if (IS_ERR(entry))
		return entry;
	acl_ruleset_begin(rules);
	ret = acl_classifier_insert(&rules->classifier, &entry->rule, &reason);
	acl_ruleset_end(rules);
	if (ret) {
		if (reason) {
			acl_say(info->extack, reason);
			NL_SET_BAD_ATTR(info->extack, nest);
		}
		acl_entry_drop(policies, rules, entry);
		return ERR_PTR(ret);
	}
	return entry;
}

/* Under the lock. */
static int rule_add(struct acl_msg *to, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct acl_net *this = acl_net(net);
	struct acl_policies *policies = &this->policies;
	struct acl_new_rule like;
	struct acl_ruleset *rules;
	struct acl_policy *policy;
	struct acl_entry *entry;
	int ret;

	ret = acl_rule_read(policies, info->attrs[UTCP_ACL_A_POLICY_RULE],
			    &like, info->extack);
	if (ret)
		return ret;
	policy = acl_nl_policy_of(policies, info->attrs, info->extack);
	if (IS_ERR(policy))
		return PTR_ERR(policy);
	ret = acl_undo_check(policy, info->extack);
	if (ret)
		return ret;
	rules = acl_policy_rules(policies, policy);
	entry = rule_new(this, rules, &like, info);
	if (IS_ERR(entry))
		return PTR_ERR(entry);
	if (acl_identity_cares(&entry->rule))
		acl_identity_touch(policies, policy);
	acl_policy_changed(policies, policy);
	acl_expire_arm(policies, rules);
	acl_nl_rule_notify(net, policy, entry, UTCP_ACL_CMD_RULE_ADD_NTF);
	WARN_ON_ONCE(rule_put(to, net, policy, entry));
	return 0;
}

/* Two rules would not come into force in one step. */
static int one_rule(struct genl_info *info)
{
	const struct nlattr *attr;
	u32 n = 0;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != UTCP_ACL_A_POLICY_RULE || !n++)
			continue;
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "one rule a request; a load takes many");
		return -EINVAL;
	}
	return 0;
}

int utcp_acl_nl_rule_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct acl_policies *policies = &acl_net(genl_info_net(info))->policies;
	struct acl_msg to;
	int ret;

	/* Not more: the kernel copies a message with much room into one with less. */
	ret = acl_nl_begin_size(&to, skb, info, acl_rule_msg_size());
	if (ret)
		return ret;
	ret = acl_nl_need(info, UTCP_ACL_A_POLICY_NAME, "no policy is named");
	if (!ret)
		ret = acl_nl_need(info, UTCP_ACL_A_POLICY_RULE,
				  "no rule is given");
	if (!ret)
		ret = one_rule(info);
	if (ret)
		return acl_nl_end(&to, info, ret);
	mutex_lock(&policies->lock);
	ret = rule_add(&to, info);
	mutex_unlock(&policies->lock);
	return acl_nl_end(&to, info, ret);
}

/* --- one rule ------------------------------------------------------------------------------ */

/* The rule that a request names. Under the lock. */
static struct acl_entry *rule_of(struct acl_policies *policies,
				 struct genl_info *info,
				 struct acl_policy **policy)
{
	struct nlattr *handle = info->attrs[UTCP_ACL_A_POLICY_HANDLE];
	struct acl_entry *entry;

	*policy = acl_nl_policy_of(policies, info->attrs, info->extack);
	if (IS_ERR(*policy))
		return ERR_CAST(*policy);
	entry = acl_entry_find(acl_policy_rules(policies, *policy),
			       nla_get_u64(handle));
	if (entry)
		return entry;
	NL_SET_ERR_MSG_ATTR(info->extack, handle,
			    "the policy has no rule of this number");
	return ERR_PTR(-ENOENT);
}

static int rule_del(struct acl_msg *to, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct acl_policies *policies = &acl_net(net)->policies;
	struct acl_ruleset *rules;
	struct acl_policy *policy;
	struct acl_entry *entry;
	int ret;

	entry = rule_of(policies, info, &policy);
	if (IS_ERR(entry))
		return PTR_ERR(entry);
	ret = acl_undo_check(policy, info->extack);
	if (ret)
		return ret;
	rules = acl_policy_rules(policies, policy);
	if (entry->rule.asks & BIT(ACL_ASK_CELL)) {
		if (nla_get_flag(info->attrs[UTCP_ACL_A_POLICY_KEEP]))
			ret = acl_kept_add(rules, acl_rule_handle(&entry->rule),
					   info->extack);
		else
			acl_identity_touch(policies, policy);
		if (ret)
			return ret;
	} else if (acl_identity_cares(&entry->rule)) {
		acl_identity_touch(policies, policy);
	}
	WARN_ON_ONCE(rule_put(to, net, policy, entry));
	acl_nl_rule_notify(net, policy, entry, UTCP_ACL_CMD_RULE_DEL_NTF);
	acl_entry_del(policies, rules, entry);
	acl_policy_changed(policies, policy);
	return 0;
}

static int rule_get(struct acl_msg *to, struct genl_info *info)
{
	static const u8 lists[] = {
		UTCP_ACL_A_POLICY_OWNER,
		UTCP_ACL_A_POLICY_DIRECTION,
		UTCP_ACL_A_POLICY_VERDICT,
	};
	struct net *net = genl_info_net(info);
	struct acl_policies *policies = &acl_net(net)->policies;
	struct acl_policy *policy;
	struct acl_entry *entry;
	int ret;

	ret = acl_nl_refuse(info->attrs, lists, ARRAY_SIZE(lists),
			    info->extack);
	if (ret)
		return ret;
	entry = rule_of(policies, info, &policy);
	if (IS_ERR(entry))
		return PTR_ERR(entry);
	return rule_put(to, net, policy, entry);
}

static int rule_do(struct sk_buff *skb, struct genl_info *info,
		   int (*act)(struct acl_msg *to, struct genl_info *info))
{
	struct acl_policies *policies = &acl_net(genl_info_net(info))->policies;
	struct acl_msg to;
	int ret;

	ret = acl_nl_begin_size(&to, skb, info, acl_rule_msg_size());
	if (ret)
		return ret;
	ret = acl_nl_need(info, UTCP_ACL_A_POLICY_NAME, "no policy is named");
	if (!ret)
		ret = acl_nl_need(info, UTCP_ACL_A_POLICY_HANDLE,
				  "no rule is named");
	if (!ret) {
		mutex_lock(&policies->lock);
		ret = act(&to, info);
		mutex_unlock(&policies->lock);
	}
	return acl_nl_end(&to, info, ret);
}

int utcp_acl_nl_rule_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return rule_do(skb, info, rule_del);
}

int utcp_acl_nl_rule_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return rule_do(skb, info, rule_get);
}

/* --- lists ----------------------------------------------------------------------------------- */

static bool rule_wanted(const struct acl_entry *entry, struct nlattr **attrs)
{
	struct nlattr *direction = attrs[UTCP_ACL_A_POLICY_DIRECTION];
	struct nlattr *verdict = attrs[UTCP_ACL_A_POLICY_VERDICT];
	struct nlattr *handle = attrs[UTCP_ACL_A_POLICY_HANDLE];
	struct nlattr *owner = attrs[UTCP_ACL_A_POLICY_OWNER];
	struct acl_match match;

	if (verdict && nla_get_u32(verdict) != entry->verdict)
		return false;
	if (handle && nla_get_u64(handle) != acl_rule_handle(&entry->rule))
		return false;
	if (owner && nla_strcmp(owner, entry->extra ? entry->extra->owner : ""))
		return false;
	if (!direction)
		return true;
	acl_rule_match(&entry->rule, &match);
	return (match.dir == ACL_OUT) ==
	       (nla_get_u32(direction) == UTCP_ACL_DIRECTION_OUT);
}

/* cb->args[0]: order of the last rule that was put; no rule has order 0, since none has
 * the handle 0.
 */
int utcp_acl_nl_rule_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct net *net = sock_net(skb->sk);
	struct acl_policies *policies = &acl_net(net)->policies;
	struct acl_msg to;
	struct acl_policy *policy;
	struct acl_entry *entry;
	int ret = 0;

	ret = acl_nl_begin_dump(&to, skb, cb, UTCP_ACL_CMD_RULE_GET);
	if (ret)
		return ret;
	if (!attrs || !attrs[UTCP_ACL_A_POLICY_NAME]) {
		NL_SET_ERR_MSG(cb->extack, "no policy is named");
		return -EINVAL;
	}
	mutex_lock(&policies->lock);
	policy = acl_nl_policy_of(policies, attrs, cb->extack);
	if (IS_ERR(policy)) {
		ret = PTR_ERR(policy);
		goto unlock;
	}
	/* This tells also if it is another one of the same name. */
	cb->seq = policy->generation;
	entry = acl_entry_behind(acl_policy_rules(policies, policy),
				 cb->args[0]);
	for (; entry; entry = acl_entry_next(entry)) {
		if (rule_wanted(entry, attrs)) {
			ret = rule_put(&to, net, policy, entry);
			if (ret)
				break;
		}
		cb->args[0] = entry->rule.order;
	}
	if (ret && skb->len)
		ret = skb->len;
unlock:
	mutex_unlock(&policies->lock);
	return ret;
}
