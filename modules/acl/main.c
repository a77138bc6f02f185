// SPDX-License-Identifier: GPL-2.0-only
/*
 * utcp_acl.ko: default-deny access lists per sandbox and namespace.
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

#include "utcp_acl_nl_gen.h"

/**
 * struct utcp_acl_net - what the module keeps per network namespace
 * @limits: bounds of the namespace's tables; has its own lock
 *
 * Made when a namespace is born (or the module loaded), freed by the kernel
 * after the last request in the namespace ended (or the module was unloaded).
 */
struct utcp_acl_net {
	struct netswitch_limits limits;
};

static unsigned int utcp_acl_net_id __read_mostly;

static const struct netswitch_limits_desc utcp_acl_limits = {
	.family = &utcp_acl_nl_family,
	.abi = UTCP_ACL_ABI_VERSION,
	.n = UTCP_ACL_A_LIMITS_MAX,
	.policy = utcp_acl_limits_nl_policy,
	.def = {
		[UTCP_ACL_A_LIMITS_POLICIES - 1] = 4096,
		[UTCP_ACL_A_LIMITS_RULES - 1] = 256 * 1024,
		[UTCP_ACL_A_LIMITS_SETS - 1] = 4096,
		[UTCP_ACL_A_LIMITS_FLOWS - 1] = 64 * 1024,
	},
};

static struct netswitch_limits *limits_of(const struct net *net)
{
	struct utcp_acl_net *this = net_generic(net, utcp_acl_net_id);

	return &this->limits;
}

int utcp_acl_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return netswitch_info_get(&utcp_acl_limits,
				  limits_of(genl_info_net(info)), info);
}

int utcp_acl_nl_limits_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return netswitch_limits_set(&utcp_acl_limits,
				    limits_of(genl_info_net(info)), skb, info);
}

static int __net_init utcp_acl_net_init(struct net *net)
{
	netswitch_limits_init(&utcp_acl_limits, limits_of(net));
	return 0;
}

static struct pernet_operations utcp_acl_net_ops = {
	.init = utcp_acl_net_init,
	.id = &utcp_acl_net_id,
	.size = sizeof(struct utcp_acl_net),
};

static int __init utcp_acl_init(void)
{
	int ret;

	netswitch_check_info_abi(UTCP_ACL);

	ret = register_pernet_subsys(&utcp_acl_net_ops);
	if (ret)
		return ret;
	/* Last: from here on requests come in, from every namespace. */
	ret = genl_register_family(&utcp_acl_nl_family);
	if (ret)
		goto unregister_pernet;
	return 0;

unregister_pernet:
	unregister_pernet_subsys(&utcp_acl_net_ops);
	return ret;
}

static void __exit utcp_acl_exit(void)
{
	genl_unregister_family(&utcp_acl_nl_family);
	unregister_pernet_subsys(&utcp_acl_net_ops);
}

module_init(utcp_acl_init);
module_exit(utcp_acl_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("default-deny access lists per sandbox");
MODULE_VERSION(UTCP_VERSION);
