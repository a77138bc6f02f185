// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes of a stream in pieces of memory. A piece is there only where bytes are or
 * will be, so a connection that waits takes none.
 */
#include "pieces.h"

#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#define RING_MIN 4
/* Pieces that are made, or freed, at once. */
#define BULK 16

struct kmem_cache *utcp_piece_cache[2];

static void free_pieces(const struct utcp_pieces *p, void **pieces, u32 n)
{
	struct kmem_cache *cache = utcp_piece_cache[p->marks];

	if (!n)
		return;
	if (cache)
		kmem_cache_free_bulk(cache, n, pieces);
	else
		while (n--)
			kfree(pieces[n]);
}

/* Return: how many were made, fewer if there is no memory for all. */
static u32 make_pieces(const struct utcp_pieces *p, void **pieces, u32 n)
{
	struct kmem_cache *cache = utcp_piece_cache[p->marks];
	u32 i;

	if (cache) {
		/* All or none, so one for another try. */
		if (n && !kmem_cache_alloc_bulk(cache, GFP_ATOMIC, n, pieces))
			n = kmem_cache_alloc_bulk(cache, GFP_ATOMIC, 1, pieces);
		return n;
	}
	for (i = 0; i < n; i++) {
		pieces[i] = kmalloc(utcp_piece_size(p->marks),
				    GFP_ATOMIC | __GFP_ACCOUNT);
		if (!pieces[i])
			break;
	}
	return i;
}

/* How long the ring is to be for a piece of a number. */
static u32 room_for(const struct utcp_pieces *p, u64 last)
{
	u32 room = p->room ? p->room : RING_MIN;

	while (last - p->first >= room)
		room *= 2;
	return room;
}

static struct utcp_piece **slot(const struct utcp_pieces *p, u64 number)
{
	return &p->ring[number & (p->room - 1)];
}

static bool is_there(const struct utcp_pieces *p, u64 number)
{
	return number - p->first < p->room && *slot(p, number);
}

static struct utcp_piece *piece_of(const struct utcp_pieces *p, u64 offset)
{
	return *slot(p, offset / UTCP_PIECE_LEN);
}

/**
 * utcp_pieces_init() - no bytes
 * @p: the bytes
 * @marks: there will be marks
 */
void utcp_pieces_init(struct utcp_pieces *p, bool marks)
{
	*p = (struct utcp_pieces){
		.marks = marks,
		.size = utcp_piece_takes(marks),
	};
}

static bool grow(struct utcp_pieces *p, u64 last)
{
	u32 room = room_for(p, last), i;
	struct utcp_piece **ring;

	if (room == p->room)
		return true;
	ring = kcalloc(room, sizeof(struct utcp_piece *),
		       GFP_ATOMIC | __GFP_ACCOUNT);
	if (!ring)
		return false;
	for (i = 0; i < p->room; i++)
		ring[(p->first + i) & (room - 1)] = *slot(p, p->first + i);
	kfree(p->ring);
	p->ring = ring;
	p->room = room;
	return true;
}

/* Fills up to BULK empty places from number @from to @last. Return: the number up to which
 * none is empty, or 0: no memory.
 */
static u64 fill_places(struct utcp_pieces *p, u64 from, u64 last)
{
	struct utcp_piece **empty[BULK] __uninitialized;
	void *pieces[BULK] __uninitialized;
	u32 n = 0, made, i;

	for (; from <= last && n < BULK; from++)
		if (!*slot(p, from))
			empty[n++] = slot(p, from);
	made = make_pieces(p, pieces, n);
	for (i = 0; i < made; i++) {
		*empty[i] = pieces[i];
		if (p->marks)
			bitmap_zero((*empty[i])->mark, UTCP_PIECE_LEN);
	}
	p->n += made;
	return made == n ? from : 0;
}

/**
 * utcp_pieces_reserve() - memory for bytes
 * @p: the bytes
 * @from: offset of the first; not below what was dropped
 * @to: behind the last; at most 2^31 bytes above what was dropped
 *
 * Return: true: they can be written; false: there is not enough memory. Then what
 * there is stays, for another try.
 */
bool utcp_pieces_reserve(struct utcp_pieces *p, u64 from, u64 to)
{
	u64 number, last;

	if (from >= to)
		return true;
	last = (to - 1) / UTCP_PIECE_LEN;
	number = from / UTCP_PIECE_LEN;
	/* What is not long mostly goes where something is already. */
	if (number == last && is_there(p, last))
		return true;
	if (!grow(p, last))
		return false;
	while (number <= last) {
		number = fill_places(p, number, last);
		if (!number)
			return false;
	}
	return true;
}

/**
 * utcp_pieces_needs() - how much more would they take?
 * @p: the bytes
 * @from: as for utcp_pieces_reserve()
 * @to: as for utcp_pieces_reserve()
 *
 * Return: bytes of memory; 0: utcp_pieces_reserve() would take none.
 */
