// SPDX-License-Identifier: GPL-2.0-only
/*
 * utcp_shaper.ko: rates, groups and short queues per sandbox.
 *
 * This file: loading, unloading, the state per network namespace, and the
 * netlink operations that every family of the suite has.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/netswitch.h>

#include <uapi/linux/netswitch.h>

#include "bind.h"
#include "utcp_shaper_nl_gen.h"

static unsigned int utcp_shaper_net_id __read_mostly;

static const struct netswitch_limits_desc utcp_shaper_limits = {
	.family = &utcp_shaper_nl_family,
	.abi = UTCP_SHAPER_ABI_VERSION,
	.n = UTCP_SHAPER_A_LIMITS_MAX,
	.policy = utcp_shaper_limits_nl_policy,
	.def = {
		[UTCP_SHAPER_A_LIMITS_CLASSES - 1] = 16 * 1024,
		[UTCP_SHAPER_A_LIMITS_QUEUED - 1] = 64 * 1024,
	},
};

struct shaper_net *shaper_net(const struct net *net)
{
	return net_generic(net, utcp_shaper_net_id);
}

static struct netswitch_limits *limits_of(const struct net *net)
{
	return &shaper_net(net)->limits;
}

int utcp_shaper_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return netswitch_info_get(&utcp_shaper_limits,
				  limits_of(genl_info_net(info)), info);
}

int utcp_shaper_nl_limits_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return netswitch_limits_set(&utcp_shaper_limits,
				    limits_of(genl_info_net(info)), skb, info);
}

static int __net_init utcp_shaper_net_init(struct net *net)
{
	const struct net *maker = netswitch_maker();

	netswitch_limits_init(&utcp_shaper_limits, limits_of(net),
			      maker ? limits_of(maker) : NULL);
	shaper_net(net)->net = net;
	shaper_net_init(shaper_net(net));
	return 0;
}

static void __net_exit utcp_shaper_net_exit(struct net *net)
{
	shaper_net_exit(shaper_net(net));
}

static struct pernet_operations utcp_shaper_net_ops = {
	.init = utcp_shaper_net_init,
	.exit = utcp_shaper_net_exit,
	.id = &utcp_shaper_net_id,
	.size = sizeof(struct shaper_net),
};

static int __init utcp_shaper_init(void)
{
	int ret;

	netswitch_check_info_abi(UTCP_SHAPER);

	ret = shaper_class_init();
	if (ret)
		return ret;
	ret = shaper_engine_init();
	if (ret)
		goto exit_class;
	ret = register_pernet_subsys(&utcp_shaper_net_ops);
	if (ret)
		goto exit_engine;
	ret = netswitch_stage_register(&shaper_stage);
	if (ret)
		goto unregister_pernet;
	/* Last: from here on requests come in, from every namespace. */
	ret = genl_register_family(&utcp_shaper_nl_family);
	if (ret)
		goto unregister_stage;
	return 0;

unregister_stage:
	netswitch_stage_unregister(&shaper_stage);
unregister_pernet:
	unregister_pernet_subsys(&utcp_shaper_net_ops);
exit_engine:
	shaper_engine_exit();
exit_class:
	shaper_class_exit();
	return ret;
}

static void __exit utcp_shaper_exit(void)
{
	genl_unregister_family(&utcp_shaper_nl_family);
	netswitch_stage_unregister(&shaper_stage);
	unregister_pernet_subsys(&utcp_shaper_net_ops);
	rcu_barrier(); /* for classes */
	shaper_engine_exit();
	shaper_class_exit();
}

module_init(utcp_shaper_init);
module_exit(utcp_shaper_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("rates, groups and short queues per sandbox");
MODULE_VERSION(UTCP_VERSION);
