/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading grants off netlink messages.
 */
#ifndef LIBUTCP_GRANT_PRIV_H
#define LIBUTCP_GRANT_PRIV_H

#include <utcp/grant.h>

#include "nlparse.h"

/**
 * grant_parse() - read a grant
 * @span: attributes of a grant
 * @grant: set to the grant
 *
 * Return: 0, or -EBADMSG.
 */
int grant_parse(struct nl_span span, struct utcp_grant *grant);

#endif
