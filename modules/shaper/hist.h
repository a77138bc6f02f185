/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sojourn: how long frames waited, as a histogram.
 */
#ifndef _SHAPER_HIST_H
#define _SHAPER_HIST_H

#include <linux/types.h>

/* Four steps for each doubling, from 4 us to 2^24 us; below, one each us. */
#define SHAPER_HIST_STEPS 96

/**
 * struct shaper_hist - how many frames waited how long
 * @step: by step, see shaper_hist_add(). When one is full, all of them are halved
 *
 * Guarded as the queue is.
 */
struct shaper_hist {
	u16 step[SHAPER_HIST_STEPS];
};

void shaper_hist_add(struct shaper_hist *hist, u64 ns);
void shaper_hist_add_none(struct shaper_hist *hist, u64 frames);
void shaper_hist_halve(struct shaper_hist *hist);
u32 shaper_hist_quantile(const struct shaper_hist *hist, u64 none, u32 percent);

#endif /* _SHAPER_HIST_H */
