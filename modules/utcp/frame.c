// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a receiver checks of a frame before anything else runs.
 */
#include "frame.h"

#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>

/**
 * struct frame_kind - what a type allows
 * @min: least length; 0: there is no such type
 * @max: greatest length
 * @broadcast: may be sent to everybody
 * @zero_at: where a field is that must be zero
 * @zero_len: its bytes; 0: there is none
 */
struct frame_kind {
	u16 min;
	u16 max;
	bool broadcast;
	u8 zero_at;
	u8 zero_len;
};

static const struct frame_kind kinds[] = {
	[UTCP_FRAME_WHO_HAS] = { UTCP_DISCOVERY_LEN, UTCP_DISCOVERY_LEN, true,
				 36, 48 },
	[UTCP_FRAME_I_HAVE] = { UTCP_DISCOVERY_LEN, UTCP_DISCOVERY_LEN },
	[UTCP_FRAME_INITIATION] = { UTCP_INITIATION_LEN, UTCP_INITIATION_LEN,
				    true, 9, 3 },
	[UTCP_FRAME_RESPONSE] = { UTCP_RESPONSE_LEN, UTCP_RESPONSE_LEN },
	[UTCP_FRAME_COOKIE] = { UTCP_COOKIE_FRAME_LEN, UTCP_COOKIE_FRAME_LEN },
	[UTCP_FRAME_DATA] = { UTCP_DATA_MIN_LEN, UTCP_FRAME_MAX },
};

/**
 * utcp_frame_len() - the length that a frame says it has
 * @frame: the frame, of at least UTCP_FRAME_HDR_LEN bytes
 *
 * Return: so many bytes, from the version on.
 */
size_t utcp_frame_len(const u8 *frame)
{
	return get_unaligned_be16(frame + 2);
}

/**
 * utcp_frame_header() - write what all frames begin with
 * @frame: where
 * @type: of the frame
 * @len: its length
 */
void utcp_frame_header(u8 *frame, enum utcp_frame_type type, size_t len)
{
	frame[0] = UTCP_FRAME_VERSION;
	frame[1] = type;
	put_unaligned_be16(len, frame + 2);
}

static bool zeros(const u8 *p, size_t len)
{
	while (len && !*p)
		p++, len--;
	return !len;
}

static bool addressed(const struct frame_kind *kind,
		      const struct utcp_frame_to *to)
{
	return !to->from_group && !to->group &&
	       (kind->broadcast || !to->broadcast);
}

/**
 * utcp_frame_check() - is this a frame that one may look at?
 * @frame: the frame, from its version on
 * @len: how many bytes came, Ethernet's padding among them
 * @there: how many of them can be read: all, or at least UTCP_FRAME_FIXED_MAX
 * @to: how it was addressed
 *
 * Return: 0, and then there are utcp_frame_len() bytes, and its type is one of
 * enum utcp_frame_type; else the reason, of enum utcp_drop_reason.
 */
unsigned int utcp_frame_check(const u8 *frame, size_t len, size_t there,
			      const struct utcp_frame_to *to)
{
	const struct frame_kind *kind;
	size_t says;

	if (len < UTCP_FRAME_HDR_LEN || there < UTCP_FRAME_HDR_LEN)
		return UTCP_DROP_REASON_SHORT;
	if (frame[0] != UTCP_FRAME_VERSION)
		return UTCP_DROP_REASON_VERSION;
	if (frame[1] >= ARRAY_SIZE(kinds) || !kinds[frame[1]].min)
		return UTCP_DROP_REASON_TYPE;
	kind = &kinds[frame[1]];
	says = utcp_frame_len(frame);
	if (says < kind->min || says > kind->max)
		return UTCP_DROP_REASON_LENGTH;
	if (says > len)
		return UTCP_DROP_REASON_SHORT;
	if (!addressed(kind, to))
		return UTCP_DROP_REASON_ADDRESS;
	if (!zeros(frame + kind->zero_at, kind->zero_len))
		return UTCP_DROP_REASON_RESERVED;
	return 0;
}
