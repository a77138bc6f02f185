// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bindings: which policy decides a port's frames.
 *
 * Locks: rtnl, then acl_policies.lock of the namespace.
 */
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "acl.h"
#include "basics.h"
#include "ns.h"
#include "recent.h"
#include "utcp_acl_nl_gen.h"

/* Under rtnl. It begins where what happens behind 32 bits is met soon. */
static u64 last_number = U32_MAX - 2;

void acl_bindings_init(struct acl_bindings *bindings)
{
	memset(bindings, 0, sizeof(*bindings));
	INIT_LIST_HEAD(&bindings->list);
	bindings->seq = 1;
}

/* Has a living binding these lower bits? */
static bool taken(const struct acl_bindings *bindings, u32 lower)
{
	const struct acl_binding *binding;

	list_for_each_entry(binding, &bindings->list, link)
		if ((u32)binding->number == lower)
			return true;
	return false;
}

/* A number for one more binding of a namespace, see struct acl_binding. What asks for many
 * has used up 32 bits in hours. Under rtnl.
 */
u64 acl_binding_number(const struct acl_bindings *bindings)
{
	ASSERT_RTNL();
	do
		last_number++;
	while (!(u32)last_number || taken(bindings, last_number));
	return last_number;
}

void acl_bindings_changed(struct acl_bindings *bindings)
{
	ASSERT_RTNL();
	if (!++bindings->seq)
		bindings->seq = 1;
}

/* The binding of a port itself, or the part of it that @ns has. Under rtnl. */
struct acl_binding *acl_binding_find(struct acl_bindings *bindings,
				     const struct netswitch_port *port,
				     const struct acl_ns_binding *ns)
{
	struct acl_binding *binding;

	ASSERT_RTNL();
	list_for_each_entry(binding, &bindings->list, link)
		if (binding->port == port && binding->ns == ns)
			return binding;
	return NULL;
}

/* @dir: as the port sees it */
static void set_way(struct acl_binding *binding, enum netswitch_dir dir,
		    enum acl_dir as)
{
	binding->way[dir].frames = &binding->counters->val[as][ACL_FRAMES];
	binding->way[dir].from = acl_recent_from(binding->number, as);
}

/**
 * acl_binding_new() - have a policy decide a port's frames that had none in this place
 * @this: the port's namespace
 * @port: the port
 * @policy: the policy, which the caller keeps from going away
 * @ns: the binding of the namespace, of which it is to be a part, or NULL
 * @basics: what is the sandbox's own, or NULL; the binding's, if it is made
 * @extack: for refusals
 *
 * Context: under rtnl; may sleep.
 * Return: the binding, or an error with @extack set where there is more to say.
 */
struct acl_binding *
acl_binding_new(struct acl_net *this, struct netswitch_port *port,
		struct acl_policy *policy, struct acl_ns_binding *ns,
		struct acl_basics *basics, struct netlink_ext_ack *extack)
{
	struct acl_binding *binding;
	int ret = -ENOMEM;

	binding = kzalloc(sizeof(*binding), GFP_KERNEL_ACCOUNT);
	if (!binding)
		return ERR_PTR(-ENOMEM);
	binding->counters =
		alloc_percpu_gfp(struct acl_counters, GFP_KERNEL_ACCOUNT);
	if (!binding->counters)
		goto free;
	binding->budgets =
		alloc_percpu_gfp(struct acl_budgets, GFP_KERNEL_ACCOUNT);
	if (!binding->budgets)
		goto free_counters;
	binding->net = this;
	binding->port = port;
	binding->ns = ns;
	/* What the sandbox sends comes in by the host's side of its link. */
	binding->out = ns ? NETSWITCH_OUT : NETSWITCH_IN;
	binding->number = acl_binding_number(&this->bindings);
	if (!ns || ns->kind != ACL_NS_IMPOSED)
		binding->dev = netswitch_port_dev(port)->ifindex;
	set_way(binding, binding->out, ACL_OUT);
	set_way(binding, !binding->out, ACL_IN);
	RCU_INIT_POINTER(binding->policy, policy);
	/* From the first frame on. */
	RCU_INIT_POINTER(binding->basics, basics);
	/* While it decides about frames, the module stays. */
	ret = -ENODEV; /* it is being removed */
	if (!try_module_get(THIS_MODULE))
		goto free_budgets;
	ret = netswitch_stage_set(
		port, ns ? acl_ns_stage(ns) : NETSWITCH_STAGE_ACL, binding);
	if (ret)
		goto put;
	list_add_tail(&binding->link, &this->bindings.list);
	acl_bindings_changed(&this->bindings);
	return binding;

put:
	module_put(THIS_MODULE);
free_budgets:
	free_percpu(binding->budgets);
free_counters:
	free_percpu(binding->counters);
free:
	kfree(binding);
	if (ret == -EOPNOTSUPP)
		NL_SET_ERR_MSG(extack,
			       "the port has no flag policy: set it first");
	return ERR_PTR(ret);
}

/* Other basics for a binding, which are its own from then on. Under rtnl. */
static bool basics_set(struct acl_binding *binding, struct acl_basics *basics)
{
	struct acl_basics *old = rtnl_dereference(binding->basics);

	if (!old == !basics && (!old || !memcmp(old, basics, sizeof(*old)))) {
		kfree(basics);
		return false;
	}
	rcu_assign_pointer(binding->basics, basics);
	if (old)
		kvfree_rcu_mightsleep(old);
	return true;
}

/* Has another policy decide. What the one before allowed may still come until a grace
 * period is over; flows are the caller's to flush after that. Under rtnl.
 * Return: it is another one.
 */
