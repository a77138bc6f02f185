// SPDX-License-Identifier: GPL-2.0-only
/*
 * A model of packets and rules; see model.h. Values come from few, so that rules
 * and packets meet often, and from all kinds, so that none is left out.
 */
#include "model.h"

#include <linux/in.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/unaligned.h>

/* --- random packets ----------------------------------------------------------- */

static void random_address(struct model_world *world, bool ipv4, u8 to[16])
{
	struct model_random *r = &world->random;
	unsigned int i;

	memset(to, 0, 16);
	if (ipv4) {
		to[0] = 10 + model_below(r, 2);
		to[1] = model_below(r, 3);
		to[2] = model_below(r, 4) * 64;
		to[3] = model_below(r, 8);
		return;
	}
	to[0] = 0xfd;
	to[3] = model_below(r, 2);
	to[6] = model_below(r, 2) * 0x80;
	to[7] = model_below(r, 2);
	to[8] = model_below(r, 2) * 0x80;
	for (i = 12; i < 16; i++)
		to[i] = model_below(r, 2);
}

static void random_mac(struct model_world *world, u8 to[ETH_ALEN])
{
	memset(to, 0, ETH_ALEN);
	to[0] = 2;
	to[5] = model_below(&world->random, 4);
}

static u16 random_port(struct model_world *world)
{
	static const u16 ports[] = { 0,	   22,	 53,   80,   443,
				     1023, 1024, 8080, 8081, 65535 };
	struct model_random *r = &world->random;

	if (model_once_in(r, 4))
		return model_random(r);
	return ports[model_below(r, ARRAY_SIZE(ports))];
}

static u8 random_proto(struct model_world *world)
{
	static const u8 protos[] = { IPPROTO_TCP, IPPROTO_TCP,	   IPPROTO_TCP,
				     IPPROTO_UDP, IPPROTO_UDP,	   IPPROTO_ICMP,
				     58,	  IPPROTO_SCTP,	   IPPROTO_DCCP,
				     IPPROTO_GRE, IPPROTO_UDPLITE, IPPROTO_ESP,
				     59 };

	return protos[model_below(&world->random, ARRAY_SIZE(protos))];
}

/**
 * model_packet() - think of a packet
 * @world: what there is
 * @packet: is filled; it is not malformed
 */
void model_packet(struct model_world *world, struct model_packet *packet)
{
	static const enum model_kind kinds[] = {
		MODEL_IPV4, MODEL_IPV4, MODEL_IPV4,    MODEL_IPV6,  MODEL_IPV6,
		MODEL_ARP,  MODEL_UTCP, MODEL_STRANGE, MODEL_CELLS,
	};
	struct model_random *r = &world->random;
	bool ipv4;

	memset(packet, 0, sizeof(*packet));
	packet->kind = world->plain ? MODEL_IPV4 :
				      kinds[model_below(r, ARRAY_SIZE(kinds))];
	packet->dir = model_below(r, 2);
	ipv4 = packet->kind == MODEL_IPV4;
	random_address(world, ipv4, packet->src);
	random_address(world, ipv4, packet->dst);
	packet->dport = random_port(world);
	if (packet->kind == MODEL_CELLS) {
		packet->dport = model_below(r, 3);
		return;
	}
	random_mac(world, packet->smac);
	random_mac(world, packet->dmac);
	packet->vlan = model_once_in(r, 3) ? 1 + model_below(r, 2) : 0;
	if (packet->vlan || model_once_in(r, 6)) {
		packet->meta_tag = model_below(r, 2);
		packet->tags = model_below(r, packet->meta_tag ? 2 : 3);
		if (!packet->meta_tag && packet->vlan && !packet->tags)
			packet->tags = 1;
	}
	packet->dev = model_below(r, 3);
	if (model_once_in(r, 2))
		packet->state = 1 << model_below(r, 4);
	packet->ethertype = model_once_in(r, 8) ? 4 :
						  0x88f0 + model_below(r, 3);
	packet->proto = random_proto(world);
	packet->sport = random_port(world);
	packet->tcp_flags = model_random(r);
	packet->dscp = model_below(r, 3) * 23;
	if (packet->kind == MODEL_IPV6)
		packet->exts = model_below(r, 4);
	if (model_once_in(r, 5))
		packet->frag = 1 + model_below(r, 2);
	/* Types without a form of their own. */
	if (packet->proto == IPPROTO_ICMP || packet->proto == 58) {
		packet->sport = model_below(r, 4) * 3;
		packet->dport = model_below(r, 4);
	}
}

