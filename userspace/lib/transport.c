// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Sockets of netlink: generic netlink, sock_diag, routes, netfilter.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/netlink.h>

#include "deadline.h"
#include "error.h"
#include "netns.h"
#include "transport.h"

/* Room for events while the reader is busy; the kernel may give less. */
#define RECEIVE_BUFFER (1 << 20)

struct kernel_transport {
	struct utcp_transport t;
	struct mnl_socket *nl;
};

struct kernel_opener {
	struct utcp_opener o;
	int netns; /* -1: the caller's own */
};

static struct kernel_transport *kernel(const struct utcp_transport *t)
{
	return (struct kernel_transport *)t;
}

static int kernel_fd(const struct utcp_transport *t)
{
	return mnl_socket_get_fd(kernel(t)->nl);
}

static int kernel_send(struct utcp_transport *t, const void *data, size_t len)
{
	ssize_t n;

	do {
		n = mnl_socket_sendto(kernel(t)->nl, data, len);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

static ssize_t kernel_recv(struct utcp_transport *t, void *data, size_t size,
			   int timeout_ms)
{
	struct iovec iov = { .iov_base = data, .iov_len = size };
	struct deadline deadline = deadline_in(timeout_ms);
	struct sockaddr_nl from;
	struct msghdr msg;
	ssize_t n;

	for (;;) {
		memset(&msg, 0, sizeof(msg));
		msg.msg_name = &from;
		msg.msg_namelen = sizeof(from);
		msg.msg_iov = &iov;
		msg.msg_iovlen = 1;
		n = recvmsg(kernel_fd(t), &msg, MSG_DONTWAIT);
		/* Answers are there when a request has been sent; others are waited for. */
		if (n < 0 && errno == EAGAIN) {
			struct pollfd p = { .fd = kernel_fd(t),
					    .events = POLLIN };
			int ready = poll(&p, 1, deadline_left(&deadline));

			if (ready == 0)
				return -EAGAIN;
			if (ready > 0)
				continue;
		}
		if (n < 0 && errno != EINTR)
			return -errno;
		/* Other processes may send to a netlink socket, too. */
		if (n < 0 || msg.msg_namelen != sizeof(from) ||
		    from.nl_pid != 0)
			continue;
		if (msg.msg_flags & MSG_TRUNC)
			return -EMSGSIZE;
		return n;
	}
}

static int kernel_join(struct utcp_transport *t, uint32_t group)
{
	if (mnl_socket_setsockopt(kernel(t)->nl, NETLINK_ADD_MEMBERSHIP, &group,
				  sizeof(group)))
		return -errno;
	return 0;
}

static void kernel_close(struct utcp_transport *t)
{
	mnl_socket_close(kernel(t)->nl);
	free(t);
}

static const struct utcp_transport_ops kernel_ops = {
	.send = kernel_send,
	.recv = kernel_recv,
	.join = kernel_join,
	.fd = kernel_fd,
	.close = kernel_close,
};

static int kernel_setup(struct kernel_transport *k)
{
	static const int options[] = { NETLINK_EXT_ACK, NETLINK_CAP_ACK,
				       NETLINK_GET_STRICT_CHK };
	int size = RECEIVE_BUFFER;
	int one = 1;

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (mnl_socket_setsockopt(k->nl, options[i], &one, sizeof(one)))
			return -errno;
	/* beyond rmem_max only with CAP_NET_ADMIN; less is no failure */
	if (setsockopt(mnl_socket_get_fd(k->nl), SOL_SOCKET, SO_RCVBUFFORCE,
		       &size, sizeof(size)))
		setsockopt(mnl_socket_get_fd(k->nl), SOL_SOCKET, SO_RCVBUF,
			   &size, sizeof(size));
	if (mnl_socket_bind(k->nl, 0, MNL_SOCKET_AUTOPID))
		return -errno;
	k->t.portid = mnl_socket_get_portid(k->nl);
	return 0;
}

int transport_open(int netns, int protocol, struct utcp_transport **t)
{
	struct kernel_transport *k;
	int fd, err;

	fd = netns_socket(netns, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	if (fd < 0)
		return fd;
	k = calloc(1, sizeof(*k));
	if (!k) {
		close(fd);
		return -ENOMEM;
	}
	k->t.ops = &kernel_ops;
	k->nl = mnl_socket_fdopen(fd);
	if (!k->nl) {
		err = -errno;
		close(fd);
		free(k);
		return err;
	}
	err = kernel_setup(k);
	if (err) {
		kernel_close(&k->t);
		return err;
	}
	*t = &k->t;
	return 0;
}

static int kernel_open(struct utcp_opener *o, struct utcp_transport **t)
{
	return transport_open(((struct kernel_opener *)o)->netns,
			      NETLINK_GENERIC, t);
}

static int kernel_open_diag(struct utcp_opener *o, struct utcp_transport **t)
{
	return transport_open(((struct kernel_opener *)o)->netns,
			      NETLINK_SOCK_DIAG, t);
}

static void kernel_free(struct utcp_opener *o)
{
	struct kernel_opener *ko = (struct kernel_opener *)o;

	if (ko->netns >= 0)
		close(ko->netns);
	free(ko);
}

int utcp_kernel_opener(const char *netns, struct utcp_opener **opener,
		       struct utcp_error *e)
{
	struct kernel_opener *ko = calloc(1, sizeof(*ko));

	if (!ko)
		return utcp_error_set(e, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	ko->o.open = kernel_open;
	ko->o.open_diag = kernel_open_diag;
	ko->o.free = kernel_free;
	ko->netns = -1;
	if (netns) {
		ko->netns = netns_open(netns, e);
		if (ko->netns < 0) {
			free(ko);
			return -e->err;
		}
	}
	*opener = &ko->o;
	return 0;
}
