// SPDX-License-Identifier: GPL-2.0-only
/*
 * rings: our own.
 */
#include <poll.h>
#include <string.h>

#include <utcp/ring.h>

#include "rings.h"

struct own {
	struct utcp_ring *ring;
	size_t size;
	struct utcp_frame frames[BATCH_MAX];
};

static void *open_as(const struct end *end, bool rx, bool tx, uint32_t flags)
{
	struct utcp_ring_options options = {
		.device = end->device,
		.ethertype = end->type,
		.rx_slots = rx ? SLOTS : 0,
		.tx_slots = tx ? SLOTS : 0,
		.slot_size = end->size > SLOT_SIZE ? SLOT_SIZE_MAX : SLOT_SIZE,
		.flags = flags,
		.rx_wake_frames = end->wake_frames,
		.rx_wake_usecs = end->wake_usecs,
	};
	struct own *own = allocate(sizeof(*own));
	struct utcp_ring_error why;
	unsigned char *data;

	if (utcp_ring_open(&options, &own->ring, &why))
		error(1, 0, "%s", why.message);
	own->size = end->size;
	/* The frames to be sent lie in their slots, as in the other rings. */
	while (utcp_ring_tx_reserve(own->ring, &data))
		memcpy(data, end->frame, end->size);
	utcp_ring_tx_cancel(own->ring);
	return own;
}

static void *own_open(const struct end *end, bool rx, bool tx)
{
	return open_as(end, rx, tx, 0);
}

static void *own_open_zc(const struct end *end, bool rx, bool tx)
{
	return open_as(end, rx, tx, NETSWITCH_RING_ZEROCOPY);
}

/* Return: less than 0 if it failed */
typedef int (*wait_fn)(struct utcp_ring *ring);

static int by_wait(struct utcp_ring *ring)
{
	return utcp_ring_rx_wait(ring, -1);
}

static int by_poll(struct utcp_ring *ring)
{
	wait_for(utcp_ring_fd(ring), POLLIN);
	return 1;
}

static unsigned int read_by(struct own *own, unsigned int max, bool block,
			    wait_fn wait)
{
	unsigned int n, i, all = 0;

	while (all < max) {
		n = max - all < BATCH_MAX ? max - all : BATCH_MAX;
		n = utcp_ring_rx_peek(own->ring, own->frames, n);
		if (!n) {
			if (all || !block)
				break;
			if (wait(own->ring) < 0)
				error(1, 0, "waiting failed");
			continue;
		}
		for (i = 0; i < n; i++)
			look_at(own->frames[i].data, own->frames[i].len,
				own->size);
		utcp_ring_rx_release(own->ring, n);
		all += n;
	}
	return all;
}

static unsigned int own_read(void *state, unsigned int max, bool block)
{
	return read_by(state, max, block, by_wait);
}

static unsigned int poll_read(void *state, unsigned int max, bool block)
{
	return read_by(state, max, block, by_poll);
}

static void commit(struct own *own, unsigned int n)
{
	unsigned char *data;
	unsigned int i;

	for (i = 0; i < n; i++) {
		struct netswitch_desc *desc =
			utcp_ring_tx_reserve(own->ring, &data);

		if (!desc)
			error(1, 0, "the transmit ring is full");
		desc->len = (uint32_t)own->size;
	}
	utcp_ring_tx_commit(own->ring, n);
}

static void own_send(void *state, unsigned int n)
{
	struct own *own = state;
	int ret;

	commit(own, n);
	do {
		ret = utcp_ring_tx_kick(own->ring);
		if (ret == -EAGAIN)
			ret = utcp_ring_tx_wait(own->ring, -1);
		if (ret < 0)
			error(1, -ret, "utcp_ring_tx_kick");
	} while (utcp_ring_tx_pending(own->ring));
}

/* One frame there, and the answer, by one system call. */
static unsigned int own_exchange(void *state)
{
	struct own *own = state;

	commit(own, 1);
	if (utcp_ring_kick_wait(own->ring, -1) < 0)
		error(1, 0, "utcp_ring_kick_wait failed");
	return own_read(own, 1, true);
}

const struct method method_ring = { .name = "ring",
				    .open = own_open,
				    .read = own_read,
				    .send = own_send,
				    .exchange = own_exchange };

const struct method method_ring_poll = { .name = "ring-poll",
					 .open = own_open,
					 .read = poll_read,
					 .send = own_send };

const struct method method_ring_zc = { .name = "ring-zc",
				       .open = own_open_zc,
				       .read = own_read,
				       .send = own_send };
