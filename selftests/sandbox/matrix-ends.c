// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sockets of the isolation matrix: each end hears all kinds at once, and is asked from
 * its own namespace.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>

#include "matrix.h"

#define GROUP4 "239.7.7.7"
#define GROUP6 "ff12::7777"
#define ICMP_ID 0x6d78
#define SOURCES_MAX 1024

/* What is listened to. */
enum what {
	FRAMES, /* of a link */
	DATAGRAMS,
	ECHO4, /* answers to pings */
	ECHO6,
	LISTENER, /* who connects is told the end's number */
	CLIENT, /* waits for that number */
	DONE,
};

static struct source {
	enum what what;
	unsigned int end; /* who hears it */
	const struct link *link; /* of FRAMES */
	unsigned int row, kind; /* of CLIENT */
} sources[SOURCES_MAX];
static struct pollfd fds[SOURCES_MAX];
static unsigned int source_count;

static struct source *listen_to(int fd, enum what what, unsigned int end)
{
	struct source *s = &sources[source_count];

	if (source_count == SOURCES_MAX)
		die("too many sockets");
	fds[source_count++] =
		(struct pollfd){ .fd = fd,
				 .events = what == CLIENT ? POLLOUT : POLLIN };
	*s = (struct source){ .what = what, .end = end };
	return s;
}

static int new_socket(int family, int type, int protocol)
{
	int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		die("socket");
	return fd;
}

union addr {
	struct sockaddr any;
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;
	struct sockaddr_utcp utcp;
};

static socklen_t addr4(union addr *a, struct in_addr ip, uint16_t port)
{
	*a = (union addr){ .in4 = { .sin_family = AF_INET,
				    .sin_port = htons(port),
				    .sin_addr = ip } };
	return sizeof(a->in4);
}

static socklen_t addr6(union addr *a, const struct in6_addr *ip, uint16_t port)
{
	*a = (union addr){ .in6 = { .sin6_family = AF_INET6,
				    .sin6_port = htons(port),
				    .sin6_addr = *ip } };
	return sizeof(a->in6);
}

static const struct in_addr any4 = { INADDR_ANY };
static const struct in_addr local4 = { 0x0100007f };

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "127.0.0.1");

/* A socket that has this address. */
static int bound(int type, const union addr *a, socklen_t len)
{
	int fd = new_socket(a->any.sa_family, type, 0), one = 1;

	if (a->any.sa_family == AF_INET6 &&
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one)))
		die("IPV6_V6ONLY");
	if (bind(fd, &a->any, len))
		die("bind");
	if (type == SOCK_STREAM && listen(fd, 128))
		die("listen");
	return fd;
}

static void join(const struct end *end, int fd4, int fd6)
{
	struct ip_mreqn mreq4 = { 0 };
	struct ipv6_mreq mreq6 = { 0 };

	inet_pton(AF_INET, GROUP4, &mreq4.imr_multiaddr);
	inet_pton(AF_INET6, GROUP6, &mreq6.ipv6mr_multiaddr);
	for (unsigned int i = 0; i < end->links; i++) {
		mreq4.imr_ifindex = end->link[i].index;
		mreq6.ipv6mr_interface = end->link[i].index;
		if (setsockopt(fd4, IPPROTO_IP, IP_ADD_MEMBERSHIP, &mreq4,
			       sizeof(mreq4)) ||
		    setsockopt(fd6, IPPROTO_IPV6, IPV6_JOIN_GROUP, &mreq6,
			       sizeof(mreq6)))
			die("joining groups");
	}
}

