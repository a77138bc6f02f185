// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzing what the cryptographic core reads from the wire: handshake messages,
 * cookie replies, counters. Built in user space only, with userspace/kern.
 *
 * Input: one byte says what is tested (enum target). What is random is never let
 * in by a tag; so there are targets for which the rest is what is read, and
 * targets for which it says how a good message is changed before it is read.
 * What must hold is asserted: changed or made up is refused, and then nothing is
 * left of the state; unchanged is taken.
 */
#include <linux/string.h>
#include <linux/unaligned.h>

#include "../cookie.h"
#include "../noise.h"
#include "../replay.h"
#include "fuzz.h"

#define PAYLOAD_LEN 32
#define LEN_1 UTCP_NOISE_1_LEN(PAYLOAD_LEN)
#define LEN_2 UTCP_NOISE_2_LEN(PAYLOAD_LEN)
#define REPLY_LEN (UTCP_COOKIE_SALT_LEN + UTCP_COOKIE_SEALED_LEN)
#define MESSAGE_MAX 512
#define PROLOGUE "fuzz", 4
#define COUNTERS_MAX 512

/* Two who talk, and all good messages: made once. */
static struct world {
	bool made;
	struct utcp_noise_static i;
	struct utcp_noise_static r;
	u8 psk[UTCP_KEY_LEN];
	struct utcp_noise waiting;
	u8 message_1[LEN_1];
	u8 message_2[LEN_2];
	struct utcp_mac_keys keys;
	u8 mac1[UTCP_MAC_LEN];
	u8 reply[REPLY_LEN];
} w;

static bool zeros(const void *p, size_t len)
{
	const u8 *bytes = p;

	while (len && !*bytes)
		bytes++, len--;
	return !len;
}

/* The same in every run, so that an input means the same. */
static void key(u8 *private, u8 *public, u8 fill)
{
	memset(private, fill, UTCP_KEY_LEN);
	fuzz_assert(!public || utcp_public_key_of(public, private));
}

static void respond(struct utcp_noise *hs)
{
	utcp_noise_respond(hs, &w.r, w.psk, PROLOGUE);
}

static void make_world(void)
{
	const struct utcp_cookie_from from = { .ifindex = 1 };
	struct utcp_cookie_jar jar = {};
	u8 payload[PAYLOAD_LEN] = {};
	u8 e[UTCP_KEY_LEN];
	struct utcp_noise r;

	if (w.made)
		return;
	w.made = true;
	key(w.i.private, w.i.public, 0x11);
	key(w.r.private, w.r.public, 0x22);
	memset(w.psk, 0x33, sizeof(w.psk));
	utcp_noise_initiate(&w.waiting, &w.i, w.r.public, w.psk, PROLOGUE);
	key(e, NULL, 0x44);
	fuzz_assert(!utcp_noise_write_1(&w.waiting, e, w.message_1, LEN_1,
					payload, PAYLOAD_LEN));
	respond(&r);
	fuzz_assert(
		!utcp_noise_read_1_static(&r, w.message_1, LEN_1, PAYLOAD_LEN));
	fuzz_assert(!utcp_noise_read_1_payload(&r, w.message_1, LEN_1, payload,
					       PAYLOAD_LEN));
	key(e, NULL, 0x55);
	fuzz_assert(!utcp_noise_write_2(&r, e, w.message_2, LEN_2, payload,
					PAYLOAD_LEN));
	utcp_mac_keys_init(&w.keys, w.r.public, w.psk);
	utcp_mac1(w.mac1, &w.keys, w.message_1, LEN_1);
	utcp_cookie_reply(w.reply, &jar, 1, &from, &w.keys, w.mac1);
}

static void read_1(const u8 *data, size_t len)
{
	bool good = len == LEN_1 && !memcmp(data, w.message_1, LEN_1);
	u8 payload[PAYLOAD_LEN] = {};
	struct utcp_noise hs;
	int ret;

	respond(&hs);
	ret = utcp_noise_read_1_static(&hs, data, len, PAYLOAD_LEN);
	if (!ret)
		ret = utcp_noise_read_1_payload(&hs, data, len, payload,
						PAYLOAD_LEN);
	fuzz_assert(good == !ret);
	fuzz_assert(!ret || (zeros(&hs, sizeof(hs)) &&
			     zeros(payload, sizeof(payload))));
}

