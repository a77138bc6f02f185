// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads: a policy is replaced as a whole, by any number of requests.
 *
 * What is loaded is a ruleset that nobody sees. The commit makes its classifier and
 * puts it in the policy's place, in one step for frames; before that nothing of the
 * policy has changed, whatever fails. A load belongs to the socket that has begun it
 * and ends with it.
 */
#include <linux/netlink.h>
#include <linux/notifier.h>
#include <linux/slab.h>

#include "expire.h"
#include "kept.h"
#include "load.h"
#include "policy_nl.h"
#include "rule_nl.h"
#include "undo.h"
#include "utcp_acl_nl_gen.h"

/**
 * struct acl_load - a load that has begun
 * @link: in acl_policies.loads
 * @portid: the socket
 * @number: its number
 * @set: settings of the policy
 * @generation: that the policy must have, with @has_generation
 * @has_generation: there is one
 * @confirm: milliseconds in which the commit is to be confirmed; 0: need not be
 * @building: its classifier is being made, without the lock: nothing else may change it
 * @rules: the rules so far; NULL when they are the policy's
 *
 * Under acl_policies.lock. Dies by its commit, by request, or with the socket.
 */
struct acl_load {
	struct list_head link;
	u32 portid;
	u32 number;
	struct acl_settings set;
	u32 generation;
	bool has_generation;
	u32 confirm;
	bool building;
	struct acl_ruleset *rules;
};

/* Under the lock. */
static struct acl_load *load_of_socket(struct acl_policies *policies,
				       u32 portid)
{
	struct acl_load *load;

	lockdep_assert_held(&policies->lock);
	list_for_each_entry(load, &policies->loads, link)
		if (load->portid == portid)
			return load;
	return NULL;
}

/* Frees a load that is in no list. Without the lock. */
static void load_free(struct acl_policies *policies, struct acl_load *load)
{
	acl_ruleset_free(policies, load->rules);
	kfree(load);
}

