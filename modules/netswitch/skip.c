// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices by which frames skip hooks.
 *
 * An ifb marks what it gives back (tc_skip_classify), so that taps, tc and netfilter
 * ingress do not see it twice. The mark survives veth: what a sandbox sends by way of
 * an ifb of its own passes the ingress hook of the host's side unseen. So while a stage
 * is asked about a port, namespaces that its owner may not trust get no ifb, and what they
 * have of them is down: those below its own, by the user namespaces that hold them, and
 * those beside it. The initial namespace may have some, and so may the port's own: their
 * root holds the port.
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

/* Sets down what is in the namespaces concerned. One by one: the kernel's call for many is
 * for itself.
 */
static void close_all(const struct net *net)
{
	struct net_device *dev, *next;
	struct net *other;
	LIST_HEAD(found);

	down_read(&net_rwsem);
	for_each_net(other) {
		if (!concerns(net, other))
			continue;
		for_each_netdev(other, dev)
			if (skips(dev) && dev->flags & IFF_UP)
				list_add_tail(&dev->close_list, &found);
	}
	up_read(&net_rwsem);
	/* Which rtnl keeps alive, and this list its own. */
	list_for_each_entry_safe(dev, next, &found, close_list) {
		list_del_init(&dev->close_list);
		net_notice_ratelimited(
			"netswitch: %s of another namespace is set down: by it frames would skip the hooks of a port that is bound\n",
			dev->name);
		dev_close(dev);
	}
}

/**
 * netswitch_skip_begin() - a stage is to be asked about a port of a namespace
 * @net: the namespace
 *
 * From then on no namespace concerned has a device by which frames skip hooks, or it is
 * down. To refuse the port instead would leave it to anybody with a user namespace
 * whether the host can have one. What such a device is giving back at this moment goes
 * on, as does all that has passed the hooks already.
 *
 * Context: under rtnl; may sleep.
 */
void netswitch_skip_begin(struct net *net)
{
	struct netswitch_net *this = netswitch_net(net);

	ASSERT_RTNL();
	if (this->n_bound++)
		return;
	/* First nobody gets one up any more. */
	list_add(&this->bound, &bound);
	close_all(net);
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
