// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Requests of netlink that are not generic: links, addresses, routes, rules of nft.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "error.h"
#include "extack.h"
#include "rtnl.h"
#include "transport.h"

/* Longest silence of the kernel. */
#define RTNL_TIMEOUT_MS 5000

/* How often a list that changes is read. */
#define RTNL_DUMP_TRIES 8

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
	r->nlh = mnl_nlmsg_put_header(r->tx + r->held);
	r->nlh->nlmsg_type = type;
	r->nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	r->nlh->nlmsg_seq = ++r->seq;
	if (!r->held)
		r->first = r->seq;
	r->nlh->nlmsg_pid = r->t->portid;
	memcpy(mnl_nlmsg_put_extra_header(r->nlh, len), head, len);
}

void rtnl_put(struct rtnl *r, uint16_t type, const void *data, size_t len)
{
	if (r->nlh &&
	    !mnl_attr_put_check(r->nlh, RTNL_MESSAGE_SIZE, type, len, data))
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
		nest = mnl_attr_nest_start_check(r->nlh, RTNL_MESSAGE_SIZE,
						 type);
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
		if (msg.seq == w->last && (msg.flags & NLM_F_DUMP_INTR))
			r->interrupted = true;
		if (msg.type == NLMSG_ERROR && msg.seq >= w->first &&
		    msg.seq <= w->last) {
			take_verdict(r, w, &msg);
			continue;
		}
		if (msg.type == NLMSG_DONE && msg.seq == w->last) {
			take_end(r, w, &msg);
			continue;
		}
		if (!w->take || msg.seq != w->last || w->err)
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

/* All that waits, and what stands behind it. */
static int run_all(struct rtnl *r, size_t len, struct wait *w)
{
	w->first = r->first;
	w->last = r->seq;
	r->held = 0;
	return wait_for(r, r->tx, len, w);
}

int rtnl_run(struct rtnl *r, int (*take)(const struct nl_msg *msg, void *arg),
	     void *arg)
{
	struct wait w = { .take = take, .arg = arg };
	size_t end;

	utcp_error_clear(r->e);
	if (!r->nlh)
		return utcp_error_set(r->e, LIBUTCP_E_ARGUMENT, EMSGSIZE,
				      "the request is larger than %d bytes",
				      RTNL_MESSAGE_SIZE);
	end = r->held + NLMSG_ALIGN(r->nlh->nlmsg_len);
	if (r->holding && !take && end + RTNL_MESSAGE_SIZE <= RTNL_TX_SIZE) {
		/* Only the last one is answered, but for refusals. */
		r->nlh->nlmsg_flags &= (uint16_t)~NLM_F_ACK;
		r->held = end;
		return 0;
	}
	if (!r->held)
		w.request = r->nlh;
	return run_all(r, end, &w);
}

/* A list, as it comes. */
struct dump {
	unsigned char *data;
	size_t len, room;
};

/* One of it; its body is behind it. */
struct entry {
	uint16_t type;
	uint16_t flags;
	size_t len;
};

static int keep(const struct nl_msg *msg, void *arg)
{
	const struct entry entry = { msg->type, msg->flags, msg->body.len };
	size_t need = sizeof(entry) + NLMSG_ALIGN(entry.len);
	struct dump *d = arg;

	if (need > d->room - d->len) {
		size_t room = 2 * d->room + need;
		unsigned char *more = realloc(d->data, room);

		if (!more)
			return -ENOMEM;
		d->data = more;
		d->room = room;
	}
	memcpy(d->data + d->len, &entry, sizeof(entry));
	if (entry.len)
		memcpy(d->data + d->len + sizeof(entry), msg->body.data,
		       entry.len);
	d->len += need;
	return 0;
}

static int give(struct rtnl *r, const struct dump *d,
		int (*take)(const struct nl_msg *msg, void *arg), void *arg)
{
	struct entry entry;

	for (size_t at = 0; at < d->len;
	     at += sizeof(entry) + NLMSG_ALIGN(entry.len)) {
		struct nl_msg msg = { .seq = r->seq, .portid = r->t->portid };
		int err;

		memcpy(&entry, d->data + at, sizeof(entry));
		msg.type = entry.type;
		msg.flags = entry.flags;
		msg.body.data = d->data + at + sizeof(entry);
		msg.body.len = entry.len;
		err = take(&msg, arg);
		if (err) {
			utcp_error_malformed(r->e, "an answer");
			return err;
		}
	}
	return 0;
}

int rtnl_dump(struct rtnl *r, int (*take)(const struct nl_msg *msg, void *arg),
	      void *arg)
{
	struct dump d = { 0 };
	int err = -EINTR;

	for (int i = 0; i < RTNL_DUMP_TRIES; i++) {
		d.len = 0;
		r->interrupted = false;
		err = rtnl_run(r, keep, &d);
		if (err || !r->interrupted)
			break;
		err = -EINTR;
		r->nlh->nlmsg_seq = ++r->seq;
		r->first = r->seq;
	}
	if (err == -ENOMEM)
		utcp_error_set(r->e, LIBUTCP_E_SYSTEM, ENOMEM, "out of memory");
	else if (err == -EINTR)
		utcp_error_set(r->e, LIBUTCP_E_BUSY, EINTR,
			       "the list changed while it was being read");
	if (!err)
		err = give(r, &d, take, arg);
	free(d.data);
	return err;
}

void rtnl_hold(struct rtnl *r)
{
	r->holding = true;
}

int rtnl_flush(struct rtnl *r, int err)
{
	struct wait w = { 0 };
	size_t held = r->held;

	r->holding = false;
	r->held = 0;
	if (err || !held)
		return err;
	/* the last one of those that wait */
	r->nlh->nlmsg_flags |= NLM_F_ACK;
	return run_all(r, held, &w);
}

int rtnl_batch(struct rtnl *r, const void *data, size_t len, uint32_t first,
	       uint32_t last)
{
	struct wait w = { .first = first, .last = last };

	utcp_error_clear(r->e);
	return wait_for(r, data, len, &w);
}
