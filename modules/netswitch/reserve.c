// SPDX-License-Identifier: GPL-2.0-only
/*
 * EtherTypes that are somebody's in the kernel: of its stack, and those that
 * modules of the suite have reserved. Nobody gets a ring of them by mistake.
 */
#include <linux/export.h>
#include <linux/if_ether.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <net/netswitch.h>

#include "port.h"

static DEFINE_MUTEX(reserve_lock); /* protects reservations; inside rtnl */
static LIST_HEAD(reservations);

/* EtherTypes that a stock kernel has receivers for. */
static bool stack_has(u16 ethertype)
{
	static const u16 types[] = {
		ETH_P_IP,      ETH_P_ARP,      ETH_P_IPV6,     ETH_P_RARP,
		ETH_P_8021Q,   ETH_P_8021AD,   ETH_P_ATALK,    ETH_P_AARP,
		ETH_P_IPX,     ETH_P_SLOW,     ETH_P_PAUSE,    ETH_P_PAE,
		ETH_P_PREAUTH, ETH_P_MACSEC,   ETH_P_PPP_DISC, ETH_P_PPP_SES,
		ETH_P_MPLS_UC, ETH_P_MPLS_MC,  ETH_P_MVRP,     ETH_P_TDLS,
		ETH_P_TIPC,    ETH_P_BATMAN,   ETH_P_CFM,      ETH_P_MRP,
		ETH_P_PRP,     ETH_P_HSR,      ETH_P_AOE,      ETH_P_FCOE,
		ETH_P_FIP,     ETH_P_LINK_CTL, ETH_P_NSH,      ETH_P_TEB,
		ETH_P_X25,     ETH_P_BPQ,      ETH_P_DEC,      ETH_P_NCSI,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		if (types[i] == ethertype)
			return true;
	return false;
}

/* Whose in the kernel is an EtherType? May sleep.
 * @name: filled in, since a module that has reserved it may go
 *
 * Return: @name, or NULL if it is nobody's.
 */
const char *netswitch_type_owner(u16 ethertype, char *name, size_t size)
{
	const struct netswitch_reservation *reservation;
	const char *owner = NULL;

	if (stack_has(ethertype)) {
		strscpy(name, "the kernel", size);
		return name;
	}
	mutex_lock(&reserve_lock);
	list_for_each_entry(reservation, &reservations, node)
		if (reservation->ethertype == ethertype) {
			strscpy(name, reservation->name, size);
			owner = name;
			break;
		}
	mutex_unlock(&reserve_lock);
	return owner;
}

/**
 * netswitch_reserve() - keep an EtherType from rings that do not ask to take it
 * @reservation: who, and which
 *
 * In all network namespaces. If others have reserved the same, all have to let go
 * of it.
 *
 * Context: process; may sleep.
 */
void netswitch_reserve(struct netswitch_reservation *reservation)
{
	mutex_lock(&reserve_lock);
	list_add_tail(&reservation->node, &reservations);
	mutex_unlock(&reserve_lock);
}
EXPORT_SYMBOL_GPL(netswitch_reserve);

/**
 * netswitch_unreserve() - let go of an EtherType
 * @reservation: what netswitch_reserve() was given
 *
 * Context: process; may sleep.
 */
void netswitch_unreserve(struct netswitch_reservation *reservation)
{
	mutex_lock(&reserve_lock);
	list_del(&reservation->node);
	mutex_unlock(&reserve_lock);
}
EXPORT_SYMBOL_GPL(netswitch_unreserve);
