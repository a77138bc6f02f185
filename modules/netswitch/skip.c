// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices by which frames skip hooks.
 *
 * An ifb marks what it gives back (tc_skip_classify), so that taps, tc and netfilter
 * ingress do not see it twice. The mark survives veth: what a sandbox sends by way of
 * an ifb of its own passes the ingress hook of the host's side unseen. So while a stage
 * is asked about a port, namespaces that its owner may not trust have no ifb: not those
 * below its own, by the user namespaces that hold them, nor those beside it. The initial
 * namespace may have some, and so may the port's own: their root holds the port.
 */
#include <linux/rtnetlink.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>
#include <net/rtnetlink.h>

#include "port.h"

/* Namespaces with such ports, by netswitch_net.bound. Under rtnl. */
static LIST_HEAD(bound);

static bool skips(const struct net_device *dev)
{
	return dev->rtnl_link_ops && !strcmp(dev->rtnl_link_ops->kind, "ifb");
}

/* May @of have stages asked about what is in @net? */
static bool concerns(const struct net *of, const struct net *net)
{
	const struct user_namespace *owner = net->user_ns;

	if (of == net || net == &init_net)
		return false;
	while (owner->level > of->user_ns->level)
		owner = owner->parent;
	return owner == of->user_ns;
}

/* Has a namespace that @net holds a device by which its frames would skip hooks? Under
 * rtnl.
 */
static bool any_skips(const struct net *net)
{
	const struct net_device *dev;
	struct net *other;
	bool found = false;

	down_read(&net_rwsem);
	for_each_net(other) {
		if (!concerns(net, other))
			continue;
		for_each_netdev(other, dev)
			if (skips(dev)) {
				found = true;
				goto unlock;
			}
	}
unlock:
	up_read(&net_rwsem);
	return found;
}

/**
 * netswitch_skip_begin() - a stage is to be asked about a port of a namespace
 * @net: the namespace
 * @extack: for the refusal
 *
 * From then on no namespace concerned gets a device by which frames skip hooks.
 *
 * Context: under rtnl; may sleep.
 * Return: 0; -EBUSY if there is one, with @extack set.
 */
int netswitch_skip_begin(struct net *net, struct netlink_ext_ack *extack)
{
	struct netswitch_net *this = netswitch_net(net);

	ASSERT_RTNL();
	if (!this->n_bound) {
		if (any_skips(net)) {
			NL_SET_ERR_MSG(
				extack,
				"another namespace has an ifb device, by which frames would skip the port's hooks");
			return -EBUSY;
		}
		list_add(&this->bound, &bound);
	}
	this->n_bound++;
	return 0;
}

/**
 * netswitch_skip_end() - no stage is asked about a port of a namespace any more
 * @net: the namespace
 *
 * Context: under rtnl.
 */
void netswitch_skip_end(struct net *net)
{
	struct netswitch_net *this = netswitch_net(net);

	ASSERT_RTNL();
	if (!--this->n_bound)
		list_del(&this->bound);
}

/* Must its namespace be without a device? Under rtnl. */
static bool refused(const struct net_device *dev)
{
	const struct netswitch_net *this;

	if (!skips(dev))
		return false;
	list_for_each_entry(this, &bound, bound)
		if (concerns(this->net, dev_net(dev)))
			return true;
	return false;
}

static int skip_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	/* One that moves has come already, and stays down. */
	if (event != NETDEV_REGISTER && event != NETDEV_PRE_UP)
		return NOTIFY_DONE;
	if (!refused(netdev_notifier_info_to_dev(ptr)))
		return NOTIFY_DONE;
	NL_SET_ERR_MSG(
		netdev_notifier_info_to_extack(ptr),
		"by an ifb frames would skip the hooks of a port that is bound");
	return notifier_from_errno(-EPERM);
}

static struct notifier_block skip_notifier = {
	.notifier_call = skip_event,
};

int netswitch_skip_init(void)
{
	return register_netdevice_notifier(&skip_notifier);
}

void netswitch_skip_exit(void)
{
	unregister_netdevice_notifier(&skip_notifier);
}
