// SPDX-License-Identifier: GPL-2.0-only
/*
 * utcp_policy_test.ko: a policy about identities, for the selftests, and the smallest
 * example of one. It takes the place of the access lists. Built for the kernels of the
 * test bed, not installed.
 *
 * Commands are written to /sys/kernel/debug/utcp_policy_test/control, one a write, and
 * act on ports of the writer's network namespace; the write fails with the errno of
 * what went wrong.
 *
 *   bind IFINDEX in|out [FROM TO SERVICE]
 *   unbind IFINDEX
 *   allow IFINDEX FROM TO SERVICE
 *   deny IFINDEX FROM TO SERVICE
 *   keep IFINDEX FROM TO SERVICE
 *   room IFINDEX FLOWS
 *
 * A port that is bound refuses all but what is allowed; "deny" takes a rule away, "keep"
 * too, but what it had allowed goes on. The sandbox's frames pass the port in or out:
 * that way, frames of UTCP pass only if they were told about. FROM and TO are CellIDs in
 * hexadecimal, or *; SERVICE 0 is any. How many flows all ports have stands in the file
 * "flows", how often they were asked in "asks".
 *
 * With the parameter family=1 it has the number of AF_UTCP, too, as somebody else might.
 */
#include <crypto/blake2s.h>
#include <linux/debugfs.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/unaligned.h>
#include <net/net_namespace.h>
#include <net/netswitch.h>
#include <uapi/linux/utcp_socket.h>

/* The longest frame that is known by its hash: an initiation. */
#define HASHED_MAX 172
#define DATA 0x10

/**
 * struct test_rule - who may begin with whom
 * @node: in the policy's list
 * @from: who begins; zeros: anybody
 * @to: the other; zeros: anybody
 * @service: port there; 0: any
 * @kept: it allows only what it has allowed before
 */
struct test_rule {
	struct list_head node;
	u8 from[NETSWITCH_CELL_LEN];
	u8 to[NETSWITCH_CELL_LEN];
	u16 service;
	bool kept;
};

/**
 * struct test_flow - frames that may pass
 * @node: in the policy's list
 * @flow: they
 */
struct test_flow {
	struct list_head node;
	struct netswitch_flow flow;
};

/**
 * struct test_policy - what a port is bound to
 * @lock: protects what follows. Bottom halves off
 * @dir: which way the sandbox's frames pass; does not change
 * @rules: struct test_rule
 * @flows: struct test_flow
 * @n: how many flows
 * @room: how many it takes
 *
 * Made by "bind", freed by the stage's detach.
 */
struct test_policy {
	spinlock_t lock; /* protects what follows */
	enum netswitch_dir dir;
	struct list_head rules;
	struct list_head flows;
	unsigned int n;
	unsigned int room;
};

/**
 * struct test_binding - which port is bound to a policy
 * @node: in test_bindings
 * @net: namespace of the port
 * @ifindex: its index there
 * @policy: the policy, with which this dies
 *
 * All under rtnl.
 */
struct test_binding {
	struct list_head node;
	const struct net *net;
	unsigned int ifindex;
	struct test_policy *policy;
};

static LIST_HEAD(test_bindings);

static atomic_t test_flows = ATOMIC_INIT(0);
static atomic_t test_asks = ATOMIC_INIT(0);

static bool same_flow(const struct netswitch_flow *a,
		      const struct netswitch_flow *b)
{
	return a->dir == b->dir && a->index == b->index &&
	       ether_addr_equal(a->from, b->from) &&
	       ether_addr_equal(a->to, b->to) &&
	       !memcmp(a->hash, b->hash, NETSWITCH_HASH_LEN);
}

static struct test_flow *find_flow(struct test_policy *policy,
				   const struct netswitch_flow *flow)
{
	struct test_flow *one;

	list_for_each_entry(one, &policy->flows, node)
		if (same_flow(&one->flow, flow))
			return one;
	return NULL;
}

/* What a frame is known by; false: it is none of UTCP's. */
static bool read_frame(const struct netswitch_frame *frame,
		       struct netswitch_flow *flow)
{
	unsigned int at = frame->dir == NETSWITCH_OUT ? ETH_HLEN : 0;
	struct sk_buff *skb = frame->skb;
	u8 head[8], body[HASHED_MAX];
	struct blake2s_ctx ctx;
	struct ethhdr *eth;
	unsigned int len;

