// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bindings of namespaces: a policy decides the frames of all devices but lo.
 *
 * A device gets its hooks when it comes into the namespace, before it can be up. One
 * that moves in ignores what a notifier says to that, so a device without its hooks
 * is not let up, either. It cannot lose them again: the ports are kept.
 *
 * Locks: rtnl, then acl_policies.lock of the namespace that has the policy.
 */
#include <linux/if_arp.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "acl.h"
#include "utcp_acl_nl_gen.h"

/* Those that are imposed, oldest first. Under rtnl. */
LIST_HEAD(acl_ns_imposed);

/* What namespaces are bound to when they are born, or NULL. It has a user, so that it
 * stays. Written before @deny_new, read behind it.
 */
static struct acl_policy *new_policy;

/* Namespaces that are born from now on are bound to it. */
static bool deny_new;

static const char new_policy_name[] = "new-netns";

enum netswitch_stage_id acl_ns_stage(const struct acl_ns_binding *ns)
{
	return ns->kind == ACL_NS_OWN ? NETSWITCH_STAGE_ACL_OWN :
					NETSWITCH_STAGE_ACL_IMPOSED;
}

/* --- devices ---------------------------------------------------------------------------- */

/* Has a device its hooks? Under rtnl. */
static struct acl_binding *part_of(const struct acl_ns_binding *ns,
				   const struct net_device *dev)
{
	struct netswitch_port *port =
		netswitch_port_find(ns->net, dev->ifindex);

	return port ? acl_binding_find(&acl_net(ns->net)->bindings, port, ns) :
		      NULL;
}

/* Gives a device its hooks, if it has none. Under rtnl. */
static int part_add(struct acl_ns_binding *ns, struct net_device *dev,
		    struct netlink_ext_ack *extack)
{
	struct netswitch_port *port;
	struct acl_binding *part;
	int ret;

	if (part_of(ns, dev))
		return 0;
	ret = netswitch_port_keep(dev, extack, &port);
	if (ret)
		return ret;
	part = acl_binding_new(acl_net(ns->net), port, ns->policy, ns, NULL,
			       extack);
	if (IS_ERR(part)) {
		netswitch_port_let_go(port);
		return PTR_ERR(part);
	}
	ns->devices++;
	return 0;
}

static void parts_del(struct acl_ns_binding *ns)
{
	struct net_device *dev;

	for_each_netdev(ns->net, dev) {
		struct acl_binding *part = part_of(ns, dev);
		struct netswitch_port *port;

		if (!part)
			continue;
		port = part->port;
		netswitch_stage_clear(port, acl_ns_stage(ns));
		netswitch_port_let_go(port);
	}
}

/* A device has lost its part, with these counters. Under rtnl. */
void acl_ns_parted(struct acl_ns_binding *ns, const struct acl_counters *sum)
{
	acl_counters_add(&ns->gone, sum);
	ns->devices--;
}

/* Only what has Ethernet frames has hooks. What has none stays down, or is refused. */
static bool is_ethernet(const struct net_device *dev)
{
	return dev->type == ARPHRD_ETHER;
}

static int parts_add(struct acl_ns_binding *ns, struct netlink_ext_ack *extack)
{
	struct net_device *dev;
	int ret;

	for_each_netdev(ns->net, dev) {
		if (dev->flags & IFF_LOOPBACK ||
		    (!is_ethernet(dev) && !(dev->flags & IFF_UP)))
			continue;
		ret = part_add(ns, dev, extack);
		if (ret)
			return ret;
	}
	return 0;
}

/* --- bindings --------------------------------------------------------------------------- */

/* Makes a binding, whose policy gets a user. Under rtnl and the policies' lock. */
static struct acl_ns_binding *ns_new(struct net *net, enum acl_ns_kind kind,
				     struct acl_policies *policies,
				     struct acl_policy *policy)
{
	struct acl_ns_binding *ns;

	ns = kzalloc(sizeof(*ns), GFP_KERNEL_ACCOUNT);
	if (!ns)
		return ERR_PTR(-ENOMEM);
	if (!try_module_get(THIS_MODULE)) {
		kfree(ns);
		return ERR_PTR(-ENODEV);
	}
	ns->kind = kind;
	ns->net = net;
	ns->policy = policy;
	ns->policies = policies;
	ns->number = acl_binding_number(&acl_net(net)->bindings);
	INIT_LIST_HEAD(&ns->link);
	if (kind == ACL_NS_IMPOSED)
		list_add_tail(&ns->link, &acl_ns_imposed);
	policy->users++;
	acl_net(net)->ns[kind] = ns;
	acl_bindings_changed(&acl_net(net)->bindings);
	acl_bindings_changed(&acl_net(policies->net)->bindings);
	return ns;
}