/* A socket is gone; may sleep. */
static int socket_gone(struct notifier_block *nb, unsigned long event,
		       void *ptr)
{
	const struct netlink_notify *notify = ptr;
	struct acl_policies *policies;
	struct acl_load *load;

	if (event != NETLINK_URELEASE || notify->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	acl_tracers_socket_gone(&acl_net(notify->net)->tracers, notify->portid);
	policies = &acl_net(notify->net)->policies;
	/* Its load, if it had one, is there to be seen: the socket had waited for the
	 * end of each of its requests.
	 */
	if (list_empty(&policies->loads))
		return NOTIFY_DONE;
	mutex_lock(&policies->lock);
	load = load_of_socket(policies, notify->portid);
	if (load)
		list_del(&load->link);
	mutex_unlock(&policies->lock);
	if (load)
		load_free(policies, load);
	return NOTIFY_DONE;
}

static struct notifier_block load_notifier = {
	.notifier_call = socket_gone,
};

int acl_loads_init(void)
{
	return netlink_register_notifier(&load_notifier);
}

void acl_loads_fini(void)
{
	netlink_unregister_notifier(&load_notifier);
}

/* The module goes before the sockets have: their loads end here. No requests. */
void acl_loads_exit(struct acl_policies *policies)
{
	struct acl_load *load, *next;

	list_for_each_entry_safe(load, next, &policies->loads, link) {
		list_del(&load->link);
		load_free(policies, load);
	}
}

static int load_put(const struct acl_msg *to, const struct acl_load *load)
{
	void *hdr = acl_nl_header(to);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(to->msg, UTCP_ACL_A_POLICY_LOAD, load->number) ||
	    nla_put_u32(to->msg, UTCP_ACL_A_POLICY_RULES, load->rules->n)) {
		genlmsg_cancel(to->msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(to->msg, hdr);
	return 0;
}

/* --- begin ---------------------------------------------------------------------------------- */

static struct acl_load *load_new(struct genl_info *info)
{
	struct nlattr *generation = info->attrs[UTCP_ACL_A_POLICY_GENERATION];
	struct acl_load *load;
	int ret;

	load = kzalloc(sizeof(*load), GFP_KERNEL_ACCOUNT);
	if (!load)
		return ERR_PTR(-ENOMEM);
	memset(load->set.def, UTCP_ACL_VERDICT_DENY, sizeof(load->set.def));
	ret = acl_nl_settings(&load->set, info->attrs, info->extack);
	if (ret)
		goto free;
	if (generation) {
		load->generation = nla_get_u32(generation);
		load->has_generation = true;
	}
	if (info->attrs[UTCP_ACL_A_POLICY_CONFIRM])
		load->confirm =
			nla_get_u32(info->attrs[UTCP_ACL_A_POLICY_CONFIRM]);
	load->portid = info->snd_portid;
	load->rules = acl_ruleset_new(&load->set);
	ret = -ENOMEM;
	if (!load->rules)
		goto free;
	return load;

free:
	kfree(load);
	return ERR_PTR(ret);
}

/* Under the lock. */
static int load_begin(struct acl_msg *to, struct acl_policies *policies,
		      struct acl_load *load, struct netlink_ext_ack *extack)
{
	if (load_of_socket(policies, load->portid)) {
		NL_SET_ERR_MSG(extack, "the socket has a load already");
		return -EBUSY;
	}
	if (!++policies->load)
		policies->load = 1;
	load->number = policies->load;
	list_add_tail(&load->link, &policies->loads);
	WARN_ON_ONCE(load_put(to, load));
	return 0;
}

int utcp_acl_nl_load_begin_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct acl_policies *policies = &acl_net(genl_info_net(info))->policies;
	struct acl_load *load;
	struct acl_msg to;
	int ret;

	ret = acl_nl_begin(&to, skb, info);
	if (ret)
		return ret;
	ret = acl_nl_need(info, UTCP_ACL_A_POLICY_NAME, "no policy is named");
	if (ret)
		return acl_nl_end(&to, info, ret);
	load = load_new(info);
	if (IS_ERR(load))
		return acl_nl_end(&to, info, PTR_ERR(load));
	mutex_lock(&policies->lock);
	ret = load_begin(&to, policies, load, info->extack);
	mutex_unlock(&policies->lock);
	if (ret)
		load_free(policies, load);
	return acl_nl_end(&to, info, ret);
}

/* --- add ------------------------------------------------------------------------------------ */

/* The load that a request names. Under the lock. */
static struct acl_load *load_of(struct acl_policies *policies,
				struct genl_info *info)
{
	struct nlattr *number = info->attrs[UTCP_ACL_A_POLICY_LOAD];
	struct acl_load *load = load_of_socket(policies, info->snd_portid);

	if (load && load->building) {
		NL_SET_ERR_MSG_ATTR(info->extack, number,
				    "the load is being committed");
		return ERR_PTR(-EBUSY);
	}
	if (load && load->number == nla_get_u32(number))
		return load;
	NL_SET_ERR_MSG_ATTR(info->extack, number,
			    "this socket has no load of this number");
	return ERR_PTR(-ENOENT);
}

/* How many rules a request has. */
static u32 rules_in(const struct genl_info *info)
{
	const struct nlattr *attr;
	u32 n = 0;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem)
		n += nla_type(attr) == UTCP_ACL_A_POLICY_RULE;
	return n;
}

/* Takes away the rules with handles above @last. Under the lock. */
static void undo(struct acl_policies *policies, struct acl_ruleset *rules,
		 u64 last)
{
	u64 handle;

	for (handle = policies->handle; handle > last; handle--) {
		struct acl_entry *entry = acl_entry_find(rules, handle);

		if (entry)
			acl_entry_drop(policies, rules, entry);
	}
}

static int load_add_one(struct acl_net *this, struct acl_ruleset *rules,
			const struct nlattr *nest, struct acl_counts *counts,
			u32 index, struct netlink_ext_ack *extack)
{
	struct acl_policies *policies = &this->policies;
	struct acl_new_rule like;
	int ret;

	ret = acl_rule_read(policies, nest, &like, extack);
	if (ret)
		return ret;
	if (policies->rules >= acl_limit(this, UTCP_ACL_A_LIMITS_RULES)) {
		NL_SET_ERR_MSG(
			extack,
			"the namespace has as many rules as its limit allows");
		return -ENOSPC;
	}
	return PTR_ERR_OR_ZERO(
		acl_entry_add(policies, rules, &like, counts, index));
}

/* Under the lock. */
static int load_add(struct acl_msg *to, struct genl_info *info,
		    struct acl_counts *counts)
{
	struct acl_net *this = acl_net(genl_info_net(info));
	struct acl_policies *policies = &this->policies;
	u64 last = policies->handle;
	const struct nlattr *attr;
	struct acl_load *load;
	u32 n = 0;
	int rem, ret;