static void hear_links(unsigned int n)
{
	struct end *end = &ends[n];

	for (unsigned int i = 0; i < end->links; i++) {
		struct link *link = &end->link[i];
		const struct sockaddr_ll ll = {
			.sll_family = AF_PACKET,
			.sll_protocol = htons(ETH_P_ALL),
			.sll_ifindex = if_nametoindex(link->dev),
		};
		int room = 4 << 20;

		link->index = ll.sll_ifindex;
		if (!link->index)
			die(link->dev);
		link->packet = new_socket(AF_PACKET, SOCK_RAW, 0);
		if (setsockopt(link->packet, SOL_SOCKET, SO_RCVBUFFORCE, &room,
			       sizeof(room)) ||
		    bind(link->packet, (void *)&ll, sizeof(ll)))
			die("packet socket");
		listen_to(link->packet, FRAMES, n)->link = link;
	}
}

static void hear(unsigned int n)
{
	struct end *end = &ends[n];
	union addr a;
	int fd4, fd6;

	enter(end);
	hear_links(n);
	end->udp4 = new_socket(AF_INET, SOCK_DGRAM, 0);
	end->udp6 = new_socket(AF_INET6, SOCK_DGRAM, 0);
	end->icmp4 = new_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	end->icmp6 = new_socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
	listen_to(end->icmp4, ECHO4, n);
	listen_to(end->icmp6, ECHO6, n);

	fd4 = bound(SOCK_DGRAM, &a, addr4(&a, any4, PORT_UDP));
	fd6 = bound(SOCK_DGRAM, &a, addr6(&a, &in6addr_any, PORT_UDP));
	listen_to(fd4, DATAGRAMS, n);
	listen_to(fd6, DATAGRAMS, n);
	join(end, fd4, fd6);
	fd4 = bound(SOCK_DGRAM, &a, addr4(&a, local4, PORT_LOCAL));
	listen_to(fd4, DATAGRAMS, n);
	fd6 = bound(SOCK_DGRAM, &a, addr6(&a, &in6addr_loopback, PORT_LOCAL));
	listen_to(fd6, DATAGRAMS, n);

	for (uint16_t port = PORT_TCP; port <= PORT_PUBLISHED; port++) {
		fd4 = bound(SOCK_STREAM, &a, addr4(&a, any4, port));
		listen_to(fd4, LISTENER, n);
		fd6 = bound(SOCK_STREAM, &a, addr6(&a, &in6addr_any, port));
		listen_to(fd6, LISTENER, n);
	}
	fd4 = bound(SOCK_STREAM, &a, addr4(&a, local4, PORT_SERVICE + n));
	listen_to(fd4, LISTENER, n);
	fd6 = bound(SOCK_STREAM, &a,
		    addr6(&a, &in6addr_loopback, PORT_SERVICE + n));
	listen_to(fd6, LISTENER, n);
	a = (union addr){ .utcp = { .sutcp_family = AF_UTCP,
				    .sutcp_port = PORT_UTCP } };
	listen_to(bound(SOCK_STREAM, &a, sizeof(a.utcp)), LISTENER, n);
}

void ends_listen(void)
{
	for (unsigned int i = 0; i < end_count; i++)
		hear(i);
}

/* --- asking ---------------------------------------------------------------------- */

/* What has no way to its address does not pass, so nothing is made of errors here. */
static void send_datagram(int fd, const union addr *to, socklen_t len,
			  unsigned int number, enum kind kind)
{
	struct mark mark = { .row = number, .kind = kind };

	memcpy(mark.magic, MAGIC, sizeof(mark.magic));
	(void)!sendto(fd, &mark, sizeof(mark), 0, &to->any, len);
}

static void ask_groups(const struct row *row, enum kind kind)
{
	struct end *from = &ends[row->from];
	const struct link *link;
	int fd, one = 1;
	union addr a;
	socklen_t len;

	if (!from->links)
		return;
	link = link_to(from, &ends[row->to]);
	if (kind == MULTI6) {
		len = addr6(&a, &in6addr_any, PORT_UDP);
		inet_pton(AF_INET6, GROUP6, &a.in6.sin6_addr);
		a.in6.sin6_scope_id = link->index;
	} else {
		len = addr4(&a, (struct in_addr){ INADDR_BROADCAST }, PORT_UDP);
		if (kind == MULTI4)
			inet_pton(AF_INET, GROUP4, &a.in4.sin_addr);
	}
	fd = new_socket(a.any.sa_family, SOCK_DGRAM, 0);
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, link->dev,
		       sizeof(link->dev)) ||
	    setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &one, sizeof(one)))
		die("SO_BINDTODEVICE");
	send_datagram(fd, &a, len, row->from, kind);
	close(fd);
}

