// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a connection receives.
 */
#include "recvq.h"

#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>

#include "chunk.h"

/**
 * utcp_recvq_init() - nothing has come
 * @q: what is received
 * @longest: longest message that is taken; 0: it is a stream
 */
void utcp_recvq_init(struct utcp_recvq *q, u32 longest)
{
	*q = (struct utcp_recvq){
		.fin = UTCP_OFFSET_END,
		.longest = longest,
	};
	utcp_pieces_init(&q->bytes, longest);
	utcp_ranges_init(&q->above, UTCP_RECVQ_RANGES);
}

/**
 * utcp_recvq_free() - forget all
 * @q: what is received
 */
void utcp_recvq_free(struct utcp_recvq *q)
{
	utcp_pieces_free(&q->bytes);
	utcp_ranges_free(&q->above);
}

/**
 * utcp_recvq_reserve() - see to it that bytes can be taken
 * @q: what is received
 * @offset: of the first one
 * @len: how many, within the window that was granted
 * @gaps: the how manieth DATA of this connection in its frame it is, from 1
 *
 * Of all chunks of a frame, before any is acted on. What fills a gap, or a part of one at its
 * edge, makes no more of them: it is taken however many there are, or the sender could never
 * bring what they wait for.
 *
 * Return: true; false: there is no memory, or too many gaps: the frame has not come.
 */
bool utcp_recvq_reserve(struct utcp_recvq *q, u64 offset, u32 len, u16 gaps)
{
	u64 to = offset + len;

	if (to <= q->next)
		return true;
	if (offset > q->next && !utcp_ranges_touches(&q->above, offset, to) &&
	    !utcp_ranges_reserve(&q->above, gaps))
		return false;
	return utcp_pieces_reserve(&q->bytes, max(offset, q->next), to);
}

/**
 * utcp_recvq_needs() - how much memory would it take?
 * @q: what is received
 * @offset: as for utcp_recvq_reserve()
 * @len: as for utcp_recvq_reserve()
 *
 * Return: bytes of memory, without that of gaps; 0: utcp_recvq_reserve() would take
 * none.
 */
size_t utcp_recvq_needs(const struct utcp_recvq *q, u64 offset, u32 len)
{
	return utcp_pieces_needs(&q->bytes, max(offset, q->next), offset + len);
}

/* Does it say the same about ends as what has come before? */
static bool contradicts(const struct utcp_recvq *q, u64 offset, u32 len,
			u8 flags)
{
	u64 to = offset + len, from;
	bool known;

	/* The end is where it was, and nothing is behind it. */
	if (to > q->fin)
		return true;
	if (flags & UTCP_DATA_FIN) {
		if (q->fin != UTCP_OFFSET_END && q->fin != to)
			return true;
		if (to < q->next ||
		    (q->above.n && q->above.range[q->above.n - 1].to > to))
			return true;
	}
	/* Of its bytes that are still here: messages end where they did. */
	if (!q->longest || !len || to <= q->read)
		return false;
	known = to <= q->next || utcp_ranges_has(&q->above, to - 1);
	if (known && (utcp_pieces_marked(&q->bytes, to - 1, to) < to) !=
			     !!(flags & UTCP_DATA_EOR))
		return true;
	from = max(offset, q->read);
	return from < min(to - 1, q->next) &&
	       utcp_pieces_marked(&q->bytes, from, min(to - 1, q->next)) <
		       min(to - 1, q->next);
}

/* Looks at what has become complete from @from on: how long are the messages? */
static int measure(struct utcp_recvq *q, u64 from)
{
	while (from < q->next) {
		u64 mark = utcp_pieces_marked(&q->bytes, from, q->next);

		if (mark == q->next)
			break;
		if (mark + 1 - q->message > q->longest)
			return -EMSGSIZE;
		q->message = mark + 1;
		q->messages++;
		from = mark + 1;
	}
	if (q->next - q->message > q->longest)
		return -EMSGSIZE;
	/* A message that was begun, and ends no more. */
	return q->next == q->fin && q->message != q->fin ? -EPROTO : 0;
}

