// SPDX-License-Identifier: GPL-2.0-only
/*
 * Traces: sockets that follow live frames, with what has decided about each.
 *
 * Deciding has a branch for them that is patched in while there are any, so they cost
 * nothing when nobody traces. A trace belongs to the socket that has begun it and ends
 * with it.
 */
#include <linux/jiffies.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "acl.h"
#include "log.h"
#include "match.h"
#include "policy_nl.h"
#include "rule_nl.h"
#include "tracer.h"
#include "utcp_acl_nl_gen.h"

#define RATE_DEFAULT 100

/* Patching stops all CPUs, also for a namespace that is not theirs: it is taken back a while
 * after the last trace, so that who begins and ends them has that no more often.
 */
DEFINE_STATIC_KEY_DEFERRED_FALSE(acl_tracing, HZ);

/**
 * struct acl_tracer - a trace
 * @link: in acl_tracers.list
 * @portid: the socket
 * @binding: number of the binding whose frames it follows; 0: of all
 * @match: which frames; what it does not ask for holds for all
 * @verdict: enum utcp_acl_verdict that they got; 0: any
 * @rate: how many a second, and at once
 * @lock: protects @budget and @missed: frames come on all CPUs
 * @budget: what is left of the rate
 * @missed: frames that were not told of since the last one that was
 * @rcu: for freeing
 *
 * Readers are under RCU. Dies a grace period after it was taken from the list: with its
 * socket, or its namespace.
 */
struct acl_tracer {
	struct list_head link;
	u32 portid;
	u64 binding;
	struct acl_match match;
	u8 verdict;
	u32 rate;
	spinlock_t lock; /* protects budget and missed */
	struct acl_budget budget;
	u64 missed;
	struct rcu_head rcu;
};

void acl_tracers_init(struct acl_tracers *tracers)
{
	mutex_init(&tracers->lock);
	INIT_LIST_HEAD(&tracers->list);
	tracers->n = 0;
}

static void tracer_end(struct acl_tracers *tracers, struct acl_tracer *tracer)
{
	list_del_rcu(&tracer->link);
	tracers->n--;
	static_branch_slow_dec_deferred(&acl_tracing);
	kfree_rcu(tracer, rcu);
}

/* The namespace or the module goes before the sockets have. */
void acl_tracers_exit(struct acl_tracers *tracers)
{
	acl_tracers_socket_gone(tracers, 0);
	mutex_destroy(&tracers->lock);
}

/* No trace is left, and the code is as it was before the first one. May sleep. */
void acl_tracing_end(void)
{
	static_key_deferred_flush(&acl_tracing);
}

/* A socket, or (0) all of them, is gone. May sleep. */
void acl_tracers_socket_gone(struct acl_tracers *tracers, u32 portid)
{
	struct acl_tracer *tracer, *next;

	/* It had waited for the end of each of its requests. */
	if (list_empty(&tracers->list))
		return;
	mutex_lock(&tracers->lock);
	list_for_each_entry_safe(tracer, next, &tracers->list, link)
		if (!portid || tracer->portid == portid)
			tracer_end(tracers, tracer);
	mutex_unlock(&tracers->lock);
}

/* --- frames ------------------------------------------------------------------------- */

/* May anybody be told of a binding's frames? Under RCU. */
bool acl_is_traced(const struct acl_binding *binding)
{
	return !list_empty(&acl_net(acl_log_net(binding))->tracers.list);
}

static bool is_wanted(const struct acl_tracer *tracer,
		      const struct acl_binding *binding,
		      const struct acl_key *key, const struct acl_seen *seen)
{
	if ((tracer->binding && tracer->binding != binding->number) ||
	    (tracer->verdict && tracer->verdict != seen->verdict))
		return false;
	if (key)
		return acl_match_key(&tracer->match, key, get_jiffies_64());
	/* Of what could not be read, the direction is known. */
	return !(tracer->match.asks & ~BIT(ACL_ASK_DIR)) &&
	       (!ACL_ASKS(&tracer->match, DIR) ||
		tracer->match.dir == seen->dir);
}

/* May one more be told of? @missed: how many were not before it. */
static bool take_budget(struct acl_tracer *tracer, u64 *missed)
{
	bool may;

	spin_lock(&tracer->lock);
	may = acl_budget_take(&tracer->budget, tracer->rate, tracer->rate);
	*missed = tracer->missed;
	tracer->missed = may ? 0 : *missed + 1;
	spin_unlock(&tracer->lock);
	return may;
}

static void count_missed(struct acl_tracer *tracer, u64 n)
{
	spin_lock(&tracer->lock);
	tracer->missed += n;
	spin_unlock(&tracer->lock);
}

static void tell(struct acl_tracer *tracer, const struct acl_binding *binding,
		 const struct acl_policy *policy, const struct acl_key *key,
		 const struct acl_seen *seen)
{
	struct sk_buff *msg;
	u64 missed;

	if (!take_budget(tracer, &missed))
		return;
	msg = acl_log_make(binding, policy, key, seen, UTCP_ACL_CMD_TRACE_BEGIN,
			   missed);
	/* What the socket has no room for is lost as well. */
	if (!msg || genlmsg_unicast(acl_log_net(binding), msg, tracer->portid))
		count_missed(tracer, missed + 1);
}

