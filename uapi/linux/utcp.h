/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/utcp.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_UTCP_H
#define _UAPI_LINUX_UTCP_H

#define UTCP_FAMILY_NAME	"utcp"
#define UTCP_FAMILY_VERSION	1

#define UTCP_ABI_VERSION	1

enum {
	UTCP_A_LIMITS_CELLS = 1,
	UTCP_A_LIMITS_PEERS,
	UTCP_A_LIMITS_SOCKETS,

	__UTCP_A_LIMITS_MAX,
	UTCP_A_LIMITS_MAX = (__UTCP_A_LIMITS_MAX - 1)
};

enum {
	UTCP_A_INFO_VERSION = 1,
	UTCP_A_INFO_ABI,
	UTCP_A_INFO_LIMITS,

	__UTCP_A_INFO_MAX,
	UTCP_A_INFO_MAX = (__UTCP_A_INFO_MAX - 1)
};

enum {
	UTCP_CMD_INFO_GET = 1,
	UTCP_CMD_LIMITS_SET,
	UTCP_CMD_LIMITS_NTF,

	__UTCP_CMD_MAX,
	UTCP_CMD_MAX = (__UTCP_CMD_MAX - 1)
};

#define UTCP_MCGRP_EVENTS	"events"

#endif /* _UAPI_LINUX_UTCP_H */
