// SPDX-License-Identifier: GPL-2.0-only
/*
 * utcp_acl.ko: default-deny access lists per sandbox and namespace.
 *
 * This file: loading, unloading, the state per network namespace, and the
 * netlink operations that every family of the suite has.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/netswitch.h>

#include <uapi/linux/netswitch.h>

#include "acl.h"
#include "expire.h"
#include "load.h"
#include "utcp_acl_nl_gen.h"

static unsigned int acl_net_id __read_mostly;

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

struct acl_net *acl_net(const struct net *net)
{
	return net_generic(net, acl_net_id);
}

static struct netswitch_limits *limits_of(const struct net *net)
{
	return &acl_net(net)->limits;
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

static int __net_init acl_net_init(struct net *net)
{
	struct acl_net *this = acl_net(net);
	int ret;

	netswitch_limits_init(&utcp_acl_limits, &this->limits);
	acl_policies_init(&this->policies, net);
	acl_bindings_init(&this->bindings);
	acl_tracers_init(&this->tracers);
	ret = acl_flows_init(&this->flows);
	if (ret)
		return ret;
	ret = acl_identities_init(&this->identities);
	if (ret)
		acl_flows_exit(&this->flows);
	return ret;
}

static void __net_exit acl_net_exit(struct net *net)
{
	struct acl_net *this = acl_net(net);

	WARN_ON_ONCE(!list_empty(&this->bindings.list));
	acl_tracers_exit(&this->tracers);
	acl_flows_exit(&this->flows);
	acl_identities_exit(&this->identities);
	acl_loads_exit(&this->policies);
	acl_policies_exit(&this->policies);
}

static struct pernet_operations acl_net_ops = {
	.init = acl_net_init,
	.exit = acl_net_exit,
	.id = &acl_net_id,
	.size = sizeof(struct acl_net),
};

/* Nothing is held, so there is nothing to let go. */
static void stage_flush(struct netswitch_port *port, void *priv)
{
}

static const struct netswitch_stage acl_stage = {
	.id = NETSWITCH_STAGE_ACL,
	.name = "utcp_acl",
	.frame = acl_decide,
	.flush = stage_flush,
	.detach = acl_binding_detached,
	.identity = acl_identity_ask,
	.flow_add = acl_told_add,
	.flow_del = acl_told_del,
};

static int __init utcp_acl_init(void)
{
	int ret;

	netswitch_check_info_abi(UTCP_ACL);

	ret = acl_decide_init();
	if (ret)
		return ret;
	ret = register_pernet_subsys(&acl_net_ops);
	if (ret)
		goto exit_decide;
	ret = netswitch_stage_register(&acl_stage);
	if (ret)
		goto unregister_pernet;
	ret = acl_loads_init();
	if (ret)
		goto unregister_stage;
	/* Last: from here on requests come in, from every namespace. */
	ret = genl_register_family(&utcp_acl_nl_family);
	if (ret)
		goto exit_loads;
	return 0;

exit_loads:
	acl_loads_fini();
unregister_stage:
	netswitch_stage_unregister(&acl_stage);
unregister_pernet:
	unregister_pernet_subsys(&acl_net_ops);
exit_decide:
	acl_decide_exit();
	return ret;
}

static void __exit utcp_acl_exit(void)
{
	acl_expire_stop();
	genl_unregister_family(&utcp_acl_nl_family);
	acl_loads_fini();
	netswitch_stage_unregister(&acl_stage);
	unregister_pernet_subsys(&acl_net_ops);
	/* Rules that were removed one by one, and what was told of. */
	rcu_barrier();
	acl_decide_exit();
}

module_init(utcp_acl_init);
module_exit(utcp_acl_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("default-deny access lists per sandbox");
MODULE_VERSION(UTCP_VERSION);
