/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bech32m (BIP 350): a prefix, '1', characters of five bits each, and a checksum
 * of six of them.
 */
#ifndef LIBUTCP_BECH32M_H
#define LIBUTCP_BECH32M_H

#include <stddef.h>
#include <stdint.h>

/* Longest text; and most characters of five bits in it, with the checksum. */
#define BECH32M_TEXT_MAX 90
#define BECH32M_DATA_MAX 88

/**
 * enum bech32m_error - why a text is none
 * @BECH32M_OK: it is one
 * @BECH32M_LENGTH: it is longer than any may be, or too short for a checksum
 * @BECH32M_SEPARATOR: there is no '1' behind a prefix
 * @BECH32M_CHARACTER: a character that may not stand there
 * @BECH32M_CASE: small and capital letters are mixed
 * @BECH32M_CHECKSUM: the checksum is wrong
 */
enum bech32m_error {
	BECH32M_OK,
	BECH32M_LENGTH,
	BECH32M_SEPARATOR,
	BECH32M_CHARACTER,
	BECH32M_CASE,
	BECH32M_CHECKSUM,
};

/**
 * struct bech32m - what stands in a text
 * @prefix: the prefix, in small letters
 * @data: five bits each
 * @n: how many
 */
struct bech32m {
	char prefix[BECH32M_TEXT_MAX];
	uint8_t data[BECH32M_DATA_MAX];
	size_t n;
};

/**
 * bech32m_encode() - write a text
 * @b: what is to stand in it; prefix and data together fit into a text
 * @text: set to the text; has room for BECH32M_TEXT_MAX + 1 bytes
 */
void bech32m_encode(const struct bech32m *b, char *text);

/**
 * bech32m_decode() - read a text
 * @text: the text
 * @b: set to what stands in it, the checksum left off
 *
 * Return: BECH32M_OK, or what is wrong first.
 */
enum bech32m_error bech32m_decode(const char *text, struct bech32m *b);

#endif