/* --- their bytes ---------------------------------------------------------------- */

static u32 write_l4(struct model_world *world, const struct model_packet *p,
		    u8 *to)
{
	struct model_random *r = &world->random;
	u32 len = 8 * (3 + model_below(r, 3)), i;

	for (i = 0; i < len; i++)
		to[i] = model_random(r);
	if (p->frag == ACL_FRAG_LATER)
		return len;
	switch (p->proto) {
	case IPPROTO_TCP:
		put_unaligned_be16(p->sport, to);
		put_unaligned_be16(p->dport, to + 2);
		to[12] = 5 << 4;
		to[13] = p->tcp_flags;
		break;
	case IPPROTO_UDP:
		put_unaligned_be16(p->frag ? 60000 : len, to + 4);
		fallthrough;
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		put_unaligned_be16(p->sport, to);
		put_unaligned_be16(p->dport, to + 2);
		break;
	case IPPROTO_ICMP:
	case 58:
		to[0] = p->sport;
		to[1] = p->dport;
		break;
	}
	return len;
}

static u32 write_ipv4(struct model_world *world, const struct model_packet *p,
		      u8 *to)
{
	u32 options = world->plain ? 0 : 4 * model_below(&world->random, 3);
	u32 len;

	memset(to, 1, 20 + options);
	/* A router alert, a route that is recorded, or what has no meaning. */
	if (options && model_below(&world->random, 2)) {
		to[20] = model_once_in(&world->random, 2) ? 148 : 7;
		to[21] = 4;
	}
	to[0] = 4 << 4 | (5 + options / 4);
	to[1] = p->dscp << 2 | model_below(&world->random, 4);
	len = 20 + options + write_l4(world, p, to + 20 + options);
	put_unaligned_be16(len, to + 2);
	put_unaligned_be16(p->frag == ACL_FRAG_FIRST ? 0x2000 :
			   p->frag == ACL_FRAG_LATER ? 0x2003 :
						       0x4000,
			   to + 6);
	to[9] = p->proto;
	memcpy(to + 12, p->src, 4);
	memcpy(to + 16, p->dst, 4);
	return len;
}

static u32 write_ipv6(struct model_world *world, const struct model_packet *p,
		      u8 *to)
{
	static const u8 types[] = { 0, 60, 43, 51 };
	struct model_random *r = &world->random;
	u8 *next = to + 6;
	u32 at = 40, i;

	memset(to, 0, 40);
	put_unaligned_be16(6 << 12 | p->dscp << 6 | model_below(r, 64), to);
	to[7] = 255;
	memcpy(to + 8, p->src, 16);
	memcpy(to + 24, p->dst, 16);
	for (i = 0; i < p->exts; i++) {
		u8 type = types[i ? 1 + model_below(r, 3) : model_below(r, 4)];
		u32 len = type == 51 ? 16 : 8 * (1 + model_below(r, 2));

		*next = type;
		memset(to + at, 1, len);
		to[at + 1] = type == 51 ? len / 4 - 2 : len / 8 - 1;
		next = to + at;
		at += len;
	}
	if (p->frag || model_once_in(r, 8)) {
		*next = 44;
		memset(to + at, 0, 8);
		put_unaligned_be16(p->frag == ACL_FRAG_FIRST ? 1 :
				   p->frag == ACL_FRAG_LATER ? 3 << 3 | 1 :
							       0,
				   to + at + 2);
		next = to + at;
		at += 8;
	}
	*next = p->proto;
	at += write_l4(world, p, to + at);
	put_unaligned_be16(at - 40, to + 4);
	return at;
}

