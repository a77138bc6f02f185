// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices by which frames skip hooks.
 *
 * An ifb marks what it gives back (tc_skip_classify), so that taps, tc and netfilter
 * ingress do not see it twice. The mark survives veth: what a sandbox sends by way of
 * an ifb of its own passes the ingress hook of the host's side unseen. So while a port
 * is bound, namespaces that its owner may not trust have no ifb: not those below its
 * own, by the user namespaces that hold them, nor those beside it. The initial
 * namespace may have some, and so may the port's own: their root holds the binding.
 */
#include <linux/rtnetlink.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>
#include <net/rtnetlink.h>

#include "acl.h"
#include "skip.h"

/* Namespaces with bound ports, by acl_bindings.link. Under rtnl. */
static LIST_HEAD(bound);

static bool skips(const struct net_device *dev)
{
	return dev->rtnl_link_ops && !strcmp(dev->rtnl_link_ops->kind, "ifb");
}

/* May @of bind ports against what is in @net? */
static bool concerns(const struct net *of, const struct net *net)
{
	const struct user_namespace *owner = net->user_ns;

	if (of == net || net == &init_net)
		return false;
	while (owner->level > of->user_ns->level)
		owner = owner->parent;
	return owner == of->user_ns;
}

/* A device by which frames of a namespace that @net holds would skip its hooks. Under
 * rtnl.
 */
static const struct net_device *skipping(const struct net *net)
{
	const struct net_device *dev, *found = NULL;
	struct net *other;

	down_read(&net_rwsem);
	for_each_net(other) {
		if (!concerns(net, other))
			continue;
		for_each_netdev(other, dev)
			if (skips(dev)) {
				found = dev;
				goto unlock;
			}
	}
unlock:
	up_read(&net_rwsem);
	return found;
}

/**
 * acl_skip_begin() - a port of a namespace is to be bound
 * @net: the namespace
 * @extack: for the refusal
 *
 * From then on no namespace concerned gets a device by which frames skip hooks.
 *
 * Context: under rtnl; may sleep.
 * Return: 0; -EBUSY if there is one, with @extack set.
 */
int acl_skip_begin(struct net *net, struct netlink_ext_ack *extack)
{
	struct acl_bindings *bindings = &acl_net(net)->bindings;

	ASSERT_RTNL();
	if (!bindings->n_ports) {
		if (skipping(net)) {
			NL_SET_ERR_MSG(
				extack,
				"another namespace has an ifb device, by which frames would skip the port's hooks");
			return -EBUSY;
		}
		list_add(&bindings->link, &bound);
	}
	bindings->n_ports++;
	return 0;
}

/**
 * acl_skip_end() - a port of a namespace is bound no more
 * @this: the namespace
 *
 * Context: under rtnl.
 */
void acl_skip_end(struct acl_net *this)
{
	ASSERT_RTNL();
	if (!--this->bindings.n_ports)
		list_del(&this->bindings.link);
}

/**
 * acl_skip_refuses() - must a namespace be without a device?
 * @dev: the device, which is in its namespace
 *
 * Context: under rtnl.
 * Return: true if it must.
 */
bool acl_skip_refuses(const struct net_device *dev)
{
	struct acl_bindings *bindings;

	ASSERT_RTNL();
	if (!skips(dev))
		return false;
	list_for_each_entry(bindings, &bound, link) {
		const struct acl_net *this =
			container_of(bindings, struct acl_net, bindings);

		if (concerns(this->net, dev_net(dev)))
			return true;
	}
	return false;
}
