// SPDX-License-Identifier: GPL-2.0-only
/*
 * netswitch.ko: the base of the suite: ports, the EtherType demultiplexer, rings,
 * and what the other modules share.
 *
 * This file: loading, unloading, the state per network namespace, and the
 * netlink operations that every family of the suite has.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/netswitch.h>

#include "netswitch_nl_gen.h"
#include "port.h"
#include "ring.h"

static unsigned int netswitch_net_id __read_mostly;

static const struct netswitch_limits_desc netswitch_limits = {
	.family = &netswitch_nl_family,
	.abi = NETSWITCH_ABI_VERSION,
	.n = NETSWITCH_A_LIMITS_MAX,
	.policy = netswitch_limits_nl_policy,
	.def = {
		[NETSWITCH_A_LIMITS_PORTS - 1] = 1024,
		[NETSWITCH_A_LIMITS_RINGS - 1] = 256,
		[NETSWITCH_A_LIMITS_RING_MEMORY - 1] = 256 * 1024,
		[NETSWITCH_A_LIMITS_GRANTS - 1] = 64,
	},
};

struct netswitch_net *netswitch_net(const struct net *net)
{
	return net_generic(net, netswitch_net_id);
}

static struct netswitch_limits *limits_of(const struct net *net)
{
	return &netswitch_net(net)->limits;
}

int netswitch_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return netswitch_info_get(&netswitch_limits,
				  limits_of(genl_info_net(info)), info);
}

int netswitch_nl_limits_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return netswitch_limits_set(&netswitch_limits,
				    limits_of(genl_info_net(info)), skb, info);
}

static int __net_init netswitch_net_init(struct net *net)
{
	const struct net *maker = netswitch_maker();

	netswitch_limits_init(&netswitch_limits, limits_of(net),
			      maker ? limits_of(maker) : NULL);
	xa_init(&netswitch_net(net)->ports);
	INIT_LIST_HEAD(&netswitch_net(net)->rings);
	netswitch_net(net)->net = net;
	return 0;
}

static struct pernet_operations netswitch_net_ops = {
	.init = netswitch_net_init,
	.id = &netswitch_net_id,
	.size = sizeof(struct netswitch_net),
};

static int __init netswitch_init(void)
{
	int ret;

	netswitch_check_info_abi(NETSWITCH);

	ret = register_pernet_subsys(&netswitch_net_ops);
	if (ret)
		return ret;
	ret = netswitch_skip_init();
	if (ret)
		goto unregister_pernet;
	ret = netswitch_port_init();
	if (ret)
		goto exit_skip;
	/* From here on requests come in, from every namespace. */
	ret = genl_register_family(&netswitch_nl_family);
	if (ret)
		goto exit_ports;
	ret = netswitch_ring_init();
	if (ret)
		goto unregister_family;
	return 0;

unregister_family:
	genl_unregister_family(&netswitch_nl_family);
exit_ports:
	netswitch_port_exit();
exit_skip:
	netswitch_skip_exit();
unregister_pernet:
	unregister_pernet_subsys(&netswitch_net_ops);
	return ret;
}

static void __exit netswitch_exit(void)
{
	netswitch_ring_exit();
	netswitch_port_exit();
	netswitch_skip_exit();
	genl_unregister_family(&netswitch_nl_family);
	unregister_pernet_subsys(&netswitch_net_ops);
}

module_init(netswitch_init);
module_exit(netswitch_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("EtherType demultiplexer, ports and rings");
MODULE_VERSION(UTCP_VERSION);
