// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a frame's bytes to its key. Reads nothing but the bytes that it is told can
 * be read, and trusts no length. What a receiver might understand in another way
 * than we do is malformed: then nothing is decided on a guess.
 */
#include "parse.h"

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "plain.h"

#define VLAN_VID 0x0fff
#define FRAG_MF 0x2000
#define FRAG_OFFSET 0x1fff
#define IPV4_HEADER 20
#define IPV6_HEADER 40
/* The longest packet that has a 16-bit length; longer ones have none. */
#define IP_MAX 65535

/* Options of IPv4 (RFC 791). By a source route a packet goes on to another address than the
 * one that it has where it is judged.
 */
enum {
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_LOOSE_ROUTE = 131,
	OPTION_STRICT_ROUTE = 137,
};

/* Next headers of IPv6 that hosts walk (RFC 8200, 4302). Mobility, HIP and shim6 are what
 * the packet is for whoever does not speak them: nothing behind them counts.
 */
enum {
	NEXT_HOP = 0,
	NEXT_ROUTING = 43,
	NEXT_FRAGMENT = 44,
	NEXT_AUTH = 51,
	NEXT_ICMPV6 = 58,
	NEXT_DEST = 60,
};

/* Types of ICMPv6 that are neighbour discovery, and of its options. */
enum {
	ND_ROUTER_SOLICIT = 133,
	ND_ROUTER_ADVERT = 134,
	ND_NEIGHBOUR_SOLICIT = 135,
	ND_NEIGHBOUR_ADVERT = 136,
	ND_REDIRECT = 137,
	ND_OPT_SOURCE = 1,
	ND_OPT_TARGET = 2,
};

#define ETHERTYPE_UTCP 0x88b5
#define UTCP_VERSION_BYTE 0xc1
#define UTCP_HEADER 4

/*
 * A packet that is being read: bytes from @pos on belong to it up to @end, and can
 * be read up to @linear. @whole: it is not the beginning of one that an ICMP error
 * carries, so that its lengths must fit.
 */
struct packet {
	const u8 *data;
	u32 pos;
	u32 end;
	u32 linear;
	bool whole;
};

/* Are there @n bytes, readable, from @pos on? */
static bool has(const struct packet *p, u32 n)
{
	return p->pos + n <= min(p->end, p->linear);
}

static const u8 *at(const struct packet *p)
{
	return p->data + p->pos;
}

/* What all words L4 begin with. */
static u64 l4_start(enum acl_dir dir, enum acl_family family)
{
	return (u64)dir << ACL_L4_DIR | 1ULL << (ACL_L4_FAMILY + family);
}

static enum acl_parse parse_nd_options(struct packet *p, struct acl_nd *nd,
				       u8 type)
{
	u8 wanted = type == ND_NEIGHBOUR_ADVERT || type == ND_REDIRECT ?
			    ND_OPT_TARGET :
			    ND_OPT_SOURCE;

	while (p->pos < p->end) {
		u32 len;

		if (!has(p, 2)) {
			/*
			 * Only these two may be longer than what can be read.
			 * No sandbox is let send them for its basics.
			 */
			if (p->pos + 2 <= p->end &&
			    (type == ND_ROUTER_ADVERT || type == ND_REDIRECT))
				return ACL_PARSE_OK;
			return ACL_PARSE_ND;
		}
		len = at(p)[1] * 8;
		if (!len || len > p->end - p->pos)
			return ACL_PARSE_ND;
		if (at(p)[0] == wanted) {
			/* Receivers differ in which of two they take. */
			if (nd->has_lladdr || len != 8 || !has(p, 8))
				return ACL_PARSE_ND;
			memcpy(nd->lladdr, at(p) + 2, ETH_ALEN);
			nd->has_lladdr = true;
		}
		p->pos += len;
	}
	return ACL_PARSE_OK;
}

