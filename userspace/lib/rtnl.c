// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Requests of netlink that are not generic: links, addresses, routes, rules of nft.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "error.h"
#include "extack.h"
#include "rtnl.h"
#include "transport.h"

/* Longest silence of the kernel. */
#define RTNL_TIMEOUT_MS 5000

int rtnl_open(struct rtnl *r, int netns, int protocol, struct utcp_error *e)
{
	int err;

	/* not the buffers: what nobody touches needs no memory */
	memset(r, 0, offsetof(struct rtnl, tx));
	r->e = e;
	err = transport_open(netns, protocol, &r->t);
	if (err)
		return utcp_error_set(e, utcp_error_classify(-err), -err,
				      "cannot open a netlink socket: %s",
				      strerror(-err));
	return 0;
}

void rtnl_close(struct rtnl *r)
{
	if (r->t)
		r->t->ops->close(r->t);
	r->t = NULL;
}

void rtnl_begin(struct rtnl *r, uint16_t type, uint16_t flags, const void *head,
		size_t len)
{
	r->nlh = mnl_nlmsg_put_header(r->tx);
	r->nlh->nlmsg_type = type;
	r->nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	r->nlh->nlmsg_seq = ++r->seq;
	r->nlh->nlmsg_pid = r->t->portid;
	memcpy(mnl_nlmsg_put_extra_header(r->nlh, len), head, len);
}

void rtnl_put(struct rtnl *r, uint16_t type, const void *data, size_t len)
{
	if (r->nlh &&
	    !mnl_attr_put_check(r->nlh, RTNL_TX_SIZE, type, len, data))
		r->nlh = NULL;
}

void rtnl_u32(struct rtnl *r, uint16_t type, uint32_t value)
{
	rtnl_put(r, type, &value, sizeof(value));
}

void rtnl_str(struct rtnl *r, uint16_t type, const char *text)
{
	rtnl_put(r, type, text, strlen(text) + 1);
}

struct nlattr *rtnl_nest(struct rtnl *r, uint16_t type)
{
	struct nlattr *nest = NULL;

	if (r->nlh)
		nest = mnl_attr_nest_start_check(r->nlh, RTNL_TX_SIZE, type);
	if (!nest)
		r->nlh = NULL;
	return nest;
}

void rtnl_nest_end(struct rtnl *r, struct nlattr *nest)
{
	if (r->nlh && nest)
		mnl_attr_nest_end(r->nlh, nest);
}

static int failed(struct rtnl *r, int err)
{
	if (err == -EAGAIN)
		return utcp_error_set(r->e, LIBUTCP_E_TIMEOUT, ETIMEDOUT,
				      "the kernel did not answer within %d ms",
				      RTNL_TIMEOUT_MS);
	return utcp_error_set(r->e, utcp_error_classify(-err), -err,
			      "netlink socket: %s", strerror(-err));
}

/* What is waited for: the verdict on the last message, or the first refusal. */
struct wait {
	const struct nlmsghdr *request; /* the message, if it is one */
	uint32_t first, last;
	int (*take)(const struct nl_msg *msg, void *arg);
	void *arg;
	bool done;
	int err;
};

static void take_verdict(struct rtnl *r, struct wait *w,
			 const struct nl_msg *msg)
{
	static const struct nlmsghdr none = { .nlmsg_len = sizeof(none) };
	const struct nlmsghdr *request = w->request ? w->request : &none;
	struct utcp_error e;
	int err;

	err = extack_error(msg, request, request->nlmsg_len, NULL, &e);
	w->done = err || msg->seq == w->last;
	if (!err || w->err)
		return;
	/* Paths are those of generic netlink. */
	e.attribute[0] = '\0';
	*r->e = e;
	w->err = err;
}

/* A dump ends with a number, which says whether it is whole. */
static void take_end(struct rtnl *r, struct wait *w, const struct nl_msg *msg)
{
	int err = -EBADMSG;

	if (msg->body.len >= sizeof(err))
		memcpy(&err, msg->body.data, sizeof(err));
	w->done = true;
	if (err && !w->err)
		w->err = utcp_error_set(r->e, utcp_error_classify(-err), -err,
					"a list could not be read: %s",
					strerror(-err));
}

static void take_datagram(struct rtnl *r, struct wait *w, size_t len)
{
	struct nl_span span = { .data = r->rx, .len = len };
	struct nl_msg msg;

	while (!w->done && nl_msg_next(&span, &msg) > 0) {
		if (msg.portid != r->t->portid)
			continue;
		if (msg.type == NLMSG_ERROR && msg.seq >= w->first &&
		    msg.seq <= w->last) {
			take_verdict(r, w, &msg);
			continue;
		}
		if (msg.type == NLMSG_DONE && msg.seq == w->last) {
			take_end(r, w, &msg);
			continue;
		}
		if (!w->take || msg.seq != w->first || w->err)
			continue;
		w->err = w->take(&msg, w->arg);
		if (w->err)
			utcp_error_malformed(r->e, "an answer");
	}
}

static int wait_for(struct rtnl *r, const void *data, size_t len,
		    struct wait *w)
{
	int err = r->t->ops->send(r->t, data, len);

	while (!err && !w->done) {
		ssize_t n = r->t->ops->recv(r->t, r->rx, sizeof(r->rx),
					    RTNL_TIMEOUT_MS);

		if (n < 0)
			err = (int)n;
		else
			take_datagram(r, w, (size_t)n);
	}
	return err ? failed(r, err) : w->err;
}

int rtnl_run(struct rtnl *r, int (*take)(const struct nl_msg *msg, void *arg),
	     void *arg)
{
	struct wait w = { .request = r->nlh,
			  .first = r->seq,
			  .last = r->seq,
			  .take = take,
			  .arg = arg };

	utcp_error_clear(r->e);
	if (!r->nlh)
		return utcp_error_set(r->e, LIBUTCP_E_ARGUMENT, EMSGSIZE,
				      "the request is larger than %d bytes",
				      RTNL_TX_SIZE);
	return wait_for(r, r->nlh, r->nlh->nlmsg_len, &w);
}

int rtnl_batch(struct rtnl *r, const void *data, size_t len, uint32_t first,
	       uint32_t last)
{
	struct wait w = { .first = first, .last = last };

	utcp_error_clear(r->e);
	return wait_for(r, data, len, &w);
}