bool acl_binding_switch(struct acl_binding *binding, struct acl_policy *policy)
{
	if (rtnl_dereference(binding->policy) == policy)
		return false;
	rcu_assign_pointer(binding->policy, policy);
	return true;
}

/* A port's first binding. Under rtnl and the policies' lock. */
static struct acl_binding *port_binding_new(struct net *net,
					    struct netswitch_port *port,
					    struct acl_policy *policy,
					    struct acl_basics *basics,
					    struct netlink_ext_ack *extack)
{
	struct acl_net *this = acl_net(net);
	struct acl_binding *binding;

	binding = acl_binding_new(this, port, policy, NULL, basics, extack);
	if (!IS_ERR(binding))
		policy->users++;
	return binding;
}

/**
 * acl_binding_set() - have a policy decide a port's frames
 * @net: namespace of both
 * @port: the port
 * @name: name of the policy
 * @like: what is the sandbox's own, or NULL; copied
 * @extack: for refusals
 * @bindingp: set to the binding
 *
 * Context: under rtnl; takes the policies' lock, may sleep.
 * Return: 1 if something has changed, 0 if it was so already, or an error.
 */
int acl_binding_set(struct net *net, struct netswitch_port *port,
		    const char *name, const struct acl_basics *like,
		    struct netlink_ext_ack *extack,
		    struct acl_binding **bindingp)
{
	struct acl_basics *basics = NULL;
	struct acl_net *this = acl_net(net);
	struct acl_policies *policies = &this->policies;
	struct acl_policy *policy, *old;
	struct acl_binding *binding;
	bool again = false;
	int ret = 1;

	if (like) {
		basics = kmemdup(like, sizeof(*like), GFP_KERNEL_ACCOUNT);
		if (!basics)
			return -ENOMEM;
	}
	mutex_lock(&policies->lock);
	policy = acl_policy_find(policies, name);
	if (!policy) {
		NL_SET_ERR_MSG(extack, "no such policy in this namespace");
		kfree(basics);
		ret = -ENOENT;
		goto unlock;
	}
	binding = acl_binding_find(&this->bindings, port, NULL);
	if (!binding) {
		binding = port_binding_new(net, port, policy, basics, extack);
		if (IS_ERR(binding)) {
			kfree(basics);
			ret = PTR_ERR(binding);
			goto unlock;
		}
	} else {
		ret = basics_set(binding, basics);
		old = rtnl_dereference(binding->policy);
		if (acl_binding_switch(binding, policy)) {
			ret = 1;
			policy->users++;
			/* It waits for frames that are with it before it dies. */
			old->users--;
			/* What the other one allowed is not allowed by this. */
			synchronize_net();
			acl_flows_flush(&this->flows, binding->number);
			again = true;
		}
	}
	*bindingp = binding;
	if (ret)
		acl_bindings_changed(&this->bindings);
unlock:
	mutex_unlock(&policies->lock);
	if (again)
		netswitch_opinion_changed(port);
	return ret;
}

static u64 counter_sum(const struct acl_binding *binding, int dir, int counter)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct acl_counters *counters =
			per_cpu_ptr(binding->counters, cpu);

		sum += READ_ONCE(counters->val[dir][counter]);
	}
	return sum;
}

/* Sums a binding's counters so that no more drops than frames are found. */
void acl_binding_read(const struct acl_binding *binding,
		      struct acl_counters *sum)
{
	int dir, i;

	for (dir = 0; dir < ACL_DIRS; dir++) {
		for (i = ACL_DROP; i < ACL_COUNTERS; i++)
			sum->val[dir][i] = counter_sum(binding, dir, i);
		/* Pairs with nothing but the order of a CPU's own writes. */
		smp_rmb();
		sum->val[dir][ACL_FRAMES] =
			counter_sum(binding, dir, ACL_FRAMES);
	}
}

void acl_counters_add(struct acl_counters *to, const struct acl_counters *from)
{
	int dir, i;

	for (dir = 0; dir < ACL_DIRS; dir++)
		for (i = 0; i < ACL_COUNTERS; i++)
			to->val[dir][i] += from->val[dir][i];
}

/* Adds a binding's counters to a sum. */
void acl_binding_add(const struct acl_binding *binding,
		     struct acl_counters *sum)
{
	struct acl_counters one;

	acl_binding_read(binding, &one);
	acl_counters_add(sum, &one);
}

/* The port is not asked any more, and no frame is with the binding: the end of it.
 * Under rtnl.
 */
void acl_binding_detached(struct netswitch_port *port, void *priv)
{
	struct net *net = dev_net(netswitch_port_dev(port));
	struct acl_binding *binding = priv;
	struct acl_net *this = acl_net(net);
	struct acl_counters sum = {};

	if (!binding->ns)
		acl_nl_binding_notify(binding, UTCP_ACL_CMD_BIND_DEL_NTF);
	acl_flows_flush(&this->flows, binding->number);
	acl_told_flush(&this->identities, binding);
	acl_binding_add(binding, &sum);
	acl_counters_add(&this->bindings.gone, &sum);
	list_del(&binding->link);
	acl_bindings_changed(&this->bindings);
	if (binding->ns) {
		acl_ns_parted(binding->ns, &sum);
	} else {
		mutex_lock(&this->policies.lock);
		rtnl_dereference(binding->policy)->users--;
		mutex_unlock(&this->policies.lock);
	}
	kfree(rtnl_dereference(binding->basics));
	free_percpu(binding->budgets);
	free_percpu(binding->counters);
	kfree(binding);
	/* Who unloads the module waits for rtnl. */
	module_put(THIS_MODULE);
}
