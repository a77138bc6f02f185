/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rings by plain ioctls and mmap, without libutcp: for tests of what the kernel
 * makes of requests that the library would never send. And a TCP segment, small
 * or super, for the tests of offloads.
 */
#ifndef RINGRAW_H
#define RINGRAW_H

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/netswitch_ring.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#define RING_DEVICE "/dev/netswitch"

/* An open descriptor, and, once it is bound and mapped, what it gives. */
struct ring {
	int fd;
	struct netswitch_ring_info info;
	unsigned char *mem;
};

static inline void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(2);
}

static inline unsigned long number(const char *text, int base,
				   unsigned long max)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, base);
	if (errno || end == text || *end || value > max) {
		fprintf(stderr, "\"%s\" is not a number up to %lu\n", text,
			max);
		exit(1);
	}
	return value;
}

static inline void address(const char *text, unsigned char *mac)
{
	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1],
		   &mac[2], &mac[3], &mac[4], &mac[5]) != ETH_ALEN) {
		fprintf(stderr, "\"%s\" is not an address\n", text);
		exit(1);
	}
}

static inline uint32_t load_acquire(const uint32_t *from)
{
	return __atomic_load_n(from, __ATOMIC_ACQUIRE);
}

static inline void store_release(uint32_t *to, uint32_t value)
{
	__atomic_store_n(to, value, __ATOMIC_RELEASE);
}

static inline struct netswitch_ring_ctl *rx_ctl(const struct ring *r)
{
	return (struct netswitch_ring_ctl *)(r->mem + r->info.rx_ctl);
}

static inline struct netswitch_ring_ctl *tx_ctl(const struct ring *r)
{
	return (struct netswitch_ring_ctl *)(r->mem + r->info.tx_ctl);
}

static inline struct netswitch_desc *rx_desc(const struct ring *r, uint32_t i)
{
	return (struct netswitch_desc *)(r->mem + r->info.rx_desc) +
	       (i & (r->info.rx_slots - 1));
}

static inline struct netswitch_desc *tx_desc(const struct ring *r, uint32_t i)
{
	return (struct netswitch_desc *)(r->mem + r->info.tx_desc) +
	       (i & (r->info.tx_slots - 1));
}

static inline unsigned char *rx_slot(const struct ring *r, uint32_t i)
{
	return r->mem + r->info.rx_slot +
	       (size_t)(i & (r->info.rx_slots - 1)) * r->info.slot_size;
}

static inline unsigned char *tx_slot(const struct ring *r, uint32_t i)
{
	return r->mem + r->info.tx_slot +
	       (size_t)(i & (r->info.tx_slots - 1)) * r->info.slot_size;
}

static inline int ring_open(void)
{
	int fd = open(RING_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		die(RING_DEVICE);
	return fd;
}

/* Map a bound descriptor. */
static inline void ring_map(struct ring *r)
{
	if (ioctl(r->fd, NETSWITCH_RING_INFO, &r->info))
		die("info");
	r->mem = mmap(NULL, r->info.map_size, PROT_READ | PROT_WRITE,
		      MAP_SHARED, r->fd, 0);
	if (r->mem == MAP_FAILED)
		die("mmap");
}

/* Whoever reads what is printed after this finds the EtherType free. */
static inline void ring_close(struct ring *r)
{
	munmap(r->mem, r->info.map_size);
	close(r->fd);
}

static inline void put16(unsigned char *to, unsigned int value)
{
	to[0] = value >> 8;
	to[1] = value & 0xff;
}

static inline unsigned int get16(const unsigned char *from)
{
	return (unsigned int)from[0] << 8 | from[1];
}

/* Sum as the Internet protocols have it, not yet inverted. */
static inline uint32_t inet_sum(const unsigned char *p, size_t len,
				uint32_t sum)
{
	for (; len > 1; p += 2, len -= 2)
		sum += get16(p);
	if (len)
		sum += (uint32_t)p[0] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* Headers of Ethernet, IPv4 and TCP, without options. */
#define TCP_IP_AT 14
#define TCP_AT 34
#define TCP_HEADERS 54

static inline uint32_t tcp_pseudo_sum(const unsigned char *ip, size_t len)
{
	return inet_sum(ip + 12, 8, IPPROTO_TCP + (uint32_t)len);
}

/**
 * tcp_make() - make a TCP segment whose checksum is to be finished
 * @frame: where to
 * @payload: bytes of payload
 * @mss: cut into pieces of so many bytes; 0: do not
 * @vnet: set to say so
 *
 * The destination and source address of the frame are the caller's.
 *
 * Return: length of the frame.
 */
static inline size_t tcp_make(unsigned char *frame, size_t payload,
			      unsigned int mss, struct virtio_net_hdr *vnet)
{
	unsigned char *ip = frame + TCP_IP_AT, *tcp = frame + TCP_AT;
	static const unsigned char head[] = {
		0x45, 0, 0,  0, 0x12, 0x34, 0x40, 0, 64, IPPROTO_TCP,
		0,    0, 10, 9, 0,    2,    10,	  9, 0,	 1,
	};
	size_t i;

	put16(frame + 12, ETH_P_IP);
	memcpy(ip, head, sizeof(head));
	put16(ip + 2, 40 + payload);
	put16(ip + 10, ~inet_sum(ip, 20, 0) & 0xffff);
	memset(tcp, 0, 20);
	put16(tcp, 1000);
	put16(tcp + 2, 2000);
	tcp[12] = 0x50;
	tcp[13] = 0x10;
	put16(tcp + 14, 0xffff);
	put16(tcp + 16, tcp_pseudo_sum(ip, 20 + payload));
	for (i = 0; i < payload; i++)
		tcp[20 + i] = i & 0xff;
	memset(vnet, 0, sizeof(*vnet));
	vnet->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	vnet->csum_start = TCP_AT;
	vnet->csum_offset = 16;
	if (mss) {
		vnet->gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
		vnet->gso_size = mss;
		vnet->hdr_len = TCP_HEADERS;
	}
	return TCP_HEADERS + payload;
}

/* Is it such a segment, with both checksums right? */
static inline int tcp_sums_right(const unsigned char *frame, size_t len)
{
	const unsigned char *ip = frame + TCP_IP_AT;
	size_t total;

	if (len < TCP_HEADERS || get16(frame + 12) != ETH_P_IP)
		return 0;
	total = get16(ip + 2);
	if (total < 40 || total + TCP_IP_AT > len)
		return 0;
	return inet_sum(ip, 20, 0) == 0xffff &&
	       inet_sum(frame + TCP_AT, total - 20,
			tcp_pseudo_sum(ip, total - 20)) == 0xffff;
}

#endif /* RINGRAW_H */
