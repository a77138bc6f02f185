/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tables of nftables, each made and removed in one transaction.
 */
#ifndef LIBUTCP_NFTBATCH_H
#define LIBUTCP_NFTBATCH_H

#include <stdbool.h>
#include <stdint.h>

struct mnl_nlmsg_batch;
struct nlmsghdr;
struct utcp_error;

/**
 * struct nft_batch - messages that count together
 * @buf: their bytes
 * @b: libmnl's idea of them
 * @family: such as NFPROTO_INET
 * @seq: number of the next one
 * @table: name of the table that they are about
 * @last: the last one
 * @failed: there was no memory or room for one
 */
struct nft_batch {
	char *buf;
	struct mnl_nlmsg_batch *b;
	uint8_t family;
	uint32_t seq;
	char table[64];
	struct nlmsghdr *last;
	bool failed;
};

/**
 * nft_batch_begin() - begin a batch
 * @n: set to it, for nft_batch_run()
 * @family: such as NFPROTO_INET
 * @table: name of the table that it is about
 */
void nft_batch_begin(struct nft_batch *n, uint8_t family, const char *table);

/**
 * nft_message() - begin a message
 * @n: the batch
 * @type: such as NFT_MSG_NEWCHAIN
 * @flags: such as NLM_F_CREATE
 *
 * Return: the message, for nft_message_end(); NULL if the batch has failed.
 */
struct nlmsghdr *nft_message(struct nft_batch *n, uint16_t type,
			     uint16_t flags);

/**
 * nft_message_end() - end a message
 * @n: the batch
 */
void nft_message_end(struct nft_batch *n);

/**
 * nft_put_table() - add a message about the table
 * @n: the batch
 * @type: NFT_MSG_NEWTABLE or NFT_MSG_DELTABLE
 * @flags: such as NLM_F_CREATE
 */
void nft_put_table(struct nft_batch *n, uint16_t type, uint16_t flags);

/**
 * nft_put_new_table() - have the table be there and be empty, whatever was there
 * @n: the batch
 */
void nft_put_new_table(struct nft_batch *n);

/**
 * struct nft_chain - a base chain
 * @name: its name
 * @type: such as "nat"
 * @hook: where it is asked
 * @priority: in what order
 * @dev: the device whose hook it is; NULL: it is no device's
 * @drops: what none of its rules decides is dropped
 */
struct nft_chain {
	const char *name;
	const char *type;
	uint32_t hook;
	int32_t priority;
	const char *dev;
	bool drops;
};

/**
 * nft_put_chain() - add a message that makes a chain of the table
 * @n: the batch
 * @chain: the chain
 */
void nft_put_chain(struct nft_batch *n, const struct nft_chain *chain);

/**
 * nft_batch_run() - send a batch, and forget it
 * @n: the batch; the last message is the one whose verdict is waited for
 * @e: filled in on failure
 *
 * Return: 0 or a negative errno.
 */
int nft_batch_run(struct nft_batch *n, struct utcp_error *e);

/**
 * nft_table_del() - remove a table
 * @family: its family
 * @table: its name
 * @e: filled in on failure
 *
 * Return: 0, also if there is none, or a negative errno.
 */
int nft_table_del(uint8_t family, const char *table, struct utcp_error *e);

/**
 * nft_table_is() - is there a table of that name?
 * @family: its family
 * @table: its name
 * @e: used on the way
 *
 * One that is there is whole, having been made in one transaction.
 *
 * Return: whether there is.
 */
bool nft_table_is(uint8_t family, const char *table, struct utcp_error *e);

#endif
