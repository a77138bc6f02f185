/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a connection receives: bytes that have come, in their places, until the
 * program takes them. Only bytes of frames whose tag was right get here.
 */
#ifndef _UTCP_RECVQ_H
#define _UTCP_RECVQ_H

#include <linux/types.h>

#include "pieces.h"
#include "ranges.h"

/* Gaps between bytes that came out of order: so single bytes with gaps between them
 * do not take more memory than whole frames. A frame that would make one more is
 * treated as if it had not come.
 */
#define UTCP_RECVQ_RANGES 256

/**
 * struct utcp_recvq - what a connection receives
 * @bytes: from @read on
 * @read: the program has taken all below
 * @next: all below has come
 * @message: where the message begins that @next is within, or begins
 * @messages: whole messages between @read and @next
 * @fin: where the end is; UTCP_OFFSET_END: not known yet
 * @above: what came above @next
 * @longest: longest message; stream: 0
 *
 * utcp_recvq_init() makes it, utcp_recvq_free() frees what it has. Lives in its
 * connection, whose lock serialises all calls; allocates without sleeping.
 */
struct utcp_recvq {
	struct utcp_pieces bytes;
	u64 read;
	u64 next;
	u64 message;
	u32 messages;
	u64 fin;
	struct utcp_ranges above;
	u32 longest;
};

void utcp_recvq_init(struct utcp_recvq *q, u32 longest);
void utcp_recvq_free(struct utcp_recvq *q);
size_t utcp_recvq_needs(const struct utcp_recvq *q, u64 offset, u32 len);
bool __must_check utcp_recvq_reserve(struct utcp_recvq *q, u64 offset, u32 len,
				     u16 gaps);
int __must_check utcp_recvq_take(struct utcp_recvq *q, u64 offset,
				 const u8 *data, u32 len, u8 flags);
int __must_check utcp_recvq_written(struct utcp_recvq *q, u32 len, u8 flags);
u32 utcp_recvq_ready(const struct utcp_recvq *q);
u32 utcp_recvq_read(struct utcp_recvq *q, u8 *to, u32 room, bool peek);
u32 utcp_recvq_message(const struct utcp_recvq *q);
void utcp_recvq_drop(struct utcp_recvq *q, u32 len);
void utcp_recvq_drop_begun(struct utcp_recvq *q);

/**
 * utcp_recvq_begun() - has it only the beginning of a message?
 * @q: what is received
 *
 * Return: true if it has that, and nothing that could be read.
 */
static inline bool utcp_recvq_begun(const struct utcp_recvq *q)
{
	return q->longest && !q->messages && q->next > q->read;
}

/**
 * utcp_recvq_ended() - has the program taken all there will ever be?
 * @q: what is received
 *
 * Return: true if it has.
 */
static inline bool utcp_recvq_ended(const struct utcp_recvq *q)
{
	return q->read == q->fin;
}

#endif /* _UTCP_RECVQ_H */
