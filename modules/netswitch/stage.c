// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stages: the places at which access lists and shaper decide about a port's
 * frames, and how a held frame goes on.
 *
 * A held frame has been seen by everybody in front of the hook: taps, tc and
 * nft on the way in, nft on the way out. When it goes on, nobody may see it a
 * second time, so it re-enters the stack with the marks by which the kernel
 * itself skips those parts.
 */
#include <linux/netfilter_netdev.h>
#include <linux/rtnetlink.h>
#include <net/dst.h>
#include <net/gso.h>
#include <net/sock.h>

#include "port.h"

/* Written under rtnl, read under RCU. A module in use is kept loaded by the
 * grace period in netswitch_stage_unregister().
 */
const struct netswitch_stage __rcu *netswitch_stages[NETSWITCH_STAGES];

const enum netswitch_drop_reason netswitch_stage_drop[NETSWITCH_STAGES] = {
	[NETSWITCH_STAGE_ACL_IMPOSED] = NETSWITCH_DROP_REASON_ACL,
	[NETSWITCH_STAGE_ACL_OWN] = NETSWITCH_DROP_REASON_ACL,
	[NETSWITCH_STAGE_ACL] = NETSWITCH_DROP_REASON_ACL,
	[NETSWITCH_STAGE_SHAPER] = NETSWITCH_DROP_REASON_SHAPER,
};

/* A socket that tc has chosen for a frame may be there only as long as RCU lasts,
 * which for a frame that waits is too short.
 */
static void hold_socket(struct sk_buff *skb)
{
	if (!skb_sk_is_prefetched(skb) || sk_is_refcounted(skb->sk))
		return;
	if (refcount_inc_not_zero(&skb->sk->sk_refcnt))
		skb->destructor = sock_edemux;
	else
		skb_orphan(skb);
}

/**
 * netswitch_hold() - take a frame out of its way, to resume it later
 * @frame: the frame that the stage was asked about
 *
 * The skb that the stage gets is shared with nobody, keeps its dst alive and
 * may be queued. It must be given back by netswitch_resume(),
 * netswitch_drop_held() or netswitch_refuse_held(), at the latest in the stage's
 * flush(). After this call the stage must return NETSWITCH_STOLEN, whatever this
 * returned.
 *
 * Context: softirq, in the stage's frame().
 * Return: the skb; NULL if there is no memory for a copy, and then the frame
 *	was dropped and counted.
 */
struct sk_buff *netswitch_hold(struct netswitch_frame *frame)
{
	struct sk_buff *skb = frame->skb;

	if (skb_shared(skb)) {
		skb = skb_clone(skb, GFP_ATOMIC);
		if (!skb) {
			netswitch_port_drop(frame->port, frame->dir, frame->skb,
					    NETSWITCH_DROP_REASON_NOMEM);
			return NULL;
		}
		consume_skb(frame->skb);
		frame->skb = skb;
	}
	hold_socket(skb);
	skb_dst_force(skb);
	/* Said by tc to who stands right behind it; the frame comes back elsewhere. */
	if (frame->dir == NETSWITCH_IN)
		skb_reset_redirect(skb);
	port_count(frame->port, frame->dir, PORT_HELD);
	return skb;
}
EXPORT_SYMBOL_GPL(netswitch_hold);

/**
 * netswitch_resume() - let a held frame go on behind the stages
 * @port: where it was held
 * @dir: which way it was going
 * @skb: the frame
 *
 * In: it goes to a consumer, or to the stack behind taps, tc and nft. Out: to
 * the device, behind nft; if the device is down, nowhere. Frames resumed from
 * one place in one order keep that order; and when this returns, one on its way in
 * is where it was going, so that no frame that comes later is in front of it.
 *
 * Context: softirq or process; not with hard interrupts off.
 * Return: whether it went on; if not, it was dropped and counted, as by
 *	netswitch_drop_held().
 */
