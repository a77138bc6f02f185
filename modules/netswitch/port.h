/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ports: devices whose frames pass through netswitch.
 */
#ifndef _NETSWITCH_PORT_H
#define _NETSWITCH_PORT_H

#include <linux/netfilter.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/xarray.h>
#include <net/netswitch.h>

#include <uapi/linux/netswitch.h>

/**
 * struct netswitch_net - what netswitch keeps per network namespace
 * @limits: bounds of the namespace's tables; has its own lock
 * @ports: port by ifindex. Written under rtnl, read under RCU
 * @n_ports: how many they are; under rtnl
 * @port_seq: generation of ports and their consumers, rings and grants, for dumps;
 *	under rtnl
 * @rings: all bound rings; under rtnl
 * @n_rings: how many they are; under rtnl
 * @ring_kib: their memory; under rtnl
 * @n_grants: how many grants all ports have; under rtnl
 * @n_bound: of how many ports a stage is asked that their owner has set, see skip.c;
 *	under rtnl
 * @bound: in the list of namespaces with such ports, while there are; under rtnl
 * @net: the namespace
 *
 * Made when a namespace is born (or the module loaded), freed by the kernel
 * after the last request in the namespace ended (or the module was unloaded).
 * The ports are gone by then: the namespace's devices died before it. So are the
 * rings: each holds the namespace.
 */
struct netswitch_net {
	struct netswitch_limits limits;
	struct xarray ports;
	u32 n_ports;
	u32 port_seq;
	struct list_head rings;
	u32 n_rings;
	u32 ring_kib;
	u32 n_grants;
	u32 n_bound;
	struct list_head bound;
	struct net *net;
};

/**
 * enum port_counter - what is counted per port, direction and CPU
 * @PORT_FRAMES: came to the hook; there is none on the way out without policy.
 *	Counted first, so that a reader who sums this last never finds more outcomes
 *	than frames
 * @PORT_CONSUMED: taken by a consumer
 * @PORT_HELD: taken by a stage to be resumed later
 * @PORT_RELEASED: of those, given back; counted before what becomes of them
 * @PORT_COPIED: copies given to a consumer
 * @PORT_COPY_DROPS: copies not made, or refused
 * @PORT_DROP: first of the drop reasons, in their order
 * @PORT_COUNTERS: how many counters there are
 *
 * What is none of these went on to the stack or the device.
 */
enum port_counter {
	PORT_FRAMES,
	PORT_CONSUMED,
	PORT_HELD,
	PORT_RELEASED,
	PORT_COPIED,
	PORT_COPY_DROPS,
	PORT_DROP,
	PORT_COUNTERS = PORT_DROP + NETSWITCH_DROP_REASON_MAX,
};

struct port_counters {
	u64 val[2][PORT_COUNTERS]; /* by direction */
};

/* Reads of single counters by other CPUs must not tear. */
static_assert(BITS_PER_LONG == 64);

#define PORT_CONSUMER_BUCKETS 16

/**
 * enum port_lent - what a port is only as long as somebody keeps it, and nobody has asked for
 * @PORT_LENT_NOTHING: it was a port with policy before
 * @PORT_LENT_POLICY: it had no policy
 * @PORT_LENT_ALL: it was no port
 */
enum port_lent {
	PORT_LENT_NOTHING,
	PORT_LENT_POLICY,
	PORT_LENT_ALL,
};

/**
 * struct port_stage - a stage that is asked about a port's frames
 * @next: the next one, in the order of enum netswitch_stage_id, or NULL
 * @frame: its frame(), so that a frame need not go by what is registered
 * @priv: what that is to get
 *
 * Part of the port. Written under rtnl, read under RCU: what is not @next only while
 * it is in no list, a grace period after it was taken out of one.
 */
struct port_stage {
	struct port_stage __rcu *next;
	enum netswitch_verdict (*frame)(struct netswitch_frame *frame,
					void *priv);
	void *priv;
};

/**
 * struct netswitch_port - a device of a namespace that netswitch handles
 * @types: one bit for each hash of an EtherType that a consumer wants, none
 *	while the port is not demultiplexed. Tells most frames in one test that
 *	nobody wants them. Written under rtnl, read without: a frame that races
 *	with a change is treated as if it had come before or after it
 * @flags: enum netswitch_port_flags; as @types
 * @asked: a bit for each stage that has a @stage_priv, so that who asks goes by the
 *	others; as @types
 * @first: the first stage that frames ask, or NULL; only a port with policy has one
 * @counters: see enum port_counter
 * @stage_priv: what each stage keeps for this port; NULL: the stage is not
 *	asked. Written under rtnl, read under RCU
 * @stages: the elements of the list that @first begins, by enum netswitch_stage_id
 * @dev: the device. No reference is held: the port goes in the device's
 *	NETDEV_UNREGISTER
 * @consumers: by hash of the EtherType. Written under rtnl, read under RCU
 * @grants: who may bind rings, see grant.h; under rtnl
 * @hook: in and out, see enum netswitch_dir; that on the way out is registered
 *	while the port has policy. Under rtnl
 * @node: in the list of all ports; under rtnl
 * @keepers: how many want it to stay a port with policy, see
 *	netswitch_port_keep(); under rtnl
 * @lent: what they have made of it, for the last of them to take back; under
 *	rtnl
 * @rcu: for freeing
 *
 * Ways to die: by netlink, by its device's NETDEV_UNREGISTER (which also ends a
 * move to another namespace), or with the module. All go through
 * netswitch_port_del() under rtnl: hooks first, then a grace period, then what
 * stages hold, consumers and grants, then memory after another one.
 */