/* At an ICMPv6 header; @hops is the packet's hop limit. */
static enum acl_parse parse_nd(struct packet p, struct acl_key *key, u8 type,
			       u8 hops)
{
	static const u8 lens[] = { 8, 16, 24, 24, 40 };
	u8 len = lens[type - ND_ROUTER_SOLICIT];

	/* RFC 4861 section 7.1; no fragments: RFC 6980. */
	if (hops != 255 || key->frag != ACL_FRAG_NONE || at(&p)[1] ||
	    !has(&p, len))
		return ACL_PARSE_ND;
	memset(&key->nd, 0, sizeof(key->nd));
	key->has_nd = true;
	if (type >= ND_NEIGHBOUR_SOLICIT)
		memcpy(key->nd.target, at(&p) + 8, 16);
	p.pos += len;
	return parse_nd_options(&p, &key->nd, type);
}

/*
 * At the transport's header. Puts its part into @l4, and into @key what is not a
 * word.
 */
static enum acl_parse parse_l4(const struct packet *p, struct acl_key *key,
			       u64 *l4, u8 proto, u8 hops, bool ipv4)
{
	enum acl_parse bad = key->frag == ACL_FRAG_FIRST ? ACL_PARSE_FRAG :
							   ACL_PARSE_L4;
	u32 left = p->end - p->pos;
	const u8 *h = at(p);

	switch (proto) {
	case IPPROTO_TCP:
		if (!p->whole)
			break;
		if (!has(p, 20))
			return bad;
		if (h[12] >> 4 < 5 || (u32)(h[12] >> 4) * 4 > left)
			return bad;
		*l4 |= (u64)h[13] << ACL_L4_FLAGS;
		break;
	case IPPROTO_UDP:
		if (!p->whole)
			break;
		if (!has(p, 8))
			return bad;
		if (get_unaligned_be16(h + 4) < 8 && left <= IP_MAX)
			return bad;
		if (get_unaligned_be16(h + 4) > left &&
		    key->frag == ACL_FRAG_NONE)
			return bad;
		break;
	case IPPROTO_UDPLITE:
		if (p->whole && !has(p, 8))
			return bad;
		break;
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		if (p->whole && !has(p, 12))
			return bad;
		break;
	case IPPROTO_ICMP:
		if (!ipv4)
			goto no_ports;
		if (!has(p, 8))
			return bad;
		*l4 |= (u64)h[0] << ACL_L4_SPORT | h[1];
		if (h[0] == 8 || h[0] == 0)
			key->icmp_id = get_unaligned_be16(h + 4);
		key->l4 = p->pos;
		return ACL_PARSE_OK;
	case NEXT_ICMPV6:
		if (ipv4)
			goto no_ports;
		if (!has(p, 8))
			return bad;
		*l4 |= (u64)h[0] << ACL_L4_SPORT | h[1];
		key->l4 = p->pos;
		if (h[0] == 128 || h[0] == 129)
			key->icmp_id = get_unaligned_be16(h + 4);
		else if (p->whole && h[0] >= ND_ROUTER_SOLICIT &&
			 h[0] <= ND_REDIRECT)
			return parse_nd(*p, key, h[0], hops);
		return ACL_PARSE_OK;
	default:
		goto no_ports;
	}
	if (!has(p, 4))
		return bad;
	*l4 |= get_unaligned_be32(h);
	key->l4 = p->pos;
	return ACL_PARSE_OK;

no_ports:
	*l4 |= 1ULL << ACL_L4_NOPORTS;
	key->l4 = p->pos;
	return ACL_PARSE_OK;
}

/*
 * At the payload of a fragment, @offset bytes into its packet. A later fragment
 * must not reach back into the header that the first one was judged by.
 */
static enum acl_parse parse_frag(const struct packet *p, struct acl_key *key,
				 u32 offset, bool more, u8 proto)
{
	u32 len = p->end - p->pos;

	if (!len || (more && len % 8) || offset + len > IP_MAX)
		return ACL_PARSE_FRAG;
	if (!offset) {
		key->frag = ACL_FRAG_FIRST;
		return ACL_PARSE_OK;
	}
	if (proto == IPPROTO_TCP && offset < 20)
		return ACL_PARSE_FRAG;
	key->frag = ACL_FRAG_LATER;
	return ACL_PARSE_OK;
}

/* The options of a header of IPv4 of @len bytes, all readable: are they well-formed, and
 * none a source route? What is behind their end is none.
 */
