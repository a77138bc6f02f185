/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rings: raw frames of an EtherType of a port, in memory shared with whoever
 * moves them: the kernel's netswitch here; utcp_ring_info() tells how.
 *
 *	receiving					sending
 *
 *	while (utcp_ring_rx_next(r, &f))		d = utcp_ring_tx_reserve(r, &data)
 *		use f.data, f.len			fill data, d->len
 *	utcp_ring_rx_release(r, how many)		utcp_ring_tx_commit(r, 1)
 *	utcp_ring_rx_wait(r, -1)			utcp_ring_tx_kick(r)
 *
 * Who sends a question and waits for the answer does the last of both in one
 * system call: utcp_ring_kick_wait(r, -1).
 *
 * Threads: receiving belongs to one thread at a time, and so does sending; it may
 * be another one, and neither waits for the other. utcp_ring_rx_return() and the
 * functions that take a const struct utcp_ring may be called by any thread. No
 * function may run while another thread closes the ring. A ring must not be used
 * by two processes at once: after fork() one of them leaves it alone.
 *
 * Memory order: "(A)" to "(D)" are those of linux/netswitch_ring.h.
 */
#ifndef LIBUTCP_RING_H
#define LIBUTCP_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* linux/virtio_net.h, which it includes, has a member of this name. */
#ifdef __cplusplus
#define class class_
#endif
#include <linux/netswitch_ring.h>
#ifdef __cplusplus
#undef class
#endif

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* What processors fetch together: two cache lines. */
#define UTCP_RING_ALIGN 128

struct utcp_ring_cold;

/**
 * struct utcp_ring_rx - what the receiving thread works with
 * @producer: shared: how far frames have come
 * @consumer: shared: how far slots were given back
 * @wake: shared: somebody wants to be woken up
 * @desc: what is in the slots
 * @slot: the first slot; NULL if there is no receive ring
 * @returned: a bit for each slot that utcp_ring_rx_return() was called for, and
 *	that was not given back yet
 * @mask: number of slots - 1
 * @slot_size: bytes of a slot
 * @seen: @producer, as it was last read
 * @next: the first frame that was not handed out
 * @released: as @consumer
 * @reserved: 0
 *
 * Only the inline functions below use it. The indexes run freely.
 */
struct utcp_ring_rx {
	uint32_t *producer;
	uint32_t *consumer;
	uint32_t *wake;
	const struct netswitch_desc *desc;
	unsigned char *slot;
	uint64_t *returned;
	uint32_t mask;
	uint32_t slot_size;
	uint32_t seen;
	uint32_t next;
	uint32_t released;
	uint32_t reserved[15];
} __attribute__((aligned(UTCP_RING_ALIGN)));

/**
 * struct utcp_ring_tx - what the sending thread works with
 * @producer: shared: how far frames were made
 * @consumer: shared: how far slots are free again
 * @wake: shared: whoever sends wants to be told of frames
 * @desc: what is in the slots
 * @slot: the first slot; NULL if there is no transmit ring
 * @mask: number of slots - 1
 * @slot_size: bytes of a slot
 * @seen: @consumer, as it was last read
 * @next: the first slot that was not handed out
 * @committed: as @producer
 * @taken: how far the kernel has taken frames; their slots may be free later
 * @reserved: 0
 *
 * Only the inline functions below use it. The indexes run freely.
 */
struct utcp_ring_tx {
	uint32_t *producer;
	uint32_t *consumer;
	uint32_t *wake;
	struct netswitch_desc *desc;
	unsigned char *slot;
	uint32_t mask;
	uint32_t slot_size;
	uint32_t seen;
	uint32_t next;
	uint32_t committed;
	uint32_t taken;
	uint32_t reserved[16];
} __attribute__((aligned(UTCP_RING_ALIGN)));

/**
 * struct utcp_ring - a ring in each direction, or in one
 * @rx: receiving
 * @tx: sending
 * @cold: the library's own
 *
 * The library allocates it; later versions may add members at the end.
 */
struct utcp_ring {
	struct utcp_ring_rx rx;
	struct utcp_ring_tx tx;
	struct utcp_ring_cold *cold;
};

