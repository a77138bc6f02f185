/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bindings: which class the frames of a direction of a port belong to.
 */
#ifndef _SHAPER_BIND_H
#define _SHAPER_BIND_H

#include "engine.h"

extern const struct netswitch_stage shaper_stage;

/* bind.c */
struct shaper_port *shaper_port_of(struct shaper_net *this,
				   const struct netswitch_port *port);
int shaper_bind(struct shaper_net *this, struct netswitch_port *port,
		enum netswitch_dir dir, struct shaper_class *class, u32 flags,
		struct netlink_ext_ack *extack, struct shaper_port **sportp);
void shaper_unbind(struct shaper_port *sport, enum netswitch_dir dir);

/* bind_nl.c */
void shaper_nl_binding_notify(const struct shaper_port *sport,
			      enum netswitch_dir dir, u8 cmd);

#endif /* _SHAPER_BIND_H */
