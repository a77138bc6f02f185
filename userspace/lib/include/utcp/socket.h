/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sockets of AF_UTCP, as the kernel's sock_diag tells of them.
 */
#ifndef LIBUTCP_SOCKET_H
#define LIBUTCP_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/utcp_socket.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct utcp_handle;

/**
 * struct utcp_socket - a socket
 * @msg: addresses, state, and whose it is
 * @info: queues, and of a connection what it has done; what the kernel does not know
 *        is 0
 * @rmem: bytes of memory of what it has received
 * @rcvbuf: what they may be
 * @wmem: bytes of memory of what it sends
 * @sndbuf: what they may be
 */
struct utcp_socket {
	struct utcp_diag_msg msg;
	struct utcp_info info;
	uint32_t rmem;
	uint32_t rcvbuf;
	uint32_t wmem;
	uint32_t sndbuf;
};

/**
 * utcp_socket_list() - sockets of the namespace
 * @handle: an open handle
 * @filter: which; udiag_states 0 means any state. NULL: all
 * @sockets: set to an array, to be freed; NULL if there are none
 * @n: set to their number
 *
 * Return: 0 or a negative errno.
 */
int utcp_socket_list(struct utcp_handle *handle,
		     const struct utcp_diag_req *filter,
		     struct utcp_socket **sockets, size_t *n);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
