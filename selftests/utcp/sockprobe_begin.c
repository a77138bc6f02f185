// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scenarios of sockprobe that are about connections that begin, or do not: binding,
 * listening, connecting, accepting.
 */
#include "sockprobe.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

void unconnected(void)
{
	union addr a;
	socklen_t len = sizeof(a);
	char b[8];
	int s = new_socket(0);

	call("send", send(s, "x", 1, MSG_NOSIGNAL));
	call("recv", recv(s, b, 1, 0));
	call("getpeername", getpeername(s, &a.any, &len));
	call("accept", accept(s, NULL, NULL));
	call("shutdown", shutdown(s, SHUT_WR));
	call("bad address family",
	     connect(s, &(struct sockaddr){ .sa_family = 77 }, sizeof(a)));
	close(s);
}

void bound(void)
{
	union addr a;
	socklen_t len = fresh(&a);
	int s = new_socket(0), t = new_socket(0);

	call("bind", bind(s, &a.any, len));
	call("bind the same", bind(t, &a.any, len));
	/* of 2, AF_UNIX takes any name that is free */
	call("bind short", bind(t, &a.any, 1));
	call("listen", listen(s, 1));
	call("listen again", listen(s, 2));
	call("recv", recv(s, &a, 1, 0));
	call("send", send(s, "x", 1, MSG_NOSIGNAL));
	close(s);
	/* none: there is no TIME_WAIT of a listener */
	call("bind after close", bind(t, &a.any, len));
	close(t);
}

void refused(void)
{
	union addr a;
	socklen_t len;
	int l = new_listener(&a, &len, 1), s = new_socket(0);

	close(l);
	call("connect", connect(s, &a.any, len));
	close(s);
}

void accepted(void)
{
	union addr a, b = { 0 };
	socklen_t len, blen = sizeof(b);
	int l = new_listener(&a, &len, 5), s, c;

	fcntl(l, F_SETFL, O_NONBLOCK);
	call("accept, nobody", accept(l, NULL, NULL));
	say("poll %#x", bits(l));
	s = new_socket(0);
	call("connect", connect(s, &a.any, len));
	poll_for("listener", l, POLLIN);
	call("connect again", connect(s, &a.any, len));
	c = accept4(l, &b.any, &blen, SOCK_NONBLOCK);
	say("accept %d", c >= 0);
	say("same family %d", b.any.sa_family == kind->family);
	say("poll %#x", bits(l));
	close(l);
	close(s);
	close(c);
}

void unaccepted(void)
{
	union addr a;
	socklen_t len;
	int l = new_listener(&a, &len, 5), s = new_socket(0);
	char b[8];

	must("connect", connect(s, &a.any, len));
	call("send", send(s, "x", 1, MSG_NOSIGNAL));
	close(l);
	poll_for("listener gone", s, POLLHUP);
	call("recv", recv(s, b, 1, 0));
	close(s);
}

void backlog(void)
{
	union addr a;
	socklen_t len;
	int l = new_listener(&a, &len, 0), one = new_socket(0);
	int s = new_socket(SOCK_NONBLOCK), err, c;
	socklen_t elen = sizeof(err);

	must("connect", connect(one, &a.any, len));
	poll_for("queued", l, POLLIN);
	call("full", connect(s, &a.any, len));
	say("poll %#x", bits(s));
	call("connect again", connect(s, &a.any, len));
	call("send", send(s, "x", 1, MSG_NOSIGNAL));
	call("recv", recv(s, &c, 1, 0));
	c = must("accept", accept(l, NULL, NULL));
	poll_for("connected", s, POLLOUT);
	call("SO_ERROR",
	     getsockopt(s, SOL_SOCKET, SO_ERROR, &err, &elen) ?: err);
	call("connect once more", connect(s, &a.any, len));
	call("connect after", connect(s, &a.any, len));
	call("send", send(s, "x", 1, MSG_NOSIGNAL));
	close(c);
	c = must("accept", accept(l, NULL, NULL));
	call("recv", recv(c, &err, 1, 0));
	close(c);
	close(s);
	close(one);
	close(l);
}

/* The queue is full for longer than SO_SNDTIMEO says. */
void connect_times_out(void)
{
	const struct timeval tv = { .tv_usec = 50000 };
	union addr a;
	socklen_t len;
	int l = new_listener(&a, &len, 0), one = new_socket(0);
	int s = new_socket(0);

	must("connect", connect(one, &a.any, len));
	poll_for("queued", l, POLLIN);
	must("SO_SNDTIMEO",
	     setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)));
	call("connect", connect(s, &a.any, len));
	close(s);
	close(one);
	close(l);
}

void gives_up(void)
{
	union addr a;
	socklen_t len;
	int l = new_listener(&a, &len, 0), one = new_socket(0);
	int s = new_socket(SOCK_NONBLOCK), err;
	socklen_t elen = sizeof(err);

	must("connect", connect(one, &a.any, len));
	poll_for("queued", l, POLLIN);
	call("full", connect(s, &a.any, len));
	call("shutdown", shutdown(s, SHUT_RDWR));
	say("poll %#x", bits(s));
	call("connect again", connect(s, &a.any, len));
	close(l);
	poll_for("listener gone", s, POLLOUT);
	call("SO_ERROR",
	     getsockopt(s, SOL_SOCKET, SO_ERROR, &err, &elen) ?: err);
	close(s);
	close(one);
}

/* A listener that does so no more, and does again. */
void listens_no_more(void)
{
	union addr a;
	socklen_t len;
	int l = new_listener(&a, &len, 5), s = new_socket(0);

	call("shutdown of writing", shutdown(l, SHUT_WR));
	say("poll %#x", bits(l));
	call("shutdown", shutdown(l, SHUT_RD));
	say("poll %#x", bits(l));
	call("accept", accept(l, NULL, NULL));
	call("connect", connect(s, &a.any, len));
	close(s);
	s = new_socket(0);
	call("listen", listen(l, 5));
	call("connect", connect(s, &a.any, len));
	close(l);
	close(s);
}