bool netswitch_resume(struct netswitch_port *port, enum netswitch_dir dir,
		      struct sk_buff *skb)
{
	/* Held while the device went down, behind the flush. */
	if (unlikely(!(READ_ONCE(port->dev->flags) & IFF_UP))) {
		netswitch_drop_held(port, dir, skb);
		return false;
	}
	local_bh_disable();
	rcu_read_lock();
	port_count(port, dir, PORT_RELEASED);
	if (dir == NETSWITCH_OUT) {
		nf_skip_egress(skb, true);
		dev_queue_xmit(skb);
	} else if (!port_wants(port, skb->protocol) ||
		   !netswitch_demux(port, skb)) {
		/* This is how ifb gives frames back: skips taps, tc and
		 * netfilter ingress once, and is cleared by that. Not by
		 * netif_receive_skb(): where the device spreads its frames over
		 * CPUs (RPS), which this one has been through, it would queue it
		 * again, behind frames that the stages have not seen yet and that
		 * need not wait any more, since nothing is held.
		 */
		skb->tc_skip_classify = 1;
		netif_receive_skb_core(skb);
	}
	rcu_read_unlock();
	local_bh_enable();
	return true;
}
EXPORT_SYMBOL_GPL(netswitch_resume);

static void drop_held(struct netswitch_port *port, enum netswitch_dir dir,
		      struct sk_buff *skb, enum netswitch_drop_reason reason)
{
	local_bh_disable();
	port_count(port, dir, PORT_RELEASED);
	netswitch_port_drop(port, dir, skb, reason);
	local_bh_enable();
}

/**
 * netswitch_drop_held() - drop a held frame
 * @port: where it was held
 * @dir: which way it was going
 * @skb: the frame
 *
 * Context: any but hard interrupt.
 */
void netswitch_drop_held(struct netswitch_port *port, enum netswitch_dir dir,
			 struct sk_buff *skb)
{
	drop_held(port, dir, skb, NETSWITCH_DROP_REASON_FLUSHED);
}
EXPORT_SYMBOL_GPL(netswitch_drop_held);

/**
 * netswitch_refuse_held() - drop a held frame because a stage refuses it after all
 * @port: where it was held
 * @dir: which way it was going
 * @skb: the frame
 * @id: the stage
 *
 * Context: any but hard interrupt.
 */
void netswitch_refuse_held(struct netswitch_port *port, enum netswitch_dir dir,
			   struct sk_buff *skb, enum netswitch_stage_id id)
{
	drop_held(port, dir, skb, netswitch_stage_drop[id]);
}
EXPORT_SYMBOL_GPL(netswitch_refuse_held);

/**
 * netswitch_cut_held() - cut a held super-frame into the frames that it stands for
 * @port: where it is held
 * @dir: which way it is going
 * @skb: the super-frame
 *
 * Each of them is held from then on, and counted as a frame that came. They share
 * the burden that the super-frame was for its socket.
 *
 * Context: softirq.
 * Return: the frames, a list by skb->next; or NULL if they could not be had, and
 *	then @skb is what it was.
 */
struct sk_buff *netswitch_cut_held(struct netswitch_port *port,
				   enum netswitch_dir dir, struct sk_buff *skb)
{
	struct sk_buff *list, *seg;
	unsigned int n = 0;

	if (dir == NETSWITCH_IN)
		__skb_push(skb, ETH_HLEN);
	/* No features: what is cut is complete and needs nothing of the device. */
	list = __skb_gso_segment(skb, 0, dir == NETSWITCH_OUT);
	if (IS_ERR_OR_NULL(list)) {
		if (dir == NETSWITCH_IN)
			__skb_pull(skb, ETH_HLEN);
		return NULL;
	}
	for (seg = list; seg; seg = seg->next) {
		n++;
		if (dir == NETSWITCH_IN)
			__skb_pull(seg, ETH_HLEN);
	}
	this_cpu_add(port->counters->val[dir][PORT_FRAMES], n - 1);
	this_cpu_add(port->counters->val[dir][PORT_HELD], n - 1);
	consume_skb(skb);
	return list;
}
EXPORT_SYMBOL_GPL(netswitch_cut_held);

