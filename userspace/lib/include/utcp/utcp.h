/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libutcp: the whole of it.
 */
#ifndef LIBUTCP_UTCP_H
#define LIBUTCP_UTCP_H

#include <utcp/acl.h>
#include <utcp/aclflow.h>
#include <utcp/acltrace.h>
#include <utcp/cell.h>
#include <utcp/cellid.h>
#include <utcp/cellnames.h>
#include <utcp/error.h>
#include <utcp/family.h>
#include <utcp/grant.h>
#include <utcp/handle.h>
#include <utcp/info.h>
#include <utcp/keyfile.h>
#include <utcp/monitor.h>
#include <utcp/peer.h>
#include <utcp/port.h>
#include <utcp/ring.h>
#include <utcp/rings.h>
#include <utcp/sandbox.h>
#include <utcp/shaper.h>
#include <utcp/socket.h>
#include <utcp/state.h>
#include <utcp/status.h>

#endif
