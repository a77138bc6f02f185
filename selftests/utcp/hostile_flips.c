// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each bit of each kind of frame, changed. See hostile.c.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "forge.h"
#include "hostile.h"
#include "wire.h"

#define MAC2_AT 156
#define MAC_LEN 16
#define PORT 4711

static const uint8_t no_mac[MAC_LEN];

/* Sends a frame once with each of the bits from @bit on changed, for so long (0: until
 * the last one). Return: the next bit.
 */
static size_t flip(const struct frame *f, int to, size_t bit, long ms)
{
	size_t bits = 8 * len_of(f);
	long until = now_ms() + ms;
	struct frame changed = *f;

	for (; bit < bits && (!ms || now_ms() < until); bit++) {
		changed.bytes[AT + bit / 8] ^= 1 << bit % 8;
		wire_send(to, &changed);
		changed.bytes[AT + bit / 8] ^= 1 << bit % 8;
		/* Queues are short, and of initiations 5000 a second are looked at. */
		if (bit % 64 == 63)
			wire_until(NULL, 15);
	}
	return bit;
}

/* Kinds of which each answer has but a short time: of each new one, some bits. */
static bool flip_by_and_by(int from, unsigned int type, uint32_t others, int to,
			   void (*prepare)(void))
{
	size_t bit = 0, n = 0;
	bool ok = true;
	struct look l;

	do {
		if (prepare)
			prepare();
		hold(from, type, others);
		wire_until(NULL, 5);
		look(&l, to);
		n = bit;
		bit = flip(&held, to, bit, 150);
		wire_until(NULL, 5);
		ok &= all_dropped(&l, bit - n);
	} while (bit < 8 * len_of(&held));
	return ok;
}

/* What A needs to find B again: on a slow machine it has given up meanwhile. */
#define FINDING (ONLY(WHO_HAS) | ONLY(I_HAVE))

static void flip_who_has(void)
{
	struct look l;
	bool ok;

	probe(A, hosts[B].id, false);
	hold(A, WHO_HAS, 0);
	look(&l, B);
	count_anew();
	ok = flip(&held, B, 0, 0) == 8UL * 84;
	wire_until(NULL, 20);
	ok &= all_dropped(&l, 8UL * 84);
	result(ok & equal("answers", 0, came[B]),
	       "a who-has is not taken or answered");
	wire_send(B, &held);
	hold(B, I_HAVE, 0);
	result(true, "until it comes as it was");
}

static void flip_i_have(void)
{
	bool ok;

	count_anew();
	ok = flip_by_and_by(B, I_HAVE, ONLY(WHO_HAS), A, NULL);
	result(ok & equal("initiations", 0, came_type[INITIATION]),
	       "nor is an i-have");
}

/* Nothing but cookies: for each bit of mac2 one. */
static void flip_initiation(void)
{
	struct look l;
	bool ok;

	hold(A, INITIATION, FINDING);
	wire_until(NULL, 5);
	look(&l, B);
	count_anew();
	ok = flip(&held, B, 0, 0) == 8UL * 172;
	wire_until(NULL, 20);
	ok &= all_dropped(&l, 8UL * 172) &
	      equal("answers", came_type[COOKIE], came[B]) &
	      equal("cookies", 8UL * MAC_LEN, came_type[COOKIE]);
	result(ok & forgotten_b(), "an initiation gets a cookie for mac2");
}

/* B is made to answer with a cookie. */
static void ask_for_cookie(void)
{
	hold(A, INITIATION, FINDING);
	if (memcmp(held.bytes + AT + MAC2_AT, no_mac, MAC_LEN))
		fail("a changed cookie was taken");
	held.bytes[AT + MAC2_AT] ^= 1;
	wire_send(B, &held);
}

