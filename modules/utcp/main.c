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

#include "carry.h"
#include "heads.h"
#include "index.h"
#include "keylog.h"
#include "link.h"
#include "memory.h"
#include "peer.h"
#include "policy.h"
#include "respond.h"
#include "sockdiag.h"
#include "socket.h"
#include "utcp.h"
#include "utcp_nl_gen.h"

/* One's own handshakes, and those of others, take at most so many processors each at a
 * time. They do not wait for each other: who begins many at once would else not get to
 * answering, and the other end the same.
 */
#define WORKERS 4

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
		/* Half of those that are given where a program does not choose. */
		[UTCP_A_LIMITS_USER_PORTS - 1] = 8192,
		[UTCP_A_LIMITS_BUFFER_MEMORY - 1] = 262144,
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

static u32 buffer_memory(const struct net *net)
{
	return READ_ONCE(limits_of(net)->val[UTCP_A_LIMITS_BUFFER_MEMORY - 1]);
}

int utcp_nl_limits_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct net *net = genl_info_net(info);
	struct netswitch_limits *limits = limits_of(net);
	int ret = netswitch_limits_set(&utcp_limits, limits, skb, info);

	/* What is in force then, which another request may have set. */
	mutex_lock(&limits->lock);
	WRITE_ONCE(utcp_net(net)->account->kib, buffer_memory(net));
	mutex_unlock(&limits->lock);
	return ret;
}

static int __net_init utcp_net_init(struct net *net)
{
	const struct net *maker = netswitch_maker();
	struct utcp_net *un = utcp_net(net);
	int ret;

	un->net = net;
	un->stats = alloc_percpu(struct utcp_stats);
	if (!un->stats)
		return -ENOMEM;
	ret = -ENOMEM;
	un->dgrams = alloc_percpu(struct utcp_dgram_stats);
	if (!un->dgrams)
		goto free_stats;
	ret = utcp_indices_init(un);
	if (ret)
		goto free_dgrams;
	ret = utcp_peers_init(un);
	if (ret)
		goto exit_indices;
	ret = utcp_tolds_init(un);
	if (ret)
		goto exit_peers;
	utcp_policy_net_init(un);
	netswitch_limits_init(&utcp_limits, limits_of(net),
			      maker ? limits_of(maker) : NULL);
	ret = -ENOMEM;
	un->account = utcp_account_new(buffer_memory(net));
	if (!un->account)
		goto exit_tolds;
	utcp_cells_init(&un->cells);
	spin_lock_init(&un->lock);
	/* Its lock is of the same class as that of the sockets. */
	xa_init_flags(&un->links, XA_FLAGS_LOCK_BH);
	utcp_respond_init(un);
	utcp_ports_init(&un->ports);
	utcp_ports_init(&un->dgram_ports);
	utcp_users_init(&un->users);
	xa_init_flags(&un->sockets,
		      XA_FLAGS_ALLOC1 | XA_FLAGS_LOCK_BH | XA_FLAGS_ACCOUNT);
	/* Last: anybody may read it from then on. */
	ret = utcp_sockdiag_net_init(net);
	if (ret)
		goto put_account;
	return 0;

put_account:
	utcp_account_put(un->account);
exit_tolds:
	utcp_tolds_exit(un);
exit_peers:
	utcp_peers_exit(un);
exit_indices:
	utcp_indices_exit(un);
free_dgrams:
	free_percpu(un->dgrams);
free_stats:
	free_percpu(un->stats);
	return ret;
}

static void __net_exit utcp_net_exit(struct net *net)
{
	struct utcp_net *un = utcp_net(net);

	utcp_sockdiag_net_exit(net);
	utcp_respond_exit(un);
	utcp_policy_net_exit(un);
	utcp_peers_exit(un);
	utcp_tolds_exit(un);
	utcp_cells_exit(&un->cells);
	utcp_indices_exit(un);
	xa_destroy(&un->links);
	xa_destroy(&un->sockets);
	utcp_account_put(un->account);
	kvfree_sensitive(un->nonces, sizeof(*un->nonces));
	utcp_cookie_jar_wipe(&un->jar);
	free_percpu(un->dgrams);
	free_percpu(un->stats);
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

	utcp_session_set_ops(&utcp_carry_ops);
	/* Connections outlive their sockets, and end with the namespaces. */
	ret = utcp_memory_init();
	if (ret)
		return ret;
	ret = -ENOMEM;
	utcp_wq = alloc_workqueue("utcp", WQ_UNBOUND, WORKERS);
	if (!utcp_wq)
		goto exit_memory;
	utcp_respond_wq = alloc_workqueue("utcp_respond", WQ_UNBOUND, WORKERS);
	if (!utcp_respond_wq)
		goto destroy_workqueue;
	ret = register_pernet_subsys(&utcp_net_ops);
	if (ret)
		goto destroy_respond_workqueue;
	ret = utcp_links_init();
	if (ret)
		goto unregister_pernet;
	/* Last: from here on requests come in, from every namespace. */
	ret = genl_register_family(&utcp_nl_family);
	if (ret)
		goto exit_links;
	ret = utcp_socket_init();
	if (ret)
		goto unregister_family;
	netswitch_reserve(&utcp_ethertype);
	utcp_policy_init();
	utcp_keylog_init();
	return 0;

unregister_family:
	utcp_nl_peer_mute();
	genl_unregister_family(&utcp_nl_family);
exit_links:
	utcp_links_exit();
unregister_pernet:
	unregister_pernet_subsys(&utcp_net_ops);
destroy_respond_workqueue:
	destroy_workqueue(utcp_respond_wq);
destroy_workqueue:
	destroy_workqueue(utcp_wq);
	rcu_barrier();
	utcp_heads_exit();
exit_memory:
	utcp_memory_exit();
	return ret;
}

static void __exit utcp_exit(void)
{
	utcp_keylog_exit();
	utcp_policy_exit();
	netswitch_unreserve(&utcp_ethertype);
	utcp_socket_exit();
	utcp_nl_peer_mute();
	genl_unregister_family(&utcp_nl_family);
	utcp_links_exit();
	unregister_pernet_subsys(&utcp_net_ops);
	destroy_workqueue(utcp_respond_wq);
	destroy_workqueue(utcp_wq);
	rcu_barrier(); /* cells, peers and associations are freed by our code */
	utcp_heads_exit();
	utcp_memory_exit();
}

module_init(utcp_init);
module_exit(utcp_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("AF_UTCP, encrypted transport over Ethernet");
MODULE_VERSION(UTCP_VERSION);
