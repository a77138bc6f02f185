/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sockets for whole frames.
 */
#ifndef SELFTESTS_LIB_PACKET_H
#define SELFTESTS_LIB_PACKET_H

#include <arpa/inet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <linux/if_packet.h>

/* At a device. @type: of the frames that it hears; 0: none, it sends. Or it is the end. */
static inline int packet_socket(const char *dev, uint16_t type)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(type),
		.sll_ifindex = (int)if_nametoindex(dev),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0 || !at.sll_ifindex ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at))) {
		perror(dev);
		exit(2);
	}
	return fd;
}

#endif /* SELFTESTS_LIB_PACKET_H */
