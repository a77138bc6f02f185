// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule sets for measuring; see shapes.h. What a shape is, is in its tables: how
 * often a prefix has which length, a port is anything, one, high or a range, and
 * which protocol there is. Addresses are drawn from a tree that is thin at its
 * root, as those of networks are.
 */
#include "shapes.h"

#include <linux/in.h>
#include <linux/string.h>
#include <linux/unaligned.h>

const char *const shape_names[SHAPES] = { "acl", "fw", "ipc" };

/* Something, so many times in a hundred. */
struct share {
	u8 what;
	u8 percent;
};

enum port_kind {
	PORT_ANY,
	PORT_ONE,
	PORT_HIGH,
	PORT_LOW,
	PORT_RANGE,
};

/* A pair of prefix lengths, so many times in a hundred. */
struct pair {
	u8 src;
	u8 dst;
	u8 percent;
};

static const struct pair acl_pairs[] = {
	{ 32, 32, 22 }, { 24, 32, 14 }, { 27, 32, 9 }, { 0, 32, 8 },
	{ 28, 24, 7 },	{ 22, 32, 7 },	{ 24, 24, 7 }, { 16, 32, 6 },
	{ 30, 28, 5 },	{ 32, 24, 5 },	{ 20, 30, 4 }, { 0, 24, 3 },
	{ 16, 24, 3 },
};

static const struct pair fw_pairs[] = {
	{ 0, 32, 26 }, { 32, 32, 17 }, { 32, 0, 16 }, { 24, 32, 8 },
	{ 0, 24, 6 },  { 24, 0, 6 },   { 32, 24, 5 }, { 16, 32, 4 },
	{ 28, 32, 4 }, { 0, 16, 3 },   { 24, 24, 3 }, { 0, 0, 2 },
};

static const struct pair ipc_pairs[] = {
	{ 32, 32, 25 }, { 0, 32, 11 }, { 32, 0, 9 },  { 24, 24, 9 },
	{ 24, 32, 8 },	{ 32, 24, 8 }, { 27, 32, 6 }, { 16, 16, 5 },
	{ 32, 27, 5 },	{ 22, 22, 4 }, { 30, 30, 4 }, { 19, 32, 2 },
	{ 32, 18, 2 },	{ 23, 29, 1 }, { 0, 0, 1 },
};

static const struct share acl_sport[] = { { PORT_ANY, 97 }, { PORT_ONE, 3 } };
static const struct share acl_dport[] = {
	{ PORT_ONE, 62 },
	{ PORT_ANY, 20 },
	{ PORT_RANGE, 12 },
	{ PORT_HIGH, 6 },
};

static const struct share fw_sport[] = {
	{ PORT_ANY, 80 },
	{ PORT_HIGH, 10 },
	{ PORT_ONE, 8 },
	{ PORT_LOW, 2 },
};

static const struct share fw_dport[] = {
	{ PORT_ONE, 45 }, { PORT_ANY, 28 },   { PORT_HIGH, 12 },
	{ PORT_LOW, 5 },  { PORT_RANGE, 10 },
};

static const struct share ipc_dport[] = {
	{ PORT_ONE, 42 },
	{ PORT_ANY, 40 },
	{ PORT_RANGE, 10 },
	{ PORT_HIGH, 8 },
};

/* 0: any. */
static const struct share acl_proto[] = {
	{ IPPROTO_TCP, 88 },
	{ IPPROTO_UDP, 7 },
	{ IPPROTO_ICMP, 2 },
	{ 0, 3 },
};

static const struct share fw_proto[] = {
	{ IPPROTO_TCP, 62 },
	{ IPPROTO_UDP, 25 },
	{ IPPROTO_ICMP, 5 },
	{ 0, 8 },
};

static const struct {
	const struct pair *pairs;
	const struct share *sport;
	const struct share *dport;
	const struct share *proto;
} shapes[SHAPES] = {
	[SHAPE_ACL] = { acl_pairs, acl_sport, acl_dport, acl_proto },
	[SHAPE_FW] = { fw_pairs, fw_sport, fw_dport, fw_proto },
	[SHAPE_IPC] = { ipc_pairs, fw_sport, ipc_dport, fw_proto },
};

static u8 draw(const struct share *shares, struct model_random *r)
{
	u32 at = model_below(r, 100);

	for (; at >= shares->percent; shares++)
		at -= shares->percent;
	return shares->what;
}

