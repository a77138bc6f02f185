/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the stack gets to see of what the ring brings. lwIP forwards: a frame
 * that is for this station but carries a packet for another would be sent on, so
 * it must not come so far. And lwIP of Debian counts nothing, so what can be told
 * by lengths and addresses is dropped here, where each drop has its counter. What
 * is left to lwIP are checksums, and what is above IP.
 */
#ifndef MEMBRANE_FILTER_H
#define MEMBRANE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FILTER_IP6_MAX 2

/**
 * struct filter - who this station is; constant once frames come
 * @mac: the port's address
 * @ip4: its IPv4 address, network byte order; 0 if it has none
 * @mask4: the mask of its network, network byte order
 * @ip6: its IPv6 addresses
 * @n_ip6: how many there are
 */
struct filter {
	uint8_t mac[6];
	uint32_t ip4;
	uint32_t mask4;
	uint8_t ip6[FILTER_IP6_MAX][16];
	size_t n_ip6;
};

/**
 * enum filter_verdict - what becomes of a frame
 * @FILTER_PASS: it is for the stack, which will soon be done with it
 * @FILTER_PASS_KEPT: it is for the stack, which may keep it for long: a fragment,
 *	or a packet whose kind cannot be told at a glance
 * @FILTER_SHORT: shorter than its headers, or than they say
 * @FILTER_TYPE: not the EtherType that the ring has, or a VLAN's
 * @FILTER_UNFINISHED: with a checksum to be finished or a super-frame, which the
 *	ring was told not to bring
 * @FILTER_STATION: to another station, or to a group that the stack is not in
 * @FILTER_SOURCE: from a group, or from this very station
 * @FILTER_HEADER: a header that contradicts itself
 * @FILTER_ADDRESS: to this station, but the packet is for another
 * @FILTER_VERDICTS: how many there are
 */
enum filter_verdict {
	FILTER_PASS,
	FILTER_PASS_KEPT,
	FILTER_SHORT,
	FILTER_TYPE,
	FILTER_UNFINISHED,
	FILTER_STATION,
	FILTER_SOURCE,
	FILTER_HEADER,
	FILTER_ADDRESS,
	FILTER_VERDICTS,
};

/**
 * filter_frame() - judge a frame
 * @filter: who this station is
 * @type: EtherType that the ring has
 * @frame: the frame, from its Ethernet header on
 * @len: its bytes
 *
 * Return: the verdict; never FILTER_UNFINISHED, which does not stand in the frame.
 */
enum filter_verdict filter_frame(const struct filter *filter, uint16_t type,
				 const uint8_t *frame, size_t len);

/**
 * filter_name() - a verdict in a word
 * @verdict: the verdict
 *
 * Return: as used in counters.
 */
const char *filter_name(enum filter_verdict verdict);

#endif
