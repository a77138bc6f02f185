// SPDX-License-Identifier: GPL-2.0-only
/*
 * acl_peer SHAPE RULES [ROUNDS] - what librte-acl (DPDK) costs with the rules and
 * packets of acl_bench, one packet a call and scalar, as in a kernel without FPU. For
 * acl-bench.sh. It classifies only: what a frame is has been found out before.
 */
#include <linux/slab.h>

#include <rte_acl.h>
#include <rte_eal.h>

#include "../../modules/acl/test/shapes.h"

unsigned long kern_alloc_fails;

#define PACKETS 1000

/* The tuple, in network order, as the library reads it. */
struct tuple {
	u8 proto;
	u8 pad[3];
	u8 src[4];
	u8 dst[4];
	u8 sport[2];
	u8 dport[2];
};

enum { PROTO, SRC, DST, SPORT, DPORT, FIELDS };

static struct rte_acl_field_def defs[FIELDS] = {
	{ RTE_ACL_FIELD_TYPE_BITMASK, 1, PROTO, 0, 0 },
	{ RTE_ACL_FIELD_TYPE_MASK, 4, SRC, 1, offsetof(struct tuple, src) },
	{ RTE_ACL_FIELD_TYPE_MASK, 4, DST, 2, offsetof(struct tuple, dst) },
	{ RTE_ACL_FIELD_TYPE_RANGE, 2, SPORT, 3,
	  offsetof(struct tuple, sport) },
	{ RTE_ACL_FIELD_TYPE_RANGE, 2, DPORT, 3,
	  offsetof(struct tuple, dport) },
};

RTE_ACL_RULE_DEF(peer_rule, FIELDS);

static struct tuple tuples[PACKETS];
static unsigned long found;

static noinline void measure_build(struct rte_acl_ctx *ctx)
{
	struct rte_acl_config config = { .num_categories = 1,
					 .num_fields = FIELDS };

	memcpy(config.defs, defs, sizeof(defs));
	if (rte_acl_build(ctx, &config)) {
		fprintf(stderr, "rte_acl_build() failed\n");
		exit(1);
	}
}

static noinline void measure_lookup(struct rte_acl_ctx *ctx,
				    unsigned long rounds)
{
	for (unsigned long i = 0; i < rounds; i++) {
		const u8 *data = (const u8 *)&tuples[i % PACKETS];
		u32 result;

		rte_acl_classify_alg(ctx, &data, &result, 1, 1,
				     RTE_ACL_CLASSIFY_SCALAR);
		found += result != 0;
	}
}

static void add(struct rte_acl_ctx *ctx, const struct acl_match *m, u32 i)
{
	struct peer_rule rule = { .data = { .category_mask = 1,
					    .priority = RTE_ACL_MAX_PRIORITY -
							(int)i,
					    .userdata = i + 1 } };

	if (ACL_ASKS(m, PROTO)) {
		rule.field[PROTO].value.u8 = m->proto;
		rule.field[PROTO].mask_range.u8 = 0xff;
	}
	rule.field[SRC].value.u32 = get_unaligned_be32(m->src);
	rule.field[SRC].mask_range.u32 = m->src_len;
	rule.field[DST].value.u32 = get_unaligned_be32(m->dst);
	rule.field[DST].mask_range.u32 = m->dst_len;
	rule.field[SPORT].value.u16 = m->sport.lo;
	rule.field[SPORT].mask_range.u16 = ACL_ASKS(m, SPORT) ? m->sport.hi :
								65535;
	rule.field[DPORT].value.u16 = m->dport.lo;
	rule.field[DPORT].mask_range.u16 = ACL_ASKS(m, DPORT) ? m->dport.hi :
								65535;
	if (rte_acl_add_rules(ctx, (struct rte_acl_rule *)&rule, 1))
		exit(1);
}

int main(int argc, char **argv)
{
	static char words[][16] = { "acl_peer",	     "--no-huge", "--no-pci",
				    "--no-shconf",   "-m",	  "2048",
				    "--log-level=4", "-l",	  "0" };
	char *eal[ARRAY_SIZE(words)];
	struct rte_acl_param param = { .name = "peer", .socket_id = -1 };
	struct model_random random = { .state = 20261125 };
	enum shape shape = 0;
	struct rte_acl_ctx *ctx;
	struct acl_match *matches;
	unsigned long rounds;
	u32 n;

	for (u32 i = 0; i < ARRAY_SIZE(words); i++)
		eal[i] = words[i];
	if (argc < 3 || rte_eal_init(ARRAY_SIZE(eal), eal) < 0)
		return 1;
	while (shape < SHAPES && strcmp(argv[1], shape_names[shape]))
		shape++;
	if (shape == SHAPES)
		return 1;
	n = strtoul(argv[2], NULL, 10);
	rounds = argc > 3 ? strtoul(argv[3], NULL, 10) : PACKETS;
	param.max_rule_num = n;
	param.rule_size = RTE_ACL_RULE_SZ(FIELDS);
	ctx = rte_acl_create(&param);
	matches = calloc(n, sizeof(*matches));
	if (!ctx || !matches)
		return 1;
	for (u32 i = 0; i < n; i++) {
		shape_match(shape, &random, &matches[i]);
		add(ctx, &matches[i], i);
	}
	measure_build(ctx);
	for (u32 i = 0; i < PACKETS; i++) {
		struct model_packet packet;

		shape_packet(&matches[model_below(&random, n)], &random,
			     &packet);
		tuples[i].proto = packet.proto;
		memcpy(tuples[i].src, packet.src, 4);
		memcpy(tuples[i].dst, packet.dst, 4);
		put_unaligned_be16(packet.sport, tuples[i].sport);
		put_unaligned_be16(packet.dport, tuples[i].dport);
	}
	measure_lookup(ctx, rounds);
	printf("%s rules %u tables - %lu found\n", argv[1], n, found);
	free(matches);
	return 0;
}
