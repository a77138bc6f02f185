// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Addresses of sandboxes on their way out of the host, and ports of the host that
 * lead in.
 *
 *	table inet utcp-net-BRIDGE {
 *		chain postrouting {
 *			type nat hook postrouting priority srcnat
 *			ip saddr PREFIX4 ip daddr != PREFIX4 masquerade
 *			ip saddr PREFIX4 ip daddr PREFIX4 ct status dnat masquerade
 *		}
 *	}
 *	table inet utcp-sandbox-NAME {
 *		chain prerouting {
 *			type nat hook prerouting priority dstnat
 *			ip daddr != 127.0.0.0/8 fib daddr type local tcp dport 8080
 *				dnat ip to ADDRESS4:80
 *		}
 *		chain output { type nat hook output priority -100; the same }
 *	}
 *
 * and the same of IPv6. The second rule of a network is for who reaches a published
 * port of a neighbour by the host's address: without it the answer would come straight
 * back, from an address that was never asked. Loopback is left out: to deliver what is
 * for it elsewhere needs route_localnet, which opens 127.0.0.1 to the network.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <libnftnl/table.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/rtnetlink.h>

#include "error.h"
#include "nftbatch.h"
#include "sandboxnetwork.h"
#include "sandboxnat.h"
#include "sandboxstate.h"

/* Of nft: "srcnat" and "dstnat". */
#define PRIORITY_SRCNAT 100
#define PRIORITY_DSTNAT (-100)

/* --- rules --------------------------------------------------------------------------- */

/* A rule that is being made, in the batch's table. */
struct rule {
	struct nft_batch *n;
	struct nftnl_rule *r;
};

static struct rule rule_begin(struct nft_batch *n, const char *chain)
{
	struct rule rule = { n, nftnl_rule_alloc() };

	if (!rule.r) {
		n->failed = true;
		return rule;
	}
	nftnl_rule_set_str(rule.r, NFTNL_RULE_TABLE, n->table);
	nftnl_rule_set_str(rule.r, NFTNL_RULE_CHAIN, chain);
	nftnl_rule_set_u32(rule.r, NFTNL_RULE_FAMILY, NFPROTO_INET);
	return rule;
}

static void rule_end(struct rule *rule)
{
	struct nlmsghdr *nlh = nft_message(rule->n, NFT_MSG_NEWRULE,
					   NLM_F_CREATE | NLM_F_APPEND);

	if (nlh && rule->r) {
		nftnl_rule_nlmsg_build_payload(nlh, rule->r);
		nft_message_end(rule->n);
	}
	if (rule->r)
		nftnl_rule_free(rule->r);
}

/* Rules keep their expressions, and free them. */
static struct nftnl_expr *put_expr(struct rule *rule, const char *name)
{
	struct nftnl_expr *x = rule->r ? nftnl_expr_alloc(name) : NULL;

	if (x)
		nftnl_rule_add_expr(rule->r, x);
	else
		rule->n->failed = true;
	return x;
}

static void put_cmp(struct rule *rule, uint32_t op, const void *data,
		    uint32_t len)
{
	struct nftnl_expr *x = put_expr(rule, "cmp");

	if (!x)
		return;
	nftnl_expr_set_u32(x, NFTNL_EXPR_CMP_SREG, NFT_REG_1);
	nftnl_expr_set_u32(x, NFTNL_EXPR_CMP_OP, op);
	nftnl_expr_set(x, NFTNL_EXPR_CMP_DATA, data, len);
}

static void put_mask(struct rule *rule, const void *mask, uint32_t len)
{
	static const uint8_t zero[16];
	struct nftnl_expr *x = put_expr(rule, "bitwise");

	if (!x)
		return;
	nftnl_expr_set_u32(x, NFTNL_EXPR_BITWISE_SREG, NFT_REG_1);
	nftnl_expr_set_u32(x, NFTNL_EXPR_BITWISE_DREG, NFT_REG_1);
	nftnl_expr_set_u32(x, NFTNL_EXPR_BITWISE_LEN, len);
	nftnl_expr_set(x, NFTNL_EXPR_BITWISE_MASK, mask, len);
	nftnl_expr_set(x, NFTNL_EXPR_BITWISE_XOR, zero, len);
}

static void put_meta(struct rule *rule, uint32_t key, uint8_t value)
{
	struct nftnl_expr *x = put_expr(rule, "meta");

	if (!x)
		return;
	nftnl_expr_set_u32(x, NFTNL_EXPR_META_KEY, key);
	nftnl_expr_set_u32(x, NFTNL_EXPR_META_DREG, NFT_REG_1);
	put_cmp(rule, NFT_CMP_EQ, &value, sizeof(value));
}

