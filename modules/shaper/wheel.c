// SPDX-License-Identifier: GPL-2.0-only
/*
 * The timing wheel. Entries are taken off one by one, so that between two of them
 * the owner's lock may be let go and entries may come and go.
 */
#include "wheel.h"

#include <linux/minmax.h>

#define SLOT_OF(tick) ((tick) % SHAPER_WHEEL_SLOTS)

/* Makes an empty wheel. */
void shaper_wheel_init(struct shaper_wheel *wheel)
{
	unsigned int i;

	for (i = 0; i < SHAPER_WHEEL_SLOTS; i++)
		INIT_LIST_HEAD(&wheel->slot[i]);
}

/* The first tick with entries, of a wheel that has some. */
static u64 first_tick(const struct shaper_wheel *wheel)
{
	unsigned int from = SLOT_OF(wheel->tick);
	unsigned int slot;

	slot = find_next_bit(wheel->used, SHAPER_WHEEL_SLOTS, from);
	if (slot < SHAPER_WHEEL_SLOTS)
		return wheel->tick + slot - from;
	slot = find_first_bit(wheel->used, SHAPER_WHEEL_SLOTS);
	return wheel->tick + SHAPER_WHEEL_SLOTS - from + slot;
}

static void put(struct shaper_wheel *wheel, struct shaper_wheel_entry *entry,
		u64 tick, u64 now)
{
	if (!wheel->n)
		wheel->tick = now >> SHAPER_WHEEL_SHIFT;
	tick = clamp(tick, wheel->tick, wheel->tick + SHAPER_WHEEL_SLOTS - 1);
	entry->tick = tick;
	entry->armed = true;
	list_add_tail(&entry->node, &wheel->slot[SLOT_OF(tick)]);
	__set_bit(SLOT_OF(tick), wheel->used);
	wheel->n++;
}

/**
 * shaper_wheel_arm() - have an entry taken off at a time
 * @wheel: the wheel
 * @entry: is not armed
 * @when: when; it is taken off less than a slot later, or earlier if that is
 *	further off than the wheel turns
 * @now: what time it is
 */
void shaper_wheel_arm(struct shaper_wheel *wheel,
		      struct shaper_wheel_entry *entry, u64 when, u64 now)
{
	put(wheel, entry, (when >> SHAPER_WHEEL_SHIFT) + 1, now);
}

/* Has an entry that is not armed taken off at the next look, whenever that is. */
void shaper_wheel_rush(struct shaper_wheel *wheel,
		       struct shaper_wheel_entry *entry, u64 now)
{
	put(wheel, entry, now >> SHAPER_WHEEL_SHIFT, now);
}

/* Takes an entry off that is armed. */
void shaper_wheel_disarm(struct shaper_wheel *wheel,
			 struct shaper_wheel_entry *entry)
{
	unsigned int slot = SLOT_OF(entry->tick);

	list_del(&entry->node);
	entry->armed = false;
	if (list_empty(&wheel->slot[slot]))
		__clear_bit(slot, wheel->used);
	wheel->n--;
}

/**
 * shaper_wheel_pop() - take off the next entry whose time has come
 * @wheel: the wheel
 * @now: what time it is
 *
 * Return: the entry; NULL: none is due.
 */
struct shaper_wheel_entry *shaper_wheel_pop(struct shaper_wheel *wheel, u64 now)
{
	u64 tick = now >> SHAPER_WHEEL_SHIFT;
	struct shaper_wheel_entry *entry;
	u64 first;

	if (!wheel->n)
		return NULL;
	first = first_tick(wheel);
	if (first > tick) {
		wheel->tick = max(wheel->tick, tick);
		return NULL;
	}
	wheel->tick = first;
	entry = list_first_entry(&wheel->slot[SLOT_OF(first)],
				 struct shaper_wheel_entry, node);
	shaper_wheel_disarm(wheel, entry);
	return entry;
}

/* When the next entry is due; U64_MAX: there is none. */
u64 shaper_wheel_when(const struct shaper_wheel *wheel)
{
	return wheel->n ? first_tick(wheel) << SHAPER_WHEEL_SHIFT : U64_MAX;
}