static noinline bool options_ok(const u8 *h, u32 len)
{
	u32 pos = IPV4_HEADER;

	while (pos < len && h[pos] != OPTION_END) {
		if (h[pos] == OPTION_NOP) {
			pos++;
			continue;
		}
		if (h[pos] == OPTION_LOOSE_ROUTE ||
		    h[pos] == OPTION_STRICT_ROUTE || len - pos < 2 ||
		    h[pos + 1] < 2 || h[pos + 1] > len - pos)
			return false;
		pos += h[pos + 1];
	}
	return true;
}

static enum acl_parse parse_ipv4(struct packet *p, struct acl_key *key,
				 enum acl_dir dir)
{
	u64 l4 = l4_start(dir, ACL_IPV4);
	enum acl_parse ret;
	u32 header, len, offset;
	const u8 *h = at(p);
	u8 proto;

	if (!has(p, IPV4_HEADER))
		return ACL_PARSE_IP;
	header = (h[0] & 15) * 4;
	len = get_unaligned_be16(h + 2);
	if (p->whole) {
		/* A frame of many segments may be longer than can be said. */
		if (!len && p->end - p->pos > IP_MAX)
			len = p->end - p->pos;
		if (len > p->end - p->pos)
			return ACL_PARSE_IP;
		p->end = p->pos + len;
	}
	if (h[0] >> 4 != 4 || header < IPV4_HEADER || !has(p, header))
		return ACL_PARSE_IP;
	if (unlikely(header > IPV4_HEADER) && !options_ok(h, header))
		return ACL_PARSE_IP;
	proto = h[9];
	l4 |= (u64)proto << ACL_L4_PROTO | (u64)(h[1] >> 2) << ACL_L4_DSCP;
	key->class = acl_class(dir, ACL_IPV4);
	key->len = p->end;
	key->w[ACL_W_HEAD] = get_unaligned_be64(h + 12);
	key->w[ACL_W_DST] = 0;
	key->w[ACL_W_SRC2] = 0;
	key->w[ACL_W_DST2] = 0;
	p->pos += header;
	offset = get_unaligned_be16(h + 6);
	if (offset & (FRAG_MF | FRAG_OFFSET)) {
		key->frag_id = get_unaligned_be16(h + 4);
		if (!p->whole)
			return offset & FRAG_OFFSET ? ACL_PARSE_FRAG :
						      ACL_PARSE_OK;
		ret = parse_frag(p, key, (offset & FRAG_OFFSET) * 8,
				 offset & FRAG_MF, proto);
		if (ret)
			return ret;
		if (key->frag == ACL_FRAG_LATER) {
			key->w[ACL_W_L4] = l4 | 1ULL << ACL_L4_NOPORTS;
			return ACL_PARSE_OK;
		}
	}
	ret = parse_l4(p, key, &l4, proto, 0, true);
	key->w[ACL_W_L4] = l4;
	return ret;
}

/*
 * Walks the extension headers from the one of type *@next on, up to the
 * transport's, whose type is then in *@next. A later fragment ends at its fragment
 * header.
 */
static enum acl_parse parse_ext(struct packet *p, struct acl_key *key, u8 *next)
{
	bool fragment = false;
	enum acl_parse ret;
	unsigned int n;

	for (n = 0; n <= ACL_EXT_MAX; n++) {
		const u8 *h = at(p);
		u32 len, offset;

		switch (*next) {
		case NEXT_HOP:
			/* Only the first may be it. */
			if (n)
				return ACL_PARSE_EXT;
			break;
		case NEXT_ROUTING:
		case NEXT_FRAGMENT:
		case NEXT_AUTH:
		case NEXT_DEST:
			break;
		default:
			return ACL_PARSE_OK;
		}
		if (n == ACL_EXT_MAX || !has(p, 8))
			return ACL_PARSE_EXT;
		len = h[1] * 8 + 8;
		if (*next == NEXT_AUTH)
			len = h[1] * 4 + 8;
		else if (*next == NEXT_FRAGMENT)
			len = 8;
		else if (*next == NEXT_ROUTING && h[2] == 0)
			return ACL_PARSE_EXT;
		if (!has(p, len))
			return ACL_PARSE_EXT;
		p->pos += len;
		if (*next != NEXT_FRAGMENT) {
			*next = h[0];
			continue;
		}
		if (fragment)
			return ACL_PARSE_EXT;
		fragment = true;
		*next = h[0];
		offset = get_unaligned_be16(h + 2);
		/* All of a packet in one fragment is none: RFC 6946. */
		if (!(offset & 0xfff9))
			continue;
		key->frag_id = get_unaligned_be32(h + 4);
		if (!p->whole) {
			if (offset & 0xfff8)
				return ACL_PARSE_FRAG;
			continue;
		}
		ret = parse_frag(p, key, offset & 0xfff8, offset & 1, *next);
		if (ret || key->frag == ACL_FRAG_LATER)
			return ret;
	}
	return ACL_PARSE_EXT;
}

