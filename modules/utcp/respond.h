/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The responder's side: from an initiation to a half-open association. See
 * "Responder" in Documentation/networking/utcp.rst.
 */
#ifndef _UTCP_RESPOND_H
#define _UTCP_RESPOND_H

#include "utcp.h"

void utcp_respond_init(struct utcp_net *un);
void utcp_respond_exit(struct utcp_net *un);

#endif /* _UTCP_RESPOND_H */