/* Puts a stage into the list of those that a port's frames ask, or (NULL) takes it out,
 * whichever is not done yet. Under rtnl.
 */
static void set_asked(struct netswitch_port *port, int id, void *priv)
{
	const struct netswitch_stage *stage =
		rtnl_dereference(netswitch_stages[id]);
	struct port_stage *own = &port->stages[id], *at;
	struct port_stage __rcu **link = &port->first;

	/* They are in the order of the array. */
	while ((at = rtnl_dereference(*link)) && at < own)
		link = &at->next;
	if (at == own && !priv) {
		/* A frame that stands on it still finds those behind it. */
		rcu_assign_pointer(*link, rtnl_dereference(own->next));
	} else if (at != own && priv && stage) {
		own->frame = stage->frame;
		own->priv = priv;
		RCU_INIT_POINTER(own->next, at);
		rcu_assign_pointer(*link, own);
	}
}

/* What a stage keeps for a port; NULL: it is not asked any more. Under rtnl. */
static void set_priv(struct netswitch_port *port, int id, void *priv)
{
	u32 before = port->asked, others = before & ~BIT(id);
	u32 asked = priv ? others | BIT(id) : others;

	set_asked(port, id, priv);
	rcu_assign_pointer(port->stage_priv[id], priv);
	WRITE_ONCE(port->asked, asked);
	if (before & PORT_STAGES && !(asked & PORT_STAGES))
		netswitch_skip_end(dev_net(port->dev));
}

/**
 * netswitch_stage_set() - let a stage be asked about a port's frames
 * @port: the port
 * @id: the stage, which is registered
 * @priv: what its frame() is to get
 *
 * With the first stage that a port's owner sets, other namespaces that are below him or
 * beside him are without devices by which frames skip hooks, until the last one goes.
 *
 * Context: under rtnl; may sleep.
 * Return: 0; -EOPNOTSUPP if the port carries no policy; -EBUSY if the stage is
 *	asked already.
 */
int netswitch_stage_set(struct netswitch_port *port, enum netswitch_stage_id id,
			void *priv)
{
	ASSERT_RTNL();
	if (!(port->flags & NETSWITCH_PORT_FLAGS_POLICY))
		return -EOPNOTSUPP;
	if (rcu_access_pointer(port->stage_priv[id]))
		return -EBUSY;
	if (BIT(id) & PORT_STAGES && !(port->asked & PORT_STAGES))
		netswitch_skip_begin(dev_net(port->dev));
	/* Who has let it be a port, or have policy, for a while does not end this. */
	if (BIT(id) & PORT_STAGES)
		port->lent = PORT_LENT_NOTHING;
	set_priv(port, id, priv);
	/* It knows none of the flows that are there, and may refuse them. */
	netswitch_opinion_changed(port);
	return 0;
}
EXPORT_SYMBOL_GPL(netswitch_stage_set);

static void stage_end(const struct netswitch_stage *stage,
		      struct netswitch_port *port, void *priv)
{
	stage->flush(port, priv);
	stage->detach(port, priv);
}

/* Takes stages from a port, @which being a bit for each. Under rtnl. */
static void stages_end(struct netswitch_port *port, unsigned long which)
{
	void *priv[NETSWITCH_STAGES] = {};
	bool any = false;
	int id;

	for_each_set_bit(id, &which, NETSWITCH_STAGES) {
		priv[id] = rtnl_dereference(port->stage_priv[id]);
		if (!priv[id])
			continue;
		set_priv(port, id, NULL);
		any = true;
	}
	if (!any)
		return;
	/* Not only frames have found it: so has who asks about identities. */
	synchronize_net();
	for_each_set_bit(id, &which, NETSWITCH_STAGES)
		if (priv[id])
			stage_end(rtnl_dereference(netswitch_stages[id]), port,
				  priv[id]);
}

