// SPDX-License-Identifier: GPL-2.0-only
#include <err.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <lwip/api.h>
#include <lwip/priv/tcpip_priv.h>
#include <lwip/tcp.h>

#include "counters.h"
#include "http.h"
#include "pages.h"
#include "server.h"

/* Seconds, to see the end of a connection that has had its last answer. */
#define LINGER_SECONDS 2

#define TICK_MS 500
#define HEAD_MAX 512
#define TEXT_MAX 2048

/**
 * enum phase - of a connection
 * @FREE: there is none
 * @READING: a request is awaited
 * @ANSWERING: an answer goes out; what comes is the next request
 * @LINGERING: the answer was the last one, and the peer has been told; what still
 *	comes is thrown away, for closing now would take the answer back (RFC 9112, 9.6)
 */
enum phase { FREE, READING, ANSWERING, LINGERING };

/**
 * struct connection - a connection; the server thread's own
 * @conn: lwIP's
 * @phase: see enum phase
 * @deadline: when it is ended if nothing goes on
 * @in: what has come and was not answered
 * @in_len: how much
 * @head: first line and headers of the answer
 * @text: its body, if it is made for this one
 * @part: what is to be sent: head and body
 * @left: how much of each
 * @close: it ends with this answer
 * @eof: no more will come
 * @lost: more requests came in advance than there is room for
 */
struct connection {
	struct netconn *conn;
	enum phase phase;
	time_t deadline;
	char in[HTTP_REQUEST_MAX];
	size_t in_len;
	char head[HEAD_MAX];
	char text[TEXT_MAX];
	const char *part[2];
	size_t left[2];
	bool close;
	bool eof;
	bool lost;
};

static struct connection connections[SERVER_CONNECTIONS];
static struct netconn *listener;
static time_t patience;

/* Something has happened. lwIP's threads set it, the server thread takes it back. */
static pthread_mutex_t event_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t event_cond;
static bool event;

/* lwIP's callback, with its lock held. */
static void on_event(struct netconn *conn, enum netconn_evt e, u16_t len)
{
	(void)conn;
	(void)len;
	if (e == NETCONN_EVT_RCVMINUS || e == NETCONN_EVT_SENDMINUS)
		return;
	pthread_mutex_lock(&event_lock);
	event = true;
	pthread_cond_signal(&event_cond);
	pthread_mutex_unlock(&event_lock);
}

static struct timespec now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t;
}

static void wait_event(void)
{
	struct timespec until = now();

	until.tv_nsec += TICK_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&event_lock);
	while (!event &&
	       !pthread_cond_timedwait(&event_cond, &event_lock, &until))
		;
	event = false;
	pthread_mutex_unlock(&event_lock);
}

static void enter(struct connection *c, enum phase next, time_t seconds)
{
	c->phase = next;
	c->deadline = now().tv_sec + seconds;
}

static void end(struct connection *c)
{
	netconn_delete(c->conn);
	c->conn = NULL;
	c->phase = FREE;
}

/* Without waiting for a peer that takes nothing: what was not sent goes, too. */
static void abandon(struct connection *c)
{
	LOCK_TCPIP_CORE();
	if (c->conn->pcb.tcp)
		tcp_abort(c->conn->pcb.tcp);
	UNLOCK_TCPIP_CORE();
	end(c);
}

static void answer(struct connection *c, enum http_status status,
		   const char *type, const char *body, size_t len, bool head)
{
	int n;

	n = snprintf(c->head, sizeof(c->head),
		     "HTTP/1.1 %d %s\r\n"
		     "Server: membrane\r\n"
		     "Content-Type: %s\r\n"
		     "Content-Length: %zu\r\n"
		     "%s%s\r\n",
		     (int)status, http_reason(status), type, len,
		     status == HTTP_NOT_ALLOWED ? "Allow: GET, HEAD\r\n" : "",
		     c->close ? "Connection: close\r\n" : "");
	c->part[0] = c->head;
	c->left[0] = (size_t)n;
	c->part[1] = body;
	c->left[1] = head ? 0 : len;
	count(&counters.requests);
	if (status != HTTP_OK)
		count(&counters.bad_requests);
	enter(c, ANSWERING, patience);
}

static void answer_error(struct connection *c, enum http_status status,
			 bool head)
{
	int n = snprintf(c->text, sizeof(c->text), "%d %s\n", (int)status,
			 http_reason(status));

	answer(c, status, "text/plain; charset=utf-8", c->text, (size_t)n,
	       head);
}

