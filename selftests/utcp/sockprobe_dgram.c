// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scenarios of sockprobe that are about datagrams, beside UDP.
 */
#include "sockprobe.h"

#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/sockios.h>

void datagrams(void)
{
	union addr a, b, from;
	socklen_t len, blen, flen = sizeof(from);
	int s = new_socket(0), t = new_socket_there(), n;
	char buf[16];

	say("fresh poll %#x", bits(s));
	call("no destination", send(s, "x", 1, 0));
	call("listen", listen(s, 1));
	call("accept", accept(s, NULL, NULL));
	call("getpeername", getpeername(s, &from.any, &flen));
	call("shutdown", shutdown(s, SHUT_RD));
	close(s);
	s = new_socket(0);
	len = fresh(&a);
	must("bind", bind(s, &a.any, len));
	must("getsockname", getsockname(s, &a.any, &len));
	blen = fresh(&b);
	must("bind", bind(t, &b.any, blen));
	must("getsockname", getsockname(t, &b.any, &blen));
	call("bind again", bind(t, &b.any, blen));
	call("nothing", recv(t, buf, 1, MSG_DONTWAIT));
	call("sendto", sendto(s, "hello", 5, 0, &b.any, blen));
	call("empty", sendto(s, "", 0, 0, &b.any, blen));
	call("short address", sendto(s, "x", 1, 0, &b.any, 3));
	poll_for("there", t, POLLIN);
	/* the empty one, too */
	usleep(50000);
	call("SIOCINQ", ioctl(t, SIOCINQ, &n));
	say("%d", n);
	flen = sizeof(from);
	call("peek", recvfrom(t, buf, 2, MSG_PEEK, &from.any, &flen));
	say("from %d %d", flen == len, !memcmp(&from, &a, len));
	call("trunc", recv(t, buf, 2, MSG_PEEK | MSG_TRUNC));
	call("recv", recv(t, buf, 3, 0));
	call("empty", recv(t, buf, 3, 0));
	call("nothing", recv(t, buf, 3, MSG_DONTWAIT));
	call("error queue", recv(t, buf, 3, MSG_ERRQUEUE));
	close(s);
	close(t);
}

void datagrams_connected(void)
{
	const struct timeval tv = { .tv_usec = 30000 };
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	union addr a, b, c;
	socklen_t len, blen, clen;
	int s[3];
	char buf[16];

	for (int i = 0; i < 3; i++)
		s[i] = i == 1 ? new_socket_there() : new_socket(0);
	len = fresh(&a);
	must("bind", bind(s[0], &a.any, len));
	must("getsockname", getsockname(s[0], &a.any, &len));
	blen = fresh(&b);
	must("bind", bind(s[1], &b.any, blen));
	must("getsockname", getsockname(s[1], &b.any, &blen));
	setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	call("connect", connect(s[0], &b.any, blen));
	clen = sizeof(c);
	call("getpeername",
	     getpeername(s[0], &c.any, &clen) ?: !memcmp(&b, &c, blen));
	must("other", sendto(s[2], "other", 5, 0, &a.any, len));
	call("not from another", recv(s[0], buf, 16, 0));
	call("send", send(s[0], "abc", 3, 0));
	call("recv", recv(s[1], buf, 16, 0));
	must("back", sendto(s[1], "back", 4, 0, &a.any, len));
	call("recv", recv(s[0], buf, 16, 0));
	say("poll %#x", bits(s[0]));
	call("to nobody", connect(s[0], &none, sizeof(none)));
	call("send", send(s[0], "abc", 3, 0));
	must("other", sendto(s[2], "other", 5, 0, &a.any, len));
	call("from another", recv(s[0], buf, 16, 0));
	call("connect", connect(s[0], &b.any, blen));
	call("shutdown", shutdown(s[0], SHUT_RDWR));
	say("poll %#x", bits(s[0]));
	call("recv", recv(s[0], buf, 16, 0));
	call("send", send(s[0], "abc", 3, MSG_NOSIGNAL));
	for (int i = 0; i < 3; i++)
		close(s[i]);
}

/* When it has come, and how many have not since. */
void datagrams_ancillary(void)
{
	char buf[16], control[256];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	union addr a;
	socklen_t len = fresh(&a);
	int s = new_socket(0), t = new_socket_there(), one = 1;
	struct cmsghdr *c;

	must("bind", bind(t, &a.any, len));
	must("getsockname", getsockname(t, &a.any, &len));
	call("SO_TIMESTAMP",
	     setsockopt(t, SOL_SOCKET, SO_TIMESTAMP, &one, sizeof(one)));
	call("SO_RXQ_OVFL",
	     setsockopt(t, SOL_SOCKET, SO_RXQ_OVFL, &one, sizeof(one)));
	must("sendto", sendto(s, "abc", 3, 0, &a.any, len));
	poll_for("there", t, POLLIN);
	msg.msg_control = control;
	msg.msg_controllen = sizeof(control);
	call("recvmsg", recvmsg(t, &msg, 0));
	for (c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c))
		say("%d %d %zu", c->cmsg_level, c->cmsg_type,
		    (size_t)c->cmsg_len);
	close(s);
	close(t);
}

/* Who does not read loses what does not fit; the sender does not wait. */
void datagrams_overflow(void)
{
	static char buf[1200], long_one[65536];
	union addr a;
	socklen_t len = fresh(&a);
	int s = new_socket(0), t = new_socket_there(), n, sent = 0, got = 0;

	must("bind", bind(t, &a.any, len));
	must("getsockname", getsockname(t, &a.any, &len));
	n = 8192;
	setsockopt(t, SOL_SOCKET, SO_RCVBUF, &n, sizeof(n));
	for (n = 0; n < 50; n++)
		sent += sendto(s, buf, sizeof(buf), MSG_DONTWAIT, &a.any,
			       len) == sizeof(buf);
	usleep(100000);
	while (recv(t, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		got++;
	say("sent %d, some came %d, not all %d", sent, got > 1, got < 50);
	call("too long", sendto(s, long_one, sizeof(long_one), 0, &a.any, len));
	close(s);
	close(t);
}
