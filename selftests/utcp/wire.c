// SPDX-License-Identifier: GPL-2.0-only
/*
 * The middle of a wire. See wire.h.
 */
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../lib/nl.h"

#define ETHERTYPE 0x88b5
/* How long nothing has to come until nothing is under way. */
#define STILL 150

static const char *const namespaces[HOSTS] = { "t-a", "t-b", "t-c" };
static const char *const inner[HOSTS] = { "a0", "b0", "c0" };
static const char *const outer[HOSTS] = { "to-a", "to-b", "to-c" };

struct host hosts[HOSTS];
long slow = 1;
bool (*wire_hook)(struct frame *f);

static int fds[HOSTS], ns[HOSTS], own_ns;
static struct client clients[HOSTS];
static unsigned long seen; /* frames that came here */

void die(const char *format, ...)
{
	int err = errno;
	va_list args;

	printf("# ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf(": %s\n", strerror(err));
	fflush(stdout);
	exit(1);
}

long must(const char *what, long ret)
{
	if (ret < 0)
		die("%s", what);
	return ret;
}

long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool readable(int fd, long ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms) > 0;
}

/* --- frames --------------------------------------------------------------------- */

void wire_send(int to, const struct frame *f)
{
	for (;;) {
		if (send(fds[to], f->bytes, f->len, 0) == (ssize_t)f->len)
			return;
		/* The other end's queue is full for a moment. */
		if (errno != ENOBUFS)
			die("a frame to %s", outer[to]);
		sched_yield();
	}
}

/* To whom it is for; to all others if that is everybody. */
void wire_pass(const struct frame *f)
{
	for (int i = 0; i < HOSTS; i++)
		if (i != f->from && ((f->bytes[0] & 1) ||
				     !memcmp(f->bytes, hosts[i].mac, ETH_ALEN)))
			wire_send(i, f);
}

/* Takes what is there from one host. */
static void take_from(int host)
{
	static struct frame f;
	ssize_t len;

	for (int i = 0; i < 64; i++) {
		len = recv(fds[host], f.bytes, sizeof(f.bytes), MSG_DONTWAIT);
		if (len < 0 && errno == EAGAIN)
			return;
		f.len = must("a frame", len);
		f.from = host;
		seen++;
		if (!wire_hook || wire_hook(&f))
			wire_pass(&f);
	}
}

/* Passes frames on until @done says that it is, or for so long (times the factor): then
 * false. NULL: just for so long, whatever the machine; 0: what is there.
 */
bool wire_until(bool (*done)(void), long ms)
{
	long until = now_ms() + ms * (done ? slow : 1);
	struct pollfd p[HOSTS];

	for (int i = 0; i < HOSTS; i++)
		p[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	for (;;) {
		long left = until - now_ms();

		if (done && done())
			return true;
		/* What @done looks at may change without a frame. */
		if (done && left > 20)
			left = 20;
		must("poll", poll(p, HOSTS, left > 0 ? left : 0));
		for (int i = 0; i < HOSTS; i++)
			if (p[i].revents)
				take_from(i);
		if (left <= 0)
			return false;
	}
}

/* Passes frames on until none has come for a while. */
void wire_still(void)
{
	unsigned long before;

	do {
		before = seen;
		wire_until(NULL, STILL);
	} while (seen != before);
}

/* --- what hosts say ------------------------------------------------------------- */

static void enter(int fd)
{
	must("setns", setns(fd, CLONE_NEWNET));
}

/* Return: 0 or an errno. */
static int try_ask(int host, const struct nlmsghdr *nlh, mnl_cb_t take,
		   void *data)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct client *c = &clients[host];
	long len;
	int ret = client_send(c, nlh);

	if (ret)
		return ret;
	do {
		len = mnl_socket_recvfrom(c->nl, buf, sizeof(buf));
		if (len < 0)
			return errno;
		ret = mnl_cb_run(buf, len, c->seq, mnl_socket_get_portid(c->nl),
				 take, data);
	} while (ret > 0);
	return ret ? errno : 0;
}

static void ask(int host, const struct nlmsghdr *nlh, mnl_cb_t take, void *data)
{
	errno = try_ask(host, nlh, take, data);
	if (errno)
		die("an answer of %s", namespaces[host]);
}

static int on_cell_attr(const struct nlattr *attr, void *data)
{
	struct host *host = data;

	switch (mnl_attr_get_type(attr)) {
	case UTCP_A_CELL_ID:
		memcpy(host->id, mnl_attr_get_payload(attr), sizeof(host->id));
		break;
	case UTCP_A_CELL_PUBLIC_KEY:
		memcpy(host->public, mnl_attr_get_payload(attr),
		       sizeof(host->public));
		break;
	}
	return MNL_CB_OK;
}

