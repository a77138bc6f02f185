/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading rings off netlink messages.
 */
#ifndef LIBUTCP_RINGS_PRIV_H
#define LIBUTCP_RINGS_PRIV_H

#include <utcp/rings.h>

#include "nlparse.h"

/**
 * ring_parse() - read a ring
 * @span: attributes of a ring
 * @ring: set to the ring
 *
 * Return: 0, or -EBADMSG.
 */
int ring_parse(struct nl_span span, struct utcp_ring_record *ring);

#endif