/* Its devices have no part of it any more. Under rtnl. */
static void ns_free(struct acl_ns_binding *ns)
{
	WARN_ON_ONCE(ns->devices);
	acl_net(ns->net)->ns[ns->kind] = NULL;
	list_del(&ns->link);
	acl_bindings_changed(&acl_net(ns->net)->bindings);
	acl_bindings_changed(&acl_net(ns->policies->net)->bindings);
	mutex_lock(&ns->policies->lock);
	ns->policy->users--;
	mutex_unlock(&ns->policies->lock);
	kfree(ns);
	/* Who unloads the module waits for rtnl, or for the namespace's end. */
	module_put(THIS_MODULE);
}

/* Forgets the flows of all of its devices. Under rtnl. */
static void flush(const struct acl_ns_binding *ns, struct acl_net *this)
{
	struct acl_binding *part;
	u32 *numbers, n = 0;

	numbers = kvmalloc_array(ns->devices, sizeof(*numbers), GFP_KERNEL);
	list_for_each_entry(part, &this->bindings.list, link) {
		if (part->ns != ns)
			continue;
		if (numbers)
			numbers[n++] = part->number;
		else /* slower */
			acl_flows_flush(&this->flows, part->number);
	}
	if (n)
		acl_flows_flush_many(&this->flows, numbers, n);
	kvfree(numbers);
}

/* Has another policy decide. Under rtnl and the policies' lock. */
static bool ns_switch(struct acl_ns_binding *ns, struct acl_policy *policy)
{
	struct acl_net *this = acl_net(ns->net);
	struct acl_binding *part;

	if (ns->policy == policy)
		return false;
	list_for_each_entry(part, &this->bindings.list, link)
		if (part->ns == ns)
			acl_binding_switch(part, policy);
	policy->users++;
	/* It waits for frames that are with it before it dies. */
	ns->policy->users--;
	ns->policy = policy;
	/* What the other one allowed is not allowed by this. */
	synchronize_net();
	flush(ns, this);
	list_for_each_entry(part, &this->bindings.list, link)
		if (part->ns == ns)
			netswitch_opinion_changed(part->port);
	acl_bindings_changed(&this->bindings);
	acl_bindings_changed(&acl_net(ns->policies->net)->bindings);
	return true;
}

/**
 * acl_ns_set() - have a policy decide the frames of a namespace
 * @net: the namespace
 * @kind: who says so
 * @policies: those of the namespace that has the policy; for one kind and namespace it
 *	is always the same
 * @name: name of the policy
 * @extack: for refusals
 * @nsp: set to the binding
 *
 * All of its devices, or none.
 *
 * Context: under rtnl; takes the policies' lock, may sleep.
 * Return: 1 if something has changed, 0 if it was so already, or an error.
 */
int acl_ns_set(struct net *net, enum acl_ns_kind kind,
	       struct acl_policies *policies, const char *name,
	       struct netlink_ext_ack *extack, struct acl_ns_binding **nsp)
{
	struct acl_ns_binding *ns = acl_net(net)->ns[kind];
	struct acl_policy *policy;
	bool made = !ns;
	int ret = 1;

	mutex_lock(&policies->lock);
	policy = acl_policy_find(policies, name);
	if (!policy) {
		NL_SET_ERR_MSG(extack, "no such policy in this namespace");
		ret = -ENOENT;
	} else if (ns) {
		ret = ns_switch(ns, policy);
	} else {
		ns = ns_new(net, kind, policies, policy);
		if (IS_ERR(ns))
			ret = PTR_ERR(ns);
	}
	mutex_unlock(&policies->lock);
	if (ret < 0)
		return ret;
	/* What the devices of one that was there have not, they had no room for, and are
	 * down.
	 */
	if (made) {
		int added = parts_add(ns, extack);

		if (added) {
			acl_ns_clear(ns);
			return added;
		}
	}
	*nsp = ns;
	return ret;
}

/**
 * acl_ns_clear() - have no policy decide the frames of a namespace any more
 * @ns: the binding, which ends
 *
 * Context: under rtnl; may sleep.
 */
void acl_ns_clear(struct acl_ns_binding *ns)
{
	parts_del(ns);
	ns_free(ns);
}

/* Sums its counters. Under rtnl. */
void acl_ns_read(const struct acl_ns_binding *ns, struct acl_counters *sum)
{
	struct acl_binding *part;

	*sum = ns->gone;
	list_for_each_entry(part, &acl_net(ns->net)->bindings.list, link)
		if (part->ns == ns)
			acl_binding_add(part, sum);
}

/* --- namespaces that come and go --------------------------------------------------------- */

/**
 * acl_ns_born() - a namespace is being made
 * @net: the namespace, which has no devices yet
 *
 * Context: process; may sleep.
 * Return: 0, or an error, and then the namespace must not be.
 */
