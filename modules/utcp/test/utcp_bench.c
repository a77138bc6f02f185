// SPDX-License-Identifier: GPL-2.0-only
/*
 * utcp_bench.ko: what the cryptographic core costs by itself, without frames,
 * sockets or devices. Built for the kernels of the test bed, not installed.
 *
 * Measures while it is loaded, by the kernel's clock, which under the bench's
 * emulator counts instructions; and says so in the kernel's log, one line each:
 *
 *	utcp_bench: ROW VALUE
 *
 * VALUE is for one call, in thousandths of the clock's unit: the median of many
 * runs, so that a timer's interrupt in one of them does not count.
 */
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "../cookie.h"
#include "../crypto.h"
#include "../keys.h"
#include "../noise.h"

#define RUNS 41
#define PAYLOAD_LEN 32
#define LEN_1 UTCP_NOISE_1_LEN(PAYLOAD_LEN)
#define LEN_2 UTCP_NOISE_2_LEN(PAYLOAD_LEN)
#define MAC1_AT 140
#define MAC2_AT 156
/* The header that goes with a data frame. */
#define HEADER_LEN 18
#define TEXT_MAX 8900

/**
 * struct bench - what the measured functions work on
 * @i: keys of an initiator
 * @r: keys of a responder
 * @psk: a realm
 * @waiting: a handshake after message 1
 * @responding: one before it
 * @known: one after its first half
 * @read: one after all of it
 * @hs: where one is tried
 * @message_1: message 1
 * @message_2: message 2
 * @keys: of the responder
 * @jar: its cookies
 * @mac1: of the frame
 * @mac2: of the frame
 * @frame: as long as an initiation
 * @sender: of a lane
 * @receiver: of a lane
 * @counter: the last that was taken
 * @len: of the text
 * @header: of a data frame
 * @text: plain text
 * @sealed: text and tag
 * @failed: something was not as it must be
 */
struct bench {
	struct utcp_noise_static i;
	struct utcp_noise_static r;
	u8 psk[UTCP_KEY_LEN];
	struct utcp_noise waiting;
	struct utcp_noise responding;
	struct utcp_noise known;
	struct utcp_noise read;
	struct utcp_noise hs;
	u8 message_1[LEN_1];
	u8 message_2[LEN_2];
	struct utcp_mac_keys keys;
	struct utcp_cookie_jar jar;
	u8 mac1[UTCP_MAC_LEN];
	u8 mac2[UTCP_MAC_LEN];
	u8 frame[MAC2_AT];
	struct utcp_sender sender;
	struct utcp_receiver receiver;
	u64 counter;
	size_t len;
	u8 header[HEADER_LEN];
	u8 text[TEXT_MAX];
	u8 sealed[TEXT_MAX + UTCP_TAG_LEN];
	bool failed;
};

static const struct utcp_cookie_from from = { .ifindex = 1 };

static int compare(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Says what one of @calls calls of @function costs. */
static void measure(struct bench *b, const char *row, unsigned int calls,
		    void (*function)(struct bench *b))
{
	u64 took[RUNS];
	unsigned int run, i;

	/* Once for nothing: what is fetched and allocated the first time. */
	function(b);
	for (run = 0; run < RUNS; run++) {
		u64 start = ktime_get_ns();

		for (i = 0; i < calls; i++)
			function(b);
		took[run] = ktime_get_ns() - start;
		cond_resched();
	}
	sort(took, RUNS, sizeof(took[0]), compare, NULL);
	pr_info("utcp_bench: %s %llu\n", row,
		div_u64(took[RUNS / 2] * 1000, calls));
}

/* --- data ------------------------------------------------------------------- */

static void seal_text(struct bench *b)
{
	utcp_aead_encrypt(b->sealed, b->text, b->len, b->header, HEADER_LEN,
			  b->counter, b->sender.key);
}

static void open_text(struct bench *b)
{
	if (!utcp_aead_decrypt(b->text, b->sealed, b->len + UTCP_TAG_LEN,
			       b->header, HEADER_LEN, b->counter,
			       b->sender.key))
		b->failed = true;
}

static void take_counter(struct bench *b)
{
	if (!utcp_sender_take(&b->sender, &b->counter))
		b->failed = true;
}

static void know_counter(struct bench *b)
{
	const u8 *key;

	b->counter++;
	if (utcp_receiver_key(&b->receiver, b->counter, &key) ||
	    utcp_receiver_good(&b->receiver, b->counter))
		b->failed = true;
}

static void derive_key(struct bench *b)
{
	utcp_lane_key(b->sender.key, b->psk, 0, UTCP_SUITE_CHACHA20_POLY1305,
		      0);
}

static void measure_data(struct bench *b)
{
	static const struct {
		size_t len;
		const char *seal;
		const char *open;
	} rows[] = {
		{ 64, "seal-64", "open-64" },
		{ 1400, "seal-1400", "open-1400" },
		{ 8900, "seal-8900", "open-8900" },
	};
	unsigned int i;

	utcp_sender_init(&b->sender, b->psk, 0, UTCP_SUITE_CHACHA20_POLY1305);
	utcp_receiver_init(&b->receiver, b->psk, 0,
			   UTCP_SUITE_CHACHA20_POLY1305);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		b->len = rows[i].len;
		measure(b, rows[i].seal, 10, seal_text);
		measure(b, rows[i].open, 10, open_text);
	}
	measure(b, "counter-take", 1000, take_counter);
	measure(b, "counter-know", 1000, know_counter);
	measure(b, "lane-key", 100, derive_key);
}

