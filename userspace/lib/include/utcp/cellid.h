/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * CellIDs and keys as text.
 */
#ifndef LIBUTCP_CELLID_H
#define LIBUTCP_CELLID_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* Bytes of a CellID, and of its text with the NUL at its end. */
#define LIBUTCP_CELLID_LEN 16
#define LIBUTCP_CELLID_TEXT 38

/* Bytes of a key, public, private or a realm's, and of its text with the NUL. */
#define LIBUTCP_KEY_LEN 32
#define LIBUTCP_KEY_TEXT 45

/**
 * enum utcp_text_error - why a text is no CellID, or no key
 * @LIBUTCP_TEXT_OK: it is one
 * @LIBUTCP_TEXT_PREFIX: it does not begin with "cell1"
 * @LIBUTCP_TEXT_LENGTH: it is too short or too long
 * @LIBUTCP_TEXT_CASE: small and capital letters are mixed
 * @LIBUTCP_TEXT_CHARACTER: a character that may not stand there
 * @LIBUTCP_TEXT_CHECKSUM: the checksum is wrong: somewhere is a typing error
 * @LIBUTCP_TEXT_PADDING: bits behind the last byte are not zero
 * @LIBUTCP_TEXT_ZERO: it is the CellID of zeros, which is nobody's
 */
enum utcp_text_error {
	LIBUTCP_TEXT_OK,
	LIBUTCP_TEXT_PREFIX,
	LIBUTCP_TEXT_LENGTH,
	LIBUTCP_TEXT_CASE,
	LIBUTCP_TEXT_CHARACTER,
	LIBUTCP_TEXT_CHECKSUM,
	LIBUTCP_TEXT_PADDING,
	LIBUTCP_TEXT_ZERO,
};

/**
 * utcp_text_error_string() - what is wrong with a text, for people
 * @error: the error
 *
 * Return: such as "the checksum is wrong".
 */
const char *utcp_text_error_string(enum utcp_text_error error);

/**
 * utcp_cellid_format() - a CellID as text, in Bech32m
 * @id: the CellID
 * @text: set to the text, "cell1" and 32 more characters
 */
void utcp_cellid_format(const uint8_t id[LIBUTCP_CELLID_LEN],
			char text[LIBUTCP_CELLID_TEXT]);

/**
 * utcp_cellid_parse() - read a CellID
 * @text: the text, in small or in capital letters
 * @id: set to the CellID
 *
 * Return: LIBUTCP_TEXT_OK, or what is wrong with the text.
 */
enum utcp_text_error utcp_cellid_parse(const char *text,
				       uint8_t id[LIBUTCP_CELLID_LEN]);

/**
 * utcp_key_format() - a key as text, in base64 as wg(8) prints it
 * @key: the key
 * @text: set to the text, 44 characters
 */
void utcp_key_format(const uint8_t key[LIBUTCP_KEY_LEN],
		     char text[LIBUTCP_KEY_TEXT]);

/**
 * utcp_key_parse() - read a key
 * @text: 44 characters of base64, the last of them '='
 * @key: set to the key; zero if it is none
 *
 * A key has one text only: no blanks, and no bits behind the last byte.
 *
 * Return: LIBUTCP_TEXT_OK, or what is wrong with the text.
 */
enum utcp_text_error utcp_key_parse(const char *text,
				    uint8_t key[LIBUTCP_KEY_LEN]);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
