// SPDX-License-Identifier: GPL-2.0-only
/*
 * utcp.ko: the AF_UTCP socket family: encrypted, authenticated, reliable
 * transport straight over Ethernet, with peers addressed by key.
 *
 * This file: loading, unloading, the state per network namespace, and the
 * netlink operations that every family of the suite has.
 */
#include <linux/if_ether.h>
#include <linux/init.h>
#include <linux/module.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/netswitch.h>

#include <uapi/linux/netswitch.h>

#include "utcp.h"
#include "utcp_nl_gen.h"

static unsigned int utcp_net_id __read_mostly;

static const struct netswitch_limits_desc utcp_limits = {
	.family = &utcp_nl_family,
	.abi = UTCP_ABI_VERSION,
	.n = UTCP_A_LIMITS_MAX,
	.policy = utcp_limits_nl_policy,
	.def = {
		[UTCP_A_LIMITS_CELLS - 1] = 64,
		[UTCP_A_LIMITS_PEERS - 1] = 4096,
		[UTCP_A_LIMITS_SOCKETS - 1] = 65536,
	},
};

/* 0x88B5: no ring takes it by mistake. */
static struct netswitch_reservation utcp_ethertype = { ETH_P_802_EX1, "utcp" };

struct utcp_net *utcp_net(const struct net *net)
{
	return net_generic(net, utcp_net_id);
}

static struct netswitch_limits *limits_of(const struct net *net)
{
	return &utcp_net(net)->limits;
}

int utcp_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return netswitch_info_get(&utcp_limits, limits_of(genl_info_net(info)),
				  info);
}

int utcp_nl_limits_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return netswitch_limits_set(&utcp_limits,
				    limits_of(genl_info_net(info)), skb, info);
}

static int __net_init utcp_net_init(struct net *net)
{
	netswitch_limits_init(&utcp_limits, limits_of(net));
	utcp_cells_init(&utcp_net(net)->cells);
	return 0;
}

static void __net_exit utcp_net_exit(struct net *net)
{
	utcp_cells_exit(&utcp_net(net)->cells);
}

static struct pernet_operations utcp_net_ops = {
	.init = utcp_net_init,
	.exit = utcp_net_exit,
	.id = &utcp_net_id,
	.size = sizeof(struct utcp_net),
};

static int __init utcp_init(void)
{
	int ret;

	netswitch_check_info_abi(UTCP);

	ret = register_pernet_subsys(&utcp_net_ops);
	if (ret)
		return ret;
	/* Last: from here on requests come in, from every namespace. */
	ret = genl_register_family(&utcp_nl_family);
	if (ret)
		goto unregister_pernet;
	netswitch_reserve(&utcp_ethertype);
	return 0;

unregister_pernet:
	unregister_pernet_subsys(&utcp_net_ops);
	return ret;
}

static void __exit utcp_exit(void)
{
	netswitch_unreserve(&utcp_ethertype);
	genl_unregister_family(&utcp_nl_family);
	unregister_pernet_subsys(&utcp_net_ops);
	rcu_barrier(); /* cells are freed by our code */
}

module_init(utcp_init);
module_exit(utcp_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("AF_UTCP, encrypted transport over Ethernet");
MODULE_VERSION(UTCP_VERSION);
