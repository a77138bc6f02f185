// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ports: making devices ports, the hooks through which their frames come, and
 * what happens to a port when something happens to its device.
 *
 * The hooks stand last in their chains: nft has decided before, and a drop by
 * either is final. The one on the way out is there only while the port has policy.
 */
#include <linux/if_arp.h>
#include <linux/netfilter_netdev.h>
#include <linux/rtnetlink.h>

#include "grant.h"
#include "port.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* No more ports: the module is on its way out. Under rtnl. */
static bool port_closed;

/* All ports, also those of namespaces that are about to end, which no list of
 * namespaces has any more. Under rtnl.
 */
LIST_HEAD(netswitch_ports);

/* Counts and tells that a frame is dropped. Softirq or bottom halves off. */
void netswitch_port_tell_drop(const struct netswitch_port *port,
			      enum netswitch_dir dir, struct sk_buff *skb,
			      enum netswitch_drop_reason reason)
{
	port_count(port, dir, PORT_DROP + reason - 1);
	trace_netswitch_drop(port->dev, dir, skb, reason);
}

/* Drops a frame, which is counted and told. Softirq or bottom halves off. */
void netswitch_port_drop(const struct netswitch_port *port,
			 enum netswitch_dir dir, struct sk_buff *skb,
			 enum netswitch_drop_reason reason)
{
	netswitch_port_tell_drop(port, dir, skb, reason);
	kfree_skb_reason(skb, reason == NETSWITCH_DROP_REASON_NOMEM ?
				      SKB_DROP_REASON_NOMEM :
				      SKB_DROP_REASON_NETFILTER_DROP);
}

/* Asks the stages about a frame, inline in the two hooks: each call, each copy of the
 * frame on the stack and each register that is saved would be paid for by every frame of
 * a port with policy; so what is needed behind them is read from @frame again. What they
 * refuse is counted, and netfilter drops it, so that its sender, if it is on this
 * machine, gets to know. Softirq, under RCU. @stage: the first of them.
 * Return: NF_ACCEPT, NF_DROP, or NF_STOLEN.
 */
static __always_inline unsigned int port_policy(struct netswitch_frame *frame,
						const struct port_stage *stage)
{
	do {
		enum netswitch_verdict verdict =
			stage->frame(frame, stage->priv);

		if (likely(verdict == NETSWITCH_PASS))
			continue;
		if (verdict == NETSWITCH_STOLEN)
			return NF_STOLEN;
		netswitch_port_tell_drop(
			frame->port, frame->dir, frame->skb,
			netswitch_stage_drop[stage - frame->port->stages]);
		return NF_DROP;
	} while ((stage = rcu_dereference(stage->next)));
	return NF_ACCEPT;
}

/* All of a frame for the stages; what is not set here, the kernel would fill with zeros
 * before.
 */
static __always_inline void port_frame(struct netswitch_frame *frame,
				       struct netswitch_port *port,
				       enum netswitch_dir dir,
				       struct sk_buff *skb)
{
	frame->port = port;
	frame->dir = dir;
	frame->skb = skb;
	frame->class = 0;
}

static inline unsigned int port_in_demux(struct netswitch_port *port,
					 struct sk_buff *skb)
{
	if (likely(!port_wants(port, skb->protocol)))
		return NF_ACCEPT;
	return netswitch_demux(port, skb) ? NF_STOLEN : NF_ACCEPT;
}

/* Not inlined, here and below, so that a port of which no stage is asked does not pay
 * for a frame on the stack. Nor does the compiler guard that: it has no array.
 */
static noinline __no_stack_protector unsigned int
port_in_policy(struct netswitch_port *port, struct sk_buff *skb,
	       const struct port_stage *first)
{
	struct netswitch_frame frame __uninitialized;
	unsigned int verdict;

	/* What the host has sent to a group of its own was not received. */
	if (skb->pkt_type == PACKET_LOOPBACK)
		return NF_ACCEPT;
	port_frame(&frame, port, NETSWITCH_IN, skb);
	verdict = port_policy(&frame, first);
	return verdict == NF_ACCEPT ? port_in_demux(frame.port, frame.skb) :
				      verdict;
}

