// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Ports of netswitch, and the consumers of their frames.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "family.h"
#include "handle.h"
#include "list.h"
#include "port.h"
#include "request.h"

static int parse_drop(struct nl_span span, struct utcp_port_counters *counters)
{
	uint32_t reason = 0;
	uint64_t count = 0;
	struct nl_attr a;
	int more;

	while ((more = nl_attr_next(&span, &a)) > 0) {
		if (a.type == NETSWITCH_A_DROP_REASON &&
		    nl_attr_u32(&a, &reason))
			return -EBADMSG;
		if (a.type == NETSWITCH_A_DROP_COUNT &&
		    nl_attr_uint(&a, &count))
			return -EBADMSG;
	}
	if (reason > NETSWITCH_DROP_REASON_MAX)
		reason = 0;
	counters->drops[reason] += count;
	return more;
}

static int parse_direction(struct nl_span span,
			   struct utcp_port_counters *counters)
{
	struct nl_attr a;
	int more, err = 0;

	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		switch (a.type) {
		case NETSWITCH_A_DIRECTION_FRAMES:
			err = nl_attr_uint(&a, &counters->frames);
			break;
		case NETSWITCH_A_DIRECTION_PASS:
			err = nl_attr_uint(&a, &counters->pass);
			break;
		case NETSWITCH_A_DIRECTION_CONSUMED:
			err = nl_attr_uint(&a, &counters->consumed);
			break;
		case NETSWITCH_A_DIRECTION_HELD:
			err = nl_attr_uint(&a, &counters->held);
			break;
		case NETSWITCH_A_DIRECTION_COPIED:
			err = nl_attr_uint(&a, &counters->copied);
			break;
		case NETSWITCH_A_DIRECTION_COPY_DROPS:
			err = nl_attr_uint(&a, &counters->copy_drops);
			break;
		case NETSWITCH_A_DIRECTION_DROP:
			err = parse_drop(a.value, counters);
			break;
		}
	}
	return err ? err : more;
}

int port_parse(struct nl_span span, struct utcp_port *port)
{
	struct nl_attr a;
	int more, err = 0;
	uint32_t up = 0;

	memset(port, 0, sizeof(*port));
	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		switch (a.type) {
		case NETSWITCH_A_PORT_IFINDEX:
			err = nl_attr_u32(&a, &port->ifindex);
			break;
		case NETSWITCH_A_PORT_IFNAME:
			err = nl_attr_str(&a, port->name, sizeof(port->name));
			break;
		case NETSWITCH_A_PORT_FLAGS:
			err = nl_attr_u32(&a, &port->flags);
			break;
		case NETSWITCH_A_PORT_MAC:
			err = nl_attr_mac(&a, port->mac);
			break;
		case NETSWITCH_A_PORT_MTU:
			err = nl_attr_u32(&a, &port->mtu);
			break;
		case NETSWITCH_A_PORT_UP:
			err = nl_attr_u32(&a, &up);
			break;
		case NETSWITCH_A_PORT_IN:
			err = parse_direction(a.value, &port->in);
			break;
		case NETSWITCH_A_PORT_OUT:
			err = parse_direction(a.value, &port->out);
			break;
		}
	}
	port->up = up;
	if (!err && !more && !(port->ifindex && port->name[0]))
		return -EBADMSG;
	return err ? err : more;
}

int consumer_parse(struct nl_span span, struct utcp_consumer *consumer)
{
	uint32_t promisc = 0;
	struct nl_attr a;
	int more, err = 0;

	memset(consumer, 0, sizeof(*consumer));
	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		switch (a.type) {
		case NETSWITCH_A_CONSUMER_IFINDEX:
			err = nl_attr_u32(&a, &consumer->ifindex);
			break;
		case NETSWITCH_A_CONSUMER_ETHERTYPE:
			err = nl_attr_u32(&a, &consumer->ethertype);
			break;
		case NETSWITCH_A_CONSUMER_VID:
			err = nl_attr_u32(&a, &consumer->vid);
			break;
		case NETSWITCH_A_CONSUMER_NAME:
			err = nl_attr_str(&a, consumer->name,
					  sizeof(consumer->name));
			break;
		case NETSWITCH_A_CONSUMER_PROMISC:
			err = nl_attr_u32(&a, &promisc);
			break;
		case NETSWITCH_A_CONSUMER_FRAMES:
			err = nl_attr_uint(&a, &consumer->frames);
			break;
		case NETSWITCH_A_CONSUMER_DROPS:
			err = nl_attr_uint(&a, &consumer->drops);
			break;
		}
	}
	consumer->promisc = promisc;
	if (!err && !more && !(consumer->ifindex && consumer->ethertype))
		return -EBADMSG;
	return err ? err : more;
}

static int parse_port(struct nl_span span, void *record)
{
	return port_parse(span, record);
}

static int parse_consumer(struct nl_span span, void *record)
{
	return consumer_parse(span, record);
}

/* A request about one port, answered with it. */
static int port_run(struct utcp_handle *h, uint8_t cmd, const char *name,
		    const uint32_t *flags, struct utcp_port *port)
{
	struct nl_list list = { .size = sizeof(*port),
				.parse = parse_port,
				.what = "port" };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_NETSWITCH, cmd, false);
	if (err)
		return err;
	request_str(&r, NETSWITCH_A_PORT_IFNAME, name);
	if (flags)
		request_u32(&r, NETSWITCH_A_PORT_FLAGS, *flags);
	return list_run_one(h, &r, LIBUTCP_NETSWITCH, &list, port);
}

int utcp_port_add(struct utcp_handle *h, const char *name, uint32_t flags,
		  struct utcp_port *port)
{
	return port_run(h, NETSWITCH_CMD_PORT_ADD, name, &flags, port);
}

int utcp_port_set(struct utcp_handle *h, const char *name, uint32_t flags,
		  struct utcp_port *port)
{
	return port_run(h, NETSWITCH_CMD_PORT_SET, name, &flags, port);
}

int utcp_port_del(struct utcp_handle *h, const char *name,
		  struct utcp_port *port)
{
	return port_run(h, NETSWITCH_CMD_PORT_DEL, name, NULL, port);
}

int utcp_port_get(struct utcp_handle *h, const char *name,
		  struct utcp_port *port)
{
	return port_run(h, NETSWITCH_CMD_PORT_GET, name, NULL, port);
}

int utcp_port_list(struct utcp_handle *h, struct utcp_port **ports, size_t *n)
{
	struct nl_list list = { .size = sizeof(**ports),
				.parse = parse_port,
				.what = "port" };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_NETSWITCH, NETSWITCH_CMD_PORT_GET,
			   true);
	if (!err)
		err = list_run(h, &r, LIBUTCP_NETSWITCH, &list);
	*ports = (struct utcp_port *)list.records;
	*n = list.n;
	return err;
}

int utcp_consumer_list(struct utcp_handle *h, uint32_t ifindex,
		       struct utcp_consumer **consumers, size_t *n)
{
	struct nl_list list = { .size = sizeof(**consumers),
				.parse = parse_consumer,
				.what = "consumer" };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_NETSWITCH, NETSWITCH_CMD_CONSUMER_GET,
			   true);
	if (!err && ifindex)
		request_u32(&r, NETSWITCH_A_CONSUMER_IFINDEX, ifindex);
	if (!err)
		err = list_run(h, &r, LIBUTCP_NETSWITCH, &list);
	*consumers = (struct utcp_consumer *)list.records;
	*n = list.n;
	return err;
}
