// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzing what a receiver does with a frame before it has a key of the sender: the
 * first byte says how it was addressed, the rest is the frame, from its version on.
 * What must hold: nothing is read outside of it; what is taken has a length that its
 * type has, and nothing where zeros must be; padding behind it changes nothing; and
 * nothing that was made without the keys is taken by discovery or handshake.
 */
#include <linux/string.h>
#include <linux/unaligned.h>

#include "../discover.h"
#include "../handshake.h"
#include "fuzz.h"

#define PADDING 46

/* Keys that no input knows: they are drawn. */
static struct keys {
	bool made;
	struct utcp_noise_static s;
	u8 realm[UTCP_KEY_LEN];
	u8 id[UTCP_ID_BYTES];
	u8 question[UTCP_DISCOVERY_LEN];
	struct utcp_disc_keys disc;
	struct utcp_mac_keys mac;
} k;

static void make_keys(void)
{
	u8 nonce[UTCP_NONCE_BYTES] = { 1 };

	if (k.made)
		return;
	k.made = true;
	fuzz_assert(!utcp_private_key_new(k.s.private));
	fuzz_assert(utcp_public_key_of(k.s.public, k.s.private));
	fuzz_assert(!utcp_private_key_new(k.realm));
	memcpy(k.id, k.s.public, sizeof(k.id));
	utcp_disc_keys_init(&k.disc, k.realm);
	utcp_mac_keys_init(&k.mac, k.s.public, k.realm);
	utcp_who_has(k.question, &k.disc, nonce, k.id);
}

static void read_taken(const u8 *frame)
{
	static struct utcp_noise hs;
	u8 public[UTCP_KEY_LEN];

	switch (frame[1]) {
	case UTCP_FRAME_WHO_HAS:
		fuzz_assert(!utcp_who_has_is(frame, &k.disc, k.id));
		break;
	case UTCP_FRAME_I_HAVE:
		fuzz_assert(!utcp_i_have_open(public, frame, k.question,
					      &k.disc, k.id));
		break;
	case UTCP_FRAME_INITIATION:
		fuzz_assert(!utcp_mac1_ok(frame + UTCP_INITIATION_MAC1_AT,
					  &k.mac, frame,
					  UTCP_INITIATION_MAC1_AT));
		fuzz_assert(utcp_initiation_static(&hs, frame, &k.s, k.realm));
		break;
	case UTCP_FRAME_RESPONSE:
		fuzz_assert(!utcp_mac1_ok(frame + UTCP_RESPONSE_MAC1_AT, &k.mac,
					  frame, UTCP_RESPONSE_MAC1_AT));
		break;
	}
}

static void read_frame(const u8 *data, size_t size)
{
	const struct utcp_frame_to to = {
		.broadcast = data[0] & 1,
		.group = data[0] & 2,
		.from_group = data[0] & 4,
	};
	const u8 *frame = data + 1;
	size_t len = size - 1, says;

	if (utcp_frame_check(frame, len, len, &to))
		return;
	says = utcp_frame_len(frame);
	fuzz_assert(says <= len && says >= UTCP_DATA_MIN_LEN);
	fuzz_assert(!to.group && !to.from_group);
	fuzz_assert(!to.broadcast || frame[1] == UTCP_FRAME_WHO_HAS ||
		    frame[1] == UTCP_FRAME_INITIATION);
	/* Of what is behind it, nothing is looked at. */
	fuzz_assert(!utcp_frame_check(frame, len + PADDING, len, &to));
	fuzz_assert(!utcp_frame_check(frame, says, says, &to));
	read_taken(frame);
}

void fuzz_frame(const u8 *data, size_t size)
{
	make_keys();
	if (size)
		fuzz_read(read_frame, data, size);
}
