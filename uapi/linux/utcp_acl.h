/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/utcp-acl.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_UTCP_ACL_H
#define _UAPI_LINUX_UTCP_ACL_H

#define UTCP_ACL_FAMILY_NAME	"utcp-acl"
#define UTCP_ACL_FAMILY_VERSION	1

#define UTCP_ACL_ABI_VERSION	1

enum {
	UTCP_ACL_A_LIMITS_POLICIES = 1,
	UTCP_ACL_A_LIMITS_RULES,
	UTCP_ACL_A_LIMITS_SETS,
	UTCP_ACL_A_LIMITS_FLOWS,

	__UTCP_ACL_A_LIMITS_MAX,
	UTCP_ACL_A_LIMITS_MAX = (__UTCP_ACL_A_LIMITS_MAX - 1)
};

enum {
	UTCP_ACL_A_INFO_VERSION = 1,
	UTCP_ACL_A_INFO_ABI,
	UTCP_ACL_A_INFO_LIMITS,

	__UTCP_ACL_A_INFO_MAX,
	UTCP_ACL_A_INFO_MAX = (__UTCP_ACL_A_INFO_MAX - 1)
};

enum {
	UTCP_ACL_CMD_INFO_GET = 1,
	UTCP_ACL_CMD_LIMITS_SET,
	UTCP_ACL_CMD_LIMITS_NTF,

	__UTCP_ACL_CMD_MAX,
	UTCP_ACL_CMD_MAX = (__UTCP_ACL_CMD_MAX - 1)
};

#define UTCP_ACL_MCGRP_EVENTS	"events"

#endif /* _UAPI_LINUX_UTCP_ACL_H */
