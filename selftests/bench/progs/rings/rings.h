/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rings: ways of getting raw frames into and out of a process, side by side.
 */
#ifndef BENCH_RINGS_H
#define BENCH_RINGS_H

#include <error.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The EtherType of all frames: the first for local experiments. */
#define FRAME_TYPE 0x88b5

#define FRAME_MIN 60
/* The longest that our ring sends, in slots of its own size, and the longest for all
 * others.
 */
#define FRAME_MAX 9014
#define FRAME_SHORT_MAX 1514

/* Slots of each ring, and bytes of each slot. */
#define SLOTS 1024
#define SLOT_SIZE 2048
#define SLOT_SIZE_MAX 9216

/* Most frames that one call handles: of sendmmsg() and recvmmsg(). */
#define BATCH_MAX 64

/**
 * struct end - one end of the link
 * @device: its name
 * @index: its number
 * @frame: a frame from this end to the other
 * @size: bytes of a frame, with its Ethernet header
 * @type: our ring: EtherType to receive
 * @wake_frames: our ring: wake up when so many frames wait
 * @wake_usecs: our ring: or after so long
 */
struct end {
	const char *device;
	unsigned int index;
	unsigned char frame[FRAME_MAX];
	size_t size;
	uint16_t type;
	uint32_t wake_frames;
	uint32_t wake_usecs;
};

/**
 * struct method - one way of receiving, or sending, or both
 * @name: what the command line calls it
 * @open: gets it ready for receiving (@rx), sending (@tx), or both
 * @read: takes up to @max frames that are there, and returns how many they were;
 *	waits for the first if @block. NULL: this cannot receive
 * @send: sends @n frames, which are the end's own. NULL: this cannot send
 * @exchange: sends one frame, waits for one and reads it, returning 1. NULL: by
 *	@send and @read
 * @blocks: it is by whole blocks that frames come: some stay behind
 */
struct method {
	const char *name;
	void *(*open)(const struct end *end, bool rx, bool tx);
	unsigned int (*read)(void *state, unsigned int max, bool block);
	void (*send)(void *state, unsigned int n);
	unsigned int (*exchange)(void *state);
	bool blocks;
};

extern const struct method method_recvmsg;
extern const struct method method_recvmmsg;
extern const struct method method_v2;
extern const struct method method_v3;
extern const struct method method_sendto;
extern const struct method method_sendmmsg;
extern const struct method method_txring;
extern const struct method method_xdp_generic;
extern const struct method method_xdp_native;
extern const struct method method_ring;
extern const struct method method_ring_poll;
extern const struct method method_ring_zc;

void *allocate(size_t size);
void wait_for(int fd, short events);

/* Every way of receiving looks at the same of each frame: its length and type. */
static inline void look_at(const unsigned char *data, size_t len, size_t size)
{
	if (len != size || data[12] != FRAME_TYPE >> 8 ||
	    data[13] != (FRAME_TYPE & 0xff))
		error(1, 0, "a frame of %zu bytes that nobody sent", len);
}

#endif /* BENCH_RINGS_H */
