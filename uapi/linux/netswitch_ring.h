/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Rings of netswitch: /dev/netswitch, its ioctls, and the memory that a process
 * and the kernel share.
 *
 * A process opens /dev/netswitch, binds an EtherType of a port with
 * NETSWITCH_RING_BIND, and maps the whole of the memory at offset 0. The memory
 * has for each direction a struct netswitch_ring_ctl, an array of
 * descriptors and an array of slots of equal size; struct netswitch_ring_info
 * tells where. Descriptor i describes what lies in slot i.
 *
 * Each ring has one producer and one consumer: the kernel produces what is
 * received, the process what is to be sent. Both indexes run freely through all
 * 32-bit numbers; index modulo the number of slots, which is a power of two, is a
 * slot. Slots from consumer up to, but without, producer belong to the consumer
 * of that ring, all others to its producer:
 *
 *   producer                              consumer
 *
 *   read consumer, acquire      (A)       read producer, acquire      (B)
 *   if producer - consumer == slots:      if producer == consumer:
 *           full                                  empty
 *   write slot and descriptor             read descriptor and slot
 *   write producer, release     (C)       write consumer, release     (D)
 *
 * (C) pairs with (B): who sees the new producer sees the slot. (D) pairs with
 * (A): who sees the new consumer knows that nobody reads the slot any more. Each
 * side may do this for many slots at once.
 *
 * A ring for sending may ask for ZEROCOPY. Then the kernel keeps slots for longer
 * than it needs to take their frames: until the device has let go of them. They are
 * given back in their order all the same.
 *
 * The kernel keeps its own copy of the index that it writes, reads each word of
 * the process's at most once per use, copies a descriptor of the process before it
 * looks at it, and judges only what it has copied: with ZEROCOPY at least the first
 * 256 bytes of a frame. Whatever a process writes there, only its own ring suffers.
 */
#ifndef _UAPI_LINUX_NETSWITCH_RING_H
#define _UAPI_LINUX_NETSWITCH_RING_H

#include <linux/ioctl.h>
#include <linux/types.h>
#include <linux/virtio_net.h>

/* Ranges. Numbers of slots are powers of two; sizes of slots multiples of 64. */
#define NETSWITCH_RING_SLOTS_MIN 2
#define NETSWITCH_RING_SLOTS_MAX 65536
#define NETSWITCH_RING_SLOT_SIZE_MIN 128
/* The longest GRO super-frame (64 KiB behind its headers) fits. */
#define NETSWITCH_RING_SLOT_SIZE_MAX 66560
#define NETSWITCH_RING_FANOUT_MAX 64
#define NETSWITCH_RING_MESSAGE_LEN 96

/**
 * enum netswitch_ring_flags - options of a ring
 * @NETSWITCH_RING_PROMISC: also get (copies of) frames to other stations. Needs
 *	CAP_NET_RAW over the namespace; not with NETSWITCH_RING_FANOUT_MAC
 * @NETSWITCH_RING_SPOOF: may send from any source address. Needs CAP_NET_ADMIN
 *	over the namespace
 * @NETSWITCH_RING_TAKE: take an EtherType that the kernel's stack uses, or that
 *	one of its modules has reserved. Needs CAP_NET_ADMIN over the namespace.
 *	The stack has it back when the ring goes
 * @NETSWITCH_RING_SEGMENT: get only frames as on the wire: super-frames are
 *	cut, checksums finished
 * @NETSWITCH_RING_TIMESTAMP: fill in netswitch_desc.tstamp and .hwtstamp
 * @NETSWITCH_RING_ZEROCOPY: leave all but the first 256 bytes of long frames that
 *	are sent in their slots, if the device can do that: netswitch_ring_info.tx_mode
 *	tells. Needs tx_slots
 * @NETSWITCH_RING_FLAGS_ALL: all that this header knows
 */
enum netswitch_ring_flags {
	NETSWITCH_RING_PROMISC = 1 << 0,
	NETSWITCH_RING_SPOOF = 1 << 1,
	NETSWITCH_RING_TAKE = 1 << 2,
	NETSWITCH_RING_SEGMENT = 1 << 3,
	NETSWITCH_RING_TIMESTAMP = 1 << 4,
	NETSWITCH_RING_ZEROCOPY = 1 << 5,
	NETSWITCH_RING_FLAGS_ALL = (1 << 6) - 1,
};

