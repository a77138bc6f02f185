// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * From sockets in a sandbox to services on the loopback of the host.
 *
 * One thread, one connection as good as another. A connection has two ends, and for
 * each a buffer with what it has sent and the other has not taken. An end is read only
 * while its buffer has room, so that who does not read is not read for.
 *
 * Who is in the sandbox may do with its ends what he likes, and must not make the relay
 * work for nothing: what epoll says again and again, asked or not, it is not told to look at.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sandboxrelay.h"

#define BUFFER_SIZE 32768

/*
 * Of a socket, each way; the kernel doubles it. Left to itself it grows to megabytes, which
 * are the host's, for each connection that somebody in the sandbox leaves unread.
 */
#define SOCKET_BUFFER 131072

#define EVENTS 32

/* Until it is tried again what has failed for want of descriptors or memory. */
#define REST_MS 100

struct conn;

/**
 * struct end - an end of a connection
 * @conn: the connection
 * @fd: its socket; -1: it is closed
 * @from: first byte of @data that the other end has not taken
 * @to: end of the bytes of @data
 * @eof: it sends no more
 * @told: the other end knows that
 * @hup: its socket has ended both ways, which epoll says whatever it is asked
 * @watched: epoll looks at it
 * @data: what it has sent
 */
struct end {
	struct conn *conn;
	int fd;
	size_t from, to;
	bool eof;
	bool told;
	bool hup;
	bool watched;
	unsigned char data[BUFFER_SIZE];
};

/**
 * struct conn - a connection
 * @next: another one
 * @connecting: the service has not answered yet
 * @tried6: ::1 was tried
 * @dead: to be freed when all events are through
 * @port: port of the service
 * @client: who connected
 * @service: the service
 */
struct conn {
	struct conn *next;
	bool connecting;
	bool tried6;
	bool dead;
	uint16_t port;
	struct end client;
	struct end service;
};

/**
 * struct relay - all connections
 * @epoll: what is waited for
 * @listeners: where they come from
 * @n: how many listeners there are
 * @conns: the connections
 * @n_conns: how many there are
 * @full: listeners are not looked at
 * @rests: nor are they for REST_MS: there was nothing to take a connection with
 */
struct relay {
	int epoll;
	const struct relay_listener *listeners;
	size_t n;
	struct conn *conns;
	size_t n_conns;
	bool full;
	bool rests;
};

static struct end *other(struct end *e)
{
	return e == &e->conn->client ? &e->conn->service : &e->conn->client;
}

static bool listen_to(struct relay *r, int op, uint32_t events)
{
	for (size_t i = 0; i < r->n; i++) {
		struct epoll_event ev = {
			.events = events,
			.data.ptr = (void *)&r->listeners[i],
		};

		/* ENOENT: one that was closed from outside */
		if (epoll_ctl(r->epoll, op, r->listeners[i].fd, &ev) &&
		    errno != ENOENT)
			return false;
	}
	return true;
}

static bool watch(struct relay *r, struct end *e)
{
	int op = e->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
	struct epoll_event ev = { .data.ptr = e };
	struct end *o = other(e);

	if (e->conn->connecting) {
		if (e == &e->conn->service)
			ev.events = EPOLLOUT;
	} else {
		if (!e->eof && e->to < sizeof(e->data))
			ev.events |= EPOLLIN;
		if (o->from < o->to)
			ev.events |= EPOLLOUT;
	}
	if (e->hup && !ev.events) {
		if (!e->watched)
			return true;
		op = EPOLL_CTL_DEL;
	}
	e->watched = op != EPOLL_CTL_DEL;
	return epoll_ctl(r->epoll, op, e->fd, &ev) == 0;
}

/* Who is cut off is told by a reset: it was no end that the other side wanted. */
static void cut(struct conn *c)
{
	const struct linger reset = { .l_onoff = 1 };

	if (c->client.fd >= 0)
		setsockopt(c->client.fd, SOL_SOCKET, SO_LINGER, &reset,
			   sizeof(reset));
	if (c->service.fd >= 0)
		setsockopt(c->service.fd, SOL_SOCKET, SO_LINGER, &reset,
			   sizeof(reset));
	c->dead = true;
}

