/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel's verdict on a request: error number, message, the attribute it
 * is about and that attribute's bounds.
 */
#ifndef LIBUTCP_EXTACK_H
#define LIBUTCP_EXTACK_H

#include <stddef.h>

#include <utcp/error.h>

#include "nlparse.h"

struct nl_set;

/**
 * extack_error() - read an NLMSG_ERROR message
 * @msg: the message
 * @request: the request that it answers, from its netlink header on
 * @request_len: its length
 * @set: attributes of the request, for the path
 * @e: filled in if the message is an error
 *
 * Return: 0 for success, the kernel's errno, negative, or -EBADMSG with
 * LIBUTCP_E_PROTOCOL in @e.
 */
int extack_error(const struct nl_msg *msg, const void *request,
		 size_t request_len, const struct nl_set *set,
		 struct utcp_error *e);

/**
 * extack_done() - read the NLMSG_DONE message that ends a dump
 * @msg: the message
 * @request: the request that it answers, from its netlink header on
 * @request_len: its length
 * @set: attributes of the request, for the path
 * @e: filled in if the dump failed
 *
 * Return: as extack_error().
 */
int extack_done(const struct nl_msg *msg, const void *request,
		size_t request_len, const struct nl_set *set,
		struct utcp_error *e);

#endif
