// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Bridges of sandboxes.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "error.h"
#include "rtnl.h"
#include "sandboxbridge.h"
#include "sandboxlink.h"
#include "sandboxnat.h"
#include "sandboxnetwork.h"
#include "sandboxstate.h"

/* Of networks that are not told theirs. */
static const struct utcp_sandbox_prefix usual4 = {
	.len = 16,
	.addr = { 10, 181 },
};

static bool same(const struct utcp_sandbox_prefix *a,
		 const struct utcp_sandbox_prefix *b)
{
	return a->len == b->len && memcmp(a->addr, b->addr, 16) == 0;
}

static int check_wish(const struct utcp_sandbox_prefix *wish,
		      const struct utcp_sandbox_prefix *is, const char *bridge,
		      struct utcp_error *e)
{
	if (!wish->len)
		return 0;
	if (!network_prefix_ok(wish, false))
		return utcp_error_set(
			e, LIBUTCP_E_ARGUMENT, EINVAL,
			wish->is6 ?
				"a subnet of IPv6 has 64 bits, and no more are set" :
				"a subnet of IPv4 has 8 to 29 bits, and no more are set");
	if (is && !same(wish, is))
		return utcp_error_set(e, LIBUTCP_E_BUSY, EBUSY,
				      "\"%s\" has another subnet", bridge);
	return 0;
}

bool bridge_name_ok(const char *name)
{
	return strlen(name) < 16 && sandbox_name_ok(name);
}

/* RFC 4193: the 40 bits behind fd are random. */
static int new_network(struct network *net)
{
	uint8_t random[9];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return -EIO;
	net->mac[0] = 0x0e;
	net->mac[1] = 0x75;
	memcpy(&net->mac[2], random, 4);
	net->prefix4 = usual4;
	net->prefix6.is6 = true;
	net->prefix6.addr[0] = 0xfd;
	memcpy(&net->prefix6.addr[1], random + 4, 5);
	net->prefix6.len = 64;
	return 0;
}

/* The prefix that an address is of. */
static struct utcp_sandbox_prefix prefix_of(const struct utcp_sandbox_prefix *a)
{
	struct utcp_sandbox_prefix prefix = *a;

	for (uint32_t i = a->len; i < 8 * sizeof(prefix.addr); i++)
		prefix.addr[i / 8] &= 0xff ^ (0x80 >> i % 8);
	return prefix;
}

/* What is given out elsewhere has to fit together. */
static int assigned_network(const struct utcp_sandbox_config *config,
			    struct network *net, struct utcp_error *e)
{
	net->assigned = true;
	net->prefix4 = prefix_of(&config->ip4);
	memset(&net->prefix6, 0, sizeof(net->prefix6));
	net->prefix6.is6 = true;
	if (config->ip6.len)
		net->prefix6 = prefix_of(&config->ip6);
	if (!network_prefix_ok(&net->prefix4, true) ||
	    (net->prefix6.len && !network_prefix_ok(&net->prefix6, true)))
		return utcp_error_set(
			e, LIBUTCP_E_ARGUMENT, EINVAL,
			"no network of sandboxes has an address of that prefix");
	network_address(&net->prefix4, NETWORK_GATEWAY, &net->gateway4);
	if (config->gateway4.len)
		net->gateway4 = config->gateway4;
	net->gateway4.len = net->prefix4.len;
	if (net->prefix6.len) {
		network_address(&net->prefix6, NETWORK_GATEWAY, &net->gateway6);
		if (config->gateway6.len)
			net->gateway6 = config->gateway6;
		net->gateway6.len = net->prefix6.len;
	}
	return 0;
}

/* One that is there: is it what is wanted? */
static int check_network(const struct utcp_sandbox_config *config,
			 const struct network *net, struct utcp_error *e)
{
	struct network wish = { 0 };
	const char *what = NULL;
	int err = 0;

	if (net->assigned != config->assigned)
		what = net->assigned ? "gets its addresses elsewhere" :
				       "has addresses of its own";
	else if (net->no_masquerade != config->no_masquerade)
		what = net->no_masquerade ? "does not masquerade" :
					    "masquerades";
	if (what)
		return utcp_error_set(e, LIBUTCP_E_BUSY, EBUSY, "\"%s\" %s",
				      net->bridge, what);
	if (config->assigned) {
		err = assigned_network(config, &wish, e);
		if (!err && (!same(&wish.prefix4, &net->prefix4) ||
			     !same(&wish.prefix6, &net->prefix6) ||
			     !same(&wish.gateway4, &net->gateway4) ||
			     !same(&wish.gateway6, &net->gateway6)))
			err = utcp_error_set(
				e, LIBUTCP_E_BUSY, EBUSY,
				"\"%s\" has another subnet or gateway",
				net->bridge);
		return err;
	}
	err = check_wish(&config->subnet4, &net->prefix4, net->bridge, e);
	if (!err)
		err = check_wish(&config->subnet6, &net->prefix6, net->bridge,
				 e);
	return err;
}

