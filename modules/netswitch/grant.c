// SPDX-License-Identifier: GPL-2.0-only
/*
 * Grants: the table of each port, and whether there is one for who calls.
 *
 * It is the effective user that counts, since it is the one that capabilities go
 * by, and that a ring is shown with; fsuid is for files. So it is with groups.
 */
#include <linux/cred.h>
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "grant.h"
#include "port.h"

static bool same(const struct netswitch_grant *a,
		 const struct netswitch_grant *b)
{
	if (a->ethertype != b->ethertype || !ether_addr_equal(a->mac, b->mac) ||
	    uid_valid(a->uid) != uid_valid(b->uid))
		return false;
	return uid_valid(a->uid) ? uid_eq(a->uid, b->uid) :
				   gid_eq(a->gid, b->gid);
}

/* The grant of a port that says the same as @like, or NULL. Under rtnl. */
struct netswitch_grant *netswitch_grant_find(const struct netswitch_port *port,
					     const struct netswitch_grant *like)
{
	struct netswitch_grant *grant;

	ASSERT_RTNL();
	list_for_each_entry(grant, &port->grants, node)
		if (same(grant, like))
			return grant;
	return NULL;
}

/* Makes a grant. Under rtnl; may sleep.
 * Return: 0 and the grant, or an error with @extack set.
 */
int netswitch_grant_add(struct netswitch_port *port,
			const struct netswitch_grant *like,
			struct netlink_ext_ack *extack,
			struct netswitch_grant **grantp)
{
	struct netswitch_net *this = netswitch_net(dev_net(port->dev));
	struct netswitch_grant *grant;

	ASSERT_RTNL();
	if (netswitch_grant_find(port, like)) {
		NL_SET_ERR_MSG(extack, "this is granted already");
		return -EEXIST;
	}
	if (this->n_grants >=
	    READ_ONCE(this->limits.val[NETSWITCH_A_LIMITS_GRANTS - 1])) {
		NL_SET_ERR_MSG(extack,
			       "the namespace has as many grants as its limit");
		return -ENOSPC;
	}
	grant = kmemdup(like, sizeof(*like), GFP_KERNEL_ACCOUNT);
	if (!grant)
		return -ENOMEM;
	list_add_tail(&grant->node, &port->grants);
	this->n_grants++;
	this->port_seq++;
	*grantp = grant;
	return 0;
}

/* Tells that a grant goes, and frees it. Under rtnl. */
void netswitch_grant_del(struct netswitch_port *port,
			 struct netswitch_grant *grant)
{
	struct netswitch_net *this = netswitch_net(dev_net(port->dev));

	ASSERT_RTNL();
	list_del(&grant->node);
	this->n_grants--;
	this->port_seq++;
	netswitch_nl_grant_notify(port, grant, NETSWITCH_CMD_GRANT_DEL_NTF);
	kfree(grant);
}

/* The port goes. Under rtnl. */
void netswitch_grants_del_port(struct netswitch_port *port)
{
	struct netswitch_grant *grant, *next;

	list_for_each_entry_safe(grant, next, &port->grants, node)
		netswitch_grant_del(port, grant);
}

static bool is_for_caller(const struct netswitch_grant *grant)
{
	return uid_valid(grant->uid) ? uid_eq(grant->uid, current_euid()) :
				       in_egroup_p(grant->gid);
}

/* Has the caller a grant of an EtherType of the port? Under rtnl.
 * @mac: for a ring with this address; NULL: with the port's
 */
bool netswitch_grant_allows(const struct netswitch_port *port, u32 ethertype,
			    const u8 *mac)
{
	const struct netswitch_grant *grant;

	ASSERT_RTNL();
	list_for_each_entry(grant, &port->grants, node) {
		if (grant->ethertype != ethertype)
			continue;
		if (mac ? !ether_addr_equal(grant->mac, mac) :
			  !is_zero_ether_addr(grant->mac))
			continue;
		if (is_for_caller(grant))
			return true;
	}
	return false;
}