static void put_payload(struct rule *rule, uint32_t base, uint32_t offset,
			uint32_t len)
{
	struct nftnl_expr *x = put_expr(rule, "payload");

	if (!x)
		return;
	nftnl_expr_set_u32(x, NFTNL_EXPR_PAYLOAD_BASE, base);
	nftnl_expr_set_u32(x, NFTNL_EXPR_PAYLOAD_OFFSET, offset);
	nftnl_expr_set_u32(x, NFTNL_EXPR_PAYLOAD_LEN, len);
	nftnl_expr_set_u32(x, NFTNL_EXPR_PAYLOAD_DREG, NFT_REG_1);
}

static void put_address(struct rule *rule, bool destination, uint32_t op,
			const struct utcp_sandbox_prefix *prefix)
{
	uint32_t len = prefix->is6 ? 16 : 4;
	uint32_t source = prefix->is6 ? 8 : 12;
	uint8_t mask[16];

	for (uint32_t i = 0; i < len; i++) {
		uint32_t own = prefix->len > 8 * i ? prefix->len - 8 * i : 0;

		mask[i] = (uint8_t)(own < 8 ? 0xff00 >> own : 0xff);
	}
	put_payload(rule, NFT_PAYLOAD_NETWORK_HEADER,
		    source + (destination ? len : 0), len);
	put_mask(rule, mask, len);
	put_cmp(rule, op, prefix->addr, len);
}

static uint8_t family_of(const struct utcp_sandbox_prefix *prefix)
{
	return prefix->is6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
}

/* Connections whose destination was changed. */
static void put_ct_dnat(struct rule *rule)
{
	static const uint32_t dnat = IPS_DST_NAT, none;
	struct nftnl_expr *x = put_expr(rule, "ct");

	if (!x)
		return;
	nftnl_expr_set_u32(x, NFTNL_EXPR_CT_KEY, NFT_CT_STATUS);
	nftnl_expr_set_u32(x, NFTNL_EXPR_CT_DREG, NFT_REG_1);
	put_mask(rule, &dnat, sizeof(dnat));
	put_cmp(rule, NFT_CMP_NEQ, &none, sizeof(none));
}

static void put_local(struct rule *rule)
{
	static const uint32_t local = RTN_LOCAL;
	struct nftnl_expr *x = put_expr(rule, "fib");

	if (!x)
		return;
	nftnl_expr_set_u32(x, NFTNL_EXPR_FIB_RESULT, NFT_FIB_RESULT_ADDRTYPE);
	nftnl_expr_set_u32(x, NFTNL_EXPR_FIB_FLAGS, NFTA_FIB_F_DADDR);
	nftnl_expr_set_u32(x, NFTNL_EXPR_FIB_DREG, NFT_REG_1);
	put_cmp(rule, NFT_CMP_EQ, &local, sizeof(local));
}

static void put_value(struct rule *rule, uint32_t reg, const void *data,
		      uint32_t len)
{
	struct nftnl_expr *x = put_expr(rule, "immediate");

	if (!x)
		return;
	nftnl_expr_set_u32(x, NFTNL_EXPR_IMM_DREG, reg);
	nftnl_expr_set(x, NFTNL_EXPR_IMM_DATA, data, len);
}

/* --- networks -------------------------------------------------------------------------- */

static void masquerade(struct nft_batch *n, const struct network *net,
		       const struct utcp_sandbox_prefix *prefix)
{
	struct rule rule;

	if (!net->no_masquerade) {
		rule = rule_begin(n, "postrouting");
		put_meta(&rule, NFT_META_NFPROTO, family_of(prefix));
		put_address(&rule, false, NFT_CMP_EQ, prefix);
		put_address(&rule, true, NFT_CMP_NEQ, prefix);
		put_expr(&rule, "masq");
		rule_end(&rule);
	}
	rule = rule_begin(n, "postrouting");
	put_meta(&rule, NFT_META_NFPROTO, family_of(prefix));
	put_address(&rule, false, NFT_CMP_EQ, prefix);
	put_address(&rule, true, NFT_CMP_EQ, prefix);
	put_ct_dnat(&rule);
	put_expr(&rule, "masq");
	rule_end(&rule);
}

static void network_table(char *table, size_t size, const char *bridge)
{
	snprintf(table, size, "utcp-net-%s", bridge);
}

int nat_network_add(const struct network *net, struct utcp_error *e)
{
	static const struct nft_chain chain = { .name = "postrouting",
						.type = "nat",
						.hook = NF_INET_POST_ROUTING,
						.priority = PRIORITY_SRCNAT };
	char table[64];
	struct nft_batch n;

	network_table(table, sizeof(table), net->bridge);
	nft_batch_begin(&n, NFPROTO_INET, table);
	nft_put_new_table(&n);
	nft_put_chain(&n, &chain);
	masquerade(&n, net, &net->prefix4);
	if (net->prefix6.len)
		masquerade(&n, net, &net->prefix6);
	return nft_batch_run(&n, e);
}

bool nat_network_is(const char *bridge, struct utcp_error *e)
{
	char table[64];

	network_table(table, sizeof(table), bridge);
	return nft_table_is(NFPROTO_INET, table, e);
}

