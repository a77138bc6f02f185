// SPDX-License-Identifier: GPL-2.0-only
/*
 * tsc - how fast this machine's counter of cycles is, in kHz
 *
 * An emulated guest has the same counter. Told this, it need not find out by an
 * emulated timer, which a busy host delays: a guest that took 981 MHz for 2596 let
 * every limit of time pass 2.6 times too early.
 */
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

/* A moment by both clocks. */
struct moment {
	unsigned long long cycles;
	long long ns;
};

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* Of many tries the one that was interrupted least. */
static struct moment moment(void)
{
	struct moment best = { 0 };
	unsigned long long least = ~0ULL;
	int i;

	for (i = 0; i < 100; i++) {
		unsigned long long before = __rdtsc();
		long long ns = now();
		unsigned long long took = __rdtsc() - before;

		if (took >= least)
			continue;
		least = took;
		best = (struct moment){ before + took / 2, ns };
	}
	return best;
}

int main(void)
{
	const struct timespec while_between = { .tv_nsec = 200000000 };
	struct moment a = moment(), b;

	nanosleep(&while_between, NULL);
	b = moment();
	printf("%llu\n", (b.cycles - a.cycles) * 1000000 /
				 (unsigned long long)(b.ns - a.ns));
	return 0;
}