	load = load_of(policies, info);
	if (IS_ERR(load))
		return PTR_ERR(load);
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != UTCP_ACL_A_POLICY_RULE)
			continue;
		ret = load_add_one(this, load->rules, attr, counts, n++,
				   info->extack);
		if (ret) {
			undo(policies, load->rules, last);
			return ret;
		}
	}
	WARN_ON_ONCE(load_put(to, load));
	return 0;
}

int utcp_acl_nl_load_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct acl_policies *policies = &acl_net(genl_info_net(info))->policies;
	struct acl_counts *counts;
	struct acl_msg to;
	u32 n;
	int ret;

	ret = acl_nl_begin(&to, skb, info);
	if (ret)
		return ret;
	ret = acl_nl_need(info, UTCP_ACL_A_POLICY_LOAD, "no load is named");
	if (!ret)
		ret = acl_nl_need(info, UTCP_ACL_A_POLICY_RULE,
				  "no rule is given");
	if (ret)
		return acl_nl_end(&to, info, ret);
	n = rules_in(info);
	if (n > PCPU_MIN_UNIT_SIZE / sizeof(struct acl_count)) {
		NL_SET_ERR_MSG(info->extack,
			       "these are too many rules for one request");
		return acl_nl_end(&to, info, -E2BIG);
	}
	counts = acl_counts_new(n);
	if (!counts)
		return acl_nl_end(&to, info, -ENOMEM);
	mutex_lock(&policies->lock);
	ret = load_add(&to, info, counts);
	mutex_unlock(&policies->lock);
	acl_counts_put(counts);
	return acl_nl_end(&to, info, ret);
}

/* --- commit and abort ------------------------------------------------------------------------- */

/* Is the policy still what the load was made for? */
static int load_fits(const struct acl_load *load,
		     const struct acl_policy *policy,
		     struct netlink_ext_ack *extack)
{
	if (!load->has_generation ||
	    (policy && policy->generation == load->generation))
		return 0;
	NL_SET_ERR_MSG(extack, "the policy has changed since");
	return -ESTALE;
}

/* What the policy is now, to go back to. Under the lock. */
static int undo_new(const struct acl_load *load,
		    const struct acl_policy *policy, struct acl_undo **undo,
		    struct netlink_ext_ack *extack)
{
	if (!load->confirm)
		return 0;
	if (!policy) {
		NL_SET_ERR_MSG(
			extack,
			"there is no such policy yet: nothing to go back to");
		return -ENOENT;
	}
	*undo = kzalloc(sizeof(**undo), GFP_KERNEL_ACCOUNT);
	if (!*undo)
		return -ENOMEM;
	(*undo)->set = policy->set;
	(*undo)->ends = acl_expire_now() + load->confirm;
	return 0;
}

/* Makes the classifier of a load. Of many rules that takes long, and rtnl may wait for the
 * lock: so it is let go of meanwhile. The load's socket is in this request, and stays. What
 * ends meanwhile is taken away as soon as it is in force, as of any policy. Under the lock.
 */
static int load_build(struct acl_policies *policies, struct acl_load *load,
		      struct netlink_ext_ack *extack)
{
	int ret;

	acl_expire_loaded(policies, load->rules);
	load->building = true;
	mutex_unlock(&policies->lock);
	ret = acl_ruleset_build(load->rules, extack);
	mutex_lock(&policies->lock);
	load->building = false;
	return ret;
}

/* Under the lock. @load is built. @old: set to what nobody will use any more when a grace
 * period has passed.
 */
static int load_commit(struct acl_msg *to, struct genl_info *info,
		       struct acl_load *load, struct acl_ruleset **old)
{
	struct net *net = genl_info_net(info);
	struct acl_net *this = acl_net(net);
	struct acl_policies *policies = &this->policies;
	struct acl_undo *undo = NULL;
	struct acl_policy *policy;
	u8 cmd = UTCP_ACL_CMD_POLICY_CHANGE_NTF;
	int ret;