static u16 ethertype_of(const struct model_packet *packet)
{
	switch (packet->kind) {
	case MODEL_IPV4:
		return ETH_P_IP;
	case MODEL_IPV6:
		return ETH_P_IPV6;
	case MODEL_ARP:
		return ETH_P_ARP;
	case MODEL_UTCP:
		return 0x88b5;
	default:
		return packet->ethertype;
	}
}

/**
 * model_write() - write a packet down
 * @world: what there is
 * @packet: the packet
 * @bytes: where
 *
 * Return: bytes of the frame.
 */
u32 model_write(struct model_world *world, const struct model_packet *packet,
		u8 bytes[MODEL_BYTES_MAX])
{
	struct model_random *r = &world->random;
	/* The VLAN is in the first tag that has one. */
	bool told = packet->meta_tag;
	u8 *to = bytes + 12;
	u32 i;

	memset(bytes, 0, MODEL_BYTES_MAX);
	memcpy(bytes, packet->dmac, ETH_ALEN);
	memcpy(bytes + 6, packet->smac, ETH_ALEN);
	for (i = 0; i < packet->tags; i++) {
		u16 vid = packet->vlan;

		if (told)
			vid = packet->vlan ? model_below(r, 3) : 0;
		told = true;
		put_unaligned_be16(model_below(r, 2) ? 0x8100 : 0x88a8, to);
		put_unaligned_be16(vid | model_below(r, 8) << 13, to + 2);
		to += 4;
	}
	put_unaligned_be16(ethertype_of(packet), to);
	to += 2;
	switch (packet->kind) {
	case MODEL_IPV4:
		to += write_ipv4(world, packet, to);
		break;
	case MODEL_IPV6:
		to += write_ipv6(world, packet, to);
		break;
	case MODEL_ARP:
		put_unaligned_be16(1, to);
		put_unaligned_be16(ETH_P_IP, to + 2);
		to[4] = 6;
		to[5] = 4;
		put_unaligned_be16(1, to + 6);
		to += 28;
		break;
	case MODEL_UTCP:
		to[0] = 0xc1;
		to[1] = 0x10;
		put_unaligned_be16(34, to + 2);
		to += 34;
		break;
	default:
		to += 30;
	}
	/* Padding is in no packet. */
	return to - bytes + model_below(r, 2) * 7;
}

/**
 * model_frame() - describe a packet's frame to the parser
 * @packet: the packet
 * @bytes: its bytes
 * @len: how many
 * @frame: is filled
 */
void model_frame(const struct model_packet *packet, const u8 *bytes, u32 len,
		 struct acl_frame *frame)
{
	memset(frame, 0, sizeof(*frame));
	frame->data = bytes;
	frame->linear = len;
	frame->len = len;
	frame->dir = packet->dir;
	frame->dev = packet->dev;
	frame->has_vlan = packet->meta_tag;
	frame->vlan_tag = packet->meta_tag ? 3 << 13 | packet->vlan : 0;
}

/**
 * model_key() - have a packet parsed
 * @world: what there is
 * @packet: the packet
 * @key: is filled
 *
 * Return: what the parser says.
 */
int model_key(struct model_world *world, const struct model_packet *packet,
	      struct acl_key *key)
{
	u8 bytes[MODEL_BYTES_MAX];
	struct acl_frame frame;
	int ret;

	if (packet->kind == MODEL_CELLS) {
		acl_key_identity(key, packet->dir, packet->src, packet->dst,
				 packet->dport);
		return ACL_PARSE_OK;
	}
	model_frame(packet, bytes, model_write(world, packet, bytes), &frame);
	ret = acl_parse(&frame, key);
	acl_key_set_state(key, packet->state);
	return ret;
}

/* --- random rules ----------------------------------------------------------------- */

static void cut(u8 addr[16], u8 len)
{
	unsigned int i;

	for (i = len; i < 128; i++)
		addr[i / 8] &= ~(0x80 >> i % 8);
}