/* --- handshake --------------------------------------------------------------- */

static void draw(struct bench *b, u8 *private, u8 *public)
{
	if (utcp_private_key_new(private) ||
	    !utcp_public_key_of(public, private))
		b->failed = true;
}

static void write_1(struct bench *b)
{
	u8 e[UTCP_KEY_LEN];

	utcp_noise_initiate(&b->waiting, &b->i, b->r.public, b->psk, b->frame,
			    18);
	if (utcp_private_key_new(e) ||
	    utcp_noise_write_1(&b->waiting, e, b->message_1, LEN_1, b->text,
			       PAYLOAD_LEN))
		b->failed = true;
}

static void read_1_static(struct bench *b)
{
	utcp_noise_respond(&b->known, &b->r, b->psk, b->frame, 18);
	if (utcp_noise_read_1_static(&b->known, b->message_1, LEN_1,
				     PAYLOAD_LEN))
		b->failed = true;
}

static void read_1_payload(struct bench *b)
{
	b->read = b->known;
	if (utcp_noise_read_1_payload(&b->read, b->message_1, LEN_1, b->text,
				      PAYLOAD_LEN))
		b->failed = true;
}

static void write_2(struct bench *b)
{
	u8 e[UTCP_KEY_LEN];

	b->hs = b->read;
	if (utcp_private_key_new(e) ||
	    utcp_noise_write_2(&b->hs, e, b->message_2, LEN_2, b->text,
			       PAYLOAD_LEN))
		b->failed = true;
}

static void read_2(struct bench *b)
{
	if (utcp_noise_read_2(&b->hs, &b->waiting, b->message_2, LEN_2, b->text,
			      PAYLOAD_LEN))
		b->failed = true;
}

static void check_mac1(struct bench *b)
{
	if (!utcp_mac1_ok(b->mac1, &b->keys, b->frame, MAC1_AT))
		b->failed = true;
}

static void check_mac2(struct bench *b)
{
	if (!utcp_mac2_ok(b->mac2, &b->jar, 1, &from, b->frame, MAC2_AT))
		b->failed = true;
}

static void give_cookie(struct bench *b)
{
	u8 reply[UTCP_COOKIE_SALT_LEN + UTCP_COOKIE_SEALED_LEN];

	utcp_cookie_reply(reply, &b->jar, 1, &from, &b->keys, b->mac1);
}

static void measure_handshake(struct bench *b)
{
	u8 reply[UTCP_COOKIE_SALT_LEN + UTCP_COOKIE_SEALED_LEN];
	struct utcp_cookie cookie = {};

	draw(b, b->i.private, b->i.public);
	draw(b, b->r.private, b->r.public);
	measure(b, "message-1-write", 1, write_1);
	measure(b, "message-1-read-static", 1, read_1_static);
	measure(b, "message-1-read-payload", 1, read_1_payload);
	measure(b, "message-2-write", 1, write_2);
	measure(b, "message-2-read", 1, read_2);

	utcp_mac_keys_init(&b->keys, b->r.public, b->psk);
	utcp_mac1(b->mac1, &b->keys, b->frame, MAC1_AT);
	measure(b, "mac1-check", 100, check_mac1);
	measure(b, "cookie-reply", 100, give_cookie);
	utcp_cookie_reply(reply, &b->jar, 1, &from, &b->keys, b->mac1);
	if (utcp_cookie_take(&cookie, 1, reply, sizeof(reply), &b->keys,
			     b->mac1))
		b->failed = true;
	utcp_mac2(b->mac2, &cookie, 1, b->frame, MAC2_AT);
	measure(b, "mac2-check", 100, check_mac2);
}

static int __init utcp_bench_init(void)
{
	struct bench *b = kzalloc(sizeof(*b), GFP_KERNEL);
	bool failed;

	if (!b)
		return -ENOMEM;
	measure_data(b);
	measure_handshake(b);
	failed = b->failed;
	kfree_sensitive(b);
	/* What was measured is then something else. */
	return failed ? -EBADMSG : 0;
}

static void __exit utcp_bench_exit(void)
{
}

module_init(utcp_bench_init);
module_exit(utcp_bench_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("What the cryptographic core of utcp costs");