static void free_conn(struct relay *r, struct conn *c)
{
	struct conn **at = &r->conns;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	/* epoll forgets what is closed */
	if (c->client.fd >= 0)
		close(c->client.fd);
	if (c->service.fd >= 0)
		close(c->service.fd);
	free(c);
	r->n_conns--;
}

static void bound(int fd)
{
	static const int options[] = { SO_SNDBUF, SO_RCVBUF };
	const int size = SOCKET_BUFFER;

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		setsockopt(fd, SOL_SOCKET, options[i], &size, sizeof(size));
}

static int connect_to(bool is6, uint16_t port)
{
	const struct sockaddr_in to4 = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	const struct sockaddr_in6 to6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
		.sin6_addr = IN6ADDR_LOOPBACK_INIT,
	};
	int fd = socket(is6 ? AF_INET6 : AF_INET,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int err;

	if (fd < 0)
		return -1;
	bound(fd);
	err = is6 ? connect(fd, (const struct sockaddr *)&to6, sizeof(to6)) :
		    connect(fd, (const struct sockaddr *)&to4, sizeof(to4));
	if (err && errno != EINPROGRESS) {
		close(fd);
		return -1;
	}
	return fd;
}

/* By IPv4, and if nobody is there, by IPv6. */
static bool call_service(struct relay *r, struct conn *c)
{
	while (!c->tried6 || c->service.fd < 0) {
		bool is6 = c->tried6;

		c->service.fd = connect_to(is6, c->port);
		if (c->service.fd >= 0)
			return watch(r, &c->service);
		if (is6)
			return false;
		c->tried6 = true;
	}
	return false;
}

static void take_client(struct relay *r, const struct relay_listener *l)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	struct conn *c;
	int fd = accept4(l->fd, (struct sockaddr *)&from, &len,
			 SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0) {
		/* Who waits goes on waiting, and epoll would say so without end. */
		r->rests = errno == EMFILE || errno == ENFILE ||
			   errno == ENOMEM || errno == ENOBUFS;
		return;
	}
	bound(fd);
	c = calloc(1, sizeof(*c));
	if (!c) {
		close(fd);
		return;
	}
	c->client.conn = c;
	c->client.fd = fd;
	c->service.conn = c;
	c->service.fd = -1;
	c->connecting = true;
	c->port = l->port;
	c->next = r->conns;
	r->conns = c;
	r->n_conns++;
	if (!watch(r, &c->client) || !call_service(r, c))
		cut(c);
}

/*
 * Where nobody listens, a connection whose own port happens to be the one that it goes to
 * is one with itself; as long as it is there, no service can listen.
 */
static bool is_own(int fd)
{
	struct sockaddr_storage own = { 0 }, peer = { 0 };
	socklen_t own_len = sizeof(own), peer_len = sizeof(peer);

	return getsockname(fd, (struct sockaddr *)&own, &own_len) == 0 &&
	       getpeername(fd, (struct sockaddr *)&peer, &peer_len) == 0 &&
	       own_len == peer_len && memcmp(&own, &peer, own_len) == 0;
}

static void service_answered(struct relay *r, struct conn *c)
{
	socklen_t len = sizeof(int);
	int err = 0;

	if (getsockopt(c->service.fd, SOL_SOCKET, SO_ERROR, &err, &len))
		err = errno;
	if (!err && is_own(c->service.fd))
		err = ECONNREFUSED;
	if (!err) {
		c->connecting = false;
		return;
	}
	close(c->service.fd);
	c->service.fd = -1;
	c->service.watched = false;
	if (c->tried6) {
		cut(c);
		return;
	}
	c->tried6 = true;
	if (!call_service(r, c))
		cut(c);
}