	memset(flow, 0, sizeof(*flow));
	if (skb_copy_bits(skb, at, head, sizeof(head)))
		return false;
	eth = at ? (struct ethhdr *)skb->data : eth_hdr(skb);
	ether_addr_copy(flow->from, eth->h_source);
	ether_addr_copy(flow->to, eth->h_dest);
	flow->dir = frame->dir;
	if (head[1] >= 3)
		memcpy(&flow->index, head + 4, sizeof(flow->index));
	if (head[1] == DATA)
		return true;
	len = get_unaligned_be16(head + 2);
	if (len > HASHED_MAX || skb_copy_bits(skb, at, body, len))
		return false;
	blake2s_init(&ctx, NETSWITCH_HASH_LEN);
	blake2s_update(&ctx, body, len);
	blake2s_final(&ctx, flow->hash);
	return true;
}

static enum netswitch_verdict test_frame(struct netswitch_frame *frame,
					 void *priv)
{
	struct test_policy *policy = priv;
	struct netswitch_flow flow;
	bool told;

	if (frame->skb->protocol != htons(ETH_P_802_EX1) ||
	    frame->dir != policy->dir)
		return NETSWITCH_PASS;
	if (!read_frame(frame, &flow))
		return NETSWITCH_DROP;
	spin_lock_bh(&policy->lock);
	told = find_flow(policy, &flow);
	spin_unlock_bh(&policy->lock);
	return told ? NETSWITCH_PASS : NETSWITCH_DROP;
}

static void test_flush(struct netswitch_port *port, void *priv)
{
	/* It holds no frame. */
}

static void test_detach(struct netswitch_port *port, void *priv)
{
	struct test_policy *policy = priv;
	struct test_binding *binding, *next_binding;
	struct test_rule *rule, *next_rule;
	struct test_flow *flow, *next_flow;

	list_for_each_entry_safe(binding, next_binding, &test_bindings, node)
		if (binding->policy == policy) {
			list_del(&binding->node);
			kfree(binding);
		}
	list_for_each_entry_safe(rule, next_rule, &policy->rules, node)
		kfree(rule);
	list_for_each_entry_safe(flow, next_flow, &policy->flows, node) {
		atomic_dec(&test_flows);
		kfree(flow);
	}
	kfree(policy);
}

/* Zeros, of a rule or of a question, are anybody. */
static bool is_cell(const u8 *a, const u8 *b)
{
	static const u8 anybody[NETSWITCH_CELL_LEN];

	return !memcmp(a, b, NETSWITCH_CELL_LEN) ||
	       !memcmp(a, anybody, NETSWITCH_CELL_LEN) ||
	       !memcmp(b, anybody, NETSWITCH_CELL_LEN);
}

static enum netswitch_opinion test_identity(struct netswitch_port *port,
					    void *priv,
					    struct netswitch_identity *identity)
{
	enum netswitch_opinion opinion = NETSWITCH_REFUSE;
	struct test_policy *policy = priv;
	const struct test_rule *rule;

	atomic_inc(&test_asks);
	spin_lock_bh(&policy->lock);
	list_for_each_entry(rule, &policy->rules, node)
		if ((!rule->kept || identity->token.binding) &&
		    is_cell(rule->from, identity->from) &&
		    is_cell(rule->to, identity->to) &&
		    (!rule->service || !identity->service ||
		     rule->service == identity->service))
			opinion = NETSWITCH_ALLOW;
	/* All ports are one binding: that is enough for a test. */
	identity->token.binding = opinion == NETSWITCH_ALLOW;
	spin_unlock_bh(&policy->lock);
	return opinion;
}

static int test_flow_add(struct netswitch_port *port, void *priv,
			 const struct netswitch_flow *flow)
{
	struct test_policy *policy = priv;
	struct test_flow *one;
	int ret = 1;

	spin_lock_bh(&policy->lock);
	if (find_flow(policy, flow))
		goto unlock;
	ret = -ENOSPC;
	if (policy->n >= policy->room)
		goto unlock;
	ret = -ENOMEM;
	one = kmalloc(sizeof(*one), GFP_ATOMIC);
	if (!one)
		goto unlock;
	one->flow = *flow;
	list_add(&one->node, &policy->flows);
	policy->n++;
	atomic_inc(&test_flows);
	ret = 0;
unlock:
	spin_unlock_bh(&policy->lock);
	return ret;
}

