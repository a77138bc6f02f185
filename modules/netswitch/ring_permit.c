// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings: who may bind which. It is who calls that is asked, at that moment, and
 * over the namespace in which the descriptor was opened.
 */
#include <linux/capability.h>
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "grant.h"
#include "port.h"
#include "ring.h"

/* The address of its own that a ring asks for; NULL: it is the port's. */
static const u8 *own_mac(const struct netswitch_port *port,
			 const struct netswitch_ring_bind *bind)
{
	if (is_zero_ether_addr(bind->mac) ||
	    (port && ether_addr_equal(bind->mac, port->dev->dev_addr)))
		return NULL;
	return bind->mac;
}

static bool is_granted(const struct netswitch_port *port,
		       const struct netswitch_ring_bind *bind)
{
	return port && netswitch_grant_allows(port, bind->ethertype,
					      own_mac(port, bind));
}

/* Who has no CAP_NET_RAW needs a grant. It is for frames to one station and to
 * groups: not for what is between others, nor for VLANs, each of which is a network
 * of its own; its device may be a port with grants.
 */
static int permit_granted(const struct netswitch_port *port,
			  struct netswitch_ring_bind *bind)
{
	if (!is_granted(port, bind))
		return ring_refuse(
			bind, -EPERM,
			"0x%04x needs CAP_NET_RAW over the namespace, or a grant",
			bind->ethertype);
	if (bind->flags & NETSWITCH_RING_PROMISC)
		return ring_refuse(
			bind, -EPERM,
			"PROMISC needs CAP_NET_RAW over the namespace; a grant is not enough");
	if (bind->vid)
		return ring_refuse(
			bind, -EPERM,
			"VLAN %u needs CAP_NET_RAW over the namespace; a grant is not enough",
			bind->vid);
	return 0;
}

static int permit_type(struct netswitch_ring_bind *bind, bool admin)
{
	char name[16];

	if (!netswitch_type_owner(bind->ethertype, name, sizeof(name)))
		return 0;
	if (!(bind->flags & NETSWITCH_RING_TAKE))
		return ring_refuse(bind, -EPERM,
				   "0x%04x is %s's: ask for it with TAKE",
				   bind->ethertype, name);
	if (!admin)
		return ring_refuse(
			bind, -EPERM,
			"TAKE needs CAP_NET_ADMIN over the namespace");
	return 0;
}

/* May who calls have what it asks for? Under rtnl; may sleep.
 * Return: 0, or -EPERM with the reason in @bind.
 */
int ring_permit(const struct net *net, struct netswitch_ring_bind *bind)
{
	struct netswitch_port *port = netswitch_port_find(net, bind->ifindex);
	bool admin = ns_capable(net->user_ns, CAP_NET_ADMIN);
	int ret;

	ASSERT_RTNL();
	if (!ns_capable(net->user_ns, CAP_NET_RAW)) {
		ret = permit_granted(port, bind);
		if (ret)
			return ret;
	}
	if (bind->flags & NETSWITCH_RING_SPOOF && !admin)
		return ring_refuse(
			bind, -EPERM,
			"SPOOF needs CAP_NET_ADMIN over the namespace");
	if (own_mac(port, bind) && !admin && !is_granted(port, bind))
		return ring_refuse(
			bind, -EPERM,
			"mac %pM needs CAP_NET_ADMIN over the namespace, or a grant of it",
			bind->mac);
	return permit_type(bind, admin);
}
