/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames for the tests of access lists.
 */
#ifndef SELFTESTS_ACL_PKT_H
#define SELFTESTS_ACL_PKT_H

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_ether.h>

#include "../lib/packet.h"

#define ME4 "10.9.0.2"
#define ME6 "fd00::2"
#define PEER4 "10.9.0.1"
#define PEER6 "fd00::1"

#define TCP IPPROTO_TCP
#define UDP IPPROTO_UDP

/* What a frame is; what is 0 has a default, or is not there. */
struct pkt {
	uint16_t type; /* EtherType; IPv4 without a destination of IPv6 */
	uint16_t vlan;
	const char *src, *dst;
	uint8_t proto; /* UDP */
	uint16_t sport, dport; /* or type and code */
	uint8_t flags;
	uint8_t dscp;
	uint8_t smac, dmac; /* last byte of another address */
	uint8_t ext; /* extension headers before the transport's */
	bool fragment; /* a first one */
	bool later; /* a later one */
	uint16_t id; /* of IPv4, of a fragment, or of an ICMP echo */
	uint32_t seq, ack; /* of TCP */
	const struct pkt *about; /* the packet in an ICMP error */
};

static unsigned char frame[1600];
static size_t len;

static inline void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static inline void put8(unsigned int value)
{
	frame[len++] = value & 0xff;
}

static inline void put16(unsigned int value)
{
	put8(value >> 8);
	put8(value);
}

static inline void put_addr(const char *text, const char *other, int family)
{
	if (inet_pton(family, text ? text : other, frame + len) != 1)
		die(text);
	len += family == AF_INET ? 4 : 16;
}

/* The sum of the header of IPv4, which nobody here checks, but receivers may. */
static inline void put_sum(size_t from, size_t at)
{
	uint32_t sum = 0;
	size_t i;

	for (i = from; i < from + 20; i += 2)
		sum += frame[i] << 8 | frame[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~(sum + (sum >> 16));
	frame[at] = sum >> 8 & 0xff;
	frame[at + 1] = sum & 0xff;
}

static inline void put_ipv4(const struct pkt *p, uint8_t proto);

static inline void put_transport(const struct pkt *p, uint8_t proto)
{
	size_t at = len, size = proto == TCP ? 20 : 8;

	memset(frame + len, 0, size + 8);
	len += size + 8; /* and some payload */
	if (proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6) {
		frame[at] = p->sport;
		frame[at + 1] = p->dport;
		frame[at + 4] = p->id >> 8;
		frame[at + 5] = p->id & 0xff;
		if (p->about) {
			len = at + 8;
			put_ipv4(p->about,
				 p->about->proto ? p->about->proto : UDP);
		}
		return;
	}
	frame[at] = p->sport >> 8;
	frame[at + 1] = p->sport & 0xff;
	frame[at + 2] = p->dport >> 8;
	frame[at + 3] = p->dport & 0xff;
	if (proto == TCP) {
		const uint32_t seq = htonl(p->seq), ack = htonl(p->ack);

		memcpy(frame + at + 4, &seq, 4);
		memcpy(frame + at + 8, &ack, 4);
		frame[at + 12] = 5 << 4;
		frame[at + 13] = p->flags;
	} else {
		frame[at + 5] = size + 8;
	}
}

static inline void put_ipv4(const struct pkt *p, uint8_t proto)
{
	size_t at = len, total = 20 + (proto == TCP ? 20 : 8) + 8;

	if (p->about)
		total += 20 + (p->about->proto == TCP ? 20 : 8);

	put8(0x45);
	put8(p->dscp << 2);
	put16(total);
	put16(p->id ? p->id : 1);
	put16(p->later ? 100 : p->fragment ? 0x2000 : 0);
	put8(64);
	put8(proto);
	put16(0);
	put_addr(p->src, ME4, AF_INET);
	put_addr(p->dst, PEER4, AF_INET);
	put_sum(at, at + 10);
	put_transport(p, proto);
}

static inline void put_ipv6(const struct pkt *p, uint8_t proto)
{
	bool piece = p->fragment || p->later;
	size_t payload = 8 * (p->ext + piece) + (proto == TCP ? 20 : 8) + 8;
	unsigned int i;

	put16(0x6000);
	put16(0);
	put16(payload);
	put8(piece ? IPPROTO_FRAGMENT : p->ext ? IPPROTO_DSTOPTS : proto);
	put8(255);
	put_addr(p->src, ME6, AF_INET6);
	put_addr(p->dst, PEER6, AF_INET6);
	/* Extension headers stand in what is cut up. */
	if (piece) {
		put8(p->ext ? IPPROTO_DSTOPTS : proto);
		put8(0);
		put16(p->later ? 100 << 3 : 1);
		put16(0);
		put16(p->id);
	}
	for (i = 0; i < p->ext; i++) {
		put8(i + 1 < p->ext ? IPPROTO_DSTOPTS : proto);
		put8(0);
		put16(0x0104); /* padding */
		put16(0);
		put16(0);
	}
	put_transport(p, proto);
}

static inline void make(const struct pkt *p, const unsigned char *dst,
			const unsigned char *src)
{
	bool v6 = (p->src && strchr(p->src, ':')) ||
		  (p->dst && strchr(p->dst, ':'));
	uint8_t proto = p->proto ? p->proto : UDP;

	len = 0;
	memcpy(frame, dst, ETH_ALEN);
	memcpy(frame + ETH_ALEN, src, ETH_ALEN);
	if (p->smac) {
		memset(frame + ETH_ALEN, 0, ETH_ALEN);
		frame[ETH_ALEN] = 2;
		frame[2 * ETH_ALEN - 1] = p->smac;
	}
	if (p->dmac) {
		memset(frame, 0, ETH_ALEN);
		frame[0] = 2;
		frame[ETH_ALEN - 1] = p->dmac;
	}
	len = 2 * ETH_ALEN;
	if (p->vlan) {
		put16(ETH_P_8021Q);
		put16(p->vlan);
	}
	put16(p->type ? p->type : v6 ? ETH_P_IPV6 : ETH_P_IP);
	if (p->type)
		len += 46;
	else if (v6)
		put_ipv6(p, proto);
	else
		put_ipv4(p, proto);
}

static inline int open_device(const char *dev, unsigned char *mac)
{
	int fd = packet_socket(dev, 0);
	struct ifreq ifr = { 0 };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	if (ioctl(fd, SIOCGIFHWADDR, &ifr))
		die("address of the device");
	memcpy(mac, ifr.ifr_hwaddr.sa_data, ETH_ALEN);
	return fd;
}

static inline void read_mac(const char *text, unsigned char *mac)
{
	unsigned int b[ETH_ALEN], i;

	if (sscanf(text, "%x:%x:%x:%x:%x:%x", &b[0], &b[1], &b[2], &b[3], &b[4],
		   &b[5]) != ETH_ALEN)
		die(text);
	for (i = 0; i < ETH_ALEN; i++)
		mac[i] = b[i];
}

/* ENOBUFS: it was sent, and refused on its way out. */
static inline void send_frame(int fd)
{
	while (write(fd, frame, len) < 0)
		if (errno == ENOBUFS)
			return;
		else if (errno != EAGAIN && errno != EINTR)
			die("write");
}

#endif /* SELFTESTS_ACL_PKT_H */
