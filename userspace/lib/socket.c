// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Sockets, by sock_diag: a netlink protocol of its own, without generic netlink.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <utcp/socket.h>

#include "error.h"
#include "handle.h"
#include "nlparse.h"

struct list {
	struct utcp_socket *sockets;
	size_t n, room;
};

static void copy_part(void *to, size_t size, struct nl_span from)
{
	memcpy(to, from.data, from.len < size ? from.len : size);
}

static int parse_attrs(struct nl_span span, struct utcp_socket *s)
{
	uint32_t mem[SK_MEMINFO_VARS] = { 0 };
	struct nl_attr a;
	int more;

	while ((more = nl_attr_next(&span, &a)) > 0) {
		if (a.type == UTCP_DIAG_INFO)
			copy_part(&s->info, sizeof(s->info), a.value);
		else if (a.type == UTCP_DIAG_MEMINFO)
			copy_part(mem, sizeof(mem), a.value);
	}
	s->rmem = mem[SK_MEMINFO_RMEM_ALLOC];
	s->rcvbuf = mem[SK_MEMINFO_RCVBUF];
	s->wmem = mem[SK_MEMINFO_WMEM_QUEUED];
	s->sndbuf = mem[SK_MEMINFO_SNDBUF];
	return more;
}

static int parse_socket(struct utcp_handle *h, struct nl_span span,
			struct list *list)
{
	struct utcp_socket *s;

	if (list->n == list->room) {
		size_t room = list->room ? 2 * list->room : 16;

		s = realloc(list->sockets, room * sizeof(*s));
		if (!s)
			return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM,
					      ENOMEM, "out of memory");
		list->sockets = s;
		list->room = room;
	}
	s = &list->sockets[list->n];
	memset(s, 0, sizeof(*s));
	if (span.len < sizeof(s->msg))
		return utcp_error_malformed(&h->error, "a socket is too short");
	memcpy(&s->msg, span.data, sizeof(s->msg));
	span.data += NLMSG_ALIGN(sizeof(s->msg));
	span.len -= NLMSG_ALIGN(sizeof(s->msg));
	if (parse_attrs(span, s))
		return utcp_error_malformed(&h->error, "a socket");
	list->n++;
	return 0;
}

static int failed(struct utcp_handle *h, int err)
{
	if (err == ENOENT)
		return utcp_error_set(&h->error, LIBUTCP_E_NO_MODULE, err,
				      "the module utcp is not loaded");
	return utcp_error_set(&h->error, utcp_error_classify(err), err, "%s",
			      strerror(err));
}

/* Return: 1 at the end, 0 if more comes, or a negative errno. */
static int parse_message(struct utcp_handle *h, const struct nlmsghdr *nlh,
			 struct nl_span payload, struct list *list)
{
	int32_t err = 0;

	if (nlh->nlmsg_seq != h->seq)
		return 0;
	switch (nlh->nlmsg_type) {
	case NLMSG_DONE:
	case NLMSG_ERROR:
		if (payload.len >= sizeof(err))
			memcpy(&err, payload.data, sizeof(err));
		return err ? failed(h, -err) : 1;
	case SOCK_DIAG_BY_FAMILY:
		return parse_socket(h, payload, list);
	}
	return 0;
}

static int read_all(struct utcp_handle *h, struct utcp_transport *t,
		    struct list *list)
{
	for (;;) {
		ssize_t len =
			t->ops->recv(t, h->rx, sizeof(h->rx), h->timeout_ms);
		size_t at = 0;
		int ret = 0;

		if (len == -EAGAIN)
			return utcp_error_set(&h->error, LIBUTCP_E_TIMEOUT,
					      ETIMEDOUT,
					      "the kernel does not answer");
		if (len < 0)
			return failed(h, (int)-len);
		while (at + sizeof(struct nlmsghdr) <= (size_t)len) {
			const struct nlmsghdr *nlh =
				(const struct nlmsghdr *)(h->rx + at);
			struct nl_span payload;

			if (nlh->nlmsg_len < NLMSG_HDRLEN ||
			    nlh->nlmsg_len > (size_t)len - at)
				return utcp_error_malformed(&h->error,
							    "a message");
			payload.data = h->rx + at + NLMSG_HDRLEN;
			payload.len = nlh->nlmsg_len - NLMSG_HDRLEN;
			ret = parse_message(h, nlh, payload, list);
			if (ret)
				return ret < 0 ? ret : 0;
			at += NLMSG_ALIGN(nlh->nlmsg_len);
		}
	}
}

int utcp_socket_list(struct utcp_handle *h, const struct utcp_diag_req *filter,
		     struct utcp_socket **sockets, size_t *n)
{
	struct {
		struct nlmsghdr nlh;
		struct utcp_diag_req req;
	} request = { 0 };
	struct utcp_transport *t = NULL;
	struct list list = { 0 };
	int err;

	*sockets = NULL;
	*n = 0;
	utcp_error_clear(&h->error);
	if (!h->opener || !h->opener->open_diag)
		return utcp_error_set(&h->error, LIBUTCP_E_ARGUMENT, EBADF,
				      "the handle is not open");
	if (filter)
		request.req = *filter;
	request.req.sdiag_family = AF_UTCP;
	if (!request.req.udiag_states)
		request.req.udiag_states = UINT32_MAX;
	request.nlh = (struct nlmsghdr){
		.nlmsg_len = sizeof(request),
		.nlmsg_type = SOCK_DIAG_BY_FAMILY,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.nlmsg_seq = ++h->seq,
	};
	err = h->opener->open_diag(h->opener, &t);
	if (!err)
		err = t->ops->send(t, &request, sizeof(request));
	if (err)
		err = failed(h, -err);
	else
		err = read_all(h, t, &list);
	if (t)
		t->ops->close(t);
	if (err) {
		free(list.sockets);
		return err;
	}
	*sockets = list.sockets;
	*n = list.n;
	return 0;
}
