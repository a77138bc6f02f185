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
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forge.h"
#include "hostile.h"
#include "wire.h"

#include "kselftest.h"

/* Of what is held, nothing is longer: but probes of the path's MTU are. */
#define PROBE_LEN 1000

const uint8_t own_mac[ETH_ALEN] = { 2, 0, 0, 0, 0xee, 1 };

/* --- results -------------------------------------------------------------------- */

void plan(unsigned int n)
{
	ksft_set_plan(n);
}

void result(bool ok, const char *format, ...)
{
	char what[128];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	ksft_test_result(ok, "%s\n", what);
}

void fail(const char *what)
{
	ksft_exit_fail_msg("%s\n", what);
}

/* Of a result that is wrong, why. */
bool equal(const char *what, uint64_t want, uint64_t got)
{
	if (want == got)
		return true;
	printf("# %s: %lu, not %lu\n", what, (unsigned long)got,
	       (unsigned long)want);
	return false;
}

bool at_most(const char *what, uint64_t most, uint64_t got)
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
struct frame held;
static bool holds;
static int hold_from;
static unsigned int hold_type;
size_t hold_len; /* not less than that; not an MTU's probe, either */
uint32_t pass;
/* Frames from each host, and from all hosts by type, that came since. */
unsigned int came[HOSTS], came_type[256];

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
bool asks_again;

static bool is_held(void)
{
	static long asked;

	if (!holds && asks_again && now_ms() - asked > AGAIN) {
		probe(A, hosts[B].id, false);
		asked = now_ms();
	}
	return holds;
}

/* Waits for it; frames of types @others get through meanwhile, and none then. */
void hold(int from, unsigned int type, uint32_t others)
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

/* No frame gets through, and none is kept. */
void hold_nothing(void)
{
	holds = true;
	pass = 0;
	wire_hook = keep;
}

/* Nothing that came before is counted. */
void count_anew(void)
{
	memset(came, 0, sizeof(came));
	memset(came_type, 0, sizeof(came_type));
}

void pass_all(void)
{
	wire_hook = NULL;
}

void look(struct look *l, int host)
{
	l->host = host;
	counts_get(host, &l->before);
}

/* So many frames came since, and none was good for anything. */
bool all_dropped(const struct look *l, uint64_t n)
{
	struct counts now;

	counts_get(l->host, &now);
	return equal("frames that came", n, now.frames - l->before.frames) &
	       equal("frames that were taken", 0,
		     now.delivered - l->before.delivered);
}

/* --- what hosts know ------------------------------------------------------------ */

bool has_session_a(void)
{
	struct peers peers;

	peers_get(A, &peers);
	return peers.sessions == 1;
}

bool has_session_b(void)
{
	struct peers peers;

	peers_get(B, &peers);
	return peers.sessions == 1;
}

bool forgotten_b(void)
{
	struct peers peers;

	peers_get(B, &peers);
	return !peers.n;
}

int reader;

/* Is there something to be read? */
bool has_come(void)
{
	return readable(reader, 0);
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