int acl_ns_born(struct net *net)
{
	struct acl_policies *policies = &acl_net(&init_net)->policies;
	struct acl_ns_binding *ns;

	/* Pairs with the write in acl_ns_start(). */
	if (!smp_load_acquire(&deny_new))
		return 0;
	rtnl_lock();
	mutex_lock(&policies->lock);
	ns = ns_new(net, ACL_NS_IMPOSED, policies, new_policy);
	mutex_unlock(&policies->lock);
	if (!IS_ERR(ns))
		acl_nl_ns_notify(ns, UTCP_ACL_CMD_BIND_SET_NTF);
	rtnl_unlock();
	return PTR_ERR_OR_ZERO(ns);
}

/**
 * acl_ns_died() - a namespace comes to its end
 * @net: the namespace, which has no devices any more
 *
 * Context: process; may sleep.
 */
void acl_ns_died(struct net *net)
{
	struct acl_net *this = acl_net(net);
	int kind;

	/* Who could set them has gone. */
	if (!this->ns[ACL_NS_IMPOSED] && !this->ns[ACL_NS_OWN])
		return;
	rtnl_lock();
	for (kind = 0; kind < ACL_NS_KINDS; kind++) {
		struct acl_ns_binding *ns = this->ns[kind];

		if (!ns)
			continue;
		/* Inside nobody listens any more. */
		if (kind == ACL_NS_IMPOSED)
			acl_nl_ns_notify(ns, UTCP_ACL_CMD_BIND_DEL_NTF);
		ns_free(ns);
	}
	rtnl_unlock();
}

/* A device may not be up, or be at all, without its hooks. */
static int come(struct net_device *dev, struct netlink_ext_ack *extack)
{
	struct acl_net *this = acl_net(dev_net(dev));
	int kind, ret;

	if (dev->flags & IFF_LOOPBACK)
		return 0;
	for (kind = 0; kind < ACL_NS_KINDS; kind++) {
		if (!this->ns[kind])
			continue;
		ret = part_add(this->ns[kind], dev, extack);
		if (ret)
			return ret;
	}
	return 0;
}

static int device_event(struct notifier_block *nb, unsigned long event,
			void *ptr)
{
	struct netlink_ext_ack *extack = netdev_notifier_info_to_extack(ptr);
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	switch (event) {
	case NETDEV_REGISTER:
		/* It may get Ethernet frames before it is let up. */
		if (!is_ethernet(dev))
			return NOTIFY_DONE;
		fallthrough;
	case NETDEV_PRE_UP:
		return notifier_from_errno(come(dev, extack));
	}
	return NOTIFY_DONE;
}

static struct notifier_block device_notifier = {
	.notifier_call = device_event,
};

/* --- loading and unloading ---------------------------------------------------------------- */

/* Makes the policy that new namespaces are bound to. */
static int new_policy_make(void)
{
	struct acl_policies *policies = &acl_net(&init_net)->policies;
	struct acl_settings set = {
		.comment = "what new network namespaces are bound to",
		.owner = "utcp_acl",
		.def = {
			[ACL_IN] = UTCP_ACL_VERDICT_DENY,
			[ACL_OUT] = UTCP_ACL_VERDICT_REJECT,
		},
	};
	struct acl_ruleset *rules;
	int ret;

	strscpy(set.name, new_policy_name, sizeof(set.name));
	rules = acl_ruleset_new(&set);
	if (!rules)
		return -ENOMEM;
	mutex_lock(&policies->lock);
	new_policy = acl_policy_add(policies, &set, rules, U32_MAX, NULL);
	ret = PTR_ERR_OR_ZERO(new_policy);
	if (ret)
		new_policy = NULL;
	else
		new_policy->users++;
	mutex_unlock(&policies->lock);
	if (ret)
		acl_ruleset_free(policies, rules);
	return ret;
}

/**
 * acl_ns_init() - begin to watch devices
 * @new_netns: the module's option
 *
 * Context: process; namespaces have their state, and nothing is bound.
 * Return: 0, or an error.
 */
int acl_ns_init(const char *new_netns)
{
	int ret = 0;

	if (!strcmp(new_netns, "deny"))
		ret = new_policy_make();
	else if (strcmp(new_netns, "none"))
		ret = -EINVAL;
	if (ret == -EINVAL)
		pr_err("utcp_acl: new_netns is none or deny, not %s\n",
		       new_netns);
	if (ret)
		return ret;
	ret = register_netdevice_notifier(&device_notifier);
	if (ret && new_policy)
		new_policy->users--;
	return ret;
}

/* The module is ready: from now on new namespaces are bound, if they are to be. */
void acl_ns_start(void)
{
	/* Pairs with the read in acl_ns_born(). */
	smp_store_release(&deny_new, new_policy);
}

/* No namespace is bound any more; nor will one be. */
void acl_ns_exit(void)
{
	WRITE_ONCE(deny_new, false);
	unregister_netdevice_notifier(&device_notifier);
	if (new_policy)
		new_policy->users--;
}
