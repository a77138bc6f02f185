// SPDX-License-Identifier: GPL-2.0-only
/*
 * The replay window. The bit of a counter is its remainder; each time that the
 * window moves on, the bits of the numbers that it moves over are cleared, so
 * that all of the window's numbers have a bit of their own at all times.
 */
#include "replay.h"

#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/minmax.h>

static unsigned int bit_of(u64 n)
{
	return n % UTCP_REPLAY_WINDOW;
}

/**
 * utcp_replay_check() - would this counter be taken?
 * @replay: the window
 * @n: the counter, from a frame of which nothing is known yet
 *
 * Spares the decryption of what utcp_replay_mark() would refuse.
 *
 * Return: 0; -ERANGE: no counter is that great; -ESTALE: it is too old to tell;
 * -EEXIST: it was seen.
 */
int utcp_replay_check(const struct utcp_replay *replay, u64 n)
{
	if (n >= UTCP_REPLAY_END)
		return -ERANGE;
	if (n >= replay->next)
		return 0;
	if (replay->next - 1 - n >= UTCP_REPLAY_WINDOW)
		return -ESTALE;
	if (test_bit(bit_of(n), replay->seen))
		return -EEXIST;
	return 0;
}

/* Makes room for the counters up to @n, which is beyond the greatest. The place of @n itself
 * is not cleared: it is about to be set. So nothing is done for the next one, as nearly all are.
 */
static void move_on(struct utcp_replay *replay, u64 n)
{
	unsigned int from = bit_of(replay->next);
	unsigned int count = min_t(u64, n - replay->next, UTCP_REPLAY_WINDOW);
	unsigned int first =
		min_t(unsigned int, count, UTCP_REPLAY_WINDOW - from);

	if (count) {
		bitmap_clear(replay->seen, from, first);
		bitmap_clear(replay->seen, 0, count - first);
	}
	replay->next = n + 1;
}

/**
 * utcp_replay_mark() - take a counter
 * @replay: the window
 * @n: the counter, from a frame whose tag is right
 *
 * Return: 0: it was not seen before, and from now on it was; else as
 * utcp_replay_check(), and nothing has changed.
 */
int utcp_replay_mark(struct utcp_replay *replay, u64 n)
{
	int ret = utcp_replay_check(replay, n);

	if (ret)
		return ret;
	if (n >= replay->next)
		move_on(replay, n);
	__set_bit(bit_of(n), replay->seen);
	return 0;
}
