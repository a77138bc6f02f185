// SPDX-License-Identifier: GPL-2.0-only
/*
 * rings: the ways of AF_PACKET.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "rings.h"

/* Blocks of TPACKET_V3: enough for what is sent before they are read. */
#define BLOCK_SIZE ((size_t)128 * 1024)
#define BLOCKS 64
/* How long a block may stay open, in ms: longer than it takes to fill one. */
#define BLOCK_TIMEOUT 100

/* Where the kernel looks for a frame in a slot of a transmit ring. */
#define TX_DATA (TPACKET2_HDRLEN - sizeof(struct sockaddr_ll))

struct packet {
	int fd;
	size_t size;
	unsigned int next;
	unsigned char *map;
	struct sockaddr_ll to;
	struct mmsghdr message[BATCH_MAX];
	struct iovec vector[BATCH_MAX];
	unsigned char buffer[BATCH_MAX][SLOT_SIZE];
};

static struct packet *packet_open(const struct end *end, bool rx)
{
	struct packet *p = allocate(sizeof(*p));
	struct sockaddr_ll *to = &p->to;
	int one = 1, i;

	/* Without a type it receives nothing. */
	p->fd = socket(AF_PACKET, SOCK_RAW, rx ? htons(FRAME_TYPE) : 0);
	if (p->fd < 0)
		error(1, errno, "socket AF_PACKET");
	p->size = end->size;
	to->sll_family = AF_PACKET;
	to->sll_protocol = rx ? htons(FRAME_TYPE) : 0;
	to->sll_ifindex = (int)end->index;
	to->sll_halen = 6;
	memcpy(to->sll_addr, end->frame, 6);
	if (bind(p->fd, (struct sockaddr *)to, sizeof(*to)))
		error(1, errno, "bind %s", end->device);
	if (!rx && setsockopt(p->fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one,
			      sizeof(one)))
		error(1, errno, "PACKET_QDISC_BYPASS");
	for (i = 0; i < BATCH_MAX; i++) {
		memcpy(p->buffer[i], end->frame, end->size);
		p->vector[i].iov_base = p->buffer[i];
		p->vector[i].iov_len = rx ? SLOT_SIZE : end->size;
		p->message[i].msg_hdr.msg_iov = &p->vector[i];
		p->message[i].msg_hdr.msg_iovlen = 1;
	}
	return p;
}

static void *plain_rx(const struct end *end, bool rx, bool tx)
{
	(void)tx;
	return packet_open(end, rx);
}

static void *plain_tx(const struct end *end, bool rx, bool tx)
{
	(void)rx;
	(void)tx;
	return packet_open(end, false);
}

static void set_version(struct packet *p, int version)
{
	if (setsockopt(p->fd, SOL_PACKET, PACKET_VERSION, &version,
		       sizeof(version)))
		error(1, errno, "PACKET_VERSION");
}

static void map(struct packet *p, size_t size)
{
	p->map = mmap(NULL, size, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_POPULATE, p->fd, 0);
	if (p->map == MAP_FAILED)
		error(1, errno, "mmap of a packet ring");
}

/* A ring of slots: TPACKET_V2, receiving or sending. */
static struct packet *slots_open(const struct end *end, bool rx)
{
	struct tpacket_req want = { .tp_block_size = BLOCK_SIZE,
				    .tp_block_nr = (size_t)SLOTS * SLOT_SIZE /
						   BLOCK_SIZE,
				    .tp_frame_size = SLOT_SIZE,
				    .tp_frame_nr = SLOTS };
	struct packet *p = packet_open(end, rx);

	set_version(p, TPACKET_V2);
	if (setsockopt(p->fd, SOL_PACKET, rx ? PACKET_RX_RING : PACKET_TX_RING,
		       &want, sizeof(want)))
		error(1, errno, "%s", rx ? "PACKET_RX_RING" : "PACKET_TX_RING");
	map(p, (size_t)SLOTS * SLOT_SIZE);
	return p;
}

static void *v2_open(const struct end *end, bool rx, bool tx)
{
	(void)rx;
	(void)tx;
	return slots_open(end, true);
}

static void *txring_open(const struct end *end, bool rx, bool tx)
{
	struct packet *p = slots_open(end, false);
	unsigned int i;

	(void)rx;
	(void)tx;
	for (i = 0; i < SLOTS; i++)
		memcpy(p->map + (size_t)i * SLOT_SIZE + TX_DATA, end->frame,
		       end->size);
	return p;
}

static void *v3_open(const struct end *end, bool rx, bool tx)
{
	struct tpacket_req3 want = { .tp_block_size = BLOCK_SIZE,
				     .tp_block_nr = BLOCKS,
				     .tp_frame_size = SLOT_SIZE,
				     .tp_frame_nr =
					     BLOCKS * (BLOCK_SIZE / SLOT_SIZE),
				     .tp_retire_blk_tov = BLOCK_TIMEOUT };
	struct packet *p = packet_open(end, true);

	(void)rx;
	(void)tx;
	set_version(p, TPACKET_V3);
	if (setsockopt(p->fd, SOL_PACKET, PACKET_RX_RING, &want, sizeof(want)))
		error(1, errno, "PACKET_RX_RING");
	map(p, (size_t)BLOCKS * BLOCK_SIZE);
	return p;
}