static int on_cell(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, GENL_HDRLEN, on_cell_attr, data);
}

static int on_drop_attr(const struct nlattr *attr, void *data)
{
	uint64_t *drop = data;

	if (mnl_attr_get_type(attr) == UTCP_A_DROP_REASON)
		drop[0] = mnl_attr_get_u32(attr);
	if (mnl_attr_get_type(attr) == UTCP_A_DROP_COUNT)
		drop[1] = mnl_attr_get_u64(attr);
	return MNL_CB_OK;
}

static int on_count(const struct nlattr *attr, void *data)
{
	struct counts *counts = data;
	uint64_t drop[2] = { 0 };

	switch (mnl_attr_get_type(attr)) {
	case UTCP_A_STATS_FRAMES:
		counts->frames = mnl_attr_get_u64(attr);
		break;
	case UTCP_A_STATS_DELIVERED:
		counts->delivered = mnl_attr_get_u64(attr);
		break;
	case UTCP_A_STATS_SENT:
		counts->sent = mnl_attr_get_u64(attr);
		break;
	case UTCP_A_STATS_DROP:
		mnl_attr_parse_nested(attr, on_drop_attr, drop);
		if (drop[0] <= UTCP_DROP_REASON_MAX)
			counts->drop[drop[0]] = drop[1];
		break;
	}
	return MNL_CB_OK;
}

static int on_counts(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, GENL_HDRLEN, on_count, data);
}

/* When each frame was delivered or dropped. */
void counts_get(int host, struct counts *counts)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	long until = now_ms() + 5000 * slow;
	uint64_t sum;

	do {
		memset(counts, 0, sizeof(*counts));
		ask(host, client_begin(&clients[host], buf, UTCP_CMD_STATS_GET),
		    on_counts, counts);
		sum = counts->delivered;
		for (int i = 0; i <= UTCP_DROP_REASON_MAX; i++)
			sum += counts->drop[i];
	} while (sum != counts->frames && now_ms() < until);
	errno = EPROTO;
	if (sum != counts->frames)
		die("%s has %lu frames, of which it says %lu", namespaces[host],
		    (unsigned long)counts->frames, (unsigned long)sum);
}

static int on_peer_attr(const struct nlattr *attr, void *data)
{
	struct peers *peers = data;

	switch (mnl_attr_get_type(attr)) {
	case UTCP_A_PEER_SESSION:
		peers->sessions += mnl_attr_get_u32(attr);
		break;
	case UTCP_A_PEER_HALF_OPEN:
		peers->half += mnl_attr_get_u32(attr);
		break;
	case UTCP_A_PEER_HANDSHAKES:
		peers->handshakes += mnl_attr_get_u64(attr);
		break;
	case UTCP_A_PEER_MAC:
		memcpy(peers->mac, mnl_attr_get_payload(attr), ETH_ALEN);
		break;
	}
	return MNL_CB_OK;
}

static int on_peer(const struct nlmsghdr *nlh, void *data)
{
	struct peers *peers = data;

	peers->n++;
	return mnl_attr_parse(nlh, GENL_HDRLEN, on_peer_attr, data);
}

/* The rest of a dump that was given up. */
static void drain(int host)
{
	char buf[NL_BUFFER];

	while (recv(mnl_socket_get_fd(clients[host].nl), buf, sizeof(buf),
		    MSG_DONTWAIT) > 0)
		;
}

/* Peers come and go meanwhile: then the dump says so, and is asked for again. */
void peers_get(int host, struct peers *peers)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh;
	unsigned int tries = 0;
	int err;

	do {
		nlh = client_begin(&clients[host], buf, UTCP_CMD_PEER_GET);
		memset(peers, 0, sizeof(*peers));
		nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
		err = try_ask(host, nlh, on_peer, peers);
		if (err == EINTR)
			drain(host);
	} while (err == EINTR && ++tries < 100);
	errno = err;
	if (err)
		die("the peers of %s", namespaces[host]);
}

static int on_nothing(const struct nlmsghdr *nlh, void *data)
{
	(void)nlh;
	(void)data;
	return MNL_CB_OK;
}

/* What comes of it is seen by what is sent. A search that has failed refuses it. */
void probe(int host, const uint8_t *id, bool rekey)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh =
		client_begin(&clients[host], buf, UTCP_CMD_PEER_PROBE);

	mnl_attr_put(nlh, UTCP_A_PEER_ID, UTCP_CELL_ID_BYTES, id);
	if (rekey)
		mnl_attr_put_u32(nlh, UTCP_A_PEER_REKEY, 1);
	try_ask(host, nlh, on_nothing, NULL);
}

