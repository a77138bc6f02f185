// SPDX-License-Identifier: GPL-2.0-only
/*
 * aclcells DEV FROM TO [VLAN] FRAME...   send frames of UTCP by DEV, whose bytes behind the
 *                                        Ethernet header are said in hexadecimal digits
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pkt.h"

static void put_hex(const char *hex)
{
	for (unsigned int byte; sscanf(hex, "%2x", &byte) == 1; hex += 2)
		put8(byte);
}

int main(int argc, char **argv)
{
	unsigned char own[6], from[6], to[6];
	int fd, i = 4;
	unsigned int vlan = 0;

	if (argc < 5)
		return 2;
	fd = open_device(argv[1], own);
	read_mac(argv[2], from);
	read_mac(argv[3], to);
	if (strlen(argv[i]) < 5)
		vlan = (unsigned int)strtoul(argv[i++], NULL, 10);
	for (; i < argc; i++) {
		len = 0;
		for (int k = 0; k < 6; k++)
			put8(to[k]);
		for (int k = 0; k < 6; k++)
			put8(from[k]);
		if (vlan) {
			put16(0x8100);
			put16(vlan);
		}
		put16(0x88b5);
		put_hex(argv[i]);
		send_frame(fd);
	}
	return 0;
}