static void ask_echo(const struct row *row, enum kind kind)
{
	const struct end *from = &ends[row->from];
	union addr a;
	socklen_t len;

	if (kind == ICMP4) {
		struct icmphdr echo = { .type = ICMP_ECHO };
		uint32_t sum;

		echo.un.echo.id = htons(ICMP_ID);
		echo.un.echo.sequence = htons(row - rows);
		sum = (ICMP_ECHO << 8) + ICMP_ID + (row - rows);
		echo.checksum = htons(~((sum & 0xffff) + (sum >> 16)));
		len = addr4(&a, row->ip4, 0);
		(void)!sendto(from->icmp4, &echo, sizeof(echo), 0, &a.any, len);
	} else {
		struct icmp6_hdr echo = { .icmp6_type = ICMP6_ECHO_REQUEST };

		echo.icmp6_id = htons(ICMP_ID);
		echo.icmp6_seq = htons(row - rows);
		len = addr6(&a, &row->ip6, 0);
		(void)!sendto(from->icmp6, &echo, sizeof(echo), 0, &a.any, len);
	}
}

static void ask_stream(const struct row *row, enum kind kind)
{
	socklen_t len;
	union addr a;
	struct source *s;
	int fd;

	switch (kind) {
	case TCP4:
		len = addr4(&a, row->ip4, row->port);
		break;
	case TCP6:
		len = addr6(&a, &row->ip6, row->port);
		break;
	case SERVICE4:
		len = addr4(&a, local4, PORT_SERVICE + row->to);
		break;
	case SERVICE6:
		len = addr6(&a, &in6addr_loopback, PORT_SERVICE + row->to);
		break;
	default:
		a = (union addr){ .utcp = { .sutcp_family = AF_UTCP,
					    .sutcp_port = PORT_UTCP } };
		memcpy(a.utcp.sutcp_cell, ends[row->to].cell,
		       sizeof(a.utcp.sutcp_cell));
		len = sizeof(a.utcp);
	}
	fd = new_socket(a.any.sa_family, SOCK_STREAM, 0);
	if (connect(fd, &a.any, len) && errno != EINPROGRESS) {
		close(fd);
		return;
	}
	s = listen_to(fd, CLIENT, row->from);
	s->row = row - rows;
	s->kind = kind;
}

static void ask_frame(const struct row *row, enum kind kind)
{
	uint8_t frame[FRAME_MAX];
	size_t len = frame_make(frame, row, kind);
	const struct link *link;
	struct sockaddr_ll ll = { .sll_family = AF_PACKET };

	if (!len)
		return;
	link = link_to(&ends[row->from], &ends[row->to]);
	ll.sll_ifindex = link->index;
	/* Who stops it is behind the link: what is not sent at all is no answer. */
	if (sendto(link->packet, frame, len, 0, (void *)&ll, sizeof(ll)) !=
	    (ssize_t)len)
		die(link->dev);
}

