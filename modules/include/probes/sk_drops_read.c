// SPDX-License-Identifier: GPL-2.0-only
/* 6.18: sk_drops_read(), what a socket has dropped */
#include <net/sock.h>

int probe(const struct sock *sk)
{
	return sk_drops_read(sk);
}