/**
 * utcp_recvq_take() - bytes have come
 * @q: what is received; utcp_recvq_reserve() had room for them
 * @offset: of the first one
 * @data: they
 * @len: how many, within the window that was granted
 * @flags: UTCP_DATA_FIN, UTCP_DATA_EOR
 *
 * Return: 0; -EPROTO: they contradict what came before: RESET,
 * UTCP_RESET_CONTRADICTION; -EMSGSIZE: a message is too long: RESET,
 * UTCP_RESET_TOO_LONG. Then it is of no more use.
 */
int utcp_recvq_take(struct utcp_recvq *q, u64 offset, const u8 *data, u32 len,
		    u8 flags)
{
	u64 from = max(offset, q->next), to = offset + len, before = q->next;

	if (!q->longest && flags & UTCP_DATA_EOR)
		return -EPROTO;
	if (contradicts(q, offset, len, flags))
		return -EPROTO;
	if (flags & UTCP_DATA_FIN)
		q->fin = to;
	if (from < to) {
		utcp_pieces_write(&q->bytes, from, data + (from - offset),
				  to - from);
		if (flags & UTCP_DATA_EOR)
			utcp_pieces_mark(&q->bytes, to - 1);
		if (from > q->next) {
			if (!utcp_ranges_add(&q->above, from, to))
				return -EPROTO; /* it was reserved */
		} else {
			q->next = utcp_ranges_join(&q->above, to);
		}
	}
	return q->longest ? measure(q, before) : 0;
}

/**
 * utcp_recvq_written() - bytes were written where they belong
 * @q: what is received; nothing has come above @q->next
 * @len: how many, from there on; they had been reserved, see utcp_pieces_at()
 * @flags: UTCP_DATA_EOR; not with 0 bytes
 *
 * Return: as utcp_recvq_take().
 */
int utcp_recvq_written(struct utcp_recvq *q, u32 len, u8 flags)
{
	u64 before = q->next;

	q->next += len;
	if (flags & UTCP_DATA_EOR)
		utcp_pieces_mark(&q->bytes, q->next - 1);
	return q->longest ? measure(q, before) : 0;
}

/**
 * utcp_recvq_ready() - how many bytes can be read?
 * @q: what is received
 *
 * Return: so many; of messages, all of the next one, or 0.
 */
u32 utcp_recvq_ready(const struct utcp_recvq *q)
{
	return q->longest ? utcp_recvq_message(q) :
			    min_t(u64, q->next - q->read, U32_MAX);
}

/**
 * utcp_recvq_message() - how long is the next message?
 * @q: what is received, messages
 *
 * Return: bytes; 0: none is complete.
 */
u32 utcp_recvq_message(const struct utcp_recvq *q)
{
	if (!q->messages)
		return 0;
	return utcp_pieces_marked(&q->bytes, q->read, q->next) + 1 - q->read;
}

/**
 * utcp_recvq_read() - the program reads
 * @q: what is received
 * @to: where the bytes go
 * @room: how many may be; of messages, no more than the next one has
 * @peek: they stay
 *
 * Return: how many there were. Of a message what did not fit stays, see
 * utcp_recvq_drop().
 */
u32 utcp_recvq_read(struct utcp_recvq *q, u8 *to, u32 room, bool peek)
{
	u32 len = min(room, utcp_recvq_ready(q));

	utcp_pieces_read(&q->bytes, q->read, to, len);
	if (!peek)
		utcp_recvq_drop(q, len);
	return len;
}

/**
 * utcp_recvq_drop() - bytes that can be read are not needed
 * @q: what is received
 * @len: how many, at most utcp_recvq_ready()
 */
void utcp_recvq_drop(struct utcp_recvq *q, u32 len)
{
	if (q->longest && len && len == utcp_recvq_message(q))
		q->messages--;
	q->read += len;
	utcp_pieces_drop(&q->bytes, q->read);
}

/**
 * utcp_recvq_drop_begun() - what was begun does not end: give its memory back
 * @q: what is received, of which utcp_recvq_begun() is true; nothing more comes
 */
void utcp_recvq_drop_begun(struct utcp_recvq *q)
{
	utcp_recvq_free(q);
	q->next = q->read;
	q->message = q->read;
}
