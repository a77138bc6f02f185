// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bounded set of bytes of a stream: a sorted array. There are few ranges, as many
 * as there are losses within a window, so moving them is cheap.
 */
#include "ranges.h"

#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

/**
 * utcp_ranges_init() - the empty set
 * @set: the set
 * @most: how many ranges there may be, at least UTCP_RANGES_FEW
 */
void utcp_ranges_init(struct utcp_ranges *set, u16 most)
{
	set->range = set->few;
	set->n = 0;
	set->room = UTCP_RANGES_FEW;
	set->most = most;
}

static void free_array(struct utcp_ranges *set)
{
	if (set->range != set->few)
		kfree(set->range);
}

/* The first range that ends at or behind @offset. */
static u16 find(const struct utcp_ranges *set, u64 offset)
{
	u16 low = 0, high = set->n;

	while (low < high) {
		u16 mid = low + (high - low) / 2;

		if (set->range[mid].to < offset)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/**
 * utcp_ranges_reserve() - see to it that more ranges have room
 * @set: the set
 * @n: how many more
 *
 * Return: true: so many utcp_ranges_add() or utcp_ranges_del() do not fail; false:
 * there is no memory, or there are as many as may be.
 */
bool utcp_ranges_reserve(struct utcp_ranges *set, u16 n)
{
	struct utcp_range *range;
	u32 room = set->room;

	if ((u32)set->n + n > set->most)
		return false;
	while (room < (u32)set->n + n)
		room = min_t(u32, 2 * room, set->most);
	if (room == set->room)
		return true;
	range = kmalloc_array(room, sizeof(*range), GFP_ATOMIC);
	if (!range)
		return false;
	memcpy(range, set->range, set->n * sizeof(*range));
	free_array(set);
	set->range = range;
	set->room = room;
	return true;
}

static void cut_out(struct utcp_ranges *set, u16 i, u16 n)
{
	if (!n)
		return;
	set->n -= n;
	memmove(&set->range[i], &set->range[i + n],
		(set->n - i) * sizeof(set->range[0]));
}

static bool insert(struct utcp_ranges *set, u16 i, u64 from, u64 to)
{
	if (!utcp_ranges_reserve(set, 1))
		return false;
	memmove(&set->range[i + 1], &set->range[i],
		(set->n - i) * sizeof(set->range[0]));
	set->range[i] = (struct utcp_range){ from, to };
	set->n++;
	return true;
}

/**
 * utcp_ranges_add() - add bytes to the set
 * @set: the set
 * @from: the first one
 * @to: behind the last one
 *
 * Return: true; false: it would be a range more, and there is no room. Then
 * nothing has changed.
 */
bool utcp_ranges_add(struct utcp_ranges *set, u64 from, u64 to)
{
	u16 i, last;

	if (from >= to)
		return true;
	i = find(set, from);
	if (i == set->n || set->range[i].from > to)
		return insert(set, i, from, to);
	for (last = i; last + 1 < set->n && set->range[last + 1].from <= to;)
		last++;
	set->range[i].from = min(set->range[i].from, from);
	set->range[i].to = max(set->range[last].to, to);
	cut_out(set, i + 1, last - i);
	return true;
}

/**
 * utcp_ranges_add_near() - add bytes to the set, and others if need be
 * @set: the set
 * @from: the first one
 * @to: behind the last one
 *
 * For sets that may say too much: without room, the bytes between these and the
 * nearest range are added too.
 */
void utcp_ranges_add_near(struct utcp_ranges *set, u64 from, u64 to)
{
	u16 i;

	if (utcp_ranges_add(set, from, to))
		return;
	i = find(set, from);
	if (i == set->n ||
	    (i && from - set->range[i - 1].to < set->range[i].from - to))
		set->range[i - 1].to = to;
	else
		set->range[i].from = from;
}

/**
 * utcp_ranges_del() - take bytes out of the set
 * @set: the set
 * @from: the first one
 * @to: behind the last one
 *
 * Return: true; false: a range would have to be cut in two, and there is no room.
 * Then nothing has changed.
 */
bool utcp_ranges_del(struct utcp_ranges *set, u64 from, u64 to)
{
	u16 i, last;

	if (from >= to)
		return true;
	i = find(set, from + 1);
	if (i == set->n || set->range[i].from >= to)
		return true;
	if (set->range[i].from < from) {
		u64 end = set->range[i].to;

		if (end > to) {
			if (!insert(set, i + 1, to, end))
				return false;
			set->range[i].to = from;
			return true;
		}
		set->range[i++].to = from;
	}
	for (last = i; last < set->n && set->range[last].to <= to;)
		last++;
	if (last < set->n && set->range[last].from < to)
		set->range[last].from = to;
	cut_out(set, i, last - i);
	return true;
}

/**
 * utcp_ranges_join() - how far do bytes reach, together with those of a set?
 * @set: the set
 * @to: behind the last byte of those that are not in it, which begin below all of it
 *
 * What they reach, or cover, is taken out of the set: it may be several ranges.
 *
 * Return: the first byte that is missing.
 */
u64 utcp_ranges_join(struct utcp_ranges *set, u64 to)
{
	u16 n = 0;

	while (n < set->n && set->range[n].from <= to)
		to = max(to, set->range[n++].to);
	cut_out(set, 0, n);
	return to;
}

/**
 * utcp_ranges_touches() - would these bytes become part of a range that is there?
 * @set: the set
 * @from: the first one
 * @to: behind the last one
 *
 * Return: true: then utcp_ranges_add() does not fail, whatever room there is.
 */
bool utcp_ranges_touches(const struct utcp_ranges *set, u64 from, u64 to)
{
	u16 i = find(set, from);

	return i < set->n && set->range[i].from <= to;
}

/**
 * utcp_ranges_has() - is a byte in the set?
 * @set: the set
 * @offset: the byte
 *
 * Return: true if it is.
 */
bool utcp_ranges_has(const struct utcp_ranges *set, u64 offset)
{
	u16 i = find(set, offset + 1);

	return i < set->n && set->range[i].from <= offset;
}

/**
 * utcp_ranges_free() - empty the set and free its memory
 * @set: the set
 */
void utcp_ranges_free(struct utcp_ranges *set)
{
	free_array(set);
	utcp_ranges_init(set, set->most);
}
