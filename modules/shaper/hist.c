// SPDX-License-Identifier: GPL-2.0-only
/*
 * The histogram of waiting times. A quantile is told as the upper end of its step,
 * so it is too large by a quarter at most, and never too small.
 */
#include "hist.h"

#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/minmax.h>

static u32 step_of(u64 us)
{
	u32 log;

	if (us < 4)
		return us;
	log = ilog2(us);
	return min_t(u32, 4 * (log - 1) + ((us >> (log - 2)) & 3),
		     SHAPER_HIST_STEPS - 1);
}

/* The greatest time (us) of a step. */
static u32 end_of(u32 step)
{
	u32 log = step / 4 + 1;

	if (step < 4)
		return step;
	return ((step % 4 + 5) << (log - 2)) - 1;
}

/* Makes what is past count for less. */
void shaper_hist_halve(struct shaper_hist *hist)
{
	int i;

	for (i = 0; i < SHAPER_HIST_STEPS; i++)
		hist->step[i] /= 2;
}

/* A frame has waited so long. */
void shaper_hist_add(struct shaper_hist *hist, u64 ns)
{
	u32 step = step_of(div_u64(ns, 1000));

	if (hist->step[step] == U16_MAX)
		shaper_hist_halve(hist);
	hist->step[step]++;
}

/* So many frames have not waited. */
void shaper_hist_add_none(struct shaper_hist *hist, u64 frames)
{
	while (hist->step[0] + frames > U16_MAX) {
		shaper_hist_halve(hist);
		frames /= 2;
	}
	hist->step[0] += frames;
}

/* How long (us) so many of a hundred frames waited at most; 0 without a frame.
 * @none: frames that have not waited, beyond those added
 */
u32 shaper_hist_quantile(const struct shaper_hist *hist, u64 none, u32 percent)
{
	u64 sum = none, want;
	u32 i;

	for (i = 0; i < SHAPER_HIST_STEPS; i++)
		sum += hist->step[i];
	if (!sum)
		return 0;
	want = div_u64(sum * percent + 99, 100);
	sum = none;
	for (i = 0; i < SHAPER_HIST_STEPS - 1; i++) {
		sum += hist->step[i];
		if (sum >= want)
			break;
	}
	return end_of(i);
}