static unsigned int port_in(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	struct netswitch_port *port = priv;
	const struct port_stage *first;

	port_count(port, NETSWITCH_IN, PORT_FRAMES);
	first = rcu_dereference(port->first);
	if (first)
		return port_in_policy(port, skb, first);
	return port_in_demux(port, skb);
}

static noinline __no_stack_protector unsigned int
port_out_policy(struct netswitch_port *port, struct sk_buff *skb,
		const struct port_stage *first)
{
	struct netswitch_frame frame __uninitialized;

	port_frame(&frame, port, NETSWITCH_OUT, skb);
	return port_policy(&frame, first);
}

static unsigned int port_out(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	struct netswitch_port *port = priv;
	const struct port_stage *first;

	port_count(port, NETSWITCH_OUT, PORT_FRAMES);
	first = rcu_dereference(port->first);
	if (first)
		return port_out_policy(port, skb, first);
	return NF_ACCEPT;
}

/* The hook on the way out, which only a port with policy has: where one is, every
 * frame of every device asks for hooks. Under rtnl.
 */
static int hook_out(struct netswitch_port *port)
{
	return nf_register_net_hook(dev_net(port->dev),
				    &port->hook[NETSWITCH_OUT]);
}

static void unhook_out(struct netswitch_port *port)
{
	nf_unregister_net_hook(dev_net(port->dev), &port->hook[NETSWITCH_OUT]);
}

static void hook_init(struct netswitch_port *port, enum netswitch_dir dir)
{
	port->hook[dir] = (struct nf_hook_ops){
		.hook = dir == NETSWITCH_IN ? port_in : port_out,
		.dev = port->dev,
		.priv = port,
		.pf = NFPROTO_NETDEV,
		.hooknum = dir == NETSWITCH_IN ? NF_NETDEV_INGRESS :
						 NF_NETDEV_EGRESS,
		.priority = INT_MAX,
	};
}

/**
 * netswitch_port_find() - the port that a device is
 * @net: the device's namespace
 * @ifindex: its index there
 *
 * Context: under rtnl or RCU, which also is how long the result is valid.
 * Return: the port, or NULL.
 */
struct netswitch_port *netswitch_port_find(const struct net *net, int ifindex)
{
	return xa_load(&netswitch_net(net)->ports, ifindex);
}
EXPORT_SYMBOL_GPL(netswitch_port_find);

/**
 * netswitch_port_dev() - the device that a port is
 * @port: the port
 *
 * Return: the device, valid as long as the port.
 */
struct net_device *netswitch_port_dev(const struct netswitch_port *port)
{
	return port->dev;
}
EXPORT_SYMBOL_GPL(netswitch_port_dev);

static void port_free_rcu(struct rcu_head *rcu)
{
	struct netswitch_port *port =
		container_of(rcu, struct netswitch_port, rcu);

	free_percpu(port->counters);
	kfree(port);
}

/* Frees a port that cannot be found any more, after who found it earlier. */
void netswitch_port_free(struct netswitch_port *port)
{
	call_rcu(&port->rcu, port_free_rcu);
}

static struct netswitch_port *port_alloc(struct net_device *dev, u32 flags)
{
	struct netswitch_port *port;

	port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT);
	if (!port)
		return NULL;
	port->counters =
		alloc_percpu_gfp(struct port_counters, GFP_KERNEL_ACCOUNT);
	if (!port->counters) {
		kfree(port);
		return NULL;
	}
	port->dev = dev;
	port->flags = flags;
	INIT_LIST_HEAD(&port->grants);
	hook_init(port, NETSWITCH_IN);
	hook_init(port, NETSWITCH_OUT);
	return port;
}

