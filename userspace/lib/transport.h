/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What carries datagrams to the kernel and back. Tests put their own in place.
 */
#ifndef LIBUTCP_TRANSPORT_H
#define LIBUTCP_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct utcp_error;
struct utcp_transport;

/**
 * struct utcp_transport_ops - what a transport can do
 * @send: send one datagram; 0 or a negative errno
 * @recv: wait up to timeout_ms (-1: for ever) for one datagram; its length,
 *        -EAGAIN if none came, -ENOBUFS if the kernel dropped some, -EMSGSIZE
 *        if it was larger than the buffer, or another negative errno
 * @join: subscribe to a multicast group; 0 or a negative errno
 * @fd: a descriptor to poll
 * @close: close and free
 */
struct utcp_transport_ops {
	int (*send)(struct utcp_transport *t, const void *data, size_t len);
	ssize_t (*recv)(struct utcp_transport *t, void *data, size_t size,
			int timeout_ms);
	int (*join)(struct utcp_transport *t, uint32_t group);
	int (*fd)(const struct utcp_transport *t);
	void (*close)(struct utcp_transport *t);
};

/**
 * struct utcp_transport - one open transport
 * @ops: what it can do
 * @portid: our address, to which answers come
 */
struct utcp_transport {
	const struct utcp_transport_ops *ops;
	uint32_t portid;
};

/**
 * struct utcp_opener - makes transports to one network namespace
 * @open: open one of generic netlink; 0 or a negative errno
 * @open_diag: open one of sock_diag, the same; NULL: there is none
 * @free: free the opener
 */
struct utcp_opener {
	int (*open)(struct utcp_opener *o, struct utcp_transport **t);
	int (*open_diag)(struct utcp_opener *o, struct utcp_transport **t);
	void (*free)(struct utcp_opener *o);
};

/**
 * transport_open() - open a netlink socket
 * @netns: descriptor of the network namespace, or -1 for the caller's own
 * @protocol: such as NETLINK_ROUTE
 * @t: set to it
 *
 * Return: 0 or a negative errno.
 */
int transport_open(int netns, int protocol, struct utcp_transport **t);

/**
 * utcp_kernel_opener() - an opener of netlink sockets
 * @netns: network namespace, as for utcp_handle_open()
 * @opener: set to the opener
 * @e: filled in on failure
 *
 * The namespace is looked up once: all sockets are in the same one, even if
 * its name is given to another.
 *
 * Return: 0 or a negative errno.
 */
int utcp_kernel_opener(const char *netns, struct utcp_opener **opener,
		       struct utcp_error *e);

#endif