/**
 * enum netswitch_ring_fanout - how rings that share an EtherType share its frames
 * @NETSWITCH_RING_EXCLUSIVE: they do not; the second gets EBUSY
 * @NETSWITCH_RING_FANOUT_HASH: by flow: the kernel's hash of addresses and ports
 *	for IPv4 and IPv6, one of the two MAC addresses for all else
 * @NETSWITCH_RING_FANOUT_CPU: by the CPU that received the frame, modulo rings
 * @NETSWITCH_RING_FANOUT_RR: one after the other
 * @NETSWITCH_RING_FANOUT_MAC: by the address that the frame is for: each ring has
 *	one, see netswitch_ring_bind.mac, and sends from no other. All get a copy of
 *	frames to groups; frames to an address that none of them has pass
 */
enum netswitch_ring_fanout {
	NETSWITCH_RING_EXCLUSIVE = 0,
	NETSWITCH_RING_FANOUT_HASH = 1,
	NETSWITCH_RING_FANOUT_CPU = 2,
	NETSWITCH_RING_FANOUT_RR = 3,
	NETSWITCH_RING_FANOUT_MAC = 4,
};

/**
 * enum netswitch_ring_mode - how frames come into or out of the shared memory
 * @NETSWITCH_RING_MODE_NONE: there is no ring in this direction
 * @NETSWITCH_RING_MODE_COPY: they are copied
 * @NETSWITCH_RING_MODE_ZEROCOPY: the device or the stack uses the slots
 *	themselves. Sending: short frames, for which that is dearer, and the first
 *	256 bytes of long ones are copied nevertheless; and so is all of a frame of
 *	which somebody else on this machine (a tap, for instance) wants one, too
 */
enum netswitch_ring_mode {
	NETSWITCH_RING_MODE_NONE = 0,
	NETSWITCH_RING_MODE_COPY = 1,
	NETSWITCH_RING_MODE_ZEROCOPY = 2,
};

/**
 * struct netswitch_ring_bind - argument of NETSWITCH_RING_BIND
 * @ifindex: in: the port's device, in the namespace in which the descriptor was
 *	opened
 * @ethertype: in: EtherType, in host byte order, 0x600 to 0xffff
 * @vid: in: VLAN, 0 to 4094; 0: frames without a tag or with VID 0. What is sent
 *	gets a tag with it if it is not 0
 * @flags: in: enum netswitch_ring_flags
 * @rx_slots: in: slots for receiving; 0: no receive ring, and what comes for the
 *	port is dropped. Not together with @fanout, except by address
 * @tx_slots: in: slots for sending; 0: no transmit ring
 * @slot_size: in: bytes of a slot, for both directions
 * @rx_wake_frames: in: wake up when so many frames wait, at most @rx_slots; 0 and
 *	1: at each
 * @rx_wake_usecs: in: or when the oldest has waited so long, at most 1000000.
 *	Needed, and used, only if @rx_wake_frames is more than 1
 * @fanout: in: enum netswitch_ring_fanout. All rings that share must say the
 *	same fanout and promisc, and be of the same effective uid; but for
 *	NETSWITCH_RING_FANOUT_MAC, where none gets what is another's
 * @holder: out: with EBUSY, process that holds the EtherType, as its id is in the
 *	caller's pid namespace; 0: it has none there, or the kernel itself does
 * @reserved: must be 0
 * @mac: in: with NETSWITCH_RING_FANOUT_MAC the ring's own address, which the
 *	device is told to receive: needs CAP_NET_ADMIN over the namespace, or a
 *	grant that names it. Zero, or the address that the port has: that of the
 *	port, which the ring follows when it changes. Without that fan-out: zero
 * @pad: must be 0
 * @message: out: if binding failed, why; ends with a NUL
 */
struct netswitch_ring_bind {
	__u32 ifindex;
	__u32 ethertype;
	__u32 vid;
	__u32 flags;
	__u32 rx_slots;
	__u32 tx_slots;
	__u32 slot_size;
	__u32 rx_wake_frames;
	__u32 rx_wake_usecs;
	__u32 fanout;
	__u32 holder;
	__u32 reserved[3];
	__u8 mac[6];
	__u8 pad[2];
	char message[NETSWITCH_RING_MESSAGE_LEN];
};

