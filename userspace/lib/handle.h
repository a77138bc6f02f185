/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a handle holds.
 */
#ifndef LIBUTCP_HANDLE_PRIV_H
#define LIBUTCP_HANDLE_PRIV_H

#include <stdint.h>

#include <utcp/error.h>
#include <utcp/family.h>
#include <utcp/handle.h>

#include "transport.h"

/* Largest request, and largest datagram that the kernel sends in a dump. */
#define HANDLE_TX_SIZE 32768
#define HANDLE_RX_SIZE 65536

/**
 * struct utcp_handle - see utcp_handle_new()
 * @opener: makes sockets in the handle's namespace; NULL until it is open
 * @transport: the socket for requests, or NULL: it is opened when it is needed,
 *             and closed when an answer was lost and may still come
 * @timeout_ms: longest silence of the kernel
 * @seq: number of the last request
 * @error: the last error
 * @ids: generic netlink ids of the families, 0 if not known
 * @groups: ids of their "events" groups, 0 if not known
 * @tx: the request
 * @rx: the datagram being read
 */
struct utcp_handle {
	struct utcp_opener *opener;
	struct utcp_transport *transport;
	int timeout_ms;
	uint32_t seq;
	struct utcp_error error;
	uint16_t ids[LIBUTCP_FAMILIES];
	uint32_t groups[LIBUTCP_FAMILIES];
	unsigned char tx[HANDLE_TX_SIZE] __attribute__((aligned(8)));
	unsigned char rx[HANDLE_RX_SIZE] __attribute__((aligned(8)));
};

/**
 * handle_open_with() - open a handle on a given opener
 * @handle: a new handle
 * @opener: becomes the handle's
 *
 * Return: 0 or a negative errno.
 */
int handle_open_with(struct utcp_handle *handle, struct utcp_opener *opener);

/**
 * handle_transport() - make sure that there is a socket for requests
 * @handle: an open handle
 *
 * Return: 0 or a negative errno.
 */
int handle_transport(struct utcp_handle *handle);

/**
 * handle_drop_transport() - close the socket: what still comes is not wanted
 * @handle: the handle
 */
void handle_drop_transport(struct utcp_handle *handle);

/* Is what a request was about not there? Without its module nothing of its kind is. */
static inline bool handle_is_gone(const struct utcp_handle *handle)
{
	return handle->error.code == LIBUTCP_E_NOT_FOUND ||
	       handle->error.code == LIBUTCP_E_NO_MODULE;
}

#endif