	policy = acl_policy_find(policies, load->set.name);
	ret = load_fits(load, policy, info->extack);
	if (!ret && policy)
		ret = acl_undo_check(policy, info->extack);
	if (!ret)
		ret = undo_new(load, policy, &undo, info->extack);
	if (!ret && policy && nla_get_flag(info->attrs[UTCP_ACL_A_POLICY_KEEP]))
		ret = acl_kept_take_over(load->rules,
					 acl_policy_rules(policies, policy),
					 info->extack);
	if (ret) {
		kfree(undo);
		return ret;
	}
	if (policy) {
		policy->set = load->set;
		*old = acl_policy_rules(policies, policy);
		if (undo) {
			undo->rules = *old;
			*old = NULL;
			policy->undo = undo;
			acl_expire_at(policies, undo->ends);
		}
		acl_identity_touch(policies, policy);
		rcu_assign_pointer(policy->rules, load->rules);
		acl_policy_changed(policies, policy);
	} else {
		policy = acl_policy_add(policies, &load->set, load->rules,
					acl_limit(this,
						  UTCP_ACL_A_LIMITS_POLICIES),
					info->extack);
		if (IS_ERR(policy))
			return PTR_ERR(policy);
		cmd = UTCP_ACL_CMD_POLICY_NEW_NTF;
	}
	acl_expire_arm(policies, load->rules);
	load->rules = NULL;
	acl_nl_policy_notify(net, policies, policy, cmd);
	WARN_ON_ONCE(acl_nl_policy_put(to, policies, policy));
	return 0;
}

/* The load of a request ends, by @commit or without. After a refused commit it is
 * still there.
 */
static int load_end(struct acl_msg *to, struct genl_info *info, bool commit)
{
	struct acl_policies *policies = &acl_net(genl_info_net(info))->policies;
	struct acl_ruleset *old = NULL;
	struct acl_load *load;
	int ret;

	mutex_lock(&policies->lock);
	load = load_of(policies, info);
	ret = PTR_ERR_OR_ZERO(load);
	if (!ret && commit) {
		ret = load_build(policies, load, info->extack);
		if (!ret)
			ret = load_commit(to, info, load, &old);
	} else if (!ret) {
		WARN_ON_ONCE(load_put(to, load));
	}
	if (!ret)
		list_del(&load->link);
	mutex_unlock(&policies->lock);
	if (ret)
		return ret;
	if (old) {
		synchronize_rcu();
		acl_ruleset_free(policies, old);
	}
	load_free(policies, load);
	return 0;
}

static int load_end_do(struct sk_buff *skb, struct genl_info *info, bool commit)
{
	struct acl_msg to;
	int ret;

	ret = acl_nl_begin(&to, skb, info);
	if (ret)
		return ret;
	ret = acl_nl_need(info, UTCP_ACL_A_POLICY_LOAD, "no load is named");
	if (!ret)
		ret = load_end(&to, info, commit);
	return acl_nl_end(&to, info, ret);
}

int utcp_acl_nl_load_commit_doit(struct sk_buff *skb, struct genl_info *info)
{
	return load_end_do(skb, info, true);
}

int utcp_acl_nl_load_abort_doit(struct sk_buff *skb, struct genl_info *info)
{
	return load_end_do(skb, info, false);
}

/* --- confirming ------------------------------------------------------------------ */

/* Under the lock. Return: what nobody will go back to, or an error. */
static struct acl_undo *load_confirm(struct acl_msg *to, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct acl_policies *policies = &acl_net(net)->policies;
	struct acl_policy *policy;
	struct acl_undo *undo;

	policy = acl_nl_policy_of(policies, info->attrs, info->extack);
	if (IS_ERR(policy))
		return ERR_CAST(policy);
	undo = policy->undo;
	if (!undo) {
		NL_SET_ERR_MSG_ATTR(
			info->extack, info->attrs[UTCP_ACL_A_POLICY_NAME],
			"no load of the policy waits to be confirmed");
		return ERR_PTR(-ENOENT);
	}
	policy->undo = NULL;
	acl_policy_changed(policies, policy);
	acl_nl_policy_notify(net, policies, policy,
			     UTCP_ACL_CMD_POLICY_CHANGE_NTF);
	WARN_ON_ONCE(acl_nl_policy_put(to, policies, policy));
	return undo;
}

int utcp_acl_nl_load_confirm_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct acl_policies *policies = &acl_net(genl_info_net(info))->policies;
	struct acl_undo *undo;
	struct acl_msg to;
	int ret;

	ret = acl_nl_begin(&to, skb, info);
	if (ret)
		return ret;
	ret = acl_nl_need(info, UTCP_ACL_A_POLICY_NAME, "no policy is named");
	if (ret)
		return acl_nl_end(&to, info, ret);
	mutex_lock(&policies->lock);
	undo = load_confirm(&to, info);
	mutex_unlock(&policies->lock);
	if (IS_ERR(undo))
		return acl_nl_end(&to, info, PTR_ERR(undo));
	acl_undo_free(policies, undo);
	return acl_nl_end(&to, info, 0);
}