void row_ask(unsigned int number)
{
	const struct row *row = &rows[number];
	const struct end *from = &ends[row->from];
	union addr a;
	socklen_t len;

	enter(from);
	for (unsigned int kind = 0; kind < KINDS; kind++) {
		if (!(row->tried & BIT(kind)))
			continue;
		switch (kind) {
		case UDP4:
			len = addr4(&a, row->ip4, PORT_UDP);
			send_datagram(from->udp4, &a, len, number, kind);
			break;
		case UDP6:
			len = addr6(&a, &row->ip6, PORT_UDP);
			send_datagram(from->udp6, &a, len, number, kind);
			break;
		case ICMP4:
		case ICMP6:
			ask_echo(row, kind);
			break;
		case MULTI4:
		case BROAD4:
		case MULTI6:
			ask_groups(row, kind);
			break;
		case TCP4:
		case TCP6:
		case UTCP:
		case SERVICE4:
		case SERVICE6:
			ask_stream(row, kind);
			break;
		default:
			ask_frame(row, kind);
		}
	}
}

/* --- hearing --------------------------------------------------------------------- */

static void hear_frames(const struct source *s, int fd)
{
	uint8_t frame[256];
	struct sockaddr_ll from = {};
	socklen_t len = sizeof(from);
	ssize_t n;

	while ((n = recvfrom(fd, frame, sizeof(frame), 0, (void *)&from,
			     &len)) >= 0) {
		if (from.sll_pkttype != PACKET_OUTGOING)
			frame_read(s->end, s->link, frame, n);
		len = sizeof(from);
	}
}

static void hear_datagrams(const struct source *s, int fd)
{
	struct mark mark;

	while (recv(fd, &mark, sizeof(mark), 0) == sizeof(mark)) {
		if (!memcmp(mark.magic, MAGIC, sizeof(mark.magic)))
			has_come(s->end, &mark, false);
	}
}

/* Raw sockets hear all echoes of their namespace; a row's number is its own. */
static void hear_echo(const struct source *s, int fd)
{
	uint8_t in[256];
	uint16_t id, seq;
	ssize_t n;

	while ((n = recv(fd, in, sizeof(in), 0)) >= 0) {
		const uint8_t *icmp = s->what == ECHO4 ? in + 20 : in;

		if (n < icmp - in + 8)
			continue;
		if (icmp[0] !=
		    (s->what == ECHO4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY))
			continue;
		id = icmp[4] << 8 | icmp[5];
		seq = icmp[6] << 8 | icmp[7];
		if (id == ICMP_ID && seq < row_count &&
		    rows[seq].from == s->end)
			answered(seq, s->what == ECHO4 ? ICMP4 : ICMP6);
	}
}

static void serve(const struct source *s, int fd)
{
	uint8_t number = s->end;
	int client;

	while ((client = accept(fd, NULL, NULL)) >= 0) {
		(void)!send(client, &number, 1, MSG_NOSIGNAL);
		close(client);
	}
}

/* Connected is not enough: somebody else may have answered. */
static void hear_client(struct source *s, struct pollfd *p)
{
	uint8_t number;
	ssize_t n;

	if (p->events == POLLOUT) {
		int err = 0;
		socklen_t len = sizeof(err);

		if (getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &err, &len) || err)
			goto out;
		p->events = POLLIN;
		return;
	}
	n = recv(p->fd, &number, 1, 0);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n == 1 && number == rows[s->row].to)
		answered(s->row, s->kind);
	else if (n == 1)
		answered_by(s->row, s->kind, number);
out:
	close(p->fd);
	p->fd = -1;
	s->what = DONE;
}

bool ends_hear(int ms)
{
	int n = poll(fds, source_count, ms);

	if (n < 0)
		die("poll");
	for (unsigned int i = 0; n && i < source_count; i++) {
		struct source *s = &sources[i];

		if (!fds[i].revents)
			continue;
		switch (s->what) {
		case FRAMES:
			hear_frames(s, fds[i].fd);
			break;
		case DATAGRAMS:
			hear_datagrams(s, fds[i].fd);
			break;
		case ECHO4:
		case ECHO6:
			hear_echo(s, fds[i].fd);
			break;
		case LISTENER:
			serve(s, fds[i].fd);
			break;
		case CLIENT:
			hear_client(s, &fds[i]);
			break;
		case DONE:
			break;
		}
	}
	return n;
}