static int first_network(const struct utcp_sandbox_config *config,
			 const char *name, struct network *net,
			 struct utcp_error *e)
{
	int err;

	memset(net, 0, sizeof(*net));
	err = check_wish(&config->subnet4, NULL, name, e);
	if (!err)
		err = check_wish(&config->subnet6, NULL, name, e);
	if (err)
		return err;
	snprintf(net->bridge, sizeof(net->bridge), "%s", name);
	net->no_masquerade = config->no_masquerade;
	err = new_network(net);
	if (err)
		return utcp_error_set(e, LIBUTCP_E_SYSTEM, -err,
				      "no random numbers");
	if (config->assigned)
		return assigned_network(config, net, e);
	if (config->subnet4.len)
		net->prefix4 = config->subnet4;
	if (config->subnet6.len)
		net->prefix6 = config->subnet6;
	if (!link_has_ipv6())
		memset(&net->prefix6, 0, sizeof(net->prefix6));
	return 0;
}

int bridge_network(const struct utcp_sandbox_config *config,
		   struct network *net, struct utcp_error *e)
{
	const char *name = config->bridge ? config->bridge :
					    LIBUTCP_SANDBOX_BRIDGE;
	int err = network_load(name, net, e);

	if (!err)
		return check_network(config, net, e);
	if (err != -ENOENT)
		return err;
	err = first_network(config, name, net, e);
	return err ? err : network_save(net, e);
}

static int make_bridge(struct rtnl *r, const struct network *net,
		       struct link_info *info)
{
	int err = link_get(r, net->bridge, info);

	if (err == -ENODEV) {
		err = link_bridge(r, net->bridge, net->mac);
		if (!err)
			err = link_get(r, net->bridge, info);
	}
	if (!err && memcmp(info->mac, net->mac, sizeof(info->mac)) != 0)
		err = utcp_error_set(
			r->e, LIBUTCP_E_REFUSED, EEXIST,
			"there is a device \"%s\" that was not made for sandboxes",
			net->bridge);
	return err;
}

static int set_up(struct rtnl *r, const struct network *net, uint32_t index)
{
	struct utcp_sandbox_prefix gateway;
	int err;

	rtnl_hold(r);
	network_gateway(net, false, &gateway);
	err = link_address(r, index, &gateway);
	if (!err && net->prefix6.len) {
		network_gateway(net, true, &gateway);
		err = link_address(r, index, &gateway);
	}
	if (!err)
		err = link_up(r, index, NULL);
	return rtnl_flush(r, err);
}

int bridge_ensure(struct rtnl *r, const struct network *net, uint32_t *index)
{
	struct link_info info = { 0 };
	int err = make_bridge(r, net, &info);

	*index = info.index;
	/* It is up behind its addresses: who finds it so need not give it them again. */
	if (!err && (net->first || !info.up))
		err = set_up(r, net, info.index);
	/* Who comes first replaces what may be there of another network. */
	if (!err && (net->first || !nat_network_is(net->bridge, r->e)))
		err = nat_network_add(net, r->e);
	if (!err)
		err = nat_forwarding(r->e);
	return err;
}

bool bridge_mac_ok(const uint8_t mac[6])
{
	return mac[0] == 0x0e && mac[1] == 0x75;
}

int bridge_remove(struct rtnl *r, const struct network *net)
{
	struct link_info info = { 0 };
	int err = nat_network_del(net->bridge, r->e);

	if (err)
		return err;
	err = link_get(r, net->bridge, &info);
	if (err)
		return err == -ENODEV ? 0 : err;
	if (memcmp(info.mac, net->mac, sizeof(info.mac)) != 0)
		return 0;
	return link_del(r, net->bridge);
}
