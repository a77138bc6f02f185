// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzzwire COUNT SEED - frames that are not right, into two hosts between which a stream,
 * messages and datagrams go on (see wire.h): mutations of what they have sent each
 * other, with mac1 made right again or not, and frames of random bytes behind a header
 * that is mostly right. The same seed gives the same mutations; what they are of has
 * new keys each time.
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

#define CORPUS_MAX 400
#define PORT 4711
/* Frames between two looks at what else there is. */
#define BURST 48

static const uint8_t stranger[ETH_ALEN] = { 2, 0, 0, 0, 0xee, 2 };
static const uint8_t types[] = { WHO_HAS,  I_HAVE, INITIATION,
				 RESPONSE, COOKIE, DATA };
static const uint16_t lengths[] = { 84, 84, 172, 108, 56, 120 };
#define KINDS (sizeof(types) / sizeof(types[0]))

static struct frame corpus[CORPUS_MAX];
static unsigned int n, n_of[256];

/* Of each kind some, the latest too: their numbers are those that are in use. */
static bool collect(struct frame *f)
{
	unsigned int of = n_of[type_of(f)]++;

	if (f->len < AT + 4)
		return true;
	if (n < CORPUS_MAX && of < 150)
		corpus[n++] = *f;
	else if (n && type_of(f) == DATA)
		corpus[draw() % n] = *f;
	return true;
}

/* What strangers are sent gets lost. */
static bool pass_known(struct frame *f)
{
	if (draw() % 64 == 0)
		collect(f);
	return true;
}

/* --- connections ---------------------------------------------------------------- */

static int ends[3][2];
static const int kinds[3] = { SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM };
static int waits_for;

static bool has_come(void)
{
	return readable(waits_for, 0);
}

/* Bytes from one end to the other, and nothing else. */
static bool comes(int from, int to, size_t len, const char *what)
{
	uint8_t out[1200], in[1300] = { 0 };
	size_t got = 0;
	ssize_t ret;

	draw_bytes(out, len);
	must("send", send(from, out, len, 0));
	waits_for = to;
	while (got < len) {
		if (!wire_until(has_come, 10000)) {
			printf("# %s: %zu of %zu bytes came\n", what, got, len);
			return false;
		}
		ret = must("recv", recv(to, in + got, sizeof(in) - got, 0));
		if (!ret)
			break;
		got += ret;
	}
	if (got == len && !memcmp(out, in, len) && recv(to, in, 1, 0) < 0 &&
	    errno == EAGAIN)
		return true;
	printf("# %s: not what was sent\n", what);
	return false;
}

static bool all_come(void)
{
	static const char *const names[3] = { "bytes", "a message",
					      "a datagram" };
	bool ok = true;

	for (int i = 0; i < 3; i++) {
		ok &= comes(ends[i][A], ends[i][B], 1 + draw() % 1200,
			    names[i]);
		ok &= comes(ends[i][B], ends[i][A], 1 + draw() % 1200,
			    names[i]);
	}
	return ok;
}

static bool rekeyed(void)
{
	static uint64_t before;
	struct peers peers;

	peers_get(A, &peers);
	if (!before)
		before = peers.handshakes;
	if (peers.handshakes == before)
		return false;
	before = 0;
	return true;
}

static bool new_keys(void)
{
	rekeyed();
	probe(A, hosts[B].id, true);
	return wire_until(rekeyed, 20000);
}

/* --- frames --------------------------------------------------------------------- */

static void put(uint8_t *at, uint64_t value, unsigned int len)
{
	while (len--) {
		at[len] = value;
		value >>= 8;
	}
}

static uint64_t odd_number(void)
{
	static const uint64_t odd[] = { 0,	    1,	    2,		0x7f,
					0x80,	    0xff,   0x100,	0x7fff,
					0x8000,	    0xffff, 1u << 31,	~0U,
					1ULL << 60, ~0ULL,  ~0ULL >> 1, 8192 };

	return draw() % 3 ? odd[draw() % (sizeof(odd) / sizeof(odd[0]))] :
			    draw();
}

static void set_length(struct frame *f)
{
	put(f->bytes + AT + 2, f->len - AT, 2);
}

static void resize(struct frame *f, size_t len)
{
	if (len > f->len)
		draw_bytes(f->bytes + f->len, len - f->len);
	f->len = len;
}

