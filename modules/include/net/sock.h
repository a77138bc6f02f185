/* SPDX-License-Identifier: GPL-2.0-only */
/* As the recent one: sk_uid(), sk_drops_read(), struct sockaddr_unsized. */
#ifndef _COMPAT_NET_SOCK_H
#define _COMPAT_NET_SOCK_H

#include_next <net/sock.h>

#ifndef HAVE_SOCKADDR_UNSIZED
#define sockaddr_unsized sockaddr
#endif

#ifndef HAVE_SK_UID
static inline kuid_t sk_uid(const struct sock *sk)
{
	return READ_ONCE(sk->sk_uid);
}
#endif

#ifndef HAVE_SK_DROPS_READ
static inline int sk_drops_read(const struct sock *sk)
{
	return atomic_read(&sk->sk_drops);
}
#endif

#endif /* _COMPAT_NET_SOCK_H */