/**
 * struct netswitch_ring_info - what NETSWITCH_RING_INFO tells; nothing changes
 *	after binding but @mac, @dead and, with the device's features, @tx_mode
 * @map_size: bytes to map, at offset 0, with MAP_SHARED
 * @rx_ctl: offset of the struct netswitch_ring_ctl for receiving
 * @tx_ctl: of that for sending
 * @rx_desc: offset of the array of struct netswitch_desc for receiving
 * @tx_desc: of that for sending
 * @rx_slot: offset of the first slot for receiving
 * @tx_slot: of the first for sending
 * @rx_slots: how many there are
 * @tx_slots: how many there are
 * @slot_size: bytes of a slot
 * @rx_mode: enum netswitch_ring_mode
 * @tx_mode: enum netswitch_ring_mode that is in force now
 * @ifindex: the port's device
 * @ethertype: EtherType
 * @vid: VLAN
 * @flags: enum netswitch_ring_flags
 * @fanout: enum netswitch_ring_fanout
 * @mac: address that the ring sends from: that of the port's device, or its own
 *	(NETSWITCH_RING_FANOUT_MAC); 0 once the port is gone
 * @dead: 1 once the port is gone: no frame will come or go any more
 * @pad: 0
 */
struct netswitch_ring_info {
	__u64 map_size;
	__u64 rx_ctl;
	__u64 tx_ctl;
	__u64 rx_desc;
	__u64 tx_desc;
	__u64 rx_slot;
	__u64 tx_slot;
	__u32 rx_slots;
	__u32 tx_slots;
	__u32 slot_size;
	__u32 rx_mode;
	__u32 tx_mode;
	__u32 ifindex;
	__u32 ethertype;
	__u32 vid;
	__u32 flags;
	__u32 fanout;
	__u8 mac[6];
	__u8 dead;
	__u8 pad;
};

/**
 * struct netswitch_ring_ctl - indexes of one ring, each with its cache line
 * @producer: written by the producer alone
 * @pad0: 0
 * @consumer: written by the consumer alone
 * @pad1: 0
 * @wake: receiving: the process writes 1 before it sleeps by other means than
 *	NETSWITCH_RING_WAIT and poll(), and looks at the ring once more after that,
 *	with a full barrier in between; the kernel writes 0 when it wakes up whoever
 *	sleeps. NETSWITCH_RING_WAIT, poll() and its kin write it themselves.
 *	Sending: 1 whenever the kernel wants NETSWITCH_RING_KICK to be told of new
 *	frames, which is always in copy mode, and so
 *	far with ZEROCOPY, too
 * @pad2: 0
 */
struct netswitch_ring_ctl {
	__u32 producer;
	__u32 pad0[15];
	__u32 consumer;
	__u32 pad1[15];
	__u32 wake;
	__u32 pad2[15];
};

/**
 * enum netswitch_desc_flags - what is special about a frame
 * @NETSWITCH_DESC_VLAN: vlan_proto and vlan_tci are set: the tag that the frame
 *	has on the wire, and not in the slot. Sending: only the priority bits are
 *	taken; it may be missing
 * @NETSWITCH_DESC_VNET: vnet is set. A frame without it is as on the wire.
 *	Sending with it needs a port whose device is told what to do by
 *	virtio_net_hdr's rules
 * @NETSWITCH_DESC_GROUP: received: sent to a group, a copy
 * @NETSWITCH_DESC_OTHER: received: sent to another station, a copy
 * @NETSWITCH_DESC_TSTAMP: received: tstamp is set
 * @NETSWITCH_DESC_HWTSTAMP: received: hwtstamp is set
 * @NETSWITCH_DESC_TX_FLAGS: those that a process may set
 */
enum netswitch_desc_flags {
	NETSWITCH_DESC_VLAN = 1 << 0,
	NETSWITCH_DESC_VNET = 1 << 1,
	NETSWITCH_DESC_GROUP = 1 << 2,
	NETSWITCH_DESC_OTHER = 1 << 3,
	NETSWITCH_DESC_TSTAMP = 1 << 4,
	NETSWITCH_DESC_HWTSTAMP = 1 << 5,
	NETSWITCH_DESC_TX_FLAGS = NETSWITCH_DESC_VLAN | NETSWITCH_DESC_VNET,
};