static enum acl_parse parse_ipv6(struct packet *p, struct acl_key *key,
				 enum acl_dir dir)
{
	u64 l4 = l4_start(dir, ACL_IPV6);
	enum acl_parse ret;
	const u8 *h = at(p);
	u32 len;
	u8 next;

	if (!has(p, IPV6_HEADER) || h[0] >> 4 != 6)
		return ACL_PARSE_IP;
	len = get_unaligned_be16(h + 4);
	next = h[6];
	if (p->whole) {
		/* Jumbograms, and frames of many segments. */
		if (!len && p->end - p->pos - IPV6_HEADER > IP_MAX)
			len = p->end - p->pos - IPV6_HEADER;
		if (len > p->end - p->pos - IPV6_HEADER)
			return ACL_PARSE_IP;
		p->end = p->pos + IPV6_HEADER + len;
	}
	l4 |= (u64)(get_unaligned_be16(h) >> 6 & 0x3f) << ACL_L4_DSCP;
	key->class = acl_class(dir, ACL_IPV6);
	key->len = p->end;
	key->w[ACL_W_HEAD] = get_unaligned_be64(h + 8);
	key->w[ACL_W_SRC2] = get_unaligned_be64(h + 16);
	key->w[ACL_W_DST] = get_unaligned_be64(h + 24);
	key->w[ACL_W_DST2] = get_unaligned_be64(h + 32);
	p->pos += IPV6_HEADER;
	ret = parse_ext(p, key, &next);
	if (ret)
		return ret;
	l4 |= (u64)next << ACL_L4_PROTO;
	if (key->frag == ACL_FRAG_LATER) {
		key->w[ACL_W_L4] = l4 | 1ULL << ACL_L4_NOPORTS;
		return ACL_PARSE_OK;
	}
	ret = parse_l4(p, key, &l4, next, h[7], false);
	key->w[ACL_W_L4] = l4;
	return ret;
}

static enum acl_parse parse_arp(const struct packet *p, struct acl_key *key)
{
	const u8 *h = at(p);

	if (!has(p, 28) || get_unaligned_be16(h) != 1 ||
	    get_unaligned_be16(h + 2) != ETH_P_IP || h[4] != ETH_ALEN ||
	    h[5] != 4)
		return ACL_PARSE_ARP;
	key->arp.op = get_unaligned_be16(h + 6);
	memcpy(key->arp.sha, h + 8, ETH_ALEN);
	key->arp.spa = get_unaligned_be32(h + 14);
	memcpy(key->arp.tha, h + 18, ETH_ALEN);
	key->arp.tpa = get_unaligned_be32(h + 24);
	key->has_arp = true;
	return ACL_PARSE_OK;
}

static enum acl_parse parse_utcp(const struct packet *p, struct acl_key *key)
{
	const u8 *h = at(p);

	if (!has(p, 1) || h[0] != UTCP_VERSION_BYTE)
		return ACL_PARSE_OK;
	if (!has(p, UTCP_HEADER))
		return ACL_PARSE_UTCP;
	key->utcp.type = h[1];
	key->utcp.len = get_unaligned_be16(h + 2);
	key->utcp.index = 0;
	if (key->utcp.len < UTCP_HEADER || key->utcp.len > p->end - p->pos)
		return ACL_PARSE_UTCP;
	/* See "Identity and the ACL" in utcp.rst. */
	switch (key->utcp.type) {
	case 0x03:
	case 0x04:
	case 0x05:
	case 0x10:
		if (key->utcp.len < UTCP_HEADER + 4 || !has(p, UTCP_HEADER + 4))
			return ACL_PARSE_UTCP;
		key->utcp.index = get_unaligned_be32(h + 4);
		break;
	}
	key->has_utcp = true;
	return ACL_PARSE_OK;
}

