// SPDX-License-Identifier: GPL-2.0-only
#include <err.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <utcp/ring.h>

#include "counters.h"
#include "rings.h"
#include "stack.h"

#define BATCH 64
#define COPY_BEYOND (RX_SLOTS / 2)
#define RECLAIM_BEYOND (RX_SLOTS / 4 * 3)

/* How long a ring with slots kept back may go without a look for free ones. */
#define LOOK_MS 10
/* How often lwIP is asked to take a frame, a millisecond apart. Meanwhile the ring
 * fills up, which is the place for frames to wait.
 */
#define PATIENCE 10

struct port_ring;

/**
 * struct slot - lwIP's view of a frame that lies in a slot
 * @buffer: first, so that lwIP's pointer is a pointer to this
 * @ring: the ring
 * @number: of the slot
 *
 * lwIP's from the moment that it has taken it until it calls give_back().
 */
struct slot {
	struct pbuf_custom buffer;
	struct port_ring *ring;
	uint32_t number;
};

/**
 * struct port_ring - one of the rings
 * @ring: libutcp's; receiving belongs to the thread that runs rings_run(), sending
 *	to whoever holds lwIP's lock
 * @type: EtherType
 * @slot: for each slot
 */
struct port_ring {
	struct utcp_ring *ring;
	uint16_t type;
	struct slot slot[RX_SLOTS];
};

const uint16_t ring_types[RINGS] = { ETH_P_ARP, ETH_P_IP, ETH_P_IPV6 };

static struct port_ring rings[RINGS];
static int waiter = -1;

/* Any thread. */
static void give_back(struct pbuf *p)
{
	struct slot *slot = (struct slot *)(void *)p;

	utcp_ring_rx_return(slot->ring->ring, slot->number);
}

static int attach(struct port_ring *r, int fd, uint8_t mac[6])
{
	struct epoll_event event = {
		/* Edges: what lwIP keeps would make it a level for ever. */
		.events = EPOLLIN | EPOLLET,
		.data = { .ptr = r },
	};
	struct netswitch_ring_info info;
	struct utcp_ring_error error;

	if (utcp_ring_attach(fd, &r->ring, &error)) {
		warnx("%s", error.message);
		return -1;
	}
	if (utcp_ring_info(r->ring, &info) || info.rx_slots != RX_SLOTS ||
	    info.tx_slots != TX_SLOTS || info.ethertype != r->type) {
		warnx("descriptor %d is another ring", fd);
		return -1;
	}
	memcpy(mac, info.mac, ETH_ALEN);
	for (uint32_t i = 0; i < RX_SLOTS; i++) {
		r->slot[i].buffer.custom_free_function = give_back;
		r->slot[i].ring = r;
		r->slot[i].number = i;
	}
	if (epoll_ctl(waiter, EPOLL_CTL_ADD, utcp_ring_fd(r->ring), &event)) {
		warn("epoll_ctl");
		return -1;
	}
	return 0;
}

int rings_attach(const struct stack_args *args, uint8_t mac[6])
{
	waiter = epoll_create1(EPOLL_CLOEXEC);
	if (waiter < 0) {
		warn("epoll_create1");
		return -1;
	}
	for (size_t i = 0; i < RINGS; i++) {
		rings[i].type = ring_types[i];
		if (attach(&rings[i], args->fd[i], mac))
			return -1;
	}
	return waiter;
}

/* Slots from the oldest that the kernel may not use again. */
static uint32_t kept_back(const struct port_ring *r)
{
	return r->ring->rx.next - r->ring->rx.released;
}

static struct pbuf *copy_of(const struct utcp_frame *frame)
{
	struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)frame->len, PBUF_RAM);

	if (!p) {
		count(&counters.no_memory);
		return NULL;
	}
	pbuf_take(p, frame->data, (u16_t)frame->len);
	return p;
}

static void give(struct pbuf *p, atomic_uint_fast64_t *counter)
{
	const struct timespec millisecond = { .tv_nsec = 1000000 };

	for (int i = 0; i < PATIENCE; i++) {
		/* counted first: who is answered finds it counted */
		count(counter);
		if (stack_take(p))
			return;
		atomic_fetch_sub_explicit(counter, 1, memory_order_relaxed);
		clock_nanosleep(CLOCK_MONOTONIC, 0, &millisecond, NULL);
	}
	count(&counters.busy);
	pbuf_free(p);
}

static enum filter_verdict judge(const struct filter *filter,
				 const struct port_ring *r,
				 const struct utcp_frame *frame)
{
	/* The ring was told "segment". */
	if (frame->desc->flags & NETSWITCH_DESC_VNET)
		return FILTER_UNFINISHED;
	/* Of VLAN 0 a tag may come, which says nothing but a priority. */
	if (frame->len > UINT16_MAX)
		return FILTER_HEADER;
	return filter_frame(filter, r->type, frame->data, frame->len);
}

