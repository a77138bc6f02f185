/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an outsider can make who knows CellIDs and public keys, of cells without a
 * realm. By OpenSSL, and by nothing of the modules.
 */
#ifndef SELFTESTS_FORGE_H
#define SELFTESTS_FORGE_H

#include "wire.h"

/* An answer to @question with a public key, sealed for who asks for @id. */
void forge_i_have(struct frame *f, const struct frame *question,
		  const uint8_t *id, const uint8_t *public,
		  const uint8_t *from);

/* Makes mac1 of an initiation or response right, for whose public key this is. */
void forge_mac1(struct frame *f, const uint8_t *public);

/* A response to an initiation, of which nothing is right but its index and mac1. */
void forge_response(struct frame *f, const struct frame *initiation,
		    const uint8_t *public, const uint8_t *from);

/* The next of a row of numbers, the same each time. */
uint64_t draw(void);
void draw_begin(uint64_t seed);
void draw_bytes(uint8_t *to, size_t len);

#endif /* SELFTESTS_FORGE_H */