/**
 * struct utcp_ring_options - what to bind
 * @device: name of the port's device, in the calling thread's network namespace;
 *	or NULL
 * @ifindex: if @device is NULL, the device's index in the namespace in which the
 *	descriptor was opened
 * @ethertype: EtherType
 * @vid: VLAN; 0 for frames without a tag or with VID 0
 * @flags: enum netswitch_ring_flags
 * @fanout: enum netswitch_ring_fanout
 * @rx_slots: slots for receiving, a power of two; 0 for no receive ring
 * @tx_slots: slots for sending, a power of two; 0 for no transmit ring
 * @slot_size: bytes of a slot, a multiple of 64
 * @rx_wake_frames: wake up when so many frames wait; 0 and 1: at each
 * @rx_wake_usecs: or when the oldest has waited so long
 * @reserved: must be 0
 * @mac: with NETSWITCH_RING_FANOUT_MAC the ring's own address; zero: the port's
 * @pad: must be 0
 *
 * linux/netswitch_ring.h has the ranges.
 */
struct utcp_ring_options {
	const char *device;
	uint32_t ifindex;
	uint32_t ethertype;
	uint32_t vid;
	uint32_t flags;
	uint32_t fanout;
	uint32_t rx_slots;
	uint32_t tx_slots;
	uint32_t slot_size;
	uint32_t rx_wake_frames;
	uint32_t rx_wake_usecs;
	uint32_t reserved[6];
	uint8_t mac[6];
	uint8_t pad[2];
};

/**
 * struct utcp_ring_error - why there is no ring
 * @err: errno, positive
 * @holder: the process that has the EtherType, 0 if that is not the reason or
 *	the process cannot be named
 * @message: what went wrong; the kernel's own words, if it had some
 */
struct utcp_ring_error {
	int err;
	uint32_t holder;
	char message[160];
};

/**
 * struct utcp_frame - a frame that was received
 * @data: its first byte, of the Ethernet header
 * @len: its bytes
 * @slot: where it is, for utcp_ring_rx_return()
 * @desc: more about it: VLAN, checksum state, GSO, timestamps
 *
 * It may be written to. It is the receiver's until it is released.
 */
struct utcp_frame {
	unsigned char *data;
	uint32_t len;
	uint32_t slot;
	const struct netswitch_desc *desc;
};

/**
 * utcp_ring_open() - get the frames of an EtherType of a port
 * @options: which, and how
 * @ring: set to the ring
 * @error: if not NULL, and it fails: why
 *
 * This is opening the device, utcp_ring_bind() and utcp_ring_attach() in one.
 *
 * Return: 0 or a negative errno.
 */
int utcp_ring_open(const struct utcp_ring_options *options,
		   struct utcp_ring **ring, struct utcp_ring_error *error);

/**
 * utcp_ring_bind() - only bind: for a process that passes the descriptor on
 * @fd: /dev/netswitch, open for reading and writing
 * @options: what to bind
 * @error: if not NULL, and it fails: why
 *
 * Rights are those of the caller, and the network namespace is that in which
 * the descriptor was opened.
 *
 * Return: 0 or a negative errno.
 */
int utcp_ring_bind(int fd, const struct utcp_ring_options *options,
		   struct utcp_ring_error *error);

/**
 * utcp_ring_attach() - use a descriptor that is bound
 * @fd: the descriptor; if it succeeds, the ring's, which will close it
 * @ring: set to the ring
 * @error: if not NULL, and it fails: why
 *
 * It goes on where the process before it ended: what that had received and not
 * released is received once more, what it had not committed was never sent.
 *
 * Return: 0 or a negative errno; -ENOTCONN if it is not bound.
 */
int utcp_ring_attach(int fd, struct utcp_ring **ring,
		     struct utcp_ring_error *error);

/**
 * utcp_ring_close() - unmap, close and free a ring
 * @ring: the ring, or NULL
 *
 * Frames that were not received, and those not sent yet, are lost.
 */
void utcp_ring_close(struct utcp_ring *ring);