static u8 random_len(struct model_world *world, bool ipv4)
{
	static const u8 lens_4[] = { 1, 8, 9, 16, 18, 24, 31, 32, 32 };
	static const u8 lens_16[] = { 8, 32, 57, 64, 65, 127, 128, 128 };
	struct model_random *r = &world->random;

	return ipv4 ? lens_4[model_below(r, ARRAY_SIZE(lens_4))] :
		      lens_16[model_below(r, ARRAY_SIZE(lens_16))];
}

static void random_range(struct model_world *world, u16 port,
			 struct acl_range *range)
{
	struct model_random *r = &world->random;

	range->lo = port;
	range->hi = port;
	if (model_once_in(r, 3)) {
		range->lo = model_below(r, port + 1);
		range->hi = port + model_below(r, 65536 - port);
	} else if (model_once_in(r, 3)) {
		range->lo = port & 0xff00;
		range->hi = port | 0x00ff;
	}
}

static bool has_ports(u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
	       proto == IPPROTO_UDPLITE || proto == IPPROTO_SCTP ||
	       proto == IPPROTO_DCCP;
}

#define ASK(what) (match->asks |= BIT(ACL_ASK_##what))

static void match_addresses(struct model_world *world,
			    const struct model_packet *p,
			    struct acl_match *match)
{
	struct model_random *r = &world->random;
	bool ipv4 = p->kind == MODEL_IPV4;

	if (ipv4)
		ASK(IPV4);
	else if (p->kind == MODEL_IPV6)
		ASK(IPV6);
	else
		ASK(CELL);
	if (model_below(r, 3)) {
		ASK(SRC);
		match->src_len =
			p->kind == MODEL_CELLS ? 128 : random_len(world, ipv4);
		memcpy(match->src, p->src, 16);
		cut(match->src, match->src_len);
	}
	if (model_below(r, 3)) {
		ASK(DST);
		match->dst_len =
			p->kind == MODEL_CELLS ? 128 : random_len(world, ipv4);
		memcpy(match->dst, p->dst, 16);
		cut(match->dst, match->dst_len);
	}
}

static void match_l4(struct model_world *world, const struct model_packet *p,
		     struct acl_match *match)
{
	struct model_random *r = &world->random;

	if (model_once_in(r, 4)) {
		ASK(DSCP);
		match->dscp = p->dscp;
	}
	if (model_once_in(r, 4))
		return;
	ASK(PROTO);
	match->proto = p->proto;
	if (has_ports(p->proto)) {
		if (model_once_in(r, 3)) {
			ASK(SPORT);
			random_range(world, p->sport, &match->sport);
		}
		if (model_below(r, 3)) {
			ASK(DPORT);
			random_range(world, p->dport, &match->dport);
		}
	}
	if (p->proto == IPPROTO_TCP && model_once_in(r, 4)) {
		ASK(TCP_FLAGS);
		match->tcp_flags_mask = 1 << model_below(r, 8);
		match->tcp_flags = p->tcp_flags & match->tcp_flags_mask;
	}
	if (p->proto == IPPROTO_ICMP || p->proto == 58) {
		if (model_below(r, 2)) {
			ASK(ICMP_TYPE);
			match->icmp_type = p->sport;
		}
		if (model_below(r, 2)) {
			ASK(ICMP_CODE);
			match->icmp_code = p->dport;
		}
	}
}

static void match_set(struct model_world *world, struct acl_match *match)
{
	struct acl_set *set;
	bool cells;

	if (!world->sets_n)
		return;
	set = &world->sets[model_below(&world->random, world->sets_n)];
	cells = set->type == ACL_SET_CELL;
	if (cells != ACL_ASKS(match, CELL))
		return;
	/* What could meet nothing is refused. */
	if (ACL_ASKS(match, ETHERTYPE) && match->ethertype != ETH_P_IP &&
	    match->ethertype != ETH_P_IPV6)
		return;
	if (set->type == ACL_SET_ADDRESS_PORT && ACL_ASKS(match, PROTO) &&
	    !has_ports(match->proto))
		return;
	if (model_below(&world->random, 2)) {
		ASK(SRC_SET);
		match->src_set = set;
	} else {
		ASK(DST_SET);
		match->dst_set = set;
	}
}

