// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * One request and its answer, or a dump and its many answers.
 *
 * An answer counts only if it has the number of the request, our address, the
 * type of the family and the expected command. If it cannot be told whether
 * more is to come, the socket is closed and the next request opens another, so
 * that nobody takes an old answer for a new one.
 */
#include <errno.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "deadline.h"
#include "error.h"
#include "extack.h"
#include "handle.h"
#include "request.h"

/* How a request stands while its answers come in. */
struct progress {
	bool done;
	bool interrupted; /* the list changed while it was being read */
	bool lost; /* more answers may come that nobody will read */
	int err;
};

void request_begin(struct utcp_handle *h, struct nl_request *r, uint16_t type,
		   uint8_t version, uint8_t cmd, bool dump)
{
	struct genlmsghdr *g;

	utcp_error_clear(&h->error);
	memset(r, 0, sizeof(*r));
	r->nlh = mnl_nlmsg_put_header(h->tx);
	r->nlh->nlmsg_type = type;
	r->nlh->nlmsg_flags = NLM_F_REQUEST | (dump ? NLM_F_DUMP : NLM_F_ACK);
	g = mnl_nlmsg_put_extra_header(r->nlh, sizeof(*g));
	g->cmd = cmd;
	g->version = version;
}

void request_one(struct nl_request *r)
{
	r->one = true;
	if (r->nlh)
		r->nlh->nlmsg_flags &= (uint16_t)~NLM_F_ACK;
}

void request_u32(struct nl_request *r, uint16_t type, uint32_t value)
{
	if (r->nlh &&
	    !mnl_attr_put_u32_check(r->nlh, HANDLE_TX_SIZE, type, value))
		r->nlh = NULL;
}

void request_str(struct nl_request *r, uint16_t type, const char *text)
{
	if (r->nlh &&
	    !mnl_attr_put_strz_check(r->nlh, HANDLE_TX_SIZE, type, text))
		r->nlh = NULL;
}

void request_bytes(struct nl_request *r, uint16_t type, const void *data,
		   size_t len)
{
	if (r->nlh &&
	    !mnl_attr_put_check(r->nlh, HANDLE_TX_SIZE, type, len, data))
		r->nlh = NULL;
}

struct nlattr *request_nest(struct nl_request *r, uint16_t type)
{
	struct nlattr *nest = NULL;

	if (r->nlh)
		nest = mnl_attr_nest_start_check(r->nlh, HANDLE_TX_SIZE, type);
	if (!nest)
		r->nlh = NULL;
	return nest;
}

void request_nest_end(struct nl_request *r, struct nlattr *nest)
{
	if (r->nlh && nest)
		mnl_attr_nest_end(r->nlh, nest);
}

static int take_record(struct utcp_handle *h, struct nl_request *r,
		       struct nl_msg *msg)
{
	uint8_t cmd;

	if (msg->type != r->nlh->nlmsg_type)
		return utcp_error_malformed(&h->error, "type of message");
	if (nl_genl(msg, &cmd))
		return utcp_error_malformed(&h->error, "header");
	if (!r->record || cmd != r->reply)
		return utcp_error_malformed(&h->error, "command");
	r->records++;
	return r->record(h, msg, r->arg);
}

static void take_message(struct utcp_handle *h, struct nl_request *r,
			 struct nl_msg *msg, struct progress *p)
{
	bool dump = r->nlh->nlmsg_flags & NLM_F_ROOT;
	int err;

	if (dump && (msg->flags & NLM_F_DUMP_INTR))
		p->interrupted = true;
	p->done = msg->type == NLMSG_ERROR || msg->type == NLMSG_DONE;
	/* The first error counts; the rest is only read off the socket. */
	if (p->err)
		return;

	switch (msg->type) {
	case NLMSG_NOOP:
		return;
	case NLMSG_ERROR:
		err = extack_error(msg, r->nlh, r->nlh->nlmsg_len, r->set,
				   &h->error);
		break;
	case NLMSG_DONE:
		if (dump)
			err = extack_done(msg, r->nlh, r->nlh->nlmsg_len,
					  r->set, &h->error);
		else
			err = utcp_error_malformed(&h->error, "end of a list");
		break;
	default:
		p->done = r->one;
		err = take_record(h, r, msg);
		break;
	}
	p->err = err;
}

static int recv_error(struct utcp_handle *h, ssize_t n)
{
	switch (n) {
	case -EAGAIN:
		return utcp_error_set(&h->error, LIBUTCP_E_TIMEOUT, ETIMEDOUT,
				      "the kernel did not answer within %d ms",
				      h->timeout_ms);
	case -EMSGSIZE:
		return utcp_error_malformed(&h->error,
					    "larger than any answer may be");
	default:
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, (int)-n,
				      "cannot read from the netlink socket: %s",
				      strerror((int)-n));
	}
}

/* Read one datagram; true if it had anything for this request. */
static bool take_datagram(struct utcp_handle *h, struct nl_request *r,
			  const struct deadline *deadline, struct progress *p)
{
	struct nl_span span = { .data = h->rx };
	bool ours = false;
	struct nl_msg msg;
	ssize_t n;
	int more = 0;

	n = h->transport->ops->recv(h->transport, h->rx, sizeof(h->rx),
				    deadline_left(deadline));
	if (n < 0) {
		p->lost = true;
		if (!p->err)
			p->err = recv_error(h, n);
		return false;
	}
	span.len = (size_t)n;
	while (!p->done && (more = nl_msg_next(&span, &msg)) > 0) {
		if (msg.seq != r->nlh->nlmsg_seq ||
		    msg.portid != h->transport->portid)
			continue;
		ours = true;
		take_message(h, r, &msg, p);
	}
	if (more < 0) {
		p->lost = true;
		if (!p->err)
			p->err = utcp_error_malformed(&h->error,
						      "length of a message");
	}
	return ours;
}

static void run_once(struct utcp_handle *h, struct nl_request *r,
		     struct progress *p)
{
	struct deadline deadline;

	memset(p, 0, sizeof(*p));
	r->records = 0;
	p->err = handle_transport(h);
	if (p->err)
		return;
	r->nlh->nlmsg_seq = ++h->seq;
	r->nlh->nlmsg_pid = h->transport->portid;
	p->err = h->transport->ops->send(h->transport, r->nlh,
					 r->nlh->nlmsg_len);
	if (p->err) {
		utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, -p->err,
			       "cannot write to the netlink socket: %s",
			       strerror(-p->err));
		return;
	}
	deadline = deadline_in(h->timeout_ms);
	while (!p->done && !p->lost)
		if (take_datagram(h, r, &deadline, p))
			deadline = deadline_in(h->timeout_ms);
	if (p->lost)
		handle_drop_transport(h);
}

int request_run(struct utcp_handle *h, struct nl_request *r)
{
	struct progress p;

	if (!r->nlh)
		return utcp_error_set(&h->error, LIBUTCP_E_ARGUMENT, EMSGSIZE,
				      "the request is larger than %d bytes",
				      HANDLE_TX_SIZE);

	for (int i = 0; i < REQUEST_DUMP_TRIES; i++) {
		run_once(h, r, &p);
		if (p.err || !p.interrupted)
			return p.err;
		if (!r->restart)
			break;
		r->restart(r->arg);
	}
	return utcp_error_set(&h->error, LIBUTCP_E_BUSY, EINTR,
			      "the list changed while it was being read");
}
