/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Discovery on the links: asking, answering, and taking answers. The frames are
 * discover.h's.
 */
#ifndef _UTCP_DISCOVERY_H
#define _UTCP_DISCOVERY_H

#include "peer.h"

bool utcp_discovery_ask(struct utcp_peer *peer);

#endif /* _UTCP_DISCOVERY_H */