/**
 * utcp_ring_fd() - a descriptor to poll
 * @ring: the ring
 *
 * POLLIN: there are frames that were not released; who keeps frames while it
 * waits for others watches with EPOLLET, and calls utcp_ring_rx_arm() before each
 * wait. POLLOUT: there is room for frames to send. POLLHUP: the port is gone.
 *
 * Return: the descriptor, which stays the ring's.
 */
int utcp_ring_fd(const struct utcp_ring *ring);

/**
 * utcp_ring_info() - what the ring is: its sizes, its modes, and if it is dead
 * @ring: the ring
 * @info: set to what is so now
 *
 * Return: 0 or a negative errno.
 */
int utcp_ring_info(const struct utcp_ring *ring,
		   struct netswitch_ring_info *info);

/**
 * utcp_ring_stats() - frames received, sent, and dropped, by reason
 * @ring: the ring
 * @stats: set to the counters
 *
 * Return: 0 or a negative errno.
 */
int utcp_ring_stats(const struct utcp_ring *ring,
		    struct netswitch_ring_stats *stats);

/**
 * utcp_ring_rx_wait() - wait for a frame
 * @ring: the ring; the receiving thread's
 * @timeout_ms: how long to wait, -1 for ever
 *
 * Frames that are not released yet do not matter. It costs less than poll().
 *
 * Return: 1 if there is a frame that was not handed out yet, 0 if none came in
 * time, or a negative errno: -EINTR (a signal handler ran, whether with SA_RESTART
 * or not), -ENODEV (the port is gone, and all its frames were handed out),
 * -EOPNOTSUPP (no receive ring).
 */
int utcp_ring_rx_wait(struct utcp_ring *ring, int timeout_ms);

/**
 * utcp_ring_kick_wait() - send what was committed, and wait for a frame
 * @ring: the ring; both the receiving and the sending thread's, which is the caller
 * @timeout_ms: how long to wait, -1 for ever
 *
 * As utcp_ring_tx_kick() and then utcp_ring_rx_wait(), but one system call, always.
 * It waits only when all that was committed has been taken.
 *
 * Return: as utcp_ring_rx_wait(), and -EAGAIN: some of it is left; see
 * utcp_ring_tx_pending() and utcp_ring_tx_wait(). -EOPNOTSUPP if one of the two
 * rings is not there.
 */
int utcp_ring_kick_wait(struct utcp_ring *ring, int timeout_ms);

/**
 * utcp_ring_set_busy() - look for frames without sleeping at first
 * @ring: the ring; the receiving thread's
 * @usecs: for so many microseconds of each wait, at most
 *	NETSWITCH_RING_BUSY_USECS_MAX; 0, as in the beginning: sleep at once
 *
 * A frame that comes meanwhile needs no wake-up; the processor is kept busy for
 * that. It ends when a signal comes, or another task wants the processor.
 *
 * Return: 0, or -EINVAL if they are too many.
 */
int utcp_ring_set_busy(struct utcp_ring *ring, uint32_t usecs);

/**
 * utcp_ring_tx_wait() - wait until sending makes sense again
 * @ring: the ring; the sending thread's
 * @timeout_ms: how long to wait, -1 for ever
 *
 * For when utcp_ring_tx_kick() left frames behind, or, after a kick,
 * utcp_ring_tx_reserve() found no room: with NETSWITCH_RING_ZEROCOPY all slots may
 * be with the device.
 *
 * Return: 1 then, 0 if not in time, or a negative errno: -EINTR (a signal),
 * -ENODEV (the port is gone), -EOPNOTSUPP (no transmit ring).
 */
int utcp_ring_tx_wait(struct utcp_ring *ring, int timeout_ms);

/**
 * utcp_ring_tx_notify() - the system call of utcp_ring_tx_kick()
 * @ring: the ring; the sending thread's
 *
 * Return: as utcp_ring_tx_kick().
 */
int utcp_ring_tx_notify(struct utcp_ring *ring);

#pragma GCC visibility pop

/**
 * utcp_ring_rx_peek() - receive many frames
 * @ring: the ring; the receiving thread's
 * @frames: set to the frames, in order
 * @max: room for so many
 *
 * Return: how many there are, 0 if none.
 */
