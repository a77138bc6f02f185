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
#include "recent.h"
#include "utcp_acl_nl_gen.h"

static unsigned int acl_net_id __read_mostly;

static char *new_netns = "none";
module_param(new_netns, charp, 0444);
MODULE_PARM_DESC(
	new_netns,
	"what network namespaces that are made from now on are bound to: none; or deny: they are born closed but for lo");

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
		[UTCP_ACL_A_LIMITS_ELEMS - 1] = 256 * 1024,
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
	const struct net *maker = netswitch_maker();
	struct acl_net *this = acl_net(net);
	int ret;

	this->net = net;
	netswitch_limits_init(&utcp_acl_limits, &this->limits,
			      maker ? limits_of(maker) : NULL);
	acl_policies_init(&this->policies, net);
	acl_bindings_init(&this->bindings);
	acl_tracers_init(&this->tracers);
	ret = acl_flows_init(&this->flows);
	if (ret)
		goto exit_policies;
	ret = acl_identities_init(&this->identities);
	if (ret)
		goto exit_flows;
	ret = acl_ns_born(net);
	if (!ret)
		return 0;
	acl_identities_exit(&this->identities);
exit_flows:
	acl_flows_exit(&this->flows);
exit_policies:
	/* They are in the list of all namespaces'. */
	acl_policies_exit(&this->policies);
	return ret;
}

static void __net_exit acl_net_exit(struct net *net)
{
	struct acl_net *this = acl_net(net);

	WARN_ON_ONCE(!list_empty(&this->bindings.list));
	acl_ns_died(net);
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

/* One for each kind of binding: a frame has to pass all that its port has. */
#define ACL_STAGE(place)                                                \
	{                                                               \
		.id = (place), .name = "utcp_acl", .frame = acl_decide, \
		.flush = stage_flush, .detach = acl_binding_detached,   \
		.identity = acl_identity_ask, .flow_add = acl_told_add, \
		.flow_del = acl_told_del,                               \
	}

static const struct netswitch_stage acl_stages[] = {
	ACL_STAGE(NETSWITCH_STAGE_ACL_IMPOSED),
	ACL_STAGE(NETSWITCH_STAGE_ACL_OWN),
	ACL_STAGE(NETSWITCH_STAGE_ACL),
};

/* Gives up the first @n of the places. */
static void stages_unregister(int n)
{
	while (n--)
		netswitch_stage_unregister(&acl_stages[n]);
}

static int stages_register(void)
{
	int i, ret;

	for (i = 0; i < ARRAY_SIZE(acl_stages); i++) {
		ret = netswitch_stage_register(&acl_stages[i]);
		if (ret) {
			stages_unregister(i);
			return ret;
		}
	}
	return 0;
}

static int __init utcp_acl_init(void)
{
	int ret;

	netswitch_check_info_abi(UTCP_ACL);

	acl_flows_seed();
	acl_tokens_init();
	ret = acl_recents_init();
	if (ret)
		return ret;
	ret = acl_decide_init();
	if (ret)
		goto exit_recents;
	ret = register_pernet_subsys(&acl_net_ops);
	if (ret)
		goto exit_decide;
	ret = stages_register();
	if (ret)
		goto unregister_pernet;
	ret = acl_loads_init();
	if (ret)
		goto unregister_stages;
	ret = acl_ns_init(new_netns);
	if (ret)
		goto exit_loads;
	/* Last: from here on requests come in, from every namespace. */
	ret = genl_register_family(&utcp_acl_nl_family);
	if (ret)
		goto exit_ns;
	acl_ns_start();
	return 0;

exit_ns:
	acl_ns_exit();
exit_loads:
	acl_loads_fini();
unregister_stages:
	stages_unregister(ARRAY_SIZE(acl_stages));
unregister_pernet:
	unregister_pernet_subsys(&acl_net_ops);
exit_decide:
	acl_decide_exit();
exit_recents:
	acl_recents_exit();
	return ret;
}

static void __exit utcp_acl_exit(void)
{
	acl_expire_stop();
	genl_unregister_family(&utcp_acl_nl_family);
	acl_ns_exit();
	acl_loads_fini();
	stages_unregister(ARRAY_SIZE(acl_stages));
	unregister_pernet_subsys(&acl_net_ops);
	/* Rules that were removed one by one, and what was told of. */
	rcu_barrier();
	acl_tracing_end();
	acl_decide_exit();
	acl_recents_exit();
}

module_init(utcp_acl_init);
module_exit(utcp_acl_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("default-deny access lists per sandbox");
MODULE_VERSION(UTCP_VERSION);
