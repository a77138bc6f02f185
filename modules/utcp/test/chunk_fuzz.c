// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzing the reader of chunks: the input is a plaintext whose tag was right. What
 * must hold: nothing is read outside of it; what is well formed, taken apart and
 * written again, is the same, byte for byte; an ACK's ranges end at 0 or above.
 */
#include <linux/string.h>
#include <linux/unaligned.h>

#include "../chunk.h"
#include "fuzz.h"

#define PLAIN_MAX 4096

static bool put_again(struct utcp_writer *w, const struct utcp_chunk *c)
{
	struct utcp_ack_pair pairs[UTCP_ACK_PAIRS];
	u64 low;
	u8 *data;
	u16 i;

	switch (c->type) {
	case UTCP_CHUNK_ACK:
		fuzz_assert(c->ack.n <= UTCP_ACK_PAIRS);
		fuzz_assert(c->ack.first <= c->ack.greatest);
		low = c->ack.greatest - c->ack.first;
		for (i = 0; i < c->ack.n; i++) {
			pairs[i] = utcp_ack_pair(&c->ack, i);
			fuzz_assert((u64)pairs[i].gap + pairs[i].run <= low);
			low -= (u64)pairs[i].gap + pairs[i].run;
		}
		return utcp_put_ack(w, &c->ack, pairs);
	case UTCP_CHUNK_PING:
		return utcp_put_ping(w);
	case UTCP_CHUNK_PATH_CHALLENGE:
	case UTCP_CHUNK_PATH_RESPONSE:
		return utcp_put_path(w, c->type, c->data);
	case UTCP_CHUNK_CLOSE:
		return utcp_put_close(w, c->code);
	case UTCP_CHUNK_OPEN:
		return utcp_put_open(w, c);
	case UTCP_CHUNK_ACCEPT:
		return utcp_put_accept(w, c->conn, c->accept.window,
				       c->accept.longest);
	case UTCP_CHUNK_DATA:
		fuzz_assert(c->offset + c->data_len <= UTCP_OFFSET_END);
		data = utcp_put_data(w, c->conn, c->offset, c->flags,
				     c->data_len);
		break;
	case UTCP_CHUNK_WINDOW:
		return utcp_put_window(w, c->conn, c->limit);
	case UTCP_CHUNK_RESET:
		return utcp_put_reset(w, c->conn, c->code);
	case UTCP_CHUNK_DATAGRAM:
		data = utcp_put_datagram(w, c->datagram.port,
					 c->datagram.to_port, c->data_len);
		break;
	default:
		fuzz_assert(c->type >= UTCP_CHUNK_EXTENSION);
		if (utcp_writer_room(w) < UTCP_CHUNK_HEAD_LEN + c->data_len)
			return false;
		w->at[0] = c->type;
		w->at[1] = c->flags;
		put_unaligned_be16(UTCP_CHUNK_HEAD_LEN + c->data_len,
				   w->at + 2);
		data = w->at + UTCP_CHUNK_HEAD_LEN;
		w->at = data + c->data_len;
	}
	if (data)
		memcpy(data, c->data, c->data_len);
	return data;
}

static void read_chunks(const u8 *data, size_t len)
{
	static u8 again[PLAIN_MAX];
	struct utcp_writer w = { again, again + sizeof(again) };
	const u8 *at = data;
	struct utcp_chunks chunks;
	struct utcp_chunk chunk;
	unsigned int n = 0;

	if (utcp_chunks_check(&chunks, data, len))
		return;
	while (utcp_chunk_next(&chunk, &at, data + len)) {
		fuzz_assert(at <= data + len);
		fuzz_assert(put_again(&w, &chunk));
		n++;
	}
	fuzz_assert(n == chunks.n);
	fuzz_assert(at - data == w.at - again);
	fuzz_assert(!memcmp(data, again, w.at - again));
	/* what is left is padding, all of it */
	fuzz_assert(at == data + len || *at == UTCP_CHUNK_PAD);
}

void fuzz_chunks(const u8 *data, size_t size)
{
	fuzz_read(read_chunks, data, size < PLAIN_MAX ? size : PLAIN_MAX);
}
