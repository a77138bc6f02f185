/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The inside of rings.
 */
#ifndef LIBUTCP_RING_PRIV_H
#define LIBUTCP_RING_PRIV_H

#include <utcp/ring.h>

/**
 * struct utcp_ring_cold - what the fast paths do not need
 * @fd: the bound descriptor
 * @busy_usecs: how long to wait without sleeping. The receiving thread's
 * @map: shared memory
 * @map_size: its size
 */
struct utcp_ring_cold {
	int fd;
	uint32_t busy_usecs;
	unsigned char *map;
	size_t map_size;
};

/**
 * ring_lay_out() - set a ring's pointers and indexes
 * @ring: set, but for rx.returned and cold
 * @info: where all is
 * @map: the shared memory
 *
 * The indexes are those that the shared memory has now.
 *
 * Return: 0, or -EBADMSG if something does not lie within the memory, or has a
 * size that cannot be.
 */
int ring_lay_out(struct utcp_ring *ring, const struct netswitch_ring_info *info,
		 unsigned char *map);

#endif
