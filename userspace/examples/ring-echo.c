// SPDX-License-Identifier: GPL-2.0-only
/* ring-echo DEV TYPE: send each frame of an EtherType back to where it came from. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utcp/ring.h>

#define BATCH 64

/* Put a copy of a frame, with its addresses swapped, among those to be sent. */
static void answer(struct utcp_ring *ring, const struct utcp_frame *frame)
{
	struct netswitch_desc *desc;
	unsigned char *data;

	desc = utcp_ring_tx_reserve(ring, &data);
	if (!desc)
		return; /* cannot be: all slots are free when a batch begins */
	memcpy(data, frame->data + 6, 6);
	memcpy(data + 6, frame->data, 6);
	memcpy(data + 12, frame->data + 12, frame->len - 12);
	desc->len = frame->len;
	utcp_ring_tx_commit(ring, 1);
}

/* Send, and wait for more. The device's queue may be full: then until it is not. */
static int send_and_wait(struct utcp_ring *ring)
{
	int ret = utcp_ring_kick_wait(ring, -1);

	while (ret == -EAGAIN) {
		ret = utcp_ring_tx_wait(ring, -1);
		if (ret >= 0)
			ret = utcp_ring_kick_wait(ring, -1);
	}
	return ret;
}

int main(int argc, char **argv)
{
	struct utcp_ring_options options = {
		.flags =
			NETSWITCH_RING_SEGMENT, /* nothing to be finished by us */
		.rx_slots = 4 * BATCH,
		.tx_slots = BATCH,
		.slot_size = 2048,
	};
	struct utcp_frame frames[BATCH];
	struct utcp_ring_error error;
	struct utcp_ring *ring;
	int ret = 0;

	if (argc != 3) {
		fprintf(stderr, "usage: ring-echo DEV TYPE\n");
		return 2;
	}
	options.device = argv[1];
	options.ethertype = (uint32_t)strtoul(argv[2], NULL, 16);
	if (utcp_ring_open(&options, &ring, &error)) {
		fprintf(stderr, "ring-echo: %s\n", error.message);
		return 1;
	}
	while (ret >= 0) {
		uint32_t n = utcp_ring_rx_peek(ring, frames, BATCH);

		for (uint32_t i = 0; i < n; i++)
			if (!(frames[i].desc->flags & NETSWITCH_DESC_GROUP))
				answer(ring, &frames[i]);
		utcp_ring_rx_release(ring, n);
		ret = send_and_wait(ring);
	}
	fprintf(stderr, "ring-echo: %s\n", strerror(-ret));
	utcp_ring_close(ring);
	return 1;
}
