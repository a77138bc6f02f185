/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the fuzzing of the modules' logic and who runs it agree on.
 */
#ifndef _UTCP_TEST_FUZZ_H
#define _UTCP_TEST_FUZZ_H

#include <linux/types.h>

/**
 * enum fuzz_target - what is tested, the first byte of an input
 * @FUZZ_MESSAGE_1: a responder reads the rest as message 1
 * @FUZZ_MESSAGE_2: an initiator reads it as message 2
 * @FUZZ_REPLY: or as a cookie reply
 * @FUZZ_CHANGED_1: a good message 1, changed as the rest says
 * @FUZZ_CHANGED_2: a good message 2
 * @FUZZ_CHANGED_REPLY: a good cookie reply
 * @FUZZ_COUNTERS: counters come to a replay window
 * @FUZZ_CHUNKS: the rest is a plaintext whose tag was right
 * @FUZZ_LANE: the rest is steps of a lane, and frames that come
 * @FUZZ_TARGETS: how many there are
 */
enum fuzz_target {
	FUZZ_MESSAGE_1,
	FUZZ_MESSAGE_2,
	FUZZ_REPLY,
	FUZZ_CHANGED_1,
	FUZZ_CHANGED_2,
	FUZZ_CHANGED_REPLY,
	FUZZ_COUNTERS,
	FUZZ_CHUNKS,
	FUZZ_LANE,
	FUZZ_TARGETS,
};

/* Runs one input; returns 0. */
int fuzz_one(const u8 *data, size_t size);

/* chunk_fuzz.c */
void fuzz_chunks(const u8 *data, size_t size);

/* lane_fuzz.c */
void fuzz_lane(const u8 *data, size_t size);

/* Ends the program if something is not so. */
#define fuzz_assert(cond) fuzz_assert_(cond, #cond, __LINE__)
void fuzz_assert_(bool ok, const char *what, int line);

/* Calls @read with a copy of just this length, so that a sanitizer sees a byte too
 * many.
 */
void fuzz_read(void (*read)(const u8 *data, size_t len), const u8 *data,
	       size_t len);

#endif /* _UTCP_TEST_FUZZ_H */
