/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes of a stream within a moving window, in pieces of memory; with a mark at
 * each byte that ends a message. What buffers for sending and receiving stand on.
 */
#ifndef _UTCP_PIECES_H
#define _UTCP_PIECES_H

#include <linux/bitops.h>
#include <linux/types.h>

/* Bytes of a piece, a power of two. */
#define UTCP_PIECE_LEN 4096

struct kmem_cache;

/**
 * struct utcp_piece - a piece
 * @bytes: its bytes
 * @mark: a bit for each that ends a message; not there if there are no marks
 */
struct utcp_piece {
	u8 bytes[UTCP_PIECE_LEN];
	DECLARE_BITMAP(mark, UTCP_PIECE_LEN);
};

/* Where pieces come from, without and with marks; NULL: from kmalloc(). Set before
 * the first one is made, and not changed after that.
 */
extern struct kmem_cache *utcp_piece_cache[2];

/**
 * utcp_piece_size() - bytes of a piece
 * @marks: it has marks
 *
 * Return: so many.
 */
static inline u32 utcp_piece_size(bool marks)
{
	return marks ? sizeof(struct utcp_piece) : UTCP_PIECE_LEN;
}

/* Slabs of the caches, as SLUB chooses them where pages are of 4096 bytes. */
#define UTCP_PIECE_SLAB 32768

/**
 * utcp_piece_takes() - bytes of memory that a piece takes: its share of a slab
 * @marks: it has marks
 *
 * Behind an object whose cache has a constructor stands a pointer, and what is left over in a slab
 * serves nobody else.
 *
 * Return: so many.
 */
static inline u32 utcp_piece_takes(bool marks)
{
	return UTCP_PIECE_SLAB /
	       (UTCP_PIECE_SLAB / (utcp_piece_size(marks) + sizeof(void *)));
}

/**
 * struct utcp_pieces - bytes of a stream
 * @ring: pieces by the remainder of their number, which is offset divided by
 *	UTCP_PIECE_LEN; NULL where none is
 * @room: of @ring, a power of two or 0
 * @first: number of the lowest piece that there may be
 * @n: how many pieces there are
 * @size: what one takes of memory
 * @marks: there are marks
 *
 * utcp_pieces_init() makes it, utcp_pieces_free() frees what it has. Lives in its
 * owner, whose lock serialises all calls; allocates without sleeping. All bytes
 * that are asked for must have been reserved and not dropped.
 */
struct utcp_pieces {
	struct utcp_piece **ring;
	u32 room;
	u64 first;
	u32 n;
	u32 size;
	bool marks;
};

void utcp_pieces_init(struct utcp_pieces *p, bool marks);
bool __must_check utcp_pieces_reserve(struct utcp_pieces *p, u64 from, u64 to);
size_t utcp_pieces_needs(const struct utcp_pieces *p, u64 from, u64 to);
void utcp_pieces_write(struct utcp_pieces *p, u64 offset, const u8 *from,
		       size_t len);
void utcp_pieces_read(const struct utcp_pieces *p, u64 offset, u8 *to,
		      size_t len);
void utcp_pieces_mark(struct utcp_pieces *p, u64 offset);
u64 utcp_pieces_marked(const struct utcp_pieces *p, u64 from, u64 to);
u32 utcp_pieces_give(struct utcp_pieces *to, struct utcp_pieces *from,
		     u64 offset, u64 end);
void utcp_pieces_drop(struct utcp_pieces *p, u64 offset);
void utcp_pieces_free(struct utcp_pieces *p);

/**
 * utcp_pieces_at() - where bytes are
 * @p: the bytes
 * @offset: the first one; reserved and not dropped
 * @len: how many are wanted; set to how many of them are there in one
 *
 * Return: the place. It stays until the bytes are dropped; what else happens to @p
 * does not move it.
 */
static inline u8 *utcp_pieces_at(const struct utcp_pieces *p, u64 offset,
				 u32 *len)
{
	u64 number = offset / UTCP_PIECE_LEN;
	u32 at = offset % UTCP_PIECE_LEN;

	if (*len > UTCP_PIECE_LEN - at)
		*len = UTCP_PIECE_LEN - at;
	return p->ring[number & (p->room - 1)]->bytes + at;
}

/**
 * utcp_pieces_memory() - how much it takes
 * @p: the bytes
 *
 * Return: bytes of memory, without @p itself.
 */
static inline size_t utcp_pieces_memory(const struct utcp_pieces *p)
{
	return (size_t)p->n * p->size + p->room * sizeof(struct utcp_piece *);
}

#endif /* _UTCP_PIECES_H */