/* Return: whether the end can go on. */
static bool read_end(struct end *e)
{
	ssize_t n;

	if (e->eof || e->to == sizeof(e->data))
		return true;
	n = read(e->fd, e->data + e->to, sizeof(e->data) - e->to);
	if (n > 0)
		e->to += (size_t)n;
	else if (n == 0)
		e->eof = true;
	else
		return errno == EAGAIN || errno == EINTR;
	return true;
}

static bool write_end(struct end *e)
{
	struct end *o = other(e);
	ssize_t n;

	if (o->from < o->to) {
		n = send(e->fd, o->data + o->from, o->to - o->from,
			 MSG_NOSIGNAL);
		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		o->from += (size_t)n;
	}
	if (o->from < o->to)
		return true;
	o->from = 0;
	o->to = 0;
	if (o->eof && !o->told) {
		o->told = true;
		shutdown(e->fd, SHUT_WR);
	}
	return true;
}

static void serve(struct relay *r, struct end *e, uint32_t events)
{
	struct conn *c = e->conn;

	if (c->dead)
		return;
	if (c->connecting) {
		if (e == &c->service)
			service_answered(r, c);
		else if (events & (EPOLLERR | EPOLLHUP))
			cut(c);
		if (c->dead || c->connecting)
			return;
	} else if (events & EPOLLERR) {
		cut(c);
		return;
	}
	e->hup |= !!(events & EPOLLHUP);
	if (!read_end(e) || !write_end(other(e)) || !write_end(e)) {
		cut(c);
		return;
	}
	if (c->client.told && c->service.told)
		c->dead = true;
	else if (!watch(r, &c->client) || !watch(r, &c->service))
		cut(c);
}

/* Who has the right to in the sandbox may close its sockets from outside. */
static void forget(struct relay *r, const struct relay_listener *l)
{
	epoll_ctl(r->epoll, EPOLL_CTL_DEL, l->fd, NULL);
}

static bool is_listener(const struct relay *r, const void *ptr)
{
	const struct relay_listener *l = ptr;

	return l >= r->listeners && l < r->listeners + r->n;
}

/* Those that died in this round: events of them may have been among the others. */
static void bury(struct relay *r)
{
	struct conn *c = r->conns, *next;
	bool full;

	for (; c; c = next) {
		next = c->next;
		if (c->dead)
			free_conn(r, c);
	}
	full = r->rests || r->n_conns >= RELAY_CONNECTIONS;
	if (full != r->full && listen_to(r, EPOLL_CTL_MOD, full ? 0 : EPOLLIN))
		r->full = full;
}

void relay_run(const struct relay_listener *listeners, size_t n, int stop,
	       bool (*go_on)(void *arg), void *arg)
{
	struct relay r = { .epoll = epoll_create1(EPOLL_CLOEXEC),
			   .listeners = listeners,
			   .n = n };
	struct epoll_event events[EVENTS], ev = { .events = EPOLLIN };

	if (r.epoll < 0)
		return;
	if (epoll_ctl(r.epoll, EPOLL_CTL_ADD, stop, &ev) == 0 &&
	    listen_to(&r, EPOLL_CTL_ADD, EPOLLIN)) {
		bool running = true;

		while (running) {
			int got = epoll_wait(r.epoll, events, EVENTS,
					     r.rests ? REST_MS : -1);

			if (got < 0 && errno != EINTR)
				break;
			/* An end may have been closed, or it was waited for long enough. */
			r.rests = false;
			for (int i = 0; i < got; i++) {
				void *ptr = events[i].data.ptr;

				if (!ptr)
					running = go_on(arg);
				else if (!is_listener(&r, ptr))
					serve(&r, ptr, events[i].events);
				else if (events[i].events &
					 (EPOLLERR | EPOLLHUP))
					forget(&r, ptr);
				else if (!r.rests &&
					 r.n_conns < RELAY_CONNECTIONS)
					take_client(&r, ptr);
			}
			bury(&r);
		}
	}
	while (r.conns)
		free_conn(&r, r.conns);
	close(r.epoll);
}