/* The same in one go for a plain frame. False: it is something else, or malformed; nothing
 * that is in @key then counts.
 */
static bool parse_plain(const struct acl_frame *frame, struct acl_key *key)
{
	struct acl_plain plain;

	if (!acl_plain_read(frame->data, frame->linear, frame->len, &plain))
		return false;
	acl_plain_key(frame->data, acl_plain_head(plain.addrs),
		      acl_plain_l4(frame->data, plain.rest, frame->dir),
		      frame->has_vlan ? frame->vlan_tag & VLAN_VID : 0, key);
	key->dev = frame->dev;
	return true;
}

/* Whatever it is. */
static noinline enum acl_parse parse_any(const struct acl_frame *frame,
					 struct acl_key *key)
{
	struct packet p = {
		.data = frame->data,
		.pos = ETH_HLEN,
		.end = frame->len,
		.linear = frame->linear,
		.whole = true,
	};
	unsigned int tags = frame->has_vlan;
	u16 vid = frame->has_vlan ? frame->vlan_tag & VLAN_VID : 0;
	u16 ethertype;

	/* By hand: of the unions nothing is to be cleared. */
	key->dev = frame->dev;
	key->l4 = 0;
	key->l3 = 0;
	key->frag = ACL_FRAG_NONE;
	key->class = acl_class(frame->dir, ACL_OTHER);
	key->len = frame->len;
	key->frag_id = 0;
	key->icmp_id = 0;
	key->ethertype = 0;
	key->has_arp = false;
	key->has_nd = false;
	key->has_utcp = false;

	if (frame->linear < ETH_HLEN) {
		memset(key->w, 0, sizeof(key->w));
		return ACL_PARSE_ETH;
	}
	ethertype = get_unaligned_be16(frame->data + 2 * ETH_ALEN);
	while (ethertype == ETH_P_8021Q || ethertype == ETH_P_8021AD) {
		if (++tags > ACL_VLAN_MAX)
			return ACL_PARSE_VLAN;
		if (!has(&p, 4))
			return ACL_PARSE_ETH;
		/* A tag with a priority only is none. */
		if (!vid)
			vid = get_unaligned_be16(at(&p)) & VLAN_VID;
		ethertype = get_unaligned_be16(at(&p) + 2);
		p.pos += 4;
	}
	if (ethertype < ETH_P_802_3_MIN)
		ethertype = ETH_P_802_2;
	key->ethertype = ethertype;
	key->l3 = p.pos;
	/* Two bytes too many, all of them in the Ethernet header. */
	key->w[ACL_W_DMAC] = get_unaligned_be64(frame->data) & ~0xffffULL;
	key->w[ACL_W_SMAC] =
		(get_unaligned_be64(frame->data + ETH_ALEN) & ~0xffffULL) | vid;
	if (ethertype == ETH_P_IP)
		return parse_ipv4(&p, key, frame->dir);
	if (ethertype == ETH_P_IPV6)
		return parse_ipv6(&p, key, frame->dir);

	key->w[ACL_W_HEAD] = ethertype;
	key->w[ACL_W_L4] = l4_start(frame->dir, ACL_OTHER) |
			   1ULL << ACL_L4_NOPORTS;
	key->w[ACL_W_DST] = 0;
	key->w[ACL_W_SRC2] = 0;
	key->w[ACL_W_DST2] = 0;
	if (ethertype == ETH_P_ARP)
		return parse_arp(&p, key);
	if (ethertype == ETHERTYPE_UTCP)
		return parse_utcp(&p, key);
	return ACL_PARSE_OK;
}

/**
 * acl_parse() - make a frame's key
 * @frame: the frame
 * @key: is filled; of a malformed frame as far as it was understood: no word of it
 *	may be relied on
 *
 * Reads no byte behind @frame->linear. No lock, any context.
 *
 * Return: ACL_PARSE_OK, or what is wrong with the frame.
 */
