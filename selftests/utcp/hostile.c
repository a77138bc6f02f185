// SPDX-License-Identifier: GPL-2.0-only
/*
 * hostile TEST - somebody in the middle of a wire (see wire.h) who records, changes,
 * delays and plays back what hosts A and B send each other, and answers in their place.
 *
 *	flips		each bit of each kind of frame, changed
 *	replay		frames once more: at once, later, from elsewhere, to others
 *	liar		answers for a CellID that is another's
 *	realms		A and C are of one realm, B is of another
 *
 * Each begins with hosts that have not heard of each other. The cells have no realm, but
 * for "realms". See also fuzzwire.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "forge.h"
#include "wire.h"

#include "kselftest.h"

#define MAC2_AT 156
#define MAC_LEN 16
#define PORT 4711
/* Of what is held, nothing is longer: but probes of the path's MTU are. */
#define PROBE_LEN 1000

static const uint8_t own_mac[ETH_ALEN] = { 2, 0, 0, 0, 0xee, 1 };

/* Of a result that is wrong, why. */
static bool equal(const char *what, uint64_t want, uint64_t got)
{
	if (want == got)
		return true;
	printf("# %s: %lu, not %lu\n", what, (unsigned long)got,
	       (unsigned long)want);
	return false;
}

static bool at_most(const char *what, uint64_t most, uint64_t got)
{
	if (got <= most)
		return true;
	printf("# %s: %lu, more than %lu\n", what, (unsigned long)got,
	       (unsigned long)most);
	return false;
}

/* --- keeping frames back -------------------------------------------------------- */

/* The next frame of a type from a host, which does not get through. What else comes
 * does, if its type is in pass.
 */
static struct frame held;
static bool holds;
static int hold_from;
static unsigned int hold_type;
static size_t hold_len; /* not less than that; not an MTU's probe, either */
static uint32_t pass;
/* Frames from each host, and from all hosts by type, that came since. */
static unsigned int came[HOSTS], came_type[256];

static bool keep(struct frame *f)
{
	came[f->from]++;
	came_type[type_of(f)]++;
	if (!holds && f->from == hold_from && type_of(f) == hold_type &&
	    f->len >= hold_len && f->len < PROBE_LEN) {
		held = *f;
		holds = true;
		return false;
	}
	return pass & 1U << type_of(f);
}

/* A gives up after 20 s, which a slow machine may need for more than one kind. */
#define AGAIN 2000
static bool asks_again;

static bool is_held(void)
{
	static long asked;

	if (!holds && asks_again && now_ms() - asked > AGAIN) {
		probe(A, hosts[B].id, false);
		asked = now_ms();
	}
	return holds;
}

#define ONLY(type) (1U << (type))
#define ALL (~0U)

/* Waits for it; frames of types @others get through meanwhile, and none then. */
static void hold(int from, unsigned int type, uint32_t others)
{
	holds = false;
	hold_from = from;
	hold_type = type;
	pass = others;
	wire_hook = keep;
	errno = ETIMEDOUT;
	if (!wire_until(is_held, 20000))
		die("no frame of type %u from host %c", type, 'A' + from);
	pass = 0;
}

/* Nothing that came before is counted. */
static void count_anew(void)
{
	memset(came, 0, sizeof(came));
	memset(came_type, 0, sizeof(came_type));
}

static void pass_all(void)
{
	wire_hook = NULL;
}

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
		/* Queues are short. */
		if (bit % 64 == 63)
			wire_until(NULL, 1);
	}
	return bit;
}

/**
 * struct look - what a host has got and taken
 * @host: which
 * @before: its counters at the start
 */
struct look {
	int host;
	struct counts before;
};

static void look(struct look *l, int host)
{
	l->host = host;
	counts_get(host, &l->before);
}

/* So many frames came since, and none was good for anything. */
static bool all_dropped(const struct look *l, uint64_t n)
{
	struct counts now;

	counts_get(l->host, &now);
	return equal("frames that came", n, now.frames - l->before.frames) &
	       equal("frames that were taken", 0,
		     now.delivered - l->before.delivered);
}

/* --- each bit changed ----------------------------------------------------------- */

static bool has_session_a(void)
{
	struct peers peers;

	peers_get(A, &peers);
	return peers.sessions == 1;
}

static bool has_session_b(void)
{
	struct peers peers;

	peers_get(B, &peers);
	return peers.sessions == 1;
}