/* The next request, if all of it is here. */
static void next_request(struct connection *c)
{
	struct http_request r;
	enum http_status status = http_parse(c->in, c->in_len, &r);
	const struct page *page;

	if (status == HTTP_INCOMPLETE) {
		if (!c->lost)
			return;
		/* what is missing will not come any more */
		status = HTTP_FIELDS_TOO_LARGE;
		r.used = c->in_len;
	}
	c->in_len -= r.used;
	memmove(c->in, c->in + r.used, c->in_len);
	c->close = r.close || c->lost;
	if (status != HTTP_OK) {
		answer_error(c, status, r.head);
	} else if (strcmp(r.path, "/status") == 0) {
		size_t n = counters_print(c->text, sizeof(c->text));

		answer(c, HTTP_OK, "application/json", c->text, n, r.head);
	} else {
		page = pages_find(r.path);
		if (page)
			answer(c, HTTP_OK, page->type, page->data, page->len,
			       r.head);
		else
			answer_error(c, HTTP_NOT_FOUND, r.head);
	}
}

/* Everything that has come; false if the connection is broken. */
static bool read_all(struct connection *c)
{
	struct pbuf *p;
	err_t ret;

	while (!c->eof) {
		ret = netconn_recv_tcp_pbuf_flags(c->conn, &p,
						  NETCONN_DONTBLOCK);
		if (ret == ERR_WOULDBLOCK)
			return true;
		if (ret == ERR_CLSD) {
			c->eof = true;
			return true;
		}
		if (ret != ERR_OK)
			return false;
		if (c->phase != LINGERING) {
			size_t room = sizeof(c->in) - c->in_len;

			if (p->tot_len > room)
				c->lost = true;
			c->in_len += pbuf_copy_partial(p, c->in + c->in_len,
						       (u16_t)room, 0);
		}
		pbuf_free(p);
	}
	return true;
}

/* As much of the answer as goes; false if the connection is broken. */
static bool write_some(struct connection *c)
{
	for (int i = 0; i < 2; i++) {
		while (c->left[i]) {
			size_t n = 0;
			err_t ret = netconn_write_partly(
				c->conn, c->part[i], c->left[i],
				NETCONN_COPY | NETCONN_DONTBLOCK |
					(i == 0 && c->left[1] ? NETCONN_MORE :
								0),
				&n);

			if (ret == ERR_WOULDBLOCK || (ret == ERR_OK && !n))
				return true;
			if (ret != ERR_OK)
				return false;
			c->part[i] += n;
			c->left[i] -= n;
			enter(c, ANSWERING, patience);
		}
	}
	if (!c->close)
		enter(c, READING, patience);
	else if (netconn_shutdown(c->conn, 0, 1) == ERR_OK)
		enter(c, LINGERING, LINGER_SECONDS);
	else
		return false;
	return true;
}

/* One thing after the other; false if it cannot go on now, or is over. */
static bool step(struct connection *c)
{
	switch (c->phase) {
	case READING:
		next_request(c);
		if (c->phase == ANSWERING)
			return true;
		if (c->eof)
			end(c);
		return false;
	case ANSWERING:
		if (write_some(c))
			return c->phase != ANSWERING;
		abandon(c);
		return false;
	case LINGERING:
		if (c->eof)
			end(c);
		return false;
	case FREE:
		break;
	}
	return false;
}

static void work(struct connection *c)
{
	if (!read_all(c)) {
		abandon(c);
		return;
	}
	while (step(c))
		;
	if (c->phase == FREE || now().tv_sec < c->deadline)
		return;
	/* Whose answer has gone has had what it wanted. */
	if (c->phase != LINGERING)
		count(&counters.expired);
	abandon(c);
}

static struct connection *free_connection(void)
{
	for (size_t i = 0; i < SERVER_CONNECTIONS; i++)
		if (connections[i].phase == FREE)
			return &connections[i];
	return NULL;
}

static void accept_all(void)
{
	struct connection *c;
	struct netconn *conn;

	while (netconn_accept(listener, &conn) == ERR_OK) {
		count(&counters.connections);
		c = free_connection();
		if (!c) {
			count(&counters.refused);
			netconn_delete(conn);
			continue;
		}
		memset(c, 0, sizeof(*c));
		c->conn = conn;
		enter(c, READING, patience);
	}
}

int server_start(uint16_t port, uint32_t seconds)
{
	pthread_condattr_t attr;

	patience = seconds;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&event_cond, &attr);
	listener = netconn_new_with_callback(NETCONN_TCP_IPV6, on_event);
	/* of both: IPv4, too */
	if (!listener || netconn_bind(listener, IP6_ADDR_ANY, port) != ERR_OK ||
	    netconn_listen(listener) != ERR_OK) {
		warnx("lwIP: cannot listen on port %u", port);
		return -1;
	}
	netconn_set_nonblocking(listener, 1);
	return 0;
}

void *server_thread(void *unused)
{
	(void)unused;
	for (;;) {
		wait_event();
		accept_all();
		for (size_t i = 0; i < SERVER_CONNECTIONS; i++)
			if (connections[i].phase != FREE)
				work(&connections[i]);
	}
	return NULL;
}