static inline uint32_t utcp_ring_rx_peek(struct utcp_ring *ring,
					 struct utcp_frame *frames,
					 uint32_t max)
{
	struct utcp_ring_rx *rx = &ring->rx;
	uint32_t n = rx->seen - rx->next;

	/* The shared index is read only if what was seen of it is not enough. */
	if (n < max && rx->slot) {
		/* (B) */
		uint32_t seen = __atomic_load_n(rx->producer, __ATOMIC_ACQUIRE);

		/* a stray write of this process may make it anything */
		if (seen - rx->next <= rx->mask + 1 - (rx->next - rx->released))
			rx->seen = seen;
		n = rx->seen - rx->next;
	}
	if (n > max)
		n = max;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t slot = (rx->next + i) & rx->mask;
		const struct netswitch_desc *desc = &rx->desc[slot];

		frames[i].data =
			rx->slot + (size_t)slot * rx->slot_size + desc->offset;
		frames[i].len = desc->len;
		frames[i].slot = slot;
		frames[i].desc = desc;
	}
	rx->next += n;
	return n;
}

/**
 * utcp_ring_rx_next() - receive one frame
 * @ring: the ring; the receiving thread's
 * @frame: set to the frame
 *
 * Return: false if there is none.
 */
static inline bool utcp_ring_rx_next(struct utcp_ring *ring,
				     struct utcp_frame *frame)
{
	return utcp_ring_rx_peek(ring, frame, 1);
}

/**
 * utcp_ring_rx_release() - give back the oldest frames
 * @ring: the ring; the receiving thread's
 * @n: how many; at most as many as were received and not given back
 *
 * A ring uses either this or utcp_ring_rx_return(), not both.
 */
static inline void utcp_ring_rx_release(struct utcp_ring *ring, uint32_t n)
{
	ring->rx.released += n;
	/* (D) */
	__atomic_store_n(ring->rx.consumer, ring->rx.released,
			 __ATOMIC_RELEASE);
}

/**
 * utcp_ring_rx_return() - give back any frame
 * @ring: the ring; any thread may call it
 * @slot: utcp_frame.slot of a frame that was received; once for each
 *
 * The receiving thread has to call utcp_ring_rx_collect() from time to time: only
 * then is the slot used again, and not before all older ones were given back.
 */
static inline void utcp_ring_rx_return(const struct utcp_ring *ring,
				       uint32_t slot)
{
	/* release: whoever collects it knows that the slot was read */
	__atomic_fetch_or(&ring->rx.returned[slot / 64],
			  UINT64_C(1) << (slot % 64), __ATOMIC_RELEASE);
}

/**
 * utcp_ring_rx_collect() - let slots be used again that were given back
 * @ring: the ring; the receiving thread's
 *
 * Return: how many there were.
 */
static inline uint32_t utcp_ring_rx_collect(struct utcp_ring *ring)
{
	struct utcp_ring_rx *rx = &ring->rx;
	uint32_t at = rx->released, n;

	while (at != rx->next) {
		uint32_t slot = at & rx->mask, bit = slot % 64;
		uint64_t *word = &rx->returned[slot / 64];
		uint64_t missing =
			~(__atomic_load_n(word, __ATOMIC_ACQUIRE) >> bit);
		/* how many bits are set from here on, within this word */
		uint32_t run = missing ? (uint32_t)__builtin_ctzll(missing) :
					 64;
		uint32_t room = 64 - bit;

		if (room > rx->mask + 1 - slot)
			room = rx->mask + 1 - slot;
		if (room > rx->next - at)
			room = rx->next - at;
		n = run < room ? run : room;
		if (!n)
			break;
		__atomic_fetch_and(word, ~((~UINT64_C(0) >> (64 - n)) << bit),
				   __ATOMIC_RELAXED);
		at += n;
		if (n < room)
			break;
	}
	n = at - rx->released;
	if (n)
		utcp_ring_rx_release(ring, n);
	return n;
}

/**
 * utcp_ring_rx_arm() - ask for a wake-up, before a wait by epoll's edges
 * @ring: the ring; the receiving thread's
 *
 * For utcp_ring_rx_wait(), and for poll() and its kin, the kernel does it.
 *
 * Return: false if there is a frame: do not wait.
 */
