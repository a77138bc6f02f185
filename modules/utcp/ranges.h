/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bounded set of bytes of a stream, as ranges of offsets.
 */
#ifndef _UTCP_RANGES_H
#define _UTCP_RANGES_H

#include <linux/types.h>

/* So many ranges need no memory of their own. */
#define UTCP_RANGES_FEW 4

/**
 * struct utcp_range - bytes in a row
 * @from: offset of the first one
 * @to: behind the last one
 */
struct utcp_range {
	u64 from;
	u64 to;
};

/**
 * struct utcp_ranges - a set of bytes
 * @range: @n of them, ascending, not empty, no two touch
 * @n: how many there are
 * @room: how many there is memory for
 * @most: how many there may be
 * @few: what @range points to at first
 *
 * utcp_ranges_init() makes it, utcp_ranges_free() ends it; it cannot be moved. Lives
 * in its owner, whose lock serialises all calls; allocates without sleeping.
 */
struct utcp_ranges {
	struct utcp_range *range;
	u16 n;
	u16 room;
	u16 most;
	struct utcp_range few[UTCP_RANGES_FEW];
};

void utcp_ranges_init(struct utcp_ranges *set, u16 most);
bool __must_check utcp_ranges_reserve(struct utcp_ranges *set, u16 n);
bool __must_check utcp_ranges_add(struct utcp_ranges *set, u64 from, u64 to);
void utcp_ranges_add_near(struct utcp_ranges *set, u64 from, u64 to);
bool utcp_ranges_del(struct utcp_ranges *set, u64 from, u64 to);
u64 utcp_ranges_join(struct utcp_ranges *set, u64 to);
bool utcp_ranges_touches(const struct utcp_ranges *set, u64 from, u64 to);
bool utcp_ranges_has(const struct utcp_ranges *set, u64 offset);
void utcp_ranges_free(struct utcp_ranges *set);

#endif /* _UTCP_RANGES_H */