static void read_2(const u8 *data, size_t len)
{
	bool good = len == LEN_2 && !memcmp(data, w.message_2, LEN_2);
	u8 payload[PAYLOAD_LEN], a[UTCP_KEY_LEN], b[UTCP_KEY_LEN];
	const struct utcp_noise before = w.waiting;
	struct utcp_noise hs;
	int ret;

	memset(payload, 1, sizeof(payload));
	ret = utcp_noise_read_2(&hs, &w.waiting, data, len, payload,
				PAYLOAD_LEN);
	fuzz_assert(good == !ret);
	fuzz_assert(zeros(payload, sizeof(payload)));
	fuzz_assert(!memcmp(&before, &w.waiting, sizeof(before)));
	fuzz_assert(good == !utcp_noise_split(&hs, a, b, NULL));
	fuzz_assert(zeros(&hs, sizeof(hs)));
}

static void read_reply(const u8 *data, size_t len)
{
	bool good = len == REPLY_LEN && !memcmp(data, w.reply, REPLY_LEN);
	struct utcp_cookie cookie = {};
	int ret;

	ret = utcp_cookie_take(&cookie, 1, data, len, &w.keys, w.mac1);
	fuzz_assert(good == !ret);
	fuzz_assert(good == !zeros(&cookie, sizeof(cookie)));
}

/* Pairs of a place and what is changed there; a byte over says how many bytes
 * more or less there are.
 */
static void change(void (*read)(const u8 *data, size_t len), const u8 *good,
		   size_t len, const u8 *data, size_t size)
{
	u8 copy[MESSAGE_MAX] = {};

	memcpy(copy, good, len);
	for (; size >= 2; data += 2, size -= 2)
		copy[data[0] % len] ^= data[1];
	if (size)
		len = (len + 128 + data[0]) % (MESSAGE_MAX / 2);
	fuzz_read(read, copy, len);
}

/* Steps of two bytes, forwards or backwards; or whole counters. */
static void counters(const u8 *data, size_t size)
{
	static struct utcp_replay window;
	u64 taken[COUNTERS_MAX], n = 0;
	unsigned int i, count = 0;

	memset(&window, 0, sizeof(window));
	while (size > 2 && count < COUNTERS_MAX) {
		bool before = false;
		int check, mark;

		if (data[0] & 1 && size > 8) {
			n = get_unaligned_be64(data + 1);
			data += 9;
			size -= 9;
		} else {
			u16 step = get_unaligned_be16(data + 1);

			n = data[0] & 2 ? n - step : n + step;
			data += 3;
			size -= 3;
		}
		check = utcp_replay_check(&window, n);
		mark = utcp_replay_mark(&window, n);
		fuzz_assert(check == mark);
		fuzz_assert(mark || n < UTCP_REPLAY_END);
		for (i = 0; i < count; i++)
			before |= taken[i] == n;
		fuzz_assert(!before || mark);
		if (!mark)
			taken[count++] = n;
		fuzz_assert(utcp_replay_mark(&window, n));
	}
}

int fuzz_one(const u8 *data, size_t size)
{
	u8 target;

	if (!size)
		return 0;
	make_world();
	target = *data++;
	size--;
	switch (target) {
	case FUZZ_MESSAGE_1:
		read_1(data, size);
		break;
	case FUZZ_MESSAGE_2:
		read_2(data, size);
		break;
	case FUZZ_REPLY:
		read_reply(data, size);
		break;
	case FUZZ_CHANGED_1:
		change(read_1, w.message_1, LEN_1, data, size);
		break;
	case FUZZ_CHANGED_2:
		change(read_2, w.message_2, LEN_2, data, size);
		break;
	case FUZZ_CHANGED_REPLY:
		change(read_reply, w.reply, REPLY_LEN, data, size);
		break;
	case FUZZ_COUNTERS:
		counters(data, size);
		break;
	case FUZZ_CHUNKS:
		fuzz_chunks(data, size);
		break;
	case FUZZ_LANE:
		fuzz_lane(data, size);
		break;
	}
	return 0;
}
