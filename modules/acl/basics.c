// SPDX-License-Identifier: GPL-2.0-only
/*
 * Basics: a sandbox sends by its own addresses only, and ARP and neighbour discovery
 * go on as far as these need them (RFC 826, RFC 5227; RFC 4861, RFC 4862).
 *
 * Nothing here knows an skb.
 */
#include "basics.h"

#include <linux/string.h>
#include <linux/unaligned.h>

#define PROTO_ICMPV6 58

enum {
	ND_ROUTER_SOLICIT = 133,
	ND_NEIGHBOUR_SOLICIT = 135,
	ND_NEIGHBOUR_ADVERT = 136,
};

static const u8 all_nodes[16] = { 0xff, 2, [15] = 1 };
static const u8 nobody[16];

static bool own(const struct acl_basics *basics, u8 family, const u8 addr[16])
{
	u32 i;

	for (i = 0; i < basics->n; i++)
		if (basics->addr[i].family == family &&
		    !memcmp(basics->addr[i].addr, addr, 16))
			return true;
	return false;
}

static bool own4(const struct acl_basics *basics, u32 addr)
{
	u8 bytes[16] = {};

	put_unaligned_be32(addr, bytes);
	return own(basics, ACL_IPV4, bytes);
}

/* What ARP sends has to claim its own; who asks for its own may claim nothing yet. */
static enum acl_basics_verdict arp_out(const struct acl_basics *basics,
				       const struct acl_arp *arp)
{
	if (acl_mac(arp->sha) != basics->mac)
		return ACL_BASICS_SPOOF;
	if (own4(basics, arp->spa) || (!arp->spa && own4(basics, arp->tpa)))
		return ACL_BASICS_ALLOW;
	return ACL_BASICS_SPOOF;
}

/* Is an IPv6 address on the link of an address of the sandbox's own: a group that no
 * router passes on, or of the same 64 bits (RFC 4291, 2.5.1)? What is sent elsewhere a
 * router would carry, whatever it says.
 */
static bool on_link(const struct acl_basics *basics, const u8 dst[16])
{
	u32 i;

	if (dst[0] == 0xff)
		return (dst[1] & 0xf) <= 2;
	if (dst[0] == 0xfe && (dst[1] & 0xc0) == 0x80)
		return true;
	for (i = 0; i < basics->n; i++)
		if (basics->addr[i].family == ACL_IPV6 &&
		    !memcmp(basics->addr[i].addr, dst, 8))
			return true;
	return false;
}

static enum acl_basics_verdict nd_out(const struct acl_basics *basics,
				      const struct acl_key *key,
				      const u8 src[16])
{
	const struct acl_nd *nd = &key->nd;
	bool mine = own(basics, ACL_IPV6, src);
	bool target = own(basics, ACL_IPV6, nd->target);
	bool none = !memcmp(src, nobody, 16);
	enum acl_basics_verdict need;
	u8 dst[16];

	acl_key_dst(key, dst);
	need = on_link(basics, dst) ? ACL_BASICS_ALLOW : ACL_BASICS_NONE;
	if (nd->has_lladdr && acl_mac(nd->lladdr) != basics->mac)
		return ACL_BASICS_SPOOF;
	switch (acl_key_sport(key)) {
	case ND_NEIGHBOUR_SOLICIT:
		/* Who looks whether its address is taken has none yet. */
		return mine || (none && target && !nd->has_lladdr) ?
			       need :
			       ACL_BASICS_SPOOF;
	case ND_NEIGHBOUR_ADVERT:
		return mine && target ? need : ACL_BASICS_SPOOF;
	case ND_ROUTER_SOLICIT:
		return mine || none ? ACL_BASICS_NONE : ACL_BASICS_SPOOF;
	}
	/* It is no router. */
	return ACL_BASICS_SPOOF;
}

static enum acl_basics_verdict ask_out(const struct acl_basics *basics,
				       const struct acl_key *key)
{
	u8 src[16];

	if (acl_key_smac(key) != basics->mac)
		return ACL_BASICS_SPOOF;
	if (key->has_arp)
		return arp_out(basics, &key->arp);
	if (acl_key_family(key) == ACL_OTHER)
		return ACL_BASICS_NONE;
	acl_key_src(key, src);
	if (key->has_nd)
		return nd_out(basics, key, src);
	return own(basics, acl_key_family(key), src) ? ACL_BASICS_NONE :
						       ACL_BASICS_SPOOF;
}

static enum acl_basics_verdict ask_in(const struct acl_basics *basics,
				      const struct acl_key *key)
{
	bool target;
	u8 dst[16];

	if (key->has_arp)
		return own4(basics, key->arp.tpa) ? ACL_BASICS_ALLOW :
						    ACL_BASICS_NONE;
	if (!key->has_nd)
		return ACL_BASICS_NONE;
	target = own(basics, ACL_IPV6, key->nd.target);
	acl_key_dst(key, dst);
	switch (acl_key_sport(key)) {
	case ND_NEIGHBOUR_SOLICIT:
		return target ? ACL_BASICS_ALLOW : ACL_BASICS_NONE;
	case ND_NEIGHBOUR_ADVERT:
		/* An answer to it, or somebody has its address. */
		return own(basics, ACL_IPV6, dst) ||
				       (target && !memcmp(dst, all_nodes, 16)) ?
			       ACL_BASICS_ALLOW :
			       ACL_BASICS_NONE;
	}
	return ACL_BASICS_NONE;
}

/**
 * acl_basics_ask() - what do the basics say of a frame?
 * @basics: what is the sandbox's own
 * @key: the frame's key
 *
 * No lock, any context.
 *
 * Return: see enum acl_basics_verdict.
 */
enum acl_basics_verdict acl_basics_ask(const struct acl_basics *basics,
				       const struct acl_key *key)
{
	enum acl_basics_verdict verdict = acl_key_dir(key) == ACL_OUT ?
						  ask_out(basics, key) :
						  ask_in(basics, key);

	/* Its addresses are its own where it was given them, not in a VLAN. */
	if (verdict == ACL_BASICS_ALLOW && acl_key_vlan(key))
		return ACL_BASICS_NONE;
	return verdict;
}

/**
 * acl_basics_sends() - may a sandbox send plain frames from this address?
 * @basics: what is the sandbox's own
 * @smac: source MAC address of a plain frame that it sends (plain.h)
 * @src: its source address
 *
 * No lock, any context.
 *
 * Return: acl_basics_ask() says ACL_BASICS_NONE of it, and not ACL_BASICS_SPOOF.
 */
bool acl_basics_sends(const struct acl_basics *basics, u64 smac, u32 src)
{
	u32 i;

	if (smac != basics->mac)
		return false;
	/* Behind the four bytes are zeros. */
	for (i = 0; i < basics->n; i++)
		if (basics->addr[i].family == ACL_IPV4 &&
		    get_unaligned_be32(basics->addr[i].addr) == src)
			return true;
	return false;
}