static bool forgotten_b(void)
{
	struct peers peers;

	peers_get(B, &peers);
	return !peers.n;
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

static void flip_who_has(void)
{
	struct look l;
	bool ok;

	probe(A, hosts[B].id, false);
	hold(A, WHO_HAS, 0);
	look(&l, B);
	count_anew();
	ok = flip(&held, B, 0, 0) == 8 * 84;
	wire_until(NULL, 20);
	ok &= all_dropped(&l, 8 * 84);
	ksft_test_result(ok & equal("answers", 0, came[B]),
			 "a who-has is not taken or answered\n");
	wire_send(B, &held);
	hold(B, I_HAVE, 0);
	ksft_test_result(true, "until it comes as it was\n");
}

static void flip_i_have(void)
{
	bool ok;

	count_anew();
	ok = flip_by_and_by(B, I_HAVE, ONLY(WHO_HAS), A, NULL);
	ksft_test_result(ok & equal("initiations", 0, came_type[INITIATION]),
			 "nor is an i-have\n");
}

/* Nothing but cookies: for each bit of mac2 one. */
static void flip_initiation(void)
{
	struct look l;
	bool ok;

	hold(A, INITIATION, ONLY(WHO_HAS) | ONLY(I_HAVE));
	wire_until(NULL, 5);
	look(&l, B);
	count_anew();
	ok = flip(&held, B, 0, 0) == 8 * 172;
	wire_until(NULL, 20);
	ok &= all_dropped(&l, 8 * 172) &
	      equal("answers", came_type[COOKIE], came[B]) &
	      equal("cookies", 8 * MAC_LEN, came_type[COOKIE]);
	ksft_test_result(ok & forgotten_b(),
			 "an initiation gets a cookie for mac2\n");
}

/* B is made to answer with a cookie. */
static void ask_for_cookie(void)
{
	hold(A, INITIATION, 0);
	if (memcmp(held.bytes + AT + MAC2_AT, (uint8_t[MAC_LEN]){ 0 }, MAC_LEN))
		ksft_exit_fail_msg("a changed cookie was taken\n");
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
	hold(A, INITIATION, 0);
	ksft_test_result(ok, "a cookie reply is not taken\n");
	ksft_test_result(memcmp(held.bytes + AT + MAC2_AT,
				(uint8_t[MAC_LEN]){ 0 }, MAC_LEN) != 0,
			 "until it comes as it was\n");
}

static void flip_response(void)
{
	bool ok;

	count_anew();
	ok = flip_by_and_by(B, RESPONSE, ONLY(INITIATION), A, NULL);
	ksft_test_result(ok & equal("data frames", 0, came_type[DATA]),
			 "nor is a response\n");
}

/* The first frame of an initiator, without which B has no session. */
static void flip_confirmation(void)
{
	struct look l;
	bool ok;

	hold(A, DATA,
	     ONLY(WHO_HAS) | ONLY(I_HAVE) | ONLY(INITIATION) | ONLY(RESPONSE));
	wire_until(NULL, 5);
	look(&l, B);
	count_anew();
	ok = flip(&held, B, 0, 0) == 8 * len_of(&held);
	wire_until(NULL, 20);
	ok &= all_dropped(&l, 8 * len_of(&held)) & equal("answers", 0, came[B]);
	ksft_test_result(ok && !has_session_b(),
			 "nor does it confirm an association\n");
	pass_all();
	wire_send(B, &held);
	ksft_test_result(wire_until(has_session_b, 5000),
			 "until it comes as it was\n");
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

static int in_stream;

static bool has_come(void)
{
	return readable(in_stream, 0);
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
	ksft_test_result(ok, "nor does a changed frame bring %s\n", what);
	wire_send(B, &held);
	/* Until it comes, A asks. */
	if (type != SOCK_DGRAM)
		ksft_test_result(flip_data(B, A, false), "or acknowledge it\n");
	pass_all();
	in_stream = there;
	wire_until(has_come, 5000);
	n = recv(there, in, sizeof(in), 0);
	ksft_test_result(n == sizeof(out) && !memcmp(in, out, n) &&
				 recv(there, in, sizeof(in), 0) < 0 &&
				 errno == EAGAIN,
			 "the right one brings it, once\n");
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
	ksft_test_result(ok && has_session_b(), "nor close a session\n");
	pass_all();
	wire_send(B, &held);
	ksft_test_result(wire_until(forgotten_b, 5000), "the right one does\n");
}

static void flips(void)
{
	ksft_set_plan(20);
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
	ksft_test_result(wire_until(has_session_a, 20000),
			 "they still find each other\n");
}

/* --- once more ------------------------------------------------------------------ */

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
			ksft_exit_fail_msg("more frames than expected\n");
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
		n = recv(in_stream, got_bytes + got_n, BYTES - got_n, 0);
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
	in_stream = in;
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
	ksft_test_result(ok, "each frame twice: bytes come once\n");
	probe(A, hosts[B].id, true);
	ok = wire_until(rekeyed, 20000);
	ok &= datagrams_come(datagram[A], datagram[B]);
	ok &= datagrams_come(datagram[B], datagram[A]);
	ksft_test_result(ok, "under other keys, datagrams come once\n");
	wire_still();
	recording = false;
	twice = false;
	counts_get(A, &a);
	counts_get(B, &b);
	ok = equal("frames to A", 2 * originals[A], a.frames) &
	     equal("frames to B", 2 * originals[B], b.frames) &
	     at_most("taken by A", originals[A], a.delivered) &
	     at_most("taken by B", originals[B], b.delivered);
	ksft_test_result(ok, "no frame is taken twice\n");
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
	ksft_test_result(ok && played > 50, "%s\n", what);
}

static bool c_knows_a(void)
{
	struct peers peers;

	peers_get(C, &peers);
	return peers.sessions == 1;
}

static uint64_t drops_b(unsigned int reason)
{
	struct counts counts;

	counts_get(B, &counts);
	return counts.drop[reason];
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
	ksft_test_result(ok, "a frame that is late is taken, once\n");

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
	before = drops_b(UTCP_DROP_REASON_REPLAY);
	wire_send(B, &late);
	wire_still();
	ksft_test_result(recv(in, &i, sizeof(i), 0) < 0 &&
				 equal("dropped", before + 1,
				       drops_b(UTCP_DROP_REASON_REPLAY)),
			 "one that is too late is not\n");
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
	hold_type = 0;
	pass = 0;
	wire_hook = keep;
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
	ksft_test_result(at_most("taken", initiations, taken) &
				 equal("answers", taken, came[B]) &
				 equal("peers", 0, peers.n),
			 "who forgot answers initiations, and no more\n");
}

static void replay(void)
{
	int stream[2], datagram[2], in[4];

	ksft_set_plan(13);
	at_once(stream, datagram);
	for (int i = 0; i < 2; i++) {
		in[i] = stream[i];
		in[2 + i] = datagram[i];
	}
	play(AS_IT_WAS, in, "later, in order: none is taken or answered");
	play(BACKWARDS, in, "nor backwards");
	play(FROM_ELSEWHERE, in, "nor from another address");
	probe(C, hosts[A].id, false);
	ksft_test_result(wire_until(c_knows_a, 20000),
			 "another host is a peer, too\n");
	play(TO_ANOTHER, in, "nor by another host");
	play(TO_ITS_SENDER, in, "nor by who has sent it");
	in_the_window(datagram[A], datagram[B]);
	wire_hook = record;
	ksft_test_result(bytes_come(stream[A], stream[B]) &
				 bytes_come(stream[B], stream[A]),
			 "the connection goes on\n");
	to_who_forgot();
}

/* --- a liar --------------------------------------------------------------------- */

/* Who-has of A get an answer that is none: of them, A takes nothing. */
static bool lie(const uint8_t *id, const uint8_t *public)
{
	struct frame f;
	struct look l;

	hold(A, WHO_HAS, 0);
	look(&l, A);
	count_anew();
	forge_i_have(&f, &held, id, public, own_mac);
	wire_send(A, &f);
	wire_until(NULL, 100);
	return all_dropped(&l, 1) &
	       equal("initiations", 0, came_type[INITIATION]);
}

static unsigned int to_liar[256];
static bool lies_last;

/* The liar hears what is for him, and answers each initiation. */
static bool hear(struct frame *f)
{
	struct frame lie;

	if (f->from == A && !memcmp(f->bytes, own_mac, ETH_ALEN)) {
		to_liar[type_of(f)]++;
		if (type_of(f) == INITIATION) {
			forge_response(&lie, f, hosts[A].public, own_mac);
			wire_send(A, &lie);
		}
		return false;
	}
	/* The right answer comes after his. */
	if (f->from == B && type_of(f) == I_HAVE && !lies_last) {
		lies_last = true;
		return false;
	}
	return true;
}

static unsigned int lies;

/* Five wrong responses before the right one, from where it comes. */
static bool outrun(struct frame *f)
{
	static struct frame initiation;
	struct frame lie;

	if (f->from == A && type_of(f) == INITIATION)
		initiation = *f;
	if (f->from == B && type_of(f) == RESPONSE && lies < 5) {
		for (; lies < 5; lies++) {
			forge_response(&lie, &initiation, hosts[A].public,
				       hosts[B].mac);
			wire_send(A, &lie);
		}
	}
	return true;
}

static bool at_b(int host)
{
	struct peers peers;

	peers_get(host, &peers);
	return peers.sessions == 1 &&
	       !memcmp(peers.mac, hosts[B].mac, ETH_ALEN);
}

/* A gets an answer with the right key, from the wrong address. */
static void answers_from_elsewhere(void)
{
	struct frame f;

	hold(A, WHO_HAS, 0);
	forge_i_have(&f, &held, hosts[B].id, hosts[B].public, own_mac);
	wire_hook = hear;
	wire_send(A, &f);
	ksft_test_result(wire_until(has_session_a, 20000) && at_b(A),
			 "a copied answer does not keep A from B\n");
	ksft_test_result(to_liar[INITIATION] > 0 &&
				 equal("data", 0, to_liar[DATA]),
			 "who copies it gets an initiation and no more\n");
}

static void liar(void)
{
	uint8_t key[UTCP_CELL_KEY_BYTES];
	struct frame f;
	struct look l;
	bool ok;

	ksft_set_plan(8);
	draw_bytes(key, sizeof(key));
	key[31] &= 0x7f;
	probe(A, hosts[B].id, false);
	ksft_test_result(lie(hosts[B].id, key),
			 "a key of his own for B's CellID\n");
	ksft_test_result(lie(hosts[B].id, hosts[C].public),
			 "another cell's key\n");
	ksft_test_result(lie(hosts[C].id, hosts[B].public),
			 "an answer about another CellID\n");

	/* What B would answer, to a question that nobody has asked. */
	hold(A, WHO_HAS, 0);
	look(&l, A);
	held.bytes[AT + 4] ^= 1;
	forge_i_have(&f, &held, hosts[B].id, hosts[B].public, own_mac);
	wire_send(A, &f);
	wire_until(NULL, 50);
	ksft_test_result(all_dropped(&l, 1), "an answer without a question\n");
	answers_from_elsewhere();

	/* Somebody else's initiation does nothing for who is not meant. */
	wire_still();
	forget(A, hosts[B].id);
	wire_still();
	probe(A, hosts[B].id, false);
	hold(A, INITIATION, ONLY(WHO_HAS) | ONLY(I_HAVE));
	wire_until(NULL, 50);
	look(&l, C);
	count_anew();
	memcpy(held.bytes, hosts[C].mac, ETH_ALEN);
	wire_send(C, &held);
	wire_until(NULL, 50);
	ok = all_dropped(&l, 1) & equal("answers", 0, came[C]);
	ksft_test_result(ok, "an initiation to who is not meant\n");

	wire_hook = outrun;
	ksft_test_result(wire_until(has_session_a, 20000) &&
				 equal("lies", 5, lies),
			 "wrong responses that are faster cost a moment\n");
}

/* --- two realms ----------------------------------------------------------------- */

/* B hears all that A and C say to each other, too. */
static bool overhear(struct frame *f)
{
	struct frame copy = *f;

	if (f->from == B) {
		came[B]++;
		return true;
	}
	if (!(f->bytes[0] & 1)) {
		memcpy(copy.bytes, hosts[B].mac, ETH_ALEN);
		wire_send(B, &copy);
	}
	return true;
}

static void realms(void)
{
	int here, there;
	struct look l;
	struct counts now;
	uint8_t byte = 1;

	ksft_set_plan(3);
	look(&l, B);
	wire_hook = overhear;
	connected_pair(SOCK_STREAM, A, C, PORT, &here, &there);
	must("send", send(here, &byte, 1, 0));
	wire_still();
	ksft_test_result(recv(there, &byte, 1, 0) == 1,
			 "two of one realm talk\n");
	/* A and C look for B, B for A. */
	probe(A, hosts[B].id, false);
	probe(C, hosts[B].id, false);
	wire_until(NULL, 1500);
	counts_get(B, &now);
	ksft_test_result(now.frames - l.before.frames > 10 &&
				 equal("taken", 0,
				       now.delivered - l.before.delivered) &&
				 equal("answers", 0, came[B]),
			 "B takes none of it, and says nothing\n");
	look(&l, B);
	probe(B, hosts[A].id, false);
	wire_until(NULL, 1500);
	counts_get(B, &now);
	ksft_test_result(came[B] > 1 &&
				 equal("taken", l.before.delivered,
				       now.delivered) &&
				 !has_session_b(),
			 "nor is B answered\n");
}

static const struct test {
	const char *name;
	void (*run)(void);
} tests[] = {
	{ "flips", flips },
	{ "replay", replay },
	{ "liar", liar },
	{ "realms", realms },
};

int main(int argc, char **argv)
{
	setbuf(stdout, NULL);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		if (argc != 2 || strcmp(argv[1], tests[i].name))
			continue;
		ksft_print_header();
		draw_begin(1);
		wire_open();
		tests[i].run();
		ksft_finished();
	}
	fprintf(stderr, "usage: hostile flips|replay|liar|realms\n");
	return 2;
}
