/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The in-kernel interface of netswitch: what the other modules of the suite
 * build on. They depend on netswitch and never on each other.
 */
#ifndef _NET_NETSWITCH_H
#define _NET_NETSWITCH_H

#include <linux/capability.h>
#include <linux/if_ether.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/types.h>
#include <linux/user_namespace.h>
#include <net/genetlink.h>

/* --- limits ---------------------------------------------------------------- */

/* As many limits as the family with the most of them has, and room. */
#define NETSWITCH_LIMITS_MAX 8

/**
 * struct netswitch_limits - the limits of one family in one network namespace
 * @lock: taken to change @val, so that a change and its event are one step;
 *	readers take single values with READ_ONCE() and need no lock
 * @val: value of the limit whose attribute number is index + 1
 *
 * Lives inside the family's per-namespace state and dies with it; by then no
 * netlink request can reach it, because a request holds its namespace.
 */
struct netswitch_limits {
	struct mutex lock; /* protects val */
	u32 val[NETSWITCH_LIMITS_MAX];
};

/**
 * struct netswitch_limits_desc - what limits a family has
 * @family: the family, for replies and events
 * @abi: contract number that the family keeps
 * @n: how many limits it has; attributes 1 to @n of its limits space
 * @policy: generated policy of the limits space
 * @def: value of each limit in a new namespace
 *
 * The four families share the shape of the operations info-get, limits-set
 * and limits-ntf, down to the attribute numbers; netswitch_check_info_abi()
 * holds them to it at compile time.
 */
struct netswitch_limits_desc {
	struct genl_family *family;
	u32 abi;
	u8 n;
	const struct nla_policy *policy;
	u32 def[NETSWITCH_LIMITS_MAX];
};

/* Numbers shared by the four families; the group is each family's first. */
#define NETSWITCH_INFO_NLGRP_EVENTS 0

/**
 * netswitch_check_info_abi() - hold a family to the shared shape
 * @P: prefix of the family's uapi names (NETSWITCH, UTCP, …)
 */
