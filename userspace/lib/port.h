/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading ports and consumers off netlink messages.
 */
#ifndef LIBUTCP_PORT_PRIV_H
#define LIBUTCP_PORT_PRIV_H

#include <utcp/port.h>

#include "nlparse.h"

/**
 * port_parse() - read a port
 * @span: attributes of a port
 * @port: set to the port
 *
 * Return: 0, or -EBADMSG.
 */
int port_parse(struct nl_span span, struct utcp_port *port);

/**
 * consumer_parse() - read a consumer
 * @span: attributes of a consumer
 * @consumer: set to the consumer
 *
 * Return: 0, or -EBADMSG.
 */
int consumer_parse(struct nl_span span, struct utcp_consumer *consumer);

#endif
