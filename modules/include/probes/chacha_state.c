// SPDX-License-Identifier: GPL-2.0-only
/* 6.16: struct chacha_state */
#include <crypto/chacha.h>

void probe(struct chacha_state *state, u8 *to);
void probe(struct chacha_state *state, u8 *to)
{
	chacha20_crypt(state, to, to, CHACHA_BLOCK_SIZE);
}
