// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay DIR - run the fuzzing of the modules' logic on the kept corpus in DIR, see
 * feed_dir(); and, of UTCP, each bit of each good message flipped once.
 */
#include "include/kern.h"

#include "../../modules/utcp/test/fuzz.h"
#include "../lib/fuzz/feed.h"

/* No good message is longer. */
#define GOOD_MAX 128

#ifdef FUZZ_MESSAGES
static void feed_bits(void)
{
	for (int target = FUZZ_CHANGED_1; target <= FUZZ_CHANGED_REPLY;
	     target++) {
		u8 good = (u8)target;

		feed_one(&good, 1);
		for (unsigned int bit = 0; bit < 8 * GOOD_MAX; bit++) {
			u8 flip[] = { good, (u8)(bit / 8), (u8)(1 << bit % 8) };

			feed_one(flip, sizeof(flip));
		}
	}
}

#else
static void feed_bits(void)
{
}
#endif

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s DIR\n", argv[0]);
		return 1;
	}
	feed_bits();
	return feed_dir(argv[1]);
}