/**
 * netswitch_stage_clear() - ask a stage no more about a port's frames
 * @port: the port
 * @id: the stage, which is registered
 *
 * Ends as the port's death does: no frame() runs any more, then flush(), then
 * detach().
 *
 * Context: under rtnl; may sleep.
 * Return: 0; -ENOENT if the stage is not asked.
 */
int netswitch_stage_clear(struct netswitch_port *port,
			  enum netswitch_stage_id id)
{
	ASSERT_RTNL();
	if (!rcu_access_pointer(port->stage_priv[id]))
		return -ENOENT;
	stages_end(port, BIT(id));
	return 0;
}
EXPORT_SYMBOL_GPL(netswitch_stage_clear);

/**
 * netswitch_stage_register() - take a stage's place
 * @stage: the stage; must stay until netswitch_stage_unregister() returned
 *
 * It is asked nothing before it sets its first port by netswitch_stage_set().
 *
 * Context: process; takes rtnl.
 * Return: 0; -EBUSY if the place is taken; -EINVAL if there is none of that number, or no
 * frame() to ask.
 */
int netswitch_stage_register(const struct netswitch_stage *stage)
{
	int ret = -EBUSY;

	if (stage->id >= NETSWITCH_STAGES || !stage->frame)
		return -EINVAL;
	rtnl_lock();
	if (!rcu_access_pointer(netswitch_stages[stage->id])) {
		rcu_assign_pointer(netswitch_stages[stage->id], stage);
		ret = 0;
	}
	rtnl_unlock();
	return ret;
}
EXPORT_SYMBOL_GPL(netswitch_stage_register);

/**
 * netswitch_stage_unregister() - give up a stage's place
 * @stage: the stage
 *
 * Its flush() and detach() are called for every port of every namespace on
 * which it still is asked. When this returns, nothing of it runs or will.
 *
 * Context: process; takes rtnl, may sleep.
 */
void netswitch_stage_unregister(const struct netswitch_stage *stage)
{
	struct netswitch_port *port;

	rtnl_lock();
	RCU_INIT_POINTER(netswitch_stages[stage->id], NULL);
	list_for_each_entry(port, &netswitch_ports, node)
		set_asked(port, stage->id, NULL);
	/* Then nobody uses what it keeps for a port. */
	synchronize_net();
	list_for_each_entry(port, &netswitch_ports, node) {
		void *priv = rtnl_dereference(port->stage_priv[stage->id]);

		if (!priv)
			continue;
		set_priv(port, stage->id, NULL);
		stage_end(stage, port, priv);
	}
	rtnl_unlock();
}
EXPORT_SYMBOL_GPL(netswitch_stage_unregister);

/* The device went down: whatever the stages hold for it is let go. Under
 * rtnl. Frames can still come in: a stage may hold a few more, and they are
 * dropped when they are resumed.
 */
void netswitch_stages_flush(struct netswitch_port *port)
{
	int id;

	for (id = 0; id < NETSWITCH_STAGES; id++) {
		const struct netswitch_stage *stage =
			rtnl_dereference(netswitch_stages[id]);
		void *priv = rtnl_dereference(port->stage_priv[id]);

		if (stage && priv)
			stage->flush(port, priv);
	}
}

/* Takes those from a port that its owner has set. Under rtnl. */
void netswitch_stages_give_back(struct netswitch_port *port)
{
	stages_end(port, PORT_STAGES);
}

/* Takes all stages from a port that is no more, or has no policy any more. Under
 * rtnl.
 */
void netswitch_stages_del_port(struct netswitch_port *port)
{
	stages_end(port, GENMASK(NETSWITCH_STAGES - 1, 0));
}
