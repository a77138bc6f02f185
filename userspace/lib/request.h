/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One request and its answer, or a dump and its many answers.
 */
#ifndef LIBUTCP_REQUEST_H
#define LIBUTCP_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/netlink.h>

#include "nlparse.h"

struct nl_set;
struct utcp_handle;

/* How often a dump that changed under our hands is begun again. */
#define REQUEST_DUMP_TRIES 5

/**
 * struct nl_request - a request
 * @nlh: the message, in the handle's buffer; NULL if it got too large
 * @set: attributes that it may have, for the path of a bad one
 * @reply: command that answers have
 * @record: called for each answer, with the message's body behind the generic
 *          netlink header; 0, or a negative errno with the handle's error set.
 *          NULL if only the acknowledgment counts
 * @restart: called if a dump begins again: forget all records. Without it an
 *           interrupted dump is an error, LIBUTCP_E_BUSY
 * @arg: passed to them
 * @one: see request_one()
 * @records: set to the number of answers
 */
struct nl_request {
	struct nlmsghdr *nlh;
	const struct nl_set *set;
	uint8_t reply;
	int (*record)(struct utcp_handle *h, const struct nl_msg *msg,
		      void *arg);
	void (*restart)(void *arg);
	void *arg;
	bool one;
	unsigned int records;
};

/**
 * request_begin() - begin a request in the handle's buffer
 * @h: the handle
 * @r: the request; its other members are cleared
 * @type: generic netlink id of the family
 * @version: version of the family
 * @cmd: command
 * @dump: ask for a list
 */
void request_begin(struct utcp_handle *h, struct nl_request *r, uint16_t type,
		   uint8_t version, uint8_t cmd, bool dump);

/**
 * request_one() - the answer, of which there is one, ends the request
 * @r: a request that has begun, and is for no list
 *
 * The kernel need not acknowledge it then, too: half the messages. For operations that
 * answer whenever they succeed.
 */
void request_one(struct nl_request *r);

/**
 * request_u32() - add a number
 * @r: the request
 * @type: attribute
 * @value: the number
 */
void request_u32(struct nl_request *r, uint16_t type, uint32_t value);

/**
 * request_str() - add a text
 * @r: the request
 * @type: attribute
 * @text: the text
 */
void request_str(struct nl_request *r, uint16_t type, const char *text);

/**
 * request_bytes() - add bytes
 * @r: the request
 * @type: attribute
 * @data: the bytes
 * @len: how many
 */
void request_bytes(struct nl_request *r, uint16_t type, const void *data,
		   size_t len);

/**
 * request_nest() - begin a nest
 * @r: the request
 * @type: attribute
 *
 * Return: the nest, for request_nest_end().
 */
struct nlattr *request_nest(struct nl_request *r, uint16_t type);

/**
 * request_nest_end() - end a nest
 * @r: the request
 * @nest: what request_nest() gave
 */
void request_nest_end(struct nl_request *r, struct nlattr *nest);

/**
 * request_run() - send a request and take its answers
 * @h: the handle
 * @r: the request
 *
 * Return: 0, or a negative errno with the handle's error set.
 */
int request_run(struct utcp_handle *h, struct nl_request *r);

#endif