static inline bool utcp_ring_rx_arm(struct utcp_ring *ring)
{
	__atomic_store_n(ring->rx.wake, 1, __ATOMIC_RELAXED);
	/* Who adds a frame after the look at them sees the word. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return __atomic_load_n(ring->rx.producer, __ATOMIC_RELAXED) ==
	       ring->rx.next;
}

/**
 * utcp_ring_tx_reserve() - get a slot for a frame
 * @ring: the ring; the sending thread's
 * @data: set to where the frame goes; there is room for utcp_ring.tx.slot_size
 *	bytes
 *
 * The caller sets len of the descriptor, which is 0 otherwise, and flags with what
 * belongs to them, if any.
 *
 * Return: the descriptor, or NULL if all slots are in use.
 */
static inline struct netswitch_desc *
utcp_ring_tx_reserve(struct utcp_ring *ring, unsigned char **data)
{
	struct utcp_ring_tx *tx = &ring->tx;
	struct netswitch_desc *desc;
	uint32_t slot;

	if (!tx->slot)
		return NULL;
	if (tx->next - tx->seen > tx->mask) {
		/* (A) */
		tx->seen = __atomic_load_n(tx->consumer, __ATOMIC_ACQUIRE);
		if (tx->next - tx->seen > tx->mask)
			return NULL;
	}
	slot = tx->next++ & tx->mask;
	*data = tx->slot + (size_t)slot * tx->slot_size;
	desc = &tx->desc[slot];
	memset(desc, 0, sizeof(*desc));
	return desc;
}

/**
 * utcp_ring_tx_commit() - the oldest of the slots that were got are filled
 * @ring: the ring; the sending thread's
 * @n: how many; at most as many as were got and not committed
 *
 * They are sent with the next utcp_ring_tx_kick(), if not before.
 */
static inline void utcp_ring_tx_commit(struct utcp_ring *ring, uint32_t n)
{
	ring->tx.committed += n;
	/* (C) */
	__atomic_store_n(ring->tx.producer, ring->tx.committed,
			 __ATOMIC_RELEASE);
}

/**
 * utcp_ring_tx_cancel() - give up the slots that were got and not committed
 * @ring: the ring; the sending thread's
 */
static inline void utcp_ring_tx_cancel(struct utcp_ring *ring)
{
	ring->tx.next = ring->tx.committed;
}

/**
 * utcp_ring_tx_pending() - how many frames were committed, and not taken
 * @ring: the ring; the sending thread's
 *
 * What was taken may still be in its slot, if the ring has NETSWITCH_RING_ZEROCOPY:
 * then it leaves although the ring is closed. Whoever has attached to the descriptor
 * of another process finds that process's among these until they have left.
 *
 * Return: that number.
 */
static inline uint32_t utcp_ring_tx_pending(struct utcp_ring *ring)
{
	struct utcp_ring_tx *tx = &ring->tx;

	tx->seen = __atomic_load_n(tx->consumer, __ATOMIC_ACQUIRE);
	if (tx->committed - tx->seen < tx->committed - tx->taken)
		tx->taken = tx->seen;
	return tx->committed - tx->taken;
}

/**
 * utcp_ring_tx_kick() - see to it that committed frames are sent
 * @ring: the ring; the sending thread's
 *
 * It makes no system call if none is needed.
 *
 * Return: how many frames were taken in this call, sent or dropped, maybe 0; or a
 * negative errno: -EAGAIN (none could be taken; see utcp_ring_tx_wait()), -ENODEV
 * (the port is gone), -EOPNOTSUPP (no transmit ring).
 */
static inline int utcp_ring_tx_kick(struct utcp_ring *ring)
{
	if (ring->tx.slot) {
		/* Who sets the word after the look at it sees the frames. */
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		if (!__atomic_load_n(ring->tx.wake, __ATOMIC_RELAXED))
			return 0;
	}
	return utcp_ring_tx_notify(ring);
}

#ifdef __cplusplus
}
#endif
#endif