void forget(int host, const uint8_t *id)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh =
		client_begin(&clients[host], buf, UTCP_CMD_PEER_DEL);

	mnl_attr_put(nlh, UTCP_A_PEER_ID, UTCP_CELL_ID_BYTES, id);
	ask(host, nlh, on_nothing, NULL);
}

static void host_open(int host)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh;
	struct ifreq req = { 0 };
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", namespaces[host]);
	ns[host] = must(path, open(path, O_RDONLY | O_CLOEXEC));
	enter(ns[host]);
	errno = client_open(&clients[host], family_find(UTCP_FAMILY_NAME));
	if (errno)
		die("netlink");
	fd = must("socket", socket(AF_PACKET, SOCK_RAW, 0));
	snprintf(req.ifr_name, sizeof(req.ifr_name), "%s", inner[host]);
	must(inner[host], ioctl(fd, SIOCGIFHWADDR, &req));
	memcpy(hosts[host].mac, req.ifr_hwaddr.sa_data, ETH_ALEN);
	close(fd);
	enter(own_ns);
	nlh = client_begin(&clients[host], buf, UTCP_CMD_CELL_GET);
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	ask(host, nlh, on_cell, &hosts[host]);
}

/* Opens all. */
void wire_open(void)
{
	const char *factor = getenv("SLOW");
	const int room = 16 << 20;

	if (factor && atol(factor) > 0)
		slow = atol(factor);
	own_ns = must("own namespace",
		      open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
	for (int i = 0; i < HOSTS; i++) {
		struct sockaddr_ll addr = { .sll_family = AF_PACKET,
					    .sll_protocol = htons(ETHERTYPE) };

		addr.sll_ifindex =
			must(outer[i], if_nametoindex(outer[i]) ? 0 : -1);
		addr.sll_ifindex = if_nametoindex(outer[i]);
		fds[i] = must("socket",
			      socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
		must("SO_RCVBUFFORCE",
		     setsockopt(fds[i], SOL_SOCKET, SO_RCVBUFFORCE, &room,
				sizeof(room)));
		must("bind", bind(fds[i], (void *)&addr, sizeof(addr)));
		host_open(i);
	}
}

/* --- sockets -------------------------------------------------------------------- */

/* A socket that does not wait, at a host; bound, if there is a port. */
int socket_at(int host, int type, uint16_t port)
{
	struct sockaddr_utcp addr = { .sutcp_family = AF_UTCP,
				      .sutcp_port = port };
	int fd;

	enter(ns[host]);
	fd = must("socket",
		  socket(AF_UTCP, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
	enter(own_ns);
	if (port)
		must("bind", bind(fd, (void *)&addr, sizeof(addr)));
	return fd;
}

static int connecting, listening;

static bool both_there(void)
{
	struct pollfd p = { .fd = connecting, .events = POLLOUT };

	return poll(&p, 1, 0) > 0 && (listening < 0 || readable(listening, 0));
}

/* A connection, or two datagram sockets that are connected; frames are passed on. */
void connected_pair(int type, int from, int to, uint16_t port, int *here,
		    int *there)
{
	struct sockaddr_utcp addr = { .sutcp_family = AF_UTCP,
				      .sutcp_port = port };
	int err = 0;
	socklen_t len = sizeof(err);

	memcpy(addr.sutcp_cell, hosts[to].id, sizeof(addr.sutcp_cell));
	*there = socket_at(to, type, port);
	*here = socket_at(from, type, type == SOCK_DGRAM ? port : 0);
	if (type != SOCK_DGRAM)
		must("listen", listen(*there, 4));
	if (connect(*here, (void *)&addr, sizeof(addr)) && errno != EINPROGRESS)
		die("connect");
	if (type == SOCK_DGRAM) {
		memcpy(addr.sutcp_cell, hosts[from].id,
		       sizeof(addr.sutcp_cell));
		must("connect", connect(*there, (void *)&addr, sizeof(addr)));
		return;
	}
	connecting = *here;
	listening = *there;
	errno = ETIMEDOUT;
	if (!wire_until(both_there, 20000))
		die("no connection");
	must("SO_ERROR", getsockopt(*here, SOL_SOCKET, SO_ERROR, &err, &len));
	errno = err;
	if (err)
		die("connect");
	*there = must("accept", accept(listening, NULL, NULL));
	must("O_NONBLOCK", fcntl(*there, F_SETFL, O_NONBLOCK));
	close(listening);
}
