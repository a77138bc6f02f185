// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Tables of nftables, each made and removed in one transaction.
 */
#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/table.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "error.h"
#include "nftbatch.h"
#include "rtnl.h"

/* Room for all rules of a sandbox that publishes as much as it can, many times over. */
#define BATCH_SIZE (1 << 18)
#define MESSAGE_MAX 4096

void nft_batch_begin(struct nft_batch *n, uint8_t family, const char *table)
{
	memset(n, 0, sizeof(*n));
	n->family = family;
	snprintf(n->table, sizeof(n->table), "%s", table);
	n->buf = malloc(BATCH_SIZE + MESSAGE_MAX);
	n->b = n->buf ? mnl_nlmsg_batch_start(n->buf, BATCH_SIZE) : NULL;
	if (!n->b) {
		n->failed = true;
		return;
	}
	nftnl_batch_begin(mnl_nlmsg_batch_current(n->b), n->seq++);
	mnl_nlmsg_batch_next(n->b);
}

struct nlmsghdr *nft_message(struct nft_batch *n, uint16_t type, uint16_t flags)
{
	if (n->failed)
		return NULL;
	n->last = nftnl_nlmsg_build_hdr(mnl_nlmsg_batch_current(n->b), type,
					n->family, flags, n->seq++);
	return n->last;
}

void nft_message_end(struct nft_batch *n)
{
	if (!mnl_nlmsg_batch_next(n->b))
		n->failed = true;
}

int nft_batch_run(struct nft_batch *n, struct utcp_error *e)
{
	struct rtnl *r = malloc(sizeof(*r));
	int err = -ENOMEM;

	if (!r || !n->last || n->failed) {
		utcp_error_set(e, LIBUTCP_E_SYSTEM, ENOMEM, "out of memory");
		goto out;
	}
	n->last->nlmsg_flags |= NLM_F_ACK;
	nftnl_batch_end(mnl_nlmsg_batch_current(n->b), n->seq);
	mnl_nlmsg_batch_next(n->b);
	err = rtnl_open(r, -1, NETLINK_NETFILTER, e);
	if (err)
		goto out;
	err = rtnl_batch(r, mnl_nlmsg_batch_head(n->b),
			 mnl_nlmsg_batch_size(n->b), 0, n->seq - 1);
	rtnl_close(r);
out:
	free(r);
	if (n->b)
		mnl_nlmsg_batch_stop(n->b);
	free(n->buf);
	return err;
}

void nft_put_table(struct nft_batch *n, uint16_t type, uint16_t flags)
{
	struct nftnl_table *t = nftnl_table_alloc();
	struct nlmsghdr *nlh = nft_message(n, type, flags);

	if (t && nlh) {
		nftnl_table_set_str(t, NFTNL_TABLE_NAME, n->table);
		nftnl_table_nlmsg_build_payload(nlh, t);
		nft_message_end(n);
	} else {
		n->failed = true;
	}
	if (t)
		nftnl_table_free(t);
}

void nft_put_new_table(struct nft_batch *n)
{
	nft_put_table(n, NFT_MSG_NEWTABLE, NLM_F_CREATE);
	nft_put_table(n, NFT_MSG_DELTABLE, 0);
	nft_put_table(n, NFT_MSG_NEWTABLE, NLM_F_CREATE);
}

void nft_put_chain(struct nft_batch *n, const struct nft_chain *chain)
{
	struct nftnl_chain *c = nftnl_chain_alloc();
	struct nlmsghdr *nlh = nft_message(n, NFT_MSG_NEWCHAIN, NLM_F_CREATE);

	if (c && nlh) {
		nftnl_chain_set_str(c, NFTNL_CHAIN_TABLE, n->table);
		nftnl_chain_set_str(c, NFTNL_CHAIN_NAME, chain->name);
		nftnl_chain_set_str(c, NFTNL_CHAIN_TYPE, chain->type);
		nftnl_chain_set_u32(c, NFTNL_CHAIN_HOOKNUM, chain->hook);
		nftnl_chain_set_s32(c, NFTNL_CHAIN_PRIO, chain->priority);
		if (chain->dev)
			nftnl_chain_set_str(c, NFTNL_CHAIN_DEV, chain->dev);
		if (chain->drops)
			nftnl_chain_set_u32(c, NFTNL_CHAIN_POLICY, NF_DROP);
		nftnl_chain_nlmsg_build_payload(nlh, c);
		nft_message_end(n);
	} else {
		n->failed = true;
	}
	if (c)
		nftnl_chain_free(c);
}

int nft_table_del(uint8_t family, const char *table, struct utcp_error *e)
{
	struct nft_batch n;
	int err;

	nft_batch_begin(&n, family, table);
	nft_put_table(&n, NFT_MSG_DELTABLE, 0);
	err = nft_batch_run(&n, e);
	return err == -ENOENT ? 0 : err;
}

bool nft_table_is(uint8_t family, const char *table, struct utcp_error *e)
{
	const struct nfgenmsg head = { .nfgen_family = family,
				       .version = NFNETLINK_V0 };
	struct rtnl *r = malloc(sizeof(*r));
	int err;

	if (!r)
		return false;
	err = rtnl_open(r, -1, NETLINK_NETFILTER, e);
	if (!err) {
		rtnl_begin(r, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETTABLE, 0,
			   &head, sizeof(head));
		rtnl_str(r, NFTA_TABLE_NAME, table);
		err = rtnl_run(r, NULL, NULL);
		rtnl_close(r);
	}
	free(r);
	return !err;
}
