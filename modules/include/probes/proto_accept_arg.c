// SPDX-License-Identifier: GPL-2.0-only
/* Since 6.10 what accept is to do is in a struct. */
#include <linux/net.h>

static int probe(struct socket *sock, struct socket *newsock,
		 struct proto_accept_arg *arg)
{
	return 0;
}

const struct proto_ops probe_ops = {
	.accept = probe,
};
