// SPDX-License-Identifier: GPL-2.0-only
/* 6.19: struct sockaddr_unsized, an address whose length stands beside it */
#include <linux/net.h>

static int probe(struct socket *sock, struct sockaddr_unsized *addr, int len)
{
	return 0;
}

const struct proto_ops probe_ops = {
	.bind = probe,
};