#define netswitch_check_info_abi(P)                                         \
	do {                                                                \
		BUILD_BUG_ON((int)P##_A_INFO_VERSION !=                     \
			     (int)NETSWITCH_A_INFO_VERSION);                \
		BUILD_BUG_ON((int)P##_A_INFO_ABI !=                         \
			     (int)NETSWITCH_A_INFO_ABI);                    \
		BUILD_BUG_ON((int)P##_A_INFO_LIMITS !=                      \
			     (int)NETSWITCH_A_INFO_LIMITS);                 \
		BUILD_BUG_ON((int)P##_CMD_LIMITS_NTF !=                     \
			     (int)NETSWITCH_CMD_LIMITS_NTF);                \
		BUILD_BUG_ON((int)P##_NLGRP_EVENTS !=                       \
			     NETSWITCH_INFO_NLGRP_EVENTS);                  \
		BUILD_BUG_ON((int)P##_A_LIMITS_MAX > NETSWITCH_LIMITS_MAX); \
	} while (0)

/**
 * netswitch_maker() - by whose limits a namespace that is being made is bound
 *
 * For the init of pernet operations. While a module is loaded, other namespaces than the
 * caller's have its state only in part: they get the defaults.
 *
 * Context: process.
 * Return: that in which it is made; NULL: nobody's, for the caller may raise limits.
 */
static inline struct net *netswitch_maker(void)
{
	if (THIS_MODULE->state != MODULE_STATE_LIVE || !current->nsproxy ||
	    ns_capable_noaudit(&init_user_ns, CAP_NET_ADMIN))
		return NULL;
	return current->nsproxy->net_ns;
}

void netswitch_limits_init(const struct netswitch_limits_desc *desc,
			   struct netswitch_limits *limits,
			   const struct netswitch_limits *maker);
int netswitch_info_get(const struct netswitch_limits_desc *desc,
		       struct netswitch_limits *limits, struct genl_info *info);
int netswitch_limits_set(const struct netswitch_limits_desc *desc,
			 struct netswitch_limits *limits, struct sk_buff *skb,
			 struct genl_info *info);

/* --- ports ---------------------------------------------------------------- */

struct netswitch_port;

/**
 * enum netswitch_dir - direction of a frame, as the port's device sees it
 * @NETSWITCH_IN: received by the device
 * @NETSWITCH_OUT: to be sent by it
 */
enum netswitch_dir {
	NETSWITCH_IN,
	NETSWITCH_OUT,
};

struct netswitch_port *netswitch_port_find(const struct net *net, int ifindex);
struct net_device *netswitch_port_dev(const struct netswitch_port *port);
int netswitch_port_keep(struct net_device *dev, struct netlink_ext_ack *extack,
			struct netswitch_port **portp);
void netswitch_port_let_go(struct netswitch_port *port);

/* --- consumers: who gets the frames of an EtherType --------------------------- */

/**
 * struct netswitch_consumer - a taker of one EtherType's frames on one port
 * @name: who it is; shown to users, and to whom finds the type taken
 * @ethertype: in host byte order, at least 0x600
 * @vid: VLAN whose frames it gets; 0 for frames without a tag or with VID 0
 * @multicast: have the device let frames to every group through; without it
 *	come those that others on this machine have asked for, and broadcasts
 * @promisc: it also gets (copies of) frames addressed to other stations; not with
 *	@mine
 * @rx: takes the frame, always; returns false if it dropped it. The skb is not
 *	shared, its data start behind the Ethernet header. Frames to groups and
 *	to other stations are copies whose original goes on. Softirq, under RCU
 * @mine: is a frame that is for one station, the port or another one, for it?
 *	Optional; without it those to the port's own address are. Others pass.
 *	Context as @rx
 * @gone: the port is no more and no @rx runs or will; called under rtnl.
 *	netswitch_consumer_del() must not be called after that
 * @port: set by netswitch_consumer_add()
 * @counters: private to netswitch
 * @node: private to netswitch
 *
 * Belongs to its owner, who must keep it until netswitch_consumer_del() has
 * returned or @gone was called.
 */
struct netswitch_consumer {
	const char *name;
	u16 ethertype;
	u16 vid;
	bool multicast;
	bool promisc;
	bool (*rx)(struct netswitch_consumer *consumer, struct sk_buff *skb);
	bool (*mine)(struct netswitch_consumer *consumer,
		     const struct sk_buff *skb);
	void (*gone)(struct netswitch_consumer *consumer);

	struct netswitch_port *port;
	struct netswitch_consumer_counters __percpu *counters;
	struct hlist_node node;
};

int netswitch_consumer_add(struct netswitch_port *port,
			   struct netswitch_consumer *consumer);
void netswitch_consumer_del(struct netswitch_consumer *consumer);

/**
 * struct netswitch_watcher - who wants to know of ports that are demultiplexed
 * @demux: a port is (@on) or is no more demultiplexed; for those that are when the
 *	watcher comes it is called at once. A port that is removed is not told of:
 *	its consumers' gone() is called. Under rtnl; may sleep
 * @node: private to netswitch
 *
 * Belongs to the module, which keeps it until netswitch_unwatch() has returned.
 */
struct netswitch_watcher {
	void (*demux)(struct netswitch_port *port, bool on);
	struct list_head node;
};

void netswitch_watch(struct netswitch_watcher *watcher);
void netswitch_unwatch(struct netswitch_watcher *watcher);

/* --- EtherTypes of modules ---------------------------------------------------- */

/**
 * struct netswitch_reservation - an EtherType that a module wants for itself
 * @ethertype: in host byte order
 * @name: who it is, for whom rings of it are refused
 * @node: private to netswitch
 *
 * While it is reserved, a ring of it needs CAP_NET_ADMIN and the flag TAKE, as for
 * the EtherTypes of the kernel's stack; rings that are bound already stay. Belongs
 * to the module, which keeps it until netswitch_unreserve() has returned.
 */
struct netswitch_reservation {
	u16 ethertype;
	const char *name;
	struct list_head node;
};

void netswitch_reserve(struct netswitch_reservation *reservation);
void netswitch_unreserve(struct netswitch_reservation *reservation);

/* --- stages: who may look at, refuse or hold frames ---------------------------- */

/**
 * enum netswitch_stage_id - the stages, in the order in which they are asked
 * @NETSWITCH_STAGE_ACL_IMPOSED: access lists of the port's namespace that were set from
 *	outside
 * @NETSWITCH_STAGE_ACL_OWN: access lists of the port's namespace that were set inside
 * @NETSWITCH_STAGE_ACL: access lists of the port
 * @NETSWITCH_STAGE_SHAPER: shaper
 * @NETSWITCH_STAGES: how many there are
 */
enum netswitch_stage_id {
	NETSWITCH_STAGE_ACL_IMPOSED,
	NETSWITCH_STAGE_ACL_OWN,
	NETSWITCH_STAGE_ACL,
	NETSWITCH_STAGE_SHAPER,
	NETSWITCH_STAGES,
};

/**
 * enum netswitch_verdict - what a stage makes of a frame
 * @NETSWITCH_PASS: it goes on
 * @NETSWITCH_DROP: it is dropped and counted; a sender on this machine is told
 * @NETSWITCH_STOLEN: netswitch_hold() was called and the frame is not ours any
 *	more
 */
enum netswitch_verdict {
	NETSWITCH_PASS,
	NETSWITCH_DROP,
	NETSWITCH_STOLEN,
};

/**
 * struct netswitch_frame - a frame on its way through the stages
 * @port: where
 * @dir: which way
 * @skb: the frame. In: data start behind the Ethernet header; out: at it. Only
 *	netswitch_hold() replaces it
 * @class: shaper class that the ACL chose for it; 0: none. This is how one
 *	stage tells the next something
 */
struct netswitch_frame {
	struct netswitch_port *port;
	enum netswitch_dir dir;
	struct sk_buff *skb;
	u32 class;
};

/* Bytes of a CellID: the hash of a public key, cut short. */
#define NETSWITCH_CELL_LEN 16

/* Bytes of the hash of a handshake's message. */
#define NETSWITCH_HASH_LEN 32

/**
 * enum netswitch_opinion - what the stages of a port think of something
 * @NETSWITCH_NO_OPINION: nobody has one
 * @NETSWITCH_ALLOW: somebody allows it, and nobody refuses it
 * @NETSWITCH_REFUSE: somebody refuses it
 */
enum netswitch_opinion {
	NETSWITCH_NO_OPINION,
	NETSWITCH_ALLOW,
	NETSWITCH_REFUSE,
};

/* Stages that answer with tokens: the access lists. */
#define NETSWITCH_TOKENS NETSWITCH_STAGE_SHAPER

/**
 * struct netswitch_token - what the answer of a stage rests on
 * @rests_on: for the stage to know, of all that it has allowed in @binding; 0: nothing
 *	in particular
 * @binding: of the stage to the port; no two ever have the same number. 0: no token
 */
struct netswitch_token {
	u64 rests_on;
	u64 binding;
};

/**
 * struct netswitch_tokens - what the answers of a port rest on
 * @of: of each stage, by enum netswitch_stage_id
 *
 * Zeros for what is new. Who asks again about what goes on already gives those that it
 * had when it was allowed: so a rule can go, and what it had allowed stays. They may be
 * given to any port: what is not of its bindings does not count.
 */
struct netswitch_tokens {
	struct netswitch_token of[NETSWITCH_TOKENS];
};

/**
 * struct netswitch_identity - two cells that want to talk through a port
 * @from: CellID of the one that begins; zeros: anybody
 * @to: CellID of the other; zeros: anybody
 * @service: service port at @to; 0: it is not known, or it is about more than one:
 *	is there any at which they may?
 * @dir: which way the frames of @from pass the port
 * @class: shaper class for what they will say; a stage that allows it may set
 *	it, the first one wins; 0: none
 * @token: for the stage that is being asked, its own one of struct netswitch_tokens; it
 *	sets what its answer rests on
 */
struct netswitch_identity {
	u8 from[NETSWITCH_CELL_LEN];
	u8 to[NETSWITCH_CELL_LEN];
	u16 service;
	enum netswitch_dir dir;
	u32 class;
	struct netswitch_token token;
};

/**
 * struct netswitch_flow - frames of two identities that a port was asked about
 * @from: MAC address of the one that sends them
 * @to: MAC address of the other
 * @index: session index that stands in them
 * @hash: of the message, for a handshake, whose index anybody may choose; zero
 *	for an association
 * @dir: which way they pass the port
 * @class: as in struct netswitch_identity
 *
 * The stages keep what they want of it; two with the same @from, @to, @index,
 * @hash and @dir are the same.
 */
struct netswitch_flow {
	u8 from[ETH_ALEN];
	u8 to[ETH_ALEN];
	__be32 index;
	u8 hash[NETSWITCH_HASH_LEN];
	enum netswitch_dir dir;
	u32 class;
};

/**
 * struct netswitch_pace - how fast frames go on at a port
 * @rate: bytes per second; 0: as fast as they come
 * @overhead: bytes that each frame counts beyond its own, from Ethernet's header on
 *
 * For who sends them: faster ones only wait, and in the end are dropped.
 */
struct netswitch_pace {
	u64 rate;
	u32 overhead;
};

/**
 * struct netswitch_stage - a module that decides about frames
 * @id: its place; one module a place
 * @name: for messages
 * @frame: decide. Softirq, under RCU. @priv is what the stage has set for the
 *	port by netswitch_stage_set(); it is not asked where it set nothing
 * @flush: let go of every frame held for the port, by netswitch_resume(),
 *	netswitch_drop_held() or netswitch_refuse_held(); when it returns none of
 *	these runs on another CPU
 *	for a frame held before. Called when the device goes down; and, with no
 *	more frames to come, before @detach. Under rtnl, may sleep
 * @detach: the port is no more, or has lost its policy flag, or the stage was
 *	cleared, and @priv is not used by any CPU: free it. Under rtnl
 * @identity: may these two talk, as far as the port's owner wants them to?
 *	Optional. Softirq or process, under RCU; must not sleep. Sets the token if it
 *	is the access lists, and leaves it alone if it is not; what it refuses, or has
 *	no opinion on, has none
 * @flow_add: from now on let these frames pass as those of a pair that @identity
 *	has allowed, or of one that ends now: for what says so. Optional, with
 *	@flow_del. Returns 0; 1 if nothing came by this that would be to be taken back, as
 *	it has the flow already; or an error. Context as @identity
 * @flow_del: let them pass no more; one that it does not have is no error.
 *	Context as @identity
 * @pace: how fast do frames go on, at this moment, that pass the port in @dir and are
 *	of the shaper class @class, 0 being what the port's own are of? Optional. Sets
 *	@pace, which is zeros before, if it holds them back, else leaves it alone. Asked
 *	often, by many, so it must be cheap. Context as @identity
 *
 * When @identity may say something else than it said, the stage calls
 * netswitch_opinion_changed(). Who has asked then asks again, ends what is refused now
 * and tells the flows of the rest once more; flows of what ends are deleted by
 * @flow_del a moment later, so that the other end can be told. Those of a port that
 * goes, or that the stage is cleared of, are not: they go with @priv.
 *
 * A module that is not loaded has no opinion: its place is passed over.
 */
struct netswitch_stage {
	enum netswitch_stage_id id;
	const char *name;
	enum netswitch_verdict (*frame)(struct netswitch_frame *frame,
					void *priv);
	void (*flush)(struct netswitch_port *port, void *priv);
	void (*detach)(struct netswitch_port *port, void *priv);
	enum netswitch_opinion (*identity)(struct netswitch_port *port,
					   void *priv,
					   struct netswitch_identity *identity);
	int (*flow_add)(struct netswitch_port *port, void *priv,
			const struct netswitch_flow *flow);
	void (*flow_del)(struct netswitch_port *port, void *priv,
			 const struct netswitch_flow *flow);
	void (*pace)(struct netswitch_port *port, void *priv,
		     enum netswitch_dir dir, u32 class,
		     struct netswitch_pace *pace);
};

int netswitch_stage_register(const struct netswitch_stage *stage);
void netswitch_stage_unregister(const struct netswitch_stage *stage);
int netswitch_stage_set(struct netswitch_port *port, enum netswitch_stage_id id,
			void *priv);
int netswitch_stage_clear(struct netswitch_port *port,
			  enum netswitch_stage_id id);
struct sk_buff *netswitch_hold(struct netswitch_frame *frame);
bool netswitch_resume(struct netswitch_port *port, enum netswitch_dir dir,
		      struct sk_buff *skb);
void netswitch_drop_held(struct netswitch_port *port, enum netswitch_dir dir,
			 struct sk_buff *skb);
void netswitch_refuse_held(struct netswitch_port *port, enum netswitch_dir dir,
			   struct sk_buff *skb, enum netswitch_stage_id id);
struct sk_buff *netswitch_cut_held(struct netswitch_port *port,
				   enum netswitch_dir dir, struct sk_buff *skb);

enum netswitch_opinion
netswitch_ask_identity(struct netswitch_port *port,
		       struct netswitch_identity *identity,
		       struct netswitch_tokens *tokens);
int netswitch_flow_add(struct netswitch_port *port,
		       const struct netswitch_flow *flow);
void netswitch_flow_del(struct netswitch_port *port,
			const struct netswitch_flow *flow);
void netswitch_ask_pace(struct netswitch_port *port, enum netswitch_dir dir,
			u32 class, struct netswitch_pace *pace);

/**
 * struct netswitch_asker - who asks the stages about identities
 * @changed: what the stages of a port think may have changed: ask again what lives on
 *	what they said. Not from here: the caller may hold locks that a stage takes when
 *	it is asked. Softirq or process, under RCU; must not sleep
 * @node: private to netswitch
 *
 * Belongs to the module, which keeps it until netswitch_asker_unregister() has
 * returned.
 */
struct netswitch_asker {
	void (*changed)(struct netswitch_port *port);
	struct list_head node;
};

void netswitch_asker_register(struct netswitch_asker *asker);
void netswitch_asker_unregister(struct netswitch_asker *asker);
void netswitch_opinion_changed(struct netswitch_port *port);

#endif /* _NET_NETSWITCH_H */
