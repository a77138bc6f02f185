/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading peers off netlink messages.
 */
#ifndef LIBUTCP_PEER_PRIV_H
#define LIBUTCP_PEER_PRIV_H

#include <utcp/peer.h>

#include "nlparse.h"

/**
 * peer_parse() - read a peer
 * @span: attributes of a peer
 * @peer: set to the peer
 *
 * Return: 0, or -EBADMSG.
 */
int peer_parse(struct nl_span span, struct utcp_peer *peer);

#endif
