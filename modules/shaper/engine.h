/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The engine: frames pass, wait, and go.
 */
#ifndef _SHAPER_ENGINE_H
#define _SHAPER_ENGINE_H

#include "class.h"

/**
 * struct shaper_port - what the shaper keeps for a port
 * @port: the port
 * @net: its namespace's state
 * @class: class of each direction, enum netswitch_dir; NULL: it is not shaped.
 *	Written under rtnl, read under RCU
 * @flags: options of each direction, enum utcp_shaper_binding_flags; as @class
 * @held: frames of each direction that wait or are on their way after waiting
 * @node: in &struct shaper_net.ports; under rtnl
 *
 * Made by the first binding; dies by the stage's detach(), when none of its frames
 * waits any more.
 */
struct shaper_port {
	struct netswitch_port *port;
	struct shaper_net *net;
	struct shaper_class __rcu *class[2];
	u32 flags[2];
	atomic_t held[2];
	struct list_head node;
};

/* The class of an id, if it is one that takes frames, else the port's. Under RCU. */
static inline struct shaper_class *
shaper_class_chosen(const struct shaper_port *port, struct shaper_class *class,
		    u32 id)
{
	struct shaper_class *other;

	if (likely(!id))
		return class;
	other = shaper_class_find(port->net, id);
	return other && !READ_ONCE(other->n_children) ? other : class;
}

/* engine.c */
enum netswitch_verdict shaper_frame(struct netswitch_frame *frame, void *priv);
void shaper_port_flush(struct shaper_port *port, int dir);
void shaper_class_close(struct shaper_class *class);
void shaper_class_open(struct shaper_class *class);
void shaper_tree_kick(struct shaper_tree *tree, u64 now);
void shaper_tree_kill(struct shaper_tree *tree);
int shaper_engine_init(void);
void shaper_engine_exit(void);

/* pace.c */
void shaper_pace(struct netswitch_port *port, void *priv,
		 enum netswitch_dir dir, u32 class,
		 struct netswitch_pace *pace);

#endif /* _SHAPER_ENGINE_H */