/**
 * struct netswitch_desc - a frame
 * @offset: where in its slot the frame begins, with its Ethernet header
 * @len: its bytes
 * @flags: enum netswitch_desc_flags
 * @vlan_proto: 0x8100 or 0x88a8
 * @vlan_tci: priority, DEI and VID
 * @vnet: checksum state and GSO size and type, in host byte order; offsets count
 *	from the beginning of the frame
 * @reserved0: 0
 * @ifindex: received: the port's device
 * @reserved1: 0
 * @tstamp: received: when the kernel got it, ns since 1970
 * @hwtstamp: received: when the device got it, by the device's clock, in ns
 * @reserved2: 0
 */
struct netswitch_desc {
	__u32 offset;
	__u32 len;
	__u32 flags;
	__u16 vlan_proto;
	__u16 vlan_tci;
	struct virtio_net_hdr vnet;
	__u16 reserved0;
	__u32 ifindex;
	__u64 tstamp;
	__u64 hwtstamp;
	__u64 reserved1;
	__u64 reserved2;
};

/**
 * struct netswitch_ring_stats - what NETSWITCH_RING_STATS tells
 * @rx_frames: frames for this ring, counted after cutting super-frames
 * @rx_delivered: of these, put into slots
 * @rx_bytes: their bytes, Ethernet headers counted
 * @rx_drop_full: dropped: all slots were in use
 * @rx_drop_length: dropped: longer than a slot
 * @rx_drop_nomem: dropped: no memory to cut or finish the frame
 * @rx_drop_index: dropped: the process's consumer index was none
 * @rx_max_used: most slots that were ever in use
 * @rx_wakeups: times somebody was woken up
 * @tx_frames: descriptors that the kernel took
 * @tx_sent: of these, frames handed to the device's queue
 * @tx_bytes: their bytes, Ethernet headers counted
 * @tx_drop_length: dropped: shorter than its header, longer than the MTU allows,
 *	or not within its slot
 * @tx_drop_type: dropped: not the EtherType that is bound
 * @tx_drop_source: dropped: not the source address of the port, or of the ring
 *	if it has its own
 * @tx_drop_meta: dropped: unknown flags, or vnet that makes no sense
 * @tx_drop_nomem: dropped: no memory
 * @tx_drop_down: dropped: the device was down
 * @tx_drop_refused: dropped by a policy, by the queue, or by the device
 * @tx_max_used: most slots that a kick ever found in use
 * @tx_bad_index: kicks refused because the process's producer index was none
 * @tx_zerocopy: of tx_frames, those that left the ring without being copied whole
 * @tx_copied: of these, those that were copied on their way after all
 * @tx_held: slots whose frames were taken and that were not given back, now
 *
 * At any time rx_frames = rx_delivered + all rx_drop, and tx_frames = tx_sent +
 * all tx_drop.
 */
struct netswitch_ring_stats {
	__u64 rx_frames;
	__u64 rx_delivered;
	__u64 rx_bytes;
	__u64 rx_drop_full;
	__u64 rx_drop_length;
	__u64 rx_drop_nomem;
	__u64 rx_drop_index;
	__u64 rx_max_used;
	__u64 rx_wakeups;
	__u64 tx_frames;
	__u64 tx_sent;
	__u64 tx_bytes;
	__u64 tx_drop_length;
	__u64 tx_drop_type;
	__u64 tx_drop_source;
	__u64 tx_drop_meta;
	__u64 tx_drop_nomem;
	__u64 tx_drop_down;
	__u64 tx_drop_refused;
	__u64 tx_max_used;
	__u64 tx_bad_index;
	__u64 tx_zerocopy;
	__u64 tx_copied;
	__u64 tx_held;
};

#define NETSWITCH_RING_IOC 0xc7

/**
 * NETSWITCH_RING_BIND - get the frames of an EtherType of a port
 *
 * Needs CAP_NET_RAW over the namespace of the descriptor, from who calls it, or a
 * grant of the EtherType on the port to its effective user or to one of its groups
 * (netlink: grant-add). A grant is for frames without a VLAN and without PROMISC.
 * Some flags need more. A descriptor is bound once; the binding ends when the last
 * copy of the descriptor is closed and the memory unmapped, and not when the grant
 * or the right goes.
 *
 * Errors: EINVAL (a value that is out of its range; see message), EPERM, ENODEV
 * (no such device), ENOENT (it is no port), EOPNOTSUPP (the port is not
 * demultiplexed), EBUSY (somebody has this EtherType and VLAN, or shares it and has
 * this address, see holder, or the descriptor is bound already), ENOSPC (limits
 * rings or ring-memory of the namespace, or 64 rings share the EtherType), EDQUOT
 * (RLIMIT_MEMLOCK), ENOMEM, EFAULT.
 */
