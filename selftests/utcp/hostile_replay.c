// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames once more. See hostile.c.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "forge.h"
#include "hostile.h"
#include "wire.h"

#define PORT 4711
#define TAPE_MAX 4000
/* A who-has that was answered is not for so long, in ms; less the time that it takes. */
#define ANSWERED_ONCE 9000

static struct frame tape[TAPE_MAX];
static unsigned int recorded, originals[HOSTS];
static bool recording, twice;
static long begun;

static bool record(struct frame *f)
{
	came[f->from]++;
	came_type[type_of(f)]++;
	if (recording) {
		if (recorded == TAPE_MAX)
			fail("more frames than expected");
		tape[recorded++] = *f;
		originals[f->from == A ? B : A]++;
	}
	if (twice)
		wire_pass(f);
	return true;
}

#define BYTES 40000
#define DATAGRAMS 50

static uint8_t sent_bytes[BYTES], got_bytes[BYTES];
static unsigned int got_n;

static bool got_all(void)
{
	ssize_t n;

	while (got_n < BYTES) {
		n = recv(reader, got_bytes + got_n, BYTES - got_n, 0);
		if (n <= 0)
			return false;
		got_n += n;
	}
	return true;
}

/* Bytes one way. */
static bool bytes_come(int out, int in)
{
	uint8_t more;

	draw_bytes(sent_bytes, BYTES);
	got_n = 0;
	reader = in;
	if (must("send", send(out, sent_bytes, BYTES, 0)) != BYTES)
		return false;
	return wire_until(got_all, 20000) &&
	       !memcmp(sent_bytes, got_bytes, BYTES) &&
	       recv(in, &more, 1, 0) < 0 && errno == EAGAIN;
}

/* Each datagram once; they are numbered. */
static bool datagrams_come(int out, int in)
{
	unsigned int got[DATAGRAMS] = { 0 }, bad = 0;
	uint32_t i;

	for (i = 0; i < DATAGRAMS; i++) {
		must("send", send(out, &i, sizeof(i), 0));
		wire_until(NULL, 1);
	}
	wire_still();
	while (recv(in, &i, sizeof(i), 0) == sizeof(i))
		if (i < DATAGRAMS)
			got[i]++;
	for (i = 0; i < DATAGRAMS; i++)
		bad += got[i] != 1;
	return equal("datagrams that did not come just once", 0, bad);
}

static bool rekeyed(void)
{
	struct peers a, b;

	peers_get(A, &a);
	peers_get(B, &b);
	return a.handshakes >= 2 && b.handshakes >= 2 && a.sessions &&
	       b.sessions;
}

/* Each frame passed on twice, from the first who-has on. */
static void at_once(int stream[2], int datagram[2])
{
	struct counts a, b;
	bool ok;

	recording = true;
	twice = true;
	wire_hook = record;
	begun = now_ms();
	connected_pair(SOCK_STREAM, A, B, PORT, &stream[A], &stream[B]);
	connected_pair(SOCK_DGRAM, A, B, PORT, &datagram[A], &datagram[B]);
	ok = bytes_come(stream[A], stream[B]) &
	     bytes_come(stream[B], stream[A]);
	result(ok, "each frame twice: bytes come once");
	probe(A, hosts[B].id, true);
	ok = wire_until(rekeyed, 20000);
	ok &= datagrams_come(datagram[A], datagram[B]);
	ok &= datagrams_come(datagram[B], datagram[A]);
	result(ok, "under other keys, datagrams come once");
	wire_still();
	recording = false;
	twice = false;
	counts_get(A, &a);
	counts_get(B, &b);
	ok = equal("frames to A", 2UL * originals[A], a.frames) &
	     equal("frames to B", 2UL * originals[B], b.frames) &
	     at_most("taken by A", originals[A], a.delivered) &
	     at_most("taken by B", originals[B], b.delivered);
	result(ok, "no frame is taken twice");
}

/* No host has got anything that was good for it, or said anything. */
static bool nothing_happens(const struct look looks[HOSTS],
			    const struct peers before[HOSTS])
{
	static const char *const names[HOSTS] = { "A takes", "B takes",
						  "C takes" };
	struct counts now;
	struct peers peers;
	bool ok = true;

	for (int i = 0; i < HOSTS; i++) {
		counts_get(i, &now);
		peers_get(i, &peers);
		ok &= equal(names[i], looks[i].before.delivered, now.delivered);
		ok &= equal("handshakes", before[i].handshakes,
			    peers.handshakes);
		ok &= equal("peers", before[i].n, peers.n);
		ok &= !memcmp(before[i].mac, peers.mac, ETH_ALEN);
		ok &= equal("answers", 0, came[i]);
	}
	return ok;
}

/* How frames are played back. */
enum how { AS_IT_WAS, BACKWARDS, FROM_ELSEWHERE, TO_ANOTHER, TO_ITS_SENDER };

static void play_one(const struct frame *recorded_frame, enum how how)
{
	struct frame f = *recorded_frame;
	int to = f.from == A ? B : A;

	if (how == TO_ANOTHER)
		to = C;
	if (how == TO_ITS_SENDER)
		to = f.from;
	if (!(f.bytes[0] & 1) || how == TO_ANOTHER)
		memcpy(f.bytes, hosts[to].mac, ETH_ALEN);
	if (how == FROM_ELSEWHERE)
		memcpy(f.bytes + ETH_ALEN, own_mac, ETH_ALEN);
	if (how == TO_ITS_SENDER)
		memcpy(f.bytes + ETH_ALEN, hosts[to == A ? B : A].mac,
		       ETH_ALEN);
	wire_send(to, &f);
}

