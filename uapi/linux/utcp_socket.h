/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Sockets of UTCP: what programs give to socket(), bind() and connect().
 */
#ifndef _UAPI_LINUX_UTCP_SOCKET_H
#define _UAPI_LINUX_UTCP_SOCKET_H

#include <linux/socket.h>
#include <linux/types.h>

/* AF_ECONET's number, which Linux does not use any more. */
#define AF_UTCP 19
#define PF_UTCP AF_UTCP

/* Bytes of a CellID. */
#define UTCP_CELL_ID_BYTES 16

/**
 * struct sockaddr_utcp - an address: a port of a cell
 * @sutcp_family: AF_UTCP
 * @sutcp_port: port, in the machine's byte order; 0: any
 * @sutcp_cell: CellID; zeros: the namespace's default cell (bind)
 * @sutcp_zero: must be zero
 */
struct sockaddr_utcp {
	__kernel_sa_family_t sutcp_family;
	__u16 sutcp_port;
	__u8 sutcp_cell[UTCP_CELL_ID_BYTES];
	__u8 sutcp_zero[12];
};

#endif /* _UAPI_LINUX_UTCP_SOCKET_H */
