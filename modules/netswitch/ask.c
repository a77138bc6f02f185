// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asking: what the modules of the suite want to know of each other. utcp asks
 * whether two identities may talk through a port, and how fast, and tells which
 * frames are theirs; the stages of the port answer. A place in which nobody is has no
 * opinion.
 */
#include <linux/bitops.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <net/netswitch.h>

#include "port.h"

/* Who asks. Written under rtnl, read under RCU. */
static LIST_HEAD(askers);

static bool has_policy(const struct netswitch_port *port)
{
	return READ_ONCE(port->flags) & NETSWITCH_PORT_FLAGS_POLICY;
}

/**
 * netswitch_ask_identity() - may two cells talk through a port?
 * @port: a port on their path
 * @identity: who, how; its class is set to the one that was chosen for them
 * @tokens: of what goes on already, those that an earlier question about it has left
 *	here, else zeros; set to what an answer that allows it rests on, else to zeros.
 *	NULL: it is new, and will not be asked about again
 *
 * Context: softirq or process, under RCU.
 * Return: what the stages think; a port without policy has no opinion.
 */
enum netswitch_opinion
netswitch_ask_identity(struct netswitch_port *port,
		       struct netswitch_identity *identity,
		       struct netswitch_tokens *tokens)
{
	struct netswitch_tokens now = {};
	enum netswitch_opinion all = NETSWITCH_NO_OPINION;
	u32 class = 0;
	int id;

	for (id = 0; has_policy(port) && id < NETSWITCH_STAGES; id++) {
		const struct netswitch_stage *stage;
		enum netswitch_opinion one;
		void *priv;

		stage = netswitch_stage_of(port, id, &priv);
		if (!stage || !stage->identity)
			continue;
		identity->class = 0;
		identity->token = (struct netswitch_token){};
		if (tokens && id < NETSWITCH_TOKENS)
			identity->token = tokens->of[id];
		one = stage->identity(port, priv, identity);
		if (one == NETSWITCH_ALLOW && !class)
			class = identity->class;
		if (one == NETSWITCH_ALLOW && id < NETSWITCH_TOKENS)
			now.of[id] = identity->token;
		all = max(all, one);
	}
	identity->class = class;
	if (all != NETSWITCH_ALLOW)
		now = (struct netswitch_tokens){};
	if (tokens)
		*tokens = now;
	return all;
}
EXPORT_SYMBOL_GPL(netswitch_ask_identity);

/* @stages: a bit for each that is to be told. */
static void flow_del(struct netswitch_port *port,
		     const struct netswitch_flow *flow, unsigned long stages)
{
	int id;

	for_each_set_bit(id, &stages, NETSWITCH_STAGES) {
		const struct netswitch_stage *stage;
		void *priv;

		stage = netswitch_stage_of(port, id, &priv);
		if (stage && stage->flow_del)
			stage->flow_del(port, priv, flow);
	}
}

/**
 * netswitch_flow_add() - tell a port which frames belong to a pair it allowed
 * @port: the port
 * @flow: the frames
 *
 * All stages take it, or none; what one has of it already stays as it was.
 *
 * Context: softirq or process, under RCU.
 * Return: 0, or what the stage said that could not take it.
 */
int netswitch_flow_add(struct netswitch_port *port,
		       const struct netswitch_flow *flow)
{
	unsigned long added = 0;
	int id, ret;

	for (id = 0; has_policy(port) && id < NETSWITCH_STAGES; id++) {
		const struct netswitch_stage *stage;
		void *priv;

		stage = netswitch_stage_of(port, id, &priv);
		if (!stage || !stage->flow_add)
			continue;
		ret = stage->flow_add(port, priv, flow);
		if (ret < 0) {
			/* What others had before belongs to what goes on. */
			flow_del(port, flow, added);
			return ret;
		}
		if (!ret)
			added |= BIT(id);
	}
	return 0;
}
EXPORT_SYMBOL_GPL(netswitch_flow_add);

/**
 * netswitch_flow_del() - tell a port that these frames are nobody's any more
 * @port: the port
 * @flow: the frames
 *
 * Context: softirq or process, under RCU.
 */
void netswitch_flow_del(struct netswitch_port *port,
			const struct netswitch_flow *flow)
{
	flow_del(port, flow, GENMASK(NETSWITCH_STAGES - 1, 0));
}
EXPORT_SYMBOL_GPL(netswitch_flow_del);

/**
 * netswitch_ask_pace() - how fast do frames go on at a port?
 * @port: a port on their way
 * @dir: which way they pass it
 * @class: their shaper class, as an answer to netswitch_ask_identity() named it; 0: the
 *	port's
 * @pace: what is known already of others on the way, or zeros; made slower, if this one
 *	is slower. Its @overhead becomes the greatest
 *
 * The answer is about this moment, and nobody tells of another one: who goes by it asks
 * again in a round trip. A port without policy holds nothing back.
 *
 * Context: softirq or process, under RCU.
 */
void netswitch_ask_pace(struct netswitch_port *port, enum netswitch_dir dir,
			u32 class, struct netswitch_pace *pace)
{
	unsigned long asked;

	for (asked = READ_ONCE(port->asked); asked; asked &= asked - 1) {
		struct netswitch_pace one = {};
		const struct netswitch_stage *stage;
		void *priv;

		stage = netswitch_stage_of(port, __ffs(asked), &priv);
		if (!stage || !stage->pace)
			continue;
		stage->pace(port, priv, dir, class, &one);
		if (!one.rate)
			continue;
		pace->rate = pace->rate ? min(pace->rate, one.rate) : one.rate;
		pace->overhead = max(pace->overhead, one.overhead);
	}
}
EXPORT_SYMBOL_GPL(netswitch_ask_pace);

/**
 * netswitch_opinion_changed() - what a stage thinks about a port may have changed
 * @port: the port
 *
 * To be called by the stage when @identity answers in the new way already; for each
 * port that it is about. Not needed when a stage is set or goes.
 *
 * Context: any but hard interrupts; under RCU or rtnl. Never calls a stage.
 */
void netswitch_opinion_changed(struct netswitch_port *port)
{
	struct netswitch_asker *asker;

	rcu_read_lock();
	list_for_each_entry_rcu(asker, &askers, node)
		asker->changed(port);
	rcu_read_unlock();
}
EXPORT_SYMBOL_GPL(netswitch_opinion_changed);

/**
 * netswitch_asker_register() - be told when to ask again
 * @asker: who asks
 *
 * Context: process; takes rtnl.
 */
void netswitch_asker_register(struct netswitch_asker *asker)
{
	rtnl_lock();
	list_add_tail_rcu(&asker->node, &askers);
	rtnl_unlock();
}
EXPORT_SYMBOL_GPL(netswitch_asker_register);

/**
 * netswitch_asker_unregister() - be told no more
 * @asker: who was; nothing of it runs when this returns
 *
 * Context: process; takes rtnl, may sleep.
 */
void netswitch_asker_unregister(struct netswitch_asker *asker)
{
	rtnl_lock();
	list_del_rcu(&asker->node);
	rtnl_unlock();
	synchronize_rcu();
}
EXPORT_SYMBOL_GPL(netswitch_asker_unregister);
