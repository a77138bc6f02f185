/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A clock for what one CPU compares with itself, and which may be off by some per cent:
 * how long what it has saved up holds. It is read for every frame.
 *
 * Where there is a counter of cycles that is one instruction, and a call less than
 * local_clock(). It may stand still while the CPU sleeps, or be another one after a guest
 * was moved; then a slab, which is paid for, holds for longer or for less.
 */
#ifndef _SHAPER_TICKS_H
#define _SHAPER_TICKS_H

#include <linux/math64.h>
#include <linux/types.h>

#if defined(CONFIG_X86_64) && !defined(CONFIG_UML)
#include <asm/tsc.h>

static inline u64 shaper_ticks(void)
{
	return get_cycles();
}

/* How many of them there are in a time of up to some minutes. */
static inline u64 shaper_ticks_of(u64 ns)
{
	return tsc_khz ? div_u64(ns * tsc_khz, 1000000) : ns;
}

#else
#include <linux/sched/clock.h>

static inline u64 shaper_ticks(void)
{
	return local_clock();
}

static inline u64 shaper_ticks_of(u64 ns)
{
	return ns;
}
#endif

#endif /* _SHAPER_TICKS_H */
