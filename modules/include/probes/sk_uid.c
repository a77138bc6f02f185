// SPDX-License-Identifier: GPL-2.0-only
/* 6.17: sk_uid(), whose a socket is */
#include <net/sock.h>

kuid_t probe(const struct sock *sk)
{
	return sk_uid(sk);
}
