/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/utcp.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_UTCP_H
#define _UAPI_LINUX_UTCP_H

#define UTCP_FAMILY_NAME	"utcp"
#define UTCP_FAMILY_VERSION	1

#define UTCP_ABI_VERSION	1

/**
 * enum utcp_cell_mode - Who may use a cell: bind to it, or connect as it. As
 *   with files, what stands for the owner decides about the owner, that for
 *   the group about its other members, and the rest about everybody else; no
 *   capability is asked.
 * @UTCP_CELL_MODE_OWNER: Its owner.
 * @UTCP_CELL_MODE_GROUP: Members of its group, but for its owner.
 * @UTCP_CELL_MODE_OTHER: Everybody else in the network namespace.
 */
enum utcp_cell_mode {
	UTCP_CELL_MODE_OWNER = 1,
	UTCP_CELL_MODE_GROUP = 2,
	UTCP_CELL_MODE_OTHER = 4,
};

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
	UTCP_A_CELL_ID = 1,
	UTCP_A_CELL_PUBLIC_KEY,
	UTCP_A_CELL_PRIVATE_KEY,
	UTCP_A_CELL_REALM,
	UTCP_A_CELL_HAS_REALM,
	UTCP_A_CELL_OWNER,
	UTCP_A_CELL_GROUP,
	UTCP_A_CELL_MODE,
	UTCP_A_CELL_DISCOVERABLE,
	UTCP_A_CELL_DEFAULT,
	UTCP_A_CELL_COMMENT,
	UTCP_A_CELL_USERS,

	__UTCP_A_CELL_MAX,
	UTCP_A_CELL_MAX = (__UTCP_A_CELL_MAX - 1)
};

enum {
	UTCP_CMD_INFO_GET = 1,
	UTCP_CMD_LIMITS_SET,
	UTCP_CMD_LIMITS_NTF,
	UTCP_CMD_CELL_NEW,
	UTCP_CMD_CELL_SET,
	UTCP_CMD_CELL_DEL,
	UTCP_CMD_CELL_GET,
	UTCP_CMD_CELL_NEW_NTF,
	UTCP_CMD_CELL_CHANGE_NTF,
	UTCP_CMD_CELL_DEL_NTF,

	__UTCP_CMD_MAX,
	UTCP_CMD_MAX = (__UTCP_CMD_MAX - 1)
};

#define UTCP_MCGRP_EVENTS	"events"

#endif /* _UAPI_LINUX_UTCP_H */
