/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames: what all types have in common, and where their fields stand. See
 * "Frames" in Documentation/networking/utcp.rst. Nothing here knows a key.
 */
#ifndef _UTCP_FRAME_H
#define _UTCP_FRAME_H

#include <linux/types.h>

#include <uapi/linux/utcp.h>

/* The first byte: the mark of UTCP and version 1. */
#define UTCP_FRAME_VERSION 0xc1
/* Version, type and length. */
#define UTCP_FRAME_HDR_LEN 4
/* Longest frame, and the longest of those that are no data. */
#define UTCP_FRAME_MAX 65535
#define UTCP_FRAME_FIXED_MAX UTCP_INITIATION_LEN

/**
 * enum utcp_frame_type - types of frames
 * @UTCP_FRAME_WHO_HAS: who has this CellID?
 * @UTCP_FRAME_I_HAVE: the answer to it
 * @UTCP_FRAME_INITIATION: message 1 of a handshake
 * @UTCP_FRAME_RESPONSE: message 2
 * @UTCP_FRAME_COOKIE: a cookie instead of message 2
 * @UTCP_FRAME_DATA: chunks, encrypted
 */
enum utcp_frame_type {
	UTCP_FRAME_WHO_HAS = 0x01,
	UTCP_FRAME_I_HAVE = 0x02,
	UTCP_FRAME_INITIATION = 0x03,
	UTCP_FRAME_RESPONSE = 0x04,
	UTCP_FRAME_COOKIE = 0x05,
	UTCP_FRAME_DATA = 0x10,
};

/* Lengths of frames, of data the least. */
#define UTCP_DISCOVERY_LEN 84
#define UTCP_INITIATION_LEN 172
#define UTCP_RESPONSE_LEN 108
#define UTCP_COOKIE_FRAME_LEN 56
#define UTCP_DATA_MIN_LEN 34

/* Who-has and i-have. */
#define UTCP_NONCE_AT 4
#define UTCP_NONCE_BYTES 16
#define UTCP_TARGET_AT 20
#define UTCP_SALT_AT 20
#define UTCP_SEALED_KEY_AT 36

/* An index of all the others: of the sender (initiation, response) or receiver. */
#define UTCP_INDEX_AT 4
#define UTCP_HINT_AT 8
#define UTCP_MESSAGE_1_AT 12
#define UTCP_INITIATION_MAC1_AT 140
#define UTCP_INITIATION_MAC2_AT 156

#define UTCP_RESPONSE_TO_AT 8
#define UTCP_MESSAGE_2_AT 12
#define UTCP_RESPONSE_MAC1_AT 92

#define UTCP_COOKIE_REPLY_AT 8

#define UTCP_LANE_AT 8
#define UTCP_COUNTER_AT 10
#define UTCP_CIPHER_AT 18

/**
 * struct utcp_frame_to - how a frame was addressed
 * @broadcast: to ff:ff:ff:ff:ff:ff
 * @group: to another group
 * @from_group: its source is a group address
 */
struct utcp_frame_to {
	bool broadcast;
	bool group;
	bool from_group;
};

unsigned int __must_check utcp_frame_check(const u8 *frame, size_t len,
					   size_t there,
					   const struct utcp_frame_to *to);
size_t utcp_frame_len(const u8 *frame);
void utcp_frame_header(u8 *frame, enum utcp_frame_type type, size_t len);

#endif /* _UTCP_FRAME_H */