/**
 * acl_trace_frame() - tell those who trace of a frame
 * @binding: by which it came
 * @policy: the policy that decided
 * @key: its key; NULL if it could not be read
 * @seen: what was decided
 *
 * Context: softirq or softirqs off, under RCU; locks of a socket may be held.
 */
void acl_trace_frame(const struct acl_binding *binding,
		     const struct acl_policy *policy, const struct acl_key *key,
		     const struct acl_seen *seen)
{
	const struct acl_net *this = acl_net(acl_log_net(binding));
	struct acl_tracer *tracer;

	list_for_each_entry_rcu(tracer, &this->tracers.list, link)
		if (is_wanted(tracer, binding, key, seen))
			tell(tracer, binding, policy, key, seen);
}

/* --- requests ------------------------------------------------------------------------- */

static int read_binding(struct net *net, struct genl_info *info, u64 *number)
{
	struct acl_binding *binding;

	BUILD_BUG_ON((int)UTCP_ACL_A_LOG_IFINDEX !=
		     (int)UTCP_ACL_A_BINDING_IFINDEX);
	BUILD_BUG_ON((int)UTCP_ACL_A_LOG_IFNAME !=
		     (int)UTCP_ACL_A_BINDING_IFNAME);
	if (!info->attrs[UTCP_ACL_A_LOG_IFINDEX] &&
	    !info->attrs[UTCP_ACL_A_LOG_IFNAME])
		return 0;
	rtnl_lock();
	binding = acl_nl_binding_of(net, info->attrs, info->extack);
	if (!IS_ERR(binding))
		*number = binding->number;
	rtnl_unlock();
	return PTR_ERR_OR_ZERO(binding);
}

static struct acl_tracer *tracer_new(struct genl_info *info)
{
	struct nlattr *rate = info->attrs[UTCP_ACL_A_LOG_RATE];
	struct nlattr *rule = info->attrs[UTCP_ACL_A_LOG_RULE];
	struct acl_tracer *tracer;
	int ret = 0;

	tracer = kzalloc(sizeof(*tracer), GFP_KERNEL_ACCOUNT);
	if (!tracer)
		return ERR_PTR(-ENOMEM);
	spin_lock_init(&tracer->lock);
	tracer->portid = info->snd_portid;
	tracer->rate = rate ? nla_get_u32(rate) : RATE_DEFAULT;
	tracer->budget.last = jiffies;
	tracer->budget.credit = tracer->rate * HZ;
	if (rule)
		ret = acl_filter_read(rule, &tracer->match, &tracer->verdict,
				      info->extack);
	if (!ret)
		ret = read_binding(genl_info_net(info), info, &tracer->binding);
	if (!ret)
		return tracer;
	kfree(tracer);
	return ERR_PTR(ret);
}

static int tracer_add(struct acl_tracers *tracers, struct acl_tracer *tracer,
		      struct netlink_ext_ack *extack)
{
	const struct acl_tracer *other;

	lockdep_assert_held(&tracers->lock);
	list_for_each_entry(other, &tracers->list, link) {
		if (other->portid != tracer->portid)
			continue;
		NL_SET_ERR_MSG(extack, "the socket has a trace already");
		return -EBUSY;
	}
	if (tracers->n >= ACL_TRACERS_MAX) {
		NL_SET_ERR_MSG(extack,
			       "as many traces as can be are under way");
		return -ENOSPC;
	}
	tracers->n++;
	list_add_tail_rcu(&tracer->link, &tracers->list);
	return 0;
}

/* Puts the reply before anything is told. */
static int trace_begin(struct acl_msg *to, struct acl_tracers *tracers,
		       struct acl_tracer *tracer,
		       struct netlink_ext_ack *extack)
{
	void *hdr = acl_nl_header(to);
	int ret;

	if (!hdr || nla_put_u32(to->msg, UTCP_ACL_A_LOG_RATE, tracer->rate))
		return -EMSGSIZE;
	genlmsg_end(to->msg, hdr);
	static_branch_deferred_inc(&acl_tracing);
	mutex_lock(&tracers->lock);
	ret = tracer_add(tracers, tracer, extack);
	mutex_unlock(&tracers->lock);
	if (ret)
		static_branch_slow_dec_deferred(&acl_tracing);
	return ret;
}

int utcp_acl_nl_trace_begin_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct acl_net *this = acl_net(genl_info_net(info));
	struct acl_tracer *tracer;
	struct acl_msg to;
	int ret;

	ret = acl_nl_begin(&to, skb, info);
	if (ret)
		return ret;
	tracer = tracer_new(info);
	if (IS_ERR(tracer))
		return acl_nl_end(&to, info, PTR_ERR(tracer));
	ret = trace_begin(&to, &this->tracers, tracer, info->extack);
	if (ret)
		kfree(tracer);
	return acl_nl_end(&to, info, ret);
}