static void receive(const struct filter *filter, struct port_ring *r,
		    const struct utcp_frame *frame)
{
	struct slot *slot = &r->slot[frame->slot];
	enum filter_verdict verdict = judge(filter, r, frame);
	bool full = kept_back(r) > COPY_BEYOND;
	struct pbuf *p;

	count(&counters.received);
	if (verdict > FILTER_PASS_KEPT) {
		count(&counters.filtered[verdict]);
		utcp_ring_rx_return(r->ring, frame->slot);
		return;
	}
	if (verdict == FILTER_PASS_KEPT || full) {
		p = copy_of(frame);
		utcp_ring_rx_return(r->ring, frame->slot);
		if (p)
			give(p, full ? &counters.copied_full :
				       &counters.copied_kept);
		return;
	}
	p = pbuf_alloced_custom(PBUF_RAW, (u16_t)frame->len, PBUF_REF,
				&slot->buffer, frame->data, (u16_t)frame->len);
	give(p, &counters.zero_copy);
}

/* Some frames of one ring; false if there are none. */
static bool receive_some(const struct filter *filter, struct port_ring *r)
{
	struct utcp_frame frames[BATCH];
	uint32_t n, kept;

	utcp_ring_rx_collect(r->ring);
	n = utcp_ring_rx_peek(r->ring, frames, BATCH);
	kept = kept_back(r);
	if (kept >
	    atomic_load_explicit(&counters.kept_max, memory_order_relaxed))
		atomic_store_explicit(&counters.kept_max, kept,
				      memory_order_relaxed);
	for (uint32_t i = 0; i < n; i++)
		receive(filter, r, &frames[i]);
	utcp_ring_rx_collect(r->ring);
	if (kept_back(r) > RECLAIM_BEYOND) {
		count(&counters.reclaims);
		stack_reclaim();
		utcp_ring_rx_collect(r->ring);
	}
	return n;
}

/* How long to sleep, or 0: there are frames. */
static int arm(void)
{
	int timeout = -1;

	for (size_t i = 0; i < RINGS; i++) {
		if (!utcp_ring_rx_arm(rings[i].ring))
			return 0;
		/* Of a ring without a free slot no frame wakes. */
		if (kept_back(&rings[i]) > COPY_BEYOND)
			timeout = LOOK_MS;
	}
	return timeout;
}

int rings_run(const struct filter *filter)
{
	struct epoll_event events[RINGS];
	int n, timeout;
	bool any;

	for (;;) {
		any = false;
		for (size_t i = 0; i < RINGS; i++)
			any |= receive_some(filter, &rings[i]);
		if (any)
			continue;
		timeout = arm();
		if (!timeout)
			continue;
		n = epoll_wait(waiter, events, RINGS, timeout);
		if (n < 0 && errno != EINTR)
			return -errno;
		for (int i = 0; i < n; i++)
			if (events[i].events & (EPOLLHUP | EPOLLERR))
				return -ENODEV;
	}
}

static struct port_ring *ring_of(unsigned int type)
{
	for (size_t i = 0; i < RINGS; i++)
		if (rings[i].type == type)
			return &rings[i];
	return NULL;
}

bool rings_send(const struct pbuf *p)
{
	struct netswitch_desc *desc;
	struct port_ring *r;
	unsigned char *data;

	if (p->tot_len < ETH_HLEN) {
		count(&counters.sent_length);
		return false;
	}
	r = ring_of((unsigned int)pbuf_get_at(p, 12) << 8 | pbuf_get_at(p, 13));
	if (!r) {
		count(&counters.sent_type);
		return false;
	}
	if (p->tot_len > r->ring->tx.slot_size) {
		count(&counters.sent_length);
		return false;
	}
	desc = utcp_ring_tx_reserve(r->ring, &data);
	if (!desc) {
		count(&counters.sent_full);
		return false;
	}
	desc->len = pbuf_copy_partial(p, data, p->tot_len, 0);
	utcp_ring_tx_commit(r->ring, 1);
	count(&counters.sent);
	return true;
}

bool rings_kick(void)
{
	bool done = true;

	for (size_t i = 0; i < RINGS; i++) {
		if (!utcp_ring_tx_pending(rings[i].ring))
			continue;
		/* That the port is gone, the receiving thread is told. */
		if (utcp_ring_tx_kick(rings[i].ring) != -ENODEV &&
		    utcp_ring_tx_pending(rings[i].ring))
			done = false;
	}
	return done;
}
