// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a connection sends.
 */
#include "sendq.h"

#include <linux/minmax.h>

#include "chunk.h"

/**
 * utcp_sendq_init() - nothing to send
 * @q: what is sent
 * @messages: it is messages, not a stream
 * @limit: the other end takes bytes below
 */
void utcp_sendq_init(struct utcp_sendq *q, bool messages, u64 limit)
{
	*q = (struct utcp_sendq){ .limit = limit };
	utcp_pieces_init(&q->bytes, messages);
	utcp_ranges_init(&q->acked, UTCP_SENDQ_RANGES);
	utcp_ranges_init(&q->lost, UTCP_SENDQ_RANGES);
}

/**
 * utcp_sendq_free() - forget all
 * @q: what is sent
 */
void utcp_sendq_free(struct utcp_sendq *q)
{
	utcp_pieces_free(&q->bytes);
	utcp_ranges_free(&q->acked);
	utcp_ranges_free(&q->lost);
}

/**
 * utcp_sendq_reserve() - see to it that bytes can be written
 * @q: what is sent
 * @len: how many, behind all that was written
 *
 * Return: true; false: there is no memory.
 */
bool utcp_sendq_reserve(struct utcp_sendq *q, size_t len)
{
	return utcp_pieces_reserve(&q->bytes, q->end, q->end + len);
}

/**
 * utcp_sendq_written() - the program has written where its bytes belong
 * @q: what is sent; without a FIN yet
 * @len: how many, from @q->end on, see utcp_pieces_at(); utcp_sendq_reserve() had room
 *	for them; at least 1
 * @eor: the last one ends a message
 */
void utcp_sendq_written(struct utcp_sendq *q, size_t len, bool eor)
{
	q->end += len;
	if (eor)
		utcp_pieces_mark(&q->bytes, q->end - 1);
}

/**
 * utcp_sendq_write() - the program writes
 * @q: what is sent; without a FIN yet
 * @from: the bytes
 * @len: how many, at least 1
 * @eor: the last one ends a message
 *
 * Return: true; false: there is no memory. Then nothing has changed.
 */
bool utcp_sendq_write(struct utcp_sendq *q, const u8 *from, size_t len,
		      bool eor)
{
	if (!utcp_sendq_reserve(q, len))
		return false;
	utcp_pieces_write(&q->bytes, q->end, from, len);
	utcp_sendq_written(q, len, eor);
	return true;
}

/**
 * utcp_sendq_give() - hand over what may be sent, as far as it fills pieces of memory
 * @q: what is sent; all that was sent has arrived
 * @to: who gets them
 *
 * They are sent, and have arrived.
 *
 * Return: bytes; 0: none, see utcp_pieces_give().
 */
u32 utcp_sendq_give(struct utcp_sendq *q, struct utcp_pieces *to)
{
	u32 len =
		utcp_pieces_give(to, &q->bytes, q->sent, min(q->end, q->limit));

	q->sent += len;
	q->una = q->sent;
	utcp_pieces_drop(&q->bytes, q->una);
	return len;
}

/**
 * utcp_sendq_skip() - bytes have arrived without having been here
 * @q: what is sent; nothing waits
 * @len: how many, within @q->limit
 */
void utcp_sendq_skip(struct utcp_sendq *q, u32 len)
{
	q->end += len;
	q->sent = q->end;
	q->una = q->end;
	utcp_pieces_drop(&q->bytes, q->una);
}

/**
 * utcp_sendq_fin() - the program will write no more
 * @q: what is sent
 */
void utcp_sendq_fin(struct utcp_sendq *q)
{
	q->fin = true;
}

/**
 * utcp_sendq_next() - what is to be sent next?
 * @q: what is sent
 * @room: how many bytes fit
 * @part: it. A message's end is the part's end; what was lost goes first
 *
 * Return: true; false: there is nothing that may be sent.
 */
bool utcp_sendq_next(const struct utcp_sendq *q, u16 room,
		     struct utcp_sendq_part *part)
{
	u64 to, mark;

	*part = (struct utcp_sendq_part){};
	if (q->lost.n) {
		part->offset = q->lost.range[0].from;
		to = q->lost.range[0].to;
	} else {
		part->offset = q->sent;
		to = min(q->end, q->limit);
	}
	if (part->offset < to && room) {
		to = min(to, part->offset + room);
		mark = utcp_pieces_marked(&q->bytes, part->offset, to);
		if (mark < to) {
			to = mark + 1;
			part->flags = UTCP_DATA_EOR;
		}
		part->len = to - part->offset;
	} else if (q->lost.n || q->sent != q->end) {
		return false;
	}
	if (q->fin && !q->fin_sent && part->offset + part->len == q->end)
		part->flags |= UTCP_DATA_FIN;
	return part->len || part->flags;
}

/**
 * utcp_sendq_take() - it is sent now
 * @q: what is sent
 * @part: what utcp_sendq_next() gave
 * @to: where its bytes go; NULL: they are read where they are, see utcp_pieces_at()
 */
void utcp_sendq_take(struct utcp_sendq *q, const struct utcp_sendq_part *part,
		     u8 *to)
{
	u64 end = part->offset + part->len;

	if (to)
		utcp_pieces_read(&q->bytes, part->offset, to, part->len);
	/* From the front of the first range: never cut in two. */
	if (part->offset < q->sent)
		utcp_ranges_del(&q->lost, part->offset, end);
	q->sent = max(q->sent, end);
	if (part->flags & UTCP_DATA_FIN)
		q->fin_sent = true;
}

/**
 * utcp_sendq_acked() - a part has arrived
 * @q: what is sent
 * @part: what was sent
 */
void utcp_sendq_acked(struct utcp_sendq *q, const struct utcp_sendq_part *part)
{
	u64 from = max(part->offset, q->una), to = part->offset + part->len;

	if (part->flags & UTCP_DATA_FIN) {
		q->fin_acked = true;
		q->fin_sent = true;
	}
	if (from >= to)
		return;
	/* Without room to cut a range in two, some is sent again in vain. */
	if (q->lost.n)
		utcp_ranges_del(&q->lost, from, to);
	if (from > q->una) {
		/* Without room to remember it, it is sent again. */
		if (!utcp_ranges_add(&q->acked, from, to))
			utcp_ranges_add_near(&q->lost, from, to);
		return;
	}
	q->una = q->acked.n ? utcp_ranges_join(&q->acked, to) : to;
	if (q->lost.n)
		utcp_ranges_del(&q->lost, 0, q->una);
	utcp_pieces_drop(&q->bytes, q->una);
}

/* Adds what is not known to have arrived of the bytes from @from to @to. */
static void add_lost(struct utcp_sendq *q, u64 from, u64 to)
{
	u16 i;

	for (i = 0; i < q->acked.n && from < to; i++) {
		const struct utcp_range *range = &q->acked.range[i];

		if (range->to <= from)
			continue;
		if (range->from >= to)
			break;
		if (range->from > from)
			utcp_ranges_add_near(&q->lost, from, range->from);
		from = range->to;
	}
	if (from < to)
		utcp_ranges_add_near(&q->lost, from, to);
}

/**
 * utcp_sendq_lost() - a part is to be sent again
 * @q: what is sent
 * @part: what was sent
 */
void utcp_sendq_lost(struct utcp_sendq *q, const struct utcp_sendq_part *part)
{
	add_lost(q, max(part->offset, q->una), part->offset + part->len);
	if (part->flags & UTCP_DATA_FIN && !q->fin_acked)
		q->fin_sent = false;
}
