// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Traces: following live frames and what decides about them.
 */
#include <errno.h>
#include <string.h>

#include <utcp/acltrace.h>

#include "acl.h"
#include "error.h"
#include "family.h"
#include "handle.h"
#include "names.h"
#include "request.h"

const char *utcp_acl_decider(uint32_t decider)
{
	static const char *const names[] = {
		[0] = "unknown",
		[UTCP_ACL_DECIDER_RULE] = "rule",
		[UTCP_ACL_DECIDER_DEFAULT] = "default",
		[UTCP_ACL_DECIDER_FLOW] = "flow",
		[UTCP_ACL_DECIDER_BASICS] = "basics",
		[UTCP_ACL_DECIDER_IDENTITY] = "identity",
		[UTCP_ACL_DECIDER_HEADERS] = "headers",
	};

	_Static_assert(NL_COUNT(names) == UTCP_ACL_DECIDER_MAX + 1,
		       "a decider without a name");
	return names[decider < NL_COUNT(names) ? decider : 0];
}

/* The reply says how many there will be at most, and nothing else. */
static int take_reply(struct utcp_handle *h, const struct nl_msg *msg,
		      void *arg)
{
	(void)h;
	(void)msg;
	(void)arg;
	return 0;
}

int utcp_acl_trace_begin(struct utcp_handle *h, const char *port,
			 const struct utcp_acl_rule *filter, uint32_t rate)
{
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_TRACE_BEGIN, false);
	if (err)
		return err;
	if (port)
		request_str(&r, UTCP_ACL_A_LOG_IFNAME, port);
	if (filter)
		acl_filter_put(&r, filter);
	if (rate)
		request_u32(&r, UTCP_ACL_A_LOG_RATE, rate);
	r.record = take_reply;
	return family_run(h, &r, LIBUTCP_ACL);
}

int utcp_acl_trace_fd(const struct utcp_handle *h)
{
	return h->transport ? h->transport->ops->fd(h->transport) : -1;
}

/* A message that is something else is passed over. */
static int take_frame(struct utcp_handle *h, struct nl_span span,
		      struct utcp_acl_log *log)
{
	struct nl_msg msg;
	uint8_t cmd;
	int more;

	while ((more = nl_msg_next(&span, &msg)) > 0) {
		if (msg.type != h->ids[LIBUTCP_ACL] || nl_genl(&msg, &cmd) ||
		    cmd != UTCP_ACL_CMD_TRACE_BEGIN)
			continue;
		return acl_log_parse(msg.body, log) ?
			       utcp_error_malformed(&h->error, "frame") :
			       1;
	}
	return more < 0 ?
		       utcp_error_malformed(&h->error, "length of a message") :
		       0;
}

int utcp_acl_trace_next(struct utcp_handle *h, int timeout_ms,
			struct utcp_acl_log *log)
{
	ssize_t n;

	utcp_error_clear(&h->error);
	if (!h->transport)
		return utcp_error_set(&h->error, LIBUTCP_E_ARGUMENT, EINVAL,
				      "no trace has begun");
	n = h->transport->ops->recv(h->transport, h->rx, sizeof(h->rx),
				    timeout_ms);
	if (n == -EAGAIN || n == -EINTR)
		return 0;
	if (n < 0)
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, (int)-n,
				      "cannot read from the netlink socket: %s",
				      strerror((int)-n));
	return take_frame(
		h, (struct nl_span){ .data = h->rx, .len = (size_t)n }, log);
}