static void flip_cookie(void)
{
	bool ok = flip_by_and_by(B, COOKIE, 0, A, ask_for_cookie);

	/* A knows by the index which initiation it belongs to: there may be another. */
	ask_for_cookie();
	hold(B, COOKIE, 0);
	wire_send(A, &held);
	hold(A, INITIATION, FINDING);
	result(ok, "a cookie reply is not taken");
	result(memcmp(held.bytes + AT + MAC2_AT, no_mac, MAC_LEN) != 0,
	       "until it comes as it was");
}

static void flip_response(void)
{
	bool ok;

	count_anew();
	ok = flip_by_and_by(B, RESPONSE, FINDING | ONLY(INITIATION), A, NULL);
	result(ok & equal("data frames", 0, came_type[DATA]),
	       "nor is a response");
}

/* The first frame of an initiator, without which B has no session. */
static void flip_confirmation(void)
{
	struct look l;
	bool ok;

	hold(A, DATA, FINDING | ONLY(INITIATION) | ONLY(RESPONSE));
	wire_until(NULL, 5);
	look(&l, B);
	count_anew();
	ok = flip(&held, B, 0, 0) == 8 * len_of(&held);
	wire_until(NULL, 20);
	ok &= all_dropped(&l, 8 * len_of(&held)) & equal("answers", 0, came[B]);
	result(ok && !has_session_b(), "nor does it confirm an association");
	pass_all();
	wire_send(B, &held);
	result(wire_until(has_session_b, 5000), "until it comes as it was");
}

/* Each bit of the next data frame that host @from sends. Return: none was taken, nor
 * answered, unless @to has something to say anyway.
 */
static bool flip_data(int from, int to, bool silent)
{
	struct look l;
	bool ok;

	hold(from, DATA, 0);
	look(&l, to);
	count_anew();
	ok = flip(&held, to, 0, 0) == 8 * len_of(&held);
	wire_until(NULL, 20);
	return ok & all_dropped(&l, 8 * len_of(&held)) &
	       (!silent || equal("answers", 0, came[to]));
}

static void flip_bytes(int type, const char *what)
{
	uint8_t out[100], in[200];
	int here, there;
	ssize_t n;
	bool ok;

	pass_all();
	connected_pair(type, A, B, PORT + type, &here, &there);
	wire_still();
	draw_bytes(out, sizeof(out));
	must("send", send(here, out, sizeof(out), 0));
	hold_len = sizeof(out);
	ok = flip_data(A, B, true);
	hold_len = 0;
	ok &= recv(there, in, sizeof(in), 0) < 0 && errno == EAGAIN;
	result(ok, "nor does a changed frame bring %s", what);
	wire_send(B, &held);
	/* Until it comes, A asks. */
	if (type != SOCK_DGRAM)
		result(flip_data(B, A, false), "or acknowledge it");
	pass_all();
	reader = there;
	wire_until(has_come, 5000);
	n = recv(there, in, sizeof(in), 0);
	ok = n == sizeof(out) && !memcmp(in, out, n);
	ok &= recv(there, in, sizeof(in), 0) < 0 && errno == EAGAIN;
	result(ok, "the right one brings it, once");
	wire_still();
	close(here);
	close(there);
	wire_still();
}

static void flip_close(void)
{
	bool ok;

	forget(A, hosts[B].id);
	ok = flip_data(A, B, true);
	result(ok && has_session_b(), "nor close a session");
	pass_all();
	wire_send(B, &held);
	result(wire_until(forgotten_b, 5000), "the right one does");
}

void flips(void)
{
	plan(20);
	asks_again = true;
	flip_who_has();
	flip_i_have();
	flip_initiation();
	flip_cookie();
	flip_response();
	flip_confirmation();
	asks_again = false;
	wire_still();
	flip_bytes(SOCK_STREAM, "bytes");
	flip_bytes(SOCK_SEQPACKET, "a message");
	flip_bytes(SOCK_DGRAM, "a datagram");
	flip_close();
	/* Nothing of all that is in the way of a new session. */
	probe(A, hosts[B].id, false);
	result(wire_until(has_session_a, 20000), "they still find each other");
}