struct netswitch_port {
	u64 types;
	u32 flags;
	u32 asked;
	struct port_counters __percpu *counters;
	struct port_stage __rcu *first;
	void __rcu *stage_priv[NETSWITCH_STAGES];
	struct port_stage stages[NETSWITCH_STAGES];
	struct net_device *dev;
	struct hlist_head consumers[PORT_CONSUMER_BUCKETS];
	struct list_head grants;
	struct nf_hook_ops hook[2];
	struct list_head node;
	u32 keepers;
	enum port_lent lent;
	struct rcu_head rcu;
};

static inline void port_count(const struct netswitch_port *port,
			      enum netswitch_dir dir, unsigned int counter)
{
	this_cpu_inc(port->counters->val[dir][counter]);
}

/* Six bits: small and good enough to part the EtherTypes in use. */
static inline u32 port_type_hash(__be16 type)
{
	return (u16)((__force u16)type * 11) >> 10;
}

/* False: no consumer wants frames of this type. Inline, since most are not. */
static inline bool port_wants(const struct netswitch_port *port, __be16 type)
{
	u64 types = READ_ONCE(port->types);

	/* Most ports have no consumer at all. */
	return types && types & BIT_ULL(port_type_hash(type));
}

/* main.c */
struct netswitch_net *netswitch_net(const struct net *net);

/* port.c */
extern struct list_head netswitch_ports;

int netswitch_port_add(struct net_device *dev, u32 flags,
		       struct netlink_ext_ack *extack,
		       struct netswitch_port **portp);
int netswitch_port_set(struct netswitch_port *port, u32 flags);
void netswitch_port_del(struct netswitch_port *port);
void netswitch_port_give_back(struct netswitch_port *port);
void netswitch_port_free(struct netswitch_port *port);
void netswitch_port_tell_drop(const struct netswitch_port *port,
			      enum netswitch_dir dir, struct sk_buff *skb,
			      enum netswitch_drop_reason reason);
void netswitch_port_drop(const struct netswitch_port *port,
			 enum netswitch_dir dir, struct sk_buff *skb,
			 enum netswitch_drop_reason reason);
void netswitch_port_read(const struct netswitch_port *port,
			 enum netswitch_dir dir, u64 val[PORT_COUNTERS]);
int netswitch_port_init(void);
void netswitch_port_exit(void);

/* demux.c */
bool netswitch_demux(struct netswitch_port *port, struct sk_buff *skb);
struct netswitch_consumer *netswitch_demux_find(struct netswitch_port *port,
						u16 ethertype, u16 vid);
void netswitch_demux_update(struct netswitch_port *port);
void netswitch_demux_del_port(struct netswitch_port *port);
void netswitch_consumer_read(const struct netswitch_consumer *consumer,
			     u64 *frames, u64 *drops);

/* watch.c */
void netswitch_watch_demux(struct netswitch_port *port, bool on);

/* Stages that the owner of a port sets for it; the others are of its namespace, who holds
 * himself or is held by them.
 */
#define PORT_STAGES (BIT(NETSWITCH_STAGE_ACL) | BIT(NETSWITCH_STAGE_SHAPER))

/* skip.c */
void netswitch_skip_begin(struct net *net);
void netswitch_skip_end(struct net *net);
int netswitch_skip_init(void);
void netswitch_skip_exit(void);

/* stage.c */
extern const struct netswitch_stage __rcu *netswitch_stages[NETSWITCH_STAGES];
extern const enum netswitch_drop_reason netswitch_stage_drop[NETSWITCH_STAGES];

/* The stage in a place, if it is asked about this port, and what it keeps for it.
 * Under RCU.
 */
static inline const struct netswitch_stage *
netswitch_stage_of(const struct netswitch_port *port,
		   enum netswitch_stage_id id, void **priv)
{
	*priv = rcu_dereference(port->stage_priv[id]);
	return *priv ? rcu_dereference(netswitch_stages[id]) : NULL;
}

void netswitch_stages_flush(struct netswitch_port *port);
void netswitch_stages_give_back(struct netswitch_port *port);
void netswitch_stages_del_port(struct netswitch_port *port);

/* reserve.c */
const char *netswitch_type_owner(u16 ethertype, char *name, size_t size);

/* nl.c */
struct netswitch_port *netswitch_nl_port_of(struct net *net,
					    struct nlattr **attrs,
					    struct netlink_ext_ack *extack);
struct netswitch_port *
netswitch_nl_port_by_index(struct net *net, const struct nlattr *index,
			   struct netlink_ext_ack *extack);

/* Puts what there is of a port, as netswitch_nl_dump_ports() wants it. */
typedef int netswitch_nl_put_fn(struct sk_buff *msg,
				struct netswitch_port *port,
				struct netlink_callback *cb, const void *want);

int netswitch_nl_dump_ports(struct sk_buff *msg, struct netlink_callback *cb,
			    const struct netswitch_port *only,
			    netswitch_nl_put_fn *put, const void *want);
void netswitch_nl_port_notify(const struct netswitch_port *port, u8 cmd);

#endif /* _NETSWITCH_PORT_H */