int nat_network_del(const char *bridge, struct utcp_error *e)
{
	char table[64];

	network_table(table, sizeof(table), bridge);
	return nft_table_del(NFPROTO_INET, table, e);
}

/* --- published ports --------------------------------------------------------------------- */

static void lead_in(struct nft_batch *n, const char *chain,
		    const struct utcp_sandbox_publish *p,
		    const struct utcp_sandbox_prefix *to)
{
	static const struct utcp_sandbox_prefix loopback4 = {
		.len = 8,
		.addr = { 127 },
	};
	static const struct utcp_sandbox_prefix loopback6 = {
		.is6 = true,
		.len = 128,
		.addr = { [15] = 1 },
	};
	uint16_t from_port = htons(p->host), to_port = htons(p->port);
	struct nftnl_expr *x;
	struct rule rule;

	if (!publish_has(p, to->is6))
		return;
	rule = rule_begin(n, chain);
	put_meta(&rule, NFT_META_NFPROTO, family_of(to));
	if (p->addr.len && !publish_any(p))
		put_address(&rule, true, NFT_CMP_EQ, &p->addr);
	put_address(&rule, true, NFT_CMP_NEQ,
		    to->is6 ? &loopback6 : &loopback4);
	put_local(&rule);
	put_meta(&rule, NFT_META_L4PROTO, p->proto);
	/* the destination port, of TCP and of UDP */
	put_payload(&rule, NFT_PAYLOAD_TRANSPORT_HEADER, 2, sizeof(from_port));
	put_cmp(&rule, NFT_CMP_EQ, &from_port, sizeof(from_port));
	put_value(&rule, NFT_REG_1, to->addr, to->is6 ? 16 : 4);
	put_value(&rule, NFT_REG_2, &to_port, sizeof(to_port));
	x = put_expr(&rule, "nat");
	if (x) {
		nftnl_expr_set_u32(x, NFTNL_EXPR_NAT_TYPE, NFT_NAT_DNAT);
		nftnl_expr_set_u32(x, NFTNL_EXPR_NAT_FAMILY, family_of(to));
		nftnl_expr_set_u32(x, NFTNL_EXPR_NAT_REG_ADDR_MIN, NFT_REG_1);
		nftnl_expr_set_u32(x, NFTNL_EXPR_NAT_REG_PROTO_MIN, NFT_REG_2);
		nftnl_expr_set_u32(x, NFTNL_EXPR_NAT_FLAGS,
				   NF_NAT_RANGE_MAP_IPS |
					   NF_NAT_RANGE_PROTO_SPECIFIED);
	}
	rule_end(&rule);
}

static void publish_table(char *table, size_t size, const char *name)
{
	snprintf(table, size, "utcp-sandbox-%s", name);
}

int nat_publish_add(const struct utcp_sandbox *sb, struct utcp_error *e)
{
	static const struct nft_chain chains[] = {
		{ .name = "prerouting",
		  .type = "nat",
		  .hook = NF_INET_PRE_ROUTING,
		  .priority = PRIORITY_DSTNAT },
		{ .name = "output",
		  .type = "nat",
		  .hook = NF_INET_LOCAL_OUT,
		  .priority = PRIORITY_DSTNAT },
	};
	char table[64];
	struct nft_batch n;

	publish_table(table, sizeof(table), sb->name);
	nft_batch_begin(&n, NFPROTO_INET, table);
	nft_put_new_table(&n);
	for (size_t c = 0; c < 2; c++) {
		nft_put_chain(&n, &chains[c]);
		for (size_t i = 0; i < sb->n_publish; i++) {
			lead_in(&n, chains[c].name, &sb->publish[i],
				&sb->addr4);
			if (sb->addr6.len)
				lead_in(&n, chains[c].name, &sb->publish[i],
					&sb->addr6);
		}
	}
	return nft_batch_run(&n, e);
}

bool nat_publish_is(const char *name, struct utcp_error *e)
{
	char table[64];

	publish_table(table, sizeof(table), name);
	return nft_table_is(NFPROTO_INET, table, e);
}

int nat_publish_del(const char *name, struct utcp_error *e)
{
	char table[64];

	publish_table(table, sizeof(table), name);
	return nft_table_del(NFPROTO_INET, table, e);
}

int nat_forwarding(struct utcp_error *e)
{
	static const char path[] = "/proc/sys/net/ipv4/ip_forward";
	int fd = open(path, O_RDWR | O_CLOEXEC), err = 0;
	char is = '0';

	if (fd < 0)
		return utcp_error_set(e, LIBUTCP_E_SYSTEM, errno,
				      "cannot open \"%s\": %s", path,
				      strerror(errno));
	/* To write what is there already would reset what interfaces have. */
	if (read(fd, &is, 1) != 1 || (is != '1' && pwrite(fd, "1", 1, 0) != 1))
		err = errno ? errno : EIO;
	close(fd);
	return err ? utcp_error_set(e, LIBUTCP_E_SYSTEM, err,
				    "cannot write \"%s\": %s", path,
				    strerror(err)) :
		     0;
}