/* All that was recorded. */
static void play(enum how how, const int in[4], const char *what)
{
	struct peers before[HOSTS];
	struct look looks[HOSTS];
	unsigned int played = 0;
	bool ok, asks;
	uint8_t byte;

	wire_still();
	for (int i = 0; i < HOSTS; i++) {
		look(&looks[i], i);
		peers_get(i, &before[i]);
	}
	count_anew();
	for (unsigned int i = 0; i < recorded; i++) {
		const struct frame *f =
			&tape[how == BACKWARDS ? recorded - 1 - i : i];

		/* Later, it is answered. Nothing else is. */
		asks = type_of(f) == WHO_HAS &&
		       (how == AS_IT_WAS || how == BACKWARDS ||
			how == FROM_ELSEWHERE);
		if (asks && now_ms() - begun > ANSWERED_ONCE)
			continue;
		play_one(f, how);
		if (++played % 32 == 0)
			wire_until(NULL, 1);
	}
	wire_until(NULL, 100);
	ok = nothing_happens(looks, before);
	for (int i = 0; i < 4; i++)
		ok &= recv(in[i], &byte, 1, 0) < 0 && errno == EAGAIN;
	result(ok && played > 50, "%s", what);
}

static bool c_knows_a(void)
{
	struct peers peers;

	peers_get(C, &peers);
	return peers.sessions == 1;
}

static uint64_t all_drops_b(void)
{
	struct counts counts;
	uint64_t sum = 0;

	counts_get(B, &counts);
	for (int i = 0; i <= UTCP_DROP_REASON_MAX; i++)
		sum += counts.drop[i];
	return sum;
}

static struct frame late;
static bool have_late;

/* The first data frame of A is late. */
static bool delay(struct frame *f)
{
	if (have_late || f->from != A || type_of(f) != DATA)
		return true;
	late = *f;
	have_late = true;
	return false;
}

#define WINDOW 8192

/* What is late is taken, once; what is too late is not. */
static void in_the_window(int out, int in)
{
	unsigned int n = 0;
	uint64_t before;
	uint32_t i = 0;
	bool ok;

	wire_still();
	have_late = false;
	wire_hook = delay;
	must("send", send(out, "late", 4, 0));
	for (; i < 200; i++) {
		must("send", send(out, &i, sizeof(i), 0));
		wire_until(NULL, 0);
	}
	wire_still();
	while (recv(in, &i, sizeof(i), 0) == sizeof(i))
		n++;
	ok = equal("before it", 200, n);
	wire_send(B, &late);
	wire_send(B, &late);
	wire_still();
	ok &= recv(in, &i, sizeof(i), 0) == sizeof(i) && !memcmp(&i, "late", 4);
	ok &= recv(in, &i, sizeof(i), 0) < 0;
	result(ok, "a frame that is late is taken, once");

	have_late = false;
	must("send", send(out, "late", 4, 0));
	for (n = 0; n < WINDOW;) {
		if (send(out, &n, sizeof(n), 0) != sizeof(n) || ++n % 16 == 0)
			wire_until(NULL, 0);
		while (recv(in, &i, sizeof(i), 0) == sizeof(i))
			;
	}
	wire_still();
	while (recv(in, &i, sizeof(i), 0) == sizeof(i))
		;
	before = all_drops_b();
	wire_send(B, &late);
	wire_still();
	ok = recv(in, &i, sizeof(i), 0) < 0;
	/* Below the window, or, on a slow machine, under keys that are no more. */
	ok &= equal("dropped", before + 1, all_drops_b());
	result(ok, "one that is too late is not");
}

/* B has no state that anything could be compared with. */
static void to_who_forgot(void)
{
	struct counts before, after;
	unsigned int initiations = 0;
	struct peers peers;
	uint64_t taken;

	forget(B, hosts[A].id);
	wire_still();
	/* A is not to answer. */
	hold_nothing();
	counts_get(B, &before);
	count_anew();
	for (unsigned int i = 0; i < recorded; i++) {
		if (tape[i].from != A || type_of(&tape[i]) == WHO_HAS)
			continue;
		initiations += type_of(&tape[i]) == INITIATION;
		play_one(&tape[i], AS_IT_WAS);
		if (i % 32 == 0)
			wire_until(NULL, 1);
	}
	wire_until(NULL, 100);
	counts_get(B, &after);
	peers_get(B, &peers);
	taken = after.delivered - before.delivered;
	result(at_most("taken", initiations, taken) &
		       equal("answers", taken, came[B]) &
		       equal("peers", 0, peers.n),
	       "who forgot answers initiations, and no more");
}

void replay(void)
{
	int stream[2], datagram[2], in[4];

	plan(13);
	at_once(stream, datagram);
	for (int i = 0; i < 2; i++) {
		in[i] = stream[i];
		in[2 + i] = datagram[i];
	}
	play(AS_IT_WAS, in, "later, in order: none is taken or answered");
	play(BACKWARDS, in, "nor backwards");
	play(FROM_ELSEWHERE, in, "nor from another address");
	probe(C, hosts[A].id, false);
	result(wire_until(c_knows_a, 20000), "another host is a peer, too");
	play(TO_ANOTHER, in, "nor by another host");
	play(TO_ITS_SENDER, in, "nor by who has sent it");
	in_the_window(datagram[A], datagram[B]);
	wire_hook = record;
	result(bytes_come(stream[A], stream[B]) &
		       bytes_come(stream[B], stream[A]),
	       "the connection goes on");
	to_who_forgot();
}
