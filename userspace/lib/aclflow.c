// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Flows that access lists have allowed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <utcp/aclflow.h>

#include "error.h"
#include "family.h"
#include "handle.h"
#include "list.h"
#include "names.h"
#include "netns.h"
#include "request.h"

const char *utcp_acl_flow_state(uint32_t state)
{
	static const char *const names[] = {
		[0] = "unknown",
		[UTCP_ACL_FLOW_STATE_NEW] = "new",
		[UTCP_ACL_FLOW_STATE_REPLIED] = "replied",
		[UTCP_ACL_FLOW_STATE_ESTABLISHED] = "established",
		[UTCP_ACL_FLOW_STATE_CLOSING] = "closing",
		[UTCP_ACL_FLOW_STATE_CLOSED] = "closed",
	};

	_Static_assert(NL_COUNT(names) == UTCP_ACL_FLOW_STATE_MAX + 1,
		       "a state without a name");
	return names[state < NL_COUNT(names) ? state : 0];
}

/* The member that a number of 32 bits fills, or NULL. */
static uint32_t *flow_number(struct utcp_acl_flow *flow, uint16_t type)
{
	switch (type) {
	case UTCP_ACL_A_FLOW_IFINDEX:
		return &flow->ifindex;
	case UTCP_ACL_A_FLOW_DIRECTION:
		return &flow->direction;
	case UTCP_ACL_A_FLOW_PROTO:
		return &flow->proto;
	case UTCP_ACL_A_FLOW_SRC_PORT:
		return &flow->src_port;
	case UTCP_ACL_A_FLOW_DST_PORT:
		flow->has_dst_port = true;
		return &flow->dst_port;
	case UTCP_ACL_A_FLOW_STATE:
		return &flow->state;
	case UTCP_ACL_A_FLOW_KIND:
		return &flow->kind;
	default:
		return NULL;
	}
}

/* The member that a number of 64 bits fills, or NULL. */
static uint64_t *flow_counter(struct utcp_acl_flow *flow, uint16_t type)
{
	switch (type) {
	case UTCP_ACL_A_FLOW_HANDLE:
		return &flow->handle;
	case UTCP_ACL_A_FLOW_AGE:
		return &flow->age;
	case UTCP_ACL_A_FLOW_EXPIRES:
		return &flow->expires;
	case UTCP_ACL_A_FLOW_PACKETS:
		return &flow->packets;
	case UTCP_ACL_A_FLOW_BYTES:
		return &flow->bytes;
	case UTCP_ACL_A_FLOW_REPLY_PACKETS:
		return &flow->reply_packets;
	case UTCP_ACL_A_FLOW_REPLY_BYTES:
		return &flow->reply_bytes;
	default:
		return NULL;
	}
}

static int address(const struct nl_attr *a, struct utcp_acl_flow *flow)
{
	bool is6 = a->type == UTCP_ACL_A_FLOW_SRC6 ||
		   a->type == UTCP_ACL_A_FLOW_DST6;
	bool src = a->type == UTCP_ACL_A_FLOW_SRC4 ||
		   a->type == UTCP_ACL_A_FLOW_SRC6;

	if (a->value.len != (is6 ? 16 : 4))
		return -EBADMSG;
	flow->is6 = is6;
	memcpy(src ? flow->src : flow->dst, a->value.data, a->value.len);
	return 0;
}

static int flow_attr(const struct nl_attr *a, struct utcp_acl_flow *flow)
{
	uint32_t *number = flow_number(flow, a->type);
	uint64_t *counter = flow_counter(flow, a->type);

	if (number)
		return nl_attr_u32(a, number);
	if (counter)
		return nl_attr_uint(a, counter);
	switch (a->type) {
	case UTCP_ACL_A_FLOW_IFNAME:
		return nl_attr_str(a, flow->name, sizeof(flow->name));
	case UTCP_ACL_A_FLOW_SRC4:
	case UTCP_ACL_A_FLOW_SRC6:
	case UTCP_ACL_A_FLOW_DST4:
	case UTCP_ACL_A_FLOW_DST6:
		return address(a, flow);
	default:
		return 0;
	}
}

static int flow_parse(struct nl_span span, struct utcp_acl_flow *flow)
{
	struct nl_attr a;
	int more, err = 0;

	memset(flow, 0, sizeof(*flow));
	while (!err && (more = nl_attr_next(&span, &a)) > 0)
		err = flow_attr(&a, flow);
	if (!err && !more && !(flow->name[0] && flow->direction && flow->state))
		return -EBADMSG;
	return err ? err : more;
}

/* Who takes the flows of a list, one by one. */
struct taker {
	int (*take)(const struct utcp_acl_flow *flow, void *arg);
	void *arg;
};

static int take_flow(struct utcp_handle *h, const struct nl_msg *msg, void *arg)
{
	const struct taker *taker = arg;
	struct utcp_acl_flow flow;
	int err;

	if (flow_parse(msg->body, &flow))
		return utcp_error_malformed(&h->error, "flow");
	err = taker->take(&flow, taker->arg);
	if (err)
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, -err,
				      "a flow was not taken: %s",
				      strerror(-err));
	return 0;
}

int utcp_acl_flow_each(struct utcp_handle *h, const char *port,
		       int (*take)(const struct utcp_acl_flow *flow, void *arg),
		       void *arg)
{
	struct taker taker = { take, arg };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_FLOW_GET, true);
	if (err)
		return err;
	if (port)
		request_str(&r, UTCP_ACL_A_FLOW_IFNAME, port);
	r.record = take_flow;
	r.arg = &taker;
	return family_run(h, &r, LIBUTCP_ACL);
}

int utcp_acl_flow_imposed(struct utcp_handle *h, const char *netns,
			  int (*take)(const struct utcp_acl_flow *flow,
				      void *arg),
			  void *arg)
{
	struct taker taker = { take, arg };
	struct nl_request r;
	int fd, err;

	err = family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_FLOW_GET, true);
	if (err)
		return err;
	fd = netns_open(netns, &h->error);
	if (fd < 0)
		return fd;
	request_u32(&r, UTCP_ACL_A_FLOW_NETNS_FD, (uint32_t)fd);
	r.record = take_flow;
	r.arg = &taker;
	err = family_run(h, &r, LIBUTCP_ACL);
	close(fd);
	return err;
}

static int parse_number(struct nl_span span, void *record)
{
	struct nl_attr a;
	int more, err = 0;

	while (!err && (more = nl_attr_next(&span, &a)) > 0)
		if (a.type == UTCP_ACL_A_FLOW_FLOWS)
			err = nl_attr_u32(&a, record);
	return err ? err : more;
}

int utcp_acl_flow_flush(struct utcp_handle *h, const char *port, uint32_t *n)
{
	struct nl_list list = { .size = sizeof(*n),
				.parse = parse_number,
				.what = "number of flows" };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_FLOW_FLUSH, false);
	if (err)
		return err;
	if (port)
		request_str(&r, UTCP_ACL_A_FLOW_IFNAME, port);
	return list_run_one(h, &r, LIBUTCP_ACL, &list, n);
}