/* What somebody keeps as a port is asked for: it stays one, and keeps its policy as long as
 * that is needed. Under rtnl. Return: 1, or an error.
 */
static int port_claim(struct netswitch_port *port, u32 flags)
{
	int ret = netswitch_port_set(port, flags | NETSWITCH_PORT_FLAGS_POLICY);

	if (ret < 0)
		return ret;
	port->lent = flags & NETSWITCH_PORT_FLAGS_POLICY ? PORT_LENT_NOTHING :
							   PORT_LENT_POLICY;
	return 1;
}

/* Makes a device a port. Under rtnl; may sleep.
 * Return: 0 and the port; 1 if it was one already for who keeps it; or an error with
 *	extack set.
 */
int netswitch_port_add(struct net_device *dev, u32 flags,
		       struct netlink_ext_ack *extack,
		       struct netswitch_port **portp)
{
	struct net *net = dev_net(dev);
	struct netswitch_net *this = netswitch_net(net);
	struct netswitch_port *port;
	int ret;

	ASSERT_RTNL();
	if (dev->type != ARPHRD_ETHER && dev->type != ARPHRD_LOOPBACK) {
		NL_SET_ERR_MSG(extack, "not an Ethernet device");
		return -EOPNOTSUPP;
	}
	if (dev->reg_state != NETREG_REGISTERED) {
		NL_SET_ERR_MSG(extack, "the device is going away");
		return -ENODEV;
	}
	if (port_closed) {
		NL_SET_ERR_MSG(extack, "the module is being removed");
		return -ENODEV;
	}
	port = netswitch_port_find(net, dev->ifindex);
	if (port && port->lent == PORT_LENT_ALL) {
		*portp = port;
		return port_claim(port, flags);
	}
	if (port) {
		NL_SET_ERR_MSG(extack, "the device is a port already");
		return -EEXIST;
	}
	if (this->n_ports >=
	    READ_ONCE(this->limits.val[NETSWITCH_A_LIMITS_PORTS - 1])) {
		NL_SET_ERR_MSG(extack,
			       "the namespace has as many ports as its limit");
		return -ENOSPC;
	}
	port = port_alloc(dev, flags);
	if (!port)
		return -ENOMEM;
	ret = xa_insert(&this->ports, dev->ifindex, port, GFP_KERNEL_ACCOUNT);
	if (ret)
		goto free;
	/* From here on frames come in. */
	ret = nf_register_net_hook(net, &port->hook[NETSWITCH_IN]);
	if (ret)
		goto erase;
	if (flags & NETSWITCH_PORT_FLAGS_POLICY) {
		ret = hook_out(port);
		if (ret)
			goto unhook;
	}
	this->n_ports++;
	this->port_seq++;
	list_add_tail(&port->node, &netswitch_ports);
	if (flags & NETSWITCH_PORT_FLAGS_DEMUX)
		netswitch_watch_demux(port, true);
	*portp = port;
	return 0;

unhook:
	nf_unregister_net_hook(net, &port->hook[NETSWITCH_IN]);
erase:
	xa_erase(&this->ports, dev->ifindex);
free:
	netswitch_port_free(port);
	return ret;
}

/* No frame is given to the stages any more; lets go of what they hold, and takes
 * them from the port. The hook on the way out goes after that: netswitch_resume()
 * marks a frame that is let go of, and the mark is taken off by the kernel only
 * where it looks for hooks at all. A frame that kept it would pass the hooks of
 * the next device, too.
 */
static void port_end_policy(struct netswitch_port *port)
{
	synchronize_net();
	netswitch_stages_del_port(port);
	unhook_out(port);
}

/* Changes what a port is used for. Under rtnl; may sleep.
 * Return: 1 if something changed, 0 if nothing did, or an error, and then nothing
 *	did either.
 */