static void test_flow_del(struct netswitch_port *port, void *priv,
			  const struct netswitch_flow *flow)
{
	struct test_policy *policy = priv;
	struct test_flow *one;

	spin_lock_bh(&policy->lock);
	one = find_flow(policy, flow);
	if (one) {
		list_del(&one->node);
		policy->n--;
		atomic_dec(&test_flows);
		kfree(one);
	}
	spin_unlock_bh(&policy->lock);
}

static const struct netswitch_stage test_stage = {
	.id = NETSWITCH_STAGE_ACL,
	.name = "utcp_policy_test",
	.frame = test_frame,
	.flush = test_flush,
	.detach = test_detach,
	.identity = test_identity,
	.flow_add = test_flow_add,
	.flow_del = test_flow_del,
};

/* --- commands -------------------------------------------------------------- */

static struct test_binding *find_binding(const struct net *net,
					 unsigned int ifindex)
{
	struct test_binding *binding;

	list_for_each_entry(binding, &test_bindings, node)
		if (binding->net == net && binding->ifindex == ifindex)
			return binding;
	return NULL;
}

/* Two digits a byte; hex2bin() is in another header in each kernel. */
static int read_cell(const char *text, u8 cell[NETSWITCH_CELL_LEN])
{
	unsigned int i, byte;

	memset(cell, 0, NETSWITCH_CELL_LEN);
	if (!strcmp(text, "*"))
		return 0;
	if (strlen(text) != 2 * NETSWITCH_CELL_LEN)
		return -EINVAL;
	for (i = 0; i < NETSWITCH_CELL_LEN; i++) {
		if (sscanf(text + 2 * i, "%2x", &byte) != 1)
			return -EINVAL;
		cell[i] = byte;
	}
	return 0;
}

static int add_rule(struct test_policy *policy, const struct test_rule *like)
{
	struct test_rule *rule = kmemdup(like, sizeof(*like), GFP_KERNEL);

	if (!rule)
		return -ENOMEM;
	spin_lock_bh(&policy->lock);
	list_add(&rule->node, &policy->rules);
	spin_unlock_bh(&policy->lock);
	return 0;
}

static bool is_like(const struct test_rule *a, const struct test_rule *b)
{
	return !memcmp(a->from, b->from, NETSWITCH_CELL_LEN) &&
	       !memcmp(a->to, b->to, NETSWITCH_CELL_LEN) &&
	       a->service == b->service;
}

static int keep_rule(struct test_policy *policy, const struct test_rule *like)
{
	struct test_rule *rule;
	int ret = -ENOENT;

	spin_lock_bh(&policy->lock);
	list_for_each_entry(rule, &policy->rules, node)
		if (is_like(rule, like)) {
			rule->kept = true;
			ret = 0;
		}
	spin_unlock_bh(&policy->lock);
	return ret;
}

static int del_rule(struct test_policy *policy, const struct test_rule *like)
{
	struct test_rule *rule, *next;
	int ret = -ENOENT;

	spin_lock_bh(&policy->lock);
	list_for_each_entry_safe(rule, next, &policy->rules, node)
		if (is_like(rule, like)) {
			list_del(&rule->node);
			kfree(rule);
			ret = 0;
		}
	spin_unlock_bh(&policy->lock);
	return ret;
}

static int bind_port(struct netswitch_port *port, struct net *net,
		     unsigned int ifindex, enum netswitch_dir dir,
		     const struct test_rule *first)
{
	struct test_binding *binding = kzalloc(sizeof(*binding), GFP_KERNEL);
	struct test_policy *policy = kzalloc(sizeof(*policy), GFP_KERNEL);
	int ret = -ENOMEM;

	if (!binding || !policy)
		goto free;
	spin_lock_init(&policy->lock);
	INIT_LIST_HEAD(&policy->rules);
	INIT_LIST_HEAD(&policy->flows);
	policy->dir = dir;
	policy->room = 65536;
	ret = first ? add_rule(policy, first) : 0;
	if (ret)
		goto free;
	ret = netswitch_stage_set(port, NETSWITCH_STAGE_ACL, policy);
	if (ret) {
		test_detach(port, policy);
		policy = NULL;
		goto free;
	}
	binding->net = net;
	binding->ifindex = ifindex;
	binding->policy = policy;
	list_add(&binding->node, &test_bindings);
	return 0;

free:
	kfree(policy);
	kfree(binding);
	return ret;
}

