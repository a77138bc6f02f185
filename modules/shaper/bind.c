// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bindings, and the stage that the shaper is to netswitch.
 */
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "bind.h"

/* What the shaper keeps for a port, or NULL. Under rtnl. */
struct shaper_port *shaper_port_of(struct shaper_net *this,
				   const struct netswitch_port *port)
{
	struct shaper_port *sport;

	list_for_each_entry(sport, &this->ports, node)
		if (sport->port == port)
			return sport;
	return NULL;
}

static int check_binding(const struct netswitch_port *port,
			 const struct shaper_port *sport,
			 enum netswitch_dir dir,
			 const struct shaper_class *class,
			 struct netlink_ext_ack *extack)
{
	const struct net_device *dev = netswitch_port_dev(port);

	if (class->n_children) {
		NL_SET_ERR_MSG(extack,
			       "the class has children: bind to one of them");
		return -EBUSY;
	}
	if (sport && rcu_access_pointer(sport->class[dir])) {
		NL_SET_ERR_MSG(extack, "this direction is bound already");
		return -EEXIST;
	}
	if (dir == NETSWITCH_IN && rcu_access_pointer(dev->xdp_prog)) {
		NL_SET_ERR_MSG(
			extack,
			"the device has a generic XDP program, which would see frames twice");
		return -EBUSY;
	}
	return 0;
}

static int port_make(struct shaper_net *this, struct netswitch_port *port,
		     struct netlink_ext_ack *extack,
		     struct shaper_port **sportp)
{
	struct shaper_port *sport;
	int ret;

	sport = kzalloc(sizeof(*sport), GFP_KERNEL_ACCOUNT);
	if (!sport)
		return -ENOMEM;
	sport->port = port;
	sport->net = this;
	ret = netswitch_stage_set(port, NETSWITCH_STAGE_SHAPER, sport);
	if (ret) {
		kfree(sport);
		if (ret == -EOPNOTSUPP)
			NL_SET_ERR_MSG(extack,
				       "the port does not carry policy");
		return ret;
	}
	list_add_tail(&sport->node, &this->ports);
	*sportp = sport;
	return 0;
}

/**
 * shaper_bind() - bind a direction of a port to a class
 * @this: the namespace of both
 * @port: the port
 * @dir: the direction
 * @class: the class
 * @flags: enum utcp_shaper_binding_flags
 * @extack: why not
 * @sportp: set to what is kept for the port
 *
 * Context: under rtnl; may sleep.
 * Return: 0; -EBUSY, -EEXIST or -EOPNOTSUPP with @extack set; -ENOMEM.
 */
int shaper_bind(struct shaper_net *this, struct netswitch_port *port,
		enum netswitch_dir dir, struct shaper_class *class, u32 flags,
		struct netlink_ext_ack *extack, struct shaper_port **sportp)
{
	struct shaper_port *sport = shaper_port_of(this, port);
	int ret;

	ASSERT_RTNL();
	ret = check_binding(port, sport, dir, class, extack);
	if (!ret && !sport)
		ret = port_make(this, port, extack, &sport);
	if (ret)
		return ret;
	WRITE_ONCE(sport->flags[dir], flags);
	rcu_assign_pointer(sport->class[dir], class);
	class->n_bindings++;
	this->seq++;
	*sportp = sport;
	return 0;
}

/* Takes a direction from its class, and tells. Under rtnl. */
static void unbind_dir(struct shaper_port *sport, enum netswitch_dir dir)
{
	struct shaper_class *class = rtnl_dereference(sport->class[dir]);

	if (!class)
		return;
	shaper_nl_binding_notify(sport, dir, UTCP_SHAPER_CMD_BINDING_DEL_NTF);
	RCU_INIT_POINTER(sport->class[dir], NULL);
	class->n_bindings--;
	sport->net->seq++;
}

/* Lets a direction go unshaped; drops its frames that wait. What is kept for the
 * port is gone when it was the last one. Under rtnl; may sleep.
 */
void shaper_unbind(struct shaper_port *sport, enum netswitch_dir dir)
{
	bool last = !rcu_access_pointer(sport->class[!dir]);

	ASSERT_RTNL();
	if (last) {
		netswitch_stage_clear(sport->port, NETSWITCH_STAGE_SHAPER);
		return;
	}
	unbind_dir(sport, dir);
	synchronize_net();
	shaper_port_flush(sport, dir);
}

static void stage_flush(struct netswitch_port *port, void *priv)
{
	shaper_port_flush(priv, -1);
}

static void stage_detach(struct netswitch_port *port, void *priv)
{
	struct shaper_port *sport = priv;

	unbind_dir(sport, NETSWITCH_IN);
	unbind_dir(sport, NETSWITCH_OUT);
	list_del(&sport->node);
	kfree(sport);
}

const struct netswitch_stage shaper_stage = {
	.id = NETSWITCH_STAGE_SHAPER,
	.name = "utcp_shaper",
	.frame = shaper_frame,
	.flush = stage_flush,
	.detach = stage_detach,
	.pace = shaper_pace,
};
