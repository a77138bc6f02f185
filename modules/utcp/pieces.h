/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes of a stream within a moving window, in pieces of memory; with a mark at
 * each byte that ends a message. What buffers for sending and receiving stand on.
 */
#ifndef _UTCP_PIECES_H
#define _UTCP_PIECES_H

#include <linux/types.h>

/* Bytes of a piece, a power of two. */
#define UTCP_PIECE_LEN 4096

struct utcp_piece;

/**
 * struct utcp_pieces - bytes of a stream
 * @ring: pieces by the remainder of their number, which is offset divided by
 *	UTCP_PIECE_LEN; NULL where none is
 * @room: of @ring, a power of two or 0
 * @first: number of the lowest piece that there may be
 * @n: how many pieces there are
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
	bool marks;
};

void utcp_pieces_init(struct utcp_pieces *p, bool marks);
bool __must_check utcp_pieces_reserve(struct utcp_pieces *p, u64 from, u64 to);
size_t utcp_pieces_needs(const struct utcp_pieces *p, u64 from, u64 to);
void utcp_pieces_write(struct utcp_pieces *p, u64 offset, const u8 *from,
		       size_t len);
void utcp_pieces_read(const struct utcp_pieces *p, u64 offset, u8 *to,
		      size_t len);
u8 *utcp_pieces_at(const struct utcp_pieces *p, u64 offset, u32 *len);
void utcp_pieces_mark(struct utcp_pieces *p, u64 offset);
u64 utcp_pieces_marked(const struct utcp_pieces *p, u64 from, u64 to);
u32 utcp_pieces_give(struct utcp_pieces *to, struct utcp_pieces *from,
		     u64 offset, u64 end);
void utcp_pieces_drop(struct utcp_pieces *p, u64 offset);
void utcp_pieces_free(struct utcp_pieces *p);
size_t utcp_pieces_memory(const struct utcp_pieces *p);

#endif /* _UTCP_PIECES_H */