/* Under rtnl. */
static int run(const char *verb, unsigned int ifindex, int args,
	       const char *word, const struct test_rule *rule)
{
	struct net *net = current->nsproxy->net_ns;
	struct netswitch_port *port = netswitch_port_find(net, ifindex);
	struct test_binding *binding = find_binding(net, ifindex);
	int ret;

	if (!port)
		return -ENODEV;
	if (!strcmp(verb, "bind"))
		return bind_port(port, net, ifindex,
				 strcmp(word, "out") ? NETSWITCH_IN :
						       NETSWITCH_OUT,
				 args == 6 ? rule : NULL);
	if (!binding)
		return -ENOENT;
	if (!strcmp(verb, "unbind"))
		return netswitch_stage_clear(port, NETSWITCH_STAGE_ACL);
	if (!strcmp(verb, "room"))
		return kstrtouint(word, 10, &binding->policy->room);
	if (!strcmp(verb, "allow"))
		ret = add_rule(binding->policy, rule);
	else if (!strcmp(verb, "keep"))
		ret = keep_rule(binding->policy, rule);
	else if (!strcmp(verb, "deny"))
		ret = del_rule(binding->policy, rule);
	else
		return -EINVAL;
	if (!ret)
		netswitch_opinion_changed(port);
	return ret;
}

static ssize_t control_write(struct file *file, const char __user *buf,
			     size_t len, loff_t *pos)
{
	char cmd[128], verb[8], word[33] = "", from[33] = "*", to[33] = "*";
	struct test_rule rule = {};
	unsigned int ifindex;
	int args, ret;

	if (len >= sizeof(cmd))
		return -EINVAL;
	if (copy_from_user(cmd, buf, len))
		return -EFAULT;
	cmd[len] = 0;
	args = sscanf(cmd, "bind %u %3s %32s %32s %hu", &ifindex, word, from,
		      to, &rule.service);
	if (args >= 2) {
		strscpy(verb, "bind", sizeof(verb));
		args++;
	} else {
		args = sscanf(cmd, "%7s %u %32s %32s %hu", verb, &ifindex, from,
			      to, &rule.service);
		if (args < 2)
			return -EINVAL;
		strscpy(word, from, sizeof(word));
	}
	if (strcmp(verb, "room") &&
	    (read_cell(from, rule.from) || read_cell(to, rule.to)))
		return -EINVAL;
	rtnl_lock();
	ret = run(verb, ifindex, args, word, &rule);
	rtnl_unlock();
	return ret ?: len;
}

static const struct file_operations control_fops = {
	.owner = THIS_MODULE,
	.write = control_write,
};

static struct dentry *test_dir;

static bool family;
module_param(family, bool, 0400);
MODULE_PARM_DESC(family, "Have the number of AF_UTCP.");

static int test_create(struct net *net, struct socket *sock, int protocol,
		       int kern)
{
	return -EAFNOSUPPORT;
}

static const struct net_proto_family test_family = {
	.family = AF_UTCP,
	.create = test_create,
	.owner = THIS_MODULE,
};

static int __init test_init(void)
{
	int ret = family ? sock_register(&test_family) : 0;

	if (ret)
		return ret;
	ret = netswitch_stage_register(&test_stage);
	if (ret) {
		if (family)
			sock_unregister(AF_UTCP);
		return ret;
	}
	test_dir = debugfs_create_dir("utcp_policy_test", NULL);
	debugfs_create_file("control", 0200, test_dir, NULL, &control_fops);
	debugfs_create_atomic_t("flows", 0400, test_dir, &test_flows);
	debugfs_create_atomic_t("asks", 0400, test_dir, &test_asks);
	return 0;
}

static void __exit test_exit(void)
{
	debugfs_remove(test_dir);
	netswitch_stage_unregister(&test_stage);
	if (family)
		sock_unregister(AF_UTCP);
}

module_init(test_init);
module_exit(test_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A policy about identities for the selftests of utcp");