#define NETSWITCH_RING_BIND \
	_IOWR(NETSWITCH_RING_IOC, 1, struct netswitch_ring_bind)

/* Errors of the others: ENOTCONN (not bound), EFAULT. */
#define NETSWITCH_RING_INFO \
	_IOR(NETSWITCH_RING_IOC, 2, struct netswitch_ring_info)

#define NETSWITCH_RING_STATS \
	_IOR(NETSWITCH_RING_IOC, 3, struct netswitch_ring_stats)

/**
 * NETSWITCH_RING_KICK - send what was produced
 *
 * With ZEROCOPY, netswitch_ring_ctl.consumer may follow later, and without a further
 * kick, as frames leave the device. POLLOUT tells when a kick takes frames and not
 * all slots are with the device.
 *
 * Return: how many descriptors were taken, sent or dropped; fewer than there are
 * when the device's queue holds as much of this ring's as it may: poll() tells
 * with POLLOUT when to go on. Errors: ENOTCONN, EOPNOTSUPP (no transmit ring),
 * EAGAIN (nothing could be taken), ENODEV (the port is gone), EINVAL (the
 * producer index is none).
 */
#define NETSWITCH_RING_KICK _IO(NETSWITCH_RING_IOC, 4)

/* The longest that NETSWITCH_RING_WAIT looks for frames without sleeping. */
#define NETSWITCH_RING_BUSY_USECS_MAX 10000

/**
 * enum netswitch_ring_wait_flags - options of NETSWITCH_RING_WAIT
 * @NETSWITCH_RING_WAIT_KICK: first do what NETSWITCH_RING_KICK does
 * @NETSWITCH_RING_WAIT_FLAGS_ALL: all that this header knows
 */
enum netswitch_ring_wait_flags {
	NETSWITCH_RING_WAIT_KICK = 1 << 0,
	NETSWITCH_RING_WAIT_FLAGS_ALL = (1 << 1) - 1,
};

/**
 * struct netswitch_ring_wait - argument of NETSWITCH_RING_WAIT
 * @seen: producer index of the receive ring up to which the caller knows the
 *	frames, whether it has given them back or not
 * @flags: enum netswitch_ring_wait_flags
 * @timeout: nanoseconds to wait for more, of CLOCK_MONOTONIC; 0: only look;
 *	negative: for ever
 * @busy_usecs: look for so many microseconds without sleeping, at most
 *	NETSWITCH_RING_BUSY_USECS_MAX and no longer than @timeout, before sleeping.
 *	It ends before its time when a signal comes or another task wants the
 *	processor
 * @reserved: must be 0
 */
struct netswitch_ring_wait {
	__u32 seen;
	__u32 flags;
	__s64 timeout;
	__u32 busy_usecs;
	__u32 reserved;
};

/**
 * NETSWITCH_RING_WAIT - maybe send, then sleep until a frame is there
 *
 * Waits until the producer index of the receive ring is not @seen. For less than
 * poll() does: nothing is asked but this. Whoever sleeps is woken up by the rules
 * of @rx_wake_frames and @rx_wake_usecs; what is there already does not wait for
 * more. Any number of tasks may wait at once, here and in poll(); all are woken
 * up, and who finds nothing new sleeps on. That another thread closes the
 * descriptor ends no wait.
 *
 * With NETSWITCH_RING_WAIT_KICK it waits only if all that was produced for sending
 * was taken, and otherwise tells the error of NETSWITCH_RING_KICK, or EAGAIN: some
 * frames are left, see there.
 *
 * Return: 1 if there are frames behind @seen, 0 if none came in time. Errors:
 * ENOTCONN (not bound), EOPNOTSUPP (no receive ring, or none to kick), EINVAL
 * (unknown flags, @busy_usecs out of range, @reserved; or as KICK), EAGAIN,
 * ENODEV (the port is gone, and there are no frames behind @seen), EINTR (a signal
 * handler ran; SA_RESTART changes nothing. A task that is only stopped and
 * continued begins its wait anew), EFAULT.
 */
#define NETSWITCH_RING_WAIT \
	_IOW(NETSWITCH_RING_IOC, 5, struct netswitch_ring_wait)

#endif /* _UAPI_LINUX_NETSWITCH_RING_H */
