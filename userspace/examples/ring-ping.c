// SPDX-License-Identifier: GPL-2.0-only
/* ring-ping DEV TYPE MAC COUNT: greet who answers at an address, as ring-echo does. */
#include <errno.h>
#include <netinet/ether.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utcp/ring.h>

#define HEADER 14
#define FRAME 60 /* the least that Ethernet sends */

static int greet(struct utcp_ring *ring, const struct netswitch_ring_info *info,
		 const struct ether_addr *to, unsigned long n)
{
	struct netswitch_desc *desc;
	unsigned char *data;

	desc = utcp_ring_tx_reserve(ring, &data);
	if (!desc)
		return -EAGAIN;
	memset(data, 0, FRAME);
	memcpy(data, to, sizeof(*to));
	memcpy(data + 6, info->mac, sizeof(info->mac));
	data[12] = (unsigned char)(info->ethertype >> 8);
	data[13] = (unsigned char)info->ethertype;
	snprintf((char *)data + HEADER, FRAME - HEADER, "hello %lu", n);
	desc->len = FRAME;
	utcp_ring_tx_commit(ring, 1);
	return 0;
}

/* Return: 1 if a frame came within a second after ours was sent, and was shown. */
static int answer(struct utcp_ring *ring)
{
	struct utcp_frame frame;

	if (utcp_ring_kick_wait(ring, 1000) <= 0 ||
	    !utcp_ring_rx_next(ring, &frame))
		return 0;
	if (frame.len > HEADER)
		printf("%u bytes from %s: \"%.*s\"\n", frame.len,
		       ether_ntoa((const struct ether_addr *)(frame.data + 6)),
		       (int)(frame.len - HEADER), frame.data + HEADER);
	utcp_ring_rx_release(ring, 1);
	return 1;
}

int main(int argc, char **argv)
{
	struct utcp_ring_options options = {
		.rx_slots = 64,
		.tx_slots = 64,
		.slot_size = 2048,
	};
	unsigned long count, n, answers = 0;
	struct netswitch_ring_info info;
	struct utcp_ring_error error;
	const struct ether_addr *to;
	struct utcp_ring *ring;

	to = argc == 5 ? ether_aton(argv[3]) : NULL;
	if (!to) {
		fprintf(stderr, "usage: ring-ping DEV TYPE MAC COUNT\n");
		return 2;
	}
	options.device = argv[1];
	options.ethertype = (uint32_t)strtoul(argv[2], NULL, 16);
	count = strtoul(argv[4], NULL, 10);
	if (utcp_ring_open(&options, &ring, &error)) {
		fprintf(stderr, "ring-ping: %s\n", error.message);
		return 1;
	}
	if (!utcp_ring_info(ring, &info))
		for (n = 1; n <= count && !greet(ring, &info, to, n); n++)
			answers += (unsigned long)answer(ring);
	printf("%lu answers to %lu frames\n", answers, count);
	utcp_ring_close(ring);
	return answers != count;
}