/**
 * model_match() - think of a rule
 * @world: what there is
 * @match: is filled with something that acl_match_check() has nothing against
 */
void model_match(struct model_world *world, struct acl_match *match)
{
	struct model_random *r = &world->random;
	struct model_packet p;
	bool ip;

	model_packet(world, &p);
	ip = p.kind == MODEL_IPV4 || p.kind == MODEL_IPV6;
	memset(match, 0, sizeof(*match));
	if (model_below(r, 4)) {
		ASK(DIR);
		match->dir = p.dir;
	}
	if (p.kind == MODEL_CELLS || (ip && model_below(r, 4)))
		match_addresses(world, &p, match);
	if (p.kind == MODEL_CELLS) {
		if (model_below(r, 2)) {
			ASK(DPORT);
			match->dport.lo = p.dport;
			match->dport.hi = p.dport + model_below(r, 2);
		}
		match_set(world, match);
		return;
	}
	if (ip)
		match_l4(world, &p, match);
	if (world->plain)
		return;
	if (ethertype_of(&p) >= 0x600 && model_once_in(r, ip ? 6 : 2)) {
		ASK(ETHERTYPE);
		match->ethertype = ethertype_of(&p);
	}
	if (model_once_in(r, 6)) {
		ASK(VLAN);
		match->vlan = p.vlan;
	}
	if (model_once_in(r, 6)) {
		ASK(SMAC);
		memcpy(match->smac, p.smac, ETH_ALEN);
	}
	if (model_once_in(r, 6)) {
		ASK(DMAC);
		memcpy(match->dmac, p.dmac, ETH_ALEN);
	}
	if (model_once_in(r, 6)) {
		ASK(STATE);
		match->states = 1 + model_below(r, 15);
	}
	if (model_once_in(r, 6)) {
		ASK(DEV);
		match->dev = p.dev;
	}
	if (model_once_in(r, 4))
		match_set(world, match);
}

/* --- sets ------------------------------------------------------------------------- */

/**
 * model_elem() - think of an element
 * @world: what there is
 * @type: of its set
 * @elem: is filled; without an end
 */
void model_elem(struct model_world *world, enum acl_set_type type,
		struct acl_set_elem *elem)
{
	bool ipv4 = type != ACL_SET_CELL && model_below(&world->random, 2);

	memset(elem, 0, sizeof(*elem));
	elem->expires = ACL_FOREVER;
	random_address(world, ipv4, elem->addr);
	elem->family = type == ACL_SET_CELL ? ACL_CELL :
		       ipv4		    ? ACL_IPV4 :
					      ACL_IPV6;
	elem->len = ipv4 ? 32 : 128;
	if (type == ACL_SET_PREFIX)
		elem->len = random_len(world, ipv4);
	if (type == ACL_SET_ADDRESS_PORT)
		elem->port = random_port(world);
	cut(elem->addr, elem->len);
}

/* --- the test, slow and obvious ------------------------------------------------------ */

static bool bit_of(const u8 *addr, unsigned int i)
{
	return addr[i / 8] >> (7 - i % 8) & 1;
}

static bool begins(const u8 *addr, const u8 *prefix, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len; i++)
		if (bit_of(addr, i) != bit_of(prefix, i))
			return false;
	return true;
}

static bool set_has(const struct model_set *set, const struct model_packet *p,
		    bool dst, u64 now)
{
	const u8 *addr = dst ? p->dst : p->src;
	u16 port = dst ? p->dport : p->sport;
	u32 i;

	if (set->type == ACL_SET_ADDRESS_PORT &&
	    (p->frag == ACL_FRAG_LATER || !has_ports(p->proto)))
		return false;
	for (i = 0; i < set->n; i++) {
		const struct acl_set_elem *e = &set->elems[i];

		if (e->expires <= now)
			continue;
		if (e->family == ACL_IPV4 && p->kind != MODEL_IPV4)
			continue;
		if (e->family == ACL_IPV6 && p->kind != MODEL_IPV6)
			continue;
		if (e->family == ACL_CELL && p->kind != MODEL_CELLS)
			continue;
		if (set->type == ACL_SET_ADDRESS_PORT && e->port != port)
			continue;
		if (begins(addr, e->addr, e->len))
			return true;
	}
	return false;
}