size_t utcp_pieces_needs(const struct utcp_pieces *p, u64 from, u64 to)
{
	u64 number, last;
	size_t needs;

	if (from >= to)
		return 0;
	last = (to - 1) / UTCP_PIECE_LEN;
	if (from / UTCP_PIECE_LEN == last && is_there(p, last))
		return 0;
	needs = (room_for(p, last) - p->room) * sizeof(struct utcp_piece *);
	for (number = from / UTCP_PIECE_LEN; number <= last; number++)
		if (!is_there(p, number))
			needs += p->size;
	return needs;
}

/**
 * utcp_pieces_write() - write bytes
 * @p: the bytes
 * @offset: where
 * @from: what
 * @len: how many
 */
void utcp_pieces_write(struct utcp_pieces *p, u64 offset, const u8 *from,
		       size_t len)
{
	while (len) {
		size_t at = offset % UTCP_PIECE_LEN;
		size_t part = min_t(size_t, len, UTCP_PIECE_LEN - at);

		memcpy(piece_of(p, offset)->bytes + at, from, part);
		offset += part;
		from += part;
		len -= part;
	}
}

/**
 * utcp_pieces_read() - read bytes
 * @p: the bytes
 * @offset: where; all of them have been written
 * @to: where they go
 * @len: how many
 */
void utcp_pieces_read(const struct utcp_pieces *p, u64 offset, u8 *to,
		      size_t len)
{
	while (len) {
		size_t at = offset % UTCP_PIECE_LEN;
		size_t part = min_t(size_t, len, UTCP_PIECE_LEN - at);

		memcpy(to, piece_of(p, offset)->bytes + at, part);
		offset += part;
		to += part;
		len -= part;
	}
}

/**
 * utcp_pieces_mark() - a byte ends a message
 * @p: the bytes; they have marks
 * @offset: the byte
 */
void utcp_pieces_mark(struct utcp_pieces *p, u64 offset)
{
	__set_bit(offset % UTCP_PIECE_LEN, piece_of(p, offset)->mark);
}

/**
 * utcp_pieces_marked() - look for a byte that ends a message
 * @p: the bytes
 * @from: the first one to look at
 * @to: behind the last one
 *
 * Return: the first that is marked; @to: none is.
 */
u64 utcp_pieces_marked(const struct utcp_pieces *p, u64 from, u64 to)
{
	if (!p->marks)
		return to;
	while (from < to) {
		u32 at = from % UTCP_PIECE_LEN;
		u32 end = min_t(u64, UTCP_PIECE_LEN, at + (to - from));
		u32 bit = find_next_bit(piece_of(p, from)->mark, end, at);

		if (bit < end)
			return from + (bit - at);
		from += end - at;
	}
	return to;
}

/**
 * utcp_pieces_give() - hand over whole pieces of memory
 * @to: who gets them
 * @from: who has them, with all their bytes and marks
 * @offset: the first byte; not below what @to has dropped
 * @end: behind the last one
 *
 * Return: how many bytes, from @offset on, are @to's now. 0 if only one of the two has
 * marks, @offset does not begin a piece, there is no whole one, @to has one there already,
 * or there is no memory.
 */
u32 utcp_pieces_give(struct utcp_pieces *to, struct utcp_pieces *from,
		     u64 offset, u64 end)
{
	u64 number = offset / UTCP_PIECE_LEN, last = end / UTCP_PIECE_LEN;
	u32 n = 0;

	if (offset % UTCP_PIECE_LEN || number >= last ||
	    to->marks != from->marks || !grow(to, last - 1))
		return 0;
	for (; number < last && !*slot(to, number); number++, n++) {
		*slot(to, number) = *slot(from, number);
		*slot(from, number) = NULL;
	}
	to->n += n;
	from->n -= n;
	return n * UTCP_PIECE_LEN;
}

/**
 * utcp_pieces_drop() - bytes are needed no more
 * @p: the bytes
 * @offset: those below this one
 */
void utcp_pieces_drop(struct utcp_pieces *p, u64 offset)
{
	u64 number = offset / UTCP_PIECE_LEN;
	void *pieces[BULK] __uninitialized;
	u32 n = 0;

	for (; p->first < number && p->n; p->first++) {
		struct utcp_piece **at = slot(p, p->first);

		if (!*at)
			continue;
		pieces[n++] = *at;
		*at = NULL;
		p->n--;
		if (n == BULK) {
			free_pieces(p, pieces, n);
			n = 0;
		}
	}
	free_pieces(p, pieces, n);
	p->first = max(p->first, number);
}

/**
 * utcp_pieces_free() - drop all
 * @p: the bytes
 */
void utcp_pieces_free(struct utcp_pieces *p)
{
	u32 i;

	for (i = 0; i < p->room; i++)
		if (p->ring[i])
			free_pieces(p, (void **)&p->ring[i], 1);
	kfree(p->ring);
	p->ring = NULL;
	p->room = 0;
	p->n = 0;
}
