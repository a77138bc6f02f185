/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Timing wheel: what is to be done when (Varghese, Lauck, 1987; Carousel, 2017).
 */
#ifndef _SHAPER_WHEEL_H
#define _SHAPER_WHEEL_H

#include <linux/bitmap.h>
#include <linux/list.h>
#include <linux/types.h>

/* A slot is 131 us: nothing is late by more, and what falls into one costs one
 * timer. The wheel turns once in 134 ms; what is further off is looked at then.
 */
#define SHAPER_WHEEL_SHIFT 17
#define SHAPER_WHEEL_SLOTS 1024

/**
 * struct shaper_wheel_entry - something on a wheel
 * @node: in its slot
 * @tick: which slot, counted from the beginning of time
 * @armed: it is on a wheel
 */
struct shaper_wheel_entry {
	struct list_head node;
	u64 tick;
	bool armed;
};

/**
 * struct shaper_wheel - a wheel
 * @tick: nothing is armed for an earlier one
 * @n: how many entries there are
 * @used: which slots have entries
 * @slot: entries, first come first
 *
 * Nothing here locks. Calls on one wheel follow each other.
 */
struct shaper_wheel {
	u64 tick;
	u32 n;
	DECLARE_BITMAP(used, SHAPER_WHEEL_SLOTS);
	struct list_head slot[SHAPER_WHEEL_SLOTS];
};

void shaper_wheel_init(struct shaper_wheel *wheel);
void shaper_wheel_arm(struct shaper_wheel *wheel,
		      struct shaper_wheel_entry *entry, u64 when, u64 now);
void shaper_wheel_rush(struct shaper_wheel *wheel,
		       struct shaper_wheel_entry *entry, u64 now);
void shaper_wheel_disarm(struct shaper_wheel *wheel,
			 struct shaper_wheel_entry *entry);
struct shaper_wheel_entry *shaper_wheel_pop(struct shaper_wheel *wheel,
					    u64 now);
u64 shaper_wheel_when(const struct shaper_wheel *wheel);

#endif /* _SHAPER_WHEEL_H */