/**
 * model_meets() - does a packet meet what a rule asks for?
 * @world: what there is
 * @match: what the rule asks for
 * @packet: the packet
 * @now: jiffies
 *
 * Return: it does.
 */
bool model_meets(const struct model_world *world, const struct acl_match *match,
		 const struct model_packet *packet, u64 now)
{
	const struct model_packet *p = packet;
	bool ip = p->kind == MODEL_IPV4 || p->kind == MODEL_IPV6;
	bool whole = ip && p->frag != ACL_FRAG_LATER;
	bool ports = whole && has_ports(p->proto);
	bool icmp = whole &&
		    ((p->kind == MODEL_IPV4 && p->proto == IPPROTO_ICMP) ||
		     (p->kind == MODEL_IPV6 && p->proto == 58));
	bool cells = p->kind == MODEL_CELLS;

	if (ACL_ASKS(match, CELL) != cells)
		return false;
	if (ACL_ASKS(match, DIR) && p->dir != match->dir)
		return false;
	if (ACL_ASKS(match, ETHERTYPE) && ethertype_of(p) != match->ethertype)
		return false;
	if (ACL_ASKS(match, VLAN) && p->vlan != match->vlan)
		return false;
	if (ACL_ASKS(match, SMAC) && memcmp(p->smac, match->smac, ETH_ALEN))
		return false;
	if (ACL_ASKS(match, DMAC) && memcmp(p->dmac, match->dmac, ETH_ALEN))
		return false;
	if (ACL_ASKS(match, IPV4) && p->kind != MODEL_IPV4)
		return false;
	if (ACL_ASKS(match, IPV6) && p->kind != MODEL_IPV6)
		return false;
	if (ACL_ASKS(match, SRC) && !begins(p->src, match->src, match->src_len))
		return false;
	if (ACL_ASKS(match, DST) && !begins(p->dst, match->dst, match->dst_len))
		return false;
	if (ACL_ASKS(match, PROTO) && (!ip || p->proto != match->proto))
		return false;
	if (ACL_ASKS(match, SPORT) && (!ports || p->sport < match->sport.lo ||
				       p->sport > match->sport.hi))
		return false;
	if (ACL_ASKS(match, DPORT) && p->kind == MODEL_CELLS) {
		if (p->dport &&
		    (p->dport < match->dport.lo || p->dport > match->dport.hi))
			return false;
	} else if (ACL_ASKS(match, DPORT) &&
		   (!ports || p->dport < match->dport.lo ||
		    p->dport > match->dport.hi)) {
		return false;
	}
	if (ACL_ASKS(match, ICMP_TYPE) &&
	    (!icmp || p->sport != match->icmp_type))
		return false;
	if (ACL_ASKS(match, ICMP_CODE) &&
	    (!icmp || p->dport != match->icmp_code))
		return false;
	if (ACL_ASKS(match, TCP_FLAGS) &&
	    (!ports || p->proto != IPPROTO_TCP ||
	     (p->tcp_flags & match->tcp_flags_mask) != match->tcp_flags))
		return false;
	if (ACL_ASKS(match, DSCP) && (!ip || p->dscp != match->dscp))
		return false;
	if (ACL_ASKS(match, STATE) && !(p->state & match->states))
		return false;
	if (ACL_ASKS(match, DEV) && p->dev != match->dev)
		return false;
	if (ACL_ASKS(match, SRC_SET) &&
	    !set_has(&world->models[match->src_set - world->sets], p, false,
		     now))
		return false;
	if (ACL_ASKS(match, DST_SET) &&
	    !set_has(&world->models[match->dst_set - world->sets], p, true,
		     now))
		return false;
	return true;
}

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("tests of utcp_acl's parser and classifier");