/* The lower the number, the more often: as the square root is. */
static u32 skewed(struct model_random *r, u32 n)
{
	u32 a = model_below(r, n), b = model_below(r, n);

	return a < b ? a : b;
}

static void draw_prefix(struct model_random *r, u8 len, u8 addr[16])
{
	u32 a = (20 + skewed(r, 24) * 7) << 24 | skewed(r, 48) * 5 << 16 |
		skewed(r, 256) << 8 | model_below(r, 256);

	if (len < 32)
		a &= ~0U << (32 - len);
	put_unaligned_be32(a, addr);
}

static void draw_ports(struct model_random *r, enum port_kind kind,
		       struct acl_range *range)
{
	static const u16 known[] = { 80, 443, 22,  25,	 53,  110, 123,	 143,
				     21, 161, 389, 3306, 993, 445, 1521, 8080 };

	switch (kind) {
	case PORT_ONE:
		range->lo = model_below(r, 3) ? known[skewed(r, 16)] :
						model_below(r, 65536);
		range->hi = range->lo;
		break;
	case PORT_HIGH:
		range->lo = 1024;
		range->hi = 65535;
		break;
	case PORT_LOW:
		range->lo = 0;
		range->hi = 1023;
		break;
	default:
		range->lo = model_below(r, 60000);
		range->hi = range->lo + 1 + model_below(r, 2000);
	}
}

#define ASK(what) (match->asks |= BIT(ACL_ASK_##what))

/**
 * shape_match() - think of a rule
 * @shape: the shape of its set
 * @random: numbers
 * @match: is filled; about frames that go out
 */
void shape_match(enum shape shape, struct model_random *random,
		 struct acl_match *match)
{
	const struct pair *pair = shapes[shape].pairs;
	u32 at = model_below(random, 100);
	enum port_kind kind;

	memset(match, 0, sizeof(*match));
	ASK(DIR);
	ASK(IPV4);
	match->dir = ACL_OUT;
	for (; at >= pair->percent; pair++)
		at -= pair->percent;
	if (pair->src) {
		ASK(SRC);
		match->src_len = pair->src;
		draw_prefix(random, pair->src, match->src);
	}
	if (pair->dst) {
		ASK(DST);
		match->dst_len = pair->dst;
		draw_prefix(random, pair->dst, match->dst);
	}
	match->proto = draw(shapes[shape].proto, random);
	if (!match->proto)
		return;
	ASK(PROTO);
	if (match->proto == IPPROTO_ICMP)
		return;
	kind = draw(shapes[shape].sport, random);
	if (kind != PORT_ANY) {
		ASK(SPORT);
		draw_ports(random, kind, &match->sport);
	}
	kind = draw(shapes[shape].dport, random);
	if (kind != PORT_ANY) {
		ASK(DPORT);
		draw_ports(random, kind, &match->dport);
	}
}

static u16 within(struct model_random *r, bool asked, struct acl_range range)
{
	if (!asked)
		return model_below(r, 65536);
	return range.lo + model_below(r, range.hi - range.lo + 1);
}

/**
 * shape_packet() - think of a packet that a rule would meet
 * @match: what the rule asks for
 * @random: numbers
 * @packet: is filled
 */
void shape_packet(const struct acl_match *match, struct model_random *random,
		  struct model_packet *packet)
{
	u32 src = get_unaligned_be32(match->src);
	u32 dst = get_unaligned_be32(match->dst);

	memset(packet, 0, sizeof(*packet));
	packet->kind = MODEL_IPV4;
	packet->dir = ACL_OUT;
	packet->smac[0] = 2;
	packet->dmac[0] = 2;
	if (match->src_len < 32)
		src |= model_random(random) >> match->src_len;
	if (match->dst_len < 32)
		dst |= model_random(random) >> match->dst_len;
	put_unaligned_be32(src, packet->src);
	put_unaligned_be32(dst, packet->dst);
	packet->proto = ACL_ASKS(match, PROTO) ? match->proto : IPPROTO_TCP;
	packet->tcp_flags = 0x10;
	packet->sport = within(random, ACL_ASKS(match, SPORT), match->sport);
	packet->dport = within(random, ACL_ASKS(match, DPORT), match->dport);
	if (packet->proto == IPPROTO_ICMP) {
		packet->sport = 8;
		packet->dport = 0;
	}
}
