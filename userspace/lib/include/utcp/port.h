/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ports of netswitch, and the consumers of their frames.
 */
#ifndef LIBUTCP_PORT_H
#define LIBUTCP_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/netswitch.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct utcp_handle;

/**
 * struct utcp_port_counters - frames of one direction of a port
 * @frames: came to the port
 * @pass: went on to the stack or the device
 * @consumed: taken by a consumer
 * @held: with a stage now
 * @copied: copies of frames that passed, given to a consumer
 * @copy_drops: copies that were not made, or refused
 * @drops: dropped, by reason (enum netswitch_drop_reason); [0] counts those
 *         whose reason is newer than this library
 *
 * A GSO super-frame is one frame. frames = pass + consumed + held + all drops.
 */
struct utcp_port_counters {
	uint64_t frames;
	uint64_t pass;
	uint64_t consumed;
	uint64_t held;
	uint64_t copied;
	uint64_t copy_drops;
	uint64_t drops[NETSWITCH_DROP_REASON_MAX + 1];
};

/**
 * struct utcp_port - a port
 * @ifindex: index of its device
 * @name: name of its device; printable ASCII
 * @flags: enum netswitch_port_flags
 * @mac: address of its device
 * @mtu: MTU of its device
 * @up: its device is up
 * @in: frames that the device received
 * @out: frames sent through it
 */
struct utcp_port {
	uint32_t ifindex;
	char name[16];
	uint32_t flags;
	uint8_t mac[6];
	uint32_t mtu;
	bool up;
	struct utcp_port_counters in;
	struct utcp_port_counters out;
};

/**
 * struct utcp_consumer - who gets the frames of an EtherType of a port
 * @ifindex: index of the port's device
 * @ethertype: EtherType
 * @vid: VLAN; 0 for frames without a tag or with VID 0
 * @promisc: also gets frames addressed to other stations
 * @name: who it is; printable ASCII
 * @frames: frames that it took
 * @drops: frames that it refused
 */
struct utcp_consumer {
	uint32_t ifindex;
	uint32_t ethertype;
	uint32_t vid;
	bool promisc;
	char name[64];
	uint64_t frames;
	uint64_t drops;
};

/**
 * utcp_port_add() - make a device a port
 * @handle: an open handle
 * @name: name of the device in the handle's namespace
 * @flags: enum netswitch_port_flags
 * @port: if not NULL, set to the port
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_port_add(struct utcp_handle *handle, const char *name, uint32_t flags,
		  struct utcp_port *port);

/**
 * utcp_port_set() - change what a port is used for
 * @handle: an open handle
 * @name: name of its device
 * @flags: enum netswitch_port_flags
 * @port: if not NULL, set to the port as it is then
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_port_set(struct utcp_handle *handle, const char *name, uint32_t flags,
		  struct utcp_port *port);

/**
 * utcp_port_del() - make a port an ordinary device again
 * @handle: an open handle
 * @name: name of its device
 * @port: if not NULL, set to the port with its last counters
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_port_del(struct utcp_handle *handle, const char *name,
		  struct utcp_port *port);

/**
 * utcp_port_get() - get one port
 * @handle: an open handle
 * @name: name of its device
 * @port: set to the port
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_port_get(struct utcp_handle *handle, const char *name,
		  struct utcp_port *port);

/**
 * utcp_port_list() - get all ports of the namespace
 * @handle: an open handle
 * @ports: set to an array, to be freed with free()
 * @n: set to how many there are
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_port_list(struct utcp_handle *handle, struct utcp_port **ports,
		   size_t *n);

/**
 * utcp_consumer_list() - get the consumers of a port, or of all
 * @handle: an open handle
 * @ifindex: index of the port's device; 0 for all ports of the namespace
 * @consumers: set to an array, to be freed with free()
 * @n: set to how many there are
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_consumer_list(struct utcp_handle *handle, uint32_t ifindex,
		       struct utcp_consumer **consumers, size_t *n);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