static unsigned int recvmsg_read(void *state, unsigned int max, bool block)
{
	struct packet *p = state;
	int flags = block ? 0 : MSG_DONTWAIT;
	unsigned int n;
	ssize_t len;

	for (n = 0; n < max; n++) {
		len = recvmsg(p->fd, &p->message[0].msg_hdr, flags);
		if (len < 0) {
			if (errno == EAGAIN)
				break;
			error(1, errno, "recvmsg");
		}
		look_at(p->buffer[0], (size_t)len, p->size);
		flags = MSG_DONTWAIT;
		/* A process that waits for frames waits for each by this call. */
		if (block)
			return 1;
	}
	return n;
}

static unsigned int recvmmsg_read(void *state, unsigned int max, bool block)
{
	struct packet *p = state;
	int got, i;

	if (max > BATCH_MAX)
		max = BATCH_MAX;
	got = recvmmsg(p->fd, p->message, max,
		       block ? MSG_WAITFORONE : MSG_DONTWAIT, NULL);
	if (got < 0) {
		if (errno == EAGAIN)
			return 0;
		error(1, errno, "recvmmsg");
	}
	for (i = 0; i < got; i++)
		look_at(p->buffer[i], p->message[i].msg_len, p->size);
	return (unsigned int)got;
}

static struct tpacket2_hdr *v2_slot(const struct packet *p)
{
	return (struct tpacket2_hdr *)(p->map +
				       (size_t)(p->next % SLOTS) * SLOT_SIZE);
}

static unsigned int v2_read(void *state, unsigned int max, bool block)
{
	struct packet *p = state;
	struct tpacket2_hdr *h;
	unsigned int n = 0;

	while (n < max) {
		h = v2_slot(p);
		if (!(__atomic_load_n(&h->tp_status, __ATOMIC_ACQUIRE) &
		      TP_STATUS_USER)) {
			if (n || !block)
				break;
			wait_for(p->fd, POLLIN);
			continue;
		}
		look_at((unsigned char *)h + h->tp_mac, h->tp_snaplen, p->size);
		__atomic_store_n(&h->tp_status, TP_STATUS_KERNEL,
				 __ATOMIC_RELEASE);
		p->next++;
		n++;
	}
	return n;
}

static unsigned int v3_block(struct packet *p, struct tpacket_block_desc *block)
{
	const struct tpacket_hdr_v1 *head = &block->hdr.bh1;
	const unsigned char *at = (unsigned char *)block;
	unsigned int i, n = head->num_pkts;

	at += head->offset_to_first_pkt;
	for (i = 0; i < n; i++) {
		const struct tpacket3_hdr *h = (const struct tpacket3_hdr *)at;

		look_at(at + h->tp_mac, h->tp_snaplen, p->size);
		at += h->tp_next_offset;
	}
	return n;
}

/* Whole blocks: all that are there. */
static unsigned int v3_read(void *state, unsigned int max, bool block)
{
	struct tpacket_block_desc *b;
	struct packet *p = state;
	unsigned int n = 0;

	(void)max;
	for (;;) {
		b = (struct tpacket_block_desc *)(p->map +
						  (size_t)(p->next % BLOCKS) *
							  BLOCK_SIZE);
		if (!(__atomic_load_n(&b->hdr.bh1.block_status,
				      __ATOMIC_ACQUIRE) &
		      TP_STATUS_USER)) {
			if (n || !block)
				return n;
			wait_for(p->fd, POLLIN);
			continue;
		}
		n += v3_block(p, b);
		__atomic_store_n(&b->hdr.bh1.block_status, TP_STATUS_KERNEL,
				 __ATOMIC_RELEASE);
		p->next++;
	}
}

static void sendto_send(void *state, unsigned int n)
{
	struct packet *p = state;

	while (n--)
		if (sendto(p->fd, p->buffer[0], p->size, 0,
			   (struct sockaddr *)&p->to,
			   sizeof(p->to)) != (ssize_t)p->size)
			error(1, errno, "sendto");
}

static void sendmmsg_send(void *state, unsigned int n)
{
	struct packet *p = state;
	int sent;

	while (n) {
		sent = sendmmsg(p->fd, p->message,
				n < BATCH_MAX ? n : BATCH_MAX, 0);
		if (sent <= 0)
			error(1, errno, "sendmmsg");
		n -= (unsigned int)sent;
	}
}

static void txring_send(void *state, unsigned int n)
{
	struct packet *p = state;
	struct tpacket2_hdr *h;

	while (n--) {
		h = v2_slot(p);
		if (__atomic_load_n(&h->tp_status, __ATOMIC_ACQUIRE) !=
		    TP_STATUS_AVAILABLE)
			error(1, 0, "the transmit ring is full");
		h->tp_len = (uint32_t)p->size;
		__atomic_store_n(&h->tp_status, TP_STATUS_SEND_REQUEST,
				 __ATOMIC_RELEASE);
		p->next++;
	}
	/* Waits until all have been sent. */
	if (send(p->fd, "", 0, 0) < 0)
		error(1, errno, "send of a transmit ring");
}

const struct method method_recvmsg = { .name = "recvmsg",
				       .open = plain_rx,
				       .read = recvmsg_read };
const struct method method_recvmmsg = { .name = "recvmmsg",
					.open = plain_rx,
					.read = recvmmsg_read };
const struct method method_v2 = { .name = "v2",
				  .open = v2_open,
				  .read = v2_read };
const struct method method_v3 = { .name = "v3",
				  .open = v3_open,
				  .read = v3_read,
				  .blocks = true };
const struct method method_sendto = { .name = "sendto",
				      .open = plain_tx,
				      .send = sendto_send };
const struct method method_sendmmsg = { .name = "sendmmsg",
					.open = plain_tx,
					.send = sendmmsg_send };
const struct method method_txring = { .name = "txring",
				      .open = txring_open,
				      .send = txring_send };
