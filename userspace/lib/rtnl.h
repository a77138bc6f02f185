/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests of netlink that are not generic: links, addresses, routes, rules of nft.
 */
#ifndef LIBUTCP_RTNL_H
#define LIBUTCP_RTNL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/netlink.h>

#include "nlparse.h"

struct utcp_error;
struct utcp_transport;

/* Largest request, room for those that are sent at once, largest answer that is read. */
#define RTNL_MESSAGE_SIZE 4096
#define RTNL_TX_SIZE 8192
#define RTNL_RX_SIZE 32768

/**
 * struct rtnl - a socket for such requests, and the request that is being made
 * @t: the socket
 * @e: filled in on failure
 * @seq: number of the last request
 * @first: number of the first request that is sent with it
 * @held: bytes of requests that wait to be sent with a later one
 * @holding: requests without answers wait
 * @interrupted: the list that was read last has changed meanwhile
 * @nlh: the request; NULL if it got too large
 * @tx: its bytes
 * @rx: the datagram being read
 */
struct rtnl {
	struct utcp_transport *t;
	struct utcp_error *e;
	uint32_t seq;
	uint32_t first;
	size_t held;
	bool holding;
	bool interrupted;
	struct nlmsghdr *nlh;
	unsigned char tx[RTNL_TX_SIZE] __attribute__((aligned(8)));
	unsigned char rx[RTNL_RX_SIZE] __attribute__((aligned(8)));
};

/**
 * rtnl_open() - open a socket
 * @r: set to it
 * @netns: descriptor of the network namespace, or -1 for the caller's own
 * @protocol: such as NETLINK_ROUTE
 * @e: filled in on failure, now and later
 *
 * Return: 0 or a negative errno.
 */
int rtnl_open(struct rtnl *r, int netns, int protocol, struct utcp_error *e);

/**
 * rtnl_close() - close a socket
 * @r: the socket; one that is all zero is left alone
 */
void rtnl_close(struct rtnl *r);

/**
 * rtnl_begin() - begin a request
 * @r: the socket
 * @type: such as RTM_NEWLINK
 * @flags: besides NLM_F_REQUEST and NLM_F_ACK
 * @head: the header behind that of netlink
 * @len: its length
 */
void rtnl_begin(struct rtnl *r, uint16_t type, uint16_t flags, const void *head,
		size_t len);

/**
 * rtnl_put() - add an attribute
 * @r: the socket
 * @type: attribute
 * @data: its bytes
 * @len: how many
 */
void rtnl_put(struct rtnl *r, uint16_t type, const void *data, size_t len);

/**
 * rtnl_u32() - add a number
 * @r: the socket
 * @type: attribute
 * @value: the number
 */
void rtnl_u32(struct rtnl *r, uint16_t type, uint32_t value);

/**
 * rtnl_str() - add a text
 * @r: the socket
 * @type: attribute
 * @text: the text
 */
void rtnl_str(struct rtnl *r, uint16_t type, const char *text);

/**
 * rtnl_nest() - begin a nest
 * @r: the socket
 * @type: attribute
 *
 * Return: the nest, for rtnl_nest_end(); NULL if the request got too large.
 */
struct nlattr *rtnl_nest(struct rtnl *r, uint16_t type);

/**
 * rtnl_nest_end() - end a nest
 * @r: the socket
 * @nest: what rtnl_nest() gave
 */
void rtnl_nest_end(struct rtnl *r, struct nlattr *nest);

/**
 * rtnl_run() - send the request and wait for the kernel's verdict
 * @r: the socket
 * @take: called for an answer that comes before it, or NULL; 0 or a negative errno
 * @arg: for @take
 *
 * Return: 0, or a negative errno with the error filled in.
 */
int rtnl_run(struct rtnl *r, int (*take)(const struct nl_msg *msg, void *arg),
	     void *arg);

/**
 * rtnl_dump() - send a request for a list, and read it
 * @r: the socket; nothing waits in it
 * @take: called for each of the list, when all of it has come; 0 or a negative errno
 * @arg: for @take
 *
 * A list that has changed while it was being read is read again, a few times.
 *
 * Return: 0, or a negative errno with the error filled in; -EINTR if it changes all the time.
 */
int rtnl_dump(struct rtnl *r, int (*take)(const struct nl_msg *msg, void *arg),
	      void *arg);

/**
 * rtnl_hold() - from here on have requests without answers wait
 * @r: the socket
 *
 * Those that change something are sent as one from here to rtnl_flush(). The kernel goes on with
 * the next if one fails: for what is undone as a whole.
 */
void rtnl_hold(struct rtnl *r);

/**
 * rtnl_flush() - send what has waited
 * @r: the socket
 * @err: what has gone wrong meanwhile: then nothing is sent
 *
 * Return: @err, 0, or the negative errno of the first that the kernel refused, with the error
 * filled in.
 */
int rtnl_flush(struct rtnl *r, int err);

/**
 * rtnl_batch() - send messages that were made elsewhere, all or none of which count
 * @r: the socket
 * @data: the messages
 * @len: their bytes
 * @first: number of the first of them
 * @last: number of the one that has NLM_F_ACK
 *
 * The socket is of no use any more if it fails: other verdicts may still come.
 *
 * Return: 0, or the first negative errno with the error filled in.
 */
int rtnl_batch(struct rtnl *r, const void *data, size_t len, uint32_t first,
	       uint32_t last);

#endif
