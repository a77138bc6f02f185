/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between rings and lwIP's buffers.
 *
 * A frame is given to lwIP where it lies. lwIP frees its buffers in any order; the
 * ring's consumer index moves in theirs, so one old slot that lwIP keeps holds up
 * all that are younger. What lwIP can keep a frame for:
 *
 *  - its own queue, and the mailboxes of connections: as long as the other thread
 *    takes to be scheduled, for the server reads whatever comes, at once, also while
 *    it sends (server.c);
 *  - fragments, until the packet is whole (up to 15 s): these are always copied
 *    (FILTER_PASS_KEPT);
 *  - segments of TCP out of order, as long as the connection lives;
 *  - for a neighbour's address: what is sent, never what came; lwIP copies it, if it
 *    lies in a buffer of ours.
 *
 * So this is the rule, for each ring, with "kept back" being the slots from the
 * oldest that lwIP has up to the youngest that was received:
 *
 *  - as long as no more than half of the slots are kept back, frames are passed
 *    without a copy;
 *  - beyond that each new frame is copied and its slot is free at once, and while
 *    more than three quarters are kept back, with each batch lwIP is told to forget
 *    what it has out of order.
 *
 * After that no slot is kept back for longer than it takes to run the two other
 * threads once. The ring drops what comes before that and finds no slot, and counts
 * it (rx_drop_full). The bound: RX_SLOTS / 2 frames of a ring are with lwIP without
 * a copy at any time; the copies are bounded by the process's memory.
 */
#ifndef MEMBRANE_RINGS_H
#define MEMBRANE_RINGS_H

#include <stdbool.h>
#include <stdint.h>

#include <lwip/pbuf.h>

#include "filter.h"
#include "options.h"

#define RX_SLOTS 256
#define TX_SLOTS 256

/* In the order of their descriptors. */
extern const uint16_t ring_types[RINGS];

/**
 * rings_attach() - map the rings
 * @args: their descriptors
 * @mac: set to the port's address
 *
 * Return: a descriptor that epoll_wait() may wait for, or -1 with a message on
 * standard error.
 */
int rings_attach(const struct stack_args *args, uint8_t mac[6]);

/**
 * rings_run() - give frames to lwIP until the port is gone
 * @filter: who this station is
 *
 * Return: a negative errno.
 */
int rings_run(const struct filter *filter);

/**
 * rings_send() - send a frame
 * @p: its buffers
 *
 * lwIP's lock must be held: it makes whoever calls this the sending thread.
 *
 * Return: false if it was dropped, which is counted.
 */
bool rings_send(const struct pbuf *p);

/**
 * rings_kick() - see to it that what was sent leaves the rings
 *
 * lwIP's lock must be held.
 *
 * Return: false if there is more, for which the device has no room now: call it
 * again some milliseconds later.
 */
bool rings_kick(void);

#endif
