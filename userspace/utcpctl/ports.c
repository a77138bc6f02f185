// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "ports.h"

static int compare(const void *ifindex, const void *port)
{
	uint32_t a = *(const uint32_t *)ifindex;
	uint32_t b = ((const struct utcp_port *)port)->ifindex;

	return (a > b) - (a < b);
}

const char *ports_name(uint32_t ifindex, const struct utcp_port *ports,
		       size_t n)
{
	const struct utcp_port *port =
		n ? bsearch(&ifindex, ports, n, sizeof(*ports), compare) : NULL;

	return port ? port->name : NULL;
}

int ports_print(struct cmd_context *c, const struct cmd_args *args,
		ports_print_fn *print)
{
	struct utcp_handle *h = cmd_handle(c);
	struct utcp_port *ports = NULL, port = { 0 };
	int code;
	size_t n;

	if (!h)
		return c->fault.exit;
	if (args->n) {
		if (utcp_port_get(h, args->word[0].text, &port))
			return cmd_failed(c);
		return print(c, h, port.ifindex, &port, 1);
	}
	if (utcp_port_list(h, &ports, &n))
		return cmd_failed(c);
	code = print(c, h, 0, ports, n);
	free(ports);
	return code;
}