enum acl_parse acl_parse(const struct acl_frame *frame, struct acl_key *key)
{
	if (likely(parse_plain(frame, key)))
		return ACL_PARSE_OK;
	return parse_any(frame, key);
}

/**
 * acl_is_icmp_error() - does a frame carry the packet that it is about?
 * @key: its key, by acl_parse()
 *
 * Return: it is an ICMP error.
 */
bool acl_is_icmp_error(const struct acl_key *key)
{
	u16 type = acl_key_sport(key);

	if (!key->l4 || acl_key_noports(key) || key->frag != ACL_FRAG_NONE)
		return false;
	if (acl_key_family(key) == ACL_IPV4)
		return acl_key_proto(key) == IPPROTO_ICMP &&
		       (type == 3 || type == 4 || type == 5 || type == 11 ||
			type == 12);
	return acl_key_family(key) == ACL_IPV6 &&
	       acl_key_proto(key) == NEXT_ICMPV6 && type >= 1 && type <= 4;
}

/**
 * acl_parse_icmp_error() - make the key of the packet that an ICMP error is about
 * @frame: the error's frame
 * @key: its key, by acl_parse()
 * @inner: is filled: as acl_parse() would have for that packet, which went the
 *	other way; without flags of TCP and what neighbour discovery says; link
 *	and interfaces are zero
 *
 * Return: false if it is no ICMP error, or carries too little to tell whose.
 */
bool acl_parse_icmp_error(const struct acl_frame *frame,
			  const struct acl_key *key, struct acl_key *inner)
{
	struct packet p = {
		.data = frame->data,
		.pos = key->l4 + 8,
		.end = key->len,
		.linear = frame->linear,
	};
	enum acl_dir dir = acl_key_dir(key) == ACL_OUT ? ACL_IN : ACL_OUT;
	enum acl_parse ret;

	if (!acl_is_icmp_error(key))
		return false;
	memset(inner, 0, sizeof(*inner));
	inner->ethertype = key->ethertype;
	inner->l3 = p.pos;
	if (acl_key_family(key) == ACL_IPV4)
		ret = parse_ipv4(&p, inner, dir);
	else
		ret = parse_ipv6(&p, inner, dir);
	return ret == ACL_PARSE_OK && inner->l4;
}

/**
 * acl_key_identity() - make the key of two cells that want to talk
 * @key: is filled
 * @dir: which way the frames of the one that begins pass
 * @local: CellID of the sandbox's side
 * @remote: CellID of the other
 * @service: service port at the one that does not begin; 0: any
 */
void acl_key_identity(struct acl_key *key, enum acl_dir dir,
		      const u8 local[ACL_CELL_LEN],
		      const u8 remote[ACL_CELL_LEN], u16 service)
{
	memset(key, 0, sizeof(*key));
	key->class = acl_class(dir, ACL_CELL);
	key->w[ACL_W_HEAD] = get_unaligned_be64(local);
	key->w[ACL_W_SRC2] = get_unaligned_be64(local + 8);
	key->w[ACL_W_DST] = get_unaligned_be64(remote);
	key->w[ACL_W_DST2] = get_unaligned_be64(remote + 8);
	key->w[ACL_W_L4] = l4_start(dir, ACL_CELL) | service;
}

/**
 * acl_parse_name() - the word for a reason
 * @reason: what acl_parse() has returned
 *
 * Return: a word, for users.
 */
const char *acl_parse_name(enum acl_parse reason)
{
	static const char *const names[ACL_PARSES] = {
		[ACL_PARSE_OK] = "ok",	   [ACL_PARSE_ETH] = "ethernet",
		[ACL_PARSE_VLAN] = "vlan", [ACL_PARSE_IP] = "ip",
		[ACL_PARSE_EXT] = "ext",   [ACL_PARSE_FRAG] = "fragment",
		[ACL_PARSE_L4] = "l4",	   [ACL_PARSE_ARP] = "arp",
		[ACL_PARSE_ND] = "nd",	   [ACL_PARSE_UTCP] = "utcp",
	};

	return reason < ACL_PARSES ? names[reason] : "?";
}