static void change(struct frame *f)
{
	const struct frame *other = &corpus[draw() % n];
	size_t body = f->len - AT, at = AT + draw() % body;

	switch (draw() % 11) {
	case 0:
		f->bytes[at] ^= 1 << draw() % 8;
		break;
	case 1:
		f->bytes[at] = draw();
		break;
	case 2: /* a number in the header */
		put(f->bytes + AT + 2 * (draw() % 9), odd_number(), 2);
		break;
	case 3:
		put(f->bytes + AT + 4 + 4 * (draw() % 3), odd_number(), 4);
		break;
	case 4: /* another index that is in use */
		memcpy(f->bytes + AT + 4, other->bytes + AT + 4, 4);
		break;
	case 5: /* another counter, near or far */
		if (draw() % 2)
			put(f->bytes + AT + 10, odd_number(), 8);
		else
			f->bytes[AT + 17] += draw() % 16;
		break;
	case 6:
		resize(f, AT + 4 + draw() % body);
		break;
	case 7:
		resize(f, f->len + draw() % (1514 - f->len + 1));
		break;
	case 8: /* the end of another */
		if (other->len > at) {
			memcpy(f->bytes + at, other->bytes + at,
			       other->len - at);
			f->len = other->len;
		}
		break;
	case 9: /* another type, with its length or without */
		f->bytes[AT + 1] = draw() % 4 ? types[draw() % KINDS] : draw();
		if (draw() % 2) {
			resize(f, AT + lengths[draw() % KINDS]);
			set_length(f);
		}
		break;
	case 10:
		memset(f->bytes + at, draw() % 2 ? 0 : 0xff,
		       1 + draw() % (f->len - at));
		break;
	}
	if (f->len < AT + 4)
		resize(f, AT + 4);
	if (draw() % 2)
		set_length(f);
}

static void mutated(struct frame *f, int to)
{
	unsigned int times = 1 + draw() % 3;
	unsigned int type;

	*f = corpus[draw() % n];
	while (times--)
		change(f);
	type = type_of(f);
	if (draw() % 2 && ((type == INITIATION && f->len >= AT + 172) ||
			   (type == RESPONSE && f->len >= AT + 108)))
		forge_mac1(f, hosts[to].public);
	if (draw() % 8)
		memcpy(f->bytes, hosts[to].mac, ETH_ALEN);
	if (draw() % 3 == 0)
		memcpy(f->bytes + ETH_ALEN, stranger, ETH_ALEN);
}

static void random_one(struct frame *f, int to)
{
	unsigned int kind = draw() % KINDS;

	f->len = AT + (draw() % 8 ? lengths[kind] : 4 + draw() % 300);
	draw_bytes(f->bytes, f->len);
	memcpy(f->bytes, hosts[to].mac, ETH_ALEN);
	memcpy(f->bytes + ETH_ALEN, stranger, ETH_ALEN);
	put(f->bytes + AT - 2, 0x88b5, 2);
	if (draw() % 16)
		f->bytes[AT] = 0xc1;
	if (draw() % 16)
		f->bytes[AT + 1] = types[kind];
	if (draw() % 8)
		set_length(f);
	if (types[kind] == WHO_HAS && draw() % 4 && f->len >= AT + 84)
		memset(f->bytes + AT + 36, 0, 48);
	if (types[kind] == INITIATION && draw() % 4 && f->len >= AT + 12)
		memset(f->bytes + AT + 9, 0, 3);
}

static void feed(unsigned long count)
{
	static struct frame f;

	for (unsigned long i = 1; i <= count; i++) {
		int to = draw() % 2 ? A : B;

		if (draw() % 4)
			mutated(&f, to);
		else
			random_one(&f, to);
		wire_send(to, &f);
		if (i % BURST == 0)
			wire_until(NULL, 0);
	}
}

int main(int argc, char **argv)
{
	unsigned long count = argc == 3 ? strtoul(argv[1], NULL, 0) : 0;
	struct counts before[2], after[2];
	bool ok = true;

	if (!count) {
		fprintf(stderr, "usage: fuzzwire COUNT SEED\n");
		return 2;
	}
	setbuf(stdout, NULL);
	ksft_print_header();
	ksft_set_plan(4);
	draw_begin(strtoull(argv[2], NULL, 0));
	wire_open();
	wire_hook = collect;
	for (int i = 0; i < 3; i++)
		connected_pair(kinds[i], A, B, PORT + i, &ends[i][A],
			       &ends[i][B]);
	ok = all_come();
	ok &= new_keys();
	ok &= all_come();
	ksft_test_result(ok, "two hosts talk\n");
	wire_still();
	wire_hook = pass_known;
	counts_get(A, &before[A]);
	counts_get(B, &before[B]);
	for (int i = 0; i < 10 && ok; i++) {
		feed(count / 10);
		ok &= all_come();
	}
	ksft_test_result(ok, "all goes on beside %lu frames\n", count);
	wire_still();
	ok = true;
	for (int i = A; i <= B; i++) {
		unsigned int reasons = 0;

		counts_get(i, &after[i]);
		for (int j = 0; j <= UTCP_DROP_REASON_MAX; j++)
			reasons += after[i].drop[j] > before[i].drop[j];
		printf("# host %c: %lu frames, %lu of them taken, the others dropped for %u reasons\n",
		       'A' + i,
		       (unsigned long)(after[i].frames - before[i].frames),
		       (unsigned long)(after[i].delivered -
				       before[i].delivered),
		       reasons);
		ok &= reasons >= 12;
	}
	ksft_test_result(ok, "they were dropped for many reasons\n");
	ok = new_keys();
	ksft_test_result(ok && all_come(), "there are new keys then\n");
	ksft_finished();
}
