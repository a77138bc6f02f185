/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who has which rings, for those who look after a namespace. utcp/ring.h is for
 * those who have one.
 */
#ifndef LIBUTCP_RINGS_H
#define LIBUTCP_RINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct utcp_handle;

/**
 * struct utcp_ring_rx_counters - what a ring received
 * @frames: frames for this ring
 * @delivered: of these, put into its slots
 * @bytes: their bytes
 * @full: dropped: all slots were in use
 * @length: dropped: longer than a slot
 * @nomem: dropped: no memory to cut or finish the frame
 * @index: dropped: the process's index was none
 * @unread: frames in slots that the process has not given back
 * @max_used: most slots that were ever in use
 * @wakeups: times that somebody was woken up
 *
 * frames = delivered + full + length + nomem + index.
 */
struct utcp_ring_rx_counters {
	uint64_t frames;
	uint64_t delivered;
	uint64_t bytes;
	uint64_t full;
	uint64_t length;
	uint64_t nomem;
	uint64_t index;
	uint64_t unread;
	uint64_t max_used;
	uint64_t wakeups;
};

/**
 * struct utcp_ring_tx_counters - what a ring sent
 * @frames: descriptors that the kernel took
 * @sent: of these, frames handed to the device's queue
 * @bytes: their bytes
 * @length: dropped: too short, too long, or not within the slot
 * @type: dropped: another EtherType
 * @source: dropped: another source address
 * @meta: dropped: flags or offload fields that make no sense
 * @nomem: dropped: no memory
 * @down: dropped: the device was down
 * @refused: dropped by a policy, by the queue, or by the device
 * @max_used: most slots that a kick ever found in use
 * @bad_index: kicks refused, because the process's index was none
 * @zerocopy: of the frames, those that left the ring without being copied whole
 * @copied: of these, those that were copied on their way after all
 * @held: slots whose frames were taken and that were not given back, now
 *
 * frames = sent + length + type + source + meta + nomem + down + refused.
 */
struct utcp_ring_tx_counters {
	uint64_t frames;
	uint64_t sent;
	uint64_t bytes;
	uint64_t length;
	uint64_t type;
	uint64_t source;
	uint64_t meta;
	uint64_t nomem;
	uint64_t down;
	uint64_t refused;
	uint64_t max_used;
	uint64_t bad_index;
	uint64_t zerocopy;
	uint64_t copied;
	uint64_t held;
};

/**
 * struct utcp_ring_record - a ring, seen from outside
 * @ifindex: index of the port's device
 * @ethertype: EtherType
 * @vid: VLAN; 0 for frames without a tag or with VID 0
 * @flags: enum netswitch_ring_flags
 * @fanout: enum netswitch_ring_fanout
 * @pid: process that bound it, 0 if it cannot be named here
 * @uid: effective user of that process then
 * @rx_slots: slots for receiving; 0 if there is no receive ring
 * @tx_slots: slots for sending; 0 if there is no transmit ring
 * @slot_size: bytes of a slot
 * @rx_mode: enum netswitch_ring_mode
 * @tx_mode: enum netswitch_ring_mode that is in force now
 * @overflow: frames are being dropped, or were within the last second, because all
 *	slots were in use
 * @rx: receiving
 * @tx: sending
 * @has_mac: it shares the EtherType by address
 * @mac: its address then, which may be the port's
 */
struct utcp_ring_record {
	uint32_t ifindex;
	uint32_t ethertype;
	uint32_t vid;
	uint32_t flags;
	uint32_t fanout;
	uint32_t pid;
	uint32_t uid;
	uint32_t rx_slots;
	uint32_t tx_slots;
	uint32_t slot_size;
	uint32_t rx_mode;
	uint32_t tx_mode;
	bool overflow;
	struct utcp_ring_rx_counters rx;
	struct utcp_ring_tx_counters tx;
	bool has_mac;
	uint8_t mac[6];
};

/**
 * utcp_ring_list() - get the rings of a port, or of all
 * @handle: an open handle
 * @ifindex: index of the port's device; 0 for all ports of the namespace
 * @rings: set to an array, to be freed with free()
 * @n: set to how many there are
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_ring_list(struct utcp_handle *handle, uint32_t ifindex,
		   struct utcp_ring_record **rings, size_t *n);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