int netswitch_port_set(struct netswitch_port *port, u32 flags)
{
	u32 gone = port->flags & ~flags;
	u32 come = flags & ~port->flags;

	ASSERT_RTNL();
	if (port->flags == flags)
		return 0;
	/* Before the flag says that what goes out is asked about. */
	if (come & NETSWITCH_PORT_FLAGS_POLICY) {
		int ret = hook_out(port);

		if (ret)
			return ret;
	}
	WRITE_ONCE(port->flags, flags);
	netswitch_demux_update(port);
	if ((gone | come) & NETSWITCH_PORT_FLAGS_DEMUX)
		netswitch_watch_demux(port, come & NETSWITCH_PORT_FLAGS_DEMUX);
	if (gone & NETSWITCH_PORT_FLAGS_POLICY)
		port_end_policy(port);
	return 1;
}

/* Makes a port an ordinary device again. Its memory, with the last counters,
 * stays until netswitch_port_free(). Under rtnl; may sleep.
 */
void netswitch_port_del(struct netswitch_port *port)
{
	struct net *net = dev_net(port->dev);
	struct netswitch_net *this = netswitch_net(net);
	u32 flags = port->flags;

	ASSERT_RTNL();
	nf_unregister_net_hook(net, &port->hook[NETSWITCH_IN]);
	/* What still goes out is asked about no more. */
	WRITE_ONCE(port->flags, flags & ~NETSWITCH_PORT_FLAGS_POLICY);
	xa_erase(&this->ports, port->dev->ifindex);
	list_del(&port->node);
	this->n_ports--;
	this->port_seq++;
	/* Stages first: what they resume may still go to a consumer. */
	if (flags & NETSWITCH_PORT_FLAGS_POLICY)
		port_end_policy(port);
	else
		synchronize_net();
	netswitch_demux_del_port(port);
	netswitch_grants_del_port(port);
	WRITE_ONCE(port->flags, flags); /* as it is told of */
	netswitch_nl_port_notify(port, NETSWITCH_CMD_PORT_DEL_NTF);
}

/* What was asked of a port that somebody keeps ends, and it stays for him. Under rtnl; may
 * sleep.
 */
void netswitch_port_give_back(struct netswitch_port *port)
{
	ASSERT_RTNL();
	netswitch_stages_give_back(port);
	/* It has policy, so this cannot fail. */
	netswitch_port_set(port, NETSWITCH_PORT_FLAGS_POLICY);
	synchronize_net();
	netswitch_demux_del_port(port);
	netswitch_grants_del_port(port);
	port->lent = PORT_LENT_ALL;
}

/**
 * netswitch_port_keep() - have a device be a port with policy as long as it is wanted
 * @dev: the device
 * @extack: for refusals
 * @portp: set to the port
 *
 * Until netswitch_port_let_go() requests cannot remove the port or its policy; what they
 * ask of it meanwhile, it stays for. The
 * device's end does, or that it moves to another namespace: the caller's stage is
 * detached then, and netswitch_port_let_go() must not follow.
 *
 * Context: under rtnl; may sleep.
 * Return: 0, or an error with @extack set.
 */
int netswitch_port_keep(struct net_device *dev, struct netlink_ext_ack *extack,
			struct netswitch_port **portp)
{
	struct netswitch_port *port;
	int ret;

	ASSERT_RTNL();
	port = netswitch_port_find(dev_net(dev), dev->ifindex);
	if (!port) {
		ret = netswitch_port_add(dev, NETSWITCH_PORT_FLAGS_POLICY,
					 extack, &port);
		if (ret)
			return ret;
		port->lent = PORT_LENT_ALL;
		netswitch_nl_port_notify(port, NETSWITCH_CMD_PORT_ADD_NTF);
	} else {
		ret = netswitch_port_set(
			port, port->flags | NETSWITCH_PORT_FLAGS_POLICY);
		if (ret < 0)
			return ret;
		if (ret) {
			port->lent = PORT_LENT_POLICY;
			netswitch_nl_port_notify(port,
						 NETSWITCH_CMD_PORT_CHANGE_NTF);
		}
	}
	port->keepers++;
	*portp = port;
	return 0;
}
EXPORT_SYMBOL_GPL(netswitch_port_keep);

/**
 * netswitch_port_let_go() - a device need not be a port any more
 * @port: from netswitch_port_keep(); not to be used afterwards
 *
 * With the last who kept it the port, or its policy, ends if it was made for that.
 *
 * Context: under rtnl; may sleep.
 */
void netswitch_port_let_go(struct netswitch_port *port)
{
	enum port_lent lent = port->lent;

	ASSERT_RTNL();
	if (--port->keepers)
		return;
	port->lent = PORT_LENT_NOTHING;
	if (lent == PORT_LENT_ALL) {
		netswitch_port_del(port);
		netswitch_port_free(port);
	} else if (lent == PORT_LENT_POLICY) {
		netswitch_port_set(port,
				   port->flags & ~NETSWITCH_PORT_FLAGS_POLICY);
		netswitch_nl_port_notify(port, NETSWITCH_CMD_PORT_CHANGE_NTF);
	}
}
EXPORT_SYMBOL_GPL(netswitch_port_let_go);

static u64 counter_sum(const struct netswitch_port *port,
		       enum netswitch_dir dir, unsigned int counter)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		struct port_counters *counters =
			per_cpu_ptr(port->counters, cpu);

		sum += READ_ONCE(counters->val[dir][counter]);
	}
	return sum;
}

/* Sums a port's counters so that no more outcomes than frames are found, while
 * frames go on: outcomes first, then what was released, held, and came.
 */
void netswitch_port_read(const struct netswitch_port *port,
			 enum netswitch_dir dir, u64 val[PORT_COUNTERS])
{
	static const u8 last[] = { PORT_RELEASED, PORT_HELD, PORT_FRAMES };
	unsigned int i;

	for (i = 0; i < PORT_COUNTERS; i++)
		val[i] = counter_sum(port, dir, i);
	for (i = 0; i < ARRAY_SIZE(last); i++) {
		/* Pairs with nothing but the order of a CPU's own writes; a
		 * frame that moved between CPUs did so through a lock.
		 */
		smp_rmb();
		val[last[i]] = counter_sum(port, dir, last[i]);
	}
}

static int port_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct netswitch_port *port;

	port = netswitch_port_find(dev_net(dev), dev->ifindex);
	if (!port || port->dev != dev)
		return NOTIFY_DONE;

	switch (event) {
	case NETDEV_UNREGISTER:
		/* Also the first half of a move to another namespace. */
		netswitch_port_del(port);
		netswitch_port_free(port);
		break;
	case NETDEV_PRE_TYPE_CHANGE:
		/* A bond or the like, which may become something that has no
		 * Ethernet frames.
		 */
		return NOTIFY_BAD;
	case NETDEV_DOWN:
		netswitch_stages_flush(port);
		fallthrough;
	case NETDEV_UP:
	case NETDEV_CHANGEMTU:
	case NETDEV_CHANGEADDR:
	case NETDEV_CHANGENAME:
		netswitch_nl_port_notify(port, NETSWITCH_CMD_PORT_CHANGE_NTF);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block port_notifier = {
	.notifier_call = port_event,
};

int netswitch_port_init(void)
{
	return register_netdevice_notifier(&port_notifier);
}

/* Deletes all ports, and lets none be made: unregistering tells the notifier
 * once more that each device goes. Waits until their memory is freed. The
 * netlink family must still be there, for the events.
 */
void netswitch_port_exit(void)
{
	rtnl_lock();
	port_closed = true;
	rtnl_unlock();
	unregister_netdevice_notifier(&port_notifier);
	rcu_barrier();
}
